"""Reasons from the record: true sentences about a product, each with the fields that prove it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from assistant.intent import Constraint
from assistant.reasons.against import drawbacks, near_miss, unknown_label, unknown_labels
from assistant.reasons.demands import demand_met
from assistant.reasons.record import merits, personal
from assistant.reasons.shown import Shown, distinctions, price_place, trade_off
from assistant.reasons.surroundings import Surroundings
from assistant.reasons.wishes import wish_met
from assistant.reply import Reason, Recommendation
from catalog.product import Product

__all__ = [
    "MAX_REASONS", "Shown", "Surroundings", "distinct", "explain", "explain_shown", "near_miss", "trade_off",
    "unknown_label", "unknown_labels",
]  # fmt: skip

MAX_REASONS: Final = 3
_ENOUGH: Final = 2
"""With fewer reasons than this, what sets a product apart among those shown is told too."""


def explain_shown(
    recommendations: Sequence[Recommendation], around: Surroundings
) -> tuple[Recommendation, ...]:
    """Products shown together, each with its reasons, compared with one another."""
    shown = Shown(tuple(r.product for r in recommendations))
    return tuple(replace(r, reasons=explain(r, around, shown)) for r in recommendations)


def explain(
    recommendation: Recommendation, around: Surroundings, shown: Shown | None = None
) -> tuple[Reason, ...]:
    """At most three reasons: the shopper's own wishes and demands first, then what the record says
    for it, last the weightiest thing that speaks against it.

    ``shown`` is what stands beside it on the page; without it, it is compared with nothing there.
    """
    product = recommendation.product
    beside = shown or Shown()
    fits = not recommendation.unknown
    told = [
        *personal(product, around.shopper),
        *(
            r
            for c in around.moment.soft
            if (r := wish_met(product, c, around, beside, fits=fits)) is not None
        ),
        *_demands(product, around, beside),
        *merits(product, beside),
    ]
    speaking_for = distinct([r for r in told if not r.against])
    behind = [r for r in told if r.against]
    if len(speaking_for) < _ENOUGH:
        speaking_for = distinct([*speaking_for, *distinctions(product, beside, around)])
    held_back = drawbacks(product, around, beside)
    sold_out = [r for r in held_back if r.evidence.get("stock") == 0]
    against = [r for r in (*sold_out, *behind, *held_back) if not _told(r, speaking_for[:_ENOUGH])]
    kept = speaking_for[: MAX_REASONS - len(against[:1])]
    if not kept and (place := price_place(product, beside, around)) is not None:
        kept, against = ([], [*against, place]) if place.against else ([place], against)
    return (*kept, *against[:1])


def distinct(reasons: Sequence[Reason]) -> list[Reason]:
    """Each field proves one reason only: the first that rests on it."""
    seen: set[str] = set()
    kept = []
    for reason in reasons:
        key = next(iter(reason.evidence), reason.text)
        if key not in seen:
            kept.append(reason)
            seen.update(reason.evidence)
    return kept


def _told(reason: Reason, reasons: Sequence[Reason]) -> bool:
    return any(reason.evidence.keys() & r.evidence.keys() for r in reasons)


def _demands(product: Product, around: Surroundings, shown: Shown) -> list[Reason]:
    """Demands that are met, those that tell products apart first: numbers before words that all of
    them meet alike.
    """
    # of a price range the upper end says more
    hard = sorted(around.moment.hard, key=lambda c: c.field == "price" and c.op.direction > 0)
    met = [(c, r) for c in hard if (r := demand_met(product, c)) is not None]
    numbers = [_placed(product, c, r, shown) for c, r in met if c.number is not None]
    return [*numbers, *(r for c, r in met if c.number is None)]


def _placed(product: Product, c: Constraint, reason: Reason, shown: Shown) -> Reason:
    """A price below a limit, with its place among those shown where it is the lowest."""
    if c.field != "price" or c.op.direction >= 0:
        return reason
    place = shown.extreme(product, c.field, -1)
    return replace(reason, text=f"{reason.text}, the {place}") if place else reason
