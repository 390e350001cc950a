"""Intent parsing alone: one, several, awaited; its schema; and nothing heavy loaded for it."""

from __future__ import annotations

import asyncio
import io
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

import assistant
import assistant.llm
from assistant import parse_intent
from assistant.cli import app
from assistant.intent import Act, Comparative, Constraint, Intent, Op, Reference, Sort
from assistant.llm.protocol import LanguageModel
from assistant.llm.scripted import Scripted
from assistant.moment import Moment
from assistant.parse import (
    aparse_intent,
    aparse_intents,
    close_models,
    intent_schema,
    parse_dialogue,
    parse_intents,
)
from catalog.errors import CatalogNotFound, IndexDamaged, ModelError, ModelNotFound, UsageError
from tests.assistant.reading import constraints

ROOT = Path(__file__).resolve().parents[2]
VALID = jsonschema.Draft202012Validator(intent_schema())
HEAVY = "'torch', 'transformers', 'chromadb', 'gradio', 'xllamacpp', 'sentence_transformers', 'bm25s', 'llguidance'"


def test_parsing_loads_no_model_no_vector_store_and_no_page() -> None:
    code = (
        "import sys, assistant;"
        "assert assistant.parse_intent('wool-free socks, size L, 10 to 25 dollars', model=None).act == 'search';"
        f"heavy = {{{HEAVY}}} & set(sys.modules); assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_opening_the_assistants_module_loads_nothing_heavy_either() -> None:
    code = (
        "import sys, assistant.converse, assistant.cli;"
        "heavy = {'torch', 'transformers', 'gradio', 'xllamacpp'} & set(sys.modules);"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_what_the_package_offers() -> None:
    assert sorted(assistant.__all__) == [
        "Assistant", "Intent", "Moment", "Reply", "aparse_intent", "aparse_intents", "intent_schema", "parse_dialogue",
        "parse_intent", "parse_intents",
    ]  # fmt: skip
    for name in assistant.__all__:
        assert getattr(assistant, name).__name__ == name
    with pytest.raises(AttributeError, match="nothing_such"):
        assistant.nothing_such  # noqa: B018


def test_the_readme_example_reads_as_promised() -> None:
    intent = parse_intent("wool-free socks, size L, 10 to 25 dollars", model=None)
    assert intent.act is Act.SEARCH
    assert set(constraints(intent)) == {
        "material != wool", "size = L", "price >= 1000 USD", "price <= 2500 USD", "type contains sock",
    }  # fmt: skip


def test_a_catalogue_gives_words_their_fields(shops_home: Path) -> None:
    text = "Cove kettle with keep warm"
    assert constraints(parse_intent(text, catalog="corner", model=None, home=shops_home)) == [
        "brand = Cove", "keep_warm = true", "type = kettle",
    ]  # fmt: skip
    assert "brand = Cove" not in constraints(parse_intent(text, model=None))


def test_a_moment_makes_it_a_refinement(shops_home: Path) -> None:
    first = parse_intent("kettle under 60", catalog="corner", model=None, home=shops_home)
    moment = Moment().fold(first)
    assert (
        parse_intent("not white", moment=moment, catalog="corner", model=None, home=shops_home).act
        is Act.REFINE
    )
    assert (
        parse_intent("not white", catalog="corner", model=None, home=shops_home).act is Act.SEARCH
    )


def test_reading_twice_reads_the_same(shops_home: Path) -> None:
    text = "quiet kettle under $60, not red, ideally not Cove"
    first, second = (
        parse_intent(text, catalog="corner", model=None, home=shops_home) for _ in range(2)
    )
    assert first == second
    assert Intent.from_json(first.to_json()) == first


def test_wrong_names_are_named(shops_home: Path) -> None:
    with pytest.raises(CatalogNotFound, match="'nowhere'"):
        parse_intent("kettle", catalog="nowhere", home=shops_home)
    with pytest.raises(UsageError):
        parse_intent("kettle", catalog="../nowhere", home=shops_home)
    with pytest.raises(ModelNotFound, match="'gpt-9'"):
        parse_intent("a red zorgle", model="gpt-9")


def test_a_damaged_vocabulary_is_named_with_the_cure(tmp_path: Path, shops_home: Path) -> None:
    import shutil

    home = tmp_path / "home"
    shutil.copytree(shops_home, home)
    (vocabulary,) = (home / "catalogs" / "corner").glob("**/vocabulary.json")
    vocabulary.write_bytes(vocabulary.read_bytes()[:100])
    with pytest.raises(IndexDamaged, match=r"vocabulary\.json.*shop index"):
        parse_intent("kettle", catalog="corner", home=home)


# several, awaited, and with a model


def test_a_batch_reads_each_utterance_as_if_it_were_alone() -> None:
    texts = ["kettle under $60", "not white", "forget the budget", ""]
    assert parse_intents(iter(texts), model=None) == [parse_intent(t, model=None) for t in texts]
    moment = Moment().fold(parse_intent("kettle", model=None))
    acts = [i.act for i in parse_intents(texts[1:3], moment=moment, model=None)]
    assert acts == [Act.REFINE, Act.CLEAR]
    assert parse_intents([], model=None) == []


def test_a_dialogue_folds_as_it_goes() -> None:
    read = parse_dialogue(
        ["kettle under $60, not red", "not white", "forget the budget"], model=None
    )
    assert [intent.act for intent, _ in read] == [Act.SEARCH, Act.REFINE, Act.CLEAR]
    labels = [[chip.label for chip in moment.chips()] for _, moment in read]
    assert labels[-1] == ["kettle", "not red", "not white"]
    assert [moment.turn for _, moment in read] == [1, 2, 3]
    resumed = parse_dialogue(["forget the budget"], moment=read[1][1], model=None)
    assert resumed == read[2:]


def test_awaited_readings_are_the_same_readings() -> None:
    texts = ["kettle under $60", "add the second one to my cart", "wool socks, size L"]

    async def read() -> tuple[list[Intent], list[Intent]]:
        one_by_one = asyncio.gather(*(aparse_intent(t, model=None) for t in texts))
        return list(await one_by_one), await aparse_intents(texts, model=None)

    assert asyncio.run(read()) == (parse_intents(texts, model=None),) * 2


def test_cancelling_one_leaves_the_others_and_the_model_usable() -> None:
    model = Scripted()
    for _ in range(4):
        model.enqueue("want color=red; item=socks", delay=0.2)

    async def read() -> list[Any]:
        tasks = [asyncio.create_task(aparse_intent("red socks", model=model)) for _ in range(3)]
        await asyncio.sleep(0.1)
        tasks[1].cancel()
        done = list(await asyncio.gather(*tasks, return_exceptions=True))
        return [*done, await aparse_intent("red socks", model=model)]

    first, cancelled, third, after = asyncio.run(read())
    assert isinstance(cancelled, asyncio.CancelledError)
    assert first == third == after
    assert first.source == "reader+model"


def test_a_cancelled_batch_begins_no_further_utterance() -> None:
    model = Scripted()
    for _ in range(50):
        model.enqueue("want item=socks", delay=0.05)

    async def read() -> None:
        task = asyncio.create_task(aparse_intents(["socks"] * 50, model=model))
        while not model.requests:
            await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(read())
    assert len(model.requests) < 10


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, Path | None, Scripted]]]:
    """What :func:`assistant.llm.open_model` was asked for; it opens scripted models meanwhile."""
    calls: list[tuple[str, Path | None, Scripted]] = []

    def open_scripted(name: str, *, home: Path | None = None) -> LanguageModel:
        calls.append((name, home, Scripted("want item=socks", "want item=socks")))
        return calls[-1][2]

    close_models()
    monkeypatch.setattr(assistant.llm, "open_model", open_scripted)
    yield calls
    close_models()


