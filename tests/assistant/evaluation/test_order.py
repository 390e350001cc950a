"""Measures of an order, against values worked out by hand and against counting."""

from __future__ import annotations

import random
from itertools import permutations
from statistics import mean

import pytest

from assistant.evaluation.order import by_chance, dcg, kendall_tau, ndcg, reciprocal_rank


def test_gains_are_exponential_and_discounted_by_place() -> None:
    assert dcg([3, 0, 1], 5) == pytest.approx(7 + 1 / 2)
    assert dcg([3, 0, 1], 2) == 7


def test_the_best_order_has_ndcg_one_and_the_worst_less() -> None:
    grades = [0, 3, 1, 2]
    assert ndcg(sorted(grades, reverse=True), grades, 5) == 1
    worst = ndcg(sorted(grades), grades, 5)
    assert worst is not None and 0 < worst < 1


def test_where_nothing_suits_there_is_no_ndcg() -> None:
    assert ndcg([0, 0], [0, 0], 5) is None


def test_the_reciprocal_rank_is_that_of_the_first_target() -> None:
    assert reciprocal_rank(["a", "b", "c"], {"b", "c"}) == 0.5
    assert reciprocal_rank(["a"], {"z"}) == 0


@pytest.mark.parametrize("grades", [[3, 0, 0, 1], [3, 3, 0, 2, 1], [1, 3], [3]])
def test_chance_is_the_mean_over_all_orders(grades: list[int]) -> None:
    orders = list(permutations(range(len(grades))))
    gained, reciprocal = by_chance(grades, 3, 3)
    assert gained == pytest.approx(
        mean(ndcg([grades[i] for i in order], grades, 3) or 0 for order in orders)
    )
    targets = {str(i) for i, g in enumerate(grades) if g == 3}
    if targets:
        assert reciprocal == pytest.approx(
            mean(reciprocal_rank([str(i) for i in order], targets) for order in orders)
        )
    else:
        assert reciprocal is None


def test_tau_is_one_for_the_same_order_and_minus_one_for_its_reverse() -> None:
    order = list("abcdef")
    assert kendall_tau(order, order) == 1
    assert kendall_tau(order, order[::-1]) == -1
    swapped = ["b", "a", *order[2:]]
    assert kendall_tau(order, swapped) == pytest.approx(1 - 2 / 15)
    shuffled = order[:]
    random.Random(3).shuffle(shuffled)
    assert kendall_tau(order, shuffled) == kendall_tau(shuffled, order)
