"""The tagger: a small encoder that marks what an utterance says before the language model has begun."""

from assistant.tagger.tagger import Tagger

__all__ = ["Tagger"]
