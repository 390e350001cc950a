"""``shop eval --record``: a conversation that was held becomes a dialogue file to be checked.

What is read is JSON lines, one object a turn, as ``shop talk --json`` prints them. A first
line without an intent may say where it was held: ``{"catalog": "demo", "shopper": "ana"}``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from assistant.evaluation.notation import as_gold, write_constraint, write_reference, write_sort
from assistant.intent import Act, Constraint, Intent
from assistant.moment import Moment
from catalog.errors import UsageError

_HEADER: Final = """\
# Recorded from a conversation: every gold value below is what the program read, right or wrong.
# A person must go through each turn and correct act, wants, refers and moment before it counts,
# then take these lines away. The notation: assistant/evaluation/dialogues/README.md
"""
_SEARCHING: Final = frozenset({Act.SEARCH, Act.REFINE, Act.CLEAR})
_PLAIN: Final = re.compile(r"[A-Za-z][\w .,<>=!|%/-]*")
_WORDS_OF_YAML: Final = frozenset({"yes", "no", "on", "off", "true", "false", "null", "y", "n"})


@dataclass(frozen=True, slots=True)
class Conversation:
    """A saved conversation: the replies as JSON objects, in order."""

    catalog: str | None
    shopper: str | None
    replies: tuple[Mapping[str, Any], ...]


def read_conversation(path: Path) -> Conversation:
    """A file of JSON lines. Failed turns (``{"error": …}``) are left out.

    Raises UsageError naming the line that is no reply.
    """
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot be read ({error})") from error
    head: Mapping[str, Any] = {}
    replies: list[Mapping[str, Any]] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
            if "intent" in record:
                Intent.from_json(record["intent"])
                Moment.from_json(record["moment"])
                replies.append(record)
            elif "catalog" in record and not replies:
                head = record
            elif "error" not in record:
                raise ValueError("no intent in it")
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise UsageError(
                f"{path}, line {number}: no reply ({error!r}); save the lines that "
                "shop talk --json prints"
            ) from error
    if not replies:
        raise UsageError(
            f"{path}: there is no turn in it; save the lines that shop talk --json prints"
        )
    return Conversation(head.get("catalog"), head.get("shopper"), tuple(replies))


def as_dialogue(conversation: Conversation, name: str, *, catalog: str) -> str:
    """The YAML of a dialogue file, gold prefilled with what the program read.

    ``name`` becomes the dialogue's id, behind the catalogue's.
    """
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "recorded"
    lines = [
        _HEADER.rstrip(), f"catalog: {_text(catalog)}", "dialogues:",
        f"  - id: {catalog}-{slug}",
        "    covers: [refinement]  # what it covers: the README lists the words",
    ]  # fmt: skip
    if conversation.shopper:
        lines.append(f"    shopper: {_text(conversation.shopper)}")
    lines.append("    turns:")
    before: Moment | None = None
    for reply in conversation.replies:
        moment = Moment.from_json(reply["moment"])
        lines += _turn(reply, moment, before)
        before = moment
    return "\n".join(lines) + "\n"


def _turn(reply: Mapping[str, Any], moment: Moment, before: Moment | None) -> Iterator[str]:
    intent = Intent.from_json(reply["intent"])
    say, aside = json.dumps(intent.text, ensure_ascii=False), ""
    if not intent.text and intent.act is Act.CLEAR:
        what = ", ".join(c.replace("_", " ") for c in intent.cleared)
        say, aside = json.dumps(f"forget the {what}"), "  # a chip was taken away: put it in words"
    yield f"      - say: {say}{aside}"
    yield f"        act: {intent.act.value}"
    if intent.constraints:
        yield f"        wants: {_listed(intent.constraints)}"
    if intent.references:
        yield f"        refers: {_flow([write_reference(r) for r in intent.references])}"
    if intent.cleared:
        yield f"        clears: {_flow(intent.cleared)}"
    if intent.sort:
        yield f"        sort: {_text(write_sort(intent.sort))}"
    if intent.act is Act.ASK and intent.question:
        yield f"        asks: {_text(intent.question)}"
    old = before or Moment()
    same = moment.constraints == old.constraints and moment.sort == old.sort
    yield f"        moment: {'same' if same else _listed(moment.constraints)}"
    if moment.sort and not same:
        yield f"        moment_sort: {_text(write_sort(moment.sort))}"
    if intent.act in _SEARCHING:
        found = any(not r["unknown"] for r in reply["results"])
        yield f"        expect: {{found: {str(found).lower()}}}"


def _listed(constraints: Sequence[Constraint]) -> str:
    return _flow([write_constraint(as_gold(c, spoken=True)) for c in constraints])


def _flow(items: Sequence[str]) -> str:
    return f"[{', '.join(map(_text, items))}]"


def _text(value: str) -> str:
    """A YAML scalar; quoted unless it is plain words. A comma would end it inside a list."""
    plain = _PLAIN.fullmatch(value) and "," not in value and not value.endswith(" ")
    if plain and value.lower() not in _WORDS_OF_YAML:
        return value
    return json.dumps(value, ensure_ascii=False)
