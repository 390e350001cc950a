"""Sentences that count products, counted again over the whole catalogue."""

from __future__ import annotations

import re
from collections.abc import Mapping

from assistant.evaluation.records import COUNT, count, minor, squeezed
from assistant.evaluation.told import Told
from catalog.constraint import Constraint
from catalog.text import tokens


def fits(told: Told, m: re.Match[str]) -> bool:
    """``24 kettles fit.``"""
    return count(m["n"]) == told.different()


def cost_between(told: Told, m: re.Match[str]) -> bool:
    """``All six cost between $21 and $36.``"""
    shown = [r.product for r in told.reply.recommendations]
    prices = sorted(p.price for p in shown if p.price is not None)
    ends = [minor(m[end], shown[0].currency) for end in ("low", "high")]
    return len(prices) == len(shown) == count(m["n"]) and ends == [prices[0], prices[-1]]


def left_open(told: Told, m: re.Match[str]) -> bool:
    """``Two more do not state all of it and come last.``"""
    return count(m["n"]) == told.count()[1]


def none_fits(told: Told, m: re.Match[str]) -> bool:
    """``No kettle fits all of that.``"""
    return told.count()[0] == 0


def next_ones(told: Told, m: re.Match[str]) -> bool:
    """``The next six of 24.``"""
    return count(m["k"]) == len(told.reply.recommendations) and count(m["n"]) == told.different()


def without(told: Told, m: re.Match[str]) -> bool:
    """``Without “red” 33 fit; without “up to $60” two``: each count is that of a demand let go."""
    hard = told.reply.moment.hard
    for demand, said, more in re.findall(
        rf"without ((?:“[^”]*”(?:, | and )?)+) ({COUNT})( fits?, leaving something open)?", m[0]
    ):
        dropped = re.findall(r"“([^”]*)”", demand)
        chosen = [c for c in hard if any(_is_demand(c, d) for d in dropped)]
        options = [[c] for c in chosen] if len(dropped) == 1 else [chosen]
        column = 1 if more else 0
        if not any(told.count(*o)[column] == count(said) for o in options):
            return False
    return True


def _is_demand(c: Constraint, said: str) -> bool:
    """Whether a quoted demand may be this one: it says its number or one of its words."""
    words = set(tokens(said))
    if c.number is not None:
        return (
            any(ch.isdigit() for ch in said)
            or bool(set(tokens(c.field.replace("_", " "))) & words)
            or c.field in ("stock", "discount")
        )
    return any(set(tokens(w)) <= words for w in c.words) or bool(
        set(tokens(c.field.replace("_", " "))) & words
    )


def instead(told: Told, m: re.Match[str]) -> bool:
    """``Instead of red there is blue (12) and green (3).``: products by a value, without one demand."""
    said = re.findall(r"([^,()]+?) \(([\d,]+)\)(?:, | and )?", m["what"])
    hard = told.reply.moment.hard
    for c in hard:
        counts = (
            {
                squeezed(v): n
                for v, n in told.index.facet([h for h in hard if h != c], c.field).items()
            }
            if c.words
            else {}
        )
        if counts and all(_counted(told, v.strip(), counts) == count(n) for v, n in said):
            return True
    return False


def _counted(told: Told, value: str, counts: Mapping[str, int]) -> int | None:
    """How many have a value; a maker's name may also be how a product's name begins."""
    value = value.removeprefix("and ")
    mark = re.fullmatch(r"⟦(\d+)⟧", value)
    if mark is None:
        return counts.get(value)
    title = squeezed(told.named[int(mark[1])].title)
    return next((n for v, n in counts.items() if title.startswith(v)), None)


def carries(told: Told, m: re.Match[str]) -> bool:
    """``There are 800 products here.``"""
    return count(m["n"]) == told.index.info.rows


def brands(told: Told, m: re.Match[str]) -> bool:
    """``Twelve brands of kettles here.``"""
    hard = [c for c in told.reply.moment.hard if c.field == "type"]
    return count(m["n"]) == len(told.index.facet(hard, "brand")) or not hard
