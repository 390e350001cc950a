"""Kitchen appliances: kettles, toasters, blenders, espresso machines."""

from __future__ import annotations

from catalog.demo.authoring import (
    Authored,
    ProductType,
    about,
    by_word,
    chance,
    hue,
    measure,
    one_of,
    say,
    sometimes,
)
from catalog.demo.brands import (
    CORVESSA,
    DUNMARROW,
    HALDEN,
    LUMBRAE,
    OSK_EMBER,
    PIPPET,
    TARNBY,
    VELLMAR,
)
from catalog.product import Measure

KETTLE = ProductType(
    name="kettle",
    code="KET",
    category=("Kitchen", "Hot drinks", "Kettles"),
    count=49,
    brands=(TARNBY, DUNMARROW, LUMBRAE, PIPPET, HALDEN, CORVESSA, OSK_EMBER, VELLMAR),
    draws={
        "material": lambda d: d.rng.choice(("stainless steel", "stainless steel", "glass", "ceramic") if d.brand.price > 1.25 else ("stainless steel", "stainless steel", "plastic", "glass", "ceramic")),
        "color": by_word(
            "material",
            {
                "stainless steel": hue("brushed steel", "brushed steel", "black", "red", "white", "cream", "sage"),
                "plastic": hue("white", "black", "red", "mint", "yellow", "grey", "blue"),
                "glass": one_of("clear"),
                "ceramic": hue("white", "cream", "blue", "sage"),
            },
        ),
        "capacity": measure("l", 0.8, 1.0, 1.2, 1.5, 1.5, 1.7, 1.7, 1.7, 2.0),
        "power": measure("W", 1500, 1800, 2000, 2200, 2400),
        "boil_time": about("min", lambda d: 6.4 * d.n("capacity") / (d.n("power") / 1000), 0.3, 0.5),
        "noise": sometimes(0.9, about("dB", lambda d: 70 - 9 * (d.brand.quality - 4.2), 7)),
        "keep_warm": sometimes(0.25, measure("h", 0.5, 1, 2)),
        "variable_temperature": chance(0.25),
        "weight": about("kg", lambda d: 0.6 + 0.35 * d.n("capacity") + 0.3 * d.has("material", "ceramic", "glass"), 0.1, 0.05),
    },
    price=lambda d: (
        28.5
        + 9 * d.n("capacity")
        + 8 * d.has("material", "stainless steel", "glass", "ceramic")
        + 5 * d.n("keep_warm")
        + 14 * d.has("variable_temperature")
        + max(0.0, 64 - d.n("noise", 70))
    ),
    titles=(
        "{brand} {model} {capacity} Kettle, {color}",
        "{brand} {model} Electric Kettle, {capacity:long}",
        say("color!=clear", "{brand} {model} Kettle in {color:cap}"),
        say("material=glass", "{brand} {model} Glass Kettle, {capacity}"),
        "{model} {capacity:adj} Kettle by {brand}, {material}",
        say("noise<=62", "{brand} {model} Quiet Kettle, {capacity}"),
        say("keep_warm", "{brand} {model} Keep-Warm Kettle, {color}"),
        say("variable_temperature", "{brand} {model} Variable Temperature Kettle, {capacity}"),
        "{brand} {model} Kettle",
        say("!brand", "{model} Kettle, {capacity}, {color}"),
    ),
    openings=(
        "The kettle that gets used ten times a day deserves a good spout, and the {model} pours without a drip.",
        "{capacity:long}, one lever, no fuss: the {model} does the job and stays out of your way.",
        "Tea for one or a pot for the table: the {model} holds {capacity} and [is marked on both sides|shows the level through a window].",
        "{brand} built the {model} around [a wide lid|a lid that opens all the way], so filling and descaling are quick.",
        "A {power} element brings the full {capacity} to the boil in {boil_time:long}.",
        "Lift it off the base and the {model} goes anywhere; at {weight} it is [easy on the wrist|no effort to carry], even for small hands.",
        "There is nothing to learn here: fill, click, wait {boil_time:long}, pour.",
        say("color!=clear", "Kitchens with one good {color} thing on the counter tend to have this one."),
        "[Breakfast|The morning] starts with this switch, so {brand} made it a solid one, with a light you can see from the door.",
        say("material=glass", "Watching water come to the boil never gets old, and in this one you see all of it."),
        say("noise<=62", "The {model} was made for small flats and early risers: {noise} at full boil, quieter than most people talk."),
    ),
    details=(
        say("noise<=60", "At {noise} it will not wake the room next door.", "It boils at {noise}, which is a murmur rather than a roar."),
        say("noise>=61 & noise<=66", "At {noise} you can keep the radio low.", "It stays at {noise} while it works, so the conversation can go on."),
        say("noise>=74", "It is not a shy kettle: {noise} when it gets going.", "Expect {noise} at the boil; it makes up for that in speed."),
        say("keep_warm", "Keep-warm holds the water hot for {keep_warm:long} before it switches off.", "Forget your cup and it stays hot for {keep_warm:long}."),
        say("variable_temperature", "Set the temperature for sencha, oolong or pour-over.", "Delicate teas are not scalded: you choose how hot the water gets."),
        say("material=stainless steel", "Inside, the water touches only {material}.", "The {material} body [wipes clean in a second|takes a knock without complaint]."),
        say("material=plastic", "The double-skinned body stays cool enough to touch.", "The light shell is free of BPA."),
        say("material=ceramic", "The ceramic body keeps the heat long after the switch clicks off."),
        say("capacity<=1", "Small enough for a desk, a caravan or a single cup at bedtime.", "Boiling {capacity:long} at a time saves both waiting and current."),
        say("capacity>=1.7", "One filling makes [seven mugs|enough for the whole table].", "Room for {capacity:long} means one boil for the pasta pot as well."),
        "It switches itself off when the water boils and [refuses to start when empty|will not start dry].",
        "The handle stays cool and is shaped for a tired hand.",
        "The spout pours [a thin, steady line|straight, even when full].",
        "It boils with {power} and stops the moment it should.",
        "[Marks inside|A scale on the side] tell cups as well as litres.",
        "The base turns all the way round, for either hand, and hides the spare cable.",
        say("noise>=67 & noise<=73", "It boils at {noise}, about as loud as a shower next door.", "Expect {noise} while it works, and quiet straight after."),
    ),
    closings=(
        "The limescale filter lifts out for rinsing.",
        "Comes with a washable filter and a short, kitchen-safe cord.",
        "Descale it monthly in hard-water areas and it will last for years.",
        "Wipe the outside with a damp cloth; never put it in the dishwasher.",
        "Spare lids and filters are available from {brand}.",
    ),
    authored=(
        Authored(
            "Halden", "Hush", "Halden Hush 1.0 l Kettle, white",
            "The Hush was drawn for houses where somebody is always asleep. Foam around the element brings it "
            "down to 54 dB at full boil, and the switch closes without a click. The price of quiet is patience: "
            "a litre takes 4 minutes. One litre is all it holds, enough for three cups or a night feed.",
            5499,
            {
                "material": "stainless steel", "color": "white", "capacity": Measure(1.0, "l"), "power": Measure(1500.0, "W"),
                "boil_time": Measure(4.0, "min"), "noise": Measure(54.0, "dB"), "variable_temperature": False, "weight": Measure(0.95, "kg"),
            },
            rating=4.7,
        ),
        Authored(
            "Lumbrae", "Brisa", "Lumbrae Brisa 1.7 l Kettle, brushed steel",
            "A family-size kettle that does not shout. The Brisa boils at 58 dB, because the water is heated by a "
            "wide plate rather than a coil. The brushed steel body holds 1.7 litres and shows the level on both "
            "sides. Spare filters are a drawer item and cheap.",
            5799,
            {
                "material": "stainless steel", "color": "brushed steel", "capacity": Measure(1.7, "l"), "power": Measure(2000.0, "W"),
                "boil_time": Measure(5.5, "min"), "noise": Measure(58.0, "dB"), "variable_temperature": False, "weight": Measure(1.2, "kg"),
            },
            rating=4.6,
        ),
        Authored(
            "Tarnby", "Cove", "Tarnby Cove 1.5 l Keep-Warm Kettle, black",
            "Pour one cup now and the second an hour later: the Cove keeps its water hot for 2 hours, then turns "
            "itself off. It boils at 61 dB, low enough for a kitchen that opens on the bedroom. Matt black outside, "
            "stainless steel inside, with a filter that lifts out for rinsing.",
            4899,
            {
                "material": "stainless steel", "color": "black", "capacity": Measure(1.5, "l"), "power": Measure(2000.0, "W"),
                "boil_time": Measure(4.5, "min"), "noise": Measure(61.0, "dB"), "keep_warm": Measure(2.0, "h"),
                "variable_temperature": False, "weight": Measure(1.1, "kg"),
            },
            rating=4.4,
        ),
        Authored(
            "Halden", "Fathom", "Halden Fathom 1.7 l Quiet Kettle, black",
            "The big sister of the Hush, with two walls and a layer of air between them. That makes it the quietest "
            "full-size kettle Halden has built: 52 dB with all 1.7 litres at the boil. The outside stays cool, and the "
            "lid opens slowly on a damper, so nothing splashes.",
            7200,
            {
                "material": "stainless steel", "color": "black", "capacity": Measure(1.7, "l"), "power": Measure(2200.0, "W"),
                "boil_time": Measure(5.0, "min"), "noise": Measure(52.0, "dB"), "variable_temperature": False, "weight": Measure(1.45, "kg"),
            },
            rating=4.8,
        ),
        Authored(
            "Vellmar", "Largo", "Vellmar Largo Kettle, brushed steel, 1.5 l",
            "Slow movement, fast water. The Largo has a 2400 W element under a floating base that swallows most of the "
            "noise; what is left is 53 dB. Choose the temperature on the handle, for green tea or for the cafetière, and "
            "it keeps there for 1 hour.",
            8500,
            {
                "material": "stainless steel", "color": "brushed steel", "capacity": Measure(1.5, "l"), "power": Measure(2400.0, "W"),
                "boil_time": Measure(4.0, "min"), "noise": Measure(53.0, "dB"), "keep_warm": Measure(1.0, "h"),
                "variable_temperature": True, "weight": Measure(1.3, "kg"),
            },
            list_price=9900,
            rating=4.7,
        ),
        Authored(
            "Halden", "Quell", "Halden Quell 1.5 l Kettle, white",
            "Everything people liked about the Hush, with room for visitors. The Quell holds 1.5 litres and boils them "
            "at 57 dB, so the radio can stay where it is. White outside, stainless steel inside, and a lid that lifts "
            "off for cleaning. The cord winds up under the base.",
            5899,
            {
                "material": "stainless steel", "color": "white", "capacity": Measure(1.5, "l"), "power": Measure(1800.0, "W"),
                "boil_time": Measure(5.5, "min"), "noise": Measure(57.0, "dB"), "variable_temperature": False, "weight": Measure(1.15, "kg"),
            },
            rating=4.5,
        ),
        Authored(
            "Dunmarrow", "Wren", "Dunmarrow Wren Compact Kettle 1.2 l, red",
            "A round little kettle in post-box red that sounds better than it costs. It boils 1.2 litres at 60 dB, "
            "sits on a footprint no larger than a saucer and has a grip that fits small hands. No settings, no lights "
            "at night, one switch.",
            3299,
            {
                "material": "stainless steel", "color": "red", "capacity": Measure(1.2, "l"), "power": Measure(1800.0, "W"),
                "boil_time": Measure(4.5, "min"), "noise": Measure(60.0, "dB"), "variable_temperature": False, "weight": Measure(0.9, "kg"),
            },
            rating=4.3,
        ),
    ),
)  # fmt: skip

