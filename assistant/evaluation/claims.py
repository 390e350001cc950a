"""Reading a sentence about a product claim by claim, and holding each against the record.

The grammar is the audit's own: it knows the ways a claim can be put, and what each would take to
be true. What it cannot read stays unread; nothing is passed because it looks plausible.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from assistant.evaluation import asked, standing
from assistant.evaluation.records import (
    COUNT,
    MONEY,
    NUMBER,
    base,
    count,
    field_of,
    holds,
    minor,
    number,
    quoted,
    squeezed,
    word_values,
)
from assistant.evaluation.standing import CMP, KIND, NAMED, SHOWN, SUP, VAL, Reading, Scene
from catalog.text import tokens
from catalog.verdict import Verdict, judge

Check = Callable[[Reading, re.Match[str]], bool]
_Claims = tuple[tuple[Check, re.Match[str]], ...]


def read_claims(text: str, scene: Scene) -> bool | None:
    """Whether every claim of a text is true of the scene's product; None for what cannot be read."""
    quotes = [*scene.quotes]

    def mark(found: re.Match[str]) -> str:
        quotes.append(found[1])
        return f"«{len(quotes) - 1}»"

    marked = squeezed(re.sub(r"“([^”]*)”", mark, text)).strip()
    told = Scene(
        scene.product, scene.moment, scene.shown, scene.fitting, scene.past, scene.named, tuple(quotes), scene.like
    )  # fmt: skip
    best: bool | None = None
    for n, reading in enumerate(_readings(marked, 0, {}, _PATTERNS)):
        state = Reading(told)
        true = all([check(state, match) for check, match in reading])
        if true:
            return True
        best = False
        if n >= _READINGS:
            break
    return best


_READINGS: Final = 200
"""Ways to cut a sentence into claims that are tried before it counts as false."""
_BETWEEN: Final = re.compile(r"(?:\s*(?:[,;.:()!]|\band\b|\bit is also\b|\bis\b|\bhas\b))*\s*")


def _readings(
    text: str, at: int, memo: dict[int, bool], patterns: Sequence[tuple[re.Pattern[str], Check]]
) -> Iterator[_Claims]:
    """Every way to read a text from ``at`` on as a run of claims."""
    gap = _BETWEEN.match(text, at)
    start = gap.end() if gap else at
    if start >= len(text):
        if at > 0:
            yield ()
        return
    if memo.get(start) is False:
        return
    any_found = False
    for pattern, check in patterns:
        for end in _ends(pattern, text, start):
            for rest in _readings(text, end.end(), memo, patterns):
                any_found = True
                yield ((check, end), *rest)
    memo[start] = any_found


def _ends(pattern: re.Pattern[str], text: str, start: int) -> Iterator[re.Match[str]]:
    """The matches of a pattern at a place that end where a claim may end."""
    ends = [m.start() for m in re.finditer(r"[,;.:()!](?=\s|$|[,;.:()!])| (?=and )|(?=\))|$", text)]
    for stop in sorted({e for e in ends if e > start}):
        if match := pattern.fullmatch(text, start, stop):
            yield match


# plain statements


def _field_value(reading: Reading, match: re.Match[str]) -> bool:
    name, said = field_of(match["field"]), match["value"].rstrip(")")
    texts = word_values(reading.scene.product).get(name, set())
    reading.topic = name
    if asked.is_held(said, texts) or holds(reading.scene.product, name, said):
        return True
    # a word of the shopper's, and the record's for it: "wooden: oak"
    if not set(tokens(match["field"])) & asked.wish_words(reading):
        return False
    for own, held in word_values(reading.scene.product).items():
        wanted = [c for c in reading.scene.moment.constraints if c.field == own]
        if asked.is_held(said, held) and any(
            judge(reading.scene.product, c) is Verdict.MATCH for c in wanted
        ):
            reading.topic = own
            return True
    return False


def _named_value(reading: Reading, match: re.Match[str]) -> bool:
    """``Skin type dry``: a field by its name, then what it holds."""
    words = match[0].split()
    for n in range(1, len(words)):
        name, said = field_of(" ".join(words[:n])), " ".join(words[n:])
        texts = word_values(reading.scene.product).get(name, set())
        if asked.is_held(said, texts) or holds(reading.scene.product, name, said):
            reading.topic = name
            return True
    return False


