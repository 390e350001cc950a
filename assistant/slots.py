"""From the words a model marked to constraints: the deterministic reader says what they mean.

The model says which words of the utterance are a price limit, a refused colour, a wish;
that is all it is asked. Values, units, fields and names are then read from those words
alone, with the catalogue's vocabulary: first as a value of what the label says
(:mod:`assistant.naming`), then by the reader that reads whole utterances. What points at
items, orders or drops something is in :mod:`assistant.pointing`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from assistant.compact import Slot
from assistant.intent import Constraint, Intent, Op
from assistant.naming import flag_named, property_named, spelled, type_of_all, value_named
from assistant.pointing import comparatives_of
from assistant.reader import Context, read
from assistant.reader.loads import is_load
from assistant.reader.lookups import lookups_of
from assistant.reader.numbers import bare_number
from assistant.reader.qualities import quality_of
from assistant.reader.scope import scope_of
from assistant.reader.synonyms import SYNONYMS
from catalog.constraint import NONE, TEXT, WISH
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
_GENERIC: Final = frozenset(tokens("""one ones thing things thingies stuff pack box bag bags pair part kind sort type brand color colour flavour
flavor item items product option it them bit lot bars version shade"""))  # fmt: skip
"""Nouns that name nothing to buy."""
_SETS: Final = _GENERIC | frozenset(tokens("set sets kit kits"))
"""What tells nothing of a thing by a maker that is named: a Lego set."""
_CONTAINERS: Final = frozenset(tokens("box bag bags"))
"""What a thing may come in; the thing itself where nothing else is spoken of."""
_ADVERBS: Final = frozenset(
    """properly really very absolutely totally definitely fully truly all completely quite so actually""".split()
)
_RARELY: Final = 50
"""Of so many products of a kind at least one is titled by a longer name, where that is a kind too."""
_LONGEST_FEATURE: Final = 3
_APOSTROPHE: Final = re.compile(r"['’]")
_FOR: Final = re.compile(r"(.+?)\s+for\s+(?:the\s+|an?\s+|my\s+|our\s+)?(\w+)", re.IGNORECASE)
_AVAILABLE: Final = re.compile(
    r"(?:.*\s)?(?:available|(?:got|have)\s+in)(?:\s+now)?", re.IGNORECASE
)
_MADE_OF: Final = re.compile(
    r"(?:made|built)\s+(?:of|from|by|with|out\s+of)\s+(?P<name>.+)", re.IGNORECASE
)
_NOTHING: Final = re.compile(r"nothing\s+(?:too\s+|that\s+is\s+|that['’]s\s+)?(?=\w)")
_EDGE: Final = re.compile(r"^(?:a|an|the|some|any)\s+|\s+(?:please|pls|plz)$", re.IGNORECASE)


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


def _item(slot: Slot, vocabulary: Vocabulary | None, context: Context) -> list[Constraint]:
    value = _EDGE.sub("", slot.value)
    phrase = tuple(tokens(value))
    spoken = {kind.rpartition(" ")[2] for kind in context.kinds | context.parked}
    bought = spoken | (_CONTAINERS if not context.kinds else frozenset())
    if not phrase or (set(phrase) <= _GENERIC and phrase[-1] not in bought):
        return []
    whole = Constraint("type", Op.CONTAINS, (" ".join(phrase),), span=value)
    if vocabulary is None:
        return [_denied(whole, slot)]
    if turned := _turned_round(value, vocabulary):
        return _item(replace(slot, value=turned), vocabulary, context)
    found = read(value, vocabulary, context).constraints
    named = [c for c in found if c.field == "type" and tokens(c.span)[-1:] == list(phrase[-1:])]
    exact = [
        c
        for c in named
        if c.op in (Op.EQ, Op.NE) and not any(_only_begins(tokens(w), phrase) for w in c.words)
    ]
    if not exact and len(phrase) == 1 and phrase[0] in bought:
        # what was spoken of by a longer name is no attribute now: the "bags" after sleeping bags
        return [_denied(whole, slot)]
    if not exact and (made_by := _made_by(slot, phrase, found, vocabulary, context)):
        return made_by
    if not exact:
        return _other_item(slot, value, vocabulary, context) or [_denied(whole, slot)]
    rest = [c for c in found if c.field not in ("type", TEXT)]
    if len(tokens(exact[0].span)) < len(phrase) and vocabulary.title_count(phrase):
        kind = tuple(tokens(exact[0].words[0]))
        if slot.negative or _own_kind(phrase, kind, vocabulary):
            return [_denied(whole, slot)]
    if any(c.field == WISH and _names_types(c.words[0], vocabulary) for c in rest):
        # a dog bowl is no bowl with a liking for dogs
        return [_denied(whole, slot)]
    return [_denied(exact[0], slot), *(rest if not slot.negative else ())]


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
            else _item(replace(slot, value=rest), vocabulary, context)
        )
        if slot.negative and thing:
            continue
        return [_denied(maker, slot), *thing]
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
            return [_denied(Constraint("type", Op.EQ, (name,), span=value), slot)]
        if right := spelled(value, vocabulary):
            return _item(replace(slot, value=right), vocabulary, context)
    if not slot.negative and (valued := _valued(phrase, vocabulary, context)):
        return valued
    last = frozenset(phrase[-1:])
    terms = [
        c
        for c in _terms(slot, vocabulary, context)
        if c.field != "brand" and last & frozenset(tokens(c.span or value))
    ]
    if terms:
        # "whole beans" to somebody who buys coffee is a form, "in-ear" a style.
        return terms
    if shelf := _shelf_ending_in(phrase, vocabulary, context):
        return [_denied(Constraint("type", Op.EQ, (shelf,), span=value), slot)]
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


def _terms(slot: Slot, vocabulary: Vocabulary | None, context: Context) -> list[Constraint]:
    """The attributes of the catalogue that words name; empty when they name none, or hardly."""
    said = " ".join(w for w in slot.value.split() if fold(w) not in _ADVERBS)
    plain = " ".join(t for t in tokens(said) if t not in _GENERIC) or said
    flag = flag_named(plain, vocabulary, slot.negative) if vocabulary is not None else None
    if flag is not None:
        return [Constraint(flag[0], Op.EQ, flag[1], span=slot.value)]
    # a feature is something had: "lights" are those a thing is said to be "with"
    having = (
        read(f"with {said}", vocabulary, context).constraints if slot.label == "feature" else ()
    )
    named = [c for c in having if c.value == NONE]
    found = [
        c
        for c in named or read(said, vocabulary, context).constraints
        if c.field not in (WISH, TEXT, "type", "brand") and _covers(c, said)
        # a bare number that is a feature is no sum: "4k"
        if not (slot.label == "feature" and c.field == "price" and c.unit is None)
    ]
    return [_denied(c, slot) for c in found]


def _brand(slot: Slot, vocabulary: Vocabulary | None, context: Context) -> list[Constraint]:
    if known := _known(slot, vocabulary):
        return [known]
    found = read(slot.value, vocabulary, context).constraints
    if any(c.field == "type" and c.op in (Op.EQ, Op.NE) for c in found):
        return _item(slot, vocabulary, context)
    named = [c for c in found if c.field not in (WISH, TEXT, "type") and c.words]
    if not named and vocabulary is not None:
        if vocabulary.title_count(tuple(tokens(slot.value))):
            # nobody makes it, but it is on it: a character, a licence
            return [_mentioned(slot)]
        if right := spelled(slot.value, vocabulary):
            return _brand(replace(slot, value=right), vocabulary, context)
    unknown = Constraint("brand", Op.EQ, (_EDGE.sub("", slot.value),))
    return [_denied(c, slot) for c in named or [unknown]]


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
        return [_denied(c, slot) for c in typed]
    words = " ".join(tokens(slot.value))
    if len(words.split()) == 1:
        # One the catalogue does not know is still a colour: no other one will do for it.
        return [_denied(Constraint(slot.label, Op.EQ, (words,)), slot)]
    return [_mentioned(slot)]


def _known(slot: Slot, vocabulary: Vocabulary | None) -> Constraint | None:
    """The slot's words as a value of the field its label names."""
    if vocabulary is None:
        return None
    value = value_named(_EDGE.sub("", slot.value), slot.label, vocabulary)
    return None if value is None else _denied(Constraint(slot.label, Op.EQ, (value,)), slot)


