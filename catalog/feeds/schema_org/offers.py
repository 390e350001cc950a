"""Offers: price, list price, currency and stock of a product."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from catalog.feeds.schema_org.nodes import (
    IDS,
    Node,
    Nodes,
    as_number,
    as_text,
    first,
    local,
    types_of,
)
from catalog.money import parse_price

_LIST_PRICES: Final = frozenset({"StrikethroughPrice", "ListPrice", "RegularPrice", "MSRP", "SRP"})
_NOT_FOR_EVERYONE: Final = frozenset({"InvoicePrice", "MinimumAdvertisedPrice"})
_SOLD_OUT: Final = frozenset({"outofstock", "soldout", "discontinued", "reserved"})
_THERE: Final = frozenset({"instock", "instoreonly", "limitedavailability", "onlineonly"})


def offers_of(nodes: Nodes, node: Node) -> Iterator[Node]:
    """Its offers, those of an aggregate one by one."""
    for offer in nodes.all(node, "offers"):
        inner = nodes.all(offer, "offers")
        if not inner:
            yield offer
        for one in inner:
            shared = {k: v for k, v in offer.items() if k in ("priceCurrency", "availability")}
            yield {**shared, **one}


def price_of(nodes: Nodes, offers: list[Node]) -> Node:
    """Price, list price, currency and stock of the cheapest offer that is not sold out."""
    read = [_read_offer(nodes, offer) for offer in offers]
    if not read:
        return {}
    currency = read[0].get("priceCurrency")
    comparable = [o for o in read if o.get("priceCurrency") == currency]
    there = [o for o in comparable if o.get("stock") != 0] or comparable
    amounts = [_amount(o.get("price"), currency) for o in there]
    known = [a for a in amounts if a is not None]
    best = there[amounts.index(min(known))] if known else there[0]
    return {k: v for k, v in best.items() if v not in ("", None)}


def _read_offer(nodes: Nodes, offer: Node) -> Node:
    currency = as_text(offer.get("priceCurrency"))
    amount = first(offer, "price", "lowPrice")
    before: Any = None
    asked: list[tuple[int, Any, str]] = []
    for spec in nodes.all(offer, "priceSpecification"):
        kind = local(as_text(spec.get("priceType")))
        value = first(spec, "price", "minPrice")
        charge = any("Charge" in t for t in types_of(spec)) or "validForMemberTier" in spec
        if value in (None, "") or charge or kind in _NOT_FOR_EVERYONE:
            continue
        code = as_text(spec.get("priceCurrency"))
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
    values["stock"] = _stock(nodes, offer)
    if link := nodes.link(as_text(offer.get("url"))):
        values["url"] = link
    condition = local(as_text(offer.get("itemCondition"))).removesuffix("Condition")
    if condition:
        values["itemCondition"] = condition.lower()
    return values


def _stock(nodes: Nodes, offer: Node) -> Any:
    said = re.sub(r"[\s_-]", "", local(as_text(offer.get("availability")))).lower()
    if said in _SOLD_OUT:
        return 0
    level = next((as_number(v.get("value")) for v in nodes.all(offer, "inventoryLevel")), None)
    if level is None:
        level = as_number(offer.get("inventoryLevel"))
    if level is None:
        return said if said in _THERE else None
    if level <= 0 and said:
        return None
    return max(0, int(level))


def article_of(offer: Node) -> str:
    """The id of what is offered, empty when it has none."""
    return next(filter(None, (as_text(offer.get(k)) for k in IDS)), "")


def _amount(value: Any, currency: str | None) -> int | None:
    price = parse_price(value, currency) if isinstance(value, (str, int, float)) else None
    return price.minor if price else None
