"""Folding text for comparison: the one definition of when two words are the same."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

_TOKEN = re.compile(r"[^\W_]+(?:[.,]\d+)*", re.UNICODE)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]")
_APOSTROPHE = re.compile(r"(?<=\w)['’‘`´](?=\w)")
_MARKS = re.compile("[™℠]")
_BEFORE_FRACTION = re.compile(r"(?<=\d)(?=[¼½¾⅐-⅞])")
# NFKC would make "1½" into "11⁄2" and "m²" into "m2": these characters stay as they are.
_COMPOSABLE = re.compile("[^²³¹¼½¾⅐-⅞″′…™℠]+")
_KEEP_S = frozenset({"ss", "us", "is"})
_IRREGULAR = {
    "axes": "axe", "women": "woman", "men": "man", "children": "child", "mice": "mouse", "feet": "foot",
    "knives": "knife", "shelves": "shelf", "scarves": "scarf", "loaves": "loaf", "leaves": "leaf",
    "teeth": "tooth", "geese": "goose", "wolves": "wolf", "calves": "calf", "halves": "half",
    "woman": "woman", "man": "man",
    "potatoes": "potato", "tomatoes": "tomato", "heroes": "hero", "mangoes": "mango", "dominoes": "domino",
    "headaches": "headache", "moustaches": "moustache", "quiches": "quiche", "brioches": "brioche",
    "caches": "cache", "niches": "niche", "lenses": "lens", "buses": "bus", "canvases": "canvas",
}  # fmt: skip
PLURALS: Final = {one: many for many, one in _IRREGULAR.items() if one != many}
"""Nouns whose plural no rule gives: ``"shelf"`` → ``"shelves"``."""
_PLURAL_ONLY = frozenset(
    {"jeans", "tights", "leggings", "pants", "trousers", "shorts", "news", "series", "species", "lens", "canvas",
     "christmas", "atlas"}
)  # fmt: skip
# Nouns whose singular ends in -ie; any other -ies comes from -y.
_IE_NOUNS = frozenset(
    {"beanie", "birdie", "bookie", "bootie", "brownie", "budgie", "calorie", "collie", "cookie", "doggie", "foodie",
     "genie", "goalie", "hoodie", "magpie", "movie", "nightie", "onesie", "pixie", "prairie",
     "roomie", "rookie", "selfie", "smoothie", "sortie", "talkie", "veggie", "walkie", "zombie"}
)  # fmt: skip


def clean(text: str) -> str:
    """NFKC with invisible and bidirectional control characters removed; spaces collapsed.

    Fractions, raised digits, primes and ™ keep their look: normalised they would read as other
    numbers and words.
    """
    bare = _INVISIBLE.sub("", text)
    visible = _COMPOSABLE.sub(lambda m: unicodedata.normalize("NFKC", m[0]), bare)
    if visible.replace("\n", "").isprintable():
        return re.sub(r" {2,}", " ", visible).strip()
    printable = "".join(
        c if c == "\n" or unicodedata.category(c)[0] != "C" else " " for c in visible
    )
    return re.sub(r"[^\S\n]+", " ", printable).strip()


def fold(text: str) -> str:
    """Lower case without accents or invisible characters: ``"Crème"`` → ``"creme"``."""
    if text.isascii():
        return text.lower()
    # NFKD spells ™ out: "LEGO™" would become "legotm".
    plain = _BEFORE_FRACTION.sub(" ", _MARKS.sub(" ", _INVISIBLE.sub("", text)))
    decomposed = unicodedata.normalize("NFKD", plain).casefold()
    return "".join(c for c in decomposed if not unicodedata.combining(c))


@lru_cache(maxsize=65_536)
def stem(token: str) -> str:
    """The singular of an English noun, for comparison only: ``"dresses"`` → ``"dress"``."""
    if token in _IRREGULAR:
        return _IRREGULAR[token]
    if len(token) < 4 or token in _PLURAL_ONLY or not token.endswith("s"):
        return token
    if token[-2:] in _KEEP_S:
        return token
    if token.endswith("ies") and len(token) > 4:
        return token[:-1] if token[:-1] in _IE_NOUNS else token[:-3] + "y"
    if token.endswith(("sses", "shes", "ches", "xes", "zzes")):
        return token[:-2]
    # "men's" arrives as "mens"
    return _IRREGULAR.get(token[:-1], token[:-1])


def tokens(text: str) -> list[str]:
    """Folded, singular words of a text in order; hyphens and slashes separate, apostrophes do not."""
    return [stem(t) for t in _TOKEN.findall(_APOSTROPHE.sub("", fold(text)))]


_SHORTEST_PART: Final = 3
_SHORTEST_COMPOUND: Final = 8
"""Letters: "bird house" is a birdhouse, but not every "car pet" a carpet."""


@lru_cache(maxsize=4_096)
def written_apart(phrase: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """The other ways to write a phrase of tokens: two neighbours as one word, or one word as two."""
    made: list[tuple[str, ...]] = []
    for i, word in enumerate(phrase):
        if not word.isalpha():
            continue
        if i + 1 < len(phrase) and phrase[i + 1].isalpha():
            joined = word + phrase[i + 1]
            if (
                len(joined) >= _SHORTEST_COMPOUND
                and min(len(word), len(phrase[i + 1])) >= _SHORTEST_PART
            ):
                made.append((*phrase[:i], joined, *phrase[i + 2 :]))
        if len(word) >= _SHORTEST_COMPOUND:
            cuts = range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1)
            made += ((*phrase[:i], stem(word[:k]), word[k:], *phrase[i + 1 :]) for k in cuts)
    return tuple(made)


def find_run(words: Sequence[str], phrase: Sequence[str], start: int = 0) -> int:
    """Index of the first contiguous occurrence of ``phrase`` in ``words``, or -1."""
    if not phrase:
        return -1
    first, size = phrase[0], len(phrase)
    for i in range(start, len(words) - size + 1):
        if words[i] == first and list(words[i : i + size]) == list(phrase):
            return i
    return -1
