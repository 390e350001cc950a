"""Google Merchant Center data as TSV, RSS and Atom: what it says, and what is wrong with it."""

import csv
import gzip
import io
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings

from catalog.errors import FeedError
from catalog.feeds import Feed, read_feed
from catalog.feeds.google import GoogleReader
from catalog.feeds.source import Source
from catalog.product import Measure, Product, Variant
from tests.catalog.feed_writing import Written, major, written_products

ALWAYS = "2001-03-01T08:00-0500/2999-03-10T23:59-0500"
OVER = "2001-03-01T08:00-0500/2001-03-10T23:59-0500"

ROWS: list[dict[str, str]] = [
    {"id": "TEE-R", "item group id": "TEE", "title": "Loom linen tee, red", "brand": "Loom & Lumen", "price": "40.00 EUR",
     "description": "Soft <b>linen</b>.", "sale price": "30.00 EUR", "sale price effective date": ALWAYS, "availability": "in_stock",
     "link": "https://loom.example/tee?c=red&s=m", "image link": "https://loom.example/red.jpg", "color": "Red", "size": "M",
     "material": "linen/cotton", "gender": "female", "product type": "Clothing > Tops > Shirts", "google product category": "212",
     "product detail": "Care:Washing:by hand, cold,Cut:Collar:round", "product highlight": 'Cut from one piece,"Dyed, then washed"',
     "unit pricing measure": "2 kg", "shipping weight": "300 g", "is bundle": "no", "condition": "new", "custom label 0": "margin A",
     "age group": "adult", "gtin": "4006381333931", "shipping": "DE:::4.90 EUR"},
    {"id": "TEE-B", "item group id": "TEE", "title": "Loom linen tee, blue", "brand": "Loom & Lumen", "price": "42.00 EUR",
     "sale price": "25.00 EUR", "sale price effective date": OVER, "availability": "out_of_stock", "color": "Blue", "size": "L",
     "material": "linen/cotton", "gender": "female", "product type": "Clothing > Tops > Shirts", "is bundle": "no",
     "unit pricing measure": "2 kg", "shipping weight": "300 g", "condition": "new", "age group": "adult",
     "product detail": "Care:Washing:by hand, cold,Cut:Collar:round"},
    {"id": "MUG", "title": "Stone mug", "price": "1800 JPY", "availability": "preorder", "google product category": "Home > Mugs",
     "link": "https://loom.example/mug", "image link": "https://loom.example/mug.jpg", "multipack": "4"},
]  # fmt: skip

SHARED: dict[str, Any] = {
    "material": ("linen", "cotton"), "gender": "women", "is_bundle": False, "condition": "new", "age_group": "adult",
    "net_content": Measure(2, "kg"), "shipping_weight": Measure(300, "g"), "washing": ("by hand", "cold"), "collar": "round",
}  # fmt: skip
TEE = Product(
    id="TEE", title="Loom linen tee", description="Soft linen.\nCut from one piece\nDyed, then washed",
    brand="Loom & Lumen", type="shirt", category=("Clothing", "Tops", "Shirts"), price=3000, list_price=4000, currency="EUR",
    uncounted=True, image="https://loom.example/red.jpg", url="https://loom.example/tee?c=red&s=m",
    attributes={**SHARED, "color": ("Red", "Blue"), "size": ("M", "L")},
    variants=(
        Variant("TEE-R", {"color": "Red", "size": "M"}, 3000, 4000, None, "https://loom.example/red.jpg",
                "https://loom.example/tee?c=red&s=m", uncounted=True),
        Variant("TEE-B", {"color": "Blue", "size": "L"}, 4200, None, 0),
    ),
)  # fmt: skip
MUG = Product(
    id="MUG", title="Stone mug", type="mug", category=("Home", "Mugs"), price=1800, currency="JPY",
    image="https://loom.example/mug.jpg", url="https://loom.example/mug", attributes={"multipack": 4.0},
)  # fmt: skip


def as_table(
    rows: list[dict[str, str]], delimiter: str = "\t", *, underscores: bool = False
) -> str:
    names = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerow([n.replace(" ", "_") if underscores else n for n in names])
    writer.writerows([[row.get(n, "") for n in names] for row in rows])
    return text.getvalue()


def as_element(name: str, value: str) -> str:
    name = name.replace(" ", "_")
    if name == "product_detail":
        return "".join(
            f"<g:product_detail><g:section_name>{section}</g:section_name><g:attribute_name>{label}</g:attribute_name>"
            f"<g:attribute_value>{said}</g:attribute_value></g:product_detail>"
            for section, label, said in [
                ("Care", "Washing", "by hand, cold"),
                ("Cut", "Collar", "round"),
            ]
        )
    if name == "product_highlight":
        return "".join(f"<g:{name}>{h}</g:{name}>" for h in ("Cut from one piece", "Dyed, then washed"))  # fmt: skip
    if name == "shipping":
        return "<g:shipping><g:country>DE</g:country><g:price>4.90 EUR</g:price></g:shipping>"
    return f"<g:{name}>{escape(value)}</g:{name}>"


