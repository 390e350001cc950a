"""From a Moment to ranked, explained recommendations; or to what could be relaxed when nothing fits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from assistant.explain import Surroundings, explain_shown, near_miss, unknown_labels
from assistant.intent import Constraint
from assistant.moment import Moment
from assistant.popularity import PERSONAL, Popularity
from assistant.rank import Leaning, Spread, rank, varied, wish_measures, with_model
from assistant.reply import Recommendation
from assistant.shopper import Shopper
from catalog.constraint import NONE, NUMERIC_FIELDS, TEXT, WISH
from catalog.product import Product
from catalog.text import tokens
from catalog.verdict import Verdict, judge
from catalog.wording import mentions
from retrieval.index import Index
from retrieval.phrases import Ints
from retrieval.query import Query

SHOWN: Final = 6
_POOL: Final = 120
_REFUSED: Final = 0.02
"""What silence about something refused costs beside silence about something asked for."""
_NEAR_MISSES: Final = 3
_NEAR_COSINE: Final = 0.3
"""Below this cosine a product has nothing to do with what was asked for, and is not called near."""


@dataclass(frozen=True, slots=True)
class Relaxation:
    """Hard constraints, and how many products would fit without them."""

    constraints: tuple[Constraint, ...]
    matching: int
    unknown: int = 0
    """How many more would violate nothing, but leave something open."""
    instead: Mapping[str, int] = field(default_factory=dict)
    """What there is in place of the words asked for, with counts, most frequent first; of the first
    relaxation only."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a Moment brings up.

    ``matching`` counts products that fit; one listed several times is one, where that can be counted.
    ``relaxations`` and ``near_misses`` are filled only when nothing fits.
    ``missing_type`` is set when the catalogue has nothing of the type asked for.
    """

    recommendations: tuple[Recommendation, ...]
    matching: int
    unknown: int
    around: Surroundings
    pool: tuple[Recommendation, ...] = ()
    open_fields: tuple[str, ...] = ()
    """Fields of hard demands that the first product leaves open."""
    relaxations: tuple[Relaxation, ...] = ()
    near_misses: tuple[Recommendation, ...] = ()
    missing_type: str | None = None
    timings: Mapping[str, float] = field(default_factory=dict)

    @property
    def open_last(self) -> bool:
        """Whether what leaves a demand open comes after all that fits."""
        return not any("unstated" in r.parts for r in self.pool)


def query_text(moment: Moment, measured: Collection[Constraint] = ()) -> str:
    """What relevance is measured against: the topic and the wishes.

    A wish that a field measures is left to the field: with "quiet" in the words, a
    title that says "quiet" would pass a kettle that is.
    """
    words = [
        w for c in moment.constraints if not c.op.negative and c not in measured for w in _spoken(c)
    ]
    return " ".join(dict.fromkeys(words))


def _spoken(c: Constraint) -> tuple[str, ...]:
    if c.field in NUMERIC_FIELDS:
        return ()
    if isinstance(c.value, bool):
        return (c.field.replace("_", " "),) if c.value else ()
    if c.number is not None:
        return (c.span,)
    if c.field == WISH and (c.words[0].startswith("not ") or c.words == ("gift",)):
        return ()
    return c.words


def find(
    index: Index,
    moment: Moment,
    shopper: Shopper | None = None,
    *,
    exclude: frozenset[str] = frozenset(),
    text: str | None = None,
    limit: int = SHOWN,
    dial: float = PERSONAL,
) -> Found:
    """Recommendations for a Moment; ``exclude`` are ids not to show (already seen, or refused).

    ``dial`` is between 0, popular, and 1, personal (:mod:`assistant.popularity`).
    """
    sort = (moment.sort.field, moment.sort.descending) if moment.sort else None
    around = surroundings(index, moment, 0, shopper)
    words = query_text(moment, around.fields) if text is None else text
    # Where no kind of thing is named it is the words that say what is wanted: then what has nothing
    # to do with them is no better for stating a field that hardly any listing states.
    by_words = sort is None and not moment.topic and bool(words)
    query = Query(
        words,
        moment.constraints,
        sort,
        _POOL,
        exclude | {*moment.left_out},
        known_first=not by_words,
    )
    candidates = index.search(query)
    around = replace(around, matching=candidates.matching)
    popularity = Popularity(dial, index.usual_reviews) if dial < PERSONAL else None
    # silence about a word that was demanded is an answer of a kind; about a field few state it is none
    usual: dict[str, float] = {}
    for c in moment.hard:
        stated = 1.0 if c.field == TEXT else index.stated(c)
        usual[c.field] = max(usual.get(c.field, 0.0), stated * (_REFUSED if c.op.negative else 1.0))
    leaning = Leaning(shopper, _brands(index, shopper), popularity, usual if by_words else None)
    ranked = rank(
        candidates.items, moment, around.spreads, around.fields, leaning, index.vocabulary.currency
    )
    if moment.sort is None and not moment.topic:
        # nobody has said what it is yet: different things rather than six of a kind
        ranked = varied(ranked, index.matrix.array[index.rows(r.product.id for r in ranked)])
    shown = presented(ranked[:limit], around)
    found = Found(
        shown,
        candidates.different,
        candidates.unknown,
        around,
        tuple(ranked),
        ranked[0].unknown if ranked else (),
        timings=candidates.timings,
    )
    if shown or exclude:
        return found
    return _nothing_left(index, moment, found, shopper)


def presented(ranked: Sequence[Recommendation], around: Surroundings) -> tuple[Recommendation, ...]:
    """What is shown of a ranking: with reasons, and with what each leaves open in words."""
    return tuple(
        replace(
            r,
            unknown=unknown_labels(r.unknown, r.product, around.moment.hard),
        )
        for r in explain_shown(ranked, around)
    )


def judged(found: Found, probabilities: Mapping[str, float]) -> Found:
    """The same, its ranking shifted by the model's judgements (:mod:`assistant.judging`)."""
    pool = with_model(found.pool, probabilities, found.around.moment.sort)
    shown = presented(pool[: len(found.recommendations)], found.around)
    return replace(
        found, recommendations=shown, pool=tuple(pool), open_fields=pool[0].unknown if pool else ()
    )


