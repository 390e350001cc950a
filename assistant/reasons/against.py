"""What speaks against a product: soft demands it breaks, what is left of it, what few buyers say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from assistant.audience import audience_of, made_for_others
from assistant.intent import Constraint
from assistant.phrasing import (
    denied,
    field_name,
    field_text,
    in_sentence,
    joined,
    measure_text,
    short_price,
    shortened,
    value_text,
)
from assistant.rank import closeness
from assistant.reasons.demands import (
    FAR,
    NEAR,
    SELF_EXPLAINING,
    age_text,
    gap_text,
    number_asked,
    with_name,
)
from assistant.reasons.shown import Shown, worst_of
from assistant.reasons.surroundings import Surroundings
from assistant.reasons.wording import difference, sentence
from assistant.reply import Reason
from catalog.constraint import NONE, TEXT, WISH, Op, numeric_value, of_any_kind, told_by_size
from catalog.lexicon import IMPLIED
from catalog.product import Measure, Product, attribute_words
from catalog.units import to_base
from catalog.verdict import Verdict, judge

_LOW_STOCK: Final = 3
_LOW_RATING: Final = 3.5
_FEW_REVIEWS: Final = 3
_VALUES_TOLD: Final = 3
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


def drawbacks(
    product: Product, around: Surroundings, shown: Shown, behind: Sequence[Reason] = ()
) -> list[Reason]:
    """What speaks against a product, the weightiest first; every one true of its record.

    ``behind`` are wishes it stays behind in.
    """
    made: list[Reason] = []
    if product.stock == 0:
        made.append(_against("Sold out at the moment", {"stock": 0}))
    if (other := made_for_others(product, audience_of(around.moment))) is not None:
        name, whom = other
        made.append(_against(whom_text(whom), {name: field_text(product, name)}))
    for c in around.moment.soft:
        if c not in around.fields and (missed := _hope_missed(product, c)) is not None:
            made.append(missed)
    flat_out = [r for r in behind if "no" in r.evidence.values()]
    made += [*flat_out, *(r for r in behind if r not in flat_out)]
    if (worst := worst_of(product, shown, around.cared())) is not None:
        made.append(worst)
    rating, reviews = product.rating, product.review_count or 0
    if rating is not None and reviews and rating < _LOW_RATING:
        buyers = f"{reviews:,} buyer{'' if reviews == 1 else 's'}"
        told = {"rating": rating, "review_count": product.review_count}
        made.append(_against(f"Rated {rating:g} by {buyers}", told))
    if product.stock is not None and 0 < product.stock <= _LOW_STOCK:
        made.append(_against(f"Only {product.stock} left", {"stock": product.stock}))
    if rating is not None and 0 < reviews <= _FEW_REVIEWS:
        only = f"Only {reviews} review{'' if reviews == 1 else 's'} so far"
        made.append(_against(only, {"review_count": product.review_count}))
    return made


def whom_text(whom: str) -> str:
    """Whom a record names, as a reason: ``"Made for women"``."""
    return f"Made {whom}" if whom.startswith("for ") else sentence(whom)


def _against(text: str, evidence: Mapping[str, object]) -> Reason:
    return Reason(text, evidence, against=True)


def _hope_missed(product: Product, c: Constraint) -> Reason | None:
    """A soft demand that the record contradicts: a number beyond it, or another value."""
    if c.field in (WISH, TEXT, "type", "category", "stock"):
        return None
    if c.number is not None and c.op is Op.EQ:
        near = closeness(product, c)
        return None if near is None or near >= NEAR else _far_from(product, c)
    if judge(product, c) is not Verdict.VIOLATION:
        return None
    if c.number is not None:
        return _number_missed(product, c)
    value = product.brand if c.field == "brand" else product.attributes.get(c.field)
    if value is None:
        return None
    shown = value_text(value)
    if isinstance(value, bool):
        text = (
            f"{sentence(field_name(c.field))}, which you hoped to avoid"
            if value
            else f"{sentence(denied(c.field))}, which you hoped for"
        )
        return _against(text, {c.field: shown})
    asked = joined([in_sentence(c.field, w) for w in c.words], "or")
    if c.op.negative:
        if len(attribute_words(value)) > 1:
            return None  # one of its forms may be what was hoped for
        return _against(f"{sentence(shortened(shown))}, which you hoped to avoid", {c.field: shown})
    if c.field == "brand":
        return _against(f"By {shown}, not by {asked} as you hoped", {"brand": shown})
    held = attribute_words(value)
    if len(held) > _VALUES_TOLD:
        return _against(f"Not in {_named(c, asked)}, as you hoped", {c.field: shown})
    plain = [in_sentence(c.field, h) for h in held]
    lead = f"Only in {joined(plain)}" if len(held) > 1 else sentence(_named(c, plain[0]))
    return _against(f"{lead}, not the {asked} you hoped for", {c.field: shown})


def _named(c: Constraint, words: str) -> str:
    return words if c.field in SELF_EXPLAINING else f"{field_name(c.field)} {words}"


def _far_from(product: Product, c: Constraint) -> Reason | None:
    gap, held = gap_text(product, c), numeric_value(product, c.field)
    if gap is None or held is None or c.number is None:
        return None
    shown = field_text(product, c.field)
    asked = number_asked(c, product)
    above = held[0] > _in_base(c)
    if c.field == "price":
        if not above and (closeness(product, c) or 0.0) < FAR:
            return (
                None  # another sort of thing, which so small a price makes no better and no worse
            )
        return _against(
            f"{gap} {'over' if above else 'below'} the {asked} you named", {"price": shown}
        )
    side = difference(c.field, 1 if above else -1)
    return _against(
        f"{with_name(c.field, shown)}, {gap} {side} than the {asked} you named", {c.field: shown}
    )


def _number_missed(product: Product, c: Constraint) -> Reason | None:
    gap, shown = gap_text(product, c), field_text(product, c.field)
    if gap is None or not shown or c.op.direction == 0:
        return None
    if c.field == "price":
        side = "over" if c.op.direction < 0 else "under"
        what = "limit" if c.op.direction < 0 else "minimum"
        return _against(f"{gap} {side} your {number_asked(c, product)} {what}", {"price": shown})
    side = difference(c.field, -c.op.direction)
    return _against(f"{with_name(c.field, shown)}, {gap} {side} than you asked", {c.field: shown})


def _in_base(c: Constraint) -> float:
    assert c.number is not None
    return to_base(c.number, c.unit)[0] if c.unit and c.field != "price" else c.number


def near_miss(product: Product, broken: Constraint) -> str:
    """What a near miss breaks, as a sentence: ``"$12 over your $60 limit"``."""
    if broken.field == "price" and product.price is not None and broken.number is not None:
        return _price_missed(product, broken)
    if broken.field == "stock":
        return "sold out"
    if broken.number is not None:
        return _measure_missed(product, broken)
    if isinstance(broken.value, bool):
        wanted = broken.value != broken.op.negative
        name = field_name(broken.field)
        return denied(broken.field) if wanted else f"{name}, which you did not want"
    shown = shortened(field_text(product, broken.field))
    if broken.value == NONE:
        return f"{_held(product, broken.field, shown)}, which you did not want"
    if broken.op.negative:
        return f"{shown or joined(broken.words, 'or')}, which you did not want"
    asked = joined([in_sentence(broken.field, w) for w in broken.words], "or")
    asked = asked or field_name(broken.field)
    return f"{_held(product, broken.field, shown)}, not {asked}" if shown else f"not {asked}"


def _held(product: Product, field: str, shown: str) -> str:
    if field == "brand":
        return f"by {shown}"
    value = product.attributes.get(field)
    if isinstance(value, tuple) and len(value) > 1:
        return (
            f"comes in {field_name(field)} {joined(value)}"
            if len(joined(value)) < 60
            else f"{field_name(field)} {shown}"
        )
    return f"{field_name(field)} {shown}"


def _price_missed(product: Product, broken: Constraint) -> str:
    assert product.price is not None and broken.number is not None
    gap = abs(product.price - broken.number)
    cheaper = broken.op.direction < 0
    if gap == 0:
        return f"{short_price(product.price, product.currency)} as well, not {'less' if cheaper else 'more'}"
    limit = short_price(broken.number, broken.unit or product.currency)
    room = short_price(gap, product.currency)
    return (
        f"{room} {'over' if cheaper else 'under'} your {limit} {'limit' if cheaper else 'minimum'}"
    )


def _measure_missed(product: Product, broken: Constraint) -> str:
    if product.attributes.get(broken.field) is None and told_by_size(broken):
        broken = replace(broken, field="size")
    held = numeric_value(product, broken.field)
    assert broken.number is not None
    wanted = measure_text(broken.number, broken.unit) if broken.unit else f"{broken.number:g}"
    if broken.field == "discount":
        return f"not reduced by {wanted}%" if broken.number > 1 else "not reduced"
    attribute = product.attributes.get(broken.field)
    if held is None and isinstance(attribute, tuple):
        shown = _held(product, broken.field, shortened(field_text(product, broken.field)))
        return f"{shown}, you asked for {_SIGN[broken.op]}{wanted}"
    if held is None:
        return f"{field_name(broken.field)} not stated"
    if broken.field == "age_from" and isinstance(attribute, Measure):
        return f"made for {age_text(attribute)} and up"
    shown = field_text(product, broken.field) or f"{held[0]:g}"
    name = field_name(broken.field)
    named = shown if shown.endswith(name) else f"{name} {shown}"
    gap = gap_text(product, broken)
    if broken.op.direction and isinstance(attribute, Measure):
        if gap is None:
            return f"{named} as well, not {'less' if broken.op.direction < 0 else 'more'}"
        return f"{named}, {gap} {difference(broken.field, -broken.op.direction)} than you asked"
    return f"{named}, you asked for {_SIGN[broken.op]}{wanted}"


def unknown_labels(
    fields: Iterable[str], product: Product, hard: Sequence[Constraint]
) -> tuple[str, ...]:
    """What hard demands find open, each thing once."""
    return tuple(dict.fromkeys(unknown_label(f, product, hard) for f in fields))


def unknown_label(field: str, product: Product, hard: Sequence[Constraint] = ()) -> str:
    """What a hard demand finds open.

    ``"price not stated"``; for a refusal what the listing is silent about (``"no word on
    black"``: a title may well say blue); for a price, that it is in another currency.
    """
    if field == "price" and product.price is not None:
        return f"priced in {product.currency}, not compared"
    asked = [c for c in hard if c.field == field]
    if field == TEXT:
        open_ = [c for c in asked if judge(product, c) is Verdict.UNKNOWN]
        return f"no word on {' or '.join(w for c in open_ or asked for w in c.words)}"
    if asked and all(c.op.negative and c.words and not of_any_kind(c) for c in asked):
        return f"no word on {' or '.join(w for c in asked for w in c.words)}"
    weaker = IMPLIED.get(field, "")
    only = f", only {field_name(weaker)}" if product.attributes.get(weaker) is True else ""
    return f"{field_name(field)} not stated{only}"
