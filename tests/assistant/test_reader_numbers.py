"""Numbers: how they are written, what they measure, and comparisons with what is shown."""

from __future__ import annotations

import pytest

from assistant.intent import Act, Constraint, Sort
from assistant.reader import Context, read
from assistant.reader.numbers import find_quantities
from assistant.reader.qualities import QUALITIES, factor_of, quality_of
from assistant.reader.utterance import Utterance
from catalog.constraint import WISH
from catalog.product import AttributeValue, Measure, Product
from retrieval.vocabulary import Vocabulary
from tests.assistant.reading import table, written

STOCK: dict[str, dict[str, AttributeValue]] = {
    "desk chair": {
        "weight": Measure(12, "kg"),
        "max_load": Measure(120, "kg"),
        "height": Measure(1, "m"),
    },
    "dog leash": {"max_weight": Measure(30, "kg"), "length": Measure(2, "m")},
    "knife": {"blade_length": Measure(20, "cm"), "weight": Measure(200, "g")},
    "energy gel": {"carbs": Measure(30, "g"), "weight": Measure(60, "g"), "caffeine": Measure(1, "g")},
    "tent": {"seasons": "3-season", "season_count": 3.0, "sleeps": Measure(2, "person")},
    "projector": {"picture": "8K"},
    "puzzle": {"pieces": Measure(500, "pc"), "age_from": Measure(6, "year")},
    "guitar": {"strings": 6.0, "weight": Measure(2, "kg")},
    "marker": {"pack_size": Measure(6, "pc"), "filter_life": Measure(6, "month")},
    "toaster": {"slots": 2.0, "power": Measure(900, "W"), "capacity": Measure(1, "l")},
    "shelf": {"width": Measure(60, "cm"), "depth": Measure(30, "cm")},
}  # fmt: skip


@pytest.fixture(scope="module")
def store() -> Vocabulary:
    """Three products of each type."""
    return Vocabulary.build(
        Product(
            f"{kind}{i}", f"Plain {kind}", type=kind, price=1000, currency="USD", attributes=has
        )
        for kind, has in STOCK.items()
        for i in range(3)
    )


def meant(text: str, vocabulary: Vocabulary | None, *kinds: str) -> list[str]:
    """What an utterance about these types demands, but for the type itself."""
    intent = read(text, vocabulary, Context(frozenset(kinds), has_wants=True))
    assert all(c.span and c.span in intent.text for c in intent.constraints)
    return sorted(written(c) for c in intent.constraints if c.field != "type")


NUMBERS: dict[str, tuple[float, str | None]] = {
    "two and a half kilos": (2.5, "kg"), "2 and a half": (2.5, None), "2 and a half kilos": (2.5, "kg"), "one and a quarter litres": (1.25, "l"),
    "two kilos and a half": (2.5, "kg"), "a litre and a half": (1.5, "l"), "an hour and a half": (1.5, "h"), "half a litre": (0.5, "l"), "half litre": (0.5, "l"),
    "three quarters of a litre": (0.75, "l"), "1½ litres": (1.5, "l"), "½ l": (0.5, "l"), "two point five litres": (2.5, "l"),
    "a dozen": (12, None), "half a dozen": (6, None), "two dozen eggs": (24, None), "a couple of litres": (2, "l"), "a couple of slots": (2, None),
    "one hundred and fifty": (150, None), "two hundred and five": (205, None), "twelve hundred": (1200, None), "two thousand five hundred": (2500, None),
    "a couple hundred": (200, None), "3k": (3000, None), "1.5k": (1500, None), "3 k": (3000, None), "two grand": (2000, None), "2700K": (2700, "K"),
    "fifty-five": (55, None), "30 g of it": (30, "g"), "10 m long": (10, "m"), "5 g sugar": (5, "g"),
    "4 man": (4, "person"), "under 40 man": (40, None), "250ct": (250, "pc"), "18ct gold": (18, None), "60 bits": (60, "pc"),
    "£4 and 20p": (4.2, None), "6 dollars 75 cents": (6.75, None), "eight euros forty": (8.4, None), "three quid and ten pence": (3.1, None),
    "4 euro 95 at the most": (4.95, None), "thirty cents": (0.3, None), "10.000 yen": (10_000, None), "¥1.500": (1500, None), "1.500 euro": (1.5, None),
}  # fmt: skip


