"""Having the catalogues that dialogues talk to: indexed already, or indexed now from a feed at hand."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from assistant.stocking import DEMO, Progress, demo_is_current, index_demo, index_feed
from catalog.errors import UsageError
from retrieval.index import list_indexes

DATA: Final = "SHOPMOMENT_DATA"
"""Environment variable: a folder of product feeds to index catalogues from."""

_BESIDE: Final = Path(__file__).resolve().parents[3] / "shared" / "data"
"""A folder ``shared/data`` beside the checkout."""
_ENDINGS: Final = ("csv", "tsv", "jsonl", "json", "yaml", "yml")


def stock(
    names: Iterable[str], *, home: Path | None, data: Path | None, progress: Progress
) -> dict[str, str]:
    """Make sure that catalogues are indexed; why one cannot be had, by name.

    The demo shop is indexed when it is missing or old. Others are used if they are
    indexed under their name, else indexed from a feed ``NAME.csv.gz`` (or .jsonl, .yaml, …)
    in ``data``, the folder ``SHOPMOMENT_DATA`` names, or ``shared/data`` beside the checkout.

    Raises UsageError when ``data`` is no folder, and what indexing raises.
    """
    if data is not None and not data.is_dir():
        raise UsageError(f"{data}: no such folder; --data takes a folder of product feeds")
    indexed = {info.name for info in list_indexes(home)}
    missing: dict[str, str] = {}
    for name in sorted(set(names)):
        if name == DEMO:
            if not demo_is_current(home):
                index_demo(home=home, progress=progress)
        elif name not in indexed:
            feed = next(_feeds(name, data), None)
            if feed is None:
                missing[name] = (
                    f"not indexed, and no feed {name}.csv.gz (or alike) at hand: "
                    f"shop index FEED --name {name}, or --data FOLDER"
                )
            else:
                index_feed(feed, name, home=home, progress=progress)
    return missing


def _feeds(name: str, data: Path | None) -> Iterator[Path]:
    named = os.environ.get(DATA, "").strip()
    folders = [data, Path(named).expanduser() if named else None, _BESIDE]
    for folder in folders:
        if folder is None:
            continue
        for ending in _ENDINGS:
            for path in (folder / f"{name}.{ending}.gz", folder / f"{name}.{ending}"):
                if path.is_file():
                    yield path
