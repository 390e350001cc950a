"""Single cells: text without markup, lists written as text, counts, ratings, links."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from html.parser import HTMLParser
from typing import Any, Final

import orjson

from catalog.text import clean

_MISSING: Final = frozenset(
    {"", "-", "--", "---", "–", "—", "n/a", "#n/a", "n.a.", "na", "nan", "null", "none", "nil", "undefined", "?", "tbd"}
)  # fmt: skip
_TAG: Final = re.compile(r"<(?:[a-zA-Z/!?][^<>]*>|(?:script|style)\b)")
_BLOCKS: Final = frozenset(
    {"p", "div", "br", "li", "ul", "ol", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6", "section", "hr", "td", "th"}
)  # fmt: skip
_SILENT: Final = frozenset({"script", "style", "template", "noscript", "iframe", "object", "svg"})
_QUOTED: Final = re.compile(r"'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"")
_PASSES: Final = 3

_OUT_OF: Final = re.compile(
    r"(\d+(?:[.,]\d+)?)\s*(?:/|out of|von|sur|de|of|su|van|av)\s*(\d+)", re.IGNORECASE
)
_PLAIN_RATING: Final = re.compile(
    r"(\d+(?:[.,]\d+)?)\s*(%|stars?|sterne|étoiles|estrellas|★+|⭐+)?", re.IGNORECASE
)
_COUNT: Final = re.compile(r"(\d{1,3}(?:[,. ']\d{3})+|\d+(?:[.,]\d+)?)\s*([kKmM])?(?![\w.,])")
_SCIENTIFIC: Final = re.compile(r"\d{1,9}(?:\.\d{1,9})?[eE]\+?\d{1,2}")
_SOLD: Final = re.compile(r"(?:(?:status|availability|stock)\s*:\s*)?sold[.!]?", re.IGNORECASE)
_OUT_OF_STOCK: Final = re.compile(
    r"\b(?:out[ _-]?of[ _-]?stock|outofstock|sold ?out|unavailable|not available|discontinued|no stock"
    r"|ausverkauft|vergriffen|nicht (?:verfügbar|lieferbar|auf lager)|agotado|épuisé|rupture|esaurito|uitverkocht"
    r"|non disponib(?:le|ile)|no disponible|niet (?:op voorraad|beschikbaar)|slut i lager|brak w magazynie)\b",
    re.IGNORECASE,
)
_URL: Final = re.compile(r"https?://[^\s\"'<>\\^`{|}]+", re.IGNORECASE)
_FILE: Final = re.compile(
    r"(?!.*\.\.)[\w][\w .()+@~,&/-]*\.(?:jpe?g|png|webp|gif|avif|svg|bmp|tiff?)", re.IGNORECASE
)


class _Text(HTMLParser):
    """Collects the text of a page fragment; blocks become line breaks."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
        elif tag in _BLOCKS:
            self.pieces.append("\n")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS:
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag in _BLOCKS:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.pieces.append(data)


def plain_text(value: str) -> str:
    """Text without tags, scripts and entities, cleaned of invisible characters.

    Feeds escape their markup twice and three times; what still looks like a tag after one pass
    is taken off by the next. "< 3 years" stays.
    """
    text = value
    for _ in range(_PASSES):
        if _TAG.search(text):
            parser = _Text()
            parser.feed(text)
            parser.close()
            text = "".join(parser.pieces)
        elif "&" in text:
            decoded = html.unescape(text)
            if decoded == text:
                break
            text = decoded
        else:
            break
    text = clean(_TAG.sub(" ", text))
    return re.sub(r" ?\n\s*", "\n", text).strip()


def is_missing(text: str) -> bool:
    """Whether a cell is one of the ways to say nothing: ``""``, ``"N/A"``, ``"null"``, ``"-"``."""
    return text.strip().lower() in _MISSING


