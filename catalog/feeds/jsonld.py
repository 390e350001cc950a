"""schema.org products (JSON-LD) in JSON files, saved web pages, or a folder of either.

Properties as on https://schema.org/Product and in Google's merchant listing documentation:
https://developers.google.com/search/docs/appearance/structured-data/merchant-listing
"""

from __future__ import annotations

import hashlib
import html
import json
import os
import re
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

from catalog.errors import FeedError
from catalog.feeds.cells import plain_text, web_address
from catalog.feeds.jsonl import MAX_LINE, parse_json
from catalog.feeds.record import Problem, Record
from catalog.feeds.source import Source
from catalog.money import parse_price
from catalog.text import fold
from catalog.units import unit_symbol

MAX_DOCUMENT: Final = 400_000_000
MAX_PAGE: Final = 64_000_000
"""Characters of a JSON document, and of a web page: they are held in memory whole."""
MAX_PROPERTIES: Final = 1_000
"""Different names of additional properties in one feed; more are not a shop's vocabulary."""

_NESTING: Final = 60
_PRODUCTS: Final = frozenset(
    {"Product", "ProductGroup", "ProductModel", "IndividualProduct", "SomeProducts", "ProductCollection",
     "DietarySupplement", "Drug", "Vehicle", "Car", "Motorcycle", "MotorizedBicycle", "BusOrCoach"}
)  # fmt: skip
_SCHEMA: Final = re.compile(r"https?://(?:www\.)?schema\.org/#?", re.IGNORECASE)
_LOCAL: Final = re.compile(r"\A(?:https?://(?:www\.)?schema\.org/#?|[A-Za-z][\w-]*:(?!//))")
_TYPED: Final = re.compile(
    r"\"@type\"\s*:\s*(?:\[[^\]]{0,200}?)?\"(?:https?://(?:www\.)?schema\.org/|[A-Za-z]\w*:)?"
    rf"(?:{'|'.join(sorted(_PRODUCTS))}|ItemList|OfferCatalog|Offer|WebPage|ItemPage|CollectionPage)\""
)
_PAGE: Final = re.compile(
    r"(?:\s|<!--(?:[^-]|-(?!->))*+-->|<\?xml[^>]*>)*+<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE,
)
_LINES: Final = (".jsonl", ".ndjson")
_PAGES: Final = (".html", ".htm", ".xhtml", ".shtml")
_READ: Final = (".json", ".jsonld", *_LINES, *_PAGES)

# What a product mentions is not what the page sells.
_NOT_WALKED: Final = frozenset(
    {"review", "reviews", "itemReviewed", "isRelatedTo", "isSimilarTo", "isAccessoryOrSparePartFor", "isConsumableFor",
     "author", "publisher", "seller", "@context"}
)  # fmt: skip
_IN_A_LIST: Final = frozenset(
    {"itemListElement", "hasOfferCatalog", "makesOffer", "hasPart", "mentions"}
)
_HANDLED: Final = frozenset(
    {"@context", "@type", "@id", "@graph", "type", "id", "name", "alternateName", "description", "disambiguatingDescription",
     "image", "url", "sameAs", "mainEntityOfPage", "identifier", "sku", "mpn", "productID", "productGroupID", "gtin",
     "gtin8", "gtin12", "gtin13", "gtin14", "isbn", "brand", "manufacturer", "category", "offers", "aggregateRating",
     "review", "reviews", "additionalProperty", "hasVariant", "variesBy", "isVariantOf", "inProductGroupWithID", "logo",
     "potentialAction", "subjectOf", "audience", "itemCondition", "hasMerchantReturnPolicy", "shippingDetails",
     "isRelatedTo", "isSimilarTo", "isAccessoryOrSparePartFor", "isConsumableFor", "additionalType", "video", "slogan",
     "positiveNotes", "negativeNotes", "funding", "hasCertification", "keywords", "availability", "price", "priceCurrency",
     "hasMeasurement", "hasEnergyConsumptionDetails", "releaseDate", "productionDate", "purchaseDate", "award", "awards",
     "suggestedGender", "suggestedAge"}
)  # fmt: skip
_TOLD: Final = frozenset(
    {"name", "sku", "offers", "gtin", "gtin13", "mpn", "productID", "size", "color"}
)
_IDS: Final = ("sku", "productID", "gtin", "gtin14", "gtin13", "gtin12", "gtin8", "isbn", "mpn")
_LIST_PRICES: Final = frozenset({"StrikethroughPrice", "ListPrice", "RegularPrice", "MSRP", "SRP"})
_NOT_FOR_EVERYONE: Final = frozenset({"InvoicePrice", "MinimumAdvertisedPrice"})
_SOLD_OUT: Final = frozenset({"outofstock", "soldout", "discontinued", "reserved"})
_HOME: Final = frozenset(
    {"home", "homepage", "start", "startseite", "accueil", "inicio", "inizio", "hem", "forside", "etusivu", "shop", "store"}
)  # fmt: skip

