"""What a cell says of how many are left."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from catalog.feeds.cells import read_count, says_sold_out
from catalog.feeds.mapping import normalised

_SOLD_OUT_NAMES: Final = ("out of stock", "sold out")
_TRUE: Final = frozenset({"true", "yes", "y", "ja", "oui", "si", "sí", "sì", "sim", "tak", "t"})
_FALSE: Final = frozenset({"false", "no", "n", "nein", "non", "nee", "nej", "nie", "não", "f"})
_THERE: Final = re.compile(
    r"\b(?:in[ _-]?(?:stock|store)(?: ?only)?|limited[ _-]?(?:availability|stock|quantity)|low[ _-]?stock|online ?only"
    r"|(?<!un)available(?: now)?|on hand|last (?:one|few|items?)|few left|auf lager|vorrätig|am lager|verfügbar|lieferbar"
    r"|en stock|en existencias?|hay existencias|disponib(?:le|ile|ili|les)|in magazzino|em estoque|disponível"
    r"|op voorraad|leverbaar|beschikbaar|i lager|finns i lager|na stanie|w magazynie|dostępn[yae])(?![^\W_])",
    re.IGNORECASE,
)
_LATER: Final = re.compile(
    r"pre[ _-]?(?:order|sale|venta|commande)|back[ _-]?order|soon|coming|expected|available (?:from|in|on|by|for)"
    r"|vorbestell|vorverkauf|nachbestell|demnächst|bald|\bab\b|lieferbar in|verfügbar in|bientôt|sous \d|à partir"
    r"|próximamente|desde|prossimamente|prevendita|a partire|binnenkort|vanaf|made to order|on order|auf bestellung"
    r"|sur commande|bajo pedido|su ordinazione|op bestelling",
    re.IGNORECASE,
)
_WAIT: Final = re.compile(
    r"\d+(?:\s*(?:-|–|to|bis|à|a|tot)\s*\d+)?\s*(?:h\b|hours?|days?|weeks?|months?|business|working|werktag\w*|tag\w*|woche\w*"
    r"|monat\w*|stunden|jours?|semaines?|mois|días?|semanas?|meses|giorn[oi]|settiman[ae]|dag(?:en)?|we(?:ek|ken)|uur)",
    re.IGNORECASE,
)  # fmt: skip


class Left(NamedTuple):
    """How many are left, None where that is not said, and whether there are any."""

    pieces: int | None
    there: bool


UNSAID: Final = Left(None, False)
NONE_LEFT: Final = Left(0, False)
_SOME: Final = Left(None, True)


def pieces(column: str, text: str, *, flag: bool) -> Left:
    """What a cell says is left; a count of -1 for fewer than none.

    ``flag``: the column says only whether there are any.
    """
    word = text.lower()
    negated = any(name in normalised(column) for name in _SOLD_OUT_NAMES)
    if flag or word in _TRUE | _FALSE:
        there = word in _TRUE or word in ("1", "1.0")
        return NONE_LEFT if there == negated else _SOME
    if says_sold_out(text):
        return NONE_LEFT
    if re.match(r"-\s?\d", text):
        return Left(-1, False)
    if _LATER.search(text[:200]):
        return UNSAID
    count = read_count(_WAIT.sub(" ", text[:200]))
    if count is None:
        return _SOME if _THERE.search(text[:200]) else UNSAID
    return Left(count, count > 0)
