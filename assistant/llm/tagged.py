"""A language model with the tagger beside it, which reads what is plain in milliseconds."""

from __future__ import annotations

from functools import lru_cache

from assistant.compact import Line
from assistant.llm.protocol import LanguageModel, Marker, Prompt
from assistant.llm.wrapped import Wrapped

_REMEMBERED = 32
"""Utterances whose marks are kept: a turn looks at them before the model is asked, and then again."""


class Tagged(Wrapped):
    """The model, which also marks (:class:`assistant.llm.protocol.Marker`)."""

    def __init__(self, model: LanguageModel, tagger: Marker) -> None:
        super().__init__(model)
        self._tagger = tagger
        self._marks = lru_cache(_REMEMBERED)(tagger.mark)

    def mark(self, utterance: str, topic: str = "") -> tuple[Line, float]:
        """See :meth:`assistant.tagger.Tagger.mark`."""
        return self._marks(utterance, topic)

    def load(self) -> None:
        """Load both now; raises what loading raises."""
        for part in (self._tagger, self.model):
            if (load := getattr(part, "load", None)) is not None:
                load()

    def warm_up(self, *prompts: Prompt) -> None:
        """Load the tagger now, which takes a moment, and begin to load the model."""
        if (load := getattr(self._tagger, "load", None)) is not None:
            load()
        if (warm_up := getattr(self.model, "warm_up", None)) is not None:
            warm_up(*prompts)
