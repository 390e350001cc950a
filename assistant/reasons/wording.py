"""The words of comparisons: quieter, the quietest, 3rd, "of these six"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from assistant.phrasing import field_name

_SIZES: Final = ("capacity", "volume", "screen", "screen_size", "diagonal", "size")
_TIMES: Final = ("heat_up", "heat_up_time", "charge_time", "cook_time", "dry_time")
SUPERLATIVES: Final[Mapping[str, tuple[str, str]]] = {
    "noise": ("quietest", "loudest"), "noise_level": ("quietest", "loudest"), "weight": ("lightest", "heaviest"), "price": ("cheapest", "most expensive"),
    **dict.fromkeys(_SIZES, ("smallest", "largest")), **dict.fromkeys(_TIMES, ("quickest", "slowest")),
    "battery_life": ("shortest-lived", "longest-lasting"), "runtime": ("shortest-lived", "longest-lasting"), "burn_time": ("shortest-burning", "longest-burning"),
    "power": ("least powerful", "most powerful"), "rating": ("lowest rated", "best rated"), "review_count": ("least reviewed", "most reviewed"),
    "brightness": ("dimmest", "brightest"), "boil_time": ("fastest to boil", "slowest to boil"), "length": ("shortest", "longest"),
    "height": ("lowest", "tallest"), "width": ("narrowest", "widest"), "depth": ("shallowest", "deepest"), "thickness": ("thinnest", "thickest"),
    "water_column": ("least waterproof", "most waterproof"), "keeps_cold": ("shortest-cooling", "longest-cooling"), "keeps_hot": ("shortest-warming", "longest-warming"),
    "comfort_temperature": ("warmest", "least warm"), "setup_time": ("quickest to set up", "slowest to set up"),
}  # fmt: skip
"""Field → what has the least of it, and what has the most."""

COMPARATIVES: Final[Mapping[str, tuple[str, str]]] = {
    "noise": ("quieter", "louder"), "noise_level": ("quieter", "louder"), "weight": ("lighter", "heavier"), "price": ("cheaper", "dearer"),
    **dict.fromkeys(_SIZES, ("smaller", "larger")), **dict.fromkeys(_TIMES, ("quicker", "slower")),
    "battery_life": ("shorter-lived", "longer-lasting"), "runtime": ("shorter-lived", "longer-lasting"), "burn_time": ("shorter-burning", "longer-burning"),
    "power": ("less powerful", "more powerful"), "rating": ("lower rated", "better rated"), "review_count": ("less reviewed", "more reviewed"),
    "brightness": ("dimmer", "brighter"), "boil_time": ("faster to boil", "slower to boil"), "length": ("shorter", "longer"),
    "height": ("lower", "taller"), "width": ("narrower", "wider"), "depth": ("shallower", "deeper"), "thickness": ("thinner", "thicker"),
    "water_column": ("less waterproof", "more waterproof"), "keeps_cold": ("shorter-cooling", "longer-cooling"), "keeps_hot": ("shorter-warming", "longer-warming"),
    "comfort_temperature": ("warmer", "less warm"), "setup_time": ("quicker to set up", "slower to set up"),
}  # fmt: skip
"""Field → what has less of it, and what has more."""

BURDENS: Final[Mapping[str, int]] = {
    "price": 1, "noise": 1, "noise_level": 1, "boil_time": 1, "heat_up": 1, "heat_up_time": 1, "charge_time": 1, "dry_time": 1, "battery_life": -1,
    "runtime": -1, "rating": -1,
}  # fmt: skip
"""Fields of which one end is a burden to nearly everybody, and which end: +1 for much of it."""

_NUMBERS: Final = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
)  # fmt: skip


def superlative(field: str, direction: int) -> str:
    """``("noise", -1)`` → ``"quietest"``; ``("ports", 1)`` → ``"highest"``, to be followed by the name."""
    return SUPERLATIVES.get(field, ("lowest", "highest"))[direction > 0]


def comparative(field: str, direction: int) -> str:
    """``("noise", -1)`` → ``"quieter"``; ``"lower"`` and ``"higher"`` for fields without a word."""
    return COMPARATIVES.get(field, ("lower", "higher"))[direction > 0]


def extreme_of(field: str, direction: int) -> str:
    """A superlative that names what it is about: ``"quietest"``, ``"highest thread count"``."""
    word = superlative(field, direction)
    return word if field in SUPERLATIVES else f"{word} {field_name(field)}"


def better_in(field: str, direction: int) -> str:
    """A comparative that names what it is about: ``"quieter"``, ``"higher in thread count"``."""
    word = comparative(field, direction)
    return word if field in COMPARATIVES else f"{word} in {field_name(field)}"


def difference(field: str, direction: int) -> str:
    """What a gap is followed by: ``"quieter"``, but ``"less"`` and ``"more"`` for fields without a word."""
    return (
        COMPARATIVES[field][direction > 0]
        if field in COMPARATIVES
        else ("less", "more")[direction > 0]
    )


def number_word(n: int) -> str:
    """Small counts as words: 3 → ``"three"``, 38 → ``"38"``."""
    return _NUMBERS[n] if n < len(_NUMBERS) else f"{n:,}"


def nth(rank: int) -> str:
    """``2`` → ``"2nd"``; the first needs no number."""
    if rank == 1:
        return "the"
    ending = (
        {1: "st", 2: "nd", 3: "rd"}.get(rank % 10, "th") if rank % 100 not in (11, 12, 13) else "th"
    )
    return f"{rank:,}{ending}"


def sentence(text: str) -> str:
    """The text with a capital at its beginning."""
    return text[:1].upper() + text[1:]
