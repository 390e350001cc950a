"""Errands: what a shopper asks to be done about particular items, and what is saved by that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from assistant import items
from assistant.checkout import Checkout, Order
from assistant.complaint import complaint_of
from assistant.explain import MAX_REASONS, Shown, distinct, explain, unknown_labels
from assistant.finding import SHOWN, Found, find, query_text, surroundings
from assistant.inquiries import Inquiries, as_before
from assistant.intent import Act, Comparative, Constraint, Intent, Op
from assistant.moment import Moment
from assistant.phrasing import (
    field_name,
    joined,
    short_price,
    short_title,
    value_text,
)
from assistant.popularity import PERSONAL
from assistant.rank import Leaning, number, rank
from assistant.reader.about_items import asks_total
from assistant.reader.english import FUNCTION_WORDS
from assistant.reader.qualities import QUALITIES, factor_of, quality_compared
from assistant.reply import Outcome, Reason, Recommendation
from assistant.shopper import Shopper
from assistant.stated import asks_opinion
from assistant.topics import is_topic, kinds_of, tie_of
from assistant.view import View, points
from assistant.why import asked_about, why_not
from catalog.constraint import TEXT, WISH, numeric_value
from catalog.product import Measure, Product
from catalog.text import tokens
from catalog.verdict import Verdict, judge
from retrieval.index import Index
from retrieval.query import Query

_NEWS: Final = 2
_PAST_SHOWN: Final = 3
_LASTING: Final = frozenset({"price", "gender", "size", "waist", "inseam", "stock", "age_from"})
"""Demands that stay when the shopper asks for something like an item: they are about the shopper."""

_QUESTIONS: Final = frozenset({Act.ASK, Act.COMPARE, Act.SEARCH, Act.REFINE, Act.CHAT})
"""What a question about which of the items shown may have been read as."""
_OF_SHOWN: Final = frozenset({Act.ASK, Act.COMPARE, Act.CHAT})
"""Those that are no search for others."""
_OF_CART: Final = frozenset({"cart", "basket", "trolley"})


class Errands:
    """The items of one conversation: what is shown, spoken of, saved and in the cart."""

    def __init__(self, index: Index, shopper: Shopper | None) -> None:
        self._index = index
        self._shopper = shopper
        self.dial = PERSONAL
        """From 0, popular, to 1, personal: :mod:`assistant.popularity`."""
        self._view = View()
        self._checkout = Checkout(index, self._view)
        self._inquiries = Inquiries(index, self._view)
        self.heard = self._checkout.heard
        self.show, self.cards = self._view.show, self._view.cards
        self._asked = ""
        self._saved: dict[str, Product] = {}
        self._do: dict[Act, Order] = {
            Act.ASK: self._inquiries.ask,
            Act.COMPARE: self._inquiries.compare,
            Act.ADD_TO_CART: self._checkout.add,
            Act.REMOVE_FROM_CART: self._checkout.remove,
            Act.SAVE: self._save,
            Act.SIMILAR: self._similar,
            Act.BUY_AGAIN: self._buy_again,
            Act.REVIEW: self._review,
        }

    @property
    def cart(self) -> tuple[str, ...]:
        """Ids in the cart, in the order they were added, each as often as it is in there."""
        return self._checkout.cart.ids

    @property
    def saved(self) -> tuple[str, ...]:
        """Ids saved in this conversation."""
        return tuple(self._saved)

    def found(self, moment: Moment, exclude: frozenset[str] = frozenset()) -> Found:
        """What there is for ``moment`` and this shopper; ``exclude`` are ids not to show."""
        return find(self._index, moment, self._shopper, exclude=exclude, dial=self.dial)

    def run(self, intent: Intent, moment: Moment) -> Outcome | None:
        """Do what the intent asks about items; None when it is not about items."""
        if self._asks_sum(intent):
            # an order in the same sentence has told it already
            ordered = any(i.act is Act.ADD_TO_CART for i in intent.before)
            sum_told = "" if ordered else self._checkout.cart.summary()
            return Outcome(sum_told, moment=replace(moment, turn=moment.turn + 1))
        absent = asked_about(intent)
        if absent is not None:
            self._view.forget_stale(moment)
            told = why_not(absent, self._index, moment, self._view.shown, self.found)
            if told is not None:
                # a question changes nothing that is wanted, whatever was read in its words
                return Outcome(told, moment=replace(moment, turn=moment.turn + 1))
        if intent.act in _QUESTIONS:
            self._view.forget_stale(moment)
            which = self._inquiries.which(intent, of_shown=intent.act in _OF_SHOWN)
            if which is not None:
                return as_before(which, moment)
        act = intent.act
        if act is Act.CHAT and self._view.shown and asks_opinion(intent.text):
            act = Act.ASK
        errand = self._do.get(act)
        if errand is None:
            return None
        self._view.forget_stale(moment)
        meant = self._view.meant(intent)
        asked, self._asked = self._asked, intent.text if intent.act is Act.ASK else ""
        if intent.act in (Act.ADD_TO_CART, Act.SAVE):
            conditional = self._checkout.conditional(intent, moment, meant, errand, asked)
            if conditional is not None:
                return conditional
        outcome = errand(intent, moment, meant)
        beside = intent.act is Act.COMPARE and self._view.focus is not None
        if len(meant) == 1 and intent.act is not Act.BUY_AGAIN and not beside:
            self._view.focus = meant[0]
        return outcome

    def complaint(self, text: str, moment: Moment) -> Intent | None:
        """What a complaint about what is shown asks for; None for any other utterance."""
        shown = [r.product for r in self.cards(moment)]
        return complaint_of(text, shown, self._view.focus, moment, self._index.vocabulary)

    def _asks_sum(self, intent: Intent) -> bool:
        """Whether it asks what all in the cart comes to, and of nothing else."""
        asking = intent.act in (*_QUESTIONS, Act.REVIEW) and not points(intent)
        return asking and bool(self._checkout.cart.ids) and asks_total(intent.text)

    def news(self) -> list[str]:
        """For a known shopper: saved items that are cheaper now, as sentences."""
        if self._shopper is None:
            return []
        made = []
        for event in reversed(self._shopper.wishlist):
            product = self._index.get(event.product)
            if product is None or not event.price or product.price is None or product.stock == 0:
                continue
            if product.price < event.price:
                now, was = (short_price(m, product.currency) for m in (product.price, event.price))
                made.append(
                    f"{short_title(product)} from your wishlist is {now} now; it was {was} when you saved it."
                )
        return made[:_NEWS]

    def resolve_comparatives(self, intent: Intent, moment: Moment) -> Intent:
        """Make "cheaper" a constraint: below the item spoken of, else below the first shown.

        With nothing to compare with, it becomes the plain wish.
        """
        if not intent.comparatives:
            return intent
        self._view.forget_stale(moment)
        meant = self._view.meant(intent)
        # "back to the jeans, something cheaper": than none of the belts that are shown
        left = _leaves(intent, moment) and not meant
        against = None if left else self._view.spoken_of(meant)
        made = [self._comparison(c, against, moment) for c in intent.comparatives]
        act = Act.REFINE if intent.act is Act.ASK else intent.act
        notes = list(intent.notes)
        if against is not None and any(c.number is not None for c in made):
            notes.append(f"Compared with {short_title(against)}.")
        elif meant and made[0].field == WISH:
            unstated = field_name(intent.comparatives[0].fields[0])
            notes.append(f"The listing for {short_title(meant[0])} states no {unstated}.")
        return replace(
            intent,
            act=act,
            constraints=(*intent.constraints, *made),
            comparatives=(),
            references=intent.references if act is Act.SIMILAR else (),
            notes=tuple(notes),
        )

    def resolve_removal(self, intent: Intent, moment: Moment) -> Intent:
        """Make "ditch the first one" leave that card out, while there is nothing in the cart."""
        of_cart = _OF_CART & {*tokens(intent.text)}
        if intent.act is not Act.REMOVE_FROM_CART or self._checkout.cart.ids or of_cart:
            return intent
        self._view.forget_stale(moment)
        meant = self._view.meant(intent) if points(intent) else []
        if not meant:
            return intent
        note = f"I leave out {joined([short_title(p) for p in meant])}."
        return replace(
            intent,
            act=Act.REFINE,
            references=(),
            notes=(*intent.notes, note),
            left_out=tuple(p.id for p in meant),
        )

    def resolve_likeness(self, intent: Intent, moment: Moment) -> Intent:
        """Make "anything like NAME", where nothing shown is called so, a wish for that name."""
        if intent.act is not Act.SIMILAR or self._view.meant(intent):
            return intent
        named = [t for r in intent.references if r.kind == "match" if (t := _name_of(r.value))]
        if not named:
            return intent
        words = {*tokens(" ".join(named))}
        kept = [c for c in intent.constraints if not {*tokens(" ".join(c.words))} <= words]
        quoted = joined([f"“{n}”" for n in named], "or")
        return replace(
            intent,
            act=Act.REFINE,
            constraints=(*kept, *self._named_elsewhere(named)),
            references=(),
            notes=(*intent.notes, f"Nothing shown here is called {quoted}."),
        )

    def _named_elsewhere(self, names: Sequence[str]) -> list[Constraint]:
        """The demand for those of some names that titles carry, else the wish for all of them."""
        vocabulary = self._index.vocabulary
        known = [n for n in names if vocabulary.title_count(tuple(tokens(n)))]
        if known:
            return [Constraint(TEXT, Op.CONTAINS, tuple(known), span=known[0])]
        return [Constraint(WISH, Op.CONTAINS, (n,), hard=False, span=n) for n in names]

    def _comparison(
        self, wanted: Comparative, against: Product | None, moment: Moment
    ) -> Constraint:
        field = next(
            (
                f
                for f in wanted.fields
                if against is not None and numeric_value(against, f) is not None
            ),
            None,
        )
        if field is None or against is None:
            return Constraint(
                WISH, Op.CONTAINS, (_plain_wish(wanted),), hard=False, span=wanted.span
            )
        held = numeric_value(against, field)
        assert held is not None
        attribute = against.attributes.get(field)
        unit = held[1] if not isinstance(attribute, Measure) else attribute.unit
        value = attribute.value if isinstance(attribute, Measure) else held[0]
        factor = factor_of(wanted.span)
        if factor is not None:
            op = Op.LE if factor < 1 else Op.GE
            return Constraint(field, op, value * factor, unit, span=wanted.span)
        op = Op.LT if wanted.direction < 0 else Op.GT
        return Constraint(field, op, value, unit, span=wanted.span)

    def _save(self, intent: Intent, moment: Moment, meant: list[Product]) -> Outcome:
        chosen = self._view.chosen(meant, intent)
        if not chosen:
            return self._view.which("save", intent)
        self._saved.update({p.id: p for p in chosen})
        return Outcome(f"Saved {joined([short_title(p) for p in chosen])}.")

    def _review(self, intent: Intent, moment: Moment, meant: list[Product]) -> Outcome:
        """What is in the cart, or saved, and what of the wishlist is cheaper now."""
        if _OF_CART & set(tokens(intent.text)) or asks_total(intent.text):
            return Outcome(self._checkout.in_cart() or "Your cart is empty.")
        wished = self._shopper.wishlist if self._shopper is not None else ()
        known = {p.id: p for e in wished if (p := self._index.get(e.product)) is not None}
        saved = {**known, **self._saved}
        if not saved:
            # "run me through what I have" may be either
            return Outcome(self._checkout.in_cart() or "Nothing is saved yet.")
        told = [f"Saved: {joined([short_title(p) for p in saved.values()])}.", *self.news()]
        return Outcome(" ".join(told))

    def _similar(self, intent: Intent, moment: Moment, meant: list[Product]) -> Outcome:
        like = self._view.spoken_of(meant)
        if like is None:
            return Outcome("Similar to what? Tell me what you are looking for.")
        other_brands = "brand" in tokens(intent.text)
        own = [Constraint("type", Op.EQ, (like.type,))] if like.type else []
        own += [c for c in intent.constraints if c.hard and c.field != "type"]
        if other_brands and like.brand:
            own.append(Constraint("brand", Op.NE, (like.brand,)))
        text = " ".join([like.title, query_text(Moment(intent.constraints))])
        out = frozenset({like.id, *moment.left_out})
        beside = [c for c in moment.constraints if c.field != "type" or c.op.negative]
        stay = [c for c in beside if _holds_of(like, c)]
        for stays in (stay, [c for c in stay if c.field in _LASTING], []):
            wanted = replace(moment, constraints=tuple(stays), sort=None).fold(
                replace(intent, act=Act.SIMILAR, constraints=tuple(own))
            )
            found = self._index.search(Query(text, wanted.hard, None, 40, out))
            if found.items:
                break
        else:
            return Outcome(f"Nothing else here comes near {short_title(like)}.")
        hard = wanted.hard
        around = surroundings(self._index, wanted, found.matching, self._shopper)
        ranked = rank(found.items, Moment(), {}, {}, Leaning(self._shopper))[:SHOWN]
        around_it = Shown(tuple(r.product for r in ranked))
        shown = tuple(
            replace(
                r,
                reasons=tuple(
                    distinct([*_shared(like, r.product), *explain(r, around, around_it)])[
                        :MAX_REASONS
                    ]
                ),
                unknown=unknown_labels(r.unknown, r.product, hard),
            )
            for r in ranked
        )
        self.show(shown, wanted)
        brands = list(
            dict.fromkeys(
                r.product.brand for r in shown if r.product.brand and r.product.brand != like.brand
            )
        )
        named = f" Brands with something like it: {joined(brands[:4])}." if brands else ""
        return Outcome(f"Like {short_title(like)}:{named}", moment=wanted)

    def _buy_again(self, intent: Intent, moment: Moment, meant: list[Product]) -> Outcome:
        if self._shopper is None:
            return Outcome(
                "I can't see any past orders: no shopper is chosen for this conversation."
            )
        words = " ".join(r.value for r in intent.references if r.kind == "past_order")
        known = {i: p for i in self._shopper.bought() if (p := self._index.get(i)) is not None}
        past = items.past_purchases(self._shopper, words, known)
        if not past:
            what = f" {words}" if words else ""
            return Outcome(f"Your orders here have no{what or 'thing yet'}.")
        shown = number(
            [
                _bought(p, last.on.strftime("%-d %B %Y"), times, last.price)
                for p, last, times in past[:_PAST_SHOWN]
            ]
        )
        self.show(shown, moment)
        product, last, times = past[0]
        now = (
            short_price(product.price, product.currency)
            if product.price is not None
            else "not priced"
        )
        again = f", {times} times so far" if times > 1 else ""
        stock = " It is sold out at the moment." if product.stock == 0 else ""
        self._view.focus = product
        return Outcome(
            f"You last bought {short_title(product)} on {last.on:%-d %B %Y}{again}. It is {now} now.{stock}"
        )


def _leaves(intent: Intent, moment: Moment) -> bool:
    """Whether an utterance names another thing than what is wanted now."""
    named = [c for c in intent.constraints if is_topic(c)]
    held = [c for c in moment.constraints if is_topic(c)]
    return bool(held) and any(
        kinds_of(c) != moment.kinds and tie_of(held, c) is None for c in named
    )


def _holds_of(like: Product, demand: Constraint) -> bool:
    """Whether a demand or wish stays when something like an item is asked for: the item itself may
    break it, and then only what is about the shopper stays.
    """
    return demand.field in _LASTING or judge(like, demand) is not Verdict.VIOLATION


def _name_of(words: str) -> str:
    """A name without what leads to it: "the ones from Harlow" → "Harlow"."""
    return " ".join(w for w in words.split() if not {*tokens(w)} <= FUNCTION_WORDS)


def _plain_wish(wanted: Comparative) -> str:
    """A comparison as a wish: "brighter" as it was said, "too loud" as what is asked for, quiet."""
    if quality_compared(wanted.span) is not None:
        return wanted.span.lower()
    said = next(
        (q for q in QUALITIES if q.fields == wanted.fields and q.direction == wanted.direction),
        None,
    )
    return said.plain[0] if said is not None else wanted.span


def _shared(like: Product, other: Product) -> tuple[Reason, ...]:
    """What two products have in common, as stated by both records."""
    same = {
        name: other.attributes[name]
        for name, value in like.attributes.items()
        if name not in ("gender", "size")
        and not isinstance(value, bool)
        and other.attributes.get(name) == value
    }
    if not same:
        return ()
    names = list(same)[:3]
    return (
        Reason(
            f"Same {joined([field_name(n) for n in names])}",
            {n: value_text(same[n]) for n in names},
        ),
    )


def _bought(product: Product, on: str, times: int, paid: int | None) -> Recommendation:
    reasons = [
        Reason(
            f"Last bought on {on}" + (f", {times} times so far" if times > 1 else ""), {"order": on}
        )
    ]
    if paid is not None and product.price is not None and product.price != paid:
        gap = short_price(abs(product.price - paid), product.currency)
        side = "less" if product.price < paid else "more"
        reasons.append(
            Reason(
                f"{gap} {side} than you paid",
                {
                    "price": short_price(product.price, product.currency),
                    "paid": short_price(paid, product.currency),
                },
            )
        )
    if product.stock == 0:
        reasons.append(Reason("Sold out at the moment", {"stock": 0}))
    return Recommendation(product, 0, float(times), {"times bought": float(times)}, tuple(reasons))
