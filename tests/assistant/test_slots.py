"""What marked words mean: a table of slots, read with and without the corner shop's vocabulary."""

from __future__ import annotations

import pytest

from assistant.compact import ACTS, LABELS, Slot, parse_line
from assistant.demands import demands_of
from assistant.dropping import cleared_of
from assistant.intent import Act, Intent, Sort
from assistant.llm.scripted import Scripted
from assistant.parse import parse_intent
from assistant.pointing import comparatives_of, references_of, sort_of
from assistant.reader import Context
from assistant.slots import constraints_of, stands_in
from catalog.constraint import NONE, WISH, Constraint, Op
from catalog.product import Product
from retrieval.vocabulary import Vocabulary
from tests.assistant.reading import constraints, folded, table, written


def slot(text: str) -> Slot:
    (found,) = parse_line(f"want {text}").slots
    return found


def meaning(text: str, vocabulary: Vocabulary | None = None) -> list[str]:
    return sorted(written(c) for c in constraints_of(slot(text), vocabulary, Context()))


IN_THE_SHOP = """
item=kettle                | type = kettle
item=the kettles           | type = kettle
item=red kettle            | type = kettle; color = red
item=tea cosy              | type contains tea cosy
not item=socks             | type != socks
item=thing                 |
item=prezzie               | wish contains gift?
item=birthday present      | wish contains gift?
feature=properly           |
feature=massive            | wish contains massive?
feature=on the shelf       | stock >= 1
feature=glitter free       | text not_contains glitter
feature=woolly             | material = wool
size=sz 11                 | size = 11
age=80                     | wish contains 80?
item=treats for the dog    | type = dog treats
item=face kettle           | type contains face kettle
item=night red             | type contains night red
brand=forest               | text contains forest
material=glas              | material = glass
not wish=nothing scratchy  | wish contains not scratchy?
wish=nothing too heavy     | wish contains not heavy?
wish=good for nothing      | wish contains good for nothing?
item=Cove sets             | brand = Cove
not item=Cove set          | brand != Cove
item=Cove drum kit         | brand = Cove; type contains drum kit
feature=made by Cove       | brand = Cove
feature=leather strap      | text contains leather strap
feature=got in             | stock >= 1
gender=gents               | gender = men
brand=Cove                 | brand = Cove
not brand=Cove             | brand != Cove
~brand=Cove                | brand = Cove?
brand=Bosch                | brand = Bosch
color=red                  | color = red
not color=red              | color != red
~not color=red             | color != red?
color=teal                 | color = teal
material=stainless steel   | material = stainless steel
not material=plastic       | material != plastic
size=L                     | size = L
size=size 32               | size = 32
size=four and a half       | size = 4.5
feature=keep warm          | keep_warm = true
not feature=keep warm      | keep_warm = false
~feature=wireless          | wireless = true?
feature=grain free         | grain_free = true
feature=in stock           | stock >= 1
feature=on sale            | discount >= 1
feature=built-in whistle   | text contains built-in whistle
feature=a whistle          | text contains whistle
not feature=whistle        | text not_contains whistle
gender=women's             | gender = women
gender=for men             | gender = men
wish=quiet                 | wish contains quiet?
not wish=keep warm         | keep_warm = false
not wish=red               | color != red
not wish=flashy            | wish contains not flashy?
wish=for my dad            | wish contains for my dad?
price<=60                  | price <= 6000
price<=$60                 | price <= 6000 USD
price>=20                  | price >= 2000
price~50                   | price = 5000?
price<=20 quid             | price <= 2000 GBP
price<=a tenner            | price <= 1000
not price<=20              | price >= 2000
measure>=1.5 l             | capacity >= 1.5 l
measure<=2 litres          | capacity <= 2 l
measure=1000 pieces        | pieces = 1000 pc
measure~40 h               | battery_life = 40 h?
measure>=4 stars           | rating >= 4
measure<=60 dB             | noise <= 60 dB
not measure<=60 dB         | noise >= 60 dB
age=4 year old             | age_from <= 48 month
age=4                      | age_from <= 48 month
age=toddler                | age_from <= 18 month
ref=the second one         |
order=cheapest first       |
about=dishwasher safe      |
field=budget               |
"""

