"""The checkout: orders of what is shown and of what is in the cart, carried out and told."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from assistant import items
from assistant.cart import Cart, limit_text, most_of
from assistant.conditions import (
    Condition,
    borne_out,
    condition_of,
    demands_of,
    exactly,
    lots_meant,
    meant_by,
    told_of,
)
from assistant.intent import Intent
from assistant.moment import Moment
from assistant.phrasing import joined, short_price, short_title
from assistant.reader.about_items import asks_price
from assistant.reader.counts import count_corrected, count_ordered, lots_ordered, orders_each
from assistant.reply import Outcome
from assistant.view import View
from catalog.product import Product
from catalog.text import tokens
from catalog.verdict import Verdict
from retrieval.index import Index

_OF_THOSE: Final = re.compile(r"\bof\s+(?:those|these|them|'?em)\b")

Order = Callable[[Intent, Moment, list[Product]], Outcome]
"""What carries out an intent about the products meant, with what is wanted besides."""


class Checkout:
    """The cart of one conversation, and the orders that fill and empty it."""

    def __init__(self, index: Index, view: View) -> None:
        self._index = index
        self._view = view
        self.cart = Cart()

    def heard(self, text: str, moment: Moment) -> Outcome | None:
        """What came of an order whose words alone say what and how many: several shown items each with
        its own number, or another number than was put into the cart.
        """
        shown = [r.product for r in self._view.cards(moment)]
        if meant := lots_meant(lots_ordered(text), shown):
            more = (count_ordered(text) or (0, False))[1]
            there = [(p, n) for p, n in meant if p.stock != 0]
            short = [p for p, n in there if self.cart.put(p, n, more=more)]
            return self._told([p for p, _ in meant], short, text)
        lot = count_corrected(text)
        if lot is None or not self.cart.ids:
            return None
        in_cart = self.cart.products
        if lot.words:
            named = meant_by(lot.words, shown) or meant_by(lot.words, in_cart)
            chosen = [named] if named in in_cart else []
        else:
            held = [p for p in in_cart if self.cart.held(p) == lot.was]
            chosen = held if len(held) == 1 else list(self._view.ordered)
        if len(chosen) == 1:
            short = [p for p in chosen if p and self.cart.put(p, lot.count, more=False)]
            return self._told([p for p in chosen if p], short, text)
        if not lot.words and (chosen or lot.was):
            return Outcome(f"Which one? In your cart: {self.cart.listed()}.")
        return None

    def add(self, intent: Intent, moment: Moment, meant: list[Product]) -> Outcome:
        """Put into the cart what is meant, as many as are ordered."""
        counted = count_ordered(intent.text)
        placed = any(r.kind not in ("this", "all", "match") for r in intent.references)
        each = orders_each(intent.text) and not placed
        if each:
            meant = self._view.products
        elif counted and all(r.kind == "all" for r in intent.references):
            # "two of those" are two of the item spoken of
            meant = []
        elif counted and not placed and _OF_THOSE.search(intent.text.lower()):
            meant = [self._view.focus] if self._view.focus is not None else []
        chosen = (self._held(intent) if counted and not each else []) or self._view.chosen(
            meant, intent
        )
        if not chosen:
            return self._view.which("add", intent)
        short = [p for p in chosen if p.stock != 0 and self._put(p, intent)]
        return self._told(chosen, short, intent.text)

    def remove(self, intent: Intent, moment: Moment, meant: list[Product]) -> Outcome:
        """Take out of the cart what is named, all of it or as many as are said."""
        in_cart = self.cart.products
        words = [r.value for r in intent.references if r.kind == "match"]
        named = [p for w in words for p in in_cart if items.carries_all(p, {*tokens(w)})]
        if "other" in words and len(in_cart) == 1:
            return Outcome(f"Only {short_title(in_cart[0])} is in your cart.")
        chosen = exactly(" ".join(words), named)
        chosen = chosen or [p for p in meant if p in in_cart]
        chosen = chosen or [p for w in words for p in items.named(w, in_cart)]
        chosen = chosen or (in_cart if len(in_cart) == 1 else [])
        counted = count_ordered(intent.text)
        if not chosen or (counted and len(chosen) > 1):
            listed = self.cart.listed() or "nothing"
            return Outcome(f"Which one? In your cart: {listed}.")
        if counted and counted[0] < self.cart.held(chosen[0]):
            self.cart.put(chosen[0], self.cart.held(chosen[0]) - counted[0], more=False)
            left = f"{counted[0]} × {short_title(chosen[0])}"
            return Outcome(f"Removed {left}. {self.cart.summary()}")
        for product in chosen:
            self.cart.remove(product)
        removed = joined([short_title(p) for p in chosen])
        return Outcome(f"Removed {removed}. {self.cart.summary()}")

    def conditional(
        self, intent: Intent, moment: Moment, meant: list[Product], order: Order, asked: str
    ) -> Outcome | None:
        """An order on a condition carried out as far as the records bear that out; None for another.
        ``asked`` is the question before it, which "if yes" means.
        """
        question = intent.before[-1].text if intent.before else asked
        condition = condition_of(intent.text, question)
        if condition is None:
            return None
        pointing = {r.kind for r in intent.references} & {"position", "match"}
        if condition.chooses and not pointing:
            shown = self._view.products
            having = [p for p in shown if self._verdict(p, condition) is Verdict.MATCH]
            chosen = items.chosen_among(intent.references, having)
            if not chosen:
                return Outcome(f"None of what is shown states that: {condition.words}.")
            if len(chosen) > 1 and not any(
                r.kind in ("extremes", "all") for r in intent.references
            ):
                return self._view.which("add", replace(intent, references=()))
            return order(intent, moment, chosen)
        meant = self._view.chosen(meant, intent)
        self._view.focus = meant[0] if len(meant) == 1 else self._view.focus
        # who points at one and says what it has needs no proof of it, only nothing against it
        enough = {Verdict.MATCH, Verdict.UNKNOWN} if condition.chooses else {Verdict.MATCH}
        left = [p for p in meant if self._verdict(p, condition) in enough]
        out = [p for p in meant if p not in left]
        vocabulary = self._index.vocabulary
        told = [
            told_of(p, condition, demands_of(p, condition, vocabulary))
            for p in (out if condition.chooses or condition.asked else meant)
        ]
        names = "it" if len(meant) == 1 else joined([short_title(p) for p in out])
        told += [f"So I have not added {names}."] if out else []
        if left:
            told.append(order(intent, moment, left).text)
        return Outcome(" ".join(told)) if meant else None

    def in_cart(self) -> str:
        """What is in the cart and what it comes to; empty when nothing is."""
        listed = self.cart.listed()
        return f"In your cart: {listed}. {self.cart.summary()}" if listed else ""

    def _verdict(self, product: Product, condition: Condition) -> Verdict:
        return borne_out(product, demands_of(product, condition, self._index.vocabulary))

    def _told(self, ordered: Sequence[Product], short: Sequence[Product], text: str) -> Outcome:
        """What is said of an order: what is in the cart now, and of what there is less or nothing."""
        sold_out = [p for p in ordered if p.stock == 0]
        chosen = [p for p in ordered if p.stock != 0]
        self._view.ordered = tuple(chosen)
        told = []
        if chosen:
            are = "are" if self.cart.several(chosen) else "is"
            told = [f"{self.cart.listed(chosen)} {are} in your cart{self._sum_of(chosen, text)}."]
            told += [limit_text(p) for p in short]
            told += [self.cart.summary()]
        told += [limit_text(p) for p in sold_out]
        return Outcome(" ".join(told))

    def _held(self, intent: Intent) -> list[Product]:
        """What is in the cart and carries all the words that name what so many are ordered of; nothing
        where the words tell a card from the others, or name several in the cart.
        """
        words = [r.value for r in intent.references if r.kind == "match"]
        shown = self._view.products
        held = [p for p in self.cart.products if items.carries_all(p, {*tokens(" ".join(words))})]
        told = [p for w in words for p in items.named(w, shown)]
        return held if len(held) == 1 and (not told or held[0] in told) else []

    def _put(self, product: Product, intent: Intent) -> bool:
        """Put a product into the cart, as many as are ordered; whether there are fewer."""
        count, more = _count(intent.text, product) or (None, False)
        return self.cart.put(product, count, more=more)

    def _sum_of(self, products: Sequence[Product], text: str) -> str:
        """What they cost, where there are several or it is asked and the sum of the cart does not tell."""
        asked = any(self.cart.several([p]) for p in products) or asks_price(text)
        if not asked or len(products) == len(self.cart.products):
            return ""
        total = self.cart.sum_of(products)
        return "" if total is None else f", {total} in all"


def totals_told(text: str, products: Sequence[Product]) -> list[str]:
    """What so many of each cost; nothing where no number is said or no price stated."""
    told = []
    for product in products:
        count = _count(text, product)
        if count is None or count[0] == 1 or product.price is None:
            return []
        total = short_price(count[0] * product.price, product.currency)
        told.append(f"{count[0]} × {short_title(product)} come to {total}.")
        told += [limit_text(product)] if count[0] > most_of(product) else []
    return told


def _count(text: str, product: Product) -> tuple[int, bool] | None:
    """How many of a product are asked for, and whether on top of those there; None where no number
    is said, or only as part of its title.
    """
    ordered = count_ordered(text)
    if ordered is None or ordered[2] in product.title.lower():
        return None
    return ordered[:2]
