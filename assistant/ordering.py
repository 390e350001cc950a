"""What an order about shown items says beside naming them: how many of each."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant import items
from assistant.reader.counts import PLACED, Lot
from assistant.reader.references import ORDINALS
from catalog.constraint import listing_tokens
from catalog.product import Product
from catalog.text import tokens


def meant_by(words: str, among: Sequence[Product]) -> Product | None:
    """The one product that a place or a name points at; None where it is none or several."""
    if placed := PLACED.fullmatch(words):
        at = ORDINALS.get(placed["nth"]) or int(placed["nth"])
        at = at - 1 if at > 0 else len(among) + at
        return among[at] if 0 <= at < len(among) else None
    hits = exactly(words, [p for p in among if items.carries_all(p, _name(words))])
    if hits:
        return hits[0] if len(hits) == 1 else None
    title, told, feature = words.partition(" with ")
    of_name = [p for p in among if told and items.carries_all(p, _name(title))]
    having = [p for p in of_name if _name(feature) <= {*listing_tokens(p)}]
    return having[0] if len(having) == 1 else None


def _name(words: str) -> set[str]:
    return {w for w in tokens(words) if w not in items.ASIDE}


def exactly(words: str, products: Sequence[Product]) -> list[Product]:
    """Of products that carry some words those whose title has them as they are spelled ("grapes",
    not "grape leaves"), if any has.
    """
    said = {w for w in re.findall(r"[\w'-]+", words.lower()) if _name(w)}
    spelled = [p for p in products if said <= {*re.findall(r"[\w'-]+", p.title.lower())}]
    return spelled or list(products)


def lots_meant(lots: Sequence[Lot], shown: Sequence[Product]) -> list[tuple[Product, int]]:
    """The products of an order of several, each with its own quantity; empty unless each is one."""
    meant = [(meant_by(lot.words, shown), lot.count) for lot in lots]
    found = [(p, n) for p, n in meant if p is not None]
    return found if len({p.id for p, _ in found}) == len(lots) else []
