"""Two readings of one utterance, the reader's and the model's, made one by stated rules.

======== ======================================================================================
rule     what it settles
======== ======================================================================================
act      What is done is what the model says, except where the words leave no doubt
         (an empty text, "start over").
dropped  What the reader alone took for a wish, a product type or a term is dropped: the model
         read it as part of a story.
kept     Limits on money, "in stock" and "on sale" that the reader alone read stay.
added    A demand the model alone marked is taken, read from its own words.
turned   Where both read the same words, the model decides whether they are demanded, refused
         or only hoped for, and in which direction a limit goes.
term     A term of the catalogue that covers all content words of a soft slot says it better.
foreign  A slot whose words do not stand in the utterance, or mean nothing of its kind, is
         dropped.
======== ======================================================================================

``Intent.resolved`` names the rules that changed something; the evaluation counts them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from assistant.compact import Line, Slot
from assistant.intent import Act, Constraint, Intent, Op, Reference
from assistant.moment import Moment
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
_DEMANDING: Final = frozenset(
    """item brand color material size feature gender wish price measure age""".split()
)
_WANTING: Final = frozenset({Act.SEARCH, Act.REFINE, Act.CLEAR})


def context_of(moment: Moment) -> Context:
    """What the reader is told of the conversation."""
    parked = frozenset(k for m in moment.parked for k in m.kinds)
    return Context(moment.kinds, parked, bool(moment))


def reconciled(intent: Intent, line: Line, vocabulary: Vocabulary | None, moment: Moment) -> Intent:
    """The intent both readings make together; ``intent`` is the reader's."""
    if "*" in intent.cleared or not tokens(intent.text):
        return replace(intent, source="reader+model")
    slots = [s for s in line.slots if stands_in(s, intent)]
    rules = {"foreign"} if len(slots) < len(line.slots) else set()
    if line.act == "chat":
        made = Intent(intent.text, Act.CHAT)
    elif line.act == "more" and not any(s.label in _DEMANDING for s in slots):
        made = Intent(intent.text, Act.MORE)
    elif line.act in _ITEM_ACTS:
        made = _about_items(intent, _ITEM_ACTS[line.act], slots, vocabulary, context_of(moment))
    else:
        made = _wanted(intent, slots, vocabulary, moment, rules)
    if made.act is not intent.act and not {made.act, intent.act} <= _WANTING:
        rules.add("act")
    return replace(made, source="reader+model", resolved=tuple(sorted(rules)))


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
        intent = replace(intent, question=" ".join(dict.fromkeys((asked or "", about))).strip())
    demands = _demands(slots, vocabulary, context, set()) if act is Act.SIMILAR else []
    if demands:
        intent = replace(intent, constraints=tuple(demands))
    return intent


def _references(slots: Sequence[Slot], act: Act) -> tuple[Reference, ...]:
    found: list[Reference] = []
    for slot in slots:
        if slot.label == "ref" and act is Act.BUY_AGAIN:
            found.append(Reference("past_order", slot.value, slot.value))
        elif slot.label == "ref":
            found += references_of(slot)
    return tuple(dict.fromkeys(found))


def _wanted(
    intent: Intent,
    slots: Sequence[Slot],
    vocabulary: Vocabulary | None,
    moment: Moment,
    rules: set[str],
) -> Intent:
    context = context_of(moment)
    marked = _demands(slots, vocabulary, context, rules)
    demands = [_better(c, intent.constraints) for c in marked]
    if demands != marked:
        rules.add("term")
    if any(_turned(c, d) for c in demands for d in intent.constraints):
        rules.add("turned")
    if any(not _read_too(c, intent.constraints) for c in demands):
        rules.add("added")
    for c in intent.constraints:
        if _read_too(c, demands):
            continue
        if c.field in _KEPT and all(d.field != c.field for d in demands):
            demands.append(c)
            rules.add("kept")
        else:
            rules.add("dropped")
    cleared = list(intent.cleared)
    for slot in slots:
        if slot.label == "field":
            found = cleared_of(slot, vocabulary, moment.constraints)
            cleared += [f for f in found if f not in cleared]
    orders = [s for slot in slots if slot.label == "order" and (s := sort_of(slot, vocabulary))]
    sort = intent.sort or next(iter(orders), None)
    marked_than = tuple(c for s in slots if s.label == "than" for c in comparatives_of(s))
    comparatives = intent.comparatives or marked_than
    act, opens = _act(intent, demands, cleared, bool(comparatives or sort), moment)
    return Intent(
        intent.text,
        act,
        tuple(dict.fromkeys(demands)),
        tuple(r for r in intent.references if r.kind != "this") if comparatives else (),
        comparatives,
        sort,
        tuple(cleared),
        opens,
        act is Act.REFINE and widens(intent.text),
        notes=intent.notes,
    )


def _act(
    intent: Intent,
    demands: Sequence[Constraint],
    cleared: Sequence[str],
    ordered: bool,
    moment: Moment,
) -> tuple[Act, bool]:
    """(search, refine or clear; whether it opens a topic without naming a type)."""
    named = any(c.field == "type" and not c.op.negative for c in demands)
    opens = intent.opens_topic and not named
    if cleared and not demands and not ordered:
        return Act.CLEAR, False
    if named or opens:
        return Act.SEARCH, opens
    if not demands and not ordered:
        # "want" and nothing that is wanted: thinking aloud
        return Act.CHAT, False
    return (Act.REFINE if moment else Act.SEARCH), False


def _demands(
    slots: Sequence[Slot], vocabulary: Vocabulary | None, context: Context, rules: set[str]
) -> list[Constraint]:
    """What the slots demand; several values of one field in one breath are alternatives."""
    items = [s for s in slots if s.label == "item" and not s.negative]
    named = {
        " ".join(tokens(w))
        for s in items
        for c in constraints_of(s, vocabulary, context)
        if c.field == "type"
        for w in c.words
    }
    if named:
        # "trail" is a surface to running shoes: what a word means depends on what is bought
        context = replace(context, kinds=frozenset(named))
    made: list[Constraint] = []
    for slot in slots:
        meant = constraints_of(slot, vocabulary, context)
        if slot.label in _DEMANDING and not meant:
            rules.add("foreign")
        for c in meant:
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
        if said and said <= {*tokens(c.span), "not", "for"}:
            return replace(c, hard=c.hard and (made.hard or made.field == WISH))
    return made


def _read_too(constraint: Constraint, others: Sequence[Constraint]) -> bool:
    """Whether the other reading made something of the same words."""
    said = set(tokens(constraint.span))
    return any(said & set(tokens(o.span)) for o in others)


def _turned(made: Constraint, other: Constraint) -> bool:
    return (
        made.field == other.field
        and _read_too(made, (other,))
        and (made.op, made.hard) != (other.op, other.hard)
    )
