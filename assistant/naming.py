"""Which value of the catalogue words name, once the field is known.

Free reading has to guess what a word is before it can say which one; here the label is given,
so a name may be looked up in its own field first, and spelling forgiven more: "blu" as a colour
can only be blue.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from rapidfuzz.distance import OSA

from assistant.reader.english import frequent_words, knows_english
from assistant.reader.terms import SYNONYMS
from catalog.text import tokens
from retrieval.vocabulary import Entry, Phrase, Vocabulary

_SHORTEST: Final = 3
"""Letters from which a misspelt word is recognised, its field being known."""
_ABSENT: Final = ("less", "free")
"""What a yes/no attribute ends in that states an absence: bagless, dust-free."""


def value_named(words: str, field: str, vocabulary: Vocabulary) -> str | None:
    """The value of ``field``, as the catalogue writes it, that ``words`` name; None for no value.

    Tried in this order: the name, another name for it, a material's adjective ("woollen"), one
    or two letters' difference.
    """
    phrase = tuple(tokens(words))
    if not phrase:
        return None
    for known in (phrase, SYNONYMS.get(phrase, ()), *_nouns(phrase, field)):
        if found := vocabulary.lookup(known, field):
            return found[0].value
    if _meant(phrase, vocabulary):
        return None
    names = {
        " ".join(name): entry
        for name, entries in vocabulary.entries.items()
        for entry in entries
        if entry.field == field and (entry.count or field in ("color", "material"))
    }
    nearest = _nearest(phrase, names)
    return None if nearest is None else names[nearest].value


def flag_named(words: str, vocabulary: Vocabulary) -> tuple[Entry, bool] | None:
    """The yes/no attribute that words name, and its value where the words hold.

    "clump" is ``(clumping, True)``; a flag that states an absence turns the words round: "bags"
    is ``(bagless, False)``.
    """
    phrase = tuple(tokens(words))
    for known in (phrase, SYNONYMS.get(phrase)):
        if known and (entry := vocabulary.flags.get(known)):
            return entry, True
    if len(phrase) == 1:
        for lacking in ((*phrase, "free"), (f"{phrase[0]}less",)):
            if entry := vocabulary.flags.get(lacking):
                return entry, False
    if len(phrase) == 1 and len(phrase[0]) >= 4:
        # "clump": clumping
        begun = [
            entry
            for name, entry in vocabulary.flags.items()
            if len(name) == 1 and name[0].startswith(phrase[0]) and not name[0].endswith(_ABSENT)
        ]
        if len(begun) == 1:
            return begun[0], True
    if _meant(phrase, vocabulary):
        return None
    flags = {" ".join(name): entry for name, entry in vocabulary.flags.items()}
    nearest = _nearest(phrase, flags)
    return None if nearest is None else (flags[nearest], True)


def type_of_all(value: str, field: str, vocabulary: Vocabulary) -> str | None:
    """The one type all products with that value are of ("dragon": plush toy), None for several."""
    kinds = {t for e in vocabulary.lookup(tuple(tokens(value)), field) for t in e.types}
    if len(kinds) != 1:
        return None
    found = vocabulary.lookup(tuple(kinds.pop().split(" ")), "type")
    return found[0].value if found else None


def spelled(words: str, vocabulary: Vocabulary) -> str | None:
    """The name of an item with its misspelt words put right by those of types and titles; None
    when there is nothing to put right.
    """
    told = tokens(words)
    known = {
        word: entry
        for phrase, entries in vocabulary.entries.items()
        for entry in entries
        if entry.field == "type"
        for word in phrase
    }
    titled = {
        p[0]: Entry("title", p[0], n) for p, n in vocabulary.title_phrases.items() if len(p) == 1
    }
    right = [
        w if _meant((w,), vocabulary) else _nearest((w,), known) or _nearest((w,), titled) or w
        for w in told
    ]
    return " ".join(right) if right != told else None


def _nouns(phrase: Phrase, field: str) -> Iterator[Phrase]:
    """The materials an adjective may come from: "woolly", "woollen": wool."""
    if field != "material" or len(phrase) != 1:
        return
    word = phrase[0]
    for ending in ("y", "en", "n", "ly", "len"):
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
            yield (word[: -len(ending)],)


def _meant(phrase: Phrase, vocabulary: Vocabulary) -> bool:
    """Whether all words mean something as they stand, so that none is misspelt."""
    return all(w in vocabulary.words or w in frequent_words() or not w.isalpha() for w in phrase)


def _nearest(phrase: Phrase, names: Mapping[str, Entry]) -> str | None:
    """The name that differs least from the phrase, if by a typing mistake only."""
    said = " ".join(phrase)
    if len(said) < _SHORTEST + (0 if knows_english() else 3):
        return None
    allowed = 1 if len(said) <= 7 else 2
    near = [
        (OSA.distance(said, name, score_cutoff=allowed), -entry.count, name)
        for name, entry in names.items()
        if name[:1] == said[:1] and abs(len(name) - len(said)) <= allowed
    ]
    best = min((n for n in near if n[0] <= allowed), default=None)
    return None if best is None else best[2]
