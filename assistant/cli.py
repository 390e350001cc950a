"""The ``shop`` command."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import orjson
import typer

from assistant.evaluation.command import measure
from assistant.training.command import train
from catalog.errors import FeedError, ShopmomentError, UsageError

if TYPE_CHECKING:
    from assistant.intent import Intent

app = typer.Typer(
    name="shop",
    help="A shopping assistant on your own machine: index a catalogue, then ask it.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command("eval")(measure)
app.command()(train)
Catalog = Annotated[str, typer.Option("--catalog", "-c", help="An indexed catalogue.")]
ShopperName = Annotated[str | None, typer.Option("--shopper", help="One of its shoppers.")]
ModelName = Annotated[str, typer.Option("--model", help="See: shop models.")]
Dial = Annotated[
    float,
    typer.Option(
        min=0, max=1, help="0: what everybody buys counts too; 1: only what was asked for."
    ),
]
RerankerName = Annotated[
    str | None,
    typer.Option("--reranker", help="hf:NAME, a cross-encoder of the hub or a folder that judges."),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON (docs/json.md).")]


@app.command()
def chat(
    catalog: Catalog = "demo",
    shopper: ShopperName = None,
    model: ModelName = "auto",
    host: Annotated[
        str, typer.Option(help="Address to listen on; loopback unless you say so.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65_535)] = 7860,
    dial: Dial = 1.0,
    reranker: RerankerName = None,
) -> None:
    """Open the chat page."""
    from assistant.converse import Assistant
    from assistant.ui.page import launch
    from retrieval.index import list_indexes

    _ensure(catalog)
    first = Assistant.open(catalog, shopper=shopper, model=model, dial=dial, reranker=reranker)
    _warn(first.model_problem)
    opened = first.model
    kept = {catalog: first}

    def open_assistant(name: str, who: str | None) -> Assistant:
        if name not in kept:
            kept[name] = Assistant.open(
                name, shopper=who, model=opened, dial=dial, reranker=first.reranker
            )
        return kept[name]

    typer.echo(
        f"Shopmoment: {first.index.info.rows:,} products of {catalog!r} at http://{host}:{port} (Ctrl-C ends it)"
    )
    names = sorted({i.name for i in list_indexes()} | {catalog})
    launch(open_assistant, names, catalog=catalog, shopper=shopper, host=host, port=port)


@app.command()
def index(
    feed: Annotated[str, typer.Argument(help="A product feed (docs/feeds.md), or: demo")],
    name: Annotated[
        str | None, typer.Option(help="Name of the catalogue; the file's by default.")
    ] = None,
    map: Annotated[list[str] | None, typer.Option(help="field=column, repeatable.")] = None,
    currency: Annotated[
        str | None, typer.Option(help="ISO code for prices that name none.")
    ] = None,
    format: Annotated[
        str | None, typer.Option(help="csv, google, shopify, …; guessed by default.")
    ] = None,
    embedder: Annotated[
        str | None, typer.Option(help="shop-minilm (default), minilm, static-minilm, hf:NAME.")
    ] = None,
    json: Json = False,
) -> None:
    """Build or update an index from a product feed."""
    from assistant.progress import indexing_bar
    from assistant.stocking import index_demo, index_feed

    if feed == "demo" and not Path(feed).exists():
        with indexing_bar() as progress:
            info = index_demo(progress=progress)
        lines: list[str] = []
    else:
        path = Path(feed).expanduser()
        if not path.exists():
            raise FeedError(f"{feed}: no such file")
        with indexing_bar() as progress:
            info, report = index_feed(
                path,
                name or _name_of(path),
                mapping=_mapping(map),
                currency=currency,
                format=format,
                embedder=embedder,
                progress=progress,
            )
        lines = report.lines()
    if json:
        _print_json(_catalog_record(info) | {"report": lines})
        return
    for line in lines:
        typer.echo(line)
    typer.echo(
        f'indexed {info.rows:,} products as {info.name!r} (version {info.version}); try: shop ask "…" --catalog {info.name}'
    )


@app.command()
def update(
    name: Annotated[str, typer.Argument(help="An indexed catalogue.")],
    feed: Annotated[
        str, typer.Argument(help="Ids with prices or stock, in any format that can be indexed.")
    ],
    map: Annotated[list[str] | None, typer.Option(help="field=column, repeatable.")] = None,
    currency: Annotated[
        str | None, typer.Option(help="ISO code for prices that name none.")
    ] = None,
    format: Annotated[str | None, typer.Option(help="As for shop index; guessed.")] = None,
    json: Json = False,
) -> None:
    """Change prices and stock; seen by the next query. New or withdrawn products: shop index."""
    from assistant.progress import indexing_bar
    from assistant.updating import update_from_feed, update_lines

    path = Path(feed).expanduser()
    if not path.exists():
        raise FeedError(f"{feed}: no such file")
    with indexing_bar() as progress:
        report, read = update_from_feed(
            path,
            name,
            mapping=_mapping(map),
            currency=currency,
            format=format,
            progress=progress,
        )
    lines = update_lines(report, read)
    if json:
        _print_json(
            {
                "name": report.name, "version": report.version, "rows": read.rows, "changed": report.applied,
                "unchanged": report.unchanged, "unknown": report.unknown, "unknown_ids": list(report.unknown_ids),
                "refused": read.refused + report.foreign, "report": lines,
            }
        )  # fmt: skip
        return
    for line in lines:
        typer.echo(line)


@app.command()
def ask(
    text: Annotated[str, typer.Argument(help="What you want, in your own words.")],
    catalog: Catalog = "demo",
    shopper: ShopperName = None,
    model: ModelName = "auto",
    dial: Dial = 1.0,
    reranker: RerankerName = None,
    json: Json = False,
) -> None:
    """Answer one utterance."""
    from assistant.converse import Assistant

    _ensure(catalog)
    with Assistant.open(
        catalog, shopper=shopper, model=model, dial=dial, reranker=reranker
    ) as shop:
        _warn(shop.model_problem)
        reply = shop.reply(text)
    if json:
        _print_json(reply.to_json())
        return
    from assistant.terminal import print_reply

    print_reply(reply)


@app.command()
def talk(
    file: Annotated[
        Path | None, typer.Argument(help="Utterances, one a line; standard input by default.")
    ] = None,
    catalog: Catalog = "demo",
    shopper: ShopperName = None,
    model: ModelName = "auto",
    dial: Dial = 1.0,
    reranker: RerankerName = None,
    json: Json = False,
) -> None:
    """Hold one conversation: a line of text in, a reply out."""
    from assistant.converse import Assistant
    from assistant.terminal import print_reply

    if file is not None and not file.is_file():
        raise UsageError(f"{file}: no such file")
    _ensure(catalog)
    with Assistant.open(
        catalog, shopper=shopper, model=model, dial=dial, reranker=reranker
    ) as shop:
        _warn(shop.model_problem)
        if file is None and sys.stdin is None:
            raise UsageError("there is no standard input to read from; name a file: shop talk FILE")
        source = file.open("rb") if file is not None else sys.stdin.buffer
        with source:
            for line in source:
                text = line.decode("utf-8", "replace").rstrip("\r\n")
                try:
                    reply = shop.reply(text)
                except ShopmomentError as error:
                    if json:
                        _print_json({"error": str(error)}, line=True)
                    else:
                        typer.echo(f"shop: {error}", err=True)
                    continue
                if json:
                    _print_json(reply.to_json(), line=True)
                else:
                    print_reply(reply)


@app.command()
def parse(
    text: Annotated[
        str | None,
        typer.Argument(
            help="An utterance; without one, standard input: one a line in, one JSON a line out."
        ),
    ] = None,
    catalog: Annotated[
        str | None,
        typer.Option("--catalog", "-c", help="An indexed catalogue whose words to know."),
    ] = None,
    model: ModelName = "auto",
    json: Json = False,
    schema: Annotated[
        bool, typer.Option("--schema", help="Print the JSON Schema of what is printed.")
    ] = False,
) -> None:
    """Read one utterance: act, constraints, references."""
    from assistant.parse import intent_schema, parse_intent

    if schema:
        _print_json(intent_schema())
        return
    if text is None and (sys.stdin is None or sys.stdin.isatty()):
        raise UsageError('parse what? shop parse "…", or pipe utterances into it, one a line')
    if catalog:
        _ensure(catalog)
    if text is None:
        for line in sys.stdin.buffer:
            said = line.decode("utf-8", "replace").rstrip("\r\n")
            _print_json(parse_intent(said, catalog=catalog, model=model).to_json(), line=True)
        return
    intent = parse_intent(text, catalog=catalog, model=model)
    if json:
        _print_json(intent.to_json())
        return
    _print_intent(intent)


@app.command()
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
        _print_json([_weights_record(s) for s in statuses])
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


@app.command()
def catalogs(json: Json = False) -> None:
    """What is indexed."""
    from retrieval.index import list_indexes

    infos = list_indexes()
    if json:
        _print_json([_catalog_record(i) for i in infos])
        return
    if not infos:
        typer.echo("nothing is indexed yet; run: shop index FEED --name NAME (or: shop index demo)")
    for info in infos:
        money = (
            ", ".join(f"{c or 'no currency'} {n:,}" for c, n in info.currencies.items())
            or "no prices"
        )
        typer.echo(
            f"{info.name:<16} {info.rows:>9,} products  version {info.version}  {info.created}  {money}  from {info.source}"
        )
        if info.warning:
            typer.echo(f"{'':<16} {info.warning}")


@app.command()
def health(
    name: Annotated[str, typer.Argument(help="An indexed catalogue.")],
    html: Annotated[Path | None, typer.Option(help="Write the report as one page.")] = None,
    limit: Annotated[int, typer.Option(min=0, max=1_000, help="Examples of each finding.")] = 5,
    json: Json = False,
) -> None:
    """What a catalogue's feed lacks, what that costs shoppers, worst first."""
    from assistant.health import check, print_health, to_json, write_html
    from assistant.progress import indexing_bar

    _ensure(name)
    with indexing_bar() as progress:
        found = check(name, limit=limit, progress=progress)
    if html is not None:
        write_html(name, found, html)
    if json:
        _print_json(to_json(name, found))
        return
    print_health(name, found)
    if html is not None:
        typer.echo(f"written to {html}")


