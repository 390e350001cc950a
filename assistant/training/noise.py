"""What is said put together as people put it: with their case, punctuation and slips."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

from assistant.compact import Slot

Piece = tuple[str, tuple[Slot, ...]]
"""A stretch of text and the slots it says, in order."""


def noisy(pieces: Sequence[Piece], r: random.Random) -> tuple[str, list[Slot]]:
    """The pieces joined, with case, punctuation and slips as people have them."""
    joined = ""
    slots: list[Slot] = []
    for text, said in pieces:
        joined += (r.choice((", ", ", ", " ", " ", " and ", ". ", " - ")) if joined else "") + text
        slots += said
    form = r.random()
    change: Callable[[str], str] = str
    if form < 0.45:
        change = str.lower
    elif form < 0.49:
        change = str.upper
    joined = change(joined)
    slots = [Slot(s.label, s.sign, change(s.value), s.negative, s.soft) for s in slots]
    if form >= 0.7:
        joined = joined[:1].upper() + joined[1:]
        if (
            slots
            and joined[1:].startswith(slots[0].value[1:])
            and joined[:1].lower() == slots[0].value[:1]
        ):
            first = slots[0]
            slots[0] = Slot(
                first.label, first.sign, joined[: len(first.value)], first.negative, first.soft
            )
    if r.random() < 0.3:
        joined += r.choice((".", "!", "?", " please", " thanks", " :)", "..", " pls", " thx"))
    if r.random() < 0.15:
        joined, slots = _slip(joined, slots, r)
    return joined, slots


def _slip(text: str, slots: list[Slot], r: random.Random) -> tuple[str, list[Slot]]:
    """One word with two letters swapped, dropped or doubled, in the text and in the value that holds it."""
    words = [w for w in re.findall(r"[A-Za-z]{4,}", text) if text.count(w) == 1]
    if not words:
        return text, slots
    word = r.choice(words)
    at = r.randrange(1, len(word) - 1)
    wrong = r.choice((
        word[:at] + word[at + 1] + word[at] + word[at + 2 :], word[:at] + word[at + 1 :], word[:at] + word[at] + word[at:],
    ))  # fmt: skip
    swapped = [
        Slot(s.label, s.sign, s.value.replace(word, wrong), s.negative, s.soft) for s in slots
    ]
    return text.replace(word, wrong), swapped
