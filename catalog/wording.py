"""The words a demand looks for, and whether a value or a listing says them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final

from catalog.constraint import NONE, TEXT, Constraint
from catalog.foreign import abroad, in_english
from catalog.lexicon import (
    COLOR_FAMILY,
    CONTRARY,
    FAKES,
    KINDS,
    LOOKS,
    MATERIAL_FAMILY,
    PARTS,
    PLAIN_COLORS,
    SIZE_SPELLINGS,
    SPELLINGS,
    WORKED,
)
from catalog.product import Product
from catalog.text import find_run, fold, tokens, written_apart

BREAK: Final = "|"
"""The token between title, description and attributes in a listing."""

NEGATORS: Final = frozenset(
    {"no", "non", "not", "without", "never", "zero", "isnt", "arent", "nor", "lack", "lacking", "excluding"}
)  # fmt: skip
"""Words that deny the word right after them."""

MISSING: Final = (("not", "included"), ("sold", "separately"))
"""Words that deny what stands right before them: "lid not included"."""

TURNING: Final = NEGATORS | {"semi", "quasi"}
"""Words that make another value of the one right after them: semi-open is not open."""

DENIAL_FILLERS: Final = frozenset({"any", "added", "a", "an", "artificial", "of", "from"})
"""Words that may stand between: "no added sugar", "free of parabens". No others, lest "No lid. Red
handle." pass for not red."""


def holds(
    value: str, phrase: str, others: Collection[str] = (), fakes: Collection[str] = ()
) -> bool:
    """Whether a value says ``phrase``, and says it of the product itself: "navy blue" does say blue
    and "40/41/42" 42; "semi-open" does not say open, "42 2/3" not 42 and "extra large" not large,
    nor "with white sole" white where ``others`` (:func:`others_of`) has the sole, nor "faux leather"
    leather where ``fakes`` (:func:`fakes_of`) has the faux.
    """
    words, run = _value_tokens(value), _value_tokens(phrase)
    turning = TURNING | GRADES if run[:1] in (["large"], ["small"]) else TURNING
    at = find_run(words, run)
    while at >= 0 and (
        (at > 0 and (words[at - 1] in turning or words[at - 1] in fakes))
        or _of_other(words, at + len(run), others)
    ):
        at = find_run(words, run, at + 1)
    return at >= 0


GRADES: Final = frozenset({"extra", "x", "xx", "xxx", "2x", "3x", "4x", "5x"})
"""Words that make another size of "large" and "small" after them."""

_MIXED: Final = re.compile(r"(?<![\w.,])(\d+)[ -](\d)[/⁄]([2-9])(?![\w/])")
_COMMA: Final = re.compile(r"(?<![\w.,])(\d+),(\d{1,2})(?![\w.,])")


def _value_tokens(text: str) -> list[str]:
    """Tokens of a value, a number with a fraction as one: ``"42 1/2"`` and ``"42,5"`` → ``["42.5"]``."""
    if text.isalpha():
        return tokens(text)
    whole = _MIXED.sub(lambda m: f"{int(m[1]) + int(m[2]) / int(m[3]):.2f}".rstrip("0"), fold(text))
    return tokens(_COMMA.sub(r"\1.\2", whole))


def has_parts(phrase: str) -> bool:
    """Whether another value may carry the words of ``phrase``: "42" stands in "42 2/3"."""
    return any(t[0].isdigit() or t in ("large", "small") for t in tokens(phrase))


def wanted_words(constraint: Constraint) -> tuple[str, ...]:
    """The words to look for in the field: a colour with its shades ("blue": also navy), a material
    with its sorts ("wood": also oak), refused also with its ``KINDS`` ("plastic": also nylon).

    Unisex suits every ``gender`` asked for, and a size may be spelled in several ways ("L": "large").
    Colours and materials are also looked for in other languages ("red": "rot").
    """
    near = _near_words(constraint)
    return tuple(dict.fromkeys((*near, *abroad(constraint.field, near))))


def _near_words(constraint: Constraint) -> tuple[str, ...]:
    words = _spelled(constraint)
    if constraint.field == "size":
        return tuple(dict.fromkeys((*words, *(v for w in words for v in _sizes(w)))))
    if family := _FAMILIES.get(constraint.field):
        words += tuple(e for w in words for e in in_english(constraint.field, w))
        near = (s for w in words for s in family.get(w.lower(), ()))
        kinds = _kinds(constraint) if constraint.field == "material" else ()
        return tuple(dict.fromkeys((*words, *near, *kinds)))
    if constraint.field == "gender" and not constraint.op.negative:
        return tuple(dict.fromkeys((*words, "unisex")))
    return words


_FAMILIES: Final = {"color": COLOR_FAMILY, "material": MATERIAL_FAMILY}


