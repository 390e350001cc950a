"""An utterance as tokens with positions, and which of them have been read."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from catalog.text import fold, stem

_WORD: Final = re.compile(r"[^\W_]+(?:['’][^\W_]+)*(?:[.,]\d+)*", re.UNICODE)
_APOSTROPHES: Final = str.maketrans("", "", "'’")

REACH: Final = 160
"""Characters before a number in which the words that belong to it are looked for."""
_BREAKS: Final = re.compile(r"[,;:.!?()\n]")


@dataclass(slots=True)
class Token:
    """One word: where it stands, its folded form, its stem (which spelling may correct)."""

    start: int
    end: int
    word: str
    stem: str
    index: int


class Utterance:
    """The words of one utterance; recognisers mark what they have read with :meth:`take`."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lower = "".join(c if len(low := c.lower()) != 1 else low for c in text).replace(
            "’", "'"
        )
        self.tokens: list[Token] = []
        for i, found in enumerate(_WORD.finditer(text)):
            word = fold(found.group().translate(_APOSTROPHES))
            self.tokens.append(Token(found.start(), found.end(), word, stem(word), i))
        self._starts = [t.start for t in self.tokens]
        self._ends = [t.end for t in self.tokens]
        self._taken = bytearray(len(self.tokens))
        self.answers = False
        """Whether a bare number is all it says, as an answer or a correction."""
        self.weighs = False
        """Whether "pounds" are a weight here rather than money."""

    def span(self, first: int, last: int) -> str:
        """The text from token ``first`` up to and without token ``last``."""
        return self.text[self.tokens[first].start : self.tokens[last - 1].end]

    def take(self, start: int, end: int) -> None:
        """Mark the tokens that overlap characters ``start`` to ``end`` as read."""
        self.take_tokens(self.token_at(start), self._after(end))

    def take_tokens(self, first: int, last: int) -> None:
        """Mark tokens ``first`` up to and without ``last`` as read."""
        for i in range(first, last):
            self._taken[i] = 1

    def taken(self, index: int) -> bool:
        """Whether that token has been read."""
        return bool(self._taken[index])

    def free(self, start: int, end: int) -> bool:
        """True when no token in that range of characters has been read."""
        return not any(self._taken[self.token_at(start) : self._after(end)])

    def gap(self, index: int) -> str:
        """The punctuation and space before token ``index``."""
        before = self.tokens[index - 1].end if index else 0
        return self.text[before : self.tokens[index].start]

    def broken(self, first: int, last: int) -> bool:
        """Whether punctuation stands between tokens ``first`` up to and without ``last``."""
        return any(_BREAKS.search(self.gap(i)) for i in range(first + 1, last))

    def token_at(self, position: int) -> int:
        """Index of the first token that ends after a character position (the token count if none)."""
        return bisect_right(self._ends, position)

    def _after(self, position: int) -> int:
        """Index of the first token that starts at a character position or after it."""
        return bisect_left(self._starts, position)

    def behind(self, pattern: re.Pattern[str], position: int) -> re.Match[str] | None:
        """What ``pattern`` (one that ends in ``$``) finds right before a character position.

        No further back than :data:`REACH` characters, so that many numbers do not each search
        all that was said before them.
        """
        return pattern.search(self.lower, max(position - REACH, 0), position)

    def unread_runs(self, breakers: frozenset[str]) -> Iterator[tuple[int, int]]:
        """Maximal runs of unread tokens (first, last+1), split at ``breakers`` and punctuation."""
        first: int | None = None
        for token in self.tokens:
            i = token.index
            stops = self._taken[i] or token.word in breakers
            if first is not None and (stops or _BREAKS.search(self.gap(i))):
                yield first, i
                first = None
            if not stops and first is None:
                first = i
        if first is not None:
            yield first, len(self.tokens)
