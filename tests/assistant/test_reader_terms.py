"""The catalogue's own words: negation, lists, softness, sizes, measures, typos."""

from __future__ import annotations

import pytest

from assistant.intent import Act
from assistant.reader import read
from catalog.constraint import NONE
from catalog.product import Product
from retrieval.vocabulary import Vocabulary
from tests.assistant.reading import constraints, folded, read_after, table, written

REFUSALS = {
    "kettle, not red": "type = kettle; color != red",
    "socks not red, white or blue": "type = socks; color != red|white|blue",
    "socks, not red or white": "type = socks; color != red|white",
    "socks, no red and no blue": "type = socks; color != red|blue",
    "kettle neither red nor black": "type = kettle; color != red|black",
    "kettle white, not cream": "type = kettle; color = white; color != cream",
    "kettle, nothing in plastic": "type = kettle; material != plastic",
    "kettle without plastic": "type = kettle; material != plastic",
    "kettle not made of plastic": "type = kettle; material != plastic",
    "wool-free socks": "type = socks; material != wool",
    "socks wool free": "type = socks; material != wool",
    "kettle, anything but black": "type = kettle; color != black",
    "I hate red, show me kettles": "type = kettle; color != red",
    "kettle but no Cove please": "type = kettle; brand != Cove",
    "kettle not by Cove or Brisa": "type = kettle; brand != Cove|Brisa",
    "kettle other than Cove": "type = kettle; brand != Cove",
    "kettle, avoid Halden": "type = kettle; brand != Halden",
    "not Cove, kettle": "type = kettle; brand != Cove",
    "kettle without a handle": "type = kettle; text not_contains handle",
    "jeans but not skinny": "type = jeans; text not_contains skinny",
    "jeans for men, not slim": "type = jeans; gender = men; cut != slim",
    "headphones that are not wireless": "type = headphones; wireless = false",
    "headphones without noise cancelling": "type = headphones; noise_cancelling = false",
    "kettle without keep warm": "type = kettle; keep_warm = false",
    "no kettles": "type != kettle",
    "non-plastic kettle": "type = kettle; material != plastic",
    "red not blue kettle": "type = kettle; color = red; color != blue",
    "no chicken dog treats": "type = dog treats; flavour != chicken",
    "I don't want a red kettle": "type = kettle; color != red",
    "kettles except the Cove ones": "type = kettle; brand != Cove",
    "dog treats without chicken or beef": "type = dog treats; flavour != chicken|beef",
    "no wireless headphones": "type = headphones; wireless = false",
    "wired headphones": "type = headphones; wireless = false",
    "corded headphones": "type = headphones; wireless = false",
    "headphones with a cable, black": "type = headphones; wireless = false; color = black",
    "headphones, not wired": "type = headphones; wireless = true",
    "headphones without any cords": "type = headphones; wireless = true",
    "bluetooth headphones": "type = headphones; wireless = true",
    "headphones with a cable clip": "type = headphones; wish contains with cable clip?",
    "headphones w/o noise cancelling": "type = headphones; noise_cancelling = false",
    "kettle that isn't plastic": "type = kettle; material != plastic",
    "I don't want plastic": "material != plastic",
    "no kettle over 50": "type = kettle; price <= 5000",
    "I don't want a kettle over $50": "type = kettle; price <= 5000 USD",
    "no kettle louder than 60 dB": "type = kettle; noise <= 60 dB",
    "no plastic kettle over 50": "type = kettle; material != plastic; price <= 5000",
    "kettle, no plastic under 50": "type = kettle; material != plastic; price <= 5000",
    "the same colour but socks": "type = socks",
    "please no plastic kettles": "type = kettle; material != plastic",
}
NO_REFUSALS = {
    "kettle, not just red": "type = kettle; color = red",
    "I don't mind red kettles": "type = kettle; color = red",
    "kettle, not too loud": "type = kettle; wish contains not too loud?",
    "kettle, not too expensive": "type = kettle; wish contains not too expensive?",
    "grain-free dog treats": "type = dog treats; grain_free = true",
    "face wash scent free": "type = face wash; scent_free = true",
    "unscented face wash under 15": "type = face wash; scent_free = true; price <= 1500",
    "fragrance-free face wash": "type = face wash; scent_free = true",
    "kettle with keep warm": "type = kettle; keep_warm = true",
    "wireless headphones": "type = headphones; wireless = true",
    "kettle in red or black": "type = kettle; color = red|black",
    "red and black kettle": "type = kettle; color = red|black",
    "kettle or headphones": "type = kettle|headphones",
    "kettle, stainless steel only": "type = kettle; material = stainless steel",
    "Halden or Brisa kettles": "type = kettle; brand = Halden|Brisa",
    "not too expensive headphones": "type = headphones; wish contains not too expensive?",
}
HOPES = {
    "kettle, ideally not Cove": "type = kettle; brand != Cove?",
    "kettle, preferably not red": "type = kettle; color != red?",
    "socks, preferably cotton": "type = socks; material = cotton?",
    "a kettle, white would be nice": "type = kettle; color = white?",
    "cotton socks if possible": "type = socks; material = cotton?",
    "cotton socks below 9 dollars, I guess": "type = socks; material = cotton; price <= 900 USD",
    "cotton socks below 9 dollars maybe": "type = socks; material = cotton; price <= 900 USD",
    "maybe a red kettle": "type = kettle; color = red?",
}
SIZES = {
    "socks size L": "type = socks; size = L",
    "socks in large": "type = socks; size = L",
    "socks, L": "type = socks; size = L",
    "socks XL": "type = socks; size = XL",
    "socks in a medium": "type = socks; size = M",
    "S size socks": "type = socks; size = S",
    "socks size M or L": "type = socks; size = M|L",
    "large kettle": "type = kettle; wish contains large?",
    "jeans 32/34": "type = jeans; waist = 32; inseam = 34",
    "jeans size 32/34": "type = jeans; waist = 32; inseam = 34",
    "jeans waist 32 length 34": "type = jeans; waist = 32; inseam = 34",
    "jeans waist 32 or 34": "type = jeans; waist = 32|34",
    "size 38/39 socks": "type = socks; size = 38|39",
    "socks size 39 or 40": "type = socks; size = 39|40",
    "socks size m or l": "type = socks; size = M|L",
    "socks size 39 or 40 euros": "type = socks; size = 39; price <= 4000 EUR",
    "socks size 10, 50 max": "type = socks; size = 10; price <= 5000",
    "socks size 43 EU": "type = socks; size = 43",
    "socks, 8 uk": "type = socks; size = 8",
    "socks in a 9, please": "type = socks; size = 9",
    "socks under 30 us dollars": "type = socks; price <= 3000 USD",
    "socks, extra large": "type = socks; size = XL",
    "small green socks": "type = socks; color = green; size = S",
    "jeans 34 under 60": "type = jeans; waist = 34; price <= 6000",
    "jeans 61": "type = jeans",
    "jeans, size 30 or 32": "type = jeans; waist = 30|32",
    "men's jeans in a 34": "type = jeans; gender = men; waist = 34",
    "jeans, 30 waist and 32 leg": "type = jeans; waist = 30; inseam = 32",
    "jeans with a 30 inch inside leg": "type = jeans; inseam = 30",
    "jeans in size 8": "type = jeans; size = 8",
    "jeans W32 L34": "type = jeans; waist = 32; inseam = 34",
    "men jeans waist 32 inseam 34": "type = jeans; gender = men; waist = 32; inseam = 34",
    "women's jeans black 28x32": "type = jeans; gender = women; color = black; waist = 28; inseam = 32",
}
MEASURES = {
    "kettle 1.5 l and up": "type = kettle; capacity >= 1.5 l",
    "kettle bigger than 1.5 litres": "type = kettle; capacity >= 1.5 l",
    "kettle of 1,5 l": "type = kettle; capacity = 1.5 l",
    "kettle at least a litre": "type = kettle; capacity >= 1 l",
    "kettle between 1 and 2 litres": "type = kettle; capacity >= 1 l; capacity <= 2 l",
    "kettle half a litre": "type = kettle; capacity = 0.5 l",
    "kettle at least 1.5l under 60 dB": "type = kettle; capacity >= 1.5 l; noise <= 60 dB",
    "kettle under 60 decibels": "type = kettle; noise <= 60 dB",
    "headphones under 300 g": "type = headphones; weight <= 300 g",
    "headphones lighter than 0.3 kg": "type = headphones; weight <= 0.3 kg",
    "headphones at least 30 hours battery life": "type = headphones; battery_life >= 30 h",
    "dog treats 200g": "type = dog treats; net_weight = 200 g",
    "dog treats at least half a kilo": "type = dog treats; net_weight >= 0.5 kg",
    "face wash 150 ml": "type = face wash; volume = 150 ml",
    "face wash up to 5 fl oz": "type = face wash; volume <= 5 fl oz",
    "puzzle 500 pieces or more": "type = puzzle; pieces >= 500 pc",
    "a puzzle, 500-1000 pieces": "type = puzzle; pieces >= 500 pc; pieces <= 1000 pc",
    "kettle of 1 to 1.5 litres for under 50": "type = kettle; capacity >= 1 l; capacity <= 1.5 l; price <= 5000",
    "kettle under 60 dollars and over 1 litre": "type = kettle; price <= 6000 USD; capacity >= 1 l",
    "puzzle for a 4 year old": "type = puzzle; age_from <= 48 month",
    "puzzle for my 6-year-old under $20": "type = puzzle; age_from <= 72 month; price <= 2000 USD",
    "puzzle ages 5+": "type = puzzle; age_from <= 60 month",
    "puzzle age 3": "type = puzzle; age_from <= 36 month",
    "puzzle over 400 pieces under 30": "type = puzzle; pieces >= 400 pc; price <= 3000",
    "kettle in stock": "type = kettle; stock >= 1",
    "kettle on sale": "type = kettle; discount >= 1",
    "kettle at least 10% off": "type = kettle; discount >= 10",
}
ALL = REFUSALS | NO_REFUSALS | HOPES | SIZES | MEASURES