def as_rss(rows: list[dict[str, str]]) -> str:
    items = "".join(
        "<item>\n" + "".join(as_element(n, v) + "\n" for n, v in row.items()) + "</item>\n" for row in rows
    )  # fmt: skip
    return (
        '<?xml version="1.0"?>\n<rss xmlns:g="http://base.google.com/ns/1.0" version="2.0"><channel>\n'
        "<title>Loom</title><link>https://loom.example</link><description>All of it</description>\n"
        f"<!-- <item><g:id>not for sale</g:id></item> -->\n{items}</channel></rss>"
    )


def as_atom(rows: list[dict[str, str]]) -> str:
    entries = []
    for row in rows:
        # Title, link and description are Atom's own here, the id is both's.
        own = f"<id>tag:{row['id']}</id><title>{escape(row['title'])}</title>"
        if "link" in row:
            own += f'<link rel="self" href="https://loom.example/feed"/><link href="{escape(row["link"])}"/>'
        if "description" in row:
            own += f"<summary><![CDATA[{row['description']}]]></summary>"
        rest = [
            as_element(n, v) for n, v in row.items() if n not in ("title", "link", "description")
        ]
        entries.append(f"<entry>{own}{''.join(rest)}</entry>")
    return (
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:g="http://base.google.com/ns/1.0"><title>Loom</title>'
        f"<link href='https://loom.example'/>{''.join(entries)}</feed>"
    )


def feed(folder: Path, name: str, content: str | bytes, **options: Any) -> Feed:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_feed(path, **options)


FORMS = {
    "a.tsv": as_table(ROWS), "a.txt": as_table(ROWS, underscores=True), "a.csv": as_table(ROWS, ",", underscores=True),
    "rss.xml": as_rss(ROWS), "atom.xml": as_atom(ROWS),
}  # fmt: skip


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("gzipped", [False, True])
def test_every_form_gives_the_same_products(tmp_path: Path, name: str, gzipped: bool) -> None:
    content = FORMS[name].encode()
    read = feed(tmp_path, name, gzip.compress(content) if gzipped else content)
    assert list(read) == [MUG, TEE]
    assert (read.report.rows, read.report.kept, read.report.refused, read.report.grouped) == (3, 3, 0, 1)  # fmt: skip
    assert read.report.format.startswith("Google product data")
    assert list(feed(tmp_path, "named.dat", content, format="google")) == [MUG, TEE]


def _rows(written: list[Written]) -> list[dict[str, str]]:
    rows = []
    for w in written:
        p = w.product
        for v in p.variants or p.offers():
            row = {"id": v.id, "title": w.title, "description": w.description, "brand": p.brand or "",
                   "product type": " > ".join(p.category), "image link": v.image or "", "link": v.url or "",
                   "availability": "out_of_stock" if v.stock == 0 else "in_stock", "material": "linen"}  # fmt: skip
            options = v.options if isinstance(v, Variant) else v.attributes
            row["color"] = str(options["color"])
            if p.variants:
                row["item group id"] = p.id
            if v.price is not None:
                row["price"] = f"{major(v.list_price or v.price, p.currency)} {p.currency}"
            if v.price is not None and v.list_price is not None:
                row["sale price"] = f"{major(v.price, p.currency)} {p.currency}"
            rows.append({k: x for k, x in row.items() if x})
    return rows


@settings(max_examples=60, deadline=None)
@given(written_products(counted=False))
def test_products_written_in_any_form_are_read_back(written: list[Written]) -> None:
    expected = {w.product.id: w.product for w in written}
    rows = _rows(written)
    with TemporaryDirectory() as folder:
        for name, content in [
            ("a.tsv", as_table(rows)),
            ("a.csv", as_table(rows, ",")),
            ("a.xml", as_rss(rows)),
        ]:
            read = feed(Path(folder), name, content, format="google")
            assert {p.id: p for p in read} == expected
            assert read.report.repaired == 0


@pytest.mark.parametrize(
    ("written", "holds"),
    [
        ("2026-02-24T13:00-0800/2026-02-29T15:30-0800", None),
        ("2026-02-20T13:00-0800/2026-02-25T15:30-0800", True),
        ("2026-02-20/2026-02-24", True),
        ("2026-02-24T12:30Z / 2026-02-27", False),
        ("2026-02-20T00:00Z/2026-02-24T11:59:59Z", False),
        ("2026-02-24T13:30+0200/2026-02-27", True),
        ("2026-02-24/", True),
        ("", True),
        ("next week", None),
        ("2026-02-27/2026-02-20", None),
    ],
)
def test_a_sale_price_is_the_price_only_while_its_dates_hold(
    tmp_path: Path, written: str, holds: bool | None
) -> None:
    path = tmp_path / "a.tsv"
    path.write_text(
        "id\ttitle\tlink\timage_link\tprice\tsale_price\tsale_price_effective_date\n"
        f"1\tMug\t\t\t10 EUR\t8 EUR\t{written}\n"
    )
    noon = datetime(2026, 2, 24, 12, tzinfo=UTC)
    (record,) = GoogleReader(Source(path), now=noon).records()
    assert ("sale_price" in record.values) == (holds is not False)
    assert (record.problem is not None) == (holds is None)


