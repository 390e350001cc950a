"""How a product meets what was wished for: by a field that measures it, or by the listing's words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from assistant.intent import Constraint
from assistant.phrasing import field_name, field_text, short_title
from assistant.reasons.demands import about, demand_met, with_name
from assistant.reasons.quotes import said_in_listing
from assistant.reasons.shown import Shown, nearer_than_first
from assistant.reasons.surroundings import Surroundings
from assistant.reasons.wording import comparative, extreme_of, nth
from assistant.reply import Reason
from catalog.constraint import WISH, Op, numeric_value
from catalog.product import Product
from catalog.text import tokens

_GOOD: Final = 0.6
"""From this share of the others left behind on, a place counts for a product."""
_MIDDLE: Final = 0.35
_FEWEST: Final = 3


def wish_met(
    product: Product, wish: Constraint, around: Surroundings, shown: Shown, *, fits: bool = True
) -> Reason | None:
    """Why a product meets a wish, or, marked as speaking against it, how far it stays behind.

    What does not fully fit (``fits``) has no place among what does.
    """
    measured = around.fields.get(wish)
    if measured is not None:
        return _measured(product, measured, around, shown, fits=fits)
    if wish.field == WISH:
        topic = {t for words in around.moment.topic for t in tokens(words)}
        return said_in_listing(product, wish, topic)
    if wish.number is not None and wish.op is Op.EQ:
        return about(product, wish)
    return demand_met(product, wish)


def _measured(
    product: Product,
    measured: tuple[str, int],
    around: Surroundings,
    shown: Shown,
    *,
    fits: bool,
) -> Reason | None:
    name, direction = measured
    spread = around.spreads[name]
    own = spread.value_of(product)
    if own is None:
        if numeric_value(product, name) is not None:
            return None  # in another currency: nothing to be compared with
        text = f"The listing does not state its {field_name(name)}"
        return Reason(text, {name: None}, against=True)
    value = field_text(product, name)
    evidence = {name: value}
    values = spread.values
    if not fits or len(values) < _FEWEST or values[0] == values[-1]:
        return Reason(with_name(name, value), evidence)
    better = sum(v > own if direction > 0 else v < own for v in values)
    if better == 0:
        shared = sum(v == own for v in values) > 1
        kind = f"{'one of the' if shared else 'the'} {extreme_of(name, direction)}"
        return Reason(f"{value}: {kind} of {_among(values, around)}", evidence)
    share = spread.share_below(own)
    good = share if direction > 0 else 1 - share
    if good >= _GOOD:
        place = f"{nth(better + 1)} {extreme_of(name, direction)}"
        return Reason(f"{value}: {place} of {_among(values, around)}", evidence)
    if shown.products:
        title = short_title(shown.products[0])
        ahead = nearer_than_first(product, shown, name, direction, title)
        if ahead is not None:
            return ahead
    if good >= _MIDDLE:
        text = f"{with_name(name, value)}, about the middle of {_among(values, around)}"
        return Reason(text, evidence)
    verb = "is" if better == 1 else "are"
    text = f"{value}: {better:,} of {_among(values, around)} {verb} {_better(name, direction)}"
    return Reason(text, evidence, against=True)


def _better(name: str, direction: int) -> str:
    word = comparative(name, direction)
    return word if word not in ("lower", "higher") else f"{word} in {field_name(name)}"


def _among(values: Sequence[float], around: Surroundings) -> str:
    """What a rank is a rank among: those that fit, or fewer where not all state the field."""
    fits = "fit otherwise" if around.near else "fit"
    every = 0 < around.matching <= len(values)
    return f"the {len(values):,} that {fits if every else 'state it'}"
