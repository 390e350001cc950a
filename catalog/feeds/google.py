"""Google Merchant Center product data: delimited text, and RSS or Atom with the ``g:`` namespace.

The attributes are those of Google's product data specification
(https://support.google.com/merchants/answer/7052112).
"""

from __future__ import annotations

import csv
import itertools
import re
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final
from xml.etree.ElementTree import Element

from catalog.errors import FeedError
from catalog.feeds.cells import plain_text
from catalog.feeds.ids import group_id
from catalog.feeds.record import Problem, Record
from catalog.feeds.sale import range_in_force
from catalog.feeds.source import Source
from catalog.feeds.table import DELIMITERS, TableReader
from catalog.feeds.xml_items import ITEM_START, NAMESPACE, read_items, respect_declared_encoding

MAX_DETAILS: Final = 500
"""Different names of product details and options a feed may have; those beyond are left out."""

# A table with an id and a title is Google's when it has all of one of these as well.
_MARKS: Final = (
    {"link", "image_link"}, {"item_group_id"}, {"google_product_category"}, {"sale_price_effective_date"},
    {"availability", "image_link"}, {"product_highlight"}, {"product_detail"}, {"identifier_exists"},
)  # fmt: skip
# Columns of the Agentic Commerce feed, which otherwise shares most of the names.
AGENTIC_MARKS: Final = frozenset(
    {"enable_search", "enable_checkout", "is_eligible_search", "is_eligible_checkout"}
)
# What campaigns, bids and carriers need and a shopper never asks for.
_NOT_FOR_SHOPPERS: Final = re.compile(
    r"custom_label_\d|custom_number_\d|display_ads_\w+|ads_\w+|(?:in|ex)cluded_\w+|shopping_ads_\w+|identifier_exists"
    r"|pause|promotion_id|auto_pricing_min_price|maximum_retail_price|cost_of_goods_sold|(?:max|min)_handling_time"
    r"|(?:transit_time|return_address|return_policy|shipping|local_shipping)_label|ships_from_country|tax_category|tax"
    r"|installment|subscription_cost|loyalty_program|loyalty_points|certification|free_shipping_threshold"
    r"|minimum_order_value|pickup_\w+|sell_on_google_\w+|external_seller_id|feed_label|content_language"
    r"|target_country|shipping|unit_pricing_base_measure|carrier_shipping|handling_cutoff_time"
    r"|virtual_model_link|cloud_export_additional_properties|consumer_notice"
)
_SEVERAL: Final = frozenset({"product_detail", "product_highlight", "additional_image_link"})
_SLASHED: Final = frozenset({"color", "material"})
# Atom's and RSS's own names for what Google's namespace calls otherwise.
_PLAIN_NAMES: Final[Mapping[str, str]] = {"summary": "description", "content": "description"}


def recognises(source: Source) -> bool:
    """Whether a file is Google's product data: XML in its namespace, or its column names."""
    if source.binary:
        return False
    head = source.head.lstrip()
    if head.startswith("<"):
        return NAMESPACE in head or bool(ITEM_START.search(head) and "<g:id>" in head)
    if head[:1] in ("{", "["):
        return False
    names = set(header_names(head))
    known = {"id", "title"} <= names and not names & AGENTIC_MARKS
    return known and any(marks <= names for marks in _MARKS)


def header_names(head: str) -> list[str]:
    """The attributes a table's first line names, read with the delimiter that gives the most."""
    lines = [line for line in head[:65_536].splitlines() if line.strip()]
    if lines and lines[0].lower().startswith("sep="):
        lines = lines[1:]
    best: list[str] = []
    for delimiter in DELIMITERS if lines else ():
        try:
            fields = next(csv.reader(lines[:1], delimiter=delimiter), [])
        except csv.Error:
            continue
        best = max(best, fields, key=len)
    return [attribute(name) for name in best]


def attribute(name: str) -> str:
    """A header or element as the specification writes it: ``"Item group ID [item_group_id]"``,
    ``"g:item group id"`` → ``"item_group_id"``; the parts of ``shipping(country:price)`` are cut.
    """
    bracketed = re.fullmatch(r".*\[\s*([\w :]+?)\s*\]\s*", name)
    bare = (bracketed[1] if bracketed else name.partition("(")[0]).strip().lower()
    return re.sub(r"\s+", "_", re.sub(r"^[gc]:", "", bare))


