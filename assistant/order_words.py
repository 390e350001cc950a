"""What the words of an order settle where the marks went astray: a filter that is no order at all,
what is to be kept beside what is taken out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from assistant.compact import Line, Slot
from assistant.dropping import reduced
from assistant.intent import Act, Intent
from assistant.moment import Moment
from assistant.reader.acts import named_order, says_to_order
from assistant.reader.counts import COUNTED

_WANTING: Final = frozenset({Act.SEARCH, Act.REFINE, Act.CLEAR})
_ONLY: Final = r"(?<!\bnot )\b(?:only|just)\s+(?:show\s+(?:me\s+)?)?(?:the\s+|those\s+)?"
_FILTERS: Final = re.compile(rf"{_ONLY}(?:[\w'-]+\s+){{0,3}}ones\b")
_ASKED_FOR: Final = re.compile(
    rf"{_ONLY}(?:ones?\s+)?(?:(?:with|in|of|(?:that|which)\s+(?:are|have))\s+)?(?:an?\s+|the\s+)?$"
)
_KEEPS: Final = re.compile(
    r"\b(?:keep|keeping|leave|leaving|hold\s+on\s+to|not|except(?:\s+for)?|apart\s+from)\s+(?:the\s+)?$"
)
_STAYS: Final = re.compile(r"\s+(?:ones?\s+)?(?:(?:can|should|must|may)\s+)?stays?\b")
_TAKES_OUT: Final = re.compile(
    r"\b(?:take|remove|delete|drop|ditch|lose|chuck|bin|get\s+rid\s+of)\b"
)
_MAKE_IT: Final = re.compile(rf"\bmake\s+(?:it|that)\s+{COUNTED}")
_OF_MINE: Final = re.compile(
    r"\b(?:carts?|baskets?|trolley|wish\s?-?list|lists?|saved?|favou?rites?|bookmark\w*|kept|mine|my|price\s+drops?)\b"
)
_OF_GOODS: Final = re.compile(
    r"\b(?:(?:do|have)\s+you\b|you\s+(?:have|sell|stock)\b|got\s+any\b|(?:is|are)\s+(?:any|one|some)\s+of\b)"
)


def is_no_order(line: Line, intent: Intent, moment: Moment) -> bool:
    """Whether what was marked as an order, or as a look at the cart, is nothing of the kind: "only the
    orange ones" filters, "remove the price limit" takes a demand back, and "which do you have" asks for
    goods. ``intent`` is what the reader made of the words.
    """
    if intent.act not in _WANTING or named_order(intent.text) is not None:
        return False
    said = intent.text.lower()
    if line.act == "review":
        return _OF_GOODS.search(said) is not None and _OF_MINE.search(said) is None
    if line.act == "add":
        return _FILTERS.search(said) is not None and not says_to_order(said)
    if line.act != "remove":
        return False
    held = [c for m in (moment, *moment.parked) for c in m.constraints]
    return any(
        not what.startswith("value:") or any(reduced(c, what) != c for c in held)
        for what in intent.cleared
    )


def counted(line: Line, text: str) -> Line:
    """The line as an order of so many where the words are "make it two of the": what was marked as a
    thing wanted is what they are ordered of.
    """
    if line.act != "want" or _MAKE_IT.search(text.lower()) is None:
        return line
    slots = (replace(s, label="ref") if s.label == "item" else s for s in line.slots)
    return Line("add", tuple(slots))


def demanded(slot: Slot, text: str) -> Slot:
    """The slot without its refusal where "only the ones with" stands before its words."""
    start = text.lower().find(slot.value.lower())
    asked = slot.negative and start >= 0 and _ASKED_FOR.search(text.lower()[:start])
    return replace(slot, negative=False) if asked else slot


def taken_out(slots: Sequence[Slot], text: str) -> list[Slot]:
    """Of the slots of a removal those that are not to be kept: "take the strawberry out, keep the
    other one", "no, the large one, and take the small one out".
    """
    said = text.lower()
    verb = _TAKES_OUT.search(said)
    begins = verb.start() if verb else 0
    places = {s: said.find(s.value.lower()) for s in slots if s.label == "ref"}
    named_after = any(at > begins for at in places.values())
    gone = [
        s
        for s in slots
        if s.label != "ref"
        or not (
            _KEEPS.search(said[: places[s]])
            or _STAYS.match(said[places[s] + len(s.value) :])
            or (named_after and 0 <= places[s] < begins)
        )
    ]
    return gone if any(s.label == "ref" for s in gone) else list(slots)
