"""Errands: what a shopper asks to be done about particular items, and the state that keeps.

Cart, saved items and the item last spoken of live here, for one conversation.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from assistant import items
from assistant.cart import Cart, limit_text, most_of
from assistant.complaint import complaint_of
from assistant.differences import compare, named_of, unmeasured
from assistant.explain import MAX_REASONS, Shown, distinct, explain, unknown_labels
from assistant.finding import SHOWN, Found, find, query_text, surroundings
from assistant.intent import Act, Comparative, Constraint, Intent, Op
from assistant.moment import Moment
from assistant.ordering import (
    Condition,
    borne_out,
    condition_of,
    demands_of,
    exactly,
    lots_meant,
    meant_by,
    told_of,
)
from assistant.passages import encoder
from assistant.phrasing import (
    field_name,
    field_text,
    inside,
    joined,
    short_price,
    short_title,
    value_text,
)
from assistant.popularity import PERSONAL
from assistant.rank import Leaning, number, rank
from assistant.reader.about_items import asks_price, asks_total
from assistant.reader.counts import count_corrected, count_ordered, lots_ordered, orders_each
from assistant.reader.qualities import QUALITIES, factor_of
from assistant.reply import Difference, Question, Reason, Recommendation
from assistant.shopper import Shopper
from assistant.which import which_of
from assistant.why import asked_about, why_not
from catalog.constraint import WISH, numeric_value
from catalog.product import Measure, Product
from catalog.text import tokens
from catalog.verdict import Verdict, judge
from retrieval.index import Index
from retrieval.query import Query

_NEWS: Final = 2
_PAST_SHOWN: Final = 3
_REMEMBERED: Final = 24
"""Products shown last, which can still be named when others are shown."""
_LASTING: Final = frozenset({"price", "gender", "size", "waist", "inseam", "stock", "age_from"})
"""Demands that stay when the shopper asks for something like an item: they are about the shopper."""

_QUESTIONS: Final = frozenset({Act.ASK, Act.COMPARE, Act.SEARCH, Act.REFINE, Act.CHAT})
"""What a question about which of the items shown may have been read as."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an errand: a sentence; what is shown with it is :meth:`Errands.cards`."""

    text: str
    differences: tuple[Difference, ...] = ()
    question: Question | None = None
    moment: Moment | None = None
    """What is wanted after it, where the errand shows something else than before."""


_OF_CART: Final = frozenset({"cart", "basket", "trolley"})


