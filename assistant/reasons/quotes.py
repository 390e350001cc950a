"""Quotes of a listing: its own words, marked as such, where they are the shopper's words too."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Final

from assistant.intent import Constraint
from assistant.phrasing import field_name, shortened, value_text
from assistant.reader.english import FUNCTION_WORDS, PEOPLE, REQUEST_WORDS
from assistant.reasons.wording import sentence
from assistant.reply import Reason
from catalog.product import Product, attribute_words
from catalog.text import find_run, tokens
from catalog.wording import mentions, others_of, told_words

_SEVERAL: Final = frozenset({"and", "or"})
_SNIPPET_WORDS: Final = 14
_OTHER_SENSES: Final = frozenset(
    "light big large small little long short high low fast best".split()
)
"""Qualities whose words say other things in a listing as often: light blue, a big name."""
_NAME_WORDS: Final = 5
_EDGES: Final = " \t.,;:!?()[]{}\"'“”*|-–"
_SENTENCE_END: Final = re.compile(r"(?<=[.!?])\s+|\n")


def said_in_listing(
    product: Product, wish: Constraint, topic: Collection[str] = ()
) -> Reason | None:
    """The field, or the words of name or description, that use a wish's own words; nothing is inferred.

    ``topic`` are words (folded) that every product shown has in common.
    """
    if wish.words[0].startswith("not ") or wish.words[0].lower() in _OTHER_SENSES:
        return None
    wanted = [
        w
        for w in dict.fromkeys(tokens(" ".join(wish.words)))
        if w not in FUNCTION_WORDS
        and w not in REQUEST_WORDS
        and w not in PEOPLE
        and w not in topic
        and len(w) > 2
    ]
    if not wanted:
        return None
    # of several interests ("coffee and gardening") one is enough
    enough = 1 if _SEVERAL & {*" ".join(wish.words).lower().split()} else len(wanted) // 2 + 1
    return (
        _in_fields(product, wanted)
        or _in_name(product, wanted, enough)
        or _in_prose(product, wanted, enough)
    )


def mentioned(product: Product, c: Constraint) -> Reason | None:
    """The field, or the listing's own words, that carry what was asked of no field in particular,
    or of one that the record lacks.
    """
    for word in told_words(c):
        if (stated := _in_fields(product, tokens(word), "as you asked")) is not None:
            return stated
    for word in told_words(c):
        run = tokens(word)
        if mentions(tokens(product.title), word, others_of(c)) and (
            quote := _words_of(product.title, run)
        ):
            return Reason(f"Its name says “{quote}”", {"title": quote})
    for word in told_words(c):
        for told in _SENTENCE_END.split(product.description):
            if mentions(tokens(told), word, others_of(c)):
                quote = _snippet(told, tokens(word))
                return Reason(f"The listing says “{quote}”", {"description": quote})
    return None


def _in_fields(product: Product, wanted: list[str], ending: str = "as you wished") -> Reason | None:
    for name, value in product.attributes.items():
        if isinstance(value, bool):
            if value and tokens(name.replace("_", " ")) == wanted:
                return Reason(f"{sentence(field_name(name))}, {ending}", {name: "yes"})
            continue
        shown = value_text(value)
        for word in attribute_words(value):
            if find_run(tokens(word), wanted) < 0:
                continue
            if tokens(shown) == wanted:
                return Reason(f"{sentence(shown)}, {ending}", {name: shown})
            return Reason(f"{sentence(field_name(name))}: {shortened(shown)}", {name: shown})
    return None


def _in_name(product: Product, wanted: Sequence[str], enough: int) -> Reason | None:
    words = product.title.split()
    hits = [i for i, w in enumerate(words) if set(tokens(w)) & set(wanted)]
    said = {t for i in hits for t in tokens(words[i])} & set(wanted)
    if len(said) < enough or hits[-1] - hits[0] >= _NAME_WORDS:
        return None
    if not all(mentions(tokens(product.title), w) for w in said):
        return None
    quote = " ".join(words[hits[0] : hits[-1] + 1]).strip(_EDGES)
    return Reason(f"Its name says “{quote}”", {"title": quote}) if quote else None


def _in_prose(product: Product, wanted: Sequence[str], enough: int) -> Reason | None:
    best, score = "", 0
    for told in _SENTENCE_END.split(product.description):
        words = tokens(told)
        hits = sum(mentions(words, w) for w in wanted)
        if hits > score:
            best, score = told, hits
    if score < enough:
        return None
    quote = _snippet(best, wanted)
    return Reason(f"The listing says “{quote}”", {"description": quote})


def _words_of(text: str, run: Sequence[str]) -> str:
    """The words of a text that fold to a run of tokens, as they are written."""
    words = text.split()
    at = [i for i, w in enumerate(words) for _ in tokens(w)]
    start = find_run([t for w in words for t in tokens(w)], run)
    if start < 0:
        return ""
    return " ".join(words[at[start] : at[start + len(run) - 1] + 1]).strip(_EDGES)


def _snippet(told: str, wanted: Sequence[str]) -> str:
    """Up to fourteen words of a sentence around the wanted ones, cut with an ellipsis."""
    words = told.strip().rstrip(".").split()
    if len(words) <= _SNIPPET_WORDS:
        return " ".join(words)
    at = next((i for i, w in enumerate(words) if set(tokens(w)) & set(wanted)), 0)
    start = max(0, min(at - _SNIPPET_WORDS // 2, len(words) - _SNIPPET_WORDS))
    cut = words[start : start + _SNIPPET_WORDS]
    return f"{'… ' if start else ''}{' '.join(cut)}{' …' if start + _SNIPPET_WORDS < len(words) else ''}"
