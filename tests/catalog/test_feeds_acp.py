"""The Agentic Commerce Protocol's product feed, in each of its published forms."""

import csv
import gzip
import io
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings

from catalog.errors import FeedError
from catalog.feeds import Feed, read_feed
from catalog.feeds.acp import AcpReader
from catalog.feeds.source import Source
from catalog.product import Measure, Product, Variant
from tests.catalog.feed_writing import Written, major, written_products

# OpenAI's file upload reference: one row an item.
FLAT: list[dict[str, Any]] = [
    {"is_eligible_search": True, "is_eligible_checkout": False, "item_id": "BOWL-S", "group_id": "BOWL", "title": "Ember bowl, small",
     "listing_has_variations": True, "item_group_title": "Ember bowl", "description": "Thrown by hand.", "brand": "Kiln & Co",
     "url": "https://kiln.example/bowl?s", "image_url": "https://kiln.example/s.jpg", "price": "24.00 GBP", "sale_price": "19.50 GBP",
     "sale_price_start_date": "2001-01-01", "sale_price_end_date": "2999-12-31", "availability": "in_stock", "inventory_quantity": 7,
     "variant_dict": {"color": "Ash", "Glaze": "matte"}, "color": "Ash", "size": "S", "weight": 0.4, "item_weight_unit": "kg",
     "height": "8", "dimensions_unit": "cm", "product_category": "Home > Kitchen > Bowls", "star_rating": "4.5", "review_count": 12,
     "store_star_rating": "4.9", "store_review_count": 800, "gtin": "4006381333931", "seller_name": "Kiln", "return_policy":
     "https://kiln.example/returns", "accepts_returns": True, "target_countries": ["GB"], "store_country": "GB", "condition": "new"},
    {"is_eligible_search": "true", "is_eligible_checkout": "false", "item_id": "BOWL-L", "group_id": "BOWL", "title": "Ember bowl, large",
     "listing_has_variations": True, "item_group_title": "Ember bowl", "description": "Thrown by hand.", "brand": "Kiln & Co",
     "price": "30.00 GBP", "sale_price": "1.00 GBP", "sale_price_end_date": "2001-01-31", "availability": "out_of_stock",
     "inventory_quantity": 2, "variant_dict": {"color": "Ash", "Glaze": "gloss"}, "color": "Ash", "size": "L", "weight": 0.4,
     "item_weight_unit": "kg", "height": "8", "dimensions_unit": "cm", "product_category": "Home > Kitchen > Bowls", "condition": "new"},
    {"is_eligible_search": False, "is_eligible_checkout": False, "item_id": "SECRET", "title": "Not yet", "price": "5.00 GBP"},
    {"is_eligible_search": True, "is_eligible_checkout": True, "item_id": "CUP", "group_id": "CUP", "listing_has_variations": False,
     "title": "Cup", "url": "https://kiln.example/cup", "price": "12.00 EUR", "availability": "pre_order"},
]  # fmt: skip

_SHARED: dict[str, Any] = {
    "color": "Ash", "weight": Measure(0.4, "kg"), "height": Measure(8, "cm"), "condition": "new",
}  # fmt: skip
BOWL = Product(
    id="BOWL", title="Ember bowl", description="Thrown by hand.", brand="Kiln & Co", type="bowl", category=("Home", "Kitchen", "Bowls"),
    price=1950, list_price=2400, currency="GBP", rating=4.5, review_count=12, stock=7, image="https://kiln.example/s.jpg",
    url="https://kiln.example/bowl?s", attributes={**_SHARED, "size": ("S", "L"), "glaze": ("matte", "gloss")},
    variants=(
        Variant("BOWL-S", {"size": "S", "glaze": "matte"}, 1950, 2400, 7, "https://kiln.example/s.jpg", "https://kiln.example/bowl?s"),
        Variant("BOWL-L", {"size": "L", "glaze": "gloss"}, 3000, None, 0),
    ),
)  # fmt: skip
CUP = Product(id="CUP", title="Cup", price=1200, currency="EUR", url="https://kiln.example/cup")

# The first version's names for the same.
_FORMER = {
    "is_eligible_search": "enable_search", "is_eligible_checkout": "enable_checkout", "item_id": "id", "url": "link",
    "image_url": "image_link", "group_id": "item_group_id", "star_rating": "product_review_rating",
    "review_count": "product_review_count", "store_star_rating": "store_review_rating",
}  # fmt: skip


def former(item: Mapping[str, Any]) -> dict[str, Any]:
    new = {
        _FORMER.get(k, k): v
        for k, v in item.items()
        if not k.startswith(("sale_price_", "listing_"))
    }
    if "sale_price_end_date" in item:
        start = item.get("sale_price_start_date", "2000-12-01")
        new["sale_price_effective_date"] = f"{start}/{item['sale_price_end_date']}"
    if options := new.pop("variant_dict", None):
        new |= {"custom_variant1_category": "Glaze", "custom_variant1_option": options["Glaze"]}
    if item.get("group_id") == item["item_id"]:
        del new["item_group_id"]
    return new


