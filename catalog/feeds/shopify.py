"""Shopify's product CSV: rows of one handle are one product, its variants and its pictures.

Columns as in https://help.shopify.com/en/manual/products/import-export/using-csv, both the names
used since 2025 ("URL handle", "SKU") and those before ("Handle", "Variant SKU").
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections import OrderedDict
from collections.abc import Generator, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

import orjson

from catalog.errors import FeedError
from catalog.feeds.cells import plain_text
from catalog.feeds.mapping import FIELDS, normalised
from catalog.feeds.record import Problem, Record
from catalog.feeds.source import Source
from catalog.feeds.table import DELIMITERS, TableReader
from catalog.text import fold

# What a column is about → its names, the old one first, as normalised() leaves them.
_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    **{f"option{n} {half}": (f"option{n} {half}",) for n in "123" for half in ("name", "value")},
    "handle": ("handle", "url handle"),
    "title": ("title",),
    "description": ("body html", "description", "body"),
    "brand": ("vendor",),
    "category": ("product category", "standard product type", "standardized product type"),
    "type": ("type", "custom product type", "product type"),
    "tags": ("tags",),
    "published": ("published", "published on online store"),
    "status": ("status",),
    "sku": ("variant sku", "sku"),
    "grams": ("variant grams", "weight value grams"),
    "weight unit": ("variant weight unit", "weight unit for display"),
    "tracker": ("variant inventory tracker", "inventory tracker"),
    "quantity": ("variant inventory qty", "inventory quantity"),
    "policy": ("variant inventory policy", "continue selling when out of stock"),
    "price": ("variant price", "price"),
    "list_price": ("variant compare at price", "compare at price"),
    "image": ("image src", "product image url"),
    "variant image": ("variant image", "variant image url"),
    "google category": ("google shopping google product category",),
    "gender": ("google shopping gender",),
    "age group": ("google shopping age group",),
    "condition": ("google shopping condition",),
}  # fmt: skip
# A table with a handle and one of these columns can only be Shopify's.
_MARKS: Final = frozenset(
    {"body html", "variant sku", "variant price", "option1 name", "option1 value", "variant inventory qty",
     "compare at price", "product image url", "published on online store", "continue selling when out of stock",
     "variant grams", "inventory tracker"}
)  # fmt: skip
_UNUSED: Final = re.compile(
    r"option\d linked to|variant (?:barcode|fulfillment service|requires shipping|taxable|tax code)|barcode"
    r"|fulfillment service|requires shipping|charge tax|tax code|unit price .*|cost per item|image (?:position|alt text)"
    r"|gift card|seo .*|google shopping .*|included .+|(?:price|compare at price) .+"
)
_METAFIELD: Final = re.compile(r"(.*?)\s*\((?:product|variant)\.metafields\.([\w-]+)\.([\w-]+)\)")
# Product fields, said once and meant for all rows of the handle; the long text stays where it is.
_SHARED: Final = (
    "title", "brand", "category", "type", "tags", "published", "status", "google category", "gender", "age group",
    "condition", "option1 name", "option2 name", "option3 name",
)  # fmt: skip
_VARIANT: Final = ("option1 value", "option2 value", "option3 value", "sku", "price")
_OFFERED: Final = frozenset({"", "active"})
_REMEMBERED: Final = 5_000
"""Products whose further rows may come after those of others."""
_LONGEST: Final = 20_000
"""Characters of a cell that other rows share."""


def recognises(source: Source) -> bool:
    """Whether a table has the columns only Shopify's export has."""
    if source.binary:
        return False
    lines = source.head.lstrip("\ufeff\r\n").splitlines()
    if lines and lines[0].strip().lower().startswith("sep="):
        del lines[0]
    return any(_is_header(_split(lines[0], d)) for d in DELIMITERS) if lines else False


