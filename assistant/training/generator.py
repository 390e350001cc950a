"""Sentences made by rule: every kind of slot with every kind of wording, on words of several catalogues.

The hand-written utterances teach how people talk; these teach that a value can be any
word at all, which only many different values can.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from assistant.compact import Line, Slot
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
    spans,
)

Piece = tuple[str, tuple[Slot, ...]]
"""A stretch of text and the slots it says, in order."""

_AT_MOST: Final = (
    "under {}", "below {}", "max {}", "{} max", "up to {}", "no more than {}", "at most {}", "less than {}", "not over {}", "{} or less",
    "{} tops", "not more than {}", "<{}", "< {}", "cheaper than {}", "within {}", "my limit is {}", "my budget is {}", "budget {}",
    "{} at the very most", "maximum {}", "i can spend {}", "can't go over {}", "wouldn't pay more than {}", "won't pay over {}", "{} is my limit",
    "not a penny over {}", "have {} to spend", "i've only got {}", "keep it under {}", "don't want to go past {}", "anything below {}", "{} and under",
    "got {} on me", "let's cap it at {}", "upper limit {}", "shouldn't cost more than {}", "costing less than {}",
    "with price lower than {}", "and price lower than {}",
)  # fmt: skip
_AT_LEAST: Final = (
    "over {}", "above {}", "at least {}", "more than {}", "from {}", "min {}", "{} or more", "{}+", "{} and up", "starting at {}", "not under {}",
    "no less than {}", "minimum {}", "upwards of {}", "{} upwards", "nothing under {}", "not below {}",
)  # fmt: skip
_ABOUT: Final = (
    "around {}", "about {}", "roughly {}", "{} or so", "~{}", "approx {}", "give or take {}", "somewhere around {}", "in the {} range", "circa {}",
    "more or less {}", "near {}",
)  # fmt: skip
_RANGES: Final = ("between {} and {}", "{}-{}", "{} to {}", "from {} to {}", "{} - {}", "anywhere from {} up to {}", "somewhere between {} and {}")  # fmt: skip
_NOT: Final = (
    "not {}", "no {}", "but not {}", "anything but {}", "without {}", "please no {}", "nothing {}", "none of that {}", "except {}",
    "i don't like {}", "i hate {}", "can't stand {}", "steer clear of {}", "avoid {}", "not a fan of {}", "i'm done with {}", "leave out {}",
    "definitely not {}", "never {}", "skip {}", "other than {}", "instead of {}", "rather not {}", "no more {}", "stay away from {}", "don't want {}",
    "don't show me {}", "{} is a no", "not {} please", "not in {}", "{} is out", "hold the {}", "minus the {}", "anything except {}", "had enough of {}",
    "i already have {}", "not into {}", "ditch the {}", "and nothing {}", "allergic to {}", "minus {}", "sans {}",
)  # fmt: skip
_SOFT: Final = (
    "ideally {}", "preferably {}", "{} if possible", "{} would be nice", "maybe {}", "{} would be great", "if you have it {}", "i'd love {}", "hopefully {}",
    "{} if you have it", "i'd prefer {}", "{} would be a plus", "best case {}", "kinda hoping for {}", "{} but not a must", "at best {}", "would like {}",
    "{} for preference", "leaning towards {}", "perhaps {}",
)  # fmt: skip
_PLAIN: Final = ("in {}", "{}", "{} please", "it should be {}", "must be {}", "{} one", "has to be {}", "make it {}", "i want {}", "only {}", "{} only", "actually {}",
                 "no wait {}", "sorry i meant {}", "something {}", "want it {}", "needs to be {}", "say {}", "rather {}", "{} then", "let's do {}", "and {}", "also {}")  # fmt: skip
_WITH: Final = ("with {}", "it has {}", "must have {}", "has to have {}", "that comes with {}", "needs {}", "including {}", "featuring {}", "which has {}", "and {}", "plus {}", "w/ {}")  # fmt: skip
_OPEN: Final = (
    "{}", "{}", "{}", "{}", "i need {}", "i'm looking for {}", "looking for {}", "show me {}", "do you have {}", "got any {}", "find me {}", "i want {}", "hi, i need {}", "need {}",
    "hey there, any {}", "can you recommend {}", "i would like {}", "im searching {}", "where are your {}", "any {}", "could you show me {}", "please find me {}", "we need {}",
    "what {} do you have", "what about {}", "also {}", "and {}", "i'd like to buy {}", "trying to find {}", "help me find {}", "ok now {}", "next i need {}", "do you sell {}",
    "my old one broke so i need {}", "hello! i am in need of {}", "after {}", "in the market for {}", "shopping for {}", "is there {}", "have you got {}", "let's look at {}",
    "back to the {}", "i could use {}", "give me {}", "time for {}", "was thinking of {}", "wanna get {}", "gimme {}", "recommend me {}",
)  # fmt: skip
_NUMBERS: Final = ("ten", "fifteen", "twenty", "twenty five", "thirty", "forty", "fifty", "sixty", "eighty", "a hundred", "two hundred", "five hundred", "a tenner", "a grand", "fifty-five", "one fifty")  # fmt: skip
_CURRENCY: Final = ("${}", "${}", "{}$", "{} dollars", "{} bucks", "£{}", "{} quid", "{} pounds", "€{}", "{}€", "{} €", "{} euros", "{} eur", "{}.00 dollars", "{} usd", "{} inr", "rs {}", "{} kr", "{} chf", "{}.99", "{}", "{}", "{}", "{}", "{} gbp")  # fmt: skip
_FIELDS: Final = (
    "budget", "price", "colour", "color", "brand", "material", "size", "price limit", "limit", "waterproof part", "gender", "weight", "colour thing", "everything",
)  # fmt: skip
_CLEAR: Final = (
    "forget the {}", "forget about the {}", "never mind the {}", "any {} is fine", "{} doesn't matter", "ignore the {}", "drop the {}", "doesn't have to be {}", "the {} isn't important",
    "i don't care about the {}", "skip the {}", "no {} limit anymore", "{} is not important after all", "scrap the {}", "whatever {}", "the {} can go", "without the {} restriction",
    "remove the {} filter", "lose the {}", "not so fussed about {}", "nvm the {}", "{} no longer matters",
)  # fmt: skip
_THAN: Final = ("cheaper", "bigger", "smaller", "lighter", "quieter", "less expensive", "a bit bigger", "something cheaper", "longer", "shorter", "darker", "better rated", "more powerful", "warmer", "newer", "brighter", "way cheaper", "softer", "slightly smaller")  # fmt: skip
_ORDER: Final = ("cheapest first", "sort by price", "best rated", "best reviews first", "cheapest", "lowest price", "highest rated", "most popular", "newest first", "most expensive first", "smallest", "lightest", "by rating")  # fmt: skip


class Generator:
    """Endless (utterance, line) pairs; the same seed gives the same ones."""

    def __init__(self, lexicon: Lexicon, seed: int) -> None:
        self._words = lexicon
        self._random = random.Random(seed)

    def __iter__(self) -> Iterator[Example]:
        while True:
            example = self._noisy(self._utterance())
            if example is not None:
                yield example

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
                    self._slot("than", _THAN),
                    *([self._demand()] if self._random.random() < 0.5 else []),
                ]
            ), "want"
        if chance < 0.43:
            return self._shuffled(
                [
                    self._slot("order", _ORDER),
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
        return self._pick(_OPEN).format(article + text), slots

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
                text = self._pick(_NOT).format(f"{value} {self._pick(('or', 'and'))} {other}")
                return text, (
                    Slot(label, "=", value, negative=True),
                    Slot(label, "=", other, negative=True),
                )
            text = self._pick(_NOT).format(value)
            if self._random.random() < 0.12:
                return self._pick(_SOFT).format(text), (
                    Slot(label, "=", value, negative=True, soft=True),
                )
            return text, (Slot(label, "=", value, negative=True),)
        if chance < 0.52:
            return self._pick(_SOFT).format(value), (Slot(label, "=", value, soft=label != "wish"),)
        if chance < 0.6 and label != "wish":
            other = self._pick(options)
            return self._pick(_PLAIN).format(f"{value} or {other}"), (
                Slot(label, "=", value),
                Slot(label, "=", other),
            )
        if label == "brand":
            return self._pick(
                ("from {}", "by {}", "{} brand", "made by {}", "{}", "only {}", "{} please")
            ).format(value), (Slot(label, "=", value),)
        return self._pick(_PLAIN).format(value), (Slot(label, "=", value),)

    def _part(self) -> Piece:
        said = self._pick(PARTS)
        value = re.sub(r"^(?:a|an) ", "", said)
        if self._random.random() < 0.2:
            return self._pick(_SOFT).format(said), (Slot("feature", "=", value, soft=True),)
        return self._pick(_WITH).format(said), (Slot("feature", "=", value),)

    def _denied_part(self) -> Piece:
        said = self._pick(DENIED)
        value = re.sub(r"^(?:a|an) ", "", said)
        return self._pick(_NOT).format(said), (Slot("feature", "=", value, negative=True),)

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
            return self._pick(_NUMBERS) + self._pick(
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
            self._pick(_CURRENCY).format(said)
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
            text = self._pick(_RANGES).format(a, b)
            return text, (Slot("price", ">=", a), Slot("price", "<=", b))
        amount = self._amount()
        if chance < 0.72:
            return self._pick(_AT_MOST).format(amount), (Slot("price", "<=", amount),)
        if chance < 0.86:
            if amount[-1].isdigit() and self._random.random() < 0.3:
                return f"{amount}ish", (Slot("price", "~", f"{amount}ish"),)
            return self._pick(_ABOUT).format(amount), (Slot("price", "~", amount),)
        return self._pick(_AT_LEAST).format(amount), (Slot("price", ">=", amount),)

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
            forms = [f for f in _AT_LEAST if f not in ("{}+",) or not value.endswith('"')]
            return self._pick(forms).format(value), (Slot("measure", ">=", value),)
        if chance < 0.65:
            forms = [
                f
                for f in _AT_MOST
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
            return self._pick(_ABOUT).format(value), (Slot("measure", "~", value),)
        return self._pick(
            ("{}", "{}", "with {}", "exactly {}", "it must be {}", "{} please")
        ).format(value), (Slot("measure", "=", value),)

    def _cleared(self) -> Piece:
        options = (
            *_FIELDS,
            self._pick(self._words.colors),
            self._pick(self._words.materials),
            self._pick(self._words.features),
            self._pick(self._words.brands),
        )
        value = self._pick(options)
        return self._pick(_CLEAR).format(value), (Slot("field", "=", value),)

    def _noisy(self, made: tuple[list[Piece], str]) -> Example | None:
        """The pieces joined, with case, punctuation and slips as people have them."""
        pieces, act = made
        r = self._random
        joined = ""
        slots: list[Slot] = []
        for text, said in pieces:
            joined += (
                self._pick((", ", ", ", " ", " ", " and ", ". ", " - ")) if joined else ""
            ) + text
            slots += said
        form = r.random()
        change: Callable[[str], str] = str
        if form < 0.45:
            change = str.lower
        elif form < 0.49:
            change = str.upper
        joined = change(joined)
        slots = [Slot(s.label, s.sign, change(s.value), s.negative, s.soft) for s in slots]
        if form >= 0.7:
            joined = joined[:1].upper() + joined[1:]
            if (
                slots
                and joined[1:].startswith(slots[0].value[1:])
                and joined[:1].lower() == slots[0].value[:1]
            ):
                first = slots[0]
                slots[0] = Slot(
                    first.label, first.sign, joined[: len(first.value)], first.negative, first.soft
                )
        if r.random() < 0.3:
            joined += self._pick((".", "!", "?", " please", " thanks", " :)", "..", " pls", " thx"))
        if r.random() < 0.15:
            joined, slots = _slip(joined, slots, r)
        return Example(joined, Line(act, tuple(slots)).written())


def _distinct(pieces: Sequence[Piece]) -> list[Piece]:
    """At most one piece of each kind of demand: nobody names two budgets."""
    kept: dict[str, Piece] = {}
    for piece in pieces:
        kept.setdefault(piece[1][0].label if piece[1] else "", piece)
    return list(kept.values())


def _slip(text: str, slots: list[Slot], r: random.Random) -> tuple[str, list[Slot]]:
    """One word with two letters swapped, dropped or doubled, in the text and in the value that holds it."""
    words = [w for w in re.findall(r"[A-Za-z]{4,}", text) if text.count(w) == 1]
    if not words:
        return text, slots
    word = r.choice(words)
    at = r.randrange(1, len(word) - 1)
    wrong = r.choice((
        word[:at] + word[at + 1] + word[at] + word[at + 2 :], word[:at] + word[at + 1 :], word[:at] + word[at] + word[at:],
    ))  # fmt: skip
    swapped = [
        Slot(s.label, s.sign, s.value.replace(word, wrong), s.negative, s.soft) for s in slots
    ]
    return text.replace(word, wrong), swapped


_QUERY_LABELS: Final = {
    "core_product_type": "item", "creator": "brand", "color": "color", "material": "material", "modifier": "feature", "shape": "feature",
    "UoM": "measure", "quantity": "measure", "product_name": "wish", "content": "wish", "occasion": "wish", "origin": "feature",
    "product_number": "wish",
}  # fmt: skip
_GENDER: Final = re.compile(r"^(?:for )?(?:(?:wo)?men'?s?|(?:wo)?man|ladies|boys?'?s?|girls?'?s?|kids?'?|unisex|baby|toddlers?|juniors?)$", re.IGNORECASE)  # fmt: skip


def from_query(tokens: Sequence[str], labels: Sequence[str]) -> Example | None:
    """A query people labelled by hand (BIO, QueryNER's labels) in our form; None where the two do not fit."""
    slots = []
    for label, words in spans(tokens, labels):
        value = " ".join(words).strip(" .,;:")
        if not value or ";" in value or "=" in value:
            return None
        if label == "department":
            slots.append(Slot("gender" if _GENDER.match(value) else "wish", "=", value))
        elif label in ("UoM", "quantity") and not any(c.isdigit() for c in value):
            slots.append(Slot("feature", "=", value))
        elif label in _QUERY_LABELS:
            slots.append(_query_slot(_QUERY_LABELS[label], value))
        else:
            # price, time, condition: rare, and said in ways that one label does not tell apart
            return None
    items = [s for s in slots if s.label == "item"]
    if not slots or len(items) > 1:
        return None
    return Example(" ".join(tokens), Line("want", tuple(slots)).written())


def _query_slot(label: str, value: str) -> Slot:
    denied = re.match(r"(?:without|no|non)\s+(?=\w)", value)
    if label == "feature" and denied:
        return Slot(label, "=", value[denied.end() :], negative=True)
    if label == "feature":
        value = re.sub(r"^(?:with|in)\s+(?:an?\s+)?(?=\w)", "", value)
    return Slot(label, "=", value)
