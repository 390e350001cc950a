"""What a shopper finds wrong with something shown ("the third has a cable, I said without"): what its
record says of that, and what is left out from then on.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from assistant import items
from assistant.explain import unknown_labels
from assistant.intent import Act, Constraint, Intent, Op, Reference
from assistant.moment import Moment
from assistant.phrasing import field_name, field_text, joined, short_title, shortened
from assistant.reader import read, split
from assistant.reader.qualities import QUALITIES
from assistant.reader.references import NTH, ORDINALS
from assistant.reasons.wording import number_word
from assistant.reconcile import context_of
from assistant.why import asked_about, broken_text
from catalog.constraint import TEXT, WISH
from catalog.product import Product
from catalog.text import tokens
from catalog.verdict import Verdict, judge
from retrieval.vocabulary import Vocabulary

_LEAD: Final = (
    r"^\W*(?:(?:and|so|but|no|nope|hey|ok(?:ay)?|hm+|wait|sorry|well|still|oh)\b[\s,.!]*)*"
)
_FEW: Final = "two|three|four|five"
_REF: Final = (
    rf"(?:(?:the\s+)?(?P<nth>{NTH})(?:\s+(?:ones?|card|item|product|result|option))?"
    r"|(?:the\s+)?(?:(?:number|no\.?|nr\.?|option|item)\s+|#\s?)(?P<number>\d+|one|two|three|four|five|six)"
    rf"|(?P<all>(?:(?:all|both|most|some|{_FEW})\s+(?:of\s+)?)?(?:these|those|they|them)(?:\s+(?:ones|all|both|{_FEW}))*|both)"
    r"|(?P<it>it|this|that)(?:\s+one)?"
    r"|(?:the|that|this)\s+(?P<name>[\w'-]+(?:\s+[\w'-]+){0,3}?))"
)
_NOT: Final = r"(?P<not>(?:\s+not|n'?t)\b)?"
_VERB: Final = (
    rf"(?:(?:\s+(?:is|are|was|were)|'?s|'?re){_NOT}"
    rf"|\s+(?P<has>has|have|got|comes?\s+with|includes?)(?P<hasnt>n'?t|\s+no(?:t(?:\s+got)?)?\b)?"
    rf"|\s+(?P<doesnt>(?:does|do)(?:n'?t|\s+not)\s+(?:have|come\s+with)))"
)
_FILLER: Final = (
    r"(?:(?:all|both|only|just|still|clearly|actually|really|an?|the|any|also|like|made|got)\s+)*"
)
_SAID: Final = rf"\s+{_FILLER}(?P<said>[^,.;!?]+?)"
_TAIL: Final = (
    r"(?P<tail>\s*(?:[,.;!?…]|\s-+\s|\s(?:but|though|although|and\s+i|why|i\s+said)\b).*)?$"
)
_STATED: Final = re.compile(_LEAD + _REF + _VERB + _SAID + _TAIL, re.DOTALL)
_HERE: Final = r"(?:\s+(?:here|there|shown|listed|included|suggested|on\s+top|at\s+the\s+top|up\s+there|first|last|in\s+(?:here|there|the\s+(?:list|results))))"
_WHY_HERE: Final = re.compile(
    rf"{_LEAD}why\s*(?:is|are|'s|'re)?\s+{_REF}{_HERE}\W+(?:(?:but|and|when)\s+)?(?P<tail>.+)$",
    re.DOTALL,
)
_WHY_IS: Final = re.compile(rf"{_LEAD}why\s+(?:is|are|'s)?\s*{_REF}{_NOT}{_SAID}{_TAIL}", re.DOTALL)
_WHY_SHOW: Final = re.compile(
    rf"{_LEAD}why\s+(?:do|did|are|would)?\s*you\s+(?:still\s+)?(?:show|showing|give|giving|offer|offering|suggest|suggesting|recommend|list)\s+(?:me\s+|us\s+)?"
    rf"(?!the\s|th[eo]se\b|them\b|this\b|that\b|it\b|number\b|#){_FILLER}(?P<said>[^,.;!?]+?)(?:\s+(?:ones?|things|then|here|again))?{_TAIL}",
    re.DOTALL,
)
_IT_IS: Final = re.compile(r"^(?:it|they|that|this)(?:'?s|'?re|\s+is|\s+are)\s+", re.IGNORECASE)
_CLEFT: Final = re.compile(
    r"\b(?:she|he|they|i|we|my\s+\w+|the\s+(?:kids?|girls?|boys?))"
    r"(?:['’]?(?:s|re|m)|\s+(?:is|are|am|likes?|loves?|wants?|needs?|collects?|adores?|prefers?))\b"
)
"""A sentence that says of a person what it seems to say of a card: "it's trains he's into"."""
_OBJECTS: Final = re.compile(
    r"\b(?:i|we)(?:'ve|'d|\s+have|\s+had)?\s+(?:clearly\s+|already\s+)?(?:said|asked|wanted|meant|told|needed)\b"
    r"|\b(?:i|we)\s+(?:want|need)\s+(?!it\b|that\b|this\b|them\b)|^\W*(?:and\s+)?not\b|\bwhy\b|\bwrong\b|\bthough\b|\balthough\b|!"
)
_ORDERS: Final = re.compile(
    r"\b(?:take|buy|add|save|order|cart|basket|stash|keep|bookmark|grab|put|want\s+it)\b"
)
_CONTRAST: Final = re.compile(r"^\W*(?:and\s+)?not\b[^,.;!?]*")
_ALL: Final = re.compile(
    r"\b(?:they|these|those)(?:'re|\s+are|\s+have)?\s+all\b|\ball\s+(?:of\s+)?(?:these|those)\b"
)
_QUESTION: Final = re.compile(r"\?\s*$")
_ENDING: Final = re.compile(r"\s+(?:though|again|here|tho|however|either)$")
_OWN: Final = re.compile(
    r"^(?:for|to|from)\s+(?:my|our|me|us|him|her|them|his|their)\b|^too\b|^(?:on|at|in)\s+(?:top|the|here)\b|^(?:here|there|first|last)\b|^(?:not\s+)?what\b"
)
_OPPOSITE: Final = {
    Op.EQ: Op.NE, Op.NE: Op.EQ, Op.CONTAINS: Op.NOT_CONTAINS, Op.NOT_CONTAINS: Op.CONTAINS,
    Op.LE: Op.GT, Op.GT: Op.LE, Op.GE: Op.LT, Op.LT: Op.GE,
}  # fmt: skip
_NAMED: Final = 3
_MEASURED: Final = (
    "too much", "too high", *(p for q in QUALITIES for p in q.plain if p.startswith("too ")),
)  # fmt: skip
"""Too much of what a field tells: a demand, not a matter of taste."""


@dataclass(frozen=True, slots=True)
class _Complaint:
    """What is said, in the shopper's words, of which cards."""

    about: tuple[Product, ...]
    said: str
    denied: bool
    of_all: bool
    objects: bool
    """Whether it says in so many words that something is wrong: "I said without", "though"."""
    part: bool = False
    """Whether it tells what something has, rather than what it is."""
    tail: str = ""
    pointed: str = ""
    """How the card is pointed at: ``nth``, ``number``, ``all``, ``it`` or ``name``."""


