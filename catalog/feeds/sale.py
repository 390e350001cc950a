"""Whether a reduced price holds today, from the dates a feed gives it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time
from typing import Any, Final

_DATE_ONLY: Final = re.compile(r"\d{4}-?\d{2}-?\d{2}")


def in_force(begin: Any, end: Any, now: datetime) -> bool | None:
    """Whether ``now`` (aware) lies between two ISO 8601 moments; None when one cannot be read.

    A side that is empty is open. A day without a time counts from its first second to its last,
    and a moment without a zone is in UTC.
    """
    try:
        first, last = _moment(begin, time.min), _moment(end, time.max)
    except ValueError:
        return None
    if first and last and last < first:
        return None
    return (first is None or first <= now) and (last is None or now <= last)


def range_in_force(written: Any, now: datetime) -> bool | None:
    """:func:`in_force` for a range as Google writes it: ``2026-02-24T13:00-0800/2026-02-29``.

    True when nothing is written.
    """
    text = str(written or "").strip()
    if not text:
        return True
    begin, slash, end = text.partition("/")
    return in_force(begin, end, now) if slash else None


def _moment(written: Any, of_day: time) -> datetime | None:
    text = str(written or "").strip()
    if not text:
        return None
    moment = datetime.fromisoformat(text[:40])
    if _DATE_ONLY.fullmatch(text):
        moment = datetime.combine(moment, of_day)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
