"""Coordinates of the report's plots; the template draws them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from assistant.evaluation.bootstrap import Estimate
from assistant.evaluation.metrics import COUNTED

WIDTH: Final = 640
_LEFT: Final = 230
_RIGHT: Final = 20
_ROW: Final = 22
_CURVE_HEIGHT: Final = 220
_COLORS: Final = ("#2563eb", "#d97706", "#059669", "#7c3aed")
_TICKS: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000)


@dataclass(frozen=True, slots=True)
class Mark:
    """A labelled place on an axis."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Whisker:
    """One metric: its point and its interval, in pixels."""

    y: float
    label: str
    value: str
    at: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Forest:
    """Metrics between 0 and 1 with their intervals, one a row."""

    height: int
    rows: tuple[Whisker, ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One curve: SVG points, and what it shows."""

    points: str
    label: str
    color: str


@dataclass(frozen=True, slots=True)
class Curves:
    """Cumulative shares over milliseconds, on a logarithmic axis."""

    height: int
    lines: tuple[Line, ...]
    across: tuple[Mark, ...]
    up: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar, in pixels, with its label and count."""

    x: float
    y: float
    height: float
    color: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Bars:
    """Grouped bars: how many sessions took so many turns."""

    height: int
    bar_width: float
    bars: tuple[Bar, ...]
    legend: tuple[tuple[str, str], ...]


def readable(metric: str) -> str:
    """``"ours.ndcg_at_10"`` → ``"ours: ndcg at 10"``."""
    return metric.replace("_", " ").replace(".", ": ")


def forest(made: Mapping[str, Estimate]) -> Forest:
    """A row for each metric that lies between 0 and 1."""
    shown = [(n, e) for n, e in made.items() if 0 <= e.low <= e.value <= e.high <= 1]
    shown = [(n, e) for n, e in shown if n not in COUNTED]
    rows = tuple(
        Whisker(
            _ROW * (n + 0.5), readable(name), f"{e.value:.3f}",
            *(round(_across(v), 1) for v in (e.value, e.low, e.high)),
        )
        for n, (name, e) in enumerate(shown)
    )  # fmt: skip
    marks = tuple(Mark(round(_across(v / 4), 1), f"{v / 4:g}") for v in range(5))
    return Forest(_ROW * len(rows), rows, marks)


def _across(share: float) -> float:
    return _LEFT + share * (WIDTH - _LEFT - _RIGHT)


def curves(series: Mapping[str, Sequence[float]]) -> Curves | None:
    """Cumulative curves of several lists of milliseconds; None when there is nothing to draw."""
    known = {n: np.sort(np.maximum(np.asarray(v, np.float64), 0.1)) for n, v in series.items() if v}
    if not known:
        return None
    low = min(float(v[0]) for v in known.values())
    high = max(max(float(v[-1]) for v in known.values()), low * 1.01)
    left, span = 44.0, WIDTH - 44.0 - _RIGHT

    def x(milliseconds: float) -> float:
        return left + span * float(np.log(milliseconds / low) / np.log(high / low))

    def y(share: float) -> float:
        return 10 + (_CURVE_HEIGHT - 40) * (1 - share)

    lines = []
    for (name, values), color in zip(known.items(), _COLORS, strict=False):
        shares = np.linspace(0, 1, min(len(values), 100))
        places = np.quantile(values, shares)
        points = " ".join(f"{x(v):.1f},{y(s):.1f}" for v, s in zip(places, shares, strict=True))
        lines.append(Line(points, name, color))
    ticks = [t for t in _TICKS if low <= t <= high]
    return Curves(
        _CURVE_HEIGHT, tuple(lines),
        tuple(Mark(round(x(t), 1), f"{t:,}") for t in ticks),
        tuple(Mark(round(y(s), 1), f"{s:.0%}") for s in (0, 0.5, 0.95, 1)),
    )  # fmt: skip


def bars(counts: Mapping[str, Sequence[int]], labels: Sequence[str]) -> Bars:
    """Groups of bars, one group a label, one bar a series."""
    most = max((c for series in counts.values() for c in series), default=0) or 1
    group = (WIDTH - 20) / len(labels)
    width = group * 0.8 / max(1, len(counts))
    tall = _CURVE_HEIGHT - 50
    made = tuple(
        Bar(
            round(10 + n * group + k * width, 1), round(20 + tall * (1 - c / most), 1),
            round(tall * c / most, 1), _COLORS[k], label, c,
        )
        for k, series in enumerate(counts.values())
        for n, (label, c) in enumerate(zip(labels, series, strict=True))
    )  # fmt: skip
    legend = tuple(zip(counts, _COLORS, strict=False))
    return Bars(_CURVE_HEIGHT, round(width, 1), made, legend)
