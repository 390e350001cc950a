"""What an utterance drops of what was wanted, and what that leaves of a constraint."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Final

from assistant.compact import Line, Slot
from assistant.intent import Constraint, Intent, Op
from assistant.naming import flag_named
from assistant.reader import Context, read
from assistant.reader.lookups import lookups_of
from assistant.reader.qualities import quality_of
from assistant.reader.widening import approves, widens
from assistant.topics import is_topic, kinds_of
from catalog.constraint import TEXT, WISH
from catalog.text import find_run, tokens
from retrieval.vocabulary import Vocabulary

_EVERYTHING: Final = frozenset(tokens("everything all lot anything"))
_ANEW: Final = tuple(frozenset(tokens(w)) for w in ("new start", "fresh start", "clean slate"))
_OTHER_NAMES: Final = tuple(
    (re.compile(pattern), fields)
    for pattern, fields in (
        (
            r"^(?:any |other |who )?(?:make|maker|producer)$|^who(?:ever)? (?:make|made)\b",
            ("brand",),
        ),
        (r"\bmade (?:of|from|out of)$", ("material",)),
        (r"^(?:smell|odou?r|fragrance|perfume)$", ("scent", "scent_free")),
        (r"^(?:on (?:sale|offer)|(?:special )?offer|bargain|deal|marked down)$", ("discount",)),
    )
)
"""How people speak of a field (in tokens) that is called something else."""
_SPOKEN: Final = tuple(
    (re.compile(pattern), field)
    for pattern, field in (
        (
            r"\b(?:other|different|any|all)\s+(?:makers?|brands?|makes?|manufacturers?|labels?)\b|\bwho(?:so)?ever\s+(?:it\s+is\s+that\s+)?(?:makes?|made)\b",
            "brand",
        ),
        (
            r"\b(?:whatever|regardless\s+of\s+what|no\s+matter\s+what|do(?:n'?t|\s+not)\s+(?:care|mind)\s+what)\s+(?:it\s?'?s|it\s+is|they\s?'?re|they\s+are)\s+made\s+(?:of|from|out\s+of)\b",
            "material",
        ),
        (
            r"\bfull\s+price\s+(?:(?:is|'s|it\s+is|will|would|works?|then|be)\b|it'?s)|\b(?:pay|at)\s+(?:the\s+)?full\s+price\b",
            "discount",
        ),
        (r"\blift(?:s|ed|ing)?\s+(?:the\s+|our\s+|my\s+)?(?:budget|spending|price)(?:\s+(?:limit|cap))?\b", "price"),
        (r"\bany\s+(?:paint\s*(?:job|work)?|shade|tone|hue|colou?r\w*)\s+(?:is|will|would|goes|works?|does)\b", "color"),
    )
)  # fmt: skip
"""What whole sentences drop of what is wanted, without a word for it that names the field."""
_DROPS: Final = r"\b(?:scrub|scrap|ditch|drop|lose|bin|forget|cancel|axe|nix|scratch|skip|remove|leave\s+out)\s+(?:the\s+|that\s+|any\s+)?{value}\b"
_FAILED: Final = r"\b{value}\s*(?:'s|is|was|are|were)\s+(?:out\b(?!\s+of)|(?:an?\s+)?(?:\w+\s+)?(?:silly|bad|stupid|daft|poor|dumb|terrible|wrong)\s+(?:idea|choice|move|thought)|a\s+mistake|not\s+needed)"
"""How a value is given up that was asked for, around its words."""
_IDEA: Final = tokens("idea thing plan search")
_ENDS: Final = {"upper": Op.LE.direction, "lower": Op.GE.direction}
_ENDING: Final = re.compile(r"(?<=\w\w\w)(?:ing|able|ible|ed)$")


def dropped(
    line: Line,
    intent: Intent,
    demands: Sequence[Constraint],
    vocabulary: Vocabulary | None,
    context: Context,
    wanted: Sequence[Constraint],
) -> tuple[str, ...]:
    """The fields and values an utterance drops of what is ``wanted``.

    What only the reader heard counts unless the words were marked as something else, or the field
    is asked for in the same breath. To clear without a word for what ("back to square one") is to
    clear everything.
    """
    fields = [s for s in line.slots if s.label == "field"]
    said = tuple(dict.fromkeys(f for p, f in _SPOKEN if p.search(intent.text.lower())))
    said = tuple(f for f in said if f not in {c.field for c in demands})
    if said and (line.act == "clear" or any(c.field in said for c in wanted)):
        return tuple(dict.fromkeys((*intent.cleared, *said)))
    marked = {t for s in line.slots if s.label != "field" for t in tokens(s.value)}
    asked = {c.field for c in demands}
    heard = [
        c
        for c in intent.cleared
        if c not in asked and not marked & {*tokens(c.removeprefix("value:"))}
    ]
    found = [f for s in fields for f in cleared_of(s, vocabulary, context, wanted)]
    if "*" in found:
        return ("*",)
    if line.act == "clear" and not line.slots and not heard:
        return ("*",)
    if line.act == "clear" and fields and not (found or heard):
        usual = tuple(f for s in fields for f in _usual_names(s.value))
        return usual or tuple(f"value:{s.value.lower()}" for s in fields)
    # "whatever colours" after "forget burgundy": said of the same field
    ended = {c.field for c in wanted for f in found if reduced(c, f) != c}
    heard = [c for c in heard if c in found or c not in ended]
    return tuple(dict.fromkeys((*heard, *found)))


def lifted(
    demands: Sequence[Constraint],
    heard: Sequence[Constraint],
    text: str,
    wanted: Sequence[Constraint],
) -> tuple[list[Constraint], tuple[str, ...]]:
    """The demands that are left when those only take back what is ``wanted``, and what they take back.

    A refused value found good enough ("beige may stay", "Hornby's fine") is refused no longer and not
    wanted for that; a wanted one given up ("lilac's out", "scrub maroon") is not wanted, and nothing
    worse. ``heard`` is what the reader read.
    """
    back: list[str] = []
    left = list(demands)
    for c in (*demands, *heard):
        for word in c.words if c.op in (Op.EQ, Op.NE, Op.CONTAINS, Op.NOT_CONTAINS) else ():
            same = [old for old in wanted if _alike(old, c) and _holds(old, word)]
            refused = [old for old in same if old.op.negative]
            asked = [old for old in same if not old.op.negative and not is_topic(old)]
            approved = not c.op.negative and bool(refused) and approves(text, c.span)
            if approved or (asked and not widens(text, c.span) and _gives_up(text, c)):
                back.append(f"value:{word.lower()}")
                left = [
                    d
                    for d in left
                    if d is not c and not (d.field == c.field and d.words == c.words)
                ]
    return left, tuple(dict.fromkeys(back))


def _alike(one: Constraint, other: Constraint) -> bool:
    return one.field == other.field or {one.field, other.field} <= {WISH, TEXT}


def _holds(constraint: Constraint, word: str) -> bool:
    return any(tokens(w) == tokens(word) for w in constraint.words)


def _gives_up(text: str, named: Constraint) -> bool:
    """Whether a value is given up: "scrub maroon", "brass was a silly idea". "Forget Cove, hate it" says
    more, where it was marked as a refusal.
    """
    value = re.escape((named.span or named.words[0]).lower())
    patterns = (_FAILED,) if named.op.negative else (_FAILED, _DROPS)
    return any(re.search(p.format(value=value), text.lower()) for p in patterns)


def cleared_of(
    slot: Slot,
    vocabulary: Vocabulary | None,
    context: Context,
    wanted: Sequence[Constraint],
) -> tuple[str, ...]:
    """The fields or values a ``field`` slot drops from what is ``wanted``."""
    spoken = {t for c in wanted for w in (*c.words, c.span) for t in tokens(w)}
    slot = replace(slot, value=_as_said(slot.value, spoken))
    said = frozenset(tokens(slot.value))
    if said & _EVERYTHING or said - {"a"} in _ANEW:
        return ("*",)
    flag = flag_named(slot.value, vocabulary) if vocabulary is not None else None
    if flag is not None and any(c.field == flag[0] for c in wanted):
        return (flag[0],)
    if _is_thing(said, wanted):
        return ("*",)
    known = read(f"forget the {slot.value}", vocabulary, Context(has_wants=True)).cleared
    meant = [c for c in wanted if said & _words_of(c)]
    if known and known != ("*",):
        values = all(k.startswith("value:") for k in known)
        if not values or said & spoken:
            return known
    if meant:
        return tuple(dict.fromkeys(_name_of(c, slot) for c in meant))
    if spoken_of := _otherwise_named(slot.value, wanted):
        return spoken_of
    return _fields_like(said, vocabulary, context)


def _is_thing(said: frozenset[str], wanted: Sequence[Constraint]) -> bool:
    """Whether what is dropped is the thing that is wanted, and the only one: "forget the candles"."""
    topic = next((c for c in wanted if is_topic(c) and not c.op.negative), None)
    if topic is None or len(topic.words) != 1:
        return False
    others = {t for c in wanted if not is_topic(c) for t in _words_of(c)}
    names = [tokens(w) for w in (topic.words[0], topic.span)]
    named = any(n and n[-1] in said and said <= {*n, *_IDEA} for n in names)
    return named and said.isdisjoint(others)


def _otherwise_named(said: str, wanted: Sequence[Constraint]) -> tuple[str, ...]:
    """The fields of what is ``wanted`` that people call otherwise than the catalogue: a yes/no
    attribute by another form of its word ("the folding" for foldable), "makers" for brand.
    """
    words = tokens(said)
    phrase = " ".join(words)
    called = {f for pattern, fields in _OTHER_NAMES if pattern.search(phrase) for f in fields}
    stem = _stem(words[0]) if len(words) == 1 else ""
    return tuple(
        dict.fromkeys(
            c.field
            for c in wanted
            if c.field in called
            or (stem and isinstance(c.value, bool) and stem == _stem(c.field.replace("_", " ")))
        )
    )


def _usual_names(said: str) -> tuple[str, ...]:
    """The field that people call so in any shop, though nothing of it is known to be wanted."""
    phrase = " ".join(tokens(said))
    named = (fields[:1] for pattern, fields in _OTHER_NAMES if pattern.search(phrase))
    return next(named, ())


def _stem(word: str) -> str:
    """A word without its ending, where enough of it is left: "foldable" and "folding" are "fold"."""
    return _ENDING.sub("", word)


def _as_said(value: str, spoken: Collection[str]) -> str:
    """A lone word in the form it was said in before: "the pedalling" of a pedal tractor."""
    words = tokens(value)
    if len(words) != 1 or words[0] in spoken:
        return value
    stem = _stem(words[0])
    forms = {stem, stem[:-1]} if stem[-2:-1] == stem[-1:] else {stem}
    same = sorted(w for w in spoken if stem != words[0] and _stem(w) in forms)
    return same[0] if same else value


def _words_of(constraint: Constraint) -> set[str]:
    field = constraint.field.replace("_", " ")
    return {t for w in (*constraint.words, constraint.span, field) for t in tokens(w)}


def _name_of(constraint: Constraint, slot: Slot) -> str:
    """What drops a constraint: its field, or the words of the slot that stand in it."""
    if constraint.field not in (WISH, TEXT, "type"):
        return constraint.field
    said = tokens(slot.value)
    stands = any(find_run(tokens(w), said) >= 0 for w in constraint.words)
    return f"value:{slot.value.lower() if stands else constraint.words[0]}"


def _fields_like(
    said: frozenset[str], vocabulary: Vocabulary | None, context: Context
) -> tuple[str, ...]:
    """The measure of what is being bought whose name ends in what was said: "temperature"."""
    if vocabulary is None:
        return ()
    names = [
        field
        for name, field in lookups_of(vocabulary).fields.items()
        if name[-1] in said
        and field in vocabulary.measured
        and context.kinds & {*vocabulary.measured[field].types}
    ]
    return tuple(names) if len(names) == 1 else ()


def reduced(constraint: Constraint, what: str) -> Constraint | None:
    """What a cancellation ("price", "value:red", "upper:price") leaves of a constraint; None when nothing."""
    end, _, field = what.partition(":")
    if end in _ENDS:
        ends = constraint.field == field and constraint.op.direction == _ENDS[end]
        return None if ends else constraint
    if not what.startswith("value:"):
        if constraint.field == what:
            return None
        quality = quality_of(constraint.words[0]) if constraint.field == WISH else None
        return None if quality is not None and quality.fields[0] == what else constraint
    phrase = tokens(what.removeprefix("value:"))
    if is_topic(constraint) or not phrase:
        return constraint
    left = tuple(w for w in constraint.words if tokens(w) != phrase)
    if left != constraint.words:
        return replace(constraint, value=left) if left else None
    if constraint.field in (WISH, TEXT):
        said = any(find_run(tokens(w), phrase) >= 0 for w in constraint.words)
        return None if said else constraint
    named = (constraint.span, constraint.field.replace("_", " "))
    return None if phrase in [tokens(n) for n in named] else constraint


def speaks_of(constraint: Constraint, field: str) -> bool:
    """Whether a demand is what a field that nothing is stated of may mean: a field whose name is
    part of it (height for heel height), words of the listing that say its last word ("doesn't
    need ironing" for non-iron).
    """
    name, own = (tuple(tokens(f.replace("_", " "))) for f in (field, constraint.field))
    if constraint.field in (WISH, TEXT):
        last = name[-1]
        said = {t for w in constraint.words for t in tokens(w)}
        return any(w == last or (len(last) > 3 and w.startswith(last)) for w in said)
    shorter, longer = sorted((name, own), key=len)
    return not is_topic(constraint) and longer[-len(shorter) :] == shorter


def unqualified(constraint: Constraint, named: Constraint) -> Constraint:
    """A topic without one of the words before its last; any other constraint as it is."""
    gone = tokens(named.words[0])
    if not is_topic(constraint) or not any(
        find_run(tokens(w), gone) >= 0 for w in constraint.words
    ):
        return constraint
    left = (" ".join(t for t in tokens(w) if t not in gone) for w in constraint.words)
    return replace(constraint, op=Op.CONTAINS, value=tuple(left), span="")


def less(constraint: Constraint, named: Constraint) -> Constraint:
    """A topic of several alternatives without those named; any other constraint as it is."""
    if not is_topic(constraint):
        return constraint
    gone = kinds_of(named)
    left = tuple(w for w in constraint.words if " ".join(tokens(w)) not in gone)
    return replace(constraint, value=left)
