"""What sets a product apart among those shown with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from assistant.phrasing import (
    field_name,
    field_text,
    measure_text,
    short_price,
    value_text,
)
from assistant.reasons.surroundings import Surroundings
from assistant.reasons.wording import (
    BURDENS,
    SUPERLATIVES,
    better_in,
    difference,
    extreme_of,
    nth,
    number_word,
    sentence,
)
from assistant.reply import Reason
from catalog.constraint import numeric_value
from catalog.product import Measure, Product
from catalog.text import tokens
from catalog.units import to_base

_FEWEST: Final = 3
"""Among two, nothing is the cheapest."""
_VALUE_CHARACTERS: Final = 24
_WELL_RATED: Final = 4.0
"""The lowest rated of six is no worse for it from here on."""
_TOLD_ELSEWHERE: Final = frozenset({"price", "rating", "review_count", "stock", "discount"})
_NO_MERIT: Final = frozenset(
    {"gender", "image", "aliases", "size", "age_from", "cook_time", "review_count"}
)


@dataclass(frozen=True, slots=True)
class Shown:
    """The products on the page together, in order."""

    products: tuple[Product, ...] = ()

    def values(self, field: str) -> dict[str, float] | None:
        """Product id → value, of those that state a number; None where units or currencies differ."""
        held = {p.id: v for p in self.products if (v := numeric_value(p, field)) is not None}
        if len({unit for _, unit in held.values()}) > 1:
            return None
        return {i: value for i, (value, _) in held.items()}

    def extreme(self, product: Product, field: str, direction: int) -> str | None:
        """``"quietest of these six"`` where that is true of one product alone, else None."""
        values = self.values(field)
        if values is None or product.id not in values or len(values) < _FEWEST:
            return None
        own = values[product.id]
        others = [v for i, v in values.items() if i != product.id]
        ahead = own > max(others) if direction > 0 else own < min(others)
        return f"{extreme_of(field, direction)} {self.among(len(values))}" if ahead else None

    def among(self, stating: int) -> str:
        """What a superlative is among: ``"of these six"``, or those of them that state the field."""
        if stating == len(self.products):
            return f"of these {number_word(stating)}"
        return f"of the {number_word(stating)} here that state it"

    def alone(self, product: Product, field: str) -> str | None:
        """``"unlike the other five here"`` where all state the field in words and no other as this one."""
        own = product.attributes.get(field)
        if len(self.products) < _FEWEST or not isinstance(own, (str, bool)):
            return None
        others = [p.attributes.get(field) for p in self.products if p.id != product.id]
        if any(o is None or type(o) is not type(own) for o in others):
            return None
        if isinstance(own, bool):
            return None if own in others else self._unlike(len(others))
        words = set(tokens(own))
        if any(words & set(tokens(str(o))) for o in others):
            return None
        return self._unlike(len(others))

    def _unlike(self, others: int) -> str:
        return f"unlike the other {number_word(others)} here"


def place_shown(product: Product, shown: Shown, field: str, direction: int) -> Reason | None:
    """Where a product stands in a field among those shown; None where too few of them state it, or
    all alike. What stays behind most of them speaks against it.
    """
    values = shown.values(field)
    if values is None or product.id not in values or len(values) < _FEWEST:
        return None
    own, total = values[product.id], len(values)
    ahead = sum((v - own) * direction > 0 for v in values.values())
    alike = sum(v == own for v in values.values())
    if alike == total:
        return None
    value, among = field_text(product, field), shown.among(total)
    evidence = {field: value}
    last = ahead + alike == total
    if not ahead or last:
        place = f"{'one of the' if alike > 1 else 'the'} {extreme_of(field, -direction if last else direction)}"
        return Reason(f"{value}, {place} {among}", evidence, against=last)
    if 2 * ahead < total and alike == 1:
        return Reason(f"{value}, {nth(ahead + 1)} {extreme_of(field, direction)} {among}", evidence)
    better = f"{number_word(ahead)} {among} {'is' if ahead == 1 else 'are'} {better_in(field, direction)}"
    only = "only " if 2 * ahead < total else ""
    return Reason(f"{value}: {only}{better}", evidence, against=not only)


def nearer_than_first(
    product: Product, shown: Shown, field: str, direction: int, title: str
) -> Reason | None:
    """``"64 dB, 3 dB quieter than the Halden Hush"``: ahead of the first product, called ``title``."""
    values = shown.values(field)
    if values is None or not shown.products or product.id not in values:
        return None
    first = shown.products[0]
    if first.id == product.id or first.id not in values:
        return None
    gap = gap_between(product, first, field)
    if gap is None or (values[product.id] - values[first.id]) * direction <= 0:
        return None
    value = field_text(product, field)
    return Reason(f"{value}, {gap} {difference(field, direction)} than {title}", {field: value})


def gap_between(one: Product, other: Product, field: str) -> str | None:
    """The distance of two products in a field, in the unit of ``one``; None where there is none."""
    a, b = numeric_value(one, field), numeric_value(other, field)
    if a is None or b is None or a[1] != b[1]:
        return None
    if field == "price":
        return short_price(abs(a[0] - b[0]), one.currency) if a[0] != b[0] else None
    held = one.attributes.get(field)
    scale = to_base(1.0, held.unit)[0] if isinstance(held, Measure) else 1.0
    gap = round(abs(a[0] - b[0]) / scale, 2)
    if not gap:
        return None
    return measure_text(gap, held.unit) if isinstance(held, Measure) else f"{gap:g}"


def distinctions(product: Product, shown: Shown, around: Surroundings) -> list[Reason]:
    """What tells a product from the others shown, for those with little else to say: what the
    shopper cares about and the price; where nothing was wished for, the record's own order too.
    """
    made = []
    cared = around.cared()
    ways: dict[str, int] = {**cared, "price": cared.get("price", -1)}
    if around.about_price:
        del ways["price"]
    for name, direction in ways.items():
        if (place := shown.extreme(product, name, direction)) is not None:
            value = field_text(product, name)
            made.append(Reason(f"{value}, the {place}", {name: value}))
    wished = around.near or around.moment.soft
    for name in () if wished else product.attributes:
        if name not in _NO_MERIT and name not in ways:
            made += _apart_in(product, shown, name)
    return made


def price_place(product: Product, shown: Shown, around: Surroundings) -> Reason | None:
    """Where a price stands among those shown, for a product with nothing else to say; that it is
    high only where the price was spoken of.
    """
    told = None if around.about_price else place_shown(product, shown, "price", -1)
    return None if told and told.against and "price" not in around.cared() else told


def _apart_in(product: Product, shown: Shown, name: str) -> list[Reason]:
    """What one attribute tells a product from the others by."""
    value = product.attributes[name]
    text = value_text(value)
    if isinstance(value, (str, bool)):
        apart = shown.alone(product, name)
        if apart is None or value is False or len(text) > _VALUE_CHARACTERS:
            return []
        lead = sentence(field_name(name))
        return [
            Reason(f"{lead}, {apart}" if value is True else f"{lead} {text}, {apart}", {name: text})
        ]
    if name not in SUPERLATIVES or name in _TOLD_ELSEWHERE:
        return []
    ways = (-BURDENS[name],) if name in BURDENS else (-1, 1)
    places = (shown.extreme(product, name, way) for way in ways)
    return [Reason(f"{text}, the {place}", {name: text}) for place in places if place is not None]


def worst_of(product: Product, shown: Shown, cared: Mapping[str, int]) -> Reason | None:
    """What a product is worst in among those shown, in what the shopper cares about."""
    for name, direction in cared.items():
        if (place := shown.extreme(product, name, -direction)) is not None:
            value = field_text(product, name)
            return Reason(f"{value}, the {place}", {name: value}, against=True)
    return None


def trade_off(product: Product, shown: Shown, cared: Mapping[str, int]) -> Reason | None:
    """What the best pick costs: the field it is worst in among those shown, of what the shopper
    cares about, or else the price or a poor rating; None where it is worst in none of them.
    """
    told = worst_of(product, shown, cared)
    if told is not None:
        return told
    ways = {"price": -1} if (product.rating or 0.0) >= _WELL_RATED else {"price": -1, "rating": 1}
    return worst_of(product, shown, {f: d for f, d in ways.items() if f not in cared})
