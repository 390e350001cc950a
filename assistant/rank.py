"""Ranking: a transparent sum of parts, every one of which the reply shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from assistant.audience import Audience, audience_of, made_for_others
from assistant.intent import Constraint, Sort
from assistant.moment import Moment
from assistant.popularity import Popularity
from assistant.reader.qualities import flags_of, measures_of
from assistant.reply import Recommendation
from assistant.shopper import Shopper
from catalog.constraint import WISH, Op, numeric_value
from catalog.product import Product
from catalog.units import to_base
from catalog.verdict import Verdict, judge
from retrieval.columns import NAMESAKE, UNPRICED
from retrieval.embedder import Matrix
from retrieval.query import Candidate

WEIGHTS: Final[Mapping[str, float]] = {
    "relevance": 1.0, "fit": 0.8, "quality": 0.25, "availability": 0.5, "taste": 0.15, "unstated": 8.0, "suspect": 0.5, "variety": 0.3, "model": 0.2,
    "audience": 1.0, "beyond": 1.0,
}  # fmt: skip
"""Weight of each part; docs/experiments.md says what each rests on."""

_WITHIN_TYPE: Final = 0.5
_TYPE_ALONE: Final = 0.1
"""Relevance counts half once a type is demanded, and hardly where only the type is left to be
relevant to: among kettles, the cosine with "kettle" says nothing."""

_OTHERS: Final = 256
"""What is made for somebody else than the shopper named comes after all but namesakes."""

_BEYOND: Final = 128
"""What costs more than twice and a half of a sum named comes after what does not."""
_TOO_DEAR: Final = 2.5

_HALF_FIT: Final = 0.25
"""The part of a number wished for that another may be off to be worth half."""
_PRIOR_RATING: Final = 4.0
_PRIOR_REVIEWS: Final = 10.0
_RATING_RANGE: Final = (3.0, 5.0)


@dataclass(frozen=True, slots=True)
class Spread:
    """The values of a numeric field over the products that fit, sorted, for "the quietest of 38"."""

    field: str
    values: tuple[float, ...]
    currency: str | None = None
    """For the price: the one currency the values are in."""

    def value_of(self, product: Product) -> float | None:
        """A product's value, None when unknown or in another currency."""
        held = numeric_value(product, self.field)
        if held is None or (self.field == "price" and held[1] != self.currency):
            return None
        return held[0]

    def share_below(self, value: float) -> float:
        """The share of values below ``value``, in [0, 1]; ties count half."""
        if len(self.values) < 2:
            return 0.5
        below = sum(v < value for v in self.values)
        ties = sum(v == value for v in self.values)
        return (below + (ties - 1) / 2) / (len(self.values) - 1)


def wish_field(wish: Constraint, products: Sequence[Product]) -> tuple[str, int] | None:
    """The field and direction that measure a wish among these products, None when none does."""
    for name, direction in wish_measures(wish):
        if 2 * sum(numeric_value(p, name) is not None for p in products) >= len(products) > 0:
            return name, direction
    return None


def wish_measures(wish: Constraint) -> tuple[tuple[str, int], ...]:
    """The fields that may measure a demand in words, or one for a yes or no that a number may stand
    in for (waterproof: a water column), each with its direction.
    """
    if wish.field == WISH and wish.words:
        return measures_of(wish.words[0])
    if isinstance(wish.value, bool) and wish.value is not wish.op.negative:
        return measures_of(wish.field.replace("_", " "))
    return ()


def answered(product: Product, wish: Constraint) -> tuple[str, bool] | None:
    """The yes-or-no field of a record that answers a wish, and its answer; None where none does."""
    if wish.field != WISH or not wish.words:
        return None
    said = wish.words[0]
    for name in (said.lower().replace(" ", "_").replace("-", "_"), *flags_of(said)):
        held = product.attributes.get(name)
        if isinstance(held, bool):
            return name, held
    return None


@dataclass(frozen=True, slots=True)
class Leaning:
    """What speaks for a product beside what was said."""

    shopper: Shopper | None = None
    brands: Mapping[str, int] = field(default_factory=dict)
    """How often the shopper bought of each brand."""
    popularity: Popularity | None = None
    """None with the dial at personal, where popularity has no part."""
    stated: Mapping[str, float] | None = None
    """By field of a demand, the share of products whose record decides it: what leaves it open loses
    the more the more usual it is to tell. None where all that leaves something open comes last."""


