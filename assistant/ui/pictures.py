"""Drawn stand-ins for product pictures: a line icon for what it is, a tint for its colour."""

from __future__ import annotations

from typing import Final
from zlib import crc32

from catalog.lexicon import COLOR_FAMILY
from catalog.product import Product, attribute_words
from catalog.text import fold, tokens

_ICONS: Final[dict[str, str]] = {
    "trousers": '<path d="M16 8h16l3 34h-8l-3-23-3 23h-8z"/><path d="M15.6 13h16.8"/>',
    "top": '<path d="M18 8 8 13l4 9 4-2v20h16V20l4 2 4-9-10-5c-2 4-10 4-12 0z"/>',
    "dress": '<path d="M18 7v8l2 6-8 20h24l-8-20 2-6V7"/><path d="M18 13c3 3 9 3 12 0M20 21h8"/>',
    "shoe": '<path d="M7 17c4 3 8 3 11-1l9 10c4 3 11 2 14 6v5H7z"/><path d="M7 32h34M22 22l3-2M25 25l3-2"/>',
    "bag": '<path d="M10 18h28l2 23H8z"/><path d="M17 23v-7a7 7 0 0 1 14 0v7"/>',
    "beauty": '<path d="M19 7h10v7H19zM16 14h16l2 6v21H14V20z"/><path d="M14 27h20M14 35h20"/>',
    "paw": '<ellipse cx="12" cy="22" rx="3.4" ry="4.6"/><ellipse cx="20" cy="13.500" rx="3.400" ry="5"/><ellipse cx="28.500" cy="13.500" rx="3.400" ry="5"/><ellipse cx="36.500" cy="22" rx="3.400" ry="4.600"/><path d="M24.200 23c-5 0-9.700 7-9.700 12 0 3 2.500 4.500 5 4.500 2 0 3-.8 4.700-.8s2.800.8 4.800.8c2.500 0 5-1.500 5-4.500 0-5-4.800-12-9.800-12z"/>',
    "grocery": '<path d="M24 17c-4-4-14-2-14 9 0 8 5 15 9 15 2 0 3-1 5-1s3 1 5 1c4 0 9-7 9-15 0-11-10-13-14-9z"/><path d="M24 17c0-4 2-8 7-9"/>',
    "drink": '<path d="M9 18h24v12a9 9 0 0 1-9 9h-6a9 9 0 0 1-9-9zM33 21h3a5 5 0 0 1 0 11h-3.500"/><path d="M17 8c-2 2 2 3 0 6M25 8c-2 2 2 3 0 6"/>',
    "kettle": '<path d="M15 17h17l4 22H11zM18 17c0-6 11-6 11 0M11.500 36 7 24l6-1"/><path d="M32 18c7-2 10 4 5 12M23.500 12.500V9"/>',
    "pot": '<path d="M10 20h28v13a6 6 0 0 1-6 6H16a6 6 0 0 1-6-6zM5 24h5M38 24h5M9 20c0-7 30-7 30 0M24 14.500V11"/>',
    "knife": '<path d="M8 38 32 9c5 3 5 9 1 14L22 33l-4-4M8 38l5 3 7-9"/>',
    "sofa": '<path d="M11 24v-8a5 5 0 0 1 5-5h16a5 5 0 0 1 5 5v8M6 24a4 4 0 0 1 8 2v3h20v-3a4 4 0 0 1 8-2v12H6zM11 36v4M37 36v4"/>',
    "lamp": '<path d="M17 8h14l6 15H11zM24 23v16M16 40h16"/><path d="M31 23v6"/>',
    "bed": '<path d="M6 12v28M6 34h36v6M42 34v-6a5 5 0 0 0-5-5H6M18 23v-3a3 3 0 0 0-3-3H6"/>',
    "plant": '<path d="M15 31h18l-2 10H17zM24 31V17M24 24c-8 0-11-4-11-10 7 0 11 3 11 10zM24 20c0-7 3-11 11-12 0 8-3 12-11 12z"/>',
    "tech": '<path d="M9 10h30v21H9zM24 31v8M16 39h16"/><path d="M15 25l5-6 4 4 5-6 4 5"/>',
    "audio": '<path d="M9 31v-6a15 15 0 0 1 30 0v6"/><path d="M9 28h5v12H11a3 3 0 0 1-3-3v-7zM39 28h-5v12h3a3 3 0 0 0 3-3v-7z"/>',
    "phone": '<rect x="14" y="6" width="20" height="36" rx="4"/><path d="M21 37h6"/>',
    "watch": '<circle cx="24" cy="24" r="10"/><path d="M24 18v6l4 3M18 15l1.500-8h9L30 15M18 33l1.500 8h9L30 33"/>',
    "camera": '<path d="M7 15h9l3-5h10l3 5h9v24H7z"/><circle cx="24" cy="26" r="7"/>',
    "outdoor": '<path d="M24 9 6 39h36zM24 9l-3-4M24 9l3-4M24 22l-9 17M24 22l9 17"/>',
    "bottle": '<path d="M20 6h8v6l4 6v21a3 3 0 0 1-3 3H19a3 3 0 0 1-3-3V18l4-6z"/><path d="M16 24h16M16 33h16M19 12h10"/>',
    "sport": '<path d="M13 16v16M8 19v10M35 16v16M40 19v10M13 24h22"/>',
    "bike": '<circle cx="12" cy="31" r="7"/><circle cx="36" cy="31" r="7"/><path d="M12 31l7-14h12l5 14M19 17l7 14H12M31 17l-5 14M16 13h6M31 17l-2-5h5"/>',
    "office": '<path d="m10 38 2-9L32 9l7 7-20 20zM28 13l7 7M12 29l7 7"/>',
    "book": '<path d="M24 13c-5-4-11-4-17-3v27c6-1 12-1 17 3 5-4 11-4 17-3V10c-6-1-12-1-17 3zM24 13v27"/>',
    "toy": '<circle cx="15" cy="13" r="4.500"/><circle cx="33" cy="13" r="4.500"/><circle cx="24" cy="20" r="11"/><path d="M20 18v.5M28 18v.5M21 24c2 2 4 2 6 0M16 28c-5 4-6 9-4 13h24c2-4 1-9-4-13"/>',
    "blocks": '<path d="M8 25h15v15H8zM25 25h15v15H25zM16.500 8h15v15h-15z"/>',
    "game": '<rect x="9" y="9" width="30" height="30" rx="6"/><path d="M17 17v.5M31 17v.5M24 24v.5M17 31v.5M31 31v.5" stroke-width="4"/>',
    "car": '<path d="M6 33v-8l5-2 4-9h16l6 9 5 2v8zM11 23h26"/><circle cx="14" cy="34" r="4"/><circle cx="34" cy="34" r="4"/>',
    "baby": '<path d="M17 19h14v19a4 4 0 0 1-4 4h-6a4 4 0 0 1-4-4zM15 13h18v6H15zM19 13c0-3 2-3 2-6h6c0 3 2 3 2 6M26 26h5M26 32h5"/>',
    "clean": '<path d="M20 18h10l4 6v18H16V24zM20 18v-7h12l3 4M20 11h-5M25 7h-8v4"/>',
    "tool": '<path d="M30 8a9 9 0 0 0-8 12L8 34a4 4 0 0 0 6 6l14-14a9 9 0 0 0 12-10l-6 6-6-2-2-6 6-6z"/>',
    "gem": '<path d="M15 10h18l8 10-17 20L7 20zM7 20h34M15 10l9 30 9-30"/>',
    "hat": '<path d="M14 28V19a10 10 0 0 1 20 0v9M5 31c6-5 32-5 38 0-6 6-32 6-38 0z"/>',
    "sock": '<path d="M18 7h13v18L20 38a7 7 0 0 1-11-8l9-8zM18 13h13"/>',
    "tag": '<path d="M8 9h15l18 18-14 14L8 23z"/><circle cx="16" cy="17" r="2.600"/>',
}  # fmt: skip
"""Strokes on a 48 x 48 grid."""

