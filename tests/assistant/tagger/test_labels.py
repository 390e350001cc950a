"""Compact lines as labels of words, and back."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.compact import parse_line
from assistant.tagger.labels import TAGS, best_path, labels_of, slots_of, words_of
from assistant.training.data import by_hand, conversations

_NONE = np.zeros((0, 2), np.float32)


def one_hot(labels: tuple[int, ...], classes: int) -> np.ndarray:
    scores = np.zeros((len(labels), classes), np.float32)
    for row, label in enumerate(labels):
        if label >= 0:
            scores[row, label] = 1
    return scores


def test_every_line_by_hand_survives_being_labels() -> None:
    examples = [*by_hand(), *(e for many in conversations().values() for t in many for e in t)]
    lost = 0
    for example in examples:
        words = words_of(example.utterance)
        line = parse_line(example.line)
        labels = labels_of(example.utterance, line, words)
        assert labels is not None, example
        slots = slots_of(
            example.utterance, words, labels.tags,
            one_hot(labels.denied, 2), one_hot(labels.soft, 2), one_hot(labels.sign, 4),
        )  # fmt: skip
        lost += slots != line.slots
    # a value may begin with a sign that no word edge tells apart
    assert lost <= 0.002 * len(examples)


@pytest.mark.parametrize(
    ("utterance", "line", "tags"),
    [
        ("not red, max 60", "want not color=red; price<=60", ["O", "B-color", "O", "O", "B-price"]),
        ("size 34/32", "want size=34/32", ["O", "B-size", "I-size", "I-size"]),
        ("🎁 for dad?!", "want wish=for dad", ["O", "B-wish", "I-wish", "O", "O"]),
        ("x_y", "want item=x_y", ["B-item", "I-item", "I-item"]),
    ],
)
def test_words_and_signs_get_tags(utterance: str, line: str, tags: list[str]) -> None:
    labels = labels_of(utterance, parse_line(line), words_of(utterance))
    assert labels is not None
    assert [TAGS[t] for t in labels.tags] == tags


def test_a_value_beyond_the_words_given_has_no_labels() -> None:
    line = parse_line("want item=kettle; color=red")
    assert labels_of("kettle, red", line, words_of("kettle, red")[:1]) is None


@given(st.integers(1, 9), st.randoms(use_true_random=False))
def test_the_best_path_begins_what_it_goes_on_with(length: int, chance: object) -> None:
    scores = np.log(np.random.default_rng(length).random((length, len(TAGS)), np.float32) + 1e-6)
    path = ["O", *(TAGS[t] for t in best_path(scores))]
    for before, tag in zip(path, path[1:], strict=False):
        assert not tag.startswith("I-") or before[2:] == tag[2:]
    assert best_path(_NONE) == []


def test_the_best_path_is_the_likeliest_of_all_that_are_allowed() -> None:
    tags = ["O", "B-item", "I-item"]
    at = [TAGS.index(t) for t in tags]
    scores = np.full((2, len(TAGS)), -9.0, np.float32)
    # by themselves: outside, then inside, which may not follow
    scores[0, at] = [-0.1, -0.4, -9.0]
    scores[1, at] = [-2.0, -5.0, -0.1]
    assert [TAGS[t] for t in best_path(scores)] == ["B-item", "I-item"]
