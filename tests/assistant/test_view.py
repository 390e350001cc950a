"""What an utterance points at, of what is before the shopper."""

from __future__ import annotations

import pytest

from assistant.checkout import Checkout
from assistant.intent import Act, Intent, Reference
from assistant.moment import Moment
from assistant.reply import Recommendation
from assistant.view import View
from catalog.product import Product
from retrieval.index import Index

SHOWN = [Product(f"p{n}", f"Lamp {n}", price=100 * n, currency="USD") for n in (3, 2, 1)]


@pytest.fixture
def view() -> View:
    made = View()
    made.show([Recommendation(p, n, 0.0, {}) for n, p in enumerate(SHOWN, 1)], Moment())
    return made


def pointed(view: View, *references: Reference) -> list[str]:
    return [p.id for p in view.meant(Intent("", Act.ASK, references=references))]


def test_a_comparison_chooses_among_those_last_compared(view: View) -> None:
    cheaper = Reference("extreme", "price:-1", "the cheaper one")
    cheapest = Reference("extreme", "price:-1", "the cheapest one")
    assert pointed(view, cheaper) == ["p1"]
    view.compared = tuple(SHOWN[:2])
    assert pointed(view, cheaper) == ["p2"]
    assert pointed(view, cheapest) == ["p1"]
    assert pointed(view, Reference("extreme", "price:-1:1,3", "the cheaper of 1 and 3")) == ["p1"]


def test_what_was_compared_is_forgotten_with_the_page(view: View) -> None:
    view.compared = tuple(SHOWN[:2])
    view.show([Recommendation(SHOWN[2], 1, 0.0, {})], Moment())
    assert view.compared == ()


def test_what_is_not_in_the_cart_is_not_taken_out_of_it(view: View, corner: Index) -> None:
    checkout = Checkout(corner, view)
    checkout.cart.put(SHOWN[0], 1, more=False)
    other = Intent(
        "take the other one out", Act.REMOVE_FROM_CART, references=(Reference("match", "other"),)
    )
    assert checkout.remove(other, Moment(), []).text == "Only Lamp 3 is in your cart."
    assert checkout.cart.products == [SHOWN[0]]


def test_a_plural_that_all_shown_carry_means_all_of_them(view: View) -> None:
    assert pointed(view, Reference("match", "lamps", "the lamps")) == ["p3", "p2", "p1"]
    assert pointed(view, Reference("match", "lamp", "the lamp")) == []


def test_one_of_what_all_shown_are_is_asked_for(view: View) -> None:
    intent = Intent("the lamp", Act.ASK, references=(Reference("match", "lamp", "the lamp one"),))
    assert "None of what is shown" not in view.which("ask about", intent).text
