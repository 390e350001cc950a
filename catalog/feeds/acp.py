"""The product feed of the Agentic Commerce Protocol, in the three forms it has been published in.

- Protocol 2026-04-17 (``spec/…/schema.feed.json``): ``metadata.json`` and ``products.jsonl``, one
  product a line with its ``variants``, money in minor units.
- OpenAI's file upload reference: one row an item (``item_id``, ``is_eligible_search``,
  ``group_id``, ``variant_dict``, ``star_rating`` …) as JSONL, CSV or TSV.
- Its first version, of 2025: the same with ``id``, ``enable_search``, ``item_group_id``,
  ``custom_variant1_category``, ``product_review_rating`` ….
"""

from __future__ import annotations

import json
import re
from collections.abc import Generator, Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from catalog.errors import FeedError
from catalog.feeds.cells import plain_text
from catalog.feeds.document import MAX_JSON
from catalog.feeds.google import AGENTIC_MARKS, Names, header_names
from catalog.feeds.ids import group_id
from catalog.feeds.jsonl import json_lines, parse_json
from catalog.feeds.record import Problem, Record, flatten
from catalog.feeds.sale import in_force, range_in_force
from catalog.feeds.source import Source
from catalog.feeds.table import TableReader
from catalog.money import currency_code, exponent

_SEARCH: Final = ("is_eligible_search", "enable_search")
_HEADER: Final = frozenset(
    {"feed_id", "id", "account_id", "target_merchant", "target_country", "updated_at", "extensions"}
)
_PRODUCT: Final = frozenset(
    {"id", "title", "description", "url", "media", "variants", "extensions"}
)
_VARIANT: Final = frozenset(
    {"id", "title", "description", "url", "barcodes", "price", "list_price", "unit_price", "availability", "categories",
     "condition", "variant_options", "media", "seller", "marketplace", "extensions"}
)  # fmt: skip
# About the offer, the seller or the transfer rather than what is sold.
_NOT_FOR_SHOPPERS: Final = frozenset(
    """
    is_eligible_search enable_search is_eligible_checkout enable_checkout is_ads_eligible is_eligible_ads ads_metadata
    listing_has_variations group_id item_group_id item_group_title variant_dict sale_price_effective_date
    sale_price_start_date sale_price_end_date sale_price_effective_date_begin sale_price_effective_date_end pricing_trend
    base_measure geo_price geo_availability target_countries store_country marketplace_seller marketplace seller_name
    return_window return_deadline_in_days accepts_returns accepts_exchanges return_rate pickup_method pickup_sla
    relationship_type related_product_id q_and_a qand_a raw_review_data reviews item_weight_unit dimensions_unit
    popularity_score barcodes unit_price extensions seller media variant_options categories variants app_links store_name
    store_star_rating store_review_rating store_review_count
    """.split()  # noqa: SIM905
)
_CUSTOM: Final = re.compile(r"custom_variant(\d)_(category|option)", re.IGNORECASE)
_RATINGS: Final = ("star_rating", "product_review_rating")
_SIDES: Final = ("length", "width", "height")
_KEY: Final = re.compile(r'"(\w+)"\s*:')


def recognises(source: Source) -> bool:
    """Whether a file is such a feed: its flags for search and checkout, or its nested products."""
    if source.binary:
        return False
    head = source.head.lstrip()
    if head[:1] in ("{", "["):
        first = head.split("\n", 1)[0]
        if _is_metadata_file(source.path, first):
            return True
        if AGENTIC_MARKS & set(_KEY.findall(head)):
            return True
        return any(_is_nested(value) for value in _first_values(head))
    names = set(header_names(head)) if head[:1] != "<" else set()
    return bool(AGENTIC_MARKS & names) and "title" in names


