"""Reasons from the record: true sentences about a product, each with the fields that prove it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from assistant.intent import Constraint
from assistant.moment import Moment
from assistant.phrasing import field_name, field_text, measure_text, short_price, value_text
from assistant.rank import Spread, closeness
from assistant.reader.english import FUNCTION_WORDS, PEOPLE, REQUEST_WORDS
from assistant.reply import Reason, Recommendation
from assistant.shopper import Shopper
from catalog.constraint import (
    TEXT,
    WISH,
    Op,
    Verdict,
    judge,
    listing_tokens,
    mentions,
    numeric_value,
    told_words,
)
from catalog.product import Measure, Product, attribute_words
from catalog.text import find_run, tokens
from catalog.units import to_base

MAX_REASONS: Final = 3
_MANY_REVIEWS: Final = 20
_LOW_STOCK: Final = 3
_SNIPPET_WORDS: Final = 14
_EXTREMES: Final[Mapping[str, tuple[str, str]]] = {
    "noise": ("quietest", "loudest"), "noise_level": ("quietest", "loudest"), "weight": ("lightest", "heaviest"), "price": ("cheapest", "most expensive"),
    "capacity": ("smallest", "largest"), "volume": ("smallest", "largest"), "screen": ("smallest", "largest"), "screen_size": ("smallest", "largest"),
    "battery_life": ("shortest-lived", "longest-lasting"), "burn_time": ("shortest", "longest"), "power": ("least powerful", "most powerful"),
    "rating": ("lowest rated", "best rated"), "review_count": ("least reviewed", "most reviewed"), "brightness": ("dimmest", "brightest"),
    "boil_time": ("fastest to boil", "slowest to boil"), "length": ("shortest", "longest"), "height": ("shortest", "tallest"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a reason may compare a product with: everything that fits, and what measures the wishes."""

    moment: Moment
    spreads: Mapping[str, Spread] = field(default_factory=dict)
    fields: Mapping[Constraint, tuple[str, int]] = field(default_factory=dict)
    matching: int = 0
    shopper: Shopper | None = None


def explain(recommendation: Recommendation, around: Surroundings) -> tuple[Reason, ...]:
    """At most three reasons, the shopper's own demands first, then what the record says for or against it."""
    product = recommendation.product
    reasons = [
        *_personal(product, around.shopper),
        *(r for c in around.moment.soft if (r := _wish(product, c, around)) is not None),
        *(r for c in around.moment.hard if (r := _demand(product, c)) is not None),
    ]
    drawbacks = _drawbacks(product)
    merits = _merits(product)
    kept = MAX_REASONS - len(drawbacks[:1])
    chosen = distinct([*reasons, *merits])[:kept]
    return tuple(distinct([*chosen, *drawbacks[:1]]))


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


def _wish(product: Product, wish: Constraint, around: Surroundings) -> Reason | None:
    measured = around.fields.get(wish)
    if measured is not None:
        return _measured_wish(product, wish, measured, around)
    if wish.field == WISH:
        return _said_in_listing(product, wish)
    if wish.number is not None and wish.op is Op.EQ:
        return _about(product, wish)
    return _demand(product, wish)


def _measured_wish(
    product: Product, wish: Constraint, measured: tuple[str, int], around: Surroundings
) -> Reason | None:
    name, direction = measured
    own = around.spreads[name].value_of(product)
    if own is None and numeric_value(product, name) is not None:
        return None
    if own is None:
        return Reason(f"The listing does not state its {field_name(name)}", {name: None})
    value = field_text(product, name)
    evidence = {name: value}
    values = around.spreads[name].values
    best = values[-1] if direction > 0 else values[0]
    if len(values) < 3:
        return Reason(f"{_sentence(field_name(name))} {value}", evidence)
    if own == best and len(values) > 2:
        extreme = _EXTREMES.get(name)
        word = (
            extreme[direction > 0]
            if extreme
            else f"{'highest' if direction > 0 else 'lowest'} {field_name(name)}"
        )
        shared = sum(v == best for v in values) > 1
        kind = f"{'one of the' if shared else 'the'} {word} of {_among(values, around)}"
        return Reason(f"{value}: {kind}", evidence)
    share = around.spreads[name].share_below(own)
    good = share if direction > 0 else 1 - share
    if good >= 0.6:
        rank = sum(v > own if direction > 0 else v < own for v in values) + 1
        return Reason(
            f"{value}: {_nth(rank)} {_way(name, direction)} of {_among(values, around)}", evidence
        )
    return Reason(
        f"{_sentence(field_name(name))} {value}, {_side(good)} of {_among(values, around)}",
        evidence,
    )


