"""Which of the items shown: told by what the question asks, be it a quantity or a feature."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from assistant.differences import unmeasured
from assistant.intent import Act
from assistant.passages import Encode, measure_asked
from assistant.phrasing import field_name, field_text, joined, short_title, shortened
from assistant.reader import Context, read
from assistant.reader.fields import FIELDS_BY_UNIT
from assistant.reader.qualities import PARTS, QUALITIES
from assistant.reader.references import ORDINALS
from assistant.reasons.wording import SUPERLATIVES, extreme_of, number_word, sentence
from assistant.stated import SYNONYMS
from catalog.constraint import TEXT, WISH, Constraint, Op, numeric_value
from catalog.money import format_price
from catalog.product import Product
from catalog.text import tokens
from catalog.units import to_base
from catalog.verdict import Verdict, judge, judge_all
from retrieval.vocabulary import Vocabulary

_VERB: Final = r"(?:is|are|was|were|has|have|got|comes?|lasts?|weighs?|costs?|holds?|makes?|does|do|would|will|can|seats?|sleeps?|fits?|heats?|boils?|charges?|runs?|keeps?|takes?|needs?|uses?|carr(?:y|ies)|gives?|stays?)\b"
_ASKED: Final = re.compile(
    rf"\b(?:which|what)\s+(?P<ones>ones?|(?:one\s+)?(?:out\s+)?of\s+(?:these|those|them|the)(?:\s+(?!{_VERB})(?P<last>\w+)){{0,2}})"
    rf"\s+(?P<rest>{_VERB}[^.?!;]*)"
)
"""A question about what is shown: "which of these is the quietest", "which one has a lid"."""
_HAS: Final = re.compile(
    r"(?:has|have|comes?\s+with)\s+(?:got\s+)?(?:an?\s+|the\s+|any\s+)?(?P<what>[a-z][\w' -]*?)\s*$"
)
_IS: Final = re.compile(r"(?:is|are|has|have|comes?)\s+(?:got\s+)?(?P<what>[a-z][\w' -]*?)\s*$")
_MOST_OF: Final = re.compile(
    r"\b(?P<way>most|highest|biggest|largest|longest|best|least|lowest|smallest|shortest|fewest)\s+(?P<what>[a-z][a-z ]*)"
)
_SUPERLATIVE: Final = re.compile(r"\b(?:most|least|fewest|best|[a-z]{3,}est)\b")
_PER: Final = re.compile(
    r"^(?:\w+\W+)?(?:(?:which|what)\b.{0,40}?|(?:the\s+)?)\b(?:cheapest|least\s+expensive|best\s+value)\b(?:\s+\w+)?\s+(?:per|a|for\s+each)\s+(?P<unit>[a-z]+)\W*$"
)
_UNITS: Final = {
    "litre": "l", "liter": "l", "l": "l", "ml": "ml", "kilo": "kg", "kg": "kg", "kilogram": "kg", "gram": "g", "g": "g",
}  # fmt: skip
_EACH: Final = frozenset(
    """piece unit item one pouch sachet tin can jar bottle tube roll bar tablet capsule pod pad pair""".split()
)
"""What the pieces of a pack may be called."""
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


def which_of(
    text: str,
    shown: Sequence[Product],
    vocabulary: Vocabulary | None = None,
    encode: Encode | None = None,
) -> Which | None:
    """The answer to which of the shown products is, or has, what is asked for; None where the text
    asks no such thing, or asks it of other products. ``vocabulary`` tells what its words demand, and
    ``encode`` which quantity a superlative comes near to that is in no table.
    """
    if (priced := _cheapest_per(text.lower(), shown)) is not None:
        return priced
    asked = _ASKED.search(text.lower())
    if asked is None or len(shown) < 2:
        return None
    if ORDINALS.get(asked["last"] or "", len(shown)) != len(shown):
        return None
    if asked["ones"].startswith("one") and any(c.isdigit() for c in asked["rest"]):
        return None  # "which one is the cheapest under 60" sets a limit
    most = _most(asked["rest"], shown)
    if most is None or not most.products:
        most = _nearest_told(asked[0], shown, encode) or most
    return (
        most
        or _meeting(asked["rest"], shown, vocabulary)
        or _holding(asked["rest"], shown, asked["ones"] == "ones")
        or _untold(asked[0], shown)
    )


def _cheapest_per(text: str, shown: Sequence[Product]) -> Which | None:
    """``"Chum: $0.83 per pouch, the cheapest of the four here that state it."``"""
    asked = _PER.search(text)
    if asked is None or len({p.currency for p in shown if p.price is not None}) != 1:
        return None
    word = asked["unit"]
    per: dict[str, float] = {}
    for p in shown:
        held = _amount(p, word)
        if held and p.price is not None:
            per[p.id] = p.price / held
    if len(per) < 2:
        return None
    best = min(per.values())
    first = [p for p in shown if per.get(p.id) == best]
    told = format_price(round(best), first[0].currency)
    number = number_word(len(per))
    ending = (
        f"of these {number}" if len(per) == len(shown) else f"of the {number} here that state it"
    )
    return Which(f"{_named(first)}: {told} per {word}, the cheapest {ending}.", tuple(first))


def _amount(product: Product, word: str) -> float | None:
    """How many pieces, or how much in that unit, is sold for the price."""
    if (unit := _UNITS.get(word.removesuffix("s"))) is not None:
        size, base = to_base(1.0, unit)
        held = (numeric_value(product, f) for f in FIELDS_BY_UNIT[base or ""])
        return next((v / size for v, u in filter(None, held) if u == base), None)
    own = next((n for n in product.attributes if tokens(field_name(n)) == tokens(word)), None)
    said = Constraint(TEXT, Op.CONTAINS, (word,))
    named = word in _EACH or judge(product, said) is Verdict.MATCH
    fields = [own] if own else FIELDS_BY_UNIT["pc"] if named else ()
    return next((v[0] for f in fields if (v := numeric_value(product, f)) is not None), None)


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


def _nearest_told(question: str, shown: Sequence[Product], encode: Encode | None) -> Which | None:
    """``"Comfort temperature: Fonn −15 °C, Ermine −8 °C."``: what each states of the quantity that a
    superlative means, with no word on which end of it is meant.
    """
    if encode is None or not _SUPERLATIVE.search(question):
        return None
    field = measure_asked(shown, question, encode)
    stated = [] if field is None else [(v, p) for p in shown if (v := numeric_value(p, field))]
    if field is None or len(stated) < 2:
        return None
    told = [
        f"{short_title(p)} {field_text(p, field)}" for v, p in sorted(stated, key=lambda s: s[0][0])
    ]
    return Which(f"{sentence(field_name(field))}: {', '.join(dict.fromkeys(told))}.")


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


def _meeting(rest: str, shown: Sequence[Product], vocabulary: Vocabulary | None) -> Which | None:
    """Those that meet what the words demand of fields, and of nothing else: "which are wired"; None
    where none shown does, which is for a search.
    """
    found = _IS.match(rest)
    if found is None:
        return None
    kinds = frozenset(" ".join(tokens(p.type)) for p in shown if p.type)
    asked = read(rest, vocabulary, Context(kinds, has_wants=True), Act.REFINE).constraints
    if not asked or any(
        c.field in (TEXT, WISH, "type") or c.number is not None or not c.hard for c in asked
    ):
        return None
    having = tuple(p for p in shown if judge_all(p, asked) is Verdict.MATCH)
    return Which(f"{sentence(found['what'])}: {_named(having)}.", having) if having else None


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


def _untold(question: str, shown: Sequence[Product]) -> Which | None:
    superlative = unmeasured(question, shown)
    return Which(f"The listings don't say which is {superlative}.") if superlative else None


def _named(products: Sequence[Product]) -> str:
    return joined(list(dict.fromkeys(short_title(p) for p in products)))
