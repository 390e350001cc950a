"""Prices and stock between two builds: written to a journal, seen by every reader's next query.

A reader lays the journal of its version over the products file (:mod:`retrieval.current`) and
looks at the journal's size before each query. A writer (:func:`update_products`) needs the
journal's lock and not that of the build: prices go on changing while hours of embedding run.
What is journalled after a build has begun to read its feed is newer than the feed, so the swap
takes it over into the new version (:func:`carried_over`); older lines stay behind.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from catalog.errors import CatalogNotFound, IndexDamaged, IndexLocked, UsageError
from catalog.money import currency_code
from catalog.product import Product
from retrieval.current import Terms, changed, places_of, terms_of
from retrieval.identities import Identities
from retrieval.journal import UNMENTIONED, Amount, Change, Journal
from retrieval.storage import CatalogFolder, ProductFile, disk_errors, read_manifest

__all__ = [
    "UNMENTIONED", "Amount", "Change", "JournalMark", "UpdateReport", "carried_over", "journal_mark",
    "update_products",
]  # fmt: skip

_BATCH: Final = 5_000
"""Changes written, and brought safely to disk, at a time."""
_NAMED: Final = 10
_PATIENCE: Final = 60.0
"""Seconds a writer waits for another: one batch takes far less."""


@dataclass(frozen=True, slots=True)
class UpdateReport:
    """What became of the changes: ``applied + unchanged + unknown + foreign`` is how many came."""

    name: str
    version: int
    applied: int
    """Journalled."""
    unchanged: int
    """Said what already held."""
    unknown: int
    """Of products or variants that are not in the catalogue."""
    unknown_ids: tuple[str, ...]
    """The first few of them."""
    foreign: int
    """Would have left two currencies within one product."""
    foreign_ids: tuple[str, ...]


class _Ledger:
    """A version as its writer sees it: nothing is read but the products that change."""

    def __init__(self, path: Path) -> None:
        read_manifest(path)
        self.path = path
        self._identities = Identities.open(path)
        self._file = ProductFile(path)
        self._journal = Journal(path)
        self._read = 0
        self._said: dict[str, list[Change]] = {}
        self._terms: dict[int, Terms] = {}

    def close(self) -> None:
        self._file.close()

    def find(self, change: Change) -> tuple[int, Product, Change] | None:
        """Row, product as indexed, and the change under the product's own id; None when nothing
        has it.

        Price lists may know articles only, so an id that no product has may be a variant's; and
        what the list has under a group may be a product of its own here.
        """
        readings = [change]
        if change.variant_id is not None:
            readings.append(replace(change, product_id=change.variant_id, variant_id=None))
        for reading in readings:
            for row in self._identities.rows(reading.product_id):
                product = self._file[row]
                named = reading
                if reading.product_id != product.id and reading.variant_id is None:
                    named = replace(reading, product_id=product.id, variant_id=reading.product_id)
                if named.product_id == product.id and places_of(product, named):
                    return row, product, named
        return None

    def catch_up(self, only: Collection[str] | None) -> None:
        """Read what is new in the journal; with ``only``, what it says of these products."""
        while True:
            changes, end, _ = self._journal.read(self._read, only)
            for change in changes:
                self._said.setdefault(change.product_id, []).append(change)
            if end == self._read:
                return
            self._read = end

    def terms(self, row: int, product: Product) -> Terms:
        """What a product, given as indexed, is sold at now."""
        terms = self._terms.get(row) or terms_of(product)
        for change in self._said.pop(product.id, ()):
            places = places_of(product, change)
            terms = (changed(terms, places, change) if places else None) or terms
        self._terms[row] = terms
        return terms

    def adopt(self, terms: Mapping[int, Terms], end: int) -> None:
        """Take over what was just journalled, up to byte ``end``."""
        self._terms.update(terms)
        self._read = end


def update_products(
    name: str,
    changes: Iterable[Change],
    *,
    home: Path | None = None,
    progress: Callable[[int], None] | None = None,
) -> UpdateReport:
    """Change prices and stock of a catalogue; readers that are open see it at their next query.

    Costs what the changed products cost, whatever the size of the catalogue (the first update of
    a version may have to make its table of ids). Changes are written in batches, each safe on
    disk before the next; ``progress`` is told how many were taken. A version before the current
    one is told too, for readers that still have it open.

    Raises :class:`CatalogNotFound`, :class:`UsageError` for a change that makes no sense,
    :class:`IndexLocked` when another writer does not finish, :class:`IndexDamaged`, and
    IndexingError when the disk is full; batches before that stay written.
    """
    folder = CatalogFolder(name, home)
    tally = _Tally()
    ledger: _Ledger | None = None
    rest = iter(changes)
    try:
        while True:
            batch = list(itertools.islice(rest, _BATCH))
            for change in batch:
                _check(change)
            with _updating(folder):
                number = folder.serving()
                if number is None:
                    raise _not_found(name)
                path = folder.version(number)
                with _readable(name):
                    if ledger is None or ledger.path != path:
                        if ledger is not None:
                            ledger.close()
                        ledger = _Ledger(path)  # the first, or a build has swapped meanwhile
                    new, after = _new(ledger, batch, tally, alone=not tally.taken)
                if new:
                    with disk_errors(folder.path):
                        end = _write(folder, number, new)
                    ledger.adopt(after, end)
            tally.applied += len(new)
            if len(batch) < _BATCH:
                return tally.report(name, number)
            if progress is not None:
                progress(tally.taken)
    finally:
        if ledger is not None:
            ledger.close()


class _Tally:
    def __init__(self) -> None:
        self.applied = self.unchanged = self.unknown = self.foreign = 0
        self.unknown_ids: list[str] = []
        self.foreign_ids: list[str] = []

    @property
    def taken(self) -> int:
        return self.applied + self.unchanged + self.unknown + self.foreign

    def report(self, name: str, version: int) -> UpdateReport:
        return UpdateReport(
            name, version, self.applied, self.unchanged, self.unknown, tuple(self.unknown_ids),
            self.foreign, tuple(self.foreign_ids),
        )  # fmt: skip


def _new(
    ledger: _Ledger, batch: Sequence[Change], tally: _Tally, *, alone: bool
) -> tuple[list[Change], dict[int, Terms]]:
    """The changes of a batch that change something, under the ids the catalogue knows, and what
    holds after them. ``alone``: no batch came before.
    """
    found = [ledger.find(change) for change in batch]
    # A batch that is the only one needs no more of a long journal than what is said of its products.
    few = alone and len(batch) < _BATCH
    ledger.catch_up({one[1].id for one in found if one is not None} if few else None)
    after: dict[int, Terms] = {}
    new = []
    for change, one in zip(batch, found, strict=True):
        shown = change.variant_id or change.product_id
        if one is None:
            tally.unknown += 1
            if len(tally.unknown_ids) < _NAMED:
                tally.unknown_ids.append(shown)
            continue
        row, product, named = one
        held = after.get(row) or ledger.terms(row, product)
        terms = changed(held, places_of(product, named), named)
        if terms is None:
            tally.foreign += 1
            if len(tally.foreign_ids) < _NAMED:
                tally.foreign_ids.append(shown)
        elif terms == held:
            tally.unchanged += 1
        else:
            after[row] = terms
            new.append(named)
    return new, after


def _write(folder: CatalogFolder, number: int, changes: Sequence[Change]) -> int:
    end = Journal(folder.version(number)).append(changes)
    for older in folder.complete():
        if older < number:
            with suppress(FileNotFoundError):  # it may be removed at this very moment
                Journal(folder.version(older)).append(changes)
    return end


def _check(change: Change) -> None:
    for field in ("price", "list_price", "stock"):
        value = getattr(change, field)
        if value is UNMENTIONED or value is None:
            continue
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise UsageError(
                f"the {field.replace('_', ' ')} of {change.product_id[:80]!r} cannot be {value!r}: "
                "give a whole number from 0 on (money in minor units), or None for unknown"
            )
    if change.currency is not UNMENTIONED and currency_code(change.currency) != change.currency:
        raise UsageError(
            f"the currency of {change.product_id[:80]!r} cannot be {change.currency!r}: "
            "give its ISO 4217 code, such as USD or EUR"
        )


@contextmanager
def _updating(folder: CatalogFolder) -> Iterator[None]:
    """Hold the lock of the journals of a catalogue."""
    from filelock import FileLock, Timeout

    if not folder.path.is_dir():
        raise _not_found(folder.name)
    lock = FileLock(folder.path / "updates.lock", timeout=_PATIENCE)
    with disk_errors(folder.path):
        try:
            lock.acquire()
        except (Timeout, RuntimeError):
            raise IndexLocked(
                f"prices of catalogue {folder.name!r} are being updated by another process for "
                f"more than {_PATIENCE:.0f} s: stop it, or try again later"
            ) from None
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _readable(name: str) -> Iterator[None]:
    try:
        yield
    except (IndexDamaged, OSError, ValueError, KeyError, TypeError) as error:
        raise IndexDamaged(
            f"the index of catalogue {name!r} cannot be updated ({error}): "
            f"rebuild it with: shop index FEED --name {name}"
        ) from error


def _not_found(name: str) -> CatalogNotFound:
    return CatalogNotFound(
        f"no catalogue called {name!r} is indexed; index it with: shop index FEED --name {name}"
    )


# --- what a build takes over ------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class JournalMark:
    """How far the journal of the version that serves had come."""

    version: int | None
    end: int


def journal_mark(folder: CatalogFolder) -> JournalMark:
    """Where the journal stands; taken before a build reads its feed."""
    number = folder.serving()
    return JournalMark(number, Journal(folder.version(number)).end() if number else 0)


@contextmanager
def carried_over(folder: CatalogFolder, number: int, since: JournalMark) -> Iterator[None]:
    """Take what was journalled after ``since`` over into version ``number``.

    The pointer is to be moved, and old versions removed, inside: no update can be written
    meanwhile. ``number`` has its name and manifest already; a kill in between leaves the old
    version serving with its own journal.
    """
    with _updating(folder), disk_errors(folder.path):
        serving = folder.serving()
        if serving is not None:
            old, new = Journal(folder.version(serving)), Journal(folder.version(number))
            new.path.unlink(missing_ok=True)
            begin = since.end if serving == since.version else 0
            while True:
                changes, end, _ = old.read(begin)
                if changes:
                    new.append(changes)
                if end == begin:
                    break
                begin = end
        yield
