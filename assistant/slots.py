"""From the words a model marked to constraints: the deterministic reader says what they mean.

The model says which words of the utterance are a price limit, a refused colour, a wish;
that is all it is asked. Values, units, fields and names are then read from those words
alone, with the catalogue's vocabulary, by the same reader that reads whole utterances.
A slot whose words do not stand in the utterance, or mean nothing of its kind, is dropped.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from rapidfuzz.distance.OSA import distance

from assistant.compact import Slot
from assistant.intent import Comparative, Constraint, Intent, Op, Reference, Sort
from assistant.reader import Context, read
from assistant.reader.qualities import quality_of
from catalog.constraint import TEXT, WISH
from catalog.lexicon import COLORS, MATERIALS
from catalog.text import find_run, fold, tokens
from retrieval.vocabulary import Vocabulary

_LIMITS: Final[Mapping[str, Op]] = {"<=": Op.LE, ">=": Op.GE, "=": Op.EQ, "~": Op.EQ}
_SPELLED_AROUND: Final = re.compile(r"\s*ish\b|^\s*~\s*", re.IGNORECASE)
_NUMBERED: Final[Mapping[str, str]] = {
    "first": "1", "1st": "1", "top": "1", "second": "2", "2nd": "2", "two": "2", "runner-up": "2", "third": "3", "3rd": "3",
    "three": "3", "fourth": "4", "4th": "4", "four": "4", "fifth": "5", "5th": "5", "five": "5", "sixth": "6", "6th": "6", "six": "6",
    "last": "-1", "final": "-1", "bottom": "-1", **{str(n): str(n) for n in range(1, 11)}, **{f"#{n}": str(n) for n in range(1, 11)},
}  # fmt: skip
_COUNTED: Final = frozenset("""two three four five 2 3 4 5""".split())
_POINTING: Final = frozenset("""the a an number no nr option item one ones of them these those choice thing product pick result my that this it
please pls for in on and""".split())  # fmt: skip
_EXTREMES: Final[Mapping[str, str]] = {
    "cheapest": "price:-1", "cheaper": "price:-1", "dearest": "price:+1", "priciest": "price:+1", "best-rated": "rating:+1", "quietest": "noise:-1",
    "lightest": "weight:-1", "heaviest": "weight:+1", "biggest": "size:+1", "smallest": "size:-1",
}  # fmt: skip
_ORDERS: Final = (
    (frozenset(tokens("cheap cheapest cheaper inexpensive affordable low lowest least")), Sort("price")),
    (frozenset(tokens("dear dearest expensive pricey priciest pricier high highest costly luxury")), Sort("price", True)),
    (frozenset(tokens("rated rating ratings star stars review reviews reviewed best judged loved liked top")), Sort("rating", True)),
    (frozenset(tokens("popular bestseller bestsellers bestselling selling sold bought")), Sort("review_count", True)),
)  # fmt: skip
_DEAR: Final = frozenset(tokens("expensive pricey costly dear steep much"))
_EVERYTHING: Final = frozenset(tokens("everything all lot anything"))
_AGES: Final = (
    ("newborn", 0.0),
    ("baby", 0.0),
    ("infant", 0.0),
    ("toddler", 18.0),
    ("preschool", 36.0),
    ("teen", 156.0),
)
"""Words for ages, in months from which something must be suitable."""
_GENERIC: Final = frozenset(tokens("""one ones thing things thingies stuff pack box bag bags pair part kind sort type brand color colour flavour
flavor item items product option it them bit lot bars version shade"""))  # fmt: skip
"""Nouns that name nothing to buy."""
_ADVERBS: Final = frozenset(
    """properly really very absolutely totally definitely fully truly all completely quite so actually""".split()
)
_LONGEST_FEATURE: Final = 3
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


def references_of(slot: Slot) -> tuple[Reference, ...]:
    """The shown or bought items a ``ref`` slot points at."""
    words = re.findall(r"[\w'#-]+", slot.value.lower())
    if words == ["one"]:
        return (_reference("position", "1", slot),)
    found = [_reference(kind, value, slot) for kind, value in _pointed(words)]
    if found:
        return tuple(found)
    read_so = read(f"add {slot.value} to the cart").references
    told = [w for w in words if w not in _POINTING]
    if all(r.kind in ("this", "match") for r in read_so) and told:
        return (_reference("match", " ".join(told), slot),)
    return tuple(replace(r, span=slot.value) for r in read_so)


def _pointed(words: Sequence[str]) -> list[tuple[str, str]]:
    """(kind, value) of references that need no listing to be understood."""
    spoken = [_NUMBERED.get(w) or _misspelled(w) for w in words]
    extreme = next((e for w in words if (e := _EXTREMES.get(w))), None)
    if extreme is not None:
        return [("extreme", extreme)]
    if {"both", "two"} <= set(words) or words == ["both"]:
        return [("position", "1"), ("position", "2")]
    told = [w for w, n in zip(words, spoken, strict=True) if n is None and w not in _POINTING]
    numbers = [n for n in spoken if n is not None]
    if told or not numbers:
        return []
    first, *rest = numbers
    count = rest[-1] if rest else ""
    if first in ("1", "-1") and words[-1] in _COUNTED and count:
        span = range(1, int(count) + 1) if first == "1" else range(-int(count), 0)
        return [("position", str(n)) for n in span]
    return [("position", n) for n in dict.fromkeys(numbers)]


def _misspelled(word: str) -> str | None:
    """An ordinal with its letters out of order: "frist", "secnd"."""
    if len(word) < 4:
        return None
    close = [(distance(word, o), o) for o in _NUMBERED if len(o) > 4]
    best = min(close)
    return _NUMBERED[best[1]] if best[0] <= 1 and word[0] == best[1][0] else None


def _reference(kind: str, value: str, slot: Slot) -> Reference:
    return Reference(kind, value, slot.value)


def comparatives_of(slot: Slot) -> tuple[Comparative, ...]:
    """What a ``than`` slot compares by."""
    said = slot.value.lower()
    found = list(read(said, None, Context(has_wants=True)).comparatives)
    if not found and (excess := re.match(r"(?:way |a bit |much |far |a little )?too (.+)", said)):
        # "too expensive" asks for less of it
        quality = quality_of(excess[1])
        if quality is not None:
            found = [Comparative(quality.fields, -quality.direction)]
        elif set(tokens(excess[1])) & _DEAR:
            found = [Comparative(("price",), -1)]
    return tuple(replace(c, span=slot.value) for c in found)


def sort_of(slot: Slot, vocabulary: Vocabulary | None) -> Sort | None:
    """The order an ``order`` slot asks for."""
    known = read(slot.value, vocabulary, Context(has_wants=True)).sort
    if known is not None:
        return known
    words = tokens(slot.value)
    return next((sort for stems, sort in _ORDERS if any(w in stems for w in words)), None)


def cleared_of(
    slot: Slot, vocabulary: Vocabulary | None, wanted: Sequence[Constraint]
) -> tuple[str, ...]:
    """The fields or values a ``field`` slot drops from what is ``wanted``."""
    said = frozenset(tokens(slot.value))
    if said & _EVERYTHING:
        return ("*",)
    known = read(f"forget the {slot.value}", vocabulary, Context(has_wants=True)).cleared
    if (
        known
        and known != ("*",)
        and (
            not all(k.startswith("value:") for k in known)
            or any(said & {t for w in (*c.words, c.span) for t in tokens(w)} for c in wanted)
        )
    ):
        return known
    meant = [
        c
        for c in wanted
        if c.field != "type"
        and said & {t for w in (*c.words, c.span, c.field.replace("_", " ")) for t in tokens(w)}
    ]
    return tuple(f"value:{c.words[0]}" if c.field in (WISH, TEXT) else c.field for c in meant)


def _item(slot: Slot, vocabulary: Vocabulary | None, context: Context) -> list[Constraint]:
    value = _EDGE.sub("", slot.value)
    phrase = tuple(tokens(value))
    if not phrase or set(phrase) <= _GENERIC:
        return []
    whole = Constraint("type", Op.CONTAINS, (" ".join(phrase),), span=value)
    if vocabulary is None:
        return [_denied(whole, slot)]
    found = read(value, vocabulary, context).constraints
    named = [c for c in found if c.field == "type" and tokens(c.span)[-1:] == list(phrase[-1:])]
    exact = [
        c
        for c in named
        if c.op in (Op.EQ, Op.NE) and not any(_only_begins(tokens(w), phrase) for w in c.words)
    ]
    if not exact:
        terms = [c for c in _terms(slot, vocabulary, context) if c.field != "brand"]
        if terms:
            # "whole beans" to somebody who buys coffee is a form, "in-ear" a style.
            return terms
        if shelf := _shelf_ending_in(phrase, vocabulary, context):
            return [_denied(Constraint("type", Op.EQ, (shelf,), span=value), slot)]
        # The last word says what it is: a tea cosy is no tea.
        return [_denied(whole, slot)]
    if len(tokens(exact[0].span)) < len(phrase) and vocabulary.title_count(phrase):
        return [_denied(whole, slot)]
    rest = [c for c in found if c.field not in ("type", TEXT)]
    return [_denied(exact[0], slot), *(rest if not slot.negative else ())]


def _only_begins(name: Sequence[str], phrase: Sequence[str]) -> bool:
    """Whether a type is only what stands in front: "coffee" of a coffee grinder."""
    return set(name) <= set(phrase) and name[-1] != phrase[-1]


def _shelf_ending_in(
    phrase: tuple[str, ...], vocabulary: Vocabulary, context: Context
) -> str | None:
    """The one type whose name ends in these words ("litter": cat litter), or of several the one
    that was spoken of.
    """
    names = [
        entry.value
        for known, entries in vocabulary.entries.items()
        if len(known) > len(phrase) and known[-len(phrase) :] == phrase
        for entry in entries
        if entry.field == "type" and tuple(tokens(entry.value)) == known
    ]
    spoken = [n for n in names if " ".join(tokens(n)) in context.kinds | context.parked]
    if spoken:
        return spoken[0]
    return names[0] if len(names) == 1 else None


def _terms(slot: Slot, vocabulary: Vocabulary | None, context: Context) -> list[Constraint]:
    """The attributes of the catalogue that words name; empty when they name none, or hardly."""
    said = " ".join(w for w in slot.value.split() if fold(w) not in _ADVERBS)
    found = [
        c
        for c in read(said, vocabulary, context).constraints
        if c.field not in (WISH, TEXT, "type") and _covers(c.span, said)
    ]
    if found or vocabulary is None:
        return [_denied(c, slot) for c in found]
    words = [t for t in tokens(said) if t not in _GENERIC]
    if slot.negative:
        # "no dust": dust_free
        for word in words:
            if (flag := vocabulary.flags.get((word, "free"))) is not None:
                return [Constraint(flag.field, Op.EQ, True)]
    if len(words) == 1 and len(words[0]) >= 4:
        # "clump": clumping
        near = [e for p, e in vocabulary.flags.items() if len(p) == 1 and p[0].startswith(words[0])]
        if len(near) == 1:
            return [_denied(Constraint(near[0].field, Op.EQ, True), slot)]
    return []


def _brand(slot: Slot, vocabulary: Vocabulary | None, context: Context) -> list[Constraint]:
    known = _term(slot, "brand", vocabulary, context)
    if known:
        return known
    found = read(slot.value, vocabulary, context).constraints
    if any(c.field == "type" and c.op in (Op.EQ, Op.NE) for c in found):
        return _item(slot, vocabulary, context)
    return [_mentioned(slot)]


def _color(slot: Slot, vocabulary: Vocabulary | None, context: Context) -> list[Constraint]:
    known = _term(slot, "color", vocabulary, context)
    if known:
        return known
    if fold(slot.value) in COLORS:
        return [_denied(Constraint("color", Op.EQ, (fold(slot.value),)), slot)]
    return [_mentioned(slot)]


def _material(slot: Slot, vocabulary: Vocabulary | None, context: Context) -> list[Constraint]:
    known = _term(slot, "material", vocabulary, context)
    if known:
        return known
    if fold(slot.value) in MATERIALS:
        return [_denied(Constraint("material", Op.EQ, (fold(slot.value),)), slot)]
    return [_mentioned(slot)]


def _term(
    slot: Slot, field: str, vocabulary: Vocabulary | None, context: Context
) -> list[Constraint]:
    """The value as a term of the catalogue: of ``field`` if it can be that, else of what it is."""
    found = read(slot.value, vocabulary, context).constraints
    typed = [c for c in found if c.field == field]
    if not typed:
        typed = [c for c in found if c.field not in (WISH, TEXT, "type") and c.words]
    return [_denied(c, slot) for c in typed]


def _size(slot: Slot, vocabulary: Vocabulary | None, context: Context) -> list[Constraint]:
    said = slot.value if "size" in slot.value.lower() else f"size {slot.value}"
    for text in (said, slot.value):
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
    if len([t for t in tokens(slot.value) if len(t) > 2]) > _LONGEST_FEATURE:
        # nothing that a listing could say in these words
        return _wish(slot, vocabulary, context)
    return [_mentioned(slot)]


def _gender(slot: Slot, vocabulary: Vocabulary | None, context: Context) -> list[Constraint]:
    found = [c for c in read(slot.value, vocabulary, context).constraints if c.field == "gender"]
    return [_denied(c, slot) for c in found] or _wish(slot, vocabulary, context)


def _wish(slot: Slot, vocabulary: Vocabulary | None, context: Context) -> list[Constraint]:
    if slot.label == "than" and comparatives_of(slot):
        return []
    value = _EDGE.sub("", slot.value).lower()
    if not tokens(value):
        return []
    return [
        Constraint(WISH, Op.CONTAINS, (f"not {value}" if slot.negative else value,), hard=False)
    ]


def _price(slot: Slot, vocabulary: Vocabulary | None, context: Context) -> list[Constraint]:
    amount = _SPELLED_AROUND.sub("", slot.value)
    for said in (f"under {amount}", f"price under {amount}", f"under ${amount}"):
        found = [c for c in read(said, vocabulary, context).constraints if c.field == "price"]
        if found:
            made = replace(found[0], op=_LIMITS[slot.sign], hard=slot.sign in ("<=", ">="))
            return [_turned(made) if slot.negative else made]
    return []


def _measure(slot: Slot, vocabulary: Vocabulary | None, context: Context) -> list[Constraint]:
    amount = _SPELLED_AROUND.sub("", slot.value)
    # "4 stars" alone is a fact about nothing; "at least 4 stars" is a limit.
    form = {"<=": "at most {}", ">=": "at least {}", "=": "{}", "~": "{}"}[slot.sign]
    found: list[Constraint] = []
    for said in (form.format(amount), form.format(amount).replace(" of ", " ")):
        found = found or [
            c
            for c in read(said, vocabulary, context).constraints
            if c.number is not None and c.field != "price"
        ]
    if not found:
        money = [
            c
            for c in read(f"under {amount}", vocabulary, context).constraints
            if c.unit and c.field == "price"
        ]
        if money:
            return _price(slot, vocabulary, context)
        counted = any(len(t) > 1 and not t.isdigit() for t in tokens(amount))
        return [_mentioned(slot)] if slot.sign == "=" and counted else []
    op = _LIMITS[slot.sign]
    made = [replace(c, op=op if c.op.direction or op is not Op.EQ else c.op) for c in found]
    if slot.sign == "~":
        made = [replace(c, hard=False) for c in made]
    return [_turned(c) if slot.negative else c for c in made]


def _age(slot: Slot, vocabulary: Vocabulary | None, context: Context) -> list[Constraint]:
    value = slot.value.lower()
    for said in (f"for a {value}", f"for a {value} year old"):
        found = [c for c in read(said, vocabulary, context).constraints if c.number is not None]
        if found:
            return found
    named = next((years for word, years in _AGES if word in value), None)
    if named and vocabulary is not None and "age_from" in vocabulary.measured:
        return [Constraint("age_from", Op.LE, named, "month")]
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
    positive = {Op.NE: Op.EQ, Op.NOT_CONTAINS: Op.CONTAINS}.get(op, op)
    turned = {Op.EQ: Op.NE, Op.CONTAINS: Op.NOT_CONTAINS}.get(positive, positive)
    return replace(constraint, op=turned if negative else positive)


def _turned(constraint: Constraint) -> Constraint:
    """A refused limit is the opposite limit: "not under 20" is at least 20."""
    opposite = {Op.LE: Op.GE, Op.GE: Op.LE, Op.EQ: Op.NE}
    return replace(constraint, op=opposite.get(constraint.op, constraint.op))


def _covers(part: str, whole: str) -> bool:
    """Whether a reading rests on at least half of the content words of a value."""
    said = tokens(part)
    return bool(said) and 2 * len(said) >= len([t for t in tokens(whole) if len(t) > 2])


_READERS: Final[
    Mapping[str, Callable[[Slot, Vocabulary | None, Context], list[Constraint]]]
] = {
    "item": _item, "brand": _brand, "color": _color, "material": _material, "size": _size, "feature": _feature,
    "gender": _gender, "wish": _wish, "than": _wish, "price": _price, "measure": _measure, "age": _age,
}  # fmt: skip


def stands_in(slot: Slot, intent: Intent) -> bool:
    """Whether the words of a slot stand in the utterance."""
    run = tokens(slot.value)
    return bool(run) and find_run(tokens(intent.text), run) >= 0
