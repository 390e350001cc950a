"""Percentile bootstrap intervals, resampling whole dialogues.

Turns of one dialogue share a topic and a history, so they are no independent draws:
the dialogue is (cluster bootstrap; Davison & Hinkley 1997, section 3.8). One matrix of
weights serves every metric, which makes differences between two runs paired.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float64]

RESAMPLES: Final = 1_000
_SEED: Final = 20_240_607
_LEVEL: Final = 0.95


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its 95 % interval; NaN where nothing could be measured."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Ratio:
    """A sum over a sum, both per unit: float64 [units]. A mean, a rate, an F1."""

    top: Floats
    bottom: Floats

    def resampled(self, weights: Floats) -> Floats:
        """The ratio under each row of weights: float64 [rows]; NaN where the bottom is 0."""
        below = weights @ self.bottom
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(below > 0, (weights @ self.top) / below, np.nan)


@dataclass(frozen=True, slots=True)
class Total:
    """A count per unit, summed: float64 [units]."""

    counts: Floats

    def resampled(self, weights: Floats) -> Floats:
        """The sum under each row of weights."""
        return weights @ self.counts


@dataclass(frozen=True, slots=True)
class Quantile:
    """A quantile of values (float64 [n]) that belong to units (int64 [n])."""

    values: Floats
    units: npt.NDArray[np.int64]
    share: float

    def resampled(self, weights: Floats) -> Floats:
        """The weighted quantile under each row of weights: the least value whose cumulative
        weight reaches the share.
        """
        if not len(self.values):
            return np.full(len(weights), np.nan)
        order = np.argsort(self.values, kind="stable")
        running = np.cumsum(weights[:, self.units[order]], axis=1)
        total = running[:, -1:]
        at = np.argmax(running >= self.share * total - 1e-12, axis=1)
        return np.where(total[:, 0] > 0, self.values[order][at], np.nan)


@dataclass(frozen=True, slots=True)
class Mean:
    """The unweighted mean of ratios over the same units: a macro average."""

    parts: tuple[Ratio, ...]

    def resampled(self, weights: Floats) -> Floats:
        """The mean under each row of weights; NaN where one of the ratios is."""
        made: Floats = np.mean([p.resampled(weights) for p in self.parts], axis=0)
        return made


Sample = Ratio | Total | Quantile | Mean


def draw(units: int, *, resamples: int = RESAMPLES, seed: int = _SEED) -> Floats:
    """How often each unit is drawn in each resample: float64 [resamples, units]."""
    if not units:
        return np.zeros((resamples, 0))
    counts = np.random.default_rng(seed).multinomial(units, np.full(units, 1 / units), resamples)
    return counts.astype(np.float64)


def estimate(sample: Sample, weights: Floats) -> Estimate:
    """The metric and its percentile interval."""
    value = sample.resampled(np.ones((1, weights.shape[1])))[0]
    return _interval(float(value), sample.resampled(weights))


def difference(one: Sample, other: Sample, weights: Floats) -> Estimate:
    """One run minus another over the same units, and its percentile interval."""
    whole = np.ones((1, weights.shape[1]))
    value = one.resampled(whole)[0] - other.resampled(whole)[0]
    return _interval(float(value), one.resampled(weights) - other.resampled(weights))


def ratio(top: Sequence[float], bottom: Sequence[float]) -> Ratio:
    """A :class:`Ratio` of plain numbers, one pair per unit."""
    return Ratio(np.asarray(top, np.float64), np.asarray(bottom, np.float64))


def rounded(number: float, digits: int = 4) -> float | None:
    """A figure for JSON: None where nothing could be measured."""
    return None if math.isnan(number) else round(number, digits) + 0.0  # no "-0.0"


def _interval(value: float, resampled: Floats) -> Estimate:
    known = resampled[~np.isnan(resampled)]
    if math.isnan(value) or not len(known):
        return Estimate(value, math.nan, math.nan)
    tail = (1 - _LEVEL) / 2
    low, high = np.quantile(known, [tail, 1 - tail])
    return Estimate(value, float(low), float(high))
