"""The result of an examination, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

Effect = Literal["unanswered", "in doubt", "none"]
"""What a finding does to demands: nobody can answer them, they are answered on a value that is
probably wrong, or they are not touched."""


@dataclass(frozen=True, slots=True)
class Example:
    """One product, and what is wrong there. Text is the seller's: untrusted."""

    id: str
    title: str
    what: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One kind of lack."""

    code: str
    title: str
    count: int
    """Products it concerns."""
    share: float
    """Part of all products, 0 to 1."""
    demands: float
    """Of 100 demands made of the catalogue, those left unanswered by it, or put in doubt."""
    effect: Effect
    loses: str
    """What shoppers lose by it."""
    do: str
    """What to do about it."""
    detail: str = ""
    """The worst of it in a line: attributes, types, spellings."""
    examples: tuple[Example, ...] = ()


@dataclass(frozen=True, slots=True)
class KindLine:
    """One kind of demand (``"price"``, ``"color"``…) in the whole catalogue."""

    kind: str
    demanded: float
    """Of 100 demands, those of this kind."""
    answerable: float
    """Part of the demands of this kind that can be answered, 0 to 1."""
    unanswered: float
    """Of 100 demands of any kind, those of this kind that nobody can answer."""


@dataclass(frozen=True, slots=True)
class TypeLine:
    """One product type: of 100 demands made of its products, those that cannot be answered."""

    type: str
    """``""`` for products without a type and category."""
    products: int
    unanswered: float
    kinds: Mapping[str, float]
    """The same by kind of demand, the most frequent first; zeros left out."""


@dataclass(frozen=True, slots=True)
class Health:
    """What a catalogue lacks."""

    products: int
    unanswered: float
    """Share of all pairs of a product and a demand that end as "unknown" because the field is not
    stated (0 to 1), every product being asked equally often. An estimate: a description counts as
    an answer to any question about features, a title as an answer to none."""
    in_doubt: float
    """Share of the pairs answered on a value that is probably wrong."""
    findings: tuple[Finding, ...]
    """By ``demands``, then by ``count``, most first."""
    kinds: tuple[KindLine, ...]
    types: tuple[TypeLine, ...]
    """The types whose products leave most demands unanswered in all."""
    types_in_all: int
    worst: tuple[Example, ...]
    """The products of which most demands cannot be answered."""

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values, figures rounded to four digits."""
        record = asdict(self)
        rounded: dict[str, Any] = _rounded(record)
        return rounded


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, dict):
        return {k: _rounded(v) for k, v in value.items()}
    return [_rounded(v) for v in value] if isinstance(value, (list, tuple)) else value
