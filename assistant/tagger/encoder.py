"""A small BERT encoder in numpy: forty word pieces take about ten milliseconds on two cores.

No framework is imported for it: loading one takes seconds, reading an utterance must not.
Architecture: Devlin et al. 2019; the weights' names are those of ``transformers``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.embedder import Matrix

_EPSILON = 1e-12


@dataclass(frozen=True, slots=True)
class Encoder:
    """The weights, and how many heads attention has."""

    weights: Mapping[str, Matrix]
    layers: int
    heads: int

    def encode(self, ids: Sequence[int], types: Sequence[int]) -> Matrix:
        """Hidden states of one text: float32 [len(ids), hidden].

        ``ids`` are word pieces with their control tokens, ``types`` 0 for the first text and 1
        for the second.
        """
        w = self.weights
        x = w["embeddings.word_embeddings.weight"][list(ids)]
        x = x + w["embeddings.position_embeddings.weight"][: len(ids)]
        x = x + w["embeddings.token_type_embeddings.weight"][list(types)]
        x = self._norm("embeddings.LayerNorm", x)
        for n in range(self.layers):
            at = f"encoder.layer.{n}"
            attended = self._linear(f"{at}.attention.output.dense", self._attend(at, x))
            x = self._norm(f"{at}.attention.output.LayerNorm", x + attended)
            inner = _gelu(self._linear(f"{at}.intermediate.dense", x))
            x = self._norm(f"{at}.output.LayerNorm", x + self._linear(f"{at}.output.dense", inner))
        return x

    def _attend(self, at: str, x: Matrix) -> Matrix:
        parts = (
            self._linear(f"{at}.attention.self.{name}", x) for name in ("query", "key", "value")
        )
        query, key, value = (
            part.reshape(len(x), self.heads, -1).transpose(1, 0, 2) for part in parts
        )
        scores = query @ key.transpose(0, 2, 1) / np.float32(np.sqrt(query.shape[-1]))
        mixed = softmax(scores) @ value
        return np.asarray(mixed.transpose(1, 0, 2).reshape(len(x), -1), np.float32)

    def _linear(self, name: str, x: Matrix) -> Matrix:
        return np.asarray(x @ self.weights[f"{name}.weight"].T + self.weights[f"{name}.bias"])

    def _norm(self, name: str, x: Matrix) -> Matrix:
        mean = x.mean(-1, keepdims=True)
        variance = ((x - mean) ** 2).mean(-1, keepdims=True)
        scaled = (x - mean) / np.sqrt(variance + np.float32(_EPSILON))
        return np.asarray(scaled * self.weights[f"{name}.weight"] + self.weights[f"{name}.bias"])


def softmax(x: Matrix) -> Matrix:
    """Along the last axis."""
    powers = np.exp(x - x.max(-1, keepdims=True))
    return np.asarray(powers / powers.sum(-1, keepdims=True))


def _gelu(x: Matrix) -> Matrix:
    return np.asarray(0.5 * x * (1 + _erf(x / np.float32(np.sqrt(2)))), np.float32)


def _erf(x: Matrix) -> Matrix:
    """To 1.5e-7 (Abramowitz and Stegun 1964, 7.1.26)."""
    t = 1 / (1 + np.float32(0.3275911) * np.abs(x))
    total: Matrix = np.zeros_like(x)
    for term in (1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592):
        total = np.asarray((total + np.float32(term)) * t)
    return np.asarray(np.sign(x) * (1 - total * np.exp(-x * x)), np.float32)
