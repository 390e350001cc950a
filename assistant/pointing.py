"""What marked words point at: shown or bought items, an order, a comparison, something to drop."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from rapidfuzz.distance.OSA import distance

from assistant.compact import Slot
from assistant.intent import Act, Comparative, Constraint, Reference, Sort
from assistant.naming import flag_named
from assistant.reader import Context, read
from assistant.reader.comparing import read_superlative
from assistant.reader.english import frequent_words
from assistant.reader.references import ORDINALS
from assistant.reader.utterance import Utterance
from catalog.constraint import TEXT, WISH
from catalog.text import tokens
from retrieval.vocabulary import Vocabulary, no_catalog

_NUMBERED: Final = {
    **{word: str(n) for word, n in ORDINALS.items()},
    **{f"#{n}": str(n) for n in range(1, 11)},
    "top": "1", "runner-up": "2", "final": "-1", "bottom": "-1",
}  # fmt: skip
_ORDINAL_WORDS: Final = tuple(
    w for w in ORDINALS if len(w) > 4 and w.isalpha() and w not in ("three", "seven", "eight")
)
_COUNTED: Final = frozenset("""two three four five 2 3 4 5""".split())
_POINTING: Final = frozenset("""the a an number no nr option item one ones of them these those choice thing product pick result my that this it
please pls for in on and""".split())  # fmt: skip
_ORDERS: Final = (
    (frozenset(tokens("cheap cheapest cheaper inexpensive affordable low lowest least")), Sort("price")),
    (frozenset(tokens("dear dearest expensive pricey priciest pricier high highest costly luxury")), Sort("price", True)),
    (frozenset(tokens("rated rating ratings star stars review reviews reviewed best judged loved liked top")), Sort("rating", True)),
    (frozenset(tokens("popular bestseller bestsellers bestselling selling sold bought")), Sort("review_count", True)),
)  # fmt: skip
_EVERYTHING: Final = frozenset(tokens("everything all lot anything"))


def references_of(
    slots: Iterable[Slot], act: Act, vocabulary: Vocabulary | None
) -> list[Reference]:
    """The shown or bought items that ``ref`` slots point at, each once."""
    found: list[Reference] = []
    for slot in slots:
        if slot.label == "ref" and act is Act.BUY_AGAIN:
            found.append(Reference("past_order", slot.value, slot.value))
        elif slot.label == "ref":
            found += _pointed_at(slot, vocabulary)
    return list(dict.fromkeys(found))


def _pointed_at(slot: Slot, vocabulary: Vocabulary | None) -> list[Reference]:
    words = re.findall(r"[\w'#-]+", slot.value.lower())
    if words == ["one"]:
        return [Reference("position", "1", slot.value)]
    alone = words if words[-1:] == ["one"] else [*words, "one"]
    _, extreme = read_superlative(Utterance(" ".join(alone)), vocabulary or no_catalog())
    if extreme is not None:
        return [replace(extreme, span=slot.value)]
    if positions := _positions(words):
        return [Reference("position", p, slot.value) for p in positions]
    read_so = read(f"add {slot.value} to the cart").references
    told = [w for w in words if w not in _POINTING]
    if all(r.kind in ("this", "match") for r in read_so) and told:
        return [Reference("match", " ".join(told), slot.value)]
    return [replace(r, span=slot.value) for r in read_so]


def _positions(words: Sequence[str]) -> list[str]:
    """Places in what is shown; empty when other words tell the item."""
    if words == ["both"] or {"both", "two"} <= set(words):
        return ["1", "2"]
    spoken = [_NUMBERED.get(w) or _misspelled(w) for w in words]
    told = [w for w, n in zip(words, spoken, strict=True) if n is None and w not in _POINTING]
    if words[-1:] == ["one"] and words[-2:-1] != ["and"] and any(spoken[:-1]):
        # "the second one"
        spoken = spoken[:-1]
    places = [n for n in spoken if n is not None]
    if told or not places:
        return []
    if (
        len(places) == 2
        and places[0] in ("1", "-1")
        and words[-1] in _COUNTED
        and "and" not in words
    ):
        # "the first two", "the last 3"
        count = int(places[1])
        span = range(1, count + 1) if places[0] == "1" else range(-count, 0)
        return [str(n) for n in span]
    return list(dict.fromkeys(places))


def _misspelled(word: str) -> str | None:
    """An ordinal with its letters out of order: "frist", "secnd"."""
    if len(word) < 4 or word in frequent_words():
        return None
    best = min((distance(word, o), o) for o in _ORDINAL_WORDS)
    return _NUMBERED[best[1]] if best[0] <= 1 and word[0] == best[1][0] else None


def comparatives_of(slot: Slot) -> tuple[Comparative, ...]:
    """What a ``than`` slot compares by."""
    found = read(slot.value.lower(), None, Context(has_wants=True)).comparatives
    return tuple(replace(c, span=slot.value) for c in found)


def sort_of(slot: Slot, vocabulary: Vocabulary | None) -> Sort | None:
    """The order an ``order`` slot asks for."""
    known = read(slot.value, vocabulary, Context(has_wants=True)).sort
    if known is not None:
        return known
    words = tokens(slot.value)
    return next((sort for stems, sort in _ORDERS if any(w in stems for w in words)), None)


def cleared_of(
    slot: Slot, vocabulary: Vocabulary | None, wanted: Sequence[Constraint]
) -> tuple[str, ...]:
    """The fields or values a ``field`` slot drops from what is ``wanted``."""
    said = frozenset(tokens(slot.value))
    if said & _EVERYTHING:
        return ("*",)
    flag = flag_named(slot.value, vocabulary) if vocabulary is not None else None
    if flag is not None and any(c.field == flag[0] for c in wanted):
        return (flag[0],)
    known = read(f"forget the {slot.value}", vocabulary, Context(has_wants=True)).cleared
    if (
        known
        and known != ("*",)
        and (
            not all(k.startswith("value:") for k in known)
            or any(said & {t for w in (*c.words, c.span) for t in tokens(w)} for c in wanted)
        )
    ):
        return known
    meant = [
        c
        for c in wanted
        if said & {t for w in (*c.words, c.span, c.field.replace("_", " ")) for t in tokens(w)}
    ]
    return tuple(
        f"value:{c.words[0]}" if c.field in (WISH, TEXT, "type") else c.field for c in meant
    )
