from __future__ import annotations

import json
import threading
from datetime import datetime

import pytest

from assistant.intent import Intent
from assistant.moment import Moment
from assistant.ui import record
from assistant.ui.record import Record
from assistant.ui.session import MAX_CHARS, Session
from catalog.product import Product
from tests.fakes import FakeAssistant
from tests.ui.shopfront import PRODUCTS


@pytest.fixture
def session() -> Session:
    return Session(FakeAssistant(PRODUCTS), Record("demo", "ana"))


def play(session: Session) -> int:
    return sum(1 for _ in session.run())


def test_cards_come_before_the_models_reasons(session: Session) -> None:
    session.say("trail shoes")
    seen = []
    for _ in session.run():
        first = session.reply.recommendations[0] if session.reply else None
        seen.append((session.status, len(first.reasons) if first else 0))

    assert seen[0] == ("looking…", 0)
    assert seen[1] == ("adding reasons…", 1)
    assert seen[2] == ("adding reasons…", 2)
    assert seen[-1] == ("", 2)


def test_only_one_thread_plays_and_takes_the_turns_of_the_others(session: Session) -> None:
    assert isinstance(session.talker, FakeAssistant)
    session.talker.gate.clear()
    session.say("trail shoes")
    worker = threading.Thread(target=play, args=(session,))
    worker.start()
    while session.reply is None:
        worker.join(0.005)
    session.say("floor lamp")

    assert play(session) == 0
    session.talker.gate.set()
    worker.join(10)
    assert session.talker.heard == ["trail shoes", "floor lamp"]
    assert [turn.done for turn in session.turns] == [True, True]


def test_a_turn_the_browser_left_does_not_block_the_next(session: Session) -> None:
    session.say("trail shoes")
    for _ in session.run():
        break  # dropping the generator closes it, as Gradio does when the tab is gone
    session.say("floor lamp")
    play(session)

    assert session.turns[-1].answer == "1 that fit."


def test_an_unexpected_error_is_told_in_a_line_and_logged(
    session: Session, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(session.talker, "stream", lambda text: 1 // 0)
    session.say("kettle")
    session.say("lamp")
    play(session)

    assert [turn.error for turn in session.turns] == [True, True]
    assert "server's log" in session.turns[0].answer
    assert "ZeroDivisionError" in caplog.text


@pytest.mark.parametrize("text", ["", "  \n\t ", "\u200b\u202e", "\x00\x07"])
def test_saying_nothing_queues_nothing(session: Session, text: str) -> None:
    assert not session.say(text)
    assert session.turns == []


def test_a_lone_surrogate_and_20000_characters_are_taken(session: Session) -> None:
    session.say("\ud83d kettle")
    session.say("kettle " * 4000)
    play(session)

    assert session.turns[0].said == "kettle"
    assert len(session.turns[1].said) <= MAX_CHARS
    assert session.turns[1].note.startswith("That was long")


def test_a_button_names_the_place_the_product_has_now(session: Session) -> None:
    assert isinstance(session.talker, FakeAssistant)
    session.say("trail shoes")
    play(session)
    session.say("trail shoes, not red")
    session.act("save", "s2")
    session.act("save", "s1")
    play(session)

    assert session.turns[2].error and "left the list" in session.turns[2].answer
    assert session.talker.heard[-1] == "save the first one"
    assert session.saved == ("s1",)


def test_a_button_for_an_unknown_product_or_act_is_ignored(session: Session) -> None:
    assert not session.act("save", "<script>")
    session.say("trail shoes")
    play(session)
    assert not session.act("explode", "s1")


def test_a_chip_that_is_gone_is_told(session: Session) -> None:
    session.drop("not red")
    play(session)
    assert session.turns[0].error
    assert "not red" in session.turns[0].answer


def test_the_sort_is_a_chip_that_can_be_dropped(session: Session) -> None:
    session.say("cheapest trail shoes")
    play(session)
    assert [chip.constraint for chip in session.chips] == [None]
    session.drop(session.chips[0].label)
    play(session)
    assert session.chips == ()


def test_talking_about_the_items_keeps_them_on_the_shelf(session: Session) -> None:
    session.say("trail shoes")
    play(session)
    shelf, parity = session.reply, session.parity
    session.say("save the first one")
    play(session)

    assert session.reply is not None and shelf is not None
    assert session.reply.recommendations == shelf.recommendations
    assert session.parity == parity


def saved(session: Session) -> list[dict[str, object]]:
    return [json.loads(line) for line in session.record.lines().split("\n") if line]


def test_what_can_be_saved_is_the_head_and_the_whole_reply_of_every_answered_turn(
    session: Session,
) -> None:
    session.say("trail shoes, not red")
    session.say("break")
    session.act("save", "s1")
    play(session)
    session.act("save", "s1")
    session.drop("not red")
    session.say("never played")
    running = session.run()
    while len(session.record.replies) < 3:
        next(running)

    head, *turns = saved(session)
    assert head == {"catalog": "demo", "shopper": "ana"}
    assert turns == [turn.reply.to_json() for turn in session.turns if turn.done and turn.reply]
    intents = [Intent.from_json(turn["intent"]) for turn in turns]  # type: ignore[arg-type]
    assert [i.text for i in intents] == ["trail shoes, not red", "save the first one", ""]
    reasons = turns[0]["results"][0]["reasons"]  # type: ignore[index]
    assert [r["source"] for r in reasons] == ["fields", "model"], "what the model added is in it"


def test_a_turn_that_breaks_off_after_its_cards_is_kept_as_far_as_it_got(session: Session) -> None:
    session.say("trail shoes, not red")
    for _ in session.run():
        if session.reply is not None:
            break  # the browser leaves
    session.say("floor lamp")
    play(session)

    _, first, second = saved(session)
    moments = [Moment.from_json(turn["moment"]) for turn in (first, second)]  # type: ignore[arg-type]
    assert moments[0].constraints == moments[1].constraints != ()


def test_the_first_turns_are_kept_and_the_file_says_how_many_are_not(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record, "MAX_TURNS", 2)
    for text in ("kettle", "floor lamp", "granola"):
        session.say(text)
    play(session)

    head, *turns = saved(session)
    assert head["left_out"] == 1
    assert [turn["intent"]["text"] for turn in turns] == ["kettle", "floor lamp"]  # type: ignore[index]


def test_the_file_is_named_after_catalogue_and_minute_whatever_the_catalogue_is_called() -> None:
    when = datetime(2026, 3, 9, 17, 5)
    assert Record("demo").file_name(when) == "demo-conversation-2026-03-09-1705.jsonl"
    assert Record("../my shop\n").file_name(when) == "my-shop-conversation-2026-03-09-1705.jsonl"


def test_a_listing_cannot_break_a_line_of_the_file_or_its_encoding() -> None:
    title = "Lamp\u2028tall\u0085\nred \ud83d end"
    live = Session(FakeAssistant([Product("x", title)]), Record("demo"))
    live.say("lamp")
    play(live)

    _, turn = saved(live)
    assert turn["results"][0]["title"] == title.replace("\ud83d", "?")  # type: ignore[index]
    assert live.record.lines().encode("utf-8")