WITHOUT_A_SHOP = """
item=kettle                | type contains kettle
item=red kettle            | type contains red kettle
brand=Cove                 | brand = Cove
color=red                  | color = red
color=zorg                 | color = zorg
color=dark zorg            | text contains dark zorg
not material=plastic       | material != plastic
size=L                     | size = L
feature=wireless           | text contains wireless
not feature=whistle        | text not_contains whistle
wish=quiet                 | wish contains quiet?
price<=$60                 | price <= 6000 USD
measure>=1.5 l             | capacity >= 1.5 l
age=toddler                | wish contains for a toddler?
"""


def rows(text: str) -> list[tuple[str, str]]:
    split = (row.partition("|") for row in text.strip().splitlines())
    return [(said.strip(), means.strip()) for said, _, means in split]


@pytest.mark.parametrize(("said", "means"), rows(IN_THE_SHOP))
def test_in_a_shop_words_mean_what_its_catalogue_calls_so(
    said: str, means: str, words: Vocabulary
) -> None:
    assert meaning(said, words) == table(means)


@pytest.mark.parametrize(("said", "means"), rows(WITHOUT_A_SHOP))
def test_without_a_shop_words_mean_what_anybody_means(said: str, means: str) -> None:
    assert meaning(said) == table(means)


@pytest.mark.parametrize("odd", ["measure=²", "measure=①", "price<=²", "size=²"])
def test_raised_and_ringed_digits_are_no_numbers(odd: str, words: Vocabulary) -> None:
    assert all(c.number is None for c in constraints_of(slot(odd), words, Context()))


@pytest.mark.parametrize(
    ("said", "means"),
    [
        ("measure=sixty", "pieces = 60 pc"),
        ("measure~80ish", "pieces = 80 pc?"),
        ("measure>=300", "pieces >= 300 pc"),
        ("measure=+1.5", ""),
    ],
)
def test_a_bare_number_counts_where_the_type_may_be_counted(
    said: str, means: str, words: Vocabulary
) -> None:
    found = constraints_of(slot(said), words, Context(frozenset({"puzzle"})))
    assert [written(c) for c in found] == table(means)
    assert not constraints_of(slot(said), words, Context(frozenset({"kettle"})))


def test_the_last_word_of_what_was_spoken_of_is_no_attribute() -> None:
    products = [
        Product(id=str(n), title="Stick", type="vacuum", attributes={"cordless": True})
        for n in range(5)
    ]
    vocabulary = Vocabulary.build(products)
    spoken = Context(frozenset({"torch"}), frozenset({"curtain cord"}))
    found = constraints_of(slot("item=cords"), vocabulary, spoken)
    assert [written(c) for c in found] == ["type contains cord"]


def test_a_price_range_in_one_piece_keeps_both_ends(words: Vocabulary) -> None:
    assert meaning("price<=20 to 40", words) == table("price >= 2000; price <= 4000")


def test_a_long_feature_no_listing_would_say_so_is_a_wish(words: Vocabulary) -> None:
    (wish,) = constraints_of(slot("feature=goes well with everything else"), words, Context())
    assert (wish.field, wish.hard) == (WISH, False)


def test_every_demand_carries_the_words_it_came_from(words: Vocabulary) -> None:
    for said, _ in rows(IN_THE_SHOP):
        value = slot(said).value
        for c in constraints_of(slot(said), words, Context()):
            assert c.span == value


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize("value", ["!!!", "x", "red " * 60, "€", "été 👟", "not", "1e999", "-5"])
@pytest.mark.parametrize("form", ["", "not ", "~"])
def test_no_value_is_too_odd(label: str, value: str, form: str, words: Vocabulary) -> None:
    odd = Slot(label, "=", value.strip(), form == "not ", form == "~")
    for vocabulary in (words, None):
        assert all(c.span for c in constraints_of(odd, vocabulary, Context()))
        sort_of(odd, vocabulary, Context())
        cleared_of(odd, vocabulary, Context(), ())
    references_of([odd], Act.ASK, None)
    comparatives_of(odd)


