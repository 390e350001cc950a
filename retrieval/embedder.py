"""Text to vectors: the protocol, the embedders, and what of a product is embedded."""

from __future__ import annotations

import logging
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Protocol, TypeAlias, runtime_checkable

import numpy as np
import numpy.typing as npt

from catalog.errors import ModelError, UsageError
from catalog.product import Product, attribute_words
from retrieval.tuned import tune

Matrix: TypeAlias = npt.NDArray[np.float32]

_DESCRIPTION_CHARS: Final = 120
_ENOUGH_CHARS: Final = 60
_TEXT_CHARS: Final = 160
_QUERY_CHARS: Final = 4_000
HUB: Final = "hf:"
"""Before the name of a model of the hub."""

SHOP_MINILM: Final = "shop-minilm"
MINILM: Final = "minilm"
STATIC_MINILM: Final = "static-minilm"
EMBEDDED: Final = (SHOP_MINILM, MINILM, STATIC_MINILM)
"""The embedders that come with the program; the first is the default."""

_HUB_SECONDS: Final = 10.0
_BATCH: Final = 32
_STATIC_BATCH: Final = 1_000
_UNKNOWN_PIECE: Final = 100


class Embedder(Protocol):
    """Maps texts to unit vectors; the same text gives the same vector. Safe from several threads."""

    @property
    def name(self) -> str:
        """Written into an index, which can only be searched with the same embedder."""
        ...

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        ...

    def encode(
        self, texts: Sequence[str], *, on_batch: Callable[[int], None] | None = None
    ) -> Matrix:
        """float32 [n, dimension], rows of length 1; ``on_batch`` gets each batch's size when done.

        Raises :class:`ModelError`.
        """
        ...


@runtime_checkable
class WordEmbedder(Embedder, Protocol):
    """An embedder that also knows what the pieces of words mean by themselves."""

    @property
    def pieces(self) -> int:
        """How many word pieces there are."""
        ...

    def word_pieces(self, texts: Sequence[str]) -> list[list[int]]:
        """The ids of each text's word pieces. Raises :class:`ModelError`."""
        ...

    def piece_vectors(self) -> Matrix:
        """float32 [pieces, dimension], rows of length 1, their common mean taken off."""
        ...


class HubModel(ABC):
    """A model of the hub, from its cache where it is there, or of a folder (``local``); read at the
    first use.
    """

    advice: str = "check the name and the network, or name a folder: hf:/path/to/model"

    def __init__(self, name: str, source: str, *, local: bool) -> None:
        self.name = name
        self._source = source
        self._local = local
        self._model: Any = None
        self._lock = threading.Lock()

    @abstractmethod
    def _what(self) -> str:
        """What it is, for a message."""

    @abstractmethod
    def _open(self, device: str, *, offline: bool) -> Any:
        """The model on a device, ``offline`` from what lies on this machine alone; may raise anything."""

    def _loaded(self) -> Any:
        """The model. Raises :class:`ModelError` that says what could not be loaded, why, and what to do."""
        with self._lock:
            if self._model is None:
                self._model = self._read()
            return self._model

    def _read(self) -> Any:
        try:
            with _quiet():
                import torch

                # local_files_only instead of HF_HUB_OFFLINE: the variable would hold for the
                # whole process, and another model may well come from the hub.
                device = "cuda" if torch.cuda.is_available() and not self._local else "cpu"
                try:
                    return self._open(device, offline=True)
                except Exception:  # what is not in the hub's cache may raise anything
                    if self._local:
                        raise
                    _reach_hub()
                    return self._open(device, offline=False)
        except Exception as error:  # the hub's client raises its own tree, down to httpx
            lines = str(error).strip().splitlines()
            first = lines[0][:200] if lines else type(error).__name__
            raise ModelError(f"{self._what()} cannot be loaded ({first}): {self.advice}") from error


def named_source(name: str) -> tuple[str, bool] | None:
    """What ``hf:NAME`` names: a folder, and yes, or a repository of the hub, and no; None for other names."""
    source = name.removeprefix(HUB)
    if not name.startswith(HUB) or not source:
        return None
    folder = Path(source).expanduser()
    return (str(folder), True) if folder.is_dir() else (source, False)


