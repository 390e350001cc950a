"""What the shopper is doing: acts, references to shown items, comparisons, sorts, cancellations."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from assistant.intent import Act, Comparative, Reference, Sort
from assistant.reader.numbers import find_quantities, number_begins
from assistant.reader.qualities import PARTS, QUALITIES, Quality, factor_of
from assistant.reader.utterance import Utterance
from catalog.text import tokens
from retrieval.vocabulary import Vocabulary

ORDINALS: Final = {
    "first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "fifth": 5, "5th": 5,
    "sixth": 6, "6th": 6, "seventh": 7, "7th": 7, "eighth": 8, "8th": 8, "ninth": 9, "9th": 9, "tenth": 10, "10th": 10, "last": -1, "1": 1, "2": 2, "3": 3, "4": 4,
    "5": 5, "6": 6, "7": 7, "8": 8, "9": 9, "10": 10, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
}  # fmt: skip
_COUNTS: Final = {"two": 2, "2": 2, "three": 3, "3": 3, "four": 4, "4": 4, "couple": 2}
_NTH: Final = (
    "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|last|1st|2nd|3rd|[4-9]th|10th"
)
_REF: Final = rf"(?:it|this|that|these|those|them|both|(?:the\s+)?(?:{_NTH})\b|#\s?\d|number\s|the\s+\w+(?:\s+\w+)?\s+one\b|\w+\s+one\b)"

_START_OVER: Final = re.compile(
    r"\b(?:(?:start|begin)\s+(?:over|again|afresh|anew|fresh)|new\s+search|from\s+scratch|clean\s+slate|reset"
    r"|(?:clear|forget|drop|scrap|ditch|wipe|bin|delete|cancel|scratch)\s+(?:absolutely\s+|about\s+|just\s+|out\s+)*"
    r"(?:everything|the\s+(?:whole\s+)?lot|all(?:\s+(?:of\s+)?(?:it|that|this|filters))?|it\s+all))\b(?P<except>\s+(?:except(?:\s+for)?|but|apart\s+from|besides)\b(?=\s+(?:the|my|that|it)\b))?"
)
FIELD_WORDS: Final = {
    "budget": "price", "price": "price", "prices": "price", "money": "price", "cost": "price", "limit": "price", "price limit": "price", "price range": "price",
    "budget limit": "price", "spending limit": "price",
    "color": "color", "colour": "color", "colors": "color", "colours": "color", "brand": "brand", "brands": "brand", "maker": "brand",
    "material": "material", "materials": "material", "size": "size", "sizes": "size", "rating": "rating", "ratings": "rating", "reviews": "rating",
    "stars": "rating", "gender": "gender", "stock": "stock", "discount": "discount", "sort": "sort", "order": "sort",
    "sale": "discount", "type": "type", "age": "age_from",
}  # fmt: skip
_FIELD_ALT: Final = "|".join(re.escape(w) for w in sorted(FIELD_WORDS, key=lambda w: (-len(w), w)))
_THING: Final = r"(?P<what>[\w' -]{2,40}?)"
_DROPPED: Final = (
    rf"{_THING}(?:\s+(?:limit|filter|constraint|thing|part|bit|business|requirement|restriction|preference)s?)?"
    r"(?=\s+(?:for|on|from|please|pls|now|then|again|and\s+(?:show|sort|give|make|only)|entirely|completely|altogether|after\s+all)\b|[,.!?;…]|$)"
)
_CLEARS: Final = tuple(
    re.compile(p)
    for p in (
        rf"\b(?:forget|ignore|drop|lift|scrap|ditch|discard|remove|lose|skip|leave\s+(?:off|out)|get\s+rid\s+of|never\s*mind)\s+(?:about\s+)?(?:the|my|that|any)?\s*{_DROPPED}",
        # verbs that are nouns or other things besides need the article
        rf"\b(?:screw|stuff|bin|sod|scratch|cut|leave|cancel|delete)\s+(?:the|my|that)\s+{_DROPPED}",
        rf"\b(?:i\s+)?(?:do\s*n'?t|do\s+not|no\s+longer)\s+(?:really\s+)?(?:need|want|insist\s+on|require)\s+(?:the|that|it\s+to\s+be|them\s+to\s+be)\s+{_THING}\s+(?:any\s*more|after\s+all)\b",
        r"\b(?:(?:do\s*n'?t|do\s+not|no\s+longer)\s+(?:really\s+)?(?:care|mind|matter)|no\s+matter)\s+(?:if|whether)\s+(?:it'?s|it\s+is|they'?re|they\s+are|its)\s+(?P<what>[\w-]+(?:\s+[\w-]+)?(?:(?:\s*,\s*|\s+or\s+)(?!whatever|not\b|anything|something)[\w-]+(?:\s+[\w-]+)?)*)(?:\s+or\s+(?:whatever|not|anything|something(?:\s+else)?))?(?=\s*[,.!?;…]|\s*$)",
        r"(?:^|[,.;!?]\s*)(?P<what>[\w-]+(?:\s+or\s+[\w-]+)+)\s*,?\s+(?:whatever|i\s+do\s*n'?t\s+(?:mind|care)|(?:it\s+)?(?:does\s*n'?t|does\s+not)\s+matter|(?:it'?s\s+)?all\s+the\s+same)\b",
        rf"(?<!\bof )\b(?:any|whatever|whichever)\s+(?P<what>{_FIELD_ALT})\b(?!\s+(?:in|under|over|with|of)\b)(?:\s+(?:is|are|would\s+be)?\s*(?:fine|ok|okay|good|works|will\s+do|goes))?",
        rf"\b(?:the\s+)?(?P<what>{_FIELD_ALT})\s+(?:(?:does|do)(?:n'?t| not)|no\s+longer|isn'?t|is\s+not)\s+(?:really\s+)?(?:matters?|important|an?\s+issue|a\s+problem|relevant)\b",
        rf"\b(?:i\s+)?(?:do\s*n'?t|do\s+not|no\s+longer)\s+(?:really\s+)?(?:care|mind|worry)\s+(?:about|what|which)?\s*(?:the|any)?\s*(?P<what>{_FIELD_ALT})\b(?:\s+(?:it\s+is|it's))?",
        r"\b(?:no|without\s+(?:a|the|any)|remove\s+the|there\s+is\s+no)\s+(?P<what>budget(?:\s+limit)?|price\s+limit|limit|price\s+range)\b",
        r"\b(?P<what>money|price|cost)(?:'s|\s+is)\s+(?:no\s+(?:object|issue|problem|concern)|not\s+an?\s+(?:issue|problem|concern))\b",
        r"\b(?:it\s+)?(?:doesn'?t|does\s+not|don'?t|needn'?t|need\s+not|no\s+longer)\s+(?:need(?:s)?|ha(?:ve|s))?\s*(?:it\s+|them\s+)?(?:to\s+)?be\s+(?P<what>[\w-]+(?:\s+[\w-]+)?)(?:\s+any\s?more)?(?=[,.!?;]|\s+(?:and|but)\b|$)",
        r"\bnot\s+necessarily\s+(?P<what>[\w-]+)\b",
    )
)

_ACTS: Final[tuple[tuple[Act, re.Pattern[str]], ...]] = tuple(
    (act, re.compile(pattern))
    for act, pattern in (
        (
            Act.REVIEW,
            r"\b(?:what(?:'s|\s+is|\s+do\s+i\s+have|\s+have\s+i|\s+did\s+i)?|show|view|see|list|open)\b[^.?!]*\b(?:in\s+|on\s+)?my\s+(?:cart|basket|trolley|wish\s?-?list|saved|list|favou?rites)\b"
            r"|\b(?:what|anything|something)\b[^.?!]*\b(?:i\s+saved|of\s+mine|my\s+saved|on\s+my\s+wish\s?-?list)\b|\bprice\s+drops?\b",
        ),
        (Act.REMOVE_FROM_CART, r"\b(?:remove|take|delete|drop|get\s+rid\s+of)\b.*\b(?:from|out\s+of|off)\s+(?:my\s+|the\s+)?(?:cart|basket|bag|trolley)\b"),
        (Act.ADD_TO_CART, r"\b(?:add|put|throw|drop|place|toss)\b.*\b(?:cart|basket|trolley|shopping\s+bag)\b"),
        (Act.BUY_AGAIN, r"\b(?:buy|order|get|need|want|have|purchase)\b[^?]*\bagain\b|\bre-?order\b|\bsame\b[^?]*\b(?:last\s+time|as\s+before|as\s+always|as\s+usual|again)\b|\b(?:the|my)\s+usual\b|\bwhat\s+did\s+i\s+(?:buy|order|get)\b|\b(?:i|we)\s+(?:bought|ordered|got)\s+(?:last|before)\b|\b(?:finished|ran\s+out\s+of|run\s+out\s+of|out\s+of|running\s+(?:low|out))\b.*\b(?:again|same|more|another|refill|my)\b|\b(?:ran|run|running|almost|nearly)\s+out\s+of\b|\b(?:i|we)\s+(?:always|usually|normally)\s+(?:buy|get|order|have)\b|\brestock\b|\brefill\s+my\b|\btop\s+up\s+my\b|\brunning\s+low\s+on\b"),
        (Act.ADD_TO_CART, rf"^(?:ok(?:ay)?[,.]?\s+|yes[,.]?\s+|great[,.]?\s+|perfect[,.]?\s+|and\s+|then\s+|please\s+)*(?:(?:i'?ll|i\s+will|let'?s|let\s+me|i'?d\s+like\s+to|i\s+want\s+to|can\s+i|gonna|i\s+think\s+i'?ll)\s+)?(?:take|buy|order|purchase|go\s+with|add|grab)\s+(?:me\s+)?(?:\d\s+of\s+)?{_REF}"),
        (Act.SAVE, rf"\bsave\s+{_REF}|\bsave\s+for\s+later\b|\bwish\s?-?list\b|\bbookmark\b|\bfavou?rites?\b|\b(?:keep|remember|save)\b.*\bfor\s+(?:later|me)\b|^(?:ok(?:ay)?[,.]?\s+|yes[,.]?\s+|please\s+)*save\s*(?:please)?[.!]*$"),
        (Act.COMPARE, rf"\b(?:compare|comparison|differ(?:s|ent\s+from)?|differences?|versus|vs)\b|\bwhich\s+(?:one\s+|of\s+\w+\s+)?(?:is|would\s+be|should|do\s+you)\b.*\b(?:better|best|recommend|choose|prefer|get|take|pick)\b|\b{_REF}\s+or\s+(?:the\s+)?{_REF}"),
        (Act.SIMILAR, rf"\b(?:similar|comparable)\b(?:\s+\w+)?\s+(?:to|as|like)\s+{_REF}|\b(?:something|anything|more|others?|ones?|stuff|things)\s+(?:just\s+)?(?:like|similar\s+to)\s+{_REF}|\balternatives?\s+(?:to|for)\s+{_REF}|\bsimilar\s+(?:brands?|ones?|items?|products?|options?|things?)\b|^(?:any\s+)?alternatives?\W*$|\bmore\s+like\s+{_REF}"),
        (Act.MORE, r"^(?:ok(?:ay)?[,.]?\s+|yes[,.]?\s+|and\s+)*(?:(?:can|could)\s+(?:you|i|we)\s+)?(?:(?:please\s+)?(?:show|give|see|list|any|got|have|load)\b\s*)?(?:me\s+|us\s+)?(?:some\s+|a\s+few\s+|any\s+)?(?:more|others?|next(?:\s+page|\s+ones)?|other\s+(?:ones|options|results)|different\s+ones|what\s+else|anything\s+else)(?:\s+(?:options|results|items|products|choices|please|of\s+(?:these|those|them)))*(?:\s+(?:do\s+you\s+have|is\s+there|have\s+you\s+got))?[\s?.!]*$"),
        (Act.ASK, rf"^(?:and\s+|so\s+|ok(?:ay)?[,.]?\s+|hmm[,.]?\s+|but\s+)*(?:is|are|does|do|did|has|have|can|could|will|would|was)\s+(?:it|they|this|that|these|those|both|{_REF})\b|^(?:and\s+|so\s+|but\s+|ok(?:ay)?[,.]?\s+)*(?:what|how|where|who|which|why|when)(?:'s|'re)?\b.*\b(?:it|its|it's|they|them|this|that|these|those|first|second|third|fourth|last|number\s+\d|#\s?\d)\b|^(?:and\s+)?(?:what|how)\s+about\s+(?:the\s+)?(?:{_NTH})\b|\btell\s+me\s+(?:more\s+)?about\s+{_REF}|\bmore\s+(?:info(?:rmation)?|details?)\s+(?:on|about|for)\b|^(?:why\b|(?:more\s+)?details?\b)"),
    )
)  # fmt: skip
_NAMED_ORDERS: Final = (
    (
        Act.REMOVE_FROM_CART,
        re.compile(
            r"\btake\s+(?:it|that|this|them|those|the\s+\w+)\s+(?:back\s+|right\s+)?out\b|\bput\s+(?:it|that|them|this)\s+back\b"
            r"|\bout\s+of\s+(?:my|the)\s+(?:cart|basket|trolley|bag)\b"
        ),
    ),
    (Act.ADD_TO_CART, re.compile(r"\b(?:in|into|to)\s+(?:my|the|me)\s+(?:cart|bask[ei]t|trolley|bag)\b")),
    (
        Act.SAVE,
        re.compile(
            r"\b(?:on|to|onto)\s+(?:my|the)\s+(?:wish\s?-?list|list|favou?rites)\b|\bbookmark\b"
            r"|\b(?:keep|hold|save)\s+(?:it|that|this|them|the\s+\w+)(?:\s+\w+)?\s+for\s+(?:me|later)\b"
        ),
    ),
)  # fmt: skip
_CHAT: Final = re.compile(
    r"^(?:(?:hi|hello|hey|hiya|yo|good\s+(?:morning|afternoon|evening|day)|thanks?|thank\s+you|thx|ty|cheers|bye|goodbye|see\s+(?:you|ya)|ok|okay|cool|great|nice|perfect|awesome|lol|haha|yes|yep|yeah|no|nope|sure|fine|"
    r"how\s+are\s+you(?:\s+(?:doing|today))?|who\s+are\s+you|what\s+are\s+you|what\s+can\s+you\s+do|are\s+you\s+(?:a\s+|an\s+)?(?:bot|human|robot|ai|person|real)|help(?:\s+me)?|what\s+do\s+you\s+(?:sell|have|carry)|what\s+(?:else\s+)?(?:brands|kinds|types|sorts|departments|categories|things|products|items)\s+(?:do|have)\s+you\s+(?:sell|have|carry|got)|which\s+brands\s+(?:do|have)\s+you\s+(?:sell|have|carry|got)|"
    r"(?:it\s+|that\s+)?(?:doesn'?t|does\s+not)\s+matter|there|so\s+much|very\s+much|a\s+lot|again|for\s+(?:your|the)\s+help|that'?s\s+(?:all|it|great|perfect|fine|good)|you\s+too|all\s+good|no\s+thanks|never\s*mind|and|please|then|now|for\s+now|today|that\s+is\s+all|looks\s+good|sounds\s+good)[\s,.!?;:)(-]*)+$"
)
_OFF_TOPIC: Final = re.compile(
    r"^(?:what(?:'s|\s+is)\s+(?:the\s+)?(?:weather|time|capital|meaning|news)|who\s+(?:won|is\s+the|was)|tell\s+me\s+a\s+(?:joke|story|poem)|write\s+(?:me\s+)?(?:a|an|some|code)|(?:what(?:'s|\s+is|\s+are)\s+(?:your|the)\s+)?(?:return|refund|shipping|delivery|privacy)s?\s+(?:policy|policies|costs?|times?|options)\b|(?:how\s+long\s+does\s+(?:shipping|delivery)|where\s+is\s+my\s+order|track\s+my\s+order|opening\s+hours|customer\s+service)|undo\b|translate|sing\b|solve|calculate|what(?:'s|\s+is)\s+\d+\s*[-+*x/]|"
    r"(?:please\s+)?(?:ignore|disregard|forget)\s+(?:all\s+)?(?:previous|prior|your|the\s+above|above|earlier)\s+(?:\w+\s+)?(?:instructions?|prompts?|rules?|messages?)|you\s+are\s+now|pretend\s+(?:to|you)|act\s+as)"
)
_INJECTION: Final = re.compile(
    r"\b(?:ignore|disregard|forget|override)\s+(?:all\s+|any\s+|your\s+|the\s+|my\s+)*(?:previous|prior|above|earlier|system)?\s*(?:instructions?|prompts?|rules?|guidelines)\b|\bsystem\s+prompt\b|<\|[a-z_]+\|>|\bjailbreak\b"
)

_POSITION: Final = re.compile(
    rf"(?<!\w)(?:the\s+)?(?P<nth>{_NTH})\s+(?P<count>two|2|three|3|four|4|couple)(?!\w)(?:\s+(?:ones|items|options|results))?"
    rf"|(?<!\w)top\s+(?P<top>two|2|three|3|four|4)(?!\w)"
    rf"|(?<!\w)(?:#\s?|(?:number|no\.?|nr\.?|option|item|product|result)\s+)(?P<number>\d{{1,2}}|one|two|three|four|five|six)(?!\w)"
    rf"|(?<!\w)(?P<the>the\s+)?(?P<single>{_NTH})(?P<one>\s+(?:one|item|option|product|result))?(?!\w)"
)
_NOT_POSITION: Final = re.compile(
    r"\s*[- ]?(?:aid|time|class|hand|birthday|name|year|minute|grade|step|edition|week|month|night|day|choice|floor|baby|communion|kettle|car)\b"
)
_AFTER_POSITION: Final = re.compile(
    r"\s*(?:$|[,.!?;&/)]|(?:and|or|is|are|was|to|in|with|from|at|for|vs|versus|please|than|has|have|does|do|look|looks|come|comes|instead|again|then|but|on|into|you|i)\b)"
)
_MATCH_ONE: Final = re.compile(
    r"(?<!\w)(?:the|that|this)\s+(?P<words>[\w'-]+(?:\s+[\w'-]+){0,2}?)\s+one(?!\w)"
)
_BOTH: Final = re.compile(r"(?<!\w)(?:both(?:\s+of\s+(?:them|these|those))?|the\s+two)(?!\w)")
_ALL: Final = re.compile(
    r"(?<!\w)(?:(?:all\s+(?:of\s+)?)?(?:these|those|them)(?!\s+\w+s\b)|all\s+(?:three|four|five|of\s+them))(?!\w)"
)
_THIS: Final = re.compile(r"(?<!\w)(?:it|its|it's|this|that|this\s+one|that\s+one|they)(?!\w)")

_SORTS: Final[tuple[tuple[re.Pattern[str], Sort], ...]] = (
    (re.compile(r"\b(?:cheapest|lowest(?:\s+price)?)\s+first\b|\b(?:sort(?:ed)?|order(?:ed)?|rank(?:ed)?)\s+(?:them\s+|it\s+|these\s+)?by\s+price(?!\s*[,(]?\s*(?:high|desc))(?:\s*[,(]?\s*(?:low\w*(?:\s+to\s+high\w*)?|asc\w*))?|\b(?:price\s+)?low(?:est)?\s+to\s+high(?:est)?\b"), Sort("price")),
    (re.compile(r"\bmost\s+expensive\s+first\b|\b(?:sort(?:ed)?|order(?:ed)?)\s+(?:them\s+)?by\s+price\s*[,(]?\s*(?:high\w*(?:\s+to\s+low\w*)?|desc\w*)|\b(?:price\s+)?high(?:est)?\s+to\s+low(?:est)?\b"), Sort("price", True)),
    (re.compile(r"\b(?:sort(?:ed)?|order(?:ed)?|rank(?:ed)?)\s+(?:them\s+|it\s+|these\s+)?by\s+(?:customer\s+)?(?:ratings?|stars|reviews?)\b|\bbest\s+(?:rated|reviewed)\s+first\b"), Sort("rating", True)),
    (re.compile(r"\b(?:sort(?:ed)?|order(?:ed)?|rank(?:ed)?)\s+(?:them\s+|it\s+|these\s+)?by\s+(?:popularity|number\s+of\s+reviews)\b"), Sort("review_count", True)),
    (re.compile(r"\b(?:sort(?:ed)?|order(?:ed)?)\s+(?:them\s+)?by\s+(?:discount|savings)\b|\b(?:biggest|largest|highest)\s+discounts?\b"), Sort("discount", True)),
)  # fmt: skip

REFERRING: Final = frozenset(
    {
        Act.ADD_TO_CART,
        Act.REMOVE_FROM_CART,
        Act.SAVE,
        Act.COMPARE,
        Act.SIMILAR,
        Act.ASK,
        Act.BUY_AGAIN,
    }
)
"""Acts that are about particular items."""


def read_act(u: Utterance) -> Act | None:
    """The act, None when the words around it decide (search or refine)."""
    text = u.lower.strip()
    if _CHAT.match(text) or _OFF_TOPIC.match(text) or not u.tokens:
        return Act.CHAT
    if _INJECTION.search(text) and not _set_orders_aside(u):
        return Act.CHAT
    for act, pattern in _ACTS:
        if pattern.search(text):
            return act
    return None


def named_order(text: str) -> Act | None:
    """The order about an item that names cart or wish list, and so leaves no doubt; None for others."""
    said = text.lower()
    return next((act for act, pattern in _NAMED_ORDERS if pattern.search(said)), None)


def _set_orders_aside(u: Utterance) -> bool:
    """Mark sentences that give orders to a model as read; whether anything else was said."""
    for sentence in re.finditer(r"[^.!?;\n]+", u.lower):
        if _INJECTION.search(sentence.group()):
            u.take(sentence.start(), sentence.end())
    return any(not u.taken(t.index) and len(t.word) > 2 for t in u.tokens)


def read_clears(u: Utterance, vocabulary: Vocabulary) -> list[str]:
    """Fields to be dropped: names, ``"*"`` for all, ``"value:red"`` for what has that value."""
    if found := _START_OVER.search(u.lower):
        u.take(found.start(), found.end())
        return ["*"]
    cleared: list[str] = []
    for pattern in _CLEARS:
        for m in pattern.finditer(u.lower):
            parts = re.split(r"\s*(?:,|\band\b|\bor\b)\s*", m["what"])
            fields = [f for part in parts for f in _field_of(part, vocabulary)]
            if len(parts) > 1 and re.search(r"\bor\b", m["what"]):
                fields = _field_of_alternatives(parts, vocabulary) or fields
            if fields:
                cleared += [f for f in fields if f not in cleared]
                u.take(m.start(), m.end())
    return cleared


def _field_of_alternatives(parts: Sequence[str], vocabulary: Vocabulary) -> list[str]:
    """The field that "matte or shiny" are values of: who drops both does not mind which it is."""
    meanings = [{e.field for e in vocabulary.lookup(tuple(tokens(p)))} for p in parts]
    known = [m for m in meanings if m]
    shared = set.intersection(*known) - {"type"} if known else set()
    return sorted(shared) if len(shared) == 1 else []


def _field_of(words: str, vocabulary: Vocabulary) -> list[str]:
    plain = re.sub(r"^(?:the|my|a|an|that|about|any)\s+", "", words.strip())
    plain = re.sub(
        r"\s+(?:limit|filter|thing|part|requirement|preference|stuff|wish|constraint)$", "", plain
    )
    if plain in FIELD_WORDS:
        return [FIELD_WORDS[plain]]
    phrase = tuple(tokens(plain))
    if not phrase:
        return []
    name = "_".join(phrase)
    for field in (
        *vocabulary.measured,
        *vocabulary.listed,
        *(e.field for e in vocabulary.flags.values()),
    ):
        if "_".join(tokens(field.replace("_", " "))) == name:
            return [field]
    known = vocabulary.lookup(phrase) or any(plain in q.plain for q in QUALITIES)
    return [f"value:{plain}"] if known else []


def read_sort(u: Utterance) -> Sort | None:
    """An order asked for outright, or by a superlative ("the quietest")."""
    for pattern, sort in _SORTS:
        if found := pattern.search(u.lower):
            u.take(found.start(), found.end())
            return sort
    return None


_PART_FIELDS: Final = {
    form: fields
    for noun, fields in PARTS.items()
    for form in (noun, f"{noun}es" if noun == "box" else f"{noun}s")
}
_PART: Final = "|".join(
    re.escape(w).replace(r"\ ", r"\s+") for w in sorted(_PART_FIELDS, key=lambda w: (-len(w), w))
)
_NO_NOUN_AFTER: Final = r"(?=\s*(?:$|[,.;!?)]|(?:than|and|or|please|pls|for|with|if|but|now|in|at|to|too|would|is|of|size|sizes|ones?|that|this)\b))"
_PART_COMPARED: Final = re.compile(
    rf"(?<!\w)(?:(?P<more>bigger|larger|higher|longer|greater|more)|smaller|lower|shorter|fewer|less)\s+(?P<part>{_PART}){_NO_NOUN_AFTER}"
)
_CONTAINERS: Final = frozenset(
    """box boxes bag bags bottle bottles tube tubes jar jars tin tins can cans""".split()
)
_OPENS: Final = re.compile(
    r"\W*(?:(?:ok|okay|hmm|and|but|or|maybe|please|just|an?|the|any|in|got|have|you|do|is|are|there|come|comes|does|it|they|something|anything|way|much|even|slightly|little|bit)\W+)*$"
)
_PLAIN_ADJECTIVE: Final = "|".join(sorted({w for q in QUALITIES for w in q.plain if w.isalpha()}))
_MULTIPLE: Final = re.compile(
    rf"(?<!\w)(?:(?:half|twice|double|three\s+times|a\s+(?:third|quarter)\s+of)\s+(?:of\s+)?(?:(?:the|its|that|this)\s+(?P<part>{_PART})(?!\w)|(?:that|this)(?=\s*(?:$|[,.;!?]|please\b))|as\s+(?P<as>much|{_PLAIN_ADJECTIVE})(?!\w)))"
)
_SHADE: Final = re.compile(r"\s+(?:colou?rs?|shades?|tones?|hues?|wood)\b")
""""A lighter shade" weighs nothing."""
_NO_MORE: Final = re.compile(
    r"\b(?:no|not|nothing|(?:is|are|ca|should|must|wo|would|do|does)n'?t|cannot)\s+(?:(?:be|want|anything|something|one|any|much|get|go)\s+)*$"
)
_THAT_NUMBER: Final = re.compile(r"\s+than\s+(?:that|this)\b")
_BARE_LESS: Final = re.compile(
    r"\W*(?:(?:a\s+(?:bit|little|lot)|much|even|still|any|anything|something|way|can\s+you|can\s+we|could\s+you|go|make\s+it|got|have\s+you|no|please|ok|okay|hmm+|and|for|maybe|do|you|have|then|it|get|,)\s+|,\s*)*(?P<less>lower|less)(?:\s+(?:please|pls|still|again|then|if\s+possible))*\W*$"
)
_TOO: Final = re.compile(
    r"(?<!\w)(?:(?:way|much|far|all|just|still|really|a\s+(?:bit|little|tad|touch)|slightly)\s+)*too\s+(?:damn\s+|bloody\s+)?(?P<what>much\s+(?:money|to\s+(?:pay|spend))|much|"
    + "|".join(
        sorted({w.removeprefix("too ") for q in QUALITIES for w in q.plain if w.startswith("too ")})
    )
    + r")(?=\s*(?:$|[,.;!?)]|(?:for|to|and|but|or|so|then|show|got|have|any|anything|something|please|though|tbh|still|really|now|imo|i)\b))"
)
_UNLESS: Final = re.compile(
    r"\b(?:not|no|nothing|never|without|if|unless|none|(?:is|are|do|does|was|were|would|should|ca|wo)n'?t)\b[^,.;!?]*$"
)
_ASKS: Final = re.compile(
    r"\s*(?:is|are|was|were|does|do|did|would|will|could|can|how|why|what|which|who|when|where)\b(?!')"
)
_ABOUT_SHOWN: Final = frozenset(
    """it its it's it’s theyre they're they that thats that's this these those them all both one ones first second third last is are was were be
    seem seems look looks looking feel feels a bit little tad of all but and so hmm hm oh no nah ok okay well sorry im i'm afraid i think find still
    just really price prices cost costs the for me us my everything here everyone of now again ugh wow yikes ouch way much far rather somewhat kind kinda sort""".split()
)
"""Words of a remark about what is shown: "those are all a bit too big"."""


def read_superlative(u: Utterance, vocabulary: Vocabulary) -> tuple[Sort | None, Reference | None]:
    """A superlative: a sort, or with "one"/"of them" a reference to the extreme of those shown."""
    for quality, start, end in _words_of(u, "most"):
        field = next(
            (
                f
                for f in quality.fields
                if f in vocabulary.measured or f in ("price", "rating", "review_count")
            ),
            quality.fields[0],
        )
        tail = re.match(
            r"\s+(?:one\b(?!s)|of\s+(?:them|these|those|the\s+(?:lot|two|three)))", u.lower[end:]
        )
        span_end = end + (tail.end() if tail else 0)
        u.take(start, span_end)
        if tail:
            return None, Reference(
                "extreme", f"{field}:{quality.direction:+d}", u.text[start:span_end]
            )
        return Sort(field, quality.direction > 0), None
    return None, None


def read_comparatives(u: Utterance, vocabulary: Vocabulary | None = None) -> list[Comparative]:
    """Wishes such as "cheaper", "half the price", "too loud", relative to what is shown.

    A complaint ("too expensive") counts only where it is about what is shown: in a sentence
    that names nothing else, and with a ``vocabulary`` in an utterance that names no type.
    """
    found = [*_multiples(u), *_with_nouns(u, vocabulary)]
    for quality, start, end in _words_of(u, "more"):
        than = re.match(r"\s+than\s+", u.lower[end:])
        if than and number_begins(u.lower[end + than.end() :]):
            continue
        if _SHADE.match(u.lower[end:]):
            continue
        u.take(start, end)
        if (
            than
            and _THAT_NUMBER.match(u.lower[end:])
            and any(q.end <= start for q in find_quantities(u))
        ):
            # "the gap is 8 inches, it can't be wider than that": a limit, read with its number
            continue
        turned = -1 if than and _NO_MORE.search(u.lower[:start]) else 1
        found.append(Comparative(quality.fields, turned * quality.direction, u.text[start:end]))
    if vocabulary is None or not _names_type(u, vocabulary):
        found += _complaints(u)
    if not found and (bare := _BARE_LESS.match(u.lower)) and u.free(bare.start(), bare.end()):
        u.take(bare.start(), bare.end())
        found.append(Comparative(("price",), -1, u.text[bare.start("less") : bare.end("less")]))
    return found


def _multiples(u: Utterance) -> Iterator[Comparative]:
    """Read "half the price", "twice the size", "half that": less or more of it than what is shown.

    By how much stands in the span, see :func:`assistant.reader.qualities.factor_of`.
    """
    for m in _MULTIPLE.finditer(u.lower):
        if not u.free(m.start(), m.end()):
            continue
        fields = _PART_FIELDS[m["part"]] if m["part"] else ("price",)
        if m["as"] and m["as"] != "much":
            quality = next(
                (q for q in QUALITIES if m["as"] in q.plain and q.fields != ("price",)), None
            )
            fields = quality.fields if quality is not None else ("price",)
        u.take(m.start(), m.end())
        direction = 1 if (factor_of(m.group()) or 1.0) > 1 else -1
        yield Comparative(fields, direction, u.text[m.start() : m.end()])


def _with_nouns(u: Utterance, vocabulary: Vocabulary | None) -> Iterator[Comparative]:
    """Read "smaller pack", "lower price", "less sugar": the noun names what is compared."""
    for m in _PART_COMPARED.finditer(u.lower):
        if not u.free(m.start(), m.end()):
            continue
        if m["part"] in _CONTAINERS and not _OPENS.match(u.lower[: m.start()]):
            # "I need a bigger bag" looks for a bag
            continue
        if vocabulary is not None and vocabulary.has_type(tuple(tokens(m["part"]))):
            continue
        u.take(m.start(), m.end())
        direction = 1 if m["more"] else -1
        yield Comparative(_PART_FIELDS[m["part"]], direction, u.text[m.start() : m.end()])


def _complaints(u: Utterance) -> Iterator[Comparative]:
    """Read "too expensive", "it's a bit too loud": less of that."""
    for sentence in re.finditer(r"[^.!?;,\n]+", u.lower):
        for m in _TOO.finditer(u.lower, sentence.start(), sentence.end()):
            before = u.lower[sentence.start() : m.start()]
            asked = _ASKS.match(before) or (
                sentence.end() < len(u.lower) and u.lower[sentence.end()] == "?" and before.strip()
            )
            spoken = [t for t in u.tokens if sentence.start() <= t.start < m.start()]
            if (
                asked
                or not u.free(m.start(), m.end())
                or _UNLESS.search(before)
                or not all(u.taken(t.index) or t.word in _ABOUT_SHOWN for t in spoken)
            ):
                continue
            fields, direction = _too(m["what"], before)
            u.take(m.start(), m.end())
            yield Comparative(fields, direction, u.text[m.start() : m.end()])


def _too(what: str, before: str) -> tuple[tuple[str, ...], int]:
    """What is meant by too much of something: its fields, and -1 for less of them."""
    if what.startswith("much") or (what == "high" and re.search(r"\b(?:price|cost)", before)):
        return ("price",), -1
    quality = next(q for q in QUALITIES if f"too {what}" in q.plain)
    return quality.fields, quality.direction


def _names_type(u: Utterance, vocabulary: Vocabulary) -> bool:
    stems = [t.stem for t in u.tokens]
    return any(
        vocabulary.has_type(tuple(stems[i : i + n]))
        for n in range(1, 5)
        for i in range(len(stems) - n + 1)
    )


def _words_of(u: Utterance, degree: str) -> Iterator[tuple[Quality, int, int]]:
    pairs = [(w, q) for q in QUALITIES for w in getattr(q, degree)]
    for word, quality in sorted(pairs, key=lambda p: -len(p[0])):
        pattern = r"(?<!\w)" + re.escape(word).replace(r"\ ", r"[\s-]+") + r"(?!\w)"
        for m in re.finditer(pattern, u.lower):
            if u.free(m.start(), m.end()):
                yield quality, m.start(), m.end()


def read_references(u: Utterance, act: Act | None) -> list[Reference]:
    """Pointers to shown items; those that need an act to make sense only count with one."""
    found: list[tuple[int, Reference]] = []
    for m in _POSITION.finditer(u.lower):
        if not u.free(m.start(), m.end()) or not _is_position(u, m, act):
            continue
        found += [
            (m.start(), Reference("position", str(p), m.group().strip())) for p in _positions(m)
        ]
        u.take(m.start(), m.end())
    for m in _MATCH_ONE.finditer(u.lower):
        if re.search(r"\b(?:not|but|except)\s+$", u.lower[: m.start()]):
            continue
        if u.free(m.start(), m.end()) and not re.fullmatch(
            r"(?:other|right|same|only|best|good|new|next)", m["words"]
        ):
            found.append(
                (
                    m.start(),
                    Reference(
                        "match",
                        u.text[m.start("words") : m.end("words")],
                        u.text[m.start() : m.end()],
                    ),
                )
            )
            u.take(m.start(), m.end())
    if act in REFERRING:
        for pattern, kind in ((_BOTH, "both"), (_ALL, "all"), (_THIS, "this")):
            for m in pattern.finditer(u.lower):
                if not u.free(m.start(), m.end()):
                    continue
                u.take(m.start(), m.end())
                if kind == "both":
                    found += [(m.start(), Reference("position", p, m.group())) for p in ("1", "2")]
                elif not any(r.kind == kind for _, r in found):
                    found.append((m.start(), Reference(kind, "", m.group())))
    found.sort(key=lambda f: f[0])
    references = [r for _, r in found]
    pointed = [r for r in references if r.kind not in ("this", "all")]
    return pointed or references


def _is_position(u: Utterance, m: re.Match[str], act: Act | None) -> bool:
    if m["single"] is None:
        return True
    rest = u.lower[m.end() :]
    if _NOT_POSITION.match(rest) or (
        m["single"] == "last" and re.match(r"\s+(?:time|week|month|year|order)", rest)
    ):
        return False
    if m["one"]:
        return True
    if re.match(r"\s+(?:lists?|pages?)\b", rest):
        return False
    return bool(m["the"]) and (act in REFERRING or _AFTER_POSITION.match(rest) is not None)


def _positions(m: re.Match[str]) -> list[int]:
    if m["top"]:
        return list(range(1, _COUNTS[m["top"]] + 1))
    if m["count"]:
        count = _COUNTS[m["count"]]
        return list(range(-count, 0)) if m["nth"] == "last" else list(range(1, count + 1))
    named = m["number"] or m["single"]
    return [ORDINALS[named] if named in ORDINALS else int(named)]
