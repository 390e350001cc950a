"""Low-rank adapters (Hu et al. 2021, arXiv:2106.09685) on a llama-type model, and their GGUF file.

The GGUF file is the one form in which the adapter is kept: llama.cpp reads it as it is, and
:mod:`assistant.llm.lora` puts it beside the weights of the same model in transformers.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from assistant.llm.lora import PLACES, heads_of, rotary


class LoraLinear(nn.Module):  # type: ignore[misc]  # torch is untyped here
    """A frozen linear layer plus ``scale * B(A(x))``; A is (rank, in), B is (out, rank)."""

    def __init__(
        self, base: nn.Linear, rank: int, scale: float, generator: torch.Generator
    ) -> None:
        super().__init__()
        self.base = base
        self.scale = scale
        bound = base.in_features**-0.5
        start = torch.empty(rank, base.in_features).uniform_(-bound, bound, generator=generator)
        self.a = nn.Parameter(start)
        self.b = nn.Parameter(torch.zeros(base.out_features, rank))

    def forward(self, x: Tensor) -> Tensor:
        """(..., in) → (..., out)."""
        low = nn.functional.linear(x, self.a)
        return self.base(x) + nn.functional.linear(low, self.b) * self.scale


def add_lora(model: Any, rank: int, scale: float, seed: int) -> dict[str, nn.Parameter]:
    """Freeze ``model``, put a LoRA beside every linear layer of its blocks, return its parameters.

    Keys are ``blk.{i}.{place}.{a|b}`` with llama.cpp's names of the places.
    """
    model.requires_grad_(False)
    generator = torch.Generator().manual_seed(seed)
    found: dict[str, nn.Parameter] = {}
    for i, block in enumerate(getattr(model, "model", model).layers):
        for path, place in PLACES.items():
            owner_name, name = path.split(".")
            owner = getattr(block, owner_name)
            layer = LoraLinear(getattr(owner, name), rank, scale, generator)
            setattr(owner, name, layer)
            found[f"blk.{i}.{place}.a"] = layer.a
            found[f"blk.{i}.{place}.b"] = layer.b
    return found


def write_gguf(
    path: Path, parameters: Mapping[str, Tensor], config: Any, scale: float, name: str
) -> None:
    """Write the adapter as llama.cpp reads it, in 16 bits.

    The rows of B of q and k are reordered as llama.cpp orders the rotary dimensions.
    """
    import gguf

    rank = next(p.shape[0] for k, p in parameters.items() if k.endswith(".a"))
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_type("adapter")
    writer.add_name(name)
    writer.add_string("adapter.type", "lora")
    writer.add_float32("adapter.lora.alpha", scale * rank)
    for key, tensor in parameters.items():
        place, part = key.rsplit(".", 1)
        values = tensor.detach().numpy().astype(np.float32)
        if part == "b":
            values = rotary(values, heads_of(place, config), inverse=False)
        writer.add_tensor(f"{place}.weight.lora_{part}", values.astype(np.float16))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
