"""What words say of a thing beside the name of a field, or instead of one of its values."""

from __future__ import annotations

import re
from typing import Final

from assistant.reader.english import FUNCTION_WORDS, OCCASIONS, PEOPLE, REQUEST_WORDS
from assistant.reader.lookups import lookups_of
from assistant.reader.qualities import quality_of
from assistant.reader.synonyms import SYNONYMS
from assistant.reader.utterance import Utterance
from retrieval.vocabulary import Entry, Phrase, Vocabulary

_CABLES: Final = ("wire", "cord", "cable")
"""Names of what something wireless lacks."""
_LACKED: Final[dict[Phrase, Phrase]] = dict.fromkeys(
    (("numpad",), ("number", "pad"), ("num", "pad"), ("numeric", "keypad"), ("numerical", "keypad"), ("numeric", "pad"), ("number", "key"), ("number", "block"), ("numeric", "block"), ("full", "size"), ("full", "sized")),
    ("tenkeyless",),
)  # fmt: skip
"""What is missing where an attribute is stated whose name does not say so."""
_PARTICIPLE: Final = re.compile(r"(?:ed|lit)$")
"""How the name of a field ends that says what a thing is: backlit, padded."""
_SAID_OF: Final[dict[Phrase, Phrase]] = {("light",): ("backlit",), ("lighting",): ("backlit",)}
"""Names of what is had, and of the field of things that have it."""
_SHADED: Final = frozenset({"color", "material"})
"""Fields in whose longer values a word beside the name only shades it: deep blue, brushed steel."""
_TOO_COMMON: Final = FUNCTION_WORDS | REQUEST_WORDS | PEOPLE | OCCASIONS
_SHORTEST: Final = 4
"""Letters of the shortest word that alone may stand for a longer value."""
_FEW: Final = 2
"""Products of a kind that have to state a value before part of its words is taken for it."""
_OFTENER: Final = 3
ANY_VALUE: Final = ""
"""The value of a term that names a field alone."""
_HAVING: Final = frozenset({"with", "without", "no", "has", "have"})


def told_by_field(
    u: Utterance, first: int, last: int, vocabulary: Vocabulary, kinds: frozenset[str]
) -> tuple[Entry, bool | None] | None:
    """What a run of words says that is no entry of the catalogue: one whose value has them, a field
    to have or not (``ANY_VALUE``), or a yes/no of being without what they name.
    """
    phrase = tuple(t.stem for t in u.tokens[first:last])
    part = part_named(phrase, vocabulary)
    part = part or _any_of(u, first, last, vocabulary, kinds)
    part = part or _part_alone(u, first, last, vocabulary, kinds)
    if part is not None:
        return part, None
    if _is_cable(phrase) and _had(u, first, last):
        for wired in (("wired",), ("corded",)):
            if valued := [e for e in vocabulary.entries.get(wired, ()) if e.field != "type"]:
                return max(valued, key=lambda e: e.count), None
    lacking = flag_lacking(phrase, vocabulary)
    if lacking is None or in_titles(phrase, lacking, vocabulary):
        return None
    said_so = phrase[0].endswith("ed") or phrase[0] == "full" or _had(u, first, last)
    return (lacking, False) if said_so else None


def part_named(phrase: Phrase, vocabulary: Vocabulary) -> Entry | None:
    """What a word before the name of a field says, where values of that field say it among other
    words: "brown switches" of "Gateron Low-Profile Brown".
    """
    lookups = lookups_of(vocabulary)
    for cut in range(1, len(phrase)):
        field = lookups.fields.get(phrase[cut:]) or lookups.first_words.get(phrase[cut:])
        if field is not None and (found := lookups.saying(field, phrase[:cut])) is not None:
            return found
    return None


