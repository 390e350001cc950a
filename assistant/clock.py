"""How long each stage of a turn took."""

from __future__ import annotations

import time
from collections.abc import Mapping


class Clock:
    """Milliseconds per stage of one turn."""

    def __init__(self) -> None:
        self._start = self._last = time.perf_counter()
        self._stages: dict[str, float] = {}

    def lap(self, stage: str) -> None:
        """Book the time since the last lap on a stage."""
        now = time.perf_counter()
        self._stages[stage] = self._stages.get(stage, 0.0) + (now - self._last) * 1000
        self._last = now

    def add(self, steps: Mapping[str, float]) -> None:
        """Note the steps of a search, which are part of a stage and no stage of their own."""
        for step, milliseconds in steps.items():
            self._stages[f"search_{step}"] = self._stages.get(f"search_{step}", 0.0) + milliseconds

    def first_card(self) -> dict[str, float]:
        """The stages so far; the first call of a turn sets ``first_card``."""
        self._stages.setdefault("first_card", (time.perf_counter() - self._start) * 1000)
        return dict(self._stages)

    def total(self) -> dict[str, float]:
        """All stages, with ``first_card`` and ``total``."""
        self.first_card()
        return {**self._stages, "total": (time.perf_counter() - self._start) * 1000}
