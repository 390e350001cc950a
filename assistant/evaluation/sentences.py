"""Sentences of a reply that say something of a product, or count products, held against the records."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from assistant.cart import MOST
from assistant.evaluation.claims import read_claims
from assistant.evaluation.records import (
    COUNT,
    MONEY,
    count,
    field_of,
    holds,
    minor,
    prefix_names,
    squeezed,
)
from assistant.evaluation.standing import Scene
from assistant.reply import Reply
from catalog.constraint import Constraint, Verdict, judge
from catalog.product import Product
from catalog.text import tokens
from retrieval.index import Index

_SPLIT: Final = re.compile(r"(?:(?<=[.!?])|(?<=[.!?]”))\s+(?=[A-Z“⟦\d$€£¥\[])")
_MARK: Final = r"⟦(\d+)⟧"
_FEWEST_WORDS: Final = 3
_Pattern = tuple[re.Pattern[str], Callable[["Told", re.Match[str]], bool]]


class Names:
    """The products of a catalogue by what they may be called."""

    def __init__(self, index: Index) -> None:
        self._index = index

    @cached_property
    def _by_first_word(self) -> Mapping[str, list[Product]]:
        made: dict[str, list[Product]] = {}
        for row in range(self._index.info.rows):
            product = self._index.products[row]
            made.setdefault(product.title.split()[0] if product.title.split() else "", []).append(
                product
            )
        return made

    def marked(self, text: str, known: Sequence[Product]) -> tuple[str, tuple[Product, ...]]:
        """The text with every name of a product replaced by ``⟦0⟧``, ``⟦1⟧``…, and what they name.

        ``known`` are products of the conversation, the likeliest first; of others a name counts
        from three words on.
        """
        named: list[Product] = []
        quotes = re.findall(r"“[^”]*”", text)
        text = re.sub(r"“[^”]*”", "“”", text)
        close = [
            (name, product)
            for product in known
            for name in prefix_names(product)
            if name in text and (len(name.split()) > 1 or name == product.title.strip())
        ]
        far = [
            (name, product)
            for word in dict.fromkeys(re.findall(r"[^\s“”]+", text))
            for product in self._by_first_word.get(word, ())
            for name in prefix_names(product)
            if name in text and len(name.split()) >= min(_FEWEST_WORDS, len(product.title.split()))
        ]
        for names in (close, far):
            for name, product in sorted(names, key=lambda n: -len(n[0])):
                if re.search(_bounded(name), text):
                    text = re.sub(_bounded(name), f"⟦{len(named)}⟧", text)
                    named.append(product)
        for quote in quotes:
            text = text.replace("“”", quote, 1)
        return text, tuple(named)


def _bounded(name: str) -> str:
    return rf"(?<![\w⟦])(?<!\b[Bb]y ){re.escape(name)}(?![\w⟧])"


@dataclass(frozen=True, slots=True)
class Told:
    """One sentence with what it is held against."""

    reply: Reply
    index: Index
    scene: Scene
    """Of the product spoken of before, for "It is…"."""
    named: tuple[Product, ...]
    scene_of: Callable[[Product], Scene]

    def of(self, product: Product) -> Scene:
        """The same for another product."""
        return replace(self.scene_of(product), named=self.named)


def sentences(text: str) -> Iterator[str]:
    """The sentences of a text in which products are marked."""
    return (s for s in _SPLIT.split(text) if s.strip())


_OF_THE_READING: Final = re.compile(
    r"(?:I read |Compared with |Like ⟦|Prices here |Did I get |For example|Tell me |Which one|Sorted |“.*cannot both hold|We don't carry |There is nothing )"
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
    elif told.scene.product is not None and (details := _details(told, lower)):
        verdicts.append(details)
    return any(verdicts) if verdicts else None


def _subject(sentence: str, told: Told) -> tuple[Product | None, str]:
    found = re.match(
        rf"(?:Of [\d,]+ called “[^”]*”, the nearest to what you asked: |The nearest to that here: )?{_MARK}(?:'s| is (?!here)|:| has)?",
        sentence,
    )
    if found:
        return told.named[int(found[1])], sentence[found.end() :]
    if found := re.match(r"It is (?:also )?", sentence):
        return told.scene.product, sentence[found.end() :]
    return None, ""


# counts


def _count(told: Told, *dropped: Constraint) -> tuple[int, int]:
    return told.index.count([c for c in told.reply.moment.hard if c not in dropped])


def _fit(told: Told, m: re.Match[str]) -> bool:
    return count(m["n"]) == _count(told)[0]


def _open(told: Told, m: re.Match[str]) -> bool:
    return count(m["n"]) == _count(told)[1]


def _open_said(told: Told, m: re.Match[str]) -> bool:
    """Also that each card whose record leaves a demand open says so, and no other."""
    hard = told.reply.moment.hard
    return _open(told, m) and all(
        bool(r.unknown) == any(judge(r.product, c) is Verdict.UNKNOWN for c in hard)
        for r in told.reply.recommendations
    )


def _none_fits(told: Told, m: re.Match[str]) -> bool:
    return _count(told)[0] == 0


def _next(told: Told, m: re.Match[str]) -> bool:
    return count(m["k"]) == len(told.reply.recommendations) and count(m["n"]) == _count(told)[0]


def _without(told: Told, m: re.Match[str]) -> bool:
    """``Without “red” 33 fit; without “up to $60” two``: each count is that of a demand let go."""
    hard = told.reply.moment.hard
    for demand, said, more in re.findall(
        rf"without ((?:“[^”]*”(?:, | and )?)+) ({COUNT})( fits?, leaving something open)?", m[0]
    ):
        dropped = re.findall(r"“([^”]*)”", demand)
        chosen = [c for c in hard if any(_is_demand(c, d) for d in dropped)]
        options = [[c] for c in chosen] if len(dropped) == 1 else [chosen]
        column = 1 if more else 0
        if not any(_count(told, *o)[column] == count(said) for o in options):
            return False
    return True


def _is_demand(c: Constraint, said: str) -> bool:
    """Whether a quoted demand may be this one: it says its number or one of its words."""
    words = set(tokens(said))
    if c.number is not None:
        return (
            any(ch.isdigit() for ch in said)
            or bool(set(tokens(c.field.replace("_", " "))) & words)
            or c.field in ("stock", "discount")
        )
    return any(set(tokens(w)) <= words for w in c.words) or bool(
        set(tokens(c.field.replace("_", " "))) & words
    )


def _instead(told: Told, m: re.Match[str]) -> bool:
    said = re.findall(r"([^,()]+?) \(([\d,]+)\)(?:, | and )?", m["what"])
    hard = told.reply.moment.hard
    for c in hard:
        counts = (
            {
                squeezed(v): n
                for v, n in told.index.facet([h for h in hard if h != c], c.field).items()
            }
            if c.words
            else {}
        )
        if counts and all(counts.get(v.strip().removeprefix("and ")) == count(n) for v, n in said):
            return True
    return False


def _carries(told: Told, m: re.Match[str]) -> bool:
    return count(m["n"]) == told.index.info.rows


def _brands(told: Told, m: re.Match[str]) -> bool:
    hard = [c for c in told.reply.moment.hard if c.field == "type"]
    return count(m["n"]) == len(told.index.facet(hard, "brand")) or not hard


# cart, orders


def _cart(told: Told, m: re.Match[str]) -> bool:
    products = [p for i in told.reply.cart if (p := told.index.get(i)) is not None]
    if count(m["n"]) != len(products):
        return False
    if not m["total"]:
        return True
    return minor(m["total"], products[0].currency) == sum(p.price or 0 for p in products)


def _in_cart(told: Told, m: re.Match[str]) -> bool:
    marks = re.findall(rf"(?:(\d+) × )?{_MARK}", m[0])
    cart, kept = told.reply.cart, {*told.reply.cart, *told.reply.saved}
    counted = [(int(times or 1), told.named[int(n)]) for times, n in marks]
    if total := m.groupdict().get("total"):
        told_sum = sum(times * (p.price or 0) for times, p in counted)
        if minor(total, counted[0][1].currency) != told_sum:
            return False
    return bool(marks) and all(p.id in kept and t in (1, cart.count(p.id)) for t, p in counted)


def _several(told: Told, m: re.Match[str]) -> bool:
    product = told.named[int(m[2])]
    return minor(m["total"], product.currency) == int(m["n"]) * (product.price or 0)


def _removed(told: Told, m: re.Match[str]) -> bool:
    return all(told.named[int(n)].id not in told.reply.cart for n in re.findall(_MARK, m[0]))


def _saved(told: Told, m: re.Match[str]) -> bool:
    known = {*told.reply.saved, *told.scene_of(told.scene.product).past.get("wishlists", ())}
    return all(told.named[int(n)].id in known for n in re.findall(_MARK, m[0]))


def _bought(told: Told, m: re.Match[str]) -> bool:
    past = told.of(told.named[int(m[1])]).past
    times = m["times"]
    return m["on"] in past.get("dates", set()) and (not times or times in past.get("times", set()))


def _now(told: Told, m: re.Match[str]) -> bool:
    first = told.reply.recommendations[0].product if told.reply.recommendations else None
    return (
        first is not None
        and first.price is not None
        and minor(m["price"], first.currency) == first.price
    )


def _dearer_when_saved(told: Told, m: re.Match[str]) -> bool:
    product = told.named[int(m[1])]
    past = told.of(product).past.get("saved_price", set())
    return minor(m["now"], product.currency) == product.price and m["was"] in past


# particular products


def _here(told: Told, m: re.Match[str]) -> bool:
    shown = [*told.reply.recommendations, *told.reply.near_misses]
    place = int(m["n"])
    return place <= len(shown) and shown[place - 1].product.id == told.named[int(m[1])].id


def _is_shown(told: Told, m: re.Match[str]) -> bool:
    return any(r.product.id == told.named[int(m[1])].id for r in told.reply.recommendations)


def _counted(told: Told, m: re.Match[str]) -> bool:
    """``What counted most: fit and quality``: the two largest parts of a score shown."""
    said = re.split(r", | and ", m["parts"])
    return any(
        {n for n, v in sorted(r.parts.items(), key=lambda p: -p[1])[:2] if v > 0} == set(said)
        for r in told.reply.recommendations
    )


def _ranked(told: Told, m: re.Match[str]) -> bool:
    product, hard = told.named[int(m["who"])], told.reply.moment.hard
    fits = all(judge(product, c) is Verdict.MATCH for c in hard)
    shown = [r.product.id for r in told.reply.recommendations]
    place = count(m["place"])
    return (
        fits
        and count(m["n"]) == _count(told)[0]
        and 0 < place <= count(m["n"])
        and (product.id not in shown or place <= len(shown))
    )


def _says_nothing(told: Told, m: re.Match[str]) -> bool:
    """``The listing for X doesn't say anything about weight``: no record named has such a field."""
    name = field_of((m["about"] or "").strip())
    own = name in ("price", "rating", "stock", "brand")
    products = [told.named[int(n)] for n in re.findall(_MARK, m[0])]
    return all(
        p.attributes.get(name, getattr(p, name, None) if own else None) is None for p in products
    )


