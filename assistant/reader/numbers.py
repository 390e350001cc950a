"""Numbers as people write them: digits, words, currencies, units, and where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from assistant.reader.utterance import Utterance
from catalog.money import CURRENCY_WORDS
from catalog.units import UNIT_PATTERN, unit_symbol

_SMALL: Final = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18,
    "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
_TENS: Final = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_UNITS_WORD: Final = "one|two|three|four|five|six|seven|eight|nine"
_WORD_NUMBER: Final = (
    rf"(?:(?:(?:a|{_UNITS_WORD})\s+)?hundred(?:\s+and)?(?:\s+(?:{_TENS})(?:[\s-](?:{_UNITS_WORD}))?)?"
    rf"|(?:(?:a|{_UNITS_WORD})\s+)?thousand|(?:{_TENS})(?:[\s-](?:{_UNITS_WORD}))?"
    rf"|(?:half\s+an?|an?\s+half)|(?:{'|'.join(sorted(_SMALL, key=len, reverse=True))}))"
)
_DIGITS: Final = r"\d{1,3}(?:[ \u00a0,.'’]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d+)?"
_SYMBOLS: Final = "|".join(
    re.escape(w) for w in sorted(CURRENCY_WORDS, key=lambda w: (-len(w), w)) if not w.isalpha()
)
_CURRENCY_NAMES: Final = "|".join(
    re.escape(w) for w in sorted(CURRENCY_WORDS, key=lambda w: (-len(w), w)) if w.isalpha()
)
_QUANTITY: Final = re.compile(
    rf"(?P<before>{_SYMBOLS}|(?<![^\W\d_])(?:usd|eur|gbp|chf|jpy|sek|nok|dkk|pln|inr|cad|aud)(?=\s*\d))?\s*"
    rf"(?:(?<![\w.,])(?P<digits>{_DIGITS})(?P<kilo>k\b)?|(?<![\w'])(?P<words>{_WORD_NUMBER})(?![\w']))"
    rf"(?:\s?-?\s?(?:(?P<after>(?:{_SYMBOLS})(?!\s*\d)|(?:{_CURRENCY_NAMES})(?!\w))|(?P<unit>(?:{UNIT_PATTERN})(?!\w)|[\"″”])))?",
    re.IGNORECASE,
)
_A_UNIT: Final = re.compile(
    r"(?<!\w)(?:an?|one)\s+(?P<unit>lit(?:re|er)|kilo(?:gram)?|pound|gallon|met(?:re|er)|foot|pint|quart|hour|inch)(?!\w)"
)
_COINS: Final = re.compile(r"(?<!\w)(?:an?\s+)?(?P<coin>fiver|tenner)(?!\w)")
_TIGHT_UNITS: Final = frozenset({"in", "m", "s", "h", "c", "k", "v", "g", "w", "day"})


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its currency or unit, and where it stands (characters)."""

    start: int
    end: int
    value: float
    currency: str | None
    unit: str | None


def find_quantities(u: Utterance) -> Iterator[Quantity]:
    """Every number of the utterance with its currency or unit, in no particular order."""
    for m in _QUANTITY.finditer(u.lower):
        start = m.start() + len(m.group()) - len(m.group().lstrip())
        value = parse_number(m["digits"]) if m["digits"] else _spelled(m["words"])
        if value is None:
            continue
        word = (m["before"] or m["after"] or "").strip()
        if m["unit"] in ("pound", "pounds") and not u.weighs:
            word = "£"
        unit = (
            unit_symbol(u.text[m.start("unit") : m.end("unit")]) if m["unit"] and not word else None
        )
        if m["words"] in ("one", "a half") and not word and not unit:
            continue
        if unit is not None and _no_unit(u, m, unit):
            unit, word = None, word
            yield Quantity(
                start, m.end("digits") if m["digits"] else m.end("words"), value, None, None
            )
            continue
        yield Quantity(
            start, m.end(), value * (1000 if m["kilo"] else 1), CURRENCY_WORDS.get(word), unit
        )
    for m in _COINS.finditer(u.lower):
        yield Quantity(m.start(), m.end(), {"fiver": 5.0, "tenner": 10.0}[m["coin"]], None, None)
    for m in _A_UNIT.finditer(u.lower):
        if m.group().startswith("one") or re.search(r"\bhalf\s*$", u.lower[: m.start()]):
            continue
        yield Quantity(m.start(), m.end(), 1.0, None, unit_symbol(m["unit"]))


def _no_unit(u: Utterance, m: re.Match[str], unit: str) -> bool:
    """Whether what looks like a unit is a word or a letter of something else.

    "size 10 in black", "3-in-1", "100% cotton", "2 g string": letters that are also words
    count as units only right at the number, or where nothing but a stop follows.
    """
    written, after = m["unit"].lower(), u.lower[m.end() :]
    if unit == "%":
        return re.match(r"\s*(?:off|or\s+more|discount|reduc|less)", after) is None
    if written == "in" and re.match(r"\s*-?\s*\d", after):
        return True
    if written not in _TIGHT_UNITS:
        return False
    gap = u.lower[: m.start("unit")]
    if not gap[-1:].isspace():
        return False
    screen = written == "in" and re.match(
        r"\s+(?:screens?|monitors?|tvs?|televisions?|displays?|wide|long|tall)\b", after
    )
    return not screen and re.match(r"\s*(?:$|[,.;!?)]|or\b|and\b|max|min)", after) is None


def parse_number(digits: str) -> float | None:
    """``"1.299,00"``, ``"1,299"``, ``"12,5"`` as people write them in a sentence."""
    compact = re.sub(r"[ \u00a0'’]", "", digits)
    marks = [c for c in compact if c in ".,"]
    if len(set(marks)) == 2:
        decimal = marks[-1]
        compact = compact.replace("," if decimal == "." else ".", "").replace(decimal, ".")
    elif len(marks) > 1 or (
        marks and re.fullmatch(r"\d{1,3}[.,]\d{3}", compact) and marks[0] == ","
    ):
        compact = compact.replace(marks[0], "")
    else:
        compact = compact.replace(",", ".")
    try:
        value = float(compact)
    except ValueError:
        return None
    return value if value < 1e12 else None


def _spelled(words: str) -> float | None:
    if "half" in words:
        return 0.5
    total, current = 0, 0
    for word in re.split(r"[\s-]+", words):
        if word == "hundred":
            current = max(current, 1) * 100
        elif word == "thousand":
            total, current = total + max(current, 1) * 1000, 0
        else:
            current += _SMALL.get(word, 1 if word == "a" else 0)
    return float(total + current)