# The protocol's own schema of 2026-04-17: variants nested, money in minor units.
NESTED: list[dict[str, Any]] = [
    {"id": "BOWL", "title": "Ember bowl", "description": {"plain": "Thrown by hand.", "html": "<p>Thrown</p>"},
     "media": [{"type": "video", "url": "https://kiln.example/v.mp4"}, {"type": "image", "url": "https://kiln.example/b.jpg"}],
     "url": "https://kiln.example/bowl",
     "variants": [
         {"id": "BOWL-S", "title": "Ember bowl - S / matte", "price": {"amount": 1950, "currency": "GBP"},
          "list_price": {"amount": 2400, "currency": "GBP"}, "availability": {"available": True, "status": "in_stock"},
          "variant_options": [{"name": "Size", "value": "S"}, {"name": "Glaze", "value": "matte"}], "condition": ["new"],
          "categories": [{"value": "212", "taxonomy": "google_product_category"},
                         {"value": "Home > Kitchen > Bowls", "taxonomy": "merchant"}],
          "media": [{"type": "image", "url": "https://kiln.example/s.jpg"}], "barcodes": [{"type": "GTIN", "value": "0012"}],
          "seller": {"name": "Kiln", "links": [{"type": "faq", "url": "https://kiln.example/faq"}]},
          "unit_price": {"amount": 5, "currency": "GBP", "measure": {"value": 1, "unit": "oz"}, "reference": {"value": 1, "unit": "oz"}}},
         {"id": "BOWL-L", "title": "Ember bowl - L / gloss", "price": {"amount": 3000, "currency": "GBP"},
          "availability": {"available": False}, "condition": ["new"],
          "variant_options": [{"name": "Size", "value": "L"}, {"name": "Glaze", "value": "gloss"}]},
     ]},
    {"id": "RUG", "variants": [{"id": "RUG-1", "title": "Rug", "price": {"amount": 12500, "currency": "JPY"}}]},
    {"id": "TEA", "title": "Tea", "variants": [
        {"id": "T1", "title": "Tea / 50 bags", "price": {"amount": 1250, "currency": "KWD"}},
        {"id": "T2", "title": "Tea / 80 bags", "price": {"amount": 2000, "currency": "KWD"}}]},
]  # fmt: skip
NESTED_READ = [
    Product(
        id="BOWL", title="Ember bowl", description="Thrown by hand.", type="bowl", category=("Home", "Kitchen", "Bowls"),
        price=1950, list_price=2400, currency="GBP", image="https://kiln.example/s.jpg", url="https://kiln.example/bowl", uncounted=True,
        attributes={"condition": "new", "size": ("S", "L"), "glaze": ("matte", "gloss")},
        variants=(
            Variant("BOWL-S", {"size": "S", "glaze": "matte"}, 1950, 2400, None, "https://kiln.example/s.jpg",
                    "https://kiln.example/bowl", uncounted=True),
            Variant("BOWL-L", {"size": "L", "glaze": "gloss"}, 3000, None, 0, "https://kiln.example/b.jpg",
                    "https://kiln.example/bowl"),
        ),
    ),
    Product(id="RUG", title="Rug", price=12500, currency="JPY", variants=(Variant("RUG-1", {}, 12500),)),
    Product(
        id="TEA", title="Tea", price=1250, currency="KWD", attributes={"variant": ("50 bags", "80 bags")},
        variants=(Variant("T1", {"variant": "50 bags"}, 1250), Variant("T2", {"variant": "80 bags"}, 2000)),
    ),
]  # fmt: skip

HEADER = {
    "feed_id": "feed_8f3",
    "account_id": "acct_1",
    "target_merchant": "kiln",
    "target_country": "GB",
}


def jsonl(items: list[dict[str, Any]]) -> str:
    return "".join(json.dumps(item, ensure_ascii=False) + "\n" for item in items)


def table(items: list[dict[str, Any]], delimiter: str) -> str:
    names = list(dict.fromkeys(name for item in items for name in item))
    text = io.StringIO()
    writer = csv.DictWriter(text, names, delimiter=delimiter)
    writer.writeheader()
    for item in items:
        cells = {
            k: json.dumps(v) if isinstance(v, (dict, list, bool)) else v for k, v in item.items()
        }
        writer.writerow(cells)
    return text.getvalue()


def feed(folder: Path, name: str, content: str | bytes, **options: Any) -> Feed:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_feed(path, **options)


