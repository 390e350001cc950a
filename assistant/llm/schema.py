"""One meaning of "the answer is valid" for every backend: llguidance's.

A JSON schema and a Lark grammar both become Lark text; llama.cpp and our own
logits processor compile it, and answers of a server we do not control are
checked against it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any

from assistant.llm.protocol import Grammar, Schema
from catalog.errors import ModelError

_LITERAL = frozenset({"enum", "const", "default", "examples"})
"""Keywords whose value is data, not schemas."""
_NAMED = frozenset({"properties", "patternProperties", "$defs", "definitions"})
"""Keywords whose value maps free names to schemas."""


def closed(schema: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of a JSON schema in which objects that list properties take no others.

    JSON Schema leaves objects open; a small model would use that to invent keys.
    An explicit ``additionalProperties`` is kept.
    """

    def close(node: Any) -> Any:
        if isinstance(node, Mapping):
            copy = {key: inside(key, value) for key, value in node.items()}
            if "properties" in copy:
                copy.setdefault("additionalProperties", False)
            return copy
        return [close(value) for value in node] if isinstance(node, (list, tuple)) else node

    def inside(key: str, value: Any) -> Any:
        if key in _LITERAL:
            return value
        if key in _NAMED:
            return {name: close(schema) for name, schema in value.items()}
        return close(value)

    return dict(close(schema))


def to_lark(schema: Schema) -> str:
    """The schema as a grammar in llguidance's Lark dialect, checked.

    Raises ``ModelError`` with the reason when the grammar does not compile.
    """
    if isinstance(schema, Grammar):
        lark = schema.lark
    else:
        compact = {"x-guidance": {"whitespace_flexible": False}, **closed(schema)}
        lark = f"start: %json {json.dumps(compact, ensure_ascii=False)}\n"
    _check(lark)
    return lark


def matches(schema: Schema, text: str) -> bool:
    """Whether ``text`` as a whole is an answer the schema allows."""
    from llguidance import LLMatcher

    matcher = LLMatcher(_byte_tokenizer(), to_lark(schema), log_level=0)
    return bool(matcher.consume_tokens(list(text.encode()))) and bool(matcher.is_accepting())


@cache
def _byte_tokenizer() -> Any:
    from llguidance import LLTokenizer

    return LLTokenizer("byte")


@lru_cache(maxsize=256)
def _check(lark: str) -> None:
    from llguidance import LLMatcher

    if problem := LLMatcher.validate_grammar(lark, None):
        first_line = str(problem).strip().splitlines()[0]
        raise ModelError(f"the answer's grammar does not compile: {first_line}")