def _among(values: Sequence[float], around: Surroundings) -> str:
    """What a rank is a rank among: those that fit, or fewer where not all state the field."""
    return f"the {len(values)} that {'fit' if len(values) >= around.matching else 'state it'}"


def _way(name: str, direction: int) -> str:
    extreme = _EXTREMES.get(name)
    return extreme[direction > 0] if extreme else ("highest" if direction > 0 else "lowest")


def _side(good: float) -> str:
    return "about the middle" if good >= 0.35 else "not among the best"


def _nth(rank: int) -> str:
    if rank == 1:
        return "the"
    ending = (
        {1: "st", 2: "nd", 3: "rd"}.get(rank % 10, "th") if rank % 100 not in (11, 12, 13) else "th"
    )
    return f"{rank}{ending}"


def _said_in_listing(product: Product, wish: Constraint) -> Reason | None:
    """Quote the listing where it uses the wish's own words; nothing is inferred."""
    wanted = [
        w
        for w in tokens(" ".join(wish.words))
        if w not in FUNCTION_WORDS and w not in REQUEST_WORDS and w not in PEOPLE and len(w) > 2
    ]
    if not wanted or wish.words[0].startswith("not "):
        return None
    for name, value in product.attributes.items():
        if isinstance(value, bool):
            if value and tokens(name.replace("_", " ")) == wanted:
                return Reason(_sentence(field_name(name)), {name: "yes"})
        elif any(find_run(tokens(w), wanted) >= 0 for w in attribute_words(value)):
            return Reason(
                f"{_sentence(field_name(name))}: {value_text(value)}", {name: value_text(value)}
            )
    best, score = "", 0
    for sentence in re.split(r"(?<=[.!?])\s+|\n", product.description):
        said = set(tokens(sentence))
        hits = sum(w in said for w in wanted)
        if hits > score:
            best, score = sentence, hits
    if score * 2 <= len(wanted):
        return None
    quote = _snippet(best, wanted)
    return Reason(f"The listing says “{quote}”", {"description": quote})


