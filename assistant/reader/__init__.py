"""The deterministic reader: an utterance, read without a model."""

from assistant.reader.read import Context, new_need, read, split
from assistant.reader.widening import approves, suffers, widens

__all__ = ["Context", "approves", "new_need", "read", "split", "suffers", "widens"]
