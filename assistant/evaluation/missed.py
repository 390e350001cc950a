"""What a near miss is said to break, held against the record."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from assistant.evaluation.claims import read_claims
from assistant.evaluation.records import (
    base,
    field_of,
    holds,
    minor,
    number,
    squeezed,
    texts_of,
    word_values,
)
from assistant.evaluation.standing import Scene
from assistant.moment import Moment
from catalog.constraint import Constraint
from catalog.product import Product
from catalog.units import to_base

_SAID: Final = re.compile(r"(?P<held>.+), (?:not (?P<asked>.+)|which you did not want)")
_ASKED_FOR: Final = re.compile(
    r"(?P<held>.+), you asked for (?:at most |at least |less than |more than |not )?(?P<asked>.+)"
)
_AS_WELL: Final = re.compile(r"(?P<held>.+) as well, not (?:less|more)")


def breaks(line: str, product: Product, broken: Sequence[Constraint]) -> bool | None:
    """Whether a line says truly what one of the broken demands is broken by; None if it cannot be read."""
    told = squeezed(line)
    scene = Scene(product, Moment(tuple(broken)))
    if told == "sold out":
        return product.stock == 0
    if told.startswith("made for "):
        return read_claims(told, scene) is True and any(c.field == "age_from" for c in broken)
    if told.startswith("not reduced"):
        return not product.list_price or any(c.field == "discount" for c in broken)
    if found := _AS_WELL.fullmatch(told):
        return any(_equals(product, c, found["held"]) for c in broken)
    if found := _ASKED_FOR.fullmatch(told):
        asked = re.search(r"\d[\d,]*(?:\.\d+)?", found["asked"])
        return any(
            _is(product, c, found["held"])
            and asked is not None
            and c.number is not None
            and abs(number(asked[0]) - c.number) < 1e-6
            for c in broken
        )
    if found := _SAID.fullmatch(told):
        return any(_instead(product, c, found["held"], found["asked"]) for c in broken)
    if told.startswith(("not ", "no ")):
        asked_for = told.partition(" ")[2]
        return any(
            asked_for in (" or ".join(map(squeezed, c.words)), c.field.replace("_", " "))
            or asked_for in map(squeezed, c.words)
            for c in broken
        )
    read = read_claims(told, scene)
    return read


def _is(product: Product, c: Constraint, held: str) -> bool:
    words = held.split()
    return any(
        (not words[:n] or field_of(" ".join(words[:n])) == c.field)
        and holds(product, c.field, " ".join(words[n:]))
        for n in range(len(words))
    )


def _equals(product: Product, c: Constraint, held: str) -> bool:
    own = base(product, c.field)
    if own is None or c.number is None:
        return False
    if c.field == "price":
        return minor(held, product.currency) == product.price == round(c.number)
    wanted = to_base(c.number, c.unit)[0] if c.unit else c.number
    return _is(product, c, held) and abs(own[0] - wanted) < 0.006 * max(1.0, wanted)


def _instead(product: Product, c: Constraint, held: str, asked: str | None) -> bool:
    """``colour white, not red``; without ``asked``, ``red, which you did not want``."""
    if asked is None and not (c.op.negative or c.value is False):
        return False
    if asked is not None and not set(re.split(r", | or ", asked)) <= set(map(squeezed, c.words)):
        return False
    if c.value is False or c.op.negative and isinstance(c.value, bool):
        return product.attributes.get(c.field) is True
    label = c.field.replace("_", " ")
    said = [
        held,
        *(
            held.removeprefix(p)
            for p in (f"{label} ", "colour ", "by ", f"comes in {label} ", "comes in colour ")
        ),
    ]
    texts = word_values(product).get(c.field, set()) or texts_of(
        product.brand if c.field == "brand" else None
    )
    if any(
        s in texts
        or (s.endswith("…") and any(t.startswith(s[:-1]) for t in texts))
        or holds(product, c.field, s)
        for s in said
    ):
        return True
    # no field states it: the listing's own words do
    listing = squeezed(f"{product.title} {product.description}")
    return asked is None and any(w in listing for w in re.split(r", | or ", held))
