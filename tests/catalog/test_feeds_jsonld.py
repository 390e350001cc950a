"""schema.org products in JSON files, saved pages and folders of them."""

import gzip
import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.errors import FeedError
from catalog.feeds import Feed, read_feed
from catalog.product import Measure, Product, Variant
from tests.catalog.feed_writing import read_description, read_title

SHOP = "https://nordlicht.example"
# A product page as a shop's theme writes it, with the usual mistakes: a hidden older block, CDATA
# marks, line breaks inside a text, commas before closing brackets, a description with markup.
PAGE = """<!DOCTYPE html>
<html lang="en"><head><title>Hush kettle</title>
<link rel="stylesheet" href="/s.css"><link rel="canonical" href="https://nordlicht.example/p/hush?a=1&amp;b=2">
<!-- <script type="application/ld+json">{"@type": "Product", "name": "Last year's kettle"}</script> -->
<script>var page = {"@type": "Product", "name": "not data"};</script>
<script type='application/ld+json; charset=utf-8'>
//<![CDATA[
{"@context": "http://schema.org", "@graph": [
 {"@type": "BreadcrumbList", "itemListElement": [
  {"@type": "ListItem", "position": 2, "name": "Kitchen", "item": "https://nordlicht.example/c/kitchen"},
  {"@type": "ListItem", "position": 1, "item": {"@id": "https://nordlicht.example/", "name": "Nordlicht"}},
  {"@type": "ListItem", "position": 3, "name": "Kettles"},
  {"@type": "ListItem", "position": 4, "name": "Hush kettle"}]},
 {"@type": "WebPage", "mainEntity":
 {"@type": ["Product", "Thing"], "@id": "#p", "name": "Hush kettle &#8211; navy", "sku": "K-17",
  "description": "Boils <b>quietly</b>,
stays cool &amp; holds 1.7 l.",
  "brand": {"@id": "#brand"}, "gtin13": "4006381333931",
  "image": [{"@type": "ImageObject", "url": "/img/hush.jpg"}, "/img/hush-2.jpg"],
  "aggregateRating": {"@type": "AggregateRating", "ratingValue": "9,2", "bestRating": "10", "reviewCount": 128},
  "review": {"@type": "Review", "itemReviewed": {"@type": "Product", "name": "Hush kettle"}},
  "isRelatedTo": [{"@type": "Product", "name": "Tea strainer", "sku": "T"}],
  "weight": {"@type": "QuantitativeValue", "value": 1.2, "unitCode": "KGM"},
  "height": "24 cm", "width": {"@type": "QuantitativeValue", "value": "16", "unitText": "cm"},
  "color": "navy", "material": ["steel", "glass"], "size": {"@type": "SizeSpecification", "name": "Large"},
  "audience": {"@type": "PeopleAudience", "suggestedGender": "https://schema.org/Female", "suggestedMinAge": 13},
  "additionalProperty": [
   {"@type": "PropertyValue", "name": "Noise", "value": 54, "unitCode": "2N"},
   {"@type": "PropertyValue", "name": "Power", "value": "2200", "unitText": "W"},
   {"@type": "PropertyValue", "name": "Cordless", "value": true},
   {"@type": "PropertyValue", "name": "Capacity", "value": {"@type": "QuantitativeValue", "value": 1.7, "unitCode": "LTR"}}],
  "offers": {"@type": "Offer", "price": "54.99", "priceCurrency": "EUR", "itemCondition": "https://schema.org/NewCondition",
   "availability": "https://schema.org/InStock", "inventoryLevel": {"@type": "QuantitativeValue", "value": 7},
   "priceSpecification": [
    {"@type": "UnitPriceSpecification", "price": 69.99, "priceCurrency": "EUR",
     "priceType": "https://schema.org/StrikethroughPrice"},
    {"@type": "UnitPriceSpecification", "price": 49.99, "priceCurrency": "EUR", "validForMemberTier": {"@id": "#gold"}},
    {"@type": "DeliveryChargeSpecification", "price": 3, "priceCurrency": "EUR"}],},},},
 {"@id": "#brand", "@type": "Brand", "name": "Halden"},
]}
//]]>
</script></head><body><p>1 < 2</p></body></html>
"""  # noqa: RUF001
KETTLE = Product(
    id="K-17", title="Hush kettle – navy", description="Boils quietly,\nstays cool & holds 1.7 l.", brand="Halden",
    type="kettle", category=("Kitchen", "Kettles"), price=5499, list_price=6999, currency="EUR", rating=4.6,
    review_count=128, stock=7, image=f"{SHOP}/img/hush.jpg", url=f"{SHOP}/p/hush?a=1&b=2",
    attributes={
        "gender": "women", "age_group": "adult", "weight": Measure(1.2, "kg"), "height": Measure(24, "cm"),
        "width": Measure(16, "cm"), "color": "navy", "material": ("steel", "glass"), "size": "Large",
        "noise": Measure(54, "dB"), "power": Measure(2200, "W"), "cordless": True, "capacity": Measure(1.7, "l"),
        "condition": "new",
    },
)  # fmt: skip


