"""The result for people: tables in the terminal, and one self-contained HTML page."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from assistant.evaluation import plots
from assistant.evaluation.bootstrap import Estimate
from assistant.evaluation.evaluate import Result
from assistant.evaluation.metrics import COUNTED
from assistant.evaluation.scoring import gold_lines, got_lines
from assistant.evaluation.simulated import MAX_TURNS, Session, Walk
from assistant.evaluation.suites import SUITES, Outcome
from catalog.errors import UsageError
from catalog.home import home_dir

if TYPE_CHECKING:
    from rich.console import Console

_TEMPLATE: Final = "report.html.jinja"
_TABLES: Final = {
    "by_covers": "By what the dialogues cover",
    "by_field": "By field, hard and soft not told apart",
    "by_catalog": "By catalogue",
    "by_label": "By label and system",
    "by_act": "By act and system",
    "differences": "Differences, paired",
    "weights": "Parts of the score weighed more or less, against the weights as they are",
    "ablations": "Parts left out, and what that loses",
    "by_query": "By kind of query and way of retrieval",
    "failed_queries": "Queries that went worst (judgement in brackets, 0 without one)",
    "by_family": "By family of attacks",
    "by_attack": "Attack by attack",
    "by_check": "Checks on the answers",
    "acts_confused": "Acts taken for others",
    "rules_applied": "Rules between reader and model",
    "latency": "Milliseconds by stage",
}
_PRINTED: Final = (
    "by_covers", "by_field", "by_catalog", "by_label", "by_act", "differences", "weights", "ablations", "by_query",
    "by_family",
)  # fmt: skip
_WITH_INTERVALS: Final = frozenset({"differences", "weights", "ablations"})
"""Printed tables whose figures mean little without their intervals; the others are wide enough."""

Row = list[Any]


@dataclass(frozen=True, slots=True)
class FailedTurn:
    """One turn with a fault, as the report shows it."""

    dialogue: str
    number: int
    say: str
    so_far: tuple[tuple[str, str], ...]
    """What was said before, with the answers."""
    failures: tuple[str, ...]
    gold: list[tuple[str, str]]
    got: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Section:
    """One suite, as the report shows it."""

    name: str
    head: Row
    rows: list[Row]
    forest: plots.Forest
    tables: list[tuple[str, Row, list[Row]]]
    latency: plots.Curves | None
    turns: plots.Bars | None
    failed_turns: list[FailedTurn]
    failed_sessions: list[Session]


def print_tables(result: Result) -> None:
    """Metrics with their intervals on standard output; never an utterance."""
    from rich.console import Console

    console = Console()
    for outcome in result.run.outcomes:
        head, *rows = _metric_rows(result, outcome)
        read_by = f", {result.run.model}" if SUITES[outcome.name].uses_model else ""
        _print(console, f"{outcome.name}: {result.request.split}{read_by}", head, rows)
        for name in _PRINTED:
            if not outcome.tables.get(name):
                continue
            head, *rows = _rows(outcome.tables[name], intervals=name in _WITH_INTERVALS)
            _print(console, _TABLES[name], head, rows)
    console.print(_counts(result))
    for line in _left_out(result):
        console.print(f"left out: {line}", style="yellow")


def _print(console: Console, title: str, head: Row, rows: list[Row]) -> None:
    from rich.table import Table

    table = Table(title=title, title_justify="left", box=None)
    for n, name in enumerate(head):
        table.add_column(
            str(name), justify="right" if n else "left", no_wrap=n == 0, overflow="fold"
        )
    for row in rows:
        table.add_row(*("–" if cell is None else str(cell) for cell in row))
    console.print(table)
    console.print()


def write_report(result: Result, path: Path | None = None) -> Path:
    """Write the HTML report; by default into ``reports/`` of SHOPMOMENT_HOME.

    Raises UsageError when the file cannot be written.
    """
    target = path or home_dir() / "reports" / f"eval-{result.request.split}.html"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(as_html(result), "utf-8")
    except OSError as error:
        raise UsageError(f"{target}: cannot be written ({error.strerror})") from error
    return target


def as_html(result: Result) -> str:
    """The whole report as one page that fetches nothing."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined
    )
    return environment.get_template(_TEMPLATE).render(
        split=result.request.split,
        model=result.run.model,
        compared=result.compared,
        counts=_counts(result),
        left_out=list(_left_out(result)),
        reasons=result.request.reasons,
        width=plots.WIDTH,
        suites=[_section(result, o) for o in result.run.outcomes],
    )


