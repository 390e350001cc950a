"""What every command prints alike: JSON and warnings."""

from __future__ import annotations

import sys
from typing import Any

import orjson
import typer


def print_json(value: Any, *, line: bool = False) -> None:
    """On standard output, indented, or on one ``line``."""
    option = 0 if line else orjson.OPT_INDENT_2
    sys.stdout.write(orjson.dumps(value, option=option).decode() + "\n")
    sys.stdout.flush()


def warn(problem: str | None) -> None:
    """One line on standard error; nothing when there is no problem."""
    if problem is not None:
        typer.echo(f"shop: {' '.join(problem.split())}", err=True)
