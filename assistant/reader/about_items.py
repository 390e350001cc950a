"""Acts about particular items: what is asked of them, and the words that name them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from assistant.reader.leftovers import STOPS
from assistant.reader.utterance import Utterance
from catalog.constraint import TEXT, WISH, Constraint, Op
from catalog.text import tokens

_NOT_NAMES: Final = frozenset(
    """cart basket bag trolley wishlist wish list difference differ compare versus vs save add put order reorder usual better finished
    later favourite favorites similar alternative comparable remove delete bookmark take keep remember which between restock refill
    running low out ran sold deal done sorted settled""".split()
)  # fmt: skip
LIKENED: Final = re.compile(
    r"\bsame\s+(?:vein|lines|ilk|spirit)\b|\b(?:this|that)\s+(?:vein|ilk)\b|\balong\s+(?:these|those)\s+lines\b"
)
"""Ways of saying "like these" that name nothing."""
_ASKED: Final[tuple[tuple[str, re.Pattern[str]], ...]] = tuple(
    (field, re.compile(pattern))
    for field, pattern in (
        (
            "why",
            r"^\W*(?:\w+\s+){0,2}(?:why|how\s+come)\b|^\W*y\s+(?:u|you|did|do|is|are|r|this|that)\b|\bwhat\s+made\s+you\b",
        ),
        ("stock", r"\b(?:stock|available|availability)\b"),
        ("rating", r"\b(?:reviews?|ratings?|rated|stars)\b"),
        ("color", r"\bcolou?rs?\b"),
        ("material", r"\bmaterials?\b|\bmade\s+(?:of|from|out)\b"),
        ("brand", r"\bbrand\b|\bwho\s+makes\b"),
        ("weight", r"\bhow\s+heavy\b|\bweigh"),
        ("noise", r"\bhow\s+(?:loud|quiet|noisy)\b"),
        ("capacity", r"\bhow\s+much\b.*\bhold|\bcapacity\b|\bhow\s+big\b"),
        ("size", r"\bsizes?\b|\bhow\s+(?:big|large|tall|long|wide)\b"),
        (
            "price",
            r"\bpric(?:e|ey)\b|\bcosts?\b|\bexpensive\b|\bhow\s+much\s+(?:is|are|for)\b|^\W*how\s+much\W*$",
        ),
    )
)


_PRICE_ASKED: Final = re.compile(
    r"\bhow\s+much\s+(?:is|are|for|would|will|do|does|in\s+all|altogether)\b(?!.*\b(?:hold|weigh))|\bhow\s+much\W*$"
    r"|\bwhat(?:'s|\s+is|\s+would|\s+will)?\b.*\b(?:costs?|prices?|total|come\s+to)\b"
)


_TOTAL_ASKED: Final = re.compile(
    r"(?:\bhow\s+much\b[^.?!;]*?\b(?:al+\s*together|together|in\s+total|in\s+all|total|(?:costs?|is|are|for)\s+(?:it\s+)?(?:all|everything))\b"
    r"|\bwhat(?:'?s|\s+is)\s+(?:the|my)\s+(?:\w+\s+)?(?:sub)?total\b"
    r"|\bwhat\s+(?:does|do|will|would)\s+(?:it|that|this|they|everything)\s+(?:all\s+)?(?:come|add\s+up)\s+to\b)"
    r"(?!\s+(?!(?:price|cost|amount|sum|then|now|please|pls|so|far|for|in|with|and)\b)\w)"
    r"|^\W*(?:the\s+|my\s+)?(?:sub)?total(?:\s+(?:price|cost|please|so\s+far|then))?\W*$|\bwhat\s+do\s+i\s+owe\b"
)
"""What everything comes to, and no other measure in total ("the total weight")."""


def item_named(u: Utterance, constraints: Sequence[Constraint]) -> str:
    """The words that may name an item: its terms and what nothing else read."""
    named = [
        c.span
        for c in constraints
        if c.field in ("brand", "type", "color") and c.op in (Op.EQ, Op.CONTAINS)
    ]
    left = [u.span(a, b) for a, b in u.unread_runs(STOPS)]
    idle = _NOT_NAMES.union(*(m.group().split() for m in LIKENED.finditer(u.lower)))
    kept = [" ".join(w for w in run.split() if not idle & {w.lower(), *tokens(w)}) for run in left]
    return " ".join(dict.fromkeys(w for w in (*named, *kept) if w)).strip()


def question_asked(u: Utterance, constraints: Sequence[Constraint]) -> str | None:
    """The field asked about, then the words of the question that may name one."""
    asked = fields_asked(u.lower)
    asked += [c.words[0] for c in constraints if c.field == WISH]
    asked += [c.span for c in constraints if c.field not in (WISH, TEXT)]
    asked += [u.span(a, b) for a, b in u.unread_runs(STOPS)]
    return " ".join(dict.fromkeys(asked)) or None


def fields_asked(text: str) -> list[str]:
    """The fields that the words of a question ask after, and ``"why"``; ``text`` in lower case."""
    return [name for name, pattern in _ASKED if pattern.search(text)]


def asks_price(text: str) -> bool:
    """Whether it asks what something costs: "how much is that", "what do they come to"."""
    return _PRICE_ASKED.search(text.lower()) is not None


def asks_total(text: str) -> bool:
    """Whether it asks what everything comes to: "how much is that altogether", "what's the total"."""
    return _TOTAL_ASKED.search(text.lower()) is not None
