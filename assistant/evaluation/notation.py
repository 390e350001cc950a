"""Constraints and references as a dialogue file writes them: ``price <= 60``, ``~color = blue``.

The notation is described in ``dialogues/README.md``. What a turn wants is a list of
entries; each entry (:class:`AnyOf`) holds the readings of which any one is right.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from assistant.intent import Constraint, Op, Reference, Sort
from catalog.constraint import NUMERIC_FIELDS, TEXT, WISH
from catalog.errors import UsageError
from catalog.money import CURRENCIES, currency_code, to_major, to_minor
from catalog.units import unit_symbol

SHOWN: Final = "shown"
"""The value of a limit that depends on the results: ``price < shown``."""

OPERATORS: Final[Mapping[str, Op]] = MappingProxyType(
    {
        "=": Op.EQ, "!=": Op.NE, "<=": Op.LE, ">=": Op.GE, "<": Op.LT, ">": Op.GT,
        "contains": Op.CONTAINS, "lacks": Op.NOT_CONTAINS,
    }
)  # fmt: skip
_SIGNS: Final = {op: sign for sign, op in OPERATORS.items()}
_WISH: Final = re.compile(r"(?P<marks>[~?\s]*)wish\s*:\s*(?P<words>\S.*)")
_CONSTRAINT: Final = re.compile(
    r"(?P<marks>[~?\s]*)(?P<field>[a-z][a-z0-9_ ]*?)\s*"
    r"(?P<op><=|>=|!=|=|<|>|(?<=\s)(?:contains|lacks)(?=\s))\s*(?P<value>\S.*)"
)
_NUMBER: Final = re.compile(
    r"(?P<number>-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)(?:\s*(?P<unit>\D.*))?"
)
_FLAGS: Final[Mapping[tuple[str, ...], bool]] = {("true",): True, ("false",): False}
_KINDS: Final = ("position", "match", "this", "all", "extreme", "extremes", "past_order")
_EXTREME: Final = re.compile(
    r"(?P<field>[a-z][a-z0-9_]*)(?P<way>[+-])(?: of (?P<places>-?\d+(?:,-?\d+)*)| (?P<many>[1-9]))?"
)
"""``price-`` is the cheapest of all shown, ``price- of 2,3`` of the second and the third, ``price- 2`` the
two cheapest."""


@dataclass(frozen=True, slots=True)
class Gold:
    """One constraint as a dialogue states it.

    ``words`` are the allowed (or forbidden) values as written; ``number`` with ``unit``
    is the same value read as a number where it is one, a price in major units. Which of
    the two counts depends on what it is compared with: ``size = 8`` is a word in one
    catalogue and a number in another.
    """

    field: str
    op: Op
    words: tuple[str, ...]
    number: float | None = None
    unit: str | None = None
    hard: bool = True
    optional: bool = False

    @property
    def flag(self) -> bool | None:
        """The value as a yes or no, None when it is neither."""
        return _FLAGS.get(self.words)

    @property
    def relative(self) -> bool:
        """Whether the number depends on what is shown (``price < shown``)."""
        return self.words == (SHOWN,) and self.op.direction != 0

    def constraint(
        self, currency: str | None = None, numeric: Collection[str] = NUMERIC_FIELDS
    ) -> Constraint | None:
        """The constraint to judge products with; None for a limit relative to what is shown.

        ``currency`` is the catalogue's, for a price that names none; ``numeric`` are the
        fields that hold numbers there. A wanted type is judged by everything that names it.
        """
        if self.relative:
            return None
        if self.field == WISH:
            return Constraint(WISH, Op.CONTAINS, self.words, hard=False)
        if self.flag is not None:
            return Constraint(self.field, self.op, self.flag, hard=self.hard)
        if self.number is not None and (self.field in numeric or self.op.direction):
            if self.field == "price":
                unit = self.unit or currency
                value = float(to_minor(self.number, unit))
                return Constraint("price", self.op, value, unit, self.hard)
            return Constraint(self.field, self.op, self.number, self.unit, self.hard)
        op = self.op
        if self.field in ("type", "category") and op is Op.EQ:
            op = Op.CONTAINS
        return Constraint(self.field, op, self.words, hard=self.hard)


@dataclass(frozen=True, slots=True)
class AnyOf:
    """An entry of a list of constraints: any one of ``readings`` is right."""

    readings: tuple[Gold, ...]

    @property
    def optional(self) -> bool:
        """Right if read, right if not."""
        return any(r.optional for r in self.readings)

    @property
    def field(self) -> str:
        """The field it counts under: that of the first reading."""
        return self.readings[0].field


def parse_constraint(text: str) -> Gold:
    """One constraint of the notation. Raises UsageError saying what is wrong with it."""
    wish = _WISH.fullmatch(text.strip())
    if wish is not None:
        wished = " ".join(wish["words"].split())
        return Gold(WISH, Op.CONTAINS, (wished,), hard=False, optional="?" in wish["marks"])
    found = _CONSTRAINT.fullmatch(text.strip())
    if found is None:
        raise UsageError(
            f"{text!r} is no constraint; write: field op value [unit], with one of "
            f"{' '.join(OPERATORS)}, or: wish: words"
        )
    field, op = found["field"].replace(" ", "_"), OPERATORS[found["op"]]
    if field == WISH:
        raise UsageError(f"{text!r}: a wish is written wish: words")
    if field == TEXT and op not in (Op.CONTAINS, Op.NOT_CONTAINS):
        raise UsageError(f"{text!r}: write text contains WORDS or text lacks WORDS")
    words = tuple(" ".join(w.split()) for w in found["value"].split("|"))
    if not all(words):
        raise UsageError(f"{text!r}: there is nothing before or after a |")
    marks = found["marks"]
    gold = Gold(field, op, words, hard="~" not in marks, optional="?" in marks)
    return gold if gold.relative or gold.flag is not None else _with_number(gold, text)


def _with_number(gold: Gold, text: str) -> Gold:
    needs_number = gold.op.direction != 0 or gold.field in NUMERIC_FIELDS
    found = _NUMBER.fullmatch(gold.words[0]) if len(gold.words) == 1 else None
    if found is None:
        if needs_number:
            raise UsageError(f"{text!r}: {gold.op.value} takes one number, with or without a unit")
        return gold
    number, written = float(found["number"].replace(",", "")), found["unit"]
    if gold.field == "price":
        if written is not None and written not in CURRENCIES:
            raise UsageError(f"{text!r}: {written!r} is no ISO currency code")
        return replace(gold, number=number, unit=written)
    unit = unit_symbol(written) if written else None
    if written and unit is None:
        if not needs_number:
            return gold  # "8 wide" is a size, not eight of something
        if " " in written:
            raise UsageError(f"{text!r}: {written!r} is no unit")
        unit = written  # a catalogue may measure in units nobody converts, such as m2
    return replace(gold, number=number, unit=unit)


def write_constraint(gold: Gold) -> str:
    """Inverse of :func:`parse_constraint`."""
    mark = "?" if gold.optional else ""
    if gold.field == WISH:
        return f"{mark}wish: {gold.words[0]}"
    if not gold.hard:
        mark += "~"
    return f"{mark}{gold.field} {_SIGNS[gold.op]} {' | '.join(gold.words)}"


def write_entry(entry: AnyOf) -> str:
    """An entry for people: its readings joined by "or"."""
    return " or ".join(write_constraint(r) for r in entry.readings)


def as_gold(constraint: Constraint, *, spoken: bool = False) -> Gold:
    """A constraint the program made, in the notation.

    ``spoken`` leaves a currency out that its span does not name: what a person would
    write down of the utterance.
    """
    c = constraint
    if isinstance(c.value, bool):
        return Gold(c.field, c.op, (str(c.value).lower(),), hard=c.hard)
    if c.number is None:
        return Gold(c.field, c.op, c.words, hard=c.hard and c.field != WISH)
    number, unit = c.number, c.unit
    if c.field == "price":
        number = to_major(number, unit)
        if spoken and not any(currency_code(w) for w in re.findall(r"[^\W\d]+|[^\w\s]", c.span)):
            unit = None
    words = f"{number:.12g} {unit}" if unit else f"{number:.12g}"
    return Gold(c.field, c.op, (words,), number, unit, c.hard)


def parse_reference(text: str) -> Reference:
    """``"position 2"``, ``"match blue"``, ``"this"``, ``"extreme price-"``, ``"extremes price- 2"``,
    ``"past_order treats"``.

    Raises UsageError for anything else.
    """
    kind, _, value = " ".join(text.split()).partition(" ")
    if kind not in _KINDS:
        raise UsageError(f"{text!r} is no reference; it begins with one of: {', '.join(_KINDS)}")
    if kind == "position" and not re.fullmatch(r"-1|[1-9]\d?", value):
        raise UsageError(f"{text!r}: a position is 1, 2, 3, … or -1 for the last")
    if kind in ("extreme", "extremes"):
        found = _EXTREME.fullmatch(value)
        if found is None or (found["many"] is not None) != (kind == "extremes"):
            raise UsageError(
                f"{text!r}: write extreme price- (the cheapest), extreme price- of 2,3 (of the "
                "second and the third), extremes price- 2 (the two cheapest) or rating+"
            )
        among = found["places"] or found["many"]
        return Reference(kind, f"{found['field']}:{found['way']}1" + (f":{among}" if among else ""))
    if kind in ("this", "all") and value:
        raise UsageError(f"{text!r}: {kind!r} stands alone")
    if kind == "match" and not value:
        raise UsageError(f"{text!r}: match takes the words that tell the item apart")
    return Reference(kind, value)


def write_reference(reference: Reference) -> str:
    """Inverse of :func:`parse_reference`."""
    value = reference.value
    if reference.kind in ("extreme", "extremes"):
        field, direction, *among = value.split(":")
        value = f"{field}{'-' if direction.startswith('-') else '+'}"
        of = "of " if reference.kind == "extreme" else ""
        value += f" {of}{among[0]}" if among else ""
    return f"{reference.kind} {value}".strip()


def parse_sort(text: str) -> Sort:
    """``"price"`` (cheapest first), ``"-rating"`` (best first). Raises UsageError otherwise."""
    if not re.fullmatch(r"-?[a-z][a-z0-9_]*", text):
        raise UsageError(f"{text!r} is no order; write price for cheapest first, -rating for best")
    return Sort(text.removeprefix("-"), text.startswith("-"))


def write_sort(sort: Sort) -> str:
    """Inverse of :func:`parse_sort`."""
    return f"{'-' if sort.descending else ''}{sort.field}"
