"""What the adapter learns from: utterances by hand, labelled queries, sentences made by rule."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Final, TypeAlias

from assistant.compact import UNNAMED, Line, check_line, parse_line
from assistant.training.example import Example
from assistant.training.generator import Generator
from assistant.training.lexicon import Lexicon, gather
from assistant.training.queries import from_query
from catalog.errors import FeedError
from catalog.text import tokens

UTTERANCES: Final = Path(__file__).parent / "utterances"
CONVERSATIONS: Final = Path(__file__).parent / "conversations"
QUERIES: Final = "queryner_train.jsonl.gz"
"""QueryNER's train part (MIT), if it is at hand; without it the recipe still runs, on less."""

_ARROW: Final = " => "
_EVERYTHING: Final = frozenset(tokens("everything all lot over anything"))
_LEFT_OUT: Final = 0.25
"""Part of the turns of conversations that are learned without their topic."""


@dataclass(frozen=True, slots=True)
class Mixture:
    """The examples of one stage: ``rounds`` times all utterances by hand and ``talks`` times the
    conversations by hand, beside so many others.
    """

    rounds: int
    generated: int
    queries: int
    seed: int
    talks: int = 0
    of: tuple[str, ...] = ()
    """The files of conversations (without ``.txt``); all when empty."""
    others: float = 0.0
    """Part of what else was learned by hand that is shown once, so that it is not forgotten."""
    besides: tuple[str, ...] = ()
    """The files of conversations that this part is taken of."""


def by_hand(folder: Path = UTTERANCES) -> list[Example]:
    """All utterances by hand, by file and line.

    Raises ``FeedError`` naming file and line for one that is malformed or copies words that
    do not stand in the utterance.
    """
    return [e for _, block in _blocks(folder) for e in block]


Talk: TypeAlias = tuple[Example, ...]
"""The turns of one conversation, each with the topic the ones before it left."""


def conversations(folder: Path = CONVERSATIONS) -> dict[str, list[Talk]]:
    """All conversations by hand, by file. Raises as :func:`by_hand`."""
    found: dict[str, list[Talk]] = {}
    for file, block in _blocks(folder):
        topic, turns = "", []
        for turn in block:
            turns.append(replace(turn, topic=topic))
            topic = _topic_after(parse_line(turn.line), topic)
        found.setdefault(file, []).append(tuple(turns))
    return found


def _blocks(folder: Path) -> Iterator[tuple[str, list[Example]]]:
    """(file without ending, the examples between two empty lines), of every file in turn."""
    for file in sorted(folder.glob("*.txt")):
        block: list[Example] = []
        for number, text in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            if not text.strip():
                yield file.stem, block
                block = []
                continue
            utterance, arrow, written = text.partition(_ARROW)
            problem = _problem(utterance, written) if arrow else f"there is no {_ARROW.strip()!r}"
            if problem:
                raise FeedError(f"{file.name}, line {number}: {problem}")
            block.append(Example(utterance, written))
        yield file.stem, block


def _topic_after(line: Line, topic: str) -> str:
    """What the conversation is about after a turn."""
    if line.act == "clear" and any(
        set(tokens(s.value)) & _EVERYTHING for s in line.slots if s.label == "field"
    ):
        return ""
    if line.act == "chat" or not line.slots:
        return topic
    items = [s.value for s in line.slots if s.label == "item" and not s.negative]
    return items[0].lower() if items else topic or UNNAMED


def _problem(utterance: str, written: str) -> str | None:
    try:
        line = parse_line(written)
    except ValueError as error:
        return str(error)
    if line.written() != written:
        return f"{written!r} is not in the compact form (it reads as {line.written()!r})"
    return check_line(utterance, line)


def stage_examples(
    mixture: Mixture,
    hand: Sequence[Example],
    talks: Mapping[str, Sequence[Talk]],
    lexicon: Lexicon,
) -> list[Example]:
    """The examples of a stage in a seeded order, pass after pass over what was written by hand."""
    generated = list(islice(_sound(Generator(lexicon, mixture.seed)), mixture.generated))
    labelled = [e for tokens, labels in lexicon.queries if (e := from_query(tokens, labels))]
    order = random.Random(mixture.seed)
    order.shuffle(labelled)
    labelled = labelled[: mixture.queries]
    chosen = [t for file, many in talks.items() if file in (mixture.of or talks) for t in many]
    others = [*hand] if mixture.rounds == 0 else []
    others += [e for file in mixture.besides for t in talks.get(file, ()) for e in t]
    others = order.sample(others, round(mixture.others * len(others)))
    passes = max(1, mixture.rounds, mixture.talks)
    made: list[Example] = []
    for n in range(passes):
        part = [*generated[n::passes], *labelled[n::passes], *others[n::passes]]
        if n < mixture.rounds:
            part += hand
        if n < mixture.talks:
            part += [
                replace(turn, topic="") if order.random() < _LEFT_OUT else turn
                for talk in chosen
                for turn in talk
            ]
        order.shuffle(part)
        made += part
    return made


def lexicon_from(data: Path | None) -> Lexicon:
    """Our own words, the demo shop's types and brands, and QueryNER's phrases if ``data`` has them."""
    from catalog.demo import demo_products

    shop = list(demo_products())
    types = {p.type for p in shop if p.type}
    brands = {p.brand for p in shop if p.brand}
    queries = data / QUERIES if data is not None and (data / QUERIES).is_file() else None
    return gather(queries, sorted(types), sorted(brands))


def _sound(examples: Iterator[Example] | Generator) -> Iterator[Example]:
    """Without those in which joining the pieces broke a value off."""
    return (e for e in examples if _problem(e.utterance, e.line) is None)
