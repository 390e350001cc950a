"""Which fields shoppers demand, how often, and which field of a product answers a demand."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from catalog.extraction.subject import APPAREL, TOYS
from catalog.product import AttributeValue, Measure

KINDS: Final = (
    "type", "feature", "measure", "brand", "color", "material", "price", "size", "age", "gender",
)  # fmt: skip
"""Kinds of demands a field can answer; ``type`` is what is wanted, ``measure`` any number with a
unit or a count, ``feature`` any other property."""

DEMANDS: Final[Mapping[str, Mapping[str, float]]] = {
    "clothes": {
        "type": 18.2, "feature": 30.2, "measure": 6.1, "brand": 6.6, "color": 12.3, "material": 7.5, "price": 4.0, "size": 10.1, "age": 1.8, "gender": 3.1,
    },
    "toys": {
        "type": 18.9, "feature": 36.0, "measure": 13.6, "brand": 10.3, "color": 4.1, "material": 6.7, "price": 4.0, "size": 0.1, "age": 6.0, "gender": 0.3,
    },
    "other": {
        "type": 21.3, "feature": 35.0, "measure": 14.7, "brand": 7.5, "color": 7.3, "material": 7.3, "price": 4.1, "size": 1.3, "age": 1.1, "gender": 0.4,
    },
}  # fmt: skip
"""Of 100 demands made of things of a department, those of each kind.

Counted in the utterances and conversations by hand that the language model is trained on, by
``assistant.health.demand_shares`` (a test counts again). Quality words ("quiet", "for my dad"), which
no field answers, are left out.
"""

_COLOR: Final = frozenset({"color", "colour", "colors", "colours"})
_MATERIAL: Final = frozenset({"material", "materials", "fabric", "upholstery"})
_GENDER: Final = frozenset({"gender", "sex", "department"})
_NO_ANSWER: Final = frozenset(
    """image url alias aliases keyword keywords tag tags synonym synonyms search_terms""".split()
)
"""Attributes that no demand can be about."""


def department(words: Collection[str]) -> str:
    """The row of :data:`DEMANDS` for a thing of these words (folded, singular)."""
    if not APPAREL.isdisjoint(words):
        return "clothes"
    return "other" if TOYS.isdisjoint(words) else "toys"


def kind_of_attribute(name: str, value: AttributeValue) -> str | None:
    """The kind of demand an attribute answers; None when it answers none."""
    if name in _NO_ANSWER or value == () or value == "":
        return None
    if name in _COLOR:
        return "color"
    if name in _MATERIAL:
        return "material"
    parts = name.split("_")
    if "age" in parts or "ages" in parts:
        return "age"
    if isinstance(value, Measure) or (isinstance(value, (int, float)) and not isinstance(value, bool)):  # fmt: skip
        # a shoe's bare 42
        return "size" if name == "size" else "measure"
    if "size" in parts or "sizes" in parts:
        return "size"
    return "gender" if name in _GENDER else "feature"
