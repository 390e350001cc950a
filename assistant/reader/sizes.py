"""Sizes, ages and sun protection: numbers that name a fit rather than measure a thing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from assistant.reader.english import PEOPLE
from assistant.reader.leftovers import STOPS
from assistant.reader.limits import comparison
from assistant.reader.lookups import lookups_of
from assistant.reader.numbers import Quantity
from assistant.reader.scope import Scope
from assistant.reader.utterance import Utterance
from catalog.constraint import WISH, Constraint, Op
from catalog.money import CURRENCY_WORDS
from catalog.text import tokens
from catalog.units import UNIT_PATTERN
from retrieval.vocabulary import MeasuredField

_PERSON: Final = rf"(?:{'|'.join(sorted(PEOPLE))})"
_VALUE: Final = (
    r"\d{1,3}(?:[.,]5)?|x{0,4}s|x{0,4}l|\d{1,2}xl|m|(?:extra\s+|x-?)?(?:small|large)|medium"
)
_OTHER_UNIT: Final = (
    rf"[.,]?\d|\s*-?\s*(?:(?:{UNIT_PATTERN}|{'|'.join(map(re.escape, CURRENCY_WORDS))}"
    rf"|max|tops|or\s+(?:less|under)|{_PERSON}|stars?|reviews?|of)(?!\w))"
)
"""After a number: it is none of a list of sizes."""
_REGION: Final = r"(?:eu|us|uk)"
_SIZE: Final = re.compile(
    rf"(?<!\w)(?:in\s+(?:an?\s+)?|an?\s+)?(?:(?:{_REGION}\s+)?(?:shoe\s+)?size\s+(?:is\s+)?(?:{_REGION}\s*)?(?P<named>{_VALUE}|one\s+size)"
    rf"|(?P<region>{_REGION})\s*(?P<regional>\d{{1,2}}(?:[.,]5)?)|(?P<letters>x{{1,4}}s|x{{1,4}}l|\dxl))(?!\w)"
    rf"(?P<others>(?:(?:\s*[-–/]\s*|\s+(?:or|and|to)\s+)(?:(?:size|eu|us|uk)\s+)?(?:{_VALUE})(?!\w)(?!{_OTHER_UNIT}))*)"
    rf"(?:\s+{_REGION}(?!\w))?"
)
_BARE_SIZE: Final = re.compile(
    rf"(?<!\w)(?:in\s+an?\s+(?P<worn>\d{{1,2}}(?:[.,]5)?)(?=\s*(?:$|[.;!?)]|,(?!\d)|(?:or|and|please|pls|too|with|under|for|if)\b))"
    rf"|(?<![.,$€£])(?<!\bunder )(?<!\bover )(?<!\bthan )(?<!\bto )(?P<regional>\d{{1,2}}(?:[.,]5)?)\s*{_REGION}(?!\s*(?:dollars?|pounds?)\b)(?!\w)"
    rf"|(?<=[a-z] )(?P<behind>\d{{1,2}}(?:[.,]5)?)(?=\s*(?:$|[.;!?)]|,(?!\d)|(?:please|pls|in|with|under|for)\b)))"
)
"""A number that is a size where what is spoken of has sizes: "in a 28", "10 US", "shoes 10"."""
_BARE_SIZE_WORD: Final = re.compile(
    r"(?<![\w-])(?<!\bwith )(?<!\bwith a )(?<!\btoo )(?<!\bvery )(?<!\bas )(?<!\bfor a )(?<!\bnot )(?<!\bno )(?<!\bnot a )(?:an?\s+)?"
    r"(?P<word>(?:(?:extra|x)[\s-]?)?(?:small|large)|medium)(?![\w-])(?!\s+(?:weight|length|rise|wash|prints?|logos?|stripes?|checks?)\b)(?P<ends>(?=\s*(?:$|[,.;!?)]|(?:or|and|please|pls|in|for|under)\b)))?"
)
_OTHER_SIZE: Final = re.compile(
    rf"(?P<by>[-–/]|\b(?:or|and|to)\b)\s*(?:(?:size|eu|us|uk)\s+)?(?P<value>{_VALUE})(?!\w)"
)
_WIDEST: Final = 10
"""Between the ends of a range of sizes."""
_BARE_LETTER_SIZE: Final = re.compile(
    r"(?<![\w'’&])(?:in\s+(?:an?\s+)?)?(?P<letter>[SML])(?![\w'’&])"
)
_SIZE_WORD: Final = re.compile(r"(?<!\w)in\s+(?:an?\s+|size\s+)?(?P<word>small|medium|large)(?!\w)")
_SIZE_BEFORE: Final = re.compile(r"\bsizes?\s+$")
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
_LETTERED: Final = re.compile(r"(?<!\w)(?:w\s?(?P<waist>\d{2})|l\s?(?P<inseam>\d{2}))(?!\w)")
_LEG_SIZES: Final = {"waist": range(22, 61), "inseam": range(24, 41)}
_LEG_NAMES: Final = r"(?P<{0}>waist)|(?:length|inseam|inside\s+leg|leg(?:\s+length)?)"
_INCHES: Final = r"(?:\s*-?\s*(?:inch(?:es)?|in)\b|\s*[\"″”])?"
_LEG: Final = re.compile(
    rf"(?<![\w.,$€£])(?:(?P<before>\d{{2}}){_INCHES}\s+(?:{_LEG_NAMES.format('waisted')})(?!\w)"
    rf"(?!\s+\d{{2}}(?!{_INCHES}\s+(?:waist|length|inseam|inside|leg)\b))"
    rf"|(?:{_LEG_NAMES.format('waist')})\s+(?:size\s+)?(?:is\s+|of\s+)?(?P<after>\d{{2}}(?:\s+or\s+\d{{2}})?)"
    rf"{_INCHES}(?![\w.,]*\d)(?!\s*(?:cm|mm|m)\b))"
)
"""What is said of legwear alone: its length is that of the leg."""
_WAIST: Final = re.compile(
    r"\bwaist\s+(?:size\s+)?(?:is\s+|of\s+)?\d{2}(?![\w.,]*\d)(?!\s*(?:cm|mm))"
)
_LEGWEAR: Final = re.compile(r"\b(?:jeans?|trousers|pants|chinos)\b")
_AGE_RIGHT: Final = re.compile(r"[\s-]*(?:year|yr|month)s?(?:[\s-]*olds?)?(?!\w)|\s*yo(?!\w)")
_AGE_LEAD: Final = re.compile(
    r"(?:\b(?:for|suits?|suitable\s+for)\s+)?(?:\b(?:an?|my|our|his|her|their|the)\s+)?$"
)
_AGE_LEAD_FOR: Final = re.compile(r"\bfor\s+(?:an?|my|our|his|her|their|the)\s+$")
_AGES: Final = re.compile(r"\bage[sd]?\s*$")
_CHILD_OF: Final = "|".join(
    f"(?<={p} )of" for p in "girl boy child kid lad lass son daughter niece nephew".split()
)
"""Between whose age it is and the age: "a girl of ten"."""
_TURNS: Final = re.compile(
    rf"\b(?:{_CHILD_OF}|age[sd]?|turn(?:ing|ed|s)|(?:s?he(?:\s+is|['’]?s)|(?:kids|children|boys|girls|sons|daughters)\s+are)(?:\s+(?:only|just|about|nearly|almost))?)\s*$"
)
_AGE_JOINER: Final = re.compile(
    r"\s*(?P<by>-|–|—|/|,(?:\s*and)?|\b(?:to|and|or)\b|&)\s*(?:an?\s+)?"
)
_BETWEEN_AGES: Final = re.compile(r"\b(?:between|from)\s+$")
_CHILDREN: Final = re.compile(
    r"\b(?:(?:my|our)\s+(?:two|three|four)|(?:grand)?(?:kids|children|sons|daughters)|boys|girls|nieces|nephews|twins)\s*[,(]?\s*$"
)
"""Those whose ages follow: "my two, 4 and 6"."""
_HAS_YEARS: Final = re.compile(rf"\b(?:(?:s?he|{_PERSON})\s+ha(?:s|ve)|{_PERSON},?)\s+$")
_AGE_PERSON: Final = re.compile(rf"\s+{_PERSON}\b(?!')")
_AGE_END: Final = re.compile(rf"\s*(?:$|[,.;!?)]|{_PERSON}\b)")
_AGE_WORDS: Final = re.compile(r"[\s-]*olds?(?!\w)|\s*of\s+age(?!\w)")


def read_sizes(u: Utterance, scope: Scope) -> Iterator[Constraint]:
    """Clothing and shoe sizes ("size L", "EU 42", "32x34"), as constraints; marks what it read."""
    yield from _leg_sizes(u, scope)
    worn = _worn(scope)
    for m in _SIZE.finditer(u.lower):
        if u.free(m.start(), m.end()):
            first = m["named"] or m["regional"] or m["letters"]
            sizes = (first, *_others(first, m["others"]))
            yield _size(u, m.start(), m.end(), *sizes, field=_size_field(worn, sizes))
    if worn:
        yield from _unnamed_sizes(u, scope, worn)
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


def _unnamed_sizes(u: Utterance, scope: Scope, worn: str) -> Iterator[Constraint]:
    """Sizes that are not called so, of what is known to have them: "in a 28", "10 US", "shoes 10",
    "a large navy jacket".
    """
    names = {kind.rpartition(" ")[2] for kind in scope.kinds}
    for m in _BARE_SIZE.finditer(u.lower):
        if not u.free(m.start(), m.end()):
            continue
        said = m["worn"] or m["regional"] or m["behind"]
        field, at = _size_field(worn, (said,)), u.token_at(m.start())
        if m["behind"] and not (
            at
            and u.tokens[at - 1].stem in names
            and scope.vocabulary.lookup(tuple(tokens(said)), field)
        ):
            continue
        yield _size(u, m.start(), m.end(), said, field=field)
    for m in _BARE_SIZE_WORD.finditer(u.lower):
        letter = _SIZE_WORDS[re.sub(r"[\s-]+", " ", m["word"])]
        stated = scope.vocabulary.lookup((letter.lower(),), "size")
        if not any(t in scope.types for entry in stated for t in entry.types):
            continue
        following = [t.stem for t in u.tokens[u.token_at(m.end()) :][:3]]
        if u.free(m.start(), m.end()) and (m["ends"] is not None or names & {*following}):
            yield _size(u, m.start(), m.end(), m["word"])


def _worn(scope: Scope) -> str | None:
    """The field that says for what is under discussion who fits it, None if nothing states one."""
    stating = lookups_of(scope.vocabulary).types_stating
    return next((f for f in ("size", "waist") if scope.types & stating(f)), None)


def _size_field(worn: str | None, sizes: Sequence[str]) -> str:
    """The field of a size: of what has waists and no other sizes, a number is the waist."""
    waists = worn == "waist" and all(s.isdigit() and int(s) in _LEG_SIZES[worn] for s in sizes)
    return "waist" if waists else "size"


def _others(first: str, said: str) -> Iterator[str]:
    """The other sizes of a list or a range: "39 or 40", "38-40"."""
    last = first
    for m in _OTHER_SIZE.finditer(said):
        if m["by"] in ("-", "–", "to") and last.isdigit() and m["value"].isdigit():
            between = range(int(last) + 1, int(m["value"]))
            if len(between) > _WIDEST:
                return
            yield from map(str, between)
        yield m["value"]
        last = m["value"]


def _leg_sizes(u: Utterance, scope: Scope) -> Iterator[Constraint]:
    """Waist and leg of trousers: "32/34", "W32", "waist 32 length 34"."""
    legwear = _is_legwear(u, scope)
    if legwear or legwear is None:
        for m in _WAIST_INSEAM.finditer(u.lower):
            if legwear is None and u.behind(_SIZE_BEFORE, m.start()):
                continue
            if all(int(m[field]) in sizes for field, sizes in _LEG_SIZES.items()):
                u.take(m.start(), m.end())
                span = u.text[m.start() : m.end()]
                yield Constraint("waist", Op.EQ, (m["waist"],), span=span)
                yield Constraint("inseam", Op.EQ, (m["inseam"],), span=span)
        for m in _LETTERED.finditer(u.lower):
            field = m.lastgroup or ""
            stated = field in scope.vocabulary.listed and int(m[field]) in _LEG_SIZES[field]
            if stated and u.free(m.start(), m.end()):
                u.take(m.start(), m.end())
                span = u.text[m.start() : m.end()]
                yield Constraint(field, Op.EQ, (m[field],), span=span)
    if legwear:
        for m in _LEG.finditer(u.lower):
            field = "waist" if m["waist"] or m["waisted"] else "inseam"
            numbers = re.findall(r"\d+", m["before"] or m["after"])
            if u.free(m.start(), m.end()) and all(int(n) in _LEG_SIZES[field] for n in numbers):
                u.take(m.start(), m.end())
                span = u.text[m.start() : m.end()]
                yield Constraint(field, Op.EQ, tuple(numbers), span=span)


def _is_legwear(u: Utterance, scope: Scope) -> bool | None:
    """Whether two numbers may be waist and leg, None when nothing said tells: not where another
    type is meant.
    """
    if _LEGWEAR.search(u.lower):
        return True
    if scope.known:
        return bool(scope.types & lookups_of(scope.vocabulary).types_stating("waist"))
    if _WAIST.search(u.lower):
        return True
    listed = {"waist", "inseam"} <= {*scope.vocabulary.listed}
    return None if listed and not _names_another(u, scope) else False


def _names_another(u: Utterance, scope: Scope) -> bool:
    """Whether a word is neither a small one nor the catalogue's: another thing is meant."""
    return any(
        t.word not in STOPS
        and t.word.isalpha()
        and len(t.word) > 1
        and not scope.vocabulary.lookup((t.stem,))
        for t in u.tokens
    )


