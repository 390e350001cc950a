"""Low-rank adapters (Hu et al. 2021, arXiv:2106.09685) on a llama-type model, and their GGUF file.

The GGUF file is the one form in which the adapter is kept: llama.cpp reads it as it is,
and :func:`add_to_transformers` adds it to the weights of the same model in transformers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from catalog.errors import ModelDamaged

PLACES: Final[Mapping[str, str]] = {
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}
"""The linear layers of a block, as transformers and as llama.cpp call them."""

Array = npt.NDArray[np.float32]


class LoraLinear(nn.Module):
    """A frozen linear layer plus ``scale * B(A(x))``; A is (rank, in), B is (out, rank)."""

    def __init__(self, base: nn.Linear, rank: int, scale: float, generator: torch.Generator) -> None:
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
    for i, block in enumerate(model.model.layers):
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
            values = _rotary(values, _heads(place, config), inverse=False)
        writer.add_tensor(f"{place}.weight.lora_{part}", values.astype(np.float16))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def read_gguf(path: Path, config: Any) -> Iterator[tuple[int, str, Array]]:
    """(block, transformers name of the layer, weight to add: (out, in)) of each adapted layer.

    Raises ``ModelDamaged`` when the file is not such an adapter.
    """
    import gguf

    try:
        reader = gguf.GGUFReader(path)
        alpha = float(reader.fields["adapter.lora.alpha"].contents())
        tensors = {t.name: np.asarray(t.data, np.float32) for t in reader.tensors}
    except (OSError, ValueError, KeyError) as error:
        raise ModelDamaged(f"{path} is not a LoRA adapter in GGUF: {error}") from error
    names = {place: path for path, place in PLACES.items()}
    for key, a in tensors.items():
        if not key.endswith(".weight.lora_a"):
            continue
        stem = key.removesuffix(".weight.lora_a")
        b = tensors[f"{stem}.weight.lora_b"]
        b = _rotary(b, _heads(stem, config), inverse=True)
        _, block, place = stem.split(".")
        yield int(block), names[place], (alpha / a.shape[0]) * (b @ a)


def add_to_transformers(model: Any, path: Path) -> None:
    """Add an adapter in GGUF to the weights of a transformers model, in place."""
    for block, place, delta in read_gguf(path, model.config):
        owner_name, name = place.split(".")
        weight = getattr(getattr(model.model.layers[block], owner_name), name).weight
        with torch.no_grad():
            weight += torch.from_numpy(delta).to(weight.dtype).to(weight.device)


def _heads(place: str, config: Any) -> int:
    """Heads whose rows are to be reordered; 0 where nothing is."""
    if place.endswith("attn_q"):
        return int(config.num_attention_heads)
    return int(config.num_key_value_heads) if place.endswith("attn_k") else 0


def _rotary(b: Array, heads: int, *, inverse: bool) -> Array:
    """Rows between the order of transformers (halves) and that of llama.cpp (pairs)."""
    if not heads:
        return b
    out, rank = b.shape
    shape = (heads, out // heads // 2, 2, rank) if inverse else (heads, 2, out // heads // 2, rank)
    return b.reshape(shape).swapaxes(1, 2).reshape(out, rank)
