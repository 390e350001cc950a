"""From scored turns to metrics with intervals. Every metric is documented in docs/evaluation.md."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from assistant.evaluation.bootstrap import (
    Estimate,
    Quantile,
    Sample,
    Total,
    difference,
    draw,
    estimate,
    ratio,
    rounded,
)
from assistant.evaluation.matching import Assignment, field_class
from assistant.evaluation.runner import Played
from assistant.evaluation.scoring import TurnScore

_HIT: Final = 10
COUNTED: Final = frozenset({"violations", "own_violations"})
"""Metrics that are numbers of turns, not shares."""


@dataclass(frozen=True, slots=True)
class Scored:
    """A played dialogue with the score of each turn."""

    played: Played
    scores: tuple[TurnScore, ...]


Measure = Callable[[TurnScore], tuple[float, float]]
"""A turn's share of a ratio: (top, bottom)."""


def _share(right: bool | None) -> tuple[float, float]:
    return (0.0, 0.0) if right is None else (float(right), 1.0)


def _f1(assignment: Assignment) -> tuple[float, float]:
    hits, spare, missed = assignment.counts
    return 2 * hits, 2 * hits + spare + missed


def _precision(assignment: Assignment) -> tuple[float, float]:
    hits, spare, _ = assignment.counts
    return hits, hits + spare


def _recall(assignment: Assignment) -> tuple[float, float]:
    hits, _, missed = assignment.counts
    return hits, hits + missed


MEASURES: Final[Mapping[str, Measure]] = {
    "act_accuracy": lambda s: _share(s.act),
    "constraint_precision": lambda s: _precision(s.wants),
    "constraint_recall": lambda s: _recall(s.wants),
    "constraint_f1": lambda s: _f1(s.wants),
    "constraint_f1_loose": lambda s: _f1(s.loose),
    "moment_exact": lambda s: _share(s.moment_exact),
    "moment_f1": lambda s: _f1(s.moment),
    "reference_accuracy": lambda s: _share(s.refers),
    "clears_accuracy": lambda s: _share(s.clears),
    "sort_accuracy": lambda s: _share(s.sort),
    "asks_accuracy": lambda s: _share(s.asks),
    "does_accuracy": lambda s: _share(s.does),
    "violation_rate": lambda s: _share(bool(s.violations)),
    "own_violation_rate": lambda s: _share(bool(s.own_violations)),
    "checks_passed": lambda s: (sum(c.passed for c in s.checks), len(s.checks)),
    "hit_at_10": lambda s: _share(_hit(s)),
    "mrr": lambda s: (1 / s.rank if s.rank else 0.0, float(s.has_target)),
    "turns_right": lambda s: _share(not s.failures),
    "read_by_model": lambda s: _share(s.by_model),
}
"""Ratios over turns, by name; constraint counts are pooled over all turns (micro average)."""


def _hit(score: TurnScore) -> bool | None:
    return (score.rank is not None and score.rank <= _HIT) if score.has_target else None


def samples(scored: Sequence[Scored]) -> dict[str, Sample]:
    """Every metric of the dialogues, resampled by dialogue."""
    made: dict[str, Sample] = {}
    for name, measure in MEASURES.items():
        parts = [[measure(s) for s in d.scores] for d in scored]
        made[name] = ratio(
            [sum(top for top, _ in turns) for turns in parts],
            [sum(bottom for _, bottom in turns) for turns in parts],
        )
    made["violations"] = _counted(scored, lambda s: bool(s.violations))
    made["own_violations"] = _counted(scored, lambda s: bool(s.own_violations))
    parses = [[h.parse_ms for h in d.played.heard] for d in scored]
    totals = [[h.timings.get("total") for h in d.played.heard] for d in scored]
    for name, values in (("parse_ms", parses), ("total_ms", totals)):
        for share in (0.5, 0.95):
            made[f"{name}_p{100 * share:.0f}"] = quantile(values, share)
    return made


def _counted(scored: Sequence[Scored], wrong: Callable[[TurnScore], bool]) -> Total:
    return Total(np.array([sum(map(wrong, d.scores)) for d in scored], np.float64))


def quantile(values: Iterable[Iterable[float | None]], share: float) -> Quantile:
    """A quantile of one list of values per unit; None is left out."""
    pairs = [(v, unit) for unit, held in enumerate(values) for v in held if v is not None]
    return Quantile(
        np.array([v for v, _ in pairs], np.float64),
        np.array([u for _, u in pairs], np.int64),
        share,
    )


