"""A changed price or stock: in the next query of every reader, everywhere in it, and cheaply."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from catalog.constraint import Constraint, Op
from catalog.errors import CatalogNotFound, IndexingError, UsageError
from catalog.product import Product, Variant
from catalog.verdict import Verdict, judge_all
from retrieval import columns
from retrieval.columns import Columns
from retrieval.current import CurrentProducts
from retrieval.index import Index, build_index, open_index
from retrieval.journal import JOURNAL, Journal
from retrieval.locks import SharedLock
from retrieval.query import Query
from retrieval.storage import CatalogFolder, ProductFile, verify
from retrieval.updates import Change, UpdateReport, carried_over, journal_mark, update_products
from retrieval.verdicts import Judge
from tests.fakes import HashEmbedder
from tests.retrieval.shop import products

_SHOE = Product(
    "shoe", "Trail shoe", "Light.", "Halden", "shoe", currency="EUR", attributes={"color": "navy"}
).sold_as(
    [
        Variant("shoe-41", {"size": "41"}, price=5_000, stock=3),
        Variant("shoe-42", {"size": "42"}, price=7_000, list_price=9_000, stock=0),
        Variant("shoe-43", {"size": "43"}, price=8_000, stock=1),
    ]
)
_SOLE = Product("sole", "Cork sole", type="sole", currency="EUR").sold_as(
    [Variant("sole-1", {"size": "41"}, price=900, stock=1)]
)
_42 = Constraint("size", Op.EQ, "42")


def _catalogue(count: int = 150) -> list[Product]:
    return [*products(count), _SHOE, _SOLE]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    build_index("shop", _catalogue(), embedder=HashEmbedder(), source="x", home=home)
    return home


@pytest.fixture
def home(built: Path, tmp_path: Path) -> Path:
    shutil.copytree(built, tmp_path / "home")
    return tmp_path / "home"


@pytest.fixture
def reader(home: Path) -> Iterator[Index]:
    with open_index("shop", home=home, embedder=HashEmbedder()) as index:
        yield index


def _under(limit: int, unit: str | None = None) -> Constraint:
    return Constraint("price", Op.LE, limit, unit)


def _journal(home: Path) -> Path:
    return CatalogFolder("shop", home).version(1) / JOURNAL


def _known(report: UpdateReport) -> tuple[int, int, int, int]:
    return report.applied, report.unchanged, report.unknown, report.foreign


def test_a_reader_that_was_open_sees_the_new_price_in_its_next_query(
    home: Path, reader: Index
) -> None:
    shoes = Constraint("type", Op.EQ, "shoe")
    assert reader.count([shoes, _under(4_000)]) == (0, 0)
    report = update_products("shop", [Change("shoe", "shoe-43", price=3_900)], home=home)
    assert _known(report) == (1, 0, 0, 0)
    found = reader.search(Query("trail shoe", (shoes, _under(4_000))))
    assert found.matching == 1
    (candidate,) = found.items
    # Narrowed to what is asked for: the one variant.
    assert [v.id for v in candidate.product.variants] == ["shoe-43"]
    assert candidate.product.price == 3_900
    shoe = reader.get("shoe")
    assert shoe is not None
    assert shoe.price == 3_900
    assert [v.price for v in shoe.variants] == [5_000, 7_000, 3_900]
    assert reader.count([shoes, _under(4_000)]) == (1, 0)
    assert reader.facet([_under(4_000, "EUR"), shoes], "size") == {"43": 1}


def test_everything_a_query_tells_agrees_with_an_index_of_the_changed_products(
    home: Path, reader: Index
) -> None:
    changes = []
    for i in range(0, 150, 2):
        changes.append(Change(f"sku-{i}", price=400 + 97 * i, stock=i % 3))
        changes.append(Change(f"sku-{i}", list_price=9_000))
    changes += [Change(f"sku-{i}", price=None) for i in range(1, 40, 4)]
    changes += [Change(f"sku-{i}", price=5_000, currency="GBP") for i in range(3, 40, 4)]
    changes += [Change("shoe", "shoe-42", stock=4), Change("sole", price=800, list_price=1_000)]
    reader.search(Query("kettle", (_under(5_000),)))  # verdicts of the old prices are remembered
    report = update_products("shop", changes, home=home)
    assert (report.unknown, report.foreign) == (0, 0)

    reader.refresh()
    now = list(reader.products)
    anew = Columns.build(now)
    demands = [
        [_under(5_000)], [_under(5_000, "USD")], [_under(6_000, "GBP")], [Constraint("price", Op.GE, 3_000, "EUR")],
        [Constraint("stock", Op.GE, 1)], [Constraint("discount", Op.GE, 20), Constraint("color", Op.EQ, "red")],
        [_42, Constraint("stock", Op.GE, 1)],
    ]  # fmt: skip
    for constraints in demands:
        state = reader.columns.state(constraints)
        judged = [judge_all(p, constraints) for p in now]
        assert state.tolist() == [{Verdict.MATCH: 1, Verdict.UNKNOWN: 0}.get(v, -1) for v in judged]
        assert state.tolist() == anew.state(constraints).tolist()
        assert reader.count(constraints)[0] == judged.count(Verdict.MATCH)
        assert reader.facet(constraints, "color") == anew.facet(constraints, "color")
        for candidate in reader.search(Query("", tuple(constraints), limit=200)).items:
            assert judge_all(candidate.product, constraints) is not Verdict.VIOLATION
    for field, unit in (("price", None), ("price", "GBP"), ("discount", None), ("stock", None)):
        given, wanted = reader.columns.numbers(field, unit), anew.numbers(field, unit)
        assert str(given.tolist()) == str(wanted.tolist())
    ordered = reader.search(Query("", (_under(9_000, "USD"),), ("price", False), 200)).items
    known = [c.product.price for c in ordered if not c.unknown and c.product.currency == "USD"]
    assert known == sorted(p for p in known if p is not None)
    with open_index("shop", home=home, embedder=HashEmbedder()) as fresh:
        assert list(fresh.products) == now
        assert fresh.info.currencies == reader.info.currencies
    counted = [p.currency or "" for p in now if p.price is not None]
    assert reader.info.currencies == {c: counted.count(c) for c in sorted(set(counted))}


def test_a_catalogue_without_prices_gets_them_from_an_update(tmp_path: Path) -> None:
    bare = [Product(f"p{i}", f"Lamp {i}", type="lamp") for i in range(4)]
    build_index("shop", bare, embedder=HashEmbedder(), source="x", home=tmp_path)
    with open_index("shop", home=tmp_path, embedder=HashEmbedder()) as index:
        changes = [Change(f"p{i}", price=400 - i, currency="EUR") for i in range(3)]
        update_products("shop", changes, home=tmp_path)
        cheapest = index.search(Query("lamp", sort=("price", False))).items
        assert [c.product.id for c in cheapest] == ["p2", "p1", "p0", "p3"]
        assert index.count([_under(500, "USD")]) == (0, 4)
        assert index.info.currencies == {"EUR": 3}


def test_what_is_not_mentioned_stays_and_none_is_unknown(home: Path, reader: Index) -> None:
    before = reader.get("shoe")
    assert before is not None
    update_products("shop", [Change("shoe", "shoe-42", stock=2)], home=home)
    after = reader.get("shoe")
    assert after is not None
    assert [(v.price, v.stock) for v in after.variants] == [(5_000, 3), (7_000, 2), (8_000, 1)]
    assert (after.stock, after.price, after.attributes) == (6, 5_000, before.attributes)
    update_products("shop", [Change("shoe", "shoe-41", price=None, stock=None)], home=home)
    after = reader.get("shoe")
    assert after is not None
    assert (after.variants[0].price, after.variants[0].stock) == (None, None)
    assert (after.price, after.list_price, after.stock) == (7_000, 9_000, None)
    update_products("shop", [Change("shoe", "shoe-42", price=9_500)], home=home)
    after = reader.get("shoe")
    assert after is not None
    assert (after.price, after.list_price) == (8_000, None)  # a list price below is none


def test_ids_may_name_the_product_its_variant_or_nothing(home: Path, reader: Index) -> None:
    changes = [
        Change("shoe", stock=0),  # the product: all that it is sold as
        Change("sole-1", price=700),  # a variant alone, as price lists have it
        Change("another group", "shoe-43", price=1_000),
        Change("shoe", "shoe-99", price=1),
        Change("gone", price=1),
        Change("sku-3", price=1_234, currency="USD"),
        Change("sku-3", price=1_234),
        Change("shoe", "shoe-41", price=1, currency="USD"),  # the other variants cost euros
    ]
    report = update_products("shop", changes, home=home)
    assert _known(report) == (4, 1, 2, 1)
    assert report.unknown_ids == ("shoe-99", "gone")
    assert report.foreign_ids == ("shoe-41",)
    shoe, sole = reader.get("shoe"), reader.get("sole")
    assert shoe is not None and sole is not None
    assert (shoe.stock, [v.stock for v in shoe.variants], shoe.price) == (0, [0, 0, 0], 1_000)
    assert (sole.price, sole.variants[0].price) == (700, 700)
    assert _known(update_products("shop", changes, home=home)) == (0, 5, 2, 1)


@pytest.mark.parametrize(
    "change",
    [
        Change("sku-1", price=-1), Change("sku-1", stock=True), Change("sku-1", price=9.5),  # type: ignore[arg-type]
        Change("sku-1", price=1, currency="euro"),
    ],
)  # fmt: skip
def test_a_change_that_makes_no_sense_is_refused(home: Path, change: Change) -> None:
    with pytest.raises(UsageError, match="'sku-1' cannot be"):
        update_products("shop", [Change("sku-2", stock=9), change], home=home)
    assert not _journal(home).exists()


def test_an_unknown_catalogue_is_named_and_nothing_is_made(tmp_path: Path) -> None:
    with pytest.raises(CatalogNotFound, match="'toys'"):
        update_products("toys", [Change("a", price=1)], home=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_kill_at_any_byte_of_a_line_costs_that_line_and_the_next_writer_mends_it(
    home: Path,
) -> None:
    first = [Change("sku-1", price=1_000, currency="USD"), Change("sku-2", stock=7)]
    update_products("shop", first, home=home)
    begin = _journal(home).stat().st_size
    update_products("shop", [Change("sku-1", price=2_000, stock=None)], home=home)
    whole = _journal(home).read_bytes()
    products_file = ProductFile(CatalogFolder("shop", home).version(1))
    row_of = {p.id: row for row, p in enumerate(products_file)}
    for size in range(begin, len(whole)):
        _journal(home).write_bytes(whole[:size])
        current = CurrentProducts(_journal(home).parent, products_file, row_of.get)
        list(current.catch_up())
        assert (current[1].price, current[2].stock, current.damaged) == (1_000, 7, 0)
        Journal(_journal(home).parent).append([Change("sku-1", price=3_000)])
        list(current.catch_up())
        assert (current[1].price, current.damaged, current.behind()) == (3_000, 0, False)
        assert _journal(home).read_bytes().startswith(whole[:begin])
        assert b"2000" not in _journal(home).read_bytes()
    products_file.close()


def test_a_mended_line_of_the_same_length_is_not_taken_for_the_broken_one(
    home: Path, reader: Index
) -> None:
    update_products("shop", [Change("shoe", "shoe-41", price=4_000)], home=home)
    whole = _journal(home).read_bytes()
    _journal(home).write_bytes(whole[:-1] + b"?")
    assert reader.get("shoe") == _SHOE
    update_products("shop", [Change("shoe", "shoe-41", price=4_001)], home=home)
    assert _journal(home).stat().st_size == len(whole)
    assert [p.price for p in [reader.get("shoe")] if p] == [4_001]


@pytest.mark.parametrize("damage", [b"\0", b"9", b"\n", b"\xff"])
def test_damage_in_the_middle_costs_one_change_and_is_told(home: Path, damage: bytes) -> None:
    changes = [Change(f"sku-{i}", price=1_111 + i) for i in range(9)]
    update_products("shop", changes, home=home)
    content = _journal(home).read_bytes()
    at = content.index(b"1115") + 1
    _journal(home).write_bytes(content[:at] + damage + content[at + 1 :])
    with open_index("shop", home=home, embedder=HashEmbedder()) as index:
        prices = [index.products[i].price for i in range(9)]
        was = list(products(9))[4].price
        assert prices == [was if i == 4 else 1_111 + i for i in range(9)]
        assert "damaged and were passed over" in str(index.info.warning)
        assert index.info.version == 1
    assert _known(update_products("shop", changes, home=home)) == (1, 8, 0, 0)


def test_the_manifest_of_a_version_has_no_part_in_its_journal(home: Path, reader: Index) -> None:
    update_products("shop", [Change("sku-1", price=1)], home=home)
    assert verify(_journal(home).parent).version == 1
    assert reader.info.warning is None


def test_two_readers_and_two_writers_end_with_the_same_prices(home: Path, reader: Index) -> None:
    def write(first: int) -> None:
        for i in range(first, 60, 2):
            update_products("shop", [Change(f"sku-{i}", price=5_000 + i)], home=home)

    writers = [threading.Thread(target=write, args=(n,)) for n in (0, 1)]
    with open_index("shop", home=home, embedder=HashEmbedder()) as other:
        for writer in writers:
            writer.start()
        while any(w.is_alive() for w in writers):
            for index in (reader, other):
                for candidate in index.search(Query("kettle", (_under(4_000),))).items:
                    assert (candidate.product.price or 0) <= 4_000
        for index in (reader, other):
            index.refresh()
            assert [p.price for p in index.products[:60]] == [5_000 + i for i in range(60)]


def test_a_price_does_not_change_in_the_middle_of_a_query(home: Path, reader: Index) -> None:
    with reader.reading():
        update_products("shop", [Change("shoe", "shoe-41", price=1)], home=home)
        assert reader.get("shoe") == _SHOE
        assert reader.count([_under(1)]) == (0, reader.count([_under(1)])[1])
    assert reader.count([_under(1)])[0] == 1


def test_the_cost_of_an_update_does_not_grow_with_the_catalogue(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    touched: list[int] = []
    written: list[int] = []
    read, change = ProductFile.__getitem__, Columns.change

    def counted_read(self: ProductFile, row: int) -> Product:
        touched.append(row)
        return read(self, row)

    def counted_change(self: Columns, row: int, product: Product) -> None:
        written.append(row)
        change(self, row, product)

    monkeypatch.setattr(ProductFile, "__getitem__", counted_read)
    monkeypatch.setattr(Columns, "change", counted_change)
    costs = []
    for count in (20, 400):
        home = tmp_path / str(count)
        build_index("shop", products(count), embedder=HashEmbedder(), source="x", home=home)
        with open_index("shop", home=home, embedder=HashEmbedder()) as index:
            update_products("shop", [Change("sku-3", stock=1)], home=home)  # makes the table of ids
            index.refresh()
            touched.clear()
            written.clear()
            update_products("shop", [Change("sku-7", price=4_321)], home=home)
            index.refresh()
            assert set(touched) == {7}
            assert written == [7]
            costs.append(len(touched))
    assert costs[0] == costs[1] <= 6


def test_ten_thousand_changes_are_one_batch_after_another(home: Path, reader: Index) -> None:
    synced: list[int] = []
    changes = (Change(f"sku-{i % 150}", price=1_000 + i) for i in range(10_000))
    report = update_products("shop", changes, home=home, progress=synced.append)
    assert _known(report) == (10_000, 0, 0, 0)
    assert synced == [5_000, 10_000]
    reader.refresh()
    last = {i % 150: 1_000 + i for i in range(10_000)}
    assert [p.price for p in reader.products[:150]] == [last[i] for i in range(150)]


def test_an_update_during_a_build_is_taken_over_and_an_older_one_is_not(home: Path) -> None:
    folder = CatalogFolder("shop", home)
    update_products("shop", [Change("sku-1", price=11, currency="USD")], home=home)
    since = journal_mark(folder)
    with folder.writing():  # a build has begun, and reads its feed
        update_products("shop", [Change("sku-2", price=22, currency="USD")], home=home)
    feed = [replace(p, price=500, currency="USD") for p in products(30)]
    build_index("shop", feed, embedder=HashEmbedder(), source="x", home=home)
    folder.point_to(1)
    with carried_over(folder, 2, since):
        folder.point_to(2)
    with open_index("shop", home=home, embedder=HashEmbedder()) as index:
        assert [p.price for p in index.products[:4]] == [500, 500, 22, 500]
        assert verify(folder.version(2)).rows == 30


def test_a_reader_of_the_version_before_goes_on_seeing_updates(home: Path, reader: Index) -> None:
    build_index("shop", products(30), embedder=HashEmbedder(), source="x", home=home)
    report = update_products(
        "shop", [Change("sku-1", price=77), Change("shoe", stock=0)], home=home
    )
    assert (report.version, report.applied, report.unknown) == (2, 1, 1)
    assert reader.info.version == 1
    assert [p.price for p in [reader.get("sku-1")] if p] == [77]
    shutil.rmtree(CatalogFolder("shop", home).version(1))
    assert len(reader.search(Query("kettle", limit=3)).items) == 3


def test_a_full_disk_leaves_no_part_of_a_batch(
    home: Path, reader: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    update_products("shop", [Change("sku-1", stock=5)], home=home)
    before = _journal(home).read_bytes()

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(IndexingError, match="disk full"):
        update_products("shop", [Change(f"sku-{i}", price=3) for i in range(9)], home=home)
    assert _journal(home).read_bytes() == before


def test_a_waiting_writer_keeps_new_readers_out_but_not_those_inside() -> None:
    lock, order = SharedLock(), []
    inside, asked = threading.Event(), threading.Event()

    def write() -> None:
        inside.wait()
        asked.set()
        with lock.alone():
            order.append("writer")

    writer = threading.Thread(target=write)
    writer.start()
    with lock.shared():
        inside.set()
        asked.wait()
        with lock.shared():  # enters again, however long the writer has waited
            order.append("reader")
        assert lock.held
    writer.join()
    with lock.shared():
        order.append("next reader")
    assert order == ["reader", "writer", "next reader"]


def test_remembered_verdicts_are_mended_where_a_price_changed_and_only_there(
    home: Path, reader: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    demands = [_under(5_000), Constraint("stock", Op.EQ, 0), Constraint("price", Op.CONTAINS, "x")]
    reader.count(demands)
    judged: list[int | None] = []
    compare = Judge.compare

    def counted(
        self: Judge,
        constraint: Constraint,
        wanted: float,
        at: npt.NDArray[np.int64] | None = None,
    ) -> npt.NDArray[np.int8]:
        judged.append(None if at is None else len(at))
        return compare(self, constraint, wanted, at)

    monkeypatch.setattr(Judge, "compare", counted)
    for price in range(4_998, 5_003):
        changes = [Change("sku-4", price=price), Change("shoe", "shoe-41", stock=price)]
        update_products("shop", changes, home=home)
        reader.count(demands)
        now = list(reader.products)
        for demand in demands:
            wanted = [
                {Verdict.MATCH: 1, Verdict.UNKNOWN: 0}.get(judge_all(p, [demand]), -1) for p in now
            ]
            assert reader.verdicts(demand).tolist() == wanted
    assert judged == [4] * 10  # one product, and the three variants of the other


def test_a_flood_of_changes_makes_verdicts_anew(
    home: Path, reader: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(columns, "_MENDED", 40)
    for first in (9_000, 4_000):
        reader.count([_under(5_000)])
        changes = [Change(f"sku-{i}", price=first + i) for i in range(150)]
        update_products("shop", changes, home=home)
        assert [v == 1 for v in reader.verdicts(_under(5_000))[:150]] == [first == 4_000] * 150


def test_any_id_finds_its_own_lines_in_the_journal(tmp_path: Path) -> None:
    odd = ['a","b', 'a"', "a\\", "ü/7", "a", '{"id":"a', "long" * 40]
    shop = [Product(id, "Lamp", price=100) for id in odd]
    build_index("shop", shop, embedder=HashEmbedder(), source="x", home=tmp_path)
    for price in (200, 300):
        for id in odd:
            change = Change(id, price=price)
            assert _known(update_products("shop", [change], home=tmp_path)) == (1, 0, 0, 0)
            assert _known(update_products("shop", [change], home=tmp_path)) == (0, 1, 0, 0)
    with open_index("shop", home=tmp_path, embedder=HashEmbedder()) as index:
        assert [p.price for p in index.products] == [300] * len(odd)


def test_an_update_made_while_a_build_runs_is_kept_and_an_earlier_one_is_not(
    tmp_path: Path,
) -> None:
    feed = [replace(p, price=500, currency="USD") for p in products(30)]
    build_index("shop", feed, embedder=HashEmbedder(), source="x", home=tmp_path)
    update_products("shop", [Change("sku-1", price=11)], home=tmp_path)

    def meanwhile(stage: str, done: int, total: int | None) -> None:
        if stage == "save" and done == 0:
            update_products("shop", [Change("sku-2", price=22)], home=tmp_path)

    build_index(
        "shop", feed, embedder=HashEmbedder(), source="x", home=tmp_path, progress=meanwhile
    )
    with open_index("shop", home=tmp_path, embedder=HashEmbedder()) as index:
        assert index.info.version == 2
        assert [p.price for p in index.products[:4]] == [500, 500, 22, 500]


def test_a_change_may_say_that_there_are_some_without_a_number(home: Path, reader: Index) -> None:
    update_products("shop", [Change("sku-2", stock=None, uncounted=True)], home=home)
    reader.refresh()
    assert (reader.products[2].stock, reader.products[2].in_stock) == (None, True)
    there = Constraint("stock", Op.GE, 1)
    assert reader.columns.verdicts(there)[2] == 1
    assert reader.columns.verdicts(Constraint("stock", Op.GE, 5))[2] == 0
    update_products("shop", [Change("sku-2", stock=None)], home=home)
    reader.refresh()
    assert reader.columns.verdicts(there)[2] == 0