def surroundings(
    index: Index, moment: Moment, matching: int, shopper: Shopper | None = None
) -> Surroundings:
    """Which field measures which wish, with its values over everything that fits."""
    state = index.columns.standing(moment.constraints)
    rows = np.flatnonzero(state == 1)
    if not len(rows):
        rows = np.flatnonzero(state == 0)
    spreads: dict[str, Spread] = {}
    fields: dict[Constraint, tuple[str, int]] = {}
    for wish in moment.constraints:
        for name, direction in wish_measures(wish):
            if (spread := _spread(index, moment, name, rows)) is not None:
                fields[wish], spreads[name] = (name, direction), spread
                break
    if moment.sort is not None and moment.sort.field not in spreads:
        spread = _spread(index, moment, moment.sort.field, rows)
        spreads |= {} if spread is None else {moment.sort.field: spread}
    return Surroundings(moment, spreads, fields, matching, shopper)


def _spread(index: Index, moment: Moment, name: str, rows: Ints) -> Spread | None:
    """The values of a field over products; None where fewer than half of them state it."""
    values = index.columns.numbers(name, constraints=moment.hard)[rows]
    known = values[~np.isnan(values)]
    if not len(rows) or 2 * len(known) < len(rows):
        return None
    currency = index.vocabulary.currency if name == "price" else None
    return Spread(name, tuple(np.sort(known).tolist()), currency)


def _brands(index: Index, shopper: Shopper | None) -> Mapping[str, int]:
    if shopper is None:
        return {}
    products = ((index.get(i), n) for i, n in shopper.bought().items())
    counts: Counter[str] = Counter()
    for product, times in products:
        if product is not None and product.brand:
            counts[product.brand] += times
    return counts


