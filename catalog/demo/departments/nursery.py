"""The nursery corner of the home department: baby bottles and sterilizers."""

from __future__ import annotations

from catalog.demo.authoring import ProductType, by_word, chance, hue, measure, one_of, say
from catalog.demo.brands import HALDEN, LITTLE_LANTERN, MOONPIP, NESTLING, PIPPET

BABY_BOTTLE = ProductType(
    name="baby bottle",
    code="BBY",
    category=("Home", "Baby", "Baby bottles"),
    count=14,
    brands=(MOONPIP, NESTLING, LITTLE_LANTERN, PIPPET),
    draws={
        "material": one_of("polypropylene", "glass", "silicone"),
        "color": hue("clear", "white", "mint", "blush", "sage", "grey"),
        "capacity": measure("ml", 120, 150, 240, 260, 330),
        "pack_size": measure("pc", 1, 2, 2, 3),
        "flow": one_of("slow", "medium", "variable"),
        "anti_colic": chance(0.7),
        "dishwasher_safe": lambda d: True,
        "age_from": by_word("flow", {"slow": measure("month", 0), "medium": measure("month", 3), "variable": measure("month", 6)}),
    },
    price=lambda d: (5.5 + d.n("capacity") / 90 + 3 * d.has("material", "glass")) * (0.25 + 0.75 * d.n("pack_size", 1)),
    titles=(
        "{brand} {model} Baby Bottle, {capacity}",
        say("pack_size>=2", "{brand} {model} Baby Bottles, pack of {pack_size:n}"),
        "{brand} {model} {material:cap} Baby Bottle",
        say("anti_colic", "{model} Anti-Colic Baby Bottle by {brand}"),
        "{brand} {model} Baby Bottle",
        say("!brand", "{model} Baby Bottle, {capacity}"),
    ),
    openings=(
        "Night feeds are easier with a bottle that assembles in the dark.",
        "The {model} has few parts and all of them come clean.",
        "Shaped for a small hand that wants to help.",
        "Milk, nap, milk, nap: the {model} is ready before you are.",
        "Grandparents work out the {model} without being shown.",
        "Light enough to hold at the end of a very long arm.",
        "{brand} tested the {model} on very honest customers.",
        "A wide neck means less powder on the counter at four in the morning.",
    ),
    details=(
        say("anti_colic", "A valve at the base lets air in behind the milk, against colic.", "The anti-colic vent keeps bubbles out of the milk."),
        say("flow=slow", "The slow teat suits newborns."),
        say("flow=medium", "A medium teat suits babies who have got the hang of it."),
        say("flow=variable", "Turn the bottle to change the flow of the teat."),
        say("material=glass", "Borosilicate glass goes from fridge to warm water without a crack."),
        say("material=silicone", "The soft silicone body bounces."),
        "It holds {capacity}, with marks you can read by night light.",
    ),
    closings=(
        "Safe for dishwasher and sterilizer.",
        "Teats in other flows are sold separately.",
        "A cap for the nappy bag is included.",
    ),
)  # fmt: skip

BOTTLE_STERILIZER = ProductType(
    name="bottle sterilizer",
    code="STE",
    category=("Home", "Baby", "Sterilizers"),
    count=8,
    brands=(MOONPIP, NESTLING, HALDEN, LITTLE_LANTERN),
    draws={
        "style": one_of("electric steam", "electric steam", "microwave steam"),
        "material": lambda d: "plastic",
        "color": hue("white", "grey", "sage", "mint"),
        "capacity_bottles": lambda d: float(d.rng.choice((4, 6, 6, 8))),
        "cycle_time": by_word("style", {"electric steam": measure("min", 6, 8, 10)}, measure("min", 4, 5)),
        "power": by_word("style", {"electric steam": measure("W", 500, 600, 800)}),
        "dryer": lambda d: d.values["style"] == "electric steam" and d.rng.random() < 0.5,
    },
    price=lambda d: 24 + 22 * d.has("style", "electric steam") + 22 * d.has("dryer") + 2 * d.n("capacity_bottles"),
    titles=(
        "{brand} {model} Bottle Sterilizer, {color}",
        say("style=microwave steam", "{brand} {model} Microwave Bottle Sterilizer"),
        say("dryer", "{brand} {model} Bottle Sterilizer and Dryer"),
        "{brand} {model} Bottle Sterilizer",
        say("!brand", "{model} Bottle Sterilizer"),
    ),
    openings=(
        "Steam, nothing else, and {capacity_bottles:word} clean bottles at the end of it.",
        "The {model} does the boring part of feeding in {cycle_time:long}.",
        "Fill the tray, add water, walk away.",
        "Made for the counter you no longer have to yourself.",
        "{brand} knows that nobody reads a manual at three in the morning.",
        "One button for the thing you will do most this year.",
        "Bottles go in by the handful and come out fit for use.",
    ),
    details=(
        say("dryer", "A warm-air dryer finishes the job, so nothing is put away wet."),
        say("!dryer", "Lift the rack out and let the bottles drip dry."),
        say("style=microwave steam", "It fits most microwaves and needs no socket of its own."),
        say("power", "It draws {power} and switches itself off."),
        "The rack takes wide and narrow bottles, teats and pump parts.",
        "Steam reaches every corner, without tablets or aftertaste.",
        say("style=electric steam", "A tone says when it is done, and can be muted."),
    ),
    closings=("Contents stay sterile for a day if the lid stays shut.", "Tongs included.", "Descale it with a spoon of citric acid."),
)  # fmt: skip

TYPES = (BABY_BOTTLE, BOTTLE_STERILIZER)
