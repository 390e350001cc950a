"""The vectors of a version in row order: one memory-mapped matrix for exact scans."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt

from catalog.errors import IndexDamaged
from retrieval.embedder import Matrix
from retrieval.phrases import Ints

FILE: Final = "vectors.npy"

_SCANNED: Final = 8_192
"""Rows written at a time: 12 MB of 384 numbers each."""
_GATHERED: Final = 2_048
"""Rows read at a time."""


def products_with(
    array: Matrix | npt.NDArray[np.int8], vector: Matrix, rows: Ints
) -> npt.NDArray[np.float32]:
    """``array[rows] @ vector`` a piece at a time: read into the same memory over and over, since
    fresh memory costs as much as the reading.
    """
    found = np.empty(len(rows), np.float32)
    held = np.empty((min(_GATHERED, len(rows)), array.shape[1]), array.dtype)
    whole = held if held.dtype == np.float32 else np.empty(held.shape, np.float32)
    for at in range(0, len(rows), _GATHERED):
        chunk = rows[at : at + _GATHERED]
        n = len(chunk)
        # the rows are known to exist, and without "clip" numpy reads through memory of its own
        np.take(array, chunk, 0, out=held[:n], mode="clip")
        if whole is not held:
            whole[:n] = held[:n]
        np.dot(whole[:n], vector, out=found[at : at + n])
    return found


class VectorFile:
    """float32 [n, dimension], rows of length 1; reading is safe from several threads."""

    def __init__(self, mapped: np.memmap[Any, np.dtype[np.float32]]) -> None:
        self._mapped = mapped
        # A plain array over the same memory: indexing a memmap costs more than what it finds.
        self.array: npt.NDArray[np.float32] = np.asarray(mapped)

    @classmethod
    def create(cls, folder: Path, n: int, dimension: int) -> Self:
        """A new file for writing, all zeros."""
        header = {"descr": "<f4", "fortran_order": False, "shape": (n, dimension)}
        with (folder / FILE).open("wb") as file:
            np.lib.format.write_array_header_1_0(file, header)
            # Written out, since a page that a full disk has no room for would end the process.
            for start in range(0, n, _SCANNED):
                file.write(bytes(4 * dimension * min(_SCANNED, n - start)))
        return cls.open(folder, n, dimension, writable=True)

    @classmethod
    def open(cls, folder: Path, n: int, dimension: int, *, writable: bool = False) -> Self:
        """Raises :class:`IndexDamaged` when there is no such file of this shape."""
        try:
            array = np.lib.format.open_memmap(folder / FILE, mode="r+" if writable else "r")
        except (OSError, ValueError) as error:
            raise IndexDamaged(f"{FILE} cannot be read ({error})") from error
        if array.shape != (n, dimension) or array.dtype != np.float32:
            raise IndexDamaged(f"{FILE} holds {array.shape} and not {(n, dimension)} numbers")
        return cls(array)

    def cosines(self, vector: Matrix, rows: Ints) -> npt.NDArray[np.float32]:
        """Cosine of a unit vector with these rows."""
        return products_with(self.array, vector, rows)

    def flush(self) -> None:
        """Hand what was written to the operating system's disk."""
        self._mapped.flush()
