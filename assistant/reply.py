"""What the assistant answers: recommendations with reasons, text, at most one question, timings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from assistant.intent import Intent
from assistant.moment import Moment
from catalog.money import to_major
from catalog.product import Product


@dataclass(frozen=True, slots=True)
class Reason:
    """One true sentence about a product and the fields that prove it.

    ``evidence`` maps field names to the values the sentence rests on, as in the
    product's record (``{"noise": "54 dB"}``).
    """

    text: str
    evidence: Mapping[str, Any] = field(default_factory=dict)
    source: str = "fields"
    """``fields`` (rendered from the record) or ``model`` (phrased by the model, then checked)."""
    against: bool = False
    """Whether it speaks against the product: what it costs, lacks, or is worst in."""

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {"text": self.text, "evidence": dict(self.evidence), "source": self.source}


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A product at a rank, with the parts of its score (they add up to ``score``) and reasons."""

    product: Product
    rank: int
    score: float
    parts: Mapping[str, float]
    reasons: tuple[Reason, ...] = ()
    unknown: tuple[str, ...] = ()
    """Hard constraints' fields the record says nothing about ("price not stated")."""
    near_miss: tuple[str, ...] = ()
    """For a near miss shown as such: what it breaks, as sentences ("$12 over your limit")."""
    namesake: bool = False
    """Whether it only has the word for the kind asked for in its name: "dress shoes" for a dress."""

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values; prices in major units, None where unknown."""
        p = self.product
        return {
            "id": p.id,
            "title": p.title,
            "brand": p.brand,
            "type": p.type,
            "price": None if p.price is None else to_major(p.price, p.currency),
            "list_price": None if p.list_price is None else to_major(p.list_price, p.currency),
            "currency": p.currency,
            "rating": p.rating,
            "review_count": p.review_count,
            "stock": p.stock,
            "in_stock": p.in_stock,
            "image": p.image,
            "url": p.url,
            "rank": self.rank,
            "score": round(self.score, 6),
            "score_parts": {k: round(v, 6) for k, v in self.parts.items()},
            "reasons": [r.to_json() for r in self.reasons],
            "unknown": list(self.unknown),
            "near_miss": list(self.near_miss),
        }


@dataclass(frozen=True, slots=True)
class Question:
    """One question back, with answers that can be tapped."""

    text: str
    options: tuple[str, ...] = ()
    field: str = ""

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {"text": self.text, "options": list(self.options), "field": self.field}


@dataclass(frozen=True, slots=True)
class Difference:
    """One row of a comparison: a field and its value per compared product ("" when not stated)."""

    label: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an errand: a sentence; what is shown with it is :meth:`View.cards`."""

    text: str
    differences: tuple[Difference, ...] = ()
    question: Question | None = None
    moment: Moment | None = None
    """What is wanted after it, where the errand shows something else than before."""


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to one utterance."""

    intent: Intent
    moment: Moment
    text: str
    recommendations: tuple[Recommendation, ...] = ()
    near_misses: tuple[Recommendation, ...] = ()
    """Products that break one hard constraint, shown apart and labelled; only when nothing fits."""
    question: Question | None = None
    differences: tuple[Difference, ...] = ()
    matching: int = 0
    """How many products of the catalogue meet every hard constraint."""
    cart: tuple[str, ...] = ()
    saved: tuple[str, ...] = ()
    timings: Mapping[str, float] = field(default_factory=dict)
    """Milliseconds per stage, with ``first_card`` and ``total``."""
    refused: tuple[str, ...] = ()
    """What the model said and the checker dropped; never shown."""

    def to_json(self) -> dict[str, Any]:
        """The documented JSON object of ``shop ask --json`` (docs/json.md)."""
        return {
            "intent": self.intent.to_json(),
            "moment": self.moment.to_json(),
            "results": [r.to_json() for r in self.recommendations],
            "near_misses": [r.to_json() for r in self.near_misses],
            "matching": self.matching,
            "text": self.text,
            "question": self.question.to_json() if self.question else None,
            "differences": [{"label": d.label, "values": list(d.values)} for d in self.differences],
            "cart": list(self.cart),
            "saved": list(self.saved),
            "timings": {k: round(v, 2) for k, v in self.timings.items()},
        }


@dataclass(frozen=True, slots=True)
class CardsReady:
    """First event of a turn: ranked products with the reasons their fields give; no model needed.

    Sent again in the same turn only when the model read something that changes the list.
    """

    reply: Reply


@dataclass(frozen=True, slots=True)
class ReasonsReady:
    """The reasons of one shown product, improved by the model."""

    product_id: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Done:
    """Last event of a turn: the whole reply."""

    reply: Reply


Event = CardsReady | ReasonsReady | Done
