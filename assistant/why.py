"""Why a product is not among those shown: which demands its record breaks, and by how much."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from assistant.explain import near_miss, unknown_labels
from assistant.finding import Found
from assistant.intent import Act, Constraint, Intent
from assistant.items import carries_all
from assistant.moment import Moment
from assistant.phrasing import (
    field_name,
    field_text,
    joined,
    short_title,
    shortened,
    sort_label,
    value_text,
)
from assistant.reader.english import FUNCTION_WORDS, REQUEST_WORDS
from assistant.reader.qualities import SUPERLATIVE, quality_compared, quality_of
from assistant.reader.references import ORDINALS
from assistant.reader.terms import correct_spelling
from assistant.reader.utterance import Utterance
from assistant.reasons.shown import gap_between
from assistant.reasons.wording import difference
from assistant.reply import Recommendation
from assistant.stated import summary
from catalog.constraint import PRODUCT_FIELDS, numeric_value
from catalog.product import Product
from catalog.text import tokens
from catalog.verdict import Verdict, judge, judge_all
from retrieval.index import Index
from retrieval.query import Query

Finder: TypeAlias = Callable[[Moment], Found]
"""What finds for this conversation."""

_LOOKED_AT: Final = 60
_TOLD: Final = 4
_NAME_WORDS: Final = 8
_LEAD: Final = r"^\W*(?:(?:and|so|but|ok(?:ay)?|hm+|wait|sorry|then|well)\b[\s,.]*)*"
_HERE: Final = (
    r"(?:here|there|in\s+(?:here|there|this|it)|(?:in|on)\s+(?:the|your|this)\s+(?:list|results?|page)|shown|listed|included|offered|suggested"
    r"|recommended|an\s+option|one\s+of\s+(?:them|these|those)|among\s+(?:them|these|those)|coming\s+up|showing(?:\s+up)?|on\s+it)"
)
_GONE: Final = r"(?:missing|gone|left\s+out|excluded|off\s+the\s+list|not\s+" + _HERE + r")"
_FIRST: Final = r"(?:the\s+first|first|on\s+top|at\s+the\s+top|higher(?:\s+up)?|further\s+up)"
_NAME: Final = r"(?P<name>[^?!.;]+?)"
_END: Final = (
    r"(?:\s+(?:then|though|please|pls|anymore|any\s+more|now|by\s+the\s+way))*\s*[?!.]*\s*$"
)
_WHY_NOT: Final = tuple(
    re.compile(_LEAD + pattern + _END, re.IGNORECASE)
    for pattern in (
        rf"why\s+not\s+(?:show\s+(?:me\s+)?|take\s+|get\s+|just\s+)?{_NAME}",
        rf"(?:why|how\s+come)\s+(?:is\s*n'?t|are\s*n'?t|was\s*n'?t|were\s*n'?t|is\s+not|are\s+not)\s+{_NAME}\s+{_HERE}",
        rf"(?:why|how\s+come)\s+(?:is|are|was|were)\s+{_NAME}\s+{_GONE}",
        rf"how\s+come\s+{_NAME}\s+(?:is\s*n'?t|are\s*n'?t|is\s+not|are\s+not)\s+{_HERE}",
        rf"(?:why|how\s+come)\s+(?:(?:did|do|are|have)\s*n'?t\s+you|you\s+(?:did|do|are|have)\s*n'?t|(?:did|do|are|have)\s+you\s+not)\s+"
        rf"(?:show|showing|shown|list|listing|suggest|suggested|recommend|recommended|offer|include|included|mention)(?:ing)?\s+(?:me\s+)?{_NAME}",
        rf"(?:why|how\s+come)\s+did\s+{_NAME}\s+(?:go|leave|disappear|drop\s+out|vanish|fall\s+out)(?:\s+the\s+list)?",
        rf"(?:where\s+(?:is|are|did|has)|where's|what\s+happened\s+to)\s+(?=the\s+){_NAME}(?:\s+(?:go|gone|now))?",
        rf"(?:why|how\s+come)\s+(?:does|do|did)\s+(?:it|you|this|the\s+list)\s+not\s+(?:show|list|suggest|recommend|offer|include|mention)\s+(?:me\s+)?{_NAME}",
        rf"why\s+no\s+{_NAME}",
    )
)
_NOT_FIRST: Final = tuple(
    re.compile(_LEAD + pattern + r"\b(?:\s*[,;?!.].*)?$", re.IGNORECASE)
    for pattern in (
        rf"(?:why|how\s+come)\s+(?:is|are)(?:\s*n'?t|\s+not)\s+{_NAME}\s+{_FIRST}",
        rf"(?:why|how\s+come)\s+(?:(?:is|are)\s+)?{_NAME}\s+(?:(?:is|are)\s+)?not\s+{_FIRST}",
    )
)
_WHAT_ABOUT: Final = re.compile(
    rf"{_LEAD}(?:what|how)\s+about\s+(?:the|that|your)\s+{_NAME}{_END}", re.IGNORECASE
)
_ASIDE: Final = FUNCTION_WORDS | REQUEST_WORDS | {"one", "model", "thing", "product", "item"}
_ARTICLE: Final = re.compile(r"^(?:the|a|an|any|that|this|those|these|your)\s+", re.IGNORECASE)
_ABOUT_ITEMS: Final = frozenset(
    {Act.ADD_TO_CART, Act.REMOVE_FROM_CART, Act.SAVE, Act.BUY_AGAIN, Act.REVIEW}
)
_WEAKER: Final = {
    "relevance": "is less near to your words",
    "fit": "meets your wishes less",
    "quality": "is rated lower",
    "model": "was judged to suit less",
    "taste": "is less like what you bought before",
    "unstated": "leaves more open",
    "suspect": "has a listing with text that was not meant for shoppers",
    "variety": "is more like another one",
    "popularity": "has fewer reviews",
}


@dataclass(frozen=True, slots=True)
class Absent:
    """A product asked about that is not shown: how it was named, and whether the question is why not."""

    name: str
    why: bool


def asked_about(intent: Intent) -> Absent | None:
    """What an utterance misses ("why not the Halden?", "what about the Brisa?"), None for others."""
    if intent.act in _ABOUT_ITEMS:
        return None
    for pattern in _NOT_FIRST:
        if found := pattern.match(intent.text):
            return _absent(found["name"], why=True, shown=True)
    for pattern in _WHY_NOT:
        if found := pattern.match(intent.text):
            return _absent(found["name"], why=True)
    found = _WHAT_ABOUT.match(intent.text)
    return _absent(found["name"], why=False) if found else None


def _absent(said: str, *, why: bool, shown: bool = False) -> Absent | None:
    name = re.sub(r"\s+ones?$", "", _ARTICLE.sub("", said.strip()))
    wanted = [t for t in tokens(name) if t not in _ASIDE]
    if not wanted or len(wanted) > _NAME_WORDS or set(wanted) <= ORDINALS.keys():
        return None
    words = name.lower().split()
    if not shown and any(quality_of(w) or quality_compared(w) for w in (name, *words)):
        return None  # "why not cheaper ones" asks for others
    if SUPERLATIVE.search(name.lower()):
        return None  # "why not the cheapest you have" asks for an order
    return Absent(name, why)


def why_not(
    absent: Absent,
    index: Index,
    moment: Moment,
    shown: Sequence[Recommendation],
    find: Finder,
) -> str | None:
    """The answer from the record; None where it is no question about a product of the catalogue.

    Of several products of that name the one that breaks least is told of.
    """
    vocabulary = index.vocabulary
    if not absent.why and _is_a_value(absent.name, index):
        return None
    corrected = Utterance(absent.name)
    spelled = correct_spelling(corrected, vocabulary)
    name = absent.name
    for wrong, right in spelled:
        name = re.sub(rf"\b{re.escape(wrong)}\b", right.replace("\\", r"\\"), name)
    here = [(n, r) for n, r in enumerate(shown, 1) if carries_all(r.product, _wanted(name))]
    if here:
        place, recommendation = here[0]
        if not absent.why:
            return summary(recommendation.product)
        missed = f": {'; '.join(recommendation.near_miss)}" if recommendation.near_miss else ""
        if (
            place > 1
            and not missed
            and (behind := _behind_first(recommendation, shown, moment, find))
        ):
            missed = f": {behind}"
        return f"{short_title(recommendation.product)} is here, in place {place}{missed}."
    called = _called(name, index, moment)
    if not called:
        return f"We don't carry “{shortened(absent.name)}”." if absent.why else None
    nearest = min(enumerate(called), key=lambda c: (_distance(c[1], moment), c[0]))[1]
    told = _told(nearest, moment, shown, find)
    others = (
        f"Of {len(called)} called “{shortened(absent.name)}”, the nearest to what you asked: "
        if 1 < len(called) < _LOOKED_AT
        else ""
    )
    return f"{others}{told}"


def _wanted(name: str) -> set[str]:
    return {t for t in tokens(name) if t not in _ASIDE}


def _is_a_value(name: str, index: Index) -> bool:
    """Whether a name is a type or a value of a field, and so asks for all that have it."""
    entries = index.vocabulary.lookup(tuple(t for t in tokens(name) if t not in _ASIDE))
    return any(e.field != "brand" for e in entries)


def _called(name: str, index: Index, moment: Moment) -> list[Product]:
    """Products that carry every word of a name, of the kind spoken of first, nearest first; where
    none does, those that carry them but for a letter.
    """
    wanted = _wanted(name)
    topic = tuple(c for c in moment.hard if c.field == "type" and not c.op.negative)
    for slips in (0, 1):
        for hard in (topic, ()) if topic else ((),):
            found = index.search(Query(name, hard, None, _LOOKED_AT)).items
            products = (index.get(c.product.id) for c in found)
            called = [p for p in products if p is not None and carries_all(p, wanted, slips)]
            if called:
                return called
    return []


def _distance(product: Product, moment: Moment) -> tuple[int, float]:
    """How many demands a product breaks or leaves open, breaking weighing more; then its price."""
    verdicts = [judge(product, c) for c in moment.hard]
    broken, unknown = verdicts.count(Verdict.VIOLATION), verdicts.count(Verdict.UNKNOWN)
    return 2 * broken + unknown, float(product.price or 0)


def _told(product: Product, moment: Moment, shown: Sequence[Recommendation], find: Finder) -> str:
    title = short_title(product)
    if product.id in moment.left_out:
        return f"{title}: left out since you found fault with it."
    if not moment.hard and not shown:
        return summary(product)
    broken = [c for c in moment.hard if judge(product, c) is Verdict.VIOLATION]
    told = [broken_text(product, c) for c in broken]
    if not told and judge_all(product, moment.hard) is Verdict.VIOLATION:
        told = [_in_no_variant(product, moment.hard)]
    if product.stock == 0 and not any("sold out" in t for t in told):
        told.append("sold out")
    if told:
        return f"{title}: {'; '.join(told[:_TOLD])}."
    unknown = [c for c in moment.hard if judge(product, c) is Verdict.UNKNOWN]
    if unknown:
        labels = unknown_labels((c.field for c in unknown), product, moment.hard)
        return f"{title}: {'; '.join(labels)}{_what_comes_first(product, moment, find(moment))}."
    return f"{title} fits{_ranked_below(product, moment, shown, find)}."


def _what_comes_first(product: Product, moment: Moment, found: Found) -> str:
    """What stands above a product that leaves demands open; nothing where that is weighed."""
    if not found.open_last or not found.pool:
        return ""
    first = set(found.pool[0].unknown)
    if not first:
        return "; what states all you asked comes first"
    own = {c.asks for c in moment.hard if judge(product, c) is Verdict.UNKNOWN}
    if ("price",) in own and "price" not in first:
        return "; no listing states all you asked, and what states a price comes first"
    if len(own) > len(found.pool[0].unknown) and ("price" in first) == (("price",) in own):
        return "; no listing states all you asked, and what leaves less open comes first"
    return "; no listing states all you asked"


def broken_text(product: Product, c: Constraint) -> str:
    """How a product breaks a demand: ``"filed under socks, not kettle"``."""
    if c.field in ("type", "category"):
        kind = product.type or (product.category[-1] if product.category else "")
        asked = joined(c.words, "or")
        if c.op.negative:
            return (
                f"filed under {kind.lower()}, which you did not want"
                if kind
                else f"{asked}, which you did not want"
            )
        return f"filed under {kind.lower()}, not {asked}" if kind else f"not filed under {asked}"
    return near_miss(product, c)


def _in_no_variant(product: Product, hard: Sequence[Constraint]) -> str:
    """Of a product each of whose forms breaks another demand: what the nearest form breaks."""
    own = [c for c in hard if c.field not in PRODUCT_FIELDS]

    def broken(offer: Product) -> list[Constraint]:
        return [c for c in own if judge(offer, c) is Verdict.VIOLATION]

    # the size asked for, and what it costs, rather than another size
    options = {name for v in product.variants for name in v.options}
    offer = min(
        product.offers(),
        key=lambda o: (
            sum(c.field in options for c in broken(o)),
            len(broken(o)),
            o.variants[0].id,
        ),
    )
    (variant,) = offer.variants
    asked = [
        c.field for c in own if c.field in variant.options and judge(offer, c) is Verdict.MATCH
    ]
    form = joined(
        [f"{field_name(f)} {value_text(variant.options[f])}" for f in dict.fromkeys(asked)]
    )
    missed = [near_miss(offer, c) for c in broken(offer)]
    return f"in {form}: {'; '.join(missed)}" if form else "; ".join(missed)


def _ranked_below(
    product: Product, moment: Moment, shown: Sequence[Recommendation], find: Finder
) -> str:
    """Where it stands among all that fit, and what it has less of than the last one shown."""
    found = find(moment)
    place = next((n for n, r in enumerate(found.pool, 1) if r.product.id == product.id), None)
    if place is None:
        return f", but {found.matching:,} do, and it is not among the first {len(found.pool)}"
    where = f" and comes in place {place} of {found.matching:,}"
    if moment.sort is not None:
        value = field_text(product, moment.sort.field)
        held = f": {field_name(moment.sort.field)} {value}" if value else ""
        return f"{where}, sorted {sort_label(moment.sort.field, moment.sort.descending)}{held}"
    if not shown or place <= len(shown):
        return where
    last = shown[-1]
    told = _less(found.pool[place - 1], last, found.around.cared())
    title = short_title(last.product)
    return f"{where}; than the last one shown, {title}, it {joined(told)}" if told else where


def _behind_first(
    own: Recommendation, shown: Sequence[Recommendation], moment: Moment, find: Finder
) -> str:
    """What something shown has less of than the first."""
    if moment.sort is not None:
        return f"sorted {sort_label(moment.sort.field, moment.sort.descending)}"
    first = shown[0]
    told = _less(own, first, find(moment).around.cared())
    return f"than the first, {short_title(first.product)}, it {joined(told)}" if told else ""


def _less(own: Recommendation, other: Recommendation, cared: Mapping[str, int]) -> list[str]:
    """In what one stands behind another: in what the shopper cares about, else in what counts."""
    if len(own.unknown) > len(other.unknown):
        return [f"{_WEAKER['unstated']} ({'; '.join(own.unknown)})"]
    behind = _behind(own.product, other.product, cared)
    gaps = sorted((own.parts.get(n, 0.0) - other.parts.get(n, 0.0), n) for n in _WEAKER)
    return behind or [_WEAKER[name] for gap, name in gaps if gap < 0][:2]


def _behind(product: Product, other: Product, cared: Mapping[str, int]) -> list[str]:
    """What a product has less of than another, in what the shopper cares about: ``"is 4 dB louder"``."""
    made = []
    for name, direction in cared.items():
        own, theirs = numeric_value(product, name), numeric_value(other, name)
        gap = gap_between(product, other, name)
        if own is None or theirs is None or gap is None:
            continue
        if (own[0] - theirs[0]) * direction < 0:
            made.append(f"is {gap} {difference(name, -direction)}")
    return made
