"""Numbers that take the place of others: "2000 will have to do", "26, not 28", "stretch it to 175"."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from typing import Final

from assistant.compact import Slot
from assistant.intent import Constraint
from assistant.moment import Moment
from assistant.reader.numbers import bare_number
from catalog.money import to_major

_NUMBER: Final = re.compile(r"(?<![\w.,])\d+(?:\.\d+)?(?![\w]|[.,]\d)")
_UNCHANGED: Final = frozenset({"rating", "review_count", "stock", "discount", "age_from"})
"""Numbers that a later one without a name is not about."""
_CORRECTING: Final = re.compile(
    r"\b(?:then|make\s+(?:it|that)|sorry|pardon|instead|actually|measured|mistake|my\s+bad|rather|will\s+(?:have\s+to\s+)?do|call\s+it|to\s+be\s+(?:on\s+the\s+)?safe|not\s+\d)"
)
_LIKE: Final = 0.7
"""Natural logarithm of how much larger or smaller a corrected number may be: twice."""
_FARTHER: Final = 0.35
"""How much nearer, so measured, it has to be to another number than to the sum that may be paid."""


def corrected(slot: Slot, moment: Moment, text: str = "") -> Constraint | None:
    """A bare number in place of one that was demanded before: of that whose number is named to be
    corrected ("26, not 28"), else of one of like size ("2000 will have to do").

    What was marked as a sum stays one unless it is said as a correction and far from what may be paid.
    """
    value = bare_number(slot.value) if slot.label in ("measure", "price") else None
    if not value:
        return None
    said = [float(n) for n in _NUMBER.findall(text)]
    near: list[tuple[bool, float, Constraint, float]] = []
    for old in reversed(moment.constraints):
        held = _number_said(old)
        if held is None or old.field in _UNCHANGED or not 0.1 <= value / held <= 10:
            continue
        named = held != value and held in said
        near.append((not named, abs(math.log(value / held)), old, held))
    if not near:
        return None
    unnamed, far, old, held = min(near, key=lambda n: n[:2])
    if slot.label == "measure" and unnamed and old.field == "price":
        others = [n for n in near if n[2].field != "price"]
        _, _, old, held = min(others or near, key=lambda n: n[:2])
    elif slot.label == "price" and unnamed:
        sums = [n[1] for n in near if n[2].field == "price"] or [math.inf]
        like = far < _LIKE and _CORRECTING.search(text.lower()) and far + _FARTHER < sums[0]
        if old.field == "price" or not like:
            return None
    if old.words:
        return replace(
            old,
            value=tuple(w.replace(f"{held:g}", f"{value:g}") for w in old.words),
            span=slot.value,
        )
    return replace(old, value=value * ((old.number or 0.0) / held), span=slot.value)


def _number_said(held: Constraint) -> float | None:
    """The number of a demand as it was said: a sum in major units, a size in words."""
    if held.number is not None:
        return (to_major(held.number, held.unit) if held.field == "price" else held.number) or None
    if held.field == "size" and len(held.words) == 1 and held.words[0].isdecimal():
        return float(held.words[0]) or None
    return None