def _size(slot: Slot, vocabulary: Vocabulary | None, context: Context) -> list[Constraint]:
    number = bare_number(slot.value)
    value = slot.value if number is None else f"{number:g}"
    said = value if "size" in value.lower() else f"size {value}"
    for text in (said, value):
        found = [
            c for c in read(text, vocabulary, context).constraints if c.field not in (WISH, TEXT)
        ]
        found = [c for c in found if c.field != "type"]
        if found:
            return [_denied(c, slot) for c in found]
    return [_denied(Constraint("size", Op.EQ, (slot.value.lower(),)), slot)]


def _feature(slot: Slot, vocabulary: Vocabulary | None, context: Context) -> list[Constraint]:
    known = _terms(slot, vocabulary, context)
    if known:
        return known
    if (by := _MADE_OF.fullmatch(slot.value)) and vocabulary is not None:
        makers = vocabulary.lookup(tuple(tokens(by["name"])), "brand")
        if makers:
            return [_denied(Constraint("brand", Op.EQ, (makers[0].value,)), slot)]
    if vocabulary is not None and (named := property_named(slot.value, vocabulary)):
        return [_denied(Constraint(named[0], Op.EQ, (named[1],)), slot)]
    if not slot.negative and _AVAILABLE.fullmatch(slot.value):
        return [Constraint("stock", Op.GE, 1.0)]
    if len([t for t in tokens(slot.value) if len(t) > 2]) > _LONGEST_FEATURE:
        # nothing that a listing could say in these words
        return _wish(slot, vocabulary, context)
    return [_mentioned(slot)]


