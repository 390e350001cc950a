"""Sentences about particular products: where they stand, what their records state, how they compare."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.evaluation.claims import read_claims
from assistant.evaluation.records import (
    MONEY,
    count,
    field_of,
    holds,
    minor,
    quoted,
    squeezed,
)
from assistant.evaluation.told import MARK, Told
from assistant.inquiries import COUNTED
from catalog.product import Product
from catalog.verdict import Verdict, judge


def here(told: Told, m: re.Match[str]) -> bool:
    """``X is here, in place 2.``"""
    shown = [*told.reply.recommendations, *told.reply.near_misses]
    place = int(m["n"])
    return place <= len(shown) and shown[place - 1].product.id == told.named[int(m[1])].id


def is_shown(told: Told, m: re.Match[str]) -> bool:
    """``X is near to your words.``"""
    return any(r.product.id == told.named[int(m[1])].id for r in told.reply.recommendations)


def counted_most(told: Told, m: re.Match[str]) -> bool:
    """``What counted most: it is near to your words and it is well rated``: of the two largest parts
    of a score shown.
    """
    said = set(re.split(r", | and (?=it |many )", m["parts"]))
    return any(
        said
        <= {
            COUNTED.get(n, "") for n, v in sorted(r.parts.items(), key=lambda p: -p[1])[:2] if v > 0
        }
        for r in told.reply.recommendations
    )


def ranked(told: Told, m: re.Match[str]) -> bool:
    """``X fits and comes in place 14 of 33.``"""
    product, hard = told.named[int(m["who"])], told.reply.moment.hard
    fits = all(judge(product, c) is Verdict.MATCH for c in hard)
    shown = [r.product.id for r in told.reply.recommendations]
    place = count(m["place"])
    return (
        fits
        and count(m["n"]) == told.different()
        and 0 < place <= count(m["n"])
        and (product.id not in shown or place <= len(shown))
    )


def says(told: Told, m: re.Match[str]) -> bool:
    """``Of X the listing says “…”``: word for word."""
    return quoted(squeezed(told.named[int(m[1])].description), m["quote"])


def says_nothing(told: Told, m: re.Match[str]) -> bool:
    """``The listing for X doesn't say anything about weight``: no record named has such a field."""
    name = field_of((m["about"] or "").strip())
    own = name in ("price", "rating", "stock", "brand")
    products = [told.named[int(n)] for n in re.findall(MARK, m[0])]
    return all(
        p.attributes.get(name, getattr(p, name, None) if own else None) is None for p in products
    )


def leaves_open(told: Told, m: re.Match[str]) -> bool:
    """``X: price not stated; what states all you asked comes first``: and what is told to be first is."""
    product, hard = told.named[int(m[1])], told.reply.moment.hard
    best, first = told.reply.recommendations[0].product, m["first"]
    open_, ahead = (
        [c.field for c in hard if judge(p, c) is Verdict.UNKNOWN] for p in (product, best)
    )
    said = m["open"].split("; ")
    if not all(_is_open(part, product, open_) for part in said):
        return False
    if first.startswith("; what"):
        return told.count()[0] > 0 and not ahead
    return told.count()[0] == 0 and (
        ("states a price" not in first or ("price" in open_ and "price" not in ahead))
        and ("leaves less" not in first or len(ahead) < len(open_))
    )


def _is_open(said: str, product: Product, open_: Sequence[str]) -> bool:
    if said.startswith("no word on "):
        return bool(open_)
    name = field_of(said.partition(" not ")[0])
    if said.startswith("priced in "):
        return "price" in open_ and said[10:13].upper() == product.currency
    return name in open_


def having(told: Told, m: re.Match[str]) -> bool:
    """``Microphone: X and Y``: those of the shown whose record says yes, and no other."""
    name = field_of(m["flag"])
    named = {told.named[int(n)].id for n in re.findall(MARK, m[0])}
    return named == {
        r.product.id
        for r in (*told.reply.recommendations, *told.reply.near_misses)
        if r.product.attributes.get(name) is True
    }


