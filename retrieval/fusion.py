"""Five signals of relevance, weighed into one number.

The weights were tuned on one half of Crowdflower's queries and reported on the other
(docs/experiments.md, ``shop eval relevance``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from catalog.text import tokens
from retrieval.embedder import Matrix, WordEmbedder
from retrieval.lexical import pieces
from retrieval.phrases import Bools, Ints

if TYPE_CHECKING:
    from retrieval.index import Index

Floats = npt.NDArray[np.float64]

WEIGHTS: Final = {"cosine": 0.55, "words": 0.06, "pieces": 0.09, "phrases": 0.05, "soft": 0.25}
"""Of each signal, scaled to [0, 1] within the pool; they sum to one."""

_FEEDBACK: Final = 10
"""The first so many are taken for relevant, and what they have in common is looked for too."""
_ENOUGH: Final = 4 * _FEEDBACK
"""In a smaller pool the first ten are no selection."""

PARTS: Final = (*WEIGHTS, "feedback")
"""What can be left out (:meth:`Fusion.without`)."""


@dataclass(frozen=True, slots=True)
class Fusion:
    """How signals become one number: their weights, and that of what the first ten share."""

    weights: Mapping[str, float] = field(default_factory=lambda: WEIGHTS)
    feedback: float = 2.0

    def without(self, part: str) -> Fusion:
        """Everything but one of :data:`PARTS`; the other weights keep their proportions."""
        if part == "feedback":
            return replace(self, feedback=0.0)
        return replace(self, weights={n: w for n, w in self.weights.items() if n != part})


FUSION: Final = Fusion()


@dataclass(frozen=True, slots=True)
class Found:
    """Rows with a BM25 score, ascending."""

    rows: Ints
    scores: Floats

    def of(self, rows: Ints) -> Floats:
        """The scores of these rows, 0 for those without."""
        if len(self.rows) == 0:
            return np.zeros(len(rows))
        at = np.minimum(np.searchsorted(self.rows, rows), len(self.rows) - 1)
        return np.where(self.rows[at] == rows, self.scores[at], 0.0)


@dataclass(frozen=True, slots=True)
class Signals:
    """What speaks for each row of a pool: five arrays of its length."""

    cosine: Floats
    """Of the query's vector and the product's."""
    words: Floats
    """BM25 over the words of the whole listing."""
    pieces: Floats
    """BM25 over runs of four characters of the title: typing errors and joined words."""
    phrases: Floats
    """The part of the query's neighbouring words that are neighbours in the title too."""
    soft: Floats | None
    """Nearest words (:mod:`retrieval.softwords`); None where the embedder knows no words."""


def found(index: Index, text: str, among: Bools | None = None) -> tuple[Found, Found]:
    """Rows that share words, and rows that share pieces of words, with a query; ``among`` marks
    those that count where some do not.
    """
    words = tokens(text)
    return (
        Found(*index.lexical.scores(words, among)),
        Found(*index.pieces.scores(pieces(words), among)),
    )


def signals(
    index: Index, text: str, vector: Matrix, rows: Ints, by_words: Found, by_pieces: Found
) -> Signals:
    """The five signals of the rows of a pool."""
    cosine = _cosines(index, vector, rows)
    soft = None
    if index.soft is not None and isinstance(index.embedder, WordEmbedder):
        soft = np.round(index.soft.scores(text, rows, index.embedder), 6)
    return Signals(
        cosine, by_words.of(rows), by_pieces.of(rows), _phrases(index, tokens(text), rows), soft
    )


def fused(
    index: Index, vector: Matrix, rows: Ints, given: Signals, fusion: Fusion = FUSION
) -> Floats:
    """The relevance of each row: in [0, 1], rounded so that equals are equal everywhere.

    In a large pool the first ten are then taken for relevant: the cosine is measured again
    against the query moved towards their mean (Rocchio's feedback).
    """
    weights = fusion.weights
    parts = {
        name: scaled(values) for name in weights if (values := getattr(given, name)) is not None
    }
    whole = sum(weights[name] for name in parts)
    first = sum((weights[name] / whole) * part for name, part in parts.items())
    if len(rows) < _ENOUGH or not fusion.feedback or "cosine" not in parts:
        return np.round(first, 6)
    best = np.lexsort((index.id_rank[rows], -np.round(first, 6)))[:_FEEDBACK]
    common = index.matrix.array[rows[best]].mean(axis=0)
    moved = vector + fusion.feedback * common / max(1e-9, float(np.linalg.norm(common)))
    again = scaled(_cosines(index, moved, rows))
    return np.round(first + (weights["cosine"] / whole) * (again - parts["cosine"]), 6)


def _cosines(index: Index, vector: Matrix, rows: Ints) -> Floats:
    # Rounded: the last digits depend on the machine, and ties are for ids.
    return index.matrix.cosines(vector, rows).astype(np.float64).round(6)


def scaled(values: Floats) -> Floats:
    """Min-max to [0, 1]; all the same is 1, except all zero."""
    if len(values) == 0:
        return values
    low, high = float(values.min()), float(values.max())
    if high - low < 1e-12:
        return np.full(len(values), 1.0 if high > 0 else 0.0)
    return (values - low) / (high - low)


def _phrases(index: Index, words: list[str], rows: Ints) -> Floats:
    pairs = list(zip(words, words[1:], strict=False))
    return index.columns.pairs_in_titles(rows, pairs) / max(1, len(pairs))
