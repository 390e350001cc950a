"""Crowdflower: whether a search brings what people judged relevant to the top, against other ways.

10,158 judgements of 261 queries on 9,707 products of several shops (Crowdflower search results
relevance, 2015). Every query is put to the whole catalogue; what nobody judged for it counts as
irrelevant. All ways of retrieval answer from the same index.
"""

from __future__ import annotations

import math
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, TypeAlias

import numpy as np

from assistant.evaluation.bootstrap import Ratio, Sample, difference, draw, estimate, ratio, rounded
from assistant.evaluation.external.crowdflower import (
    DATA,
    Collection,
    Judged,
    half,
    indexed,
    load,
)
from assistant.evaluation.external.reading import data_file, sampled
from assistant.evaluation.metrics import as_json, quantile
from assistant.evaluation.suites import Outcome, Setup
from assistant.llm.protocol import LanguageModel
from catalog.errors import UsageError
from catalog.text import tokens
from retrieval.embedder import Embedder
from retrieval.fusion import FUSION, PARTS, Floats, found, scaled
from retrieval.index import Index
from retrieval.phrases import Ints
from retrieval.query import Query
from retrieval.search import search

OURS: Final = "ours"
RANDOM: Final = "random"
MEASURES: Final = ("ndcg_at_10", "recall_at_50")

_TOP: Final = 10
_DEPTH: Final = 50
_RELEVANT: Final = 3.0
"""Mean judgement, on a scale of 1 to 4, from which a product counts for recall."""
_MIX_DENSE: Final = 0.7
_COMPARED: Final = ("mix", "dense")
_SHOWN: Final = ("ours", "mix", "dense", "bm25")
"""Ways in the tables by kind of query."""
_FAILED: Final = 0.5
"""A query with a lower nDCG is listed, if it is one of those that may be read."""
_WARM_UP: Final = "a thing for the house"

Ranking: TypeAlias = Sequence[int]
"""Rows, best first."""


class Ways:
    """The ways of retrieval that are compared: each ranks the rows of one index for a text.

    Equal scores are ordered by product id, everywhere.
    """

    def __init__(self, index: Index) -> None:
        self._index = index
        self._all: Ints = np.arange(index.info.rows)

    def ours(self, text: str) -> Ranking:
        """The program's own search."""
        items = self._index.search(Query(text=text, limit=_DEPTH)).items
        return self._index.rows(c.product.id for c in items)

    def without(self, part: str, text: str) -> Ranking:
        """The program's own search without one part of its fusion; the pool stays the same."""
        query = Query(text=text, limit=_DEPTH)
        with self._index.reading():
            items = search(self._index, query, FUSION.without(part)).items
        return self._index.rows(c.product.id for c in items)

    def baselines(self, text: str) -> dict[str, Ranking]:
        """One signal alone, and two of them over the whole catalogue."""
        by_words, by_pieces = found(self._index, text)
        cosine = self._index.matrix.cosines(self._index.embed(text), self._all)
        dense = cosine.astype(np.float64).round(6)
        words = scaled(by_words.of(self._all))
        mixed = _MIX_DENSE * scaled(dense) + (1 - _MIX_DENSE) * words
        return {
            "mix": self._best(self._all, mixed),
            "dense": self._best(self._all, dense),
            "bm25": self._best(by_words.rows, by_words.scores),
            "bm25_pieces": self._best(by_pieces.rows, by_pieces.scores),
        }

    def _best(self, rows: Ints, scores: Floats) -> Ranking:
        order = np.lexsort((self._index.id_rank[rows], -np.round(scores, 6)))[:_DEPTH]
        return [int(row) for row in rows[order]]


def gain(relevance: float) -> float:
    """2^(relevance - 1) - 1: nothing for an irrelevant product, 7 for a perfect one."""
    return float(2 ** (relevance - 1) - 1)


