"""Putting a feed on the shelves: read it, index it, say what happened."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path

from catalog.errors import IndexingError
from catalog.feeds import FeedReport, read_feed
from retrieval.embedder import MINILM, SHOP_MINILM, open_embedder
from retrieval.index import IndexInfo, build_index
from retrieval.storage import CatalogFolder, product_line, read_manifest

Progress = Callable[[str, int, int | None], None]

DEMO = "demo"
DEFAULT_EMBEDDER = SHOP_MINILM


def index_feed(
    path: Path,
    name: str,
    *,
    mapping: Mapping[str, str] | None = None,
    currency: str | None = None,
    format: str | None = None,
    embedder: str | None = None,
    home: Path | None = None,
    progress: Progress | None = None,
) -> tuple[IndexInfo, FeedReport]:
    """Read a feed and make it the current version of catalogue ``name``.

    ``embedder`` is a name of :func:`retrieval.embedder.open_embedder`, by default the one the
    catalogue has; with another all texts are embedded anew.

    Raises FeedError for a feed that cannot be read, UsageError for a mapping that
    names no field or column, IndexingError for what goes wrong while writing. The
    version that served before goes on serving whenever this raises.
    """
    CatalogFolder(name, home)
    feed = read_feed(path, mapping=mapping, currency=currency, format=format)
    info = build_index(
        name,
        feed,
        embedder=open_embedder(embedder or _embedder_of(name, home), home),
        source=str(path),
        currency=currency,
        home=home,
        progress=progress,
    )
    return info, feed.report


def _embedder_of(name: str, home: Path | None) -> str:
    """What the catalogue is embedded with now, so that indexing again keeps it."""
    folder = CatalogFolder(name, home)
    version = folder.serving()
    try:
        return read_manifest(folder.version(version)).embedder if version else DEFAULT_EMBEDDER
    except IndexingError:
        return DEFAULT_EMBEDDER


def index_demo(*, home: Path | None = None, progress: Progress | None = None) -> IndexInfo:
    """Index the demo shop that comes with the program."""
    from catalog.demo import demo_products

    return build_index(
        DEMO,
        demo_products(),
        embedder=open_embedder(home=home),
        source=DEMO,
        home=home,
        progress=progress,
    )


def demo_is_current(home: Path | None = None) -> bool:
    """Whether catalogue ``demo`` is the demo shop as this version of the program ships it
    (or a feed somebody indexed under that name, which is left alone).
    """
    folder = CatalogFolder(DEMO, home)
    version = folder.serving()
    if version is None:
        return False
    try:
        info = read_manifest(folder.version(version))
    except IndexingError:
        return False
    if info.source != DEMO:
        return True
    if info.embedder == MINILM:  # the default before
        return False
    from catalog.demo import demo_products

    digest = hashlib.sha256()
    for product in demo_products():
        digest.update(product_line(product))
    return info.fingerprint == digest.hexdigest()
