"""Feed → a new version of an index, in steps that survive being killed at any point."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, Final, TypeAlias

import numpy as np

from catalog.errors import IndexDamaged, IndexingError
from catalog.extraction import Known, extract
from catalog.product import Product
from retrieval.embedder import Embedder, WordEmbedder
from retrieval.fields import Fields
from retrieval.filling import fill
from retrieval.identities import IDS, write_identities
from retrieval.lexical import Lexical, listing_terms, title_pieces
from retrieval.matrix import FILE as MATRIX
from retrieval.matrix import VectorFile
from retrieval.sketch import FROM as SKETCHED_FROM
from retrieval.sketch import Sketch
from retrieval.softwords import SoftWords
from retrieval.storage import (
    FORMAT,
    NEARLY_FULL,
    OFFSETS,
    PRODUCTS,
    VECTORS,
    VOCABULARY,
    CatalogFolder,
    IndexInfo,
    ProductFile,
    disk_errors,
    disk_full,
    product_line,
    read_manifest,
    remove_tree,
    replace_file,
    sync_folder,
    verify,
    write_manifest,
)
from retrieval.updates import JournalMark, carried_over, journal_mark
from retrieval.vocabulary import Vocabulary

Progress: TypeAlias = Callable[[str, int, int | None], None]
"""Called with the stage (``read``, ``prose``, ``embed``, ``save``), rows done and rows in all, if known."""

BM25: Final = "bm25"
PIECES: Final = "pieces"
_PLAN: Final = "build.json"
_RAW: Final = "raw"

_SPARE: Final = 16 * 2**20


@dataclass(frozen=True, slots=True)
class _Plan:
    """What a half-built version is made from; only the same plan may go on with it."""

    fingerprint: str
    rows: int
    staged_bytes: int
    currencies: dict[str, int]
    embedder: str
    dimension: int
    format_version: int = FORMAT

    def to_json(self) -> bytes:
        return json.dumps({name: getattr(self, name) for name in self.__slots__}).encode()


def build_index(
    name: str,
    products: Iterable[Product],
    *,
    embedder: Embedder,
    source: str,
    currency: str | None = None,
    home: Path | None = None,
    progress: Progress | None = None,
) -> IndexInfo:
    """Index ``products`` as the new version of catalogue ``name`` and make it the current one.

    The feed is read once, into the new version's folder. Vectors of texts that the
    current version already holds are taken over; the rest are embedded in chunks, so
    that the same feed, started again after a kill, goes on where it stopped. Only a
    verified version becomes current; until then, and after any error, the old one serves.

    ``currency`` is given to priced products whose feed names none; ``source`` is
    what :class:`IndexInfo` shows. Products must have distinct ids. Memory holds the
    columns and tokens, not the products.

    Raises :class:`IndexLocked` at once when another process is building this catalogue,
    :class:`IndexingError` for no products, a repeated id, a full disk; passes on what
    ``products`` and ``embedder`` raise.
    """
    folder = CatalogFolder(name, home)
    report = progress or (lambda stage, done, total: None)
    with folder.writing():
        with disk_errors(folder.path):
            _clear_leftovers(folder)
        since = journal_mark(folder)
        plan = _stage(folder, products, embedder, currency, report)
        with _room_for_readers(folder), disk_errors(folder.path, _estimate(plan)):
            _resume_or_start(folder, plan)
            _check_space(folder.building, plan)
            fill(folder, plan.rows, embedder, report)
            report("save", 0, plan.rows)
            _save_tables(folder.building, embedder)
            report("save", plan.rows, plan.rows)
            return _swap(folder, plan, source, since)


@contextmanager
def _room_for_readers(folder: CatalogFolder) -> Iterator[None]:
    """After a full disk, give back the room the half-built version took.

    Chroma writes a little whenever it opens a folder: on a disk with nothing left not
    even the old version could be read. Without an old version the progress is kept.
    """
    try:
        yield
    except IndexingError:
        free = shutil.disk_usage(folder.path).free
        if free < NEARLY_FULL and folder.serving() is not None:
            shutil.rmtree(folder.building, ignore_errors=True)
        raise


def _clear_leftovers(folder: CatalogFolder) -> None:
    """Remove what an interrupted build left, except what this one can go on from."""
    complete = folder.complete()
    serving = folder.serving()
    for path in folder.versions.iterdir():
        number = int(path.name) if path.name.isdigit() else None
        if path == folder.building or (number in complete and number <= (serving or 0)):
            continue
        if number in complete and not folder.building.exists():
            # Killed between the last two steps: all but the swap is done.
            path.rename(folder.building)
        else:
            remove_tree(path)


def _stage(
    folder: CatalogFolder,
    products: Iterable[Product],
    embedder: Embedder,
    currency: str | None,
    report: Progress,
) -> _Plan:
    """Write the products down with what their prose says: the feed itself is read only once."""
    path = folder.staging
    with disk_errors(path):
        path.mkdir()
    try:
        # What prose means depends on the whole feed, so it is read from a first copy.
        raw, ids = path / _RAW, dict[str, int]()
        with disk_errors(path):
            raw.mkdir()
            file = (raw / PRODUCTS).open("wb")
        with file:
            digest = hashlib.sha256()
            admitted = _admitted(products, ids, currency, report)
            known = Known.learn(_written(admitted, file, raw, digest))
        if not ids:
            raise IndexingError(
                f"no products to index as {folder.name!r}: the feed is empty or none of its rows "
                f"was kept{'; what was indexed before still serves' if folder.serving() else ''}"
            )
        plan = _with_prose(path, known, digest.hexdigest(), embedder, report)
        with disk_errors(path, _estimate(plan)):
            remove_tree(raw)
            (path / IDS).write_bytes(json.dumps(list(ids)).encode())
            replace_file(path / _PLAN, plan.to_json())
    except BaseException:
        # Half a copy of the feed is of no use, and on a full disk its room is wanted.
        shutil.rmtree(path, ignore_errors=True)
        raise
    report("read", len(ids), len(ids))
    return plan


def _admitted(
    products: Iterable[Product], ids: dict[str, int], currency: str | None, report: Progress
) -> Iterator[Product]:
    """The products of the feed, whose own errors pass through; a repeated id raises."""
    for product in products:
        if product.id in ids:
            raise IndexingError(
                f"two products have the id {product.id[:80]!r} (products "
                f"{ids[product.id] + 1} and {len(ids) + 1}): ids must be distinct"
            )
        ids[product.id] = len(ids)
        if currency and product.price is not None and product.currency is None:
            product = replace(product, currency=currency)
        yield product
        if len(ids) % 500 == 0:
            report("read", len(ids), None)


def _written(
    products: Iterable[Product], file: BinaryIO, folder: Path, digest: Any
) -> Iterator[Product]:
    """Write each product before it is passed on, and at the end where each begins."""
    offsets = array("q", [0])
    for product in products:
        line = product_line(product)
        with disk_errors(folder):
            file.write(line)
        digest.update(line)
        offsets.append(offsets[-1] + len(line))
        yield product
    with disk_errors(folder):
        file.flush()
        np.save(folder / OFFSETS, np.array(offsets, np.int64), allow_pickle=False)


def _with_prose(
    path: Path, known: Known, fingerprint: str, embedder: Embedder, report: Progress
) -> _Plan:
    """The final copy, in which every product has what its title and description say."""
    currencies: Counter[str] = Counter()
    first = ProductFile(path / _RAW)
    try:
        with disk_errors(path):
            file = (path / PRODUCTS).open("wb")
        with file:
            read = (extract(product, known) for product in first)
            for done, product in enumerate(_written(read, file, path, hashlib.sha256()), 1):
                if product.price is not None:
                    currencies[product.currency or ""] += 1
                if done % 500 == 0:
                    report("prose", done, len(first))
        rows = len(first)
    finally:
        first.close()
    size = (path / PRODUCTS).stat().st_size
    by_currency = dict(sorted(currencies.items()))
    return _Plan(fingerprint, rows, size, by_currency, embedder.name, embedder.dimension)


def _resume_or_start(folder: CatalogFolder, plan: _Plan) -> None:
    """Keep the half-built version if it was made from the same products and embedder."""
    try:
        same = (folder.building / _PLAN).read_bytes() == plan.to_json()
    except OSError:
        same = False
    if not same:
        remove_tree(folder.building)
        folder.staging.rename(folder.building)
        return
    # The staged copy is known to be whole; of the half-built version only the vectors count,
    # and the plan, without which a kill right here would throw them away.
    for path in folder.building.iterdir():
        if path.name not in (VECTORS, MATRIX, _PLAN):
            remove_tree(path)
    for path in folder.staging.iterdir():
        path.replace(folder.building / path.name)
    folder.staging.rmdir()


def _estimate(plan: _Plan) -> int:
    """Bytes a version still needs once its products are written: vectors and their graph
    (twice over while SQLite holds them too), columns, BM25 and vocabulary (about four
    times the text).
    """
    return int(plan.rows * (plan.dimension * 4 * 3.5 + 2_000) + 4 * plan.staged_bytes + _SPARE)


def _check_space(path: Path, plan: _Plan) -> None:
    written = sum(p.stat().st_size for p in path.rglob("*") if p.is_file()) - plan.staged_bytes
    if shutil.disk_usage(path).free < _estimate(plan) - max(0, written):
        raise disk_full(path.parent, _estimate(plan))


def _save_tables(building: Path, embedder: Embedder) -> None:
    """Columns, BM25, word pieces and vocabulary, from the products as written."""
    products = ProductFile(building)
    try:
        Fields.collect(products).save(building)
        Lexical.build(products, listing_terms).save(building / BM25)
        Lexical.build(products, title_pieces).save(building / PIECES)
        if isinstance(embedder, WordEmbedder):
            SoftWords.build(products, embedder).save(building)
        vocabulary = Vocabulary.build(products).to_json()
        (building / VOCABULARY).write_bytes(json.dumps(vocabulary).encode())
        write_identities(building)
        if len(products) >= SKETCHED_FROM:
            matrix = VectorFile.open(building, len(products), embedder.dimension)
            Sketch.build(building, matrix.array)
    finally:
        products.close()


def _swap(folder: CatalogFolder, plan: _Plan, source: str, since: JournalMark) -> IndexInfo:
    """Give the version its number and manifest, check it as a reader would, point to it.

    Prices that were updated ``since`` the feed was read are newer than it and are kept.
    """
    number = max([0, folder.current() or 0, *folder.complete()]) + 1
    info = IndexInfo(
        name=folder.name,
        version=number,
        rows=plan.rows,
        embedder=plan.embedder,
        dimension=plan.dimension,
        source=source,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        currencies=plan.currencies,
        fingerprint=plan.fingerprint,
        format_version=FORMAT,
        path=folder.version(number),
    )
    write_manifest(folder.building, info)
    verify(folder.building)
    os.rename(folder.building, info.path)
    sync_folder(folder.versions)
    with carried_over(folder, number, since):
        folder.point_to(number)
        _drop_old(folder, number)
    return read_manifest(info.path)


def _drop_old(folder: CatalogFolder, current: int) -> None:
    """Keep one version to fall back on, the newest before ``current`` that is intact."""
    kept = False
    for number in folder.complete():
        if number >= current:
            continue
        if not kept:
            try:
                verify(folder.version(number))
                kept = True
                continue
            except IndexDamaged:
                pass
        remove_tree(folder.version(number))
