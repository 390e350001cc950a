"""Whether a reduced price holds today, from the dates a feed gives it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time
from typing import Any, Final

_OTHER_DATE: Final = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{2}|\d{4})(?: \d{1,2}:\d{2}.*)?")
_DATE_ONLY: Final = re.compile(r"\d{4}-?\d{2}-?\d{2}")


def in_force(begin: Any, end: Any, now: datetime) -> bool | None:
    """Whether ``now`` (aware) lies between two moments (ISO 8601, or days such as 31.12.2026); None when one cannot be read.

    A side that is empty is open. A day without a time counts from its first second to its last,
    and a moment without a zone is in UTC. Of ``3/4/26``, which may be March or April, the earlier
    is a beginning and the later an end.
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
    if other := _OTHER_DATE.fullmatch(text[:40]):
        return _day(other, of_day)
    moment = datetime.fromisoformat(text[:40])
    if _DATE_ONLY.fullmatch(text):
        moment = datetime.combine(moment, of_day)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _day(written: re.Match[str], of_day: time) -> datetime:
    first, second, year = map(int, written.groups())
    year += 2000 if year < 100 else 0
    readings = [
        datetime(year, month, day, tzinfo=UTC)
        for month, day in ((first, second), (second, first))
        if month <= 12
    ]
    if not readings:
        raise ValueError(f"{written[0]} is no day")
    day = min(readings) if of_day == time.min else max(readings)
    return datetime.combine(day, of_day, UTC)
