"""Demands the record shows to be met, in the shopper's words."""

from __future__ import annotations

from dataclasses import replace
from difflib import SequenceMatcher
from typing import Final

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
from assistant.reasons.quotes import mentioned
from assistant.reasons.wording import sentence
from assistant.reply import Reason
from catalog.constraint import TEXT, WISH, Op, of_any_kind, told_by_size
from catalog.product import Measure, Product, attribute_words
from catalog.text import find_run, tokens
from catalog.units import to_base
from catalog.verdict import Verdict, judge
from catalog.wording import holds, wanted_words

NEAR: Final = 0.6097
"""The closeness from which a number counts as near: within a fifth of it."""
FAR: Final = 0.2
"""The closeness below which it is less than half of the number or more than one and a half of it."""
_STEM: Final = 3
_SAME_WORD: Final = 0.75
_WORN: Final = ("size", "waist", "inseam")
SELF_EXPLAINING: Final = ("color", "material", "flavor", "scent", "pattern", "shape")
"""Fields whose values need no name beside them: "oak", but "filter HEPA"."""


def demand_met(product: Product, c: Constraint) -> Reason | None:
    """Why a product meets a demand, with the field that shows it; None when nothing does."""
    if c.field in ("type", "category", WISH) or judge(product, c) is not Verdict.MATCH:
        return None
    if c.field == TEXT:
        return None if c.op.negative else mentioned(product, c)
    if c.field == "price" and c.number is not None:
        return _price_room(product, c) if c.op.direction else about(product, c)
    if c.number is not None:
        return _number_met(product, c)
    value = product.brand if c.field == "brand" else product.attributes.get(c.field)
    if value is None:
        # the word it uses, not the one asked for: "wooden" where the shopper said wood
        return None if c.op.negative else mentioned(product, c)
    if isinstance(value, bool):
        name = field_name(c.field) if value else denied(c.field)
        return Reason(f"{sentence(name)}, {_as_wanted(c)}", {c.field: value_text(value)})
    return _words_met(c, attribute_words(value), value_text(value))


def _as_wanted(c: Constraint) -> str:
    return "as you asked" if c.hard else "as you hoped"


def _words_met(c: Constraint, held: tuple[str, ...], shown: str) -> Reason | None:
    carrying = _carrying(c, held)
    if of_any_kind(c):
        return Reason(f"{with_name(c.field, shortened(shown))}, {_as_wanted(c)}", {c.field: shown})
    if c.op.negative:
        # of several forms one may be what was refused: nothing is claimed then
        if carrying or not shown:
            return None
        refused = joined([in_sentence(c.field, w) for w in c.words], "or")
        text = (
            f"By {shown}, not {refused}"
            if c.field == "brand"
            else f"Not {refused}: {in_sentence(c.field, shortened(shown))}"
        )
        return Reason(text, {c.field: shown})
    if not carrying:
        return None
    met = joined([in_sentence(c.field, w) for w in carrying], "and")
    evidence = {c.field: shown}
    if c.field == "gender" and not set(carrying) & set(c.words):
        # it suits them without being made for them alone
        return Reason(f"{sentence(met)}, so for {joined(c.words, 'and')} too", evidence)
    if len(held) > len(carrying) + 1 or (len(held) > 1 and c.field in _WORN):
        told = met if c.field in SELF_EXPLAINING else f"{field_name(c.field)} {met}"
        return Reason(f"Comes in {told}, {_as_wanted(c)}", evidence)
    if c.field == "brand":
        return Reason(f"By {shown}, {_as_wanted(c)}", evidence)
    if c.field == "gender":
        whom = shown if shown == "unisex" else f"for {shown}"
        return Reason(f"{sentence(whom)}, {_as_wanted(c)}", evidence)
    own = _own_word(c, held)
    if find_run(tokens(shown), tokens(own)) < 0 and not _one_word(shown, own):
        said = own if c.field in SELF_EXPLAINING else f"{field_name(c.field)} {own}"
        return Reason(f"{sentence(said)}: {shortened(shown)}", evidence)
    plain = c.field in SELF_EXPLAINING or shown.endswith(field_name(c.field))
    told = met if len(held) > 1 else shortened(shown)
    named = told if plain else f"{field_name(c.field)} {told}"
    return Reason(f"{sentence(named)}, {_as_wanted(c)}", evidence)


def _carrying(c: Constraint, held: tuple[str, ...]) -> list[str]:
    """Those of the values that carry one of the demand's words."""
    wanted = wanted_words(c)
    return [h for h in held if any(holds(h, w) for w in wanted)]


def _one_word(shown: str, own: str) -> bool:
    """Whether two words are one in two forms: wood and wooden, gray and grey."""
    return SequenceMatcher(None, shown.lower(), own.lower()).ratio() >= _SAME_WORD


def _own_word(c: Constraint, held: tuple[str, ...]) -> str:
    """The demand's word that the record carries; as the shopper said it where that is another form
    of it: "wooden" for wood.
    """
    said = c.span.strip()
    met = [w for w in c.words if any(holds(h, w) for h in held)]
    word = met[0] if met else joined(c.words, "or")
    if said.isalpha() and len(said) > _STEM and said.lower()[:_STEM] == word.lower()[:_STEM]:
        return said.lower()
    return word


