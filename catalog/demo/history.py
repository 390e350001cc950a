"""From a story to dated events: orders, views, a wishlist and likes, with prices and product ids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any, Final

from catalog.demo.authoring import holds
from catalog.demo.production import charm
from catalog.demo.stories import Pick, Story
from catalog.product import Product

FIRST_DAY: Final = date(2025, 11, 1)
LAST_DAY: Final = date(2026, 10, 31)


def tell(story: Story, products: Sequence[Product], seed: int) -> dict[str, Any]:
    """A story as a JSON object. Raises ``ValueError`` when a pick fits no product."""
    rng = Random(f"{seed}/{story.id}")
    chosen = _Shelf(products)
    lines: dict[date, list[dict[str, Any]]] = {}
    views: list[tuple[date, str]] = []
    likes: list[tuple[date, str]] = []
    days: list[date] = []

    def buy(product: Product, day: date, quantity: int, options: Mapping[str, str]) -> date:
        day = next((d for d in days if abs((d - day).days) <= 1), day)
        if day not in days:
            days.append(day)
        line: dict[str, Any] = {
            "product": product.id,
            "quantity": quantity,
            "price": _paid(product, day),
        }
        if options:
            line["options"] = dict(options)
        lines.setdefault(day, []).append(line)
        return day

    for item in story.purchases:
        product = chosen(item.pick, item.options)
        day = buy(product, FIRST_DAY + timedelta(item.day), item.quantity, item.options)
        for other in (product, *chosen.others(product, rng, rng.randint(1, 3)), product):
            views.append((max(FIRST_DAY, day - timedelta(rng.randint(0, 5))), other.id))
        if item.liked:
            likes.append((min(LAST_DAY, day + timedelta(rng.randint(4, 12))), product.id))
    for habit in story.habits:
        product = chosen(habit.pick, habit.options)
        at = float(habit.start)
        while at <= habit.until:
            day = buy(product, FIRST_DAY + timedelta(round(at)), habit.quantity, habit.options)
            if rng.random() < 0.4:
                views.append((max(FIRST_DAY, day - timedelta(rng.randint(0, 2))), product.id))
            at += max(habit.days - 2.2 * habit.jitter, rng.gauss(habit.days, habit.jitter / 1.5))
        likes.append((FIRST_DAY + timedelta(habit.start + habit.days), product.id))
    for pick, browsed in story.browses:
        views.append((FIRST_DAY + timedelta(browsed), chosen(pick).id))
    wishlist = []
    for wish in story.wishes:
        product = chosen(wish.pick)
        day = FIRST_DAY + timedelta(wish.day)
        views.append((day, product.id))
        wishlist.append(
            {
                "product": product.id,
                "date": day.isoformat(),
                "price": _saved(product, wish.change, rng),
            }
        )
    return {
        "id": story.id,
        "name": story.name,
        "about": story.about,
        "orders": [
            {"id": f"{story.id.upper()}-{n:03d}", "date": day.isoformat(), "lines": lines[day]}
            for n, day in enumerate(sorted(lines), start=1)
        ],
        "views": [{"product": p, "date": d.isoformat()} for d, p in sorted(views)],
        "wishlist": sorted(wishlist, key=lambda w: str(w["date"])),
        "likes": [{"product": p, "date": d.isoformat()} for d, p in sorted(likes)],
    }


class _Shelf:
    """Finds the product a :class:`Pick` means among those on stock and priced."""

    def __init__(self, products: Sequence[Product]) -> None:
        self._sold = sorted(
            (p for p in products if p.stock and p.price and p.review_count),
            key=lambda p: (-(p.review_count or 0), p.id),
        )

    def __call__(self, pick: Pick, options: Mapping[str, str] | None = None) -> Product:
        """The product meant, among those sold with the options. Raises ``ValueError`` if none fits."""
        fitting = [
            p
            for p in self._sold
            if p.type == pick.type
            and (pick.brand is None or p.brand == pick.brand)
            and pick.title in p.title
            and holds(pick.when, p.attributes)
            and all(_offers(p, name, value) for name, value in (options or {}).items())
        ]
        if not fitting:
            raise ValueError(f"{pick} fits no product on stock: loosen its condition")
        return fitting[min(pick.nth, len(fitting) - 1)]

    def others(self, product: Product, rng: Random, count: int) -> list[Product]:
        """Products of the same type looked at on the way to ``product``."""
        same = [p for p in self._sold if p.type == product.type and p.id != product.id][:12]
        return rng.sample(same, min(count, len(same)))


def _paid(product: Product, day: date) -> int:
    """What it cost that day: the list price until the present reduction, which is recent."""
    assert product.price is not None
    reduced = product.list_price is not None and day < LAST_DAY - timedelta(45)
    return product.list_price if reduced and product.list_price else product.price


def _saved(product: Product, change: float, rng: Random) -> int:
    assert product.price is not None
    if change == 1.0:
        return product.price
    price = charm(product.price / 100 * change, rng)
    return max(price, product.price + 100) if change > 1 else min(price, product.price - 50)


def _offers(product: Product, name: str, value: str) -> bool:
    held = product.attributes.get(name)
    return isinstance(held, tuple) and value in held