@pytest.mark.parametrize(
    ("said", "points"),
    [
        ("the second one", "position 2"), ("2", "position 2"), ("#3", "position 3"), ("frist", "position 1"),
        ("the last", "position -1"), ("first two", "position 1; position 2"), ("both", "position 1; position 2"),
        ("the last two", "position -2; position -1"), ("second and fourth", "position 2; position 4"),
        ("number 3", "position 3"), ("the blue one", "match blue"), ("Cove", "match cove"), ("it", "this"),
        ("those", "all"), ("the cheapest", "extreme price:-1"), ("one", "position 1"), ("1 and 3", "position 1; position 3"),
        ("one and three", "position 1; position 3"), ("the first and 3", "position 1; position 3"), ("that one there", "match there"),
        ("the last 3", "position -3; position -2; position -1"), ("secnd one", "position 2"),
        ("this one", "this"), ("that one", "this"), ("the green 1", "match green"), ("numero 2", "position 2"), ("third un", "position 3"),
        ("bottom jar", "position -1"), ("they", "all"), ("any of em", "all"), ("al of these", "all"), ("every one of them", "all"),
        ("the two lanterns", "match two lanterns"), ("these two", "position 1; position 2"), ("priciest of that lot", "extreme price:+1"),
        ("lowest rated among those", "match lowest rated"), ("best rated among those", "extreme rating:+1"), ("most expensive", "extreme price:+1"),
        ("the most quiet", "extreme noise:-1"), ("the lighter one", "extreme weight:-1"), ("the lighter", "match lighter"), ("the quietst", "extreme noise:-1"),
    ],
)  # fmt: skip
def test_a_reference_points(said: str, points: str) -> None:
    found = references_of([Slot("ref", "=", said)], Act.ADD_TO_CART, None)
    assert "; ".join(f"{r.kind} {r.value}".strip() for r in found) == points
    assert {r.span for r in found} == {said}


@pytest.mark.parametrize(
    ("said", "field", "direction"),
    [("cheaper", "price", -1), ("a bit quieter", "noise", -1), ("bigger", "capacity", 1), ("way too big", "capacity", -1),
        ("too expensive", "price", -1), ("way too pricey for me", "price", -1), ("less", "price", -1), ("bring it down a little", "price", -1),
        ("easier on my purse", "price", -1), ("chepaer", "price", -1), ("quietr", "noise", -1), ("more bits", "pieces", 1)],
)  # fmt: skip
def test_a_comparison_has_a_direction(said: str, field: str, direction: int) -> None:
    (found,) = comparatives_of(Slot("than", "=", said))
    assert (found.fields[0], found.direction, found.span) == (field, direction, said)
    assert comparatives_of(Slot("than", "=", "zorg")) == ()


@pytest.mark.parametrize(
    ("said", "field", "direction"), [("more litres", "capacity", 1), ("fewer decibels", "noise", -1), ("less noise", "noise", -1)]
)  # fmt: skip
def test_a_comparison_may_name_a_unit_or_a_field(
    said: str, field: str, direction: int, words: Vocabulary
) -> None:
    context = Context(frozenset({"kettle"}))
    (found,) = comparatives_of(Slot("than", "=", said), words, context)
    assert (found.fields[0], found.direction) == (field, direction)


@pytest.mark.parametrize(
    ("said", "sort"),
    [
        ("cheapest first", Sort("price")), ("dearest", Sort("price", True)), ("best rated", Sort("rating", True)),
        ("most popular", Sort("review_count", True)), ("quietest", Sort("noise")), ("zorg", None),
        ("least noise first", Sort("noise")), ("smallest capacity up top", Sort("capacity")), ("cheapies", Sort("price")),
        ("more quiet ones first", Sort("noise")),
    ],
)  # fmt: skip
def test_an_order_sorts(said: str, sort: Sort | None, words: Vocabulary) -> None:
    assert sort_of(Slot("order", "=", said), words, Context()) == sort


@pytest.mark.parametrize(
    ("said", "cleared"),
    [
        ("budget", ("price",)), ("money", ("price",)), ("colour", ("color",)), ("brand", ("brand",)),
        ("everything", ("*",)), ("quiet", ("value:quiet",)), ("red", ("value:red",)), ("zorg", ()),
        ("manufacturer", ("brand",)), ("company", ("brand",)), ("full price", ("discount",)),
    ],
)  # fmt: skip
def test_what_is_dropped_is_a_field_or_something_wanted(
    said: str, cleared: tuple[str, ...], words: Vocabulary
) -> None:
    wanted = folded("quiet red Cove kettle under 60", words).constraints
    assert cleared_of(Slot("field", "=", said), words, Context(), wanted) == cleared


