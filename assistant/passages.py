"""What of a record comes nearest to a question asked in other words: "can you dim it" is answered by
"dimmable: no", "do they keep water out" by the sentence that says waterproof.

Meaning is compared by the embedder; told is only what the record states, word for word.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from assistant.phrasing import field_name, field_text
from assistant.reader.english import FUNCTION_WORDS, REQUEST_WORDS
from assistant.reader.references import NTH
from catalog.constraint import numeric_value
from catalog.product import Product
from catalog.text import find_run, tokens
from retrieval.embedder import MINILM, SHOP_MINILM, Embedder, Matrix

Encode = Callable[[Sequence[str]], Matrix]
"""Texts to unit vectors, (n, dimension)."""

_FIELD: Final = 0.46
"""Cosine from which a field answers a question, found with ``_CLAUSE`` on 42 questions by hand: of 24
that a record answered 14 were told it, of 18 others two were told something (docs/experiments.md)."""
_CLAUSE: Final = 0.5
_MAX_CLAUSES: Final = 40
_SENTENCE: Final = re.compile(r"(?<=[.!?])\s+|\n")
_CLAUSES: Final = re.compile(r"[,;:]\s|\s(?:while|with|and|but|which|that)\s")
_THING: Final = r"(?:one|card|item|product)s?"
_REFERRED: Final = re.compile(
    rf"\bthe\s+(?:{NTH})\b(?:\s+{_THING}\b)?|\b(?:{NTH})\s+{_THING}\b|\b(?:the\s+)?(?:number\s+\d+|last\s+one)\b"
    r"|\b(?:any|which|all|one)\s+of\s+(?:these|those|them)\b",
    re.IGNORECASE,
)
_VERB: Final = r"(?:is|are|does|do|can|could|will|would|has|have|how|what|when|where|who)"
_PARTS: Final = re.compile(
    rf"(?:[?!;]|\.+(?=\s|$))+\s*(?P<more>and\s+)?|,?\s+and\s+(?=(?:also\s+)?{_VERB}\b)",
    re.IGNORECASE,
)
_MAX_PARTS: Final = 4
_LOOKING: Final = re.compile(
    r"(?:and\s+)?(?:are\s+there|is\s+there\s+(?:one|another)|do\s+you|have\s+you|got\s+any)\b",
    re.IGNORECASE,
)
_ASKING: Final = re.compile(rf"(?:^|,|\band)\W*(?:also\s+)?(?:{_VERB}|which|why)\b", re.IGNORECASE)
_REFUSED: Final = re.compile(r"\W*(?:no|not|never|forget|without|ignore|drop)\b", re.IGNORECASE)
_FRAGMENT: Final = 3
"""Words of what is asked for without a verb of its own: "and arm rests"."""
_FEATURE: Final = re.compile(
    r"\b(?:have|has|having|got|with|includ(?:e|es|ed|ing)|contains?|(?:is|are)\s+there)\s+(?:(?:it|they|this|that|these|those)\s+)?(?:got\s+)?"
    r"(?:(?:any|some|the|its\s+own)\s+)*(?P<what>(?!to\b)[a-z0-9][\w%'.,/+ -]*?)"
    r"(?:\s+(?:too|as\s+well|included|please|pls|or\s+not|at\s+all|though|(?:in|on|inside|with)\s+it|in\s+the\s+box))*\W*$",
    re.IGNORECASE,
)
"""What a thing is asked to have: "does it have a lid", "with palm rest?"."""
_OPEN: Final = re.compile(
    r"\W*(?:and\s+|so\s+)?(?:how|what|when|where|who|which|why)\b", re.IGNORECASE
)
_MOST_WORDS: Final = 5
_ENDINGS: Final = frozenset(
    """s es y th ness ing er r est ed d able ible ful ly ment ion ation proof resistant""".split()
)
"""What makes another word of the same meaning: "warm", "warmth"."""


def encoder(embedder: Embedder) -> Encode | None:
    """What compares meanings, None for an embedder the limits were not found for."""
    return embedder.encode if embedder.name in (MINILM, SHOP_MINILM) else None


def question_parts(text: str) -> list[str]:
    """The first few questions of an utterance about an item, in order: no statements beside them, no
    refusals, and nothing that looks for other items.
    """
    parts: list[str] = []
    asked: list[str] = []
    start, more = 0, False
    for end in [*_PARTS.finditer(text), None]:
        part = text[start : end.start() if end else len(text)].strip(" ,")
        mark = end is not None and "?" in end[0]
        if (len(part.split()) > 1 or (more and part)) and not _LOOKING.match(part):
            parts.append(part)
            if _ASKING.search(part) or mark or (asked and _is_fragment(part)):
                asked.append(part)
        if end is not None:
            start, more = end.end(), bool(end["more"])
    wanted = [p for p in asked if not _REFUSED.match(p)]
    return (wanted or asked or parts)[:_MAX_PARTS]


def _is_fragment(part: str) -> bool:
    words = tokens(part)
    return len(words) <= _FRAGMENT and not {*words} <= FUNCTION_WORDS | REQUEST_WORDS


def is_open(question: str) -> bool:
    """Whether yes or no is no answer to it: "how long is it"."""
    return _OPEN.match(question) is not None


def feature_asked(question: str) -> str:
    """What a thing is asked to have, in the shopper's words: "a keep-warm function"; empty where
    something else is asked.
    """
    if is_open(question):
        return ""
    found = _FEATURE.search(question)
    what = found["what"] if found else ""
    if not found and not _ASKING.search(question) and _is_fragment(question):
        what = question.strip(" ?!.,")
    known = {*tokens(what)} <= FUNCTION_WORDS
    return "" if known or len(what.split()) > _MOST_WORDS else what


def without_pointing(text: str, pointed: Sequence[str] = ()) -> str:
    """A question with "it" for the words that say which product it is about."""
    for words in sorted(pointed, key=len, reverse=True):
        said = rf"\b(?:(?:the|that|this)\s+)?{re.escape(words)}(?:\s+ones?)?(?!\w)"
        text = re.sub(said, "it", text, count=1, flags=re.IGNORECASE)
    return _REFERRED.sub("it", text)


def kindred(one: str, other: str) -> bool:
    """Whether two folded words are one, or one is made from the other: "warm" and "warmth"."""
    short, long = sorted((one, other), key=len)
    if short == long:
        return True
    doubled = short + short[-1:]
    if len(short) > 2 and long.startswith(doubled) and long[len(doubled) :] in _ENDINGS:
        return True
    stem = short.removesuffix("e")
    return len(stem) > 3 and long.startswith(stem) and long[len(stem) :] in _ENDINGS


def sentences_of(product: Product) -> list[tuple[str, list[str]]]:
    """The sentences of a description, thirty words of each, and their words without the title's."""
    title = tokens(product.title)
    made = []
    for sentence in _SENTENCE.split(product.description):
        words = tokens(sentence)
        if (at := find_run(words, title)) >= 0:
            del words[at : at + len(title)]
        made.append((" ".join(sentence.split()[:30]), words))
    return made


