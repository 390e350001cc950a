"""Targets among products drawn evenly and by popularity."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.evaluation.obvious import BESTSELLERS, BY_CHANCE, among_drawn, dialled
from assistant.intent import Constraint, Op
from assistant.moment import Moment
from catalog.product import Product
from retrieval.build import build_index
from retrieval.index import Index, open_index
from tests.fakes import HashEmbedder

LAMP = Constraint("type", Op.EQ, ("lamp",))
OWLS = Constraint("wish", Op.CONTAINS, ("with owls",), hard=False)


def _shop(home: Path, reviews: bool = True) -> Index:
    products = [
        Product(f"p{n:03}", f"Lamp number {n}", type="lamp", rating=4.0,
                review_count=(1000 if n < 30 else 2) if reviews else None)
        for n in range(200)
    ]  # fmt: skip
    loved = Product("loved", "Lamp everybody has", type="lamp", rating=4.0, review_count=900)
    owls = Product("owls", "Lamp with owls", type="lamp", rating=4.0, review_count=2)
    made = [*products, loved, owls] if reviews else products
    build_index("lamps", made, embedder=HashEmbedder(), source="lamps.jsonl", home=home)
    return open_index("lamps", home=home, embedder=HashEmbedder())


def test_a_bestseller_looks_clever_only_beside_what_nobody_buys(tmp_path: Path) -> None:
    with _shop(tmp_path) as index:
        drawn = among_drawn(index, Moment((LAMP,)), {"loved": 3})
    assert drawn is not None
    even, popular = drawn[BESTSELLERS]
    assert even > 2 * popular
    # drawn by popularity nearly all stand above it
    assert popular < 0.05
    # a tie with all fifty: in their middle
    assert drawn[BY_CHANCE] == pytest.approx((1 / 26, 1 / 26))


def test_what_was_asked_for_is_found_by_the_ratio_and_lost_in_what_everybody_buys(
    tmp_path: Path,
) -> None:
    with _shop(tmp_path) as index:
        drawn = among_drawn(index, Moment((LAMP, OWLS)), {"owls": 3})
    assert drawn is not None
    assert drawn[dialled(1.0)] == (1.0, 1.0)
    assert drawn[BESTSELLERS][1] < 0.1
    assert drawn[dialled(0.0)][1] <= drawn[dialled(1.0)][1]


def test_nothing_is_told_where_nothing_can_be_known(tmp_path: Path) -> None:
    with _shop(tmp_path, reviews=False) as index:
        assert among_drawn(index, Moment((LAMP,)), {"p001": 3}) is None
    with _shop(tmp_path) as index:
        assert among_drawn(index, Moment((LAMP,)), {"p001": 2}) is None
