from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from catalog.constraint import Constraint, ConstraintValue, Op
from catalog.product import AttributeValue, Measure, Product, Variant
from catalog.verdict import Verdict, judge, judge_all
from retrieval.columns import Columns
from retrieval.fields import Fields
from tests.retrieval.shop import products

_CODE = {Verdict.MATCH: 1, Verdict.UNKNOWN: 0, Verdict.VIOLATION: -1}

# Few words, so that phrases meet listings often; some negate, some have odd forms.
_WORD = st.sampled_from(
    [
        "red", "Navy", "blue", "no", "free", "without", "steel", "stainless steel", "fragrance-free",
        "kettles", "kettle", "women's", "unisex", "men", "L", "XL", "1.7", "ß", "Crème", "日本", "🎁", "", "|", "a b",
    ]
)  # fmt: skip
_PHRASE = st.lists(_WORD, max_size=5).map(" ".join)
_NUMBER = st.one_of(
    st.sampled_from([0.0, 1.0, 1.7, 27.0, 60.0, 68.58, 1700.0, 1e300]),
    st.floats(allow_nan=True, allow_infinity=True),
)
_UNIT = st.sampled_from(["l", "ml", "in", "cm", "dB", "furlong"])
_FIELD = st.sampled_from(
    [
        "brand", "type", "category", "color", "gender", "noise", "capacity", "price", "rating", "stock", "discount",
        "review_count", "scent_free", "text", "wish", "title",
    ]
)  # fmt: skip
_ATTRIBUTE: st.SearchStrategy[AttributeValue] = st.one_of(
    _PHRASE,
    st.booleans(),
    _NUMBER,
    st.builds(Measure, _NUMBER, _UNIT),
    st.lists(_PHRASE, max_size=3).map(tuple),
)
_MONEY = st.none() | st.integers(0, 10_000)
_PRODUCT = st.builds(
    Product,
    id=st.just("x"),
    title=_PHRASE,
    description=_PHRASE,
    brand=st.none() | _PHRASE,
    type=st.none() | _PHRASE,
    category=st.lists(_PHRASE, max_size=2).map(tuple),
    price=_MONEY,
    list_price=_MONEY,
    currency=st.none() | st.sampled_from(["USD", "EUR", ""]),
    rating=st.none() | st.floats(0, 5),
    review_count=st.none() | st.integers(0, 9),
    stock=st.none() | st.integers(0, 2),
    uncounted=st.booleans(),
    attributes=st.dictionaries(_FIELD, _ATTRIBUTE, max_size=4),
)
_VARIANT = st.builds(
    Variant,
    id=st.just("v"),
    options=st.dictionaries(
        st.sampled_from(["color", "capacity", "noise", "scent_free", "gender"]),
        _ATTRIBUTE,
        max_size=3,
    ),
    price=_MONEY,
    list_price=_MONEY,
    stock=st.none() | st.integers(0, 2),
    uncounted=st.booleans(),
)
_SOLD_PRODUCT = st.one_of(
    _PRODUCT,
    st.tuples(_PRODUCT, st.lists(_VARIANT, min_size=2, max_size=4)).map(
        lambda p: p[0].sold_as(p[1])
    ),
)
_VALUE: st.SearchStrategy[ConstraintValue] = st.one_of(
    _PHRASE,
    _NUMBER,
    st.integers(0, 10_000),
    st.booleans(),
    st.lists(_PHRASE, max_size=3).map(tuple),
)
_CONSTRAINT = st.builds(
    Constraint,
    field=_FIELD,
    op=st.sampled_from(Op),
    value=_VALUE,
    unit=st.none() | _UNIT | st.sampled_from(["USD", "EUR", ""]),
)


_TWO_OFFERS = Product("b", "", attributes={"brand": 0.0}, variants=(Variant("v"), Variant("w")))