def _flag(reading: Reading, match: re.Match[str]) -> bool:
    said = match["flag"]
    name = field_of(re.sub(r"^(?:not|no) ", "", said))
    held = reading.scene.product.attributes.get(name)
    reading.topic = name
    return isinstance(held, bool) and held is not said.startswith(("not ", "no "))


def _made_for_whom(reading: Reading, match: re.Match[str]) -> bool:
    product = reading.scene.product
    if match["whom"] == "kids":
        return product.attributes.get("kids") is True
    return set(match["whom"].split(" and ")) == word_values(product).get("gender", set())


def _upto(reading: Reading, match: re.Match[str]) -> bool:
    held = base(reading.scene.product, "age_to")
    months = 12 * number(match["age"]) if match["age"] else number(match["months"])
    return held is not None and abs(held[0] - months) < 1e-6


def _quote(reading: Reading, match: re.Match[str]) -> bool:
    product, quote = reading.scene.product, reading.scene.quotes[int(match["q"])]
    return quoted(product.title if "name" in match["who"] else product.description, quote)


def _rated(reading: Reading, match: re.Match[str]) -> bool:
    product = reading.scene.product
    reading.topic = "rating"
    return (
        product.rating is not None
        and abs(product.rating - number(match["rating"])) < 1e-6
        and product.review_count == count(match["n"])
    )


def _reviews(reading: Reading, match: re.Match[str]) -> bool:
    return reading.scene.product.review_count == count(match["n"])


def _left(reading: Reading, match: re.Match[str]) -> bool:
    return reading.scene.product.stock == count(match["n"])


def _sold_out(reading: Reading, match: re.Match[str]) -> bool:
    return reading.scene.product.stock == 0


def _reduced(reading: Reading, match: re.Match[str]) -> bool:
    product = reading.scene.product
    return (
        minor(match["was"], product.currency) == product.list_price
        and minor(match["now"], product.currency) == product.price
    )


def _made_for(reading: Reading, match: re.Match[str]) -> bool:
    held = base(reading.scene.product, "age_from")
    months = number(match["age"]) * (1 if "month" in match[0] else 12)
    return held is not None and abs(held[0] - months) < 1e-6


def _silent(reading: Reading, match: re.Match[str]) -> bool:
    product, name = reading.scene.product, field_of(match["field"])
    return product.attributes.get(name) is None and getattr(product, name, None) is None


def _past(reading: Reading, match: re.Match[str]) -> bool:
    return any(match[0] in told for told in reading.scene.past.values())


def _same(reading: Reading, match: re.Match[str]) -> bool:
    like, product = reading.scene.like, reading.scene.product
    names = [field_of(w) for w in re.split(r", | and ", match["fields"])]
    return like is not None and all(
        product.attributes.get(n) is not None
        and product.attributes.get(n) == like.attributes.get(n)
        for n in names
    )


