"""What every format adapter yields: flat records with the place they came from."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from catalog.feeds.mapping import guess
from catalog.feeds.report import Severity

_MAX_COLUMNS: Final = 500
_MAX_DEPTH: Final = 3
_NAME_KEYS: Final = ("name", "key", "label", "attribute")
_VALUE_KEYS: Final = ("value", "values", "val", "option", "options")
_TELLING: Final = frozenset({"category", "image", "brand", "type"})
_TOLD_BY: Final = ("name", "title", "src", "url", "href")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with a record that its adapter saw."""

    severity: Severity
    kind: str
    message: str


@dataclass(frozen=True, slots=True)
class Record:
    """One row, its values by column: scalars, or lists of scalars.

    ``values`` is empty when the row could not be read at all; ``problem`` then says why.
    """

    line: int
    values: Mapping[str, Any]
    problem: Problem | None = None
    group: str | None = None
    """The product whose variant this row is: rows of one group become one product of that id."""


class Reader(Protocol):
    """A file in one format, readable any number of times."""

    place: str
    """What ``Record.line`` counts: ``line`` or ``record``."""
    description: str
    """The format in words: ``"CSV (semicolons)"``."""
    mapping: Mapping[str, str]
    """Product field → column where the format fixes it; empty where columns are to be guessed."""

    def columns(self) -> tuple[str, ...]:
        """The columns known before any row is read; empty where there is no header."""

    def records(self) -> Generator[Record, None, None]:
        """All records from the first on. Raises FeedError when the rest cannot be read."""


def flatten(value: Mapping[Any, Any]) -> dict[str, Any]:
    """Nested objects as dotted columns: ``{"price": {"amount": 5}}`` → ``{"price.amount": 5}``.

    ``{"value": 1.7, "unit": "l"}`` is one value, "1.7 l". A list of ``{"name": …, "value": …}``
    counts as an object; of objects that are categories, pictures or brands their names count.
    What lies deeper than three levels, and lists of other objects, are left out.
    """
    flat: dict[str, Any] = {}
    _flatten(value, "", 1, flat)
    return flat


def _flatten(value: Mapping[Any, Any], prefix: str, depth: int, flat: dict[str, Any]) -> None:
    for key, held in value.items():
        if len(flat) >= _MAX_COLUMNS:
            return
        column = f"{prefix}{key}"
        if isinstance(held, list) and held and all(isinstance(v, Mapping) for v in held):
            held = _pairs(held) or _told(column, held)
        if _is_measure(held):
            flat[column] = f"{held['value']} {held['unit']}"
        elif isinstance(held, Mapping):
            if depth < _MAX_DEPTH:
                _flatten(held, f"{column}.", depth + 1, flat)
        elif isinstance(held, list):
            flat[column] = _scalars(held)
        else:
            flat[column] = held


def _is_measure(held: Any) -> bool:
    if not isinstance(held, Mapping) or held.keys() != {"value", "unit"}:
        return False
    return not any(isinstance(v, (list, Mapping)) for v in held.values())


def _scalars(values: list[Any]) -> list[Any]:
    if values and isinstance(values[0], list):
        values = values[0]
    return [v for v in values if not isinstance(v, (list, Mapping))]


def _told(column: str, items: list[Any]) -> list[Any]:
    """The names or addresses of categories, pictures and brands written as objects."""
    if not _TELLING & guess([column]).keys():
        return []
    return [told for v in items if (told := next((v[k] for k in _TOLD_BY if v.get(k)), None))]


def _pairs(items: list[Any]) -> dict[Any, Any]:
    pairs = {}
    for item in items:
        name = next((item[k] for k in _NAME_KEYS if k in item), None)
        value = next((item[k] for k in _VALUE_KEYS if k in item), None)
        if isinstance(name, str) and value is not None:
            pairs[name] = value
    return pairs