def _having(told: Told, m: re.Match[str]) -> bool:
    """``Microphone: X and Y``: those of the shown whose record says yes, and no other."""
    name = field_of(m["flag"])
    named = {told.named[int(n)].id for n in re.findall(_MARK, m[0])}
    return named == {
        r.product.id
        for r in (*told.reply.recommendations, *told.reply.near_misses)
        if r.product.attributes.get(name) is True
    }


def _statements(told: Told, m: re.Match[str]) -> bool:
    """``X: price $49.00; yes, keep warm; noise 54 dB``: each field holds what is said."""
    product = told.named[int(m[1])]
    return all(
        _stated(product, part.strip())
        for part in re.split(
            r"; |, (?=rated|[\d,]+ in stock)| and (?=rated|[\d,]+ in stock|sold out)", m["rest"]
        )
    )


def _stated(product: Product, said: str) -> bool:
    if said.startswith("yes, "):
        return product.attributes.get(field_of(said[5:])) is True
    if said.endswith(": no"):
        return product.attributes.get(field_of(said[:-4])) is False
    if said == "price not stated":
        return product.price is None
    if said == "sold out" or said.endswith(" in stock"):
        return holds(product, "stock", said)
    if said.startswith("rated "):
        return holds(product, "rating", said[6:])
    words = said.split()
    for n in range(len(words)):
        if holds(product, field_of(" ".join(words[:n])), " ".join(words[n:])):
            return True
    return holds(product, "price", said) or product.attributes.get(field_of(said)) is True


