"""The fields of a catalogue by column: collected product by product, saved, loaded.

A *row* is a product, an *offer* one of its variants, or the product itself where it has none.
Prices, stock and attributes are held by offer, the rest by row.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf, nan
from pathlib import Path
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from catalog.constraint import NUMERIC_FIELDS, numeric_value
from catalog.product import Product, attribute_words
from catalog.text import tokens
from catalog.wording import BREAK
from retrieval.phrases import Ints, PhraseIndex

Floats: TypeAlias = npt.NDArray[np.float64]

ATTRIBUTE: Final = "attributes."
"""Before the name of an attribute's column."""
BY_ROW: Final = ("brand", "type", "category")
CHANGING: Final = ("price", "stock", "discount")
"""The numbers an update may change, so every offer has a place for them."""


@dataclass(frozen=True, slots=True)
class Words:
    """Which rows (by field: or offers) hold which term; one with several words has several entries."""

    rows: Ints
    terms: Ints


@dataclass(frozen=True, slots=True)
class Numbers:
    """Numbers of one field in base units, NaN only where it is one of ``CHANGING`` and unknown.

    Stock of which there is some, nobody knows how many, is infinite. ``units`` indexes the table's unit names, -1 for none; ``usual`` is the most frequent one.
    """

    rows: Ints
    values: Floats
    units: Ints
    usual: int


@dataclass(frozen=True, slots=True)
class Fields:
    """Everything the column table knows of ``n`` products."""

    first: Ints
    """int64 [n + 1]: where each row's offers begin."""
    listing: PhraseIndex
    """Title, description and attributes of each row, broken by bars."""
    title_end: Ints
    prose_end: Ints
    """Per row, the position in ``listing`` where title and description end."""
    terms: PhraseIndex
    term_texts: Sequence[str]
    """Every distinct word of a field, as tokens and as written."""
    words: Mapping[str, Words]
    flags: Mapping[str, Words]
    numbers: Mapping[str, Numbers]
    units: Sequence[str]

    @classmethod
    def collect(cls, products: Iterable[Product]) -> Fields:
        """Read every product once; memory grows with the text, not with the objects."""
        builder = _Builder()
        listing = PhraseIndex.build(builder.listings(products))
        return builder.finish(listing)

    def save(self, folder: Path) -> None:
        """Write ``columns.npz`` (numbers and token ids) and ``columns.json`` (names)."""
        names = {
            "words": list(self.words),
            "flags": list(self.flags),
            "numbers": list(self.numbers),
            "units": list(self.units),
            "terms": list(self.term_texts),
        }
        arrays: dict[str, npt.NDArray[Any]] = {
            **self.listing.arrays("listing"),
            **self.terms.arrays("terms"),
            "title_end": self.title_end,
            "prose_end": self.prose_end,
            "first": self.first,
        }
        for kind, columns in (("words", self.words), ("flags", self.flags)):
            arrays[f"{kind}.rows"], arrays[f"{kind}.bounds"] = _joined(
                [c.rows for c in columns.values()]
            )
            arrays[f"{kind}.terms"], _ = _joined([c.terms for c in columns.values()])
        numbers = self.numbers.values()
        arrays["numbers.rows"], arrays["numbers.bounds"] = _joined([c.rows for c in numbers])
        arrays["numbers.values"] = np.concatenate([np.empty(0), *(c.values for c in numbers)])
        arrays["numbers.units"], _ = _joined([c.units for c in numbers])
        np.savez(folder / "columns.npz", allow_pickle=False, **arrays)
        (folder / "columns.json").write_text(json.dumps(names, ensure_ascii=False), "utf-8")

    @classmethod
    def load(cls, folder: Path) -> Fields:
        """Inverse of :meth:`save`. Raises OSError, KeyError or ValueError on damaged files."""
        names = json.loads((folder / "columns.json").read_text("utf-8"))
        with np.load(folder / "columns.npz", allow_pickle=False) as file:
            arrays = {key: file[key] for key in file.files}

        def pieces(kind: str, part: str) -> list[npt.NDArray[Any]]:
            bounds = arrays[f"{kind}.bounds"]
            whole = arrays[f"{kind}.{part}"]
            return [whole[a:b] for a, b in zip(bounds[:-1], bounds[1:], strict=True)]

        def words(kind: str) -> dict[str, Words]:
            pairs = zip(names[kind], pieces(kind, "rows"), pieces(kind, "terms"), strict=True)
            return {name: Words(rows, terms) for name, rows, terms in pairs}

        numbers = zip(
            names["numbers"],
            pieces("numbers", "rows"),
            pieces("numbers", "values"),
            pieces("numbers", "units"),
            strict=True,
        )
        return cls(
            arrays["first"],
            PhraseIndex.from_arrays(arrays, "listing"),
            arrays["title_end"],
            arrays["prose_end"],
            PhraseIndex.from_arrays(arrays, "terms"),
            names["terms"],
            words("words"),
            words("flags"),
            {name: settled(rows, values, units) for name, rows, values, units in numbers},
            names["units"],
        )