def _gender(slot: Slot, vocabulary: Vocabulary | None, context: Context) -> list[Constraint]:
    if word := GENDERS.get(fold(slot.value)):
        return [_denied(Constraint("gender", Op.EQ, (word,)), slot)]
    found = [c for c in read(slot.value, vocabulary, context).constraints if c.field == "gender"]
    return [_denied(c, slot) for c in found] or _wish(slot, vocabulary, context)


def _wish(slot: Slot, vocabulary: Vocabulary | None, context: Context) -> list[Constraint]:
    if slot.label == "than" and comparatives_of(slot, vocabulary, context):
        return []
    value = _EDGE.sub("", slot.value).lower()
    if begun := _NOTHING.match(value):
        # what refuses was marked with what is refused: "nothing noisy"
        value = value[begun.end() :]
        slot = replace(slot, value=value, negative=True)
    if not tokens(value):
        return []
    if slot.negative and (refused := _terms(slot, vocabulary, context)):
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
            return [_turned(made) if slot.negative else made]
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
    return [_turned(c) if slot.negative else c for c in made]


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
                return [_turned(made) if slot.negative else made]
    worded = number is None and any(len(t) > 1 and not t.isdigit() for t in tokens(amount))
    said = slot.sign == "=" and (worded or _RATIO.search(amount) is not None)
    return [_mentioned(slot)] if said else []


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


def _mentioned(slot: Slot) -> Constraint:
    """The listing has to say it, or must not."""
    words = " ".join(fold(_EDGE.sub("", slot.value)).split())
    return _denied(Constraint(TEXT, Op.CONTAINS, (words,)), slot)


def _denied(constraint: Constraint, slot: Slot) -> Constraint:
    """The constraint with the polarity of the slot."""
    negative, op = slot.negative, constraint.op
    if isinstance(constraint.value, bool):
        # "no app": the field is to be false; a flag read as refused already says so.
        return replace(constraint, op=Op.EQ, value=constraint.value != negative)
    if constraint.number is not None:
        return constraint
    if not negative:
        # "wool-free" refuses by itself
        return constraint
    if constraint.value == NONE:
        return replace(constraint, op=Op.EQ)
    positive = {Op.NE: Op.EQ, Op.NOT_CONTAINS: Op.CONTAINS}.get(op, op)
    turned = {Op.EQ: Op.NE, Op.CONTAINS: Op.NOT_CONTAINS}.get(positive, positive)
    return replace(constraint, op=turned)


def _turned(constraint: Constraint) -> Constraint:
    """A refused limit is the opposite limit: "not under 20" is at least 20."""
    opposite = {Op.LE: Op.GE, Op.GE: Op.LE, Op.EQ: Op.NE}
    return replace(constraint, op=opposite.get(constraint.op, constraint.op))


def _covers(reading: Constraint, whole: str) -> bool:
    """Whether a reading rests on at least half of the content words of a value; a colour or material
    on all of them: a "leather look" is no leather.
    """
    said, words = tokens(reading.span), [t for t in tokens(whole) if len(t) > 2]
    if reading.field in ("color", "material"):
        # "wool-free" is about wool
        return {*words} <= {*said, *_GENERIC, reading.field, "free"}
    return bool(said) and 2 * len(said) >= len(words)


_READERS: Final[
    Mapping[str, Callable[[Slot, Vocabulary | None, Context], list[Constraint]]]
] = {
    "item": _item, "brand": _brand, "color": _color_or_material, "material": _color_or_material, "size": _size, "feature": _feature,
    "gender": _gender, "wish": _wish, "than": _wish, "price": _price, "measure": _measure, "age": _age,
}  # fmt: skip


def stands_in(slot: Slot, intent: Intent) -> bool:
    """Whether the words of a slot stand in the utterance, be it before an apostrophe: "that'll"."""
    run = tokens(slot.value)
    texts = (intent.text, _APOSTROPHE.sub(" ", intent.text))
    return bool(run) and any(find_run(tokens(text), run) >= 0 for text in texts)
