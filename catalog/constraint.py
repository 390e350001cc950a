"""What a shopper may demand of a product, and whether a product meets it.

:func:`judge` is the reference semantics of every filter. ``retrieval.columns``
answers the same question for a whole catalogue at once and is tested against it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from catalog.lexicon import (
    COLOR_FAMILY,
    IMPLIED,
    KINDS,
    MATERIAL_FAMILY,
    PARTS,
    PLAIN_COLORS,
    SIZE_SPELLINGS,
    SPELLINGS,
    WORKED,
)
from catalog.product import Measure, Product, attribute_words
from catalog.text import find_run, fold, tokens
from catalog.units import to_base


class Op(StrEnum):
    """How a field is compared with the value."""

    EQ = "="
    NE = "!="
    LE = "<="
    GE = ">="
    LT = "<"
    GT = ">"
    CONTAINS = "contains"
    NOT_CONTAINS = "not_contains"

    @property
    def negative(self) -> bool:
        """True for the operators that forbid something."""
        return self in (Op.NE, Op.NOT_CONTAINS)

    @property
    def direction(self) -> int:
        """-1 for an upper limit, +1 for a lower one, 0 for the rest."""
        return -1 if self in (Op.LE, Op.LT) else int(self in (Op.GE, Op.GT))


class Verdict(StrEnum):
    """Whether a product meets a constraint; unknown is neither a match nor a violation."""

    MATCH = "match"
    UNKNOWN = "unknown"
    VIOLATION = "violation"


ConstraintValue = str | float | bool | tuple[str, ...]

NUMERIC_FIELDS: Final = frozenset({"price", "rating", "review_count", "stock", "discount"})
"""Built-in fields that compare as numbers; attributes do when they hold a number or a measure."""

WISH: Final = "wish"
"""The field of a soft wish that no product field expresses (``"quiet"``, ``"for my dad"``)."""

TEXT: Final = "text"
"""The field that stands for everything the listing says: title, description, attributes."""


PRODUCT_FIELDS: Final = frozenset(
    {"type", "category", "brand", "rating", "review_count", WISH, TEXT}
)
"""What is the same for all variants of a product; any other field may be a variant's own."""

_ORDER: Final = (Verdict.MATCH, Verdict.UNKNOWN, Verdict.VIOLATION)


@dataclass(frozen=True, slots=True)
class Constraint:
    """One demand: ``price <= 6000 (USD)``, ``color != ("red",)``, ``wish contains "quiet"``.

    ``value`` is minor units for ``price``, percent for ``discount``, a number
    (in ``unit``) for measures, otherwise one or several words, of which any one
    suffices (and, under a negative operator, none may hold).
    """

    field: str
    op: Op
    value: ConstraintValue
    unit: str | None = None
    """Currency code for ``price`` (None: the catalogue's own), unit symbol for measures."""
    hard: bool = True
    span: str = ""
    """The words of the utterance it came from."""

    @property
    def words(self) -> tuple[str, ...]:
        """The value as words; empty for a number or a yes/no."""
        if isinstance(self.value, tuple):
            return self.value
        return (self.value,) if isinstance(self.value, str) else ()

    @property
    def number(self) -> float | None:
        """The value as a number, None when it is not one."""
        if isinstance(self.value, (bool, str, tuple)):
            return None
        return float(self.value)

    @property
    def asks(self) -> tuple[str, ...]:
        """What of a record it asks: a field, or whether certain words are said."""
        return (self.field, *(self.words if self.field == TEXT else ()))


NONE: Final = ("none", "no", "without", "plain", "solid")
"""What a field states of a thing that has none, be it lights or a pattern; ``!=`` is met by whatever
else it states."""


def of_any_kind(constraint: Constraint) -> bool:
    """Whether a field is asked for without a value: "with a filter", whichever."""
    return constraint.op is Op.NE and constraint.value == NONE


BREAK: Final = "|"
"""The token between title, description and attributes in a listing."""

NEGATORS: Final = frozenset(
    {"no", "non", "not", "without", "never", "zero", "isnt", "arent", "nor", "lack", "lacking", "excluding"}
)  # fmt: skip
"""Words that deny the word right after them."""

MISSING: Final = (("not", "included"), ("sold", "separately"))
"""Words that deny what stands right before them: "lid not included"."""

TURNING: Final = NEGATORS | {"semi", "quasi"}
"""Words that make another value of the one right after them: semi-open is not open."""

DENIAL_FILLERS: Final = frozenset({"any", "added", "a", "an", "artificial", "of", "from"})
"""Words that may stand between: "no added sugar", "free of parabens". No others, lest "No lid. Red
handle." pass for not red."""


