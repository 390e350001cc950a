"""Dialogue files: what they may hold, and reading them into plain values.

``python -m assistant.evaluation.dialogue`` writes ``dialogues/schema.json``, the JSON
schema of a file, from the models below.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from assistant.evaluation.notation import (
    AnyOf,
    Gold,
    parse_constraint,
    parse_reference,
    parse_sort,
)
from assistant.evaluation.yaml_files import read_yaml
from assistant.intent import Act, Reference, Sort
from catalog.errors import UsageError

FOLDER: Final = Path(__file__).parent / "dialogues"
SCHEMA: Final = FOLDER / "schema.json"

Split = Literal["dev", "validation", "test", "all"]
"""``dev`` is looked at and learned from, ``validation`` only chosen by, ``test`` only reported."""
SPLITS: Final[tuple[Split, ...]] = ("dev", "validation", "test")
Covers = Literal[
    "refinement", "correction", "cancellation", "negation", "ranges", "vague_budget", "units",
    "sizes", "gift", "recipient", "occasion", "comparison", "reference", "same_again",
    "topic_change", "topic_return", "several_needs", "typos", "chatty", "terse", "off_topic",
    "hostile", "currency", "question_about_item", "not_carried", "sort", "cart", "save", "more",
    "similar", "wish_beyond_fields", "slang", "no_punctuation", "widen",
]  # fmt: skip


_LISTED: Final = ("wants", "moment", "satisfies", "lacks")


Pointers = tuple[Reference, ...]
"""A reference with the readings of which any one is right ("it" is also the second one)."""


class DialogueError(UsageError):
    """A dialogue file is wrong; names the file, the dialogue and the turn."""


@dataclass(frozen=True, slots=True)
class Expect:
    """Checks on the answer of a turn; None or empty where nothing is checked."""

    found: bool | None = None
    carried: bool | None = None
    satisfies: tuple[Gold, ...] = ()
    lacks: tuple[Gold, ...] = ()
    target: str | None = None
    question: bool | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """One utterance, what it says, and what is wanted after it.

    ``moment`` is written out even where the file says ``same`` (``unchanged``).
    """

    say: str
    acts: tuple[Act, ...]
    wants: tuple[AnyOf, ...] = ()
    refers: tuple[Pointers, ...] = ()
    clears: tuple[str, ...] = ()
    sort: Sort | None = None
    asks: str | None = None
    does: tuple[Act, ...] = ()
    moment: tuple[AnyOf, ...] = ()
    moment_sort: Sort | None = None
    unchanged: bool = False
    expect: Expect = field(default_factory=Expect)


@dataclass(frozen=True, slots=True)
class Dialogue:
    """A conversation with one catalogue, by one shopper or nobody in particular."""

    id: str
    catalog: str
    covers: tuple[str, ...]
    turns: tuple[Turn, ...]
    split: str
    file: Path
    shopper: str | None = None


_Line = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
_Entries = list[_Line | list[_Line]]


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class ExpectRecord(_Record):
    """Checks on the answer of a turn."""

    found: bool | None = None
    carried: bool | None = None
    satisfies: list[_Line] = []
    lacks: list[_Line] = []
    target: _Line | None = None
    question: bool | None = None


class TurnRecord(_Record):
    """One utterance with its gold reading."""

    say: str
    act: (
        Annotated[str, Field(json_schema_extra={"enum": list(Act)})]
        | Annotated[
            list[Annotated[str, Field(json_schema_extra={"enum": list(Act)})]], Field(min_length=1)
        ]
    )
    wants: _Entries = []
    refers: _Entries = []
    clears: list[_Line] = []
    sort: _Line | None = None
    asks: _Line | None = None
    does: list[Annotated[str, Field(json_schema_extra={"enum": list(Act)})]] = []
    moment: Literal["same"] | _Entries
    moment_sort: _Line | None = None
    expect: ExpectRecord = ExpectRecord()


class DialogueRecord(_Record):
    """A conversation."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+([_-][a-z0-9]+)*$")]
    covers: Annotated[list[Covers], Field(min_length=1)]
    shopper: _Line | None = None
    turns: Annotated[list[TurnRecord], Field(min_length=1)]


class DialogueFile(_Record):
    """A file of conversations with one catalogue."""

    catalog: _Line
    dialogues: Annotated[list[DialogueRecord], Field(min_length=1)]


def json_schema() -> dict[str, Any]:
    """The JSON schema of a dialogue file."""
    return DialogueFile.model_json_schema()


def load_dialogues(
    split: Split = "all", *, folder: Path = FOLDER, catalogs: Sequence[str] = ()
) -> list[Dialogue]:
    """The dialogues of a split, sorted by file and in the file's order.

    ``catalogs`` keeps those of some catalogues only. Raises :class:`DialogueError` for a
    malformed file and for an id used twice.
    """
    splits = SPLITS if split == "all" else (split,)
    found: dict[str, Dialogue] = {}
    for part in splits:
        for path in sorted((folder / part).glob("*.yaml")):
            for dialogue in load_file(path):
                other = found.get(dialogue.id)
                if other is not None:
                    raise DialogueError(
                        f"{path}: the id {dialogue.id!r} is used in {other.file} too: rename one"
                    )
                found[dialogue.id] = dialogue
    return [d for d in found.values() if not catalogs or d.catalog in catalogs]


