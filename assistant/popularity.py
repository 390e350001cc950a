"""How popular a product is, and the dial from what everybody buys to what this moment asks for.

Relevance, fit and quality say how well a product answers the moment: p(moment | item). How many
buy it has no part in them, so up to a constant the score is the logarithm of the probability
ratio p(item | moment) / p(item) of Pellegrini, Zhao and Murray, "Don't Recommend the Obvious"
(RecSys 2022). Adding log p(item) back gives p(item | moment), what a log of sales would predict.
The dial lies between the two. Figures: docs/experiments.md.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from catalog.errors import UsageError
from catalog.product import Product

PERSONAL: Final = 1.0
"""The dial at the ratio; at 0 it is at the probability itself."""

TEMPERATURE: Final = 0.1
"""Of the softmax that makes probabilities of scores: the likeliest for the judged products of the dev
dialogues, where .08 and .15 are hardly worse."""

_SMOOTHING: Final = 10.0
"""Reviews every product is counted with, so that one without any is possible and not infinitely
surprising."""


@dataclass(frozen=True, slots=True)
class Popularity:
    """How far the dial is turned towards what everybody buys, and what is usual in the catalogue."""

    dial: float
    """0 popular … 1 personal."""
    usual: float
    """The mean number of reviews: the nearest thing to sales that a feed has."""

    def logarithm(self, product: Product) -> float:
        """Log p(item), up to a constant: 0 for one as popular as the mean."""
        bought = (product.review_count or 0) + _SMOOTHING
        return math.log(bought / (self.usual + _SMOOTHING))

    def part(self, product: Product) -> float:
        """What popularity adds to a product's score."""
        return (PERSONAL - self.dial) * TEMPERATURE * self.logarithm(product)


def checked(dial: float) -> float:
    """The dial, if it can be turned there. Raises UsageError."""
    if not 0 <= dial <= PERSONAL:
        raise UsageError(f"the dial goes from 0 (popular) to 1 (personal), not to {dial:g}")
    return float(dial)


def leaning_text(dial: float) -> str:
    """What the dial means where it is, in a sentence."""
    if dial == PERSONAL:
        return "What others buy doesn't count: only what you asked for."
    much = "a little" if dial >= 2 / 3 else "a fair bit" if dial > 1 / 3 else "a lot"
    return f"What many people buy counts {much} now."
