"""Shopify's product CSV: one product of each handle, in the old and the new column names."""

import csv
import gzip
import io
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.errors import FeedError
from catalog.feeds import Feed, read_feed
from catalog.product import AttributeValue, Measure, Product, Variant
from catalog.seller_text import Usual, plain_value
from tests.catalog.feed_writing import read_title

# An export as Shopify writes it; the new names of the same columns beside the old ones.
NEW_NAMES = {
    "Handle": "URL handle", "Title": "Title", "Body (HTML)": "Description", "Vendor": "Vendor",
    "Product Category": "Product category", "Type": "Type", "Tags": "Tags", "Published": "Published on online store",
    "Option1 Name": "Option1 name", "Option1 Value": "Option1 value", "Option1 Linked To": "Option1 Linked To",
    "Option2 Name": "Option2 name", "Option2 Value": "Option2 value", "Variant SKU": "SKU",
    "Variant Grams": "Weight value (grams)", "Variant Inventory Tracker": "Inventory tracker",
    "Variant Inventory Qty": "Inventory quantity", "Variant Inventory Policy": "Continue selling when out of stock",
    "Variant Fulfillment Service": "Fulfillment service", "Variant Price": "Price",
    "Variant Compare At Price": "Compare-at price", "Variant Barcode": "Barcode", "Image Src": "Product image URL",
    "Image Position": "Image position", "Image Alt Text": "Image alt text", "Gift Card": "Gift card",
    "SEO Title": "SEO title", "Google Shopping / Gender": "Google Shopping / Gender",
    "Google Shopping / Custom Label 0": "Google Shopping / Custom label 0",
    "Color (product.metafields.shopify.color-pattern)": "Color (product.metafields.shopify.color-pattern)",
    "Fabric (product.metafields.shopify.fabric)": "Fabric (product.metafields.shopify.fabric)",
    "Rating (product.metafields.reviews.rating)": "Rating (product.metafields.reviews.rating)",
    "Rating count (product.metafields.reviews.rating_count)": "Rating count (product.metafields.reviews.rating_count)",
    "Variant Image": "Variant image URL", "Variant Weight Unit": "Weight unit for display",
    "Cost per item": "Cost per item", "Included / International": "Included / International",
    "Price / International": "Price / International", "Status": "Status",
}  # fmt: skip
PICTURES = "https://cdn.nordwool.example/files"
ROWS: list[dict[str, str]] = [
    {"Handle": "fjell-jumper", "Title": "Fjell jumper", "Body (HTML)": "<p>Knitted from <b>merino</b>.</p><p>Warm &amp; light.</p>",
     "Vendor": "Nordwool", "Product Category": "Apparel & Accessories > Clothing > Shirts & Tops > Sweaters",
     "Type": "Jumpers", "Tags": "winter, merino", "Published": "true", "Option1 Name": "Color", "Option1 Value": "Moss",
     "Option1 Linked To": "product.metafields.shopify.color-pattern", "Option2 Name": "Size", "Option2 Value": "S",
     "Variant SKU": "'0817-MO-S", "Variant Grams": "450.0", "Variant Inventory Tracker": "shopify",
     "Variant Inventory Qty": "4", "Variant Inventory Policy": "deny", "Variant Fulfillment Service": "manual",
     "Variant Price": "89.00", "Variant Compare At Price": "119.00", "Variant Barcode": "'4006381333931",
     "Image Src": f"{PICTURES}/fjell-1.jpg", "Image Position": "1", "Image Alt Text": "a jumper", "Gift Card": "false",
     "SEO Title": "Buy it", "Google Shopping / Gender": "female", "Google Shopping / Custom Label 0": "bestseller",
     "Color (product.metafields.shopify.color-pattern)": "moss; sand", "Fabric (product.metafields.shopify.fabric)": "merino; silk",
     "Rating (product.metafields.reviews.rating)": '{"value":"4.5","scale_min":"1.0","scale_max":"5.0"}',
     "Rating count (product.metafields.reviews.rating_count)": "27", "Variant Image": f"{PICTURES}/moss.jpg",
     "Variant Weight Unit": "kg", "Cost per item": "31.00", "Included / International": "true",
     "Price / International": "99.00", "Status": "active"},
    {"Handle": "fjell-jumper", "Option1 Value": "Moss", "Option2 Value": "M", "Variant SKU": "'0817-MO-M",
     "Variant Grams": "450.0", "Variant Inventory Tracker": "shopify", "Variant Inventory Qty": "0",
     "Variant Inventory Policy": "continue", "Variant Price": "89.00", "Variant Compare At Price": "119.00",
     "Image Src": f"{PICTURES}/fjell-2.jpg", "Image Position": "2", "Variant Image": f"{PICTURES}/moss.jpg",
     "Variant Weight Unit": "kg"},
    {"Handle": "fjell-jumper", "Option1 Value": "Sand", "Option2 Value": "M", "Variant Grams": "450.0",
     "Variant Inventory Tracker": "shopify", "Variant Inventory Qty": "-2", "Variant Inventory Policy": "deny",
     "Variant Price": "95.00", "Variant Compare At Price": "0.00", "Variant Weight Unit": "kg"},
    {"Handle": "fjell-jumper", "Image Src": f"{PICTURES}/fjell-3.jpg", "Image Position": "3"},
    {"Handle": "wool-wash", "Title": "Wool wash", "Vendor": "Nordwool", "Product Category": "Uncategorized",
     "Published": "true", "Option1 Name": "Title", "Option1 Value": "Default Title", "Variant SKU": "WASH",
     "Variant Grams": "0", "Variant Inventory Qty": "0", "Variant Inventory Policy": "deny", "Variant Price": "7.50",
     "Image Src": f"{PICTURES}/wash.jpg", "Status": "active"},
    {"Handle": "old-hat", "Title": "Old hat", "Published": "true", "Option1 Name": "Title",
     "Option1 Value": "Default Title", "Variant Price": "5.00", "Status": "archived"},
    {"Handle": "secret-hat", "Title": "Secret hat", "Published": "false", "Option1 Name": "Size", "Option1 Value": "S",
     "Variant Price": "5.00", "Status": "active"},
    {"Handle": "secret-hat", "Option1 Value": "M", "Variant Price": "5.00"},
]  # fmt: skip

