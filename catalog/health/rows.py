"""The products read once, kept as a few numbers a row."""

from __future__ import annotations

import hashlib
from array import array
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from catalog.extraction.known import kind_of, name_tokens
from catalog.health.demands import KINDS, department, kind_of_attribute
from catalog.health.sketch import SIZE, sketch
from catalog.health.texts import (
    THIN,
    dirt,
    same_text,
    template,
    title_faults,
    word_count,
)
from catalog.money import exponent, format_price
from catalog.product import Product, attribute_words
from catalog.text import tokens

UNPRICED: Final = -(2**62)
NOT_FOLLOWED: Final = -2
"""A type or brand beyond the number that is kept by name."""
_MAX_TYPES: Final = 20_000
_MAX_BRANDS: Final = 200_000
_MAX_ATTRIBUTES: Final = 62
"""Attributes of one type that are told apart; the rest answer demands all the same."""
_MAX_PROSE: Final = 2_000
_SHOWN_TITLE: Final = 80
_REDUCED: Final = 5
"""A list price so many times the price is rather a mistake."""

BIT: Final = {kind: 1 << n for n, kind in enumerate(KINDS)}
STOCKED: Final = 1 << 12
SOLD_OUT: Final = 1 << 13
TALKATIVE: Final = 1 << 14
"""The description is long enough to answer questions."""
RATED: Final = 1 << 15
ZERO_PRICE: Final = 1 << 16


@dataclass(slots=True)
class Kind:
    """One product type as counted."""

    name: str
    department: str
    bits: dict[str, int] = field(default_factory=dict)
    """Attribute → its bit in the row's mask."""
    answers: dict[str, str] = field(default_factory=dict)
    """Attribute → the kind of demand it answers."""
    spelled: Counter[str] = field(default_factory=Counter)

    @property
    def shown(self) -> str:
        """The name as the feed mostly writes it."""
        return min(self.spelled, key=lambda s: (-self.spelled[s], s), default=self.name)


