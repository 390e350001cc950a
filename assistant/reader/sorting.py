"""Orders of the results that are asked for outright: "cheapest first", "by stars", "price low to high"."""

from __future__ import annotations

import re
from typing import Final

from assistant.intent import Sort
from assistant.reader.utterance import Utterance

_LOW: Final = (
    r"cheap(?:est|er|ies?|o)?|thriftiest|inexpensive|(?:the\s+)?(?:least|less)\s+(?:expensive|pricey|costly|dear)|(?:most\s+)?affordable"
    r"|(?:prices?\s+)?low(?:est)?(?:\s+(?:priced?|prices|cost))?"
)
_HIGH: Final = (
    r"(?:the\s+)?(?:most|more)\s+(?:expensive|pricey|costly)|dear(?:est)?|prici?est|costliest"
    r"|(?:prices?\s+)?high(?:est)?(?:\s+(?:priced?|prices))?"
)
_RATED: Final = (
    r"(?:best|top|highest|most|better)[\s-]+(?:customer\s+)?(?:rated|reviewed|ratings?|reviews?|stars?|notes?|marks?|scores?|loved|liked)"
    r"|(?:good|best)\s+(?:ratings?|reviews?)|best"
)
_SOLD: Final = r"(?:most\s+|more\s+)?popular|best[\s-]?sell(?:ers?|ing)|most\s+(?:sold|bought)"
_SAVED: Final = r"(?:biggest|largest|highest|best)\s+(?:discounts?|savings|reductions?)"
_ONES: Final = (
    r"(?:\s+(?:ones?|stuff|things?|options?|items?|products?|of\s+(?:them|these|those)))?"
)
_UP: Final = (
    r"(?:,?\s+(?:(?:should|must|can)\s+)?(?:go|come|comes|goes|show|keep|put|stay)(?:\s+(?:it|them|those))?)?,?\s+"
    r"(?:(?:in\s+)?(?:first|1st)|on\s+(?:the\s+)?top|up\s+(?:on\s+)?top|(?:at|to)\s+the\s+(?:very\s+)?(?:top|front|start|beginning)|above|up\s+front|in\s+front)"
    r"(?=\s*(?:$|[,.;!?)]|(?:please|pls|plz|then|and|but|thanks|thx|ta|now|sir|if|for)\b))"
)
_TO: Final = r"\s*(?:to|->|→|–|-|till|2)\s*"
_BY: Final = (
    r"(?:\b(?:sort|order|rank|arrang|list|lin)(?:e|ed|ing)?\s+(?:(?:them|it|these|those|all|everything|up|results?|the\s+list)\s+)*(?:by\s+)?|^\W*(?:(?:and|ok|now|please)\s+)?by\s+(?:the\s+)?)"
    r"(?:customer\s+|number\s+of\s+)?"
)
_DOWN: Final = r"\s*[,(]?\s*(?:(?:from\s+)?(?:high|expensive|dear)\w*(?:\s+to\s+\w+|\s+first)?|desc\w*|down(?:wards?)?\b)"


def _asked(what: str, by: str = "") -> str:
    """A pattern of the ways to ask for an order that begins with ``what``."""
    ways = [
        rf"(?<![\w-])(?:{what}){_ONES}{_UP}",
        rf"\b(?:start|begin|lead)(?:ing)?\s+(?:off\s+)?with\s+(?:the\s+)?(?:{what}){_ONES}(?=\s*(?:$|[,.;!?)]|(?:please|pls|and|then)\b))",
    ]
    return "|".join((*ways, by) if by else ways)


_SORTS: Final[tuple[tuple[re.Pattern[str], Sort], ...]] = tuple(
    (re.compile(pattern), sort)
    for pattern, sort in (
        (_asked(_HIGH, rf"{_BY}prices?{_DOWN}|\bprices?\s+(?:desc\w*|high(?:est)?\b)|\b(?:prices?\s+)?(?:high(?:est)?|expensive|dear(?:est)?){_TO}(?:low(?:est)?|cheap(?:est)?)\b"), Sort("price", True)),
        (_asked(_LOW, rf"\bprices?\s+asc\w*|\b(?:priced?\s+)?(?:low(?:est)?|cheap(?:est)?){_TO}(?:high(?:est)?|expensive|dear(?:est)?)\b|{_BY}(?:prices?|cost)\b(?:\s*[,(]?\s*(?:low\w*(?:\s+to\s+high\w*|\s+first)?|asc\w*))?"), Sort("price")),
        (_asked(_SOLD, rf"{_BY}(?:popularity|(?<=number of )reviews)\b"), Sort("review_count", True)),
        (_asked(_SAVED, rf"{_BY}(?:discounts?|savings)\b|\b(?:biggest|largest|highest)\s+discounts?\b"), Sort("discount", True)),
        (_asked(_RATED, rf"{_BY}(?:ratings?|stars|reviews?)\b"), Sort("rating", True)),
    )
)  # fmt: skip
"""The most particular first: "most popular first" is not what is best."""


def read_sort(u: Utterance) -> Sort | None:
    """The order asked for outright; its words are taken."""
    found = outright(u.lower)
    if found is None:
        return None
    sort, start, end = found
    u.take(start, end)
    return sort


def outright(text: str) -> tuple[Sort, int, int] | None:
    """The order a text asks for outright, and the characters that ask for it."""
    said = text.lower()
    for pattern, sort in _SORTS:
        if found := pattern.search(said):
            return sort, found.start(), found.end()
    return None
