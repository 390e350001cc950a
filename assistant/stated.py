"""What a record says to a question about a product: a field the words name, the name of the product,
a sentence of its listing, or nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from assistant.items import ASIDE
from assistant.passages import (
    Encode,
    feature_asked,
    is_open,
    kindred,
    nearest,
    question_parts,
    sentences_of,
    without_pointing,
)
from assistant.phrasing import field_name, field_text, joined, short_title, shortened, value_text
from assistant.reader.about_items import fields_asked
from assistant.reader.english import FUNCTION_WORDS
from assistant.reader.qualities import QUALITIES, quality_of
from catalog.lexicon import MATERIALS, PLAIN_COLORS
from catalog.product import Product, attribute_words
from catalog.text import tokens
from catalog.verdict import telling

SYNONYMS: Final[Mapping[str, tuple[str, ...]]] = {
    "loud": ("noise", "noise_level"), "quiet": ("noise", "noise_level"), "noisy": ("noise", "noise_level"), "heavy": ("weight",), "weigh": ("weight",),
    "light": ("weight",), "big": ("capacity", "volume", "size", "screen", "dimensions", "length"), "large": ("capacity", "volume", "size", "dimensions"),
    "hold": ("capacity", "volume"), "size": ("size", "capacity", "dimensions", "waist", "inseam"), "colour": ("color",), "color": ("color",), "made": ("material",),
    "material": ("material",), "expensive": ("price",), "cheap": ("price",), "cost": ("price",), "fast": ("boil_time", "charge_time"), "long": ("length", "battery_life"),
    "last": ("battery_life", "burn_time"), "battery": ("battery_life", "battery"), "old": ("age_from",), "age": ("age_from",), "available": ("stock",),
    "review": ("rating",), "rated": ("rating",), "star": ("rating",), "maker": ("brand",), "power": ("power",), "bright": ("brightness",), "warm": ("warmth", "tog"), "mic": ("microphone",),
    "tall": ("height", "dimensions"), "high": ("height",), "wide": ("width", "diameter", "dimensions"), "deep": ("depth", "dimensions"), "thick": ("thickness",),
}  # fmt: skip
_NEAR: Final[Mapping[str, tuple[str, ...]]] = {
    "wired": ("wireless", "cordless"), "corded": ("cordless", "wireless"), "cordless": ("wireless",),
    "wireless": ("cordless",), "bluetooth": ("wireless",),
}  # fmt: skip
"""Yes/no attributes that tell something of a word without being what it asks for."""
_ONE_WAY: Final = frozenset({"bluetooth"})
"""Words that a yes of the attribute near to them leaves open: not all that is wireless is bluetooth."""
_LENGTHWISE: Final = re.compile(r"\bhow\s+(?:tall|long|wide|high|deep|thick)\b")
_BUILTIN: Final = ("price", "rating", "stock", "brand")
_EMPTY: Final = frozenset(
    "function feature option mode setting capability system there whether suitable ok".split()
)
"""Nouns that say no more than the word before them: "a keep-warm function"."""
_PRAISE: Final = frozenset("good great nice decent proper real".split())
_OPINION: Final = re.compile(
    r"\breviews?\b|\bwhat\s+(?:do|does|did)\s+(?:\w+\s+){1,2}(?:say|think)\b|\b(?:people|buyers|customers|others|everyone)\s+(?:say|think|like)\b"
    r"|\bany\s+good\b(?!\s+(?:for|at|with|to|in|on)\b)|\b(?:is|are)\s+(?:it|they|these|those)\s+(?:really\s+)?good\W*$|\bworth\s+(?:it|the\s+money)\b",
    re.IGNORECASE,
)
"""What is asked of those who bought it."""
_TOLD_BY: Final = {"color": PLAIN_COLORS, "material": MATERIALS}
"""Words by which a sentence tells a field."""
_ALIKE: Final = [{w for w in q.plain if w.isalpha()} for q in QUALITIES]
_MAX_TOLD: Final = 3


@dataclass(frozen=True, slots=True)
class Answer:
    """What the record says to a question, and the fields it was read from."""

    text: str
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: its text with "it" for what it points at, its words and the fields they name by
    a usual question, and the feature it asks for ("a keep-warm function"), if any.
    """

    text: str
    words: tuple[str, ...]
    feature: str = ""
    attributive: frozenset[str] = frozenset()
    """Those of the words that are said of something else: "long" in "long flights"."""

    @property
    def content(self) -> list[str]:
        """The words that say what is asked."""
        aside = FUNCTION_WORDS | _PRAISE if self.feature else ASIDE
        said = tokens(self.feature) or self.words
        return [w for w in said if w not in aside | _EMPTY and len(w) > 2]


