"""What is read out of titles and descriptions, and above all what is not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from catalog.constraint import Constraint, Op
from catalog.extraction import Known, extract
from catalog.product import AttributeValue, Measure, Product
from catalog.verdict import Verdict, judge

NOTHING = Known()


def shop() -> list[Product]:
    """A small feed that states its fields."""
    kettles = [
        Product(
            f"k{i}",
            f"Halden Kettle No. {i}",
            brand="Halden",
            type="kettle",
            attributes={"capacity": Measure(1.5, "l"), "noise": Measure(60, "dB"), "keep_warm": True, "color": "Cream White"},
        )
        for i in range(5)
    ]  # fmt: skip
    monitors = [
        Product(f"m{i}", f"Voxo Wide {i}", brand="Voxo", type="monitor", attributes={"screen": Measure(24, "in"), "color": "black"})
        for i in range(5)
    ]  # fmt: skip
    teas = [Product(f"t{i}", f"Leaf {i}", type="tea", attributes={"bags": Measure(20, "pc")}) for i in range(5)]  # fmt: skip
    tool = Product("d", "Stone & Oak Drill", brand="Stone & Oak", type="drill")
    return [*kettles, *monitors, *teas, tool]


TAUGHT = Known.learn(shop())


def read(
    title: str, description: str = "", known: Known = NOTHING, type: str | None = None
) -> dict[str, AttributeValue]:
    """Every attribute that was read."""
    product = extract(Product("x", title, description=description, type=type), known)
    assert set(product.attributes) == set(product.read_from) - {"brand"}
    return dict(product.attributes)


def test_a_title_in_prose_becomes_typed_fields_with_their_source() -> None:
    product = extract(
        Product(
            "x",
            "Electric Kettle 1.7 L, 2200 W, stainless steel",
            description="It weighs 1.2 kg. Noise level below 54 dB. The cord is 75 cm long.",
        ),
        NOTHING,
    )
    assert product.attributes == {
        "capacity": Measure(1.7, "l"),
        "power": Measure(2200, "W"),
        "material": "stainless steel",
        "weight": Measure(1.2, "kg"),
        "noise": Measure(54, "dB"),
        "cord_length": Measure(75, "cm"),
    }
    assert product.read_from == {
        "capacity": "title",
        "power": "title",
        "material": "title",
        "weight": "description",
        "noise": "description",
        "cord_length": "description",
    }


def test_what_is_read_can_be_a_hard_constraint() -> None:
    heavy = extract(Product("a", "Kettle", description="Weight: 2.4 kg"), NOTHING)
    light = extract(Product("b", "Kettle", description="Weighs only 900 g."), NOTHING)
    under_two = Constraint("weight", Op.LE, 2.0, "kg")
    assert judge(heavy, under_two) is Verdict.VIOLATION
    assert judge(light, under_two) is Verdict.MATCH


def test_what_the_feed_states_is_never_overwritten_also_not_for_a_variant() -> None:
    product = Product.from_json(
        {
            "id": "x",
            "title": "Acme Shirt red, size L, 100% cotton",
            "brand": "Other",
            "attributes": {"material": "linen"},
            "variants": [{"id": "v1", "options": {"size": "M"}}, {"id": "v2", "options": {"size": "S"}}],
        }
    )  # fmt: skip
    done = extract(product, TAUGHT)
    assert done.brand == "Other"
    assert done.attributes == {"material": "linen", "color": "red"}
    assert done.read_from == {"color": "title"}


def test_reading_twice_is_reading_once_and_a_changed_text_is_read_anew() -> None:
    once = extract(Product("x", "Halden Kettle 1.7 l, red"), TAUGHT)
    assert extract(once, TAUGHT) == once
    changed = extract(replace(once, title="Kettle, blue"), TAUGHT)
    assert changed.attributes == {"color": "blue"} and changed.brand is None
    assert Product.from_json(once.to_json()) == once
    nothing = Product("y", "Plain")
    assert extract(nothing, TAUGHT) is nothing


def test_the_feed_teaches_names_brands_and_yes_no_fields() -> None:
    product = extract(
        Product("x", 'Voxo Arc 27" 4K', description="Holds nothing.", type="monitor"), TAUGHT
    )
    assert product.brand == "Voxo"
    assert product.attributes["screen"] == Measure(27, "in")
    kettle = extract(
        Product("y", "Quiet kettle by Halden", description="Keeps warm. In cream white."), TAUGHT
    )
    assert kettle.brand == "Halden"
    assert kettle.attributes.get("keep_warm") is True


def test_a_word_that_a_field_has_for_a_value_is_no_yes_or_no_of_its_own() -> None:
    mouse = Product("m", "Wireless Mouse Pebble")
    assert extract(mouse, TAUGHT).attributes.get("wireless") is True
    links = [
        Product("a", "Mouse", attributes={"link": ("Wired", "Wireless")}),
        Product("b", "Mouse, waterproof", attributes={"link": "Wired"}),
    ]
    taught = Known.from_json(Known.learn(links).to_json())
    assert "wireless" not in extract(mouse, taught).attributes
    assert extract(links[1], taught).attributes["waterproof"] is True


def test_known_survives_its_file_and_ignores_what_was_itself_read() -> None:
    again = Known.from_json(TAUGHT.to_json())
    assert again.to_json() == TAUGHT.to_json()
    own = [extract(Product(str(i), f"Halden Kettle {i} 9 l"), TAUGHT) for i in range(9)]
    assert Known.learn([*shop(), *own]).to_json()["brands"] == TAUGHT.to_json()["brands"]
    assert Known.learn(own).measured == {}


def test_words_of_a_brand_are_no_colour_and_no_material() -> None:
    assert read("Stone & Oak Drill", "A stone & oak classic.", TAUGHT) == {}


@pytest.mark.parametrize(
    ("title", "color"),
    [
        ("GREEN SPOTTED COFFEE MUG", "green"),
        ("Blue dotted cake stand", "blue"),
        ("TWO TALL WHITE PILLAR CANDLES", "white"),
        ("Ground coffee, black", None),
        ("Green tea 20 bags", None),
        ("Rose candle", None),
        ("White chocolate mould", None),
    ],
)
def test_what_is_named_after_food_has_a_colour_and_food_a_taste(
    title: str, color: str | None
) -> None:
    assert read(title).get("color") == color


def test_the_taste_of_a_tea_is_no_colour_where_teas_have_none() -> None:
    assert "color" not in read("Fine tea, black", known=TAUGHT, type="tea")
    assert read("Kettle, black", known=TAUGHT, type="kettle")["color"] == "black"


@pytest.mark.parametrize(
    ("title", "name", "value"),
    [
        ('Curved monitor 27", 144 Hz', "screen_size", Measure(27, "in")),
        ("27-inch monitor", "screen_size", Measure(27, "in")),
        ("Monitor 165 Hz", "refresh_rate", Measure(165, "Hz")),
        ("Gaming monitor 2560 x 1440", "resolution", "QHD"),
        ("Laptop bag for 13 inch laptops", "laptop_size", Measure(13, "in")),
        ("Phone A55 8GB RAM 128GB", "storage", Measure(128, "GB")),
        ("Phone A55 8GB RAM 128GB", "memory", Measure(8, "GB")),
        ("Memory kit 32 GB (2 x 16 GB) DDR5", "memory", Measure(32, "GB")),
        ("GeForce RTX 3060 Gale 3X 12G OC", "memory", Measure(12, "GB")),
        ("Garden hose 30m", "length", Measure(30, "m")),
        ("Power bank 20,000 mAh", "battery_capacity", Measure(20000, "mAh")),
        ("LED lamp 9 W (60 W equivalent)", "power", Measure(9, "W")),
        ("LED lamp 806 lumens", "brightness", Measure(806, "lm")),
        ("Cordless drill 18V", "voltage", Measure(18, "V")),
        ("Sunscreen SPF 50+ 200 ml", "spf", Measure(50, "SPF")),
        ("Olive oil 500ml", "volume", Measure(500, "ml")),
        ("Kettle 1,7 l", "capacity", Measure(1.7, "l")),
        ("4-person tent", "sleeps", Measure(4, "person")),
        ("King size duvet cover, 400 thread count", "thread_count", 400.0),
        ("King size duvet cover", "size", "king"),
        ("Puzzle with 1,000 pieces", "pieces", Measure(1000, "pc")),
        ("Socks, 6 pack", "pack_size", Measure(6, "pc")),
        ("Glasses set of 6", "pack_size", Measure(6, "pc")),
        ("Shampoo pack of 2 x 500 ml", "volume", Measure(500, "ml")),
        ("Shampoo pack of 2 x 500 ml", "pack_size", Measure(2, "pc")),
        ("Running shoes EU 42", "size", "42"),
        ("Shirt, size XL", "size", "XL"),
        ("Women's rain jacket", "gender", "women"),
        ("Rain jacket for men and women", "gender", "unisex"),
        ("Toy train for ages 3-6", "age_from", Measure(3, "year")),
        ("Toy train for ages 3-6", "age_to", Measure(6, "year")),
        ("Wooden toy train 3+", "age_from", Measure(3, "year")),
        ("Baby rattle 18 months+", "age_from", Measure(18, "month")),
        ("Wooden toy train", "material", "wood"),
        ("Faux leather sofa", "material", "faux leather"),
        ("Shirt navy blue", "color", "navy blue"),
        ("Dress in dusty rose", "color", "dusty rose"),
        ("Mug black/red", "color", ("black", "red")),
        ("Sofa, dark grey velvet", "color", "dark grey"),
        ("Waterproof jacket", "waterproof", True),
    ],
)
def test_reads_from_a_title(title: str, name: str, value: AttributeValue) -> None:
    assert read(title).get(name) == value


@pytest.mark.parametrize(
    ("description", "name", "value"),
    [
        ("Dimensions: 30 x 20 x 10 cm", "length", Measure(30, "cm")),
        ("Size (W x D x H): 30 x 20 x 10 cm", "depth", Measure(20, "cm")),
        ("It measures W30 x H20 cm.", "height", Measure(20, "cm")),
        ("Weight approx. 2.5 kg", "weight", Measure(2.5, "kg")),
        ("Max rider weight 30 kg.", "max_load", Measure(30, "kg")),
        ("Holds up to 2 kg", "max_load", Measure(2, "kg")),
        ("For 13 inch laptops.", "laptop_size", Measure(13, "in")),
        ("Up to 30 hours of battery life.", "battery_life", Measure(30, "h")),
        ("It is 7 cm (2.76 inch) tall.", "height", Measure(7, "cm")),
        ("Made of 60% cotton, 40% polyester.", "material", ("cotton", "polyester")),
        ("Shell: 100% nylon, lining: 100% polyester", "material", "nylon"),
        ("Available in red, blue and green.", "color", ("red", "blue", "green")),
        ("It is not red. Colour: navy blue", "color", "navy blue"),
        ("Dishwasher safe and easy to clean.", "dishwasher_safe", True),
    ],
)
def test_reads_from_a_description(description: str, name: str, value: AttributeValue) -> None:
    product = extract(Product("x", "Thing", description=description), NOTHING)
    assert product.attributes.get(name) == value
    assert product.read_from[name] == "description"


@pytest.mark.parametrize(
    "title",
    [
        "Red Dead Redemption 2 PS4",
        "Red wine glass",
        "White noise machine",
        "Little Women book",
        "Leather cleaner",
        "Leather-look leggings",
        "Cotton-free pillow",
        "Reading glasses",
        "Router 5G",
        "3 in 1 charger",
        "Model car 1/43",
        "WH-1000XM5 headphones",
        "Fan 10-20 W",
        "Kettle 1.5 - 2 l",
        "Kettle not waterproof",
        "Washing machine 8 kg",
        "Voucher worth 5 pounds",
        "Espresso machine",
        "Rubber duck 20% more",
        "Happy birthday banner age 18",
    ],
)
def test_reads_nothing_from_a_title_that_says_something_else(title: str) -> None:
    assert read(title) == {}


@pytest.mark.parametrize(
    "description",
    [
        "Compatible with 27 inch wheels.",
        "Fits shelves 30 x 20 x 10 cm.",
        "The box measures 30 x 20 x 10 cm.",
        "Power adapter (65 W) not included.",
        "Comes with a waterproof case.",
        "It is not waterproof. No leather, no BPA.",
        "Without batteries. 20% more than before. Save $20.",
        "Not suitable for children under 36 months.",
        "Contains 8 g of protein per 100 g.",
        "Height adjustable from 70 cm to 120 cm.",
        "Noise: 35-50 dB",
        "A black belt is sold separately.",
        "Charges a 13 inch laptop.",
        "Reduces noise by 30 dB.",
        "The pocket is 12 cm deep.",
    ],
)
def test_reads_nothing_from_a_description_of_something_else(description: str) -> None:
    assert read("Thing", description) == {}


def test_two_different_values_leave_the_title_s_or_none() -> None:
    assert "weight" not in read("Thing", "It weighs 2 kg. Weight: 3 kg.")
    assert read("Puzzle 1000 pieces", "A set of 500 pieces.")["pieces"] == Measure(1000, "pc")
    assert "pieces" not in read("Puzzle 1000 pieces, 500 pieces", "A set of 500 pieces.")


@pytest.mark.parametrize(
    "text",
    ["5 cm, ", "30 x 20 x ", "age 3 ", "red blue ", '"', "made of ", "İ × ½ ", "material: cotton "],
)
def test_long_repetitive_and_odd_texts_are_read_without_harm(text: str) -> None:
    product = Product("x", text * 20, description=(text * 20_000)[:20_000])
    assert extract(product, NOTHING) == extract(product, Known())
