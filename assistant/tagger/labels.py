"""Compact lines as labels of words, and back.

Every word of an utterance gets a tag (outside, or the beginning or inside of a slot of some
label) and, within a slot, whether it is refused, whether it is only hoped for, and in which
direction a limit goes. The same scheme as in named entity recognition (BIO: Ramshaw and
Marcus 1995).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from assistant.compact import COMPARED, LABELS, SIGNS, Line, Slot, find_value
from retrieval.embedder import Matrix

TAGS: Final = ("O", *(f"{place}-{label}" for label in LABELS for place in "BI"))

_WORD: Final = re.compile(r"[^\W_]+|[^\w\s]|_")
_NEVER: Final = -1e4

Span = tuple[int, int]
"""Where a word begins and ends, in characters."""


def words_of(utterance: str) -> list[Span]:
    """Words and signs, each sign by itself."""
    return [found.span() for found in _WORD.finditer(utterance)]


@dataclass(frozen=True, slots=True)
class WordLabels:
    """What is to be learned of each word; -1 where a word is in no slot (for ``sign``: in none that
    takes a limit).
    """

    tags: tuple[int, ...]
    denied: tuple[int, ...]
    soft: tuple[int, ...]
    sign: tuple[int, ...]


def labels_of(utterance: str, line: Line, words: Sequence[Span]) -> WordLabels | None:
    """The labels of ``words``; None when the line holds something that is not among them."""
    tags, denied, soft, sign = ([value] * len(words) for value in (0, -1, -1, -1))
    at = 0
    for slot in line.slots:
        if (found := find_value(slot.value, utterance, at)) is None:
            return None
        at = found.end()
        inside = [n for n, (begin, end) in enumerate(words) if begin >= found.start() and end <= at]
        if not inside:
            return None
        for place, n in zip("B" + "I" * (len(inside) - 1), inside, strict=True):
            tags[n] = TAGS.index(f"{place}-{slot.label}")
            denied[n], soft[n] = int(slot.negative), int(slot.soft)
            if slot.label in COMPARED:
                sign[n] = SIGNS.index(slot.sign)
    return WordLabels(tuple(tags), tuple(denied), tuple(soft), tuple(sign))


def slots_of(
    utterance: str,
    words: Sequence[Span],
    path: Sequence[int],
    denied: Matrix,
    soft: Matrix,
    sign: Matrix,
) -> tuple[Slot, ...]:
    """The slots a path of tags describes; the scores are [words, classes]."""
    slots: list[Slot] = []
    begins = [n for n, tag in enumerate(path) if TAGS[tag].startswith("B-")]
    for begin in begins:
        end = begin + 1
        while end < len(path) and TAGS[path[end]].startswith("I-"):
            end += 1
        label = TAGS[path[begin]][2:]
        value = utterance[words[begin][0] : words[end - 1][1]]
        if ";" in value:
            continue  # the form's own sign
        limit = int(sign[begin:end].mean(0).argmax()) if label in COMPARED else 0
        slots.append(
            Slot(
                label, SIGNS[limit], value, bool(denied[begin:end].mean(0).argmax()),
                bool(soft[begin:end].mean(0).argmax()),
            )
        )  # fmt: skip
    return tuple(slots)


def best_path(scores: Matrix) -> list[int]:
    """The likeliest sequence of tags in which an inside follows its own beginning.

    ``scores`` are log probabilities [words, tags]; Viterbi's algorithm.
    """
    if not len(scores):
        return []
    best = scores[0] + _FIRST
    came: list[Matrix] = []
    for here in scores[1:]:
        ways = best[:, None] + _NEXT
        came.append(ways.argmax(0))
        best = ways.max(0) + here
    path = [int(best.argmax())]
    for back in reversed(came):
        path.append(int(back[path[-1]]))
    return path[::-1]


def _may_follow(before: str, tag: str) -> bool:
    return not tag.startswith("I-") or (before != "O" and before[2:] == tag[2:])


_FIRST: Final = np.array([0.0 if _may_follow("O", t) else _NEVER for t in TAGS], np.float32)
_NEXT: Final = np.array(
    [[0.0 if _may_follow(before, t) else _NEVER for t in TAGS] for before in TAGS], np.float32
)
