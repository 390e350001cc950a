import pytest

from catalog.constraint import NONE, TEXT, Constraint, Op
from catalog.product import Measure, Product, Variant
from catalog.verdict import Verdict, judge, judge_all
from catalog.wording import text_words
from retrieval.columns import Columns

KETTLE = Product(
    id="k1",
    title="Halden Hush kettle, navy",
    description="Boils quietly. No red parts. BPA free.",
    brand="Halden",
    type="kettle",
    category=("Kitchen", "Kettles"),
    price=5499,
    list_price=6999,
    currency="USD",
    rating=4.5,
    attributes={
        "color": "navy",
        "noise": Measure(54, "dB"),
        "capacity": Measure(1700, "ml"),
        "cordless": True,
        "size": ("S", "M"),
        "gender": "unisex",
    },
)
MATCH, UNKNOWN, VIOLATION = Verdict.MATCH, Verdict.UNKNOWN, Verdict.VIOLATION


@pytest.mark.parametrize(
    ("constraint", "verdict"),
    [
        (Constraint("price", Op.LE, 5499, "USD"), MATCH),
        (Constraint("price", Op.LE, 5498, "USD"), VIOLATION),
        (Constraint("price", Op.LE, 6000, "EUR"), UNKNOWN),
        (Constraint("price", Op.LE, 6000), MATCH),
        (Constraint("discount", Op.GE, 20), MATCH),
        (Constraint("discount", Op.GE, 30), VIOLATION),
        (Constraint("review_count", Op.GE, 10), UNKNOWN),
        (Constraint("capacity", Op.GE, 1.5, "l"), MATCH),
        (Constraint("capacity", Op.GE, 2, "l"), VIOLATION),
        (Constraint("capacity", Op.GE, 1, "kg"), UNKNOWN),
        (Constraint("noise", Op.LE, 54, "dB"), MATCH),
        (Constraint("weight", Op.LE, 2, "kg"), UNKNOWN),
        (Constraint("brand", Op.EQ, ("halden",)), MATCH),
        (Constraint("brand", Op.NE, ("Halden", "Brisa")), VIOLATION),
        (Constraint("type", Op.EQ, ("kettles",)), MATCH),
        (Constraint("type", Op.EQ, ("toaster",)), VIOLATION),
        (Constraint("type", Op.CONTAINS, ("hush",)), MATCH),
        (Constraint("color", Op.NE, ("blue",)), VIOLATION),
        (Constraint("color", Op.NE, ("red",)), MATCH),
        (Constraint("color", Op.EQ, ("black", "navy")), MATCH),
        (Constraint("material", Op.EQ, ("steel",)), UNKNOWN),
        (Constraint("size", Op.EQ, ("M",)), MATCH),
        (Constraint("size", Op.EQ, ("L",)), VIOLATION),
        (Constraint("color", Op.NE, NONE), MATCH),
        (Constraint("color", Op.EQ, NONE), VIOLATION),
        (Constraint("parts", Op.NE, NONE), UNKNOWN),
        (Constraint("parts", Op.EQ, NONE), UNKNOWN),
        (Constraint("gender", Op.EQ, ("women",)), MATCH),
        (Constraint("cordless", Op.EQ, True), MATCH),
        (Constraint("cordless", Op.EQ, False), VIOLATION),
        (Constraint("foldable", Op.EQ, True), UNKNOWN),
        (Constraint("text", Op.NOT_CONTAINS, ("red",)), MATCH),
        (Constraint("text", Op.NOT_CONTAINS, ("bpa",)), MATCH),
        (Constraint("text", Op.CONTAINS, ("quietly",)), MATCH),
        (Constraint("text", Op.CONTAINS, ("glass",)), UNKNOWN),
        (Constraint("wish", Op.CONTAINS, "quiet", hard=False), UNKNOWN),
    ],
)
def test_a_product_meets_breaks_or_leaves_open_a_constraint(
    constraint: Constraint, verdict: Verdict
) -> None:
    assert judge(KETTLE, constraint) is verdict


