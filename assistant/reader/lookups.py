"""A vocabulary turned round once, for the questions asked of it at every read.

A big catalogue has hundreds of thousands of phrases: what would walk them all to answer one
question is answered here from tables, which are made when first asked for.
"""

from __future__ import annotations

import weakref
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Final

from catalog.text import tokens
from retrieval.vocabulary import Entry, Phrase, Vocabulary

_SHORTEST: Final = 3
"""Letters of the shortest word that a misspelt one may mean."""


class Lookups:
    """What a vocabulary holds, by what one looks for. All keys are folded; get one with
    :func:`lookups_of`.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        # not the vocabulary itself, which could then never be freed
        self._entries = vocabulary.entries
        self._flags = vocabulary.flags
        self._titles = vocabulary.title_phrases
        self._measured = vocabulary.measured
        self._listed = vocabulary.listed

    def names(self, field: str, initial: str) -> Mapping[str, Entry]:
        """The values of a field (of ``"type"`` too) whose names begin with that letter, by their
        folded words joined by spaces.
        """
        return self._names.get((field, initial), {})

    def type_words(self, initial: str) -> Mapping[str, Entry]:
        """Every single word of the names of types that begins with that letter, with the most
        frequent type it stands in.
        """
        return self._type_words.get(initial, {})

    def types_ending_in(self, word: str) -> Sequence[tuple[Phrase, Entry]]:
        """The types whose names end in that word, those of that word alone included."""
        return self._types_by_last.get(word, ())

    def title_words(self, initial: str) -> Mapping[str, int]:
        """The single words of titles that begin with that letter → number of titles."""
        return self._title_words.get(initial, {})

    def spellings(self, shortest: int, longest: int) -> list[str]:
        """The words of ``shortest`` to ``longest`` letters that a misspelt one may mean."""
        return [w for n in range(shortest, longest + 1) for w in self._spellings.get(n, ())]

    def measured_types(self, ending: str) -> frozenset[str]:
        """The product types something is measured of whose names are ``ending`` (one or more
        words) or end in it.
        """
        return self._measured_types.get(ending, frozenset())

    def types_stating(self, field: str) -> frozenset[str]:
        """The product types whose products have words for that attribute."""
        return self._stating.get(field, frozenset())

    def saying(self, field: str, phrase: Phrase) -> Entry | None:
        """The values of a field that say ``phrase`` among other words, as one: the "brown" of several
        brown switches. None where no value does.
        """
        size = len(phrase)
        held = [
            entry
            for name, entry in self._by_field.get(field, ())
            if any(name[i : i + size] == phrase for i in range(len(name) - size + 1))
        ]
        if not held:
            return None
        types: Counter[str] = Counter()
        for entry in held:
            types.update(entry.types)
        return Entry(field, " ".join(phrase), sum(e.count for e in held), dict(types))

    def fields_within(self, word: str) -> frozenset[str]:
        """The listed attributes some longer value of which has that word."""
        return self._within.get(word, frozenset())

    @cached_property
    def _within(self) -> dict[str, frozenset[str]]:
        made: dict[str, set[str]] = defaultdict(set)
        for field in self._listed:
            for name, _ in self._by_field.get(field, ()):
                for word in name if len(name) > 1 else ():
                    made[word].add(field)
        return {word: frozenset(fields) for word, fields in made.items()}

    @cached_property
    def numbered(self) -> frozenset[str]:
        """The fields some value of which is a bare number: waists, not the switches of keyboards."""
        return frozenset(
            field
            for field, values in self._by_field.items()
            if any(len(name) == 1 and name[0].isdigit() for name, _ in values)
        )

    @cached_property
    def fields(self) -> Mapping[Phrase, str]:
        """Measured and listed attributes by the words of their names."""
        return _by_name((*self._measured, *self._listed))

    @cached_property
    def numbers(self) -> Mapping[Phrase, str]:
        """Measured attributes by the words of their names, bare numbers also by the last word where
        it names no other: "dpi" of ``max_dpi``.
        """
        bare = [name for name, field in self._measured.items() if field.unit is None]
        last = Counter(name.rpartition("_")[2] for name in self._measured)
        own = {tuple(tokens(e)): n for n in bare if last[e := n.rpartition("_")[2]] == 1}
        return own | dict(_by_name(self._measured))

    @cached_property
    def first_words(self) -> Mapping[Phrase, str]:
        """Listed attributes by the first of several words of their names, where it begins no other
        name and is no thing: "hand" of ``hand_orientation``.
        """
        begins = Counter(name[0] for name in self.fields)
        return {
            name[:1]: field
            for name, field in self.fields.items()
            if len(name) > 1
            and field in self._listed
            and begins[name[0]] == 1
            and not self._entries.get(name[:1])
        }

    @cached_property
    def flags(self) -> Mapping[Phrase, str]:
        """Yes/no attributes by the words of their names."""
        return _by_name(e.field for e in self._flags.values())

    @cached_property
    def field_words(self) -> frozenset[str]:
        """Every single word of the names of measured and listed attributes."""
        return frozenset(word for name in self.fields for word in name)

    @cached_property
    def _names(self) -> dict[tuple[str, str], dict[str, Entry]]:
        made: dict[tuple[str, str], dict[str, Entry]] = defaultdict(dict)
        for phrase, entries in self._entries.items():
            name = " ".join(phrase)
            for entry in entries:
                made[entry.field, name[:1]].setdefault(name, entry)
        return dict(made)

    @cached_property
    def _by_field(self) -> dict[str, list[tuple[Phrase, Entry]]]:
        made: dict[str, list[tuple[Phrase, Entry]]] = defaultdict(list)
        for phrase, entries in self._entries.items():
            for entry in entries:
                made[entry.field].append((phrase, entry))
        return dict(made)

    @cached_property
    def _type_words(self) -> dict[str, dict[str, Entry]]:
        made: dict[str, dict[str, Entry]] = defaultdict(dict)
        for phrase, entry in self._types:
            for word in phrase:
                known = made[word[:1]].get(word)
                if known is None or known.count < entry.count:
                    made[word[:1]][word] = entry
        return dict(made)

    @cached_property
    def _types_by_last(self) -> dict[str, list[tuple[Phrase, Entry]]]:
        made: dict[str, list[tuple[Phrase, Entry]]] = defaultdict(list)
        for phrase, entry in self._types:
            made[phrase[-1]].append((phrase, entry))
        return dict(made)

    @cached_property
    def _types(self) -> list[tuple[Phrase, Entry]]:
        return [
            (p, e) for p, entries in self._entries.items() for e in entries if e.field == "type"
        ]

    @cached_property
    def _title_words(self) -> dict[str, dict[str, int]]:
        made: dict[str, dict[str, int]] = defaultdict(dict)
        for phrase, count in self._titles.items():
            if len(phrase) == 1:
                made[phrase[0][:1]][phrase[0]] = count
        return dict(made)

    @cached_property
    def _spellings(self) -> dict[int, list[str]]:
        made: dict[int, list[str]] = defaultdict(list)
        words = {w for p in (*self._entries, *self._flags) for w in p}
        for word in sorted(w for w in words if len(w) >= _SHORTEST and w.isalpha()):
            made[len(word)].append(word)
        return dict(made)

    @cached_property
    def _stating(self) -> dict[str, frozenset[str]]:
        made: dict[str, set[str]] = defaultdict(set)
        for entries in self._entries.values():
            for entry in entries:
                made[entry.field].update(entry.types)
        return {field: frozenset(types) for field, types in made.items()}

    @cached_property
    def _measured_types(self) -> dict[str, frozenset[str]]:
        made: dict[str, set[str]] = defaultdict(set)
        for name in {t for field in self._measured.values() for t in field.types}:
            words = name.split(" ")
            for first in range(len(words)):
                made[" ".join(words[first:])].add(name)
        return {ending: frozenset(names) for ending, names in made.items()}


def _by_name(fields: Iterable[str]) -> dict[Phrase, str]:
    made: dict[Phrase, str] = {}
    for field in fields:
        made.setdefault(tuple(tokens(field.replace("_", " "))), field)
    return made


_MADE: Final[dict[int, tuple[weakref.ref[Vocabulary], Lookups]]] = {}


def lookups_of(vocabulary: Vocabulary) -> Lookups:
    """The lookups of a vocabulary: made once for each, and freed with it.

    Safe from several threads: at worst two make the same tables, and one of them is kept.
    """
    key = id(vocabulary)
    held = _MADE.get(key)
    if held is not None and held[0]() is vocabulary:
        return held[1]

    def forget(gone: weakref.ref[Vocabulary]) -> None:
        # another vocabulary may have been made at the same place in the meantime
        if (kept := _MADE.get(key)) is not None and kept[0] is gone:
            _MADE.pop(key, None)

    made = Lookups(vocabulary)
    _MADE[key] = (weakref.ref(vocabulary, forget), made)
    return made
