"""Intervals: what they cover, what they resample, and that they come out the same again."""

from __future__ import annotations

import math

import numpy as np

from assistant.evaluation.bootstrap import (
    Quantile,
    Total,
    difference,
    draw,
    estimate,
    ratio,
)


def test_the_interval_of_a_mean_covers_it_as_often_as_it_says() -> None:
    dice = np.random.default_rng(1)
    covered = 0
    for _ in range(200):
        right = dice.binomial(1, 0.7, 60)
        e = estimate(ratio(right.tolist(), [1.0] * 60), draw(60))
        covered += e.low <= 0.7 <= e.high
    assert 0.88 <= covered / 200 <= 0.99


def test_whole_dialogues_are_resampled() -> None:
    # Ten dialogues of ten turns, each all right or all wrong: ten draws, not a hundred.
    right = [10.0] * 5 + [0.0] * 5
    clustered = estimate(ratio(right, [10.0] * 10), draw(10))
    alone = estimate(ratio([1.0] * 50 + [0.0] * 50, [1.0] * 100), draw(100))
    assert clustered.value == alone.value == 0.5
    assert clustered.high - clustered.low > 2.5 * (alone.high - alone.low)


def test_the_same_input_gives_the_same_interval() -> None:
    sample = ratio([1.0, 2.0, 0.0], [2.0, 2.0, 2.0])
    assert estimate(sample, draw(3)) == estimate(sample, draw(3))


def test_a_difference_is_paired() -> None:
    dice = np.random.default_rng(2)
    base = dice.random(40)
    one, other = ratio((base + 0.1).tolist(), [1.0] * 40), ratio(base.tolist(), [1.0] * 40)
    gap = difference(one, other, draw(40))
    assert math.isclose(gap.value, 0.1) and gap.high - gap.low < 1e-9
    apart = estimate(one, draw(40))
    assert apart.high - apart.low > 0.1


def test_a_quantile_is_that_of_the_resampled_values() -> None:
    values = np.array([5.0, 1.0, 3.0, 2.0, 4.0])
    units = np.array([0, 1, 1, 2, 2])
    weights = draw(3, resamples=50)
    median = Quantile(values, units, 0.5).resampled(weights)
    for row, found in zip(weights.astype(int), median, strict=True):
        drawn = np.sort(np.repeat(values, row[units]))
        assert found == drawn[math.ceil(len(drawn) / 2) - 1]


def test_where_nothing_was_measured_there_is_no_number() -> None:
    nothing = estimate(ratio([0.0, 0.0], [0.0, 0.0]), draw(2))
    assert math.isnan(nothing.value) and math.isnan(nothing.low)
    assert math.isnan(estimate(Quantile(np.array([]), np.array([], np.int64), 0.5), draw(2)).value)
    assert estimate(Total(np.array([2.0, 1.0])), draw(2)).value == 3
