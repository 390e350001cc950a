"""What the adapter learns from: utterances by hand, labelled queries, sentences made by rule."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from assistant.compact import check_line, parse_line
from assistant.training.generator import Generator, from_query
from assistant.training.lexicon import Lexicon, gather
from assistant.training.train import Example
from catalog.errors import FeedError

UTTERANCES: Final = Path(__file__).parent / "utterances"
QUERIES: Final = "queryner_train.jsonl.gz"
"""QueryNER's train part (MIT), if it is at hand; without it the recipe still runs, on less."""

_ARROW: Final = " => "


@dataclass(frozen=True, slots=True)
class Mixture:
    """The examples of one stage: ``rounds`` times all utterances by hand, beside so many others."""

    rounds: int
    generated: int
    queries: int
    seed: int


def by_hand(folder: Path = UTTERANCES) -> list[Example]:
    """All utterances by hand, by file and line.

    Raises ``FeedError`` naming file and line for one that is malformed or copies words that
    do not stand in the utterance.
    """
    found: list[Example] = []
    for file in sorted(folder.glob("*.txt")):
        for number, text in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            if not text.strip():
                continue
            utterance, arrow, written = text.partition(_ARROW)
            problem = _problem(utterance, written) if arrow else f"there is no {_ARROW.strip()!r}"
            if problem:
                raise FeedError(f"{file.name}, line {number}: {problem}")
            found.append(Example(utterance, written))
    return found


def _problem(utterance: str, written: str) -> str | None:
    try:
        line = parse_line(written)
    except ValueError as error:
        return str(error)
    if line.written() != written:
        return f"{written!r} is not in the compact form (it reads as {line.written()!r})"
    return check_line(utterance, line)


def stage_examples(mixture: Mixture, hand: Sequence[Example], lexicon: Lexicon) -> list[Example]:
    """The examples of a stage in a seeded order; each round is a pass over all utterances by hand."""
    generated = list(islice(_sound(Generator(lexicon, mixture.seed)), mixture.generated))
    labelled = [e for tokens, labels in lexicon.queries if (e := from_query(tokens, labels))]
    order = random.Random(mixture.seed)
    order.shuffle(labelled)
    labelled = labelled[: mixture.queries]
    made: list[Example] = []
    for n in range(mixture.rounds):
        part = [*hand, *generated[n :: mixture.rounds], *labelled[n :: mixture.rounds]]
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
