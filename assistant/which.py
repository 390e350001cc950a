"""Which of the items shown: told by what the question asks, be it a quantity or a feature."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from assistant.differences import unmeasured
from assistant.intent import Act
from assistant.items import ASIDE, carries_all
from assistant.passages import Encode, feature_asked, measure_asked
from assistant.phrasing import field_name, field_text, joined, short_title, shortened
from assistant.reader import Context, read
from assistant.reader.fields import FIELDS_BY_UNIT
from assistant.reader.qualities import PARTS, QUALITIES
from assistant.reader.references import ORDINALS
from assistant.reasons.wording import SUPERLATIVES, extreme_of, number_word, sentence
from assistant.stated import SYNONYMS, alternatives_of, asked_in, feature, stated_of, told_of
from catalog.constraint import TEXT, WISH, Constraint, Op, numeric_value
from catalog.money import format_price
from catalog.product import Product
from catalog.text import tokens
from catalog.units import to_base
from catalog.verdict import Verdict, judge, judge_all
from retrieval.vocabulary import Vocabulary

_VERB: Final = r"(?:is|are|was|were|has|have|got|comes?|lasts?|weighs?|costs?|holds?|makes?|does|do|would|will|can|seats?|sleeps?|fits?|heats?|boils?|charges?|runs?|keeps?|takes?|needs?|uses?|carr(?:y|ies)|gives?|stays?|suits?|goes|works?)\b"
_ASKED: Final = re.compile(
    rf"\b(?:which|what)\s+(?P<ones>ones?|(?:one\s+)?(?:out\s+)?of\s+(?:these|those|them|the)(?:\s+(?!{_VERB})(?P<last>\w+)){{0,2}})"
    rf"\s+(?P<rest>{_VERB}[^.?!;]*)"
)
"""A question about what is shown: "which of these is the quietest", "which one has a lid"."""
_OF_SOME: Final = (
    re.compile(
        rf"\b(?:which|what)\s+(?:ones?\s+)?(?:out\s+)?of\s+the\s+(?P<end>first|last)\s+(?P<count>two|three|four|five|[2-5])(?:\s+ones)?\s+(?P<rest>{_VERB}[^.?!;]*)"
    ),
    re.compile(
        rf"\b(?:which|what)\s+(?:ones?\s+)?(?:out\s+)?of\s+the\s+(?P<kind>(?!{_VERB})[a-z][\w'-]*(?:\s+(?!{_VERB})[\w'-]+){{0,2}}?)\s+(?P<rest>{_VERB}[^.?!;]*)"
    ),
    re.compile(
        rf"\bwhich\s+(?!ones?\b|of\b|{_VERB})(?P<kind>[a-z][\w'-]*(?:\s+(?!{_VERB})[\w'-]+){{0,2}}?)\s+(?P<rest>(?:has|have|got|comes?|is\s+the|are\s+the)\b[^.?!;]*)"
    ),
    re.compile(
        r"\b(?:which|what)(?:'?s|\s+(?:one\s+)?is)\s+(?P<rest>the\s+(?:(?:most|least)\s+)?[a-z]+)(?:\s+ones?)?\s+(?:out\s+of|of|from|among)\s+"
        r"(?:those|these|them|the\s+ones)\s+(?:from|by|made\s+(?:by|of)|in|of)\s+(?P<any>[\w' ,&-]+?)\W*$"
    ),
)
"""A question about some of what is shown, by place or by a word they carry: "which of the leather
ones is the widest"."""
_BARE: Final = re.compile(r"^\W*(?:and\s+)?which\s+(?P<rest>(?:has|have|comes?\s+with)\s[^.?!;]*)")
_ANY: Final = re.compile(
    r"^\W*(?:and\s+)?(?P<verb>do|does|has|have)\s+any\s+(?:one\s+)?(?:of\s+(?:these|those|them|the\s+(?P<kind>[a-z][\w'-]*(?:\s+[\w'-]+)?))\s+)?"
    r"(?:have|has|got|show|shows|come\s+with|include|contain)\s+(?P<what>[^.?!;]+)"
)
_COMPARING: Final = re.compile(
    r"^\W*(?:and\s+|so\s+)?(?:which|what)(?:\s+one|\s+of\s+(?:them|these|those|the\s+two))?\s+(?:is|are|looks?|feels?)\s+(?:the\s+)?(?:(?:more|less)\s+|(?P<by>[a-z]{3,}er)\b)"
)
_NO_COMPARISON: Final = frozenset(
    "better leather copper silver rubber paper other under over".split()
)
_GENERIC: Final = frozenset("one item card option result product choice".split())
_PRONOUNS: Final = frozenset("it that this them one those".split())
_GOOD_FOR: Final = re.compile(
    r"(?:(?:is|are|would\s+be|will\s+be)\s+(?:the\s+)?(?:good|best|suitable|suited|right|ok|okay|fine|great|meant|made|better)\s+for"
    r"|(?:would\s+|will\s+)?(?:suits?|goes?(?:\s+well)?\s+with|works?\s+(?:well\s+)?(?:for|with)))\s+(?P<what>[^.?!;]+)"
)
_TOLD: Final = 3
_HAS: Final = re.compile(
    r"(?:has|have|comes?\s+with)\s+(?:got\s+)?(?:an?\s+|the\s+|any\s+)?(?P<what>[a-z][\w' -]*?)\s*$"
)
_IS: Final = re.compile(r"(?:is|are|has|have|comes?)\s+(?:got\s+)?(?P<what>[a-z][\w' -]*?)\s*$")
_MOST_OF: Final = re.compile(
    r"\b(?P<way>most|highest|biggest|largest|longest|widest|broadest|best|least|lowest|smallest|shortest|narrowest|fewest)\s+(?P<what>[a-z][a-z ]*)"
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
_LITTLE: Final = frozenset({"least", "lowest", "smallest", "shortest", "narrowest", "fewest"})
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


@dataclass(frozen=True, slots=True)
class _Scope:
    """What of the products shown a question is about, and what is asked of them."""

    products: Sequence[Product]
    rest: str
    these: str
    asked: str
    named: str = ""
    """The words that all of them carry, where only such are asked about."""
    of_many: bool = False
    """Whether it may be asked of the whole shop."""


def which_of(
    text: str,
    shown: Sequence[Product],
    vocabulary: Vocabulary | None = None,
    encode: Encode | None = None,
    *,
    of_shown: bool = False,
) -> Which | None:
    """The answer to which of the shown products is, or has, what is asked for; None where the text
    asks no such thing, or asks it of other products. ``vocabulary`` tells what its words demand, and
    ``encode`` which quantity a superlative comes near to that is in no table. ``of_shown`` says that
    the text is known to ask about what is shown.
    """
    lower = text.lower()
    if (priced := _cheapest_per(lower, shown)) is not None:
        return priced
    if len(shown) < 2:
        return None
    scope = _of_some(lower, shown) or _of_all(lower, shown, of_shown)
    if scope is None:
        return None
    most = _most(scope)
    if most is None or not most.products:
        most = _nearest_told(scope, encode) or most
    return (
        most
        or _meeting(scope, vocabulary)
        or _holding(scope, lower)
        or _suiting(scope, encode)
        or _untold(scope)
    )


def compares(text: str) -> bool:
    """Whether it asks which is more of something without saying of which."""
    found = _COMPARING.match(text.lower())
    return found is not None and found["by"] not in _NO_COMPARISON


def _of_all(text: str, shown: Sequence[Product], of_shown: bool) -> _Scope | None:
    these = f"these {number_word(len(shown))}"
    if (any_of := _ANY.match(text)) is not None and not {*tokens(any_of["kind"] or "")} - _GENERIC:
        many = not of_shown and any_of["verb"] in ("do", "have")
        return _Scope(shown, f"have {any_of['what']}", these, text, of_many=many)
    if of_shown and (bare := _BARE.match(text)) is not None:
        return _Scope(shown, bare["rest"], these, bare[0])
    asked = _ASKED.search(text)
    if asked is None or ORDINALS.get(asked["last"] or "", len(shown)) != len(shown):
        return None
    if asked["ones"].startswith("one") and any(c.isdigit() for c in asked["rest"]):
        return None  # "which one is the cheapest under 60" sets a limit
    many = asked["ones"] == "ones" and not of_shown
    return _Scope(shown, asked["rest"], these, asked[0], of_many=many)


def _of_some(text: str, shown: Sequence[Product]) -> _Scope | None:
    """The question where it is about some of what is shown."""
    found = next((m for pattern in _OF_SOME if (m := pattern.search(text)) is not None), None)
    found = found or _ANY.match(text)
    if found is None:
        return None
    parts = found.groupdict()
    rest = parts.get("rest") or f"have {parts['what']}"
    if parts.get("end"):
        count = int(ORDINALS[parts["count"]])
        some = shown[:count] if parts["end"] == "first" else shown[-count:]
        return _Scope(some, rest, f"the {parts['end']} {parts['count']}", found[0])
    said = parts.get("kind") or parts.get("any") or ""
    kinds = [{*tokens(k)} - _GENERIC - ASIDE for k in re.split(r"\s+or\s+|\s+and\s+|\s*,\s*", said)]
    wanted = [k for k in kinds if k and not k & ORDINALS.keys()]
    some = [p for p in shown if any(_is_so(p, k) for k in wanted)]
    if not some:
        return None
    if len(some) == len(shown):
        return _Scope(shown, rest, f"these {number_word(len(shown))}", found[0])
    return _Scope(some, rest, f"the {number_word(len(some))} here", found[0], said)


def _is_so(product: Product, words: set[str]) -> bool:
    """Whether a product carries some words, or is made of what a single one says: oak is wooden."""
    if carries_all(product, words):
        return True
    made = Constraint("material", Op.EQ, tuple(w.removesuffix("en") for w in words))
    return len(words) == 1 and judge(product, made) is Verdict.MATCH


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


def _most(scope: _Scope) -> Which | None:
    """``"Hush: 54 dB, the quietest of these six."``"""
    shown = scope.products
    named = _quantity(scope.rest, shown)
    if named is None:
        return None
    fields, direction, word = named
    if (each := _not_numbers(fields, shown)) is not None:
        return each
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
        if len(shown) == 1 and scope.named:
            return Which(f"Only {short_title(only)} is “{scope.named}”: {value}.", (only,))
        return Which(f"Only {short_title(only)} states its {field_name(field)}: {value}.", (only,))
    best = max(known.values()) if direction > 0 else min(known.values())
    first = [p for p in shown if known.get(p.id) == best]
    these = (
        f"of {scope.these}"
        if len(known) == len(shown)
        else f"of the {number_word(len(known))} here that state it"
    )
    told = "; ".join(dict.fromkeys(field_text(p, field) for p in first))
    word = extreme_of(field, direction)
    if field not in SUPERLATIVES and field.endswith("s"):
        word = f"{'most' if direction > 0 else 'fewest'} {field_name(field)}"
    tie = " each" if len(first) > 1 else ""
    return Which(f"{_named(first)}: {told}{tie}, the {word} {these}.", tuple(first))


def _not_numbers(fields: Sequence[str], shown: Sequence[Product]) -> Which | None:
    """What each states of a field that holds no single number: the two ends of a range."""
    field = fields[0]
    told = {p.id: field_text(p, field) for p in shown if p.attributes.get(field) is not None}
    if len(fields) > 1 or not told or any(numeric_value(p, field) for p in shown):
        return None
    each = [f"{short_title(p)} {told[p.id]}" for p in shown if p.id in told]
    return Which(f"{sentence(field_name(field))}: {'; '.join(dict.fromkeys(each))}.")


def _nearest_told(scope: _Scope, encode: Encode | None) -> Which | None:
    """``"Comfort temperature: Fonn −15 °C, Ermine −8 °C."``: what each states of the quantity that a
    superlative means, with no word on which end of it is meant.
    """
    shown = scope.products
    if encode is None or not _SUPERLATIVE.search(scope.asked):
        return None
    field = measure_asked(shown, scope.asked, encode)
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


def _meeting(scope: _Scope, vocabulary: Vocabulary | None) -> Which | None:
    """Those that meet what the words demand of fields, and of nothing else: "which are wired"; None
    where none shown does, which is for a search.
    """
    shown, rest = scope.products, scope.rest
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
    what = re.sub(r"^(?:an?|the)\s+", "", found["what"])
    return Which(f"{sentence(what)}: {_named(having)}.", having) if having else None


def _holding(scope: _Scope, text: str) -> Which | None:
    """Those that have a feature: by the yes or no of a field, else by what their records say in the
    words asked.

    Where it may be asked of the whole shop and none shown has it, that is for a search.
    """
    found = _HAS.match(scope.rest)
    if found is None:
        return None
    what, shown = found["what"], scope.products
    if {*tokens(what)} <= _PRONOUNS:
        before = text[: text.find(scope.asked)]
        what = feature_asked(before.strip(" ?!.,;")) or what
    asked = {w for t in tokens(what) for w in (t, *SYNONYMS.get(t, ()))}
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
        return None if scope.of_many else Which(f"{field_name(flag).capitalize()}: none of these.")
    return _saying(what, shown) or (
        None if scope.of_many else Which(f"None of these listings speaks of “{shortened(what)}”.")
    )


def _saying(what: str, shown: Sequence[Product]) -> Which | None:
    """What the fields of those that have it state, and whose name or text says it."""
    alternatives = alternatives_of(feature(what))
    stating: list[tuple[Product, str]] = []
    naming: list[Product] = []
    said = Constraint(TEXT, Op.CONTAINS, tuple(a.feature for a in alternatives))
    for p in shown:
        found = next((t for a in alternatives if (t := stated_of(p, a)) is not None), None)
        if found is not None and not {*found.fields} & {"title", "description"}:
            stating.append((p, found.text))
        elif found is not None or judge(p, said) is Verdict.MATCH:
            naming.append(p)
    told = [text for _, text in stating]
    if naming:
        told.append(f"“{shortened(what)}” is named in the listing of {_named(naming)}.")
    return Which(" ".join(told), (*(p for p, _ in stating), *naming)) if told else None


def _suiting(scope: _Scope, encode: Encode | None) -> Which | None:
    """What the listings say to whom or what they are good for."""
    found = _GOOD_FOR.match(scope.rest)
    if found is None:
        return None
    asked = asked_in(f"is it good for {found['what']}")
    told = [(p, t) for p in scope.products if (t := told_of(p, asked, encode)) is not None]
    if told:
        first = told[:_TOLD]
        return Which(" ".join(t.text for _, t in first), tuple(p for p, _ in first))
    return Which(f"None of these listings speaks of “{shortened(found['what'])}”.")


def _untold(scope: _Scope) -> Which | None:
    superlative = unmeasured(scope.asked, scope.products)
    return Which(f"The listings don't say which is {superlative}.") if superlative else None


def _named(products: Sequence[Product]) -> str:
    return joined(list(dict.fromkeys(short_title(p) for p in products)))
