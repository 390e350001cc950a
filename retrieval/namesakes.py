"""Titles that hold a kind's word only before the word for another thing: "dress shoes" are no dress."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Final

import numpy as np

from catalog.lexicon import COLORS, MATERIALS
from catalog.text import stem
from retrieval.fields import Fields
from retrieval.phrases import Bools, Ints, PhraseIndex

_REACH: Final = 4
"""How many words after a kind's own the other thing may be named: "bird house hot water bottle"."""
_SEVERAL: Final = 2
_OFTEN: Final = 0.3
"""A word names things where at least so many titles end in it, and this part of those that hold it."""
_PATTERNS: Final = 3
"""So many different words after "jumbo bag" are what is printed on it, where hardly any comes twice."""
_ACCESSORIES: Final = frozenset(
    """accessory case charger charm cleaner hanger holder keyring keychain magnet mount organiser organizer poster rack stand
    sticker warmer""".split()  # noqa: SIM905
)
"""Right after a thing's word these are another thing, whatever titles end in."""
_COUNTED: Final = frozenset(
    "pc piece set pack pair kit bundle collection assortment duo trio combo series range".split()  # noqa: SIM905
)
"""What follows is one or several of the thing."""
_ENDS: Final = _COUNTED | frozenset(
    """with without for in on of to from by at and or plus the a an i w no not that is as x box boxed assorted
    edition model figure toy design style size small medium large mini xl s m l cm mm inch ml oz kg g""".split()  # noqa: SIM905
)
"""What follows one of these says more of the thing."""


class Namesakes:
    """Finds the titles that end in something else than the kind whose word they hold."""

    def __init__(self, fields: Fields) -> None:
        self._listing = fields.listing
        self._title_end = fields.title_end
        self._ends = _ends(fields.listing)
        self._names, self._alone = _names_things(fields, self._ends)

    def of(self, phrases: Iterable[Sequence[str]], said: Collection[str] = ()) -> Bools:
        """Rows whose titles hold one of these runs of tokens, and each only before another thing,
        other than one whose word was ``said`` as well.
        """
        listing = self._listing
        held = np.zeros(len(listing), np.bool_)
        own = np.zeros(len(listing), np.bool_)
        adjacent, apart = self._names.copy(), self._alone.copy()
        adjacent[listing.token_ids(said)] = apart[listing.token_ids(said)] = False
        for run in phrases:
            at = listing.runs(run) + len(run)
            rows = listing.documents(at - 1)
            inside = at <= self._title_end[rows]
            at, rows = at[inside], rows[inside]
            held[rows] = True
            going_on = at < self._title_end[rows]
            own[rows[~going_on]] = True
            at, rows = at[going_on], rows[going_on]
            other = np.zeros(len(at), np.bool_)
            open_ = np.ones(len(at), np.bool_)
            for step in range(_REACH):
                open_ &= at + step < self._title_end[rows]
                place = np.where(open_, at + step, at)
                open_ &= ~self._ends[listing.flat[place]]
                named = adjacent if step == 0 else apart
                other |= open_ & named[listing.flat[place]]
            other &= ~self._patterned(at - len(run) - 1, at, rows)
            own[rows[~other]] = True
        return held & ~own

    def _patterned(self, before: Ints, after: Ints, rows: Ints) -> Bools:
        """Whether the word before the kind's own makes a name with it that is followed by ever other
        words: "jumbo bag owls", "jumbo bag toys", "jumbo bag paisley".
        """
        flat, starts = self._listing.flat, self._listing.starts
        if not len(rows):
            return np.zeros(0, np.bool_)
        first = np.where(before >= starts[rows], flat[before], -1)
        first[self._ends[first]] = -1
        pairs = np.unique(np.stack([first, flat[after]]), axis=1)
        names, different = np.unique(pairs[0], return_counts=True)
        _, titles = np.unique(first, return_counts=True)
        varied = (different >= _PATTERNS) & (2 * different >= titles) & (names >= 0)
        return np.asarray(varied[np.searchsorted(names, first)])


def _names_things(fields: Fields, ends: Bools) -> tuple[Bools, Bools]:
    """Per token, whether it is what titles end in, and whether it is so without a more usual such
    word before it: charms are things, "vintage doily" in "lunch bag vintage doily" is a pattern.
    """
    counted = _marks(fields.listing, _COUNTED)
    listing, none = fields.listing, np.zeros(len(ends), np.bool_)
    lengths = fields.title_end - listing.starts[:-1]
    first = np.cumsum(lengths) - lengths
    titles = listing.flat[
        np.arange(lengths.sum()) + np.repeat(listing.starts[:-1] - first, lengths)
    ]
    if not len(titles):
        return none, none
    first = first[lengths > 0]
    place = np.where(counted[titles], -1, np.arange(len(titles)))
    at = np.maximum.reduceat(place, first)
    at = at[at >= first]
    heads = titles[at]
    last = np.bincount(heads, minlength=len(ends))
    named = (last >= _SEVERAL) & (last >= _OFTEN * np.bincount(titles, minlength=len(ends)))
    named |= _marks(listing, _ACCESSORIES)
    usual = last[titles]
    usual[at] = 0
    most = np.maximum.reduceat(usual, first)[np.searchsorted(first, at, side="right") - 1]
    alone = np.bincount(heads[most <= last[heads]], minlength=len(ends))
    return named, named & (2 * alone >= last)


def _ends(listing: PhraseIndex) -> Bools:
    """Per token, whether the name of a thing is over where it stands."""
    marks = _marks(listing, {stem(w) for w in (*COLORS, *MATERIALS)} | _ENDS)
    odd = [i for i, t in enumerate(listing.vocabulary) if not t.isalpha()]
    marks[np.array(odd, np.int64)] = True
    return marks


def _marks(listing: PhraseIndex, words: Collection[str]) -> Bools:
    marks = np.zeros(max(len(listing.vocabulary), 1), np.bool_)
    marks[listing.token_ids(words)] = True
    return marks
