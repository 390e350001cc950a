"""What schema.org's vocabulary says of a product, as flat values under usual column names."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

from catalog.feeds.cells import plain_text, web_address
from catalog.feeds.record import Record
from catalog.money import parse_price
from catalog.text import fold
from catalog.units import unit_symbol

PRODUCTS: Final = frozenset(
    {"Product", "ProductGroup", "ProductModel", "IndividualProduct", "SomeProducts", "ProductCollection",
     "DietarySupplement", "Drug", "Vehicle", "Car", "Motorcycle", "MotorizedBicycle", "BusOrCoach"}
)  # fmt: skip
"""Types of things that are sold: Product and those below it."""
SCHEMA: Final = re.compile(r"https?://(?:www\.)?schema\.org/#?", re.IGNORECASE)
MAX_PROPERTIES: Final = 1_000
"""Different names of additional properties in one feed; more are not a shop's vocabulary."""

_NESTING: Final = 60
_LOCAL: Final = re.compile(r"\A(?:https?://(?:www\.)?schema\.org/#?|[A-Za-z][\w-]*:(?!//))")

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
        self._names = names
        self._nodes: dict[str, Node] = {}
        self._roots = [self._plain(value, 0) for value in values]
        self._trails: list[tuple[tuple[str, str], ...]] = []
        self._products: list[tuple[Node, bool]] = []
        for root in self._roots:
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
            for p in self._all(n, "isVariantOf")
            if (name := _key(p))
        }
        begun = {_key(v) for node, _ in self._products for v in self._members(node)} - {""}
        for node, listed in self._products:
            if _key(node) in begun:
                continue  # its group hands it on
            page = self._address if own == [node] else ""
            # A page of one variant names the others by address alone: they have their own pages.
            variants = [v for v in self._members(node) if v.keys() & _TOLD]
            if variants:
                for variant in variants:
                    yield from self._offered(variant, node, listed, page)
            elif "ProductGroup" not in _types(node):
                yield from self._offered(node, self._parent(node), listed, page)
            elif not (self._members(node) or _key(node) in parents):
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
        elif types & PRODUCTS:
            if node.keys() - {"@type", "@id", "type", "id"}:
                self._products.append((node, listed))
        elif types & {"Offer", "AggregateOffer"} and "itemOffered" in node:
            offer = {k: v for k, v in node.items() if k != "itemOffered"}
            for product in self._all(node, "itemOffered"):
                if _types(product) & PRODUCTS:
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
        try:
            return urljoin(self._address, url) if self._address and url else url
        except ValueError:  # such as brackets that are no IPv6 address
            return url

    # Products, variants and offers

    def _members(self, node: Node) -> list[Node]:
        return [v for v in self._all(node, "hasVariant") if not _key(v) or _key(v) != _key(node)]

    def _parent(self, node: Node) -> Node:
        return next(iter(self._all(node, "isVariantOf")), {})

    def _offered(self, node: Node, parent: Node, listed: bool, page: str) -> Iterator[Item]:
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
            yield Item(self._finished(values, page), group or None, listed)
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
            yield Item(self._finished(mine, page), group, listed)

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
        title, url = fold(plain_text(str(values.get("name", ""))[:2_000])), values.get("url")
        trail = [n for n, link in self._trail if fold(n) != title and not (url and link == url)]
        if len(trail) > 1 and " " in trail[-1] and title.startswith(fold(trail[-1])):
            del trail[-1]  # the page itself, under a shorter name
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
        if isinstance(held, str) and SCHEMA.match(held):
            return _local(held)
        return held

    def _measure(self, node: Node) -> Any:
        code, named = _text(node.get("unitCode")), _text(node.get("unitText"))
        unit = _UNIT_CODES.get(_local(code).upper())
        if unit is None:
            unit = unit_symbol(named) or unit_symbol(code) or named or ("" if SCHEMA.match(code) else code)  # fmt: skip
        value = node.get("value")
        if isinstance(value, dict) or (isinstance(value, list) and any(isinstance(v, dict) for v in value)):  # fmt: skip
            return self._value(value)
        if isinstance(value, list):
            return [v for v in value if isinstance(v, (str, int, float))]
        if value is None or value == "":
            bounds = [_text(node.get(k)) for k in ("minValue", "maxValue")]
            value = "-".join(dict.fromkeys(filter(None, bounds)))
        if isinstance(value, bool) or not unit:
            return _local(value) if isinstance(value, str) and SCHEMA.match(value) else value
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
