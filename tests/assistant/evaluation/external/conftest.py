"""A folder of others' texts in miniature: our own sentences in their file formats."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest


def write_lines(path: Path, rows: Iterable[Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress("".join(json.dumps(r) + "\n" for r in rows).encode()))


def query(*pairs: str) -> dict[str, Any]:
    """``query("red B-color", "mug B-core_product_type")`` as a record of the data."""
    split = [pair.rsplit(" ", 1) for pair in pairs]
    return {"example_id": 1, "tokens": [t for t, _ in split], "labels": [x for _, x in split]}


def said(who: str, text: str, goal: str, **votes: float) -> dict[str, Any]:
    return {
        "utterance_id": 1, "participant": who, "utterance": text, "goal": goal,
        "intents": [[name, n] for name, n in votes.items()],
    }  # fmt: skip


def rewrite(kind: str, text: str) -> list[dict[str, str]]:
    return [{"type": kind, "query": text}]


TRAIN = (
    query("tin B-material", "mug B-core_product_type"),
    query("tin B-material", "tea B-core_product_type", "mug I-core_product_type"),
    query("tin B-creator"),
    query("red B-color", "mug B-core_product_type", "1980s B-time"),
)
DEV = (
    query("Red B-color", "tin B-material", "tea B-core_product_type", "mug I-core_product_type"),
    query("mug B-core_product_type", "under B-price", "$9 I-price", "1980s B-time"),
)
DIALOGUES = (
    {
        "id": "mugs",
        "metadata": {"type": "simple"},
        "utterances": [
            said("Wizard", "Hello", "meta", greeting=3.0),
            said("Client", "hello there", "meta", greeting=4.0, pf=2.0),
            said("Client", "I am after a mug made of tin", "recommendation", disclose=3.0),
            said("Client", "does it come with a lid?", "qa", o_question=2.0, clarify=2.0),
            said("Client", "the second, I think", "recommendation", answer=3.0),
        ],
    },
    {
        "id": "lamps",
        "metadata": {"type": "complex"},
        "utterances": [
            said("Client", "a lamp under $30", "recommendation", disclose=3.0),
            said("Client", "a green one, and hello", "recommendation", disclose=2.0, greeting=2.0),
        ],
    },
)
CONVERSATION = (
    "U: I need a tin mug\nS: Any colour?\nThere are many.\nU: red please, under $9\n"
    "S: Here is one.\nU: who makes it?\nS: We do."
)
ANNOTATIONS = [
    {
        "utterance": 0,
        "intent_annotations": [rewrite("recommendation", "tin mug"), rewrite("search", "mug of tin")],
    },
    {
        "utterance": 1,
        "intent_annotations": [
            rewrite("recommendation", "red tin mug under $9"),
            rewrite("product_details", "its price"),
        ],
    },
    {
        "utterance": 2,
        "intent_annotations": [rewrite("product_details", "maker"), [], rewrite("search", "maker")],
    },
]  # fmt: skip


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    write_lines(folder / "queryner_train.jsonl.gz", TRAIN)
    write_lines(folder / "queryner_dev.jsonl.gz", DEV)
    write_lines(folder / "mg_shopdial.json.gz", [DIALOGUES])
    write_lines(folder / "cosrec" / "conversations.jsonl.gz", [{"one": CONVERSATION}])
    write_lines(folder / "cosrec" / "intent_annotations.jsonl.gz", [{"one": ANNOTATIONS}])
    return folder
