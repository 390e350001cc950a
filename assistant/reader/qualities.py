"""Qualities people compare by: the words for them and the fields that measure them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from assistant.reader.multiples import FRACTIONS, TIMES


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

_SAID: Final = (
    Quality("cheap", ("cheap", "affordable", "inexpensive", "economical", "low cost", "low priced", "budget friendly", "wallet friendly", "good value", "value for money",
                      "reasonably priced", "not too pricey", "not too expensive", "not too costly", "not too dear", "not expensive", "not pricey", "not costly",
                      "not that expensive", "too expensive", "too pricey", "too costly", "too dear", "too steep", "won't break the bank"),
            ("cheaper", "less expensive", "less pricey", "less costly", "less dear", "more affordable", "more economical", "lower priced", "lower in price"),
            ("cheapest", "least expensive", "least pricey", "least costly", "lowest price", "lowest prices", "lowest priced", "lowest cost", "most affordable"),
            ("price",), -1, r"\b(?:student|tight|small|low) budget\b|\bcan'?t (?:afford|spend) much\b|\bwithout spending (?:much|a fortune)\b"),
    Quality("expensive", ("premium", "luxury", "luxurious", "high end", "fancy", "upmarket", "upscale", "expensive", "pricey", "costly", "too cheap"),
            ("more expensive", "more costly", "more pricey", "pricier", "costlier", "dearer", "more premium", "more upmarket", "more luxurious", "fancier", "higher priced"),
            ("most expensive", "most costly", "priciest", "costliest", "dearest", "highest price", "highest priced"), ("price",), 1),
    Quality("quiet", ("quiet", "silent", "noiseless", "soundless", "low noise", "near silent", "whisper quiet", "not too loud", "not too noisy", "not loud", "not noisy",
                      "too loud", "too noisy"),
            ("quieter", "less loud", "less noisy", "more quiet", "more silent"), ("quietest", "least noisy", "least loud", "lowest noise", "most quiet", "most silent"),
            ("noise", "noise_level"), -1, r"\bwak(?:e|es|ing)\b|\bsleep(?:s|ing)\b|\bnoise\b(?!.cancel)|\bthin walls\b|\bhear\b|\b(?:make|too much) (?:a )?(?:racket|noise)\b"),
    Quality("loud", ("loud", "noisy", "too quiet"), ("louder", "noisier"), ("loudest", "noisiest"), ("noise", "noise_level"), 1),
    Quality("light", ("light", "lightweight", "light weight", "featherweight", "not too heavy", "not heavy", "too heavy"),
            ("lighter", "less heavy", "more lightweight"), ("lightest", "least heavy", "most lightweight"),
            ("weight",), -1, r"\bcarry(?:ing)?\b|\bcarried\b|\bbackpacking\b|\bmy back\b"),
    Quality("heavy", ("heavy", "weighty", "hefty", "not too light", "too light"), ("heavier", "weightier", "heftier"), ("heaviest",), ("weight",), 1),
    Quality("big", ("big", "large", "huge", "enormous", "gigantic", "massive", "sizeable", "sizable", "spacious", "roomy", "not small", "not too small", "not tiny",
                    "too small", "too little", "too tiny", "too cramped"),
            ("bigger", "larger", "roomier", "more spacious", "more roomy"), ("biggest", "largest", "roomiest", "most spacious"), _BIG, 1,
            r"\b(?:big|large|whole) (?:family|families|household|groups?)\b|\bplenty of (?:room|space)\b|\blots of people\b"),
    Quality("small", ("small", "compact", "little", "tiny", "teeny", "smallish", "pocket sized", "pocket size", "not big", "not large", "not bulky", "not too big", "not too large",
                      "not too bulky", "too big", "too large", "too bulky", "too huge", "space saving"),
            ("smaller", "more compact", "tinier", "less bulky"), ("smallest", "tiniest", "teeniest", "most compact", "least bulky"), _BIG, -1,
            r"\b(?:small|tiny|little|cramped) (?:kitchen|flat|apartment|room|space|desk|home|house|bathroom|studio|balcony)\b|\bnot (?:take|taking) up\b|\btakes? up little\b"),
    Quality("fast", ("fast", "quick", "speedy", "not slow", "not too slow", "too slow"), ("faster", "quicker", "speedier", "less slow"), ("fastest", "quickest", "speediest"),
            ("boil_time", "heat_up", "heat_up_time", "charge_time", "cook_time", "dry_time"), -1, r"\bin no time\b|\bin a hurry\b|\bimpatient\b"),
    Quality("powerful", ("powerful", "high powered", "high power", "not too weak", "too weak"), ("more powerful", "stronger", "less weak", "higher powered"),
            ("most powerful", "strongest", "highest power"), ("power", "suction", "wattage"), 1),
    Quality("bright", ("bright", "luminous", "not too dim", "too dim"), ("brighter", "less dim", "more luminous"), ("brightest",), ("brightness", "luminous_flux", "lumens"), 1),
    Quality("dim", ("dim", "not too bright", "too bright"), ("dimmer", "less bright"), ("dimmest",), ("brightness", "luminous_flux", "lumens"), -1),
    Quality("warm", ("warm", "toasty"), ("warmer", "toastier"), ("warmest",), ("warmth", "tog", "insulation"), 1, r"\b(?:cold|freezing) (?:winters?|nights?|evenings?|weather)\b|\bkeeps? (?:me|us|him|her) warm\b"),
    Quality("long-lasting", ("long lasting", "long battery", "long battery life", "good battery life", "great battery life"),
            ("longer lasting", "longer battery", "longer battery life", "better battery", "better battery life", "more battery life"),
            ("longest lasting", "lasts longest", "lasts the longest", "last longest", "last the longest", "longest battery", "longest battery life", "best battery life", "best battery"), ("battery_life", "burn_time", "runtime", "battery"), 1, r"\blasts? (?:all|the whole|a full|for a whole) (?:day|night|week)\b|\ball day\b|\blong flights?\b"),
    Quality("long", ("long", "not too short", "too short"), ("longer",), ("longest",), ("length", "cable_length", "battery_life"), 1),
    Quality("short", ("short", "not too long", "too long"), ("shorter",), ("shortest",), ("length", "cable_length"), -1),
    Quality("tall", ("tall", "high"), ("taller", "higher"), ("tallest", "highest"), ("height",), 1),
    Quality("low", ("not too tall", "not too high", "too tall", "too high"), ("less tall", "less high"), ("least tall",), ("height",), -1),
    Quality("wide", ("extra wide", "too narrow"), ("wider", "broader", "less narrow"), ("widest", "broadest"), ("width", "diameter"), 1),
    Quality("narrow", ("narrow", "not too wide", "too wide"), ("narrower", "less wide"), ("narrowest",), ("width", "diameter"), -1),
    Quality("deep", ("extra deep", "too shallow"), ("deeper", "less shallow"), ("deepest",), ("depth",), 1),
    Quality("shallow", ("shallow", "not too deep", "too deep"), ("shallower", "less deep"), ("shallowest",), ("depth",), -1),
    Quality("thick", ("extra thick", "too thin"), ("thicker",), ("thickest",), ("thickness",), 1),
    Quality("thin", ("extra thin", "not too thick", "too thick"), ("thinner", "less thick"), ("thinnest",), ("thickness",), -1),
    Quality("well rated", ("best", "well rated", "highly rated", "highly reviewed", "good reviews", "great reviews", "positive reviews", "well reviewed", "top rated", "good ratings", "good rating",
                           "great ratings", "great rating"),
            ("better rated", "better reviewed", "better reviews", "better ratings", "better rating", "higher rated", "higher rating", "more highly rated"),
            ("best rated", "highest rated", "best reviewed", "top reviewed", "best reviews", "best rating", "best ratings", "highest rating", "highest ratings"),
            ("rating",), 1),
    Quality("popular", ("popular", "well known"), ("more popular",),
            ("most popular", "bestselling", "best selling", "bestseller", "bestsellers", "best seller", "best sellers", "top selling", "top seller", "top sellers", "most reviewed"),
            ("review_count",), 1),
)  # fmt: skip
_DEGREES: Final = ("not so", "not that", "not very", "not overly")

QUALITIES: Final = tuple(
    replace(
        q,
        plain=(
            *q.plain,
            *(
                w.replace("not too", degree)
                for w in q.plain
                if w.startswith("not too ")
                for degree in _DEGREES
                if w.replace("not too", degree) not in q.plain
            ),
        ),
    )
    for q in _SAID
)
"""Adjectives with "too" stand with the quality they ask for: what is "too loud" should be quiet."""

PARTS: Final[dict[str, tuple[str, ...]]] = {
    "price": ("price",), "cost": ("price",), "noise": ("noise", "noise_level"), "weight": ("weight",),
    "capacity": ("capacity", "volume"), "volume": ("volume", "capacity"), "size": _BIG, "power": ("power", "wattage", "suction"), "wattage": ("power", "wattage"),
    "storage": ("storage",), "memory": ("memory", "storage"), "battery": ("battery_life", "runtime", "battery"), "battery life": ("battery_life", "runtime"),
    "height": ("height",), "width": ("width",), "length": ("length",), "depth": ("depth",), "diameter": ("diameter",), "rating": ("rating",),
    "pack": ("pack_size", "pieces", "count", "net_weight", "weight"), "packet": ("pack_size", "pieces", "count", "net_weight", "weight"),
    "box": ("pack_size", "pieces", "count", "net_weight", "capacity"), "bag": ("net_weight", "weight", "pack_size", "capacity", "volume"),
    "bottle": ("volume", "capacity"), "tube": ("volume", "capacity"), "jar": ("volume", "net_weight", "capacity"), "tin": ("net_weight", "volume", "weight"),
    "can": ("volume", "net_weight"), "screen": ("screen", "screen_size", "diagonal"), "piece": ("pieces", "piece_count"), "slot": ("slots",), "port": ("ports",),
    "bit": ("pieces", "piece_count", "count"), "sugar": ("sugar",), "salt": ("salt", "sodium"), "fat": ("fat",), "carb": ("carbs",), "caffeine": ("caffeine",), "calorie": ("calories",),
}  # fmt: skip
"""Fields that a noun after a comparison names: a "smaller pack" holds fewer, a "bigger bottle" more."""

_BY_WORD: Final = {w: q for q in QUALITIES for w in q.plain}
_COMPARED: Final = {
    w: q
    for q in reversed(QUALITIES)
    for w in (
        *(f"{degree} {w}" for degree in ("more", "most") for w in q.plain if w.isalpha()),
        *q.more,
    )
}
_AS: Final = re.compile(r"\bas\s+(?P<quality>[\w-]+)")


def factor_of(span: str) -> float | None:
    """What a comparison multiplies the field by: 0.5 for "half the price", None when it does not say.

    Twice as much of a quality that means less of its field is half of the field: 0.5 for "twice as
    cheap", 2.0 for "half as quiet".
    """
    said = " ".join(span.lower().split())
    factor = next(
        (f for word, f in (TIMES | FRACTIONS).items() if re.search(rf"\b{word}\b", said)), None
    )
    if factor is None:
        return None
    likened = _AS.search(said)
    quality = _BY_WORD.get(likened["quality"]) if likened else None
    return 1 / factor if quality is not None and quality.direction < 0 else factor


SUPERLATIVE: Final = re.compile(
    rf"\b(?:{'|'.join(re.escape(m) for q in QUALITIES for m in q.most)})\b"
)
"""What says that something has the most of a quality: "cheapest", "least noisy"."""


def quality_compared(words: str) -> Quality | None:
    """The quality that tells one from others ("dearer", "most cheap"), None for other words."""
    return _COMPARED.get(words.lower().replace("-", " "))


def quality_of(wish: str) -> Quality | None:
    """The quality a wish speaks of (``"whisper quiet"`` → quiet), None for other wishes."""
    said = wish.lower().replace("-", " ")
    return (
        _BY_WORD.get(said)
        or _COMPARED.get(said)
        or next((q for q in QUALITIES if q.hint and re.search(q.hint, said)), None)
    )