_PATTERNS: Final[tuple[tuple[re.Pattern[str], Check], ...]] = tuple(
    (re.compile(pattern), check)
    for pattern, check in (
        (r"(?P<who>the listing|its name) says «(?P<q>\d+)»", _quote),
        (
            rf"{NAMED}(?P<val>{VAL})[:,( ]+(?P<tie>one of the |the |(?P<nth>[\d,]+)(?:st|nd|rd|th) )(?P<sup>{SUP}) of the (?P<all>[\d,]+) that (?P<kind>{KIND})",
            standing.place,
        ),
        (
            rf"{NAMED}(?P<val>{VAL})[:,( ]+(?:only )?(?P<k>[\d,]+) of the (?P<all>[\d,]+) that (?P<kind>{KIND}) (?:is|are) (?P<cmp>{CMP})",
            standing.behind,
        ),
        (
            rf"(?P<val>{VAL})[:,( ]+(?:only )?(?P<k>{COUNT}) {SHOWN} (?:is|are) (?P<cmp>{CMP})",
            standing.behind_shown,
        ),
        (
            rf"(?P<val>{VAL}),? \(?(?P<gap>{VAL}) (?P<cmp>{CMP}) than ⟦(?P<title>\d+)⟧",
            standing.than,
        ),
        (rf"the (?P<sup>{SUP}) {SHOWN}", standing.extreme),
        (
            rf"(?P<tie>one of the |the |(?P<nth>\d+)(?:st|nd|rd|th) )(?P<sup>{SUP}) {SHOWN}",
            standing.rank_shown,
        ),
        (rf"unlike the other (?P<n>{COUNT}) here", standing.unlike),
        (
            rf"(?P<gap>{MONEY}) (?P<side>under|over|above) your (?P<limit>{MONEY}) (?P<what>limit|minimum)",
            asked.room,
        ),
        (rf"exactly your (?P<limit>{MONEY}) (?P<what>limit|minimum)", asked.exactly),
        (
            rf"(?P<gap>{MONEY}) (?P<side>less|more) than the (?P<limit>{MONEY}) one",
            asked.than_the_one,
        ),
        (
            rf"(?P<gap>{MONEY}) (?P<side>over|below) the (?P<limit>{MONEY}) you named",
            asked.off_named,
        ),
        (rf"{NAMED}(?P<val>{VAL}), (?P<gap>{VAL}) (?P<side>below your limit)", asked.measure_gap),
        (
            rf"{NAMED}(?P<val>{VAL}), (?P<gap>{VAL}) (?P<side>{CMP}) than (?:you asked|the {VAL} you named)",
            asked.measure_gap,
        ),
        (
            rf"{NAMED}(?P<val>{VAL}), just (?P<edge>within your limit|at your minimum)",
            asked.at_the_edge,
        ),
        (rf"{NAMED}(?P<val>{VAL}), as you asked", asked.as_asked),
        (rf"(?P<val>{VAL}), near the (?P<limit>{VAL}) you named", asked.near_named),
        (rf"(?P<val>{VAL}), just what you named", asked.near_named),
        (r"(?P<what>.+), as you (?:asked|hoped|wished)", asked.stated_as_asked),
        (r"(?P<what>unisex), so for (?P<whom>[a-z, ]+?) too", asked.suits_too),
        (rf"rated (?P<rating>{NUMBER}) by (?P<n>[\d,]+) buyers?", _rated),
        (r"only (?P<n>\d+) reviews? so far", _reviews),
        (r"only (?P<n>\d+) left", _left),
        (r"sold out(?: at the moment)?", _sold_out),
        (rf"reduced from (?P<was>{MONEY}) to (?P<now>{MONEY})", _reduced),
        (rf"made for (?:age (?P<age>{NUMBER})) and up", _made_for),
        (rf"made for (?P<age>{NUMBER}) months? and up", _made_for),
        (r"made for (?P<whom>[a-z]+(?: and [a-z]+)*)", _made_for_whom),
        (r"only up to (?:age (?P<age>\d+)|(?P<months>\d+) months)", _upto),
        (r"(?P<asked>(?:no|not) .+), which you hoped for", asked.lacking),
        (r"the listing does not state its (?P<field>[a-z0-9 ]+)", _silent),
        (r"not (?P<words>[^:(]+?)(?:: | \()(?P<value>.+)", asked.refused),
        (r"by (?P<value>.+), not (?P<words>.+)", asked.refused),
        (
            r"(?P<value>.+), not (?:the |by )(?P<asked>.+) (?:you hoped for|as you asked.hoped)",
            asked.hoped,
        ),
        (r"not (?:in )?(?P<asked>.+), as you hoped", asked.not_in),
        (r"(?P<value>.+), which you (?:hoped to avoid|did not want)", asked.avoided),
        (
            r"(?:on your wishlist|on your wishlist, and .+ cheaper than when you saved it|you bought it on .+|last bought on .+|.+ than you paid)",
            _past,
        ),
        (r"same (?P<fields>.+)", _same),
        (r"(?P<field>[^:(«»⟦⟧]+)(?:: | \()(?P<value>.+)", _field_value),
        (r"(?P<flag>[a-z][a-z0-9 ]+)", _flag),
        (r"[a-z][a-z0-9 ]* .+", _named_value),
        (rf"{NAMED}(?P<val>{VAL})", standing.value),
    )
)
