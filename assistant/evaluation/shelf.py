"""What matching needs to know of a catalogue: its currencies, its numeric fields, its types."""

from __future__ import annotations

from functools import cached_property
from typing import Final

import numpy as np

from assistant.evaluation.notation import Gold
from assistant.intent import Constraint, Op
from catalog.constraint import NUMERIC_FIELDS
from catalog.product import Product
from catalog.text import tokens
from retrieval.index import Index
from retrieval.phrases import Bools

_NEARLY: Final = 0.8
"""Jaccard overlap from which two type names denote the same shelf."""


class Shelf:
    """One open catalogue, as the evaluation looks at it."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self._rows: dict[tuple[Op, tuple[str, ...]], Bools] = {}

    @property
    def currency(self) -> str | None:
        """The currency most prices are in."""
        return self.index.vocabulary.currency

    @cached_property
    def currencies(self) -> frozenset[str]:
        """Every currency a price is in."""
        return frozenset(c for c in self.index.info.currencies if c)

    @cached_property
    def numeric(self) -> frozenset[str]:
        """Fields that hold numbers here."""
        return NUMERIC_FIELDS | self.index.vocabulary.measured.keys()

    def constraint(self, gold: Gold) -> Constraint | None:
        """A gold constraint as this catalogue's products are judged by it."""
        return gold.constraint(self.currency, self.numeric)

    def nearly_same_type(self, gold: Gold, got: Constraint) -> bool:
        """Whether two names of types denote nearly the same products (Jaccard >= 0.8)."""
        ours, theirs = self._of_type(Op.EQ, gold.words), self._of_type(_positive(got.op), got.words)
        if not ours.any():
            ours = self._of_type(Op.CONTAINS, gold.words)
        either = int((ours | theirs).sum())
        return either > 0 and int((ours & theirs).sum()) >= _NEARLY * either

    def carries(self, topic: Constraint) -> bool:
        """Whether anything here is of a type."""
        return any(self.index.count((topic,)))

    def named(self, words: str) -> frozenset[str]:
        """Ids of the products whose id or whose title's words are given."""
        if self.index.get(words) is not None:
            return frozenset({words})
        wanted = set(tokens(words))
        return frozenset(i for i, title in self._titles if wanted <= title)

    @cached_property
    def _titles(self) -> list[tuple[str, frozenset[str]]]:
        return [(p.id, frozenset(tokens(p.title))) for p in self._products()]

    def _products(self) -> list[Product]:
        return [self.index.products[row] for row in range(self.index.info.rows)]

    def _of_type(self, op: Op, words: tuple[str, ...]) -> Bools:
        key = (op, words)
        if key not in self._rows:
            verdicts = self.index.verdicts(Constraint("type", op, words))
            self._rows[key] = np.asarray(verdicts == 1)
        return self._rows[key]


def _positive(op: Op) -> Op:
    return {Op.NE: Op.EQ, Op.NOT_CONTAINS: Op.CONTAINS}.get(op, op)
