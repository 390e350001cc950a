"""Google Merchant Center product data: delimited text, and RSS or Atom with the ``g:`` namespace.

The attributes are those of Google's product data specification
(https://support.google.com/merchants/answer/7052112).
"""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]

from catalog.errors import FeedError
from catalog.feeds.cells import plain_text
from catalog.feeds.ids import group_id
from catalog.feeds.record import Problem, Record
from catalog.feeds.sale import range_in_force
from catalog.feeds.source import Source
from catalog.feeds.table import DELIMITERS, TableReader

MAX_ITEM: Final = 8 * 1024 * 1024
"""Characters of one XML item; a longer one is refused without being parsed."""
MAX_DETAILS: Final = 500
"""Different names of product details and options a feed may have; those beyond are left out."""

_MAX_PROLOG: Final = 1024 * 1024
_CHUNK: Final = 32 * 1024
_LONGEST_TOKEN: Final = 100
"""Characters kept where reading on might complete a tag."""
_NAMESPACE: Final = "base.google.com/ns/1.0"

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

_ITEM: Final = r"(?:[\w.-]+:)?(?:item|entry)"
_START: Final = re.compile(rf"<({_ITEM})(?=[\s>/])")
_OUTSIDE: Final = re.compile(rf"<!--|<!\[CDATA\[|<({_ITEM})(?=[\s>/])")
_NAMED: Final = re.compile(r"<(?:g:)?(?:id|title)>")
_DECLARED: Final = re.compile(r"""\bxmlns(?::[\w.-]+)?\s*=\s*(?:"[^"<]*"|'[^'<]*')""")
_ENCODING: Final = re.compile(r"""^\s*<\?xml[^>]*?\bencoding\s*=\s*["']([\w.-]+)["']""")
_LOOSE_AMPERSAND: Final = re.compile(r"&(?!(?:#\d+|#[xX][0-9a-fA-F]+|amp|lt|gt|quot|apos);)")
_CDATA: Final = re.compile(r"(<!\[CDATA\[.*?\]\]>)", re.DOTALL)
_NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_BAD_REFERENCE: Final = re.compile(
    r"&#(?:x0*(?:[0-8bcef]|1[0-9a-f])|0*(?:[0-8]|1[124-9]|2\d|3[01]));", re.I
)


def recognises(source: Source) -> bool:
    """Whether a file is Google's product data: XML in its namespace, or its column names."""
    if source.binary:
        return False
    head = source.head.lstrip()
    if head.startswith("<"):
        return _NAMESPACE in head or bool(_START.search(head) and "<g:id>" in head)
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
            if not _START.search(head) and "<rss" not in head and "<feed" not in head:
                raise FeedError(
                    f"{source.path}: XML without <item> or <entry>; Google product data is RSS or Atom"
                )
            _respect_declared_encoding(source)
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
            items = _Items(text, str(self._source.path))
            for item in items:
                if item.trouble is not None:
                    yield item.line, {}, item.trouble
                    continue
                for line, element, problem in _parsed(item, items.declarations):
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


def _respect_declared_encoding(source: Source) -> None:
    """Read the file in the encoding its XML declaration names, where its bytes do not tell.

    What calls itself Latin-1 or ASCII stays UTF-8 with Windows-1252 for the rest: that is what
    such files hold.
    """
    declared = _ENCODING.match(source.head)
    if declared is None or source.encoding != "utf-8":
        return
    name = declared[1].lower()
    western = r"us-ascii|ascii|iso-8859-1|latin-?1|windows-1252|cp1252"
    if re.fullmatch(rf"utf.*|{western}", name):
        return
    try:
        b" ".decode(name)
    except (LookupError, UnicodeError):
        raise FeedError(
            f"{source.path}: the XML declares an encoding {declared[1][:40]!r} that is not known;"
            " save the file as UTF-8"
        ) from None
    source.encoding = name


@dataclass(frozen=True, slots=True)
class _Item:
    """The text of one item, or what kept it from being read."""

    line: int
    xml: str
    trouble: Problem | None = None