TOASTER = ProductType(
    name="toaster",
    code="TOA",
    category=("Kitchen", "Breakfast", "Toasters"),
    count=26,
    brands=(DUNMARROW, TARNBY, PIPPET, LUMBRAE, OSK_EMBER, VELLMAR),
    draws={
        "slots": lambda d: float(d.rng.choice((2, 2, 2, 4))),
        "color": hue("brushed steel", "black", "white", "red", "cream", "mint", "sage", "blue"),
        "material": by_word("color", {"brushed steel": one_of("stainless steel")}, one_of("plastic", "stainless steel")),
        "power": lambda d: Measure(float(d.rng.choice((850, 900, 1000) if d.n("slots") == 2 else (1500, 1700, 1800))), "W"),
        "browning_levels": lambda d: float(d.rng.choice((6, 6, 7, 8, 9))),
        "wide_slots": chance(0.55),
        "defrost": chance(0.7),
        "cord_length": measure("cm", 75, 80, 90, 100),
    },
    price=lambda d: 26 + 20 * (d.n("slots") == 4) + 6 * d.has("material", "stainless steel") + 5 * d.has("wide_slots"),
    titles=(
        "{brand} {model} {slots}-Slice Toaster, {color}",
        "{brand} {model} Toaster in {color:cap}",
        "{model} Toaster by {brand}, {power}",
        say("wide_slots", "{brand} {model} Wide-Slot Toaster, {color}"),
        "{brand} {model} Toaster",
        say("!brand", "{model} {slots}-Slice Toaster, {color}"),
    ),
    openings=(
        "Even toast, corner to corner, is all we ask of a toaster, and the {model} manages it.",
        "{browning_levels:word} settings from barely warm to properly dark, and the dial remembers yours.",
        "A slim {color} toaster that tucks between the kettle and the wall.",
        "{brand} gave the {model} a long lever, so the last crumpet comes out without a fork.",
        "[Saturday mornings|School mornings] need a toaster that keeps up; this one reaches heat in seconds.",
        "The {model} has {slots:word} slots and one opinion: bread should be crisp outside and soft within.",
        "Some toasters show off. The {model} just sits there in {color} and makes toast.",
    ),
    details=(
        say("wide_slots", "The slots take bagels, teacakes and thick sourdough.", "Doorstep slices fit, because the slots are wide and centre themselves."),
        say("defrost", "Bread from the freezer goes straight in, with its own button.", "Frozen slices get a little longer, automatically."),
        say("!defrost", "There is no defrost button, just a dial and a lever."),
        say("slots=4", "Two levers mean two shades of toast at the same time.", "Four slices at once keeps a family at the same table."),
        say("material=stainless steel", "The {material} shell shrugs off fingerprints.", "Its {material} sides stay smart with a quick wipe."),
        say("material=plastic", "The cool-wall body is safe to touch while it works."),
        "{power} behind the wires [means|gives] quick second rounds.",
        "The cord is {cord_length} long and winds up underneath.",
        "Press cancel whenever it smells done.",
    ),
    closings=(
        "A crumb tray slides out from the back.",
        "Shake the crumbs out weekly and it will thank you.",
        "Comes with a warming rack that clips on top.",
        "Unplug before cleaning, wipe with a dry cloth.",
    ),
)  # fmt: skip

