"""JSON and YAML documents: one list of products, wherever in the document it lies."""

from __future__ import annotations

import json
import re
from collections.abc import Generator, Iterator, Mapping
from typing import Any, Final

import yaml

from catalog.errors import FeedError
from catalog.feeds.jsonl import parse_json, read_object
from catalog.feeds.mapping import guess
from catalog.feeds.nested import as_records
from catalog.feeds.record import Problem, Record
from catalog.feeds.source import Source

MAX_JSON: Final = 400_000_000
MAX_YAML: Final = 60_000_000
"""Characters a document may have: it is held in memory whole."""

_DEPTH: Final = 3
_MAX_NESTING: Final = 100
_FAR_IN: Final = re.compile(
    rf"^(?: {{{_MAX_NESTING}}}|(?:[ \t]*[-?]\s){{{_MAX_NESTING}}})", re.MULTILINE
)
_BRACKET: Final = re.compile(r"[\[\]{}]")
_NEXT_OBJECT: Final = re.compile(r"\}\s*,\s*(?=\{)")
_YAML_ITEM: Final = re.compile(r"^(?=- )", re.MULTILINE)


def _null_and_merge_only() -> dict[str, list[Any]]:
    kept: dict[str, list[Any]] = {}
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items():
        kept[first] = [r for r in resolvers if r[0].endswith((":null", ":merge"))]
    return kept


class _Yaml(yaml.CSafeLoader):  # type: ignore[misc]
    """Safe YAML in which scalars stay as written: ``0123`` is an article number, ``no`` a word."""

    yaml_implicit_resolvers = _null_and_merge_only()


class DocumentReader:
    """Products of a JSON or YAML document; ``Record.line`` is the record's ordinal.

    Raises FeedError when the document is too large, or holds no list of objects.
    """

    place = "record"
    mapping: Mapping[str, str] = {}

    def __init__(self, source: Source, format: str) -> None:
        self._source = source
        self.description = format.upper()
        limit = MAX_JSON if format == "json" else MAX_YAML
        with source.text() as stream:
            text = stream.read(limit + 1)
        if len(text) > limit:
            raise FeedError(
                f"{source.path}: a {self.description} document of more than {limit // 10**6} million"
                " characters would have to be held in memory whole; convert it to JSONL or CSV"
            )
        self._records = list(self._from_json(text) if format == "json" else self._from_yaml(text))

    def columns(self) -> tuple[str, ...]:
        """None: there is no header."""
        return ()

    def records(self) -> Generator[Record, None, None]:
        """One record for every element of the list, or for every variant it holds."""
        yield from self._records

    def _from_json(self, text: str) -> Iterator[Record]:
        try:
            value = parse_json(text)
        except json.JSONDecodeError as error:
            records = list(_salvage_json(text))
            if any(r.values for r in records):
                return iter(records)
            raise FeedError(
                f"{self._source.path}, line {error.lineno}: broken JSON: {error.msg}"
            ) from None
        except ValueError as error:
            raise FeedError(f"{self._source.path}: broken JSON: {error}") from None
        return self._from_value(value)

    def _from_yaml(self, text: str) -> Iterator[Record]:
        if _may_be_deep(text) and _yaml_depth(text) > _MAX_NESTING:
            raise FeedError(
                f"{self._source.path}: YAML nested more than {_MAX_NESTING} levels deep is no feed"
            )
        try:
            documents = list(yaml.load_all(text, Loader=_Yaml))  # noqa: S506
        except (yaml.YAMLError, ValueError, RecursionError) as error:
            records = list(_salvage_yaml(text))
            if any(r.values for r in records):
                return iter(records)
            mark = getattr(error, "problem_mark", None)
            where = f", line {mark.line + 1}" if mark else ""
            what = getattr(error, "problem", None) or type(error).__name__
            raise FeedError(f"{self._source.path}{where}: broken YAML: {what}") from None
        return self._from_value(documents[0] if len(documents) == 1 else documents)

    def _from_value(self, value: Any) -> Iterator[Record]:
        items = _product_list(value, _DEPTH)
        if items is None:
            raise FeedError(f"{self._source.path}: no list of product objects in this document")
        return (r for i, item in enumerate(items, start=1) for r in as_records(i, item))


def _may_be_deep(text: str) -> bool:
    """Whether a quick look finds many brackets open, or a line indented far."""
    if _FAR_IN.search(text):
        return True
    depth = 0
    for bracket in _BRACKET.finditer(text):
        depth = depth + 1 if bracket[0] in "[{" else max(0, depth - 1)
        if depth > _MAX_NESTING:
            return True
    return False


def _yaml_depth(text: str) -> int:
    """Levels of nesting, counted as far as one too many. The loader itself recurses in C, where
    a hundred thousand brackets end the process instead of raising.
    """
    depth = 0
    try:
        for event in yaml.parse(text, Loader=_Yaml):
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            if depth > _MAX_NESTING:
                break
    except yaml.YAMLError:
        pass  # the loader stops at the same place, no deeper than here
    return depth


def _product_list(value: Any, depth: int) -> list[Any] | None:
    """The longest list of objects in a value; an object of objects counts as a list of them."""
    if isinstance(value, list):
        return value if any(isinstance(v, Mapping) for v in value) else None
    if not isinstance(value, Mapping) or depth == 0:
        return None
    members = list(value.values())
    if members and all(isinstance(v, Mapping) and _is_named(v) for v in members):
        return [{"id": key, **v} for key, v in value.items()]
    lists = [found for v in value.values() if (found := _product_list(v, depth - 1))]
    if lists and all(isinstance(v, (Mapping, list)) or v is None for v in value.values()):
        return max(lists, key=len)
    if _is_named(value):
        return [value]
    return max(lists, key=len) if lists else None


def _is_named(value: Mapping[Any, Any]) -> bool:
    return any("title" in guess([str(key)]) for key in value)


def _salvage_json(text: str) -> Iterator[Record]:
    """The objects of a broken list one by one; what cannot be parsed is refused on its own."""
    decoder = json.JSONDecoder()
    start = text.find("[")
    at = text.find("{", start) if start >= 0 else -1
    number, end, refused = 0, at, False
    while at >= 0:
        number += 1
        try:
            value, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            after = _NEXT_OBJECT.search(text, at)
            piece = text[at : after.start() + 1] if after else text[at:]
            yield from read_object(number, piece)
            refused = True
            at = after.end() if after else -1
        else:
            yield from as_records(number, value)
            at = text.find("{", end)
    if number and not refused:
        closed = text[end:].lstrip().startswith("]")
        message = (
            "broken JSON after the last product"
            if closed
            else "the list of products is never closed; the file may be cut short"
        )
        yield Record(number + 1, {}, Problem("refused", "broken JSON", message))


def _salvage_yaml(text: str) -> Iterator[Record]:
    """The items of a broken top-level list one by one."""
    items = [i for i in _YAML_ITEM.split(text) if i.startswith("- ")]
    for number, item in enumerate(items, start=1):
        try:
            value = yaml.load(item, Loader=_Yaml)  # noqa: S506
        except (yaml.YAMLError, ValueError, RecursionError) as error:
            what = getattr(error, "problem", None) or type(error).__name__
            problem = Problem("refused", "broken YAML", f"broken YAML: {what}")
            yield Record(number, {}, problem)
        else:
            yield from as_records(number, value[0])