def changing_value(offer: Product, name: str) -> tuple[float, str | None]:
    """One of ``CHANGING`` as it stands in its column, with its unit."""
    if name == "stock" and offer.stock is None and offer.uncounted:
        return inf, None
    return numeric_value(offer, name) or (nan, None)


def settled(rows: Ints, values: Floats, units: Ints) -> Numbers:
    """A column of numbers with its usual unit, the one most known numbers are in."""
    counts = np.bincount(units[~np.isnan(values)] + 1)
    return Numbers(rows, values, units, int(np.argmax(counts)) - 1 if len(counts) else -1)


def _joined(pieces: Sequence[Ints]) -> tuple[Ints, Ints]:
    bounds = np.cumsum([0, *(len(p) for p in pieces)], dtype=np.int64)
    return np.concatenate([np.empty(0, np.int64), *pieces]), bounds


@dataclass(slots=True)
class _Growing:
    """Integer pairs and, for numbers, a value; compact while they grow."""

    rows: array[int] = field(default_factory=lambda: array("q"))
    codes: array[int] = field(default_factory=lambda: array("q"))
    values: array[float] = field(default_factory=lambda: array("d"))


class _Builder:
    """Collects columns product by product."""

    def __init__(self) -> None:
        self._terms: dict[str, int] = {}
        self._units: dict[str, int] = {}
        self._words: dict[str, _Growing] = {k: _Growing() for k in ("brand", "type", "category")}
        self._flags: dict[str, _Growing] = {}
        self._numbers: dict[str, _Growing] = {}
        self._title_end = array("q")
        self._prose_end = array("q")
        self._first = array("q", [0])

    def listings(self, products: Iterable[Product]) -> Iterable[list[str]]:
        """Token lists of the products, whose fields are noted on the way."""
        end = 0
        for row, product in enumerate(products):
            title = tokens(product.title)
            prose = [*title, BREAK, *tokens(product.description)]
            whole = [*prose, *self._attributes(product)]
            self._fields(row, product)
            self._title_end.append(end + len(title))
            self._prose_end.append(end + len(prose))
            end += len(whole)
            yield whole

    def _fields(self, row: int, product: Product) -> None:
        if product.brand:
            self._word("brand", row, product.brand)
        if product.type:
            self._word("type", row, product.type)
        for name in product.category:
            self._word("category", row, name)
        for name in ("rating", "review_count"):
            self._number(name, name, row, product)
        for at, offer in enumerate(product.offers(), start=self._first[-1]):
            self._offer(at, offer)
        self._first.append(at + 1)

    def _offer(self, at: int, offer: Product) -> None:
        for name in CHANGING:
            column = self._numbers.setdefault(name, _Growing())
            number, unit = changing_value(offer, name)
            if name == "price":
                unit = offer.currency  # kept while the price is unknown: an update may bring it
            self._append(column, at, number, unit)
        for name, value in offer.attributes.items():
            key = ATTRIBUTE + name
            if value != () and value != "":
                for word in attribute_words(value):
                    self._word(key, at, word)
            if isinstance(value, bool):
                flags = self._flags.setdefault(key, _Growing())
                flags.rows.append(at)
                flags.codes.append(int(value))
            elif name not in NUMERIC_FIELDS:
                self._number(key, name, at, offer)

    def _attributes(self, product: Product) -> Iterable[str]:
        for name, value in product.attributes.items():
            if value is True:
                yield from (BREAK, *tokens(name))
            elif value is not False:
                yield from (BREAK, *(t for w in attribute_words(value) for t in tokens(w)))

    def _word(self, key: str, row: int, word: str) -> None:
        column = self._words.setdefault(key, _Growing())
        column.rows.append(row)
        column.codes.append(self._terms.setdefault(word, len(self._terms)))

    def _number(self, key: str, name: str, row: int, product: Product) -> None:
        held = numeric_value(product, name)
        if held is None:
            return
        self._append(self._numbers.setdefault(key, _Growing()), row, *held)

    def _append(self, column: _Growing, at: int, value: float, unit: str | None) -> None:
        column.rows.append(at)
        column.values.append(value)
        code = self._units.setdefault(unit, len(self._units)) if unit else -1
        column.codes.append(code)

    def finish(self, listing: PhraseIndex) -> Fields:
        """The table, once every product has gone through :meth:`listings`."""

        def ints(values: array[int]) -> Ints:
            return np.array(values, np.int64)

        def words(columns: Mapping[str, _Growing]) -> dict[str, Words]:
            return {k: Words(ints(c.rows), ints(c.codes)) for k, c in columns.items()}

        return Fields(
            ints(self._first),
            listing,
            ints(self._title_end),
            ints(self._prose_end),
            PhraseIndex.build(tokens(t) for t in self._terms),
            list(self._terms),
            words(self._words),
            words(self._flags),
            {
                k: settled(ints(c.rows), np.array(c.values, np.float64), ints(c.codes))
                for k, c in self._numbers.items()
            },
            list(self._units),
        )