class SentenceModel(HubModel):
    """A sentence-transformers model on the CPU, or on a GPU where there is one.

    ``source`` is a folder, or a repository of the model hub; it is read at the first use.
    Only safetensors are loaded and no code of the model's own is run.
    """

    @property
    def dimension(self) -> int:
        """See :class:`Embedder`."""
        return int(self._loaded().get_embedding_dimension())

    def encode(
        self, texts: Sequence[str], *, on_batch: Callable[[int], None] | None = None
    ) -> Matrix:
        """See :class:`Embedder`."""
        vectors = np.empty((len(texts), self.dimension), np.float32)
        # Texts of like length share a batch: padding is what costs.
        order = sorted(range(len(texts)), key=lambda i: (len(texts[i]), i))
        model = self._loaded()
        for start in range(0, len(order), _BATCH):
            batch = order[start : start + _BATCH]
            try:
                vectors[batch] = model.encode(
                    [_plain(texts[i]) for i in batch],
                    batch_size=_BATCH,
                    show_progress_bar=False,
                    normalize_embeddings=True,
                    convert_to_numpy=True,
                )
            except (RuntimeError, ValueError, TypeError) as error:
                raise ModelError(f"the embedder {self.name} failed: {error}") from error
            if on_batch is not None:
                on_batch(len(batch))
        return vectors

    def _what(self) -> str:
        return f"the embedder {self.name}"

    def _open(self, device: str, *, offline: bool) -> Any:
        import torch
        from sentence_transformers import SentenceTransformer

        return SentenceTransformer(
            self._source,
            device=device,
            local_files_only=offline,
            trust_remote_code=False,
            model_kwargs={"dtype": torch.float32, "use_safetensors": True},
        )


class MiniLM(SentenceModel):
    """all-MiniLM-L6-v2: 384 dimensions, 256 tokens."""

    dimension: Final = 384
    advice = "fetch it again with: shop models fetch minilm"

    def __init__(self, folder: Path, name: str = MINILM) -> None:
        super().__init__(name, str(folder), local=True)
        self._vectors: Matrix | None = None

    @property
    def pieces(self) -> int:
        """See :class:`WordEmbedder`."""
        return len(self.piece_vectors())

    def word_pieces(self, texts: Sequence[str]) -> list[list[int]]:
        """See :class:`WordEmbedder`."""
        encoded = self._loaded().tokenizer(
            [_plain(t) for t in texts], add_special_tokens=False, truncation=True, verbose=False
        )
        return list(encoded["input_ids"])

    def piece_vectors(self) -> Matrix:
        """See :class:`WordEmbedder`; the model's input embeddings."""
        layer = self._loaded()[0].auto_model.get_input_embeddings()
        with self._lock:
            if self._vectors is None:
                weight: Matrix = layer.weight.detach().numpy()
                self._vectors = _unit(weight - weight.mean(axis=0))
            return self._vectors


class ShopMiniLM(MiniLM):
    """The embedded default: MiniLM tuned on what shoppers search for (:mod:`retrieval.tuned`)."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, SHOP_MINILM)

    def _open(self, device: str, *, offline: bool) -> Any:
        from retrieval.weights import KNOWN

        model = super()._open(device, offline=offline)
        tune(model[0].auto_model, KNOWN[MINILM].sha256)
        return model


class StaticWords:
    """The mean of a text's word pieces, by MiniLM's input embeddings: no network to run.

    Some thousand texts a second, for catalogues of millions; it finds less than MiniLM
    (docs/experiments.md).
    """

    name: Final = STATIC_MINILM
    dimension: Final = 384

    def __init__(self, words: MiniLM) -> None:
        self._words = words
        self.word_pieces = words.word_pieces
        self.piece_vectors = words.piece_vectors

    @property
    def pieces(self) -> int:
        """See :class:`WordEmbedder`."""
        return self._words.pieces

    def encode(
        self, texts: Sequence[str], *, on_batch: Callable[[int], None] | None = None
    ) -> Matrix:
        """See :class:`Embedder`."""
        return words_alone(self, texts, on_batch=on_batch)


def words_alone(
    embedder: WordEmbedder, texts: Sequence[str], *, on_batch: Callable[[int], None] | None = None
) -> Matrix:
    """The mean of each text's word pieces: [n, dimension], rows of length 1."""
    by_piece = embedder.piece_vectors()
    vectors = np.empty((len(texts), by_piece.shape[1]), np.float32)
    for start in range(0, len(texts), _STATIC_BATCH):
        batch = texts[start : start + _STATIC_BATCH]
        for i, ids in enumerate(embedder.word_pieces(batch), start):
            # A text without words still needs a direction: that of the unknown piece.
            vectors[i] = by_piece[ids or [_UNKNOWN_PIECE]].mean(axis=0)
        if on_batch is not None:
            on_batch(len(batch))
    return _unit(vectors)


