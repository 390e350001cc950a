"""Fitting an intent to the catalogue at hand: its currency, and names it has other words for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Final

import numpy as np

from assistant.intent import Act, Constraint, Intent, Op
from assistant.reader.english import FUNCTION_WORDS
from assistant.reader.synonyms import KINDS_BELOW, SYNONYMS, TOLD_BESIDES
from catalog.constraint import NUMERIC_FIELDS, TEXT, WISH, told_by_size
from catalog.money import to_major, to_minor
from catalog.text import tokens
from catalog.units import parse_measure
from retrieval.embedder import Matrix, WordEmbedder, words_alone
from retrieval.index import Index

_SPELLED: Final = 0.3
"""How much of what two names share as mere words is taken off: "toast rack" and "toaster", "gas bottle"
and "baby bottle" look alike and mean different things."""
_NEAR: Final = 0.55
"""Cosine, less that, from which a product type is taken for another name of what was said
(docs/experiments.md)."""
_NEAR_MEANING: Final = 0.70
"""The same where the names end in the same word, or the embedder knows no words by themselves."""
OF_PRICES: Final = "Prices here "
"""How a note on the shop's currency begins: true of the whole shop, it is worth saying once."""
_KINDS: Final = re.compile(r"[&,/]| and ")
_OR: Final = re.compile(r"\s+or\s+(?:an?\s+|some\s+|the\s+)?", re.IGNORECASE)
_SEVERAL: Final = 3
"""Titles that end in a word before it is taken for what things here are called."""


def ground(intent: Intent, index: Index) -> Intent:
    """The intent in the catalogue's currency and, where the catalogue files what was said
    under another name, with that name. What was changed is said in the notes.
    """
    if intent.act not in (Act.SEARCH, Act.REFINE, Act.SIMILAR):
        return intent
    constraints: list[Constraint] = []
    beside: list[Constraint] = []
    notes = list(intent.notes)
    for constraint in _things(intent, index):
        grounded, note = constraint, None
        if constraint.field == "price" and constraint.number is not None:
            grounded, note = _in_shop_currency(constraint, index)
        elif _stated_nowhere(constraint, index):
            grounded = _as_words(constraint)
        elif sized := _as_size(constraint, intent, index):
            grounded = sized
        elif _said_by_none(constraint, index):
            grounded, note = _as_wish(constraint)
        elif constraint.field == "type" and constraint.op is Op.CONTAINS:
            grounded, note, rest = _above_types(constraint, index)
            beside += rest
            if grounded is constraint:
                grounded, note = _known_type(constraint, index)
            if grounded is constraint and not any(index.count((constraint,))):
                grounded, note, rest = _part_carried(constraint, index)
                beside += rest
        constraints.append(grounded)
        if note and note not in notes:
            notes.append(note)
    beside = [
        c for c in beside if not any((c.field, c.value) == (k.field, k.value) for k in constraints)
    ]
    return replace(intent, constraints=(*_joined(constraints), *beside), notes=tuple(notes))


def _things(intent: Intent, index: Index) -> Sequence[Constraint]:
    """The constraints, with a guessed item that nothing here is, only some titles mention, made one
    with the kind of thing named before it: a guitar strap is not met by strap sandals.
    """
    things = list(intent.constraints)
    for item in intent.constraints:
        kind = next((w for w in things if _stands_before(w, item, intent.text)), None)
        if kind and _is_kind(kind.span, index) and not _is_kind(item.words[0], index):
            span = f"{kind.span} {item.span}"
            whole = replace(item, value=(" ".join(tokens(span)),), span=span)
            things = [whole if c is item else c for c in things if c is not kind]
    return things


def _stands_before(wish: Constraint, item: Constraint, text: str) -> bool:
    guessed = item.field == "type" and item.op is Op.CONTAINS and len(item.words) == 1
    return guessed and wish.field == WISH and bool(wish.span) and f"{wish.span} {item.span}" in text


def _is_kind(phrase: str, index: Index) -> bool:
    """Whether something here is that: a type has its name, or titles end in it."""
    last = tokens(phrase)[-1:]
    return index.vocabulary.has_type(tuple(last)) or index.columns.named(last) > 0


def _joined(constraints: Sequence[Constraint]) -> tuple[Constraint, ...]:
    """Types named in a row are alternatives, also where the catalogue had to be asked for the name
    of one: "a dress, boots and a lippy".
    """
    made: list[Constraint] = []
    for c in constraints:
        if made and c.field == "type" and _beside(made[-1], c):
            both = tuple(dict.fromkeys((*made[-1].words, *c.words)))
            op = c.op if c.op is made[-1].op else Op.CONTAINS
            made[-1] = replace(made[-1], op=op, value=both)
        else:
            made.append(c)
    return tuple(made)


def _beside(a: Constraint, b: Constraint) -> bool:
    wanted = {a.op, b.op} <= {Op.EQ, Op.CONTAINS}
    return wanted and (a.field, a.hard) == (b.field, b.hard)