@pytest.mark.parametrize(("text", "expected"), ALL.items(), ids=ALL.keys())
def test_the_shops_words_become_typed_constraints(
    text: str, expected: str, words: Vocabulary
) -> None:
    intent = read_after(text, words)
    assert constraints(intent) == table(expected)
    assert intent.act is Act.SEARCH
    assert all(c.span in intent.text for c in intent.constraints)


WHOLE = {
    "hey, need a kettle that doesn't wake the baby, max 60":
        "type = kettle; price <= 6000; wish contains that doesn't wake the baby?",
    "I need a quiet kettle for a small kitchen, budget around 60, ideally not Cove":
        "type = kettle; price <= 6000; wish contains for a small kitchen?; wish contains quiet?; brand != Cove?",
    "Looking for jeans. Black ones. Under 70. Not slim.":
        "type = jeans; color = black; price <= 7000; cut != slim",
    "I want headphones for running. They should be wireless and under $100. I don't like red.":
        "type = headphones; wish contains for running?; wireless = true; price <= 10000 USD; color != red",
    "gift for my dad who likes tea, up to 50":
        "price <= 5000; wish contains for my dad who likes tea?; wish contains gift?",
    "wool-free socks, size L, 10 to 25 dollars":
        "type = socks; material != wool; size = L; price >= 1000 USD; price <= 2500 USD",
    "KETTLE UNDER 60!!!": "type = kettle; price <= 6000",
    "Good morning! red socks please": "type = socks; color = red",
    "something quiet": "wish contains quiet?",
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), WHOLE.items(), ids=WHOLE.keys())
def test_a_whole_utterance_leaves_nothing_out(text: str, expected: str, words: Vocabulary) -> None:
    intent = read_after(text, words)
    assert constraints(intent) == table(expected)
    assert intent.act is Act.SEARCH


