"""How many of an item are ordered: "6 of the first", "the second one, 2 packs", "another of those"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_WORDS: Final = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
    "half a dozen": 6, "a dozen": 12, "dozen": 12, "a couple": 2, "couple": 2, "another": 1,
}  # fmt: skip
_N: Final = rf"(?P<n>\d{{1,9}}|{'|'.join(_WORDS)})"
_PIECES: Final = r"(?:packs?|packets?|box(?:es)?|bags?|tins?|cans?|jars?|bottles?|tubes?|rolls?|cartons?|pieces?|pcs|units?|items?|copies|pairs?|sets?)"
_NO_PLACE: Final = r"(?<![\w.,$€£#])(?<!\bthe )(?<!\bfirst )(?<!\blast )(?<!\btop )(?<!\bnumber )"
_END: Final = r"(?=\s*(?:$|[,.;!?)]|(?:please|pls|thanks|then|in|into|to)\b))"
COUNTED: Final = (
    rf"{_NO_PLACE}{_N}(?:\s*[x×])?(?:\s+(?P<more>more|extra))?(?:\s+{_PIECES})?\s+of\s+"
    r"(?=(?:the|these|those|them|'?em|it|that|this|each|both|number)\b|#)"
)
"""Before what is pointed at."""
BEHIND: Final = rf"{_NO_PLACE}{_N}(?:\s*[x×]|(?:\s+(?P<more>more|extra))?\s+{_PIECES}){_END}"
"""Behind what is pointed at, or alone."""
_ON_TOP: Final = re.compile(r"\b(?:add|another)\b")
_FORMS: Final = tuple(
    re.compile(form)
    for form in (
        COUNTED,
        BEHIND,
        rf"(?:(?<!\w)x\s?|×\s?|\b(?:quantity|qty)[\s:]+){_N}(?P<more>(?!))?{_END}",
        rf"{_NO_PLACE}{_N}\s+(?P<more>more|extra){_END}",
        r"(?<!\w)(?P<more>(?P<n>another))(?!\w)",
    )
)


def count_ordered(text: str) -> tuple[int, bool, str] | None:
    """How many, whether they come on top of what is there, and the words that say so."""
    for form in _FORMS:
        if said := form.search(text.lower()):
            more = said["more"] is not None or _ON_TOP.search(text.lower()) is not None
            count = _WORDS.get(said["n"]) or int(said["n"])
            return (count, more, said.group().strip()) if count else None
    return None


PLACED: Final = re.compile(
    r"(?:the\s+)?(?:#\s?|(?:number|option)\s+)?"
    r"(?P<nth>first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|last|1st|2nd|3rd|[4-9]th|10th|(?<=[#\s])\d)(?:\s+one)?"
)
_LEAD: Final = re.compile(
    r"^\W*(?:(?:ok(?:ay)?|yes|great|perfect|right|good|fine|then|so|and|please|well)\b\W*)*"
    r"(?:(?:i'?ll|i\s+will|i'?d\s+like(?:\s+to)?|i\s+want(?:\s+to)?|let'?s|let\s+me|can\s+(?:i|you)|could\s+you|please)\s+)*"
    r"(?:(?:have|take|buy|order|get|add|put|grab|pop|throw|give)\s+(?:me\s+)?)?"
)
_TAIL: Final = re.compile(
    r"(?:[\s,]*\b(?:(?:in|into|to)\s+(?:my|the)\s+(?:cart|basket|trolley|bag)|please|pls|thanks|then|too|as\s+well))*[\s.!]*$"
)
_APART: Final = re.compile(r"\s*(?:[,;&]|\bplus\b|\band\b)\s*")
_CORRECTS: Final = re.compile(
    r"^\W*(?:(?:actually|sorry|oops|no|wait|i\s+meant?|wrong|i\s+(?:only\s+)?(?:want(?:ed)?|need))\b\W*"
    r"|(?:ok|okay|oh|hmm|well|but|and|please|make\s+(?:it|that)|change\s+(?:it|that)\s+to)\b\W*)*"
    rf"(?P<only>(?:only|just)\s+)?(?P<n>\d{{1,3}}|{'|'.join(_WORDS)})(?:\s+{_PIECES})?"
    r"(?:\s+of\s+(?P<of>(?!(?:these|those|them|it)\b)[\w'# -]+?|it|them|those|these)|\s+(?P<name>[a-z][\w' -]+?)(?=\s+(?:only|not|instead)\b))?"
    rf"(?P<but>\s+only|[\s,]*\b(?:not|instead\s+of|rather\s+than)\s+(?P<was>\d{{1,3}}|{'|'.join(_WORDS)})(?:\s+{_PIECES})?)?"
    r"(?:[\s,]*\b(?:please|pls|sorry|then|is\s+enough|will\s+do|instead|thanks))*[\s.!]*$"
)


_MADE_IT: Final = re.compile(
    rf"\b(?:make|change)\s+(?:it|that)\s+(?:to\s+|into\s+)?(?:\d{{1,2}}|{'|'.join(_WORDS)})\b(?!\s*(?:[$€£%.,]\d|%|pounds?|dollars?|euros?|quid|bucks))"
    r"|^\W*(?:\d{1,2})\s+instead\W*$"
)


@dataclass(frozen=True, slots=True)
class Lot:
    """So many of what some words point at."""

    words: str
    count: int
    was: int | None = None
    """How many it had been, where that is said."""


_EACH: Final = re.compile(
    rf"{_NO_PLACE}{_N}\s+(?:of\s+)?each(?=\s*(?:$|[,.!?]|(?:in|to|into|of\s+(?:these|those|them|'?em)|please)\b))"
)


def orders_each(text: str) -> bool:
    """Whether so many of everything shown are ordered: "one of each"."""
    return _EACH.search(text.lower()) is not None


def lots_ordered(text: str) -> list[Lot]:
    """An order of several things with their quantities ("two of the first and one of the third");
    empty for anything else. A thing without a number is one.
    """
    said = _LEAD.sub("", _TAIL.sub("", text.lower()))
    lots: list[Lot] = []
    of_each = False
    for piece in filter(None, _APART.split(said)):
        if lots and (alone := re.fullmatch(BEHIND, piece)):
            lots[-1] = Lot(lots[-1].words, _number(alone))
            continue
        before, behind = re.match(COUNTED, piece), re.search(BEHIND, piece)
        of_each = of_each or before is not None
        if before:
            lots.append(Lot(_TAIL.sub("", piece[before.end() :]), _number(before)))
        elif behind:
            lots.append(Lot(piece[: behind.start()].strip(), _number(behind)))
        else:
            lots.append(Lot(_TAIL.sub("", piece), 1))
    told = of_each and len(lots) > 1 and "?" not in text
    return lots if told and all(lot.count for lot in lots) else []


def _number(said: re.Match[str]) -> int:
    return _WORDS.get(said["n"]) or int(said["n"])


def count_corrected(text: str) -> Lot | None:
    """How many it is to be after all: "sorry, only one", "just two of the first", "one, not three".
    Its words are empty where it names nothing.
    """
    found = _CORRECTS.match(text.lower())
    if found is None or not (found["only"] or found["but"] or _MADE_IT.search(text.lower())):
        return None
    words = found["of"] or found["name"] or ""
    was = found["was"]
    named = words not in ("it", "them", "em", "'em", "those", "these")
    count = _number(found)
    before = (_WORDS.get(was) or int(was)) if was else None
    return Lot(words if named else "", count, before) if count else None
