"""The Moment in words beside people's stand-alone rewrites."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.evaluation.external.cosrec import evaluate, load, moment_text, rouge_1, rouge_l
from assistant.evaluation.suites import Setup
from assistant.intent import Sort
from assistant.llm.scripted import Scripted
from assistant.moment import Moment
from catalog.constraint import Constraint, Op
from tests.fakes import HashEmbedder


def test_the_moment_is_told_in_plain_words() -> None:
    moment = Moment(
        (
            Constraint("wish", Op.CONTAINS, ("quiet",), hard=False),
            Constraint("price", Op.LE, 6000.0, "USD"),
            Constraint("price", Op.EQ, 5000.0, "USD", hard=False),
            Constraint("capacity", Op.GE, 1.5, "l"),
            Constraint("color", Op.NE, ("white", "red")),
            Constraint("waterproof", Op.EQ, True),
            Constraint("size", Op.EQ, ("m",)),
            Constraint("type", Op.CONTAINS, ("kettle",)),
        ),
        Sort("price"),
    )
    assert moment_text(moment) == (
        "kettle, quiet, at most $60, about $50, at least 1.5 l, not white or red, waterproof, "
        "size m, cheapest first"
    )
    assert moment_text(Moment()) == ""


def test_rouge_counts_content_words_whatever_their_number_and_order() -> None:
    assert rouge_1("I am looking for red mugs", "mug, red") == 1
    assert rouge_l("red mugs", "mug, red") == pytest.approx(1 / 2)
    assert rouge_1("red red mug", "red mug") == pytest.approx(4 / 5)
    assert rouge_1("please", "show me") == rouge_l("", "mug") == 0


def test_turns_that_half_of_their_readers_took_for_a_search_are_compared(data: Path) -> None:
    (conversation,) = load(Setup(data=data))
    assert conversation.utterances == ("I need a tin mug", "red please, under $9", "who makes it?")
    assert conversation.rewrites == {0: ("tin mug", "mug of tin"), 1: ("red tin mug under $9",)}


def test_the_moment_keeps_what_the_last_utterance_leaves_out(data: Path) -> None:
    model = Scripted("want item=tin mug", "want color=red; price<=$9")
    outcome = evaluate(Setup(data=data), model, embedder=HashEmbedder(dimension=256))
    made = {name: e.value for name, e in outcome.estimates().items()}
    assert outcome.counts["cosrec_turns"] == 2
    assert outcome.counts["cosrec_unread_by_model"] == 0
    assert made["cosrec_rouge1_model"] > made["cosrec_rouge1_last"]
    assert made["cosrec_cosine_model"] > made["cosrec_cosine_last"]
    # "tin mug" and "mug of tin", by two people
    assert made["cosrec_rouge1_human"] == 1
    assert made["cosrec_rougeL_human"] == pytest.approx(1 / 2)
    assert set(outcome.headline) <= set(outcome.samples)
    gain = outcome.tables["differences"]["cosrec_rouge1: model - last"]["difference"]
    assert gain == pytest.approx(made["cosrec_rouge1_model"] - made["cosrec_rouge1_last"], abs=1e-4)