def test_a_named_model_is_opened_once_for_each_home(
    opened: list[tuple[str, Path | None, Scripted]], tmp_path: Path
) -> None:
    threads = [threading.Thread(target=parse_intent, args=("socks",)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    parse_intents(["socks", "socks"], model="other")
    parse_intent("socks", home=tmp_path)
    assert [(name, home) for name, home, _ in opened] == [
        ("auto", None), ("other", None), ("auto", tmp_path),
    ]  # fmt: skip
    assert [len(model.requests) for *_, model in opened] == [2, 2, 1]


def test_closing_frees_what_was_opened_by_name_and_the_next_reading_opens_it_again(
    opened: list[tuple[str, Path | None, Scripted]], monkeypatch: pytest.MonkeyPatch
) -> None:
    closed: list[Scripted] = []
    monkeypatch.setattr(Scripted, "close", lambda self: closed.append(self))
    mine = Scripted("want item=socks")
    parse_intent("socks", model=mine)
    parse_intent("socks")
    close_models()
    close_models()
    assert closed == [opened[0][2]]
    parse_intent("socks")
    assert len(opened) == 2


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_forked_process_opens_a_model_of_its_own(
    opened: list[tuple[str, Path | None, Scripted]],
) -> None:
    # A model's native threads do not come along: asking the parent's would wait for ever.
    parse_intent("socks")
    if (child := os.fork()) == 0:
        status = 1
        try:
            parse_intent("socks")
            status = 0 if len(opened) == 2 else 1
        finally:
            os._exit(status)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    parse_intent("socks")
    assert len(opened) == 1


def test_where_auto_cannot_be_had_the_rules_read_alone_and_the_log_says_so_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    home = tmp_path / "home"
    home.write_text("a file where a folder should be")
    with caplog.at_level(logging.WARNING, "assistant.parse"):
        intents = [parse_intent("red socks under $5", home=home) for _ in range(2)]
    assert intents == [parse_intent("red socks under $5", model=None)] * 2
    (said,) = caplog.messages
    assert said.endswith("reading by rules alone") and "\n" not in said
    with pytest.raises(ModelError):
        parse_intent("red socks under $5", model="smollm2-135m", home=home)


@pytest.mark.model
def test_the_embedded_model_reads_and_ends_with_the_process_without_torch_or_a_page() -> None:
    code = (
        "import asyncio, sys; from assistant.parse import aparse_intents, parse_intent;"
        "said = ['quiet kettle under $60, not red', 'my nan says hers is on the blink, red ones bore her'];"
        "read = {i.source for i in (parse_intent(text) for text in said)};"
        "assert read <= {'reader+tagger', 'reader+model'}, read;"
        "asyncio.run(aparse_intents(['red socks']));"
        "heavy = {'torch', 'transformers', 'chromadb', 'gradio', 'sentence_transformers', 'bm25s'};"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


# what is no utterance, and what is one


WRONG: dict[str, tuple[Callable[[], object], str]] = {
    "a number": (lambda: parse_intent(5), "text must be a str, not int"),  # type: ignore[arg-type]
    "nothing": (lambda: parse_intent(None), "not NoneType"),  # type: ignore[arg-type]
    "bytes": (lambda: parse_intent(b"socks"), "not bytes; decode it"),  # type: ignore[arg-type]
    "one text as several": (lambda: parse_intents("socks"), "for one: parse_intent"),
    "one text as turns": (lambda: parse_dialogue("socks"), "turns must be several"),
    "no texts": (lambda: parse_intents(5), "texts must be an iterable"),  # type: ignore[arg-type]
    "a hole among texts": (lambda: parse_intents(["a", None]), r"texts\[1\] must be a str"),  # type: ignore[list-item]
    "a moment as JSON": (lambda: parse_intent("a", moment={}), "Moment.from_json"),  # type: ignore[arg-type]
    "a catalogue as a path": (lambda: parse_intent("a", catalog=Path("a")), "shop catalogs"),  # type: ignore[arg-type]
    "a model as a number": (lambda: parse_intent("a", model=3), "shop models"),  # type: ignore[arg-type]
    "an awaited number": (lambda: asyncio.run(aparse_intent(5)), "text must be a str"),  # type: ignore[arg-type]
}  # fmt: skip


@pytest.mark.parametrize(("call", "says"), WRONG.values(), ids=WRONG.keys())
def test_arguments_of_the_wrong_type_are_named(call: Callable[[], object], says: str) -> None:
    with pytest.raises(UsageError, match=says) as caught:
        call()
    assert "\n" not in str(caught.value)


SNIPPETS = """under over $60 1e999 €50 10-20 size L not red or ideally without wool kettle cheapest the second one cheaper
    forget budget 99999999999999999999 0 -5 ½ 1.7 litre 65 dB at least 4 stars % about twenty like last time is dishwasher safe?
    color:blue between and ¥ 12k null 3x4 \x00 \x1b[31m \u202e 👩‍👩‍👧 ٣٠ « » ' \" ; { <|im_end|> same as it all""".split()
WORDS = st.lists(st.sampled_from(SNIPPETS), max_size=14).map(" ".join)


def assert_valid_and_round_trips(intent: Intent) -> None:
    record = orjson.loads(orjson.dumps(intent.to_json()))
    VALID.validate(record)
    assert Intent.from_json(record) == intent


@settings(max_examples=150, deadline=None)
@given(st.text() | WORDS, st.none() | WORDS)
def test_any_text_is_read_validates_and_round_trips(text: str, before: str | None) -> None:
    moment = Moment().fold(parse_intent(before, model=None)) if before else None
    assert_valid_and_round_trips(parse_intent(text, moment=moment, model=None))


@pytest.mark.parametrize(
    "text", ["", " \n\t", "\x00\x07", "👟" * 3000, "red " * 100_000, "\ud800 red", ";;;"]
)
def test_no_text_is_too_odd_with_a_model_either(text: str) -> None:
    assert_valid_and_round_trips(parse_intent(text, model=Scripted("want color=red; item=👟")))


@pytest.mark.parametrize(
    "text",
    [
        "quiet Cove kettle with keep warm under $60, ideally not red, at least 4 stars",
        "is the blue one dishwasher safe?", "compare the first two", "cheaper, and bigger", "forget the red",
        "the cheapest of these", "same kettle as last time", "jeans, waist 32 or 34", "blue is fine too",
    ],
)  # fmt: skip
def test_readings_with_a_catalogue_validate(text: str, shops_home: Path) -> None:
    assert_valid_and_round_trips(parse_intent(text, catalog="corner", model=None, home=shops_home))


# the schema

WORD = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
NAME = WORD.filter(bool)
LIMIT = st.sampled_from([Op.LE, Op.GE, Op.LT, Op.GT, Op.EQ, Op.NE])
PRICES = st.builds(
    Constraint, st.just("price"), LIMIT, st.integers(0, 10**12).map(float),
    st.sampled_from([None, "USD", "JPY", "KWD"]), st.booleans(), WORD,
)  # fmt: skip
MEASURES = st.builds(
    Constraint, NAME.filter(lambda n: n != "price"), LIMIT, st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from([None, "l", "dB"]), st.booleans(), WORD,
)  # fmt: skip
TERMS = st.builds(
    Constraint, NAME.filter(lambda n: n != "price"), st.sampled_from([Op.EQ, Op.NE, Op.CONTAINS, Op.NOT_CONTAINS]),
    st.booleans() | st.lists(WORD, min_size=1, max_size=3).map(tuple), st.none(), st.booleans(), WORD,
)  # fmt: skip
NAMES = st.lists(NAME, max_size=3).map(tuple)
INTENTS = st.builds(
    Intent,
    text=WORD,
    act=st.sampled_from(Act),
    constraints=st.lists(PRICES | MEASURES | TERMS, max_size=4).map(tuple),
    references=st.lists(
        st.builds(
            Reference,
            st.sampled_from(["position", "match", "this", "all", "extreme", "past_order"]),
            WORD,
            WORD,
        ),
        max_size=3,
    ).map(tuple),
    comparatives=st.lists(
        st.builds(Comparative, NAMES.filter(bool), st.sampled_from([-1, 1]), WORD), max_size=2
    ).map(tuple),
    sort=st.none() | st.builds(Sort, NAME, st.booleans()),
    cleared=NAMES,
    opens_topic=st.booleans(),
    widens=st.booleans(),
    question=st.none() | WORD,
    unread=NAMES,
    notes=NAMES,
    source=st.sampled_from(["reader", "reader+model"]),
)


@settings(max_examples=200, deadline=None)
@given(INTENTS)
def test_every_intent_is_valid_and_comes_back_from_its_json(intent: Intent) -> None:
    assert_valid_and_round_trips(intent)


def test_the_schema_file_is_current_and_what_the_command_prints() -> None:
    jsonschema.Draft202012Validator.check_schema(intent_schema())
    held = (ROOT / "docs/intent.schema.json").read_bytes()
    assert held == CliRunner().invoke(app, ["parse", "--schema"]).stdout_bytes


@pytest.mark.parametrize(
    "change",
    [
        {"act": "buy"}, {"extra": 1}, {"constraints": None}, {"sort": "price"}, {"question": 3},
        {"references": [{"kind": "near", "value": "", "span": ""}]},
        {"comparatives": [{"fields": [], "direction": 1, "span": ""}]},
        {"comparatives": [{"fields": ["price"], "direction": 0, "span": ""}]},
        {"constraints": [{"field": "color", "op": "=", "value": ["red"], "unit": None, "hard": True, "span": ""}]},
        {"constraints": [{"field": "price", "op": "<=", "value": "60", "unit": None, "hard": True, "span": ""}]},
        {"constraints": [{"field": "price", "op": "<=", "value": 60, "unit": "$", "hard": True, "span": ""}]},
        {"constraints": [{"field": "noise", "op": "<=", "value": "65 dB", "unit": None, "hard": True, "span": ""}]},
        {"constraints": [{"field": "color", "op": "=", "value": "red"}]},
    ],
)  # fmt: skip
def test_what_is_no_intent_is_not_valid(change: dict[str, Any]) -> None:
    record = parse_intent("red socks", model=None).to_json()
    VALID.validate(record)
    assert not VALID.is_valid(record | change)


def test_the_command_reads_lines_from_standard_input() -> None:
    done = CliRunner().invoke(
        app, ["parse", "--model", "none"], input="red socks under $5\n\ncaf\xe9\r\nnot blue"
    )
    records = [orjson.loads(line) for line in done.stdout.splitlines()]
    assert [r["text"] for r in records] == ["red socks under $5", "", "café", "not blue"]
    for record in records:
        VALID.validate(record)


def test_the_command_without_an_utterance_or_input_says_what_it_wants(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    terminal = io.StringIO()
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stdin", terminal)
    with pytest.raises(UsageError, match="shop parse"):
        app(["parse", "--model", "none"], standalone_mode=False)
