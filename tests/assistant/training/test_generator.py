"""Sentences made by rule: always the same ones, sound, and of every kind."""

from __future__ import annotations

from collections import Counter
from itertools import islice

import pytest

from assistant.compact import check_line, parse_line
from assistant.training.example import Example
from assistant.training.generator import Generator
from assistant.training.lexicon import Lexicon
from assistant.training.queries import from_query

COUNT = 6000


@pytest.fixture(scope="module")
def made() -> list[Example]:
    return list(islice(Generator(Lexicon(), 1), COUNT))


def test_a_seed_always_makes_the_same_sentences(made: list[Example]) -> None:
    assert list(islice(Generator(Lexicon(), 1), 300)) == made[:300]
    assert list(islice(Generator(Lexicon(), 2), 300)) != made[:300]


def test_its_lines_are_in_the_form_and_nearly_all_sound(made: list[Example]) -> None:
    lines = [parse_line(e.line) for e in made]
    assert all(line.written() == e.line for line, e in zip(lines, made, strict=True))
    broken = [e for line, e in zip(lines, made, strict=True) if check_line(e.utterance, line)]
    # A slip may break a value that is said twice: such sentences are left out of the training.
    assert len(broken) < COUNT / 50


def test_it_seldom_repeats_itself(made: list[Example]) -> None:
    assert len({e.utterance.lower() for e in made}) > 0.95 * COUNT


def test_every_kind_of_slot_is_said(made: list[Example]) -> None:
    slots = [s for e in made for s in parse_line(e.line).slots]
    labels = Counter(s.label for s in slots)
    assert labels.keys() == {
        "item", "brand", "color", "material", "size", "feature", "gender", "wish", "price", "measure", "age", "order",
        "than", "field",
    }  # fmt: skip
    assert min(labels.values()) > COUNT / 100
    assert {s.sign for s in slots if s.label == "price"} == {"<=", ">=", "~"}
    assert {s.sign for s in slots if s.label == "measure"} == {"=", "<=", ">=", "~"}
    share = {
        name: sum(getattr(s, name) for s in slots) / len(slots) for name in ("negative", "soft")
    }
    assert share["negative"] > 0.05 and share["soft"] > 0.02


def test_its_words_are_those_it_was_given() -> None:
    lexicon = Lexicon(("zorgle",), ("Plimb",), ("ultramauve",), ("adamant",), ("self-stirring",))
    made = list(islice(Generator(lexicon, 3), 800))
    slots = [s for e in made for s in parse_line(e.line).slots]
    said = {s.value.lower() for s in slots if s.label in ("item", "brand", "color", "material")}
    # Slips change letters, so not only these; but nothing of the built-in words.
    assert {"zorgle", "plimb", "ultramauve", "adamant"} <= said
    assert not said & {"kettle", "halden", "red", "wool"}


@pytest.mark.parametrize(
    ("tokens", "labels", "line"),
    [
        ("Zorg blender teal", "B-creator B-core_product_type B-color", "want brand=Zorg; item=blender; color=teal"),
        ("rice without salt", "B-core_product_type B-modifier I-modifier", "want item=rice; not feature=salt"),
        ("men shoes 2 pack", "B-department B-core_product_type B-quantity I-quantity", "want gender=men; item=shoes; measure=2 pack"),
        ("lamp for desk", "B-core_product_type B-department I-department", "want item=lamp; wish=for desk"),
        ("a b c", "O O O", None),
        ("lamp under 5", "B-core_product_type B-price I-price", None),
        ("lamp lamp", "B-core_product_type B-core_product_type", None),
        ("a;b lamp", "B-color B-core_product_type", None),
    ],
)  # fmt: skip
def test_a_labelled_query_becomes_a_line(tokens: str, labels: str, line: str | None) -> None:
    example = from_query(tokens.split(), labels.split())
    assert (example and example.line) == line
    if example:
        assert check_line(example.utterance, parse_line(example.line)) is None
