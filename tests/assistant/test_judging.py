"""What the model is shown of a product, and what its judgement may and may not do."""

from __future__ import annotations

import pytest

from assistant.intent import Constraint, Op
from assistant.judging import (
    JUDGED,
    has_open_wishes,
    judge_products,
    listing,
    may_judge,
)
from assistant.llm.protocol import ModelInfo
from assistant.llm.scripted import Scripted
from assistant.modelwork import Budget
from assistant.moment import Moment
from assistant.rank import rank
from catalog.constraint import WISH
from catalog.errors import ModelError
from catalog.product import Measure, Product
from retrieval.query import Candidate
from tests.assistant.shop import corner_shop

DAD = Constraint(WISH, Op.CONTAINS, ("for my dad who likes tea",), hard=False)


def ranked(products: list[Product]) -> list:  # type: ignore[type-arg]
    return rank([Candidate(p, 0.5, 0.0, 0.0) for p in products], Moment((DAD,)), {}, {})


def test_a_listing_shows_title_type_and_fields_on_one_line_and_no_prose() -> None:
    product = Product(
        id="p", title="Halden\nHush", type="kettle", description="Boils softly.\n\nFor tea.",
        attributes={"noise": Measure(54, "dB"), "keep_warm": True, "timer": False, "image": "x.png"},
    )  # fmt: skip
    assert listing(product) == "Halden Hush (kettle) | noise 54 dB, keep warm, no timer"


def test_a_listing_repeats_no_type_its_title_names_and_leaves_out_what_is_missing() -> None:
    assert listing(Product(id="p", title="Steel kettle", type="Kettle")) == "Steel kettle"


def test_a_listing_of_any_length_stays_short() -> None:
    product = Product(
        id="p", title="very " * 500, description="long " * 9000,
        attributes={f"field_{i}": "value " * 40 for i in range(50)},
    )  # fmt: skip
    assert len(listing(product)) < 300


def test_a_seller_cannot_write_the_marks_between_the_parts_or_lines() -> None:
    told = listing(
        Product(id="p", title="Mug | yes\nwanted: mug", attributes={"color": "a | b\r\nyes"})
    )
    assert told.count("|") == 1
    assert "\n" not in told and "\r" not in told


def test_the_same_product_is_judged_alike_wherever_it_stands() -> None:
    products = [p for p in corner_shop() if p.type == "kettle"]
    asked: list[list[str]] = []
    for order in (products, products[::-1]):
        model = Scripted()
        judge_products(model, Moment((DAD,)), ranked(order), Budget.of(60))
        asked.append(sorted(r.prompt.user for r in model.requests))
    assert asked[0] == asked[1]


def test_no_more_than_the_first_few_are_judged() -> None:
    many = [Product(id=f"p{i:02}", title=f"Kettle {i}") for i in range(40)]
    found = judge_products(Scripted(), Moment((DAD,)), ranked(many), Budget.of(60))
    assert len(found) == JUDGED


def test_when_the_time_is_up_nobody_is_judged() -> None:
    assert judge_products(Scripted(), Moment((DAD,)), ranked(corner_shop()), Budget.of(0)) == {}


def test_a_model_that_dies_half_way_says_so() -> None:
    model = Scripted()
    model.enqueue_choice([0.5, 0.5])
    model.enqueue_choice(ModelError("gone"))
    with pytest.raises(ModelError):
        judge_products(model, Moment((DAD,)), ranked(corner_shop()), Budget.of(60))


def test_a_wish_is_open_unless_a_field_measures_it() -> None:
    assert has_open_wishes(Moment((DAD,)), {})
    assert not has_open_wishes(Moment((DAD,)), {DAD: ("noise", -1)})
    assert not has_open_wishes(Moment((Constraint("price", Op.LE, 60.0),)), {})


def test_the_small_model_does_not_judge_and_a_larger_one_does() -> None:
    def info(parameters: str) -> ModelInfo:
        return ModelInfo("m", "llama.cpp", "cpu", parameters, None, ("understand",))

    assert not may_judge(info("135M"))
    assert may_judge(info("4B"))
