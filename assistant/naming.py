"""Which value of the catalogue words name, once the field is known.

Free reading has to guess what a word is before it can say which one; here the label is given,
so a name may be looked up in its own field first, and spelling forgiven more: "blu" as a colour
can only be blue.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from rapidfuzz.distance import OSA

from assistant.reader.english import common_words, frequent_words, knows_english, slipped
from assistant.reader.field_words import flag_lacking, part_named
from assistant.reader.lookups import lookups_of
from assistant.reader.synonyms import SYNONYMS
from catalog.text import fold, stem, tokens, written_apart
from retrieval.vocabulary import Entry, Phrase, Vocabulary

_SHORTEST: Final = 3
"""Letters from which a misspelt word is recognised, its field being known."""
_ABSENT: Final = ("free", "proof", "resistant", "repellent", "shield")
"""What a yes/no attribute ends in that states an absence: bagless, dust-free, leakproof."""
_WRITTEN_BY_EAR: Final = 6
"""Letters from which a word with two wrong vowels is recognised."""
_VOWELS: Final = re.compile("[aeiouy]")
_LABELLED: Final = frozenset({"type", "brand", "color", "material", "gender", "size"})
"""Fields that have a label of their own."""
_UNSAID: Final = 10
"""So many products of a type for each title that says its name: a name for the files alone."""
_CERTAIN: Final = 3
"""Titles a word stands in before a misspelt item is taken for it."""


def value_named(words: str, field: str, vocabulary: Vocabulary) -> str | None:
    """The value of ``field``, as the catalogue writes it, that ``words`` name; None for no value.

    Tried in this order: the name, another name for it, a material's adjective ("woollen"), one
    or two letters' difference.
    """
    phrase = tuple(tokens(words))
    if not phrase:
        return None
    others = (SYNONYMS.get(phrase, ()), *_nouns(phrase, field), *written_apart(phrase))
    for known in (phrase, *others):
        if found := vocabulary.lookup(known, field):
            return found[0].value
    names = lookups_of(vocabulary).names(field, phrase[0][:1])
    if field == "brand" and (short := _begun(phrase, names, vocabulary)):
        return names[short].value
    written = fold(words).strip()
    if (doubled := written + written[-1:]) in names:
        # "glas" is no plural
        return names[doubled].value
    if _meant(phrase, frequent_words(), vocabulary):
        return None
    counts = {name: entry.count for name, entry in names.items()}
    nearest = _nearest(phrase, counts, swaps=field != "type") or _sounding_like(phrase, counts)
    return None if nearest is None else names[nearest].value


def flag_named(
    words: str, vocabulary: Vocabulary, negative: bool = False
) -> tuple[str, bool] | None:
    """The yes/no attribute that words name, and the value it is to have; ``negative`` when the words
    are refused.

    A flag that states an absence turns its word round: "no bags" is ``("bagless", True)``, "must
    not leak" is ``("leakproof", True)``.
    """
    phrase = tuple(tokens(words))
    for known in (phrase, SYNONYMS.get(phrase)):
        if known and (entry := vocabulary.flags.get(known)):
            return entry.field, not negative
    valued = any(e.count and e.field != "type" for e in vocabulary.lookup(phrase))
    if not valued and (entry := flag_lacking(phrase, vocabulary)):
        return entry.field, negative
    if len(phrase) == 1:
        (word,) = phrase
        for ending in _ABSENT:
            for lacking in ((word, ending), (f"{word}{ending}",)):
                entry = vocabulary.flags.get(lacking)
                if entry is not None and negative:
                    return entry.field, negative
        # "clump": clumping
        begun = [
            entry
            for name, entry in vocabulary.flags.items()
            if len(name) == 1 and name[0].startswith(word) and not name[0].endswith(_ABSENT)
        ]
        if len(begun) == 1 and len(word) >= 4:
            return begun[0].field, not negative
    if _meant(phrase, frequent_words(), vocabulary):
        return None
    flags = {" ".join(name): entry for name, entry in vocabulary.flags.items()}
    nearest = _nearest(phrase, {name: entry.count for name, entry in flags.items()})
    return None if nearest is None else (flags[nearest].field, not negative)


def property_named(words: str, vocabulary: Vocabulary) -> tuple[str, str] | None:
    """The attribute and its value where words name both: "sensitive skin" is ``("skin_type",
    "sensitive")`` whatever is bought.
    """
    phrase = tuple(tokens(words))
    for cut in range(1, len(phrase)):
        for value, rest in ((phrase[:cut], phrase[cut:]), (phrase[-cut:], phrase[:-cut])):
            for name, field in lookups_of(vocabulary).fields.items():
                if field in _LABELLED or name[: len(rest)] != rest:
                    continue
                if found := value_named(" ".join(value), field, vocabulary):
                    return field, found
    part = part_named(phrase, vocabulary)
    return None if part is None else (part.field, part.value)


def filed_as(words: str, vocabulary: Vocabulary) -> str | None:
    """The type that words name where types have names that titles do not use: "in ear" is a type of
    headphones, though marked as a quality. None elsewhere: "formal" says more of a dress than a type.
    """
    phrase = tuple(tokens(words))
    for known in (phrase, SYNONYMS.get(phrase, ())):
        for entry in vocabulary.lookup(known, "type"):
            own = entry.types.get(" ".join(known), 0)
            if own > _UNSAID * vocabulary.title_count(phrase):
                return entry.value
    return None


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

    Letters left out, doubled or swapped only: of two that differ by another letter ("corer",
    "cover") both may be words.
    """
    told = tokens(words)
    # the "s" of a misspelt word may be no plural: "chrismas"
    written = {stem(w): w for w in fold(words).split()}
    lookups = lookups_of(vocabulary)

    def right(word: str) -> str:
        if len(word) <= _SHORTEST or _meant((word,), common_words(), vocabulary):
            return word
        types = {w: e.count for w, e in lookups.type_words(word[:1]).items()}
        titles = {w: n for w, n in lookups.title_words(word[:1]).items() if n >= _CERTAIN}
        forms = dict.fromkeys((word, written.get(word, word)))
        near = (_nearest((f,), known, swaps=False) for known in (types, titles) for f in forms)
        return next((found for found in near if found), word)

    put = [right(w) for w in told]
    return " ".join(put) if put != told else None


