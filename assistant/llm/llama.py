"""A GGUF model on the CPU, through llama.cpp's server inside this process.

Three decisions are worth knowing:

*Reproducible with a warm cache.* llama.cpp reuses the evaluation of whatever the
prompt shares with the previous one, and rounding depends on where that reuse
ends: the same prompt would give different probabilities after different
histories. So each fixed part (system and examples) gets a slot of its own, is
evaluated once from empty, and before every request the slot is rewound to exactly
that part. Only what comes after it is evaluated, always in the same batches.

*Deadlines.* Prompts are evaluated in batches of 64 tokens (no slower than larger
ones on a CPU), with a progress callback after each: a request nobody waits for
any more ends within one batch. Only the evaluation of a new fixed part runs to its
end, so that the next request finds it done.

*Threads.* Its threads wait for each other some two thousand times a token, spinning: as
soon as anything else needs a core, two threads are four times slower than one. So answers
are written on half of the cores. Prompts, many tokens between two waits, are read on all.

*The server's port.* The library always listens on a random port of 127.0.0.1. It
gets a random key that never leaves this process.
"""

from __future__ import annotations

import json
import math
import os
import re
import secrets
import urllib.request
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from assistant.compact import BEGIN, END
from assistant.llm.choosing import choose_along, first_difference
from assistant.llm.prompting import chat_messages, neutralise
from assistant.llm.protocol import ModelInfo, Prompt, Schema
from assistant.llm.schema import to_lark
from assistant.llm.worker import Job, Worker
from catalog.errors import ModelDamaged, ModelError, ModelNotFound

SLOTS = 3
"""Fixed parts kept evaluated at the same time: one a task (understand, rank, explain)."""

BATCH = 64
WORTH_KEEPING = 8
"""Tokens of a fixed part from which keeping it evaluated is cheaper than evaluating it again."""
SEED = 1


@dataclass(frozen=True, slots=True)
class _Ready:
    """A prompt's tokens, and the slot that holds its fixed part, if that is ``kept`` evaluated."""

    task: str
    tokens: tuple[int, ...]
    slot: int
    kept: bool