@pytest.mark.parametrize(
    ("held", "asked", "meets"),
    [
        ("Semi-automatic", "automatic", False),
        ("semi-automatic", "Semi-automatic", True),
        ("semi-automatic / automatic", "automatic", True),
        ("fully automatic", "automatic", True),
        ("non-woven", "woven", False),
        ("38 2/3", "38", False),
        ("38 2/3", "38 2/3", True),
        ("7½", "7", False),
        ("10 1/2", "10", False),
        ("38,5", "38", False),
        ("38,5", "5", False),
        ("37/38/39", "38", True),
        ("10-12", "12", True),
        ("EU 38 / UK 5", "38", True),
        ("extra small", "small", False),
        ("XX-Large", "large", False),
        ("small / extra small", "small", True),
    ],
)
def test_a_value_half_or_not_the_one_asked_for_is_another(
    held: str, asked: str, meets: bool
) -> None:
    machine = Product(id="m", title="Machine", attributes={"mode": held})
    for op in (Op.EQ, Op.NE):
        verdict = MATCH if meets == (op is Op.EQ) else VIOLATION
        constraint = Constraint("mode", op, (asked,))
        assert judge(machine, constraint) is verdict
        told = {MATCH: 1, VIOLATION: -1}[verdict]
        assert Columns.build([machine]).verdicts(constraint).tolist() == [told]


@pytest.mark.parametrize(
    ("attribute", "title", "verdict"),
    [
        ("hdmi", "Projector", VIOLATION),
        ("hdmi_port", "Projector", VIOLATION),
        ("hdmi_port", "Projector with HDMI", MATCH),
        ("mini_hdmi", "Projector", UNKNOWN),
        ("hdmi_cable", "Projector", UNKNOWN),
    ],
)
def test_what_a_record_denies_is_not_left_open(
    attribute: str, title: str, verdict: Verdict
) -> None:
    projector = Product(id="p", title=title, attributes={attribute: False})
    constraint = Constraint(TEXT, Op.CONTAINS, ("hdmi",))
    assert judge(projector, constraint) is verdict
    told = {MATCH: 1, UNKNOWN: 0, VIOLATION: -1}[verdict]
    assert Columns.build([projector]).verdicts(constraint).tolist() == [told]


@pytest.mark.parametrize(
    ("held", "asked", "meets"),
    [
        ("38½", "38.5", True),
        ("38,5", "38 1/2", True),
        ("38.5", "38,5", True),
        ("38 1/2", "38", False),
        ("X-Large", "XL", True),
        ("X-Large", "L", False),
        ("Large", "L", True),
        ("3XL", "xxx-large", True),
    ],
)
def test_a_size_is_the_same_however_it_is_written(held: str, asked: str, meets: bool) -> None:
    boot = Product(id="b", title="Boot", attributes={"size": held})
    constraint = Constraint("size", Op.EQ, (asked,))
    assert judge(boot, constraint) is (MATCH if meets else VIOLATION)
    assert Columns.build([boot]).verdicts(constraint).tolist() == [1 if meets else -1]


@pytest.mark.parametrize(
    ("stated", "asked", "verdict"),
    [
        ({"vegetarian": False}, "vegan", VIOLATION),
        ({"vegetarian": True}, "vegan", UNKNOWN),
        ({"vegan": True}, "vegetarian", MATCH),
        ({"vegan": False}, "vegetarian", UNKNOWN),
        ({"vegan": True, "vegetarian": False}, "vegan", MATCH),
    ],
)
def test_a_yes_or_no_may_answer_for_another(
    stated: dict[str, bool], asked: str, verdict: Verdict
) -> None:
    soup = Product(id="s", title="Soup", attributes=stated)
    constraint = Constraint(asked, Op.EQ, True)
    assert judge(soup, constraint) is verdict
    told = {MATCH: 1, UNKNOWN: 0, VIOLATION: -1}[verdict]
    assert Columns.build([soup]).verdicts(constraint).tolist() == [told]