def _details(told: Told, lower: str) -> bool:
    """``Material steel, noise 54 dB, keep warm``: the fields of the product spoken of."""
    parts = lower.rstrip(".").split(", ")
    return _runs(told.scene.product, parts)


def _runs(product: Product, parts: Sequence[str]) -> bool:
    """Whether parts, joined where a value has commas of its own, are statements of a record."""
    if not parts:
        return True
    return any(
        _stated(product, ", ".join(parts[:n])) and _runs(product, parts[n:])
        for n in range(1, len(parts) + 1)
    )


def _verdict(told: Told, m: re.Match[str]) -> bool:
    """``For “quiet”: X (58 dB against 60 dB); for the price: Y ($25 less)``."""
    compared = [p for p in told.named]
    for title, leads in re.findall(rf"for [^:]+: {_MARK}(?: \(the [a-z]+\))? \(([^()]*)\)", m[0]):
        product = told.named[int(title)]
        others = [p for p in compared if p.id != product.id]
        if not all(_leads(product, others, lead, told) for lead in leads.split("; ")):
            return False
    return True


def _leads(product: Product, others: Sequence[Product], said: str, told: Told) -> bool:
    pair = [product, *others]
    if found := re.fullmatch(rf"({MONEY}) (less|more)", said):
        gap = minor(found[1], product.currency)
        way = -1 if found[2] == "less" else 1
        return any(
            product.price is not None and o.price is not None and o.currency == product.currency
            and (product.price - o.price) * way == gap
            for o in _compared(product, told)
        )  # fmt: skip
    if found := re.fullmatch(r"(.+) against (.+)", said):
        fields = ("rating", *product.attributes)
        return any(
            holds(product, f, found[1])
            and any(holds(o, f, found[2]) for o in _compared(product, told))
            for f in fields
        )
    if found := re.fullmatch(r"(.+), the (.+)", said):
        scene = replace(told.of(product), shown=tuple(_compared(product, told, whole=True)))
        return read_claims(f"{found[1]}, the {found[2]} of these {len(scene.shown)}", scene) is True
    texts = {f for f in product.attributes if holds(product, f, said)} | (
        {"brand"} if holds(product, "brand", said) else set()
    )
    return bool(texts) and len(pair) > 0


