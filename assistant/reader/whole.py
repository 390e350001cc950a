"""Whether an utterance is nothing but what the catalogue knows by name, limits, and small words."""

from __future__ import annotations

import re
from typing import Final

from assistant.intent import Act, Intent, Op
from assistant.reader.english import FUNCTION_WORDS
from assistant.reader.foreign import to_english
from assistant.reader.qualities import quality_of
from catalog.constraint import TEXT, WISH
from catalog.text import tokens

_SUMS: Final = frozenset({"price", "stock", "discount"})
"""Fields whose numbers are told from any other."""
_SENTENCES: Final = re.compile(r"[.!?;]\s|[!?]$")


def wholly_read(intent: Intent) -> bool:
    """Whether the reader's reading leaves no word of a search open: "trainers not white in stock",
    "Sonnenschirm nicht rot". A word that may also be a quality ("light") leaves it open.
    """
    if intent.act is not Act.SEARCH or intent.before or intent.cleared or intent.unread:
        return False
    if intent.sort or intent.references or intent.comparatives or intent.notes:
        return False
    known = [c for c in intent.constraints if c.field not in (WISH, TEXT)]
    kinds = [c for c in known if c.field == "type"]
    named = any(c.op is Op.EQ for c in kinds) and all(c.op in (Op.EQ, Op.NE) for c in kinds)
    certain = all(
        c.hard and quality_of(c.span) is None and (c.number is None or c.field in _SUMS)
        for c in known
    )
    if not named or not certain or len(known) < len(intent.constraints):
        return False
    rewritten = to_english(intent.text)
    said = tokens(rewritten[0] if rewritten else intent.text)
    read = {t for c in known for t in tokens(c.span)} | FUNCTION_WORDS
    return {*said} <= read and _SENTENCES.search(intent.text) is None
