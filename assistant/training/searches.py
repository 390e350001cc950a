"""Searches by hand, each with listings that answer it and listings that only seem to: what the
embedder learns from.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from catalog.errors import FeedError

SEARCHES: Final = Path(__file__).parent / "searches"

_QUERY: Final = "Q:"
GRADES: Final = {"+": 2, "~": 1, "-": 0}
"""What was asked for; the right kind of thing that misses something; something else."""
_HELD: Final = 20
"""One search in so many is held back."""


@dataclass(frozen=True, slots=True)
class Search:
    """What a shopper types or says, and listings with their grades (:data:`GRADES`)."""

    query: str
    listings: tuple[tuple[int, str], ...]


def searches(folder: Path = SEARCHES) -> dict[str, list[Search]]:
    """All searches, by the name of their file.

    A block is a line ``Q: …`` and a line ``+ …``, ``~ …`` or ``- …`` for each listing; an empty
    line ends it. Raises ``FeedError`` naming file and line for anything else, and for a search
    that nothing answers.
    """
    return {path.stem: _read(path) for path in sorted(folder.glob("*.txt"))}


def _read(path: Path) -> list[Search]:
    found: list[Search] = []
    query, begun = "", 0
    listings: list[tuple[int, str]] = []
    for number, raw in enumerate([*path.read_text("utf-8").splitlines(), ""], 1):
        line = raw.strip()
        if not line:
            if query:
                if all(grade < max(GRADES.values()) for grade, _ in listings):
                    raise FeedError(f"{path}:{begun}: no listing answers it; give it one with +")
                found.append(Search(query, tuple(listings)))
            query, listings = "", []
        elif line.startswith(_QUERY) and not query:
            query, begun = line.removeprefix(_QUERY).strip(), number
        elif query and line[0] in GRADES and (text := line[1:].strip()):
            listings.append((GRADES[line[0]], text))
        else:
            raise FeedError(f"{path}:{number}: is neither Q: … nor a listing after +, ~ or -")
    return found


def parted(
    every: Mapping[str, Sequence[Search]], of: Sequence[str]
) -> tuple[list[Search], list[Search]]:
    """What is learned from, the files ``of``, and what is held back: the other files and one search
    in twenty of these, by a hash of the query.
    """
    learned = [s for name in of for s in every[name] if not _held_back(s)]
    back = [s for name in of for s in every[name] if _held_back(s)]
    return learned, back + [s for name, some in every.items() if name not in of for s in some]


def _held_back(search: Search) -> bool:
    return int(hashlib.sha256(search.query.encode()).hexdigest(), 16) % _HELD == 0
