"""The demo shop: authored products of an invented shop, and shoppers with a year of history.

``products.jsonl`` and ``shoppers.jsonl`` are made by ``python -m catalog.demo.build``
from the modules beside this file; both are committed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from catalog.product import Product

PRODUCTS: Final = Path(__file__).with_name("products.jsonl")
"""One product a line, as :meth:`catalog.product.Product.to_json` writes it (money in cents)."""

SHOPPERS: Final = Path(__file__).with_name("shoppers.jsonl")
"""One shopper a line: ``id``, ``name``, ``about``, ``orders``, ``views``, ``wishlist``, ``likes``."""


def demo_products() -> Iterator[Product]:
    """Every product of the demo shop, in the order of the file."""
    with PRODUCTS.open(encoding="utf-8") as lines:
        for line in lines:
            yield Product.from_json(json.loads(line))
