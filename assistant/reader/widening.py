"""Whether what is named is allowed besides what was asked for: "blue is fine too", "or black"."""

from __future__ import annotations

import re
from typing import Final

_APPROVED: Final = (
    r"(?:fine|ok|okay|okey|k|good|cool|alright|all\s+right|great|possible|welcome|acceptable)"
)
_BESIDES: Final = r"(?:too|also|aswell|as\s+well|2)"
_SUFFERED: Final = re.compile(
    # "can be black", "can be also for dry skin", "I don't mind blue"
    r"(?:\b(?:can|could|may|might)\s+(?:also\s+be|be\s+also)\b|^\W*(?:and\s+|but\s+)?(?:(?:it|they|this|that|the\s+\w+)\s+)?(?:can|could|may|might)\s+be\b(?!\s+\w+ed\b)"
    r"|\bdo(?:\s*n'?t|\s+not)\s+mind\s+(?!wh(?:at|ich|ether|o|en|ere)\b|the\b|about\b|if\b)\w|\b(?:happy|fine|ok|okay)\s+with\b|\bopen\s+to\b)"
)
_APPROVES: Final = re.compile(
    rf"(?:\b(?:is|are|as|be)|'s|s')\s+(?:\w+ly\s+|also\s+|just\s+as\s+)*{_APPROVED}\b|\b(?:would|will|could|might|'ll|'d)\s+(?:also\s+)?(?:do|work)\b|\bworks\b"
    r"|\b(?:may|can|could|might)\s+(?:\w+\s+)?(?:stay|remain|come\s+back)\b|\bafter\s+all\W*$|(?:'s|\bis|\bare)\s+(?:alright|all\s+right|fine|ok(?:ay)?)\s+after\s+all\b"
    rf"|\w\s+{_APPROVED}(?:\s+(?:{_BESIDES}|again|after\s+all|by\s+me|with\s+me))*\W*$"
)
_WIDEN: Final = re.compile(
    r"(?:"
    # "grey is fine", "greys cool too"
    rf"(?:\b(?:is|are|as|(?<!would )be)|'s|s')\s+(?:also\s+|just\s+as\s+|perfectly\s+|totally\s+|actually\s+)*{_APPROVED}\b(?!\s+(?:for(?!\s+me\b)|quality|value)\b)"
    rf"|\b(?:may|can|could|might)\s+(?:\w+\s+)?(?:stay|remain|come\s+back)\b|\bwould\s+be\s+(?:also\s+)?(?:fine|ok|okay|alright|all\s+right|acceptable|(?:good|great|cool|possible)\s+{_BESIDES})\b"
    rf"|\w\s+{_APPROVED}(?:\s+(?:{_BESIDES}|again|after\s+all|by\s+me|with\s+me))+\W*$|\w\s+(?:ok|okay|alright|fine)\W*$"
    # "blue would do", "works too", "I'd take blue as well"
    r"|\b(?:would|will|could|might|'ll|'d)\s+(?:also\s+)?(?:do|work)\b|\bworks\s+(?:too|also|as\s+well|fine|for\s+me)\b"
    r"|\b(?:too|also|aswell|as\s+well)\W*$|\b(?:too|as\s+well)\s+(?:if|please|pls|i\s+(?:guess|suppose))\b"
    # "also in 44"
    r"|\balso\s+(?:in|for|ok|okay|fine|good|great|possible|acceptable|welcome|works?|consider|happy|open)\b|^\W*(?:and\s+|then\s+)?also\b"
    rf"|{_SUFFERED.pattern}|\balternatively\b"
    r")"
)
_OR: Final = re.compile(
    r"^\W*(?:(?:hm+|ok(?:ay)?|well|oh|and)\b\W*)*or\b(?!\W+(?:rather|actually|no|nah|wait|better|make|say|sorry)\b)"
)
_REPLACES: Final = re.compile(
    r"\b(?:only|instead|change|switch|swap|replace|nothing\s+but|have\s+to\s+(?:do|be))\b|(?:\bnot|n't)\s+(?:so\s+|really\s+|very\s+)?(?:fine|ok|okay|good|cool|great|possible)\b|\bmake\s+(?:it|that|them)\b(?!.*\b(?:too|also|as\s+well)\b)"
)
_CLAUSES: Final = re.compile(r"[,.;:!?…\n]+|\bbut\b")


def widens(text: str, words: str = "") -> bool:
    """Whether values named are alternatives to those asked for before ("blue is fine too"); with
    ``words``, whether those are, by what is said around them.
    """
    said = text.lower()
    if any(_WIDEN.search(c) for c in _clauses(said, words)):
        return True
    return _OR.match(said) is not None and not _REPLACES.search(said)


def suffers(text: str, words: str) -> bool:
    """Whether values named are let pass rather than wanted: "it can be black", "I don't mind black"."""
    return any(_SUFFERED.search(c) for c in _clauses(text.lower(), words))


def approves(text: str, words: str) -> bool:
    """Whether values named are found good enough: "black is fine", "black would do"."""
    return any(_APPROVES.search(c) for c in _clauses(text.lower(), words))


def _clauses(said: str, words: str) -> list[str]:
    """The clauses with those words that replace nothing."""
    wanted = words.lower()
    clauses = [c for c in _CLAUSES.split(said) if c.strip() and wanted in c]
    return [c for c in clauses if not _REPLACES.search(c)]
