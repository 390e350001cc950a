"""Seeded random conversations: whatever is said in whatever order, every turn keeps its promises."""

from __future__ import annotations

import random

import pytest

from retrieval.index import Index
from tests.assistant.conftest import Converse
from tests.assistant.promises import say
from tests.assistant.shop import ANA

SAYINGS = (
    "kettle", "jeans", "socks", "headphones", "dog treats", "puzzle", "face wash", "lamp", "vase", "fan", "red", "not red",
    "white or black", "under 60", "over 80", "under $20", "between 10 and 30", "around 50", "at least 1.5 l", "under 1 litre",
    "cheaper", "bigger", "quieter", "lighter", "forget the budget", "any colour", "blue is fine too", "size XL", "not wool",
    "start over", "save the first one", "add the second one to my cart", "remove it from my cart", "more", "show me more",
    "quiet", "the cheapest", "the cheapest one", "back to the kettle", "wireless", "not wireless", "at least 4 stars",
    "over 100 reviews", "by Cove", "not Cove", "ideally cotton", "thanks", "is it loud?", "compare the first two",
    "compare them", "similar to the first", "why the first one?", "what colour is it", "the usual", "buy the kettle again",
    "gift for my dad", "in stock", "on sale", "sorted by price", "best rated", "biggest", "for a 4 year old",
    "at least 100 pieces", "doesn't matter", "up to 1 l", "not necessarily red", "no", "ok", "make it 80",
    "what about the third", "waist 32", "grain-free", "scent free", "without plastic", "nothing in glass", "50 €",
    "tell me more about the last one", "not more than 30", "the red one", "which one is better",
)  # fmt: skip


@pytest.mark.parametrize("seed", range(24))
def test_no_order_of_sayings_breaks_a_promise(
    seed: int, converse: Converse, corner: Index, harbour: Index
) -> None:
    chance = random.Random(seed)
    index = chance.choice((corner, corner, harbour))
    shop = converse(shopper=ANA if index is corner and seed % 2 else None, index=index)
    for _ in range(10):
        say(shop, ", ".join(chance.sample(SAYINGS, chance.choice((1, 1, 1, 2)))))
