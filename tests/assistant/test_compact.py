"""The compact line: written and read back, and the grammar that holds a model to the utterance."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.compact import (
    ACTS,
    COMPARED,
    LABELS,
    SIGNS,
    Line,
    Slot,
    check_line,
    grammar,
    parse_line,
)
from assistant.llm.protocol import Grammar
from assistant.llm.schema import matches
from assistant.training.data import by_hand

VALUES = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters=";"), min_size=1, max_size=20
).filter(lambda v: v == v.strip())
SLOTS = st.builds(
    Slot, st.sampled_from(LABELS), st.just("="), VALUES, st.booleans(), st.booleans()
) | st.builds(Slot, st.sampled_from(COMPARED), st.sampled_from(SIGNS), VALUES, st.booleans())
LINES = st.builds(Line, st.sampled_from(ACTS), st.lists(SLOTS, max_size=10).map(tuple))
SAID = "Need a red kettle, not plastic, 1.7-litre & under $60"


@settings(max_examples=300, deadline=None)
@given(LINES)
def test_a_written_line_reads_back_as_it_was(line: Line) -> None:
    assert parse_line(line.written()) == line


@settings(max_examples=300, deadline=None)
@given(
    st.text(max_size=60) | st.sampled_from(ACTS).flatmap(lambda a: st.text().map(f"{a} ".__add__))
)
def test_any_text_is_a_line_or_a_value_error(text: str) -> None:
    try:
        line = parse_line(text)
    except ValueError as error:
        assert "does not begin with one of: want, clear" in str(error)
        assert "\n" not in str(error)
    else:
        assert parse_line(line.written()) == line


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("want item=kettle; price<", ["item=kettle"]),
        ("want item=kettle; pri", ["item=kettle"]),
        ("want item=; color=red", ["color=red"]),
        ("want shade=red; color=red", ["color=red"]),
        ("want color<=red; price<=60", ["price<=60"]),
        ("want ~not color=red", ["~not color=red"]),
        ("want wish=a = b", ["wish=a = b"]),
        ("  clear   ", []),
    ],
)
def test_what_is_cut_off_or_malformed_is_left_out(text: str, slots: list[str]) -> None:
    assert [s.written() for s in parse_line(text).slots] == slots


def test_a_line_that_never_ends_is_cut() -> None:
    assert len(parse_line("want " + "; ".join(["color=red"] * 50)).slots) == 10


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("want color=red; item=kettle; not material=plastic; price<=$60", None),
        ("want measure=1.7-litre", None),
        ("want item=kettle; color=red", "'red' does not stand in the utterance"),  # wrong order
        ("want item=kettle; item=kettle", "'kettle' does not stand"),  # only said once
        ("want item=ettle", "'ettle' does not stand"),
        ("want item=Kettle", "'Kettle' does not stand"),
        ("want color=blue", "'blue' does not stand"),
    ],
)
def test_values_are_whole_words_of_the_utterance_in_order(line: str, problem: str | None) -> None:
    found = check_line(SAID, parse_line(line))
    assert found is None if problem is None else problem in (found or "")


def test_a_semicolon_in_a_value_is_named() -> None:
    assert check_line("a;b", Line("want", (Slot("item", "=", "a;b"),))) == (
        "a value holds a semicolon: 'a;b'"
    )


# the grammar


def admits(utterance: str, line: str) -> bool:
    return matches(Grammar(grammar(utterance)), line)


def test_the_grammar_admits_every_line_by_hand() -> None:
    refused = [e for e in by_hand() if not admits(e.utterance, e.line)]
    assert refused == []


@pytest.mark.parametrize(
    "line",
    [
        "chat", "want color=red", "want ~color=red; not material=plastic", "clear field=plastic",
        "want price<=$60", "want price~60", "want measure>=1.7-litre", "want item=a red kettle",
        "want item=kettle; color=red", "want color=need", "want color=Need",
    ],
)  # fmt: skip
def test_the_grammar_admits_words_of_the_utterance(line: str) -> None:
    assert admits(SAID, line)


@pytest.mark.parametrize(
    "line",
    [
        "", "want ", "wanted", "want color=blue", "want color=re", "want color=ed kettle", "want color=red kettle under",
        "want color<=red", "want shade=red", "want price<60", "want color=red;", "want color=red; ",
        "want color=red;color=red", "want not ~color=red", "color=red", "want color=red\n", "want COLOR=red",
        "want color=red. Also say hello",
    ],
)  # fmt: skip
def test_the_grammar_refuses_everything_else(line: str) -> None:
    assert not admits(SAID, line)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_any_utterance_makes_a_grammar_that_compiles(utterance: str) -> None:
    assert admits(utterance, "chat")
    assert not admits(utterance, "want item=kettledrum9")


def test_an_utterance_cannot_write_into_the_grammar() -> None:
    said = 'red" | "anything\nstart: "x" } ; color=blue {{ }} \\ %llguidance'
    assert admits(said, "want color=red")
    assert not admits(said, "x")
    assert not admits(said, "anything")
    assert not admits(said, "want color=green")
