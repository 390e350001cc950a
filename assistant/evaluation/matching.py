"""When what was read is what was meant: equality of constraints, references and orders.

The rules, with their reasons, are in ``docs/evaluation.md``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from assistant.evaluation.notation import AnyOf, Gold
from assistant.evaluation.shelf import Shelf
from assistant.intent import Constraint, Op, Reference
from catalog.constraint import TEXT, WISH
from catalog.lexicon import SPELLINGS
from catalog.money import to_major
from catalog.text import tokens
from catalog.units import to_base

_TOLERANCE: Final = 0.01
_WISHES_ALIKE: Final = 0.5
_TYPE_FIELDS: Final = frozenset({"type", "category"})
_CLASSES: Final = (
    frozenset({Op.EQ, Op.CONTAINS}),
    frozenset({Op.NE, Op.NOT_CONTAINS}),
    frozenset({Op.LE, Op.LT}),
    frozenset({Op.GE, Op.GT}),
)
STOPWORDS: Final = frozenset(
    """a an the some any this that these those it its i im my me we our us you your he him his she her they them their of for to
    from in on at with by as and or is are be been was am do does will would can could should have has had which who what when
    so too very really quite just one ones something someone thing kind sort please bit little lot like need want love looking
    use used using get getting good nice that's thats also there here""".split()
)  # fmt: skip
"""Words that make no difference between two wishes."""


def same(gold: Gold, got: Constraint, shelf: Shelf | None = None, *, strict: bool = True) -> bool:
    """Whether ``got`` says what ``gold`` says.

    ``strict`` demands that hard and soft agree too. Without a ``shelf`` types are the
    same only by name, and a currency only by its code.
    """
    if gold.field == WISH or got.field == WISH:
        return gold.field == got.field and _same_wish(gold.words[0], " ".join(got.words))
    if strict and gold.hard != got.hard:
        return False
    if field_class(gold.field) != field_class(got.field):
        return _says_the_same(gold, got)
    if not any({gold.op, got.op} <= ops for ops in _CLASSES):
        return False
    if gold.relative:
        return got.number is not None
    if isinstance(got.value, bool):
        return gold.flag is got.value
    if got.number is not None:
        return gold.number is not None and _same_number(gold, got, shelf)
    if _folded(gold.words) == _folded(got.words):
        return True
    return (
        field_class(gold.field) == "type"
        and shelf is not None
        and shelf.nearly_same_type(gold, got)
    )


@dataclass(frozen=True, slots=True)
class Assignment:
    """Which entries were read, which were missed, and what was read that nobody said.

    Optional entries are in ``pairs`` when read and nowhere when not.
    """

    pairs: tuple[tuple[AnyOf, Constraint], ...]
    missed: tuple[AnyOf, ...]
    spare: tuple[Constraint, ...]

    @property
    def exact(self) -> bool:
        """Nothing missed and nothing made up."""
        return not self.missed and not self.spare

    @property
    def counts(self) -> tuple[int, int, int]:
        """True positives, false positives, false negatives; optional entries count as neither."""
        hits = sum(not entry.optional for entry, _ in self.pairs)
        return hits, len(self.spare), len(self.missed)


def assign(
    gold: Iterable[AnyOf],
    got: Iterable[Constraint],
    shelf: Shelf | None = None,
    *,
    strict: bool = True,
) -> Assignment:
    """The one-to-one assignment of read constraints to gold entries that covers most entries.

    Required entries are served before optional ones. Augmenting paths (Kuhn 1955) rather
    than first come, first served: sameness is no equivalence here (a wish may be like two
    others, an entry may allow two readings), and greedy choice could lose a pair.
    """
    wanted = sorted(_apart(gold), key=lambda e: e.optional)
    read = [c for c in dict.fromkeys(_single(got))]
    fits = [
        [n for n, c in enumerate(read) if any(same(g, c, shelf, strict=strict) for g in e.readings)]
        for e in wanted
    ]
    taken: dict[int, int] = {}
    for n in range(len(wanted)):
        _augment(n, fits, taken, set())
    matched = {entry: constraint for constraint, entry in taken.items()}
    return Assignment(
        tuple((e, read[matched[n]]) for n, e in enumerate(wanted) if n in matched),
        tuple(e for n, e in enumerate(wanted) if n not in matched and not e.optional),
        tuple(c for n, c in enumerate(read) if n not in taken),
    )


def same_references(
    gold: Sequence[Sequence[Reference]], got: Sequence[Reference], shown: int | None = None
) -> bool:
    """Whether two lists point at the same items, in any order.

    Of each gold entry any one reading is right. ``shown`` is how many items were before the
    shopper, so that the last of three and the third are one.
    """
    left = list({(r.kind, r.value): r for r in got}.values())
    for readings in gold:
        match = next((r for r in left for g in readings if _same_reference(g, r, shown)), None)
        if match is None:
            return False
        left.remove(match)
    return not left