@settings(max_examples=150, deadline=None)
@given(
    st.lists(_SOLD_PRODUCT, min_size=1, max_size=6), st.lists(_CONSTRAINT, min_size=1, max_size=6)
)
@example([Product("a", ""), _TWO_OFFERS], [Constraint("brand", Op.EQ, 0.0)])
def test_verdicts_equal_judge_for_any_products_and_constraints(
    products: list[Product], constraints: list[Constraint]
) -> None:
    columns = Columns.build(products)
    for constraint in constraints:
        expected = [_CODE[judge(p, constraint)] for p in products]
        assert columns.verdicts(constraint).tolist() == expected, constraint
        assert columns.verdicts(constraint).tolist() == expected, "second answer, from the cache"
    together = [_CODE[judge_all(p, constraints)] for p in products]
    assert columns.state(constraints).tolist() == together


@settings(max_examples=150, deadline=None)
@given(st.lists(_SOLD_PRODUCT, max_size=6), st.lists(_CONSTRAINT, max_size=4), st.booleans())
def test_the_smallest_relaxation_is_the_best_of_all_subsets(
    products: list[Product], constraints: list[Constraint], first_kept: bool
) -> None:
    keep = constraints[:1] if first_kept else []
    places = [i for i, c in enumerate(constraints) if c.hard and c not in keep]
    offered: list[tuple[int, int, tuple[Constraint, ...]]] = []
    for size in range(len(places) + 1):
        for dropped in combinations(places, size):
            rest = [c for i, c in enumerate(constraints) if i not in dropped]
            fitting = sum(judge_all(p, rest) is not Verdict.VIOLATION for p in products)
            if fitting:
                offered.append((size, -fitting, tuple(constraints[i] for i in dropped)))
    found = Columns.build(products).smallest_relaxation(constraints, keep)
    if found is None:
        assert not offered
    else:
        best = min(offered, key=lambda o: o[:2])
        assert next(o[:2] for o in offered if o[2] == found) == best[:2]


def _demands() -> Iterator[Constraint]:
    for words in (("kettle",), ("face wash",), ("Kettles", "jeans"), ("hot drinks",), ("wash",)):
        for field in ("type", "category"):
            yield from (Constraint(field, op, words) for op in Op)
    for field in (
        "color",
        "brand",
        "material",
        "size",
        "gender",
        "text",
        "noise",
        "scent_free",
        "capacity",
    ):
        for word in (
            "red",
            "blue",
            "green",
            "weiss",
            "stainless steel",
            "Cove",
            "l",
            "women",
            "lid",
            "quiet",
            "1.7 l",
            "yes",
        ):
            yield from (Constraint(field, op, word) for op in (Op.EQ, Op.NE, Op.NOT_CONTAINS))
    for field, number, unit in (
        ("price", 6000, "USD"), ("price", 6000, "EUR"), ("price", 6000, None), ("rating", 4, None), ("stock", 1, None),
        ("discount", 20, None), ("noise", 54, "dB"), ("capacity", 1, "l"), ("capacity", 900, "ml"), ("weight", 255.2, "g"),
        ("weight", 250, None), ("capacity", 1, "kg"), ("nothing", 1, None), ("review_count", 10, None),
    ):  # fmt: skip
        yield from (Constraint(field, op, number, unit) for op in Op)
    for value in (True, False):
        yield from (Constraint("scent_free", op, value) for op in (Op.EQ, Op.NE))


def test_verdicts_equal_judge_on_a_shop_before_and_after_saving(tmp_path: Path) -> None:
    shop = list(products(60))
    fields = Fields.collect(shop)
    fields.save(tmp_path)
    built = Columns(fields)
    loaded = Columns.load(tmp_path)
    for constraint in _demands():
        expected = [_CODE[judge(p, constraint)] for p in shop]
        assert built.verdicts(constraint).tolist() == expected, constraint
        assert loaded.verdicts(constraint).tolist() == expected, constraint


def test_yes_one_and_one_point_zero_are_different_demands() -> None:
    columns = Columns.build(
        [Product("a", "x", attributes={"lid": True}), Product("b", "x", attributes={"lid": 1.0})]
    )
    assert columns.verdicts(Constraint("lid", Op.EQ, True)).tolist() == [1, 0]
    assert columns.verdicts(Constraint("lid", Op.EQ, 1.0)).tolist() == [0, 1]
    assert columns.verdicts(Constraint("lid", Op.EQ, "1")).tolist() == [-1, 1]


