"""What is before the shopper: the items shown, the one last spoken of, and those shown before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from assistant import items
from assistant.intent import Act, Constraint, Intent
from assistant.moment import Moment
from assistant.phrasing import field_name
from assistant.reasons.wording import number_word
from assistant.reply import Outcome, Question, Recommendation
from catalog.product import Product
from catalog.text import tokens

_REMEMBERED: Final = 24
"""Products shown last, which can still be named when others are shown."""


class View:
    """What an utterance can point at, for one conversation."""

    def __init__(self) -> None:
        self.shown: tuple[Recommendation, ...] = ()
        self.focus: Product | None = None
        """The item last spoken of."""
        self.compared: tuple[Product, ...] = ()
        """Those last held against each other: "the cheaper one" is one of them."""
        self.ordered: tuple[Product, ...] = ()
        """What was last put into the cart while this is shown."""
        self._shown_for: tuple[Constraint, ...] = ()
        self._earlier: dict[str, Product] = {}

    @property
    def products(self) -> list[Product]:
        """The products shown, in the order they are."""
        return [r.product for r in self.shown]

    def spoken_of(self, meant: Sequence[Product]) -> Product | None:
        """The first of those meant, else the item last spoken of, else the first shown."""
        return meant[0] if meant else self.focus or (self.shown[0].product if self.shown else None)

    def show(self, recommendations: Sequence[Recommendation], moment: Moment | None) -> None:
        """Note what the shopper now has before them, and for which demands it was found."""
        self.shown = tuple(recommendations)
        self._shown_for = moment.hard if moment is not None else ()
        products = self.products
        now = {p.id: p for p in products}
        self.ordered = ()
        if not {p.id for p in self.compared} <= now.keys():
            self.compared = ()
        before = {} if moment is None else {i: p for i, p in self._earlier.items() if i not in now}
        self._earlier = dict([*before.items(), *now.items()][-_REMEMBERED:])
        if moment is None or (self.focus is not None and self.focus not in products):
            self.focus = None

    def cards(self, moment: Moment) -> tuple[Recommendation, ...]:
        """What is shown, if it was found for the demands of ``moment``; nothing otherwise."""
        return self.shown if set(moment.hard) == set(self._shown_for) else ()

    def forget_stale(self, moment: Moment) -> None:
        """Cards found for other demands are before nobody's eyes: nothing can point at them."""
        if self.shown and not self.cards(moment):
            self.show((), moment)

    def meant(self, intent: Intent) -> list[Product]:
        """The products an utterance points at: of those shown, or named as they were shown before.

        A comparison ("the cheaper one") chooses among those last compared, if any were; a question
        about "the leather ones" is about all of them.
        """
        earlier = tuple(self._earlier.values())
        several = intent.act in (Act.ASK, Act.COMPARE)
        found: list[Product] = []
        for reference in intent.references:
            among = self.compared if items.of_two(reference) else ()
            found += items.resolve(
                [reference], among or self.products, self.focus, earlier, several=several
            )
        return list({p.id: p for p in found}.values())

    def chosen(self, meant: list[Product], intent: Intent) -> list[Product]:
        """Those meant; where the utterance points at none, the one spoken of or the only one shown."""
        if meant or points(intent):
            return meant
        if self.focus is not None:
            return [self.focus]
        return [self.shown[0].product] if len(self.shown) == 1 else []

    def which(self, what: str, intent: Intent) -> Outcome:
        """What is said where it is not clear which item is meant: why not, or the question which."""
        if not self.shown:
            return Outcome(
                f"There is nothing shown yet to {what}. Tell me what you are looking for."
            )
        named = next((r.value for r in intent.references if r.kind == "match"), None)
        if named is not None:
            return self._which_named(named, what)
        chosen = next((r for r in intent.references if r.among), None)
        places = [r for one in intent.references for r in one.each() if r.kind == "position"]
        products = self.products
        if chosen is not None and len(items.resolve(places, products, None)) == len(places):
            unstated = field_name(chosen.value.split(":")[0])
            return Outcome(f"The listings don't state the {unstated} of each of these.")
        if places:
            count = len(self.shown)
            return Outcome(f"There {'is' if count == 1 else 'are'} only {count} shown here.")
        return self._which_one(what)

    def _which_named(self, named: str, what: str) -> Outcome:
        words = {*tokens(named)} - items.ASIDE
        if len(self.shown) > 1 and all(items.carries_all(p, words) for p in self.products):
            count = number_word(len(self.shown))
            return self._which_one(what, f"All {count} shown are “{named}”. ")
        return Outcome(f"None of what is shown is “{named}”.")

    def _which_one(self, what: str, before: str = "") -> Outcome:
        options = tuple(f"the {w} one" for w in ("first", "second", "third")[: len(self.shown)])
        asked = f"Which one shall I {what}?"
        return Outcome(f"{before}{asked}", question=Question(asked, options))


def points(intent: Intent) -> bool:
    """Whether the utterance points at something in particular."""
    return any(r.kind in ("position", "match", "extreme", "extremes") for r in intent.references)
