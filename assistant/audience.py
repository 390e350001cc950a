"""Whom a thing is wanted for, and which products are made for somebody else."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from assistant.moment import Moment
from catalog.constraint import WISH, Op
from catalog.product import Measure, Product, attribute_words
from catalog.text import tokens
from catalog.units import to_base

_MALE: Final = "male"
_FEMALE: Final = "female"
_MEN: Final = frozenset(
    """dad father daddy papa husband boyfriend brother grandpa granddad grandfather uncle nephew son grandson
    him his boy man groom""".split()
)  # fmt: skip
_WOMEN: Final = frozenset(
    """mum mom mother mommy mummy mama wife girlfriend sister grandma grandmother granny nan aunt auntie niece
    daughter granddaughter her girl woman lady bride""".split()
)  # fmt: skip
_GROWN: Final = frozenset(
    """dad father daddy papa husband boyfriend grandpa granddad grandfather uncle man groom mum mom mother mommy
    mummy mama wife girlfriend grandma grandmother granny nan aunt auntie woman lady bride boss colleague teacher
    partner adult""".split()
)  # fmt: skip
_YOUNG: Final = frozenset("baby newborn toddler infant kid child boy girl".split())
_STAGES: Final = frozenset("puppy kitten senior adult".split())
"""Stages of a pet's life."""
_SEXES: Final[Mapping[str, str]] = {
    **dict.fromkeys(("men", "man", "male", "boy", "gentleman", "mens"), _MALE),
    **dict.fromkeys(("women", "woman", "female", "girl", "lady", "womens"), _FEMALE),
}
_FOR: Final = re.compile(
    r"\bfor (?P<whom>(?:[\w'-]+ ){0,4}?[\w'-]+)(?: (?:who|that|with|in|on)\b|$)"
)


@dataclass(frozen=True, slots=True)
class Audience:
    """Who is to have it, as far as that was said."""

    sex: str | None = None
    grown: bool | None = None
    stage: str | None = None
    months: float | None = None


def audience_of(moment: Moment) -> Audience:
    """Whom the shopper named: ``for my boyfriend`` is male and grown up."""
    said = {t for c in moment.constraints if c.field == WISH for t in _whom(c.words[0])}
    named = any(c.field == "gender" for c in moment.constraints)
    male, female = bool(said & _MEN), bool(said & _WOMEN)
    grown, young = bool(said & _GROWN), bool(said & _YOUNG)
    stages = said & _STAGES
    ages = [
        to_base(c.number, c.unit or "year")[0]
        for c in moment.constraints
        if c.field == "age_from" and c.op in (Op.LE, Op.EQ) and c.number is not None
    ]
    return Audience(
        None if named or male == female else _MALE if male else _FEMALE,
        None if grown == young else grown,
        next(iter(stages)) if len(stages) == 1 else None,
        ages[0] if ages else None,
    )


def _whom(wish: str) -> Collection[str]:
    """The words of a wish that name a person or an animal it is for."""
    found = _FOR.search(wish.lower())
    return tokens(found["whom"].replace("'s", "")) if found else ()


def made_for_others(product: Product, audience: Audience) -> tuple[str, str] | None:
    """The field of a record that says it is for somebody else, and for whom in words; None where it
    does not say so. What suits everybody is for nobody else.
    """
    held = product.attributes
    whom = attribute_words(held["gender"]) if "gender" in held else ()
    sexes = {_SEXES.get(" ".join(tokens(w))) for w in whom}
    if audience.sex is not None and whom and sexes <= {_MALE, _FEMALE} - {audience.sex}:
        return "gender", f"for {' and '.join(whom)}"
    if audience.grown and held.get("kids") is True:
        return "kids", "for kids"
    stage = _stage(product)
    if audience.stage is not None and stage is not None and stage != audience.stage:
        return "life_stage", f"life stage {stage}"
    upto = held.get("age_to")
    if audience.months is None or not isinstance(upto, Measure) or upto.unit not in _AGES:
        return None
    if to_base(upto.value, upto.unit)[0] >= audience.months:
        return None
    years = f"age {upto.value:g}" if upto.unit == "year" else f"{upto.value:g} months"
    return "age_to", f"only up to {years}"


def made_for(product: Product, audience: Audience) -> tuple[str, str] | None:
    """The field of a record that says it is for just whom the shopper named, and for whom in words."""
    whom = attribute_words(held) if (held := product.attributes.get("gender")) else ()
    if audience.sex is not None and {_SEXES.get(" ".join(tokens(w))) for w in whom} == {
        audience.sex
    }:
        return "gender", f"for {' and '.join(whom)}"
    if audience.grown is False and product.attributes.get("kids") is True:
        return "kids", "for kids"
    stage = _stage(product)
    if stage is not None and stage == audience.stage:
        return "life_stage", f"life stage {stage}"
    return None


_AGES: Final = ("year", "month")


def _stage(product: Product) -> str | None:
    """The one stage of life a product is for; None where it is for several, or does not say."""
    held = product.attributes.get("life_stage")
    named = {*tokens(held)} & _STAGES if isinstance(held, str) else set()
    return next(iter(named)) if len(named) == 1 else None
