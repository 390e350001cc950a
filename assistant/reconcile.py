"""Two readings of one utterance, the reader's and the model's, made one by stated rules.

======== ======================================================================================
rule     what it settles
======== ======================================================================================
act      What is done is what the model says, except where the words leave no doubt: an empty
         text, "start over", an order that names cart or wish list, "only the red ones", a demand
         taken back, a conversation that opens with a product type.
dropped  What the reader alone took for a wish, a product type, a term or a comparison is
         dropped: the model read it as part of a story.
kept     Limits on money, "in stock" and "on sale" that the reader alone read stay, and an age in
         the middle of a longer wish.
added    A demand the model alone marked is taken, read from its own words.
turned   Where both read the same words, the model decides whether they are demanded, refused
         or only hoped for, and in which direction a limit goes, unless the words around a sum say
         that ("not less than 8").
term     A term of the catalogue that covers all content words of a soft slot says it better.
begun    A conversation that begins with a thing and its limit ("kettle under $60") wants that
         thing, also where the model marked the limit alone; so does "dark chocolate, no nuts"
         wherever it is said, where "dark" alone was marked.
back     Going back to a topic by its name ("back to the kettle, forget the budget") names it,
         also where the model marked only what else is said.
whole    A conversation that begins with nothing but names of the catalogue and limits ("trainers not
         white in stock") is what the reader makes of it where the model lost one of them.
foreign  A slot whose words do not stand in the utterance, or mean nothing of its kind, is
         dropped; a number no field takes stays as a wish. Where nothing is left of the model's
         reading, the reader's stands.
======== ======================================================================================

``Intent.resolved`` names the rules that changed something; the evaluation counts them.
What changes the model's line before it is read (begun, back, and what no rule counts: an order of the
results, a refusal, a kind named in its turn) is in :mod:`assistant.amending`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from rapidfuzz.distance import OSA

from assistant.about import about_items
from assistant.amending import (
    ITEM_ACTS,
    apart,
    said_here,
    with_act_told,
    with_misspelt_thing,
    with_order,
    with_refusal,
    with_topic,
)
from assistant.compact import Line, find_value
from assistant.corrections import corrected
from assistant.demands import (
    DEMANDING,
    FILLERS,
    better_said,
    demands_of,
    denied_by_ending,
    directed,
    distinct,
    in_named_field,
    measured_fields,
    other_end,
    read_too,
    with_licences,
    with_range,
)
from assistant.dropping import dropped, lifted
from assistant.intent import Act, Constraint, Intent
from assistant.moment import Moment
from assistant.order_words import counted, is_no_order
from assistant.pointing import compared_by, named_against, sort_of
from assistant.reader import Context, new_need, widens
from assistant.reader.acts import named_order
from assistant.reader.utterance import Utterance
from assistant.reader.whole import wholly_read
from assistant.slots import stands_in
from assistant.unmarked import with_first_thing, with_only, with_thing, with_unmarked
from catalog.constraint import WISH
from catalog.text import find_run, tokens
from retrieval.vocabulary import Vocabulary

_KEPT: Final = frozenset({"price", "stock", "discount"})
_AGED: Final = frozenset({"age_from", "min_age"})
_NO_MEASURE: Final = frozenset({"price", "age_from"})
"""Limits that a later number without a unit is not about: a sum is read as one, and nobody says an
age in months and then another without."""
_WANTING: Final = frozenset({Act.SEARCH, Act.REFINE, Act.CLEAR})


def context_of(moment: Moment) -> Context:
    """What the reader is told of the conversation."""
    parked = frozenset(k for m in moment.parked for k in m.kinds)
    limits = tuple(
        (c.field, c.unit) for c in moment.constraints if c.unit and c.field not in _NO_MEASURE
    )
    return Context(moment.kinds, parked, bool(moment), limits)


def reconciled(intent: Intent, line: Line, vocabulary: Vocabulary | None, moment: Moment) -> Intent:
    """The intent both readings make together; ``intent`` is the reader's."""
    made = _reconciled(intent, line, vocabulary, moment)
    lost = any(not _kept_by(made, c) for c in intent.constraints)
    if not moment and lost and wholly_read(intent):
        rules = tuple(sorted({*made.resolved, "whole"}))
        return replace(intent, source="reader+model", resolved=rules)
    return made


