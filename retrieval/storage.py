"""An index on disk: versions, the pointer to the current one, the writer's lock, the manifest.

::

    catalogs/NAME/
      current              "000003": the version readers open; replaced in one step
      writer.lock          held by the one process that builds
      versions/000003/     never changed once the pointer has named it
      versions/000002/     the one before, kept for readers that still have it open
      versions/building/   the next one, as far as it got; a later build goes on from there
"""

from __future__ import annotations

import errno
import hashlib
import json
import mmap
import os
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, overload

import numpy as np
import numpy.typing as npt

from catalog.errors import IndexDamaged, IndexingError, IndexLocked, UsageError
from catalog.home import home_dir
from catalog.product import Product

FORMAT: Final = 2
"""Version of everything written here; an index of another format is rebuilt, not read."""

MANIFEST: Final = "manifest.json"
VECTORS: Final = "chroma"
PRODUCTS: Final = "products.jsonl"
OFFSETS: Final = "products.npy"
VOCABULARY: Final = "vocabulary.json"

NEARLY_FULL: Final = 8 * 2**20
"""With less than this free, a failed write is put down to the full disk."""

# Written by Chroma when it first syncs a graph to disk; never read here.
_SYNCED: Final = "index_metadata.pickle"
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,40}")
_HASHED_UP_TO: Final = 32 * 2**20
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


@dataclass(frozen=True, slots=True)
class IndexInfo:
    """What is known of one version of a catalogue's index."""

    name: str
    version: int
    rows: int
    embedder: str
    dimension: int
    source: str
    """Where the products came from, as the caller named it."""
    created: str
    """UTC, ISO 8601."""
    currencies: Mapping[str, int]
    """Priced products per currency code, ``""`` for those whose feed names none."""
    fingerprint: str
    """sha256 of the products as stored: equal feeds have equal fingerprints."""
    format_version: int
    path: Path
    """The version's folder."""
    warning: str | None = None
    """One line, when this is not the version that should have been opened."""

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values, without ``path`` and ``warning``, which depend on the reader."""
        return {
            "name": self.name,
            "version": self.version,
            "rows": self.rows,
            "embedder": self.embedder,
            "dimension": self.dimension,
            "source": self.source,
            "created": self.created,
            "currencies": dict(self.currencies),
            "fingerprint": self.fingerprint,
            "format_version": self.format_version,
        }


class CatalogFolder:
    """Paths of one catalogue and the steps that must be atomic. Creates nothing by itself."""

    def __init__(self, name: str, home: Path | None = None) -> None:
        if not _NAME.fullmatch(name):
            raise UsageError(
                f"catalogue name {name[:60]!r} is not allowed: use 1 to 41 of a-z, 0-9, - and _, "
                "beginning with a letter or digit"
            )
        self.name = name
        self.path = catalogs_dir(home) / name
        self.versions = self.path / "versions"
        self.building = self.versions / "building"
        self.staging = self.versions / "staging"
        self._pointer = self.path / "current"

    def current(self) -> int | None:
        """The version the pointer names; None without a pointer, -1 when it is unreadable."""
        try:
            text = self._pointer.read_text("ascii")
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError):
            return -1
        return int(text) if re.fullmatch(r"[0-9]{1,9}\n", text) else -1

    def complete(self) -> list[int]:
        """Numbers of the versions that have a manifest, newest first."""
        if not self.versions.is_dir():
            return []
        numbers = (int(p.name) for p in self.versions.iterdir() if re.fullmatch(r"\d{6,9}", p.name))
        return sorted((n for n in numbers if (self.version(n) / MANIFEST).exists()), reverse=True)

    def serving(self) -> int | None:
        """The version to open: the pointer's, or without a usable pointer the newest complete one."""
        current = self.current()
        if current is not None and current > 0:
            return current
        return next(iter(self.complete()), None)

    def version(self, number: int) -> Path:
        """Folder of a version."""
        return self.versions / f"{number:06d}"

    def point_to(self, number: int) -> None:
        """Make a version the current one; a reader sees the old or the new, never neither."""
        replace_file(self._pointer, f"{number:06d}\n".encode())

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the writer's lock, or raise :class:`IndexLocked` at once."""
        from filelock import FileLock, Timeout

        lock = FileLock(self.path / "writer.lock", timeout=0, blocking=False)
        owner = self.path / "writer.pid"
        with disk_errors(self.path):
            self.versions.mkdir(parents=True, exist_ok=True)
            try:
                lock.acquire()
            except (Timeout, RuntimeError):
                raise IndexLocked(
                    f"catalogue {self.name!r} is being indexed by {_owner(owner)}: "
                    "wait until it has finished, or stop it and start again"
                ) from None
        try:
            with disk_errors(self.path):
                owner.write_text(str(os.getpid()), "ascii")
            yield
        finally:
            owner.unlink(missing_ok=True)
            lock.release()


def catalogs_dir(home: Path | None = None) -> Path:
    """The folder that holds every catalogue."""
    return (home or home_dir()) / "catalogs"


def _owner(pid_file: Path) -> str:
    try:
        return f"process {int(pid_file.read_text('ascii'))}"
    except (OSError, ValueError):
        return "another process"


def replace_file(path: Path, content: bytes) -> None:
    """Replace a file in one step that survives a power cut."""
    temporary = path.with_name(path.name + ".new")
    with temporary.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)
    sync_folder(path.parent)


def sync_folder(path: Path) -> None:
    """Make renames inside a folder durable."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove_tree(path: Path) -> None:
    """Remove a file or folder that may not exist."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


