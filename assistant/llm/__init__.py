"""Language models behind one protocol: llama.cpp, transformers, an HTTP server, a scripted fake."""

from __future__ import annotations

import os
from pathlib import Path

from assistant.llm.protocol import Grammar, LanguageModel, ModelInfo, Prompt, Schema
from catalog.errors import ModelNotFound

# OpenMP reads this once, when torch or llama.cpp is loaded. By default its threads wait for
# each other in busy loops: with anything else running on the machine (the embedder, a
# browser), answers of half a second were seen to take seven; waiting politely they did not.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

__all__ = [
    "NAMES",
    "Grammar",
    "LanguageModel",
    "ModelInfo",
    "Prompt",
    "Schema",
    "open_model",
]

EMBEDDED = "smollm2-135m"
UNTUNED = f"{EMBEDDED}:untuned"
UNTAGGED = f"{EMBEDDED}:untagged"

HUB_MODEL = "SHOPMOMENT_HUB_MODEL"
"""Environment variable: the hub name ``auto`` uses on a machine with a GPU."""

NAMES: dict[str, str] = {
    "auto": f"{EMBEDDED}; on a machine with a GPU, the hub model {HUB_MODEL} names, if set",
    "none": "no language model: the deterministic path alone",
    EMBEDDED: "the embedded model with its adapter, through llama.cpp, and the tagger before it",
    UNTAGGED: "the same without the tagger: the model reads every utterance",
    UNTUNED: "the embedded model as it was published, without our adapter",
    f"transformers:{EMBEDDED}": "the embedded model through transformers",
    "hf:NAME": "a model of the hub, or a folder, through transformers",
    "gguf:PATH": "a GGUF file through llama.cpp",
    "http://HOST/v1#MODEL": "any OpenAI-compatible server (https:// too)",
}
"""What :func:`open_model` takes, and what each is."""


def open_model(
    name: str = "auto", *, home: Path | None = None, progress: bool = True
) -> LanguageModel | None:
    """Open a model by one of :data:`NAMES`; None for ``none``.

    Fetches the embedded weights when they are not on this machine yet, with a progress
    bar if ``progress``; the embedded model is loaded by its first call, one that is named
    as ``hf:`` or ``gguf:`` at once, so that a wrong name shows here. A server is not asked
    before the first call: it may come up later. ``home`` is ``SHOPMOMENT_HOME`` by default.

    Raises ``ModelNotFound`` for a name or file that does not exist, ``ModelDamaged``
    for a file that is not what it should be, ``ModelError`` when it cannot be written.
    """
    kind, _, rest = name.partition(":")
    if name == "none":
        return None
    if name == "auto":
        hub = os.environ.get(HUB_MODEL, "").strip()
        return _hub(hub) if hub and _has_gpu() else _embedded(home, progress)
    if name in (EMBEDDED, UNTUNED, UNTAGGED):
        return _embedded(home, progress, name)
    if name == f"transformers:{EMBEDDED}":
        return _embedded_through_transformers(home, progress)
    if kind == "hf" and rest:
        return _hub(rest)
    if kind == "gguf" and rest:
        from assistant.llm.llama import LlamaCpp

        llama = LlamaCpp(Path(rest).expanduser())
        llama.load()
        return llama
    if kind in ("http", "https"):
        from assistant.llm.http import OpenAICompatible

        return OpenAICompatible(name)
    raise ModelNotFound(f"no model named {name!r}; one of: {', '.join(NAMES)}")


def _embedded(home: Path | None, progress: bool, name: str = EMBEDDED) -> LanguageModel:
    from assistant.adapters import adapters_for
    from assistant.llm.llama import LlamaCpp
    from retrieval.weights import KNOWN, weights_path

    path = weights_path(EMBEDDED, home=home, progress=progress)
    sha256 = KNOWN[EMBEDDED].sha256
    model = LlamaCpp(
        path,
        adapters={} if name == UNTUNED else adapters_for(sha256),
        name=name,
        parameters="135M",
        sha256=sha256,
    )
    if name != EMBEDDED:
        return model
    from assistant.llm.tagged import Tagged
    from assistant.tagger import open_tagger

    return Tagged(model, open_tagger(home, progress=progress))


def _embedded_through_transformers(home: Path | None, progress: bool) -> LanguageModel:
    from assistant.adapters import adapters_for
    from assistant.llm.convert import transformers_folder
    from assistant.llm.hf import Transformers
    from retrieval.weights import KNOWN

    folder = transformers_folder(EMBEDDED, home=home, progress=progress)
    sha256 = KNOWN[EMBEDDED].sha256
    return Transformers(
        folder, name=EMBEDDED, parameters="135M", sha256=sha256, adapters=adapters_for(sha256)
    )


def _hub(name: str) -> LanguageModel:
    from assistant.llm.hf import Transformers

    if name.startswith(("/", ".", "~")):
        folder = Path(name).expanduser()
        if not folder.is_dir():
            raise ModelNotFound(f"there is no folder {folder}: check the path after 'hf:'")
        model = Transformers(folder)
    else:
        model = Transformers(name, name=name)
    model.load()
    return model


def _has_gpu() -> bool:
    import torch

    return bool(torch.cuda.is_available())