def test_one_broken_item_costs_only_itself_and_is_named_by_its_line(tmp_path: Path) -> None:
    head = '<rss xmlns:g="http://base.google.com/ns/1.0"><channel>\n'
    good = "<item><g:id>{0}</g:id><g:title>Thing {0}</g:title></item>\n"
    broken = [
        "<item><g:id>x</g:id><g:title>Wrong</title></item>\n",
        "<item><g:id>y</g:id><g:title><![CDATA[Open</g:title></item>\n",
        "<item><g:id>z</g:id><g:title>Not closed</g:title>\n",
        "<item><g:id>amp</g:id><g:title>Salt & Pepper f&uuml;r 2 \x0b</g:title></item>\n",
    ]
    text = head + "".join(good.format(i) + line for i, line in enumerate(broken))
    text += "<item><g:id>v</g:id><g:title><![CDATA[Whole]]></g:title></item>\n<item><g:id>cut</g:id><g:ti"
    read = feed(tmp_path, "a.xml", text)
    titles = [p.title for p in read]
    assert titles == ["Thing 0", "Thing 1", "Thing 2", "Thing 3", "Salt & Pepper für 2", "Whole"]
    assert {i.line: i.severity for i in read.report.issues} == {
        3: "refused", 5: "refused", 7: "refused", 9: "repaired", 11: "refused",
    }  # fmt: skip
    assert "the file ends within this item" in "\n".join(read.report.lines())


def test_declared_entities_are_refused_in_one_line(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    with pytest.raises(FeedError, match="declares entities") as refused:
        list(feed(tmp_path, "a.xml", f'<?xml version="1.0"?>{bomb}{as_rss(ROWS)[22:]}'))
    assert "\n" not in str(refused.value)
    inside = as_rss(ROWS).replace("<item>", '<item><!DOCTYPE x SYSTEM "file:///etc/passwd">', 1)
    assert [p.id for p in feed(tmp_path, "b.xml", inside)] == ["MUG", "TEE"]


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ("sku\tname\n1\tMug\n", "no column is called id or title"),
        ('{"id": 1, "title": "a"}\n', "JSON"),
        ("<html><body>Closed today</body></html>", "XML without <item>"),
        ('<?xml version="1.0" encoding="klingon-8"?><rss><item/></rss>', "klingon-8"),
        (as_rss([{"title": "<b></b>", "price": "1 EUR"}]), "no title"),
    ],
)
def test_a_file_that_is_no_google_data_is_turned_away(
    tmp_path: Path, content: str, named: str
) -> None:
    with pytest.raises(FeedError, match=named) as refused:
        list(feed(tmp_path, "a.dat", content, format="google"))
    assert "\n" not in str(refused.value)


def test_a_table_without_googles_marks_stays_with_the_generic_reader(tmp_path: Path) -> None:
    for header in (
        "id,title,price,availability",
        "id,name,link,image_link",
        "title,link,image_link",
    ):
        read = feed(
            tmp_path, "a.csv", f"{header}\n" + ",".join("1" * len(header.split(","))) + "\n"
        )
        assert read.report.format.startswith("CSV")


def test_other_encodings_are_read_as_the_declaration_says(tmp_path: Path) -> None:
    rss = as_rss([{"id": "1", "title": "Чайник"}, {"id": "2", "title": "Ложка"}])
    for encoding in ("windows-1251", "utf-16", "utf-8-sig", "koi8-r"):
        declared = rss.replace('"1.0"?>', f'"1.0" encoding="{encoding.removesuffix("-sig")}"?>')
        read = feed(tmp_path, "a.xml", declared.encode(encoding))
        assert [p.title for p in read] == ["Чайник", "Ложка"]


def test_hostile_cells_do_not_get_in(tmp_path: Path) -> None:
    row = {
        "id": "1", "title": "<script>alert(1)</script>Mug\u202e", "link": "javascript:alert(1)", "price": "12 EUR",
        "image link": "data:text/html;base64,AAAA", "description": "x" * 100_000, "item group id": "g" * 5_000,
    }  # fmt: skip
    big = {"id": "2", "title": "y" * 9_000_000}
    for name, content in [
        ("a.xml", as_rss([row, big, MUG_ROW])),
        ("a.tsv", as_table([row, MUG_ROW])),
    ]:
        mug, hostile = feed(tmp_path, name, content)
        assert mug == MUG
        assert (hostile.title, hostile.url, hostile.image) == ("Mug", None, None)
        assert len(hostile.description) <= 20_000
        assert len(hostile.id) < 200


def test_details_of_endless_names_do_not_fill_the_memory(tmp_path: Path) -> None:
    rows = [
        {"id": f"{i}", "title": "Mug", "link": "", "image_link": "", "product_detail": ",".join(f"A:n{i}x{j}:v" for j in range(90))}
        for i in range(20)
    ]  # fmt: skip
    read = feed(tmp_path, "a.tsv", as_table(rows))
    assert sum(len(p.attributes) for p in read) == 500
    assert len(read.report.as_attributes) == 500


MUG_ROW = ROWS[2]