FORMS = {
    "a.jsonl": jsonl(FLAT), "header.jsonl": jsonl([HEADER, *FLAT]), "former.jsonl": jsonl([former(i) for i in FLAT]),
    "a.csv": table(FLAT, ","), "a.tsv": table([former(i) for i in FLAT], "\t"),
    "document.json": json.dumps({"products": FLAT}, indent=1), "list.json": json.dumps(FLAT),
}  # fmt: skip


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("gzipped", [False, True])
def test_every_version_of_rows_gives_the_same_products(
    tmp_path: Path, name: str, gzipped: bool
) -> None:
    content = FORMS[name].encode()
    read = feed(tmp_path, name + ".gz" * gzipped, gzip.compress(content) if gzipped else content)
    assert list(read) == [CUP, BOWL]
    report = read.report
    assert (report.rows, report.kept, report.refused, report.repaired) == (4, 3, 1, 0)
    assert "not eligible for search" in "\n".join(report.lines())
    assert report.format.startswith("Agentic Commerce feed")
    assert list(feed(tmp_path, "named.dat", content, format="acp")) == [CUP, BOWL]


@pytest.mark.parametrize("name", ["products.jsonl", "api.json"])
def test_nested_products_come_with_their_metadata(tmp_path: Path, name: str) -> None:
    (tmp_path / "metadata.json").write_text('{\n"id": "feed_8f3", "target_country": "GB"\n}')
    content = (
        jsonl(NESTED)
        if name == "products.jsonl"
        else json.dumps({"target_country": "GB", "products": NESTED})
    )
    read = feed(tmp_path, name, content)
    assert list(read) == NESTED_READ
    assert (read.report.rows, read.report.refused, read.report.grouped) == (5, 0, 3)
    assert read.report.format.startswith("Agentic Commerce feed (JSON")
    assert read.report.format.endswith("GB)")


def test_the_metadata_alone_names_the_file_to_give_instead(tmp_path: Path) -> None:
    for content in (
        json.dumps(HEADER),
        json.dumps({"id": "feed_1", "target_country": "US"}, indent=1),
    ):
        with pytest.raises(FeedError, match="products.jsonl"):
            feed(tmp_path, "metadata.json", content)


def _flat(written: list[Written]) -> list[dict[str, Any]]:
    items = []
    for w in written:
        p = w.product
        for v in p.variants or p.offers():
            options = v.options if isinstance(v, Variant) else v.attributes
            item = {"is_eligible_search": True, "item_id": v.id, "title": w.title, "description": w.description or None,
                    "brand": p.brand, "product_category": " > ".join(p.category) or None, "image_url": v.image, "url": v.url,
                    "availability": "out_of_stock" if v.stock == 0 else "in_stock", "inventory_quantity": v.stock,
                    "material": "linen", "variant_dict": {"color": options["color"]}, "star_rating": p.rating,
                    "review_count": p.review_count, "group_id": p.id if p.variants else None}  # fmt: skip
            if v.price is not None:
                item["price"] = f"{major(v.list_price or v.price, p.currency)} {p.currency}"
                if v.list_price:
                    item["sale_price"] = f"{major(v.price, p.currency)} {p.currency}"
            items.append({k: x for k, x in item.items() if x is not None})
    return items


def _nested(written: list[Written]) -> list[dict[str, Any]]:
    products = []
    for w in written:
        p = w.product
        variants = []
        for v in p.variants:
            variant: dict[str, Any] = {"id": v.id, "title": f"{w.title} ({v.options['color']})"}
            for name in ("price", "list_price"):
                if (minor := getattr(v, name)) is not None:
                    variant[name] = {"amount": minor, "currency": p.currency}
            variant["availability"] = {"available": v.stock != 0}
            if v.image:
                variant["media"] = [{"type": "image", "url": v.image}]
            if v.url:
                variant["url"] = v.url
            if p.category:
                variant["categories"] = [{"value": " > ".join(p.category)}]
            variant["variant_options"] = [{"name": "Colour", "value": v.options["color"]},
                                          {"name": "Material", "value": "linen"}]  # fmt: skip
            variants.append(variant)
        product = {"id": p.id, "title": w.title, "variants": variants}
        products.append(
            {**product, "description": {"plain": w.description}} if w.description else product
        )
    return products


@settings(max_examples=60, deadline=None)
@given(written_products(counted=True))
def test_rows_of_products_are_read_back(written: list[Written]) -> None:
    expected = {w.product.id: w.product for w in written}
    items = _flat(written)
    with TemporaryDirectory() as folder:
        for name, content in [("a.jsonl", jsonl([HEADER, *items])), ("a.tsv", table(items, "\t"))]:
            read = feed(Path(folder), name, content)
            assert {p.id: p for p in read} == expected
            assert read.report.repaired == 0


