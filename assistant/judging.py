"""The model's judgement of the first few products: does each suit the wishes that no field expresses?

Each product is judged alone, by the probability of "yes" against "no": neither the order of the
products nor what stands beside one can change its judgement. The model sees what :func:`listing`
shows of a product: title and typed fields, capped, never its prose, where a seller could talk to
it. How much its judgement may shift a score is :data:`assistant.rank.WEIGHTS`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final, TypeAlias

from assistant.llm.prompting import to_prompt
from assistant.llm.protocol import LanguageModel, ModelInfo
from assistant.modelwork import Budget, wants
from assistant.moment import Moment
from assistant.phrasing import field_name, value_text
from assistant.reply import Recommendation
from assistant.reranker import Reranker
from catalog.constraint import WISH
from catalog.product import AttributeValue, Product
from catalog.text import tokens
from prompts import render

Judge: TypeAlias = LanguageModel | Reranker

JUDGED: Final = 12
ANSWERS: Final = ("yes", "no")
_TOO_SMALL: Final = frozenset({"135M"})
_TITLE: Final = 110
_FIELDS: Final = 140
"""Characters of a title and of the fields that are read: more costs time, and is mostly the seller's
words about himself."""


def has_open_wishes(moment: Moment, measured: Collection[object]) -> bool:
    """Whether some wish is expressed by no field, so that a judgement could add something."""
    return any(c.field == WISH and c not in measured for c in moment.soft)


def may_judge(info: ModelInfo) -> bool:
    """Whether a model may reorder products: not the embedded 135M, which made the ranking worse
    wherever it was measured, untuned and tuned for it (docs/experiments.md).
    """
    return info.parameters not in _TOO_SMALL


def judge_of(model: LanguageModel | None, reranker: Reranker | None) -> Judge | None:
    """Who judges: a reranker that was named, else a model that may, else nobody."""
    if reranker is not None:
        return reranker
    return model if model is not None and may_judge(model.describe()) else None


def judge_products(
    judge: Judge, moment: Moment, ranked: Sequence[Recommendation], budget: Budget
) -> dict[str, float]:
    """p(suits) of the first :data:`JUDGED` products; of none when the time does not reach for all of
    them, since half a judgement would favour whoever it reached. Raises ModelError.
    """
    wanted = wants(moment)
    if isinstance(judge, Reranker):
        head = [r.product for r in ranked[:JUDGED]]
        suits = judge.suits(wanted, [listing(p) for p in head])
        return {p.id: score for p, score in zip(head, suits, strict=True)}
    probabilities: dict[str, float] = {}
    for recommendation in ranked[:JUDGED]:
        if budget.left <= 0:
            return {}
        prompt = to_prompt(render("fits", wants=wanted, product=listing(recommendation.product)))
        found = judge.choose(prompt, ANSWERS, deadline=budget.left)
        probabilities[recommendation.product.id] = found[0]
    return probabilities


def listing(product: Product) -> str:
    """What the model reads of a product: title, type and stated fields, on one line, each capped."""
    title = _flat(product.title, _TITLE)
    kind = product.type or ""
    if kind and not set(tokens(kind)) <= set(tokens(title)):
        title = f"{title} ({_flat(kind, 40)})"
    stated = [told for name, value in product.attributes.items() if (told := _stated(name, value))]
    parts = (title, _flat(", ".join(stated), _FIELDS))
    return " | ".join(part for part in parts if part)


def _stated(name: str, value: AttributeValue) -> str:
    if name == "image":
        return ""
    if isinstance(value, bool):
        return field_name(name) if value else f"no {field_name(name)}"
    told = value_text(value)
    return f"{field_name(name)} {told}" if told else ""


def _flat(text: str, characters: int) -> str:
    """On one line, cut at a word."""
    flat = " ".join(text.replace("|", " ").split())
    if len(flat) <= characters:
        return flat
    head = flat[:characters]
    return head.rsplit(" ", 1)[0] if " " in head else head
