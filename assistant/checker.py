"""Is a sentence true of a product? Every number, name and claim must stand in the facts it was made from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from assistant.reader.english import FUNCTION_WORDS
from catalog.text import tokens

_NUMBER: Final = re.compile(r"\d+(?:[.,]\d+)*")
_SUPERLATIVE: Final = re.compile(
    r"\b(?:[a-z]{3,}est|most|least|best|worst|only|first|top|number\s+one)\b"
)
_NOT_SUPERLATIVE: Final = frozenset(
    {
        "interest",
        "suggest",
        "forest",
        "harvest",
        "request",
        "rest",
        "test",
        "west",
        "guest",
        "honest",
        "chest",
        "nest",
        "vest",
    }
)
_NEGATION: Final = frozenset(
    {"no", "not", "without", "never", "nor", "neither", "cannot", "isnt", "doesnt", "free"}
)
_GLUE: Final = frozenset(
    """also at buyer come comes cost costs feature features fit fits has have it its just made make makes offer one price priced
    product rated rating shopper limit under over below above within currently now well good choice pick come""".split()
)  # fmt: skip
"""Words a sentence may add without adding a claim."""
_WHOLE: Final = re.compile(r"[.!?][\"”')]*$")


def supported(sentence: str, facts: Sequence[str], title: str) -> bool:
    """True when a sentence claims nothing beyond the facts and the product's title.

    Numbers must appear in a fact (or the title) as written, superlatives and
    negations too, and every content word must be one of theirs. Words may be
    joined differently, so facts must not be such that a new pairing lies: each
    number has to keep the word that followed or preceded it in the fact.
    """
    text = sentence.strip()
    if not text or not _WHOLE.search(text) or len(text) > 300:
        return False
    source = " ; ".join((*facts, title))
    allowed = set(tokens(source))
    said = tokens(text)
    if any(w not in allowed and w not in FUNCTION_WORDS and w not in _GLUE for w in said):
        return False
    lower, source_lower = text.lower(), source.lower()
    for word in _SUPERLATIVE.findall(lower):
        if word not in _NOT_SUPERLATIVE and not re.search(rf"\b{re.escape(word)}\b", source_lower):
            return False
    if any(w in _NEGATION and w not in allowed for w in said):
        return False
    return _numbers_keep_company(text, source)


def _numbers_keep_company(text: str, source: str) -> bool:
    """Every number of the text is one of the source, beside a word it has there too."""
    kept = _neighbours(source)
    for number, words in _neighbours(text).items():
        if number not in kept:
            return False
        after = {w for w in words if w and w not in FUNCTION_WORDS}
        if after and not after & kept[number]:
            return False
    return True


def _neighbours(text: str) -> dict[str, set[str]]:
    """Number → the units or words right after it, and the signs right before it."""
    found: dict[str, set[str]] = {}
    for m in _NUMBER.finditer(text):
        number = m.group().rstrip(".,")
        after = re.match(r"\s?([^\W\d_]+|%|°|\")?", text[m.end() :])
        words = found.setdefault(number, set())
        sign = text[: m.start()].rstrip()[-1:]
        if sign and not sign.isalnum() and sign not in ",.;:(“\"'–-":
            words.add(sign)
        if after and after[1]:
            words.add(after[1].lower())
    return found
