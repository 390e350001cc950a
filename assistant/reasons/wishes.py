"""How a product meets what was wished for: by a field that measures it, or by the listing's words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from assistant.intent import Constraint
from assistant.phrasing import denied, field_name, field_text, short_title
from assistant.rank import answered
from assistant.reasons.demands import about, demand_met, with_name
from assistant.reasons.quotes import said_in_listing
from assistant.reasons.shown import Shown, nearer_than_first, place_shown
from assistant.reasons.surroundings import Surroundings
from assistant.reasons.wording import better_in, comparative, extreme_of, nth, sentence
from assistant.reply import Reason
from catalog.constraint import WISH, Op, numeric_value
from catalog.product import Product
from catalog.text import tokens

_GOOD: Final = 0.6
"""From this share of the others left behind on, a place counts for a product."""
_FEWEST: Final = 3


def wish_met(
    product: Product, wish: Constraint, around: Surroundings, shown: Shown, *, fits: bool = True
) -> Reason | None:
    """Why a product meets a wish, or, marked as speaking against it, how far it stays behind.

    What does not fully fit (``fits``) has no place among what does.
    """
    measured = around.fields.get(wish)
    if measured is not None:
        if numeric_value(product, measured[0]) is None and (said := _flagged(product, wish)):
            return said
        return standing(product, *measured, around, shown, fits=fits)
    if wish.field == WISH:
        topic = {t for words in around.moment.topic for t in tokens(words)}
        return _flagged(product, wish) or said_in_listing(product, wish, topic)
    if wish.number is not None and wish.op is Op.EQ:
        return about(product, wish)
    return demand_met(product, wish)


def sorted_by(
    product: Product, around: Surroundings, shown: Shown, *, fits: bool = True
) -> Reason | None:
    """Where a product stands in what the shopper asked to have sorted; of prices, which stand on
    every card, only the first.
    """
    sort = around.moment.sort
    if sort is None or sort.field not in around.spreads:
        return None
    told = standing(product, sort.field, 1 if sort.descending else -1, around, shown, fits=fits)
    if told is None or told.against:
        return None
    first = re.search(r"[:,] (?:one of )?the ", told.text)
    return told if first or sort.field != "price" else None


def _flagged(product: Product, wish: Constraint) -> Reason | None:
    """What a yes-or-no field answers to a wish in other words: for back pain, lumbar support."""
    answer = answered(product, wish)
    if answer is None:
        return None
    name, held = answer
    text = field_name(name) if held else denied(name)
    return Reason(sentence(text), {name: "yes" if held else "no"}, against=not held)


def standing(
    product: Product,
    name: str,
    direction: int,
    around: Surroundings,
    shown: Shown,
    *,
    fits: bool,
) -> Reason | None:
    """Where a product stands in a field, among all that fit or, where it does not fully fit or no
    kind of thing was named, among those shown.
    """
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
    if not fits or not around.moment.topic or len(values) < _FEWEST or values[0] == values[-1]:
        return _beside(product, name, direction, shown)
    better = sum(v > own if direction > 0 else v < own for v in values)
    alike = sum(v == own for v in values) > 1
    if better == 0:
        kind = f"{'one of the' if alike else 'the'} {extreme_of(name, direction)}"
        return Reason(f"{value}: {kind} of {_among(values, around)}", evidence)
    share = spread.share_below(own)
    good = share if direction > 0 else 1 - share
    bare = with_name(name, value) if value.replace(".", "").isdigit() else value
    worse = comparative(name, direction) if bare != value else better_in(name, direction)
    behind = f"{better:,} of {_among(values, around)} {'is' if better == 1 else 'are'} {worse}"
    if good >= _GOOD:
        place = f"{nth(better + 1)} {extreme_of(name, direction)} of {_among(values, around)}"
        return Reason(f"{bare}: {f'only {behind}' if alike else place}", evidence)
    if shown.products:
        title = short_title(shown.products[0])
        ahead = nearer_than_first(product, shown, name, direction, title)
        if ahead is not None:
            return ahead
    return Reason(f"{bare}: {behind}", evidence, against=True)


def _beside(product: Product, name: str, direction: int, shown: Shown) -> Reason | None:
    """Where it stands among those shown; the bare value only where nothing stands beside it."""
    if len(shown.products) < _FEWEST:
        value = field_text(product, name)
        return Reason(with_name(name, value), {name: value})
    return place_shown(product, shown, name, direction)


def _among(values: Sequence[float], around: Surroundings) -> str:
    """What a rank is a rank among: those that fit, or fewer where not all state the field."""
    fits = "fit otherwise" if around.near else "fit"
    every = 0 < around.matching <= len(values)
    return f"the {len(values):,} that {fits if every else 'state it'}"
