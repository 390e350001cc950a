"""Sentences about the cart, what was saved and what was bought."""

from __future__ import annotations

import re

from assistant.evaluation.records import count, minor
from assistant.evaluation.told import MARK, Told


def cart_holds(told: Told, m: re.Match[str]) -> bool:
    """``Two in the cart, $80.00 together.``"""
    products = [p for i in told.reply.cart if (p := told.index.get(i)) is not None]
    if count(m["n"]) != len(products):
        return False
    if not m["total"]:
        return True
    return minor(m["total"], products[0].currency) == sum(p.price or 0 for p in products)


def in_cart(told: Told, m: re.Match[str]) -> bool:
    """``2 × X and Y are in your cart, $80.00 in all.``"""
    marks = re.findall(rf"(?:(\d+) × )?{MARK}", m[0])
    cart, kept = told.reply.cart, {*told.reply.cart, *told.reply.saved}
    counted = [(int(times or 1), told.named[int(n)]) for times, n in marks]
    if total := m.groupdict().get("total"):
        told_sum = sum(times * (p.price or 0) for times, p in counted)
        if minor(total, counted[0][1].currency) != told_sum:
            return False
    return bool(marks) and all(p.id in kept and t in (1, cart.count(p.id)) for t, p in counted)


def several(told: Told, m: re.Match[str]) -> bool:
    """``3 × X come to $90.00.``"""
    product = told.named[int(m[2])]
    return minor(m["total"], product.currency) == int(m["n"]) * (product.price or 0)


def removed(told: Told, m: re.Match[str]) -> bool:
    """``Removed X.``"""
    return all(told.named[int(n)].id not in told.reply.cart for n in re.findall(MARK, m[0]))


def saved(told: Told, m: re.Match[str]) -> bool:
    """``Saved: X.``"""
    known = {*told.reply.saved, *told.scene_of(told.scene.product).past.get("wishlists", ())}
    return all(told.named[int(n)].id in known for n in re.findall(MARK, m[0]))


def bought(told: Told, m: re.Match[str]) -> bool:
    """``You last bought X on 3 May, 2 times so far.``"""
    past = told.of(told.named[int(m[1])]).past
    times = m["times"]
    return m["on"] in past.get("dates", set()) and (not times or times in past.get("times", set()))


def costs_now(told: Told, m: re.Match[str]) -> bool:
    """``It is $30.00 now.``"""
    first = told.reply.recommendations[0].product if told.reply.recommendations else None
    return (
        first is not None
        and first.price is not None
        and minor(m["price"], first.currency) == first.price
    )


def dearer_when_saved(told: Told, m: re.Match[str]) -> bool:
    """``X from your wishlist is $30.00 now; it was $35.00 when you saved it.``"""
    product = told.named[int(m[1])]
    past = told.of(product).past.get("saved_price", set())
    return minor(m["now"], product.currency) == product.price and m["was"] in past
