"""A cross-encoder named by folder: really loaded, really asked; and what is not to be had is told."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from assistant.converse import Assistant, Shop
from assistant.intent import Constraint, Op
from assistant.judging import JUDGED, judge_of, judge_products
from assistant.llm.scripted import Scripted
from assistant.modelwork import Budget
from assistant.moment import Moment
from assistant.rank import rank
from assistant.reranker import Reranker, open_reranker
from catalog.constraint import WISH
from catalog.errors import ModelError, UsageError
from catalog.product import Product
from retrieval.index import Index
from retrieval.query import Candidate
from retrieval.weights import weights_path
from tests.assistant.shop import corner_shop

MOMENT = Moment((Constraint(WISH, Op.CONTAINS, ("for my dad who likes tea",), hard=False),))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cross-encoder of two layers that knows nothing, with a real tokenizer."""
    return cross_encoder(tmp_path_factory.mktemp("reranker"), labels=1)


def cross_encoder(at: Path, labels: int) -> Path:
    import torch
    from transformers import BertConfig, BertForSequenceClassification

    base = weights_path("minilm")
    for name in ("tokenizer.json", "tokenizer_config.json", "vocab.txt", "special_tokens_map.json"):
        if (base / name).exists():
            shutil.copy(base / name, at / name)
    torch.manual_seed(0)
    config = BertConfig(
        hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=64, num_labels=labels,
    )  # fmt: skip
    BertForSequenceClassification(config).save_pretrained(at)
    return at


def ranked(products: list[Product]) -> list:  # type: ignore[type-arg]
    return rank([Candidate(p, 0.5, 0.0, 0.0) for p in products], MOMENT, {}, {})


def test_it_judges_the_first_products_each_by_itself(folder: Path) -> None:
    judge = open_reranker(f"hf:{folder}")
    shown = ranked(corner_shop())
    found = judge_products(judge, MOMENT, shown, Budget.of(60))
    assert list(found) == [r.product.id for r in shown[:JUDGED]]
    assert all(0 < p < 1 for p in found.values())
    assert len(set(found.values())) > 1
    backwards = judge_products(judge, MOMENT, shown[:JUDGED][::-1], Budget.of(60))
    assert backwards == pytest.approx(found, abs=1e-5)
    assert judge.suits("x\ud800", ["\udfff" * 9_000])


def test_a_reranker_judges_in_a_conversation_and_its_part_is_in_the_score(
    corner: Index, folder: Path
) -> None:
    shop = Shop(corner, None, {}, reranker=open_reranker(f"hf:{folder}"))
    reply = Assistant(shop, None).reply("a kettle for my dad who likes tea")
    assert any(r.parts.get("model") for r in reply.recommendations)
    for r in reply.recommendations:
        assert sum(r.parts.values()) == pytest.approx(r.score)
    plain = Assistant(shop, None).reply("kettle under 50")
    assert all("model" not in r.parts for r in plain.recommendations)


def test_one_that_cannot_be_had_is_told_and_costs_the_order_only(corner: Index) -> None:
    missing = open_reranker("hf:nobody/nothing-at-all")
    with pytest.raises(ModelError, match="nobody/nothing-at-all cannot be loaded"):
        missing.suits("tea", ["kettle"])
    reply = Assistant(Shop(corner, None, {}, reranker=missing), None).reply("a kettle for my dad")
    assert reply.recommendations
    with pytest.raises(ModelError, match="nobody/nothing-at-all"):
        Assistant.open("corner", model=None, reranker="hf:nobody/nothing-at-all")
    with pytest.raises(UsageError, match="no reranker is called 'bge'"):
        open_reranker("bge")


def test_one_with_several_scores_is_no_reranker(tmp_path: Path) -> None:
    judge = Reranker("two", str(cross_encoder(tmp_path, labels=2)), local=True)
    with pytest.raises(ModelError, match="more than one score"):
        judge.suits("tea", ["kettle", "mug"])


def test_who_judges(folder: Path) -> None:
    assert judge_of(None, None) is None
    named = open_reranker(f"hf:{folder}")
    assert judge_of(Scripted(), named) is named
