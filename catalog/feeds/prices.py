"""Price lists: ids with prices and stock, out of any feed; titles are not needed."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from catalog.errors import FeedError
from catalog.feeds.convert import Conversion, Offer
from catalog.feeds.feed import prepare
from catalog.feeds.plan import Columns, parent_id
from catalog.feeds.record import Record
from catalog.feeds.report import FeedIssue, Note


@dataclass(frozen=True, slots=True)
class PriceRow:
    """One row: an offer, and the product whose variant it is, where the feed groups rows."""

    offer: Offer
    group: str | None


class PriceList:
    """The rows of a feed that have an id, in order; of rows with the same id the first counts.

    To be iterated once: that fills :attr:`report`. Meanwhile ``bytes_read`` of ``bytes_total``
    tells how far it has come.
    """

    def __init__(
        self,
        path: Path | str,
        *,
        mapping: Mapping[str, str] | None = None,
        currency: str | None = None,
        format: str | None = None,
        currencies: Collection[str] = (),
    ) -> None:
        """Arguments and errors as for :func:`catalog.feeds.feed.read_feed`; FeedError also when
        there is no column for the id, or none for price or stock. With ``currencies``, rows priced in
        any other are refused.
        """
        self._source, self._reader, self._plan, self.report = prepare(
            path, mapping=mapping, currency=currency, format=format, titled=False
        )
        self._currencies = frozenset(currencies)
        fields = self._plan.fields
        found = (
            ", ".join(c[:40] for c in [*self._reader.columns()][:30]) or "records without columns"
        )
        if "id" not in fields:
            raise FeedError(
                f"{self.report.path}: no column looks like an id (name it: --map id=COLUMN); found: {found}"
            )
        if not fields.keys() & {"price", "stock"}:
            raise FeedError(
                f"{self.report.path}: no column looks like a price or stock (name it: --map price=COLUMN "
                f"or --map stock=COLUMN); found: {found}"
            )

    @property
    def bytes_total(self) -> int:
        """Size of the file on disk."""
        return self._source.bytes_total

    @property
    def bytes_read(self) -> int:
        """Position reached in the file on disk."""
        return self._source.bytes_read

    def __iter__(self) -> Iterator[PriceRow]:
        """Raises FeedError when the rest of the file cannot be read, or no row of it is kept."""
        if self._plan.group is None:
            yield from self._rows()
            return
        heads: set[int] = set()
        unpriced: list[PriceRow] = []
        for row in self._rows():
            heads.add(_hash64(row.group or ""))
            if row.group is None and row.offer.price is None:
                unpriced.append(row)
            else:
                yield row
        # Of a product whose variants have rows of their own, those say what it costs.
        yield from (row for row in unpriced if _hash64(row.offer.id) not in heads)

    def _group(self, record: Record) -> str | None:
        column = self._plan.group
        return parent_id(record.values.get(column)) if column else record.group

    def _foreign(self, offer: Offer) -> bool:
        priced = offer.price is not None and offer.currency is not None
        return priced and bool(self._currencies) and offer.currency not in self._currencies

    def _rows(self) -> Iterator[PriceRow]:
        report, columns = self.report, Columns(self._plan, self.report)
        seen: dict[int, int] = {}
        with closing(self._reader.records()) as records:
            for record in records:
                report.rows += 1
                notes, offer = [], None
                problem = record.problem
                if problem is not None:
                    notes.append(Note(problem.severity, "row", problem.kind, problem.message))
                if problem is None or problem.severity == "repaired":
                    conversion = Conversion(columns.current(record), record.values)
                    offer = conversion.offer()
                    notes += conversion.notes
                if offer is not None and self._foreign(offer):
                    message = f"priced in {offer.currency}, in which the catalogue has no prices"
                    notes.append(Note("refused", "currency", "foreign currency", message))
                    offer = None
                if offer is not None:
                    first = seen.setdefault(_hash64(offer.id), record.line)
                    if first != record.line:
                        message = f"its id is also on {report.place} {first}, which counts"
                        notes.append(Note("refused", "id", "repeated id", message))
                        offer = None
                severity = "refused" if offer is None else "repaired"
                for note in notes:
                    if note.severity == severity:
                        report.add(
                            FeedIssue(record.line, note.field, note.message, severity, note.kind)
                        )
                if offer is None:
                    report.refused += 1
                    continue
                report.kept += 1
                report.repaired += bool(notes)
                report.known.update(
                    name
                    for name in offer.says
                    if getattr(offer, name) is not None or (name == "stock" and offer.uncounted)
                )
                yield PriceRow(offer, self._group(record))
        report.notes += self._source.notes()
        if report.refused and not report.kept:
            raise FeedError(f"{self._source.path}: {report.nothing_kept()}")


def _hash64(id: str) -> int:
    return int.from_bytes(hashlib.blake2b(id.encode("utf-8", "replace"), digest_size=8).digest())
