"""``shop chat``, ``ask``, ``talk`` and ``parse``: a shopper speaks, the assistant answers."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.commands.options import (
    Catalog,
    Dial,
    Json,
    ModelName,
    RerankerName,
    ShopperName,
    ensure_indexed,
)
from assistant.commands.printing import print_json, warn
from catalog.errors import ShopmomentError, UsageError

if TYPE_CHECKING:
    from assistant.intent import Intent


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

    ensure_indexed(catalog)
    first = Assistant.open(catalog, shopper=shopper, model=model, dial=dial, reranker=reranker)
    warn(first.model_problem)
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

    ensure_indexed(catalog)
    with Assistant.open(
        catalog, shopper=shopper, model=model, dial=dial, reranker=reranker
    ) as shop:
        warn(shop.model_problem)
        reply = shop.reply(text)
    if json:
        print_json(reply.to_json())
        return
    from assistant.terminal import print_reply

    print_reply(reply)


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
    ensure_indexed(catalog)
    with Assistant.open(
        catalog, shopper=shopper, model=model, dial=dial, reranker=reranker
    ) as shop:
        warn(shop.model_problem)
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
                        print_json({"error": str(error)}, line=True)
                    else:
                        typer.echo(f"shop: {error}", err=True)
                    continue
                if json:
                    print_json(reply.to_json(), line=True)
                else:
                    print_reply(reply)


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
        print_json(intent_schema())
        return
    if text is None and (sys.stdin is None or sys.stdin.isatty()):
        raise UsageError('parse what? shop parse "…", or pipe utterances into it, one a line')
    if catalog:
        ensure_indexed(catalog)
    if text is None:
        for line in sys.stdin.buffer:
            said = line.decode("utf-8", "replace").rstrip("\r\n")
            print_json(parse_intent(said, catalog=catalog, model=model).to_json(), line=True)
        return
    intent = parse_intent(text, catalog=catalog, model=model)
    if json:
        print_json(intent.to_json())
        return
    _print_intent(intent)


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
