"""Wishes beyond fields: does the ranking bring to the top what people would say suits the shopper?

A query is a turn of a dialogue whose gold Moment holds a wish that no field measures. For each, the
first products of the ranking were judged by hand from their records (``judgements/``, 0 does not
suit … 3 suits clearly). Judged is the order, not the reading: the gold Moment is what is ranked
for. Products without a judgement are left out of the order (condensed lists, Sakai 2007), since
a ranking that changes brings up others; how many were judged is in the table.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from pathlib import Path
from typing import Any, Final

from assistant.evaluation.bootstrap import Ratio, Sample, difference, draw, ratio
from assistant.evaluation.dialogue import Dialogue, Turn, load_dialogues
from assistant.evaluation.metrics import as_json, quantile
from assistant.evaluation.obvious import Drawn, among_drawn
from assistant.evaluation.order import by_chance, kendall_tau, ndcg, reciprocal_rank
from assistant.evaluation.runner import Stage, open_stage
from assistant.evaluation.shelf import Shelf
from assistant.evaluation.shelves import stock
from assistant.evaluation.suites import Outcome, Setup, limited
from assistant.finding import Found, find, judged
from assistant.judging import JUDGED, Judge, has_open_wishes, judge_of, judge_products
from assistant.llm.protocol import LanguageModel
from assistant.modelwork import Budget
from assistant.moment import Moment
from assistant.rank import WEIGHTS, number, rung
from assistant.reranker import open_reranker
from catalog.constraint import WISH, Constraint
from catalog.errors import UsageError

JUDGEMENTS: Final = Path(__file__).parent / "judgements"
DEPTH: Final = 5
"""Of nDCG."""
_TARGET: Final = 3
"""The grade of what the shopper hopes to see first."""
_FACTORS: Final = (0.0, 0.5, 2.0, 4.0)
"""By which the weight of each part of the score is multiplied, to see what it is worth."""
_SECONDS: Final = 60.0
_SHUFFLES: Final = 4
_SEED: Final = 11


@dataclass(frozen=True, slots=True)
class Query:
    """A turn of a dialogue with the grades of products for the Moment after it."""

    dialogue: str
    turn: int
    grades: Mapping[str, int]

    @property
    def id(self) -> str:
        """``dialogue#turn``."""
        return f"{self.dialogue}#{self.turn}"


@dataclass(slots=True)
class _Scores:
    """Per query: nDCG@5 and reciprocal rank by way of ranking."""

    ndcg: dict[str, list[float | None]] = field(default_factory=dict)
    rr: dict[str, list[float | None]] = field(default_factory=dict)
    tau: list[float | None] = field(default_factory=list)
    milliseconds: list[list[float]] = field(default_factory=list)
    judged: list[float] = field(default_factory=list)
    drawn: list[dict[str, Drawn] | None] = field(default_factory=list)

    def add(self, way: str, order: Sequence[str], grades: Mapping[str, int]) -> None:
        kept = [i for i in order if i in grades]
        self.ndcg.setdefault(way, []).append(
            ndcg([grades[i] for i in kept], grades.values(), DEPTH)
        )
        targets = {i for i, g in grades.items() if g >= _TARGET}
        self.rr.setdefault(way, []).append(reciprocal_rank(kept, targets) if targets else None)

    def add_chance(self, grades: Mapping[str, int]) -> None:
        gained, reciprocal = by_chance(list(grades.values()), DEPTH, _TARGET)
        self.ndcg.setdefault("random", []).append(gained)
        self.rr.setdefault("random", []).append(reciprocal)


def load_judgements(split: str, folder: Path = JUDGEMENTS) -> list[Query]:
    """The judged queries of a split. Raises UsageError naming file and line of a malformed one."""
    queries = []
    for name in ("dev", "test") if split == "all" else (split,):
        file = folder / f"{name}.jsonl"
        if not file.exists():
            raise UsageError(f"{file}: no query is judged in split {name!r}")
        for number_, line in enumerate(file.read_text("utf-8").splitlines(), 1):
            try:
                record = json.loads(line)
                grades = {str(i): int(g) for i, g in record["grades"].items()}
                queries.append(Query(record["dialogue"], int(record["turn"]), grades))
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise UsageError(f"{file}, line {number_}: not a judgement ({error!r})") from error
    return queries


