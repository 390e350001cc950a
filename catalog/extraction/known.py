"""What a whole feed teaches about reading one product of it: brands, names of fields, values."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from catalog.product import Measure, Product, attribute_words
from catalog.text import tokens
from catalog.units import to_base

Phrase = tuple[str, ...]

SAFE_FLAGS: Final[dict[Phrase, str]] = {
    tuple(tokens(name.replace("_", " "))): name
    for name in (
        "waterproof", "cordless", "wireless", "dishwasher_safe", "machine_washable", "microwave_safe", "oven_safe", "vegan",
        "organic", "gluten_free", "rechargeable", "dimmable", "leakproof", "sugar_free", "caffeine_free",
        "noise_cancelling", "water_resistant", "foldable", "reversible", "bpa_free", "cruelty_free", "lactose_free",
    )
}  # fmt: skip
"""Yes/no attributes that mean the same in every shop, by their folded words."""
_LONGEST_BRAND: Final = 4
_MAX_PHRASES: Final = 200_000
"""Title beginnings and values counted at a time; the rare ones go when there are more."""
_MAX_NAMES: Final = 2_000
_MAX_KINDS: Final = 20_000
_ENOUGH: Final = 5
"""Products of a type from which its silence says something."""
_SMALL_FEED: Final = 500
"""Products with a brand up to which one title is enough to know a brand by."""
_SURE: Final = 0.8
"""Share of the titles a brand's name begins that must be of that brand."""
_NO_BRANDS: Final = frozenset(
    {"generic", "unknown", "unbranded", "no brand", "none", "n a", "na", "other", "various", "oem", "the", "new", "does not apply"}
)  # fmt: skip
_LISTED: Final = ("color", "material", "gender")


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Known:
    """What a feed's stated fields teach; bounded in size whatever the feed's length."""

    brands: Mapping[Phrase, str] = field(default_factory=dict)
    """Brands that begin titles, by their folded words, as the feed writes them."""
    measured: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """Base unit (``""`` for bare numbers) → attribute names and how many products state them."""
    by_type: Mapping[tuple[str, str], Mapping[str, int]] = field(default_factory=dict)
    """(type, base unit) → the same for products of one type."""
    units: Mapping[str, str] = field(default_factory=dict)
    """Attribute name → its base unit."""
    worded: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """Type → how many products state a colour, a material or a gender; ``""``: products in all."""
    flags: Mapping[str, Mapping[Phrase, str]] = field(default_factory=dict)
    """Type → the yes/no attributes it states; ``""`` for all types."""
    spoken: frozenset[Phrase] = frozenset()
    """Those of :data:`SAFE_FLAGS` that are values here: where "Wireless" is a connection, prose is
    not read for a yes/no attribute of that name."""
    values: Mapping[str, Mapping[Phrase, str]] = field(default_factory=dict)
    """``color``, ``material``, ``gender`` → their values, as the feed writes them."""

    @classmethod
    def learn(cls, products: Iterable[Product]) -> Known:
        """Read a feed once. Only what it states counts, not what was read out of prose before."""
        lesson = _Lesson()
        for product in products:
            lesson.add(product)
        return lesson.known()

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values, to be kept beside an index."""
        return {
            "brands": [[list(p), b] for p, b in self.brands.items()],
            "measured": {u: dict(names) for u, names in self.measured.items()},
            "by_type": [[t, u, dict(names)] for (t, u), names in self.by_type.items()],
            "units": dict(self.units),
            "worded": {t: dict(names) for t, names in self.worded.items()},
            "spoken": sorted(map(list, self.spoken)),
            "flags": {t: [[list(p), n] for p, n in fs.items()] for t, fs in self.flags.items()},
            "values": {f: [[list(p), v] for p, v in vs.items()] for f, vs in self.values.items()},
        }

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> Known:
        """Inverse of :meth:`to_json`; trusts its input (our own files only)."""
        return cls(
            brands={tuple(p): b for p, b in record["brands"]},
            measured=record["measured"],
            by_type={(t, u): names for t, u, names in record["by_type"]},
            units=record["units"],
            worded=record["worded"],
            flags={t: {tuple(p): n for p, n in fs} for t, fs in record["flags"].items()},
            spoken=frozenset(map(tuple, record.get("spoken", ()))),
            values={f: {tuple(p): v for p, v in vs} for f, vs in record["values"].items()},
        )

    def says_none(self, kind: str, name: str) -> bool:
        """Whether a type is well known and never has that attribute, though others have: the
        colour of a tea is its sort.
        """
        said = self.worded.get(kind, {})
        return said.get("", 0) >= _ENOUGH and name not in said and name in self.values


@lru_cache(maxsize=65_536)
def name_tokens(name: str) -> tuple[str, ...]:
    """The folded words of a type or a shelf, which many products share."""
    return tuple(tokens(name))


def kind_of(product: Product) -> str:
    """The type a product is filed under, folded; the deepest shelf where no type is stated."""
    name = product.type or (product.category[-1] if product.category else "")
    return " ".join(name_tokens(name))


def stated(product: Product) -> set[str]:
    """Names of the attributes the feed states, also those it states by variant only."""
    names = {n for n in product.attributes if n not in product.read_from}
    return names.union(*(v.options for v in product.variants))


class _Lesson:
    """The running counts behind :meth:`Known.learn`."""

    def __init__(self) -> None:
        self.branded = 0
        self.brands: dict[Phrase, Counter[str]] = defaultdict(Counter)
        self.begins: Counter[Phrase] = Counter()
        self.own: Counter[Phrase] = Counter()
        self.by_type: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        self.bases: dict[str, Counter[str]] = defaultdict(Counter)
        self.worded: dict[str, Counter[str]] = defaultdict(Counter)
        self.flags: dict[str, Counter[str]] = defaultdict(Counter)
        self.spoken: set[Phrase] = set()
        self.values: dict[str, dict[Phrase, Counter[str]]] = {n: {} for n in _LISTED}

    def add(self, product: Product) -> None:
        if product.brand and "brand" not in product.read_from:
            self._brand(product.brand, product.title)
        kind = kind_of(product)
        if kind not in self.worded and len(self.worded) >= _MAX_KINDS:
            kind = ""
        self.worded[kind][""] += 1
        for name, value in product.attributes.items():
            if name in product.read_from:
                continue
            if isinstance(value, bool):
                self.flags[kind][name] += 1
            elif isinstance(value, (Measure, float)):
                base = to_base(1.0, value.unit)[1] if isinstance(value, Measure) else ""
                if name in self.bases or len(self.bases) < _MAX_NAMES:
                    self.bases[name][base] += 1
                    self.by_type[kind, base][name] += 1
            elif name in _LISTED:
                self.worded[kind][name] += 1
                for word in attribute_words(value):
                    phrase = tuple(tokens(word))
                    seen = self.values[name]
                    if 0 < len(phrase) <= 3 and (phrase in seen or len(seen) < _MAX_NAMES):
                        seen.setdefault(phrase, Counter())[word] += 1
            else:
                self.spoken.update(p for w in attribute_words(value) if (p := _flag_of(w)))

    def _brand(self, brand: str, title: str) -> None:
        phrase = tuple(tokens(brand))
        if not 0 < len(phrase) <= _LONGEST_BRAND or " ".join(phrase) in _NO_BRANDS:
            return
        self.branded += 1
        self.brands[phrase][brand.strip()] += 1
        begin = tokens(title[:120])[:_LONGEST_BRAND]
        for size in range(1, len(begin) + 1):
            self.begins[tuple(begin[:size])] += 1
        if tuple(begin[: len(phrase)]) == phrase:
            self.own[phrase] += 1
        if len(self.begins) > 4 * _MAX_PHRASES:
            # a beginning seen once so far has shown nothing; a frequent one comes again
            self.begins = Counter({p: n for p, n in self.begins.items() if n > 1 or p in self.own})
        if len(self.brands) > _MAX_PHRASES:
            self.brands = defaultdict(
                Counter, {p: c for p, c in self.brands.items() if c.total() > 1}
            )

    def known(self) -> Known:
        brands = {
            phrase: _usual(self.brands[phrase])
            for phrase, leads in self.own.items()
            if phrase in self.brands
            and leads >= (2 if self.branded > _SMALL_FEED else 1)
            and leads >= _SURE * self.begins[phrase]
            and any(not word.isdigit() and len(word) > 1 for word in phrase)
        }
        units = {name: _usual(bases) for name, bases in self.bases.items()}
        measured: dict[str, Counter[str]] = defaultdict(Counter)
        for (_, base), names in self.by_type.items():
            measured[base].update(names)
        flags: dict[str, dict[Phrase, str]] = defaultdict(dict)
        for kind, names in self.flags.items():
            for name in names:
                phrase = tuple(tokens(name.replace("_", " ")))
                if phrase:
                    flags[kind][phrase] = name
                    flags[""][phrase] = name
        return Known(
            brands=brands,
            measured={u: dict(names) for u, names in measured.items()},
            by_type={key: dict(names) for key, names in self.by_type.items()},
            units=units,
            worded={t: dict(names) for t, names in self.worded.items()},
            flags=dict(flags),
            spoken=frozenset(self.spoken),
            values={
                f: {p: _usual(c) for p, c in vs.items()} for f, vs in self.values.items() if vs
            },
        )


def _usual(spellings: Counter[str]) -> str:
    return min(spellings.items(), key=lambda s: (-s[1], s[0]))[0]


@lru_cache(maxsize=65_536)
def _flag_of(value: str) -> Phrase | None:
    phrase = tuple(tokens(value))
    return phrase if phrase in SAFE_FLAGS else None
