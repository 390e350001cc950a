"""The command as a person types it: answers on stdout; one line on stderr and 2 when it cannot."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.cli import main
from catalog.constraint import Constraint, Op
from catalog.home import home_dir
from catalog.money import to_major, to_minor
from catalog.product import Product
from catalog.verdict import Verdict, judge
from tests.assistant.shop import corner_shop


def shop(home: Path, *arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-W", "error::ResourceWarning", "-m", "assistant.cli", *arguments],
        input=stdin,
        capture_output=True,
        env={**os.environ, "SHOPMOMENT_HOME": str(home)},
        timeout=180,
        check=False,
    )


def test_parse_prints_one_object(shops_home: Path) -> None:
    done = shop(
        shops_home,
        "parse",
        "quiet kettle under $60, not red",
        "-c",
        "corner",
        "--json",
        "--model",
        "none",
    )
    assert (done.returncode, done.stderr) == (0, b"")
    intent = json.loads(done.stdout)
    assert intent["act"] == "search"
    prices = [c for c in intent["constraints"] if c["field"] == "price"]
    assert [(c["op"], c["value"], c["unit"], c["hard"]) for c in prices] == [
        ("<=", 60, "USD", True)
    ]
    assert [c["field"] for c in intent["constraints"] if c["op"] == "!="] == ["color"]


def test_parse_without_json_is_for_people(shops_home: Path) -> None:
    done = shop(
        shops_home, "parse", "kettel under 60, cheapest first", "-c", "corner", "--model", "none"
    )
    text = done.stdout.decode()
    assert done.returncode == 0
    assert "act: search" in text and "≤ 60" in text and "kettel" in text and "sort" in text


def test_catalogs_lists_what_is_indexed(shops_home: Path) -> None:
    done = shop(shops_home, "catalogs", "--json")
    listed = {c["name"]: c for c in json.loads(done.stdout)}
    assert set(listed) == {"corner", "harbour"}
    assert listed["corner"]["products"] == len(corner_shop())
    assert listed["harbour"]["currencies"].keys() >= {"EUR", "JPY"}
    assert "corner" in shop(shops_home, "catalogs").stdout.decode()


def test_models_lists_what_there_is_and_what_is_not_here(tmp_path: Path) -> None:
    done = shop(tmp_path, "models", "list", "--json")
    models = {m["name"]: m for m in json.loads(done.stdout)}
    assert {"minilm", "smollm2-135m"} <= set(models)
    assert all(m["state"] == "missing" and len(m["sha256"]) == 64 for m in models.values())
    text = shop(tmp_path, "models").stdout.decode()
    assert "shop models fetch minilm" in text and "gguf:PATH" in text


WRONG = {
    "an unknown catalogue": (["parse", "kettle", "-c", "nowhere", "--model", "none"], "'nowhere'"),
    "a catalogue name that leads elsewhere": (
        ["parse", "kettle", "-c", "../etc", "--model", "none"],
        "../etc",
    ),
    "a missing feed": (["index", "/no/such/feed.csv"], "/no/such/feed.csv"),
    "a map without a sign": (["index", "FEED", "--map", "title"], "--map takes field=column"),
    "a map without a column": (["index", "FEED", "--map", "title="], "--map takes field=column"),
    "a map to a column that is not there": (["index", "FEED", "--map", "title=nope"], "nope"),
    "a map of an unknown field": (["index", "FEED", "--map", "shoe=name"], "shoe"),
    "an unknown format": (["index", "FEED", "--format", "xls"], "xls"),
    "a missing script": (["talk", "/no/such/talk.txt"], "/no/such/talk.txt"),
    "an unknown model": (["parse", "a zorgle", "--model", "gpt-9"], "gpt-9"),
    "an unknown weight": (["models", "fetch", "gpt-9"], "gpt-9"),
    "a fetch of nothing": (["models", "fetch"], "fetch what"),
    "an unknown action": (["models", "burn"], "burn"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_argument_is_named_in_one_line(
    name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    arguments, named = WRONG[name]
    feed = tmp_path / "feed.csv"
    feed.write_text("name,price\nKettle,12.50\n", encoding="utf-8")
    monkeypatch.setenv("SHOPMOMENT_HOME", str(tmp_path))
    monkeypatch.setattr(
        sys, "argv", ["shop", *(str(feed) if a == "FEED" else a for a in arguments)]
    )
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 2
    out, err = capsys.readouterr()
    assert out == ""
    (line,) = err.splitlines()
    assert line.startswith("shop: ")
    assert named in line


def test_a_wrong_argument_leaves_no_traceback(tmp_path: Path) -> None:
    done = shop(tmp_path, "parse", "kettle", "-c", "nowhere", "--model", "none")
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.startswith(b"shop: no catalogue") and done.stderr.count(b"\n") == 1


def test_debug_shows_where_it_went_wrong(tmp_path: Path) -> None:
    done = shop(tmp_path, "parse", "kettle", "-c", "nowhere", "--model", "none", "--debug")
    assert done.returncode != 0
    assert b"Traceback" in done.stderr


# with the real embedder


@pytest.fixture(scope="module")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home with the corner shop indexed by the command, and this machine's weights."""
    home = tmp_path_factory.mktemp("stocked")
    (home / "models").symlink_to(home_dir() / "models", target_is_directory=True)
    feed = home / "corner.jsonl"
    feed.write_text("\n".join(json.dumps(_row(p)) for p in corner_shop()), encoding="utf-8")
    done = shop(home, "index", str(feed), "--name", "corner", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["products"] == len(corner_shop())
    yield home


def _row(product: Product) -> dict[str, Any]:
    row = product.to_json()
    for name in ("price", "list_price"):
        if name in row:
            row[name] = to_major(row[name], product.currency)
    return row


@pytest.mark.model
def test_ask_prints_the_documented_object_and_keeps_what_is_hard(stocked: Path) -> None:
    done = shop(
        stocked,
        "ask",
        "quiet kettle under $60, not red",
        "-c",
        "corner",
        "--model",
        "none",
        "--json",
    )
    assert (done.returncode, done.stderr) == (0, b"")
    reply = json.loads(done.stdout)
    assert {
        "intent",
        "moment",
        "results",
        "near_misses",
        "matching",
        "text",
        "question",
        "timings",
    } <= set(reply)
    assert {"first_card", "total"} <= set(reply["timings"])
    assert reply["results"]
    by_id = {p.id: p for p in corner_shop()}
    demands = (
        Constraint("price", Op.LE, float(to_minor(60, "USD")), "USD"),
        Constraint("color", Op.NE, ("red",)),
        Constraint("type", Op.EQ, ("kettle",)),
    )
    for rank, result in enumerate(reply["results"], 1):
        product = by_id[result["id"]]
        assert all(judge(product, c) is not Verdict.VIOLATION for c in demands)
        assert result["rank"] == rank
        if "<" not in product.title:  # the feed reader takes markup out
            assert result["title"] == product.title
        assert result["price"] == (None if product.price is None else product.price / 100)
        assert abs(sum(result["score_parts"].values()) - result["score"]) < 1e-5
        assert all(r["text"] and r["evidence"] for r in result["reasons"])


@pytest.mark.model
def test_talk_answers_every_line_of_one_conversation(stocked: Path) -> None:
    lines = [
        "kettle under 60",
        "",
        "not red " + "x " * 10_000,
        "\ud83d".encode("utf-8", "replace").decode(),
        "more",
    ]
    stdin = "\n".join(lines).encode() + b"\n\xff\xfe broken bytes\n"
    done = shop(stocked, "talk", "-c", "corner", "--model", "none", "--json", stdin=stdin)
    assert (done.returncode, done.stderr) == (0, b"")
    replies = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(replies) == len(lines) + 1
    assert [r["moment"]["turn"] for r in replies] == [1, 2, 3, 4, 5, 6]
    fields = [(c["field"], c["op"]) for c in replies[2]["moment"]["constraints"]]
    assert ("price", "<=") in fields and ("color", "!=") in fields
    shown = [{x["id"] for x in r["results"]} for r in replies]
    assert not shown[2] & {"k3", "k10"}


@pytest.mark.model
def test_talk_reads_a_file_and_prints_for_people(stocked: Path, tmp_path: Path) -> None:
    script = tmp_path / "script.txt"
    script.write_text("kettle\ncompare the first two\n", encoding="utf-8")
    done = shop(stocked, "talk", str(script), "-c", "corner", "--model", "none")
    text = done.stdout.decode()
    assert done.returncode == 0
    assert "1. " in text and "6. " in text and "│" in text
    assert "\x1b" not in text


@pytest.mark.model
def test_an_unknown_shopper_is_named(stocked: Path) -> None:
    done = shop(stocked, "ask", "kettle", "-c", "corner", "--model", "none", "--shopper", "zoe")
    assert (done.returncode, done.stdout) == (2, b"")
    assert "zoe" in done.stderr.decode() and len(done.stderr.splitlines()) == 1