def script(*values: Any) -> str:
    blocks = (f'<script type="application/ld+json">{json.dumps(v)}</script>' for v in values)
    return f"<html><body>{''.join(blocks)}</body></html>"


def write(folder: Path, **files: str | bytes) -> None:
    for name, content in files.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


def feed(folder: Path, name: str, content: str, **options: Any) -> Feed:
    (folder / name).write_text(content, encoding="utf-8")
    return read_feed(folder / name, **options)


def one(folder: Path, **properties: Any) -> Product:
    """The product a JSON-LD file with these properties gives."""
    value = {"@context": "https://schema.org", "@type": "Product", "name": "Thing", "sku": "t"}
    (product,) = feed(folder, "a.jsonld", json.dumps({**value, **properties}))
    return product


def offer(price: Any = "5.00", currency: str = "EUR", **more: Any) -> dict[str, Any]:
    return {"@type": "Offer", "price": price, "priceCurrency": currency, **more}


def test_a_saved_page_gives_its_product_with_every_field(tmp_path: Path) -> None:
    read = feed(tmp_path, "hush.html", PAGE)
    assert list(read) == [KETTLE]
    assert read.report.format == "schema.org data in a page"
    assert (read.report.rows, read.report.repaired) == (1, 0)
    assert read.bytes_read == read.bytes_total > 0


COAT = {
    "@context": {"s": "http://schema.org/"}, "@type": "s:ProductGroup", "s:name": "Wool coat", "s:productGroupID": "44E",
    "s:url": f"{SHOP}/coat", "s:brand": "Nordwool", "s:material": "wool", "s:category": "Clothing > Coats",
    "s:variesBy": ["https://schema.org/size", "https://schema.org/color"],
    "s:aggregateRating": {"s:ratingValue": 4.4, "s:ratingCount": 89},
    "s:hasVariant": [
        {"@type": "s:Product", "s:sku": "44E-S", "s:name": "Wool coat small green", "s:size": "small", "s:color": "green",
         "s:image": f"{SHOP}/green.jpg",
         "s:offers": {"@type": "s:Offer", "s:url": f"{SHOP}/coat?v=S", "s:price": {"@value": "39.99"},
                      "s:priceCurrency": "USD", "s:availability": "s:InStock"}},
        {"@type": "s:Product", "s:sku": "44E-L", "s:name": "Wool coat large green", "s:size": "large", "s:color": "green",
         "s:offers": {"@type": "s:Offer", "s:price": 49.99, "s:priceCurrency": "USD", "s:availability": "s:SoldOut"}},
        {"s:url": f"{SHOP}/coat?v=XL"},
    ],
}  # fmt: skip


def test_variants_of_a_group_share_what_the_group_says(tmp_path: Path) -> None:
    (coat,) = feed(tmp_path, "coat.json", json.dumps(COAT))
    assert coat == Product(
        id="44E", title="Wool coat", brand="Nordwool", type="coat", category=("Clothing", "Coats"), price=3999,
        currency="USD", rating=4.4, review_count=89, image=f"{SHOP}/green.jpg", url=f"{SHOP}/coat?v=S",
        uncounted=True, attributes={"material": "wool", "color": "green", "size": ("small", "large")},
        variants=(
            Variant("44E-S", {"size": "small"}, 3999, image=f"{SHOP}/green.jpg", url=f"{SHOP}/coat?v=S", uncounted=True),
            Variant("44E-L", {"size": "large"}, 4999, stock=0, url=f"{SHOP}/coat"),
        ),
    )  # fmt: skip


