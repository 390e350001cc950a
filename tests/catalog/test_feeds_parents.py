"""Tables whose rows name the product whose variant they are."""

from __future__ import annotations

from pathlib import Path

from catalog.feeds import Feed, read_feed
from catalog.feeds.prices import PriceList
from catalog.product import Product

_CHILDREN_FIRST = """sku,parent_sku,title,description,price,color,size,stock
P1-R,P1,"Tee, red",,10,Red,S,3
P1-B,P1,"Tee, blue",,12,Blue,M,0
P1,,Tee,Soft,,,,0
Q9-R,Q9,Polo,,20,Red,L,1
C1,,Cap,,9,,,4
D1,,Bag,,,,,5
"""

_WOO = """ID,Type,SKU,Name,Stock,Sale price,Regular price,Categories,Parent,Attribute 1 name,Attribute 1 value(s)
44,variable,TEE,V-Neck,,,,Clothing > Shirts,,Color,"Blue, Green"
45,variation,TEE-B,V-Neck - Blue,5,15,20,,TEE,Color,Blue
46,variation,TEE-G,V-Neck - Green,0,,20,,TEE,Color,Green
47,variable,,Scarf,,,,Clothing > Scarves,,Color,"Red, White"
48,variation,S-R,Scarf - Red,1,,9,,id:47,Color,Red
49,simple,,Belt,2,,30,Clothing,,,
"""


def _write(folder: Path, text: str) -> Path:
    path = folder / "feed.csv"
    path.write_text(text, encoding="utf-8")
    return path


def _read(folder: Path, text: str) -> tuple[Feed, dict[str, Product]]:
    feed = read_feed(_write(folder, text))
    return feed, {p.id: p for p in feed}


def test_rows_that_name_one_parent_are_its_variants_and_its_own_row_is_none(tmp_path: Path) -> None:
    feed, products = _read(tmp_path, _CHILDREN_FIRST)
    assert list(products) == ["P1", "Q9", "C1", "D1"]
    tee = products["P1"]
    assert (tee.title, tee.description, tee.price, tee.stock) == ("Tee", "Soft", 1_000, 3)
    assert [(v.id, v.price, v.stock) for v in tee.variants] == [
        ("P1-R", 1_000, 3),
        ("P1-B", 1_200, 0),
    ]
    assert tee.variants[0].options == {"color": "Red", "size": "S"}
    assert [v.id for v in products["Q9"].variants] == ["Q9-R"]
    assert (products["C1"].price, products["C1"].variants) == (900, ())
    assert (products["D1"].stock, products["D1"].variants) == (5, ())
    assert feed.report.ignored["parent_sku"] == "the product whose variant its row is"
    assert (feed.report.rows, feed.report.kept, feed.report.grouped) == (6, 6, 2)


def test_an_update_from_such_a_table_takes_prices_from_the_variants(tmp_path: Path) -> None:
    rows = [
        (r.group, r.offer.id, r.offer.price) for r in PriceList(_write(tmp_path, _CHILDREN_FIRST))
    ]
    assert rows == [
        ("P1", "P1-R", 1_000), ("P1", "P1-B", 1_200), ("Q9", "Q9-R", 2_000), (None, "C1", 900),
        (None, "D1", None),
    ]  # fmt: skip


def test_woocommerce_exports_are_products_with_variants(tmp_path: Path) -> None:
    _, products = _read(tmp_path, _WOO)
    assert list(products) == ["TEE", "47", "49"]
    assert (products["TEE"].title, products["TEE"].category) == ("V-Neck", ("Clothing", "Shirts"))
    assert [(v.id, v.options, v.price, v.stock) for v in products["TEE"].variants] == [
        ("TEE-B", {"color": "Blue"}, 1_500, 5),
        ("TEE-G", {"color": "Green"}, 2_000, 0),
    ]
    assert [v.id for v in products["47"].variants] == ["S-R"]
    assert (products["49"].title, products["49"].price) == ("Belt", 3_000)


def test_a_parent_that_is_no_product_makes_no_variants(tmp_path: Path) -> None:
    _, products = _read(tmp_path, "sku,title,parent,price\n1,Lamp,Home,9\n2,Desk,Home,19\n")
    assert list(products) == ["1", "2"]
    assert products["1"].attributes == {"parent": "Home"}


_MAGENTO = """sku,attribute_set_code,product_type,categories,name,price,special_price,visibility,additional_attributes,qty,configurable_variations
TR7-28,Bottom,simple,Default Category/Women/Trousers,Fen Trousers-28,59.00,,Not Visible Individually,"size=28,material=Linen|Cotton",3,
TR7-30,Bottom,simple,Default Category/Women/Trousers,Fen Trousers-30,59.00,44.00,Not Visible Individually,"size=30,material=Linen|Cotton",0,
TR7,Bottom,configurable,"Default Category/Sale,Default Category/Women/Trousers",Fen Trousers,59.00,,"Catalog, Search","material=Linen|Cotton,pattern=Plain",0,"sku=TR7-28,size=28|sku=TR7-30,size=30"
JUG1,Gear,simple,Default Category/Home/Jugs,Moss Jug,18.50,,"Catalog, Search","color=Green,capacity=1.2 l",9,
LOST,Bottom,configurable,Default Category/Women/Trousers,Reed Trousers,70.00,,"Catalog, Search","material=Wool,pattern=Checked",0,"sku=GONE-1,size=28"
"""


def test_a_product_that_names_its_variants_is_one_with_them(tmp_path: Path) -> None:
    feed, products = _read(tmp_path, _MAGENTO)
    assert set(products) == {"TR7", "JUG1", "LOST"}
    trousers = products["TR7"]
    assert (trousers.title, trousers.type) == ("Fen Trousers", "trousers")
    assert trousers.category == ("Women", "Trousers")
    assert [(v.id, v.options, v.price, v.stock) for v in trousers.variants] == [
        ("TR7-28", {"size": "28"}, 5900, 3), ("TR7-30", {"size": "30"}, 4400, 0),
    ]  # fmt: skip
    assert trousers.attributes["material"] == ("Linen", "Cotton")
    assert trousers.attributes["pattern"] == "Plain"
    assert products["JUG1"].variants == ()
    # what is sold of it is not in the feed: it is kept as it stands
    assert (products["LOST"].price, products["LOST"].variants) == (7000, ())
    assert feed.report.ignored["configurable_variations"] == "the rows that are its variants"
    assert feed.report.grouped == 1
