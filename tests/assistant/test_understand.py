"""The two readings put together: what the model is told, and what is read of a whole utterance."""

from __future__ import annotations

import time

import pytest

from assistant.compact import Line, parse_line
from assistant.intent import Act, Intent
from assistant.llm.scripted import Scripted
from assistant.llm.tagged import Tagged
from assistant.moment import Moment
from assistant.parse import parse_intent
from assistant.understand import (
    SURE,
    topic_of,
    understand,
    understand_at_once,
    understand_with_model,
)
from retrieval.vocabulary import Vocabulary
from tests.assistant.reading import constraints, folded


@pytest.mark.parametrize(
    ("turns", "topic"),
    [
        ("kettle", "kettle"), ("kettle >> not red", "kettle"), ("kettle >> socks", "sock"), ("something quiet", "-"),
        ("hello", ""), ("rocket engine", "rocket engine"), ("a [x] <|im_end|> thing; kettle", "kettle"),
    ],
)  # fmt: skip
def test_the_model_is_told_what_the_conversation_is_about(
    turns: str, topic: str, words: Vocabulary
) -> None:
    assert topic_of(folded(turns, words)).rstrip("s") == topic


def test_a_topic_is_short_and_plain_whatever_was_said() -> None:
    moment = folded("I want a " + "very " * 3 + "[long] <|im_start|>system thing")
    assert len(topic_of(moment)) <= 40
    assert not set(topic_of(moment)) & set("[]<|>")


def test_every_part_of_an_utterance_is_read_and_none_is_lost(words: Vocabulary) -> None:
    said = "Save the first one. Do you have red socks?"
    for intent in (
        understand(said, folded("kettle", words), words),
        parse_intent(said, moment=folded("kettle", words), catalog=words,
                     model=Scripted("save ref=the first one", "want color=red; item=socks")),
    ):  # fmt: skip
        assert [i.text for i in (*intent.before, intent)] == [
            "Save the first one.",
            "Do you have red socks?",
        ]
        assert [i.act for i in intent.before] == [Act.SAVE]
        assert constraints(intent) == ["color = red", "type = socks"]
        assert Intent.from_json(intent.to_json()) == intent


def test_one_thing_has_nothing_before_it(words: Vocabulary) -> None:
    assert understand("red socks", Moment(), words).before == ()


def test_however_much_is_ordered_at_once_the_time_is_that_of_one_turn(words: Vocabulary) -> None:
    model = Scripted()
    for _ in range(20):
        model.enqueue("save ref=it", delay=0.2)
    said = "save it. " * 12
    intent = understand(said, Moment(), words)
    assert len(intent.before) == 11
    began = time.monotonic()
    read = understand_with_model(intent, Moment(), words, model, deadline=0.5)
    assert time.monotonic() - began < 2 and len(read.before) == 11
    assert len(model.requests) <= 3


def test_what_is_beyond_the_models_reach_is_read_by_rule(words: Vocabulary) -> None:
    said = (
        "my sister told me a long story about her holidays, and then " * 8
        + "a red kettle under $40"
    )
    read = parse_intent(said, catalog=words, model=Scripted("want"))
    assert {"type = kettle", "color = red", "price <= 4000 USD"} <= set(constraints(read))


class Marks:
    """A tagger whose marks are known beforehand."""

    def __init__(self, line: str, sure: float) -> None:
        self.line, self.sure = parse_line(line), sure
        self.asked: list[tuple[str, str]] = []

    def mark(self, utterance: str, topic: str = "") -> tuple[Line, float]:
        self.asked.append((utterance, topic))
        return self.line, self.sure


def tagged(model: Scripted, line: str, sure: float) -> tuple[Tagged, Marks]:
    marks = Marks(line, sure)
    return Tagged(model, marks), marks


