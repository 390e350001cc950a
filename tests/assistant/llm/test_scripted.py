import time

import pytest

from assistant.llm.protocol import LanguageModel, Prompt
from assistant.llm.scripted import Request, Scripted
from catalog.errors import ModelError, ModelTimeout

PROMPT = Prompt("", "hi")


def test_it_is_a_language_model() -> None:
    assert isinstance(Scripted(), LanguageModel)


def test_answers_come_in_the_order_they_were_queued_and_calls_are_recorded() -> None:
    model = Scripted("first answer", "second")
    model.enqueue_choice([0.25, 0.75])
    assert list(model.generate(PROMPT)) == ["first", " answer"]
    assert list(model.generate(PROMPT, schema={"type": "string"})) == ["second"]
    assert model.choose(PROMPT, ["a", "b"]) == [0.25, 0.75]
    assert model.choose(PROMPT, ["a", "b"]) == [0.5, 0.5]
    assert model.requests[1:3] == [
        Request(PROMPT, {"type": "string"}),
        Request(PROMPT, options=("a", "b")),
    ]


def test_a_stop_string_ends_the_answer() -> None:
    assert "".join(Scripted("one two three").generate(PROMPT, stop=[" two"])) == "one"


def test_queued_exceptions_and_an_empty_queue_raise() -> None:
    model = Scripted()
    model.enqueue(ModelError("gone"))
    model.enqueue_choice(ValueError("a\nb"))
    with pytest.raises(ModelError, match="gone"):
        list(model.generate(PROMPT))
    with pytest.raises(ModelError, match="scripted failed: a$"):
        model.choose(PROMPT, ["a"])
    with pytest.raises(ModelError, match="no answer left"):
        list(model.generate(PROMPT))


def test_a_slow_answer_meets_the_deadline_and_the_next_call_works() -> None:
    model = Scripted()
    model.enqueue("too late", delay=30)
    model.enqueue("in time", delay=0.01)
    begun = time.monotonic()
    with pytest.raises(ModelTimeout, match="did not answer within 0.05 s"):
        list(model.generate(PROMPT, deadline=0.05))
    assert "".join(model.generate(PROMPT, deadline=10)) == "in time"
    assert time.monotonic() - begun < 10


def test_an_abandoned_answer_frees_the_model() -> None:
    model = Scripted("a b c d", "next")
    pieces = model.generate(PROMPT)
    assert next(pieces) == "a"
    del pieces
    assert list(model.generate(PROMPT, deadline=10)) == ["next"]
