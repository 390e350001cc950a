"""Nodes of JSON-LD and microdata, and what their properties hold."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urljoin

SCHEMA: Final = re.compile(r"https?://(?:www\.)?schema\.org/#?", re.IGNORECASE)

_NESTING: Final = 60
_LOCAL: Final = re.compile(r"\A(?:https?://(?:www\.)?schema\.org/#?|[A-Za-z][\w-]*:(?!//))")
IDS: Final = ("sku", "productID", "gtin", "gtin14", "gtin13", "gtin12", "gtin8", "isbn", "mpn")
"""Properties that hold an id, the best first."""

Node = dict[str, Any]


class Nodes:
    """The nodes of one page or file in schema.org's own words: prefixes gone, ``{"@value": …}``
    undone, references by @id known.

    ``address`` is the page's own, empty where it is unknown.
    """

    def __init__(self, values: list[Any], address: str) -> None:
        self._address = address
        self._nodes: dict[str, Node] = {}
        self.roots = [self._plain(value, 0) for value in values]

    def known(self, value: Any) -> Any:
        """What a bare reference refers to; anything else as it is."""
        if isinstance(value, dict) and isinstance(name := value.get("@id"), str):
            return self._nodes.get(name, value) if len(value) <= 2 else value
        return value

    def all(self, node: Mapping[str, Any], key: str) -> list[Node]:
        """The objects a property holds."""
        return [k for v in as_list(node.get(key)) if isinstance(k := self.known(v), dict)]

    def link(self, url: str) -> str:
        """An address of the page, made whole."""
        url = html.unescape(url.strip())
        try:
            return urljoin(self._address, url) if self._address and url else url
        except ValueError:  # such as brackets that are no IPv6 address
            return url

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


def name_of(node: Mapping[str, Any]) -> str:
    """Its @id, empty when it has none."""
    return as_text(node.get("@id"))


def types_of(node: Mapping[str, Any]) -> set[str]:
    """Its types, without the vocabulary's address."""
    return {local(t) for t in as_list(node.get("@type")) if isinstance(t, str)}


def local(text: str) -> str:
    """``"https://schema.org/InStock"`` → ``"InStock"``."""
    return _LOCAL.sub("", text.strip(), count=1)


def as_list(value: Any) -> list[Any]:
    """What a property holds, one or several."""
    if isinstance(value, dict) and set(value) <= {"@list", "@set"}:
        value = next(iter(value.values()), None)
    return value if isinstance(value, list) else [] if value is None else [value]


def as_text(value: Any) -> str:
    """A scalar, or the first of a list, as text."""
    if isinstance(value, list):
        return next(filter(None, map(as_text, value)), "")
    if isinstance(value, bool) or value is None or isinstance(value, dict):
        return ""
    return str(value).strip()


def as_number(value: Any) -> float | None:
    """The number a text begins with."""
    found = re.match(r"\s*([+-]?\d{1,15}(?:[.,]\d+)?)", as_text(value))
    return float(found[1].replace(",", ".")) if found else None


def first(node: Mapping[str, Any], *keys: str) -> Any:
    """The first of several properties that holds something; of a list its first value."""
    for key in keys:
        value = next(iter(as_list(node.get(key))), None)
        if isinstance(value, (str, int, float)) and not isinstance(value, bool) and value != "":
            return value
    return None
