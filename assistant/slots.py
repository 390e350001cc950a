"""From the words a model marked to constraints: the deterministic reader says what they mean.

The model says which words of the utterance are a price limit, a refused colour, a wish;
that is all it is asked. Values, units, fields and names are then read from those words
alone, with the catalogue's vocabulary, by the same reader that reads whole utterances.
A slot whose words do not stand in the utterance, or mean nothing of its kind, is dropped.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from assistant.compact import Slot
from assistant.intent import Comparative, Constraint, Intent, Op, Reference, Sort
from assistant.reader import Context, read
from catalog.constraint import TEXT, WISH
from catalog.lexicon import COLORS, MATERIALS
from catalog.text import find_run, fold, tokens
from retrieval.vocabulary import Vocabulary

_LIMITS: Final[Mapping[str, Op]] = {"<=": Op.LE, ">=": Op.GE, "=": Op.EQ, "~": Op.EQ}
_SPELLED_AROUND: Final = re.compile(r"\s*ish\b|^\s*~\s*", re.IGNORECASE)
_EDGE: Final = re.compile(r"^(?:a|an|the|some|any)\s+|\s+(?:please|pls|plz)$", re.IGNORECASE)


def constraints_of(
    slot: Slot, vocabulary: Vocabulary | None, context: Context
) -> tuple[Constraint, ...]:
    """What a slot demands; empty for slots that demand nothing (references, questions)."""
    reader = _READERS.get(slot.label)
    if reader is None:
        return ()
    return tuple(
        replace(c, hard=c.hard and not slot.soft, span=slot.value)
        for c in reader(slot, vocabulary, context)
    )


def references_of(slot: Slot) -> tuple[Reference, ...]:
    """The shown or bought items a ``ref`` slot points at."""
    said = f"add {slot.value} to the cart"
    return tuple(replace(r, span=slot.value) for r in read(said).references)


def comparatives_of(slot: Slot) -> tuple[Comparative, ...]:
    """What a ``than`` slot compares by."""
    found = read(slot.value, None, Context(has_wants=True)).comparatives
    return tuple(replace(c, span=slot.value) for c in found)


def sort_of(slot: Slot, vocabulary: Vocabulary | None) -> Sort | None:
    """The order an ``order`` slot asks for."""
    return read(slot.value, vocabulary, Context(has_wants=True)).sort


def cleared_of(slot: Slot, vocabulary: Vocabulary | None) -> tuple[str, ...]:
    """The fields or values a ``field`` slot drops."""
    return read(f"forget the {slot.value}", vocabulary, Context(has_wants=True)).cleared


def _item(slot: Slot, vocabulary: Vocabulary | None, context: Context) -> list[Constraint]:
    value = _EDGE.sub("", slot.value)
    found = [c for c in read(value, vocabulary, context).constraints if c.field != TEXT]
    types = [c for c in found if c.field == "type"]
    if not types:
        return [_denied(Constraint("type", Op.CONTAINS, (" ".join(tokens(value)),)), slot)]
    # "rain jacket" is a jacket for the rain: what else its words say is kept.
    return [_denied(c, slot) if c.field == "type" else c for c in found]


def _brand(slot: Slot, vocabulary: Vocabulary | None, context: Context) -> list[Constraint]:
    return _term(slot, "brand", vocabulary, context) or [_mentioned(slot)]


def _color(slot: Slot, vocabulary: Vocabulary | None, context: Context) -> list[Constraint]:
    known = _term(slot, "color", vocabulary, context)
    if known:
        return known
    if fold(slot.value) in COLORS:
        return [_denied(Constraint("color", Op.EQ, (fold(slot.value),)), slot)]
    return [_mentioned(slot)]


def _material(slot: Slot, vocabulary: Vocabulary | None, context: Context) -> list[Constraint]:
    known = _term(slot, "material", vocabulary, context)
    if known:
        return known
    if fold(slot.value) in MATERIALS:
        return [_denied(Constraint("material", Op.EQ, (fold(slot.value),)), slot)]
    return [_mentioned(slot)]


def _term(
    slot: Slot, field: str, vocabulary: Vocabulary | None, context: Context
) -> list[Constraint]:
    """The value as a term of the catalogue: of ``field`` if it can be that, else of what it is."""
    found = read(slot.value, vocabulary, context).constraints
    typed = [c for c in found if c.field == field]
    if not typed:
        typed = [c for c in found if c.field not in (WISH, TEXT, "type") and c.words]
    return [_denied(c, slot) for c in typed]


def _size(slot: Slot, vocabulary: Vocabulary | None, context: Context) -> list[Constraint]:
    said = slot.value if "size" in slot.value.lower() else f"size {slot.value}"
    for text in (said, slot.value):
        found = [c for c in read(text, vocabulary, context).constraints if c.field not in (WISH, TEXT)]
        found = [c for c in found if c.field != "type"]
        if found:
            return [_denied(c, slot) for c in found]
    return [_denied(Constraint("size", Op.EQ, (slot.value.lower(),)), slot)]


def _feature(slot: Slot, vocabulary: Vocabulary | None, context: Context) -> list[Constraint]:
    found = [
        c
        for c in read(slot.value, vocabulary, context).constraints
        if c.field not in (WISH, TEXT, "type") and _covers(c.span, slot.value)
    ]
    if found:
        return [_denied(c, slot) for c in found]
    return [_mentioned(slot)]


def _gender(slot: Slot, vocabulary: Vocabulary | None, context: Context) -> list[Constraint]:
    found = [c for c in read(slot.value, vocabulary, context).constraints if c.field == "gender"]
    return [_denied(c, slot) for c in found] or _wish(slot, vocabulary, context)


def _wish(slot: Slot, vocabulary: Vocabulary | None, context: Context) -> list[Constraint]:
    value = _EDGE.sub("", slot.value).lower()
    if not tokens(value):
        return []
    return [
        Constraint(WISH, Op.CONTAINS, (f"not {value}" if slot.negative else value,), hard=False)
    ]


def _price(slot: Slot, vocabulary: Vocabulary | None, context: Context) -> list[Constraint]:
    amount = _SPELLED_AROUND.sub("", slot.value)
    for said in (f"under {amount}", f"price under {amount}", f"under ${amount}"):
        found = [c for c in read(said, vocabulary, context).constraints if c.field == "price"]
        if found:
            made = replace(found[0], op=_LIMITS[slot.sign], hard=slot.sign in ("<=", ">="))
            return [_turned(made) if slot.negative else made]
    return []


def _measure(slot: Slot, vocabulary: Vocabulary | None, context: Context) -> list[Constraint]:
    amount = _SPELLED_AROUND.sub("", slot.value)
    # "4 stars" alone is a fact about nothing; "at least 4 stars" is a limit.
    said = {"<=": "at most {}", ">=": "at least {}", "=": "{}", "~": "{}"}[slot.sign]
    found = [
        c
        for c in read(said.format(amount), vocabulary, context).constraints
        if c.number is not None and c.field != "price"
    ]
    if not found:
        return [_mentioned(slot)] if slot.sign == "=" else []
    op = _LIMITS[slot.sign]
    made = [replace(c, op=op if c.op.direction or op is not Op.EQ else c.op) for c in found]
    if slot.sign == "~":
        made = [replace(c, hard=False) for c in made]
    return [_turned(c) if slot.negative else c for c in made]


def _age(slot: Slot, vocabulary: Vocabulary | None, context: Context) -> list[Constraint]:
    found = [
        c
        for c in read(f"for a {slot.value}", vocabulary, context).constraints
        if c.number is not None
    ]
    return found or _wish(replace(slot, value=slot.value), vocabulary, context)


def _mentioned(slot: Slot) -> Constraint:
    """The listing has to say it, or must not."""
    words = " ".join(fold(slot.value).split())
    return _denied(Constraint(TEXT, Op.CONTAINS, (words,)), slot)


def _denied(constraint: Constraint, slot: Slot) -> Constraint:
    """The constraint with the polarity of the slot."""
    negative, op = slot.negative, constraint.op
    if isinstance(constraint.value, bool):
        # "no app": the field is to be false; a flag read as refused already says so.
        return replace(constraint, op=Op.EQ, value=constraint.value != negative)
    if constraint.number is not None:
        return constraint
    positive = {Op.NE: Op.EQ, Op.NOT_CONTAINS: Op.CONTAINS}.get(op, op)
    turned = {Op.EQ: Op.NE, Op.CONTAINS: Op.NOT_CONTAINS}.get(positive, positive)
    return replace(constraint, op=turned if negative else positive)


def _turned(constraint: Constraint) -> Constraint:
    """A refused limit is the opposite limit: "not under 20" is at least 20."""
    opposite = {Op.LE: Op.GE, Op.GE: Op.LE, Op.EQ: Op.NE}
    return replace(constraint, op=opposite.get(constraint.op, constraint.op))


def _covers(part: str, whole: str) -> bool:
    """Whether a reading rests on all content words of a value ("usb-c charging" is not "usb-c")."""
    said = tokens(part)
    return bool(said) and len(said) >= len([t for t in tokens(whole) if len(t) > 2])


_READERS: Final[
    Mapping[str, Callable[[Slot, Vocabulary | None, Context], list[Constraint]]]
] = {
    "item": _item, "brand": _brand, "color": _color, "material": _material, "size": _size, "feature": _feature,
    "gender": _gender, "wish": _wish, "price": _price, "measure": _measure, "age": _age,
}  # fmt: skip


def stands_in(slot: Slot, intent: Intent) -> bool:
    """Whether the words of a slot stand in the utterance."""
    run = tokens(slot.value)
    return bool(run) and find_run(tokens(intent.text), run) >= 0