def judge(product: Product, constraint: Constraint) -> Verdict:
    """Whether ``product`` meets ``constraint``.

    A field the product lacks is looked for in its title and description: a
    mention counts as a match (or, under a negative operator, a violation) and
    silence as unknown (a brand asked for that is named nowhere: as a violation). Numbers are never read out of prose here. A product with
    variants does as well as the best of them (all demands at once: :func:`judge_all`).
    """
    if constraint.field in PRODUCT_FIELDS:
        return _judge(product, constraint)
    return _best(_judge(offer, constraint) for offer in product.offers())


def judge_all(product: Product, constraints: Iterable[Constraint]) -> Verdict:
    """Whether ``product`` meets every hard constraint; of its variants, one must meet them all.

    "In 42, under 60 €, in stock" is not met by a shoe whose 42 costs 70 € and whose 41 costs 50 €.
    """
    hard = [c for c in constraints if c.hard]
    of_all = [_judge(product, c) for c in hard if c.field in PRODUCT_FIELDS]
    rest = [c for c in hard if c.field not in PRODUCT_FIELDS]
    if not rest:
        return _worst(of_all)
    return _worst(
        [*of_all, _best(_worst(_judge(offer, c) for c in rest) for offer in product.offers())]
    )


def _best(verdicts: Iterable[Verdict]) -> Verdict:
    return min(verdicts, key=_ORDER.index)


def _worst(verdicts: Iterable[Verdict]) -> Verdict:
    return max(verdicts, key=_ORDER.index, default=Verdict.MATCH)


def _judge(product: Product, constraint: Constraint) -> Verdict:
    field = constraint.field
    if field == WISH:
        return Verdict.UNKNOWN
    if field == TEXT:
        return _judge_text(product, constraint)
    if field in ("type", "category"):
        return _judge_type(product, constraint)
    number = constraint.number
    if number is not None:
        return _judge_number(product, constraint, number)
    value = product.brand if field == "brand" else product.attributes.get(field)
    if isinstance(constraint.value, bool):
        if not isinstance(value, bool):
            told = (v for f, v in telling(field) if product.attributes.get(f) is v)
            value = next(told, None)
        if value is None:
            return Verdict.UNKNOWN
        return _verdict((value == constraint.value) != constraint.op.negative)
    if value is None or value == () or value == "":
        return _judge_mention(product, constraint)
    held = attribute_words(value)
    others = others_of(constraint)
    hit = any(holds(h, w, others) for w in wanted_words(constraint) for h in held)
    return _verdict(hit != constraint.op.negative)


def telling(field: str) -> list[tuple[str, bool]]:
    """The yes/no attributes that answer for one a record lacks, each with the value that does:
    ``("water_resistant", False)`` says that nothing is waterproof.
    """
    weaker = [(w, False) for f, w in IMPLIED.items() if f == field]
    return weaker + [(f, True) for f, w in IMPLIED.items() if w == field]


def holds(value: str, phrase: str, others: Collection[str] = ()) -> bool:
    """Whether a value says ``phrase``, and says it of the product itself: "navy blue" does say blue
    and "40/41/42" 42; "semi-open" does not say open, "42 2/3" not 42 and "extra large" not large,
    nor "with white sole" white where ``others`` (:func:`others_of`) has the sole.
    """
    words, run = _value_tokens(value), _value_tokens(phrase)
    turning = TURNING | GRADES if run[:1] in (["large"], ["small"]) else TURNING
    at = find_run(words, run)
    while at >= 0 and (
        (at > 0 and words[at - 1] in turning) or _of_other(words, at + len(run), others)
    ):
        at = find_run(words, run, at + 1)
    return at >= 0


GRADES: Final = frozenset({"extra", "x", "xx", "xxx", "2x", "3x", "4x", "5x"})
"""Words that make another size of "large" and "small" after them."""

_MIXED: Final = re.compile(r"(?<![\w.,])(\d+)[ -](\d)[/⁄]([2-9])(?![\w/])")
_COMMA: Final = re.compile(r"(?<![\w.,])(\d+),(\d{1,2})(?![\w.,])")


def _value_tokens(text: str) -> list[str]:
    """Tokens of a value, a number with a fraction as one: ``"42 1/2"`` and ``"42,5"`` → ``["42.5"]``."""
    if text.isalpha():
        return tokens(text)
    whole = _MIXED.sub(lambda m: f"{int(m[1]) + int(m[2]) / int(m[3]):.2f}".rstrip("0"), fold(text))
    return tokens(_COMMA.sub(r"\1.\2", whole))


