"""How many of an item are ordered: "6 of the first", "the second one, 2 packs", "another of those"."""

from __future__ import annotations

import re
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
    r"(?=(?:the|these|those|them|it|that|this|each|both|number)\b|#)"
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