def _reconciled(
    intent: Intent, line: Line, vocabulary: Vocabulary | None, moment: Moment
) -> Intent:
    if not tokens(intent.text):
        return replace(intent, source="reader+model")
    begins = bool(intent.constraints) and any(s.label == "item" for s in line.slots)
    if "*" in intent.cleared and not begins:
        return Intent(intent.text, Act.CLEAR, cleared=("*",), source="reader+model")
    present = tuple(s for s in line.slots if stands_in(s, intent))
    astray = is_no_order(line, intent, moment)
    if astray or (line.slots and not present):
        # nothing of it is about this utterance
        return replace(intent, source="reader+model", resolved=("act",) if astray else ("foreign",))
    context = context_of(moment)
    rules = {"foreign"} if len(present) < len(line.slots) else set()
    present = said_here(present, vocabulary, intent.text)
    # "cheaper" in "the cheaper of 2 and 3" points, and wants nothing
    pointing = [r.span for r in intent.references if r.among]
    points = {s for s in present for p in pointing if s.label == "than" and find_value(s.value, p)}
    present = tuple(s for s in present if s not in points)
    line = with_order(Line(line.act, present), intent.text)
    line = with_refusal(line, intent, moment)
    line = with_first_thing(line, intent.text, vocabulary)
    line = with_only(with_unmarked(line, intent.text, vocabulary), intent)
    line = with_misspelt_thing(line, intent, vocabulary, opening=not moment)
    order, line = apart(counted(line, intent.text), named_order(intent.text))
    if (begun := with_thing(line, intent, opening=not moment)) is not line:
        rules.add("begun")
        line = begun
    if (gone_back := with_topic(line, intent, moment)) is not line:
        rules.add("back")
        line = gone_back
    before = intent.before
    if order is None:
        line = with_act_told(line, intent, vocabulary, context)
    else:
        about = about_items(intent, ITEM_ACTS[order.act], order.slots, vocabulary, moment, context)
        before = (*before, replace(about, source="reader+model"))
    if line.act == "chat" and not moment and (named := _named_type(intent)):
        # nobody opens with what the shop sells just to chat, however long the story
        made = Intent(intent.text, Act.SEARCH, (named,), notes=intent.notes)
    elif line.act == "chat":
        made = Intent(intent.text, Act.CHAT)
    elif line.act == "more" and not any(s.label in DEMANDING for s in line.slots):
        made = Intent(intent.text, Act.MORE)
    elif line.act in ITEM_ACTS:
        made = about_items(intent, ITEM_ACTS[line.act], line.slots, vocabulary, moment, context)
    else:
        made = _wanted(intent, line, vocabulary, moment, rules)
    if made.act is not intent.act and not {made.act, intent.act} <= _WANTING:
        rules.add("act")
    return replace(made, source="reader+model", resolved=tuple(sorted(rules)), before=before)


def _kept_by(made: Intent, heard: Constraint) -> bool:
    """Whether a reading demands something of a field in the direction that was heard, and does not want
    what was refused.
    """
    return any(
        c.field == heard.field
        and c.op.direction == heard.op.direction
        and (c.op.negative or not heard.op.negative)
        and (c.field != "type" or c.op.negative == heard.op.negative)
        for c in made.constraints
    )


def _named_type(intent: Intent) -> Constraint | None:
    """The product type of the catalogue that the reader found, None when it only guessed."""
    found = (c for c in intent.constraints if c.field == "type" and not c.op.negative)
    return None if intent.unread else next(found, None)


