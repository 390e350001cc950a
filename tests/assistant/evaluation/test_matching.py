"""When what was read is what was meant."""

from __future__ import annotations

import pytest

from assistant.evaluation.matching import (
    assign,
    same,
    same_clears,
    same_question,
    same_references,
)
from assistant.evaluation.notation import AnyOf, parse_constraint, parse_reference
from assistant.evaluation.shelf import Shelf
from assistant.intent import Constraint, Op, Reference
from retrieval.index import Index


def c(field: str, op: str, value: object, unit: str | None = None, hard: bool = True) -> Constraint:
    words = (value,) if isinstance(value, str) else value
    return Constraint(field, Op(op), words, unit, hard)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("gold", "got"),
    [
        ("price <= 60", c("price", "<=", 6000.0, "USD")),
        ("price <= 60", c("price", "<", 6000.0, "USD")),
        ("price <= 60", c("price", "<=", 60.0, "JPY")),
        ("price <= 100", c("price", "<=", 10050.0)),
        ("price < shown", c("price", "<", 1234.0, "USD")),
        ("capacity >= 1.5 l", c("capacity", ">=", 1500.0, "ml")),
        ("pieces >= 500", c("pieces", ">=", 500.0, "pc")),
        ("color = grey", c("color", "contains", "Gray")),
        ("color = blue | green", c("color", "=", ("green", "blue"))),
        ("type = kettles", c("category", "=", "Kettle")),
        ("size = 8", c("size", "=", "8")),
        ("wireless = true", c("wireless", "=", True)),
        ("text contains keep warm", c("keep_warm", "=", True)),
        ("text lacks keep warm", c("keep_warm", "=", False)),
        ("text lacks keep warm", c("keep_warm", "!=", True)),
        ("keep_warm = true", c("text", "contains", "keep warm")),
        ("text contains duck", c("flavour", "=", "duck")),
        ("text lacks duck", c("flavour", "!=", "duck")),
        ("wish: for a small kitchen", c("wish", "contains", "small kitchen", hard=False)),
        ("wish: doesn't wake the baby", c("wish", "contains", "won't wake the baby", hard=False)),
    ],
)
def test_is_the_same(gold: str, got: Constraint, shelf: Shelf) -> None:
    assert same(parse_constraint(gold), got, shelf)


@pytest.mark.parametrize(
    ("gold", "got"),
    [
        ("price <= 60", c("price", ">=", 6000.0, "USD")),
        ("price <= 60", c("price", "<=", 6200.0, "USD")),
        ("price <= 60", c("price", "<=", 6000.0, "USD", hard=False)),
        ("price < shown", c("price", ">", 1234.0, "USD")),
        ("capacity >= 1.5 l", c("capacity", ">=", 1.5, "kg")),
        ("capacity >= 1.5 l", c("capacity", ">=", 1.5)),
        ("color = blue | green", c("color", "=", "blue")),
        ("color != red", c("color", "=", "red")),
        ("color = blue", c("text", "contains", "blue")),
        ("wireless = true", c("wireless", "=", False)),
        ("wireless = true", c("wireless", "=", "yes")),
        ("text contains keep warm", c("keep_warm", "=", False)),
        ("wish: quiet", c("noise", "<=", 50.0, "dB")),
        ("wish: for my dad who fishes", c("wish", "contains", "for camping", hard=False)),
        ("type = kettle", c("type", "=", "puzzle")),
    ],
)
def test_is_not_the_same(gold: str, got: Constraint, shelf: Shelf) -> None:
    assert not same(parse_constraint(gold), got, shelf)


def test_hard_and_soft_may_be_left_aside() -> None:
    soft = c("color", "=", "blue", hard=False)
    assert not same(parse_constraint("color = blue"), soft)
    assert same(parse_constraint("color = blue"), soft, strict=False)
    assert same(parse_constraint("~color = blue"), soft)


def test_two_names_of_one_shelf_are_one_type(shelf: Shelf) -> None:
    hot_drinks = c("type", "=", "Hot drinks")
    assert same(parse_constraint("type = kettle"), hot_drinks, shelf)
    assert not same(parse_constraint("type = kettle"), hot_drinks)
    assert not same(parse_constraint("type = kettle"), c("type", "=", "Fashion"), shelf)
    assert not same(parse_constraint("type = canoe"), c("type", "=", "kayak"), shelf)


def test_a_currency_nothing_is_priced_in_is_read_in_the_shops_own(
    shelf: Shelf, harbour: Index
) -> None:
    euros = parse_constraint("price <= 60 EUR")
    assert same(euros, c("price", "<=", 6000.0, "USD"), shelf)
    assert not same(euros, c("price", "<=", 6000.0, "GBP"), shelf)
    assert not same(euros, c("price", "<=", 6000.0, "JPY"), Shelf(harbour))


def entries(*lines: str | list[str]) -> list[AnyOf]:
    listed = [[line] if isinstance(line, str) else line for line in lines]
    return [AnyOf(tuple(map(parse_constraint, readings))) for readings in listed]


def test_every_entry_takes_one_constraint_and_what_is_left_is_made_up() -> None:
    gold = entries("type = kettle", "color != red | pink", "?wish: nice")
    got = [c("color", "!=", "red"), c("color", "!=", "pink"), c("price", "<=", 6000.0)]
    read = assign(gold, got)
    assert read.counts == (2, 1, 1)
    assert [e.field for e in read.missed] == ["type"]
    assert [x.field for x in read.spare] == ["price"]
    assert not read.exact


def test_what_is_optional_counts_neither_way() -> None:
    gold = entries("type = kettle", "?wish: nice")
    kettle, nice = c("type", "=", "kettle"), c("wish", "contains", "nice", hard=False)
    for got in ([kettle], [kettle, nice]):
        assert assign(gold, got).exact
        assert assign(gold, got).counts == (1, 0, 0)


def test_no_order_of_the_entries_loses_a_pair() -> None:
    either = ["color = blue", "color = green"]
    got = [c("color", "=", "blue"), c("color", "=", "green")]
    assert assign(entries(either, "color = blue"), got).exact
    assert assign(entries("color = blue", either), got).exact
    assert assign(entries("?color = blue", either), got[:1]).missed == ()


def test_references_point_at_the_same_items() -> None:
    def gold(*texts: str) -> list[list[Reference]]:
        return [[parse_reference(t) for t in text.split(" or ")] for text in texts]

    first, third = Reference("position", "1"), Reference("position", "3", "the third")
    assert same_references(gold("position 3", "position 1"), [first, third])
    assert same_references(gold("position -1"), [third], shown=3)
    assert not same_references(gold("position -1"), [third], shown=4)
    assert not same_references(gold("position 1"), [first, third])
    assert same_references(gold("this or position 3"), [third])
    assert same_references(gold("match blue"), [Reference("match", "the blue ones")])
    assert same_references(gold("past_order"), [Reference("past_order", "dog treats")])
    assert not same_references(gold("past_order socks"), [Reference("past_order", "dog treats")])
    assert same_references(gold("extreme price-"), [Reference("extreme", "price:-1")])


def test_what_is_dropped_and_what_is_asked() -> None:
    assert same_clears(["price", "value:navy"], ["value:Navy", "price"])
    assert same_clears(["wireless"], ["value:wireless"])
    assert not same_clears(["*"], ["price"])
    assert same_question("battery_life", "battery life")
    assert same_question("noise", "noise loud")
    assert not same_question("noise", None)
