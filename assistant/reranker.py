"""A cross-encoder by name, from the model hub or a folder: it reads a wish and a listing together.

The program brings none of its own: what was trained here adds nothing (docs/experiments.md). One
that is named judges in the language model's place, for the same turns and with the same weight.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from catalog.errors import ModelError, UsageError
from retrieval.embedder import HUB, HubModel, named_source

_BATCH: Final = 16
_CHARACTERS: Final = 2_000


class Reranker(HubModel):
    """A ``sentence_transformers`` cross-encoder with one score; read at the first use, safetensors
    only, no code of the model's own.
    """

    def suits(self, wanted: str, listings: Sequence[str]) -> list[float]:
        """How well each listing suits what is wanted, in [0, 1]; each by itself.

        Raises ``ModelError`` when the model cannot be loaded or fails.
        """
        model = self._loaded()
        import torch

        pairs = [(_plain(wanted), _plain(told)) for told in listings]
        try:
            scores = model.predict(
                pairs,
                batch_size=_BATCH,
                show_progress_bar=False,
                activation_fn=torch.nn.Sigmoid(),
            )
        except (RuntimeError, ValueError, TypeError, IndexError) as error:
            raise ModelError(f"the reranker {self.name} failed: {error}") from error
        if getattr(scores, "shape", None) != (len(pairs),):
            raise ModelError(f"the reranker {self.name} gives more than one score for a listing")
        return [float(score) for score in scores]

    def load(self) -> None:
        """Read it now. Raises ``ModelError`` when it cannot be had."""
        self._loaded()

    def _what(self) -> str:
        return f"the reranker {self.name}"

    def _open(self, device: str, *, offline: bool) -> Any:
        from sentence_transformers import CrossEncoder

        return CrossEncoder(
            self._source,
            device=device,
            local_files_only=offline,
            trust_remote_code=False,
            model_kwargs={"use_safetensors": True},
        )


def open_reranker(name: str) -> Reranker:
    """The reranker ``hf:NAME``: a cross-encoder of the hub or a folder, loaded when first used.

    Raises ``UsageError`` for another name.
    """
    named = named_source(name)
    if named is None:
        raise UsageError(
            f"no reranker is called {name[:80]!r}: name a cross-encoder of the hub or a folder, {HUB}NAME"
        )
    return Reranker(name, named[0], local=named[1])


def _plain(text: str) -> str:
    # Tokenizers written in Rust refuse lone surrogates.
    return text[:_CHARACTERS].encode("utf-8", "replace").decode()
