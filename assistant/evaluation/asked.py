"""Claims about what was asked for: limits, wishes and refusals, and how a record stands to them."""

from __future__ import annotations

import re

from assistant.evaluation.records import (
    base,
    field_of,
    minor,
    quantity,
    squeezed,
    word_values,
)
from assistant.evaluation.standing import (
    MORE,
    NAMED,
    VAL,
    Reading,
    apart,
    field_named,
    fields_with,
    meant,
)
from catalog.constraint import Constraint, Op
from catalog.product import Product
from catalog.text import tokens
from catalog.units import to_base
from catalog.verdict import Verdict, judge

# what was asked


def limits(reading: Reading, name: str, *directions: int) -> list[Constraint]:
    """The demands on a field's number that lie in these directions (-1 an upper limit, 0 neither)."""
    return [
        c
        for c in reading.scene.moment.constraints
        if c.field == name and c.number is not None and c.op.direction in directions
    ]


def is_limit(c: Constraint, said: str, currency: str | None) -> bool:
    """Whether a sum said is that of a demand."""
    return (
        c.number is not None
        and minor(said, c.unit or currency) in (round(c.number), None)
        and minor(said, c.unit or currency) is not None
    )


def money_gap(reading: Reading, match: re.Match[str], ways: tuple[int, ...], sign: int) -> bool:
    """A price that lies so far on one side of a limit named: ``sign`` +1 where it lies above."""
    product = reading.scene.product
    gap = minor(match["gap"], product.currency)
    if product.price is None or gap is None:
        return False
    reading.topic = "price"
    return any(
        is_limit(c, match["limit"], product.currency)
        and (c.unit is None or c.unit == product.currency or product.currency is None)
        and round((product.price - (c.number or 0)) * sign) == gap
        for c in limits(reading, "price", *ways)
    )


def room(reading: Reading, match: re.Match[str]) -> bool:
    """Whether the record bears out: ``$11 under your $60 limit``."""
    sign = -1 if match["side"] == "under" else 1
    return money_gap(reading, match, (-1,) if match["what"] == "limit" else (1,), sign)


def off_named(reading: Reading, match: re.Match[str]) -> bool:
    """Whether the record bears out: ``$120 over the $300 you named``."""
    return money_gap(reading, match, (0,), 1 if match["side"] == "over" else -1)


def than_the_one(reading: Reading, match: re.Match[str]) -> bool:
    """Whether the record bears out: ``$9 less than the $49 one``."""
    return money_gap(reading, match, (-1, 1), -1 if match["side"] == "less" else 1)


def exactly(reading: Reading, match: re.Match[str]) -> bool:
    """Whether the record bears out: ``exactly your $60 limit``."""
    product = reading.scene.product
    way = -1 if match["what"] == "limit" else 1
    return product.price is not None and any(
        is_limit(c, match["limit"], product.currency) and round(c.number or 0) == product.price
        for c in limits(reading, "price", way)
    )


def asked_number(c: Constraint, product: Product) -> float | None:
    """A demand's number in the base unit of the record's field."""
    held = base(product, c.field)
    if c.number is None or held is None:
        return None
    wanted, unit = (
        to_base(c.number, c.unit) if c.unit and c.field != "price" else (c.number, held[1])
    )
    return wanted if unit == held[1] else None


def measure_gap(reading: Reading, match: re.Match[str]) -> bool:
    """``1.2 l, 0.3 l smaller than you asked``: for a demand on that field, so far and on that side."""
    product = reading.scene.product
    for name in field_named(reading, match, match["val"]):
        own = base(product, name)
        for c in (c for c in reading.scene.moment.constraints if c.field == name):
            wanted = asked_number(c, product)
            if (
                own is None
                or wanted is None
                or not apart(product, name, own[0], wanted, match["gap"])
            ):
                continue
            side = match["side"]
            if side == "below your limit":
                if own[0] < wanted and c.op.direction < 0:
                    return True
            elif any(
                f == name and (own[0] - wanted) * d > 0
                for f, d in meant(MORE, side.removesuffix(" than"), [name])
            ):
                return True
    return False


