"""From the words a model marked to constraints: the deterministic reader says what they mean.

The model says which words of the utterance are a price limit, a refused colour, a wish;
that is all it is asked. Values, units, fields and names are then read from those words
alone, with the catalogue's vocabulary: first as a value of what the label says
(:mod:`assistant.naming`), then by the reader that reads whole utterances. The thing wanted is
in :mod:`assistant.slot_item`; what points at items, orders or drops something is in
:mod:`assistant.pointing`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from assistant.compact import Slot
from assistant.intent import Constraint, Intent, Op
from assistant.naming import property_named, spelled, value_named
from assistant.pointing import comparatives_of
from assistant.reader import Context, read
from assistant.reader.loads import is_load
from assistant.reader.numbers import bare_number
from assistant.reader.qualities import quality_compared, quality_of
from assistant.reader.scope import scope_of
from assistant.slot_item import item_of
from assistant.slot_words import EDGE, GENERIC, denied, mentioned, terms_of, turned
from catalog.constraint import TEXT, WISH
from catalog.lexicon import GENDERS
from catalog.text import find_run, fold, tokens
from retrieval.vocabulary import Vocabulary

_LIMITS: Final[Mapping[str, Op]] = {"<=": Op.LE, ">=": Op.GE, "=": Op.EQ, "~": Op.EQ}
_SPELLED_AROUND: Final = re.compile(r"\s*ish\b|^\s*~\s*", re.IGNORECASE)
_RATIO: Final = re.compile(r"\d+\s*[:/]\s*\d+")
_COUNTING: Final = ("pack_size", "pieces", "count")
"""Fields a bare number counts in, where the type has one."""
_AGES: Final = (
    ("newborn", 0),
    ("baby", 0),
    ("infant", 0),
    ("toddler", 18),
    ("preschool", 36),
    ("teen", 156),
)
"""Words for ages, in months from which something must be suitable."""
_GROWN_UP: Final = 216
"""Months from which an age limits nothing."""
_LONGEST_FEATURE: Final = 3
_APOSTROPHE: Final = re.compile(r"['’]")
_AVAILABLE: Final = re.compile(
    r"(?:.*\s)?(?:available|(?:got|have)\s+in|on\s+the\s+shel(?:f|ves))(?:\s+(?:right\s+)?now)?",
    re.IGNORECASE,
)
_MADE_OF: Final = re.compile(
    r"(?:made|built)\s+(?:of|from|by|with|out\s+of)\s+(?P<name>.+)", re.IGNORECASE
)
_ADJECTIVE: Final = re.compile(r"[a-z]{3,}(?:y|en)", re.IGNORECASE)
"""What may be made of the name of a material: woolly, wooden."""
_SIZED: Final = re.compile(r"^(?:sz\.?|size)\s+|^(?:uk|us|eu)\s+(?=\d)", re.IGNORECASE)
_FREE_OF: Final = re.compile(r"(?P<what>[a-z]+)(?:\s+|-)free", re.IGNORECASE)
_FREED: Final = frozenset("hand hands care carefree stress hassle risk duty wire tangle".split())
"""What stands before "free" without being what a thing is free of as a substance."""
_NOTHING: Final = re.compile(r"nothing\s+(?:too\s+|that\s+is\s+|that['’]s\s+)?(?=\w)")


def constraints_of(
    slot: Slot, vocabulary: Vocabulary | None, context: Context
) -> tuple[Constraint, ...]:
    """What a slot demands; empty for slots that demand nothing (references, questions)."""
    reader = _READERS.get(slot.label)
    if reader is None:
        return ()
    return tuple(
        replace(c, hard=c.hard and not slot.soft, span=slot.value)
        for c in reader(slot, vocabulary, context)
    )


def _brand(slot: Slot, vocabulary: Vocabulary | None, context: Context) -> list[Constraint]:
    if known := _known(slot, vocabulary):
        return [known]
    found = read(slot.value, vocabulary, context).constraints
    if any(c.field == "type" and c.op in (Op.EQ, Op.NE) for c in found):
        return item_of(slot, vocabulary, context)
    named = [c for c in found if c.field not in (WISH, TEXT, "type") and c.words]
    if not named and vocabulary is not None:
        if vocabulary.title_count(tuple(tokens(slot.value))):
            # nobody makes it, but it is on it: a character, a licence
            return [mentioned(slot)]
        if right := spelled(slot.value, vocabulary):
            return _brand(replace(slot, value=right), vocabulary, context)
    unknown = Constraint("brand", Op.EQ, (EDGE.sub("", slot.value),))
    return [denied(c, slot) for c in named or [unknown]]


def _color_or_material(
    slot: Slot, vocabulary: Vocabulary | None, context: Context
) -> list[Constraint]:
    if known := _known(slot, vocabulary):
        return [known]
    found = read(slot.value, vocabulary, context).constraints
    typed = [c for c in found if c.field == slot.label]
    if not typed:
        typed = [c for c in found if c.field not in (WISH, TEXT, "type", "brand") and c.words]
    if typed:
        return [denied(c, slot) for c in typed]
    words = " ".join(tokens(slot.value))
    if len(words.split()) == 1:
        # One the catalogue does not know is still a colour: no other one will do for it.
        return [denied(Constraint(slot.label, Op.EQ, (words,)), slot)]
    return [mentioned(slot)]


def _known(slot: Slot, vocabulary: Vocabulary | None) -> Constraint | None:
    """The slot's words as a value of the field its label names."""
    if vocabulary is None:
        return None
    value = value_named(EDGE.sub("", slot.value), slot.label, vocabulary)
    return None if value is None else denied(Constraint(slot.label, Op.EQ, (value,)), slot)


