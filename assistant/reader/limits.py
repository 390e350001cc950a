"""The words around a number that make it a limit: "at most", "no wider than", "or more", "around"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from assistant.reader.english import FUNCTION_WORDS, REQUEST_WORDS
from assistant.reader.fields import COMPARED
from assistant.reader.numbers import Quantity, find_quantities
from assistant.reader.utterance import Utterance
from catalog.constraint import Op
from catalog.text import tokens
from retrieval.vocabulary import Vocabulary

_NO_KIND: Final = FUNCTION_WORDS | REQUEST_WORDS

_NOT: Final = (
    r"(?:(?:no|not|never|nothing|none|without|cannot|(?:ca|is|are|do|does|did|wo|would|should|must|could)n'?t)"
    r"(?:\s+(?:be|being|go|going|get|want|need|any|anything|something|stuff|things|it|one|ones|to|that|that's|thats|which|is|are|really|look|looking"
    r"|weigh|weighs|weighing|cost|costs|costing|spend|spending|pay|paying|measure|take|takes|have|by))*\s+)"
)
_THAN: Final = "|".join(
    re.escape(w).replace(r"\ ", r"\s+") for w in sorted(COMPARED, key=lambda w: (-len(w), w))
)
_AT_MOST: Final = (
    r"max(?:imum)?(?:\s+of)?|at\s+most|up\s+to|upto|within|inside(?:\s+of)?(?=\s+\d)|<=?|≤|until|"
    r"budget(?:\s+(?:is|of|limit|around|about|up\s+to|max|under|approx))*|(?:only\s+)?(?:have|got)(?:\s+only)?|limit(?:\s+(?:is|of))?|spend(?:ing)?(?:\s+(?:up\s+to|about|around))?|cap(?:ped)?\s+at"
)
_AT_LEAST: Final = r"min(?:imum)?(?:\s+of)?|at\s+least|starting\s+(?:at|from)|from|>=?|≥"
ABOUT: Final = r"around|about|roughly|approx(?:imately)?\.?|circa|ca\.?|~|close\s+to|in\s+the\s+(?:region|area)\s+of|somewhere\s+around"
_LEFT: Final = re.compile(
    rf"(?:(?P<neg>\b{_NOT})?(?:(?P<above>over|above|exceed(?:s|ing)?)|(?P<below>under|below)|(?:(?:any|much|a\s+(?:lot|bit|little)|way|far|slightly)\s+)?(?P<word>{_THAN})\s+than)"
    rf"|(?P<most>{_AT_MOST})|(?P<least>{_AT_LEAST})|(?P<about>{ABOUT}))\s*(?:about\s+|around\s+|like\s+|the\s+|a\s+)?[:=]?\s*$"
)
_BACK: Final = re.compile(
    rf"^[^\d?]{{,80}}?(?P<neg>\b{_NOT})?\b(?:(?:any|much|a\s+(?:lot|bit|little)|way|far|slightly)\s+)?(?P<word>{_THAN})\s+than\s+(?:that|this)\b"
)
"""What is said of a number afterwards: "the gap is 8 inches, it can't be wider than that"."""
_RIGHT_MOST: Final = re.compile(
    r"\s*(?:or\s+(?:less|under|below|lower|cheaper|fewer|smaller|lighter|shorter|narrower|shallower|thinner|quieter)|(?:(?:is|was|be)\s+(?:the|my|our)\s+(?:absolute\s+)?)?(?:max(?:imum)?|limit|budget)|tops?|at\s+(?:the\s+)?most|and\s+(?:under|below|less)(?!\s*(?:than\s*)?[\d$€£]))(?!\w)"
)
_RIGHT_LEAST: Final = re.compile(
    r"\s*(?:(?:or\s+(?:more|over|above|higher|bigger|larger|longer|taller|wider|deeper|thicker|heavier|up|better)|(?:(?:is|was|be)\s+(?:the|my|our)\s+(?:absolute\s+)?)?min(?:imum)?|at\s+least|and\s+(?:up|over|above|more)(?!\s*(?:than\s*)?[\d$€£])|plus|upwards?)(?!\w)|\+)"
)
_PROPOSES: Final = re.compile(r"\b(?:what|how)\s+$")
_REFUSED_KIND: Final = re.compile(
    r"\b(?P<no>no|not\s+(?:an?|any)|without\s+(?:an?|any)|(?:do|does)(?:n'?t|\s+not)\s+(?:want|need|like|show\s+me|give\s+me)(?:\s+(?:an?|any))?)"
    r"\s+(?P<kind>[\w'-]+(?:\s+[\w'-]+){0,3}?)\s+(?:(?:that(?:'s|\s+(?:is|are|costs?))|which\s+(?:is|are|costs?)|costing|priced|being)\s+)?$"
)
"""What is refused only beyond the limit that follows: "no kettle over 50"."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A quantity with the words around it that say "at most" or "at least" (characters).

    ``word`` is the adjective it is compared by ("taller than").
    """

    start: int
    end: int
    op: Op | None
    about: bool
    word: str | None = None


def comparison(u: Utterance, q: Quantity, vocabulary: Vocabulary) -> Comparison:
    """A quantity with what the words on either side of it say of it."""
    start, end, op, about, word = q.start, q.end, None, False, None
    left = u.behind(_LEFT, start)
    if left and not u.lower[: left.start()][-1:].isalnum():
        start, op = left.start(), _left_op(left)
        word = re.sub(r"\s+", " ", left["word"]) if left["word"] else None
        if (left["above"] or left["below"] or word) and not left["neg"]:
            op = _of_refused_kind(u, op, start, vocabulary)
        if left["about"] and u.behind(_PROPOSES, start):
            # "what about 80" proposes a number; it does not blur it
            start = q.start
        elif left["about"]:
            about = True
            outer = u.behind(_LEFT, start)
            if outer and _left_op(outer) is Op.LE:
                start, op = outer.start(), Op.LE
        else:
            about = (
                op is Op.LE and re.search(r"around|about|approx", left["most"] or "") is not None
            )
    if ish := re.match(r"\s?-?ish(?!\w)", u.lower[end:]):
        about, end = True, end + ish.end()
    op_right, end = _right_op(u, end)
    if op is None and op_right is None and not about and (back := _BACK.search(u.lower[end:])):
        op, word = _left_op(back), re.sub(r"\s+", " ", back["word"])
    return Comparison(start, end, op_right or op, about, word)


def _of_refused_kind(u: Utterance, op: Op | None, start: int, vocabulary: Vocabulary) -> Op | None:
    """The limit turned round where a kind of product is refused beyond it: of "no kettle over 50"
    kettles are wanted, up to 50. Takes the negation, unless it is an attribute that it refuses.
    """
    refused = u.behind(_REFUSED_KIND, start)
    if refused is None or op is None:
        return op
    kind = tuple(tokens(refused["kind"]))
    named = whole = vocabulary.has_type(kind)
    if not named:
        named = any(vocabulary.has_type(kind[i:]) for i in range(len(kind)))
    if not named and kind and kind[-1] not in _NO_KIND and not vocabulary.lookup(kind[-1:]):
        # a thing the catalogue does not know, where nothing else was named before it
        named = all(t.word in _NO_KIND for t in u.tokens[: u.token_at(refused.start())])
        whole = named and not any(vocabulary.lookup((word,)) for word in kind)
    if whole:
        u.take(refused.start("no"), refused.end("no"))
    if not named:
        return op
    return Op.LE if op is Op.GE else Op.GE


def _left_op(left: re.Match[str]) -> Op | None:
    """The limit that words before a number set: "no wider than" is an upper one."""
    said = left.groupdict()
    if said.get("about"):
        return None
    if said.get("most") or said.get("least"):
        return Op.LE if said["most"] else Op.GE
    direction = COMPARED[re.sub(r"\s+", " ", said["word"])][0] if said["word"] else 0
    lower = said.get("above") is not None or direction > 0
    return Op.GE if lower != (said["neg"] is not None) else Op.LE


def _right_op(u: Utterance, end: int) -> tuple[Op | None, int]:
    """The limit that words after a number set, and where they end."""
    if right := _RIGHT_MOST.match(u.lower[end:]):
        return Op.LE, end + right.end()
    if right := _RIGHT_LEAST.match(u.lower[end:]):
        return Op.GE, end + right.end()
    return None, end


def beyond(u: Utterance, found: Comparison, start: int, end: int) -> tuple[Op | None, int, int]:
    """The limit and its extent when the name of the field stands between it and the number:
    "maximum width 58 cm", "50 cm tall or less".
    """
    if found.op is not None:
        return found.op, start, end
    left = u.behind(_LEFT, start) if start < found.start else None
    if left and not left["about"] and not u.lower[: left.start()][-1:].isalnum():
        return _left_op(left), left.start(), end
    if end > found.end:
        op, stop = _right_op(u, end)
        return op, start, stop
    return None, start, end


def sets_limit(span: str) -> bool:
    """Whether words that were read as a number leave no doubt which way it limits: "not less than
    8", "up to 100". "Over 100" may also be said of what is shown.
    """
    u = Utterance(span.replace("+", " "))  # "100+ per bag" is a count as often
    for q in find_quantities(u):
        left = u.behind(_LEFT, q.start)
        if (left and (left["neg"] or left["most"] or left["least"])) or _right_op(u, q.end)[0]:
            return True
    return False
