"""Numbers that are money: a bare one by what stands around it, and pounds that weigh nothing."""

from __future__ import annotations

import re
from typing import Final

from assistant.reader.leftovers import STOPS
from assistant.reader.limits import Comparison
from assistant.reader.numbers import NUMBER_WORDS, Quantity
from assistant.reader.scope import Scope
from assistant.reader.utterance import Utterance
from catalog.constraint import Constraint, Op
from catalog.money import to_minor

PRICE_LEFT: Final = re.compile(
    r"\b(?:make\s+(?:it|that)|(?:raise|increase|lower|reduce|drop|cut|decrease|bring|push|move|set|change|bump)\s+(?:it|that|(?:the|my)\s+\w+)(?:\s+(?:up|down))?\s+to|budget|spend(?:s|ing)?|price[ds]?|cost(?:s|ing)?|pay(?:s|ing)?|for\s+(?:under|less\s+than)|money)\b[^.;!?]*$"
)
FOR: Final = re.compile(r"\bfor\s+$")
_COUNTED: Final = re.compile(r"\s*(?:-\s*)?[^\W\d_]{3,}s\b")
"""A plural after a bare number, which then counts."""
_SET_TO: Final = re.compile(
    r"\b(?P<verb>drop|lower|reduce|cut|decrease|bring|get|raise|increase|bump|push|set|put|change|move)\s+"
    r"(?:it|that|them|(?:(?:the|my|our)\s+)(?:max(?:imum)?\s+)?(?:(?:price|budget|spending)(?:\s+(?:limit|range|cap))?|limit|cap|cost)?)"
    r"\s*(?:(?:up|down|back)\s+)?(?:(?:to|at|by)\s+)?$"
)
"""An order to change a limit, before the number it is changed to or before the field's name."""
_LOWERS: Final = frozenset({"drop", "lower", "reduce", "cut", "decrease"})
_GOES_ON: Final = re.compile(r"\s*(?:for|on|towards)\s+(?:an?|the|some|my|our|this|that|one)\b")
"""What follows a sum that opens an utterance: "a couple of hundred for a tent"."""
_LEAST_FOR: Final = 5
_LEAST_SUM: Final = 20
"""Smaller numbers before "for a" count things: "12 for a party"."""
_WEIGHT_WORD: Final = re.compile(
    r"\bweigh|\bheav|\blight|\b(?:holds?|holding|supports?|supporting|carr(?:y|ies|ying)|load|capacity|rated)\b"
)
_PAID: Final = re.compile(
    r"\b(?:for\s+(?:under|below|less\s+than)|spend(?:ing)?|budget|costs?|costing|prices?|priced|pay(?:ing)?|worth|cheaper|dearer|pricier|expensive)"
    r"(?:\s+(?:is|of|at|around|about|under|below|over|up|to|than|more|less|max|maximum|no|only|most|me|us))*\s+(?:[\w.,-]+\s+){1,4}?pounds?\b"
)
_LIMITED_POUNDS: Final = re.compile(
    r"\b(?:under|over|below|above|than|up\s+to|max(?:imum)?|most|least|within|between|around|about|from|starting\s+at)\s+(?:[\w.,-]+\s+){1,5}?pounds?\b"
)


def pounds_weigh(u: Utterance, scope: Scope) -> bool:
    """Whether "pounds" are a weight here. A limit in pounds is money where no weight is spoken of,
    unless products of the types under discussion state one.
    """
    vocabulary = scope.vocabulary
    if vocabulary.currency == "GBP" or _PAID.search(u.lower):
        return False
    if _WEIGHT_WORD.search(u.lower):
        return True
    if _LIMITED_POUNDS.search(u.lower):
        return any(m.unit == "g" and scope.carries(m) for m in vocabulary.measured.values())
    return "weight" in vocabulary.measured


def is_money(u: Utterance, q: Quantity, found: Comparison) -> bool:
    """Whether the words around a bare number say that it is money."""
    if u.behind(PRICE_LEFT, found.start):
        return True
    right = u.lower[found.end :]
    if (found.op is not None or found.about) and not _COUNTED.match(right):
        return True
    closes = re.match(r"\s*(?:$|[,.!?;]|please|or|and)", right) is not None
    return q.value >= _LEAST_FOR and closes and u.behind(FOR, found.start) is not None


def opens_with_sum(u: Utterance, q: Quantity, found: Comparison) -> bool:
    """Whether a sum opens the utterance, before what it is for: "a couple of hundred for a tent".

    Takes the "for", which is then that of no purpose: what follows is the thing itself.
    """
    if q.value < _LEAST_SUM or not _GOES_ON.match(u.lower[found.end :]):
        return False
    before = u.tokens[: u.token_at(found.start)]
    if found.op is not None or not all(t.word in STOPS or t.word in NUMBER_WORDS for t in before):
        return False
    following = u.token_at(found.end)
    u.take_tokens(following, following + 1)
    return True


def set_to(u: Utterance, op: Op | None, start: int) -> tuple[Op | None, int]:
    """The limit and where it begins with the order that sets it: "drop the noise to 50 dB"."""
    order = u.behind(_SET_TO, start)
    if order is None:
        return op, start
    return op or (Op.LE if order["verb"] in _LOWERS else None), order.start()


def price_limit(
    u: Utterance, q: Quantity, op: Op | None, about: bool, start: int, end: int
) -> list[Constraint]:
    """A number as a limit of the price, with the words that say so; a hope where it is rough."""
    if op is None and not about and (leads := u.behind(FOR, start)) is not None:
        start = leads.start()
    op, start = set_to(u, op, start)
    u.take(start, end)
    span = u.text[start:end].strip()
    minor = float(to_minor(q.value, q.currency))
    if about and op is None:
        # "around 60" is a centre, not a wall: nothing is refused for it
        return [Constraint("price", Op.EQ, minor, q.currency, hard=False, span=span)]
    return [Constraint("price", op or Op.LE, minor, q.currency, span=span)]
