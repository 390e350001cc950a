"""Things and demands as words of a sentence: counts, plurals, "at least 1.5 l", "not by Cove"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from assistant.intent import Constraint, Op
from assistant.moment import Moment
from assistant.phrasing import (
    denied,
    field_name,
    in_sentence,
    joined,
    measure_text,
    short_price,
    value_and_name,
)
from catalog.constraint import NONE, TEXT
from catalog.text import PLURALS, tokens

_SMALL_NUMBERS: Final = (
    "No",
    "One",
    "Two",
    "Three",
    "Four",
    "Five",
    "Six",
    "Seven",
    "Eight",
    "Nine",
    "Ten",
)


def count_word(n: int) -> str:
    """Small counts as words: 3 → ``"Three"``, 38 → ``"38"``."""
    return _SMALL_NUMBERS[n] if n < len(_SMALL_NUMBERS) else f"{n:,}"


def plural(noun: str) -> str:
    """The plural of an English noun phrase, good enough for product types."""
    before, last = noun[: noun.rfind(" ") + 1], noun[noun.rfind(" ") + 1 :]
    if many := PLURALS.get(last):
        return before + many
    if not noun or noun.endswith(("s", "'s")) and not noun.endswith(("ss", "us")):
        return noun
    if noun.endswith(("ss", "x", "ch", "sh", "us", "z")):
        return f"{noun}es"
    if noun.endswith("y") and noun[-2:-1] not in tuple("aeiou"):
        return f"{noun[:-1]}ies"
    return f"{noun}s"


def topic_noun(moment: Moment, n: int) -> str:
    """What is being counted: ``"kettles"``, or ``"products"`` when no type was demanded."""
    demanded = any(c.words == moment.topic for c in moment.hard if c.field == "type")
    if not moment.topic or not demanded:
        return "product" if n == 1 else "products"
    named = [t if t.isupper() else t.lower() for t in moment.topic]
    named = [f"{t} product" if t.rsplit(" ", 1)[-1] in _UNCOUNTED else t for t in named]
    return joined([one_of(t) if n == 1 else plural(t) for t in named], "or")


_UNCOUNTED: Final = frozenset(
    """chess poker backgammon bingo food coffee tea makeup clothing bedding furniture jewellery jewelry sewing
    cutlery luggage lingerie yarn equipment fishing gardening camping cooking skincare underwear footwear
    sportswear outerwear tableware glassware hardware software music paper""".split()
)  # fmt: skip
"""Kinds that are not counted: of chess there are no two chesses."""


def one_of(noun: str) -> str:
    """A single one of a product type, whose name may be a plural: ``"candle"``, ``"pair of jeans"``."""
    before, last = noun[: noun.rfind(" ") + 1], noun[noun.rfind(" ") + 1 :]
    if last.lower() in _PAIRS:
        return f"pair of {noun}"
    stem = tokens(last)
    return f"{before}{stem[0]}" if last.endswith("s") and len(stem) == 1 else noun


_PAIRS: Final = frozenset(
    """jeans trousers pants shorts leggings tights glasses sunglasses scissors headphones earphones earbuds
    shoes sneakers boots sandals slippers socks gloves mittens earrings goggles binoculars""".split()
)  # fmt: skip
"""What one of is a pair of."""


def demands(constraints: Sequence[Constraint]) -> str:
    """Hard demands inside a sentence: ``"under $60, not red"``."""
    return ", ".join(demand(c) for c in constraints if c.field != "type")


def demand(c: Constraint) -> str:
    """One demand inside a sentence: ``"at least 1.5 l"``, ``"in size L"``, ``"without handle"``."""
    words = joined([in_sentence(c.field, w) for w in c.words], "or")
    if c.field == "price" and c.number is not None:
        lead = {Op.LE: "up to ", Op.GE: "from ", Op.LT: "below ", Op.GT: "above "}.get(c.op, "at ")
        return f"{lead}{short_price(c.number, c.unit)}"
    if isinstance(c.value, bool):
        return field_name(c.field) if c.value != c.op.negative else denied(c.field)
    if c.number is not None:
        return _number_demand(c)
    if c.value == NONE:
        name = field_name(c.field)
        return f"{name} of any kind" if c.op.negative else f"no {name}"
    if c.field == TEXT:
        return f"without {words}" if c.op.negative else f"with {words}"
    if c.field == "brand":
        return f"not by {words}" if c.op.negative else f"by {words}"
    if c.field == "gender":
        return f"not for {words}" if c.op.negative else f"for {words}"
    if c.field == "type":
        return f"no {words}" if c.op.negative else words
    if c.field in ("color", "material", "category"):
        return f"not {words}" if c.op.negative else words
    return f"{field_name(c.field)} {'not ' if c.op.negative else ''}{words}"


def _number_demand(c: Constraint) -> str:
    assert c.number is not None
    lead = {Op.LE: "at most ", Op.GE: "at least ", Op.LT: "less than ", Op.GT: "more than "}.get(
        c.op, ""
    )
    if c.field == "stock":
        return "in stock"
    if c.field == "discount":
        return "on sale" if c.number <= 1 else f"{lead}{c.number:g}% off"
    if c.field == "rating":
        return f"{lead}{c.number:g} stars"
    if c.field == "review_count":
        return f"{lead}{c.number:g} reviews"
    if c.field == "age_from":
        return f"for age {c.number / 12 if c.unit == 'month' else c.number:g}"
    value = measure_text(c.number, c.unit) if c.unit else f"{c.number:g}"
    if c.field == "sleeps":
        return f"for {lead}{value}"
    return (
        f"{lead}{value}" if c.field == "screen_size" else f"{lead}{value_and_name(c.field, value)}"
    )


def plural_only(moment: Moment) -> bool:
    """Whether the topic's name has no singular: jeans, headphones."""
    return (
        bool(moment.topic)
        and moment.topic[0].lower().endswith("s")
        and plural(moment.topic[0]) == moment.topic[0]
    )
