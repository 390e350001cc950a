"""The shopper's current intention: intents folded over turns. Immutable; each turn makes a new one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
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
from assistant.reader import widens
from assistant.reader.acts import FIELD_WORDS
from assistant.reader.qualities import quality_of
from catalog.constraint import TEXT, WISH
from catalog.text import find_run, tokens
from catalog.units import to_base

_MAX_PARKED: Final = 8
_MAX_CONSTRAINTS: Final = 24
_BACK: Final = re.compile(
    r"\b(?:(?:back|return(?:ing)?)\s+(?:to|on|at|with)|again|once\s+more|(?:from|like|as)\s+(?:before|earlier)|earlier"
    r"|previous(?:ly)?|where\s+(?:were|was)|go(?:ing)?\s+back|revisit|resume)\b"
)
_NEXT: Final = re.compile(
    r"\b(?:also|too|as\s?well|another|next|now|separate(?:ly)?|besides|while\s+(?:i|we)\b|one\s+more|else|unrelated)\b"
    r"|^\W*(?:and|then)\s+(?:an?|some|any|do|have)\b"
)
"""Words that go on to something else."""
_DEFINITE: Final = frozenset("the that those this these my our your".split())
_INDEFINITE: Final = frozenset("a an some any another new other different more".split())
_SAME: Final = re.compile(
    rf"\bsame\s+(?:[\w-]+\s+)?({'|'.join(sorted(map(re.escape, FIELD_WORDS), key=len, reverse=True))})\b"
)


class _Tie(Enum):
    """How a name is tied to a topic that has another name."""

    ONE_OF = auto()
    """One of its alternatives: "towels" of towels or a duvet cover."""
    SAME = auto()
    """What the shopper called it then: "office chair" of what is filed as desk chair."""
    HEAD = auto()
    """Its last word: "chairs" of a desk chair."""
    PART = auto()
    """Another of its words: "trains" of a train set."""
    LONGER = auto()
    """The same thing, named more precisely: "table lamp" of a lamp."""


class _Cue(Enum):
    """What the words around a name tell about whether it was spoken of before."""

    BACK = auto()
    """Going back is said: "back to the …", "… again"."""
    DEFINITE = auto()
    NONE = auto()
    INDEFINITE = auto()


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

        A new product type starts a new topic and parks the old one. A parked topic that is
        named again, be it by part of its name ("the trains" for a train set), comes back with
        its constraints, not with its order; a need without a type is narrowed by the first
        type named. Within a topic a new value replaces the old one of the same field and
        direction, refusals add up, and what contradicts the newest word gives way to it.
        Demands of one utterance qualify each other and stand together. Comparatives are
        resolved against shown items before they come here.
        """
        if intent.act not in (Act.SEARCH, Act.REFINE, Act.CLEAR, Act.SIMILAR):
            return replace(self, turn=self.turn + 1)
        base, spoken = self, intent.constraints
        if intent.act is Act.SEARCH:
            base, spoken = self._open_topic(intent)
        if base is not self:
            for kept in self._carried_over(intent):
                base = base._add(kept)
        base = base._clear(intent.cleared)
        for i, constraint in enumerate(spoken):
            if _widening(intent, constraint):
                base = base._allow(constraint)
            else:
                base = base._add(constraint, beside=spoken[:i])
        return replace(base, sort=intent.sort or base.sort, turn=self.turn + 1)

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

    def _clear(self, cleared: Sequence[str]) -> Moment:
        if "*" in cleared:
            return Moment(turn=self.turn)
        left = replace(self, sort=None) if "sort" in cleared else self
        for what in cleared:
            left = left._drop(what)
        return left

    def _drop(self, what: str) -> Moment:
        """The Moment without a field, or without what has a value. A value that is no demand but
        names the topic ends the topic; one that names a parked topic forgets that.
        """
        kept = tuple(c for old in self.constraints if (c := _reduced(old, what)) is not None)
        if kept != self.constraints or not what.startswith("value:"):
            return replace(self, constraints=kept)
        named = Constraint("type", Op.CONTAINS, (what.removeprefix("value:"),))
        tie = _tie(self, named) if " ".join(tokens(named.words[0])) not in self.kinds else None
        if tie in (_Tie.SAME, _Tie.HEAD, _Tie.PART) or _wanted_by(named) == self.kinds:
            return Moment(turn=self.turn, parked=self.parked)
        if _wanted_by(named) < self.kinds:
            return replace(self, constraints=tuple(_less(c, named) for c in self.constraints))
        others = tuple(
            m
            for m in self.parked
            if m.kinds != _wanted_by(named) and _tie(m, named) is not _Tie.SAME
        )
        return replace(self, parked=others)

    def _open_topic(self, intent: Intent) -> tuple[Moment, tuple[Constraint, ...]]:
        """What a search starts from (the current topic, a parked one or none), and what of the
        utterance is to be added to it: not the name of a topic it only points back to.
        """
        named = [c for c in intent.constraints if _is_topic(c)]
        wanted = _wanted_by(*named)
        if not named:
            opens = intent.opens_topic and bool(self.constraints)
            return (self._park() if opens else self), intent.constraints
        if wanted == self.kinds or (intent.widens and self.topic):
            return self, intent.constraints
        equal = next((m for m in reversed(self.parked) if m.kinds == wanted), None)
        if equal is not None:
            return self._take_up(equal), intent.constraints
        if len(named) == 1:
            (name,) = named
            unnamed = tuple(c for c in intent.constraints if c is not name)
            for topic in (self, *reversed(self.parked)):
                tie = _tie(topic, name)
                if tie is None or not _means(tie, name, intent.text, now=topic is self):
                    continue
                base = topic if topic is self else self._take_up(topic)
                if tie is _Tie.ONE_OF:
                    # the alternatives stay where the next of them will be looked for
                    aside = tuple(m for m in base.parked if m.kinds != topic.kinds)
                    base = replace(base, parked=(*aside, replace(topic, parked=()))[-_MAX_PARKED:])
                keeps_name = tie not in (_Tie.ONE_OF, _Tie.LONGER)
                return base, unnamed if keeps_name else intent.constraints
        narrows = not self.topic and not _NEXT.search(intent.text.lower())
        return (self if narrows else self._park()), intent.constraints

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

    def _carried_over(self, intent: Intent) -> tuple[Constraint, ...]:
        """What a new topic takes along because it was said to be the same ("same money")."""
        fields = {FIELD_WORDS[m[1]] for m in _SAME.finditer(intent.text.lower())}
        stated = {c.field for c in intent.constraints}
        return tuple(c for c in self.constraints if c.field in fields - stated - {"type"})

    def _add(self, new: Constraint, *, beside: Sequence[Constraint] = ()) -> Moment:
        """The Moment with one more demand; ``beside`` are those of the same utterance."""
        kept = tuple(
            t
            for old in self.constraints
            if (t := _beside(old, new) if old in beside else _after(old, new)) is not None
        )
        return replace(self, constraints=(*kept, new)[-_MAX_CONSTRAINTS:])

    def _allow(self, new: Constraint) -> Moment:
        """Allow what "blue is fine too": one more value where some are asked for; where it was refused, no
        longer; otherwise a demand like any other.
        """
        # approval lifts a refusal, however it is hedged
        approved = replace(new, hard=True)
        lifted = tuple(
            t
            for old in self.constraints
            if (t := _after(old, approved) if old.op.negative else old) is not None
        )
        base = replace(self, constraints=lifted)
        old = next((c for c in lifted if c.field == new.field and c.op is Op.EQ and c.words), None)
        if old is not None and new.op is Op.EQ:
            return base._replace(old, _union(old, new))
        return base if lifted != self.constraints else base._add(new)

    def _replace(self, old: Constraint, new: Constraint) -> Moment:
        return replace(self, constraints=tuple(new if c is old else c for c in self.constraints))


