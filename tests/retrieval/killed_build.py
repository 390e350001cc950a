"""Builds an index of the test shop in a process of its own, and kills it -9 at a named point.

Run as ``python -m tests.retrieval.killed_build HOME POINT``.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from retrieval import filling
from retrieval.build import build_index
from retrieval.storage import CatalogFolder
from tests.fakes import HashEmbedder
from tests.retrieval.shop import products

ROWS = 300
CHUNK = 100


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class _DyingEmbedder(HashEmbedder):
    def encode(
        self, texts: Sequence[str], *, on_batch: Callable[[int], None] | None = None
    ) -> npt.NDArray[np.float32]:
        if len(self.encoded) >= 2 * CHUNK:
            _die()
        return super().encode(texts, on_batch=on_batch)


def main(home: Path, point: str) -> None:
    """Build until ``point``: ``read``, ``embed`` (two chunks in three done) or ``swap``."""
    filling._CHUNK = CHUNK  # type: ignore[misc]  # chunks small enough to be killed between
    embedder = _DyingEmbedder() if point == "embed" else HashEmbedder()
    if point == "swap":
        CatalogFolder.point_to = lambda self, number: _die()  # type: ignore[method-assign]

    def progress(stage: str, done: int, total: int | None) -> None:
        if stage == point == "read":
            _die()

    build_index(
        "shop", products(ROWS), embedder=embedder, source="shop", home=home, progress=progress
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
