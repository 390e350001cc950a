"""A language model that says what it was told to say, for tests."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.llm.protocol import ModelInfo, Prompt, Schema
from assistant.llm.worker import Job, Worker
from catalog.errors import ModelError


@dataclass(frozen=True, slots=True)
class Request:
    """One call that was made: ``schema`` for ``generate``, ``options`` for ``choose``."""

    prompt: Prompt
    schema: Schema | None = None
    options: tuple[str, ...] = ()


class Scripted:
    """A :class:`assistant.llm.protocol.LanguageModel` whose answers are queued beforehand.

    ``enqueue`` texts for ``generate`` and ``enqueue_choice`` probabilities for
    ``choose``; either may be an exception to raise, and may be delayed. With nothing
    queued ``generate`` raises ``ModelError`` and ``choose`` is undecided. ``requests``
    lists every call. Deadlines are kept by the same code that keeps them for llama.cpp.
    """

    def __init__(self, *answers: str) -> None:
        self.requests: list[Request] = []
        self._answers: deque[tuple[float, str | Exception]] = deque((0.0, a) for a in answers)
        self._choices: deque[tuple[float, Sequence[float] | Exception]] = deque()
        self._closing = threading.Event()
        self._worker = Worker("scripted")

    def enqueue(self, answer: str | Exception, *, delay: float = 0.0) -> None:
        """The next answer of ``generate``, given after ``delay`` seconds."""
        self._answers.append((delay, answer))

    def enqueue_choice(
        self, probabilities: Sequence[float] | Exception, *, delay: float = 0.0
    ) -> None:
        """The next answer of ``choose``, given after ``delay`` seconds."""
        self._choices.append((delay, probabilities))

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
        """Yield the queued text word by word; it is not checked against ``schema``."""
        self.requests.append(Request(prompt, schema))
        delay, answer = self._answers.popleft() if self._answers else (0.0, _nothing_queued())

        def run(job: Job[str]) -> None:
            self._wait(job, delay)
            if isinstance(answer, Exception):
                raise answer
            text = answer
            for end in stop:
                text = text.split(end, 1)[0]
            for position, word in enumerate(text.split(" ")):
                job.emit(word if position == 0 else f" {word}")

        return self._worker.stream(run, deadline)

    def choose(
        self, prompt: Prompt, options: Sequence[str], *, deadline: float | None = None
    ) -> list[float]:
        """The queued probabilities, or the same for every option."""
        self.requests.append(Request(prompt, options=tuple(options)))
        undecided = [1 / len(options)] * len(options)
        delay, choice = self._choices.popleft() if self._choices else (0.0, undecided)

        def run(job: Job[list[float]]) -> None:
            self._wait(job, delay)
            if isinstance(choice, Exception):
                raise choice
            if len(choice) != len(options):
                raise ModelError(f"{len(choice)} probabilities queued for {len(options)} options")
            job.emit(list(choice))

        (probabilities,) = self._worker.stream(run, deadline)
        return probabilities

    def describe(self) -> ModelInfo:
        """See :meth:`assistant.llm.protocol.LanguageModel.describe`."""
        return ModelInfo("scripted", "scripted", "none", "?")

    def close(self) -> None:
        """End every delay."""
        self._closing.set()

    def _wait(self, job: Job[str] | Job[list[float]], delay: float) -> None:
        ends = time.monotonic() + delay
        while time.monotonic() < ends and not job.cancelled and not self._closing.is_set():
            time.sleep(min(0.01, delay))


def _nothing_queued() -> ModelError:
    return ModelError("the scripted model has no answer left")
