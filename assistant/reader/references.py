"""Pointers to the items shown: by place ("the second"), by a word ("the red one"), "both", "it"."""

from __future__ import annotations

import re
from typing import Final

from assistant.intent import Act, Reference
from assistant.reader.counts import COUNTED
from assistant.reader.utterance import Utterance

ORDINALS: Final = {
    "first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "fifth": 5, "5th": 5,
    "sixth": 6, "6th": 6, "seventh": 7, "7th": 7, "eighth": 8, "8th": 8, "ninth": 9, "9th": 9, "tenth": 10, "10th": 10, "last": -1, "1": 1, "2": 2, "3": 3, "4": 4,
    "5": 5, "6": 6, "7": 7, "8": 8, "9": 9, "10": 10, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
}  # fmt: skip
_COUNTS: Final = {"two": 2, "2": 2, "three": 3, "3": 3, "four": 4, "4": 4, "couple": 2}
NTH: Final = (
    "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|last|1st|2nd|3rd|[4-9]th|10th"
)

_POSITION: Final = re.compile(
    rf"(?<!\w)(?:the\s+)?(?P<nth>{NTH})\s+(?P<count>two|2|three|3|four|4|couple)(?!\w)(?:\s+(?:ones|items|options|results))?"
    rf"|(?<!\w)top\s+(?P<top>two|2|three|3|four|4)(?!\w)"
    rf"|(?<!\w)(?:#\s?|(?:number|no\.?|nr\.?|option|item|product|result)\s+)(?P<number>\d{{1,2}}|one|two|three|four|five|six)(?!\w)"
    rf"|(?<!\w)(?P<the>the\s+)?(?P<single>{NTH})(?P<one>\s+(?:one|item|option|product|result))?(?!\w)"
)
_NOT_POSITION: Final = re.compile(
    r"\s*[- ]?(?:aid|time|class|hand|birthday|name|year|minute|grade|step|edition|week|month|night|day|choice|floor|baby|communion|kettle|car)\b"
)
_AFTER_POSITION: Final = re.compile(
    r"\s*(?:$|[,.!?;&/)]|(?:and|or|is|are|was|to|in|with|from|at|for|vs|versus|please|than|has|have|does|do|look|looks|come|comes|instead|again|then|but|on|into|you|i)\b)"
)
_MATCH_ONE: Final = re.compile(
    r"(?<!\w)(?:the|that|this)\s+(?P<words>[\w'-]+(?:\s+[\w'-]+){0,2}?)\s+one(?!\w)"
)
_COUNTED_NAME: Final = re.compile(
    rf"{COUNTED}the\s+(?P<words>[a-z][\w'-]*(?:\s+[\w'-]+){{0,3}}?)(?=\s*(?:$|[,.!?;]|(?:please|pls|then|instead|thanks)\b))"
)
""""Two of the lunch box": what so many are ordered of."""
_BOTH: Final = re.compile(
    r"(?<!\w)(?:both(?:\s+of\s+(?:them|these|those))?|the\s+two(?!\s+(?!(?:ones|items|options|results)\b)\w+s\b))(?!\w)"
)
_ALL: Final = re.compile(
    r"(?<!\w)(?:(?:all\s+(?:of\s+)?)?(?:these|those|them)(?!\s+\w+s\b)|all\s+(?:three|four|five|of\s+them)|they)(?!\w)"
)
_THIS: Final = re.compile(r"(?<!\w)(?:it|its|it's|this|that|this\s+one|that\s+one)(?!\w)")

_PLACE: Final = rf"(?:the\s+)?(?:#\s?|(?:number|no\.?|nr\.?|option|item)\s+)?(?P<place>{NTH}|10|[1-9]|one|two|three|four|five|six)(?:\s+one)?(?![\w%])"
_PLACES: Final = re.compile(
    rf"{_PLACE.replace('?P<place>', '?:')}(?:\s*(?:,|&|/|,?\s+(?:and|or|vs))\s*{_PLACE.replace('?P<place>', '?:')})+"
)
_PAIRED: Final = re.compile(
    r"(?:both(?:\s+of)?|(?:the|these|those|them)\s+(?:two|2)|the\s+(?:pair|couple))(?:\s+(?:of\s+)?(?:these|those|them|ones))?(?!\w)"
)
_FEW: Final = re.compile(
    rf"(?:the\s+)?(?:(?P<nth>first|last)|(?P<top>top))\s+(?P<count>{'|'.join(_COUNTS)})(?!\w)(?:\s+ones)?"
)

