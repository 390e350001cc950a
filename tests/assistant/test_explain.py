"""Reasons: true sentences that name the fields they rest on."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.explain import MAX_REASONS, Surroundings, explain, near_miss, unknown_label
from assistant.finding import find
from assistant.intent import Constraint, Op
from assistant.moment import Moment
from assistant.reply import Recommendation
from assistant.shopper import Purchase, Shopper
from catalog.product import Measure, Product
from retrieval.index import Index
from retrieval.vocabulary import Vocabulary
from tests.assistant.reading import folded
from tests.assistant.shop import ANA, corner_shop

BY_ID = {p.id: p for p in corner_shop()}


def _reasons(
    product: Product, *constraints: Constraint, shopper: Shopper | None = None
) -> list[str]:
    around = Surroundings(Moment(constraints), matching=5, shopper=shopper)
    return [r.text for r in explain(Recommendation(product, 1, 0.0, {}), around)]


def test_a_budget_is_met_by_the_stated_margin() -> None:
    under = Constraint("price", Op.LE, 6000.0, "USD")
    assert "$11 under your $60 limit" in _reasons(BY_ID["k1"], under)
    assert "Exactly your $49 limit" in _reasons(
        BY_ID["k1"], Constraint("price", Op.LE, 4900.0, "USD")
    )
    assert not any("under" in r for r in _reasons(BY_ID["k7"], under))


@pytest.mark.parametrize(
    ("id", "constraint", "text"),
    [
        ("k3", Constraint("color", Op.NE, ("white",)), "Red, not white"),
        ("k2", Constraint("material", Op.EQ, ("stainless steel",)), "Material: stainless steel"),
        ("h1", Constraint("wireless", Op.EQ, True), "Wireless"),
        ("h2", Constraint("wireless", Op.EQ, False), "Not wireless"),
        ("k2", Constraint("capacity", Op.GE, 1.5, "l"), "Capacity 1.7 l, 0.2 l more than you asked"),
        ("k1", Constraint("noise", Op.LE, 60.0, "dB"), "Noise 54 dB, 6 dB below your limit"),
        ("f1", Constraint("volume", Op.LE, 0.2, "l"), "Volume 150 ml, 50 ml below your limit"),
        ("p2", Constraint("age_from", Op.LE, 48.0, "month"), "Made for age 3 years and up"),
        ("j1", Constraint("waist", Op.EQ, ("30",)), "Comes in waist 30"),
    ],
)  # fmt: skip
def test_a_demand_that_is_met_is_said_in_its_terms(
    id: str, constraint: Constraint, text: str
) -> None:
    assert text in _reasons(BY_ID[id], constraint)


def test_the_rank_in_a_wish_is_counted_over_what_fits(corner: Index, words: Vocabulary) -> None:
    found = find(corner, folded("quiet kettle", words))
    texts = {r.product.id: [x.text for x in r.reasons] for r in found.recommendations}
    assert texts["k6"][0].startswith("52 dB: the quietest of the ")
    loud = [t for texts_ in texts.values() for t in texts_ if "quietest" in t]
    assert all("dB" in t for t in loud)


def test_what_speaks_against_it_is_said_too() -> None:
    assert "Sold out at the moment" in _reasons(BY_ID["k9"])
    assert "Only 3 left" in _reasons(BY_ID["k2"])


def test_a_quote_of_the_listing_is_marked_and_is_in_the_listing() -> None:
    wish = Constraint("wish", Op.CONTAINS, ("for a suitcase",), hard=False)
    product = BY_ID["k5"]
    quotes = [r for r in _reasons(product, wish) if "listing" in r]
    assert quotes == ["The listing says “Folds flat for a suitcase”"]
    assert "Folds flat for a suitcase" in product.description


@pytest.mark.parametrize("id", sorted(BY_ID))
def test_every_product_has_few_reasons_each_with_evidence_of_its_own(id: str) -> None:
    around = Surroundings(
        Moment((Constraint("price", Op.LE, 9000.0, "USD"),)), matching=5, shopper=ANA
    )
    reasons = explain(Recommendation(BY_ID[id], 1, 0.0, {}), around)
    assert len(reasons) <= MAX_REASONS
    assert all(r.evidence and r.text and r.source == "fields" for r in reasons)
    assert len({next(iter(r.evidence)) for r in reasons}) == len(reasons)


def test_what_the_shopper_did_before_is_a_reason() -> None:
    assert "You bought it on 4 May 2025" in _reasons(BY_ID["d1"], shopper=ANA)
    saved = _reasons(BY_ID["h1"], shopper=ANA)
    assert "On your wishlist, and $30 cheaper than when you saved it" in saved
    assert "On your wishlist" in _reasons(BY_ID["k6"], shopper=ANA)
    stranger = Shopper("b", "Ben", purchases=(Purchase("d2", date(2025, 1, 1)),))
    assert not any("bought" in r for r in _reasons(BY_ID["d1"], shopper=stranger))


@pytest.mark.parametrize(
    ("id", "broken", "text"),
    [
        ("k6", Constraint("price", Op.LE, 6000.0, "USD"), "$25 over your $60 limit"),
        ("k5", Constraint("price", Op.GE, 3000.0, "USD"), "$5.01 under your $30 minimum"),
        (
            "k1",
            Constraint("capacity", Op.GE, 1.5, "l"),
            "capacity 1 l, you asked for at least 1.5 l",
        ),
        ("k3", Constraint("color", Op.NE, ("red",)), "red, which you did not want"),
        ("k1", Constraint("color", Op.EQ, ("red",)), "colour white, not red"),
    ],
)
def test_a_near_miss_says_what_it_misses(id: str, broken: Constraint, text: str) -> None:
    assert near_miss(BY_ID[id], broken) == text


def test_what_is_unknown_is_called_not_stated() -> None:
    nothing = Product("n", "Thing", attributes={"noise": Measure(50, "dB")})
    assert unknown_label("battery_life", nothing) == "battery life not stated"
    assert _reasons(nothing, Constraint("price", Op.LE, 100.0)) == ["Noise: 50 dB"]
