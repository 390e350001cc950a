"""Crowdflower's judgements as a catalogue and queries, and the index of that catalogue."""

from __future__ import annotations

import csv
import gzip
import hashlib
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from assistant.evaluation.dialogue import Split
from assistant.evaluation.suites import Setup
from catalog.errors import IndexDamaged, UsageError
from catalog.feeds.cells import plain_text
from catalog.product import Product
from retrieval.embedder import Embedder, open_embedder
from retrieval.index import Index, IndexInfo, build_index, open_index
from retrieval.storage import CatalogFolder, product_line, read_manifest

DATA: Final = "crowdflower_relevance.csv.gz"
CATALOG: Final = "crowdflower"
"""The name its products are indexed under."""

_COLUMNS: Final = ("query", "product_title", "product_description", "median_relevance")


@dataclass(frozen=True, slots=True)
class Judged:
    """A query and, by row, the mean of its judgements: 1 (irrelevant) to 4."""

    id: str
    text: str
    relevance: Mapping[int, float]


@dataclass(frozen=True, slots=True)
class Collection:
    """The products, by row, and all queries in alphabetical order."""

    products: tuple[Product, ...]
    queries: tuple[Judged, ...]


def load(path: Path) -> Collection:
    """Read the judgements. A product is a title, with the longest of its descriptions.

    Raises UsageError that names the line which is no judgement.
    """
    descriptions: dict[str, str] = {}
    judgements: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for number, row in _rows(path):
        query, title = row["query"].strip(), plain_text(row["product_title"])
        relevance = _judgement(row["median_relevance"])
        if not query or not title or relevance is None:
            raise UsageError(
                f"{path}:{number}: no query, no product_title, or a median_relevance that is not "
                "1 to 4; fetch the file again"
            )
        description = plain_text(row["product_description"])
        if len(description) >= len(descriptions.get(title, "")):
            descriptions[title] = description
        judgements[query][title].append(relevance)
    if not judgements:
        raise UsageError(f"{path}: holds no judgements; fetch the file again")
    row_of = {title: n for n, title in enumerate(descriptions)}
    return Collection(
        tuple(Product(f"p{row_of[t]:06d}", t, d) for t, d in descriptions.items()),
        tuple(
            Judged(f"q{n}", text, {row_of[t]: sum(v) / len(v) for t, v in judgements[text].items()})
            for n, text in enumerate(sorted(judgements))
        ),
    )


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file, restval="")
            lacking = [c for c in _COLUMNS if c not in (rows.fieldnames or ())]
            if lacking:
                raise UsageError(f"{path}:1: there is no column {lacking[0]!r}")
            for row in rows:
                yield rows.line_num, row
    except (OSError, EOFError, zlib.error, UnicodeDecodeError, csv.Error) as error:
        raise UsageError(f"{path}: cannot be read ({error}); fetch the file again") from error


def _judgement(cell: str) -> float | None:
    try:
        value = float(cell)
    except ValueError:
        return None
    return value if 1 <= value <= 4 else None


def half(query: str) -> Split:
    """The half a query belongs to: ``dev``, the one that was tuned on, or ``test``."""
    even = int(hashlib.sha256(query.encode()).hexdigest(), 16) % 2 == 0
    return "dev" if even else "test"


def indexed(collection: Collection, source: Path, setup: Setup, embedder: Embedder | None) -> Index:
    """The collection's index, built if it is not there or damaged, or was made of other products,
    in another format or with another embedder.

    Raises UsageError when the name is taken by a catalogue from another source, and what
    :func:`retrieval.index.build_index` raises.
    """
    used = embedder or open_embedder(home=setup.home)
    digest = hashlib.sha256()
    for product in collection.products:
        digest.update(product_line(product))
    wanted = (used.name, digest.hexdigest())
    held = _manifest(setup.home)
    if held is not None and Path(held.source).name != source.name:
        raise UsageError(
            f"the catalogue {CATALOG!r} was indexed from {held.source}: rename its folder "
            f"{held.path.parents[1]}, or set SHOPMOMENT_HOME to another one"
        )
    if held is not None and (held.embedder, held.fingerprint) == wanted:
        # When it is damaged an older version is opened, maybe one with another embedder.
        with suppress(IndexDamaged, UsageError):
            index = open_index(CATALOG, home=setup.home, embedder=used)
            if index.info.version == held.version:
                return index
            index.close()
    build_index(
        CATALOG, collection.products, embedder=used, source=str(source),
        home=setup.home, progress=setup.progress,
    )  # fmt: skip
    return open_index(CATALOG, home=setup.home, embedder=used)


def _manifest(home: Path | None) -> IndexInfo | None:
    """What is indexed under the name; None for nothing, or for what this program cannot read."""
    folder = CatalogFolder(CATALOG, home)
    serving = folder.serving()
    if serving is None:
        return None
    try:
        return read_manifest(folder.version(serving))
    except IndexDamaged:
        return None