def _size(slot: Slot, vocabulary: Vocabulary | None, context: Context) -> list[Constraint]:
    plain = _SIZED.sub("", slot.value)
    number = bare_number(plain)
    value = plain if number is None else f"{number:g}"
    said = value if "size" in value.lower() else f"size {value}"
    for text in (said, value):
        found = [
            c for c in read(text, vocabulary, context).constraints if c.field not in (WISH, TEXT)
        ]
        found = [c for c in found if c.field != "type"]
        if found:
            return [denied(c, slot) for c in found]
    return [denied(Constraint("size", Op.EQ, (slot.value.lower(),)), slot)]


def _feature(slot: Slot, vocabulary: Vocabulary | None, context: Context) -> list[Constraint]:
    known = terms_of(slot, vocabulary, context)
    if known:
        return known
    if (by := _MADE_OF.fullmatch(slot.value)) and (maker := _maker(by["name"], vocabulary)):
        return [denied(maker, slot)]
    if vocabulary is not None and (named := property_named(slot.value, vocabulary)):
        return [denied(Constraint(named[0], Op.EQ, (named[1],)), slot)]
    if _ADJECTIVE.fullmatch(slot.value) and (
        known_as := _known(replace(slot, label="material"), vocabulary)
    ):
        return [known_as]
    if slot.value.lower().endswith("ly") and not slot.negative and " " not in slot.value:
        return []  # "properly" says nothing alone
    if not slot.negative and quality_of(slot.value) and not quality_compared(slot.value):
        return _wish(slot, vocabulary, context)
    if slot.negative and (
        refused := _value_refused(slot, vocabulary, context) or _maker_refused(slot, vocabulary)
    ):
        return [refused]
    if (free := _FREE_OF.fullmatch(slot.value)) and free["what"].lower() not in _FREED:
        # listings that say "glitter-free" do not count as saying glitter
        return [mentioned(replace(slot, value=free["what"], negative=not slot.negative))]
    if not slot.negative and _AVAILABLE.fullmatch(slot.value):
        return [Constraint("stock", Op.GE, 1.0)]
    if len([t for t in tokens(slot.value) if len(t) > 2]) > _LONGEST_FEATURE:
        # nothing that a listing could say in these words
        return _wish(slot, vocabulary, context)
    return [mentioned(slot)]