def complaint_of(
    text: str,
    shown: Sequence[Product],
    focus: Product | None,
    moment: Moment,
    vocabulary: Vocabulary,
) -> Intent | None:
    """What a complaint about what is shown asks for: the demands stay, what it is about is left out
    and, where the record bears the shopper out, everything else that is so. The first of its notes
    says what the record tells. None for any other utterance.
    """
    if not shown or len(split(text)) > 1 or asked_about(Intent(text, Act.ASK)) is not None:
        return None
    heard = _heard(text.lower().strip().replace("’", "'"), shown, focus)
    if heard is None or _OWN.match(heard.said) or _ORDERS.search(heard.tail):
        return _disliked(text, heard)
    if not heard.about:
        only = "is only one" if len(shown) == 1 else f"are only {number_word(len(shown))}"
        note = f"There {only} shown here."
        return Intent(text, Act.ASK, notes=(note,)) if heard.objects else None
    context = context_of(moment)
    found = read(heard.said, vocabulary, context) if heard.said else None
    if found is not None and (found.comparatives or found.sort or found.cleared):
        return None
    told: tuple[Constraint, ...] = ()
    if found is not None:
        # what is only guessed to be a kind of thing ("cute") finds no fault by itself
        known = [
            c
            for c in found.constraints
            if heard.objects or c.span not in found.unread or _is_noun(c.span, text)
        ]
        told = _claimed(known, heard)
    claim = next((c for c in told if c.field != WISH), None)
    insisted = _demanded(text, heard, moment, vocabulary) if heard.objects else ()
    if claim is None and not insisted:
        return None
    quotes = heard.objects or heard.pointed not in ("", "it", "all")
    if claim is not None and claim.number is not None and quotes and not insisted:
        # what a card says of itself, said back, is no limit
        return Intent(text, Act.ASK, notes=(_quoted(heard.about[0], claim, moment),))
    if claim is not None and not heard.objects and not _objectionable(claim, heard, moment):
        if heard.pointed not in ("nth", "number") or re.search(r"\w", heard.tail):
            return None
        # said of a card, and no fault found with it: nothing is to be changed
        verdict = _verdict(heard.about[0], claim, heard)
        note = _told(heard.about[0], heard, claim, verdict, ())
        return None if claim.op.direction else Intent(text, Act.ASK, notes=(note,))
    if claim is not None and heard.pointed == "it" and focus is None:
        # said of no card in particular and not so of the first, it is said of those it is so of
        so_of = [p.id for p in shown if _verdict(p, claim, heard) is _so(heard)]
        if so_of and shown[0].id not in so_of:
            heard = replace(heard, about=tuple(shown), of_all=True)
    return _answered(text, heard, claim, insisted, moment)


