"""What reading a feed found: how columns were understood, and which rows were not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as stored
from pathlib import Path
from typing import Final, Literal

Severity = Literal["repaired", "refused"]

STORED_ISSUES: Final = 1_000
"""Issues kept one by one; all are counted."""

_LINES_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Note:
    """One thing that was mended, dropped, or made the row unusable."""

    severity: Severity
    field: str
    kind: str
    message: str


@dataclass(frozen=True, slots=True)
class FeedIssue:
    """One thing wrong with one row. ``line`` is where its record begins (1 is the first line of
    the file), or for JSON and YAML documents which record it is (1 is the first).
    """

    line: int
    field: str
    message: str
    severity: Severity
    kind: str = ""
    """The message without the row's own value, for grouping: ``"not a price"``."""


@dataclass(slots=True)
class IssueGroup:
    """Issues of one kind: how many rows, the first few, one message in full."""

    severity: Severity
    field: str
    kind: str
    example: str
    count: int = 0
    lines: list[int] = stored(default_factory=list)
    various: bool = False
    """Whether the rows' own messages differ."""


@dataclass(slots=True)
class FeedReport:
    """Complete once the feed has been iterated to its end.

    ``rows`` = ``kept`` + ``refused``; ``repaired`` counts the kept rows of which something was
    dropped or mended. ``known`` says for how many kept rows a field is known.
    """

    path: Path
    format: str
    place: str = "line"
    """What ``FeedIssue.line`` counts: ``line`` or ``record``."""
    mapping: Mapping[str, tuple[str, ...]] = stored(default_factory=dict)
    """Product field → the columns it is read from, tried in order."""
    ignored: Mapping[str, str] = stored(default_factory=dict)
    """Column → why nothing is read from it."""
    as_attributes: Mapping[str, str] = stored(default_factory=dict)
    """Column → the attribute it becomes."""
    rows: int = 0
    kept: int = 0
    repaired: int = 0
    refused: int = 0
    grouped: int = 0
    """Products made of several kept rows, their variants, or of one that may have others."""
    issues: list[FeedIssue] = stored(default_factory=list)
    groups: dict[tuple[Severity, str, str], IssueGroup] = stored(default_factory=dict)
    known: Counter[str] = stored(default_factory=Counter)
    notes: list[str] = stored(default_factory=list)
    """What holds for the file as a whole: its encoding, a missing currency."""

    def add(self, issue: FeedIssue) -> None:
        """Count an issue, and store it while there is room."""
        if len(self.issues) < STORED_ISSUES:
            self.issues.append(issue)
        key = (issue.severity, issue.field, issue.kind or issue.message)
        group = self.groups.get(key)
        if group is None:
            group = IssueGroup(issue.severity, issue.field, key[2], issue.message)
            self.groups[key] = group
        group.count += 1
        group.various |= issue.message != group.example
        if len(group.lines) < _LINES_SHOWN and issue.line not in group.lines:
            group.lines.append(issue.line)

    def nothing_kept(self) -> str:
        """Why not one row could be kept, on one line."""
        worst = max(self.groups.values(), key=lambda g: (g.severity == "refused", g.count))
        places = ", ".join(str(n) for n in worst.lines)
        more = ", …" if worst.count > len(worst.lines) else ""
        plural = self.place + ("s" if worst.count > 1 else "")
        rows = _count(self.rows, "row")
        return f"no product in its {rows}: {worst.example} ({plural} {places}{more})"

    def lines(self) -> list[str]:
        """The report for a person, one string a line."""
        text = [
            f"{self.path.name}: {self.format}, {_count(self.rows, 'row')}: {self.kept:,} kept"
            f" ({self.repaired:,} of them repaired), {self.refused:,} refused"
        ]
        for name, columns in self.mapping.items():
            source = ", ".join(columns)
            share = f"{self.known[name] / self.kept:.0%} known" if self.kept else "no rows"
            text.append(f"  {name:<13}← {source}  ({share})")
        if self.as_attributes:
            text.append("  attributes   ← " + ", ".join(map(_renamed, self.as_attributes.items())))
        reasons: dict[str, list[str]] = {}
        for column, reason in self.ignored.items():
            reasons.setdefault(reason, []).append(column)
        text += [f"  not used: {', '.join(columns)} ({why})" for why, columns in reasons.items()]
        return text + self.issue_lines()

    def issue_lines(self) -> list[str]:
        """The notes and the kinds of issues, one string a line."""
        text = [f"  note: {note}" for note in self.notes]
        for group in sorted(self.groups.values(), key=lambda g: (g.severity, -g.count, g.kind)):
            places = ", ".join(str(n) for n in group.lines)
            more = ", …" if group.count > len(group.lines) else ""
            plural = self.place + ("s" if group.count > 1 else "")
            text.append(
                f"  {group.severity} {group.count:,}: {'e.g. ' if group.various else ''}{group.example}"
                f"  ({plural} {places}{more})"
            )
        return text


def _renamed(item: tuple[str, str]) -> str:
    column, name = item
    return name if column == name else f"{name} (from {column})"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
