"""The column table: one constraint judged for a whole catalogue at once.

Gives the verdict of :func:`catalog.constraint.judge` for every product in about
a millisecond per hundred thousand rows: each distinct attribute value is judged
once and the result spread over the rows that hold it; mentions in title and
description are looked up in a positional index. Metadata filters inside the
vector store measured 60-300 ms on 100,000 rows, which is why they live here.

A *row* is a product, an *offer* one of its variants, or the product itself where it
has none. Prices, stock and attributes are held by offer, the rest by row.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from catalog.constraint import (
    BREAK,
    DENIAL_FILLERS,
    NEGATORS,
    NUMERIC_FIELDS,
    PRODUCT_FIELDS,
    TEXT,
    TURNING,
    WISH,
    Constraint,
    Op,
    holds,
    numeric_value,
    others_of,
    telling,
    text_words,
    told_words,
    wanted_words,
)
from catalog.product import Product
from catalog.text import tokens
from catalog.units import to_base
from retrieval.fields import ATTRIBUTE, BY_ROW, CHANGING, Fields, Floats, Numbers, Words, settled
from retrieval.phrases import Bools, Ints

Verdicts: TypeAlias = npt.NDArray[np.int8]
"""Per row (or offer): 1 match, 0 unknown, -1 violation."""

_CACHED: Final = 256
_LOOSE: Final = 62
"""Constraints of which the smallest relaxation is looked for: a bit each."""
_MENDED: Final = 4_096
"""Changed offers up to which remembered verdicts are mended one by one."""


class Columns:
    """Typed fields of ``n`` products by column; safe to ask from several threads."""

    def __init__(self, fields: Fields) -> None:
        listing, first, words = fields.listing, fields.first, fields.words
        self.n = len(listing)
        self.offers = int(first[-1])
        """How many offers the products have in all."""
        self._first = first
        self._single = self.offers == self.n
        self._owner = np.repeat(np.arange(self.n), np.diff(first))
        self._listing = listing
        self._title_end = fields.title_end
        self._prose_end = fields.prose_end
        self._terms = fields.terms
        self._term_texts = fields.term_texts
        self._words = words
        self._flags = fields.flags
        self._numbers = dict(fields.numbers)
        self._units = list(fields.units)
        self._repriced = False
        self._negators = listing.token_ids(NEGATORS)
        self._fillers = listing.token_ids(DENIAL_FILLERS)
        self._of = listing.token_ids(["of", "from"])
        self._free = listing.token_ids(["free"])
        self._break = listing.token_ids([BREAK])
        self._brand = np.full(self.n, -1)
        self._brand[words["brand"].rows] = words["brand"].terms
        self._cache: OrderedDict[object, tuple[Verdicts, int]] = OrderedDict()
        """Verdicts, and how many of the changed offers they know."""
        self._moved: list[int] = []
        """Offers in the order of their changes, as far back as a remembered verdict may need."""
        self._lock = threading.Lock()
        self._generation = 0

    @classmethod
    def build(cls, products: Iterable[Product]) -> Columns:
        """The table of these products."""
        return cls(Fields.collect(products))

    @classmethod
    def load(cls, folder: Path) -> Columns:
        """The table a version holds. Raises OSError, KeyError or ValueError on damaged files."""
        return cls(Fields.load(folder))

    def verdicts(self, constraint: Constraint) -> Verdicts:
        """``judge`` of every product: int8 [n], read-only."""
        found = self._verdicts(constraint)
        return found if constraint.field in PRODUCT_FIELDS else self._best(found)

    def state(self, constraints: Iterable[Constraint]) -> Verdicts:
        """``judge_all`` of every product: int8 [n]; all 1 when there are no hard constraints."""
        of_rows, of_offers = self._states(constraints)
        if of_offers is None:
            return of_rows
        return np.minimum(of_rows, self._best(of_offers), out=of_rows)

    def smallest_relaxation(
        self, constraints: Sequence[Constraint], keep: Collection[Constraint] = ()
    ) -> tuple[Constraint, ...] | None:
        """The fewest hard constraints without which some product violates none of the others; of
        equally few those that leave the most products, then those named first.

        Empty when something fits as it is, None when nothing even meets those to ``keep``.
        """
        hard = [c for c in constraints if c.hard]
        loose = [c for c in hard if c not in keep][:_LOOSE]
        of_rows, of_offers = self._states(c for c in hard if c not in loose)
        open_ = of_rows[self._owner] >= 0
        if of_offers is not None:
            open_ &= of_offers >= 0
        # Of each offer, which constraints it violates: one bit each.
        broken = np.zeros(self.offers, np.int64)
        for bit, constraint in enumerate(loose):
            verdicts = self._verdicts(constraint)
            if constraint.field in PRODUCT_FIELDS:
                verdicts = verdicts[self._owner]
            broken |= (verdicts < 0).astype(np.int64) << bit
        sets = np.unique(broken[open_]).tolist()
        if not sets:
            return None
        fewest = min(s.bit_count() for s in sets)
        # The most products, not offers; of equally many the set of those named first.
        best = max(
            (s for s in sets if s.bit_count() == fewest),
            key=lambda s: (len(np.unique(self._owner[open_ & (broken == s)])), -s),
        )
        return tuple(c for bit, c in enumerate(loose) if best >> bit & 1)

    def fitting(self, row: int, constraints: Iterable[Constraint]) -> list[int]:
        """Which variants of a row meet the hard constraints as well as any of them does: places
        in ``Product.variants``; empty when no constraint is about the variants.
        """
        hard = [c for c in constraints if c.hard and c.field not in PRODUCT_FIELDS]
        begin, end = int(self._first[row]), int(self._first[row + 1])
        if not hard or end - begin < 2:
            return []
        worst = np.minimum.reduce([self._verdicts(c)[begin:end] for c in hard])
        return np.flatnonzero(worst == worst.max()).tolist()

    def numbers(
        self, field: str, unit: str | None = None, constraints: Iterable[Constraint] = ()
    ) -> Floats:
        """A numeric field of every product: float64 [n], NaN where unknown.

        ``price`` in minor units, ``discount`` in percent, measures in the base unit
        most of the catalogue states; rows in another, incomparable unit count as unknown.
        ``unit`` (for ``price`` a currency) names another unit to go by, where anything has it.
        Of a product's variants the smallest number counts, among those that meet the hard
        ``constraints`` as well as any.
        """
        by_row = field in PRODUCT_FIELDS
        values = np.full(self.n if by_row else self.offers, np.nan)
        if field == "price" and self._repriced:
            self._settle_currency()
        column = self._number_column(field)
        if column is not None:
            asked = self._unit(to_base(1.0, unit)[1]) if unit else -2
            usual = column.units == (asked if asked in column.units else column.usual)
            if field == "price":
                usual |= column.units < 0  # a feed that names no currency means its usual one
            places = self._places(column.rows, field, attribute=field not in NUMERIC_FIELDS)
            values[places[usual]] = column.values[usual]
        if by_row or self._single:
            return values
        _, of_offers = self._states(constraints)
        if of_offers is not None:
            values[of_offers < np.repeat(self._best(of_offers), np.diff(self._first))] = np.nan
        return np.asarray(np.fmin.reduceat(values, self._first[:-1]))

    def named(self, phrase: Sequence[str]) -> int:
        """How many titles end in a phrase of tokens: what its products are, not what is said of them."""
        at = self._listing.runs(phrase)
        rows = self._listing.documents(at)
        return int(np.count_nonzero(at + len(phrase) == self._title_end[rows]))

    def facet(self, constraints: Iterable[Constraint], field: str) -> dict[str, int]:
        """How many products that violate no hard constraint hold each value of a field.

        Most frequent first. Values that differ only in case, accents or number are one, under
        their most frequent spelling. ``type``, ``category`` and ``brand`` are the built-in
        fields, any other name an attribute; a product with several words counts once for each.
        """
        by_row = field in BY_ROW
        column = self._words.get(field if by_row else ATTRIBUTE + field)
        if column is None:
            return {}
        of_rows, of_offers = self._states(constraints)
        if by_row:
            if of_offers is not None:
                np.minimum(of_rows, self._best(of_offers), out=of_rows)
            chosen, owners = of_rows[column.rows] >= 0, column.rows
        else:
            owners = self._owner[column.rows]
            chosen = of_rows[owners] >= 0
            if of_offers is not None:
                chosen &= of_offers[column.rows] >= 0
        pairs = np.unique(np.stack([owners[chosen], column.terms[chosen]]), axis=1)
        spellings: dict[str, tuple[str, int]] = {}
        for term, count in zip(*np.unique(pairs[1], return_counts=True), strict=True):
            text = self._term_texts[term]
            folded = " ".join(tokens(text)) or text
            shown, total = spellings.get(folded, (text, 0))
            better = text if count > total else shown
            spellings[folded] = (better, total + int(count))
        return dict(sorted(spellings.values(), key=lambda kv: (-kv[1], kv[0])))

    def listing_key(self, row: int) -> tuple[int, bytes]:
        """Equal for products of one brand whose titles have the same words in any order."""
        begin, end = int(self._listing.starts[row]), int(self._title_end[row])
        return int(self._brand[row]), np.sort(self._listing.flat[begin:end]).tobytes()

    def pairs_in_titles(self, rows: Ints, pairs: Sequence[tuple[str, str]]) -> Ints:
        """For each row, how many of these pairs of tokens stand side by side in its title.

        Reads those titles and no others.
        """
        begin = self._listing.starts[rows]
        lengths = np.maximum(self._title_end[rows] - begin - 1, 0)  # places where a pair can begin
        owner = np.repeat(np.arange(len(rows)), lengths)
        before = np.cumsum(lengths) - lengths
        at = begin[owner] + np.arange(len(owner)) - before[owner]
        first, second = self._listing.flat[at], self._listing.flat[at + 1]
        held = np.zeros(len(rows), np.int64)
        for pair in pairs:
            ids = self._listing.token_ids(pair)
            if len(ids) == 2:
                found = (first == ids[0]) & (second == ids[1])
                held[np.unique(owner[found])] += 1
        return held

    def change(self, row: int, product: Product) -> None:
        """Take over prices, currency and stock of a product whose variants are as many as before."""
        offers = product.offers()
        begin, end = int(self._first[row]), int(self._first[row + 1])
        if end - begin != len(offers):
            raise ValueError(f"row {row} has {end - begin} offers, not {len(offers)}")
        with self._lock:
            self._generation += 1
            if product.currency and product.currency not in self._units:
                self._units.append(product.currency)
            unit = self._unit(product.currency) if product.currency else -1
            prices = self._numbers["price"]
            for at, offer in enumerate(offers, start=begin):
                was_known = not np.isnan(prices.values[at])
                if unit != prices.units[at] or was_known != (offer.price is not None):
                    self._repriced = True
                prices.units[at] = unit
                for name in CHANGING:
                    held = numeric_value(offer, name)
                    self._numbers[name].values[at] = np.nan if held is None else held[0]
            self._moved.extend(range(begin, end))
            if len(self._moved) > _MENDED:
                self._moved.clear()
                stale = [key for key in self._cache if key[0] in CHANGING]  # type: ignore[index]
                for key in stale:
                    del self._cache[key]

    def _settle_currency(self) -> None:
        """Find the usual currency anew, once prices have come or gone."""
        with self._lock:
            self._repriced = False
            prices = self._numbers["price"]
            self._numbers["price"] = settled(prices.rows, prices.values, prices.units)

    def _verdicts(self, constraint: Constraint) -> Verdicts:
        """By row for a field that is the product's, by offer for one that may be a variant's."""
        # 1, 1.0 and True are equal in Python but not the same demand.
        key = (
            constraint.field,
            constraint.op,
            constraint.value,
            type(constraint.value),
            constraint.unit,
        )
        with self._lock:
            if key in self._cache:
                self._cache.move_to_end(key)
                verdicts, known = self._cache[key]
                moved = self._moved[known:]
                if moved and constraint.field in CHANGING and constraint.number is not None:
                    verdicts = self._mended(constraint, constraint.number, verdicts, moved)
                    self._cache[key] = verdicts, len(self._moved)
                return verdicts
            generation = self._generation
        result = self._judge(constraint)
        result.flags.writeable = False
        with self._lock:
            if generation == self._generation:
                self._cache[key] = result, len(self._moved)
            if len(self._cache) > _CACHED:
                self._cache.popitem(last=False)
        return result

    def _states(self, constraints: Iterable[Constraint]) -> tuple[Verdicts, Verdicts | None]:
        """The worst verdicts by row and by offer; no offers where nothing is demanded of them."""
        of_rows, of_offers = np.ones(self.n, np.int8), None
        for constraint in constraints:
            if not constraint.hard:
                continue
            verdicts = self._verdicts(constraint)
            if constraint.field in PRODUCT_FIELDS or self._single:
                np.minimum(of_rows, verdicts, out=of_rows)
            elif of_offers is None:
                of_offers = verdicts.copy()
            else:
                np.minimum(of_offers, verdicts, out=of_offers)
        return of_rows, of_offers

    def _best(self, of_offers: Verdicts) -> Verdicts:
        """The best offer's verdict for each row."""
        if self._single:
            return of_offers
        return np.asarray(np.maximum.reduceat(of_offers, self._first[:-1]))

    def _judge(self, constraint: Constraint) -> Verdicts:
        if constraint.field == WISH:
            return np.zeros(self.n, np.int8)
        negative = constraint.op.negative
        if constraint.field == TEXT:
            hit = self._mentioned(text_words(constraint), self._listing.starts[1:])
            return _verdicts(hit, negative, known=np.full(self.n, negative) | hit)
        if constraint.field in ("type", "category"):
            return _verdicts(self._is_of_type(constraint), negative)
        if constraint.number is not None:
            return self._compare(constraint, constraint.number)
        key = "brand" if constraint.field == "brand" else ATTRIBUTE + constraint.field
        by_row = constraint.field in PRODUCT_FIELDS
        if isinstance(constraint.value, bool):
            return self._flag(key, constraint.value, negative, by_row)
        others = others_of(constraint)
        size = self.n if by_row else self.offers
        known, hit = np.zeros(size, np.bool_), np.zeros(size, np.bool_)
        column = self._words.get(key)
        if column is not None:
            places = self._places(column.rows, constraint.field, attribute=key not in BY_ROW)
            known[places] = True
            term_hit = self._any_term(wanted_words(constraint), unless_after=TURNING)
            if others:
                for term in np.flatnonzero(term_hit).tolist():
                    held = tokens(self._term_texts[term])
                    term_hit[term] = any(
                        holds(held, tokens(w), others) for w in wanted_words(constraint)
                    )
            hit[places[term_hit[column.terms]]] = True
        mentioned = self._mentioned(told_words(constraint), self._prose_end, others)
        if not by_row and not self._single:
            mentioned = mentioned[self._owner]
        mentioned &= ~known
        return _verdicts(hit | mentioned, negative, known=known | mentioned)

    def _any_term(
        self, phrases: Iterable[str], *, exact: bool = False, unless_after: Iterable[str] = ()
    ) -> Bools:
        hit = np.zeros(len(self._terms), np.bool_)
        for run in map(tokens, phrases):
            hit |= self._terms.equal(run) if exact else self._terms.containing(run, unless_after)
        return hit

    def _holding(self, column: Words, term_hit: Bools) -> Bools:
        hit = np.zeros(self.n, np.bool_)
        hit[column.rows[term_hit[column.terms]]] = True
        return hit

    def _is_of_type(self, constraint: Constraint) -> Bools:
        exact = constraint.op in (Op.EQ, Op.NE)
        term_hit = self._any_term(constraint.words, exact=exact)
        hit = self._holding(self._words["type"], term_hit)
        hit |= self._holding(self._words["category"], term_hit)
        if not exact:
            for phrase in constraint.words:
                run = tokens(phrase)
                at = self._listing.runs(run)
                rows = self._listing.documents(at)
                hit[rows[at + len(run) <= self._title_end[rows]]] = True
        return hit

    def _mentioned(self, phrases: Iterable[str], end: Ints, others: Collection[str] = ()) -> Bools:
        """Rows whose listing up to ``end`` says a phrase without denying it, and of none of
        ``others`` (``mentions``).
        """
        hit = np.zeros(self.n, np.bool_)
        of_other = self._listing.token_ids(sorted(others))
        flat, starts = self._listing.flat, self._listing.starts
        for phrase in phrases:
            run = tokens(phrase)
            at = self._listing.runs(run)
            rows = self._listing.documents(at)
            inside = at + len(run) <= end[rows]
            at, rows = at[inside], rows[inside]
            denied = np.zeros(len(at), np.bool_)
            one, two = at - 1, at - 2
            denied |= (one >= starts[rows]) & np.isin(flat[one], self._negators)
            spaced = (two >= starts[rows]) & np.isin(flat[one], self._fillers)
            denied |= spaced & np.isin(flat[two], self._negators)
            denied |= spaced & np.isin(flat[one], self._of) & np.isin(flat[two], self._free)
            after = at + len(run)
            within = after < end[rows]
            denied[within] |= np.isin(flat[after[within]], self._free)
            if len(of_other):
                denied[within] |= np.isin(flat[after[within]], of_other)
                within[within] = ~np.isin(flat[after[within]], self._break)
                within &= after + 1 < end[rows]
                denied[within] |= np.isin(flat[after[within] + 1], of_other)
            hit[rows[~denied]] = True
        return hit

    def _flag(self, key: str, wanted: bool, negative: bool, by_row: bool) -> Verdicts:
        size = self.n if by_row else self.offers
        known, hit = np.zeros(size, np.bool_), np.zeros(size, np.bool_)
        if not key.startswith(ATTRIBUTE):
            return _verdicts(hit, negative, known=known)
        for name, value in telling(key.removeprefix(ATTRIBUTE)):
            if (other := self._flags.get(ATTRIBUTE + name)) is not None:
                rows = other.rows[other.terms == int(value)]
                places = self._owner[rows] if by_row else rows
                known[places], hit[places] = True, value == wanted
        column = self._flags.get(key)
        if column is not None:
            places = self._owner[column.rows] if by_row else column.rows
            known[places] = True
            hit[places] = column.terms == int(wanted)
        return _verdicts(hit, negative, known=known)

    def _places(self, held: Ints, field: str, *, attribute: bool) -> Ints:
        """Where a column's entries belong. Attributes are held by offer; one that is called like a
        product's field ("brand") speaks for the row.
        """
        return self._owner[held] if attribute and field in PRODUCT_FIELDS else held

    def _number_column(self, field: str) -> Numbers | None:
        column = self._numbers.get(field if field in NUMERIC_FIELDS else ATTRIBUTE + field)
        return column if column is not None and len(column.rows) else None

    def _mended(
        self, constraint: Constraint, wanted: float, verdicts: Verdicts, moved: Sequence[int]
    ) -> Verdicts:
        """Verdicts by offer of which some are judged anew; those asked for before stay as told."""
        at = np.unique(np.array(moved, np.int64))
        mended = verdicts.copy()
        mended[at] = self._compare(constraint, wanted, at)
        mended.flags.writeable = False
        return mended

    def _compare(self, constraint: Constraint, wanted: float, at: Ints | None = None) -> Verdicts:
        """A number's verdicts; with ``at``, of these offers only (a field that may change)."""
        by_row = constraint.field in PRODUCT_FIELDS
        result = np.zeros(self.n if by_row else self.offers, np.int8)
        column = self._number_column(constraint.field)
        if column is None:
            return result
        if at is not None:
            result = np.zeros(len(at), np.int8)
            column = Numbers(np.arange(len(at)), column.values[at], column.units[at], column.usual)
        comparable = np.ones(len(column.rows), np.bool_)
        if constraint.field in CHANGING:
            comparable = ~np.isnan(column.values)
        if constraint.field == "price":
            if constraint.unit:
                of_unit = self._unit(constraint.unit)
                comparable &= (column.units < 0) | (column.units == of_unit)
        elif constraint.unit:
            wanted, base = to_base(wanted, constraint.unit)
            comparable = column.units == self._unit(base)
        values, slack = column.values, 1e-6 * max(1.0, abs(wanted))
        if constraint.op is Op.LE:
            good = values <= wanted + slack
        elif constraint.op is Op.GE:
            good = values >= wanted - slack
        elif constraint.op is Op.LT:
            good = values < wanted - slack
        elif constraint.op is Op.GT:
            good = values > wanted + slack
        else:
            with np.errstate(invalid="ignore"):
                good = (np.abs(values - wanted) <= slack) != constraint.op.negative
        attribute = constraint.field not in NUMERIC_FIELDS
        places = self._places(column.rows, constraint.field, attribute=attribute)
        marks = 2 * good.view(np.int8) - np.int8(1)
        marks *= comparable.view(np.int8)
        if places is column.rows and len(places) == len(result):
            return marks  # every row has a number
        result[places] = marks
        return result

    def _unit(self, name: str) -> int:
        # -2: a unit nothing here is measured in, and not "no unit" (-1) either.
        return self._units.index(name) if name in self._units else -2


def _verdicts(hit: Bools, negative: bool, known: Bools | None = None) -> Verdicts:
    result = np.where(hit != negative, 1, -1).astype(np.int8)
    if known is not None:
        result[~known] = 0
    return result