def _disliked(text: str, heard: _Complaint | None) -> Intent | None:
    """A card is too much of what nothing measures: "the third is too girly"."""
    if heard is None or heard.denied or _ORDERS.search(heard.tail) or len(heard.about) != 1:
        return None
    if not heard.said.startswith("too ") or heard.pointed not in ("nth", "number"):
        return None
    if heard.said.startswith(_MEASURED):
        return None
    (product,) = heard.about
    note = f"I leave {short_title(product)} out."
    return Intent(text, Act.REFINE, notes=(note,), left_out=(product.id,))


def _is_noun(words: str, text: str) -> bool:
    """Whether a thing is named, "a toaster", and not how it is, "cute"."""
    return re.search(rf"\ban?\s+(?:\w+\s+)?{re.escape(words)}\b", text, re.IGNORECASE) is not None


def _heard(said: str, shown: Sequence[Product], focus: Product | None) -> _Complaint | None:
    if found := _WHY_SHOW.match(said):
        tail = found["tail"] or ""
        return _Complaint(tuple(shown), _bare(found["said"]), False, True, True, tail=tail)
    if found := _WHY_HERE.match(said):
        about = _about(found, shown, focus)
        rest = found["tail"]
        if not about or _QUESTION.search(rest) and not _OBJECTS.search(rest):
            return None
        if own := _IT_IS.match(rest):
            rest = rest[own.end() :].strip(" ?!.")
            return _Complaint(about, _bare(rest), False, bool(found["all"]), True)
        objects = _OBJECTS.search(rest) is not None
        return _Complaint(about, "", False, bool(found["all"]), objects, tail=rest)
    why = _WHY_IS.match(said)
    found = why or _STATED.match(said)
    if found is None or (why is None and found["it"] and _CLEFT.search(found["said"])):
        return None
    tail = found["tail"] or ""
    words = _bare(found["said"])
    objects = bool(_OBJECTS.search(tail) or words != found["said"].strip() or _ALL.search(said))
    if not objects and why is None and _QUESTION.search(said) and not words.startswith("too "):
        return None
    parts = found.groupdict()
    about = _about(found, shown, focus)
    has = bool(parts.get("has") or parts.get("doesnt"))
    denied = bool(parts.get("not") or parts.get("hasnt") or parts.get("doesnt"))
    pointed = next(k for k in ("nth", "number", "all", "it", "name") if found[k])
    if not about and pointed == "name":
        return None
    return _Complaint(about, words, denied, bool(found["all"]), objects, has, tail, pointed)


def _bare(said: str) -> str:
    return _ENDING.sub("", said.strip())


def _about(
    found: re.Match[str], shown: Sequence[Product], focus: Product | None
) -> tuple[Product, ...]:
    if found["all"]:
        return tuple(shown)
    if found["it"]:
        return (focus or shown[0],)
    if name := found["name"]:
        words = {t for t in tokens(name) if t != "one"}
        carrying = [p for p in shown if items.carries_all(p, words)]
        return tuple(carrying[:1]) if len(carrying) < len(shown) else ()
    place = found["nth"] or found["number"]
    at = str(ORDINALS.get(place) or int(place))
    return tuple(items.resolve([Reference("position", at)], shown, focus))