class Errands:
    """The items of one conversation: what is shown, spoken of, saved and in the cart."""

    def __init__(self, index: Index, shopper: Shopper | None) -> None:
        self._index = index
        self._shopper = shopper
        self.dial = PERSONAL
        """From 0, popular, to 1, personal: :mod:`assistant.popularity`."""
        self._focus: Product | None = None
        self._cart = Cart()
        self._ordered: tuple[Product, ...] = ()
        self._asked = ""
        self._saved: dict[str, Product] = {}
        self.shown: tuple[Recommendation, ...] = ()
        self._shown_for: tuple[Constraint, ...] = ()
        self._earlier: dict[str, Product] = {}
        self._do: dict[Act, Callable[[Intent, Moment, list[Product]], Outcome]] = {
            Act.ASK: self._ask,
            Act.COMPARE: self._compare,
            Act.ADD_TO_CART: self._add,
            Act.REMOVE_FROM_CART: self._remove,
            Act.SAVE: self._save,
            Act.SIMILAR: self._similar,
            Act.BUY_AGAIN: self._buy_again,
            Act.REVIEW: self._review,
        }

    @property
    def cart(self) -> tuple[str, ...]:
        """Ids in the cart, in the order they were added, each as often as it is in there."""
        return self._cart.ids

    @property
    def saved(self) -> tuple[str, ...]:
        """Ids saved in this conversation."""
        return tuple(self._saved)

    def show(self, recommendations: Sequence[Recommendation], moment: Moment | None) -> None:
        """Note what the shopper now has before them, and for which demands it was found."""
        self.shown = tuple(recommendations)
        self._shown_for = moment.hard if moment is not None else ()
        products = [r.product for r in self.shown]
        now = {p.id: p for p in products}
        self._ordered = ()
        before = {} if moment is None else {i: p for i, p in self._earlier.items() if i not in now}
        self._earlier = dict([*before.items(), *now.items()][-_REMEMBERED:])
        if moment is None or (self._focus is not None and self._focus not in products):
            self._focus = None

    def cards(self, moment: Moment) -> tuple[Recommendation, ...]:
        """What is shown, if it was found for the demands of ``moment``; nothing otherwise."""
        return self.shown if set(moment.hard) == set(self._shown_for) else ()

    def found(self, moment: Moment, exclude: frozenset[str] = frozenset()) -> Found:
        """What there is for ``moment`` and this shopper; ``exclude`` are ids not to show."""
        return find(self._index, moment, self._shopper, exclude=exclude, dial=self.dial)

    def run(self, intent: Intent, moment: Moment) -> Outcome | None:
        """Do what the intent asks about items; None when it is not about items."""
        if self._asks_sum(intent):
            # an order in the same sentence has told it already
            ordered = any(i.act is Act.ADD_TO_CART for i in intent.before)
            sum_told = "" if ordered else self._cart.summary()
            return Outcome(sum_told, moment=replace(moment, turn=moment.turn + 1))
        absent = asked_about(intent)
        if absent is not None:
            self._forget_stale(moment)
            told = why_not(absent, self._index, moment, self.shown, self.found)
            if told is not None:
                # a question changes nothing that is wanted, whatever was read in its words
                return Outcome(told, moment=replace(moment, turn=moment.turn + 1))
        if intent.act in _QUESTIONS:
            self._forget_stale(moment)
            shown = [r.product for r in self.shown]
            encode = encoder(self._index.embedder)
            which = which_of(intent.text, shown, self._index.vocabulary, encode)
            if which is not None:
                self._focus = which.products[0] if len(which.products) == 1 else self._focus
                return Outcome(which.text, moment=replace(moment, turn=moment.turn + 1))
        errand = self._do.get(intent.act)
        if errand is None:
            return None
        self._forget_stale(moment)
        meant = self._meant(intent)
        if intent.act in (Act.ADD_TO_CART, Act.SAVE):
            conditional = self._conditional(intent, moment, meant)
            if conditional is not None:
                return conditional
        self._asked = intent.text if intent.act is Act.ASK else ""
        outcome = errand(intent, moment, meant)
        if len(meant) == 1 and intent.act is not Act.BUY_AGAIN:
            self._focus = meant[0]
        return outcome

    def complaint(self, text: str, moment: Moment) -> Intent | None:
        """What a complaint about what is shown asks for; None for any other utterance."""
        shown = [r.product for r in self.cards(moment)]
        return complaint_of(text, shown, self._focus, moment, self._index.vocabulary)

    def heard(self, text: str, moment: Moment) -> Outcome | None:
        """What came of an order whose words alone say what and how many: several shown items each with
        its own number, or another number than was put into the cart.
        """
        shown = [r.product for r in self.cards(moment)]
        if meant := lots_meant(lots_ordered(text), shown):
            more = (count_ordered(text) or (0, False))[1]
            there = [(p, n) for p, n in meant if p.stock != 0]
            short = [p for p, n in there if self._cart.put(p, n, more=more)]
            return self._told([p for p, _ in meant], short, text)
        lot = count_corrected(text)
        if lot is None or not self._cart.ids:
            return None
        in_cart = self._cart.products
        if lot.words:
            named = meant_by(lot.words, shown) or meant_by(lot.words, in_cart)
            chosen = [named] if named in in_cart else []
        else:
            held = [p for p in in_cart if self._cart.held(p) == lot.was]
            chosen = held if len(held) == 1 else list(self._ordered)
        if len(chosen) == 1:
            short = [p for p in chosen if p and self._cart.put(p, lot.count, more=False)]
            return self._told([p for p in chosen if p], short, text)
        if not lot.words and (chosen or lot.was):
            return Outcome(f"Which one? In your cart: {self._cart.listed()}.")
        return None

    def _forget_stale(self, moment: Moment) -> None:
        """Cards found for other demands are before nobody's eyes: nothing can point at them."""
        if self.shown and not self.cards(moment):
            self.show((), moment)

    def _meant(self, intent: Intent) -> list[Product]:
        """The products an utterance points at: of those shown, or named as they were shown before."""
        return items.resolve(
            intent.references,
            [r.product for r in self.shown],
            self._focus,
            tuple(self._earlier.values()),
        )

    def _asks_sum(self, intent: Intent) -> bool:
        """Whether it asks what all in the cart comes to, and of nothing else."""
        asking = intent.act in (*_QUESTIONS, Act.REVIEW) and not _points(intent)
        return asking and bool(self._cart.ids) and asks_total(intent.text)

    def _conditional(self, intent: Intent, moment: Moment, meant: list[Product]) -> Outcome | None:
        """An order on a condition carried out as far as the records bear that out; None for another."""
        question = intent.before[-1].text if intent.before else self._asked
        self._asked = ""
        condition = condition_of(intent.text, question)
        order = self._do[intent.act]
        if condition is None:
            return None
        pointing = {r.kind for r in intent.references} & {"position", "match"}
        if condition.chooses and not pointing:
            shown = [r.product for r in self.shown]
            having = [p for p in shown if self._verdict(p, condition) is Verdict.MATCH]
            chosen = items.chosen_among(intent.references, having)
            if not chosen:
                return Outcome(f"None of what is shown states that: {condition.words}.")
            if len(chosen) > 1 and not any(
                r.kind in ("extremes", "all") for r in intent.references
            ):
                return self._which("add", replace(intent, references=()))
            return order(intent, moment, chosen)
        meant = self._chosen(meant, intent)
        self._focus = meant[0] if len(meant) == 1 else self._focus
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

    def _verdict(self, product: Product, condition: Condition) -> Verdict:
        return borne_out(product, demands_of(product, condition, self._index.vocabulary))

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
        self._forget_stale(moment)
        meant = self._meant(intent)
        against = (
            meant[0] if meant else self._focus or (self.shown[0].product if self.shown else None)
        )
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
        of_cart = {"cart", "basket", "trolley"} & {*tokens(intent.text)}
        if intent.act is not Act.REMOVE_FROM_CART or self._cart.ids or of_cart:
            return intent
        self._forget_stale(moment)
        meant = self._meant(intent) if _points(intent) else []
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

    def _ask(self, intent: Intent, moment: Moment, meant: list[Product]) -> Outcome:
        if not meant and self.shown and not _points(intent):
            meant = [self._focus or self.shown[0].product]
        if not meant:
            return self._which("ask about", intent)
        if intent.question and intent.question.split(" ")[0] == "why":
            return Outcome(self._why(meant[0]) if self.cards(moment) else items.summary(meant[0]))
        if not intent.question and (tie := self._tie(intent)) is not None:
            return tie
        if asks_price(intent.text) and (several := _several(intent, meant)):
            return Outcome(" ".join(several))
        about = meant[: items.MAX_COMPARED]
        encode = encoder(self._index.embedder)
        return Outcome(items.answers_of(about, intent.question, intent.text, encode))

    def _tie(self, intent: Intent) -> Outcome | None:
        """That several are the cheapest, or the lightest, where one was asked for."""
        for reference in intent.references:
            if reference.kind != "extreme":
                continue
            shown = [r.product for r in self.shown]
            tied = items.extremes(reference, shown, self._focus)
            if len(tied) > 1:
                field = reference.value.split(":")[0]
                names = joined(list(dict.fromkeys(short_title(p) for p in tied)))
                same = f"{field_name(field)} {field_text(tied[0], field)}"
                return Outcome(f"{names} tie: {same} each.")
        return None

    def _why(self, product: Product) -> str:
        shown = next((r for r in self.shown if r.product.id == product.id), None)
        reasons = [inside(r.text).rstrip(".") for r in shown.reasons] if shown else []
        parts = sorted(shown.parts.items(), key=lambda p: -p[1])[:2] if shown else []
        title = short_title(product)
        text = f"{title}: {'; '.join(reasons)}." if reasons else f"{title} is near to your words."
        counted = joined([name for name, value in parts if value > 0])
        return f"{text} What counted most: {counted}." if counted else text

    def _compare(self, intent: Intent, moment: Moment, meant: list[Product]) -> Outcome:
        products = meant
        asked = [r for r in intent.references if r.kind == "position"]
        if len(asked) > len(meant):
            return self._which("compare", intent)
        if len(products) < 2:
            shown = [r.product for r in self.shown]
            first = products or ([self._focus] if self._focus else [])
            products = list({p.id: p for p in [*first, *shown]}.values())[:2]
        if len(products) < 2:
            return Outcome(
                "There is nothing here to compare yet. Tell me what you are looking for."
            )
        products = products[: items.MAX_COMPARED]
        rows, verdict = compare(products, moment.constraints)
        if (superlative := unmeasured(intent.text, products)) is not None:
            verdict = f"The listings don't say which is {superlative}. {verdict}"
        if told := named_of(intent.text, products, items.SYNONYMS):
            verdict = f"{told} {verdict}"
        header = Difference("", tuple(p.title for p in products))
        return Outcome(verdict, (header, *rows))

    def _add(self, intent: Intent, moment: Moment, meant: list[Product]) -> Outcome:
        counted = count_ordered(intent.text)
        placed = any(r.kind not in ("this", "all", "match") for r in intent.references)
        each = orders_each(intent.text) and not placed
        if each:
            meant = [r.product for r in self.shown]
        elif counted and all(r.kind == "all" for r in intent.references):
            # "two of those" are two of the item spoken of
            meant = []
        chosen = (self._held(intent) if counted and not each else []) or self._chosen(meant, intent)
        if not chosen:
            return self._which("add", intent)
        short = [p for p in chosen if p.stock != 0 and self._put(p, intent)]
        return self._told(chosen, short, intent.text)

    def _told(self, ordered: Sequence[Product], short: Sequence[Product], text: str) -> Outcome:
        """What is said of an order: what is in the cart now, and of what there is less or nothing."""
        sold_out = [p for p in ordered if p.stock == 0]
        chosen = [p for p in ordered if p.stock != 0]
        self._ordered = tuple(chosen)
        told = []
        if chosen:
            are = "are" if self._cart.several(chosen) else "is"
            told = [f"{self._cart.listed(chosen)} {are} in your cart{self._sum_of(chosen, text)}."]
            told += [limit_text(p) for p in short]
            told += [self._cart.summary()]
        told += [limit_text(p) for p in sold_out]
        return Outcome(" ".join(told))

    def _held(self, intent: Intent) -> list[Product]:
        """What is in the cart and carries all the words that name what so many are ordered of; nothing
        where the words tell a card from the others, or name several in the cart.
        """
        words = [r.value for r in intent.references if r.kind == "match"]
        shown = [r.product for r in self.shown]
        held = [p for p in self._cart.products if items.carries_all(p, {*tokens(" ".join(words))})]
        told = [p for w in words for p in items.named(w, shown)]
        return held if len(held) == 1 and (not told or held[0] in told) else []

    def _put(self, product: Product, intent: Intent) -> bool:
        """Put a product into the cart, as many as are ordered; whether there are fewer."""
        count, more = _count(intent, product) or (None, False)
        return self._cart.put(product, count, more=more)

    def _sum_of(self, products: Sequence[Product], text: str) -> str:
        """What they cost, where there are several or it is asked and the sum of the cart does not tell."""
        asked = any(self._cart.several([p]) for p in products) or asks_price(text)
        if not asked or len(products) == len(self._cart.products):
            return ""
        total = self._cart.sum_of(products)
        return "" if total is None else f", {total} in all"

    def _remove(self, intent: Intent, moment: Moment, meant: list[Product]) -> Outcome:
        in_cart = self._cart.products
        words = [r.value for r in intent.references if r.kind == "match"]
        named = [p for w in words for p in in_cart if items.carries_all(p, {*tokens(w)})]
        chosen = exactly(" ".join(words), named)
        chosen = chosen or [p for p in meant if p in in_cart]
        chosen = chosen or [p for w in words for p in items.named(w, in_cart)]
        chosen = chosen or (in_cart if len(in_cart) == 1 else [])
        counted = count_ordered(intent.text)
        if not chosen or (counted and len(chosen) > 1):
            listed = self._cart.listed() or "nothing"
            return Outcome(f"Which one? In your cart: {listed}.")
        if counted and counted[0] < self._cart.held(chosen[0]):
            self._cart.put(chosen[0], self._cart.held(chosen[0]) - counted[0], more=False)
            left = f"{counted[0]} × {short_title(chosen[0])}"
            return Outcome(f"Removed {left}. {self._cart.summary()}")
        for product in chosen:
            self._cart.remove(product)
        removed = joined([short_title(p) for p in chosen])
        return Outcome(f"Removed {removed}. {self._cart.summary()}")

    def _save(self, intent: Intent, moment: Moment, meant: list[Product]) -> Outcome:
        chosen = self._chosen(meant, intent)
        if not chosen:
            return self._which("save", intent)
        self._saved.update({p.id: p for p in chosen})
        return Outcome(f"Saved {joined([short_title(p) for p in chosen])}.")

    def _review(self, intent: Intent, moment: Moment, meant: list[Product]) -> Outcome:
        """What is in the cart, or saved, and what of the wishlist is cheaper now."""
        if _OF_CART & set(tokens(intent.text)) or asks_total(intent.text):
            return Outcome(self._in_cart() or "Your cart is empty.")
        wished = self._shopper.wishlist if self._shopper is not None else ()
        known = {p.id: p for e in wished if (p := self._index.get(e.product)) is not None}
        saved = {**known, **self._saved}
        if not saved:
            # "run me through what I have" may be either
            return Outcome(self._in_cart() or "Nothing is saved yet.")
        told = [f"Saved: {joined([short_title(p) for p in saved.values()])}.", *self.news()]
        return Outcome(" ".join(told))

    def _in_cart(self) -> str:
        """What is in the cart and what it comes to; empty when nothing is."""
        listed = self._cart.listed()
        return f"In your cart: {listed}. {self._cart.summary()}" if listed else ""

    def _chosen(self, meant: list[Product], intent: Intent) -> list[Product]:
        if meant or _points(intent):
            return meant
        if self._focus is not None:
            return [self._focus]
        return [self.shown[0].product] if len(self.shown) == 1 else []

    def _which(self, what: str, intent: Intent) -> Outcome:
        if not self.shown:
            return Outcome(
                f"There is nothing shown yet to {what}. Tell me what you are looking for."
            )
        named = next((r.value for r in intent.references if r.kind == "match"), None)
        if named is not None:
            return Outcome(f"None of what is shown is “{named}”.")
        chosen = next((r for r in intent.references if r.among), None)
        places = [r for one in intent.references for r in one.each() if r.kind == "position"]
        products = [r.product for r in self.shown]
        if chosen is not None and len(items.resolve(places, products, None)) == len(places):
            unstated = field_name(chosen.value.split(":")[0])
            return Outcome(f"The listings don't state the {unstated} of each of these.")
        if places:
            count = len(self.shown)
            return Outcome(f"There {'is' if count == 1 else 'are'} only {count} shown here.")
        options = tuple(f"the {w} one" for w in ("first", "second", "third")[: len(self.shown)])
        return Outcome(
            f"Which one shall I {what}?",
            question=Question(f"Which one shall I {what}?", options),
        )

    def _similar(self, intent: Intent, moment: Moment, meant: list[Product]) -> Outcome:
        like = meant[0] if meant else self._focus or (self.shown[0].product if self.shown else None)
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
        self._focus = product
        return Outcome(
            f"You last bought {short_title(product)} on {last.on:%-d %B %Y}{again}. It is {now} now.{stock}"
        )


