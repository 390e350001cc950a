"""Units of measure: symbols, the words people use for them, and conversion to a base unit."""

from __future__ import annotations

import re
from typing import Final

# symbol → (base symbol, factor); the base is what two measures are compared in.
_UNITS: Final[dict[str, tuple[str, float]]] = {
    "g": ("g", 1.0), "kg": ("g", 1000.0), "mg": ("g", 0.001), "oz": ("g", 28.349523), "lb": ("g", 453.59237),
    "mm": ("cm", 0.1), "cm": ("cm", 1.0), "m": ("cm", 100.0), "km": ("cm", 100_000.0),
    "in": ("cm", 2.54), "ft": ("cm", 30.48), "yd": ("cm", 91.44), "mi": ("cm", 160_934.4),
    "ml": ("l", 0.001), "cl": ("l", 0.01), "l": ("l", 1.0), "fl oz": ("l", 0.0295735), "cup": ("l", 0.2365882),
    "qt": ("l", 0.946353), "gal": ("l", 3.785412), "pt": ("l", 0.473176),
    "W": ("W", 1.0), "kW": ("W", 1000.0), "V": ("V", 1.0), "Wh": ("Wh", 1.0), "mAh": ("mAh", 1.0),
    "dB": ("dB", 1.0), "Hz": ("Hz", 1.0), "kHz": ("Hz", 1000.0), "GHz": ("Hz", 1e9), "MHz": ("Hz", 1e6), "lm": ("lm", 1.0),
    "K": ("K", 1.0), "C": ("C", 1.0), "%": ("%", 1.0), "bar": ("bar", 1.0), "rpm": ("rpm", 1.0),
    "KB": ("GB", 1e-6), "MB": ("GB", 0.001), "GB": ("GB", 1.0), "TB": ("GB", 1000.0), "MP": ("MP", 1.0),
    "s": ("min", 1 / 60), "min": ("min", 1.0), "h": ("min", 60.0), "day": ("min", 1440.0),
    "month": ("month", 1.0), "year": ("month", 12.0), "den": ("den", 1.0), "tog": ("tog", 1.0),
    "pc": ("pc", 1.0), "sheet": ("sheet", 1.0), "SPF": ("SPF", 1.0), "person": ("person", 1.0), "gsm": ("gsm", 1.0),
}  # fmt: skip

# what people write → symbol; matched after lower-casing unless it is a symbol as it stands
_WORDS: Final[dict[str, str]] = {
    "gram": "g", "grams": "g", "gm": "g", "kilo": "kg", "kilos": "kg", "kgs": "kg", "kilogram": "kg", "kilograms": "kg",
    "ounce": "oz", "ounces": "oz", "pound": "lb", "pounds": "lb", "lbs": "lb",
    "millimetre": "mm", "millimetres": "mm", "millimeter": "mm", "millimeters": "mm",
    "centimetre": "cm", "centimetres": "cm", "centimeter": "cm", "centimeters": "cm", "cms": "cm",
    "metre": "m", "metres": "m", "meter": "m", "meters": "m", "kilometre": "km", "kilometres": "km", "kilometers": "km",
    "inch": "in", "inches": "in", "\"": "in", "″": "in", "”": "in", "foot": "ft", "feet": "ft", "mile": "mi", "miles": "mi",
    "millilitre": "ml", "millilitres": "ml", "milliliter": "ml", "milliliters": "ml",
    "litre": "l", "litres": "l", "liter": "l", "liters": "l", "ltr": "l", "fluid ounce": "fl oz", "fluid ounces": "fl oz",
    "cups": "cup", "quart": "qt", "quarts": "qt", "gallon": "gal", "gallons": "gal", "pint": "pt", "pints": "pt",
    "watt": "W", "watts": "W", "w": "W", "kw": "kW", "kilowatt": "kW", "volt": "V", "volts": "V", "v": "V", "mah": "mAh", "wh": "Wh",
    "db": "dB", "dba": "dB", "decibel": "dB", "decibels": "dB", "hz": "Hz", "hertz": "Hz", "khz": "kHz", "mhz": "MHz", "ghz": "GHz",
    "lumen": "lm", "lumens": "lm", "kelvin": "K", "°c": "C", "celsius": "C", "percent": "%",
    "kb": "KB", "mb": "MB", "gb": "GB", "gig": "GB", "gigs": "GB", "gigabyte": "GB", "gigabytes": "GB", "tb": "TB", "terabyte": "TB", "mp": "MP", "megapixel": "MP", "megapixels": "MP",
    "sec": "s", "second": "s", "seconds": "s", "minute": "min", "minutes": "min", "mins": "min",
    "hour": "h", "hours": "h", "hr": "h", "hrs": "h", "days": "day", "months": "month", "mo": "month",
    "years": "year", "yr": "year", "yrs": "year", "denier": "den",
    "piece": "pc", "pieces": "pc", "pcs": "pc", "pack": "pc", "count": "pc", "sheets": "sheet", "spf": "SPF",
    "people": "person", "persons": "person", "litros": "l", "bars": "bar", "degrees": "C",
}  # fmt: skip

UNIT_PATTERN: Final = "|".join(
    re.escape(u)
    for u in sorted({*_UNITS, *_WORDS}, key=lambda u: (-len(u), u))
    if u.isascii() and u != '"'
)
"""Alternation of every way to write a unit, longest first; use with ``re.IGNORECASE``."""

_MEASURE: Final = re.compile(
    rf"^\s*(?P<number>[1-9]\d{{0,2}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:[.,]\d+)?)\s*-?\s*(?P<unit>{UNIT_PATTERN}|[\"″”])\s*$",
    re.IGNORECASE,
)


_DOTTED: Final = re.compile(r"^\s*[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?(?![\d.,])")


def unit_symbol(word: str) -> str | None:
    """The symbol for a unit as people write it: ``"litres"`` → ``"l"``; None if it is no unit."""
    if word in _UNITS:
        return word
    lower = word.lower().rstrip(".")
    if lower in _WORDS:
        return _WORDS[lower]
    return lower if lower in _UNITS else None


def parse_measure(text: str, *, decimal_comma: bool = False) -> tuple[float, str] | None:
    """``"1.7 litres"`` → ``(1.7, "l")``; None when the whole text is not a number and a unit.

    A comma before three digits separates thousands ("1,500 W"), otherwise it is a decimal mark.
    ``decimal_comma``, known from the rest of a column: "1.500 W" is 1500, and "1,500 kg" is 1.5.
    """
    if decimal_comma:
        text = _DOTTED.sub(lambda m: m[0].replace(".", "").replace(",", "."), text, count=1)
        text = re.sub(r"^(\s*\d+),(\d+)", r"\1.\2", text)
    found = _MEASURE.match(text)
    symbol = unit_symbol(found["unit"]) if found else None
    if found is None or symbol is None:
        return None
    number = found["number"]
    if re.fullmatch(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?", number):
        return float(number.replace(",", "")), symbol
    return float(number.replace(",", ".")), symbol


def to_base(value: float, unit: str) -> tuple[float, str]:
    """Convert to the base unit two measures are compared in: ``(27, "in")`` → ``(68.58, "cm")``.

    An unknown unit is its own base.
    """
    base, factor = _UNITS.get(unit, (unit, 1.0))
    return value * factor, base


def comparable(a: str, b: str) -> bool:
    """True when measures in the two units can be compared."""
    return to_base(1.0, a)[1] == to_base(1.0, b)[1]
