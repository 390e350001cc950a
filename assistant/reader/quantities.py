"""Numbers in an utterance: budgets, ranges, measures, sizes, ratings, ages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from assistant.reader.utterance import Utterance
from catalog.constraint import Constraint, Op
from catalog.money import CURRENCY_WORDS, to_minor
from catalog.text import tokens
from catalog.units import UNIT_PATTERN, to_base, unit_symbol
from retrieval.vocabulary import Vocabulary

_SMALL: Final = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18,
    "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
_TENS: Final = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_UNITS_WORD: Final = "one|two|three|four|five|six|seven|eight|nine"
_WORD_NUMBER: Final = (
    rf"(?:(?:(?:a|{_UNITS_WORD})\s+)?hundred(?:\s+and)?(?:\s+(?:{_TENS})(?:[\s-](?:{_UNITS_WORD}))?)?"
    rf"|(?:(?:a|{_UNITS_WORD})\s+)?thousand|(?:{_TENS})(?:[\s-](?:{_UNITS_WORD}))?"
    rf"|(?:half\s+an?|an?\s+half)|(?:{'|'.join(sorted(_SMALL, key=len, reverse=True))}))"
)
_DIGITS: Final = r"\d{1,3}(?:[ \u00a0,.'’]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d+)?"
_SYMBOLS: Final = "|".join(
    re.escape(w) for w in sorted(CURRENCY_WORDS, key=lambda w: (-len(w), w)) if not w.isalpha()
)
_CURRENCY_NAMES: Final = "|".join(
    re.escape(w) for w in sorted(CURRENCY_WORDS, key=lambda w: (-len(w), w)) if w.isalpha()
)
_QUANTITY: Final = re.compile(
    rf"(?P<before>{_SYMBOLS}|(?<![^\W\d_])(?:usd|eur|gbp|chf|jpy|sek|nok|dkk|pln|inr|cad|aud)(?=\s*\d))?\s*"
    rf"(?:(?<![\w.,])(?P<digits>{_DIGITS})(?P<kilo>k\b)?|(?<![\w'])(?P<words>{_WORD_NUMBER})(?![\w']))"
    rf"(?:\s?-?\s?(?:(?P<after>(?:{_SYMBOLS})(?!\s*\d)|(?:{_CURRENCY_NAMES})(?!\w))|(?P<unit>(?:{UNIT_PATTERN})(?!\w)|[\"″”])))?",
    re.IGNORECASE,
)
_A_UNIT: Final = re.compile(
    r"(?<!\w)(?:an?|one)\s+(?P<unit>lit(?:re|er)|kilo(?:gram)?|pound|gallon|met(?:re|er)|foot|pint|quart|hour|inch)(?!\w)"
)

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
    r"\s*(?:or\s+(?:less|under|below|lower|cheaper|fewer|smaller)|max(?:imum)?|tops?|at\s+(?:the\s+)?most|and\s+(?:under|below|less)|limit|budget|is\s+my\s+(?:limit|max|budget))(?!\w)"
)
_RIGHT_LEAST: Final = re.compile(
    r"\s*(?:(?:or\s+(?:more|over|above|higher|bigger|larger|longer|up|better)|min(?:imum)?|at\s+least|and\s+(?:up|over|above|more)|plus|upwards?)(?!\w)|\+)"
)
_JOINER: Final = re.compile(r"\s*(?:-|–|—|to|and|till|until|or|up\s+to)\s*$")
_BETWEEN: Final = re.compile(r"(?:between|from|in\s+the\s+range(?:\s+of)?|range)\s*$")
_PRICE_LEFT: Final = re.compile(
    r"\b(?:budget|spend\w*|price[ds]?|cost\w*|pay\w*|for\s+(?:under|less\s+than)|money)\b[^.;!?]*$"
)
_STARS_RIGHT: Final = re.compile(
    r"\s*\+?\s*-?\s*(?:or\s+(?:more|better|higher)\s+)?stars?(?:\s*(?:or\s+(?:more|better|higher|up)|and\s+up|\+))?(?!\w)"
)
_RATED_LEFT: Final = re.compile(
    r"\b(?:rated|ratings?(?:\s+(?:of|is))?|stars?)\s*(?:(?:at\s+least|over|above|of|>=?|≥)\s*)*$"
)
_REVIEWS_RIGHT: Final = re.compile(r"\s*\+?\s*(?:or\s+more\s+)?(?:reviews|ratings)(?!\w)")
_PERCENT_OFF_RIGHT: Final = re.compile(r"\s*(?:or\s+more\s+)?(?:off|discount|reduc\w+)(?!\w)")
_AGE_RIGHT: Final = re.compile(r"[\s-]*(?:year|yr|month)s?(?:[\s-]*olds?)?(?!\w)|\s*yo(?!\w)")
_AGE_WORDS: Final = re.compile(r"[\s-]*olds?(?!\w)|\s*of\s+age(?!\w)")
_AGE_LEFT: Final = re.compile(
    r"\b(?:ages?d?|for\s+(?:an?|my|our|the)(?:\s+\w+)?(?:\s+who\s+is)?|turning|he\s+is|she\s+is)\s*(?:is\s+)?$"
)
_SIZE: Final = re.compile(
    r"(?<!\w)(?:in\s+(?:an?\s+)?|an?\s+)?(?:(?:shoe\s+)?size\s+(?:is\s+)?(?:eu\s*|us\s*|uk\s*)?(?P<named>\d{1,3}(?:[.,]5)?|x{0,4}s|x{0,4}l|\d{1,2}xl|m|(?:extra\s+|x-?)?(?:small|large)|medium|one\s+size)"
    r"|(?P<region>eu|us|uk)\s*(?P<regional>\d{1,2}(?:[.,]5)?)|(?P<letters>x{1,4}s|x{1,4}l|\dxl))(?!\w)"
)
_BARE_LETTER_SIZE: Final = re.compile(
    r"(?<![\w'’&])(?:in\s+(?:an?\s+)?)?(?P<letter>[SML])(?![\w'’&])"
)
_SIZE_WORD: Final = re.compile(r"(?<!\w)in\s+(?:an?\s+|size\s+)?(?P<word>small|medium|large)(?!\w)")
_SIZE_WORDS: Final = {
    "small": "S",
    "medium": "M",
    "large": "L",
    "extra small": "XS",
    "extra large": "XL",
    "x small": "XS",
    "x large": "XL",
    "xsmall": "XS",
    "xlarge": "XL",
}
_WAIST_INSEAM: Final = re.compile(
    r"(?<!\w)(?:w\s*)?(?P<waist>\d{2})\s*(?:x|/|w\s*/?\s*l?|\s+l)\s*(?P<inseam>\d{2})(?:\s*l)?(?!\w)"
)

_LEGWEAR: Final = re.compile(r"\b(?:jeans?|trousers|pants|chinos)\b")
_SCREENED: Final = re.compile(
    r"\b(?:monitors?|tvs?|televisions?|screens?|displays?|laptops?|tablets?)\b"
)

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


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its currency or unit, and where it stands (characters)."""

    start: int
    end: int
    value: float
    currency: str | None
    unit: str | None


