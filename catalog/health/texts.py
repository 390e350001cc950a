"""What is wrong with one title or description by itself."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from catalog.lexicon import COLORS, GENDERS
from catalog.text import fold

THIN: Final = 20
"""Words under which a description says too little to answer a question."""
LONG_TITLE: Final = 150
"""Characters beyond which shops and search engines cut a title off."""
_SHORT_TITLE: Final = 12
_SAID_AGAIN: Final = 3
_SCANNED: Final = 20_000
_QUOTED: Final = 40

_WORD: Final = re.compile(r"[^\W_]+")
_SEPARATOR: Final = re.compile(r"[,|/;•]")
_WIDE: Final = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
"""Letters of scripts that put no spaces between words, or fewer."""
_SIZES: Final = frozenset("xs s m l xl xxl xxxl small medium large".split())

_CONTROL: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\U000e0000-\U000e007f]"
)
"""Not the joiners and marks that emoji, Persian and Hebrew need."""
_MARKUP: Final = re.compile(
    r"</?[a-zA-Z][a-zA-Z0-9]*(?:\s[^<>]{0,300})?/?>|&(?:amp|nbsp|lt|gt|quot|apos|#\d{2,5}|#x[0-9a-fA-F]{2,5});"
)
_BAD_DECODING: Final = re.compile(
    "\ufffd|Ã[\u0080-\u00bf©¨¤¶¼Ÿ±¢ª«®]|â€[™œ\u009d“”\u0093\u0094¢¦]|Â[£°®©\u00a0]"
)
_TO_A_MODEL: Final = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:instructions?|prompts?|guidelines)\b"
    r"|\b(?:system|developer)\s+(?:prompt|message)\b|<\|[a-z_]+\|>|\[/?INST\]"
    r"|\byou are (?:now )?(?:an? |the )?(?:helpful |shopping |ai )*(?:assistant|language model|chatbot)\b"
    r"|\b(?:rank|list|place|put|show|recommend) (?:this|it)(?: product| item)? (?:first|at the top|above (?:all|every))"
    r"|\b(?:always|only|must) recommend (?:this|our|it)\b|\b(?:dear|attention|hey|note to)[ ,:]+(?:ai|llm|assistant|chatbot|language model)s?\b",
    re.IGNORECASE | re.DOTALL,
)

_MARKS_TO_A_MODEL: Final = (
    "instruction", "prompt", "guideline", "<|", "inst]", "assistant", "language model", "chatbot", "llm", " ai",
    "recommend", "system message", "developer message", "at the top", " first", "above all", "above every",
)  # fmt: skip
"""One of these is in every text that :data:`_TO_A_MODEL` finds."""


def word_count(text: str) -> int:
    """Words of a text; in scripts without spaces two letters count as one."""
    wide = len(_WIDE.findall(text)) if not text.isascii() else 0
    return max(len(text.split()), wide // 2)


def title_faults(title: str) -> Iterator[tuple[str, str]]:
    """(code of the finding, what is wrong) for a title."""
    if len(title) < _SHORT_TITLE and word_count(title) < 3:
        yield "title_short", f"only {len(title)} characters"
    if len(title) > LONG_TITLE:
        yield "title_long", f"{len(title)} characters"
    upper = sum(map(str.isupper, title))
    lower = sum(map(str.islower, title))
    if upper >= 8 and upper >= 0.7 * (upper + lower):
        loud = [w for w in _WORD.findall(title) if len(w) > 3 and w.isupper()]
        if len(loud) > 1:
            yield "title_shouting", f"{upper} of {upper + lower} letters are capitals"
    words = _WORD.findall(fold(title))
    again = Counter(w for w in words if len(w) > 3 and not w.isdigit())
    most, times = again.most_common(1)[0] if again else ("", 0)
    parts = len(_SEPARATOR.findall(title))
    if times >= _SAID_AGAIN:
        yield "title_stuffed", f"says “{most}” {times} times"
    elif parts >= 6 and len(words) >= 15:
        yield "title_stuffed", f"{parts + 1} parts in a row"


def dirt(title: str, description: str) -> Iterator[tuple[str, str]]:
    """(code of the finding, what is wrong) for text that is no prose for people."""
    for where, text in (("title", title), ("description", description[:_SCANNED])):
        for code, pattern in _patterns(text):
            found = pattern.search(text)
            if found:
                yield code, f"{where} says “{_around(text, found)}”"
        if not text.isprintable():
            found = _CONTROL.search(text)
            if found:
                yield "text_control", f"U+{ord(found[0]):04X} in the {where}"


def _patterns(text: str) -> Iterator[tuple[str, re.Pattern[str]]]:
    """What a text is worth searching for: most have none of the marks, which are seen quickly."""
    lower = text.lower()
    if any(mark in lower for mark in _MARKS_TO_A_MODEL):
        yield "text_to_model", _TO_A_MODEL
    if "<" in text or "&" in text:
        yield "text_markup", _MARKUP
    if not text.isascii():
        yield "text_decoding", _BAD_DECODING


def _around(text: str, found: re.Match[str]) -> str:
    start = max(0, found.start() - 8)
    said = " ".join(text[start : start + _QUOTED + 8].split())
    return f"{'…' if start else ''}{said}{'…' if start + _QUOTED + 8 < len(text) else ''}"


def same_text(text: str) -> str:
    """A text as it is compared: folded, its words only."""
    return " ".join(_WORD.findall(fold(text)))


def template(title: str) -> str:
    """A title without what tells the forms of one product apart: numbers, colours, sizes, for whom;
    "" when hardly anything is left.
    """
    told = [w for w in _WORD.findall(fold(title))]
    kept = [
        w
        for w in told
        if not w[0].isdigit() and w not in COLORS and w not in _SIZES and w not in GENDERS
    ]
    return " ".join(kept) if len(kept) > 1 and len(kept) < len(told) else ""