def asked_in(text: str, question: str | None = None, pointed: Sequence[str] = ()) -> Asked:
    """The question of a text; ``question`` are its words as they were read, ``pointed`` those that
    say which product is meant, and so nothing of it.
    """
    bare = without_pointing(text or question or "", pointed)
    said = (
        [*(question or "").lower().split(), *bare.lower().split()] if text else bare.lower().split()
    )
    names = {t for p in pointed for t in tokens(p)} - {*tokens(bare)}
    words = [*fields_asked(bare.lower()), *(t for w in said for t in tokens(w))]
    if _LENGTHWISE.search(bare.lower()):
        # "how tall" asks for less than the size
        names |= {"size", "capacity"} - {*tokens(bare)}
    own = tuple(w for w in dict.fromkeys(words) if w not in names)
    return Asked(bare, own, feature_asked(bare) if text else "", _attributive(bare))


def _attributive(question: str) -> frozenset[str]:
    said = [] if is_open(question) else tokens(question)
    return frozenset(
        one
        for one, after in zip(said, said[1:], strict=False)
        if quality_of(one) is not None and after not in ASIDE | {"enough"}
    )


def asks_opinion(text: str) -> bool:
    """Whether it asks what those who bought it think of it."""
    return _OPINION.search(text) is not None


def feature(what: str) -> Asked:
    """The question whether something has a feature."""
    return Asked(f"does it have {what}", tuple(tokens(what)), what)


def alternatives_of(asked: Asked) -> list[Asked]:
    """Features asked for in one question, each by itself: "a battery or a charger"."""
    ways = re.split(r"\s+or\s+", asked.feature)
    return [feature(w) for w in ways] if len(ways) > 1 else [asked]


def answers_of(
    products: Sequence[Product],
    question: str | None,
    text: str = "",
    encode: Encode | None = None,
    pointed: Sequence[str] = (),
) -> str:
    """Answer a question about products, each from its record; once for all whose listings don't.

    ``text`` is the utterance: where it asks several things, each is answered. With ``encode`` a
    question in other words than the record's is answered by what comes nearest.
    """
    parts = question_parts(text)
    if len(parts) < 2:
        alone = parts[0] if parts else text
        if not question and not _OPINION.search(alone):
            return " ".join(summary(p) for p in products)
        several = [asked_in(alone, question, pointed)]
    else:
        several = [asked_in(part, None, pointed) for part in parts]
    several = [each for asked in several for each in alternatives_of(asked)]
    told: list[str] = []
    silent: dict[tuple[str, ...], list[Asked]] = {}
    for asked in several:
        found = [(p, told_of(p, asked, encode)) for p in products]
        told += [one.text for _, one in found if one is not None]
        open_ = tuple(p.id for p, one in found if one is None)
        silent.setdefault(open_, []).append(asked)
    by_id = {p.id: p for p in products}
    for ids, left in silent.items():
        told += _unsaid([by_id[i] for i in ids], left, several) if ids else []
    if len(products) == 1 and len(told) > 1:
        # named once
        told[1:] = [unnamed(t, products[0].title) for t in told[1:]]
    return " ".join(told)


