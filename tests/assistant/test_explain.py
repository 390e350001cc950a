"""Reasons: true sentences that name the fields they rest on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from assistant.answers import found_text
from assistant.explain import (
    MAX_REASONS,
    Surroundings,
    explain,
    explain_shown,
    near_miss,
    unknown_label,
)
from assistant.finding import Found, find
from assistant.intent import Constraint, Op
from assistant.moment import Moment
from assistant.phrasing import short_price, short_title
from assistant.reply import Reason, Recommendation
from assistant.shopper import Purchase, Shopper
from catalog.product import Measure, Product, Variant
from retrieval.index import Index
from retrieval.vocabulary import Vocabulary
from tests.assistant.reading import folded
from tests.assistant.shop import ANA, corner_shop

BY_ID = {p.id: p for p in corner_shop()}
UNDER_60 = Constraint("price", Op.LE, 6000.0, "USD")


def _told(
    product: Product, *constraints: Constraint, shopper: Shopper | None = None
) -> tuple[Reason, ...]:
    around = Surroundings(Moment(constraints), matching=5, shopper=shopper)
    return explain(Recommendation(product, 1, 0.0, {}), around)


def _reasons(
    product: Product, *constraints: Constraint, shopper: Shopper | None = None
) -> list[str]:
    return [r.text for r in _told(product, *constraints, shopper=shopper)]


def _together(products: list[Product], *constraints: Constraint) -> dict[str, list[str]]:
    around = Surroundings(Moment(constraints), matching=len(products))
    shown = explain_shown([Recommendation(p, 1, 0.0, {}) for p in products], around)
    return {r.product.id: [x.text for x in r.reasons] for r in shown}


def _hope(field: str, op: Op, value: object, unit: str | None = None, span: str = "") -> Constraint:
    return Constraint(field, op, value, unit, hard=False, span=span)  # type: ignore[arg-type]


def test_unisex_is_told_as_suiting_whom_the_shopper_named() -> None:
    ladies = Constraint("gender", Op.EQ, ("women",))
    assert "Unisex, so for women too" in _reasons(BY_ID["s1"], ladies)
    assert "For unisex, as you asked" not in _reasons(
        BY_ID["s1"], replace(ladies, value=("unisex",))
    )
    assert "For women, as you asked" in _reasons(
        replace(BY_ID["s1"], attributes={"gender": "women"}), ladies
    )


def test_a_budget_is_met_by_the_stated_margin() -> None:
    assert "$11 under your $60 limit" in _reasons(BY_ID["k1"], UNDER_60)
    by_a_cent = replace(UNDER_60, value=float(BY_ID["k1"].price or 0) + 1)
    assert "$49.00, just within your limit" in _reasons(BY_ID["k1"], by_a_cent)
    assert "Exactly your $49 limit" in _reasons(
        BY_ID["k1"], Constraint("price", Op.LE, 4900.0, "USD")
    )
    assert "$19 above your $30 minimum" in _reasons(
        BY_ID["k1"], Constraint("price", Op.GE, 3000.0, "USD")
    )
    assert not any("under" in r for r in _reasons(BY_ID["k7"], UNDER_60))


@pytest.mark.parametrize(
    ("id", "constraint", "text"),
    [
        ("k3", Constraint("color", Op.NE, ("white",)), "Not white: red"),
        ("k2", Constraint("material", Op.EQ, ("stainless steel",)), "Stainless steel, as you asked"),
        ("k9", Constraint("color", Op.EQ, ("green",)), "Sage green, as you asked"),
        ("k1", _hope("color", Op.EQ, ("white", "cream")), "White, as you hoped"),
        ("k2", Constraint("brand", Op.NE, ("Halden",)), "By Brisa, not Halden"),
        ("h1", Constraint("wireless", Op.EQ, True), "Wireless, as you asked"),
        ("h2", Constraint("wireless", Op.EQ, False), "Not wireless, as you asked"),
        ("k2", Constraint("capacity", Op.GE, 1.5, "l"), "Capacity 1.7 l, 0.2 l more than you asked"),
        ("k2", Constraint("capacity", Op.GE, 1.7, "l"), "Capacity 1.7 l, just at your minimum"),
        ("k1", Constraint("noise", Op.LE, 60.0, "dB"), "Noise 54 dB, 6 dB below your limit"),
        ("k1", Constraint("noise", Op.LE, 54.0, "dB"), "Noise 54 dB, just within your limit"),
        ("f1", Constraint("volume", Op.LE, 0.2, "l"), "Volume 150 ml, 50 ml below your limit"),
        ("p2", Constraint("age_from", Op.LE, 48.0, "month"), "Made for age 3 and up"),
        ("j1", Constraint("waist", Op.EQ, ("30",)), "Comes in waist 30, as you asked"),
        ("k2", Constraint("text", Op.CONTAINS, ("lid",)), "The listing says “Brushed body, wide lid”"),
        ("k5", Constraint("text", Op.CONTAINS, ("travel",)), "Its name says “travel”"),
    ],
)  # fmt: skip
def test_a_demand_that_is_met_is_said_in_its_terms(
    id: str, constraint: Constraint, text: str
) -> None:
    assert text in _reasons(BY_ID[id], constraint)


def test_the_shoppers_word_is_tied_to_the_records() -> None:
    oak = Product("o", "Stool", attributes={"material": "solid wood"})
    assert _reasons(oak, Constraint("material", Op.EQ, ("wood",), span="wooden")) == [
        "Wooden: solid wood"
    ]


def test_a_refusal_is_claimed_only_where_no_form_of_it_is_what_was_refused() -> None:
    both = Product("b", "Cup", attributes={"color": ("black", "red")})
    assert _reasons(both, _hope("color", Op.NE, ("red",))) == []
    silent = Product("s", "Cup")
    assert _reasons(silent, Constraint("color", Op.NE, ("red",))) == []


def test_of_two_values_the_one_asked_for_is_told() -> None:
    both = Product("b", "Cup", attributes={"color": ("white", "pink")})
    assert _reasons(both, Constraint("color", Op.EQ, ("pink",))) == ["Pink, as you asked"]
    either = Constraint("color", Op.EQ, ("pink", "white"))
    assert _reasons(both, either) == ["White and pink, as you asked"]


def test_a_long_title_is_not_cut_behind_a_word_that_leads_on() -> None:
    title = "Brick Harbour Tug Boat Play Set Figure with: Captain and Two Ropes"
    assert short_title(Product("t", title)) == "Brick Harbour Tug Boat Play Set Figure"
    assert short_title(Product("t", "Something to Lean On")) == "Something to Lean On"


def test_a_number_is_not_said_twice() -> None:
    puzzle = Product("z", "Puzzle", attributes={"pieces": Measure(1000, "pc")})
    fits = Constraint("pieces", Op.LE, 1000.0, "pc")
    assert _reasons(puzzle, fits) == ["1000 pieces, just within your limit"]


def test_an_attribute_nobody_asked_for_is_no_reason() -> None:
    plain = Product("p", "Thing", attributes={"noise": Measure(50, "dB"), "shape": "round"})
    assert _reasons(plain) == []


def test_the_rank_in_a_wish_is_counted_over_what_fits(corner: Index, words: Vocabulary) -> None:
    found = find(corner, folded("quiet kettle", words))
    texts = {r.product.id: [x.text for x in r.reasons] for r in found.recommendations}
    assert texts["k6"][0].startswith("52 dB: the quietest of the ")
    loud = [t for texts_ in texts.values() for t in texts_ if "quietest" in t]
    assert all("dB" in t for t in loud)


def test_what_stays_behind_in_a_wish_is_said_to_and_is_no_merit(
    corner: Index, words: Vocabulary
) -> None:
    found = find(corner, folded("quiet kettle", words), limit=12)
    (travel,) = [r for r in found.recommendations if r.product.id == "k5"]
    (behind,) = [r for r in travel.reasons if "noise" in r.evidence]
    assert behind.text == "70 dB: 7 of the 9 that state it are quieter"
    assert behind.against and travel.reasons[-1] is behind


# among what is shown


def test_the_cheapest_of_those_shown_is_called_so_and_no_other() -> None:
    told = _together([BY_ID[i] for i in ("k1", "k3", "k5")], UNDER_60)
    assert told["k5"][0] == "$35.01 under your $60 limit, the cheapest of these three"
    assert sum("cheapest" in t for texts in told.values() for t in texts) == 1
    assert "$49.00, the most expensive of these three" not in told["k3"]


def test_where_a_price_is_only_hoped_to_be_near_a_number_less_is_no_merit() -> None:
    shown = [BY_ID[i] for i in ("s3", "s4", "k6", "p4")]
    told = _together(shown, _hope("price", Op.EQ, 8000.0, "USD"))
    assert told["k6"][0] == "$85.00, near the $80 you named"
    assert not any("cheapest" in t or "you named" in t for i in ("s3", "s4", "p4") for t in told[i])
    assert "$9.90, the cheapest of these four" in _together(shown)["p4"]
    assert "$25.50 below the $80 you named" in _reasons(
        BY_ID["k2"], _hope("price", Op.EQ, 8000.0, "USD")
    )


def test_that_others_cost_less_is_told_only_where_the_price_was_spoken_of() -> None:
    plain = [
        replace(BY_ID["k8"], id=str(n), title=f"Pot {n}", price=1_000 * n) for n in range(1, 5)
    ]
    assert _together(plain)["4"] == []
    assert _together(plain, _hope("price", Op.LE, 9_000.0, "USD"))["4"] != []
    for limit in ((), (_hope("price", Op.LE, 3_000.0, "USD"),)):
        around = Surroundings(Moment(limit), matching=4)
        shown = explain_shown([Recommendation(p, 1, 0.0, {}) for p in plain[::-1]], around)
        found = Found(shown, 4, 0, around, shown)
        assert ("most expensive" in found_text(found, around.moment)) == bool(limit)


def test_nothing_is_the_cheapest_across_currencies() -> None:
    euro = replace(BY_ID["k5"], currency="EUR")
    told = _together([BY_ID["k1"], BY_ID["k3"], euro])
    assert not any("cheapest" in t or "expensive" in t for texts in told.values() for t in texts)


def test_a_superlative_counts_only_those_that_state_the_field() -> None:
    told = _together([BY_ID[i] for i in ("k1", "k3", "k5", "k7")])
    assert "$24.99, the cheapest of the three here that state it" in told["k5"]


def test_two_alike_are_neither_the_best() -> None:
    twin = replace(BY_ID["k5"], id="twin")
    told = _together([BY_ID["k1"], BY_ID["k5"], twin])
    assert "$24.99, one of the cheapest of these three" in told["twin"]
    assert not any(", the cheapest" in t for texts in told.values() for t in texts)


def test_what_only_one_of_those_shown_is_made_of_sets_it_apart() -> None:
    told = _together([BY_ID[i] for i in ("s1", "s2", "s5")])
    assert "Colour white, unlike the other two here" in told["s2"]
    assert not any("wool" in t and "unlike" in t for t in told["s1"] + told["s5"])


# against


@pytest.mark.parametrize(
    ("id", "hope", "text"),
    [
        ("k2", _hope("capacity", Op.GE, 2.0, "l"), "Capacity 1.7 l, 0.3 l smaller than you asked"),
        ("k3", _hope("noise", Op.LE, 60.0, "dB"), "Noise 66 dB, 6 dB louder than you asked"),
        ("k1", _hope("color", Op.EQ, ("green",)), "White, not the green you hoped for"),
        ("k6", _hope("price", Op.EQ, 5000.0, "USD"), "$35 over the $50 you named"),
        ("k6", _hope("price", Op.LE, 6000.0, "USD"), "$25 over your $60 limit"),
        ("k1", _hope("brand", Op.EQ, ("Cove",)), "By Halden, not by Cove as you hoped"),
        ("h2", _hope("wireless", Op.EQ, True), "Not wireless, which you hoped for"),
    ],
)  # fmt: skip
def test_a_hope_that_is_missed_is_said_last(id: str, hope: Constraint, text: str) -> None:
    last = _told(BY_ID[id], hope)[-1]
    assert (last.text, last.against) == (text, True)


def test_a_poor_rating_and_few_reviews_are_said() -> None:
    poor = Product("p", "Lamp", rating=3.1, review_count=12)
    few = Product("f", "Lamp", rating=5.0, review_count=1)
    assert _reasons(poor) == ["Rated 3.1 by 12 buyers"]
    assert _reasons(few) == ["Only 1 review so far"]


def test_what_speaks_against_it_is_said_too() -> None:
    assert "Sold out at the moment" in _reasons(BY_ID["k9"])
    assert "Only 3 left" in _reasons(BY_ID["k2"])


def test_at_most_one_thing_is_said_against_a_product() -> None:
    hopes = (_hope("color", Op.EQ, ("green",)), _hope("capacity", Op.GE, 2.0, "l"))
    assert sum(r.against for r in _told(BY_ID["k2"], *hopes)) == 1


# quotes, evidence, the past


def test_a_quote_of_the_listing_is_marked_and_is_in_the_listing() -> None:
    wish = _hope("wish", Op.CONTAINS, ("for a suitcase",))
    product = BY_ID["k5"]
    quotes = [r for r in _reasons(product, wish) if "listing" in r]
    assert quotes == ["The listing says “Folds flat for a suitcase”"]
    assert "Folds flat for a suitcase" in product.description


def test_a_word_the_listing_denies_is_not_quoted_for_it() -> None:
    wish = _hope("wish", Op.CONTAINS, ("plastic",))
    assert not any("No plastic" in r for r in _reasons(BY_ID["k3"], wish))


@pytest.mark.parametrize("id", sorted(BY_ID))
def test_every_product_has_few_reasons_each_with_evidence_of_its_own(id: str) -> None:
    around = Surroundings(
        Moment((Constraint("price", Op.LE, 9000.0, "USD"),)), matching=5, shopper=ANA
    )
    reasons = explain(Recommendation(BY_ID[id], 1, 0.0, {}), around)
    assert len(reasons) <= MAX_REASONS
    assert all(r.evidence and r.text and r.source == "fields" for r in reasons)
    assert len({next(iter(r.evidence)) for r in reasons}) == len(reasons)
    assert [r.against for r in reasons] == sorted(r.against for r in reasons)


def test_what_the_shopper_did_before_is_a_reason() -> None:
    assert "You bought it on 4 May 2025" in _reasons(BY_ID["d1"], shopper=ANA)
    saved = _reasons(BY_ID["h1"], shopper=ANA)
    assert "On your wishlist, and $30 cheaper than when you saved it" in saved
    assert "On your wishlist" in _reasons(BY_ID["k6"], shopper=ANA)
    stranger = Shopper("b", "Ben", purchases=(Purchase("d2", date(2025, 1, 1)),))
    assert not any("bought" in r for r in _reasons(BY_ID["d1"], shopper=stranger))


# near misses, gaps


@pytest.mark.parametrize(
    ("id", "broken", "text"),
    [
        ("k6", UNDER_60, "$25 over your $60 limit"),
        ("k5", Constraint("price", Op.GE, 3000.0, "USD"), "$5.01 under your $30 minimum"),
        ("k1", Constraint("capacity", Op.GE, 1.5, "l"), "capacity 1 l, 0.5 l smaller than you asked"),
        ("k1", Constraint("capacity", Op.GT, 1.0, "l"), "capacity 1 l as well, not more"),
        ("k3", Constraint("color", Op.NE, ("red",)), "red, which you did not want"),
        ("k1", Constraint("color", Op.EQ, ("red",)), "colour white, not red"),
        ("k1", Constraint("brand", Op.EQ, ("Cove",)), "by Halden, not Cove"),
        ("h2", Constraint("wireless", Op.EQ, True), "not wireless"),
        ("k9", Constraint("stock", Op.GE, 1.0), "sold out"),
        ("j1", Constraint("waist", Op.EQ, ("36",)), "comes in waist 28, 30 and 32, not 36"),
    ],
)  # fmt: skip
def test_a_near_miss_says_what_it_misses(id: str, broken: Constraint, text: str) -> None:
    assert near_miss(BY_ID[id], broken) == text


def test_what_is_unknown_is_called_not_stated() -> None:
    nothing = Product("n", "Thing", attributes={"noise": Measure(50, "dB")})
    damp = replace(nothing, attributes={"water_resistant": True})
    assert unknown_label("waterproof", damp) == "waterproof not stated, only water resistant"
    assert unknown_label("battery_life", nothing) == "battery life not stated"
    assert _reasons(nothing, Constraint("price", Op.LE, 100.0)) == []
    asked = (Constraint("text", Op.CONTAINS, ("lid",)),)
    assert unknown_label("text", nothing, asked) == "no word on lid"


def test_a_price_is_that_of_the_form_that_fits() -> None:
    boot = Product(
        "r", "Boot", price=5000, currency="EUR", attributes={"size": ("41", "42")},
        variants=(Variant("a", {"size": "41"}, 5000), Variant("b", {"size": "42"}, 5800)),
    )  # fmt: skip
    fits = boot.sold_as([boot.variants[1]])
    assert "€2 under your €60 limit" in _reasons(fits, Constraint("price", Op.LE, 6000.0, "EUR"))


def test_a_product_is_not_called_by_its_maker_alone() -> None:
    title = "The Bramble Company - Large Birds - Heron"
    assert short_title(Product("h", title, brand="The Bramble Company")) == title
    assert short_title(Product("h", title)) == "The Bramble Company"


def test_what_all_cards_share_is_said_on_none_of_them_where_they_have_better() -> None:
    pair = [
        Product(i, f"Lamp {i}", price=cost, currency="USD", rating=stars, review_count=50)
        for i, cost, stars in (("a", 3000, 4.6), ("b", 3500, 4.9), ("c", 4000, 4.1))
    ]
    told = _together(pair, UNDER_60)
    assert any("cheapest of these three" in text for text in told["a"])
    assert not any("under your $60 limit" in text for text in told["b"])


def test_above_the_cards_stands_within_which_prices_they_are(corner: Index) -> None:
    moment = folded("kettle under $60", corner.vocabulary)
    text = found_text(find(corner, moment), moment)
    prices = sorted(r.product.price or 0 for r in find(corner, moment).recommendations)
    assert f"between {short_price(prices[0], 'USD')} and {short_price(prices[-1], 'USD')}" in text
    unlimited = folded("kettle", corner.vocabulary)
    assert "between" not in found_text(find(corner, unlimited), unlimited)


def test_without_a_kind_nobody_is_told_how_many_leave_something_open(corner: Index) -> None:
    moment = folded("something red", corner.vocabulary)
    assert "state all of it" not in found_text(find(corner, moment), moment)
