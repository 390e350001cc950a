"""A simulated shopper who has one product in mind and says only what is true of it.

It opens with the type and two facts, looks at what is shown, and until its target is
among it answers the assistant's question, adds a fact, or asks for more. Every target is
looked for twice, once answering questions and once talking past them: the difference in
turns is what the questions are worth.
"""

from __future__ import annotations

import math
import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Final

from assistant.evaluation import metrics
from assistant.evaluation.bootstrap import Sample, ratio
from assistant.evaluation.matching import STOPWORDS
from assistant.evaluation.runner import Listening, Stage
from assistant.finding import SHOWN
from assistant.intent import Constraint, Op
from assistant.moment import Moment
from assistant.phrasing import field_name, measure_text, value_text
from assistant.stocking import Progress
from catalog.constraint import TEXT
from catalog.money import to_major, to_minor
from catalog.product import AttributeValue, Measure, Product
from catalog.text import tokens
from catalog.verdict import Verdict, judge
from retrieval.index import Index

MAX_TURNS: Final = 8
_GIVEN_UP: Final = MAX_TURNS + 1
"""What a session that does not get there counts in turns."""
_MORE: Final = 0.25
_INDIFFERENT: Final = "doesn't matter"
_MAX_WORDS: Final = 3
_NOT_SAID: Final = frozenset({"aliases", "model", "series", "edition", "name", "code", "sku"})
_NO_BRAND: Final = frozenset({"generic", "unknown", "none", "unbranded", ""})
_PHRASES: Final = {"color": "in {}", "material": "made of {}", "gender": "for {}"}
_OPENINGS: Final = (
    "I'm looking for a {type}, {a} and {b}",
    "{type}, {a}, {b}",
    "hi, do you have a {type} {a}? {b} too please",
    "need a {type} {a}, {b}",
)
_ADDITIONS: Final = ("{fact}", "{fact} please", "and {fact}", "oh, and {fact}")


@dataclass(frozen=True, slots=True)
class Fact:
    """Something true of the target: ``"in blue"`` when opening, ``"it should be in blue"`` later.

    ``demand`` is what it asks of a product.
    """

    field: str
    opening: str
    later: str
    demand: Constraint


@dataclass(frozen=True, slots=True)
class Errand:
    """A target, the two facts a session opens with, and the others in the order they are added."""

    target: Product
    opening: tuple[Fact, Fact]
    others: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Walk:
    """One conversation: turns until the target was shown (one more than allowed when it was not)."""

    turns: int
    found: bool
    asked: int
    """Questions the assistant asked."""
    lost: bool
    """Whether the Moment at some turn ruled the target out, though all that was said is true of it."""
    said: tuple[str, ...]
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """A target, looked for with questions answered and with questions ignored."""

    id: str
    catalog: str
    kind: str
    answering: Walk
    ignoring: Walk

    @property
    def turns(self) -> int:
        """Turns of both conversations."""
        return len(self.answering.said) + len(self.ignoring.said)


def simulate(
    stage: Stage, catalog: str, targets: int, split: str, progress: Progress
) -> list[Session]:
    """Sessions for targets of one catalogue; ``split`` seeds which targets and words."""
    sessions = []
    errands = choose_errands(stage.shop.index, targets, f"{split}:{catalog}")
    for n, errand in enumerate(errands, 1):
        target, seed = errand.target, f"{split}:{errand.target.id}"
        answering = walk(stage.converse(), errand, seed, answers=True)
        ignoring = walk(stage.converse(), errand, seed, answers=False)
        name = f"{catalog}:{target.id}"
        sessions.append(Session(name, catalog, target.type or "", answering, ignoring))
        progress(f"targets, {catalog}", n, len(errands))
    return sessions


