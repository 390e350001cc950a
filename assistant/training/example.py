"""What is learned from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Example:
    """What the shopper says, and the compact line the model is to answer."""

    utterance: str
    line: str
    topic: str = ""
    """What the conversation was about before, as :func:`assistant.compact.in_topic` takes it."""