def _snippet(sentence: str, wanted: Sequence[str]) -> str:
    """Up to fourteen words of a sentence around the wanted ones, cut with an ellipsis."""
    words = sentence.strip().rstrip(".").split()
    if len(words) <= _SNIPPET_WORDS:
        return " ".join(words)
    at = next((i for i, w in enumerate(words) if set(tokens(w)) & set(wanted)), 0)
    start = max(0, min(at - _SNIPPET_WORDS // 2, len(words) - _SNIPPET_WORDS))
    cut = words[start : start + _SNIPPET_WORDS]
    return f"{'… ' if start else ''}{' '.join(cut)}{' …' if start + _SNIPPET_WORDS < len(words) else ''}"


def _demand(product: Product, c: Constraint) -> Reason | None:
    """A demand the record shows to be met, in the shopper's terms."""
    if c.field in ("type", "category", TEXT, WISH) or judge(product, c) is not Verdict.MATCH:
        return None
    if c.field == "price" and c.hard:
        return _price_room(product, c)
    if c.number is not None:
        return _number_met(product, c)
    value = product.brand if c.field == "brand" else product.attributes.get(c.field)
    if value is None:
        # the word it uses, not the one asked for: "wooden" where the shopper said wood
        told = listing_tokens(product)
        word = next((w for w in told_words(c) if mentions(told, w)), None)
        if c.op.negative or word is None:
            return None
        return Reason(f"The listing says {word}", {"listing": word})
    if isinstance(value, bool):
        return Reason(
            _sentence(field_name(c.field) if value else f"not {field_name(c.field)}"),
            {c.field: value_text(value)},
        )
    shown = value_text(value)
    if c.op.negative:
        return Reason(f"{_sentence(shown)}, not {' or '.join(c.words)}", {c.field: shown})
    if isinstance(value, tuple) and len(value) > 2:
        return Reason(f"Comes in {field_name(c.field)} {' or '.join(c.words)}", {c.field: shown})
    if c.field == "brand":
        return None
    return Reason(f"{_sentence(field_name(c.field))}: {shown}", {c.field: shown})


def _price_room(product: Product, c: Constraint) -> Reason | None:
    if product.price is None or c.number is None or c.op.direction >= 0:
        return None
    room = c.number - product.price
    if c.op is Op.LT:
        less = f"{short_price(room, product.currency)} less than the {short_price(c.number, c.unit)} one"
        return Reason(less, {"price": field_text(product, "price")})
    limit = short_price(c.number, c.unit or product.currency)
    if room <= 0:
        return Reason(f"Exactly your {limit} limit", {"price": field_text(product, "price")})
    text = f"{short_price(room, product.currency)} under your {limit} limit"
    return Reason(text, {"price": field_text(product, "price")})


def _number_met(product: Product, c: Constraint) -> Reason | None:
    held = product.attributes.get(c.field)
    if c.field in ("rating", "review_count", "stock"):
        return None
    if c.field == "age_from" and c.op is Op.LE:
        return Reason(f"Made for age {value_text(held)} and up", {c.field: value_text(held)})
    if not c.hard and c.op is Op.EQ:
        return _about(product, c)
    if c.field == "discount":
        return _reduction(product)
    if isinstance(held, Measure) and c.unit and c.number is not None:
        gap = held.value - _in_unit(c.number, c.unit, held.unit)
        beyond = {
            Op.GE: f", {measure_text(round(gap, 2), held.unit)} more than you asked",
            Op.LE: f", {measure_text(round(-gap, 2), held.unit)} below your limit",
        }
        tail = beyond.get(c.op, "") if abs(gap) > 1e-9 else ""
        shown = value_text(held)
        return Reason(f"{_sentence(field_name(c.field))} {shown}{tail}", {c.field: shown})
    shown = field_text(product, c.field)
    return Reason(f"{_sentence(field_name(c.field))} {shown}", {c.field: shown}) if shown else None


def _about(product: Product, c: Constraint) -> Reason | None:
    """For "around 50": said only of what is within a fifth of it."""
    if c.number is None or closeness(product, c) is None or (closeness(product, c) or 0.0) < 0.6:
        return None
    shown = field_text(product, c.field)
    asked = (
        short_price(c.number, c.unit)
        if c.field == "price"
        else measure_text(c.number, c.unit or "")
    )
    return Reason(f"{shown}, near the {asked} you named", {c.field: shown})


def _in_unit(value: float, unit: str, target: str) -> float:
    return to_base(value, unit)[0] / to_base(1.0, target)[0]


def _personal(product: Product, shopper: Shopper | None) -> list[Reason]:
    if shopper is None:
        return []
    made = []
    saved = shopper.saved(product.id)
    if (
        saved is not None
        and saved.price
        and product.price is not None
        and product.price < saved.price
    ):
        drop = short_price(saved.price - product.price, product.currency)
        text = f"On your wishlist, and {drop} cheaper than when you saved it"
        made.append(
            Reason(
                text,
                {
                    "price": field_text(product, "price"),
                    "saved_price": short_price(saved.price, product.currency),
                },
            )
        )
    elif saved is not None:
        made.append(Reason("On your wishlist", {"wishlist": saved.on.isoformat()}))
    bought = shopper.last_purchase(product.id)
    if bought is not None:
        made.append(
            Reason(f"You bought it on {bought.on:%-d %B %Y}", {"order": bought.on.isoformat()})
        )
    return made


def _merits(product: Product) -> list[Reason]:
    made = []
    if (
        product.rating is not None
        and product.rating >= 4.0
        and (product.review_count or 0) >= _MANY_REVIEWS
    ):
        text = f"Rated {product.rating:g} by {product.review_count:,} buyers"
        made.append(Reason(text, {"rating": product.rating, "review_count": product.review_count}))
    reduction = _reduction(product)
    if reduction is not None:
        made.append(reduction)
    stated = [
        (name, value_text(value))
        for name, value in product.attributes.items()
        if not isinstance(value, bool)
        and name not in ("gender", "color", "image")
        and len(value_text(value)) <= 30
    ]
    made += [Reason(_stated(n, v), {n: v}) for n, v in stated[:3]]
    return made


def _stated(field: str, value: str) -> str:
    """A field and its value; not "Pieces: 12 pieces"."""
    name = field_name(field)
    return value if value.endswith(name) else f"{_sentence(name)}: {value}"


def _reduction(product: Product) -> Reason | None:
    if product.price is None or not product.list_price or product.list_price <= product.price:
        return None
    was, now = (short_price(m, product.currency) for m in (product.list_price, product.price))
    return Reason(f"Reduced from {was} to {now}", {"list_price": was, "price": now})


def _drawbacks(product: Product) -> list[Reason]:
    if product.stock == 0:
        return [Reason("Sold out at the moment", {"stock": 0})]
    if product.stock is not None and product.stock <= _LOW_STOCK:
        return [Reason(f"Only {product.stock} left", {"stock": product.stock})]
    return []


def near_miss(product: Product, broken: Constraint) -> str:
    """What a near miss breaks, as a sentence: ``"$12 over your $60 limit"``."""
    held = numeric_value(product, broken.field)
    if broken.field == "price" and product.price is not None and broken.number is not None:
        gap = abs(product.price - broken.number)
        if gap == 0:
            return f"{short_price(product.price, product.currency)} as well, not {'less' if broken.op.direction < 0 else 'more'}"
        side = "over" if broken.op.direction < 0 else "under"
        which = "limit" if broken.op.direction < 0 else "minimum"
        return f"{short_price(gap, product.currency)} {side} your {short_price(broken.number, product.currency)} {which}"
    if broken.number is not None and held is not None:
        wanted = measure_text(broken.number, broken.unit) if broken.unit else f"{broken.number:g}"
        return f"{field_name(broken.field)} {field_text(product, broken.field) or f'{held[0]:g}'}, you asked for {_SIGN[broken.op]}{wanted}"
    shown = field_text(product, broken.field)
    if broken.op.negative:
        return f"{shown or ' or '.join(broken.words)}, which you did not want"
    asked = " or ".join(broken.words) or field_name(broken.field)
    return f"{field_name(broken.field)} {shown}, not {asked}" if shown else f"not {asked}"


_SIGN: Final = {
    Op.LE: "at most ",
    Op.GE: "at least ",
    Op.LT: "less than ",
    Op.GT: "more than ",
    Op.EQ: "",
    Op.NE: "not ",
    Op.CONTAINS: "",
    Op.NOT_CONTAINS: "no ",
}


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def unknown_label(field: str, product: Product, hard: Sequence[Constraint] = ()) -> str:
    """What a hard demand finds open.

    ``"price not stated"``; for a refusal what the listing is silent about (``"no word on
    black"``: a title may well say blue); for a price, that it is in another currency.
    """
    if field == "price" and product.price is not None:
        return f"priced in {product.currency}, not compared"
    asked = [c for c in hard if c.field == field]
    if asked and all(c.op.negative and c.words for c in asked):
        return f"no word on {' or '.join(w for c in asked for w in c.words)}"
    return f"{field_name(field)} not stated"
