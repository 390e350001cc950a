"""The lower layers of the embedded language model as files of their own: made once from its GGUF, then kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import numpy as np

from assistant.llm.convert import made_once
from assistant.llm.lora import PLACES, rotary
from catalog.errors import ModelError
from catalog.home import home_dir
from retrieval.weights import KNOWN, weights_path

LAYERS: Final = 16
"""Of the model's thirty: what is learned in the upper ones is to go on writing (docs/experiments.md)."""
_NORMS: Final = {"input_layernorm": "attn_norm", "post_attention_layernorm": "ffn_norm"}


def lower_layers(
    name: str, layers: int = LAYERS, *, home: Path | None = None, progress: bool = True
) -> Path:
    """A folder with config, tokenizer and the first ``layers`` layers of the model ``name``.

    ``transformers`` can open it, and needs not be there to make it: that takes seconds. Raises
    ``ModelNotFound`` or ``ModelDamaged`` when the GGUF cannot be had, and ``ModelError`` when it cannot
    be read or the folder not be written.
    """
    gguf = weights_path(name, home=home, progress=progress)
    folder = (home or home_dir()) / "models" / f"{name}-lower-{layers}"
    return made_once(
        folder, KNOWN[name].sha256, lambda to: _write(gguf, to, layers),
        megabytes=170, said=f"{name}: taking out its lower {layers} layers, once" if progress else "",
    )  # fmt: skip


def _write(gguf: Path, folder: Path, layers: int) -> None:
    from gguf import GGUFReader, dequantize
    from safetensors.numpy import save_file

    try:
        reader = GGUFReader(gguf)
        told = {key.removeprefix("llama."): field for key, field in reader.fields.items()}
        config = _config(told, layers)
        held = {t.name: t for t in reader.tensors}

        def read(name: str) -> Any:
            tensor = held[f"{name}.weight"]
            return np.asarray(dequantize(tensor.data, tensor.tensor_type), np.float32)

        made = {"embed_tokens": read("token_embd"), "norm": read("output_norm")}
        heads = {"attn_q": config["num_attention_heads"], "attn_k": config["num_key_value_heads"]}
        for n in range(layers):
            for layer, place in PLACES.items():
                rows = read(f"blk.{n}.{place}")
                made[f"layers.{n}.{layer}"] = rotary(rows, heads.get(place, 0), inverse=True)
            for layer, place in _NORMS.items():
                made[f"layers.{n}.{layer}"] = read(f"blk.{n}.{place}")
        tokenizer = _tokenizer(told)
    except (OSError, ValueError, KeyError, IndexError) as error:
        raise ModelError(f"cannot read {gguf}: {error}") from error
    folder.mkdir(parents=True)
    half = {
        f"{name}.weight": np.ascontiguousarray(m.astype(np.float16 if m.ndim > 1 else np.float32))
        for name, m in made.items()
    }
    save_file(half, folder / "model.safetensors", {"format": "pt"})
    tokenizer.save(str(folder / "tokenizer.json"))
    (folder / "config.json").write_text(json.dumps(config, indent=1) + "\n", encoding="utf-8")


def _config(told: dict[str, Any], layers: int) -> dict[str, Any]:
    """As ``transformers`` wants it."""
    return {
        "model_type": "llama",
        "architectures": ["LlamaModel"],
        "num_hidden_layers": layers,
        "hidden_size": told["embedding_length"].contents(),
        "intermediate_size": told["feed_forward_length"].contents(),
        "num_attention_heads": told["attention.head_count"].contents(),
        "num_key_value_heads": told["attention.head_count_kv"].contents(),
        "rms_norm_eps": told["attention.layer_norm_rms_epsilon"].contents(),
        "rope_theta": told["rope.freq_base"].contents(),
        "vocab_size": told["vocab_size"].contents(),
        "max_position_embeddings": told["context_length"].contents(),
        "tie_word_embeddings": True,
    }


def _tokenizer(told: dict[str, Any]) -> Any:
    """Byte-level BPE, digits one by one; the control tokens are words of it that no text becomes."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers

    words = told["tokenizer.ggml.tokens"].contents()
    pairs = [tuple(merge.split(" ", 1)) for merge in told["tokenizer.ggml.merges"].contents()]
    tokenizer = Tokenizer(models.BPE({word: n for n, word in enumerate(words)}, pairs))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Digits(individual_digits=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer
