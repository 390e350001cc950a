"""``shop eval`` as a person runs it: one JSON object, tables, a report that fetches nothing."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from assistant.cli import app
from assistant.evaluation import suites
from assistant.evaluation.evaluate import Request, evaluate
from assistant.evaluation.report import as_html
from assistant.evaluation.shelves import stock
from catalog.errors import UsageError
from tests.assistant.evaluation.conftest import DATA

PROMISED = (
    "act_accuracy", "constraint_f1", "moment_exact", "reference_accuracy", "violations", "hit_at_10", "mrr",
    "turns_to_target", "parse_ms_p50",
)  # fmt: skip


@pytest.fixture
def home(shops_home: Path, hashed: None, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SHOPMOMENT_HOME", str(shops_home))
    monkeypatch.setattr(suites, "CATALOGS", ("corner",))
    return shops_home


def run(*arguments: str) -> Result:
    return CliRunner().invoke(
        app, ["eval", "--model", "none", "--dialogues", str(DATA), *arguments]
    )


def evaluated(tmp_path: Path, *arguments: str) -> dict[str, Any]:
    done = run("--json", "--html", str(tmp_path / "report.html"), *arguments)
    assert done.exit_code == 0, done.stderr
    record: dict[str, Any] = json.loads(done.stdout)
    return record


def test_the_summary_has_what_was_promised_with_intervals(home: Path, tmp_path: Path) -> None:
    record = evaluated(tmp_path, "--limit", "3")
    summary = record["summary"]
    assert (summary["dialogues"], summary["turns"], summary["model"]) == (2, 6, "none")
    for name in PROMISED:
        low, high = summary[f"{name}_ci"]
        assert low <= summary[name] <= high
    assert summary["left_out"] == {}
    assert set(record) == {"summary", "dialogues", "simulated"}


def test_the_test_split_is_run_and_not_shown(home: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.html"
    for arguments in (["--json"], []):
        done = run("dialogues", "--split", "test", "--html", str(report), *arguments)
        assert done.exit_code == 0
        assert "zanzibar" not in done.stdout + done.stderr
        assert "zanzibar" in report.read_text("utf-8")
    assert "corner-kept-apart" in run("dialogues", "--split", "test", "--json").stdout


def test_the_report_stands_alone_and_shows_gold_beside_got(home: Path, tmp_path: Path) -> None:
    hostile = DATA / "dev" / "corner.yaml"
    folder = tmp_path / "mine"
    (folder / "dev").mkdir(parents=True)
    text = hostile.read_text("utf-8").replace("do you have canoes", "<script>alert(1)</script>")
    (folder / "dev" / "corner.yaml").write_text(text, "utf-8")
    page = as_html(evaluate(Request(model="none", limit=3, home=home, dialogues=folder)))
    assert "<script" not in page and html.escape("<script>alert(1)</script>") in page
    assert not re.search(r"<[^>]*(?:src|href)\s*=|url\(|@import|https?:", page)
    assert page.count("<svg") >= 3
    assert "type = canoe" in page and "corner-not-there, turn 1" in page
    assert "Gold" in page and "Got" in page


def test_an_ablation_and_a_comparison_report_paired_differences(home: Path, tmp_path: Path) -> None:
    for arguments, told in (
        (("--ablate", "history"), "without history"),
        (("--compare", "none", "none"), "none"),
    ):
        compared = evaluated(tmp_path, "dialogues", *arguments)["compared"]
        assert compared["with"] == told
        gap = compared["differences"]["dialogues"]
        assert gap["act_accuracy_ci"][0] <= gap["act_accuracy"] <= gap["act_accuracy_ci"][1]
        assert compared["summary"]["turns"] == 6
    done = run("dialogues", "--ablate", "history", "--html", str(tmp_path / "r.html"))
    assert "difference" in done.stdout and "moment exact" in done.stdout


def test_a_catalogue_that_cannot_be_had_is_left_out_and_said_to_be(
    home: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "mine"
    (folder / "dev").mkdir(parents=True)
    text = (DATA / "dev" / "corner.yaml").read_text("utf-8")
    (folder / "dev" / "corner.yaml").write_text(text, "utf-8")
    (folder / "dev" / "moon.yaml").write_text(text.replace("corner", "moon"), "utf-8")
    done = CliRunner().invoke(app, ["eval", "dialogues", "--model", "none", "--dialogues", str(folder), "--html", str(tmp_path / "r.html"), "--json"])  # fmt: skip
    summary = json.loads(done.stdout)["summary"]
    assert summary["dialogues"] == 2
    assert summary["left_out"]["dialogues: moon"]["turns"] == 6
    assert "shop index FEED --name moon" in summary["left_out"]["dialogues: moon"]["why"]


def test_a_missing_catalogue_is_indexed_from_a_feed_of_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[tuple[str, Path]] = []
    monkeypatch.setattr(
        "assistant.evaluation.shelves.index_feed",
        lambda path, name, **_: made.append((name, path)),
    )
    (tmp_path / "moon.csv.gz").touch()
    monkeypatch.setenv("SHOPMOMENT_DATA", str(tmp_path))
    left = stock(["moon", "mars"], home=tmp_path, data=None, progress=lambda *_: None)
    assert made == [("moon", tmp_path / "moon.csv.gz")]
    assert set(left) == {"mars"}
    with pytest.raises(UsageError, match="takes a folder"):
        stock(["moon"], home=tmp_path, data=tmp_path / "none", progress=lambda *_: None)


def test_a_dialogue_file_can_be_checked_without_playing_it(home: Path, tmp_path: Path) -> None:
    done = run("--check")
    assert (done.exit_code, done.stdout) == (0, "")
    assert "2 dialogues, 6 turns, 0 problems" in done.stderr
    (tmp_path / "dev").mkdir()
    text = (DATA / "dev" / "corner.yaml").read_text("utf-8").replace("color", "colour_name")
    (tmp_path / "dev" / "corner.yaml").write_text(text, "utf-8")
    done = run("--check", "--dialogues", str(tmp_path))
    assert done.exit_code == 1
    assert "corner-kettle, turn 1: wants: colour_name != red: the catalogue has no such field" in done.stdout  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nonsense"], "there is no suite 'nonsense'; there is: dialogues, simulated"),
        (["--ablate", "coffee"], "--ablate takes one of"),
        (["--ablate", "llm", "--compare", "none", "none"], "ask one at a time"),
        (["--ablate", "adapter"], "no adapter that could be left out"),
    ],
)
def test_what_makes_no_sense_is_refused(home: Path, arguments: Sequence[str], told: str) -> None:
    done = run(*arguments)
    assert isinstance(done.exception, UsageError) and told in str(done.exception)


def test_a_split_there_is_not_is_named() -> None:
    done = run("--split", "train")
    assert done.exit_code == 2
    assert "'train'" in done.stderr


def test_every_metric_of_the_summary_is_documented(home: Path, tmp_path: Path) -> None:
    documented = (Path(__file__).parents[3] / "docs" / "evaluation.md").read_text("utf-8")
    named = set(re.findall(r"`(\w+)`", documented))
    summary = evaluated(tmp_path, "--limit", "1")["summary"]
    assert {name.removesuffix("_ci") for name in summary} <= named | {"split"}
