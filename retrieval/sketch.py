"""Short vectors that tell which rows of a large catalogue are worth a closer look.

The principal directions of the catalogue's own vectors (PCA, without centring, so that products
of vectors survive) hold nearly all of a cosine in a quarter of the numbers. A scan of many rows
reads these first, and the whole vectors only of what comes out near.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final, Self

import numpy as np

from catalog.errors import IndexDamaged
from retrieval.embedder import Matrix
from retrieval.phrases import Ints

ROWS: Final = "sketch.npy"
BASIS: Final = "sketch_basis.npy"

FROM: Final = 50_000
"""Products from which a catalogue has one; a smaller one is scanned whole in a few milliseconds."""
_NUMBERS: Final = 96
_SAMPLE: Final = 20_000
_AT_ONCE: Final = 8_192
_SEED: Final = 7


class Sketch:
    """float32 [n, 96] and the basis [dimension, 96]; reading is safe from several threads."""

    def __init__(self, basis: Matrix, rows: Matrix) -> None:
        self._basis = basis
        self._rows = rows

    @classmethod
    def build(cls, folder: Path, vectors: Matrix) -> None:
        """Write the sketch of ``vectors`` [n, dimension] into ``folder``."""
        n, dimension = vectors.shape
        chance = np.random.default_rng(_SEED)
        sample = np.sort(chance.choice(n, min(n, _SAMPLE), replace=False))
        some = np.asarray(vectors[sample])
        _, directions = np.linalg.eigh(some.T @ some)
        basis = np.ascontiguousarray(directions[:, ::-1][:, :_NUMBERS], np.float32)
        np.save(folder / BASIS, basis, allow_pickle=False)
        with (folder / ROWS).open("wb") as file:
            header = {"descr": "<f4", "fortran_order": False, "shape": (n, basis.shape[1])}
            np.lib.format.write_array_header_1_0(file, header)
            for start in range(0, n, _AT_ONCE):
                file.write((vectors[start : start + _AT_ONCE] @ basis).tobytes())

    @classmethod
    def open(cls, folder: Path, n: int, dimension: int) -> Self | None:
        """None where the catalogue has none. Raises :class:`IndexDamaged` for one of another size."""
        if not (folder / ROWS).exists():
            return None
        try:
            basis = np.load(folder / BASIS, allow_pickle=False)
            rows = np.load(folder / ROWS, mmap_mode="r", allow_pickle=False)
        except (OSError, ValueError) as error:
            raise IndexDamaged(f"{ROWS} cannot be read ({error})") from error
        if rows.shape != (n, basis.shape[1]) or basis.shape[0] != dimension:
            raise IndexDamaged(f"{ROWS} holds {rows.shape} and not {n} rows")
        return cls(basis, np.asarray(rows))

    def near(self, vector: Matrix, rows: Ints, k: int) -> Ints:
        """The ``k`` of ``rows`` that seem nearest to a unit vector, ascending."""
        short = vector @ self._basis
        found = np.empty(len(rows), np.float32)
        for at in range(0, len(rows), _AT_ONCE):
            found[at : at + _AT_ONCE] = self._rows[rows[at : at + _AT_ONCE]] @ short
        return np.sort(rows[np.argpartition(-found, k)[:k]])
