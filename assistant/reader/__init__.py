"""The deterministic reader: an utterance, read without a model."""

from assistant.reader.read import Context, read, split, widens

__all__ = ["Context", "read", "split", "widens"]
