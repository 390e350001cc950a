"""The demo shop: authored products of an invented shop, and shoppers with a year of history.

``products.jsonl`` and ``shoppers.jsonl`` are made by ``python -m catalog.demo.build``
from the modules beside this file; both are committed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from catalog.money import to_minor
from catalog.product import Product

PRODUCTS: Final = Path(__file__).with_name("products.jsonl")
"""One product a line: a feed like any other, with prices in dollars."""

SHOPPERS: Final = Path(__file__).with_name("shoppers.jsonl")
"""One shopper a line: ``id``, ``name``, ``about``, ``orders``, ``views``, ``wishlist``, ``likes``;
prices in dollars, per piece."""


MONEY: Final = ("price", "list_price")
"""The fields that the files give in major units and :class:`Product` holds in minor ones."""


def demo_products() -> Iterator[Product]:
    """Every product of the demo shop, in the order of the file."""
    with PRODUCTS.open(encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            for name in MONEY:
                if name in record:
                    record[name] = to_minor(record[name], record.get("currency"))
            yield Product.from_json(record)
