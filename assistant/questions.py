"""One question back: the one whose answer splits what fits best, never one already answered."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from assistant.moment import Moment
from assistant.phrasing import field_name, measure_text, short_price
from assistant.rank import wish_measures
from assistant.reply import Question
from catalog.constraint import Constraint, Op
from catalog.product import Measure
from catalog.text import tokens
from catalog.units import to_base
from retrieval.fields import Floats
from retrieval.index import Index
from retrieval.phrases import Ints

_FEW: Final = 8
_MIN_COVERAGE: Final = 0.6
_MAX_OPTIONS: Final = 3
_MIN_BITS: Final = 0.75
_INDIFFERENT: Final = "doesn't matter"
_NEVER_ASKED: Final = frozenset(
    {
        "model",
        "style",
        "series",
        "edition",
        "name",
        "code",
        "colour_name",
        "color_name",
        "type",
        "category",
    }
)
_TELLING: Final[Mapping[str, float]] = {
    "capacity": 1.0, "volume": 1.0, "screen": 1.0, "screen_size": 1.0, "diameter": 0.95, "pieces": 0.95, "sleeps": 1.0, "storage": 1.0,
    "age_from": 1.0, "length": 0.85, "battery_life": 0.9, "noise": 0.9, "refresh_rate": 0.9,
}  # fmt: skip
"""How much a shopper usually has an opinion on a measure; others count 0.7 and are asked only
when nothing else splits. Set by hand."""
_NUMBER: Final = re.compile(r"[\d.,\s]+")
_WORN: Final = frozenset({"size", "waist", "inseam"})
_QUESTIONS: Final[Mapping[str, str]] = {
    "color": "Any colour in particular?", "material": "Which material?", "gender": "Who is it for?", "size": "Which size?",
    "price": "What would you like to spend?", "brand": "Any brand in particular?", "cut": "Which cut?",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with what each answer means; None for "doesn't matter"."""

    question: Question
    meanings: Mapping[str, Constraint | None] = field(default_factory=dict)

    def answer(self, text: str) -> tuple[str, Constraint | None] | None:
        """The option an utterance picks, with its meaning; None when it picks none."""
        said = " ".join(tokens(text))
        for option, meaning in self.meanings.items():
            if said == " ".join(tokens(option)):
                return option, meaning
        indifferent = (
            "any",
            "doesnt matter",
            "dont care",
            "no preference",
            "either",
            "whatever",
            "not really",
            "no",
        )
        if said.removeprefix("it ") in {" ".join(tokens(w)) for w in indifferent}:
            return _INDIFFERENT, None
        word = said.split(" ")[0] if said else ""
        more = {
            "more": Op.GE,
            "bigger": Op.GE,
            "larger": Op.GE,
            "over": Op.GE,
            "less": Op.LE,
            "smaller": Op.LE,
            "under": Op.LE,
            "up": Op.LE,
        }
        if said == word and word in more:
            for option, meaning in self.meanings.items():
                if meaning is not None and meaning.number is not None and meaning.op is more[word]:
                    return option, meaning
        return None


def choose_question(
    index: Index, moment: Moment, matching: int, asked: Collection[str]
) -> Asked | None:
    """The field with the most even split over what fits (entropy of the answers, in bits).

    None when few products fit, no type is wanted, or no field is stated widely enough.
    """
    if matching <= _FEW or not moment.topic:
        return None
    taken = {c.field for c in moment.constraints} | set(asked) | _NEVER_ASKED
    taken |= {f for c in moment.constraints for f, _ in wish_measures(c)}
    rows = np.flatnonzero(index.columns.standing(moment.constraints) == 1)
    best: tuple[float, str, Asked] | None = None
    for name, made in _askable(index, moment, rows, taken):
        bits, question = made
        if bits >= _MIN_BITS and (best is None or (bits, name) > (best[0], best[1])):
            best = (bits, name, question)
    return best[2] if best else None


def _askable(
    index: Index, moment: Moment, rows: Ints, taken: Collection[str]
) -> list[tuple[str, tuple[float, Asked]]]:
    vocabulary, kinds = index.vocabulary, moment.kinds
    found = []
    for name, measured in vocabulary.measured.items():
        if name not in taken and (not kinds or any(t in kinds for t in measured.types)):
            made = _numeric(index, name, measured.unit, rows)
            if made is not None:
                found.append((name, made))
    for name in (*vocabulary.listed, "brand"):
        if name not in taken:
            made = _worded(index, moment, name, len(rows))
            if made is not None:
                found.append((name, made))
    if "price" not in taken:
        made = _priced(index, rows)
        if made is not None:
            found.append(("price", made))
    return found