class ShopifyReader:
    """Variants of a Shopify product export, grouped by handle.

    Products that are no longer sold or not yet published are refused, each row with the reason.
    Raises FeedError when the file is no such export.
    """

    place = "line"

    def __init__(self, source: Source) -> None:
        if source.binary:
            raise FeedError(f"{source.path}: not a Shopify product CSV: this is a binary file")
        self._table = TableReader(source)
        by_name: dict[str, str] = {}
        for column in self._table.columns():
            by_name.setdefault(normalised(column), column)
        self._at: dict[str, str] = {}
        for what, names in _NAMES.items():
            column = next((by_name[n] for n in names if n in by_name), "")
            if column:
                self._at[what] = column
        if "title" not in self._at or not ("handle" in self._at or _MARKS & by_name.keys()):
            raise FeedError(
                f"{source.path}: not a Shopify product CSV: it has no Handle and Title columns"
            )
        known = {name for names in _NAMES.values() for name in names}
        self._others = self._name_others(
            [c for n, c in by_name.items() if n not in known and not _UNUSED.fullmatch(n)]
        )
        self.description = self._table.description.replace("CSV", "Shopify CSV")
        fields = {"id": "sku", **{f: f for f in FIELDS if f != "id"}, "stock": "quantity"}
        self.mapping: Mapping[str, str] = {
            field: self._out(what)
            for field, what in fields.items()
            if what in self._at or field in ("id", "category")
        }

    def columns(self) -> tuple[str, ...]:
        """The columns that are used; metafields under their own names."""
        used = [self._out(w) for w in _NAMES if w in self._at and w not in _SPENT]
        return tuple(dict.fromkeys([*self.mapping.values(), *used, *self._others.values()]))

    def records(self) -> Generator[Record, None, None]:
        """One record for every variant; rows that only carry a picture are none."""
        products: OrderedDict[str, _Product] = OrderedDict()
        ids: dict[bytes, bytes] = {}
        current: _Product | None = None
        for record in self._table.records():
            if record.problem is not None and record.problem.severity == "refused":
                yield record
                continue
            handle = self._handle(record.values, current)
            if current is not None and handle != current.handle:
                yield from self._held_back(current, ids)
            current = products.setdefault(handle, _Product(handle))
            products.move_to_end(handle)
            if len(products) > _REMEMBERED:
                _, forgotten = products.popitem(last=False)
                yield from self._held_back(forgotten, ids)
            yield from self._row(current, record, ids)
        for product in products.values():
            yield from self._held_back(product, ids)

    def _row(self, product: _Product, record: Record, ids: dict[bytes, bytes]) -> Iterator[Record]:
        row = {
            what: str(record.values.get(column) or "").strip() for what, column in self._at.items()
        }
        others = {
            name: value
            for column, name in self._others.items()
            if (value := _metafield(str(record.values.get(column) or "")))
        }
        first = not product.seen
        product.seen = True
        product.learn({what: row[what] for what in _SHARED if row.get(what)}, others)
        product.image = product.image or row.get("image", "")
        filled = replace(record, values={**row, "others": others})
        if any(row.get(what) for what in _VARIANT):
            product.waiting = None
            yield self._variant(product, filled, ids)
        elif first and (row.get("title") or not row.get("image")):
            # The product in a row of its own, or the only one it has: the next row tells.
            product.waiting = filled

    def _held_back(self, product: _Product, ids: dict[bytes, bytes]) -> Iterator[Record]:
        if product.waiting is not None:
            yield self._variant(product, product.waiting, ids)
            product.waiting = None

    def _variant(self, product: _Product, record: Record, ids: dict[bytes, bytes]) -> Record:
        row: dict[str, Any] = {
            **product.shared, **{what: v for what, v in record.values.items() if v}
        }  # fmt: skip
        reason = _withheld(row)
        if reason:
            return Record(record.line, {}, Problem("refused", "not on sale", reason))
        options = _options(row)
        values: dict[str, Any] = {
            self._out(what): row.get(what, "") for what in self._at if what not in _SPENT
        }
        # Options before everything else: of two columns that say the colour, theirs is the variant's.
        values = {**options, **{c: v for c, v in values.items() if c not in options}}
        values[self._out("sku")] = _variant_id(product.handle, row.get("sku", ""), options, ids)
        values[self._out("category")] = _category(row)
        if "list_price" in self._at and not row.get("list_price", "").strip("0.,"):
            values[self._out("list_price")] = ""
        if "quantity" in self._at:
            values[self._out("quantity")] = _stock(row, tracked="tracker" in self._at)
        if "grams" in self._at:
            values[self._out("grams")] = _weight(row)
        values[self._out("image")] = row.get("variant image") or product.image
        values |= {**product.others, **row.get("others", {})}
        return Record(record.line, values, record.problem, group=product.handle)

    def _handle(self, values: Mapping[str, Any], current: _Product | None) -> str:
        handle = plain_text(str(values.get(self._at.get("handle", "")) or "")).replace("\n", " ")
        title = str(values.get(self._at["title"]) or "").strip()
        if handle:
            return handle
        if not title and current is not None:
            return current.handle
        # Without a handle Shopify makes one of the title.
        return re.sub(r"[\W_]+", "-", fold(plain_text(title))).strip("-")

    def _out(self, what: str) -> str:
        """The column a value is handed on in."""
        return _CALLED.get(what) or self._at.get(what, what)

    def _name_others(self, columns: list[str]) -> dict[str, str]:
        """Column → the name it is handed on under: a metafield's own name where that is free."""
        taken = {normalised(self._out(what)) for what in self._at}
        named: dict[str, str] = {}
        for column in columns:
            field = _METAFIELD.fullmatch(column)
            name = (field[1].strip() or field[3]) if field else column
            if normalised(name) in taken:
                name = column
            taken.add(normalised(name))
            named[column] = name
        return named


