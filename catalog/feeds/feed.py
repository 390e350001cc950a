"""Reading a product feed: find the format, map the columns, stream products, keep the report."""

from __future__ import annotations

import hashlib
import itertools
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Final

import orjson

from catalog.errors import FeedError, UsageError
from catalog.feeds import acp, google, jsonld, parquet, shopify
from catalog.feeds.convert import Conversion
from catalog.feeds.document import DocumentReader
from catalog.feeds.ids import digest
from catalog.feeds.jsonl import JsonLinesReader, parse_json
from catalog.feeds.jsonld import PagesReader, PagesSource
from catalog.feeds.mapping import FIELDS
from catalog.feeds.plan import Columns, Plan, child_ids, make_plan, parent_id
from catalog.feeds.record import Reader, Record
from catalog.feeds.report import FeedIssue, FeedReport, Note, Severity
from catalog.feeds.source import Source
from catalog.feeds.table import TableReader
from catalog.feeds.variants import MAX_VARIANTS, Groups
from catalog.money import currency_code
from catalog.product import Product

_OF_SHOPS: Final[Mapping[str, tuple[Callable[[Source], bool], Callable[[Source], Reader]]]] = {
    "parquet": (parquet.recognises, parquet.ParquetReader),
    "google": (google.recognises, google.GoogleReader),
    "shopify": (shopify.recognises, shopify.ShopifyReader),
    "jsonld": (jsonld.recognises, jsonld.PagesReader),
    "acp": (acp.recognises, acp.AcpReader),
}
"""Formats with marks of their own, in the order in which they are looked for."""

FORMATS: Final = ("csv", "tsv", "json", "jsonl", "yaml", *_OF_SHOPS)

SAMPLE: Final = 1_000
"""Records looked at before the first product, to understand the columns."""

_FEEDS: Final = (
    "CSV, TSV, JSON, JSONL, YAML, Parquet, Google's RSS or Atom, schema.org data in pages"
)
_JSON: Final = re.compile(r"\[\s*\{\s*\"|\{\s*\"")
_OBJECT: Final = re.compile(r"^\s*[\[{]", re.MULTILINE)
_TABLE: Final = re.compile(r"[^\n]*[\w\"][,;\t|][^\n]*\n")
_SUFFIXES: Final = {
    ".csv": "csv", ".tsv": "tsv", ".tab": "tsv", ".json": "json",
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".yaml": "yaml", ".yml": "yaml",
}  # fmt: skip


class Feed:
    """The products of a feed, in order. Iterating streams them and fills :attr:`report`.

    Iterating again reads the file again, with a fresh report. While iterating,
    ``bytes_read`` of ``bytes_total`` tells how far it has come.
    """

    def __init__(
        self, source: Source | PagesSource, reader: Reader, plan: Plan, report: FeedReport
    ) -> None:
        self._source, self._reader, self._plan = source, reader, plan
        self._blank = report
        self.report = self._fresh()

    @property
    def bytes_total(self) -> int:
        """Size of the file on disk."""
        return self._source.bytes_total

    @property
    def bytes_read(self) -> int:
        """Position reached in the file on disk."""
        return self._source.bytes_read

    def __iter__(self) -> Iterator[Product]:
        """Raises FeedError when the rest of the file cannot be read, or no row of it is kept."""
        report = self.report = self._fresh()
        ids = _Ids(report.place)
        with closing(Groups()) as groups:
            for grouped, product in self._rows(report, ids, groups):
                if not grouped:
                    yield product
            for product in groups.products():
                joined = self._plan.group or self._plan.children
                if joined and [v.id for v in product.variants] == [product.id]:
                    product = replace(product, variants=())
                report.grouped += bool(product.variants)
                yield ids.named_apart(product)
        report.notes += self._source.notes()
        if report.refused and not report.kept:
            raise FeedError(f"{self._source.path}: {report.nothing_kept()}")
        if not report.rows:
            report.notes.append("there is a header, but no row after it")
        if report.kept and not report.known["currency"] and report.known["price"]:
            report.notes.append("the feed names no currency; prices are shown without one")

    def _rows(
        self, report: FeedReport, ids: _Ids, groups: Groups
    ) -> Iterator[tuple[bool, Product]]:
        """Every row that is kept; those of a group have gone into it already."""
        columns = Columns(self._plan, report)
        for record in self._reader.records():
            report.rows += 1
            product, notes = _product(record, columns)
            if product is not None:
                product = ids.admit(product, record, bool(self._plan.fields.get("id")), notes)
            group = record.group
            if product is not None and self._plan.group is not None:
                group = parent_id(record.values.get(self._plan.group))
                if group is None:
                    group = product.id
                    ids.heads.add(_hash64(group.encode("utf-8", "replace")))
            if product is not None and self._plan.children is not None and group is None:
                group = product.id
                ids.heads.add(_hash64(group.encode("utf-8", "replace")))
                groups.claim(group, child_ids(record.values.get(self._plan.children)))
            if product is not None and group and not groups.add(group, product):
                message = f"product {group[:40]!r} has more than {MAX_VARIANTS:,} variants"
                notes.append(Note("refused", "variants", "too many variants", message))
                product = None
            severity: Severity = "refused" if product is None else "repaired"
            for note in notes:
                if note.severity == severity:
                    issue = FeedIssue(record.line, note.field, note.message, severity, note.kind)
                    report.add(issue)
            if product is None:
                report.refused += 1
                continue
            report.kept += 1
            report.repaired += bool(notes)
            _count_known(report, product)
            yield bool(group), product

    def _fresh(self) -> FeedReport:
        blank = self._blank
        return FeedReport(
            path=blank.path, format=blank.format, place=blank.place, mapping=dict(blank.mapping),
            ignored=dict(blank.ignored), as_attributes=dict(blank.as_attributes),
            notes=list(blank.notes),
        )  # fmt: skip


