"""One search: filter, embed, dense + BM25, fuse, order."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from catalog.constraint import Constraint, Op
from catalog.product import Product
from catalog.text import tokens
from retrieval.columns import Floats, Verdicts
from retrieval.embedder import Matrix
from retrieval.phrases import Bools, Ints
from retrieval.query import Candidate, Candidates, Query

if TYPE_CHECKING:
    from retrieval.index import Index

_DENSE_WEIGHT: Final = 0.7
"""Best of the mixtures measured on Crowdflower (nDCG@10 .781, against .761 dense and .748 BM25)."""
_POOL: Final = 200
"""Rows taken from each ranking; the fused order of the first fifty does not change with more."""
_MAX_IDS: Final = 20_000
"""Up to here Chroma is given the allowed ids (20 ms); beyond, it is over-fetched and filtered."""
_ADEQUATE: Final = 0.7
"""A row is worth sorting when it reaches this part of the best row's dense and BM25 scores."""
_PRIOR_REVIEWS: Final = 20.0
"""Reviews a product needs before its own rating counts as much as the catalogue's mean."""


def search(index: Index, query: Query) -> Candidates:
    """Candidates that violate no hard constraint, best first. See :class:`Candidates`."""
    clock = _Clock()

    # Filter: unknown is not a violation, but comes after what is known to match.
    state = index.columns.state(query.constraints)
    matching, unknown = int((state == 1).sum()), int((state == 0).sum())
    clock.lap("filter")

    lexical = np.zeros(len(state))
    dense: dict[int, float] = {}
    if tokens(query.text):
        vector = index.embed(query.text)
        clock.lap("embed")

        # Dense: the nearest of each group, so that unknowns cannot crowd out matches.
        depth = max(_POOL, query.limit + len(query.exclude))
        for group in (state == 1, state == 0):
            dense |= _nearest(index, vector, group, depth)
        clock.lap("dense")

        # Lexical: every row has a score; the best of each group join the pool.
        lexical = index.lexical.scores(query.text)
        pool = set(dense)
        for group in (state == 1, state == 0):
            pool |= _best(np.where(group, lexical, 0.0), depth)
            if group.sum() <= depth:
                pool |= set(np.flatnonzero(group).tolist())
        clock.lap("lexical")

        # Fuse: rows only BM25 found get their cosine too, then both are scaled to [0, 1].
        dense |= index.cosines(vector, sorted(pool - dense.keys()))
        rows = np.array(sorted(dense), np.int64)
        # Rounded: the last digits depend on how the graph was laid out, and ties are for ids.
        cosine = np.round([dense[r] for r in rows.tolist()], 6)
        fused = _DENSE_WEIGHT * _scaled(cosine) + (1 - _DENSE_WEIGHT) * _scaled(lexical[rows])
        fused = np.round(fused, 6)
        if query.sort is not None:
            rows, fused = _worth_sorting(index, query, state, rows, fused, cosine, lexical)
    else:
        # Nothing to be relevant to: what the reviews say decides.
        rows = np.flatnonzero(state >= 0)
        fused = np.zeros(len(rows))
        clock.lap("embed")

    # Left out only now, so that asking for more goes on in the order already begun.
    kept = ~np.isin(rows, index.rows(query.exclude))
    rows, fused = rows[kept], fused[kept]

    # Order: sort key if one was asked for, then relevance (or the prior), ties by id.
    merit = fused if dense else _prior(index)[rows]
    keys: list[Floats] = [index.id_rank[rows].astype(np.float64), -merit]
    if query.sort is not None:
        field, descending = query.sort
        unit = _unit_asked(query.constraints, field)
        sorted_by = index.columns.numbers(field, unit, query.constraints)
        keys.append(_sort_key(sorted_by[rows], descending))
    order = np.lexsort([*keys, -state[rows].astype(np.float64)])[: max(0, query.limit)]
    scaled = dict(zip(rows.tolist(), _scaled(lexical[rows]).tolist(), strict=True))
    items = tuple(
        Candidate(
            product=_narrowed(index, query.constraints, row),
            relevance=float(relevance),
            dense=round(dense.get(row, 0.0), 6),
            lexical=round(scaled[row], 6),
            unknown=_unknown(index, query.constraints, row) if state[row] == 0 else (),
        )
        for row, relevance in zip(rows[order].tolist(), fused[order].tolist(), strict=True)
    )
    clock.lap("fuse")
    return Candidates(items, matching, unknown, clock.laps)


