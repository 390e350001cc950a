"""How the columns of one feed are read: guessed, checked against a sample, extended as it streams."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from catalog.errors import FeedError
from catalog.feeds.attributes import AttributePlan, plan_attribute
from catalog.feeds.cells import decimal_mark, is_missing, plain_text, read_count, read_rating
from catalog.feeds.details import holds_details
from catalog.feeds.ids import group_id
from catalog.feeds.mapping import (
    FIELDS,
    currency_in_name,
    guess,
    is_list_price,
    is_sale_price,
    normalised,
    override,
    sale_dates,
)  # fmt: skip
from catalog.feeds.record import Record
from catalog.feeds.report import FeedReport
from catalog.feeds.variants import MAX_VARIANTS
from catalog.money import parse_price
from catalog.seller_text import Usual

_PLAINLY_IDS: Final = frozenset({"id", "product id", "item id", "sku", "asin", "uniq id"})
_PARENTS: Final = frozenset(
    {"parent", "parent id", "parent sku", "parent code", "parent asin", "parent product id", "parent item id",
     "item group id", "variant group", "variant group id", "vaterartikel", "vaterartikelnummer"}
)  # fmt: skip
_CHILDREN: Final = frozenset(
    {
        "configurable variations",
        "simples skus",
        "simple skus",
        "associated skus",
        "child skus",
        "variant skus",
    }
)
"""Columns in which Magento and its like name a product's variants."""
_CHILD: Final = re.compile(r"(?:^|\|)\s*sku=([^,|\n]+)")
_PAIR: Final = re.compile(r"(option|attribute) ?(\d+) (name|value|values|value s)")


@dataclass(frozen=True, slots=True)
class Plan:
    """How the columns of one feed are read."""

    fields: Mapping[str, tuple[str, ...]]
    attributes: Mapping[str, AttributePlan]
    currency: str | None = None
    """Of prices that do not name one."""
    decimal_mark: str | None = None
    rating_scale: float = 5.0
    flag_columns: frozenset[str] = frozenset()
    """Stock columns that say only whether there is any, as 0 and 1."""
    plain_prices: frozenset[str] = frozenset()
    """Columns of the price outside a sale."""
    group: str | None = None
    """The column that holds the id of the product whose variant a row is."""
    children: str | None = None
    """The column in which a product names the rows that are its variants."""
    sale_dates: tuple[str | None, str | None] = (None, None)
    """The columns that say from when and until when the sale price holds."""
    usual: Usual = field(default_factory=Usual)
    """What the feed's texts are like, to tell what is no part of a listing."""


def make_plan(
    known: Sequence[str],
    sample: Sequence[Record],
    chosen: Mapping[str, str],
    currency: str | None,
    report: FeedReport,
    *,
    titled: bool = True,
) -> Plan:
    """Decide how the columns of a feed are read, from its header and first records.

    ``report`` is told the mapping, the attributes and what is not used. Raises FeedError when no
    column can be the title, unless it is not ``titled``, and UsageError for a choice that does not fit the feed.
    """
    values: dict[str, list[Any]] = {c: [] for c in known}
    for record in sample:
        for column, value in record.values.items():
            held = values.setdefault(column, [])
            if value is not None and value != "" and value != []:
                held.append(value)
    fields = _check_guess(guess(values), values, report)
    if titled and "title" not in fields and "description" in fields:
        fields = {"title": fields["description"], **fields}
        del fields["description"]
    fields, named = override(fields, chosen, list(values))
    if titled and not fields.get("title"):
        raise _no_title(report, sample, values)
    fields, group = _grouped(fields, chosen, values, report)
    children = next((c for c in values if normalised(c) in _CHILDREN), None)
    if children is not None:
        report.ignored = {**report.ignored, children: "the rows that are its variants"}
    report.mapping = fields
    if titled and "id" not in fields:
        report.notes.append("no id column; ids are made from title and brand")
    if titled and (overlooked := _overlooked_prices(fields, named, values)):
        known_price = "price" in fields
        what = f"the price is read from {fields['price'][0]}" if known_price else "no price column"
        report.notes.append(
            f"{what}; it may be one of these (name it: --map price=COLUMN): {', '.join(overlooked)}"
        )
    price_columns = [*fields.get("price", ()), *fields.get("list_price", ())]
    prices = [v for c in price_columns for v in values.get(c, ())]
    named_currency = next(filter(None, map(currency_in_name, price_columns)), None)
    if not (currency or named_currency or fields.get("currency")):
        named_currency = _sole_currency(prices)
        if named_currency and any(map(_names_no_currency, prices)):
            report.notes.append(f"prices that name no currency are taken to be {named_currency}")
    dates = sale_dates(values)
    why = "when the sale price holds"
    report.ignored = {**report.ignored, **dict.fromkeys(filter(None, dates), why)}
    plan = Plan(
        fields=fields,
        attributes={},
        currency=currency or named_currency,
        decimal_mark=decimal_mark(prices),
        plain_prices=frozenset(
            c for c in price_columns if not is_sale_price(c) and "price" in guess([c])
        ),
        rating_scale=_rating_scale(
            [v for c in fields.get("rating", ()) for v in values.get(c, ())]
        ),
        flag_columns=frozenset(
            c for c in fields.get("stock", ()) if _is_flag(c, values.get(c, []))
        ),
        group=group,
        children=children,
        sale_dates=dates,
        usual=Usual.learn(values),
    )
    columns = Columns(plan, report)
    for column, held in values.items():
        columns.admit(column, held, named.get(column))
    return replace(plan, attributes=columns.attributes)