class LlamaCpp:
    """A :class:`assistant.llm.protocol.LanguageModel` over ``xllamacpp``.

    Raises ``ModelNotFound`` when a file does not exist, ``ModelDamaged`` when it is not
    GGUF; the model itself is loaded by the first call or by :meth:`warm_up`.

    ``path`` and the values of ``adapters`` (LoRAs by task) are GGUF files; an adapter takes part
    only in prompts of its task. ``threads`` is by default half the cores this process may use;
    ``context`` is tokens of a prompt and its answer together; ``name``, ``parameters`` and
    ``sha256`` are what :meth:`describe` reports.
    """

    def __init__(
        self,
        path: Path,
        *,
        adapters: Mapping[str, Path] | None = None,
        name: str | None = None,
        threads: int | None = None,
        context: int = 2048,
        parameters: str = "?",
        sha256: str | None = None,
    ) -> None:
        self._path = path
        self._adapters = dict(adapters or {})
        for file in (path, *self._adapters.values()):
            check_is_gguf(file)
        self._info = ModelInfo(
            name or path.stem, "llama.cpp", "cpu", parameters, sha256, tuple(self._adapters)
        )
        self._threads = threads or max(1, _usable_cores() // 2)
        self._context = context
        self._worker = Worker(self._info.name)
        self._key = secrets.token_urlsafe(24)
        self._server: Any = None
        self._closed = False
        self._end: int | None = None
        self._marks: dict[str, tuple[int, ...]] = {}
        self._fixed: dict[tuple[Any, ...], tuple[int, ...]] = {}
        self._slots: OrderedDict[tuple[str, tuple[int, ...]], int] = OrderedDict()

    def load(self) -> None:
        """Load the model now instead of in the first call; raises what loading raises."""
        for _ in self._worker.stream(lambda job: self._start(), None):
            pass

    def warm_up(self, *prompts: Prompt) -> None:
        """Load the model and evaluate the fixed parts of ``prompts`` in the background.

        Returns at once. An error shows in the first call that needs the model.
        """

        def run(job: Job[str]) -> None:
            self._start()
            for prompt in prompts:
                self._prepare(prompt)

        self._worker.start(run)

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
        request: dict[str, Any] = {"max_tokens": max_tokens, "stop": list(stop)}
        if probabilities is not None:
            request["n_probs"] = 1
        # llama.cpp ignores a grammar it cannot compile: to_lark has checked it.
        lark = None if schema is None else to_lark(schema)

        def run(job: Job[str]) -> None:
            ready = self._prepare(prompt)
            if lark is not None:
                request["grammar"] = f"%llguidance {{}}\n{_ended(lark, self._end_of_turn())}"

            def receive(answer: dict[str, Any]) -> None:
                choice = answer["choices"][0]
                if probabilities is not None and (told := choice.get("logprobs")):
                    probabilities.extend(math.exp(t["logprob"]) for t in told["content"])
                if text := choice["text"]:
                    job.emit(text)

            self._complete(ready, request, receive, job)

        return self._worker.stream(run, deadline)

    def choose(
        self, prompt: Prompt, options: Sequence[str], *, deadline: float | None = None
    ) -> list[float]:
        """See :meth:`assistant.llm.protocol.LanguageModel.choose`.

        One forward pass when the options' first tokens differ; one more for each
        further token at which some of them part.
        """

        def run(job: Job[list[float]]) -> None:
            ready = self._prepare(prompt)

            def weigh(written: tuple[int, ...], allowed: Sequence[int]) -> list[float]:
                return self._weigh(replace(ready, tokens=(*ready.tokens, *written)), allowed, job)

            paths = [self._tokenise(option, special=False) for option in options]
            job.emit(choose_along(paths, self._end_of_turn, weigh))

        (probabilities,) = self._worker.stream(run, deadline)
        return probabilities

    def describe(self) -> ModelInfo:
        """See :meth:`assistant.llm.protocol.LanguageModel.describe`."""
        return self._info

    def close(self) -> None:
        """Wait for the request that runs now, then free the model."""
        self._closed = True
        self._worker.wait()
        self._server = None
        self._slots.clear()

    # Everything below runs in the worker's thread, one request at a time.

    def _start(self) -> None:
        if self._closed:
            raise ModelError(f"{self._info.name} is closed; open the model again")
        if self._server is not None:
            return
        import xllamacpp

        params = xllamacpp.CommonParams()
        params.model.path = str(self._path)
        params.n_parallel = SLOTS
        params.n_ctx = self._context * SLOTS
        params.n_batch = params.n_ubatch = BATCH
        params.cpuparams.n_threads = self._threads
        params.cpuparams_batch.n_threads = max(self._threads, _usable_cores())
        params.warmup = False
        params.cache_ram_mib = 0
        params.n_ctx_checkpoints = 0
        params.api_keys = [self._key]
        params.cors_origins = "http://127.0.0.1"
        params.ui = False
        params.endpoint_slots = False
        params.offline = True
        params.verbosity = -1
        if self._adapters:
            params.lora_adapters = [
                xllamacpp.CommonAdapterLoraInfo(str(file), 0.0) for file in self._adapters.values()
            ]
        try:
            self._server = xllamacpp.Server(params)
        except RuntimeError as error:
            files = " with ".join(map(str, (self._path, *self._adapters.values())))
            raise ModelDamaged(
                f"llama.cpp cannot load {files}: truncated, altered or of an unknown kind; "
                "get the file again or name another model"
            ) from error

    def _prepare(self, prompt: Prompt) -> _Ready:
        """The prompt's tokens, and a slot that holds exactly its fixed part, evaluated."""
        self._start()
        if prompt.task and prompt.task not in self._adapters:
            raise ModelError(f"{self._info.name} has no adapter for {prompt.task!r}")
        tokens = self._tokens_of(prompt)
        key = (prompt.task, prompt.system, prompt.examples)
        if key not in self._fixed:
            # Where two different questions part is where the fixed part ends.
            one, other = (
                self._tokens_of(Prompt(prompt.system, user, prompt.examples, task=prompt.task))
                for user in ("a", "Q")
            )
            self._fixed[key] = one[: first_difference(one, other)]
        fixed = self._fixed[key]
        if len(tokens) >= self._context:
            raise ModelError(
                f"the prompt has {len(tokens)} tokens and {self._info.name} holds "
                f"{self._context}: shorten it"
            )
        kept = len(fixed) >= WORTH_KEEPING
        part = (prompt.task, fixed)
        slot = self._slots.get(part)
        if slot is None:
            if len(self._slots) == SLOTS:
                _, slot = self._slots.popitem(last=False)
            else:
                slot = len(self._slots)
            if kept:
                self._complete(_Ready(prompt.task, fixed, slot, kept=False), {"max_tokens": 0})
            self._slots[part] = slot
        self._slots.move_to_end(part)
        if kept:
            # cuts off what the slot held after the fixed part
            self._complete(_Ready(prompt.task, fixed, slot, kept), {"max_tokens": 0})
        return _Ready(prompt.task, tokens, slot, kept)

    def _weigh(self, ready: _Ready, allowed: Sequence[int], job: Job[Any]) -> list[float]:
        # The same bonus for each allowed token leaves their proportions alone and lifts
        # them above the rest of the vocabulary, so that only they need to be reported.
        request = {
            "max_tokens": 1,
            "temperature": 1.0,
            "samplers": [],
            "logit_bias": [[token, 100.0] for token in allowed],
            "n_probs": len(allowed),
            "post_sampling_probs": True,
        }
        found: dict[int, float] = {}

        def receive(answer: dict[str, Any]) -> None:
            if logprobs := answer["choices"][0]["logprobs"]:
                found.update((p["id"], p["prob"]) for p in logprobs["content"][0]["top_probs"])

        self._complete(ready, request, receive, job)
        return [found.get(token, 0.0) for token in allowed]

    def _complete(
        self,
        ready: _Ready,
        request: dict[str, Any],
        receive: Callable[[dict[str, Any]], None] | None = None,
        job: Job[Any] | None = None,
    ) -> None:
        """Run one completion, handing each streamed answer to ``receive``."""
        problems: list[str] = []

        def on_answer(answer: dict[str, Any]) -> bool:
            """Called by the server for every token and batch; True ends the request."""
            if "error" in answer:
                problems.append(str(answer["error"]["message"]))
            elif receive is not None and not (job is not None and job.cancelled):
                receive(answer)
            return job is not None and job.cancelled

        fixed: dict[str, Any] = {
            "stream": True, "return_progress": True, "cache_prompt": ready.kept, "seed": SEED, "temperature": 0,
            "prompt": list(ready.tokens), "id_slot": ready.slot,
            "lora": [{"id": i, "scale": float(name == ready.task)} for i, name in enumerate(self._adapters)],
        }  # fmt: skip
        self._server.handle_completions({**fixed, **request}, on_answer)
        if problems:
            raise ModelError(f"{self._info.name}: {problems[0].splitlines()[0]}")

    def _end_of_turn(self) -> int:
        """The token that ends an answer in the model's chat template."""
        if self._end is not None:
            return self._end
        mark = "mark"
        prompt = Prompt("", "b", (("a", mark),))
        text = self._template(prompt)
        self._end = self._tokenise(text[text.index(mark) + len(mark) :], special=True)[0]
        return self._end

    def _template(self, prompt: Prompt) -> str:
        body = {
            "messages": chat_messages(prompt),
            "chat_template_kwargs": {"enable_thinking": False},
        }
        return str(self._ask("/apply-template", body)["prompt"])

    def _tokens_of(self, prompt: Prompt) -> tuple[int, ...]:
        if prompt.task:
            # The shopper's text is tokenised apart, as plain text: nothing in it is a control token.
            begin, end = (self._control(mark) for mark in (BEGIN, END))
            return (*begin, *self._tokenise(prompt.user, special=False), *end)
        return self._tokenise(self._template(prompt) + neutralise(prompt.prefill), special=True)

    def _control(self, mark: str) -> tuple[int, ...]:
        """The tokens of a control mark, asked once."""
        if mark not in self._marks:
            self._marks[mark] = self._tokenise(mark, special=True)
        return self._marks[mark]

    def _tokenise(self, text: str, *, special: bool) -> tuple[int, ...]:
        body = {"content": text, "add_special": special, "parse_special": special}
        return tuple(self._ask("/tokenize", body)["tokens"])

    def _ask(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Ask the server on its local port for what the binding does not offer."""
        request = urllib.request.Request(
            self._server.listening_address + path,
            json.dumps(body).encode(),
            {"Authorization": f"Bearer {self._key}", "Content-Type": "application/json"},
        )
        # No proxy, whatever the environment says: this never leaves the machine.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=30) as answer:
            return dict(json.load(answer))


def _ended(lark: str, end: int) -> str:
    """A grammar whose answers end with the token ``end``.

    Inside llama.cpp an answer that could go on is never allowed to end by itself.
    """
    return re.sub(
        r"^start:", f"start: answer <[{end}]>\nanswer:", lark, count=1, flags=re.MULTILINE
    )


def _usable_cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def check_is_gguf(path: Path) -> None:
    """Raise ModelNotFound or ModelDamaged unless ``path`` is a file that begins like a GGUF."""
    if not path.is_file():
        raise ModelNotFound(f"there is no model file {path}: check the path")
    with path.open("rb") as file:
        if file.read(4) != b"GGUF":
            raise ModelDamaged(f"{path} is not a GGUF file: get it again or name another model")
