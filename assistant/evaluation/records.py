"""What a record holds, read for the audit: numbers, money, units and words, by rules of its own.

Nothing here is shared with what makes the reasons: the audit would otherwise repeat their mistakes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from catalog.money import currency_code, exponent
from catalog.product import AttributeValue, Measure, Product
from catalog.units import to_base

NUMBER: Final = r"\d[\d,]*(?:\.\d+)?(?:e[+-]?\d+)?"
MONEY: Final = rf"(?:[a-z]{{3}} )?(?:[a-z]{{1,3}})?[$€£¥₹₩₺₪₴₦₫₱]?{NUMBER}"
_UNITS: Final = {
    "people": "person", "persons": "person", "pieces": "pc", "piece": "pc", "days": "day", "months": "month", "years": "year",
    "sheets": "sheet", "°c": "c",
}  # fmt: skip
_LABELS: Final = {
    "colour": "color", "age": "age_from", "product type": "type", "number of reviews": "review_count", "reduction": "discount",
    "list price": "list_price",
}  # fmt: skip
_QUANTITY: Final = re.compile(rf"(?P<number>-?{NUMBER})\s?(?P<unit>%|[^\d\s,;:()]+(?: oz)?)?")
_NUMBER_WORDS: Final = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
)  # fmt: skip
COUNT: Final = rf"(?:{'|'.join(_NUMBER_WORDS)}|\d[\d,]*)"
_ROUNDING: Final = 0.00501


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit, folded; money has neither unit nor sign here."""

    number: float
    unit: str | None = None


def count(word: str) -> int:
    """``"six"``, ``"1,204"`` → the number."""
    return _NUMBER_WORDS.index(word) if word in _NUMBER_WORDS else int(word.replace(",", ""))


def number(text: str) -> float:
    """``"1,204.5"`` → 1204.5."""
    return float(text.replace(",", ""))


def quantity(text: str) -> Quantity | None:
    """``"54 db"`` → 54 dB; None for what is no number with an optional unit."""
    found = _QUANTITY.fullmatch(text.strip())
    if found is None:
        return None
    unit = found["unit"]
    return Quantity(number(found["number"]), _UNITS.get(unit, unit) if unit else None)


def minor(text: str, currency: str | None) -> int | None:
    """``"$11.01"`` → 1101; None where it names another currency than the record's."""
    sign = re.sub(r"[\d.,\s]", "", text)
    if sign and currency_code(sign, currency) != currency:
        return None
    if not sign and currency is not None:
        return None
    amount = re.search(NUMBER, text)
    return round(number(amount[0]) * 10 ** exponent(currency)) if amount else None


def field_of(label: str) -> str:
    """The field a label names: ``"boil time"`` → ``"boil_time"``."""
    return _LABELS.get(label, label.replace(" ", "_"))


def base(product: Product, field: str) -> tuple[float, str | None] | None:
    """A numeric field in its base unit, read from the record; prices in minor units and currency."""
    if field == "price":
        return None if product.price is None else (float(product.price), product.currency)
    if field in ("rating", "review_count", "stock"):
        held = getattr(product, field)
        return None if held is None else (float(held), None)
    value = product.attributes.get(field)
    if isinstance(value, Measure):
        return to_base(value.value, value.unit)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value), None
    return None


def same_quantity(value: AttributeValue | None, said: Quantity) -> bool:
    """Whether a record's value is that number in that unit."""
    if isinstance(value, bool) or value is None:
        return False
    if isinstance(value, Measure):
        unit = value.unit.lower()
        return (
            abs(value.value - said.number) <= 1e-5 * abs(value.value) + 1e-9 and said.unit == unit
        )
    if isinstance(value, (int, float)):
        return said.unit is None and abs(value - said.number) < 1e-6
    return any(quantity(v.lower()) == said for v in _words(value))


def gap_is(one: float, other: float, said: Quantity, unit: str | None) -> bool:
    """Whether two numbers (of a unit's base) are as far apart as said, up to two decimals."""
    if (unit or "").lower() != (said.unit or ""):
        return False
    scale = to_base(1.0, unit)[0] if unit else 1.0
    return abs(abs(one - other) / scale - said.number) <= _ROUNDING + 1e-6 * said.number


def _words(value: AttributeValue) -> tuple[str, ...]:
    if isinstance(value, tuple):
        return value
    return (value,) if isinstance(value, str) else ()


def squeezed(text: str) -> str:
    """Lower case, every run of white space one space."""
    return " ".join(text.lower().split())