def _wanted(
    intent: Intent,
    line: Line,
    vocabulary: Vocabulary | None,
    moment: Moment,
    rules: set[str],
) -> Intent:
    context, slots = context_of(moment), line.slots
    names = any(s.label == "item" for s in slots)
    again = {
        s: c for s in slots if not names and (c := corrected(s, moment, intent.text)) is not None
    }
    unread = [s for s in slots if s not in again]
    read_so = demands_of(unread, vocabulary, context, rules, intent.text)
    if not (intent.widens or intent.cleared):
        read_so = with_licences(read_so, moment, vocabulary)
    marked = [*again.values(), *read_so]
    stated = measured_fields(marked, moment, vocabulary)
    measured = frozenset(vocabulary.measured) if vocabulary is not None and stated else frozenset()
    # nobody sleeps in pasta "for eleven people"
    heard_of_it = [
        c for c in intent.constraints if c.number is None or c.field not in measured - stated
    ]
    demands = distinct(
        denied_by_ending(
            directed(
                better_said(c, heard_of_it, intent.notes, vocabulary), intent.constraints, stated
            ),
            intent.text,
        )
        for c in marked
    )
    demands = distinct(in_named_field(c, intent.constraints, intent.text) for c in demands)
    demands = with_range(demands, intent.constraints)
    if demands != marked:
        rules.add("term")
    if any(_turned(c, d) for c in demands for d in intent.constraints):
        rules.add("turned")
    if any(not read_too(c, intent.constraints) for c in demands):
        rules.add("added")
    marked_than = compared_by(slots, intent.comparatives, vocabulary, context)
    # "10 m or longer" states its limit: what is shown has no part in it
    limited = {c.field for c in demands if c.number is not None}
    comparatives = tuple(c for c in marked_than if limited.isdisjoint(c.fields))
    # "26 dollars? cheaper": of two that speak of money the sum is that of an item shown
    relative = {f for c in comparatives for f in c.fields} if marked_than else set()
    for c in intent.constraints:
        # an age is one, also in the middle of a longer wish: "keeps a 10yr old busy"
        spoken = [d for d in demands if read_too(c, (d,))]
        aged = c.field in _AGED and bool(spoken) and all(_within(c, d) for d in spoken)
        if aged and line.act != "clear":
            demands.append(c)
            rules.add("kept")
            continue
        if read_too(c, demands):
            continue
        marked_so = any(set(tokens(c.span)) & set(tokens(s.value)) - FILLERS for s in slots)
        spoken_of = {d.field for d in demands} | relative
        keeps = c.field in _KEPT and (line.act != "clear" or c.field == "discount")
        ends_it = c.field not in relative and any(other_end(c, d) for d in demands)
        if keeps and (ends_it or (not marked_so and c.field not in spoken_of)):
            demands.append(c)
            rules.add("kept")
        else:
            rules.add("dropped")
    # a refusal may be lifted on the way back to the topic it belongs to
    standing = [c for m in (moment, *reversed(moment.parked)) for c in m.constraints]
    here = standing if names else moment.constraints
    demands, back = lifted(demands, intent.constraints, intent.text, here)
    cleared = tuple(
        dict.fromkeys((*back, *dropped(line, intent, demands, vocabulary, context, standing)))
    )
    orders = [s for s in slots if s.label == "order"]
    known = (sort_of(s, vocabulary, context) for s in orders)
    # a superlative that only the reader took for an order: "40 is my highest"
    heard = intent.sort if orders or all(s.label == "ref" for s in slots) else None
    sort = next((s for s in known if s is not None), heard)
    if slots and not (demands or cleared or comparatives or sort or intent.unread or orders):
        # what it marked means nothing here: the other reading stands
        return intent
    act, opens = _act(intent, demands, cleared, bool(comparatives or sort or orders), moment)
    against = tuple(r for r in intent.references if r.kind != "this") or named_against(
        slots, vocabulary
    )
    told = [n for n in intent.notes if not _is_spelling(n) or any(_says(n, d) for d in demands)]
    return Intent(
        intent.text,
        act,
        tuple(dict.fromkeys(demands)),
        against if comparatives else (),
        comparatives,
        sort,
        cleared,
        opens,
        act is Act.REFINE and widens(intent.text),
        notes=tuple(dict.fromkeys((*told, *_spellings(demands)))),
    )


def _within(heard: Constraint, wish: Constraint) -> bool:
    """Whether what was read stands in a wish that says more."""
    return wish.field == WISH and {*tokens(heard.span)} < {*tokens(wish.span)}


def _spellings(demands: Sequence[Constraint]) -> list[str]:
    """What was taken for a typing mistake, said so that it can be contradicted."""
    return [
        f"I read “{c.span}” as “{word}”."
        for c in demands
        if c.field in ("type", "brand", "color", "material") and len(c.words) == 1
        for word in c.words
        if 0 < OSA.distance(" ".join(tokens(c.span)), " ".join(tokens(word))) <= 2
        and find_run(tokens(c.span), tokens(word)) < 0
        # "wooden" is no mistake for wood
        and not c.span.lower().startswith(word.lower())
    ]


def _is_spelling(note: str) -> bool:
    return note.startswith("I read “")


def _says(note: str, demand: Constraint) -> bool:
    """Whether what was taken for a typing mistake is what is demanded."""
    return any(f"as “{w.lower()}”" in note.lower() for w in (*demand.words, demand.span))


def _act(
    intent: Intent,
    demands: Sequence[Constraint],
    cleared: Sequence[str],
    ordered: bool,
    moment: Moment,
) -> tuple[Act, bool]:
    """(search, refine or clear; whether it opens a topic without naming a type)."""
    named = any(c.field == "type" and not c.op.negative for c in demands)
    # nobody begins with what they refuse: "anything that squeaks I'd leave" is about what is wanted
    refusing = bool(demands) and all(_refused(c) for c in demands)
    told = intent.opens_topic or new_need(Utterance(intent.text), demands, context_of(moment))
    opens = not named and told and not refusing
    if cleared and not demands and not ordered:
        return Act.CLEAR, False
    if named or opens:
        return Act.SEARCH, opens
    if not demands and not ordered:
        # "want" and nothing that is wanted: thinking aloud
        return Act.CHAT, False
    return (Act.REFINE if moment else Act.SEARCH), False


def _refused(demand: Constraint) -> bool:
    return demand.op.negative or demand.value is False


def _turned(made: Constraint, other: Constraint) -> bool:
    return (
        made.field == other.field
        and read_too(made, (other,))
        and (made.op, made.hard) != (other.op, other.hard)
    )
