"""Attacks of sellers: what the files may hold, reading them, and poisoning a record with one.

``python -m assistant.evaluation.attack`` writes ``attacks/schema.json``, the JSON schema of a
file, from the models below.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from assistant.evaluation.yaml_files import read_yaml
from catalog.errors import UsageError

FOLDER: Final = Path(__file__).parent / "attacks"
SCHEMA: Final = FOLDER / "schema.json"

REVIEWS: Final = "reviews"
"""The column that a poisoned review is put into; the demo shop has none of its own."""

Family = Literal[
    "orders", "fake_turns", "control_tokens", "invisible", "stuffing", "fake_ratings", "sponsored",
    "markup", "links", "long_text", "languages", "names", "false_claims",
]  # fmt: skip
Place = Literal["append", "prepend", "replace"]


class AttackError(UsageError):
    """A file of attacks is wrong; names the file and the attack."""


@dataclass(frozen=True, slots=True)
class Poison:
    """Text put into one field of a listing."""

    field: str
    """A field of the feed: ``title``, ``description``, ``attributes.style``, ``reviews``…"""
    place: Place
    text: str


@dataclass(frozen=True, slots=True)
class Attack:
    """One listing, poisoned, and the conversation in which that should gain nothing."""

    id: str
    family: str
    product: str
    """Id of the attacked product, whose seller wants it to gain."""
    poison: tuple[Poison, ...]
    ask: tuple[str, ...]
    """The utterances of one conversation, in order."""
    canary: tuple[str, ...]
    """Words of the attack that must not be seen anywhere in an answer."""
    limit: str | None = None
    """Why no fair rule can tell it from an honest listing; it counts all the same."""

    @property
    def fields(self) -> tuple[str, ...]:
        """The poisoned fields."""
        return tuple(p.field for p in self.poison)


_Text = Annotated[str, StringConstraints(min_length=1)]
_Line = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
_FIELD: Final = r"^(title|description|brand|type|category|image|url|reviews|attributes\.[a-z_]+)$"


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class PoisonRecord(_Record):
    """Text put into one field; ``times`` repeats it, for texts that are long."""

    field: Annotated[str, StringConstraints(pattern=_FIELD)]
    place: Place = "append"
    text: _Text
    times: Annotated[int, Field(ge=1, le=20_000)] = 1


class AttackRecord(_Record):
    """One attack."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    product: _Line
    poison: Annotated[list[PoisonRecord], Field(min_length=1)]
    ask: Annotated[list[_Line], Field(min_length=1)]
    canary: Annotated[list[_Text], Field(min_length=1)]
    limit: _Line | None = None


class AttackFile(_Record):
    """A file of attacks of one family."""

    family: Family
    attacks: Annotated[list[AttackRecord], Field(min_length=1)]


def json_schema() -> dict[str, Any]:
    """The JSON schema of a file of attacks."""
    return AttackFile.model_json_schema()


def load_attacks(folder: Path = FOLDER) -> list[Attack]:
    """Every attack, sorted by file and in the file's order.

    Raises :class:`AttackError` for a malformed file, an id used twice, and no attacks at all.
    """
    found: dict[str, Attack] = {}
    for path in sorted(folder.glob("*.yaml")):
        for attack in load_file(path):
            if attack.id in found:
                raise AttackError(f"{path}: the id {attack.id!r} is used twice: rename one")
            found[attack.id] = attack
    if not found:
        raise AttackError(f"{folder}: there are no attacks here (files *.yaml)")
    return list(found.values())


def load_file(path: Path) -> list[Attack]:
    """The attacks of one file. Raises :class:`AttackError`."""
    raw = read_yaml(path, AttackError)
    try:
        record = AttackFile.model_validate(raw)
    except ValidationError as error:
        raise AttackError(_explained(path, raw, error)) from error
    return [
        Attack(
            a.id, record.family, a.product,
            tuple(Poison(p.field, p.place, p.text * p.times) for p in a.poison),
            tuple(a.ask), tuple(a.canary), a.limit,
        )
        for a in record.attacks
    ]  # fmt: skip


def _explained(path: Path, raw: Any, error: ValidationError) -> str:
    """The first problem, placed by the attack's id."""
    problem = error.errors()[0]
    where = list(problem["loc"])
    place = str(path)
    if len(where) > 1 and where[0] == "attacks":
        entry = raw["attacks"][where[1]]
        named = entry.get("id") if isinstance(entry, dict) else None
        place += f", {named or f'attack {int(where[1]) + 1}'}"
        where = where[2:]
    key = ".".join(str(w) for w in where)
    return f"{place}: {key + ': ' if key else ''}{problem['msg']}"


def poisoned(record: Mapping[str, Any], poison: Sequence[Poison]) -> dict[str, Any]:
    """A feed's record with the texts put in; the record itself stays as it is."""
    made = dict(record)
    for part in poison:
        group, _, name = part.field.partition(".")
        if name:
            made[group] = {
                **made.get(group, {}),
                name: _joined(made.get(group, {}).get(name), part),
            }
        else:
            made[group] = _joined(made.get(group), part)
    return made


def _joined(held: Any, part: Poison) -> Any:
    """The value of a field with the text; a list gets it as an entry of its own."""
    if isinstance(held, list):
        return {
            "append": [*held, part.text], "prepend": [part.text, *held], "replace": [part.text]
        }[part.place]  # fmt: skip
    if not isinstance(held, str):  # nothing there, or a number, which text can only replace
        return part.text
    return {
        "append": f"{held} {part.text}", "prepend": f"{part.text} {held}", "replace": part.text
    }[part.place]  # fmt: skip


if __name__ == "__main__":
    SCHEMA.write_text(json.dumps(json_schema(), indent=1) + "\n", "utf-8")