# UN/CEFACT common codes → units as catalog.units knows them.
_UNIT_CODES: Final[Mapping[str, str]] = {
    "KGM": "kg", "GRM": "g", "MGM": "mg", "LBR": "lb", "ONZ": "oz", "MMT": "mm", "CMT": "cm", "MTR": "m", "KMT": "km",
    "INH": "in", "FOT": "ft", "YRD": "yd", "SMI": "mi", "MLT": "ml", "CLT": "cl", "LTR": "l", "OZA": "fl oz", "OZI": "fl oz",
    "QT": "qt", "QTL": "qt", "GLL": "gal", "PT": "pt", "PTL": "pt", "WTT": "W", "KWT": "kW", "VLT": "V", "WHR": "Wh",
    "E09": "mAh", "2N": "dB", "HTZ": "Hz", "KHZ": "kHz", "MHZ": "MHz", "A86": "GHz", "LUM": "lm", "KEL": "K", "CEL": "C",
    "P1": "%", "BAR": "bar", "RPM": "rpm", "2P": "KB", "4L": "MB", "E34": "GB", "E35": "TB", "SEC": "s", "MIN": "min",
    "HUR": "h", "DAY": "day", "MON": "month", "ANN": "year", "GM": "gsm", "C62": "", "H87": "", "EA": "", "NMP": "",
}  # fmt: skip
# Google's age groups: (least, most) years → name.
_AGE_GROUPS: Final[Mapping[tuple[float, float | None], str]] = {
    (0, 0.25): "newborn", (0.25, 1): "infant", (1, 5): "toddler", (5, 13): "kids", (13, None): "adult",
}  # fmt: skip
_AGE_UNITS: Final[Mapping[str, float]] = {"MON": 12, "WEE": 52, "DAY": 365}

Node = dict[str, Any]


def recognises(source: Source) -> bool:
    """Whether a file is a web page, or JSON with schema.org types."""
    if source.binary:
        return False
    if _PAGE.match(source.head):
        return True
    head = source.head.lstrip()
    if head[:1] not in ("{", "["):
        return False
    named = any(s.lower() == ".jsonld" for s in source.path.suffixes)
    in_context = '"@context"' in head and _SCHEMA.search(head) is not None
    return named or in_context or _TYPED.search(head) is not None


class PagesSource:
    """A folder of saved pages and JSON files, in the order of their names, subfolders included.

    Other files are ignored. Raises FeedError when there is nothing to read in it.
    """

    gzipped = False
    encoding = "utf-8"
    binary = False

    def __init__(self, path: Path) -> None:
        self.path = path
        self.files: list[Path] = []
        for folder, subfolders, names in os.walk(path):
            subfolders[:] = [s for s in subfolders if not s.startswith(".")]
            self.files += [Path(folder, n) for n in names if not n.startswith(".") and _readable(n)]
        self.files.sort(key=lambda file: file.relative_to(path).parts)
        if not self.files:
            raise FeedError(f"{path}: no page in this folder; put .html or .json files there")
        self.bytes_total = sum(file.stat().st_size for file in self.files)
        self.bytes_read = 0
        self._foreign = self._nul = 0

    def pages(self) -> Iterator[Source | FeedError]:
        """The files one by one; instead of one that cannot be read, the reason."""
        self.bytes_read = self._foreign = self._nul = 0
        before = 0
        for file in self.files:
            try:
                page = Source(file)
            except FeedError as error:
                yield error
            else:
                yield page
                self._foreign += page.foreign_bytes
                self._nul += page.nul_bytes
                before += page.bytes_total
            self.bytes_read = min(before, self.bytes_total)

    def notes(self) -> list[str]:
        """What a developer should know about the encoding."""
        notes = []
        if self._foreign:
            notes.append(f"not all UTF-8: {self._foreign:,} bytes were read as Windows-1252")
        if self._nul:
            notes.append(f"NUL characters removed: {self._nul:,}")
        return notes


