"""Brand and who clothes are cut for, and phrases of a lexicon in a text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from catalog.extraction.known import Known, Phrase
from catalog.extraction.passage import Passage
from catalog.extraction.subject import APPAREL, Subject
from catalog.text import find_run, tokens

Span = tuple[int, int, str]
"""Words [first, last) and what they say."""


_GENDER: Final = re.compile(
    r"(?<![\w-])(?:(?P<own>men's|mens|mens'|women's|womens|womens'|ladies'?|gents|boy's|boys'?|girl's|girls'?|unisex)"
    r"|(?P<plain>men|women)|for\s+(?P<whom>men|women|him|her|boys|girls|ladies))(?![\w-])(?:\s*(?:&|and|/|\+)\s*(?P<other>men|women|girls|boys)(?:'?s)?(?!\w))?"
)
_GENDER_OF: Final = {
    "men": "men", "mens": "men", "men's": "men", "mens'": "men", "gents": "men", "him": "men", "women": "women", "womens": "women",
    "women's": "women", "womens'": "women", "ladies": "women", "ladies'": "women", "her": "women", "boy's": "boys", "boys": "boys",
    "boys'": "boys", "girl's": "girls", "girls": "girls", "girls'": "girls", "unisex": "unisex",
}  # fmt: skip


def brand_in(title: Passage, known: Known) -> Span | None:
    """The known brand a title begins with, or that it names after "by"."""
    words = title.words
    for i in range(len(words)):
        if i and words[i - 1] != "by":
            continue
        for size in range(min(4, len(words) - i), 0, -1):
            found = known.brands.get(tuple(words[i : i + size]))
            if found is not None:
                return i, i + size, found
    return None


def runs_of(passage: Passage, phrase: str | None) -> list[tuple[int, int]]:
    """Where a text says a phrase, as runs of words."""
    run = tokens(phrase or "")
    found, at = [], find_run(passage.words, run)
    while at >= 0:
        found.append((at, at + len(run)))
        at = find_run(passage.words, run, at + 1)
    return found


def phrases_in(
    passage: Passage, lexicon: Mapping[Phrase, str], firsts: Iterable[str]
) -> Iterator[Span]:
    """The longest phrases of a lexicon in a text, left to right, without overlaps."""
    words, i = passage.words, 0
    firsts = frozenset(firsts)
    while i < len(words):
        if words[i] in firsts:
            for size in (3, 2, 1):
                said = lexicon.get(tuple(words[i : i + size]))
                if said is not None and len(words) >= i + size:
                    yield i, i + size, said
                    i += size - 1
                    break
        i += 1


def gender_in(passage: Passage, subject: Subject) -> str | tuple[str, ...] | None:
    """Who clothes are cut for, None for other things and where nothing clear is said."""
    if not subject.any_of(APPAREL):
        return None
    said: list[str] = []
    for m in _GENDER.finditer(passage.lower):
        if passage.source == "description" and not (
            m["whom"]
            and re.search(r"\b(?:designed|made|cut|tailored|fit)\s+$", passage.before(m.start()))
        ):
            continue
        if m["plain"] and re.search(r"[\w'][\s-]+(?:x|in|of|little|super|mega)[\s-]+$|\bx-$", passage.lower[: m.start()][-12:]):  # fmt: skip
            continue
        said.append(_GENDER_OF[m["own"] or m["plain"] or m["whom"]])
        if m["other"]:
            said.append(_GENDER_OF[m["other"]])
    who = distinct(said)
    if len(who) < 2:
        return who[0] if who else None
    if set(who) <= {"men", "women", "unisex"}:
        return "unisex"
    return ("boys", "girls") if set(who) == {"boys", "girls"} else None


def distinct(words: Iterable[str]) -> tuple[str, ...]:
    """Each once, and none that a longer one already says ("blue" beside "navy blue")."""
    unique = list(dict.fromkeys(words))
    return tuple(w for w in unique if not any(w != o and f" {w} " in f" {o} " for o in unique))
