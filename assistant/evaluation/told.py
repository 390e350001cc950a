"""One sentence of a reply with everything it is held against."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from assistant.evaluation.standing import Scene
from assistant.reply import Reply
from catalog.constraint import Constraint
from catalog.product import Product
from catalog.text import tokens
from catalog.verdict import Verdict, judge_all
from retrieval.index import Index

_LOOKED_AT: Final = 500
MARK: Final = r"⟦(\d+)⟧"
"""A product named in a sentence, as :class:`assistant.evaluation.names.Names` marks it."""


@dataclass(frozen=True, slots=True)
class Told:
    """One sentence with what it is held against."""

    reply: Reply
    index: Index
    scene: Scene
    """Of the product spoken of before, for "It is…"."""
    named: tuple[Product, ...]
    scene_of: Callable[[Product], Scene]

    def of(self, product: Product) -> Scene:
        """The same for another product."""
        return replace(self.scene_of(product), named=self.named)

    def different(self) -> int:
        """How many different products fit: the same brand, words in the title and fields are the same
        product, listed again. Of very many, how many are listed.
        """
        hard = self.reply.moment.hard
        listed = self.count()[0]
        if listed > _LOOKED_AT:
            return listed
        seen: dict[tuple[str | None, tuple[str, ...]], list[object]] = {}
        # what only bears the word for the kind is not counted
        standing = self.index.columns.standing(self.reply.moment.constraints)
        for row in np.flatnonzero(standing >= 0).tolist():
            product = self.index.products[row]
            same = seen.setdefault((product.brand, tuple(sorted(tokens(product.title)))), [])
            if judge_all(product, hard) is Verdict.MATCH and product.attributes not in same:
                same.append(product.attributes)
        return sum(map(len, seen.values()))

    def count(self, *dropped: Constraint) -> tuple[int, int]:
        """How many products fit what is wanted, and how many leave some of it open; without ``dropped``."""
        return self.index.count([c for c in self.reply.moment.constraints if c not in dropped])
