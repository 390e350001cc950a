"""What the words of a slot name, mention or refuse, whatever its label."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from assistant.compact import Slot
from assistant.intent import Constraint, Op
from assistant.naming import filed_as, flag_named
from assistant.reader import Context, read
from assistant.reader.english import FUNCTION_WORDS
from catalog.constraint import NONE, TEXT, WISH
from catalog.text import fold, tokens
from retrieval.vocabulary import Vocabulary

GENERIC: Final = frozenset(tokens("""one ones thing things thingies stuff pack box bag bags pair part kind sort type brand color colour flavour
flavor style form finish item items product option it them bit lot bars version shade"""))  # fmt: skip
"""Nouns that name nothing to buy."""
_ADVERBS: Final = frozenset(
    """properly really very absolutely totally definitely fully truly all completely quite so actually added whatsoever""".split()
)
EDGE: Final = re.compile(r"^(?:a|an|the|some|any)\s+|\s+(?:please|pls|plz)$", re.IGNORECASE)
"""What may stand around a name and says nothing."""


def terms_of(slot: Slot, vocabulary: Vocabulary | None, context: Context) -> list[Constraint]:
    """The attributes of the catalogue that words name; empty when they name none, or hardly."""
    said = " ".join(w for w in slot.value.split() if fold(w) not in _ADVERBS)
    plain = " ".join(t for t in tokens(said) if t not in GENERIC) or said
    flag = flag_named(plain, vocabulary, slot.negative) if vocabulary is not None else None
    if flag is not None:
        return [Constraint(flag[0], Op.EQ, flag[1], span=slot.value)]
    if not slot.negative and (name := _kind_alone(plain, vocabulary, context)):
        return [Constraint("type", Op.EQ, (name,), span=slot.value)]
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
    return [denied(c, slot) for c in found]


def _kind_alone(words: str, vocabulary: Vocabulary | None, context: Context) -> str | None:
    """The type that words are the name of in the files, unless what is bought has another name that
    people use.
    """
    if vocabulary is None:
        return None
    others = (k for k in context.kinds if vocabulary.has_type(tuple(k.split(" "))))
    return filed_as(words, vocabulary) if all(filed_as(k, vocabulary) for k in others) else None


def _covers(reading: Constraint, whole: str) -> bool:
    """Whether a reading rests on at least half of the content words of a value; a colour or material
    on all of them: a "leather look" is no leather.
    """
    said, words = (
        tokens(reading.span),
        [t for t in tokens(whole) if len(t) > 2 and t not in FUNCTION_WORDS],
    )
    if reading.field in ("color", "material"):
        # "wool-free" is about wool
        return {*words} <= {*said, *GENERIC, reading.field, "free"}
    return bool(said) and 2 * len(said) >= len(words)


def mentioned(slot: Slot) -> Constraint:
    """The listing has to say it, or must not."""
    words = " ".join(fold(EDGE.sub("", slot.value)).split())
    return denied(Constraint(TEXT, Op.CONTAINS, (words,)), slot)


def denied(constraint: Constraint, slot: Slot) -> Constraint:
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


def turned(constraint: Constraint) -> Constraint:
    """A refused limit is the opposite limit: "not under 20" is at least 20."""
    opposite = {Op.LE: Op.GE, Op.GE: Op.LE, Op.EQ: Op.NE}
    return replace(constraint, op=opposite.get(constraint.op, constraint.op))
