"""Numbers in an utterance: budgets, ranges, measures, sizes, ratings, ages."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from assistant.reader.numbers import Quantity, find_quantities
from assistant.reader.sizes import age_limit, age_range, read_age, read_sizes, read_sun_protection
from assistant.reader.utterance import Utterance
from catalog.constraint import Constraint, Op
from catalog.money import to_minor
from catalog.text import tokens
from catalog.units import to_base
from retrieval.vocabulary import Vocabulary

_AT_MOST: Final = (
    r"under|below|less\s+than|lower\s+than|cheaper\s+than|smaller\s+than|lighter\s+than|shorter\s+than|quieter\s+than|"
    r"max(?:imum)?(?:\s+of)?|at\s+most|up\s+to|upto|no\s+more\s+than|not\s+more\s+than|not\s+over|not\s+above|nothing\s+over|nothing\s+above|"
    r"no\s+higher\s+than|within|<=?|≤|can'?t\s+(?:spend|go)\s+(?:more\s+than|over|above)|doesn'?t\s+exceed|not\s+exceeding|until|"
    r"budget(?:\s+(?:is|of|limit|around|about|up\s+to|max|under|approx))*|(?:only\s+)?(?:have|got)(?:\s+only)?|limit(?:\s+(?:is|of))?|spend(?:ing)?(?:\s+(?:up\s+to|about|around))?|cap(?:ped)?\s+at"
)
_AT_LEAST: Final = (
    r"over|above|more\s+than|bigger\s+than|larger\s+than|greater\s+than|higher\s+than|longer\s+than|heavier\s+than|min(?:imum)?(?:\s+of)?|at\s+least|"
    r"no\s+less\s+than|not\s+less\s+than|not\s+under|not\s+below|nothing\s+under|nothing\s+below|starting\s+(?:at|from)|from|>=?|≥|exceeding"
)
_ABOUT: Final = r"around|about|roughly|approx(?:imately)?\.?|circa|ca\.?|~|close\s+to|in\s+the\s+(?:region|area)\s+of|somewhere\s+around"
_LEFT: Final = re.compile(
    rf"(?:(?P<most>{_AT_MOST})|(?P<least>{_AT_LEAST})|(?P<about>{_ABOUT}))\s*(?:about\s+|around\s+|like\s+|the\s+|a\s+)?[:=]?\s*$"
)
_RIGHT_MOST: Final = re.compile(
    r"\s*(?:or\s+(?:less|under|below|lower|cheaper|fewer|smaller)|max(?:imum)?|tops?|at\s+(?:the\s+)?most|and\s+(?:under|below|less)(?!\s*(?:than\s*)?[\d$€£])|limit|budget|is\s+my\s+(?:limit|max|budget))(?!\w)"
)
_RIGHT_LEAST: Final = re.compile(
    r"\s*(?:(?:or\s+(?:more|over|above|higher|bigger|larger|longer|up|better)|min(?:imum)?|at\s+least|and\s+(?:up|over|above|more)(?!\s*(?:than\s*)?[\d$€£])|plus|upwards?)(?!\w)|\+)"
)
_JOINER: Final = re.compile(r"\s*(?:-|–|—|to|and|till|until|or|up\s+to)\s*$")
_BETWEEN: Final = re.compile(r"(?:between|from|in\s+the\s+range(?:\s+of)?|range)\s*$")
_PRICE_LEFT: Final = re.compile(
    r"\b(?:make\s+(?:it|that)|(?:raise|increase|lower|reduce|change|bump)\s+(?:it|that|the\s+\w+)(?:\s+up)?\s+to|budget|spend\w*|price[ds]?|cost\w*|pay\w*|for\s+(?:under|less\s+than)|money)\b[^.;!?]*$"
)
_STARS_RIGHT: Final = re.compile(
    r"\s*\+?\s*-?\s*(?:or\s+(?:more|better|higher)\s+)?stars?(?:\s*(?:or\s+(?:more|better|higher|up)|and\s+up|\+))?(?!\w)"
)
_RATED_LEFT: Final = re.compile(
    r"\b(?:rated|ratings?(?:\s+(?:of|is))?|stars?)\s*(?:(?:at\s+least|over|above|of|>=?|≥)\s*)*$"
)
_REVIEWS_RIGHT: Final = re.compile(r"\s*\+?\s*(?:or\s+more\s+)?(?:reviews|ratings)(?!\w)")
_PERCENT_OFF_RIGHT: Final = re.compile(r"\s*(?:or\s+more\s+)?(?:off|discount|reduc\w+)(?!\w)")

_SCREENED: Final = re.compile(
    r"\b(?:monitors?|tvs?|televisions?|screens?|displays?|laptops?|tablets?)\b"
)

_HEADS: Final = ("sleeps", "persons", "people", "person", "players", "capacity_persons")
"""Fields that count people, also where a feed gives them as bare numbers."""
_BARE: Final = re.compile(
    r"^\W*(?:(?:no|nope|sorry|actually|i\s+meant?|make\s+it|rather|what\s+about|how\s+about|ok|okay|say|better|maybe|then)\W+)*[\d.,]+\W*$"
)
"""A bare number that answers or corrects: a budget, in a conversation."""

# base unit → field names to try, in order; the first is assumed when the catalogue has none
FIELDS_BY_UNIT: Final[dict[str, tuple[str, ...]]] = {
    "l": ("capacity", "volume", "content", "size"),
    "g": ("weight", "net_weight", "content", "pack_weight"),
    "cm": ("length", "screen", "screen_size", "size", "diameter", "width", "height"),
    "W": ("power", "wattage"), "dB": ("noise", "noise_level"), "GB": ("storage", "memory"), "Hz": ("refresh_rate",),
    "min": ("battery_life", "runtime", "burn_time", "playing_time", "boil_time"), "month": ("age_from", "age", "warranty"),
    "pc": ("pieces", "pack_size", "count"), "lm": ("brightness", "lumens"), "mAh": ("capacity", "battery"), "V": ("voltage",),
    "SPF": ("spf",), "MP": ("resolution",), "sheet": ("sheets", "pages"), "person": ("sleeps", "capacity", "players"),
    "den": ("denier",), "K": ("color_temperature",), "C": ("temperature", "comfort_temperature"), "bar": ("pressure",), "rpm": ("speed",), "%": ("content",),
}  # fmt: skip


def read_quantities(
    u: Utterance, vocabulary: Vocabulary, kinds: frozenset[str], has_wants: bool = False
) -> list[Constraint]:
    """Every constraint that rests on a number; marks what it read. ``kinds`` are the product
    types under discussion (folded), which decide what a litre or an inch measures.
    """
    # pounds are money unless the catalogue weighs things or the sentence does
    u.answers = has_wants and _BARE.match(u.lower) is not None
    u.weighs = (
        "weight" in vocabulary.measured or re.search(r"\bweigh|\bheav|\blight", u.lower) is not None
    )
    if vocabulary.currency == "GBP":
        u.weighs = False
    found = [*read_sizes(u, vocabulary), *read_sun_protection(u)]
    quantities = [q for q in find_quantities(u) if u.free(q.start, q.end)]
    quantities.sort(key=lambda q: q.start)
    i = 0
    while i < len(quantities):
        second = quantities[i + 1] if i + 1 < len(quantities) else None
        if not u.free(quantities[i].start, quantities[i].end):
            i += 1
            continue
        low, high, used = _range(u, quantities[i], second)
        if high is not None:
            made = _range_constraints(u, low, high, vocabulary, kinds)
        else:
            made = _single(u, low, vocabulary, kinds)
        found += made
        i += used
    return found


def _range(
    u: Utterance, first: Quantity, second: Quantity | None
) -> tuple[Quantity, Quantity | None, int]:
    """The two ends of a range ("10 to 25", "between 10 and 25"), or the quantity alone."""
    if second is None:
        return first, None, 1
    between = u.lower[first.end : second.start]
    joined = _JOINER.fullmatch(between)
    opened = _BETWEEN.search(u.lower[: first.start])
    if not joined or (between.strip() in ("and", "or") and not opened):
        return first, None, 1
    if first.unit and second.unit and first.unit != second.unit:
        return first, None, 1
    if first.value > second.value and not (opened and "between" in opened.group()):
        return first, None, 1
    low, high = sorted((first, second), key=lambda q: q.value)
    currency = first.currency or second.currency
    unit = first.unit or second.unit
    start, end = first.start, second.end
    return (
        Quantity(start, end, low.value, currency, unit),
        Quantity(start, end, high.value, currency, unit),
        2,
    )


def _range_constraints(
    u: Utterance, low: Quantity, high: Quantity, vocabulary: Vocabulary, kinds: frozenset[str]
) -> list[Constraint]:
    start, end = low.start, low.end
    opened = _BETWEEN.search(u.lower[:start])
    if opened:
        start = opened.start()
    elif about := re.search(rf"\b(?:{_ABOUT})\s*$", u.lower[:start]):
        start = about.start()
    right = u.lower[end:]
    field, unit, extra = "price", low.currency, 0
    if stars := _STARS_RIGHT.match(right):
        field, unit, extra = "rating", None, stars.end()
    elif low.currency is None and (ages := age_range(u, start, end, low)) is not None:
        u.take(ages[0], ages[1])
        return [
            age_limit(
                u, ages[0], ages[1], low.value * (1 if low.unit == "month" else 12), vocabulary
            )
        ]
    elif low.unit is not None:
        resolved = _measure_field(u, low, vocabulary, kinds)
        if resolved is None:
            return []
        field, unit = resolved
    elif low.currency is None:
        named = _named_field(u, start, end, vocabulary)
        if named and named[0] not in vocabulary.measured:
            return []
        if named:
            field, unit, start, end = (
                named[0],
                vocabulary.measured[named[0]].unit,
                min(start, named[1]),
                max(end, named[2]),
            )
        elif (
            not opened
            and not _PRICE_LEFT.search(u.lower[:start])
            and (high.value < 20 or _counted(right))
        ):
            # "2-3 players", "a 1 to 2 person tent": a number of something, not of money
            return []
    end += extra
    u.take(start, end)
    span = u.text[start:end].strip()
    scale = _scale(field, unit)
    return [
        Constraint(field, Op.GE, scale(low.value), unit, span=span),
        Constraint(field, Op.LE, scale(high.value), unit, span=span),
    ]


def _counted(right: str) -> bool:
    """Whether a plural noun follows a bare number, which then counts things and not money."""
    return re.match(r"\s*(?:-\s*)?(?!dollars|bucks|euros)[^\W\d_]{3,}s\b", right) is not None


def _scale(field: str, currency: str | None) -> Callable[[float], float]:
    if field == "price":
        return lambda v: float(to_minor(v, currency))
    return lambda v: v


def _single(
    u: Utterance, q: Quantity, vocabulary: Vocabulary, kinds: frozenset[str]
) -> list[Constraint]:
    start, end, op, about = _comparison(u, q)
    left, right = u.lower[:start], u.lower[end:]
    special = _rating_reviews_discount(u, q, op, start, end)
    if special is not None:
        return [special]
    aged = read_age(u, q, op, start, end, vocabulary)
    if aged is not None:
        return aged
    if q.unit is not None:
        return _measured(u, q, op, about, start, end, vocabulary, kinds)
    named = None if q.currency else _named_field(u, start, end, vocabulary)
    if named is not None:
        field, named_start, named_end = named
        start, end = min(start, named_start), max(end, named_end)
        u.take(start, end)
        unit = vocabulary.measured[field].unit if field in vocabulary.measured else None
        span = u.text[start:end].strip()
        if field in vocabulary.listed:
            return [Constraint(field, Op.EQ, (f"{q.value:g}",), span=span)]
        return [Constraint(field, op or Op.EQ, q.value, unit, span=span)]
    is_price = q.currency is not None or u.answers or _PRICE_LEFT.search(left) is not None
    if not is_price and op is not None and not re.match(r"\s*(?:-\s*)?[^\W\d_]{3,}s\b", right):
        is_price = True
    if not is_price and about and not re.match(r"\s*(?:-\s*)?[^\W\d_]{3,}s\b", right):
        is_price = True
    if (
        not is_price
        and re.search(r"\bfor\s*$", left)
        and q.value >= 5
        and re.match(r"\s*(?:$|[,.!?;]|please|or|and)", right)
    ):
        start, is_price = len(left.rstrip()) - len("for"), True
    if not is_price:
        return []
    return _price(u, q, op, about, start, end)


def _comparison(u: Utterance, q: Quantity) -> tuple[int, int, Op | None, bool]:
    """The quantity with the words around it that say "at most" or "at least": start, end, operator, roughly."""
    start, end, op, about = q.start, q.end, None, False
    left = _LEFT.search(u.lower[:start])
    if left and (left.start() == 0 or not u.lower[left.start() - 1].isalnum()):
        start = left.start()
        if left["about"] and re.search(r"\b(?:what|how)\s+$", u.lower[:start]):
            # "what about 80" proposes a number; it does not blur it
            start = q.start
        elif left["about"]:
            about = True
            outer = _LEFT.search(u.lower[:start])
            if outer and outer["most"]:
                start, op = outer.start(), Op.LE
        else:
            op = Op.LE if left["most"] else Op.GE
            about = (
                op is Op.LE and re.search(r"around|about|approx", left["most"] or "") is not None
            )
    if ish := re.match(r"\s?-?ish(?!\w)", u.lower[end:]):
        about, end, op = True, end + ish.end(), None
    if right := _RIGHT_MOST.match(u.lower[end:]):
        op, end = Op.LE, end + right.end()
    elif right := _RIGHT_LEAST.match(u.lower[end:]):
        op, end = Op.GE, end + right.end()
    return start, end, op, about


def _price(
    u: Utterance, q: Quantity, op: Op | None, about: bool, start: int, end: int
) -> list[Constraint]:
    u.take(start, end)
    span = u.text[start:end].strip()
    minor = float(to_minor(q.value, q.currency))
    if about and op is None:
        # "around 60" is a centre, not a wall: nothing is refused for it
        return [Constraint("price", Op.EQ, minor, q.currency, hard=False, span=span)]
    return [Constraint("price", op or Op.LE, minor, q.currency, span=span)]


def _rating_reviews_discount(
    u: Utterance, q: Quantity, op: Op | None, start: int, end: int
) -> Constraint | None:
    right = u.lower[q.end :]
    if (stars := _STARS_RIGHT.match(right)) and q.value <= 5:
        stop = max(end, q.end + stars.end())
        field, chosen, value = "rating", op or Op.GE, q.value
    elif (
        (rated := _RATED_LEFT.search(u.lower[:start]))
        and q.value <= 5
        and not q.currency
        and not q.unit
    ):
        start, stop, field, chosen, value = rated.start(), end, "rating", op or Op.GE, q.value
    elif reviews := _REVIEWS_RIGHT.match(u.lower[end:]):
        stop, field, chosen, value = end + reviews.end(), "review_count", op or Op.GE, q.value
    elif q.unit == "%" and (off := _PERCENT_OFF_RIGHT.match(u.lower[end:])):
        stop, field, chosen, value = end + off.end(), "discount", op or Op.GE, q.value
    else:
        return None
    u.take(start, stop)
    return Constraint(field, chosen, value, span=u.text[start:stop].strip())


def _measured(
    u: Utterance,
    q: Quantity,
    op: Op | None,
    about: bool,
    start: int,
    end: int,
    vocabulary: Vocabulary,
    kinds: frozenset[str],
) -> list[Constraint]:
    resolved = _measure_field(u, q, vocabulary, kinds)
    if resolved is None:
        return []
    field, unit = resolved
    named = _named_field(u, start, end, vocabulary)
    if named is not None and named[0] in vocabulary.measured:
        base = vocabulary.measured[named[0]].unit
        if base == to_base(1.0, unit)[1] or base is None:
            field, unit = named[0], unit if base else ""
            start, end = min(start, named[1]), max(end, named[2])
    u.take(start, end)
    span = u.text[start:end].strip()
    if op is None and field in _HEADS and re.search(r"\bfor\s+$", u.lower[:start]):
        op = Op.GE
    if about and op is None:
        return [Constraint(field, Op.EQ, q.value, unit or None, hard=False, span=span)]
    return [Constraint(field, op or Op.EQ, q.value, unit or None, span=span)]


def _measure_field(
    u: Utterance, q: Quantity, vocabulary: Vocabulary, kinds: frozenset[str]
) -> tuple[str, str] | None:
    """The field that a unit measures for the types under discussion."""
    if q.unit is None:
        return None
    base = to_base(1.0, q.unit)[1]
    usual = FIELDS_BY_UNIT.get(base, ())
    fitting = [m for m in vocabulary.measured.values() if m.unit == base]

    def preference(name: str) -> tuple[int, int, int, str]:
        field = vocabulary.measured[name]
        here = sum(n for t, n in field.types.items() if t in kinds)
        return (-here, usual.index(name) if name in usual else len(usual), -field.count, name)

    if fitting:
        return min((m.name for m in fitting), key=preference), q.unit
    counted = (
        next((f for f in _HEADS if f in vocabulary.measured), None) if base == "person" else None
    )
    if counted is not None:
        return counted, ""
    for_people = base == "person" and (
        vocabulary.rows or re.search(r"\bfor\s+$", u.lower[: q.start])
    )
    if for_people or (base == "cm" and q.unit in ("mi", "km")):
        # people and distances are measured by few shops; elsewhere they say what it is for
        return None
    if base == "cm" and _SCREENED.search(u.lower):
        return "screen_size", q.unit
    return (usual[0], q.unit) if usual else None


def _named_field(
    u: Utterance, start: int, end: int, vocabulary: Vocabulary
) -> tuple[str, int, int] | None:
    """An attribute named right before or after a number ("waist 32", "32 waist", "capacity over 2")."""
    first = u.token_at(start)
    last = u.token_at(end)
    names = {
        tuple(tokens(f.replace("_", " "))): f
        for f in (*vocabulary.measured, *vocabulary.listed)
        if f not in ("color", "material", "gender", "price")
    }
    fillers = {"is", "of", "a", "the", "with", "should", "be", "must"}
    for size in (3, 2, 1):
        at = first - size
        while at >= 0 and u.tokens[at + size - 1].word in fillers and first - at - size < 2:
            at -= 1
        for i in (at, first - size):
            stems = tuple(t.stem for t in u.tokens[max(i, 0) : i + size])
            unread = i >= 0 and not any(u.taken(k) for k in range(i, i + size))
            if unread and (field := names.get(stems)):
                return field, u.tokens[i].start, end
        stop = last + size
        if stop <= len(u.tokens) and (
            field := names.get(tuple(t.stem for t in u.tokens[last:stop]))
        ):
            return field, start, u.tokens[stop - 1].end
    return None
