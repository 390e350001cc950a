"""What a sentence of a listing does besides describing: give orders, make claims, repeat itself."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from catalog.text import fold

WORD: Final = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
"""A word, apostrophes inside it."""
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
ORDERING: Final = _MACHINE | _ORDER | _TARGET
"""Words an order to a program begins with or is about."""
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
PLACED: Final = re.compile(
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
    r"|\b(?:now|only|just) (?:only |just )?[$€£] ?\d|\byou save\b|\blist price\b|\bplus shipping\b"
    r"|\bfree (?:shipping|delivery|postage)\b|\bships? free\b|\bmoney[- ]back\b|\brisk[- ]free\b"
    r"|\b(?:with|use) code (?-i:[A-Z])|\bpromoted\b"
    r"|\b(?:officially|highly) recommend|\brecommended by (?:the|this) (?:shop|store)|\bnothing better\b"
    r"|\b(?:key ?words?|tags?|search terms?)\s*:",
    re.IGNORECASE,
)
GLUE: Final = frozenset(
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
FEW: Final = 6
"""Words from which a heap can be told from a phrase."""
_REPEATED: Final = 0.6
"""In a sentence at least this share of the larger words are said once only."""


def speaks_to_machine(text: str) -> bool:
    """Whether a text is an order to a program, or a turn of a conversation with one."""
    if _SPEAKER.search(text) or _FOREIGN_ORDER.search(text):
        return True
    words = WORD.findall(fold(text))
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
    return bool(PLACED.search(sentence) or _CLAIMED.search(sentence))


def repeats(text: str, *, several: bool = False) -> bool:
    """Whether a text is words in a heap: the same ones again and again.

    ``several`` asks for three words that recur: a list of ages recurs to "years".
    """
    large = large_words(text)
    counts = Counter(large)
    if len(large) <= FEW or len(counts) >= _REPEATED * len(large):
        return False
    return not several or sum(n > 1 for n in counts.values()) > 2


def large_words(text: str) -> list[str]:
    """The words of a text that say something."""
    return [w for w in WORD.findall(fold(text)) if w not in GLUE and not w.isdigit()]
