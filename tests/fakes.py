"""Stand-ins for what is slow: each does its real counterpart's job in a simple, repeatable way."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from threading import Event

import numpy as np
import numpy.typing as npt

from assistant.intent import Act, Intent, Sort
from assistant.moment import Moment
from assistant.reply import (
    CardsReady,
    Difference,
    Done,
    Question,
    Reason,
    ReasonsReady,
    Recommendation,
    Reply,
)
from catalog.constraint import Constraint, Op
from catalog.errors import ModelTimeout
from catalog.product import Product
from catalog.text import tokens
from catalog.verdict import Verdict, judge


class HashEmbedder:
    """A bag of words hashed into a unit vector: texts that share words are near each other."""

    def __init__(self, name: str = "hash", dimension: int = 32) -> None:
        self.name = name
        self.dimension = dimension
        self.encoded: list[str] = []
        """Every text it was asked for."""

    def encode(
        self, texts: Sequence[str], *, on_batch: Callable[[int], None] | None = None
    ) -> npt.NDArray[np.float32]:
        self.encoded += texts
        vectors = np.full((len(texts), self.dimension), 1e-3, np.float32)
        for vector, text in zip(vectors, texts, strict=True):
            for token in tokens(text):
                digest = hashlib.sha256(token.encode("utf-8", "replace")).digest()
                vector[digest[0] % self.dimension] += 1.0 if digest[1] % 2 else -1.0
        if on_batch is not None and texts:
            on_batch(len(texts))
        unit: npt.NDArray[np.float32] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return unit


class FakeAssistant:
    """Stands in for :class:`assistant.converse.Assistant` behind the page.

    It finds products whose title holds a word of the utterance, reads "under N"
    and "not RED", saves "the … one", asks about litres when a kettle is wanted,
    compares on "difference", and fails on "break". After the cards it waits for
    ``gate``; a closed gate keeps the turn between CardsReady and Done.
    """

    def __init__(self, products: Sequence[Product], *, name: str = "demo") -> None:
        self.products = tuple(products)
        self.name = name
        self.gate = Event()
        self.gate.set()
        self.heard: list[str] = []
        self.shopper: str | None = None
        self.shoppers = (("ana", "Ana, who has a small kitchen"), ("ben", "Ben, who runs"))
        self.moment = Moment()
        self.shown: tuple[Product, ...] = ()
        self.words: list[str] = []
        self.saved: tuple[str, ...] = ()
        self.closed = False
        self.dial = 1.0

    def new_conversation(self, shopper: str | None = None) -> FakeAssistant:
        other = FakeAssistant(self.products, name=self.name)
        other.gate, other.heard, other.shopper = self.gate, self.heard, shopper
        return other

    def greeting(self) -> str:
        return f"{len(self.products)} things from the {self.name} shop, kettles to <trail> shoes."

    def greeting_examples(self) -> tuple[str, ...]:
        return ("a quiet kettle under $60", "trail shoes, not red", "a gift for a dog")

    def close(self) -> None:
        self.closed = True

    def stream(self, text: str) -> Iterator[CardsReady | ReasonsReady | Done]:
        self.heard.append(text)
        if "break" in text:
            raise ModelTimeout("model did not answer in 20 s; try again or use --model none")
        words = text.lower().replace(",", " ").split()
        wanted = list(self.moment.constraints)
        if "under" in words:
            limit = float(words[words.index("under") + 1].strip("$")) * 100
            wanted.append(Constraint("price", Op.LE, limit, "USD"))
        if "not" in words:
            wanted.append(Constraint("color", Op.NE, (words[words.index("not") + 1],)))
        if "quiet" in words:
            wanted.append(Constraint("wish", Op.CONTAINS, ("quiet",), hard=False))
        sort = Sort("price") if "cheapest" in words else self.moment.sort
        self.moment = Moment(tuple(dict.fromkeys(wanted)), sort)
        act = Act.SEARCH
        if "save" in words:
            place = ("first", "second", "third").index(words[words.index("save") + 2])
            self.saved = (*self.saved, self.shown[place].id)
            act = Act.SAVE
        elif "difference" in words:
            act = Act.COMPARE
        else:
            self.words = words
        yield from self._answer(text, act)

    def lean(self, dial: float) -> Iterator[CardsReady | ReasonsReady | Done]:
        self.heard.append(f"dial {dial:g}")
        self.dial = dial
        yield from self._answer("", Act.CLEAR)

    def drop(self, constraint: Constraint | None) -> Iterator[CardsReady | ReasonsReady | Done]:
        self.heard.append(f"drop {constraint.field if constraint else 'sort'}")
        if constraint is None:
            self.moment = replace(self.moment, sort=None)
        else:
            self.moment = self.moment.without(constraint)
        yield from self._answer("", Act.CLEAR)

    def _answer(self, text: str, act: Act) -> Iterator[CardsReady | ReasonsReady | Done]:
        hard = self.moment.hard
        near: tuple[Recommendation, ...] = ()
        if act in (Act.SEARCH, Act.CLEAR):
            named = [
                p
                for p in self.products
                if any(w.rstrip("s") in p.title.lower() for w in self.words if len(w) > 3)
            ]
            kept = [p for p in named if all(judge(p, c) is not Verdict.VIOLATION for c in hard)]
            self.shown = tuple(kept[:6])
            if not kept:
                near = tuple(
                    Recommendation(p, i + 1, 0.5, {}, near_miss=("$12 over your limit",))
                    for i, p in enumerate(named[:2])
                )
        recommendations = tuple(
            Recommendation(
                p, i + 1, 1.0 - i / 10, {"hybrid": 1.0 - i / 10},
                (Reason(f"Fits: {p.type or 'item'}.", {"type": p.type}),),
                unknown=tuple(
                    c.field for c in hard if judge(p, c) is Verdict.UNKNOWN
                ),
            )
            for i, p in enumerate(self.shown)
        )  # fmt: skip
        kettle = "kettle" in text.lower() and act is Act.SEARCH
        said = {Act.SAVE: "Saved.", Act.COMPARE: "The first is 3 dB quieter."}.get(
            act,
            f"{len(recommendations)} that fit." if recommendations else "Nothing fits all of that.",
        )
        reply = Reply(
            intent=Intent(text, act),
            moment=self.moment,
            text=said,
            recommendations=recommendations,
            near_misses=near,
            matching=len(recommendations) * 5,
            saved=self.saved,
            differences=(
                (
                    Difference("", tuple(p.title for p in self.shown[:2])),
                    Difference("noise", ("54 dB", "58 dB")),
                    Difference("price", ("$49.00", "")),
                )
                if act is Act.COMPARE
                else ()
            ),
            question=(
                Question(
                    "Does it need to hold more than a litre?",
                    ("up to 1 l", "more than 1 l"),
                    "capacity",
                )
                if kettle
                else None
            ),
            timings={"first_card": 1.0, "total": 2.0},
        )
        yield CardsReady(reply)
        self.gate.wait(timeout=30)
        better = tuple(
            replace(r, reasons=(*r.reasons, Reason(f"Number {r.rank} for you.", {}, "model")))
            for r in recommendations
        )
        for r in better:
            yield ReasonsReady(r.product.id, r.reasons)
        yield Done(replace(reply, recommendations=better))