def read_quantities(
    u: Utterance, vocabulary: Vocabulary, kinds: frozenset[str]
) -> list[Constraint]:
    """Every constraint that rests on a number; marks what it read. ``kinds`` are the product
    types under discussion (folded), which decide what a litre or an inch measures.
    """
    found = [*_sizes(u, vocabulary)]
    quantities = [q for q in _find(u) if u.free(q.start, q.end)]
    i = 0
    while i < len(quantities):
        second = quantities[i + 1] if i + 1 < len(quantities) else None
        low, high, used = _range(u, quantities[i], second)
        if high is not None:
            made = _range_constraints(u, low, high, vocabulary, kinds)
        else:
            made = _single(u, low, vocabulary, kinds)
        found += made
        i += used
    return found


def _find(u: Utterance) -> Iterator[Quantity]:
    for m in _QUANTITY.finditer(u.lower):
        start = m.start() + len(m.group()) - len(m.group().lstrip())
        value = parse_number(m["digits"]) if m["digits"] else _spelled(m["words"])
        if value is None:
            continue
        word = (m["before"] or m["after"] or "").strip()
        unit = unit_symbol(u.text[m.start("unit") : m.end("unit")]) if m["unit"] else None
        if m["words"] in ("one", "a half") and not word and not unit:
            continue
        yield Quantity(
            start, m.end(), value * (1000 if m["kilo"] else 1), CURRENCY_WORDS.get(word), unit
        )
    for m in _A_UNIT.finditer(u.lower):
        if m.group().startswith("one"):
            continue
        yield Quantity(m.start(), m.end(), 1.0, None, unit_symbol(m["unit"]))


def parse_number(digits: str) -> float | None:
    """``"1.299,00"``, ``"1,299"``, ``"12,5"`` as people write them in a sentence."""
    compact = re.sub(r"[ \u00a0'’]", "", digits)
    marks = [c for c in compact if c in ".,"]
    if len(set(marks)) == 2:
        decimal = marks[-1]
        compact = compact.replace("," if decimal == "." else ".", "").replace(decimal, ".")
    elif len(marks) > 1 or (
        marks and re.fullmatch(r"\d{1,3}[.,]\d{3}", compact) and marks[0] == ","
    ):
        compact = compact.replace(marks[0], "")
    else:
        compact = compact.replace(",", ".")
    try:
        value = float(compact)
    except ValueError:
        return None
    return value if value < 1e12 else None


