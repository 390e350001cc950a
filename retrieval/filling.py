"""The vectors of a version being built: taken over where a text is unchanged, made where it is new.

Every product's vector is held twice: in Chroma, whose graph finds the nearest of all, and in
the mapped matrix, which is scanned where a filter leaves few. In Chroma it lies at a *slot*.
Rows are places in the feed and move when a feed changes; slots do not, so that a collection can
be copied from the version before and only what changed is written.
"""

from __future__ import annotations

import hashlib
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from catalog.errors import IndexDamaged, IndexingError
from retrieval.embedder import Embedder, Matrix, product_text
from retrieval.matrix import VectorFile
from retrieval.phrases import Ints
from retrieval.storage import VECTORS, CatalogFolder, ProductFile, remove_tree, verify
from retrieval.vectors import Vectors

SLOTS: Final = "slots.npy"
"""int64 [n]: where in Chroma each row's vector lies."""
_TEXT_HASHES: Final = "text_hashes.npy"

_CHUNK: Final = 512
"""Rows embedded and stored at a time: what a kill can cost."""
_WORTH_COPYING: Final = 0.5
"""Part of the texts that must be unchanged: taking out of a graph costs as much as putting in."""

Report = Callable[[str, int, int | None], None]


def fill(folder: CatalogFolder, rows: int, embedder: Embedder, report: Report) -> None:
    """Give each of the ``rows`` products of the version being built its vector.

    Can be stopped anywhere and called again. Raises :class:`IndexingError` when what was
    written cannot be read back, and what the embedder raises.
    """
    building = folder.building
    products = ProductFile(building)
    try:
        hashes = [_text_hash(product_text(p)) for p in products]
        np.save(building / _TEXT_HASHES, np.array(hashes, "S32"), allow_pickle=False)
        before = _Before.newest(folder, embedder)
        if before is not None:
            before.copy_into(building, hashes)
        matrix = _matrix(building, rows, embedder.dimension)
        with _writable(building / VECTORS) as vectors:
            slots, gone = _slots(hashes, vectors.hashes())
            vectors.remove(gone)
            missing = np.flatnonzero(slots < 0)
            slots[missing] = np.arange(len(missing)) + slots.max(initial=-1) + 1
            np.save(building / SLOTS, slots, allow_pickle=False)
            report("embed", rows - len(missing), rows)
            for chunk in _made(products, missing, hashes, before, embedder, report):
                # Before Chroma has them: what Chroma has is done.
                matrix.array[chunk.rows] = chunk.vectors
                matrix.flush()
                vectors.add(slots[chunk.rows].tolist(), chunk.vectors, chunk.hashes)
    finally:
        products.close()
    # Through fresh eyes: what was written must be readable from disk.
    with Vectors.open(building / VECTORS) as vectors:
        _check(vectors, slots, matrix)


@dataclass(frozen=True, slots=True)
class _Chunk:
    rows: Sequence[int]
    vectors: Matrix
    hashes: Sequence[str]


@dataclass(frozen=True, slots=True)
class _Before:
    """The newest intact version with the same embedder."""

    path: Path
    row_of_text: Mapping[str, int]
    matrix: VectorFile

    @classmethod
    def newest(cls, folder: CatalogFolder, embedder: Embedder) -> _Before | None:
        for number in folder.complete():
            path = folder.version(number)
            try:
                info = verify(path)
                if (info.embedder, info.dimension) != (embedder.name, embedder.dimension):
                    continue
                texts: npt.NDArray[np.bytes_] = np.load(path / _TEXT_HASHES, allow_pickle=False)
                matrix = VectorFile.open(path, info.rows, info.dimension)
            except (IndexDamaged, OSError, ValueError):
                continue  # nothing to take over from it; embedding anew is always right
            return cls(path, {h.decode(): r for r, h in enumerate(texts.tolist())}, matrix)
        return None

    def copy_into(self, building: Path, hashes: Sequence[str]) -> None:
        """Begin with this version's collection, where most of it stays."""
        same = sum(h in self.row_of_text for h in hashes)
        large = max(len(hashes), len(self.row_of_text))
        if (building / VECTORS).exists() or same < _WORTH_COPYING * large:
            return
        copy = building / f"{VECTORS}.copy"
        remove_tree(copy)
        shutil.copytree(self.path / VECTORS, copy)
        copy.rename(building / VECTORS)