TYPOS = {
    "kettel not red": ("type = kettle; color != red", "kettel"),
    "hedphones": ("type = headphones", "hedphones"),
    "headphnes wirelss": ("type = headphones; wireless = true", "wirelss"),
    "halden ketlle": ("type = kettle; brand = Halden", "ketlle"),
}


@pytest.mark.parametrize("text", TYPOS)
def test_a_slip_of_the_pen_is_read_and_said(text: str, words: Vocabulary) -> None:
    expected, slip = TYPOS[text]
    intent = read_after(text, words)
    assert constraints(intent) == table(expected)
    assert any(slip in note for note in intent.notes)


@pytest.mark.parametrize("text", ["bettle in white", "a kettke", "headphoens"])
def test_a_first_letter_is_seldom_wrong(text: str, words: Vocabulary) -> None:
    notes = read(text, words).notes
    assert bool(notes) == (text != "bettle in white")


def test_a_word_of_the_catalogue_is_never_corrected(words: Vocabulary) -> None:
    for text in ("Marl jeans", "Tarn socks", "Oda jeans", "duck dog treats", "mom jeans"):
        assert not read_after(text, words).notes


NOT_MONEY = {
    "case for an iphone 12": "type contains case; wish contains for an iphone 12?",
    "a 4 ounce bottle": "type contains bottle; weight = 4 oz",
    "a 2 pack of socks": "type contains sock; pieces = 2 pc",
    "24 pack of water": "type contains water; pieces = 24 pc",
    "jeans size 10": "type contains jeans; size = 10",
    "shoes eu 42": "type contains shoe; size = 42",
    "a 27 inch monitor": "type contains monitor; screen_size = 27 in",
    "10 foot cable": "type contains cable; length = 10 ft",
    "headphones at least 4 stars": "type contains headphone; rating >= 4",
    "headphones 4.5 stars and up": "type contains headphone; rating >= 4.5",
    "headphones rated above 4": "type contains headphone; rating >= 4",
    "headphones with over 100 reviews": "type contains headphone; review_count >= 100",
    "a puzzle for a 5 year old": "type contains puzzle; wish contains for a 5 year old?",
    "puzzle for a 6-month-old": "type contains puzzle; wish contains for a 6-month-old?",
    "puzzle with 1000 pieces": "type contains puzzle; pieces = 1000 pc",
    "tent for 4 people": "type contains tent; wish contains for 4 people?",
    "256 gb phone": "type contains phone; storage = 256 GB",
    "60 watt bulb": "type contains bulb; power = 60 W",
    "kettle under 60 dB": "type contains kettle; noise <= 60 dB",
    "kettle under 2 kg": "type contains kettle; weight <= 2 kg",
    "at least 20% off": "discount >= 20",
    "one kettle": "type contains kettle",
}