def _check_guess(
    guessed: dict[str, tuple[str, ...]], values: Mapping[str, list[Any]], report: FeedReport
) -> dict[str, tuple[str, ...]]:
    """The guess without the columns whose values contradict their names."""
    fields = dict(guessed)
    for name, reads in (("rating", _reads_as_rating), ("review_count", _reads_as_count)):
        if name in fields:
            unfit = [c for c in fields[name] if not reads(values[c])]
            reason = f"values do not read as a {name.replace('_', ' ')}"
            report.ignored = {**report.ignored, **dict.fromkeys(unfit, reason)}
            fields[name] = tuple(c for c in fields[name] if c not in unfit)
    if "type" not in fields and "category" in fields:
        style = next((c for c in values if normalised(c) in ("style", "sub style")), None)
        leaf = fields["category"][-1]
        if style and _nested(style, leaf, values):
            fields["type"] = (style,)
            fields["category"] = (*fields["category"], style)
    if "id" in fields:
        unique = [c for c in fields["id"] if _identifies(c, values[c])]
        repeated = [c for c in fields["id"] if c not in unique]
        why = "repeats on many rows, so it is no id"
        report.ignored = {**report.ignored, **dict.fromkeys(repeated, why)}
        fields["id"] = tuple(unique[:1])
    return {k: v for k, v in fields.items() if v}


def _grouped(
    fields: dict[str, tuple[str, ...]],
    chosen: Mapping[str, str],
    values: Mapping[str, list[Any]],
    report: FeedReport,
) -> tuple[dict[str, tuple[str, ...]], str | None]:
    """The fields with the ids by which rows name their parents, and the column that does."""
    found = _group_column(fields, chosen, values)
    if found is None:
        return fields, None
    column, referred = found
    ids = (referred, *(c for c in fields.get("id", ()) if c != referred and "id" not in chosen))
    kept = {c: why for c, why in report.ignored.items() if c not in ids}
    report.ignored = {**kept, column: "the product whose variant its row is"}
    fields = {**fields, "id": ids}
    return {name: fields[name] for name in FIELDS if name in fields}, column


def _group_column(
    fields: Mapping[str, tuple[str, ...]],
    chosen: Mapping[str, str],
    values: Mapping[str, list[Any]],
) -> tuple[str, str] | None:
    """The column that names each row's parent, and the ids it names it by: those of most rows
    that have a parent, or what stands on several rows.
    """
    used = {c for name, columns in fields.items() if name != "id" for c in columns}
    ids = [chosen["id"]] if "id" in chosen else guess(values).get("id", ())
    for column in (c for c in values if normalised(c) in _PARENTS and c not in used):
        parents = [p for v in values[column] if (p := parent_id(v))]
        for held in (c for c in ids if c in values and c != column):
            known = {group_id(v) for v in values[held]}
            if parents and sum(p in known for p in parents) > 0.5 * len(parents):
                return column, held
        repeated = len(set(parents)) < len(parents)
        if repeated and normalised(column) != "parent" and fields.get("id", (column,))[0] != column:
            return column, fields["id"][0]
    return None