BLENDER = ProductType(
    name="blender",
    code="BLE",
    category=("Kitchen", "Food preparation", "Blenders"),
    count=26,
    brands=(CORVESSA, DUNMARROW, VELLMAR, PIPPET, HALDEN, LUMBRAE),
    draws={
        "style": one_of("jug", "jug", "personal", "hand"),
        "color": hue("black", "white", "red", "grey", "cream", "mint"),
        "material": by_word("style", {"hand": one_of("stainless steel"), "jug": one_of("glass", "tritan"), "personal": one_of("tritan")}),
        "capacity": by_word("style", {"jug": measure("l", 1.5, 1.8, 2.0), "personal": measure("l", 0.5, 0.6, 0.7)}),
        "power": by_word("style", {"jug": measure("W", 800, 1000, 1200, 1500), "personal": measure("W", 300, 350, 500), "hand": measure("W", 600, 800, 1000)}),
        "noise": about("dB", lambda d: 82 - 12 * (d.brand.name == "Halden") - 8 * d.has("style", "hand"), 4),
        "speeds": lambda d: float(d.rng.choice((2, 3, 5, 8, 10))),
        "dishwasher_safe": chance(0.65),
    },
    price=lambda d: {"jug": 62.0, "personal": 34.0, "hand": 36.0}[str(d.values["style"])] + d.n("power") / 40,
    titles=(
        say("style=jug", "{brand} {model} Blender, {capacity}", "{brand} {model} Jug Blender, {power}", "{model} {material:cap} Jug Blender by {brand}"),
        say("style=personal", "{brand} {model} Personal Blender, {color}", "{brand} {model} To-Go Blender, {capacity}"),
        say("style=hand", "{brand} {model} Hand Blender, {power}", "{brand} {model} Stick Blender, {color}"),
        "{brand} {model} Blender",
        say("!brand", "{model} Blender, {power}"),
    ),
    openings=(
        say("style=jug", "Frozen berries, kale stalks, a handful of ice: the {model} takes them all at once.", "A {capacity} jug makes soup for four, with the lid on and the wall clean.", "Put it on the counter and leave it there; you will use the {model} more than you think.", "The {model} pulls everything down to the blades, so there is no stopping to scrape."),
        say("style=personal", "Blend in the cup, swap the lid, leave the house.", "One smoothie, one cup, one thing to rinse: that is the whole idea of the {model}.", "The {model} fits in a desk drawer and still crushes ice.", "Breakfast for people who are already late."),
        say("style=hand", "Soup straight in the pot, mayonnaise straight in the jar.", "The {model} reaches the bottom of a deep pan and keeps the splashes there.", "A stick with a soft grip and {speeds:word} speeds, light enough to hold through a long purée.", "For baby food, pesto and the last lumps in a sauce."),
        "{brand} makes blenders that [sound|feel] sure of themselves, and the {model} is the one we reach for.",
    ),
    details=(
        say("style=jug & material=glass", "The glass jug does not take on the smell of garlic.", "Thick glass keeps hot soup hot and cold soup cold."),
        say("style=jug & material=tritan", "The Tritan jug is light to lift and hard to break."),
        say("style=personal", "The {capacity} cup fits a bag pocket and a car holder."),
        say("style!=hand", "{speeds:word} speeds and a pulse cover everything from salsa to soup."),
        say("noise<=72", "At {noise} you can use it before the house is awake.", "It works at {noise}, remarkably calm for a blender."),
        say("noise>=83", "It is loud, {noise} at full tilt, and it is over in half a minute."),
        say("dishwasher_safe", "Everything that touches food goes in the dishwasher.", "Blades and cup come apart for the dishwasher."),
        say("!dishwasher_safe", "Wash by hand: a drop of soap, warm water, ten pulses."),
        "The {power} motor rests itself if you overload it.",
    ),
    closings=(
        "The base stays put on rubber feet.",
        "Recipes for eleven soups are in the box.",
        "Comes in {color}, to match the rest of the range.",
        "Replacement seals and blades are sold separately.",
    ),
)  # fmt: skip

