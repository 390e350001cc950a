"""Qualities people compare by: the words for them and the fields that measure them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Quality:
    """A comparable quality. ``fields`` in order of preference; ``direction`` +1 means more is meant.

    ``plain``, ``more`` and ``most`` are the words for the wish ("quiet"), the
    comparison ("quieter") and the superlative ("quietest").
    """

    name: str
    plain: tuple[str, ...]
    more: tuple[str, ...]
    most: tuple[str, ...]
    fields: tuple[str, ...]
    direction: int
    hint: str = ""
    """What a longer wish says when it means this quality ("that doesn't wake the baby"), a regex."""


_BIG: Final = (
    "capacity", "volume", "screen", "screen_size", "diagonal", "size", "pieces", "piece_count", "sleeps", "length", "width",
    "height", "weight",
)  # fmt: skip

QUALITIES: Final = (
    Quality("cheap", ("cheap", "affordable", "inexpensive", "low cost", "budget friendly", "not too pricey", "not too expensive",
                      "not expensive", "not pricey", "not that expensive", "good value", "reasonably priced", "won't break the bank"),
            ("cheaper", "less expensive", "less pricey", "more affordable", "lower priced"),
            ("cheapest", "least expensive", "lowest price", "lowest priced", "most affordable"), ("price",), -1, r"\b(?:student|tight|small|low) budget\b|\bcan'?t (?:afford|spend) much\b|\bwithout spending (?:much|a fortune)\b"),
    Quality("expensive", ("premium", "luxury", "luxurious", "high end", "fancy", "upmarket"),
            ("more expensive", "pricier", "more premium", "fancier"), ("most expensive", "priciest"), ("price",), 1),
    Quality("quiet", ("quiet", "silent", "noiseless", "low noise", "not too loud", "not loud", "not noisy", "whisper quiet"),
            ("quieter", "less loud", "less noisy", "more quiet", "more silent"), ("quietest", "least noisy", "least loud", "most quiet"),
            ("noise", "noise_level"), -1, r"\bwak(?:e|es|ing)\b|\bsleep(?:s|ing)\b|\bnoise\b(?!.cancel)|\bthin walls\b|\bhear\b|\b(?:make|too much) (?:a )?(?:racket|noise)\b"),
    Quality("light", ("light", "lightweight", "not too heavy", "not heavy"), ("lighter", "less heavy", "more lightweight"),
            ("lightest", "least heavy"), ("weight",), -1, r"\bcarry(?:ing)?\b|\bcarried\b|\bbackpacking\b|\bmy back\b"),
    Quality("heavy", ("heavy", "weighty"), ("heavier",), ("heaviest",), ("weight",), 1),
    Quality("big", ("big", "large", "huge", "spacious", "roomy"), ("bigger", "larger", "roomier", "more spacious"),
            ("biggest", "largest", "roomiest"), _BIG, 1, r"\b(?:big|large|whole) (?:family|families|household|groups?)\b|\bplenty of (?:room|space)\b|\blots of people\b"),
    Quality("small", ("small", "compact", "little", "tiny", "not too big", "not too large", "space saving"),
            ("smaller", "more compact", "tinier"), ("smallest", "tiniest", "most compact"), _BIG, -1, r"\b(?:small|tiny|little|cramped) (?:kitchen|flat|apartment|room|space|desk|home|house|bathroom|studio|balcony)\b|\bnot (?:take|taking) up\b|\btakes? up little\b"),
    Quality("fast", ("fast", "quick", "speedy"), ("faster", "quicker"), ("fastest", "quickest"),
            ("boil_time", "heat_up", "heat_up_time", "charge_time", "cook_time", "dry_time"), -1, r"\bin no time\b|\bin a hurry\b|\bimpatient\b"),
    Quality("powerful", ("powerful",), ("more powerful", "stronger"), ("most powerful", "strongest"), ("power", "suction", "wattage"), 1),
    Quality("bright", ("bright",), ("brighter",), ("brightest",), ("brightness", "luminous_flux", "lumens"), 1),
    Quality("warm", ("warm", "toasty"), ("warmer",), ("warmest",), ("warmth", "tog", "insulation"), 1, r"\b(?:cold|freezing) (?:winters?|nights?|evenings?|weather)\b|\bkeeps? (?:me|us|him|her) warm\b"),
    Quality("long-lasting", ("long lasting", "long battery", "long battery life"), ("longer lasting", "longer battery life"),
            ("longest lasting", "longest battery life"), ("battery_life", "burn_time", "runtime", "battery"), 1, r"\blasts? (?:all|the whole|a full|for a whole) (?:day|night|week)\b|\ball day\b|\blong flights?\b"),
    Quality("long", ("long",), ("longer",), ("longest",), ("length", "cable_length", "battery_life"), 1),
    Quality("short", ("short",), ("shorter",), ("shortest",), ("length", "cable_length"), -1),
    Quality("tall", ("tall", "high"), ("taller", "higher"), ("tallest", "highest"), ("height",), 1),
    Quality("well rated", ("best", "well rated", "highly rated", "good reviews", "great reviews", "well reviewed", "top rated", "good ratings", "good rating"),
            ("better rated", "better reviewed", "higher rated"), ("best rated", "highest rated", "best reviewed", "best reviews", "best rating"),
            ("rating",), 1),
    Quality("popular", ("popular", "well known"), ("more popular",), ("most popular", "bestselling", "best selling", "most reviewed"),
            ("review_count",), 1),
)  # fmt: skip

_BY_WORD: Final = {w: q for q in QUALITIES for w in q.plain}


def quality_of(wish: str) -> Quality | None:
    """The quality a wish speaks of (``"whisper quiet"`` → quiet), None for other wishes."""
    said = wish.lower().replace("-", " ")
    return _BY_WORD.get(said) or next(
        (q for q in QUALITIES if q.hint and re.search(q.hint, said)), None
    )
