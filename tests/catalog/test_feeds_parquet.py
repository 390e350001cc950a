"""Parquet: nested columns, damaged files, and products written and read back."""

import datetime
import gzip
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.errors import FeedError
from catalog.feeds import Feed, read_feed
from catalog.product import Measure, Product
from tests.catalog.feed_writing import read_title


def feed(folder: Path, table: pa.Table, name: str = "shop.parquet", **options: Any) -> Feed:
    pq.write_table(table, folder / name, **options)
    return read_feed(folder / name)


def lamps() -> pa.Table:
    """A shop's lamps as a data warehouse exports them."""
    price = pa.struct([("amount", pa.decimal128(12, 2)), ("currency", pa.string())])
    spec = pa.list_(pa.struct([("name", pa.string()), ("value", pa.string())]))
    return pa.table({
        "product_id": pa.array([71, 72], pa.int64()),
        "name": pa.array(["Glow lamp", "Brass lamp 💡"], pa.large_string()),
        "brand": pa.array(["Lumen & Co", "Lumen & Co"]).dictionary_encode(),
        "category": pa.array([["Lighting", "Desk lamps"], None], pa.list_(pa.string())),
        "price": pa.array([{"amount": Decimal("1299.50"), "currency": "SEK"},
                           {"amount": Decimal("7"), "currency": "JPY"}], price),
        "specs": pa.array([[{"name": "Power", "value": "9 W"}, {"name": "Base", "value": "E27"}], []], spec),
        "details": pa.array([[("voltage", 230.0)], None], pa.map_(pa.string(), pa.float64())),
        "weight": pa.array([{"value": 1.5, "unit": "kg"}, None],
                           pa.struct([("value", pa.float64()), ("unit", pa.string())])),
        "colors": pa.array([["red", "blue"], ["brass"]]),
        "dimmable": pa.array([True, None]),
        "rating": pa.array([4.5, float("nan")], pa.float32()),
        "stock": pa.array([3, 0], pa.int16()),
        "on_sale_since": pa.array([datetime.date(2026, 5, 2), None]),
        "picture": pa.array([b"\x89PNG\xff", b"\x89PNG\xfe"]),
        "updated_at": pa.array([1, 2], pa.timestamp("ns")),
    })  # fmt: skip


def test_every_kind_of_column_becomes_a_field_or_an_attribute(tmp_path: Path) -> None:
    read = feed(tmp_path, lamps())
    glow, brass = read
    assert glow == Product(
        id="71", title="Glow lamp", brand="Lumen & Co", type="desk lamp", category=("Lighting", "Desk lamps"),
        price=129950, currency="SEK", rating=4.5, stock=3,
        attributes={"power": Measure(9, "W"), "base": "E27", "voltage": 230.0, "weight": Measure(1.5, "kg"),
                    "color": ("red", "blue"), "dimmable": True, "on_sale_since": "2026-05-02"},
    )  # fmt: skip
    assert brass == Product(
        id="72", title="Brass lamp 💡", brand="Lumen & Co", price=7, currency="JPY", stock=0,
        attributes={"color": ("brass",)},
    )  # fmt: skip
    assert read.report.format == "Parquet"
    assert read.bytes_read == read.bytes_total > 0


@pytest.mark.parametrize(
    "options", [{"compression": "zstd"}, {"compression": "gzip"}, {"version": "1.0"}]
)
def test_a_file_of_many_row_groups_is_read_in_order_whatever_its_compression(
    tmp_path: Path, options: dict[str, Any]
) -> None:
    count = 3_000
    table = pa.table({"id": range(count), "title": [f"Thing {i}" for i in range(count)]})
    read = feed(tmp_path, table, "no_suffix", row_group_size=700, **options)
    places = []
    for number, product in enumerate(read):
        assert product.id == str(number)
        places.append(read.bytes_read)
    assert places == sorted(places)
    assert len(set(places)) > 2
    assert len(places) == count


def test_an_empty_table_says_so(tmp_path: Path) -> None:
    read = feed(tmp_path, lamps().slice(0, 0))
    assert list(read) == []
    assert "title" in read.report.mapping
    assert read.report.notes[-1] == "there is a header, but no row after it"


def test_a_cell_that_cannot_be_read_costs_only_itself(tmp_path: Path) -> None:
    torn = pa.array([b"steel", b"\xff\xfe"], pa.binary()).view(pa.string())
    read = feed(tmp_path, pa.table({"id": ["a", "b"], "title": ["Pan", "Pot"], "material": torn}))
    assert [p.attributes for p in read] == [{"material": "steel"}, {}]
    assert [(i.line, i.kind) for i in read.report.issues] == [(2, "unreadable cell")]


def _cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


def _scratched(data: bytes) -> bytes:
    return data[:100] + b"\xff" * (len(data) // 2) + data[100 + len(data) // 2 :]


@pytest.mark.parametrize("damage", [_cut, _scratched, lambda d: d[:4]])
def test_a_damaged_file_is_one_clear_error(tmp_path: Path, damage: Any) -> None:
    path = tmp_path / "a.parquet"
    table = pa.table({"id": range(5_000), "title": [f"Thing number {i}" for i in range(5_000)]})
    pq.write_table(table, path)
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(FeedError, match=r"a\.parquet: .*damaged") as caught:
        list(read_feed(path))
    assert "\n" not in str(caught.value)


def test_gzip_around_the_file_and_other_files_are_turned_away(tmp_path: Path) -> None:
    pq.write_table(lamps(), tmp_path / "a.parquet")
    packed = tmp_path / "a.parquet.gz"
    packed.write_bytes(gzip.compress((tmp_path / "a.parquet").read_bytes()))
    with pytest.raises(FeedError, match="unpack it"):
        read_feed(packed)
    (tmp_path / "b.parquet").write_text("id,title\n1,x\n")
    with pytest.raises(FeedError, match="not a Parquet file"):
        read_feed(tmp_path / "b.parquet", format="parquet")


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=15)
PRODUCTS = st.lists(
    st.fixed_dictionaries({
        "title": TEXT.map(lambda t: read_title(f"x {t} x")),
        "brand": st.none() | st.sampled_from(["Halden", "Größe & Co", "日本"]),
        "minor": st.none() | st.integers(1, 10**8),
        "currency": st.sampled_from(["EUR", "USD", "GBP"]),
        "stock": st.none() | st.integers(0, 10**6),
        "color": st.none() | st.sampled_from(["red", "moss"]),
    }),
    min_size=1, max_size=8,
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(PRODUCTS)
def test_products_written_to_parquet_are_read_back(products: list[dict[str, Any]]) -> None:
    numbers = range(len(products))
    table = pa.table({
        "id": [f"p{i}" for i in numbers],
        "title": [p["title"] for p in products],
        "brand": pa.array([p["brand"] for p in products], pa.string()).dictionary_encode(),
        "price": pa.array(
            [p["minor"] and Decimal(p["minor"]).scaleb(-2) for p in products], pa.decimal128(14, 2)
        ),
        "currency": [p["currency"] for p in products],
        "stock": pa.array([p["stock"] for p in products], pa.int32()),
        "details": pa.array([{"color": p["color"]} for p in products], pa.struct([("color", pa.string())])),
    })  # fmt: skip
    with TemporaryDirectory() as folder:
        read = list(feed(Path(folder), table))
    assert read == [
        Product(
            id=f"p{i}", title=p["title"], brand=p["brand"], price=p["minor"], stock=p["stock"],
            currency=p["currency"] if p["minor"] else None,
            attributes={"color": p["color"]} if p["color"] else {},
        )
        for i, p in enumerate(products)
    ]  # fmt: skip
