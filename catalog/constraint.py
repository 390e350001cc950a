"""What a shopper may demand of a product, and the fields it is compared with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from catalog.product import Measure, Product
from catalog.units import to_base


class Op(StrEnum):
    """How a field is compared with the value."""

    EQ = "="
    NE = "!="
    LE = "<="
    GE = ">="
    LT = "<"
    GT = ">"
    CONTAINS = "contains"
    NOT_CONTAINS = "not_contains"

    @property
    def negative(self) -> bool:
        """True for the operators that forbid something."""
        return self in (Op.NE, Op.NOT_CONTAINS)

    @property
    def direction(self) -> int:
        """-1 for an upper limit, +1 for a lower one, 0 for the rest."""
        return -1 if self in (Op.LE, Op.LT) else int(self in (Op.GE, Op.GT))


ConstraintValue = str | float | bool | tuple[str, ...]

NUMERIC_FIELDS: Final = frozenset({"price", "rating", "review_count", "stock", "discount"})
"""Built-in fields that compare as numbers; attributes do when they hold a number or a measure."""

WISH: Final = "wish"
"""The field of a soft wish that no product field expresses (``"quiet"``, ``"for my dad"``)."""

TEXT: Final = "text"
"""The field that stands for everything the listing says: title, description, attributes."""


PRODUCT_FIELDS: Final = frozenset(
    {"type", "category", "brand", "rating", "review_count", WISH, TEXT}
)
"""What is the same for all variants of a product; any other field may be a variant's own."""


@dataclass(frozen=True, slots=True)
class Constraint:
    """One demand: ``price <= 6000 (USD)``, ``color != ("red",)``, ``wish contains "quiet"``.

    ``value`` is minor units for ``price``, percent for ``discount``, a number
    (in ``unit``) for measures, otherwise one or several words, of which any one
    suffices (and, under a negative operator, none may hold).
    """

    field: str
    op: Op
    value: ConstraintValue
    unit: str | None = None
    """Currency code for ``price`` (None: the catalogue's own), unit symbol for measures."""
    hard: bool = True
    span: str = ""
    """The words of the utterance it came from."""

    @property
    def words(self) -> tuple[str, ...]:
        """The value as words; empty for a number or a yes/no."""
        if isinstance(self.value, tuple):
            return self.value
        return (self.value,) if isinstance(self.value, str) else ()

    @property
    def number(self) -> float | None:
        """The value as a number, None when it is not one."""
        if isinstance(self.value, (bool, str, tuple)):
            return None
        return float(self.value)

    @property
    def asks(self) -> tuple[str, ...]:
        """What of a record it asks: a field, or whether certain words are said."""
        return (self.field, *(self.words if self.field == TEXT else ()))


NONE: Final = ("none", "no", "without", "plain", "solid")
"""What a field states of a thing that has none, be it lights or a pattern; ``!=`` is met by whatever
else it states."""


def of_any_kind(constraint: Constraint) -> bool:
    """Whether a field is asked for without a value: "with a filter", whichever."""
    return constraint.op is Op.NE and constraint.value == NONE


def numeric_value(product: Product, field: str) -> tuple[float, str | None] | None:
    """A field of ``product`` as (number, unit in base form), or None when unknown.

    ``price`` is in minor units with its currency; ``discount`` in percent.
    """
    if field == "price":
        return None if product.price is None else (float(product.price), product.currency)
    if field == "discount":
        if product.price is None or not product.list_price:
            return None
        return (100.0 * (product.list_price - product.price) / product.list_price, None)
    if field in NUMERIC_FIELDS:
        value = getattr(product, field)
        return None if value is None else (float(value), None)
    attribute = product.attributes.get(field)
    if isinstance(attribute, Measure):
        return to_base(attribute.value, attribute.unit)
    if isinstance(attribute, (int, float)) and not isinstance(attribute, bool):
        return (float(attribute), None)
    return None


def told_by_some(constraint: Constraint) -> bool:
    """Whether a demand on the stock is settled by there being some, however many."""
    wanted = constraint.number
    if constraint.field != "stock" or wanted is None:
        return False
    return wanted < 1 or (wanted == 1 and constraint.op in (Op.GE, Op.LT))


_LIMITED_BY_SIZE: Final = frozenset({"length", "capacity", "volume", "screen_size"})
_TOLD_BY_SIZE: Final = _LIMITED_BY_SIZE | {"height", "width", "diameter", "weight", "net_content"}


def told_by_size(constraint: Constraint) -> bool:
    """Whether a size in the unit asked for answers where the field itself is not stated: who asks for
    50 m of hose means the size "50 m".
    """
    if constraint.number is None or constraint.unit is None:
        return False
    named = _LIMITED_BY_SIZE if constraint.op.direction else _TOLD_BY_SIZE
    return constraint.field in named


def type_names(product: Product) -> Iterable[str]:
    """The type and every node of the category path."""
    return ([product.type] if product.type else []) + list(product.category)
