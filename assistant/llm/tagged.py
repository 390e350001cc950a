"""A language model with the tagger beside it, which reads what is plain in milliseconds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.compact import Line
from assistant.llm.protocol import LanguageModel, Marker, ModelInfo, Prompt, Schema


class Tagged:
    """The model, which also marks (:class:`assistant.llm.protocol.Marker`)."""

    def __init__(self, model: LanguageModel, tagger: Marker) -> None:
        self._model = model
        self._tagger = tagger

    def mark(self, utterance: str, topic: str = "") -> tuple[Line, float]:
        """See :meth:`assistant.tagger.Tagger.mark`."""
        return self._tagger.mark(utterance, topic)

    def load(self) -> None:
        """Load both now; raises what loading raises."""
        for part in (self._tagger, self._model):
            if (load := getattr(part, "load", None)) is not None:
                load()

    def warm_up(self, *prompts: Prompt) -> None:
        """Load the tagger now, which takes a moment, and begin to load the model."""
        if (load := getattr(self._tagger, "load", None)) is not None:
            load()
        if (warm_up := getattr(self._model, "warm_up", None)) is not None:
            warm_up(*prompts)

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
        return self._model.generate(
            prompt, schema=schema, max_tokens=max_tokens, stop=stop, deadline=deadline,
            probabilities=probabilities,
        )  # fmt: skip

    def choose(
        self, prompt: Prompt, options: Sequence[str], *, deadline: float | None = None
    ) -> list[float]:
        """See :meth:`assistant.llm.protocol.LanguageModel.choose`."""
        return self._model.choose(prompt, options, deadline=deadline)

    def describe(self) -> ModelInfo:
        """The language model's."""
        return self._model.describe()

    def close(self) -> None:
        """Close the language model."""
        self._model.close()