def texts_of(value: AttributeValue | None) -> set[str]:
    """Ways to write a value of words, folded; empty for numbers and yes/no."""
    words = _words(value) if value is not None else ()
    if not words:
        return set()
    whole = {", ".join(words), " and ".join(words), " or ".join(words)}
    if len(words) > 2:
        whole |= {f"{', '.join(words[:-1])} {last} {words[-1]}" for last in ("and", "or")}
    return {squeezed(t) for t in (*whole, *words)}


def word_values(product: Product) -> dict[str, set[str]]:
    """Field → ways to write what it holds, of all fields that hold words."""
    made = {n: texts_of(v) for n, v in product.attributes.items()}
    made["brand"] = texts_of(product.brand)
    made["type"] = texts_of(product.type)
    return {n: texts for n, texts in made.items() if texts}


def holds(product: Product, field: str, said: str) -> bool:
    """Whether a field of the record, named as in evidence or a table, holds just what is said."""
    told = squeezed(said)
    if field in ("price", "list_price"):
        held = getattr(product, field)
        return held is not None and minor(told, product.currency) == held
    if field == "rating":
        return _rating(product, told)
    if field == "review_count":
        return product.review_count is not None and told.replace(",", "") == str(
            product.review_count
        )
    if field == "stock":
        if told == "in stock":
            return bool(product.in_stock)
        if product.stock == 0:
            return told in ("0", "sold out")
        return product.stock is not None and told.replace(",", "").removesuffix(" in stock") == str(
            product.stock
        )
    if field in ("title", "description"):
        return quoted(getattr(product, field), said)
    if field in ("brand", "type"):
        return told in texts_of(getattr(product, field))
    value = product.attributes.get(field)
    if isinstance(value, bool):
        return told == ("yes" if value else "no")
    amount = quantity(told)
    if amount is not None and same_quantity(value, amount):
        return True
    return told in texts_of(value)


def _rating(product: Product, told: str) -> bool:
    found = re.fullmatch(rf"({NUMBER})(?: from ([\d,]+) reviews?)?", told)
    if found is None or product.rating is None or abs(number(found[1]) - product.rating) > 1e-6:
        return False
    return found[2] is None or count(found[2]) == product.review_count


def quoted(text: str, quote: str) -> bool:
    """Whether a quote stands word for word in a text, its ellipses aside."""
    whole = " ".join(text.split())
    pieces = [" ".join(p.split()) for p in quote.split("…") if p.strip()]
    return bool(pieces) and all(p in whole for p in pieces)


def evidence_holds(
    product: Product, raw: Product, evidence: Mapping[str, Any], known: Mapping[str, set[str]]
) -> list[str]:
    """The fields of the evidence whose values are not the record's; ``known`` are the shopper's."""
    wrong = []
    for field, value in evidence.items():
        if field in known:
            if str(value) not in known[field]:
                wrong.append(field)
        elif value is None:
            if _stated(product, field):
                wrong.append(field)
        elif not any(holds(p, field, f"{value}") for p in (product, raw)):
            wrong.append(field)
    return wrong


def _stated(product: Product, field: str) -> bool:
    held = product.attributes.get(field)
    return held is not None or getattr(product, field, None) not in (None, "")


def strange(product: Product, raw: Product) -> list[str]:
    """Fields in which a shown product is not what the record says, in any of its variants."""
    wrong = [
        f
        for f in (
            "title",
            "description",
            "brand",
            "type",
            "category",
            "currency",
            "rating",
            "review_count",
        )
        if getattr(product, f) != getattr(raw, f)
    ]
    for field in ("price", "list_price"):
        held = {getattr(raw, field), *(getattr(v, field) for v in raw.variants)}
        if getattr(product, field) not in held:
            wrong.append(field)
    for name, value in product.attributes.items():
        options: list[Any] = [
            raw.attributes.get(name),
            *(v.options.get(name) for v in raw.variants),
        ]
        told = {w for o in options if o is not None for w in _words(o)}
        if value not in options and not (_words(value) and set(_words(value)) <= told):
            wrong.append(name)
    return wrong


def prefix_names(product: Product) -> Sequence[str]:
    """What a product may be called: its title, or the beginning of it, longest first."""
    words = product.title.split()
    return [" ".join(words[:n]).strip(" ,-–|(") for n in range(len(words), 0, -1)]


def stating(products: Iterable[Product], field: str) -> list[tuple[float, str | None]]:
    """The values of a field of those products that state it."""
    return [v for p in products if (v := base(p, field)) is not None]
