"""How the demo shop is authored: product types as data, with the copy and when it is true.

A :class:`ProductType` holds what a merchandiser would know about a type (brands,
attributes and how they hang together, a price model) and what a copywriter would
write about it (sentences, each with the condition under which it is true).
:mod:`catalog.demo.production` turns types into products.

Sentences are plain text with two notations: ``{capacity}`` is filled from the
product (``:long`` "1.7 litres", ``:adj`` "1.7-litre", ``:n`` "1.7", ``:cap``
"Brushed Steel", ``:word`` "two", ``:range`` "XS to XXL"), and ``[quick|fast]`` is a choice of words.
A sentence with a slot the product cannot fill is never used.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Final, TypeVar

from catalog.product import AttributeValue, Measure

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Brand:
    """An invented brand. ``price`` 1.0 is the middle of a type; ``quality`` its mean rating."""

    name: str
    price: float
    quality: float
    names: tuple[str, ...]
    """Model names the brand uses, in any type it makes."""
    palette: tuple[str, ...] = ()
    """Colours it prefers where the type comes in them."""


@dataclass(slots=True)
class Draft:
    """A product in the making: what has been drawn so far, for draws and prices that depend on it."""

    rng: Random
    brand: Brand
    model: str
    values: dict[str, AttributeValue] = field(default_factory=dict)
    decks: dict[object, list[int]] = field(default_factory=dict)
    """Shared by the drafts of a type: what :meth:`deal` has left of each deck."""

    def deal(self, choices: Sequence[T]) -> T:
        """One of the choices, dealt like cards, so that a small range still has some of each."""
        deck = self.decks.setdefault(tuple(choices), [])
        if not deck:
            deck += self.rng.sample(range(len(choices)), len(choices))
        return choices[deck.pop()]

    def n(self, name: str, default: float = 0.0) -> float:
        """The number an attribute holds, ``default`` when it holds none."""
        value = self.values.get(name)
        if isinstance(value, Measure):
            return value.value
        return float(value) if isinstance(value, (int, float)) else default

    def has(self, name: str, *words: str) -> bool:
        """Whether an attribute is, or contains, one of ``words``; without words, whether it is yes."""
        value = self.values.get(name)
        if not words:
            return value is True
        return value in words if isinstance(value, str) else _names(value, words)


Draw = Callable[[Draft], AttributeValue | None]
"""One attribute drawn for a draft; None leaves the attribute out."""


def one_of(*words: str) -> Draw:
    """One of the words; repeat a word to make it likelier."""
    return lambda d: d.deal(words)


def hue(*colors: str) -> Draw:
    """A colour, two times in three from the brand's palette where that overlaps."""

    def draw(d: Draft) -> AttributeValue:
        own = [c for c in colors if c in d.brand.palette]
        return d.rng.choice(own) if own and d.rng.random() < 0.66 else d.rng.choice(colors)

    return draw


def measure(unit: str, *numbers: float) -> Draw:
    """One of the numbers, in ``unit``."""
    return lambda d: Measure(float(d.deal(numbers)), unit)


def about(unit: str, number: Callable[[Draft], float], spread: float, step: float = 1.0) -> Draw:
    """A number near what the draft suggests (± ``spread``), rounded to ``step``, in ``unit``."""

    def draw(d: Draft) -> AttributeValue:
        raw = number(d) + d.rng.uniform(-spread, spread)
        return Measure(round(max(step, round(raw / step) * step), 3), unit)

    return draw


def chance(probability: float) -> Draw:
    """Yes with that probability, else no."""
    return lambda d: d.rng.random() < probability


def sometimes(probability: float, draw: Draw) -> Draw:
    """The attribute with that probability, else not stated."""
    return lambda d: draw(d) if d.rng.random() < probability else None


def run_of(*sizes: str, least: int = 4) -> Draw:
    """Consecutive sizes on sale, at least ``least`` of them, usually nearly all."""

    def draw(d: Draft) -> AttributeValue:
        low = d.rng.choice((0, 0, 0, 1, 1, 2)) if len(sizes) > least + 1 else 0
        high = len(sizes) - (d.rng.choice((0, 0, 0, 1, 2)) if len(sizes) > least + 1 else 0)
        return sizes[low : max(high, low + least)]

    return draw


