"""Fractions and multiples in words, for numbers ("half a litre") and comparisons ("half the price")."""

from __future__ import annotations

from typing import Final

FRACTIONS: Final = {"half": 1 / 2, "third": 1 / 3, "quarter": 1 / 4, "thirds": 2 / 3, "quarters": 3 / 4}  # fmt: skip
"""The plurals are those of "two thirds" and "three quarters"."""

TIMES: Final = {
    "twice": 2.0, "double": 2.0, "two times": 2.0, "thrice": 3.0, "triple": 3.0, "three times": 3.0, "four times": 4.0,
    "ten times": 10.0,
}  # fmt: skip

PART: Final = r"(?:(?:an?|one)\s+(?:half|quarter|third)|two[\s-]thirds|three[\s-]quarters)"
"""A fraction that stands by itself: "a half", "three quarters"; the source of a regex."""

MULTIPLE: Final = "|".join([r"half", PART, *(w.replace(" ", r"\s+") for w in TIMES)])
"""Any fraction or multiple; the source of a regex."""
