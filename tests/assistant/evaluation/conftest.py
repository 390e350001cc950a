"""The corner shop as a stage for dialogues, with an embedder that needs no weights."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.evaluation.runner import Ablation, Stage
from assistant.evaluation.shelf import Shelf
from assistant.opening import Shop
from retrieval.index import Index
from tests.assistant.shop import ANA
from tests.fakes import HashEmbedder

DATA = Path(__file__).parent / "data"


@pytest.fixture(scope="session")
def shelf(corner: Index) -> Shelf:
    return Shelf(corner)


@pytest.fixture
def stage(corner: Index, shelf: Shelf) -> Stage:
    return Stage(Shop(corner, None, {ANA.id: ANA}), shelf, Ablation())


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Indexes opened by name embed with the hashes they were built with."""
    monkeypatch.setattr("retrieval.index.open_embedder", lambda *_: HashEmbedder())
