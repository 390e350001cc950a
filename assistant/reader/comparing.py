"""Comparisons with what is shown, and orders: "cheaper", "half the price", "too loud", "the quietest"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from assistant.intent import Comparative, Reference, Sort
from assistant.reader.lookups import lookups_of
from assistant.reader.multiples import MULTIPLE
from assistant.reader.numbers import find_quantities, number_begins
from assistant.reader.qualities import PARTS, QUALITIES, Quality, factor_of
from assistant.reader.references import places_at
from assistant.reader.utterance import Utterance
from catalog.text import tokens
from retrieval.vocabulary import Vocabulary

_PART_FIELDS: Final = {
    form: fields
    for noun, fields in PARTS.items()
    for form in (noun, f"{noun}es" if noun == "box" else f"{noun}s")
}
_PART: Final = "|".join(
    re.escape(w).replace(r"\ ", r"\s+") for w in sorted(_PART_FIELDS, key=lambda w: (-len(w), w))
)
_NO_NOUN_AFTER: Final = r"(?=\s*(?:$|[,.;!?)]|(?:than|and|or|please|pls|for|with|if|but|now|in|at|to|too|would|is|of|size|sizes|ones?|that|this)\b))"
_PART_COMPARED: Final = re.compile(
    rf"(?<!\w)(?:(?P<more>bigger|larger|higher|longer|greater|more)|smaller|lower|shorter|fewer|less)\s+(?P<part>{_PART}){_NO_NOUN_AFTER}"
)
_CONTAINERS: Final = frozenset(
    """box boxes bag bags bottle bottles tube tubes jar jars tin tins can cans""".split()
)
_OPENS: Final = re.compile(
    r"\W*+(?>(?:ok|okay|hmm|and|but|or|maybe|please|just|an?|the|any|in|got|have|you|do|is|are|there|come|comes|does|it|they|something|anything|way|much|even|slightly|little|bit)\W++)*+$"
)
_PLAIN_ADJECTIVE: Final = "|".join(sorted({w for q in QUALITIES for w in q.plain if w.isalpha()}))
_MULTIPLE: Final = re.compile(
    rf"(?<!\w)(?:(?:{MULTIPLE})\s+(?:of\s+)?(?:(?:the|its|that|this)\s+(?P<part>{_PART})(?!\w)|(?:that|this)(?=\s*(?:$|[,.;!?]|please\b))|as\s+(?P<as>much|{_PLAIN_ADJECTIVE})(?!\w)))"
)
_SHADE: Final = re.compile(r"\s+(?:colou?rs?|shades?|tones?|hues?|wood)\b")
""""A lighter shade" weighs nothing."""
_ONE_OF: Final = re.compile(
    r"\s+(?:one\s+)?(?:(?:out\s+)?of|(?:between|among|from)(?=\s+the\b))\s+"
)
_NO_MORE: Final = re.compile(
    r"\b(?:no|not|nothing|(?:is|are|ca|should|must|wo|would|do|does)n'?t|cannot)\s+(?:(?:be|want|anything|something|one|any|much|get|go)\s+)*$"
)
_THAT_NUMBER: Final = re.compile(r"\s+than\s+(?:that|this)\b")
_BARE_LESS: Final = re.compile(
    r"\W*+(?>(?:a\s+(?:bit|little|lot)|much|even|still|any|anything|something|way|can\s+you|can\s+we|could\s+you|go|make\s+it|got|have\s+you|no|please|ok|okay|hmm+|and|for|maybe|do|you|have|then|it|get)(?!\w)\W*+)*+(?P<less>lower|less)(?>\W++(?:please|pls|still|again|then|if\s+possible)(?!\w))*+\W*+$"
)
_TOO: Final = re.compile(
    r"(?<!\w)(?:(?:way|much|far|all|just|still|really|a\s+(?:bit|little|tad|touch)|slightly)\s+)*too\s+(?:damn\s+|bloody\s+)?(?P<what>much\s+(?:money|to\s+(?:pay|spend))|much|"
    + "|".join(
        sorted({w.removeprefix("too ") for q in QUALITIES for w in q.plain if w.startswith("too ")})
    )
    + r")(?=\s*(?:$|[,.;!?)]|(?:for|to|and|but|or|so|then|show|got|have|any|anything|something|please|though|tbh|still|really|now|imo|i)\b))"
)
_UNLESS: Final = re.compile(
    r"\b(?:not|no|nothing|never|without|if|unless|none|(?:is|are|do|does|was|were|would|should|ca|wo)n'?t)\b[^,.;!?]*$"
)
_ASKS: Final = re.compile(
    r"\s*(?:is|are|was|were|does|do|did|would|will|could|can|how|why|what|which|who|when|where)\b(?!')"
)
_ABOUT_SHOWN: Final = frozenset(
    """it its it's it’s theyre they're they that thats that's this these those them all both one ones first second third last is are was were be
    seem seems look looks looking feel feels a bit little tad of all but and so hmm hm oh no nah ok okay well sorry im i'm afraid i think find still
    just really price prices cost costs the for me us my everything here everyone of now again ugh wow yikes ouch way much far rather somewhat kind kinda sort""".split()
)
"""Words of a remark about what is shown: "those are all a bit too big"."""


_MOST_OF: Final = re.compile(
    r"(?<!\w)(?:the\s+)?(?:(?P<least>lowest|least|fewest|smallest|shortest)|(?P<best>best)|highest|most|biggest|largest|greatest|longest"
    r"|(?:sort(?:ed)?|order(?:ed)?|rank(?:ed)?)\s+(?:them\s+|it\s+|these\s+)?by(?:\s+(?:the\s+)?highest)?)"
    rf"\s+(?P<name>[a-z]\w*(?:\s+[a-z]\w*){{0,2}}?)(?:\s+first\b|{_NO_NOUN_AFTER}(?!\s+(?:of|is)\s+\d))"
)


_NOT_THE: Final = re.compile(r"(?:\bnot|n't)\s+(?:necessarily\s+|just\s+|want\s+)?(?:the\s+)?$")


def read_superlative(u: Utterance, vocabulary: Vocabulary) -> tuple[Sort | None, Reference | None]:
    """A superlative: a sort, or with "one"/"of them" a reference to the extreme of those shown."""
    if (named := _most_of_field(u, vocabulary)) is not None:
        return named, None
    for quality, start, end in _words_of(u, "most"):
        if _NOT_THE.search(u.lower[:start]):
            u.take(start, end)
            continue  # "not the cheapest" asks for no order
        field = measured_field(quality.fields, vocabulary)
        tail = re.match(
            r"\s+(?:one\b(?!s)|of\s+(?:them|these|those|the\s+(?:lot|two|three)))", u.lower[end:]
        )
        span_end = end + (tail.end() if tail else 0)
        u.take(start, span_end)
        if tail:
            return None, Reference(
                "extreme", f"{field}:{quality.direction:+d}", u.text[start:span_end]
            )
        return Sort(field, quality.direction > 0), None
    return None, None


def _most_of_field(u: Utterance, vocabulary: Vocabulary) -> Sort | None:
    """A sort by a numeric field that is named: "the highest water column", "by thread count"."""
    numbers = lookups_of(vocabulary).numbers
    for m in _MOST_OF.finditer(u.lower):
        name = tuple(tokens(m["name"]))
        field = numbers.get(name)
        if field is None or vocabulary.has_type(name) or not u.free(m.start(), m.end()):
            continue
        if m["best"] and vocabulary.measured[field].unit is not None:
            # more minutes are not better ones
            continue
        u.take(m.start(), m.end())
        return Sort(field, not m["least"])
    return None


def read_choice(u: Utterance, vocabulary: Vocabulary) -> Reference | None:
    """One of several items named by their places: "the cheaper of 2 and 3", "the lightest of the first three"."""
    for quality, start, end in (*_words_of(u, "more"), *_words_of(u, "most")):
        of = _ONE_OF.match(u.lower, end)
        places, stop = places_at(u, of.end()) if of else ([], end)
        if not places:
            continue
        begin = start - 4 if u.lower[:start].endswith("the ") else start
        u.take(begin, stop)
        value = f"{measured_field(quality.fields, vocabulary)}:{quality.direction:+d}"
        return Reference("extreme", value, u.text[begin:stop]).chosen_from(places)
    return None


def measured_field(
    fields: Sequence[str], vocabulary: Vocabulary, kinds: frozenset[str] = frozenset()
) -> str:
    """The first of the fields that the catalogue measures, of those kinds of thing if of any."""
    known = [
        f for f in fields if f in vocabulary.measured or f in ("price", "rating", "review_count")
    ]
    own = [f for f in known if f in vocabulary.measured and kinds & {*vocabulary.measured[f].types}]
    return next(iter((*own, *known)), fields[0])


def read_comparatives(u: Utterance, vocabulary: Vocabulary | None = None) -> list[Comparative]:
    """Wishes such as "cheaper", "half the price", "too loud", relative to what is shown.

    A complaint ("too expensive") counts only where it is about what is shown: in a sentence
    that names nothing else, and with a ``vocabulary`` in an utterance that names no type.
    """
    found = [*_multiples(u), *_with_nouns(u, vocabulary)]
    for quality, start, end in _words_of(u, "more"):
        than = re.match(r"\s+than\s+", u.lower[end:])
        if than and number_begins(u.lower[end + than.end() :]):
            continue
        if _SHADE.match(u.lower[end:]):
            continue
        u.take(start, end)
        if (
            than
            and _THAT_NUMBER.match(u.lower[end:])
            and any(q.end <= start for q in find_quantities(u))
        ):
            # "the gap is 8 inches, it can't be wider than that": a limit, read with its number
            continue
        turned = -1 if than and _NO_MORE.search(u.lower[:start]) else 1
        found.append(Comparative(quality.fields, turned * quality.direction, u.text[start:end]))
    if vocabulary is None or not _names_type(u, vocabulary):
        found += _complaints(u)
    if not found and (bare := _BARE_LESS.match(u.lower)) and u.free(bare.start(), bare.end()):
        u.take(bare.start(), bare.end())
        found.append(Comparative(("price",), -1, u.text[bare.start("less") : bare.end("less")]))
    return found


def _multiples(u: Utterance) -> Iterator[Comparative]:
    """Read "half the price", "twice the size", "half that": less or more of it than what is shown.

    By how much stands in the span, see :func:`assistant.reader.qualities.factor_of`.
    """
    for m in _MULTIPLE.finditer(u.lower):
        if not u.free(m.start(), m.end()):
            continue
        fields = _PART_FIELDS[m["part"]] if m["part"] else ("price",)
        if m["as"] and m["as"] != "much":
            quality = next(
                (q for q in QUALITIES if m["as"] in q.plain and q.fields != ("price",)), None
            )
            fields = quality.fields if quality is not None else ("price",)
        u.take(m.start(), m.end())
        direction = 1 if (factor_of(m.group()) or 1.0) > 1 else -1
        yield Comparative(fields, direction, u.text[m.start() : m.end()])


def _with_nouns(u: Utterance, vocabulary: Vocabulary | None) -> Iterator[Comparative]:
    """Read "smaller pack", "lower price", "less sugar": the noun names what is compared."""
    for m in _PART_COMPARED.finditer(u.lower):
        if not u.free(m.start(), m.end()):
            continue
        if m["part"] in _CONTAINERS and not _OPENS.match(u.lower[: m.start()]):
            # "I need a bigger bag" looks for a bag
            continue
        if vocabulary is not None and vocabulary.has_type(tuple(tokens(m["part"]))):
            continue
        u.take(m.start(), m.end())
        direction = 1 if m["more"] else -1
        yield Comparative(_PART_FIELDS[m["part"]], direction, u.text[m.start() : m.end()])


def _complaints(u: Utterance) -> Iterator[Comparative]:
    """Read "too expensive", "it's a bit too loud": less of that."""
    for sentence in re.finditer(r"[^.!?;,\n]+", u.lower):
        for m in _TOO.finditer(u.lower, sentence.start(), sentence.end()):
            before = u.lower[sentence.start() : m.start()]
            asked = _ASKS.match(before) or (
                sentence.end() < len(u.lower) and u.lower[sentence.end()] == "?" and before.strip()
            )
            spoken = [t for t in u.tokens if sentence.start() <= t.start < m.start()]
            if (
                asked
                or not u.free(m.start(), m.end())
                or _UNLESS.search(before)
                or not all(u.taken(t.index) or t.word in _ABOUT_SHOWN for t in spoken)
            ):
                continue
            fields, direction = _too(m["what"], before)
            u.take(m.start(), m.end())
            yield Comparative(fields, direction, u.text[m.start() : m.end()])


def _too(what: str, before: str) -> tuple[tuple[str, ...], int]:
    """What is meant by too much of something: its fields, and -1 for less of them."""
    if what.startswith("much") or (what == "high" and re.search(r"\b(?:price|cost)", before)):
        return ("price",), -1
    quality = next(q for q in QUALITIES if f"too {what}" in q.plain)
    return quality.fields, quality.direction


def _names_type(u: Utterance, vocabulary: Vocabulary) -> bool:
    stems = [t.stem for t in u.tokens]
    return any(
        vocabulary.has_type(tuple(stems[i : i + n]))
        for n in range(1, 5)
        for i in range(len(stems) - n + 1)
    )


def _words_of(u: Utterance, degree: str) -> Iterator[tuple[Quality, int, int]]:
    pairs = [(w, q) for q in QUALITIES for w in getattr(q, degree)]
    for word, quality in sorted(pairs, key=lambda p: -len(p[0])):
        pattern = r"(?<!\w)" + re.escape(word).replace(r"\ ", r"[\s-]+") + r"(?!\w)"
        for m in re.finditer(pattern, u.lower):
            if u.free(m.start(), m.end()):
                yield quality, m.start(), m.end()
