import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.text import clean, find_run, fold, stem, tokens


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("dresses", "dress"), ("men's", "men"), ("women's", "woman"), ("children's", "child"), ("cookies", "cookie"),
        ("hoodies", "hoodie"), ("batteries", "battery"), ("lenses", "lens"), ("knives", "knife"), ("boxes", "box"),
        ("potatoes", "potato"), ("Crème", "creme"), ("LEGO™", "lego"), ("T-Shirts", "t shirt"), ("jeans", "JEANS"),
    ],
)  # fmt: skip
def test_two_spellings_of_a_word_have_the_same_tokens(one: str, other: str) -> None:
    assert tokens(one) == tokens(other)


@pytest.mark.parametrize("word", ["series", "christmas", "canvas", "lens", "glass", "bus", "news"])
def test_a_singular_that_ends_in_s_stays(word: str) -> None:
    assert stem(word) == word


def test_men_are_not_found_in_women() -> None:
    assert find_run(tokens("women's shoes"), tokens("men")) == -1


def test_clean_removes_what_cannot_be_seen_and_keeps_what_means_something() -> None:
    assert clean("a\u200bb\u202e c\x07d\u00a0e") == "ab c d e"
    assert clean("ﬁne ＡＢＣ") == "fine ABC"
    assert clean("1½ cups, 27″, 10 m²") == "1½ cups, 27″, 10 m²"


def test_a_fraction_does_not_join_the_number_before_it() -> None:
    assert tokens("1½ cups")[0] == "1"


@given(st.text(max_size=80))
def test_cleaning_and_folding_twice_changes_nothing_more(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert tokens(fold(text)) == tokens(fold(fold(text)))