def test_variants_on_pages_of_their_own_come_together(tmp_path: Path) -> None:
    for size, sku in (("S", "a-1"), ("M", "a-2")):
        group = {"@type": "ProductGroup", "@id": "#g", "productGroupID": "A", "name": "Tee", "brand": "Nord",
                 "hasVariant": [{"@id": "#v"}, {"url": "https://nord.example/other"}]}  # fmt: skip
        variant = {"@type": "Product", "@id": "#v", "isVariantOf": {"@id": "#g"}, "sku": sku, "name": f"Tee {size}",
                   "size": size, "offers": offer(12)}  # fmt: skip
        write(tmp_path, **{f"{sku}_html": script([group, variant])})
    write(
        tmp_path, c_html=script({"@type": "Product", "name": "Tee L", "sku": "a-3", "size": "L",
                                 "inProductGroupWithID": "A", "offers": offer(14)}),
    )  # fmt: skip
    (tee,) = read_feed(tmp_path)
    assert (tee.id, tee.title, tee.brand, tee.attributes) == ("A", "Tee", "Nord", {"size": ("S", "M", "L")})  # fmt: skip
    assert [(v.id, v.price) for v in tee.variants] == [("a-1", 1200), ("a-2", 1200), ("a-3", 1400)]


def test_a_folder_is_read_in_order_and_a_product_counts_once(tmp_path: Path) -> None:
    listing = {"@context": "https://schema.org", "@type": "ItemList", "itemListElement": [
        {"@type": "ListItem", "position": 1, "url": f"{SHOP}/p/hush?a=1&b=2", "item":
            {"@type": "Product", "name": "Hush kettle", "offers": {"@type": "AggregateOffer", "lowPrice": 54.99}}},
        {"@type": "ListItem", "position": 2, "item":
            {"@type": "Product", "name": "Listed only", "sku": "L1", "offers": offer(3, "SEK")}},
        {"@type": "ListItem", "position": 3, "url": f"{SHOP}/p/none"}]}  # fmt: skip
    write(
        tmp_path,
        a_html=script(listing), b_html=PAGE, c__hush_html=PAGE, d_html_gz=gzip.compress(script({
            "@type": "Product", "name": "Café cup", "sku": "C", "offers": offer(900, "JPY")}).encode()),
        e_html="<html>no data here</html>", f_html="", g_html='<script type="application/ld+json">{"@type":"Product",',
        package_json='{"name": "other", "version": 1}', notes_txt='{"@type": "Product", "name": "no"}',
        h_html=script({"@type": "Product", "name": "Something else", "sku": "C"}),
    )  # fmt: skip
    read = read_feed(tmp_path)
    products = list(read)
    assert products[0] == KETTLE
    assert [(p.id, p.title, p.price, p.currency) for p in products[1:]] == [
        ("C", "Café cup", 900, "JPY"),
        ("L1", "Listed only", 300, "SEK"),
    ]
    refused = [(i.line, i.kind) for i in read.report.issues]
    assert refused == [(6, "unreadable page"), (7, "broken JSON-LD"), (8, "id taken")]
    assert "f.html" in read.report.issues[0].message
    assert read.bytes_read == read.bytes_total > 0
    assert list(read) == products


