"""``shop bench retrieval``: filtered search by selectivity, beside Chroma's ``where`` and plain numpy.

The catalogue is made up: titles of common words, uniform prices, vectors of
:class:`retrieval.embedder.StaticWords`. The filter is a price limit, the query a few words;
vectors of queries are made before the clock starts, for every way alike.
"""

from __future__ import annotations

import math
import os
import platform
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import numpy as np

from catalog.constraint import Constraint, Op
from catalog.product import Measure, Product
from retrieval.embedder import Matrix, open_embedder
from retrieval.index import Index, build_index, list_indexes, open_index
from retrieval.nearest import nearest, plan
from retrieval.query import Query
from retrieval.search import POOL
from retrieval.storage import catalogs_dir

SELECTIVITIES: Final = (0.001, 0.01, 0.1, 0.5, 1.0)
K: Final = 10
QUERIES: Final = 60
_WARM: Final = 3
_DEAREST: Final = 1_000_000
"""Prices are uniform up to here, in cents: a limit lets its share of the catalogue through."""
_NAME: Final = "bench"
_BATCH: Final = 5_000
_CURVES: Final = ("#2563eb", "#d97706", "#059669", "#7c3aed", "#db2777", "#6b7280")

Progress = Callable[[str, int, int | None], None]

_THINGS: Final = (
    "kettle toaster blender grinder lamp chair desk sofa shelf rug curtain pillow duvet towel mug plate knife pan pot "
    "bottle backpack tent boots jacket scarf gloves jeans shirt dress skirt watch ring necklace sunglasses helmet bike "
    "pump lock skateboard ball racket kayak rod leash collar bowl crate puzzle doll robot train blocks kite drone "
    "speaker headphones monitor keyboard mouse laptop tablet phone charger cable router printer camera lens tripod "
    "drill hammer saw ladder hose rake shovel seeds planter candle soap shampoo lotion serum perfume razor brush "
    "coffee tea chocolate cereal pasta olive oil honey nuts"
).split()  # fmt: skip
_KINDS: Final = (
    "small large compact folding portable wireless electric manual quiet heavy light slim wide tall soft hard smart "
    "classic modern rustic vintage organic recycled waterproof insulated padded stackable adjustable rechargeable"
).split()  # fmt: skip
_STUFF: Final = "steel oak glass cotton leather wool bamboo ceramic plastic copper linen silicone walnut denim".split()
_COLORS: Final = (
    "red blue green black white grey navy yellow purple brown pink orange beige teal".split()
)
_FOR: Final = "kitchen office garden travel school camping winter summer kids dogs cats gifts beginners".split()
_SOUNDS: Final = (
    "ha bel cor dun fel gar hol jan kir lor mer nor ost per rin sol tav ul ver wes".split()
)


def products(n: int, seed: int = 1) -> Iterator[Product]:
    """``n`` made-up products; a longer run begins with the shorter one."""
    chance = random.Random(seed)
    for i in range(n):
        thing, kind = chance.choice(_THINGS), chance.choice(_KINDS)
        stuff, color = chance.choice(_STUFF), chance.choice(_COLORS)
        brand = "".join(chance.choices(_SOUNDS, k=2)).title()
        yield Product(
            id=f"p{i}",
            title=f"{brand} {kind} {stuff} {thing} {color} {chance.choice(_SOUNDS)}{chance.randrange(1000)}",
            description=f"A {kind} {thing} of {stuff} for {chance.choice(_FOR)} and {chance.choice(_FOR)}.",
            brand=brand,
            type=thing,
            category=("Everything", thing),
            price=chance.randrange(_DEAREST),
            currency="EUR",
            rating=round(chance.uniform(2, 5), 1),
            review_count=int(chance.paretovariate(0.8)),
            stock=chance.choice((0, 5, 50)),
            attributes={
                "color": color,
                "material": stuff,
                "weight": Measure(chance.randrange(50, 9000), "g"),
            },
        )


def queries(count: int, seed: int = 2) -> list[str]:
    """Two to four words each."""
    chance = random.Random(seed)
    made = []
    for _ in range(count):
        words = [chance.choice(_THINGS)]
        for more in chance.sample((_KINDS, _STUFF, _COLORS, _FOR), chance.randint(1, 3)):
            words.insert(0, chance.choice(more))
        made.append(" ".join(words))
    return made


