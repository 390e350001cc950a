"""Other names for what a catalogue may call differently."""

from __future__ import annotations

from typing import Final

from catalog.lexicon import IMITATIONS
from catalog.text import tokens
from retrieval.vocabulary import Phrase

SYNONYMS: Final[dict[Phrase, Phrase]] = {
    ("trainer",): ("sneaker",), ("kick",): ("sneaker",), ("lead",): ("leash",), ("leash",): ("lead",), ("couch",): ("sofa",), ("tv",): ("television",), ("telly",): ("television",), ("laptop",): ("notebook",),
    ("unscented",): ("scent", "free"), ("fragrance", "free"): ("scent", "free"), ("perfume", "free"): ("scent", "free"),
    ("odourless",): ("scent", "free"), ("odorless",): ("scent", "free"),
    ("hoover",): ("vacuum", "cleaner"), ("vacuum",): ("vacuum", "cleaner"), ("earphone",): ("headphone",), ("earbud",): ("headphone",),
    ("rucksack",): ("backpack",), ("jumper",): ("sweater",), ("pullover",): ("sweater",), ("tee",): ("t", "shirt",), ("tshirt",): ("t", "shirt"),
    ("torch",): ("flashlight",), ("mobile", "charger"): ("phone", "charger"), ("cell", "phone", "charger"): ("phone", "charger"), ("skillet",): ("frying", "pan"), ("sunblock",): ("sunscreen",),
    ("powerbank",): ("power", "bank"), ("legos",): ("building", "block"), ("lego",): ("building", "block"), ("soft", "toy"): ("plush", "toy"), ("stuffed", "animal"): ("plush", "toy"), ("jigsaw",): ("puzzle",),
    ("denim", "pant"): ("jeans",), ("jean",): ("jeans",), ("comforter",): ("duvet",), ("moisturiser",): ("moisturizer",), ("waterproofed",): ("waterproof",),
    ("water", "resistant"): ("waterproof",), ("cordless",): ("wireless",), ("bluetooth",): ("wireless",), ("over", "ear"): ("circumaural",), ("on", "ear"): ("supra", "aural"), ("circumaural",): ("over", "ear"), ("supra", "aural"): ("on", "ear"), ("xmas",): ("christmas",), ("trouser",): ("trousers",), ("grey",): ("gray",), ("gray",): ("grey",),
    ("tkl",): ("tenkeyless",), ("backlight",): ("backlit",), ("backlighting",): ("backlit",), ("illuminated",): ("backlit",), ("bike",): ("bicycle",), ("bicycle",): ("bike",), ("bedlinen",): ("bedding",), ("bed", "sheet"): ("bedding",), ("bedsheet",): ("bedding",), ("notepad",): ("notebook",),
    ("mic",): ("microphone",), ("kbd",): ("keyboard",), ("ergo",): ("ergonomic",), ("open", "back"): ("open",), ("closed", "back"): ("closed",),
    ("high", "heel"): ("heel",), ("veg",): ("vegetable",), ("veggie",): ("vegetable",),
    ("runner",): ("running", "shoe"), ("rain", "coat"): ("rain", "jacket"), ("raincoat",): ("rain", "jacket"), ("face", "cleanser"): ("face", "wash"), ("facial", "cleanser"): ("face", "wash"), ("cleanser",): ("face", "wash"),
} | {tuple(tokens(said)): tuple(tokens(usual)) for said, usual in IMITATIONS.items()}  # fmt: skip
"""Other names, tried only when the catalogue does not know the word itself."""

KINDS_BELOW: Final[dict[Phrase, tuple[Phrase, ...]]] = {
    ("headphone",): (("circumaural",), ("supra", "aural"), ("over", "ear"), ("on", "ear"), ("in", "ear"), ("earbud",), ("earphone",), ("headset",)),
    ("headset",): (("circumaural",), ("supra", "aural"), ("over", "ear"), ("on", "ear"), ("in", "ear"), ("earbud",), ("earphone",), ("headphone",)),
    ("flower",): (("bouquet",), ("arrangement",), ("flower", "arrangement"), ("corsage",)),
    ("earphone",): (("in", "ear"), ("earbud",)),
    ("shoe",): (("sneaker",), ("boot",), ("sandal",), ("loafer",), ("heel",), ("pump",), ("slipper",), ("flip", "flop"), ("slip", "on")),
}  # fmt: skip
"""Everyday names above types: what they take in where no type bears the name itself."""
TOLD_BESIDES: Final[dict[Phrase, Phrase]] = {("headset",): ("microphone",)}
"""The yes/no attribute that such a name tells besides."""
