"""Products as they are sold now: the products of a version, on the terms of its journal."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple, overload

from catalog.product import Product
from retrieval.journal import UNMENTIONED, Change, Journal


class Offer(NamedTuple):
    """Price and stock of a product or variant; money in minor units, None is unknown."""

    price: int | None
    list_price: int | None
    stock: int | None
    uncounted: bool


class Terms(NamedTuple):
    """What of a product an update can change; one offer for each variant, or for itself."""

    currency: str | None
    offers: tuple[Offer, ...]


class CurrentProducts(Sequence[Product]):
    """The products of a version, with the prices and stock its journal gives them.

    Memory grows with the rows that were changed, by a few numbers each. One thread at a time may
    :meth:`catch_up`; reading is safe meanwhile.
    """

    def __init__(
        self, version: Path, products: Sequence[Product], row_of: Callable[[str], int | None]
    ) -> None:
        self._journal = Journal(version)
        self._products = products
        self._row_of = row_of
        self._terms: dict[int, Terms] = {}
        self._read = 0
        self._seen: tuple[int, int] | None = None
        self.damaged = 0
        """Lines of the journal that could not be read."""
        self.passed_over = 0
        """Changes of products or variants that this version does not have."""

    def __len__(self) -> int:
        return len(self._products)

    @overload
    def __getitem__(self, index: int) -> Product: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Product]: ...
    def __getitem__(self, index: int | slice) -> Product | Sequence[Product]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        product = self._products[index]
        terms = self._terms.get(index + len(self) if index < 0 else index)
        return product if terms is None else on_terms(terms, product)

    def behind(self) -> bool:
        """Whether the journal has been written to since the last :meth:`catch_up`. Microseconds."""
        return self._journal.stamp() != self._seen

    def catch_up(self) -> Iterator[tuple[int, Product, Product]]:
        """Take over what is new in the journal: (row, product before, product now) for each
        product that changes.

        Raises OSError when the journal cannot be read.
        """
        stamp = self._journal.stamp()
        if stamp is None or stamp[0] < self._read:
            self._read = 0  # put in its place by hand; changes say what holds, not by how much
        while True:
            changes, end, damaged = self._journal.read(self._read)
            self.damaged += damaged
            before: dict[int, Product] = {}
            after: dict[int, Terms] = {}
            for change in changes:
                row = self._row_of(change.product_id)
                if row is None:
                    self.passed_over += 1
                    continue
                if row not in before:
                    before[row] = self[row]
                places = places_of(before[row], change)
                held = after.get(row) or self._terms.get(row) or terms_of(before[row])
                new = changed(held, places, change) if places else None
                if new is None:
                    self.passed_over += 1
                else:
                    after[row] = new
            for row, terms in after.items():
                self._terms[row] = terms
                yield row, before[row], on_terms(terms, before[row])
            if end == self._read:
                self._seen = stamp
                return
            self._read = end


def terms_of(product: Product) -> Terms:
    """What a product says of itself."""
    sold = product.variants or (product,)
    return Terms(
        product.currency, tuple(Offer(s.price, s.list_price, s.stock, s.uncounted) for s in sold)
    )


def on_terms(terms: Terms, product: Product) -> Product:
    """The product on other terms; a list price that is no reduction is not told."""
    offers = [o if _is_reduced(o) else o._replace(list_price=None) for o in terms.offers]
    if not product.variants:
        (only,) = offers
        return replace(
            product,
            currency=terms.currency,
            price=only.price,
            list_price=only.list_price,
            stock=only.stock,
            uncounted=only.uncounted,
        )
    variants = [replace(v, **o._asdict()) for v, o in zip(product.variants, offers, strict=True)]
    return replace(product, currency=terms.currency).sold_as(variants)


def _is_reduced(offer: Offer) -> bool:
    return offer.price is not None and (offer.list_price or 0) > offer.price


def places_of(product: Product, change: Change) -> range:
    """Which of the product's offers a change is about; none when it has no such variant."""
    wanted = change.product_id if change.variant_id is None else change.variant_id
    for place, variant in enumerate(product.variants):
        if variant.id == wanted:
            return range(place, place + 1)
    if change.variant_id is not None:
        return range(0)
    return range(max(1, len(product.variants)))


def changed(terms: Terms, places: range, change: Change) -> Terms | None:
    """The terms after a change; None when it would leave two currencies in one product."""
    currency = terms.currency if change.currency is UNMENTIONED else change.currency
    moved = currency != terms.currency
    stock, uncounted = change.stock, change.uncounted
    if len(places) > 1 and stock is not UNMENTIONED and stock != 0:
        stock, uncounted = None, False  # so many in all: of which variant is not said
    offers = list(terms.offers)
    for place, offer in enumerate(offers):
        if place in places and change.price is not UNMENTIONED:
            offer = offer._replace(price=change.price)
        elif moved and offer.price is not None:
            return None
        if place in places:
            if change.list_price is not UNMENTIONED:
                offer = offer._replace(list_price=change.list_price)
            elif moved:
                offer = offer._replace(list_price=None)
            if stock is not UNMENTIONED:
                offer = offer._replace(stock=stock, uncounted=uncounted)
        offers[place] = offer
    return Terms(currency, tuple(offers))
