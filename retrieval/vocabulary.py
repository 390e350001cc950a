"""The catalogue's own words: types, brands, attribute values, measured attributes, title phrases.

Built once per index version and stored beside it, so that reading an utterance
needs neither the products nor the vector store.
"""

from __future__ import annotations

import dataclasses
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from catalog.constraint import type_names
from catalog.lexicon import COLORS, GENDERS, MATERIAL_FORMS, MATERIALS
from catalog.product import Measure, Product
from catalog.text import tokens
from catalog.units import to_base

_MAX_VALUE_WORDS: Final = 4
_MAX_VALUES_PER_FIELD: Final = 2_000
_MAX_TITLE_PHRASE: Final = 3
_MIN_TITLE_PHRASE_COUNT: Final = 2
_FREE_TEXT_FIELDS: Final = frozenset({"image", "url"})
_OTHER_NAMES: Final = frozenset({"alias", "aliases", "keyword", "keywords", "tag", "tags", "synonym", "synonyms", "search_terms"})  # fmt: skip
"""Attributes that hold words to find a product by, and say nothing of it that could be demanded."""
_TYPES_PER_ENTRY: Final = 60
_SHARED: Final = 3
"""Products of a catalogue of some size that state a field before it is one that can be demanded:
what one seller makes up, none of the others could meet.
"""
_SOME_SIZE: Final = 40
_DESCRIBING: Final = frozenset({"type", "brand", "color", "material"})
"""Fields that say nothing with yes and no: a "natural" colour is not all that natural is."""

Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One meaning of a phrase: a value of a field, as the catalogue writes it.

    ``types`` counts the products that have it, per product type (the most
    frequent types only), so that a word with two meanings is read by its context.
    """

    field: str
    value: str
    count: int
    types: Mapping[str, int] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MeasuredField:
    """A numeric attribute: its base unit (None for bare numbers) and the types that have it."""

    name: str
    unit: str | None
    count: int
    types: Mapping[str, int] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Vocabulary:
    """Everything the reader knows of a catalogue. Phrases are tuples of folded singular words."""

    entries: Mapping[Phrase, tuple[Entry, ...]] = dataclasses.field(default_factory=dict)
    flags: Mapping[Phrase, Entry] = dataclasses.field(default_factory=dict)
    """Yes/no attributes by name: ``("scent", "free")`` → the field ``scent_free``."""
    measured: Mapping[str, MeasuredField] = dataclasses.field(default_factory=dict)
    listed: Mapping[str, int] = dataclasses.field(default_factory=dict)
    """Attributes that hold words, with the number of products that have them."""
    title_phrases: Mapping[Phrase, int] = dataclasses.field(default_factory=dict)
    """Runs of one to three title words → number of titles."""
    words: frozenset[str] = frozenset()
    """Every single word of entries and titles, for spelling."""
    currency: str | None = None
    """The most common currency."""
    rows: int = 0
    prices: Mapping[str, tuple[int, int, int]] = dataclasses.field(default_factory=dict)
    """Quartiles of the price in minor units, per type; ``""`` for all."""
    departments: tuple[str, ...] = ()
    """The most frequent first nodes of the category path."""
    max_words: int = _MAX_VALUE_WORDS

    @classmethod
    def build(cls, products: Iterable[Product]) -> Vocabulary:
        """Count a catalogue's words in one pass; memory grows with the distinct words only."""
        return _Counts().add_all(products).finish()

    def lookup(self, phrase: Phrase, field: str | None = None) -> tuple[Entry, ...]:
        """The meanings of a phrase, of one field only when named."""
        found = self.entries.get(phrase, ())
        return tuple(e for e in found if e.field == field) if field else found

    def has_type(self, phrase: Phrase) -> bool:
        """True when products are filed under that name, and it does not mostly mean something
        else ("Hornby" is a brand of 87 products and the shelf of two).
        """
        found = self.entries.get(phrase, ())
        filed = next((e.count for e in found if e.field == "type"), 0)
        return filed > 0 and 3 * filed >= max(e.count for e in found)

    def title_count(self, phrase: Phrase) -> int:
        """In how many titles a run of words stands (runs of up to three words, seen at least twice)."""
        return self.title_phrases.get(phrase, 0)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values; phrases become strings joined by spaces."""
        return {
            "entries": [
                [" ".join(p), [[e.field, e.value, e.count, dict(e.types)] for e in es]]
                for p, es in self.entries.items()
            ],
            "flags": [[" ".join(p), [e.field, e.value, e.count]] for p, e in self.flags.items()],
            "measured": [[m.name, m.unit, m.count, dict(m.types)] for m in self.measured.values()],
            "listed": dict(self.listed),
            "title_phrases": {" ".join(p): n for p, n in self.title_phrases.items()},
            "currency": self.currency,
            "rows": self.rows,
            "prices": {t: list(q) for t, q in self.prices.items()},
            "departments": list(self.departments),
        }

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> Vocabulary:
        """Inverse of :meth:`to_json`."""
        entries = {
            tuple(p.split(" ")): tuple(Entry(f, v, n, t) for f, v, n, t in es)
            for p, es in record["entries"]
        }
        titles = {tuple(p.split(" ")): n for p, n in record["title_phrases"].items()}
        flags = {tuple(p.split(" ")): Entry(*e) for p, e in record["flags"]}
        return cls(
            entries=entries,
            flags=_unstated(flags, entries, record["listed"], record["rows"]),
            measured={n: MeasuredField(n, u, c, t) for n, u, c, t in record["measured"]},
            listed=record["listed"],
            title_phrases=titles,
            words=_words([*entries, *(tuple(p.split(" ")) for p, _ in record["flags"])], titles),
            currency=record["currency"],
            rows=record["rows"],
            prices={t: (q[0], q[1], q[2]) for t, q in record["prices"].items()},
            departments=tuple(record["departments"]),
            max_words=max((len(p) for p in entries), default=_MAX_VALUE_WORDS),
        )


def _words(phrases: Iterable[Phrase], titles: Mapping[Phrase, int]) -> frozenset[str]:
    return frozenset(w for p in phrases for w in p) | {p[0] for p in titles if len(p) == 1}


def _unstated(
    flags: Mapping[Phrase, Entry],
    entries: Mapping[Phrase, Sequence[Entry]],
    listed: Mapping[str, int],
    rows: int,
) -> dict[Phrase, Entry]:
    """The yes/no attributes but for those whose name is a value of a field that most products state:
    where nearly everything has its connection, "wireless" is one, whatever a few titles say besides.
    """
    return {
        name: flag
        for name, flag in flags.items()
        if not any(
            e.count > flag.count
            and e.field not in _DESCRIBING
            and 2 * listed.get(e.field, 0) > rows
            for e in entries.get(name, ())
        )
    }


class _Counts:
    """The running counts behind :meth:`Vocabulary.build`."""

    def __init__(self) -> None:
        self.values: dict[tuple[Phrase, str], Counter[str]] = defaultdict(Counter)
        self.spelling: dict[tuple[Phrase, str], Counter[str]] = defaultdict(Counter)
        self.per_field: Counter[str] = Counter()
        self.flags: Counter[str] = Counter()
        self.measured: dict[str, Counter[str]] = defaultdict(Counter)
        self.units: dict[str, str | None] = {}
        self.titles: Counter[Phrase] = Counter()
        self.currencies: Counter[str] = Counter()
        self.departments: Counter[str] = Counter()
        self.prices: dict[str, list[int]] = defaultdict(list)
        self.rows = 0

    def add_all(self, products: Iterable[Product]) -> _Counts:
        for product in products:
            self.add(product)
        return self

    def add(self, product: Product) -> None:
        self.rows += 1
        kind = " ".join(tokens(product.type)) if product.type else ""
        if product.currency:
            self.currencies[product.currency] += 1
        if product.category:
            self.departments[product.category[0]] += 1
        if product.price is not None:
            self.prices[""].append(product.price)
            self.prices[kind].append(product.price)
        for name in dict.fromkeys(type_names(product)):
            self._count("type", name, kind)
        if product.brand:
            self._count("brand", product.brand, kind)
        for attribute, value in product.attributes.items():
            if attribute in _FREE_TEXT_FIELDS or attribute in _OTHER_NAMES:
                continue
            if isinstance(value, bool):
                self.flags[attribute] += 1
            elif isinstance(value, Measure):
                self.measured[attribute][kind] += 1
                self.units.setdefault(attribute, to_base(1.0, value.unit)[1])
            elif isinstance(value, float):
                self.measured[attribute][kind] += 1
                self.units.setdefault(attribute, None)
            else:
                self.per_field[attribute] += 1
                for word in value if isinstance(value, tuple) else (value,):
                    self._count(attribute, word, kind)
        words = tokens(product.title)
        runs = {
            tuple(words[i : i + n])
            for n in range(1, _MAX_TITLE_PHRASE + 1)
            for i in range(len(words) - n + 1)
        }
        self.titles.update(runs)

    def _count(self, field: str, value: str, kind: str) -> None:
        phrase = tuple(tokens(value))
        if not phrase or len(phrase) > _MAX_VALUE_WORDS + (2 if field in ("type", "brand") else 0):
            return
        self.values[phrase, field][kind] += 1
        self.spelling[phrase, field][value] += 1

    def finish(self) -> Vocabulary:
        crowded = {
            f
            for f, n in Counter(f for _, f in self.values).items()
            if n > _MAX_VALUES_PER_FIELD and f not in ("type", "brand")
        }
        least = _SHARED if self.rows >= _SOME_SIZE else 1
        own = {f for f, n in self.per_field.items() if n < least}
        entries: dict[Phrase, list[Entry]] = defaultdict(list)
        for (phrase, name), kinds in self.values.items():
            if name in crowded or name in own:
                continue
            # "kettle" the type before "Kettles" the shelf, then the most frequent spelling
            shown = min(
                self.spelling[phrase, name].items(),
                key=lambda s: (s[0] != s[0].lower(), -s[1], s[0]),
            )[0]
            entries[phrase].append(
                Entry(name, shown, kinds.total(), dict(kinds.most_common(_TYPES_PER_ENTRY)))
            )
        for words, name in ((COLORS, "color"), (MATERIALS, "material")):
            for word in sorted(words):
                phrase = tuple(tokens(word))
                if not any(e.field == name for e in entries[phrase]):
                    entries[phrase].append(Entry(name, MATERIAL_FORMS.get(word, word), 0))
        for word, gender in GENDERS.items():
            phrase = tuple(tokens(word))
            if len(word) > 1 and not any(e.field == "gender" for e in entries[phrase]):
                entries[phrase].append(Entry("gender", gender, 0))
        ordered = {
            p: tuple(sorted(es, key=lambda e: (-e.count, e.field))) for p, es in entries.items()
        }
        titles = {
            p: n for p, n in self.titles.items() if n >= _MIN_TITLE_PHRASE_COUNT or len(p) == 1
        }
        flags = {
            tuple(tokens(f.replace("_", " "))): Entry(f, f.replace("_", " "), n)
            for f, n in self.flags.items()
        }
        return Vocabulary(
            entries=ordered,
            flags=_unstated(flags, ordered, self.per_field, self.rows),
            measured={
                f: MeasuredField(f, self.units[f], kinds.total(), dict(kinds))
                for f, kinds in self.measured.items()
            },
            listed=dict(self.per_field),
            title_phrases=titles,
            words=_words([*ordered, *flags], titles),
            currency=self.currencies.most_common(1)[0][0] if self.currencies else None,
            rows=self.rows,
            prices={t: _quartiles(p) for t, p in self.prices.items() if p},
            departments=tuple(d for d, _ in self.departments.most_common(12)),
            max_words=max((len(p) for p in ordered), default=_MAX_VALUE_WORDS),
        )


def _quartiles(prices: list[int]) -> tuple[int, int, int]:
    ordered = sorted(prices)
    last = len(ordered) - 1
    return ordered[last // 4], ordered[last // 2], ordered[last * 3 // 4]


@cache
def no_catalog() -> Vocabulary:
    """What can be read without any catalogue: the shared colours, materials and genders."""
    return Vocabulary.build(())
