"""What the words of an utterance name that was not marked, put into the line: the thing wanted, what
somebody has enough of, what somebody likes.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from assistant.compact import Line, Slot
from assistant.intent import Intent, Op
from assistant.reader.english import PEOPLE
from assistant.reader.limits import sets_limit
from catalog.text import tokens
from retrieval.vocabulary import Vocabulary

_ARTICLES: Final = frozenset({"a", "an", "some", "the"})
_LIMITING: Final = frozenset(
    tokens("under below up to max maximum less than over at most for around about within")
)
_SAID_BEFORE: Final = frozenset({"feature", "color", "material", "brand", "gender"})
_GOING_BACK: Final = frozenset({"want", "chat", "clear"})
_IN_TURN: Final = re.compile(
    r"\W*(?:(?:ok(?:ay)?|right|so|now|and|then|well|lets|let's|let\s+us|we|i'll|we'll)\W+)*(?:(?:start|begin)(?:ing)?\s+(?:off\s+)?w(?:ith)?\s+)?(?:the\s+|some\s+|an?\s+)?"
    r"(?P<thing>[a-z][\w'-]*(?:\s+[\w'-]+){0,2}?)\s+(?:first|next|time)\b(?=\s*(?:$|[,.:;!]|(?:then|now|please|pls|up)\b))",
    re.IGNORECASE,
)
"""What is to be looked at before or after something else."""
_ENDS: Final = r"(?=\s*(?:$|[.!?,;]|(?:and|but|so|already|as\s+it\s+is|thanks)\b))"
_SURFEIT: Final = re.compile(
    r"\b(?:(?:has|have|had|own|owns)(?:\s+got)?|[a-z]+'(?:s|ve)\s+got|got)\s+(?:already\s+)?(?:more\s+than\s+)?"
    rf"(?:enough|plenty\s+of|too\s+many|loads\s+of|a\s+(?:million|thousand|ton\s+of|lot\s+of))\s+(?P<what>[a-z][\w'-]*(?:\s+[a-z][\w'-]*)??){_ENDS}",
    re.IGNORECASE,
)
"""What somebody has so much of that no more is wanted."""
_LIKES: Final = re.compile(
    rf"\b(?:he|she|they|(?:my|our)\s+(?:{'|'.join(sorted(PEOPLE))}))\s+(?P<likes>(?:really\s+|just\s+|absolutely\s+)?(?:likes?|loves?|adores?|enjoys?|collects?"
    rf"|(?:is|are)\s+(?:really\s+)?(?:into|mad\s+about|crazy\s+about|keen\s+on|fond\s+of|obsessed\s+with))\s+(?:[a-z][\w'-]*)(?:\s+(?:and\s+)?[a-z][\w'-]*)?){_ENDS}",
    re.IGNORECASE,
)
_ONLY: Final = re.compile(r"\W*(?:no\W+)?(?:only|just)\s+(?:the\s+|some\s+)?", re.IGNORECASE)
_NO_THING: Final = frozenset(
    tokens("it them that those these this of one ones time room money space")
)
_IS_WOMAN_OR_MAN: Final = re.compile(
    r"\bi\s*(?:'|’)?\s*a?m\s+an?\s+(?P<who>woman|man|lady|guy|bloke|gent)\b", re.IGNORECASE
)


def with_unmarked(line: Line, text: str, vocabulary: Vocabulary | None) -> Line:
    """The line with what is told of whom it is for, where nothing of it was marked: a surfeit ("and she's
    got enough clocks") is refused, a liking ("she likes sewing") is hoped for.
    """
    if line.act != "want":
        return line
    slots = list(line.slots)
    for found, slot in (
        *((m, Slot("item", "=", m["what"], negative=True)) for m in _SURFEIT.finditer(text)),
        *((m, Slot("wish", "=", m["likes"])) for m in _LIKES.finditer(text)),
        *((m, Slot("gender", "=", m["who"])) for m in _IS_WOMAN_OR_MAN.finditer(text)),
    ):
        told = tokens(slot.value)
        known = vocabulary is not None and (
            vocabulary.has_type(tuple(told)) or vocabulary.title_count(tuple(told))
        )
        if not _NO_THING.isdisjoint(told) or (slot.label == "item" and not known):
            continue
        if not any(overlaps(s, text, *found.span()) for s in slots):
            place = next(
                (n for n, s in enumerate(slots) if text.find(s.value) > found.start()), len(slots)
            )
            slots.insert(place, slot)
    return Line(line.act, tuple(slots))


def with_only(line: Line, intent: Intent) -> Line:
    """The line with a kind of thing that is to be all there is as the thing: "only trains"."""
    said = _ONLY.match(intent.text)
    if said is None or line.act != "want" or any(s.label == "item" for s in line.slots):
        return line
    kinds = [tokens(c.span) for c in intent.constraints if c.field == "type"]
    slots = tuple(
        replace(s, label="item")
        if s.label == "feature"
        and not s.negative
        and intent.text[said.end() :].startswith(s.value)
        and tokens(s.value) in kinds
        else s
        for s in line.slots
    )
    return Line(line.act, slots)


def overlaps(slot: Slot, text: str, start: int, end: int) -> bool:
    """Whether a slot's words stand between these places, and nowhere else."""
    places = [m.start() for m in re.finditer(re.escape(slot.value), text, re.IGNORECASE)]
    return bool(places) and all(p < end and p + len(slot.value) > start for p in places)


def with_thing(line: Line, intent: Intent, *, opening: bool) -> Line:
    """The line with the thing the utterance names, if nothing but what stands right before it was
    marked or, where a conversation begins with it, nothing but its limit.
    """
    items = [s for s in line.slots if s.label in ("item", "ref", "than")]
    if line.act != "want" or items or not line.slots:
        return line
    text = intent.text.lower()
    thing = next(
        (c.span for c in intent.constraints if c.field == "type" and not c.op.negative), ""
    ).lower()
    begins, marked = text.find(thing), text.find(line.slots[0].value.lower())
    if not thing:
        return line
    leading = text[:begins].rstrip()
    known = any(c.field == "type" and c.op is Op.EQ for c in intent.constraints)
    if known and any(s.label in _SAID_BEFORE and _ends_with(leading, s) for s in line.slots):
        return Line(line.act, (Slot("item", "=", thing), *line.slots))
    ends = begins + len(thing)
    before, between = tokens(text[:begins]), tokens(text[ends:marked])
    if len(before) == 1 and before[0] in {t for c in intent.constraints for t in c.words}:
        # what only tells which kind, and measures nothing: "tote bag"
        begins, before = text.find(before[0]), []
    limits = (c.span for c in intent.constraints if c.field == "price")
    sums = line.slots[0].label == "price" or any(map(sets_limit, limits))
    alone = {*before} <= _ARTICLES and {*between} <= _LIMITING
    if not (opening and sums and alone and 0 <= begins < marked):
        return line
    value = intent.text[begins:ends]
    return Line(line.act, (Slot("item", "=", value), *line.slots))


def _ends_with(text: str, slot: Slot) -> bool:
    return not slot.negative and re.search(rf"\b{re.escape(slot.value.lower())}$", text) is not None


def with_first_thing(line: Line, text: str, vocabulary: Vocabulary | None) -> Line:
    """The line with the thing that is to be looked at first or next, whatever it was marked as: "tattoos
    first. no pirates", "costume next then".
    """
    if (
        line.act not in _GOING_BACK
        or vocabulary is None
        or any(_wanted_item(s) for s in line.slots)
    ):
        return line
    named = _IN_TURN.match(text)
    words = tuple(tokens(named["thing"])) if named else ()
    if named is None or not (vocabulary.has_type(words) or vocabulary.title_count(words)):
        return line
    thing = named["thing"]
    others = tuple(s for s in line.slots if not overlaps(s, text, *named.span("thing")))
    return Line("want", (Slot("item", "=", thing), *others))


def _wanted_item(slot: Slot) -> bool:
    return slot.label == "item" and not slot.negative