class GoogleReader:
    """Products of a Merchant Center file, one record an item.

    ``now`` is the moment that sale prices are compared with, the time of reading by default.
    Raises FeedError when the file is neither such a table nor such XML, or declares entities.
    """

    place = "line"
    mapping: Mapping[str, str] = {
        "id": "id", "title": "title", "description": "description", "brand": "brand", "url": "link",
        "attributes.net_content": "unit_pricing_measure", "attributes.shipping_weight": "shipping_weight",
    }  # fmt: skip

    def __init__(self, source: Source, now: datetime | None = None) -> None:
        self._source, self._now = source, now
        self._table: TableReader | None = None
        if source.binary:
            raise FeedError(f"{source.path}: this is a Parquet file, not Google product data")
        head = source.head.lstrip()
        if head.startswith("<"):
            if not ITEM_START.search(head) and "<rss" not in head and "<feed" not in head:
                raise FeedError(
                    f"{source.path}: XML without <item> or <entry>; Google product data is RSS or Atom"
                )
            respect_declared_encoding(source)
            atom = re.search(r"<(?:[\w.-]+:)?feed[\s>]", head)
            self.description = f"Google product data ({'Atom' if atom else 'RSS'})"
            return
        if head[:1] in ("{", "["):
            raise FeedError(
                f"{source.path}: this is JSON; Google product data is TSV, CSV, RSS or Atom"
            )
        self._table = TableReader(source)
        names = {attribute(c) for c in self._table.columns()}
        if not {"id", "title"} & names:
            raise FeedError(
                f"{source.path}: no column is called id or title, as Google names them; found:"
                f" {', '.join(c[:40] for c in self._table.columns()[:30])}"
            )
        self.description = f"Google product data ({self._table.description})"

    def columns(self) -> tuple[str, ...]:
        """The attributes that become columns; for XML those that price an item, come when they may."""
        if self._table is None:
            return ("title", "price", "sale_price")
        kept = (
            name for c in self._table.columns() for name in [_merged(attribute(c))] if _kept(name)
        )
        return tuple(dict.fromkeys(kept))

    def records(self) -> Generator[Record, None, None]:
        """One record an item. Raises FeedError when the XML cannot be read at all."""
        now = self._now or datetime.now(UTC)
        details = Names()
        for line, values, problem in self._rows() if self._table else self._items():
            if problem is not None and problem.severity == "refused":
                yield Record(line, {}, problem)
            else:
                yield _record(line, values, problem, now, details)

    def _rows(self) -> Iterator[tuple[int, dict[str, Any], Problem | None]]:
        assert self._table is not None  # noqa: S101
        names = {c: _merged(attribute(c)) for c in self._table.columns()}
        for record in self._table.records():
            values: dict[str, Any] = {}
            for column, cell in record.values.items():
                _put(values, names[column], cell)
            yield record.line, values, record.problem

    def _items(self) -> Iterator[tuple[int, dict[str, Any], Problem | None]]:
        with self._source.text() as text:
            for line, element, problem in read_items(text, str(self._source.path)):
                yield line, {} if element is None else _element_values(element), problem


class Names:
    """Names that data gave to columns, as many as a feed can use."""

    def __init__(self) -> None:
        self._seen: set[str] = set()

    def admit(self, name: str) -> bool:
        """Whether there is room for another name, or it is known."""
        if len(self._seen) < MAX_DETAILS:
            self._seen.add(name)
        return name in self._seen


def _record(
    line: int, values: dict[str, Any], problem: Problem | None, now: datetime, details: Names
) -> Record:
    """An item with its details spread, its sale price only where it is in force."""
    group = group_id(values.pop("item_group_id", None))
    written = values.pop("sale_price_effective_date", None)
    if values.get("sale_price"):
        holds = range_in_force(written, now)
        if holds is None:
            message = (
                f"sale dates {str(written)[:60]!r} are no range of dates; the sale price is used"
            )
            problem = problem or Problem("repaired", "not a range of dates", message)
        elif not holds:
            del values["sale_price"]
    for name in ("title", "description"):
        written = values.pop(f"structured_{name}", None)
        if written and not values.get(name):
            # In text files it says before a colon who wrote it.
            author = r'^(?:default|trained_algorithmic_media):\s*"?|"$'
            values[name] = re.sub(author, "", str(written))
    highlights = [h for h in _listed(values.pop("product_highlight", None)) if h.strip()]
    if highlights:
        values["description"] = "\n".join([str(values.get("description") or ""), *highlights])
    for name, value in itertools.islice(_details(values.pop("product_detail", None)), 80):
        if details.admit(name):
            values.setdefault(f"details.{name}", value)
    for name in _SLASHED:
        values[name] = _slashed(values.get(name))
    kept = {n: v for n, v in values.items() if v not in (None, "", []) and _kept(n)}
    return Record(line, kept, problem, group)