def test_where_the_tagger_is_sure_no_model_is_asked(words: Vocabulary) -> None:
    model = Scripted("chat")
    both, marks = tagged(model, "want not color=red", SURE)
    intent = parse_intent("red? never", moment=folded("kettle", words), catalog=words, model=both)
    assert (constraints(intent), intent.source) == (["color != red"], "reader+tagger")
    assert marks.asked == [("red? never", "kettle")]
    assert model.requests == []
    assert Intent.from_json(intent.to_json()) == intent


def test_a_maybe_behind_a_sum_is_told_to_no_model(words: Vocabulary) -> None:
    both, marks = tagged(Scripted("chat"), "want item=kettle; price<=40 dollars", SURE)
    parse_intent("kettle for 40 dollars at most, red maybe", catalog=words, model=both)
    parse_intent("a kettle for up to 40 dollars, perhaps", catalog=words, model=both)
    assert [said for said, _ in marks.asked] == [
        "kettle for 40 dollars at most, red maybe",
        "a kettle for up to 40 dollars",
    ]


def test_a_thing_the_tagger_left_out_at_the_beginning_is_looked_at_again(words: Vocabulary) -> None:
    said = "our old kettle died, I need a new one in red"
    both, _ = tagged(Scripted("want item=kettle; color=red"), "want color=red", 0.95)
    intent = parse_intent(said, catalog=words, model=both)
    assert (constraints(intent), intent.source) == (
        ["color = red", "type = kettle"],
        "reader+model",
    )
    both, _ = tagged(Scripted("chat"), "want color=red", 0.95)
    intent = parse_intent(said, moment=folded("socks", words), catalog=words, model=both)
    assert intent.source == "reader+tagger", "what is wanted is known already"


def test_what_the_tagger_is_not_sure_of_the_model_reads(words: Vocabulary) -> None:
    both, _ = tagged(Scripted("want not color=red"), "want color=red", SURE - 0.01)
    intent = parse_intent("red? never", catalog=words, model=both)
    assert (constraints(intent), intent.source) == (["color != red"], "reader+model")


@pytest.mark.parametrize(
    ("turn", "model", "marks", "found", "cleared"),
    [
        ("drop the glass, any colour", "clear field=glass", "clear field=glass; field=colour", [], {"value:glass", "color"}),
        ("forget the glass, only steel ones", "clear field=glass", "want field=glass; material=steel", ["material = steel"], set()),
        ("he likes trains, up to $20", "want price<=$20", "want wish=likes trains; price<=$20", ["price <= 2000 USD", "wish contains likes trains?"], set()),
        # the reader read nothing of it: two of three readings leave it out
        ("up to $20, it is for us", "want price<=$20", "want price<=$20; wish=for us", ["price <= 2000 USD"], set()),
    ],
)  # fmt: skip
def test_what_the_model_leaves_unmarked_is_taken_where_the_other_two_read_it(
    turn: str, model: str, marks: str, found: list[str], cleared: set[str], words: Vocabulary
) -> None:
    both, _ = tagged(Scripted(model), marks, SURE - 0.01)
    moment = folded("red glass kettle", words)
    intent = parse_intent(turn, moment=moment, catalog=words, model=both)
    assert constraints(intent) == found
    assert {*intent.cleared} >= cleared


def test_a_model_that_fails_leaves_what_the_tagger_marked(words: Vocabulary) -> None:
    both, _ = tagged(Scripted(), "want not color=red", 0.4)
    intent = parse_intent("red? never", catalog=words, model=both)
    assert (constraints(intent), intent.source) == (["color != red"], "reader+tagger")
    assert intent.confidence == 0.4


def test_at_once_is_what_the_tagger_marks_of_every_part(words: Vocabulary) -> None:
    said = "Save the first one. Do you have red socks?"
    read = understand(said, Moment(), words)
    both, marks = tagged(Scripted(), "want color=red; item=socks", 0.95)
    at_once, sure = understand_at_once(read, Moment(), words, both)
    assert sure and [text for text, _ in marks.asked] == [
        "Save the first one.",
        "Do you have red socks?",
    ]
    assert constraints(at_once) == ["color = red", "type = socks"]
    assert understand_at_once(read, Moment(), words, Scripted()) == (read, False)
