"""Function words of German, Spanish, French and Italian, read as their English counterparts.

A shop in another language has its own type, colour and brand names in its vocabulary;
what the reader lacks is the small words around them. An utterance in which they occur
is rewritten before it is read, and spans are given back as the shopper wrote them.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from assistant.intent import Intent

_MEANINGS: Final[tuple[tuple[str, str], ...]] = (
    ("cheapest first", r"(?:die\s+|das\s+|den\s+)?(?:günstigste[nrs]?|billigste[nrs]?)(?:\s+zuerst)?|(?:lo\s+|la\s+|el\s+|los\s+|las\s+)?más\s+barat[oa]s?(?:\s+primero)?|(?:le|la|les)\s+moins\s+chère?s?(?:\s+d'abord)?|(?:il|la|le|i)\s+(?:più|meno)\s+(?:economic[oaie]+|car[oaie])"),
    ("cheaper", r"günstiger(?:e[nrs]?)?|billiger(?:e[nrs]?)?|moins\s+chère?s?|más\s+barat[oa]s?|più\s+economic[oaie]+|meno\s+car[oaie]"),
    ("cheap", r"günstige?[nrs]?|billige?[nrs]?|barat[oa]s?|pas\s+chère?s?|economic[oaie]+"),
    ("under", r"unter|höchstens|maximal|nicht\s+mehr\s+als|bis\s+(?:zu\s+)?(?=\d)|menos\s+de|por\s+debajo\s+de|hasta|como\s+máximo|no\s+más\s+de|moins\s+de|jusqu'à|pas\s+plus\s+de|au\s+maximum|meno\s+di|fino\s+a|al\s+massimo|non\s+più\s+di"),
    ("over", r"mindestens|mehr\s+als|über(?=\s*\d)|ab(?=\s*\d)|más\s+de|al\s+menos|desde(?=\s*\d)|plus\s+de|au\s+moins|à\s+partir\s+de|più\s+di|almeno"),
    ("around", r"ungefähr|circa|etwa|alrededor\s+de|unos(?=\s*\d)|environ"),
    ("between", r"zwischen|entre|tra(?=\s*\d)|fra(?=\s*\d)"),
    ("without", r"ohne|sans|senza|sin"),
    ("not", r"nicht|kein(?:e[nmrs]?)?|außer|que\s+no\s+sea[n]?(?:\s+de)?|no\s+quiero|excepto|menos(?=\s+(?:el|la|los|las)\b)|pas(?:\s+de)?|sauf|non|tranne|eccetto"),
    ("and", r"und|et|(?<=\d\s)y(?=\s+\d)|(?<=\d\s)e(?=\s+\d)"),
    ("or", r"oder|ou|oppure"),
    ("with", r"mit|avec"),
    ("for", r"für|para|pour"),
    ("looking for", r"(?:ich\s+)?suche(?:n)?|(?:wir\s+)?brauche(?:n)?|ich\s+(?:möchte|hätte\s+gern[e]?|will)|zeig(?:e)?\s+mir|(?:yo\s+)?busco|quiero|necesito|muéstrame|je\s+(?:cherche|veux|voudrais)|montre[zr]?[\s-]moi|cerco|vorrei|mostrami"),
    ("a", r"ein(?:e[nmrs]?)?|un[oa]s?|une|der|die|das|den|dem|des|el|los|las|les|il|lo|gli|del|dei|degli|della|delle|bitte|por\s+favor|s'il\s+vous\s+plaît|per\s+favore"),
)  # fmt: skip
_STRONG: Final = re.compile(
    r"(?<!\w)(?:unter|höchstens|zwischen|ohne|nicht|keine?[nmrs]?|außer|für|und|oder|mindestens|günstig\w*|billig\w*|suche|brauche|möchte|bitte|menos|hasta|más|entre|sin|barat[oa]s?|que\s+no|busco|quiero|necesito|para|"
    r"moins|jusqu'à|sans|sauf|pour|avec|je\s+(?:cherche|veux|voudrais)|une|senza|meno|fino|più|cerco|vorrei|tranne|ich|eine?[nmrs]?)(?!\w)"
)
_ENGLISH: Final = re.compile(
    r"\b(?:the|and|under|with|for|without|not|over|between|please|show|want|need|looking|have|is|are|something|anything)\b"
)
_RULES: Final = tuple(
    (english, re.compile(rf"(?<![\w'’])(?:{pattern})(?![\w'’])")) for english, pattern in _MEANINGS
)

Rewritten = tuple[str, tuple[tuple[str, str], ...]]


def to_english(text: str) -> Rewritten | None:
    """The utterance with foreign function words in English, and the (English, original) pieces.

    None when it reads as English already.
    """
    lower = text.lower()
    if len(lower) != len(text) or not _STRONG.search(lower) or _ENGLISH.search(lower):
        return None
    pieces: list[tuple[int, int, str]] = []
    for english, rule in _RULES:
        for m in rule.finditer(lower):
            if all(m.end() <= start or m.start() >= end for start, end, _ in pieces):
                pieces.append((m.start(), m.end(), english))
    pieces.sort()
    made, at = "", 0
    for start, end, english in pieces:
        made += text[at:start] + english
        at = end
    return made + text[at:], tuple((english, text[start:end]) for start, end, english in pieces)


def in_own_words(intent: Intent, text: str, pieces: tuple[tuple[str, str], ...]) -> Intent:
    """An intent read from the rewritten text, with text and spans as the shopper wrote them."""

    def own(span: str) -> str:
        if span in text:
            return span
        for english, original in pieces:
            if english in span and (found := span.replace(english, original, 1)) in text:
                return found
        return text

    constraints = tuple(replace(c, span=own(c.span)) for c in intent.constraints)
    references = tuple(replace(r, span=own(r.span)) for r in intent.references)
    return replace(intent, text=text, constraints=constraints, references=references)