def _size(u: Utterance, start: int, end: int, *words: str, field: str = "size") -> Constraint:
    u.take(start, end)
    plain = [re.sub(r"[\s-]+", " ", word.replace(",", ".")) for word in words]
    values = tuple(dict.fromkeys(_SIZE_WORDS.get(p, p.upper()) for p in plain))
    return Constraint(field, Op.EQ, values, span=u.text[start:end].strip())


def read_sun_protection(u: Utterance, scope: Scope) -> Iterator[Constraint]:
    """Read "SPF 50": the one unit that is said before its number; "factor 50" where any is stated."""
    said = "spf|factor" if "spf" in scope.vocabulary.measured else "spf"
    for m in re.finditer(
        rf"(?<!\w)(?:{said})\s*(?P<n>\d{{1,3}})(?P<plus>\s*\+|\s+or\s+(?:more|higher))?(?!\w)",
        u.lower,
    ):
        u.take(m.start(), m.end())
        op = Op.GE if m["plus"] else Op.EQ
        yield Constraint("spf", op, float(m["n"]), "SPF", span=u.text[m.start() : m.end()])


def read_ages(
    u: Utterance, quantities: Sequence[Quantity], scope: Scope
) -> tuple[Constraint, int] | None:
    """Ages said together ("3 to 5 year olds", "aged 9 and 12", "my two, 4 and 6"), as the limit that
    suits the youngest, with how many of the numbers they are; None if the first few are no ages.
    """
    joined = ""
    count = 1
    for a, b in pairwise(quantities):
        found = _AGE_JOINER.fullmatch(u.lower[a.end : b.start])
        if found is None:
            break
        joined, count = found["by"], count + 1
    ages = quantities[:count]
    unit = ages[-1].unit
    start, end = ages[0].start, ages[-1].end
    if joined in ("", ",") or any(q.currency or q.unit not in (None, unit) for q in ages):
        return None
    if unit not in (None, "year", "month") or comparison(u, ages[-1], scope.vocabulary).op:
        return None
    old = (_AGE_RIGHT if unit is None else _AGE_WORDS).match(u.lower[end:])
    named = u.behind(_TURNS, start)
    if named is None and _AGE_END.match(u.lower[end:]):
        named = u.behind(_CHILDREN, start)
    if named is None and old is None:
        return None
    if opened := named or u.behind(_BETWEEN_AGES, start):
        start = opened.start()
    months = min(q.value for q in ages) * (1 if unit == "month" else 12)
    return age_limit(u, start, end + (old.end() if old else 0), months, scope), count


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
    lead = u.behind(_AGE_LEAD, start)
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
            or u.behind(_AGES, start) is not None
            or (
                (u.behind(_AGE_LEAD_FOR, start) or u.behind(_HAS_YEARS, q.start)) is not None
                and _AGE_END.match(right) is not None
            )
        )
        stop, months = q.end + (old.end() if old else 0), q.value * (12 if q.unit == "year" else 1)
    else:
        found = _AGE_RIGHT.match(right)
        # "she is 5'4" tells a height
        named = None if re.match(r"['’]\s?\d", right) else u.behind(_TURNS, start)
        aged = q.unit is None and q.currency is None and (found is not None or named is not None)
        if named:
            start = named.start()
        stop, months = q.end + (found.end() if found else 0), q.value * 12
    if not aged:
        return None
    if plus := re.match(r"\s*\+", u.lower[stop:]):
        stop += plus.end()
    return [age_limit(u, start, stop, months, scope)]
