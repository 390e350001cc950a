"""How the demo shop is authored: product types as data, and the writer that turns them into stock.

A :class:`ProductType` holds what a merchandiser would know about a type (brands,
attributes and how they hang together, a price model) and what a copywriter would
write about it (sentences, each with the condition under which it is true). Nothing
here is random but the draws of a generator seeded with the type's name, so the
same sources always give the same products.

Sentences are plain text with two notations: ``{capacity}`` is filled from the
product (``:long`` "1.7 litres", ``:adj`` "1.7-litre", ``:n`` "1.7", ``:cap``
"Brushed Steel", ``:word`` "two", ``:range`` "XS to XXL"), and ``[quick|fast]`` is a choice of words.
A sentence with a slot the product cannot fill is never used.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Final, TypeVar

from catalog.demo.wording import articles, capitalise, choose_words, phrase, slots_of
from catalog.product import AttributeValue, Measure, Product


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
        return value in words if isinstance(value, str) else _holds(value, words)


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
        return _holds(value, wanted.split("|")) == (op == "=")
    number = value.value if isinstance(value, Measure) else value
    if isinstance(number, bool) or not isinstance(number, (int, float)):
        raise ValueError(f"condition term {term!r}: {name} holds no number")
    limit = float(wanted)
    return {"<": number < limit, "<=": number <= limit, ">": number > limit, ">=": number >= limit}[
        op
    ]


def _holds(value: AttributeValue | None, words: Sequence[str]) -> bool:
    if isinstance(value, tuple):
        return any(w in value for w in words)
    if isinstance(value, Measure):
        return f"{value.value:g}" in words
    return value in words if isinstance(value, str) else f"{value:g}" in words if value else False


@dataclass(slots=True)
class Copywriter:
    """Writes titles and descriptions of one type, spreading its sentences evenly."""

    kind: ProductType
    rng: Random
    used: Counter[str] = field(default_factory=Counter)

    def can_omit(self, name: str, values: Mapping[str, AttributeValue]) -> bool:
        """Whether a listing can be written without saying anything about an attribute."""
        rest, silent = {k: v for k, v in values.items() if k != name}, frozenset({name})
        return all(self._true(c, rest, silent) for c in (self.kind.titles, self.kind.openings))

    def title(
        self, values: Mapping[str, AttributeValue], silent: frozenset[str] = frozenset()
    ) -> str:
        """A title in one of the type's shapes, saying nothing about the ``silent`` attributes."""
        return self._write(self._pick(self._true(self.kind.titles, values, silent)), values)

    def description(
        self, values: Mapping[str, AttributeValue], silent: frozenset[str] = frozenset()
    ) -> str:
        """Two to five sentences: an opening, details not told yet, often a closing."""
        opening = self._pick(self._true(self.kind.openings, values, silent))
        told = _subjects(opening) | silent
        chosen = [opening]
        wanted = self.rng.choice((1, 2, 2, 3, 3))
        kept: list[tuple[int, tuple[str, str]]] = []
        for index, choices in self._details(values):
            fresh = [c for c in choices if not told & _subjects(c)]
            if fresh and len(kept) < wanted:
                pick = self._pick(fresh)
                kept.append((index, pick))
                told |= _subjects(pick)
        chosen += [c for _, c in sorted(kept)]
        if len(kept) < 2 or self.rng.random() < 0.6:
            closings = [
                c for c in self._true(self.kind.closings, values) if not told & _subjects(c)
            ]
            if closings:
                chosen.append(self._pick(closings))
        return " ".join(capitalise(self._write(c, values)) for c in chosen)

    def _details(
        self, values: Mapping[str, AttributeValue]
    ) -> list[tuple[int, list[tuple[str, str]]]]:
        """What can be told of a product, the least told first: what is true of all wears out."""
        groups = [(i, self._true((d,), values)) for i, d in enumerate(self.kind.details)]
        worn = [
            (min(self.used[w] for _, w in choices) + 1.5 * self.rng.random(), i, choices)
            for i, choices in groups
            if choices
        ]
        return [(i, choices) for _, i, choices in sorted(worn, key=lambda g: g[0])]

    def _true(
        self,
        copies: Iterable[Copy],
        values: Mapping[str, AttributeValue],
        silent: frozenset[str] = frozenset(),
    ) -> list[tuple[str, str]]:
        """(condition, wording) pairs that hold and whose every slot can be filled."""
        found: list[tuple[str, str]] = []
        for copy in copies:
            spoken = Say("", (copy,)) if isinstance(copy, str) else copy
            if holds(spoken.when, values):
                found += [
                    (spoken.when, w)
                    for w in spoken.wordings
                    if all(values.get(s) is not None for s in slots_of(w))
                    and not silent & _subjects((spoken.when, w))
                ]
        return found

    def _pick(self, choices: list[tuple[str, str]]) -> tuple[str, str]:
        if not choices:
            raise ValueError(
                f"type {self.kind.name!r}: no sentence fits a product; add an unconditional one"
            )
        least = min(self.used[w] for _, w in choices)
        pick = self.rng.choice([c for c in choices if self.used[c[1]] == least])
        self.used[pick[1]] += 1
        return pick

    def _write(self, choice: tuple[str, str], values: Mapping[str, AttributeValue]) -> str:
        return articles(phrase(choose_words(choice[1], self.rng), values))


_UNTOLD: Final = frozenset({"brand", "model"})


def _subjects(choice: tuple[str, str]) -> set[str]:
    """The attributes a sentence speaks about, so that none is told twice."""
    when, wording = choice
    terms = (_TERM.match(t.strip()) for t in when.split("&")) if when else ()
    return ({m[2] for m in terms if m} | set(slots_of(wording))) - _UNTOLD


