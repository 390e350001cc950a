"""Answers to questions about shown items: a field the words name, the name, or a sentence that says it."""

from __future__ import annotations

import pytest

from assistant.differences import compare, told_apart, unmeasured
from assistant.stated import answers_of, asks_opinion
from assistant.which import which_of
from catalog.product import Measure, Product
from retrieval.vocabulary import Vocabulary

KETTLE = Product(
    "k", "Hush Kettle", description="Boils fast.", type="kettle",
    attributes={"variable_temperature": False, "noise": Measure(54, "dB")},
)  # fmt: skip
CHAIR = Product(
    "c", "Ergo Glide Office Chair", type="chair",
    description="Elevate any room with the Ergo Glide Office Chair. Its modern black design suits any desk.",
)  # fmt: skip
HOODIE = Product("h", "Cloud Zip-Up Hoodie", description="A blend of style and warmth.")


@pytest.mark.parametrize(
    ("product", "question", "text", "told"),
    [
        # no neighbouring field answers
        (KETTLE, "keep-warm", "does it have keep-warm?", "doesn't say anything about keep-warm."),
        (KETTLE, "variable temperature", "does it have variable temperature?", "variable temperature: no."),
        # the sentence that says it, not the one that holds the name
        (CHAIR, "color", "the ergo glide, what colour is it", "“Its modern black design suits any desk.”"),
        (HOODIE, "warm", "is the first one warm?", "“A blend of style and warmth.”"),
        (Product("s", "Silent Keys", description="Types well."), "silent", "is it silent?", "its name says “Silent”."),
        # several things in one breath, each by itself
        (CHAIR, None, "does it have lumbar support? and arm rests", "anything about lumbar support or arm rests."),
        (Product("r", "Duet", rating=4.5, review_count=28), "people say", "what do people say about it?", "rated 4.5 from 28 reviews. The listing quotes no reviews."),
    ],
)  # fmt: skip
def test_an_answer_says_what_was_asked(
    product: Product, question: str | None, text: str, told: str
) -> None:
    pointed = ["ergo glide"] if "ergo glide" in text else []
    assert answers_of([product], question, text, None, pointed).endswith(told)


@pytest.mark.parametrize(
    ("text", "opinion"),
    [("what do people say about it?", True), ("is it any good?", True), ("is it blue?", False)],
)
def test_opinions_are_asked_in_few_ways(text: str, opinion: bool) -> None:
    assert asks_opinion(text) is opinion


TOYS = [
    Product("f", "Fizz Train Set", type="train set", attributes={"pieces": Measure(20, "pc")}),
    Product("p", "Paddle Train Set", type="train set", attributes={"pieces": Measure(46, "pc")}),
    Product("c", "Cat Puzzle", type="puzzle", attributes={"pieces": Measure(12, "pc")}),
]
KEYS = [
    Product(str(n), f"Keys {n}", type="keyboard", price=cost, currency="USD", attributes={"tenkeyless": small, "material": case})
    for n, (cost, small, case) in enumerate([(1998, True, "wood"), (2500, False, "metal"), (2600, False, "wood"), (100, False, "metal")], 1)
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "shown", "named"),
    [
        ("which train set has the fewest pieces?", TOYS, ["f"]),
        ("which one has the fewest pieces?", TOYS, ["c"]),
        ("which of the first three has a number pad?", KEYS, ["2", "3"]),
        ("which of the wooden ones is cheapest?", KEYS, ["1"]),
        ("which of them is cheapest?", KEYS, ["4"]),
    ],
)
def test_which_of_some_is_asked_of_those_alone(
    text: str, shown: list[Product], named: list[str]
) -> None:
    found = which_of(text, shown, Vocabulary.build(shown))
    assert found is not None and [p.id for p in found.products] == named


def test_a_comparison_no_field_measures_is_said_to_be_open() -> None:
    assert unmeasured("which one is harder?", TOYS) == "harder"
    assert unmeasured("which one is cheaper?", KEYS) is None


def test_what_differs_in_words_alone_is_quoted() -> None:
    pair = [
        Product("a", "One Chair", description="Has a breathable mesh back and a chrome frame."),
        Product("b", "Two Chair", description="Comes with a contoured seat in black."),
    ]
    rows, verdict = compare(pair, ())
    assert verdict == "Nothing the listings state puts one ahead."
    told = told_apart("what's the difference?", pair, rows)
    assert "breathable mesh back" in told and "contoured seat" in told