@pytest.mark.parametrize(("text", "expected"), NOT_MONEY.items(), ids=NOT_MONEY.keys())
def test_a_number_with_another_meaning_is_no_price(text: str, expected: str) -> None:
    assert constraints(read_after(text)) == table(expected)


@pytest.mark.parametrize(
    "text",
    ["shoes for 5-8 miles", "levi's 501 jeans", "playstation 5 controller", "3-in-1 jacket",
     "4k tv", "kettle with 3 settings", "puzzle for ages 3-5", "windows 11 laptop", "usb 3 cable"],
)  # fmt: skip
def test_a_number_in_a_name_or_a_clause_is_no_price(text: str) -> None:
    assert not any(c.field == "price" for c in read_after(text).constraints)


COUNTS = {
    "half a dozen mugs": "type contains mug",
    "two dozen mugs": "type contains mug",
    "a couple of hundred for a tent": "type contains tent; price <= 20000",
    "200 for a tent": "type contains tent; price <= 20000",
    "Halden Grand": "brand = Halden; type contains grand",
}


@pytest.mark.parametrize(("text", "expected"), COUNTS.items(), ids=COUNTS.keys())
def test_a_number_in_words_is_never_the_thing_wanted(
    text: str, expected: str, words: Vocabulary
) -> None:
    assert constraints(read_after(text, words)) == table(expected)


