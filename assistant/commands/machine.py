"""``shop models`` and ``bench``: what lies on this machine and how fast it is."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from assistant.commands.options import Json, ModelName, ensure_indexed
from assistant.commands.printing import print_json
from catalog.errors import UsageError


def models(
    action: Annotated[str, typer.Argument(help="list, or fetch NAME")] = "list",
    name: Annotated[
        str | None, typer.Argument(help="For fetch: a name from the list, or all.")
    ] = None,
    json: Json = False,
) -> None:
    """What models there are, where they lie, their hashes."""
    from assistant.llm import NAMES
    from retrieval.weights import fetch, list_weights

    if action == "fetch":
        if not name:
            raise UsageError("fetch what? shop models fetch NAME, or: shop models fetch all")
        for status in list_weights():
            if name in ("all", status.weights.name):
                fetch(status.weights.name)
        if name != "all" and name not in {s.weights.name for s in list_weights()}:
            fetch(name)
    elif action != "list":
        raise UsageError(f"shop models knows list and fetch, not {action!r}")
    statuses = list_weights()
    if json:
        print_json([_weights_record(s) for s in statuses])
        return
    for status in statuses:
        w = status.weights
        typer.echo(
            f"{w.name:<14} {w.kind:<9} {status.state:<8} {status.size / 1e6:6.0f} MB  {w.licence}  sha256 {w.sha256[:12]}…"
        )
        typer.echo(f"{'':<14} {status.path or 'not on this machine; shop models fetch ' + w.name}")
    typer.echo("--model takes:")
    for known, what in NAMES.items():
        typer.echo(f"  {known:<26} {what}")


def bench(
    what: Annotated[
        Literal["turns", "retrieval"], typer.Argument(help="A conversation, or filtered search.")
    ] = "turns",
    model: ModelName = "auto",
    n: Annotated[
        list[int] | None, typer.Option("--n", min=1_000, help="Products; repeat for a plot.")
    ] = None,
    beside: Annotated[
        bool, typer.Option(help="Measure Chroma's where as well (a second collection).")
    ] = True,
    at: Annotated[
        Path | None, typer.Option(help="Folder to keep the catalogue in and to go on from.")
    ] = None,
    plot: Annotated[Path | None, typer.Option(help="Where to write the plot (SVG).")] = None,
    json: Json = False,
) -> None:
    """Measure turns, start-up, indexing and memory; or retrieval at 100,000 products."""
    from assistant.progress import indexing_bar

    if what == "retrieval":
        from retrieval.bench import bench as measure_retrieval
        from retrieval.bench import growth, table

        runs = []
        for size in n or [100_000]:
            with indexing_bar() as progress:
                kept = at / str(size) if at is not None else None
                runs.append(measure_retrieval(size, at=kept, beside=beside, progress=progress))
        if plot is not None:
            plot.write_text(growth(runs), "utf-8")
        if json:
            print_json(runs[-1] if len(runs) == 1 else {"runs": runs})
            return
        for run in runs:
            for line in table(run):
                typer.echo(line)
        return
    from assistant.bench import bench as measure
    from assistant.bench import lines

    ensure_indexed("demo")
    with indexing_bar() as progress:
        result = measure(model=model, progress=progress)
    if json:
        print_json(result)
        return
    for line in lines(result):
        typer.echo(line)


def _weights_record(status: Any) -> dict[str, Any]:
    w = status.weights
    return {
        "name": w.name, "kind": w.kind, "state": status.state, "bytes": status.size, "sha256": w.sha256,
        "licence": w.licence, "path": str(status.path) if status.path else None,
    }  # fmt: skip
