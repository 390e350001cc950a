"""Product ids: how long they may be, and what stands in for one that cannot be used."""

from __future__ import annotations

import hashlib
from typing import Any, Final

from catalog.feeds.cells import is_missing, plain_text

MAX_ID: Final = 200
"""Characters."""


def digest(*parts: str) -> str:
    """A stable id made of texts."""
    joined = "\x1f".join(parts).encode("utf-8", "replace")
    return "x" + hashlib.blake2b(joined, digest_size=6).hexdigest()


def group_id(raw: Any) -> str | None:
    """A group's name as a product id; None when there is none."""
    text = "" if raw is None else plain_text(str(raw)[: MAX_ID * 100]).replace("\n", " ")
    if is_missing(text):
        return None
    return text if len(text) <= MAX_ID else digest(text)
