"""One product read: what its title and description say, merged under what the feed states."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final
from weakref import WeakKeyDictionary

from catalog.extraction.boxes import boxes_in
from catalog.extraction.colors import Colors
from catalog.extraction.counts import counts_in
from catalog.extraction.features import Features
from catalog.extraction.known import Known, stated
from catalog.extraction.materials import Materials
from catalog.extraction.naming import Namer
from catalog.extraction.numbers import numbers_in
from catalog.extraction.passage import Passage
from catalog.extraction.subject import Subject
from catalog.extraction.words import brand_in, distinct, gender_in, runs_of
from catalog.product import AttributeValue, Measure, Product
from catalog.units import to_base

MAX_READ: Final = 20_000
"""Characters of a description that are read."""
_SLACK: Final = 0.03
"""Two measures this close tell one fact twice: "7 cm / 2.76 inch"."""


class _Reader:
    """The tables one feed's knowledge gives, made once."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self.colors, self.materials = Colors(known), Materials(known)
        self.features = Features(known)
        self.namer = Namer(known)

    def read(self, product: Product) -> Product:
        taken = stated(product)
        title = Passage.of(product.title, "title")
        passages = [title]
        if product.description:
            passages.append(Passage.of(product.description[:MAX_READ], "description"))
        subject = Subject.of(product, title)
        brand = None if "brand" in product.read_from else product.brand
        named = None if brand else brand_in(title, self.known)
        attributes = {n: v for n, v in product.attributes.items() if n not in product.read_from}
        read_from: dict[str, str] = {}
        for passage in passages:
            # the title's word goes before the description's
            for name, value in self._facts(passage, subject, brand or (named and named[2])).items():
                if name not in taken and name not in read_from and value is not None:
                    attributes[name] = value
                    read_from[name] = passage.source
                elif name not in taken and value is None:
                    # told twice and differently: nothing else may say it either
                    taken.add(name)
        if named:
            brand, read_from["brand"] = named[2], title.source
        if not read_from and not product.read_from:
            return product
        return replace(product, brand=brand, attributes=attributes, read_from=read_from)

    def _facts(
        self, passage: Passage, subject: Subject, brand: str | None
    ) -> dict[str, AttributeValue | None]:
        """What one text says by name; None for what it says in two ways."""
        facts: dict[str, AttributeValue | None] = {}
        for name, value in self._told(passage, subject, brand):
            if name not in facts:
                facts[name] = value
            elif not _same(facts[name], value):
                facts[name] = None
        return facts

    def _told(
        self, passage: Passage, subject: Subject, brand: str | None
    ) -> Iterator[tuple[str, AttributeValue]]:
        taken = runs_of(passage, brand)
        colors = self.colors.colors_in(passage, subject, taken)
        taken += [run[:2] for run in colors]
        for name, words in (
            ("color", distinct(run[2] for run in colors)),
            ("material", self.materials.materials_in(passage, subject, taken)),
        ):
            if words:
                yield name, words if len(words) > 1 else words[0]
        if gender := gender_in(passage, subject):
            yield "gender", gender
        for flag in self.features.flags_in(passage, subject):
            yield flag, True
        yield from counts_in(passage, subject, self.namer)
        if passage.digits:
            yield from self._measures(passage, subject)

    def _measures(self, passage: Passage, subject: Subject) -> Iterator[tuple[str, Measure]]:
        boxes = list(
            boxes_in(passage, tuple(self.namer.type_names(subject.kind, "cm")), subject.heads)
        )
        for start, _, axes in boxes:
            if not subject.speaks(passage, start):
                continue
            yield from axes.items()
        for number in numbers_in(passage, [(a, b) for a, b, axes in boxes if axes or b]):
            name = self.namer.name(number, passage, subject)
            if name is None:
                continue
            if number.times > 1 and number.base == "GB":
                yield name, Measure(number.value * number.times, number.unit)
            elif number.times == 1 or number.base == "l":
                yield name, Measure(number.value, number.unit)


def _same(a: AttributeValue | None, b: AttributeValue) -> bool:
    if isinstance(a, Measure) and isinstance(b, Measure):
        (left, base), (right, other) = to_base(a.value, a.unit), to_base(b.value, b.unit)
        return base == other and abs(left - right) <= _SLACK * max(abs(left), abs(right))
    return a == b


_readers: Final[WeakKeyDictionary[Known, _Reader]] = WeakKeyDictionary()


def extract(product: Product, known: Known) -> Product:
    """The product with what its prose says besides; the same product when that is nothing.

    Deterministic, and what it read before is read anew: applied twice it gives the same. What the
    feed states, also of a single variant, stays. ``read_from`` of the result names the source of
    each attribute (and ``"brand"``) that was read.
    """
    reader = _readers.get(known)
    if reader is None:
        reader = _readers[known] = _Reader(known)
    return reader.read(product)
