"""The line a model wrote, amended by what the words of the utterance leave no doubt about, before
its slots are read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from assistant.compact import Line, Slot, find_value
from assistant.demands import joined_up
from assistant.intent import Act, Constraint, Intent, Op
from assistant.moment import Moment
from assistant.naming import spelled
from assistant.order_words import demanded
from assistant.pointing import KINDER_PRICE
from assistant.reader import Context
from assistant.reader.about_items import fields_asked
from assistant.reader.acts import named_order, starts_over
from assistant.reader.english import FUNCTION_WORDS, PEOPLE
from assistant.reader.numbers import bare_number
from assistant.reader.sorting import outright
from assistant.slots import constraints_of
from assistant.topics import is_topic, named_back
from assistant.unmarked import overlaps
from catalog.constraint import TEXT, WISH
from catalog.text import find_run, tokens
from retrieval.vocabulary import Vocabulary

ITEM_ACTS: Final = {
    "compare": Act.COMPARE, "ask": Act.ASK, "similar": Act.SIMILAR, "add": Act.ADD_TO_CART, "remove": Act.REMOVE_FROM_CART,
    "save": Act.SAVE, "again": Act.BUY_AGAIN, "review": Act.REVIEW,
}  # fmt: skip
_NAMES: Final = {act: name for name, act in ITEM_ACTS.items()}
_UNSURE: Final = frozenset({"want", "chat", "clear", "save", "compare", "again"})
"""Acts the model is known to confuse with orders about an item."""
_ORDERING: Final = frozenset({"want", "chat", "clear", "add", "save", "review", "remove", "more"})
"""Acts beside which an order of the results may have been asked for."""
_SERVED: Final = frozenset(tokens("people person persons guests adults"))
_REFUSES: Final = re.compile(
    r"\b(?:skip|bin|lose|ditch|axe|nix|scratch|hard\s+pass|pass\s+on|(?:leave|count|rule|keep)\s+(?:\S+\s+){0,3}?out|not\s+(?:required|for\s+(?:me|us))|banned|drowning\s+in|(?:is|are|'s)\s+out\b(?!\s+of)"
    r"|had\s+(?:it\s+with|enough)|(?:got|have|has)\s+(?:\w+\s+)?enough\b|enough\s+(?:of|with)\b|no\s+way|(?:don'?t|do\s+not)\s+hold\s+with|can'?t\s+be|can\s?not|gone\s+off|fed\s+up|sick\s+of|(?:can|could)\s+(?:rot|take\s+a\s+hike)|never\s+again|not\s+another)"
)
"""Verdicts on what nobody has asked for yet."""
_HOLLOW: Final = frozenset(tokens("proper real actual genuine whole complete entire not no"))
"""Words that only insist on what stands beside them, or refuse it: "real leather", "a whole set"."""
_TRAILING: Final = re.compile(r"(?<=\w)\s+(?:up|under|below|max|around|about|for)$", re.IGNORECASE)
"""What was marked with a thing and belongs to the limit after it: "chess up to 20"."""
_AMAZED: Final = re.compile(r"\s*(?:\?\s*\?|\?\s*!|!\s*\?)")
_DENIABLE: Final = frozenset({"feature", "color", "material", "brand", "item"})
_DENIES: Final = re.compile(
    r"(?<!\bwhy )(?<!\bor )\b(?:no|without|w/o|zero)\s+(?:any\s+|more\s+|added\s+|extra\s+)?$|\b(?:definitely|absolutely|please|but|and|just|,)\s+not\s+(?:in\s+|any\s+)?$",
    re.IGNORECASE,
)
_GOING_BACK: Final = frozenset({"want", "chat", "clear"})
_READ_AS_WANTED: Final = frozenset({Act.SEARCH, Act.REFINE})
_TAKES: Final = (
    r"\b(?:buy|order|take|grab|cop|purchase|i'?ll\s+have|go\s+(?:with|for))\s+(?:me\s+)?(?:the\s+)?"
)
_LIMITS: Final = frozenset({"<=", ">="})
_WHO: Final = re.compile(
    r"\W*(?:(?:and|so|but|ok|okay|hmm)\W+)*who\b(?!\W+(?:is\s+|are\s+|s\s+)?(?:makes?|made|making|sells?)\b)",
    re.IGNORECASE,
)
"""A question after a person, other than the maker."""


def said_here(slots: Sequence[Slot], vocabulary: Vocabulary | None, text: str) -> tuple[Slot, ...]:
    """The slots as their words stand in the text, without those that say nothing."""
    if (anew := starts_over(text)) is not None:
        slots = [s for s in slots if not overlaps(s, text, *anew)]
    if (kinder := KINDER_PRICE.search(text.lower())) is not None:
        slots = [s for s in slots if not overlaps(s, text, *kinder.span())]
        slots.append(Slot("than", "=", text[slice(*kinder.span())]))
    told = _with_ranges([_as_denied(_as_told(s, text), text) for s in slots], text)
    whole = joined_up(_without_amazing(told, text), vocabulary, text)
    return tuple(demanded(s, text) for s in whole if not _says_nothing(s, alone=len(whole) == 1))


def _with_ranges(slots: Sequence[Slot], text: str) -> list[Slot]:
    """The slots with a bare number right before the upper end of a range of prices as its lower end:
    "size XL, 60 to 130".
    """
    made = list(slots)
    for n, (slot, end) in enumerate(zip(slots, slots[1:], strict=False)):
        ranged = rf"{re.escape(slot.value)}\s*(?:to|-|–|until)\s*{re.escape(end.value)}(?!\w)"
        number = bare_number(slot.value) is not None and slot.label in ("size", "measure")
        if number and end.label == "price" and end.sign == "<=" and re.search(ranged, text):
            made[n] = replace(end, sign=">=", value=slot.value)
    return made


def _without_amazing(slots: Sequence[Slot], text: str) -> list[Slot]:
    """The slots with a thing that is only wondered at refused, where another is named: "a toothbrush??
    food!".
    """
    things = [s for s in slots if s.label == "item" and not s.negative]
    amazed = [s for s in things if _AMAZED.match(text.partition(s.value)[2])]
    if not 0 < len(amazed) < len(things):
        return list(slots)
    return [replace(s, negative=True) if s in amazed else s for s in slots]


def _as_told(slot: Slot, text: str) -> Slot:
    """A number of people as a wish: "for three" and "30 kids" are not that many in a pack. What is
    refused is a feature and no field.
    """
    if slot.label == "field" and slot.negative:
        return replace(slot, label="feature")
    if slot.label == "item":
        return replace(slot, value=_TRAILING.sub("", slot.value))
    if slot.label != "measure":
        return slot
    if PEOPLE.intersection(tokens(slot.value)):
        return replace(slot, label="wish", sign="=")
    if bare_number(slot.value) is None and not _SERVED.intersection(tokens(slot.value)):
        return slot
    served = re.search(
        rf"\bfor\s+(?:about\s+)?{re.escape(slot.value)}(?=\s*(?:$|[,.;!?)]|(?:people|persons?|guests?|of\s+us|adults|and|so|i|we)\b))",
        text,
    )
    return replace(slot, label="wish", sign="=", value=served[0]) if served else slot


def _as_denied(slot: Slot, text: str) -> Slot:
    """The slot refused, where "no" or "without" stands right before its words and nowhere else."""
    if slot.negative or slot.label not in _DENIABLE:
        return slot
    stands = [*re.finditer(rf"(?<!\w){re.escape(slot.value)}(?!\w)", text)]
    denied = [_DENIES.search(text[: m.start()]) for m in stands]
    if denied and all(denied):
        return replace(slot, negative=True)
    head = slot.value.split()[-1]
    if slot.label == "feature" and head != slot.value:
        # "has it got real scissors? I'd rather no scissors"
        again = (m.start() for m in re.finditer(rf"(?<!\w){re.escape(head)}(?!\w)", text))
        if any(_DENIES.search(text[:at]) for at in again):
            return replace(slot, value=head, negative=True)
    return slot


def _says_nothing(slot: Slot, *, alone: bool) -> bool:
    """Whether a wish holds no word but "to" or "for a", or a slot only insists on what stands beside it."""
    said = {*tokens(slot.value)}
    if slot.label in ("wish", "feature") and said <= _HOLLOW and not alone:
        return True
    return slot.label in ("wish", "than") and said <= FUNCTION_WORDS


def with_order(line: Line, text: str) -> Line:
    """The line with the order of the results that the words ask for outright, however they were marked:
    "nothing in the basket yet, cheapest at the top" adds nothing to it.
    """
    found = outright(text)
    if found is None or line.act not in _ORDERING:
        return line
    _, start, end = found
    asked = text[start:end].strip(" \t,.;:!?-")
    slots = [s for s in line.slots if not overlaps(s, text, start, end)]
    placed = next((n for n, s in enumerate(slots) if text.find(s.value) > start), len(slots))
    slots.insert(placed, Slot("order", "=", asked))
    lost = len(slots) <= len(line.slots) and not any(s.label in ("ref", "about") for s in slots)
    act = "want" if line.act == "chat" or (line.act in ITEM_ACTS and lost) else line.act
    return Line(act, tuple(slots))


def with_refusal(line: Line, intent: Intent, moment: Moment) -> Line:
    """The line with what was marked as taken back, and is none of what is wanted, as what it is: refused
    ("velvet's a dog hair magnet, skip it"), asked for ("never mind, ground it is") or, where nothing was
    marked, what the reader found ("scrap that, he shouted salted caramel").
    """
    values = [c for c in intent.constraints if _is_value(c)]
    if line.act == "want" and not line.slots and len(values) == 1 and moment:
        (only,) = values
        denied = only.op.negative or _REFUSES.search(intent.text.lower()) is not None
        return Line("want", (Slot("feature", "=", only.span, negative=denied),))
    if line.act == "want":
        # a maker's name is one: "no Little Lantern" is no lantern
        return Line("want", tuple(_of_refused_maker(s, values) for s in line.slots))
    if line.act != "clear" or starts_over(intent.text) is not None:
        return line
    if not line.slots and not intent.cleared and values and moment:
        first = values[0]
        return Line("want", (Slot("feature", "=", first.span, negative=first.op.negative),))
    held = {t for m in (moment, *moment.parked) for c in m.constraints for t in _told_of(c)}
    made = tuple(
        _told_apart(s, intent.text)
        if s.label == "field"
        and any({*tokens(c.span)} & {*tokens(s.value)} for c in values)
        and held.isdisjoint(tokens(s.value))
        else s
        for s in line.slots
    )
    act = "clear" if any(s.label == "field" for s in made) or made == line.slots else "want"
    return Line(act, made)


def _is_value(constraint: Constraint) -> bool:
    """Whether a constraint names a value the catalogue records."""
    named = constraint.op in (Op.EQ, Op.NE) and bool(constraint.words) and bool(constraint.span)
    return named and constraint.field not in ("type", WISH, TEXT)


def _told_of(constraint: Constraint) -> set[str]:
    said = (constraint.span, constraint.field.replace("_", " "), *constraint.words)
    return {t for words in said for t in tokens(words)}


def _told_apart(slot: Slot, text: str) -> Slot:
    """What is dropped without having been wanted: wanted now, refused, or dropped all the same."""
    words = re.escape(slot.value)
    if re.search(rf"{words}\s+it\s+is\b", text, re.IGNORECASE):
        return replace(slot, label="feature", negative=False)
    return replace(slot, label="feature", negative=True) if _REFUSES.search(text.lower()) else slot


def _of_refused_maker(slot: Slot, values: Sequence[Constraint]) -> Slot:
    for c in values:
        name, said = tokens(c.span), tokens(slot.value)
        part = len(said) < len(name) and find_run(name, said) >= 0
        if c.field == "brand" and c.op is Op.NE and slot.label in ("item", "feature") and part:
            return Slot(
                "brand",
                "=",
                c.words[0] if c.words[0].lower() == c.span.lower() else c.span,
                negative=True,
            )
    return slot


def with_misspelt_thing(
    line: Line, intent: Intent, vocabulary: Vocabulary | None, *, opening: bool
) -> Line:
    """The line with a kind of thing that was taken for a property as the thing, where nothing else is:
    "27 in moniter" at the beginning, "earl grey tea or chai" where the reader too finds the kind.
    """
    if line.act != "want" or vocabulary is None:
        return line
    if any(s.label == "item" for s in line.slots):
        return line
    kinds = [
        tokens(c.span)
        for c in intent.constraints
        if c.field == "type" and c.op is Op.EQ and vocabulary.has_type(tuple(tokens(c.span)))
    ]
    made: list[Slot] = []
    for s in line.slots:
        if not _is_thing(s, kinds, intent.text, vocabulary, opening):
            made.append(s)
            continue
        words = s.value.split()
        size = max((len(k) for k in kinds if tokens(s.value)[-len(k) :] == list(k)), default=0)
        if s.label == "wish" and 0 < size < len(words):
            # "shiny boots" marked as a hope: boots, and hopefully shiny ones
            made.append(replace(s, value=" ".join(words[:-size])))
            words = words[-size:]
        made.append(replace(s, label="item", value=" ".join(words)))
    return Line(line.act, tuple(made))


def _is_thing(
    slot: Slot, kinds: Sequence[Sequence[str]], text: str, vocabulary: Vocabulary, opening: bool
) -> bool:
    if slot.label not in ("feature", "wish") or slot.negative:
        return False
    said = tokens(slot.value)
    if opening and len(said) == 1 and not vocabulary.title_count(tuple(said)):
        right = spelled(slot.value, vocabulary)
        if right is not None and vocabulary.has_type(tuple(tokens(right))):
            return True
    had = re.search(
        rf"\b(?:with|w|has|have|having|for|in|of|like|my|our)\s+(?:an?\s+|the\s+)?{re.escape(slot.value)}",
        text,
    )
    ends_so = any(
        said[-len(kind) :] == kind and FUNCTION_WORDS.isdisjoint(said) for kind in map(list, kinds)
    )
    return ends_so and had is None


def with_topic(line: Line, intent: Intent, moment: Moment) -> Line:
    """The line with the topic the utterance goes back to, where none was marked: whatever else it says
    is said of that ("back to the kettle, forget the budget").
    """
    if line.act not in _GOING_BACK or any(s.label == "item" for s in line.slots):
        return line
    topics = [[c for c in m.constraints if is_topic(c)] for m in moment.parked]
    name = named_back(intent.text, topics)
    if name is None:
        return line
    # what of the name was marked as something else
    others = tuple(s for s in line.slots if s.label == "field" or not find_value(s.value, name))
    return Line("want", (Slot("item", "=", name), *others))


def apart(line: Line, named: Act | None = None) -> tuple[Line | None, Line]:
    """An order about an item, and the need said after it: "save it, and a lid for it, please".

    ``named`` is the order the words name, where only the need was marked.
    """
    if line.act == "want" and named is not None and any(s.label == "ref" for s in line.slots):
        line = Line(_NAMES[named], line.slots)
    if line.act not in ITEM_ACTS or line.act == "similar":
        return None, line
    pointing = tuple(s for s in line.slots if s.label in ("ref", "about"))
    limits = tuple(s for s in line.slots if s.label in ("price", "measure") and s.sign in _LIMITS)
    if limits and line.act == "ask" and any(s.value.lower() == "why" for s in pointing):
        # "under 60 dB please, and why is that one there?"
        return Line("ask", pointing), Line("want", limits)
    wanting = tuple(s for s in line.slots if s not in pointing)
    needs = any(s.label == "than" or (s.label == "item" and not s.negative) for s in wanting)
    if not needs:
        return None, line
    want = Line("want", wanting)
    return (Line(line.act, pointing) if pointing else None), want


def with_act_told(
    line: Line, intent: Intent, vocabulary: Vocabulary | None, context: Context
) -> Line:
    """The line with the act its words leave no doubt about, where the model was led astray."""
    if line.act == "want" and line.slots and all(s.label == "about" for s in line.slots):
        # "is there gift wrap?" asks for it where it is sold, and after the shop itself elsewhere
        if any(_is_value(c) or c.number is not None for c in intent.constraints):
            return line
        asked = line.slots[0].value
        sold = vocabulary is not None and vocabulary.title_count(tuple(tokens(asked)))
        return Line("want", (Slot("item", "=", asked),)) if sold else Line("chat")
    if line.act in ("add", "save", "chat") and fields_asked(intent.text.lower())[:1] == ["why"]:
        return Line("ask", tuple(s for s in line.slots if s.label == "ref"))
    orders = [s for s in line.slots if s.label != "ref" or tokens(s.value) != ["the"]]
    if line.act == "want" and all(s.label == "order" for s in orders):
        taken = [
            s for s in orders if re.search(_TAKES + re.escape(s.value.lower()), intent.text.lower())
        ]
        if taken and outright(intent.text) is None:
            return Line("add", tuple(replace(s, label="ref") for s in taken))
    if line.act in ("ask", "review", "chat") and (sale := _asks_for_sales(line, intent)):
        return Line("want", (Slot("feature", "=", sale),))
    if line.act == "again":
        # "the dolls again" after dolls were spoken of goes back to them
        items = tuple(replace(s, label="item") if s.label == "ref" else s for s in line.slots)
        types = [c for s in items for c in constraints_of(s, vocabulary, context)]
        spoken = {" ".join(tokens(w)) for c in types if c.field == "type" for w in c.words}
        if spoken & (context.kinds | context.parked):
            return Line("want", items)
    names_item = any(s.label == "item" and not s.negative for s in line.slots)
    sorts = outright(intent.text) is not None and not any(s.label == "ref" for s in line.slots)
    if line.act in _UNSURE and not names_item and not sorts:
        if (named := named_order(intent.text)) is not None:
            return Line(_NAMES[named], line.slots)
        certain = not intent.unread and intent.act in (*_NAMES, Act.MORE) and not _exclaims(intent)
        if line.act == "chat" and certain:
            return Line(_NAMES.get(intent.act, "more"), line.slots)
    return line


def _asks_for_sales(line: Line, intent: Intent) -> str:
    """The words that ask what is reduced, of nothing in particular: "anything marked down?"."""
    if intent.act not in _READ_AS_WANTED or any(s.label == "ref" for s in line.slots):
        return ""
    return next((c.span for c in intent.constraints if c.field == "discount"), "")


def _exclaims(intent: Intent) -> bool:
    """Whether a question is after a person and names no item: "who came up with this"."""
    named = any(r.kind not in ("this", "all") for r in intent.references)
    return intent.act is Act.ASK and not named and _WHO.match(intent.text) is not None
