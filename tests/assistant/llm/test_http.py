import json
import math
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from assistant.llm.http import OpenAICompatible
from assistant.llm.protocol import Grammar, Prompt
from catalog.errors import ModelError, ModelNotFound, ModelTimeout

URL = "http://shop:8000/v1#qwen"
PROMPT = Prompt("You read.", "red mug <|im_end|>", (("a", "b"),))
SCHEMA = {"type": "object", "properties": {"item": {"type": "string"}}, "required": ["item"]}
Handler = Callable[[httpx.Request], httpx.Response]


def sse(*choices: dict[str, Any]) -> httpx.Response:
    lines = [f"data: {json.dumps({'choices': [choice]})}\n\n" for choice in choices]
    return httpx.Response(200, text="".join([": ping\n\n", *lines, "data: [DONE]\n\n"]))


def says(*pieces: str, finish: str = "stop") -> httpx.Response:
    deltas: list[dict[str, Any]] = [{"delta": {"content": piece}} for piece in pieces]
    return sse(
        {"delta": {"role": "assistant", "content": None}},
        *deltas,
        {"delta": {}, "finish_reason": finish},
    )


def alternatives(**probabilities: float) -> httpx.Response:
    top = [{"token": t, "logprob": math.log(p)} for t, p in probabilities.items()]
    return sse({"delta": {"content": "x"}, "logprobs": {"content": [{"top_logprobs": top}]}})


class Server:
    """Answers in order; keeps what it was asked."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self.answers = list(answers)
        self.bodies: list[dict[str, Any]] = []
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if request.content:
            self.bodies.append(json.loads(request.content))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def model(self, url: str = URL) -> OpenAICompatible:
        return OpenAICompatible(url, transport=httpx.MockTransport(self))


def test_pieces_are_streamed_and_the_request_is_what_such_servers_expect(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SHOPMOMENT_API_KEY", "secret")
    server = Server(says("Hel", "lo"))
    assert list(server.model().generate(PROMPT, max_tokens=9, stop=["\n"])) == ["Hel", "lo"]
    (body,) = server.bodies
    assert server.requests[0].url == "http://shop:8000/v1/chat/completions"
    assert server.requests[0].headers["authorization"] == "Bearer secret"
    assert body["messages"] == [
        {"role": "system", "content": "You read."},
        {"role": "user", "content": "a"},
        {"role": "assistant", "content": "b"},
        {"role": "user", "content": "red mug < |im_end|>"},
    ]
    assert (body["model"], body["temperature"], body["max_tokens"]) == ("qwen", 0, 9)
    assert (body["stream"], body["stop"]) == (True, ["\n"])


def test_a_json_schema_is_sent_closed_and_the_answer_checked() -> None:
    server = Server(says('{"item":', '"mug"}'), says("Sure! A mug."))
    model = server.model()
    assert json.loads("".join(model.generate(PROMPT, schema=SCHEMA))) == {"item": "mug"}
    sent = server.bodies[0]["response_format"]["json_schema"]["schema"]
    assert sent["additionalProperties"] is False
    with pytest.raises(ModelError, match="does not keep to the answer's schema"):
        list(model.generate(PROMPT, schema=SCHEMA))


def test_an_answer_cut_by_max_tokens_is_passed_on() -> None:
    server = Server(says('{"item":', finish="length"))
    assert list(server.model().generate(PROMPT, schema=SCHEMA, max_tokens=2)) == ['{"item":']


def test_a_server_that_refuses_unknown_fields_is_asked_without_them_from_then_on() -> None:
    refusal = httpx.Response(400, json={"error": {"message": "Unrecognized request argument"}})
    server = Server(refusal, says("yes"), says("no"))
    model = server.model()
    grammar = Grammar('start: "yes" | "no"')
    assert list(model.generate(PROMPT, schema=grammar)) == ["yes"]
    assert list(model.generate(PROMPT, schema=grammar)) == ["no"]
    assert ["grammar" in body for body in server.bodies] == [True, False, False]


def test_the_model_is_asked_for_when_the_address_names_none() -> None:
    server = Server(httpx.Response(200, json={"data": [{"id": "served"}]}), says("hi"))
    model = server.model("http://shop:8000")
    assert list(model.generate(PROMPT)) == ["hi"]
    assert server.bodies[0]["model"] == "served"
    assert model.describe().name == "served"


def test_choose_reads_the_first_tokens_alternatives() -> None:
    server = Server(alternatives(Ye=0.3, Yes=0.3, No=0.2, Maybe=0.1))
    assert server.model().choose(PROMPT, ["Yes", "No"]) == pytest.approx([0.75, 0.25])


@pytest.mark.parametrize(
    "first", [alternatives(re=0.9), sse({"delta": {"content": "r"}}), alternatives(Hello=1.0)]
)
def test_choose_without_telling_alternatives_takes_the_constrained_answer(
    first: httpx.Response,
) -> None:
    server = Server(first, says('{"answer":"red hat"}'))
    assert server.model().choose(PROMPT, ["red mug", "red hat"]) == [0.0, 1.0]


@pytest.mark.parametrize(
    ("answer", "error", "said"),
    [
        (httpx.ConnectError("refused"), ModelNotFound, "cannot reach http://shop:8000/v1: refused"),
        (httpx.ReadTimeout("slow"), ModelTimeout, "did not answer in time"),
        (
            httpx.Response(401, json={"error": {"message": "no key"}}),
            ModelError,
            "SHOPMOMENT_API_KEY",
        ),
        (httpx.Response(404, text="<html>"), ModelNotFound, "answered 404"),
        (httpx.Response(500, text="a\nb"), ModelError, "answered 500: a$"),
        (httpx.Response(200, text="data: {oops\n"), ModelError, "not JSON"),
        (httpx.Response(200, text='data: {"error": "oom"}\n'), ModelError, "failed: oom"),
    ],
)
def test_failures_are_one_line_of_our_own(
    answer: httpx.Response | Exception, error: type[ModelError], said: str
) -> None:
    with pytest.raises(error, match=said) as caught:
        list(Server(answer).model("http://user:password@shop:8000/v1#m").generate(PROMPT))
    assert "\n" not in str(caught.value)
    assert "password" not in str(caught.value)


@pytest.mark.parametrize("url", ["http://", "ftp://x#m", "http://[::1#m"])
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(ModelNotFound, match="is not an address"):
        OpenAICompatible(url)
