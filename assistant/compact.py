"""The compact form in which the small model writes down what it read.

One line: an act, then slots in the order in which their words stand in the utterance::

    want item=kettle; wish=doesn't wake the baby; price<=60; not color=white

Every value is copied from the utterance, so the form needs no vocabulary, costs a few
tokens a slot, and a grammar can hold the model to it: :func:`grammar`. What the words
mean (which field, which number) is settled afterwards by the deterministic reader, see
:mod:`assistant.slots`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Final

ACTS: Final = (
    "want", "clear", "more", "compare", "ask", "similar", "add", "remove", "save", "again", "review", "chat",
)  # fmt: skip
"""What an utterance does. ``want`` covers searching and refining: which of the two it is, the
conversation decides."""

LABELS: Final = (
    "item", "brand", "color", "material", "size", "feature", "gender", "wish", "price", "measure", "age", "order", "than",
    "ref", "about", "field",
)  # fmt: skip
COMPARED: Final = ("price", "measure")
"""Labels that take a limit."""
SIGNS: Final = ("=", "<=", ">=", "~")
"""Exactly, at most, at least, about."""

BEGIN: Final = "<|im_start|>"
END: Final = "<|im_end|>"
"""Control tokens of SmolLM2's chat template, used bare: two tokens around an utterance instead
of the template's fifteen, in every example of the training and in every parse."""

UNNAMED: Final = "-"
"""The topic while something is wanted of which nobody has said what it is."""

_MAX_SLOTS: Final = 10
_SLOT: Final = re.compile(r"(~?)(not )?(" + "|".join(LABELS) + r")(<=|>=|=|~)(.+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Slot:
    """One thing the utterance says: ``Slot("color", "=", "white", negative=True)``."""

    label: str
    sign: str
    value: str
    """Words of the utterance, as they stand there."""
    negative: bool = False
    soft: bool = False

    def written(self) -> str:
        """The slot as the model writes it."""
        soft, denied = "~" if self.soft else "", "not " if self.negative else ""
        return f"{soft}{denied}{self.label}{self.sign}{self.value}"


@dataclass(frozen=True, slots=True)
class Line:
    """A whole reading: an act and slots."""

    act: str
    slots: tuple[Slot, ...] = ()

    def written(self) -> str:
        """The line as the model writes it."""
        return f"{self.act} {'; '.join(s.written() for s in self.slots)}".strip()


def parse_line(text: str) -> Line:
    """The reading a line states.

    A slot cut off at the end, or malformed, is left out. Raises ``ValueError`` when the
    line does not begin with an act.
    """
    act, _, rest = text.strip().partition(" ")
    if act not in ACTS:
        raise ValueError(f"{text[:60]!r} does not begin with one of: {', '.join(ACTS)}")
    slots = []
    for part in rest.split(";")[:_MAX_SLOTS]:
        if (found := _SLOT.fullmatch(part.strip())) is None:
            continue
        soft, denied, label, sign, value = found.groups()
        if sign in ("=", *(SIGNS[1:] if label in COMPARED else ())) and value.strip():
            slots.append(Slot(label, sign, value.strip(), bool(denied), bool(soft)))
    return Line(act, tuple(slots))


def in_topic(utterance: str, topic: str) -> str:
    """The utterance behind what the conversation is about: ``[kettle] not white``.

    ``topic`` is what is being bought, :data:`UNNAMED` where that has no name yet, or empty at
    the beginning.
    """
    return f"[{topic}] {utterance}" if topic else utterance


def bare_text(utterance: str) -> str:
    """What the tuned model is given: the answer begins right after it."""
    return f"{BEGIN}{utterance}{END}"


def find_value(value: str, utterance: str, at: int = 0) -> re.Match[str] | None:
    """Where a value stands in an utterance from ``at`` on, on whole words."""
    return re.compile(rf"(?<![^\W_]){re.escape(value)}(?![^\W_])").search(utterance, at)


def check_line(utterance: str, line: Line) -> str | None:
    """What is wrong with a line as training data; None when nothing is.

    Values must be whole words of the utterance, in order, and not overlap.
    """
    at = 0
    for slot in line.slots:
        if ";" in slot.value:
            return f"a value holds a semicolon: {slot.value!r}"
        if (found := find_value(slot.value, utterance, at)) is None:
            return f"{slot.value!r} does not stand in the utterance (after the slot before it)"
        at = found.end()
    return None


def grammar(utterance: str) -> str:
    """A Lark grammar (llguidance) of the lines that copy their values from ``utterance``.

    A value begins and ends at a word's edge; semicolons are the form's own.
    """
    said = " ".join(utterance.replace(";", " ").split())
    # in the shopper's capitals or without: the words count, not their case
    both = " ".join(dict.fromkeys((said, said.lower())))
    # each sign by itself: the inch of `13", felt` belongs to the number, the comma does not
    words = json.dumps(re.findall(r"\w+|\s|[^\w\s]", both), ensure_ascii=False)
    labels = " | ".join(f'"{label}="' for label in LABELS if label not in COMPARED)
    limits = " | ".join(f'"{label}{sign}"' for label in COMPARED for sign in SIGNS)
    return "\n".join(
        (
            'start: ACT (" " slot ("; " slot)*)?',
            f"ACT: {' | '.join(json.dumps(a) for a in ACTS)}",
            "slot: SOFT? DENIED? LABEL value",
            'SOFT: "~"',
            'DENIED: "not "',
            f"LABEL: {labels} | {limits}",
            f'value: %regex {{ "substring_chunks": {words} }}',
        )
    )
