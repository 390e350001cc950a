"""Dialogues played with the real assistant, and scored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from assistant.evaluation.dialogue import Dialogue, Expect, Turn, load_dialogues
from assistant.evaluation.metrics import (
    Scored,
    acts_confused,
    as_json,
    by_covers,
    by_field,
    estimates,
    samples,
)
from assistant.evaluation.notation import AnyOf, parse_constraint
from assistant.evaluation.runner import (
    Ablation,
    Heard,
    Listening,
    Stage,
    Unconstrained,
    named_for,
    play,
)
from assistant.evaluation.scoring import TurnScore, score
from assistant.evaluation.shelf import Shelf
from assistant.intent import Act
from assistant.llm.protocol import Prompt
from assistant.llm.scripted import Scripted
from catalog.errors import ModelTimeout, UsageError
from tests.assistant.evaluation.conftest import DATA


def entries(*lines: str) -> tuple[AnyOf, ...]:
    return tuple(AnyOf((parse_constraint(line),)) for line in lines)


def dialogues() -> list[Dialogue]:
    return load_dialogues("dev", folder=DATA)


def scores(stage: Stage, *turns: Turn, shopper: str | None = None) -> list[TurnScore]:
    dialogue = replace(dialogues()[0], turns=tuple(turns), shopper=shopper)
    return [
        score(t, h, stage.shelf) for t, h in zip(turns, play(stage, dialogue).heard, strict=True)
    ]


def test_a_dialogue_that_is_understood_has_no_fault(stage: Stage) -> None:
    for dialogue in dialogues():
        for s in scores(stage, *dialogue.turns, shopper=dialogue.shopper):
            assert s.failures == ()
            assert s.moment_exact and s.act and s.wants.exact


def test_the_target_has_a_place_in_the_ranking(stage: Stage) -> None:
    first = dialogues()[0].turns[0]
    (found,) = scores(stage, first)
    assert found.has_target and found.rank is not None and found.rank <= 10
    (ruled_out,) = scores(stage, replace(first, expect=Expect(target="Cove glass kettle")))
    assert ruled_out.rank is None
    assert "check target: Cove glass kettle is not in the ranking" in ruled_out.failures


def test_every_kind_of_fault_is_told(stage: Stage) -> None:
    first = dialogues()[0].turns[0]
    wrong = replace(
        first,
        acts=(Act.CHAT,),
        wants=entries("type = kettle", "price <= 60", "brand = Cove"),
        moment=entries("type = kettle", "color = white"),
        clears=("price",),
        refers=(),
        asks="noise",
        does=(Act.SAVE,),
        expect=Expect(
            found=False, carried=False, question=False,
            satisfies=(parse_constraint("brand = Cove"),), lacks=(parse_constraint("color = white"),),
        ),
    )  # fmt: skip
    (s,) = scores(stage, wrong)
    told = "\n".join(s.failures)
    for part in (
        "act: search", "missed: brand = Cove", "made up: color != red", "Moment lacks: color = white",
        "Moment holds: price <= 60 USD", "wrong: clears", "wrong: asks", "wrong: does",
        "shown, but breaks color = white: ", "check found: something fits",
        "check carried: does not say", "check satisfies: brand = Cove", "check lacks: color = white",
    ):  # fmt: skip
        assert part in told
    assert s.wants.counts == (2, 1, 1)
    assert s.violations and not s.own_violations


def test_what_is_shown_of_past_orders_breaks_no_demand(stage: Stage) -> None:
    kettle = dialogues()[0].turns[0]
    again = Turn("same dog treats as last time", (Act.BUY_AGAIN,), moment=kettle.moment)
    _, s = scores(stage, kettle, again, shopper="ana")
    assert s.act and s.violations == ()


def test_a_turn_that_raises_is_a_failed_turn_and_the_dialogue_goes_on(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    reply = Listening.reply

    def breaking(self: Listening, text: str) -> object:
        if text == "cheapest first":
            raise ModelTimeout("the model fell asleep")
        return reply(self, text)

    monkeypatch.setattr(Listening, "reply", breaking)
    dialogue = dialogues()[0]
    heard = play(stage, dialogue).heard
    assert heard[1].error == "ModelTimeout: the model fell asleep"
    assert [h.error for h in heard].count(None) == 3
    s = score(dialogue.turns[1], heard[1], stage.shelf)
    assert not s.act and "error: ModelTimeout: the model fell asleep" in s.failures


def test_without_history_an_utterance_is_read_as_the_first(stage: Stage) -> None:
    acts = {}
    for history in (True, False):
        talk = Listening(stage.shop, history=history)
        talk.reply("kettle under $60")
        reply = talk.reply("not red")
        acts[history] = reply.intent.act
        fields = {c.field for c in reply.moment.constraints}
        assert fields == {"type", "price", "color"}, "what it says is folded all the same"
    assert acts == {True: Act.REFINE, False: Act.SEARCH}


def test_every_part_of_an_utterance_is_listened_to(stage: Stage) -> None:
    talk = stage.converse()
    talk.reply("kettle under $60")
    dialogue = replace(
        dialogues()[0],
        turns=(
            Turn("kettle under $60", (Act.SEARCH,)),
            Turn("save the second one. do you have socks too", (Act.SEARCH,)),
        ),
    )
    heard = play(stage, dialogue).heard[1]
    assert [(r.kind, r.value) for r in heard.references] == [("position", "2")]
    assert heard.did == {Act.SAVE}
    assert heard.before == len(play(stage, dialogue).heard[0].shown)


def test_an_ablation_leaves_one_part_out() -> None:
    assert Ablation.without("history") == Ablation(history=False)
    assert named_for("auto", Ablation.without("tagger")) == "smollm2-135m:untagged"
    assert named_for("auto", Ablation.without("adapter")) == "smollm2-135m:untuned"
    with pytest.raises(UsageError, match="has no tagger"):
        named_for("gguf:other", Ablation.without("tagger"))
    with pytest.raises(UsageError, match="llm, tagger, grammar, adapter, history"):
        Ablation.without("memory")


def test_without_a_grammar_the_model_is_told_no_form() -> None:
    model = Scripted("{}")
    free = Unconstrained(model)
    assert "".join(free.generate(Prompt("", "hi"), schema={"type": "object"})) == "{}"
    assert "without grammar" in free.describe().name


def played(stage: Stage, chosen: Sequence[Dialogue]) -> list[Scored]:
    made = []
    for d in chosen:
        p = play(stage, d)
        judged = (score(t, h, stage.shelf) for t, h in zip(d.turns, p.heard, strict=True))
        made.append(Scored(p, tuple(judged)))
    return made


def test_metrics_are_ratios_over_all_turns(stage: Stage) -> None:
    right = dialogues()
    broken = replace(right[0], id="corner-b", turns=tuple(replace(t, acts=(Act.CHAT,)) for t in right[0].turns))  # fmt: skip
    scored = played(stage, [*right, broken])
    record = as_json(estimates(samples(scored), len(scored)))
    assert record["act_accuracy"] == 0.6
    low, high = record["act_accuracy_ci"]
    assert low < 0.6 < high
    assert record["constraint_f1"] == record["moment_exact"] == record["checks_passed"] == 1.0
    assert record["violations"] == 0 and record["hit_at_10"] == 1.0 and 0 < record["mrr"] <= 1
    assert record["parse_ms_p50"] <= record["parse_ms_p95"] <= record["total_ms_p95"]
    assert acts_confused(scored) == {"chat → refine": 1, "chat → search": 1, "chat → save": 1, "chat → clear": 1}  # fmt: skip
    table = by_covers(scored)
    assert table["not_carried"]["act_accuracy"] == 1.0 and table["sort"]["act_accuracy"] == 0.5
    assert by_field(scored)["type"] == {"gold": 4, "read": 4, "precision": 1.0, "recall": 1.0, "f1": 1.0}  # fmt: skip


def test_a_turn_that_was_not_read_misses_all_it_says(shelf: Shelf) -> None:
    turn = Turn("x", (Act.SEARCH,), wants=entries("type = kettle"), expect=Expect(found=False))
    s = score(turn, Heard("x", error="KeyError: 1"), shelf)
    assert s.wants.counts == (0, 0, 1)
    assert [c.passed for c in s.checks] == [False]
