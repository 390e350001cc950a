"""BM25 over the catalogue, with the program's own tokens."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from catalog.product import Product, attribute_words
from catalog.text import tokens
from retrieval.phrases import Bools, Ints

_TITLE_WEIGHT: Final = 2
"""How often the title counts; it says what a thing is, the description also what it goes with."""

_GRAM: Final = 4
"""Length of the pieces of words; 3 and 5 found less (docs/experiments.md)."""
_SPARSE: Final = 20
"""Adding up in a table of all rows pays from one posting in so many rows."""

Scores: TypeAlias = npt.NDArray[np.float64]
Tokenizer: TypeAlias = Callable[[Product], list[str]]


class Lexical:
    """A bm25s index of ``n`` products (BM25 as in Lucene, k1 1.5, b 0.75)."""

    def __init__(self, bm25: Any, n: int) -> None:
        self._n = n
        self._bm25 = bm25
        self._ids: dict[str, int] = bm25.vocab_dict
        # Term by term: the rows that hold it, and its part of each row's score.
        self._bounds = bm25.scores["indptr"]
        self._rows = bm25.scores["indices"]
        self._parts = bm25.scores["data"]

    @classmethod
    def build(cls, products: Iterable[Product], terms: Tokenizer) -> Lexical:
        """Index the terms of each product."""
        vocabulary: dict[str, int] = {}
        documents = [
            [vocabulary.setdefault(t, len(vocabulary)) for t in terms(product)]
            for product in products
        ]
        vocabulary.setdefault("", len(vocabulary))  # bm25s cannot index an empty vocabulary
        bm25 = _bm25s().BM25(method="lucene", backend="numpy")
        bm25.index((documents, vocabulary), show_progress=False)
        return cls(bm25, len(documents))

    def scores(self, terms: Iterable[str], among: Bools | None = None) -> tuple[Ints, Scores]:
        """The rows that hold any of the terms, ascending, and the BM25 of each; only those
        ``among`` the marked ones where some are left out.

        The cost grows with how often the terms occur, not with the catalogue.
        """
        known = [self._ids[t] for t in dict.fromkeys(terms) if t in self._ids]
        held: list[npt.NDArray[np.int32]] = []
        given: list[npt.NDArray[np.float32]] = []
        for i in known:
            span = slice(int(self._bounds[i]), int(self._bounds[i + 1]))
            rows, parts = self._rows[span], self._parts[span]
            if among is not None:
                kept = np.flatnonzero(among.take(rows))
                rows, parts = rows.take(kept), parts.take(kept)
            held.append(rows)
            given.append(parts)
        if not any(len(rows) for rows in held):
            return np.empty(0, np.int64), np.empty(0)
        return _added_up(np.concatenate(held), np.concatenate(given), self._n)

    def save(self, folder: Path) -> None:
        """Write the index into a new folder, without pickles."""
        self._bm25.save(str(folder), allow_pickle=False, show_progress=False)

    @classmethod
    def load(cls, folder: Path, n: int) -> Lexical:
        """Inverse of :meth:`save`. Raises OSError, ValueError or KeyError on damaged files."""
        return cls(_bm25s().BM25.load(str(folder), allow_pickle=False, show_progress=False), n)


def _added_up(
    rows: npt.NDArray[np.int32], parts: npt.NDArray[np.float32], n: int
) -> tuple[Ints, Scores]:
    """The different ``rows``, ascending, and the sum of the parts of each, added in their order."""
    if len(rows) * _SPARSE >= n:
        table: Scores = np.bincount(rows, parts, n).astype(float, copy=False)
        found = np.flatnonzero(table > 0)  # every part of BM25 is positive
        return found, table.take(found)
    order = np.argsort(rows, kind="stable")
    rows = rows.take(order)
    first = np.ones(len(rows), np.bool_)
    np.not_equal(rows[1:], rows[:-1], out=first[1:])
    sums = np.bincount(np.cumsum(first) - 1, parts.take(order))
    return rows[first].astype(np.int64), sums.astype(float, copy=False)


def listing_terms(product: Product) -> list[str]:
    """The words a listing is found by: its title's, each twice, its names and stated values, each once.

    Not the description's: there a seller may write anything at any length, and over title, names
    and values it found nothing more (docs/experiments.md). What it says of the product is read as
    attributes when the index is built.
    """
    title = dict.fromkeys(tokens(product.title))
    brand = "" if "brand" in product.read_from else product.brand or ""
    stated = tokens(" ".join((brand, product.type or "", *product.category)))
    for name, value in product.attributes.items():
        if name in product.read_from:
            continue  # its words stand in the title or description
        if value is True:
            stated += tokens(name)
        elif value is not False:
            stated += tokens(" ".join(attribute_words(value)))
    return [*title] * _TITLE_WEIGHT + list(dict.fromkeys(stated))


def title_pieces(product: Product) -> list[str]:
    """The pieces of the title's words, which a misspelt word still shares with the right one."""
    return pieces(list(dict.fromkeys(tokens(product.title))))


def pieces(words: Sequence[str]) -> list[str]:
    """Overlapping runs of four characters over word boundaries: ``mug`` → ``_mug``, ``mug_``."""
    text = f"_{'_'.join(words)}_"
    return [text[i : i + _GRAM] for i in range(max(1, len(text) - _GRAM + 1))]


def _bm25s() -> Any:
    import bm25s

    logging.getLogger("bm25s").setLevel(logging.WARNING)  # it announces every index it builds
    return bm25s