def has_parts(phrase: str) -> bool:
    """Whether another value may carry the words of ``phrase``: "42" stands in "42 2/3"."""
    return any(t[0].isdigit() or t in ("large", "small") for t in tokens(phrase))


def wanted_words(constraint: Constraint) -> tuple[str, ...]:
    """The words to look for in the field: a colour with its shades ("blue": also navy), a material
    with its sorts ("wood": also oak), refused also with its ``KINDS`` ("plastic": also nylon).

    Unisex suits every ``gender`` asked for, and a size may be spelled in several ways ("L": "large").
    """
    words = _spelled(constraint)
    if constraint.field == "size":
        return tuple(dict.fromkeys((*words, *(v for w in words for v in _sizes(w)))))
    if family := _FAMILIES.get(constraint.field):
        near = (s for w in words for s in family.get(w.lower(), ()))
        kinds = _kinds(constraint) if constraint.field == "material" else ()
        return tuple(dict.fromkeys((*words, *near, *kinds)))
    if constraint.field == "gender" and not constraint.op.negative:
        return tuple(dict.fromkeys((*words, "unisex")))
    return words


_FAMILIES: Final = {"color": COLOR_FAMILY, "material": MATERIAL_FAMILY}


def _sizes(word: str) -> tuple[str, ...]:
    run = _value_tokens(word)
    half = run[0].removesuffix(".5") if len(run) == 1 and run[0].endswith(".5") else ""
    spelled = (f"{half}.5", f"{half},5", f"{half} 1/2", f"{half}½") if half else ()
    return spelled or SIZE_SPELLINGS.get(" ".join(run), ())


def _kinds(constraint: Constraint) -> tuple[str, ...]:
    """What is refused along with the words, none where they are asked for."""
    if not constraint.op.negative:
        return ()
    return tuple(k for w in constraint.words for k in KINDS.get(" ".join(tokens(w)), ()))


def _spelled(constraint: Constraint) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(v for w in constraint.words for v in (w, *SPELLINGS.get(w.lower(), ())))
    )


def text_words(constraint: Constraint) -> tuple[str, ...]:
    """The words that a demand on the text looks for, with what is refused along with them."""
    return tuple(dict.fromkeys((*constraint.words, *_kinds(constraint))))


def told_words(constraint: Constraint) -> tuple[str, ...]:
    """The wanted words that prose can tell: not "L" (that is a litre) nor "42". A shade that is as
    often a taste or a wood is refused there, and not taken for what was asked: mint tea is not green.
    Of ``NONE`` prose says nothing.
    """
    if constraint.value == NONE:
        return ()
    wanted = _spelled(constraint) if constraint.field == "size" else wanted_words(constraint)
    if constraint.field in _FAMILIES and not constraint.op.negative:
        own = _spelled(constraint)
        wanted = tuple(w for w in wanted if w in own or w in PLAIN_COLORS)
    return tuple(
        w
        for w in wanted
        if any(not t.isascii() or (len(t) > 2 and not t.isdigit()) for t in tokens(w))
    )


def numeric_value(product: Product, field: str) -> tuple[float, str | None] | None:
    """A field of ``product`` as (number, unit in base form), or None when unknown.

    ``price`` is in minor units with its currency; ``discount`` in percent.
    """
    if field == "price":
        return None if product.price is None else (float(product.price), product.currency)
    if field == "discount":
        if product.price is None or not product.list_price:
            return None
        return (100.0 * (product.list_price - product.price) / product.list_price, None)
    if field in NUMERIC_FIELDS:
        value = getattr(product, field)
        return None if value is None else (float(value), None)
    attribute = product.attributes.get(field)
    if isinstance(attribute, Measure):
        return to_base(attribute.value, attribute.unit)
    if isinstance(attribute, (int, float)) and not isinstance(attribute, bool):
        return (float(attribute), None)
    return None


def listing_tokens(product: Product) -> list[str]:
    """Tokens of title, then description, for mentions of a word."""
    return [*tokens(product.title), BREAK, *tokens(product.description)]


def mentions(words: list[str], phrase: str, others: Collection[str] = ()) -> bool:
    """Whether a token list says ``phrase`` without denying it ("no lid", "fragrance free"), and not
    of one of ``others`` (``others_of``): "with white sole".
    """
    run = tokens(phrase)
    at = find_run(words, run)
    while at >= 0:
        last = at + len(run)
        if not _denied(words, at, last) and not _of_other(words, last, others):
            return True
        at = find_run(words, run, at + 1)
    return False


def others_of(constraint: Constraint) -> frozenset[str]:
    """The words before which a colour or a material asked for is said of something else."""
    if constraint.op.negative:
        return frozenset()
    return _OTHERS.get(constraint.field, frozenset())