def ndcg(ranking: Ranking, relevance: Mapping[int, float]) -> float | None:
    """nDCG@10 (Järvelin and Kekäläinen 2002), log2 discount; the ideal is over what was judged.

    None where nothing judged has a gain.
    """
    gains = [gain(relevance[row]) if row in relevance else 0.0 for row in ranking]
    ideal = _dcg(sorted(map(gain, relevance.values()), reverse=True))
    return _dcg(gains) / ideal if ideal else None


def recall(ranking: Ranking, relevance: Mapping[int, float]) -> float | None:
    """The part of the relevant rows that is among the first fifty; None where there are none."""
    relevant = {row for row, r in relevance.items() if r >= _RELEVANT}
    return len(relevant.intersection(ranking[:_DEPTH])) / len(relevant) if relevant else None


def by_chance(relevance: Mapping[int, float], rows: int) -> tuple[float | None, float | None]:
    """nDCG@10 and recall@50 of a random order, expected: every row is as likely at every place."""
    ideal = _dcg(sorted(map(gain, relevance.values()), reverse=True))
    mean = sum(map(gain, relevance.values())) / rows
    relevant = any(r >= _RELEVANT for r in relevance.values())
    return (
        _dcg([mean] * min(_TOP, rows)) / ideal if ideal else None,
        min(1.0, _DEPTH / rows) if relevant else None,
    )


def _dcg(gains: Sequence[float]) -> float:
    return sum(g / math.log2(place + 1) for place, g in enumerate(gains[:_TOP], 1))


Scores: TypeAlias = list[tuple[float | None, float | None]]
"""Per query nDCG@10 and recall@50."""


def evaluate(
    setup: Setup, model: LanguageModel | None, *, embedder: Embedder | None = None
) -> Outcome:
    """Put ``limit`` queries of a half (drawn by seed) to every way of retrieval; no model is used.

    Raises UsageError when the file is missing or malformed, and what indexing raises.
    """
    source = data_file(DATA, setup.data)
    collection = load(source)
    halves = ("dev", "test") if setup.split == "all" else (setup.split,)
    chosen = sampled([q for q in collection.queries if half(q.text) in halves], setup.limit)
    if not chosen:
        raise UsageError(f"{source}: no query is in the half {setup.split!r}")
    rankings: dict[str, list[Ranking]] = defaultdict(list)
    milliseconds: list[float] = []
    with indexed(collection, source, setup, embedder) as index:
        ways = Ways(index)
        ways.ours(_WARM_UP)  # opens the embedder, which is no query's time
        for done, query in enumerate(chosen, 1):
            begun = time.perf_counter()
            rankings[OURS].append(ways.ours(query.text))
            milliseconds.append((time.perf_counter() - begun) * 1000)
            for name, ranking in ways.baselines(query.text).items():
                rankings[name].append(ranking)
            for part in PARTS:
                rankings[f"without {part}"].append(ways.without(part, query.text))
            setup.progress("relevance", done, len(chosen))
    scores: dict[str, Scores] = {
        name: [
            (ndcg(ranking, q.relevance), recall(ranking, q.relevance))
            for ranking, q in zip(ranked, chosen, strict=True)
        ]
        for name, ranked in rankings.items()
    }
    scores[RANDOM] = [by_chance(q.relevance, len(collection.products)) for q in chosen]
    ratios = {
        f"{name}.{measure}": sample
        for name, held in scores.items()
        for measure, sample in _ratios(held).items()
    }
    shown = [name for name in scores if not name.startswith("without ")]
    samples: dict[str, Sample] = {f"{n}.{m}": ratios[f"{n}.{m}"] for n in shown for m in MEASURES}
    for share in (0.5, 0.95):
        times = quantile([[ms] for ms in milliseconds], share)
        samples[f"{OURS}.search_ms_p{100 * share:.0f}"] = times
    tables: dict[str, Any] = {
        "differences": _differences(ratios, len(chosen)),
        "ablations": _ablations(ratios, len(chosen)),
        "by_query": _by_query(collection, chosen, scores),
    }
    if setup.split == "dev":
        tables["failed_queries"] = _failed(collection, chosen, rankings[OURS], scores[OURS])
    return Outcome(
        "relevance",
        tuple(q.id for q in chosen),
        samples,
        {"queries": len(chosen), "products": len(collection.products)},
        tables,
        {},
        tuple(samples),
    )


