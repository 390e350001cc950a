"""From authored types to stock: drafts are drawn, written up, priced and rated."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Final

from catalog.demo.authoring import Authored, Copy, Draft, ProductType, Say, attributes_in, holds
from catalog.demo.wording import articles, capitalise, choose_words, phrase, slots_of
from catalog.product import AttributeValue, Product


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
    return (attributes_in(when) | set(slots_of(wording))) - _UNTOLD


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
