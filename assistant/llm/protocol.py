"""What the assistant asks of a language model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from assistant.compact import Line


@dataclass(frozen=True, slots=True)
class Prompt:
    """A chat prompt: a fixed system part, worked examples, and what is asked now.

    Everything up to ``user`` is the same from call to call, so that backends can
    keep its evaluation cached. ``user`` may carry shopper and seller text:
    backends must neutralise control tokens of their chat template in it.
    """

    system: str
    user: str
    examples: tuple[tuple[str, str], ...] = ()
    """(user, assistant) pairs."""
    prefill: str = ""
    """Beginning of the answer, put into the model's mouth."""
    task: str = ""
    """A task a backend has an adapter for (``ModelInfo.adapters``). Such a prompt is ``user``
    alone, between the two control tokens the adapter was trained with (:mod:`assistant.compact`)."""


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """What a backend says of itself."""

    name: str
    backend: str
    """``llama.cpp``, ``transformers``, ``http`` or ``scripted``."""
    device: str
    parameters: str
    """``"135M"``, or ``"?"`` when not known."""
    sha256: str | None = None
    adapters: tuple[str, ...] = ()
    """Tasks the model was tuned for: a :class:`Prompt` may name one of them."""


@dataclass(frozen=True, slots=True)
class Grammar:
    """A constraint on the answer other than a JSON schema, in llguidance's Lark dialect."""

    lark: str


Schema = Mapping[str, Any] | Grammar


@runtime_checkable
class LanguageModel(Protocol):
    """A small instruct model. Greedy decoding; the same prompt gives the same answer.

    Implementations raise :class:`catalog.errors.ModelError` (``ModelTimeout`` when
    ``deadline`` passes) and nothing else, and are safe to call from several threads.
    ``deadline`` is in seconds from the call; None waits as long as it takes.
    """

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
        """Yield the answer piece by piece, without the prompt's ``prefill``.

        With ``schema`` the pieces together are valid under it, unless ``max_tokens`` cut
        them off; objects that list properties take no others. ``stop`` strings end the
        answer and are not part of it. The probability the model itself gave each token of
        the answer, before any constraint, is appended to ``probabilities``; the list stays
        empty where a backend cannot tell.
        """
        ...

    def choose(
        self, prompt: Prompt, options: Sequence[str], *, deadline: float | None = None
    ) -> list[float]:
        """Probability of each option as the answer's beginning, summing to 1."""
        ...

    def describe(self) -> ModelInfo:
        """Name, backend, device and size."""
        ...

    def close(self) -> None:
        """Free what the model holds; calling it twice is allowed."""
        ...


@runtime_checkable
class Marker(Protocol):
    """What reads an utterance at once, and says how sure it is."""

    def mark(self, utterance: str, topic: str = "") -> tuple[Line, float]:
        """The compact line of an utterance, and the probability of its least sure part.

        ``topic`` is what is being bought, as in :func:`assistant.compact.in_topic`. Raises
        :class:`catalog.errors.ModelError`.
        """
        ...
