"""The mechanics of a sentence: slots, choices of words, measures in prose, a or an."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from random import Random
from typing import Final

from catalog.product import AttributeValue, Measure

_SLOT: Final = re.compile(r"\{(\w+)(?::(\w+))?\}")
_CHOICE: Final = re.compile(r"\[([^\[\]]*\|[^\[\]]*)\]")
_ARTICLE: Final = re.compile(r"\b([Aa])n?(?= (\S+))(?! (?:is|and|or|of|to|in)\b)")
_WORD_START: Final = re.compile(r"[^\s-]+")
_SOUNDS_CONSONANT: Final = ("uni", "use", "usu", "usb", "uti", "eu", "one-", "once", "one ")
_SPELT_WITH_VOWEL: Final = frozenset("AEFHILMNORSX")

# unit → (singular, plural) in prose; what is missing here is written as its symbol
_PROSE: Final[dict[str, tuple[str, str]]] = {
    "l": ("litre", "litres"), "in": ("inch", "inches"), "h": ("hour", "hours"),
    "min": ("minute", "minutes"), "s": ("second", "seconds"), "W": ("watt", "watts"),
    "lm": ("lumen", "lumens"), "person": ("person", "people"), "pc": ("piece", "pieces"),
    "sheet": ("sheet", "sheets"), "year": ("year", "years"), "month": ("month", "months"),
    "day": ("day", "days"), "m": ("metre", "metres"), "km": ("kilometre", "kilometres"),
}  # fmt: skip
_SPELT: Final = (
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)
_ALWAYS_PROSE: Final = frozenset({"person", "pc", "sheet", "year", "month", "day"})


@lru_cache(maxsize=8192)
def slots_of(text: str) -> tuple[str, ...]:
    """Names of the slots in a sentence, in order."""
    return tuple(m[1] for m in _SLOT.finditer(text))


def choose_words(text: str, rng: Random) -> str:
    """Settle every ``[this|that]``."""
    return _CHOICE.sub(lambda m: rng.choice(m[1].split("|")), text)


def phrase(text: str, values: Mapping[str, AttributeValue]) -> str:
    """Fill every slot. Raises ``KeyError`` for a slot without a value."""
    return _SLOT.sub(lambda m: _word(values[m[1]], m[2] or ""), text)


def _word(value: AttributeValue, form: str) -> str:
    if form == "word":
        number = value.value if isinstance(value, Measure) else value
        if isinstance(number, (int, float)) and number in range(len(_SPELT)):
            return _SPELT[int(number)]
        form = "n"
    if isinstance(value, Measure):
        return measure_in_words(value, form)
    if isinstance(value, tuple):
        if form == "range":
            return f"{value[0]} to {value[-1]}"
        words = list(value)
        joined = " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
    else:
        joined = value if isinstance(value, str) else f"{value:g}"
    if form != "cap":
        return joined
    return _WORD_START.sub(lambda m: m[0] if m[0] in ("and",) else capitalise(m[0]), joined)


def measure_in_words(value: Measure, form: str = "") -> str:
    """``Measure(1.7, "l")`` as ``"1.7 l"``, ``long`` "1.7 litres", ``adj`` "1.7-litre", ``n`` "1.7"."""
    number = f"{value.value:g}"
    if form == "n":
        return number
    if value.unit == "SPF":
        return f"SPF {number}"
    if value.unit == "%":
        return f"{number}%"
    if value.unit == "C":
        return f"{number} °C"
    one, many = _PROSE.get(value.unit, (value.unit, value.unit))
    if form == "adj":
        return f"{number}-{one}"
    if form == "long" or value.unit in _ALWAYS_PROSE:
        return f"{number} {one if value.value == 1 else many}"
    return f"{number} {value.unit}"


def articles(text: str) -> str:
    """``a`` or ``an`` by the sound of the next word: "an 8-inch", "a unisex", "an SPF 50"."""
    return _ARTICLE.sub(lambda m: m[1] + ("n" if _sounds_like_vowel(m[2]) else ""), text)


def _sounds_like_vowel(word: str) -> bool:
    bare = word.strip("\"'(“‘.,;")
    if bare[:1].isdigit():
        digits = re.match(r"\d+", bare)
        return bare[0] == "8" or (digits is not None and digits[0] in ("11", "18"))
    lower = bare.lower()
    if lower.startswith(_SOUNDS_CONSONANT) or lower == "one":
        return False
    if len(bare) > 1 and bare[:2].isupper():
        return bare[0] in _SPELT_WITH_VOWEL
    return lower.startswith(("hour", "honest", "heir")) or lower[:1] in "aeiou"


def capitalise(text: str) -> str:
    """The first letter upper-case, the rest as it is."""
    return text[:1].upper() + text[1:]