def rank(
    candidates: Sequence[Candidate],
    moment: Moment,
    spreads: Mapping[str, Spread],
    fields: Mapping[Constraint, tuple[str, int]],
    leaning: Leaning | None = None,
    currency: str | None = None,
) -> list[Recommendation]:
    """Order candidates: full matches first, then the fewer unknowns the better (unless
    ``leaning.stated`` weighs those), an open price after these, namesakes last of all, then by
    score, ties by id.

    ``fields`` says which field measures which wish, ``spreads`` their values over
    everything that fits.
    An asked-for sort overrules the score but not the unknowns; prices sort within their
    currency, ``currency`` first, because no exchange rate is known.
    """
    leaning = leaning or Leaning()
    audience = audience_of(moment)
    scored = [
        _recommend(c, _parts(c, moment, spreads, fields, leaning, audience)) for c in candidates
    ]
    return number(sorted(scored, key=lambda r: _order(r, moment.sort, currency)))


def varied(recommendations: Sequence[Recommendation], vectors: Matrix) -> list[Recommendation]:
    """The ranking so that each differs from those above it: every place goes to the highest score
    after taking off what is like something already placed (maximal marginal relevance:
    Carbonell and Goldstein 1998). Full matches stay before those with unknowns.

    ``vectors`` are the products' unit vectors in the ranking's order.
    """
    weight = WEIGHTS["variety"]
    scores = np.array([r.score for r in recommendations])
    group = np.array([rung(r) for r in recommendations])
    like = np.zeros(len(scores))
    left = np.ones(len(scores), bool)
    placed: list[Recommendation] = []
    for _ in recommendations:
        open_ = left & (group == group[left].min())
        best = int(np.where(open_, scores - weight * like, -np.inf).argmax())
        left[best] = False
        r = recommendations[best]
        placed.append(_recommend_again(r, {**r.parts, "variety": -weight * float(like[best])}))
        like = np.maximum(like, vectors @ vectors[best])
    return number(placed)


def rung(r: Recommendation) -> int:
    """How far below all that fits it stands, whatever its score: by how much its record leaves open,
    further without a price to hold a budget against, when it costs far more than a sum named, or is
    made for somebody else, and
    furthest with no more of the kind asked for than its word; what is open counts for nothing here
    where it is weighed in the score.
    """
    if r.namesake:
        return NAMESAKE
    others = (_OTHERS if "audience" in r.parts else 0) + (_BEYOND if "beyond" in r.parts else 0)
    if "unstated" in r.parts:
        return others
    return others + sum(UNPRICED if name == "price" else 1 for name in r.unknown)


def number(recommendations: Sequence[Recommendation]) -> list[Recommendation]:
    """The same recommendations with ranks 1, 2, 3…"""
    return [replace(r, rank=i) for i, r in enumerate(recommendations, 1)]


def with_model(
    recommendations: Sequence[Recommendation], probabilities: Mapping[str, float], sort: Sort | None
) -> list[Recommendation]:
    """The ranking after the model judged the first few: p(fits) shifts a score by at most
    half its weight either way. Those it did not judge stay below those it did.
    """
    judged = [
        _recommend_again(
            r, {**r.parts, "model": WEIGHTS["model"] * (probabilities[r.product.id] - 0.5)}
        )
        for r in recommendations
        if r.product.id in probabilities
    ]
    rest = [r for r in recommendations if r.product.id not in probabilities]
    return number([*sorted(judged, key=lambda r: _order(r, sort)), *rest])


def _recommend_again(r: Recommendation, parts: Mapping[str, float]) -> Recommendation:
    return replace(r, parts=parts, score=sum(parts.values()))


def _recommend(candidate: Candidate, parts: Mapping[str, float]) -> Recommendation:
    return Recommendation(
        candidate.product,
        0,
        sum(parts.values()),
        parts,
        unknown=candidate.unknown,
        namesake=candidate.namesake,
    )


def _order(
    r: Recommendation, sort: Sort | None, currency: str | None = None
) -> tuple[int, int, str, float, float, str]:
    unknown = rung(r)
    if sort is None:
        return (unknown, 0, "", 0.0, -r.score, r.product.id)
    held = numeric_value(r.product, sort.field)
    if held is None:
        return (unknown, 2, "", 0.0, -r.score, r.product.id)
    other = held[1] or "" if sort.field == "price" and held[1] != currency else ""
    key = -held[0] if sort.descending else held[0]
    return (unknown, int(bool(other)), other, key, -r.score, r.product.id)


