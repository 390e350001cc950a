"""``shop index``, ``update``, ``catalogs`` and ``health``: a shop's products, in and kept up to date."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any

import typer

from assistant.commands.options import Json, ensure_indexed, mapping_of
from assistant.commands.printing import print_json
from catalog.errors import FeedError


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
                mapping=mapping_of(map),
                currency=currency,
                format=format,
                embedder=embedder,
                progress=progress,
            )
        lines = report.lines()
    if json:
        print_json(_catalog_record(info) | {"report": lines})
        return
    for line in lines:
        typer.echo(line)
    typer.echo(
        f'indexed {info.rows:,} products as {info.name!r} (version {info.version}); try: shop ask "…" --catalog {info.name}'
    )


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
            mapping=mapping_of(map),
            currency=currency,
            format=format,
            progress=progress,
        )
    lines = update_lines(report, read)
    if json:
        print_json(
            {
                "name": report.name, "version": report.version, "rows": read.rows, "changed": report.applied,
                "unchanged": report.unchanged, "unknown": report.unknown, "unknown_ids": list(report.unknown_ids),
                "refused": read.refused + report.foreign, "report": lines,
            }
        )  # fmt: skip
        return
    for line in lines:
        typer.echo(line)


def catalogs(json: Json = False) -> None:
    """What is indexed."""
    from retrieval.index import list_indexes

    infos = list_indexes()
    if json:
        print_json([_catalog_record(i) for i in infos])
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


def health(
    name: Annotated[str, typer.Argument(help="An indexed catalogue.")],
    html: Annotated[Path | None, typer.Option(help="Write the report as one page.")] = None,
    limit: Annotated[int, typer.Option(min=0, max=1_000, help="Examples of each finding.")] = 5,
    json: Json = False,
) -> None:
    """What a catalogue's feed lacks, what that costs shoppers, worst first."""
    from assistant.health import check, print_health, to_json, write_html
    from assistant.progress import indexing_bar

    ensure_indexed(name)
    with indexing_bar() as progress:
        found = check(name, limit=limit, progress=progress)
    if html is not None:
        write_html(name, found, html)
    if json:
        print_json(to_json(name, found))
        return
    print_health(name, found)
    if html is not None:
        typer.echo(f"written to {html}")


def _name_of(path: Path) -> str:
    stem = path.name.split(".")[0].lower()
    return re.sub(r"[^a-z0-9_-]+", "-", stem).strip("-_")[:40] or "catalog"


def _catalog_record(info: Any) -> dict[str, Any]:
    return {
        "name": info.name, "products": info.rows, "version": info.version, "created": info.created,
        "currencies": dict(info.currencies), "source": info.source, "embedder": info.embedder, "path": str(info.path), "warning": info.warning,
    }  # fmt: skip
