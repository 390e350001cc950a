"""Whom a thing is wanted for, and what is made for somebody else."""

from __future__ import annotations

import pytest

from assistant.audience import Audience, audience_of, made_for, made_for_others
from assistant.intent import Constraint, Op
from assistant.moment import Moment
from catalog.constraint import WISH
from catalog.product import AttributeValue, Measure, Product


def wished(*wishes: str) -> Moment:
    return Moment(tuple(Constraint(WISH, Op.CONTAINS, (w,), hard=False) for w in wishes))


@pytest.mark.parametrize(
    ("wish", "audience"),
    [
        ("for my boyfriend", Audience("male", True)),
        ("for my mum's kitchen", Audience("female", True)),
        ("for my daughter", Audience("female")),
        ("for a baby girl", Audience("female", False)),
        ("for our puppy", Audience(stage="puppy")),
        ("for my wife and son", Audience(grown=True)),
        ("for the kitchen", Audience()),
        ("like my dad's", Audience()),
    ],
)
def test_an_audience_is_whom_a_wish_names(wish: str, audience: Audience) -> None:
    assert audience_of(wished(wish)) == audience


def test_a_gender_that_was_demanded_needs_no_person() -> None:
    demanded = Constraint("gender", Op.EQ, ("women",))
    moment = Moment((*wished("for my dad").constraints, demanded))
    assert audience_of(moment).sex is None


@pytest.mark.parametrize(
    ("held", "wish", "told"),
    [
        ({"gender": "women"}, "for my husband", "for women"),
        ({"gender": "men"}, "for my husband", None),
        ({"gender": "unisex"}, "for my husband", None),
        ({"gender": ("men", "women")}, "for my husband", None),
        ({}, "for my husband", None),
        ({"kids": True}, "for my husband", "for kids"),
        ({"kids": True}, "for my son", None),
        ({"life_stage": "adult"}, "for a puppy", "life stage adult"),
        ({"life_stage": "all ages"}, "for a puppy", None),
    ],
)
def test_what_is_made_for_somebody_else_says_so_in_its_record(
    held: dict[str, AttributeValue], wish: str, told: str | None
) -> None:
    found = made_for_others(Product("p", "Thing", attributes=held), audience_of(wished(wish)))
    assert (found[1] if found else None) == told


def test_an_age_it_ends_at_speaks_against_an_older_child() -> None:
    seven = Moment((Constraint("age_from", Op.LE, 7.0, "year"),))
    toy = Product("t", "Toy", attributes={"age_to": Measure(6, "year")})
    assert made_for_others(toy, audience_of(seven)) == ("age_to", "only up to age 6")
    older = Product("t", "Toy", attributes={"age_to": Measure(96, "month")})
    assert made_for_others(older, audience_of(seven)) is None


def test_what_is_made_for_just_them_says_so() -> None:
    men = Product("p", "Shirt", attributes={"gender": "men"})
    assert made_for(men, audience_of(wished("for my dad"))) == ("gender", "for men")
    assert made_for(men, audience_of(wished("for my sister"))) is None