def as_asked(reading: Reading, match: re.Match[str]) -> bool:
    """Whether the record bears out: ``28 cm, as you asked``."""
    product = reading.scene.product
    for name in field_named(reading, match, match["val"]):
        own = base(product, name)
        for c in reading.scene.moment.constraints:
            wanted = asked_number(c, product) if c.field == name else None
            if (
                wanted is not None
                and own is not None
                and abs(own[0] - wanted) <= 0.005 * max(1.0, abs(wanted))
            ):
                return True
            if c.field == name and c.words and judge(product, c) is Verdict.MATCH:
                return True
    return False


def at_the_edge(reading: Reading, match: re.Match[str]) -> bool:
    """Whether the record bears out: ``$58.99, just within your limit``: on its side by at most a fiftieth."""
    side = -1 if match["edge"] == "within your limit" else 1
    for name in field_named(reading, match, match["val"]):
        own = base(reading.scene.product, name)
        for c in reading.scene.moment.constraints:
            wanted = asked_number(c, reading.scene.product) if c.field == name else None
            if own is None or wanted is None or c.op.direction != side:
                continue
            if 0 <= side * (own[0] - wanted) <= 0.02 * abs(wanted):
                return True
    return False


def near_named(reading: Reading, match: re.Match[str]) -> bool:
    """Whether the record bears out: ``$48, near the $50 you named``."""
    product = reading.scene.product
    for name in fields_with(product, match["val"]):
        own = base(product, name)
        for c in (c for c in reading.scene.moment.constraints if c.field == name and c.op is Op.EQ):
            wanted = asked_number(c, product)
            if own is None or wanted is None or abs(own[0] - wanted) > 0.2001 * wanted:
                continue
            if "limit" not in match.groupdict():
                return abs(own[0] - wanted) < 0.01 * max(1.0, wanted)
            said = minor(match["limit"], c.unit or product.currency) if name == "price" else None
            asked = quantity(match["limit"])
            if said == round(c.number or 0) or (
                name != "price" and asked and abs(asked.number - (c.number or 0)) < 1e-6
            ):
                return True
    return False


def wish_words(reading: Reading) -> set[str]:
    """Every word the shopper's demands hold, folded."""
    spoken = [
        f"{' '.join(c.words)} {c.span} {c.field.replace('_', ' ')}"
        for c in reading.scene.moment.constraints
    ]
    return {t for s in spoken for t in tokens(s)}


def stated_as_asked(reading: Reading, match: re.Match[str]) -> bool:
    """``Burgundy, as you asked``: the record holds it, and the shopper said it."""
    what = match["what"]
    product, said = reading.scene.product, re.sub(r"^(?:comes in|for|by|only in) ", "", what)
    constraints = reading.scene.moment.constraints
    negated = said.startswith(("not ", "no "))
    flag = field_of(re.sub(r"^(?:not|no) ", "", said))
    if isinstance(product.attributes.get(flag), bool):
        reading.topic = flag
        return product.attributes[flag] is not negated and bool(
            set(tokens(flag.replace("_", " "))) & wish_words(reading)
        )
    for name, texts in word_values(product).items():
        label = (
            name.replace("_", " ").replace("color", "colour")
            if name == "color"
            else name.replace("_", " ")
        )
        bare = re.sub(rf"^{re.escape(label)} ", "", said)
        if not (is_held(bare, texts) or is_held(said, texts)):
            continue
        reading.topic = name
        asked = [c for c in constraints if c.field == name and judge(product, c) is Verdict.MATCH]
        if asked or set(tokens(bare)) & wish_words(reading):
            return True
    return as_asked_number(reading, said)