def choose_errands(index: Index, count: int, seed: str) -> list[Errand]:
    """Targets by type in turn, so that large shelves do not crowd out small ones.

    A target qualifies when what the shopper opens with leaves more products than are
    shown at once: otherwise there is nothing to talk about.
    """
    by_type: dict[str, list[Product]] = defaultdict(list)
    for row in range(index.info.rows):
        product = index.products[row]
        if product.type:
            by_type[product.type].append(product)
    dice = random.Random(seed)
    shelves = [
        sorted(held, key=lambda p: p.id) for _, held in sorted(by_type.items()) if len(held) > SHOWN
    ]
    for held in shelves:
        dice.shuffle(held)
    dice.shuffle(shelves)
    turns = (p for layer in zip_longest(*shelves) for p in layer if p is not None)
    chosen: list[Errand] = []
    for product in turns:
        errand = _errand(index, product, dice)
        if errand is not None:
            chosen.append(errand)
        if len(chosen) == count:
            break
    return chosen


def _errand(index: Index, target: Product, dice: random.Random) -> Errand | None:
    """How a shopper would go about a target: the commonest facts first, its name last.

    None when too little is left open, or nothing is known to say.
    """
    assert target.type is not None
    kind = Constraint("type", Op.EQ, (target.type,))
    typed, titled = facts_of(target), title_facts(target)
    dice.shuffle(typed)
    facts = typed + titled
    if len(facts) < 3:
        return None

    def left(*said: Fact) -> int:
        return len(index.matching((kind, *(f.demand for f in said))))

    pool = typed if len(typed) > 1 else facts
    first, second = sorted(pool, key=lambda f: -left(f))[:2]
    if left(first, second) <= SHOWN:
        return None
    others = tuple(f for f in facts if f not in (first, second))
    return Errand(target, (first, second), others)


def facts_of(product: Product) -> list[Fact]:
    """What can be said of a product from its typed fields."""
    made = [
        fact
        for name, value in product.attributes.items()
        if name not in _NOT_SAID and (fact := _fact(name, value)) is not None
    ]
    if product.brand and product.brand.lower() not in _NO_BRAND:
        brand = product.brand
        demand = Constraint("brand", Op.EQ, (brand,))
        made.append(Fact("brand", f"by {brand}", f"it should be from {brand}", demand))
    if product.price is not None:
        limit = _round_limit(to_major(product.price, product.currency))
        said = f"under {limit:g}"
        minor = float(to_minor(limit, product.currency))
        demand = Constraint("price", Op.LE, minor, product.currency)
        made.append(Fact("price", said, said, demand))
    return made


def title_facts(product: Product) -> list[Fact]:
    """Pairs of words of the title that type and brand do not hold: what is left to tell it by."""
    known = set(tokens(f"{product.type} {product.brand}"))
    words = [
        w.lower()
        for w in product.title.split()
        if w.isalpha() and len(w) > 2 and not set(tokens(w)) & known and _content(w)
    ]
    pairs = (" ".join(words[n : n + 2]) for n in range(0, min(len(words), 6), 2))
    return [Fact("title", p, p, Constraint(TEXT, Op.CONTAINS, tuple(p.split()))) for p in pairs]


def _content(word: str) -> bool:
    return word.lower() not in STOPWORDS


