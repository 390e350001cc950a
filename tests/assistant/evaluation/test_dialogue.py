"""Dialogue files: read whole, or refused with the file, the dialogue and the turn."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from assistant.evaluation.checking import problems
from assistant.evaluation.dialogue import (
    SCHEMA,
    Dialogue,
    DialogueError,
    Split,
    json_schema,
    load_dialogues,
    load_file,
)
from assistant.evaluation.notation import parse_constraint, write_entry
from assistant.intent import Act, Reference, Sort
from retrieval.index import Index
from tests.assistant.evaluation.conftest import DATA

HEAD = "catalog: corner\ndialogues:\n  - id: corner-x\n    covers: [terse]\n    turns:\n"


def written(folder: Path, turns: str, head: str = HEAD) -> Path:
    path = folder / "dev" / "mine.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(head + turns, "utf-8")
    return path


def test_a_dialogue_is_read_whole() -> None:
    kettle = load_dialogues("dev", folder=DATA)[0]
    assert (kettle.id, kettle.catalog, kettle.split) == ("corner-kettle", "corner", "dev")
    first, second, third, last = kettle.turns
    assert [write_entry(e) for e in first.wants] == ["type = kettle", "price <= 60", "color != red"]
    assert first.expect.lacks == (parse_constraint("color = red"),)
    assert (second.moment, second.unchanged, second.moment_sort) == (first.moment, True, Sort("price"))  # fmt: skip
    assert third.moment_sort == Sort("price"), "an order holds as long as nothing changes"
    assert third.refers == ((Reference("position", "2"),),)
    assert (third.does, last.clears) == ((Act.SAVE,), ("price",))
    assert [write_entry(e) for e in last.moment] == ["type = kettle", "color != red"]


def test_a_list_inside_the_list_is_any_one_of_them(tmp_path: Path) -> None:
    turn = '      - {say: hush, act: [search, refine], wants: [[noise <= 50 dB, "wish: quiet"]], refers: [[this, position 1]], moment: []}\n'
    (dialogue,) = load_file(written(tmp_path, turn))
    (read,) = dialogue.turns
    assert read.acts == (Act.SEARCH, Act.REFINE)
    assert write_entry(read.wants[0]) == "noise <= 50 dB or wish: quiet"
    assert [r.kind for r in read.refers[0]] == ["this", "position"]


@pytest.mark.parametrize(
    ("turns", "told"),
    [
        ("      - {say: yes, act: chat, moment: []}\n", "turn 1: say: True is no text: put it in quotes"),
        ("      - {say: hi, act: chatting, moment: []}\n", "turn 1: 'chatting' is no act"),
        ("      - {say: hi, act: chat, moment: []}\n      - {say: hi, act: chat}\n", "turn 2: moment: is missing"),
        ("      - {say: hi, act: search, wants: [?color = blue], moment: []}\n", "turn 1: wants: put an entry that begins with \\?"),
        ("      - {say: hi, act: search, wants: [price < cheap], moment: []}\n", "turn 1: 'price < cheap'"),
        ("      - {say: hi, act: search, want: [], moment: []}\n", "turn 1: want: there is no such key"),
        ("      - {say: hi, say: ho, act: chat, moment: []}\n", "'say' twice"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_place(tmp_path: Path, turns: str, told: str) -> None:
    path = written(tmp_path, turns)
    with pytest.raises(DialogueError, match=told) as error:
        load_file(path)
    assert str(path) in str(error.value)
    assert "twice" in told or "corner-x" in str(error.value)


def test_an_id_names_its_catalogue_and_is_used_once(tmp_path: Path) -> None:
    turn = "      - {say: hi, act: chat, moment: []}\n"
    with pytest.raises(DialogueError, match="starts with its catalogue"):
        load_file(written(tmp_path, turn, HEAD.replace("corner-x", "shop-x")))
    written(tmp_path, turn)
    (tmp_path / "dev" / "other.yaml").write_text(HEAD + turn)
    with pytest.raises(DialogueError, match="'corner-x' is used in .*mine.yaml too"):
        load_dialogues("dev", folder=tmp_path)


def test_the_json_schema_is_that_of_the_models() -> None:
    assert json.loads(SCHEMA.read_text("utf-8")) == json_schema(), (
        "write it again: python -m assistant.evaluation.dialogue"
    )


def test_the_schema_takes_what_the_loader_takes() -> None:
    validator = jsonschema.Draft202012Validator(json_schema())
    for path in (DATA / "dev").glob("*.yaml"):
        assert validator.is_valid(yaml.safe_load(path.read_text("utf-8")))
    assert not validator.is_valid({"catalog": "demo", "dialogues": [{"id": "demo-x"}]})


@pytest.mark.parametrize("split", ["dev", "validation", "test"])
def test_every_dialogue_that_ships_can_be_read_and_follows_from_itself(split: Split) -> None:
    # Nothing of the test split is printed here, not even what is wrong with it.
    try:
        found = len([p for d in load_dialogues(split) for p in problems(d)])
    except DialogueError:
        found = 1
    assert found == 0, f"see: shop eval --check --split {split}"


def test_a_check_finds_what_the_catalogue_cannot_answer(tmp_path: Path, corner: Index) -> None:
    turns = (
        "      - {say: a, act: search, wants: [type = kettle, colour_name = x], moment: [type = kettle, colour_name = x]}\n"
        "      - {say: b, act: refine, wants: [noise <= 3 kg], moment: [type = kettle, noise <= 3 kg, price <= 5]}\n"
        "      - {say: c, act: more, moment: [type = kettle], expect: {target: no such thing}}\n"
    )
    (dialogue,) = load_file(written(tmp_path, turns, HEAD.replace("covers", "shopper: zoe\n    covers")))  # fmt: skip
    told = "\n".join(problems(dialogue, corner))
    for part in (
        "turn 1: wants: colour_name = x: the catalogue has no such field",
        "turn 2: wants: noise <= 3 kg: noise is measured in dB",
        "turn 2: the moment holds price <= 5, which no turn so far wants",
        "turn 3: more changes nothing, so the moment must be: same",
        "turn 3: target: nothing here is called 'no such thing'",
        "there is no shopper 'zoe'",
    ):
        assert part in told


def test_the_small_dialogues_have_nothing_wrong_with_them(corner: Index) -> None:
    dialogues: list[Dialogue] = load_dialogues("dev", folder=DATA)
    assert [p for d in dialogues for p in problems(d, corner)] == []