def _stated_nowhere(constraint: Constraint, index: Index) -> bool:
    """An exact number for a field that no product of the catalogue has."""
    named = (
        constraint.number is not None
        and constraint.op is Op.EQ
        and constraint.field not in NUMERIC_FIELDS
    )
    if told_by_size(constraint) and index.columns.sized_in(constraint.unit or ""):
        return False
    return named and constraint.field not in {*index.vocabulary.measured, *index.vocabulary.listed}


def _said_by_none(constraint: Constraint, index: Index) -> bool:
    """Whether several words are demanded, or refused, that no listing says like that."""
    if constraint.field != TEXT or any(len(tokens(w)) < 2 for w in constraint.words):
        return False
    if constraint.op.negative:
        return not (index.columns.verdicts(constraint) < 0).any()
    return not index.count([replace(constraint, hard=True)])[0]


def _as_wish(constraint: Constraint) -> tuple[Constraint, str]:
    """Hope for "runs off a battery" where listings put it otherwise: the meaning counts, not the words."""
    said = constraint.span or constraint.words[0]
    wish = f"no {said.lower()}" if constraint.op.negative else said.lower()
    note = (
        f"No listing says “{said}”, so I could leave nothing out for it."
        if constraint.op.negative
        else f"No listing says “{said}” in these words; I looked for what comes nearest."
    )
    return Constraint(WISH, Op.CONTAINS, (wish,), hard=False, span=constraint.span), note


def _as_size(constraint: Constraint, intent: Intent, index: Index) -> Constraint | None:
    """A measure wanted in the text of things that come in sizes of that unit, as the size of one."""
    if constraint.field != TEXT or constraint.op.negative or len(constraint.words) != 1:
        return None
    measure = parse_measure(constraint.words[0])
    kinds = [c for c in intent.constraints if c.field == "type" and not c.op.negative]
    if measure is None or not kinds or not index.columns.sized_in(measure[1]):
        return None
    value, unit = measure
    if not index.count((*kinds, Constraint("size", Op.GE, 0.0, unit)))[0]:
        return None
    return replace(constraint, field="size", op=Op.EQ, value=value, unit=unit)


def _as_words(constraint: Constraint) -> Constraint:
    """Demand "1000 pieces" where titles say it and no field does: the listing has to say so."""
    words = " ".join(tokens(constraint.span))
    return Constraint(TEXT, Op.CONTAINS, (words,), hard=constraint.hard, span=constraint.span)


def _in_shop_currency(constraint: Constraint, index: Index) -> tuple[Constraint, str | None]:
    """No exchange rate is known here, so another currency's number is read in the shop's, and said to be."""
    assert constraint.number is not None
    used = [c for c in index.info.currencies if c]
    named, shop = constraint.unit, index.vocabulary.currency
    if named is not None and named in used:
        return constraint, None
    if shop is None:
        note = (
            f"{OF_PRICES}come without a currency; I compare the plain numbers." if named else None
        )
        return replace(constraint, unit=None), note
    minor = float(to_minor(to_major(constraint.number, named), shop))
    note = None
    if named is not None:
        note = (
            f"{OF_PRICES}are in {shop} and I know no exchange rates: I read your number as {shop}."
        )
    return replace(constraint, value=minor, unit=shop), note


def _above_types(
    constraint: Constraint, index: Index
) -> tuple[Constraint, str | None, list[Constraint]]:
    """An everyday name above the types here as those types; as a wish where all types are below it,
    so that it leaves nothing out, with what else it tells: a headset has a microphone.
    """
    vocabulary, phrase = index.vocabulary, tuple(tokens(constraint.words[0]))
    name = phrase if phrase in KINDS_BELOW else phrase[-1:]
    if len(constraint.words) > 1 or name not in KINDS_BELOW or vocabulary.has_type(phrase):
        return constraint, None, []
    names = _type_names(index)
    below = [n for n in names if tuple(tokens(n)) in KINDS_BELOW[name]]
    if not below or any(tuple(tokens(n))[-len(name) :] == name for n in names):
        return constraint, None, []
    if len(below) == len(names):
        wish = Constraint(
            WISH,
            Op.CONTAINS,
            (constraint.span.lower() or " ".join(phrase),),
            hard=False,
            span=constraint.span,
        )
        flag = vocabulary.flags.get(TOLD_BESIDES.get(name, ()))
        told = [Constraint(flag.field, Op.EQ, True, span=constraint.span)] if flag else []
        return wish, None, told
    filed = sum(e.count for n in below for e in vocabulary.lookup(tuple(tokens(n)), "type"))
    if phrase != name or 2 * vocabulary.title_count(phrase) > filed:
        return constraint, None, []
    return replace(constraint, op=Op.EQ, value=tuple(below)), None, []