def _slots(hashes: Sequence[str], stored: Mapping[int, str]) -> tuple[Ints, list[int]]:
    """The slot of each row whose text is stored, -1 for the others; and the slots of no use."""
    free: dict[str, list[int]] = defaultdict(list)
    for slot in sorted(stored, reverse=True):
        free[stored[slot]].append(slot)
    slots = np.array([free[h].pop() if free.get(h) else -1 for h in hashes], np.int64)
    return slots, sorted(slot for left in free.values() for slot in left)


def _made(
    products: ProductFile,
    missing: Ints,
    hashes: Sequence[str],
    before: _Before | None,
    embedder: Embedder,
    report: Report,
) -> Iterator[_Chunk]:
    """The vectors of the missing rows, chunk by chunk: known from before, or embedded."""
    done = len(hashes) - len(missing)
    for start in range(0, len(missing), _CHUNK):
        rows = missing[start : start + _CHUNK].tolist()
        known = {} if before is None else before.row_of_text
        fresh = [r for r in rows if hashes[r] not in known]
        vectors = np.empty((len(rows), embedder.dimension), np.float32)
        if before is not None and len(fresh) < len(rows):
            taken = [i for i, r in enumerate(rows) if hashes[r] in known]
            vectors[taken] = before.matrix.array[[known[hashes[rows[i]]] for i in taken]]
            done += len(taken)
        if fresh:

            def on_batch(size: int) -> None:
                nonlocal done
                done += size
                report("embed", done, len(hashes))

            texts = [product_text(products[r]) for r in fresh]
            at = {r: i for i, r in enumerate(rows)}
            vectors[[at[r] for r in fresh]] = embedder.encode(texts, on_batch=on_batch)
        yield _Chunk(rows, vectors, [hashes[r] for r in rows])
        report("embed", done, len(hashes))


def _matrix(building: Path, rows: int, dimension: int) -> VectorFile:
    try:
        return VectorFile.open(building, rows, dimension, writable=True)
    except IndexDamaged:
        return VectorFile.create(building, rows, dimension)


def _writable(path: Path) -> Vectors:
    """The half-built collection, or a new one where a kill or a full disk left it unreadable."""
    if path.exists():
        vectors = None
        try:
            vectors = Vectors.open(path)
            stored = sorted(vectors.hashes())
            if vectors.readable(stored) == len(stored):
                return vectors
        except IndexDamaged:
            pass  # half-built and beyond repair: embedding anew is always right
        if vectors is not None:
            vectors.close()
        remove_tree(path)
    return Vectors.create(path)


def _check(vectors: Vectors, slots: Ints, matrix: VectorFile) -> None:
    """Every row must have a vector that can be read, the graph must answer, and the matrix must
    agree: where it does not (what was copied, or lost in a power cut), Chroma's vectors count.
    """
    readable = 0
    for start in range(0, len(slots), _CHUNK):
        chunk = slots[start : start + _CHUNK].tolist()
        stored = vectors.embeddings(chunk)
        readable += len(stored)
        if len(stored) == len(chunk):
            whole = np.stack([stored[slot] for slot in chunk])
            rows = slice(start, start + len(chunk))
            if not np.allclose(matrix.array[rows], whole, atol=1e-5):
                matrix.array[rows] = whole
    matrix.flush()
    answered = len(vectors.nearest(matrix.array[0], 1)) if readable else 0
    if vectors.count() != len(slots) or readable != len(slots) or not answered:
        raise IndexingError(
            f"the vector store gives back {readable} of {len(slots)} vectors: "
            "run the same command again; what was indexed before still serves"
        )


def _text_hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]