@app.command()
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
            _print_json(runs[-1] if len(runs) == 1 else {"runs": runs})
            return
        for run in runs:
            for line in table(run):
                typer.echo(line)
        return
    from assistant.bench import bench as measure
    from assistant.bench import lines

    _ensure("demo")
    with indexing_bar() as progress:
        result = measure(model=model, progress=progress)
    if json:
        _print_json(result)
        return
    for line in lines(result):
        typer.echo(line)


def _warn(problem: str | None) -> None:
    if problem is not None:
        typer.echo(f"shop: {' '.join(problem.split())}", err=True)


def _ensure(catalog: str) -> None:
    """Index the demo shop on first use, or when the program ships a newer one."""
    from assistant.stocking import DEMO, demo_is_current, index_demo

    if catalog == DEMO and not demo_is_current():
        from assistant.progress import indexing_bar

        with indexing_bar() as progress:
            index_demo(progress=progress)


def _mapping(pairs: list[str] | None) -> dict[str, str]:
    mapping = {}
    for pair in pairs or ():
        field, sign, column = pair.partition("=")
        if not sign or not field.strip() or not column.strip():
            raise UsageError(f"--map takes field=column, not {pair!r}")
        mapping[field.strip()] = column.strip()
    return mapping


def _name_of(path: Path) -> str:
    stem = path.name.split(".")[0].lower()
    return re.sub(r"[^a-z0-9_-]+", "-", stem).strip("-_")[:40] or "catalog"


