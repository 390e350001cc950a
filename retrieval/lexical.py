"""BM25 over the catalogue, with the program's own tokens."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from catalog.product import Product, attribute_words
from catalog.text import tokens

_TITLE_WEIGHT: Final = 2
"""How often the title counts; it says what a thing is, the description also what it goes with."""

Scores = npt.NDArray[np.float64]


class Lexical:
    """A bm25s index of ``n`` products (BM25 as in Lucene, k1 1.5, b 0.75)."""

    def __init__(self, bm25: Any, n: int) -> None:
        self._bm25 = bm25
        self._n = n

    @classmethod
    def build(cls, products: Iterable[Product]) -> Lexical:
        """Index titles, brands, types, categories, attributes and descriptions."""
        vocabulary: dict[str, int] = {}
        documents = [
            [vocabulary.setdefault(t, len(vocabulary)) for t in document_tokens(product)]
            for product in products
        ]
        vocabulary.setdefault("", len(vocabulary))  # bm25s cannot index an empty vocabulary
        bm25 = _bm25s().BM25(method="lucene", backend="numpy")
        bm25.index((documents, vocabulary), show_progress=False)
        return cls(bm25, len(documents))

    def scores(self, text: str) -> Scores:
        """BM25 of every product for a query: float64 [n], zeros when no word is known."""
        known = [t for t in dict.fromkeys(tokens(text)) if t in self._bm25.vocab_dict]
        if not known:
            return np.zeros(self._n)
        return np.asarray(self._bm25.get_scores(known), np.float64)

    def save(self, folder: Path) -> None:
        """Write the index into a new folder, without pickles."""
        self._bm25.save(str(folder), allow_pickle=False, show_progress=False)

    @classmethod
    def load(cls, folder: Path, n: int) -> Lexical:
        """Inverse of :meth:`save`. Raises OSError, ValueError or KeyError on damaged files."""
        return cls(_bm25s().BM25.load(str(folder), allow_pickle=False, show_progress=False), n)


def document_tokens(product: Product) -> list[str]:
    """What BM25 sees of a product."""
    words = tokens(product.title) * _TITLE_WEIGHT
    words += tokens(" ".join((product.brand or "", product.type or "", *product.category)))
    for name, value in product.attributes.items():
        if value is True:
            words += tokens(name)
        elif value is not False:
            words += tokens(" ".join(attribute_words(value)))
    return words + tokens(product.description)


def _bm25s() -> Any:
    import bm25s

    logging.getLogger("bm25s").setLevel(logging.WARNING)  # it announces every index it builds
    return bm25s
