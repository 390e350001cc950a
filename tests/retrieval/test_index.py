import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from catalog.constraint import Constraint, Op
from catalog.errors import CatalogNotFound, IndexDamaged, UsageError
from catalog.verdict import Verdict, judge
from retrieval.index import build_index, list_indexes, open_index
from retrieval.query import Query
from retrieval.storage import CatalogFolder
from tests.fakes import HashEmbedder
from tests.retrieval.shop import products


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with two versions of one catalogue, big enough for Chroma to have synced its graph."""
    home = tmp_path_factory.mktemp("home")
    for count in (1_040, 1_041):
        build_index("shop", products(count), embedder=HashEmbedder(), source="shop.csv", home=home)
    return home


@pytest.fixture
def home(built: Path, tmp_path: Path) -> Iterator[Path]:
    """A copy of it that may be damaged."""
    shutil.copytree(built, tmp_path / "home")
    yield tmp_path / "home"


def _damage(path: Path, how: str) -> None:
    if how == "missing":
        path.unlink()
        return
    content = path.read_bytes()
    if how == "truncated":
        path.write_bytes(content[: len(content) // 2])
    else:
        middle = len(content) // 2 // 4096 * 4096  # a page of SQLite begins there
        path.write_bytes(content[:middle] + bytes(64) + content[middle + 64 :])


_FILES = [
    "manifest.json", "products.jsonl", "products.npy", "ids.json", "columns.npz", "columns.json", "vocabulary.json",
    "bm25/data.csc.index.npy", "bm25/vocab.index.json", "chroma/chroma.sqlite3", "chroma/*/data_level0.bin",
]  # fmt: skip


@pytest.mark.parametrize("how", ["missing", "truncated", "altered"])
@pytest.mark.parametrize("pattern", _FILES)
def test_a_damaged_version_is_named_and_the_one_before_serves(
    home: Path, pattern: str, how: str
) -> None:
    folder = CatalogFolder("shop", home)
    (victim,) = folder.version(2).glob(pattern)
    _damage(victim, how)
    with open_index("shop", home=home, embedder=HashEmbedder()) as shop:
        assert shop.info.version == 1
        assert len(shop.search(Query("kettle")).items) == 50
        assert shop.info.warning is not None
        assert victim.name in shop.info.warning
        assert "rebuild it with: shop index FEED --name shop" in shop.info.warning
        assert "\n" not in shop.info.warning


def test_with_no_intact_version_the_error_names_the_file_and_the_cure(home: Path) -> None:
    folder = CatalogFolder("shop", home)
    shutil.rmtree(folder.version(1))
    (folder.version(2) / "columns.npz").unlink()
    with pytest.raises(IndexDamaged, match=r"columns.npz is missing.*shop index FEED --name shop"):
        open_index("shop", home=home, embedder=HashEmbedder())
    build_index("shop", products(3), embedder=HashEmbedder(), source="x", home=home)
    with open_index("shop", home=home, embedder=HashEmbedder()) as shop:
        assert (len(shop.products), shop.info.warning) == (3, None)


def test_vectors_lost_inside_the_store_are_noticed(home: Path) -> None:
    folder = CatalogFolder("shop", home)
    donor = build_index("few", products(7), embedder=HashEmbedder(), source="x", home=home)
    chroma = folder.version(2) / "chroma"
    shutil.rmtree(chroma)
    shutil.copytree(donor.path / "chroma", chroma)
    manifest = json.loads((folder.version(2) / "manifest.json").read_text())
    manifest["files"] = {k: v for k, v in manifest["files"].items() if not k.startswith("chroma")}
    (folder.version(2) / "manifest.json").write_text(json.dumps(manifest))
    with open_index("shop", home=home, embedder=HashEmbedder()) as shop:
        assert shop.info.version == 1
        assert "disagree on the number of products" in str(shop.info.warning)


@pytest.mark.parametrize("content", [b"", b"000009\n", b"\xff\xfe", None])
def test_a_lost_pointer_still_finds_the_newest_version(home: Path, content: bytes | None) -> None:
    pointer = CatalogFolder("shop", home).path / "current"
    pointer.unlink()
    if content is not None:
        pointer.write_bytes(content)
    with open_index("shop", home=home, embedder=HashEmbedder()) as shop:
        assert (shop.info.version, len(shop.products)) == (2, 1_041)
        assert "damaged" in str(shop.info.warning)


def test_an_index_of_another_format_asks_to_be_rebuilt(home: Path) -> None:
    folder = CatalogFolder("shop", home)
    shutil.rmtree(folder.version(1))
    manifest = json.loads((folder.version(2) / "manifest.json").read_text())
    (folder.version(2) / "manifest.json").write_text(json.dumps({**manifest, "format_version": 99}))
    with pytest.raises(IndexDamaged, match="its format is 99"):
        open_index("shop", home=home)


def test_an_unknown_catalogue_is_answered_with_those_that_exist(
    built: Path, tmp_path: Path
) -> None:
    with pytest.raises(CatalogNotFound, match="no catalogue called 'toys'.*there is shop"):
        open_index("toys", home=built)
    with pytest.raises(CatalogNotFound, match="nothing is indexed yet"):
        open_index("toys", home=tmp_path)
    assert list_indexes(tmp_path) == []
    assert [(i.name, i.version, i.rows) for i in list_indexes(built)] == [("shop", 2, 1_041)]


def test_another_embedder_than_the_one_it_was_built_with_is_refused(built: Path) -> None:
    with pytest.raises(UsageError, match="embedder 'hash' and cannot be searched with 'other'"):
        open_index("shop", home=built, embedder=HashEmbedder("other"))


def test_counts_relaxations_and_facets_agree_with_judge(built: Path) -> None:
    demands = (
        Constraint("type", Op.EQ, ("kettle", "jeans")),
        Constraint("price", Op.LE, 9_000, "USD"),
        Constraint("color", Op.NE, ("red",)),
        Constraint("wish", Op.CONTAINS, "quiet", hard=False),
    )
    hard = [d for d in demands if d.hard]
    with open_index("shop", home=built, embedder=HashEmbedder()) as shop:

        def verdicts(constraints: list[Constraint]) -> list[set[Verdict]]:
            return [{judge(p, c) for c in constraints} for p in shop.products]

        def full(constraints: list[Constraint]) -> int:
            return sum(v <= {Verdict.MATCH} for v in verdicts(constraints))

        open_rows = [r for r, v in enumerate(verdicts(hard)) if Verdict.VIOLATION not in v]
        assert shop.matching(demands).tolist() == open_rows
        assert shop.count(demands) == (full(hard), len(open_rows) - full(hard))
        assert shop.relaxations(demands) == [
            (dropped, full([d for d in hard if d is not dropped])) for dropped in hard
        ]
        brands = [shop.products[r].brand for r in open_rows]
        facet = shop.facet(demands, "brand")
        assert facet == {b: brands.count(b) for b in facet}
        assert sum(facet.values()) == len(brands) - brands.count(None)
        stated = list(products(1_041))
        third = shop.get("sku-3")
        assert third is not None and third.title == stated[3].title
        for p, q in zip(shop.products, stated, strict=True):
            # What was read out of the prose comes on top of what is stated.
            told = {k: v for k, v in p.attributes.items() if k not in p.read_from}
            assert (p.id, told, p.price) == (q.id, q.attributes, q.price)
        assert shop.get("nothing") is None
        assert shop.vocabulary.has_type(("kettle",))


def test_readers_in_other_processes_are_not_disturbed_by_a_build(home: Path) -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "from retrieval.index import open_index; from retrieval.query import Query\n"
        "from tests.fakes import HashEmbedder\n"
        "for line in sys.stdin:\n"
        "    with open_index('shop', home=Path(sys.argv[1]), embedder=HashEmbedder()) as shop:\n"
        "        for _ in range(int(line)):\n"
        "            assert len(shop.search(Query('red kettle', limit=5)).items) == 5\n"
        "        print(shop.info.version, shop.info.warning, flush=True)\n"
    )
    command = [sys.executable, "-c", code, str(home)]
    readers = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    for reader in readers:
        assert reader.stdin is not None
        reader.stdin.write("40\n40\n")
        reader.stdin.flush()
    build_index("shop", products(45), embedder=HashEmbedder(), source="x", home=home)
    for reader in readers:
        output, _ = reader.communicate("1\n", timeout=120)
        lines = output.split("\n")[:-1]
        assert reader.returncode == 0
        assert len(lines) == 3
        assert lines[-1] == "3 None"
