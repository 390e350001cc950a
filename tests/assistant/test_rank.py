"""The ranking: a sum of parts, each of which can be predicted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from assistant.intent import Constraint, Op, Sort
from assistant.moment import Moment
from assistant.popularity import PERSONAL, TEMPERATURE, Popularity
from assistant.rank import (
    WEIGHTS,
    Leaning,
    Spread,
    closeness,
    quality,
    rank,
    varied,
    wish_field,
    with_model,
)
from catalog.constraint import WISH, numeric_value
from catalog.product import Measure, Product
from retrieval.query import Candidate
from tests.assistant.shop import corner_shop

KETTLES = [p for p in corner_shop() if p.type == "kettle"]
QUIET = Constraint(WISH, Op.CONTAINS, ("quiet",), hard=False)
NOISE = {QUIET: ("noise", -1)}


def _noise_of(products: Sequence[Product]) -> Spread:
    known = (numeric_value(p, "noise") for p in products)
    return Spread("noise", tuple(sorted(v[0] for v in known if v is not None)))


def _candidates(products: list[Product], relevance: float = 0.5) -> list[Candidate]:
    return [Candidate(p, relevance, 0.0, 0.0) for p in products]


def test_the_score_is_the_sum_of_the_parts_it_shows() -> None:
    moment = Moment((QUIET,))
    spreads = {"noise": _noise_of(KETTLES)}
    for r in rank(_candidates(KETTLES), moment, spreads, NOISE):
        assert r.score == pytest.approx(sum(r.parts.values()))
        assert r.parts["relevance"] == pytest.approx(WEIGHTS["relevance"] * 0.5)
        assert 0 <= r.parts["fit"] <= WEIGHTS["fit"]
        assert 0 <= r.parts["quality"] <= WEIGHTS["quality"]


def test_the_quietest_fits_a_wish_for_quiet_best_and_the_loudest_worst() -> None:
    spreads = {"noise": _noise_of(KETTLES)}
    ranked = rank(_candidates(KETTLES), Moment((QUIET,)), spreads, NOISE)
    fits = {r.product.id: r.parts["fit"] for r in ranked}
    assert fits["k6"] == max(fits.values()) == pytest.approx(WEIGHTS["fit"])
    assert fits["x1"] == 0
    assert 0 < fits["k8"] < fits["k1"]  # it does not state its noise


def test_equals_are_ordered_by_id_whatever_the_input_order() -> None:
    twins = [replace(KETTLES[0], id=i) for i in "cab"]
    for order in (twins, twins[::-1]):
        ranked = rank(_candidates(order), Moment(), {}, {})
        assert [(r.product.id, r.rank) for r in ranked] == [("a", 1), ("b", 2), ("c", 3)]


def test_what_leaves_a_demand_open_comes_after_what_meets_it_whatever_its_score() -> None:
    open_one = Candidate(KETTLES[0], 1.0, 1.0, 1.0, ("price",))
    closed = Candidate(KETTLES[1], 0.0, 0.0, 0.0)
    assert [r.product for r in rank([open_one, closed], Moment(), {}, {})] == [
        KETTLES[1],
        KETTLES[0],
    ]
    sorted_ = rank([open_one, closed], Moment(sort=Sort("price")), {}, {})
    assert [r.product for r in sorted_] == [KETTLES[1], KETTLES[0]]


def test_of_what_leaves_something_open_that_without_a_price_comes_last() -> None:
    unpriced = Candidate(KETTLES[0], 1.0, 1.0, 1.0, ("price",))
    unsaid = Candidate(KETTLES[1], 0.0, 0.0, 0.0, ("color",))
    ranked = rank([unpriced, unsaid], Moment(), {}, {})
    assert [r.unknown for r in ranked] == [("color",), ("price",)]
    assert [r.unknown for r in varied(ranked[::-1], np.eye(2, dtype=np.float32))] == [
        ("color",),
        ("price",),
    ]


def test_what_only_bears_the_word_for_the_kind_comes_after_all_else() -> None:
    namesake = Candidate(KETTLES[0], 1.0, 1.0, 1.0, namesake=True)
    unpriced = Candidate(KETTLES[1], 0.0, 0.0, 0.0, ("price",))
    for sort in (None, Sort("price", descending=False)):
        ranked = rank([namesake, unpriced], Moment(sort=sort), {}, {})
        assert [r.product for r in ranked] == [KETTLES[1], KETTLES[0]]


def test_what_leaves_less_open_comes_first_whatever_its_score() -> None:
    two = Candidate(KETTLES[0], 1.0, 1.0, 1.0, ("text", "text"))
    one = Candidate(KETTLES[1], 0.0, 0.0, 0.0, ("color",))
    unpriced = Candidate(KETTLES[2], 1.0, 1.0, 1.0, ("price",))
    ranked = rank([unpriced, two, one], Moment(), {}, {})
    assert [len(r.unknown) for r in ranked] == [1, 2, 1]
    assert ranked[-1].unknown == ("price",)
    weighed = rank([two, one], Moment(), {}, {}, Leaning(stated={"text": 0.0, "color": 0.0}))
    assert weighed[0].product == KETTLES[0], "where it is weighed the score decides"


def test_weighed_what_leaves_a_demand_open_loses_by_how_usual_it_is_to_state_it() -> None:
    fits = Candidate(Product("fits", "A"), 0.4, 0.0, 0.0)
    open_one = Candidate(Product("open", "B"), 0.9, 0.0, 0.0, unknown=("age_from",))
    for share, first in ((0.02, "open"), (0.5, "fits")):
        leaning = Leaning(stated={"age_from": share})
        ranked = rank([fits, open_one], Moment(), {}, {}, leaning)
        assert ranked[0].product.id == first
        parts = next(r.parts for r in ranked if r.unknown)
        assert parts["unstated"] == pytest.approx(-WEIGHTS["unstated"] * share)
    (first_one, _) = rank([fits, open_one], Moment(), {}, {})
    assert first_one.product.id == "fits", "where it is not weighed it comes last"


def test_a_listing_that_deceived_stands_below_its_equal() -> None:
    honest, other = Product("z", "Kettle"), Product("a", "Kettle", suspect=("title",))
    ranked = rank(_candidates([other, honest]), Moment(), {}, {})
    assert [r.product.id for r in ranked] == ["z", "a"]
    assert ranked[1].parts["suspect"] == -WEIGHTS["suspect"]
    assert "suspect" not in ranked[0].parts


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("field", ["price", "noise", "rating", "review_count"])
def test_a_sort_overrules_the_score_and_unknown_values_come_last(
    field: str, descending: bool
) -> None:
    from catalog.constraint import numeric_value

    ranked = rank(_candidates(KETTLES), Moment(sort=Sort(field, descending)), {}, {})
    values = [numeric_value(r.product, field) for r in ranked]
    known = [v[0] for v in values if v is not None]
    assert values[len(known) :] == [None] * (len(values) - len(known))
    assert known == sorted(known, reverse=descending)


def test_what_is_sold_out_loses_by_a_stated_amount() -> None:
    here, gone = replace(KETTLES[0], stock=5), replace(KETTLES[0], id="gone", stock=0)
    first, second = rank(_candidates([gone, here]), Moment(), {}, {})
    assert (first.product, second.product) == (here, gone)
    assert first.score - second.score == pytest.approx(WEIGHTS["availability"])


def test_one_five_star_review_is_worth_less_than_many_good_ones() -> None:
    one = Product("a", "A", rating=5.0, review_count=1)
    many = Product("b", "B", rating=4.6, review_count=1_000)
    none = Product("c", "C")
    bad = Product("d", "D", rating=1.0, review_count=500)
    assert quality(many) > quality(one) > quality(none) > quality(bad) == 0.0
    assert quality(Product("e", "E", rating=5.0, review_count=10**9)) == pytest.approx(1.0)


def test_near_is_measured_relative_to_the_number_named() -> None:
    about = Constraint("price", Op.EQ, 5000.0, "USD", hard=False)
    at = {
        m: closeness(Product("a", "A", price=m, currency="USD"), about) or 0.0
        for m in (5000, 6250, 7500, 99999, 3750, 2500, 50)
    }
    assert at[5000] == 1.0
    assert at[6250] == at[3750] == pytest.approx(0.5)
    assert at[7500] == at[2500] == pytest.approx(0.2)
    assert 0 < at[50] < at[2500], "what is far below is no nearer for being cheap"
    assert 0 < at[99999] < 0.01
    assert closeness(Product("a", "A"), about) is None
    assert closeness(Product("a", "A", price=5000, currency="EUR"), about) is None
    litres = Constraint("capacity", Op.EQ, 500.0, "ml", hard=False)
    half = Product("b", "B", attributes={"capacity": Measure(0.5, "l")})
    assert closeness(half, litres) == pytest.approx(1.0)


def test_a_wish_is_measured_only_by_a_field_most_products_state() -> None:
    assert wish_field(QUIET, KETTLES) == ("noise", -1)
    assert wish_field(QUIET, KETTLES[6:8]) is None
    assert wish_field(Constraint(WISH, Op.CONTAINS, ("for my dad",), hard=False), KETTLES) is None


def test_a_share_counts_ties_by_half() -> None:
    values = Spread("noise", (50.0, 54.0, 54.0, 60.0))
    shares = [values.share_below(v) for v in (50.0, 54.0, 60.0)]
    assert shares == [0.0, 0.5, 1.0]
    assert Spread("noise", (50.0,)).share_below(50.0) == 0.5


def test_a_models_word_shifts_a_score_by_half_its_weight_at_most() -> None:
    ranked = rank(_candidates(KETTLES[:4]), Moment(), {}, {})
    judged = with_model(ranked, {r.product.id: float(r.rank == 3) for r in ranked}, None)
    before = {r.product.id: r.score for r in ranked}
    for r in judged:
        assert abs(r.score - before[r.product.id]) <= WEIGHTS["model"] / 2 + 1e-9
        assert r.score == pytest.approx(sum(r.parts.values()))
    assert [r.rank for r in judged] == [1, 2, 3, 4]


def test_a_wish_no_field_measures_keeps_its_share_beside_one_that_a_field_does() -> None:
    spreads = {"noise": _noise_of(KETTLES)}
    dad = Constraint(WISH, Op.CONTAINS, ("for my dad",), hard=False)
    alone, beside = (
        {r.product.id: r.parts["fit"] for r in rank(_candidates(KETTLES), moment, spreads, NOISE)}
        for moment in (Moment((QUIET,)), Moment((QUIET, dad)))
    )
    assert alone.keys() == beside.keys()
    for product, fit in alone.items():
        assert beside[product] == pytest.approx(fit / 2)


def test_the_dial_adds_the_logarithm_of_how_often_a_product_is_bought() -> None:
    loved = Product("a", "A", rating=4.0, review_count=990)
    usual = Product("b", "B", rating=4.0, review_count=90)
    unknown = Product("c", "C", rating=4.0)
    popular = Popularity(0.0, 90.0)
    assert popular.part(usual) == 0
    assert popular.part(loved) == pytest.approx(TEMPERATURE * np.log(10))
    assert popular.part(unknown) == pytest.approx(TEMPERATURE * np.log(0.1))
    assert Popularity(PERSONAL, 90.0).part(loved) == 0
    half = Popularity(PERSONAL / 2, 90.0).part(loved)
    assert half == pytest.approx(popular.part(loved) / 2)

    candidates = _candidates([usual, unknown, loved])
    first, *_ = ranked = rank(candidates, Moment(), {}, {}, Leaning(popularity=popular))
    assert first.product == loved
    for r in ranked:
        assert r.parts["popularity"] == pytest.approx(popular.part(r.product))
        assert r.score == pytest.approx(sum(r.parts.values()))
    assert "popularity" not in rank(candidates, Moment(), {}, {})[0].parts


def test_what_is_like_something_above_comes_later_and_says_how_much_it_lost() -> None:
    near = [Candidate(Product(i, i), r, 0.0, 0.0) for i, r in (("a", 0.9), ("b", 0.85), ("c", 0.8))]
    ranked = rank(near, Moment(), {}, {})
    assert [r.product.id for r in ranked] == ["a", "b", "c"]
    vectors = np.array([[1, 0], [1, 0], [0, 1]], np.float32)
    other = varied(ranked, vectors)
    assert [(r.product.id, r.rank) for r in other] == [("a", 1), ("c", 2), ("b", 3)]
    assert [r.parts["variety"] for r in other] == pytest.approx([0, 0, -WEIGHTS["variety"]])
    assert all(r.score == pytest.approx(sum(r.parts.values())) for r in other)
    scores = [r.score for r in other]
    assert scores == sorted(scores, reverse=True)


def test_variety_never_lifts_what_leaves_a_demand_open_above_what_meets_it() -> None:
    full = [Candidate(Product(i, i), 0.2, 0.0, 0.0) for i in "ab"]
    open_one = Candidate(Product("c", "c"), 1.0, 0.0, 0.0, ("price",))
    ranked = rank([*full, open_one], Moment(), {}, {})
    vectors = np.array([[1, 0], [1, 0], [0, 1]], np.float32)
    assert [r.product.id for r in varied(ranked, vectors)] == ["a", "b", "c"]
    assert varied([], np.zeros((0, 2), np.float32)) == []


def test_what_is_made_for_somebody_else_comes_after_what_is_not_whatever_its_score() -> None:
    for_him = Moment((Constraint(WISH, Op.CONTAINS, ("for my husband",), hard=False),))
    made = [
        Product("w", "Jeans W", rating=5.0, review_count=900, attributes={"gender": "women"}),
        Product("m", "Jeans M", rating=3.0, review_count=9, attributes={"gender": "men"}),
        Product("n", "Jeans N", rating=2.5, review_count=9),
    ]
    ranked = rank(_candidates(made), for_him, {}, {})
    assert [r.product.id for r in ranked] == ["m", "n", "w"]
    assert ranked[-1].parts["audience"] == -WEIGHTS["audience"]
    assert [r.product.id for r in rank(_candidates(made), Moment(), {}, {})][0] == "w"


def test_a_price_many_times_the_one_named_comes_after_nearer_ones() -> None:
    about = Moment((Constraint("price", Op.EQ, 2500.0, "USD", hard=False),))
    near, far = (
        Product(i, i, price=cost, currency="USD", rating=stars, review_count=99)
        for i, cost, stars in (("near", 3400, 3.0), ("far", 13_599, 5.0))
    )
    ranked = rank(_candidates([far, near]), about, {}, {})
    assert [r.product.id for r in ranked] == ["near", "far"]
    assert ranked[-1].parts["beyond"] == -WEIGHTS["beyond"]
