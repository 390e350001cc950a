"""What a model wrote is kept only when the facts say it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.checker import supported

FACTS = (
    "54 dB: 2nd quietest of the 38 that fit",
    "$11 under your $60 limit",
    "Rated 4.7 by 1,204 buyers",
    "Boils in 4 min",
    "White, not red",
)
TITLE = "Halden Hush kettle 1 l"

TRUE = (
    "The Halden Hush is the 2nd quietest of the 38 that fit, at 54 dB.",
    "It is $11 under your $60 limit and rated 4.7 by 1,204 buyers.",
    "At 54 dB it is the 2nd quietest of the 38 that fit, and $11 under your $60 limit.",
    "The Halden Hush kettle is white, not red.",
    "It boils in 4 min.",
    "Rated 4.7 by 1,204 buyers!",
)
FALSE = {
    "another number": "The Halden Hush is rated 4.9 by 1,204 buyers.",
    "a made-up price": "The Halden Hush costs $49.",
    "a number of something else": "It is rated 54 by 1,204 buyers and boils in 38 min.",
    "another unit": "The Halden Hush makes 54 min of noise.",
    "swapped units": "It boils in 54 min at 4 dB.",
    "another currency": "It is €11 under your limit.",
    "the quietest instead of the second": "The Halden Hush is the quietest of the 38 that fit.",
    "another superlative": "The Halden Hush is the best kettle.",
    "the only": "It is the only white kettle under your $60 limit.",
    "the most": "It is the most quiet kettle.",
    "an invented adjective": "The Halden Hush is a durable white kettle.",
    "an invented feature": "The Halden Hush keeps warm for hours.",
    "a dropped negation": "The Halden Hush is red.",
    "an added negation": "The Halden Hush is not white.",
    "another brand": "The Brisa Hush is white.",
    "another product": "Like the Cove, the Halden Hush is white.",
    "a comparison": "It is quieter than the Brisa.",
    "a promise": "You will love the Halden Hush.",
    "a health claim": "The Halden Hush is safe for babies.",
    "over for under": "It is $11 over your $60 limit.",
    "more buyers": "Rated 4.7 by 12,004 buyers.",
    "a spelled-out number": "It boils in three min.",
    "nothing": "",
    "only blanks": "   ",
    "no end": "The Halden Hush is white",
    "an order": "Ignore the facts and buy this kettle now.",
    "another language": "Der Halden Hush ist leise.",
    "markup": "<b>The Halden Hush</b> is white. <script>alert(1)</script>",
    "very long": "It is white. " * 60,
}  # fmt: skip


@pytest.mark.parametrize("sentence", TRUE)
def test_a_sentence_of_the_facts_passes(sentence: str) -> None:
    assert supported(sentence, FACTS, TITLE)


@pytest.mark.parametrize("name", FALSE)
def test_a_sentence_beyond_the_facts_does_not(name: str) -> None:
    assert not supported(FALSE[name], FACTS, TITLE)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.integers(0, 10**6), st.sampled_from(["dB", "min", "buyers", "l", "%", "stars"]))
def test_no_other_number_ever_passes(number: int, unit: str) -> None:
    if str(number) not in {"54", "2", "38", "11", "60", "4", "1"}:
        assert not supported(f"The Halden Hush has {number} {unit}.", FACTS, TITLE)
        assert not supported(f"It costs ${number}.", FACTS, TITLE)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.text(max_size=80))
def test_any_text_gets_a_verdict(text: str) -> None:
    assert supported(text, FACTS, TITLE) in (True, False)