def parent_id(raw: Any) -> str | None:
    """The id of a parent as a column names it; WooCommerce writes ``id:44`` where it has no SKU."""
    found = group_id(raw)
    return found.removeprefix("id:") if found else None


def child_ids(raw: Any) -> list[str]:
    """The ids of a product's variants: Magento's ``sku=A1,size=S|sku=A2,size=M``, or ids alone."""
    text = plain_text(str(raw)) if raw is not None else ""
    found = _CHILD.findall(text) if "sku=" in text else re.split(r"[|,;\n]", text)
    return [child for part in found[:MAX_VARIANTS] if (child := group_id(part.strip()))]


def _overlooked_prices(
    fields: Mapping[str, tuple[str, ...]],
    named: Mapping[str, str],
    values: Mapping[str, list[Any]],
) -> list[str]:
    """Columns of amounts with their currency, where no price is found but a recommended one."""
    if not all(map(is_list_price, fields.get("price", ()))):
        return []
    used = {*named, *(c for columns in fields.values() for c in columns)}
    return [c[:40] for c, held in values.items() if c not in used and _holds_prices(held)][:5]


def _holds_prices(values: Sequence[Any]) -> bool:
    texts = [v for v in values if isinstance(v, str) and len(v) <= 40 and not is_missing(v)]
    prices = (parse_price(text) for text in texts)
    return bool(texts) and sum(bool(p and p.currency) for p in prices) > 0.5 * len(texts)


def _identifies(column: str, values: Sequence[Any]) -> bool:
    """Whether a column can be the id: by its plain name, or because it seldom repeats."""
    if normalised(column) in _PLAINLY_IDS or len(values) < 10:
        return True
    return len({str(v) for v in values}) > len(values) / 2


def _nested(inner: str, outer: str, values: Mapping[str, list[Any]]) -> bool:
    """Whether one column divides another further, as a subcategory does: (nearly) every value of
    ``inner`` goes with a single value of ``outer``, and ``outer`` has several of them.
    """
    if len(values[inner]) != len(values[outer]) or len({str(v) for v in values[outer]}) < 2:
        return False
    pairs: dict[str, dict[str, int]] = {}
    for a, b in zip(values[inner], values[outer], strict=True):
        counts = pairs.setdefault(str(a), {})
        counts[str(b)] = counts.get(str(b), 0) + 1
    agreeing = sum(max(counts.values()) for counts in pairs.values())
    several = len(pairs) > len({str(v) for v in values[outer]})
    return several and agreeing >= 0.85 * len(values[inner])


def _reads_as_rating(values: list[Any]) -> bool:
    texts = [str(v) for v in values if not isinstance(v, list) and not is_missing(str(v))]
    read = sum(read_rating(t, 100.0) is not None or t.strip("0., ") == "" for t in texts)
    return not values or (bool(texts) and read >= 0.3 * len(texts))


def _reads_as_count(values: list[Any]) -> bool:
    texts = [str(v) for v in values if not isinstance(v, list) and not is_missing(str(v))]
    read = sum(len(t) <= 40 and read_count(t) is not None for t in texts)
    return not values or (bool(texts) and read >= 0.3 * len(texts))


def _rating_scale(values: Sequence[Any]) -> float:
    """5, 10 or 100, whichever the bare numbers of a column fit; a few stray ones do not count."""
    texts = (str(v).strip().replace(",", ".") for v in values)
    numbers = sorted(float(t) for t in texts if re.fullmatch(r"\d{1,3}(?:\.\d+)?", t))
    if not numbers:
        return 5.0
    high = numbers[int(0.98 * (len(numbers) - 1))]
    return 5.0 if high <= 5 else 10.0 if high <= 10 else 100.0


