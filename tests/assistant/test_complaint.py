"""A complaint about what is shown: answered from the record, nothing demanded is lost."""

from __future__ import annotations

import pytest

from tests.assistant.conftest import Converse
from tests.assistant.promises import say


def _place(title: str, shown: list[str]) -> str:
    return ("first", "second", "third", "fourth", "fifth", "sixth")[
        next(i for i, t in enumerate(shown) if title in t)
    ]


@pytest.mark.parametrize(
    ("wanted", "title", "complaint", "told", "demands"),
    [
        ("kettle", "Brisa steel", "the {} one is silver though", "You are right about Brisa steel kettle 1.7 l: colour silver.", {"kettle", "not silver"}),
        ("wireless headphones", "Ondo Air", "the {} has a cord, i said without", "doesn't say “cord”", {"headphones", "wireless"}),
        ("kettle", "Halden Hush", "the {} one is 1 litre, I said at least 1.5 l", "misses what you asked: capacity 1 l, 0.5 l smaller", {"kettle", "≥ 1.5 l"}),
        ("kettle", "Halden Hush", "why is the {} one here its white", "You are right about Halden Hush kettle 1 l", {"kettle", "not white"}),
    ],
)  # fmt: skip
def test_what_is_complained_of_is_left_out_and_the_demands_stay(
    converse: Converse, wanted: str, title: str, complaint: str, told: str, demands: set[str]
) -> None:
    shop = converse()
    shown = [r.product.title for r in say(shop, wanted).recommendations]
    place = _place(title, shown)
    reply = say(shop, complaint.format(place))
    assert told in reply.text
    assert all(title not in r.product.title for r in reply.recommendations)
    assert {c.label for c in shop.moment.chips()} == demands
    again = say(shop, "with good reviews")
    assert all(title not in r.product.title for r in again.recommendations)


@pytest.mark.parametrize(
    ("wanted", "title", "complaint", "told", "demands"),
    [
        ("kettle", "Halden Hush", "but the {} is black, i said no black!", "The record of Halden Hush kettle 1 l says otherwise: colour white, not black.", {"kettle", "not black"}),
        ("kettle under 60", "Halden Hush", "the {} one is a toaster", "filed under kettle, not toaster", {"kettle", "≤ $60"}),
        ("kettle", "Halden Hush", "why is the {} one here, it's made of steel", "The record of Halden Hush kettle 1 l says otherwise", {"kettle"}),
    ],
)  # fmt: skip
def test_what_the_record_denies_leaves_nothing_out(
    converse: Converse, wanted: str, title: str, complaint: str, told: str, demands: set[str]
) -> None:
    shop = converse()
    shown = [r.product.title for r in say(shop, wanted).recommendations]
    reply = say(shop, complaint.format(_place(title, shown)))
    assert told in reply.text
    assert "leave" not in reply.text
    assert any(title in r.product.title for r in reply.recommendations)
    assert shop.moment.left_out == ()
    assert {c.label for c in shop.moment.chips()} == demands


@pytest.mark.parametrize(
    "text",
    ["these two are red, i said no red", "two of them are red, i said no red!", "both are red, I said not red", "it's red, i said no red"],
)  # fmt: skip
def test_said_of_several_it_is_of_all_it_fits(converse: Converse, text: str) -> None:
    shop = converse()
    shown = say(shop, "kettle under 60").recommendations
    red = [r.product.id for r in shown if r.product.attributes.get("color") == "red"]
    assert len(red) == 2 and shown[0].product.id not in red
    reply = say(shop, text)
    assert "Of these six the record says “red” of Cove" in reply.text
    assert sorted(shop.moment.left_out) == sorted(red)
    assert {c.label for c in shop.moment.chips()} == {"kettle", "≤ $60", "not red"}


def test_where_it_went_is_told(converse: Converse) -> None:
    shop = converse()
    say(shop, "kettle")
    say(shop, "the halden grand is white though")
    assert "left out" in say(shop, "why isn't the Halden Grand here?").text


def test_of_all_that_is_shown_those_it_is_true_of_are_left_out(converse: Converse) -> None:
    shop = converse()
    say(shop, "kettle")
    reply = say(shop, "they are all plastic, i said no plastic")
    assert {c.label for c in shop.moment.chips()} == {"kettle", "not plastic"}
    assert "I leave" in reply.text
    shop = converse()
    say(shop, "steel kettle")
    assert "are what you asked for" in say(shop, "why do you show me steel ones?").text
    assert {c.label for c in shop.moment.chips()} == {"kettle", "steel"}


def test_a_card_that_is_not_there_is_told(converse: Converse) -> None:
    shop = converse()
    say(shop, "wide jeans")
    assert "shown here" in say(shop, "number 9 is blue!!").text


@pytest.mark.parametrize(
    "text",
    ["the first one is great", "the second one is quirky, stash it", "they are for my son", "it has to be red", "is the second red?", "why is the first one on top?", "that's perfect, thanks", "the first one is nice but bigger please", "these would be a gift",
     "it's steel she's into!", "its red he wants!"],
)  # fmt: skip
def test_what_finds_no_fault_leaves_nothing_out(converse: Converse, text: str) -> None:
    shop = converse()
    say(shop, "kettle")
    assert say(shop, text).intent.left_out == ()
    assert shop.moment.left_out == ()


def test_saying_what_a_card_has_demands_nothing(converse: Converse) -> None:
    shop = converse()
    shown = [r.product.id for r in say(shop, "kettle").recommendations]
    reply = say(shop, "the first one has a whistle")
    assert [r.product.id for r in reply.recommendations] == shown
    assert {c.label for c in shop.moment.chips()} == {"kettle"}


@pytest.mark.parametrize(
    ("wanted", "text"),
    [
        ("kettle under 60", "why is the {} one there, it's 49"),
        ("kettle under 60", "the {} one is 49 dollars!"),
        ("kettle under 60", "the {} is 49 dollars, too much"),
    ],
)
def test_a_price_said_back_is_no_limit_and_leaves_the_card(
    converse: Converse, wanted: str, text: str
) -> None:
    shop = converse()
    shown = [r.product.title for r in say(shop, wanted).recommendations]
    reply = say(shop, text.format(_place("Halden Hush", shown)))
    assert [r.product.title for r in reply.recommendations] == shown
    assert {c.label for c in shop.moment.chips()} == {"kettle", "≤ $60"}
    assert "Halden Hush kettle 1 l: price $49.00; within your limit." in reply.text


def test_what_is_too_much_of_something_unmeasured_is_left_out_and_nothing_demanded(
    converse: Converse,
) -> None:
    shop = converse()
    shown = [r.product for r in say(shop, "kettle").recommendations]
    before = shop.moment.hard
    reply = say(shop, "the second one is too fussy, what else?")
    assert reply.intent.left_out == (shown[1].id,)
    assert shown[1].id not in [r.product.id for r in reply.recommendations]
    assert shop.moment.hard == before
    assert say(shop, "the first is too expensive").intent.left_out == ()