def estimates(made: Mapping[str, Sample], units: int) -> dict[str, Estimate]:
    """Every metric with its interval."""
    weights = draw(units)
    return {name: estimate(sample, weights) for name, sample in made.items()}


def differences(
    one: Mapping[str, Sample], other: Mapping[str, Sample], units: int
) -> dict[str, Estimate]:
    """One run minus another over the same units, paired, for the metrics both have."""
    weights = draw(units)
    return {n: difference(one[n], other[n], weights) for n in one if n in other}


def as_json(made: Mapping[str, Estimate]) -> dict[str, Any]:
    """``{"x": value, "x_ci": [low, high]}`` for every metric; null where nothing was measured.

    A metric ``a.x`` goes into an object of its own: ``{"a": {"x": value, "x_ci": …}}``.
    """
    record: dict[str, Any] = {}
    for name, e in made.items():
        whole, _, part = name.rpartition(".")
        held = record.setdefault(whole, {}) if whole else record
        held[part] = int(e.value) if name in COUNTED else rounded(e.value)
        held[f"{part}_ci"] = [rounded(e.low), rounded(e.high)]
    return record


def by_covers(scored: Sequence[Scored]) -> dict[str, dict[str, Any]]:
    """Act accuracy, F1 and exact Moments of the dialogues that cover something."""
    shown = ("act_accuracy", "constraint_f1", "moment_exact", "turns_right")
    table = {}
    for name in sorted({c for d in scored for c in d.played.dialogue.covers}):
        chosen = [d for d in scored if name in d.played.dialogue.covers]
        made = samples(chosen)
        record = as_json(estimates({n: made[n] for n in shown}, len(chosen)))
        turns = sum(len(d.scores) for d in chosen)
        table[name] = {"dialogues": len(chosen), "turns": turns} | record
    return table


def by_field(scored: Sequence[Scored]) -> dict[str, dict[str, Any]]:
    """Precision, recall and F1 per field, hard and soft not told apart."""
    hits: Counter[str] = Counter()
    spare: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    for turn in (s for d in scored for s in d.scores):
        hits.update(field_class(e.field) for e, _ in turn.loose.pairs if not e.optional)
        spare.update(field_class(c.field) for c in turn.loose.spare)
        missed.update(field_class(e.field) for e in turn.loose.missed)
    table = {}
    for name in sorted(hits | spare | missed, key=lambda n: (-hits[n] - missed[n], n)):
        h, s, m = hits[name], spare[name], missed[name]
        table[name] = {
            "gold": h + m,
            "read": h + s,
            "precision": _over(h, h + s),
            "recall": _over(h, h + m),
            "f1": _over(2 * h, 2 * h + s + m),
        }
    return table


def _over(top: int, bottom: int) -> float | None:
    return round(top / bottom, 4) if bottom else None


def by_check(scored: Sequence[Scored]) -> dict[str, dict[str, int]]:
    """How many checks of each kind there are, and how many hold."""
    counts: dict[str, dict[str, int]] = defaultdict(lambda: {"checks": 0, "passed": 0})
    for check in (c for d in scored for s in d.scores for c in s.checks):
        counts[check.name]["checks"] += 1
        counts[check.name]["passed"] += check.passed
    return dict(sorted(counts.items()))


def acts_confused(scored: Sequence[Scored]) -> dict[str, int]:
    """``"refine → search"``: how often an act was taken for another, most frequent first."""
    counts: Counter[str] = Counter()
    for d in scored:
        for turn, heard, s in zip(d.played.dialogue.turns, d.played.heard, d.scores, strict=True):
            if not s.act:
                got = heard.intent.act.value if heard.intent else "error"
                counts[f"{turn.acts[0]} → {got}"] += 1
    return dict(counts.most_common())


def rules_applied(scored: Sequence[Scored]) -> dict[str, int]:
    """In how many turns each rule of :mod:`assistant.reconcile` changed the reading, most frequent first."""
    counts = Counter(
        rule for d in scored for h in d.played.heard if h.intent for rule in h.intent.resolved
    )
    return dict(counts.most_common())


def stage_latency(timings: Iterable[Mapping[str, float]]) -> dict[str, dict[str, float]]:
    """p50 and p95 in milliseconds of every stage, over the turns in which it ran."""
    values: dict[str, list[float]] = defaultdict(list)
    for turn in timings:
        for stage, milliseconds in turn.items():
            values[stage].append(milliseconds)
    return {
        stage: {
            "turns": len(v),
            "p50": round(float(np.quantile(v, 0.5)), 2),
            "p95": round(float(np.quantile(v, 0.95)), 2),
        }
        for stage, v in sorted(values.items())
    }