def _catalog_record(info: Any) -> dict[str, Any]:
    return {
        "name": info.name, "products": info.rows, "version": info.version, "created": info.created,
        "currencies": dict(info.currencies), "source": info.source, "embedder": info.embedder, "path": str(info.path), "warning": info.warning,
    }  # fmt: skip


def _weights_record(status: Any) -> dict[str, Any]:
    w = status.weights
    return {
        "name": w.name, "kind": w.kind, "state": status.state, "bytes": status.size, "sha256": w.sha256,
        "licence": w.licence, "path": str(status.path) if status.path else None,
    }  # fmt: skip


def _print_intent(intent: Intent) -> None:
    from assistant.phrasing import constraint_label

    for first in intent.before:
        _print_intent(first)
    typer.echo(f"act: {intent.act.value}")
    for constraint in intent.constraints:
        kind = "hard" if constraint.hard else "soft"
        typer.echo(
            f"  {constraint.field:<12} {constraint_label(constraint):<32} {kind}, from “{constraint.span}”"
        )
    for reference in intent.references:
        typer.echo(f"  refers to    {reference.kind} {reference.value}")
    for comparative in intent.comparatives:
        typer.echo(f"  compared     {comparative.span}")
    if intent.sort:
        typer.echo(
            f"  sort         {intent.sort.field}{' descending' if intent.sort.descending else ''}"
        )
    for what in intent.cleared:
        typer.echo(f"  dropped      {what}")
    for note in intent.notes:
        typer.echo(f"  note         {note}")


def _print_json(value: Any, *, line: bool = False) -> None:
    option = 0 if line else orjson.OPT_INDENT_2
    sys.stdout.write(orjson.dumps(value, option=option).decode() + "\n")
    sys.stdout.flush()


def main() -> None:
    """Entry point: errors become one line on standard error and exit code 2."""
    debug = "--debug" in sys.argv
    if debug:
        sys.argv.remove("--debug")
    try:
        app(standalone_mode=True)
    except ShopmomentError as error:
        if debug:
            raise
        sys.stderr.write(f"shop: {' '.join(str(error).split())}\n")
        sys.exit(2)
    except KeyboardInterrupt:
        sys.stderr.write("shop: interrupted\n")
        sys.exit(130)
    except BrokenPipeError:
        # The reader went away (shop talk | head): nothing is left to say.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)


if __name__ == "__main__":
    main()
