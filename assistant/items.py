"""Particular items: which one is meant, what its record says, how items differ, what was bought before."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from assistant.intent import Reference
from assistant.phrasing import field_name, field_text, joined, short_price, value_text
from assistant.rank import wish_field
from assistant.reader.english import FUNCTION_WORDS, REQUEST_WORDS
from assistant.reply import Difference
from assistant.shopper import Purchase, Shopper
from catalog.constraint import WISH, Constraint, mentions, numeric_value
from catalog.product import Product, attribute_words
from catalog.text import tokens

_ASIDE: Final = FUNCTION_WORDS | REQUEST_WORDS
_SYNONYMS: Final[Mapping[str, tuple[str, ...]]] = {
    "loud": ("noise", "noise_level"), "quiet": ("noise", "noise_level"), "noisy": ("noise", "noise_level"), "heavy": ("weight",), "weigh": ("weight",),
    "light": ("weight",), "big": ("capacity", "volume", "size", "screen", "dimensions", "length"), "large": ("capacity", "volume", "size", "dimensions"),
    "hold": ("capacity", "volume"), "size": ("size", "capacity", "dimensions", "waist", "inseam"), "colour": ("color",), "color": ("color",), "made": ("material",),
    "material": ("material",), "expensive": ("price",), "cheap": ("price",), "cost": ("price",), "fast": ("boil_time", "charge_time"), "long": ("length", "battery_life"),
    "last": ("battery_life", "burn_time"), "battery": ("battery_life", "battery"), "old": ("age_from",), "age": ("age_from",), "available": ("stock",),
    "review": ("rating",), "rated": ("rating",), "star": ("rating",), "maker": ("brand",), "power": ("power",), "bright": ("brightness",), "warm": ("warmth", "tog"),
}  # fmt: skip
_BUILTIN: Final = ("price", "rating", "stock", "brand")
MAX_COMPARED: Final = 4


def resolve(
    references: Sequence[Reference], shown: Sequence[Product], focus: Product | None
) -> list[Product]:
    """The shown products a list of references points at, in order, without repeats.

    ``focus`` is the item last spoken of; "it" means that, else the first shown.
    """
    found: list[Product] = []
    for reference in references:
        found += _resolve_one(reference, shown, focus)
    return list({p.id: p for p in found}.values())


def _resolve_one(
    reference: Reference, shown: Sequence[Product], focus: Product | None
) -> list[Product]:
    if reference.kind == "position":
        index = int(reference.value)
        at = index - 1 if index > 0 else len(shown) + index
        return [shown[at]] if 0 <= at < len(shown) else []
    if reference.kind == "this":
        return [focus] if focus is not None else list(shown[:1])
    if reference.kind == "all":
        return list(shown)
    if reference.kind == "extreme":
        field, _, direction = reference.value.partition(":")
        known = [
            (v[0], i) for i, p in enumerate(shown) if (v := numeric_value(p, field)) is not None
        ]
        if not known:
            return []
        return [
            shown[
                (max(known, key=lambda k: (k[0], -k[1])) if int(direction) > 0 else min(known))[1]
            ]
        ]
    if reference.kind == "match":
        return named(reference.value, shown)
    return []


def named(words: str, shown: Sequence[Product]) -> list[Product]:
    """The shown products that words tell apart: those that carry the most of the words, if any does.

    Words every shown product carries ("kettle" among kettles) tell nothing apart.
    """
    wanted = {w for w in tokens(words) if w not in _ASIDE}
    carried = [wanted & _identity(p) for p in shown]
    common = set.intersection(*carried) if len(carried) > 1 else set()
    scores = [len(c - common) for c in carried]
    best = max(scores, default=0)
    if best == 0:
        return []
    hits = [p for p, s in zip(shown, scores, strict=True) if s == best]
    return hits if len(hits) <= 2 else hits[:1]


def _identity(product: Product) -> set[str]:
    words = (
        set(tokens(product.title))
        | set(tokens(product.brand or ""))
        | set(tokens(product.type or ""))
    )
    for name in ("color", "material", "pattern", "style", "cut"):
        value = product.attributes.get(name)
        if value is not None and not isinstance(value, bool):
            words |= {t for w in attribute_words(value) for t in tokens(w)}
    return words


@dataclass(frozen=True, slots=True)
class Answer:
    """What the record says to a question, and the fields it was read from."""

    text: str
    fields: tuple[str, ...] = ()


def answer(product: Product, question: str | None) -> Answer:
    """Answer a question about one product from its record, or say that the listing doesn't."""
    if not question:
        return Answer(summary(product), ("price", "rating"))
    asked = tokens(question)
    fields = _asked_fields(product, asked)
    stated = [(f, field_text(product, f)) for f in fields if field_text(product, f)]
    if stated:
        return Answer(
            f"{product.title}: {'; '.join(_statement(product, f, v) for f, v in stated[:3])}.",
            tuple(f for f, _ in stated[:3]),
        )
    quote = _quote(product, asked)
    if quote:
        return Answer(f"{product.title}: the listing says “{quote}”", ("description",))
    topic = field_name(fields[0]) if fields else question
    return Answer(
        f"The listing for {product.title} doesn't say{f' anything about {topic}' if topic else ''}."
    )


def summary(product: Product) -> str:
    """One or two sentences of what the record states."""
    facts = [t for f in ("price", "rating", "stock") if (t := _phrase(product, f))]
    details = [
        f"{field_name(n)} {value_text(v)}"
        if not isinstance(v, bool)
        else (field_name(n) if v else f"not {field_name(n)}")
        for n, v in list(product.attributes.items())[:6]
    ]
    text = f"{product.title}: {joined(facts) if facts else 'price not stated'}."
    return f"{text} {', '.join(details)[:1].upper()}{', '.join(details)[1:]}." if details else text


