"""What a product says of itself: name, brand, category, measures, whom it is for."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from catalog.feeds.cells import plain_text, web_address
from catalog.feeds.schema_org.breadcrumbs import read_trail
from catalog.feeds.schema_org.nodes import (
    IDS,
    SCHEMA,
    Node,
    Nodes,
    as_list,
    as_number,
    as_text,
    local,
    types_of,
)
from catalog.units import unit_symbol

MAX_PROPERTIES: Final = 1_000
"""Different names of additional properties in one feed; more are not a shop's vocabulary."""
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


class Properties:
    """What products say of themselves, flat.

    ``names`` are those of additional properties met so far in the feed.
    """

    def __init__(self, nodes: Nodes, names: set[str]) -> None:
        self._nodes = nodes
        self._names = names

    def of(self, node: Node) -> Node:
        """What a product says of itself, flat; nothing that is empty."""
        values: Node = {
            "id": next(filter(None, (as_text(node.get(k)) for k in IDS)), "")
            or self._identifier(node),
            "name": as_text(node.get("name")),
            "description": as_text(node.get("description")),
            "brand": self._name(node, "brand") or self._name(node, "manufacturer"),
            "category": self._category(node),
            "image": [self._nodes.link(i) for i in self._images(node.get("image"))][:1],
            "url": self._nodes.link(as_text(node.get("url"))) or self._offer_url(node),
            **self._rating(node),
            **self._people(node),
        }
        condition = local(as_text(node.get("itemCondition"))).removesuffix("Condition")
        if condition:
            values["itemCondition"] = condition.lower()
        for energy in self._nodes.all(node, "hasEnergyConsumptionDetails"):
            category = local(as_text(energy.get("hasEnergyEfficiencyCategory")))
            values["energy_class"] = re.sub(r"^EUEnergyEfficiencyCategory", "", category)
        for key, held in node.items():
            if key not in _HANDLED and key not in values and not key.startswith("@"):
                values[key] = self._value(held)
        for pair in (
            *self._nodes.all(node, "additionalProperty"),
            *self._nodes.all(node, "hasMeasurement"),
        ):
            name = plain_text(as_text(pair.get("name")) or as_text(pair.get("propertyID")))[:60]
            if name and (name in self._names or len(self._names) < MAX_PROPERTIES):
                self._names.add(name)
                values.setdefault(f"properties.{name}", self._measure(pair))
        return {k: v for k, v in values.items() if v not in ("", None, [])}

    def _identifier(self, node: Node) -> str:
        for value in as_list(node.get("identifier")):
            held = self._nodes.known(value)
            text = as_text(held.get("value")) if isinstance(held, dict) else as_text(held)
            if text and not web_address(text):
                return text
        return ""

    def _name(self, node: Node, key: str) -> str:
        for value in as_list(node.get(key)):
            held = self._nodes.known(value)
            name = as_text(held.get("name")) if isinstance(held, dict) else as_text(held)
            if name:
                return name
        return ""

    def _category(self, node: Node) -> list[str]:
        """A path; of several, the longest. Codes and addresses say nothing to a shopper."""
        paths: list[list[str]] = []
        for value in as_list(node.get("category")):
            held = self._nodes.known(value)
            if isinstance(held, dict):
                if "BreadcrumbList" in types_of(held):
                    paths.append([name for name, _ in read_trail(self._nodes, held)])
                    continue
                held = held.get("name")
            text = html.unescape(as_text(held))
            if text and not text.isdigit() and not web_address(text):
                paths.append([text])
        several = [p[0] for p in paths if len(p) == 1]
        if len(several) > 1 and len(several) == len(paths):
            split = max(several, key=lambda t: len(re.split(r"\s*[>›/|]\s*", t)))
            return [split]
        return max(paths, key=len, default=[])

    def _images(self, value: Any) -> Iterator[str]:
        for one in as_list(value):
            held = self._nodes.known(one)
            if isinstance(held, dict):
                held = next(
                    filter(None, (as_text(held.get(k)) for k in ("url", "contentUrl", "@id"))), ""
                )
            if text := as_text(held):
                yield text

    def _offer_url(self, node: Node) -> str:
        urls = {as_text(o.get("url")) for o in self._nodes.all(node, "offers")} - {""}
        return self._nodes.link(urls.pop()) if len(urls) == 1 else ""

    def _rating(self, node: Node) -> Node:
        for rating in self._nodes.all(node, "aggregateRating"):
            value = as_number(rating.get("ratingValue"))
            best = as_number(rating.get("bestRating")) or 5.0
            count = as_text(rating.get("reviewCount")) or as_text(rating.get("ratingCount"))
            if value is not None and not best.is_integer():
                value, best = 5 * value / best, 5.0
            return {"rating": f"{value:.4g} / {best:.0f}" if value else "", "reviewCount": count}
        return {}

    def _people(self, node: Node) -> Node:
        """Whom it is for: gender and age."""
        sizes = self._nodes.all(node, "size")
        groups = [*self._nodes.all(node, "audience"), node, *sizes]
        values: Node = {}
        for group in groups:
            gender = local(as_text(group.get("suggestedGender")))
            if gender:
                values.setdefault("gender", gender.lower())
            least, most = (
                as_number(group.get("suggestedMinAge")),
                as_number(group.get("suggestedMaxAge")),
            )
            for age in self._nodes.all(group, "suggestedAge"):
                per_year = _AGE_UNITS.get(as_text(age.get("unitCode")).upper(), 1)
                bounds = (as_number(age.get("minValue")), as_number(age.get("maxValue")))
                least, most = (b if b is None else b / per_year for b in bounds)
            if least is None and most is None:
                continue
            name = _AGE_GROUPS.get((round(least or 0, 2), most if most is None else round(most, 2)))
            words = f"{least or 0:g}-{most:g} years" if most is not None else f"{least:g}+ years"
            values.setdefault("age_group", name or words)
        return values

    def _value(self, value: Any) -> Any:
        """A property that is simply handed on: words, a number, a measure, a list of words."""
        held = self._nodes.known(value)
        if isinstance(held, list):
            several = [
                v for one in held if isinstance(v := self._value(one), (str, int, float, bool))
            ]
            return several if len(several) > 1 else next(iter(several), None)
        if isinstance(held, dict):
            if held.keys() & {"value", "minValue", "maxValue", "unitCode", "unitText"}:
                return self._measure(held)
            return as_text(held.get("name"))
        if isinstance(held, str) and SCHEMA.match(held):
            return local(held)
        return held

    def _measure(self, node: Node) -> Any:
        code, named = as_text(node.get("unitCode")), as_text(node.get("unitText"))
        unit = _UNIT_CODES.get(local(code).upper())
        if unit is None:
            unit = unit_symbol(named) or unit_symbol(code) or named or ("" if SCHEMA.match(code) else code)  # fmt: skip
        value = node.get("value")
        if isinstance(value, dict) or (isinstance(value, list) and any(isinstance(v, dict) for v in value)):  # fmt: skip
            return self._value(value)
        if isinstance(value, list):
            return [v for v in value if isinstance(v, (str, int, float))]
        if value is None or value == "":
            bounds = [as_text(node.get(k)) for k in ("minValue", "maxValue")]
            value = "-".join(dict.fromkeys(filter(None, bounds)))
        if isinstance(value, bool) or not unit:
            return local(value) if isinstance(value, str) and SCHEMA.match(value) else value
        return f"{as_text(value)} {unit}" if as_text(value) else ""
