"""The shopper's current intention: intents folded over turns. Immutable; each turn makes a new one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from assistant.intent import (
    Act,
    Constraint,
    Intent,
    Op,
    Sort,
    constraint_from_json,
    constraint_to_json,
    sort_to_json,
)
from assistant.phrasing import constraint_label, sort_label
from assistant.reader.qualities import quality_of
from catalog.constraint import TEXT, WISH
from catalog.text import tokens

_MAX_PARKED: Final = 8
_MAX_CONSTRAINTS: Final = 24


@dataclass(frozen=True, slots=True)
class Chip:
    """One active demand as the page shows it; ``constraint`` is None for the sort."""

    label: str
    constraint: Constraint | None
    hard: bool


@dataclass(frozen=True, slots=True)
class Moment:
    """What the shopper wants now.

    ``parked`` holds earlier topics, newest last, so that "back to the kettle"
    finds its constraints again. ``turn`` counts the utterances folded in.
    """

    constraints: tuple[Constraint, ...] = ()
    sort: Sort | None = None
    turn: int = 0
    parked: tuple[Moment, ...] = ()

    @property
    def hard(self) -> tuple[Constraint, ...]:
        """The constraints a product must not break."""
        return tuple(c for c in self.constraints if c.hard and c.field != WISH)

    @property
    def soft(self) -> tuple[Constraint, ...]:
        """Wishes and hoped-for constraints: they move products up, never out."""
        return tuple(c for c in self.constraints if not c.hard or c.field == WISH)

    @property
    def topic(self) -> tuple[str, ...]:
        """The product types wanted, as said or as filed; empty when none was named."""
        return next((c.words for c in self.constraints if _is_topic(c)), ())

    @property
    def kinds(self) -> frozenset[str]:
        """The topic, folded for comparison."""
        return frozenset(" ".join(tokens(t)) for t in self.topic)

    def __bool__(self) -> bool:
        """Whether anything is wanted."""
        return bool(self.constraints or self.sort)

    def fold(self, intent: Intent) -> Moment:
        """The Moment after one more utterance.

        A new product type starts a new topic and parks the old one; naming a
        parked topic again takes up its constraints. Within a topic a new value
        replaces the old one of the same field and direction, refusals add up,
        and what contradicts the newest word gives way to it. Comparatives are
        resolved against shown items before they come here.
        """
        if intent.act not in (Act.SEARCH, Act.REFINE, Act.CLEAR, Act.SIMILAR):
            return replace(self, turn=self.turn + 1)
        base = self._open_topic(intent) if intent.act is Act.SEARCH else self
        base = base._clear(intent.cleared)
        for constraint in intent.constraints:
            base = base._add(constraint, widens=intent.widens)
        return replace(base, sort=intent.sort or base.sort, turn=self.turn + 1)

    def set_aside(self) -> Moment:
        """An empty Moment with this topic parked, one turn on."""
        return replace(self._park(), turn=self.turn + 1)

    def back(self) -> Moment:
        """The topic before this one, or what was wanted besides the topic if there is none."""
        if self.parked:
            return replace(self.parked[-1], parked=self.parked[:-1], turn=self.turn)
        return replace(self, constraints=tuple(c for c in self.constraints if not _is_topic(c)))

    def without(self, constraint: Constraint) -> Moment:
        """The Moment after a chip was removed."""
        return replace(self, constraints=tuple(c for c in self.constraints if c != constraint))

    def chips(self) -> tuple[Chip, ...]:
        """Active demands: the topic, what is hard, the wishes, then the sort."""
        ordered = sorted(
            self.constraints, key=lambda c: (not _is_topic(c), not c.hard or c.field == WISH)
        )
        shown = [Chip(constraint_label(c), c, c.hard and c.field != WISH) for c in ordered]
        if self.sort is not None:
            shown.append(Chip(sort_label(self.sort.field, self.sort.descending), None, True))
        return tuple(shown)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values, parked topics included by name only."""
        return {
            "constraints": [constraint_to_json(c) for c in self.constraints],
            "chips": [chip.label for chip in self.chips()],
            "sort": sort_to_json(self.sort),
            "turn": self.turn,
            "parked": [list(m.topic) for m in self.parked],
        }

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> Moment:
        """The Moment of a :meth:`to_json` object; parked topics come back without constraints."""
        sort = record.get("sort")
        return cls(
            tuple(constraint_from_json(c) for c in record["constraints"]),
            Sort(sort["field"], sort["descending"]) if sort else None,
            record.get("turn", 0),
        )

    def _clear(self, cleared: tuple[str, ...]) -> Moment:
        if "*" in cleared:
            return Moment(turn=self.turn)
        kept = tuple(c for c in self.constraints if not any(_named_by(c, what) for what in cleared))
        sort = None if "sort" in cleared else self.sort
        return replace(self, constraints=kept, sort=sort)

    def _open_topic(self, intent: Intent) -> Moment:
        """The constraints a search starts from: the current topic's, a parked one's, or none."""
        wanted = {" ".join(tokens(w)) for c in intent.constraints if _is_topic(c) for w in c.words}
        if not wanted:
            return self._park() if intent.opens_topic and self.constraints else self
        if (
            wanted == self.kinds
            or not self.constraints
            or (not self.topic and self.turn and not intent.constraints)
        ):
            return self
        if intent.widens and self.topic:
            return self
        parked = next((m for m in reversed(self.parked) if m.kinds == wanted), None)
        fresh = self._park()
        if parked is None:
            return fresh
        others = tuple(m for m in fresh.parked if m is not parked)
        return replace(parked, parked=others)

    def _park(self) -> Moment:
        current = replace(self, parked=())
        others = tuple(m for m in self.parked if m.kinds != self.kinds)
        return Moment(
            parked=(*others, current)[-_MAX_PARKED:] if self.constraints else others, turn=self.turn
        )

    def _add(self, new: Constraint, *, widens: bool) -> Moment:
        if widens and new.op is Op.EQ and new.words:
            return self._allow(new)
        kept = tuple(t for old in self.constraints if (t := _after(old, new)) is not None)
        return replace(self, constraints=(*kept, new)[-_MAX_CONSTRAINTS:])

    def _allow(self, new: Constraint) -> Moment:
        """Allow what "blue is fine too": one more value where some are asked for; where it was refused, no
        longer; otherwise a demand like any other.
        """
        lifted = tuple(
            t
            for old in self.constraints
            if (t := _after(old, new) if old.op.negative else old) is not None
        )
        base = replace(self, constraints=lifted)
        old = next((c for c in lifted if c.field == new.field and c.op is Op.EQ and c.words), None)
        if old is not None:
            return base._replace(old, _union(old, new))
        was_refused = lifted != self.constraints
        return (
            base if was_refused else replace(base, constraints=(*lifted, new)[-_MAX_CONSTRAINTS:])
        )

    def _replace(self, old: Constraint, new: Constraint) -> Moment:
        return replace(self, constraints=tuple(new if c is old else c for c in self.constraints))


