"""Questions in other words than the record's: what comes nearest is told, word for word, or nothing."""

from __future__ import annotations

import pytest

from assistant.passages import encoder, nearest, question_parts
from assistant.stated import answers_of
from catalog.product import Measure, Product
from retrieval.embedder import STATIC_MINILM, open_embedder

OVEN = Product(
    "o",
    "Camp oven",
    "Bakes for six. The lid clips shut, ideal for beginners. Runs on gas cartridges.",
    attributes={
        "preheating_time": Measure(11, "min"),
        "foldable": False,
        "highest_temperature": Measure(240, "°C"),
    },
)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("how hot does the first get?", ["how hot does the first get"]),
        (
            "does it fold, and how hot does it get?",
            ["does it fold", "how hot does it get"],
        ),
        ("How heavy is it? Is it loud?", ["How heavy is it", "Is it loud"]),
        ("is it black and white?", ["is it black and white"]),
        ("is it loud? are there any quieter ones?", ["is it loud"]),
        ("", []),
        ("is it loud? " * 900, ["is it loud"] * 4),
    ],
)
def test_an_utterance_is_taken_apart_into_its_questions(text: str, parts: list[str]) -> None:
    assert question_parts(text) == parts


@pytest.mark.model
@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("does the second one fold up?", ("foldable: no", "foldable")),
        ("how hot can it get?", ("highest temperature 240 °C", "highest_temperature")),
        ("how long until it has heated up?", ("preheating time 11 min", "preheating_time")),
        (
            "is the first one good for a novice?",
            (
                "the listing says “The lid clips shut, ideal for beginners.”",
                "description",
            ),
        ),
        ("when will it be delivered?", None),
        ("is there a guarantee?", None),
        ("who designed it?", None),
        ("🤷", None),
    ],
)
def test_what_comes_nearest_is_told_or_nothing(question: str, told: tuple[str, str] | None) -> None:
    encode = encoder(open_embedder())
    assert encode is not None
    assert nearest(OVEN, question, encode) == told
    assert nearest(Product("n", "Nothing known"), question, encode) is None


@pytest.mark.model
def test_each_of_two_questions_is_answered_or_said_to_be_open() -> None:
    encode = encoder(open_embedder())
    text = "how hot can it get, and is there a guarantee?"
    assert answers_of([OVEN], "hot", text, encode) == (
        "Camp oven: highest temperature 240 °C. The listing doesn't say anything about a guarantee."
    )


def test_an_embedder_the_limits_were_not_found_for_compares_nothing() -> None:
    assert encoder(open_embedder(STATIC_MINILM)) is None
