"""Which field a number speaks of: by a name beside it, by what it weighs or carries, by its unit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from assistant.reader.loads import is_load
from assistant.reader.lookups import lookups_of
from assistant.reader.numbers import Quantity
from assistant.reader.scope import Scope
from assistant.reader.utterance import Utterance
from catalog.constraint import Op
from catalog.text import stem, tokens
from catalog.units import to_base
from retrieval.vocabulary import MeasuredField, Vocabulary

_LENGTHS: Final = frozenset(
    """length width height depth diameter thickness circumference size screen diagonal breadth span reach inches""".split()
)
"""The last words of names that a bare length may measure; 2 m is never the water column of a tent."""
_DISTANCES: Final = frozenset({"distance", "range", "reach"})
_MANIFOLD: Final = frozenset({"cm", "min"})
"""Base units of what a thing has many of: a bare length may be its width as well as its height."""
HEADS: Final = ("sleeps", "persons", "people", "person", "players", "capacity_persons")
"""Fields that count people, also where a feed gives them as bare numbers."""

# base unit → field names to try, in order; the first is assumed when the catalogue has none
FIELDS_BY_UNIT: Final[dict[str, tuple[str, ...]]] = {
    "l": ("capacity", "volume", "content", "size"),
    "g": ("weight", "net_weight", "content", "pack_weight"),
    "cm": ("length", "screen", "screen_size", "size", "diameter", "width", "height"),
    "W": ("power", "wattage"), "dB": ("noise", "noise_level"), "GB": ("storage", "memory"), "Hz": ("refresh_rate",),
    "min": ("battery_life", "runtime", "burn_time", "playing_time", "boil_time"),
    "pc": ("pieces", "pack_size", "count"), "lm": ("brightness", "lumens"), "mAh": ("capacity", "battery"), "V": ("voltage",),
    "SPF": ("spf",), "MP": ("resolution",), "sheet": ("sheets", "pages"), "person": ("sleeps", "capacity", "players"),
    "den": ("denier",), "K": ("color_temperature",), "C": ("temperature", "comfort_temperature"), "bar": ("pressure",), "rpm": ("speed",), "%": ("content",),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Dimension:
    """Something every shopper can name a number by, whatever a catalogue calls its fields.

    ``fields`` in order of preference; the first is named when the catalogue has none of them.
    """

    fields: tuple[str, ...]
    base: str


_HEIGHT: Final = Dimension(("height",), "cm")
_WIDTH: Final = Dimension(("width",), "cm")
_DEPTH: Final = Dimension(("depth",), "cm")
_LENGTH: Final = Dimension(("length",), "cm")
_THICKNESS: Final = Dimension(("thickness",), "cm")
_DIAMETER: Final = Dimension(("diameter",), "cm")
_WEIGHT: Final = Dimension(("weight",), "g")
_NOISE: Final = Dimension(("noise", "noise_level"), "dB")

_NAMES: Final[dict[str, Dimension]] = {
    "high": _HEIGHT, "tall": _HEIGHT, "height": _HEIGHT, "wide": _WIDTH, "broad": _WIDTH, "width": _WIDTH, "breadth": _WIDTH,
    "deep": _DEPTH, "depth": _DEPTH, "long": _LENGTH, "length": _LENGTH, "thick": _THICKNESS, "thickness": _THICKNESS,
    "diameter": _DIAMETER, "across": Dimension(("diameter", "width"), "cm"), "heavy": _WEIGHT, "weight": _WEIGHT, "weigh": _WEIGHT,
    "weighing": _WEIGHT, "loud": _NOISE, "noise": _NOISE,
    "carb": Dimension(("carbs",), "g"), "carbohydrate": Dimension(("carbs", "carbohydrates"), "g"), "protein": Dimension(("protein",), "g"),
    "fibre": Dimension(("fibre", "fiber"), "g"), "fiber": Dimension(("fiber", "fibre"), "g"), "sodium": Dimension(("sodium",), "g"),
    "caffeine": Dimension(("caffeine",), "g"), "warranty": Dimension(("warranty",), "month"), "guarantee": Dimension(("warranty",), "month"),
}  # fmt: skip
"""The stems of words that stand beside a number and say what it measures."""

COMPARED: Final[dict[str, tuple[int, Dimension | None]]] = {
    "taller": (1, _HEIGHT), "higher": (1, _HEIGHT), "lower": (-1, _HEIGHT), "wider": (1, _WIDTH), "broader": (1, _WIDTH),
    "narrower": (-1, _WIDTH), "slimmer": (-1, _THICKNESS), "deeper": (1, _DEPTH), "shallower": (-1, _DEPTH),
    "longer": (1, _LENGTH), "shorter": (-1, Dimension(("length", "height"), "cm")), "thicker": (1, _THICKNESS),
    "thinner": (-1, _THICKNESS), "heavier": (1, _WEIGHT), "lighter": (-1, _WEIGHT), "louder": (1, _NOISE), "noisier": (1, _NOISE),
    "quieter": (-1, _NOISE), "more high": (1, _HEIGHT), "more wide": (1, _WIDTH), "more deep": (1, _DEPTH), "more long": (1, _LENGTH),
    "more heavy": (1, _WEIGHT), "more": (1, None), "greater": (1, None), "bigger": (1, None), "larger": (1, None),
    "less": (-1, None), "fewer": (-1, None), "smaller": (-1, None), "cheaper": (-1, None), "pricier": (1, None), "dearer": (1, None),
    "more expensive": (1, None), "less expensive": (-1, None), "faster": (-1, None), "quicker": (-1, None),
}  # fmt: skip
"""What may stand before "than 30 cm": +1 for a lower limit, and what it is a limit of."""

_EITHER: Final = frozenset({"higher", "lower"})
"""Comparisons of heights that without a unit are comparisons of prices."""
_OTHER_NOUN: Final = re.compile(
    r"\s*-?\s*(?:speed|quality|end|power|resolution|res|definition|def|chairs?|capacity|waist|rise|tops?|heels?|heeled|neck|performance|pressure|visibility|density|grade"
    r"|sleeves?|sleeved|lasting|range|life|handled?|haul|leg|legged|angle|fit|fitting|brim|brimmed|screen|fat|fryers?|clean|cleaning|cleaner|tissue|duty|cream|protein)\b"
)
""""2 m high speed cable": here the adjective belongs to what follows it."""
_NO_NAMES: Final = frozenset({"color", "material", "gender", "price"})
_BEFORE: Final = frozenset(
    "is of a the with should be must at has have to its that thats than".split()
)
_AFTER: Final = frozenset("of in net total added".split())
_GLUED: Final = re.compile(r"(?<![\w.,])(?P<number>\d[\d.,]*)(?P<name>[A-Za-z]{2,})\b")
_FOR: Final = re.compile(r"\bfor\s+$")
_SIZED: Final = re.compile(r"\b(?:big|larg|small|long|short|wid|narrow|tall|high|deep|thick|thinn?)\w*er\s+than\s*$|\b(?:bigger|smaller|thinner)\s+than\s*$")  # fmt: skip
_SCREENS: Final = r"\b(?:monitors?|tvs?|televisions?|screens?|displays?|laptops?|tablets?)\b"
_SCREENED: Final = re.compile(_SCREENS)
_BEHIND_SCREEN: Final = re.compile(rf"{_SCREENS}\s+$")
_BEFORE_SCREEN: Final = re.compile(rf"\s+(?:[a-z][\w-]*\s+)?{_SCREENS}")
_SCREEN_INCHES: Final = (10, 100)


@dataclass(frozen=True, slots=True)
class Named:
    """A field named beside a number; ``start`` and ``end`` take in the name."""

    field: str
    start: int
    end: int
    unit: str | None
    """The base unit of the field, None for one of bare numbers."""


def names_apart(text: str, vocabulary: Vocabulary) -> str:
    """A number and the name of what it counts, written as one word, set apart: "2000dpi"."""
    numbers = lookups_of(vocabulary).numbers

    def apart(glued: re.Match[str]) -> str:
        named = tuple(tokens(glued["name"])) in numbers
        return f"{glued['number']} {glued['name']}" if named else glued.group()

    return _GLUED.sub(apart, text)


def bare_screen(u: Utterance, q: Quantity, scope: Scope) -> str | None:
    """The field of a screen whose inches go without saying: "monitor 27", "a 32 qhd monitor"."""
    low, high = _SCREEN_INCHES
    beside = u.behind(_BEHIND_SCREEN, q.start) or _BEFORE_SCREEN.match(u.lower, q.end)
    if q.unit or q.currency or not low <= q.value < high or not beside:
        return None
    measured = scope.vocabulary.measured
    screens = (n for n in ("screen", "screen_size") if n in measured)
    return next((n for n in screens if scope.carries(measured[n])), None)


def named_field(
    u: Utterance,
    start: int,
    end: int,
    q: Quantity,
    scope: Scope,
    op: Op | None = None,
    word: str | None = None,
) -> Named | None:
    """The field that words beside a number name, or that ``word`` ("taller") compares by.

    The catalogue's own names come first ("waist 32", "30 g of carbs"), then what
    everybody says ("50 cm high"), which names a field also where the catalogue has none.
    """
    vocabulary = scope.vocabulary
    base = to_base(1.0, q.unit)[1] if q.unit else None
    compared = COMPARED.get(word or "", (0, None))[1]
    if compared is not None and (
        compared.base == base or (base is None and compared is not _WEIGHT and word not in _EITHER)
    ):
        return _in_catalog(compared, start, end, scope)
    lookups = lookups_of(vocabulary)
    beside = [*_runs_before(u, start), *_runs_after(u, end)]
    for first, last in sorted(beside, key=lambda run: run[0] - run[1]):
        said = _stems(u, first, last)
        field = lookups.fields.get(said) or lookups.numbers.get(said)
        if field is None or field in _NO_NAMES or not _measures(field, base, scope.vocabulary):
            continue
        known = vocabulary.measured.get(field)
        if said not in lookups.fields and (known is None or not scope.carries(known)):
            continue
        one = last - first == 1 and not u.tokens[first].word.endswith("s")
        if (
            known
            and known.unit == "pc"
            and one
            and last <= u.token_at(start)
            and not scope.carries(known)
        ):
            # one of what is counted elsewhere is the thing itself: "bag up to 100"
            continue
        if (
            base
            and known
            and _is_sold(known, scope, limited=op is not None or first >= u.token_at(end))
        ):
            continue
        a, b = _around(u, start, end, first, last)
        return Named(field, a, b, known.unit if known else None)
    for first, last in beside:
        dimension = _NAMES.get(_stems(u, first, last)[0]) if last - first == 1 else None
        if dimension is None or not _stands_alone(u, first, end, base):
            continue
        if dimension.base == (base or "cm"):
            a, b = _around(u, start, end, first, last)
            return _in_catalog(dimension, a, b, scope)
    return None


def _stems(u: Utterance, first: int, last: int) -> tuple[str, ...]:
    # from the word as written: spelling correction knows no names of measured fields
    return tuple(stem(t.word) for t in u.tokens[first:last])


def _runs_before(u: Utterance, start: int) -> list[tuple[int, int]]:
    """Runs of up to three unread words right before a number, small words between passed over."""
    last = u.token_at(start)
    stops = [last]
    while last and u.tokens[last - 1].word in _BEFORE and len(stops) < 3:
        last -= 1
        stops.append(last)
    return [
        (stop - size, stop)
        for stop in reversed(stops)
        for size in (3, 2, 1)
        if stop - size >= 0
        and not any(u.taken(i) for i in range(stop - size, stop))
        and not any(
            _ends(u, i) for i in range(stop - size + 1, min(stops[0], len(u.tokens) - 1) + 1)
        )
    ]


def _runs_after(u: Utterance, end: int) -> list[tuple[int, int]]:
    """Runs of up to three words right after a number, "of" and "in" passed over."""
    first = u.token_at(end)
    starts = [first]
    while first < len(u.tokens) and u.tokens[first].word in _AFTER and len(starts) < 3:
        first += 1
        starts.append(first)
    return [
        (begin, begin + size)
        for begin in starts
        for size in (3, 2, 1)
        if begin + size <= len(u.tokens)
        and not any(_ends(u, i, commas=True) for i in range(starts[0], begin + size))
    ]


def _ends(u: Utterance, index: int, *, commas: bool = False) -> bool:
    return re.search(r"[,.;!?]" if commas else r"[.;!?]", u.gap(index)) is not None


def _around(u: Utterance, start: int, end: int, first: int, last: int) -> tuple[int, int]:
    return min(start, u.tokens[first].start), max(end, u.tokens[last - 1].end)


def _measures(field: str, base: str | None, vocabulary: Vocabulary) -> bool:
    """Whether a field of the catalogue can hold a number of that unit."""
    if field not in vocabulary.measured:
        return base is None and field in lookups_of(vocabulary).numbered
    return base is None or vocabulary.measured[field].unit in (base, None)


def _is_sold(field: MeasuredField, scope: Scope, *, limited: bool) -> bool:
    """Whether the name is rather that of the product: "500 g of sugar" where sugar is sold, "a bag
    of sugar, 500 g" anywhere. ``limited`` numbers, and those said to be "of" it, are of the field.
    """
    if scope.carries(field):
        return False
    by_itself = scope.vocabulary.has_type(tuple(tokens(field.name.replace("_", " "))))
    return by_itself or (field.unit == "g" and field.name != "weight" and not limited)


def _stands_alone(u: Utterance, first: int, end: int, base: str | None) -> bool:
    """Whether an adjective beside a number describes it, and not the noun after it."""
    token = u.tokens[first]
    if token.start < end:
        return token.word not in ("high", "long", "deep", "tall", "wide", "thick", "heavy", "loud")
    following = u.lower[token.end :]
    if _OTHER_NOUN.match(following):
        return False
    return (
        base is not None or re.match(r"\s*(?:$|[,.;!?)]|(?:or|and|max)\b)", following) is not None
    )


def _in_catalog(dimension: Dimension, start: int, end: int, scope: Scope) -> Named:
    """The dimension as the catalogue has it for these types: its own field, one that is a kind of
    it ("blade_length"), or its plain name.
    """
    vocabulary = scope.vocabulary
    own = [vocabulary.measured[f] for f in dimension.fields if f in vocabulary.measured]
    own = [m for m in own if m.unit in (dimension.base, None)]
    kinds_of_it = [
        m
        for m in vocabulary.measured.values()
        if dimension.base == "cm"
        and m.unit == dimension.base
        and m.name not in dimension.fields
        and m.name.rpartition("_")[2] in dimension.fields
        and scope.carries(m)
    ]
    chosen = next((m for m in own if scope.carries(m)), None)
    if chosen is None and len(kinds_of_it) == 1:
        chosen = kinds_of_it[0]
    if chosen is None:
        chosen = next(iter(own), None)
    if chosen is None:
        return Named(dimension.fields[0], start, end, dimension.base)
    return Named(chosen.name, start, end, chosen.unit)


def is_age(name: str) -> bool:
    """Whether a measured field is an age something is made for."""
    return "age" in name.split("_")


def _last_word(field: MeasuredField) -> str:
    return field.name.rpartition("_")[2]


def field_by_unit(u: Utterance, q: Quantity, op: Op | None, scope: Scope) -> tuple[str, str] | None:
    """The field that a unit measures for the types under discussion, with the unit to write.

    An upper limit of mass is never one of a load; months and years measure no age here (see
    :mod:`assistant.reader.sizes`), and only what the types under discussion state. A field of
    that dimension which was limited before goes first; where these types state none, a length
    or a time measures nothing that is known.
    """
    vocabulary = scope.vocabulary
    if q.unit is None:
        return None
    base = to_base(1.0, q.unit)[1]
    usual = FIELDS_BY_UNIT.get(base, ())
    held = scope.limited(base)
    if held is not None and not (op is Op.LE and is_load(held)):
        return held, q.unit
    lengths = _DISTANCES if q.unit in ("mi", "km") else _LENGTHS
    of_length = [m for m in vocabulary.measured.values() if m.unit == base]
    usual_here = [m for m in of_length if _last_word(m) in lengths and scope.carries(m)]
    # "3000 mm" of a tent can only be its water column, "bigger than 2 m" never is
    any_length = not usual_here and not u.behind(_SIZED, q.start)
    fitting = [
        m
        for m in of_length
        if not (
            base == "cm" and _last_word(m) not in lengths and not (any_length and scope.carries(m))
        )
        and not (op is Op.LE and base == "g" and is_load(m.name))
        and not (base == "month" and (is_age(m.name) or not scope.carries(m)))
    ]

    # of a type that does not state it, a number is never of the field of some other type
    fitting = [m for m in fitting if scope.carries(m)] or [
        m for m in fitting if m.name in usual and not scope.known
    ]

    def preference(field: MeasuredField) -> tuple[bool, int, int, int, str]:
        place = usual.index(field.name) if field.name in usual else len(usual)
        here = scope.carries(field)
        load = base == "g" and is_load(field.name)
        return (not here or load, -here, place + 100 * load, -field.count, field.name)

    if fitting:
        return min(fitting, key=preference).name, q.unit
    if base == "month":
        return None
    counted = (
        next((f for f in HEADS if f in vocabulary.measured), None) if base == "person" else None
    )
    if counted is not None:
        return counted, ""
    for_people = base == "person" and (vocabulary.rows or u.behind(_FOR, q.start))
    if for_people or (base == "cm" and q.unit in ("mi", "km")):
        # people and distances are measured by few shops; elsewhere they say what it is for
        return None
    if base == "cm" and _SCREENED.search(u.lower):
        return "screen_size", q.unit
    told = scope.kinds and vocabulary.rows
    if base in _MANIFOLD and told and not u.behind(_SIZED, q.start):
        return None
    return (usual[0], q.unit) if usual else None
