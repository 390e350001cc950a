"""An intent in one line, so that a table of utterances can be read and compared."""

from __future__ import annotations

from assistant.intent import Constraint, Intent
from assistant.moment import Moment
from assistant.understand import understand
from retrieval.vocabulary import Vocabulary


def written(c: Constraint) -> str:
    """``"price <= 6000 USD"``, ``"color != red|blue"``; a soft one ends in ``?``."""
    value = f"{c.number:g}" if c.number is not None else "|".join(c.words) or str(c.value).lower()
    unit = f" {c.unit}" if c.unit else ""
    return f"{c.field} {c.op.value} {value}{unit}{'' if c.hard else '?'}"


def constraints(intent: Intent) -> list[str]:
    return sorted(map(written, intent.constraints))


def references(intent: Intent) -> list[str]:
    return [f"{r.kind} {r.value}".strip() for r in intent.references]


def table(text: str) -> list[str]:
    """The rows of an expectation: ``"type = kettle; price <= 6000"``."""
    return sorted(part.strip() for part in text.split(";") if part.strip())


def read_after(turns: str, vocabulary: Vocabulary | None = None) -> Intent:
    """The last of several utterances (joined by ``>>``), read in the light of those before it."""
    *before, last = turns.split(" >> ")
    moment = Moment()
    for text in before:
        moment = moment.fold(understand(text, moment, vocabulary))
    return understand(last, moment, vocabulary)


def folded(turns: str, vocabulary: Vocabulary | None = None) -> Moment:
    """The Moment after several utterances joined by ``>>``."""
    moment = Moment()
    for text in turns.split(" >> "):
        moment = moment.fold(understand(text, moment, vocabulary))
    return moment