def gold_moment(turn: Turn, shelf: Shelf) -> Moment:
    """The gold Moment as this catalogue judges products, by the first reading of each entry."""
    made: list[Constraint] = []
    for entry in turn.moment:
        if entry.optional and entry.field != WISH:
            continue
        if (constraint := shelf.constraint(entry.readings[0])) is not None:
            made.append(constraint)
    return Moment(tuple(made), turn.moment_sort)


def evaluate(setup: Setup, model: LanguageModel | None) -> Outcome:
    """Rank for every judged query, by the fields alone and as the model judges, where it may.

    Raises UsageError for judgements that are malformed or of a dialogue that does not exist.
    """
    queries = load_judgements(setup.split)
    by_id = {d.id: d for d in load_dialogues(setup.split, catalogs=setup.catalogs)}
    chosen = [q for q in queries if q.dialogue in by_id]
    if not setup.catalogs and len(chosen) != len(queries):
        lost = next(q.dialogue for q in queries if q.dialogue not in by_id)
        raise UsageError(f"there is no dialogue {lost!r} that was judged in split {setup.split!r}")
    chosen = limited(chosen, setup.limit)
    catalogs = {by_id[q.dialogue].catalog for q in chosen}
    missing = stock(catalogs, home=setup.home, data=setup.data, progress=setup.progress)
    chosen = [q for q in chosen if by_id[q.dialogue].catalog not in missing]
    scores, done = _Scores(), 0
    units: list[str] = []
    for name in sorted(catalogs - missing.keys()):
        own = [q for q in chosen if by_id[q.dialogue].catalog == name]
        for query in _scored(name, own, by_id, setup, model, scores):
            units.append(query.id)
            done += 1
            setup.progress("wishes", done, len(chosen))
    return _outcome(units, scores, missing)


def _scored(
    catalog: str,
    queries: Sequence[Query],
    dialogues: Mapping[str, Dialogue],
    setup: Setup,
    model: LanguageModel | None,
    scores: _Scores,
) -> Iterator[Query]:
    stage = open_stage(catalog, model, setup.ablation, home=setup.home)
    judge = judge_of(model, open_reranker(setup.reranker) if setup.reranker else None)
    try:
        for query in queries:
            turn = dialogues[query.dialogue].turns[query.turn - 1]
            _rank(stage, gold_moment(turn, stage.shelf), query, judge, scores)
            yield query
    finally:
        stage.close()


def _rank(stage: Stage, moment: Moment, query: Query, judge: Judge | None, scores: _Scores) -> None:
    found = find(stage.shop.index, moment)
    fields = [r.product.id for r in found.pool]
    scores.add("fields", fields, query.grades)
    scores.add_chance(query.grades)
    scores.drawn.append(among_drawn(stage.shop.index, moment, query.grades))
    top = fields[:DEPTH]
    scores.judged.append(sum(i in query.grades for i in top) / len(top) if top else 1.0)
    for part, factor in product(WEIGHTS, _FACTORS):
        other = fields if moment.sort else _weighed(found, part, factor)
        scores.add(_reweighed(part, factor), other, query.grades)
    if judge is None:
        scores.add("shown", fields, query.grades)
        scores.tau.append(None)
        return
    began = time.perf_counter()
    probabilities = judge_products(judge, moment, found.pool, Budget.of(_SECONDS))
    spent = (time.perf_counter() - began) * 1000
    scores.milliseconds.append([spent])
    shown = _ids(judged(found, probabilities))
    applies = has_open_wishes(moment, found.around.fields) and moment.sort is None
    scores.add("shown", shown if applies else fields, query.grades)
    alone = sorted(probabilities, key=lambda i: (-probabilities[i], i))
    scores.add("model alone", alone, {i: query.grades[i] for i in alone if i in query.grades})
    scores.tau.append(_consistency(found, moment, judge, shown))


