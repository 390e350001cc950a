"""A year in the lives of the demo shoppers, told as habits and single purchases.

A story names products by what they are (:class:`Pick`), not by id, so it survives a
change of the catalogue; :mod:`catalog.demo.history` gives it dates, prices and ids.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True, slots=True)
class Pick:
    """A product described: the ``nth`` most reviewed one on stock of a type that meets ``when``
    (the last such one when there are fewer).
    """

    type: str
    when: str = ""
    brand: str | None = None
    nth: int = 0
    title: str = ""
    """Words the title has, for a product the story means exactly."""


@dataclass(frozen=True, slots=True)
class Habit:
    """Something bought again and again, every ``days`` give or take ``jitter``, from day ``start``.

    Days are counted from the first day of the year told; ``until`` is the last one.
    """

    pick: Pick
    days: int
    jitter: int
    start: int
    quantity: int = 1
    options: Mapping[str, str] = field(default_factory=dict)
    until: int = 364


@dataclass(frozen=True, slots=True)
class Purchase:
    """Something bought once, on ``day``."""

    pick: Pick
    day: int
    quantity: int = 1
    options: Mapping[str, str] = field(default_factory=dict)
    liked: bool = False


@dataclass(frozen=True, slots=True)
class Wish:
    """Something saved on ``day``, when it cost ``change`` times what it costs today."""

    pick: Pick
    day: int
    change: float = 1.0


@dataclass(frozen=True, slots=True)
class Story:
    """One shopper's year."""

    id: str
    name: str
    about: str
    habits: tuple[Habit, ...] = ()
    purchases: tuple[Purchase, ...] = ()
    wishes: tuple[Wish, ...] = ()
    browses: tuple[tuple[Pick, int], ...] = ()
    """Looked at on a day and not bought."""


