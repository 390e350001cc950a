"""The deterministic reader: an utterance, read without a model."""

from assistant.reader.read import Context, new_need, read, split
from assistant.reader.widening import widens

__all__ = ["Context", "new_need", "read", "split", "widens"]