def bench(
    n: int,
    *,
    home: Path | None = None,
    at: Path | None = None,
    beside: bool = True,
    progress: Progress,
) -> dict[str, Any]:
    """Build a catalogue of ``n`` products and measure filtered search: ``rows``,
    ``build_rows_per_s``, ``peak_mb`` (of this process, everything included) and ``selectivity``.

    Milliseconds over 60 queries after three unmeasured ones; ``recall_at_10`` is the share of
    the ten nearest vectors among all that match which ours finds. ``at`` is a folder to keep the
    catalogue in: a build that was killed goes on there, and one that is whole is measured as it
    is (``build_rows_per_s`` is null then). ``beside`` measures Chroma's ``where`` and the exact
    scan too.
    """
    embedder = open_embedder("static-minilm", home)
    with _folder(home, at) as folder:
        built = None
        if not _whole(folder, n):
            start = time.perf_counter()
            build_index(
                _NAME, products(n), embedder=embedder, source="bench", home=folder,
                progress=progress,
            )  # fmt: skip
            built = round(n / (time.perf_counter() - start), 1)
        with (
            tempfile.TemporaryDirectory(dir=folder) as other,
            open_index(_NAME, home=folder, embedder=embedder) as index,
        ):
            texts = queries(QUERIES + _WARM)
            vectors = [index.embed(t) for t in texts]
            where = _Where(Path(other), index, progress) if beside else None
            rows: dict[str, Any] = {}
            for share in SELECTIVITIES:
                progress(f"{share:.1%} match", 0, None)
                rows[f"{share:g}" if share < 1 else "1.0"] = _measured(
                    index, texts, vectors, share, where
                )
            return {
                "rows": index.info.rows,
                "build_rows_per_s": built,
                "peak_mb": round(_peak_mb()),
                "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
                "selectivity": rows,
            }


@contextmanager
def _folder(home: Path | None, at: Path | None) -> Iterator[Path]:
    if at is not None:
        at.mkdir(parents=True, exist_ok=True)
        yield at
        return
    root = catalogs_dir(home).parent
    root.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=root, prefix="bench-") as folder:
        yield Path(folder)


def _whole(folder: Path, n: int) -> bool:
    return any(info.name == _NAME and info.rows == n for info in list_indexes(folder))


class _Where:
    """The same vectors in a Chroma collection with prices as metadata."""

    def __init__(self, path: Path, index: Index, progress: Progress) -> None:
        import chromadb
        from chromadb.config import Settings

        client = chromadb.PersistentClient(str(path), settings=Settings(anonymized_telemetry=False))
        self._collection = client.create_collection(
            "where", embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
        )
        n = index.info.rows
        prices = index.columns.numbers("price")
        for start in range(0, n, _BATCH):
            rows = range(start, min(n, start + _BATCH))
            self._collection.add(
                ids=[str(r) for r in rows],
                embeddings=np.asarray(index.matrix.array[rows.start : rows.stop]),
                metadatas=[{"price": float(prices[r])} for r in rows],
            )
            progress("beside", rows.stop, n)

    def nearest(self, vector: Matrix, limit: float) -> None:
        """Ask as a program would that leaves filtering to Chroma."""
        self._collection.query(
            query_embeddings=vector.reshape(1, -1),
            n_results=K,
            where={"price": {"$lte": limit}},
            include=["distances"],
        )


def _measured(
    index: Index,
    texts: Sequence[str],
    vectors: Sequence[Matrix],
    share: float,
    where: _Where | None,
) -> dict[str, Any]:
    times: dict[str, list[float]] = {"ours": [], "chroma_where": [], "exact": []}
    hits = 0
    prices = index.columns.numbers("price")
    for n, (text, vector) in enumerate(zip(texts, vectors, strict=True)):
        # Every query has a limit of its own: no answer may come from a cache.
        limit = share * _DEAREST + n
        budget = Constraint("price", Op.LE, limit, "EUR")
        began = time.perf_counter()
        index.search(Query(text, (budget,), limit=K))
        times["ours"].append(time.perf_counter() - began)

        began = time.perf_counter()
        allowed = prices <= limit
        rows = np.flatnonzero(allowed)
        cosines = index.matrix.array[rows] @ vector
        best = rows[np.argsort(-cosines, kind="stable")[:K]]
        times["exact"].append(time.perf_counter() - began)

        if where is not None:
            began = time.perf_counter()
            where.nearest(vector, limit)
            times["chroma_where"].append(time.perf_counter() - began)
        found = nearest(index, vector, allowed, POOL)
        near = index.matrix.cosines(vector, found)
        # Rows as near as the tenth nearest count, whichever of the equals was taken.
        edge = (
            float(cosines.max(initial=-2.0))
            if not len(best)
            else float(index.matrix.array[best[-1]] @ vector)
        )
        hits += min(len(best), int((near >= edge - 1e-6).sum()))
    total = sum(min(K, int((prices <= share * _DEAREST + n).sum())) for n in range(len(texts)))
    chosen = plan(
        index.info.rows,
        int((prices <= share * _DEAREST).sum()),
        POOL,
        sketched=index.sketch is not None,
    )
    figures: dict[str, Any] = {}
    for name, values in times.items():
        if values:
            spent = np.array(values[_WARM:]) * 1000
            figures[f"{name}_ms_p50"] = round(float(np.quantile(spent, 0.5)), 2)
            figures[f"{name}_ms_p95"] = round(float(np.quantile(spent, 0.95)), 2)
    return {**figures, "recall_at_10": round(hits / max(1, total), 4), "plan": chosen.way}


