"""The catalogue's terms in an utterance: types, brands, colours and other values, with negation and typos."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from assistant.reader.english import (
    FUNCTION_WORDS,
    OCCASIONS,
    PEOPLE,
    REQUEST_WORDS,
    common_words,
    knows_english,
    slipped,
)
from assistant.reader.field_words import ANY_VALUE, in_titles, told_by_field
from assistant.reader.lookups import lookups_of
from assistant.reader.negation import negative_at, soft_at
from assistant.reader.scope import scope_of
from assistant.reader.synonyms import SYNONYMS
from assistant.reader.utterance import Utterance
from catalog.constraint import NONE, WISH, Constraint, Op
from catalog.lexicon import GENUINE
from catalog.money import CURRENCY_WORDS
from catalog.text import tokens
from retrieval.vocabulary import Entry, Phrase, Vocabulary

_MIN_CORRECTED: Final = 4
_HARDLY: Final = 2
"""Products of a brand that is hardly anybody's."""


@dataclass(frozen=True, slots=True)
class Term:
    """A run of words that the catalogue knows, with its meaning there."""

    first: int
    last: int
    entry: Entry
    negative: bool
    hard: bool
    flag: bool | None = None
    """What is asked of a yes/no attribute: no for the "wired" that nothing wireless is."""


def correct_spelling(u: Utterance, vocabulary: Vocabulary) -> list[tuple[str, str]]:
    """Rewrite the stems of misspelt words to catalogue words; returns (written, read) pairs.

    A word is left alone when the catalogue or English has it as it stands. One
    edit is allowed up to seven letters, two beyond (Damerau-Levenshtein).
    """
    if not vocabulary.rows:
        return []
    lookups = lookups_of(vocabulary)
    common = common_words() | CURRENCY_WORDS.keys()
    corrected = []
    for token in u.tokens:
        if (
            u.taken(token.index)
            or len(token.word) < _MIN_CORRECTED + (0 if knows_english() else 2)
            or not token.word.isalpha()
            or not token.word.isascii()
            or token.stem in vocabulary.words
            or token.word in common
            or token.stem in common
            or token.word in lookups.field_words
            or token.stem in lookups.field_words
            or (token.stem,) in SYNONYMS
        ):
            continue
        allowed = 1 if len(token.stem) <= 7 else 2
        near = [
            found
            for form in dict.fromkeys((token.stem, token.word))
            for found in process.extract(
                form,
                lookups.spellings(len(form) - allowed, len(form) + allowed),
                scorer=DamerauLevenshtein.distance,
                score_cutoff=allowed,
                limit=None,
            )
        ]
        short = len(token.stem) <= _MIN_CORRECTED
        near = [
            n
            for n in near
            if _begin_alike(token.stem, n[0]) and (not short or slipped(token.stem, n[0]))
        ]
        if near:
            # of equally near words the one most products carry is meant
            best = min(near, key=lambda n: (n[1], -_weight(vocabulary, n[0]), n[0]))[0]
            corrected.append((token.word, best))
            token.stem = best
    return corrected


def _begin_alike(written: str, word: str) -> bool:
    """Whether a mistake leaves the beginning: the first letter is seldom wrong, only swapped with
    the second. "Pleather" is no leather.
    """
    return word[0] == written[0] or word[:2] == written[1::-1]


def _weight(vocabulary: Vocabulary, word: str) -> int:
    return max((e.count for e in vocabulary.entries.get((word,), ())), default=0)


def find_terms(u: Utterance, vocabulary: Vocabulary, kinds: frozenset[str]) -> list[Term]:
    """Every catalogue term in what is still unread, longest first, then left to right."""
    read = {t.index for t in u.tokens if u.taken(t.index)}
    # a shelf ("candles") stands for the types filed there
    kinds = kinds | scope_of(vocabulary, kinds).types
    found: list[tuple[int, int, Entry, bool | None]] = []
    limit = max(vocabulary.max_words, 4)
    for size in range(min(limit, len(u.tokens)), 0, -1):
        for first in range(len(u.tokens) - size + 1):
            last = first + size
            if any(u.taken(i) for i in range(first, last)) or u.broken(first, last):
                continue
            meaning = _meaning(u, first, last, vocabulary, kinds)
            if meaning is None:
                continue
            entry, flag = meaning
            if entry.field == "material" and _genuine(u, first):
                first -= 1
            found.append((first, last, entry, flag))
            u.take_tokens(first, last)
            if entry.field == "type":
                said = " ".join(t.stem for t in u.tokens[first:last])
                kinds |= {said, " ".join(tokens(entry.value))}
    found.sort(key=lambda f: f[0])
    made = []
    for first, last, entry, flag in found:
        of_field = {i for a, b, e, _ in found if e.field == entry.field for i in range(a, b)}
        # "no chicken dog treats" refuses chicken: a negation stops at the attribute before a type
        others = {i for a, b, e, _ in found if e.field != entry.field for i in range(a, b)}
        is_type = entry.field == "type" and flag is None
        negative = negative_at(u, first, last, of_field, read | others if is_type else read)
        hard = is_type or not soft_at(u, first, last)
        made.append(Term(first, last, entry, negative, hard, flag))
    return made