def _phrase(product: Product, field: str) -> str:
    text = field_text(product, field)
    return f"rated {text}" if field == "rating" and text else text


def _statement(product: Product, field: str, value: str) -> str:
    if isinstance(product.attributes.get(field), bool):
        yes = product.attributes[field] is True
        return f"yes, {field_name(field)}" if yes else f"no, not {field_name(field)}"
    if field == "stock":
        return value
    return f"{field_name(field)} {value}"


def _asked_fields(product: Product, asked: Sequence[str]) -> list[str]:
    """Fields whose name, usual question word or value the question uses, best first."""
    fields: list[str] = []
    for word in asked:
        fields += [f for f in _SYNONYMS.get(word, ()) if f in product.attributes or f in _BUILTIN]
    for name, value in product.attributes.items():
        name_words = tokens(name.replace("_", " "))
        if all(w in asked for w in name_words):
            fields.insert(0, name)
        elif not isinstance(value, bool) and any(
            set(tokens(w)) & set(asked) - _ASIDE for w in attribute_words(value)
        ):
            fields.append(name)
    fields += [f for f in _BUILTIN if f in asked]
    missing = [f for w in asked for f in _SYNONYMS.get(w, ())[:1]]
    return list(dict.fromkeys([*fields, *missing]))


def _quote(product: Product, asked: Sequence[str]) -> str:
    wanted = [w for w in asked if w not in _ASIDE and len(w) > 2]
    for sentence in re.split(r"(?<=[.!?])\s+|\n", product.description):
        words = tokens(sentence)
        if wanted and all(mentions(words, w) or w in words for w in wanted):
            return " ".join(sentence.split()[:30])
    return ""


def compare(
    products: Sequence[Product], wishes: Sequence[Constraint]
) -> tuple[tuple[Difference, ...], str]:
    """A table of the fields that differ, those the shopper cares about first, and a one-line verdict."""
    names = list(dict.fromkeys(n for p in products for n in p.attributes))
    cared = [m[0] for w in wishes if (m := wish_field(w, products)) is not None]
    cared += [w.field for w in wishes if w.field != WISH]
    order = list(dict.fromkeys([*cared, "price", "rating", "brand", *names, "stock"]))
    rows = []
    for name in order:
        values = tuple(field_text(p, name) for p in products)
        if name == "type" or len(set(values)) < 2 or any(len(v) > 80 for v in values):
            continue
        rows.append(Difference(field_name(name), tuple(v or "not stated" for v in values)))
    return tuple(rows[:12]), _verdict(products, wishes)


def _verdict(products: Sequence[Product], wishes: Sequence[Constraint]) -> str:
    """Who is ahead in what, from the record: the shopper's wishes first, then price and rating."""
    said: dict[str, list[str]] = {}
    measured = [m for w in wishes if (m := wish_field(w, products)) is not None]
    for field, direction in [*measured, ("price", -1), ("rating", 1)]:
        values = [numeric_value(p, field) for p in products]
        known = [v[0] for v in values if v is not None]
        if (
            len(known) < len(products)
            or len(set(known)) < 2
            or (field == "price" and len({p.currency for p in products}) > 1)
        ):
            continue
        best = max(known) if direction > 0 else min(known)
        winners = [p for p, v in zip(products, known, strict=True) if v == best]
        if len(winners) != 1:
            continue
        text = _lead(winners[0], products, field, direction)
        if text not in said.get(winners[0].title, []):
            said.setdefault(winners[0].title, []).append(text)
    if not said:
        return (
            "On what the listings state, neither is ahead."
            if len(products) == 2
            else "On what the listings state, none is ahead."
        )
    return ". ".join(f"{title} {joined(leads)}" for title, leads in said.items()) + "."


def _lead(winner: Product, products: Sequence[Product], field: str, direction: int) -> str:
    others = [p for p in products if p is not winner]
    if field == "price" and len(others) == 1:
        gap = abs((others[0].price or 0) - (winner.price or 0))
        return f"costs {short_price(gap, winner.currency)} {'less' if direction < 0 else 'more'}"
    value = field_text(winner, field)
    if field == "price":
        return f"is the {'cheapest' if direction < 0 else 'most expensive'} at {value}"
    if field == "rating":
        return (
            f"is the better rated ({value})" if len(others) == 1 else f"is the best rated ({value})"
        )
    against = joined([field_text(p, field) for p in others])
    return (
        f"has {'more' if direction > 0 else 'less'} {field_name(field)}: {value} against {against}"
    )


def past_purchases(
    shopper: Shopper, words: str, products: Mapping[str, Product]
) -> list[tuple[Product, Purchase, int]]:
    """Products the shopper bought that the words name, most often bought first, then latest:
    (product, last purchase, times). All of them when the words name nothing.
    """
    counts = shopper.bought()
    wanted = {w for w in tokens(words) if w not in _ASIDE}
    found = []
    for product_id, times in counts.items():
        product, last = products.get(product_id), shopper.last_purchase(product_id)
        if product is None or last is None:
            continue
        hits = len(wanted & (_identity(product) | {t for c in product.category for t in tokens(c)}))
        if wanted and not hits:
            continue
        found.append((hits, times, last.on, product.id, product, last))
    found.sort(key=lambda f: (-f[0], -f[1], -f[2].toordinal(), f[3]))
    best = found[0][0] if found else 0
    return [(product, last, times) for hits, times, _, _, product, last in found if hits == best]