# the strap is most of what a watch or a sandal has of a material
_OTHERS: Final = {"color": PARTS, "material": (PARTS - {"strap"}) | WORKED}


def _of_other(words: list[str], last: int, others: Collection[str]) -> bool:
    """Whether one of ``others`` is the next word or the one after it: "brown leather handles"."""
    following = words[last : last + 2]
    if following[:1] == [BREAK]:
        return False
    return any(w in others for w in following)


def _denied(words: list[str], first: int, last: int) -> bool:
    if words[last : last + 1] == ["free"] or tuple(words[last : last + 2]) in MISSING:
        return True
    if first == 0:
        return False
    before = words[first - 1]
    if before in DENIAL_FILLERS and first > 1:
        return words[first - 2] in NEGATORS or (
            words[first - 2] == "free" and before in ("of", "from")
        )
    return before in NEGATORS


def _judge_mention(product: Product, constraint: Constraint) -> Verdict:
    words = listing_tokens(product)
    others = others_of(constraint)
    if any(mentions(words, w, others) for w in told_words(constraint)):
        return _verdict(not constraint.op.negative)
    return Verdict.VIOLATION if needs_naming(constraint) else Verdict.UNKNOWN


def needs_naming(constraint: Constraint) -> bool:
    """Whether silence is a no: who makes a thing of a brand asked for says so."""
    return constraint.field == "brand" and not constraint.op.negative


def _judge_text(product: Product, constraint: Constraint) -> Verdict:
    words = listing_tokens(product)
    for name, value in product.attributes.items():
        if value is True:
            words += [BREAK, *tokens(name)]
        elif value is not False:
            words += [BREAK, *(t for w in attribute_words(value) for t in tokens(w))]
    hit = any(mentions(words, w) for w in text_words(constraint))
    if constraint.op.negative:
        return Verdict.VIOLATION if hit else Verdict.MATCH
    if hit:
        return Verdict.MATCH
    flags = {n for n, v in product.attributes.items() if v is False}
    return Verdict.VIOLATION if denying(constraint, flags) else Verdict.UNKNOWN


_HAVING: Final = frozenset(
    {"port", "jack", "slot", "socket", "connector", "connection", "support", "included"}
)


def denying(constraint: Constraint, flags: Iterable[str]) -> list[str]:
    """The yes/no attributes that say, where they are False, that nothing of a demand on the text
    holds: "usb" by ``usb_port``, but "screen" not by ``touch_screen``. None for several words to choose from.
    """
    if constraint.op.negative or len(constraint.words) != 1:
        return []
    run = tokens(constraint.words[0])
    names = ((f, tokens(f)) for f in flags)
    return [f for f, n in names if n[: len(run)] == run and _HAVING.issuperset(n[len(run) :])]


def _judge_type(product: Product, constraint: Constraint) -> Verdict:
    """``=``: the type or a node of the category path is that phrase; ``contains``: or
    one of them contains it, or the title says it. A product that does neither is a violation.
    """
    exact = constraint.op in (Op.EQ, Op.NE)
    held = [tokens(t) for t in type_names(product)]
    hit = any(
        h == phrase if exact else find_run(h, phrase) >= 0
        for phrase in map(tokens, constraint.words)
        for h in held
    )
    if not exact:
        title = tokens(product.title)
        hit = hit or any(mentions(title, w) for w in constraint.words)
    return _verdict(hit != constraint.op.negative)


def type_names(product: Product) -> Iterable[str]:
    """The type and every node of the category path."""
    return ([product.type] if product.type else []) + list(product.category)


def _judge_number(product: Product, constraint: Constraint, wanted: float) -> Verdict:
    held = numeric_value(product, constraint.field)
    if held is None:
        return Verdict.UNKNOWN
    value, unit = held
    if constraint.field == "price":
        if constraint.unit and unit and constraint.unit != unit:
            return Verdict.UNKNOWN
    elif constraint.unit:
        wanted, base = to_base(wanted, constraint.unit)
        if base != unit:
            return Verdict.UNKNOWN
    slack = 1e-6 * max(1.0, abs(wanted))
    if constraint.op is Op.LE:
        return _verdict(value <= wanted + slack)
    if constraint.op is Op.GE:
        return _verdict(value >= wanted - slack)
    if constraint.op is Op.LT:
        return _verdict(value < wanted - slack)
    if constraint.op is Op.GT:
        return _verdict(value > wanted + slack)
    return _verdict((abs(value - wanted) <= slack) != constraint.op.negative)


def _verdict(ok: bool) -> Verdict:
    return Verdict.MATCH if ok else Verdict.VIOLATION
