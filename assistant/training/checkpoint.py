"""What every training needs: checkpoints without pickle that appear in one rename, and going on from them."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from assistant.training.example import Example
from catalog.errors import ModelError

CHECKPOINT = "checkpoint.safetensors"

Report = Callable[[int, int, float, float], None]
"""(step, steps, loss, tokens per second)"""


def identity_of(recipe: Any, base: Path, **given: Any) -> dict[str, Any]:
    """What a checkpoint must match to be resumed: recipe, weights of ``base`` and what is ``given``.

    ``recipe`` is a dataclass, ``base`` a model's folder. As it is read back from a checkpoint.
    """
    weights = base / "model.safetensors"
    if not weights.exists():
        weights = next(base.glob("*.safetensors"), base / "config.json")
    return dict(json.loads(json.dumps({**asdict(recipe), **given, "base": file_digest(weights)})))


def file_digest(path: Path) -> str:
    """sha256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest(examples: Sequence[Example]) -> str:
    """sha256 of what is learned from, in hexadecimal."""
    return text_digest(f"{e.topic}\t{e.utterance}\t{e.line}" for e in examples)


def text_digest(lines: Iterable[str]) -> str:
    """sha256 of lines of text, in hexadecimal."""
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def save(
    work: Path,
    parameters: Mapping[str, Any],
    optimizer: torch.optim.Optimizer,
    step: int,
    identity: Any,
) -> None:
    """A checkpoint in safetensors (no pickle), appearing in one rename."""
    tensors: dict[str, Tensor] = {}
    for key, parameter in parameters.items():
        state = optimizer.state[parameter]
        tensors[key] = parameter.detach().cpu().contiguous()
        tensors[f"{key}.mean"] = state["exp_avg"].cpu().contiguous()
        tensors[f"{key}.square"] = state["exp_avg_sq"].cpu().contiguous()
    new = work / "checkpoint.new"
    save_file(tensors, new, {"step": str(step), "identity": json.dumps(identity, sort_keys=True)})
    os.replace(new, work / CHECKPOINT)


def take_over(checkpoint: Path, parameters: Mapping[str, Any]) -> None:
    """Start from the weights of an earlier stage."""
    tensors = load_file(checkpoint)
    with torch.no_grad():
        for key, parameter in parameters.items():
            parameter.copy_(tensors[key])


def resume(
    work: Path, parameters: Mapping[str, Any], optimizer: torch.optim.Optimizer, identity: Any
) -> int:
    """Take up the checkpoint in ``work``; the step to go on from."""
    from safetensors import safe_open

    file = work / CHECKPOINT
    if not file.exists():
        return 0
    with safe_open(file, "pt") as opened:
        meta = opened.metadata()
    if json.loads(meta["identity"]) != identity:
        raise ModelError(
            f"{file} is of another recipe or other data; name another folder or remove it"
        )
    tensors, step = load_file(file), int(meta["step"])
    with torch.no_grad():
        for key, parameter in parameters.items():
            parameter.copy_(tensors[key])
            optimizer.state[parameter] = {
                "step": torch.tensor(float(step)),
                "exp_avg": tensors[f"{key}.mean"].to(parameter.device),
                "exp_avg_sq": tensors[f"{key}.square"].to(parameter.device),
            }
    return step
