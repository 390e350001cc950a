"""The JSON Schema of an intent, for programs that read or write its JSON."""

from __future__ import annotations

from typing import Any, Final

from assistant.intent import RULES, Act, Op

_REFERENCES: Final = ("position", "match", "this", "all", "extreme", "extremes", "past_order")
_SOURCES: Final = ("reader", "reader+tagger", "reader+model")
_CODE: Final = "^[A-Z]{3}$"


def intent_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of :meth:`assistant.intent.Intent.to_json`.

    Closed: it names every key this version writes, and all of them are required. What
    is valid under it, :meth:`assistant.intent.Intent.from_json` reads.
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Intent",
        "description": "What one utterance of a shopper says.",
        **_object(
            text=_text("the utterance as it was read"),
            act={"enum": [act.value for act in Act], "description": "what the shopper is doing"},
            constraints=_list({"$ref": "#/$defs/constraint"}, "what is demanded or wished for"),
            references=_list({"$ref": "#/$defs/reference"}, "items pointed at"),
            comparatives=_list({"$ref": "#/$defs/comparative"}, "wishes relative to what is shown"),
            sort={
                "anyOf": [{"$ref": "#/$defs/sort"}, {"type": "null"}],
                "description": "an order asked for",
            },
            cleared=_list(
                _name(), "fields whose constraints are dropped; value:red for one value, * for all"
            ),
            opens_topic=_flag("a new need that names no product type"),
            widens=_flag("the values are alternatives to those asked for before"),
            question={
                "type": ["string", "null"],
                "description": "for ask: the field asked about, or the words of the question",
            },
            unread=_list({"type": "string"}, "words that are a guess at best"),
            notes=_list({"type": "string"}, "what the shopper should know about the reading"),
            source={"enum": list(_SOURCES), "description": "who read it"},
            resolved=_list(
                {"enum": list(RULES)}, "rules that settled differences between reader and model"
            ),
            confidence={
                "type": ["number", "null"],
                "minimum": 0,
                "maximum": 1,
                "description": "how sure the model was of its least sure token; null without one",
            },
            left_out=_list(
                {"type": "string", "minLength": 1},
                "ids of shown products that fault was found with",
            ),
            before=_list({"$ref": "#"}, "what the same utterance asks for first"),
        ),
        "$defs": {
            "constraint": _constraint(),
            "reference": _object(
                kind={"enum": list(_REFERENCES)},
                value=_text(
                    '"2", "-1" for the last, words, "price:-1" for the cheapest shown, "price:-1:2,3" for the cheaper of two, "price:-1:2" of extremes for the two cheapest'
                ),
                span=_text("the words it came from"),
            ),
            "comparative": _object(
                fields=_list(_name(), "tried in order", minItems=1),
                direction={"enum": [-1, 1], "description": "less, or more"},
                span=_text("the words it came from"),
            ),
            "sort": _object(field=_name(), descending={"type": "boolean"}),
        },
    }


def _constraint() -> dict[str, Any]:
    number = {"type": "number"}
    return {
        **_object(
            field=_name("price, brand, type, any attribute, text (the listing), wish (no field)"),
            op={"enum": [op.value for op in Op]},
            value={
                "anyOf": [
                    {"type": ["string", "number", "boolean"]},
                    {"type": "array", "items": {"type": "string"}, "minItems": 2},
                ],
                "description": "price in major units; of several words one suffices (under a "
                "negative operator none may hold)",
            },
            unit={
                "type": ["string", "null"],
                "description": "currency code for price (null: the catalogue's own), unit symbol "
                "for measures",
            },
            hard=_flag("hard excludes; soft only moves up"),
            span=_text("the words it came from"),
        ),
        "allOf": [
            {
                "if": {"properties": {"field": {"const": "price"}}},
                "then": {
                    "properties": {"value": number, "unit": {"type": ["string", "null"], "pattern": _CODE}}
                },
            },
            {
                "if": {"properties": {"op": {"enum": ["<=", ">=", "<", ">"]}}},
                "then": {"properties": {"value": number}},
            },
        ],
    }  # fmt: skip


def _object(**properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _list(items: dict[str, Any], description: str, **more: int) -> dict[str, Any]:
    return {"type": "array", "items": items, "description": description, **more}


def _name(description: str = "a field") -> dict[str, Any]:
    return {"type": "string", "minLength": 1, "description": description}


def _text(description: str) -> dict[str, Any]:
    return {"type": "string", "description": description}


def _flag(description: str) -> dict[str, Any]:
    return {"type": "boolean", "description": description}
