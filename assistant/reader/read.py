"""Reading one utterance without a model: acts, numbers, the catalogue's terms, then what is left."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from assistant.intent import Act, Comparative, Intent, Reference, Sort
from assistant.reader import acts, comparing, terms
from assistant.reader.about_items import LIKENED, item_named, question_asked
from assistant.reader.counts import count_ordered
from assistant.reader.english import PEOPLE
from assistant.reader.fields import names_apart
from assistant.reader.foreign import in_own_words, to_english
from assistant.reader.leftovers import STOPS, read_leftovers, read_purposes
from assistant.reader.negation import negative_at
from assistant.reader.qualities import QUALITIES
from assistant.reader.quantities import read_quantities
from assistant.reader.references import REFERRING, read_references
from assistant.reader.sorting import read_sort
from assistant.reader.utterance import Utterance
from assistant.reader.widening import widens
from catalog.constraint import WISH, Constraint, Op
from catalog.text import clean
from retrieval.vocabulary import Vocabulary, no_catalog

MAX_CHARACTERS: Final = 2_000
_TAKE_OUT: Final = re.compile(
    r"(?:please\s+)?(?:remove|take\s+out|delete)\s+(?:it|that|this|the|both|all)\b"
)
_ANSI: Final = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_WITHOUT: Final = re.compile(r"\bw/o\s+", re.IGNORECASE)
_LINES: Final = re.compile(r"\n\s+")
_TAG: Final = re.compile(r"</?[A-Za-z][^<>]{0,200}>")
_QUOTED_NUMBER: Final = re.compile(r"[“”\"'‘’«»](\d[\d.,]*)[“”\"'‘’«»]")
_IN_STOCK: Final = re.compile(
    r"\b(?:in\s+stock|available\s+(?:now|today|right\s+now)|that\s+(?:is|are)\s+available|not\s+sold\s+out)\b"
)
_ON_SALE: Final = re.compile(
    r"\b(?:on\s+(?:sale|offer|discount)|reduced|discounted|marked\s+down|on\s+special|special\s+offers?|(?<!\bno\s)(?<!\bbig\s)(?<!\bthe\s)deal(?!\s+(?:with|of)\b|[\s-]*breaker)|deals(?!\s+with\b)|bargains?)\b"
)
"""No "big deal" and no "or no deal" is on sale."""
_AMBIGUOUS: Final = frozenset(
    """light fast long tall high short warm little quick premium popular large big bright heavy""".split()
)
_SMALL_TALK: Final = re.compile(
    r"^(?:(?:hi|hello|hey|hiya|yo|good\s+(?:morning|evening|afternoon)|thanks|thank\s+you)\b[\s,!.]*)+"
)
_SENTENCES: Final = re.compile(
    r"(?<=[.!?;])\s+|\n+|,?\s+and\s+(?=(?:show|find|search|do\s+you|i\s+(?:need|want)|also|add|save|put|remove|cheaper|bigger|smaller|something|anything|what|how|forget|compare|more)\b)|,\s+(?=(?:then|and)\s+(?:show|find|add|save|put|remove)\b)"
    r"|(?:,?\s+and|,)\s+(?=(?:is|are|does|what|how|will|can)\b[^?]*\?)"
)
_ITEM_ACTS: Final = frozenset({Act.ADD_TO_CART, Act.REMOVE_FROM_CART, Act.SAVE})
_LIKENED: Final = "|".join(
    sorted((re.escape(w).replace(r"\ ", r"\s+") for q in QUALITIES for w in q.more), reverse=True)
)
_VAGUE: Final = re.compile(
    rf"\b(?:something|smth|smthn?g?|sth|sthg|sumthin[g']?|somethin|anything|stuff|things|a\s+thing|bits\s+and\s+bobs)\b"
    rf"(?!\s+(?:like|similar|(?:a\s+(?:bit|little)\s+|much\s+|even\s+)?(?:{_LIKENED}|more|less|better))\b)"
    r"(?P<purpose>(?:\s+(?!for\b|to\b|that\b|which\b|under\b|over\b|below\b)[\w'-]+){0,3}\s+(?:to\s+(?!the\b|do\s+with\b|a\b)\w|for\s+(?!under\b|less\b|around\b|about\b|up\b|below\b|the\s+(?:same|price)\b|[\d$€£])\w))?"
)
"""What is wanted without a name, and what it is for, if that follows."""
_NEXT_PERSON: Final = re.compile(
    rf"\b(?:now|next|then)\b[\s,:]*(?:for\s+|it'?s\s+)?(?:my|our|his|her|their|the)\s+(?:\w+\s+)?(?:{'|'.join(sorted(PEOPLE))})\b"
)
_A_GIFT: Final = re.compile(
    r"\b(?:an?|another|some|any|one)\s+(?:[\w'-]+\s+){0,2}?(?:gift|present|pressie|prezzie|prezzy)s?\b"
)
_IS_A_GIFT: Final = re.compile(
    r"\b(?:it'?s|it\s+is|its|this\s+is|they'?re|they\s+are|as|will\s+be|'ll\s+be)\s+(?:meant\s+(?:as|to\s+be)\s+|all\s+)?(?:going\s+to\s+be\s+)?(?:an?|my|our)?\s*(?:\w+\s+)?(?:gift|present|surprise)\b"
)
"""What is wanted already is told to be a gift."""
_DESCRIBED: Final = re.compile(r"\w+\s+(?:that|which)\b")
"""Told of what is wanted already: "something that hides dirt"."""
_ANOTHER: Final = re.compile(r"\b(?:else|now|next|also|another|new)\b")
# before "something ...": what is wanted already is still spoken of
_OF_IT: Final = re.compile(r"\b(?:it|them)\b.*\band\s+$|\b(?:not|no)\s+[^.!?;]*,\s*(?:but\s+)?$")
_NARROWS: Final = re.compile(
    rf"anything\s+for\s+(?:an?\s+)?(?:adults?|grown[\s-]?ups?|beginners?|{'|'.join(sorted(PEOPLE))})\b"
)
"""Who it is to be for, of what is wanted already."""
_NEEDS: Final = ("for ", "to ", "something ", "anything ", "stuff ", "things ")


@dataclass(frozen=True, slots=True)
class Context:
    """What the reader knows of the conversation so far.

    ``kinds`` are the folded product types under discussion, ``parked`` those of earlier
    topics; ``has_wants`` says whether there is something to refine; ``limits`` are the measured
    fields limited so far with their units, the newest last.
    """

    kinds: frozenset[str] = frozenset()
    parked: frozenset[str] = frozenset()
    has_wants: bool = False
    limits: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class _Reading:
    """What has been read so far."""

    act: Act | None
    notes: list[str]
    cleared: list[str] = field(default_factory=list)
    sort: Sort | None = None
    references: list[Reference] = field(default_factory=list)
    comparatives: list[Comparative] = field(default_factory=list)
    constraints: list[Constraint] = field(default_factory=list)
    unread: tuple[str, ...] = ()
    question: str | None = None
    widens: bool = False
    opens_topic: bool = False

    def intent(self, text: str, act: Act) -> Intent:
        return Intent(
            text, act, tuple(self.constraints), tuple(self.references), tuple(self.comparatives), self.sort,
            tuple(dict.fromkeys(self.cleared)), self.opens_topic, self.widens, self.question, self.unread, tuple(self.notes),
        )  # fmt: skip


def split(text: str) -> list[str]:
    """The parts of an utterance that do different things ("save it. do you have formula too?").

    Only an order about an item (save, cart) is taken apart from the rest;
    everything else is one reading, because its parts qualify each other.
    """
    if len(text) > MAX_CHARACTERS:
        return [text]
    whole = _LINES.sub("\n", clean(text))
    ends = [*(m.span() for m in _SENTENCES.finditer(whole)), (len(whole), len(whole))]
    parts: list[tuple[int, int]] = []
    at, apart = 0, True
    for end, following in ends:
        if not whole[at:end].strip():
            at = following
            continue
        ordering = acts.read_act(Utterance(whole[at:end])) in _ITEM_ACTS
        if parts and ordering and acts.only_says_where(whole[at:end]):
            # "I take the Knoll. In the basket" is one order
            parts[-1] = (parts[-1][0], end)
        elif parts and not ordering and not apart:
            parts[-1] = (parts[-1][0], end)
        else:
            parts.append((at, end))
        apart, at = ordering, following
    return [whole[a:b].strip() for a, b in parts] or [text]


def read(
    text: str,
    vocabulary: Vocabulary | None = None,
    context: Context | None = None,
    act: Act | None = None,
) -> Intent:
    """What ``text`` says, as far as words, numbers and the catalogue's terms tell.

    ``act`` is what the shopper is doing, where that is known from elsewhere; otherwise
    it is read too. Never raises for any text; what rests on a guess is in ``unread``. Text
    beyond :data:`MAX_CHARACTERS` is not read, and the intent's notes say so.
    """
    vocabulary = vocabulary or no_catalog()
    context = context or Context()
    cleaned, notes = _bounded(text)
    cleaned = names_apart(cleaned, vocabulary)
    if (foreign := to_english(cleaned)) is not None:
        rewritten, pieces = foreign
        return in_own_words(_read(rewritten, vocabulary, context, notes, act), cleaned, pieces)
    return _read(cleaned, vocabulary, context, notes, act)


def _read(
    cleaned: str, vocabulary: Vocabulary, context: Context, notes: list[str], act: Act | None
) -> Intent:
    u = Utterance(cleaned)
    if greeting := _SMALL_TALK.match(u.lower):
        u.take(0, greeting.end())
    r = _Reading(act or acts.read_act(u), notes)
    if r.act is Act.CHAT:
        return r.intent(cleaned, Act.CHAT)
    _read_directions(u, r, vocabulary)
    if r.act is None and not r.cleared and _TAKE_OUT.match(u.lower.strip()):
        r.act = Act.REMOVE_FROM_CART
    _read_constraints(u, r, vocabulary, context)
    if r.act is Act.MORE:
        return Intent(cleaned, Act.MORE, notes=tuple(notes))
    if r.act in REFERRING:
        return _about_items(u, r, cleaned)
    r.constraints += read_purposes(u, r.constraints, vocabulary, context.kinds, context.parked)
    leftovers, r.unread = read_leftovers(u, r.constraints, vocabulary, context.has_wants)
    r.constraints += leftovers
    r.opens_topic = new_need(u, r.constraints, context)
    act = r.act or _search_or_refine(u, r, context)
    r.widens = act is Act.REFINE and widens(cleaned)
    return r.intent(cleaned, act)


def _bounded(text: str) -> tuple[str, list[str]]:
    plain = _ANSI.sub("", text[: 20 * MAX_CHARACTERS])
    plain = _WITHOUT.sub("without ", plain)
    plain = _QUOTED_NUMBER.sub(r"\1", _TAG.sub(" ", plain))
    cleaned = _LINES.sub("\n", clean(plain))
    if len(cleaned) <= MAX_CHARACTERS:
        return cleaned, []
    shorter = cleaned[:MAX_CHARACTERS]
    return (shorter.rsplit(" ", 1)[0] or shorter), [
        f"I read the first {MAX_CHARACTERS:,} characters of that."
    ]


def _read_directions(u: Utterance, r: _Reading, vocabulary: Vocabulary) -> None:
    """Cancellations, sorts, references and comparisons: what is said about the conversation itself."""
    if r.act is Act.ADD_TO_CART and (ordered := count_ordered(u.lower)) is not None:
        # so many of it: no words of its name
        start = u.lower.find(ordered[2])
        u.take(start, start + len(ordered[2]))
    r.cleared = acts.read_clears(u, vocabulary)
    r.sort = read_sort(u)
    extreme = comparing.read_choice(u, vocabulary)
    if r.sort is None and extreme is None:
        r.sort, extreme = comparing.read_superlative(u, vocabulary)
    r.references = read_references(u, r.act)
    if extreme is not None:
        r.references.append(extreme)
    r.comparatives = comparing.read_comparatives(u, vocabulary)


def _read_constraints(u: Utterance, r: _Reading, vocabulary: Vocabulary, context: Context) -> None:
    r.notes += [
        f"I read “{wrong}” as “{right}”." for wrong, right in terms.correct_spelling(u, vocabulary)
    ]
    named = _kinds_in(u, vocabulary)
    kinds = context.kinds | named
    limits = context.limits if named <= context.kinds else ()
    r.constraints = [*_states(u), *read_quantities(u, vocabulary, kinds, context.has_wants, limits)]
    if r.act not in REFERRING:
        r.constraints += read_purposes(
            u, r.constraints, vocabulary, context.kinds, context.parked, before_terms=True
        )
    # "not too expensive headphones": the phrase goes before "not" can reach the noun
    r.constraints += _qualities(u, phrases=True)
    found = terms.find_terms(u, vocabulary, kinds)
    r.constraints += terms.to_constraints(u, found, vocabulary)
    r.constraints, contradictions = _consistent(_merged([*r.constraints, *_qualities(u)]))
    r.notes += contradictions


def _merged(constraints: Sequence[Constraint]) -> list[Constraint]:
    """Several values of one field are alternatives: "size M or L" is one constraint."""
    made: list[Constraint] = []
    for c in constraints:
        twin = next(
            (
                i
                for i, m in enumerate(made)
                if m.words and c.words and c.field != WISH
                and (m.field, m.op, m.hard) == (c.field, c.op, c.hard) and c.op is Op.EQ and c.field != "type"
            ),
            None,
        )  # fmt: skip
        if twin is None:
            made.append(c)
        else:
            both = tuple(dict.fromkeys((*made[twin].words, *c.words)))
            made[twin] = replace(made[twin], value=both)
    return made


def _consistent(constraints: Sequence[Constraint]) -> tuple[list[Constraint], list[str]]:
    """Of two limits that cannot both hold ("under $20 over $30") the later one, with a note."""
    kept: list[Constraint] = []
    notes = []
    for c in constraints:
        clash = next((k for k in kept if _contradict(k, c)), None)
        if clash is not None:
            kept.remove(clash)
            notes.append(f"“{clash.span}” and “{c.span}” cannot both hold; I went by the second.")
        kept.append(c)
    return kept, notes


def _contradict(a: Constraint, b: Constraint) -> bool:
    if a.field != b.field or a.unit != b.unit or a.number is None or b.number is None:
        return False
    if a.op.direction * b.op.direction >= 0:
        return a.op.direction == b.op.direction != 0 and a.hard and b.hard
    low, high = (a, b) if a.op.direction > 0 else (b, a)
    return (low.number or 0.0) > (high.number or 0.0)


def _kinds_in(u: Utterance, vocabulary: Vocabulary) -> frozenset[str]:
    """Folded product types named in the utterance, before anything else is read: a shelf named after
    those it is for ("kids") tells nothing of the thing.
    """
    words = [t.stem for t in u.tokens]
    return frozenset(
        " ".join(words[i : i + n])
        for n in range(1, 5)
        for i in range(len(words) - n + 1)
        if vocabulary.has_type(tuple(words[i : i + n])) and not PEOPLE.issuperset(words[i : i + n])
    )


def _states(u: Utterance) -> list[Constraint]:
    made = []
    for pattern, name in ((_IN_STOCK, "stock"), (_ON_SALE, "discount")):
        if found := pattern.search(u.lower):
            u.take(found.start(), found.end())
            made.append(Constraint(name, Op.GE, 1.0, span=u.text[found.start() : found.end()]))
    return made


def _qualities(u: Utterance, *, phrases: bool = False) -> list[Constraint]:
    """Plain quality words as wishes: single words ("quiet"), or ``phrases`` ("not too heavy")."""
    made = []
    pairs = [(w, q) for q in QUALITIES for w in q.plain if (" " in w) == phrases]
    for word, _ in sorted(pairs, key=lambda p: -len(p[0])):
        pattern = r"(?<!\w)" + re.escape(word).replace(r"\ ", r"[\s-]+") + r"(?!\w)"
        for m in re.finditer(pattern, u.lower):
            if not u.free(m.start(), m.end()):
                continue
            at = u.token_at(m.start())
            if word in _AMBIGUOUS and not _adjectival(u, at):
                continue
            value = f"not {word}" if negative_at(u, at, at + 1) else word
            u.take(m.start(), m.end())
            made.append(
                Constraint(
                    WISH, Op.CONTAINS, (value,), hard=False, span=u.text[m.start() : m.end()]
                )
            )
    return made


def _adjectival(u: Utterance, at: int) -> bool:
    """Whether an adjective that is also a noun stands before a noun or after "something", "be"…"""
    linking = """something anything be is it very really and too as super quite""".split()
    if at and u.tokens[at - 1].word in linking:
        return True
    following = at + 1 < len(u.tokens) and not re.search(r"[,.;!?]", u.gap(at + 1))
    return following and u.tokens[at + 1].word not in STOPS - {"one", "ones"}


def _about_items(u: Utterance, r: _Reading, cleaned: str) -> Intent:
    """An act about particular items: its terms name the item or the question, and filter nothing
    (except "similar to it, but cheaper", where they do).
    """
    act = r.act
    assert act is not None
    if act is Act.COMPARE:
        r.references = [one for x in r.references for one in x.each()]
    pointed = any(x.kind in ("position", "match", "extreme") for x in r.references)
    if act is Act.ASK:
        r.question = question_asked(u, r.constraints)
        r.constraints = []
    elif act is not Act.SIMILAR or not pointed:
        words = item_named(u, r.constraints)
        if words and not pointed:
            kind = "past_order" if act is Act.BUY_AGAIN else "match"
            r.references = [Reference(kind, words, words)]
        elif act is Act.SIMILAR and not r.references and LIKENED.search(u.lower):
            r.references = [Reference("this")]
        if act is not Act.SIMILAR:
            r.constraints = []
    if act is Act.BUY_AGAIN and not any(x.kind == "past_order" for x in r.references):
        r.references = [Reference("past_order")]
    return r.intent(cleaned, act)


def new_need(u: Utterance, constraints: Sequence[Constraint], held: Context | None = None) -> bool:
    """A gift, "something for the kitchen", the next person to buy for: a need of its own though no
    type is named. What is ``held`` without a type either is told more of by "something for ...".
    """
    if _NEXT_PERSON.search(u.lower) and not any(c.field == "type" for c in constraints):
        return True
    gift = None if _IS_A_GIFT.search(u.lower) else _A_GIFT.search(u.lower)
    vague = gift or _VAGUE.search(u.lower)
    before = u.text[: vague.start()] if vague is not None else u.text
    sentence = re.split(r"[.!?\n]", before)[-1]
    for c in constraints:
        # what is told after "something for him", or guessed from another sentence, is not the thing
        said = before if c.op is Op.EQ else sentence
        if c.field == "type" and not c.op.negative and c.span in said:
            return False
    purposes = [c.words[0] for c in constraints if c.field == WISH]
    if gift is not None or "gift" in purposes:
        told_of_it = held is not None and held.has_wants and _OF_IT.search(sentence.lower())
        return _IS_A_GIFT.search(u.lower) is None and not told_of_it
    tells_more = held and (not held.kinds or _OF_IT.search(sentence.lower()))
    if held and held.has_wants and tells_more and not _ANOTHER.search(u.lower):
        return False
    if held and held.kinds and vague and _NARROWS.match(u.lower, vague.start()):
        return False
    return vague is not None and (
        vague["purpose"] is not None
        or any(p.startswith(_NEEDS) and not _DESCRIBED.match(p) for p in purposes)
    )


def _search_or_refine(u: Utterance, r: _Reading, context: Context) -> Act:
    wanted = bool(r.constraints or r.comparatives or r.sort)
    if r.cleared and not wanted:
        return Act.CLEAR
    if r.opens_topic or any(c.field == "type" and not c.op.negative for c in r.constraints):
        return Act.SEARCH
    if r.references and not wanted:
        return Act.ASK
    if context.has_wants and (wanted or r.cleared):
        return Act.REFINE
    return Act.SEARCH if wanted else Act.CHAT
