"""Judged queries put to every way of retrieval: the measures, the halves, the index, the output."""

from __future__ import annotations

import csv
import gzip
import io
import json
import math
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from assistant.cli import app
from assistant.evaluation.evaluate import Request, Result, evaluate
from assistant.evaluation.external import crowdflower, reading, relevance
from assistant.evaluation.external.crowdflower import CATALOG, DATA, half, indexed, load
from assistant.evaluation.external.relevance import by_chance, ndcg, recall
from assistant.evaluation.report import as_html
from assistant.evaluation.suites import Setup
from catalog.errors import UsageError
from catalog.product import Product
from retrieval.index import build_index
from tests.fakes import HashEmbedder

COLORS = ("red", "blue", "green", "white", "black", "grey")
THINGS = ("tin mug", "wool scarf", "desk lamp", "bread knife", "garden hose", "door mat", "tea pot")
MISSPELT = "grden hose"


def judgements() -> Iterator[tuple[str, str, str, str]]:
    """Query, title, description, judgement: of each thing one colour is perfect, others are not."""
    titles = [f"{color} {thing}" for thing in THINGS for color in COLORS]
    for thing in (*THINGS, MISSPELT):
        for color in COLORS[:3]:
            own = "garden hose" if thing == MISSPELT else thing
            yield f"{color} {thing}", f"{color} {own}", "<p>Well made.</p>", "4"
            yield f"{color} {thing}", f"{COLORS[3]} {own}", "", "2"
    for title in titles:
        yield "zeppelin", title, "<b>Short</b> &amp; to the point", "1"


def write(path: Path, rows: Iterator[tuple[str, ...]] | list[tuple[str, ...]]) -> Path:
    text = io.StringIO()
    out = csv.writer(text)
    out.writerow(("id", "query", "product_title", "product_description", "median_relevance"))
    out.writerows((str(n), *row) for n, row in enumerate(rows))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(text.getvalue().encode()))
    return path


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(reading, "_BESIDE", tmp_path / "beside")
    monkeypatch.delenv("SHOPMOMENT_DATA", raising=False)
    monkeypatch.setattr(crowdflower, "open_embedder", lambda **_: HashEmbedder(dimension=256))
    monkeypatch.setenv("SHOPMOMENT_HOME", str(tmp_path / "home"))
    write(tmp_path / "data" / DATA, judgements())
    return tmp_path / "data"


def test_ndcg_is_the_discounted_gain_over_the_best_order_of_what_was_judged() -> None:
    judged = {0: 4.0, 1: 2.0, 2: 1.0}
    assert ndcg([0, 1, 2], judged) == 1
    # row 9 was not judged and counts for nothing
    got, best = 1 / math.log2(3) + 7 / math.log2(4), 7 + 1 / math.log2(3)
    assert ndcg([9, 1, 0], judged) == pytest.approx(got / best)
    assert ndcg([*range(10, 20), 0], judged) == 0
    assert ndcg([0], {0: 1.0}) is None


def test_recall_is_of_what_people_found_relevant_on_average() -> None:
    judged = {0: 4.0, 1: 3.0, 2: 2.5}
    assert recall([5, 1, 2], judged) == 1 / 2
    assert recall([*range(10, 60), 0, 1], judged) == 0
    assert recall([2], {2: 2.5}) is None


def test_the_floor_is_what_random_orders_come_to() -> None:
    judged = {3: 4.0, 50: 3.0, 70: 2.0, 71: 1.0}
    order = random.Random(7)
    drawn = [order.sample(range(80), 80) for _ in range(4_000)]
    mean = sum(ndcg(d, judged) or 0 for d in drawn) / len(drawn)
    found = sum(recall(d, judged) or 0 for d in drawn) / len(drawn)
    assert by_chance(judged, 80)[0] == pytest.approx(mean, abs=0.01)
    assert by_chance(judged, 80)[1] == pytest.approx(found, abs=0.02)
    assert by_chance(judged, 3)[1] == 1
    assert by_chance({0: 1.0}, 80) == (None, None)


def test_a_product_is_a_title_with_its_longest_description_as_plain_text(tmp_path: Path) -> None:
    rows = [
        ("mug", "Tin  mug &amp; lid", "<p>It holds <b>tea</b>.</p>", "4"),
        ("cup", "Tin mug & lid", "Tea.", "3"),
        ("mug", "Tin mug & lid", "", "1"),
        ("cup", "Cup", "", "2"),
    ]
    held = load(write(tmp_path / "q.csv.gz", list(rows)))
    assert [(p.title, p.description) for p in held.products] == [
        ("Tin mug & lid", "It holds tea."),
        ("Cup", ""),
    ]
    assert [(q.text, q.relevance) for q in held.queries] == [
        ("cup", {0: 3.0, 1: 2.0}),
        ("mug", {0: 2.5}),
    ]


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([("mug", "Mug", "", "4"), ("mug", "Mug", "", "five")], ":3: no query"),
        ([("mug", "", "", "4")], ":2: no query"),
        ([("mug", "Mug", "", "0")], ":2: no query"),
        ([], "holds no judgements"),
    ],
)
def test_a_line_that_is_no_judgement_is_named(
    tmp_path: Path, rows: list[tuple[str, ...]], told: str
) -> None:
    with pytest.raises(UsageError, match=told):
        load(write(tmp_path / "q.csv.gz", rows))