def _parts(
    c: Candidate,
    moment: Moment,
    spreads: Mapping[str, Spread],
    fields: Mapping[Constraint, tuple[str, int]],
    leaning: Leaning,
    audience: Audience,
) -> dict[str, float]:
    measured = [wish for wish in fields if wish.hard]
    fits = [_fit(c.product, wish, spreads, fields) for wish in (*moment.soft, *measured)]
    known = [f for f in fits if f is not None]
    parts = {
        "relevance": WEIGHTS["relevance"] * _told(moment, fields) * c.relevance,
        # each wish has an equal share; those that no field measures have theirs in relevance
        "fit": WEIGHTS["fit"] * (sum(known) / len(fits) if known else 0.0),
        "quality": WEIGHTS["quality"] * quality(c.product),
        "availability": -WEIGHTS["availability"] if c.product.stock == 0 else 0.0,
    }
    if leaning.stated is not None and c.unknown:
        usual = sum(leaning.stated.get(name, 1.0) for name in dict.fromkeys(c.unknown))
        parts["unstated"] = -WEIGHTS["unstated"] * usual
    if made_for_others(c.product, audience) is not None:
        parts["audience"] = -WEIGHTS["audience"]
    if any(_beyond(c.product, wish) for wish in moment.soft):
        parts["beyond"] = -WEIGHTS["beyond"]
    if c.product.suspect:
        parts["suspect"] = -WEIGHTS["suspect"]
    if leaning.popularity is not None:
        parts["popularity"] = leaning.popularity.part(c.product)
    if (shopper := leaning.shopper) is not None:
        liked = any(e.product == c.product.id for e in (*shopper.likes, *shopper.wishlist))
        familiar = min(leaning.brands.get(c.product.brand or "", 0), 3) / 3
        parts["taste"] = WEIGHTS["taste"] * (1.0 if liked else familiar)
    return parts


def _told(moment: Moment, fields: Mapping[Constraint, tuple[str, int]]) -> float:
    """How much the words of a Moment tell beyond what its fields do, in [0, 1]."""
    if not moment.topic:
        return 1.0
    spoken = any(c.field == WISH and c not in fields for c in moment.soft)
    return _WITHIN_TYPE if spoken else _TYPE_ALONE


def _fit(
    product: Product,
    wish: Constraint,
    spreads: Mapping[str, Spread],
    fields: Mapping[Constraint, tuple[str, int]],
) -> float | None:
    """How well a product meets one soft demand, in [0, 1]; None when nothing measures it."""
    measured = fields.get(wish)
    if measured is not None:
        field, direction = measured
        value = spreads[field].value_of(product)
        if value is None:
            return 0.25
        share = spreads[field].share_below(value)
        return share if direction > 0 else 1.0 - share
    if wish.field == WISH:
        answer = answered(product, wish)
        return None if answer is None else float(answer[1])
    if wish.number is not None and wish.op is Op.EQ:
        near = closeness(product, wish)
        return 0.25 if near is None else near
    return {Verdict.MATCH: 1.0, Verdict.UNKNOWN: 0.4, Verdict.VIOLATION: 0.0}[judge(product, wish)]


def _beyond(product: Product, wish: Constraint) -> bool:
    """Whether a price is far above the sum that was named as about what to spend."""
    if wish.field != "price" or wish.op is not Op.EQ or not wish.number:
        return False
    held = numeric_value(product, "price")
    comparable = held is not None and wish.unit in (None, held[1])
    return held is not None and comparable and held[0] > _TOO_DEAR * wish.number


def closeness(product: Product, wish: Constraint) -> float | None:
    """How near a number is to the one wished for: 1 at it, half a quarter off, a fifth at half or one
    and a half times it, and less with every step further.

    None when the record does not state it, or not in a comparable unit.
    """
    held = numeric_value(product, wish.field)
    if held is None or not wish.number:
        return None
    wanted, unit = wish.number, wish.unit
    if wish.field != "price" and unit:
        wanted, unit = to_base(wanted, unit)
    if unit and held[1] and unit != held[1]:
        return None
    off = (held[0] - wanted) / (_HALF_FIT * wanted)
    return 1.0 / (1.0 + off * off)


def quality(product: Product) -> float:
    """The rating shrunk towards 4.0 by ten imaginary reviews, on [0, 1] for 3 to 5 stars.

    A Bayesian average: one five-star review is worth less than 4.6 from a thousand.
    """
    if product.rating is None:
        shrunk = _PRIOR_RATING
    else:
        n = float(product.review_count or 1)
        shrunk = (product.rating * n + _PRIOR_RATING * _PRIOR_REVIEWS) / (n + _PRIOR_REVIEWS)
    low, high = _RATING_RANGE
    return min(max((shrunk - low) / (high - low), 0.0), 1.0)