def _sole_currency(cells: Sequence[Any]) -> str | None:
    """The currency that some prices of a column name, when no price names another."""
    prices = (parse_price(cell) for cell in cells if isinstance(cell, str))
    codes = {p.currency for p in prices if p and p.currency}
    return codes.pop() if len(codes) == 1 else None


def _no_title(
    report: FeedReport, sample: Sequence[Record], values: Mapping[str, list[Any]]
) -> FeedError:
    broken = next((r.problem.message for r in sample if r.problem is not None), "")
    if broken and not values:
        return FeedError(f"{report.path}: {broken}")
    what = ", ".join(c[:40] for c in [*values][:30]) or "nothing that can be read"
    return FeedError(
        f"{report.path}: no column looks like a title (name it: --map title=COLUMN); found: {what}"
    )


def _names_no_currency(cell: Any) -> bool:
    price = parse_price(cell) if isinstance(cell, (str, int, float)) else None
    return price is not None and price.currency is None


def _is_flag(column: str, values: list[Any]) -> bool:
    name = normalised(column)
    asks = name.startswith("is ") or name in ("in stock", "instock", "available", "availability")
    texts = {str(v).strip() for v in values}
    return asks and bool(texts) and texts <= {"0", "1", "0.0", "1.0"}


class Columns:
    """Which columns become attributes; columns that turn up late are judged when they do."""

    def __init__(self, plan: Plan, report: FeedReport) -> None:
        self.plan = plan
        self.attributes: dict[str, AttributePlan] = dict(plan.attributes)
        self._report = report
        self._halves: dict[tuple[str, str], dict[str, str]] = {}
        self._fields = {c for columns in plan.fields.values() for c in columns}
        self._judged = {*self._fields, *plan.attributes, *report.ignored}

    def admit(self, column: str, values: list[Any], chosen: str | None = None) -> None:
        """Decide about a column from its name and some of its values."""
        if column in self._judged and not chosen:
            return
        self._judged.add(column)
        if self._is_half_of_a_pair(column):
            return
        if not chosen and holds_details(column, values):
            self.attributes[column] = AttributePlan("", "details")
            named = "as labelled in it"
            self._report.as_attributes = {**self._report.as_attributes, column: named}
            return
        best = next(iter(guess([column])), None)
        if best and not chosen:
            self._ignore(column, f"{best.replace('_', ' ')} is read from another column")
            return
        planned = plan_attribute(
            column, values, chosen=chosen, decimal_comma=self.plan.decimal_mark == ","
        )
        if isinstance(planned, str):
            self._ignore(column, planned)
        else:
            self.attributes[column] = planned
            self._report.as_attributes = {**self._report.as_attributes, column: planned.name}

    def current(self, record: Record) -> Plan:
        """The plan for a record, columns that are new in it included."""
        new = [c for c, v in record.values.items() if c not in self._judged and v is not None]
        if new:
            fields = dict(self.plan.fields)
            for field, columns in guess(new).items():
                if field not in fields and field != "id":
                    fields[field] = columns
                    self._judged.update(columns)
            for column in new:
                self.admit(column, [record.values[column]])
            self.plan = replace(self.plan, fields=fields, attributes=dict(self.attributes))
            self._report.mapping = {f: fields[f] for f in FIELDS if f in fields}
        return self.plan

    def _is_half_of_a_pair(self, column: str) -> bool:
        """Plan "Option1 Name" with "Option1 Value" as one attribute, named row by row."""
        half = _PAIR.fullmatch(normalised(column))
        if half is None:
            return False
        key = (half[1], half[2])
        other = self._halves.setdefault(key, {})
        other["name" if half[3] == "name" else "value"] = column
        if len(other) == 2:
            value = other["value"]
            self.attributes[value] = AttributePlan(
                "", "text", decimal_comma=self.plan.decimal_mark == ",", name_column=other["name"]
            )
            named = f"as named in {other['name']}"
            self._report.as_attributes = {**self._report.as_attributes, value: named}
        return True

    def _ignore(self, column: str, reason: str) -> None:
        self._report.ignored = {**self._report.ignored, column: reason}
