"""The products and variants of one page or file, each once, with their offers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from catalog.feeds.cells import plain_text, web_address
from catalog.feeds.record import Record
from catalog.feeds.schema_org.breadcrumbs import read_trail
from catalog.feeds.schema_org.nodes import IDS, Node, Nodes, as_text, name_of, types_of
from catalog.feeds.schema_org.offers import article_of, offers_of, price_of
from catalog.feeds.schema_org.properties import Properties
from catalog.text import fold

PRODUCTS: Final = frozenset(
    {"Product", "ProductGroup", "ProductModel", "IndividualProduct", "SomeProducts", "ProductCollection",
     "DietarySupplement", "Drug", "Vehicle", "Car", "Motorcycle", "MotorizedBicycle", "BusOrCoach"}
)  # fmt: skip
"""Types of things that are sold: Product and those below it."""

_ALSO_SOLD: Final = frozenset(
    {"Book", "Audiobook", "Movie", "MusicAlbum", "Game", "VideoGame", "Course", "Event", "Festival"}
)

# What a product mentions is not what the page sells.
_NOT_WALKED: Final = frozenset(
    {"review", "reviews", "itemReviewed", "isRelatedTo", "isSimilarTo", "isAccessoryOrSparePartFor", "isConsumableFor",
     "author", "publisher", "seller", "@context"}
)  # fmt: skip
_IN_A_LIST: Final = frozenset(
    {"itemListElement", "hasOfferCatalog", "makesOffer", "hasPart", "mentions"}
)
_TOLD: Final = frozenset(
    {"name", "sku", "offers", "gtin", "gtin13", "mpn", "productID", "size", "color"}
)


@dataclass(slots=True)
class Item:
    """One product, or one variant, flat."""

    values: Node
    group: str | None = None
    listed: bool = False
    """It stands in a list of products, not on a page of its own."""

    def record(self, place: int) -> Record:
        """As a record found at ``place``."""
        return Record(place, self.values, group=self.group)


class Document:
    """The nodes of one page or file, ``values``: they may refer to each other by @id.

    ``address`` is the page's own, empty where it is unknown; ``names`` are those of additional
    properties met so far in the feed.
    """

    def __init__(self, values: list[Any], address: str, names: set[str]) -> None:
        self._address = address
        self._nodes = Nodes(values, address)
        self._properties = Properties(self._nodes, names)
        self._trails: list[tuple[tuple[str, str], ...]] = []
        self._products: list[tuple[Node, bool]] = []
        for root in self._nodes.roots:
            self._walk(root, listed=False)
        alone = len(self._trails) == 1 or sum(not listed for _, listed in self._products) == 1
        # Of several pages in one file nothing says whose trail is whose.
        self._trail = max(self._trails, key=len, default=()) if alone else ()

    def items(self) -> Iterator[Item]:
        """Every product and every variant on the page, once."""
        own = [node for node, listed in self._products if not listed]
        parents = {
            name
            for n, _ in self._products
            for p in self._nodes.all(n, "isVariantOf")
            if (name := name_of(p))
        }
        begun = {name_of(v) for node, _ in self._products for v in self._members(node)} - {""}
        for node, listed in self._products:
            if name_of(node) in begun:
                continue  # its group hands it on
            page = self._address if own == [node] else ""
            # A page of one variant names the others by address alone: they have their own pages.
            variants = [v for v in self._members(node) if v.keys() & _TOLD]
            if variants:
                for variant in variants:
                    yield from self._offered(variant, node, listed, page)
            elif "ProductGroup" not in types_of(node):
                yield from self._offered(node, self._parent(node), listed, page)
            elif not (self._members(node) or name_of(node) in parents):
                yield from self._offered(node, {}, listed, page)

    def _walk(self, value: Any, *, listed: bool) -> None:
        """Collect the products below a node, and the trails of categories."""
        if isinstance(value, list):
            for v in value:
                self._walk(v, listed=listed)
        elif isinstance(value, dict) and not self._collect(value, types_of(value), listed):
            if isinstance(item := value.get("item"), dict) and "url" in value:
                value = {**value, "item": {"url": value["url"], **item}}
            for key, held in value.items():
                if key not in _NOT_WALKED:
                    self._walk(held, listed=listed or key in _IN_A_LIST)

    def _collect(self, node: Node, types: set[str], listed: bool) -> bool:
        """Take a node for what it is; False when it only holds others."""
        if "BreadcrumbList" in types:
            self._trails.append(read_trail(self._nodes, node))
        elif types & PRODUCTS or (node.get("offers") and _also_sold(types)):
            if node.keys() - {"@type", "@id", "type", "id"}:
                self._products.append((node, listed))
        elif types & {"Offer", "AggregateOffer"} and "itemOffered" in node:
            offer = {k: v for k, v in node.items() if k != "itemOffered"}
            for product in self._nodes.all(node, "itemOffered"):
                if (types := types_of(product)) & PRODUCTS or _also_sold(types):
                    self._products.append(({"offers": offer, **product}, listed))
        else:
            return False
        return True

    def _members(self, node: Node) -> list[Node]:
        return [
            v
            for v in self._nodes.all(node, "hasVariant")
            if not name_of(v) or name_of(v) != name_of(node)
        ]

    def _parent(self, node: Node) -> Node:
        return next(iter(self._nodes.all(node, "isVariantOf")), {})

    def _offered(self, node: Node, parent: Node, listed: bool, page: str) -> Iterator[Item]:
        """The product; once for each of its offers where they are for different articles."""
        shared = {k: v for k, v in self._properties.of(parent).items() if k != "id"}
        own = self._properties.of(node)
        values = {**shared, **own, "id": own.get("id") or own.get("url", "")}
        group = as_text(node.get("inProductGroupWithID")) or self._group_id(parent)
        offers = list(offers_of(self._nodes, node)) or list(offers_of(self._nodes, parent))
        articles = dict.fromkeys(map(article_of, offers))
        named = [a for a in articles if a]
        if len(named) < 2:
            values.update(price_of(self._nodes, offers))
            values["id"] = own.get("id") or next(iter(named), "") or values["id"]
            yield Item(self._finished(values, page), group or None, listed)
            return
        group = group or str(values["id"] or values.get("name"))
        for article in articles:
            same = [o for o in offers if article_of(o) == article]
            inner = next(iter(self._nodes.all(same[0], "itemOffered")), {})
            mine = {
                **values,
                **self._properties.of(inner),
                **price_of(self._nodes, same),
                "id": article,
            }
            name = as_text(same[0].get("name"))
            if name and name != values.get("name"):
                title = str(values.get("name", ""))
                mine["properties.version"] = name.removeprefix(title).strip(" -–—,:")
            yield Item(self._finished(mine, page), group, listed)

    def _group_id(self, group: Node) -> str:
        ids = (as_text(group.get(k)) for k in ("productGroupID", *IDS))
        named = next(filter(None, ids), "")
        address = as_text(group.get("@id")) or as_text(group.get("url"))
        return named or (address if web_address(address) else "") or as_text(group.get("name"))

    def _finished(self, values: Node, page: str) -> Node:
        """With what the page as a whole says: its address, its trail of categories."""
        values = dict(values)
        if page and not values.get("url"):
            values["url"] = page
        values["id"] = values["id"] or page
        title, url = fold(plain_text(str(values.get("name", ""))[:2_000])), values.get("url")
        trail = [n for n, link in self._trail if fold(n) != title and not (url and link == url)]
        if len(trail) > 1 and " " in trail[-1] and title.startswith(fold(trail[-1])):
            del trail[-1]  # the page itself, under a shorter name
        said = values.get("category") or []
        if trail and (not said or (len(said) == 1 and fold(said[0]) in map(fold, trail))):
            values["category"] = trail
        return values


def _also_sold(types: set[str]) -> bool:
    """Whether things of these types are sold where they are offered: books, tickets to a concert."""
    return any(t in _ALSO_SOLD or t.endswith("Event") for t in types)