def _nothing_left(index: Index, moment: Moment, found: Found, shopper: Shopper | None) -> Found:
    """What to relax, and the nearest products that break just that one demand."""
    topic = next((c for c in moment.hard if c.field == "type" and not c.op.negative), None)
    if topic is not None and not any(index.count((topic,))):
        nearest = find_near(index, moment, moment.without(topic), (topic,), shopper)
        return replace(
            found, missing_type=topic.span or " or ".join(topic.words), near_misses=nearest
        )
    kept = () if topic is None else (topic,)
    relaxations = [
        Relaxation((c,), n) for c, n in index.relaxations(moment.hard) if n and c not in kept
    ]
    relaxations.sort(key=lambda r: (-r.matching, r.constraints[0].field))
    if not relaxations and (least := index.smallest_relaxation(moment.hard, kept)):
        matching, unknown = index.count(c for c in moment.hard if c not in least)
        relaxations = [Relaxation(least, matching, unknown)]
    if relaxations and len(relaxations[0].constraints) == 1:
        # of the first only: it is the one whose gain is told
        (asked,) = relaxations[0].constraints
        relaxations[0] = replace(relaxations[0], instead=_instead(index, moment, asked))
    near: list[Recommendation] = []
    for relaxation in sorted(relaxations, key=lambda r: _closeness(r.constraints[0]))[:2]:
        broken = relaxation.constraints
        near += find_near(index, moment, moment.without(*broken), broken, shopper)
    near = list({r.product.id: r for r in near}.values())[:_NEAR_MISSES]
    return replace(found, relaxations=tuple(relaxations), near_misses=tuple(near))


def _instead(index: Index, moment: Moment, asked: Constraint) -> Mapping[str, int]:
    """The values of a field among what meets all but what is asked of it."""
    if not asked.words or asked.op.negative or asked.value == NONE:
        return {}
    return index.facet((c for c in moment.hard if c != asked), asked.field)


def _closeness(c: Constraint) -> int:
    """Numbers can be missed by a little, words only wholly: near misses break numbers first."""
    return 0 if c.number is not None else 1


def find_near(
    index: Index,
    moment: Moment,
    loosened: Moment,
    broken: Sequence[Constraint],
    shopper: Shopper | None,
) -> tuple[Recommendation, ...]:
    """Products that meet everything but ``broken``, the nearest to it first, labelled."""
    number = next((c for c in broken if c.number is not None), None)
    nearest = (number.field, number.op.direction > 0) if number is not None else None
    of_type = any(c.field == "type" for c in broken)
    query = Query(query_text(moment), loosened.hard, nearest, _POOL, frozenset(moment.left_out))
    candidates = index.search(query)
    if of_type:
        near = tuple(c for c in candidates.items if c.dense >= _NEAR_COSINE)
        candidates = replace(candidates, items=near[:_NEAR_MISSES])
    around = surroundings(index, loosened, candidates.matching, shopper)
    if nearest is None:
        ranked = rank(candidates.items, loosened, around.spreads, around.fields, Leaning(shopper))
    else:
        by_id = {c.product.id: n for n, c in enumerate(candidates.items)}
        ranked = rank(candidates.items, replace(loosened, sort=None), around.spreads, around.fields)
        ranked.sort(key=lambda r: by_id[r.product.id])
    near_ones = explain_shown(ranked[:_NEAR_MISSES], replace(around, missed=tuple(broken)))
    return tuple(
        replace(
            r, rank=i, near_miss=_missed(r.product, broken),
            unknown=unknown_labels(r.unknown, r.product, loosened.hard),
        )
        for i, r in enumerate(near_ones, 1)
    )  # fmt: skip


def _missed(product: Product, broken: Sequence[Constraint]) -> tuple[str, ...]:
    topic = next((c for c in broken if c.field == "type"), None)
    if topic is not None:
        listing = f"{product.title} {' '.join(product.category)}"
        if product.type and any(mentions(tokens(listing), word) for word in topic.words):
            return (f"filed under {product.type}",)
        return ("not what you named, but near it",)
    missed = [c for c in broken if judge(product, c) is Verdict.VIOLATION]
    return tuple(near_miss(product, c) for c in missed or broken)
