"""Is a list of bestsellers clever? A target among products drawn evenly, and among popular ones.

A ranking that puts what everybody buys on top looks good when the others are drawn evenly from
the catalogue, where most are little known; drawn by popularity they are as well known as the
target, and only knowing this shopper helps (Pellegrini, Zhao and Murray, RecSys 2022). Both are
reported side by side.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from assistant.finding import query_text, surroundings
from assistant.moment import Moment
from assistant.popularity import Popularity
from assistant.rank import Leaning, rank
from retrieval.index import Index
from retrieval.query import Query

DIALS: Final = (1.0, 0.5, 0.0)
BESTSELLERS: Final = "bestsellers"
BY_CHANCE: Final = "random"

_DRAWN: Final = 50
"""Products a target stands among."""
_TARGET: Final = 3
_SUITS: Final = 2
"""Products of this grade and above are no negatives."""
_SEED: Final = 3

Drawn = tuple[float, float]
"""Mean reciprocal rank of the targets among products drawn evenly, and drawn by popularity."""


def dialled(dial: float) -> str:
    """The name of a way of ranking."""
    return f"dial {dial:g}"


def among_drawn(index: Index, moment: Moment, grades: Mapping[str, int]) -> dict[str, Drawn] | None:
    """By way of ranking; None where nothing suits clearly, too little else fits, or no feed told
    how much anything is bought.

    Drawn from what meets every hard demand, with replacement where it is drawn by popularity. A
    tie counts half.
    """
    if not index.usual_reviews:
        return None
    around = surroundings(index, moment, 0)
    query = Query(query_text(moment, around.fields), moment.hard, None, index.info.rows)
    fitting = [c for c in index.search(query).items if not c.unknown]
    ids = [c.product.id for c in fitting]
    targets = [n for n, i in enumerate(ids) if grades.get(i, 0) >= _TARGET]
    others = [n for n, i in enumerate(ids) if grades.get(i, 0) < _SUITS]
    if not targets or len(others) < _DRAWN:
        return None
    popular = Popularity(0.0, index.usual_reviews)
    # the part is the logarithm of the share, cooled: warmed again it is the share
    shares = np.exp([popular.logarithm(fitting[n].product) for n in others])
    chance = np.random.default_rng(_SEED)
    even = chance.choice(others, _DRAWN, replace=False)
    bought = chance.choice(others, _DRAWN, p=shares / shares.sum())
    scores = {
        BESTSELLERS: np.array([popular.logarithm(c.product) for c in fitting]),
        BY_CHANCE: np.zeros(len(fitting)),
    }
    for dial in DIALS:
        leaning = Leaning(popularity=Popularity(dial, index.usual_reviews))
        ranked = rank(fitting, moment, around.spreads, around.fields, leaning)
        by_id = {r.product.id: r.score for r in ranked}
        scores[dialled(dial)] = np.array([by_id[i] for i in ids])
    return {
        way: (_reciprocal(given, targets, even), _reciprocal(given, targets, bought))
        for way, given in scores.items()
    }


def _reciprocal(
    scores: np.ndarray[tuple[int], np.dtype[np.float64]],
    targets: list[int],
    others: np.ndarray[tuple[int], np.dtype[np.int64]],
) -> float:
    found = scores[others]
    places = [1 + (found > scores[t]).sum() + (found == scores[t]).sum() / 2 for t in targets]
    return float(np.mean([1 / place for place in places]))