@pytest.mark.parametrize(("text", "number"), NUMBERS.items(), ids=NUMBERS.keys())
def test_a_number_is_read_however_it_is_written(
    text: str, number: tuple[float, str | None]
) -> None:
    (found,) = find_quantities(Utterance(text))
    assert (found.value, found.unit) == number


def test_what_is_counted_after_a_sum_is_no_part_of_it() -> None:
    found = find_quantities(Utterance("under 3 dollars 24 marbles"))
    assert [q.value for q in found] == [3, 24]


@pytest.mark.parametrize(
    "text",
    [
        "a couple of days",
        "the second half",
        "a third of them",
        "one that folds",
        "we are a couple",
        "lowest cost 2nd",
    ],
)
def test_words_that_only_look_like_numbers_are_none(text: str) -> None:
    assert list(find_quantities(Utterance(text))) == []


def test_a_hundred_and_one_that_folds_is_a_hundred() -> None:
    (found,) = find_quantities(Utterance("under a hundred and one that folds"))
    assert found.value == 100


LOADS = [
    ("at least 125 kilos", "desk chair", "max_load >= 125 kg"),
    ("at least 125 kilos", "chair", "max_load >= 125 kg"),
    ("at least 125 kilos", "office chair", "max_load >= 125 kg"),
    ("holds up to 120 kg", "desk chair", "max_load >= 120 kg"),
    ("for people over 100 kg", "desk chair", "max_load >= 100 kg"),
    ("weight capacity of 130 kg", "desk chair", "max_load >= 130 kg"),
    ("holds 34 kg", "dog leash", "max_weight >= 34 kg"),
    ("for my 34 kilo dog", "dog leash", "max_weight >= 34 kg"),
    ("under 15 kg", "desk chair", "weight <= 15 kg"),
    ("no heavier than 15 kg", "desk chair", "weight <= 15 kg"),
    ("weighs at least 10 kg", "desk chair", "weight >= 10 kg"),
    ("at least 2 kg", "guitar", "weight >= 2 kg"),
    ("for a 34 kilo dog", "guitar", "wish contains for a 34 kilo dog?"),
    ("my aunt weighs 90 kilos", "desk chair", "max_load >= 90 kg"),
]


@pytest.mark.parametrize(("text", "kind", "expected"), LOADS)
def test_a_mass_is_a_load_where_something_has_to_be_carried(
    text: str, kind: str, expected: str, store: Vocabulary
) -> None:
    assert meant(text, store, kind) == table(expected)


NAMED = [
    ("30 g of carbs", "energy gel", "carbs = 30 g"),
    ("carbs under 30 g", "energy gel", "carbs <= 30 g"),
    ("no more than 5 g of net carbs", "", "carbs <= 5 g"),
    ("less than 1 g caffeine", "energy gel", "caffeine <= 1 g"),
    ("50 cm high", "desk chair", "height = 50 cm"),
    ("20 cm tall", "shelf", "height = 20 cm"),
    ("30 cm deep", "shelf", "depth = 30 cm"),
    ("10 cm across", "shelf", "width = 10 cm"),
    ("20 cm long", "knife", "blade_length = 20 cm"),
    ("1 m long", "dog leash", "length = 1 m"),
    ("maximum width of 58 cm", "shelf", "width <= 58 cm"),
    ("50 cm wide or less", "shelf", "width <= 50 cm"),
    ("40 to 50 cm wide", "shelf", "width >= 40 cm; width <= 50 cm"),
    ("width under 60", "shelf", "width <= 60 cm"),
    ("5 year warranty", "guitar", "warranty = 5 year"),
    ("a couple of slots", "toaster", "slots = 2"),
    ("no more deep than 25 cm", "shelf", "depth <= 25 cm"),
    ("slots than 3", "toaster", "slots = 3"),
]