ESPRESSO_MACHINE = ProductType(
    name="espresso machine",
    code="ESP",
    category=("Kitchen", "Hot drinks", "Espresso machines"),
    count=26,
    brands=(VELLMAR, CORVESSA, OSK_EMBER, HALDEN, DUNMARROW),
    draws={
        "style": one_of("pump", "pump", "bean-to-cup", "capsule", "lever"),
        "color": hue("brushed steel", "black", "white", "red", "cream"),
        "material": by_word("style", {"capsule": one_of("plastic")}, one_of("stainless steel")),
        "pressure": by_word("style", {"lever": measure("bar", 9), "capsule": measure("bar", 19)}, measure("bar", 15, 15, 20)),
        "capacity": by_word("style", {"lever": measure("l", 0.8, 1.0), "capsule": measure("l", 0.6, 0.8, 1.0)}, measure("l", 1.2, 1.5, 1.8, 2.2)),
        "power": by_word("style", {"lever": measure("W", 900, 1000)}, measure("W", 1200, 1350, 1450, 1500)),
        "heat_up_time": by_word("style", {"lever": measure("min", 6, 8)}, measure("s", 20, 25, 30, 40, 45)),
        "noise": about("dB", lambda d: 68 + 6 * d.has("style", "bean-to-cup") - 9 * d.has("style", "lever") - 6 * (d.brand.name == "Halden"), 3),
        "milk_frother": lambda d: d.rng.random() < (0.8 if d.values["style"] != "capsule" else 0.25),
        "width": by_word("style", {"bean-to-cup": measure("cm", 24, 26, 28), "capsule": measure("cm", 11, 12, 14)}, measure("cm", 15, 18, 21, 25)),
    },
    price=lambda d: {"pump": 165.0, "bean-to-cup": 390.0, "capsule": 92.0, "lever": 310.0}[str(d.values["style"])] + 25 * d.has("milk_frother"),
    titles=(
        say("style=pump", "{brand} {model} Espresso Machine, {color}", "{brand} {model} {pressure} Pump Espresso Machine"),
        say("style=bean-to-cup", "{brand} {model} Bean-to-Cup Espresso Machine", "{brand} {model} Automatic Espresso Machine with Grinder, {color}"),
        say("style=capsule", "{brand} {model} Capsule Espresso Machine, {color}", "{model} Compact Espresso Machine by {brand}"),
        say("style=lever", "{brand} {model} Lever Espresso Machine", "{brand} {model} Manual Lever Espresso Machine, {color}"),
        "{brand} {model} Espresso Machine",
        say("!brand", "{model} Espresso Machine, {color}"),
    ),
    openings=(
        say("style=pump", "For anyone ready to tamp their own: the {model} is honest, repeatable and only {width} wide.", "A proper group handle, a proper basket, and none of the menus.", "The {model} pulls a short, syrupy shot and lets you decide the rest.", "Learning espresso is a pleasure on a machine that does the same thing twice."),
        say("style=bean-to-cup", "Beans in at the top, espresso out at the front, and a grinder that never needs a lesson.", "Press once for short, twice for long; the {model} grinds fresh for each.", "The {model} is the office favourite that moved home.", "It grinds, tamps, brews and rinses while you look for your keys."),
        say("style=capsule", "A {width} machine for people who want one good coffee and no washing-up.", "Drop in a capsule, close the handle, drink.", "The smallest way to a decent espresso we sell."),
        say("style=lever", "No pump, no display: you, a spring and good beans.", "The {model} turns a minute of the morning into a small ritual.", "Pull slowly and the {model} rewards you with a shot few machines can match."),
    ),
    details=(
        say("milk_frother", "The steam wand stretches milk for lattes.", "Milk comes out glossy from the steam wand once you find the angle."),
        say("!milk_frother", "It makes coffee only; milk drinkers want a separate frother."),
        say("noise<=62", "It works at {noise}, so an early shot stays your secret."),
        say("noise>=73", "Grinding is loud for ten seconds, {noise} at its peak."),
        "Ready {heat_up_time:long} after you press the switch.",
        "The {capacity} tank lifts out from the [back|side] for refilling.",
        say("style=pump|bean-to-cup", "{pressure} of pressure gives a dense, lasting crema.", "The {pressure} pump pre-wets the grounds first, which evens out the shot."),
        say("material=stainless steel", "The body is {material}, finished by hand.", "A {material} cup warmer sits on top."),
    ),
    closings=(
        "Tamper, scoop and two baskets are included.",
        "It tells you when to descale, and how.",
        "The drip tray drops down for tall mugs.",
        "Run a blank shot each morning to keep it sweet.",
    ),
)  # fmt: skip

TYPES = (KETTLE, TOASTER, BLENDER, ESPRESSO_MACHINE)
