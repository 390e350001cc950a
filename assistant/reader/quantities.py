"""Numbers in an utterance: budgets, ranges, measures, sizes, ratings, ages."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from assistant.reader.fields import (
    HEADS,
    Named,
    bare_screen,
    field_by_unit,
    named_field,
)
from assistant.reader.limits import ABOUT, Comparison, beyond, comparison
from assistant.reader.loads import carries, is_load, load_field, somebody_weighs, usual_load
from assistant.reader.numbers import Quantity, find_quantities
from assistant.reader.prices import (
    FOR,
    PRICE_LEFT,
    is_money,
    opens_with_sum,
    pounds_weigh,
    price_limit,
    set_to,
)
from assistant.reader.references import NTH
from assistant.reader.scope import Scope, scope_of
from assistant.reader.sizes import (
    age_field,
    age_limit,
    read_age,
    read_ages,
    read_sizes,
    read_sun_protection,
)
from assistant.reader.utterance import Utterance
from catalog.constraint import WISH, Constraint, Op
from catalog.money import to_minor
from catalog.units import to_base
from retrieval.vocabulary import Entry, Vocabulary

_JOINER: Final = re.compile(r"\s*(?:-|–|—|to|and|till|until|or|up\s+to)\s*$")
_BETWEEN: Final = re.compile(r"(?:between|from|in\s+the\s+range(?:\s+of)?|range)\s*$")
_ROUGHLY: Final = re.compile(rf"\b(?:{ABOUT})\s*$")
_STARS_RIGHT: Final = re.compile(
    r"\s*\+?\s*-?\s*(?:or\s+(?:more|better|higher)\s+)?stars?(?:\s*(?:or\s+(?:more|better|higher|up)|and\s+up|\+))?(?!\w)"
)
_RATED_LEFT: Final = re.compile(
    r"\b(?:rated|ratings?(?:\s+(?:of|is))?|stars?)\s*(?:(?:at\s+least|over|above|of|>=?|≥)\s*)*$"
)
_REVIEWS_RIGHT: Final = re.compile(r"\s*\+?\s*(?:or\s+more\s+)?(?:reviews|ratings)(?!\w)")
_PERCENT_OFF_RIGHT: Final = re.compile(r"\s*(?:or\s+more\s+)?(?:off|discount|reduc\w+)(?!\w)")

_BEFORE_BARE: Final = re.compile(
    r"^\W*(?:(?:no|nope|sorry|actually|i\s+meant?|make\s+it|rather|what\s+about|how\s+about|ok|okay|say|better|maybe|then)\W+)*"
)
"""What may stand before a bare number that answers or corrects."""
_BARE_FROM: Final = 10
"""Smaller numbers in words ("two") count or point."""
_TOLD: Final = re.compile(
    rf"\bthe\s+(?:{NTH})(?:\s+one)?(?:\s+(?:is|measures|weighs)|['’]s)\s+(?:(?:already|actually|about|over|like)\s+)*$"
)
_HALF_PRICE: Final = re.compile(r"(?<!\w)(?:at\s+)?half[\s-]priced?(?!\w)")
_PERCENT: Final = re.compile(r"\s?(?:%|per\s?cent\b)")
_PACK: Final = r"(?:pack|packet|box|set|bag|case|carton|tray|bundle)"
_IN_A_PACK: Final = re.compile(rf"\s+(?:(?:in|to)\s+(?:an?|the)|per)\s+{_PACK}\b")
_PACK_OF: Final = re.compile(
    r"(?P<not>\b(?:not|no|without|(?:do|does|is)n'?t)\s+(?:(?:want|in|as|another|be)\s+)?)?(?:\b(?:an?|the)\s+)?\b(?:multi\s*-?)?"
    rf"{_PACK}s?\s+of\s+$"
)


def read_quantities(
    u: Utterance,
    vocabulary: Vocabulary,
    kinds: frozenset[str],
    has_wants: bool = False,
    limits: tuple[tuple[str, str], ...] = (),
) -> list[Constraint]:
    """Every constraint that rests on a number; marks what it read. ``kinds`` are the product
    types under discussion (folded), which decide what a litre or an inch measures, with the
    measured fields that were limited before (and their units).
    """
    scope = scope_of(vocabulary, kinds, limits)
    u.weighs = pounds_weigh(u, scope)
    u.answers = has_wants and _is_bare(u)
    found = [*read_sizes(u, scope), *read_sun_protection(u, scope)]
    if (half := _HALF_PRICE.search(u.lower)) and u.free(half.start(), half.end()):
        u.take(half.start(), half.end())
        found.append(Constraint("discount", Op.GE, 50.0, span=u.text[half.start() : half.end()]))
    told = told_of_shown(u) if has_wants else []
    for q in told:
        u.take(q.start, q.end)
    quantities = [q for q in find_quantities(u) if u.free(q.start, q.end)]
    if told:
        quantities = [_in_unit(u, q, told[0].unit, vocabulary) for q in quantities]
    quantities.sort(key=lambda q: q.start)
    i = 0
    while i < len(quantities):
        second = quantities[i + 1] if i + 1 < len(quantities) else None
        if not u.free(quantities[i].start, quantities[i].end):
            i += 1
            continue
        if (together := read_ages(u, quantities[i:], scope)) is not None:
            found.append(together[0])
            i += together[1]
            continue
        low, high, used = _range(u, quantities[i], second)
        if high is not None:
            made = _range_constraints(u, low, high, scope)
        else:
            made = _single(u, low, scope)
        found += made
        i += used
    return found


def told_of_shown(u: Utterance) -> list[Quantity]:
    """Measures told of an item shown, which demand nothing: "the first one is 40 cm"."""
    return [q for q in find_quantities(u) if q.unit and u.behind(_TOLD, q.start)]


def _in_unit(u: Utterance, q: Quantity, unit: str | None, vocabulary: Vocabulary) -> Quantity:
    """A bare limit in the unit of what was told of an item: "it was to be under 30"."""
    bare = q.unit is None and q.currency is None
    return replace(q, unit=unit) if bare and comparison(u, q, vocabulary).op else q


def _is_bare(u: Utterance) -> bool:
    """Whether a number without a unit is all that is said: in a conversation, a budget."""
    said = _BEFORE_BARE.match(u.lower)
    at = said.end() if said else 0
    return any(
        q.unit is None
        and not re.search(r"\w", u.lower[at : q.start] + u.lower[q.end :])
        and (q.value >= _BARE_FROM or any(c.isdigit() for c in u.lower[q.start : q.end]))
        for q in find_quantities(u)
    )


def _range(
    u: Utterance, first: Quantity, second: Quantity | None
) -> tuple[Quantity, Quantity | None, int]:
    """The two ends of a range ("10 to 25", "between 10 and 25"), or the quantity alone."""
    if second is None:
        return first, None, 1
    between = u.lower[first.end : second.start]
    joined = _JOINER.fullmatch(between)
    opened = u.behind(_BETWEEN, first.start)
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
    u: Utterance, low: Quantity, high: Quantity, scope: Scope
) -> list[Constraint]:
    start, end = low.start, low.end
    opened = u.behind(_BETWEEN, start)
    if opened:
        start = opened.start()
    elif about := u.behind(_ROUGHLY, start):
        start = about.start()
    right = u.lower[end:]
    field, unit, extra = "price", low.currency, 0
    if stars := _STARS_RIGHT.match(right):
        field, unit, extra = "rating", None, stars.end()
    elif low.unit is not None:
        named = named_field(u, start, end, low, scope)
        resolved = field_by_unit(u, low, None, scope)
        if named is not None:
            field, unit = named.field, low.unit if named.unit else ""
            start, end = named.start, named.end
        elif resolved is not None:
            field, unit = resolved
        else:
            return []
    elif low.currency is None:
        named = named_field(u, start, end, low, scope)
        if named and named.field in scope.vocabulary.listed:
            return []
        if named:
            field, unit, start, end = named.field, named.unit, named.start, named.end
        elif (
            not opened and not u.behind(PRICE_LEFT, start) and (high.value < 20 or _counted(right))
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


def _single(u: Utterance, q: Quantity, scope: Scope) -> list[Constraint]:
    found = comparison(u, q, scope.vocabulary)
    start, end, op, about = found.start, found.end, found.op, found.about
    special = _rating_reviews_discount(u, q, op, start, end)
    if special is not None:
        return [special]
    if op is None and q.currency is None and _stands_in_catalog(u, q, scope):
        return []
    aged = read_age(u, q, op, start, end, scope)
    if aged is not None:
        return aged
    if q.unit is not None:
        return _measured(u, q, found, scope)
    if q.currency is None and _counts_or_shares(u, q, found):
        counted = _pack_of(u, q, found, scope) or _share_of(u, q, found, scope)
        return [counted] if counted is not None else []
    named = None if q.currency else named_field(u, start, end, q, scope, op, found.word)
    if named is not None:
        return [_bare(u, q, found, named, scope)]
    if op is None and (screen := bare_screen(u, q, scope)) is not None:
        u.take(start, end)
        return [Constraint(screen, Op.EQ, q.value, "in", span=u.text[start:end])]
    opens = opens_with_sum(u, q, found)
    if opens or q.currency is not None or u.answers or is_money(u, q, found):
        return price_limit(u, q, op, about, start, end)
    return []


def _stands_in_catalog(u: Utterance, q: Quantity, scope: Scope) -> bool:
    """Whether the number is part of a value that the catalogue states in words ("3-season"),
    which is then left to be read as that value.

    A number in words is read in digits: "three season".
    """
    at = u.token_at(q.start)
    if at >= len(u.tokens) or u.tokens[at].start < q.start:
        return False
    digits = f"{q.value:g}"
    spelled = u.tokens[at].word.isalpha() and u.token_at(q.end - 1) == at
    own = digits if spelled else u.tokens[at].stem
    alone = scope.vocabulary.lookup((own,)) if q.unit is None and not own.isdigit() else ()
    if any(t in scope.types for e in alone for t in e.types):
        # "4K" of a monitor
        return True
    for size in range(min(scope.vocabulary.max_words, len(u.tokens)), 1, -1):
        for first in range(max(at - size + 1, 0), min(at, len(u.tokens) - size) + 1):
            phrase = tuple(own if i == at else u.tokens[i].stem for i in range(first, first + size))
            if any(_means(e, q, scope) for e in scope.vocabulary.lookup(phrase)):
                u.tokens[at].stem = own
                return True
    return False


def _means(entry: Entry, q: Quantity, scope: Scope) -> bool:
    """Whether a value of the catalogue with a number in it may be meant here."""
    if q.unit is None:
        return True
    base = to_base(1.0, q.unit)[1]
    if scope.known:
        return any(t in scope.types for t in entry.types)
    return all(m.unit != base for m in scope.vocabulary.measured.values())


def _counts_or_shares(u: Utterance, q: Quantity, found: Comparison) -> bool:
    """Whether a number says how many there are in a pack, or how many percent: no sum of money."""
    packed = u.behind(_PACK_OF, q.start) or u.behind(_PACK_OF, found.start)
    counted = packed or _IN_A_PACK.match(u.lower, found.end)
    return counted is not None or _PERCENT.match(u.lower, q.end) is not None


def _share_of(u: Utterance, q: Quantity, found: Comparison, scope: Scope) -> Constraint | None:
    """Read "at least 70%" where what is bought states a share of something."""
    said = _PERCENT.match(u.lower, q.end)
    shares = [m for m in scope.vocabulary.measured.values() if m.unit == "%" and scope.carries(m)]
    if said is None or not shares:
        return None
    start, end = found.start, max(found.end, said.end())
    u.take(start, end)
    op = found.op or Op.EQ
    return Constraint(shares[0].name, op, q.value, "%", span=u.text[start:end].strip())


def _pack_of(u: Utterance, q: Quantity, found: Comparison, scope: Scope) -> Constraint | None:
    """Read "a pack of 6" or "6 to a box", unless it is known that the types under discussion
    do not state how many there are.
    """
    before = u.behind(_PACK_OF, q.start) or u.behind(_PACK_OF, found.start)
    after = _IN_A_PACK.match(u.lower, found.end)
    if before is None and after is None:
        return None
    counts = [m for m in scope.vocabulary.measured.values() if m.unit == "pc"]
    if scope.known:
        counts = [m for m in counts if scope.carries(m)]
    if not counts:
        return None
    field = min(counts, key=lambda m: ("pack" not in m.name, -scope.carries(m), m.name))
    start = before.start() if before else found.start
    end = after.end() if after else found.end
    u.take(start, end)
    refused = before is not None and before["not"] and found.op is None
    op = Op.NE if refused else found.op or Op.EQ
    return Constraint(field.name, op, q.value, "pc", span=u.text[start:end].strip())


def _bare(u: Utterance, q: Quantity, found: Comparison, named: Named, scope: Scope) -> Constraint:
    """A number without a unit beside the name of a field."""
    op, start, end = beyond(u, found, named.start, named.end)
    op, start = set_to(u, op, start)
    u.take(start, end)
    span = u.text[start:end].strip()
    if named.field in scope.vocabulary.listed:
        return Constraint(named.field, Op.EQ, (f"{q.value:g}",), span=span)
    return Constraint(named.field, op or Op.EQ, q.value, named.unit, span=span)


def _rating_reviews_discount(
    u: Utterance, q: Quantity, op: Op | None, start: int, end: int
) -> Constraint | None:
    right = u.lower[q.end :]
    if (stars := _STARS_RIGHT.match(right)) and q.value <= 5:
        stop = max(end, q.end + stars.end())
        field, chosen, value = "rating", op or Op.GE, q.value
    elif (rated := u.behind(_RATED_LEFT, start)) and q.value <= 5 and not q.currency and not q.unit:
        start, stop, field, chosen, value = rated.start(), end, "rating", op or Op.GE, q.value
    elif reviews := _REVIEWS_RIGHT.match(u.lower[end:]):
        stop, field, chosen, value = end + reviews.end(), "review_count", op or Op.GE, q.value
    elif q.unit == "%" and (off := _PERCENT_OFF_RIGHT.match(u.lower[end:])):
        stop, field, chosen, value = end + off.end(), "discount", op or Op.GE, q.value
    else:
        return None
    u.take(start, stop)
    return Constraint(field, chosen, value, span=u.text[start:stop].strip())


def _measured(u: Utterance, q: Quantity, found: Comparison, scope: Scope) -> list[Constraint]:
    """A number with a unit: of the field named beside it, of a load, or of what the unit measures."""
    start, end, op = found.start, found.end, found.op
    mass = to_base(1.0, q.unit or "")[1] == "g"
    held = carries(u, start) if mass else None
    body = somebody_weighs(u, q, start) if mass else None
    load = load_field(_without(scope, body[2] if body else "")) if mass else None
    told = held is not None or body is not None
    named = None if told else named_field(u, start, end, q, scope, op, found.word)
    if named is not None:
        op, start, end = beyond(u, found, named.start, named.end)
        op, start = set_to(u, op, start)
        field, unit = named.field, q.unit if named.unit else ""
        if op is None and mass and is_load(field):
            op = Op.GE
    elif held is not None:
        field, unit, op = load or usual_load(scope.vocabulary), q.unit, Op.GE
        start = held
    elif body is not None:
        start, end = min(start, body[0]), max(end, body[1])
        if load is None:
            return [_told(u, start, end)]
        field, unit, op = load, q.unit, Op.GE
    elif mass and op is Op.GE and load is not None and not found.about:
        # nobody wants a chair to weigh more
        field, unit = load, q.unit
    else:
        resolved = field_by_unit(u, q, op, scope)
        if resolved is None:
            aged = _answers_age(u, q, scope)
            return [aged] if aged is not None else []
        field, unit = resolved
        if op is None and mass and is_load(field):
            op = Op.GE
    u.take(start, end)
    span = u.text[start:end].strip()
    if op is None and field in HEADS and u.behind(FOR, start):
        op = Op.GE
    if found.about and op is None:
        return [Constraint(field, Op.EQ, q.value, unit or None, hard=False, span=span)]
    return [Constraint(field, op or Op.EQ, q.value, unit or None, span=span)]


def _without(scope: Scope, who: str) -> Scope:
    """The scope without what is only whose weight is told: the dog of "a 34 kilo dog"."""
    if who not in scope.kinds:
        return scope
    return scope_of(scope.vocabulary, scope.kinds - {who}, scope.limits)


def _answers_age(u: Utterance, q: Quantity, scope: Scope) -> Constraint | None:
    """Months or years as the whole of an utterance: an age, where what is discussed is made for one."""
    alone = not re.search(r"[^\W_]", u.lower[: q.start] + u.lower[q.end :])
    if not alone or q.unit not in ("month", "year") or age_field(scope) is None or not scope.known:
        return None
    return age_limit(u, q.start, q.end, q.value * (12 if q.unit == "year" else 1), scope)


def _told(u: Utterance, start: int, end: int) -> Constraint:
    """What no field of the catalogue states, as a wish in the shopper's words."""
    u.take(start, end)
    span = u.text[start:end].strip()
    return Constraint(WISH, Op.CONTAINS, (span.lower(),), hard=False, span=span)
