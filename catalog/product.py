"""What a product is: typed fields, money in integer minor units, None for what is not known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True)
class Measure:
    """A number with a unit, as the shop states it: ``Measure(1.7, "l")``.

    ``unit`` is one of the symbols in :mod:`catalog.units`; compare two measures
    only after :func:`catalog.units.to_base`.
    """

    value: float
    unit: str


AttributeValue: TypeAlias = str | bool | float | Measure | tuple[str, ...]
"""One attribute: a word, a yes/no, a bare number, a measure, or several words
(``("S", "M", "L")`` for the sizes on sale)."""


@dataclass(frozen=True, slots=True)
class Product:
    """One sellable item. Money is in minor units (cents) of ``currency``.

    Every field but ``id`` and ``title`` may be unknown (None, or empty), and
    every part of the program copes with that. All text here comes from the
    seller and is untrusted.
    """

    id: str
    title: str
    description: str = ""
    brand: str | None = None
    type: str | None = None
    """The product type in the singular where the feed says it: ``"kettle"``."""
    category: tuple[str, ...] = ()
    """Path from the department down: ``("Kitchen", "Hot drinks", "Kettles")``."""
    price: int | None = None
    list_price: int | None = None
    """The price before a reduction; only kept when above ``price``."""
    currency: str | None = None
    """ISO 4217 code, None when the feed does not say."""
    rating: float | None = None
    """Mean of the reviews, on a scale of 0 to 5."""
    review_count: int | None = None
    stock: int | None = None
    """Pieces on hand; 0 is sold out, None is unknown."""
    image: str | None = None
    url: str | None = None
    attributes: Mapping[str, AttributeValue] = field(default_factory=dict)
    """Snake-case names: ``color``, ``material``, ``size``, ``gender``, ``noise``, ``capacity``…"""

    def to_json(self) -> dict[str, Any]:
        """The product as plain JSON values, unknown fields left out; money stays in minor units."""
        record: dict[str, Any] = {"id": self.id, "title": self.title}
        for name in (
            "description", "brand", "type", "price", "list_price", "currency",
            "rating", "review_count", "stock", "image", "url",
        ):  # fmt: skip
            value = getattr(self, name)
            if value is not None and value != "":
                record[name] = value
        if self.category:
            record["category"] = list(self.category)
        if self.attributes:
            record["attributes"] = {k: _attribute_to_json(v) for k, v in self.attributes.items()}
        return record

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> Product:
        """Inverse of :meth:`to_json`; trusts its input (our own files only)."""
        fields = dict(record)
        fields["category"] = tuple(fields.get("category", ()))
        fields["attributes"] = {
            k: _attribute_from_json(v) for k, v in fields.get("attributes", {}).items()
        }
        return cls(**fields)


def _attribute_to_json(value: AttributeValue) -> Any:
    if isinstance(value, Measure):
        return {"value": value.value, "unit": value.unit}
    if isinstance(value, tuple):
        return list(value)
    return value


def _attribute_from_json(value: Any) -> AttributeValue:
    if isinstance(value, dict):
        return Measure(float(value["value"]), str(value["unit"]))
    if isinstance(value, list):
        return tuple(str(v) for v in value)
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return value  # type: ignore[no-any-return]
