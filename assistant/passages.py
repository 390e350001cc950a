"""What of a record comes nearest to a question asked in other words: "can you dim it" is answered by
"dimmable: no", "do they keep water out" by the sentence that says waterproof.

Meaning is compared by the embedder; told is only what the record states, word for word.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from assistant.phrasing import field_name, field_text
from assistant.reader.references import NTH
from catalog.constraint import numeric_value
from catalog.product import Product
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
_REFERRED: Final = re.compile(
    rf"\b(?:the\s+)?(?:{NTH}|number\s+\d+|last)\s*(?:one|card|item|product)?\b|\b(?:any|which|all|one)\s+of\s+(?:these|those|them)\b",
    re.IGNORECASE,
)
_PARTS: Final = re.compile(
    r"[?.!;]+\s*(?:and\s+)?|,?\s+and\s+(?=(?:also\s+)?(?:is|are|does|do|can|could|will|would|has|have|how|what|when|where|who)\b)",
    re.IGNORECASE,
)
_MAX_PARTS: Final = 4
_LOOKING: Final = re.compile(
    r"(?:and\s+)?(?:are\s+there|is\s+there\s+(?:one|another)|do\s+you|have\s+you|got\s+any)\b",
    re.IGNORECASE,
)


def encoder(embedder: Embedder) -> Encode | None:
    """What compares meanings, None for an embedder the limits were not found for."""
    return embedder.encode if embedder.name in (MINILM, SHOP_MINILM) else None


def question_parts(text: str) -> list[str]:
    """The first few questions of an utterance about an item, in order; what looks for other items is
    none.
    """
    parts = [p.strip(" ,") for p in _PARTS.split(text)]
    asked = [p for p in parts if len(p.split()) > 1 and not _LOOKING.match(p)]
    return asked[:_MAX_PARTS]


def nearest(product: Product, question: str, encode: Encode) -> tuple[str, str] | None:
    """(statement, field) of what the record says nearest to a question, None where nothing is near.

    The field of a sentence of the description is ``"description"``.
    """
    fields = {_stated(n, t): n for n in product.attributes if (t := field_text(product, n))}
    clauses = _clauses(product.description)
    texts = [*fields, *clauses]
    if not texts:
        return None
    vectors = encode([_REFERRED.sub("it", question), *texts])
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
    vectors = encode([_REFERRED.sub("it", question), *stated])
    near, told = max(zip((vectors[1:] @ vectors[0]).tolist(), stated, strict=True))
    return stated[told] if near >= _FIELD else None


def _stated(name: str, text: str) -> str:
    return f"{field_name(name)}: {text}" if text in ("yes", "no") else f"{field_name(name)} {text}"


def _clauses(description: str) -> dict[str, str]:
    """Clauses, each with its sentence (thirty words of it)."""
    made: dict[str, str] = {}
    for sentence in _SENTENCE.split(description):
        whole = " ".join(sentence.split()[:30])
        for clause in _CLAUSES.split(whole):
            if len(clause.split()) > 1 and len(made) < _MAX_CLAUSES:
                made.setdefault(clause, whole)
    return made