def test_a_word_for_money_is_never_a_misspelt_one() -> None:
    shop = Vocabulary.build([Product("q", "Quiz game", type="quiz", price=900)])
    found = read("thirty quid tops", shop)
    assert [written(c) for c in found.constraints] == ["price <= 3000 GBP"]
    assert not found.notes


def test_another_name_of_a_type_stays_that_type_before_a_noun() -> None:
    back = {"back": "closed"}
    records = [Product(str(n), f"M {n}", type="supra-aural", attributes=back) for n in range(3)]
    intent = read("closed on-ear headphones", Vocabulary.build(records))
    told = [(c.field, c.words) for c in intent.constraints]
    assert ("type", ("supra-aural",)) in told and ("back", ("closed",)) in told


@pytest.mark.parametrize(
    ("text", "field", "words"),
    [
        ("turntable with a red cartridge", "cartridge", ("red",)),
        ("turntable, moving magnet cartridge", "cartridge", ("moving magnet",)),
        ("turntable, Orbo red moving magnet cartridge", "cartridge", ("Orbo Red Moving Magnet",)),
        ("turntable with a gold cartridge", "cartridge", None),
        ("turntable with bluetooth", "output", ("bluetooth",)),
        ("a wireless turntable", "output", ("Wireless",)),
        ("a turntable with a cable", "output", ("Wired",)),
        ("a turntable and a cable clip", "output", None),
        ("turntable with a red cartridge up to 90", "price", ()),
        ("turntable, cartridge, max 90", "cartridge", None),
    ],
)
def test_a_word_of_a_value_counts_beside_the_name_of_its_field(
    text: str, field: str, words: tuple[str, ...] | None
) -> None:
    records = [
        Product(
            str(n), f"Deck {n}", type="turntable", attributes={"cartridge": held, "output": output}
        )
        for n, (held, output) in enumerate(
            [
                ("Orbo Red Moving Magnet", "Wired"),
                ("Orbo Blue", "Wireless"),
                ("Kanta 90 Red", "Bluetooth Wireless"),
            ]
        )
    ]
    told = {c.field: c.words for c in read(text, Vocabulary.build(records)).constraints}
    assert told.get(field) == words


def test_a_sellers_brand_of_ordinary_words_makes_no_demand_of_a_wish() -> None:
    shop = Vocabulary.build(
        [
            Product("d1", "Dune dress", type="dress", brand="Summer Wedding"),
            *(
                Product(f"p{n}", "Party set", type="dress", brand="Birthday Party")
                for n in range(3)
            ),
        ]
    )
    wished = constraints(read("a dress for a summer wedding", shop))
    assert not any(c.startswith("brand") for c in wished)
    assert "brand = Summer Wedding" in constraints(read("a Summer Wedding dress", shop))
    assert "brand = Summer Wedding" in constraints(read("a dress by summer wedding", shop))
    assert "brand = Birthday Party" in constraints(read("a birthday party dress", shop))