def nearest(product: Product, question: str, encode: Encode) -> tuple[str, str] | None:
    """(statement, field) of what the record says nearest to a question, None where nothing is near.

    What is asked whether it has, only what shares a word with it tells, and of a yes or no that goes
    for every question. The field of a sentence of the description is ``"description"``.
    """
    feature = feature_asked(question)
    asked = [t for t in tokens(feature or question) if t not in FUNCTION_WORDS]

    def tells(text: str) -> bool:
        return any(kindred(a, t) for a in asked for t in tokens(text))

    fields = {
        _stated(n, t): n
        for n, value in product.attributes.items()
        if (t := field_text(product, n))
        and (tells(field_name(n)) or not (feature or isinstance(value, bool)))
    }
    clauses = {c: s for c, s in _clauses(product).items() if not feature or tells(c)}
    texts = [*fields, *clauses]
    if not texts:
        return None
    vectors = encode([without_pointing(question), *texts])
    likeness = (vectors[1:] @ vectors[0]).tolist()
    told = max(zip(likeness, fields, strict=False), default=(0.0, ""))
    if told[0] >= _FIELD:
        return told[1], fields[told[1]]
    said = max(zip(likeness[len(fields) :], clauses, strict=True), default=(0.0, ""))
    if said[0] >= _CLAUSE:
        return f"the listing says “{clauses[said[1]]}”", "description"
    return None


def measure_asked(products: Sequence[Product], question: str, encode: Encode) -> str | None:
    """The numeric field that a question about several comes near to, as the first of them that states
    it does; None where none is near.
    """
    stated = {
        _stated(n, field_text(p, n)): n
        for p in reversed(products)
        for n in p.attributes
        if numeric_value(p, n) is not None
    }
    if not stated:
        return None
    vectors = encode([without_pointing(question), *stated])
    near, told = max(zip((vectors[1:] @ vectors[0]).tolist(), stated, strict=True))
    return stated[told] if near >= _FIELD else None


def _stated(name: str, text: str) -> str:
    return f"{field_name(name)}: {text}" if text in ("yes", "no") else f"{field_name(name)} {text}"


def _clauses(product: Product) -> dict[str, str]:
    """Clauses without the product's own name, each with its sentence (thirty words of it)."""
    made: dict[str, str] = {}
    title = re.compile(re.escape(product.title), re.IGNORECASE)
    for sentence in _SENTENCE.split(product.description):
        whole = " ".join(sentence.split()[:30])
        for clause in _CLAUSES.split(title.sub("", whole)):
            if len(clause.split()) > 1 and len(made) < _MAX_CLAUSES:
                made.setdefault(clause, whole)
    return made