class _Product:
    """What the rows of a handle have said so far."""

    __slots__ = ("handle", "image", "others", "seen", "shared", "waiting")

    def __init__(self, handle: str) -> None:
        self.handle = handle
        self.shared: dict[str, str] = {}
        self.others: dict[str, str] = {}
        self.image = ""
        self.seen = False
        self.waiting: Record | None = None

    def learn(self, shared: Mapping[str, str], others: Mapping[str, str]) -> None:
        """Keep what is said for the first time."""
        self.shared = {**{w: v[:_LONGEST] for w, v in shared.items()}, **self.shared}
        self.others = {**{n: v[:_LONGEST] for n, v in others.items()}, **self.others}


_CALLED: Final[Mapping[str, str]] = {
    "grams": "Weight", "gender": "Gender", "age group": "Age group", "condition": "Condition",
    **{f"option{n} {half}": f"Option{n} {half.title()}" for n in "123" for half in ("name", "value")},
    "category": "Product Category", "sku": "Variant SKU", "image": "Image Src",
}  # fmt: skip
# Columns that decide about others, and are then done with.
_SPENT: Final = frozenset(
    {"handle", "published", "status", "tracker", "policy", "weight unit", "variant image", "google category"}
)  # fmt: skip


def _split(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []


def _is_header(fields: list[str]) -> bool:
    names = {normalised(f) for f in fields}
    return bool(names & {"handle", "url handle"}) and "title" in names and bool(names & _MARKS)


def _withheld(row: Mapping[str, str]) -> str:
    """Why a product is not offered to everybody; empty when it is."""
    status = row.get("status", "").lower()
    if status not in _OFFERED:
        return f"not on sale: its status is {status[:20]!r}"
    if row.get("published", "").lower() in ("false", "no", "0"):
        return "not on sale: it is not published"
    return ""


def _options(row: Mapping[str, str]) -> dict[str, str]:
    options: dict[str, str] = {}
    for n in "123":
        name, value = row.get(f"option{n} name", ""), row.get(f"option{n} value", "")
        if not value or value.lower() == "default title":
            continue
        if (normalised(name) or "title") in (*FIELDS, "list price", "review count"):
            # "Type: ground" is a choice the shopper has, not the type of the product.
            name = f"{name} option"
        options[f"Option{n} Name"], options[f"Option{n} Value"] = name, value
    return options


def _variant_id(handle: str, sku: str, options: Mapping[str, str], ids: dict[bytes, bytes]) -> str:
    """The SKU; where there is none, or another variant has it, the handle and the options."""
    chosen = [v for c, v in options.items() if c.endswith("Value")]
    made = f"{handle}:{'/'.join(chosen)}" if chosen else handle
    sku = re.sub(r"^'(?=\w)", "", sku)  # an apostrophe keeps spreadsheets from reading a number
    if not sku:
        return made
    owner = _digest(made)
    return sku if ids.setdefault(_digest(sku), owner) == owner else made


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).digest()


def _category(row: Mapping[str, str]) -> str:
    for what in ("category", "google category"):
        path = row.get(what, "")
        if path and not path.startswith("gid:") and path.lower() != "uncategorized":
            return path
    return ""


def _stock(row: Mapping[str, str], *, tracked: bool) -> str:
    """Pieces on hand; empty where nobody counts them, or where it sells on without any."""
    quantity = row.get("quantity", "")
    if tracked and not row.get("tracker"):
        return ""
    number = re.fullmatch(r"([+-]?\d+)(?:\.0*)?", quantity)
    if number is None or int(number[1]) > 0:
        return quantity
    sells_on = row.get("policy", "").lower() in ("continue", "true", "yes")
    return "" if sells_on else "0"


def _weight(row: Mapping[str, str]) -> str:
    """As a shopper reads it; the file has grams whatever the unit it is shown in."""
    grams = row.get("grams", "")
    number = re.fullmatch(r"\d{1,9}(?:\.\d+)?", grams)
    if number is None or float(grams) == 0:
        return ""
    if row.get("weight unit", "").lower() == "kg":
        return f"{float(grams) / 1000:.10g} kg"
    return f"{float(grams):.10g} g"


def _metafield(text: str) -> str:
    """A metafield as the generic columns have it: a rating, a measure or a list is JSON there."""
    text = text.strip()
    if not text.startswith("{") or len(text) > 1_000:
        return text
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        return text
    number = value.get("value")
    if isinstance(number, (int, float, str)):
        if top := value.get("scale_max"):
            return f"{number} / {str(top).removesuffix('.0')}"
        if unit := value.get("unit"):
            return f"{number} {str(unit).lower().replace('_', ' ')}"
    return text
