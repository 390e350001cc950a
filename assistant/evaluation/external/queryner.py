"""QueryNER: which words of a search query are the product type, the brand, a colour, ….

Palen-Michel et al., "QueryNER: Segmentation of E-commerce Queries", LREC-COLING 2024.
Three systems find labelled spans in the same queries: a dictionary of the phrases of the
training queries, the deterministic reader, and the model's own line. A span counts when
its first token, last token and class are right (exact), or when its class is right and it
covers the last token, the head, of the span people marked (relaxed).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from pydantic import BaseModel, TypeAdapter, model_validator

from assistant.compact import Slot
from assistant.evaluation.bootstrap import Ratio, draw, estimate, ratio
from assistant.evaluation.external.reading import (
    MODEL,
    READER,
    data_file,
    gains,
    records,
    sampled,
)
from assistant.evaluation.metrics import as_json
from assistant.evaluation.suites import Outcome, Setup
from assistant.intent import Constraint
from assistant.llm.protocol import LanguageModel
from assistant.moment import Moment
from assistant.understand import ask_model, understand
from catalog.constraint import TEXT, WISH
from catalog.errors import ModelError

TRAIN: Final = "queryner_train.jsonl.gz"
DEV: Final = "queryner_dev.jsonl.gz"
VOCABULARY: Final = "vocabulary"
"""The baseline's name in every metric."""

CLASSES: Final[Mapping[str, tuple[str, ...]]] = {
    "core_product_type": ("core_product_type",),
    "creator": ("creator",),
    "color": ("color",),
    "material": ("material",),
    "modifier": ("modifier", "shape", "condition", "origin"),
    "department": ("department",),
    "UoM": ("UoM", "quantity"),
    "price": ("price",),
    "wish": ("content", "occasion", "product_name"),
}
"""Classes that are compared, and QueryNER's labels in each. Its ``time`` and
``product_number`` have no counterpart here and are left out."""

_CLASS_OF_LABEL: Final = {label: name for name, labels in CLASSES.items() for label in labels}
_CLASS_OF_FIELD: Final = {
    "type": "core_product_type", "brand": "creator", "color": "color", "material": "material", "gender": "department",
    "age_from": "department", "price": "price", "discount": "price", "size": "UoM", WISH: "wish", TEXT: "modifier",
}  # fmt: skip
_CLASS_OF_SLOT: Final = {
    "item": "core_product_type", "brand": "creator", "color": "color", "material": "material", "feature": "modifier",
    "gender": "department", "age": "department", "measure": "UoM", "size": "UoM", "price": "price", "wish": "wish",
}  # fmt: skip
_NOT_SPANS: Final = frozenset({"stock", "rating", "review_count", "category"})


class Query(BaseModel, frozen=True):
    """A query of the data: tokens and their BIO labels."""

    tokens: tuple[str, ...]
    labels: tuple[str, ...]

    @model_validator(mode="after")
    def _labelled(self) -> Query:
        if len(self.tokens) != len(self.labels):
            raise ValueError(f"{len(self.tokens)} tokens but {len(self.labels)} labels")
        if wrong := [x for x in self.labels if not re.fullmatch(r"O|[BI]-\w+", x)]:
            raise ValueError(f"{wrong[0]!r} is no BIO label")
        return self


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Tokens ``first`` to ``last`` (excluded) of a query, and what they are."""

    first: int
    last: int
    label: str


Finder: TypeAlias = Callable[[Sequence[str]], list[Span]]
"""A system: tokens of a query to spans with classes of :data:`CLASSES`."""


def labelled_spans(query: Query) -> list[Span]:
    """The spans people marked, with QueryNER's own labels; a stray I- opens a span."""
    found: list[Span] = []
    for n, mark in enumerate(query.labels):
        label = mark[2:]
        continues = mark.startswith("I-") and found and found[-1].last == n
        if continues and found[-1].label == label:
            found[-1] = Span(found[-1].first, n + 1, label)
        elif mark != "O":
            found.append(Span(n, n + 1, label))
    return found


def gold_spans(query: Query) -> list[Span]:
    """The spans people marked, with classes of :data:`CLASSES`; others are left out."""
    return [
        Span(s.first, s.last, _CLASS_OF_LABEL[s.label])
        for s in labelled_spans(query)
        if s.label in _CLASS_OF_LABEL
    ]


