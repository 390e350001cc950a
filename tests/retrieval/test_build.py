import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from catalog.errors import FeedError, IndexingError, IndexLocked, UsageError
from catalog.product import Product
from retrieval import filling, storage
from retrieval.index import build_index, open_index
from retrieval.query import Query
from retrieval.storage import CatalogFolder, IndexInfo
from retrieval.vectors import Vectors
from tests.fakes import HashEmbedder
from tests.retrieval.killed_build import CHUNK, ROWS
from tests.retrieval.shop import products


def index(home: Path, count: int = 60, embedder: HashEmbedder | None = None) -> IndexInfo:
    return build_index(
        "shop", products(count), embedder=embedder or HashEmbedder(), source="shop.csv", home=home
    )


def contents(
    home: Path,
) -> tuple[list[Product], dict[int, list[float]], list[list[tuple[float, str]]]]:
    """Everything a reader can see of an index."""
    with open_index("shop", home=home, embedder=HashEmbedder()) as shop:
        stored = shop.vectors.embeddings(shop.slots.tolist())
        vectors = {row: stored[slot] for row, slot in enumerate(shop.slots.tolist())}
        assert all(np.allclose(shop.matrix.array[r], v, atol=1e-5) for r, v in vectors.items())
        answers = [shop.search(Query(t)).items for t in ("red kettle", "gentle face wash", "")]
        return (
            list(shop.products),
            {row: np.round(vector, 5).tolist() for row, vector in vectors.items()},
            # The sixth digit of a cosine depends on how Chroma laid its graph out.
            [sorted((-round(c.relevance, 4), c.product.id) for c in items) for items in answers],
        )


def versions(home: Path) -> list[str]:
    return sorted(p.name for p in CatalogFolder("shop", home).versions.iterdir())


def test_an_index_says_what_it_holds(tmp_path: Path) -> None:
    steps: list[tuple[str, int, int | None]] = []
    info = build_index(
        "shop",
        products(60),
        embedder=HashEmbedder(),
        source="shop.csv",
        currency="GBP",
        home=tmp_path,
        progress=lambda *step: steps.append(step),
    )
    assert (info.name, info.version, info.rows, info.source) == ("shop", 1, 60, "shop.csv")
    assert (info.embedder, info.dimension, info.warning) == ("hash", 32, None)
    priced = [p for p in products(60) if p.price is not None]
    assert info.currencies["GBP"] == sum(p.currency is None for p in priced)
    assert info.currencies["EUR"] == sum(p.currency == "EUR" for p in priced)
    assert (
        steps[0] == ("read", 60, 60)
        and ("embed", 60, 60) in steps
        and steps[-1] == ("save", 60, 60)
    )


def test_indexing_again_embeds_only_new_texts_and_keeps_the_version_before(tmp_path: Path) -> None:
    index(tmp_path, 60)
    again = HashEmbedder()
    assert index(tmp_path, 60, again).version == 2
    assert again.encoded == []
    longer = HashEmbedder()
    assert index(tmp_path, 70, longer).version == 3
    assert len(longer.encoded) == 10
    assert versions(tmp_path) == ["000002", "000003"]
    clean = tmp_path / "clean"
    index(clean, 70)
    assert contents(tmp_path) == contents(clean)


def test_only_what_changed_is_written_into_the_copied_graph(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index(tmp_path, 60)
    feed = [replace(p, price=99) for p in products(60)]
    del feed[3:10]
    feed[20] = replace(feed[20], title="Entirely new wording")
    feed.insert(0, Product("first", "A new product at the very beginning"))
    feed.reverse()
    added: list[int] = []
    removed: list[int] = []
    add, remove = Vectors.add, Vectors.remove

    def counted_add(self: Vectors, slots: Sequence[int], *rest: Any) -> None:
        added.extend(slots)
        add(self, slots, *rest)

    def counted_remove(self: Vectors, slots: Sequence[int]) -> None:
        removed.extend(slots)
        remove(self, slots)

    monkeypatch.setattr(Vectors, "add", counted_add)
    monkeypatch.setattr(Vectors, "remove", counted_remove)
    embedder = HashEmbedder()
    build_index("shop", feed, embedder=embedder, source="x", home=tmp_path)
    assert (len(embedder.encoded), len(added), len(removed)) == (2, 2, 8)
    clean = tmp_path / "clean"
    build_index("shop", feed, embedder=HashEmbedder(), source="x", home=clean)
    assert contents(tmp_path) == contents(clean)


def test_another_embedder_takes_nothing_over(tmp_path: Path) -> None:
    index(tmp_path)
    other = HashEmbedder("other", 16)
    assert index(tmp_path, 60, other).embedder == "other"
    assert len(other.encoded) == 60


@pytest.mark.parametrize(("point", "left"), [("read", ROWS), ("embed", CHUNK), ("swap", 0)])
def test_a_build_killed_anywhere_goes_on_and_ends_as_if_never_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, point: str, left: int
) -> None:
    monkeypatch.setattr(filling, "_CHUNK", CHUNK)
    if point == "read":  # with an older version, which must go on serving
        index(tmp_path, 5)
    command = [sys.executable, "-m", "tests.retrieval.killed_build", str(tmp_path), point]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    if point == "read":
        assert len(contents(tmp_path)[0]) == 5
        left -= 5
    embedder = HashEmbedder()
    index(tmp_path, ROWS, embedder)
    assert len(embedder.encoded) == left
    index(tmp_path / "clean", ROWS)
    assert contents(tmp_path) == contents(tmp_path / "clean")
    assert "building" not in versions(tmp_path)


