"""The tagger: the language model's lower layers mark what an utterance says before the whole model has begun."""

from __future__ import annotations

from pathlib import Path

from assistant.tagger.tagger import Tagger

__all__ = ["BASE", "TASK", "Tagger", "open_tagger"]

BASE = "smollm2-135m"
TASK = "tag"


def open_tagger(home: Path | None = None, *, progress: bool = True) -> Tagger:
    """The tagger that comes with the program, over the embedded model's lower layers, fetched and
    taken out if need be.

    Raises ``ModelError`` when the weights cannot be had, ``ModelDamaged`` when the tagger's file is
    missing or altered.
    """
    from assistant.adapters import MARKS, adapters_for
    from assistant.tagger.base import lower_layers
    from catalog.errors import ModelDamaged
    from retrieval.weights import KNOWN

    file = adapters_for(KNOWN[BASE].sha256, MARKS).get(TASK)
    if file is None:
        raise ModelDamaged("the tagger is missing; install the program again")
    return Tagger(lower_layers(BASE, home=home, progress=progress), file)
