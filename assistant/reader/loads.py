"""Masses that are carried rather than weighed: "holds 120 kg", "for people over 100 kg"."""

from __future__ import annotations

import re
from typing import Final

from assistant.reader.english import PEOPLE
from assistant.reader.numbers import Quantity
from assistant.reader.scope import Scope
from assistant.reader.utterance import Utterance
from catalog.text import stem, tokens
from retrieval.vocabulary import MeasuredField, Vocabulary

_LOAD_WORDS: Final = frozenset({"max", "maximum", "load", "capacity", "limit", "payload"})
_CARRIES: Final = re.compile(
    r"\b(?:holds?|holding|supports?|supporting|carr(?:y|ies|ying)|bears?|bearing|withstands?|takes?|rated\s+(?:for|to)|copes?\s+with"
    r"|(?:load|weight|carrying)\s+(?:capacity|limit)|(?:user|rider|body)\s+weight|max(?:imum)?\s+load)"
    r"\s*(?:of|is|for|with|a|an|someone|people|me|weight|weights|loads?|at|least|up|to|max|maximum|over|above|more|than|about|around|[:]|\s)*$"
)
_SOMEBODY: Final = (
    r"(?:people|persons?|users?|adults?|guys?|man|men|woman|women|riders?|dogs?|pup(?:py|pies)?|cats?|pets?|animals?|labradors?|somebody|someone|"
    + "|".join(sorted(PEOPLE - {"them", "myself", "me", "us", "he", "she"}))
    + ")"
)
_FOR_SOMEBODY: Final = re.compile(
    rf"\bfor\s+(?:an?\s+|the\s+|my\s+|our\s+)?(?:[a-z]+\s+)?(?P<who>{_SOMEBODY})\s+(?:(?:of|weighing|who\s+weighs?|that\s+weighs?|at|up\s+to|over|above|under|below|around|about|heavier\s+than|more\s+than)\s*)*$"
)
_WEIGHS: Final = re.compile(
    rf"(?:\b(?:an?|my|our|the)\s+)?\b(?P<who>{_SOMEBODY}|i|he|she)\s+weighs?\s+(?:(?:in\s+at|up\s+to|over|above|around|about|more\s+than|at\s+least)\s+)*$"
)
_LEAD: Final = re.compile(r"(?:\bfor\s+)?(?:\b(?:an?|my|our|the)\s+)?$")
_SOMEBODY_AFTER: Final = re.compile(rf"\s*-?\s*(?P<who>{_SOMEBODY})\b")


def is_load(name: str) -> bool:
    """Whether a measured mass is what a thing carries rather than what it weighs."""
    words = tokens(name.replace("_", " "))
    return bool(_LOAD_WORDS & set(words)) or words[:2] == ["up", "to"]


def carries(u: Utterance, start: int) -> int | None:
    """Where the words before a mass begin that say it is held or supported, None if none do."""
    said = u.behind(_CARRIES, start)
    return said.start() if said else None


def somebody_weighs(u: Utterance, q: Quantity, start: int) -> tuple[int, int, str] | None:
    """Where it is said whose weight a mass is ("for people over 100 kg", "a 34 kilo dog"), and the
    stem of who it is ("my husband weighs 100 kilos"); None when it is nobody's.
    """
    if before := u.behind(_FOR_SOMEBODY, start) or u.behind(_WEIGHS, start):
        return before.start(), q.end, stem(before["who"])
    if after := _SOMEBODY_AFTER.match(u.lower[q.end :]):
        lead = u.behind(_LEAD, start)
        return lead.start() if lead else start, q.end + after.end(), stem(after["who"])
    return None


def load_field(scope: Scope) -> str | None:
    """The field that says what products of these types carry; None when they state no load."""
    loads = [m for m in _loads(scope.vocabulary) if scope.carries(m)]
    if not loads:
        return None
    return min(loads, key=lambda m: (-scope.carries(m), -m.count, m.name)).name


def usual_load(vocabulary: Vocabulary) -> str:
    """The field of loads in a catalogue, whatever the type."""
    loads = _loads(vocabulary)
    return min(loads, key=lambda m: (-m.count, m.name)).name if loads else "max_load"


def _loads(vocabulary: Vocabulary) -> list[MeasuredField]:
    return [m for m in vocabulary.measured.values() if m.unit == "g" and is_load(m.name)]
