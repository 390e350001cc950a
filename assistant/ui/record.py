"""What of a conversation can be saved: the turns as ``shop eval --record`` reads them.

Kept in memory and nowhere else, as long as the conversation; the browser makes the file.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from assistant.reply import Reply

MAX_TURNS: Final = 100
"""Turns kept. The first ones stay, since a dialogue is played from its beginning."""


@dataclass(slots=True)
class Record:
    """The answered turns of one conversation, with where and for whom it was held."""

    catalog: str
    shopper: str | None = None
    """Id of the shopper, None for no one in particular."""
    replies: list[Reply] = field(default_factory=list)
    left_out: int = 0
    """Turns after the first :data:`MAX_TURNS`."""

    def add(self, reply: Reply) -> None:
        """Keep one more turn, or count it as left out."""
        if len(self.replies) < MAX_TURNS:
            self.replies.append(reply)
        else:
            self.left_out += 1

    def file_name(self, when: datetime) -> str:
        """``demo-conversation-2026-11-22-1741.jsonl``, for any name of a catalogue."""
        where = re.sub(r"[^\w-]+", "-", self.catalog).strip("-") or "shop"
        return f"{where}-conversation-{when:%Y-%m-%d-%H%M}.jsonl"

    def lines(self) -> str:
        """JSON lines: catalogue and shopper, then the replies as ``shop talk --json`` prints them.

        Text that is no Unicode (lone surrogates in a feed) gets a ``?``.
        """
        head: dict[str, Any] = {"catalog": self.catalog, "shopper": self.shopper}
        if self.left_out:
            head["left_out"] = self.left_out
        # Copied first: a turn may be answered while this is written.
        records = [head, *(reply.to_json() for reply in tuple(self.replies))]
        text = "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records)
        return text.encode("utf-8", "replace").decode("utf-8")
