"""A shopper: the orders, views, wishlist and likes that personalise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import orjson

from catalog.errors import FeedError, ShopperNotFound
from catalog.money import to_minor


@dataclass(frozen=True, slots=True)
class Purchase:
    """One order line; ``price`` in minor units per piece at the time."""

    product: str
    on: date
    quantity: int = 1
    price: int | None = None
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Event:
    """A view, a like or a saved item; ``price`` in minor units when it was saved."""

    product: str
    on: date
    price: int | None = None


@dataclass(frozen=True, slots=True)
class Shopper:
    """Who is shopping, and what they did before, oldest first."""

    id: str
    name: str
    about: str = ""
    purchases: tuple[Purchase, ...] = ()
    views: tuple[Event, ...] = ()
    wishlist: tuple[Event, ...] = ()
    likes: tuple[Event, ...] = ()

    def last_purchase(self, product: str) -> Purchase | None:
        """The latest order line of a product."""
        return next((p for p in reversed(self.purchases) if p.product == product), None)

    def bought(self) -> Counter[str]:
        """How often each product was ordered."""
        return Counter(p.product for p in self.purchases)

    def saved(self, product: str) -> Event | None:
        """The wishlist entry of a product."""
        return next((e for e in self.wishlist if e.product == product), None)

    @classmethod
    def from_json(cls, record: Mapping[str, Any], currency: str | None = None) -> Shopper:
        """One line of a shoppers file (docs/feeds.md), prices in major units of ``currency``.

        Raises KeyError, TypeError or ValueError when it is malformed.
        """
        purchases = [
            Purchase(
                line["product"],
                date.fromisoformat(order["date"]),
                int(line.get("quantity", 1)),
                _minor(line, currency),
                tuple(sorted((str(k), str(v)) for k, v in line.get("options", {}).items())),
            )
            for order in record.get("orders", ())
            for line in order["lines"]
        ]
        return cls(
            id=record["id"],
            name=record.get("name", record["id"]),
            about=record.get("about", ""),
            purchases=tuple(sorted(purchases, key=lambda p: (p.on, p.product))),
            views=_events(record.get("views", ()), currency),
            wishlist=_events(record.get("wishlist", ()), currency),
            likes=_events(record.get("likes", ()), currency),
        )


def _minor(record: Mapping[str, Any], currency: str | None) -> int | None:
    return None if record.get("price") is None else to_minor(record["price"], currency)


def _events(records: Iterable[Mapping[str, Any]], currency: str | None) -> tuple[Event, ...]:
    made = (
        Event(r["product"], date.fromisoformat(r["date"]), _minor(r, currency)) for r in records
    )
    return tuple(sorted(made, key=lambda e: (e.on, e.product)))


def load_shoppers(path: Path, currency: str | None) -> dict[str, Shopper]:
    """Shoppers by id, in the file's order; ``currency`` is that of the catalogue.

    Raises FeedError with the line that is wrong.
    """
    shoppers: dict[str, Shopper] = {}
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise FeedError(f"{path}: cannot read the shoppers file ({error.strerror})") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            shopper = Shopper.from_json(orjson.loads(line), currency)
        except (KeyError, TypeError, ValueError) as error:
            raise FeedError(f"{path}, line {number}: not a shopper record ({error!r})") from error
        shoppers[shopper.id] = shopper
    return shoppers


def find_shopper(shoppers: Mapping[str, Shopper], name: str) -> Shopper:
    """The shopper of that id or name. Raises ShopperNotFound naming those there are."""
    for shopper in shoppers.values():
        if name.lower() in (shopper.id.lower(), shopper.name.lower()):
            return shopper
    known = ", ".join(shoppers) or "none"
    raise ShopperNotFound(f"no shopper {name!r} in this catalogue; known: {known}")