def statements(told: Told, m: re.Match[str]) -> bool:
    """``X: price $49.00; yes, keep warm; noise 54 dB``: each field holds what is said."""
    product = told.named[int(m[1])]
    return all(
        _stated(product, part.strip())
        for part in re.split(
            r"; |, (?=rated|[\d,]+ in stock)| and (?=rated|[\d,]+ in stock|sold out)", m["rest"]
        )
    )


def _stated(product: Product, said: str) -> bool:
    if said.startswith("yes, "):
        return product.attributes.get(field_of(said[5:])) is True
    if said.endswith(": no"):
        return product.attributes.get(field_of(said[:-4])) is False
    if said == "price not stated":
        return product.price is None
    if said == "sold out" or said.endswith(" in stock"):
        return holds(product, "stock", said)
    if said.startswith("rated "):
        return holds(product, "rating", said[6:])
    words = said.split()
    for n in range(len(words)):
        if holds(product, field_of(" ".join(words[:n])), " ".join(words[n:])):
            return True
    return holds(product, "price", said) or product.attributes.get(field_of(said)) is True


def details(told: Told, lower: str) -> bool:
    """``Material steel, noise 54 dB, keep warm``: the fields of the product spoken of."""
    parts = lower.rstrip(".").split(", ")
    return _runs(told.scene.product, parts)


def _runs(product: Product, parts: Sequence[str]) -> bool:
    """Whether parts, joined where a value has commas of its own, are statements of a record."""
    if not parts:
        return True
    return any(
        _stated(product, ", ".join(parts[:n])) and _runs(product, parts[n:])
        for n in range(1, len(parts) + 1)
    )


def verdict(told: Told, m: re.Match[str]) -> bool:
    """``For “quiet”: X (58 dB against 60 dB); for the price: Y ($25 less)``."""
    compared = [p for p in told.named]
    for title, leads in re.findall(rf"for [^:]+: {MARK}(?: \(the [a-z]+\))? \(([^()]*)\)", m[0]):
        product = told.named[int(title)]
        others = [p for p in compared if p.id != product.id]
        if not all(_leads(product, others, lead, told) for lead in leads.split("; ")):
            return False
    return True


def _leads(product: Product, others: Sequence[Product], said: str, told: Told) -> bool:
    pair = [product, *others]
    if found := re.fullmatch(rf"({MONEY}) (less|more)", said):
        gap = minor(found[1], product.currency)
        way = -1 if found[2] == "less" else 1
        return any(
            product.price is not None and o.price is not None and o.currency == product.currency
            and (product.price - o.price) * way == gap
            for o in _compared(product, told)
        )  # fmt: skip
    if found := re.fullmatch(r"(.+) against (.+)", said):
        fields = ("rating", *product.attributes)
        return any(
            holds(product, f, found[1])
            and any(holds(o, f, found[2]) for o in _compared(product, told))
            for f in fields
        )
    if found := re.fullmatch(r"(.+), the (.+)", said):
        scene = replace(told.of(product), shown=tuple(_compared(product, told, whole=True)))
        return read_claims(f"{found[1]}, the {found[2]} of these {len(scene.shown)}", scene) is True
    texts = {f for f in product.attributes if holds(product, f, said)} | (
        {"brand"} if holds(product, "brand", said) else set()
    )
    return bool(texts) and len(pair) > 0


def _compared(product: Product, told: Told, *, whole: bool = False) -> list[Product]:
    """The products of the comparison, from the head of its table."""
    if not told.reply.differences:
        return []
    titles = told.reply.differences[0].values
    known = {
        r.product.title: r.product for r in (*told.reply.recommendations, *told.reply.near_misses)
    }
    return [p for t in titles if (p := known.get(t)) is not None and (whole or p.id != product.id)]