def test_offers_for_several_articles_are_variants_and_for_one_article_one_price(
    tmp_path: Path,
) -> None:
    several = [offer("10.00", sku="T-S", name="Thing - S"), offer("12.00", sku="T-M", name="Thing - M", availability="OutOfStock")]  # fmt: skip
    thing = one(tmp_path, offers=several)
    assert (thing.id, [(v.id, v.price, v.stock) for v in thing.variants]) == (
        "t",
        [("T-S", 1000, None), ("T-M", 1200, 0)],
    )
    assert thing.attributes == {"version": ("S", "M")}
    sellers = [offer(9, availability="http://schema.org/SoldOut"), offer(12), offer(11), offer(1, "USD")]  # fmt: skip
    assert one(tmp_path, offers=sellers).price == 1100
    nested = {"@type": "AggregateOffer", "priceCurrency": "GBP", "offers": [{"price": 8}, {"price": "7.50"}]}  # fmt: skip
    thing = one(tmp_path, offers=nested)
    assert (thing.price, thing.currency) == (750, "GBP")


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({"offers": offer("1.299,00")}, (129900, None, "EUR", None)),
        ({"offers": {"lowPrice": "3.50", "highPrice": 9, "priceCurrency": "USD"}}, (350, None, "USD", None)),
        ({"offers": {"priceSpecification": {"price": 8, "priceCurrency": "KWD"}}}, (8000, None, "KWD", None)),
        ({"offers": {"priceSpecification": [
            {"price": 8, "priceCurrency": "CHF", "priceType": "SalePrice"},
            {"price": 9, "priceCurrency": "CHF", "priceType": "https://schema.org/ListPrice"}]}}, (800, 900, "CHF", None)),
        ({"offers": offer(5, availability="https://schema.org/BackOrder", inventoryLevel={"value": 0})}, (500, None, "EUR", None)),
        ({"offers": offer(5, inventoryLevel={"value": 0})}, (500, None, "EUR", 0)),
        ({"offers": [offer(5, availability="Discontinued")]}, (500, None, "EUR", 0)),
        ({"offers": offer("ask us")}, (None, None, None, None)),
        ({}, (None, None, None, None)),
    ],
)  # fmt: skip
def test_prices_and_stock_are_read_as_the_vocabulary_has_them(
    tmp_path: Path, properties: dict[str, Any], expected: tuple[Any, ...]
) -> None:
    product = one(tmp_path, **properties)
    assert (product.price, product.list_price, product.currency, product.stock) == expected


def test_ages_ids_and_measures_in_other_forms(tmp_path: Path) -> None:
    age = {
        "suggestedAge": {"minValue": 36, "maxValue": 96, "unitCode": "MON"},
        "suggestedGender": "unisex",
    }
    product = one(
        tmp_path, sku=None, gtin14="00012345678905", audience=age, depth={"minValue": 10, "maxValue": 10, "unitCode": "CMT"},
        additionalProperty=[{"name": "Finish", "value": ["matt", "oiled"]}, {"name": "Lamps", "value": 3, "unitCode": "C62"}],
        hasEnergyConsumptionDetails={"hasEnergyEfficiencyCategory": "https://schema.org/EUEnergyEfficiencyCategoryC"},
        image={"@type": "ImageObject", "contentUrl": "javascript:alert(1)"}, aggregateRating={"ratingValue": 7},
        category={"@type": "CategoryCode", "name": "Toys > Blocks"}, countryOfOrigin={"@type": "Country", "name": "Norway"},
    )  # fmt: skip
    assert (product.id, product.image, product.rating) == ("00012345678905", None, None)
    assert (product.category, product.type) == (("Toys", "Blocks"), "block")
    assert product.attributes == {
        "gender": "unisex", "age_group": "3-8 years", "energy_class": "C", "depth": Measure(10, "cm"),
        "country_of_origin": "Norway", "finish": ("matt", "oiled"), "lamps": 3.0,
    }  # fmt: skip


def test_json_lines_lose_only_the_broken_line(tmp_path: Path) -> None:
    lines = [json.dumps({"@context": "https://schema.org", "@type": "Product", "name": f"T{i}", "sku": f"s{i}", "offers": offer(i + 1)}) for i in range(4)]  # fmt: skip
    lines[2] = lines[2][:60]
    for name in ("shop.jsonl", "shop.json"):
        read = feed(tmp_path, name, "\n".join(lines))
        assert [p.id for p in read] == ["s0", "s1", "s3"]
        assert [(i.line, i.kind) for i in read.report.issues] == [(3, "broken JSON")]


def test_a_broken_object_in_a_list_costs_only_itself(tmp_path: Path) -> None:
    good = [{"@type": "Product", "name": f"T{i}", "sku": str(i)} for i in range(3)]
    text = json.dumps(good).replace('"name": "T1"', '"name": T1"')
    read = feed(tmp_path, "a.jsonld", text)
    assert [p.id for p in read] == ["0", "2"]
    assert [i.kind for i in read.report.issues] == ["broken JSON-LD"]


