"""Sentences of a reply that say something of a product, or count products, held against the records."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from assistant.cart import MOST
from assistant.evaluation import counting, particulars, purchases
from assistant.evaluation.claims import read_claims
from assistant.evaluation.records import COUNT, MONEY, count, squeezed
from assistant.evaluation.told import MARK, Told
from catalog.product import Product

_SPLIT: Final = re.compile(r"(?:(?<=[.!?])|(?<=[.!?]”))\s+(?=[A-Z“⟦\d$€£¥\[])")
_Pattern = tuple[re.Pattern[str], Callable[[Told, re.Match[str]], bool]]


def sentences(text: str) -> Iterator[str]:
    """The sentences of a text in which products are marked."""
    return (s for s in _SPLIT.split(text) if s.strip())


_OF_THE_READING: Final = re.compile(
    r"(?:I read |I leave out |Compared with |Like ⟦|Prices here |Did I get |For example|Tell me |Which one|Sorted |“.*cannot both hold|We don't carry |There is nothing )"
)


def speaks_of_products(sentence: str) -> bool:
    """Whether a sentence names a product or says a number, which only records can prove."""
    if _OF_THE_READING.match(sentence):
        return False
    plain = re.sub(r"“[^”]*”", "", sentence)
    return bool(re.search(r"⟦|\d", plain)) or bool(
        re.search(rf"\b(?:{COUNT})\b [a-z' -]*\bfits?\b", plain.lower())
    )


def check_sentence(sentence: str, told: Told) -> bool | None:
    """Whether a sentence is true; None where it cannot be read."""
    lower = squeezed(sentence)
    verdicts = [check(told, m) for pattern, check in _SENTENCES if (m := pattern.fullmatch(lower))]
    if any(verdicts):
        return True
    product, rest = _subject(sentence, told)
    if product is not None and rest.strip(" ."):
        read = read_claims(rest.rstrip(" ."), told.of(product))
        verdicts += [] if read is None else [read]
    elif told.scene.product is not None and (said := particulars.details(told, lower)):
        verdicts.append(said)
    return any(verdicts) if verdicts else None


def _subject(sentence: str, told: Told) -> tuple[Product | None, str]:
    found = re.match(
        rf"(?:Of [\d,]+ called “[^”]*”, the nearest to what you asked: |The nearest to that here: )?{MARK}(?:'s| is (?!here)|:| has)?",
        sentence,
    )
    if found:
        return told.named[int(found[1])], sentence[found.end() :]
    if found := re.match(r"It is (?:also )?", sentence):
        return told.scene.product, sentence[found.end() :]
    return None, ""


_N: Final = rf"(?P<n>{COUNT})"
_SENTENCES: Final[tuple[_Pattern, ...]] = tuple(
    (re.compile(pattern), check)
    for pattern, check in (
        (rf"{_N} .+? fits?(?:: .*)?\.", counting.fits),
        (rf"{_N} more (?:do|does) not state all of it and comes? last\.", counting.left_open),
        (
            rf"all (?P<n>{COUNT}) cost between (?P<low>{MONEY}) and (?P<high>{MONEY})\.",
            counting.cost_between,
        ),
        (rf"{_N} .+? says? nothing of .*\.", counting.left_open),
        (r"no .+ fits? all of that(?:: .*)?\.", counting.none_fits),
        (r"no listing states all of that.*\.", counting.none_fits),
        (rf"the next (?P<k>{COUNT}) of {_N}\.", counting.next_ones),
        (
            rf"(?P<k>{COUNT}) more that leave something open\.",
            lambda t, m: count(m["k"]) == len(t.reply.recommendations),
        ),
        (r"without “.*\.", counting.without),
        (r"instead of .+? there is (?P<what>.+)\.", counting.instead),
        (rf"there are {_N} products here.*\.", counting.carries),
        (rf"{_N} brands.* here.*\.", counting.brands),
        (rf"{_N} in the cart(?:, (?P<total>{MONEY})(?: together)?)?\.", purchases.cart_holds),
        (rf".*(?:is|are) in your cart(?:, (?P<total>{MONEY}) in all)?\.", purchases.in_cart),
        (
            rf"only (?P<n>\d+) of {MARK} (?:is|are) in stock\.",
            lambda t, m: t.named[int(m[2])].stock == int(m["n"]),
        ),
        (
            r"the cart takes no more than (?P<n>\d+) of one product\.",
            lambda t, m: int(m["n"]) == MOST,
        ),
        (r"in your cart: .*\.", purchases.in_cart),
        (rf"(?P<n>\d+) × {MARK} come to (?P<total>{MONEY})\.", purchases.several),
        (r"removed .*\.", purchases.removed),
        (r"saved:? .*\.", purchases.saved),
        (
            rf"you last bought {MARK} on (?P<on>[^,]+?)(?:, (?P<times>\d+) times so far)?\.",
            purchases.bought,
        ),
        (rf"it is (?P<price>{MONEY}) now\.", purchases.costs_now),
        (
            rf"{MARK} from your wishlist is (?P<now>{MONEY}) now; it was (?P<was>{MONEY}) when you saved it\.",
            purchases.dearer_when_saved,
        ),
        (rf"{MARK} is sold out\.", lambda t, m: t.named[int(m[1])].stock == 0),
        (rf"{MARK} is near to your words\.", particulars.is_shown),
        (rf"of {MARK} the listing says “(?P<quote>.+)”\.?", particulars.says),
        (rf"the listing for {MARK} states no (?P<about>.+)\.", particulars.says_nothing),
        (rf"{MARK} is here, in place (?P<n>\d+)(?:: .*)?\.", particulars.here),
        (
            r"(?:of [\d,]+ called “.*”, the nearest to what you asked: )?⟦(?P<who>\d+)⟧ fits and comes in place (?P<place>[\d,]+) of (?P<n>[\d,]+).*\.",
            particulars.ranked,
        ),
        (
            rf"the listings? for {MARK}.*? (?:doesn't|don't) say(?: anything about (?P<about>.*))?\.",
            particulars.says_nothing,
        ),
        (
            r"there (?:is|are) only (?P<n>\d+) shown here\.",
            lambda t, m: int(m["n"]) == len([*t.reply.recommendations, *t.reply.near_misses]),
        ),
        (
            rf"(?:of [\d,]+ called “.*”, the nearest to what you asked: )?{MARK}: (?P<open>.+?)(?P<first>; (?:what states|no listing states) all you asked.*)\.",
            particulars.leaves_open,
        ),
        (rf"{MARK}: (?P<rest>.+?)\.?", particulars.statements),
        (rf"(?P<flag>[\w -]+): {MARK}(?:(?:, | and ).*)?\.", particulars.having),
        (rf"for .+: {MARK}.*\(.*\)\.", particulars.verdict),
        (r"what counted most: (?P<parts>.*)\.", particulars.counted_most),
    )
)
"""Ways a sentence can be put."""