STORIES: Final[tuple[Story, ...]] = (
    Story(
        "ana",
        "Ana",
        "New mother in a small flat: quiet things, gentle things, and coffee on subscription by habit.",
        habits=(
            Habit(Pick("coffee", "form=ground & roast=medium & !decaf & weight<=500", nth=1), 21, 3, 6),
            Habit(Pick("face wash", "scent_free & skin_type=sensitive"), 63, 8, 20),
            Habit(Pick("tea", "variety=chamomile|rooibos"), 45, 7, 120),
        ),
        purchases=(
            Purchase(Pick("duvet cover", "material=cotton", nth=1), 9, options={"size": "queen"}),
            Purchase(Pick("jeans", "gender=women & cut=straight|slim", nth=0), 34, options={"waist": "29", "inseam": "30"}, liked=True),
            Purchase(Pick("air purifier", "noise<=30"), 77, liked=True),
            Purchase(Pick("baby bottle", "anti_colic"), 122, 2, liked=True),
            Purchase(Pick("bottle sterilizer", "style=electric steam"), 122),
            Purchase(Pick("plush toy", "age_from<=0 & machine_washable"), 140, liked=True),
            Purchase(Pick("t-shirt", "gender=women|unisex & material=cotton"), 171, 2, options={"size": "M"}),
            Purchase(Pick("baby bottle", "flow=medium"), 215, 2),
            Purchase(Pick("jeans", "gender=women & cut=mom|relaxed|wide-leg", nth=1), 246, options={"waist": "30", "inseam": "30"}),
            Purchase(Pick("towel", "organic"), 291, 2),
            Purchase(Pick("building blocks", "age_from<=2"), 340, liked=True),
        ),
        wishes=(
            Wish(Pick("kettle", title="Halden Fathom"), 310, 1.11),
            Wish(Pick("vacuum cleaner", "noise<=68"), 255, 1.0),
            Wish(Pick("dress", "pockets & hemline=midi"), 200, 1.22),
            Wish(Pick("table lamp", "dimmable"), 334, 0.94),
        ),
        browses=(
            (Pick("kettle", title="Halden Hush"), 356),
            (Pick("kettle", title="Tarnby Cove"), 356),
            (Pick("kettle", "noise<=62", nth=3), 358),
            (Pick("puzzle", "pieces<=24"), 349),
        ),
    ),
    Story(
        "ben",
        "Ben",
        "Lives with Olive, a large rescue dog: food every six weeks, treats every four, a walk in any weather.",
        habits=(
            Habit(Pick("dog treat", "style=training bites|biscuits & grain_free"), 28, 3, 4, quantity=2),
            Habit(Pick("dog food", "form=dry & life_stage=adult & weight>=10"), 42, 4, 11),
            Habit(Pick("coffee", "form=whole bean & roast=dark"), 33, 6, 25),
        ),
        purchases=(
            Purchase(Pick("dog leash", "material=leather|rope"), 18, liked=True),
            Purchase(Pick("rain jacket", "gender=men|unisex & waterproof"), 29, options={"size": "L"}, liked=True),
            Purchase(Pick("jeans", "gender=men & cut=straight|slim"), 88, options={"waist": "34", "inseam": "32"}, liked=True),
            Purchase(Pick("sock", "use=hiking"), 102, 3, options={"size": "L"}),
            Purchase(Pick("dog leash", "style=training"), 150),
            Purchase(Pick("headlamp", "rechargeable"), 350, liked=True),
            Purchase(Pick("jeans", "gender=men & cut=straight", nth=1), 305, options={"waist": "34", "inseam": "32"}),
            Purchase(Pick("towel", "style=beach towel"), 236),
        ),
        wishes=(
            Wish(Pick("hiking boot", "gender=men & waterproof"), 280, 1.17),
            Wish(Pick("vacuum cleaner", "pet_hair", nth=1), 190, 1.1),
            Wish(Pick("dog leash", "style=hands-free"), 345, 1.0),
        ),
        browses=((Pick("dog treat", "style=dental sticks"), 330), (Pick("dog food", "life_stage=senior & form=dry"), 341), (Pick("backpack", "use=hiking"), 352)),
    ),
    Story(
        "chloe",
        "Chloe",
        "Runs five days a week: road shoes every five months, socks, gels before races, one spring marathon.",
        habits=(
            Habit(Pick("energy gel", "caffeine & pack_size>=6 & pack_size<=12"), 35, 6, 8),
            Habit(Pick("running shoe", "gender=women & surface=road & !carbon_plate"), 148, 9, 12, options={"size": "8"}),
            Habit(Pick("snack bar", "protein>=8"), 30, 6, 15),
            Habit(Pick("sunscreen", "water_resistant & spf>=30"), 55, 8, 165, until=330),
        ),
        purchases=(
            Purchase(Pick("sock", "use=running & cushioned"), 12, 3, options={"size": "M"}, liked=True),
            Purchase(Pick("headlamp", "weight<=80 & brightness>=250"), 22),
            Purchase(Pick("running shoe", "gender=women & surface=trail"), 96, options={"size": "8"}, liked=True),
            Purchase(Pick("energy gel", "!caffeine & pack_size>=10"), 151, liked=True),
            Purchase(Pick("headphones", "style=in-ear & wireless & waterproof"), 175, liked=True),
            Purchase(Pick("sock", "use=running & cushioned"), 198, 2, options={"size": "M"}),
            Purchase(Pick("water bottle", "leakproof & weight<=250"), 221),
            Purchase(Pick("sock", "use=running", nth=1), 318, 2, options={"size": "M"}),
        ),
        wishes=(
            Wish(Pick("running shoe", "carbon_plate"), 232, 1.15),
            Wish(Pick("rain jacket", "packable"), 300, 1.0),
            Wish(Pick("headphones", "style=in-ear & noise_cancelling", nth=1), 325, 0.95),
        ),
        browses=((Pick("running shoe", "gender=women & cushioning=maximum"), 349), (Pick("backpack", "", nth=4), 338), (Pick("jeans", "gender=women & cut=skinny"), 300)),
    ),
    Story(
        "dev",
        "Dev",
        "Works from the spare room: screens, keyboards, good light, and a serious coffee habit.",
        habits=(
            Habit(Pick("coffee", "form=whole bean & roast=light|medium & weight>=250", nth=2), 18, 3, 3),
            Habit(Pick("pen", "style=gel & pack_size>=3"), 90, 12, 30),
            Habit(Pick("notebook", "ruling=dotted"), 75, 10, 22, quantity=2),
        ),
        purchases=(
            Purchase(Pick("monitor", "screen>=27 & usb_c_power"), 16, liked=True),
            Purchase(Pick("desk chair", "lumbar_support & armrests=adjustable"), 40, liked=True),
            Purchase(Pick("keyboard", "mechanical & noise<=57"), 73, liked=True),
            Purchase(Pick("desk lamp", "dimmable"), 73),
            Purchase(Pick("headphones", "noise_cancelling & style=over-ear"), 130, liked=True),
            Purchase(Pick("phone charger", "style=desk station"), 181),
            Purchase(Pick("shirt", "gender=men & fit=regular"), 209, 2, options={"size": "M"}),
            Purchase(Pick("jeans", "gender=men & cut=tapered|slim", nth=1), 209, options={"waist": "32", "inseam": "32"}),
            Purchase(Pick("power bank", "battery_capacity>=10000"), 264),
        ),
        wishes=(
            Wish(Pick("espresso machine", "style=pump & milk_frother"), 222, 1.16),
            Wish(Pick("monitor", "curved"), 290, 1.08),
            Wish(Pick("keyboard", "hot_swappable", nth=1), 333, 1.0),
        ),
        browses=((Pick("espresso machine", "style=bean-to-cup"), 346), (Pick("air purifier", "smart"), 320), (Pick("backpack", "use=laptop"), 355)),
    ),
    Story(
        "elena",
        "Elena",
        "Walks up hills every other weekend and sleeps on some of them.",
        habits=(
            Habit(Pick("snack bar", "base=nuts|dates"), 24, 5, 10, quantity=2),
            Habit(Pick("sock", "use=hiking", nth=1), 120, 14, 35, quantity=2, options={"size": "M"}),
            Habit(Pick("sunscreen", "spf>=50"), 70, 9, 150, until=320),
        ),
        purchases=(
            Purchase(Pick("sleeping bag", "comfort_temperature<=2"), 14, liked=True),
            Purchase(Pick("hiking boot", "gender=women & waterproof"), 61, options={"size": "7"}, liked=True),
            Purchase(Pick("rain jacket", "gender=women|unisex & water_column>=10000"), 100, options={"size": "M"}, liked=True),
            Purchase(Pick("tent", "sleeps<=2"), 162, liked=True),
            Purchase(Pick("camping stove", "fuel=gas & burners=1"), 162),
            Purchase(Pick("backpack", "use=hiking & capacity>=30"), 188, options={}),
            Purchase(Pick("headlamp", "waterproof"), 243),
            Purchase(Pick("sweater", "material=merino wool"), 333, options={"size": "M"}, liked=True),
        ),
        wishes=(
            Wish(Pick("sleeping bag", "filling=down"), 260, 1.25),
            Wish(Pick("camping stove", "material=titanium"), 211, 1.12),
            Wish(Pick("jacket", "filling=down|recycled polyester"), 344, 1.0),
        ),
        browses=((Pick("tent", "seasons=4-season"), 351), (Pick("power bank", "solar"), 247), (Pick("water bottle", "insulated & capacity>=750"), 339)),
    ),
    Story(
        "farid",
        "Farid",
        "Cooks every evening: olive oil by the litre, one good knife, a growing row of pans.",
        habits=(
            Habit(Pick("olive oil", "grade=extra virgin & volume>=500"), 31, 4, 5),
            Habit(Pick("pasta", "flour=durum wheat"), 20, 4, 9, quantity=4),
            Habit(Pick("chocolate", "variety=dark & cocoa>=70"), 26, 5, 13, quantity=2),
            Habit(Pick("tea", "form=loose leaf"), 58, 8, 28),
        ),
        purchases=(
            Purchase(Pick("chef's knife", "style=gyuto|santoku"), 26, liked=True),
            Purchase(Pick("frying pan", "material=cast iron|carbon steel"), 68, liked=True),
            Purchase(Pick("blender", "style=hand"), 119),
            Purchase(Pick("kettle", "variable_temperature"), 157, liked=True),
            Purchase(Pick("frying pan", "material=stainless steel"), 230),
            Purchase(Pick("scented candle", "scent=rosemary|tomato leaf|fig"), 275),
            Purchase(Pick("belt", "gender=men|unisex & material=leather"), 311, options={"size": "34"}),
        ),
        wishes=(
            Wish(Pick("espresso machine", "style=lever"), 240, 1.1),
            Wish(Pick("chef's knife", "material=damascus steel"), 181, 1.19),
            Wish(Pick("blender", "style=jug & power>=1200"), 338, 1.0),
        ),
        browses=((Pick("toaster", "wide_slots"), 345), (Pick("frying pan", "coating=ceramic"), 329), (Pick("granola", "", nth=2), 312)),
    ),
    Story(
        "grace",
        "Grace",
        "Aunt to many: gifts before every birthday and most of December, seldom anything for herself.",
        habits=(Habit(Pick("tea", "variety=Earl Grey|English breakfast"), 48, 7, 17), Habit(Pick("cat food", "form=wet & life_stage=adult|senior"), 25, 3, 7, quantity=2), Habit(Pick("cat litter", "scent_free & volume>=10"), 36, 5, 14)),
        purchases=(
            Purchase(Pick("board game", "style=family"), 27, liked=True),
            Purchase(Pick("plush toy", "animal=fox|otter|hedgehog"), 27),
            Purchase(Pick("chocolate", "fair_trade & weight>=90"), 33, 5),
            Purchase(Pick("scented candle", "wax=soy"), 33, 2, liked=True),
            Purchase(Pick("train set", "material=wood"), 38, liked=True),
            Purchase(Pick("puzzle", "pieces>=500"), 103),
            Purchase(Pick("lipstick", "color=rose|red"), 137),
            Purchase(Pick("sock", "use=bed|dress"), 193),
            Purchase(Pick("building blocks", "material=wood"), 226),
            Purchase(Pick("cushion", "pattern=embroidered|floral"), 259, 2),
            Purchase(Pick("board game", "style=cooperative"), 302),
            Purchase(Pick("pen", "style=fountain"), 328, liked=True),
        ),
        wishes=(
            Wish(Pick("train set", "battery_powered"), 318, 1.14),
            Wish(Pick("sweater", "material=cashmere"), 288, 1.09),
            Wish(Pick("notebook", "material=leather"), 348, 1.0),
        ),
        browses=((Pick("plush toy", "animal=dragon"), 353), (Pick("puzzle", "material=wood"), 355), (Pick("bluetooth speaker", "style=mini"), 322)),
    ),
    Story(
        "marta",
        "Marta",
        "Two children at school, one washing machine: jeans that last, t-shirts by the handful, quick breakfasts.",
        habits=(
            Habit(Pick("granola", "weight>=400"), 22, 4, 8),
            Habit(Pick("shampoo", "volume>=300"), 50, 7, 19),
            Habit(Pick("sock", "use=everyday & pack_size>=3"), 95, 12, 21, quantity=2, options={"size": "M"}),
            Habit(Pick("pasta", "gluten_free"), 19, 4, 12, quantity=3),
        ),
        purchases=(
            Purchase(Pick("building blocks", "pieces>=150"), 36, liked=True),
            Purchase(Pick("jeans", "gender=women & cut=bootcut|flared"), 55, options={"waist": "31", "inseam": "32"}, liked=True),
            Purchase(Pick("backpack", "use=school"), 84, 2),
            Purchase(Pick("sunscreen", "kids"), 205, 2),
            Purchase(Pick("sneaker", "gender=women|unisex"), 216, options={"size": "8"}),
            Purchase(Pick("jeans", "gender=women & cut=straight|slim", nth=2), 295, options={"waist": "31", "inseam": "32"}, liked=True),
            Purchase(Pick("toaster", "slots=4"), 308, liked=True),
            Purchase(Pick("puzzle", "pieces=100|300"), 347),
        ),
        wishes=(
            Wish(Pick("jeans", "gender=women & wash=overdyed|bleached"), 250, 1.2),
            Wish(Pick("vacuum cleaner", "style=robot"), 219, 1.12),
            Wish(Pick("tent", "sleeps>=4"), 190, 1.0),
        ),
        browses=((Pick("t-shirt", "pattern=striped"), 337), (Pick("rain jacket", "color=yellow|red|orange|teal"), 354), (Pick("snack bar", "gluten_free & vegan"), 350)),
    ),
)  # fmt: skip
"""The shoppers of the demo; the first is the one the page opens with."""