def blend_of(*choices: tuple[str, ...] | str) -> Draw:
    """One of several compositions, each a word or a tuple of words."""
    return lambda d: d.deal(choices)


def by_word(name: str, choices: Mapping[str, Draw], otherwise: Draw | None = None) -> Draw:
    """The draw that belongs to the word an earlier attribute holds; ``otherwise`` for the rest."""

    def draw(d: Draft) -> AttributeValue | None:
        word = d.values.get(name)
        chosen = choices.get(word, otherwise) if isinstance(word, str) else otherwise
        return chosen(d) if chosen else None

    return draw


@dataclass(frozen=True, slots=True)
class Say:
    """Interchangeable wordings of one statement, and the condition that makes it true."""

    when: str
    wordings: tuple[str, ...]


def say(when: str, *wordings: str) -> Say:
    """``say("keep_warm & capacity>=1.5", "…", "…")``; see :func:`holds` for conditions."""
    return Say(when, wordings)


Copy = str | Say


@dataclass(frozen=True, slots=True)
class Authored:
    """A product written by hand from end to end. Prices in cents."""

    brand: str
    model: str
    title: str
    description: str
    price: int
    attributes: Mapping[str, AttributeValue]
    list_price: int | None = None
    rating: float = 4.5


@dataclass(frozen=True, slots=True)
class ProductType:
    """A product type of the shop: ``count`` products are made beside the ``authored`` ones."""

    name: str
    code: str
    category: tuple[str, ...]
    count: int
    brands: tuple[Brand, ...]
    draws: Mapping[str, Draw]
    """Attributes in the order they are drawn; a draw sees the ones before it."""
    price: Callable[[Draft], float]
    """The price in dollars of a middling brand."""
    titles: tuple[Copy, ...]
    openings: tuple[Copy, ...]
    details: tuple[Copy, ...]
    closings: tuple[Copy, ...]
    names: tuple[str, ...] = ()
    """Model names of this type, instead of the brands' own."""
    authored: tuple[Authored, ...] = ()


_TERM: Final = re.compile(r"^(!?)(\w+)\s*(?:(<=|>=|!=|=|<|>)\s*(.+))?$")


def holds(when: str, values: Mapping[str, AttributeValue]) -> bool:
    """Whether a condition is true of the values; the empty one always is.

    Terms are joined by `` & ``: ``waterproof`` (yes, or stated), ``!waterproof``,
    ``color=red|black`` (is or contains one of), ``noise<=58`` (in the attribute's own unit).
    A comparison with an attribute that is not stated is false. Raises ``ValueError``
    for a term it cannot read.
    """
    return all(_term_holds(term.strip(), values) for term in when.split("&")) if when else True


def _term_holds(term: str, values: Mapping[str, AttributeValue]) -> bool:
    found = _TERM.match(term)
    if found is None:
        raise ValueError(f"condition term {term!r}: write name, !name, name=a|b or name<=number")
    negated, name, op, wanted = found.groups()
    value = values.get(name)
    if op is None:
        stated = value is not None and value is not False
        return stated != bool(negated)
    if value is None:
        return False
    if op in ("=", "!="):
        return _names(value, wanted.split("|")) == (op == "=")
    number = value.value if isinstance(value, Measure) else value
    if isinstance(number, bool) or not isinstance(number, (int, float)):
        raise ValueError(f"condition term {term!r}: {name} holds no number")
    limit = float(wanted)
    return {"<": number < limit, "<=": number <= limit, ">": number > limit, ">=": number >= limit}[
        op
    ]


def attributes_in(when: str) -> set[str]:
    """Names of the attributes a condition looks at."""
    found = (_TERM.match(term.strip()) for term in when.split("&")) if when else ()
    return {m[2] for m in found if m}


def _names(value: AttributeValue | None, words: Sequence[str]) -> bool:
    if isinstance(value, tuple):
        return any(w in value for w in words)
    if isinstance(value, Measure):
        return f"{value.value:g}" in words
    return value in words if isinstance(value, str) else f"{value:g}" in words if value else False
