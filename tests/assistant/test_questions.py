"""The one question back: worth asking, answerable, never twice."""

from __future__ import annotations

import pytest

from assistant.intent import Constraint, Op
from assistant.moment import Moment
from assistant.questions import Asked, choose_question
from assistant.reply import Question
from retrieval.index import Index

KETTLE = Constraint("type", Op.EQ, ("kettle",))


def _ask(index: Index, *constraints: Constraint, asked: tuple[str, ...] = ()) -> Asked | None:
    moment = Moment((KETTLE, *constraints))
    return choose_question(index, moment, index.count(moment.hard)[0], asked)


def test_every_answer_leaves_something_and_not_everything(corner: Index) -> None:
    asked = _ask(corner)
    assert asked is not None
    total = corner.count((KETTLE,))[0]
    demands = [m for m in asked.meanings.values() if m is not None]
    assert len(demands) >= 2
    for demand in demands:
        assert 0 < corner.count((KETTLE, demand))[0] < total
    assert tuple(asked.meanings) == asked.question.options


def test_asking_goes_on_with_another_field_until_none_is_left(corner: Index) -> None:
    asked: list[str] = []
    while (found := _ask(corner, asked=tuple(asked))) is not None:
        assert found.question.field not in asked
        asked.append(found.question.field)
        assert len(asked) < 20
    assert asked


def test_what_was_said_is_not_asked(corner: Index) -> None:
    first = _ask(corner)
    assert first is not None
    said = next(m for m in first.meanings.values() if m is not None)
    loose = Constraint(said.field, Op.GE, 0.0, said.unit)
    again = _ask(corner, loose)
    assert again is None or again.question.field != said.field


def test_nothing_is_asked_of_a_handful_or_without_a_type(corner: Index) -> None:
    assert _ask(corner, Constraint("price", Op.LE, 3000.0, "USD")) is None
    assert choose_question(corner, Moment(), 41, ()) is None


CAPACITY = Asked(
    Question("Capacity: up to 1 l, or more?", ("up to 1 l", "more than 1 l", "doesn't matter"), "capacity"),
    {
        "up to 1 l": Constraint("capacity", Op.LE, 1.0, "l"),
        "more than 1 l": Constraint("capacity", Op.GE, 1.2, "l"),
        "doesn't matter": None,
    },
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "option"),
    [
        ("up to 1 l", "up to 1 l"),
        ("Up to 1 L.", "up to 1 l"),
        ("more", "more than 1 l"),
        ("bigger", "more than 1 l"),
        ("less please", None),
        ("more than 1 l", "more than 1 l"),
        ("doesn't matter", "doesn't matter"),
        ("it doesn't matter", "doesn't matter"),
        ("any", "doesn't matter"),
        ("no preference", "doesn't matter"),
        ("not red", None),
        ("", None),
        ("show me socks", None),
        ("no, the navy one", None),
    ],
)
def test_an_answer_is_recognised_and_other_talk_is_not(text: str, option: str | None) -> None:
    answered = CAPACITY.answer(text)
    if text == "less please":
        assert answered is None or answered[0] == "up to 1 l"
        return
    assert (answered[0] if answered else None) == option
    if answered:
        assert answered[1] == CAPACITY.meanings[answered[0]]
