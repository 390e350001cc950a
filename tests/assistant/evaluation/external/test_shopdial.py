"""What utterances do: the classes people settle, and every system's."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.evaluation.external.shopdial import Utterance, by_keywords, evaluate, gold_class
from assistant.evaluation.suites import Setup
from assistant.llm.scripted import Scripted
from tests.assistant.evaluation.external.conftest import DIALOGUES


def test_only_what_the_votes_settle_has_a_class() -> None:
    classes = [gold_class(Utterance.model_validate(u)) for d in DIALOGUES for u in d["utterances"]]
    # the last is as much a greeting as a demand
    assert classes == ["chat", "chat", "want", "ask", None, "want", None]


def test_the_baseline_tells_questions_from_small_talk_and_demands() -> None:
    said = ("is it heavy", "anything else?", "thanks, bye", "thanks, I need a lid too", "in green")
    assert [by_keywords(s) for s in said] == ["ask", "ask", "chat", "want", "want"]


def test_accuracy_and_macro_f1_of_every_system(data: Path) -> None:
    model = Scripted("chat", "want item=mug", "want feature=lid", "chat", "want price<=$30")
    seen: list[tuple[int, int | None]] = []
    setup = Setup(data=data, progress=lambda _, done, total: seen.append((done, total)))
    outcome = evaluate(setup, model)
    made = {name: e.value for name, e in outcome.estimates().items()}
    assert outcome.counts["shopdial_utterances"] == 6 == len(seen)
    assert outcome.counts["shopdial_compared"] == 4
    assert outcome.counts["shopdial_unread_by_model"] == 1
    assert made["shopdial_accuracy_model"] == pytest.approx(3 / 4)
    assert made["shopdial_accuracy_keywords"] == 1
    assert made["shopdial_accuracy_majority"] == pytest.approx(2 / 4)
    # chat: found; ask: none found; want: 3 found, 2 right
    assert made["shopdial_macro_f1_model"] == pytest.approx((1 + 0 + 4 / 5) / 3)
    assert outcome.tables["acts_confused"]["model: ask → want"] == 1
    assert outcome.tables["by_act"]["want, keywords"]["f1"] == 1
    assert set(outcome.headline) <= set(outcome.samples)
