"""What sellers write, made safe to rank by and to show: text for people, and nothing else.

Whoever fills in a feed may try to talk to the program instead of to shoppers, to claim what only
the shop can say, or to fill a listing with words people search for. It is told by the form of
the text and by what is usual in the feed itself, not by known attacks:

* :func:`bare` keeps what can be seen and read: no characters without a shape, no markup, no
  control tokens of chat models, no addresses.
* :func:`prose` keeps the sentences of a description that describe. A text ends where it begins
  to address a machine; claims of rank, rating or placement, and what only repeats, are left out.
* :func:`headline` does the same for a title, part by part; :func:`plain_value` for single values,
  which are taken whole or not at all.
* :class:`Usual` is what is usual in a feed: how long its titles and values are, its words and
  scripts. What lies far beyond is no part of a listing.

A seller's plain false claim reads as an honest one: no rule here tells them apart.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from catalog.seller_claims import (
    FEW,
    GLUE,
    ORDERING,
    PLACED,
    WORD,
    claims,
    large_words,
    repeats,
    speaks_to_machine,
)
from catalog.text import clean, fold, stem

# --- characters -----------------------------------------------------------------------------

# Letters and symbols drawn as nothing, which are no control characters by their category.
_BLANK: Final = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0000-\U000e0fff]")  # fmt: skip
_SHAPELESS: Final = re.compile("[\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0]")
"""Those of them that no text has by accident."""
_ENCLOSING: Final = re.compile("[\u0488\u0489\u20dd-\u20e4]")
_STACKED: Final = re.compile(r"([\u0300-\u036f])[\u0300-\u036f]+")
"""More than one accent on a letter: no language of Latin script needs it once composed."""
_LOOKALIKES: Final = str.maketrans(
    "аеорсухівкмнтзѕјԁԛԝһАВЕКМНОРСТХУІЅЈαονρτυικΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "aeopcyxibkmhtzsjdqwhABEKMHOPCTXYISJaovptuikABEZHIKMNOPTYX",
)
_DISGUISED: Final = re.compile(
    "(?<![^\\W_])[\u202d\u202e](?=\\W{0,9}\\w{3})|[\U0001d400-\U0001d7ff]{2}|(?<![\U0001f3f4\U000e0020-\U000e007f])[\U000e0020-\U000e007f]{2}|[\u0300-\u036f\u0488\u0489]{3}"
    "|[\u24b6-\u24e9]{2}|[\U0001f130-\U0001f189]{2}|[\u1d00-\u1d6a]{3}"  # Ⓢⓞ, 🅂🄾, ꜱᴏ
    "|\\b\\w{0,30}[A-Za-z][аеорсухівкмнтзѕјԁԛԝһοαρτυικ][A-Za-z]"  # letters of another script inside a word
)
_LETTERS: Final = re.compile(r"[^\W\d_]+")

# --- markup ---------------------------------------------------------------------------------

_CONTROL: Final = re.compile(
    r"<\s*[|｜][^<>|｜]{0,60}[|｜]\s*>"  # <|im_start|>
    r"|<</?[A-Za-z_ ]{1,20}>>"  # <<SYS>>
    r"|</?[a-z]+(?:_[a-z]+)+>"  # <start_of_turn>; no tag of HTML has an underscore
    r"|\[/?(?:INST|SYS|SYSTEM|USER|ASSISTANT|HUMAN|AI|BOT|TOOL|TOOL_CALLS|AVAILABLE_TOOLS|CONTEXT)\]"
    r"|[{,]\s*[\"'](?:role|content|system|instruction)[\"']\s*:",
)
_CAPITALS: Final = re.compile(r"\[/?[A-Z][A-Z_ ]{2,20}\]")
# Every repetition has a bound, or a start that cannot be found twice: the text is hostile.
_TEMPLATE: Final = re.compile(
    r"\{\{.{0,200}?\}\}|\{%.{0,200}?%\}|[$#]\{.{0,200}?\}|<!--.{0,500}?-->|<!\[CDATA\[|\]\]>",
    re.DOTALL,
)
_IMAGE: Final = re.compile(r"!\[[^\[\]\n]{0,200}\]\([^()\n]{0,500}\)")
_LINK: Final = re.compile(r"\[([^\[\]\n]{0,200})\](?:\([^()\n]{0,500}\)|\[[^\[\]\n]{0,200}\])")
_ADDRESS: Final = re.compile(
    r"(?:\b[a-z][a-z0-9+.-]{1,10}://|\bwww\.|\bjavascript:|\bdata:[a-z]{1,20}/)\S*"
    r"|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,60}(?:\.[\w-]{1,60}){1,5}"
    r"|(?<![\w.-])(?:[a-z0-9-]{1,40}\.){1,4}"
    r"(?:com|net|org|io|co|me|shop|store|info|biz|ru|cn|de|uk|eu|app|xyz|example|test|invalid)\b(?:/\S*)?",
    re.IGNORECASE,
)
_SITE: Final = re.compile(r"(?:[a-z0-9-]{1,40}\.){1,4}[a-z]{2,6}", re.IGNORECASE)
_FENCE: Final = re.compile(r"(?<!\w)`+|`+(?!\w)|~{3,}|\*{2,3}|__(?=\S)|(?<=\S)__")
_LINE_MARK: Final = re.compile(
    r"^[ \t]*(?:#{1,6}|>+|[*+-](?= )|={3,}|-{3,}|\|)[ \t]*", re.MULTILINE
)
_RULE: Final = re.compile(r"^[ \t|:=-]{3,}$|(?<![=#-])(?:={4,}|-{3,}|#{2,})", re.MULTILINE)
_PICTURES: Final = re.compile(
    r"(?:[\u2600-\u2604\u2607-\u27bf\U0001f1e6-\U0001f1ff\U0001f300-\U0001faff][\ufe0f\s]{0,3}){3,60}"
)
"""A poster. Stars are left: a row of them is a rating, and read as one."""
_HASHTAG: Final = re.compile(r"(?<!\w)(?:#[^\W\d_]{3,30}\b\s{0,3}){2,}")
_ENCODED: Final = re.compile(r"(?<!\S)(?=\S*[A-Za-z0-9])[^\s-]{40,}")
"""A word this long is an encoding or a heap of words; what hyphens join is shorter."""
_RUN: Final = re.compile(
    r"<script\b|javascript:|(?:<|&lt;)[a-z]{1,10}\b[^<>]{0,100}?\bon[a-z]{3,20}\s{0,3}=",
    re.IGNORECASE,
)
"""What a page would run."""
_CODE: Final = re.compile(r"[{}\\]|\w\s*=\s*[\"']|<[a-zA-Z/!|]|\w\(\d*\)|^[\"']\s|[|｜]>")

# --- sentences ------------------------------------------------------------------------------

_SENTENCE: Final = re.compile(r"(?<=[.!?])[\"”')\]]*\s+|(?<=[。！？])|\n+")
_PARTS: Final = re.compile(
    r"\s+[-–—|/•·~]+\s+|\s*[|;\n]\s*|(?<=[^\d]),\s+|,\s+(?=\D)|(?<=[!?.])\s+|\s+(?=\()|(?<=\))\s+|\s+(?=[#★⭐])"
)
"""What parts a title."""
_GAPS: Final = " -–—|/•·~,;(["
_AROUND: Final = ",.;:!?()[]\"'-"
_DOUBLED: Final = re.compile(r"(.)\1+")
_HEAP: Final = re.compile(r"\S{60,}")
_LEARNT: Final = 2_000
"""Characters of a cell that are looked at."""
_TIMES: Final = 3
"""How often in all the words of a title may come again."""
_ENOUGH: Final = 40
"""Cells of a column from which something is usual in it."""
_COMMON: Final = 3
"""Cells that use a word or a script before it is one of the feed's own."""
_NEARLY_ALL: Final = 0.95
_UNKNOWN: Final = 8
"""Words of a value in a column too rare to have anything usual."""
_SEVERAL: Final = 3
"""A list may be so many times as long as is usual: a thing may come in many colours."""
_LISTED: Final = re.compile(r"[,;|/]")
_SPARED: Final = 4
"""Words that are never too many."""
_SMALL: Final = 60
_SHORT: Final = 120
"""Characters up to which a value is remembered."""
_KNOWN: Final = 0.25
"""A sentence with a smaller share of words known to the feed is in another language, or in none."""


