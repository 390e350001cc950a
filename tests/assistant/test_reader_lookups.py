"""The tables a vocabulary is turned into once, and that they live and die with it."""

from __future__ import annotations

import gc
import weakref

import pytest

from assistant.reader.lookups import lookups_of
from catalog.product import Measure, Product
from retrieval.vocabulary import Vocabulary


@pytest.fixture
def stocked() -> Vocabulary:
    return Vocabulary.build(
        Product(
            f"{kind}{i}",
            f"Plain {kind}",
            type=kind,
            brand="Blue Harbour",
            attributes={"color": "blue", "net_weight": Measure(5, "g"), "bagless": True},
        )
        for kind in ("desk chair", "office chair", "lamp")
        for i in range(3)
    )


def test_values_are_found_by_field_and_first_letter(stocked: Vocabulary) -> None:
    lookups = lookups_of(stocked)
    assert lookups.names("brand", "b").keys() == {"blue harbour"}
    assert "blue" in lookups.names("color", "b") and "red" not in lookups.names("color", "b")
    assert lookups.names("type", "d")["desk chair"].value == "desk chair"
    assert lookups.names("brand", "z") == {}


def test_types_are_found_by_their_words(stocked: Vocabulary) -> None:
    lookups = lookups_of(stocked)
    assert [p for p, _ in lookups.types_ending_in("chair")] == [("desk", "chair"), ("office", "chair")]  # fmt: skip
    assert [e.value for _, e in lookups.types_ending_in("lamp")] == ["lamp"]
    assert lookups.type_words("c")["chair"].field == "type"
    assert lookups.measured_types("chair") == {"desk chair", "office chair"}
    assert lookups.types_stating("color") == {"desk chair", "office chair", "lamp"}


def test_titles_fields_and_spellings_are_found(stocked: Vocabulary) -> None:
    lookups = lookups_of(stocked)
    assert lookups.title_words("p") == {"plain": 9}
    assert lookups.fields["net", "weight"] == "net_weight"
    assert lookups.flags["bagless",] == "bagless"
    assert lookups.field_words == {"color", "net", "weight"}
    assert {"chair", "lamp"} <= set(lookups.spellings(4, 5))
    assert all(len(word) == 4 for word in lookups.spellings(4, 4))


def test_a_vocabulary_is_turned_round_once_and_freed(stocked: Vocabulary) -> None:
    lookups = lookups_of(stocked)
    assert lookups_of(stocked) is lookups
    other = Vocabulary.build(())
    assert lookups_of(other) is not lookups
    freed = weakref.ref(lookups_of(other))
    del other
    gc.collect()
    assert freed() is None
