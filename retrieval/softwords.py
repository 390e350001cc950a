"""How well the words of a query are met by the nearest words of a title.

"Headgear" is near "helmet", "hardisk" shares word pieces with "hard disk": each piece of the
query looks for the nearest piece of the title (MaxSim, as in ColBERT, over static vectors of
word pieces), and rare pieces count more. Needs no second model: the vectors are the input
embeddings of the embedder.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from catalog.product import Product
from retrieval.embedder import WordEmbedder
from retrieval.phrases import Ints

FILE: Final = "pieces.npz"

_PIECES: Final = 40
"""Pieces of a title that count."""
_BATCH: Final = 1_000

Floats = npt.NDArray[np.float64]


class SoftWords:
    """The word pieces of ``n`` titles; reading is safe from several threads."""

    def __init__(self, flat: npt.NDArray[np.int32], starts: Ints, frequency: Ints) -> None:
        self._flat = flat
        self._starts = starts
        self._frequency = frequency
        """Per piece, the titles that hold it."""

    @classmethod
    def build(cls, products: Iterable[Product], embedder: WordEmbedder) -> SoftWords:
        """Cut every title into the embedder's word pieces."""
        flat: list[npt.NDArray[np.int32]] = []
        lengths = [0]
        frequency = np.zeros(embedder.pieces, np.int64)
        titles = (p.title for p in products)
        while batch := list(islice(titles, _BATCH)):
            for found in embedder.word_pieces(batch):
                ids = np.array(found[:_PIECES], np.int32)
                frequency[np.unique(ids)] += 1
                flat.append(ids)
                lengths.append(len(ids))
        joined = np.concatenate(flat) if flat else np.empty(0, np.int32)
        return cls(joined, np.cumsum(np.array(lengths, np.int64)), frequency)

    def scores(self, text: str, rows: Ints, embedder: WordEmbedder) -> Floats:
        """Per row the mean similarity of the query's pieces with their nearest: in [-1, 1]."""
        (asked,) = embedder.word_pieces([text])
        if not asked or not len(rows):
            return np.zeros(len(rows))
        vectors = embedder.piece_vectors()
        lengths = self._starts[rows + 1] - self._starts[rows]
        columns = np.arange(max(1, int(lengths.max())))
        inside = columns < lengths[:, None]
        places = np.where(inside, self._starts[rows][:, None] + columns, 0)
        # Titles share their words, so each piece is compared once.
        held, which = np.unique(self._flat[places], return_inverse=True)
        alike = vectors[held] @ vectors[asked].T
        near = np.where(inside[:, :, None], alike[which.reshape(places.shape)], -1.0).max(axis=1)
        n = len(self._starts) - 1
        frequency = self._frequency[asked]
        weight = np.log1p((n - frequency + 0.5) / (frequency + 0.5))
        return np.asarray(near @ (weight / weight.sum()), np.float64)

    def save(self, folder: Path) -> None:
        """Write ``pieces.npz``."""
        np.savez(
            folder / FILE,
            allow_pickle=False,
            flat=self._flat,
            starts=self._starts,
            frequency=self._frequency,
        )

    @classmethod
    def load(cls, folder: Path) -> SoftWords:
        """Inverse of :meth:`save`. Raises OSError, KeyError or ValueError on damaged files."""
        with np.load(folder / FILE, allow_pickle=False) as file:
            return cls(file["flat"], file["starts"], file["frequency"])