def read_feed(
    path: Path | str,
    *,
    mapping: Mapping[str, str] | None = None,
    currency: str | None = None,
    format: str | None = None,
) -> Feed:
    """Open a product feed: a file in one of :data:`FORMATS`, optionally gzipped, or a folder of
    saved pages.

    ``mapping`` (field → column) overrides what is guessed from column names; ``currency`` is
    that of prices that do not name one; ``format`` is one of :data:`FORMATS`, otherwise told
    from the content and the file's name.

    Raises FeedError when the file cannot be read or no column can be the title, and UsageError
    for a field, column, currency or format that does not exist.
    """
    return Feed(*prepare(path, mapping=mapping, currency=currency, format=format))


def prepare(
    path: Path | str,
    *,
    mapping: Mapping[str, str] | None = None,
    currency: str | None = None,
    format: str | None = None,
    titled: bool = True,
) -> tuple[Source | PagesSource, Reader, Plan, FeedReport]:
    """What reading a feed needs: its file, its adapter, how its columns are read, a blank report.

    As :func:`read_feed`, whose products need a title; a list that is not ``titled`` does not.
    """
    if format is not None and format not in FORMATS:
        raise UsageError(f"no feed format {format!r}; the formats are: {', '.join(FORMATS)}")
    code = currency_code(currency) if currency else None
    if currency and code is None:
        raise UsageError(f"no currency {currency!r}; give its ISO 4217 code, such as USD or EUR")
    path = Path(path)
    if path.is_dir():
        source: Source | PagesSource = PagesSource(path)
        reader: Reader = PagesReader(source)
    else:
        source = Source(path)
        reader = _reader(source, format)
    with closing(reader.records()) as records:
        sample = list(itertools.islice(records, SAMPLE))
    report = FeedReport(source.path, _describe(source, reader), reader.place)
    present = {*reader.columns(), *(c for record in sample for c in record.values)}
    fixed = {field: column for field, column in reader.mapping.items() if column in present}
    chosen = {**fixed, **(mapping or {})}
    plan = make_plan(reader.columns(), sample, chosen, code, report, titled=titled)
    return source, reader, plan, report


def _describe(source: Source | PagesSource, reader: Reader) -> str:
    words = [reader.description]
    if source.encoding != "utf-8" and not source.binary:
        words.append(source.encoding.upper().removesuffix("-LE").removesuffix("-BE"))
    return ", ".join([*words, "gzipped"] if source.gzipped else words)


