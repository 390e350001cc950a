"""What a product is: typed fields, money in integer minor units, None for what is not known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
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
class Variant:
    """One of several forms a product is sold in: a size, a colour, a pack.

    ``options`` are the attributes in which the variants differ; money is in minor
    units of the product's currency. What is None here is unknown of this variant.
    """

    id: str
    options: Mapping[str, AttributeValue] = field(default_factory=dict)
    price: int | None = None
    list_price: int | None = None
    stock: int | None = None
    image: str | None = None
    url: str | None = None
    uncounted: bool = False

    @property
    def in_stock(self) -> bool | None:
        """Whether there is any, None where that is unknown."""
        return (self.uncounted or None) if self.stock is None else self.stock > 0


@dataclass(frozen=True, slots=True)
class Product:
    """One product of the shop. Money is in minor units (cents) of ``currency``.

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
    variants: tuple[Variant, ...] = ()
    """The forms it is sold in, empty where the feed knows none. The fields above speak for all of
    them (:meth:`sold_as`)."""
    read_from: Mapping[str, str] = field(default_factory=dict)
    """What the feed does not state but its prose says: attribute name (or ``"brand"``) →
    ``"title"`` or ``"description"`` (:mod:`catalog.extraction`)."""
    suspect: tuple[str, ...] = ()
    """The fields in which its seller spoke to programs instead of to shoppers, or hid something from
    them; what stood there is gone (:func:`catalog.seller_text.deceives`), and the product ranks lower."""
    uncounted: bool = False
    """There are some, and the feed does not say how many; ``stock`` is None then."""

    @property
    def in_stock(self) -> bool | None:
        """Whether there is any, None where that is unknown."""
        return (self.uncounted or None) if self.stock is None else self.stock > 0

    def sold_as(self, variants: Sequence[Variant]) -> Product:
        """The product as far as it is sold in these variants (at least one).

        Price and list price are those of the cheapest that is not sold out, ``stock`` is the sum
        where all are known, an option holds the words of all. With a single variant every field
        is that variant's own.
        """
        # What another variant states is not said of these.
        own = {name for v in self.variants for name in v.options}
        common = {name: value for name, value in self.attributes.items() if name not in own}
        if len(variants) == 1:
            (only,) = variants
            return replace(
                self,
                price=only.price,
                list_price=only.list_price,
                stock=only.stock,
                uncounted=only.uncounted,
                image=only.image or self.image,
                url=only.url or self.url,
                attributes={**common, **only.options},
                variants=(only,),
            )
        offered = [v for v in variants if v.stock != 0] or variants
        priced = [v for v in offered if v.price is not None] or [
            v for v in variants if v.price is not None
        ]
        cheapest = min(priced, key=lambda v: v.price or 0, default=None)
        stocks = [v.stock for v in variants if v.stock is not None]
        # One that is sold out says nothing of the others; one of unknown number leaves the sum open.
        stock = sum(stocks) if len(stocks) == len(variants) else None
        names = dict.fromkeys(name for v in variants for name in v.options)
        options = {name: _together([v.options.get(name) for v in variants]) for name in names}
        return replace(
            self,
            price=cheapest.price if cheapest else None,
            list_price=cheapest.list_price if cheapest else None,
            stock=stock,
            uncounted=stock is None and any(v.in_stock for v in variants),
            attributes={**common, **{k: v for k, v in options.items() if v is not None}},
            variants=tuple(variants),
        )

    def offers(self) -> tuple[Product, ...]:
        """The product once for every variant; itself where there are none."""
        if len(self.variants) < 2:
            return (self,)
        return tuple(self.sold_as([v]) for v in self.variants)

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
        if self.uncounted:
            record["uncounted"] = True
        if self.category:
            record["category"] = list(self.category)
        if self.attributes:
            record["attributes"] = {k: _attribute_to_json(v) for k, v in self.attributes.items()}
        if self.variants:
            record["variants"] = [_variant_to_json(v) for v in self.variants]
        if self.read_from:
            record["read_from"] = dict(self.read_from)
        if self.suspect:
            record["suspect"] = list(self.suspect)
        return record

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> Product:
        """Inverse of :meth:`to_json`; trusts its input (our own files only)."""
        fields = dict(record)
        fields["category"] = tuple(fields.get("category", ()))
        fields["attributes"] = {
            k: _attribute_from_json(v) for k, v in fields.get("attributes", {}).items()
        }
        fields["variants"] = tuple(map(_variant_from_json, fields.get("variants", ())))
        fields["suspect"] = tuple(fields.get("suspect", ()))
        return cls(**fields)


def attribute_words(value: AttributeValue) -> tuple[str, ...]:
    """An attribute's value as words: ``Measure(1.7, "l")`` → ``("1.7 l",)``."""
    if isinstance(value, tuple):
        return value
    if isinstance(value, bool):
        return ("yes" if value else "no",)
    if isinstance(value, Measure):
        return (f"{value.value:g} {value.unit}",)
    return (value,) if isinstance(value, str) else (f"{value:g}",)


def _together(values: Sequence[AttributeValue | None]) -> AttributeValue | None:
    """One option of several variants as one attribute; None when no variant states it."""
    known = [v for v in values if v is not None]
    if not known or all(v == known[0] and type(v) is type(known[0]) for v in known):
        return known[0] if known else None
    return tuple(dict.fromkeys(word for v in known for word in attribute_words(v)))


def _variant_to_json(variant: Variant) -> dict[str, Any]:
    record: dict[str, Any] = {"id": variant.id}
    for name in ("price", "list_price", "stock", "image", "url"):
        if (value := getattr(variant, name)) is not None:
            record[name] = value
    if variant.uncounted:
        record["uncounted"] = True
    if variant.options:
        record["options"] = {k: _attribute_to_json(v) for k, v in variant.options.items()}
    return record


def _variant_from_json(record: Mapping[str, Any]) -> Variant:
    fields = dict(record)
    fields["options"] = {k: _attribute_from_json(v) for k, v in fields.get("options", {}).items()}
    return Variant(**fields)


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