class _Items(Iterator[_Item]):
    """Cuts an RSS or Atom text into its items without holding more than one.

    Items are parsed one by one afterwards, so that a broken one costs only itself: a parser of
    the whole file would stop at the first stray ampersand.
    """

    def __init__(self, text: io.TextIOWrapper, path: str) -> None:
        self._text, self._path = text, path
        self._buffer, self._line, self._ended = "", 1, False
        self.declarations = ""
        """The namespaces declared before the first item."""
        self._begun = False

    def __next__(self) -> _Item:
        start = self._next_start()
        if not self._begun:
            self._begin(self._buffer[:start] if start is not None else self._buffer)
        if start is None:
            raise StopIteration
        self._drop(start)
        line = self._line
        name = self._buffer[1 : _START.match(self._buffer).end(1)]  # type: ignore[union-attr]
        end = self._end(name)
        if end is not None:
            xml = self._buffer[:end]
            self._drop(end)
            return _Item(line, xml)
        if self._ended and len(self._buffer) <= MAX_ITEM:
            return self._cut_off(line)
        return self._too_long(line)

    def _cut_off(self, line: int) -> _Item:
        """The file ends within an item; those an unclosed quotation of it swallowed come after."""
        another = _START.search(self._buffer, 1)
        if another is None:
            self._drop(len(self._buffer))
            message = "the file ends within this item; it may be cut short"
            return _Item(line, "", Problem("refused", "cut short", message))
        self._drop(another.start())
        message = "this item is not closed"
        return _Item(line, "", Problem("refused", message, message))

    def _too_long(self, line: int) -> _Item:
        another = _START.search(self._buffer, 1)
        self._drop(another.start() if another else len(self._buffer))
        message = f"an item of more than {MAX_ITEM:,} characters"
        return _Item(line, "", Problem("refused", "item too long", message))

    def _begin(self, prolog: str) -> None:
        self._begun = True
        if re.search(r"<!ENTITY", prolog):
            raise FeedError(
                f"{self._path}: the XML declares entities, which a product feed has no use for;"
                " they are refused: remove the <!DOCTYPE …> part"
            )
        # Only element tags declare namespaces, not comments.
        tags = re.sub(r"<!--.*?-->", "", prolog, flags=re.DOTALL)
        found = {d.split("=")[0].strip(): d for d in _DECLARED.findall(tags)}
        found.setdefault("xmlns:g", f'xmlns:g="http://{_NAMESPACE}"')
        self.declarations = " ".join(found.values())

    def _next_start(self) -> int | None:
        """Where the next item begins in the buffer, read on as far as needed; None at the end."""
        at = 0
        while True:
            found = _OUTSIDE.search(self._buffer, at)
            if found and found[1]:
                return found.start()
            if found:
                closing = "-->" if found[0] == "<!--" else "]]>"
                end = self._find(closing, found.end())
                at = found.end() if end is None else end
                continue
            at = max(at, len(self._buffer) - _LONGEST_TOKEN)
            if self._begun:
                self._drop(at)
                at = 0
            elif at > _MAX_PROLOG:
                raise FeedError(
                    f"{self._path}: no <item> or <entry> in its first {_MAX_PROLOG:,} characters"
                )
            if not self._more():
                return None

    def _end(self, name: str) -> int | None:
        """Where the item at the start of the buffer ends; None when that is not to be found."""
        token = re.compile(rf"<!--|<!\[CDATA\[|</{re.escape(name)}\s*>|<{re.escape(name)}(?=[\s>])")
        at = self._buffer.find(">")
        while at < 0:
            if not self._more():
                return None
            at = self._buffer.find(">")
        if self._buffer[at - 1] == "/":
            return at + 1
        while True:
            found = token.search(self._buffer, at)
            if found is None:
                at = max(at, len(self._buffer) - _LONGEST_TOKEN)
                if len(self._buffer) > MAX_ITEM or not self._more():
                    return None
            elif found[0].startswith("</"):
                return found.end()
            elif found[0] == f"<{name}":
                return found.start()  # the item before it was never closed; parsing says so
            else:
                closing = "-->" if found[0] == "<!--" else "]]>"
                end = self._find(closing, found.end())
                if end is None:
                    return None
                at = end

    def _find(self, closing: str, at: int) -> int | None:
        while True:
            end = self._buffer.find(closing, at)
            if end >= 0:
                return end + len(closing)
            at = max(at, len(self._buffer) - len(closing))
            if len(self._buffer) > MAX_ITEM or not self._more():
                return None

    def _more(self) -> bool:
        chunk = self._text.read(_CHUNK)
        self._ended = not chunk
        self._buffer += chunk
        return bool(chunk)

    def _drop(self, count: int) -> None:
        self._line += self._buffer.count("\n", 0, count)
        self._buffer = self._buffer[count:]


def _parsed(item: _Item, declarations: str) -> Iterator[tuple[int, Element | None, Problem | None]]:
    """An item's element; where a quotation it did not close swallowed others, theirs as well."""
    element, problem = _parse(item.xml, declarations)
    starts = [m.start() for m in _START.finditer(item.xml)]
    # What follows may parse as one item whose CDATA goes on to where another's ends.
    swallowed = len(starts) > 1 and (element is None or _NAMED.search(item.xml, starts[1]))
    if not swallowed:
        yield item.line, element, problem
        return
    for start, end in zip(starts, [*starts[1:], len(item.xml)], strict=True):
        yield item.line + item.xml.count("\n", 0, start), *_parse(item.xml[start:end], declarations)


def _parse(xml: str, declarations: str) -> tuple[Element | None, Problem | None]:
    try:
        return _root(xml, declarations), None
    except (ParseError, DefusedXmlException, ValueError) as error:
        reason = str(error)
    mended = _NOT_XML.sub(" ", _BAD_REFERENCE.sub(" ", xml))
    pieces = _CDATA.split(mended)
    pieces[::2] = [_LOOSE_AMPERSAND.sub("&amp;", piece) for piece in pieces[::2]]
    try:
        element = _root("".join(pieces), declarations)
    except (ParseError, DefusedXmlException, ValueError):
        what = re.sub(r": line \d+, column \d+", "", reason)
        return None, Problem("refused", "broken XML", f"broken XML: {what}")
    message = "characters that XML does not allow, or a bare &; they were mended"
    return element, Problem("repaired", "characters XML does not allow", message)


def _root(xml: str, declarations: str) -> Element:
    root: Element = fromstring(f"<feed {declarations}>{xml}</feed>", forbid_dtd=True)
    return root[0]


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