def test_what_one_seller_alone_states_cannot_be_demanded() -> None:
    toys = [
        Product(f"p{n}", "Puzzle", type="puzzle", attributes={"motif": "owls"}) for n in range(60)
    ]
    stray = Product("x", "Puzzle", type="puzzle", attributes={"topic": "puzzle with animals"})
    assert Vocabulary.build([*toys, stray]).lookup(("puzzle", "with", "animal")) == ()
    assert Vocabulary.build([stray]).lookup(("puzzle", "with", "animal"))
    assert Vocabulary.build(toys).lookup(("owl",))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a tkl keyboard", "tenkeyless = true"),
        ("a keyboard without a numpad", "tenkeyless = true"),
        ("keyboard, no number pad please", "tenkeyless = true"),
        ("keyboard with a number pad", "tenkeyless = false"),
        ("keyboard with a number pad cover", None),
        ("keyboard for the left thumb", "thumb_side = left"),
        ("keyboard for a tidy thumb", None),
    ],
)
def test_what_a_field_states_is_read_by_its_everyday_name(text: str, expected: str | None) -> None:
    records = [
        Product(
            str(n),
            f"Tapper {n}",
            type="keyboard",
            attributes={"tenkeyless": n < 2, "thumb_side": side},
        )
        for n, side in enumerate(["Left", "Right", "Both", "Left"])
    ]
    told = [c for c in constraints(read(text, Vocabulary.build(records))) if " = " in c]
    assert (expected in told) if expected else told == ["type = keyboard"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("lantern with a hook", "type = lantern; hook != ANY"),
        ("lantern that has a hook, in green", "type = lantern; hook != ANY; color = green"),
        ("lantern, no hook", "type = lantern; hook = ANY"),
        ("padded stool", "type = stool; padded != ANY"),
        ("stool in padded foam", "type = stool; padded = foam"),
        ("stool with a hook", "type = stool; wish contains with hook?"),
        ("hook lantern", "type = lantern; wish contains hook?"),
        ("stool, not padded >> a padded one", "padded != ANY"),
    ],
)
def test_a_field_named_without_a_value_asks_for_any_it_states(text: str, expected: str) -> None:
    kinds = {"lantern": ("hook", ("steel", "brass", "none")), "stool": ("padded", ("foam", "wool"))}
    words = Vocabulary.build(
        Product(id=f"{kind}{n}", title=f"{kind.title()} {n}", type=kind, attributes={field: value})
        for kind, (field, values) in kinds.items()
        for n, value in enumerate(values)
    )
    asked = expected.replace("ANY", "|".join(NONE))
    assert constraints(read_after(text, words)) == table(asked)


def test_which_kind_is_said_takes_the_place_of_any() -> None:
    words = Vocabulary.build(
        Product(id=v, title=f"Stool {v}", type="stool", attributes={"padded": v})
        for v in ("foam", "wool")
    )
    labels = [c.label for c in folded("padded stool", words).chips()]
    assert labels == ["stool", "padded: any"]
    labels = [c.label for c in folded("padded stool >> padded with foam", words).chips()]
    assert labels == ["stool", "padded foam"]
    labels = [c.label for c in folded("padded stool >> but not wool", words).chips()]
    assert labels == ["stool", "padded: any", "padded not wool"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("coiled lantern", "type = lantern; hook = coiled"),
        ("lantern, not coiled", "type = lantern; hook != coiled"),
        ("lanterns >> a coiled one", "hook = coiled"),
        ("lantern for the coiled", "type = lantern; wish contains for the coiled?"),
        ("coiled stool", "type = stool; wish contains coiled?"),
        ("folding stool", "type = stool; wish contains folding?"),
        ("lantern with green fastening", "type = lantern; color = green; wish contains fastening?"),
        ("lantern with brass hooks", "type = lantern; hook = brass"),
    ],
)
def test_a_word_within_longer_values_is_said_of_the_kind_that_states_them(
    text: str, expected: str
) -> None:
    lanterns = [
        Product(f"l{n}", f"Lantern {n}", type="lantern", attributes={"hook": hook})
        for n, hook in enumerate(("steel coiled", "brass coiled", "folding brass"))
    ]
    stools = [Product(f"s{n}", f"Folding stool {n}", type="stool") for n in range(9)]
    words = Vocabulary.build([*lanterns, *stools])
    assert constraints(read_after(text, words)) == table(expected)
