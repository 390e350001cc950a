"""Budgets in every form people write them; the thing wanted is always a kettle."""

from __future__ import annotations

import pytest

from assistant.intent import Act
from tests.assistant.reading import constraints, read_after, table

BUDGETS = {
    "a kettle under $60": "price <= 6000 USD",
    "a kettle max 60": "price <= 6000",
    "a kettle 60 or less": "price <= 6000",
    "a kettle, 10-25 €": "price >= 1000 EUR; price <= 2500 EUR",
    "a kettle between twenty and fifty": "price >= 2000; price <= 5000",
    "a kettle £10-£15": "price >= 1000 GBP; price <= 1500 GBP",
    "a kettle no more than 30 bucks": "price <= 3000 USD",
    "a kettle up to 1.299,00 €": "price <= 129900 EUR",
    "a kettle around 50": "price = 5000?",
    "a kettle 50ish": "price = 5000?",
    "a kettle, max like 50ish": "price <= 5000",
    "a kettle, not more than 50ish": "price <= 5000",
    "a kettle, 50 is the minimum": "price >= 5000",
    "a kettle, 50 is the absolute max": "price <= 5000",
    "a kettle for about $40": "price = 4000 USD?",
    "a kettle for 40": "price <= 4000",
    "a kettle below 45.50": "price <= 4550",
    "a kettle <60": "price <= 6000",
    "a kettle <= $60": "price <= 6000 USD",
    "a kettle at most 1,299 dollars": "price <= 129900 USD",
    "a kettle less than two hundred dollars": "price <= 20000 USD",
    "a kettle, my budget is 80": "price <= 8000",
    "a kettle, budget: 80 euros": "price <= 8000 EUR",
    "a kettle over $100": "price >= 10000 USD",
    "a kettle at least 40 euro": "price >= 4000 EUR",
    "a kettle not less than 50 dollars": "price >= 5000 USD",
    "a kettle from 20 to 40 dollars": "price >= 2000 USD; price <= 4000 USD",
    "a kettle between $20 and $40": "price >= 2000 USD; price <= 4000 USD",
    "a kettle 20–40 USD": "price >= 2000 USD; price <= 4000 USD",
    "a kettle in the 30-50 range": "price >= 3000; price <= 5000",
    "a kettle priced between 30 and 50": "price >= 3000; price <= 5000",
    "a kettle for $30-$50": "price >= 3000 USD; price <= 5000 USD",
    "I can spend 70 on a kettle": "price <= 7000",
    "I can't spend more than 70 on a kettle": "price <= 7000",
    "spend up to 60 on a kettle": "price <= 6000",
    "a kettle that costs no more than 60": "price <= 6000",
    "kettle not over 70": "price <= 7000",
    "kettle cheaper than 70": "price <= 7000",
    "kettle ≤ 70€": "price <= 7000 EUR",
    "kettle, 70 tops": "price <= 7000",
    "kettle 70 max": "price <= 7000",
    "kettle £60 or under": "price <= 6000 GBP",
    "kettle $40+": "price >= 4000 USD",
    "kettle under 1.5k": "price <= 150000",
    "kettle under $2k": "price <= 200000 USD",
    "kettle under USD 60": "price <= 6000 USD",
    "kettle under 9,99 €": "price <= 999 EUR",
    "kettle under $1,000.50": "price <= 100050 USD",
    "kettle under sixty five dollars": "price <= 6500 USD",
    "kettle under a hundred": "price <= 10000",
    "kettle under 5 000 kr": "price <= 500000 SEK",
    "kettle under five hundred yen": "price <= 500 JPY",
    "kettle under ¥5000": "price <= 5000 JPY",
    "kettle for less than $60 but more than $20": "price <= 6000 USD; price >= 2000 USD",
}


@pytest.mark.parametrize(("text", "expected"), BUDGETS.items(), ids=BUDGETS.keys())
def test_a_budget_is_read_to_the_cent(text: str, expected: str) -> None:
    intent = read_after(text)
    assert constraints(intent) == table(f"type contains kettle; {expected}")
    assert intent.act is Act.SEARCH


@pytest.mark.parametrize("text", BUDGETS)
def test_a_budget_comes_from_words_of_the_utterance(text: str) -> None:
    intent = read_after(text)
    assert all(c.span and c.span in intent.text for c in intent.constraints)