@dataclass(frozen=True, slots=True)
class Usual:
    """What is usual in one feed, learnt from a sample of it; nothing is where the sample is small."""

    longest: Mapping[str, int] = field(default_factory=dict)
    """Per column, the words that nineteen of twenty cells stay within."""
    deepest: Mapping[str, int] = field(default_factory=dict)
    """The same for the entries of columns that hold lists."""
    words: frozenset[str] = frozenset()
    small: frozenset[str] = frozenset()
    """The most frequent words: hardly a sentence does without any of them."""
    scripts: frozenset[str] = frozenset()

    @classmethod
    def learn(cls, cells: Mapping[str, Sequence[Any]]) -> Usual:
        """From the cells of each column; a single listing is too little to change anything."""
        longest: dict[str, int] = {}
        deepest: dict[str, int] = {}
        words: Counter[str] = Counter()
        scripts: Counter[str] = Counter()
        for column, held in cells.items():
            texts = [_joined(cell)[:_LEARNT] for cell in held if isinstance(cell, (str, list))]
            said = [WORD.findall(fold(text)) for text in texts]
            for some in said:
                words.update(set(some))
                scripts.update(_scripts(some))
            if len(said) >= _ENOUGH:
                longest[column] = _high(len(some) for some in said)
            lists = [cell for cell in held if isinstance(cell, list)]
            if len(lists) >= _ENOUGH:
                deepest[column] = _high(map(len, lists))
        if not longest:
            return cls()
        return cls(
            longest,
            deepest,
            frozenset(w for w, n in words.items() if n >= _COMMON),
            frozenset(w for w, _ in words.most_common(_SMALL)),
            frozenset(s for s, n in scripts.items() if n >= _COMMON),
        )

    def most_words(self, column: str) -> int | None:
        """The words above which a text of a column is cut; None where nothing is usual."""
        usual = self.longest.get(column)
        return None if usual is None else max(_SPARED, usual + usual // 4)

    def too_much(self, column: str, cell: Any, *, names: bool = False) -> bool:
        """Whether a cell of names or values holds far more than such cells do, or the same words
        again and again. ``names`` may be longer: of firms above all.
        """
        text = _joined(cell)
        most = self.most_words(column) or _UNKNOWN
        several = names or isinstance(cell, list) or bool(_LISTED.search(text))
        allowed = most * (_SEVERAL if several else 1)
        return len(WORD.findall(text)) > allowed or repeats(text, several=True)

    def odd_script(self, text: str) -> bool:
        """Whether a word is in a script that the feed does not use."""
        return bool(self.words) and not self.scripts.issuperset(_scripts(WORD.findall(fold(text))))

    def foreign(self, text: str) -> bool:
        """Whether a text is in a script or a language that the feed does not use."""
        if self.odd_script(text):
            return True
        said = [w for w in WORD.findall(fold(text)) if not w[0].isdigit()]
        if len(said) < FEW or not self.words or not self.small.isdisjoint(said):
            return False
        return sum(w in self.words for w in said) < _KNOWN * len(said)


def _joined(cell: Any) -> str:
    return ", ".join(map(str, cell)) if isinstance(cell, list) else str(cell)


def _high(counts: Iterable[int]) -> int:
    ordered = sorted(counts)
    return ordered[len(ordered) * 19 // 20]


def _scripts(words: Iterable[str]) -> set[str]:
    """The scripts words of two letters and more are written in: a lone Ω is a unit."""
    return {
        unicodedata.name(w[0], "").partition(" ")[0]
        for w in words
        if len(w) > 1 and not w[0].isascii() and w[0].isalpha()
    }


def honest_part(raw: str) -> str:
    """A raw text up to the first control token of a chat model, or the first letters in disguise
    (turned round, stacked, tagged, drawn as mathematics): what follows is not for people.
    """
    return _up_to(_CONTROL, clean(_up_to(_DISGUISED, _decoded(raw))))


def has_other_part(raw: str) -> bool:
    """Whether a raw text is more than its :func:`honest_part`."""
    return honest_part(raw) != clean(_decoded(raw))


def deceives(raw: str) -> bool:
    """Whether a raw text holds what is meant for programs, or for nobody to see: control tokens of
    chat models, letters in disguise or without a shape, code that a page would run.
    """
    return has_other_part(raw) or bool(_SHAPELESS.search(raw) or _RUN.search(_decoded(raw)))


def deceives_in_name(raw: str) -> bool:
    """Whether a raw title, name or value deceives (:func:`deceives`), leads away from the shop, or
    gives orders to a program.
    """
    text = _decoded(raw)
    if _SITE.fullmatch(text.strip()):
        return False
    return deceives(raw) or bool(_ADDRESS.search(text)) or speaks_to_machine(text)


def _decoded(raw: str) -> str:
    return html.unescape(raw) if "&" in raw else raw


def _up_to(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return text if found is None else text[: found.start()]


def bare(text: str) -> str:
    """Text without shapeless characters, markup, control tokens and addresses.

    What markup enclosed as text stays. Line breaks stay, blank lines do not.
    """
    seen = _STACKED.sub(r"\1", _ENCLOSING.sub("", _BLANK.sub("", clean(text))))
    seen = _one_script(seen)
    for pattern, instead in (
        (_CONTROL, "\n"), (_CAPITALS, " "), (_TEMPLATE, " "), (_IMAGE, " "), (_LINK, r"\1"),
        (_ADDRESS, " "), (_RULE, "\n"), (_FENCE, ""), (_LINE_MARK, ""), (_HASHTAG, " "),
        (_PICTURES, " "), (_ENCODED, " "),
    ):  # fmt: skip
        seen = pattern.sub(instead, seen)
    lines = (" ".join(line.split()) for line in seen.split("\n"))
    return "\n".join(line for line in lines if line)


def _one_script(text: str) -> str:
    """Words that mix Latin with letters that look like it, in Latin."""
    return text if text.isascii() else _LETTERS.sub(lambda m: _latin(m[0]), text)


def _latin(word: str) -> str:
    if word.isascii() or not any(c.isascii() for c in word):
        return word
    return word.translate(_LOOKALIKES)


def prose(text: str, usual: Usual) -> str:
    """What of a description describes: its sentences up to the first that addresses a machine,
    without claims, other languages and repetitions. ``text`` is :func:`bare`.
    """
    lines: list[str] = []
    said: set[frozenset[str]] = set()
    for line in text.split("\n"):
        kept: list[str] = []
        for sentence in sentences(line):
            if speaks_to_machine(sentence):
                return "\n".join([*lines, *([" ".join(kept)] if kept else [])])
            large = frozenset(large_words(sentence))
            if large and any(large <= before for before in said):
                continue
            said.add(large)
            if not (claims(sentence) or repeats(sentence) or usual.foreign(sentence)):
                kept.append(sentence)
        if kept:
            lines.append(" ".join(kept))
    return "\n".join(lines)


def headline(text: str, usual: Usual, longest: int | None = None) -> str:
    """What of a title names a product: its parts up to the first that addresses a machine,
    without claims of rank or rating and other languages, at most ``longest`` words.
    ``text`` is :func:`bare`.
    """
    kept: list[tuple[int, int, str]] = []
    whole = True
    for start, end in _spans(text):
        part = text[start:end]
        if speaks_to_machine(part) or _HEAP.search(part):
            whole = False
            if not kept and (before := _before_order(part, usual)):
                kept.append((start, end, before))
            break
        claimless = " ".join(PLACED.sub(" ", part).split())
        if claimless != " ".join(part.split()):
            whole = False
            part = claimless if len(WORD.findall(claimless)) > 1 else ""
        if usual.odd_script(part) and (kept or _before_odd(part, usual)):
            whole = False
            part = _before_odd(part, usual)
        if part:
            kept.append((start, end, part))
        else:
            whole = False
    made = text if whole else _parted(text, kept)
    return _shortened(_said_once(" ".join(made.split())), longest)


def _parted(title: str, kept: Sequence[tuple[int, int, str]]) -> str:
    """The kept parts (start, end, what is left of it), parted the way the seller parted them."""
    made = ""
    for start, _, part in kept:
        before = title[:start]
        gap = before[len(before.rstrip(_GAPS)) :] or " "
        made += (gap if made else "") + part
    return made


def _spans(title: str) -> list[tuple[int, int]]:
    """Where the parts of a title begin and end."""
    spans = []
    at = 0
    for found in _PARTS.finditer(title):
        if found.start() > at:
            spans.append((at, found.start()))
        at = found.end()
    return [*spans, (at, len(title))] if at < len(title) else spans


def _before_odd(part: str, usual: Usual) -> str:
    """A part up to its first word in a script that the feed does not use."""
    words = part.split()
    odd = next((n for n, word in enumerate(words) if usual.odd_script(word)), len(words))
    return " ".join(words[:odd]).rstrip(_GAPS)


def _before_order(part: str, usual: Usual) -> str:
    """A part that is name and order in one, up to the order."""
    words = part.split()
    for n, word in enumerate(words):
        orders = fold(word).strip(_AROUND) in ORDERING
        if orders or speaks_to_machine(word) or usual.odd_script(word):
            return " ".join(words[:n]).rstrip(_GAPS)
    return ""


def _said_once(title: str) -> str:
    """A title without the part in which its words begin to come again and again."""
    seen: set[str] = set()
    again: list[int] = []
    for found in WORD.finditer(title):
        word = stem(fold(found[0]))
        if word in GLUE or not word[0].isalpha():
            continue
        word = _as_heard(word)
        if word in seen:
            again.append(found.start())
        seen.add(word)
    if len(again) <= _TIMES:
        return title
    part = max((start for start, _ in _spans(title) if start <= again[0]), default=0)
    return title[: part or again[0]].rstrip(_GAPS)


def _as_heard(word: str) -> str:
    """A word without doubled letters and the vowels at its end: "granolla" is "granola" again."""
    return _DOUBLED.sub(r"\1", word).rstrip("aeiouy") or word


def _shortened(title: str, longest: int | None) -> str:
    words = title.split()
    names = [n for n, word in enumerate(words) if not _FIGURE.fullmatch(word)]
    if longest is None or (len(names) <= longest and len(words) <= 2 * longest):
        return title
    # a number keeps its unit: neither of them is a word too many
    end = min([2 * longest, *names[longest : longest + 1]])
    return " ".join(words[:end]).rstrip(_GAPS)


_FIGURE: Final = re.compile(r"[\W\d_]*[^\W\d_]{0,2}[\W\d_]*")
"""Numbers, units and letters of a model: a title has many of them without being a list of search words."""


def plain_value(text: str, usual: Usual) -> str:
    """A name or an attribute's value, whole; empty when it is no plain one.

    Values with code, addresses, orders, claims, or a script that the feed does not use are not.
    """
    if _SITE.fullmatch(text.strip()):
        return text.strip()  # a brand named after its shop
    plain = _plain(text) if len(text) <= _SHORT else _plain.__wrapped__(text)
    return "" if usual.odd_script(plain) else plain


@lru_cache(maxsize=4_096)
def _plain(text: str) -> str:
    """A value without what no value has; empty where it is none. Feeds repeat their values."""
    plain = bare(text)
    if _CODE.search(text) or _CONTROL.search(text) or _ADDRESS.search(text) or "\n" in plain:
        return ""
    if speaks_to_machine(plain) or PLACED.search(plain):
        return ""
    return plain


def sentences(text: str) -> list[str]:
    """The sentences and lines of a text, without the space around them."""
    return [s for part in _SENTENCE.split(text) if (s := part.strip())]
