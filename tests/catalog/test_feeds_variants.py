"""What the rows of one product's variants come to."""

from pathlib import Path

import pytest

from catalog.feeds import read_feed
from catalog.feeds.attributes import attribute_name
from catalog.feeds.variants import merge
from catalog.product import Measure, Product


@pytest.mark.parametrize(
    ("titles", "brand", "shared"),
    [
        (["Gloves Flora green Gr. S", "Gloves Flora black Gr. M"], "Loom", "Gloves Flora"),
        (["Wellies Rain Size 36", "Wellies Rain Size 37"], None, "Wellies Rain"),
        (["Loom red tee for men", "Loom blue tee for men"], "Loom", "Loom red tee for men"),
        (["Tee, white and red, S", "Tee, black and blue, M"], "Loom", "Tee"),
        (["Paint Raum white 1 l", "Paint Raum grey 5 l"], "Raum", "Paint Raum"),
    ],
)
def test_the_title_is_what_the_variants_share_without_what_labels_an_option(
    titles: list[str], brand: str | None, shared: str
) -> None:
    rows = [
        Product(str(n), title, brand=brand, attributes={"size": str(n)})
        for n, title in enumerate(titles)
    ]
    assert merge("g", rows).title == shared


@pytest.mark.parametrize(
    "column",
    ["UK Size", "EU size", "Shoe Size (EU)", "size_us", "Schuhgröße", "Taille FR", "Boot size", "options.UK Size"],
)  # fmt: skip
def test_sizes_by_any_scale_are_sizes(column: str) -> None:
    assert attribute_name(column) == "size"


def test_other_sizes_keep_their_name() -> None:
    assert attribute_name("Screen size") == "screen_size"
    assert attribute_name("Pack size") == "pack_size"


def test_sizes_in_metres_are_measures_and_sizes_of_babies_are_not(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id,title,size\n1,Hose,50 m\n2,Body,18M\n3,Body,3-6 m\n4,Jeans,32 L\n", "utf-8")
    sizes = [p.attributes["size"] for p in read_feed(path)]
    assert sizes == [Measure(50, "m"), "18M", "3-6 m", "32 L"]


def test_a_sale_price_above_the_price_is_the_wrong_one(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id,title,price,sale_price\n1,Paint,29.99 EUR,39.99 EUR\n", "utf-8")
    feed = read_feed(path)
    (paint,) = feed
    assert (paint.price, paint.list_price) == (2_999, None)
    assert "sale price '39.99 EUR' is above the price" in "\n".join(feed.report.issue_lines())
