"""Whether a product meets what a shopper demands.

:func:`judge` is the reference semantics of every filter. ``retrieval.verdicts``
answers the same question for a whole catalogue at once and is tested against it.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from math import inf
from typing import Final

from catalog.constraint import (
    PRODUCT_FIELDS,
    TEXT,
    WISH,
    Constraint,
    Op,
    numeric_value,
    told_by_size,
    told_by_some,
    type_names,
)
from catalog.lexicon import IMPLIED
from catalog.product import Product, attribute_words
from catalog.text import find_run, tokens
from catalog.units import to_base
from catalog.wording import (
    BREAK,
    contrary_words,
    fakes_of,
    holds,
    kinds_filed,
    listing_tokens,
    mentions,
    others_of,
    runs_of,
    text_words,
    told_words,
    wanted_words,
)


class Verdict(StrEnum):
    """Whether a product meets a constraint; unknown is neither a match nor a violation."""

    MATCH = "match"
    UNKNOWN = "unknown"
    VIOLATION = "violation"


_ORDER: Final = (Verdict.MATCH, Verdict.UNKNOWN, Verdict.VIOLATION)


def judge(product: Product, constraint: Constraint) -> Verdict:
    """Whether ``product`` meets ``constraint``.

    A field the product lacks is looked for in its title and description: a
    mention counts as a match (or, under a negative operator, a violation) and
    silence as unknown (a brand asked for that is named nowhere: as a violation). Numbers are never read out of prose here. A product with
    variants does as well as the best of them (all demands at once: :func:`judge_all`).
    """
    if constraint.field in PRODUCT_FIELDS:
        return _judge(product, constraint)
    return _best(_judge(offer, constraint) for offer in product.offers())


def judge_all(product: Product, constraints: Iterable[Constraint]) -> Verdict:
    """Whether ``product`` meets every hard constraint; of its variants, one must meet them all.

    "In 42, under 60 €, in stock" is not met by a shoe whose 42 costs 70 € and whose 41 costs 50 €.
    """
    hard = [c for c in constraints if c.hard]
    of_all = [_judge(product, c) for c in hard if c.field in PRODUCT_FIELDS]
    rest = [c for c in hard if c.field not in PRODUCT_FIELDS]
    if not rest:
        return _worst(of_all)
    return _worst(
        [*of_all, _best(_worst(_judge(offer, c) for c in rest) for offer in product.offers())]
    )


def _best(verdicts: Iterable[Verdict]) -> Verdict:
    return min(verdicts, key=_ORDER.index)


def _worst(verdicts: Iterable[Verdict]) -> Verdict:
    return max(verdicts, key=_ORDER.index, default=Verdict.MATCH)


def _judge(product: Product, constraint: Constraint) -> Verdict:
    verdict = _stated(product, constraint)
    if verdict is Verdict.UNKNOWN and (words := contrary_words(constraint)):
        title = tokens(product.title)
        if _filed(product, words) or any(mentions(title, w) for w in words):
            return Verdict.VIOLATION
    return verdict


def _filed(product: Product, words: Iterable[str]) -> bool:
    """Whether the type or a shelf of one kind of thing says one of the words."""
    held = [tokens(name) for name in kinds_filed(type_names(product))]
    return any(find_run(h, run) >= 0 for w in words for run in runs_of(w) for h in held)


def _stated(product: Product, constraint: Constraint) -> Verdict:
    field = constraint.field
    if field == WISH:
        return Verdict.UNKNOWN
    if field == TEXT:
        return _judge_text(product, constraint)
    if field in ("type", "category"):
        return _judge_type(product, constraint)
    number = constraint.number
    if number is not None:
        return _judge_number(product, constraint, number)
    value = product.brand if field == "brand" else product.attributes.get(field)
    if isinstance(constraint.value, bool):
        if not isinstance(value, bool):
            told = (v for f, v in telling(field) if product.attributes.get(f) is v)
            value = next(told, None)
        if value is None:
            return Verdict.UNKNOWN
        return _verdict((value == constraint.value) != constraint.op.negative)
    if value is None or value == () or value == "":
        return _judge_mention(product, constraint)
    held = attribute_words(value)
    others, fakes = others_of(constraint), fakes_of(constraint)
    hit = any(holds(h, w, others, fakes) for w in wanted_words(constraint) for h in held)
    return _verdict(hit != constraint.op.negative)


def telling(field: str) -> list[tuple[str, bool]]:
    """The yes/no attributes that answer for one a record lacks, each with the value that does:
    ``("water_resistant", False)`` says that nothing is waterproof.
    """
    weaker = [(w, False) for f, w in IMPLIED.items() if f == field]
    return weaker + [(f, True) for f, w in IMPLIED.items() if w == field]


def _judge_mention(product: Product, constraint: Constraint) -> Verdict:
    words = listing_tokens(product)
    others, fakes = others_of(constraint), fakes_of(constraint)
    if any(mentions(words, w, others, fakes) for w in told_words(constraint)):
        return _verdict(not constraint.op.negative)
    return Verdict.VIOLATION if needs_naming(constraint) else Verdict.UNKNOWN


def needs_naming(constraint: Constraint) -> bool:
    """Whether silence is a no: who makes a thing of a brand asked for says so."""
    return constraint.field == "brand" and not constraint.op.negative


def _judge_text(product: Product, constraint: Constraint) -> Verdict:
    words = listing_tokens(product)
    for name, value in product.attributes.items():
        if value is True:
            words += [BREAK, *tokens(name)]
        elif value is not False:
            words += [BREAK, *(t for w in attribute_words(value) for t in tokens(w))]
    hit = any(mentions(words, w) for w in text_words(constraint))
    if constraint.op.negative:
        filed = _filed(product, text_words(constraint))
        return Verdict.VIOLATION if hit or filed else Verdict.MATCH
    if hit:
        return Verdict.MATCH
    flags = {n for n, v in product.attributes.items() if v is False}
    return Verdict.VIOLATION if denying(constraint, flags) else Verdict.UNKNOWN


_HAVING: Final = frozenset(
    {"port", "jack", "slot", "socket", "connector", "connection", "support", "included"}
)


def denying(constraint: Constraint, flags: Iterable[str]) -> list[str]:
    """The yes/no attributes that say, where they are False, that nothing of a demand on the text
    holds: "usb" by ``usb_port``, but "screen" not by ``touch_screen``. None for several words to choose from.
    """
    if constraint.op.negative or len(constraint.words) != 1:
        return []
    run = tokens(constraint.words[0])
    names = ((f, tokens(f)) for f in flags)
    return [f for f, n in names if n[: len(run)] == run and _HAVING.issuperset(n[len(run) :])]


def _judge_type(product: Product, constraint: Constraint) -> Verdict:
    """``=``: the type or a node of the category path is that phrase; ``contains``: or
    one of them contains it, or the title says it. A product that does neither is a violation.
    """
    exact = constraint.op in (Op.EQ, Op.NE)
    held = [tokens(t) for t in type_names(product)]
    hit = any(
        h == tokens(w) if exact else any(find_run(h, run) >= 0 for run in runs_of(w))
        for w in constraint.words
        for h in held
    )
    if not exact:
        title = tokens(product.title)
        hit = hit or any(mentions(title, w) for w in constraint.words)
    return _verdict(hit != constraint.op.negative)


def _judge_number(product: Product, constraint: Constraint, wanted: float) -> Verdict:
    held = numeric_value(product, constraint.field)
    if held is None and told_by_size(constraint):
        held = numeric_value(product, "size")
    if held is None and product.uncounted and told_by_some(constraint):
        held = (inf, None)
    if held is None:
        return Verdict.UNKNOWN
    value, unit = held
    if constraint.field == "price":
        if constraint.unit and unit and constraint.unit != unit:
            return Verdict.UNKNOWN
    elif constraint.unit:
        wanted, base = to_base(wanted, constraint.unit)
        if base != unit:
            return Verdict.UNKNOWN
    slack = 1e-6 * max(1.0, abs(wanted))
    if constraint.op is Op.LE:
        return _verdict(value <= wanted + slack)
    if constraint.op is Op.GE:
        return _verdict(value >= wanted - slack)
    if constraint.op is Op.LT:
        return _verdict(value < wanted - slack)
    if constraint.op is Op.GT:
        return _verdict(value > wanted + slack)
    return _verdict((abs(value - wanted) <= slack) != constraint.op.negative)


def _verdict(ok: bool) -> Verdict:
    return Verdict.MATCH if ok else Verdict.VIOLATION
