"""Particular items: which one is meant, what its record says, how items differ, what was bought before."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Final

from rapidfuzz.distance import OSA

from assistant.intent import Reference
from assistant.passages import Encode, nearest, question_parts
from assistant.phrasing import field_name, field_text, joined, short_title, shortened, value_text
from assistant.reader.english import FUNCTION_WORDS, REQUEST_WORDS
from assistant.shopper import Purchase, Shopper
from catalog.constraint import numeric_value
from catalog.product import Product, attribute_words
from catalog.text import tokens
from catalog.verdict import telling
from catalog.wording import mentions

ASIDE: Final = FUNCTION_WORDS | REQUEST_WORDS
SYNONYMS: Final[Mapping[str, tuple[str, ...]]] = {
    "loud": ("noise", "noise_level"), "quiet": ("noise", "noise_level"), "noisy": ("noise", "noise_level"), "heavy": ("weight",), "weigh": ("weight",),
    "light": ("weight",), "big": ("capacity", "volume", "size", "screen", "dimensions", "length"), "large": ("capacity", "volume", "size", "dimensions"),
    "hold": ("capacity", "volume"), "size": ("size", "capacity", "dimensions", "waist", "inseam"), "colour": ("color",), "color": ("color",), "made": ("material",),
    "material": ("material",), "expensive": ("price",), "cheap": ("price",), "cost": ("price",), "fast": ("boil_time", "charge_time"), "long": ("length", "battery_life"),
    "last": ("battery_life", "burn_time"), "battery": ("battery_life", "battery"), "old": ("age_from",), "age": ("age_from",), "available": ("stock",),
    "review": ("rating",), "rated": ("rating",), "star": ("rating",), "maker": ("brand",), "power": ("power",), "bright": ("brightness",), "warm": ("warmth", "tog"), "mic": ("microphone",),
}  # fmt: skip
_NEAR: Final[Mapping[str, tuple[str, ...]]] = {
    "wired": ("wireless", "cordless"), "corded": ("cordless", "wireless"), "cordless": ("wireless",),
    "wireless": ("cordless",), "bluetooth": ("wireless",),
}  # fmt: skip
"""Yes/no attributes that tell something of a word without being what it asks for."""
_NOT_COMPARING: Final = frozenset(
    {"number", "other", "either", "over", "under", "paper", "leather"}
)
_BUILTIN: Final = ("price", "rating", "stock", "brand")
MAX_COMPARED: Final = 4


def resolve(
    references: Sequence[Reference],
    shown: Sequence[Product],
    focus: Product | None,
    earlier: Sequence[Product] = (),
) -> list[Product]:
    """The shown products a list of references points at, in order, without repeats.

    ``focus`` is the item last spoken of; "it" means that, else the first shown. A product shown
    ``earlier``, the newest last, is meant by words of its title that nothing shown carries.
    """
    found: list[Product] = []
    for reference in references:
        named_before = _named_before(reference, shown, earlier)
        found += named_before or _resolve_one(reference, shown, focus)
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


@dataclass(frozen=True, slots=True)
class Answer:
    """What the record says to a question, and the fields it was read from."""

    text: str
    fields: tuple[str, ...] = ()


def answers_of(
    products: Sequence[Product], question: str | None, text: str = "", encode: Encode | None = None
) -> str:
    """Answer a question about products, each from its record; once for all whose listings don't.

    ``text`` is the utterance: where it asks several things, each is answered. With ``encode`` a
    question in other words than the record's is answered by what comes nearest.
    """
    parts = question_parts(text)
    if len(parts) < 2:
        return _answers(products, question, text, encode)
    told = [_answers(products, part, part, encode, part) for part in parts]
    if len(products) == 1:
        # named once
        title = products[0].title
        told[1:] = [_unnamed(text, title) for text in told[1:]]
    return " ".join(told)


def _unnamed(text: str, title: str) -> str:
    bare = text.removeprefix(f"{title}: ").replace(f"The listing for {title}", "The listing", 1)
    return bare[:1].upper() + bare[1:]


def _answers(
    products: Sequence[Product],
    question: str | None,
    text: str,
    encode: Encode | None,
    part: str = "",
) -> str:
    told = [answer(p, question) for p in products]
    if encode is not None and not any(one.fields for one in told):
        told = [_near(p, text, encode) or one for p, one in zip(products, told, strict=True)]
    silent: dict[str, list[Product]] = {}
    for product, one in zip(products, told, strict=True):
        if not one.fields:
            silent.setdefault(_topic(product, question), []).append(product)
    unsaid = [_unsaid(those, topic, part) for topic, those in silent.items()]
    return " ".join([*(a.text for a in told if a.fields), *unsaid])


def _near(product: Product, text: str, encode: Encode) -> Answer | None:
    found = nearest(product, text, encode)
    if found is None:
        return None
    statement, field = found
    ending = "" if field == "description" else "."
    return Answer(f"{product.title}: {statement}{ending}", (field,))


def answer(product: Product, question: str | None) -> Answer:
    """Answer a question about one product from its record, or say that the listing doesn't."""
    if not question:
        return Answer(summary(product), ("price", "rating"))
    asked = tokens(question)
    fields = _asked_fields(product, asked)
    stated = [(f, field_text(product, f)) for f in fields if field_text(product, f)]
    if stated:
        return Answer(
            f"{product.title}: {'; '.join(_statement(product, f, v, asked) for f, v in stated[:3])}.",
            tuple(f for f, _ in stated[:3]),
        )
    quote = _quote(product, asked)
    if quote:
        return Answer(f"{product.title}: the listing says “{quote}”", ("description",))
    return Answer(_unsaid([product], _topic(product, question)))


