"""What a cell says of how many are left."""

from __future__ import annotations

import re
from typing import Final

from catalog.feeds.cells import read_count, says_sold_out
from catalog.feeds.mapping import normalised

_SOLD_OUT_NAMES: Final = ("out of stock", "sold out")
_TRUE: Final = frozenset({"true", "yes", "y", "ja", "oui", "si", "sí", "sì", "sim", "tak", "t"})
_FALSE: Final = frozenset({"false", "no", "n", "nein", "non", "nee", "nej", "nie", "não", "f"})


def pieces(column: str, text: str, *, flag: bool) -> int | None:
    """Pieces a cell says are left: 0 for none, None for an unstated number, -1 for fewer than none.

    ``flag``: the column says only whether there are any.
    """
    word = text.lower()
    negated = any(name in normalised(column) for name in _SOLD_OUT_NAMES)
    if flag or word in _TRUE | _FALSE:
        there = word in _TRUE or word in ("1", "1.0")
        return 0 if there == negated else None
    if says_sold_out(text):
        return 0
    return -1 if re.match(r"-\s?\d", text) else read_count(text)