_WORDS: Final[tuple[tuple[str, str], ...]] = (
    # The first line with a word of the product's type, title or department wins.
    ("trousers", "jeans trousers pants chino leggings tights shorts jogger denim"),
    ("dress", "dress skirt gown jumpsuit"),
    ("sock", "sock stocking"),
    ("hat", "hat cap beanie helmet"),
    ("shoe", "shoe sneaker boot sandal trainer loafer slipper heel footwear"),
    ("top", "shirt tee blouse sweater hoodie jacket coat top cardigan jumper polo vest fleece apparel parka"),
    ("bag", "backpack handbag tote luggage suitcase wallet purse duffel rucksack bag"),
    ("watch", "watch smartwatch"),
    ("gem", "necklace ring earring bracelet jewelry jewellery pendant"),
    ("kettle", "kettle teapot"),
    ("baby", "baby nappy diaper pacifier stroller"),
    ("beauty", "cleanser serum lotion shampoo conditioner moisturizer moisturiser cream lipstick mascara soap perfume sunscreen skincare makeup beauty deodorant balm cosmetic foundation"),
    ("paw", "dog cat pet puppy kitten leash litter aquarium"),
    ("audio", "headphone earbud earphone speaker headset audio soundbar"),
    ("phone", "phone smartphone charger tablet powerbank"),
    ("camera", "camera lens binocular"),
    ("clean", "detergent cleaner vacuum mop spray laundry broom"),
    ("drink", "mug cup espresso coffee tea beverage"),
    ("bottle", "bottle flask thermos wine beer juice tumbler"),
    ("knife", "knife cutlery chopper"),
    ("pot", "pan pot cookware skillet saucepan casserole wok blender toaster mixer bakeware kitchen fryer cooking"),
    ("lamp", "lamp light lantern bulb lighting chandelier"),
    ("bed", "bed mattress pillow duvet sheet bedding blanket towel throw"),
    ("sofa", "sofa chair couch armchair table desk shelf furniture stool bench bookcase wardrobe rug cushion curtain"),
    ("plant", "plant planter flower seed garden vase floral"),
    ("bike", "bike bicycle cycling"),
    ("sport", "dumbbell yoga fitness kettlebell gym sport racket ball treadmill"),
    ("outdoor", "tent sleeping camping hiking outdoor trekking stove hammock"),
    ("game", "game puzzle dice card"),
    ("blocks", "block lego brick building construction"),
    ("car", "car truck vehicle train racing automotive diecast"),
    ("toy", "toy doll plush teddy figure puppet children kid costume"),
    ("book", "book notebook journal novel planner magazine"),
    ("office", "pen pencil marker stapler office stationery paper eraser"),
    ("tool", "tool drill screwdriver wrench hammer saw hardware"),
    ("tech", "laptop monitor computer keyboard mouse tv television router electronics usb cable printer"),
    ("grocery", "grocery food snack fruit pasta cereal chocolate rice nut granola oil vegetable sauce honey seafood"),
    ("sofa", "home decor housewares"),
    ("beauty", "health care"),
    ("top", "fashion clothing"),
)  # fmt: skip
_ICON_OF: Final[dict[str, str]] = {
    token: icon for icon, words in reversed(_WORDS) for token in tokens(words)
}

