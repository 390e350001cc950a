"""RSS and Atom cut into items, each parsed alone, so that a broken one costs only itself."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]

from catalog.errors import FeedError
from catalog.feeds.record import Problem
from catalog.feeds.source import Source

MAX_ITEM: Final = 8 * 1024 * 1024
"""Characters of one XML item; a longer one is refused without being parsed."""

_MAX_PROLOG: Final = 1024 * 1024
_CHUNK: Final = 32 * 1024
_LONGEST_TOKEN: Final = 100
"""Characters kept where reading on might complete a tag."""
NAMESPACE: Final = "base.google.com/ns/1.0"
"""Of Google's own elements."""

_ITEM: Final = r"(?:[\w.-]+:)?(?:item|entry)"
ITEM_START: Final = re.compile(rf"<({_ITEM})(?=[\s>/])")
"""Where an item of RSS or an entry of Atom begins."""

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


def respect_declared_encoding(source: Source) -> None:
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


def read_items(
    text: io.TextIOWrapper, path: str
) -> Iterator[tuple[int, Element | None, Problem | None]]:
    """(line, element, problem) of every item of an RSS or Atom text; no element where it cannot be read.

    Raises FeedError when there is no item at the beginning, or entities are declared.
    """
    items = _Items(text, path)
    for item in items:
        if item.trouble is not None:
            yield item.line, None, item.trouble
        else:
            yield from _parsed(item, items.declarations)


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
        name = self._buffer[1 : ITEM_START.match(self._buffer).end(1)]  # type: ignore[union-attr]
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
        another = ITEM_START.search(self._buffer, 1)
        if another is None:
            self._drop(len(self._buffer))
            message = "the file ends within this item; it may be cut short"
            return _Item(line, "", Problem("refused", "cut short", message))
        self._drop(another.start())
        message = "this item is not closed"
        return _Item(line, "", Problem("refused", message, message))

    def _too_long(self, line: int) -> _Item:
        another = ITEM_START.search(self._buffer, 1)
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
        found.setdefault("xmlns:g", f'xmlns:g="http://{NAMESPACE}"')
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
    starts = [m.start() for m in ITEM_START.finditer(item.xml)]
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
