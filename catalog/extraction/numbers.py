"""Numbers with a unit in a text, those that are half of something else left out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from catalog.extraction.passage import Passage
from catalog.units import to_base

NUMBER: Final = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,6}(?:[.,]\d{1,3})?)"
"""Thousands with commas; a comma before other digits is a decimal mark."""

# How a unit is written in prose. Symbols that are also words or sizes are told by case, see _odd.
_SPELLED: Final[dict[str, str]] = {
    "g": "g", "gm": "g", "gms": "g", "gr": "g", "gram": "g", "grams": "g", "grammes": "g", "kg": "kg", "kgs": "kg", "kilo": "kg",
    "kilos": "kg", "kilogram": "kg", "kilograms": "kg", "mg": "mg", "oz": "oz", "ounce": "oz", "ounces": "oz", "lb": "lb",
    "lbs": "lb", "pound": "lb", "pounds": "lb", "mm": "mm", "millimetres": "mm", "millimeters": "mm", "millimetre": "mm",
    "millimeter": "mm", "cm": "cm", "cms": "cm", "centimetre": "cm", "centimetres": "cm", "centimeter": "cm", "centimeters": "cm",
    "m": "m", "metre": "m", "metres": "m", "meter": "m", "meters": "m", "mtr": "m", "in": "in", "inch": "in", "inches": "in",
    '"': "in", "''": "in", "ft": "ft", "foot": "ft", "feet": "ft", "ml": "ml", "millilitre": "ml", "millilitres": "ml",
    "milliliter": "ml", "milliliters": "ml", "cl": "cl", "l": "l", "ltr": "l", "ltrs": "l", "litre": "l", "litres": "l",
    "liter": "l", "liters": "l", "fl oz": "fl oz", "fl. oz": "fl oz", "fluid ounce": "fl oz", "fluid ounces": "fl oz",
    "quart": "qt", "quarts": "qt", "qt": "qt", "gallon": "gal", "gallons": "gal", "gal": "gal", "pint": "pt", "pints": "pt",
    "w": "W", "watt": "W", "watts": "W", "kw": "kW", "kilowatt": "kW", "v": "V", "volt": "V", "volts": "V", "wh": "Wh", "mah": "mAh",
    "db": "dB", "dba": "dB", "db(a)": "dB", "decibel": "dB", "decibels": "dB", "hz": "Hz", "hertz": "Hz", "lm": "lm",
    "lumen": "lm", "lumens": "lm", "k": "K", "kelvin": "K", "°c": "C", "degrees celsius": "C", "° c": "C", "degrees c": "C",
    "bar": "bar", "rpm": "rpm", "gb": "GB", "gigabyte": "GB", "gigabytes": "GB", "tb": "TB", "terabyte": "TB", "mb": "MB",
    "mp": "MP", "megapixel": "MP", "megapixels": "MP", "s": "s", "sec": "s", "secs": "s", "second": "s", "seconds": "s",
    "min": "min", "mins": "min", "minute": "min", "minutes": "min", "h": "h", "hr": "h", "hrs": "h", "hour": "h", "hours": "h",
    "day": "day", "days": "day", "month": "month", "months": "month", "year": "year", "years": "year", "yr": "year", "yrs": "year",
    "den": "den", "denier": "den", "tog": "tog", "gsm": "gsm", "g/m2": "gsm", "g/m²": "gsm", "%": "%",
    "person": "person", "man": "person",
}  # fmt: skip
_UNIT: Final = "|".join(re.escape(u) for u in sorted(_SPELLED, key=lambda u: (-len(u), u)))
_LEFT: Final = r"(?<![\w$€£¥#@])(?<!\d[.,/:+-])(?<!\d\s[/:])(?<![a-z]-)(?<!\w')"
_MEASURE: Final = re.compile(
    rf"{_LEFT}(?P<n>{NUMBER})(?P<gap>\s?-?\s?)(?P<unit>{_UNIT})(?![\w²³%°])(?!/\s?[a-z])(?!-in-)(?!\s*(?:users|sold|people|customers|views|followers|copies)\b)",
    re.IGNORECASE,
)
_TIMES: Final = re.compile(r"(?<![\w.,])(\d{1,3})\s*[x*]\s*$")
_MODEL: Final = re.compile(r"\dx\s+$")
"""A model and no multiple, before a memory: "Ventus 3X 12G"."""
_TIMES_AFTER: Final = re.compile(r"\s*(?:x|\*)\s*(\d{1,3})(?![\w.,]|\s*(?:cm|mm|m|in|inch|x|\"))")
_RANGE_BEFORE: Final = re.compile(
    r"(?:\d[\s-]*[a-z°\"%]{0,8}\.?\s*(?:-|~|to|or|/|&|until)|\bbetween\b.{1,14}\band|\d\s*[x*]|\d\s*:)\s*$"
)
_RANGE_AFTER: Final = re.compile(
    rf"\s*(?:-|~|to|or|/)\s*(?:max\.?\s*)?{NUMBER}\s*-?\s*(?P<unit>{_UNIT})(?!\w)", re.IGNORECASE
)
_MEMORIES: Final = frozenset({1, 2, 3, 4, 6, 8, 10, 11, 12, 16, 20, 24, 32, 48})
_GRAPHICS: Final = frozenset({"geforce", "radeon", "rtx", "gtx", "rx", "graphic", "gpu"})
_PAIRED_QUOTE: Final = re.compile(r'(?:^|[\s(])"[^"\d][^"]{0,60}$')
_IN_AFTER: Final = re.compile(
    r"\s*(?:$|[.,;)x*\]/]|\b(?:wide|tall|long|high|deep|diameter|monitor|tv|screen|display|in\b\s+(?:length|width|height|diameter)|square|round))"
)
_CURRENCY_AFTER: Final = re.compile(r"\s*(?:sterling|off|discount|voucher|note)")


@dataclass(frozen=True, slots=True)
class Number:
    """A number with its unit as the text has it, at [start, end) of the passage."""

    value: float
    unit: str
    start: int
    end: int
    times: int = 1
    """How many of them: 6 in "6 x 330 ml"."""

    @property
    def base(self) -> str:
        """The unit it is compared in."""
        return to_base(1.0, self.unit)[1]

    @property
    def in_base(self) -> float:
        """The value in that unit."""
        return to_base(self.value, self.unit)[0]


def read_number(text: str) -> float:
    """``"1,500"`` → 1500.0, ``"1,5"`` → 1.5."""
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", text):
        return float(text.replace(",", ""))
    return float(text.replace(",", "."))


def numbers_in(passage: Passage, taken: list[tuple[int, int]]) -> Iterator[Number]:
    """Every single measure of a text: no ends of ranges, model numbers, prices or scales.

    ``taken`` are stretches that were read already (in order).
    """
    text = passage.text
    for m in _MEASURE.finditer(text):
        if any(a < m.end() and m.start() < b for a, b in taken):
            continue
        unit = "GB" if m["unit"] == "G" else _SPELLED[m["unit"].lower()]
        if _odd(passage, m, unit):
            continue
        left = passage.lower[max(0, m.start() - 24) : m.start()]
        times = _TIMES.search(left)
        if times and unit == "GB" and _MODEL.search(left):
            times = None
        elif times is None and _RANGE_BEFORE.search(left):
            continue
        after = _RANGE_AFTER.match(text, m.end())
        if after and _same_kind(unit, _SPELLED[after["unit"].lower()], after[0]):
            continue
        behind = _TIMES_AFTER.match(passage.lower, m.end()) if times is None else None
        count = int((times or behind)[1]) if (times or behind) else 1  # type: ignore[index]
        below = unit == "C" and passage.lower[max(0, m.start() - 2) : m.start()] in (
            " -",
            "-",
            ":-",
        )
        value = read_number(m["n"])
        yield Number(-value if below else value, unit, m.start(), m.end(), count)


def _same_kind(unit: str, other: str, joined: str) -> bool:
    """Whether the next number makes a range of both, and not the same told in another unit."""
    if to_base(1.0, unit)[1] != to_base(1.0, other)[1]:
        return False
    return unit == other or "/" not in joined


def _odd(passage: Passage, m: re.Match[str], unit: str) -> bool:
    """Whether what looks like a unit is something else there: "5G", "2 in 1", "W/", "size 10 L"."""
    value, written = read_number(m["n"]), m["unit"].lower()
    if "\n" in m["gap"] or value == 0:
        return True
    if written in _ODD_IN:
        return _ODD_IN[written](passage, m)
    low, high = _CREDIBLE.get(written, (0.0, 1e9))
    if not low <= value <= high:
        return True
    # "5M" are millions, "12G" and "4k" no grams and kelvin
    return written in _CASED and m["unit"] != _CASED[written]


_CREDIBLE: Final = {
    "m": (0.0, 500.0),
    "k": (1800.0, 10_000.0),
    "v": (1.0, 480.0),
    "w": (0.0, 20_000.0),
}
_CASED: Final = {"m": "m", "k": "K", "h": "h", "min": "min"}


def _odd_quote(passage: Passage, m: re.Match[str]) -> bool:
    return bool(_PAIRED_QUOTE.search(passage.text[max(0, m.start() - 64) : m.start()]))


def _odd_in(passage: Passage, m: re.Match[str]) -> bool:
    return "-" not in m["gap"] and not _IN_AFTER.match(passage.lower, m.end())


def _odd_gram(passage: Passage, m: re.Match[str]) -> bool:
    value = read_number(m["n"])
    if m["unit"] == "G":
        # "RTX 3060 12G"
        return value not in _MEMORIES or _GRAPHICS.isdisjoint(passage.words)
    return value < 7 and not m["gap"] and value == int(value)


def _odd_second(passage: Passage, m: re.Match[str]) -> bool:
    return bool(m["gap"]) or read_number(m["n"]) >= 60


def _odd_litre(passage: Passage, m: re.Match[str]) -> bool:
    return bool(re.search(r"sizes?\s*$", passage.lower[max(0, m.start() - 8) : m.start()]))


def _odd_man(passage: Passage, m: re.Match[str]) -> bool:
    return "-" not in m["gap"]


def _odd_pound(passage: Passage, m: re.Match[str]) -> bool:
    """Pounds are money unless they are said to weigh."""
    near = passage.before(m.start(), 30) + passage.after(m.end(), 12)
    return "weigh" not in near or bool(_CURRENCY_AFTER.match(passage.lower, m.end()))


_ODD_IN: Final[dict[str, Callable[[Passage, re.Match[str]], bool]]] = {
    '"': _odd_quote, "''": _odd_quote, "in": _odd_in, "g": _odd_gram, "s": _odd_second, "l": _odd_litre,
    "man": _odd_man, "pound": _odd_pound, "pounds": _odd_pound,
}  # fmt: skip