JUMPER: dict[str, AttributeValue] = {
    "gender": "women",
    "material": ("merino", "silk"),
    "tags": ("winter", "merino"),
}
EXPECTED = [
    Product(
        id="fjell-jumper", title="Fjell jumper", description="Knitted from merino.\nWarm & light.", brand="Nordwool",
        type="jumper", category=("Apparel & Accessories", "Clothing", "Shirts & Tops", "Sweaters"), price=8900,
        list_price=11900, rating=4.5, review_count=27, uncounted=True, image=f"{PICTURES}/moss.jpg",
        attributes={**JUMPER, "weight": Measure(0.45, "kg"), "color": ("Moss", "Sand"), "size": ("S", "M")},
        variants=(
            Variant("0817-MO-S", {"color": "Moss", "size": "S"}, 8900, 11900, 4, f"{PICTURES}/moss.jpg"),
            Variant("0817-MO-M", {"color": "Moss", "size": "M"}, 8900, 11900, None, f"{PICTURES}/moss.jpg"),
            Variant("fjell-jumper:Sand/M", {"color": "Sand", "size": "M"}, 9500, None, 0, f"{PICTURES}/fjell-1.jpg"),
        ),
    ),
    Product(
        id="wool-wash", title="Wool wash", brand="Nordwool", price=750, image=f"{PICTURES}/wash.jpg",
        variants=(Variant("WASH", {}, 750, None, None, f"{PICTURES}/wash.jpg"),),
    ),
]  # fmt: skip


def export(
    rows: list[dict[str, str]], names: dict[str, str] | None = None, delimiter: str = ","
) -> str:
    text = io.StringIO()
    columns = [c for c in NEW_NAMES if any(c in row for row in rows)]
    columns += [c for row in rows for c in row if c not in columns]
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerow([names.get(c, c) for c in columns] if names else columns)
    writer.writerows([row.get(c, "") for c in columns] for row in rows)
    return text.getvalue()