@pytest.mark.parametrize(
    ("said", "cleared"),
    [
        ("whoever makes it", ("brand",)), ("any make", ("brand",)), ("producers", ("brand",)), ("what it's made from", ("material",)), ("deal", ("discount",)),
        ("perfume", ("scent_free",)), ("reclining", ("reclinable",)), ("folding", ()), ("a fresh start", ("*",)),
    ],
)  # fmt: skip
def test_what_is_wanted_is_dropped_by_another_name_for_it(
    said: str, cleared: tuple[str, ...], words: Vocabulary
) -> None:
    wanted = (
        Constraint("brand", Op.EQ, "Cove", span="Cove"),
        Constraint("material", Op.EQ, "steel", span="steel"),
        Constraint("discount", Op.GE, 1.0, span="reduced"),
        Constraint("scent_free", Op.EQ, True, span="unscented"),
        Constraint("reclinable", Op.EQ, True, span="leans back"),
    )
    assert cleared_of(Slot("field", "=", said), words, Context(), wanted) == cleared
    if cleared != ("*",):
        assert cleared_of(Slot("field", "=", said), words, Context(), ()) == ()


def test_a_slot_stands_in_its_utterance_or_not() -> None:
    intent: Intent = parse_intent("a RED kettle, 1.7-litre", model=Scripted("chat"))
    assert all(
        stands_in(slot(s), intent) for s in ("color=red", "item=red kettle", "measure=1.7-litre")
    )
    assert not any(stands_in(slot(s), intent) for s in ("color=blue", "item=kettle red", "item=!!"))


def test_every_act_has_a_form(words: Vocabulary) -> None:
    for act in ACTS:
        intent = parse_intent(
            "the red one", catalog=words, model=Scripted(f"{act} ref=the red one")
        )
        assert intent.source == "reader+model"


@pytest.mark.parametrize(
    ("text", "slots", "expected"),
    [
        ("with red cartridge", ("color=red", "item=cartridge"), "cartridge = red"),
        (
            "an orbo blue cartridge",
            ("brand=orbo", "color=blue", "item=cartridge"),
            "cartridge = orbo blue",
        ),
        ("a red turntable", ("color=red", "item=turntable"), "type = turntable; color = red"),
    ],
)
def test_a_value_marked_apart_from_the_name_of_its_field_is_one_demand(
    text: str, slots: tuple[str, ...], expected: str
) -> None:
    held = ["Orbo Blue Magnet", "Kanta Red"]
    records = [
        Product(str(n), f"Deck {n}", type="turntable", attributes={"cartridge": c})
        for n, c in enumerate(held)
    ]
    told = [Slot(s.partition("=")[0], "=", s.partition("=")[2]) for s in slots]
    made = demands_of(told, Vocabulary.build(records), Context(), set(), text)
    assert sorted(map(written, made)) == table(expected)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("silent fan", ["type = fan", "wish contains silent?"]),
        ("bladeless fan", ["style = Bladeless", "type = fan"]),
        ("ceiling fan", ["type contains ceiling fan"]),
    ],
)
def test_a_longer_name_is_a_kind_of_its_own_where_a_fair_share_of_titles_has_it(
    said: str, meant: list[str]
) -> None:
    titles = ["Silent Fan"] * 2 + ["Bladeless Fan"] * 2 + ["Ceiling Fan"] * 9 + ["Breeze"] * 200
    fans = [
        Product(str(i), t, type="fan", attributes={"style": "Bladeless"} if i % 9 == 2 else {})
        for i, t in enumerate(titles)
    ]
    assert meaning(f"item={said}", Vocabulary.build(fans)) == meant
    assert meaning("not item=silent fan", Vocabulary.build(fans)) == [
        "type not_contains silent fan"
    ]


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("feature=hook", "hook != ANY"),
        ("not feature=hook", "hook = ANY"),
        ("~feature=hooks", "hook != ANY?"),
        ("feature=brass hook", "hook = brass"),
        ("item=hook", "type contains hook"),
    ],
)
def test_a_feature_that_a_field_is_named_for_is_any_it_states(marked: str, expected: str) -> None:
    words = Vocabulary.build(
        Product(v, f"Lantern {v}", type="lantern", attributes={"hook": v})
        for v in ("steel", "brass")
    )
    found = constraints_of(slot(marked), words, Context(kinds=frozenset({"lantern"})))
    assert [written(c) for c in found] == [expected.replace("ANY", "|".join(NONE))]


