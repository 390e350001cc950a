"""What one utterance says: an act, constraints, references to shown items, a sort."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

from catalog.constraint import Constraint, Op
from catalog.money import to_major, to_minor

__all__ = ["Act", "Comparative", "Constraint", "Intent", "Op", "Reference", "Sort"]


RULES: Final = (
    "act",
    "dropped",
    "kept",
    "added",
    "turned",
    "term",
    "begun",
    "back",
    "whole",
    "foreign",
)
"""Rules that settle differences between reader and model, see :mod:`assistant.reconcile`."""


class Act(StrEnum):
    """What the shopper is doing."""

    SEARCH = "search"
    REFINE = "refine"
    CLEAR = "clear"
    MORE = "more"
    COMPARE = "compare"
    ASK = "ask"
    SIMILAR = "similar"
    ADD_TO_CART = "add_to_cart"
    REMOVE_FROM_CART = "remove_from_cart"
    SAVE = "save"
    BUY_AGAIN = "buy_again"
    REVIEW = "review"
    CHAT = "chat"


@dataclass(frozen=True, slots=True)
class Sort:
    """An order the shopper asked for: ``Sort("price")`` is cheapest first."""

    field: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Comparative:
    """A wish relative to what is shown: "cheaper" is ``Comparative(("price",), -1)``.

    ``fields`` are tried in order; the first that the shown product has is meant.
    """

    fields: tuple[str, ...]
    direction: int
    """-1 for less, +1 for more."""
    span: str = ""


@dataclass(frozen=True, slots=True)
class Reference:
    """A pointer to something shown or bought.

    ``kind`` is ``position`` (value ``"2"``, ``"-1"`` for the last), ``match``
    (words that tell one shown item from the others: ``"blue"``, a brand),
    ``this`` (the item last spoken of), ``all`` (what is shown), ``extreme``
    (value ``"price:-1"``, the cheapest of those shown; ``"price:-1:2,3"``, the cheaper
    of the second and the third), ``extremes`` (``"price:-1:2"``, the two cheapest), ``past_order`` (words, maybe empty, for something
    bought before).
    """

    kind: str
    value: str = ""
    span: str = ""

    @property
    def among(self) -> tuple[str, ...]:
        """The places an extreme is one of, empty where it is one of all that is shown."""
        places = self.value.split(":")[2:] if self.kind == "extreme" else []
        return tuple(places[0].split(",")) if places else ()

    def each(self) -> tuple[Reference, ...]:
        """Everything an extreme is chosen from by place; any other reference as it is."""
        return tuple(Reference("position", p, self.span) for p in self.among) or (self,)

    def chosen_from(self, places: Sequence[str]) -> Reference:
        """The extreme as one of the items at these places."""
        field_and_direction = ":".join(self.value.split(":")[:2])
        return replace(self, value=f"{field_and_direction}:{','.join(places)}")


@dataclass(frozen=True, slots=True)
class Intent:
    """One utterance, read. Every constraint's ``span`` is a piece of ``text``, which is the last
    part of an utterance that asks for several things (the others are ``before``).
    """

    text: str
    act: Act
    constraints: tuple[Constraint, ...] = ()
    references: tuple[Reference, ...] = ()
    comparatives: tuple[Comparative, ...] = ()
    sort: Sort | None = None
    cleared: tuple[str, ...] = ()
    """Fields whose constraints are to be dropped ("forget the budget" → ``("price",)``);
    ``("*",)`` for all of them, ``("except:color",)`` for all others, ``("upper:price",)`` for one end."""
    opens_topic: bool = False
    """A new need that names no product type ("a gift for my dad", "something for the kitchen")."""
    widens: bool = False
    """The values named are alternatives to those already asked for ("blue is fine too")."""
    question: str | None = None
    """For ``ask``: the field asked about, or the words of the question."""
    unread: tuple[str, ...] = ()
    """Words that neither reader nor model could make sense of."""
    notes: tuple[str, ...] = ()
    """What the shopper should know about how the utterance was read, in plain sentences."""
    source: str = "reader"
    """``reader`` (deterministic only) or ``reader+model``."""
    resolved: tuple[str, ...] = ()
    """Those of :data:`RULES` that changed something in this reading."""
    confidence: float | None = None
    """The probability the model gave the least sure token of its reading; None without one.
    How often readings of a given confidence are right is in docs/experiments.md."""
    left_out: tuple[str, ...] = ()
    """Ids of shown products that the shopper finds fault with: they are not shown again."""
    before: tuple[Intent, ...] = ()
    """What the same utterance asks for first: "save the first and show me cheaper" is a wish for
    cheaper ones, before which something is saved."""

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values; prices become numbers in major units."""
        return {
            "text": self.text,
            "act": self.act.value,
            "constraints": [constraint_to_json(c) for c in self.constraints],
            "references": [
                {"kind": r.kind, "value": r.value, "span": r.span} for r in self.references
            ],
            "comparatives": [
                {"fields": list(c.fields), "direction": c.direction, "span": c.span}
                for c in self.comparatives
            ],
            "sort": sort_to_json(self.sort),
            "cleared": list(self.cleared),
            "opens_topic": self.opens_topic,
            "widens": self.widens,
            "question": self.question,
            "unread": list(self.unread),
            "notes": list(self.notes),
            "source": self.source,
            "resolved": list(self.resolved),
            "confidence": self.confidence,
            "left_out": list(self.left_out),
            "before": [intent.to_json() for intent in self.before],
        }

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> Intent:
        """Inverse of :meth:`to_json`."""
        sort = record.get("sort")
        return cls(
            text=record["text"],
            act=Act(record["act"]),
            constraints=tuple(constraint_from_json(c) for c in record["constraints"]),
            references=tuple(Reference(**r) for r in record["references"]),
            comparatives=tuple(
                Comparative(tuple(c["fields"]), c["direction"], c["span"])
                for c in record["comparatives"]
            ),
            sort=Sort(sort["field"], sort["descending"]) if sort else None,
            cleared=tuple(record["cleared"]),
            opens_topic=record["opens_topic"],
            widens=record["widens"],
            question=record["question"],
            unread=tuple(record["unread"]),
            notes=tuple(record["notes"]),
            source=record["source"],
            resolved=tuple(record.get("resolved", ())),
            confidence=record.get("confidence"),
            left_out=tuple(record.get("left_out", ())),
            before=tuple(cls.from_json(r) for r in record.get("before", ())),
        )


def sort_to_json(sort: Sort | None) -> dict[str, Any] | None:
    """A sort as plain JSON values."""
    return None if sort is None else {"field": sort.field, "descending": sort.descending}


def constraint_to_json(constraint: Constraint) -> dict[str, Any]:
    """A constraint as plain JSON values: a price in major units, several words as a list."""
    value: Any = constraint.value
    if constraint.field == "price" and constraint.number is not None:
        value = to_major(constraint.number, constraint.unit)
    elif isinstance(value, tuple):
        value = list(value) if len(value) > 1 else value[0]
    return {
        "field": constraint.field,
        "op": constraint.op.value,
        "value": value,
        "unit": constraint.unit,
        "hard": constraint.hard,
        "span": constraint.span,
    }


def constraint_from_json(record: Mapping[str, Any]) -> Constraint:
    """Inverse of :func:`constraint_to_json`."""
    value = record["value"]
    if record["field"] == "price" and isinstance(value, (int, float)):
        value = to_minor(value, record["unit"])
    elif isinstance(value, list):
        value = tuple(value)
    elif isinstance(value, str):
        value = (value,)
    return Constraint(
        record["field"], Op(record["op"]), value, record["unit"], record["hard"], record["span"]
    )