@pytest.mark.parametrize(("text", "kind", "expected"), NAMED)
def test_a_name_beside_a_number_says_what_it_measures(
    text: str, kind: str, expected: str, store: Vocabulary
) -> None:
    assert meant(text, store, *filter(None, [kind])) == table(expected)


def test_an_adjective_of_the_next_noun_names_no_number() -> None:
    assert "length = 2 m" in meant("2 m high speed cable", None, "cable")


LIMITS = {
    "taller than 30 cm": "height >= 30 cm",
    "no taller than 30 cm": "height <= 30 cm",
    "can't be taller than 30 cm": "height <= 30 cm",
    "it must not be any higher than 30 cm": "height <= 30 cm",
    "wider than two metres": "width >= 2 m",
    "not wider than 58cm": "width <= 58 cm",
    "I don't want anything wider than 58 cm": "width <= 58 cm",
    "not narrower than 40 cm": "width >= 40 cm",
    "no deeper than 60 cm": "depth <= 60 cm",
    "longer than 2 m": "length >= 2 m",
    "no shorter than 2 m": "length >= 2 m",
    "thinner than 5 mm": "thickness <= 5 mm",
    "not louder than 60 dB": "noise <= 60 dB",
    "shouldn't weigh more than 2 kg": "weight <= 2 kg",
    "at least 50 cm high": "height >= 50 cm",
    "8 inches at most": "length <= 8 in",
    "8 inches and it can't be wider than that": "width <= 8 in",
    "fifty dollars and nothing dearer than that": "price <= 5000 USD",
    "longer than 10 hours": "battery_life >= 10 h",
    "I don't want to spend over 50": "price <= 5000",
    "can't cost more than 50": "price <= 5000",
    "nothing under 50": "price >= 5000",
    "lower than 50": "price <= 5000",
    "half price": "discount >= 50",
}


@pytest.mark.parametrize(("text", "expected"), LIMITS.items(), ids=LIMITS.keys())
def test_a_limit_holds_in_the_direction_that_was_said(text: str, expected: str) -> None:
    assert meant(text, None, "thing") == table(expected)


def test_a_number_in_a_value_of_the_catalogue_is_that_value(store: Vocabulary) -> None:
    for text in ("3 season", "3-season", "three season"):
        assert meant(text, store, "tent") == ["seasons = 3-season"]
    assert meant("sleeps 3", store, "tent") == ["sleeps = 3 person"]
    assert meant("no, 8K", store, "projector") == ["picture = 8K"]
    assert meant("under 8k", store, "projector") == ["price <= 800000"]
    assert meant("8k", store, "guitar") == ["price <= 800000"]


def test_a_pack_of_some_is_a_number_where_the_type_states_one(store: Vocabulary) -> None:
    assert "price <= 10000" in meant("piece up to 100", store)
    assert meant("pieces up to 100", store, "puzzle") == ["pieces <= 100 pc"]
    assert meant("a pack of 6", store, "marker") == ["pack_size = 6 pc"]
    assert meant("not a pack of five", store, "marker") == ["pack_size != 5 pc"]
    assert meant("10 to a box", store, "marker") == ["pack_size = 10 pc"]
    assert not any(c.startswith("pack_size") for c in meant("a pack of 6", store, "guitar"))
    assert meant("a set of at least 6", store, "marker") == ["pack_size >= 6 pc"]
    assert not any(c.startswith("price") for c in meant("a set of at least 6", store, "guitar"))


