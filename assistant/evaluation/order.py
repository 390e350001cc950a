"""How good an order is: of graded items, of a target among others, of the same items twice."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from itertools import combinations


def ndcg(graded: Sequence[float], judged: Iterable[float], depth: int) -> float | None:
    """NDCG (Järvelin and Kekäläinen 2002) of grades in their order, gain 2^g - 1, discount log2.

    The ideal is the best order of ``judged``; None where nothing judged has a gain.
    """
    ideal = dcg(sorted(judged, reverse=True), depth)
    return dcg(graded, depth) / ideal if ideal else None


def dcg(graded: Sequence[float], depth: int) -> float:
    """Discounted cumulative gain of the first ``depth``."""
    return sum((2**g - 1) / math.log2(n + 1) for n, g in enumerate(graded[:depth], 1))


def reciprocal_rank(order: Sequence[str], targets: Collection[str]) -> float:
    """One over the place of the first target, 0 where there is none."""
    return next((1 / n for n, item in enumerate(order, 1) if item in targets), 0.0)


def by_chance(
    grades: Sequence[float], depth: int, target: float
) -> tuple[float | None, float | None]:
    """NDCG and reciprocal rank to be expected of a random order of all that was judged.

    None where nothing has a gain, or nothing reaches the ``target`` grade.
    """
    ideal = dcg(sorted(grades, reverse=True), depth)
    mean = sum(2**g - 1 for g in grades) / max(1, len(grades))
    discounts = sum(1 / math.log2(n + 1) for n in range(1, min(depth, len(grades)) + 1))
    gained = mean * discounts / ideal if ideal else None
    n, targets = len(grades), sum(g >= target for g in grades)
    if not targets:
        return gained, None
    reciprocal, none_yet = 0.0, 1.0
    for place in range(1, n - targets + 2):
        here = targets / (n - place + 1)
        reciprocal += none_yet * here / place
        none_yet *= 1 - here
    return gained, reciprocal


def kendall_tau(one: Sequence[str], other: Sequence[str]) -> float:
    """Kendall's tau of two orders of the same items: 1 when equal, -1 when reversed."""
    place = {item: n for n, item in enumerate(other)}
    pairs = list(combinations([place[item] for item in one], 2))
    return sum(1 if a < b else -1 for a, b in pairs) / len(pairs) if pairs else 1.0
