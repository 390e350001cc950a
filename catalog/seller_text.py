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
from typing import Any, Final

from catalog.text import clean, fold, stem

# --- characters -----------------------------------------------------------------------------

# Letters and symbols drawn as nothing, which are no control characters by their category.
_BLANK: Final = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0000-\U000e0fff]")  # fmt: skip
_ENCLOSING: Final = re.compile("[\u0488\u0489\u20dd-\u20e4]")
_STACKED: Final = re.compile(r"([\u0300-\u036f])[\u0300-\u036f]+")
"""More than one accent on a letter: no language of Latin script needs it once composed."""
_LOOKALIKES: Final = str.maketrans(
    "аеорсухівкмнтзѕјԁԛԝһАВЕКМНОРСТХУІЅЈαονρτυικΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "aeopcyxibkmhtzsjdqwhABEKMHOPCTXYISJaovptuikABEZHIKMNOPTYX",
)
_DISGUISED: Final = re.compile(
    "[\u202d\u202e]|[\U0001d400-\U0001d7ff]{2}|[\U000e0020-\U000e007f]{2}|[\u0300-\u036f\u0488\u0489]{3}"
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
_HASHTAG: Final = re.compile(r"(?<!\w)(?:#[^\W\d_]{3,30}\b\s{0,3}){2,}")
_ENCODED: Final = re.compile(r"(?<!\S)(?=\S*[A-Za-z0-9])[^\s-]{40,}")
"""A word this long is an encoding or a heap of words; what hyphens join is shorter."""
_CODE: Final = re.compile(r"[{}\\]|\w\s*=\s*[\"']|<[a-zA-Z/!|]|\w\(\d*\)|^[\"']\s|[|｜]>")

# --- sentences ------------------------------------------------------------------------------

_SENTENCE: Final = re.compile(r"(?<=[.!?])[\"”')\]]*\s+|(?<=[。！？])|\n+")
_WORD: Final = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_PARTS: Final = re.compile(
    r"\s+[-–—|/•·~]+\s+|\s*[|;\n]\s*|(?<=[^\d]),\s+|,\s+(?=\D)|(?<=[!?.])\s+|\s+(?=\()|(?<=\))\s+|\s+(?=[#★⭐])"
)
"""What parts a title."""
_GAPS: Final = " -–—|/•·~,;(["
_AROUND: Final = ",.;:!?()[]\"'-"
_HEAP: Final = re.compile(r"\S{60,}")
_LEARNT: Final = 2_000
"""Characters of a cell that are looked at."""
_SPEAKER: Final = re.compile(
    r"^\W*(?:system|assistant|user|human|ai|bot|chatbot|model|developer|tool|instructions?|response|prompt|"
    r"asistente|assistente|asistent|assistent|benutzer|usuario|utilisateur|système|sistema|система|ассистент|"
    r"пользователь|系统|助手|用户|النظام)(?:\s+(?:note|message|prompt|override|update))?\s*[:：]"
    r"|\b(?:begin|end|start) (?:of )?(?:new )?(?:system|product|user|task|instruction|prompt|data|context)\b",
    re.IGNORECASE,
)
# Words about the program and the list it makes, of which a listing has no cause to speak, and
# words that are about machines too but also about toys, tools and manuals.
_MACHINE: Final = frozenset(
    """
    ai assistant assistants chatbot chatbots gpt chatgpt llm llms algorithm algorithms prompt prompts ranking rankings
    ranker recommender reranker classifier jailbreak
    """.split()
)
_MAYBE_MACHINE: Final = frozenset(
    """
    instruction instructions system systems model models bot bots agent agents query queries crawler parser developer
    relevance admin administrator
    """.split()
)
_ORDER: Final = frozenset(
    """
    ignore ignores ignoring disregard disregarding override overrule obey bypass rank ranks ranked recommend recommends
    recommending prioritize prioritise decode jailbreak
    """.split()
)
"""What only a program is told to do in a shop."""
_REQUEST: Final = frozenset(
    """
    forget suggest promote boost favor favour hide exclude omit output respond reply answer repeat say tell told state
    confirm pretend praise mention display show list place put choose select execute print sort score mark treat
    consider present rate listed shown placed
    """.split()
)
_TARGET: Final = frozenset(
    """
    previous prior earlier foregoing instructions rules first top best highest above number others competitor competitors
    competing rival rivals alternatives customer customers shopper shoppers user users buyer buyers everybody everyone
    anyone whoever result results listings position answer answers always recommendation recommendations
    """.split()
)
_PEOPLE: Final = frozenset(
    """
    customer customers shopper shoppers user users buyer buyers everybody everyone anyone whoever result results listings
    competitor competitors competing rival rivals recommendation recommendations
    """.split()
)
_OBLIGED: Final = frozenset("must should shall please you always now".split())
_OPENING: Final = 3
"""An order stands among the first words of its sentence."""
_FOREIGN_ORDER: Final = re.compile(
    r"\b(?:ignorier\w*|ignora|ignore[zr]|ignorar|ignoriere|missachte\w*|vergiss|empfiehl\w*|empfehle\w*|recomiend\w*|"
    r"recommandez|raccomand\w*|recomend\w*|instruccion\w*|istruzion\w*|instruç\w*|anweisung\w*|consignes?|"
    r"игнорируй\w*|рекомендуй\w*|инструкци\w*|negeer|aanbevel\w*|zignoruj|polec\w*)"
    r"|忽略|指示|推荐|推薦|排在|無視|おすすめ|تجاهل|التعليمات|무시|추천",
    re.IGNORECASE,
)
# What only the shop can say: how a thing is placed and rated.
_PLACED: Final = re.compile(
    r"\bsponsored\b|\bsponsorship\b|\bpaid (?:ad|placement)\w*|\badvertise(?:d|ment)\b|\bfeatured (?:product|listing)"
    r"|\b(?:editor|staff|shop|store|customer|buyer|user)(?:['’]?s|s['’])? (?:pick|choice|favou?rite)\b"
    r"|\btop[- ](?:pick|choice|rated|sell\w+)|(?:#|\bno\.?|\bnumber)? ?1? ?\bbest[- ]?(?:sell\w+|rated|in test|pick)"
    r"|[★⭐☆]{3,20}|\b\d[.,]\d ?(?:/|out of|of) ?(?:5|10)\b|\b\d ?(?:out of|of) 5\b|\b\d(?:[.,]\d)?[- ]stars\b"
    r"|\b(?:5|five)[- ]star (?:rat|rev)\w*|\brated \d[\d.,]{0,8}"
    r"|(?<![\d.,])\d[\d.,]{0,12}k?\+? (?:(?:verified|happy|satisfied|five-star) ){0,2}(?:reviews|ratings|buyers|customers|sold)\b"
    r"|\bverified (?:buyers?|purchase|review)",
    re.IGNORECASE,
)
# In prose also prices, prizes and praise by the shop, which a title may name for other reasons.
_CLAIMED: Final = re.compile(
    r"\baward[- ]winn\w+|\bvoted\b|#\s?1\b|\b(?:no\.?|nr\.?|number) ?(?:1|one)\b"
    r"|\b\d{1,3} ?% ?[^.]{0,40}\b(?:recommend|would buy|satisf\w+|off)\b|\b(?:lowest|cheapest) price"
    r"|\bnow (?:only|just) [$€£]|\b(?:with|use) code (?-i:[A-Z])|\bpromoted\b"
    r"|\b(?:officially|highly) recommend|\brecommended by (?:the|this) (?:shop|store)|\bnothing better\b"
    r"|\b(?:key ?words?|tags?|search terms?)\s*:",
    re.IGNORECASE,
)
_GLUE: Final = frozenset(
    """
    a an the and or but of in on at to for from with without by as is are be it its this that these those you your we
    our they their there here when while where which who what how if so than then not no will can may has have does do
    was were all any each every into over under up down out off about after before between through more most less very
    too just only even never always one two nothing nobody
    der die das und oder ein eine für mit von zu im ist auf aus den dem des sich nicht auch
    le la les un une des et ou de du pour avec dans en est sur au aux par ce cette il elle qui que
    el los las una y o del con para por es su al lo se
    il gli uno di da per che non è sono
    het een van met voor op zijn bij niet
    """.split()
)
_FEW: Final = 6
"""Words from which a heap can be told from a phrase."""
_TIMES: Final = 3
"""How often in all the words of a title may come again."""
_REPEATED: Final = 0.6
"""In a sentence at least this share of the larger words are said once only."""
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
    branded: bool = False
    """Whether titles name the brand."""

    @classmethod
    def learn(cls, cells: Mapping[str, Sequence[Any]], *, branded: bool = False) -> Usual:
        """From the cells of each column; a single listing is too little to change anything."""
        longest: dict[str, int] = {}
        deepest: dict[str, int] = {}
        words: Counter[str] = Counter()
        scripts: Counter[str] = Counter()
        for column, held in cells.items():
            texts = [_joined(cell)[:_LEARNT] for cell in held if isinstance(cell, (str, list))]
            said = [_WORD.findall(fold(text)) for text in texts]
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
            branded,
        )

    def most_words(self, column: str) -> int | None:
        """The words above which a text of a column is cut; None where nothing is usual."""
        usual = self.longest.get(column)
        return None if usual is None else max(_SPARED, usual + usual // 4)

    def too_much(self, column: str, cell: Any) -> bool:
        """Whether a cell of names or values holds far more than such cells do, or the same words
        again and again.
        """
        text = _joined(cell)
        most = self.most_words(column) or _UNKNOWN
        allowed = most * (_SEVERAL if isinstance(cell, list) or _LISTED.search(text) else 1)
        return len(_WORD.findall(text)) > allowed or repeats(text, several=True)

    def odd_script(self, text: str) -> bool:
        """Whether a word is in a script that the feed does not use."""
        return bool(self.words) and not self.scripts.issuperset(_scripts(_WORD.findall(fold(text))))

    def foreign(self, text: str) -> bool:
        """Whether a text is in a script or a language that the feed does not use."""
        if self.odd_script(text):
            return True
        said = [w for w in _WORD.findall(fold(text)) if not w[0].isdigit()]
        if len(said) < _FEW or not self.words or not self.small.isdisjoint(said):
            return False
        return sum(w in self.words for w in said) < _KNOWN * len(said)


def _joined(cell: Any) -> str:
    return ", ".join(map(str, cell)) if isinstance(cell, list) else str(cell)


def _high(counts: Iterable[int]) -> int:
    ordered = sorted(counts)
    return ordered[len(ordered) * 19 // 20]


def brands_in_titles(pairs: Iterable[tuple[str, str]]) -> bool:
    """Whether titles name their brand, from (title, brand) of a sample."""
    held = [fold(brand) in fold(title) for title, brand in pairs if title and brand]
    return len(held) >= _ENOUGH and sum(held) >= _NEARLY_ALL * len(held)


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
        (_ENCODED, " "),
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
            large = frozenset(_large(sentence))
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
            if not kept and (before := _before_order(part)):
                kept.append((start, end, before))
            break
        claimless = " ".join(_PLACED.sub(" ", part).split())
        if claimless != " ".join(part.split()):
            whole = False
            part = claimless if len(_WORD.findall(claimless)) > 1 else ""
        if part and not (kept and usual.odd_script(part)):
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


def _before_order(part: str) -> str:
    """A part that is name and order in one, up to the order."""
    words = part.split()
    for n, word in enumerate(words):
        if fold(word).strip(_AROUND) in _MACHINE | _ORDER | _TARGET:
            return " ".join(words[:n])
    return ""


def _said_once(title: str) -> str:
    """A title without the part in which its words begin to come again and again."""
    seen: set[str] = set()
    again: list[int] = []
    for found in _WORD.finditer(title):
        word = stem(fold(found[0]))
        if word in _GLUE or not word[0].isalpha():
            continue
        if word in seen:
            again.append(found.start())
        seen.add(word)
    if len(again) <= _TIMES:
        return title
    part = max((start for start, _ in _spans(title) if start <= again[0]), default=0)
    return title[: part or again[0]].rstrip(_GAPS)


def _shortened(title: str, longest: int | None) -> str:
    words = title.split()
    if longest is None or len(words) <= longest:
        return title
    return " ".join(words[:longest]).rstrip(_GAPS)


def plain_value(text: str, usual: Usual) -> str:
    """A name or an attribute's value, whole; empty when it is no plain one.

    Values with code, addresses, orders, claims, or a script that the feed does not use are not.
    """
    if _SITE.fullmatch(text.strip()):
        return text.strip()  # a brand named after its shop
    plain = bare(text)
    if _CODE.search(text) or _CONTROL.search(text) or _ADDRESS.search(text) or "\n" in plain:
        return ""
    if speaks_to_machine(plain) or _PLACED.search(plain) or usual.odd_script(plain):
        return ""
    return plain


def sentences(text: str) -> list[str]:
    """The sentences and lines of a text, without the space around them."""
    return [s for part in _SENTENCE.split(text) if (s := part.strip())]


def speaks_to_machine(text: str) -> bool:
    """Whether a text is an order to a program, or a turn of a conversation with one."""
    if _SPEAKER.search(text) or _FOREIGN_ORDER.search(text):
        return True
    words = _WORD.findall(fold(text))
    said = set(words)
    orders, requests = said & _ORDER, said & _REQUEST
    targets = said & _TARGET - orders
    if said & _MACHINE and (orders or requests) and (orders or targets or said & _OBLIGED):
        return True
    if said & _MAYBE_MACHINE and (orders or requests and targets and said & _OBLIGED):
        return True
    if orders and (targets or len(orders) + len(requests) > 1):
        return True
    return bool(_REQUEST.intersection(words[:_OPENING]) and said & _PEOPLE)


def claims(sentence: str) -> bool:
    """Whether a sentence says what only the shop can say: rank, rating, placement, price."""
    return bool(_PLACED.search(sentence) or _CLAIMED.search(sentence))


def repeats(text: str, *, several: bool = False) -> bool:
    """Whether a text is words in a heap: the same ones again and again.

    ``several`` asks for three words that recur: a list of ages recurs to "years".
    """
    large = _large(text)
    counts = Counter(large)
    if len(large) <= _FEW or len(counts) >= _REPEATED * len(large):
        return False
    return not several or sum(n > 1 for n in counts.values()) > 2


def _large(text: str) -> list[str]:
    """The words of a text that say something."""
    return [w for w in _WORD.findall(fold(text)) if w not in _GLUE and not w.isdigit()]
