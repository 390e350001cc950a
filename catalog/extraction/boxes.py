"""Dimensions told together: "30 x 20 x 10 cm", "W60 x D40 cm", "120cm (L) x 60cm (W)"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from catalog.extraction.numbers import NUMBER, read_number
from catalog.extraction.passage import Passage
from catalog.product import Measure
from catalog.text import stem
from catalog.units import to_base

_LENGTH_UNIT: Final = r"(?:mm|cms?|m|inch(?:es)?|in(?=\W|$)|\"|''|ft)"
_AXIS: Final = r"(?:\(?\b(?:length|width|height|depth|long|wide|high|tall|deep|[lwhd])(?![a-z])\)?)"
_PART: Final = rf"(?:(?:{_AXIS})[\s.:]*)?(?:{NUMBER})[\s-]*(?:{_LENGTH_UNIT})?\.?(?:\s*{_AXIS})?"
_BOX: Final = re.compile(
    rf"(?<![\w$€£/.-])(?P<first>(?:[lwhd]\s?)?(?:{NUMBER})[\s-]*(?:{_LENGTH_UNIT})?\.?(?:\s*{_AXIS})?)\s*(?:x|\*|\bby\b)\s*(?P<second>{_PART})"
    rf"(?:\s*(?:x|\*|\bby\b)\s*(?P<third>{_PART}))?(?![\w%])(?!\s*(?:x|\*)\s*\d)"
)
_READ: Final = re.compile(
    rf"(?P<pre>length|width|height|depth|[lwhd])?[\s.:(]*(?P<n>{NUMBER})[\s-]*(?P<unit>{_LENGTH_UNIT})?\.?\s*\(?(?P<post>length|width|height|depth|long|wide|high|tall|deep|[lwhd])?"
)
_ORDER: Final = re.compile(
    r"(?<![a-z])(length|width|height|depth|[lwhd])\s*[x*/]\s*(length|width|height|depth|[lwhd])(?:\s*[x*/]\s*(length|width|height|depth|[lwhd]))?(?![a-z])"
)
_AXES: Final = {
    "l": "length", "w": "width", "h": "height", "d": "depth", "length": "length", "width": "width", "height": "height",
    "depth": "depth", "long": "length", "wide": "width", "high": "height", "tall": "height", "deep": "depth",
}  # fmt: skip
_UNITS: Final = {"cms": "cm", "inch": "in", "inches": "in", '"': "in", "''": "in"}
_NOT_ITS_OWN: Final = re.compile(
    r"\b(?:packag\w*|packing|packed|box|carton|parcel|photos?|prints?|fits?|for|up to|holds?|pockets?|compartments?|folded|(?:pack|set|box)\s+of|inner|inside|internal|"
    r"interior|screen|display|base|image|label|cards?|each|shipping|sheets?|pages?|cell|tiles?|drawers?|shel(?:f|ves)|seat|lid|opening|per|from|than|scale|pieces\s+are|in an?|in the|case|window|mesh|cables?|lenses|lens)\b[^.;]{0,30}$"
)
_TOLD: Final = re.compile(
    r"(?:^|\b(?P<whose>[a-z]+)?[\s:,-]*\b(?:dimensions?|sizes?|measures?|measuring|measurements?|approx(?:imate(?:ly)?)?)\b|\b(?:it|this|which)\s+is)"
    r"(?:\s*(?:of\s+(?:the\s+|this\s+)?(?:item|product)|is|are|about|around|approx(?:imate(?:ly)?)?\.?|overall|in cm|cm|inches|just|only|\(?[lwhd]\s*[x*]\s*[lwhd](?:\s*[x*]\s*[lwhd])?\)?|:|=|-|\())*\s*$"
)
"""Before dimensions in a description: they are told of the product itself."""
_ITSELF: Final = frozenset(
    "it product item this which that overall total its the and finished approximate approx full in exact outer external main a is of size dimensions".split()
)
_SMALL: Final = 12
"""Up to this, a first bare number is rather a count: "2 x 30 cm"."""


def boxes_in(
    passage: Passage, type_names: Sequence[str], heads: frozenset[str]
) -> Iterator[tuple[int, int, dict[str, Measure]]]:
    """Where dimensions are told together, with the axes as far as they are certain.

    ``heads`` are the nouns that stand for the product. ``type_names`` are the attributes the feed has for lengths of this type. Three numbers without
    names are length x width x height, or width x depth x height where the feed measures those;
    two are length and width, the longer one being the length. What is a package's or a
    compartment's own comes with no axes at all.
    """
    for m in _BOX.finditer(passage.lower):
        parts = [p for p in (m["first"], m["second"], m["third"]) if p]
        read = [_READ.search(p) for p in parts]
        units = [r["unit"] for r in read if r]
        if len(units) != len(parts) or not units[-1]:
            # "2 x 500 ml" and "1920 x 1080" are no lengths
            if any(units):
                yield m.start(), m.end(), {}
            continue
        numbers = [read_number(r["n"]) for r in read if r]
        told = [_UNITS.get(u, u) if u else None for u in units]
        if len(parts) == 2 and told[0] is None and _counts(numbers, m.start()):
            yield m.start(), m.end(), {}
            continue
        measures = [
            Measure(n, next(u for u in (*told[i:], told[-1]) if u)) for i, n in enumerate(numbers)
        ]
        before = passage.lead(m.start())
        if _NOT_ITS_OWN.search(before) or not all(numbers) or not _own(passage, before, heads):
            yield m.start(), m.end(), {}
            continue
        named = [_AXES.get((r["pre"] or r["post"]) or "") for r in read if r]
        order = _ORDER.search(before) or _ORDER.match(passage.lower[m.end() : m.end() + 30].lstrip(" ("))  # fmt: skip
        axes = _axes(named, order, measures, type_names)
        found = {a: v for a, v in zip(axes, measures, strict=False) if a}
        yield m.start(), m.end(), found if len(found) == len([a for a in axes if a]) else {}


def _own(passage: Passage, before: str, heads: frozenset[str]) -> bool:
    """Whether dimensions are the product's: in a title always, in a description where it says so."""
    if passage.source == "title":
        return True
    told = _TOLD.search(before.rstrip(" ("))
    if told is None:
        return False
    whose = told["whose"]
    return whose is None or whose in _ITSELF or stem(whose) in heads


_STRETCHED: Final = 50


def _counts(numbers: Sequence[float], start: int) -> bool:
    """Whether a first number without a unit may say how many: "50 x 12 mm beads"."""
    first, second = numbers
    return first <= _SMALL or start == 0 or first >= 3 * second


def _axes(
    named: Sequence[str | None],
    order: re.Match[str] | None,
    measures: Sequence[Measure],
    type_names: Sequence[str],
) -> list[str | None]:
    if any(named):
        return list(named)
    if order:
        letters = [_AXES[a] for a in order.groups() if a]
        return list(letters) if len(letters) == len(measures) else [None] * len(measures)
    own = set(type_names) & {"length", "width", "height", "depth"}
    if len(measures) == 3:
        deep = "depth" in own and "length" not in own
        return ["width", "depth", "height"] if deep else ["length", "width", "height"]
    if "height" in own and "length" not in own:
        return ["width", "height"]
    a, b = (to_base(m.value, m.unit)[0] for m in measures)
    if max(a, b) > _STRETCHED * min(a, b):
        # "rope 10 mm x 20 m": the shorter one is a diameter
        return [None, None]
    return ["length", "width"] if a >= b else ["width", "length"]
