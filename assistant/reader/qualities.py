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
    others: tuple[tuple[str, int], ...] = ()
    """Further fields that tell it, each with the direction that is meant of it."""

    @property
    def measures(self) -> tuple[tuple[str, int], ...]:
        """Every field that tells it with its direction, in order of preference."""
        return (*((name, self.direction) for name in self.fields), *self.others)


_BIG: Final = (
    "capacity", "volume", "screen", "screen_size", "diagonal", "size", "pieces", "piece_count", "sleeps", "length", "width",
    "height",
)  # fmt: skip

_OUTSIDE: Final = ("footprint", "width", "depth", "height", "diameter", "length")
"""What a thing takes up where it stands."""
_PLACE: Final = r"(?:bed|living |dining |bath|class)?(?:room|kitchen|flat|apartment|space|desk|home|house|studio|balcony|worktop|counter|shelf|garden|office|hall)s?"

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
    Quality("small", ("small", "little", "tiny", "teeny", "smallish", "pocket sized", "pocket size", "not big", "not large", "not too big", "not too large",
                      "too big", "too large", "too huge"),
            ("smaller", "tinier"), ("smallest", "tiniest", "teeniest"), _BIG, -1),
    Quality("compact", ("compact", "not bulky", "not too bulky", "too bulky", "space saving"), ("more compact", "less bulky"), ("most compact", "least bulky"),
            (*_OUTSIDE, "capacity", "volume", "screen", "screen_size", "diagonal", "size"), -1),
    Quality("small place", (), (), (), (*_OUTSIDE, "capacity", "volume"), -1,
            rf"\b(?:small|tiny|little|cramped|narrow|compact) {_PLACE}\b|\bnot (?:take|taking) up\b|\btakes? up little\b|\blittle (?:space|room)\b"),
    Quality("large room", (), (), (), ("room_size", "coverage_area", "coverage", "area"), 1, rf"\b(?:big|large|huge|spacious|open plan) {_PLACE}\b"),
    Quality("fast charging", ("fast charging", "quick charging", "rapid charging", "charges fast", "charges quickly"), ("faster charging",), ("fastest charging",),
            ("charge_time", "charging_time"), -1, r"\b(?:fast|quick|rapid|super ?fast) charg", (("charging_power", 1), ("output_power", 1), ("output", 1), ("power", 1), ("wattage", 1))),
    Quality("quick to set up", ("easy to pitch", "quick to pitch", "easy to set up", "quick to set up", "easy to assemble", "quick to assemble"),
            ("easier to pitch", "quicker to pitch", "easier to set up", "easier to assemble"), ("easiest to pitch", "quickest to pitch", "easiest to set up", "easiest to assemble"),
            ("setup_time", "assembly_time"), -1, r"\b(?:easy|easily|quick|quickly|fast|simple|simply) (?:to )?(?:pitch|set ?up|put up|assembl)"),
    Quality("quick to play", (), (), (), ("play_time", "playing_time"), -1, r"\b(?:quick|short|fast) (?:to play|games?|rounds?)\b"),
    Quality("few pieces", ("few pieces", "not too many pieces", "too many pieces"), ("fewer pieces",), ("fewest pieces",), ("pieces", "piece_count"), -1,
            r"\b(?:few|fewer|not (?:too|so|that) many|too many) (?:small |little |tiny )?(?:parts|pieces|bits)\b"),
    Quality("waterproof", (), (), (), ("water_column", "waterproof_rating"), 1, r"^(?:fully |really |completely )?water ?proof\b|\b(?:heavy|pouring|lots of) rain\b"),
    Quality("keeps hot", (), (), (), ("keeps_hot",), 1, r"\b(?:keep|stay)s?\b.*\b(?:hot|warm)\b"),
    Quality("keeps cold", (), (), (), ("keeps_cold",), 1, r"\b(?:keep|stay)s?\b.*\b(?:cold|cool)\b"),
    Quality("fast", ("fast", "quick", "speedy", "not slow", "not too slow", "too slow"), ("faster", "quicker", "speedier", "less slow"), ("fastest", "quickest", "speediest"),
            ("boil_time", "heat_up", "heat_up_time", "charge_time", "cook_time", "dry_time"), -1, r"\bin no time\b|\bin a hurry\b|\bimpatient\b"),
    Quality("powerful", ("powerful", "high powered", "high power", "not too weak", "too weak"), ("more powerful", "stronger", "less weak", "higher powered"),
            ("most powerful", "strongest", "highest power"), ("power", "suction", "wattage"), 1),
    Quality("bright", ("bright", "luminous", "not too dim", "too dim"), ("brighter", "less dim", "more luminous"), ("brightest",), ("brightness", "luminous_flux", "lumens"), 1),
    Quality("dim", ("dim", "not too bright", "too bright"), ("dimmer", "less bright"), ("dimmest",), ("brightness", "luminous_flux", "lumens"), -1),
    Quality("warm", ("warm", "toasty"), ("warmer", "toastier"), ("warmest",), ("warmth", "tog", "insulation"), 1,
            r"\b(?:cold|freezing) (?:winters?|nights?|evenings?|weather)\b|\bkeeps? (?:me|us|him|her) warm\b", (("comfort_temperature", -1),)),
    Quality("long-lasting", ("long lasting", "long burning", "slow burning", "long battery", "long battery life", "good battery life", "great battery life"),
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


_DEGREE: Final = re.compile(
    r"(?:(?:really|very|super|ultra|extra|extremely|especially|particularly|quite|fairly|pretty|rather|so|as|relatively|reasonably|nice and) )+(?=\w)"
)
_ADJUNCT: Final = re.compile(r" (?:as possible|at night|in use|in operation|enough\b.*)$")


def quality_of(wish: str) -> Quality | None:
    """The quality a wish speaks of (``"whisper quiet"`` → quiet), None for other wishes; of however
    high a degree ("really quiet", "quiet as possible").
    """
    said = " ".join(wish.lower().replace("-", " ").split())
    plain = _ADJUNCT.sub("", said)
    degree = _DEGREE.match(plain)
    for words in (said, plain, plain[degree.end() :] if degree else plain):
        if quality := _BY_WORD.get(words) or _COMPARED.get(words):
            return quality
    return next((q for q in QUALITIES if q.hint and re.search(q.hint, said)), None)


def measures_of(wish: str) -> tuple[tuple[str, int], ...]:
    """The fields that tell how far a wish is met, each with +1 where more of it is meant, in order of
    preference: of its quality, or of the part a quality is said of ("big bag", "low salt").
    """
    said = " ".join(wish.lower().replace("-", " ").split())
    if quality := quality_of(said):
        return quality.measures
    word, _, part = said.partition(" ")
    sized = _BY_WORD.get(word)
    direction = _MUCH.get(word) or (
        sized.direction if sized is not None and sized.fields == _BIG else 0
    )
    return tuple((name, direction) for name in PARTS.get(part, ())) if direction else ()


_MUCH: Final = {"high": 1, "low": -1}

_NEEDS: Final = (
    (r"\b(?:bad|sore|aching) backs?\b|\bback ?(?:ache|pain)\b", ("lumbar_support",)),
    (r"\b(?:keep|stay)s?\b.*\b(?:cold|cool|hot|warm)\b", ("insulated",)),
    (r"\ballerg", ("hepa_filter", "hypoallergenic")),
    (r"\bwrist (?:pain|ache|rest)\b|\b(?:sore|bad) wrists?\b", ("wrist_rest", "ergonomic")),
    (r"\b(?:pets?|dogs?|cats?|animal) hairs?\b", ("pet_hair",)),
)


def flags_of(wish: str) -> tuple[str, ...]:
    """The yes-or-no fields that answer a need, under a name the wish does not say: for back pain,
    lumbar support.
    """
    said = wish.lower().replace("-", " ")
    return tuple(name for pattern, names in _NEEDS if re.search(pattern, said) for name in names)
