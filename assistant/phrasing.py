"""Numbers, fields and constraints as words for the shopper."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from catalog.constraint import NONE, TEXT, WISH, Constraint, Op
from catalog.money import format_price
from catalog.product import AttributeValue, Measure, Product
from catalog.text import tokens

_FIELD_NAMES: Final = {
    "color": "colour", "type": "product type", "review_count": "number of reviews", "age_from": "age",
    "discount": "reduction", "stock": "stock", "list_price": "list price",
}  # fmt: skip
_UNIT_WORDS: Final = {
    "day": "days",
    "month": "months",
    "year": "years",
    "person": "people",
    "pc": "pieces",
    "sheet": "sheets",
    "C": "°C",
    "tog": "tog",
}
_OPS: Final = {
    Op.LE: "≤ ",
    Op.GE: "≥ ",
    Op.LT: "< ",
    Op.GT: "> ",
    Op.NE: "not ",
    Op.NOT_CONTAINS: "no ",
    Op.EQ: "",
    Op.CONTAINS: "",
}


def field_name(field: str) -> str:
    """A field as a shopper would call it: ``"battery_life"`` → ``"battery life"``."""
    return _FIELD_NAMES.get(field, field.replace("_", " "))


_ADJECTIVE: Final = re.compile(
    r"(?:able|ible|proof|free|less|ed|ing|safe|resistant|ic|al|an|ive|ous|ful|lar|ant|ent)$"
)
_ADJECTIVES: Final = frozenset(
    "smart indoor outdoor decaf trade warm compact dry wear cordless kids quick easy silent".split()
)


def denied(field: str) -> str:
    """A yes-or-no field as what a product is not, or does not have: ``"not waterproof"``, ``"no milk
    frother"``.
    """
    name = field_name(field)
    return f"{'not' if described(name) else 'no'} {name}"


def described(words: str) -> bool:
    """Whether words say what something is, and not what it has: "fair trade", but "milk frother"."""
    last = words.rsplit(" ", 1)[-1]
    return last in _ADJECTIVES or (len(last) > 4 and _ADJECTIVE.search(last) is not None)


def measure_text(value: float, unit: str) -> str:
    """``(1.7, "l")`` → ``"1.7 l"``; ``(27, "in")`` → ``"27 in"``; ``(40, "%")`` → ``"40%"``."""
    word = _UNIT_WORDS.get(unit, unit)
    if value == 1 and unit in ("day", "month", "year", "sheet", "person"):
        word = unit
    if unit == "pc":
        word = "piece" if value == 1 else "pieces"
    return f"{value:g}{'' if unit == '%' else ' '}{word}"


def value_text(value: AttributeValue | None) -> str:
    """An attribute's value as words, empty when not stated."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Measure):
        return measure_text(value.value, value.unit)
    if isinstance(value, tuple):
        return ", ".join(value)
    return value if isinstance(value, str) else f"{value:g}"


def field_text(product: Product, field: str) -> str:
    """A field of a product as words, empty when the record does not state it."""
    if field == "price":
        return "" if product.price is None else format_price(product.price, product.currency)
    if field == "list_price":
        return (
            "" if product.list_price is None else format_price(product.list_price, product.currency)
        )
    if field == "rating":
        if product.rating is None:
            return ""
        n = product.review_count
        reviews = f" from {n:,} review{'' if n == 1 else 's'}" if n else ""
        return f"{product.rating:g}{reviews}"
    if field == "stock":
        if product.stock is None:
            return "in stock" if product.uncounted else ""
        return "sold out" if product.stock == 0 else f"{product.stock:,} in stock"
    if field in ("brand", "type", "title", "description"):
        return getattr(product, field) or ""
    if field == "review_count":
        return "" if product.review_count is None else f"{product.review_count:,}"
    return value_text(product.attributes.get(field))


def price_text(product: Product) -> str:
    """The price as a card shows it: ``"from $50"`` where variants cost differently, empty when
    the record states none.
    """
    text = field_text(product, "price")
    prices = {v.price for v in product.variants if v.price is not None}
    return f"from {text}" if text and len(prices) > 1 else text


def short_price(minor: float, currency: str | None) -> str:
    """A price without an empty fraction, as people say it: ``"$60"``, ``"$54.99"``."""
    text = format_price(round(minor), currency)
    return re.sub(r"[.,]00(?!\d)", "", text)


_NO_NAMES: Final = frozenset({"color", "material", "pattern", "shape", "gender"})
"""Fields whose values are no names, whatever capitals a catalogue gives them."""


def in_sentence(field: str, value: str) -> str:
    """A value as a sentence has it: ``"White"`` → ``"white"`` for a colour, ``"PVC"`` as it is."""
    if field not in _NO_NAMES:
        return value
    return " ".join(w.lower() if w[1:].islower() else w for w in value.split(" "))


