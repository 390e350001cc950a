"""Short vectors that tell which rows of a large catalogue are worth a closer look.

The principal directions of the catalogue's own vectors (PCA, without centring, so that products
of vectors survive) hold nearly all of a cosine in a third of the numbers, and a byte each tells
them finely enough. A scan of many rows reads these first, a twelfth of the memory, and the whole
vectors only of what comes out near.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final, Self, TypeAlias

import numpy as np
import numpy.typing as npt

from catalog.errors import IndexDamaged
from retrieval.embedder import Matrix
from retrieval.matrix import products_with
from retrieval.phrases import Ints

ROWS: Final = "sketch.npy"
BASIS: Final = "sketch_basis.npy"

FROM: Final = 50_000
"""Products from which a catalogue has one; a smaller one is scanned whole in a few milliseconds."""
_NUMBERS: Final = 128
_SAMPLE: Final = 20_000
_AT_ONCE: Final = 8_192
_SEED: Final = 7
_STEPS: Final = 127
"""A number is told as so many steps up or down, as long as the largest of the sample needs."""
_EPSILON: Final = 1e-9

Bytes: TypeAlias = npt.NDArray[np.int8]


class Sketch:
    """int8 [n, 128] and the basis, float32 [dimension, 128], whose columns are as long as one step of
    each number; reading is safe from several threads.
    """

    def __init__(self, basis: Matrix, rows: Bytes) -> None:
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
        step = np.maximum(np.abs(some @ basis).max(0), _EPSILON) / _STEPS
        np.save(folder / BASIS, basis * step, allow_pickle=False)
        with (folder / ROWS).open("wb") as file:
            header = {"descr": "|i1", "fortran_order": False, "shape": (n, basis.shape[1])}
            np.lib.format.write_array_header_1_0(file, header)
            for start in range(0, n, _AT_ONCE):
                numbers = np.rint(vectors[start : start + _AT_ONCE] @ basis / step)
                file.write(np.clip(numbers, -_STEPS, _STEPS).astype(np.int8).tobytes())

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
        if (
            rows.shape != (n, basis.shape[1])
            or basis.shape[0] != dimension
            or rows.dtype != np.int8
        ):
            raise IndexDamaged(
                f"{ROWS} holds {rows.shape} of {rows.dtype} and not {n} rows of bytes"
            )
        return cls(basis, np.asarray(rows))

    def near(self, vector: Matrix, rows: Ints, k: int) -> Ints:
        """The ``k`` of ``rows`` that seem nearest to a unit vector, ascending."""
        found = products_with(self._rows, vector @ self._basis, rows)
        return np.sort(rows[np.argpartition(-found, k)[:k]])
