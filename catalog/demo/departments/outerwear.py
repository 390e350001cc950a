"""Fashion to go out in: jackets and rain jackets."""

from __future__ import annotations

from catalog.demo.authoring import ProductType, by_word, chance, hue, measure, one_of, run_of, say
from catalog.demo.brands import (
    BASEWELL,
    CAIRNWELL,
    HEKTOR_FINCH,
    HIGHMOSS,
    OMBRINE,
    RAVENSTOKE,
    RIVET_RYE,
    SKARNFELL,
    STOWEMILL,
    TREKTIDE,
)

_LETTERS = run_of("XS", "S", "M", "L", "XL", "XXL", least=4)

JACKET = ProductType(
    name="jacket",
    code="JAC",
    category=("Fashion", "Outerwear", "Jackets"),
    count=26,
    brands=(STOWEMILL, RIVET_RYE, OMBRINE, BASEWELL, RAVENSTOKE, HEKTOR_FINCH),
    draws={
        "gender": one_of("women", "men", "unisex"),
        "style": one_of("denim jacket", "bomber", "puffer", "chore jacket", "blazer", "fleece"),
        "material": by_word("style", {"denim jacket": one_of("denim"), "bomber": one_of("nylon", "suede", "leather"), "puffer": one_of("nylon", "polyester"), "chore jacket": one_of("cotton", "corduroy"), "blazer": one_of("wool", "linen", "cotton"), "fleece": one_of("fleece")}),
        "color": by_word("style", {"denim jacket": hue("indigo", "light blue", "black")}, hue("black", "navy", "olive", "charcoal", "camel", "burgundy", "forest green", "rust")),
        "filling": by_word("style", {"puffer": one_of("down", "recycled polyester")}),
        "water_resistant": lambda d: d.values["material"] in ("nylon", "polyester") and d.rng.random() < 0.7,
        "hood": lambda d: d.values["style"] in ("puffer", "fleece") and d.rng.random() < 0.6,
        "size": _LETTERS,
    },
    price=lambda d: {"denim jacket": 82, "bomber": 96, "puffer": 118, "chore jacket": 88, "blazer": 135, "fleece": 62}[str(d.values["style"])] + 120 * d.has("material", "leather", "suede") + 45 * d.has("filling", "down"),
    titles=(
        say("style=denim jacket|chore jacket", "{brand} {model} {style:cap}, {color}"),
        say("style=bomber|puffer|fleece", "{brand} {model} {style:cap} Jacket, {color}"),
        say("style=blazer", "{brand} {model} Blazer Jacket, {color}", "{brand} {model} {material:cap} Blazer"),
        say("gender=women", "{brand} {model} Women's Jacket, {color}"),
        say("gender=men", "{brand} {model} Men's Jacket, {color}"),
        "{model} Jacket by {brand}, {color}",
        say("!brand", "{model} Jacket, {color}"),
    ),
    openings=(
        say("style=denim jacket", "Over a dress, under a coat, on its own: the {model} has no season.", "The denim jacket that gets borrowed and has to be asked for."),
        say("style=bomber", "Short, ribbed, and quick to throw on.", "A bomber without badges, which is how we like it."),
        say("style=puffer", "Warm in the way a bed is warm.", "The {model} puts a duvet between you and the bus stop."),
        say("style=chore jacket", "Three big pockets and nothing to prove.", "French farm workers wore it first; {brand} has softened it since."),
        say("style=blazer", "Soft shoulders, half a lining, no stiffness.", "The {model} makes jeans look like a decision."),
        say("style=fleece", "For dog walks, campsites and cold kitchens.", "Pull it on before the heating comes on."),
        "{color} goes with more than you think, and the {model} shows it.",
    ),
    details=(
        say("filling=down", "The down is responsibly sourced and lofts back after packing."),
        say("filling=recycled polyester", "Recycled filling keeps you warm even when damp."),
        say("water_resistant", "It sheds a shower, though not a storm."),
        say("hood", "The hood turns with your head."),
        say("material=leather", "The leather is thick at first and yours by spring."),
        say("material=suede", "Keep the suede out of heavy rain and brush it now and then."),
        say("material=wool", "The wool is light enough for a warm office."),
        say("material=linen", "Linen for summer weddings."),
        say("material=corduroy", "Fine corduroy, lined with something smooth in the sleeves."),
        say("material=denim", "Heavy denim, washed once."),
        say("material=fleece", "The pile is deep on the inside and trimmed on the outside."),
        "Cut in sizes {size:range}.",
        "The lining is smooth, so sleeves go on in one go.",
        "Seams are taped inside, where nobody looks.",
    ),
    closings=(
        "An inside pocket takes a phone.",
        "Hang it on a wide hanger.",
        "Room for a sweater underneath.",
        "The zip pulls are made for gloves.",
    ),
)  # fmt: skip

