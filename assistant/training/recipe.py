"""The five stages the adapter was made in, and how tagger and embedder were; figures in ``docs/experiments.md``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from assistant.training.data import Mixture
from assistant.training.embedder import EmbedderRecipe
from assistant.training.tagger import TaggerRecipe
from assistant.training.train import Recipe


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: what it learns from, how, and after how many steps it ends (None: all)."""

    name: str
    mixture: Mixture
    recipe: Recipe
    steps: int | None = None


_TALKS: Final = ("beauty_food", "clothes", "electronics", "everyday", "home", "outdoors", "toys")
_MORE_TALKS: Final = (
    "computers_audio", "craft_party", "diy_garden", "fashion", "food_health_baby", "furniture_kitchen",
    "sport_travel_pets", "toys_mixed",
)  # fmt: skip

STAGES: Final = (
    # Any word can be a value: many made sentences and labelled queries, the people's among them.
    # Ended before its schedule does: the second stage teaches more per token.
    Stage("general", Mixture(rounds=1, generated=4200, queries=3000, seed=1), Recipe(seed=3), 200),
    # How people talk: the utterances by hand twice, some of the others so that nothing is forgotten.
    Stage(
        "spoken",
        Mixture(rounds=2, generated=1200, queries=900, seed=2),
        Recipe(learning_rate=7e-4, warm_up=0.03, seed=4),
    ),
    Stage(
        "again",
        Mixture(rounds=2, generated=500, queries=0, seed=3),
        Recipe(learning_rate=6e-4, warm_up=0.03, seed=5),
    ),
    # Whole conversations: what is said after something was shown, and what it is about.
    Stage(
        "talks",
        Mixture(
            rounds=1,
            generated=300,
            queries=0,
            seed=4,
            talks=3,
            of=_TALKS,
        ),
        Recipe(learning_rate=7e-4, warm_up=0.03, seed=6),
    ),
    # As many again, with more brands, refusals and long openings.
    Stage(
        "more talks",
        Mixture(
            rounds=0,
            generated=0,
            queries=0,
            seed=5,
            talks=2,
            others=0.25,
            of=_MORE_TALKS,
            besides=_TALKS,
        ),
        Recipe(learning_rate=6e-4, warm_up=0.03, batch_tokens=1536, seed=8),
    ),
)

EMBEDDER: Final = EmbedderRecipe()
EMBEDDER_OF: Final = (
    "clothing", "electronics", "home", "kitchen", "beauty_baby", "sport_tools", "toys_media", "wishes",
)  # fmt: skip
"""The files of searches it learns from. With the others as well it found more, and ranked worse
(docs/experiments.md); they measure it.
"""

TAGGER: Final = TaggerRecipe()
TAGGER_OTHERS: Final = Mixture(rounds=0, generated=4000, queries=3000, seed=1)
"""Beside everything by hand, conversations of all files included: shown once."""
