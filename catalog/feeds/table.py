"""CSV and TSV: delimiter found by trying, broken quoting survived, line numbers kept."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter, deque
from collections.abc import Generator, Iterable, Iterator, Mapping
from typing import Final

from catalog.errors import FeedError
from catalog.feeds.mapping import guess
from catalog.feeds.record import Problem, Record
from catalog.feeds.source import Source

DELIMITERS: Final[dict[str, str]] = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}

MAX_RECORD: Final = 2 * 1024 * 1024
"""Characters; a longer record is an unclosed quote swallowing the file."""
TOO_LONG: Final = f"a line of more than {MAX_RECORD:,} characters"
_LEFT_OUT: Final = "\0line left out"
"""In place of a line that is too long."""
MAX_RECOVERIES: Final = 200
_SNIFFED_LINES: Final = 50
_BACKSLASHED: Final = re.compile(r"\\\"(?=[^,;\t|\r\n])")


class TableReader:
    """Rows of a delimited text file whose first row names the columns.

    Raises FeedError without a header row, and when quoting is broken throughout.
    """

    place = "line"
    mapping: Mapping[str, str] = {}

    def __init__(self, source: Source, format: str | None = None) -> None:
        self._source = source
        allowed = "\t" if format == "tsv" else "".join(DELIMITERS)
        self._delimiter, self._skipped = _sniff(source.head, allowed)
        # Some exporters write \" inside quotes where others write "".
        escaped = len(_BACKSLASHED.findall(source.head)) >= 2
        self._escape = "\\" if escaped else None
        name = "TSV" if self._delimiter == "\t" else "CSV"
        words = "" if self._delimiter in ",\t" else f" ({DELIMITERS[self._delimiter]})"
        self.description = name + words
        header = next((fields for _, fields, _ in self._rows()), [])
        if not any(h.strip() for h in header):
            raise FeedError(f"{source.path}: the file has no header row")
        self._columns = _column_names(header)

    def columns(self) -> tuple[str, ...]:
        """The header row; empty names become ``column_3``, repeated ones ``name_2``."""
        return self._columns

    def records(self) -> Generator[Record, None, None]:
        """The rows after the header."""
        rows = self._rows()
        _, header, _ = next(rows)
        for line, fields, problem in rows:
            if problem is not None:
                yield Record(line, {}, problem)
            elif fields == header:
                yield Record(line, {}, Problem("refused", "header again", "the header again"))
            else:
                yield self._record(line, fields)

    def _record(self, line: int, fields: list[str]) -> Record:
        wanted = len(self._columns)
        problem = None
        if len(fields) > wanted:
            if any(f.strip() for f in fields[wanted:]):
                message = (
                    f"{len(fields)} fields where the header has {wanted}: is a delimiter unquoted?"
                )
                return Record(line, {}, Problem("refused", "too many fields", message))
        elif len(fields) < wanted:
            message = f"{len(fields)} fields where the header has {wanted}; the rest is unknown"
            problem = Problem("repaired", "too few fields", message)
        return Record(line, dict(zip(self._columns, fields, strict=False)), problem)

    def _rows(self) -> Iterator[tuple[int, list[str], Problem | None]]:
        """(first line, fields, problem) of every row that is not blank, the header first.

        A quote that is never closed makes the rest of the file one field. Such a record (too
        long, ended by the end of the file, or several lines with the wrong number of fields)
        costs only its first line: the lines after it are read again.
        """
        csv.field_size_limit(MAX_RECORD)
        wanted = recoveries = 0
        adrift = False
        with self._source.text() as text:
            lines = _Lines(self._source, text)
            for _ in range(self._skipped):
                next(lines, None)
            while True:
                lines.begin()
                reader = self._parse(lines)
                try:
                    fields = next(reader)
                except StopIteration:
                    return
                except csv.Error:
                    fields = None
                if fields is not None and not any(f.strip() for f in fields):
                    continue
                if (long := lines.too_long) is not None:
                    if not wanted:
                        raise FeedError(
                            f"{self._source.path}, line {long}: {TOO_LONG};"
                            " this does not look like a table"
                        )
                    yield long, [], Problem("refused", "line too long", TOO_LONG)
                    continue
                broken = fields is None or self._unclosed(fields, lines, wanted)
                if broken:
                    recoveries += 1
                    if recoveries > MAX_RECOVERIES:
                        raise FeedError(
                            f"{self._source.path}, line {lines.first}: more than {MAX_RECOVERIES}"
                            " rows with unclosed quotes; check how the file quotes its fields"
                        )
                    message = "a quote is opened here and not closed"
                    yield lines.first, [], Problem("refused", message, message)
                    lines.again()
                    adrift = True
                    continue
                assert fields is not None  # noqa: S101
                wanted = wanted or len(fields)
                # Until a row is whole again, lines are what is left of the broken one.
                adrift = adrift and len(fields) != wanted
                if adrift:
                    message = "part of the broken row before it"
                    yield lines.first, [], Problem("refused", message, message)
                else:
                    yield lines.first, fields, None

    def _parse(self, lines: Iterable[str], *, strict: bool = False) -> Iterator[list[str]]:
        return csv.reader(lines, delimiter=self._delimiter, escapechar=self._escape, strict=strict)

    def _unclosed(self, fields: list[str], lines: _Lines, wanted: int) -> bool:
        odd = bool(wanted) and len(fields) != wanted
        if lines.count > 1 and odd:
            return True
        if lines.count == 1 and not lines.at_end and not odd:
            return False
        # The lenient reader joins rows over a stray quote; the strict one says so.
        try:
            list(self._parse(lines.held, strict=True))
        except csv.Error as error:
            return lines.count > 1 or odd or "unexpected end" in str(error)
        return False


class _Lines(Iterator[str]):
    """Lines of a text, remembering those of the current record so that they can be read again."""

    def __init__(self, source: Source, text: io.TextIOWrapper) -> None:
        self._source, self._text = source, text
        self._again: deque[str] = deque()
        self._read = 0
        self.held: list[str] = []
        self.at_end = False
        self.too_long: int | None = None
        """The line, if it is longer than any may be, that stands where a record should begin."""
        self._size = 0

    @property
    def first(self) -> int:
        """Line on which the current record begins, from 1."""
        return self._read - len(self.held) + 1

    @property
    def count(self) -> int:
        """Lines the current record takes."""
        return len(self.held)

    def begin(self) -> None:
        """Start a record."""
        self.held, self._size, self.too_long = [], 0, None

    def again(self) -> None:
        """Give all but the first line of the current record out again."""
        self._again.extendleft(reversed(self.held[1:]))
        self._read -= len(self.held) - 1
        self.held = self.held[:1]
        self.at_end = False

    def __next__(self) -> str:
        if self._size > MAX_RECORD:
            raise csv.Error("record too long")
        line = self._again.popleft() if self._again else self._next_line()
        if not line:
            self.at_end = True
            raise StopIteration
        if line is _LEFT_OUT and self.held:
            # what comes before it is read as a record of its own first
            self._again.appendleft(line)
            raise csv.Error(TOO_LONG)
        if line is _LEFT_OUT:
            self._read += 1
            self.too_long = self._read
            raise csv.Error(TOO_LONG)
        self._read += 1
        self._size += len(line)
        self.held.append(line)
        return line

    def _next_line(self) -> str:
        line = self._text.readline(MAX_RECORD)
        if len(line) < MAX_RECORD or line.endswith(("\n", "\r")):
            return line
        while (rest := self._text.readline(MAX_RECORD)) and not rest.endswith(("\n", "\r")):
            pass
        return _LEFT_OUT


def _sniff(head: str, allowed: str) -> tuple[str, int]:
    """The delimiter that splits the first lines into the most equal number of fields, and how
    many lines come before the header (``sep=;``, as Excel writes it, or the heading of a report).
    """
    lines = head.splitlines(keepends=True)
    first = lines[0].strip().lower() if lines else ""
    if first.startswith("sep=") and first[4:5] in DELIMITERS:
        return first[4], 1
    if len(head) > 1_000 and len(lines) > 1:
        lines = lines[:-1]  # probably cut in the middle
    above = _above_header(lines, allowed)
    lines = lines[above:]
    scores = {}
    for delimiter in allowed:
        try:
            rows = list(csv.reader(lines[:_SNIFFED_LINES], delimiter=delimiter))
        except csv.Error:
            rows = []
        widths = [len(r) for r in rows if r]
        if not widths or widths[0] < 2:
            scores[delimiter] = (0.0, 0)
            continue
        same = Counter(widths)[widths[0]] / len(widths)
        scores[delimiter] = (round(same, 1), widths[0])
    best = max(scores, key=lambda d: (scores[d], -allowed.index(d)))
    return best, above


def _above_header(lines: list[str], allowed: str) -> int:
    """How many lines stand above the header: what a report is called and when it was made, each
    alone in its row, before a row that names a title and something else.
    """
    for number, line in enumerate(lines[:_SNIFFED_LINES]):
        filled = [
            c for cell in re.split(f"[{re.escape(allowed)}]", line) if (c := cell.strip(' "\r\n'))
        ]
        if len(filled) > 1:
            named = guess(filled)
            return number if "title" in named and len(named) > 1 else 0
    return 0


def _column_names(header: list[str]) -> tuple[str, ...]:
    names: list[str] = []
    for i, raw in enumerate(header, start=1):
        name = " ".join(raw.replace("\ufeff", "").split()) or f"column_{i}"
        unique, copy = name, 2
        while unique in names:
            unique, copy = f"{name}_{copy}", copy + 1
        names.append(unique)
    return tuple(names)