@settings(max_examples=60, deadline=None)
@given(written_products(counted=False))
def test_nested_products_are_read_back(written: list[Written]) -> None:
    several = [w for w in written if w.product.variants]
    # The schema knows no brand.
    expected = {w.product.id: Product(**{**_fields(w.product), "brand": None}) for w in several}
    with TemporaryDirectory() as folder:
        if several:
            read = feed(Path(folder), "products.jsonl", jsonl(_nested(several)))
            assert {p.id: p for p in read} == expected
            assert read.report.repaired == 0


def _fields(product: Product) -> dict[str, Any]:
    return {name: getattr(product, name) for name in Product.__dataclass_fields__}


@pytest.mark.parametrize(
    ("dates", "holds"),
    [
        ({"sale_price_effective_date": "2026-02-20/2026-02-24"}, True),
        ({"sale_price_effective_date": "2026-02-25/2026-02-28"}, False),
        ({"sale_price_start_date": "2026-02-25"}, False),
        ({"sale_price_end_date": "2026-02-23T23:00Z"}, False),
        ({"sale_price_start_date": "soon"}, None),
        ({}, True),
    ],
)
def test_a_sale_price_is_the_price_only_while_its_dates_hold(
    tmp_path: Path, dates: dict[str, str], holds: bool | None
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(
        jsonl([{"item_id": "1", "title": "Cup", "price": "9 EUR", "sale_price": "7 EUR", **dates}])
    )
    (record,) = AcpReader(Source(path), now=datetime(2026, 2, 24, 12, tzinfo=UTC)).records()
    assert ("sale_price" in record.values) == (holds is not False)
    assert (record.problem is not None) == (holds is None)


def test_a_broken_line_or_variant_costs_only_itself(tmp_path: Path) -> None:
    good = NESTED[1]
    lines = [
        '{"id": "cut", "variants": [{"id": "x", "ti',
        json.dumps({"id": "TWO", "title": "Two", "variants": ["red", {"id": "T", "title": "Two", "price": {"amount": "x", "currency": "EUR"}}]}),
        json.dumps([1, 2]),
        json.dumps({"id": "void", "title": "Nothing in it", "variants": []}),
        json.dumps({"id": "deep", "title": "Deep", "variants": [{"id": "d", "title": {"a": 1}, "variant_options": {"a": "b"}, "media": 5,
                    "categories": "Home", "availability": [], "price": {"amount": True}}]}),
    ]  # fmt: skip
    read = feed(tmp_path, "a.jsonl", jsonl([good]) + "\n".join(lines) + "\n")
    assert {p.id for p in read} == {"RUG", "TWO", "void", "deep"}
    refused = [(i.line, i.severity) for i in read.report.issues if i.severity == "refused"]
    assert refused == [(2, "refused"), (3, "refused"), (4, "refused")]
    assert read.report.repaired == 2


def test_hostile_text_stays_out(tmp_path: Path) -> None:
    item = {
        "is_eligible_search": True, "item_id": "1", "title": "<img src=x onerror=alert(1)>Cup\u202e", "url": "javascript:alert(1)",
        "image_url": "file:///etc/passwd", "description": "x" * 100_000, "price": "99999999999999 USD", "group_id": ["a"],
        "variant_dict": {f"n{i}": "v" for i in range(5_000)} | {"<b>size</b>": "M"}, "star_rating": 11, "review_count": -4,
    }  # fmt: skip
    (cup,) = feed(tmp_path, "a.jsonl", jsonl([item]))
    assert (cup.title, cup.url, cup.image, cup.price, cup.rating) == ("Cup", None, None, None, None)
    assert len(cup.attributes) <= 80


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ("<rss></rss>", "not an Agentic Commerce feed"),
        ("sku,name\n1,Cup\n", "no column id or item_id"),
        ('{"products": [{"id": "1",]}', "broken JSON"),
        (
            jsonl([{"item_id": "1", "title": "Cup", "enable_search": "false"}]),
            "not eligible for search",
        ),
    ],
)
def test_a_file_that_cannot_be_such_a_feed_is_turned_away(
    tmp_path: Path, content: str, named: str
) -> None:
    with pytest.raises(FeedError, match=named) as refused:
        list(feed(tmp_path, "a.dat", content, format="acp"))
    assert "\n" not in str(refused.value)


def test_ordinary_json_stays_with_the_generic_readers(tmp_path: Path) -> None:
    for name, content in [
        ("a.jsonl", jsonl([{"id": 1, "title": "Cup", "price": "3 EUR", "variants": [{"id": 1, "title": "Red", "price": "3.00"}]}])),
        ("b.json", json.dumps([{"id": 1, "title": "Cup", "description": "enable_search: yes"}])),
        ("c.csv", "id,title,link\n1,Cup,https://a.example\n"),
    ]:  # fmt: skip
        assert "Agentic" not in feed(tmp_path, name, content).report.format