@pytest.mark.parametrize(
    ("held", "color", "carries"),
    [
        ("charcoal", "grey", True),
        ("anthracite", "gray", True),
        ("caramel", "brown", True),
        ("ecru", "white", True),
        ("midnight blue", "blue", True),
        ("navy", "green", False),
        ("grey", "charcoal", False),
    ],
)
def test_a_shade_is_its_colour_asked_for_or_refused(held: str, color: str, carries: bool) -> None:
    product = Product("p", "Throw", attributes={"color": held})
    for op in (Op.EQ, Op.NE):
        meets = carries == (op is Op.EQ)
        assert judge(product, Constraint("color", op, (color,))) is (MATCH if meets else VIOLATION)
        state = Columns.build([product]).state([Constraint("color", op, (color,))])
        assert bool(state[0] == 1) is meets


@pytest.mark.parametrize(
    ("held", "material", "asked", "refused"),
    [
        ("recycled polyester", "plastic", VIOLATION, VIOLATION),
        ("acrylic", "plastic", VIOLATION, VIOLATION),
        ("plastic", "plastic", MATCH, VIOLATION),
        ("silicone", "plastic", VIOLATION, MATCH),
        ("beech", "wood", MATCH, VIOLATION),
        ("merino", "wool", MATCH, VIOLATION),
        ("cashmere", "wool", VIOLATION, VIOLATION),
        ("stainless steel", "metal", MATCH, VIOLATION),
        ("wood", "oak", VIOLATION, MATCH),
    ],
)
def test_a_sort_of_a_material_is_that_material(
    held: str, material: str, asked: Verdict, refused: Verdict
) -> None:
    product = Product("p", "Thing", attributes={"material": held})
    for op, verdict in ((Op.EQ, asked), (Op.NE, refused)):
        demand = Constraint("material", op, (material,))
        assert judge(product, demand) is verdict
        assert bool(Columns.build([product]).state([demand])[0] == 1) is (verdict is MATCH)
    in_words = Product("w", "Thing", description=f"Made of {held}.")
    refusal = Constraint(TEXT, Op.NOT_CONTAINS, (material,))
    if material == "plastic":
        assert judge(in_words, refusal) is refused, "named as a word it is refused alike"


@pytest.mark.parametrize(
    ("title", "told", "demand", "verdict"),
    [
        ("Runner", "Black upper and a white rubber outsole.", ("color", "white"), UNKNOWN),
        ("Runner", "Black upper and a white rubber outsole.", ("color", "black"), MATCH),
        ("Tote with red stitching", "", ("color", "red"), UNKNOWN),
        ("Tote in red", "Handles of rope.", ("color", "red"), MATCH),
        ("Tote", "Red accents on a red bag.", ("color", "red"), MATCH),
        ("Axe", "For wood splitting.", ("material", "wood"), UNKNOWN),
        ("Spray", "A leather sofa cleaner.", ("material", "leather"), UNKNOWN),
        ("Watch", "On a leather strap.", ("material", "leather"), MATCH),
        ("Chair", "Seat of wood.", ("material", "wood"), MATCH),
    ],
)
def test_what_is_said_of_a_part_or_of_what_it_works_on_is_not_said_of_the_product(
    title: str, told: str, demand: tuple[str, str], verdict: Verdict
) -> None:
    product = Product("p", title, description=told)
    asked = Constraint(demand[0], Op.EQ, demand[1:])
    assert judge(product, asked) is verdict
    assert (Columns.build([product]).state([asked])[0] == 1) == (verdict is MATCH)


def test_a_field_that_names_the_part_is_not_the_colour_of_the_product() -> None:
    shoe = Product("p", "Trainer", attributes={"color": "black with white sole"})
    for color, verdict in (("white", VIOLATION), ("black", MATCH)):
        asked = Constraint("color", Op.EQ, (color,))
        assert judge(shoe, asked) is verdict
        assert (Columns.build([shoe]).state([asked])[0] == 1) == (verdict is MATCH)
    assert judge(shoe, Constraint("color", Op.NE, ("white",))) is VIOLATION