def _begun(phrase: Phrase, names: Mapping[str, Entry], vocabulary: Vocabulary) -> str | None:
    """The one maker whose name begins with the phrase, where titles say it of little else: "orchard"
    for Orchard Toys.
    """
    begun = " ".join(phrase) + " "
    known = [name for name in names if name.startswith(begun)]
    if len(known) != 1 or vocabulary.title_count(phrase) > 2 * names[known[0]].count:
        return None
    return known[0]


def _nouns(phrase: Phrase, field: str) -> Iterator[Phrase]:
    """The materials an adjective may come from: "woolly", "woollen": wool."""
    if field != "material" or len(phrase) != 1:
        return
    word = phrase[0]
    for ending in ("y", "en", "n", "ly", "len"):
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
            yield (word[: -len(ending)],)


def _meant(phrase: Phrase, english: frozenset[str], vocabulary: Vocabulary) -> bool:
    """Whether all words mean something as they stand, so that none is misspelt."""
    return all(w in vocabulary.words or w in english or not w.isalpha() for w in phrase)


def _sounding_like(phrase: Phrase, names: Mapping[str, int]) -> str | None:
    """The name that differs in two vowels only: "purpul" is written by ear."""
    (said,) = phrase if len(phrase) == 1 else ("",)
    if len(said) < _WRITTEN_BY_EAR or not knows_english():
        return None
    near = [
        (-count, name)
        for name, count in names.items()
        if _VOWELS.sub("", name) == _VOWELS.sub("", said) and OSA.distance(said, name) <= 2
    ]
    return min(near)[1] if near else None


def _nearest(phrase: Phrase, names: Mapping[str, int], *, swaps: bool = True) -> str | None:
    """The name (with its frequency) that differs least from the phrase, if by a typing mistake only;
    without ``swaps`` one letter in the place of another is no mistake, nor one too many that
    repeats none: "slaw" is no saw.
    """
    said = " ".join(phrase)
    if len(said) < _SHORTEST + (0 if knows_english() else 3):
        return None
    allowed = 1 if len(said) <= 7 else 2
    if not swaps:
        allowed = 1
    near = [
        (OSA.distance(said, name, score_cutoff=allowed), -count, name)
        for name, count in names.items()
        if name[:1] == said[:1]
        and abs(len(name) - len(said)) <= allowed
        and (swaps or slipped(said, name))
    ]
    best = min((n for n in near if n[0] <= allowed), default=None)
    return None if best is None else best[2]
