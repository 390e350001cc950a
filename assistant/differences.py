"""How items differ: a table of what differs and matters, and a verdict that says for whom which is better."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from assistant.passages import sentences_of
from assistant.phrasing import field_name, field_text, joined, short_title
from assistant.rank import wish_field
from assistant.reader.english import FUNCTION_WORDS, REQUEST_WORDS, frequent_words
from assistant.reader.qualities import SUPERLATIVE, quality_compared
from assistant.reasons.shown import gap_between
from assistant.reasons.wording import extreme_of, sentence
from assistant.reply import Difference
from catalog.constraint import TEXT, WISH, Constraint, numeric_value
from catalog.lexicon import MATERIALS
from catalog.product import Product
from catalog.text import tokens
from catalog.verdict import Verdict, judge
from catalog.wording import listing_tokens

MAX_ROWS: Final = 8
NOBODY_AHEAD: Final = "Nothing the listings state puts one ahead."
_LONGEST: Final = 80
_LEFT_OUT: Final = frozenset(
    {"type", "category", "image", "aliases", "keywords", "tags", "url", WISH, TEXT}
)
_ORDINALS: Final = ("first", "second", "third", "fourth")
_NOT_STATED: Final = "not stated"
_FEW_REVIEWS: Final = 5
_Lead = tuple[str, str]
"""Whom something speaks for ("if quiet matters most"), and what ("58 dB against 61 dB")."""


_ASKED_MOST: Final = re.compile(
    r"\b(?:which|what|who)\b.*?\b(?P<most>(?:most|least)\s+(?P<by>[a-z][a-z'-]+)|[a-z]{3,}iest|(?<=\bthe\s)[a-z]{3,}est)\b"
)


_ASKED_MORE: Final = re.compile(
    r"\b(?:which|what)\b.*?\b(?:is|are|looks?|feels?|seems?|be)\s+(?:a\s+(?:bit|lot|little)\s+|much\s+)?"
    r"(?P<more>(?:more|less)\s+(?P<by>[a-z][a-z'-]+)|(?P<er>[a-z]{3,}er))(?:\s+(?:to|for|on|in)\b.*|\s+of\s+the\s+\w+)?\W*$"
)


_NO_COMPARISON: Final = MATERIALS | {"better", "other"}
_APART: Final = re.compile(r"\bdiffer(?:s|ences?|ent|ently)?\b|\bsame\b|\balike\b|\bidentical\b")
MAX_TOLD_APART: Final = 3
"""Fields in which items are said to differ; more are in the table alone."""


def compare(
    products: Sequence[Product], constraints: Sequence[Constraint]
) -> tuple[tuple[Difference, ...], str]:
    """At most eight rows of the fields that differ, those the shopper asked about first, then price
    and rating; and a verdict in one line, which is only as good as what all the records state.
    """
    measured = {w: m for w in constraints if (m := wish_field(w, products)) is not None}
    cared = [m[0] for m in measured.values()] + [c.field for c in constraints]
    named = [n for p in products for n in p.attributes]
    order = dict.fromkeys([*cared, "price", "rating", "brand", *_telling(named, products), "stock"])
    rows = []
    for name in order:
        values = tuple(field_text(p, name) for p in products)
        if name in _LEFT_OUT or len(set(values)) < 2 or any(len(v) > _LONGEST for v in values):
            continue
        rows.append(Difference(field_name(name), tuple(v or _NOT_STATED for v in values)))
    return tuple(rows[:MAX_ROWS]), _verdict(products, constraints, measured)


def asks_apart(question: str) -> bool:
    """Whether it asks how items differ, or whether they do, rather than which is better."""
    return _APART.search(question.lower()) is not None


def told_apart(question: str, products: Sequence[Product], rows: Sequence[Difference]) -> str:
    """In what items differ: the fields that all state, and where those are few what the text of each
    says that the others don't. Empty where what differs is stated of some only.
    """
    stated = [r for r in rows if _NOT_STATED not in r.values and r.label != "stock"]
    if len(stated) == 1:
        told = [f"They differ in {stated[0].label}: {' against '.join(stated[0].values)}."]
    else:
        told = (
            [f"They differ in {joined([r.label for r in stated[:MAX_TOLD_APART]])}."]
            if stated
            else []
        )
    if len(stated) < MAX_TOLD_APART:
        titles = _titles(products)
        quotes = [(titles[p.id], _own_words(question, p, products)) for p in products]
        told += [f"Of {title} the listing says “{quote}”" for title, quote in quotes if quote]
    if not told and not rows:
        alike = len({p.title for p in products}) == 1
        return f"By their listings {'they are the same' if alike else 'only their names differ'}."
    return " ".join(told)


def _own_words(question: str, product: Product, products: Sequence[Product]) -> str:
    """The sentence of a description with most words that no other listing has, those asked for first."""
    others = {t for p in products if p is not product for t in listing_tokens(p)}
    aside = FUNCTION_WORDS | {*tokens(product.title)}
    asked = {*tokens(question)} - FUNCTION_WORDS - REQUEST_WORDS
    scored = [
        (
            len({*words} & asked),
            len({w for w in words if len(w) > 3} - others - aside),
            -n,
            sentence,
        )
        for n, (sentence, words) in enumerate(sentences_of(product))
    ]
    best = max(scored, default=(0, 0, 0, ""))
    return best[3] if best[1] else ""


def named_of(question: str, products: Sequence[Product], other: Mapping[str, Sequence[str]]) -> str:
    """What each states of the attributes that a question names, by their own names or by one of
    ``other`` words for them: ``"The same weight: 290 g."``; empty where it names none that all state.
    """
    said = {w for t in tokens(question) for w in (t, *other.get(t, ()))}
    told = []
    for name in products[0].attributes:
        values = [field_text(p, name) for p in products]
        if not {*tokens(field_name(name))} <= said or not all(values):
            continue
        each = ", ".join(
            f"{t} {v}" for t, v in zip(_titles(products).values(), values, strict=True)
        )
        same = len(set(values)) == 1
        told.append(
            f"The same {field_name(name)}: {values[0]}."
            if same
            else f"{sentence(field_name(name))}: {each}."
        )
    return " ".join(told)


def unmeasured(question: str, products: Sequence[Product]) -> str | None:
    """What is asked for by a superlative or a comparison no field of these products tells ("the most
    comfy", "the comfiest", "harder"), None where nothing is, or a field does.
    """
    asked = _ASKED_MOST.search(question.lower())
    if asked is None:
        return _uncompared(question.lower(), products)
    if SUPERLATIVE.search(asked[0]):
        return None
    word = asked["by"] or asked["most"]
    fields = {t for p in products for name in p.attributes for t in tokens(field_name(name))}
    return None if {*tokens(word)} & fields else f"the {asked['most']}"


def _uncompared(question: str, products: Sequence[Product]) -> str | None:
    asked = _ASKED_MORE.search(question)
    if (
        asked is None
        or asked["more"] in _NO_COMPARISON
        or quality_compared(asked["more"]) is not None
    ):
        return None
    word = asked["by"] or next(iter(_plain_forms(asked["er"]) & {*frequent_words()}), "")
    fields = {t for p in products for name in p.attributes for t in tokens(field_name(name))}
    return asked["more"] if word and not {*tokens(word)} & fields else None


def _plain_forms(comparative: str) -> set[str]:
    """What an adjective in -er may be made from: "harder" from hard, "comfier" from comfy."""
    stem = comparative.removesuffix("er")
    doubled = stem[:-1] if stem[-1:] == stem[-2:-1] else stem
    return {stem, f"{stem}e", f"{stem.removesuffix('i')}y", doubled} - {""}


def _telling(names: Sequence[str], products: Sequence[Product]) -> list[str]:
    """Attributes, those that every product states first: a gap beside a value tells little."""
    return sorted(dict.fromkeys(names), key=lambda n: sum(n not in p.attributes for p in products))


def _verdict(
    products: Sequence[Product],
    constraints: Sequence[Constraint],
    measured: Mapping[Constraint, tuple[str, int]],
) -> str:
    """For whom which is better: the shopper's own wishes first, then price and rating."""
    said: dict[str, list[_Lead]] = {}
    for c in constraints:
        if c not in measured and (only := _only_match(products, c)) is not None:
            said.setdefault(only.id, []).append((f"“{c.words[0]}”", field_text(only, c.field)))
    ways: dict[str, tuple[str, int]] = {}
    for c, (name, direction) in measured.items():
        ways.setdefault(name, (f"“{c.words[0]}”", direction))
    ways.setdefault("price", ("the price", -1))
    ways.setdefault("rating", ("what buyers say", 1))
    for name, (whom, direction) in ways.items():
        winner = _ahead(products, name, direction)
        if winner is not None:
            said.setdefault(winner.id, []).append((whom, _lead(winner, products, name, direction)))
    if not said:
        return NOBODY_AHEAD
    titles = _titles(products)
    told = "; ".join(
        f"for {joined([whom for whom, _ in leads])}: {titles[best]} ({'; '.join(t for _, t in leads)})"
        for best, leads in said.items()
    )
    return f"{told[:1].upper()}{told[1:]}."


def _titles(products: Sequence[Product]) -> Mapping[str, str]:
    """What to call each: its short title, unless that does not tell them apart."""
    short = {p.id: short_title(p) for p in products}
    if len(set(short.values())) == len(short):
        return short
    return {p.id: f"{p.title} (the {o})" for p, o in zip(products, _ORDINALS, strict=False)}


def _only_match(products: Sequence[Product], c: Constraint) -> Product | None:
    """The one product whose record meets a soft demand that the records of all others break."""
    if c.hard or c.field in _LEFT_OUT or not c.words:
        return None
    verdicts = [judge(p, c) for p in products]
    met = [p for p, v in zip(products, verdicts, strict=True) if v is Verdict.MATCH]
    if len(met) != 1 or verdicts.count(Verdict.VIOLATION) != len(products) - 1:
        return None
    return met[0] if field_text(met[0], c.field) else None


def _ahead(products: Sequence[Product], field: str, direction: int) -> Product | None:
    """The one product ahead of all others in a field that each states in the same unit."""
    values = [numeric_value(p, field) for p in products]
    known = [v for v in values if v is not None]
    if len(known) < len(products) or len({unit for _, unit in known}) > 1:
        return None
    if field == "rating" and any((p.review_count or 0) < _FEW_REVIEWS for p in products):
        return None
    numbers = [v for v, _ in known]
    best = max(numbers) if direction > 0 else min(numbers)
    winners = [p for p, v in zip(products, numbers, strict=True) if v == best]
    return winners[0] if len(winners) == 1 else None


def _lead(winner: Product, products: Sequence[Product], field: str, direction: int) -> str:
    """``"58 dB against 61 dB"``, ``"$9 less"``; among more than two the superlative."""
    others = [p for p in products if p is not winner]
    value = field_text(winner, field)
    if len(others) > 1:
        return f"{value}, the {extreme_of(field, direction)}"
    gap = gap_between(winner, others[0], field)
    if field == "price" and gap is not None:
        return f"{gap} {'less' if direction < 0 else 'more'}"
    return f"{value} against {field_text(others[0], field)}"