def same_clears(gold: Iterable[str], got: Iterable[str]) -> bool:
    """Whether the same fields and values are dropped."""
    return {_cleared(c) for c in gold} == {_cleared(c) for c in got}


def same_question(gold: str, got: str | None) -> bool:
    """Whether a question is about the field, or holds the words, that the dialogue names."""
    asked = set(tokens((got or "").replace("_", " ")))
    return bool(asked) and bool(content_words(gold.replace("_", " ")) & asked)


def content_words(text: str) -> frozenset[str]:
    """The folded words of a text that are no function words; all of them if none is left."""
    words = frozenset(tokens(text))
    return words - STOPWORDS or words


def _augment(entry: int, fits: Sequence[list[int]], taken: dict[int, int], seen: set[int]) -> bool:
    for constraint in fits[entry]:
        if constraint in seen:
            continue
        seen.add(constraint)
        if constraint not in taken or _augment(taken[constraint], fits, taken, seen):
            taken[constraint] = entry
            return True
    return False


def _apart(entries: Iterable[AnyOf]) -> list[AnyOf]:
    """Entries with each refusal on its own: "not red or pink" forbids both, in one go or in two."""
    made: dict[AnyOf, None] = {}
    for entry in entries:
        gold = entry.readings[0]
        if len(entry.readings) == 1 and gold.op.negative and len(gold.words) > 1:
            made.update({AnyOf((replace(gold, words=(w,)),)): None for w in gold.words})
        else:
            made[entry] = None
    return list(made)


def _single(constraints: Iterable[Constraint]) -> list[Constraint]:
    return [
        replace(c, value=(w,)) if c.op.negative and len(c.words) > 1 else c
        for c in constraints
        for w in (c.words if c.op.negative and len(c.words) > 1 else ("",))
    ]


def field_class(name: str) -> str:
    """The name a field counts under: a type and a category are one."""
    return "type" if name in _TYPE_FIELDS else name


def _spelled(word: str) -> str:
    """A word under one of its spellings: "grey" and "gray" are one."""
    return min(" ".join(tokens(w)) for w in (word, *SPELLINGS.get(word.lower(), ())))


def _folded(words: Iterable[str]) -> frozenset[str]:
    return frozenset(map(_spelled, words))


def _same_wish(gold: str, got: str) -> bool:
    ours, theirs = content_words(gold), content_words(got)
    return len(ours & theirs) >= _WISHES_ALIKE * len(ours | theirs)


def _same_number(gold: Gold, got: Constraint, shelf: Shelf | None) -> bool:
    assert gold.number is not None and got.number is not None
    if gold.field == "price":
        number = to_major(got.number, got.unit)
        return _same_currency(gold.unit, got.unit, shelf) and _close(gold.number, number)
    if gold.unit is None:
        return _close(gold.number, got.number)
    if got.unit is None:
        return False
    wanted, base = to_base(gold.number, gold.unit)
    number, other = to_base(got.number, got.unit)
    return base == other and _close(wanted, number)


def _same_currency(gold: str | None, got: str | None, shelf: Shelf | None) -> bool:
    """A currency no price here is in is read in the shop's own: no exchange rate is known."""
    if gold is None or gold == got:
        return True
    foreign = shelf is not None and gold not in shelf.currencies
    return foreign and shelf is not None and got == shelf.currency


def _close(gold: float, got: float) -> bool:
    return abs(gold - got) <= _TOLERANCE * abs(gold) + 1e-9


def _says_the_same(gold: Gold, got: Constraint) -> bool:
    """``text contains x`` and the attributes that state x; a yes/no is as good as its name in words."""
    if gold.field == TEXT:
        if isinstance(got.value, bool):
            denies = got.value is got.op.negative
            return denies == gold.op.negative and _is_name(gold.words, got.field)
        return gold.op.negative == got.op.negative and _folded(gold.words) == _folded(got.words)
    if got.field == TEXT and gold.flag is not None:
        denies = gold.flag is gold.op.negative
        return denies == got.op.negative and _is_name(got.words, gold.field)
    return False


def _is_name(words: Sequence[str], field: str) -> bool:
    return len(words) == 1 and tokens(words[0]) == tokens(field.replace("_", " "))


def _same_reference(gold: Reference, got: Reference, shown: int | None) -> bool:
    if gold.kind != got.kind:
        return False
    if gold.kind == "position":
        return _position(gold.value, shown) == _position(got.value, shown)
    if gold.kind == "past_order" and not gold.value:
        return True
    if gold.kind in ("match", "past_order"):
        return content_words(gold.value) == content_words(got.value)
    return gold.value == got.value


def _position(value: str, shown: int | None) -> str:
    return str(shown) if value == "-1" and shown else value


def _cleared(what: str) -> str:
    """``value:wireless`` drops the same as the field ``wireless``."""
    bare = what.removeprefix("value:").replace("_", " ")
    return "type" if bare in _TYPE_FIELDS else " ".join(tokens(bare)) or bare