_HARDLY: Final = 50
"""Nobody cares for a smaller part of a limit than one in so many."""


def on_the_edge(product: Product, c: Constraint) -> bool:
    """Whether a price is as good as the limit that it keeps."""
    return (
        product.price is not None
        and c.number is not None
        and abs(c.number - product.price) * _HARDLY < c.number
    )


def _price_room(product: Product, c: Constraint) -> Reason | None:
    if product.price is None or c.number is None:
        return None
    evidence = {"price": field_text(product, "price")}
    room = round(c.number - product.price)
    limit = short_price(c.number, c.unit or product.currency)
    if c.op.direction > 0:
        if room == 0:
            return Reason(f"Exactly your {limit} minimum", evidence)
        over = short_price(-room, product.currency)
        than = f"more than the {limit} one" if c.op is Op.GT else f"above your {limit} minimum"
        return Reason(f"{over} {than}", evidence)
    if c.op is Op.LT:
        less = f"{short_price(room, product.currency)} less than the {limit} one"
        return Reason(less, evidence)
    if room <= 0:
        return Reason(f"Exactly your {limit} limit", evidence)
    if room * _HARDLY < c.number:
        return Reason(f"{evidence['price']}, just within your limit", evidence)
    return Reason(f"{short_price(room, product.currency)} under your {limit} limit", evidence)


_AT_THE_EDGE: Final = {-1: "just within your limit", 1: "just at your minimum"}


def _number_met(product: Product, c: Constraint) -> Reason | None:
    if product.attributes.get(c.field) is None and told_by_size(c):
        c = replace(c, field="size")
    held = product.attributes.get(c.field)
    assert c.number is not None
    if c.field in ("rating", "review_count", "stock", "discount") or held is None:
        return None  # said among the merits, whatever was asked
    if c.field == "age_from" and c.op is Op.LE:
        return Reason(f"Made for {age_text(held)} and up", {c.field: value_text(held)})
    if not c.hard and c.op is Op.EQ:
        return about(product, c)
    shown = value_text(held)
    named = with_name(c.field, shown)
    gap = gap_text(product, c)
    if gap is None:
        ending = _AT_THE_EDGE.get(c.op.direction, "as you asked")
        return Reason(f"{named}, {ending}", {c.field: shown})
    if c.op in (Op.GE, Op.GT):
        return Reason(f"{named}, {gap} more than you asked", {c.field: shown})
    if c.op in (Op.LE, Op.LT):
        return Reason(f"{named}, {gap} below your limit", {c.field: shown})
    return Reason(named, {c.field: shown})


def with_name(field: str, shown: str) -> str:
    """A value with its field's name, unless that is in it: "12 pieces", not "Pieces: 12 pieces"."""
    name = field_name(field)
    return shown if name.lower() in shown.lower() else f"{sentence(name)} {shown}"


def age_text(held: object) -> str:
    """An age as people say it: ``"age 3"``, ``"18 months"``."""
    if isinstance(held, Measure) and held.unit == "year":
        return f"age {held.value:g}"
    return measure_text(held.value, held.unit) if isinstance(held, Measure) else f"age {held}"


def gap_text(product: Product, c: Constraint) -> str | None:
    """How far a measure is from the number named, in the record's unit; None when it is not.

    Bare numbers have no unit, and prices the record's currency.
    """
    if c.number is None:
        return None
    if c.field == "price":
        gap = abs(round(c.number - (product.price or 0)))
        return short_price(gap, product.currency) if gap else None
    held = product.attributes.get(c.field)
    if isinstance(held, Measure):
        wanted = _in_unit(c.number, c.unit or held.unit, held.unit)
        distance = round(abs(held.value - wanted), 2)
        return measure_text(distance, held.unit) if distance else None
    if isinstance(held, (int, float)) and not isinstance(held, bool):
        distance = round(abs(held - c.number), 2)
        return f"{distance:g}" if distance else None
    return None


def about(product: Product, c: Constraint) -> Reason | None:
    """For "around 50": said only of what is within a fifth of it."""
    near = closeness(product, c)
    if c.number is None or near is None or near < NEAR:
        return None
    shown = field_text(product, c.field)
    asked = number_asked(c, product)
    if not shown:
        return None
    same = gap_text(product, c) is None
    text = f"{shown}, just what you named" if same else f"{shown}, near the {asked} you named"
    return Reason(text, {c.field: shown})


def number_asked(c: Constraint, product: Product) -> str:
    """The number a demand names, as the shopper would say it: ``"$60"``, ``"1.5 l"``."""
    assert c.number is not None
    if c.field == "price":
        return short_price(c.number, c.unit or product.currency)
    return measure_text(c.number, c.unit) if c.unit else f"{c.number:g}"


def _in_unit(value: float, unit: str, target: str) -> float:
    return to_base(value, unit)[0] / to_base(1.0, target)[0]
