from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from catalog.constraint import Constraint, Op, numeric_value
from catalog.product import Product
from catalog.verdict import Verdict, judge
from retrieval.embedder import open_embedder, product_text
from retrieval.index import Index, build_index, open_index
from retrieval.query import Candidates, Query
from tests.fakes import HashEmbedder
from tests.retrieval.shop import products

BUDGET = Constraint("price", Op.LE, 9_000, "USD")
KETTLE = Constraint("type", Op.CONTAINS, "kettle")
NOT_RED = Constraint("color", Op.NE, ("red",))


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    home = tmp_path_factory.mktemp("home")
    build_index("shop", products(500), embedder=HashEmbedder(), source="shop", home=home)
    with open_index("shop", home=home, embedder=HashEmbedder()) as opened:
        yield opened


def ids(found: Candidates) -> list[str]:
    return [c.product.id for c in found.items]


def test_no_candidate_breaks_a_hard_constraint_and_unknowns_come_last_and_are_named(
    shop: Index,
) -> None:
    demands = (BUDGET, KETTLE, NOT_RED)
    found = shop.search(Query("quiet kettle", demands, limit=500))
    assert (found.matching, found.unknown) == shop.count(demands)
    assert len(found.items) == found.matching + found.unknown
    assert found.matching > 5 and found.unknown > 5
    for place, candidate in enumerate(found.items):
        open_fields = [d.field for d in demands if judge(candidate.product, d) is Verdict.UNKNOWN]
        assert candidate.unknown == tuple(open_fields)
        assert bool(open_fields) == (place >= found.matching)
        assert all(judge(candidate.product, d) is not Verdict.VIOLATION for d in demands)


def test_what_has_no_price_comes_after_what_leaves_only_something_else_open(shop: Index) -> None:
    found = shop.search(Query("quiet kettle", (BUDGET, KETTLE, NOT_RED), limit=500))
    open_ = found.items[found.matching :]
    unpriced = ["price" in c.unknown for c in open_]
    assert unpriced == sorted(unpriced)
    assert {True, False} == set(unpriced)
    few = shop.search(Query("quiet kettle", (BUDGET, KETTLE, NOT_RED), limit=found.matching + 1))
    assert few.items[-1].unknown == open_[0].unknown


def test_what_leaves_more_open_comes_after_what_leaves_less(
    shop: Index,
) -> None:
    loud = Constraint("noise", Op.GE, 50, "dB")
    small = Constraint("capacity", Op.LE, 2, "l")
    lidless = Constraint("text", Op.CONTAINS, ("lid",))
    demands = (KETTLE, BUDGET, NOT_RED, loud, small, lidless)
    found = shop.search(Query("travel kettle", demands, limit=500)).items
    rungs = [("price" in c.unknown, len(c.unknown)) for c in found]
    assert rungs == sorted(rungs)
    assert {(False, n) for n in (1, 2, 3)} <= set(rungs)
    few = shop.search(Query("travel kettle", demands, limit=5)).items
    assert [len(c.unknown) for c in few] == [len(c.unknown) for c in found[:5]]


def test_relevance_is_in_unit_range_and_orders_each_group(shop: Index) -> None:
    found = shop.search(Query("navy wide jeans"))
    scores = [c.relevance for c in found.items]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= s <= 1 for s in scores)
    assert found.items[0].product.title.split()[-4:-1] == ["wide", "jeans", "navy"]
    assert set(found.timings) == {"filter", "embed", "dense", "lexical", "fuse"}


def test_a_sort_orders_everything_of_the_demanded_type_with_unknown_values_last(
    shop: Index,
) -> None:
    found = shop.search(Query("kettle", (KETTLE,), sort=("price", False), limit=500))
    assert len(found.items) == found.matching
    # Euros do not compare with the dollars most of this shop is priced in: they count as unknown.
    prices = [None if c.product.currency == "EUR" else c.product.price for c in found.items]
    known = [p for p in prices if p is not None]
    assert known == sorted(known)
    assert prices[: len(known)] == known
    noisy = shop.search(Query("kettle", (KETTLE,), sort=("noise", True), limit=500)).items
    noises = [numeric_value(c.product, "noise") for c in noisy]
    assert [n for n in noises if n] == sorted((n for n in noises if n), reverse=True)
    assert None not in noises[: sum(n is not None for n in noises)]


def test_a_sort_without_a_type_leaves_out_what_is_off_the_subject(shop: Index) -> None:
    found = shop.search(Query("gooseneck kettle", sort=("price", False), limit=10))
    assert all("kettle" in c.product.title for c in found.items)


def test_without_words_reviews_decide(shop: Index) -> None:
    for text in ("", "   ", "🎁🎁", "?!"):
        found = shop.search(Query(text, (KETTLE,), limit=3))
        assert all(c.relevance == 0 for c in found.items)
        assert all((c.product.rating or 0) >= 4 for c in found.items)
        assert all((c.product.review_count or 0) > 5 for c in found.items)


@pytest.mark.parametrize(
    "text", ["kettle " * 3_000, "x" * 20_000, "日本語のやかん", "<script>kettle</script>", "\ud83d kettle", "\0 kettle"]
)  # fmt: skip
def test_any_text_is_answered(shop: Index, text: str) -> None:
    assert len(shop.search(Query(text, limit=7)).items) == 7


