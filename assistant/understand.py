"""Understanding an utterance: the deterministic reader, and what marks which words matter.

Two readings of every utterance, each for what it is good at. The reader knows numbers,
units and the catalogue's vocabulary, and is there at once; it cannot tell a demand from a
story. The other marks which words are what (:mod:`assistant.compact`) and is held to words
of the utterance; what they mean is read by the reader (:mod:`assistant.slots`).
:func:`reconciled` settles where the two differ, by stated rules.

Who marks: the tagger (:mod:`assistant.tagger`), the lower half of the language model, where it is
sure of every label; the whole model, which writes word by word, of the rest.
"""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import replace

from assistant.compact import UNNAMED, Line, grammar, in_topic, parse_line
from assistant.demands import DEMANDING
from assistant.intent import Act, Intent, Op
from assistant.llm.prompting import neutralise, to_prompt
from assistant.llm.protocol import Grammar, LanguageModel, Marker, Prompt
from assistant.moment import Moment
from assistant.pointing import with_pair
from assistant.reader import read, split
from assistant.reader.negation import without_shrug
from assistant.reconcile import context_of, reconciled
from assistant.topics import is_topic
from catalog.errors import ModelError
from catalog.text import tokens
from prompts import render
from retrieval.vocabulary import Vocabulary

TASK = "understand"
MAX_UTTERANCE = 400
"""Characters given to the model; people who write more repeat themselves."""
SURE = 0.0
"""From this probability of its least sure label on the tagger's reading stands. At none is the model
that writes right oftener (``docs/experiments.md``): it is asked where the tagger leaves out a kind of
thing at the beginning, and where there is no tagger."""
_MAX_TOKENS = 96
_MAX_TOPIC = 40
_COMPLETED = ("want", "clear")
"""Acts of a line that says what is wanted, and may leave some of it out."""
_ONCE = frozenset({Act.ADD_TO_CART, Act.REMOVE_FROM_CART, Act.SAVE})
"""Orders that two sentences in a row may give in other words."""
_MAX_PARTS = 3
"""Parts of an utterance the model reads; people who order more at once are read by rule."""


def understand(text: str, moment: Moment, vocabulary: Vocabulary | None) -> Intent:
    """The deterministic reading of one utterance in the light of the Moment so far."""
    context = context_of(moment)
    *first, last = (
        replace(i, references=with_pair(i.references, moment))
        for i in (read(part, vocabulary, context) for part in split(text))
    )
    return replace(last, before=tuple(first)) if first else last


def topic_of(moment: Moment) -> str:
    """What the conversation is about, as the model is told it."""
    named = next(
        (
            c.span or c.words[0]
            for c in moment.constraints
            if c.field == "type" and not c.op.negative
        ),
        None,
    )
    if named is None:
        return UNNAMED if moment else ""
    return " ".join(re.findall(r"[\w'-]+", named.lower()))[:_MAX_TOPIC]


def ask_model(
    text: str, moment: Moment, model: LanguageModel, *, deadline: float | None
) -> tuple[Line, float | None]:
    """The model's reading of an utterance, and how sure it was of its least sure token.

    Raises :class:`catalog.errors.ModelError` when the model fails, ``ValueError`` when it writes no
    such line; ``deadline`` in seconds.
    """
    said = _shortened(text)
    prompt = prompt_for(said, topic_of(moment), model)
    probabilities: list[float] = []
    pieces = model.generate(
        prompt,
        schema=Grammar(grammar(said)),
        max_tokens=_MAX_TOKENS,
        deadline=deadline,
        probabilities=probabilities,
    )
    line = parse_line("".join(pieces))
    return line, min(probabilities, default=None)


def prompt_for(text: str, topic: str, model: LanguageModel) -> Prompt:
    """Topic and utterance for a model tuned for this; for another instructions, examples and the
    utterance.
    """
    if TASK in model.describe().adapters:
        return Prompt("", neutralise(in_topic(text, topic)), task=TASK)
    return to_prompt(render("read", utterance=text))


def _shortened(text: str) -> str:
    return without_shrug(" ".join(text[:MAX_UTTERANCE].split()))


def understand_at_once(
    intent: Intent, moment: Moment, vocabulary: Vocabulary | None, model: LanguageModel
) -> tuple[Intent, bool]:
    """The reader's intent reconciled with what the tagger beside a model marks, and whether that is
    sure enough to stand; the same intent, and no, for a model without one.

    Raises :class:`catalog.errors.ModelError` when the tagger cannot be read.
    """
    if not isinstance(model, Marker):
        return intent, False
    made: list[Intent] = []
    sure = True
    for part in (*intent.before, replace(intent, before=())):
        line, confidence = model.mark(_shortened(part.text), topic_of(moment))
        sure = sure and _stands(part, line, confidence, moment)
        read_so = _together(part, line, confidence, vocabulary, moment, "reader+tagger")
        made += [*read_so.before, replace(read_so, before=())]
    *before, last = _once(made)
    return replace(last, before=tuple(before)), sure


