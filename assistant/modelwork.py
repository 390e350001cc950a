"""What the model does with the products shown: phrase their reasons."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import permutations
from typing import Final

from assistant.checker import supported
from assistant.llm.prompting import to_prompt
from assistant.llm.protocol import Grammar, LanguageModel
from assistant.moment import Moment
from assistant.phrasing import constraint_label, short_title
from assistant.reply import Reason, Recommendation
from catalog.constraint import WISH
from catalog.text import find_run, tokens
from prompts import render

PHRASED: Final = 3
_MAX_FACTS: Final = 3
_WANTS_CHARACTERS: Final = 160


@dataclass(slots=True)
class Budget:
    """Seconds left for the model in this turn, and what of its words was not to be had."""

    until: float
    refused: list[str] = field(default_factory=list)
    """Sentences of the model that the checker dropped."""

    @classmethod
    def of(cls, seconds: float) -> Budget:
        """A budget that starts now."""
        return cls(time.monotonic() + seconds)

    @property
    def left(self) -> float:
        """Seconds left, never below zero."""
        return max(0.0, self.until - time.monotonic())


def wants(moment: Moment) -> str:
    """The Moment in a few words for a prompt."""
    words = [*moment.topic]
    for c in moment.constraints:
        if c.field == WISH:
            words += c.words
        elif c.field != "type":
            words.append(constraint_label(c))
    return ", ".join(dict.fromkeys(words))[:_WANTS_CHARACTERS]


def phrase_reasons(
    model: LanguageModel, moment: Moment, recommendation: Recommendation, budget: Budget
) -> tuple[Reason, ...] | None:
    """The product's reasons as one sentence, put together by the model.

    The model chooses which facts to tell, in which order and how joined; decoding is
    constrained to the facts themselves, and the checker looks at what came out all the
    same, since a server may ignore a grammar. None when there are too few facts to
    join, or the sentence fails: then the plain reasons stay. The evidence is that of
    the facts it tells. A sentence that fails is noted in ``budget.refused``.
    """
    facts = [r for r in recommendation.reasons if "“" not in r.text and r.evidence][:_MAX_FACTS]
    if len(facts) < 2:
        return None
    told = [r.text for r in facts]
    title = short_title(recommendation.product)
    prompt = to_prompt(render("reason", wants=wants(moment), product=title, facts="; ".join(told)))
    pieces = model.generate(
        prompt, schema=Grammar(sentence_grammar(told)), max_tokens=96, deadline=budget.left
    )
    sentence = " ".join("".join(pieces).split())
    if not supported(sentence, told, title):
        budget.refused.append(sentence)
        return None
    said = tokens(sentence)
    used = [r for r in facts if find_run(said, tokens(r.text)) >= 0]
    evidence = {k: v for r in used for k, v in r.evidence.items()}
    others = tuple(r for r in recommendation.reasons if r not in used)
    return (Reason(sentence, evidence, source="model"), *others)


def sentence_grammar(facts: Sequence[str]) -> str:
    """A Lark grammar (llguidance) of the sentences that tell two or three of some facts; "and" stands
    before the last of them alone.
    """
    parts = [_inside_sentence(f) for f in facts]
    three = (f"F{a} MID P{b} LAST P{c}" for a, b, c in permutations(range(len(parts)), 3))
    two = (f"F{a} LAST P{b}" for a, b in permutations(range(len(parts)), 2))
    ways = " | ".join((*three, *two))
    lines = [
        f"start: ({ways}) END",
        'MID: ", " | "; "',
        'LAST: ", " | ", and " | "; "',
        'END: "."',
        *(f"F{i}: {_quoted(p[:1].upper() + p[1:])}" for i, p in enumerate(parts)),
        *(f"P{i}: {_quoted(p)}" for i, p in enumerate(parts)),
    ]
    return "\n".join(lines)


def _inside_sentence(fact: str) -> str:
    """A fact as part of a longer sentence: ``"Not red: brushed steel"`` → ``"not red (brushed steel)"``."""
    first, _, rest = fact.partition(" ")
    text = (
        fact
        if any(c.isupper() or c.isdigit() for c in first[1:])
        else f"{first.lower()} {rest}".strip()
    )
    head, colon, tail = text.partition(": ")
    return f"{head} ({tail})" if colon else head


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
