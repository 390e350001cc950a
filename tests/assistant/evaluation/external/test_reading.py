"""Finding and reading the files of others, and running their suites from the command line."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from pydantic import TypeAdapter
from typer.testing import CliRunner

from assistant.cli import app
from assistant.evaluation.external import reading
from assistant.evaluation.external.queryner import Query
from assistant.evaluation.external.reading import System, data_file, document, records, sampled
from assistant.evaluation.suites import OWN, SUITES
from assistant.llm.scripted import Scripted
from assistant.moment import Moment
from catalog.errors import UsageError
from tests.assistant.evaluation.external.conftest import write_lines


@pytest.fixture(autouse=True)
def nothing_beside_the_checkout(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(reading, "_BESIDE", tmp_path / "beside")
    monkeypatch.delenv("SHOPMOMENT_DATA", raising=False)


def test_files_are_looked_for_in_three_places_in_turn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders = [tmp_path / n for n in ("beside", "named", "given")]
    monkeypatch.setenv("SHOPMOMENT_DATA", str(folders[1]))
    (tmp_path / "empty").mkdir()
    for folder in folders:
        write_lines(folder / "x.jsonl.gz", [])
        given = folders[2] if folder == folders[2] else tmp_path / "empty"
        assert data_file("x.jsonl.gz", given) == folder / "x.jsonl.gz"


def test_a_missing_file_is_one_line_that_says_what_to_do(tmp_path: Path) -> None:
    done = CliRunner().invoke(
        app, ["eval", "--suite", "shopdial", "--model", "none", "--data", str(tmp_path)]
    )
    told = str(done.exception)
    assert isinstance(done.exception, UsageError) and done.exit_code
    assert "mg_shopdial.json.gz" in told and "--data" in told and "\n" not in told
    with pytest.raises(UsageError, match="no such folder"):
        data_file("x.jsonl.gz", tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('{"tokens": ["a"], "labels": []}', "1 tokens but 0 labels"),
        ('{"tokens": ["a"], "labels": ["X-color"]}', "'X-color' is no BIO label"),
        ('{"tokens": ["a"]}', "labels"),
        ('{"tokens": [', "no JSON"),
    ],
)
def test_a_malformed_line_is_named(tmp_path: Path, line: str, told: str) -> None:
    path = tmp_path / "q.jsonl.gz"
    good = '{"tokens": ["a"], "labels": ["O"]}'
    path.write_bytes(gzip.compress(f"{good}\n{line}\n".encode()))
    with pytest.raises(UsageError, match=told) as caught:
        records(path, TypeAdapter(Query))
    assert f"{path}:2:" in str(caught.value) and "\n" not in str(caught.value)


def test_a_file_cut_short_is_named(tmp_path: Path) -> None:
    path = tmp_path / "q.json.gz"
    path.write_bytes(gzip.compress(b"[" + b'"x",' * 999 + b'"x"]')[:40])
    with pytest.raises(UsageError, match="cannot be read"):
        document(path, TypeAdapter(list[str]))


def test_a_sample_is_the_same_every_time_and_keeps_the_order() -> None:
    drawn = sampled(range(100), 7)
    assert drawn == sampled(range(100), 7) == sorted(drawn)
    assert len(set(drawn)) == 7 and drawn != list(range(7))
    assert sampled(range(3), 9) == [0, 1, 2] == sampled(range(3), None)


def test_where_the_model_fails_the_reader_stands_and_it_is_counted() -> None:
    silent = System("model", Scripted(), 1.0)
    intent = silent.read("a red mug", Moment())
    assert (silent.failures, intent.source) == (1, "reader")


def test_they_run_by_name_only(data: Path, tmp_path: Path) -> None:
    others = {"queryner", "shopdial", "cosrec", "relevance"}
    assert set(SUITES) - set(OWN) == others | {"reasons", "attacks"}
    page = tmp_path / "report.html"
    arguments = ["eval", "queryner", "--suite", "shopdial", "--model", "none", "--data", str(data)]
    done = CliRunner().invoke(app, [*arguments, "--json", "--html", str(page)])
    assert done.exit_code == 0, done.output
    summary = json.loads(done.stdout)["summary"]
    assert {"queryner_f1_reader", "queryner_f1_vocabulary_ci", "shopdial_macro_f1_reader"} <= set(
        summary
    )
    assert "dialogues" not in summary
    done = CliRunner().invoke(app, [*arguments, "--html", str(page), "--compare", "none", "none"])
    assert done.exit_code == 0, done.output
    assert "core_product_type" in done.stdout and "tin tea mug" not in done.stdout
