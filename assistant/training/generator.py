"""Sentences made by rule: every kind of slot with every kind of wording, on words of several catalogues.

The hand-written utterances teach how people talk; these teach that a value can be any
word at all, which only many different values can.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence

from assistant.compact import Line, Slot
from assistant.training import wordings
from assistant.training.example import Example
from assistant.training.lexicon import (
    AGES,
    DENIED,
    GENDERS,
    NEEDS,
    PARTS,
    PURPOSES,
    SIZES,
    UNITS,
    WISHES,
    Lexicon,
)
from assistant.training.noise import Piece, noisy


class Generator:
    """Endless (utterance, line) pairs; the same seed gives the same ones."""

    def __init__(self, lexicon: Lexicon, seed: int) -> None:
        self._words = lexicon
        self._random = random.Random(seed)

    def __iter__(self) -> Iterator[Example]:
        while True:
            pieces, act = self._utterance()
            said, slots = noisy(pieces, self._random)
            yield Example(said, Line(act, tuple(slots)).written())

    def _pick(self, options: Sequence[str]) -> str:
        return self._random.choice(options)

    def _utterance(self) -> tuple[list[Piece], str]:
        """(pieces, act)."""
        chance = self._random.random()
        if chance < 0.08:
            return [self._cleared()], "clear"
        if chance < 0.12:
            return self._shuffled([self._cleared(), self._demand()]), "want"
        if chance < 0.36:
            demands = [self._demand() for _ in range(self._random.choice((1, 1, 1, 2, 2, 3)))]
            return self._shuffled(_distinct(demands)), "want"
        if chance < 0.40:
            return self._shuffled(
                [
                    self._slot("than", wordings.THAN),
                    *([self._demand()] if self._random.random() < 0.5 else []),
                ]
            ), "want"
        if chance < 0.43:
            return self._shuffled(
                [
                    self._slot("order", wordings.ORDER),
                    *([self._demand()] if self._random.random() < 0.4 else []),
                ]
            ), "want"
        item = self._needed()
        demands = [self._demand() for _ in range(self._random.choice((0, 1, 1, 2, 2, 3, 4)))]
        if self._random.random() < 0.1:
            item = self._unnamed()
        return [item, *_distinct(demands)], "want"

    def _unnamed(self) -> Piece:
        """A need that names no product: "something cozy", "a gift"."""
        if self._random.random() < 0.3:
            return self._opened(*self._slot("wish", ("gift", "present", "birthday gift")))
        if self._random.random() < 0.3:
            return self._pick(
                (
                    "something",
                    "anything",
                    "i need something",
                    "looking for something",
                    "got anything",
                    "stuff",
                )
            ), ()
        value = self._pick(WISHES)
        return self._pick(
            (
                "something {}",
                "anything {}",
                "i need something {}",
                "show me something {}",
                "got anything {}",
                "{} stuff",
            )
        ).format(value), (Slot("wish", "=", value),)

    def _shuffled(self, pieces: list[Piece]) -> list[Piece]:
        self._random.shuffle(pieces)
        return pieces

    def _slot(self, label: str, options: Sequence[str]) -> Piece:
        value = self._pick(options)
        return value, (Slot(label, "=", value),)

    def _needed(self) -> Piece:
        """The item with what may stand before it: "red leather handbag", "Bosch drill"."""
        r = self._random
        text, slots = self._slot("item", self._words.items)
        before: list[Piece] = []
        makers: tuple[tuple[float, Callable[[], Piece]], ...] = (
            (0.08, lambda: self._slot("gender", [g for g in GENDERS if not g.startswith("for ")])),
            (0.10, lambda: self._slot("wish", WISHES)),
            (0.12, lambda: self._slot("color", self._words.colors)),
            (0.10, lambda: self._slot("feature", self._words.features)),
            (0.10, lambda: self._slot("brand", self._words.brands)),
            (0.08, lambda: self._slot("material", self._words.materials)),
            (0.05, self._exact_measure),
        )
        for chance, maker in makers:
            if r.random() < chance:
                before.append(maker())
        r.shuffle(before)
        piece = (
            " ".join([*(t for t, _ in before), text]),
            (*(s for _, p in before for s in p), *slots),
        )
        return self._opened(*piece)

    def _opened(self, text: str, slots: tuple[Slot, ...]) -> Piece:
        article = self._pick(("", "", "a ", "some ", "the ", "a good ", "one of those "))
        if text.endswith("s") and article.startswith("a "):
            article = "some "
        return self._pick(wordings.OPEN).format(article + text), slots

    def _demand(self) -> Piece:
        kinds: tuple[tuple[int, Callable[[], Piece]], ...] = (
            (22, self._money), (10, self._measured), (8, lambda: self._worded("color", self._words.colors)),
            (6, lambda: self._worded("material", self._words.materials)), (8, lambda: self._worded("brand", self._words.brands)),
            (7, lambda: self._worded("feature", self._words.features)), (6, self._part), (5, self._denied_part),
            (6, lambda: self._worded("wish", WISHES)), (9, lambda: self._slot("wish", PURPOSES)),
            (5, self._need), (5, self._sized), (3, lambda: self._slot("gender", GENDERS)), (3, self._aged),
        )  # fmt: skip
        return self._random.choices([k for _, k in kinds], [n for n, _ in kinds])[0]()

    def _worded(self, label: str, options: Sequence[str]) -> Piece:
        """A value asked for, hoped for, or refused; sometimes two of them."""
        value, chance = self._pick(options), self._random.random()
        if chance < 0.36 and label != "wish":
            if self._random.random() < 0.25:
                other = self._pick(options)
                text = self._pick(wordings.NOT).format(
                    f"{value} {self._pick(('or', 'and'))} {other}"
                )
                return text, (
                    Slot(label, "=", value, negative=True),
                    Slot(label, "=", other, negative=True),
                )
            text = self._pick(wordings.NOT).format(value)
            if self._random.random() < 0.12:
                return self._pick(wordings.SOFT).format(text), (
                    Slot(label, "=", value, negative=True, soft=True),
                )
            return text, (Slot(label, "=", value, negative=True),)
        if chance < 0.52:
            return self._pick(wordings.SOFT).format(value), (
                Slot(label, "=", value, soft=label != "wish"),
            )
        if chance < 0.6 and label != "wish":
            other = self._pick(options)
            return self._pick(wordings.PLAIN).format(f"{value} or {other}"), (
                Slot(label, "=", value),
                Slot(label, "=", other),
            )
        if label == "brand":
            return self._pick(
                ("from {}", "by {}", "{} brand", "made by {}", "{}", "only {}", "{} please")
            ).format(value), (Slot(label, "=", value),)
        return self._pick(wordings.PLAIN).format(value), (Slot(label, "=", value),)

    def _part(self) -> Piece:
        said = self._pick(PARTS)
        value = re.sub(r"^(?:a|an) ", "", said)
        if self._random.random() < 0.2:
            return self._pick(wordings.SOFT).format(said), (Slot("feature", "=", value, soft=True),)
        return self._pick(wordings.WITH).format(said), (Slot("feature", "=", value),)

    def _denied_part(self) -> Piece:
        said = self._pick(DENIED)
        value = re.sub(r"^(?:a|an) ", "", said)
        return self._pick(wordings.NOT).format(said), (Slot("feature", "=", value, negative=True),)

    def _need(self) -> Piece:
        value = self._pick(NEEDS)
        return self._pick(
            ("something that {}", "that {}", "it {}", "one that {}", "which {}", "so it {}")
        ).format(value), (Slot("wish", "=", value),)

    def _aged(self) -> Piece:
        value = self._pick(AGES)
        return self._pick(("for a {}", "for my {}", "{}", "suitable for a {}")).format(value), (
            Slot("age", "=", value),
        )

    def _sized(self) -> Piece:
        value = self._pick(SIZES)
        said = (
            value
            if value.startswith("size")
            else self._pick(
                ("size {}", "in {}", "{}", "in size {}", "i wear {}", "my size is {}", "i'm a {}")
            ).format(value)
        )
        return said, (Slot("size", "=", value.removeprefix("size ")),)

    def _amount(self) -> str:
        r = self._random
        if r.random() < 0.15:
            return self._pick(wordings.NUMBERS) + self._pick(
                ("", "", " bucks", " dollars", " euros", " quid", " pounds")
            )
        number = r.choice(
            (
                r.randint(2, 30),
                r.randint(10, 100),
                5 * r.randint(2, 60),
                10 * r.randint(3, 120),
                50 * r.randint(4, 60),
            )
        )
        said = (
            f"{number:,}"
            if number >= 1000 and r.random() < 0.4
            else f"{number / 1000:g}k"
            if number >= 1000 and number % 100 == 0 and r.random() < 0.4
            else str(number)
        )
        if r.random() < 0.1:
            said = f"{number}.{r.randint(1, 99):02d}"
        return (
            self._pick(wordings.CURRENCY).format(said)
            if "." not in said and "k" not in said
            else self._pick(("${}", "{}", "{} euros", "£{}")).format(said)
        )

    def _money(self) -> Piece:
        chance = self._random.random()
        if chance < 0.12:
            low, high = sorted(self._random.sample(range(5, 400, 5), 2))
            form = self._pick(("{}", "{}", "${}", "{} euros", "£{}", "{} dollars"))
            # "10-20 dollars": the currency may be said once.
            a, b = (
                (form.format(low), form.format(high))
                if self._random.random() < 0.5
                else (str(low), form.format(high))
            )
            text = self._pick(wordings.RANGES).format(a, b)
            return text, (Slot("price", ">=", a), Slot("price", "<=", b))
        amount = self._amount()
        if chance < 0.72:
            return self._pick(wordings.AT_MOST).format(amount), (Slot("price", "<=", amount),)
        if chance < 0.86:
            if amount[-1].isdigit() and self._random.random() < 0.3:
                return f"{amount}ish", (Slot("price", "~", f"{amount}ish"),)
            return self._pick(wordings.ABOUT).format(amount), (Slot("price", "~", amount),)
        return self._pick(wordings.AT_LEAST).format(amount), (Slot("price", ">=", amount),)

    def _quantity(self) -> str:
        unit, low, high = self._random.choice(UNITS)
        value = self._random.uniform(low, high)
        if unit in ("l", "kg", "m", "litres", "tb", "inch") and self._random.random() < 0.4:
            said = f"{value:.1f}"
        else:
            said = str(max(1, round(value)))
        space = (
            ""
            if unit == '"'
            else self._pick(("", " ", " ", "-") if len(unit) > 3 else ("", " ", " "))
        )
        if unit in (
            "pack",
            "pieces",
            "people",
            "persons",
            "players",
            "bags",
            "drawers",
            "pockets",
            "seats",
            "stars",
        ):
            space = self._pick((" ", " ", "-"))
        return f"{said}{space}{unit}"

    def _exact_measure(self) -> Piece:
        value = self._quantity()
        return value, (Slot("measure", "=", value),)

    def _measured(self) -> Piece:
        value, chance = self._quantity(), self._random.random()
        if chance < 0.35:
            forms = [f for f in wordings.AT_LEAST if f not in ("{}+",) or not value.endswith('"')]
            return self._pick(forms).format(value), (Slot("measure", ">=", value),)
        if chance < 0.65:
            forms = [
                f
                for f in wordings.AT_MOST
                if not any(
                    w in f
                    for w in (
                        "budget",
                        "spend",
                        "pay",
                        "penny",
                        "cost",
                        "cheap",
                        "price",
                        "got",
                        "limit",
                    )
                )
            ]
            return self._pick(forms).format(value), (Slot("measure", "<=", value),)
        if chance < 0.75:
            return self._pick(wordings.ABOUT).format(value), (Slot("measure", "~", value),)
        return self._pick(
            ("{}", "{}", "with {}", "exactly {}", "it must be {}", "{} please")
        ).format(value), (Slot("measure", "=", value),)

    def _cleared(self) -> Piece:
        options = (
            *wordings.FIELDS,
            self._pick(self._words.colors),
            self._pick(self._words.materials),
            self._pick(self._words.features),
            self._pick(self._words.brands),
        )
        value = self._pick(options)
        return self._pick(wordings.CLEAR).format(value), (Slot("field", "=", value),)


def _distinct(pieces: Sequence[Piece]) -> list[Piece]:
    """At most one piece of each kind of demand: nobody names two budgets."""
    kept: dict[str, Piece] = {}
    for piece in pieces:
        kept.setdefault(piece[1][0].label if piece[1] else "", piece)
    return list(kept.values())
