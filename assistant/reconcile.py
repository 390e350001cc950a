"""Two readings of one utterance, the reader's and the model's, made one.

The rules, in order; how often each was applied in an evaluation is in its report:

1. *What is done* is what the model says, except where the words leave no doubt (an
   empty text, an order to the model itself, "start over").
2. *What is wanted* are the model's slots, each read by the reader from its own words.
   What the reader alone took for a wish or a product type is dropped: that was a guess.
3. *A term of the catalogue* that covers all content words of a soft slot says it better.
4. *Limits on money, stock and discounts* that the reader alone read are kept.
5. *Cancellations, orders, comparisons* are the reader's where it found any, else the model's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from assistant.compact import Line, Slot
from assistant.intent import Act, Constraint, Intent, Op, Reference
from assistant.reader import Context, read, widens
from assistant.slots import (
    cleared_of,
    comparatives_of,
    constraints_of,
    references_of,
    sort_of,
    stands_in,
)
from catalog.constraint import TEXT, WISH
from catalog.text import tokens
from retrieval.vocabulary import Vocabulary

_ITEM_ACTS: Final = {
    "compare": Act.COMPARE, "ask": Act.ASK, "similar": Act.SIMILAR, "add": Act.ADD_TO_CART, "remove": Act.REMOVE_FROM_CART,
    "save": Act.SAVE, "again": Act.BUY_AGAIN, "review": Act.REVIEW,
}  # fmt: skip
_KEPT: Final = frozenset({"price", "stock", "discount"})


def reconciled(
    intent: Intent, line: Line, vocabulary: Vocabulary | None, context: Context
) -> Intent:
    """The intent both readings make together; ``intent`` is the reader's."""
    slots = [s for s in line.slots if stands_in(s, intent)]
    if "*" in intent.cleared or not tokens(intent.text):
        return intent
    if line.act == "chat":
        return replace(Intent(intent.text, Act.CHAT), source="reader+model")
    if line.act == "more" and not slots:
        return Intent(intent.text, Act.MORE, source="reader+model")
    if line.act in _ITEM_ACTS:
        return _about_items(intent, _ITEM_ACTS[line.act], slots, vocabulary, context)
    return _wanted(intent, line, slots, vocabulary, context)


def _about_items(
    intent: Intent, act: Act, slots: Sequence[Slot], vocabulary: Vocabulary | None, context: Context
) -> Intent:
    if intent.act is not act:
        intent = read(intent.text, vocabulary, context, act)
    pointed = _references(slots, act)
    if pointed:
        intent = replace(intent, references=pointed)
    about = " ".join(s.value for s in slots if s.label == "about")
    if act is Act.ASK and about:
        asked = read(about, vocabulary, context, Act.ASK).question
        intent = replace(intent, question=asked or about)
    demands = _demands(slots, vocabulary, context) if act is Act.SIMILAR else []
    if demands:
        intent = replace(intent, constraints=tuple(demands))
    return replace(intent, source="reader+model")


def _references(slots: Sequence[Slot], act: Act) -> tuple[Reference, ...]:
    found: list[Reference] = []
    for slot in slots:
        if slot.label != "ref":
            continue
        if act is Act.BUY_AGAIN:
            found.append(Reference("past_order", slot.value, slot.value))
        else:
            found += references_of(slot)
    return tuple(dict.fromkeys(found))


def _wanted(
    intent: Intent,
    line: Line,
    slots: Sequence[Slot],
    vocabulary: Vocabulary | None,
    context: Context,
) -> Intent:
    demands = _demands(slots, vocabulary, context)
    demands = [_better(c, intent.constraints) for c in demands]
    demands += [c for c in intent.constraints if c.field in _KEPT and not _read_too(c, demands)]
    cleared = list(intent.cleared)
    for slot in slots:
        if slot.label == "field":
            cleared += [f for f in cleared_of(slot, vocabulary) if f not in cleared]
    sort = next((s for slot in slots if slot.label == "order" and (s := sort_of(slot, vocabulary))), None)
    comparatives = tuple(c for slot in slots if slot.label == "than" for c in comparatives_of(slot))
    named = any(c.field == "type" and not c.op.negative for c in demands)
    wanted = bool(demands or comparatives or sort or intent.sort or intent.comparatives)
    opens = not named and intent.opens_topic
    if cleared and not wanted:
        act = Act.CLEAR
    elif named or opens or not context.has_wants:
        act = Act.SEARCH
    else:
        act = Act.REFINE
    return Intent(
        intent.text,
        act,
        tuple(dict.fromkeys(demands)),
        tuple(r for r in intent.references if r.kind != "this"),
        intent.comparatives or comparatives,
        intent.sort or sort,
        tuple(cleared),
        opens,
        act is Act.REFINE and widens(intent.text),
        notes=intent.notes,
        source="reader+model",
    )


def _demands(
    slots: Sequence[Slot], vocabulary: Vocabulary | None, context: Context
) -> list[Constraint]:
    made: list[Constraint] = []
    for slot in slots:
        for c in constraints_of(slot, vocabulary, context):
            twin = next((m for m in made if _alternatives(m, c)), None)
            if twin is None:
                made.append(c)
            else:
                both = tuple(dict.fromkeys((*twin.words, *c.words)))
                made[made.index(twin)] = replace(twin, value=both)
    return made


def _alternatives(a: Constraint, b: Constraint) -> bool:
    """Two values of one field asked for in one breath: either will do."""
    return (
        a.field == b.field
        and a.field not in (WISH, TEXT)
        and bool(a.words and b.words)
        and a.op is b.op
        and a.op in (Op.EQ, Op.CONTAINS)
        and a.hard == b.hard
    )


def _better(made: Constraint, read_too: Sequence[Constraint]) -> Constraint:
    """A term of the catalogue that covers all content words of a soft slot."""
    if made.field not in (WISH, TEXT):
        return made
    said = {t for w in made.words for t in tokens(w) if len(t) > 2}
    for c in read_too:
        if c.field in (WISH, TEXT, "type") or c.op.negative != made.op.negative:
            continue
        if said and said <= set(tokens(c.span)) | {"not", "for"}:
            return replace(c, hard=c.hard and (made.hard or made.field == WISH))
    return made


def _read_too(constraint: Constraint, demands: Sequence[Constraint]) -> bool:
    return any(d.field == constraint.field for d in demands)
