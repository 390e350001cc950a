"""What availability in words and in pieces comes to."""

import pytest

from catalog.feeds.stock import NONE_LEFT, UNSAID, Left, pieces

SOME = Left(None, True)


@pytest.mark.parametrize(
    "cell",
    [
        "in stock", "in_stock", "InStock", "https://schema.org/InStock", "Auf Lager", "sofort lieferbar, 1-2 Werktage",
        "En stock", "disponible", "Disponibile", "op voorraad", "In Stock, ships in 2 days", "Limited availability", "oui",
    ],
)  # fmt: skip
def test_words_say_that_there_are_some(cell: str) -> None:
    assert pieces("availability", cell, flag=False) == SOME


@pytest.mark.parametrize(
    "cell", ["preorder", "backorder", "https://schema.org/BackOrder", "available soon", "lieferbar ab 3.12.", "ask us"]
)  # fmt: skip
def test_what_comes_later_is_neither_there_nor_gone(cell: str) -> None:
    assert pieces("availability", cell, flag=False) == UNSAID


def test_gone_and_counted() -> None:
    cells = [
        "out of stock",
        "nicht auf Lager",
        "épuisé",
        "rupture de stock",
        "not available",
        "unavailable",
        "nein",
    ]
    assert [pieces("availability", c, flag=False) for c in cells] == [NONE_LEFT] * len(cells)
    assert pieces("stock", "Auf Lager: 12 Stück, 2-3 Tage", flag=False) == Left(12, True)
    assert pieces("stock", "-3", flag=False) == Left(-1, False)
    assert pieces("in stock?", "1", flag=True) == SOME
    assert pieces("sold out", "1", flag=True) == NONE_LEFT