def joined(words: Sequence[str], last: str = "and") -> str:
    """``("a", "b", "c")`` → ``"a, b and c"``."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def shortened(text: str, characters: int = 60) -> str:
    """The text, cut at a word with an ellipsis when it is longer than ``characters``."""
    if len(text) <= characters:
        return text
    head = text[:characters]
    return f"{head.rsplit(' ', 1)[0] if ' ' in head else head}…"


def constraint_label(c: Constraint) -> str:
    """A constraint as a chip: ``"≤ $60"``, ``"not red"``, ``"quiet (wish)"``."""
    label = shortened(_label(c))
    if c.number is not None and c.op is Op.EQ and not c.hard:
        label = f"about {label}"
    return label if c.hard and c.field != WISH else f"{label} (wish)"


def _label(c: Constraint) -> str:
    sign = _OPS[c.op]
    if c.field == "price" and c.number is not None:
        return f"{sign}{short_price(c.number, c.unit)}"
    if isinstance(c.value, bool):
        wanted = c.value != c.op.negative
        return field_name(c.field) if wanted else denied(c.field)
    if c.number is not None:
        return _number_label(c, sign)
    if c.value == NONE:
        return f"{field_name(c.field)}: {'any' if c.op.negative else 'none'}"
    words = joined([in_sentence(c.field, w) for w in c.words], "or")
    if c.field in (WISH, TEXT, "type", "category", "brand", "color", "material", "gender"):
        return f"{sign}{words}"
    return f"{field_name(c.field)} {sign}{words}"


def _number_label(c: Constraint, sign: str) -> str:
    assert c.number is not None
    if c.field == "stock":
        return "in stock"
    if c.field == "discount":
        return "on sale" if c.number <= 1 else f"{sign}{c.number:g}% off"
    if c.field == "rating":
        return f"{sign}{c.number:g} stars"
    if c.field == "review_count":
        return f"{sign}{c.number:g} reviews"
    if c.field == "age_from":
        years = c.number / 12 if c.unit == "month" else c.number
        return f"for age {years:g}" if c.op is Op.LE else f"age {sign}{years:g}"
    value = measure_text(c.number, c.unit) if c.unit else f"{c.number:g}"
    return f"{sign}{value}" if c.unit else f"{field_name(c.field)} {sign}{value}"


def value_and_name(field: str, value: str) -> str:
    """A value before its field's name, unless that is in it: ``"5 bar pressure"``, ``"50 SPF"``."""
    name = field_name(field)
    return value if name.lower() in value.lower() else f"{value} {name}"


def sort_label(field: str, descending: bool) -> str:
    """A sort as a chip: ``"cheapest first"``, ``"lowest noise first"``."""
    if field == "price":
        return "most expensive first" if descending else "cheapest first"
    if field == "rating":
        return "best rated first" if descending else "worst rated first"
    if field == "review_count":
        return "most reviewed first" if descending else "least reviewed first"
    return f"{'highest' if descending else 'lowest'} {field_name(field)} first"


_PHRASES: Final = frozenset({"for", "with", "in"})
_LEADING_ON: Final = frozenset("a an and & + by for from in of on or the to with without -".split())
"""Words that no name ends in."""


def short_title(product: Product) -> str:
    """The title up to its first comma or dash, at most eight words: what people would call it.

    A single word before the mark, or the maker's name there, is no name of the product.
    """
    head, maker = product.title, tokens(product.brand or "")
    for mark in (", ", " - ", " – ", " | ", " ("):
        cut = head.partition(mark)[0]
        if len(cut.split()) > 1 and tokens(cut) != maker:
            head = cut
    words = head.split()
    kept = words[:8]
    if len(words) > len(kept):
        # a phrase cut in the middle says what it does not mean: "for rooms up"
        starts = [i for i, w in enumerate(kept) if i > 1 and w.lower() in _PHRASES]
        kept = kept[: starts[-1]] if starts else kept
    while len(kept) < len(words) and len(kept) > 1 and kept[-1].lower().rstrip(":") in _LEADING_ON:
        kept.pop()
    return " ".join(kept).rstrip(",-–|(:")


def inside(text: str) -> str:
    """A reason as part of a sentence: in small letters, and without a colon of its own."""
    head, colon, tail = text.partition(": ")
    if colon and "“" not in text:
        text = (
            f"{head}, {tail}"
            if head[-1:].isalpha() and any(map(str.isdigit, head))
            else f"{head} ({tail})"
        )
    return text if text[1:2].isupper() else f"{text[:1].lower()}{text[1:]}"
