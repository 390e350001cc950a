"""What marked words point at: shown or bought items, an order, a comparison."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from rapidfuzz.distance.OSA import distance

from assistant.compact import Slot
from assistant.intent import Act, Comparative, Reference, Sort
from assistant.moment import Moment
from assistant.reader import Context, read
from assistant.reader.about_items import LIKENED
from assistant.reader.comparing import measured_field, read_superlative
from assistant.reader.english import frequent_words
from assistant.reader.lookups import lookups_of
from assistant.reader.qualities import PARTS, QUALITIES, quality_compared
from assistant.reader.references import ORDINALS
from assistant.reader.sorting import outright
from assistant.reader.utterance import Utterance
from catalog.text import find_run, tokens
from catalog.units import comparable, unit_symbol
from retrieval.vocabulary import Vocabulary, no_catalog

_NUMBERED: Final = {
    **{word: str(n) for word, n in ORDINALS.items()},
    **{f"#{n}": str(n) for n in range(1, 11)},
    "top": "1", "runner-up": "2", "final": "-1", "bottom": "-1",
}  # fmt: skip
_ORDINAL_WORDS: Final = tuple(
    w for w in ORDINALS if len(w) > 4 and w.isalpha() and w not in ("three", "seven", "eight")
)
_LEADING: Final = frozenset("to of at in into on for with the a an".split())
_COUNTED: Final = frozenset("""two three four five 2 3 4 5""".split())
_NUMBER: Final = frozenset("""number numero no nr option item""".split())
_POINTING: Final = _NUMBER | frozenset("""the teh a an one ones of them these those choice thing product pick result my that this it
please pls for in on and""".split())  # fmt: skip
_NOUN: Final = frozenset("""one ones un 1""".split())
"""What stands for the item: "the red one", "the red 1"."""
_ALL: Final = frozenset("""all every any each they them em these those the lot""".split())
_DEICTIC: Final = frozenset("""the these those them em""".split())
_PAIR: Final = re.compile(
    r"\b(?:both|(?:the|these|those)\s+two|the\s+pair\s+of\s+(?:these|those|them))\b", re.IGNORECASE
)
_AMONG: Final = re.compile(
    r"\s+(?:(?:out\s+)?of|among|amongst|from)\s+(?=(?:these|those|them|'?em|the|that|this|all)\b)"
)
_EVERY: Final = frozenset("""all every each both""".split())
_PRICED: Final = {
    **dict.fromkeys("dear expensive pricey costly".split(), "price:+1"),
    **dict.fromkeys("cheap inexpensive affordable".split(), "price:-1"),
}
"""Words that tell one item from the others by its price alone: "the dear one"."""
_COUNTS: Final = frozenset("""one two three four five six""".split())
_SHOWN: Final = _ALL | frozenset("""that this bunch ones here shown""".split())
_COMPARISONS: Final = frozenset(
    w for q in QUALITIES for w in (*q.more, *q.most) if w.isalpha() and len(w) > 4
)
_LIKE_ALL: Final = ("all", "any", "each")
_ORDERS: Final = (
    (frozenset(tokens("cheap cheapest cheaper inexpensive affordable low lowest least")), Sort("price")),
    (frozenset(tokens("dear dearest expensive pricey priciest pricier high highest costly luxury")), Sort("price", True)),
    (frozenset(tokens("rated rating ratings star stars review reviews reviewed best judged loved liked top")), Sort("rating", True)),
    (frozenset(tokens("popular bestseller bestsellers bestselling selling sold bought")), Sort("review_count", True)),
)  # fmt: skip
_UP: Final = {
    **dict.fromkeys(tokens("biggest largest highest most longest greatest bigger more"), True),
    **dict.fromkeys(tokens("smallest lowest least fewest shortest smaller fewer less"), False),
}
"""Whether an order by a named field begins with much of it."""
KINDER_PRICE: Final = re.compile(
    r"\b(?:come|bring|knock|get)\s+(?:it\s+|that\s+|the\s+price\s+)?(?:\w+\s+){0,3}?down\b(?!\s+to\b)"
    r"|\b(?:kinder|easier|gentler|nicer|softer|lighter|friendlier)\s+(?:on|to|for)\s+(?:\w+\s+)?(?:wallet|purse|pocket|budget|bank)"
    r"|\bnot\s+(?:quite\s+)?(?:as|so)\s+(?:dear|pricey|expensive|costly)(?:\s+as\s+(?:these|those|this|that|them))?"
    r"|\b(?:a\s+)?(?:good\s+)?(?:bit|lot)?\s*less\s+money\b"
)
"""Ways of saying "cheaper" that name no price."""
_LESS: Final = re.compile(
    r"(?:a\s+(?:bit|little|lot)\s+|much\s+|even\s+)*(?:less|lower)(?:\s+(?:than\s+that|please))?$"
)
_AMOUNT: Final = re.compile(r"\b(?:(?P<more>more)|less|fewer)\s+(?:of\s+)?(?P<what>[\w -]+)$")


_AGAINST: Final = re.compile(
    r"\bthan\s+(?P<what>(?:the\s+)?(?!this\b|that\b|it\b|these\b|those\b|them\b|before\b|usual\b|what\b|any\b|most\b|normal\b|average\b)[A-Za-z][\w'-]*(?:\s+[\w'-]+){0,3})\s*$"
)
"""The item a comparison is made with."""


def references_of(
    slots: Iterable[Slot], act: Act, vocabulary: Vocabulary | None
) -> list[Reference]:
    """The shown or bought items that ``ref`` slots point at, each once."""
    found: list[Reference] = []
    for slot in slots:
        if slot.label == "ref" and act is Act.BUY_AGAIN:
            found.append(Reference("past_order", slot.value, slot.value))
        elif slot.label == "ref":
            found += _pointed_at(slot, vocabulary)
    return _telling(list(dict.fromkeys(found)), vocabulary)


def _telling(found: Sequence[Reference], vocabulary: Vocabulary | None) -> list[Reference]:
    """Without "those" beside what of those is meant, and without words no title has beside a pointer."""
    pointed = [
        r
        for r in found
        if len(found) == 1 or r.kind != "match" or vocabulary is None or _in_titles(r, vocabulary)
    ] or list(found)
    exact = [r for r in pointed if r.kind not in ("all", "this")]
    return exact or pointed


def _in_titles(reference: Reference, vocabulary: Vocabulary) -> bool:
    words = [w for w in tokens(reference.value) if len(w) > 1]
    return any(vocabulary.title_count((w,)) or vocabulary.lookup((w,)) for w in words)


def with_pair(references: Sequence[Reference], moment: Moment) -> tuple[Reference, ...]:
    """What was compared just before, where the references say no more than "both"."""
    said_both = bool(references) and all(
        (r.kind == "position" or r.among) and _PAIR.search(r.span) for r in references
    )
    if not said_both or not moment.compared:
        return tuple(references)
    places = [r.value for r in moment.compared if r.kind == "position"]
    if references[0].among and places:
        return (references[0].chosen_from(places),)
    return moment.compared


def _pointed_at(slot: Slot, vocabulary: Vocabulary | None) -> list[Reference]:
    said, among = _without_whole(slot.value.lower())
    words = _without_edges(re.findall(r"[\w'#-]+", said))
    if not words:
        return []
    if words in (["the", "one"], ["that", "list"]):
        return [Reference("this", "", slot.value)]
    if words == ["one"]:
        return [Reference("position", "1", slot.value)]
    if LIKENED.search(said):
        return [Reference("this", "", slot.value)]
    if _is_all(words, among):
        return [Reference("all", "", slot.value)]
    if among and words == ["the", "pair"]:
        return [Reference("position", p, slot.value) for p in ("1", "2")]
    words, stands_for = _without_noun(_without_every(words))
    extreme = _extremes(words, vocabulary) or _extreme(
        words, vocabulary, told_apart=among or stands_for
    )
    if extreme is not None:
        return [replace(extreme, span=slot.value)]
    if positions := _positions(words, vocabulary):
        return [Reference("position", p, slot.value) for p in positions]
    read_so = read(f"add {slot.value} to the cart").references
    told = [w for w in words if w not in _POINTING]
    if all(r.kind in ("this", "match") for r in read_so) and told:
        return [Reference("match", " ".join(told), slot.value)]
    return [replace(r, span=slot.value) for r in read_so]


def _without_edges(words: Sequence[str]) -> list[str]:
    """The words without what only leads to others: "cheapest to", "the"."""
    kept = list(words)
    while kept and kept[-1] in _LEADING:
        kept.pop()
    return kept


def _without_whole(said: str) -> tuple[str, bool]:
    """What stands before "of these", "from that lot", and whether anything of the kind was said."""
    among = next(_AMONG.finditer(said), None)
    if among is None or not {*re.findall(r"\w+", said[among.end() :])} <= _SHOWN:
        return said, False
    return said[: among.start()], True


def _is_all(words: Sequence[str], among: bool) -> bool:
    """Everything shown: "they", "all of them", also misspelt ("al of em")."""
    plural = {w.strip("'") for w in words} & (_ALL - {"the"})
    if plural and {w.strip("'") for w in words} <= _ALL | {"of", "that"}:
        return True
    return among and len(words) == 1 and any(distance(words[0], w) <= 1 for w in _LIKE_ALL)


def _without_every(words: Sequence[str]) -> Sequence[str]:
    """The words without "all" where it only says how many are meant: "all the red ones"."""
    counted = len(words) > 2 and words[0] in _EVERY
    names = words[-1:] in (["ones"], ["one"]) and not {*words[1:]} <= _POINTING | {*_NUMBERED}
    return words[1:] if counted and names else words


def _without_noun(words: Sequence[str]) -> tuple[list[str], bool]:
    """The words without "one" where it only stands for the item, and whether it did."""
    kept = [
        w
        for before, w in zip(("the", *words), words, strict=False)
        if w not in _NOUN or before in _NUMBER | {"the", "and", "or", "vs"}
    ]
    return kept, len(kept) < len(words)


def _extreme(
    words: Sequence[str], vocabulary: Vocabulary | None, *, told_apart: bool
) -> Reference | None:
    """The cheapest, "the most cheap"; a comparison ("dearer") where it tells one from the others."""
    put = [respelled(w) for w in words if w != "the"]
    if told_apart and len(put) == 1 and put[0] in _PRICED:
        return Reference("extreme", _PRICED[put[0]])
    _, extreme = read_superlative(Utterance(f"the {' '.join(put)} one"), vocabulary or no_catalog())
    if extreme is not None:
        return extreme
    quality = quality_compared(" ".join(put))
    if quality is None:
        return None
    # "the less expensive" tells one apart without a noun; "the lighter" may be a thing
    definite = words[0] == "the" and (put[0] in ("more", "less") or quality.fields == ("price",))
    if not (told_apart or definite or put[0] == "most"):
        return None
    field = measured_field(quality.fields, vocabulary or no_catalog())
    return Reference("extreme", f"{field}:{quality.direction:+d}")


def _extremes(words: Sequence[str], vocabulary: Vocabulary | None) -> Reference | None:
    """So many from one end of an order: "the cheapest two", "the two dearest ones"."""
    told = [w for w in words if w not in _COUNTED]
    if len(told) != len(words) - 1 or not {*told} - {"the"} or "of" in told:
        return None
    count = ORDINALS[next(w for w in words if w in _COUNTED)]
    one = _extreme(told, vocabulary, told_apart=False)
    return one and replace(one, kind="extremes", value=f"{one.value}:{count}")


def _positions(words: Sequence[str], vocabulary: Vocabulary | None) -> list[str]:
    """Places in what is shown; empty when other words tell the item."""
    if "both" in words and {*words} <= _DEICTIC | {"both", "of", "two"}:
        return ["1", "2"]
    if "two" in words and len(words) == 2 and words[0] in _DEICTIC:
        return ["1", "2"]
    spoken = [_NUMBERED.get(w) or _misspelled(w) for w in words]
    told = [w for w, n in zip(words, spoken, strict=True) if n is None and w not in _POINTING]
    places = [n for n in spoken if n is not None]
    if told and not (len(told) == 1 == len(places) and _is_place(words, vocabulary)):
        return []
    if (
        len(places) == 2
        and places[0] in ("1", "-1")
        and words[-1] in _COUNTED
        and "and" not in words
    ):
        # "the first two", "the last 3"
        count = int(places[1])
        span = range(1, count + 1) if places[0] == "1" else range(-count, 0)
        return [str(n) for n in span]
    return list(dict.fromkeys(places))


def _is_place(words: Sequence[str], vocabulary: Vocabulary | None) -> bool:
    """Whether words are a place and a noun ("top packet"): no quantity, and no words of a title."""
    place, noun = words[-2:]
    if place not in _NUMBERED or place.isdecimal() or place in _COUNTS or noun in _NUMBERED:
        return False
    return vocabulary is None or not vocabulary.title_count(tuple(tokens(f"{place} {noun}")))


def respelled(word: str) -> str:
    """A comparison with a typing mistake put right: "cheepest", "biger"; any other word as it is."""
    if len(word) <= 4 or word in _COMPARISONS or word in frequent_words():
        return word
    near = min(((distance(word, w), w) for w in _COMPARISONS if w[0] == word[0]), default=(9, word))
    return near[1] if near[0] <= 1 else word


def _misspelled(word: str) -> str | None:
    """An ordinal with its letters out of order: "frist", "secnd"."""
    if len(word) < 4 or word in frequent_words():
        return None
    best = min((distance(word, o), o) for o in _ORDINAL_WORDS)
    return _NUMBERED[best[1]] if best[0] <= 1 and word[0] == best[1][0] else None


def comparatives_of(
    slot: Slot, vocabulary: Vocabulary | None = None, context: Context | None = None
) -> tuple[Comparative, ...]:
    """What a ``than`` slot compares by."""
    said = " ".join(respelled(w) for w in slot.value.lower().split())
    if KINDER_PRICE.search(said) or _LESS.match(said):
        return (Comparative(("price",), -1, slot.value),)
    found = read(said, None, Context(has_wants=True)).comparatives
    if not found and vocabulary is not None and (amount := _AMOUNT.search(said)):
        fields = _counted_in(amount["what"], vocabulary, (context or Context()).kinds)
        found = (Comparative(fields, 1 if amount["more"] else -1),) if fields else ()
    return tuple(replace(c, span=slot.value) for c in found)


def compared_by(
    slots: Sequence[Slot],
    heard: Sequence[Comparative],
    vocabulary: Vocabulary | None,
    context: Context,
) -> tuple[Comparative, ...]:
    """What is compared by where something was marked: of what was only ``heard`` what was marked too."""
    if not slots:
        return tuple(heard)
    made: list[Comparative] = []
    for slot in slots:
        words = tokens(slot.value)
        too = [c for c in heard if find_run(words, tokens(c.span)) >= 0]
        if slot.label == "than":
            made += too or comparatives_of(slot, vocabulary, context)
        else:
            made += [c for c in too if tokens(c.span) == words and slot.label == "wish"]
    return tuple(dict.fromkeys(made))


def named_against(slots: Sequence[Slot], vocabulary: Vocabulary | None) -> tuple[Reference, ...]:
    """The item a comparison names: "cheaper than the Bowery", "lighter than the second one"."""
    for slot in slots:
        said = _AGAINST.search(slot.value) if slot.label == "than" else None
        if said is not None:
            return tuple(_pointed_at(Slot("ref", "=", said["what"]), vocabulary))
    return ()


def _counted_in(words: str, vocabulary: Vocabulary, kinds: frozenset[str]) -> tuple[str, ...]:
    """The measures that have that name or that unit ("litres"), of those kinds of thing first."""
    phrase, unit = tuple(tokens(words)), unit_symbol(words)
    named = lookups_of(vocabulary).fields.get(phrase)
    if named is not None and named in vocabulary.measured:
        return (named,)
    fields = [
        f
        for f in vocabulary.measured.values()
        if unit is not None and f.unit is not None and comparable(f.unit, unit)
    ]
    own = [f for f in fields if kinds & {*f.types}] or fields
    return tuple(f.name for f in sorted(own, key=lambda f: -f.count))


def sort_of(slot: Slot, vocabulary: Vocabulary | None, context: Context) -> Sort | None:
    """The order an ``order`` slot asks for: by the field it names, else as its adjective says."""
    words = tokens(slot.value)
    asked = outright(slot.value)
    known = asked[0] if asked is not None else read(slot.value, vocabulary, context).sort
    if (up := next((up for w in words if (up := _UP.get(w)) is not None), None)) is not None and (
        field := _field_in(words, vocabulary, context.kinds)
    ):
        return Sort(field, up)
    if known is not None:
        return known
    quality = next((q for q in map(quality_compared, _pairs(slot.value)) if q is not None), None)
    if quality is not None:
        field = measured_field(quality.fields, vocabulary or no_catalog(), context.kinds)
        return Sort(field, quality.direction > 0)
    return next((sort for stems, sort in _ORDERS if any(_begins(w, stems) for w in words)), None)


def _pairs(said: str) -> list[str]:
    """Two words that follow each other ("more luminous"), then single ones."""
    words = said.split()
    return [" ".join(words[i : i + n]) for n in (2, 1) for i in range(len(words) - n + 1)]


def _begins(word: str, stems: frozenset[str]) -> bool:
    """Whether a word is one of them, or made from one: "cheapies"."""
    return word in stems or any(len(s) > 4 and word.startswith(s) for s in stems)


def _field_in(
    words: Sequence[str], vocabulary: Vocabulary | None, kinds: frozenset[str]
) -> str | None:
    """The number field that words name ("piece count"), the longest name first."""
    if vocabulary is None:
        return None
    for size in (3, 2, 1):
        for i in range(len(words) - size + 1):
            phrase = tuple(words[i : i + size])
            named = lookups_of(vocabulary).fields.get(phrase)
            if named is not None and named in vocabulary.measured:
                return named
            if fields := PARTS.get(" ".join(phrase)):
                return measured_field(fields, vocabulary, kinds)
    counted = (_counted_in(w, vocabulary, kinds) for w in words if w not in _UP)
    return next((fields[0] for fields in counted if fields), None)
