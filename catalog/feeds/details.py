"""Columns in which a page's table of technical details stands as one text: labels with their values.

Two ways of writing are read. Where marks part them ("Weight: 2 kg | Colour: red", a line each) any
label counts. Where the table's cells ran together ("Item Weight259 g Product Dimensions5 x 10 x 13 cm")
only labels known here do, since nothing else shows where a value ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from catalog.feeds.attributes import (
    AttributePlan,
    attribute_name,
    attribute_value,
    is_about_product,
)
from catalog.feeds.cells import is_missing, plain_text
from catalog.feeds.mapping import FIELDS, normalised
from catalog.product import AttributeValue, Measure
from catalog.units import parse_measure

MAX_TEXT: Final = 20_000
MAX_PAIRS: Final = 120
_COLUMNS: Final = re.compile(
    r"(?:(?:product|item|technical|tech|additional|key) )?(?:information|info|details?|specs?|specifications?|data|attributes?|properties)"
)
_FEWEST: Final = 2
_USUAL: Final = 0.5
_TRIED: Final = 200

# Label → attribute; "" for those that only end the value before them.
_LABELS: Final[Mapping[str, str]] = {
    "Item Weight": "weight", "Weight": "weight", "Product Dimensions": "dimensions", "Item Dimensions": "dimensions", "Dimensions": "dimensions",
    "Manufacturer recommended age": "age", "Our recommended age": "age", "Recommended age": "age", "Manufacturer Recommended Age": "age",
    "Number of Puzzle Pieces": "pieces", "Number of Pieces": "pieces", "Number of pieces": "pieces", "Number of Game Players": "players",
    "Number of Players": "players", "Material Type": "material", "Material": "material", "Colour": "color", "Color": "color",
    "Batteries Required": "batteries_required", "Batteries Included": "batteries_included", "Assembly Required": "assembly_required",
    "Remote Control Included": "remote_control_included", "Scale": "scale", "Capacity": "capacity", "Wattage": "power", "Power": "power", "Voltage": "voltage",
    **dict.fromkeys(
        ("ASIN", "Additional Information", "Age Range", "Batteries", "Best Sellers Rank", "Brand", "Care Instructions", "Customer Reviews",
         "Date First Available", "Delivery Destinations", "Educational Objective", "Engine Type", "Feedback", "Item Package Quantity",
         "Item model number", "Item Model Number", "Main Language", "Manufacturer", "Manufacturer Part Number", "Manufacturer reference",
         "Material Care Instructions", "Material Composition", "Model Number", "Package Dimensions", "Part Number", "Radio Control Suitability", "Shipping Weight",
         "Technical Details", "Track Width/Gauge", "WEEE Directive", "Warranty"), ""
    ),
}  # fmt: skip
_LABEL: Final = re.compile(
    r"(?:^|(?<=\s))("
    + "|".join(sorted(map(re.escape, _LABELS), key=len, reverse=True))
    + r")(?:\(s\))?(?::|\?:?|(?=[\dA-Za-z])| +)\s*"
)
_PART: Final = re.compile(r"\s*[\n|;]\s*")
# Magento's "color=Blue,size=XS": a comma parts only what it stands before a name.
_ASSIGNED: Final = re.compile(r",(?=\w{1,40}=)")
_ASSIGNMENTS: Final = re.compile(r"\w{1,40}=[^=\n;]{1,400},\w{1,40}=")
_PAIR: Final = re.compile(r"([^\W\d][^:=\n]{1,39}?)\s*[:=]\s*(\S.*)")
_AGE: Final = re.compile(
    r"(\d{1,3})\s*(months?|years?)?(?:\s*(?:-|–|to)\s*(\d{1,3}))?\s*(months?|years?)?",
    re.IGNORECASE,
)
_MEASURES: Final = ("weight", "capacity", "power", "voltage")
_SHAPES: Final[Mapping[str, re.Pattern[str]]] = {
    "dimensions": re.compile(r"\d[\d.,]*(?: ?x ?\d[\d.,]*){1,2} ?(?:mm|cm|m|in|inches)\b", re.IGNORECASE),
    "pieces": re.compile(r"(?!1\b)\d{1,5}\b"),
    "players": re.compile(r"(?!1\b(?! ?[-+t]))\d{1,2}(?: ?- ?\d{1,2}| to \d{1,2}|\+)?"),
    "scale": re.compile(r"1:\d{1,4}\b"),
    **dict.fromkeys(_MEASURES, re.compile(r"\d[\d.,]* ?[A-Za-z]+")),
    **dict.fromkeys(
        ("batteries_required", "batteries_included", "assembly_required", "remote_control_included"), re.compile(r"Yes|No")
    ),
    **dict.fromkeys(("color", "material"), re.compile(r"[^\W\d]+(?:,? [^\W\d]+){0,4}\s*$")),
}  # fmt: skip
"""How the value of a known label begins. What follows may be a label that is not known: words must
be the whole of it."""


def holds_details(column: str, values: Sequence[Any]) -> bool:
    """Whether a column is such a table: by its name, and by what is usual in it."""
    if not _COLUMNS.fullmatch(normalised(column)):
        return False
    texts = [v for v in values if isinstance(v, str) and not is_missing(v)][:_TRIED]
    read = sum(len(list(_pairs(t))) >= _FEWEST for t in texts)
    return bool(texts) and read >= _USUAL * len(texts)


def details(text: str) -> dict[str, AttributeValue]:
    """The attributes in one cell; of two values for one the first counts."""
    found: dict[str, AttributeValue] = {}
    for name, raw in _pairs(text):
        if name == "age":
            for key, age in _ages(raw):
                found.setdefault(key, age)
        elif name == "pieces" and raw.isdigit():
            found.setdefault(name, Measure(float(raw), "pc"))
        elif (value := attribute_value(AttributePlan(name, "text"), raw)) is not None:
            found.setdefault(name, value)
    return found


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    """(attribute, value as written) of each label that is about the product."""
    plain = plain_text(text[:MAX_TEXT])
    parts = _ASSIGNED.split(plain) if _ASSIGNMENTS.match(plain) else _PART.split(plain)
    parted = [m for part in parts[:MAX_PAIRS] if (m := _PAIR.fullmatch(part))]
    if len(parted) >= _FEWEST:
        for m in parted:
            name = _named(m[1])
            if name and not is_missing(m[2]):
                yield name, m[2].strip()
        return
    labels = list(_LABEL.finditer(plain))[:MAX_PAIRS]
    ends = [m.start() for m in labels[1:]] + [len(plain)]
    for m, end in zip(labels, ends, strict=False):
        name, said = _LABELS[m[1]], plain[m.end() : end].strip()
        shape = _SHAPES.get(name)
        if not name or is_missing(said):
            continue
        if shape is None:
            yield name, said
        elif (begun := shape.match(said)) and (name not in _MEASURES or parse_measure(begun[0])):
            yield name, begun[0].strip()


def _named(label: str) -> str:
    """The attribute a label of any feed names; "" for one that is not about the product."""
    known = _LABELS.get(label.removesuffix("?").removesuffix("(s)").strip())
    if known is not None:
        return known
    name = attribute_name(label)
    return name if is_about_product(label) and name not in FIELDS else ""


def _ages(text: str) -> Iterator[tuple[str, Measure]]:
    """``"3 years and up"``, ``"36 months - 8 years"``, ``"3 - 6 years"``."""
    m = _AGE.match(text)
    unit = m and (m[4] or m[2])
    if m is None or not unit:
        return
    low, high = _age(m[1], m[2] or unit), m[3] and _age(m[3], unit)
    if low is None or (m[3] and high is None):
        return
    yield "age_from", low
    if high and m[3] != m[1]:
        yield "age_to", high


def _age(digits: str, unit: str) -> Measure | None:
    """Months that make whole years, from two on, are years."""
    number, months = int(digits), unit.lower().startswith("month")
    if months and number >= 24 and number % 12 == 0:
        number, months = number // 12, False
    if not 0 < number <= (240 if months else 99):
        return None
    return Measure(float(number), "month" if months else "year")
