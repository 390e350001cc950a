"""One constraint judged for a whole catalogue at once.

Each distinct attribute value is judged once and the result spread over the rows that hold it;
mentions in title and description are looked up in a positional index.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from catalog.constraint import (
    NUMERIC_FIELDS,
    PRODUCT_FIELDS,
    TEXT,
    WISH,
    Constraint,
    Op,
    told_by_size,
    told_by_some,
)
from catalog.text import tokens
from catalog.units import to_base
from catalog.verdict import denying, needs_naming, telling
from catalog.wording import (
    BREAK,
    DENIAL_FILLERS,
    MISSING,
    NEGATORS,
    TURNING,
    contrary_words,
    fakes_of,
    has_parts,
    holds,
    kinds_filed,
    others_of,
    runs_of,
    text_words,
    told_words,
    wanted_words,
)
from retrieval.fields import ATTRIBUTE, BY_ROW, CHANGING, Fields, Numbers, Words
from retrieval.phrases import Bools, Ints

Verdicts: TypeAlias = npt.NDArray[np.int8]
"""Per row (or offer): 1 match, 0 unknown, -1 violation."""


class Judge:
    """What one constraint makes of every product, or of every offer; nothing is remembered."""

    def __init__(self, fields: Fields) -> None:
        listing, first = fields.listing, fields.first
        self._rows = len(listing)
        self._offers = int(first[-1])
        self._single = self._offers == self._rows
        self.owner = np.repeat(np.arange(self._rows), np.diff(first))
        """The row of each offer."""
        self._listing = listing
        self._title_end = fields.title_end
        self._prose_end = fields.prose_end
        self._terms = fields.terms
        self._term_texts = fields.term_texts
        self._words = fields.words
        self._flags = fields.flags
        self.numbers = dict(fields.numbers)
        self.units = list(fields.units)
        """Both change as prices do (:meth:`retrieval.columns.Columns.change`)."""
        self._negators = listing.token_ids(NEGATORS)
        self._fillers = listing.token_ids(DENIAL_FILLERS)
        self._of = listing.token_ids(["of", "from"])
        self._free = listing.token_ids(["free"])
        self._missing = np.concatenate([listing.runs(pair) for pair in MISSING])
        self._break = listing.token_ids([BREAK])

    def judge(self, constraint: Constraint) -> Verdicts:
        """By row for a field that is the product's, by offer for one that may be a variant's."""
        found = self._stated(constraint)
        if words := contrary_words(constraint):
            contrary = self._filed_as(words) | self._mentioned(words, self._title_end)
            if len(found) != self._rows:
                contrary = contrary[self.owner]
            found[(found == 0) & contrary] = -1
        return found

    def _stated(self, constraint: Constraint) -> Verdicts:
        if constraint.field == WISH:
            return np.zeros(self._rows, np.int8)
        negative = constraint.op.negative
        if constraint.field == TEXT:
            return self._said(constraint)
        if constraint.field in ("type", "category"):
            return _as_verdicts(self._is_of_type(constraint), negative)
        if constraint.number is not None:
            return self._measured(constraint, constraint.number)
        key = "brand" if constraint.field == "brand" else ATTRIBUTE + constraint.field
        by_row = constraint.field in PRODUCT_FIELDS
        if isinstance(constraint.value, bool):
            return self._flag(key, constraint.value, negative, by_row)
        others, fakes = others_of(constraint), fakes_of(constraint)
        size = self._rows if by_row else self._offers
        known, hit = np.zeros(size, np.bool_), np.zeros(size, np.bool_)
        column = self._words.get(key)
        if column is not None:
            places = self.places(column.rows, constraint.field, attribute=key not in BY_ROW)
            known[places] = True
            term_hit = self._any_term(
                map(tokens, wanted_words(constraint)), unless_after=TURNING | fakes
            )
            wanted = wanted_words(constraint)
            if others or any(map(has_parts, wanted)):
                for term in np.flatnonzero(term_hit).tolist():
                    term_hit[term] = any(
                        holds(self._term_texts[term], w, others, fakes) for w in wanted
                    )
            hit[places[term_hit[column.terms]]] = True
        mentioned = self._mentioned(told_words(constraint), self._prose_end, others, fakes)
        if not by_row and not self._single:
            mentioned = mentioned[self.owner]
        mentioned &= ~known
        if needs_naming(constraint):
            known[:] = True
        return _as_verdicts(hit | mentioned, negative, known=known | mentioned)

    def _said(self, constraint: Constraint) -> Verdicts:
        """The verdicts of a demand on the text."""
        negative = constraint.op.negative
        hit = self._mentioned(text_words(constraint), self._listing.starts[1:])
        if negative:
            hit |= self._filed_as(text_words(constraint))
        known = np.full(self._rows, negative) | hit
        names = [k.removeprefix(ATTRIBUTE) for k in self._flags if k.startswith(ATTRIBUTE)]
        for name in denying(constraint, names):
            flags = self._flags[ATTRIBUTE + name]
            said = np.bincount(self.owner[flags.rows], minlength=self._rows)
            had = np.bincount(self.owner[flags.rows], flags.terms, minlength=self._rows)
            known |= (said > 0) & (had == 0)
        return _as_verdicts(hit, negative, known=known)

    def _measured(self, constraint: Constraint, wanted: float) -> Verdicts:
        verdicts = self.compare(constraint, wanted)
        if told_by_size(constraint):
            unstated = np.ones(len(verdicts), np.bool_)
            if (column := self.number_column(constraint.field)) is not None:
                unstated[column.rows] = False
            by_size = self.compare(replace(constraint, field="size"), wanted)
            verdicts[unstated] = by_size[unstated]
        return verdicts

    def sized_in(self, unit: str) -> bool:
        """Whether any size is stated in a unit that can be compared with this one."""
        column = self.number_column("size")
        return column is not None and self.unit(to_base(1.0, unit)[1]) in column.units

    def compare(self, constraint: Constraint, wanted: float, at: Ints | None = None) -> Verdicts:
        """A number's verdicts; with ``at``, of these offers only (a field that may change)."""
        by_row = constraint.field in PRODUCT_FIELDS
        result = np.zeros(self._rows if by_row else self._offers, np.int8)
        column = self.number_column(constraint.field)
        if column is None:
            return result
        if at is not None:
            result = np.zeros(len(at), np.int8)
            column = Numbers(np.arange(len(at)), column.values[at], column.units[at], column.usual)
        comparable = _known(column, constraint)
        if constraint.field == "price":
            if constraint.unit:
                of_unit = self.unit(constraint.unit)
                comparable &= (column.units < 0) | (column.units == of_unit)
        elif constraint.unit:
            wanted, base = to_base(wanted, constraint.unit)
            comparable = column.units == self.unit(base)
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
        places = self.places(column.rows, constraint.field, attribute=attribute)
        marks = 2 * good.view(np.int8) - np.int8(1)
        marks *= comparable.view(np.int8)
        if places is column.rows and len(places) == len(result):
            return marks  # every row has a number
        result[places] = marks
        return result

    def number_column(self, field: str) -> Numbers | None:
        """The numbers of a field, None where no product has one."""
        column = self.numbers.get(field if field in NUMERIC_FIELDS else ATTRIBUTE + field)
        return column if column is not None and len(column.rows) else None

    def places(self, held: Ints, field: str, *, attribute: bool) -> Ints:
        """Where a column's entries belong. Attributes are held by offer; one that is called like a
        product's field ("brand") speaks for the row.
        """
        return self.owner[held] if attribute and field in PRODUCT_FIELDS else held

    def unit(self, name: str) -> int:
        """Its place in ``units``; -2 where nothing is measured in it."""
        # -2: a unit nothing here is measured in, and not "no unit" (-1) either.
        return self.units.index(name) if name in self.units else -2

    def _any_term(
        self,
        runs: Iterable[Sequence[str]],
        *,
        exact: bool = False,
        unless_after: Iterable[str] = (),
    ) -> Bools:
        hit = np.zeros(len(self._terms), np.bool_)
        for run in runs:
            hit |= self._terms.equal(run) if exact else self._terms.containing(run, unless_after)
        return hit

    def _holding(self, column: Words, term_hit: Bools) -> Bools:
        hit = np.zeros(self._rows, np.bool_)
        hit[column.rows[term_hit[column.terms]]] = True
        return hit

    def filed(self, constraint: Constraint) -> Bools:
        """Rows whose type or category says what a demand on the type names."""
        exact = constraint.op in (Op.EQ, Op.NE)
        runs = [r for w in constraint.words for r in ([tokens(w)] if exact else runs_of(w))]
        term_hit = self._any_term(runs, exact=exact)
        hit = self._holding(self._words["type"], term_hit)
        return hit | self._holding(self._words["category"], term_hit)

    def _filed_as(self, words: Iterable[str]) -> Bools:
        """Rows whose type or a shelf of one kind of thing says one of the words."""
        term_hit = self._any_term([run for w in words for run in runs_of(w)])
        for term in np.flatnonzero(term_hit).tolist():
            term_hit[term] = any(kinds_filed([self._term_texts[term]]))
        hit = self._holding(self._words["type"], term_hit)
        return hit | self._holding(self._words["category"], term_hit)

    def _is_of_type(self, constraint: Constraint) -> Bools:
        hit = self.filed(constraint)
        if constraint.op not in (Op.EQ, Op.NE):
            hit |= self._mentioned(constraint.words, self._title_end)
        return hit

    def _mentioned(
        self,
        phrases: Iterable[str],
        end: Ints,
        others: Collection[str] = (),
        fakes: Collection[str] = (),
    ) -> Bools:
        """Rows whose listing up to ``end`` says a phrase without denying it, of none of ``others``
        and after none of ``fakes`` (``mentions``).
        """
        hit = np.zeros(self._rows, np.bool_)
        of_other = self._listing.token_ids(sorted(others))
        denying_before = np.union1d(self._negators, self._listing.token_ids(sorted(fakes)))
        flat, starts = self._listing.flat, self._listing.starts
        for run in (run for phrase in phrases for run in runs_of(phrase)):
            at = self._listing.runs(run)
            rows = self._listing.documents(at)
            inside = at + len(run) <= end[rows]
            at, rows = at[inside], rows[inside]
            denied = np.zeros(len(at), np.bool_)
            one, two = at - 1, at - 2
            denied |= (one >= starts[rows]) & np.isin(flat[one], denying_before)
            spaced = (two >= starts[rows]) & np.isin(flat[one], self._fillers)
            denied |= spaced & np.isin(flat[two], self._negators)
            denied |= spaced & np.isin(flat[one], self._of) & np.isin(flat[two], self._free)
            after = at + len(run)
            within = after < end[rows]
            denied[within] |= np.isin(flat[after[within]], self._free)
            denied |= np.isin(after, self._missing) & (after + 2 <= end[rows])
            if len(of_other):
                denied[within] |= np.isin(flat[after[within]], of_other)
                within[within] = ~np.isin(flat[after[within]], self._break)
                within &= after + 1 < end[rows]
                denied[within] |= np.isin(flat[after[within] + 1], of_other)
            hit[rows[~denied]] = True
        return hit

    def _flag(self, key: str, wanted: bool, negative: bool, by_row: bool) -> Verdicts:
        size = self._rows if by_row else self._offers
        known, hit = np.zeros(size, np.bool_), np.zeros(size, np.bool_)
        if not key.startswith(ATTRIBUTE):
            return _as_verdicts(hit, negative, known=known)
        for name, value in telling(key.removeprefix(ATTRIBUTE)):
            if (other := self._flags.get(ATTRIBUTE + name)) is not None:
                rows = other.rows[other.terms == int(value)]
                places = self.owner[rows] if by_row else rows
                known[places], hit[places] = True, value == wanted
        column = self._flags.get(key)
        if column is not None:
            places = self.owner[column.rows] if by_row else column.rows
            known[places] = True
            hit[places] = column.terms == int(wanted)
        return _as_verdicts(hit, negative, known=known)


def _known(column: Numbers, constraint: Constraint) -> Bools:
    """Which numbers of a field are known well enough for a demand on it."""
    if constraint.field not in CHANGING:
        return np.ones(len(column.rows), np.bool_)
    if told_by_some(constraint):
        return ~np.isnan(column.values)
    return np.isfinite(column.values)


def _as_verdicts(hit: Bools, negative: bool, known: Bools | None = None) -> Verdicts:
    result = np.where(hit != negative, 1, -1).astype(np.int8)
    if known is not None:
        result[~known] = 0
    return result