def test_limit_exclude_and_repetition(shop: Index) -> None:
    query = Query("steel bottle", limit=10)
    first = ids(shop.search(query))
    assert len(first) == 10
    assert ids(shop.search(query)) == first
    excluded = frozenset(first[:4])
    rest = ids(shop.search(Query("steel bottle", limit=10, exclude=excluded)))
    assert rest[:6] == first[4:], "more of the same goes on in the same order"
    assert not excluded & set(rest)
    assert ids(shop.search(Query("steel bottle", limit=0))) == []


def test_one_product_under_several_ids_is_shown_once(tmp_path: Path) -> None:
    def mug(id: str, title: str = "Stone mug", **more: Any) -> Product:
        return Product(id, title, brand="Cove", **more)

    feed = [
        mug("a", price=900), mug("b", "Mug stone", price=800), mug("c", attributes={"color": "red"}),
        mug("d", attributes={"color": "navy"}), Product("e", "Stone mug", brand="Brisa"), mug("f", "Stone mugs with lid"),
    ]  # fmt: skip
    build_index("mugs", feed, embedder=HashEmbedder(), source="x", home=tmp_path)
    with open_index("mugs", home=tmp_path, embedder=HashEmbedder()) as index:
        counted = index.search(Query("stone mug"))
        assert (counted.matching, counted.different) == (6, 5)
        found = counted.items
        assert {c.product.id for c in found} == {"a", "c", "d", "e", "f"}
        assert {c.product.id: c.alike for c in found}["a"] == 1
        again = index.search(Query("stone mug", exclude=frozenset({"a"}))).items
        assert {c.product.id for c in again} == {"c", "d", "e", "f"}
        assert len(index.search(Query("stone mug", limit=2)).items) == 2


def test_what_only_bears_the_word_for_a_kind_comes_last_and_is_not_counted(tmp_path: Path) -> None:
    titles = ("Bench grinder", "Angle grinder", "Garden bench", "Oak bench in green")
    feed = [Product(t, t, price=n + 1) for n, t in enumerate(titles)]
    build_index("yard", feed, embedder=HashEmbedder(), source="x", home=tmp_path)
    bench = Constraint("type", Op.CONTAINS, "bench")
    with open_index("yard", home=tmp_path, embedder=HashEmbedder()) as index:
        for sort in (None, ("price", False)):
            found = index.search(Query("bench", (bench,), sort))
            assert ids(found)[-1] == "Bench grinder" and len(found.items) == 3
            assert [c.namesake for c in found.items] == [False, False, True]
            assert (found.matching, found.unknown) == index.count((bench,)) == (2, 0)


def test_contradictory_constraints_find_nothing(shop: Index) -> None:
    found = shop.search(Query("kettle", (KETTLE, Constraint("type", Op.NOT_CONTAINS, "kettle"))))
    assert (found.items, found.matching, found.unknown) == ((), 0, 0)


def test_searches_from_several_threads_agree_with_one_thread(shop: Index) -> None:
    queries = [
        Query(t, c)
        for t in ("red kettle", "jeans", "wash", "")
        for c in ((), (BUDGET,), (NOT_RED,))
    ]
    alone = [shop.search(q).items for q in queries]
    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(lambda q: shop.search(q).items, queries * 3)) == alone * 3


def test_the_embedded_text_says_what_the_fields_say_and_stays_short() -> None:
    product = Product(
        "a",
        "Halden Hush",
        description="Quiet. " * 500,
        brand="Halden",
        type="kettle",
        category=("Kitchen", "Kettles"),
        attributes={"keep_warm": True, "loud": False, "color": ("red", "navy")},
    )
    text = product_text(product)
    assert text.startswith("Halden Hush. Halden. kettle. Kettles. keep warm. red, navy. Quiet.")
    assert "loud" not in text
    assert len(text) < 500


@pytest.mark.model
def test_the_real_embedder_finds_by_meaning(tmp_path: Path) -> None:
    items = [
        Product("1", "Stainless steel electric kettle 1.7 l"),
        Product("2", "Men's trail running shoes"),
        Product("3", "Chew toy for puppies"),
        Product("4", "Noise-cancelling headphones"),
    ]
    embedder = open_embedder("minilm")
    build_index("shop", items, embedder=embedder, source="x", home=tmp_path)
    with open_index("shop", home=tmp_path, embedder=embedder) as shop:
        for text, best in (
            ("boil water for tea", "1"),
            ("sneakers", "2"),
            ("present for my dog", "3"),
        ):
            found = shop.search(Query(text))
            assert ids(found)[0] == best
            assert len(found.items) == 4
            assert found.items[0].dense > 0.2


def test_a_limit_in_another_currency_is_sorted_in_that_currency(shop: Index) -> None:
    euros = Constraint("price", Op.LE, 15_000, "EUR")
    found = shop.search(Query("kettle", (KETTLE, euros), sort=("price", False), limit=500))
    prices = [c.product.price or 0 for c in found.items if c.product.currency == "EUR"]
    assert len(prices) > 5
    assert prices == sorted(prices)
