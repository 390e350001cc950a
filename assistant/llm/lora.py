"""Our adapters in transformers: read from the GGUF file that llama.cpp takes as it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

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


class Beside:
    """Adapters beside the layers of a transformers model, of which at most one takes part at a time.

    Set :attr:`task` to the one that shall; ``""`` for the model as it is.
    """

    def __init__(self, model: Any, adapters: Mapping[str, Path]) -> None:
        import torch

        self.task = ""
        for task, path in adapters.items():
            for block, place, a, b in read_gguf(path, model.config):
                owner_name, name = place.split(".")
                layer = getattr(getattr(model.model.layers[block], owner_name), name)
                weight = layer.weight
                low, high = (
                    torch.from_numpy(part).to(weight.device, weight.dtype) for part in (a, b)
                )
                layer.register_forward_hook(self._added(task, low, high))

    def _added(self, task: str, low: Any, high: Any) -> Any:
        from torch.nn.functional import linear

        def hook(layer: Any, given: Any, out: Any) -> Any:
            del layer
            return out + linear(linear(given[0], low), high) if self.task == task else None

        return hook


def read_gguf(path: Path, config: Any) -> Iterator[tuple[int, str, Array, Array]]:
    """(block, layer as transformers calls it, A: (rank, in), B scaled: (out, rank)) of each adapted layer.

    Raises ``ModelDamaged`` when the file is not such an adapter.
    """
    import gguf

    try:
        reader = gguf.GGUFReader(path)
        alpha = float(reader.fields["adapter.lora.alpha"].contents())
        tensors = {t.name: np.asarray(t.data, np.float32) for t in reader.tensors}
    except (OSError, ValueError, KeyError) as error:
        raise ModelDamaged(f"{path} is not a LoRA adapter in GGUF: {error}") from error
    names = {place: layer for layer, place in PLACES.items()}
    for key, a in tensors.items():
        if not key.endswith(".weight.lora_a"):
            continue
        stem = key.removesuffix(".weight.lora_a")
        b = rotary(tensors[f"{stem}.weight.lora_b"], heads_of(stem, config), inverse=True)
        _, block, place = stem.split(".")
        yield int(block), names[place], a, (alpha / a.shape[0]) * b


def heads_of(place: str, config: Any) -> int:
    """Attention heads whose rows llama.cpp orders differently; 0 where it does not."""
    if place.endswith("attn_q"):
        return int(config.num_attention_heads)
    return int(config.num_key_value_heads) if place.endswith("attn_k") else 0


def rotary(b: Array, heads: int, *, inverse: bool) -> Array:
    """Rows between the order of transformers (halves) and that of llama.cpp (pairs)."""
    if not heads:
        return b
    out, rank = b.shape
    shape = (heads, out // heads // 2, 2, rank) if inverse else (heads, 2, out // heads // 2, rank)
    return b.reshape(shape).swapaxes(1, 2).reshape(out, rank)