def test_prose_tells_a_shade_only_where_the_word_is_nothing_but_a_colour() -> None:
    sofa = Product("s", "Lounger", description="Three seats in maroon cloth.")
    tin = Product("t", "Tin of mint tea")
    assert judge(sofa, Constraint("color", Op.EQ, ("red",))) is MATCH
    assert judge(tin, Constraint("color", Op.EQ, ("green",))) is UNKNOWN


def test_a_field_the_record_lacks_is_looked_for_in_the_listing() -> None:
    bare = Product(id="b", title="Red kettle", description="Made without plastic.")
    assert judge(bare, Constraint("color", Op.EQ, ("red",))) is MATCH
    assert judge(bare, Constraint("color", Op.NE, ("red",))) is VIOLATION
    assert judge(bare, Constraint("color", Op.EQ, ("green",))) is UNKNOWN
    assert judge(bare, Constraint("material", Op.NE, ("plastic",))) is UNKNOWN
    assert judge(bare, Constraint("price", Op.LE, 6000, "USD")) is UNKNOWN


@pytest.mark.parametrize(
    ("title", "word", "meets"),
    [
        ("Dark bar with roasted almonds", "nuts", False),
        ("Dark bar with hazelnut cream", "nut", False),
        ("Nut-free dark bar", "nuts", True),
        ("Plain dark bar, no almonds", "nuts", True),
        ("Oat drink", "dairy", True),
        ("Milk chocolate", "dairy", False),
        ("Bar with nutmeg", "nuts", True),
    ],
)
def test_refusing_a_food_refuses_its_kinds(title: str, word: str, meets: bool) -> None:
    refused = Constraint(TEXT, Op.NOT_CONTAINS, (word,))
    product = Product("p", title)
    assert judge(product, refused) is (Verdict.MATCH if meets else Verdict.VIOLATION)
    columns = Columns.build([product])
    assert bool(columns.state([refused])[0] == 1) is meets
    wanted = Constraint(TEXT, Op.CONTAINS, (word,))
    assert "almond" not in text_words(wanted), "who wants nuts gets what says so"


@pytest.mark.parametrize(
    ("brand", "title", "op", "verdict"),
    [
        ("Halden", "Kettle", Op.EQ, MATCH),
        (None, "Halden kettle", Op.EQ, MATCH),
        (None, "Kettle", Op.EQ, VIOLATION),
        (None, "Kettle", Op.NE, UNKNOWN),
        (None, "Halden kettle", Op.NE, VIOLATION),
    ],
)
def test_a_brand_asked_for_is_named_or_not_that_one(
    brand: str | None, title: str, op: Op, verdict: Verdict
) -> None:
    kettle = Product("k", title, brand=brand)
    asked = Constraint("brand", op, ("Halden",))
    assert judge(kettle, asked) is verdict
    told = {MATCH: 1, UNKNOWN: 0, VIOLATION: -1}[verdict]
    assert Columns.build([kettle]).verdicts(asked).tolist() == [told]


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Lantern with a lid", True),
        ("Lantern without lid", False),
        ("Lantern (non-lid)", False),
        ("Lantern, lid not included", False),
        ("Lantern, lids sold separately", False),
        ("Lantern that isn't a lid", False),
        ("Lantern without lid, but one lid for the pot", True),
        ("Lantern, lid not loose", True),
    ],
)
def test_a_word_denied_in_a_title_meets_no_demand(title: str, said: bool) -> None:
    lantern = Product("p", title, type="lantern")
    columns = Columns.build([lantern])
    for field, otherwise in ((TEXT, UNKNOWN), ("type", VIOLATION)):
        asked = Constraint(field, Op.CONTAINS, ("lid",))
        verdict = MATCH if said else otherwise
        assert judge(lantern, asked) is verdict
        assert bool(columns.state([asked])[0] == 1) is said