def _maker(name: str, vocabulary: Vocabulary | None) -> Constraint | None:
    known = vocabulary.lookup(tuple(tokens(name)), "brand") if vocabulary is not None else ()
    return Constraint("brand", Op.EQ, (known[0].value,)) if known else None


def _value_refused(
    slot: Slot, vocabulary: Vocabulary | None, context: Context
) -> Constraint | None:
    """The value that is refused of what is bought, though its name is also a word that says little: a
    sleeping bag that is "not down"; or the kind, where it is one of those looked for.
    """
    said = tuple(tokens(EDGE.sub("", slot.value)))
    for entry in vocabulary.lookup(said) if vocabulary is not None and said else ():
        if entry.field == "type":
            if not context.kinds or " ".join(tokens(entry.value)) in context.kinds:
                return Constraint("type", Op.NE, (entry.value,))
        elif entry.field != "brand" and context.kinds.intersection(entry.types):
            return Constraint(entry.field, Op.NE, (entry.value,))
    return None


def _maker_refused(slot: Slot, vocabulary: Vocabulary | None) -> Constraint | None:
    """The maker whose name is refused, however it was marked: "none of that Syma stuff". None where
    titles say the word far oftener than the maker makes anything: a theme, be it a brand's name too.
    """
    said = tuple(t for t in tokens(slot.value) if t not in GENERIC)
    known = vocabulary.lookup(said, "brand") if vocabulary is not None and said else ()
    if vocabulary is None or not known or vocabulary.title_count(said) > 2 * known[0].count:
        return None
    return Constraint("brand", Op.NE, (known[0].value,))


def _gender(slot: Slot, vocabulary: Vocabulary | None, context: Context) -> list[Constraint]:
    if word := GENDERS.get(fold(slot.value)):
        return [denied(Constraint("gender", Op.EQ, (word,)), slot)]
    found = [c for c in read(slot.value, vocabulary, context).constraints if c.field == "gender"]
    if not found and slot.negative:
        return [mentioned(slot)]
    return [denied(c, slot) for c in found] or _wish(slot, vocabulary, context)


def _wish(slot: Slot, vocabulary: Vocabulary | None, context: Context) -> list[Constraint]:
    if slot.label == "than" and comparatives_of(slot, vocabulary, context):
        return []
    value = EDGE.sub("", slot.value).lower()
    if begun := _NOTHING.match(value):
        # what refuses was marked with what is refused: "nothing noisy"
        value = value[begun.end() :]
        slot = replace(slot, value=value, negative=True)
    if not tokens(value):
        return []
    if not slot.negative and _AVAILABLE.fullmatch(value):
        return [Constraint("stock", Op.GE, 1.0)]
    if slot.negative and (refused := terms_of(slot, vocabulary, context)):
        return refused  # who will not have what the record names will not have it at all
    return [
        Constraint(WISH, Op.CONTAINS, (f"not {value}" if slot.negative else value,), hard=False)
    ]


def _price(slot: Slot, vocabulary: Vocabulary | None, context: Context) -> list[Constraint]:
    amount = _SPELLED_AROUND.sub("", slot.value)
    alone = [c for c in read(amount, vocabulary, context).constraints if c.field == "price"]
    if len({c.op.direction for c in alone}) > 1:
        # a range in one piece says its own directions
        return alone
    for said in (f"under {amount}", f"price under {amount}", f"under ${amount}"):
        found = [c for c in read(said, vocabulary, context).constraints if c.field == "price"]
        if found:
            made = replace(found[0], op=_LIMITS[slot.sign], hard=slot.sign in ("<=", ">="))
            return [turned(made) if slot.negative else made]
    return []


