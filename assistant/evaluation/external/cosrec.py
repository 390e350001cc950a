"""CoSRec: the Moment after a turn, in words, against what people say the turn asks for.

Alessio et al., "CoSRec: A Joint Conversational Search and Recommendation Dataset", SIGIR 2025.
Several people rewrote the turns of a conversation so that they stand alone. The Moment is such
a rewrite too: everything still wanted, whenever it was said. It is compared with theirs, beside
the last utterance, all utterances so far, and one person's rewrite against the others'.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, TypeAdapter

from assistant.evaluation.bootstrap import Ratio, ratio
from assistant.evaluation.external.reading import (
    data_file,
    gains,
    records,
    sampled,
    systems,
    unread,
)
from assistant.evaluation.suites import Outcome, Setup
from assistant.intent import Constraint
from assistant.llm.protocol import LanguageModel
from assistant.moment import Moment
from assistant.phrasing import constraint_label, field_name, sort_label
from assistant.reader.english import FUNCTION_WORDS, REQUEST_WORDS
from catalog.constraint import TEXT, WISH, Op
from catalog.errors import UsageError
from catalog.text import stem, tokens
from retrieval.embedder import MINILM, Embedder, open_embedder

CONVERSATIONS: Final = "cosrec/conversations.jsonl.gz"
ANNOTATIONS: Final = "cosrec/intent_annotations.jsonl.gz"
LAST: Final = "last"
ALL: Final = "all"
HUMAN: Final = "human"
"""Names in every metric of the last utterance, of all so far, and of one person against others."""

METRICS: Final = ("rouge1", "rougeL", "cosine")
_SAID_ALONE: Final = frozenset(
    {WISH, TEXT, "type", "category", "brand", "color", "material", "gender"}
)
_SIGNS: Final = {"≤ ": "at most ", "≥ ": "at least ", "< ": "under ", "> ": "over "}
_EMPTY_WORDS: Final = frozenset(stem(w) for w in FUNCTION_WORDS | REQUEST_WORDS)

Score: TypeAlias = Callable[[str, str], float]


class Reading(BaseModel, frozen=True):
    """One thing that a person read in a turn, as a stand-alone query."""

    type: Literal["search", "recommendation", "product_details"]
    query: str


class Turn(BaseModel, frozen=True):
    """What several people read in a user's turn (0 is the first); each may have read several things."""

    utterance: int
    intent_annotations: tuple[tuple[Reading, ...], ...]


@dataclass(frozen=True, slots=True)
class Conversation:
    """The user's utterances and, by their number, the rewrites of those that are compared."""

    id: str
    utterances: tuple[str, ...]
    rewrites: Mapping[int, tuple[str, ...]]


def moment_text(moment: Moment) -> str:
    """What is wanted now, in plain words: the topic, then demands and wishes, then the sort.

    ``"kettle, at least 1.5 l, not white, quiet"``; empty when nothing is wanted.
    """
    words = [*moment.topic]
    words += [_said(c) for c in moment.constraints if c.field != "type" or c.op.negative]
    if moment.sort is not None:
        words.append(sort_label(moment.sort.field, moment.sort.descending))
    return ", ".join(dict.fromkeys(words))


def _said(c: Constraint) -> str:
    if c.words:
        words = " or ".join(c.words)
        named = words if c.field in _SAID_ALONE else f"{field_name(c.field)} {words}"
        return f"not {named}" if c.op.negative else named
    about = "about " if c.number is not None and c.op is Op.EQ and not c.hard else ""
    label = constraint_label(replace(c, hard=True))
    for sign, spoken in _SIGNS.items():
        label = label.replace(sign, spoken)
    return about + label


def content_words(text: str) -> list[str]:
    """Folded, singular words of a text without those of grammar and of asking."""
    return [t for t in tokens(text) if t not in _EMPTY_WORDS]


def rouge_1(one: str, other: str) -> float:
    """F1 of content words, each counted as often as both have it (Lin 2004, ROUGE-1)."""
    a, b = content_words(one), content_words(other)
    return _f1((Counter(a) & Counter(b)).total(), len(a), len(b))


def rouge_l(one: str, other: str) -> float:
    """F1 of the longest common subsequence of content words (Lin 2004, ROUGE-L)."""
    a, b = content_words(one), content_words(other)
    row = [0] * (len(b) + 1)
    for x in a:
        before = row
        row = [0]
        for n, y in enumerate(b):
            row.append(before[n] + 1 if x == y else max(before[n + 1], row[n]))
    return _f1(row[-1], len(a), len(b))


def _f1(shared: int, one: int, other: int) -> float:
    return 2 * shared / (one + other) if one + other else 0.0