class Rows:
    """Everything an examination needs to remember: a few numbers, the id and the beginning of the title
    of each product.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.count: Counter[str] = Counter()
        """Products by code of a finding that one product shows by itself."""
        self.examples: dict[str, list[tuple[int, str]]] = {}
        self.kinds: list[Kind] = []
        self.prose: Counter[str] = Counter()
        """Attributes that only prose tells, by name."""
        self.brands: list[str] = []
        self.currencies: list[str] = []
        self._kind_of: dict[tuple[str, str], int] = {}
        self._brand_of: dict[str, int] = {}
        self._currency_of: dict[str, int] = {}
        self._ids, self._titles = bytearray(), bytearray()
        self._id_ends, self._title_ends = array("Q", [0]), array("Q", [0])
        self._kind, self._brand = array("i"), array("i")
        self._price, self._currency = array("q"), array("h")
        self._flags = array("I")
        self._mask = array("Q")
        self._title, self._form, self._told, self._image = (array("Q") for _ in range(4))
        self._sketched, self._sketches = array("Q"), bytearray()

    def __len__(self) -> int:
        return len(self._kind)

    def id(self, row: int) -> str:
        """The id of a row."""
        return self._ids[self._id_ends[row] : self._id_ends[row + 1]].decode("utf-8", "replace")

    def title(self, row: int) -> str:
        """The beginning of a row's title."""
        return self._titles[self._title_ends[row] : self._title_ends[row + 1]].decode(
            "utf-8", "replace"
        )

    def add(self, product: Product) -> None:
        """Take over one product."""
        row = len(self)
        self._ids += product.id.encode("utf-8", "replace")
        self._id_ends.append(len(self._ids))
        shown = product.title if len(product.title) <= _SHOWN_TITLE else product.title[:_SHOWN_TITLE - 1] + "…"  # fmt: skip
        self._titles += shown.encode("utf-8", "replace")
        self._title_ends.append(len(self._titles))
        kind, flags = self._type(product)
        self._kind.append(kind)
        self._brand.append(self._named(product.brand))
        flags |= BIT["brand"] if product.brand else 0
        flags |= self._terms(product)
        flags |= self._attributes(product, self.kinds[kind])
        flags |= self._texts(product)
        self._image.append(_hash(product.image) if product.image else 0)
        self._flags.append(flags)
        for code, what in self._faults(product):
            self.note(code, row, what)
            if code == "price_zero":
                self._flags[row] |= ZERO_PRICE

    def note(self, code: str, row: int, what: str) -> None:
        """Count a product under a finding, and keep it while examples are wanted."""
        self.count[code] += 1
        kept = self.examples.setdefault(code, [])
        if len(kept) < self.limit:
            kept.append((row, what))

    def _type(self, product: Product) -> tuple[int, int]:
        name = kind_of(product)
        words = set(name_tokens(product.type or "")).union(*map(name_tokens, product.category))
        where = department(words if name else tokens(product.title))
        key = (name, where)
        if key not in self._kind_of and len(self.kinds) >= _MAX_TYPES:
            key = ("…", where)
        number = self._kind_of.get(key)
        if number is None:
            number = self._kind_of[key] = len(self.kinds)
            self.kinds.append(Kind(key[0], where))
        if name:
            spelled = self.kinds[number].spelled
            said = product.type or product.category[-1]
            if said in spelled or len(spelled) < 50:
                spelled[said] += 1
        return number, BIT["type"] if name else 0

    def _named(self, brand: str | None) -> int:
        if not brand:
            return -1
        number = self._brand_of.get(brand)
        if number is None:
            if len(self.brands) >= _MAX_BRANDS:
                return NOT_FOLLOWED
            number = self._brand_of[brand] = len(self.brands)
            self.brands.append(brand)
        return number

    def _terms(self, product: Product) -> int:
        price = product.price
        self._price.append(UNPRICED if price is None else max(-(2**61), min(price, 2**61)))
        code = product.currency or ""
        number = self._currency_of.get(code)
        if number is None:
            number = self._currency_of[code] = min(len(self.currencies), 2**15 - 1)
            self.currencies.append(code)
        self._currency.append(number)
        flags = BIT["price"] if price is not None else 0
        flags |= STOCKED if product.in_stock is not None else 0
        flags |= SOLD_OUT if product.stock == 0 else 0
        return flags | (RATED if product.rating is not None else 0)

    def _attributes(self, product: Product, kind: Kind) -> int:
        flags = mask = 0
        stated = dict(product.attributes)
        for variant in product.variants:
            stated.update(variant.options)
        for name, value in stated.items():
            answers = kind_of_attribute(name, value)
            if answers is None:
                continue
            flags |= BIT[answers]
            if name not in kind.bits and len(kind.bits) < _MAX_ATTRIBUTES:
                kind.bits[name] = 1 << len(kind.bits)
                kind.answers[name] = answers
            mask |= kind.bits.get(name, 0)
        for name in product.read_from:
            if name in self.prose or len(self.prose) < _MAX_PROSE:
                self.prose[name] += 1
        self._mask.append(mask)
        return flags

    def _texts(self, product: Product) -> int:
        self._title.append(_hash(same_text(product.title)))
        form = template(product.title)
        self._form.append(_hash(form) if form else 0)
        said = same_text(product.description) if product.description else ""
        self._told.append(_hash(said) if said else 0)
        if word_count(product.description) < THIN:
            return 0
        words = said.split()
        if len(words) >= THIN:
            self._sketched.append(len(self) - 1)
            self._sketches += sketch(words).tobytes()
        return TALKATIVE

    def _faults(self, product: Product) -> Iterator[tuple[str, str]]:
        yield from title_faults(product.title)
        yield from dirt(product.title, product.description)
        if product.suspect:
            yield "text_not_for_shoppers", f"in its {', '.join(product.suspect[:6])}; taken out"
        if not product.description:
            yield "no_description", "no description"
        elif word_count(product.description) < THIN:
            yield "thin_description", f"{word_count(product.description)} words"
        if not product.image:
            yield "no_image", "no picture"
        elif not product.image.startswith("https:"):
            yield "image_not_https", product.image[:80]
        if product.rating is not None and not product.review_count:
            yield "rating_without_count", f"rated {product.rating:g} by nobody"
        if product.read_from:
            yield "prose_only", ", ".join(f"{n} (in the {w})" for n, w in sorted(product.read_from.items())[:6])  # fmt: skip
        yield from _price_faults(product)
        yield from _variant_faults(product)

    # --- columns --------------------------------------------------------------------------

    def column(self, name: str) -> npt.NDArray[np.int64]:
        """``kind``, ``brand``, ``price``, ``currency`` or ``flags`` of every row."""
        values: npt.NDArray[np.int64] = np.asarray(getattr(self, f"_{name}")).astype(np.int64)
        return values

    def mask(self) -> npt.NDArray[np.uint64]:
        """Bits of the attributes each row has, by its own type's numbering."""
        return np.asarray(self._mask, dtype=np.uint64)

    def hashes(self, name: str) -> npt.NDArray[np.uint64]:
        """``title``, ``form``, ``told`` (description) or ``image`` of every row, 0 for none."""
        return np.asarray(getattr(self, f"_{name}"), dtype=np.uint64)

    def sketches(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.uint32]]:
        """Rows with a description, and its sketch."""
        made = np.frombuffer(bytes(self._sketches), np.uint32).reshape(-1, SIZE)
        return np.asarray(self._sketched).astype(np.int64), made


def zero_like(price: int, currency: str | None) -> bool:
    """Whether a price is none: nothing, or a few of the smallest coins."""
    least: int = 10 ** exponent(currency) // 20
    return price <= max(1, least)


def _price_faults(product: Product) -> Iterator[tuple[str, str]]:
    told = [product.price, *(v.price for v in product.variants)]
    for price in told:
        if price is not None and zero_like(price, product.currency):
            yield "price_zero", f"costs {format_price(price, product.currency)}"
            break
    for price, before in (
        (product.price, product.list_price), *((v.price, v.list_price) for v in product.variants),
    ):  # fmt: skip
        if price and before and price > 0 and before >= _REDUCED * price:
            yield (
                "list_price_far",
                (
                    f"{format_price(price, product.currency)} instead of {format_price(before, product.currency)}"
                ),
            )
            break


def _variant_faults(product: Product) -> Iterator[tuple[str, str]]:
    if len(product.variants) < 2:
        return
    bare = [v.id for v in product.variants if not v.options]
    if bare:
        yield "variant_without_options", f"{len(bare)} of {len(product.variants)} variants"
    seen = Counter(
        tuple(sorted((n, attribute_words(x)) for n, x in v.options.items()))
        for v in product.variants
        if v.options
    )
    options, times = max(seen.items(), key=lambda s: s[1], default=((), 0))
    if times > 1:
        said = ", ".join(f"{n} {'/'.join(w)}" for n, w in options)
        yield "variant_twice", f"{times} variants are {said}"


@lru_cache(maxsize=4_096)
def _hash(text: str) -> int:
    digest = hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "little") or 1