def _spelled(words: str) -> float | None:
    if "half" in words:
        return 0.5
    total, current = 0, 0
    for word in re.split(r"[\s-]+", words):
        if word == "hundred":
            current = max(current, 1) * 100
        elif word == "thousand":
            total, current = total + max(current, 1) * 1000, 0
        else:
            current += _SMALL.get(word, 1 if word == "a" else 0)
    return float(total + current)


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
    right = u.lower[end:]
    field, unit, extra = "price", low.currency, 0
    if stars := _STARS_RIGHT.match(right):
        field, unit, extra = "rating", None, stars.end()
    elif low.unit is not None or _AGE_WORDS.match(right):
        if age := _AGE_WORDS.match(right):
            extra = age.end()
        resolved = _measure_field(u, low, vocabulary, kinds)
        if resolved is None:
            return []
        field, unit = resolved
    elif low.currency is None:
        named = _named_field(u, start, end, vocabulary)
        if named:
            field, unit, start, end = (
                named[0],
                vocabulary.measured[named[0]].unit,
                min(start, named[1]),
                max(end, named[2]),
            )
        elif not opened and not _PRICE_LEFT.search(u.lower[:start]) and high.value < 20:
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
    aged = _age(u, q, op, start, end, vocabulary)
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
    is_price = q.currency is not None or _PRICE_LEFT.search(left) is not None
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
        start, is_price = re.search(r"\bfor\s*$", left).start(), True  # type: ignore[union-attr]
    if not is_price:
        return []
    return _price(u, q, op, about, start, end)


def _comparison(u: Utterance, q: Quantity) -> tuple[int, int, Op | None, bool]:
    """The quantity with the words around it that say "at most" or "at least": start, end, operator, roughly."""
    start, end, op, about = q.start, q.end, None, False
    left = _LEFT.search(u.lower[:start])
    if left and (left.start() == 0 or not u.lower[left.start() - 1].isalnum()):
        start = left.start()
        if left["about"]:
            about = True
            outer = _LEFT.search(u.lower[:start])
            if outer and outer["most"]:
                start, op = outer.start(), Op.LE
        else:
            op = Op.LE if left["most"] else Op.GE
            about = (
                op is Op.LE and re.search(r"around|about|approx", left["most"] or "") is not None
            )
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


def _age(
    u: Utterance, q: Quantity, op: Op | None, start: int, end: int, vocabulary: Vocabulary
) -> list[Constraint] | None:
    """A child's age; hard when the catalogue states the age a product is made for."""
    right = u.lower[q.end :]
    if q.unit in ("year", "month"):
        old = _AGE_WORDS.match(right)
        aged = old is not None or re.search(r"\bage[sd]?\s*$", u.lower[:start]) is not None
        stop, months = q.end + (old.end() if old else 0), q.value * (12 if q.unit == "year" else 1)
    else:
        found = _AGE_RIGHT.match(right)
        named = re.search(r"\b(?:ages?d?|turning)\s*$", u.lower[:start])
        aged = q.unit is None and q.currency is None and (found is not None or named is not None)
        if named:
            start = named.start()
        stop, months = q.end + (found.end() if found else 0), q.value * 12
    if not aged:
        return None
    if plus := re.match(r"\s*\+", u.lower[stop:]):
        stop += plus.end()
    field = next(
        (f for f in ("age_from", "min_age", "age") if f in vocabulary.measured), "age_from"
    )
    u.take(start, stop)
    span = u.text[start:stop].strip()
    base = vocabulary.measured[field].unit if field in vocabulary.measured else "month"
    value, unit = (months, "month") if base == "month" else (months / 12, base)
    return [Constraint(field, Op.LE, value, unit, hard=field in vocabulary.measured, span=span)]


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
            if i >= 0 and (field := names.get(tuple(t.stem for t in u.tokens[i : i + size]))):
                return field, u.tokens[i].start, end
        stop = last + size
        if stop <= len(u.tokens) and (
            field := names.get(tuple(t.stem for t in u.tokens[last:stop]))
        ):
            return field, start, u.tokens[stop - 1].end
    return None


def _sizes(u: Utterance, vocabulary: Vocabulary) -> Iterator[Constraint]:
    if {"waist", "inseam"} <= {*vocabulary.listed} or _LEGWEAR.search(u.lower):
        for m in _WAIST_INSEAM.finditer(u.lower):
            if 22 <= int(m["waist"]) <= 60 and 24 <= int(m["inseam"]) <= 40:
                u.take(m.start(), m.end())
                span = u.text[m.start() : m.end()]
                yield Constraint("waist", Op.EQ, (m["waist"],), span=span)
                yield Constraint("inseam", Op.EQ, (m["inseam"],), span=span)
    for m in _SIZE.finditer(u.lower):
        word = (m["named"] or m["regional"] or m["letters"]).replace(",", ".")
        if u.free(m.start(), m.end()):
            yield _size(u, m.start(), m.end(), word)
    for m in _BARE_LETTER_SIZE.finditer(u.text):
        if (
            m["letter"] in "SML"
            and u.free(m.start("letter"), m.end("letter"))
            and not re.search(r"\d\s*$", u.text[: m.start()])
        ):
            yield _size(u, m.start(), m.end(), m["letter"])
    for m in _SIZE_WORD.finditer(u.lower):
        if u.free(m.start(), m.end()):
            yield _size(u, m.start(), m.end(), m["word"])


def _size(u: Utterance, start: int, end: int, word: str) -> Constraint:
    u.take(start, end)
    plain = re.sub(r"[\s-]+", " ", word)
    return Constraint(
        "size", Op.EQ, (_SIZE_WORDS.get(plain, plain.upper()),), span=u.text[start:end].strip()
    )
