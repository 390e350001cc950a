"""Which shown item is meant, what its record says, how items differ."""

from __future__ import annotations

import pytest

from assistant.differences import compare, named_of
from assistant.intent import Constraint, Op, Reference
from assistant.items import extremes, named, past_purchases, resolve
from assistant.phrasing import short_title
from assistant.stated import SYNONYMS, answer, answers_of, summary
from catalog.constraint import WISH
from catalog.product import Measure, Product
from tests.assistant.shop import ANA, corner_shop

BY_ID = {p.id: p for p in corner_shop()}
SHOWN = [BY_ID[i] for i in ("k1", "k2", "k3", "k4", "k5")]


@pytest.mark.parametrize(
    ("reference", "ids"),
    [
        (Reference("position", "1"), ["k1"]),
        (Reference("position", "-1"), ["k5"]),
        (Reference("position", "9"), []),
        (Reference("position", "-9"), []),
        (Reference("match", "red"), ["k3"]),
        (Reference("match", "Halden"), ["k1"]),
        (Reference("match", "glass"), ["k3"]),
        (Reference("match", "Cove"), ["k3", "k4"]),
        (Reference("match", "kettle"), []),
        (Reference("match", "unicorn"), []),
        (Reference("extreme", "price:-1"), ["k5"]),
        (Reference("extreme", "noise:-1"), ["k1"]),
        (Reference("extreme", "capacity:+1"), ["k2"]),
        (Reference("extreme", "battery_life:+1"), []),
        (Reference("extreme", "price:-1:1,4"), ["k4"]),
        (Reference("extreme", "noise:+1:1,-3,2"), ["k3"]),
        (Reference("extreme", "price:-1:2,9"), []),
        (Reference("extremes", "price:-1:2"), ["k5", "k3"]),
        (Reference("extremes", "noise:+1:9"), ["k5", "k3", "k4", "k2", "k1"]),
        (Reference("all"), ["k1", "k2", "k3", "k4", "k5"]),
        (Reference("this"), ["k1"]),
    ],
    ids=lambda value: f"{value.kind} {value.value}" if isinstance(value, Reference) else "",
)
def test_a_pointer_finds_its_item_or_none(reference: Reference, ids: list[str]) -> None:
    assert [p.id for p in resolve([reference], SHOWN, None)] == ids


def test_where_several_are_the_most_all_of_them_are_known() -> None:
    biggest = Reference("extreme", "capacity:+1")
    assert [p.id for p in extremes(biggest, SHOWN, None)] == ["k2", "k4"]
    assert resolve([biggest], SHOWN, None) == [BY_ID["k2"]]


def test_this_is_the_item_last_spoken_of() -> None:
    assert resolve([Reference("this")], SHOWN, BY_ID["k4"]) == [BY_ID["k4"]]


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        ("Brisa steel", ["k2"]),
        ("the glass kettle", ["k3"]),
        ("Cove", ["k10"]),
        ("travel", ["k5"]),
        ("Halden unicorn", []),
        ("navy", []),
        ("Plain", []),
    ],
)
def test_what_was_shown_earlier_is_named_by_its_title_where_nothing_shown_is(
    words: str, ids: list[str]
) -> None:
    now = [BY_ID[i] for i in ("k10", "k9")]
    assert [p.id for p in resolve([Reference("match", words)], now, None, SHOWN)] == ids


def test_items_are_named_once_in_the_order_said() -> None:
    pointers = [Reference("position", p) for p in ("3", "1", "3")]
    assert [p.id for p in resolve(pointers, SHOWN, None)] == ["k3", "k1"]
    assert resolve(pointers, [], None) == []
    assert named("", SHOWN) == []


@pytest.mark.parametrize(
    ("id", "question", "text"),
    [
        ("k1", "loud", "54 dB"),
        ("k1", "price", "$49.00"),
        ("k1", "keep warm", "yes, keep warm"),
        ("k2", "keep warm", "keep warm: no"),
        ("k1", "stock", "12 in stock"),
        ("k9", "stock", "sold out"),
        ("h1", "heavy", "250 g"),
        ("h1", "battery last", "40 h"),
        ("h1", "is it bluetooth", "wireless: yes"),
        ("h2", "is it corded", "wireless: no"),
        ("j1", "color", "indigo"),
        ("k5", "suitcase", "the listing says “Folds flat for a suitcase.”"),
        ("k8", "price", "$15.99"),
    ],
)
def test_a_question_is_answered_in_the_records_words(id: str, question: str, text: str) -> None:
    told = answer(BY_ID[id], question)
    assert text in told.text
    assert told.fields


@pytest.mark.parametrize(
    ("id", "question"), [("k8", "loud"), ("k1", "dishwasher"), ("k7", "price"), ("k8", "color")]
)
def test_what_the_listing_does_not_say_is_not_made_up(id: str, question: str) -> None:
    told = answer(BY_ID[id], question)
    assert "doesn't say" in told.text
    assert not told.fields


