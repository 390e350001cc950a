"""A title or a description, cut into words and clauses, and whether a word in it is denied."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from catalog.text import stem

Source = Literal["title", "description"]

# One character for one, so that places in the text stay what they are.
_LOOKALIKES: Final = str.maketrans(
    {"″": '"', "“": '"', "”": '"', "×": "x", "✕": "x", "–": "-", "—": "-", "‑": "-", "’": "'", "‘": "'",
     "\u00a0": " ", "\u2009": " ", "\u202f": " ", "\t": " ", "İ": "I", "•": ";", "·": ";", "●": ";", "▪": ";"}
)  # fmt: skip
_WORD: Final = re.compile(r"\d+(?:[.,]\d+)+|[^\W_]+(?:'[^\W_]+)?")
_STOP: Final = r"(?<!approx)(?<!\bca)(?<!\bwt)(?<!max)(?<!\bmin)(?<!\bdia)[.](?:\s|$)"
_DIGIT: Final = re.compile(r"\d")
_ENDS: Final = re.compile(rf"[;!?\n|]|{_STOP}")
_LIST_ENDS: Final = re.compile(rf"[;!?\n|,()]|{_STOP}|\s-\s")
_DENIERS: Final = frozenset(
    """no non not without never nor neither isnt arent wasnt doesnt dont cannot cant wont nothing hardly barely free
    less except excluding unlike than instead avoid avoids resembles imitates imitation fake zero minus isn aren""".split()  # noqa: SIM905
)
_PASSED: Final = frozenset(
    "a an any the of from for be is are it in to with added real genuine all fully completely or and made actual suitable intended entirely".split()
)
"""Words a denial reaches over: "not made of real leather", "not for men"."""
_REACH: Final = 5


@dataclass(slots=True)
class Passage:
    """One text of a product; ``lower`` has the same length as ``text``, tokens are singular."""

    source: Source
    text: str
    lower: str
    words: list[str]
    starts: list[int]
    ends: list[int]
    digits: bool
    """Whether the text has any digit."""

    @classmethod
    def of(cls, text: str, source: Source) -> Passage:
        """Cut a text into words; linear in its length."""
        if not text.isascii():
            text = text.translate(_LOOKALIKES)
        lower = text.lower()
        if len(lower) != len(text):
            lower = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
        spans = [m.span() for m in _WORD.finditer(lower)]
        words = [stem(lower[a:b]) for a, b in spans]
        if "'" in lower:
            bare = (lower[a:b].replace("'", "") for a, b in spans)
            words = [stem(w) for w in bare]
        starts, ends = [a for a, _ in spans], [b for _, b in spans]
        return cls(source, text, lower, words, starts, ends, _DIGIT.search(lower) is not None)

    def gap(self, index: int) -> str:
        """The text between a word and the one before it."""
        return self.lower[self.ends[index - 1] if index else 0 : self.starts[index]]

    def breaks(self, index: int) -> bool:
        """Whether a clause ends between a word and the one before it, or either does not exist."""
        if index <= 0 or index >= len(self.words):
            return True
        return _LIST_ENDS.search(self.gap(index) + " ") is not None

    def before(self, start: int, size: int = 60) -> str:
        """The text of the same clause before a place, at most ``size`` characters."""
        window = self.lower[max(0, start - size) : start]
        last = 0
        for m in _LIST_ENDS.finditer(window):
            last = m.end()
        return window[last:]

    def after(self, end: int, size: int = 40) -> str:
        """The text of the same clause after a place, at most ``size`` characters."""
        window = self.lower[end : end + size]
        found = _LIST_ENDS.search(window)
        return window[: found.start()] if found else window

    def lead(self, start: int, size: int = 60) -> str:
        """The text of the same sentence before a place, at most ``size`` characters."""
        window = self.lower[max(0, start - size) : start]
        last = 0
        for m in _ENDS.finditer(window):
            last = m.end()
        return window[last:]

    def sentence(self, start: int, end: int, size: int = 160) -> str:
        """The sentence around a place, cut to ``size`` characters on each side."""
        left = self.lower[max(0, start - size) : start]
        first = 0
        for m in _ENDS.finditer(left):
            first = m.end()
        right = self.lower[end : end + size]
        found = _ENDS.search(right)
        return left[first:] + self.lower[start:end] + (right[: found.start()] if found else right)

    def denied(self, first: int, last: int) -> bool:
        """Whether the words [first, last) are denied: "not waterproof", "no leather", "BPA-free"."""
        if (
            last < len(self.words)
            and self.words[last] in ("free", "less")
            and not self.breaks(last)
        ):
            return True
        for i in range(first - 1, max(-1, first - 1 - _REACH), -1):
            if _ENDS.search(self.gap(i + 1) + " "):
                return False
            word = self.words[i]
            if word in _DENIERS:
                # "gluten-free, vegan": what is free there is something else
                return word not in ("free", "less") or self.words[i + 1] in ("of", "from")
            if word in _PASSED:
                continue
            # "not red, white or blue": the denial reaches over a list that ends with "or"
            listed = "," in self.gap(i + 1) or "or" in self.words[i + 1 : first]
            if not listed:
                return False
        return False
