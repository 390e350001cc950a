"""What a reason may compare a product with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from assistant.intent import Constraint, Op
from assistant.moment import Moment
from assistant.rank import Spread
from assistant.shopper import Shopper


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a reason may compare a product with: everything that fits, and what measures the wishes."""

    moment: Moment
    spreads: Mapping[str, Spread] = field(default_factory=dict)
    fields: Mapping[Constraint, tuple[str, int]] = field(default_factory=dict)
    matching: int = 0
    shopper: Shopper | None = None
    missed: tuple[Constraint, ...] = ()
    """For near misses what they break: what they stand among fits but for that."""

    @property
    def near(self) -> bool:
        """Whether these are near misses."""
        return bool(self.missed)

    @property
    def about_price(self) -> bool:
        """Whether a price near a number was asked for: less is no better then."""
        return "price" not in self.cared() and any(
            c.field == "price" and c.op is Op.EQ and c.number is not None
            for c in self.moment.constraints
        )

    def cared(self) -> dict[str, int]:
        """Numeric fields the shopper cares about, and which way: +1 where more is better.

        What measures a wish, what is sorted by, and a price that has a limit.
        """
        made = dict(self.fields.values())
        if self.moment.sort is not None:
            made.setdefault(self.moment.sort.field, 1 if self.moment.sort.descending else -1)
        if any(c.field == "price" and c.op.direction < 0 for c in self.moment.constraints):
            made.setdefault("price", -1)
        return made
