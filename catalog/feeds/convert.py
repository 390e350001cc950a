"""From a flat record to a Product; everything wrong with it is noted on the way."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import chain
from typing import Any, Final

from catalog.feeds.attributes import MAX_ATTRIBUTES, attribute_name, attribute_value
from catalog.feeds.category import MAX_WORDS, SALE_FORMS, path_nodes, singular
from catalog.feeds.cells import (
    image_name,
    is_missing,
    listed,
    plain_text,
    read_count,
    read_rating,
    short,
    struck_out,
    web_address,
)  # fmt: skip
from catalog.feeds.details import details
from catalog.feeds.ids import MAX_ID, digest
from catalog.feeds.mapping import (
    FIELDS,
    category_level,
    currency_in_name,
    in_minor_units,
    is_sale_price,
)
from catalog.feeds.plan import Plan
from catalog.feeds.report import Note, Severity
from catalog.feeds.sale import in_force
from catalog.feeds.stock import NONE_LEFT, UNSAID, Left, pieces
from catalog.money import Price, currency_code, parse_price, to_major
from catalog.product import AttributeValue, Product
from catalog.seller_claims import claims, repeats, speaks_to_machine
from catalog.seller_text import (
    bare,
    deceives,
    deceives_in_name,
    has_other_part,
    headline,
    honest_part,
    plain_value,
    prose,
)

MAX_TITLE: Final = 1_000
MAX_DESCRIPTION: Final = 20_000


@dataclass(frozen=True, slots=True)
class Offer:
    """What a record says of price and stock. Money is in minor units of ``currency``."""

    id: str
    price: int | None
    list_price: int | None
    currency: str | None
    stock: int | None
    uncounted: bool
    says: frozenset[str]
    """Which of ``price``, ``list_price`` and ``stock`` it speaks of; None is then unknown."""


@dataclass(slots=True)
class Conversion:
    """A record being read: the product as far as it goes, and what was noted."""

    plan: Plan
    values: Mapping[str, Any]
    notes: list[Note] = field(default_factory=list)
    suspect: dict[str, None] = field(default_factory=dict)

    def product(self) -> Product | None:
        """The product; None when the record has no title. Its id is empty when it has none."""
        title = self._title()
        if not title:
            self._note("refused", "title", "no title", "no title")
            return None
        path = self._path()
        price, list_price = self._prices()
        stock = self._stock()
        return Product(
            id=self._id(),
            title=title,
            description=self._description(),
            brand=self._word("brand"),
            type=self._type(path),
            category=path,
            price=price.minor if price else None,
            list_price=list_price.minor if list_price else None,
            currency=(price or list_price or Price(0, None)).currency,
            rating=self._rating(),
            review_count=self._review_count(),
            stock=stock.pieces,
            uncounted=stock.pieces is None and stock.there,
            image=self._image(),
            url=self._url(),
            attributes=self._attributes(),
            suspect=tuple(self.suspect),
        )

    def offer(self) -> Offer | None:
        """Price and stock; None when the record has no id.

        A record with a title describes its product whole: what it leaves blank is unknown. One
        without says only what it says.
        """
        id = self._id()
        if not id:
            self._note("refused", "id", "no id", "no id")
            return None
        whole = any(True for _ in self._texts("title"))
        price, list_price = self._prices()
        says = set()
        if price is not None or whole:
            says |= {"price", "list_price"}
        if whole or any(True for _ in self._texts("stock")):
            says.add("stock")
        stock = self._stock()
        return Offer(
            id,
            price.minor if price else None,
            list_price.minor if list_price else None,
            price.currency if price else None,
            stock.pieces,
            stock.pieces is None and stock.there,
            frozenset(says & self.plan.fields.keys()),
        )

    def _note(self, severity: Severity, field: str, kind: str, message: str) -> None:
        self.notes.append(Note(severity, field, kind, message))

    def _mended(self, field: str, kind: str, message: str) -> None:
        self._note("repaired", field, kind, message)

    def _cells(self, name: str) -> Iterator[tuple[str, Any]]:
        """(column, value) of a field's columns that are not empty, in order."""
        for column in self.plan.fields.get(name, ()):
            value = self.values.get(column)
            if value is None or value == [] or (isinstance(value, str) and not value.strip()):
                continue
            yield column, value

    def _texts(self, name: str) -> Iterator[tuple[str, str]]:
        for column, value in self._cells(name):
            text = "\n".join(map(str, value)) if isinstance(value, list) else str(value)
            if not is_missing(text):
                yield column, text

    def _title(self) -> str:
        usual = self.plan.usual
        for column, raw in self._texts("title"):
            whole = plain_text(raw[: MAX_TITLE * 10])
            told = bare(plain_text(honest_part(raw[: MAX_TITLE * 10])))
            text = headline(told, usual, usual.most_words(column))
            if deceives_in_name(raw[: MAX_TITLE * 10]):
                self.suspect["title"] = None
            if text != whole:
                self._cleaned("title", told, whole)
            if text != headline(told, usual):
                message = f"title {short(told)} has far more words than is usual here; cut"
                self._mended("title", "more words than usual", message)
            # A row whose title is an order and nothing else still sells something.
            text = text or " ".join(filter(None, (self._word("brand"), self._type(self._path()))))
            text = text or ("" if speaks_to_machine(told) else " ".join(told.split()))
            if text and not is_missing(text):
                return self._cut("title", text, MAX_TITLE)
        return ""

    def _description(self) -> str:
        for _, raw in self._texts("description"):
            many = listed(raw)
            whole = "\n".join(many) if many else raw[: MAX_DESCRIPTION * 10]
            if deceives(whole):
                self.suspect["description"] = None
            told = bare(plain_text(honest_part(whole)))
            text = self._cut("description", told, MAX_DESCRIPTION)
            if text and not is_missing(text):
                described = prose(text, self.plan.usual)
                if described != text:
                    self._cleaned("description", described, text)
                return described
        return ""

    def _cut(self, name: str, text: str, limit: int) -> str:
        if len(text) <= limit:
            return text
        self._mended(name, "too long", f"{name} of {len(text):,} characters cut to {limit:,}")
        return text[:limit].rsplit(" ", 1)[0] or text[:limit]

    def _cleaned(self, name: str, kept: str, whole: str) -> None:
        if speaks_to_machine(whole) or has_other_part(whole):
            message = f"{name} {short(whole)} addresses a program; that part is left out"
            self._mended(name, "no listing text", message)

    def _plain(self, name: str, text: str) -> str:
        """A name or value that is one; else nothing, and a note."""
        kept = plain_value(text, self.plan.usual) if text else ""
        if text and not kept:
            if deceives_in_name(text) or claims(text):
                self.suspect[name] = None
            self._mended(name, "no plain value", f"{name} {short(text)} is no plain value; dropped")
        return kept

    def _word(self, name: str) -> str | None:
        for column, raw in self._texts(name):
            if deceives(raw):
                self.suspect[name] = None
            text = plain_text(honest_part((listed(raw) or [raw])[0])).partition("\n")[0]
            if len(text) > MAX_WORDS or self.plan.usual.too_much(column, text, names=True):
                self._mended(name, "too long", f"{name} of {len(text):,} characters dropped")
            elif kept := self._plain(name, text):
                return kept
        return None

    def _id(self) -> str:
        for _, raw in self._texts("id"):
            text = plain_text(raw).replace("\n", " ")
            text = text.removesuffix(".0") if re.fullmatch(r"\d+\.0", text) else text
            return text if len(text) <= MAX_ID else digest(text)
        return ""

    def _path(self) -> tuple[str, ...]:
        path: list[str] = []
        done: set[int] = set()
        for column, cell in self._cells("category"):
            level = category_level(column)
            if level in done:
                continue
            deepest = self.plan.usual.deepest.get(column)
            nodes = [n for n in path_nodes(cell)[:deepest] if self._plain("category", n)]
            if nodes:
                done.add(level)
                seen = {n.casefold() for n in path}
                path += [n for n in nodes if n.casefold() not in seen]
        return tuple(path[:8])

    def _type(self, path: tuple[str, ...]) -> str | None:
        for _, cell in self._cells("type"):
            nodes = [n for n in path_nodes(cell) if self._plain("type", n)]
            if nodes and nodes[-1].lower() not in SALE_FORMS:
                return singular(nodes[-1])
        return singular(path[-1]) if path else None

    def _prices(self) -> tuple[Price | None, Price | None]:
        currency = self.plan.currency
        for _, raw in self._texts("currency"):
            code = currency_code(raw, currency)
            if code:
                currency = code
                break
            self._mended("currency", "no currency", f"currency {short(raw)} is not one")
        price, source, struck = None, None, list[tuple[str, Any]]()
        reduced = self._sale_holds()
        for column, raw in self._cells("price"):
            if not reduced and is_sale_price(column):
                continue
            now, old = struck_out(raw) if isinstance(raw, str) and "<" in raw else (raw, None)
            price = self._price("price", column, now, currency)
            if price is not None:
                source, struck = column, [(column, old)] if old else []
                break
        was = None
        others = ((c, r) for c, r in self._cells("list_price") if c != source)
        for column, raw in chain(struck, others):
            if price is None:
                continue
            if isinstance(raw, str) and not re.search(r"\d", raw):
                continue  # "no old price" is nothing to mend
            before = self._price("list_price", column, raw, price.currency or currency)
            if before is None or before.minor == price.minor:
                continue
            on_sale = is_sale_price(source or "") and column in self.plan.plain_prices
            if source and on_sale and before.minor < price.minor:
                message = f"sale price {short(self.values.get(source))} is above the price; dropped"
                self._mended("price", "sale above the price", message)
                price = before
                continue
            if before.minor < price.minor or before.currency != price.currency:
                message = f"list price {short(raw)} is not above the price; dropped"
                self._mended("list_price", "not above the price", message)
                continue
            was = before
            break
        return price, was

    def _sale_holds(self) -> bool:
        begin, end = (self.values.get(c) if c else None for c in self.plan.sale_dates)
        if not (begin or end):
            return True
        holds = in_force(begin, end, datetime.now(UTC))
        if holds is None:
            written = short(f"{begin or ''} – {end or ''}")
            message = f"sale dates {written} are no range of dates; the sale price is used"
            self._mended("price", "not a range of dates", message)
        return holds is not False

    def _price(self, name: str, column: str, raw: Any, currency: str | None) -> Price | None:
        value = raw[0] if isinstance(raw, list) else raw
        label = name.replace("_", " ")
        if not isinstance(value, (str, int, float)):
            price = None
        else:
            known = currency_in_name(column) or currency
            price = parse_price(value, known, decimal_mark=self.plan.decimal_mark)
        if price is None:
            self._mended(name, "not a price", f"{label} {short(value)} is not a price")
            return None
        if price.is_range:
            self._mended(name, "a range", f"{label} {short(value)} is a range; the lowest is used")
        if in_minor_units(column):
            return Price(round(to_major(price.minor, price.currency)), price.currency)
        return price

    def _rating(self) -> float | None:
        for _, raw in self._texts("rating"):
            rating = read_rating(raw, self.plan.rating_scale)
            if rating is not None:
                return rating
            if not re.fullmatch(r"[0.,]+", raw.strip()):
                message = f"rating {short(raw)} is not a rating"
                self._mended("rating", "not a rating", message)
        return None

    def _review_count(self) -> int | None:
        for _, raw in self._texts("review_count"):
            count = None if raw.strip().startswith("-") else read_count(raw)
            if count is not None:
                return count
            self._mended("review_count", "not a count", f"review count {short(raw)} is not one")
        return None

    def _stock(self) -> Left:
        found = UNSAID
        for column, raw in self._texts("stock"):
            left = pieces(column, raw.strip(), flag=column in self.plan.flag_columns)
            if left.pieces is not None and left.pieces < 0:
                message = f"stock {short(raw)} is below zero; read as 0"
                self._mended("stock", "below zero", message)
                left = NONE_LEFT
            if left == NONE_LEFT:
                return left
            count = left.pieces if found.pieces is None else found.pieces
            found = Left(count, found.there or left.there)
        return found

    def _image(self) -> str | None:
        for _, value in self._cells("image"):
            raw = str(value[0]) if isinstance(value, list) else str(value)
            if is_missing(raw):
                continue
            first = (listed(raw) or re.split(r"\s*[|;]\s*|,\s*(?=https?:)|,\s+", raw))[0]
            image = image_name(raw) or image_name(first)
            if image:
                return image
            message = f"image {short(raw)} is no http(s) address or file name; dropped"
            self._mended("image", "not an image address", message)
        return None

    def _url(self) -> str | None:
        for _, raw in self._texts("url"):
            url = web_address(raw)
            if url:
                return url
            message = f"url {short(raw)} is no http(s) address; dropped"
            self._mended("url", "not an address", message)
        return None

    def _attributes(self) -> dict[str, AttributeValue]:
        attributes: dict[str, AttributeValue] = {}
        tables: list[tuple[str, Any]] = []
        for column, plan in self.plan.attributes.items():
            raw = self.values.get(column)
            name = plan.name
            if plan.kind == "details":
                tables.append((column, raw))
                continue
            if plan.name_column:
                name = attribute_name(str(self.values.get(plan.name_column) or ""))
            if raw is None or not name or name in attributes or name in FIELDS:
                continue
            held = attribute_value(replace(plan, name=name) if plan.name_column else plan, raw)
            if isinstance(held, (str, tuple)):
                held = self._worded(column, name, raw, held)
            if held is not None and len(attributes) < MAX_ATTRIBUTES:
                attributes[name] = held
        # what has a column of its own is not taken from a table of details
        for column, raw in tables:
            for name, held in details(raw).items() if isinstance(raw, str) else ():
                if isinstance(held, (str, tuple)):
                    held = self._worded(column, name, held, held)
                if name not in attributes and held is not None and len(attributes) < MAX_ATTRIBUTES:
                    attributes[name] = held
        return attributes

    def _worded(
        self, column: str, name: str, raw: Any, held: str | tuple[str, ...]
    ) -> str | tuple[str, ...] | None:
        """The words of an attribute that are values; None when there are none."""
        text = "\n".join(map(str, raw)) if isinstance(raw, (list, tuple)) else str(raw)
        if deceives(text):
            self.suspect[name] = None
        if self.plan.usual.too_much(column, raw) or has_other_part(text):
            if not (isinstance(raw, list) and repeats(text, several=True)):  # a list of synonyms
                self.suspect[name] = None
            message = f"{name} {short(text)} is more than a value; dropped"
            self._mended(name, "no plain value", message)
            return None
        if isinstance(held, str):
            return self._plain(name, held) or None
        return tuple(kept for v in held if (kept := self._plain(name, v))) or None
