"""What training changed in the embedded sentence model: low-rank matrices (Hu et al. 2021,
arXiv:2106.09685), added to its weights when it is opened.

The file is made by ``shop train --part embedder`` (:mod:`assistant.training.embedder`);
``tuning/README.md`` is its model card.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from catalog.errors import ModelDamaged

FOLDER: Final = Path(__file__).parent / "tuning"
NAME: Final = "shop-minilm.safetensors"
_MANIFEST: Final = "manifest.json"
"""``file``, its ``sha256``, and ``base_sha256``, of the weights it belongs to."""


def places(encoder: Any) -> Iterator[tuple[str, Any, str]]:
    """The linear layers of a BERT encoder: (key, owner, name of the layer in its owner)."""
    for number, layer in enumerate(encoder.encoder.layer):
        attention = layer.attention
        for name in ("query", "key", "value"):
            yield f"{number}.{name}", attention.self, name
        yield f"{number}.attended", attention.output, "dense"
        yield f"{number}.wide", layer.intermediate, "dense"
        yield f"{number}.narrow", layer.output, "dense"


def tune(encoder: Any, base_sha256: str, folder: Path = FOLDER) -> None:
    """Add B·A to every linear layer of an encoder with the weights ``base_sha256``.

    ``{key}.a`` is (rank, in), ``{key}.b`` (out, rank), in 16 bits. Raises ``ModelDamaged`` when the
    file is missing, is not the one the manifest names, or belongs to other weights.
    """
    import torch
    from safetensors import safe_open

    from retrieval.weights import sha256_of

    held = json.loads((folder / _MANIFEST).read_text("utf-8"))
    file = folder / held["file"]
    if not file.is_file() or sha256_of(file) != held["sha256"]:
        raise ModelDamaged(f"{file} is missing or altered; install the program again")
    if held["base_sha256"] != base_sha256:
        raise ModelDamaged(f"{file} belongs to other weights; install the program again")
    with safe_open(file, "pt") as tensors, torch.no_grad():
        for key, owner, name in places(encoder):
            a, b = tensors.get_tensor(f"{key}.a").float(), tensors.get_tensor(f"{key}.b").float()
            getattr(owner, name).weight.add_(b @ a)


def install(file: Path, base_sha256: str, folder: Path = FOLDER) -> Path:
    """Put what training made in the place it is taken from."""
    from retrieval.weights import sha256_of

    folder.mkdir(exist_ok=True)
    target = folder / NAME
    shutil.copyfile(file, target)
    made = {"base_sha256": base_sha256, "file": NAME, "sha256": sha256_of(target)}
    (folder / _MANIFEST).write_text(json.dumps(made, indent=1) + "\n", "utf-8")
    return target