def test_a_file_that_is_no_such_table_is_named(tmp_path: Path) -> None:
    path = tmp_path / "q.csv.gz"
    path.write_bytes(gzip.compress(b"query,title\na,b\n"))
    with pytest.raises(UsageError, match="no column 'product_title'"):
        load(path)
    whole = write(path, list(judgements())).read_bytes()
    for broken in (b"query,title", whole[:-9], gzip.compress(b"\xff")):
        path.write_bytes(broken)
        with pytest.raises(UsageError, match="cannot be read"):
            load(path)


def run(folder: Path, **options: Any) -> Result:
    return evaluate(Request(suites=("relevance",), data=folder, **options))


def test_every_way_is_measured_on_the_same_queries_of_one_half(folder: Path) -> None:
    wanted = {row[0] for row in judgements()}
    by_split = {
        split: {text for text in wanted if split in ("all", half(text))}
        for split in ("dev", "test", "all")
    }
    assert by_split["dev"] and by_split["test"]
    for split, texts in by_split.items():
        (outcome,) = run(folder, split=split).run.outcomes
        assert outcome.counts == {"queries": len(texts), "products": 42}
    made = {name: e.value for name, e in outcome.estimates().items()}
    for way in ("ours", "mix", "bm25", "bm25_pieces", "dense"):
        assert 0.5 < made[f"{way}.ndcg_at_10"] <= 1
    # a catalogue of 42 is found whole by any order of 50
    assert made["random.ndcg_at_10"] < 0.3
    assert made["random.recall_at_50"] == made["ours.recall_at_50"] == 1
    ablated = outcome.tables["ablations"]
    assert set(ablated) == {
        f"without {p}" for p in ("cosine", "words", "pieces", "phrases", "soft", "feedback")
    }
    lost = ablated["without words"]["ndcg_at_10_lost"]
    assert lost == pytest.approx(
        made["ours.ndcg_at_10"] - ablated["without words"]["ndcg_at_10"], abs=2e-4
    )
    gap = outcome.tables["differences"]["ours - dense"]["ndcg_at_10"]
    assert gap == pytest.approx(made["ours.ndcg_at_10"] - made["dense.ndcg_at_10"], abs=2e-4)
    by_query = outcome.tables["by_query"]
    assert by_query["1 word, ours"]["queries"] == 1
    # "zeppelin" and three of the misspelt one: no title holds the word
    assert by_query["a word in no title, mix"]["queries"] == 4


def test_the_summary_nests_figures_and_intervals_by_way(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise AssertionError("a language model was opened")

    monkeypatch.setattr("assistant.evaluation.evaluate.open_for", refused)
    done = CliRunner().invoke(
        app, ["eval", "relevance", "--data", str(folder), "--limit", "5", "--json"]
    )
    assert done.exit_code == 0, done.output
    summary = json.loads(done.stdout)["summary"]
    assert (summary["queries"], summary["products"], summary["split"]) == (5, 42, "dev")
    for way in ("ours", "bm25", "bm25_pieces", "dense", "mix", "random"):
        for measure in ("ndcg_at_10", "recall_at_50"):
            low, high = summary[way][f"{measure}_ci"]
            assert low <= summary[way][measure] <= high
    assert summary["ours"]["search_ms_p50"] <= summary["ours"]["search_ms_p95"]


def test_queries_are_told_of_the_half_that_may_be_read_only(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relevance, "_FAILED", 1.1)
    texts = {
        split: {r[0] for r in judgements() if half(r[0]) == split} for split in ("dev", "test")
    }
    for split in ("dev", "test", "all"):
        result = run(folder, split=split)
        page, record = as_html(result), json.dumps(result.to_json())
        told = {t for t in texts["dev"] | texts["test"] if f">{t}<" in page or f'"{t}"' in record}
        assert told <= texts["dev"] and (split == "dev") == bool(told)
    done = CliRunner().invoke(app, ["eval", "relevance", "--data", str(folder)])
    assert "ours: ndcg at 10" in done.stdout and "without feedback" in done.stdout
    assert not [t for t in texts["dev"] | texts["test"] if t in done.stdout]


def test_the_index_is_built_once_and_again_for_other_products(folder: Path, tmp_path: Path) -> None:
    setup = Setup(home=tmp_path / "home")
    source = folder / DATA

    def version(embedder: HashEmbedder) -> int:
        with indexed(load(source), source, setup, embedder) as index:
            return index.info.version

    assert [version(HashEmbedder()), version(HashEmbedder())] == [1, 1]
    write(source, [*judgements(), ("moon", "Moon", "", "4")])
    assert version(HashEmbedder()) == 2
    assert version(HashEmbedder(name="other")) == 3
    (tmp_path / "home" / "catalogs" / CATALOG / "versions" / "000003" / "products.jsonl").unlink()
    assert version(HashEmbedder(name="other")) == 4


def test_a_catalogue_of_that_name_from_elsewhere_is_left_alone(
    folder: Path, tmp_path: Path
) -> None:
    build_index(
        CATALOG, [Product("1", "Mine")], embedder=HashEmbedder(), source="mine.csv",
        home=tmp_path / "home",
    )  # fmt: skip
    with pytest.raises(UsageError, match=r"was indexed from mine\.csv: rename") as caught:
        run(folder)
    assert str(tmp_path / "home" / "catalogs" / CATALOG) in str(caught.value)


def test_two_runs_of_a_suite_without_a_model_are_refused(folder: Path) -> None:
    for options in ({"ablate": "llm"}, {"compare": ("none", "none")}):
        with pytest.raises(UsageError, match="relevance uses none"):
            run(folder, **options)
