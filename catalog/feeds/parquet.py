"""Parquet: rows streamed batch by batch, nested columns read like those of JSON."""

from __future__ import annotations

import datetime
import math
from collections.abc import Generator, Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from catalog.errors import FeedError
from catalog.feeds.record import Problem, Record, flatten
from catalog.feeds.source import PARQUET, Source

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

_BATCH: Final = 512
"""Rows decoded at a time."""
_NESTING: Final = 3
_UNREADABLE: Final = object()


def recognises(source: Source) -> bool:
    """Whether a file begins as Parquet files do."""
    return source.binary or source.head.startswith(PARQUET.decode())


class ParquetReader:
    """Rows of a Parquet file; ``Record.line`` is the row's ordinal.

    Raises FeedError when the file is damaged, encrypted, compressed as a whole, or no Parquet.
    """

    place = "record"
    mapping: Mapping[str, str] = {}
    description = "Parquet"

    def __init__(self, source: Source) -> None:
        self._source = source
        if not source.binary:
            raise FeedError(f"{source.path}: not a Parquet file")
        if source.gzipped:
            raise FeedError(
                f"{source.path}: a Parquet file inside gzip cannot be read in pieces; unpack it"
                " (Parquet is compressed itself)"
            )
        with self._opened() as file:
            schema = file.schema_arrow
            self._columns = tuple(
                dict.fromkeys(n for field in schema for n in _names(field.name, field.type, 1))
            )

    def columns(self) -> tuple[str, ...]:
        """The columns of the schema; a struct's fields are dotted."""
        return self._columns

    def records(self) -> Generator[Record, None, None]:
        """One record for every row. Raises FeedError where the file turns out to be damaged."""
        with self._opened() as file:
            total, number = file.metadata.num_rows, 0
            self._source.moved(0)
            batches = file.iter_batches(batch_size=_BATCH, use_threads=False)
            while True:
                try:
                    batch = next(batches, None)
                except (OSError, ValueError) as error:
                    raise self._damaged(error, f" after record {number:,}") from None
                if batch is None:
                    break
                for values, lost in _rows(_in_microseconds(batch)):
                    number += 1
                    yield _record(number, values, lost)
                self._source.moved(int(self._source.bytes_total * number / max(total, 1)))
        self._source.moved(self._source.bytes_total)

    def _opened(self) -> pq.ParquetFile:
        import pyarrow.parquet as pq

        try:
            return pq.ParquetFile(self._source.path, coerce_int96_timestamp_unit="us")
        except (OSError, ValueError) as error:
            raise self._damaged(error) from None

    def _damaged(self, error: Exception, where: str = "") -> FeedError:
        what = " ".join(str(error).split())[:200] or type(error).__name__
        return FeedError(
            f"{self._source.path}: the Parquet file is damaged or cut short{where} ({what});"
            " fetch or write it again"
        )


def _names(name: str, type_: pa.DataType, depth: int) -> Iterator[str]:
    """The columns :func:`flatten` makes of a field; none where only the values can tell."""
    import pyarrow as pa

    if pa.types.is_struct(type_):
        inner = [type_.field(i) for i in range(type_.num_fields)]
        if {f.name for f in inner} == {"value", "unit"}:
            yield name
        elif depth < _NESTING:
            for field in inner:
                yield from _names(f"{name}.{field.name}", field.type, depth + 1)
    elif pa.types.is_list(type_) or pa.types.is_large_list(type_):
        if not pa.types.is_nested(type_.value_type):
            yield name
    elif not pa.types.is_nested(type_):
        yield name


def _in_microseconds(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Finer times have no form in Python."""
    import pyarrow as pa

    for i, field in enumerate(batch.schema):
        if pa.types.is_timestamp(field.type) and field.type.unit == "ns":
            coarse = batch.column(i).cast(pa.timestamp("us", field.type.tz), safe=False)
            batch = batch.set_column(i, field.name, coarse)
    return batch


def _rows(batch: pa.RecordBatch) -> Iterator[tuple[dict[str, Any], list[str]]]:
    """The rows of a batch with the columns whose cell could not be read.

    Where a batch holds such a cell, each is looked at on its own.
    """
    try:
        rows = batch.to_pylist(maps_as_pydicts="lossy")
    except (ValueError, OverflowError):
        yield from _rows_one_by_one(batch)
    else:
        yield from ((row, []) for row in rows)


def _rows_one_by_one(batch: pa.RecordBatch) -> Iterator[tuple[dict[str, Any], list[str]]]:
    for i in range(batch.num_rows):
        values, lost = {}, []
        for name, column in zip(batch.schema.names, batch.columns, strict=True):
            try:
                values[name] = column[i].as_py(maps_as_pydicts="lossy")
            except (ValueError, OverflowError):
                lost.append(name)
        yield values, lost


def _record(number: int, values: Mapping[str, Any], lost: list[str]) -> Record:
    problem = None
    if lost:
        message = f"unreadable text or time in {', '.join(lost)[:80]}; dropped"
        problem = Problem("repaired", "unreadable cell", message)
    plain = {k: p for k, v in values.items() if (p := _plain(v)) is not _UNREADABLE}
    return Record(number, flatten(plain), problem)


def _plain(value: Any) -> Any:
    """A cell as JSON would have it; bytes that are no text are left out."""
    if isinstance(value, str) or value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Decimal):
        return format(value, "f") if value.is_finite() else None
    if isinstance(value, Mapping):
        items = ((str(k), _plain(v)) for k, v in value.items())
        return {k: v for k, v in items if v is not _UNREADABLE}
    if isinstance(value, (list, tuple)):
        return [p for v in value if (p := _plain(v)) is not _UNREADABLE]
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, bytes):
        try:
            return value.decode("utf-8")
        except UnicodeDecodeError:
            return _UNREADABLE
    return str(value)
