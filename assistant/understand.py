"""Understanding an utterance: the deterministic reader, and the model that marks what matters.

Two readings of every utterance, each for what it is good at. The reader knows numbers,
units and the catalogue's vocabulary, and is there at once; it cannot tell a demand from a
story. The model marks which words are what (:mod:`assistant.compact`) and is held to words
of the utterance; what they mean is read by the reader (:mod:`assistant.slots`).
:func:`reconciled` settles where the two differ, by stated rules.
"""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.compact import UNNAMED, Line, grammar, in_topic, parse_line
from assistant.intent import Intent
from assistant.llm.prompting import neutralise, to_prompt
from assistant.llm.protocol import Grammar, LanguageModel, Prompt
from assistant.moment import Moment
from assistant.reader import read, split
from assistant.reconcile import context_of, reconciled
from catalog.text import clean
from prompts import render
from retrieval.vocabulary import Vocabulary

TASK = "understand"
MAX_UTTERANCE = 400
"""Characters given to the model; people who write more repeat themselves."""
_MAX_TOKENS = 96
_MAX_TOPIC = 40


def understand(text: str, moment: Moment, vocabulary: Vocabulary | None) -> Intent:
    """The deterministic reading of one utterance in the light of the Moment so far."""
    context = context_of(moment)
    *first, last = (read(part, vocabulary, context) for part in split(text))
    return replace(last, text=clean(text), before=tuple(first)) if first else last


def topic_of(moment: Moment) -> str:
    """What the conversation is about, as the model is told it."""
    named = next(
        (c.words[0] for c in moment.constraints if c.field == "type" and not c.op.negative), None
    )
    if named is None:
        return UNNAMED if moment else ""
    return " ".join(re.findall(r"[\w'-]+", named.lower()))[:_MAX_TOPIC]


def ask_model(
    text: str, moment: Moment, model: LanguageModel, *, deadline: float | None
) -> tuple[Line, float | None]:
    """The model's reading of an utterance, and how sure it was of its least sure token.

    Raises :class:`catalog.errors.ModelError` when the model fails or writes no such line;
    ``deadline`` in seconds.
    """
    said = " ".join(text[:MAX_UTTERANCE].split())
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


def understand_with_model(
    intent: Intent,
    moment: Moment,
    vocabulary: Vocabulary | None,
    model: LanguageModel,
    *,
    deadline: float | None,
) -> Intent:
    """The reader's intent reconciled with the model's reading of the same utterance.

    Raises :class:`catalog.errors.ModelError` when the model fails; ``deadline`` in seconds.
    """
    *first, last = split(intent.text)
    parts = (*intent.before, replace(intent, text=last, before=())) if first else (intent,)
    read_again: list[Intent] = []
    for part in parts:
        try:
            line, confidence = ask_model(part.text, moment, model, deadline=deadline)
        except ValueError:
            # A server that ignores the grammar may write anything: then there is one reading.
            read_again.append(part)
            continue
        made = replace(reconciled(part, line, vocabulary, moment), confidence=confidence)
        read_again += [*made.before, replace(made, before=())]
    *before, made = read_again
    return replace(made, text=intent.text, before=tuple(before))
