"""What the adapter learns from: every line sound, and nothing of it in the evaluation."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Final

import pytest
import yaml

from assistant.compact import ACTS
from assistant.evaluation.dialogue import FOLDER, SPLITS
from assistant.training.data import (
    QUERIES,
    Mixture,
    Talk,
    by_hand,
    conversations,
    lexicon_from,
    stage_examples,
)
from assistant.training.example import Example
from assistant.training.generator import Generator
from assistant.training.lexicon import BRANDS, ITEMS, spans
from assistant.training.recipe import STAGES
from catalog.errors import FeedError

GENERATED: Final = 20_000
RUN: Final = 6
"""So many words in the same order are more than an accident."""
SHARED_RUNS: Final = {"dev": 3, "validation": 0, "test": 1}
"""Runs that utterances by hand and dialogues share, none of them about a product: "is there such
a thing as a". More would have to be looked into.
"""

Words = tuple[str, ...]


def words(text: str) -> Words:
    return tuple(re.findall(r"[^\W_]+", text.lower()))


def learned_from() -> list[str]:
    """Every sentence by hand that the adapter learns from."""
    return [e.utterance for e in (*by_hand(), *(e for talk in talks() for e in talk))]


def talks() -> list[Talk]:
    return [talk for many in conversations().values() for talk in many]


def said_in(split: str) -> set[Words]:
    """What shoppers say in the dialogues of a split."""
    said: set[Words] = set()
    for file in (FOLDER / split).glob("*.yaml"):
        for dialogue in yaml.safe_load(file.read_text("utf-8"))["dialogues"]:
            said |= {words(turn["say"]) for turn in dialogue["turns"]}
    assert len(said) > 200
    return {s for s in said if s}


def runs(texts: Iterable[Words]) -> set[Words]:
    return {t[i : i + RUN] for t in texts for i in range(len(t) - RUN + 1)}


# sound


def test_every_utterance_by_hand_is_sound_and_there_are_many() -> None:
    examples = by_hand()
    assert len(examples) > 3000
    assert len({e.utterance for e in examples}) > 0.98 * len(examples)
    acts = {e.line.split(" ")[0] for e in examples}
    assert len(acts) == 12


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("a red kettle", "there is no '=>'"),
        ("a red kettle => wants item=kettle", "does not begin with one of"),
        ("a red kettle => want item=mug", "'mug' does not stand in the utterance"),
        ("a red kettle => want item=kettle; color=red", "'red' does not stand in the utterance"),
        ("a red kettle => want colour=red", "is not in the compact form"),
        ("a red kettle => want color=red;item=kettle", "does not stand in|not in the compact form|semicolon"),
    ],
)  # fmt: skip
def test_a_line_that_is_not_sound_is_named_by_file_and_line(
    line: str, problem: str, tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_text(f"kettle => want item=kettle\n\n{line}\n", "utf-8")
    with pytest.raises(FeedError, match=problem) as caught:
        by_hand(tmp_path)
    assert str(caught.value).startswith("a.txt, line 3: ")


# apart from what is evaluated


@pytest.mark.parametrize("split", ["dev", "validation", "test"])
def test_no_sentence_of_the_dialogues_is_learned_from(split: str) -> None:
    learned = {words(said) for said in learned_from()}
    # A count, not the sentences: those of the test split are for nobody to read.
    assert len(said_in(split) & learned) == 0


@pytest.mark.parametrize("split", ["dev", "validation", "test"])
def test_hardly_a_run_of_words_is_shared_either(split: str) -> None:
    learned = runs(words(said) for said in learned_from())
    assert len(runs(said_in(split)) & learned) <= SHARED_RUNS[split]


@pytest.mark.parametrize("seed", sorted({s.mixture.seed for s in STAGES}))
def test_the_generator_makes_no_sentence_of_the_dialogues(seed: int) -> None:
    made = {words(e.utterance) for e in islice(Generator(lexicon_from(None), seed), GENERATED)}
    # A word or two ("cheaper", "not red") are nobody's sentence.
    shared = [{s for s in said_in(split) & made if len(s) > 2} for split in SPLITS]
    assert list(map(len, shared)) == [0, 0, 0]


# mixtures


def query_file(folder: Path) -> Path:
    records = [
        {"tokens": ["zorg", "blender", "teal"], "labels": ["B-creator", "B-core_product_type", "B-color"]},
        {"tokens": ["moon", "lamp"], "labels": ["B-core_product_type", "I-core_product_type"]},
    ]  # fmt: skip
    with gzip.open(folder / QUERIES, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(r) + "\n" for r in records)
    return folder


def test_words_come_from_here_from_the_demo_shop_and_from_labelled_queries(tmp_path: Path) -> None:
    without, with_queries = lexicon_from(tmp_path), lexicon_from(query_file(tmp_path))
    assert set(ITEMS) <= set(without.items) and set(BRANDS) <= set(without.brands)
    assert len(without.items) > len(ITEMS) and not without.queries
    assert {"blender", "moon lamp"} <= set(with_queries.items)
    assert "zorg" in with_queries.brands and "teal" in with_queries.colors
    assert len(with_queries.queries) == 2


def test_a_mixture_is_seeded_and_holds_what_it_says(tmp_path: Path) -> None:
    hand, lexicon = by_hand()[:50], lexicon_from(query_file(tmp_path))
    mixture = Mixture(rounds=2, generated=30, queries=2, seed=3)
    made = stage_examples(mixture, hand, {}, lexicon)
    assert made == stage_examples(mixture, hand, {}, lexicon)
    assert made != stage_examples(Mixture(2, 30, 2, 4), hand, {}, lexicon)
    assert len(made) == 2 * 50 + 30 + 2
    assert all(made.count(e) >= 2 for e in hand)
    assert sum("zorg" in e.utterance.split() for e in made) >= 1


def test_spans_follow_their_beginnings() -> None:
    labels = ["B-color", "O", "B-core_product_type", "I-core_product_type", "I-color", "B-color"]
    assert spans(list("abcdef"), labels) == [
        ("color", ["a"]), ("core_product_type", ["c", "d"]), ("color", ["f"]),
    ]  # fmt: skip


# conversations


def test_every_conversation_by_hand_is_sound_and_there_are_many() -> None:
    every = talks()
    assert len(every) > 3_000 and sum(map(len, every)) > 23_000
    assert {e.line.split(" ")[0] for talk in every for e in talk} == set(ACTS)
    assert {talk[0].topic for talk in every} == {""}
    assert sum(1 for talk in every for e in talk if e.topic) > 0.75 * sum(map(len, every))
    assert {file for stage in STAGES for file in stage.mixture.of} <= set(conversations())


def test_a_turn_is_learned_with_what_the_ones_before_it_were_about(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(
        "hi => chat\nsomething quiet => want wish=quiet\na red kettle => want color=red; item=kettle\n"
        "not the Kettle, a Mug => want not item=Kettle; item=Mug\nsave it => save ref=it\nforget everything => clear field=everything\n"
        "thanks => chat\n\ncheaper => want than=cheaper\n",
        "utf-8",
    )
    first, second = conversations(tmp_path)["a"]
    assert [e.topic for e in first] == ["", "", "-", "kettle", "mug", "mug", ""]
    assert [e.topic for e in second] == [""]


def test_some_turns_are_learned_without_their_topic() -> None:
    some = {"home": conversations()["home"]}
    made = stage_examples(Mixture(0, 0, 0, 5, talks=1), [], some, lexicon_from(None))
    turns = [e for talk in some["home"] for e in talk]
    assert len(made) == len(turns)
    bare = sum(1 for e in made if not e.topic) - sum(1 for e in turns if not e.topic)
    assert 0.15 < bare / len(turns) < 0.35


def test_a_stage_shows_its_own_conversations_and_a_part_of_the_others() -> None:
    turn = Example("a mug", "want item=mug")
    every: dict[str, list[Talk]] = {
        "a": [(turn,) * 3],
        "b": [(replace(turn, utterance="a red mug"),) * 8],
    }
    hand = [replace(turn, utterance=f"mug {n}") for n in range(12)]
    mixture = Mixture(0, 0, 0, 5, talks=2, of=("a",), others=0.25, besides=("b",))
    made = stage_examples(mixture, hand, every, lexicon_from(None))
    assert sum(e.utterance == "a mug" for e in made) == 6
    assert len(made) == 6 + 5
