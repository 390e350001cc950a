"""What retrieval is asked, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from catalog.constraint import Constraint
from catalog.product import Product


@dataclass(frozen=True, slots=True)
class Query:
    """A search: free text for relevance, hard constraints as filters, an optional sort.
    Soft constraints only tell what else was said.

    ``sort`` is (field, descending); products whose field is unknown come last.
    ``exclude`` are product ids not to return.
    """

    text: str
    constraints: tuple[Constraint, ...] = ()
    sort: tuple[str, bool] | None = None
    limit: int = 50
    exclude: frozenset[str] = frozenset()
    known_first: bool = True
    """Whether what leaves fewer constraints open comes first, however relevant the rest is."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A product that violates no hard constraint of the query.

    Where the constraints are about its variants, ``product`` is sold only in those that meet them
    (:meth:`catalog.product.Product.sold_as`).

    ``relevance`` is the fused score in [0, 1]; ``dense`` (cosine) and ``lexical``
    (BM25, min-max scaled within the query) are its raw ingredients. ``unknown``
    are the fields of hard constraints the record says nothing about, ``text`` once for each of them.
    """

    product: Product
    relevance: float
    dense: float
    lexical: float
    unknown: tuple[str, ...] = ()
    alike: int = 0
    """How many more of the next candidates have the same brand, words in the title and attributes: left out."""
    namesake: bool = False
    """Whether it only has the word for the kind asked for in its name: "dress shoes" for a dress."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """The answer to a query, best first: full matches before those with unknowns, unless the query
    does not ask for that.

    ``matching`` counts the products of the whole catalogue that meet every hard
    constraint, ``unknown`` those that violate none but leave at least one open, both without
    namesakes, which come last.
    ``different`` counts those of the matching that are not alike; a product listed several times is one.
    Where they are too many to be looked at, it is ``matching``.
    ``timings`` are milliseconds per step (``filter``, ``embed``, ``dense``, ``lexical``, ``fuse``).
    """

    items: tuple[Candidate, ...]
    matching: int
    unknown: int
    timings: Mapping[str, float]
    different: int = 0