class AcpReader:
    """Items of an Agentic Commerce feed, one record each; a product's variants share its group.

    ``now`` is the moment that sale dates are compared with, the time of reading by default.
    Raises FeedError when the file is another format, or the metadata alone.
    """

    mapping: Mapping[str, str] = {
        "description": "description", "category": "product_category",
        "attributes.net_content": "unit_pricing_measure",
    }  # fmt: skip

    def __init__(self, source: Source, now: datetime | None = None) -> None:
        self._source, self._now = source, now
        self._table: TableReader | None = None
        self._document: list[Any] | None = None
        head = source.head.lstrip()
        if source.binary or head.startswith("<"):
            raise FeedError(
                f"{source.path}: not an Agentic Commerce feed, which is JSONL, JSON, CSV or TSV"
            )
        header: Mapping[str, Any] = {}
        if head[:1] not in ("{", "["):
            self._table = TableReader(source)
            if not {"id", "item_id"} & set(self._table.columns()):
                raise FeedError(
                    f"{source.path}: no column id or item_id, as an Agentic Commerce feed has; found:"
                    f" {', '.join(c[:40] for c in self._table.columns()[:30])}"
                )
            shape = self._table.description
        elif _is_document(head):
            self._document, header = _document(source)
            shape = "JSON"
        else:
            value = _value(head.split("\n", 1)[0])
            header = value if _is_header(value) else {}
            shape = "JSONL"
        if self._document is None and self._table is None and header and _is_alone(head):
            raise FeedError(
                f"{source.path}: this is the metadata of a feed; give the products.jsonl beside it"
            )
        self.place = "record" if self._document is not None else "line"
        about = _about(header or _metadata_beside(source.path))
        self.description = f"Agentic Commerce feed ({', '.join([shape, *about])})"

    def columns(self) -> tuple[str, ...]:
        """The columns that are used; for JSON those that price an item, come when they may."""
        if self._table is None:
            return ("title", "price", "sale_price")
        return tuple(c for c in self._table.columns() if _kept(c))

    def records(self) -> Generator[Record, None, None]:
        """One record an item or variant; what is not for search is refused, and says so."""
        now = self._now or datetime.now(UTC)
        names = Names()
        for line, value, problem in self._values():
            if problem is not None and problem.severity == "refused":
                yield Record(line, {}, problem)
            elif not isinstance(value, Mapping):
                message = f"a {type(value).__name__} where a product object should be"
                yield Record(line, {}, Problem("refused", "not an object", message))
            elif _is_header(value):
                continue
            elif isinstance(value.get("variants"), list) and value["variants"]:
                for item in _variants(value):
                    if isinstance(item, Problem):
                        yield Record(line, {}, item)
                    else:
                        yield _record(line, item, problem, now, names)
            else:
                yield _record(line, value, problem, now, names)

    def _values(self) -> Iterator[tuple[int, Any, Problem | None]]:
        if self._table is not None:
            for record in self._table.records():
                # An empty cell says nothing, neither zero nor false.
                values = {c: v for c, v in record.values.items() if v != ""}
                yield record.line, values, record.problem
        elif self._document is not None:
            for number, value in enumerate(self._document, start=1):
                yield number, value, None
        else:
            yield from json_lines(self._source)


def _record(
    line: int, item: Mapping[str, Any], problem: Problem | None, now: datetime, names: Names
) -> Record:
    """One item as a flat record, under the specification's names."""
    for flag in _SEARCH:
        if str(item.get(flag)).strip().lower() in ("false", "no", "0", "0.0"):
            message = f"not eligible for search ({flag} is false)"
            return Record(line, {}, Problem("refused", "not eligible for search", message))
    given = {k: v for k, v in item.items() if _kept(str(k))}
    special = {
        "description": _description(item.get("description")),
        "price": _price(item.get("price")),
        "sale_price": _price(item.get("sale_price")),
        "list_price": _price(item.get("list_price")),
        "availability": _availability(item.get("availability")),
    }
    values = flatten({k: v for k, v in given.items() if k not in special})
    values |= {k: v for k, v in special.items() if v is not None}
    condition = values.get("condition")
    if isinstance(condition, list) and len(condition) == 1:
        values["condition"] = condition[0]
    if media := _picture(item.get("media")):
        values.setdefault("image_url", media)
    if category := _category(item.get("categories")):
        values.setdefault("product_category", category)
    mended = _mended(values, item, now)
    _join_unit(values, ("weight",), item.get("item_weight_unit"))
    _join_unit(values, _SIDES, item.get("dimensions_unit"))
    group = _group(item)
    if group and item.get("item_group_title"):
        values["title"] = item["item_group_title"]
    for name, value in _options(item):
        if names.admit(name):
            values.setdefault(f"options.{name}", value)
    return Record(line, values, problem or mended, group)


def _mended(values: dict[str, Any], item: Mapping[str, Any], now: datetime) -> Problem | None:
    """Take out a sale price that is not in force and a rating beyond its scale; say so of what
    makes no sense.
    """
    problem = None
    if values.get("sale_price") and not (holds := _on_sale(item, now)):
        if holds is None:
            message = "the dates of the sale cannot be read; the sale price is used"
            problem = Problem("repaired", "not a range of dates", message)
        else:
            del values["sale_price"]
    for column in _RATINGS:
        if _above_five(values.get(column)):
            message = f"rating {str(values.pop(column))[:40]!r} is above 5"
            problem = problem or Problem("repaired", "not a rating", message)
    return problem


