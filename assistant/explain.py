"""Reasons from the record: true sentences about a product, each with the fields that prove it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from assistant.audience import audience_of, made_for
from assistant.intent import Constraint
from assistant.phrasing import field_text
from assistant.reasons.against import drawbacks, near_miss, unknown_label, unknown_labels, whom_text
from assistant.reasons.demands import demand_met, gap_text, on_the_edge
from assistant.reasons.record import merits, personal
from assistant.reasons.shown import Shown, distinctions, price_place, trade_off
from assistant.reasons.surroundings import Surroundings
from assistant.reasons.wishes import sorted_by, wish_met
from assistant.reply import Reason, Recommendation
from catalog.product import Product

__all__ = [
    "MAX_REASONS", "Shown", "Surroundings", "distinct", "explain", "explain_shown", "near_miss", "trade_off",
    "unknown_label", "unknown_labels",
]  # fmt: skip

MAX_REASONS: Final = 3
_ENOUGH: Final = 2
"""With fewer reasons than this, what sets a product apart among those shown is told too."""


@dataclass(frozen=True, slots=True)
class _Told:
    """What may be said of one product, by how much it tells this shopper."""

    wishes: Sequence[Reason]
    """What answers a wish, and the shopper's own past with it."""
    demands: Sequence[tuple[Constraint, Reason]]
    merits: Sequence[Reason]


@dataclass(frozen=True, slots=True)
class _Page:
    """What stands together on a page, and how often each reason is given there."""

    shown: Shown
    given: Mapping[str, int] = field(default_factory=dict)

    def tells_apart(self, reason: Reason, *, half: bool = False) -> bool:
        """Whether it is not said of all of those shown, nor, with ``half``, of more than half."""
        n, times = len(self.shown.products), self.given.get(reason.text, 0)
        return n < 2 or (2 * times <= n if half and n > 2 else times < n)


def explain_shown(
    recommendations: Sequence[Recommendation], around: Surroundings
) -> tuple[Recommendation, ...]:
    """Products shown together, each with its reasons, compared with one another."""
    shown = Shown(tuple(r.product for r in recommendations))
    told = [_told(r, around, shown) for r in recommendations]
    page = _Page(shown, Counter(r.text for each in told for r in _all(each)))
    return tuple(
        replace(r, reasons=_chosen(r.product, each, around, page))
        for r, each in zip(recommendations, told, strict=True)
    )


def explain(
    recommendation: Recommendation, around: Surroundings, shown: Shown | None = None
) -> tuple[Reason, ...]:
    """At most three reasons: the shopper's own wishes and demands first, then what the record says
    for it, last the weightiest thing that speaks against it.

    ``shown`` is what stands beside it on the page; without it, it is compared with nothing there.
    """
    beside = shown or Shown()
    told = _told(recommendation, around, beside)
    return _chosen(recommendation.product, told, around, _Page(beside))


def shared(recommendations: Sequence[Recommendation], around: Surroundings) -> list[Reason]:
    """What answers a wish on all cards alike, so that none of them says it."""
    shown = Shown(tuple(r.product for r in recommendations))
    each = [_told(r, around, shown).wishes for r in recommendations]
    alike = Counter(r.text for wishes in each for r in wishes if not r.against)
    return [r for r in distinct(each[0] if each else ()) if alike[r.text] == len(each) > 1]


def _all(told: _Told) -> Iterable[Reason]:
    return (*told.wishes, *(r for _, r in told.demands), *told.merits)


def _told(recommendation: Recommendation, around: Surroundings, beside: Shown) -> _Told:
    product, fits = recommendation.product, not recommendation.unknown
    wishes = [
        sorted_by(product, around, beside, fits=fits),
        _for_whom(product, around),
        *(
            wish_met(product, c, around, beside, fits=fits)
            for c in around.moment.constraints
            if not c.hard or c in around.fields
        ),
    ]
    past = personal(product, around.shopper)
    return _Told(
        [*past, *(r for r in wishes if r is not None)],
        _demands(product, around, beside),
        merits(product, beside),
    )


