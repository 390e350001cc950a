"""Opening an index and asking it: search, counts, facets, what to relax."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Final, Self

import numpy as np

from catalog.constraint import Constraint
from catalog.errors import CatalogNotFound, IndexDamaged, IndexingError, UsageError
from catalog.product import Product
from retrieval.build import BM25, PIECES, build_index
from retrieval.columns import Columns
from retrieval.current import CurrentProducts
from retrieval.embedder import Embedder, Matrix, open_embedder
from retrieval.filling import SLOTS
from retrieval.identities import IDS
from retrieval.journal import JOURNAL
from retrieval.lexical import Lexical
from retrieval.locks import SharedLock
from retrieval.matrix import VectorFile
from retrieval.phrases import Ints
from retrieval.query import Candidates, Query
from retrieval.search import search
from retrieval.sketch import Sketch
from retrieval.softwords import FILE as SOFT_WORDS
from retrieval.softwords import SoftWords
from retrieval.storage import (
    VECTORS,
    VOCABULARY,
    CatalogFolder,
    IndexInfo,
    ProductFile,
    catalogs_dir,
    read_manifest,
    verify,
)
from retrieval.vectors import Vectors
from retrieval.verdicts import Verdicts
from retrieval.vocabulary import Vocabulary

__all__ = ["Index", "IndexInfo", "build_index", "list_indexes", "open_index"]

_REMEMBERED: Final = 64
"""Query vectors kept: the turns of a conversation mostly ask for the same thing again."""
_DAMAGE: Final = (IndexingError, OSError, ValueError, KeyError, IndexError, TypeError)


class Index:
    """One version of a catalogue, open for reading; safe to ask from several threads.

    Rows are positions in the feed. Close it when done, or use it as a context manager.
    """

    def __init__(
        self,
        info: IndexInfo,
        products: ProductFile,
        columns: Columns,
        lexical: Lexical,
        pieces: Lexical,
        soft: SoftWords | None,
        matrix: VectorFile,
        sketch: Sketch | None,
        slots: Ints,
        vectors: Vectors,
        ids: Sequence[str],
        embedder: Embedder | None,
        home: Path | None,
    ) -> None:
        self.info = info
        self.columns = columns
        self.lexical = lexical
        self.pieces = pieces
        self.soft = soft
        self.matrix = matrix
        self.sketch = sketch
        self.slots = slots
        """Per row, where in Chroma its vector lies."""
        self.row_of = np.full(int(slots.max(initial=-1)) + 1, -1, np.int64)
        """The row of each slot."""
        self.row_of[slots] = np.arange(len(slots))
        self.vectors = vectors
        self._file = products
        self._row = {product_id: row for row, product_id in enumerate(ids)}
        self._current = CurrentProducts(info.path, products, self._row.get)
        self.products: Sequence[Product] = self._current
        """By row, with the prices and stock of the last :meth:`refresh`."""
        self._sharing = SharedLock()
        self._embedder = embedder
        self._home = home
        self._lock = threading.Lock()
        self._remembered: dict[str, Matrix] = {}
        try:
            self.refresh()
        except IndexDamaged:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Release the files; calling it twice is allowed."""
        self.vectors.close()
        self._file.close()

    def refresh(self) -> None:
        """Take over the prices and stock that were updated since the last question.

        Every method that answers does so first. Costs a look at the journal's size, and what the
        changed rows cost. Inside :meth:`reading` it does nothing. Raises :class:`IndexDamaged`
        when the journal cannot be read.
        """
        if self._sharing.held or not self._current.behind():
            return
        with self._sharing.alone():
            priced = Counter(self.info.currencies)
            try:
                for row, before, now in self._current.catch_up():
                    self.columns.change(row, now)
                    priced.subtract(_priced(before))
                    priced.update(_priced(now))
            except OSError as error:
                name = self.info.name
                raise IndexDamaged(_damaged(name, f"{JOURNAL} cannot be read ({error})")) from error
            self.info = replace(
                self.info,
                currencies={code: n for code, n in sorted(priced.items()) if n > 0},
                warning=self.info.warning or self._lost_updates(),
            )

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Up to date at its beginning, and no price or stock changes until its end: for
        questions that must agree with each other. Updates wait for it, so keep it short.
        """
        self.refresh()
        with self._sharing.shared():
            yield

    def _lost_updates(self) -> str | None:
        lost = self._current.damaged
        return (
            f"{lost:,} updates of prices or stock of catalogue {self.info.name!r} are damaged and "
            f"were passed over; send them again with: shop update {self.info.name} FEED"
            if lost
            else None
        )

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The words of the catalogue, read when first asked for."""
        return Vocabulary.from_json(json.loads((self.info.path / VOCABULARY).read_text("utf-8")))

    @cached_property
    def id_rank(self) -> Ints:
        """Per row, the place of its product id in alphabetical order; breaks ties."""
        rank = np.empty(len(self._row), np.int64)
        for place, product_id in enumerate(sorted(self._row)):
            rank[self._row[product_id]] = place
        return rank

    @cached_property
    def usual_reviews(self) -> float:
        """The mean number of reviews of a product; one that states none has none."""
        reviews = self.columns.numbers("review_count")
        return float(np.nan_to_num(reviews).mean()) if len(reviews) else 0.0

    @property
    def embedder(self) -> Embedder:
        """The embedder the index was built with, opened when first needed."""
        with self._lock:
            if self._embedder is None:
                self._embedder = open_embedder(self.info.embedder, self._home)
            return self._embedder

    def get(self, product_id: str) -> Product | None:
        """The product of that id, None when there is none."""
        row = self._row.get(product_id)
        with self.reading():
            return None if row is None else self.products[row]

    def search(self, query: Query) -> Candidates:
        """The best candidates for a query.

        Raises :class:`IndexDamaged` when the vector store fails, :class:`ModelError`
        when the embedder does.
        """
        try:
            with self.reading():
                return search(self, query)
        except IndexDamaged as error:
            raise IndexDamaged(_damaged(self.info.name, str(error))) from error

    def verdicts(self, constraint: Constraint) -> Verdicts:
        """``catalog.verdict.judge`` of every product: int8 [n], 1 match, 0 unknown, -1 violation."""
        with self.reading():
            return self.columns.verdicts(constraint)

    def matching(self, constraints: Iterable[Constraint]) -> Ints:
        """Rows that violate no hard constraint, in order; some may be unknown."""
        with self.reading():
            return np.flatnonzero(self.columns.state(constraints) >= 0)

    def count(self, constraints: Iterable[Constraint]) -> tuple[int, int]:
        """How many products meet every hard constraint, and how many violate none but leave some open;
        without namesakes (:meth:`retrieval.columns.Columns.standing`).
        """
        with self.reading():
            state = self.columns.standing(constraints)
        return int((state == 1).sum()), int((state == 0).sum())

    def stated(self, constraint: Constraint) -> float:
        """The share of products whose record decides a constraint, either way."""
        with self.reading():
            verdicts = self.columns.verdicts(constraint)
        return float(np.count_nonzero(verdicts)) / max(1, len(verdicts))

    def relaxations(self, constraints: Sequence[Constraint]) -> list[tuple[Constraint, int]]:
        """For each hard constraint, how many products would match if it alone were dropped."""
        with self.reading():
            return [
                (dropped, self.count(c for c in constraints if c is not dropped)[0])
                for dropped in constraints
                if dropped.hard
            ]

    def smallest_relaxation(
        self, constraints: Sequence[Constraint], keep: Collection[Constraint] = ()
    ) -> tuple[Constraint, ...] | None:
        """The fewest constraints to drop so that something fits; with :meth:`facet` of the rest,
        what there is instead. See :meth:`retrieval.columns.Columns.smallest_relaxation`.
        """
        with self.reading():
            return self.columns.smallest_relaxation(constraints, keep)

    def facet(self, constraints: Iterable[Constraint], field: str) -> dict[str, int]:
        """Values of a field among the products that violate no hard constraint, with counts.

        Most frequent first; see :meth:`retrieval.columns.Columns.facet`.
        """
        with self.reading():
            return self.columns.facet(constraints, field)

    def embed(self, text: str) -> Matrix:
        """The unit vector of a query: float32 [dimension]; the last few are remembered."""
        with self._lock:
            vector = self._remembered.get(text)
        if vector is None:
            vector = self.embedder.encode([text])[0]
            with self._lock:
                if len(self._remembered) >= _REMEMBERED:
                    self._remembered.pop(next(iter(self._remembered)))
                self._remembered[text] = vector
        return vector

    def rows(self, product_ids: Iterable[str]) -> list[int]:
        """Rows of those products that exist."""
        return [self._row[i] for i in product_ids if i in self._row]


