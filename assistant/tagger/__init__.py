"""The tagger: a small encoder that marks what an utterance says before the language model has begun."""

from __future__ import annotations

from pathlib import Path

from assistant.tagger.tagger import Tagger

__all__ = ["BASE", "TASK", "Tagger", "open_tagger"]

BASE = "minilm"
TASK = "tag"


def open_tagger(home: Path | None = None, *, progress: bool = True) -> Tagger:
    """The tagger that comes with the program, over the embedder's weights, fetched if need be.

    Raises ``ModelError`` when the weights cannot be had, ``ModelDamaged`` when the tagger's file is
    missing or altered.
    """
    from assistant.adapters import adapters_for
    from catalog.errors import ModelDamaged
    from retrieval.weights import KNOWN, weights_path

    base = weights_path(BASE, home=home, progress=progress)
    file = adapters_for(KNOWN[BASE].sha256).get(TASK)
    if file is None:
        raise ModelDamaged("the tagger is missing; install the program again")
    return Tagger(base, file)