def _fact(name: str, value: AttributeValue) -> Fact | None:
    called = field_name(name)
    if isinstance(value, bool):
        demand = Constraint(name, Op.EQ, True)
        return Fact(name, called, f"it should be {called}", demand) if value else None
    if isinstance(value, Measure):
        said = f"{called} at least {measure_text(value.value, value.unit)}"
        return Fact(name, said, said, Constraint(name, Op.GE, value.value, value.unit))
    if isinstance(value, float):
        return None
    word = value if isinstance(value, str) else value[len(value) // 2] if value else ""
    if not word or len(word.split()) > _MAX_WORDS:
        return None
    demand = Constraint(name, Op.EQ, (word,))
    if name in _PHRASES:
        said = _PHRASES[name].format(word)
        return Fact(name, said, f"it should be {said}", demand)
    return Fact(name, f"{called} {word}", f"{called} {word}", demand)


def _round_limit(price: float) -> float:
    """The next round amount above a price: what a person would call the limit."""
    step = 10.0 ** max(0, math.floor(math.log10(max(price, 1.0))) - 1) * 5
    return (math.floor(price / step) + 1) * step


def walk(talk: Listening, errand: Errand, seed: str, *, answers: bool) -> Walk:
    """One conversation of at most :data:`MAX_TURNS` turns about a hidden target."""
    target, dice = errand.target, random.Random(seed)
    left = list(errand.others)
    first, second = errand.opening
    say = dice.choice(_OPENINGS).format(type=target.type, a=first.opening, b=second.opening)
    said: list[str] = []
    asked, lost = 0, False
    while len(said) < MAX_TURNS:
        said.append(say)
        try:
            reply = talk.reply(say)
        except Exception as error:  # a turn that breaks is a session that failed
            return Walk(
                _GIVEN_UP, False, asked, lost, tuple(said), f"{type(error).__name__}: {error}"
            )
        if any(r.product.id == target.id for r in reply.recommendations):
            return Walk(len(said), True, asked, lost, tuple(said))
        lost = lost or _rules_out(reply.moment, target)
        asked += reply.question is not None
        luck = dice.random()
        if answers and reply.question is not None:
            field = reply.question.field
            left = [f for f in left if f.field != field]
            say = _answer(talk, field, target)
        elif left and not (luck < _MORE and reply.matching > len(reply.recommendations)):
            say = dice.choice(_ADDITIONS).format(fact=left.pop(0).later)
        else:
            say = "more"
    return Walk(_GIVEN_UP, False, asked, lost, tuple(said))


def _rules_out(moment: Moment, target: Product) -> bool:
    return any(judge(target, c) is Verdict.VIOLATION for c in moment.hard)


def _answer(talk: Listening, field: str, target: Product) -> str:
    """The option that is true of the target; what its record says; or that it doesn't matter."""
    meanings = talk.meanings
    for option, meaning in meanings.items():
        if meaning is not None and judge(target, meaning) is Verdict.MATCH:
            return option
    held = target.brand if field == "brand" else target.attributes.get(field)
    if held is not None and held != ():
        return value_text(held if not isinstance(held, tuple) else held[0])
    return next((o for o, meaning in meanings.items() if meaning is None), _INDIFFERENT)


def compare_questions(sessions: Sequence[Session]) -> dict[str, Sample]:
    """Success, turns and what questions save, over sessions."""
    ones = [1.0] * len(sessions)
    answering, ignoring = [s.answering for s in sessions], [s.ignoring for s in sessions]
    found = [float(w.found) for w in answering]
    return {
        "success_rate": ratio(found, ones),
        "turns_to_target": ratio([w.turns for w in answering], ones),
        "turns_when_found": ratio([w.turns * w.found for w in answering], found),
        "success_rate_ignoring_questions": ratio([float(w.found) for w in ignoring], ones),
        "turns_to_target_ignoring_questions": ratio([w.turns for w in ignoring], ones),
        "turns_saved_by_questions": ratio(
            [i.turns - a.turns for a, i in zip(answering, ignoring, strict=True)], ones
        ),
        "questions_asked": ratio([w.asked for w in answering], ones),
        "lost_target": ratio([float(w.lost) for w in answering], ones),
    }


def by_catalog(sessions: Sequence[Session]) -> dict[str, dict[str, Any]]:
    """The same figures for each catalogue."""
    grouped: dict[str, list[Session]] = defaultdict(list)
    for session in sessions:
        grouped[session.catalog].append(session)
    shown = ("success_rate", "turns_to_target", "turns_saved_by_questions", "lost_target")
    table = {}
    for name, held in grouped.items():
        made = compare_questions(held)
        figures = metrics.as_json(metrics.estimates({n: made[n] for n in shown}, len(held)))
        table[name] = {"targets": len(held)} | figures
    return table