def open_index(name: str, *, home: Path | None = None, embedder: Embedder | None = None) -> Index:
    """Open the current version of a catalogue.

    When it is damaged, the previous one is served instead and ``info.warning`` says so.
    ``embedder`` must be the one the index was built with; by default it is opened by
    name when first needed.

    Raises :class:`CatalogNotFound`, :class:`IndexDamaged` when no version is intact, and
    :class:`UsageError` for a bad name or another embedder.
    """
    folder = CatalogFolder(name, home)
    while True:
        serving = folder.serving()
        if serving is None:
            raise _not_found(folder, home)
        try:
            return _open_newest(folder, serving, home, embedder)
        except IndexDamaged:
            # A writer may have swapped, and removed what the pointer named a moment ago.
            if folder.serving() == serving:
                raise


def _open_newest(
    folder: CatalogFolder, serving: int, home: Path | None, embedder: Embedder | None
) -> Index:
    damage = ""
    for number in sorted({serving, *(n for n in folder.complete() if n < serving)}, reverse=True):
        try:
            index = _open_version(folder.version(number), home, embedder)
        except IndexDamaged as error:
            damage = damage or f"version {number}: {error}"
            continue
        if number == serving and folder.current() == serving:
            return index
        lost = damage or "the pointer to its current version is unreadable"
        index.info = replace(
            index.info,
            warning=f"catalogue {folder.name!r} is damaged ({lost}); serving version {number} of "
            f"{index.info.created}: rebuild it with: shop index FEED --name {folder.name}",
        )
        return index
    raise IndexDamaged(_damaged(folder.name, damage))