def test_percent_are_a_share_of_what_states_one_and_never_money() -> None:
    bars = [
        Product(str(n), "Bar", type="chocolate", attributes={"cocoa": Measure(n, "%")})
        for n in (60, 70, 85)
    ]
    shop = Vocabulary.build([*bars, Product("s", "Socks", type="socks")])
    assert meant("at least 70%", shop, "chocolate") == ["cocoa >= 70 %"]
    for text in ("at least 70%", "100 % cotton"):
        assert not any(c.startswith("price") for c in meant(text, shop, "socks"))
    assert meant("at least 20% off", shop, "chocolate") == ["discount >= 20"]


def test_a_number_is_never_of_a_field_that_only_other_types_have(store: Vocabulary) -> None:
    for text, kind in (("at most 40 cm", "guitar"), ("under 20 min", "puzzle")):
        assert not any("cm" in c or "min" in c for c in meant(text, store, kind))
    assert meant("at most 40 cm", store, "knife") == ["blade_length <= 40 cm"]


def test_a_measure_without_a_name_is_of_what_was_limited_before(store: Vocabulary) -> None:
    before = Context(frozenset({"shelf"}), has_wants=True, limits=(("depth", "cm"),))
    assert [written(c) for c in read("make it 35 cm", store, before).constraints] == [
        "depth = 35 cm"
    ]
    anew = read("a knife of 35 cm", store, before).constraints
    assert "depth" not in {c.field for c in anew}


def test_the_end_of_a_word_is_no_currency() -> None:
    assert [q.currency for q in find_quantities(Utterance("no guitars. 4 drums"))] == [None]


def test_factor_is_a_word_for_sun_protection_where_it_is_stated() -> None:
    creams = Vocabulary.build(
        [Product("c", "Cream", type="cream", attributes={"spf": Measure(30, "SPF")})]
    )
    assert meant("factor 30", creams, "cream") == ["spf = 30 SPF"]
    assert not any("spf" in c for c in meant("factor 30", None, "cream"))


def test_no_big_deal_is_nothing_reduced_and_a_costume_costs_nothing(store: Vocabulary) -> None:
    for text in ("black or no deal", "a tent, the colour is no big deal", "a costume, 8-9"):
        assert not any(c.startswith(("discount", "price")) for c in meant(text, store, "tent"))
    assert "discount >= 1" in meant("any deals on tents", store, "tent")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("monitor 32 165hz under 300", "screen = 32 in; refresh_rate = 165 Hz; price <= 30000"),
        ("a 24 office monitor", "screen = 24 in"),
        ("monitor under 24", "price <= 2400"),
        ("monitor under 1 200 euros", "price <= 120000 EUR"),
    ],
)
def test_the_numbers_of_a_terse_line_are_told_apart(text: str, expected: str) -> None:
    monitors = Vocabulary.build(
        Product(
            f"m{i}",
            "Plain monitor",
            type="monitor",
            attributes={"screen": Measure(27, "in"), "refresh_rate": Measure(60, "Hz")},
        )
        for i in range(3)
    )
    said = meant(text, monitors, "monitor")
    assert [c for c in said if not c.startswith("wish")] == table(expected)


AGES = [
    ("for a 7 year old", "puzzle", "age_from <= 84 month"),
    ("for a lad of seven", "puzzle", "age_from <= 84 month"),
    ("she is only 7", "puzzle", "age_from <= 84 month"),
    ("6 months", "puzzle", "age_from <= 6 month"),
    ("for 7 and 10 year olds", "puzzle", "age_from <= 84 month"),
    ("for 5, 8 and 11 yr olds", "puzzle", "age_from <= 60 month"),
    ("our three, 12 and 5", "puzzle", "age_from <= 60 month"),
    ("from 6 to 8 years old", "puzzle", "age_from <= 72 month"),
    ("she has 9 years", "puzzle", "age_from <= 108 month"),
    ("she is 6 and 30 max", "puzzle", "age_from <= 72 month; price <= 3000"),
    ("she is 6, 30 max", "puzzle", "age_from <= 72 month; price <= 3000"),
    ("7 years of warranty", "guitar", "warranty = 7 year"),
    ("for my 7-year-old", "guitar", "wish contains for my 7-year-old?"),
    ("for a seven year old girl", "guitar", "wish contains for a seven year old girl?"),
]


