"""New prices and stock from a feed, without indexing it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

from catalog.errors import CatalogNotFound, UsageError
from catalog.feeds import FeedReport
from catalog.feeds.prices import PriceList
from catalog.money import exponent
from retrieval.storage import CatalogFolder, read_manifest
from retrieval.updates import UNMENTIONED, Change, UpdateReport, update_products

Progress = Callable[[str, int, int | None], None]

_SHOWN_AFTER: Final = 2.0
"""Seconds; what is done sooner needs no progress bar."""


def update_from_feed(
    path: Path,
    name: str,
    *,
    mapping: Mapping[str, str] | None = None,
    currency: str | None = None,
    format: str | None = None,
    home: Path | None = None,
    progress: Progress | None = None,
) -> tuple[UpdateReport, FeedReport]:
    """Change prices and stock of a catalogue to what a feed says; only differences are written.

    The feed may be a whole one or a list of ids with prices or stock. Prices that name no
    currency are in the catalogue's, or in ``currency``. Rows read before an error count.

    Raises CatalogNotFound, FeedError for a feed that cannot be read, UsageError for a mapping
    that names no field or column and for prices without a currency where the catalogue has
    several, and what :func:`retrieval.updates.update_products` raises.
    """
    codes = _currencies(name, home)
    if currency is None and len(codes) == 1 and codes[0]:
        currency = codes[0]
    known = codes if all(codes) and currency in (None, *codes) else []
    prices = PriceList(path, mapping=mapping, currency=currency, format=format, currencies=known)
    several = [c or "no currency" for c in codes] if len({exponent(c) for c in codes}) > 1 else []

    begun = time.monotonic()

    def on_batch(taken: int) -> None:
        if progress is not None and time.monotonic() - begun > _SHOWN_AFTER:
            share = prices.bytes_read / max(1, prices.bytes_total)
            progress("update", taken, max(taken, round(taken / share)) if share else None)

    report = update_products(name, _changes(prices, several), home=home, progress=on_batch)
    return report, prices.report


def update_lines(report: UpdateReport, feed: FeedReport) -> list[str]:
    """What happened, for a person, one string a line."""
    lines = [
        f"{feed.path.name}: {feed.format}, {feed.rows:,} {'row' if feed.rows == 1 else 'rows'}: "
        f"{report.applied:,} changed, {report.unchanged:,} as before, {report.unknown:,} not in the "
        f"catalogue, {feed.refused + report.foreign:,} refused"
    ]
    if report.unknown:
        lines.append(
            f"  not in the catalogue: {_named(report.unknown_ids, report.unknown)}; "
            "index the whole feed to add products"
        )
    if report.foreign:
        lines.append(
            f"  refused {report.foreign:,}: in another currency than the other variants of the "
            f"product: {_named(report.foreign_ids, report.foreign)}; index the whole feed"
        )
    return lines + feed.issue_lines()


def _named(ids: tuple[str, ...], count: int) -> str:
    return ", ".join(id[:60] for id in ids) + (", …" if count > len(ids) else "")


def _currencies(name: str, home: Path | None) -> list[str]:
    """Codes the catalogue was indexed with, ``""`` for prices without one."""
    folder = CatalogFolder(name, home)
    number = folder.serving()
    if number is None:
        raise CatalogNotFound(
            f"no catalogue called {name!r} is indexed; index it with: shop index FEED --name {name}"
        )
    return list(read_manifest(folder.version(number)).currencies)


def _changes(prices: PriceList, several: list[str]) -> Iterator[Change]:
    for row in prices:
        offer = row.offer
        if offer.price is not None and offer.currency is None and several:
            raise UsageError(
                f"{prices.report.path}: prices name no currency, and the catalogue has "
                f"{', '.join(several)}: say which with --currency"
            )
        yield Change(
            row.group or offer.id,
            offer.id if row.group else None,
            price=offer.price if "price" in offer.says else UNMENTIONED,
            list_price=offer.list_price if "list_price" in offer.says else UNMENTIONED,
            stock=offer.stock if "stock" in offer.says else UNMENTIONED,
            uncounted=offer.uncounted,
            currency=offer.currency if offer.price is not None and offer.currency else UNMENTIONED,
        )