def table(run: dict[str, Any]) -> Iterator[str]:
    """The figures for a person, one line a selectivity."""
    rate = run["build_rows_per_s"]
    built = "built before" if rate is None else f"built at {rate:,} a second"
    yield (f"{run['rows']:,} products, {built}, peak {run['peak_mb']:,} MB ({run['machine']})")
    yield f"{'match':>7} {'ours p50':>10} {'p95':>8} {'where p50':>10} {'exact p50':>10} {'recall@10':>10}  way"
    for share, row in run["selectivity"].items():
        where = row.get("chroma_where_ms_p50")
        yield (
            f"{float(share):>7.1%} {row['ours_ms_p50']:>7.1f} ms {row['ours_ms_p95']:>5.1f} ms "
            + (f"{where:>7.1f} ms " if where is not None else f"{'':>10} ")
            + f"{row['exact_ms_p50']:>7.1f} ms {row['recall_at_10']:>10.3f}  {row['plan']}"
        )


def growth(runs: Sequence[dict[str, Any]]) -> str:
    """How the median grows with the catalogue, a curve a selectivity: an SVG on two log scales."""
    width, height, left, bottom = 640, 360, 70, 50
    ordered = sorted(runs, key=lambda run: int(run["rows"]))
    sizes = [run["rows"] for run in ordered]
    medians = {
        share: [run["selectivity"][share]["ours_ms_p50"] for run in ordered]
        for share in ordered[0]["selectivity"]
    }
    exact = [run["selectivity"]["1.0"]["exact_ms_p50"] for run in ordered]
    curves = {
        **{f"{float(s):.1%} match": v for s, v in medians.items()},
        "exact scan of all": exact,
    }
    low, high = min(map(min, curves.values())), max(map(max, curves.values()))

    def place(value: float, first: float, last: float, begin: float, end: float) -> float:
        span = math.log(last / first) or 1.0
        return begin + (end - begin) * math.log(value / first) / span

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        'font-family="sans-serif" font-size="12">',
        f'<rect width="{width}" height="{height}" fill="white"/>',
        f'<text x="{left}" y="18">filtered hybrid search, p50 in ms, by products</text>',
    ]
    for size in sizes:
        x = place(size, sizes[0], sizes[-1], left, width - 160)
        parts.append(
            f'<line x1="{x:.0f}" y1="30" x2="{x:.0f}" y2="{height - bottom}" stroke="#ddd"/>'
        )
        parts.append(
            f'<text x="{x:.0f}" y="{height - bottom + 18}" text-anchor="middle">{size:,}</text>'
        )
    for tick in (0.1, 0.3, 1, 3, 10, 30, 100, 300, 1_000, 3_000):
        if low <= tick <= high:
            y = place(tick, low, high, height - bottom, 30)
            parts.append(
                f'<line x1="{left}" y1="{y:.0f}" x2="{width - 160}" y2="{y:.0f}" stroke="#ddd"/>'
            )
            parts.append(f'<text x="{left - 6}" y="{y + 4:.0f}" text-anchor="end">{tick:g}</text>')
    for number, (label, values) in enumerate(curves.items()):
        color = _CURVES[number % len(_CURVES)]
        points = [
            (
                place(s, sizes[0], sizes[-1], left, width - 160),
                place(v, low, high, height - bottom, 30),
            )
            for s, v in zip(sizes, values, strict=True)
        ]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        dashed = ' stroke-dasharray="5 4"' if label.startswith("exact") else ""
        parts.append(
            f'<polyline points="{path}" fill="none" stroke="{color}" stroke-width="2"{dashed}/>'
        )
        parts.append(
            f'<text x="{width - 152}" y="{40 + 18 * number}" fill="{color}">{label}</text>'
        )
    return "\n".join([*parts, "</svg>"]) + "\n"


def _peak_mb() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1024 if sys.platform != "darwin" else peak / 1024**2
