"""Which row an id belongs to, found without reading the catalogue: sorted hashes on disk."""

from __future__ import annotations

import hashlib
import json
import os
from array import array
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from catalog.errors import IndexDamaged
from retrieval.storage import PRODUCTS, disk_errors, sync_folder

FILE: Final = "identities.npy"
IDS: Final = "ids.json"
_HAS_VARIANTS: Final = b'"variants": ['

_Hashes: TypeAlias = npt.NDArray[np.uint64]


class Identities:
    """Rows by the ids of products and of their variants: 16 bytes an id, read where needed."""

    def __init__(self, table: _Hashes) -> None:
        half = len(table) // 2
        self._hashes, self._rows = table[:half], table[half:]

    @classmethod
    def open(cls, version: Path) -> Identities:
        """The table of a version; made, once, where the version has none yet.

        Raises OSError, and IndexDamaged when the table is no table.
        """
        path = version / FILE
        if not path.exists():
            write_identities(version)
        try:
            return cls(np.asarray(np.load(path, mmap_mode="r", allow_pickle=False)))
        except ValueError as error:
            raise IndexDamaged(f"{FILE} cannot be read ({error})") from error

    def rows(self, id: str) -> list[int]:
        """Rows whose product, or one of whose variants, may have that id (hashes can be equal)."""
        wanted = np.uint64(_hash64(id))
        begin = end = int(self._hashes.searchsorted(wanted))
        while end < len(self._hashes) and self._hashes[end] == wanted:
            end += 1
        return [int(row) for row in self._rows[begin:end]]


def write_identities(version: Path) -> None:
    """Make the table from the products of a version; a kill leaves none, or the whole."""
    hashes, owners = array("Q"), array("Q")
    ids: list[str] = json.loads((version / IDS).read_text("utf-8"))
    with (version / PRODUCTS).open("rb") as file:
        for row, (id, line) in enumerate(zip(ids, file, strict=True)):
            names = {id}
            if _HAS_VARIANTS in line:
                names.update(variant["id"] for variant in json.loads(line).get("variants", ()))
            hashes.extend(_hash64(name) for name in names)
            owners.extend([row] * len(names))
    keys, rows = np.frombuffer(hashes, np.uint64), np.frombuffer(owners, np.uint64)
    order = np.lexsort((rows, keys))
    temporary = version / f"{FILE}.new"
    with disk_errors(temporary), temporary.open("wb") as table:
        np.save(table, np.concatenate([keys[order], rows[order]]), allow_pickle=False)
        table.flush()
        os.fsync(table.fileno())
        os.replace(temporary, version / FILE)
        sync_folder(version)


def _hash64(id: str) -> int:
    return int.from_bytes(hashlib.blake2b(id.encode("utf-8", "replace"), digest_size=8).digest())
