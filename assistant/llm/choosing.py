"""Probabilities of a few given answers, from next-token probabilities."""

from __future__ import annotations

from collections.abc import Callable, Sequence

Weigh = Callable[[tuple[int, ...], Sequence[int]], list[float]]
"""(tokens written so far, tokens allowed next) → a weight for each allowed token."""


def choose_along(
    paths: Sequence[tuple[int, ...]], end: Callable[[], int], weigh: Weigh
) -> list[float]:
    """Probability of each path of tokens when the model may only follow one of them.

    The paths form a tree; wherever it branches the model is asked once, and its
    probabilities are normalised over the branches. A path that ends where another
    goes on competes as the token ``end()``. Equal paths share their probability.
    The result sums to 1.
    """
    probabilities = [0.0] * len(paths)

    def follow(members: list[int], depth: int, mass: float) -> None:
        branches: dict[int | None, list[int]] = {}
        for member in members:
            path = paths[member]
            branches.setdefault(path[depth] if depth < len(path) else None, []).append(member)
        if None in branches and len(branches) == 1:
            for member in members:
                probabilities[member] = mass / len(members)
            return
        shares = [1.0]
        if len(branches) > 1:
            allowed = [end() if token is None else token for token in branches]
            weights = weigh(paths[members[0]][:depth], allowed)
            total = sum(weights)
            shares = [w / total if total > 0 else 1 / len(weights) for w in weights]
        for (token, inside), share in zip(branches.items(), shares, strict=True):
            if token is None:
                for member in inside:
                    probabilities[member] = mass * share / len(inside)
            else:
                follow(inside, depth + 1, mass * share)

    if paths:
        follow(list(range(len(paths))), 0, 1.0)
    return probabilities


def first_difference(one: Sequence[int], other: Sequence[int]) -> int:
    """Index of the first token at which two sequences part."""
    for index, (a, b) in enumerate(zip(one, other, strict=False)):
        if a != b:
            return index
    return min(len(one), len(other))