# Shares of products that lack a field, as in a real shop; together under 2 %.
_LACKS: Final = (("description", 0.003), ("brand", 0.004), ("rating", 0.003), ("stock", 0.003))
_LACKS_ATTRIBUTE: Final = 0.004


def make_products(kind: ProductType, seed: int) -> list[Product]:
    """All products of a type, hand-written ones first; review counts are not known here."""
    rng = Random(f"{seed}/{kind.name}")
    writer = Copywriter(kind, Random(f"{seed}/{kind.name}/copy"))  # so new copy moves no price
    products = [_from_authored(kind, item, i + 1, rng) for i, item in enumerate(kind.authored)]
    titles = {p.title for p in products}
    texts = {p.description for p in products}
    for draft in _drafts(kind, rng):
        product = _describe(kind, writer, draft, titles, texts, len(products) + 1)
        titles.add(product.title)
        texts.add(product.description)
        products.append(product)
    return products


def _drafts(kind: ProductType, rng: Random) -> Iterable[Draft]:
    """Drafts with their brand and model: every brand twice at least, the first ones more often."""
    taken = {(item.brand, item.model) for item in kind.authored}
    brands = list(kind.brands) * 2
    weights = [1 / (i + 2) ** 0.5 for i in range(len(kind.brands))]
    brands += rng.choices(kind.brands, weights, k=max(0, kind.count - len(brands)))
    brands = brands[: kind.count]
    rng.shuffle(brands)
    shelves: dict[str, list[str]] = {}
    decks: dict[object, list[int]] = {}
    for brand in brands:
        names = shelves.setdefault(brand.name, [])
        if not names:
            own = [n for n in kind.names or brand.names if (brand.name, n) not in taken]
            names += rng.sample(own, len(own))
        yield Draft(rng, brand, names.pop(), decks=decks)


def _describe(
    kind: ProductType,
    writer: Copywriter,
    draft: Draft,
    titles: set[str],
    texts: set[str],
    number: int,
) -> Product:
    rng = draft.rng
    lacking = {name for name, share in _LACKS if rng.random() < share}
    lacks_attribute = rng.random() < _LACKS_ATTRIBUTE
    for _ in range(60):
        draft.values.clear()
        for name, draw in kind.draws.items():
            value = draw(draft)
            if value is not None:
                draft.values[name] = value
        price = charm(kind.price(draft) * draft.brand.price * math.exp(rng.gauss(0, 0.07)), rng)
        spoken: dict[str, AttributeValue] = {**draft.values, "model": draft.model}
        if "brand" not in lacking:
            spoken["brand"] = draft.brand.name
        silent: frozenset[str] = frozenset()
        omissible = [n for n in draft.values if writer.can_omit(n, spoken)]
        if lacks_attribute and omissible:
            omitted = rng.choice(omissible)
            silent = frozenset({omitted})
            del draft.values[omitted], spoken[omitted]
        title = capitalise(writer.title(spoken, silent))
        description = writer.description(spoken, silent)
        if title not in titles and description not in texts:
            break
    else:
        raise ValueError(
            f"type {kind.name!r}: {number} products exhaust its titles; add names or colours"
        )
    return Product(
        id=f"{kind.code}-{number:04d}",
        title=title,
        description="" if "description" in lacking else description,
        brand=None if "brand" in lacking else draft.brand.name,
        type=kind.name,
        category=kind.category,
        price=price,
        list_price=_list_price(price, rng),
        currency="USD",
        rating=None if "rating" in lacking else _rating(draft.brand.quality, rng),
        stock=None if "stock" in lacking else _stock(rng),
        url=f"https://shop.example/p/{kind.code}-{number:04d}",
        attributes=dict(draft.values),
    )


def _from_authored(kind: ProductType, item: Authored, number: int, rng: Random) -> Product:
    return Product(
        id=f"{kind.code}-{number:04d}",
        title=item.title,
        description=item.description,
        brand=item.brand,
        type=kind.name,
        category=kind.category,
        price=item.price,
        list_price=item.list_price,
        currency="USD",
        rating=item.rating,
        stock=rng.randint(8, 60),
        url=f"https://shop.example/p/{kind.code}-{number:04d}",
        attributes=dict(item.attributes),
    )


def charm(dollars: float, rng: Random) -> int:
    """A shop's price in cents near ``dollars``: 12.49, 34.99, 129.00."""
    whole = max(1, int(dollars))
    if dollars < 10:
        return whole * 100 + rng.choice((99, 99, 49, 79, 29))
    if dollars < 40:
        return whole * 100 + rng.choice((99, 99, 99, 49, 50, 0, 95))
    if dollars < 150:
        return whole * 100 + rng.choice((99, 99, 95, 0, 0))
    stepped = round(dollars / 10) * 10 - rng.choice((1, 1, 1, 0, 5))
    return stepped * 100 + rng.choice((0, 0, 99 if stepped % 10 == 9 else 0))


def _list_price(price: int, rng: Random) -> int | None:
    if rng.random() > 0.2:
        return None
    before = charm(price / 100 * rng.choice((1.1, 1.15, 1.2, 1.25, 1.33, 1.43)), rng)
    return before if before > price else None


def _rating(quality: float, rng: Random) -> float:
    return round(min(4.9, max(3.2, rng.gauss(quality, 0.24))), 1)


def _stock(rng: Random) -> int:
    luck = rng.random()
    if luck < 0.05:
        return 0
    if luck < 0.15:
        return rng.randint(1, 4)
    return min(400, int(math.exp(rng.gauss(3.4, 0.8))) + 5)
