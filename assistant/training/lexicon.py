"""Words the generator fills its clauses with: written here, and phrases of whatever catalogues and
labelled queries are at hand.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from catalog.lexicon import COLORS, MATERIALS


def _list(text: str) -> tuple[str, ...]:
    return tuple(w.strip() for w in text.replace("\n", ",").split(",") if w.strip())


ITEMS: Final = _list("""
kettle, rain jacket, desk lamp, office chair, running shoes, yoga mat, coffee grinder, dog bed, cat litter, baby monitor, car seat,
phone charger, usb hub, power drill, garden hose, lawn mower, paint roller, curtain rod, shower curtain, bath towels, pillow, duvet
cover, mattress topper, frying pan, chef knife, cutting board, water filter, lunch box, thermos, backpack, suitcase, passport holder,
sunglasses, wrist watch, earrings, necklace, wedding dress, suit, belt, wool socks, beanie, gloves, scarf, winter boots, sandals,
swim goggles, bike helmet, bike pump, tent, sleeping bag, head torch, fishing rod, dumbbells, skipping rope, jigsaw puzzle, board
game, building blocks, doll, toy train, colouring book, novel, cookbook, notebook, fountain pen, printer paper, stapler, monitor,
keyboard, mouse, webcam, headphones, earbuds, bluetooth speaker, turntable, guitar strings, ukulele, microphone, tripod, camera bag,
memory card, tablet, laptop sleeve, e-reader, smart bulb, door lock, smoke alarm, space heater, fan, air purifier, dehumidifier,
vacuum cleaner, iron, ironing board, laundry basket, washing powder, dish soap, sponge, bin bags, toilet paper, shampoo, conditioner,
face cream, sunscreen, lip balm, mascara, nail polish, perfume, razor, toothbrush, vitamins, plasters, thermometer, protein powder,
olive oil, pasta, oat milk, coffee beans, green tea, dark chocolate, crisps, peanut butter, rice, honey, dog food, hamster cage,
aquarium, bird feeder, plant pot, potting soil, seeds, secateurs, barbecue, picnic blanket, deck chair, cool box, christmas tree,
birthday candles, wrapping paper, greeting card, yarn, sewing machine, knitting needles, easel, acrylic paint, glue gun, bookcase,
wardrobe, coffee table, sofa, armchair, bar stool, bed frame, rug, mirror, picture frame, wall clock, vase, oil filter, wiper blades,
tyre inflator, jump starter, roof box
""")
BRANDS: Final = _list("""
Halden, Tarnby, Nike, Adidas, Bosch, Philips, Sony, Samsung, Lego, Brio, Ikea, Braun, Dyson, Makita, Levi's, North Face, Patagonia,
Osprey, Garmin, Casio, Logitech, Anker, Oral-B, Nivea, Dove, L'Oreal, Pampers, Purina, Royal Canin, Kenwood, De'Longhi, Le Creuset,
Tefal, Zwilling, Moleskine, Faber-Castell, Yamaha, Fender, Hornby, Playmobil, Barbie, Star Wars, Pokemon, Disney, Paw Patrol, Marvel,
Hello Kitty, Velmora, Trondal, Kisk, Okerby, Sundane, Lumette, Praxo, Brindle & Co, Norvik, Marrowell, Aster House, Quill, Zephyrine
""")
FEATURES: Final = _list("""
waterproof, wireless, rechargeable, dishwasher safe, machine washable, gluten free, sugar free, vegan, organic, foldable, adjustable,
battery powered, bluetooth, noise cancelling, non-stick, non-slip, fragrance free, hypoallergenic, cordless, usb-c, solar powered,
left-handed, unscented, caffeine free, lactose free, stackable, insulated, leakproof, scratch resistant, long sleeve, high waist,
slim fit, backlit, dimmable, touchscreen, fair trade, cruelty free, biodegradable, energy class A, magnetic, reusable, refillable,
microwave safe, oven proof, fast charging, anti-glare, quick dry, reflective, padded, unisex, handmade, sulfate free, paraben free
""")
PARTS: Final = _list("""
a timer, a lid, a remote, pockets, a hood, a zip, wheels, a handle, a usb port, storage, a stand, arm rests, keep warm, auto shut-off,
a thermostat, straps, a carry case, a warranty, lights, a screen, drawers, a mirror, a built-in mic, memory foam, arch support, spf 30,
laces, a belt clip, cup holders, a filter, a grill plate, batteries included, an alarm, a compass, sleeves, buttons, a hinge, legs
""")
DENIED: Final = _list("""
peanuts, nuts, sugar, palm oil, parabens, perfume, gluten, lactose, caffeine, alcohol, laces, a zip, logos, glitter, batteries, wires,
bluetooth, a screen, buttons, wheels, a hood, artificial sweeteners, soy, chicken, lavender, fluoride, silicone, feathers, a handle,
msg, stripes, polka dots, flowers, app, smart stuff, plastic packaging, assembly, drilling
""")
WISHES: Final = _list("""
quiet, sturdy, lightweight, cheap, small, big, stylish, simple, cozy, warm, comfortable, durable, elegant, cute, fun, modern, retro,
rustic, minimalist, colourful, easy to clean, easy to use, easy to assemble, good value, well rated, good quality, long lasting, soft,
fast, powerful, bright, compact, pretty, fancy, premium, affordable, not too pricey, not too big, not too heavy, not too sweet, portable,
kid friendly, space saving, strong, thin, breathable, classic, trendy, gentle, reliable, safe, natural looking, not too loud, not flashy
""")
PURPOSES: Final = _list("""
for my dad who likes fishing, for my mum, for my girlfriend, for my boss, for a small kitchen, for the office, for camping, for travel,
for long flights, for the beach, for a wedding, for christmas, for his birthday, for my flatmate, for beginners, for a tiny balcony, for
hiking in the rain, for cold winters, for dry skin, for curly hair, for sensitive teeth, for my old cat, for a big dog, for working from
home, for the gym, for school, for a baby shower, for two people, for a picnic, for my daughter, for my nephew, for the garden, for the
car, for a night out, for an interview, for studying, for small hands, for big feet, for bad knees, for back pain, for my neighbour
who never sleeps, for movie nights, for a student flat, for everyday use, for my commute, for a housewarming, for secret santa
""")
NEEDS: Final = _list("""
keep my coffee hot, fit under the bed, doesn't wake the baby, goes with everything, lasts all day, doesn't smell, fits in a handbag,
keeps the sun out, helps me sleep, stops the draught, makes the room feel bigger, won't fall apart, doesn't scratch, looks expensive,
keeps the kids busy, can take a beating, survives the dishwasher, won't break the bank, suits a teenager, sits well on the wall,
doesn't take up much room, gets rid of cat hair, isn't boring, my grandma can use, goes well with oak, keeps mosquitoes away
""")
UNITS: Final = (
    ("l", 0.5, 30), ("litres", 1, 80), ("liters", 1, 80), ("ml", 50, 900), ("kg", 1, 90), ("g", 50, 900), ("lbs", 1, 60), ("oz", 2, 40),
    ("cm", 10, 220), ("mm", 2, 90), ("inch", 4, 75), ("inches", 4, 75), ('"', 10, 65), ("m", 1, 20), ("ft", 2, 20), ("feet", 2, 20),
    ("watts", 5, 2500), ("W", 5, 2500), ("hours", 2, 60), ("h", 2, 60), ("mah", 1000, 20000), ("gb", 8, 900), ("tb", 1, 8), ("hz", 60, 240),
    ("db", 20, 75), ("lumens", 100, 2000), ("pieces", 10, 2000), ("people", 2, 12), ("persons", 2, 8), ("players", 2, 8), ("pack", 2, 24),
    ("bags", 10, 100), ("tablets", 20, 200), ("rolls", 4, 48), ("pockets", 2, 9), ("drawers", 2, 8), ("stars", 3, 5), ("minutes", 5, 90),
    ("degrees", 100, 250), ("bar", 3, 20), ("v", 12, 40), ("gsm", 80, 300), ("seats", 2, 7), ("shelves", 2, 7), ("servings", 2, 12),
)  # fmt: skip
SIZES: Final = _list("""
S, M, L, XL, XXL, XS, small, medium, large, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 32x34, 30x32, size 8, size 10, size 12, 9.5, 6 uk,
king size, queen size, double, twin, one size, 34B, 2T, 104, 128, extra large, plus size
""")
GENDERS: Final = _list("""men's, women's, mens, womens, ladies, boys, girls, kids, unisex, for men, for women, for boys, for girls, for
him, for her""")  # fmt: skip
AGES: Final = _list("""
5 year old, 3 year old, 10-year-old, two year old, 18 month old, toddler, teenager, newborn, 8 yr old, 6-9 months, seven year old, 4yo,
12 year olds, preschooler
""")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Phrases by what they are. ``queries`` are labelled human queries: (tokens, labels)."""

    items: tuple[str, ...] = ITEMS
    brands: tuple[str, ...] = BRANDS
    colors: tuple[str, ...] = tuple(sorted(COLORS))
    materials: tuple[str, ...] = tuple(sorted(MATERIALS))
    features: tuple[str, ...] = FEATURES
    queries: Sequence[tuple[list[str], list[str]]] = field(default=())