@pytest.mark.parametrize(
    "wrap",
    [
        "<!--\n{}\n-->",
        "/* <![CDATA[ */ {} /* ]]> */",
        "\ufeff{};",
        "// the product\n{}",
        '{{"@context":"https://schema.org","@graph":[{},]}}',
        '{}\n{{"@type":"Organization","name":"x"}}',
    ],
)
def test_scripts_as_templates_write_them_are_read(tmp_path: Path, wrap: str) -> None:
    value = '{"@type": "Product", "name": "Say, /* it */ // \\"loud\\",]", "sku": "x", /* new */ "color": "red",}'
    for inner in (wrap.format(value), wrap.format(value).replace('"', "&quot;")):
        if "\\&quot;" in inner:
            inner = inner.replace("\\&quot;", "")
        page = f"<html><script type=application/ld+json>{inner}</script></html>"
        (product,) = feed(tmp_path, "a.html", page)
        assert product.title.startswith("Say, /* it */ //")
        assert product.attributes == {"color": "red"}


def test_hostile_pages_are_read_in_good_time(tmp_path: Path) -> None:
    deep = "[" * 100_000
    nested = '{"a":' * 3_000 + "1" + "}" * 3_000
    page = (
        f'<html>{"<!-- " * 50_000}{"<![x " * 20_000}<script type="application/ld+json">{deep}</script>'
        f'<script type="application/ld+json">{nested}</script>'
        f'<script type="application/ld+json">{{"@type":"Product" {"/*" * 50_000}</script>'
        f'<script type="application/ld+json">{{"@type":"Product","name":"{"é<b>" * 200_000}","sku":"x","url":"javascript:x",'
        '"@id":"#a","isVariantOf":{"@id":"#a"},"hasVariant":[{"@id":"#a"}],"offers":{"@id":"#a"}}</script>'
    )
    read = feed(tmp_path, "a.html", page)
    (product,) = read
    assert (product.id, product.url, len(product.title) <= 1_000) == ("x", None, True)
    assert read.report.refused == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.html", "<html><p>hello</p></html>"), ("a.jsonld", '{"@type": "Person", "name": "x"}'), ("a.csv", "a,b\n1,2\n")],
)  # fmt: skip
def test_a_file_without_a_product_is_one_clear_error(
    tmp_path: Path, name: str, content: str
) -> None:
    with pytest.raises(FeedError, match=r"product|broken JSON"):
        list(feed(tmp_path, name, content, format="jsonld"))


def test_a_folder_without_pages_and_ordinary_json_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(FeedError, match="no page in this folder"):
        read_feed(tmp_path)
    read = feed(tmp_path, "a.json", '[{"type": "Product", "id": 1, "title": "Ding"}]')
    assert (read.report.format, [p.title for p in read]) == ("JSON", ["Ding"])


TEXT = st.text(st.characters(codec="utf-8"), max_size=20).map(lambda t: f"x {t} x")
PRODUCT = st.fixed_dictionaries({
    "name": TEXT, "description": st.none() | TEXT, "brand": st.none() | st.sampled_from(["Halden", "Größe & Co", "日本"]),
    "currency": st.sampled_from(["EUR", "USD", "JPY", "KWD"]),
    "sizes": st.lists(st.sampled_from(["S", "M", "L", "XL"]), max_size=3, unique=True),
    "prices": st.lists(st.none() | st.integers(1, 10**7), min_size=4, max_size=4),
    "gone": st.lists(st.booleans(), min_size=4, max_size=4),
})  # fmt: skip
DIGITS = {"EUR": 2, "USD": 2, "JPY": 0, "KWD": 3}


def _offered(price: int | None, currency: str, gone: bool) -> dict[str, Any]:
    made: dict[str, Any] = {
        "@type": "Offer",
        "availability": f"https://schema.org/{'OutOfStock' if gone else 'InStock'}",
    }
    if price is not None:
        whole = f"{price / 10 ** DIGITS[currency]:.{DIGITS[currency]}f}"
        made |= {"price": whole, "priceCurrency": currency}
    return made