def feed(folder: Path, text: str | bytes, **options: Any) -> Feed:
    path = folder / "products_export_1.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_feed(path, **options)


@pytest.mark.parametrize("names", [None, NEW_NAMES], ids=["old", "new"])
@pytest.mark.parametrize("write", [str.encode, lambda t: gzip.compress(t.encode("utf-16"))])
def test_an_export_gives_its_products_with_their_variants(
    tmp_path: Path, names: dict[str, str] | None, write: Any
) -> None:
    read = feed(tmp_path, write(export(ROWS, names)))
    assert list(read) == EXPECTED
    report = read.report
    assert report.format.startswith("Shopify CSV")
    assert (report.rows, report.kept, report.repaired, report.refused) == (7, 4, 0, 3)
    assert [(i.line, i.message) for i in report.issues] == [
        (7, "not on sale: its status is 'archived'"),
        (8, "not on sale: it is not published"),
        (9, "not on sale: it is not published"),
    ]
    assert any("no currency" in note for note in report.notes)


def test_a_person_names_the_currency_and_can_name_columns(tmp_path: Path) -> None:
    read = feed(tmp_path, export(ROWS), currency="JPY", mapping={"brand": "tags"})
    assert [(p.price, p.currency) for p in read] == [(89, "JPY"), (8, "JPY")]


def test_rows_out_of_order_repeated_skus_and_a_parent_row_are_understood(tmp_path: Path) -> None:
    rows = [
        {"Handle": "cup", "Title": "Cup", "Option1 Name": "Type"},
        {"Handle": "cup", "Option1 Value": "Espresso", "Variant Price": "4", "Variant SKU": "C"},
        {"Handle": "mat", "Title": "Mat", "Option1 Name": "Title", "Option1 Value": "Default Title",
         "Variant Price": "9", "Variant SKU": "C"},
        {"Handle": "cup", "Option1 Value": "Latte", "Variant Price": "5", "Variant SKU": "C"},
        {"Handle": "lid", "Title": "Lid"},
    ]  # fmt: skip
    cup, mat, lid = feed(tmp_path, export(rows))
    assert [v.id for v in cup.variants] == ["C", "cup:Latte"]
    assert [v.options for v in cup.variants] == [
        {"type_option": "Espresso"},
        {"type_option": "Latte"},
    ]
    assert (mat.id, mat.variants[0].id, mat.price) == ("mat", "mat", 900)
    assert (lid.id, lid.price, lid.stock) == ("lid", None, None)


def test_a_new_import_file_needs_no_handle(tmp_path: Path) -> None:
    text = (
        "Title,Price,SKU,Option1 name,Option1 value,Inventory quantity\n"
        "Café cup,4.00,c1,Size,S,3\n,5.00,c2,,L,1\nTray,9.00,t1,,,2\n"
    )
    cup, tray = feed(tmp_path, text, format="shopify")
    assert (cup.id, cup.stock, [v.options for v in cup.variants]) == (
        "cafe-cup",
        4,
        [{"size": "S"}, {"size": "L"}],
    )
    assert (tray.id, tray.stock) == ("tray", 2)


def test_a_broken_row_costs_only_itself_and_hostile_cells_do_no_harm(tmp_path: Path) -> None:
    rows = [
        {"Handle": "a", "Title": "<script>alert(1)</script>Lamp\u202e 💡", "Variant Price": "12.00",
         "Image Src": "javascript:alert(1)", "Body (HTML)": "x" * 1_000_000, "Option1 Value": "Default Title"},
        {"Handle": "b", "Title": "", "Variant Price": "1.00"},
        {"Handle": "c", "Title": "Mug", "Variant Price": "call us", "Variant Inventory Qty": "many"},
        {"Handle": "c", "Title": "Mug", "Variant Price": "call us", "Variant Inventory Qty": "many"},
    ]  # fmt: skip
    text = export(rows).replace("\r\nc,", '\r\n"torn,row\r\nc,', 1)
    read = feed(tmp_path, text)
    lamp, mug = read
    assert (lamp.title, lamp.image, lamp.price) == ("Lamp 💡", None, 1200)
    assert len(lamp.description) <= 20_000
    assert (mug.price, mug.stock) == (None, None)
    refused = [(i.line, i.kind) for i in read.report.issues if i.severity == "refused"]
    assert refused == [(3, "no title"), (4, "a quote is opened here and not closed"), (6, "repeated row")]  # fmt: skip