_FUNCTION_WORDS: Final = tuple(
    """a an the for with without of in on and or not no one two to from by at it is are be my your his her this that these
those all any some more most less than under over up down out off new old other""".split()
)
"""Single words that a labelled query may call a brand, and that would teach nothing but confusion."""

_KINDS: Final[Mapping[str, str]] = {
    "core_product_type": "items",
    "creator": "brands",
    "color": "colors",
    "material": "materials",
}


def gather(queries: Path | None, types: Iterable[str] = (), brands: Iterable[str] = ()) -> Lexicon:
    """Our own words, those of catalogues, and the phrases of a QueryNER file (JSON lines, gzip) if given.

    QueryNER (Palen-Michel et al., 2024) is MIT-licensed; its train part only is meant for this.
    """
    labelled: list[tuple[list[str], list[str]]] = []
    phrases: dict[str, list[str]] = {name: [] for name in _KINDS.values()}
    if queries is not None:
        with gzip.open(queries, "rt", encoding="utf-8") as lines:
            for line in lines:
                record = json.loads(line)
                labelled.append((record["tokens"], record["labels"]))
                for label, words in spans(record["tokens"], record["labels"]):
                    if (kind := _KINDS.get(label)) and len(words) <= 4:
                        phrases[kind].append(" ".join(words))
    return Lexicon(
        items=_distinct((*ITEMS, *types, *phrases["items"])),
        brands=_distinct((*BRANDS, *brands, *phrases["brands"])),
        colors=_distinct((*sorted(COLORS), *phrases["colors"])),
        materials=_distinct((*sorted(MATERIALS), *phrases["materials"])),
        queries=labelled,
    )


def spans(tokens: Sequence[str], labels: Sequence[str]) -> list[tuple[str, list[str]]]:
    """(label, words) of each BIO span, in order."""
    found: list[tuple[str, list[str]]] = []
    for token, label in zip(tokens, labels, strict=True):
        if label.startswith("B-"):
            found.append((label[2:], [token]))
        elif label.startswith("I-") and found and found[-1][0] == label[2:]:
            found[-1][1].append(token)
    return found


def _distinct(words: Iterable[str]) -> tuple[str, ...]:
    kept = {w.lower(): w for w in reversed([*words]) if re.fullmatch(r"[\w][\w .'&-]*[\w]", w)}
    for word in _FUNCTION_WORDS:
        kept.pop(word, None)
    return tuple(reversed(kept.values()))
