"""Questions about which of the items shown has the most of something, or has it at all."""

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from assistant.which import which_of
from catalog.product import AttributeValue, Measure, Product
from retrieval.embedder import Matrix
from retrieval.vocabulary import Vocabulary
from tests.assistant.shop import corner_shop

KETTLES = [p for p in corner_shop() if p.type == "kettle"][:3]


def shown(field: str, *values: AttributeValue | None) -> list[Product]:
    return [
        replace(p, title=f"Kettle {'ABC'[n]}", attributes={} if v is None else {field: v})
        for n, (p, v) in enumerate(zip(KETTLES, values, strict=True))
    ]


@pytest.mark.parametrize(
    ("question", "field", "values", "told"),
    [
        ("ok, which of those is heaviest?", "weight", (1.0, 3.0, 2.0), "Kettle B: 3, the heaviest of these three."),
        ("which one is the least noisy", "noise", (60.0, None, 52.0), "Kettle C: 52, the quietest of the two here that state it."),
        ("and which of them lasts the longest?", "battery_life", (9.0, 9.0, 4.0), "Kettle A and Kettle B: 9 each, the longest-lasting of these three."),
        ("which one has the most ports?", "ports", (2.0, 4.0, 3.0), "Kettle B: 4, the most ports of these three."),
        ("which of these three is the lightest", "noise", (1.0, 2.0, 3.0), "None of these states its weight."),
        ("which one is the brightest", "brightness", (None, 400.0, None), "Only Kettle B states its brightness: 400."),
        ("which of these is the softest?", "noise", (1.0, 2.0, 3.0), "The listings don't say which is the softest."),
        ("which of these have got a mic", "microphone", (True, False, True), "Microphone: Kettle A and Kettle C."),
        ("which one has a microphone", "microphone", (False, False, None), "Microphone: none of these."),
        ("which one comes with a harpoon?", "noise", (1.0, 2.0, 3.0), "None of these listings speaks of “harpoon”."),
    ],
)  # fmt: skip
def test_what_is_asked_of_the_items_shown_is_what_is_told(
    question: str, field: str, values: Sequence[AttributeValue | None], told: str
) -> None:
    answer = which_of(question, shown(field, *values))
    assert answer is not None and answer.text == told
    assert {p.title for p in answer.products} == set(re.findall(r"Kettle \w", told))


@pytest.mark.parametrize(
    ("question", "field", "values", "told"),
    [
        ("which one is cordless?", "cordless", (False, True, True), "Cordless: Kettle B and Kettle C."),
        ("which of these are corded", "cordless", (False, None, True), "Corded: Kettle A."),
        ("which one has no cord?", "cordless", (False, True, False), "No cord: Kettle B."),
        ("which one is made of glass?", "material", ("steel", "glass", "borosilicate glass"), "Made of glass: Kettle B and Kettle C."),
        ("which ones are red", "color", ("red", "blue", "red"), "Red: Kettle A and Kettle C."),
    ],
)  # fmt: skip
def test_those_that_meet_what_is_asked_are_all_named(
    question: str, field: str, values: Sequence[AttributeValue | None], told: str
) -> None:
    kettles = shown(field, *values)
    answer = which_of(question, kettles, Vocabulary.build(kettles))
    assert answer is not None and answer.text == told
    assert {p.title for p in answer.products} == set(re.findall(r"Kettle \w", told))


@pytest.mark.parametrize(
    "text",
    ["which is the quietest?", "which one is the cheapest under 60", "which of the two is lighter", "which ones have a harpoon", "which one is for tea", "a quieter one"],
)  # fmt: skip
def test_a_question_of_other_things_is_not_answered(text: str) -> None:
    assert which_of(text, shown("noise", 1.0, 2.0, 3.0)) is None


def of_meaning(texts: Sequence[str]) -> Matrix:
    """Of one meaning is what speaks of cold or of snow."""
    about = [float("snow" in t or "cold" in t) for t in texts]
    return np.array([[a, 1 - a] for a in about], np.float32)


@pytest.mark.parametrize(
    ("question", "values", "told"),
    [
        ("which of these takes the snowiest night?", (-5.0, -15.0, 2.0), "Cold limit: Kettle B -15, Kettle A -5, Kettle C 2."),
        ("which one is the snowiest", (-5.0, None, -7.0), "Cold limit: Kettle C -7, Kettle A -5."),
        ("which one is the snowiest", (-5.0, None, None), "The listings don't say which is the snowiest."),
        ("which one is the prettiest", (-5.0, -15.0, 2.0), "The listings don't say which is the prettiest."),
    ],
)  # fmt: skip
def test_a_superlative_of_no_table_is_answered_by_the_quantity_nearest_in_meaning(
    question: str, values: Sequence[AttributeValue | None], told: str
) -> None:
    answer = which_of(question, shown("cold_limit", *values), encode=of_meaning)
    assert answer is not None and answer.text == told and not answer.products


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("which works out cheapest per sachet?", "Kettle B: $4.00 per sachet, the cheapest of the two here that state it."),
        ("cheapest per piece", "Kettle B: $4.00 per piece, the cheapest of the two here that state it."),
        ("which of these is the best value per kilo?", "Kettle C: $9.00 per kilo, the cheapest of these three."),
        ("cheapest per tin?", "Kettle B: $4.00 per tin, the cheapest of the two here that state it."),
        ("cheapest per spoon", None),
        ("cheapest sachets per delivery", None),
    ],
)  # fmt: skip
def test_the_cheapest_per_piece_or_measure_is_counted_out(question: str, told: str | None) -> None:
    packs: list[dict[str, AttributeValue]] = [
        {"pack_size": Measure(2, "pc"), "net_weight": Measure(1, "kg")},
        {"pack_size": Measure(10, "pc"), "net_weight": Measure(2, "kg")},
        {"net_weight": Measure(3, "kg")},
    ]
    prices = (1000, 4000, 2700)
    offered = [
        replace(p, title=f"Kettle {'ABC'[n]}", description="In a sachet.", currency="USD", price=prices[n], attributes=packs[n])
        for n, p in enumerate(KETTLES)
    ]  # fmt: skip
    answer = which_of(question, offered)
    assert (answer.text if answer else None) == told