def names_topic(intent: Intent) -> bool:
    """Whether an utterance says by itself what is wanted."""
    return intent.opens_topic or any(_is_topic(c) for c in intent.constraints)


def _is_topic(constraint: Constraint) -> bool:
    return constraint.field == "type" and not constraint.op.negative


def _wanted_by(*named: Constraint) -> frozenset[str]:
    """The product types named, folded for comparison."""
    return frozenset(" ".join(tokens(w)) for c in named for w in c.words)


def _tie(topic: Moment, named: Constraint) -> _Tie | None:
    """How a name is tied to a topic of another name; None when it is not."""
    wanted = _wanted_by(named)
    if wanted and wanted < topic.kinds:
        return _Tie.ONE_OF
    if len(wanted) != 1:
        return None
    phrase = tokens(named.words[0])
    held = [
        t for c in topic.constraints if _is_topic(c) for w in (*c.words, c.span) if (t := tokens(w))
    ]
    if phrase in held:
        return _Tie.SAME
    if any(h[-len(phrase) :] == phrase for h in held):
        return _Tie.HEAD
    if any(find_run(h, phrase) >= 0 for h in held):
        return _Tie.PART
    return _Tie.LONGER if any(phrase[-len(h) :] == h for h in held) else None


def _means(tie: _Tie, named: Constraint, text: str, *, now: bool) -> bool:
    """Whether a name tied to a topic means it, or something new: "the lamp" is the desk lamp spoken of,
    "a lamp" need not be. A name the catalogue files nothing under is more likely a vague one.

    ``now`` when the topic is the current one.
    """
    cue, vague = _cue(text, named.span or named.words[0]), named.op is Op.CONTAINS
    pointed = cue in (_Cue.BACK, _Cue.DEFINITE)
    goes_on = now and _NEXT.search(text.lower()) is not None
    match tie:
        case _Tie.ONE_OF | _Tie.SAME:
            return True
        case _Tie.HEAD:
            return pointed or (vague and not goes_on and (now or cue is not _Cue.INDEFINITE))
        case _Tie.PART if vague:
            return pointed or (now and not goes_on and cue is not _Cue.INDEFINITE)
        case _Tie.PART:
            return cue is _Cue.BACK and not now
        case _Tie.LONGER:
            return not goes_on if now else pointed


