"""``shop eval --check``: what can be wrong with a dialogue file beyond its form."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from assistant.evaluation.dialogue import Dialogue, Turn, entries_of
from assistant.evaluation.notation import AnyOf, Gold, write_entry
from assistant.evaluation.shelf import Shelf
from assistant.intent import Act
from assistant.shopper import load_shoppers
from catalog.constraint import NUMERIC_FIELDS, TEXT, WISH
from catalog.units import comparable
from retrieval.index import Index

_ALWAYS: Final = NUMERIC_FIELDS | {
    "brand", "type", "category", "color", "material", "size", "gender", TEXT, WISH,
}  # fmt: skip
"""Fields that need no column of the catalogue."""

_KEEPING: Final = frozenset(Act) - {Act.SEARCH, Act.REFINE, Act.CLEAR}
"""Acts that change nothing about what is wanted."""


def problems(dialogue: Dialogue, index: Index | None = None) -> Iterator[str]:
    """What is wrong with a dialogue, one line each; fields only when the catalogue is open."""
    for number, turn in enumerate(dialogue.turns, 1):
        before = dialogue.turns[number - 2] if number > 1 else None
        for told in _inconsistent(dialogue.turns[:number], turn, before):
            yield _placed(dialogue, number, told)
    if index is None:
        return
    shelf = Shelf(index)
    fields = _fields(index)
    seen: set[AnyOf] = set()
    for number, key, entry in entries_of(dialogue):
        unfit = [_unfit(g, fields) for g in entry.readings]
        # One reading that fits is enough: the others are there for other ways of reading.
        if entry not in seen and not entry.optional and all(unfit):
            yield _placed(dialogue, number, f"{key}: {write_entry(entry)}: {unfit[0]}")
        seen.add(entry)
    for number, turn in enumerate(dialogue.turns, 1):
        target = turn.expect.target
        if target and not shelf.named(target):
            yield _placed(dialogue, number, f"target: nothing here is called {target!r}")
    if dialogue.shopper is not None and dialogue.shopper not in _shoppers(index):
        yield f"{dialogue.file}, {dialogue.id}: there is no shopper {dialogue.shopper!r}"


def _placed(dialogue: Dialogue, number: int, told: str) -> str:
    return f"{dialogue.file}, {dialogue.id}, turn {number}: {told}"


def _inconsistent(turns: Sequence[Turn], turn: Turn, before: Turn | None) -> Iterator[str]:
    """Where a Moment does not follow from what was said."""
    if turn.unchanged and turn.wants and not set(turn.acts) & _KEEPING:
        new = [e for e in turn.wants if not e.optional and not _among(e, turn.moment)]
        if new:
            yield f"wants {write_entry(new[0])}, yet the moment is the same"
    if turn.unchanged:
        return
    if set(turn.acts) <= _KEEPING and before is not None and set(turn.moment) != set(before.moment):
        yield f"{turn.acts[0]} changes nothing, so the moment must be: same"
    said = [e for t in turns for e in t.wants]
    for entry in turn.moment:
        if not _among(entry, said) and not any(g.relative for g in entry.readings):
            yield f"the moment holds {write_entry(entry)}, which no turn so far wants"
    if Act.CLEAR in turn.acts or turn.clears:
        return
    for entry in turn.wants:
        if not entry.optional and not _among(entry, turn.moment):
            yield f"wants {write_entry(entry)}, which the moment lacks"


def _among(entry: AnyOf, others: Sequence[AnyOf]) -> bool:
    """Whether one of ``others`` states the same field, in some reading."""
    fields = {g.field for g in entry.readings}
    return any(fields & {g.field for g in other.readings} for other in others)


def _fields(index: Index) -> dict[str, str | None]:
    """Every field the catalogue has, with the base unit of those that are measured."""
    vocabulary = index.vocabulary
    fields: dict[str, str | None] = dict.fromkeys(_ALWAYS)
    fields |= dict.fromkeys(vocabulary.listed) | dict.fromkeys(
        e.field for e in vocabulary.flags.values()
    )
    return fields | {m.name: m.unit for m in vocabulary.measured.values()}


def _unfit(gold: Gold, fields: dict[str, str | None]) -> str:
    if gold.field not in fields:
        return "the catalogue has no such field"
    unit = fields[gold.field]
    if gold.unit and gold.field != "price" and unit and not comparable(gold.unit, unit):
        return f"{gold.field} is measured in {unit}, which {gold.unit} cannot be compared with"
    return ""


def _shoppers(index: Index) -> set[str]:
    beside = Path(index.info.path).parent.parent / "shoppers.jsonl"
    currency = index.vocabulary.currency
    if beside.exists():
        return set(load_shoppers(beside, currency))
    if index.info.source == "demo":
        from catalog.demo import SHOPPERS

        return set(load_shoppers(SHOPPERS, currency))
    return set()
