"""JSON Lines: one object a line; a broken line costs only itself."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator, Mapping
from typing import Any, Final

import orjson

from catalog.feeds.nested import as_records
from catalog.feeds.record import Problem, Record
from catalog.feeds.source import Source

MAX_LINE: Final = 8 * 1024 * 1024
"""Characters; a longer line is refused without being parsed."""
TOO_LONG: Final = f"a line of more than {MAX_LINE:,} characters"


def parse_json(text: str) -> Any:
    """A JSON value; NaN and Infinity, which many writers leave in, are read too.

    Raises ValueError.
    """
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        try:
            return json.loads(text)
        except RecursionError:
            raise ValueError("nested too deeply") from None


class JsonLinesReader:
    """Objects of a JSONL (NDJSON) file."""

    place = "line"
    mapping: Mapping[str, str] = {}
    description = "JSONL"

    def __init__(self, source: Source) -> None:
        self._source = source

    def columns(self) -> tuple[str, ...]:
        """None: there is no header."""
        return ()

    def records(self) -> Generator[Record, None, None]:
        """One record for every line that is not blank, or for every variant it holds."""
        for number, value, problem in json_lines(self._source):
            if problem:
                yield Record(number, {}, problem)
            else:
                yield from as_records(number, value)


def json_lines(source: Source) -> Generator[tuple[int, Any, Problem | None], None, None]:
    """(line, value, what is wrong with it) of every line that is not blank."""
    for number, line in bounded_lines(source):
        if line is None:
            yield number, None, Problem("refused", "line too long", TOO_LONG)
        else:
            yield number, *_read(line)


def bounded_lines(source: Source) -> Generator[tuple[int, str | None], None, None]:
    """(number, text) of every line that is not blank; None for one longer than ``MAX_LINE``."""
    number = 0
    with source.text() as text:
        while line := text.readline(MAX_LINE):
            number += 1
            if len(line) >= MAX_LINE and not line.endswith("\n"):
                while (rest := text.readline(MAX_LINE)) and not rest.endswith("\n"):
                    pass
                yield number, None
            elif line.strip():
                yield number, line


def read_object(line: int, text: str) -> Iterator[Record]:
    """The records one JSON object makes, or one that says why it makes none."""
    value, problem = _read(text)
    return iter([Record(line, {}, problem)]) if problem else as_records(line, value)


def _read(text: str) -> tuple[Any, Problem | None]:
    try:
        return parse_json(text), None
    except json.JSONDecodeError as error:
        message = f"broken JSON: {error.msg} (character {error.pos + 1})"
    except ValueError as error:
        message = f"broken JSON: {error}"
    return None, Problem("refused", "broken JSON", message)
