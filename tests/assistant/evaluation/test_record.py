"""A conversation that was held becomes a dialogue file that says what happened."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant.cli import app
from assistant.evaluation.dialogue import load_file
from assistant.evaluation.record import Conversation, as_dialogue, read_conversation
from assistant.evaluation.runner import Stage, play
from assistant.evaluation.scoring import score
from assistant.ui.record import Record
from assistant.ui.session import Session
from catalog.errors import UsageError

SAID = (
    "quiet kettle under $60, not red or white", "cheapest first", "save the second one", "how loud is it",
    "", "forget the budget", "thanks",
)  # fmt: skip


def test_a_recorded_conversation_plays_back_without_fault(stage: Stage, tmp_path: Path) -> None:
    talk = stage.converse()
    lines = [json.dumps({"catalog": "corner", "shopper": "ana"})]
    lines += [json.dumps(talk.reply(text).to_json()) for text in SAID]
    lines.insert(3, json.dumps({"error": "the model fell asleep"}))
    saved = tmp_path / "saved.jsonl"
    saved.write_text("\n".join(lines) + "\n", "utf-8")
    held = read_conversation(saved)
    assert (held.catalog, held.shopper, len(held.replies)) == ("corner", "ana", len(SAID))
    path = tmp_path / "dev" / "corner.yaml"
    path.parent.mkdir()
    path.write_text(as_dialogue(held, "My talk!", catalog="corner"), "utf-8")
    assert "A person must go through each turn" in path.read_text("utf-8")
    (dialogue,) = load_file(path)
    assert (dialogue.id, dialogue.shopper) == ("corner-my-talk", "ana")
    assert [t.say for t in dialogue.turns] == list(SAID)
    for turn, heard in zip(dialogue.turns, play(stage, dialogue).heard, strict=True):
        assert score(turn, heard, stage.shelf).failures == ()


def test_a_chip_that_was_taken_away_is_marked(stage: Stage) -> None:
    talk = stage.converse()
    first = talk.reply("kettle under $60")
    limit = next(c for c in first.moment.constraints if c.field == "price")
    *_, done = talk.drop(limit)
    replies = (first.to_json(), done.reply.to_json())  # type: ignore[union-attr]
    text = as_dialogue(Conversation("corner", None, replies), "x", catalog="corner")
    assert '- say: "forget the price"  # a chip was taken away' in text


@pytest.mark.parametrize(
    ("chip", "said", "clears"),
    [("quiet", "forget quiet", "value:quiet"), ("white", "forget white", "value:white")],
)
def test_one_of_several_wishes_or_colours_taken_away_leaves_the_others(
    stage: Stage, tmp_path: Path, chip: str, said: str, clears: str
) -> None:
    talk = stage.converse()
    first = talk.reply("quiet red kettle for my dad, not white")
    gone = next(c for c in first.moment.constraints if chip in c.words)
    *_, done = talk.drop(gone)
    replies = (first.to_json(), done.reply.to_json())  # type: ignore[union-attr]
    path = tmp_path / "x.yaml"
    path.write_text(as_dialogue(Conversation("corner", None, replies), "x", catalog="corner"))
    (dialogue,) = load_file(path)
    assert (dialogue.turns[1].say, dialogue.turns[1].clears) == (said, (clears,))
    assert len(dialogue.turns[1].moment) == len(dialogue.turns[0].moment) - 1
    heard = play(stage, dialogue).heard[1]
    assert score(dialogue.turns[1], heard, stage.shelf).failures == ()


def test_what_the_page_saves_becomes_a_dialogue_file(stage: Stage, tmp_path: Path) -> None:
    live = Session(stage.converse("ana"), Record("corner", "ana"))
    for text in SAID:
        live.say(text)
    for _ in live.run():
        pass
    live.act("cart", live.reply.recommendations[0].product.id)  # type: ignore[union-attr]
    for _ in live.run():
        pass
    saved = tmp_path / live.record.file_name(datetime(2026, 11, 22, 17, 41))
    saved.write_text(live.record.lines(), "utf-8")
    made = tmp_path / "dev" / f"{saved.stem}.yaml"
    made.parent.mkdir()
    done = CliRunner().invoke(app, ["eval", "--record", str(saved), "--out", str(made)])
    assert done.exit_code == 0, done.stderr
    (dialogue,) = load_file(made)
    assert (dialogue.id, dialogue.shopper) == ("corner-conversation-2026-11-22-1741", "ana")
    spoken = [text for text in SAID if text]  # the page sends nothing when nothing was typed
    assert [t.say for t in dialogue.turns] == [*spoken, "add the first one to my cart"]
    for turn, heard in zip(dialogue.turns, play(stage, dialogue).heard, strict=True):
        assert score(turn, heard, stage.shelf).failures == ()


def test_a_line_separator_in_a_listing_does_not_end_a_line(stage: Stage, tmp_path: Path) -> None:
    reply = stage.converse().reply("kettle").to_json()
    reply["results"][0]["title"] = "Kettle\u2028tall\x85"
    path = tmp_path / "x.jsonl"
    path.write_text("\ufeff" + json.dumps(reply, ensure_ascii=False) + "\r\n", "utf-8")
    assert len(read_conversation(path).replies) == 1


@pytest.mark.parametrize(
    "line",
    ["no json", "{}", '{"intent": {"text": "x"}, "moment": {}}', "[1]", '{"catalog": ["a"]}'],
)
def test_a_file_that_holds_no_replies_is_refused(tmp_path: Path, line: str) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text(line + "\n")
    with pytest.raises(UsageError, match="line 1: no reply .*shop talk --json"):
        read_conversation(path)
    path.write_text("\n")
    with pytest.raises(UsageError, match="no turn in it"):
        read_conversation(path)