def _known_type(constraint: Constraint, index: Index) -> tuple[Constraint, str | None]:
    """A guessed type that nothing here is called, read as the nearest type name if that is near enough."""
    vocabulary = index.vocabulary
    phrase = constraint.words[0]
    words = tuple(phrase.split(" "))
    if (
        vocabulary.has_type(words)
        or vocabulary.title_count(words)
        or any(index.count((constraint,)))
    ):
        return constraint, None
    named = replace(constraint, value=(" ".join(SYNONYMS.get(words, ())),))
    if named.words[0] and any(index.count((named,))):
        return named, None
    names, vectors, spelled = _type_vectors(index)
    if not names or not tokens(phrase):
        return constraint, None
    said, head = constraint.span or phrase, tokens(phrase)[-1]
    near = vectors @ index.embed(said)
    ahead = near - _NEAR_MEANING
    if spelled is not None and isinstance(index.embedder, WordEmbedder):
        alike = _SPELLED * (spelled @ words_alone(index.embedder, [said])[0])
        # a school bag shares its last word with bags because it is one
        same = np.array([last == head for last in _last_words(tuple(names))])
        ahead = np.where(same, ahead, near - alike - _NEAR)
    best = int(np.argmax(ahead))
    name = names[best]
    if ahead[best] < 0 or another_thing(tokens(phrase), name):
        return constraint, None
    return (
        replace(constraint, op=Op.EQ, value=(name,)),
        f"I take “{constraint.span}” to mean what is filed here as {name}.",
    )


def _part_carried(
    constraint: Constraint, index: Index
) -> tuple[Constraint, str | None, list[Constraint]]:
    """Something nobody sells as what of it is sold: of two alternatives the one, what is named by all
    of the words apart, of a "coat hook" any hook, with the rest as a wish.
    """
    said = constraint.span or constraint.words[0]
    choices = _OR.split(said)
    made = [replace(constraint, value=(" ".join(tokens(c)),), span=c) for c in choices]
    carried = [c for c in made if c.words[0] and any(index.count((c,)))]
    if len(made) > 1 and carried:
        missing = " or ".join(c.span for c in made if c not in carried)
        value = tuple(c.words[0] for c in carried)
        note = f"We don't carry “{missing}”." if missing else None
        return replace(constraint, value=value), note, []
    *first, head = tokens(said) or [""]
    whole = [*first, head]
    apart = len(made) == 1 and not constraint.op.negative and FUNCTION_WORDS.isdisjoint(whole)
    if apart and first and index.columns.titled(whole):
        # names hold all of it, in other places: "a Spitfire kit"
        texts = [Constraint(TEXT, Op.CONTAINS, (word,), span=word) for word in first]
        named = replace(constraint, value=(head,), span=head)
        if index.count((named, *texts))[0]:
            return named, None, texts
    if len(made) > 1 or not first or not _heads_names(head, index):
        return constraint, None, []
    beside, _, thing = said.rpartition(" ")
    wish = Constraint(WISH, Op.CONTAINS, (beside.lower(),), hard=False, span=beside)
    note = f"No listing says “{said}”; I looked for any “{thing}”, and “{beside}” is not stated."
    return replace(constraint, value=(head,), span=thing), note, [wish]


def _heads_names(word: str, index: Index) -> bool:
    """Whether things are called so: where products have types one has that name, else titles end in it."""
    if index.vocabulary.has_type((word,)):
        return True
    return not _type_vectors(index)[0] and index.columns.named((word,)) >= _SEVERAL


def another_thing(said: Sequence[str], name: str) -> bool:
    """The last word says what a thing is: a tea cosy is no tea, and a duvet is no duvet cover."""
    kinds = [kind for part in _KINDS.split(name) if (kind := tokens(part))]
    if any(kind[-1] in said[:-1] for kind in kinds):
        return True
    return all(said[-1] != kind[-1] for kind in kinds) and any(said[-1] in k[:-1] for k in kinds)


@lru_cache(maxsize=8)
def _last_words(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple((tokens(name) or [""])[-1] for name in names)


@lru_cache(maxsize=8)
def _type_names(index: Index) -> Sequence[str]:
    """The types products are of, most frequent first; no shelves."""
    own = {
        e.value: e.types[" ".join(phrase)]
        for phrase, entries in index.vocabulary.entries.items()
        for e in entries
        if e.field == "type" and e.types.get(" ".join(phrase), 0)
    }
    return sorted(own, key=lambda name: (-own[name], name))


@lru_cache(maxsize=8)
def _type_vectors(index: Index) -> tuple[Sequence[str], Matrix, Matrix | None]:
    """The names of the types, their vectors, and those of their words alone where there are any."""
    names = sorted(n for n in _type_names(index) if len(tokens(n)) <= 4)[:2_000]
    if not names:
        return names, np.zeros((0, 0), np.float32), None
    embedder = index.embedder
    spelled = words_alone(embedder, names) if isinstance(embedder, WordEmbedder) else None
    return names, embedder.encode(names), spelled