REFERRING: Final = frozenset(
    {
        Act.ADD_TO_CART,
        Act.REMOVE_FROM_CART,
        Act.SAVE,
        Act.COMPARE,
        Act.SIMILAR,
        Act.ASK,
        Act.BUY_AGAIN,
    }
)
"""Acts that are about particular items."""


def read_references(u: Utterance, act: Act | None) -> list[Reference]:
    """Pointers to shown items; those that need an act to make sense only count with one."""
    found: list[tuple[int, Reference]] = []
    for m in _POSITION.finditer(u.lower):
        if not u.free(m.start(), m.end()) or not _is_position(u, m, act):
            continue
        found += [
            (m.start(), Reference("position", str(p), m.group().strip())) for p in _positions(m)
        ]
        u.take(m.start(), m.end())
    for m in _MATCH_ONE.finditer(u.lower):
        if re.search(r"\b(?:not|but|except)\s+$", u.lower[: m.start()]):
            continue
        if u.free(m.start(), m.end()) and not re.fullmatch(
            r"(?:other|right|same|only|best|good|new|next)", m["words"]
        ):
            found.append(
                (
                    m.start(),
                    Reference(
                        "match",
                        u.text[m.start("words") : m.end("words")],
                        u.text[m.start() : m.end()],
                    ),
                )
            )
            u.take(m.start(), m.end())
    found += _counted(u) if act is Act.ADD_TO_CART and not found else []
    if act in REFERRING:
        for pattern, kind in ((_BOTH, "both"), (_ALL, "all"), (_THIS, "this")):
            for m in pattern.finditer(u.lower):
                if not u.free(m.start(), m.end()):
                    continue
                u.take(m.start(), m.end())
                if kind == "both":
                    found += [(m.start(), Reference("position", p, m.group())) for p in ("1", "2")]
                elif not any(r.kind == kind for _, r in found):
                    found.append((m.start(), Reference(kind, "", m.group())))
    found.sort(key=lambda f: f[0])
    references = [r for _, r in found]
    pointed = [r for r in references if r.kind not in ("this", "all")]
    return pointed or references


def _counted(u: Utterance) -> list[tuple[int, Reference]]:
    """What so many are ordered of, by its name, and where that stands."""
    m = _COUNTED_NAME.search(u.lower)
    if m is None:
        return []
    u.take(m.start(), m.end())
    words = u.text[m.start("words") : m.end("words")]
    return [(m.start(), Reference("match", words, words))]


def places_at(u: Utterance, start: int) -> tuple[list[str], int]:
    """The places of several shown items named from a character on ("the second and the third",
    "2 and 3", "the first two", "the two"), and where that ends; none where it names no such thing.
    """
    if several := _PLACES.match(u.lower, start):
        named = [m["place"] for m in re.finditer(_PLACE, several.group())]
        return [str(ORDINALS.get(n) or int(n)) for n in named], several.end()
    if few := _FEW.match(u.lower, start):
        count = _COUNTS[few["count"]]
        places = range(-count, 0) if few["nth"] == "last" else range(1, count + 1)
        return [str(p) for p in places], few.end()
    paired = _PAIRED.match(u.lower, start)
    return (["1", "2"], paired.end()) if paired else ([], start)


def _is_position(u: Utterance, m: re.Match[str], act: Act | None) -> bool:
    if m["single"] is None:
        return True
    rest = u.lower[m.end() :]
    if _NOT_POSITION.match(rest) or (
        m["single"] == "last" and re.match(r"\s+(?:time|week|month|year|order)", rest)
    ):
        return False
    if m["one"]:
        return True
    if re.match(r"\s+(?:lists?|pages?)\b", rest):
        return False
    return bool(m["the"]) and (act in REFERRING or _AFTER_POSITION.match(rest) is not None)


def _positions(m: re.Match[str]) -> list[int]:
    if m["top"]:
        return list(range(1, _COUNTS[m["top"]] + 1))
    if m["count"]:
        count = _COUNTS[m["count"]]
        return list(range(-count, 0)) if m["nth"] == "last" else list(range(1, count + 1))
    named = m["number"] or m["single"]
    return [ORDINALS[named] if named in ORDINALS else int(named)]
