"""The nearest vectors among the rows a filter lets through, by the cheapest way that is exact enough.

Two ways: an exact scan of the rows that match, or Chroma's graph, asked for more than is wanted
and filtered afterwards. Which is cheaper depends on how many rows match. A third, Chroma with a
list of allowed ids, costs nine times a scan of those rows and more at every share (docs/experiments.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from retrieval.embedder import Matrix
from retrieval.phrases import Bools, Ints

if TYPE_CHECKING:
    from retrieval.index import Index

# Microseconds, from 4 ms for a scan of 10,000 rows and 3 ms for an unfiltered answer of the graph
# at 100,000; only their ratios matter.
_PER_ROW: Final = 0.45
_PER_SKETCH: Final = 0.2
_CACHED: Final = 100_000
_PER_ANSWER: Final = 6.0
_TO_BEGIN: Final = 2_500.0

_MARGIN: Final = 1.5
"""The graph is asked for so many times the rows that should hold enough matches."""
_LOOKED_AT: Final = 5
_MANY: Final = 4 * _LOOKED_AT
"""Of more than so many rows for each that is wanted a sketch chooses those whose vectors are read."""
_MOST: Final = 20_000
"""Answers that are asked of the graph at most."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How the nearest are looked for: ``scan`` or ``graph``, with how many answers."""

    way: str
    answers: int


def plan(rows: int, matching: int, k: int, *, sketched: bool = False) -> Plan:
    """The cheaper way to the ``k`` nearest of ``matching`` among ``rows`` rows."""
    answers = k if matching == rows else int(_MARGIN * k * rows / max(1, matching)) + k
    answers = min(answers, rows)
    scan = matching * (_PER_SKETCH if sketched and matching > _MANY * k else _PER_ROW)
    # An answer of a graph that no cache holds costs more.
    graph = _TO_BEGIN + answers * _PER_ANSWER * max(1.0, rows / _CACHED) ** 0.5
    if matching <= k or scan <= graph or answers > _MOST:
        return Plan("scan", matching)
    return Plan("graph", answers)


def nearest(index: Index, vector: Matrix, allowed: Bools, k: int) -> Ints:
    """Rows of the ``k`` nearest vectors among the allowed ones, or of all when they are fewer."""
    matching = int(np.count_nonzero(allowed))
    if matching == 0:
        return np.empty(0, np.int64)
    chosen = plan(len(allowed), matching, k, sketched=index.sketch is not None)
    if chosen.way == "graph":
        rows = index.row_of[index.vectors.nearest(vector, chosen.answers)]
        rows = rows[allowed[rows]][:k]
        if len(rows) == min(k, matching):
            return rows
        # What matches lies far from the query: the exact scan misses nothing.
    rows = np.flatnonzero(allowed)
    if len(rows) <= k:
        return rows
    if index.sketch is not None and len(rows) > _MANY * k:
        rows = index.sketch.near(vector, rows, _LOOKED_AT * k)
    cosines = index.matrix.cosines(vector, rows)
    return np.asarray(rows[np.argpartition(-cosines, k)[:k]])