def _above_five(raw: Any) -> bool:
    """Whether a rating is beyond the scale, which the specification fixes at 5."""
    text = str(raw).strip()
    return re.fullmatch(r"\d{1,9}(?:\.\d+)?", text) is not None and float(text) > 5


def _kept(name: str) -> bool:
    bare = name.lower()
    return bare not in _NOT_FOR_SHOPPERS and not _CUSTOM.fullmatch(bare)


def _variants(product: Mapping[str, Any]) -> Iterator[dict[str, Any] | Problem]:
    """A nested product's variants as items, with what the product says of all of them."""
    shared = {k: v for k, v in product.items() if k != "variants" and v not in (None, "", [], {})}
    group = shared.pop("id", None) or shared.pop("item_id", None)
    variants = product["variants"]
    for variant in variants:
        if not isinstance(variant, Mapping):
            message = f"a {type(variant).__name__} where a variant object should be"
            yield Problem("refused", "not an object", message)
            continue
        own = {k: v for k, v in variant.items() if v not in (None, "", [], {})}
        item = {**shared, **own, "group_id": group}
        if title := shared.get("title"):
            item["item_group_title"] = title
            rest = str(own.get("title", "")).removeprefix(str(title)).strip(" -–—/|:,()")
            if len(variants) > 1 and rest and rest != own.get("title") and not _options_given(own):
                # Without options the title is all that tells the variants apart.
                item["variant_options"] = [{"name": "variant", "value": rest}]
        yield item


def _options_given(item: Mapping[str, Any]) -> bool:
    return next(_options(item), None) is not None


