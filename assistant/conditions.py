"""What an order about shown items says beside naming them: how many of each, how many after all,
and on what condition.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from assistant import items
from assistant.phrasing import field_name, field_text, joined, short_title
from assistant.reader import Context, read
from assistant.reader.counts import PLACED, Lot
from assistant.reader.references import ORDINALS
from assistant.stated import answer
from catalog.constraint import TEXT, WISH, Constraint
from catalog.product import Product
from catalog.text import tokens
from catalog.verdict import Verdict, judge
from catalog.wording import listing_tokens
from retrieval.vocabulary import Vocabulary

_TO_BE: Final = (
    r"(?:is|are|has|have|comes?\s+with|comes?\s+in|works?\s+with|fits?|does|do|can|will|says?)\b"
)
_STOP: Final = (
    r"(?=\s*(?:$|[,.;!?]|\b(?:and|then)\s+(?:add|put|take|pop|buy|order|i)\b"
    r"|\b(?:in|into|to)\s+(?:my|the)\s+(?:cart|basket|trolley|bag)\b|\bplease\b))"
)
_IF: Final = re.compile(rf"\b(?:only\s+)?(?:if|provided|as\s+long\s+as)\s+(?P<what>.+?){_STOP}")
_COURTESY: Final = re.compile(
    r"(?:possible|you\s+(?:can|could|please|like|want|don'?t\s+mind)|i\s+(?:may|can)|(?:that'?s|it'?s|that\s+is)\s+(?:ok|okay|fine|possible|alright)|need\s+be|any|anything)\b"
)
_IF_YES: Final = re.compile(
    r"(?:yes|so|true|(?:it|they|that)\s+(?:does|do|is|are|has|have|can)|that'?s\s+(?:the\s+case|so|true))$"
)
_THAT: Final = re.compile(
    r"\b(?:ones?|of\s+(?:these|those|them)|\w+est|cheap\w*|expensive)\s+"
    rf"(?P<what>(?:that|which)(?:'s\b|\s+{_TO_BE})?\s+.+?|with\s+(?!the\b).+?){_STOP}"
)
_ASKS: Final = re.compile(rf"\b{_TO_BE}\s+(?:it|they|this|that)\b[^,.?!;]*")
_SUBJECT: Final = re.compile(
    r"^(?:that|which|it|they|this|these|the\s+\w+\s+one)?(?:'s|\s*\b(?:is|are|has|have|does|do|comes?))?\b\s*"
    r"(?:it\s+|they\s+)?(?:(?:have|come\s+with)\s+)?(?P<rest>.*)$"
)


@dataclass(frozen=True, slots=True)
class Condition:
    """What an item must be or have to be ordered, in the words of the order."""

    words: str
    chooses: bool
    """Whether it tells which is meant ("the cheapest that has a lid"), rather than whether ("if")."""
    asked: bool = False
    """Whether it was a question before, which has its answer ("if yes")."""


def condition_of(text: str, question: str = "") -> Condition | None:
    """The condition of an order; ``question`` is what was asked before, which "if yes" means."""
    said = text.lower()
    if found := _IF.search(said):
        if _COURTESY.match(found["what"]):
            return None
        asked = _IF_YES.match(found["what"]) is not None
        own = _ASKS.search(said[: found.start()])
        words = _asked(own[0] if own else question.lower()) if asked else found["what"]
        return Condition(words, chooses=False, asked=asked) if words else None
    found = _THAT.search(said)
    return Condition(found["what"], chooses=True) if found else None


def _asked(question: str) -> str:
    """The part of a question that asks: "that one, does it have a lid?"."""
    return re.split(rf"(?=\b{_TO_BE}\s+(?:it|they|this|that)\b)", question)[-1].strip(" ?.!")


def demands_of(product: Product, condition: Condition, vocabulary: Vocabulary) -> list[Constraint]:
    """What a condition asks of a product."""
    kinds = frozenset({" ".join(tokens(product.type))} if product.type else ())
    asked = read(_bare(condition), vocabulary, Context(kinds, has_wants=True)).constraints
    # "for indoor cats" of a cat food asks nothing of its kind
    return [c for c in asked if c.field != "type" or (c.op.negative or not _others(c, asked))]


def _bare(condition: Condition) -> str:
    found = _SUBJECT.match(condition.words)
    return found["rest"] if found else condition.words


def borne_out(product: Product, demands: Sequence[Constraint]) -> Verdict:
    """Whether the record bears out all that a condition asks."""
    verdicts = {_meets(product, c) for c in demands} or {Verdict.UNKNOWN}
    worst = (Verdict.VIOLATION, Verdict.UNKNOWN, Verdict.MATCH)
    return next(v for v in worst if v in verdicts)


def told_of(product: Product, condition: Condition, demands: Sequence[Constraint]) -> str:
    """What the record says to a condition, or that it says nothing."""
    title = short_title(product)
    if borne_out(product, demands) is Verdict.UNKNOWN:
        return f"The listing for {title} doesn't say “{_bare(condition)}”."
    said = answer(product, _bare(condition))
    stated = [f"{field_name(c.field)} {t}" for c in demands if (t := field_text(product, c.field))]
    if said.fields or not stated:
        return said.text
    return f"{title}: {joined(list(dict.fromkeys(stated)))}."


def _others(constraint: Constraint, asked: Sequence[Constraint]) -> bool:
    return any(c is not constraint and c.field != "type" for c in asked)


def _meets(product: Product, demand: Constraint) -> Verdict:
    """What the record says to a demand; to one in words, first the yes or no they are the name of."""
    if demand.field not in (TEXT, WISH, "type") or not demand.words:
        return judge(product, demand)
    words = {t for w in demand.words for t in tokens(w)} - {"a", "an", "the", "with"}
    flags = [
        value
        for name, value in product.attributes.items()
        if isinstance(value, bool) and words and words <= {*tokens(name.replace("_", " "))}
    ]
    if flags:
        return Verdict.MATCH if flags[0] is not demand.op.negative else Verdict.VIOLATION
    if demand.op.negative:
        return judge(product, demand)
    return judge(product, Constraint(TEXT, demand.op, demand.words, span=demand.span))


def meant_by(words: str, among: Sequence[Product]) -> Product | None:
    """The one product that a place or a name points at; None where it is none or several."""
    if placed := PLACED.fullmatch(words):
        at = ORDINALS.get(placed["nth"]) or int(placed["nth"])
        at = at - 1 if at > 0 else len(among) + at
        return among[at] if 0 <= at < len(among) else None
    hits = exactly(words, [p for p in among if items.carries_all(p, _name(words))])
    if hits:
        return hits[0] if len(hits) == 1 else None
    title, told, feature = words.partition(" with ")
    of_name = [p for p in among if told and items.carries_all(p, _name(title))]
    having = [p for p in of_name if _name(feature) <= {*listing_tokens(p)}]
    return having[0] if len(having) == 1 else None


def _name(words: str) -> set[str]:
    return {w for w in tokens(words) if w not in items.ASIDE}


def exactly(words: str, products: Sequence[Product]) -> list[Product]:
    """Of products that carry some words those whose title has them as they are spelled ("grapes",
    not "grape leaves"), if any has.
    """
    said = {w for w in re.findall(r"[\w'-]+", words.lower()) if _name(w)}
    spelled = [p for p in products if said <= {*re.findall(r"[\w'-]+", p.title.lower())}]
    return spelled or list(products)


def lots_meant(lots: Sequence[Lot], shown: Sequence[Product]) -> list[tuple[Product, int]]:
    """The products of an order of several, each with its own quantity; empty unless each is one."""
    meant = [(meant_by(lot.words, shown), lot.count) for lot in lots]
    found = [(p, n) for p, n in meant if p is not None]
    return found if len({p.id for p, _ in found}) == len(lots) else []
