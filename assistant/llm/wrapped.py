"""A language model as it is, for others to change one thing about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from assistant.llm.protocol import LanguageModel, ModelInfo, Prompt, Schema


class Wrapped:
    """Passes everything on to ``model``, also what only some models can do (load, warm up, mark)."""

    def __init__(self, model: LanguageModel) -> None:
        self.model = model

    def __getattr__(self, name: str) -> Any:
        if name == "model":  # not there yet
            raise AttributeError(name)
        return getattr(self.model, name)

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
        return self.model.generate(
            prompt, schema=schema, max_tokens=max_tokens, stop=stop, deadline=deadline,
            probabilities=probabilities,
        )  # fmt: skip

    def choose(
        self, prompt: Prompt, options: Sequence[str], *, deadline: float | None = None
    ) -> list[float]:
        """See :meth:`assistant.llm.protocol.LanguageModel.choose`."""
        return self.model.choose(prompt, options, deadline=deadline)

    def describe(self) -> ModelInfo:
        """The model's own description."""
        return self.model.describe()

    def close(self) -> None:
        """Close the model."""
        self.model.close()
