"""Shopmoment: a conversational shopping assistant that runs on your own machine.

>>> from assistant import Assistant, parse_intent
>>> parse_intent("wool-free socks, size L, 10 to 25 dollars", model=None).act.value
'search'
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assistant.converse import Assistant
    from assistant.intent import Intent
    from assistant.moment import Moment
    from assistant.parse import (
        aparse_intent,
        aparse_intents,
        intent_schema,
        parse_dialogue,
        parse_intent,
        parse_intents,
    )
    from assistant.reply import Reply

__all__ = [
    "Assistant",
    "Intent",
    "Moment",
    "Reply",
    "aparse_intent",
    "aparse_intents",
    "intent_schema",
    "parse_dialogue",
    "parse_intent",
    "parse_intents",
]

_HOMES = {
    "Assistant": "assistant.converse",
    "Intent": "assistant.intent",
    "Moment": "assistant.moment",
    "Reply": "assistant.reply",
    "aparse_intent": "assistant.parse",
    "aparse_intents": "assistant.parse",
    "intent_schema": "assistant.parse",
    "parse_dialogue": "assistant.parse",
    "parse_intent": "assistant.parse",
    "parse_intents": "assistant.parse",
}


def __getattr__(name: str) -> Any:
    """Load a public name on first use, so that parsing an intent never imports an index."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
