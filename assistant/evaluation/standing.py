"""Claims that compare: a place among what fits or what is shown, a value and whose it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from assistant.evaluation.records import (
    COUNT,
    MONEY,
    NUMBER,
    base,
    count,
    field_of,
    gap_is,
    holds,
    minor,
    quantity,
    stating,
    texts_of,
)
from assistant.moment import Moment
from catalog.constraint import Constraint
from catalog.product import Measure, Product
from catalog.units import to_base
from catalog.verdict import Verdict, judge

_SIZES: Final = ("capacity", "volume", "screen", "screen_size", "diagonal", "size")
_TIMES: Final = ("heat_up", "heat_up_time", "charge_time", "cook_time", "dry_time")
_LASTING: Final = ("battery_life", "runtime")
_NOISES: Final = ("noise", "noise_level")
MOST: Final[Mapping[str, tuple[tuple[str, ...], int]]] = {
    "quietest": (_NOISES, -1), "loudest": (_NOISES, 1), "lightest": (("weight",), -1), "heaviest": (("weight",), 1), "cheapest": (("price",), -1),
    "most expensive": (("price",), 1), "smallest": (_SIZES, -1), "largest": (_SIZES, 1), "quickest": (_TIMES, -1), "slowest": (_TIMES, 1),
    "shortest-lived": (_LASTING, -1), "longest-lasting": (_LASTING, 1), "shortest-burning": (("burn_time",), -1), "longest-burning": (("burn_time",), 1),
    "least powerful": (("power",), -1), "most powerful": (("power",), 1), "lowest rated": (("rating",), -1), "best rated": (("rating",), 1),
    "least reviewed": (("review_count",), -1), "most reviewed": (("review_count",), 1), "dimmest": (("brightness",), -1), "brightest": (("brightness",), 1),
    "fastest to boil": (("boil_time",), -1), "slowest to boil": (("boil_time",), 1), "shortest": (("length",), -1), "longest": (("length",), 1),
    "lowest": (("height",), -1), "tallest": (("height",), 1), "narrowest": (("width",), -1), "widest": (("width",), 1), "shallowest": (("depth",), -1),
    "deepest": (("depth",), 1), "thinnest": (("thickness",), -1), "thickest": (("thickness",), 1),
    "least waterproof": (("water_column",), -1), "most waterproof": (("water_column",), 1), "shortest-cooling": (("keeps_cold",), -1),
    "longest-cooling": (("keeps_cold",), 1), "shortest-warming": (("keeps_hot",), -1), "longest-warming": (("keeps_hot",), 1),
    "warmest": (("comfort_temperature",), -1), "least warm": (("comfort_temperature",), 1), "quickest to set up": (("setup_time",), -1),
    "slowest to set up": (("setup_time",), 1),
}  # fmt: skip
"""Superlative → the fields it may be about, and +1 where it means much."""
MORE: Final[Mapping[str, tuple[tuple[str, ...], int]]] = {
    "quieter": (_NOISES, -1), "louder": (_NOISES, 1), "lighter": (("weight",), -1), "heavier": (("weight",), 1), "cheaper": (("price",), -1),
    "dearer": (("price",), 1), "smaller": (_SIZES, -1), "larger": (_SIZES, 1), "quicker": (_TIMES, -1), "slower": (_TIMES, 1),
    "shorter-lived": (_LASTING, -1), "longer-lasting": (_LASTING, 1), "shorter-burning": (("burn_time",), -1), "longer-burning": (("burn_time",), 1),
    "less powerful": (("power",), -1), "more powerful": (("power",), 1), "lower rated": (("rating",), -1), "better rated": (("rating",), 1),
    "less reviewed": (("review_count",), -1), "more reviewed": (("review_count",), 1), "dimmer": (("brightness",), -1), "brighter": (("brightness",), 1),
    "faster to boil": (("boil_time",), -1), "slower to boil": (("boil_time",), 1), "shorter": (("length",), -1), "longer": (("length",), 1),
    "lower": ((), -1), "taller": (("height",), 1), "narrower": (("width",), -1), "wider": (("width",), 1), "shallower": (("depth",), -1),
    "deeper": (("depth",), 1), "thinner": (("thickness",), -1), "thicker": (("thickness",), 1), 
    "less waterproof": (("water_column",), -1), "more waterproof": (("water_column",), 1), "shorter-cooling": (("keeps_cold",), -1),
    "longer-cooling": (("keeps_cold",), 1), "shorter-warming": (("keeps_hot",), -1), "longer-warming": (("keeps_hot",), 1),
    "higher": ((), 1), "warmer": (("comfort_temperature",), -1), "less warm": (("comfort_temperature",), 1),
    "quicker to set up": (("setup_time",), -1), "slower to set up": (("setup_time",), 1), "less": ((), -1), "more": ((), 1),
}  # fmt: skip
"""Comparative → the fields it may be about, and +1 where it means more; "less" may be about any."""


def _any_of(words: Mapping[str, object]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


VAL: Final = rf"(?:{NUMBER} from [\d,]+ reviews?|-?{MONEY}(?:%| ?(?!that\b|of\b|and\b|are\b|is\b|less\b|more\b|under\b|over\b|above\b|below\b|left\b)[^\d\s,;:()“”«»⟦⟧]+(?: oz)?)?)"
SUP: Final = rf"{_any_of(MOST)}|(?:lowest|highest) [a-z0-9 ]+?"
CMP: Final = rf"{_any_of(MORE)}|(?:lower|higher) in [a-z0-9 ]+?"
KIND: Final = r"fit otherwise|fit|state it"
SHOWN: Final = rf"of (?:these (?P<these>{COUNT})|the (?P<stating>{COUNT}) here that state it)"
NAMED: Final = r"(?:(?P<field>[a-z][a-z0-9 ]*?) )?"


@dataclass(frozen=True, slots=True)
class Scene:
    """What one product's claims are held against.

    ``fitting`` gives the products (as sold) that meet some hard demands; ``past`` what the shopper
    did with this product, as texts; ``named`` the products that a marked name stands for.
    """

    product: Product
    moment: Moment
    shown: tuple[Product, ...] = ()
    fitting: Callable[[tuple[Constraint, ...]], Sequence[Product]] = lambda hard: ()
    past: Mapping[str, set[str]] = field(default_factory=dict)
    named: tuple[Product, ...] = ()
    quotes: tuple[str, ...] = ()
    like: Product | None = None


@dataclass(slots=True)
class Reading:
    """A sentence as far as it was read."""

    scene: Scene
    topic: str = ""
    """The field the claim before was about: what "unlike the others" goes on about."""


# what a value is a value of


def fields_with(product: Product, said: str) -> list[str]:
    """The numeric fields of a record that hold a value, as said."""
    names = ("price", "rating", "review_count", "stock", *product.attributes)
    return [n for n in names if holds(product, n, said)]


def field_named(reading: Reading, match: re.Match[str], said: str) -> list[str]:
    """The fields a value may be of: the one named beside it, else any that holds it."""
    named = match.groupdict().get("field")
    held = fields_with(reading.scene.product, said)
    if named:
        held = [f for f in held if f == field_of(named.strip())]
    if held:
        reading.topic = held[0]
    return held


def meant(
    words: Mapping[str, tuple[tuple[str, ...], int]], said: str, held: Sequence[str]
) -> list[tuple[str, int]]:
    """(field, direction) a word of comparison may mean, of the fields the value is of."""
    if said in words:
        fields, direction = words[said]
        return [(f, direction) for f in held if not fields or f in fields]
    way, _, name = said.partition(" ")
    named = field_of(name.removeprefix("in "))
    return [(f, 1 if way in ("highest", "higher") else -1) for f in held if f == named]


def value(reading: Reading, match: re.Match[str]) -> bool:
    """Whether the record bears out: ``noise 54 dB``."""
    return bool(field_named(reading, match, match["val"]))


# places among what fits


def peers(reading: Reading, kind: str, name: str) -> list[list[tuple[float, str | None]]]:
    """The values of a field over what a rank may be counted over."""
    scene = reading.scene
    hard = scene.moment.hard
    if kind == "fit otherwise" or (
        kind == "state it" and any(judge(scene.product, c) is Verdict.VIOLATION for c in hard)
    ):
        hard = tuple(c for c in hard if judge(scene.product, c) is not Verdict.VIOLATION)
    fitting = scene.fitting(hard)
    values = stating(fitting, name)
    if kind != "state it" and len(values) != len(fitting):
        return []
    return [values]


def standing(
    reading: Reading, name: str, direction: int, kind: str, total: int
) -> tuple[int, int] | None:
    """(how many are strictly better, how many just as good) among so many; None if it is not so many."""
    own = base(reading.scene.product, name)
    for values in peers(reading, kind, name):
        same = [v for v, unit in values if own is not None and unit == own[1]]
        if own is None or len(same) != total:
            continue
        slack = 1e-9 * max(1.0, abs(own[0]))
        better = sum((v - own[0]) * direction > slack for v in same)
        return better, sum(abs(v - own[0]) <= slack for v in same)
    return None


def place(reading: Reading, match: re.Match[str]) -> bool:
    """Whether the record bears out: ``54 dB: 2nd quietest of the 38 that fit``."""
    held = fields_with(reading.scene.product, match["val"])
    for name, direction in meant(MOST, match["sup"], held):
        stand = standing(reading, name, direction, match["kind"], count(match["all"]))
        if stand is None:
            continue
        reading.topic = name
        better, alike = stand
        if match["nth"]:
            return better + 1 == count(match["nth"])
        return better == 0 and (alike > 1) == match["tie"].startswith("one")
    return False


def behind(reading: Reading, match: re.Match[str]) -> bool:
    """Whether the record bears out: ``70 dB: 30 of the 38 that fit are quieter``."""
    held = fields_with(reading.scene.product, match["val"])
    for name, direction in meant(MORE, match["cmp"], held):
        stand = standing(reading, name, direction, match["kind"], count(match["all"]))
        if stand is not None:
            return stand[0] == count(match["k"])
    return False


# places among what is shown


def beside(reading: Reading, match: re.Match[str], name: str) -> list[float] | None:
    """The values of those shown, if they are as many as said and in one unit."""
    values = stating(reading.scene.shown, name)
    said = count(match["these"] or match["stating"])
    everything = len(values) == len(reading.scene.shown)
    if len(values) != said or everything != bool(match["these"]) or len({u for _, u in values}) > 1:
        return None
    return [v for v, _ in values]


def extreme(reading: Reading, match: re.Match[str]) -> bool:
    """Whether the record bears out: ``the cheapest of these six``."""
    names = [n for n in ("price", "rating", "review_count", *reading.scene.product.attributes)]
    for name, direction in meant(MOST, match["sup"], names):
        own, values = base(reading.scene.product, name), beside(reading, match, name)
        if own is not None and values is not None:
            best = max(values) if direction > 0 else min(values)
            if own[0] == best and values.count(best) == 1:
                return True
    return False


def rank_shown(reading: Reading, match: re.Match[str]) -> bool:
    """Whether the record bears out: ``2nd cheapest of these six``, ``one of the lightest of these six``."""
    names = ["price", "rating", "review_count", *reading.scene.product.attributes]
    for name, direction in meant(MOST, match["sup"], names):
        own, values = base(reading.scene.product, name), beside(reading, match, name)
        if own is None or values is None:
            continue
        better = sum((v - own[0]) * direction > 0 for v in values)
        alike = values.count(own[0])
        if match["nth"] and better + 1 == count(match["nth"]) and alike == 1:
            return True
        if not match["nth"] and better == 0 and (alike > 1) == (match["tie"] == "one of the "):
            return True
    return False


def behind_shown(reading: Reading, match: re.Match[str]) -> bool:
    """Whether the record bears out: ``1.2 kg: two of these six are lighter``."""
    for name, direction in meant(
        MORE, match["cmp"], fields_with(reading.scene.product, match["val"])
    ):
        own, values = base(reading.scene.product, name), beside(reading, match, name)
        if own is not None and values is not None:
            return sum((v - own[0]) * direction > 0 for v in values) == count(match["k"])
    return False


def unlike(reading: Reading, match: re.Match[str]) -> bool:
    """Whether the record bears out: ``unlike the other five here``."""
    product, name = reading.scene.product, reading.topic
    others = [p for p in reading.scene.shown if p.id != product.id]
    held = [p.attributes.get(name) for p in others]
    own = product.attributes.get(name)
    if own is None or len(others) != count(match["n"]) or any(h is None for h in held):
        return False
    if isinstance(own, bool):
        return all(isinstance(h, bool) and h != own for h in held)
    return not any(texts_of(own) & texts_of(h) for h in held)


def than(reading: Reading, match: re.Match[str]) -> bool:
    """Whether the record bears out: ``64 dB, 3 dB quieter than the Hush``."""
    scene = reading.scene
    other = scene.named[int(match["title"])]
    gap = match["gap"]
    for name, direction in meant(MORE, match["cmp"], fields_with(scene.product, match["val"])):
        own, theirs = base(scene.product, name), base(other, name)
        if own is None or theirs is None or own[1] != theirs[1]:
            continue
        if (own[0] - theirs[0]) * direction > 0 and apart(
            scene.product, name, own[0], theirs[0], gap
        ):
            return True
    return False


def apart(product: Product, name: str, own: float, other: float, gap: str) -> bool:
    """Whether two values of a field, in its base unit, lie so far apart as said."""
    if name == "price":
        return minor(gap, product.currency) == round(abs(own - other))
    said, held = quantity(gap), product.attributes.get(name)
    unit = held.unit if isinstance(held, Measure) else None
    if said is None:
        return False
    factor = to_base(1.0, unit)[0] if unit else 1.0
    return (
        gap_is(own / factor, other / factor, said, None)
        if not unit
        else gap_in(own, other, unit, said.number, said.unit)
    )


def gap_in(own: float, other: float, unit: str, said: float, said_unit: str | None) -> bool:
    """Whether a gap is what is said, up to two decimals of the record's unit."""
    scale = to_base(1.0, unit)[0]
    return (
        said_unit in (unit.lower(), "c")
        and abs(abs(own - other) / scale - said) <= 0.00501 + 1e-5 * said
    )
