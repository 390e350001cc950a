"""Is a sentence true of a product? It may only join facts that are true of it, each kept whole."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from assistant.reader.english import FUNCTION_WORDS
from catalog.text import find_run, tokens

_NEGATORS: Final = frozenset(
    "no not nor neither none never without cannot cant isnt doesnt dont wont wasnt nothing nobody".split()
)
_GLUE: Final = (
    FUNCTION_WORDS
    - _NEGATORS
    - frozenset(
        "all any both each either else enough ever every everything few less lot lots many more most much only other per "
        "same several such too very yet soon still again one two your my our their his her".split()
    )
) | frozenset(
    "a an also come comes feature features fit offer offers good choice pick cost costs price".split()
)
"""Words a sentence may add: they join claims and make none of their own."""
_PARTS: Final = re.compile(r"[;:,]\s")
_WHOLE: Final = re.compile(r"[.!?][\"”')]*$")
_NUMBER: Final = re.compile(r"\d+(?:[.,]\d+)*")
_MAX_CHARACTERS: Final = 240


def supported(sentence: str, facts: Sequence[str], title: str) -> bool:
    """True when a sentence says nothing but whole facts about the product called ``title``.

    Facts are split at their commas and colons; what a sentence takes of them must be
    such parts word for word, in any order, joined by words that claim nothing. So a
    number keeps its unit, a superlative its "2nd" and its "of the 28", and nothing can
    be denied, added or made bigger.
    """
    text = sentence.strip()
    if not _WHOLE.search(text) or len(text) > _MAX_CHARACTERS:
        return False
    said = tokens(text)
    source = " ".join((*facts, title))
    if not _numbers(text) <= _numbers(source) or not _signed(text) <= _signed(source):
        return False
    parts = sorted(
        {tuple(tokens(p)) for f in facts for p in _PARTS.split(f)}, key=lambda p: (-len(p), p)
    )
    covered = [False] * len(said)
    used = sum(_cover(said, covered, part) for part in parts if part)
    name = tokens(title)
    runs = (name[i:j] for i in range(len(name)) for j in range(len(name), i, -1))
    next((run for run in sorted(runs, key=len, reverse=True) if _cover(said, covered, run)), None)
    left = [w for w, is_covered in zip(said, covered, strict=True) if not is_covered]
    return used > 0 and all(w in _GLUE for w in left)


def _cover(said: Sequence[str], covered: list[bool], part: Sequence[str]) -> bool:
    """Mark one free occurrence of ``part``; whether there was one."""
    at = find_run(said, part)
    while at >= 0:
        if not any(covered[at : at + len(part)]):
            covered[at : at + len(part)] = [True] * len(part)
            return True
        at = find_run(said, part, at + 1)
    return False


def _signed(text: str) -> set[str]:
    """Numbers with the sign right before them: ``{"$60"}``."""
    return {m.rstrip(".,") for m in re.findall(r"[$€£¥₹₩₺+±~<>≤≥-]\d+(?:[.,]\d+)*", text)}


def _numbers(text: str) -> set[str]:
    return {n.rstrip(".,") for n in _NUMBER.findall(text)}