@contextmanager
def disk_errors(path: Path, needed: int | None = None) -> Iterator[None]:
    """Turn a full disk and other write errors below ``path`` into one line.

    Raises :class:`IndexingError`; ``needed`` is the estimate in bytes, if there is one.
    """
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            limited = error.errno == errno.EFBIG
            raise disk_full(path, needed, "file-size limit" if limited else "disk full") from error
        raise IndexingError(
            f"cannot write the index at {error.filename or path}: {error.strerror or error}; "
            "what was indexed before still serves"
        ) from error


def disk_full(path: Path, needed: int | None = None, what: str = "disk full") -> IndexingError:
    """The error for a disk that cannot hold the index."""
    estimate = f"about {_megabytes(needed)} needed, " if needed else ""
    try:
        free = f"{_megabytes(shutil.disk_usage(path).free)} free"
    except OSError:
        free = "free space unknown"
    return IndexingError(
        f"{what} at {path} ({estimate}{free}): free some space, or set SHOPMOMENT_HOME to "
        "another disk, and run the same command again; what was indexed before is untouched"
    )


def _megabytes(count: int) -> str:
    return f"{max(1, round(count / 1e6))} MB"


# --- products ---------------------------------------------------------------------------


class ProductFile(Sequence[Product]):
    """Products in a JSONL file, parsed when asked for; safe to read from several threads."""

    def __init__(self, folder: Path) -> None:
        self._offsets: npt.NDArray[np.int64] = np.load(folder / OFFSETS, allow_pickle=False)
        with (folder / PRODUCTS).open("rb") as file:
            self._bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        if len(self._bytes) != self._offsets[-1]:
            self._bytes.close()
            raise IndexDamaged(f"{folder / PRODUCTS} is not as long as {OFFSETS} says")

    def __len__(self) -> int:
        return len(self._offsets) - 1

    @overload
    def __getitem__(self, index: int) -> Product: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Product]: ...
    def __getitem__(self, index: int | slice) -> Product | Sequence[Product]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        row = index + len(self) if index < 0 else index
        if not 0 <= row < len(self):
            raise IndexError(index)
        return Product.from_json(
            json.loads(self._bytes[self._offsets[row] : self._offsets[row + 1]])
        )

    def close(self) -> None:
        """Let go of the file."""
        self._bytes.close()


def product_line(product: Product) -> bytes:
    """One line of a product file; text that is no Unicode (lone surrogates) gets a ``?``."""
    # Standard json: integers of any size and NaN survive it.
    return json.dumps(product.to_json(), ensure_ascii=False).encode("utf-8", "replace") + b"\n"


# --- manifest ---------------------------------------------------------------------------


def write_manifest(folder: Path, info: IndexInfo) -> None:
    """Write the manifest over everything in ``folder``; the last step before the swap."""
    files = {}
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and p.name != MANIFEST):
        with path.open("rb") as file:
            os.fsync(file.fileno())
        if not _scratch(path):
            files[path.relative_to(folder).as_posix()] = {
                "size": path.stat().st_size,
                "sha256": None if _changes(path) else _sha256(path),
            }
    record = {**info.to_json(), "files": files}
    replace_file(folder / MANIFEST, json.dumps(record, indent=1).encode())


def read_manifest(folder: Path) -> IndexInfo:
    """The manifest of a version, its files unchecked. Raises :class:`IndexDamaged`."""
    return _info(folder, _manifest(folder))


def verify(folder: Path) -> IndexInfo:
    """Check every file of a version against the manifest.

    Sizes of all, sha256 of those up to 32 MB; raises :class:`IndexDamaged` naming the file.
    """
    record = _manifest(folder)
    info = _info(folder, record)
    for name, expected in record["files"].items():
        path = folder / name
        try:
            size = path.stat().st_size
            if _changes(path):
                altered = size < expected["size"]
            else:
                altered = size != expected["size"] or (
                    size <= _HASHED_UP_TO and _sha256(path) != expected["sha256"]
                )
        except FileNotFoundError:
            raise IndexDamaged(f"{name} is missing") from None
        except (OSError, KeyError, TypeError) as error:
            raise IndexDamaged(f"{name} cannot be read ({error})") from error
        if altered:
            raise IndexDamaged(f"{name} is truncated or altered")
    return info


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        record = json.loads((folder / MANIFEST).read_text("utf-8"))
    except FileNotFoundError:
        raise IndexDamaged(f"{MANIFEST} is missing") from None
    except (OSError, ValueError) as error:
        raise IndexDamaged(f"{MANIFEST} cannot be read ({error})") from error
    if not isinstance(record, dict) or not isinstance(record.get("files"), dict):
        raise IndexDamaged(f"{MANIFEST} is not a manifest")
    if record.get("format_version") != FORMAT:
        raise IndexDamaged(
            f"its format is {record.get('format_version')!r}, this program reads {FORMAT}"
        )
    return record


def _info(folder: Path, record: Mapping[str, Any]) -> IndexInfo:
    fields = {k: v for k, v in record.items() if k != "files"}
    try:
        return IndexInfo(path=folder, **fields)
    except TypeError:
        raise IndexDamaged(f"{MANIFEST} lacks fields or has unknown ones") from None


def _changes(path: Path) -> bool:
    """Whether readers change a file's content: Chroma keeps books in its SQLite file."""
    return path.name.startswith("chroma.sqlite3")


def _scratch(path: Path) -> bool:
    """Whether readers write a file anew: until a collection has passed Chroma's sync threshold
    (1,000 rows), its graph lives in SQLite and is laid out again at every opening.
    """
    return path.parent.parent.name == VECTORS and not (path.parent / _SYNCED).exists()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
