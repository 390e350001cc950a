"""A small mixed catalogue for the retrieval tests: several types, gaps, two currencies."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from catalog.product import AttributeValue, Measure, Product

_BRANDS = ("Halden", "Brisa", "Cove & Co", "Nordlys", None)
_COLORS = ("red", "navy", "forest green", "Weiß", "black", "ivory")
_DETAILS = (
    "Whisper quiet at full boil.", "Comes without a lid.", "BPA-free and fragrance-free.",
    "Brushed stainless steel body.", "No red parts; the handle is navy.", "Für die ganze Familie.", "",
)  # fmt: skip


@dataclass(frozen=True)
class _Kind:
    type: str
    path: tuple[str, ...]
    words: tuple[str, ...]
    attributes: dict[str, tuple[AttributeValue, ...]] = field(default_factory=dict)


_KINDS = (
    _Kind(
        "kettle", ("Kitchen", "Hot drinks", "Kettles"), ("electric", "gooseneck", "travel"),
        {"noise": (Measure(54, "dB"), Measure(61, "dB")), "capacity": (Measure(1.7, "l"), Measure(900, "ml"))},
    ),
    _Kind("jeans", ("Fashion", "Jeans"), ("slim", "wide", "straight"), {"size": (("S", "M"), ("L", "XL"), ()), "gender": ("women", "men", "unisex")}),
    _Kind("face wash", ("Beauty", "Face"), ("gentle", "foaming"), {"scent_free": (True, False)}),
    _Kind("water bottle", ("Outdoor",), ("insulated", "kids"), {"material": ("stainless steel", "glass", ""), "weight": (250.0, Measure(9, "oz"))}),
)  # fmt: skip


def products(count: int, seed: int = 0) -> Iterator[Product]:
    """The same products for the same seed; a longer run begins with the shorter one."""
    chance = random.Random(seed)
    for i in range(count):
        kind = chance.choice(_KINDS)
        known = chance.random() < 0.8
        color = chance.choice(_COLORS)
        attributes = {
            k: chance.choice(v) for k, v in kind.attributes.items() if chance.random() < 0.8
        }
        if chance.random() < 0.6:
            attributes["color"] = color
        brand = chance.choice(_BRANDS)
        price = chance.randrange(500, 20_000) if known else None
        yield Product(
            id=f"sku-{i}",
            title=f"{brand or 'Plain'} {chance.choice(kind.words)} {kind.type} {color} {i}",
            description=" ".join(chance.choices(_DETAILS, k=2)),
            brand=brand,
            type=kind.type if chance.random() < 0.8 else None,
            category=kind.path if chance.random() < 0.9 else (),
            price=price,
            list_price=price * 5 // 4 if price and chance.random() < 0.3 else None,
            currency=chance.choice(("USD", "USD", "EUR", None)) if price else None,
            rating=round(chance.uniform(2, 5), 1) if chance.random() < 0.8 else None,
            review_count=int(chance.paretovariate(0.7)) if chance.random() < 0.8 else None,
            stock=chance.choice((0, 3, None)),
            attributes=attributes,
        )