def _written(number: int, p: dict[str, Any]) -> tuple[dict[str, Any], Product]:
    """A product as JSON-LD, and what it should be read as."""
    node: dict[str, Any] = {
        "@context": "https://schema.org",
        "name": p["name"],
        "description": p["description"],
    }
    if p["brand"]:
        node["brand"] = {"@type": "Brand", "name": p["brand"]}
    title = read_title(p["name"])
    product = Product(
        id=f"p{number}", title=title, brand=p["brand"], description=read_description(p["description"] or ""),
    )  # fmt: skip
    stocks = [0 if gone else None for gone in p["gone"]]
    forms = list(zip(p["prices"], stocks, p["sizes"] or [None], strict=False))
    priced = any(price for price, _, _ in forms)
    currency = p["currency"] if priced else None
    if not p["sizes"]:
        node |= {
            "@type": "Product",
            "sku": f"p{number}",
            "offers": _offered(p["prices"][0], p["currency"], p["gone"][0]),
        }
        read = {
            "price": p["prices"][0],
            "stock": stocks[0],
            "currency": currency,
            "uncounted": stocks[0] is None,
        }
        return node, Product.from_json({**product.to_json(), **read})
    variants = [Variant(f"p{number}-{size}", {"size": size} if len(forms) > 1 else {}, price, None, stock, uncounted=stock is None)
                for price, stock, size in forms]  # fmt: skip
    node |= {"@type": "ProductGroup", "productGroupID": f"p{number}", "variesBy": "size", "hasVariant": [
        {"@type": "Product", "sku": f"p{number}-{size}", "size": size,
         "offers": _offered(price, p["currency"], stock == 0)} for price, stock, size in forms]}  # fmt: skip
    shared = {} if len(forms) > 1 else {"size": p["sizes"][0]}
    whole = Product.from_json({**product.to_json(), "attributes": shared, "currency": currency})
    return node, whole.sold_as(variants)


@settings(max_examples=40, deadline=None)
@given(st.lists(PRODUCT, min_size=1, max_size=5), st.sampled_from(["json", "html", "jsonl"]))
def test_products_written_as_json_ld_are_read_back(products: list[Any], form: str) -> None:
    # Variants with and without a price would be products apart: money of one is comparable.
    for p in products:
        p["prices"] = [price and (p["prices"][0] and price) for price in p["prices"]]
        if None in p["prices"]:
            p["prices"] = [None] * 4
    written = [_written(i, p) for i, p in enumerate(products)]
    nodes = [node for node, _ in written]
    content = {"json": json.dumps(nodes), "html": script(*nodes), "jsonl": "\n".join(map(json.dumps, nodes))}  # fmt: skip
    with TemporaryDirectory() as folder:
        read = list(feed(Path(folder), f"a.{form}", content[form]))
    expected = [product for _, product in written]
    assert sorted(read, key=lambda p: p.id) == sorted(expected, key=lambda p: p.id)


KEYS = st.sampled_from(
    ["@id", "@type", "@value", "@list", "name", "value", "unitCode", "price", "priceCurrency", "offers", "item", "url",
     "minValue", "itemListElement", "hasVariant", "isVariantOf", "ratingValue", "bestRating", "availability", "sku"]
)  # fmt: skip
SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats()
    | st.sampled_from(["Product", "Offer", "#x", "https://a.example/[", "//[x", "BreadcrumbList", "ListItem", "5", "KGM"])
)  # fmt: skip
ANYTHING = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=8
)  # fmt: skip
PROPERTIES = (
    ["@id", "brand", "category", "image", "offers", "aggregateRating", "weight", "size", "audience", "color", "url"]
    + ["additionalProperty", "identifier", "isVariantOf", "inProductGroupWithID", "description", "breadcrumb"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(PROPERTIES), ANYTHING), ANYTHING)
def test_whatever_stands_in_its_properties_a_product_is_read(
    properties: dict[str, Any], beside: Any
) -> None:
    product = {"@type": "Product", "name": "Thing", "sku": "the-thing", **properties}
    with TemporaryDirectory() as folder:
        content = json.dumps({"@graph": [beside, product]})
        head = '<html><link rel="canonical" href="https://a.example/p">'
        page = f'{head}<script type="application/ld+json">{content}</script>'
        read = list(feed(Path(folder), "a.html", page))
    ids = {id for p in read for id in (p.id, *(v.id for v in p.variants))}
    several = isinstance(properties.get("offers"), (list, dict))
    assert "the-thing" in ids or several or "#x" in json.dumps(beside) + json.dumps(properties)


def test_a_single_broken_page_says_what_is_broken(tmp_path: Path) -> None:
    page = '<html><script type="application/ld+json">{"@type": "Product" "name": 1}</script></html>'
    with pytest.raises(FeedError, match="broken JSON-LD"):
        list(feed(tmp_path, "broken.html", page))