class PagesReader:
    """Products in schema.org's vocabulary. ``Record.line`` is the ordinal of the product, for JSON
    lines the line, and in a folder the ordinal of the page.

    A product that is said again, on its own page and in a list, counts once; what stands in a
    list counts only when no page of its own comes. Raises FeedError when there is no product.
    """

    mapping: Mapping[str, str] = {
        "id": "id", "title": "name", "description": "description", "brand": "brand", "category": "category",
        "price": "price", "list_price": "list_price", "currency": "priceCurrency", "rating": "rating",
        "review_count": "reviewCount", "stock": "stock", "image": "image", "url": "url",
    }  # fmt: skip

    def __init__(self, source: Source | PagesSource) -> None:
        self._source = source
        if isinstance(source, Source) and source.binary:
            raise FeedError(f"{source.path}: no JSON-LD: this is a binary file")
        if isinstance(source, PagesSource):
            self.place = "page"
            self.description = f"schema.org data in {len(source.files):,} files"
        else:
            self.place = "line" if _kind(source) == "lines" else "record"
            page = _kind(source) == "page"
            self.description = "schema.org data in a page" if page else "JSON-LD"

    def columns(self) -> tuple[str, ...]:
        """None: there is no header."""
        return ()

    def records(self) -> Generator[Record, None, None]:
        """One record for every product or variant. Raises FeedError when there is none at all."""
        seen = _Seen()
        waiting: list[tuple[int, _Item]] = []
        found = False
        for place, item in self._items():
            found = True
            if isinstance(item, Problem):
                yield Record(place, {}, item)
            elif item.listed:
                waiting.append((place, item))
            elif seen.admits(item):
                yield item.record(place)
        for place, item in waiting:
            if seen.admits(item):
                yield item.record(place)
        if not found:
            raise FeedError(f"{self._source.path}: {self._nothing()}")

    def _items(self) -> Iterator[tuple[int, _Item | Problem]]:
        names: set[str] = set()
        if isinstance(self._source, PagesSource):
            for number, page in enumerate(self._source.pages(), start=1):
                if isinstance(page, FeedError):
                    yield number, Problem("refused", "unreadable page", str(page))
                    continue
                try:
                    for _, item in _items_of(page, names, named=True):
                        yield number, item
                except FeedError as error:
                    yield number, Problem("refused", "unreadable page", str(error))
            return
        lines = _kind(self._source) == "lines"
        for number, (line, item) in enumerate(_items_of(self._source, names), start=1):
            yield line if lines else number, item

    def _nothing(self) -> str:
        if isinstance(self._source, PagesSource):
            return f"no schema.org product in its {len(self._source.files):,} files"
        if _kind(self._source) == "page":
            return "this is an HTML page without product data (schema.org in JSON-LD)"
        return "no schema.org product (JSON-LD) in this file"


@dataclass(slots=True)
class _Item:
    """One product, or one variant, flat."""

    values: Node
    group: str | None = None
    listed: bool = False
    """It stands in a list of products, not on a page of its own."""

    def record(self, place: int) -> Record:
        return Record(place, self.values, group=self.group)


@dataclass(slots=True)
class _Seen:
    """Products that have come, by hashes of their ids and addresses."""

    _ids: dict[bytes, bytes] = field(default_factory=dict)
    _addresses: set[bytes] = field(default_factory=set)

    def admits(self, item: _Item) -> bool:
        """Whether a product is new. Another product under the same id is: the feed's report
        shall name the clash.
        """
        url = str(item.values.get("url") or "").partition("#")[0]
        address = _digest(url)
        if item.listed and url and address in self._addresses:
            return False
        if not item.listed:
            self._addresses.add(address)
        key = _digest(str(item.values.get("id") or "") or url)
        name = _digest(fold(str(item.values.get("name", ""))))
        held = self._ids.get(key)
        if held is None:
            self._ids[key] = name
            return True
        anonymous = not (item.values.get("id") or url)
        return anonymous or (held != name and not item.listed)


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).digest()


def _readable(name: str) -> bool:
    lower = name.lower().removesuffix(".gz")
    return lower.endswith(_READ)


def _kind(source: Source) -> str:
    """``page``, ``lines`` or ``json``."""
    head = source.head.lstrip()
    name = source.path.name.lower().removesuffix(".gz")
    if head.startswith("<") or (name.endswith(_PAGES) and head[:1] not in ("{", "[")):
        return "page"
    if name.endswith(_LINES):
        return "lines"
    first, _, rest = head.partition("\n")
    if first.startswith("{") and rest.lstrip().startswith("{"):
        try:
            return "lines" if isinstance(parse_json(first), dict) else "json"
        except ValueError:
            return "json"
    return "json"


def _items_of(
    source: Source, names: set[str], *, named: bool = False
) -> Iterator[tuple[int, _Item | Problem]]:
    """(line, product) of one file; ``named`` puts the file's name into what is wrong with it."""
    where = f"{source.path.name}: " if named else ""
    kind = _kind(source)
    if kind == "lines":
        yield from _items_of_lines(source, names, where)
        return
    limit = MAX_PAGE if kind == "page" else MAX_DOCUMENT
    with source.text() as stream:
        text = stream.read(limit + 1)
    if len(text) > limit:
        raise FeedError(
            f"{source.path}: more than {limit // 10**6} million characters, which would have to be"
            " held in memory whole; split it into several files, or write JSON lines"
        )
    page = _read_page(text) if kind == "page" else _Page([text])
    values = []
    for script in page.scripts:
        for value in _parsed(script):
            if not isinstance(value, ValueError):
                values.append(value)
            elif kind == "json" and not named or _TYPED.search(script):
                # Other broken scripts, and other JSON that lies in the folder, are no loss.
                message = f"{where}broken JSON-LD: {value}"
                yield 1, Problem("refused", "broken JSON-LD", message)
    for item in _Document(values, page.address, names).items():
        yield 1, item