def _kept(name: str) -> bool:
    return name not in (
        "item_group_id", "sale_price_effective_date", "structured_title", "structured_description",
        "product_highlight", "product_detail",
    ) and not _NOT_FOR_SHOPPERS.fullmatch(name)  # fmt: skip


def _merged(name: str) -> str:
    """The attribute a repeated header stands for: tables number the copies."""
    base = re.sub(r"_\d+$", "", name)
    return base if base in _SEVERAL else name


def _put(values: dict[str, Any], name: str, value: Any) -> None:
    if name not in _SEVERAL:
        values.setdefault(name, value)
    elif value not in (None, ""):
        values.setdefault(name, []).append(value)


def _listed(raw: Any) -> list[str]:
    """Values of an attribute that may be given several times: in text, with commas between; one
    that has commas itself is quoted.
    """
    found: list[str] = []
    for value in raw or ():
        if '"' not in value:
            found.append(value)
            continue
        try:
            found += next(csv.reader([value.replace("\n", " ")], skipinitialspace=True), [])
        except csv.Error:
            found.append(value)
    return found


def _details(raw: Any) -> Iterator[tuple[str, str]]:
    """(name, value) of details given as parts, or as ``section:name:value`` in text, several of
    them with commas between. The section is what it is listed under and may be empty.
    """
    for value in raw or ():
        if isinstance(value, tuple):
            if all(value):
                yield value
            continue
        for triple in _triples(_listed([value])):
            section, _, rest = triple.partition(":")
            name, _, said = rest.partition(":")
            name, said = plain_text(name), said.strip()
            if not said and name:
                name, said = plain_text(section), name
            if name and said and len(name) <= 60:
                yield name.replace("\n", " "), said


def _triples(values: Iterable[str]) -> Iterator[str]:
    """Split at the commas after which a whole triple follows; other commas belong to a value."""
    for value in values:
        yield from re.split(r",(?=[^,:]*:[^,:]+:)", value)


def _slashed(value: Any) -> Any:
    """``"cotton/elastane"``, which Google asks for where there are several, as several words."""
    if not isinstance(value, str):
        return value
    parts = re.split(r"(?<=\w)/(?=\w)", value)
    return parts if len(parts) > 1 and all(len(p.strip()) > 2 for p in parts) else value


def _element_values(item: Element) -> dict[str, Any]:
    """An item's children by attribute; Google's own namespace before RSS's and Atom's."""
    own: dict[str, Any] = {}
    plain: dict[str, Any] = {}
    for child in item:
        if not isinstance(child.tag, str):
            continue
        namespace, _, local = child.tag.rpartition("}")
        name = attribute(local)
        if "base.google.com" in namespace:
            _put(own, name, _content(name, child))
        else:
            value = (
                child.get("href") if name == "link" and child.get("href") else _content(name, child)
            )
            if name == "link" and child.get("rel", "alternate") != "alternate":
                continue
            if value:
                _put(plain, _PLAIN_NAMES.get(name, name), value)
    return {**plain, **{n: v for n, v in own.items() if v not in (None, "")}}


def _content(name: str, element: Element) -> Any:
    """Text of an element; of one with parts, what they say together where that is one thing."""
    if not len(element):
        return (element.text or "").strip()
    parts = {attribute(p.tag.rpartition("}")[2]): (p.text or "").strip() for p in _parts(element)}
    if name == "product_detail":
        label = plain_text(parts.get("attribute_name", ""))[:60].replace("\n", " ")
        return (label, parts.get("attribute_value", ""))
    if name in ("structured_title", "structured_description"):
        return parts.get("content", "")
    if name in ("title", "description", "summary", "content"):
        return "".join(element.itertext()).strip()
    return None


def _parts(element: Element) -> Sequence[Element]:
    return [p for p in element if isinstance(p.tag, str)]
