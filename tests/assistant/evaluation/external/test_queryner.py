"""Spans of search queries: what counts as found, and by whom."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.compact import Slot
from assistant.evaluation.external.queryner import (
    Dictionary,
    Query,
    Span,
    evaluate,
    exact,
    gold_spans,
    located,
    reader_spans,
    relaxed,
    slot_spans,
    unlabelled,
)
from assistant.evaluation.suites import Setup
from assistant.llm.scripted import Scripted
from tests.assistant.evaluation.external.conftest import DEV, TRAIN

TYPE = "core_product_type"


def queries(rows: tuple[dict[str, object], ...]) -> list[Query]:
    return [Query.model_validate(r) for r in rows]


def test_labels_are_joined_into_classes_and_others_left_out() -> None:
    first, second = queries(DEV)
    assert gold_spans(first) == [Span(0, 1, "color"), Span(1, 2, "material"), Span(2, 4, TYPE)]
    assert gold_spans(second) == [Span(0, 1, TYPE), Span(1, 3, "price")]


def test_a_stray_inside_label_opens_a_span_of_its_own() -> None:
    stray = Query(tokens=("a", "b", "c"), labels=("I-color", "I-price", "I-price"))
    assert gold_spans(stray) == [Span(0, 1, "color"), Span(1, 3, "price")]


def test_the_dictionary_takes_the_longest_phrase_and_its_most_frequent_class() -> None:
    found = Dictionary(queries(TRAIN))
    assert found(("TIN", "tea", "mug")) == [Span(0, 1, "material"), Span(1, 3, TYPE)]
    assert found(("1980s", "mug", "unheard")) == [Span(1, 2, TYPE)]


def test_words_are_located_at_every_place_and_part_of_a_token_means_all_of_it() -> None:
    assert located(("red", "mug", "red"), "RED") == [(0, 1), (2, 3)]
    assert located(("red-brown", "mug"), "brown  mug") == [(0, 2)]
    assert located(("reddish", "mug"), "red") == []


def test_slots_are_located_one_after_the_other_and_unknown_words_dropped() -> None:
    slots = [
        Slot("color", "=", "red"), Slot("item", "=", "mug"), Slot("wish", "=", "red"),
        Slot("wish", "=", "red"), Slot("brand", "=", "acme"), Slot("ref", "=", "mug"),
    ]  # fmt: skip
    assert slot_spans(("red", "mug", "red"), slots) == [
        Span(0, 1, "color"), Span(1, 2, TYPE), Span(2, 3, "wish"), Span(0, 1, "wish"),
    ]  # fmt: skip


def test_the_reader_marks_limits_measures_and_colours() -> None:
    found = reader_spans(("red", "mug", "2", "l", "under", "$9"))
    assert {Span(0, 1, "color"), Span(2, 4, "UoM"), Span(4, 6, "price")} <= set(found)


def test_relaxed_wants_the_head_and_the_class_exact_wants_every_token() -> None:
    gold = [Span(0, 3, TYPE), Span(3, 4, "color")]
    head, tail, other = Span(2, 3, TYPE), Span(0, 2, TYPE), Span(3, 4, "material")
    assert (exact([head, other], gold).right, relaxed([head, other], gold).right) == (0, 1)
    assert relaxed([tail], gold).right == 0
    assert relaxed([Span(0, 4, TYPE)], [*gold, Span(3, 4, TYPE)]).right == 1
    assert unlabelled([other], gold).right == 1


def test_all_systems_are_measured_on_the_same_queries(data: Path) -> None:
    model = Scripted("want color=Red; material=tin; item=tea mug")
    outcome = evaluate(Setup(data=data), model)
    made = {name: e.value for name, e in outcome.estimates().items()}
    assert outcome.counts["queries"] == 2
    assert outcome.counts["queryner_unread_by_model"] == 1
    # three of three, then nothing: the model had no second answer
    assert made["queryner_precision_model"] == 1
    assert made["queryner_recall_model"] == pytest.approx(3 / 5)
    # the dictionary knows all words but the price's
    assert made["queryner_recall_vocabulary"] == pytest.approx(4 / 5)
    row = outcome.tables["by_label"]["price, vocabulary"]
    assert (row["marked"], row["found"], row["recall"]) == (1, 0, 0.0)
    assert outcome.tables["labels_left_out"] == {"time": 1}
    assert set(outcome.headline) <= set(outcome.samples)


def test_without_a_model_only_reader_and_baseline_are_told(data: Path) -> None:
    outcome = evaluate(Setup(data=data, limit=1), None)
    assert outcome.counts["queries"] == 1
    assert not [name for name in outcome.samples if name.endswith("_model")]
