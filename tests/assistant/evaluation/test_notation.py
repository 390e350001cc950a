"""The notation of the dialogues: what it says, that it can be written back, what it refuses."""

from __future__ import annotations

import pytest

from assistant.evaluation.notation import (
    as_gold,
    parse_constraint,
    parse_reference,
    parse_sort,
    write_constraint,
    write_reference,
    write_sort,
)
from assistant.intent import Constraint, Op, Reference, Sort
from catalog.errors import UsageError

WRITTEN = (
    "type = kettle", "price <= 60", "price <= 60 EUR", "~price = 300", "price < shown", "capacity >= 1.5 l",
    "color = blue | green", "color != red | pink", "waterproof = true", "text lacks peanuts", "text contains 2 l",
    "wish: for a small kitchen", "?wish: nice", "?~color = blue", "size = 8", "size = 8 wide", "stock >= 1",
    "brand != Bark & Co", "scale = 1:43", "wish: a = b, roughly", "room_size >= 45 m2",
)  # fmt: skip


@pytest.mark.parametrize("text", WRITTEN)
def test_what_is_read_can_be_written_back(text: str) -> None:
    assert write_constraint(parse_constraint(text)) == text


def test_a_constraint_says_field_operator_value_and_how_firmly() -> None:
    gold = parse_constraint(" ?~ noise cancelling = true ")
    assert (gold.field, gold.op, gold.flag) == ("noise_cancelling", Op.EQ, True)
    assert (gold.hard, gold.optional) == (False, True)
    litres = parse_constraint("capacity >= 1.5 litres")
    assert (litres.number, litres.unit, litres.hard) == (1.5, "l", True)
    assert parse_constraint("price <= 1,500").number == 1500
    assert parse_constraint("price < shown").relative
    assert not parse_constraint("wish: quiet").hard


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("kettle", "no constraint"),
        ("price <= sixty", "takes one number"),
        ("price <= 60 bucks", "no ISO currency code"),
        ("noise <= 50 or so", "is no unit"),
        ("wish = quiet", "wish: words"),
        ("text = lid", "text contains"),
        ("color = red |", "before or after"),
    ],
)
def test_what_makes_no_sense_is_refused_with_what_to_write(text: str, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        parse_constraint(text)


def test_references_and_orders() -> None:
    for text in ("position 2", "position -1", "match blue", "this", "all", "extreme price-", "extreme price- of 2,-1", "extremes price- 2", "past_order treats", "past_order"):  # fmt: skip
        assert write_reference(parse_reference(text)) == text
    assert parse_reference("extreme rating+") == Reference("extreme", "rating:+1")
    for wrong in ("second", "position two", "extreme price", "this one", "match"):
        with pytest.raises(UsageError):
            parse_reference(wrong)
    assert parse_sort("-rating") == Sort("rating", True)
    assert write_sort(Sort("price")) == "price"
    with pytest.raises(UsageError, match="cheapest first"):
        parse_sort("cheapest first")


def test_the_extreme_of_the_reader_is_the_extreme_of_the_notation() -> None:
    assert write_reference(Reference("extreme", "price:-1")) == "extreme price-"
    assert write_reference(Reference("extreme", "rating:1")) == "extreme rating+"
    assert write_reference(Reference("extreme", "price:-1:2,3")) == "extreme price- of 2,3"
    assert write_reference(Reference("extremes", "price:-1:2")) == "extremes price- 2"
    for wrong in ("extreme price- 2", "extremes price-", "extremes price- of 1,2"):
        with pytest.raises(UsageError, match="the two cheapest"):
            parse_reference(wrong)


def test_what_the_program_read_is_written_as_a_person_would() -> None:
    limit = Constraint("price", Op.LE, 6000.0, "USD", span="under 60")
    assert write_constraint(as_gold(limit)) == "price <= 60 USD"
    assert write_constraint(as_gold(limit, spoken=True)) == "price <= 60"
    named = Constraint("price", Op.LE, 6000.0, "EUR", span="under 60€")
    assert write_constraint(as_gold(named, spoken=True)) == "price <= 60 EUR"
    assert write_constraint(as_gold(Constraint("wireless", Op.EQ, False))) == "wireless = false"
    wish = Constraint("wish", Op.CONTAINS, ("quiet",), hard=False)
    assert write_constraint(as_gold(wish)) == "wish: quiet"


def test_a_gold_constraint_becomes_the_demand_products_are_judged_by() -> None:
    assert parse_constraint("price <= 60").constraint("JPY") == Constraint(
        "price", Op.LE, 60.0, "JPY"
    )
    assert parse_constraint("price <= 60 EUR").constraint("USD") == Constraint(
        "price", Op.LE, 6000.0, "EUR"
    )
    size = parse_constraint("size = 8")
    assert size.constraint() == Constraint("size", Op.EQ, ("8",))
    assert size.constraint(numeric={"size"}) == Constraint("size", Op.EQ, 8.0)
    assert parse_constraint("type = kettle").constraint() == Constraint(
        "type", Op.CONTAINS, ("kettle",)
    )
    assert parse_constraint("price < shown").constraint() is None
