"""The shopper's current intention: intents folded over turns. Immutable; each turn makes a new one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from assistant.dropping import less, reduced, speaks_of, unqualified
from assistant.intent import (
    Act,
    Constraint,
    Intent,
    Op,
    Reference,
    Sort,
    constraint_from_json,
    constraint_to_json,
    sort_to_json,
)
from assistant.phrasing import constraint_label, sort_label
from assistant.reader import approves, suffers, widens
from assistant.reader.acts import FIELD_WORDS
from assistant.reader.qualities import quality_of
from assistant.topics import (
    Tie,
    exchanges,
    goes_back,
    goes_on,
    is_topic,
    kinds_of,
    means,
    named_back,
    need_named_back,
    of_shopper,
    people_in,
    tie_of,
)
from catalog.constraint import TEXT, WISH, of_any_kind
from catalog.text import find_run, tokens
from catalog.units import to_base

_MAX_PARKED: Final = 8
_MAX_CONSTRAINTS: Final = 24
_MATCHING: Final = re.compile(r"\b(?:matching|(?:to|that|which|and)\s+match(?:es)?)\b")
_SAME: Final = re.compile(
    rf"\bsame\s+(?:[\w-]+\s+)?({'|'.join(sorted(map(re.escape, FIELD_WORDS), key=len, reverse=True))})\b"
)


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
    compared: tuple[Reference, ...] = ()
    """What was compared, or the two that were ordered, since there was last something new to see: what
    "both" means."""
    left_out: tuple[str, ...] = ()
    """Ids of products the shopper found fault with, not to be shown for this topic."""

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
        return next((c.words for c in self._types), ())

    @property
    def kinds(self) -> frozenset[str]:
        """The topic, folded for comparison."""
        return frozenset(" ".join(tokens(t)) for t in self.topic)

    @property
    def _types(self) -> tuple[Constraint, ...]:
        return tuple(c for c in self.constraints if is_topic(c))

    def __bool__(self) -> bool:
        """Whether anything is wanted."""
        return bool(self.constraints or self.sort)

    def fold(self, intent: Intent) -> Moment:
        """The Moment after one more utterance.

        A new product type starts a new topic and parks the old one. A parked topic that is
        named again, be it by part of its name ("the trains" for a train set), comes back with
        its constraints, not with its order; a need without a type is narrowed by the first
        type named. Within a topic a new value replaces the old one of the same field and
        direction, refusals add up, and what contradicts the newest word gives way to it.
        Demands of one utterance qualify each other and stand together. Comparatives are
        resolved against shown items before they come here.
        """
        if intent.act not in (Act.SEARCH, Act.REFINE, Act.CLEAR, Act.SIMILAR):
            pair = intent.references if _names_pair(intent) else self.compared
            pair = () if intent.act is Act.MORE or len(pair) < 2 else pair
            return replace(self, turn=self.turn + 1, compared=pair)
        base, spoken = self, intent.constraints
        if (need := self._need_taken_up(intent)) is not None:
            base, spoken = need
        elif intent.act is Act.SEARCH or (intent.act is Act.REFINE and self._for_another(intent)):
            base, spoken = self._open_topic(intent)
        if base is not self:
            for kept in self._carried_over(intent, anew=not base.constraints):
                base = base._add(kept)
        base = base._clear(intent.cleared)
        for i, constraint in enumerate(spoken):
            if _widening(intent, constraint):
                base = base._allow(constraint, intent)
            else:
                base = base._add(constraint, beside=spoken[:i])
        left_out = tuple(dict.fromkeys((*base.left_out, *intent.left_out)))
        sort = intent.sort or base.sort
        return replace(base, sort=sort, turn=self.turn + 1, compared=(), left_out=left_out)

    def back(self) -> Moment:
        """The topic before this one, or what was wanted besides the topic if there is none."""
        if self.parked:
            return replace(self.parked[-1], parked=self.parked[:-1], turn=self.turn)
        return replace(self, constraints=tuple(c for c in self.constraints if not is_topic(c)))

    def without(self, *dropped: Constraint) -> Moment:
        """The Moment after chips were removed."""
        return replace(self, constraints=tuple(c for c in self.constraints if c not in dropped))

    def chips(self) -> tuple[Chip, ...]:
        """Active demands: the topic, what is hard, the wishes, then the sort."""
        ordered = sorted(
            self.constraints, key=lambda c: (not is_topic(c), not c.hard or c.field == WISH)
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

    def _clear(self, cleared: Sequence[str]) -> Moment:
        if "*" in cleared:
            return Moment(turn=self.turn)
        kept = [what.removeprefix("except:") for what in cleared if what.startswith("except:")]
        if kept:
            # "forget everything except the colour": what is bought stays what it is
            stays = tuple(
                c
                for c in self.constraints
                if is_topic(c) or any(reduced(c, what) != c for what in kept)
            )
            return replace(self, constraints=stays, sort=self.sort if "sort" in kept else None)
        left = replace(self, sort=None) if "sort" in cleared else self
        for what in cleared:
            left = left._drop(what)
        return left

    def _drop(self, what: str) -> Moment:
        """The Moment without a field, or without what has a value. A value that is no demand but
        names the topic ends the topic; one that names a parked topic forgets that.
        """
        kept = tuple(c for old in self.constraints if (c := reduced(old, what)) is not None)
        if kept == self.constraints and ":" not in what:
            kept = tuple(c for c in self.constraints if not speaks_of(c, what))
        if kept != self.constraints or not what.startswith("value:"):
            return replace(self, constraints=kept)
        named = Constraint("type", Op.CONTAINS, (what.removeprefix("value:"),))
        tie = (
            tie_of(self._types, named)
            if " ".join(tokens(named.words[0])) not in self.kinds
            else None
        )
        if tie is Tie.PART and not what.endswith("s"):
            # "lose the robot" of a robot vacuum: still a vacuum
            return replace(self, constraints=tuple(unqualified(c, named) for c in kept))
        if tie in (Tie.SAME, Tie.HEAD, Tie.PART) or kinds_of(named) == self.kinds:
            return Moment(turn=self.turn, parked=self.parked)
        if kinds_of(named) < self.kinds:
            return replace(self, constraints=tuple(less(c, named) for c in self.constraints))
        others = tuple(
            m
            for m in self.parked
            if m.kinds != kinds_of(named) and tie_of(m._types, named) is not Tie.SAME
        )
        return replace(self, parked=others)

    def _open_topic(self, intent: Intent) -> tuple[Moment, tuple[Constraint, ...]]:
        """What a search starts from (the current topic, a parked one or none), and what of the
        utterance is to be added to it: not the name of a topic it only points back to.
        """
        named = [c for c in intent.constraints if is_topic(c)]
        wanted = kinds_of(*named)
        if not named:
            opens = self.constraints and (intent.opens_topic or self._for_another(intent))
            return (self._park() if opens else self), intent.constraints
        if wanted == self.kinds and self._for_another(intent):
            return self._park(), intent.constraints
        if wanted == self.kinds or (intent.widens and self.topic):
            return self, intent.constraints
        equal = next((m for m in reversed(self.parked) if m.kinds == wanted), None)
        if equal is not None:
            return self._take_up(equal), intent.constraints
        if len(named) == 1:
            (name,) = named
            unnamed = tuple(c for c in intent.constraints if c is not name)
            for topic in (self, *reversed(self.parked)):
                tie = tie_of(topic._types, name)
                if tie is None or not means(tie, name, intent.text, now=topic is self):
                    continue
                base = topic if topic is self else self._take_up(topic)
                if tie is Tie.ONE_OF:
                    # the alternatives stay where the next of them will be looked for
                    aside = tuple(m for m in base.parked if m.kinds != topic.kinds)
                    base = replace(base, parked=(*aside, replace(topic, parked=()))[-_MAX_PARKED:])
                keeps_name = tie not in (Tie.ONE_OF, Tie.LONGER)
                return base, unnamed if keeps_name else intent.constraints
            if len(self.parked) == 1 and goes_back(intent.text, name):
                # there is only one topic to go back to, whatever it is called now
                return self._take_up(self.parked[0]), unnamed
        # what was put into the cart is settled: what is named after it is something else
        settled = any(order.act is Act.ADD_TO_CART for order in intent.before)
        narrows = not self.topic and not settled and not goes_on(intent.text)
        return (self if narrows else self._park()), intent.constraints

    def _for_another(self, intent: Intent) -> bool:
        """Whether the same thing is wanted once more for somebody else: "and a watch for my son",
        "something for my dad".
        """
        now = people_in(intent.text)
        before = {p for c in self.constraints for w in (*c.words, c.span) for p in people_in(w)}
        words = tokens(intent.text)
        adds = goes_on(intent.text) or words[:1] == ["and"] or "something" in words
        return bool(now and before) and now.isdisjoint(before) and adds

    def _need_taken_up(self, intent: Intent) -> tuple[Moment, tuple[Constraint, ...]] | None:
        """A parked need without a type that is named by its words, and what else the utterance says."""
        if named_back(intent.text, [m._types for m in (self, *self.parked)]) is not None:
            return None
        needs = [m for m in self.parked if not m.topic]
        found = need_named_back(intent.text, [m.constraints for m in needs])
        if found is None:
            return None
        place, name = found
        spoken = tuple(c for c in intent.constraints if find_run(tokens(name), tokens(c.span)) < 0)
        return self._take_up(needs[place]), spoken

    def _take_up(self, topic: Moment) -> Moment:
        """A parked topic as the current one, without the order its results were in."""
        others = tuple(m for m in self._park().parked if m is not topic)
        return replace(topic, parked=others, sort=None)

    def _park(self) -> Moment:
        current = replace(self, parked=())
        others = tuple(m for m in self.parked if m.kinds != self.kinds)
        return Moment(
            parked=(*others, current)[-_MAX_PARKED:] if self.constraints else others, turn=self.turn
        )

    def _carried_over(self, intent: Intent, *, anew: bool) -> tuple[Constraint, ...]:
        """What a new topic takes along: what was said to be the same ("same money") and, where it
        takes the place of the one before ("boots instead"), what is about the shopper; of what is to
        match it the colour, as a hope. ``anew``
        unless the topic was spoken of before.
        """
        fields = {FIELD_WORDS[m[1]] for m in _SAME.finditer(intent.text.lower())}
        stated = {c.field for c in intent.constraints}
        refused = (c for c in intent.constraints if c.field == "type" and c.op.negative)
        ended = not self.kinds.isdisjoint(kinds_of(*refused))
        for_it = anew and bool(self.topic) and (ended or exchanges(intent.text))
        kept = tuple(
            c
            for c in self.constraints
            if (c.field in fields - stated - {"type"})
            or (for_it and of_shopper(c) and (c.op.negative or c.field not in stated - {WISH}))
        )
        if "color" in stated or not _MATCHING.search(intent.text.lower()):
            return kept
        colors = (c for c in self.constraints if c.field == "color" and not c.op.negative)
        return (*kept, *(replace(c, hard=False) for c in colors if c not in kept))

    def _add(self, new: Constraint, *, beside: Sequence[Constraint] = ()) -> Moment:
        """The Moment with one more demand; ``beside`` are those of the same utterance."""
        kept = tuple(
            t
            for old in self.constraints
            if (t := _beside(old, new) if old in beside else _after(old, new)) is not None
        )
        return replace(self, constraints=_bounded((*kept, new)))

    def _allow(self, new: Constraint, intent: Intent) -> Moment:
        """Allow what "blue is fine too": one more value where some are asked for; where it was refused, no
        longer; otherwise a wish, and nothing where it is only let pass. What adds ("also in
        blue") and what is said with the thing itself ("a red kettle is fine") is a demand.
        """
        # approval lifts a refusal, however it is hedged
        approved = replace(new, hard=True)
        lifted = tuple(
            t
            for old in self.constraints
            if (t := _after(old, approved) if old.op.negative else old) is not None
            and not _contrary(old, new)
        )
        base = replace(self, constraints=lifted)
        old = next((c for c in lifted if c.field == new.field and c.op is Op.EQ), None)
        if old is not None and old.words and new.op is Op.EQ:
            return base._replace(old, _union(old, new))
        if lifted != self.constraints or (old is not None and old.value == new.value):
            return base
        named = any(
            is_topic(c) and c.span and widens(intent.text, c.span) for c in intent.constraints
        )
        if named or not base.constraints:
            return base._add(new)
        if suffers(intent.text, new.span):
            return base
        return base._add(replace(new, hard=False) if approves(intent.text, new.span) else new)

    def _replace(self, old: Constraint, new: Constraint) -> Moment:
        return replace(self, constraints=tuple(new if c is old else c for c in self.constraints))


def _bounded(constraints: tuple[Constraint, ...]) -> tuple[Constraint, ...]:
    """At most so many demands: the oldest wishes are forgotten first."""
    if len(constraints) <= _MAX_CONSTRAINTS:
        return constraints
    soft = [c for c in constraints if not c.hard or c.field == WISH]
    forgotten = soft[0] if soft else constraints[0]
    return tuple(c for c in constraints if c is not forgotten)


def names_topic(intent: Intent) -> bool:
    """Whether an utterance says by itself what is wanted."""
    return intent.opens_topic or any(is_topic(c) for c in intent.constraints)


def _names_pair(intent: Intent) -> bool:
    """Whether the items of an utterance are what "both" means next: those compared, two ordered."""
    ordered = intent.act in (Act.ADD_TO_CART, Act.REMOVE_FROM_CART, Act.SAVE)
    named = all(r.kind in ("position", "match", "extreme") for r in intent.references)
    return intent.act is Act.COMPARE or (ordered and named and len(intent.references) == 2)


def _widening(intent: Intent, constraint: Constraint) -> bool:
    """Whether a value is allowed besides what holds, where an utterance may say so of one value only."""
    if constraint.op.negative or constraint.number is not None or constraint.field == WISH:
        return False
    if isinstance(constraint.value, bool):
        said = (intent.text, constraint.span)
        return bool(constraint.span) and widens(*said) and (suffers(*said) or approves(*said))
    if intent.act is Act.SEARCH and is_topic(constraint):
        return intent.widens
    said_so = widens(intent.text, constraint.span) if constraint.span else False
    if intent.widens and not said_so:
        return not any(c.span and widens(intent.text, c.span) for c in intent.constraints)
    # a search is never said to widen as a whole, but what it takes up again may be
    return said_so and (intent.widens or intent.act is Act.SEARCH)


def _contrary(old: Constraint, new: Constraint) -> bool:
    """Whether a yes or no is demanded of which the other is allowed."""
    flags = isinstance(old.value, bool) and isinstance(new.value, bool)
    return flags and old.field == new.field and old.value is not new.value


def _union(old: Constraint, new: Constraint) -> Constraint:
    return replace(old, value=tuple(dict.fromkeys((*old.words, *new.words))))


def _after(old: Constraint, new: Constraint) -> Constraint | None:
    """What is left of an older constraint once a newer one is said; None when it gives way."""
    if old.field == new.field and of_any_kind(old) and new.words and not new.op.negative:
        return None  # which kind is said now
    if _opposed(old, new):
        if old.op.negative and old.hard and not new.hard:
            return old
        gone = [tokens(w) for w in new.words]
        left = tuple(w for w in old.words if tokens(w) not in gone)
        return (old if left == old.words else replace(old, value=left)) if left else None
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
    refused = old.value is False and old.hard
    return old if refused and new.value is True and not new.hard else None


def _opposed(old: Constraint, new: Constraint) -> bool:
    """Whether one demands words and the other refuses words of the same field, or of the text."""
    if old.op.negative == new.op.negative or not (old.words and new.words):
        return False
    if old.field == new.field:
        return old.field != WISH
    return TEXT in (old.field, new.field) and not {old.field, new.field} & {WISH, "type"}


def _beside(old: Constraint, new: Constraint) -> Constraint | None:
    """What is left of a constraint once another is said in the same breath: "around 300, at most
    400" are both meant, unless they cannot both hold.
    """
    both_numbers = old.field == new.field and old.number is not None and new.number is not None
    if both_numbers and old.op is not new.op and Op.EQ in (old.op, new.op) and old.hard != new.hard:
        return old
    hedged = old.field == new.field and old.words and new.words and old.hard != new.hard
    if hedged and not _opposed(old, new):
        return old
    return _after(old, new)


def _numbers_after(old: Constraint, new: Constraint) -> Constraint | None:
    exact = {Op.EQ, Op.NE} & {old.op, new.op}
    if exact or old.op.direction == new.op.direction:
        return None
    a, b = _comparable(old), _comparable(new)
    low, high = (a, b) if old.op.direction > 0 else (b, a)
    return old if low[1] != high[1] or low[0] <= high[0] else None


def _comparable(limit: Constraint) -> tuple[float, str | None]:
    assert limit.number is not None
    if limit.field == "price" or limit.unit is None:
        return limit.number, limit.unit
    return to_base(limit.number, limit.unit)


def _same_wish(old: Constraint, new: Constraint) -> bool:
    if old.words == new.words:
        return True
    a, b = quality_of(old.words[0]), quality_of(new.words[0])
    return a is not None and b is not None and a.fields[0] == b.fields[0]
