"""Understanding an utterance: the deterministic reader first, the model for what that leaves open.

What the model says is kept only where it is grounded: its words must stand in the
utterance, and its item must be one the catalogue carries while the reader's guess
is not. Everything else of the model's answer is dropped.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from assistant.intent import Act, Constraint, Intent, Op
from assistant.llm.prompting import to_prompt
from assistant.llm.protocol import LanguageModel
from assistant.moment import Moment
from assistant.reader import Context, read
from catalog.constraint import WISH
from catalog.text import find_run, tokens
from prompts import render
from retrieval.vocabulary import Vocabulary

_SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {
        "product": {"type": "string", "maxLength": 40},
        "wishes": {"type": "array", "items": {"type": "string", "maxLength": 60}, "maxItems": 3},
    },
    "required": ["product", "wishes"],
    "additionalProperties": False,
}
_MAX_TOKENS: Final = 72
_MAX_UTTERANCE: Final = 400


def understand(text: str, moment: Moment, vocabulary: Vocabulary | None) -> Intent:
    """The deterministic reading of one utterance in the light of the Moment so far."""
    parked = frozenset(k for m in moment.parked for k in m.kinds)
    return read(text, vocabulary, Context(moment.kinds, parked, bool(moment)))


def leaves_open(intent: Intent, vocabulary: Vocabulary | None) -> bool:
    """Whether the reader had to guess what is wanted, so that asking a model can help.

    A guess the catalogue confirms (titles carry the word) is not open.
    """
    if intent.act not in (Act.SEARCH, Act.REFINE) or not intent.unread:
        return False
    guess = _guessed_item(intent)
    if guess is None:
        return True
    return vocabulary is None or not _carried(guess.words[0], vocabulary)


def understand_with_model(
    intent: Intent, vocabulary: Vocabulary | None, model: LanguageModel, *, deadline: float
) -> Intent:
    """The intent with what the model could add to a guess; the same intent when nothing held up.

    Raises :class:`catalog.errors.ModelError` when the model fails; ``deadline`` in seconds.
    """
    prompt = to_prompt(render("read", utterance=intent.text[:_MAX_UTTERANCE]))
    answer = "".join(
        model.generate(prompt, schema=_SCHEMA, max_tokens=_MAX_TOKENS, deadline=deadline)
    )
    product, wishes = _parsed(answer)
    return _grounded(intent, product, wishes, vocabulary)


def _parsed(answer: str) -> tuple[str, Sequence[str]]:
    """Product and wishes of the model's answer; nothing when it was cut off mid-way."""
    try:
        record = json.loads(answer)
    except ValueError:
        return "", ()
    if not isinstance(record, dict):
        return "", ()
    wishes = record.get("wishes")
    listed = [w for w in wishes if isinstance(w, str)] if isinstance(wishes, list) else []
    return str(record.get("product") or ""), listed


def _grounded(
    intent: Intent, product: str, wishes: Sequence[str], vocabulary: Vocabulary | None
) -> Intent:
    said = tokens(intent.text)
    guess = _guessed_item(intent)
    constraints = list(intent.constraints)
    changed = False
    item = tokens(product)
    named = bool(item) and find_run(said, item) >= 0
    if named and guess is not None and vocabulary is not None and " ".join(item) != guess.words[0]:
        phrase = " ".join(item)
        if _carried(phrase, vocabulary) and not _carried(guess.words[0], vocabulary):
            constraints.remove(guess)
            constraints.append(
                Constraint("type", Op.CONTAINS, (phrase,), span=_as_said(product, intent.text))
            )
            constraints.append(
                Constraint(WISH, Op.CONTAINS, (guess.span.lower(),), hard=False, span=guess.span)
            )
            changed = True
    known = {
        t for c in constraints for t in (*tokens(c.span), *(w for x in c.words for w in tokens(x)))
    }
    for wish in wishes:
        words = tokens(wish)
        if words and find_run(said, words) >= 0 and not set(words) <= known:
            constraints.append(
                Constraint(
                    WISH, Op.CONTAINS, (wish.lower(),), hard=False, span=_as_said(wish, intent.text)
                )
            )
            known |= set(words)
            changed = True
    if not changed:
        return intent
    return replace(intent, constraints=tuple(constraints), source="reader+model")


def _as_said(words: str, text: str) -> str:
    """The piece of the utterance that a model's words repeat, in the shopper's spelling."""
    at = text.lower().find(words.lower())
    return text[at : at + len(words)] if at >= 0 else text


def _guessed_item(intent: Intent) -> Constraint | None:
    return next(
        (
            c
            for c in intent.constraints
            if c.field == "type" and c.op is Op.CONTAINS and any(c.span in u for u in intent.unread)
        ),
        None,
    )


def _carried(phrase: str, vocabulary: Vocabulary) -> bool:
    words = tuple(phrase.split(" "))
    return vocabulary.has_type(words) or vocabulary.title_count(words) > 0