def listed(text: str) -> list[str] | None:
    """``["a", "b"]`` written into a cell, as JSON or as Python prints it; None for other text."""
    inner = text.strip()
    if not (inner.startswith("[") and inner.endswith("]")) or len(inner) > 20_000:
        return None
    try:
        value: Any = orjson.loads(inner)
    except orjson.JSONDecodeError:
        return [plain_text(a or b) for a, b in _QUOTED.findall(inner)] or None
    while isinstance(value, list) and value and isinstance(value[0], list):
        value = value[0]
    return [plain_text(str(v)) for v in value if isinstance(v, (str, int, float))]


def decimal_mark(cells: Sequence[Any]) -> str | None:
    """The decimal mark a column of prices or measures shows, None when it does not, or shows both."""
    marks = set()
    for cell in cells:
        if not isinstance(cell, str):
            continue
        for number in re.findall(r"\d[\d., '’]*", cell[:100]):
            written = number.rstrip("., '’")
            tail = re.search(r"([.,])(\d+)$", written)
            if tail is None:
                continue
            both = "." in written and "," in written
            if len(tail[2]) in (1, 2) or both:
                marks.add(tail[1])
            elif written.count(tail[1]) > 1:
                marks.add("," if tail[1] == "." else ".")
    return marks.pop() if len(marks) == 1 else None


def read_rating(text: str, scale: float) -> float | None:
    """A rating on 0 to 5: ``"4.5 out of 5 stars"``, ``"92%"``, ``"8.7/10"``; a bare number is on
    ``scale``. None when it is none, or outside its scale; 0 is "not rated" and None as well.
    """
    found = _OUT_OF.search(text[:60])
    if found:
        value, top = float(found[1].replace(",", ".")), float(found[2])
    else:
        plain = _PLAIN_RATING.fullmatch(text.strip()[:60])
        if plain is None:
            return None
        value, top = float(plain[1].replace(",", ".")), 100.0 if plain[2] == "%" else scale
    if top <= 0 or not 0 < value <= top:
        return None
    return round(5 * value / top, 2)


def read_count(text: str) -> int | None:
    """The first whole number: ``"1,234 ratings"``, ``"5 new"``, ``"1.2k"``; None when there is none."""
    if _SCIENTIFIC.fullmatch(text.strip()):
        return int(number) if (number := float(text)) < 10**9 else None
    found = _COUNT.search(text[:100])
    if found is None:
        return None
    digits, scale = found[1], {"k": 1_000, "m": 1_000_000}.get((found[2] or "").lower(), 1)
    if re.fullmatch(r"\d{1,3}(?:[,. ']\d{3})+", digits) and scale == 1:
        digits = re.sub(r"\D", "", digits)
    number = int(float(digits.replace(",", ".")) * scale)
    return number if number < 10**9 else None


def says_sold_out(text: str) -> bool:
    """Whether words about availability say that there are none."""
    return bool(_OUT_OF_STOCK.search(text[:200]) or _SOLD.fullmatch(text.strip()))


def struck_out(text: str) -> tuple[str, str | None]:
    """A price cell without markup, and the price struck out in it, if there is one:
    ``"<del>$30</del> <ins>$25</ins>"`` → ``("$25", "$30")``.
    """
    found = _STRUCK.search(text)
    rest = plain_text(_STRUCK.sub(" ", text, count=1)) if found else ""
    if found is None or not re.search(r"\d", rest):
        return plain_text(text), None
    return rest, plain_text(found[2])


_STRUCK: Final = re.compile(r"<(del|s|strike)\b[^>]*>(.*?)</\1\s*>", re.IGNORECASE | re.DOTALL)


def web_address(text: str) -> str | None:
    """An http(s) address, or None: no ``javascript:``, no quotes or spaces."""
    address = text.strip()
    if address.startswith("//"):
        address = "https:" + address
    return address if len(address) <= 2_000 and _URL.fullmatch(address) else None


def image_name(text: str) -> str | None:
    """An http(s) address or a plain relative file name of a picture, or None."""
    name = text.strip()
    return web_address(name) or (name if len(name) <= 300 and _FILE.fullmatch(name) else None)


def short(value: Any) -> str:
    """A value as a message quotes it."""
    text = " ".join(str(value).split())
    return repr(text if len(text) <= 40 else text[:37] + "…")