def _reweighed(part: str, factor: float) -> str:
    return f"{part} x {factor:g}"


def _weighed(found: Found, part: str, factor: float) -> list[str]:
    """The order if one part of the score weighed that much more."""
    return [
        r.product.id
        for r in sorted(
            found.pool,
            key=lambda r: (
                rung(r),
                -(r.score + (factor - 1) * r.parts.get(part, 0.0)),
                r.product.id,
            ),
        )
    ]


def _consistency(found: Found, moment: Moment, judge: Judge, shown: Sequence[str]) -> float | None:
    """Kendall's tau of the order the model makes of its candidates, and of those it makes of the same
    candidates shuffled: the mean over some shuffles.
    """
    head, order, taus = list(found.pool[:JUDGED]), random.Random(_SEED), []
    if len(head) < 2:
        return None
    kept = set(shown[: len(head)])
    for _ in range(_SHUFFLES):
        order.shuffle(head)
        mixed = [*number(head), *found.pool[JUDGED:]]
        probabilities = judge_products(judge, moment, mixed, Budget.of(_SECONDS))
        again = _ids(judged(replace(found, pool=tuple(mixed)), probabilities))
        taus.append(kendall_tau([i for i in shown if i in kept], [i for i in again if i in kept]))
    return sum(taus) / len(taus)


def _ids(found: Found) -> list[str]:
    return [r.product.id for r in found.pool]


def _outcome(units: Sequence[str], scores: _Scores, missing: Mapping[str, str]) -> Outcome:
    measured = {
        way: {"ndcg_at_5": _mean(scores.ndcg[way]), "mrr": _mean(scores.rr[way])}
        for way in scores.ndcg
    }
    every = [_reweighed(*pair) for pair in product(WEIGHTS, _FACTORS)]
    ways = [way for way in measured if way not in every]
    # Parts that no order depended on (nobody shopping is known here) say nothing.
    weighed = [way for way in every if scores.ndcg[way] != scores.ndcg["fields"]]
    samples: dict[str, Sample] = {
        "wish_ndcg_at_5": measured["shown"]["ndcg_at_5"],
        "wish_mrr": measured["shown"]["mrr"],
        **{f"{way}.{m}": sample for way in ways for m, sample in measured[way].items()},
    }
    samples |= _among_drawn(scores.drawn)
    headline = ["wish_ndcg_at_5", "wish_mrr"]
    draws = draw(len(units))

    def paired(one: str, other: str) -> dict[str, Any]:
        return as_json(
            {m: difference(measured[one][m], measured[other][m], draws) for m in measured[one]}
        )

    if scores.milliseconds:
        samples["wish_kendall_tau"] = _mean(scores.tau)
        samples["judging_ms_p50"] = quantile(scores.milliseconds, 0.5)
        samples["judging_ms_p95"] = quantile(scores.milliseconds, 0.95)
        headline += ["wish_kendall_tau", "judging_ms_p50", "judging_ms_p95"]
    return Outcome(
        "wishes",
        tuple(units),
        samples,
        {"wishes": len(units)},
        {
            "differences": {
                f"shown - {way}": paired("shown", way) for way in ways if way != "shown"
            },
            "weights": {way: paired(way, "fields") for way in weighed},
            "judged_of_first_five": {"share": round(sum(scores.judged) / max(1, len(units)), 4)},
        },
        {name: {"why": why} for name, why in missing.items()},
        tuple(headline),
    )


def _among_drawn(drawn: Sequence[dict[str, Drawn] | None]) -> dict[str, Sample]:
    """Reciprocal ranks of targets among products drawn evenly and by popularity, by way of ranking."""
    ways = next((list(d) for d in drawn if d is not None), [])
    return {
        f"{way}.mrr_{among}": _mean([None if d is None else d[way][n] for d in drawn])
        for way in ways
        for n, among in enumerate(("uniform", "popular"))
    }


def _mean(values: Sequence[float | None]) -> Ratio:
    """Of those that could be measured."""
    return ratio([v or 0.0 for v in values], [v is not None for v in values])
