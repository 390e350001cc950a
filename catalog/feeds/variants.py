"""Rows of one product's variants → one product."""

from __future__ import annotations

import tempfile
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Final, TypeVar

import orjson

from catalog.product import AttributeValue, Product, Variant
from catalog.text import tokens

MAX_VARIANTS: Final = 2_048
"""Variants kept of one product."""

_SEPARATORS: Final = " \t-–—,|/:;·(["


_UNSAID: Final[dict[str, Any]] = {
    "price": None, "list_price": None, "stock": None, "uncounted": False,
}  # fmt: skip

_T = TypeVar("_T")


class Groups:
    """Products waiting for their other variants, which may stand anywhere in the feed.

    They wait on disk: memory holds a few bytes a row.
    """

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115, as long as this object lives
        self._places: dict[tuple[str, str | None], array[int]] = {}
        self._owners: dict[str, str] = {}
        self._end = 0

    def claim(self, owner: str, children: Iterable[str]) -> None:
        """Make the rows of the groups ``children`` variants of ``owner``, wherever they stand."""
        for child in children:
            if child != owner:
                self._owners.setdefault(child, owner)

    def add(self, group: str, product: Product) -> bool:
        """Keep a row for its group; False when the group is full.

        Rows in another currency are a product of their own: money of one product is comparable.
        """
        places = self._places.setdefault((group, product.currency), array("q"))
        if len(places) >= 2 * MAX_VARIANTS:
            return False
        line = orjson.dumps(product.to_json())
        self._file.seek(self._end)
        self._file.write(line)
        places.extend((self._end, len(line)))
        self._end += len(line)
        return True

    def close(self) -> None:
        """Give the disk space back."""
        self._file.close()

    def products(self) -> Iterator[Product]:
        """The merged products, in the order in which their first rows came."""
        self._bring_together()
        owners = set(self._owners.values())
        seen: set[str] = set()
        # Rows without a price name no currency: they go with those of their group that do.
        first = {group: currency for group, currency in reversed(self._places) if currency}
        for (group, currency), own in self._places.items():
            if currency is None and group in first:
                continue
            joins = currency is not None and first[group] == currency
            unpriced = self._places.get((group, None), ()) if joins else ()
            places = [*own, *unpriced]
            rows = []
            for begin, size in sorted(zip(places[::2], places[1::2], strict=True)):
                self._file.seek(begin)
                rows.append(Product.from_json(orjson.loads(self._file.read(size))))
            if len(rows) > 1 and group in owners:
                # what it costs and whether it is there, its variants say
                rows = [replace(r, **_UNSAID) if r.id == group else r for r in rows]
            yield merge(group if group not in seen else f"{group} ({currency})", rows)
            seen.add(group)

    def _bring_together(self) -> None:
        """Put the rows of claimed groups with their owner's, each at the place of the first."""
        if not self._owners:
            return
        together: dict[tuple[str, str | None], array[int]] = {}
        for (group, currency), places in self._places.items():
            owner = (self._owners.get(group, group), currency)
            together.setdefault(owner, array("q")).extend(places)
        self._places = together


def merge(id: str, rows: Sequence[Product]) -> Product:
    """One product of its variants' rows; what differs among them becomes their options.

    Title, description and the like are those of the first row that has them; a title that names
    the option at its end ("Tee, red, M") is cut to what all have in common. A row of the group's
    own id without a price is the product itself and no variant: what it says counts first.
    """
    own = next((row for row in rows if row.id == id and row.price is None), None)
    if own is not None and len(rows) > 1:
        rows = [row for row in rows if row is not own]
        product = merge(id, rows)
        stated = {k: v for k, v in own.attributes.items() if k not in product.attributes}
        return replace(
            product,
            title=own.title,
            description=own.description or product.description,
            brand=own.brand or product.brand,
            type=own.type or product.type,
            category=own.category or product.category,
            rating=own.rating or product.rating,
            review_count=own.review_count or product.review_count,
            image=own.image or product.image,
            url=own.url or product.url,
            attributes={**stated, **product.attributes},
        )
    names = dict.fromkeys(name for row in rows for name in row.attributes)
    options = [name for name in names if _differs([row.attributes.get(name) for row in rows])]
    variants = tuple(
        Variant(
            id=row.id,
            options={n: row.attributes[n] for n in options if n in row.attributes},
            price=row.price,
            list_price=row.list_price,
            stock=row.stock,
            uncounted=row.uncounted,
            image=row.image,
            url=row.url,
        )
        for row in rows
    )
    first = rows[0]
    shared = replace(
        first,
        id=id,
        title=_common_title([row.title for row in rows], _brand_of(rows)),
        description=_first(row.description for row in rows) or "",
        brand=_first(row.brand for row in rows),
        type=_first(row.type for row in rows),
        category=_first(row.category for row in rows) or (),
        rating=_first(row.rating for row in rows),
        review_count=_first(row.review_count for row in rows),
        currency=_first(row.currency for row in rows),
        image=_first(row.image for row in rows),
        url=_first(row.url for row in rows),
        attributes={k: v for k, v in first.attributes.items() if k not in options},
    )
    return shared.sold_as(variants)


def _differs(values: Sequence[AttributeValue | None]) -> bool:
    return any(v != values[0] or type(v) is not type(values[0]) for v in values[1:])


def _first(values: Iterator[_T]) -> _T | None:
    known = [v for v in values if v is not None]
    return next((v for v in known if v), known[0] if known else None)


_LABELS: Final = frozenset(
    """gr grosse groesse size sizes sz taille talla taglia maat farbe color colour couleur kleur colore in with mit and und et
    of de en for fur eu uk us no nr o x""".split()  # noqa: SIM905
)
"""What stands before an option in a title and means nothing without it."""


def _brand_of(rows: Sequence[Product]) -> str:
    return next((row.brand for row in rows if row.brand), "")


def _common_title(titles: Sequence[str], brand: str) -> str:
    words = [title.split() for title in titles]
    common: list[str] = []
    for together in zip(*words, strict=False):
        if len({w.strip(_SEPARATORS + ")]") for w in together}) > 1:
            break
        common.append(together[0])
    while len(common) < len(words[0]) and common and _LABELS.issuperset(tokens(common[-1])):
        common.pop()
    shared = " ".join(common).rstrip(_SEPARATORS)
    # What little they share may be the brand alone: then the first row speaks for all.
    named = len(set(tokens(shared)) - set(tokens(brand)))
    much = 2 * len(common) >= len(words[0]) or named > (0 if brand else 1)
    return shared if shared and much else titles[0]