def _sizes(word: str) -> tuple[str, ...]:
    run = _value_tokens(word)
    half = run[0].removesuffix(".5") if len(run) == 1 and run[0].endswith(".5") else ""
    spelled = (f"{half}.5", f"{half},5", f"{half} 1/2", f"{half}½") if half else ()
    return spelled or SIZE_SPELLINGS.get(" ".join(run), ())


def _kinds(constraint: Constraint) -> tuple[str, ...]:
    """What is refused along with the words, none where they are asked for."""
    if not constraint.op.negative:
        return ()
    return tuple(k for w in constraint.words for k in KINDS.get(" ".join(tokens(w)), ()))


def _spelled(constraint: Constraint) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(v for w in constraint.words for v in (w, *SPELLINGS.get(w.lower(), ())))
    )


def text_words(constraint: Constraint) -> tuple[str, ...]:
    """The words that a demand on the text looks for, with what is refused along with them."""
    return tuple(dict.fromkeys((*constraint.words, *_kinds(constraint))))


def contrary_words(constraint: Constraint) -> tuple[str, ...]:
    """What a thing is not, by its type, shelf or title, that meets the constraint: no cheese is vegan."""
    if constraint.op.negative or constraint.value is False:
        return ()
    asked = (constraint.field,) if constraint.value is True else ()
    if constraint.field == TEXT and len(constraint.words) == 1:
        asked = constraint.words
    return tuple(w for a in asked for w in CONTRARY.get(" ".join(tokens(a.replace("_", " "))), ()))


_SEVERAL_KINDS: Final = re.compile(r"[&,/+]|\band\b")


def kinds_filed(names: Iterable[str]) -> Iterator[str]:
    """The types and shelves that hold one kind of thing: not "Cards & Games", which says neither."""
    return (name for name in names if not _SEVERAL_KINDS.search(name))


def told_words(constraint: Constraint) -> tuple[str, ...]:
    """The wanted words that prose can tell: not "L" (that is a litre) nor "42". A shade that is as
    often a taste or a wood is refused there, and not taken for what was asked: mint tea is not green.
    Of ``NONE`` prose says nothing.
    """
    if constraint.value == NONE:
        return ()
    wanted = _spelled(constraint) if constraint.field == "size" else _near_words(constraint)
    if constraint.field in _FAMILIES and not constraint.op.negative:
        own = _spelled(constraint)
        wanted = tuple(w for w in wanted if w in own or w in PLAIN_COLORS)
    return tuple(
        w
        for w in wanted
        if any(not t.isascii() or (len(t) > 2 and not t.isdigit()) for t in tokens(w))
    )


def listing_tokens(product: Product) -> list[str]:
    """Tokens of title, then description, for mentions of a word."""
    return [*tokens(product.title), BREAK, *tokens(product.description)]


def mentions(
    words: list[str], phrase: str, others: Collection[str] = (), fakes: Collection[str] = ()
) -> bool:
    """Whether a token list says ``phrase`` without denying it ("no lid", "fragrance free"), and not
    of one of ``others`` (``others_of``): "with white sole"; nor after one of ``fakes``.
    """
    for run in runs_of(phrase):
        at = find_run(words, run)
        while at >= 0:
            last = at + len(run)
            fake = at > 0 and words[at - 1] in fakes
            if not (fake or _denied(words, at, last) or _of_other(words, last, others)):
                return True
            at = find_run(words, run, at + 1)
    return False


def runs_of(phrase: str) -> list[Sequence[str]]:
    """The tokens of a phrase, and those of the other ways to write it: "birdhouse", "bird house"."""
    run = tokens(phrase)
    return [run, *written_apart(tuple(run))]


def others_of(constraint: Constraint) -> frozenset[str]:
    """The words before which a colour or a material asked for is said of something else."""
    if constraint.op.negative:
        return frozenset()
    return _OTHERS.get(constraint.field, frozenset())


# the strap is most of what a watch or a sandal has of a material
_OTHERS: Final = {"color": PARTS, "material": (PARTS - {"strap"}) | WORKED | LOOKS}


def fakes_of(constraint: Constraint) -> frozenset[str]:
    """The words after which a material is only imitated, be it asked for or refused."""
    return FAKES if constraint.field == "material" else frozenset()


def _of_other(words: list[str], last: int, others: Collection[str]) -> bool:
    """Whether one of ``others`` is the next word or the one after it: "brown leather handles"."""
    following = words[last : last + 2]
    if following[:1] == [BREAK]:
        return False
    return any(w in others for w in following)


def _denied(words: list[str], first: int, last: int) -> bool:
    if words[last : last + 1] == ["free"] or tuple(words[last : last + 2]) in MISSING:
        return True
    if first == 0:
        return False
    before = words[first - 1]
    if before in DENIAL_FILLERS and first > 1:
        return words[first - 2] in NEGATORS or (
            words[first - 2] == "free" and before in ("of", "from")
        )
    return before in NEGATORS