def _options(item: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(name, value) of what tells an item from the others of its group."""
    listed = item.get("variant_options")
    for option in listed if isinstance(listed, list) else ():
        if isinstance(option, Mapping):
            yield from _option(option.get("name"), option.get("value"))
    held = item.get("variant_dict")
    if isinstance(held, str):
        held = _value(held)
    if isinstance(held, Mapping):
        for name, value in held.items():
            yield from _option(name, value)
    lower = {str(k).lower(): v for k, v in item.items() if _CUSTOM.fullmatch(str(k))}
    for column, name in lower.items():
        if column.endswith("_category"):
            yield from _option(name, lower.get(column.replace("_category", "_option")))


def _option(name: Any, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(name, str) and isinstance(value, (str, int, float)) and str(value).strip():
        bare = plain_text(name[:200]).replace("\n", " ")
        if bare and len(bare) <= 60:
            yield bare, str(value)


def _group(item: Mapping[str, Any]) -> str | None:
    group = group_id(item.get("group_id") or item.get("item_group_id"))
    alone = str(item.get("listing_has_variations")).strip().lower() == "false"
    own = group_id(item.get("item_id") or item.get("id"))
    return None if alone and group == own else group


def _on_sale(item: Mapping[str, Any], now: datetime) -> bool | None:
    """Whether the sale price is in force; None when its dates cannot be read."""
    begin = item.get("sale_price_start_date") or item.get("sale_price_effective_date_begin")
    end = item.get("sale_price_end_date") or item.get("sale_price_effective_date_end")
    if begin or end:
        return in_force(begin, end, now)
    return range_in_force(item.get("sale_price_effective_date"), now)


def _price(raw: Any) -> Any:
    """A price as written; one given as an object is in minor units, and becomes ``"19.99 USD"``."""
    if not isinstance(raw, Mapping):
        return raw
    amount, named = raw.get("amount"), str(raw.get("currency") or "")
    code = currency_code(named) or named
    if isinstance(amount, str) and re.fullmatch(r"\d{1,15}", amount.strip()):
        amount = int(amount)
    if isinstance(amount, int) and not isinstance(amount, bool) and abs(amount) < 10**15:
        digits = exponent(code or None)
        return f"{Decimal(amount).scaleb(-digits):.{digits}f} {code}".strip()
    return f"{amount} {code}".strip()


def _availability(raw: Any) -> Any:
    if not isinstance(raw, Mapping):
        return raw
    if raw.get("available") is False:
        return "out_of_stock"
    return raw.get("status") or ("in_stock" if raw.get("available") is True else None)


def _description(raw: Any) -> Any:
    if not isinstance(raw, Mapping):
        return raw
    return next((raw[k] for k in ("plain", "html", "markdown") if raw.get(k)), None)


def _picture(raw: Any) -> str | None:
    for media in raw if isinstance(raw, list) else ():
        if (
            isinstance(media, Mapping)
            and media.get("type", "image") == "image"
            and media.get("url")
        ):
            return str(media["url"])
    return None


def _category(raw: Any) -> str | None:
    """The shop's own category where several taxonomies are given, otherwise the first."""
    found = [
        (c.get("taxonomy") != "merchant", str(c["value"]))
        for c in (raw if isinstance(raw, list) else ())
        if isinstance(c, Mapping) and c.get("value")
    ]
    return min(found, key=lambda c: c[0])[1] if found else None


def _join_unit(values: dict[str, Any], columns: tuple[str, ...], unit: Any) -> None:
    for column in columns:
        value = values.get(column)
        bare = isinstance(value, (int, float)) or re.fullmatch(r"[\d.,]+", str(value or "").strip())
        if value is not None and unit and bare:
            values[column] = f"{value} {unit}"


def _value(text: str) -> Any:
    try:
        return parse_json(text)
    except ValueError:
        return None


def _is_header(value: Any) -> bool:
    """Whether an object is a feed's metadata rather than a product."""
    if not isinstance(value, Mapping) or not value or not _HEADER.issuperset(value):
        return False
    return "feed_id" in value or "target_country" in value or "updated_at" in value


def _is_nested(value: Any) -> bool:
    """Whether an object is a product of the protocol's own schema."""
    if not isinstance(value, Mapping):
        return False
    products = value.get("products")
    if isinstance(products, list) and products:
        return _is_nested(products[0])
    variants = value.get("variants")
    if not isinstance(variants, list) or not variants or not _PRODUCT.issuperset(value):
        return False
    return all(
        isinstance(v, Mapping)
        and {"id", "title"} <= v.keys() <= _VARIANT
        and isinstance(v.get("price", {}), Mapping)
        for v in variants
    )


def _first_values(head: str) -> Iterator[Any]:
    """The first objects of a text: of its lines, or of the document it is the beginning of."""
    lines = [line for line in head.split("\n") if line.strip()]
    for line in lines[:3]:
        yield _value(line)
    decoder = json.JSONDecoder()
    within = re.match(
        r'\s*(?:\{\s*(?:"target_country"\s*:\s*"\w*"\s*,\s*)?"products"\s*:\s*)?\[\s*', head
    )
    try:
        yield decoder.raw_decode(head, within.end() if within else 0)[0]
    except (ValueError, RecursionError):
        return


def _is_document(head: str) -> bool:
    """Whether a JSON text is one document rather than a line an item."""
    if head[0] == "[":
        return True
    value = _value(head.split("\n", 1)[0])
    return not isinstance(value, Mapping) or isinstance(value.get("products"), list)


def _document(source: Source) -> tuple[list[Any], Mapping[str, Any]]:
    """The items of a JSON document, and what it says of itself."""
    with source.text() as stream:
        text = stream.read(MAX_JSON + 1)
    if len(text) > MAX_JSON:
        raise FeedError(
            f"{source.path}: a JSON document of more than {MAX_JSON // 10**6} million characters"
            " would have to be held in memory whole; convert it to JSONL, one product a line"
        )
    try:
        value = parse_json(text)
    except json.JSONDecodeError as error:
        raise FeedError(
            f"{source.path}, line {error.lineno}: broken JSON: {error.msg}; in JSONL, one product"
            " a line, a broken one costs only itself"
        ) from None
    except ValueError as error:
        raise FeedError(f"{source.path}: broken JSON: {error}") from None
    if isinstance(value, list):
        return value, {}
    if _is_header(value):
        raise FeedError(
            f"{source.path}: this is the metadata of a feed; give the products.jsonl beside it"
        )
    products = value.get("products")
    if isinstance(products, list):
        return products, {k: v for k, v in value.items() if k != "products"}
    if "title" in value:
        return [value], {}
    raise FeedError(f"{source.path}: no list of products in this document")


def _is_alone(head: str) -> bool:
    return len([line for line in head.split("\n") if line.strip()]) == 1


def _is_metadata_file(path: Path, first: str) -> bool:
    return path.name.lower().startswith("metadata.json") and (
        _is_header(_value(first)) or first.strip() == "{"
    )


def _metadata_beside(path: Path) -> Mapping[str, Any]:
    """The metadata that lies beside the products; nothing where there is none, or it is broken:
    it says what the feed is called, and no product depends on it.
    """
    stem = path.name.split(".")[0]
    for name in ("metadata.json", f"{stem}.metadata.json", "header.json"):
        beside = path.with_name(name)
        if beside == path or not beside.is_file() or beside.stat().st_size > 100_000:
            continue
        value = _value(beside.read_text("utf-8", errors="replace"))
        if _is_header(value):
            return value  # type: ignore[no-any-return]
    return {}


def _about(header: Mapping[str, Any]) -> list[str]:
    said = (header.get("feed_id") or header.get("id"), header.get("target_country"))
    return [plain_text(text)[:40] for text in said if isinstance(text, str) and text]
