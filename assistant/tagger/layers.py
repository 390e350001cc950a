"""The lower layers of a Llama model in numpy, every word seeing those before and after it.

A language model looks back only; to mark a word one must also see what follows, so training lets
these layers look both ways (BehnamGhader et al. 2024, "LLM2Vec", arXiv:2404.05961). No framework is
imported for it: loading one takes seconds, reading an utterance must not. Architecture: Touvron et
al. 2023, arXiv:2302.13971; the weights' names are those of ``transformers``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.embedder import Matrix


@dataclass(frozen=True, slots=True)
class Shape:
    """What the weights alone do not tell."""

    layers: int
    heads: int
    kept_heads: int
    """Heads of keys and values, each shared by several of the queries'."""
    epsilon: float
    base: float
    """Of the rotary positions' wavelengths."""


@dataclass(frozen=True, slots=True)
class Layers:
    """Weights in 32 bits, the embeddings in whatever they were stored."""

    weights: Mapping[str, Matrix]
    shape: Shape

    def encode(self, ids: Sequence[int]) -> Matrix:
        """Hidden states of one text: float32 [len(ids), hidden]."""
        w = self.weights
        x = np.asarray(w["embed_tokens.weight"][list(ids)], np.float32)
        turn = self._turns(len(ids))
        for n in range(self.shape.layers):
            at = f"layers.{n}"
            x = x + self._attend(at, self._norm(f"{at}.input_layernorm", x), turn)
            inner = self._norm(f"{at}.post_attention_layernorm", x)
            gate = self._linear(f"{at}.mlp.gate_proj", inner)
            inner = gate / (1 + np.exp(-gate)) * self._linear(f"{at}.mlp.up_proj", inner)
            x = x + self._linear(f"{at}.mlp.down_proj", inner)
        return self._norm("norm", x)

    def _attend(self, at: str, x: Matrix, turn: tuple[Matrix, Matrix]) -> Matrix:
        query, key, value = (
            self._linear(f"{at}.self_attn.{name}_proj", x)
            .reshape(len(x), heads, -1)
            .transpose(1, 0, 2)
            for name, heads in (
                ("q", self.shape.heads), ("k", self.shape.kept_heads), ("v", self.shape.kept_heads),
            )
        )  # fmt: skip
        shared = self.shape.heads // self.shape.kept_heads
        key, value = _turned(key, turn).repeat(shared, 0), value.repeat(shared, 0)
        scores = _turned(query, turn) @ key.transpose(0, 2, 1)
        mixed = softmax(scores / np.float32(np.sqrt(query.shape[-1]))) @ value
        return self._linear(f"{at}.self_attn.o_proj", mixed.transpose(1, 0, 2).reshape(len(x), -1))

    def _turns(self, length: int) -> tuple[Matrix, Matrix]:
        """Cosines and sines of the rotary positions (Su et al. 2021), each [length, width of a head]."""
        width = self.weights["layers.0.self_attn.q_proj.weight"].shape[0] // self.shape.heads
        speed = self.shape.base ** (-np.arange(0, width, 2) / width)
        angles = np.tile(np.arange(length)[:, None] * speed, 2)
        return np.cos(angles).astype(np.float32), np.sin(angles).astype(np.float32)

    def _linear(self, name: str, x: Matrix) -> Matrix:
        return np.asarray(x @ self.weights[f"{name}.weight"].T)

    def _norm(self, name: str, x: Matrix) -> Matrix:
        size = np.sqrt((x * x).mean(-1, keepdims=True) + np.float32(self.shape.epsilon))
        return np.asarray(x / size * self.weights[f"{name}.weight"])


def softmax(x: Matrix) -> Matrix:
    """Along the last axis."""
    powers = np.exp(x - x.max(-1, keepdims=True))
    return np.asarray(powers / powers.sum(-1, keepdims=True))


def _turned(x: Matrix, turn: tuple[Matrix, Matrix]) -> Matrix:
    cosines, sines = turn
    half = x.shape[-1] // 2
    return np.asarray(x * cosines + np.concatenate([-x[..., half:], x[..., :half]], -1) * sines)
