"""Sizes, ages and sun protection: numbers that name a fit rather than measure a thing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from assistant.reader.english import PEOPLE
from assistant.reader.fields import Scope
from assistant.reader.numbers import Quantity
from assistant.reader.utterance import Utterance
from catalog.constraint import WISH, Constraint, Op
from retrieval.vocabulary import MeasuredField, Vocabulary

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
_AGE_RIGHT: Final = re.compile(r"[\s-]*(?:year|yr|month)s?(?:[\s-]*olds?)?(?!\w)|\s*yo(?!\w)")
_PERSON: Final = rf"(?:{'|'.join(sorted(PEOPLE))})"
_AGE_LEAD: Final = re.compile(
    r"(?:\b(?:for|suits?|suitable\s+for)\s+)?(?:\b(?:an?|my|our|his|her|their|the)\s+)?$"
)
_AGE_LEAD_FOR: Final = re.compile(r"\bfor\s+(?:an?|my|our|his|her|their|the)\s+$")
_AGE_PERSON: Final = re.compile(rf"\s+{_PERSON}\b(?!')")
_AGE_END: Final = re.compile(rf"\s*(?:$|[,.;!?)]|{_PERSON}\b)")
_AGE_WORDS: Final = re.compile(r"[\s-]*olds?(?!\w)|\s*of\s+age(?!\w)")


def read_sizes(u: Utterance, vocabulary: Vocabulary) -> Iterator[Constraint]:
    """Clothing and shoe sizes ("size L", "EU 42", "32x34"), as constraints; marks what it read."""
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


def read_sun_protection(u: Utterance) -> Iterator[Constraint]:
    """Read "SPF 50": the one unit that is said before its number."""
    for m in re.finditer(
        r"(?<!\w)spf\s*(?P<n>\d{1,3})(?P<plus>\s*\+|\s+or\s+(?:more|higher))?(?!\w)", u.lower
    ):
        u.take(m.start(), m.end())
        op = Op.GE if m["plus"] else Op.EQ
        yield Constraint("spf", op, float(m["n"]), "SPF", span=u.text[m.start() : m.end()])


def age_range(u: Utterance, start: int, end: int, low: Quantity) -> tuple[int, int] | None:
    """Where an age range begins and ends ("ages 3-5", "3 to 5 year olds"), None if it is none."""
    named = re.search(r"\b(?:ages?d?)\s*$", u.lower[:start])
    old = _AGE_RIGHT.match(u.lower[end:]) if low.unit is None else _AGE_WORDS.match(u.lower[end:])
    if named is None and old is None:
        return None
    return (named.start() if named else start, end + (old.end() if old else 0))


def age_limit(u: Utterance, start: int, end: int, months: float, scope: Scope) -> Constraint:
    """Limit the age a product is made for, where the catalogue states such ages, and take the words.

    Where it states none, or none for the types under discussion, the age is a wish in the
    shopper's own words.
    """
    field = age_field(scope)
    if field is None:
        start, end = _whole_phrase(u, start, end)
        u.take(start, end)
        span = u.text[start:end].strip()
        return Constraint(WISH, Op.CONTAINS, (span.lower(),), hard=False, span=span)
    u.take(start, end)
    value, unit = (months, "month") if field.unit == "month" else (months / 12, field.unit)
    return Constraint(field.name, Op.LE, value, unit, span=u.text[start:end].strip())


def age_field(scope: Scope) -> MeasuredField | None:
    """The field that states the age things are made for, None if nothing under discussion has one."""
    measured = scope.vocabulary.measured
    field = next((measured[f] for f in ("age_from", "min_age", "age") if f in measured), None)
    if field is None or (scope.known and not scope.carries(field)):
        return None
    return field


def _whole_phrase(u: Utterance, start: int, end: int) -> tuple[int, int]:
    """An age with what leads to it and whose it is: "for my 6-year-old niece"."""
    lead = _AGE_LEAD.search(u.lower[:start])
    person = _AGE_PERSON.match(u.lower[end:])
    return (lead.start() if lead else start, end + (person.end() if person else 0))


def read_age(
    u: Utterance, q: Quantity, op: Op | None, start: int, end: int, scope: Scope
) -> list[Constraint] | None:
    """A child's age: a limit where the catalogue states the age a product is made for, else a wish."""
    right = u.lower[q.end :]
    if q.unit in ("year", "month"):
        old = _AGE_WORDS.match(right)
        aged = (
            old is not None
            or re.search(r"\bage[sd]?\s*$", u.lower[:start]) is not None
            or (
                _AGE_LEAD_FOR.search(u.lower[:start]) is not None
                and _AGE_END.match(right) is not None
            )
        )
        stop, months = q.end + (old.end() if old else 0), q.value * (12 if q.unit == "year" else 1)
    else:
        found = _AGE_RIGHT.match(right)
        named = re.search(r"\b(?:ages?d?|turn(?:ing|ed|s))\s*$", u.lower[:start])
        aged = q.unit is None and q.currency is None and (found is not None or named is not None)
        if named:
            start = named.start()
        stop, months = q.end + (found.end() if found else 0), q.value * 12
    if not aged:
        return None
    if plus := re.match(r"\s*\+", u.lower[stop:]):
        stop += plus.end()
    return [age_limit(u, start, stop, months, scope)]