def test_a_different_feed_does_not_go_on_from_a_half_built_one(tmp_path: Path) -> None:
    def cut(stage: str, done: int, total: int | None) -> None:
        if stage == "save":
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError, match="power cut"):
        build_index(
            "shop", products(60), embedder=HashEmbedder(), source="x", home=tmp_path, progress=cut
        )
    assert versions(tmp_path) == ["building"]
    index(tmp_path, 20)
    assert len(contents(tmp_path)[0]) == 20


def test_a_second_writer_is_turned_away_at_once_and_the_first_finishes(tmp_path: Path) -> None:
    started, go_on = threading.Event(), threading.Event()

    def slow() -> Iterator[Product]:
        started.set()
        assert go_on.wait(60)
        yield from products(10)

    def first() -> None:
        build_index("shop", slow(), embedder=HashEmbedder(), source="x", home=tmp_path)

    writer = threading.Thread(target=first)
    writer.start()
    try:
        assert started.wait(60)
        with pytest.raises(IndexLocked, match=rf"'shop' is being indexed by process {os.getpid()}"):
            index(tmp_path)
        build_index("other", products(5), embedder=HashEmbedder(), source="x", home=tmp_path)
    finally:
        go_on.set()
        writer.join()
    assert len(contents(tmp_path)[0]) == 10


def test_a_feed_without_products_is_refused_and_the_old_version_kept(tmp_path: Path) -> None:
    index(tmp_path, 5)
    with pytest.raises(IndexingError, match="no products to index as 'shop'"):
        index(tmp_path, 0)
    assert len(contents(tmp_path)[0]) == 5
    assert versions(tmp_path) == ["000001"]


def test_a_repeated_id_is_named(tmp_path: Path) -> None:
    twice = [Product("a", "x"), Product("b", "y"), Product("a", "z")]
    with pytest.raises(IndexingError, match=r"id 'a' \(products 1 and 3\)"):
        build_index("shop", twice, embedder=HashEmbedder(), source="x", home=tmp_path)


def test_a_broken_feed_passes_its_own_error_on(tmp_path: Path) -> None:
    def broken() -> Iterator[Product]:
        yield Product("a", "x")
        raise FeedError("feed.csv line 3: cut short")

    with pytest.raises(FeedError, match="line 3"):
        build_index("shop", broken(), embedder=HashEmbedder(), source="x", home=tmp_path)


@pytest.mark.parametrize("name", ["", "Toys", "../toys", "a/b", "-x", "a" * 42, "tøys"])
def test_a_bad_catalogue_name_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="is not allowed"):
        build_index(name, products(1), embedder=HashEmbedder(), source="x", home=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_odd_ids_and_texts_survive(tmp_path: Path) -> None:
    odd = [
        Product(id="", title=""),
        Product(id="line\nfeed", title="\ud83d lone surrogate", price=10**30),
        Product(id="🎁", title="<b>bold</b>", attributes={"x": float("inf")}),
    ]
    build_index("shop", odd, embedder=HashEmbedder(), source="x", home=tmp_path)
    with open_index("shop", home=tmp_path, embedder=HashEmbedder()) as shop:
        assert [p.id for p in shop.products] == [p.id for p in odd]
        assert shop.get("🎁") == odd[2]
        assert shop.products[1].title == "? lone surrogate"
        assert shop.products[1].price == 10**30
        assert {c.product.id for c in shop.search(Query("bold \ud83d")).items} == {
            p.id for p in odd
        }


def test_too_little_room_is_said_before_embedding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index(tmp_path, 5)
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage._replace(free=9 * 2**20))
    embedder = HashEmbedder()
    with pytest.raises(IndexingError, match=r"disk full at .* \(about \d+ MB needed, 9 MB free\)"):
        index(tmp_path, 60, embedder)
    assert embedder.encoded == []
    assert len(contents(tmp_path)[0]) == 5


def test_a_disk_that_fills_up_while_writing_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index(tmp_path, 5)

    def full(path: Path, content: bytes) -> None:
        raise OSError(28, "No space left on device", str(path))

    with monkeypatch.context() as patch:
        patch.setattr(storage, "replace_file", full)
        with pytest.raises(IndexingError, match="disk full at"):
            index(tmp_path)
    assert len(contents(tmp_path)[0]) == 5
    index(tmp_path)
    assert len(contents(tmp_path)[0]) == 60


def test_a_file_size_limit_inside_the_vector_store_is_one_line(tmp_path: Path) -> None:
    index(tmp_path, 5)
    code = (
        "import resource, sys; from pathlib import Path\n"
        "from catalog.errors import IndexingError\n"
        "from retrieval.index import build_index\n"
        "from tests.fakes import HashEmbedder; from tests.retrieval.shop import products\n"
        "import chromadb\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (950_000, 950_000))\n"
        "try: build_index('shop', products(600), embedder=HashEmbedder(dimension=384), source='x',"
        " home=Path(sys.argv[1]))\n"
        "except IndexingError as error: print(error); sys.exit(2)\n"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 2, done.stderr
    assert done.stdout.startswith("disk full at ") and done.stdout.count("\n") == 1
    assert len(contents(tmp_path)[0]) == 5
