import pytest

from catalog.units import comparable, parse_measure, to_base, unit_symbol


@pytest.mark.parametrize(
    ("text", "measure"),
    [
        ("1.7 litres", (1.7, "l")), ("1,7 l", (1.7, "l")), ("54dB", (54, "dB")), ("27 inch", (27, "in")), ('27"', (27, "in")),
        ("1,500 W", (1500, "W")), ("10,000 mAh", (10_000, "mAh")), ("0,500 l", (0.5, "l")), ("27-inch", (27, "in")),
        ("large", None), ("1:72", None), ("2 x 3 cm", None), ("", None),
    ],
)  # fmt: skip
def test_a_number_with_a_unit_is_a_measure(text: str, measure: tuple[float, str] | None) -> None:
    assert parse_measure(text) == measure


def test_measures_are_compared_in_their_base_unit() -> None:
    assert to_base(2, "kg") == (2000, "g")
    assert to_base(10, "ft")[1] == to_base(27, "in")[1] == "cm"
    assert to_base(27, "in")[0] == pytest.approx(68.58)
    assert to_base(3, "furlong") == (3, "furlong")
    assert comparable("lb", "kg")
    assert not comparable("l", "kg")


def test_units_are_known_by_the_words_people_use() -> None:
    assert unit_symbol("Litres") == "l"
    assert unit_symbol("lbs.") == "lb"
    assert unit_symbol("kettle") is None
