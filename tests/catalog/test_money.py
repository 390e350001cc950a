from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.money import (
    CURRENCY_WORDS,
    Price,
    currency_code,
    exponent,
    format_price,
    parse_price,
    to_major,
    to_minor,
)  # fmt: skip


@pytest.mark.parametrize(
    ("written", "minor", "currency"),
    [
        ("1.299,00 €", 129900, "EUR"),
        ("1,299.00", 129900, None),
        ("$ 54", 5400, "USD"),
        ("١٬٢٣٤٫٥٠", 123450, None),
        ("۳۵ €", 3500, "EUR"),
        ("EUR 12,5", 1250, "EUR"),
        ("12,-", 1200, None),
        ("299:-", 29900, None),
        ("1 299 kr", 129900, "SEK"),
        ("1\u00a0299,50\u202fzł", 129950, "PLN"),
        ("1'299.00 CHF", 129900, "CHF"),
        ("KD 845.250", 845_250, "KWD"),
        ("12.99 GBP", 1299, "GBP"),
        ("₹1,29,999.00", 12999900, "INR"),
        ("¥1,200", 1200, "JPY"),
        ("KWD 1.250", 1250, "KWD"),
        ("R$ 1.234,56", 123456, "BRL"),
        ("A$12", 1200, "AUD"),
        ("US$ 12.50", 1250, "USD"),
        ("Rs. 499", 49900, "INR"),
        ("Price: 12.99 incl. VAT", 1299, None),
        ("12,99 EUR/Stück", 1299, "EUR"),
        (".99", 99, None),
        ("1.5e+03", 150000, None),
        (54.99, 5499, None),
        (7, 700, None),
        (Decimal("0.5"), 50, None),
    ],
)
def test_prices_are_read_as_shops_write_them(
    written: str | float | Decimal, minor: int, currency: str | None
) -> None:
    assert parse_price(written) == Price(minor, currency)


@pytest.mark.parametrize(
    "written",
    ["N/A", "", "-", "free", "0", "0.00", "-5", "$-5", "($5.00)", "nan", float("nan"), float("inf"),
     -3, 0, True, "99999999999999", 1e30, "54 dB", "call 555-1234", "free shipping over $35", "2 for $10",
     "20% off", "🎉", "EUR", "Rs. 8.75 Lakh", "₹1.2 crore", "€ 1.5 million", "$10k"],
)  # fmt: skip
def test_what_is_no_believable_price_is_none(written: str | float) -> None:
    assert parse_price(written) is None


@pytest.mark.parametrize("written", ["£3.42 - £5.99", "£5.99 to £3.42", "3.42–5.99 GBP"])
def test_a_range_gives_its_lowest_price_and_says_so(written: str) -> None:
    assert parse_price(written) == Price(342, "GBP", is_range=True)


def test_cents_are_cents_and_marks_that_group_nothing_are_no_price() -> None:
    assert parse_price("99¢", "USD") == Price(99, "USD")
    assert parse_price("50 cents") == Price(50, None)
    assert parse_price("1,00,000.50", "INR") == Price(10_000_050, "INR")
    assert parse_price("12.99.99") is None
    assert parse_price("1.2.3") is None


def test_three_digits_after_a_lone_separator_follow_the_documented_rule() -> None:
    assert parse_price("1,299") == Price(129900, None)
    assert parse_price("1.299") == Price(130, None)
    assert parse_price("1.299", "EUR") == Price(129900, "EUR")
    assert parse_price("0.299", "EUR") == Price(30, "EUR")
    assert parse_price("1.299", "EUR", decimal_mark=".") == Price(130, "EUR")
    assert parse_price("1.299", decimal_mark=",") == Price(129900, None)
    assert parse_price(1.299, "EUR") == Price(130, "EUR")


def test_a_known_currency_settles_a_shared_symbol_and_a_stated_one_wins() -> None:
    assert parse_price("$54", "CAD") == Price(5400, "CAD")
    assert parse_price("299 kr", "NOK") == Price(29900, "NOK")
    assert parse_price("€54", "USD") == Price(5400, "EUR")
    assert currency_code("Euros") == "EUR"
    assert currency_code("usd") == "USD"
    assert currency_code("wood") is None


def test_words_that_are_everyday_english_are_not_currencies_in_prose() -> None:
    assert not {"all", "top", "cup", "try", "pen", "ft", "real", "won"} & set(CURRENCY_WORDS)
    assert parse_price("500 TRY") == Price(50000, "TRY")
    assert CURRENCY_WORDS["bucks"] == "USD"


@pytest.mark.parametrize(
    ("minor", "currency", "shown"),
    [
        (5499, "USD", "$54.99"),
        (1800, "EUR", "€18.00"),
        (1200, "JPY", "¥1,200"),
        (29900, "SEK", "SEK 299.00"),
        (5499, None, "54.99"),
        (123456789, "INR", "₹1,234,567.89"),
        (1250, "KWD", "KWD 1.250"),
        (-500, "USD", "-$5.00"),
    ],
)
def test_prices_are_shown_unambiguously(minor: int, currency: str | None, shown: str) -> None:
    assert format_price(minor, currency) == shown


def test_rounding_is_that_of_the_decimal_as_written() -> None:
    assert to_minor(1.005, "USD") == 101
    assert to_minor(0.285, None) == 29
    assert to_minor(2.675, "EUR") == 268
    with pytest.raises(ValueError, match="not an amount"):
        to_minor(float("nan"), "USD")


@given(
    minor=st.integers(1, 10**10),
    currency=st.sampled_from(["USD", "EUR", "GBP", "JPY", "KWD", "INR", "SEK", "CHF", "BRL", "AUD"]),
)  # fmt: skip
def test_a_shown_price_reads_back_as_itself(minor: int, currency: str) -> None:
    assert parse_price(format_price(minor, currency), decimal_mark=".") == Price(minor, currency)
    assert to_minor(to_major(minor, currency), currency) == minor
    assert exponent(currency) in (0, 2, 3)


@given(st.text(max_size=60))
def test_any_text_is_a_price_or_none_but_never_an_error(text: str) -> None:
    price = parse_price(text)
    assert price is None or price.minor > 0
