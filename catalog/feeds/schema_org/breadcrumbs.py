"""Trails of categories: where in the shop a page is."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from catalog.feeds.schema_org.nodes import Node, Nodes, as_list, as_number, as_text
from catalog.text import fold

_HOME: Final = frozenset(
    {"home", "homepage", "start", "startseite", "accueil", "inicio", "inizio", "hem", "forside", "etusivu", "shop", "store"}
)  # fmt: skip


def read_trail(nodes: Nodes, node: Node) -> tuple[tuple[str, str], ...]:
    """(name, address) of each category on the way, without the shop's own start page."""
    crumbs = nodes.all(node, "itemListElement")
    crumbs.sort(key=lambda c: as_number(c.get("position")) or 0)
    trail: list[tuple[str, str]] = []
    for crumb in crumbs:
        item = next(iter(as_list(crumb.get("item"))), None)
        inner = item if isinstance(item, dict) else {}
        name = as_text(crumb.get("name")) or as_text(inner.get("name"))
        link = as_text(inner.get("@id")) or as_text(inner.get("url")) or as_text(item)
        root = bool(link) and _path_of(link) in ("", "/")
        if name and not (not trail and (root or fold(name) in _HOME)):
            trail.append((name, nodes.link(link)))
    return tuple(trail)


def _path_of(url: str) -> str:
    """The path of an address; the text itself where it is no address."""
    try:
        return urlsplit(url).path if "//" in url else url
    except ValueError:
        return url
