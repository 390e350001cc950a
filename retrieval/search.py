"""One search: filter, embed, nearest vectors + BM25, fuse, order."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from catalog.constraint import Constraint, Op
from catalog.product import Product
from catalog.text import tokens
from catalog.verdict import Verdict, judge
from retrieval.columns import NAMESAKE, UNPRICED
from retrieval.fields import Floats
from retrieval.fusion import FUSION, Found, Fusion, found, fused, scaled, signals
from retrieval.nearest import nearest
from retrieval.phrases import Ints
from retrieval.query import Candidate, Candidates, Query
from retrieval.verdicts import Verdicts

if TYPE_CHECKING:
    from retrieval.index import Index

_COSINE_PART: Final = 0.7
"""Of what makes a row adequate; the rest is BM25."""
POOL: Final = 200
"""Rows taken from each ranking; the fused order of the first fifty does not change with more."""
_COUNTED: Final = 500
"""Of so many products that fit it is counted how many differ: a few milliseconds."""
_ADEQUATE: Final = 0.7
"""A row is worth sorting when it reaches this part of the best row's dense and BM25 scores."""
_PRIOR_REVIEWS: Final = 20.0
"""Reviews a product needs before its own rating counts as much as the catalogue's mean."""


def search(index: Index, query: Query, fusion: Fusion = FUSION) -> Candidates:
    """Candidates that violate no hard constraint, best first. See :class:`Candidates`."""
    clock = _Clock()

    # Filter: unknown is not a violation, but comes after what is known to match, the later the more
    # is open, an unknown price last.
    state = index.columns.state(query.constraints)
    standing, rung = state, _rungs(index, query.constraints, state)
    aside = index.columns.namesakes(query.constraints, state)
    if aside is not None:
        rung[aside] = NAMESAKE
        standing = np.where(aside, np.int8(-1), state)
    matching, unknown = int(np.count_nonzero(standing == 1)), int(np.count_nonzero(standing == 0))
    clock.lap("filter")

    cosine = words = np.zeros(0)
    if tokens(query.text):
        vector = index.embed(query.text)
        clock.lap("embed")

        # The best of each group by every signal, so that unknowns cannot crowd out matches.
        depth = max(POOL, query.limit + len(query.exclude))
        among = None if (state >= 0).all() else state >= 0
        by_words, by_pieces = found(index, query.text, among)
        clock.lap("lexical")
        pool = []
        groups = rung
        if not query.known_first:
            groups = np.minimum(rung, 1) + (rung >= UNPRICED) + (rung >= NAMESAKE)
        for group in np.flatnonzero(np.bincount(groups[groups >= 0])).tolist():
            pool.append(nearest(index, vector, groups == group, depth))
            pool += [_best(some, groups, group, depth) for some in (by_words, by_pieces)]
        rows = np.unique(np.concatenate(pool)) if pool else np.empty(0, np.int64)
        clock.lap("dense")

        given = signals(index, query.text, vector, rows, by_words, by_pieces)
        cosine, words = given.cosine, given.words
        relevance = fused(index, vector, rows, given, fusion)
        if query.sort is not None:
            rows, relevance, cosine, words = _worth_sorting(
                query, state, rows, relevance, cosine, words
            )
    else:
        # Nothing to be relevant to: what the reviews say decides.
        rows = np.flatnonzero(state >= 0)
        relevance = cosine = words = np.zeros(len(rows))
        clock.lap("embed")

    # Left out only now, so that asking for more goes on in the order already begun.
    left_out = index.rows(query.exclude)
    kept = ~np.isin(rows, left_out)
    rows, relevance, cosine, words = rows[kept], relevance[kept], cosine[kept], words[kept]

    # Order: sort key if one was asked for, then relevance (or the prior), ties by id.
    merit = relevance if tokens(query.text) else _prior(index)[rows]
    keys: list[Floats] = [index.id_rank[rows].astype(np.float64), -merit]
    if query.sort is not None:
        field, descending = query.sort
        unit = _unit_asked(query.constraints, field)
        sorted_by = index.columns.numbers(field, unit, query.constraints)
        keys.append(_sort_key(sorted_by[rows], descending))
    if query.known_first:
        keys.append(rung[rows].astype(np.float64))
    order = np.lexsort(keys)
    chosen = _distinct(index, rows, order, left_out, query.limit)
    lexical = scaled(words)
    items = tuple(
        _candidate(
            index,
            query.constraints,
            int(rows[i]),
            int(state[rows[i]]),
            (float(relevance[i]), float(cosine[i]), float(lexical[i])),
            alike,
            bool(rung[rows[i]] == NAMESAKE),
        )
        for i, alike in chosen.items()
    )
    clock.lap("fuse")
    different = matching
    if 1 < matching <= _COUNTED:
        different = _different(index, np.flatnonzero(standing == 1).tolist())
    return Candidates(items, matching, unknown, clock.laps, different)


