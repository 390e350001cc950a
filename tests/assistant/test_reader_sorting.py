"""Orders of the results asked for outright, and words that only look like one."""

from __future__ import annotations

import pytest

from assistant.intent import Sort
from assistant.reader.sorting import outright


@pytest.mark.parametrize(
    ("said", "field", "descending"),
    [
        ("cheapest first", "price", False),
        ("nothing in the basket yet ta. cheapest at the top", "price", False),
        ("cheapies up top", "price", False),
        ("put me the less expensive above", "price", False),
        ("start with the inexpensive ones", "price", False),
        ("priced low to high", "price", False),
        ("sort price asc", "price", False),
        ("price low first", "price", False),
        ("order them by price", "price", False),
        ("dearest first please", "price", True),
        ("sort by price, high to low", "price", True),
        ("price desc", "price", True),
        ("by stars, best on top", "rating", True),
        ("line them up by stars, most stars first", "rating", True),
        ("whichever has the best ratings, keep on top", "rating", True),
        ("the best notes in first please", "rating", True),
        ("most popular first", "review_count", True),
        ("biggest discounts first", "discount", True),
    ],
)
def test_an_order_is_asked_for_in_many_ways(said: str, field: str, descending: bool) -> None:
    found = outright(said)
    assert found is not None and found[0] == Sort(field, descending)
    assert 0 <= found[1] < found[2] <= len(said)


@pytest.mark.parametrize(
    "said",
    [
        "the first one", "is the cheapest first aid kit in stock", "a cheap kettle", "add the cheapest to my cart", "the best of both",
        "put the first one above the fireplace", "high chair", "low table to sit at", "by Friday", "popular with kids", "it goes on top of the cupboard", "",
    ],
)  # fmt: skip
def test_other_words_ask_for_no_order(said: str) -> None:
    assert outright(said) is None
