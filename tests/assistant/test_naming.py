"""Which value of a known field words name: the name, another name for it, a mistyped one."""

from __future__ import annotations

import pytest

from assistant import naming
from assistant.naming import flag_named, property_named, spelled, type_of_all, value_named
from catalog.product import Product
from retrieval.vocabulary import Vocabulary


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever weights are on this machine: a few words are known to be English."""
    known = frozenset("loud table wok".split())
    monkeypatch.setattr(naming, "knows_english", lambda: True)
    monkeypatch.setattr(naming, "frequent_words", lambda: known)
    monkeypatch.setattr(naming, "common_words", lambda: known)


@pytest.fixture(scope="module")
def shelf() -> Vocabulary:
    """A shop of lanterns, mugs, vacuum cleaners, plush dragons and bears."""
    made = [
        Product(
            f"l{i}", "Storm lantern", type="lantern", brand="Gibsons", attributes={"color": "blue"}
        )
        for i in range(3)
    ]
    made += [
        Product(f"m{i}", "Enamel mug", brand=b, attributes={"material": "wool"})
        for i, b in enumerate(("Quarry Home", "Storm Supplies", None))
    ]
    made += [
        Product(f"v{i}", "Vacuum cleaner", type="vacuum cleaner",
                attributes={"bagless": True, "wireless": True, "dust_free": True, "clumping": True, "gluten_free": True, "leakproof": True})
        for i in range(2)
    ]  # fmt: skip
    made += [
        Product(f"p{i}", f"Cuddly {a}", type="plush toy", attributes={"animal": a})
        for i, a in enumerate(("dragon", "dragon", "bear"))
    ]
    return Vocabulary.build(made)


@pytest.mark.parametrize(
    ("words", "field", "value"),
    [
        ("blue", "color", "blue"), ("Blues", "color", "blue"), ("blu", "color", "blue"), ("gren", "color", "green"),
        ("gibsons", "brand", "Gibsons"), ("Gibson", "brand", "Gibsons"), ("gibsns", "brand", "Gibsons"),
        ("bras", "material", "brass"), ("yelluw", "color", "yellow"), ("yelp", "color", None), ("magent", "color", "magenta"),
        ("mig", "type", None), ("woolly", "material", "wool"), ("woollen", "material", "wool"), ("ceramc", "material", "ceramic"),
        ("hoover", "type", "vacuum cleaner"), ("vacum cleaner", "type", "vacuum cleaner"), ("lantrn", "type", "lantern"),
        ("loud", "color", None), ("Bosch", "brand", None), ("quarry", "brand", "Quarry Home"), ("storm", "brand", None), ("quar", "brand", None), ("", "color", None), ("🟦", "color", None), ("x" * 500, "type", None),
    ],
)  # fmt: skip
def test_a_value_is_found_in_the_field_it_is_named_for(
    words: str, field: str, value: str | None, shelf: Vocabulary
) -> None:
    assert value_named(words, field, shelf) == value


@pytest.mark.parametrize(
    ("words", "refused", "means"),
    [
        ("bagless", False, ("bagless", True)), ("bags", False, ("bagless", False)), ("bags", True, ("bagless", True)),
        ("wires", True, ("wireless", True)), ("corded", False, ("wireless", False)), ("cable", True, ("wireless", True)), ("wireless", True, ("wireless", False)), ("dust", True, ("dust_free", True)),
        ("dust free", False, ("dust_free", True)), ("gluten fre", False, ("gluten_free", True)), ("clump", False, ("clumping", True)),
        ("leak", True, ("leakproof", True)), ("leak", False, None), ("dust", False, None), ("leakproof", False, ("leakproof", True)),
    ],
)  # fmt: skip
def test_a_flag_that_states_an_absence_turns_its_word_round(
    words: str, refused: bool, means: tuple[str, bool] | None, shelf: Vocabulary
) -> None:
    assert flag_named(words, shelf, refused) == means


@pytest.mark.parametrize("words", ["quiet", "bag with handles", "", "!!!", "free", "less"])
def test_other_words_name_no_flag(words: str, shelf: Vocabulary) -> None:
    assert flag_named(words, shelf) is None


def test_an_item_is_spelled_as_types_and_titles_are(shelf: Vocabulary) -> None:
    assert spelled("enamel mugg", shelf) == "enamel mug"
    assert spelled("storm lantrns", shelf) == "storm lantern"
    assert spelled("storm lantern", shelf) is None
    for other in ("table", "corer", "wok", "lantero", "", "🏮"):
        assert spelled(other, shelf) is None


def test_a_misspelt_word_in_s_may_be_no_plural() -> None:
    shelf = Vocabulary.build(Product(f"c{i}", "Harbour canvas print") for i in range(4))
    assert spelled("cnavas prints", shelf) == "canvas print"


def test_a_value_and_its_field_name_a_demand_together(shelf: Vocabulary) -> None:
    assert property_named("dragon animal", shelf) == ("animal", "dragon")
    assert property_named("animal: draggon", shelf) == ("animal", "dragon")
    assert property_named("wild animal", shelf) is None
    assert property_named("dragon", shelf) is None


def test_a_value_tells_its_type_where_all_that_have_it_are_of_one(shelf: Vocabulary) -> None:
    assert type_of_all("dragon", "animal", shelf) == "plush toy"
    assert type_of_all("zorg", "animal", shelf) is None