def load_file(path: Path) -> list[Dialogue]:
    """The dialogues of one file; its folder names the split. Raises :class:`DialogueError`."""
    raw = read_yaml(path, DialogueError)
    try:
        record = DialogueFile.model_validate(raw)
    except ValidationError as error:
        raise DialogueError(_explained(path, raw, error)) from error
    return [_dialogue(path, record.catalog, d) for d in record.dialogues]


def _explained(path: Path, raw: Any, error: ValidationError) -> str:
    """The first problem, placed by dialogue id and turn number."""
    problem = error.errors()[0]
    where = list(problem["loc"])
    place = [str(path)]
    if len(where) > 1 and where[0] == "dialogues":
        entry = raw["dialogues"][where[1]]
        named = entry.get("id") if isinstance(entry, dict) else None
        place.append(str(named or f"dialogue {int(where[1]) + 1}"))
        where = where[2:]
        if len(where) > 1 and where[0] == "turns":
            place.append(f"turn {int(where[1]) + 1}")
            where = where[2:]
    key = next((str(w) for w in where if isinstance(w, str)), "")
    told = problem["msg"]
    if problem["type"] == "missing":
        told = "is missing"
    elif isinstance(problem["input"], dict) and key in _LISTED:
        told = "put an entry that begins with ? or holds a : in quotes, or YAML reads it as a key"
    elif problem["type"] == "string_type":
        told = f"{problem['input']!r} is no text: put it in quotes"
    elif problem["type"] == "extra_forbidden":
        told = "there is no such key (dialogues/README.md lists them)"
    return ", ".join(place) + f": {key + ': ' if key else ''}{told}"


def _dialogue(path: Path, catalog: str, record: DialogueRecord) -> Dialogue:
    if not record.id.startswith(tuple(catalog.split("_"))):
        raise DialogueError(f"{path}, {record.id}: an id starts with its catalogue: {catalog}-…")
    turns: list[Turn] = []
    for number, turn in enumerate(record.turns, 1):
        try:
            turns.append(_turn(turn, turns[-1] if turns else None))
        except UsageError as error:
            raise DialogueError(f"{path}, {record.id}, turn {number}: {error}") from error
    return Dialogue(
        record.id, catalog, tuple(record.covers), tuple(turns), path.parent.name, path, record.shopper
    )  # fmt: skip


def _turn(record: TurnRecord, before: Turn | None) -> Turn:
    acts = _acts([record.act] if isinstance(record.act, str) else record.act)
    sort = parse_sort(record.sort) if record.sort else None
    unchanged = record.moment == "same"
    if isinstance(record.moment, str):
        moment, held = (before.moment, before.moment_sort) if before else ((), None)
    else:
        moment, held = _entries(record.moment), None
    if {"*", "sort"} & set(record.clears):
        held = None
    expect = record.expect
    return Turn(
        say=record.say,
        acts=acts,
        wants=_entries(record.wants),
        refers=tuple(
            tuple(map(parse_reference, [r] if isinstance(r, str) else r)) for r in record.refers
        ),
        clears=tuple(record.clears),
        sort=sort,
        asks=record.asks,
        does=_acts(record.does),
        moment=moment,
        moment_sort=parse_sort(record.moment_sort) if record.moment_sort else sort or held,
        unchanged=unchanged,
        expect=Expect(
            expect.found,
            expect.carried,
            tuple(map(parse_constraint, expect.satisfies)),
            tuple(map(parse_constraint, expect.lacks)),
            expect.target,
            expect.question,
        ),
    )


def _acts(names: Sequence[str]) -> tuple[Act, ...]:
    known = {a.value for a in Act}
    for name in names:
        if name not in known:
            raise UsageError(f"{name!r} is no act; one of: {', '.join(Act)}")
    return tuple(map(Act, names))


def _entries(lines: Sequence[str | list[str]]) -> tuple[AnyOf, ...]:
    return tuple(
        AnyOf(tuple(map(parse_constraint, [line] if isinstance(line, str) else line)))
        for line in lines
    )


def entries_of(dialogue: Dialogue) -> Iterator[tuple[int, str, AnyOf]]:
    """Every entry of a dialogue, as (turn number, key it stands under, entry)."""
    for number, turn in enumerate(dialogue.turns, 1):
        yield from ((number, "wants", entry) for entry in turn.wants)
        if not turn.unchanged:
            yield from ((number, "moment", entry) for entry in turn.moment)
        yield from ((number, "satisfies", AnyOf((g,))) for g in turn.expect.satisfies)
        yield from ((number, "lacks", AnyOf((g,))) for g in turn.expect.lacks)


if __name__ == "__main__":
    SCHEMA.write_text(json.dumps(json_schema(), indent=2) + "\n", "utf-8")
