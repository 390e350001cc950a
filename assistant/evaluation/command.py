"""``shop eval``: the command line of the evaluation."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

import orjson
import typer

from catalog.errors import UsageError

Split = Literal["dev", "validation", "test", "all"]


def measure(
    suites: Annotated[
        list[str] | None,
        typer.Argument(
            help="dialogues, simulated (default); attacks, reasons; queryner, shopdial, cosrec, relevance."
        ),
    ] = None,
    suite: Annotated[list[str] | None, typer.Option(help="The same, repeatable.")] = None,
    split: Annotated[
        Split, typer.Option(help="Which dialogues, which half of the judged queries.")
    ] = "dev",
    model: Annotated[str, typer.Option("--model", help="See: shop models.")] = "auto",
    ablate: Annotated[
        str | None, typer.Option(help="Run again without llm, tagger, grammar, adapter or history.")
    ] = None,
    compare: Annotated[
        tuple[str, str] | None, typer.Option(metavar="A B", help="Two models, side by side.")
    ] = None,
    catalog: Annotated[
        list[str] | None, typer.Option("--catalog", "-c", help="Only these, repeatable.")
    ] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, help="So many dialogues, targets a catalogue, queries.")
    ] = None,
    reranker: Annotated[
        str | None, typer.Option(help="hf:NAME, a cross-encoder that judges; for the suite wishes.")
    ] = None,
    data: Annotated[
        Path | None, typer.Option(help="A folder of feeds to index, and of others' texts.")
    ] = None,
    dialogues: Annotated[
        Path | None,
        typer.Option(help="A folder with dev/, validation/ or test/ of your own dialogues."),
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
    catalogs = tuple(catalog or ())
    if record is not None:
        _record(record, out, catalogs)
        return
    if check:
        _check(split, catalogs, dialogues)
        return
    if ablate and compare:
        raise UsageError("--ablate and --compare are two questions: ask one at a time")
    from assistant.evaluation.dialogue import FOLDER
    from assistant.evaluation.evaluate import Request, evaluate
    from assistant.evaluation.report import print_tables, write_report
    from assistant.progress import indexing_bar

    request = Request(
        suites=tuple([*(suites or ()), *(suite or ())]),
        split=split,
        model=model,
        ablate=ablate,
        compare=compare,
        catalogs=catalogs,
        limit=limit,
        data=data,
        reasons=reasons,
        reranker=reranker,
        dialogues=dialogues or FOLDER,
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


def _record(saved: Path, out: Path | None, catalogs: tuple[str, ...]) -> None:
    from assistant.evaluation.record import as_dialogue, read_conversation

    held = read_conversation(saved)
    catalog = catalogs[0] if catalogs else held.catalog or "demo"
    made = as_dialogue(held, out.stem if out is not None else saved.stem, catalog=catalog)
    if out is None:
        sys.stdout.write(made)
        return
    try:
        out.write_text(made, "utf-8")
    except OSError as error:
        raise UsageError(f"{out}: cannot be written ({error.strerror})") from error
    typer.echo(f"{out}: {len(held.replies)} turns; check every line before it counts", err=True)


def _check(split: Split, catalogs: tuple[str, ...], folder: Path | None) -> None:
    """Print what is wrong with the dialogues of a split; exit code 1 when something is."""
    from assistant.evaluation.checking import problems
    from assistant.evaluation.dialogue import FOLDER, load_dialogues
    from retrieval.index import list_indexes, open_index

    dialogues = load_dialogues(split, folder=folder or FOLDER, catalogs=catalogs)
    indexed = {info.name for info in list_indexes()}
    wrong = 0
    for name in sorted({d.catalog for d in dialogues}):
        chosen = [d for d in dialogues if d.catalog == name]
        index = open_index(name) if name in indexed else None
        if index is None:
            typer.echo(f"{name} is not indexed here: its fields are not checked", err=True)
        for told in (line for d in chosen for line in problems(d, index)):
            wrong += 1
            typer.echo(told)
        if index is not None:
            index.close()
    turns = sum(len(d.turns) for d in dialogues)
    typer.echo(f"{len(dialogues)} dialogues, {turns} turns, {wrong} problems", err=True)
    if wrong:
        raise typer.Exit(1)
