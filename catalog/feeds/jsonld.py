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

from catalog.errors import FeedError
from catalog.feeds.cells import web_address
from catalog.feeds.jsonl import TOO_LONG, bounded_lines, parse_json
from catalog.feeds.record import Problem, Record
from catalog.feeds.schema_org.document import PRODUCTS, Document, Item
from catalog.feeds.schema_org.nodes import SCHEMA
from catalog.feeds.source import Source, encoding_notes
from catalog.text import fold

MAX_DOCUMENT: Final = 400_000_000
MAX_PAGE: Final = 64_000_000
"""Characters of a JSON document, and of a web page: they are held in memory whole."""

_TYPED: Final = re.compile(
    r"\"@type\"\s*:\s*(?:\[[^\]]{0,200}?)?\"(?:https?://(?:www\.)?schema\.org/|[A-Za-z]\w*:)?"
    rf"(?:{'|'.join(sorted(PRODUCTS))}|ItemList|OfferCatalog|Offer|WebPage|ItemPage|CollectionPage)\""
)
_PAGE: Final = re.compile(
    r"(?:\s|<!--(?:[^-]|-(?!->))*+-->|<\?xml[^>]*>)*+<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE,
)
_LINES: Final = (".jsonl", ".ndjson")
_PAGES: Final = (".html", ".htm", ".xhtml", ".shtml")
_READ: Final = (".json", ".jsonld", *_LINES, *_PAGES)


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
    in_context = '"@context"' in head and SCHEMA.search(head) is not None
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
            files = (Path(folder, n) for n in names if not n.startswith(".") and _readable(n))
            self.files += [file for file in files if file.is_file()]
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
        return encoding_notes(self._foreign, self._nul)


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
        waiting: list[tuple[int, Item]] = []
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

    def _items(self) -> Iterator[tuple[int, Item | Problem]]:
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
class _Seen:
    """Products that have come, by hashes of their ids and addresses."""

    _ids: dict[bytes, bytes] = field(default_factory=dict)
    _addresses: set[bytes] = field(default_factory=set)

    def admits(self, item: Item) -> bool:
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
        name = _digest(fold(str(item.values.get("name", ""))[:2_000]))
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
) -> Iterator[tuple[int, Item | Problem]]:
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
    for item in Document(values, page.address, names).items():
        yield 1, item


def _items_of_lines(
    source: Source, names: set[str], where: str
) -> Iterator[tuple[int, Item | Problem]]:
    for number, line in bounded_lines(source):
        if line is None:
            yield number, Problem("refused", "line too long", f"{where}{TOO_LONG}")
            continue
        values = _parsed(line)
        broken = next((v for v in values if isinstance(v, ValueError)), None)
        if broken is not None:
            message = f"{where}broken JSON: {broken}"
            yield number, Problem("refused", "broken JSON", message)
            continue
        for item in Document(values, "", names).items():
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
    texts = [bare, html.unescape(bare)] if "&quot;" in bare else [bare]
    for mended in (_LENIENT.sub(lambda found: found[1] or " ", t) for t in texts):
        try:
            return _several(mended)
        except (ValueError, RecursionError):
            continue
    return _salvaged(bare, first)


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