def _items_of_lines(
    source: Source, names: set[str], where: str
) -> Iterator[tuple[int, _Item | Problem]]:
    number = 0
    with source.text() as text:
        while line := text.readline(MAX_LINE):
            number += 1
            if len(line) >= MAX_LINE and not line.endswith("\n"):
                while (rest := text.readline(MAX_LINE)) and not rest.endswith("\n"):
                    pass
                message = f"{where}a line of more than {MAX_LINE:,} characters"
                yield number, Problem("refused", "line too long", message)
            elif line.strip():
                values = _parsed(line)
                for error in (v for v in values if isinstance(v, ValueError)):
                    yield number, Problem("refused", "broken JSON", f"{where}broken JSON: {error}")
                whole = [v for v in values if not isinstance(v, ValueError)]
                for item in _Document(whole, "", names).items():
                    yield number, item


# Reading pages and the JSON in them


@dataclass(slots=True)
class _Page:
    scripts: list[str] = field(default_factory=list)
    address: str = ""
    """Where the page says it lies."""


class _Tag(HTMLParser):
    """The attributes of a single start tag."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found = {name: value or "" for name, value in attrs}


_OPENING: Final = re.compile(r"<!--|<(?:script|link|meta)\b[^>]{0,4000}>", re.IGNORECASE)
_SCRIPT_END: Final = re.compile(r"</script\b", re.IGNORECASE)


def _read_page(text: str) -> _Page:
    """The scripts of a page that hold JSON-LD, and its address.

    Only those tags are looked at, each by the standard parser: a page of a million stray brackets
    costs no more than any other.
    """
    page = _Page()
    at = 0
    comments_close = True
    while tag := _OPENING.search(text, at):
        at = tag.end()
        if tag[0] == "<!--":
            end = text.find("-->", at) if comments_close else -1
            comments_close = end >= 0
            at = max(at, end)
            continue
        attributes = _attributes_of(tag[0])
        name = tag[0][1:5].lower()
        if name == "link" and attributes.get("rel", "").lower() == "canonical":
            page.address = page.address or web_address(attributes.get("href", "")) or ""
        elif name == "meta" and attributes.get("property", "").lower() == "og:url":
            page.address = page.address or web_address(attributes.get("content", "")) or ""
        elif name == "scri":
            closing = _SCRIPT_END.search(text, at)
            end = closing.start() if closing else len(text)
            if "ld+json" in attributes.get("type", "").lower():
                page.scripts.append(text[at:end])
            at = end
    return page


def _attributes_of(tag: str) -> dict[str, str]:
    parser = _Tag()
    parser.feed(tag)
    return parser.found


_WRAPPED: Final = re.compile(r"(?:(?://|/\*)\s{0,9})?<!\[CDATA\[\s{0,9}(?:\*/)?|<!--")
_WRAPPED_END: Final = re.compile(
    r"(?:(?://|/\*)\s{0,9})?\]\]>\s{0,9}(?:\*/)?\s*\Z|(?://\s{0,9})?-->\s*\Z"
)
# A string, or what JavaScript allows and JSON does not: comments, a comma before a bracket.
_LENIENT: Final = re.compile(
    r"(\"(?:[^\"\\]|\\.)*+(?:\"|\\?\Z))|//[^\n]*|/\*(?:[^*]|\*(?!/))*+(?:\*/|\Z)|,(?=\s*[}\]])",
    re.DOTALL,
)
_BETWEEN: Final = re.compile(r"[\s,;]*")
_NEXT_OBJECT: Final = re.compile(r"\}\s*,\s*(?=\{)")


def _parsed(text: str) -> list[Any]:
    """The JSON values of a script, mended where shops' templates usually go wrong; a ValueError
    stands for what is beyond mending.
    """
    try:
        return [parse_json(text)]
    except ValueError as error:
        first = error
    if isinstance(first, json.JSONDecodeError):
        first = ValueError(f"{first.msg} (line {first.lineno})")
    bare = _unwrapped(text)
    if not bare:
        return []
    mended = _LENIENT.sub(lambda found: found[1] or " ", bare)
    for attempt in (mended, html.unescape(bare) if "&quot;" in bare else ""):
        try:
            if attempt:
                return _several(attempt)
        except (ValueError, RecursionError):
            continue
    return _salvaged(mended, first)


def _unwrapped(text: str) -> str:
    """Without the CDATA or comment marks that hide a script from old browsers."""
    bare = text.strip("\ufeff \t\r\n")
    opening = _WRAPPED.match(bare)
    bare = bare[opening.end() :] if opening else bare
    tail = bare[-60:]
    closing = _WRAPPED_END.search(tail)
    if closing:
        bare = bare[: len(bare) - len(tail) + closing.start()]
    return bare.strip().rstrip(";")


def _several(text: str) -> list[Any]:
    """Values one after the other, with or without commas between them."""
    # Not strict: a description with its line breaks as they are.
    decoder = json.JSONDecoder(strict=False)
    values = []
    at = _skip(text, 0)
    while at < len(text):
        value, at = decoder.raw_decode(text, at)
        values.append(value)
        at = _skip(text, at)
    return values


def _skip(text: str, at: int) -> int:
    found = _BETWEEN.match(text, at)
    return found.end() if found else at


def _salvaged(text: str, error: ValueError) -> list[Any]:
    """The objects of a broken list one by one, and an error for each that is lost."""
    decoder = json.JSONDecoder(strict=False)
    values: list[Any] = []
    start = text.find("[")
    at = text.find("{", start) if start >= 0 else -1
    while at >= 0:
        try:
            value, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            values.append(error)
            after = _NEXT_OBJECT.search(text, at)
            at = after.end() if after else -1
        else:
            values.append(value)
            at = text.find("{", end)
    return values if error in values else [*values, error]


# Finding products among the nodes


class _Document:
    """The nodes of one page: they may refer to each other by @id."""

    def __init__(self, values: list[Any], address: str, names: set[str]) -> None:
        self._address = address
        self._names = names
        self._nodes: dict[str, Node] = {}
        self._roots = [self._plain(value, 0) for value in values]
        self._trails: list[tuple[tuple[str, str], ...]] = []
        self._products: list[tuple[Node, bool]] = []
        for root in self._roots:
            self._walk(root, listed=False)
        self._trail = max(self._trails, key=len, default=())

    def items(self) -> Iterator[_Item]:
        """Every product and every variant on the page, once."""
        own = [node for node, listed in self._products if not listed]
        members = [v for node, _ in self._products for v in self._all(node, "hasVariant")]
        parents = {
            name
            for n, _ in self._products
            for p in self._all(n, "isVariantOf")
            if (name := _key(p))
        }
        begun = {_key(v) for v in members} - {""}
        for node, listed in self._products:
            if _key(node) in begun:
                continue  # its group hands it on
            page = self._address if own == [node] else ""
            # A page of one variant names the others by address alone: they have their own pages.
            variants = [v for v in self._all(node, "hasVariant") if v.keys() & _TOLD]
            if variants:
                for variant in variants:
                    yield from self._offered(variant, node, listed, page)
            elif "ProductGroup" not in _types(node):
                yield from self._offered(node, self._parent(node), listed, page)
            elif not (self._all(node, "hasVariant") or _key(node) in parents):
                yield from self._offered(node, {}, listed, page)

    # A node in schema.org's own words: prefixes gone, {"@value": …} undone, references known.

    def _plain(self, value: Any, depth: int) -> Any:
        if isinstance(value, list):
            return [self._plain(v, depth + 1) for v in value] if depth < _NESTING else []
        if not isinstance(value, dict):
            return value
        if "@value" in value:
            return value["@value"]
        if depth >= _NESTING:
            return {}
        node: Node = {}
        for key, held in value.items():
            if key == "@context":
                continue
            node[_LOCAL.sub("", key, count=1)] = self._plain(held, depth + 1)
        if "type" in node:
            node.setdefault("@type", node["type"])
        if "id" in node and "@type" in node:
            node.setdefault("@id", node["id"])
        name = node.get("@id")
        if isinstance(name, str) and len(node) > (2 if "@type" in node else 1):
            known = self._nodes.get(name)
            self._nodes[name] = {**known, **node} if known else node
        return node

    def _known(self, value: Any) -> Any:
        """What a bare reference refers to; anything else as it is."""
        if isinstance(value, dict) and isinstance(name := value.get("@id"), str):
            return self._nodes.get(name, value) if len(value) <= 2 else value
        return value

    def _all(self, node: Mapping[str, Any], key: str) -> list[Node]:
        """The objects a property holds."""
        return [k for v in _listed(node.get(key)) if isinstance(k := self._known(v), dict)]

    def _walk(self, value: Any, *, listed: bool) -> None:
        """Collect the products below a node, and the trails of categories."""
        if isinstance(value, list):
            for v in value:
                self._walk(v, listed=listed)
        elif isinstance(value, dict) and not self._collect(value, _types(value), listed):
            if isinstance(item := value.get("item"), dict) and "url" in value:
                value = {**value, "item": {"url": value["url"], **item}}
            for key, held in value.items():
                if key not in _NOT_WALKED:
                    self._walk(held, listed=listed or key in _IN_A_LIST)

    def _collect(self, node: Node, types: set[str], listed: bool) -> bool:
        """Take a node for what it is; False when it only holds others."""
        if "BreadcrumbList" in types:
            self._trails.append(self._read_trail(node))
        elif types & _PRODUCTS:
            if node.keys() - {"@type", "@id", "type", "id"}:
                self._products.append((node, listed))
        elif types & {"Offer", "AggregateOffer"} and "itemOffered" in node:
            offer = {k: v for k, v in node.items() if k != "itemOffered"}
            for product in self._all(node, "itemOffered"):
                if _types(product) & _PRODUCTS:
                    self._products.append(({"offers": offer, **product}, listed))
        else:
            return False
        return True

    def _read_trail(self, node: Node) -> tuple[tuple[str, str], ...]:
        crumbs = self._all(node, "itemListElement")
        crumbs.sort(key=lambda c: _number(c.get("position")) or 0)
        trail: list[tuple[str, str]] = []
        for crumb in crumbs:
            item = next(iter(_listed(crumb.get("item"))), None)
            inner = item if isinstance(item, dict) else {}
            name = _text(crumb.get("name")) or _text(inner.get("name"))
            link = _text(inner.get("@id")) or _text(inner.get("url")) or _text(item)
            root = bool(link) and _path_of(link) in ("", "/")
            if name and not (not trail and (root or fold(name) in _HOME)):
                trail.append((name, self._link(link)))
        return tuple(trail)

    def _link(self, url: str) -> str:
        url = html.unescape(url.strip())
        return urljoin(self._address, url) if self._address and url else url

    # Products, variants and offers

    def _parent(self, node: Node) -> Node:
        return next(iter(self._all(node, "isVariantOf")), {})

    def _offered(self, node: Node, parent: Node, listed: bool, page: str) -> Iterator[_Item]:
        """The product; once for each of its offers where they are for different articles."""
        shared = {k: v for k, v in self._values(parent).items() if k != "id"}
        own = self._values(node)
        values = {**shared, **own, "id": own.get("id") or own.get("url", "")}
        group = _text(node.get("inProductGroupWithID")) or self._group_id(parent)
        offers = list(self._offers(node)) or list(self._offers(parent))
        articles = dict.fromkeys(map(_article, offers))
        named = [a for a in articles if a]
        if len(named) < 2:
            values.update(self._price(offers))
            values["id"] = own.get("id") or next(iter(named), "") or values["id"]
            yield _Item(self._finished(values, page), group or None, listed)
            return
        group = group or str(values["id"] or values.get("name"))
        for article in articles:
            same = [o for o in offers if _article(o) == article]
            inner = next(iter(self._all(same[0], "itemOffered")), {})
            mine = {**values, **self._values(inner), **self._price(same), "id": article}
            name = _text(same[0].get("name"))
            if name and name != values.get("name"):
                title = str(values.get("name", ""))
                mine["properties.version"] = name.removeprefix(title).strip(" -–—,:")
            yield _Item(self._finished(mine, page), group, listed)

    def _group_id(self, group: Node) -> str:
        ids = (_text(group.get(k)) for k in ("productGroupID", *_IDS))
        named = next(filter(None, ids), "")
        address = _text(group.get("@id")) or _text(group.get("url"))
        return named or (address if web_address(address) else "") or _text(group.get("name"))

    def _finished(self, values: Node, page: str) -> Node:
        """With what the page as a whole says: its address, its trail of categories."""
        values = dict(values)
        if page and not values.get("url"):
            values["url"] = page
        values["id"] = values["id"] or page
        title, url = fold(str(values.get("name", ""))), values.get("url")
        trail = [n for n, link in self._trail if fold(n) != title and not (url and link == url)]
        said = values.get("category") or []
        if trail and (not said or (len(said) == 1 and fold(said[0]) in map(fold, trail))):
            values["category"] = trail
        return values

    def _values(self, node: Node) -> Node:
        """What a product says of itself, flat; nothing that is empty."""
        values: Node = {
            "id": next(filter(None, (_text(node.get(k)) for k in _IDS)), "")
            or self._identifier(node),
            "name": _text(node.get("name")),
            "description": _text(node.get("description")),
            "brand": self._name(node, "brand") or self._name(node, "manufacturer"),
            "category": self._category(node),
            "image": [self._link(i) for i in self._images(node.get("image"))][:1],
            "url": self._link(_text(node.get("url"))) or self._offer_url(node),
            **self._rating(node),
            **self._people(node),
        }
        condition = _local(_text(node.get("itemCondition"))).removesuffix("Condition")
        if condition:
            values["itemCondition"] = condition.lower()
        for energy in self._all(node, "hasEnergyConsumptionDetails"):
            category = _local(_text(energy.get("hasEnergyEfficiencyCategory")))
            values["energy_class"] = re.sub(r"^EUEnergyEfficiencyCategory", "", category)
        for key, held in node.items():
            if key not in _HANDLED and key not in values and not key.startswith("@"):
                values[key] = self._value(held)
        for pair in (*self._all(node, "additionalProperty"), *self._all(node, "hasMeasurement")):
            name = plain_text(_text(pair.get("name")) or _text(pair.get("propertyID")))[:60]
            if name and (name in self._names or len(self._names) < MAX_PROPERTIES):
                self._names.add(name)
                values.setdefault(f"properties.{name}", self._measure(pair))
        return {k: v for k, v in values.items() if v not in ("", None, [])}

    def _identifier(self, node: Node) -> str:
        for value in _listed(node.get("identifier")):
            held = self._known(value)
            text = _text(held.get("value")) if isinstance(held, dict) else _text(held)
            if text and not web_address(text):
                return text
        return ""

    def _name(self, node: Node, key: str) -> str:
        for value in _listed(node.get(key)):
            held = self._known(value)
            name = _text(held.get("name")) if isinstance(held, dict) else _text(held)
            if name:
                return name
        return ""

    def _category(self, node: Node) -> list[str]:
        """A path; of several, the longest. Codes and addresses say nothing to a shopper."""
        paths: list[list[str]] = []
        for value in _listed(node.get("category")):
            held = self._known(value)
            if isinstance(held, dict):
                if "BreadcrumbList" in _types(held):
                    paths.append([name for name, _ in self._read_trail(held)])
                    continue
                held = held.get("name")
            text = html.unescape(_text(held))
            if text and not text.isdigit() and not web_address(text):
                paths.append([text])
        several = [p[0] for p in paths if len(p) == 1]
        if len(several) > 1 and len(several) == len(paths):
            split = max(several, key=lambda t: len(re.split(r"\s*[>›/|]\s*", t)))
            return [split]
        return max(paths, key=len, default=[])

    def _images(self, value: Any) -> Iterator[str]:
        for one in _listed(value):
            held = self._known(one)
            if isinstance(held, dict):
                held = next(
                    filter(None, (_text(held.get(k)) for k in ("url", "contentUrl", "@id"))), ""
                )
            if text := _text(held):
                yield text

    def _offer_url(self, node: Node) -> str:
        urls = {_text(o.get("url")) for o in self._all(node, "offers")} - {""}
        return self._link(urls.pop()) if len(urls) == 1 else ""

    def _rating(self, node: Node) -> Node:
        for rating in self._all(node, "aggregateRating"):
            value = _number(rating.get("ratingValue"))
            best = _number(rating.get("bestRating")) or 5.0
            count = _text(rating.get("reviewCount")) or _text(rating.get("ratingCount"))
            if value is not None and not best.is_integer():
                value, best = 5 * value / best, 5.0
            return {"rating": f"{value:.4g} / {best:.0f}" if value else "", "reviewCount": count}
        return {}

    def _people(self, node: Node) -> Node:
        """Whom it is for: gender and age."""
        sizes = self._all(node, "size")
        groups = [*self._all(node, "audience"), node, *sizes]
        values: Node = {}
        for group in groups:
            gender = _local(_text(group.get("suggestedGender")))
            if gender:
                values.setdefault("gender", gender.lower())
            least, most = (
                _number(group.get("suggestedMinAge")),
                _number(group.get("suggestedMaxAge")),
            )
            for age in self._all(group, "suggestedAge"):
                per_year = _AGE_UNITS.get(_text(age.get("unitCode")).upper(), 1)
                bounds = (_number(age.get("minValue")), _number(age.get("maxValue")))
                least, most = (b if b is None else b / per_year for b in bounds)
            if least is None and most is None:
                continue
            name = _AGE_GROUPS.get((round(least or 0, 2), most if most is None else round(most, 2)))
            words = f"{least or 0:g}-{most:g} years" if most is not None else f"{least:g}+ years"
            values.setdefault("age_group", name or words)
        return values

    def _value(self, value: Any) -> Any:
        """A property that is simply handed on: words, a number, a measure, a list of words."""
        held = self._known(value)
        if isinstance(held, list):
            several = [
                v for one in held if isinstance(v := self._value(one), (str, int, float, bool))
            ]
            return several if len(several) > 1 else next(iter(several), None)
        if isinstance(held, dict):
            if held.keys() & {"value", "minValue", "maxValue", "unitCode", "unitText"}:
                return self._measure(held)
            return _text(held.get("name"))
        if isinstance(held, str) and _SCHEMA.match(held):
            return _local(held)
        return held

    def _measure(self, node: Node) -> Any:
        code, named = _text(node.get("unitCode")), _text(node.get("unitText"))
        unit = _UNIT_CODES.get(_local(code).upper())
        if unit is None:
            unit = unit_symbol(named) or unit_symbol(code) or named or ("" if _SCHEMA.match(code) else code)  # fmt: skip
        value = node.get("value")
        if isinstance(value, dict) or (isinstance(value, list) and any(isinstance(v, dict) for v in value)):  # fmt: skip
            return self._value(value)
        if isinstance(value, list):
            return [v for v in value if isinstance(v, (str, int, float))]
        if value is None or value == "":
            bounds = [_text(node.get(k)) for k in ("minValue", "maxValue")]
            value = "-".join(dict.fromkeys(filter(None, bounds)))
        if isinstance(value, bool) or not unit:
            return _local(value) if isinstance(value, str) and _SCHEMA.match(value) else value
        return f"{_text(value)} {unit}" if _text(value) else ""

    # Offers

    def _offers(self, node: Node) -> Iterator[Node]:
        for offer in self._all(node, "offers"):
            inner = self._all(offer, "offers")
            if not inner:
                yield offer
            for one in inner:
                shared = {k: v for k, v in offer.items() if k in ("priceCurrency", "availability")}
                yield {**shared, **one}

    def _price(self, offers: list[Node]) -> Node:
        """Price, list price, currency and stock of the cheapest offer that is not sold out."""
        read = [self._read_offer(offer) for offer in offers]
        if not read:
            return {}
        currency = read[0].get("priceCurrency")
        comparable = [o for o in read if o.get("priceCurrency") == currency]
        there = [o for o in comparable if o.get("stock") != 0] or comparable
        amounts = [_amount(o.get("price"), currency) for o in there]
        known = [a for a in amounts if a is not None]
        best = there[amounts.index(min(known))] if known else there[0]
        return {k: v for k, v in best.items() if v not in ("", None)}

    def _read_offer(self, offer: Node) -> Node:
        currency = _text(offer.get("priceCurrency"))
        amount = _first(offer, "price", "lowPrice")
        before: Any = None
        asked: list[tuple[int, Any, str]] = []
        for spec in self._all(offer, "priceSpecification"):
            kind = _local(_text(spec.get("priceType")))
            value = _first(spec, "price", "minPrice")
            charge = any("Charge" in t for t in _types(spec)) or "validForMemberTier" in spec
            if value in (None, "") or charge or kind in _NOT_FOR_EVERYONE:
                continue
            code = _text(spec.get("priceCurrency"))
            if kind in _LIST_PRICES:
                before = value if before is None else before
                asked.append((2, value, code))
            else:
                asked.append((0 if kind == "SalePrice" else 1, value, code))
            currency = currency or code
        if amount in (None, "") and asked:
            _, amount, code = min(asked, key=lambda a: a[0])
            currency = code or currency
        if before == amount:
            before = None
        values: Node = {"price": amount, "list_price": before, "priceCurrency": currency}
        values["stock"] = self._stock(offer)
        if link := self._link(_text(offer.get("url"))):
            values["url"] = link
        condition = _local(_text(offer.get("itemCondition"))).removesuffix("Condition")
        if condition:
            values["itemCondition"] = condition.lower()
        return values

    def _stock(self, offer: Node) -> Any:
        said = re.sub(r"[\s_-]", "", _local(_text(offer.get("availability")))).lower()
        if said in _SOLD_OUT:
            return 0
        level = next((_number(v.get("value")) for v in self._all(offer, "inventoryLevel")), None)
        if level is None:
            level = _number(offer.get("inventoryLevel"))
        if level is None or (level <= 0 and said):
            return None
        return max(0, int(level))


def _key(node: Mapping[str, Any]) -> str:
    return _text(node.get("@id"))


def _types(node: Mapping[str, Any]) -> set[str]:
    return {_local(t) for t in _listed(node.get("@type")) if isinstance(t, str)}


def _local(text: str) -> str:
    """``"https://schema.org/InStock"`` → ``"InStock"``."""
    return _LOCAL.sub("", text.strip(), count=1)


def _listed(value: Any) -> list[Any]:
    if isinstance(value, dict) and set(value) <= {"@list", "@set"}:
        value = next(iter(value.values()), None)
    return value if isinstance(value, list) else [] if value is None else [value]


def _text(value: Any) -> str:
    """A scalar, or the first of a list, as text."""
    if isinstance(value, list):
        return next(filter(None, map(_text, value)), "")
    if isinstance(value, bool) or value is None or isinstance(value, dict):
        return ""
    return str(value).strip()


def _number(value: Any) -> float | None:
    found = re.match(r"\s*([+-]?\d{1,15}(?:[.,]\d+)?)", _text(value))
    return float(found[1].replace(",", ".")) if found else None


def _first(node: Mapping[str, Any], *keys: str) -> Any:
    """The first of several properties that holds something; of a list its first value."""
    for key in keys:
        value = next(iter(_listed(node.get(key))), None)
        if isinstance(value, (str, int, float)) and not isinstance(value, bool) and value != "":
            return value
    return None


def _amount(value: Any, currency: str | None) -> int | None:
    price = parse_price(value, currency) if isinstance(value, (str, int, float)) else None
    return price.minor if price else None


def _article(offer: Node) -> str:
    return next(filter(None, (_text(offer.get(k)) for k in _IDS)), "")


def _path_of(url: str) -> str:
    """The path of an address; the text itself where it is no address."""
    try:
        return urlsplit(url).path if "//" in url else url
    except ValueError:
        return url
