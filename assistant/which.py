"""Which of the items shown: told by what the question asks, be it a quantity or a feature."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from assistant.differences import unmeasured
from assistant.items import SYNONYMS
from assistant.phrasing import field_name, field_text, joined, short_title, shortened
from assistant.reader.qualities import PARTS, QUALITIES
from assistant.reader.references import ORDINALS
from assistant.reasons.wording import SUPERLATIVES, extreme_of, number_word
from catalog.constraint import TEXT, Constraint, Op, Verdict, judge, numeric_value
from catalog.product import Product
from catalog.text import tokens

_VERB: Final = r"(?:is|are|was|were|has|have|got|comes?|lasts?|weighs?|costs?|holds?|makes?|does|do|would|will|can)\b"
_ASKED: Final = re.compile(
    rf"\b(?:which|what)\s+(?P<ones>ones?|(?:one\s+)?(?:out\s+)?of\s+(?:these|those|them|the)(?:\s+(?!{_VERB})(?P<last>\w+)){{0,2}})"
    rf"\s+(?P<rest>{_VERB}[^.?!;]*)"
)
"""A question about what is shown: "which of these is the quietest", "which one has a lid"."""
_HAS: Final = re.compile(
    r"(?:has|have|comes?\s+with)\s+(?:got\s+)?(?:an?\s+|the\s+|any\s+)?(?P<what>[a-z][\w' -]*?)\s*$"
)
_IS: Final = re.compile(
    r"(?:is|are)\s+(?:all\s+)?(?:made\s+(?:out\s+)?(?:of|from)\s+)?(?:an?\s+)?(?P<what>[a-z][\w' -]*?)\s*$"
)
_MOST_OF: Final = re.compile(
    r"\b(?P<way>most|highest|biggest|largest|longest|best|least|lowest|smallest|shortest|fewest)\s+(?P<what>[a-z][a-z ]*)"
)
_LITTLE: Final = frozenset({"least", "lowest", "smallest", "shortest", "fewest"})
_WORDS: Final = {w: q for q in reversed(QUALITIES) for w in (*q.more, *q.most)}
_COMPARED: Final = re.compile(
    rf"\b(?:{'|'.join(re.escape(w) for w in sorted(_WORDS, key=lambda w: (-len(w), w)))})\b"
)
_NOUNS: Final = {fields: noun for noun, fields in reversed(PARTS.items())}


@dataclass(frozen=True, slots=True)
class Which:
    """A sentence, and the products it names."""

    text: str
    products: tuple[Product, ...] = ()


def which_of(text: str, shown: Sequence[Product]) -> Which | None:
    """The answer to which of the shown products is, or has, what is asked for; None where the text
    asks no such thing, or asks it of other products.
    """
    asked = _ASKED.search(text.lower())
    if asked is None or len(shown) < 2:
        return None
    if ORDINALS.get(asked["last"] or "", len(shown)) != len(shown):
        return None
    if asked["ones"].startswith("one") and any(c.isdigit() for c in asked["rest"]):
        return None  # "which one is the cheapest under 60" sets a limit
    return (
        _most(asked["rest"], shown)
        or _holding(asked["rest"], shown, asked["ones"] == "ones")
        or _being(asked["rest"], shown)
        or _untold(asked[0], shown)
    )


def _most(rest: str, shown: Sequence[Product]) -> Which | None:
    """``"Hush: 54 dB, the quietest of these six."``"""
    named = _quantity(rest, shown)
    if named is None:
        return None
    fields, direction, word = named
    field = _stated_most(fields, shown)
    if field is None:
        noun = _NOUNS.get(fields)
        return Which(
            f"None of these states its {noun}."
            if noun
            else f"The listings don't say which is the {word}."
        )
    stated = {p.id: v for p in shown if (v := numeric_value(p, field)) is not None}
    unit = Counter(u for _, u in stated.values()).most_common(1)[0][0]
    known = {i: v for i, (v, u) in stated.items() if u == unit}
    if len(known) == 1:
        only = next(p for p in shown if p.id in known)
        value = field_text(only, field)
        return Which(f"Only {short_title(only)} states its {field_name(field)}: {value}.", (only,))
    best = max(known.values()) if direction > 0 else min(known.values())
    first = [p for p in shown if known.get(p.id) == best]
    these = (
        f"of these {number_word(len(shown))}"
        if len(known) == len(shown)
        else f"of the {number_word(len(known))} here that state it"
    )
    told = "; ".join(dict.fromkeys(field_text(p, field) for p in first))
    word = extreme_of(field, direction)
    if field not in SUPERLATIVES and field.endswith("s"):
        word = f"{'most' if direction > 0 else 'fewest'} {field_name(field)}"
    tie = " each" if len(first) > 1 else ""
    return Which(f"{_named(first)}: {told}{tie}, the {word} {these}.", tuple(first))


def _quantity(rest: str, shown: Sequence[Product]) -> tuple[tuple[str, ...], int, str] | None:
    """The fields that may hold what is asked for, +1 where much of it is, and the word for it."""
    if found := _MOST_OF.search(rest):
        words = tokens(found["what"])
        held = {tuple(tokens(field_name(n))): n for p in shown for n in p.attributes}
        for size in range(min(3, len(words)), 0, -1):
            name = held.get(tuple(words[:size]))
            fields = (name,) if name else PARTS.get(" ".join(words[:size]))
            if fields:
                return fields, -1 if found["way"] in _LITTLE else 1, found[0].strip()
    if found := _COMPARED.search(rest):
        quality = _WORDS[found[0]]
        return quality.fields, quality.direction, quality.most[0]
    return None


def _stated_most(fields: Sequence[str], shown: Sequence[Product]) -> str | None:
    """The first field that most of them state, else the one stated most often; None if none is."""
    counts = {f: sum(numeric_value(p, f) is not None for p in shown) for f in fields}
    usual = next((f for f, n in counts.items() if 2 * n > len(shown)), None)
    best = usual or max(counts, key=lambda f: counts[f])
    return best if counts[best] else None


def _holding(rest: str, shown: Sequence[Product], of_many: bool) -> Which | None:
    """Those that have a feature: by the yes or no of a field, else by the words of the listing.

    "Which ones" may be asked of the whole shop: where none shown has it, that is for a search.
    """
    found = _HAS.match(rest)
    if found is None:
        return None
    asked = {w for t in tokens(found["what"]) for w in (t, *SYNONYMS.get(t, ()))}
    flag = next(
        (
            name
            for p in shown
            for name, value in p.attributes.items()
            if isinstance(value, bool) and asked >= {*tokens(field_name(name))}
        ),
        None,
    )
    if flag is not None:
        having = [p for p in shown if p.attributes.get(flag) is True]
        if having:
            return Which(f"{field_name(flag).capitalize()}: {_named(having)}.", tuple(having))
        return None if of_many else Which(f"{field_name(flag).capitalize()}: none of these.")
    said = Constraint(TEXT, Op.CONTAINS, (found["what"],))
    naming = tuple(p for p in shown if judge(p, said) is Verdict.MATCH)
    quoted = f"“{shortened(found['what'])}”"
    if naming:
        return Which(f"{quoted} is named in the listing of {_named(naming)}.", naming)
    return None if of_many else Which(f"None of these listings speaks of {quoted}.")


def _being(rest: str, shown: Sequence[Product]) -> Which | None:
    """Those of a value that a field of any of them has: "is made of steel"."""
    found = _IS.match(rest)
    if found is None:
        return None
    names = dict.fromkeys(
        n for p in shown for n, v in p.attributes.items() if isinstance(v, (str, tuple))
    )
    for name in names:
        said = Constraint(name, Op.EQ, (found["what"],))
        being = tuple(p for p in shown if name in p.attributes and judge(p, said) is Verdict.MATCH)
        if being:
            return Which(
                f"{field_name(name).capitalize()} {found['what']}: {_named(being)}.", being
            )
    return None


def _untold(question: str, shown: Sequence[Product]) -> Which | None:
    superlative = unmeasured(question, shown)
    return Which(f"The listings don't say which is {superlative}.") if superlative else None


def _named(products: Sequence[Product]) -> str:
    return joined(list(dict.fromkeys(short_title(p) for p in products)))
