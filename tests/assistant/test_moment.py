"""Folding utterances into what the shopper wants now."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.intent import Act, Constraint, Intent, Op, Sort
from assistant.moment import Moment
from assistant.reader import Context, read
from assistant.understand import understand
from catalog.constraint import TEXT, WISH
from retrieval.vocabulary import Vocabulary
from tests.assistant.reading import folded, table, written
from tests.assistant.shop import corner_shop

FOLDS = {
    # a new value takes the old one's place
    "kettle under 60 >> actually under 80": "type = kettle; price <= 8000",
    "red kettle >> black instead": "type = kettle; color = black",
    "red kettle >> actually, make it black": "type = kettle; color = black",
    "socks size M >> size L": "type = socks; size = L",
    "kettle by Cove >> by Halden": "type = kettle; brand = Halden",
    "kettle over 40 >> under 60": "type = kettle; price >= 4000; price <= 6000",
    "kettle 20 to 40 dollars >> 30 to 50 dollars":
        "type = kettle; price >= 3000 USD; price <= 5000 USD",
    # what contradicts the newest word gives way
    "kettle under 60 >> over 80": "type = kettle; price >= 8000",
    "red kettle >> not red": "type = kettle; color != red",
    "kettle not red >> red": "type = kettle; color = red",
    "red or black kettle >> not red": "type = kettle; color = black; color != red",
    "kettle around 50 >> under 40": "type = kettle; price <= 4000",
    # refusals add up
    "kettle >> not red >> not white": "type = kettle; color != red; color != white",
    "kettle >> not Cove >> and not Brisa": "type = kettle; brand != Cove; brand != Brisa",
    "kettle >> not red >> not plastic": "type = kettle; color != red; material != plastic",
    # alternatives widen
    "red kettle >> blue is fine too": "type = kettle; color = red|blue",
    "red kettle >> or black": "type = kettle; color = red|black",
    "kettle by Cove >> Halden is ok too": "type = kettle; brand = Cove|Halden",
    "kettle not red >> blue >> red is fine too": "type = kettle; color = blue|red",
    "kettle not red >> red is fine too": "type = kettle",
    # slips put right
    "red kettle >> I meant blue": "type = kettle; color = blue",
    "kettle under 60 >> sorry I meant 80": "type = kettle; price <= 8000",
    "kettle under 60 >> make it 80": "type = kettle; price <= 8000",
    "kettle under 60 >> no, 80": "type = kettle; price <= 8000",
    # cancellations
    "red kettle under 60 >> forget the budget": "type = kettle; color = red",
    "red kettle under 60 >> any colour is fine": "type = kettle; price <= 6000",
    "red kettle under 60 >> forget the budget and the colour": "type = kettle",
    "kettle not red >> it doesn't have to be red": "type = kettle",
    "quiet kettle >> forget the quiet thing": "type = kettle",
    "red kettle under 60 >> start over": "",
    "red kettle under 60 >> start over >> socks": "type = socks",
    "red kettle under 60 >> forget the budget >> under 40": "type = kettle; color = red; price <= 4000",
    # topics
    "kettle under 60 >> socks": "type = socks",
    "kettle under 60 >> socks size L >> back to the kettle": "type = kettle; price <= 6000",
    "kettle under 60 >> socks size L >> back to the kettle >> socks": "type = socks; size = L",
    "kettle under 60 >> socks >> the kettle, not red": "type = kettle; price <= 6000; color != red",
    "red kettle >> headphones >> puzzle >> kettle": "type = kettle; color = red",
    # what changes nothing
    "kettle under 60 >> thanks!": "type = kettle; price <= 6000",
    "kettle under 60 >> is it loud?": "type = kettle; price <= 6000",
    "kettle under 60 >> more": "type = kettle; price <= 6000",
    "kettle under 60 >> save the first one": "type = kettle; price <= 6000",
    "kettle under 60 >> under 60": "type = kettle; price <= 6000",
}  # fmt: skip


@pytest.mark.parametrize(("turns", "expected"), FOLDS.items(), ids=FOLDS.keys())
def test_turns_add_up_to_what_is_wanted_now(turns: str, expected: str, words: Vocabulary) -> None:
    assert sorted(map(written, folded(turns, words).constraints)) == table(expected)


def test_the_sort_stays_until_another_or_none_is_asked_for(words: Vocabulary) -> None:
    assert folded("cheapest kettle >> not red", words).sort == Sort("price")
    assert folded("cheapest kettle >> best rated", words).sort == Sort("rating", True)
    assert folded("cheapest kettle >> forget the sort", words).sort is None
    assert folded("cheapest kettle >> socks", words).sort is None


def test_every_turn_counts_and_the_moment_before_stays_as_it_was(words: Vocabulary) -> None:
    first = folded("kettle under 60", words)
    before = first.to_json()
    second = first.fold(understand("forget the budget", first, words))
    assert (first.turn, second.turn) == (1, 2)
    assert first.to_json() == before
    assert second != first
    with pytest.raises(FrozenInstanceError):
        first.turn = 5  # type: ignore[misc]


def test_only_wishes_and_hopes_are_soft(words: Vocabulary) -> None:
    moment = folded("quiet kettle under 60, ideally not Cove", words)
    assert {written(c) for c in moment.hard} == {"type = kettle", "price <= 6000"}
    assert {written(c) for c in moment.soft} == {"wish contains quiet?", "brand != Cove?"}
    assert moment.topic == ("kettle",)


def test_the_chips_read_as_the_shopper_would_say_it(words: Vocabulary) -> None:
    moment = folded("quiet kettle under $60, not white, at least 1.5 l, cheapest first", words)
    labels = [chip.label for chip in moment.chips()]
    assert labels[0] == "kettle"
    assert labels[-2:] == ["quiet (wish)", "cheapest first"]
    assert set(labels[1:-2]) == {"≤ $60", "not white", "≥ 1.5 l"}
    assert [chip.hard for chip in moment.chips()] == [True] * 4 + [False, True]


CHIPS = {
    "kettle between 20 and 50 euros": {"≥ €20", "≤ €50"},
    "kettle around $50": {"about $50 (wish)"},
    "headphones at least 4 stars": {"≥ 4 stars"},
    "wireless headphones": {"wireless"},
    "headphones that are not wireless": {"not wireless"},
    "kettle by Cove or Brisa": {"Cove or Brisa"},
    "socks size L": {"size L"},
    "kettle without a handle": {"no handle"},
    "kettle in stock": {"in stock"},
    "kettle on sale": {"on sale"},
    "kettle at least 20% off": {"≥ 20% off"},
    "socks, preferably cotton": {"cotton (wish)"},
}


@pytest.mark.parametrize("text", CHIPS)
def test_a_chip_says_the_demand_in_a_few_words(text: str, words: Vocabulary) -> None:
    labels = {chip.label for chip in folded(text, words).chips()}
    assert CHIPS[text] <= labels


def test_taking_a_chip_away_removes_that_demand_and_no_other(words: Vocabulary) -> None:
    moment = folded("red kettle under 60, not plastic", words)
    for chip in moment.chips():
        assert chip.constraint is not None
        left = moment.without(chip.constraint)
        assert set(left.constraints) == set(moment.constraints) - {chip.constraint}


@pytest.mark.parametrize("turns", [*FOLDS, "cheapest wireless headphones under 99.99 €"])
def test_a_moment_survives_json(turns: str, words: Vocabulary) -> None:
    moment = folded(turns, words)
    back = Moment.from_json(moment.to_json())
    assert [written(c) for c in back.constraints] == [written(c) for c in moment.constraints]
    assert (back.sort, back.turn, back.hard) == (moment.sort, moment.turn, moment.hard)
    record = moment.to_json()
    assert record["chips"] == [chip.label for chip in moment.chips()]


def test_prices_are_in_major_units_in_json(words: Vocabulary) -> None:
    record = folded("kettle under $49.99", words).to_json()
    (price,) = [c for c in record["constraints"] if c["field"] == "price"]
    assert (price["value"], price["unit"], price["op"]) == (49.99, "USD", "<=")
    yen = folded("kettle under 500 yen", words).to_json()
    assert [c["value"] for c in yen["constraints"] if c["field"] == "price"] == [500]


@pytest.mark.parametrize(
    "text",
    ["save the second one", "cheaper, and bigger", "red kettle under $60, ideally not Cove",
     "forget the budget", "the quietest kettle", "blue is fine too", "wool-free socks, size L", ""],
)  # fmt: skip
def test_an_intent_survives_json(text: str, words: Vocabulary) -> None:
    intent = read(text, words, Context(has_wants=True))
    assert Intent.from_json(intent.to_json()) == intent


def _contradictions(moment: Moment) -> list[tuple[str, str]]:
    """Pairs of hard constraints that no product could meet together."""
    found = []
    for a in moment.hard:
        for b in moment.hard:
            if a is b or a.field != b.field or a.unit != b.unit:
                continue
            low = a.op is Op.GE and b.op in (Op.LE, Op.EQ)
            if low and a.number is not None and b.number is not None and a.number > b.number:
                found.append((written(a), written(b)))
            if a.op is Op.EQ and b.op is Op.NE and set(a.words) & set(b.words):
                found.append((written(a), written(b)))
    return found


_CORNER = Vocabulary.build(corner_shop())
_PIECES = (
    "kettle", "red", "not red", "white or black", "under 60", "over 80", "under $20", "between 10 and 30", "around 50",
    "at least 1.5 l", "under 1 litre", "cheaper", "bigger", "forget the budget", "any colour", "blue is fine too", "socks",
    "size L", "not wool", "start over", "save the first one", "more", "quiet", "the cheapest", "back to the kettle",
    "wireless", "not wireless", "at least 4 stars", "by Cove", "not Cove", "ideally cotton", "thanks", "is it loud?",
    "12,5", "€", "-", "no", "not", "and", ",", "or", "?", "the second one", "for my dad", "gift", "in stock",
)  # fmt: skip
_UTTERANCES = st.one_of(
    st.lists(st.sampled_from(_PIECES), min_size=1, max_size=5).map(" ".join),
    st.text(max_size=60),
)


@settings(max_examples=120, deadline=None, derandomize=True)
@given(st.lists(_UTTERANCES, min_size=1, max_size=6))
def test_no_sequence_of_utterances_breaks_the_moment(texts: list[str]) -> None:
    moment = Moment()
    for text in texts:
        intent = understand(text, moment, _CORNER)
        assert all(c.span in intent.text for c in intent.constraints)
        later = moment.fold(intent)
        assert later.turn == moment.turn + 1
        moment = later
        assert not _contradictions(moment)
        assert (
            len({c.label for c in moment.chips()}) >= len({c.field for c in moment.constraints}) - 1
        )
        record = moment.to_json()
        assert Moment.from_json(record).to_json() | {"parked": record["parked"]} == record


_VALUES: dict[str, Any] = {
    "price": st.integers(0, 10_000).map(float),
    "capacity": st.floats(0, 5, allow_nan=False),
    "color": st.lists(st.sampled_from(["red", "blue", "white"]), min_size=1, max_size=2).map(tuple),
    "keep_warm": st.booleans(),
    WISH: st.sampled_from([("quiet",), ("for my dad",)]),
    TEXT: st.sampled_from([("handle",), ("lid",)]),
}


@st.composite
def _constraints(draw: st.DrawFn) -> Constraint:
    field = draw(st.sampled_from(sorted(_VALUES)))
    if field in ("price", "capacity"):
        op = draw(st.sampled_from([Op.LE, Op.GE, Op.EQ]))
    elif field == TEXT:
        op = Op.NOT_CONTAINS
    else:
        op = draw(st.sampled_from([Op.EQ, Op.NE])) if field == "color" else Op.EQ
    unit = "l" if field == "capacity" else None
    return Constraint(field, op, draw(_VALUES[field]), unit, hard=field != WISH)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.lists(st.tuples(_constraints(), st.booleans()), max_size=8))
def test_the_newest_demand_always_stands_and_contradicts_nothing(
    turns: list[tuple[Constraint, bool]],
) -> None:
    moment = Moment()
    for constraint, widens in turns:
        moment = moment.fold(Intent("", Act.REFINE, (constraint,), widens=widens))
        kept = [c for c in moment.constraints if c.field == constraint.field]
        if widens:
            wanted = {w for c in kept if not c.op.negative for w in c.words}
            refused = {w for c in kept if c.op.negative for w in c.words}
            assert constraint.op.negative or not refused & set(constraint.words)
            assert constraint.op.negative or not wanted or set(constraint.words) <= wanted
        else:
            assert constraint in kept
        assert not _contradictions(moment)
