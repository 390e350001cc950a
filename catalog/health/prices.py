"""Prices that look like mistakes, by what others of the type cost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import numpy.typing as npt

from catalog.health.rows import UNPRICED, Rows, zero_like
from catalog.money import format_price

ENOUGH: Final = 10
"""Products of one type and currency from which their prices say what is usual."""
_FAR: Final = 5.0
"""Robust standard deviations (1.4826 MAD of the logarithms) from the median."""
_TIMES: Final = 8.0
"""And at least so many times the median, or one so-manieth of it."""
_LEAST_SPREAD: Final = 0.2
_ALIKE: Final = 20
"""Products of one type that may not all cost the same."""
_RARE: Final = 0.05

Ints = npt.NDArray[np.int64]
Faulty = tuple[int, str]
"""A row, and what is wrong there."""


def far_prices(rows: Rows) -> list[Faulty]:
    """Rows whose price is far from others of their type, the farthest first.

    A type with fewer than ten prices in a currency is measured against the whole catalogue's.
    """
    price, kind, currency = rows.column("price"), rows.column("kind"), rows.column("currency")
    found: list[tuple[float, int, str]] = []
    for code, name in enumerate(rows.currencies):
        mine = np.flatnonzero((currency == code) & (price > 0) & (price != UNPRICED))
        mine = (
            mine[[not zero_like(int(p), name or None) for p in price[mine]]] if len(mine) else mine
        )
        if len(mine) < ENOUGH:
            continue
        few: list[Ints] = []
        for group in _by(kind[mine], mine):
            if len(group) < ENOUGH:
                few.append(group)
            else:
                said = rows.kinds[int(kind[group[0]])].shown
                found += _far(price, group, price[group], said, name)
        if few:
            found += _far(price, np.concatenate(few), price[mine], "", name)
    found.sort(key=lambda f: (-f[0], f[1]))
    return [(row, what) for _, row, what in found]


def _far(
    price: Ints, group: Ints, beside: Ints, kind: str, currency: str
) -> Iterator[tuple[float, int, str]]:
    logs = np.log(beside.astype(np.float64))
    middle = float(np.median(logs))
    spread = max(_LEAST_SPREAD, 1.4826 * float(np.median(np.abs(logs - middle))))
    off = np.log(price[group].astype(np.float64)) - middle
    for at in np.flatnonzero((np.abs(off) > _FAR * spread) & (np.abs(off) > np.log(_TIMES))):
        row = int(group[at])
        cost = format_price(int(price[row]), currency or None)
        usual = format_price(round(float(np.exp(middle))), currency or None)
        whose = (
            f"{len(beside):,} products of type “{kind}”" if kind else f"{len(beside):,} products"
        )
        yield abs(float(off[at])) / spread, row, f"costs {cost}; the middle of {whose} is {usual}"


def same_prices(rows: Rows) -> list[Faulty]:
    """Rows whose price is that of at least half the catalogue (of ten priced products), or of
    every one of twenty products of a type.
    """
    price, kind, currency = rows.column("price"), rows.column("kind"), rows.column("currency")
    priced = np.flatnonzero(price != UNPRICED)
    if len(priced) < ENOUGH:
        return []
    values, counts = np.unique(price[priced], return_counts=True)
    found: dict[int, str] = {}
    most = int(counts.argmax())
    if 2 * counts[most] >= len(priced):
        for row in priced[price[priced] == values[most]]:
            cost = format_price(int(values[most]), rows.currencies[int(currency[row])] or None)
            found[int(row)] = (
                f"{cost}, like {int(counts[most]):,} of {len(priced):,} priced products"
            )
    for group in _by(kind[priced], priced):
        if len(group) >= _ALIKE and (price[group] == price[group[0]]).all():
            cost = format_price(int(price[group[0]]), rows.currencies[int(currency[group[0]])] or None)  # fmt: skip
            said = rows.kinds[int(kind[group[0]])].shown or "without a type"
            for row in group:
                found.setdefault(int(row), f"{cost}, like all {len(group):,} of “{said}”")
    return sorted(found.items())


def currencies(rows: Rows) -> tuple[str, Ints, Ints]:
    """(the currency most prices are in, rows in one that less than 5 % use, rows that name none
    although others do).
    """
    price, currency = rows.column("price"), rows.column("currency")
    priced = np.flatnonzero(price != UNPRICED)
    counts = np.bincount(currency[priced], minlength=len(rows.currencies))
    main = int(counts.argmax()) if len(counts) else 0
    empty = np.empty(0, np.int64)
    if not len(priced):
        return "", empty, empty
    bare = rows.currencies.index("") if "" in rows.currencies else -1
    rare = [
        n for n, c in enumerate(counts) if 0 < c < _RARE * len(priced) and n not in (main, bare)
    ]
    nameless = priced[currency[priced] == bare] if (counts > 0).sum() > 1 else empty
    return rows.currencies[main], priced[np.isin(currency[priced], rare)], nameless


def _by(keys: Ints, rows: Ints) -> Iterator[Ints]:
    """The rows of each key in turn."""
    if not len(rows):
        return
    order = np.argsort(keys, kind="stable")
    cuts = np.flatnonzero(np.diff(keys[order])) + 1
    yield from np.split(rows[order], cuts)
