"""What the terms leave: purposes and clauses become wishes, "without X" a refusal, a noun the item."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from assistant.reader import terms
from assistant.reader.english import FUNCTION_WORDS, OCCASIONS, PEOPLE, REQUEST_WORDS
from assistant.reader.negation import negative_at, soft_at
from assistant.reader.numbers import NUMBER_WORDS
from assistant.reader.synonyms import SYNONYMS
from assistant.reader.utterance import Token, Utterance
from catalog.constraint import TEXT, WISH, Constraint, Op
from catalog.text import tokens
from retrieval.vocabulary import Vocabulary

STOPS: Final = FUNCTION_WORDS | REQUEST_WORDS

_CLAUSE_END: Final = r"(?=\s+(?:which|under|below|over|with|without|but|please|and\s+(?:not|under|is|it|no)|not|less|from|max|around|about|up|between|cheaper|ideally|preferably)\b|[,.;!?\n]|$)"
_PURPOSE: Final = re.compile(
    rf"\b(?:for|to\s+(?:use|wear|take|go|keep|make|cook|carry|give)|when|while|suitable\s+for|good\s+for)\s+(?P<what>[^,.;!?\n]{{2,60}}?){_CLAUSE_END}"
)
_THAT_CLAUSE: Final = re.compile(
    r"\b(?:that|which|who)(?!'s\b)\s+(?P<what>(?:do(?:es)?n'?t|do(?:es)?\s+not|won'?t|can|will|would|looks?|feels?|fits?|lasts?|goes|keeps?|works?|stays?|smells?|tastes?|likes?|loves?|my|is\s+(?:easy|good|nice|safe|great)|are\s+(?:easy|good|nice|safe|great))\b"
    r"[^,.;!?\n]{2,60}?)" + _CLAUSE_END
)
_OPEN_NEED: Final = re.compile(
    r"\b(?:something|anything|stuff|things)\s+(?:to|for|that|which)\s+(?P<what>[^,.;!?\n]{2,80}?)"
    + _CLAUSE_END
)
"""A need described instead of named: "something to write with"."""
_WITH: Final = re.compile(r"\bwith\s+(?:an?\s+|the\s+|some\s+)?(?P<what>[\w-]+(?:\s+[\w-]+){0,2})")
_SET_OF: Final = re.compile(
    r"\b(?:(?:an?|the)\s+)?(?:set|pack|pair|box|bag|bottle|packet|bunch|couple|dozen)s?\s+of\s+(?:\d+\s+)?"
)
_COUNTS: Final = frozenset(
    """two three four five six seven eight nine ten dozen pair pairs""".split()
)
_MAX_WORD: Final = 40
"""A longer run of letters is no word."""
_GIFT: Final = re.compile(r"\b(?:gifts?|presents?|surprise)\b")


def read_purposes(
    u: Utterance,
    constraints: Sequence[Constraint],
    vocabulary: Vocabulary,
    kinds: frozenset[str],
    parked: frozenset[str] = frozenset(),
    *,
    before_terms: bool = False,
) -> list[Constraint]:
    """Purposes such as "for a small kitchen", "that doesn't wake the baby": wishes, kept whole.

    Called twice: ``before_terms`` for phrases that a term inside them would tear
    apart; afterwards for the rest.
    """
    made = []
    read: list[tuple[int, int]] = []
    for pattern in (_OPEN_NEED, _PURPOSE, _THAT_CLAUSE):
        for m in pattern.finditer(u.lower):
            start, end = m.start("what"), m.end("what")
            if any(a <= m.start() < b for a, b in read) or not u.free(m.start(), m.start() + 1):
                continue
            if not _content(u, start, end):
                continue
            alone = bool(kinds) and not u.lower[: m.start()].strip()
            if not (alone or pattern is _OPEN_NEED or _something_before(u, m.start(), constraints)):
                continue
            if before_terms and _names_a_term(u, start, end, vocabulary):
                continue
            span = u.text[m.start() : end].strip()
            topic = _speaks_of(u, start, end)
            if topic in parked:
                made.append(Constraint("type", Op.EQ, (topic,), span=u.text[start:end]))
            elif topic not in kinds:
                made.append(Constraint(WISH, Op.CONTAINS, (span.lower(),), hard=False, span=span))
            u.take(m.start(), end)
            read.append((m.start(), end))
    if before_terms and (gift := _GIFT.search(u.lower)):
        u.take(gift.start(), gift.end())
        span = u.text[gift.start() : gift.end()]
        made.append(Constraint(WISH, Op.CONTAINS, ("gift",), hard=False, span=span))
    return made


def read_leftovers(
    u: Utterance, constraints: Sequence[Constraint], vocabulary: Vocabulary, has_wants: bool
) -> tuple[list[Constraint], tuple[str, ...]]:
    """Constraints from what nothing else read, and the words that rest on a guess."""
    made: list[Constraint] = []
    for m in _SET_OF.finditer(u.lower):
        if u.free(m.start(), m.end()):
            u.take(m.start(), m.end() - 1)
    made += _refused_flags(u, vocabulary)
    for m in _WITH.finditer(u.lower):
        if words := _unread_words(u, m.start("what"), m.end("what")):
            made.append(Constraint(WISH, Op.CONTAINS, (f"with {words}",), hard=False, span=words))
    item_found = any(c.field == "type" and not c.op.negative for c in constraints)
    guessed: list[str] = []
    for first, last in u.unread_runs(STOPS):
        span = u.span(first, last)
        while first < last and (u.tokens[first].word in _COUNTS or u.tokens[first].word.isdigit()):
            first += 1
        nouns = [t for t in u.tokens[first:last] if not t.word.isdigit() and len(t.word) > 1]
        if (
            all(t.word in NUMBER_WORDS for t in nouns)
            or _names_a_field(nouns, constraints)
            or _repeats_topic(nouns, constraints)
        ):
            continue
        if any(t.end - t.start > _MAX_WORD for t in nouns):
            guessed.append(f"{span[:_MAX_WORD]}…")
            continue
        span = u.span(first, last)
        read = {t.index for t in u.tokens if u.taken(t.index)}
        if negative_at(u, first, last, closed=read):
            hard = not soft_at(u, first, last)
            made.append(Constraint(TEXT, Op.NOT_CONTAINS, (span.lower(),), hard=hard, span=span))
        elif item_found or all(t.stem in PEOPLE or t.stem in OCCASIONS for t in nouns):
            made.append(Constraint(WISH, Op.CONTAINS, (span.lower(),), hard=False, span=span))
        elif has_wants and _only_describes(u, first, last, vocabulary):
            made.append(Constraint(WISH, Op.CONTAINS, (span.lower(),), hard=False, span=span))
            guessed.append(span)
        else:
            made += _item(u, first, last, vocabulary)
            item_found = True
            guessed.append(span)
    return made, tuple(guessed)


def _refused_flags(u: Utterance, vocabulary: Vocabulary) -> list[Constraint]:
    """Read "no fragrance" where the catalogue states what is fragrance-free."""
    made = []
    for token in u.tokens:
        if u.taken(token.index):
            continue
        said = (token.stem, "free")
        flag = vocabulary.flags.get(said) or vocabulary.flags.get(SYNONYMS.get(said, ()))
        if flag is not None and negative_at(u, token.index, token.index + 1):
            u.take_tokens(token.index, token.index + 1)
            made.append(
                Constraint(flag.field, Op.EQ, True, span=u.span(token.index, token.index + 1))
            )
    return made


def _names_a_field(nouns: Sequence[Token], constraints: Sequence[Constraint]) -> bool:
    """Whether what is left only names the field of what was read: the skin of "sensitive skin"."""
    names = {t for c in constraints for t in tokens(c.field.replace("_", " "))}
    return all(t.stem in names for t in nouns)


def _repeats_topic(nouns: Sequence[Token], constraints: Sequence[Constraint]) -> bool:
    topic = {t for c in constraints if c.field == "type" for w in c.words for t in tokens(w)}
    return bool(topic) and all(t.stem in topic for t in nouns)


def _item(u: Utterance, first: int, last: int, vocabulary: Vocabulary) -> list[Constraint]:
    """A noun phrase as the thing wanted: its ending names the type, what precedes is a wish."""
    while last - first > 1 and any(c.isdigit() for c in u.tokens[last - 1].word):
        last -= 1
    while last - first > 1 and u.tokens[first].word.isdigit():
        first += 1
    item = terms.item_from([t.stem for t in u.tokens[first:last]], vocabulary)
    head = last - len(item)
    made = [Constraint("type", Op.CONTAINS, (" ".join(item),), span=u.span(head, last))]
    if head > first:
        span = u.span(first, head)
        made.append(Constraint(WISH, Op.CONTAINS, (span.lower(),), hard=False, span=span))
    return made


def _only_describes(u: Utterance, first: int, last: int, vocabulary: Vocabulary) -> bool:
    """Whether a phrase in the middle of a conversation qualifies the current topic rather than
    naming a new thing: "more colourful", "something rustic" against "do you have formula".
    """
    before = u.tokens[first - 1].word if first else ""
    if before in (
        "more",
        "less",
        "something",
        "anything",
        "very",
        "really",
        "too",
        "so",
        "be",
        "is",
        "look",
        "looks",
        "bit",
        "little",
    ):
        return True
    after = u.tokens[last].word if last < len(u.tokens) else ""
    return after in ("one", "ones")


def _unread_words(u: Utterance, start: int, end: int) -> str:
    """The first unread content words inside a range, taken; empty when its first word is read already."""
    first = u.token_at(start)
    last = first
    while (
        last < len(u.tokens)
        and u.tokens[last].start < end
        and not u.taken(last)
        and u.tokens[last].word not in STOPS
    ):
        last += 1
    if last == first:
        return ""
    u.take_tokens(first, last)
    return u.span(first, last).lower()


def _inside(u: Utterance, start: int, end: int) -> list[int]:
    return [t.index for t in u.tokens if t.start >= start and t.end <= end]


def _content(u: Utterance, start: int, end: int) -> bool:
    """Some unread word in the range carries meaning, and nothing in it has been read as a term."""
    inside = _inside(u, start, end)
    if any(u.taken(i) for i in inside) and not any(u.tokens[i].word in PEOPLE for i in inside):
        return False
    return any(u.tokens[i].word not in STOPS and not u.taken(i) for i in inside)


def _something_before(u: Utterance, position: int, constraints: Sequence[Constraint]) -> bool:
    """Something is already wanted before this phrase, so that it can qualify it ("looking for X" names X)."""
    if re.search(
        r"\b(?:look(?:ing)?|shop(?:ping)?|search(?:ing)?|hunt(?:ing)?|ask(?:ing)?|market|browsing)\s*$",
        u.lower[:position],
    ):
        return False
    if re.search(
        r"\b(?:something|anything|one|ones|some|gift|present|stuff|things?)\b", u.lower[:position]
    ):
        return True
    return any(
        t.end <= position
        and (t.word not in STOPS or u.taken(t.index))
        and t.word not in FUNCTION_WORDS
        for t in u.tokens
    )


def _names_a_term(u: Utterance, start: int, end: int, vocabulary: Vocabulary) -> bool:
    """Whether the phrase is a value the catalogue states ("for women", "for sensitive skin")."""
    stems = [u.tokens[i].stem for i in _inside(u, start, end)]
    if any(u.tokens[i].word in PEOPLE for i in _inside(u, start, end)):
        return False
    for size in range(1, len(stems) + 1):
        for i in range(len(stems) - size + 1):
            phrase = tuple(stems[i : i + size])
            if phrase in vocabulary.flags or any(
                e.field not in ("type", "brand", "color", "material")
                for e in vocabulary.lookup(phrase)
            ):
                return True
    return False


def _speaks_of(u: Utterance, start: int, end: int) -> str:
    """The folded noun of "for the kettle", which may be a topic of the conversation."""
    return " ".join(
        u.tokens[i].stem for i in _inside(u, start, end) if u.tokens[i].word not in FUNCTION_WORDS
    )
