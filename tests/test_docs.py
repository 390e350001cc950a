"""The documents say what the code does: names, keys, columns and examples are checked against it."""

from __future__ import annotations

import ast
import doctest
import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from assistant.cli import app
from assistant.intent import Act, Comparative, Constraint, Intent, Op, Reference, Sort
from assistant.moment import Moment
from assistant.reply import Difference, Question, Reason, Recommendation, Reply
from assistant.shopper import load_shoppers
from catalog import errors
from catalog.feeds import read_feed
from catalog.feeds.mapping import FIELDS, guess
from catalog.product import Product

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]


def page(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def fenced(text: str, language: str) -> list[str]:
    """The code blocks of one language ("" for none) in a Markdown text."""
    blocks = re.findall(r"^```(\w*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return [body for tongue, body in blocks if tongue == language]


def first_column(text: str, heading: str) -> list[str]:
    """The names in the first column of the first table below a heading."""
    section = re.split(rf"^## {re.escape(heading)}$", text, flags=re.MULTILINE)[1]
    section = re.split(r"^## ", section, flags=re.MULTILINE)[0]
    rows = re.findall(r"^\| (`.*?) \|", section, re.MULTILINE)
    return [name for row in rows for name in re.findall(r"`([^`]+)`", row)]


@lru_cache
def defined(path: Path) -> frozenset[str]:
    """Names a module defines, those inside a class as ``Class.name``."""
    names: set[str] = set()

    def note(body: list[ast.stmt], prefix: str) -> None:
        for node in body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                names.add(prefix + node.name)
            if isinstance(node, ast.ClassDef):
                note(node.body, f"{node.name}.")
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                names.add(prefix + node.target.id)
            if isinstance(node, ast.Assign):
                names.update(prefix + t.id for t in node.targets if isinstance(t, ast.Name))

    note(ast.parse(path.read_text("utf-8")).body, "")
    return frozenset(names)


def whole_reply() -> Reply:
    """A reply with every part filled in."""
    limit = Constraint("price", Op.LE, 6000.0, "USD", True, "under $60")
    intent = Intent(
        "cheaper kettle under $60, the first", Act.SEARCH, (limit,), (Reference("position", "1"),),
        (Comparative(("price",), -1, "cheaper"),), Sort("price"),
    )  # fmt: skip
    shown = Recommendation(
        Product("K1", "Kettle", price=5499, currency="USD"), 1, 1.0, {"relevance": 1.0},
        (Reason("54 dB", {"noise": "54 dB"}),),
    )  # fmt: skip
    return Reply(
        intent, Moment().fold(intent), "One fits.", (shown,), (), Question("Which?", ("a",), "size"),
        (Difference("noise", ("54 dB", "60 dB")),), 1, timings={"first_card": 1.0, "total": 2.0},
    )  # fmt: skip


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.name)
def test_every_relative_link_leads_somewhere(path: Path) -> None:
    text = re.sub(r"^```.*?^```$", "", path.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    links = re.findall(r"\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)", text)
    for target, anchor in links:
        held = (path.parent / target).resolve() if target else path
        assert held.exists(), f"{path.name} links to {target}"
        if anchor:
            headings = re.findall(r"^#+ (.+)$", held.read_text("utf-8"), re.MULTILINE)
            assert anchor in {re.sub(r"[^\w -]", "", h.lower()).replace(" ", "-") for h in headings}


def test_every_name_in_the_architecture_exists() -> None:
    named = re.findall(r"`([\w./]+/(?:[\w.]+)?)(?::([\w.]+))?`", page("docs/architecture.md"))
    assert len(named) > 30
    for path, name in named:
        assert (ROOT / path).exists(), path
        assert not name or name in defined(ROOT / path), f"{path}:{name}"


def test_the_architecture_fits_one_page() -> None:
    assert len(page("docs/architecture.md").split()) < 1000


def test_the_documented_keys_are_the_keys_of_a_reply() -> None:
    text, record = page("docs/json.md"), whole_reply().to_json()
    result = record["results"][0]
    parts = {
        "Reply": record, "Result": result, "Reason": result["reasons"][0], "Intent": record["intent"],
        "Constraint": record["intent"]["constraints"][0], "Moment": record["moment"],
        "Question": record["question"],
    }  # fmt: skip
    for heading, part in parts.items():
        assert first_column(text, heading) == list(part), heading


def test_the_json_example_has_the_shape_of_a_reply() -> None:
    (example,) = (json.loads(block) for block in fenced(page("docs/json.md"), "json"))
    record = whole_reply().to_json()
    assert keys(example) == keys(record)
    assert keys(example["results"][0]) == keys(record["results"][0])
    assert Intent.from_json(example["intent"]).to_json() == example["intent"]
    result = example["results"][0]
    assert abs(sum(result["score_parts"].values()) - result["score"]) < 1e-5
    documented = first_column(page("docs/json.md"), "Timings")
    assert set(example["timings"]) <= set(documented)


def keys(record: dict[str, Any]) -> list[str]:
    return sorted(record)


def test_every_act_and_operator_is_documented() -> None:
    text = page("docs/json.md")
    assert all(f"`{value.value}`" in text for value in (*Act, *Op))


def test_the_keys_of_the_model_list_are_documented(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOPMOMENT_HOME", str(tmp_path))
    listed = json.loads(CliRunner().invoke(app, ["models", "--json"]).stdout)
    paragraph = next(p for p in page("docs/json.md").split("\n\n") if p.startswith("`shop models"))
    assert all(f"`{key}`" in paragraph for key in listed[0])


def test_every_command_is_in_the_readme() -> None:
    commands = {c.name or c.callback.__name__ for c in app.registered_commands if c.callback}
    assert commands == set(re.findall(r"^\| `shop (\w+)", page("README.md"), re.MULTILINE))


def test_the_python_examples_give_what_they_say() -> None:
    text = "\n".join(b for b in fenced(page("docs/python.md"), "python") if b.startswith(">>>"))
    examples = doctest.DocTestParser().get_doctest(text, {}, "docs/python.md", None, 0)
    assert sum("parse_intent(" in e.source for e in examples.examples) >= 10
    said: list[str] = []
    failed, _ = doctest.DocTestRunner(verbose=False).run(examples, out=said.append)
    assert not failed, "".join(said)


def test_the_error_tree_is_the_one_in_the_code() -> None:
    tree = next(b for b in fenced(page("docs/python.md"), "") if b.startswith("ShopmomentError"))
    named = set(re.findall(r"\b[A-Z]\w+", re.sub(r"(?m)(^\W*\w+).*", r"\1", tree)))
    held = {n for n, v in vars(errors).items() if isinstance(v, type) and issubclass(v, Exception)}
    assert named == held


def test_the_documented_columns_are_found() -> None:
    table = re.split(r"^## ", page("docs/feeds.md"), flags=re.MULTILINE)[1]
    rows = re.findall(r"^\| `(\w+)` \| (`.*`) \|$", table, re.MULTILINE)
    assert [field for field, _ in rows] == list(FIELDS)
    for field, names in rows:
        for name in re.findall(r"`([^`]+)`", names):
            # Alone, a recommended price would have to serve as the price.
            beside = ["price"] if field == "list_price" else []
            assert guess([*beside, name]).get(field) == (name,), name


def test_the_example_feed_gives_the_report_shown(tmp_path: Path) -> None:
    text = page("docs/feeds.md")
    path = tmp_path / "kueche.csv"
    path.write_text(fenced(text, "csv")[0], "utf-8")
    feed = read_feed(path)
    assert len(list(feed)) == 2
    assert feed.report.lines() in [b.splitlines() for b in fenced(text, "")]


def test_the_example_shopper_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "shoppers.jsonl"
    path.write_text(fenced(page("docs/feeds.md"), "json")[0], "utf-8")
    ana = load_shoppers(path, "USD")["ana"]
    assert (ana.purchases[0].price, ana.wishlist[0].price) == (649, 7999)
    assert (len(ana.views), len(ana.likes)) == (1, 1)