def open_embedder(name: str = SHOP_MINILM, home: Path | None = None) -> Embedder:
    """The embedder of that name, loaded when first used: ``shop-minilm``, ``minilm`` or ``static-minilm``
    (their weights are fetched if need be), or ``hf:NAME``, a sentence-transformers model of the hub
    or a folder.

    Raises :class:`UsageError` for another name, :class:`ModelError` when it cannot be had.
    """
    if (named := named_source(name)) is not None:
        return SentenceModel(name, named[0], local=named[1])
    if name not in EMBEDDED:
        raise UsageError(
            f"no embedder is called {name[:80]!r}: there are {', '.join(map(repr, EMBEDDED))}, "
            f"and {HUB}NAME for a sentence-transformers model of the hub or a folder"
        )
    from retrieval.weights import weights_path

    folder = weights_path(MINILM, home=home)
    if name == SHOP_MINILM:
        return ShopMiniLM(folder)
    words = MiniLM(folder)
    return StaticWords(words) if name == STATIC_MINILM else words


def product_text(product: Product) -> str:
    """What of a product is embedded: its name and kind, then short attributes.

    A longer text is slower to embed in proportion and finds no more: BM25 reads the
    whole listing, and over it the description added nothing to the fused ranking
    (docs/experiments.md). It steps in where the rest says too little.
    """
    parts = [product.title]
    parts += [p for p in (_stated_brand(product), product.type, *product.category[-1:]) if p]
    for name, value in product.attributes.items():
        if name in product.read_from:
            continue  # the prose it was read from says it already
        if value is True:
            parts.append(name.replace("_", " "))
        elif value is not False:
            parts.append(", ".join(attribute_words(value)))
    head = ". ".join(dict.fromkeys(p.strip().rstrip(".") for p in parts))[:_TEXT_CHARS]
    if len(head) >= _ENOUGH_CHARS:
        return head
    return f"{head}. {product.description[:_DESCRIPTION_CHARS]}".strip()


def _stated_brand(product: Product) -> str | None:
    return None if "brand" in product.read_from else product.brand


def _unit(vectors: Matrix) -> Matrix:
    length: Matrix = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.divide(vectors, np.maximum(length, 1e-9), dtype=np.float32)


def _plain(text: str) -> str:
    # Tokenizers written in Rust refuse lone surrogates; far more text than the model
    # reads would only be tokenized to be thrown away.
    return text[:_QUERY_CHARS].encode("utf-8", "replace").decode()


def _reach_hub() -> None:
    """Raise at once when the hub is out of reach; its own client tries for a minute."""
    import httpx
    from huggingface_hub.constants import ENDPOINT

    httpx.head(ENDPOINT, timeout=_HUB_SECONDS)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep load reports and progress bars of transformers off the terminal."""
    from transformers.utils import logging as transformers_logging

    loggers = [
        logging.getLogger(n) for n in ("sentence_transformers", "transformers", "huggingface_hub")
    ]
    levels = [logger.level for logger in loggers]
    bars = transformers_logging.is_progress_bar_enabled()
    for logger in loggers:
        logger.setLevel(logging.ERROR)
    transformers_logging.disable_progress_bar()
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
        if bars:
            transformers_logging.enable_progress_bar()
