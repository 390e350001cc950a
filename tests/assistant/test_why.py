"""Why a product is not shown: answered from its record."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.converse import Assistant, Shop
from assistant.intent import Act, Intent
from assistant.why import asked_about
from catalog.product import Product, Variant
from retrieval.index import build_index, open_index
from tests.assistant.conftest import Converse
from tests.assistant.promises import say
from tests.fakes import HashEmbedder


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("why not the Halden Grand?", "Halden Grand"),
        ("ok but why not the red one", "red"),
        ("why isn't the Nordlys here", "Nordlys"),
        ("why is the Nordlys Whisper not in the list?", "Nordlys Whisper"),
        ("How come the Brisa isn't shown?", "Brisa"),
        ("why didn't you show me the Cove Mini", "Cove Mini"),
        ("why did the Halden leave the list", "Halden"),
        ("where's the Brisa Retro gone?", "Brisa Retro"),
        ("what about the Brisa", "Brisa"),
    ],
)
def test_a_missing_product_is_heard(text: str, name: str) -> None:
    asked = asked_about(Intent(text, Act.ASK))
    assert asked is not None
    assert asked.name == name


@pytest.mark.parametrize(
    "text",
    [
        "why the first one?", "why not the second", "why is the Halden first?", "why not cheaper ones", "why not the cheapest one you have?", "what about it",
        "why not something quieter", "what about red", "why?", "compare the first two",
    ],
)  # fmt: skip
def test_other_questions_are_left_alone(text: str) -> None:
    assert asked_about(Intent(text, Act.ASK)) is None


@pytest.mark.parametrize(
    ("wanted", "question", "answer"),
    [
        ("kettle under 60", "why not the Halden Grand?", "Halden Grand kettle 2 l: $25 over your $60 limit."),
        ("kettle, not white", "why isn't the Halden Hush here", "Halden Hush kettle 1 l: white, which you did not want."),
        ("kettle, not white, under 60", "why not the Halden Grand", "$25 over your $60 limit"),
        ("kettle in stock", "why not the Nordlys Whisper?", "Nordlys Whisper kettle 1.2 l: sold out."),
        ("kettle under 60", "why not the Brisa Retro", "price not stated; what states all you asked comes first."),
        ("kettle, size L, under 60", "why not the Brisa Retro", "; no listing states all you asked, and what states a price comes first."),
        ("kettle, size L, at most 100 dB", "why not the Brisa Retro", "; no listing states all you asked, and what leaves less open comes first."),
        ("kettle at least 1.5 l", "why not the Halden Hush", "capacity 1 l, 0.5 l smaller than you asked"),
        ("quiet kettle", "why not the Tarn merino", "filed under socks, not kettle"),
        ("quiet kettle", "why not the Corvessa?", "We don't carry “Corvessa”."),
        ("kettle under 60", "why not the Haldn Grand?", "Halden Grand kettle 2 l: $25 over your $60 limit."),
    ],
)  # fmt: skip
def test_the_answer_says_what_it_breaks_and_by_how_much(
    converse: Converse, wanted: str, question: str, answer: str
) -> None:
    shop = converse()
    before = say(shop, wanted)
    reply = say(shop, question)
    assert answer in reply.text
    assert reply.moment.constraints == before.moment.constraints
    assert [r.product.id for r in reply.recommendations] == [
        r.product.id for r in before.recommendations
    ]


def test_of_several_of_a_name_the_nearest_is_told_of(converse: Converse) -> None:
    shop = converse()
    say(shop, "kettle under 60, not white")
    assert (
        "Of 2 called “Halden”, the nearest to what you asked: Halden Hush"
        in say(shop, "why not the Halden?").text
    )


def test_what_is_shown_is_said_to_be_here(converse: Converse) -> None:
    shop = converse()
    shown = say(shop, "kettle under 60").recommendations
    place = next(n for n, r in enumerate(shown, 1) if "Hush" in r.product.title)
    assert f"is here, in place {place}." in say(shop, "why isn't the Halden Hush here?").text


def test_what_fits_but_came_too_late_is_told_its_place(converse: Converse) -> None:
    shop = converse()
    shown = {r.product.id for r in say(shop, "quiet kettle").recommendations}
    assert "k5" not in shown
    text = say(shop, "why not the Nordlys travel kettle?").text
    assert text.startswith("Nordlys travel kettle 0.6 l fits and comes in place ")
    assert "it meets your wishes less" in text


def test_what_about_a_product_not_shown_is_answered_and_narrows_nothing(
    converse: Converse,
) -> None:
    shop = converse()
    before = say(shop, "kettle under 60").moment
    reply = say(shop, "what about the Halden Grand")
    assert "$25 over your $60 limit" in reply.text
    assert reply.moment.constraints == before.constraints


@pytest.fixture
def boots(tmp_path: Path) -> Iterator[Assistant]:
    ridge = Product(
        "R", "Ridge hiking boot", type="boot", category=("Shoes", "Boots"), price=5_000, currency="EUR",
        attributes={"size": ("41", "42")},
        variants=(Variant("a", {"size": "41"}, 5_000, stock=3), Variant("b", {"size": "42"}, 7_000, stock=1)),
    )  # fmt: skip
    vale = Product("V", "Vale walking boot", type="boot", category=("Shoes", "Boots"), price=5_500,
                   currency="EUR", stock=4, attributes={"size": ("42",)})  # fmt: skip
    build_index("boots", [ridge, vale], embedder=HashEmbedder(), source="b", home=tmp_path)
    with open_index("boots", home=tmp_path, embedder=HashEmbedder()) as index:
        yield Assistant(Shop(index, None, {}, 5.0), None)


def test_a_product_whose_forms_each_break_another_demand_is_told_of_by_the_nearest(
    boots: Assistant,
) -> None:
    say(boots, "boots in size 42 under 60 euros")
    assert (
        "Ridge hiking boot: in size 42: €10 over your €60 limit."
        in say(boots, "why not the Ridge?").text
    )
