"""One sentence of a reply with everything it is held against."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from assistant.evaluation.standing import Scene
from assistant.reply import Reply
from catalog.constraint import Constraint
from catalog.product import Product
from retrieval.index import Index

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

    def count(self, *dropped: Constraint) -> tuple[int, int]:
        """How many products fit what is wanted, and how many leave some of it open; without ``dropped``."""
        return self.index.count([c for c in self.reply.moment.hard if c not in dropped])
