"""``shop eval --record``: a conversation that was held becomes a dialogue file to be checked.

What is read is JSON lines, one object a turn: the file that the page's "Save conversation"
makes, or what ``shop talk --json`` prints. A first line without an intent says where it was
held: ``{"catalog": "demo", "shopper": "ana"}``; the page writes it.
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
from catalog.constraint import TEXT, WISH
from catalog.errors import UsageError

_HEADER: Final = """\
# Recorded from a conversation: every gold value below is what the program read, right or wrong.
# A person must go through each turn and correct act, wants, refers and moment before it counts,
# then take these lines away. The notation: assistant/evaluation/dialogues/README.md
"""
_SOURCES: Final = "save the conversation on the page, or the lines that shop talk --json prints"
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
        # Not splitlines: a listing may hold U+2028, which JSON leaves as it is. An editor's BOM goes.
        lines = path.read_text("utf-8-sig").split("\n")
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
                head = {key: _name(record.get(key)) for key in ("catalog", "shopper")}
            elif "error" not in record:
                raise ValueError("no intent in it")
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise UsageError(f"{path}, line {number}: no reply ({error!r}); {_SOURCES}") from error
    if not replies:
        raise UsageError(f"{path}: there is no turn in it; {_SOURCES}")
    return Conversation(head.get("catalog"), head.get("shopper"), tuple(replies))


def as_dialogue(conversation: Conversation, name: str, *, catalog: str) -> str:
    """The YAML of a dialogue file, gold prefilled with what the program read.

    ``name`` becomes the dialogue's id, behind the catalogue's unless it starts with that.
    """
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower().removeprefix(f"{catalog.lower()}-"))
    slug = slug.strip("-") or "recorded"
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
    old = before or Moment()
    say, cleared, aside = intent.text, intent.cleared, ""
    if not say and intent.act is Act.CLEAR:
        say, cleared = _in_words(intent, old, moment)
        aside = "  # a chip was taken away: put it in words"
    yield f"      - say: {json.dumps(say, ensure_ascii=False)}{aside}"
    yield f"        act: {intent.act.value}"
    if intent.constraints:
        yield f"        wants: {_listed(intent.constraints)}"
    if intent.references:
        yield f"        refers: {_flow([write_reference(r) for r in intent.references])}"
    if cleared:
        yield f"        clears: {_flow(cleared)}"
    if intent.sort:
        yield f"        sort: {_text(write_sort(intent.sort))}"
    if intent.act is Act.ASK and intent.question:
        yield f"        asks: {_text(intent.question)}"
    same = moment.constraints == old.constraints and moment.sort == old.sort
    yield f"        moment: {'same' if same else _listed(moment.constraints)}"
    if moment.sort and not same:
        yield f"        moment_sort: {_text(write_sort(moment.sort))}"
    if intent.act in _SEARCHING:
        found = any(not r["unknown"] for r in reply["results"])
        yield f"        expect: {{found: {str(found).lower()}}}"


def _in_words(intent: Intent, old: Moment, moment: Moment) -> tuple[str, tuple[str, ...]]:
    """A chip's cross as an utterance, and what that drops.

    By value where the field would say too little or too much: of a wish, or of one of several
    refusals.
    """
    gone = [c for c in old.constraints if c not in moment.constraints and c.words]
    if len(gone) == 1 and (
        gone[0].field in (TEXT, WISH) or gone[0].field in {c.field for c in moment.constraints}
    ):
        words = gone[0].words
        return f"forget {' and '.join(words)}", tuple(f"value:{word}" for word in words)
    fields = ["order" if field == "sort" else field.replace("_", " ") for field in intent.cleared]
    return f"forget the {' and the '.join(fields)}", intent.cleared


def _name(value: object) -> str | None:
    """A name of a first line, None when there is none. Raises ValueError for anything else."""
    if value is not None and not isinstance(value, str):
        raise ValueError(f"{value!r} is no name")
    return value or None


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