class Dictionary:
    """The vocabulary-only baseline: phrases of other queries, the longest match, left to right.

    A phrase has the class it has most often; one that is mostly something left out marks nothing.
    """

    def __init__(self, queries: Iterable[Query]) -> None:
        seen: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
        for query in queries:
            for span in labelled_spans(query):
                phrase = tuple(t.lower() for t in query.tokens[span.first : span.last])
                seen[phrase][_CLASS_OF_LABEL.get(span.label, "")] += 1
        self._class_of = {
            phrase: min(counts, key=lambda c: (-counts[c], c)) for phrase, counts in seen.items()
        }
        self._longest = max(map(len, self._class_of), default=0)

    def __call__(self, tokens: Sequence[str]) -> list[Span]:
        """Find what the dictionary knows."""
        words = tuple(t.lower() for t in tokens)
        found: list[Span] = []
        at = 0
        while at < len(words):
            ends = range(min(len(words), at + self._longest), at, -1)
            end = next((e for e in ends if words[at:e] in self._class_of), None)
            if end is None:
                at += 1
                continue
            if label := self._class_of[words[at:end]]:
                found.append(Span(at, end, label))
            at = end
        return found


def reader_spans(tokens: Sequence[str]) -> list[Span]:
    """What the deterministic reader makes of a query, without a catalogue's vocabulary.

    A constraint whose words cannot be found again in the query is a span nowhere: a wrong one.
    """
    intent = understand(" ".join(tokens), Moment(), None)
    found: list[Span] = []
    for constraint in intent.constraints:
        label = class_of(constraint)
        if label is None:
            continue
        places = located(tokens, constraint.span)
        free = [p for p in places if not any(p[0] < s.last and s.first < p[1] for s in found)]
        first, last = next(iter(free or places), (-1, -1))
        found.append(Span(first, last, label))
    return found


def class_of(constraint: Constraint) -> str | None:
    """The class of a constraint; None for one that QueryNER has no label for."""
    if constraint.field in _NOT_SPANS:
        return None
    if (named := _CLASS_OF_FIELD.get(constraint.field)) is not None:
        return named
    return "modifier" if constraint.number is None else "UoM"


def slot_spans(tokens: Sequence[str], slots: Sequence[Slot]) -> list[Span]:
    """The spans of a model's line. Slots stand in the order of their words; one whose words
    are not in the query is dropped, and one said twice counts once, as in the assistant.
    """
    found: list[Span] = []
    at = 0
    for slot in slots:
        label = _CLASS_OF_SLOT.get(slot.label)
        places = located(tokens, slot.value)
        place = next((p for p in places if p[0] >= at), places[0] if places else None)
        if label is not None and place is not None:
            found.append(Span(*place, label))
        if place is not None:
            at = max(at, place[1])
    return list(dict.fromkeys(found))


def located(tokens: Sequence[str], words: str) -> list[tuple[int, int]]:
    """Where ``words`` stand in a query, as (first, last) tokens; part of a token means all of it."""
    parts = words.replace(";", " ").split()
    if not parts:
        return []
    text = " ".join(tokens).replace(";", " ")
    pattern = r"(?<![^\W_])" + r"\s+".join(map(re.escape, parts)) + r"(?![^\W_])"
    starts = [0]
    for token in tokens:
        starts.append(starts[-1] + len(token) + 1)
    places = []
    for match in re.finditer(pattern, text, re.IGNORECASE):
        touched = [
            n for n in range(len(tokens))
            if starts[n] < match.end() and match.start() < starts[n + 1] - 1
        ]  # fmt: skip
        places.append((touched[0], touched[-1] + 1))
    return places


@dataclass(frozen=True, slots=True)
class Counts:
    """Spans found rightly, spans found, spans marked."""

    right: int
    found: int
    marked: int


def exact(found: Sequence[Span], gold: Sequence[Span]) -> Counts:
    """Same tokens, same class."""
    return Counts((Counter(found) & Counter(gold)).total(), len(found), len(gold))


def relaxed(found: Sequence[Span], gold: Sequence[Span]) -> Counts:
    """Same class, and the last token of the marked span is covered; each span counts once."""
    left = list(found)
    right = 0
    for span in gold:
        covers = [s for s in left if s.label == span.label and s.first < span.last <= s.last]
        if covers:
            left.remove(span if span in covers else covers[0])
            right += 1
    return Counts(right, len(found), len(gold))


def unlabelled(found: Sequence[Span], gold: Sequence[Span]) -> Counts:
    """Same tokens, whatever the class: segmentation alone."""
    return exact(
        [Span(s.first, s.last, "") for s in found], [Span(s.first, s.last, "") for s in gold]
    )


