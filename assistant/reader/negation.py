"""Whether words are refused ("not red", "wool-free"), or only hoped for ("ideally cotton")."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from assistant.reader.utterance import Utterance

_NEGATORS: Final = frozenset(
    """not no non without except excluding minus avoid hate hates dislike dislikes never isnt arent neither nor aint skip omit ban dont
    doesnt cant wont shouldnt wouldnt didnt mustnt cannot nothing""".split()
)  # fmt: skip
_NOT_REALLY: Final = frozenset(
    {("not", "only"), ("not", "necessarily"), ("not", "just"), ("not", "sure"), ("dont", "mind"), ("not", "mind"), ("dont", "care"), ("no", "problem"), ("cant", "find"), ("cant", "wait")}
)  # fmt: skip
"""Negators that with the next word refuse nothing."""
_PAIRS: Final = frozenset(
    {("other", "than"), ("rather", "than"), ("instead", "of"), ("sick", "of"), ("tired", "of")}
)
_ANYTHING: Final = frozenset(["anything", "everything", "all", "any", "whatever"])
_ANY: Final = frozenset(["any", "every", "whatever", "whichever", "all", "each"])
_SCOPE_ENDS: Final = frozenset(
    """but i we you please show give find because so since just only still then instead though however prefer need with rather yes""".split()
)
_REACH: Final = 6
"""Words between a negator and what it refuses."""
_SOFT: Final = re.compile(
    r"\b(?:ideally|preferably|preferred|prefer(?:ence)?|if\s+(?:at\s+all\s+)?possible|would\s+be\s+(?:nice|great|good|a\s+plus)|maybe|perhaps|bonus|nice\s+to\s+have|a\s+plus|"
    r"hopefully|if\s+you\s+have\s+(?:it|one|them|any)|rather(?!\s+than))\b"
)
_CLAUSE_END: Final = re.compile(r"[,.;!?\n]|\b(?:but|and)\b")
_SOFT_AFTER: Final = re.compile(r"\s*(?:ideally|preferably|if\s+possible)\s*(?:$|[.,;!?])")

_SHRUG: Final = re.compile(
    r"(?P<sum>\d|\b(?:pounds?|quid|dollars?|bucks?|euros?|pence|cents?|fiver|tenner))\s*,?\s+"
    r"(?:maybe|perhaps|possibly|i\s+(?:guess|suppose|think))(?=\s*(?:$|[.,;!?]))",
    re.IGNORECASE,
)


def without_shrug(text: str) -> str:
    """The text without a "maybe" right behind a number: it doubts the number, and hopes for nothing."""
    return _SHRUG.sub(r"\g<sum>", text)


def negative_at(
    u: Utterance,
    first: int,
    last: int,
    of_field: Collection[int] = (),
    closed: Collection[int] = (),
) -> bool:
    """Whether the tokens [first, last) are refused; takes the negator that says so.

    ``of_field`` are the tokens read as the same field: a negation reaches over them
    and over the commas and "or" between them ("not red, white or blue"). It does not reach
    over the tokens in ``closed``.
    """
    if _free_follows(u, last):
        return True
    passed = 0
    right = first
    for i in range(first - 1, -1, -1):
        if _breaks(u, i, right, of_field) or passed >= _REACH or i in closed:
            return False
        word = u.tokens[i].word
        pair = (u.tokens[i - 1].word if i else "", word)
        if pair in _PAIRS or (word in ("but", "except") and _anything_before(u, i)):
            return True
        if word in _NEGATORS:
            return _refuses(u, i)
        if word in _SCOPE_ENDS:
            return False
        right = i
        passed += i not in of_field
    return False


def _anything_before(u: Utterance, at: int) -> bool:
    """Whether "anything" or "any colour" stands before a "but", which then excepts: in "the same
    colour but a toaster" it does not.
    """
    if at and u.tokens[at - 1].word in _ANYTHING:
        return True
    return at > 1 and u.tokens[at - 2].word in _ANY


def soft_at(u: Utterance, first: int, last: int) -> bool:
    """Whether the words stand in a clause that only hopes ("ideally not X", "cotton if possible")."""
    start, end = u.tokens[first].start, u.tokens[last - 1].end
    left = max((m.end() for m in _CLAUSE_END.finditer(u.lower, 0, start)), default=0)
    right = _CLAUSE_END.search(u.lower, end)
    clause = u.lower[left : right.start() if right else len(u.lower)]
    if _SOFT.search(without_shrug(clause)):
        return True
    after = u.lower[right.end() :] if right is not None and right.group() == "," else ""
    return _SOFT_AFTER.match(after) is not None


def _free_follows(u: Utterance, last: int) -> bool:
    """Like "wool-free", "wool free"; but not "sugar. Free delivery"."""
    if last >= len(u.tokens) or u.tokens[last].word not in ("free", "excluded"):
        return False
    if re.search(r"[,.;!?]", u.gap(last)):
        return False
    u.take_tokens(last, last + 1)
    return True


def _breaks(u: Utterance, left: int, right: int, of_field: Collection[int]) -> bool:
    """Whether the punctuation between two neighbouring tokens ends a negation's reach."""
    gap = u.gap(right)
    if re.search(r"[.;!?\n]", gap):
        return True
    if "," not in gap:
        return False
    if u.tokens[right].word in ("or", "nor", "and"):
        return left not in of_field
    # inside a list only, and only one that ends with "or": "not red, white or blue"
    listed = left in of_field and right in of_field
    return not (listed and re.search(r"\b(?:or|nor|and)\b", u.lower[u.tokens[right].start :]))


def _refuses(u: Utterance, at: int) -> bool:
    """Whether the negator at a token refuses what follows; takes it if so."""
    word = u.tokens[at].word
    following = u.tokens[at + 1].word if at + 1 < len(u.tokens) else ""
    if (word, following) in _NOT_REALLY or (word == "no" and "," in u.gap(at + 1)):
        return False
    if word in ("dont", "doesnt", "cant") and following in ("have", "need", "matter"):
        return following == "have"
    u.take_tokens(at, at + 1)
    return True