class _Clock:
    """Milliseconds per step."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, step: str) -> None:
        now = time.perf_counter()
        self.laps[step], self._last = (now - self._last) * 1000, now


def _nearest(index: Index, vector: Matrix, group: Bools, k: int) -> dict[int, float]:
    """Cosines of about the ``k`` nearest rows of a group."""
    size = int(group.sum())
    if size == 0:
        return {}
    if size == len(group):
        rows, cosines = index.vectors.nearest(vector, min(k, size))
    elif size <= _MAX_IDS:
        rows, cosines = index.vectors.nearest(vector, min(k, size), np.flatnonzero(group))
    else:
        # The group is large, so twice its share of the whole holds k of it in all likelihood.
        wide = min(len(group), 2 * k * len(group) // size)
        rows, cosines = index.vectors.nearest(vector, wide)
        rows, cosines = rows[group[rows]][:k], cosines[group[rows]][:k]
    return dict(zip(rows.tolist(), cosines.tolist(), strict=True))


def _best(scores: Floats, k: int) -> set[int]:
    """Rows of the ``k`` highest scores above zero; equal scores at the edge by row."""
    rows = np.flatnonzero(scores > 0)
    if len(rows) > k:
        rows = rows[np.argsort(-scores[rows], kind="stable")[:k]]
    return set(rows.tolist())


def _scaled(values: Floats) -> Floats:
    """Min-max to [0, 1]; all the same is 1, except all zero."""
    if len(values) == 0:
        return values
    low, high = float(values.min()), float(values.max())
    if high - low < 1e-12:
        return np.full(len(values), 1.0 if high > 0 else 0.0)
    return (values - low) / (high - low)


def _worth_sorting(
    index: Index,
    query: Query,
    state: Verdicts,
    rows: Ints,
    fused: Floats,
    cosine: Floats,
    lexical: Floats,
) -> tuple[Ints, Floats]:
    """The rows a sort may bring to the top, with their relevance.

    Where a type is demanded, every allowed row is one; otherwise those of the pool
    that come near the best, lest the cheapest thing of all be the cheapest tent.
    """
    if any(_demands_type(c) for c in query.constraints):
        found = dict(zip(rows.tolist(), fused.tolist(), strict=True))
        allowed = np.flatnonzero(state >= 0)
        return allowed, np.array([found.get(r, 0.0) for r in allowed.tolist()])
    words = lexical[rows]
    part = _DENSE_WEIGHT * cosine / max(1e-9, float(cosine.max(initial=0.0)))
    part += (1 - _DENSE_WEIGHT) * words / max(1e-9, float(words.max(initial=0.0)))
    worth = part >= _ADEQUATE * float(part.max(initial=0.0))
    return rows[worth], fused[worth]


def _demands_type(constraint: Constraint) -> bool:
    return (
        constraint.hard
        and constraint.field in ("type", "category")
        and constraint.op in (Op.EQ, Op.CONTAINS)
    )


def _unit_asked(constraints: Sequence[Constraint], field: str) -> str | None:
    """The unit the shopper spoke of: under "up to €50, cheapest first", euros are sorted."""
    return next((c.unit for c in constraints if c.field == field and c.unit), None)


def _sort_key(values: Floats, descending: bool) -> Floats:
    return np.where(np.isnan(values), np.inf, -values if descending else values)


def _prior(index: Index) -> Floats:
    """Rating shrunk towards the catalogue's mean where reviews are few, then review count.

    (Bayesian average; a product without a rating sits just below the mean.)
    """
    rating, reviews = index.columns.numbers("rating"), index.columns.numbers("review_count")
    rated = ~np.isnan(rating)
    count = np.where(np.isnan(reviews), 0.0, reviews)
    mean = float(np.average(rating[rated])) if rated.any() else 0.0
    weight = np.where(rated, count + (count == 0), 0.0)
    shrunk = (np.where(rated, rating, mean) * weight + mean * _PRIOR_REVIEWS) / (
        weight + _PRIOR_REVIEWS
    )
    return np.round(shrunk, 6) + np.log1p(count) * 1e-9


def _narrowed(index: Index, constraints: Sequence[Constraint], row: int) -> Product:
    """The product as far as it is sold in what was asked for."""
    product = index.products[row]
    fitting = index.columns.fitting(row, constraints)
    if not fitting or len(fitting) == len(product.variants):
        return product
    return product.sold_as([product.variants[i] for i in fitting])


def _unknown(index: Index, constraints: Sequence[Constraint], row: int) -> tuple[str, ...]:
    fields = (c.field for c in constraints if c.hard and index.columns.verdicts(c)[row] == 0)
    return tuple(dict.fromkeys(fields))
