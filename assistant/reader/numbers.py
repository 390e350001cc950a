"""Numbers as people write them: digits, words, currencies, units, and where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from assistant.reader.multiples import FRACTIONS, PART
from assistant.reader.utterance import Utterance
from catalog.money import CURRENCY_WORDS, exponent
from catalog.units import UNIT_PATTERN, unit_symbol

_SMALL: Final = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18,
    "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
NUMBER_WORDS: Final = frozenset(
    {*_SMALL, *FRACTIONS, *"hundred hundreds thousand thousands dozen dozens couple".split()}
)
"""Words that numbers are written in."""
_TENS: Final = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_ONES: Final = "one|two|three|four|five|six|seven|eight|nine"
_TEENS: Final = "|".join(w for w, n in _SMALL.items() if 10 <= n < 20)
_BELOW_100: Final = rf"(?:(?:{_TENS})(?:[\s-](?:{_ONES}))?|{_TEENS}|{_ONES})"
_BELOW_1000: Final = (
    # "under a hundred and one that folds" stops at the hundred
    rf"(?:(?:(?:an?|{_BELOW_100})\s+)?hundred(?:(?:\s+and)?\s+(?!one\b){_BELOW_100})?|{_BELOW_100})"
)
_WHOLE: Final = (
    rf"(?:(?:(?:an?|{_BELOW_1000})\s+)?thousand(?:(?:\s+and)?\s+(?!one\b){_BELOW_1000})?"
    rf"|{_BELOW_1000}|zero)"
)
_AND_PART: Final = rf"\s+(?:and|n|&)\s+{PART}(?!\s+(?:the\s+)?price)"
_FRACTION: Final = (
    r"(?:half(?:\s+(?:of\s+)?an?)?|an?\s+half|an?\s+(?:quarter|third)(?:\s+of\s+an?)?|quarter\s+(?:of\s+)?an?"
    r"|(?:two[\s-]thirds|three[\s-]quarters)(?:\s+of\s+an?)?)"
)
_FOLLOWED: Final = r"(?=\s+(?:hundred\b|thousand\b|[^\W\d_]{2,}s\b|people\b))"
_WORD_NUMBER: Final = (
    rf"(?:(?:half\s+an?|half|an?\s+half|(?:an?|{_BELOW_100})(?=\s+dozen))\s+dozen|dozen"
    rf"|(?:a\s+)?couple(?:\s+of)?(?:\s+(?:hundred|thousand)|{_FOLLOWED}(?!\s+(?:of\s+)?(?:days|weeks|months|years|times|things)\b))"
    rf"|{_WHOLE}{_AND_PART}|{_BELOW_100}\s+point\s+(?:zero|{_ONES})(?:\s+(?:{_ONES})\b)?|{_FRACTION}|{_WHOLE})"
)
_NO_THOUSANDS: Final = r"\s?-?\s?(?:k?hz|hertz|inch(?:es)?|in|cms?|db|l|lit(?:re|er)s?|kgs?|kilos?|gb|tb|years?|yrs?|[\"″”])(?!\w)"
"""Units there are never thousands of: "27 144hz" is two numbers."""
_DIGITS: Final = (
    r"\d{1,3}(?:[,.'’]\d{3})+(?:[.,]\d{1,2})?"
    rf"|\d{{1,3}}(?:[ \u00a0]\d{{3}})+(?!\d)(?:[.,]\d{{1,2}})?(?!{_NO_THOUSANDS})|\d+(?:[.,]\d+)?"
)
_SYMBOLS: Final = "|".join(
    (r"(?<![^\W\d_])" if w[0].isalpha() else "") + re.escape(w)
    for w in sorted(CURRENCY_WORDS, key=lambda w: (-len(w), w))
    if not w.isalpha()
)
_CURRENCY_NAMES: Final = "|".join(
    re.escape(w) for w in sorted(CURRENCY_WORDS, key=lambda w: (-len(w), w)) if w.isalpha()
)
_SPOKEN_UNITS: Final = {"man": "person", "ct": "pc", "bits": "pc"}
"""Units that shoppers say and no feed is read for: a "2 man tent", "100ct"."""
_UNIT: Final = rf"{'|'.join(_SPOKEN_UNITS)}|{UNIT_PATTERN}"
_QUANTITY: Final = re.compile(
    rf"(?P<before>{_SYMBOLS}|(?<![^\W\d_])(?:usd|eur|gbp|chf|jpy|sek|nok|dkk|pln|inr|cad|aud)(?=\s*\d))?\s*"
    rf"(?:(?<![\w.,/])(?:(?P<digits>{_DIGITS})(?P<glyph>[½¼¾])?(?P<part>{_AND_PART})?(?P<scale>\s?k\b|\s+(?:hundred|thousand|dozen|grand)\b)?|(?P<bare_glyph>[½¼¾]))"
    rf"|(?<![\w'])(?P<words>{_WORD_NUMBER})(?P<grand>\s+grand(?=\s*(?:$|[,.;!?)]|or\b|max|tops)))?(?![\w']))"
    rf"(?:\s?-?\s?(?:(?P<after>(?:{_SYMBOLS})(?!\s*\d)|(?:{_CURRENCY_NAMES})(?!\w))|(?P<unit>(?:{_UNIT})(?!\w)|[\"″”])))?",
    re.IGNORECASE,
)
_A_UNIT: Final = re.compile(
    r"(?<!\w)(?:an?|one)\s+(?P<unit>lit(?:re|er)|kilo(?:gram)?|pound|gallon|met(?:re|er)|foot|pint|quart|hour|inch)(?!\w)"
)
_ORDINAL: Final = re.compile(r"(?:st|nd|rd|th)(?!\w)")
_TRAILING_PART: Final = re.compile(rf"{_AND_PART}(?!\w)")
_HUNDREDTHS: Final = rf"(?P<hundredths>\d{{1,2}}|{_BELOW_100})"
_PENCE: Final = re.compile(
    rf"\s+(?:(?:and|n|&)\s+)?{_HUNDREDTHS}\s?(?:p|pence|pennies|cents?|c)(?!\w)"
)
_PENCE_UNSAID: Final = re.compile(
    rf"\s+(?P<hundredths>\d{{2}}|(?:{_TENS})(?:[\s-](?:{_ONES}))?|{_TEENS})"
    r"(?=\s*(?:$|[,.;!?)]|-(?!\w))|\s+(?:or|and|to|for|at|on|in|with|that|which|but|if|is|max(?:imum)?|tops|each|apiece|per|a|the|please|pls|maybe|perhaps|then|instead)(?!\w))"
)
"""The pence of "two pounds fifty": what goes on with a noun counts that instead."""
_MINOR: Final = re.compile(r"\s?(?:(?P<pence>p|pence|pennies)|cents?)(?!\w)")
_SCALES: Final = {"k": 1000, "grand": 1000, "thousand": 1000, "hundred": 100, "dozen": 12}
_MANY: Final = 10
"""From here on a "g" after a number is a weight rather than a string or a generation."""
_MOST_IN_A_TENT: Final = 12
_MOST_CARATS: Final = 24
_OF_ONE: Final = re.compile(rf"\b(?:{'|'.join(FRACTIONS)})(?:\s+of)?\s*$")
_GLYPHS: Final = {"½": 1 / 2, "¼": 1 / 4, "¾": 3 / 4}
_COINS: Final = re.compile(r"(?<!\w)(?:an?\s+)?(?P<coin>fiver|tenner)(?!\w)")
_TIGHT_UNITS: Final = frozenset({"in", "m", "s", "h", "c", "k", "v", "g", "w", "day"})
_SHAPED: Final = r"(?:wide|long|tall|high|deep|thick|across|diameter|heavy)\b"
_AFTER_LETTER: Final = re.compile(
    rf"\s*(?:$|[,.;!?)]|(?:or|and|of|at|per|each|tops|with|but|please)\b|max|min|{_SHAPED}|in\s+(?:height|width|length|depth|diameter)\b"
    r"|(?:net\s+)?(?:carb|carbohydrate|sugar|protein|fat|salt|fibre|fiber|sodium|caffeine)s?\b)"
)
"""What may follow a unit of one letter that stands apart from its number."""
_IN_THOUSANDS: Final = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_BEGINS: Final = re.compile(
    rf"\s*(?:[$€£¥]|\d|(?:{_WORD_NUMBER})(?!\w)|(?:an?|one)\s+(?:{UNIT_PATTERN})(?!\w))"
)


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
    read_to = 0
    for m in _QUANTITY.finditer(u.lower):
        start = m.start() + len(m.group()) - len(m.group().lstrip())
        value = _value(m)
        if value is None or start < read_to or _is_ordinal(u, m):
            continue
        word = (m["before"] or m["after"] or "").strip()
        if m["unit"] in ("pound", "pounds") and not u.weighs:
            word = "£"
        unit = _symbol(u.text[m.start("unit") : m.end("unit")]) if m["unit"] and not word else None
        if _says_no_number(m["words"]) and not word and not unit:
            continue
        if unit is not None and _no_unit(u, m, unit, value):
            yield Quantity(start, _end_of_number(m), value, None, None)
            continue
        if (m["scale"] or "").strip() == "k" and not word and not unit and value >= 1e6:
            # 2700K is the colour of a light
            value, unit = value / 1000, "K"
        end = m.end()
        if (unit or word) and (rest := _TRAILING_PART.match(u.lower, end)):
            # "two kilos and a half"
            value, end = value + _parts(rest.group()), rest.end()
        elif unit is None:
            value, end, word = _in_minor(u, value, end, word)
            read_to = end
        currency = CURRENCY_WORDS.get(word)
        if currency and exponent(currency) == 0 and _IN_THOUSANDS.fullmatch(m["digits"] or ""):
            # "10.000 yen": nothing is priced in parts of a yen
            value = float(re.sub(r"\D", "", m["digits"]))
        yield Quantity(start, end, value, currency, unit)
    yield from _without_number(u)


def _without_number(u: Utterance) -> Iterator[Quantity]:
    """Quantities that no number is said for: "a tenner", "a litre and a half"."""
    for m in _COINS.finditer(u.lower):
        value, end = _with_pence(u, {"fiver": 5.0, "tenner": 10.0}[m["coin"]], m.end())
        yield Quantity(m.start(), end, value, None, None)
    for m in _A_UNIT.finditer(u.lower):
        if m.group().startswith("one") or u.behind(_OF_ONE, m.start()):
            continue
        rest = _TRAILING_PART.match(u.lower, m.end())
        value, end = (1.0 + _parts(rest.group()), rest.end()) if rest else (1.0, m.end())
        money = m["unit"] == "pound" and not u.weighs
        if money and rest is None:
            value, end = _with_pence(u, value, end)
        yield Quantity(
            m.start(),
            end,
            value,
            "GBP" if money else None,
            None if money else unit_symbol(m["unit"]),
        )


def _with_pence(u: Utterance, value: float, end: int, *, spoken: bool = True) -> tuple[float, int]:
    """A sum and where it ends, with the pence or cents said after it: "two pounds fifty", "£3 and 50p".

    Those of a sum ``spoken`` with the currency's name may go without a name of their own.
    """
    said = _PENCE.match(u.lower, end) or (spoken and _PENCE_UNSAID.match(u.lower, end))
    if not said:
        return value, end
    written = said["hundredths"]
    hundredths = int(written) if written.isdigit() else _spelled(written)
    return value + hundredths / 100, said.end()


def _in_minor(u: Utterance, value: float, end: int, word: str) -> tuple[float, int, str]:
    """A number, where it ends and its currency, read with the pence it has or is: "£3 and 50p", "80 cents"."""
    if word:
        return *_with_pence(u, value, end, spoken=u.lower[end - 1].isalpha()), word
    minor = _MINOR.match(u.lower, end) if value < 100 else None
    if minor is None or (minor["pence"] == "p" and u.weighs):
        return value, end, word
    return value / 100, minor.end(), "£" if minor["pence"] else word


def bare_number(text: str) -> float | None:
    """The number that is all ``text`` says, in digits or words, without a unit: "forty" is 40."""
    u = Utterance(text)
    for q in find_quantities(u):
        if q.unit is None and q.currency is None:
            return q.value if not re.search(r"\w", u.text[: q.start] + u.text[q.end :]) else None
    return None


def _symbol(word: str) -> str | None:
    return _SPOKEN_UNITS.get(word.lower()) or unit_symbol(word)


def number_begins(text: str) -> bool:
    """Whether ``text`` begins with a number in digits or words ("30 cm", "two metres", "a litre")."""
    return _BEGINS.match(text.lower()) is not None


def _value(m: re.Match[str]) -> float | None:
    """The number of a match, with its fraction and scale: "2 and a half" thousand."""
    if m["bare_glyph"]:
        return _GLYPHS[m["bare_glyph"]]
    if m["words"]:
        return _spelled(m["words"]) * (1000 if m["grand"] else 1)
    value = parse_number(m["digits"])
    if value is None:
        return None
    value += _GLYPHS.get(m["glyph"] or "", 0.0) + _parts(m["part"] or "")
    return value * _SCALES.get((m["scale"] or "").strip(), 1)


def _says_no_number(words: str | None) -> bool:
    """Words that are a number only before a unit: "one", "half", "a third"."""
    return words is not None and (words == "one" or re.fullmatch(_FRACTION, words) is not None)


def _is_ordinal(u: Utterance, m: re.Match[str]) -> bool:
    """Digits that say which one, not how much: "lowest price 1st"."""
    return m["digits"] is not None and _ORDINAL.match(u.lower, _end_of_number(m)) is not None


def _end_of_number(m: re.Match[str]) -> int:
    return max(m.end(g) for g in ("digits", "glyph", "part", "scale", "bare_glyph", "words"))


def _no_unit(u: Utterance, m: re.Match[str], unit: str, value: float) -> bool:
    """Whether what looks like a unit is a word or a letter of something else.

    "size 10 in black", "3-in-1", "100% cotton", "2 g string": letters that are also words
    count as units only right at the number, or where what follows belongs to no noun.
    """
    written, after = m["unit"].lower(), u.lower[m.end() :]
    if unit == "%":
        return re.match(r"\s*(?:off|or\s+more|discount|reduc|less)", after) is None
    if written == "in" and re.match(r"\s*-?\s*\d", after):
        return True
    if written == "man":
        # "under 50 man" counts nobody
        return value > _MOST_IN_A_TENT
    if written == "ct":
        return value <= _MOST_CARATS
    if written not in _TIGHT_UNITS:
        return False
    gap = u.lower[: m.start("unit")]
    if not gap[-1:].isspace():
        return False
    if written == "in":
        fits = r"\s+(?:screens?|monitors?|tvs?|televisions?|displays?)\b|\s*(?:$|[,.;!?)]|(?:or|and)\b|max|min)"
        return re.match(rf"\s+{_SHAPED}|{fits}", after) is None
    if written in ("g", "v") and value >= _MANY and m["digits"]:
        return False
    return _AFTER_LETTER.match(after) is None


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


def _parts(words: str) -> float:
    """The fraction in words like " and a half"; 0 when there is none."""
    return next((v for w, v in FRACTIONS.items() if re.search(rf"\b{w}\b", words)), 0.0)


def _spelled(words: str) -> float:
    """The value of a number in words: "one hundred and fifty", "two and a half", "half a dozen"."""
    if "dozen" in words:
        return 12 * (_spelled(words.replace("dozen", "").strip()) or 1.0)
    if re.fullmatch(_FRACTION, words.strip()):
        return _parts(words)
    if whole := re.fullmatch(rf"(.+?){_AND_PART}", words):
        return _spelled(whole[1]) + _parts(words[whole.end(1) :])
    if " point " in words:
        whole_part, _, digits = words.partition(" point ")
        places = "".join(str(_SMALL[d]) for d in digits.split())
        return _spelled(whole_part) + float(f"0.{places}")
    total, current = 0, 0
    for word in re.split(r"[\s-]+", words):
        if word == "hundred":
            current = max(current, 1) * 100
        elif word == "thousand":
            total, current = total + max(current, 1) * 1000, 0
        else:
            current += _SMALL.get(word, 2 if word == "couple" else 0)
    return float(total + current)