@pytest.mark.parametrize(
    ("ids", "question", "told"),
    [
        (["k1"], "fit through a letterbox", "The listing for {K1} doesn't say."),
        (["h1", "j1"], "kind to plants", "The listings for {h1} and {j1} don't say."),
        (["k8", "k1", "j1"], "loud", "{K1}: noise 54 dB. The listings for {k8} and {j1} don't say anything about noise."),
    ],
)  # fmt: skip
def test_what_several_listings_do_not_say_is_said_once_and_in_words_of_its_own(
    ids: list[str], question: str, told: str
) -> None:
    titles = {i: short_title(p) for i, p in BY_ID.items()} | {"K1": BY_ID["k1"].title}
    assert answers_of([BY_ID[i] for i in ids], question) == told.format(**titles)


@pytest.mark.parametrize("id", sorted(BY_ID))
def test_every_product_can_be_summed_up(id: str) -> None:
    text = summary(BY_ID[id])
    assert text.startswith(BY_ID[id].title)
    assert "None" not in text


def test_a_table_holds_only_what_differs_and_the_wish_first() -> None:
    quiet = Constraint(WISH, Op.CONTAINS, ("quiet",), hard=False)
    rows, verdict = compare([BY_ID["k1"], BY_ID["k2"]], [quiet])
    assert [r.label for r in rows][:2] == ["noise", "price"]
    assert all(len(set(r.values)) == 2 for r in rows)
    assert verdict == (
        "For “quiet”, the price and what buyers say: Halden Hush kettle 1 l "
        "(54 dB against 58 dB; $5.50 less; 4.7 from 1,204 reviews against 4.4 from 87 reviews)."
    )
    missing, _ = compare([BY_ID["k1"], BY_ID["k8"]], [])
    assert {r.values[1] for r in missing if r.label in ("noise", "brand", "rating")} == {
        "not stated"
    }


def test_where_nothing_is_known_of_one_nobody_is_ahead() -> None:
    _, verdict = compare([BY_ID["j6"], BY_ID["k7"]], [])
    assert verdict == "Nothing the listings state puts one ahead."


def test_a_verdict_says_for_whom_which_is_better() -> None:
    quiet = Constraint(WISH, Op.CONTAINS, ("quiet",), hard=False)
    _, verdict = compare([BY_ID["k1"], BY_ID["k3"]], [quiet])
    assert verdict == (
        "For “quiet” and what buyers say: Halden Hush kettle 1 l (54 dB against 66 dB; "
        "4.7 from 1,204 reviews against 4.1 from 310 reviews); "
        "for the price: Cove glass kettle 1.5 l ($9.01 less)."
    )


def test_of_several_the_verdict_names_the_best_in_each() -> None:
    _, verdict = compare([BY_ID[i] for i in ("k1", "k3", "k5")], [])
    assert "Halden Hush kettle 1 l (4.7 from 1,204 reviews, the best rated)" in verdict
    assert "Nordlys travel kettle 0.6 l ($24.99, the cheapest)" in verdict


def test_a_hope_only_one_of_them_meets_is_in_the_verdict() -> None:
    red = Constraint("color", Op.EQ, ("red",), hard=False)
    _, verdict = compare([BY_ID["k1"], BY_ID["k3"]], [red])
    assert verdict.startswith("For “red” and the price: Cove glass kettle 1.5 l (red; $9.01 less)")


def test_what_the_shopper_asked_about_leads_a_table_of_at_most_eight_rows() -> None:
    asked = [Constraint("capacity", Op.GE, 1.0, "l"), Constraint("color", Op.NE, ("blue",))]
    rows, _ = compare([BY_ID["k1"], BY_ID["k2"]], asked)
    assert [r.label for r in rows][:4] == ["capacity", "colour", "price", "rating"]
    assert len(rows) <= 8


def test_a_rating_by_hardly_anybody_decides_nothing() -> None:
    from dataclasses import replace

    few = replace(BY_ID["k2"], rating=5.0, review_count=1, price=BY_ID["k1"].price)
    _, verdict = compare([BY_ID["k1"], few], [])
    assert verdict == "Nothing the listings state puts one ahead."


def test_prices_in_different_currencies_are_not_compared() -> None:
    from dataclasses import replace

    _, verdict = compare([BY_ID["k1"], replace(BY_ID["k2"], currency="EUR")], [])
    assert "less" not in verdict and "cheapest" not in verdict


def test_past_purchases_are_those_the_words_name_most_often_bought_first() -> None:
    known = {i: BY_ID[i] for i in ANA.bought() if i in BY_ID}
    assert [(p.id, n) for p, _, n in past_purchases(ANA, "dog treats", known)] == [
        ("d1", 2),
        ("d2", 1),
    ]
    assert [p.id for p, _, _ in past_purchases(ANA, "salmon treats", known)] == ["d2"]
    assert [p.id for p, _, _ in past_purchases(ANA, "", known)] == ["d1", "k3", "d2"]
    assert past_purchases(ANA, "telescope", known) == []


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("compare them by height", "The same height: 20 cm."),
        ("how heavy is it next to the other?", "Weight: Tall jug 1 kg, Wide jug 2 kg."),
        ("compare the handles", ""),
        ("which is the better one", ""),
    ],
)
def test_a_quantity_named_in_a_comparison_is_told_of_each_or_as_the_same(
    question: str, told: str
) -> None:
    jugs = [
        Product(f"{n}", title, type="jug", attributes={"height": Measure(20, "cm"), "weight": Measure(n, "kg"), **more})
        for n, title, more in ((1, "Tall jug", {"handles": "two"}), (2, "Wide jug", {}))
    ]  # fmt: skip
    assert named_of(question, jugs, SYNONYMS) == told
