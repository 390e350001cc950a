"""Marking an utterance in a tenth of a second: an act, slots, and how sure of them."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from assistant.compact import ACTS, BEGIN, END, Line, in_topic
from assistant.llm.lora import PLACES
from assistant.tagger.labels import Span, best_path, slots_of, words_of
from assistant.tagger.layers import Layers, Shape, softmax
from catalog.errors import ModelDamaged
from retrieval.embedder import Matrix

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Array = npt.NDArray[Any]

MAX_PIECES: Final = 160
"""Pieces of topic and utterance together; what comes after them is not read."""
_BASE: Final = "model.safetensors"
_TOKENIZER: Final = "tokenizer.json"
HEADS: Final = ("act", "tags", "denied", "soft", "sign")
"""Linear layers over the hidden states: of the text, and of each word."""
_EPSILON: Final = 1e-5


@dataclass(frozen=True, slots=True)
class Pieces:
    """Topic and utterance as the layers take them: just as the model that writes lines is given them."""

    ids: tuple[int, ...]
    said: int
    """Where the utterance's pieces begin."""
    last: tuple[int, ...]
    """Where the last piece of each word stands."""
    words: tuple[Span, ...]


class Tagger:
    """Reads utterances into compact lines; safe to ask from several threads.

    ``base`` is a folder with a language model's lower layers (:mod:`assistant.tagger.base`), ``file``
    what training put beside them, with the heads: see :func:`unpacked`. Both are read at the first use,
    which raises ``ModelDamaged`` when they do not fit together.
    """

    def __init__(self, base: Path, file: Path) -> None:
        self._base, self._file = base, file
        self._lock = threading.Lock()
        self._loaded: tuple[Layers, Mapping[str, Matrix], Tokenizer] | None = None

    def mark(self, utterance: str, topic: str = "") -> tuple[Line, float]:
        """What the utterance says, and the probability of its least sure label.

        ``topic`` is what is being bought, as in :func:`assistant.compact.in_topic`.
        """
        layers, heads, tokenizer = self._load()
        pieces = pieces_of(tokenizer, utterance, topic)
        if not pieces.words:
            return Line("chat"), 0.0
        hidden = _normed(heads, layers.encode(pieces.ids))
        said = hidden[pieces.said :].mean(0)
        of_text = softmax(_head(heads, "act", np.concatenate([hidden[-1], said])))
        of_words = hidden[list(pieces.last)]
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

    def _load(self) -> tuple[Layers, Mapping[str, Matrix], Tokenizer]:
        with self._lock:
            if self._loaded is None:
                try:
                    config = json.loads((self._base / "config.json").read_text("utf-8"))
                    layers, heads = unpacked(self._base / _BASE, self._file, config)
                    tokenizer = open_tokenizer(self._base)
                except (OSError, KeyError, ValueError, TypeError) as error:
                    raise ModelDamaged(
                        f"the tagger cannot be read ({error}): install the program again"
                    ) from error
                self._loaded = layers, heads, tokenizer
            return self._loaded


def open_tokenizer(base: Path) -> Tokenizer:
    """The tokenizer of a model's folder, without padding and cutting off."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(base / _TOKENIZER))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def pieces_of(tokenizer: Tokenizer, utterance: str, topic: str) -> Pieces:
    """``<|im_start|>[topic] utterance<|im_end|>``; nothing in the text becomes a control token."""
    text = in_topic(utterance, topic)
    ahead = len(text) - len(utterance)
    cut = tokenizer.encode(text, add_special_tokens=False)
    ends = [1 + end for _, end in cut.offsets[: MAX_PIECES - 2]]
    ids = [_id(tokenizer, BEGIN), *cut.ids[: MAX_PIECES - 2], _id(tokenizer, END)]
    last: list[int] = []
    words: list[Span] = []
    at = 0
    for begin, end in words_of(utterance):
        while at < len(ends) and ends[at] < 1 + end + ahead:
            at += 1
        if at == len(ends):
            break
        last.append(1 + at)
        words.append((begin, end))
    said = next((n for n, end in enumerate(ends, 1) if end > 1 + ahead), len(ends))
    return Pieces(tuple(ids), said, tuple(last), tuple(words))


def _id(tokenizer: Tokenizer, mark: str) -> int:
    found = tokenizer.token_to_id(mark)
    if found is None:
        raise ModelDamaged(f"the tagger's tokenizer has no {mark}: install the program again")
    return found


def _head(heads: Mapping[str, Matrix], name: str, x: Matrix) -> Matrix:
    return np.asarray(x @ heads[f"{name}.weight"].T + heads[f"{name}.bias"])


def _normed(heads: Mapping[str, Matrix], x: Matrix) -> Matrix:
    centred = x - x.mean(-1, keepdims=True)
    spread = np.sqrt((centred**2).mean(-1, keepdims=True) + np.float32(_EPSILON))
    return np.asarray(centred / spread * heads["norm.weight"] + heads["norm.bias"])


def packed(adapted: Mapping[str, Array], heads: Mapping[str, Array]) -> dict[str, Array]:
    """What a file holds: the low-rank changes in 16 bits (``blk.0.attn_q.a`` [rank, in] and ``.b`` [out,
    rank], scaled), the heads and the norm before them under ``head.``.
    """
    low = {name: np.ascontiguousarray(value, np.float16) for name, value in adapted.items()}
    return low | {f"head.{n}": np.ascontiguousarray(v, np.float32) for n, v in heads.items()}


def unpacked(base: Path, file: Path, config: Mapping[str, Any]) -> tuple[Layers, dict[str, Matrix]]:
    """The layers with their changes, and the heads. Raises OSError, KeyError or ValueError."""
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        weights, held = load_file(base), load_file(file)
    except SafetensorError as error:
        raise ValueError(str(error)) from error
    heads = {n.removeprefix("head."): v for n, v in held.items() if n.startswith("head.")}
    if missing := {f"{name}.weight" for name in (*HEADS, "norm")} - heads.keys():
        raise ValueError(f"it lacks {', '.join(sorted(missing))}")
    shape = Shape(
        config["num_hidden_layers"], config["num_attention_heads"], config["num_key_value_heads"],
        config["rms_norm_eps"], _rotary_base(config),
    )  # fmt: skip
    for n in range(shape.layers):
        for layer, place in PLACES.items():
            name, change = f"layers.{n}.{layer}.weight", f"blk.{n}.{place}"
            low, high = (held[f"{change}.{part}"].astype(np.float32) for part in "ab")
            weights[name] = weights[name].astype(np.float32) + high @ low
    return Layers(weights, shape), heads


def _rotary_base(config: Mapping[str, Any]) -> float:
    return float(
        config["rope_theta"] if "rope_theta" in config else config["rope_parameters"]["rope_theta"]
    )
