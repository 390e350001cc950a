"""Being written."""

from __future__ import annotations

from catalog.feeds.source import Source


def recognises(source: Source) -> bool:
    """Whether a file is of this format, from its first characters."""
    return False
