"""``shop bench``: how long a turn takes, how fast a feed is indexed, how much memory it needs."""

from __future__ import annotations

import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import orjson

from assistant.converse import Assistant
from assistant.reply import Done
from catalog.home import home_dir

UTTERANCES: Final = (
    "quiet kettle under $60, not red", "more than 1.5 l", "cheaper", "whats the difference between the first two", "not white please",
    "slim jeans in dark blue, waist 32", "under 80", "similar to the first one", "any colour is fine", "best rated first",
    "wireless headphones under 150", "noise cancelling", "not black", "how long does the battery last on the first one", "something lighter",
    "vegan gluten free snacks", "under 10 dollars", "well rated", "show me more", "save the second one",
    "a gift for my dad who likes coffee, around 50", "organic beans", "dark roast", "not decaf", "sort by price",
    "running shoes size 9 for women", "not pink", "lightweight", "is the first one waterproof", "cheaper ones",
    "27 inch monitor with at least 144 hz", "under 500", "bigger", "which is the cheapest", "back to the kettle",
    "scent free face wash for sensitive skin", "under 20", "not by the first brand", "with good reviews", "compare the first and the third",
    "dog treats, chicken", "grain free", "between 5 and 15 dollars", "larger pack", "add the first one to my cart",
    "tent for 4 people under 300", "waterproof", "something for cold winter nights", "do you have infant formula", "thanks",
)  # fmt: skip
"""Fifty turns of one conversation in the demo shop."""


def bench(
    *, model: str = "auto", home: Path | None = None, progress: Callable[[str, int, int], None]
) -> dict[str, Any]:
    """Measure turns, start-up, indexing and memory in one run.

    The demo shop must be indexed. Times are milliseconds; memory is the peak resident
    set in MB, of this process after the turns and of the processes it started.
    """
    start = time.perf_counter()
    with Assistant.open("demo", model=model, home=home) as shop:
        opened = (time.perf_counter() - start) * 1000
        first, total, stages, by_model = _turns(shop, progress)
        described = shop.model.describe() if shop.model is not None else None
    rss = _peak_mb()
    progress("start-up", 0, 2)
    cold = _ask_process(model, home)
    progress("start-up", 1, 2)
    warm = _ask_process(model, home)
    progress("start-up", 2, 2)
    return {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "model": described.name if described else "none",
        "turns": len(first),
        "first_card_ms": _spread(first[1:]),
        "first_turn_first_card_ms": round(first[0], 1),
        "full_reply_ms": _spread(total[1:]),
        "model_turns": {
            "turns": len(by_model),
            "first_card_ms": _spread([f for f, _ in by_model]),
            "full_reply_ms": _spread([t for _, t in by_model]),
        },
        "stages_ms_p50": {k: round(_quantile(v, 0.5), 1) for k, v in sorted(stages.items())},
        "open_ms": round(opened, 1),
        "shop_ask_ms": {"first": round(cold), "second": round(warm)},
        "peak_mb": round(rss),
        "indexing": _indexing(home, progress),
    }


def _turns(
    shop: Assistant, progress: Callable[[str, int, int], None]
) -> tuple[list[float], list[float], Mapping[str, list[float]], list[tuple[float, float]]]:
    first: list[float] = []
    total: list[float] = []
    by_model: list[tuple[float, float]] = []
    stages: dict[str, list[float]] = {}
    for n, text in enumerate(UTTERANCES, 1):
        timings = next(e.reply.timings for e in shop.stream(text) if isinstance(e, Done))
        first.append(timings["first_card"])
        total.append(timings["total"])
        if "model_reasons" in timings and timings["model_reasons"] > 1:
            by_model.append((timings["first_card"], timings["total"]))
        for stage, milliseconds in timings.items():
            stages.setdefault(stage, []).append(milliseconds)
        progress("turns", n, len(UTTERANCES))
    return first, total, stages, by_model


def _ask_process(model: str, home: Path | None) -> float:
    """Wall time of a whole ``shop ask`` without model, imports included."""
    environment = {**os.environ, "SHOPMOMENT_HOME": str(home or home_dir())}
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "assistant.cli", "ask", UTTERANCES[0], "--model", "none", "--json"],
        check=True, capture_output=True, env=environment,
    )  # fmt: skip
    return (time.perf_counter() - start) * 1000


def _indexing(home: Path | None, progress: Callable[[str, int, int], None]) -> dict[str, Any]:
    """The demo shop indexed by a process of its own into an empty home, nothing reused.

    The weights are linked, not fetched; the time includes the process's imports.
    """
    progress("indexing", 0, 1)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "models").symlink_to(
            (home or home_dir()).resolve() / "models", target_is_directory=True
        )
        start = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-m", "assistant.cli", "index", "demo", "--json"],
            check=True, capture_output=True, env={**os.environ, "SHOPMOMENT_HOME": folder},
        )  # fmt: skip
        seconds = time.perf_counter() - start
    progress("indexing", 1, 1)
    rows = orjson.loads(done.stdout)["products"]
    return {
        "rows": rows,
        "seconds": round(seconds, 1),
        "rows_per_s": round(rows / seconds, 1),
        "peak_mb": round(_peak_mb(resource.RUSAGE_CHILDREN)),
    }


def _spread(values: Sequence[float]) -> dict[str, float]:
    return {"p50": round(_quantile(values, 0.5), 1), "p95": round(_quantile(values, 0.95), 1)}


def _quantile(values: Sequence[float], share: float) -> float:
    """Linear interpolation between order statistics."""
    ordered = sorted(values)
    if not ordered:
        return float("nan")
    at = share * (len(ordered) - 1)
    low = int(at)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (at - low)


def _peak_mb(who: int = resource.RUSAGE_SELF) -> float:
    peak = resource.getrusage(who).ru_maxrss
    return peak / 1024 if sys.platform != "darwin" else peak / 1024**2


def lines(result: Mapping[str, Any]) -> Iterator[str]:
    """The figures for a person."""
    card, reply, index = result["first_card_ms"], result["full_reply_ms"], result["indexing"]
    yield f"{result['machine']}; model {result['model']}; {result['turns']} turns"
    yield f"first card   p50 {card['p50']:.0f} ms, p95 {card['p95']:.0f} ms (very first turn {result['first_turn_first_card_ms']:.0f} ms)"
    yield f"full reply   p50 {reply['p50']:.0f} ms, p95 {reply['p95']:.0f} ms"
    turns = result["model_turns"]
    yield (
        f"  of the {turns['turns']} turns with model work: first card p50 {turns['first_card_ms']['p50']:.0f} ms, "
        f"full reply p50 {turns['full_reply_ms']['p50']:.0f} ms, p95 {turns['full_reply_ms']['p95']:.0f} ms"
    )
    asked = result["shop_ask_ms"]
    yield f"start-up     open {result['open_ms']:.0f} ms; shop ask as a whole {asked['first']} ms, again {asked['second']} ms"
    yield f"indexing     {index['rows']:,} products in {index['seconds']} s, {index['rows_per_s']} a second, peak {index['peak_mb']} MB"
    yield f"memory       peak {result['peak_mb']} MB after the turns"