def test_the_state_is_the_worst_of_the_hard_verdicts() -> None:
    columns = Columns.build(
        [Product("a", "x", price=100), Product("b", "x"), Product("c", "x", price=900)]
    )
    budget = Constraint("price", Op.LE, 500)
    assert columns.state([budget]).tolist() == [1, 0, -1]
    assert columns.state([Constraint("price", Op.LE, 500, hard=False)]).tolist() == [1, 1, 1]
    assert columns.state([budget, Constraint("type", Op.EQ, "kettle")]).tolist() == [-1, -1, -1]


def _named(*titles: str, **of: str) -> list[Product]:
    return [Product(t, t, type=of.get("type")) for t in titles]


_SHELF = [
    *_named("Garden bench", "Oak bench, 120 cm", "Bench with cushion", "Folding bench red", "Bench set"),
    *_named("Bench grinder", "Small grinder", "Park bench wall print", "Whale print", "Bench charger"),
    *_named("Bench press", type="bench"),
]  # fmt: skip
_BENCH = Constraint("type", Op.CONTAINS, "bench", span="bench")


def _aside(shelf: list[Product], *constraints: Constraint) -> set[str]:
    columns = Columns.build(shelf)
    states = columns.state(constraints) - columns.standing(constraints)
    return {p.title for p, changed in zip(shelf, states.tolist(), strict=True) if changed}


def test_what_a_title_only_names_on_the_way_to_another_thing_does_not_stand_for_the_kind() -> None:
    shelf = [*_SHELF, *_named("Angle grinder", "Fox print")]
    others = {"Bench grinder", "Park bench wall print", "Bench charger"}
    assert _aside(shelf, _BENCH) == others
    grinding = Constraint("wish", Op.CONTAINS, "grinder", hard=False, span="grinder")
    assert _aside(shelf, _BENCH, grinding) == others - {"Bench grinder"}, "it was asked for"
    assert not _aside(shelf, replace(_BENCH, op=Op.NOT_CONTAINS))
    assert not _aside(shelf, Constraint("text", Op.CONTAINS, "bench")), "a name is no kind"


def test_where_there_is_nothing_else_what_is_named_after_the_kind_stands() -> None:
    assert not _aside(_named("Bench grinder", "Angle grinder", "Small grinder"), _BENCH)


def test_what_is_printed_on_a_thing_is_no_other_thing() -> None:
    patterns = _named(
        *(f"Picnic rug {p}" for p in ("owls", "toys", "stripes")), "Owls", "Barn owls"
    )
    assert not _aside([*patterns, *_named("Wool rug")], Constraint("type", Op.CONTAINS, "rug"))


def test_a_facet_joins_spellings_and_counts_only_the_given_rows() -> None:
    shop = [
        Product("a", "x", brand="Halden", attributes={"size": ("S", "M")}),
        Product("b", "x", brand="HALDEN", attributes={"size": ("M", "M")}),
        Product("c", "x", brand="Halden"),
        Product("d", "x", brand="Cove"),
    ]
    columns = Columns.build(shop)
    halden = Constraint("brand", Op.EQ, "Halden")
    assert columns.facet([], "brand") == {"Halden": 3, "Cove": 1}
    assert columns.facet([halden], "size") == {"M": 2, "S": 1}
    assert columns.facet([Constraint("brand", Op.EQ, "Cove")], "size") == {}
    assert columns.facet([], "colour") == {}


_SHOE = Product("shoe", "Trail shoe", "Light. Also in red.", "Halden", "shoe", currency="EUR").sold_as(
    [
        Variant("41-navy", {"size": "41", "color": "navy"}, price=5_000, stock=3),
        Variant("42-navy", {"size": "42", "color": "navy"}, price=7_000, list_price=9_000, stock=0),
        Variant("42-grey", {"size": "42", "color": "grey"}, price=8_000, stock=1),
    ]
)  # fmt: skip
_42 = Constraint("size", Op.EQ, "42")
_UNDER_60 = Constraint("price", Op.LE, 6_000, "EUR")


