"""Reading one utterance without a model: acts, numbers, the catalogue's terms, then what is left."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from assistant.intent import Act, Comparative, Intent, Reference, Sort
from assistant.reader import acts, terms
from assistant.reader.foreign import in_own_words, to_english
from assistant.reader.leftovers import STOPS, read_leftovers, read_purposes
from assistant.reader.negation import negative_at
from assistant.reader.qualities import QUALITIES
from assistant.reader.quantities import read_quantities
from assistant.reader.utterance import Utterance
from catalog.constraint import TEXT, WISH, Constraint, Op
from catalog.text import clean, tokens
from retrieval.vocabulary import Vocabulary, no_catalog

MAX_CHARACTERS: Final = 2_000
_TAKE_OUT: Final = re.compile(
    r"(?:please\s+)?(?:remove|take\s+out|delete)\s+(?:it|that|this|the|both|all)\b"
)
_ANSI: Final = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_WITHOUT: Final = re.compile(r"\bw/o\s+", re.IGNORECASE)
_TAG: Final = re.compile(r"</?[A-Za-z][^<>]{0,200}>")
_QUOTED_NUMBER: Final = re.compile(r"[“”\"'‘’«»](\d[\d.,]*)[“”\"'‘’«»]")
_IN_STOCK: Final = re.compile(
    r"\b(?:in\s+stock|available\s+(?:now|today|right\s+now)|that\s+(?:is|are)\s+available|not\s+sold\s+out)\b"
)
_ON_SALE: Final = re.compile(
    r"\b(?:on\s+(?:sale|offer|discount)|reduced|discounted|marked\s+down|on\s+special|special\s+offers?|deals?|bargains?)\b"
)
_APPROVED: Final = (
    r"(?:fine|ok|okay|okey|k|good|cool|alright|all\s+right|great|possible|welcome|acceptable)"
)
_BESIDES: Final = r"(?:too|also|aswell|as\s+well|2)"
_WIDEN: Final = re.compile(
    r"(?:"
    # "grey is fine", "greys cool too"
    rf"(?:\b(?:is|are|as|(?<!would )be)|'s|s')\s+(?:also\s+|just\s+as\s+|perfectly\s+|totally\s+|actually\s+)*{_APPROVED}\b(?!\s+(?:for(?!\s+me\b)|quality|value)\b)"
    rf"|\bwould\s+be\s+(?:also\s+)?(?:fine|ok|okay|alright|all\s+right|acceptable|(?:good|great|cool|possible)\s+{_BESIDES})\b"
    rf"|\w\s+{_APPROVED}(?:\s+(?:{_BESIDES}|again|after\s+all|by\s+me|with\s+me))+\W*$|\w\s+(?:ok|okay|alright|fine)\W*$"
    # "blue would do", "works too", "I'd take blue as well"
    r"|\b(?:would|will|could|might|'ll|'d)\s+(?:also\s+)?(?:do|work)\b|\bworks\s+(?:too|also|as\s+well|fine|for\s+me)\b"
    r"|\b(?:too|also|aswell|as\s+well)\W*$|\b(?:too|as\s+well)\s+(?:if|please|pls|i\s+(?:guess|suppose))\b"
    # "also in 44", "can be also for dry skin", "I don't mind blue"
    r"|\balso\s+(?:in|for|ok|okay|fine|good|great|possible|acceptable|welcome|works?|consider|happy|open)\b|^\W*(?:and\s+|then\s+)?also\b"
    r"|\b(?:can|could|may|might)\s+(?:also\s+be|be\s+also)\b|\bdo\s*n'?t\s+mind\s+(?!wh|the\b|about\b|if\b)\w"
    r"|\b(?:happy|fine|ok|okay)\s+with\b|\bopen\s+to\b|\balternatively\b"
    r")"
)
_OR: Final = re.compile(
    r"^\W*(?:(?:hm+|ok(?:ay)?|well|oh|and)\b\W*)*or\b(?!\W+(?:rather|actually|no|nah|wait|better|make|say|sorry)\b)"
)
_REPLACES: Final = re.compile(
    r"\b(?:only|instead|change|switch|swap|replace|nothing\s+but|have\s+to\s+(?:do|be))\b|(?:\bnot|n't)\s+(?:so\s+|really\s+|very\s+)?(?:fine|ok|okay|good|cool|great|possible)\b|\bmake\s+(?:it|that|them)\b(?!.*\b(?:too|also|as\s+well)\b)"
)
_CLAUSES: Final = re.compile(r"[,.;:!?…\n]+|\bbut\b")
_AMBIGUOUS: Final = frozenset(
    """light fast long tall high short warm little quick premium popular large big bright heavy""".split()
)
_SMALL_TALK: Final = re.compile(
    r"^(?:(?:hi|hello|hey|hiya|yo|good\s+(?:morning|evening|afternoon)|thanks|thank\s+you)\b[\s,!.]*)+"
)
_SENTENCES: Final = re.compile(
    r"(?<=[.!?;])\s+|\n+|,?\s+and\s+(?=(?:show|find|search|do\s+you|i\s+(?:need|want)|also|add|save|put|remove|cheaper|bigger|smaller|something|anything|what|how|forget|compare|more)\b)|,\s+(?=(?:then|and)\s+(?:show|find|add|save|put|remove)\b)"
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
_IS_A_GIFT: Final = re.compile(
    r"\b(?:it'?s|it\s+is|its|this\s+is|they'?re|they\s+are|as|will\s+be|'ll\s+be)\s+(?:meant\s+(?:as|to\s+be)\s+|all\s+)?(?:going\s+to\s+be\s+)?(?:an?|my|our)?\s*(?:\w+\s+)?(?:gift|present|surprise)\b"
)
"""What is wanted already is told to be a gift."""
_NEEDS: Final = ("for ", "to ", "something ", "anything ", "stuff ", "things ")
_NOT_NAMES: Final = frozenset(
    """cart basket bag trolley wishlist wish list difference differ compare versus vs save add put order reorder usual better finished
    later favourite favorites similar alternative comparable remove delete bookmark take keep remember which between restock refill
    running low out ran""".split()
)  # fmt: skip
_ASKED: Final[tuple[tuple[str, re.Pattern[str]], ...]] = tuple(
    (field, re.compile(pattern))
    for field, pattern in (
        ("why", r"^\W*(?:\w+\s+){0,2}why\b"),
        ("stock", r"\b(?:stock|available|availability)\b"),
        ("rating", r"\b(?:reviews?|ratings?|rated|stars)\b"),
        ("color", r"\bcolou?rs?\b"),
        ("material", r"\bmaterials?\b|\bmade\s+(?:of|from|out)\b"),
        ("brand", r"\bbrand\b|\bwho\s+makes\b"),
        ("weight", r"\bhow\s+heavy\b|\bweigh"),
        ("noise", r"\bhow\s+(?:loud|quiet|noisy)\b"),
        ("capacity", r"\bhow\s+much\b.*\bhold|\bcapacity\b|\bhow\s+big\b"),
        ("size", r"\bsizes?\b|\bhow\s+(?:big|large|tall|long|wide)\b"),
        (
            "price",
            r"\bpric(?:e|ey)\b|\bcosts?\b|\bexpensive\b|\bhow\s+much\s+(?:is|are|for)\b|^\W*how\s+much\W*$",
        ),
    )
)


@dataclass(frozen=True, slots=True)
class Context:
    """What the reader knows of the conversation so far.

    ``kinds`` are the folded product types under discussion, ``parked`` those of earlier
    topics; ``has_wants`` says whether there is something to refine.
    """

    kinds: frozenset[str] = frozenset()
    parked: frozenset[str] = frozenset()
    has_wants: bool = False


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
    whole = clean(text)
    ends = [*(m.span() for m in _SENTENCES.finditer(whole)), (len(whole), len(whole))]
    parts: list[tuple[int, int]] = []
    at, apart = 0, True
    for end, following in ends:
        if not whole[at:end].strip():
            at = following
            continue
        ordering = acts.read_act(Utterance(whole[at:end])) in _ITEM_ACTS
        if parts and not ordering and not apart:
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
    if r.act in acts.REFERRING:
        return _about_items(u, r, cleaned)
    r.constraints += read_purposes(u, r.constraints, vocabulary, context.kinds, context.parked)
    leftovers, r.unread = read_leftovers(u, r.constraints, vocabulary, context.has_wants)
    r.constraints += leftovers
    r.opens_topic = new_need(u, r.constraints)
    act = r.act or _search_or_refine(u, r, context)
    r.widens = act is Act.REFINE and widens(cleaned)
    return r.intent(cleaned, act)


def widens(text: str, words: str = "") -> bool:
    """Whether values named are alternatives to those asked for before ("blue is fine too"); with
    ``words``, whether those are, by what is said around them.
    """
    said, wanted = text.lower(), words.lower()
    clauses = [c for c in _CLAUSES.split(said) if c.strip() and wanted in c]
    if any(_WIDEN.search(c) and not _REPLACES.search(c) for c in clauses):
        return True
    return _OR.match(said) is not None and not _REPLACES.search(said)


def _bounded(text: str) -> tuple[str, list[str]]:
    plain = _ANSI.sub("", text[: 20 * MAX_CHARACTERS])
    plain = _WITHOUT.sub("without ", plain)
    plain = _QUOTED_NUMBER.sub(r"\1", _TAG.sub(" ", plain))
    cleaned = clean(plain)
    if len(cleaned) <= MAX_CHARACTERS:
        return cleaned, []
    shorter = cleaned[:MAX_CHARACTERS]
    return (shorter.rsplit(" ", 1)[0] or shorter), [
        f"I read the first {MAX_CHARACTERS:,} characters of that."
    ]


def _read_directions(u: Utterance, r: _Reading, vocabulary: Vocabulary) -> None:
    """Cancellations, sorts, references and comparisons: what is said about the conversation itself."""
    r.cleared = acts.read_clears(u, vocabulary)
    r.sort = acts.read_sort(u)
    extreme = None
    if r.sort is None:
        r.sort, extreme = acts.read_superlative(u, vocabulary)
    r.references = acts.read_references(u, r.act)
    if extreme is not None:
        r.references.append(extreme)
    r.comparatives = acts.read_comparatives(u, vocabulary)


def _read_constraints(u: Utterance, r: _Reading, vocabulary: Vocabulary, context: Context) -> None:
    r.notes += [
        f"I read “{wrong}” as “{right}”." for wrong, right in terms.correct_spelling(u, vocabulary)
    ]
    kinds = context.kinds | _kinds_in(u, vocabulary)
    r.constraints = [*_states(u), *read_quantities(u, vocabulary, kinds, context.has_wants)]
    if r.act not in acts.REFERRING:
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
    """Folded product types named in the utterance, before anything else is read."""
    words = [t.stem for t in u.tokens]
    return frozenset(
        " ".join(words[i : i + n])
        for n in range(1, 5)
        for i in range(len(words) - n + 1)
        if vocabulary.has_type(tuple(words[i : i + n]))
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
    pointed = any(x.kind in ("position", "match", "extreme") for x in r.references)
    if act is Act.ASK:
        r.question = _question(u, r.constraints)
        r.constraints = []
    elif act is not Act.SIMILAR or not pointed:
        words = _named(u, r.constraints)
        if words and not pointed:
            kind = "past_order" if act is Act.BUY_AGAIN else "match"
            r.references = [Reference(kind, words, words)]
        if act is not Act.SIMILAR:
            r.constraints = []
    if act is Act.BUY_AGAIN and not any(x.kind == "past_order" for x in r.references):
        r.references = [Reference("past_order")]
    return r.intent(cleaned, act)


def _named(u: Utterance, constraints: Sequence[Constraint]) -> str:
    """The words that may name an item: its terms and what nothing else read."""
    named = [
        c.span
        for c in constraints
        if c.field in ("brand", "type", "color") and c.op in (Op.EQ, Op.CONTAINS)
    ]
    left = [u.span(a, b) for a, b in u.unread_runs(STOPS)]
    kept = [
        " ".join(w for w in run.split() if not _NOT_NAMES & {w.lower(), *tokens(w)}) for run in left
    ]
    return " ".join(dict.fromkeys(w for w in (*named, *kept) if w)).strip()


def _question(u: Utterance, constraints: Sequence[Constraint]) -> str | None:
    """The field asked about, then the words of the question that may name one."""
    asked = [name for name, pattern in _ASKED if pattern.search(u.lower)]
    asked += [c.words[0] for c in constraints if c.field == WISH]
    asked += [c.span for c in constraints if c.field not in (WISH, TEXT)]
    asked += [u.span(a, b) for a, b in u.unread_runs(STOPS)]
    return " ".join(dict.fromkeys(asked)) or None


def new_need(u: Utterance, constraints: Sequence[Constraint]) -> bool:
    """A gift, or "something for the kitchen": a need of its own though no type is named."""
    vague = _VAGUE.search(u.lower)
    before = u.text[: vague.start()] if vague is not None else u.text
    sentence = re.split(r"[.!?\n]", before)[-1]
    for c in constraints:
        # what is told after "something for him", or guessed from another sentence, is not the thing
        said = before if c.op is Op.EQ else sentence
        if c.field == "type" and not c.op.negative and c.span in said:
            return False
    purposes = [c.words[0] for c in constraints if c.field == WISH]
    if "gift" in purposes:
        return _IS_A_GIFT.search(u.lower) is None
    return vague is not None and (
        vague["purpose"] is not None or any(p.startswith(_NEEDS) for p in purposes)
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