def _section(result: Result, outcome: Outcome) -> Section:
    head, *rows = _metric_rows(result, outcome)
    tables = []
    for name, title in _TABLES.items():
        if outcome.tables.get(name):
            first, *others = _rows(outcome.tables[name])
            tables.append((title, first, others))
    heard = [h for d in outcome.scored for h in d.played.heard]
    latency = plots.curves(
        {
            "reading": [h.parse_ms for h in heard if h.parse_ms is not None],
            "first card": [h.timings["first_card"] for h in heard if h.timings],
            "whole turn": [h.timings["total"] for h in heard if h.timings],
        }
    )
    return Section(
        outcome.name, head, rows, plots.forest(outcome.estimates()), tables, latency,
        _turns(outcome.sessions) if outcome.sessions else None,
        list(_failed(outcome)), [s for s in outcome.sessions if not s.answering.found],
    )  # fmt: skip


def _turns(sessions: Sequence[Session]) -> plots.Bars:
    def series(walks: Sequence[Walk]) -> list[int]:
        counts = Counter(w.turns for w in walks)
        return [counts[n] for n in range(1, MAX_TURNS + 2)]

    labels = [*(str(n) for n in range(1, MAX_TURNS + 1)), "not found"]
    return plots.bars(
        {
            "answering questions": series([s.answering for s in sessions]),
            "ignoring them": series([s.ignoring for s in sessions]),
        },
        labels,
    )


def _failed(outcome: Outcome) -> Iterator[FailedTurn]:
    for d in outcome.scored:
        dialogue = d.played.dialogue
        for n, (turn, heard, scored) in enumerate(
            zip(dialogue.turns, d.played.heard, d.scores, strict=True)
        ):
            if scored.failures:
                before = tuple((h.say, h.error or h.text) for h in d.played.heard[:n])
                yield FailedTurn(
                    dialogue.id, n + 1, turn.say, before, scored.failures,
                    gold_lines(turn), got_lines(heard),
                )  # fmt: skip


def _metric_rows(result: Result, outcome: Outcome) -> list[Row]:
    """Head and rows of a suite's metrics; with a second run, the difference to it."""
    other = next((o for o in result.other.outcomes if o.name == outcome.name), None) if result.other else None  # fmt: skip
    head: Row = ["metric", "value", "95 %"]
    compared = other.estimates() if other is not None else {}
    gaps = result.differences.get(outcome.name, {})
    if other is not None:
        head += [result.compared, "difference", "95 %"]
    rows = [head]
    for name, e in outcome.estimates().items():
        row: Row = [plots.readable(name), _figure(name, e.value), _interval(name, e)]
        if other is not None:
            row.append(_figure(name, compared[name].value) if name in compared else "–")
            gap = gaps.get(name)
            row += [_signed(name, gap), _interval(name, gap)] if gap else ["–", "–"]
        rows.append(row)
    return rows


def _figure(name: str, value: float) -> str:
    if math.isnan(value):
        return "–"
    if name in COUNTED:
        return f"{value:.0f}"
    return f"{value:.1f}" if "_ms_" in name else f"{value:.3f}"


def _signed(name: str, gap: Estimate) -> str:
    """A difference with its sign, starred when its interval leaves 0 out."""
    text = _figure(name, gap.value)
    sign = "+" if gap.value > 0 else ""
    return f"{sign}{text}{'*' if gap.low > 0 or gap.high < 0 else ''}"


def _interval(name: str, e: Estimate) -> str:
    if math.isnan(e.low):
        return "–"
    return f"{_figure(name, e.low)}…{_figure(name, e.high)}"


def _rows(table: dict[str, Any], *, intervals: bool = True) -> list[Row]:
    """A table of the JSON as rows, the head first; intervals go into the cells of their values."""
    first = next(iter(table.values()))
    if not isinstance(first, dict):
        return [["", "turns"], *([name, n] for name, n in table.items())]
    keys = [k for k in first if not k.endswith("_ci")]
    return [
        ["", *(k.replace("_", " ") for k in keys)],
        *([name, *(_cell(record, k, intervals) for k in keys)] for name, record in table.items()),
    ]


def _cell(record: dict[str, Any], key: str, intervals: bool) -> Any:
    value, interval = record[key], record.get(f"{key}_ci")
    if value is None or interval is None or None in interval or not intervals:
        return f"{value:.3f}" if isinstance(value, float) else value
    return f"{value:.3f} ({interval[0]:.3f}…{interval[1]:.3f})"


def _counts(result: Result) -> str:
    made = [pair for o in result.run.outcomes for pair in o.counts.items()]
    return ", ".join(f"{v:,} {k.replace('_', ' ')}" for k, v in made)


def _left_out(result: Result) -> Iterator[str]:
    for outcome in result.run.outcomes:
        for name, held in outcome.left_out.items():
            counted = ", ".join(f"{v} {k}" for k, v in held.items() if k != "why")
            yield f"{outcome.name} of {name} ({counted}): {held['why']}"