def answer(product: Product, question: str | None) -> Answer:
    """Answer a question about one product from its record, or say that the listing doesn't."""
    if not question:
        return Answer(summary(product), ("price", "rating"))
    asked = asked_in("", question)
    told = told_of(product, asked, None)
    return told or Answer(" ".join(_unsaid([product], [asked], [asked])))


def told_of(product: Product, asked: Asked, encode: Encode | None) -> Answer | None:
    """What the record says to a question; None where it says nothing."""
    if _OPINION.search(asked.text):
        return _rated(product)
    if (stated := stated_of(product, asked)) is not None:
        return stated
    found = nearest(product, asked.text, encode) if encode is not None else None
    if found is None:
        return None
    statement, field = found
    ending = "" if field == "description" else "."
    return Answer(f"{product.title}: {statement}{ending}", (field,))


def stated_of(product: Product, asked: Asked) -> Answer | None:
    """What the record says in the words of a question: in its fields, its name, or a sentence."""
    fields = [(f, t) for f in _fields_asked(product, asked) if (t := field_text(product, f))]
    if fields:
        said = [_statement(product, f, t, asked.words) for f, t in fields[:_MAX_TOLD]]
        told = tuple(f for f, _ in fields[:_MAX_TOLD])
        return Answer(f"{product.title}: {'; '.join(said)}.", told)
    if word := _named_so(product, asked):
        return Answer(f"{product.title}: its name says “{word}”.", ("title",))
    if quote := _quote(product, asked):
        return Answer(f"{product.title}: the listing says “{quote}”", ("description",))
    return None


def _rated(product: Product) -> Answer | None:
    text = field_text(product, "rating")
    return (
        Answer(f"{product.title}: rated {text}. The listing quotes no reviews.", ("rating",))
        if text
        else None
    )


def unnamed(text: str, title: str) -> str:
    """A sentence of a product without its name, where that was said just before."""
    bare = text.removeprefix(f"{title}: ").replace(f"The listing for {title}", "The listing", 1)
    return bare[:1].upper() + bare[1:]


def _unsaid(
    products: Sequence[Product], left: Sequence[Asked], several: Sequence[Asked]
) -> list[str]:
    """That listings don't answer questions: those that ask for a feature in one sentence."""
    features = [a.feature for a in left if a.feature]
    made = [_silence(products, f" anything about {joined(features, 'or')}")] if features else []
    for asked in left:
        if asked.feature:
            continue
        if _OPINION.search(asked.text):
            made.append(_silence(products, " anything about ratings"))
        elif len(several) > 1:
            made.append(_silence(products, f" “{shortened(asked.text)}”"))
        else:
            groups: dict[str, list[Product]] = {}
            for p in products:
                groups.setdefault(_topic(p, asked), []).append(p)
            made += [_silence(g, f" anything about {t}" if t else "") for t, g in groups.items()]
    return made


def _silence(products: Sequence[Product], about: str) -> str:
    if len(products) == 1:
        return f"The listing for {products[0].title} doesn't say{about}."
    names = joined(list(dict.fromkeys(short_title(p) for p in products)))
    return f"The listings for {names} don't say{about}."


def _topic(product: Product, asked: Asked) -> str:
    """The field a question is about, empty where only the shopper's own words would name it."""
    fields = _fields_asked(product, asked)
    if not fields and all(w in SYNONYMS or quality_of(w) is not None for w in asked.content):
        fields = [f for w in asked.words for f in SYNONYMS.get(w, ())[:1]]
    return field_name(fields[0]) if fields else ""


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
        name = field_name(field)
        yes = product.attributes[field] is True
        same = {*tokens(name)} <= {*asked} or any(field in SYNONYMS.get(w, ()) for w in asked)
        if yes and not same:
            weaker = next((w for w in asked if w in _ONE_WAY and field in _NEAR[w]), "")
            return f"{name}: yes; it doesn't say “{weaker}”" if weaker else f"{name}: yes"
        return f"yes, {name}" if yes else f"{name}: no"
    if field == "stock":
        return value
    return f"{field_name(field)} {value}"


