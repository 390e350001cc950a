"""What an order or a question about items means: which it points at, how many, what is asked of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from assistant.compact import Slot
from assistant.demands import demands_of
from assistant.intent import Act, Intent, Reference
from assistant.moment import Moment
from assistant.order_words import taken_out
from assistant.pointing import compared_by, references_of, with_pair
from assistant.reader import Context, read
from assistant.reader.about_items import fields_asked
from assistant.reader.acts import says_to_order
from assistant.reader.counts import count_ordered, orders_each
from assistant.reader.english import FUNCTION_WORDS
from catalog.text import find_run, tokens
from retrieval.vocabulary import Vocabulary

_POINTING: Final = frozenset({Act.ADD_TO_CART, Act.REMOVE_FROM_CART, Act.SAVE})
"""Orders that are about the item last spoken of where they name none."""
_OF_THOSE: Final = re.compile(
    r"\bof\s+(?:those|these|them|'?em|it|that|this)\b(?!\s+(?!please|pls|in|into|to|then|and|too|thanks)\w)"
)
_TAKES_IT: Final = re.compile(
    r"\b(?:put|pop|stick|chuck|bung|whack|throw|toss|sling|fling|shove|lob|add|take|grab|bag|cop|save|keep|buy)\s+(?:it|that|this)(?!\s+(?!in\b|on\b|to\b|into\b|for\b|then\b|please\b|pls\b|and\b|too\b|mate\b)\w)"
)
_THOSE: Final = frozenset(tokens("those these them em it that this of"))
_ASKING: Final = frozenset(tokens("how many much long big people one actually really"))
"""Words that begin a question and do not say what is asked."""


def about_items(
    intent: Intent,
    act: Act,
    slots: Sequence[Slot],
    vocabulary: Vocabulary | None,
    moment: Moment,
    context: Context,
) -> Intent:
    """What an order or question about items means; ``intent`` is the reader's."""
    # "the cheapest of them": an order over all results is no reference, here it is
    slots = [replace(s, label="ref") if s.label == "order" else s for s in slots]
    chosen = [r for r in intent.references if r.among]
    if intent.act is not act:
        intent = read(intent.text, vocabulary, context, act)
    if act is Act.ADD_TO_CART and (ordered := count_ordered(intent.text)) is not None:
        # "3 more" is no third one
        slots = [s for s in slots if find_run(tokens(ordered[2]), tokens(s.value)) < 0]
        if _OF_THOSE.search(intent.text.lower()) and not orders_each(intent.text):
            # two of those are two of one thing
            slots = [s for s in slots if s.label != "ref" or {*tokens(s.value)} - _THOSE]
            intent = replace(
                intent,
                references=tuple(r for r in intent.references if r.kind not in ("all", "match")),
            )
    if act is Act.REMOVE_FROM_CART:
        slots = taken_out(slots, intent.text)
    pointed = references_of(slots, act, vocabulary)
    if chosen:
        # the places are what one is chosen from, however they were marked
        pointed = [one for r in chosen for one in (r.each() if act is Act.COMPARE else (r,))]
    if pointed:
        intent = replace(intent, references=tuple(pointed))
    if _only_compares(intent):
        return about_items(intent, Act.ASK, slots, vocabulary, moment, context)
    about = " ".join(s.value for s in slots if s.label == "about")
    if act in (Act.ASK, Act.COMPARE) and about:
        intent = replace(intent, question=_question(about, intent, vocabulary, context))
    if (
        act in _POINTING
        and not pointed
        and (
            _TAKES_IT.search(intent.text.lower())
            or not any(_tells(r, vocabulary) for r in intent.references)
        )
    ):
        intent = replace(intent, references=(Reference("this"),))
    like = act is Act.SIMILAR
    demands = demands_of(slots, vocabulary, context, set()) if like else []
    compared = compared_by(slots, intent.comparatives, vocabulary, context) if like else ()
    return replace(
        intent,
        constraints=tuple(demands),
        references=with_pair(intent.references, moment),
        comparatives=compared,
        sort=None,
        cleared=(),
        unread=(),
    )


def _question(about: str, intent: Intent, vocabulary: Vocabulary | None, context: Context) -> str:
    """What is asked: the words marked, the fields they name, and where they say nothing by themselves
    ("how long does") what the whole question does.
    """
    asked = read(about, vocabulary, context, Act.ASK).question or ""
    told = about if set(tokens(asked)) <= set(tokens(about)) else f"{asked} {about}"
    if not fields_asked(about.lower()):
        told = " ".join(dict.fromkeys((*fields_asked(intent.text.lower()), told)))
    if all(w in FUNCTION_WORDS or w in _ASKING for w in tokens(about)):
        told = f"{told} {intent.question or ''}".strip()
    return told


def _tells(reference: Reference, vocabulary: Vocabulary | None) -> bool:
    """Whether it can point at anything: "k, grab" names no item."""
    words = tokens(reference.value)
    titled = (vocabulary.title_count((w,)) for w in words if len(w) > 1) if vocabulary else (1,)
    return reference.kind != "match" or any(titled)


def _only_compares(intent: Intent) -> bool:
    """Whether an addition has no word for it and points by a comparison: "the cheaper of the two"
    asks which that is.
    """
    compared = any(r.kind in ("extreme", "extremes") for r in intent.references)
    return intent.act is Act.ADD_TO_CART and compared and not says_to_order(intent.text)
