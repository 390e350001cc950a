"""The deterministic reader: what an utterance says in plain words, numbers and the catalogue's terms."""

from assistant.reader.read import Context, read

__all__ = ["Context", "read"]