def _ratios(scores: Scores) -> dict[str, Ratio]:
    """The mean of each measure over the queries that have one."""
    return {
        measure: ratio([s[n] or 0.0 for s in scores], [s[n] is not None for s in scores])
        for n, measure in enumerate(MEASURES)
    }


def _differences(ratios: Mapping[str, Ratio], queries: int) -> dict[str, Any]:
    """Ours minus another way, paired."""
    weights = draw(queries)
    return {
        f"{OURS} - {other}": as_json(
            {
                m: difference(ratios[f"{OURS}.{m}"], ratios[f"{other}.{m}"], weights)
                for m in MEASURES
            }
        )
        for other in _COMPARED
    }


def _ablations(ratios: Mapping[str, Ratio], queries: int) -> dict[str, Any]:
    """Each part left out: what is reached without it, and how much of ours that loses, paired."""
    weights = draw(queries)
    table = {}
    for name in (f"without {part}" for part in PARTS):
        own = {m: ratios[f"{name}.{m}"] for m in MEASURES}
        reached = {m: rounded(estimate(sample, weights).value) for m, sample in own.items()}
        lost = {
            f"{m}_lost": difference(ratios[f"{OURS}.{m}"], sample, weights)
            for m, sample in own.items()
        }
        table[name] = reached | as_json(lost)
    return table


def _by_query(
    collection: Collection, queries: Sequence[Judged], scores: Mapping[str, Scores]
) -> dict[str, dict[str, Any]]:
    """A row ``"KIND, WAY"`` for queries of each length, and for those with a word in no title."""
    known = {word for p in collection.products for word in tokens(p.title)}
    kinds: dict[str, Callable[[list[str]], bool]] = {
        "1 word": lambda words: len(words) == 1,
        "2 words": lambda words: len(words) == 2,
        "3 words": lambda words: len(words) == 3,
        "4 or more": lambda words: len(words) > 3,
        "a word in no title": lambda words: not known.issuperset(words),
    }
    table = {}
    for kind, belongs in kinds.items():
        places = [n for n, q in enumerate(queries) if belongs(tokens(q.text))]
        weights = draw(len(places))
        for way in _SHOWN if places else ():
            ratios = _ratios([scores[way][n] for n in places])
            made = as_json({m: estimate(sample, weights) for m, sample in ratios.items()})
            table[f"{kind}, {way}"] = {"queries": len(places)} | made
    return table


def _failed(
    collection: Collection,
    queries: Sequence[Judged],
    rankings: Sequence[Ranking],
    scores: Scores,
) -> dict[str, dict[str, Any]]:
    """Queries that ours answers badly, worst first, with what came first and what should have."""

    def told(rows: Iterable[int], query: Judged) -> str:
        return " · ".join(
            f"{collection.products[row].title} ({query.relevance.get(row, 0):g})" for row in rows
        )

    table = {}
    for query, ranking, (gained, recalled) in sorted(
        zip(queries, rankings, scores, strict=True), key=lambda held: held[2][0] or 0.0
    ):
        if gained is None or gained >= _FAILED:
            continue
        missed = [row for row in query.relevance if row not in ranking[:_TOP]]
        missed.sort(key=lambda row: -query.relevance[row])
        table[query.text] = {
            "ndcg_at_10": rounded(gained),
            "recall_at_50": None if recalled is None else rounded(recalled),
            "first": told(ranking[:3], query),
            "missed": told(missed[:3], query),
        }
    return table