def _genuine(u: Utterance, first: int) -> bool:
    """Whether the word before a material says only that it is no imitation."""
    free = first > 0 and not u.taken(first - 1) and not u.broken(first - 1, first + 1)
    return free and u.tokens[first - 1].word in GENUINE


def _meaning(
    u: Utterance, first: int, last: int, vocabulary: Vocabulary, kinds: frozenset[str]
) -> tuple[Entry, bool | None] | None:
    """What a run of words says: an entry of the catalogue, and for a yes/no which of the two."""
    phrase = tuple(t.stem for t in u.tokens[first:last])
    if len(phrase) == 1 and (phrase[0] in FUNCTION_WORDS or u.tokens[first].word in FUNCTION_WORDS):
        return None
    for candidate in (phrase, SYNONYMS.get(phrase)):
        if candidate is None:
            continue
        flag = vocabulary.flags.get(candidate)
        if flag is not None and (candidate == phrase or not in_titles(phrase, flag, vocabulary)):
            return flag, True
        entries = [
            e
            for e in vocabulary.entries.get(candidate, ())
            if _believable(u, first, last, candidate, e, vocabulary, kinds)
        ]
        if entries and candidate != phrase:
            # another name for a value, that stands in a longer value of its field: that one is meant
            entries = [lookups_of(vocabulary).saying(e.field, phrase) or e for e in entries]
        if entries:
            rival = max((e.count for e in entries if e.field != "type"), default=0) // 3
            return max(entries, key=lambda e: _fit(e, kinds, rival)), None
    return told_by_field(u, first, last, vocabulary, kinds)


def _fit(entry: Entry, kinds: frozenset[str], rival: int) -> tuple[int, int, int, str]:
    """A type unless another meaning is three times as frequent, then what the types under
    discussion have most.
    """
    here = sum(n for t, n in entry.types.items() if t in kinds)
    return (int(entry.field == "type" and entry.count >= rival), here, entry.count, entry.field)


def _believable(
    u: Utterance,
    first: int,
    last: int,
    phrase: Phrase,
    entry: Entry,
    vocabulary: Vocabulary,
    kinds: frozenset[str],
) -> bool:
    """Whether ordinary words may stand for that entry here.

    Sellers call brands and values things like "New" or "Playing": such a word
    counts only where the shopper marks it as a name, or asks by its field. So do several
    ("Summer Wedding") where hardly any product has that brand: no wish is made a demand by it.
    """
    if last - first > len(phrase):
        return True  # another name for it, of more words: "open back"
    before = u.tokens[first - 1].word if first else ""
    capital = last > 1 and u.text[u.tokens[last - 1].start].isupper() and not u.text.isupper()
    named = before in ("by", "brand") or capital
    if len(phrase) > 1:
        known = entry.count > _HARDLY or not common_words().issuperset(phrase)
        return entry.field != "brand" or known or named
    word = phrase[0]
    if word.isdigit() or len(word) < 2:
        return False
    if entry.field == "type":
        return word not in REQUEST_WORDS and word not in PEOPLE
    if entry.field in ("color", "material", "gender"):
        return not (
            entry.field == "gender"
            and u.tokens[first].word in ("him", "her", "m", "f", "man", "woman")
            and entry.count == 0
        )
    ordinary = word in common_words() or word in REQUEST_WORDS or word in OCCASIONS
    if entry.field == "brand":
        return not ordinary or named or vocabulary.title_count(phrase) <= 2 * entry.count
    if word in REQUEST_WORDS or word in PEOPLE:
        return False
    field_named = entry.field.replace("_", " ") in u.lower
    of_this_kind = any(t in kinds for t in entry.types)
    return field_named or of_this_kind or not ordinary


