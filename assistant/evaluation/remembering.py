"""A model that is asked everything once: greedy decoding answers the same to the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from assistant.llm.protocol import LanguageModel, Prompt, Schema
from assistant.llm.wrapped import Wrapped


class Remembering(Wrapped):
    """Keeps what the model answered, for as long as it lives. An answer cut short is not kept."""

    def __init__(self, model: LanguageModel) -> None:
        super().__init__(model)
        self._written: dict[str, tuple[list[str], list[float]]] = {}
        self._chosen: dict[str, list[float]] = {}

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
        key = _key(prompt, schema, max_tokens, tuple(stop))
        held = self._written.get(key)
        if held is None:
            sure: list[float] = []
            pieces = list(
                super().generate(
                    prompt, schema=schema, max_tokens=max_tokens, stop=stop, deadline=deadline,
                    probabilities=sure,
                )
            )  # fmt: skip
            held = self._written[key] = (pieces, sure)
        if probabilities is not None:
            probabilities += held[1]
        yield from held[0]

    def choose(
        self, prompt: Prompt, options: Sequence[str], *, deadline: float | None = None
    ) -> list[float]:
        """See :meth:`assistant.llm.protocol.LanguageModel.choose`."""
        key = _key(prompt, tuple(options))
        if key not in self._chosen:
            self._chosen[key] = super().choose(prompt, options, deadline=deadline)
        return list(self._chosen[key])


def _key(*parts: Any) -> str:
    return repr(parts)
