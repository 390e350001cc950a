"""What the slots a model marked demand together: alternatives, what is taken back, and what the
reader heard of the same words in the whole sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from assistant.compact import Slot, find_value
from assistant.intent import Constraint, Op
from assistant.moment import Moment
from assistant.reader import Context
from assistant.reader.field_words import part_named
from assistant.reader.limits import sets_limit
from assistant.reader.numbers import bare_number, find_quantities
from assistant.reader.qualities import quality_of
from assistant.reader.quantities import told_of_shown
from assistant.reader.utterance import Utterance
from assistant.slots import constraints_of
from catalog.constraint import NONE, TEXT, WISH
from catalog.lexicon import GENUINE
from catalog.money import exponent
from catalog.text import find_run, tokens
from catalog.wording import NEGATORS
from retrieval.vocabulary import Vocabulary

FILLERS: Final = frozenset(
    tokens(
        "gotta must has have needs need should with that one the for not really very be being is are they"
    )
)
_NUMBERS: Final = frozenset({"measure", "size", "age"})
_SUMMED: Final = frozenset({"price", "measure", "size", "age"})
_UPPER: Final = re.compile(r"[\d.,]+\s*-?\s*(?P<unit>\D+)")
DEMANDING: Final = frozenset(
    """item brand color material size feature gender wish price measure age""".split()
)
_WORDED: Final = frozenset({"item", "brand", "color", "material", "feature", "wish"})
_OR: Final = re.compile(r"\b(?:or|either)\b")
_LISTS: Final = re.compile(r"[,/&+]|\b(?:or|and|n|either)\b")
_LICENCE: Final = 1.5
"""Titles for each product of a brand from which its name is a licence that others use too."""
_LETTER: Final = re.compile(r"[^\W\d_]")
_SIZE_BEGINS: Final = frozenset("sz size uk us eu".split())
_CORRECTS: Final = re.compile(r"\b(?:no\s*,|no\s+wait|wait|actually|sorry|mean|meant|rather|scratch|make\s+that|or\s+say|hang\s+on|hmm)(?!\w)")  # fmt: skip


def demands_of(
    slots: Sequence[Slot],
    vocabulary: Vocabulary | None,
    context: Context,
    rules: set[str],
    text: str = "",
) -> list[Constraint]:
    """What the slots demand; several values of one field in one breath are alternatives, unless
    the words between them take the first back.
    """
    if vocabulary is not None:
        slots = _one_property(slots, vocabulary, text)

    slots = _without_empty(_either_thing(slots, vocabulary, text))
    items = {
        s: constraints_of(s, vocabulary, context)
        for s in slots
        if s.label == "item" and not s.negative
    }
    named = {
        " ".join(tokens(w))
        for read_so in items.values()
        for c in read_so
        if c.field == "type"
        for w in c.words
    }
    if named:
        # "trail" is a surface to running shoes: what a word means depends on what is bought
        limits = context.limits if named <= context.kinds else ()
        context = replace(context, kinds=frozenset(named), limits=limits)
    made: list[Constraint] = []
    slots = _with_pence(slots, text)
    slots = _without_told(slots, text) if context.has_wants else slots
    for slot, following in zip(slots, [*slots[1:], None], strict=False):
        whole = _with_unit(slot, following, text)
        meant = items.get(slot) or tuple(
            replace(c, span=slot.value) for c in constraints_of(whole, vocabulary, context)
        )
        if slot.label in DEMANDING and not meant:
            rules.add("foreign")
            if slot.label in _NUMBERS and (
                any(c.isdigit() for c in slot.value)
                or any(bare_number(w) for w in slot.value.split())
            ):
                # a number no field takes is not lost: listings that say it come first
                wish = (slot.value.lower(),)
                meant = (Constraint(WISH, Op.CONTAINS, wish, hard=False, span=slot.value),)
        for c in meant:
            made = [m for m in made if not _taken_back(m, c, text)]
            twin = next((m for m in reversed(made) if _alternatives(m, c, text)), None)
            if twin is None:
                made.append(c)
            elif c.number is not None:
                made.remove(twin)
                made += _between(twin, c)
            else:
                both = tuple(dict.fromkeys((*twin.words, *c.words)))
                made[made.index(twin)] = replace(twin, value=both)
    return made


def _one_property(slots: Sequence[Slot], vocabulary: Vocabulary, text: str) -> Sequence[Slot]:
    """The slots with a value and the name of its field, marked apart, as one: "blue" and "switches"
    are no switches to buy, of a blue colour.
    """
    made = list(slots)
    for last in range(len(made) - 1, 0, -1):
        if last >= len(made) or vocabulary.has_type(tuple(tokens(made[last].value))):
            continue
        for first in range(max(last - 4, 0), last):
            parts = made[first : last + 1]
            whole = " ".join(s.value for s in parts)
            alike = all(s.label in _WORDED and s.negative == parts[0].negative for s in parts)
            if not alike or not find_value(whole, " ".join(text.split())):
                continue
            if part_named(tuple(tokens(whole)), vocabulary) is not None:
                made[first : last + 1] = [replace(parts[0], label="feature", value=whole)]
                break
    return made


def _without_empty(slots: Sequence[Slot]) -> Sequence[Slot]:
    """The slots without those that say nothing by themselves: a bare "not", and of a material only that
    it is no imitation.
    """
    genuine = GENUINE if any(s.label == "material" for s in slots) else frozenset()
    return [
        s
        for s in slots
        if s.label not in _WORDED or not s.value or not {*tokens(s.value)} <= genuine | NEGATORS
    ]


def joined_up(slots: Sequence[Slot], vocabulary: Vocabulary | None, text: str) -> tuple[Slot, ...]:
    """The slots with colours, or words for the thing, that follow each other with nothing between as
    one: "hot" and "pink" are a hot pink, "thick" and "socks" no two things to buy (but "kettle" and
    "mug" are). Whether that is one colour or two, a kind or a kind with a quality, the catalogue's own
    names tell.
    """
    said = " ".join(text.split())
    made: list[Slot] = []
    for slot in slots:
        if (
            made
            and slot.label in ("color", "item", "size")
            and replace(made[-1], value=slot.value) == slot
        ):
            before = made[-1].value
            both = f"{before} {slot.value}"
            a_kind = (
                slot.label == "item"
                and vocabulary is not None
                and vocabulary.has_type(tuple(tokens(before)))
            )
            if (
                (slot.label != "size" or before.lower() in _SIZE_BEGINS)
                and not a_kind
                and find_value(both, said)
            ):
                made[-1] = replace(slot, value=both)
                continue
        made.append(slot)
    return tuple(made)


def _without_told(slots: Sequence[Slot], text: str) -> Sequence[Slot]:
    """The slots without the measure of an item shown, whose unit a bare limit beside it takes: "the
    first one is 40 cm, I said under 30".
    """
    u = Utterance(text)
    told = told_of_shown(u)
    if not told:
        return slots
    said = [tokens(u.text[q.start : q.end]) for q in told]
    return [
        replace(s, label="measure", value=f"{s.value} {told[0].unit}")
        if s.label in ("price", "measure") and bare_number(s.value) is not None
        else s
        for s in slots
        if tokens(s.value) not in said
    ]


def _either_thing(
    slots: Sequence[Slot], vocabulary: Vocabulary | None, text: str
) -> Sequence[Slot]:
    """The slots with what was marked as a feature beside a thing, and is another: "tools or a pot"."""
    made = list(slots)
    for i, (a, b) in enumerate(pairwise(slots)):
        if vocabulary is None or {a.label, b.label} != {"feature", "item"}:
            continue
        article = r"(?:an?|some)\s+" if b.label == "item" else r"(?:an?\s+|some\s+)?"
        end = "" if b.label == "item" else r"\s*(?:$|[,.;!?])"
        either = rf"{re.escape(a.value)}\s+or\s+{article}{re.escape(b.value)}{end}"
        feature = i if a.label == "feature" else i + 1
        known = vocabulary.title_count(tuple(tokens(slots[feature].value)))
        if known and a.negative is b.negative and re.search(either, text, re.IGNORECASE):
            made[feature] = replace(slots[feature], label="item")
    return made


def _with_pence(slots: Sequence[Slot], text: str) -> Sequence[Slot]:
    """The slots with each sum as one: the "fifty" of "two pounds fifty" is no number of its own."""
    u = Utterance(text)
    marked = (q for q in find_quantities(u) if q.currency)
    sums = (u.text[q.start : q.end] for q in marked if q.value % 1 or exponent(q.currency) == 0)
    for said in sums:
        parts = [s for s in slots if s.label in _SUMMED and find_value(s.value, said)]
        slots = [
            replace(s, label="price", value=said) if s in parts else s
            for s in slots
            if s not in parts[1:]
        ]
    return slots


def _with_unit(slot: Slot, following: Slot | None, text: str) -> Slot:
    """The lower end of a range with the unit that is said once, after the upper: "16 to 18 cm"."""
    if following is None or not slot.label == following.label == "measure":
        return slot
    upper = _UPPER.fullmatch(following.value)
    ends = rf"{re.escape(slot.value)}\s*(?:-|–|to|and|or)\s*{re.escape(following.value)}"
    if upper is None or bare_number(slot.value) is None or not re.search(ends, text, re.IGNORECASE):
        return slot
    return replace(slot, value=f"{slot.value} {upper['unit']}")


def _taken_back(old: Constraint, new: Constraint, text: str) -> bool:
    """Whether a later value replaces an earlier one: a second limit in the same direction, or a
    word of correction between two values of a field ("in grey, no wait, green").
    """
    if old.field != new.field or old.field in (WISH, TEXT) or old == new:
        return False
    if old.number is not None and new.number is not None:
        if old.op.direction or new.op.direction:
            return old.op.direction == new.op.direction
    elif old.op.negative or new.op.negative:
        return False
    said, first, last = text.lower(), old.span.lower(), new.span.lower()
    start, end = said.find(first), said.rfind(last)
    return 0 <= start < end and _CORRECTS.search(said[start + len(first) : end]) is not None


def _alternatives(a: Constraint, b: Constraint, text: str) -> bool:
    """Two values of one field asked for in one breath: either will do. What listings are to say is
    alternative where "or" stands between; two makers side by side are a maker and a licence.
    """
    if a.field != b.field or a.field == WISH or (a.op, a.hard) != (b.op, b.hard):
        return False
    if a.number is not None and b.number is not None:
        return a.op is Op.EQ and a.unit == b.unit
    if not (a.words and b.words) or a.op not in (Op.EQ, Op.CONTAINS):
        return False
    said, first, last = text.lower(), a.span.lower(), b.span.lower()
    start = said.find(first) + len(first)
    end = said.find(last, start)
    between = said[start:end]
    if a.field == TEXT:
        listed = between.strip() == "," and _OR.search(re.split(r"[.;!?]", said[end:])[0])
        return bool(_OR.search(between) or listed)
    return a.field != "brand" or end < start or _LISTS.search(between) is not None


def with_licences(
    demands: Sequence[Constraint], moment: Moment, vocabulary: Vocabulary | None
) -> list[Constraint]:
    """The demands with one maker among the names in brand slots: what else is named is a licence
    that listings of that maker carry ("Lego", "Star Wars"), and adds up with it.
    """
    named = [c for c in demands if _is_maker(c)]
    if vocabulary is None or not named:
        return list(demands)
    stand = not any(c.field == "type" and not c.op.negative for c in demands)
    makers = [c for c in moment.constraints if stand and _is_maker(c)]
    if len(named) == 1 and not any(_licensed(c, vocabulary) < _LICENCE for c in makers):
        return list(demands)
    shares = [_licensed(c, vocabulary) for c in named]
    maker = None if makers and min(shares) >= _LICENCE else named[shares.index(min(shares))]
    return [
        Constraint(TEXT, Op.CONTAINS, tuple(w.lower() for w in c.words), hard=c.hard, span=c.span)
        if c in named and c is not maker
        else c
        for c in demands
    ]


def _is_maker(constraint: Constraint) -> bool:
    return constraint.field == "brand" and constraint.op is Op.EQ


def _licensed(brand: Constraint, vocabulary: Vocabulary) -> float:
    """In how many titles a name stands for each product it is the brand of."""
    words = [tuple(tokens(w)) for w in brand.words]
    made = sum(e.count for w in words for e in vocabulary.lookup(w, "brand"))
    return sum(vocabulary.title_count(w) for w in words) / max(1, made)


def _between(a: Constraint, b: Constraint) -> list[Constraint]:
    """Anything from the one number to the other: "500 ml or 750 ml"."""
    low, high = sorted((a, b), key=lambda c: c.number or 0.0)
    return [replace(low, op=Op.GE), replace(high, op=Op.LE)]


def _same_number(a: Constraint, b: Constraint) -> bool:
    measured = a.number is not None and b.number is not None and "price" not in (a.field, b.field)
    return measured and (a.number, a.unit) == (b.number, b.unit) and read_too(a, (b,))


def _said_of(made: Constraint, heard: Constraint) -> bool:
    """Whether the words of a wish with a number in it are all among those of another reading."""
    said = set(tokens(made.span))
    return any(t.isdigit() for t in said) and said <= set(tokens(heard.span))


def _is_sum(made: Constraint, heard: Constraint, stated: frozenset[str]) -> bool:
    """Whether the words around a number make it the limit of a price that the reader heard: the
    same sum, or a bare number of what is not stated of what is being bought.
    """
    if heard.field != "price" or not sets_limit(heard.span):
        return False
    if made.field == "price":
        return made.number == heard.number
    bare = bare_number(made.span) is not None and read_too(made, (heard,))
    return bare and made.field not in stated and (made.number is not None or made.field == WISH)


def directed(made: Constraint, heard: Sequence[Constraint], stated: frozenset[str]) -> Constraint:
    """A number the model left without direction or name, or gave another than the words around a sum
    do, as the reader found it in the sentence; a hedge the reader heard.
    """
    for c in heard:
        if _is_sum(made, c, stated):
            # "not less than 8" says which way, whatever sign it was given
            return c if made.field != "price" or made.op is Op.EQ else replace(made, op=c.op)
        named = {*tokens(c.span)} > {*tokens(made.span)}
        if made.field == WISH and c.field != "price" and (c.unit or named) and _said_of(made, c):
            # a bare "30 cm" measured nothing, "no taller than 30 cm" does
            return c
        if (
            _same_number(made, c)
            and c.field != made.field
            and (made.field not in stated or (named and c.field in stated))
        ):
            op = c.op if made.op is Op.EQ and c.op.direction else made.op
            return replace(made, field=c.field, op=op)
        if c.field != made.field or not read_too(made, (c,)):
            continue
        if _same_number(made, c) and made.op.direction * c.op.direction < 0:
            # "has to boil inside 5 minutes" says which way, whatever sign it was given
            return replace(made, op=c.op)
        if made.number is not None and made.op is Op.EQ and c.op.direction and made.hard:
            return replace(made, op=c.op, hard=c.hard)
        if c.op is made.op and made.hard and not c.hard:
            return replace(made, hard=False)
    return made


def _measured_otherwise(wish: Constraint, term: Constraint, vocabulary: Vocabulary | None) -> bool:
    """Whether a wish is a quality the catalogue measures, and the term only a value of its name: of
    light shoes the weight is meant, not light cushioning.
    """
    quality = quality_of(wish.words[0])
    measured = vocabulary.measured if vocabulary is not None else {}
    return quality is not None and any(f in measured for f in quality.fields if f != term.field)


def better_said(
    made: Constraint,
    heard: Sequence[Constraint],
    notes: Sequence[str],
    vocabulary: Vocabulary | None = None,
) -> Constraint:
    """A term of the catalogue that covers all content words of a soft slot."""
    if made.field not in (WISH, TEXT):
        return made
    # "6 man" is no word about men, and 6 alone no word at all
    said = {t for w in made.words for t in tokens(w) if len(t) > 2 or t.isdigit()} - FILLERS
    if all(t.isdigit() for t in said):
        return made
    for c in heard:
        # "no perfume" is what is free of scent: a flag says by itself which way it is meant
        turned = c.op.negative != made.op.negative and not isinstance(c.value, bool)
        if c.field in (WISH, TEXT, "type") or turned:
            continue
        if made.field == WISH and c.words and _measured_otherwise(made, c, vocabulary):
            continue
        if c.field == "brand" and made.field == TEXT:
            # marked as a feature: a maker may be called what others make
            continue
        if c.field == "price" and c.unit is None and made.field == TEXT:
            # a bare number that is a feature is no sum: "4k"
            continue
        if any(f"“{word}”" in note for note in notes for word in made.span.lower().split()):
            continue
        if said <= {*tokens(c.span), "not", "for"}:
            return replace(c, hard=c.hard and (made.hard or made.field == WISH))
    return made


def in_named_field(made: Constraint, heard: Sequence[Constraint], text: str) -> Constraint:
    """A value whose field the reader found named before it: "ink color blue" is no blue pen."""
    if not made.words or made.field in ("type", WISH):
        return made
    for c in heard:
        same = [tokens(w) for w in c.words] == [tokens(w) for w in made.words]
        name = [*tokens(c.field.replace("_", " ")), *tokens(made.span)]
        if same and c.field not in (made.field, WISH, TEXT) and find_run(tokens(text), name) >= 0:
            return replace(c, hard=made.hard, op=Op.NE if made.op.negative else c.op)
    return made


def with_range(demands: Sequence[Constraint], heard: Sequence[Constraint]) -> list[Constraint]:
    """The demands with a range that measured nothing as what may be spent: "race set 50-120"."""
    sums = [c for c in heard if c.field == "price" and c.op.direction]
    bare = [
        d
        for d in demands
        if d.field == WISH
        and len(re.findall(r"\d+", d.span)) > 1
        and not _LETTER.search(d.span)
        and read_too(d, sums)
    ]
    if len(sums) < 2 or not bare:
        return list(demands)
    return [*(d for d in demands if d not in bare), *sums]


def denied_by_ending(made: Constraint, text: str) -> Constraint:
    """A material or colour of which something is free is refused, whatever else was marked: "wool-free"."""
    free = re.search(rf"(?<!\w){re.escape(made.span)}[\s-]free(?!\w)", text, re.IGNORECASE)
    if free is None or made.field not in ("color", "material") or made.op is not Op.EQ:
        return made
    return replace(made, op=Op.NE)


def distinct(demands: Iterable[Constraint]) -> list[Constraint]:
    """Without what another demand of the same field already allows."""
    made = list(dict.fromkeys(demands))
    return [
        c
        for c in made
        if not any(
            ((o.field, o.op, o.hard) == (c.field, c.op, c.hard) and set(c.words) < set(o.words))
            # "panel VA": who names which one wants has asked for one
            or (c.op is Op.NE and c.words == NONE and (o.field, o.op) == (c.field, Op.EQ))
            for o in made
        )
    ]


def measured_fields(
    demands: Sequence[Constraint], moment: Moment, vocabulary: Vocabulary | None
) -> frozenset[str]:
    """The fields measured of what is being bought."""
    named = frozenset(" ".join(tokens(w)) for c in demands if c.field == "type" for w in c.words)
    if vocabulary is None:
        return frozenset()
    return frozenset(
        name
        for name, field in vocabulary.measured.items()
        if any(kind in field.types for kind in named or moment.kinds)
    )


def read_too(constraint: Constraint, others: Sequence[Constraint]) -> bool:
    """Whether the other reading made something of the same words."""
    said = set(tokens(constraint.span))
    return any(said & set(tokens(o.span)) for o in others)


def other_end(heard: Constraint, made: Constraint) -> bool:
    """Whether what the reader heard sets the other end of what a demand limits: "max 15, from 8"."""
    return heard.field == made.field and heard.op.direction * made.op.direction < 0