def _points(intent: Intent) -> bool:
    """Whether the utterance points at something in particular."""
    return any(r.kind in ("position", "match", "extreme", "extremes") for r in intent.references)


def _count(intent: Intent, product: Product) -> tuple[int, bool] | None:
    """How many of a product are asked for, and whether on top of those there; None where no number
    is said, or only as part of its title.
    """
    ordered = count_ordered(intent.text)
    if ordered is None or ordered[2] in product.title.lower():
        return None
    return ordered[:2]


def _several(intent: Intent, products: Sequence[Product]) -> list[str]:
    """What so many of each cost; nothing where no number is said or no price stated."""
    told = []
    for product in products:
        count = _count(intent, product)
        if count is None or count[0] == 1 or product.price is None:
            return []
        total = short_price(count[0] * product.price, product.currency)
        told.append(f"{count[0]} × {short_title(product)} come to {total}.")
        told += [limit_text(product)] if count[0] > most_of(product) else []
    return told


def _holds_of(like: Product, demand: Constraint) -> bool:
    """Whether a demand or wish stays when something like an item is asked for: the item itself may
    break it, and then only what is about the shopper stays.
    """
    return demand.field in _LASTING or judge(like, demand) is not Verdict.VIOLATION


def _plain_wish(wanted: Comparative) -> str:
    """The quality a comparison speaks of, as a wish: "brighter" → "bright"."""
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