def test_stock_without_a_number_is_in_stock_and_leaves_open_how_many() -> None:
    some = Product("a", "Mug", uncounted=True)
    demands = [(Op.GE, 1.0), (Op.LT, 1.0), (Op.GT, 0.0), (Op.GE, 3.0), (Op.LE, 3.0)]
    told = [judge(some, Constraint("stock", op, number)) for op, number in demands]
    assert told == [MATCH, VIOLATION, MATCH, UNKNOWN, UNKNOWN]


def test_variants_of_which_one_is_there_are_there() -> None:
    gone, there = Variant("s", {"size": "S"}, stock=0), Variant("m", {"size": "M"}, uncounted=True)
    both = Product("a", "Tee").sold_as([gone, there])
    assert (both.stock, both.in_stock) == (None, True)
    assert Product.from_json(both.to_json()) == both
    small = [Constraint("size", Op.EQ, "S"), Constraint("stock", Op.GE, 1)]
    assert judge_all(both, small) is VIOLATION


@pytest.mark.parametrize(
    ("field", "said", "held", "fits"),
    [
        ("color", "red", "Rot", True), ("color", "green", "Dunkelgrün", True), ("color", "blue", "azul marino", True),
        ("color", "white", "cremeweiß", True), ("color", "rot", "crimson", True), ("color", "red", "Blau", False),
        ("color", "brown", "brun", True), ("color", "mauve", "plum", False), ("color", "black", "Zwarte", True), ("color", "gray", "anthrazit", True),
        ("material", "leather", "Rindsleder", True), ("material", "leather", "Kunstleder", False),
        ("material", "wool", "laine", True), ("material", "wool", "Baumwolle", False), ("material", "wood", "Eiche massiv", True),
        ("material", "rubber", "Naturkautschuk", True), ("material", "metal", "acier inoxydable", True),
        ("material", "cotton", "algodón", True), ("material", "glass", "vetro", True),
    ],
)  # fmt: skip
def test_colours_and_materials_of_other_languages_mean_the_english_ones(
    field: str, said: str, held: str, fits: bool
) -> None:
    product = Product("a", "Ding", attributes={field: held})
    columns = Columns.build([product])
    for op, wanted in ((Op.EQ, fits), (Op.NE, not fits)):
        demand = Constraint(field, op, said)
        assert judge(product, demand) is (MATCH if wanted else VIOLATION)
        assert columns.verdicts(demand)[0] == (1 if wanted else -1)


def test_a_refused_plastic_is_refused_in_german_but_no_prose_is_read_in_it() -> None:
    pot = Product("a", "Topf", attributes={"material": "Kunststoff"})
    assert judge(pot, Constraint("material", Op.NE, "plastic")) is VIOLATION
    stake = Product("b", "Stake", description="Will not rot, never rot.")
    assert judge(stake, Constraint("color", Op.EQ, "red")) is UNKNOWN
    assert judge(Product("c", "Rot-proof stake"), Constraint("color", Op.NE, "red")) is UNKNOWN


HOSE = Product("h", "Hose", currency="EUR").sold_as(
    [
        Variant("10", {"size": Measure(10, "m")}, price=1_999),
        Variant("50", {"size": Measure(50, "m")}, price=7_990),
    ]
)


@pytest.mark.parametrize(
    ("demand", "limit", "verdict"),
    [
        (Constraint("length", Op.EQ, 50.0, "m"), 9_000, MATCH),
        (Constraint("length", Op.EQ, 50.0, "m"), 5_000, VIOLATION),
        (Constraint("length", Op.EQ, 20.0, "m"), 9_000, VIOLATION),
        (Constraint("length", Op.GE, 30.0, "m"), 9_000, MATCH),
        (Constraint("length", Op.GE, 30.0, "m"), 5_000, VIOLATION),
        (Constraint("height", Op.LE, 30.0, "cm"), 9_000, UNKNOWN),
        (Constraint("capacity", Op.EQ, 50.0, "l"), 9_000, UNKNOWN),
    ],
)
def test_a_measure_asked_for_chooses_the_variant_of_that_size(
    demand: Constraint, limit: int, verdict: Verdict
) -> None:
    both = [demand, Constraint("price", Op.LE, float(limit), "EUR")]
    assert judge_all(HOSE, both) is verdict
    columns = Columns.build([HOSE])
    assert columns.state(both)[0] == {MATCH: 1, UNKNOWN: 0, VIOLATION: -1}[verdict]