def _topic(product: Product, question: str | None) -> str:
    """The field a question is about, empty where only the shopper's own words would name it."""
    fields = _asked_fields(product, tokens(question or ""))
    return field_name(fields[0]) if fields else ""


def _unsaid(products: Sequence[Product], topic: str, part: str = "") -> str:
    about = f" anything about {topic}" if topic else f" “{shortened(part)}”" if part else ""
    if len(products) == 1:
        return f"The listing for {products[0].title} doesn't say{about}."
    names = joined(list(dict.fromkeys(short_title(p) for p in products)))
    return f"The listings for {names} don't say{about}."


def summary(product: Product) -> str:
    """One or two sentences of what the record states."""
    facts = [t for f in ("price", "rating", "stock") if (t := _phrase(product, f))]
    details = [
        f"{field_name(n)} {value_text(v)}"
        if not isinstance(v, bool)
        else (field_name(n) if v else f"{field_name(n)}: no")
        for n, v in list(product.attributes.items())[:6]
    ]
    text = f"{product.title}: {joined(facts) if facts else 'price not stated'}."
    return f"{text} {', '.join(details)[:1].upper()}{', '.join(details)[1:]}." if details else text


def _phrase(product: Product, field: str) -> str:
    text = field_text(product, field)
    return f"rated {text}" if field == "rating" and text else text


def _statement(product: Product, field: str, value: str, asked: Sequence[str]) -> str:
    if isinstance(product.attributes.get(field), bool):
        yes = product.attributes[field] is True
        same = {*tokens(field_name(field))} <= {*asked} or any(
            field in SYNONYMS.get(w, ()) for w in asked
        )
        if yes and not same:
            return f"{field_name(field)}: yes"
        return f"yes, {field_name(field)}" if yes else f"{field_name(field)}: no"
    if field == "stock":
        return value
    return f"{field_name(field)} {value}"


def _asked_fields(product: Product, asked: Sequence[str]) -> list[str]:
    """Fields whose name, usual question word or value the question uses, best first."""
    fields: list[str] = []
    for word in asked:
        fields += [f for f in SYNONYMS.get(word, ()) if f in product.attributes or f in _BUILTIN]
    for name, value in product.attributes.items():
        name_words = tokens(name.replace("_", " "))
        if all(w in asked for w in name_words):
            fields.insert(0, name)
        elif not isinstance(value, bool) and any(
            set(tokens(w)) & set(asked) - ASIDE for w in attribute_words(value)
        ):
            fields.append(name)
    fields += [f for f in _BUILTIN if f in asked]
    near = [f for w in asked for f in (*_NEAR.get(w, ()), *(n for n, _ in telling(w)))]
    fields += [f for f in near if f in product.attributes]
    missing = [f for w in asked for f in SYNONYMS.get(w, ())[:1]]
    return list(dict.fromkeys([*fields, *missing]))


def _quote(product: Product, asked: Sequence[str]) -> str:
    wanted = [w for w in asked if w not in ASIDE and len(w) > 2]
    for sentence in re.split(r"(?<=[.!?])\s+|\n", product.description):
        words = tokens(sentence)
        if wanted and all(mentions(words, w) or w in words for w in wanted):
            return " ".join(sentence.split()[:30])
    return ""


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