RAIN_JACKET = ProductType(
    name="rain jacket",
    code="RAI",
    category=("Fashion", "Outerwear", "Rain jackets"),
    count=26,
    brands=(CAIRNWELL, SKARNFELL, HIGHMOSS, TREKTIDE, RAVENSTOKE, BASEWELL),
    draws={
        "gender": one_of("women", "men", "unisex"),
        "color": hue("navy", "yellow", "red", "olive", "black", "orange", "forest green", "teal", "blue"),
        "material": one_of("nylon", "nylon", "polyester", "waxed cotton"),
        "waterproof": lambda d: d.values["material"] != "waxed cotton",
        "water_column": lambda d: measure("mm", 5000, 10000, 15000, 20000)(d) if d.has("waterproof") else None,
        "packable": lambda d: d.values["material"] == "nylon" and d.rng.random() < 0.7,
        "weight": lambda d: measure("g", 180, 220, 260, 310)(d) if d.has("packable") else measure("g", 380, 450, 520, 640)(d),
        "hood": chance(0.9),
        "pit_zips": chance(0.35),
        "size": _LETTERS,
    },
    price=lambda d: 58 + d.n("water_column") / 260 + 8 * d.has("pit_zips") + 28 * d.has("material", "waxed cotton"),
    titles=(
        "{brand} {model} Rain Jacket, {color}",
        say("gender=women", "{brand} {model} Women's Rain Jacket, {color}"),
        say("gender=men", "{brand} {model} Men's Rain Jacket, {color}"),
        say("packable", "{brand} {model} Packable Rain Jacket, {weight}"),
        say("waterproof", "{model} Waterproof Rain Jacket by {brand}"),
        say("material=waxed cotton", "{brand} {model} Waxed Rain Jacket, {color}"),
        say("!brand", "{model} Rain Jacket, {color}"),
    ),
    openings=(
        "Weather is coming, and the {model} is on the hook.",
        "A {color} jacket is easy to find in a dark hall, and easy to see on a wet road.",
        "Made for [the school gate|the ferry|the last mile] in sideways rain.",
        "{brand} tests the {model} on hills where it rains for fun.",
        "The {model} keeps the rain out and lets the climb out, too.",
        "Two zips, one hood, no excuses.",
        say("packable", "It stuffs into its own pocket and lives at the bottom of a bag."),
        say("material=waxed cotton", "Waxed cotton smells of harbours and lasts for decades."),
    ),
    details=(
        say("waterproof", "The fabric holds back a water column of {water_column}, with every seam taped.", "Fully waterproof, to {water_column}."),
        say("!waterproof", "It turns showers; for a full day of rain, wax it again first."),
        say("water_column>=15000", "At {water_column} it stands up to a day in the hills."),
        say("packable", "Rolled up it is the size of an apple and weighs {weight}."),
        say("pit_zips", "Zips under the arms dump the heat."),
        say("hood", "The hood has a stiff peak and room for a hat.", "A drawcord at the back takes the hood out of your eyes."),
        "Pockets sit high, clear of a hip belt.",
        "The collar is lined where it meets the chin.",
        say("!hood", "No hood, so bring a cap."),
        say("gender=women", "The cut is a woman's one, not a man's made smaller."),
        "On sale in {size:range}.",
    ),
    closings=(
        "Wash with technical cleaner, never softener.",
        "Cuffs close with one hand.",
        "Reflective piping at the back.",
        "Reproof it once a season.",
    ),
)  # fmt: skip

TYPES = (JACKET, RAIN_JACKET)
