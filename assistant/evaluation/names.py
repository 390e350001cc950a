"""The products of a catalogue by what they may be called, marked where a text names them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Final

from assistant.evaluation.records import prefix_names
from catalog.product import Product
from retrieval.index import Index

_FEWEST_WORDS: Final = 3


class Names:
    """The products of a catalogue by what they may be called."""

    def __init__(self, index: Index) -> None:
        self._index = index

    @cached_property
    def _by_first_word(self) -> Mapping[str, list[Product]]:
        made: dict[str, list[Product]] = {}
        for row in range(self._index.info.rows):
            product = self._index.products[row]
            made.setdefault(product.title.split()[0] if product.title.split() else "", []).append(
                product
            )
        return made

    @cached_property
    def _brands(self) -> frozenset[str]:
        """Makers' names and how they begin."""
        rows = range(self._index.info.rows)
        names = {self._index.products[row].brand or "" for row in rows}
        split = (name.split() for name in names)
        return frozenset(" ".join(words[:n]) for words in split for n in range(1, len(words) + 1))

    def marked(self, text: str, known: Sequence[Product]) -> tuple[str, tuple[Product, ...]]:
        """The text with every name of a product replaced by ``⟦0⟧``, ``⟦1⟧``…, and what they name.

        ``known`` are products of the conversation, the likeliest first; of others a name counts
        from three words on.
        """
        named: list[Product] = []
        quotes = re.findall(r"“[^”]*”", text)
        text = re.sub(r"“[^”]*”", "“”", text)
        close = [
            (name, product)
            for product in known
            for name in prefix_names(product)
            if name in text and (len(name.split()) > 1 or name == product.title.strip())
        ]
        far = [
            (name, product)
            for word in dict.fromkeys(re.findall(r"[^\s“”]+", text))
            for product in self._by_first_word.get(word, ())
            for name in prefix_names(product)
            if name in text and len(name.split()) >= min(_FEWEST_WORDS, len(product.title.split()))
        ]
        for names in (close, far):
            for name, product in sorted(names, key=lambda n: -len(n[0])):
                bounded = _bounded(name, maker=name in self._brands)
                if re.search(bounded, text):
                    text = re.sub(bounded, f"⟦{len(named)}⟧", text)
                    named.append(product)
        for quote in quotes:
            text = text.replace("“”", quote, 1)
        return text, tuple(named)


def _bounded(name: str, *, maker: bool) -> str:
    """Where a product is called so; what is also a maker's name only where something is said of it."""
    said_of = r"(?=:|'s\b| is\b)" if maker else ""
    return rf"(?<![\w⟦])(?<!\b[Bb]y ){re.escape(name)}(?![\w⟧]){said_of}"