@pytest.mark.parametrize(("text", "kind", "expected"), AGES)
def test_an_age_limits_only_what_is_made_for_an_age(
    text: str, kind: str, expected: str, store: Vocabulary
) -> None:
    assert meant(text, store, kind) == table(expected)


def test_without_such_a_field_an_age_is_a_wish_in_the_shoppers_words() -> None:
    (wish,) = (c for c in read("a toy for a 5 year old").constraints if c.field != "type")
    assert wish == Constraint(
        WISH, wish.op, ("for a 5 year old",), hard=False, span="for a 5 year old"
    )


COMPARISONS = {
    "too expensive": "price -1", "way too pricey for me": "price -1", "it's a bit too dear": "price -1", "too much": "price -1", "that price is too high": "price -1",
    "too loud": "noise -1", "those are all too heavy": "weight -1", "too big": "capacity -1", "too small for my kitchen": "capacity +1", "too tall": "height -1",
    "lower": "price -1", "can you go lower?": "price -1", "a bit less": "price -1", "half that": "price -1", "half the price": "price -1", "half as much": "price -1",
    "twice the size": "capacity +1", "twice as cheap": "price -1", "twice as quiet": "noise -1", "twice as big": "capacity +1", "half as loud": "noise -1", "smaller pack": "pack_size -1", "a bigger bottle": "volume +1", "less sugar": "sugar -1",
    "lower price please": "price -1", "wider": "width +1", "shallower": "depth -1", "no bigger than this one": "capacity -1",
}  # fmt: skip


@pytest.mark.parametrize("text", COMPARISONS)
def test_a_comparison_names_a_quality_and_a_direction(text: str, store: Vocabulary) -> None:
    intent = read(text, store, Context(frozenset({"toaster"}), has_wants=True))
    assert [f"{c.fields[0]} {c.direction:+d}" for c in intent.comparatives] == [COMPARISONS[text]]
    assert intent.act is Act.REFINE
    assert not any(c.field == "type" for c in intent.constraints)
    assert all(c.span in intent.text for c in intent.comparatives)


@pytest.mark.parametrize(
    "text",
    ["not too expensive", "is it too heavy?", "my old toaster was too loud", "nothing too heavy",
     "if that is too much", "a lighter shade", "more power banks", "I need a bigger bag", "wider than two metres"],
)  # fmt: skip
def test_what_is_not_said_of_the_items_shown_compares_nothing_by_it(text: str) -> None:
    found = read(text, None, Context(frozenset({"toaster"}), has_wants=True)).comparatives
    assert not [c for c in found if "too" in c.span or c.fields[0] in ("weight", "power", "width")]
    assert "net_weight" not in {c.fields[0] for c in found}


@pytest.mark.parametrize(
    ("span", "factor"),
    [
        ("half the price", 0.5),
        ("half that", 0.5),
        ("twice the size", 2.0),
        ("cheaper", None),
        ("twice as cheap", 0.5),
        ("twice as light", 0.5),
        ("twice as quiet", 0.5),
        ("half as quiet", 2.0),
        ("half as loud", 0.5),
        ("twice as big", 2.0),
        ("three quarters of the price", 0.75),
    ],
)
def test_a_comparison_says_by_how_much_or_not(span: str, factor: float | None) -> None:
    assert factor_of(span) == factor


WISHES = {
    "something pricey": "expensive", "nothing too pricey": "cheap", "not costly": "cheap", "not so loud": "quiet", "not too noisy": "quiet", "my old one was too loud": "quiet",
    "noisy": "loud", "enormous": "big", "sizeable": "big", "not bulky": "compact", "teeny": "small", "not that heavy": "light", "too slow": "fast",
}  # fmt: skip