def names_topic(intent: Intent) -> bool:
    """Whether an utterance says by itself what is wanted."""
    return intent.opens_topic or any(_is_topic(c) for c in intent.constraints)


def _is_topic(constraint: Constraint) -> bool:
    return constraint.field == "type" and not constraint.op.negative


def _named_by(constraint: Constraint, what: str) -> bool:
    """Whether a cancellation ("price", "value:red") means that constraint."""
    if what.startswith("value:"):
        phrase = tokens(what.removeprefix("value:"))
        said = [
            tokens(w)
            for w in (*constraint.words, constraint.span, constraint.field.replace("_", " "))
        ]
        return phrase in said and not _is_topic(constraint)
    if constraint.field == what:
        return True
    quality = quality_of(constraint.words[0]) if constraint.field == WISH else None
    return quality is not None and quality.fields[0] == what


def _union(old: Constraint, new: Constraint) -> Constraint:
    return replace(old, value=tuple(dict.fromkeys((*old.words, *new.words))))


def _after(old: Constraint, new: Constraint) -> Constraint | None:
    """What is left of an older constraint once a newer one is said; None when it gives way."""
    if old.field != new.field:
        return old
    if old.field == WISH:
        return None if _same_wish(old, new) else old
    if old.field == TEXT:
        return None if set(old.words) == set(new.words) else old
    if old.number is not None and new.number is not None:
        return _numbers_after(old, new)
    if old.op.negative and new.op.negative:
        return None if set(old.words) <= set(new.words) else old
    if old.op.negative != new.op.negative:
        left = tuple(w for w in old.words if w not in new.words)
        return (old if left == old.words else replace(old, value=left)) if left else None
    return None


def _numbers_after(old: Constraint, new: Constraint) -> Constraint | None:
    if (
        old.op.direction == new.op.direction
        or Op.EQ in (old.op, new.op)
        or Op.NE in (old.op, new.op)
        or old.hard != new.hard
    ):
        return None
    assert old.number is not None and new.number is not None
    low, high = (old.number, new.number) if old.op.direction > 0 else (new.number, old.number)
    return old if old.unit != new.unit or low <= high else None


def _same_wish(old: Constraint, new: Constraint) -> bool:
    if old.words == new.words:
        return True
    a, b = quality_of(old.words[0]), quality_of(new.words[0])
    return a is not None and b is not None and a.fields[0] == b.fields[0]