def _part_alone(
    u: Utterance, first: int, last: int, vocabulary: Vocabulary, kinds: frozenset[str]
) -> Entry | None:
    """What a word before the thing says, or before what it is said to have, where only longer values
    of one field of such things say it: "split keyboard", "with white lights".
    """
    phrase = tuple(t.stem for t in u.tokens[first:last])
    lookups = lookups_of(vocabulary)
    had = _field_named(phrase[-1:], vocabulary, kinds) if len(phrase) > 1 else None
    if had is not None:
        return lookups.saying(had, phrase[:-1])
    word, *more = phrase
    fields = lookups.fields_within(word) - _SHADED
    if more or len(fields) != 1 or len(word) < _SHORTEST or word in _TOO_COMMON:
        return None
    if (
        vocabulary.entries.get(phrase)
        or quality_of(word)
        or not _of_the_thing(u, first, vocabulary)
    ):
        return None
    entry = lookups.saying(next(iter(fields)), phrase)
    here = sum(n for kind, n in entry.types.items() if kind in kinds) if entry is not None else 0
    return entry if here >= _FEW and vocabulary.title_count(phrase) <= _OFTENER * here else None


def _of_the_thing(u: Utterance, at: int, vocabulary: Vocabulary) -> bool:
    """Whether what follows a word is the thing, or the word is all that its clause says."""
    if at + 1 < len(u.tokens) and not u.broken(at, at + 2):
        stems = [t.stem for t in u.tokens[at + 1 : at + 4]]
        named = any(vocabulary.has_type(tuple(stems[:n])) for n in range(1, len(stems) + 1))
        return named or stems[0] == "one"
    before = at
    while before > 0 and not u.broken(before - 1, before + 1):
        before -= 1
    return all(t.word in FUNCTION_WORDS | REQUEST_WORDS for t in u.tokens[before:at])


def _field_named(phrase: Phrase, vocabulary: Vocabulary, kinds: frozenset[str]) -> str | None:
    """The field of words that things of these kinds have by that name, or by another for it."""
    lookups = lookups_of(vocabulary)
    other = SYNONYMS.get(phrase) or _SAID_OF.get(phrase, phrase)
    field = lookups.fields.get(phrase) or lookups.fields.get(other)
    if field is None or field not in vocabulary.listed:
        return None
    return field if kinds & lookups.types_stating(field) else None


def _any_of(
    u: Utterance, first: int, last: int, vocabulary: Vocabulary, kinds: frozenset[str]
) -> Entry | None:
    """The field named as a thing to have, whatever its value, of a kind that states it: "with a filter",
    and before a noun what can stand there: "backlit keyboard". Its value is ``ANY_VALUE``.
    """
    phrase = tuple(t.stem for t in u.tokens[first:last])
    field = _field_named(phrase, vocabulary, kinds)
    if field is None:
        return None
    named = _PARTICIPLE.search(phrase[-1]) is not None or _had(u, first, last)
    return Entry(field, ANY_VALUE, 0) if named else None


def flag_lacking(phrase: Phrase, vocabulary: Vocabulary) -> Entry | None:
    """The yes/no attribute of being without what words name: "wire", "wired", "cable": wireless."""
    if phrase in _LACKED:
        return vocabulary.flags.get(_LACKED[phrase])
    if len(phrase) != 1:
        return None
    named = _roots(phrase[0])
    if _is_cable(phrase):
        named += _CABLES
    return next((e for n in named if (e := vocabulary.flags.get((f"{n}less",)))), None)


def _roots(word: str) -> list[str]:
    return [word, word.removesuffix("d"), word.removesuffix("ed")]


def _is_cable(phrase: Phrase) -> bool:
    return len(phrase) == 1 and not set(_CABLES).isdisjoint(_roots(phrase[0]))


def in_titles(phrase: Phrase, flag: Entry, vocabulary: Vocabulary) -> bool:
    """Whether more titles say a word than records state the attribute it would be another word for."""
    return vocabulary.title_count(phrase) > flag.count


def _had(u: Utterance, first: int, last: int) -> bool:
    """Whether a thing is named as one to have or not, alone: "with a cable", no "cable clip"."""
    before = first - 1
    while before > 0 and u.tokens[before].word in ("a", "an", "any", "the"):
        before -= 1
    if before < 0 or u.tokens[before].word not in _HAVING:
        return False
    alone = last == len(u.tokens) or u.tokens[last].word in FUNCTION_WORDS | REQUEST_WORDS
    return alone or re.search(r"[,.;!?]", u.gap(last)) is not None