def _reader(source: Source, format: str | None) -> Reader:
    kind = format or _format(source)
    if kind in ("csv", "tsv"):
        return TableReader(source, format)
    if kind in ("json", "yaml"):
        return DocumentReader(source, kind)
    return JsonLinesReader(source) if kind == "jsonl" else _OF_SHOPS[kind][1](source)


def _format(source: Source) -> str:
    """From the content where it is plain, otherwise from the file's name."""
    for name, (recognises, _) in _OF_SHOPS.items():
        if recognises(source):
            return name
    suffixes = [s.lower() for s in source.path.suffixes if s.lower() != ".gz"]
    named = _SUFFIXES.get(suffixes[-1]) if suffixes else None
    head = source.head.lstrip()
    if head.startswith("<"):
        what = "an HTML page without product data" if "<html" in head[:1_000].lower() else "XML"
        raise FeedError(f"{source.path}: this is {what}; feeds are {_FEEDS}")
    if named in ("csv", "tsv") and _JSON.match(head):
        named = None  # a table in name only
    if named in ("json", "jsonl") and _TABLE.match(head) and not _OBJECT.search(head):
        return "csv"
    if head[:1] in ("[", "{") and named in (None, "json", "jsonl"):
        first, _, rest = head.partition("\n")
        if head[0] == "[" and named != "jsonl":
            return "json"
        try:
            whole = isinstance(parse_json(first), dict)
        except ValueError:
            return "json" if named == "json" or len(first.strip()) < 3 else "jsonl"
        if head[0] == "[":
            return "json"
        return "jsonl" if whole and (named == "jsonl" or rest.lstrip()[:1] == "{") else "json"
    if named:
        return named
    return "yaml" if head.startswith(("- ", "---")) else "csv"


def _product(record: Record, columns: Columns) -> tuple[Product | None, list[Note]]:
    notes = []
    if record.problem is not None:
        problem = record.problem
        notes.append(Note(problem.severity, "row", problem.kind, problem.message))
        if problem.severity == "refused":
            return None, notes
    conversion = Conversion(columns.current(record), record.values)
    product = conversion.product()
    return product, notes + conversion.notes


class _Ids:
    """Ids seen so far: a hash of each with a hash of its row, and where it was."""

    def __init__(self, place: str) -> None:
        self._place = place
        self._seen: dict[int, tuple[int, int]] = {}
        self.heads: set[int] = set()
        """Hashes of ids that rows of products have whose variants may stand on other rows."""

    def admit(
        self, product: Product, record: Record, has_column: bool, notes: list[Note]
    ) -> Product | None:
        """The product under an id of its own; None (and a note) when the id is taken."""
        row = _hash64(orjson.dumps(product.to_json(), option=orjson.OPT_SORT_KEYS))
        if not product.id:
            if has_column:
                message = "no id; one was made from title and brand"
                notes.append(Note("repaired", "id", "no id", message))
            made = replace(product, id=digest(product.title, product.brand or ""))
            held = self._seen.get(_hash64(made.id.encode()))
            if held is not None and held[0] != row:
                # Another product of that title: the rest of the row tells them apart.
                made = replace(product, id=digest(product.title, product.brand or "", str(row)))
            product = made
        key = _hash64(product.id.encode("utf-8", "replace"))
        held = self._seen.get(key)
        if held is None:
            self._seen[key] = (row, record.line)
            return product
        kind = "repeated row" if held[0] == row else "id taken"
        what = "the same row as" if held[0] == row else "its id belongs to another product, on"
        message = f"{what} {self._place} {held[1]}"
        notes.append(Note("refused", "id", kind, message))
        return None

    def named_apart(self, product: Product) -> Product:
        """A product of several rows under an id that no single product has."""
        key = _hash64(product.id.encode("utf-8", "replace"))
        others = key not in self.heads and all(v.id != product.id for v in product.variants)
        taken = key in self._seen and others
        return replace(product, id=digest(product.id, product.title)) if taken else product


def _hash64(data: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest())


def _count_known(report: FeedReport, product: Product) -> None:
    for name in FIELDS:
        value = getattr(product, name)
        known = value is not None and value != "" and value != ()
        if known or (name == "stock" and product.uncounted):
            report.known[name] += 1
