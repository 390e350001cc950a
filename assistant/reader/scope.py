"""What is under discussion in a catalogue: its vocabulary and the product types meant."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.reader.lookups import lookups_of
from catalog.units import to_base
from retrieval.vocabulary import MeasuredField, Vocabulary


@dataclass(frozen=True, slots=True)
class Scope:
    """A catalogue's vocabulary and what is under discussion in it.

    ``kinds`` are folded names, ``types`` the product types filed under them (see
    :func:`scope_of`), ``limits`` the measured fields limited so far with their units, the
    newest last.
    """

    vocabulary: Vocabulary
    kinds: frozenset[str]
    types: frozenset[str]
    limits: tuple[tuple[str, str], ...] = ()

    @property
    def known(self) -> bool:
        """Whether products are filed under one of the names under discussion."""
        return any(self.vocabulary.has_type(tuple(kind.split(" "))) for kind in self.kinds)

    def carries(self, field: MeasuredField) -> int:
        """How many products of the types under discussion have the field."""
        return sum(field.types.get(t, 0) for t in self.types)

    def limited(self, base: str) -> str | None:
        """The field of a base unit that was limited last."""
        of_base = (name for name, unit in reversed(self.limits) if to_base(1.0, unit)[1] == base)
        return next(of_base, None)


def scope_of(
    vocabulary: Vocabulary, kinds: frozenset[str], limits: tuple[tuple[str, str], ...] = ()
) -> Scope:
    """The product types meant by the names under discussion.

    A name may be that of a shelf with several types, or the last words of several types
    ("chair": office chair, folding chair). A name that nothing is filed under stands for what
    ends as it does ("office chair": desk chair).
    """
    filed = {
        t
        for kind in kinds
        for entry in vocabulary.lookup(tuple(kind.split(" ")), "type")
        for t in entry.types
    }
    lookups = lookups_of(vocabulary)
    alike = {t for kind in kinds for t in lookups.measured_types(kind)}
    if not filed and not alike:
        heads = {kind.rpartition(" ")[2] for kind in kinds}
        alike = {t for head in heads for t in lookups.measured_types(head)}
    return Scope(vocabulary, kinds, frozenset(kinds | filed | alike), limits)