class _Clock:
    """Milliseconds per step."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, step: str) -> None:
        now = time.perf_counter()
        self.laps[step], self._last = (now - self._last) * 1000, now


def _rungs(index: Index, constraints: Sequence[Constraint], state: Verdicts) -> Ints:
    """``Columns.rungs``; without counting where nothing is left open."""
    if (state != 0).all():
        return np.minimum(state, 0).astype(np.int64)
    return index.columns.rungs(constraints)


def _best(some: Found, groups: Ints, group: int, k: int) -> Ints:
    """Rows of a group with the ``k`` highest scores; equal scores at the edge by row."""
    inside = groups[some.rows] == group
    rows: Ints = some.rows[inside]
    scores: Floats = some.scores[inside]
    if len(rows) <= k:
        return rows
    # The edge by a selection, then only what lies above it by sorting.
    edge = np.partition(scores, len(rows) - k)[len(rows) - k]
    near = np.flatnonzero(scores >= edge)
    best: Ints = rows[near[np.argsort(-scores[near], kind="stable")[:k]]]
    return best


def _worth_sorting(
    query: Query, state: Verdicts, rows: Ints, relevance: Floats, cosine: Floats, words: Floats
) -> tuple[Ints, Floats, Floats, Floats]:
    """The rows a sort may bring to the top, with their relevance, cosine and BM25.

    Where a type is demanded, every allowed row is one; otherwise those of the pool
    that come near the best, lest the cheapest thing of all be the cheapest tent.
    """
    if any(_demands_type(c) for c in query.constraints):
        allowed = np.flatnonzero(state >= 0)
        places = np.searchsorted(allowed, rows)
        full = []
        for values in (relevance, cosine, words):
            spread = np.zeros(len(allowed))
            spread[places] = values
            full.append(spread)
        return allowed, full[0], full[1], full[2]
    part = _COSINE_PART * cosine / max(1e-9, float(cosine.max(initial=0.0)))
    part += (1 - _COSINE_PART) * words / max(1e-9, float(words.max(initial=0.0)))
    worth = part >= _ADEQUATE * float(part.max(initial=0.0))
    return rows[worth], relevance[worth], cosine[worth], words[worth]


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


def _distinct(
    index: Index, rows: Ints, order: Ints, left_out: Sequence[int], limit: int
) -> dict[int, int]:
    """The first ``limit`` places of ``order`` whose listings differ, with how many more are alike.

    Feeds list one product under several ids: the same brand, the same words in the title, the
    same attributes. What is like something left out was seen before.
    """
    # Rows by key, with their place in the order, -1 for what is left out.
    known: dict[tuple[int, bytes], list[tuple[int, int]]] = {}
    for row in left_out:
        known.setdefault(index.columns.listing_key(row), []).append((-1, row))
    chosen: dict[int, int] = {}
    for seen, i in enumerate(order.tolist()):
        if len(chosen) >= limit and seen >= 2 * limit:
            break  # so far down nobody counts
        row = int(rows[i])
        others = known.setdefault(index.columns.listing_key(row), [])
        # Products are read only where two keys meet.
        stated = index.products[row].attributes if others else None
        same = next((at for at, r in others if index.products[r].attributes == stated), None)
        if same is not None:
            if same >= 0:
                chosen[same] += 1
        elif len(chosen) < limit:
            chosen[i] = 0
            others.append((i, row))
    return chosen


def _different(index: Index, rows: Sequence[int]) -> int:
    """How many of these listings differ, by what :func:`_distinct` goes by."""
    by_key: dict[tuple[int, bytes], list[int]] = {}
    for row in rows:
        by_key.setdefault(index.columns.listing_key(row), []).append(row)
    count = 0
    for same in by_key.values():
        stated: list[object] = []
        for row in same if len(same) > 1 else ():
            attributes = index.products[row].attributes
            if attributes not in stated:
                stated.append(attributes)
        count += len(stated) or 1
    return count


def _narrowed(index: Index, constraints: Sequence[Constraint], row: int) -> Product:
    """The product as far as it is sold in what was asked for."""
    product = index.products[row]
    fitting = index.columns.fitting(row, constraints)
    if not fitting or len(fitting) == len(product.variants):
        return product
    return product.sold_as([product.variants[i] for i in fitting])


def _candidate(
    index: Index,
    constraints: Sequence[Constraint],
    row: int,
    state: int,
    scores: tuple[float, float, float],
    alike: int,
    namesake: bool,
) -> Candidate:
    product = _narrowed(index, constraints, row)
    open_ = (c.asks for c in constraints if c.hard and judge(product, c) is Verdict.UNKNOWN)
    relevance, cosine, lexical = scores
    return Candidate(
        product=product,
        relevance=relevance,
        dense=round(cosine, 6),
        lexical=round(lexical, 6),
        unknown=tuple(field for field, *_ in dict.fromkeys(open_)) if state == 0 else (),
        alike=alike,
        namesake=namesake,
    )