def to_constraints(u: Utterance, terms: Iterable[Term], vocabulary: Vocabulary) -> list[Constraint]:
    """Terms as constraints; several values of one field asked for together are alternatives."""
    made: list[Constraint] = []
    terms = list(terms)
    for place, term in enumerate(terms):
        first = term.first
        following = terms[place + 1] if place + 1 < len(terms) else None
        span = u.span(first, term.last)
        if term.flag is not None:
            asked = term.flag != term.negative
            made.append(Constraint(term.entry.field, Op.EQ, asked, hard=term.hard, span=span))
            continue
        field, value = term.entry.field, (term.entry.value,)
        if field == "type" and following is not None and _modifies(u, term, following):
            made.append(Constraint(WISH, Op.CONTAINS, (span.lower(),), hard=False, span=span))
            continue
        if field == "type" and (compound := _compound(u, term, vocabulary)) is not None:
            made.append(compound)
            continue
        if field == "type":
            op = _type_op(u, term, vocabulary)
            if term.negative:
                op = Op.NE if op is Op.EQ else Op.NOT_CONTAINS
            value = (
                " ".join(t.stem for t in u.tokens[first : term.last])
                if op in (Op.CONTAINS, Op.NOT_CONTAINS)
                else term.entry.value,
            )
        else:
            op = Op.NE if term.negative else Op.EQ
        if term.entry.value == ANY_VALUE:
            op = Op.EQ if term.negative else Op.NE
            if not any(t is not term and t.entry.field == field for t in terms):
                made.append(Constraint(field, op, NONE, hard=term.hard, span=span))
            continue
        twin = next(
            (
                i
                for i, c in enumerate(made)
                if c.field == field and c.op is op and c.hard == term.hard
            ),
            None,
        )
        if twin is not None and (field != "type" or _alternatives(u, terms, term)):
            old = made[twin]
            if value[0] not in old.words:
                made[twin] = Constraint(
                    field,
                    op,
                    (*old.words, *value),
                    hard=term.hard,
                    span=_through(u, old.span, term),
                )
        elif twin is None:
            made.append(Constraint(field, op, value, hard=term.hard, span=span))
        else:
            # a second product type in one sentence stays as words for relevance
            made.append(Constraint(WISH, Op.CONTAINS, (span,), hard=False, span=span))
    return made


def _through(u: Utterance, span: str, term: Term) -> str:
    """From an earlier span to the end of a term: "red or blue"."""
    start, end = u.text.find(span), u.tokens[term.last - 1].end
    return u.text[start:end] if 0 <= start < end else span


def _modifies(u: Utterance, term: Term, following: Term) -> bool:
    """Whether a type only describes the type right after it: the coffee of "coffee mug"."""
    adjacent = following.first == term.last and not re.search(r"[,.;!?]", u.gap(term.last))
    return adjacent and following.entry.field == "type" and following.flag is None


def _compound(u: Utterance, term: Term, vocabulary: Vocabulary) -> Constraint | None:
    """A type and the unread noun after it where titles know the two as one: "train set"."""
    after = term.last
    if (
        term.negative
        or after >= len(u.tokens)
        or u.taken(after)
        or re.search(r"[,.;!?]", u.gap(after))
    ):
        return None
    word = u.tokens[after]
    own = tuple(t.stem for t in u.tokens[term.first : after])
    if word.word in FUNCTION_WORDS or word.word in REQUEST_WORDS:
        return None
    phrase = (*own, word.stem)
    # the last noun is the thing: "dog beds" are beds, though the shop has a shelf for dogs
    shelf = not term.entry.types.get(" ".join(tokens(term.entry.value)), 0)
    if vocabulary.title_count(phrase) < 3 and not shelf:
        return None
    u.take_tokens(after, after + 1)
    span = u.span(term.first, after + 1)
    return Constraint("type", Op.CONTAINS, (" ".join(phrase),), span=span)


def _alternatives(u: Utterance, terms: Iterable[Term], term: Term) -> bool:
    return term.first > 0 and u.tokens[term.first - 1].word in ("or", "and")


def _type_op(u: Utterance, term: Term, vocabulary: Vocabulary) -> Op:
    """``=`` where the catalogue files what bears that name under that type, else ``contains``.

    Tidy catalogues keep kettles under "kettle"; messy ones spread trains over
    "Trains", "Train Sets" and "Rail Vehicles", and there the title decides.
    """
    phrase = tuple(t.stem for t in u.tokens[term.first : term.last])
    entry = next((e for e in vocabulary.lookup(phrase, "type")), term.entry)
    if phrase not in vocabulary.entries:
        return Op.EQ
    titled = vocabulary.title_count(phrase)
    return Op.EQ if titled <= entry.count * 1.15 else Op.CONTAINS


def item_from(words: Sequence[str], vocabulary: Vocabulary) -> Phrase:
    """The longest ending of a noun phrase that titles carry ("classic train set" → "train set").

    A phrase no title carries is returned whole.
    """
    for start in range(len(words)):
        run = tuple(words[start:])
        if len(run) <= 3 and vocabulary.title_count(run) >= 3:
            return run
    for start in range(len(words)):
        run = tuple(words[start:])
        if len(run) <= 3 and vocabulary.title_count(run):
            return run
    return tuple(words)