def _cue(text: str, span: str) -> _Cue:
    """What the words before ``span`` (and of going back anywhere) tell about it."""
    said, name = text.lower(), span.lower()
    if _BACK.search(said):
        return _Cue.BACK
    first = name.split(" ")[0]
    before = re.findall(r"[\w'-]+", said[: max(0, said.find(name))])[-3:]
    for word in (first, *reversed(before)):
        if word in _DEFINITE:
            return _Cue.DEFINITE
        if word in _INDEFINITE:
            return _Cue.INDEFINITE
    return _Cue.NONE


def _widening(intent: Intent, constraint: Constraint) -> bool:
    """Whether a value is allowed besides what holds, where an utterance may say so of one value only."""
    if constraint.op.negative or not constraint.words or constraint.field == WISH:
        return False
    if intent.act is Act.SEARCH and _is_topic(constraint):
        return intent.widens
    said_so = widens(intent.text, constraint.span) if constraint.span else False
    if intent.widens and not said_so:
        return not any(c.span and widens(intent.text, c.span) for c in intent.constraints)
    # a search is never said to widen as a whole, but what it takes up again may be
    return said_so and (intent.widens or intent.act is Act.SEARCH)


def _reduced(constraint: Constraint, what: str) -> Constraint | None:
    """What a cancellation ("price", "value:red") leaves of a constraint; None when nothing."""
    if not what.startswith("value:"):
        if constraint.field == what:
            return None
        quality = quality_of(constraint.words[0]) if constraint.field == WISH else None
        return None if quality is not None and quality.fields[0] == what else constraint
    phrase = tokens(what.removeprefix("value:"))
    if _is_topic(constraint) or not phrase:
        return constraint
    left = tuple(w for w in constraint.words if tokens(w) != phrase)
    if left != constraint.words:
        return replace(constraint, value=left) if left else None
    if constraint.field in (WISH, TEXT):
        said = any(find_run(tokens(w), phrase) >= 0 for w in constraint.words)
        return None if said else constraint
    named = (constraint.span, constraint.field.replace("_", " "))
    return None if phrase in [tokens(n) for n in named] else constraint


def _less(constraint: Constraint, named: Constraint) -> Constraint:
    """A topic of several alternatives without those named; any other constraint as it is."""
    if not _is_topic(constraint):
        return constraint
    gone = _wanted_by(named)
    left = tuple(w for w in constraint.words if " ".join(tokens(w)) not in gone)
    return replace(constraint, value=left)


def _union(old: Constraint, new: Constraint) -> Constraint:
    return replace(old, value=tuple(dict.fromkeys((*old.words, *new.words))))


def _after(old: Constraint, new: Constraint) -> Constraint | None:
    """What is left of an older constraint once a newer one is said; None when it gives way."""
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