def _so(heard: _Complaint) -> Verdict:
    """What the record says of a claim where it bears it out."""
    return Verdict.VIOLATION if heard.denied else Verdict.MATCH


def _claimed(constraints: Sequence[Constraint], heard: _Complaint) -> tuple[Constraint, ...]:
    """What something has is no kind of thing, and whom it is for no wish: both look for the word."""
    whom = heard.said.removeprefix("for ")
    if whom != heard.said and all(c.field == WISH for c in constraints):
        return (Constraint(TEXT, Op.CONTAINS, (whom,), span=heard.said),)
    return tuple(
        Constraint(TEXT, Op.CONTAINS, c.words, span=c.span)
        if heard.part and c.field == "type" and not c.op.negative
        else c
        for c in constraints
    )


def _demanded(
    text: str, heard: _Complaint, moment: Moment, vocabulary: Vocabulary
) -> tuple[Constraint, ...]:
    """The demands said on top ("I said under 30"): no guesses, and not what the thing is contrasted
    with ("not a guitar").
    """
    if not _OBJECTS.search(heard.tail):
        return ()
    tail = _CONTRAST.sub("", heard.tail)
    context = context_of(moment)
    alone, whole = (read(t, vocabulary, context, Act.REFINE) for t in (tail, text))
    # a number takes its unit from what was said before it: "is 40 cm, I said under 30"
    numbers = [c for c in whole.constraints if c.number is not None and c.span.lower() in tail]
    return tuple(
        c
        for c in (*(c for c in alone.constraints if c.number is None), *numbers)
        if c.hard and c.field not in (WISH, TEXT) and c.span not in alone.unread
        and not (c.field == "type" and c.op is not Op.EQ)
    )  # fmt: skip


def _objectionable(claim: Constraint, heard: _Complaint, moment: Moment) -> bool:
    """Whether saying so finds fault, without a word that does: it is another kind of thing than
    wanted, or breaks a demand.
    """
    if claim.number is not None:
        return False
    against = _opposite(claim) if not heard.denied else claim
    if claim.field == "type":
        topic = {t for w in moment.topic for t in tokens(w)}
        of_topic = bool({t for w in claim.words for t in tokens(w)} & topic)
        return of_topic == heard.denied and (heard.denied or heard.pointed != "it")
    if heard.pointed == "it":
        return False
    return any(
        _says_alike(c, against)
        or (c.op is Op.EQ and claim.op is Op.EQ and not _says_alike(c, claim))
        for c in moment.hard
        if c.field == claim.field
    )


def _says_alike(one: Constraint, other: Constraint | None) -> bool:
    return other is not None and (one.field, one.op, one.value) == (
        other.field,
        other.op,
        other.value,
    )


def _opposite(c: Constraint) -> Constraint | None:
    """What refuses it; None for a number, which says no more than that this one is wrong."""
    if isinstance(c.value, bool):
        return replace(c, value=not c.value)
    return replace(c, op=_OPPOSITE[c.op]) if c.words or c.op.direction else None


def _answered(
    text: str,
    heard: _Complaint,
    claim: Constraint | None,
    insisted: tuple[Constraint, ...],
    moment: Moment,
) -> Intent:
    verdicts = {p.id: _verdict(p, claim, heard) for p in heard.about}
    borne_out = [p for p in heard.about if verdicts[p.id] is _so(heard)]
    # what the record denies is no fault of anything
    offending = borne_out or [p for p in heard.about if verdicts[p.id] is Verdict.UNKNOWN]
    demand = (
        (claim if heard.denied else _opposite(claim)) if claim is not None and borne_out else None
    )
    held = next((c for c in moment.hard if demand is not None and _at_odds(demand, c)), None)
    if held is not None and heard.of_all:
        note = f"By their records these are what you asked for: {joined(held.words, 'or')}."
        return Intent(text, Act.ASK, notes=(note,))
    demand = demand if held is None else None
    constraints = tuple(c for c in (demand, *insisted) if c is not None)
    if heard.of_all:
        note = _told_of_all(heard, borne_out, offending)
    else:
        (product,) = heard.about
        demands = (*moment.hard, *insisted)
        told = _told(product, heard, claim, verdicts[product.id], demands)
        note = f"{told} I leave it out." if offending else told
    act = Act.REFINE if offending or constraints else Act.ASK
    return Intent(text, act, constraints, notes=(note,), left_out=tuple(p.id for p in offending))