def test_a_stated_length_is_not_told_by_the_size() -> None:
    lead = Product("l", "Lead", attributes={"length": Measure(2, "m"), "size": Measure(10, "m")})
    demand = Constraint("length", Op.EQ, 10.0, "m")
    assert judge(lead, demand) is VIOLATION
    assert Columns.build([lead]).verdicts(demand)[0] == -1


def both(product: Product, asked: Constraint) -> Verdict:
    """What is judged of a product alone, and the same in the table of its catalogue."""
    verdict = judge(product, asked)
    told = {MATCH: 1, UNKNOWN: 0, VIOLATION: -1}[verdict]
    assert Columns.build([product]).verdicts(asked).tolist() == [told]
    return verdict


@pytest.mark.parametrize(
    ("stated", "asked", "verdict"),
    [
        ("faux leather", "leather", VIOLATION),
        ("vegan leather", "leather", VIOLATION),
        ("wood effect", "wood", VIOLATION),
        ("vegan leather", "faux leather", MATCH),
        ("full-grain leather", "leather", MATCH),
    ],
)
def test_an_imitation_is_not_the_material(stated: str, asked: str, verdict: Verdict) -> None:
    belt = Product("b", "Belt", attributes={"material": stated})
    assert both(belt, Constraint("material", Op.EQ, (asked,))) is verdict
    refused = MATCH if verdict is VIOLATION else VIOLATION
    if "effect" not in stated:
        assert both(belt, Constraint("material", Op.NE, (asked,))) is refused


def test_an_imitation_in_a_title_says_nothing_of_the_material() -> None:
    belt = Product("b", "Imitation suede belt")
    assert both(belt, Constraint("material", Op.EQ, ("suede",))) is UNKNOWN


@pytest.mark.parametrize(
    ("type", "category", "title", "verdict"),
    [
        ("meat", ("Groceries",), "Peppered loin slices", VIOLATION),
        ("soup", ("Groceries", "Meat"), "Sunday soup", VIOLATION),
        ("soup", ("Groceries",), "Bacon soup", VIOLATION),
        ("soup", ("Meat & Vegetables",), "Leek soup", MATCH),
    ],
)
def test_a_refused_word_counts_in_type_and_shelf(
    type: str, category: tuple[str, ...], title: str, verdict: Verdict
) -> None:
    dish = Product("d", title, type=type, category=category)
    assert both(dish, Constraint(TEXT, Op.NOT_CONTAINS, ("meat",))) is verdict


@pytest.mark.parametrize(
    ("type", "title", "verdict"),
    [
        ("dairy", "Ripe round", VIOLATION),
        ("salad", "Garden salad with egg", VIOLATION),
        ("salad", "Garden salad, no egg", UNKNOWN),
        ("vegetable", "Cauliflower", UNKNOWN),
    ],
)
def test_what_comes_of_animals_is_not_vegan(type: str, title: str, verdict: Verdict) -> None:
    dish = Product("d", title, type=type)
    assert both(dish, Constraint("vegan", Op.EQ, True)) is verdict
    assert both(dish, Constraint(TEXT, Op.CONTAINS, ("vegan",))) is verdict


@pytest.mark.parametrize(
    ("title", "asked", "verdict"),
    [
        ("Brass candleholder", "candle holder", MATCH),
        ("Cedar bird house", "birdhouse", MATCH),
        ("Car pet seat", "carpet", VIOLATION),
    ],
)
def test_a_compound_is_found_in_one_word_and_in_two(
    title: str, asked: str, verdict: Verdict
) -> None:
    assert both(Product("h", title), Constraint("type", Op.CONTAINS, (asked,))) is verdict