def _fields_asked(product: Product, asked: Asked) -> list[str]:
    """Fields whose name, usual question word or value the question uses, best first."""
    words, content = asked.words, asked.content
    if asked.feature and len(content) > 1:
        return _fields_of_feature(product, content)
    if is_open(asked.text) and (named := _partly_named(product, content)):
        return named
    fields: list[str] = []
    for word in (w for w in words if w not in asked.attributive):
        fields += [f for f in SYNONYMS.get(word, ()) if f in product.attributes or f in _BUILTIN]
    for name, value in product.attributes.items():
        if all(w in words for w in tokens(field_name(name))):
            fields.insert(0, name)
        elif not isinstance(value, bool) and any(
            {*tokens(w)} & {*words} - ASIDE for w in attribute_words(value)
        ):
            fields.append(name)
    fields += [f for f in _BUILTIN if f in words]
    near = [f for w in words for f in (*_NEAR.get(w, ()), *(n for n, _ in telling(w)))]
    fields += [f for f in near if f in product.attributes]
    return list(dict.fromkeys(fields or _fields_of_feature(product, content)))


def _partly_named(product: Product, content: Sequence[str]) -> list[str]:
    """The fields that have a word of an open question in their name: the boil time of "to boil"."""
    telling_words = [c for c in content if quality_of(c) is None]
    return [
        name
        for name in product.attributes
        if any(kindred(c, n) for c in telling_words for n in tokens(field_name(name)))
    ]


def _fields_of_feature(product: Product, content: Sequence[str]) -> list[str]:
    """The fields that have a feature of several words in their name, or what it is named after and
    the rest in their value: "brass buckle" is told by the buckle, "noise cancelling" not by the noise.
    """
    fields = []
    for name, value in product.attributes.items():
        own = tokens(field_name(name))
        held = (
            []
            if isinstance(value, bool)
            else [t for w in attribute_words(value) for t in tokens(w)]
        )
        if content and (
            all(any(kindred(c, o) for o in (*own, *held)) for c in content)
            or (content[-1] == own[-1] and {*own} <= {*content})
        ):
            fields.append(name)
    return fields


def _like(word: str, others: Sequence[str]) -> str:
    """The one of some words that says what a word asks: "quiet" of "silent", "warmth" of "warm"."""
    alike = {w for group in _ALIKE if word in group for w in group}
    return next((o for o in others if kindred(word, o) or o in alike), "")


def _all_like(content: Sequence[str], words: Sequence[str]) -> list[str]:
    """The words that say all that is asked, also written as one ("armrest"); none where one is not."""
    whole = _like("".join(content), words) if len(content) == 2 else ""
    found = [whole] if whole else [_like(c, words) for c in content]
    return found if all(found) else []


def _named_so(product: Product, asked: Asked) -> str:
    """The words of the title that say all that is asked for."""
    written = [w.strip(",.;:()") for w in product.title.split()]
    found = {*_all_like(asked.content, tokens(product.title))}
    return " ".join(dict.fromkeys(w for w in written if {*tokens(w)} & found))


def _quote(product: Product, asked: Asked) -> str:
    """The first sentence that says all that is asked, or tells the field asked for; the words of the
    product's own name say nothing.
    """
    named = {*tokens(product.title), *tokens(product.type or "")}
    content = [c for c in asked.content if c not in named]
    fields = [f for w in asked.words for f in (w, *SYNONYMS.get(w, ()))]
    tellers = [t for f in fields for t in _TOLD_BY.get(f, ())]
    for sentence, words in sentences_of(product):
        if _all_like(content, words) or any(t in words for t in tellers):
            return sentence
    return ""
