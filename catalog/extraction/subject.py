"""What a text is about: the product's own nouns, and which part of a title names it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from catalog.extraction.known import kind_of, name_tokens
from catalog.extraction.passage import Passage
from catalog.lexicon import COLORS
from catalog.product import Product

_TITLE_TAIL: Final = re.compile(
    r"\s(?:with|for|in|by|from|featuring|including|includes|compatible|fits|w/|and|plus|without|no)\s|[,(|\[/:+;]|\s-\s"
)
_SIDE: Final = re.compile(
    r"\b(?:with|for|featuring|including|includes?|compatible|fits|w/|plus|without|and free|to fit|as used|suitable|designed|works)\b"
)
"""What stands after these in a title is not the product itself."""
_MEDIA: Final = frozenset(
    """book books novel dvd blu cd vinyl movie film soundtrack album videogame game magazine comic manga calendar
    ebook kindle audiobook ps2 ps3 ps4 ps5 xbox nintendo wii pc-game steam poster print sticker figure figurine minifigure
    jigsaw puzzle card cards boardgame trading playmat catalogue funko""".split()  # noqa: SIM905
)
"""Their titles are names: "Red Dead Redemption", "Code Geass White"."""
_JOINTS: Final = frozenset({"and", "with", "or", "for", "in", "to"})
_NO_HEADS: Final = frozenset(
    {
        "set",
        "pack",
        "kit",
        "collection",
        "piece",
        "bundle",
        "series",
        "other",
        "accessory",
        "part",
    }
)
_TRAILING: Final = frozenset(
    COLORS
    | {
        "l",
        "cm",
        "mm",
        "m",
        "inch",
        "w",
        "kg",
        "g",
        "ml",
        "v",
        "hz",
        "gb",
        "tb",
        "x",
        "watt",
        "litre",
        "liter",
        "pack",
        "pc",
        "piece",
        "size",
        "s",
        "xl",
    }
)
_FURTHER: Final = frozenset(
    COLORS | {"with", "for", "in", "by", "from", "and", "uk", "new", "2024", "2025"}
)
APPAREL: Final = frozenset(
    """shirt tshirt tee top blouse polo dress skirt jean trouser pant legging tights short sock shoe boot sneaker trainer
    sandal slipper heel loafer flat pump jacket coat parka blazer vest waistcoat sweater jumper cardigan hoodie sweatshirt
    pullover fleece suit pyjamas pajamas pajama nightdress robe bathrobe bra brief boxer underwear lingerie thong panties swimsuit
    bikini swimwear trunks hat cap beanie scarf glove mitten belt tie costume dungarees jumpsuit romper onesie bodysuit
    babygrow uniform wetsuit tracksuit joggers chino jeans pants shorts leggings trousers apparel clothing footwear
    watch jewelry jewellery necklace bracelet ring earring wallet handbag sunglasses fragrance perfume cologne razor deodorant
    helmet outfit tutu cape cloak wig tabard gown kimono poncho raincoat anorak clothes""".split()  # noqa: SIM905
)
TOYS: Final = frozenset(
    """toy toys doll puzzle jigsaw playset plush teddy lego playmobil game games kid kids child children toddler baby infant girl
    boy rattle blocks costume craft figure tricycle scooter nursery babies preschool junior playmat playhouse hobbies""".split()  # noqa: SIM905
)
# More words of one kind, for one-line questions about what is sold.
SCREENS: Final = frozenset(
    """monitor tv television display screen laptop notebook tablet ipad macbook chromebook smartphone phone iphone projector
    ultrabook smartwatch ereader kindle imac""".split()  # noqa: SIM905
)
BEDS: Final = frozenset(
    "bed mattress duvet quilt comforter bedspread bedding headboard topper coverlet pillowcase bedframe divan bedlinen".split()
)


CARRIERS: Final = frozenset(
    "bag sleeve case backpack stand mount bracket cover briefcase protector rucksack daypack arm messenger".split()
)
VESSELS: Final = frozenset(
    """kettle mug jug pot pan fridge refrigerator freezer backpack bag bin tank box fryer cooker dispenser blender bucket cooler
    flask suitcase bowl jar tub bottle tumbler carafe teapot pitcher rucksack daypack cup thermos basket oven microwave
    decanter canister humidifier casserole duffel holdall""".split()  # noqa: SIM905
)
PLAIN_THINGS: Final = frozenset(
    "cable lamp bulb sofa chair table desk rug towel cushion curtain knife tent candle bottle ball balloon clock plush doll vase".split()
)


@dataclass(frozen=True, slots=True)
class Subject:
    """What is sold, as far as title, type and category say it."""

    kind: str
    heads: frozenset[str]
    """Stems of the nouns that stand for the product in its own text."""
    words: frozenset[str]
    """Stems of all words of title, type and category."""
    side: int
    """Place in the title from which on it speaks of something else: "with …", "for …"."""
    media: bool
    """Whether titles of this kind are names of works."""

    @classmethod
    def of(cls, product: Product, title: Passage) -> Subject:
        """Read type and category and the noun at the end of the title's first part."""
        shelves = [name_tokens(c) for c in product.category]
        kind = name_tokens(product.type or "")
        # "Guitars & Strings" does not say which of the two
        plain = not re.search(r"[&,/]|\band\b", product.category[-1]) if product.category else False
        heads = {words[-1] for words in (kind, *(shelves[-1:] if plain else ())) if words}
        side = _SIDE.search(title.lower, 1)
        for part in (0, 1):
            found = _TITLE_TAIL.search(title.lower, part and title.ends[0] if title.ends else 0)
            end = found.start() if found else len(title.lower)
            before = [w for w, e in zip(title.words, title.ends, strict=True) if e <= end]
            # "Garden hose 30m black": neither a measure nor a colour is the noun
            while before and (not before[-1].isalpha() or before[-1] in _TRAILING):
                before.pop()
            if before:
                heads.add(before[-1])
                break
        heads -= _NO_HEADS
        noun = _last_noun(title, side.start() if side else len(title.lower))
        if noun:
            heads.add(noun)
        words = {*title.words, *kind, *(w for s in shelves for w in s)}
        return cls(
            kind=kind_of(product),
            heads=frozenset(heads),
            words=frozenset(words),
            side=side.start() if side else len(title.lower),
            media=not _MEDIA.isdisjoint(words),
        )

    def any_of(self, words: frozenset[str]) -> bool:
        """Whether title, type or category has one of these words."""
        return not self.words.isdisjoint(words)

    def speaks(self, title: Passage, start: int) -> bool:
        """Whether at that place the title speaks of the product: not in "with …" or "for …"; of it
        again after a comma ("chocolate with hazelnut, 45 g").
        """
        if title.source != "title" or start < self.side:
            return True
        return title.lower.startswith("with", self.side) and bool(
            re.search(r"(?:[,(]|\s-)\s*$", title.lower[max(0, start - 4) : start])
        )

    def follows(self, passage: Passage, last: int, *, reach: int = 3) -> bool:
        """Whether the product's own noun follows a word, with adjectives only between them."""
        for i in range(last, min(last + reach + 1, len(passage.words))):
            if passage.breaks(i) or passage.words[i] in _JOINTS:
                return False
            if passage.words[i] in self.heads:
                return True
        return False


def _last_noun(title: Passage, side: int) -> str | None:
    """The last well-known product noun of a title that no other noun follows: "monitor" in
    "Monitor 27 inch black", not "laptop" in "laptop stickers".
    """
    words = title.words
    for i in range(len(words) - 1, -1, -1):
        if title.starts[i] < side and words[i] in _NOUNS:
            last = i + 1 == len(words) or title.breaks(i + 1)
            if last or not words[i + 1].isalpha() or words[i + 1] in _FURTHER:
                return words[i]
            return None
    return None


_NOUNS: Final = (
    SCREENS
    | BEDS
    | VESSELS
    | CARRIERS
    | PLAIN_THINGS
    | (APPAREL - {"flat", "pump", "short", "ring", "top", "fleece"})
)
