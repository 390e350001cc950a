"""``shop eval``: the command line of the evaluation."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import orjson
import typer

from catalog.errors import UsageError


def eval(  # noqa: A001 - the command is called so
    suites: Annotated[
        list[str] | None, typer.Argument(help="Suites: dialogues, simulated; all by default.")
    ] = None,
    suite: Annotated[list[str] | None, typer.Option(help="The same, repeatable.")] = None,
    split: Annotated[str, typer.Option(help="dev, test or all.")] = "dev",
    model: Annotated[str, typer.Option("--model", help="See: shop models.")] = "auto",
    ablate: Annotated[
        str | None, typer.Option(help="Run again without llm, grammar, adapter or history.")
    ] = None,
    compare: Annotated[
        tuple[str, str] | None, typer.Option(metavar="A B", help="Two models, side by side.")
    ] = None,
    catalog: Annotated[
        list[str] | None, typer.Option("--catalog", "-c", help="Only these, repeatable.")
    ] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, help="So many dialogues, or targets a catalogue.")
    ] = None,
    data: Annotated[
        Path | None, typer.Option(help="A folder of feeds to index catalogues from.")
    ] = None,
    html: Annotated[Path | None, typer.Option(help="Where to write the report.")] = None,
    reasons: Annotated[
        bool, typer.Option("--reasons", help="Have the model phrase reasons too (slow).")
    ] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Check the dialogue files and play nothing.")
    ] = False,
    record: Annotated[
        Path | None, typer.Option(help="Make a dialogue file of a saved conversation.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="For --record: the file to write; standard output by default."),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON (docs/evaluation.md).")] = False,
) -> None:
    """Measure how well shoppers are understood, and what they are shown."""
    if split not in ("dev", "test", "all"):
        raise UsageError(f"--split takes dev, test or all, not {split!r}")
    catalogs = tuple(catalog or ())
    if record is not None:
        _record(record, out, catalogs)
        return
    if check:
        _check(split, catalogs)
        return
    if ablate and compare:
        raise UsageError("--ablate and --compare are two questions: ask one at a time")
    from assistant.evaluation.evaluate import Request, evaluate
    from assistant.evaluation.report import print_tables, write_report
    from assistant.progress import indexing_bar

    request = Request(
        suites=tuple([*(suites or ()), *(suite or ())]),
        split=split,  # type: ignore[arg-type]  # one of three, see above
        model=model,
        ablate=ablate,
        compare=compare,
        catalogs=catalogs,
        limit=limit,
        data=data,
        reasons=reasons,
    )
    with indexing_bar() as progress:
        result = evaluate(request, progress=progress)
    path = write_report(result, html)
    if json:
        option = orjson.OPT_INDENT_2
        sys.stdout.write(orjson.dumps(result.to_json(), option=option).decode() + "\n")
    else:
        print_tables(result)
    typer.echo(f"report: {path}", err=True)