def evaluate(setup: Setup, model: LanguageModel | None) -> Outcome:
    """Find spans with every system in the same queries (``limit`` of them, drawn by seed).

    Raises UsageError when a file is missing or malformed.
    """
    kind = TypeAdapter(Query)
    dictionary = Dictionary(records(data_file(TRAIN, setup.data), kind))
    queries = sampled(records(data_file(DEV, setup.data), kind), setup.limit)
    failures = 0

    def model_spans(tokens: Sequence[str]) -> list[Span]:
        nonlocal failures
        assert model is not None
        try:
            line, _ = ask_model(" ".join(tokens), Moment(), model, deadline=setup.model_seconds)
        except (ModelError, ValueError):
            failures += 1
            return []
        return slot_spans(tokens, line.slots)

    finders: dict[str, Finder] = {VOCABULARY: dictionary, READER: reader_spans}
    if model is not None:
        finders[MODEL] = model_spans
    found: dict[str, list[list[Span]]] = {name: [] for name in finders}
    for n, query in enumerate(queries, 1):
        for name, finder in finders.items():
            found[name].append(finder(query.tokens))
        setup.progress("queryner", n, len(queries))
    gold = [gold_spans(q) for q in queries]
    samples = _samples(found, gold)
    tables = {
        "by_label": _by_label(found, gold),
        "differences": gains(samples, "queryner_f1", VOCABULARY, len(queries))
        | gains(samples, "queryner_relaxed_f1", VOCABULARY, len(queries)),
        "labels_left_out": _left_out(queries),
    }
    counts = {"queries": len(queries), "queryner_spans": sum(map(len, gold))}
    if model is not None:
        counts["queryner_unread_by_model"] = failures
    return Outcome(
        "queryner",
        tuple(str(n) for n in range(len(queries))),
        samples,
        counts,
        tables,
        {},
        tuple(f"queryner_{m}_{name}" for m in ("f1", "relaxed_f1") for name in finders),
    )


def _samples(
    found: Mapping[str, Sequence[list[Span]]], gold: Sequence[list[Span]]
) -> dict[str, Ratio]:
    made: dict[str, Ratio] = {}
    for name, spans in found.items():
        pairs = list(zip(spans, gold, strict=True))
        strict = [exact(f, g) for f, g in pairs]
        made[f"queryner_precision_{name}"] = ratio(
            [c.right for c in strict], [c.found for c in strict]
        )
        made[f"queryner_recall_{name}"] = ratio(
            [c.right for c in strict], [c.marked for c in strict]
        )
        made[f"queryner_f1_{name}"] = _f1(strict)
        made[f"queryner_relaxed_f1_{name}"] = _f1([relaxed(f, g) for f, g in pairs])
        made[f"queryner_unlabelled_f1_{name}"] = _f1([unlabelled(f, g) for f, g in pairs])
    return made


def _f1(counts: Sequence[Counts]) -> Ratio:
    return ratio([2 * c.right for c in counts], [c.found + c.marked for c in counts])


def _by_label(
    found: Mapping[str, Sequence[list[Span]]], gold: Sequence[list[Span]]
) -> dict[str, dict[str, Any]]:
    """A row ``"LABEL, SYSTEM"`` for each class and system."""
    weights = draw(len(gold))
    table: dict[str, dict[str, Any]] = {}
    for label in CLASSES:
        marked = [[s for s in spans if s.label == label] for spans in gold]
        for name, everything in found.items():
            own = [[s for s in spans if s.label == label] for spans in everything]
            pairs = list(zip(own, marked, strict=True))
            strict = [exact(f, g) for f, g in pairs]
            right = [c.right for c in strict]
            shares = {
                "precision": ratio(right, [c.found for c in strict]),
                "recall": ratio(right, [c.marked for c in strict]),
                "f1": _f1(strict),
                "relaxed_f1": _f1([relaxed(f, g) for f, g in pairs]),
            }
            table[f"{label}, {name}"] = {
                "marked": sum(c.marked for c in strict),
                "found": sum(c.found for c in strict),
            } | as_json({n: estimate(s, weights) for n, s in shares.items()})
    return table


def _left_out(queries: Sequence[Query]) -> dict[str, int]:
    """How many marked spans have a label that is not compared."""
    labels = Counter(s.label for q in queries for s in labelled_spans(q))
    return {label: n for label, n in labels.most_common() if label not in _CLASS_OF_LABEL}
