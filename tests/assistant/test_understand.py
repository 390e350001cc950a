"""The two readings put together: what the model is told, and what is read of a whole utterance."""

from __future__ import annotations

import pytest

from assistant.intent import Act, Intent
from assistant.llm.scripted import Scripted
from assistant.moment import Moment
from assistant.parse import parse_intent
from assistant.understand import topic_of, understand
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
        assert intent.text == said
        assert [i.act for i in intent.before] == [Act.SAVE]
        assert constraints(intent) == ["color = red", "type = socks"]
        assert Intent.from_json(intent.to_json()) == intent


def test_one_thing_has_nothing_before_it(words: Vocabulary) -> None:
    assert understand("red socks", Moment(), words).before == ()