def _open_version(path: Path, home: Path | None, embedder: Embedder | None) -> Index:
    info = verify(path)
    if embedder is not None and embedder.name != info.embedder:
        raise UsageError(
            f"catalogue {info.name!r} was indexed with the embedder {info.embedder!r} and cannot "
            f"be searched with {embedder.name!r}: index it again"
        )
    products: ProductFile | None = None
    vectors: Vectors | None = None
    try:
        products = ProductFile(path)
        columns = Columns.load(path)
        lexical = Lexical.load(path / BM25, info.rows)
        pieces = Lexical.load(path / PIECES, info.rows)
        soft = SoftWords.load(path) if (path / SOFT_WORDS).exists() else None
        matrix = VectorFile.open(path, info.rows, info.dimension)
        sketch = Sketch.open(path, info.rows, info.dimension)
        slots: Ints = np.load(path / SLOTS, allow_pickle=False)
        ids = json.loads((path / IDS).read_text("utf-8"))
        vectors = Vectors.open(path / VECTORS)
        counts = {
            len(products), columns.n, len(ids), len(slots), vectors.count(), info.rows
        }  # fmt: skip
        if len(counts) > 1:
            raise IndexDamaged(f"its parts disagree on the number of products: {sorted(counts)}")
    except _DAMAGE as error:
        if vectors is not None:
            vectors.close()
        if products is not None:
            products.close()
        if isinstance(error, IndexingError):
            raise  # damage with its name, or a full disk, which is no damage
        raise IndexDamaged(f"it cannot be read ({error})") from error
    return Index(
        info,
        products,
        columns,
        lexical,
        pieces,
        soft,
        matrix,
        sketch,
        slots,
        vectors,
        ids,
        embedder,
        home,
    )


def list_indexes(home: Path | None = None) -> list[IndexInfo]:
    """What is indexed, by name. Files are not verified; an unreadable catalogue is listed with
    version 0 and a warning.
    """
    infos = []
    for name in _names(home):
        folder = CatalogFolder(name, home)
        serving = folder.serving()
        if serving is None:
            continue
        try:
            infos.append(read_manifest(folder.version(serving)))
        except IndexDamaged as error:
            warning = _damaged(name, f"version {serving}: {error}")
            infos.append(
                IndexInfo(name, 0, 0, "", 0, "", "", {}, "", 0, folder.version(serving), warning)
            )
    return infos


def _names(home: Path | None) -> list[str]:
    root = catalogs_dir(home)
    if not root.is_dir():
        return []
    names = []
    for path in sorted(root.iterdir()):
        try:
            CatalogFolder(path.name, home)
        except UsageError:
            continue  # a folder that is none of ours
        if path.is_dir():
            names.append(path.name)
    return names


def _not_found(folder: CatalogFolder, home: Path | None) -> CatalogNotFound:
    known = [info.name for info in list_indexes(home)]
    there = f"there is {', '.join(known)}" if known else "nothing is indexed yet"
    begun = " (a first build was begun and not finished)" if folder.building.exists() else ""
    return CatalogNotFound(
        f"no catalogue called {folder.name!r} is indexed{begun}; {there}; "
        f"index it with: shop index FEED --name {folder.name}"
    )


def _priced(product: Product) -> tuple[str, ...]:
    return () if product.price is None else (product.currency or "",)


def _damaged(name: str, damage: str) -> str:
    return (
        f"the index of catalogue {name!r} is damaged ({damage}): "
        f"rebuild it with: shop index FEED --name {name}"
    )
