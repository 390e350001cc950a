"""From the words marked as the thing wanted to constraints: its type, and what else they name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from assistant.compact import Slot
from assistant.intent import Constraint, Op
from assistant.naming import spelled, type_of_all, value_named
from assistant.reader import Context, read
from assistant.reader.english import OCCASIONS, frequent_words
from assistant.reader.lookups import lookups_of
from assistant.reader.qualities import quality_of
from assistant.reader.references import ORDINALS
from assistant.reader.synonyms import SYNONYMS
from assistant.slot_words import EDGE, GENERIC, denied, terms_of
from catalog.constraint import TEXT, WISH
from catalog.text import tokens
from retrieval.vocabulary import Vocabulary

_SETS: Final = GENERIC | frozenset(tokens("set sets kit kits"))
"""What tells nothing of a thing by a maker that is named: a Lego set."""
_CONTAINERS: Final = frozenset(tokens("box bag bags"))
"""What a thing may come in; the thing itself where nothing else is spoken of."""
_GIFTS: Final = frozenset(
    tokens("gift present pressie prezzie prezzy prezzie pressy prezy surprise")
)
"""What is given, and no kind of thing: nobody carries prezzies."""
_ANYTHING: Final = _GIFTS | frozenset(tokens("things stuff bits items ideas"))
"""What may be anything."""
_RARELY: Final = 50
"""Of so many products of a kind at least one is titled by a longer name, where that is a kind too."""
_FOR: Final = re.compile(r"(.+?)\s+for\s+(?:the\s+|an?\s+|my\s+|our\s+)?(\w+)", re.IGNORECASE)


def item_of(slot: Slot, vocabulary: Vocabulary | None, context: Context) -> list[Constraint]:
    """The type that the words name, a maker or value beside it; empty for a noun that names nothing."""
    value = EDGE.sub("", slot.value)
    phrase = tuple(tokens(value))
    spoken = {kind.rpartition(" ")[2] for kind in context.kinds | context.parked}
    bought = spoken | (_CONTAINERS if not context.kinds else frozenset())
    if not phrase or (set(phrase) <= GENERIC and phrase[-1] not in bought):
        return []
    if _is_gift(phrase) and (vocabulary is None or not vocabulary.title_count(phrase)):
        return [Constraint(WISH, Op.CONTAINS, ("gift",), hard=False, span=value)]
    whole = Constraint("type", Op.CONTAINS, (" ".join(phrase),), span=value)
    if vocabulary is None:
        return [denied(whole, slot)]
    if (told := _of_anything(phrase, vocabulary)) and not slot.negative:
        return told
    if turned := _turned_round(value, vocabulary):
        return item_of(replace(slot, value=turned), vocabulary, context)
    found = read(value, vocabulary, context).constraints
    named = [c for c in found if c.field == "type" and tokens(c.span)[-1:] == list(phrase[-1:])]
    exact = [
        c
        for c in named
        if c.op in (Op.EQ, Op.NE) and not any(_only_begins(tokens(w), phrase) for w in c.words)
    ]
    if not exact:
        # what was spoken of by a longer name is no attribute now: the "bags" after sleeping bags
        spoken_of = len(phrase) == 1 and phrase[0] in bought
        other = [] if spoken_of else _of_no_type(slot, phrase, found, vocabulary, context)
        return other or [denied(whole, slot)]
    rest = [c for c in found if c.field not in ("type", TEXT)]
    if _told_by_values(phrase, exact[0], rest):
        # "no kitten food" to somebody who wants cat food refuses what is for kittens
        values = [c for c in rest if c.field != WISH]
        return [denied(c, slot) for c in values] if slot.negative else [exact[0], *rest]
    if len(tokens(exact[0].span)) < len(phrase) and vocabulary.title_count(phrase):
        kind = tuple(tokens(exact[0].words[0]))
        if slot.negative or _own_kind(phrase, kind, vocabulary):
            return [denied(whole, slot)]
    if any(c.field == WISH and _names_types(c.words[0], vocabulary) for c in rest):
        # a dog bowl is no bowl with a liking for dogs
        return [denied(whole, slot)]
    if slot.negative:
        # "no card games" refuses no other games
        part = len(tokens(exact[0].span)) < len(phrase)
        return [denied(whole if part else exact[0], slot)]
    return [exact[0], *(_said_of_it(c, vocabulary) for c in rest)]


def _of_anything(phrase: tuple[str, ...], vocabulary: Vocabulary) -> list[Constraint]:
    """What "garden things" and "bathroom bits" want, where nothing is titled so: anything for that."""
    place = phrase[:-1]
    if not place or phrase[-1] not in _ANYTHING or vocabulary.title_count(phrase):
        return []
    if vocabulary.has_type(phrase):
        return []
    words = " ".join(place)
    return [Constraint(WISH, Op.CONTAINS, (words,), hard=False, span=words)]


def _is_field(phrase: tuple[str, ...], vocabulary: Vocabulary) -> bool:
    """Whether words are the name of a field."""
    lookups = lookups_of(vocabulary)
    return phrase in lookups.fields or phrase in lookups.numbers


def _is_gift(phrase: tuple[str, ...]) -> bool:
    return phrase[-1] in _GIFTS and {*phrase[:-1]} <= OCCASIONS | {"small", "little", "nice"}


def _of_no_type(
    slot: Slot,
    phrase: tuple[str, ...],
    found: Sequence[Constraint],
    vocabulary: Vocabulary,
    context: Context,
) -> list[Constraint]:
    """What an item is that no type is called by; empty when it is what it says."""
    if not slot.negative and (led := _led_by_kind(phrase, found, vocabulary)):
        return led
    if not slot.negative and (headed := _headed_by_kind(phrase, vocabulary)):
        return headed
    return _made_by(slot, phrase, found, vocabulary, context) or _other_item(
        slot, EDGE.sub("", slot.value), vocabulary, context
    )


def _told_by_values(phrase: tuple[str, ...], kind: Constraint, rest: Sequence[Constraint]) -> bool:
    """Whether all words before the kind are values the catalogue records: "rooibos tea" is tea, of the
    variety rooibos.
    """
    before = {*phrase} - {*tokens(kind.span)}
    values = [c for c in rest if c.field != WISH and not c.op.negative]
    return bool(before) and before <= {t for c in values for t in tokens(c.span)}


def _led_by_kind(
    phrase: tuple[str, ...], found: Sequence[Constraint], vocabulary: Vocabulary
) -> list[Constraint]:
    """An item whose kind comes first: with a form it is had in ("sunscreen stick"), or two kinds in one
    breath ("shampoo sunscreen").
    """
    for size in range(len(phrase) - 1, 0, -1):
        if not vocabulary.has_type(phrase[:size]) or vocabulary.title_count(phrase):
            continue
        kind, rest = vocabulary.lookup(phrase[:size], "type")[0], phrase[size:]
        first = Constraint("type", Op.EQ, (kind.value,))
        if not vocabulary.has_type(rest) and _is_field(rest, vocabulary):
            return [first]  # "kettle noise at least 57 dB": what follows is said of the kettle
        if vocabulary.has_type(rest):
            second = vocabulary.lookup(rest, "type")[0].value
            return [replace(first, value=(kind.value, second))]
        for c in found:
            told = c.words and c.field not in (WISH, TEXT, "type") and tuple(tokens(c.span)) == rest
            values = vocabulary.lookup(tuple(tokens(c.words[0])), c.field) if told else ()
            if any(" ".join(tokens(kind.value)) in e.types for e in values):
                return [first, c]
    return []


def _headed_by_kind(phrase: tuple[str, ...], vocabulary: Vocabulary) -> list[Constraint]:
    """An item that is a value of other things, though its last word is a kind: green tea is tea, whatever
    smells of it.
    """
    values = vocabulary.lookup(phrase)
    if len(phrase) < 2 or not vocabulary.has_type(phrase[-1:]) or not values:
        return []
    if any(e.field == "type" for e in values):
        return []
    kind, rest = vocabulary.lookup(phrase[-1:], "type")[0].value, phrase[:-1]
    told = next((e for e in vocabulary.lookup(rest) if " ".join(tokens(kind)) in e.types), None)
    words = " ".join(rest)
    value = (
        Constraint(TEXT, Op.CONTAINS, (words,), span=words)
        if told is None or told.field in ("type", "brand")
        else Constraint(told.field, Op.EQ, (told.value,), span=words)
    )
    return [Constraint("type", Op.EQ, (kind,)), value]


def _said_of_it(constraint: Constraint, vocabulary: Vocabulary) -> Constraint:
    """What tells which kind is meant is no wish: of a calendar clock the listing has to say it, and
    "woolly" is a material.
    """
    if constraint.field != WISH or quality_of(constraint.words[0]) is not None:
        return constraint
    for field in ("material", "color"):
        if value := value_named(constraint.words[0], field, vocabulary):
            return replace(constraint, field=field, op=Op.EQ, value=(value,), hard=True)
    word = constraint.words[0]
    said = tuple(tokens(word))
    known = vocabulary.title_count(said) or word not in frequent_words()
    tells = known and not word.endswith("ly") and word not in ORDINALS
    return replace(constraint, field=TEXT, hard=True) if tells else constraint


def _with_leading_value(
    slot: Slot, value: str, vocabulary: Vocabulary, context: Context
) -> list[Constraint]:
    """A colour or material in front of a thing no title names so: "foam kick boards"."""
    first, _, thing = value.partition(" ")
    shade = next(
        (e for e in vocabulary.lookup(tuple(tokens(first))) if e.field in ("color", "material")),
        None,
    )
    if shade is None or not thing or slot.negative:
        return []
    named = item_of(replace(slot, value=thing), vocabulary, context)
    if not any(c.field == "type" for c in named):
        return []
    return [*named, Constraint(shade.field, Op.EQ, (shade.value,), span=first)]


def _made_by(
    slot: Slot,
    phrase: tuple[str, ...],
    found: Sequence[Constraint],
    vocabulary: Vocabulary,
    context: Context,
) -> list[Constraint]:
    """An item that begins with its maker ("lego sets", "a Cove jug"), where titles say the name of
    little else; empty where it does not.
    """
    for maker in found:
        name = tuple(tokens(maker.span))
        if maker.field != "brand" or maker.op is not Op.EQ or phrase[: len(name)] != name:
            continue
        made = sum(e.count for e in vocabulary.lookup(name, "brand"))
        if len(name) == len(phrase) or vocabulary.title_count(name) > 2 * made:
            continue
        rest = " ".join(phrase[len(name) :])
        thing = (
            []
            if set(phrase[len(name) :]) <= _SETS
            else item_of(replace(slot, value=rest), vocabulary, context)
        )
        if slot.negative and thing:
            continue
        return [denied(maker, slot), *thing]
    return []


def _own_kind(phrase: tuple[str, ...], kind: tuple[str, ...], vocabulary: Vocabulary) -> bool:
    """Whether titles name things by the whole phrase often enough, for all there is of the kind: coffee
    tables among tables, but not the few mice whose title says "gaming mouse".
    """
    filed = sum(e.count for e in vocabulary.lookup(kind, "type"))
    return _RARELY * vocabulary.title_count(phrase) >= filed


def _turned_round(value: str, vocabulary: Vocabulary) -> str | None:
    """The type that "food for the dog" says the other way round: dog food."""
    if (said := _FOR.fullmatch(value)) is None:
        return None
    thing, purpose = said.groups()
    names = (f"{purpose} {thing}", f"{purpose}{thing}")
    return next((n for n in names if vocabulary.has_type(tuple(tokens(n)))), None)


def _names_types(words: str, vocabulary: Vocabulary) -> bool:
    """Whether a word beside the thing is one that types are told apart by, and no quality."""
    lookups = lookups_of(vocabulary)
    return quality_of(words) is None and any(w in lookups.type_words(w[:1]) for w in tokens(words))


def _other_item(
    slot: Slot, value: str, vocabulary: Vocabulary, context: Context
) -> list[Constraint]:
    """What an item is that the catalogue has no type for; empty when it is what it says."""
    phrase = tuple(tokens(value))
    if not vocabulary.title_count(phrase):
        if name := value_named(value, "type", vocabulary):
            return [denied(Constraint("type", Op.EQ, (name,), span=value), slot)]
        if right := spelled(value, vocabulary):
            return item_of(replace(slot, value=right), vocabulary, context)
        if apart := _with_leading_value(slot, value, vocabulary, context):
            return apart
    if not slot.negative and (valued := _valued(phrase, vocabulary, context)):
        return valued
    last = frozenset(phrase[-1:])
    terms = [
        c
        for c in terms_of(slot, vocabulary, context)
        if c.field != "brand" and last & frozenset(tokens(c.span or value))
    ]
    if terms:
        # "whole beans" to somebody who buys coffee is a form, "in-ear" a style.
        return terms
    if shelf := _shelf_ending_in(phrase, vocabulary, context):
        return [denied(Constraint("type", Op.EQ, (shelf,), span=value), slot)]
    return []


def _valued(phrase: tuple[str, ...], vocabulary: Vocabulary, context: Context) -> list[Constraint]:
    """An item that is a value of one kind of thing: "dragons" are plush toys where all of them are."""
    titled = vocabulary.title_count(phrase)
    for entry in vocabulary.lookup(phrase):
        if entry.field in ("type", "brand") or titled > 2 * entry.count:
            continue
        kind = type_of_all(entry.value, entry.field, vocabulary)
        if kind is not None and " ".join(tokens(kind)) not in context.kinds:
            value = Constraint(entry.field, Op.EQ, (entry.value,))
            return [Constraint("type", Op.EQ, (kind,)), value]
    return []


def _only_begins(name: list[str], phrase: tuple[str, ...]) -> bool:
    """Whether a type is only what stands in front: "coffee" of a coffee grinder."""
    return set(name) <= set(phrase) and name[-1] != phrase[-1]


def _shelf_ending_in(
    phrase: tuple[str, ...], vocabulary: Vocabulary, context: Context
) -> str | None:
    """The one type whose name ends in these words ("litter": cat litter), if it holds most of
    what titles call so; of several the one that was spoken of.
    """
    lookups = lookups_of(vocabulary)
    shelves = [
        entry
        for ending in {phrase, SYNONYMS.get(phrase, phrase)}
        for known, entry in lookups.types_ending_in(ending[-1])
        if len(known) > len(ending)
        and known[-len(ending) :] == ending
        and tuple(tokens(entry.value)) == known
    ]
    shelves.sort(key=lambda e: (-e.count, e.value))
    for shelf in shelves:
        if " ".join(tokens(shelf.value)) in context.kinds | context.parked:
            return shelf.value
    if len(shelves) == 1 and vocabulary.title_count(phrase) <= 2 * shelves[0].count:
        return shelves[0].value
    return None