def test_an_age_inside_a_longer_wish_is_an_age(words: Vocabulary) -> None:
    said = "a puzzle that keeps a lively 9yr old busy"
    line = "want item=puzzle; wish=keeps a lively 9yr old busy"
    intent = parse_intent(said, catalog=words, model=Scripted(line))
    assert "age_from <= 108 month" in constraints(intent)
    told = "my 9 year old broke ours, I need a puzzle"
    intent = parse_intent(told, catalog=words, model=Scripted("want item=puzzle"))
    assert constraints(intent) == ["type = puzzle"]


def test_what_is_refused_is_a_value_of_what_is_bought_though_its_word_says_little() -> None:
    bags = [
        Product(f, f"Bag {f}", type="sleeping bag", attributes={"filling": f})
        for f in ("down", "synthetic")
    ]
    shop = Vocabulary.build([*bags, Product("t", "Tent", type="tent")])
    now = Context(kinds=frozenset({"sleeping bag"}))
    meant = [written(c) for c in constraints_of(slot("not feature=down"), shop, now)]
    assert meant == ["filling != down"]
    other = [written(c) for c in constraints_of(slot("not feature=tent"), shop, now)]
    assert other == ["text not_contains tent"]
    any_kind = [written(c) for c in constraints_of(slot("not feature=tent"), shop, Context())]
    assert any_kind == ["type != tent"]


def test_a_thing_named_by_what_something_else_smells_of_is_that_thing() -> None:
    litter = Product("l", "Cat Litter", type="cat litter", attributes={"scent": "green tea"})
    shop = Vocabulary.build([litter, Product("t", "Jasmine Tea", type="tea")])
    assert meaning("item=green tea", shop) == ["text contains green", "type = tea"]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("garden things", ["wish contains garden?"]),
        ("kitchen gifts", ["wish contains kitchen?"]),
        ("garden chair", ["type contains garden chair"]),
    ],
)
def test_things_for_something_are_no_kind(said: str, meant: list[str], words: Vocabulary) -> None:
    assert meaning(f"item={said}", words) == meant


def test_a_person_refused_that_no_gender_names_is_looked_for_in_the_words(
    words: Vocabulary,
) -> None:
    assert meaning("not gender=girls", words) == ["text not_contains girls"]


@pytest.fixture(scope="module")
def aisle() -> Vocabulary:
    """Ear wear filed under words no title says, mice by connection, and a maker called Easter."""
    made = [
        Product(f"e{i}", f"Sonor S{i}", type=kind, attributes={"enclosure": enclosure, "connection": joined, "wireless": True} if not i else {"enclosure": enclosure, "connection": joined})
        for i, (kind, enclosure, joined) in enumerate([("in ear", "Closed", "Wireless"), ("circumaural", "Open", "Wired")] * 20)
    ]  # fmt: skip
    made += [Product(f"p{i}", "Easter puzzle", type="puzzle", brand="Brava") for i in range(9)]
    made.append(Product("q", "Snowman puzzle", type="puzzle", brand="Easter"))
    return Vocabulary.build(made)


@pytest.mark.parametrize(
    ("written_so", "expected"),
    [
        ("feature=in ear", "type = in ear"),
        ("feature=over ear", "type = circumaural"),
        ("not feature=in ear", "type != in ear"),
        ("feature=open back", "enclosure = Open"),
        ("not feature=easter", "text not_contains easter"),
        ("material=imitation leather", "material = faux leather"),
    ],
)
def test_a_quality_is_what_this_catalogue_files_it_as(
    written_so: str, expected: str, aisle: Vocabulary
) -> None:
    sign, _, label = written_so.rpartition("not ")
    (found,) = parse_line(f"{'want not ' if 'not ' in written_so else 'want '}{label}").slots
    assert sorted(written(c) for c in constraints_of(found, aisle, Context())) == table(expected)


def test_a_word_that_it_is_no_imitation_and_a_bare_not_demand_nothing(aisle: Vocabulary) -> None:
    line = parse_line("want feature=genuine; material=leather; feature=not")
    made = demands_of(line.slots, aisle, Context(), set(), "genuine leather, not")
    assert [written(c) for c in made] == ["material = leather"]