def _for_whom(product: Product, around: Surroundings) -> Reason | None:
    """That a record names just whom the shopper named."""
    tie = made_for(product, audience_of(around.moment))
    if tie is None:
        return None
    name, whom = tie
    return Reason(whom_text(whom), {name: field_text(product, name)})


def _chosen(product: Product, told: _Told, around: Surroundings, page: _Page) -> tuple[Reason, ...]:
    """What tells the product from those beside it first; what all of them have in common only
    where there is nothing else to say for it.
    """
    speaking, plain = _by_weight(product, told, page, around)
    if len(speaking) < _ENOUGH:
        speaking = distinct([*speaking, *distinctions(product, page.shown, around)])
    behind = [r for r in told.wishes if r.against]
    held_back = drawbacks(product, around, page.shown, behind)
    against = [r for r in held_back if not _said(r, speaking[:_ENOUGH])]
    place = None if speaking else price_place(product, page.shown, around)
    if place is not None and place.against:
        against.append(place)
    elif place is not None and not _said(place, against):
        speaking = [place]
    kept = (speaking or plain[:1])[: MAX_REASONS - len(against[:1])]
    return (*kept, *against[:1])


def _by_weight(
    product: Product, told: _Told, page: _Page, around: Surroundings
) -> tuple[list[Reason], list[Reason]]:
    """What speaks for a product here, the most telling first, and what tells it from none of those
    beside it.
    """
    missed = {c.field for c in around.missed}
    wishes = [r for r in told.wishes if not r.against]
    named = [r for r in wishes if "title" in r.evidence]  # the name stands above it anyway
    demands = [(c, r) for c, r in told.demands if c.field not in missed]
    telling = [r for c, r in demands if _tells(product, c, r, page)]
    ranked = [
        *(r for r in wishes if r not in named and page.tells_apart(r)),
        *(r for r in telling if "title" not in r.evidence),
        *(r for r in told.merits if page.tells_apart(r)),
        *(
            r
            for r in (*named, *telling)
            if "title" in r.evidence and page.tells_apart(r, half=True)
        ),
    ]
    plain = [r for r in (*wishes, *(r for _, r in demands), *told.merits) if r not in ranked]
    return distinct(ranked), distinct(plain)


def _tells(product: Product, c: Constraint, reason: Reason, page: _Page) -> bool:
    """Whether a demand that is met sets a product apart: a sum only where it is the lowest or near
    the limit, a refusal never.
    """
    if len(page.shown.products) < 2:
        return True
    if c.field == "price":
        return on_the_edge(product, c) or bool(page.shown.extreme(product, "price", -1))
    if c.op.negative or (c.number is not None and c.op.direction and gap_text(product, c) is None):
        return False
    return page.tells_apart(reason, half=True)


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


def _said(reason: Reason, reasons: Sequence[Reason]) -> bool:
    return any(reason.evidence.keys() & r.evidence.keys() for r in reasons)


def _demands(
    product: Product, around: Surroundings, shown: Shown
) -> list[tuple[Constraint, Reason]]:
    """Demands that are met, numbers before words."""
    # of a price range the upper end says more
    hard = sorted(around.moment.hard, key=lambda c: c.field == "price" and c.op.direction > 0)
    met = [(c, _placed(product, c, r, shown)) for c in hard if (r := demand_met(product, c))]
    return sorted(met, key=lambda m: m[0].number is None)


def _placed(product: Product, c: Constraint, reason: Reason, shown: Shown) -> Reason:
    """A price below a limit, with its place among those shown where it is the lowest."""
    if c.field != "price" or c.op.direction >= 0:
        return reason
    place = shown.extreme(product, c.field, -1)
    return replace(reason, text=f"{reason.text}, the {place}") if place else reason