def _numeric(index: Index, name: str, unit: str | None, rows: Ints) -> tuple[float, Asked] | None:
    values = index.columns.numbers(name)[rows]
    known = values[~np.isnan(values)]
    if unit is None or len(known) < _MIN_COVERAGE * len(rows) or len(np.unique(known)) < 3:
        return None
    middle = float(np.median(known))
    upto = float((known <= middle).mean())
    if not 0.2 <= upto <= 0.8:
        return None
    shown = _shown_unit(index, name, rows)
    if shown is None:
        return None
    factor = to_base(1.0, shown)[0]
    middle = float(known[known <= middle].max())
    at = measure_text(round(middle / factor, 2), shown)
    above = round(_just_above(known, middle) / factor, 4)
    options = {
        f"up to {at}": Constraint(
            name, Op.LE, round(middle / factor, 4), shown, span=f"up to {at}"
        ),
        f"more than {at}": Constraint(name, Op.GE, above, shown, span=f"more than {at}"),
        _INDIFFERENT: None,
    }
    text = f"{field_name(name).capitalize()}: up to {at}, or more?"
    return _TELLING.get(name, 0.7) * _bits([upto, 1 - upto]), Asked(
        Question(text, tuple(options), name), options
    )


def _shown_unit(index: Index, name: str, rows: Ints) -> str | None:
    """The unit the listings themselves use for a field, from the first that states it."""
    for row in rows[:50].tolist():
        value = index.products[row].attributes.get(name)
        if isinstance(value, Measure):
            return value.unit
    return None


def _just_above(known: Floats, middle: float) -> float:
    return float(known[known > middle].min())


def _worded(index: Index, moment: Moment, name: str, total: int) -> tuple[float, Asked] | None:
    counts = index.facet(moment.hard, name)
    if not 2 <= len(counts) <= 40 or sum(counts.values()) < _MIN_COVERAGE * total:
        return None
    top = list(counts.items())[:_MAX_OPTIONS]
    if any(len(value) > 28 for value, _ in top) or top[-1][1] < 2:
        return None
    if all(_NUMBER.fullmatch(value) for value, _ in top) and name not in _WORN:
        return None  # a number without a unit says nothing to choose by
    shares = [min(n / total, 1.0) for _, n in top]
    rest = max(0.0, 1.0 - sum(shares))
    options: dict[str, Constraint | None] = {
        value: Constraint(name, Op.EQ, (value,), span=value) for value, _ in top
    }
    options[_INDIFFERENT] = None
    text = _QUESTIONS.get(name, f"Any preference for the {field_name(name)}?")
    # a brand or a colour splits well but narrows by taste; what the thing does comes first
    weight = 0.6 if name in ("brand", "color") else 0.9
    return weight * _bits([*shares, rest]) / math.log2(len(shares) + 1), Asked(
        Question(text, tuple(options), name), options
    )


def _priced(index: Index, rows: Ints) -> tuple[float, Asked] | None:
    values = index.columns.numbers("price")[rows]
    known = values[~np.isnan(values)]
    if len(known) < _MIN_COVERAGE * len(rows) or len(np.unique(known)) < 4:
        return None
    currency = index.vocabulary.currency
    options: dict[str, Constraint | None] = {}
    for share in (0.33, 0.66):
        limit = float(_round_up(float(np.quantile(known, share))))
        label = f"up to {short_price(limit, currency)}"
        options[label] = Constraint("price", Op.LE, limit, currency, span=label)
    if len(options) < 2:
        return None
    options[_INDIFFERENT] = None
    return 0.85, Asked(Question(_QUESTIONS["price"], tuple(options), "price"), options)


def _round_up(minor: float) -> int:
    """The next round amount: 5 for tens, 50 for hundreds (in minor units of two digits)."""
    step = 500 if minor < 10_000 else 5_000 if minor < 100_000 else 50_000
    return int(math.ceil(minor / step) * step)


def _bits(shares: list[float]) -> float:
    return -sum(s * math.log2(s) for s in shares if s > 0)
