from __future__ import annotations

import threading

import pytest

from assistant.ui.session import MAX_CHARS, Session
from tests.fakes import FakeAssistant
from tests.ui.shopfront import PRODUCTS


@pytest.fixture
def session() -> Session:
    return Session(FakeAssistant(PRODUCTS))


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
