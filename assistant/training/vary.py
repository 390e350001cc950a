"""Another example out of one written by hand: other values, and the way people type in a hurry.

What is said of a kettle is said of a lamp as well, so a value may be exchanged for another of
its label (mention replacement: Dai and Adel, "An Analysis of Simple Data Augmentation for Named
Entity Recognition", COLING 2020), and letters get lost. The line changes along.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from assistant.compact import Slot, check_line, find_value, parse_line
from assistant.training.example import Example

_EXCHANGED: Final = frozenset({"item", "brand", "color", "material"})
_LONGEST: Final = 3
"""Words of a value that may take another's place."""
_EXCHANGE: Final = 0.5
"""Of the values that may be exchanged, in an example that is varied."""
_PLAIN: Final = 0.2
_TYPO: Final = 0.25
_MISTYPED: Final = 5
"""Letters a word must have before it is mistyped."""


@dataclass(frozen=True, slots=True)
class Values:
    """Values by label and by whether they end like a plural, in a settled order."""

    by_kind: dict[tuple[str, bool], tuple[str, ...]]


def values_of(examples: Iterable[Example]) -> Values:
    """The values of ``examples`` that may stand for one another, each as often as it occurs."""
    found: dict[tuple[str, bool], list[str]] = {}
    for example in examples:
        for slot in parse_line(example.line).slots:
            if slot.label in _EXCHANGED and len(slot.value.split()) <= _LONGEST:
                found.setdefault(_kind(slot), []).append(slot.value.lower())
    return Values({kind: tuple(sorted(values)) for kind, values in found.items()})


def varied(example: Example, values: Values, chance: random.Random) -> Example:
    """``example`` in other words; itself where they would not fit the line any more."""
    line = parse_line(example.line)
    parts: list[str] = []
    slots: list[Slot] = []
    at = 0
    plain, mistyped = chance.random() < _PLAIN, chance.random() < _TYPO
    for slot in line.slots:
        found = find_value(slot.value, example.utterance, at)
        if found is None:
            return example
        parts.append(_typed(example.utterance[at : found.start()], plain, mistyped, chance))
        value = found.group()
        if slot.label in _EXCHANGED and chance.random() < _EXCHANGE:
            value = _like(value, chance.choice(values.by_kind.get(_kind(slot), (value,))))
        value = _typed(value, plain, mistyped, chance)
        parts.append(value)
        slots.append(replace(slot, value=value))
        at = found.end()
    parts.append(_typed(example.utterance[at:], plain, mistyped, chance))
    made = replace(
        example, utterance="".join(parts), line=replace(line, slots=tuple(slots)).written()
    )
    if not made.utterance.strip() or check_line(made.utterance, replace(line, slots=tuple(slots))):
        return example
    return made


def _kind(slot: Slot) -> tuple[str, bool]:
    return slot.label, slot.value.lower().endswith("s")


def _like(was: str, value: str) -> str:
    if was.isupper() and len(was) > 1:
        return value.upper()
    return value.title() if was[:1].isupper() else value


def _typed(text: str, plain: bool, mistyped: bool, chance: random.Random) -> str:
    """``text`` without capitals, commas and apostrophes, and with a letter wrong in a word or two."""
    if plain:
        text = text.lower().translate(_SIGNS)
    if not mistyped:
        return text
    words = text.split(" ")
    return " ".join(
        _mistyped(w, chance)
        if len(w) >= _MISTYPED and w.isalpha() and chance.random() < 1 / 6
        else w
        for w in words
    )


_SIGNS: Final = str.maketrans("", "", ",'’!")


def _mistyped(word: str, chance: random.Random) -> str:
    n = chance.randrange(1, len(word) - 1)
    return chance.choice(
        (
            word[:n] + word[n + 1 :],
            word[:n] + word[n] + word[n:],
            word[:n] + word[n + 1] + word[n] + word[n + 2 :],
        )
    )
