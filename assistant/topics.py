"""Which topic of the conversation a name means: one spoken of before, or something new.

People seldom repeat a name in full: a train set is "the trains" later, a desk chair "those
chairs". A name may be tied to a topic by its words (:func:`tie_of`); whether it then means it
is told by the words around ("the", "back to", "another") (:func:`means`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import Enum, auto
from typing import Final

from assistant.intent import Constraint, Op
from assistant.reader.english import PEOPLE
from catalog.constraint import WISH
from catalog.text import find_run, tokens

_BACK: Final = re.compile(
    r"\b(?:(?:back|return(?:ing)?)\s+(?:to|on|at|with)|again|once\s+more|(?:from|like|as)\s+(?:before|earlier)|earlier"
    r"|previous(?:ly)?|where\s+(?:were|was)|go(?:ing)?\s+back|revisit|resume)\b"
)
_TO: Final = re.compile(
    r"\b(?:back|return(?:ing)?)\s+(?:to|on)\s+(?:(?:the|that|those|these|this|my|our)\s+)?(?P<name>[\w'-]+(?:\s+[\w'-]+){0,2})",
    re.IGNORECASE,
)
_NEXT: Final = re.compile(
    r"\b(?:also|too|as\s?well|another|next|now|separate(?:ly)?|besides|while\s+(?:i|we)\b|one\s+more|else|unrelated)\b"
    r"|(?:^|[.!?;])\W*(?:and|then)\s+(?:an?|some|any|do|have)\b"
)
"""Words that go on to something else."""
_EXCHANGE: Final = re.compile(
    r"\binstead\b|\brather\s+than\b|^\W*(?:(?:ok|okay|hmm+|so|well|and|but|or|then|no)\W+)*(?:what|how)\s+about\b"
    r"|\bwould\s+do\b|\bswitch\s+to\b|\bactually\b(?!.*\b(?:need|looking|buy)\b)|\bafter\s+all\b"
)
"""Words that put one thing in the place of another, for the same shopper."""
_DEFINITE: Final = frozenset("the that those this these my our your".split())
_INDEFINITE: Final = frozenset("a an some any another new other different more".split())


_NAMED_PEOPLE: Final = PEOPLE - frozenset(
    "kid kids child baby toddler boy girl teenager teen family him her them he she me us myself".split()
)
_OF_SHOPPER: Final = frozenset(
    {"price", "gender", "age_from", "age_to", "vegan", "vegetarian", "stock"}
)


class Tie(Enum):
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


_SAME_THING: Final = (Tie.ONE_OF, Tie.SAME, Tie.HEAD)


class _Cue(Enum):
    """What the words around a name tell about whether it was spoken of before."""

    BACK = auto()
    """Going back is said: "back to the …", "… again"."""
    DEFINITE = auto()
    NONE = auto()
    INDEFINITE = auto()


def is_topic(constraint: Constraint) -> bool:
    """Whether a constraint names what is to be bought."""
    return constraint.field == "type" and not constraint.op.negative


def of_shopper(constraint: Constraint) -> bool:
    """Whether a demand is about who buys or gets it, whatever it is: for whom, for how much, and what
    is refused.
    """
    if constraint.field == WISH:
        return any(not PEOPLE.isdisjoint(tokens(w)) for w in constraint.words)
    return constraint.field in _OF_SHOPPER or (
        constraint.op.negative and constraint.field != "type"
    )


def people_in(text: str) -> frozenset[str]:
    """The people spoken of, by the words they are called."""
    return _NAMED_PEOPLE & {*tokens(text)}


def kinds_of(*named: Constraint) -> frozenset[str]:
    """Product types, folded for comparison."""
    return frozenset(" ".join(tokens(w)) for c in named for w in c.words)


def tie_of(topic: Sequence[Constraint], named: Constraint) -> Tie | None:
    """How a name is tied to a topic of another name, given by its product types; None when it is not."""
    wanted = kinds_of(named)
    if wanted and wanted < kinds_of(*topic):
        return Tie.ONE_OF
    if not wanted:
        return None
    if len(wanted) > 1:
        # "a cake tin or a storage tin" to somebody who looks for tins
        names = {n for c in topic for n in map(tuple, map(tokens, c.words)) if n}
        longer = all(any(tuple(tokens(w))[-len(n) :] == n for n in names) for w in named.words)
        return Tie.LONGER if longer else None
    phrase = tokens(named.words[0])
    # a name is said once in the words and may be again in the span
    said = dict.fromkeys(tuple(tokens(w)) for c in topic for w in (*c.words, c.span))
    held = [list(name) for name in said if name]
    if phrase in held:
        return Tie.SAME
    ending = [h for h in held if h[-1] == phrase[-1] and _in_order(phrase, h)]
    if len(ending) == 1 < len(kinds_of(*topic)):
        return Tie.ONE_OF
    if ending:
        return Tie.HEAD
    if any(find_run(h, phrase) >= 0 for h in held):
        return Tie.PART
    return Tie.LONGER if any(phrase[-len(h) :] == h for h in held) else None


def _in_order(words: Sequence[str], name: Sequence[str]) -> bool:
    """Whether the words stand in a name in this order, be it with others between: the "water table"
    of a water play table.
    """
    rest = iter(name)
    return all(word in rest for word in words)


def goes_back(text: str, name: Constraint) -> bool:
    """Whether an utterance goes back to something already spoken of by a name the catalogue files
    nothing under: "back to the spuds".
    """
    said = text.lower()
    if name.op is not Op.CONTAINS or _BACK.search(said) is None:
        return False
    before = re.findall(r"[\w'-]+", said[: max(0, said.find((name.span or name.words[0]).lower()))])
    return bool(_DEFINITE & {*before[-2:]})


def named_back(text: str, topics: Sequence[Sequence[Constraint]]) -> str | None:
    """The name by which an utterance goes back to one of these topics, as it stands there: "chairs" of
    "right, let us return to the chairs".
    """
    for said in _names_back(text):
        name = Constraint("type", Op.CONTAINS, (said.lower(),))
        for topic in topics:
            if kinds_of(name) <= kinds_of(*topic) or tie_of(topic, name) in _SAME_THING:
                return said
    return None


def need_named_back(text: str, needs: Sequence[Sequence[Constraint]]) -> tuple[int, str] | None:
    """Which of these needs, none of which names a kind of thing, an utterance goes back to by words
    it was told in, and by which: "back to the dinosaurs" for somebody nuts about dinosaurs.
    """
    for said in _names_back(text):
        name = tokens(said)
        for place in reversed(range(len(needs))):
            told = (tokens(words) for c in needs[place] for words in c.words)
            if name and any(find_run(words, name) >= 0 for words in told):
                return place, said
    return None


def _names_back(text: str) -> Iterator[str]:
    """What may be the name of what an utterance goes back to, as it stands there, the longest first."""
    for said in _TO.finditer(text):
        words = said["name"].split()
        yield from (" ".join(words[:n]) for n in range(len(words), 0, -1))


def means(tie: Tie, named: Constraint, text: str, *, now: bool) -> bool:
    """Whether a name tied to a topic means it, or something new: "the lamp" is the desk lamp spoken of,
    "a lamp" need not be. A name the catalogue files nothing under is more likely a vague one.

    ``now`` when the topic is the current one.
    """
    cue, vague = _cue(text, named.span or named.words[0]), named.op is Op.CONTAINS
    pointed = cue in (_Cue.BACK, _Cue.DEFINITE)
    leaves = now and goes_on(text)
    match tie:
        case Tie.ONE_OF | Tie.SAME:
            return True
        case Tie.HEAD:
            return pointed or (vague and not leaves and (now or cue is not _Cue.INDEFINITE))
        case Tie.PART if vague:
            return pointed or (now and not leaves and cue is not _Cue.INDEFINITE)
        case Tie.PART:
            return cue is _Cue.BACK and not now
        case Tie.LONGER:
            return not leaves if now else pointed


def goes_on(text: str) -> bool:
    """Whether an utterance goes on to something else ("also", "next", "and a …")."""
    return _NEXT.search(text.lower()) is not None


def exchanges(text: str) -> bool:
    """Whether an utterance puts what it names in the place of what was wanted: "boots instead"."""
    return _EXCHANGE.search(text.lower()) is not None and not goes_on(text)


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