_TINTS: Final[dict[str, str]] = {
    "black": "#3a3f47", "white": "#a49d90", "gray": "#7b828c", "grey": "#7b828c", "red": "#c4453e",
    "pink": "#cc5f8f", "orange": "#d07a2d", "yellow": "#b8951f", "green": "#3f8a56", "blue": "#3b6fb6",
    "purple": "#7c5bb0", "brown": "#8a5f3f", "beige": "#a88d66", "turquoise": "#1f8f92",
    "silver": "#7f8a99", "gold": "#ab8526",
}  # fmt: skip
_SHADES: Final[dict[str, str]] = {
    **{shade: _TINTS[family] for family, shades in COLOR_FAMILY.items() for shade in shades},
    **_TINTS,
    "navy": "#2c4270", "teal": "#17787a", "burgundy": "#86303f", "mint": "#4ca386", "olive": "#74752f",
}  # fmt: skip
_CALM: Final = ("#4a7c8c", "#8a6d4f", "#6b7a4b", "#7d6391", "#a0635a", "#4d7f6a", "#5f6f95")
"""For products that state no colour: one calm tint per type."""


def icon(product: Product) -> str:
    """The name of the icon that fits: by type first, then title, then the category path."""
    for text in (product.type or "", product.title, *reversed(product.category)):
        # A phrase is named by its last word: a "dog bowl" is a bowl, a "phone case" a case.
        for token in reversed(tokens(text)[:24]):
            if token in _ICON_OF:
                return _ICON_OF[token]
    return "tag"


def tint(product: Product) -> str:
    """A ``#rrggbb`` from our own table for the product's colour, or a calm one for its type."""
    stated = product.attributes.get("color")
    if stated is not None:
        for words in attribute_words(stated):
            for token in fold(words).replace("-", " ").split():
                if token in _SHADES:
                    return _SHADES[token]
    kind = (product.type or (product.category[-1] if product.category else product.id)).casefold()
    return _CALM[crc32(kind.encode("utf-8", "replace")) % len(_CALM)]


def drawing(product: Product) -> str:
    """An inline SVG; no word of the seller's goes into it."""
    return (
        f'<svg class="sm-drawing" style="--tint:{tint(product)}" viewBox="0 0 48 48"'
        f' aria-hidden="true" focusable="false">{_ICONS[icon(product)]}</svg>'
    )
