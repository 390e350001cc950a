"""The cart: products, how many of each, and what is said of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from assistant.phrasing import joined, short_price, short_title
from catalog.product import Product

MOST: Final = 999
"""As many of one product as the cart takes."""


class Cart:
    """What one conversation has put aside to buy, in the order it was added."""

    def __init__(self) -> None:
        self._products: dict[str, Product] = {}
        self._held: Counter[str] = Counter()

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids, each as often as it is in the cart."""
        return tuple(i for i in self._products for _ in range(self._held[i]))

    @property
    def products(self) -> list[Product]:
        """The products, each once."""
        return list(self._products.values())

    def put(self, product: Product, count: int | None, *, more: bool) -> bool:
        """Put a product in, so many of it or so many ``more``; whether there are fewer than that."""
        held = self._held[product.id]
        asked = max(held, 1) if count is None else count
        wanted = held + asked if more else asked
        self._products[product.id] = product
        self._held[product.id] = min(wanted, most_of(product))
        return wanted > self._held[product.id]

    def held(self, product: Product) -> int:
        """How many of a product are in the cart."""
        return self._held[product.id]

    def remove(self, product: Product) -> None:
        """Take all of a product out."""
        self._products.pop(product.id, None)
        del self._held[product.id]

    def several(self, products: Sequence[Product]) -> bool:
        """Whether there is more than one piece of these in the cart."""
        return sum(self._held[p.id] for p in products) > 1

    def listed(self, products: Sequence[Product] | None = None) -> str:
        """Some of the products, or all, as words: ``"2 × Halden Hush and Cove Mug"``."""
        counts = [(self._held[p.id], p) for p in (self.products if products is None else products)]
        return joined([short_title(p) if n == 1 else f"{n} × {short_title(p)}" for n, p in counts])

    def sum_of(self, products: Sequence[Product]) -> str | None:
        """What these cost in the cart; None where a price is unknown or the currencies differ."""
        prices = [p.price * self._held[p.id] for p in products if p.price is not None]
        if not prices or len(prices) < len(products) or len({p.currency for p in products}) != 1:
            return None
        return short_price(sum(prices), products[0].currency)

    def summary(self) -> str:
        """``"3 in the cart, $77.94 together."``, ``"1 in the cart, $29."``"""
        total, pieces = self.sum_of(self.products), len(self.ids)
        together = " together" if pieces > 1 else ""
        return f"{pieces} in the cart{'' if total is None else f', {total}{together}'}."


def most_of(product: Product) -> int:
    """How many of a product can be ordered."""
    return MOST if product.stock is None else min(product.stock, MOST)


def limit_text(product: Product) -> str:
    """Why there are no more of it."""
    if product.stock == 0:
        return f"{short_title(product)} is sold out."
    if most_of(product) == product.stock:
        verb = "is" if product.stock == 1 else "are"
        return f"Only {product.stock} of {short_title(product)} {verb} in stock."
    return f"The cart takes no more than {MOST} of one product."