@pytest.mark.parametrize("content", ["id,title\n1,Ding\n", "PAR1\0\0", '[{"title": "x"}]'])
def test_another_file_under_the_name_of_the_format_is_one_clear_error(
    tmp_path: Path, content: str
) -> None:
    with pytest.raises(FeedError, match="not a Shopify product CSV"):
        feed(tmp_path, content, format="shopify")


def test_an_ordinary_table_is_not_taken_for_an_export(tmp_path: Path) -> None:
    read = feed(tmp_path, "handle,title,price,sku\na,Ding,3,x\n")
    assert read.report.format == "CSV"
    assert [p.id for p in read] == ["x"]


WORDS = st.text(st.characters(codec="utf-8", categories=["Lu", "Ll", "Lo", "So"]), min_size=2, max_size=12).map(lambda t: read_title(f"x{t}x")).filter(lambda t: plain_value(t, Usual()) == t)  # fmt: skip
OPTIONS = st.lists(st.sampled_from(["Red", "Moss", "Dark sand", "Blå", "黒"]), min_size=1, max_size=4, unique=True)  # fmt: skip
VARIANT = st.fixed_dictionaries(
    {
        "price": st.none() | st.integers(1, 10**7),
        "reduced": st.none() | st.integers(1, 10**6),
        "stock": st.none() | st.integers(0, 10**5),
        "sku": st.booleans(),
    }
)
PRODUCT = st.tuples(WORDS, st.none() | WORDS, OPTIONS).flatmap(
    lambda head: st.tuples(
        st.just(head), st.lists(VARIANT, min_size=len(head[2]), max_size=len(head[2]))
    )  # fmt: skip
)


@settings(max_examples=40, deadline=None)
@given(st.lists(PRODUCT, min_size=1, max_size=5), st.sampled_from([None, NEW_NAMES]), st.sampled_from(["EUR", "USD", "SEK"]))  # fmt: skip
def test_products_written_as_an_export_are_read_back(
    products: list[Any], names: dict[str, str] | None, currency: str
) -> None:
    rows: list[dict[str, str]] = []
    expected: list[Product] = []
    for number, ((title, brand, colors), variants) in enumerate(products):
        made = []
        for color, variant in zip(colors, variants, strict=True):
            price, stock = variant["price"], variant["stock"]
            before = price + variant["reduced"] if price and variant["reduced"] else None
            first = color == colors[0]
            rows.append({
                "Handle": f"p{number}", "Title": title if first else "", "Vendor": (brand or "") if first else "",
                "Option1 Name": "Color" if first else "", "Option1 Value": color,
                "Variant SKU": f"s{number}-{color}" if variant["sku"] else "",
                "Variant Inventory Tracker": "" if stock is None else "shopify",
                "Variant Inventory Qty": str(stock or 0), "Variant Inventory Policy": "deny",
                "Variant Price": f"{price / 100:.2f}" if price else "",
                "Variant Compare At Price": f"{before / 100:.2f}" if before else "", "Status": "active",
            })  # fmt: skip
            id = f"s{number}-{color}" if variant["sku"] else f"p{number}:{color}"
            made.append(Variant(id, {"color": color} if len(colors) > 1 else {}, price, before, stock))  # fmt: skip
        rows.append({"Handle": f"p{number}", "Image Position": "2", "Image Src": ""})
        priced = any(v.price for v in made)
        base = Product(
            id=f"p{number}", title=title, brand=brand, currency=currency if priced else None,
            attributes={} if len(colors) > 1 else {"color": colors[0]},
        )  # fmt: skip
        expected.append(base.sold_as(made))
    with TemporaryDirectory() as folder:
        read = list(feed(Path(folder), export(rows, names), currency=currency))
    assert sorted(read, key=lambda p: p.id) == sorted(expected, key=lambda p: p.id)
