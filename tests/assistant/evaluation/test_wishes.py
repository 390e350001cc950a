"""The suite of judged wishes: what it reads, that its figures are those of the ranking it looks at."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.evaluation.dialogue import load_dialogues
from assistant.evaluation.shelf import Shelf
from assistant.evaluation.shelves import stock
from assistant.evaluation.suites import Setup
from assistant.evaluation.wishes import JUDGEMENTS, evaluate, gold_moment, load_judgements
from assistant.llm.scripted import Scripted
from catalog.constraint import WISH
from catalog.errors import UsageError
from retrieval.index import Index, open_index


@pytest.fixture(scope="module")
def demo() -> Iterator[Index]:
    """The demo shop, indexed with the real embedder."""
    assert not stock(("demo",), home=None, data=None, progress=lambda *_: None)
    with open_index("demo") as index:
        yield index


@pytest.mark.parametrize("split", ["dev", "test"])
def test_every_judged_turn_exists_and_ends_with_a_wish(split: str) -> None:
    turns = {(d.id, n): t for d in load_dialogues(split) for n, t in enumerate(d.turns, 1)}  # type: ignore[arg-type]
    queries = load_judgements(split)
    assert len({q.id for q in queries}) == len(queries) >= 40
    for query in queries:
        turn = turns[query.dialogue, query.turn]
        assert any(e.field == WISH and not e.optional for e in turn.moment), query.id
        assert set(query.grades.values()) <= {0, 1, 2, 3}
        assert len(query.grades) >= 6


def test_a_malformed_judgement_is_named_with_file_and_line(tmp_path: Path) -> None:
    good = json.dumps({"dialogue": "demo-x", "turn": 1, "grades": {"a": 1}})
    (tmp_path / "dev.jsonl").write_text(f"{good}\n{{}}\n")
    with pytest.raises(UsageError, match=r"dev\.jsonl, line 2"):
        load_judgements("dev", tmp_path)


def test_the_gold_moment_holds_every_entry_that_must_be_there(demo: Index) -> None:
    shelf = Shelf(demo)
    for query in load_judgements("dev"):
        dialogue = next(d for d in load_dialogues("dev") if d.id == query.dialogue)
        if dialogue.catalog != "demo":
            continue
        turn = dialogue.turns[query.turn - 1]
        needed = [e for e in turn.moment if not e.optional]
        assert len(gold_moment(turn, shelf).constraints) >= len(needed)


def test_without_a_model_the_order_shown_is_that_of_the_fields() -> None:
    outcome = evaluate(Setup(catalogs=("demo",), limit=4), None)
    made = outcome.estimates()
    assert len(outcome.units) == 4
    assert made["wish_ndcg_at_5"].value == made["fields.ndcg_at_5"].value
    assert 0 < made["random.ndcg_at_5"].value < 1
    assert "wish_kendall_tau" not in made


def test_a_judgement_is_the_same_in_whatever_order_products_come() -> None:
    outcome = evaluate(Setup(catalogs=("demo",), limit=3), Scripted())
    made = outcome.estimates()
    assert made["wish_kendall_tau"].value == 1
    assert made["judging_ms_p50"].value > 0


def test_judgements_lie_beside_the_suite() -> None:
    assert {f.stem for f in JUDGEMENTS.glob("*.jsonl")} == {"dev", "test"}
