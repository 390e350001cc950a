"""A feed file as text: gzip undone, encoding found, binary files turned away."""

from __future__ import annotations

import codecs
import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final, Protocol

from catalog.errors import FeedError

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer

PARQUET: Final = b"PAR1"
"""The first bytes of a Parquet file, the one binary format that is read."""

_HEAD: Final = 64 * 1024
_CHUNK: Final = 256 * 1024

# First bytes of files people hand over by mistake → what to do about it.
_FOREIGN: Final[tuple[tuple[bytes, str], ...]] = (
    (b"PK\x03\x04", "a ZIP or Excel file: unpack it, or save the sheet as CSV"),
    (b"\xd0\xcf\x11\xe0", "an old Excel file: save the sheet as CSV"),
    (b"BZh", "compressed with bzip2: unpack it, or use gzip"),
    (b"\xfd7zXZ", "compressed with xz: unpack it, or use gzip"),
    (b"\x28\xb5\x2f\xfd", "compressed with zstd: unpack it, or use gzip"),
    (b"SQLite format 3", "an SQLite database: export the table as CSV"),
    (b"%PDF", "a PDF: export the products as CSV or JSON"),
)
_BOMS: Final[tuple[tuple[bytes, str], ...]] = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class _Bytes(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


class Source:
    """One file, readable as text any number of times.

    Raises FeedError when it is missing, unreadable, empty or not text.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        if path.exists() and not path.is_file():
            raise FeedError(f"{path}: not a file; give a CSV, TSV, JSON, JSONL or YAML file")
        try:
            self.bytes_total = path.stat().st_size
            with path.open("rb") as raw:
                self.gzipped = raw.read(2) == b"\x1f\x8b"
        except FileNotFoundError:
            raise FeedError(f"{path}: no such file") from None
        except OSError as error:
            raise FeedError(f"{path}: cannot be read: {error.strerror or error}") from None
        self.binary = False
        """A Parquet file: it has no text."""
        self.bytes_read = 0
        """Position in the file as it lies on disk, that is, compressed."""
        self.foreign_bytes = 0
        """Bytes that were no UTF-8 and were read as Windows-1252."""
        self.nul_bytes = 0
        with self._bytes() as stream, self._damage():
            head = stream.read(_HEAD)
        self.encoding = self._encoding(head)
        self.head = self._head_text(head)
        """The first characters of the text, for telling formats apart."""

    @contextmanager
    def text(self) -> Iterator[io.TextIOWrapper]:
        """The text from its beginning, line ends as they are in the file."""
        self.foreign_bytes = self.nul_bytes = 0
        with self._bytes() as stream, self._damage():
            decoded = io.BufferedReader(_Utf8(self, stream), _CHUNK)
            with io.TextIOWrapper(decoded, encoding="utf-8", newline="") as text:
                yield text

    def notes(self) -> list[str]:
        """What a developer should know about the encoding."""
        return encoding_notes(self.foreign_bytes, self.nul_bytes)

    def moved(self, position: int) -> None:
        """Remember how far into the file reading has come."""
        self.bytes_read = position

    @contextmanager
    def _bytes(self) -> Iterator[_Bytes]:
        with self.path.open("rb") as raw:
            counted = io.BufferedReader(_Counted(self, raw), _CHUNK)
            if self.gzipped:
                with gzip.GzipFile(fileobj=counted, mode="rb") as plain:
                    yield plain
            else:
                yield counted

    @contextmanager
    def _damage(self) -> Iterator[None]:
        try:
            yield
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise FeedError(
                f"{self.path}: the gzip data is damaged or cut short after {self.bytes_read:,} of"
                f" {self.bytes_total:,} bytes ({error}); fetch the file again"
            ) from None
        except OSError as error:
            raise FeedError(
                f"{self.path}: reading failed after {self.bytes_read:,} bytes:"
                f" {error.strerror or error}"
            ) from None

    def _encoding(self, head: bytes) -> str:
        if not head.strip(b"\0\r\n\t "):
            raise FeedError(f"{self.path}: the file is empty")
        if head.startswith(PARQUET):
            self.binary = True
            return "latin-1"
        for bom, encoding in _BOMS:
            if head.startswith(bom):
                return encoding
        for magic, advice in _FOREIGN:
            if head.startswith(magic):
                raise FeedError(f"{self.path}: this is {advice}")
        even, odd = head[0::2].count(0), head[1::2].count(0)
        if odd > len(head) * 0.3 and even < len(head) * 0.05:
            return "utf-16-le"
        if even > len(head) * 0.3 and odd < len(head) * 0.05:
            return "utf-16-be"
        control = sum(head.count(c) for c in range(32) if c not in b"\t\n\r\f\x1a\x1b")
        if control > max(8, len(head) // 50):
            raise FeedError(
                f"{self.path}: this is a binary file; feeds are CSV, TSV, JSON, JSONL or YAML"
            )
        return "utf-8"

    def _head_text(self, head: bytes) -> str:
        text = _decoder(self.encoding).decode(head)
        return text.removeprefix("\ufeff").replace("\0", "")


def encoding_notes(foreign: int, nul: int) -> list[str]:
    """What is said of bytes that were no UTF-8, and of NUL characters."""
    notes = []
    if foreign:
        notes.append(f"not all UTF-8: {foreign:,} bytes were read as Windows-1252")
    if nul:
        notes.append(f"NUL characters removed: {nul:,}")
    return notes


class _Counted(io.RawIOBase):
    """Raw bytes, telling the source how many have been taken."""

    def __init__(self, source: Source, raw: IO[bytes]) -> None:
        self._source, self._raw = source, raw

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._raw.read(len(buffer))
        buffer[: len(data)] = data
        self._source.moved(self._raw.tell())
        return len(data)


class _Utf8(io.RawIOBase):
    """Any encoding as clean UTF-8: no byte-order mark, no NUL."""

    def __init__(self, source: Source, stream: _Bytes) -> None:
        self._source, self._stream = source, stream
        self._decoder = _decoder(source.encoding)
        self._pending = b""
        self._begun = False
        self._ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._pending and not self._ended:
            data = self._stream.read(_CHUNK)
            self._ended = not data
            text = self._decoder.decode(data, final=self._ended)
            if not self._begun and text:
                text, self._begun = text.removeprefix("\ufeff"), True
            if "\0" in text:
                self._source.nul_bytes += text.count("\0")
                text = text.replace("\0", "")
            self._pending = text.encode("utf-8", "replace")
            if isinstance(self._decoder, _Tolerant):
                self._source.foreign_bytes = self._decoder.foreign
        size = min(len(buffer), len(self._pending))
        buffer[:size] = self._pending[:size]
        self._pending = self._pending[size:]
        return size


class _Tolerant(codecs.BufferedIncrementalDecoder):
    """UTF-8, and Windows-1252 for each byte that cannot be UTF-8."""

    def __init__(self) -> None:
        super().__init__("strict")
        self.foreign = 0

    def _buffer_decode(self, input: Buffer, errors: str, final: bool) -> tuple[str, int]:
        data, pieces, at = bytes(input), [], 0
        while True:
            try:
                text, used = codecs.utf_8_decode(data[at:], "strict", final)
            except UnicodeDecodeError as error:
                bad = data[at + error.start : at + error.end]
                pieces.append(data[at : at + error.start].decode("utf-8"))
                pieces.append("".join(map(_windows_1252, bad)))
                self.foreign += len(bad)
                at += error.end
            else:
                return "".join([*pieces, text]), at + used


def _windows_1252(byte: int) -> str:
    try:
        return bytes([byte]).decode("cp1252")
    except UnicodeDecodeError:  # five bytes are unassigned there
        return bytes([byte]).decode("latin-1")


def _decoder(encoding: str) -> codecs.IncrementalDecoder:
    return _Tolerant() if encoding == "utf-8" else codecs.getincrementaldecoder(encoding)("replace")
