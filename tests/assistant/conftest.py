"""The small shops, indexed once, and conversations about them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.converse import Assistant, Shop
from assistant.llm.protocol import LanguageModel
from assistant.shopper import Shopper
from retrieval.index import Index, build_index, open_index
from retrieval.vocabulary import Vocabulary
from tests.assistant.shop import ANA, corner_shop, harbour_shop
from tests.fakes import HashEmbedder

Converse = Callable[..., Assistant]


@pytest.fixture(scope="session")
def shops_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("shops")
    for name, products in (("corner", corner_shop()), ("harbour", harbour_shop())):
        build_index(name, products, embedder=HashEmbedder(), source=f"{name}.jsonl", home=home)
    return home


@pytest.fixture(scope="session")
def corner(shops_home: Path) -> Iterator[Index]:
    with open_index("corner", home=shops_home, embedder=HashEmbedder()) as index:
        yield index


@pytest.fixture(scope="session")
def harbour(shops_home: Path) -> Iterator[Index]:
    with open_index("harbour", home=shops_home, embedder=HashEmbedder()) as index:
        yield index


@pytest.fixture(scope="session")
def words(corner: Index) -> Vocabulary:
    """The vocabulary of the corner shop."""
    return corner.vocabulary


@pytest.fixture
def converse(corner: Index) -> Converse:
    """Opens a conversation, by default at the corner shop, without a model or a shopper."""

    def open_one(
        model: LanguageModel | None = None,
        shopper: Shopper | None = None,
        *,
        index: Index = corner,
        model_seconds: float = 5.0,
    ) -> Assistant:
        return Assistant(Shop(index, model, {ANA.id: ANA}, model_seconds), shopper)

    return open_one
