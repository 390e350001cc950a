"""Home appliances: vacuum cleaners and air purifiers."""

from __future__ import annotations

from catalog.demo.authoring import ProductType, about, by_word, chance, hue, measure, one_of, say
from catalog.demo.brands import BREEZEL, CORVESSA, DUNMARROW, HALDEN, LUMBRAE, VORTANE

VACUUM_CLEANER = ProductType(
    name="vacuum cleaner",
    code="VAC",
    category=("Home", "Cleaning", "Vacuum cleaners"),
    count=26,
    brands=(VORTANE, DUNMARROW, BREEZEL, HALDEN, CORVESSA),
    draws={
        "style": one_of("cordless stick", "cordless stick", "cylinder", "robot", "handheld"),
        "cordless": lambda d: d.values["style"] != "cylinder",
        "battery_life": lambda d: by_word("style", {"robot": measure("min", 90, 120, 150), "handheld": measure("min", 15, 20, 25)}, measure("min", 40, 50, 60))(d) if d.has("cordless") else None,
        "noise": about("dB", lambda d: 75 - 9 * (d.brand.name == "Halden") - 10 * d.has("style", "robot"), 4),
        "bagless": by_word("style", {"cylinder": chance(0.4)}, lambda d: True),
        "capacity": by_word("style", {"cylinder": measure("l", 2, 3, 4), "handheld": measure("l", 0.3, 0.5)}, measure("l", 0.4, 0.5, 0.7)),
        "weight": by_word("style", {"cordless stick": measure("kg", 1.5, 2.2, 2.6), "cylinder": measure("kg", 4.5, 5.2, 6.1), "handheld": measure("kg", 0.6, 0.8, 1.1)}, measure("kg", 2.8, 3.4)),
        "pet_hair": chance(0.4),
        "hepa_filter": chance(0.6),
        "color": hue("grey", "white", "red", "black", "purple", "mint"),
    },
    price=lambda d: {"cordless stick": 190.0, "cylinder": 130.0, "robot": 260.0, "handheld": 55.0}[str(d.values["style"])] * (1.12 if d.has("pet_hair") else 1.0),
    titles=(
        "{brand} {model} {style:cap} Vacuum Cleaner",
        "{brand} {model} Vacuum Cleaner, {color}",
        say("pet_hair", "{brand} {model} Pet Vacuum Cleaner, {style}"),
        say("noise<=66", "{brand} {model} Quiet Vacuum Cleaner, {noise}"),
        say("style=robot", "{model} Robot Vacuum Cleaner by {brand}"),
        say("!brand", "{model} {style:cap} Vacuum Cleaner"),
    ),
    openings=(
        say("style=cordless stick", "Off the wall, round the kitchen, back on the wall.", "The {model} turns Saturday's chore into a minute here and there.", "No socket to hunt for and no cable to step over."),
        say("style=cylinder", "Steady suction for big rugs and stairs.", "It follows you like a well-trained dog.", "For a whole house in one go."),
        say("style=robot", "Leave for work, come home to clean floors.", "The {model} learns the flat in a day and finds its own way to bed."),
        say("style=handheld", "For crumbs, cars and the top of the bookcase.", "Grab it before anybody steps in it."),
        "{brand} made the {model} easy to empty, which is half of the job.",
    ),
    details=(
        say("cordless", "A charge lasts {battery_life:long}."),
        say("noise<=66", "At {noise} you can vacuum during a nap.", "It hums along at {noise}."),
        say("noise>=76", "It makes itself heard, {noise} on full power."),
        say("pet_hair", "A rubber brush lifts pet hair and does not tangle."),
        say("hepa_filter", "A washable HEPA filter holds on to pollen."),
        say("!bagless", "Bags close themselves when you pull them out."),
        say("bagless", "The {capacity} bin opens at the bottom, over the rubbish."),
        say("style=cordless stick", "It weighs {weight}, so stairs are no punishment."),
        say("style=robot", "Tell it where not to go on a map of your rooms."),
    ),
    closings=("Crevice tool included.", "Rinse the filter once a month.", "Parts are sold for ten years.", "A wall mount and screws are in the box."),
)  # fmt: skip

AIR_PURIFIER = ProductType(
    name="air purifier",
    code="AIR",
    category=("Home", "Climate", "Air purifiers"),
    count=26,
    brands=(BREEZEL, HALDEN, VORTANE, CORVESSA, LUMBRAE),
    draws={
        "room_size": lambda d: float(d.rng.choice((15, 20, 30, 40, 50, 70))),
        "noise": about("dB", lambda d: 29 - 5 * (d.brand.name == "Halden") + d.n("room_size") / 15, 3),
        "power": about("W", lambda d: 12 + 0.7 * d.n("room_size"), 4),
        "filter": one_of("HEPA", "HEPA", "HEPA and carbon"),
        "filter_life": measure("month", 6, 8, 12),
        "smart": chance(0.35),
        "weight": about("kg", lambda d: 1.5 + 0.11 * d.n("room_size"), 0.4, 0.1),
        "color": hue("white", "white", "grey", "black", "sage", "mint"),
    },
    price=lambda d: 58 + 2.6 * d.n("room_size") + 18 * d.has("smart") + 12 * d.has("filter", "HEPA and carbon"),
    titles=(
        "{brand} {model} Air Purifier, {color}",
        "{brand} {model} {filter} Air Purifier",
        say("noise<=28", "{brand} {model} Quiet Air Purifier, {noise}"),
        say("smart", "{brand} {model} Smart Air Purifier"),
        "{model} Air Purifier by {brand} for rooms up to {room_size} m²",
        say("!brand", "{model} Air Purifier, {color}"),
    ),
    openings=(
        "Open the window for the view; leave the dust to the {model}.",
        "You notice it in the morning, when your nose is clear.",
        "Pollen season is shorter indoors.",
        "{brand} hides a large filter in a small drum.",
        "For bedrooms on busy streets and flats above frying pans.",
        "Cooking, candles, cat: the air settles down again within the hour.",
        "The {model} looks like a lamp and works like an open window on a hill.",
        "Put it in the corner, press once, breathe out.",
    ),
    details=(
        "It suits rooms up to {room_size} square metres.",
        say("noise<=28", "On its night setting it makes {noise}, less than a library.", "It breathes at {noise} while you sleep."),
        say("noise>=32", "It runs at {noise} on low and louder when there is work to do."),
        say("filter=HEPA and carbon", "The carbon layer takes care of smells."),
        say("filter=HEPA", "The HEPA filter stops the finest dust."),
        "A filter lasts about {filter_life} and draws out from below.",
        say("smart", "It can be scheduled from a phone and reports what it caught."),
        say("!smart", "One knob, no app."),
        "It uses {power} at most.",
    ),
    closings=("Dust the grille now and then.", "A light shows how clean the air is, and can be turned off.", "Keep it a hand's width from the wall.", "The first filter is included."),
)  # fmt: skip

TYPES = (VACUUM_CLEANER, AIR_PURIFIER)