def load(setup: Setup) -> list[Conversation]:
    """Conversations in which at least one turn is compared.

    A turn is, when at least half of its readers took it for a search or a wish for
    recommendations; a reader's rewrite is all such queries they gave for it.

    Raises UsageError for a file that is missing or malformed.
    """
    path = data_file(ANNOTATIONS, setup.data)
    read: dict[str, list[Turn]] = {}
    for record in records(path, TypeAdapter(dict[str, list[Turn]])):
        read |= record
    made = []
    texts = records(data_file(CONVERSATIONS, setup.data), TypeAdapter(dict[str, str]))
    for name, text in (pair for record in texts for pair in record.items()):
        lines = re.split(r"\n(?=[US]: )", text)
        utterances = tuple(line[3:].strip() for line in lines if line.startswith("U: "))
        rewrites = {t.utterance: r for t in read.get(name, ()) if (r := _rewrites(t))}
        if rewrites and max(rewrites) >= len(utterances):
            raise UsageError(
                f"{path}: {name}: utterance {max(rewrites)} of {len(utterances)}; fetch both files again"
            )
        if rewrites:
            made.append(Conversation(name, utterances, rewrites))
    return made


def _rewrites(turn: Turn) -> tuple[str, ...]:
    said = [
        " ".join(r.query for r in readings if r.type != "product_details")
        for readings in turn.intent_annotations
    ]
    given = tuple(s for s in said if s.strip())
    return given if 2 * len(given) >= len(said) else ()


def evaluate(
    setup: Setup, model: LanguageModel | None, *, embedder: Embedder | None = None
) -> Outcome:
    """Follow ``limit`` conversations (drawn by seed) and compare the Moment after each turn.

    Raises UsageError for a file that is missing or malformed, ModelError when the embedder
    cannot be had.
    """
    chosen = sampled(load(setup), setup.limit)
    compared = systems(setup, model)
    names = [LAST, ALL, *(s.name for s in compared)]
    total = sum(max(c.rewrites) + 1 for c in chosen)
    done = 0
    texts: list[list[tuple[dict[str, str], tuple[str, ...]]]] = []
    for conversation in chosen:
        moments = {s.name: Moment() for s in compared}
        turns: list[tuple[dict[str, str], tuple[str, ...]]] = []
        # what is said after the last turn that is compared changes nothing
        for n, utterance in enumerate(conversation.utterances[: max(conversation.rewrites) + 1]):
            for system in compared:
                before = moments[system.name]
                moments[system.name] = before.fold(system.read(utterance, before))
            if n in conversation.rewrites:
                said = {LAST: utterance, ALL: " ".join(conversation.utterances[: n + 1])}
                said |= {name: moment_text(m) for name, m in moments.items()}
                turns.append((said, conversation.rewrites[n]))
            done += 1
            setup.progress("cosrec", done, total)
        texts.append(turns)
    everything = {t for c in texts for said, rewrites in c for t in (*said.values(), *rewrites)}
    cosine = _cosine(everything, embedder or open_embedder(MINILM, setup.home), setup)
    scores: dict[str, Score] = {"rouge1": rouge_1, "rougeL": rouge_l, "cosine": cosine}
    samples: dict[str, Ratio] = {}
    for metric, score in scores.items():
        for name in names:
            values = [[_mean(score, said[name], r) for said, r in c] for c in texts]
            samples[f"cosrec_{metric}_{name}"] = ratio([sum(v) for v in values], [len(v) for v in values])  # fmt: skip
        people = [[_agreement(score, r) for _, r in c if len(r) > 1] for c in texts]
        samples[f"cosrec_{metric}_{HUMAN}"] = ratio([sum(v) for v in people], [len(v) for v in people])  # fmt: skip
    counts = {
        "cosrec_dialogues": len(chosen),
        "cosrec_turns": sum(map(len, texts)),
        "cosrec_empty_moments": sum(not said[names[-1]] for c in texts for said, _ in c),
    } | unread("cosrec", compared)
    differences = {
        k: v
        for metric in METRICS
        for base in (LAST, ALL)
        for k, v in gains(samples, f"cosrec_{metric}", base, len(chosen)).items()
    }
    return Outcome(
        "cosrec",
        tuple(c.id for c in chosen),
        samples,
        counts,
        {"differences": differences},
        {},
        tuple(f"cosrec_{m}_{name}" for m in METRICS for name in (*names, HUMAN)),
    )


def _mean(score: Score, text: str, rewrites: Sequence[str]) -> float:
    return sum(score(text, r) for r in rewrites) / len(rewrites)


def _agreement(score: Score, rewrites: Sequence[str]) -> float:
    """The mean score of one person's rewrite against each other person's."""
    pairs = [(a, b) for n, a in enumerate(rewrites) for b in rewrites[n + 1 :]]
    return sum(score(a, b) for a, b in pairs) / len(pairs)


def _cosine(texts: Iterable[str], embedder: Embedder, setup: Setup) -> Score:
    """The cosine of two of ``texts``; 0 where one says nothing."""
    ordered = sorted(t for t in texts if t.strip())
    embedded = 0

    def on_batch(size: int) -> None:
        nonlocal embedded
        embedded += size
        setup.progress("embed", embedded, len(ordered))

    rows: npt.NDArray[np.float32] = embedder.encode(ordered, on_batch=on_batch)
    place = {t: n for n, t in enumerate(ordered)}

    def cosine(one: str, other: str) -> float:
        if one not in place or other not in place:
            return 0.0
        return float(rows[place[one]] @ rows[place[other]])

    return cosine
