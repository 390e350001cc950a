"""Any server that speaks OpenAI's chat completions: vLLM, llama-server, a hosted service."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import httpx

from assistant.llm.prompting import chat_messages, neutralise
from assistant.llm.protocol import Grammar, ModelInfo, Prompt, Schema
from assistant.llm.schema import closed, matches, to_lark
from assistant.llm.worker import Job, Worker
from catalog.errors import ModelError, ModelNotFound, ModelTimeout

API_KEY = "SHOPMOMENT_API_KEY"

ALTERNATIVES = 20
"""Probabilities asked for per token: the most such servers give."""

PATIENCE = httpx.Timeout(120.0, connect=10.0)
"""Seconds without a sign of life after which a call without a deadline ends too."""


class OpenAICompatible:
    """A :class:`assistant.llm.protocol.LanguageModel` on a server.

    ``url`` is ``http://host:port/v1#model``; without ``#model`` the server's first model
    is taken. A key is read from ``SHOPMOMENT_API_KEY``. ``transport`` replaces the network.

    A server may ignore a schema or a grammar: every constrained answer is checked here,
    and one that does not fit raises ``ModelError``. Raises ``ModelNotFound`` when
    ``url`` is not an address.
    """

    def __init__(self, url: str, *, transport: httpx.BaseTransport | None = None) -> None:
        try:
            address = httpx.URL(url)
        except httpx.InvalidURL as error:
            raise ModelNotFound(f"{url!r} is not an address: {error}") from error
        if address.scheme not in ("http", "https") or not address.host:
            raise ModelNotFound(f"{url!r} is not an address like http://host:8000/v1#model")
        key = os.environ.get(API_KEY, "").strip()
        path = address.path.rstrip("/") or "/v1"
        self._model = address.fragment
        # Without user name and password: this is shown in messages.
        self._shown = f"{address.scheme}://{address.netloc.decode()}{path}"
        self._client = httpx.Client(
            base_url=address.copy_with(path=path + "/", fragment=None, query=None),
            headers={"Authorization": f"Bearer {key}"} if key else None,
            transport=transport,
            timeout=PATIENCE,
        )
        self._worker = Worker(f"the model at {self._shown}", one_at_a_time=False)
        self._takes_extensions = True

    def generate(
        self,
        prompt: Prompt,
        *,
        schema: Schema | None = None,
        max_tokens: int = 128,
        stop: Sequence[str] = (),
        deadline: float | None = None,
        probabilities: list[float] | None = None,
    ) -> Iterator[str]:
        """See :meth:`assistant.llm.protocol.LanguageModel.generate`."""
        standard: dict[str, Any] = {"max_tokens": max_tokens}
        extensions: dict[str, Any] = {}
        if stop:
            standard["stop"] = list(stop)
        if isinstance(schema, Grammar):
            lark = to_lark(schema)
            # llama-server reads the first, vLLM the second; others ignore or refuse both.
            extensions["grammar"] = f"%llguidance {{}}\n{lark}"
            extensions["structured_outputs"] = {"grammar": lark}
        elif schema is not None:
            standard["response_format"] = _response_format(schema)

        def run(job: Job[str]) -> None:
            pieces: list[str] = []
            ended = ""
            for choice in self._ask(job, prompt, standard, extensions, deadline):
                ended = choice.get("finish_reason") or ended
                if piece := (choice.get("delta") or {}).get("content"):
                    pieces.append(piece)
                    job.emit(piece)
            text = "".join(pieces)
            cut = ended == "length" or job.cancelled
            if schema is not None and not cut and not matches(schema, text):
                raise ModelError(
                    f"{self._shown} does not keep to the answer's schema: it said {text[:80]!r}; "
                    "use a server with structured output"
                )

        return self._worker.stream(run, deadline)

    def choose(
        self, prompt: Prompt, options: Sequence[str], *, deadline: float | None = None
    ) -> list[float]:
        """See :meth:`assistant.llm.protocol.LanguageModel.choose`.

        From the alternatives reported for the first token; where the server reports
        none that tell the options apart, the option it answers gets 1.0.
        """

        def run(job: Job[list[float]]) -> None:
            first = {"max_tokens": 1, "logprobs": True, "top_logprobs": ALTERNATIVES}
            for choice in self._ask(job, prompt, first, {}, deadline):
                content = (choice.get("logprobs") or {}).get("content") or []
                weights = first_token_weights(content, options)
                if weights is not None:
                    job.emit([weight / sum(weights) for weight in weights])
                    return
            job.emit(self._answered(job, prompt, options, deadline))

        (probabilities,) = self._worker.stream(run, deadline)
        return probabilities

    def describe(self) -> ModelInfo:
        """See :meth:`assistant.llm.protocol.LanguageModel.describe`."""
        return ModelInfo(self._model or "?", "http", self._shown, "?")

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _answered(
        self,
        job: Job[list[float]],
        prompt: Prompt,
        options: Sequence[str],
        deadline: float | None,
    ) -> list[float]:
        """1.0 for the option the server answers when it may answer nothing else."""
        schema = {
            "type": "object",
            "properties": {"answer": {"type": "string", "enum": list(options)}},
            "required": ["answer"],
        }
        body = {"max_tokens": 64, "response_format": _response_format(schema)}
        text = "".join(
            (choice.get("delta") or {}).get("content") or ""
            for choice in self._ask(job, prompt, body, {}, deadline)
        )
        if not matches(schema, text):
            raise ModelError(
                f"{self._shown} chose none of {list(options)}: it said {text[:80]!r}; "
                "use a server with log probabilities or structured output"
            )
        answer = json.loads(text)["answer"]
        return [1.0 if option == answer else 0.0 for option in options]

    def _ask(
        self,
        job: Job[Any],
        prompt: Prompt,
        standard: Mapping[str, Any],
        extensions: Mapping[str, Any],
        deadline: float | None,
    ) -> Iterator[dict[str, Any]]:
        """Yield the streamed ``choices[0]`` of one request; ends early when ``job`` is cancelled."""
        messages = chat_messages(prompt)
        extra = {"chat_template_kwargs": {"enable_thinking": False}, **extensions}
        if prompt.prefill:
            messages.append({"role": "assistant", "content": neutralise(prompt.prefill)})
            extra |= {"continue_final_message": True, "add_generation_prompt": False}
        try:
            body = {
                "model": self._name(),
                "messages": messages,
                "temperature": 0,
                "seed": 1,
                "stream": True,
                **standard,
            }
            if self._takes_extensions:
                refused: list[httpx.Response] = []
                yield from self._stream(job, {**body, **extra}, deadline, refused.append)
                if not refused:
                    return
                # A strict server refuses fields it does not know; from now on without them.
                self._takes_extensions = False
            yield from self._stream(job, body, deadline, self._refuse)
        except httpx.TimeoutException as error:
            raise ModelTimeout(f"{self._shown} did not answer in time") from error
        except httpx.TransportError as error:
            raise ModelNotFound(
                f"cannot reach {self._shown}: {error}; is the server running there?"
            ) from error

    def _stream(
        self,
        job: Job[Any],
        body: Mapping[str, Any],
        deadline: float | None,
        refuse: Callable[[httpx.Response], None],
    ) -> Iterator[dict[str, Any]]:
        timeout = PATIENCE if deadline is None else httpx.Timeout(deadline)
        with self._client.stream("POST", "chat/completions", json=body, timeout=timeout) as answer:
            if answer.status_code in (400, 422):
                answer.read()
                refuse(answer)
                return
            if answer.is_error:
                answer.read()
                self._refuse(answer)
            for line in answer.iter_lines():
                if job.cancelled:
                    return
                if choice := self._choice(line):
                    yield choice

    def _choice(self, line: str) -> dict[str, Any] | None:
        """``choices[0]`` of one line of server-sent events, if it carries one."""
        data = line.removeprefix("data:").strip()
        if not line.startswith("data:") or data == "[DONE]":
            return None
        try:
            event = json.loads(data)
        except ValueError as error:
            raise ModelError(
                f"{self._shown} sent something that is not JSON: {data[:80]!r}"
            ) from error
        if "error" in event:
            raise ModelError(f"{self._shown} failed: {_message(event)}")
        choices: list[dict[str, Any]] = event.get("choices") or []
        return choices[0] if choices else None

    def _name(self) -> str:
        """The model's name; asks the server when the address did not say."""
        if not self._model:
            answer = self._client.get("models")
            if answer.is_error:
                self._refuse(answer)
            served = answer.json().get("data") or []
            if not served:
                raise ModelNotFound(f"{self._shown} serves no model")
            self._model = str(served[0]["id"])
        return self._model

    def _refuse(self, answer: httpx.Response) -> None:
        try:
            said = _message(answer.json())
        except ValueError:
            said = answer.text.strip().split("\n", 1)[0][:200]
        reason = f"{self._shown} answered {answer.status_code}: {said or answer.reason_phrase}"
        if answer.status_code in (401, 403):
            raise ModelError(f"{reason}; put the key into {API_KEY}")
        if answer.status_code == 404:
            raise ModelNotFound(f"{reason}; check the path and the model after '#'")
        raise ModelError(reason)


def first_token_weights(
    content: Sequence[Mapping[str, Any]], options: Sequence[str]
) -> list[float] | None:
    """Weight of each option among a first token's alternatives.

    None when a token fits several options, or no token fits any: then they say
    nothing about which one is meant.
    """
    weights = [0.0] * len(options)
    for alternative in content[0].get("top_logprobs") or [] if content else []:
        token = str(alternative["token"]).lstrip()
        fits = [
            index
            for index, option in enumerate(options)
            if token and (option.lstrip().startswith(token) or token.startswith(option.strip()))
        ]
        if len(fits) > 1:
            return None
        if fits:
            weights[fits[0]] += math.exp(alternative["logprob"])
    return weights if sum(weights) > 0 else None


def _response_format(schema: Mapping[str, Any]) -> dict[str, Any]:
    described = {"name": "answer", "strict": True, "schema": closed(schema)}
    return {"type": "json_schema", "json_schema": described}


def _message(body: Any) -> str:
    """The one line in which a server says what is wrong."""
    error = body.get("error", body) if isinstance(body, dict) else body
    said = error.get("message", error) if isinstance(error, dict) else error
    return str(said).strip().split("\n", 1)[0][:200]