def test_one_variant_must_meet_all_demands_together() -> None:
    columns = Columns.build([_SHOE, Product("plain", "Plain shoe", price=100, currency="EUR")])
    assert [columns.verdicts(c)[0] for c in (_42, _UNDER_60)] == [1, 1]
    assert columns.state([_42, _UNDER_60]).tolist() == [-1, 0]
    in_stock = Constraint("stock", Op.GE, 1)
    assert columns.state([_42, in_stock])[0] == 1
    assert columns.fitting(0, [_42]) == [1, 2]
    assert columns.fitting(0, [_42, in_stock]) == [2]
    assert columns.fitting(0, [Constraint("type", Op.EQ, "shoe")]) == []


def test_a_variant_is_not_told_what_only_another_states() -> None:
    tee = Product("tee", "Tee", attributes={"material": "cotton"}).sold_as(
        [
            Variant("a", {"color": "red", "size": "M"}, price=900),
            Variant("b", {"size": "L"}, price=900),
        ]
    )
    assert tee.attributes == {"material": "cotton", "color": "red", "size": ("M", "L")}
    (large,) = [offer for offer in tee.offers() if offer.attributes["size"] == "L"]
    assert large.attributes == {"material": "cotton", "size": "L"}
    red = [Constraint("color", Op.EQ, "red"), Constraint("size", Op.EQ, "L")]
    assert judge_all(tee, red) is Verdict.UNKNOWN
    assert Columns.build([tee]).state(red).tolist() == [0]


def test_variants_are_sorted_and_counted_by_what_fits() -> None:
    columns = Columns.build([_SHOE])
    assert columns.numbers("price").tolist() == [5_000]
    assert columns.numbers("price", None, [_42]).tolist() == [7_000]
    assert columns.facet([_42], "color") == {"grey": 1, "navy": 1}
    assert columns.facet([_UNDER_60], "size") == {"41": 1}


def test_a_changed_price_counts_at_the_next_question() -> None:
    columns = Columns.build([_SHOE, Product("plain", "Plain shoe", currency="EUR")])
    assert columns.state([_UNDER_60]).tolist() == [1, 0]
    columns.change(1, Product("plain", "Plain shoe", price=100, stock=0, currency="EUR"))
    dearer = [replace(v, price=9_000) for v in _SHOE.variants]
    columns.change(0, _SHOE.sold_as(dearer))
    assert columns.state([_UNDER_60]).tolist() == [-1, 1]
    assert columns.state([Constraint("stock", Op.GE, 1)]).tolist() == [1, -1]
    with pytest.raises(ValueError, match="1 offers, not 3"):
        columns.change(1, _SHOE)


def test_numbers_for_sorting_come_in_base_units_and_leave_out_incomparable_ones() -> None:
    shop = [
        Product("a", "x", attributes={"capacity": Measure(1.7, "l")}),
        Product("b", "x", attributes={"capacity": Measure(900, "ml")}),
        Product("c", "x", attributes={"capacity": Measure(2, "kg")}),
        Product("d", "x"),
    ]
    np.testing.assert_allclose(Columns.build(shop).numbers("capacity"), [1.7, 0.9, np.nan, np.nan])


def test_sorting_by_price_goes_by_the_currency_asked_for_and_otherwise_by_the_usual_one() -> None:
    shop = [
        Product("a", "x", price=2_000, currency="JPY"),
        Product("b", "x", price=900, currency="USD"),
        Product("c", "x", price=800, currency="USD"),
    ]
    columns = Columns.build(shop)
    np.testing.assert_array_equal(columns.numbers("price"), [np.nan, 900, 800])
    np.testing.assert_array_equal(columns.numbers("price", "JPY"), [2_000, np.nan, np.nan])
    np.testing.assert_array_equal(columns.numbers("price", "EUR"), [np.nan, 900, 800])
