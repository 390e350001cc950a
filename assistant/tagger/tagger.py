"""Marking an utterance in milliseconds: an act, slots, and how sure of them."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from assistant.compact import ACTS, Line
from assistant.tagger.encoder import Encoder, softmax
from assistant.tagger.labels import Span, best_path, slots_of, words_of
from catalog.errors import ModelDamaged
from retrieval.embedder import Matrix

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Array = npt.NDArray[Any]

MAX_PIECES: Final = 128
"""Word pieces of topic and utterance together; what comes after them is not read."""
_MAX_TOPIC: Final = 12
_NO_TOPIC: Final = "none"
_BASE: Final = "model.safetensors"
_TOKENIZER: Final = "tokenizer.json"
_SCALES: Final = ".scale"
HEADS: Final = ("act", "tags", "denied", "soft", "sign")
"""Linear layers over the encoder: of the text, and of each word."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """Topic and utterance as the encoder takes them."""

    ids: tuple[int, ...]
    types: tuple[int, ...]
    first: tuple[int, ...]
    """Where the first piece of each word stands."""
    words: tuple[Span, ...]


class Tagger:
    """Reads utterances into compact lines; safe to ask from several threads.

    ``base`` is the folder of the encoder's weights (all-MiniLM-L6-v2), ``file`` what training
    changed in them, with the heads: see :func:`packed`. Both are read at the first use, which
    raises ``ModelDamaged`` when they do not fit together.
    """

    def __init__(self, base: Path, file: Path) -> None:
        self._base, self._file = base, file
        self._lock = threading.Lock()
        self._loaded: tuple[Encoder, Mapping[str, Matrix], Tokenizer] | None = None

    def mark(self, utterance: str, topic: str = "") -> tuple[Line, float]:
        """What the utterance says, and the probability of its least sure label.

        ``topic`` is what is being bought, as in :func:`assistant.compact.in_topic`.
        """
        encoder, heads, tokenizer = self._load()
        pieces = pieces_of(tokenizer, utterance, topic)
        if not pieces.words:
            return Line("chat"), 0.0
        hidden = encoder.encode(pieces.ids, pieces.types)
        said = hidden[np.array(pieces.types) == 1].mean(0)
        of_text = softmax(_head(heads, "act", np.concatenate([hidden[0], said])))
        of_words = hidden[list(pieces.first)]
        tags = softmax(_head(heads, "tags", of_words))
        path = best_path(np.log(tags + 1e-12))
        slots = slots_of(
            utterance, pieces.words, path,
            *(_head(heads, name, of_words) for name in ("denied", "soft", "sign")),
        )  # fmt: skip
        sure = min(float(of_text.max()), *(float(tags[n, tag]) for n, tag in enumerate(path)))
        return Line(ACTS[int(of_text.argmax())], slots), sure

    def load(self) -> None:
        """Read the weights now instead of at the first use."""
        self._load()

    def _load(self) -> tuple[Encoder, Mapping[str, Matrix], Tokenizer]:
        with self._lock:
            if self._loaded is None:
                try:
                    weights, heads = unpacked(self._base / _BASE, self._file)
                    config = json.loads((self._base / "config.json").read_text("utf-8"))
                    encoder = Encoder(
                        weights, config["num_hidden_layers"], config["num_attention_heads"]
                    )
                    tokenizer = open_tokenizer(self._base)
                except (OSError, KeyError, ValueError) as error:
                    raise ModelDamaged(
                        f"the tagger cannot be read ({error}): install the program again"
                    ) from error
                self._loaded = encoder, heads, tokenizer
            return self._loaded


def open_tokenizer(base: Path) -> Tokenizer:
    """The tokenizer of an encoder's folder, without padding and cutting off."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(base / _TOKENIZER))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def pieces_of(tokenizer: Tokenizer, utterance: str, topic: str) -> Pieces:
    """``[CLS] topic [SEP] utterance [SEP]``, every word cut into pieces by itself."""
    begin, end, unknown = (_id(tokenizer, mark) for mark in ("[CLS]", "[SEP]", "[UNK]"))
    named = tokenizer.encode(topic or _NO_TOPIC, add_special_tokens=False).ids[:_MAX_TOPIC]
    ids = [begin, *named, end]
    types, first, kept = [0] * len(ids), [], []
    spans = words_of(utterance)
    texts = [utterance[a:b] for a, b in spans]
    for span, cut in zip(
        spans, tokenizer.encode_batch(texts, add_special_tokens=False), strict=True
    ):
        pieces = cut.ids or [unknown]
        if len(ids) + len(pieces) >= MAX_PIECES:
            break
        first.append(len(ids))
        kept.append(span)
        ids += pieces
        types += [1] * len(pieces)
    return Pieces((*ids, end), (*types, 1), tuple(first), tuple(kept))


def _id(tokenizer: Tokenizer, mark: str) -> int:
    found = tokenizer.token_to_id(mark)
    if found is None:
        raise ModelDamaged(f"the tagger's tokenizer has no {mark}: install the program again")
    return found


def _head(heads: Mapping[str, Matrix], name: str, x: Matrix) -> Matrix:
    return np.asarray(x @ heads[f"{name}.weight"].T + heads[f"{name}.bias"])


def packed(
    base: Mapping[str, Matrix], tuned: Mapping[str, Matrix], heads: Mapping[str, Matrix]
) -> dict[str, Array]:
    """What a file holds: the change of every matrix as eight-bit numbers with a scale a row, all
    else that changed as it is, the heads under ``head.``.
    """
    held: dict[str, Array] = {}
    for name, value in tuned.items():
        change = value - base[name]
        if not change.any():
            continue
        if change.ndim < 2:
            held[name] = change.astype(np.float32)
            continue
        scale = np.abs(change).max(1, keepdims=True) / 127 + np.float32(1e-12)
        held[name] = np.round(change / scale).astype(np.int8)
        held[name + _SCALES] = scale.astype(np.float32)
    held.update({f"head.{name}": value.astype(np.float32) for name, value in heads.items()})
    return held


def unpacked(base: Path, file: Path) -> tuple[dict[str, Matrix], dict[str, Matrix]]:
    """The encoder's weights and the heads. Raises OSError, KeyError or ValueError."""
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        weights, held = load_file(base), load_file(file)
    except SafetensorError as error:
        raise ValueError(str(error)) from error
    heads = {n.removeprefix("head."): v for n, v in held.items() if n.startswith("head.")}
    if missing := {f"{name}.weight" for name in HEADS} - heads.keys():
        raise ValueError(f"it lacks {', '.join(sorted(missing))}")
    for name, change in held.items():
        if name.startswith("head.") or name.endswith(_SCALES):
            continue
        scaled = change if change.ndim < 2 else change * held[name + _SCALES]
        weights[name] = (weights[name] + scaled).astype(np.float32)
    return weights, heads