def _quoted(product: Product, claim: Constraint, moment: Moment) -> str:
    """What the record says of a number said of a card, and by how much that misses a limit."""
    of_field = [c for c in moment.hard if c.field == claim.field]
    broken = [broken_text(product, c) for c in of_field if judge(product, c) is Verdict.VIOLATION]
    stated = field_text(product, claim.field)
    if not stated:
        return f"The listing for {short_title(product)} states no {field_name(claim.field)}."
    told = [f"{field_name(claim.field)} {stated}", *broken]
    within = [] if broken or not of_field else ["within your limit"]
    return f"By its record {short_title(product)}: {'; '.join([*told, *within])}."


def _verdict(product: Product, claim: Constraint | None, heard: _Complaint) -> Verdict:
    verdict = judge(product, claim) if claim is not None else Verdict.UNKNOWN
    named = bool(heard.said) and _squeezed(heard.said) in _squeezed(product.title)
    return Verdict.MATCH if named and verdict is Verdict.UNKNOWN else verdict


def _squeezed(text: str) -> str:
    return re.sub(r"\W", "", text.lower())


def _at_odds(demand: Constraint, held: Constraint) -> bool:
    """Whether a refusal would take back what is demanded."""
    if demand.field != held.field or demand.op.negative == held.op.negative:
        return False
    return bool(
        {t for w in demand.words for t in tokens(w)} & {t for w in held.words for t in tokens(w)}
    )


def _told(
    product: Product,
    heard: _Complaint,
    claim: Constraint | None,
    verdict: Verdict,
    demands: Sequence[Constraint],
) -> str:
    title = short_title(product)
    broken = [broken_text(product, c) for c in demands if judge(product, c) is Verdict.VIOLATION]
    right = verdict is _so(heard)
    if broken and (right or claim is None):
        said = f"You are right, {title} misses what you asked: {'; '.join(dict.fromkeys(broken))}."
    elif claim is None:
        open_ = [c for c in demands if judge(product, c) is Verdict.UNKNOWN]
        labels = unknown_labels((c.field for c in open_), product, demands)
        said = (
            f"{title}: {'; '.join(labels)}."
            if labels
            else f"By its record {title} fits what you asked."
        )
    elif right:
        said = f"You are right about {title}: {_stated(product, claim, heard)}."
    elif verdict is Verdict.VIOLATION:
        said = f"The record of {title} says otherwise: {broken_text(product, claim)}."
    elif verdict is Verdict.MATCH:
        said = f"The record of {title} says otherwise: {_stated(product, claim, heard)}."
    else:
        said = f"The listing for {title} doesn't say “{shortened(heard.said)}”."
    return said


def _stated(product: Product, claim: Constraint, heard: _Complaint) -> str:
    """What of the record bears a claim out."""
    if isinstance(claim.value, bool):
        own = product.attributes.get(claim.field)
        return field_name(claim.field) if own else f"{field_name(claim.field)}: no"
    if claim.field not in (TEXT, "type", "category") and (
        value := field_text(product, claim.field)
    ):
        return f"{field_name(claim.field)} {shortened(value)}"
    return f"its listing says “{shortened(heard.said)}”"


def _told_of_all(
    heard: _Complaint, borne_out: Sequence[Product], offending: Sequence[Product]
) -> str:
    these = f"these {number_word(len(heard.about))}"
    not_ = "not " if heard.denied else ""
    said = f"“{not_}{shortened(heard.said)}”" if heard.said else "that"
    if borne_out and len(borne_out) == len(heard.about):
        return f"You are right, the records of all {number_word(len(heard.about))} say {said}. I leave them out."
    if borne_out:
        named = list(dict.fromkeys(short_title(p) for p in borne_out))
        more = [f"{len(named) - _NAMED} more"] if len(named) > _NAMED else []
        them = "it" if len(borne_out) == 1 else "them"
        return f"Of {these} the record says {said} of {joined([*named[:_NAMED], *more])}. I leave {them} out."
    if offending:
        them = "them" if len(offending) == len(heard.about) else "those that leave it open"
        return f"The records of {these} don't say {said}. I leave {them} out."
    return f"None of {these} is {said} by its record."