def _compared(product: Product, told: Told, *, whole: bool = False) -> list[Product]:
    """The products of the comparison, from the head of its table."""
    if not told.reply.differences:
        return []
    titles = told.reply.differences[0].values
    known = {
        r.product.title: r.product for r in (*told.reply.recommendations, *told.reply.near_misses)
    }
    return [p for t in titles if (p := known.get(t)) is not None and (whole or p.id != product.id)]


_N: Final = rf"(?P<n>{COUNT})"
_SENTENCES: Final[tuple[_Pattern, ...]] = tuple(
    (re.compile(pattern), check)
    for pattern, check in (
        (rf"{_N} .+? fits?(?:: .*)?\.", _fit),
        (rf"{_N} more (?:do|does) not state all of it and comes? last\.", _open),
        (
            rf"{_N} more (?:leaves? part of it open; its card says|leave part of it open; their cards say) which\.",
            _open_said,
        ),
        (rf"{_N} .+? say nothing of .*\.", _open),
        (r"no .+ fits? all of that(?:: .*)?\.", _none_fits),
        (r"no listing states all of that.*\.", _none_fits),
        (rf"the next (?P<k>{COUNT}) of {_N}\.", _next),
        (
            rf"(?P<k>{COUNT}) more that leave something open\.",
            lambda t, m: count(m["k"]) == len(t.reply.recommendations),
        ),
        (r"without “.*\.", _without),
        (r"instead of .+? there is (?P<what>.+)\.", _instead),
        (rf"there are {_N} products here.*\.", _carries),
        (rf"{_N} brands.* here.*\.", _brands),
        (rf"{_N} in the cart(?:, (?P<total>{MONEY})(?: together)?)?\.", _cart),
        (rf".*(?:is|are) in your cart(?:, (?P<total>{MONEY}) in all)?\.", _in_cart),
        (
            rf"only (?P<n>\d+) of {_MARK} (?:is|are) in stock\.",
            lambda t, m: t.named[int(m[2])].stock == int(m["n"]),
        ),
        (
            r"the cart takes no more than (?P<n>\d+) of one product\.",
            lambda t, m: int(m["n"]) == MOST,
        ),
        (r"in your cart: .*\.", _in_cart),
        (rf"(?P<n>\d+) × {_MARK} come to (?P<total>{MONEY})\.", _several),
        (r"removed .*\.", _removed),
        (r"saved:? .*\.", _saved),
        (
            rf"you last bought {_MARK} on (?P<on>[^,]+?)(?:, (?P<times>\d+) times so far)?\.",
            _bought,
        ),
        (rf"it is (?P<price>{MONEY}) now\.", _now),
        (
            rf"{_MARK} from your wishlist is (?P<now>{MONEY}) now; it was (?P<was>{MONEY}) when you saved it\.",
            _dearer_when_saved,
        ),
        (rf"{_MARK} is sold out\.", lambda t, m: t.named[int(m[1])].stock == 0),
        (rf"{_MARK} is near to your words\.", _is_shown),
        (rf"{_MARK} is here, in place (?P<n>\d+)(?:: .*)?\.", _here),
        (
            r"(?:of [\d,]+ called “.*”, the nearest to what you asked: )?⟦(?P<who>\d+)⟧ fits and comes in place (?P<place>[\d,]+) of (?P<n>[\d,]+).*\.",
            _ranked,
        ),
        (
            rf"the listings? for {_MARK}.*? (?:doesn't|don't) say(?: anything about (?P<about>.*))?\.",
            _says_nothing,
        ),
        (
            r"there (?:is|are) only (?P<n>\d+) shown here\.",
            lambda t, m: int(m["n"]) == len([*t.reply.recommendations, *t.reply.near_misses]),
        ),
        (rf"{_MARK}: (?P<rest>.+?)\.?", _statements),
        (rf"(?P<flag>[\w -]+): {_MARK}(?:(?:, | and ).*)?\.", _having),
        (rf"for .+: {_MARK}.*\(.*\)\.", _verdict),
        (r"what counted most: (?P<parts>.*)\.", _counted),
    )
)
"""Ways a sentence can be put."""
