"""Fitting what was said to the catalogue at hand: its currency, its names for things."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.grounding import another_thing, ground
from assistant.intent import Act, Constraint, Intent, Op
from assistant.moment import Moment
from assistant.understand import understand
from catalog.product import Product
from catalog.text import tokens
from retrieval.embedder import open_embedder
from retrieval.index import Index, build_index, open_index
from tests.assistant.reading import constraints
from tests.fakes import HashEmbedder


def _grounded(text: str, index: Index) -> Intent:
    return ground(understand(text, Moment(), index.vocabulary), index)


@pytest.mark.parametrize(
    ("text", "price", "said"),
    [
        ("lamp under 40", "price <= 4000 EUR", ""),
        ("lamp under 40 €", "price <= 4000 EUR", ""),
        ("lamp under $40", "price <= 4000 EUR", "EUR"),
        ("lamp under £39.99", "price <= 3999 EUR", "EUR"),
        ("fan under 6000 yen", "price <= 6000 JPY", ""),
        ("fan under ¥6000", "price <= 6000 JPY", ""),
    ],
)
def test_a_budget_is_put_into_a_currency_the_shop_uses(
    text: str, price: str, said: str, harbour: Index
) -> None:
    intent = _grounded(text, harbour)
    assert [c for c in constraints(intent) if c.startswith("price")] == [price]
    assert len(intent.notes) == bool(said)
    assert all("Prices here are in EUR" in note for note in intent.notes)


def test_both_ends_of_a_range_are_converted_and_it_is_said_once(harbour: Index) -> None:
    intent = _grounded("lamp between $20 and $40", harbour)
    assert constraints(intent)[:2] == ["price <= 4000 EUR", "price >= 2000 EUR"]
    assert len(intent.notes) == 1


def test_types_in_a_row_are_alternatives_whatever_told_their_names(harbour: Index) -> None:
    named = [Constraint("type", Op.EQ, (n,)) for n in ("lamp", "fan")]
    joined = ground(Intent("", Act.SEARCH, tuple(named)), harbour)
    assert constraints(joined) == ["type = lamp|fan"]
    wish = Constraint("wish", Op.CONTAINS, ("for the hall",), hard=False)
    apart = ground(Intent("", Act.SEARCH, (named[0], wish, named[1])), harbour)
    assert len(apart.constraints) == 3


def test_what_carries_the_name_is_not_taken_for_something_else(corner: Index) -> None:
    for text in ("kettle", "whisper", "jeans", "forest"):
        assert not _grounded(text, corner).notes


def test_chat_and_errands_are_left_alone(corner: Index) -> None:
    for text in ("hi", "save the first one", "more", "start over"):
        intent = understand(text, Moment(), corner.vocabulary)
        assert ground(intent, corner) is intent


@pytest.mark.parametrize(
    ("said", "name", "other"),
    [
        ("duvet", "duvet cover", True),
        ("tea cosy", "tea", True),
        ("car", "toy car & truck", False),
        ("soft toy", "plush toy", False),
        ("litter box", "cat litter", True),
        ("settee", "sofa", False),
    ],
)
def test_the_last_word_of_a_name_says_what_the_thing_is(said: str, name: str, other: bool) -> None:
    assert another_thing(said.split(), name) is other


def test_a_type_is_known_by_another_name_and_not_by_its_letters(tmp_path: Path) -> None:
    types = ("sofa", "toaster", "jacket", "headphones", "camera", "baby bottle")
    products = [Product(t, f"Model {n}", type=t) for n, t in enumerate(types)]
    embedder = open_embedder()
    build_index("names", products, embedder=embedder, source="names", home=tmp_path)
    with open_index("names", home=tmp_path, embedder=embedder) as index:
        for said, meant in (("couch", "sofa"), ("earphones", "headphones"), ("dslr", "camera")):
            assert constraints(_grounded(said, index)) == [f"type = {meant}"], said
        for said in ("gas bottle", "bookcase", "picture", "lampshade"):
            assert not any(c.startswith("type =") for c in constraints(_grounded(said, index))), (
                said
            )


def test_what_holds_no_word_is_no_other_name(corner: Index) -> None:
    gift = Constraint("type", Op.CONTAINS, ("\U0001f381",), span="\U0001f381")
    assert ground(Intent("\U0001f381", Act.SEARCH, (gift,)), corner).constraints == (gift,)


def test_an_accessory_is_not_met_by_what_only_has_such_a_part(tmp_path: Path) -> None:
    titles = ("Maple Violin", "Student Violin", "Padded Case Clock", "Halden Hush Kettle")
    products = [Product(t, t, type=k) for t, k in zip(titles, ("string", "string", "clock", "kettle"), strict=True)]  # fmt: skip
    embedder = open_embedder()
    build_index("strings", products, embedder=embedder, source="strings", home=tmp_path)
    with open_index("strings", home=tmp_path, embedder=embedder) as index:
        assert constraints(_grounded("violin case", index)) == ["type contains violin case"]
        assert "type contains case" in constraints(_grounded("padded case", index))
        assert "type contains violin" in constraints(_grounded("student violin", index))
        assert constraints(_grounded("hush", index)) == ["type contains hush"]


def test_of_two_things_the_one_that_is_sold_is_looked_for_and_a_kind_nobody_names_by_its_last_word(
    tmp_path: Path,
) -> None:
    names = [
        "Oak shelf",
        "Pine shelf",
        "Tall shelf",
        "Steel bucket",
        "Shelf paper",
        "Steel mop bucket for the kitchen",
    ]
    products = [Product(f"p{i}", name, price=500, currency="EUR") for i, name in enumerate(names)]
    embedder = open_embedder()
    build_index("plain", products, embedder=embedder, source="plain", home=tmp_path)
    with open_index("plain", home=tmp_path, embedder=embedder) as shop:

        def grounded(thing: str) -> Intent:
            words = (" ".join(tokens(thing)),)
            wanted = Constraint("type", Op.CONTAINS, words, span=thing)
            return ground(Intent(thing, Act.SEARCH, (wanted,)), shop)

        either = grounded("coal scuttle or a bucket")
        assert constraints(either) == ["type contains bucket"]
        assert either.notes == ("We don't carry “coal scuttle”.",)
        compound = grounded("spice shelves")
        assert constraints(compound) == ["type contains shelf", "wish contains spice?"]
        assert "“spice” is not stated" in compound.notes[0]
        assert constraints(grounded("wrapping paper")) == ["type contains wrapping paper"]

        apart = grounded("oak shelves")
        assert constraints(apart) == ["type contains oak shelf"], "names say it as it stands"
        apart = grounded("steel kitchen bucket")
        assert constraints(apart) == ["text contains kitchen", "text contains steel", "type contains bucket"]  # fmt: skip
        assert not apart.notes


@pytest.fixture(scope="module")
def florist(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    """Bouquets, vases and mugs, one of which has flowers in its name."""
    home = tmp_path_factory.mktemp("florist")
    goods = [Product(f"b{i}", f"Spring tulips {i}", type="bouquet") for i in range(5)]
    goods += [Product(f"v{i}", f"Tall vase {i}", type="vase") for i in range(5)]
    goods.append(Product("m", "Flower mug", type="mug"))
    build_index("florist", goods, embedder=HashEmbedder(), source="f.jsonl", home=home)
    with open_index("florist", home=home, embedder=HashEmbedder()) as index:
        yield index


def test_an_everyday_name_above_types_means_those_types(florist: Index) -> None:
    assert constraints(_grounded("flowers", florist)) == ["type = bouquet"]
    assert constraints(_grounded("flower mug", florist)) != ["type = bouquet"]


def test_a_name_above_all_types_leaves_nothing_out(tmp_path: Path) -> None:
    goods = [
        Product(f"e{i}", f"Sonor S{i}", type=kind, attributes={"microphone": True})
        for i, kind in enumerate(("in ear", "circumaural", "earbud"))
    ]
    build_index("ears", goods, embedder=HashEmbedder(), source="e.jsonl", home=tmp_path)
    with open_index("ears", home=tmp_path, embedder=HashEmbedder()) as index:
        assert constraints(_grounded("headphones", index)) == ["wish contains headphones?"]
        told = constraints(_grounded("headset", index))
    assert told == ["microphone = true", "wish contains headset?"]
