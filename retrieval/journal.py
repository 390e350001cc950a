"""Changes of prices and stock, one a line, beside the version of an index that they change.

``versions/000003/updates.jsonl`` only grows. Each line carries the checksum of its change::

    {"crc":"5d0c2f1a","change":{"id":"tee","variant":"tee-m","price":1490,"stock":null}}

What a change does not mention is absent, what is now unknown is null. A line cut short by a kill
ends the file: readers stop before it, the next writer takes it away. A damaged line in the middle
costs itself alone.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import IO, Any, Final, TypeAlias

from retrieval.storage import sync_folder

JOURNAL: Final = "updates.jsonl"

_PIECE: Final = 4 * 2**20
_BEFORE_CRC: Final = b'{"crc":"'
_BEFORE_CHANGE: Final = b'","change":'
_CRC_ENDS: Final = len(_BEFORE_CRC) + 8
_CHANGE_BEGINS: Final = _CRC_ENDS + len(_BEFORE_CHANGE)
_ID_BEGINS: Final = _CHANGE_BEGINS + len(b'{"id":')


class Unmentioned(Enum):
    """What a change says nothing of stays as it is; None says that it is now unknown."""

    UNMENTIONED = "unmentioned"


UNMENTIONED: Final = Unmentioned.UNMENTIONED
Amount: TypeAlias = int | None | Unmentioned


@dataclass(frozen=True, slots=True)
class Change:
    """A new price or stock of a product, or of one variant. Money is in minor units.

    Without ``variant_id`` it is meant for the variant that has the product's id, and where there
    is none for all variants. ``currency`` goes with the price and is otherwise left alone.
    """

    product_id: str
    variant_id: str | None = None
    price: Amount = UNMENTIONED
    list_price: Amount = UNMENTIONED
    """The price before a reduction; shown only where it is above the price."""
    stock: Amount = UNMENTIONED
    """Pieces on hand; 0 is sold out, None an unknown number."""
    uncounted: bool = False
    """With stock None: there are some."""
    currency: str | Unmentioned = UNMENTIONED


_FIELDS: Final = ("price", "list_price", "stock", "currency")


class Journal:
    """The journal of one version. Any number of readers, one writer (who holds the lock)."""

    def __init__(self, version: Path) -> None:
        self.path = version / JOURNAL
        self._name = str(self.path)

    def stamp(self) -> tuple[int, int] | None:
        """Size and time of the last writing; None while there is no journal. Microseconds."""
        try:
            found = os.stat(self._name)
        except FileNotFoundError:
            return None
        return found.st_size, found.st_mtime_ns

    def read(
        self, begin: int, only: Collection[str] | None = None
    ) -> tuple[list[Change], int, int]:
        """Changes from byte ``begin`` on, as far as their lines are whole; with ``only``, those
        of these products.

        Some megabytes at a time: returns (changes, where to go on, damaged lines passed over),
        and ``begin`` itself as the place to go on once there is nothing more.
        """
        try:
            file = self.path.open("rb")
        except FileNotFoundError:
            return [], begin, 0
        with file:
            file.seek(begin)
            data = file.read(_PIECE)
            while len(data) % _PIECE == 0 and b"\n" not in data:
                more = file.read(_PIECE)
                if not more:
                    break
                data += more
        whole = data[: data.rfind(b"\n") + 1]
        lines = whole.split(b"\n")[:-1]
        if only is not None:
            wanted = {json.dumps(id).encode() for id in only}
            lines = [line for line in lines if _id_of(line) in wanted]
        changes = [change for line in lines if (change := _change(line)) is not None]
        return changes, begin + len(whole), len(lines) - len(changes)

    def end(self) -> int:
        """Where the last whole line ends."""
        try:
            with self.path.open("rb") as file:
                return _last_line_end(file)
        except FileNotFoundError:
            return 0

    def append(self, changes: Iterable[Change]) -> int:
        """Write changes and have them on disk; returns where the file now ends.

        A line that a kill cut short is taken away first. Raises OSError, and then none of the
        changes is in the file; FileNotFoundError when the version is gone.
        """
        new = not self.path.exists()
        with self.path.open("w+b" if new else "r+b") as file:
            end = _last_line_end(file)
            file.truncate(end)
            file.seek(end)
            try:
                file.writelines(map(_line, changes))
                file.flush()
                os.fsync(file.fileno())
            except OSError:
                with suppress(OSError):
                    os.truncate(file.fileno(), end)
                raise
            written = file.tell()
        if new:
            sync_folder(self.path.parent)
        return written


def _last_line_end(file: IO[bytes]) -> int:
    end = file.seek(0, os.SEEK_END)
    while end > 0:
        begin = max(0, end - 4096)
        file.seek(begin)
        found = file.read(end - begin).rfind(b"\n")
        if found >= 0:
            return begin + found + 1
        end = begin
    return 0


def _line(change: Change) -> bytes:
    record: dict[str, Any] = {"id": change.product_id}
    if change.variant_id is not None:
        record["variant"] = change.variant_id
    for name in _FIELDS:
        value = getattr(change, name)
        if value is not UNMENTIONED:
            record[name] = value
    if change.uncounted:
        record["uncounted"] = True
    payload = json.dumps(record, separators=(",", ":")).encode()
    return b"%b%08x%b%b}\n" % (_BEFORE_CRC, zlib.crc32(payload), _BEFORE_CHANGE, payload)


def _id_of(line: bytes) -> bytes:
    """The id of a line as it is written there: a quote inside would have a backslash before it."""
    return line[_ID_BEGINS : line.find(b',"', _ID_BEGINS)]


def _change(line: bytes) -> Change | None:
    """The change of a line; None when the line is damaged."""
    payload = line[_CHANGE_BEGINS:-1]
    crc = b"%08x" % zlib.crc32(payload)
    if line != b"".join((_BEFORE_CRC, crc, _BEFORE_CHANGE, payload, b"}")):
        return None
    try:
        record = json.loads(payload)
        product_id, variant_id = record.pop("id"), record.pop("variant", None)
        return Change(product_id, variant_id, **record)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None  # whole, but written by a program that knew other fields
