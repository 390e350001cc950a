"""Write ``products.jsonl`` and ``shoppers.jsonl`` from the authored sources.

``python -m catalog.demo.build`` writes both files; with ``--check`` nothing is written
and the exit status is 1 if a committed file is not what the sources give.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any, Final

from catalog.demo import MONEY, PRODUCTS, SHOPPERS
from catalog.demo.authoring import ProductType
from catalog.demo.departments import (
    appliances,
    beauty,
    cookware,
    electronics,
    fashion,
    footwear,
    grocery,
    home,
    kitchen,
    nursery,
    office,
    outdoor,
    outerwear,
    pets,
    toys,
)
from catalog.demo.history import tell
from catalog.demo.production import make_products
from catalog.demo.stories import STORIES
from catalog.money import to_major
from catalog.product import Product

SEED: Final = 20261101
CURRENCY: Final = "USD"

TYPES: Final[tuple[ProductType, ...]] = tuple(
    kind
    for department in (
        fashion, outerwear, footwear, beauty, pets, grocery, kitchen, cookware,
        home, nursery, appliances, electronics, outdoor, office, toys,
    )
    for kind in department.TYPES
)  # fmt: skip
"""Every product type of the shop, by department."""

_UNREVIEWED: Final = 0.03
"""Share of products nobody has reviewed yet."""


def build_products() -> list[Product]:
    """All products of the shop, reviewed."""
    return _reviewed([p for kind in TYPES for p in make_products(kind, SEED)])


def _reviewed(products: list[Product]) -> list[Product]:
    """Give review counts a long tail: a power law of the popularity rank (exponent 0.85).

    Better rated products are likelier to rank high; the last few have no review, hence no rating.
    """
    rng = Random(f"{SEED}/reviews")
    appeal = {p.id: rng.gauss(0, 1) + 1.2 * ((p.rating or 4.0) - 4.2) for p in products}
    ranked = sorted(products, key=lambda p: (-appeal[p.id], p.id))
    unreviewed = len(products) - round(_UNREVIEWED * len(products))
    counts: dict[str, int] = {}
    for rank, product in enumerate(ranked):
        level = 7000 / (rank + 1) ** 0.85 * math.exp(rng.gauss(0, 0.15))
        counts[product.id] = int(level) if rank < unreviewed else 0
    return [
        p
        if p.rating is None
        else replace(p, review_count=counts[p.id], rating=p.rating if counts[p.id] else None)
        for p in products
    ]


def _lines(records: Iterable[dict[str, Any]]) -> str:
    return "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records)


def build() -> dict[Path, str]:
    """The content of each file, by its path."""
    products = build_products()
    shoppers = [tell(story, products, SEED) for story in STORIES]
    return {
        PRODUCTS: _lines(_in_major(p.to_json(), p.currency) for p in products),
        SHOPPERS: _lines(_in_major(s, CURRENCY) for s in shoppers),
    }


def _in_major(record: Any, currency: str | None) -> Any:
    """A JSON value with every price in it turned from minor into major units."""
    if isinstance(record, dict):
        return {
            k: to_major(v, currency) if k in MONEY else _in_major(v, currency)
            for k, v in record.items()
        }
    return [_in_major(v, currency) for v in record] if isinstance(record, list) else record


def main(arguments: list[str] | None = None) -> int:
    """Write or check the files; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m catalog.demo.build", description=__doc__)
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit 1 on a difference"
    )
    check: bool = parser.parse_args(arguments).check
    stale = 0
    for path, content in build().items():
        if check:
            if not path.exists() or path.read_text(encoding="utf-8") != content:
                sys.stderr.write(
                    f"{path.name} is stale: run python -m catalog.demo.build and commit it\n"
                )
                stale = 1
        else:
            path.write_text(content, encoding="utf-8", newline="\n")
            sys.stderr.write(f"{path.name}: {content.count(chr(10))} lines\n")
    return stale


if __name__ == "__main__":
    raise SystemExit(main())