def suits_too(reading: Reading, match: re.Match[str]) -> bool:
    """``Unisex, so for men too``: the record says unisex, and that is whom the shopper named."""
    reading.topic = "gender"
    asked = [c for c in reading.scene.moment.constraints if c.field == "gender"]
    whom = set(re.split(r", | and ", match["whom"]))
    held = word_values(reading.scene.product).get("gender", set())
    return match["what"] in held and any(whom <= set(map(squeezed, c.words)) for c in asked)


def is_held(said: str, texts: set[str]) -> bool:
    """Whether it is a value, or the beginning of one that was cut short, or several of them."""
    if said in texts or (said.endswith("…") and any(t.startswith(said[:-1]) for t in texts)):
        return True
    parts = re.split(r", | and ", said)
    return len(parts) > 1 and all(p in texts for p in parts)


def as_asked_number(reading: Reading, said: str) -> bool:
    """Whether a number with its unit is one that was asked for and is held."""
    match = re.fullmatch(rf"{NAMED}(?P<val>{VAL})", said)
    return match is not None and as_asked(reading, match)


def refused(reading: Reading, match: re.Match[str]) -> bool:
    """``Not red: brushed steel``: it holds the one and none of the other, and the other was refused."""
    product, words = reading.scene.product, re.split(r", | or ", match["words"])
    wanted = {
        w for c in reading.scene.moment.constraints if c.op.negative for w in map(squeezed, c.words)
    }
    said = match["value"].rstrip(")")
    for name, texts in word_values(product).items():
        if is_held(said, texts):
            reading.topic = name
            held = [t for text in texts for t in tokens(text)]
            return all(w in wanted for w in words) and not any(
                set(tokens(w)) <= set(held) for w in words
            )
    return False


def hoped(reading: Reading, match: re.Match[str]) -> bool:
    """``White, not the green you hoped for``: it holds the one, not the other, which was hoped for."""
    product, asked = reading.scene.product, re.split(r", | or ", match["asked"])
    soft = [c for c in reading.scene.moment.constraints if not c.hard]
    said = match["value"]
    for name, texts in word_values(product).items():
        bare = (
            said.removeprefix("only in ")
            .removeprefix("by ")
            .removeprefix(f"{name.replace('_', ' ')} ")
        )
        bare = bare.removeprefix("in ")
        hoped = {w for c in soft if c.field == name for w in map(squeezed, c.words)}
        if (is_held(bare, texts) or not bare) and all(a in hoped for a in asked):
            return all(judge(product, c) is Verdict.VIOLATION for c in soft if c.field == name)
    return False


def not_in(reading: Reading, match: re.Match[str]) -> bool:
    """``Not in green, as you hoped``: hoped for, and the record says otherwise."""
    soft = [c for c in reading.scene.moment.constraints if not c.hard]
    asked = match["asked"]
    named = [
        c
        for c in soft
        if any(asked.endswith(squeezed(w)) for w in c.words) or field_of(asked) == c.field
    ]
    return any(judge(reading.scene.product, c) is Verdict.VIOLATION for c in named)


def lacking(reading: Reading, match: re.Match[str]) -> bool:
    """``No milk frother, which you hoped for``: hoped for, and the record says no."""
    name = field_of(re.sub(r"^(?:not|no) ", "", match["asked"]))
    soft = [c for c in reading.scene.moment.constraints if not c.hard and c.field == name]
    return any(judge(reading.scene.product, c) is Verdict.VIOLATION for c in soft)


def avoided(reading: Reading, match: re.Match[str]) -> bool:
    """``Red, which you hoped to avoid``: held, and refused."""
    product = reading.scene.product
    said = match["value"]
    against = [c for c in reading.scene.moment.constraints if c.op.negative or c.value is False]
    held = [n for n, texts in word_values(product).items() if is_held(said, texts)]
    held += [n for n, v in product.attributes.items() if v is True and n == field_of(said)]
    return any(
        c.field in (*held, "text") and judge(product, c) is Verdict.VIOLATION for c in against
    )