def _once(parts: Sequence[Intent]) -> list[Intent]:
    """The parts of an utterance without an order that the next one gives again: "Sold. Put that in the
    basket." is one thing in the basket.
    """
    return [
        part
        for part, following in zip(parts, [*parts[1:], None], strict=True)
        if following is None
        or part.act is not following.act
        or part.act not in _ONCE
        or any(r.kind != "this" or r.span for r in part.references)
    ]


def understand_with_model(
    intent: Intent,
    moment: Moment,
    vocabulary: Vocabulary | None,
    model: LanguageModel,
    *,
    deadline: float | None,
) -> Intent:
    """The reader's intent reconciled with the model's reading of the same utterance, or with the
    tagger's where that is sure.

    Where the model fails, what the tagger is less sure of is better than the rules alone. Raises
    :class:`catalog.errors.ModelError` when there is no tagger either; ``deadline`` in seconds, for all
    parts of the utterance together.
    """
    end = None if deadline is None else time.monotonic() + deadline
    made: list[Intent] = []
    for n, part in enumerate((*intent.before, replace(intent, before=()))):
        left = None if end is None else end - time.monotonic()
        if n >= _MAX_PARTS or (n and left is not None and left <= 0):
            made.append(part)
            continue
        try:
            read_so = _reread(part, moment, vocabulary, model, left)
        except ModelError:
            if not n:
                raise
            # what was read of the parts before it stays
            read_so = part
        made += [*read_so.before, replace(read_so, before=())]
    *before, last = _once(made)
    return replace(last, before=tuple(before))


def _reread(
    part: Intent,
    moment: Moment,
    vocabulary: Vocabulary | None,
    model: LanguageModel,
    deadline: float | None,
) -> Intent:
    marked: tuple[Line, float] | None = None
    if isinstance(model, Marker):
        marked = model.mark(_shortened(part.text), topic_of(moment))
        if _stands(part, *marked, moment):
            return _together(part, *marked, vocabulary, moment, "reader+tagger")
    try:
        line, confidence = ask_model(part.text, moment, model, deadline=deadline)
    except ValueError:
        # A server that ignores the grammar may write anything: then there is one reading.
        return part
    except ModelError:
        if marked is None:
            raise
        return _together(part, *marked, vocabulary, moment, "reader+tagger")
    if marked is not None:
        line = _completed(line, marked[0], part)
    return _together(part, line, confidence, vocabulary, moment, "reader+model")


def _completed(line: Line, marked: Line, part: Intent) -> Line:
    """The model's line with the demands and takings back it left unmarked that the tagger marked and
    the reader read: "forget the glass, any colour", "she likes cats, 1000 pieces".
    """
    if line.act not in _COMPLETED or marked.act not in _COMPLETED or not line.slots:
        return line
    done = {t for s in line.slots for t in tokens(s.value)}
    heard = {t for c in part.constraints for t in tokens(c.span)}
    more = tuple(
        s
        for s in marked.slots
        if not done & {*tokens(s.value)}
        and (
            (bool(part.cleared) or line.act == "clear")
            if s.label == "field"
            else s.label in DEMANDING and heard & {*tokens(s.value)}
        )
    )
    said = part.text.lower()
    return Line(
        line.act, tuple(sorted((*line.slots, *more), key=lambda s: said.find(s.value.lower())))
    )


def _stands(part: Intent, line: Line, confidence: float, moment: Moment) -> bool:
    """Whether what the tagger marks needs no second reading: it is sure, and while nothing is wanted
    yet it has left out no kind of thing the catalogue knows ("our kettle died, I need a new one").
    """
    if confidence < SURE:
        return False
    said = " ".join(slot.value for slot in line.slots).lower()
    named = (c.span.lower() for c in part.constraints if is_topic(c) and c.op is Op.EQ)
    return bool(moment.topic) or all(span in said for span in named)


def _together(
    part: Intent,
    line: Line,
    confidence: float | None,
    vocabulary: Vocabulary | None,
    moment: Moment,
    source: str,
) -> Intent:
    made = reconciled(part, line, vocabulary, moment)
    unseen = tuple(c for c in part.constraints if part.text.find(c.span) >= MAX_UTTERANCE)
    if unseen and made.act not in (Act.SEARCH, Act.REFINE):
        return part
    return replace(
        made,
        constraints=(*made.constraints, *unseen),
        before=tuple(replace(order, source=source) for order in made.before),
        confidence=confidence,
        source=source,
    )
