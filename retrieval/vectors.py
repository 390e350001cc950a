"""Product vectors in an embedded Chroma collection: cosine, embeddings always passed in.

A vector lies at a *slot*, a number whose text is its Chroma id (product ids are the
seller's, and may be anything); which product it belongs to is not known here.
"""

from __future__ import annotations

import shutil
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt

from catalog.errors import IndexDamaged, IndexingError
from retrieval.phrases import Ints
from retrieval.storage import NEARLY_FULL, disk_full

Matrix = npt.NDArray[np.float32]

_COLLECTION: Final = "products"
_BATCH: Final = 5_000
_HNSW: Final = {"space": "cosine", "ef_construction": 200, "ef_search": 300, "max_neighbors": 32}
# Chroma keeps one system per path and counts its users, without a lock of its own.
_OPENING: Final = threading.Lock()
_FULL_WORDS: Final = ("disk is full", "no space left", "file too large", "disk i/o error")


class Vectors:
    """One collection of ``dimension``-vectors; reading is safe from several threads."""

    def __init__(self, client: Any, collection: Any, path: Path) -> None:
        self._client = client
        self._collection = collection
        self._path = path

    @classmethod
    def open(cls, path: Path) -> Vectors:
        """Open an existing collection. Raises :class:`IndexDamaged`."""
        if not (path / "chroma.sqlite3").is_file():
            raise IndexDamaged(f"{path.name}/chroma.sqlite3 is missing")
        _check_sqlite(path / "chroma.sqlite3")
        with _chroma_errors(path, IndexDamaged):
            client = _client(path)
            try:
                collection = client.get_collection(_COLLECTION, embedding_function=None)
            except BaseException:
                _release(client)
                raise
        return cls(client, collection, path)

    @classmethod
    def create(cls, path: Path) -> Vectors:
        """Open for writing, creating what is not there. Raises :class:`IndexingError`."""
        with _chroma_errors(path, IndexingError):
            client = _client(path)
            try:
                collection = client.get_or_create_collection(
                    _COLLECTION, embedding_function=None, configuration={"hnsw": _HNSW}
                )
            except BaseException:
                _release(client)
                raise
        return cls(client, collection, path)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Release the folder; calling it twice is allowed."""
        client, self._client = self._client, None
        if client is not None:
            _release(client)

    def count(self) -> int:
        """How many vectors are stored."""
        with _chroma_errors(self._path, IndexDamaged):
            return int(self._collection.count())

    def hashes(self) -> dict[int, str]:
        """Slot → content hash of what is stored."""
        stored: dict[int, str] = {}
        with _chroma_errors(self._path, IndexDamaged):
            for offset in range(0, self._collection.count(), _BATCH):
                page = self._collection.get(limit=_BATCH, offset=offset, include=["metadatas"])
                for key, meta in zip(page["ids"], page["metadatas"], strict=True):
                    stored[int(key)] = str((meta or {}).get("hash", ""))
        return stored

    def add(self, slots: Sequence[int], vectors: Matrix, hashes: Sequence[str]) -> None:
        """Store up to 5,000 vectors with the hash of the text each was made from."""
        with _chroma_errors(self._path, IndexingError):
            self._collection.add(
                ids=[str(s) for s in slots],
                embeddings=vectors,
                metadatas=[{"hash": h} for h in hashes],
            )

    def remove(self, slots: Sequence[int]) -> None:
        """Forget slots."""
        with _chroma_errors(self._path, IndexingError):
            for start in range(0, len(slots), _BATCH):
                self._collection.delete(ids=[str(s) for s in slots[start : start + _BATCH]])

    def embeddings(self, slots: Sequence[int]) -> Mapping[int, Matrix]:
        """The stored vector of each slot that has one."""
        found: dict[int, Matrix] = {}
        with _chroma_errors(self._path, IndexDamaged):
            for start in range(0, len(slots), _BATCH):
                page = self._collection.get(
                    ids=[str(s) for s in slots[start : start + _BATCH]], include=["embeddings"]
                )
                vectors = np.asarray(page["embeddings"], np.float32)
                found.update(zip(map(int, page["ids"]), vectors, strict=True))
        return found

    def readable(self, slots: Sequence[int]) -> int:
        """How many of ``slots`` have a vector that can be read back."""
        pages = (slots[start : start + _BATCH] for start in range(0, len(slots), _BATCH))
        return sum(len(self.embeddings(page)) for page in pages)

    def nearest(self, vector: Matrix, k: int) -> Ints:
        """Slots of the ``k`` nearest, best first. Approximate, and may be fewer than ``k``."""
        with _chroma_errors(self._path, IndexDamaged):
            answer = self._collection.query(
                query_embeddings=vector.reshape(1, -1), n_results=k, include=["distances"]
            )
        return np.array([int(key) for key in answer["ids"][0]], np.int64)


def _client(path: Path) -> Any:
    import chromadb
    from chromadb.config import Settings

    with _OPENING:
        return chromadb.PersistentClient(str(path), settings=Settings(anonymized_telemetry=False))


def _release(client: Any) -> None:
    with _OPENING:
        client.close()


@contextmanager
def _chroma_errors(path: Path, error_type: type[IndexingError]) -> Iterator[None]:
    """Chroma raises its own tree, ValueError, RuntimeError and Rust panics: one line for all."""
    try:
        yield
    except IndexingError:
        raise
    except (KeyboardInterrupt, SystemExit, GeneratorExit, MemoryError):
        raise
    except BaseException as error:  # a Rust panic derives from BaseException
        text = str(error).strip().splitlines()
        first = text[0][:200] if text else type(error).__name__
        if any(w in str(error).lower() for w in _FULL_WORDS) or _nearly_full(path):
            raise disk_full(path) from error
        raise error_type(f"the vector store {path.name}/ failed: {first}") from error


def _nearly_full(path: Path) -> bool:
    # Chroma does not always say why it could not write ("Failed to apply logs").
    return path.exists() and shutil.disk_usage(path).free < NEARLY_FULL


def _check_sqlite(path: Path) -> None:
    """SQLite's own check of its pages, before Chroma, which may crash on a damaged file."""
    try:
        # Writable, so that what a killed process left in the journal is rolled back first.
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=30)
        try:
            (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        finally:
            connection.close()
    except sqlite3.OperationalError:
        return  # locked, full, not writable: no damage, and Chroma will say it if it matters
    except sqlite3.Error as error:
        raise IndexDamaged(f"chroma/{path.name} is damaged ({error})") from error
    if verdict != "ok":
        raise IndexDamaged(f"chroma/{path.name} is damaged ({str(verdict).splitlines()[-1]})")