def _measure(slot: Slot, vocabulary: Vocabulary | None, context: Context) -> list[Constraint]:
    amount = _SPELLED_AROUND.sub("", slot.value)
    # "4 stars" alone is a fact about nothing; "at least 4 stars" is a limit.
    form = {"<=": "at most {}", ">=": "at least {}"}.get(slot.sign, "{}")
    found: list[Constraint] = []
    for said in (form.format(amount), form.format(amount).replace(" of ", " ")):
        if not found:
            told = read(said, vocabulary, context).constraints
            found = [c for c in told if c.number is not None and c.field != "price"]
            if not found and any(c.field == WISH for c in told):
                # a weight no field could carry, an age no field states
                return [c for c in told if c.field == WISH]
    if not found:
        money = [
            c
            for c in read(f"under {amount}", vocabulary, context).constraints
            if c.unit and c.field == "price"
        ]
        if money:
            return _price(slot, vocabulary, context)
        return _counted(slot, amount, vocabulary, context)
    op = _LIMITS[slot.sign]
    # "a 34 kilo dog" is a load of at least so much, whatever the sign
    made = [
        c if op is Op.EQ and (is_load(c.field) or not c.op.direction) else replace(c, op=op)
        for c in found
    ]
    if slot.sign == "~":
        made = [replace(c, hard=False) for c in made]
    return [turned(c) if slot.negative else c for c in made]


def _counted(
    slot: Slot, amount: str, vocabulary: Vocabulary | None, context: Context
) -> list[Constraint]:
    """A number that measures nothing: how many, unless it is known that the type does not say so,
    else words of the listing.
    """
    number = bare_number(amount)
    if number is not None and number > 1 and number.is_integer() and vocabulary is not None:
        scope = scope_of(vocabulary, context.kinds)
        counts = [vocabulary.measured[f] for f in _COUNTING if f in vocabulary.measured]
        for counted in sorted(counts, key=lambda m: not scope.carries(m)):
            if scope.carries(counted) or not scope.known:
                op, hard = _LIMITS[slot.sign], slot.sign != "~"
                made = Constraint(counted.name, op, number, counted.unit, hard=hard)
                return [turned(made) if slot.negative else made]
    numbered = any(c.isdigit() for c in amount) or any(bare_number(w) for w in amount.split())
    worded = (
        number is None and numbered and any(len(t) > 1 and not t.isdigit() for t in tokens(amount))
    )
    said = slot.sign == "=" and (worded or _RATIO.search(amount) is not None)
    return [mentioned(slot)] if said else []


def _age(slot: Slot, vocabulary: Vocabulary | None, context: Context) -> list[Constraint]:
    value = slot.value.lower()
    years = f"for a {value} year old"
    # a bare number of something else would be a sum or a count: here it is years
    for said in (years,) if bare_number(value) is not None else (f"for a {value}", years):
        told = read(said, vocabulary, context).constraints
        found = [
            c
            for c in told
            if c.number is not None or (c.field == WISH and any(map(str.isdigit, said)))
        ]
        if any(c.number is not None and c.unit == "month" and c.number >= _GROWN_UP for c in found):
            # nothing is made for people of 80: it is told of whom it is for
            return _wish(slot, vocabulary, context)
        if found:
            return found
    months = next((months for word, months in _AGES if word in value), None)
    if months is not None:
        told = read(f"for a {months} month old", vocabulary, context).constraints
        if found := [c for c in told if c.number is not None]:
            return found
    return _wish(
        replace(slot, value=value if "for" in value else f"for a {value}"), vocabulary, context
    )


_READERS: Final[
    Mapping[str, Callable[[Slot, Vocabulary | None, Context], list[Constraint]]]
] = {
    "item": item_of, "brand": _brand, "color": _color_or_material, "material": _color_or_material, "size": _size, "feature": _feature,
    "gender": _gender, "wish": _wish, "than": _wish, "price": _price, "measure": _measure, "age": _age,
}  # fmt: skip


def stands_in(slot: Slot, intent: Intent) -> bool:
    """Whether the words of a slot stand in the utterance, be it before an apostrophe: "that'll"."""
    run = tokens(slot.value)
    texts = (intent.text, _APOSTROPHE.sub(" ", intent.text))
    return bool(run) and any(find_run(tokens(text), run) >= 0 for text in texts)