@pytest.mark.parametrize("text", WISHES)
def test_a_wish_speaks_of_the_quality_it_asks_for(text: str) -> None:
    found = read(text, None, Context(frozenset({"toaster"}))).constraints
    wishes = [q.name for c in found if c.field == WISH and (q := quality_of(c.words[0]))]
    asked = read(text, None, Context(frozenset({"toaster"}))).comparatives
    asked_for = [
        q.name
        for q in QUALITIES
        for c in asked
        if (q.fields, q.direction) == (c.fields, c.direction)
    ]
    assert wishes + asked_for == [WISHES[text]]


def test_a_part_of_a_unit_may_be_joined_by_a_clipped_and() -> None:
    (found,) = find_quantities(Utterance("under a litre n a half"))
    assert (found.value, found.unit) == (1.5, "l")


def test_no_word_asks_for_two_qualities() -> None:
    for degree in ("plain", "more", "most"):
        said = [w for q in QUALITIES for w in getattr(q, degree)]
        assert len(said) == len(set(said))


def test_a_bare_length_measures_no_column_of_water() -> None:
    tents = Vocabulary.build(
        Product(f"t{i}", "Plain tent", type="tent", attributes={"water_column": Measure(2, "m")})
        for i in range(3)
    )
    assert meant("tent that's not bigger than 2 m", tents) == ["length <= 2 m"]
    assert meant("tent with a water column over 2 m", tents) == ["water_column >= 2 m"]


POUNDS = [
    ("shirt for under 20 pounds", "shirt", "price <= 2000 GBP"),
    ("under 20 pounds", "marker", "price <= 2000 GBP"),
    ("under 20 pounds", "guitar", "weight <= 20 lb"),
    ("for under 20 pounds", "guitar", "price <= 2000 GBP"),
    ("weighs under 20 pounds", "marker", "weight <= 20 lb"),
]


@pytest.mark.parametrize(("text", "kind", "expected"), POUNDS)
def test_a_limit_in_pounds_is_money_where_nothing_is_weighed(
    text: str, kind: str, expected: str, store: Vocabulary
) -> None:
    assert meant(text, store, kind) == table(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("fan, at least 9 blades", "tip_blades >= 9"),
        ("fan with 5blades or more", "tip_blades >= 5"),
        ("fan under 40", "price <= 4000"),
    ],
)
def test_the_last_word_of_a_name_tells_what_a_bare_number_counts(text: str, expected: str) -> None:
    records = [
        Product(str(n), f"Fan {n}", type="fan", attributes={"tip_blades": n}) for n in (3.0, 9.0)
    ]
    assert meant(text, Vocabulary.build(records)) == table(expected)


@pytest.mark.parametrize(
    ("text", "sort"),
    [
        ("which has the most blades?", Sort("tip_blades", True)),
        ("fan, fewest blades first", Sort("tip_blades")),
        ("fan sorted by blades", Sort("tip_blades", True)),
        ("fan, best blades first", Sort("tip_blades", True)),
        ("fan with the highest blade guard", None),
    ],
)
def test_a_superlative_of_a_named_number_sorts_by_it(text: str, sort: Sort | None) -> None:
    records = [
        Product(str(n), f"Fan {n}", type="fan", attributes={"tip_blades": n}) for n in (3.0, 9.0)
    ]
    told = read(text, Vocabulary.build(records)).sort
    assert told == sort or (sort is None and told != Sort("tip_blades", True))


def test_a_letter_names_waist_or_leg_where_jeans_state_them(words: Vocabulary) -> None:
    assert "waist = 28" in [written(c) for c in read("slim jeans, W28", words).constraints]
    assert "inseam = 32" in [written(c) for c in read("jeans l32", words).constraints]
