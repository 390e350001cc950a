"""Questions about particular items: what their records say, which of them, how they differ, and why
one is shown.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from assistant import items
from assistant.checkout import totals_told
from assistant.differences import (
    MAX_TOLD_APART,
    NOBODY_AHEAD,
    asks_apart,
    compare,
    named_of,
    told_apart,
    unmeasured,
)
from assistant.intent import Intent
from assistant.moment import Moment
from assistant.passages import Encode, encoder, question_parts
from assistant.phrasing import field_name, field_text, inside, joined, short_title
from assistant.reader.about_items import asks_price
from assistant.reader.qualities import quality_compared, quality_of
from assistant.reply import Difference, Outcome
from assistant.stated import SYNONYMS, answers_of, summary, unnamed
from assistant.view import View, points
from assistant.which import Which, compares, which_of
from catalog.product import Product
from catalog.text import tokens
from retrieval.index import Index

_ANSWERED: Final = 6
"""Of so many a question is answered at once."""
COUNTED: Final = {
    "relevance": "it is near to your words", "fit": "it meets your wishes", "quality": "it is well rated",
    "taste": "it is like what you chose before", "popularity": "many have bought it", "model": "it was judged to suit",
}  # fmt: skip
"""What each part of a score says of what ranks high by it."""
_WHICH: Final = re.compile(r"\b(?:which|what)\b", re.IGNORECASE)
_WHY_SO: Final = re.compile(
    r"\bwhy\b.*?\b(?:is|are|'s|do(?:es)?)\b.*?\b(?:so|that|this|too)\s+(?P<how>(?:much\s+)?[a-z-]+)\W*$"
)
"""A question after the cause of something: "why is it so expensive"."""


class Inquiries:
    """Answers about what is before the shopper, from the records; nothing that is wanted changes."""

    def __init__(self, index: Index, view: View) -> None:
        self._index = index
        self._view = view

    @property
    def _encode(self) -> Encode | None:
        return encoder(self._index.embedder)

    def which(self, intent: Intent, *, of_shown: bool) -> Outcome | None:
        """Which of those shown, or last compared, is or has what is asked for, and what else is asked
        in the same breath; None where no such thing is.
        """
        which = self._which(intent.text, of_shown)
        if which is None:
            return None
        if len(which.products) == 1:
            self._view.focus = which.products[0]
        parts = question_parts(intent.text)
        at = next((n for n, p in enumerate(parts) if self._which(p, of_shown) is not None), None)
        beside = parts[at + 1 :] if at is not None else []
        told = [t for p in beside if (t := self._beside(p, intent, which))]
        return Outcome(" ".join([which.text, *told]))

    def _which(self, text: str, of_shown: bool) -> Which | None:
        among = (self._view.compared if compares(text) else ()) or self._view.products
        return which_of(text, among, self._index.vocabulary, self._encode, of_shown=of_shown)

    def _beside(self, part: str, intent: Intent, which: Which) -> str:
        """The answer to a further question: about the item it names, else about those just named."""
        named = [
            r for r in intent.references if r.kind == "match" and r.value.lower() in part.lower()
        ]
        meant = items.resolve(named, self._view.products, None) or list(which.products)
        pointed = [r.value for r in named]
        again = self._which(part, of_shown=True)
        if again is not None:
            return again.text
        told = answers_of(meant[:_ANSWERED], part, part, self._encode, pointed) if meant else ""
        return unnamed(told, meant[0].title) if meant == list(which.products)[:1] else told

    def ask(self, intent: Intent, moment: Moment, meant: list[Product]) -> Outcome:
        """What the records of the items meant say."""
        if not meant and self._view.shown and not points(intent):
            meant = [self._view.focus or self._view.shown[0].product]
        if not meant:
            return self._view.which("ask about", intent)
        if intent.question and intent.question.split(" ")[0] == "why":
            return Outcome(self._why(meant[0], intent.text, moment))
        if not intent.question and (tie := self._tie(intent)) is not None:
            return tie
        if asks_price(intent.text) and (several := totals_told(intent.text, meant)):
            return Outcome(" ".join(several))
        pointed = [r.value for r in intent.references if r.kind == "match"]
        about = meant[:_ANSWERED]
        return Outcome(answers_of(about, intent.question, intent.text, self._encode, pointed))

    def _tie(self, intent: Intent) -> Outcome | None:
        """That several are the cheapest, or the lightest, where one was asked for."""
        for reference in intent.references:
            if reference.kind != "extreme":
                continue
            shown = self._view.products
            tied = items.extremes(reference, shown, self._view.focus)
            if len(tied) > 1:
                field = reference.value.split(":")[0]
                names = joined(list(dict.fromkeys(short_title(p) for p in tied)))
                same = f"{field_name(field)} {field_text(tied[0], field)}"
                return Outcome(f"{names} tie: {same} each.")
        return None

    def _why(self, product: Product, text: str, moment: Moment) -> str:
        """Why a product is shown, or that the listing doesn't tell why it is as it is."""
        if (found := _WHY_SO.search(text.lower())) is not None:
            return _why_so(product, found["how"])
        shown = next((r for r in self._view.shown if r.product.id == product.id), None)
        if shown is None or not self._view.cards(moment):
            return summary(product)
        reasons = [inside(r.text).rstrip(".") for r in shown.reasons]
        parts = sorted(shown.parts.items(), key=lambda p: -p[1])[:2]
        title = short_title(product)
        told = f"{title}: {'; '.join(reasons)}." if reasons else f"{title} is near to your words."
        counted = joined(
            [COUNTED[n] for n, v in parts if v > 0 and n in COUNTED and _may_count(n, product)]
        )
        return f"{told} What counted most: {counted}." if counted else told

    def compare(self, intent: Intent, moment: Moment, meant: list[Product]) -> Outcome:
        """How items differ, and for whom which is better."""
        asked = [r for r in intent.references if r.kind == "position"]
        if len(asked) > len(meant):
            return self._view.which("compare", intent)
        if not meant and self._names_another(intent):
            return self._view.which("compare", intent)
        products = meant if len(meant) > 1 else self._pair(meant)
        if len(products) < 2:
            return Outcome(
                "There is nothing here to compare yet. Tell me what you are looking for."
            )
        products = products[: items.MAX_COMPARED]
        self._view.compared = tuple(products)
        rows, verdict = compare(products, moment.constraints)
        if (superlative := unmeasured(intent.text, products)) is not None:
            verdict = f"The listings don't say which is {superlative}."
        elif asks_apart(intent.text) or verdict == NOBODY_AHEAD:
            ahead = verdict if verdict != NOBODY_AHEAD and len(rows) > MAX_TOLD_APART else ""
            verdict = f"{told_apart(intent.text, products, rows)} {ahead}".strip() or verdict
        question = f"{intent.text} {intent.question or ''}"
        if told := named_of(question, products, SYNONYMS):
            verdict = f"{told} {verdict}"
        header = Difference("", tuple(p.title for p in products))
        return Outcome(verdict, (header, *rows))

    def _names_another(self, intent: Intent) -> bool:
        """Whether it names a product that is not among those shown."""
        named = [r for r in intent.references if r.kind == "match"]
        titled = (self._index.vocabulary.title_count(tuple(tokens(r.value))) for r in named)
        return not _WHICH.search(intent.text) and any(titled)

    def _pair(self, meant: list[Product]) -> list[Product]:
        """What a comparison is of that names one item, or none: the one last spoken of and the one
        named, or those last compared, else the first two.
        """
        focus, shown = self._view.focus, self._view.products
        if not meant and self._view.compared:
            return list(self._view.compared)
        first = [focus] if focus is not None else []
        return list({p.id: p for p in [*first, *meant, *shown]}.values())[:2]


def _may_count(part: str, product: Product) -> bool:
    """Whether what counted may be said of a product: one nobody has rated is not well rated."""
    return part != "quality" or product.rating is not None


def _why_so(product: Product, how: str) -> str:
    title = short_title(product)
    quality = quality_of(how) or quality_compared(how)
    fields = quality.fields if quality is not None else ()
    told = next((f"{field_name(f)} {t}" for f in fields if (t := field_text(product, f))), "")
    stated = f" It states the {told}." if told else ""
    unstated = f" It states no {field_name(fields[0])} either." if fields and not told else ""
    return f"The listing for {title} doesn't say why.{stated}{unstated}"


def as_before(outcome: Outcome, moment: Moment) -> Outcome:
    """An answer that changes nothing that is wanted."""
    return replace(outcome, moment=replace(moment, turn=moment.turn + 1))
