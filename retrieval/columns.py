"""The column table: constraints judged for a whole catalogue at once.

Gives the verdict of :func:`catalog.verdict.judge` for every product in about
a millisecond per hundred thousand rows, remembers it, and answers what needs several
(:mod:`retrieval.verdicts` judges one). Metadata filters inside the vector store
measured 60-300 ms on 100,000 rows, which is why they live here.

A *row* is a product, an *offer* one of its variants, or the product itself where it
has none. Prices, stock and attributes are held by offer, the rest by row.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from catalog.constraint import NUMERIC_FIELDS, PRODUCT_FIELDS, Constraint, Op
from catalog.product import Product
from catalog.text import tokens
from catalog.units import to_base
from retrieval.fields import ATTRIBUTE, BY_ROW, CHANGING, Fields, Floats, changing_value, settled
from retrieval.namesakes import Namesakes
from retrieval.phrases import Bools, Ints
from retrieval.verdicts import Judge, Verdicts

_CACHED: Final = 256
_LOOSE: Final = 62
"""Constraints of which the smallest relaxation is looked for: a bit each."""
UNPRICED: Final = 64
"""An open price weighs more than all else that a record may leave open."""
NAMESAKE: Final = 512
"""Having only the word for the kind asked for weighs more than anything left open."""
_BROKEN: Final = 1_000
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
        self._listing = listing
        self._title_end = fields.title_end
        self._term_texts = fields.term_texts
        self._words = words
        self._judge = Judge(fields)
        self._namesakes = Namesakes(fields)
        self._owner = self._judge.owner
        self._repriced = False
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

    def standing(self, constraints: Iterable[Constraint]) -> Verdicts:
        """``state``, and -1 also for namesakes: what only has the word for the kind asked for in its
        name ("dress shoes" for a dress), as long as there is anything else.
        """
        constraints = tuple(constraints)
        state = self.state(constraints)
        aside = self.namesakes(constraints, state)
        if aside is not None:
            state[aside] = -1
        return state

    def namesakes(self, constraints: Iterable[Constraint], state: Verdicts) -> Bools | None:
        """What of a ``state`` is a namesake only; None where nothing is, or nothing else is left. Soft
        constraints tell what else was said: who speaks of shoes does not mean the dress.
        """
        constraints = tuple(constraints)
        kinds = [c for c in constraints if c.hard and c.field == "type" and c.op is Op.CONTAINS]
        if not kinds:
            return None
        said = {t for c in constraints if not c.op.negative for t in tokens(c.span)}
        aside = np.zeros(self.n, np.bool_)
        for c in kinds:
            aside |= self._namesakes.of(map(tokens, c.words), said) & ~self._judge.filed(c)
        aside &= state >= 0
        return aside if aside.any() and ((state >= 0) & ~aside).any() else None

    def rungs(self, constraints: Iterable[Constraint]) -> Ints:
        """How much of the hard constraints each product's best offer leaves open, int64 [n]: 0 where
        it meets all, one for each thing asked, ``UNPRICED`` for the price; -1 where it violates one.
        """
        asked: dict[tuple[str, ...], list[Constraint]] = {}
        for constraint in constraints:
            if constraint.hard:
                asked.setdefault(constraint.asks, []).append(constraint)
        open_rows, open_offers = np.zeros(self.n, np.int64), np.zeros(self.offers, np.int64)
        for (name, *_), several in asked.items():
            weight = UNPRICED if name == "price" else 1
            of_rows, of_offers = self._states(several)
            open_rows += weight * (of_rows == 0)
            if of_offers is not None:
                open_offers += weight * (of_offers == 0)
                open_offers[of_offers < 0] = _BROKEN
        if not self._single:
            open_offers = np.minimum.reduceat(open_offers, self._first[:-1])
        rungs = open_rows + open_offers
        rungs[self.state(asked_ for several in asked.values() for asked_ in several) < 0] = -1
        return rungs

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
        column = self._judge.number_column(field)
        if column is not None:
            asked = self._judge.unit(to_base(1.0, unit)[1]) if unit else -2
            usual = column.units == (asked if asked in column.units else column.usual)
            if field == "price":
                usual |= column.units < 0  # a feed that names no currency means its usual one
            places = self._judge.places(column.rows, field, attribute=field not in NUMERIC_FIELDS)
            values[places[usual]] = column.values[usual]
            values[np.isinf(values)] = np.nan
        if by_row or self._single:
            return values
        _, of_offers = self._states(constraints)
        if of_offers is not None:
            values[of_offers < np.repeat(self._best(of_offers), np.diff(self._first))] = np.nan
        return np.asarray(np.fmin.reduceat(values, self._first[:-1]))

    def sized_in(self, unit: str) -> bool:
        """Whether any size is stated in a unit that can be compared with this one."""
        return self._judge.sized_in(unit)

    def named(self, phrase: Sequence[str]) -> int:
        """How many titles end in a phrase of tokens: what its products are, not what is said of them."""
        at = self._listing.runs(phrase)
        rows = self._listing.documents(at)
        return int(np.count_nonzero(at + len(phrase) == self._title_end[rows]))

    def titled(self, words: Iterable[str]) -> int:
        """How many titles hold every one of some tokens, in whatever order."""
        held = np.ones(self.n, np.bool_)
        for word in words:
            at = self._listing.runs((word,))
            rows = self._listing.documents(at)
            said = np.zeros(self.n, np.bool_)
            said[rows[at < self._title_end[rows]]] = True
            held &= said
        return int(np.count_nonzero(held))

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
            if product.currency and product.currency not in self._judge.units:
                self._judge.units.append(product.currency)
            unit = self._judge.unit(product.currency) if product.currency else -1
            prices = self._judge.numbers["price"]
            for at, offer in enumerate(offers, start=begin):
                was_known = not np.isnan(prices.values[at])
                if unit != prices.units[at] or was_known != (offer.price is not None):
                    self._repriced = True
                prices.units[at] = unit
                for name in CHANGING:
                    self._judge.numbers[name].values[at], _ = changing_value(offer, name)
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
            prices = self._judge.numbers["price"]
            self._judge.numbers["price"] = settled(prices.rows, prices.values, prices.units)

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
        result = self._judge.judge(constraint)
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

    def _mended(
        self, constraint: Constraint, wanted: float, verdicts: Verdicts, moved: Sequence[int]
    ) -> Verdicts:
        """Verdicts by offer of which some are judged anew; those asked for before stay as told."""
        at = np.unique(np.array(moved, np.int64))
        mended = verdicts.copy()
        mended[at] = self._judge.compare(constraint, wanted, at)
        mended.flags.writeable = False
        return mended
