"""Queries that people labelled by hand, in our form."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from assistant.compact import Line, Slot
from assistant.training.example import Example
from assistant.training.lexicon import spans

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
