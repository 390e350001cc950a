"""What is asked of each product, and how much of it the product's fields cannot answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import numpy.typing as npt

from catalog.health.demands import DEMANDS, KINDS
from catalog.health.prices import currencies
from catalog.health.rows import BIT, TALKATIVE, Rows
from catalog.text import tokens

WORDED: Final = ("color", "material", "size", "age", "gender")
"""Kinds of demands that one attribute answers."""
OF_A_TYPE: Final = 5
"""Products of a type from which what they state says something of the type."""
_TYPE_WORDS: Final = 4
_MEASURED: Final = 0.1
"""Share of a type from which a measure is one that is asked of it."""
_OF_SOME: Final = ("size", "age", "gender")
_OFTEN: Final = 3.0
"""Of 100 demands, from which a department is asked for sizes, ages, or for whom."""
_USUAL: Final = 1 / 3
"""Share of all products that state a field, from which a type that never does has none."""

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float32]


class Asked:
    """The demands made of every row, by kind."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self.n = len(rows)
        self.kind, self.flags = rows.column("kind"), rows.column("flags")
        self.weights = self._asked()
        """Of 100 demands made of a type, those of each kind: float32 [types, kinds]."""
        self.foreign = currencies(rows)
        self.masks = rows.mask()
        self.measures: dict[int, dict[str, int]] = {}
        """Per type the measures that are asked of it, and how many products state each."""
        self.lack = {kind: self._lack(kind) for kind in KINDS}
        """Per row the part of the demands of a kind that nobody can answer, 0 to 1: float32 [n]."""

    def _asked(self) -> Floats:
        """The demands of each type: those of its department, less what does not apply to it.

        Size, age and gender are asked where the department asks for them often or products of the
        type state them. And a shop that states a field of a third of its products, and never of
        the five and more of one type, knows why: tea has no material.
        """
        types = len(self.rows.kinds)
        weights = np.array([[DEMANDS[k.department][kind] for kind in KINDS] for k in self.rows.kinds], np.float32)  # fmt: skip
        weights = weights.reshape(types, len(KINDS))
        sizes = np.bincount(self.kind, minlength=types)
        for kind in (*WORDED, "measure"):
            column = weights[:, KINDS.index(kind)]
            has = (self.flags & BIT[kind]) != 0
            stating = np.bincount(self.kind[has], minlength=types)
            if kind in _OF_SOME:
                column[(column < _OFTEN) & (stating < np.maximum(1, _MEASURED * sizes))] = 0
            if has.sum() >= _USUAL * max(1, self.n):
                column[(stating == 0) & (sizes >= OF_A_TYPE)] = 0
        asked: Floats = 100 * weights / weights.sum(axis=1, keepdims=True)
        return asked

    def weight(self, kind: str) -> Floats:
        """Of 100 demands made of each row, those of a kind: float32 [n]."""
        of_type: Floats = self.weights[:, KINDS.index(kind)]
        column: Floats = of_type[self.kind]
        return column

    def weight_of(self, kind: str, row: int) -> float:
        """The same of one row."""
        return float(self.weights[self.kind[row], KINDS.index(kind)])

    def _lack(self, kind: str) -> Floats:
        lacking: Bools = (self.flags & BIT[kind]) == 0
        if kind == "price":
            lacking[self.foreign[1]] = True
        if kind == "feature":
            lacking &= (self.flags & TALKATIVE) == 0
        if kind == "type":
            self._by_title(lacking)
        if kind == "measure":
            return self._measures(lacking)
        part: Floats = lacking.astype(np.float32)
        return part

    def _by_title(self, lacking: Bools) -> None:
        """A title that says a type other products have answers a demand for it."""
        known = {tuple(tokens(k.name)) for k in self.rows.kinds if k.name}
        if not known:
            return
        for row in np.flatnonzero(lacking):
            words = tokens(self.rows.title(int(row)))
            runs = (
                tuple(words[i : i + n])
                for n in range(1, _TYPE_WORDS + 1)
                for i in range(len(words) - n + 1)
            )
            if not known.isdisjoint(runs):
                lacking[row] = False

    def _measures(self, lacking: Bools) -> Floats:
        """A demand for a measure is about one of those that a tenth of the type states, each as
        often as it is stated; where there is none, any measure of the product answers it.
        """
        part = lacking.astype(np.float32)
        mask = self.masks
        for number, group in self.types_in_turn():
            kind = self.rows.kinds[number]
            measures = [a for a, about in kind.answers.items() if about == "measure"]
            held = {a: (mask[group] & np.uint64(kind.bits[a])) != 0 for a in measures}
            counts = {a: int(h.sum()) for a, h in held.items()}
            asked = {a: c for a, c in counts.items() if c >= max(2, _MEASURED * len(group))}
            if not asked:
                continue
            self.measures[number] = asked
            answered = np.zeros(len(group), np.float32)
            for name, count in asked.items():
                answered += held[name] * np.float32(count)
            part[group] = 1 - answered / sum(asked.values())
        return part

    def unmeasured(self, row: int) -> str:
        """Which measures a row lacks, in words."""
        kind, mask = self.rows.kinds[int(self.kind[row])], int(self.masks[row])
        asked = self.measures.get(int(self.kind[row]), {})
        lacks = [n for n in sorted(asked, key=lambda n: (-asked[n], n)) if not mask & kind.bits[n]]
        if not lacks:
            return "not one measure"
        told = ", ".join(f"{n.replace('_', ' ')} ({asked[n]:,})" for n in lacks[:3])
        return f"no {told}, which others of “{kind.shown}” state"

    def types_in_turn(self) -> Iterator[tuple[int, Ints]]:
        """Each type's number and its rows in order."""
        order = np.argsort(self.kind, kind="stable")
        cuts = np.flatnonzero(np.diff(self.kind[order])) + 1
        for group in np.split(order, cuts):
            if len(group):
                yield int(self.kind[group[0]]), group
