"""What the shopper is doing: acts, small talk, and what is to be forgotten."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from assistant.intent import Act
from assistant.reader.counts import BEHIND, COUNTED
from assistant.reader.lookups import lookups_of
from assistant.reader.qualities import QUALITIES
from assistant.reader.references import NTH
from assistant.reader.utterance import Utterance
from catalog.text import tokens
from retrieval.vocabulary import Vocabulary

_REF: Final = rf"(?:it|this|that|these|those|them|both|(?:the\s+)?(?:{NTH})\b|#\s?\d|number\s|the\s+\w+(?:\s+\w+)?\s+one\b|\w+\s+one\b)"

_SOME_OF: Final = r"(?:the\s+)?[\w-]+(?:\s+[\w-]+)?\s+of\s+"
"""Of what is pointed at one or so many: "the cheaper of", "two packs of"."""

_START_OVER: Final = re.compile(
    r"\b(?:(?:start|begin)\s+(?:over|again|afresh|anew|fresh)|new\s+search|from\s+scratch|(?:clean|blank)\s+slate|(?:new|fresh)\s+start|back\s+to\s+square\s+one(?=(?:\W+(?:mate|then|please|pls|again|guys))*\W*$)|reset"
    r"|(?:never\s*mind|nvm)\s+(?:(?:about\s+)?all\s+(?:of\s+)?(?:it|that|this)|everything|the\s+(?:whole\s+)?lot)"
    r"|(?<!\bi )(?<!\bwe )(?<!\bhe )(?<!\bshe )(?<!\bthey )(?<!\balways )(?:clear|forget|drop|scrap|ditch|wipe|bin|delete|cancel|scratch)\s+(?:absolutely\s+|about\s+|just\s+|out\s+)*"
    r"(?:everything|the\s+(?:whole\s+)?lot|all(?:\s+(?:of\s+)?(?:it|that|this|filters))?|it\s+all))\b"
    r"(?:\W+(?:(?:except(?:\s+for)?|apart\s+from|besides|other\s+than|(?:but\s+)?(?:just\s+|only\s+)?(?:keep|leave))\s+(?:the\s+|my\s+|that\s+)?|but\s+(?:the|my|that)\s+)(?P<kept>[\w'-]+[\w', -]{0,60}))?"
)
_KEPT_PART: Final = re.compile(
    r"(?:^|,\s*(?:and\s+)?|\s+and\s+|\s+or\s+)(.+?)(?=,|\s+and\b|\s+or\b|$)"
)
_COURTESY: Final = re.compile(r"\s+(?:please|pls|now|then|again|though|as\s+is)$")
FIELD_WORDS: Final = {
    "budget": "price", "price": "price", "prices": "price", "money": "price", "cost": "price", "limit": "price", "price limit": "price", "price range": "price",
    "budget limit": "price", "spending limit": "price",
    "color": "color", "colour": "color", "colors": "color", "colours": "color", "brand": "brand", "brands": "brand", "maker": "brand",
    "company": "brand", "manufacturer": "brand", "character": "brand", "full price": "discount",
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
        rf"\b(?:forget|ignore|drop|lift|scrap|ditch|discard|remove|lose|skip|leave\s+(?:off|out)|get\s+rid\s+of|never\s*mind|nvm)\s+(?:about\s+)?(?:the|my|that|any)?\s*{_DROPPED}",
        # verbs that are nouns or other things besides need the article
        rf"\b(?:screw|stuff|bin|sod|scratch|cut|leave|cancel|delete)\s+(?:the|my|that)\s+{_DROPPED}",
        rf"\b(?:i\s+)?(?:do\s*n'?t|do\s+not|no\s+longer)\s+(?:really\s+)?(?:need|want|insist\s+on|require)\s+(?:the|that|it\s+to\s+be|them\s+to\s+be)\s+{_THING}\s+(?:any\s*more|after\s+all)\b",
        r"\b(?:(?:do\s*n'?t|do\s+not|no\s+longer)\s+(?:really\s+)?(?:care|mind|matter)|no\s+matter)\s+(?:if|whether)\s+(?:it'?s|it\s+is|they'?re|they\s+are|its)\s+(?P<what>[\w-]+(?:\s+[\w-]+)?(?:(?:\s*,\s*|\s+or\s+)(?!whatever|not\b|anything|something)[\w-]+(?:\s+[\w-]+)?)*)(?:\s+or\s+(?:whatever|not|anything|something(?:\s+else)?))?(?=\s*[,.!?;…]|\s*$)",
        r"(?:^|[,.;!?]\s*)(?P<what>[\w-]+(?:\s+or\s+[\w-]+)+)\s*,?\s+(?:whatever|i\s+do\s*n'?t\s+(?:mind|care)|(?:it\s+)?(?:does\s*n'?t|does\s+not)\s+matter|(?:it'?s\s+)?all\s+the\s+same)\b",
        rf"(?<!\bof )\b(?:any|whatever|whichever)\s+(?P<what>{_FIELD_ALT})\b(?!\s+(?:in|under|over|with|of)\b)(?:\s+(?:is|are|would\s+be)?\s*(?:fine|ok|okay|good|works|will\s+do|goes))?",
        rf"\b(?:the\s+)?(?P<what>{_FIELD_ALT})\s+(?:(?:does|do)(?:n'?t| not)|no\s+longer|isn'?t|is\s+not)\s+(?:really\s+)?(?:matters?|important|an?\s+issue|a\s+problem|relevant)\b",
        rf"\b(?:i\s+)?(?:do\s*n'?t|do\s+not|no\s+longer)\s+(?:really\s+)?(?:care|mind|worry)\s+(?:about|what|which)?\s*(?:the|any)?\s*(?P<what>{_FIELD_ALT})\b(?:\s+(?:it\s+is|it's))?",
        r"\b(?:no|without\s+(?:a|the|any)|remove\s+the|there\s+is\s+no)\s+(?P<what>(?:(?:upper|lower|max(?:imum)?|min(?:imum)?)\s+)?(?:budget(?:\s+limit)?|price\s+limit|limit)|price\s+range)\b",
        r"\b(?P<what>money|price|cost)(?:'s|\s+is)\s+(?:no\s+(?:object|issue|problem|concern)|not\s+an?\s+(?:issue|problem|concern))\b",
        r"\b(?:it\s+)?(?:doesn'?t|does\s+not|don'?t|needn'?t|need\s+not|no\s+longer)\s+(?:need(?:s)?|ha(?:ve|s))?\s*(?:it\s+|them\s+)?(?:to\s+)?(?:be|say|read|state|mention)\s+(?P<what>[\w-]+(?:\s+[\w-]+)?)(?:\s+any\s?more)?(?=[,.!?;]|\s+(?:and|but)\b|$)",
        r"\bnot\s+necessarily\s+(?P<what>[\w-]+)\b",
        r"\bno\s+(?P<what>[\w-]+)\s+(?:needed|necessary)\b",
        r"\bno\s+need\s+for\s+(?:it\s+to\s+be\s+|an?\s+|the\s+|any\s+)?(?P<what>[\w-]+)",
    )
)

_ONE_END: Final = re.compile(
    r"(?:(?P<upper>upper|max(?:imum)?)|lower|min(?:imum)?)(?:\s+(?P<field>.+))?"
)
"""One end of a range, by the name of its field: "upper price" of "the upper price limit"."""

_ACTS: Final[tuple[tuple[Act, re.Pattern[str]], ...]] = tuple(
    (act, re.compile(pattern))
    for act, pattern in (
        (
            Act.REVIEW,
            r"\b(?:what(?:'?s|\s+is|\s+do\s+i\s+have|\s+have\s+i|\s+did\s+i)?|show|view|see|list|open)\b[^.?!]*\b(?:in\s+|on\s+)?my\s+(?:cart|basket|trolley|wish\s?-?list|saved|list|favou?rites)\b"
            r"|\b(?:what|anything|something)\b[^.?!]*\b(?:i\s+saved|of\s+mine|my\s+saved|on\s+my\s+wish\s?-?list)\b|\bprice\s+drops?\b",
        ),
        (Act.REMOVE_FROM_CART, r"\b(?:remove|take|delete|drop|get\s+rid\s+of)\b.*\b(?:from|out\s+of|off)\s+(?:my\s+|the\s+)?(?:cart|basket|bag|trolley)\b"),
        (Act.REMOVE_FROM_CART, rf"^(?:ok(?:ay)?[,.]?\s+|please\s+|and\s+|then\s+)*(?:remove|delete|take\s+out)\s+{COUNTED}"),
        (Act.ADD_TO_CART, r"\b(?:add|put|throw|drop|place|toss|stick|pop|chuck|bung|whack|sling|fling|shove|lob|slip)\b.*\b(?:cart|basket|trolley|shopping\s+bag)\b"),
        (Act.ADD_TO_CART, r"^(?:\w+\W+){0,3}(?:straight\s+)?(?:in|into|to)\s+(?:my|the|me|t)\W?\s*(?:cart|basket|trolley)\b[^?]*$"),
        (Act.ADD_TO_CART, r"\b(?:put|pop|stick|chuck|bung|whack|throw|toss|sling|fling|shove|lob)\s+(?:it|that|this|them|those|these|'?em|(?:\w+\s+)?(?:of\s+)?(?:them|those|these|'?em))(?:\s+\w+)?\s+in(?=\s*(?:$|[,.;!]|(?:please|pls|then|and|for\s+me|too|as\s+well|mate|love)\b))"),
        (Act.ADD_TO_CART, r"\b(?:bag|cop)\s+(?:it|that|this|them|those|'?em|the\s+(?:first|second|third|last|top))\b|^\W*sold\b\W*(?:$|[,.!])"),
        (Act.BUY_AGAIN, r"\b(?:buy|order|get|need|want|have|purchase)\b[^?]*\bagain\b|\bre-?order\b|\bsame\b[^?]*\b(?:last\s+time|as\s+before|as\s+always|as\s+usual|again)\b|\b(?:the|my)\s+usual\b|\bwhat\s+did\s+i\s+(?:buy|order|get)\b|\b(?:i|we)\s+(?:bought|ordered|got)\s+(?:last|before)\b|\b(?:finished|ran\s+out\s+of|run\s+out\s+of|out\s+of|running\s+(?:low|out))\b.*\b(?:again|same|more|another|refill|my)\b|\b(?:ran|run|running|almost|nearly)\s+out\s+of\b|\b(?:i|we)\s+(?:always|usually|normally)\s+(?:buy|get|order|have)\b|\brestock\b|\brefill\s+my\b|\btop\s+up\s+my\b|\brunning\s+low\s+on\b"),
        (Act.ADD_TO_CART, rf"^(?:ok(?:ay)?[,.]?\s+|yes[,.]?\s+|great[,.]?\s+|perfect[,.]?\s+|and\s+|then\s+|please\s+)*(?:(?:i'?ll|i\s+will|let'?s|let\s+me|i'?d\s+like\s+to|i\s+want\s+to|can\s+i|gonna|i\s+think\s+i'?ll)\s+)?(?:take|buy|order|purchase|go\s+with|add|grab)\s+(?:me\s+)?(?:{_SOME_OF}(?:the\s+(?:two|three)\b|\d\s+(?:and|or)\b)|(?:{_SOME_OF})?{_REF})"),
        (Act.ADD_TO_CART, rf"^(?:\w+[,.]?\s+)?(?!one\b){COUNTED}{_REF}(?:\s+ones?)?(?=\s*(?:$|[,.!]|(?:please|pls|then|thanks)\b))"),
        (Act.ADD_TO_CART, rf"^(?:\w+[,.]?\s+)?{_REF}(?:\s+one)?\s*[,:-]?\s+{BEHIND}[^?]*$"),
        (Act.ADD_TO_CART, rf"^(?:\w+[,.]?\s+)?make\s+(?:it|that)\s+{COUNTED}"),
        (Act.ADD_TO_CART, r"\b(?:add|take|buy|order)\s+(?:it|this|that|them|these|those|both)\s+(?:only\s+)?(?:if|provided)\b"),
        (Act.SAVE, rf"\bsave\s+{_REF}|\bsave\s+for\s+later\b|\bwish\s?-?list\b|\bbookmark\b|\bfavou?rites?\b|\b(?:keep|remember|save)\b.*\bfor\s+(?:later|me)\b|^(?:ok(?:ay)?[,.]?\s+|yes[,.]?\s+|please\s+)*save\s*(?:please)?[.!]*$"),
        (Act.COMPARE, rf"\b(?:compare|comparison|differ(?:s|ent\s+from)?|differences?|versus|vs)\b|\bwhich\s+(?:one\s+|of\s+\w+\s+)?(?:is|would\s+be|should|do\s+you)\b.*\b(?:better|best|recommend|choose|prefer|get|take|pick)\b|\b{_REF}\s+or\s+(?:the\s+)?{_REF}"),
        (Act.SIMILAR, rf"\b(?:similar|comparable)\b(?:\s+\w+)?\s+(?:to|as|like)\s+{_REF}|\b(?:something|anything|more|others?|ones?|stuff|things)\s+(?:just\s+)?(?:like|similar\s+to)\s+{_REF}|\balternatives?\s+(?:to|for)\s+{_REF}|\bsimilar\s+(?:brands?|ones?|items?|products?|options?|things?)\b|^(?:any\s+)?alternatives?\W*$|\bmore\s+like\s+{_REF}"),
        (Act.MORE, r"^(?:ok(?:ay)?[,.]?\s+|yes[,.]?\s+|and\s+)*(?:(?:can|could)\s+(?:you|i|we)\s+)?(?:(?:please\s+)?(?:show|give|see|list|any|got|have|load)\b\s*)?(?:me\s+|us\s+)?(?:some\s+|a\s+few\s+|any\s+)?(?:more|others?|next(?:\s+page|\s+ones)?|other\s+(?:ones|options|results)|different\s+ones|what\s+else|anything\s+else)(?:\s+(?:options|results|items|products|choices|please|of\s+(?:these|those|them)))*(?:\s+(?:do\s+you\s+have|is\s+there|have\s+you\s+got))?[\s?.!]*$"),
        (Act.ASK, rf"^(?:and\s+|so\s+|ok(?:ay)?[,.]?\s+|hmm[,.]?\s+|but\s+)*(?:is|are|does|do|did|has|have|can|could|will|would|was)\s+(?:it|they|this|that|these|those|both|{_REF})\b|^(?:and\s+|so\s+|but\s+|ok(?:ay)?[,.]?\s+)*(?:what|how|where|who|which|why|when)(?:'s|'re)?\b.*\b(?:it|its|it's|they|them|this|that|these|those|first|second|third|fourth|last|number\s+\d|#\s?\d)\b|^(?:and\s+)?(?:what|how)\s+about\s+(?:the\s+)?(?:{NTH})\b|\btell\s+me\s+(?:more\s+)?about\s+{_REF}|\bmore\s+(?:info(?:rmation)?|details?)\s+(?:on|about|for)\b|^(?:why\b|(?:more\s+)?details?\b)"),
    )
)  # fmt: skip
_ONLY_WHERE: Final = re.compile(
    r"\W*(?:(?:ok(?:ay)?|straight|please|and|just|right)\W+)*(?:\d+|one|two|three|four|five|six|ten)?\s*(?:in|into|to)\s+(?:my|the|me|t)\W?\s*(?:cart|basket|trolley)\b[\w\s,]{0,20}[.!]*$"
)
_NAMED_ORDERS: Final = (
    (
        Act.REMOVE_FROM_CART,
        re.compile(
            r"\btake\s+(?:it|that|this|them|those|the\s+\w+)\s+(?:back\s+|right\s+)?out\b|\bput\s+(?:it|that|them|this)\s+back\b"
            r"|\bout\s+of\s+(?:my|the)\s+(?:cart|basket|trolley|bag)\b"
        ),
    ),
    (Act.ADD_TO_CART, re.compile(rf"\b(?:in|into|to)\s+(?:my|the|me)\s+(?:cart|bask[ei]t|trolley|bag)\b|\bmake\s+(?:it|that)\s+{COUNTED}")),
    (
        Act.SAVE,
        re.compile(
            r"\b(?:on|to|onto)\s+(?:my|the)\s+(?:wish\s?-?list|list|favou?rites)\b|\bbookmark\b"
            r"|\b(?:keep|hold|save)\s+(?:it|that|this|them|the\s+\w+)(?:\s+\w+)?\s+for\s+(?:me|later)\b"
        ),
    ),
)  # fmt: skip
_ORDERING: Final = re.compile(
    r"\b(?:add|put|throw|chuck|toss|pop|take|buy|order|purchase|grab|get|need|want|gimme|give|go\s+(?:with|for)|(?<!rather\s)have"
    r"|cart|basket|trolley|bag\s+(?:it|me)|deal|done|sold|(?:to|in|into|on)\s+my)\b"
)
_CHAT: Final = re.compile(
    r"^(?>(?:hi|hello|hey|hiya|yo|good\s+(?:morning|afternoon|evening|day)|thanks?|thank\s+you|thx|ty|cheers|bye|goodbye|see\s+(?:you|ya)|ok|okay|cool|great|nice|perfect|awesome|lol|haha|yes|yep|yeah|no|nope|sure|fine|"
    r"how\s+are\s+you(?:\s+(?:doing|today))?|who\s+are\s+you|what\s+are\s+you|what\s+can\s+you\s+do|are\s+you\s+(?:a\s+|an\s+)?(?:bot|human|robot|ai|person|real)|help(?:\s+me)?|what\s+do\s+you\s+(?:sell|have|carry)|what\s+(?:else\s+)?(?:brands|kinds|types|sorts|departments|categories|things|products|items)\s+(?:do|have)\s+you\s+(?:sell|have|carry|got)|which\s+brands\s+(?:do|have)\s+you\s+(?:sell|have|carry|got)|"
    r"(?:it\s+|that\s+)?(?:doesn'?t|does\s+not)\s+matter|there|so\s+much|very\s+much|a\s+lot|again|for\s+(?:your|the)\s+help|that'?s\s+(?:all|it|great|perfect|fine|good)|you\s+too|all\s+good|no\s+thanks|never\s*mind|and|please|then|now|for\s+now|today|that\s+is\s+all|looks\s+good|sounds\s+good)(?!\w)\W*+)++$"
)
_OFF_TOPIC: Final = re.compile(
    r"^(?:what(?:'s|\s+is)\s+(?:the\s+)?(?:weather|time|capital|meaning|news)|who\s+(?:won|is\s+the|was)|tell\s+me\s+a\s+(?:joke|story|poem)|write\s+(?:me\s+)?(?:a|an|some|code)|(?:what(?:'s|\s+is|\s+are)\s+(?:your|the)\s+)?(?:return|refund|shipping|delivery|privacy)s?\s+(?:policy|policies|costs?|times?|options)\b|(?:how\s+long\s+does\s+(?:shipping|delivery)|where\s+is\s+my\s+order|track\s+my\s+order|opening\s+hours|customer\s+service)|undo\b|translate|sing\b|solve|calculate|what(?:'s|\s+is)\s+\d+\s*[-+*x/]|"
    r"(?:please\s+)?(?:ignore|disregard|forget)\s+(?:all\s+)?(?:previous|prior|your|the\s+above|above|earlier)\s+(?:\w+\s+)?(?:instructions?|prompts?|rules?|messages?)|you\s+are\s+now|pretend\s+(?:to|you)|act\s+as)"
)
_INJECTION: Final = re.compile(
    r"\b(?:ignore|disregard|forget|override)\s+(?:all\s+|any\s+|your\s+|the\s+|my\s+)*(?:previous|prior|above|earlier|system)?\s*(?:instructions?|prompts?|rules?|guidelines)\b|\bsystem\s+prompt\b|<\|[a-z_]+\|>|\bjailbreak\b"
)


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


def only_says_where(text: str) -> bool:
    """Whether a sentence says no more than that, or how often, something goes into the cart."""
    return _ONLY_WHERE.match(text.lower()) is not None


def says_to_order(text: str) -> bool:
    """Whether there is a word for having something: "take", "add", "I'll have", "in my cart"."""
    return _ORDERING.search(text.lower()) is not None


def _set_orders_aside(u: Utterance) -> bool:
    """Mark sentences that give orders to a model as read; whether anything else was said."""
    for sentence in re.finditer(r"[^.!?;\n]+", u.lower):
        if _INJECTION.search(sentence.group()):
            u.take(sentence.start(), sentence.end())
    return any(not u.taken(t.index) and len(t.word) > 2 for t in u.tokens)


def read_clears(u: Utterance, vocabulary: Vocabulary) -> list[str]:
    """Fields to be dropped: names, ``"*"`` for all, ``"value:red"`` for what has that value,
    ``"upper:price"`` for the upper end of a range.

    ``"except:price"`` beside nothing else: all but that ("forget everything except the budget").
    """
    if found := _START_OVER.search(u.lower):
        kept, end = _kept(found, vocabulary)
        u.take(found.start(), end)
        return [f"except:{field}" for field in kept] or ["*"]
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


def starts_over(text: str) -> tuple[int, int] | None:
    """The characters of a text that say to begin anew, None where nothing does."""
    found = _START_OVER.search(text.lower())
    return found and found.span()


def _kept(found: re.Match[str], vocabulary: Vocabulary) -> tuple[list[str], int]:
    """What is not to be forgotten with all else, and where the words for it end.

    Nothing where a thing is named rather than something asked of it: "all but the kettle" asks
    for a kettle.
    """
    kept: list[str] = []
    end = found.start("kept")
    for part in _KEPT_PART.finditer(found["kept"] or ""):
        name = _COURTESY.sub("", part[1].strip())
        fields = _field_of(name, vocabulary)
        if not fields or vocabulary.has_type(tuple(tokens(name))):
            break
        kept += fields
        end = found.start("kept") + part.end()
    return list(dict.fromkeys(kept)), end if end >= 0 else found.end()


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
    if end := _ONE_END.fullmatch(plain):
        fields = _field_of(end["field"] or "limit", vocabulary)
        name = "upper" if end["upper"] else "lower"
        return [f"{name}:{f}" for f in fields if not f.startswith("value:")]
    phrase = tuple(tokens(plain))
    if not phrase:
        return []
    lookups = lookups_of(vocabulary)
    if field := lookups.fields.get(phrase) or lookups.flags.get(phrase):
        return [field]
    known = (
        vocabulary.lookup(phrase)
        or any(plain in q.plain for q in QUALITIES)
        or any(lookups.saying(field, phrase) for field in {*lookups.fields.values()})
    )
    return [f"value:{plain}"] if known else []
