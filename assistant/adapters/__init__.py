"""What training put beside models, as it comes with the program: what it belongs to, and its hashes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from catalog.errors import ModelDamaged

FOLDER: Final = Path(__file__).parent
MANIFEST: Final = FOLDER / "manifest.json"
"""A list of objects: ``task``, ``base`` (name), ``base_sha256``, ``file``, ``sha256``."""


LORA: Final = ".gguf"
"""An adapter of the whole model, as llama.cpp reads it."""
MARKS: Final = ".safetensors"
"""The tagger's, for the model's lower layers."""


def adapters_for(base_sha256: str, kind: str = LORA) -> dict[str, Path]:
    """The files of a ``kind`` for a base model, by task; empty when there is none for these weights.

    Raises ``ModelDamaged`` when a file is missing or is not the one the manifest names.
    """
    from retrieval.weights import sha256_of

    found: dict[str, Path] = {}
    for entry in json.loads(MANIFEST.read_text(encoding="utf-8")):
        if entry["base_sha256"] != base_sha256 or not entry["file"].endswith(kind):
            continue
        file = FOLDER / entry["file"]
        if not file.is_file() or sha256_of(file) != entry["sha256"]:
            raise ModelDamaged(f"{file} is missing or altered; install the program again")
        found[entry["task"]] = file
    return found


def write_manifest(task: str, base: str, base_sha256: str, file: Path) -> None:
    """Enter an adapter that lies in :data:`FOLDER` into the manifest, in place of one for the same
    task and base.
    """
    from retrieval.weights import sha256_of

    entries = json.loads(MANIFEST.read_text(encoding="utf-8")) if MANIFEST.exists() else []
    kept = [e for e in entries if (e["task"], e["base_sha256"]) != (task, base_sha256)]
    new = {
        "task": task,
        "base": base,
        "base_sha256": base_sha256,
        "file": file.name,
        "sha256": sha256_of(file),
    }
    MANIFEST.write_text(json.dumps([*kept, new], indent=1) + "\n", encoding="utf-8")
