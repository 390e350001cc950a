"""Particular items: which one is meant, and what was bought before."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from typing import Final

from rapidfuzz.distance import OSA

from assistant.intent import Reference
from assistant.reader.english import FUNCTION_WORDS, REQUEST_WORDS
from assistant.shopper import Purchase, Shopper
from catalog.constraint import numeric_value
from catalog.product import Product, attribute_words
from catalog.text import tokens

ASIDE: Final = FUNCTION_WORDS | REQUEST_WORDS
_NOT_COMPARING: Final = frozenset(
    {"number", "other", "either", "over", "under", "paper", "leather"}
)
_ONES: Final = re.compile(r"\bones\b")
MAX_COMPARED: Final = 4


def resolve(
    references: Sequence[Reference],
    shown: Sequence[Product],
    focus: Product | None,
    earlier: Sequence[Product] = (),
    *,
    several: bool = False,
) -> list[Product]:
    """The shown products a list of references points at, in order, without repeats.

    ``focus`` is the item last spoken of; "it" means that, else the first shown. A product shown
    ``earlier``, the newest last, is meant by words of its title that nothing shown carries. With
    ``several`` a plural ("the leather ones") means all that carry its words.
    """
    found: list[Product] = []
    for reference in references:
        if several and _is_plural(reference):
            words = {w for w in tokens(reference.value) if w not in ASIDE}
            if all_of_them := [p for p in shown if carries_all(p, words)]:
                found += all_of_them
                continue
        named_before = _named_before(reference, shown, earlier)
        found += named_before or _resolve_one(reference, shown, focus)
    return list({p.id: p for p in found}.values())


def _is_plural(reference: Reference) -> bool:
    last = reference.value.lower().split()[-1:] or [""]
    many = last[0].endswith("s") and not last[0].endswith(("ss", "us", "is"))
    return reference.kind == "match" and (many or bool(_ONES.search(reference.span.lower())))


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
        return extremes(reference, shown, focus)[:1]
    if reference.kind == "extremes":
        return _foremost(reference, shown)
    if reference.kind == "match":
        return named(reference.value, shown)
    return []


def chosen_among(references: Sequence[Reference], having: Sequence[Product]) -> list[Product]:
    """Of the items that have what is asked for the extreme pointed at, or all."""
    extreme = [r for r in references if r.kind in ("extreme", "extremes")]
    return resolve(extreme, having, None) if extreme else list(having)


def _foremost(reference: Reference, shown: Sequence[Product]) -> list[Product]:
    """The so many products an order by a field begins with, of those shown that state it."""
    field, direction, count = reference.value.split(":")
    known = [(v[0], p) for p in shown if (v := numeric_value(p, field)) is not None]
    ordered = sorted(known, key=lambda k: -int(direction) * k[0])
    return [p for _, p in ordered[: int(count)]]


def extremes(
    reference: Reference, shown: Sequence[Product], focus: Product | None
) -> list[Product]:
    """The products an extreme is true of, several where they tie: the cheapest of those shown."""
    field, direction = reference.value.split(":")[:2]
    ones = resolve(reference.each(), shown, focus) if reference.among else list(shown)
    known = [(v[0], p) for p in ones if (v := numeric_value(p, field)) is not None]
    if not known or (reference.among and len(known) < len(reference.among)):
        return []
    best = (max if int(direction) > 0 else min)(value for value, _ in known)
    return [p for value, p in known if value == best]


def of_two(reference: Reference) -> bool:
    """Whether it tells one from the others by a comparison without saying of which: "the lighter one"."""
    words = tokens(reference.span)
    comparing = any(
        w in ("more", "less") or w.endswith("er") for w in words if w not in _NOT_COMPARING
    )
    return reference.kind == "extreme" and not reference.among and comparing


def named(words: str, shown: Sequence[Product]) -> list[Product]:
    """The shown products that words tell apart: those that carry the most of the words, if any does.

    Words every shown product carries ("kettle" among kettles) tell nothing apart.
    """
    wanted = {w for w in tokens(words) if w not in ASIDE}
    carried = [wanted & _identity(p) for p in shown]
    common = set.intersection(*carried) if len(carried) > 1 else set()
    scores = [len(c - common) for c in carried]
    best = max(scores, default=0)
    if best == 0:
        return []
    hits = [p for p, s in zip(shown, scores, strict=True) if s == best]
    return hits if len(hits) <= 2 else hits[:1]


def _named_before(
    reference: Reference, shown: Sequence[Product], earlier: Sequence[Product]
) -> list[Product]:
    """The product shown earlier that carries all the words, where none shown now does: the newest,
    or with a single word the only one.
    """
    words = {w for w in tokens(reference.value) if w not in ASIDE}
    if reference.kind != "match" or any(carries_all(p, words) for p in shown):
        return []
    hits = [p for p in earlier if carries_all(p, words) and words & {*tokens(p.title)}]
    return hits[-1:] if len(words) > 1 or len(hits) == 1 else []


def carries_all(product: Product, words: Set[str], slips: int = 0) -> bool:
    """Whether title, brand, type or look of a product carry every one of some folded words, each
    but for so many slips of the pen (no word below five letters has any).
    """
    own = _identity(product)
    if not slips or not words:
        return bool(words) and words <= own
    return all(
        w in own or (len(w) > 4 and any(OSA.distance(w, o) <= slips for o in own)) for w in words
    )


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


def past_purchases(
    shopper: Shopper, words: str, products: Mapping[str, Product]
) -> list[tuple[Product, Purchase, int]]:
    """Products the shopper bought that the words name, most often bought first, then latest:
    (product, last purchase, times). All of them when the words name nothing.
    """
    counts = shopper.bought()
    wanted = {w for w in tokens(words) if w not in ASIDE}
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
