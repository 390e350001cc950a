"""Options that several commands take, and what they mean."""

from __future__ import annotations

from typing import Annotated

import typer

from catalog.errors import UsageError

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


def ensure_indexed(catalog: str) -> None:
    """Index the demo shop on first use, or when the program ships a newer one."""
    from assistant.stocking import DEMO, demo_is_current, index_demo

    if catalog == DEMO and not demo_is_current():
        from assistant.progress import indexing_bar

        with indexing_bar() as progress:
            index_demo(progress=progress)


def mapping_of(pairs: list[str] | None) -> dict[str, str]:
    """What ``--map field=column`` asks for. Raises UsageError for anything else."""
    mapping = {}
    for pair in pairs or ():
        field, sign, column = pair.partition("=")
        if not sign or not field.strip() or not column.strip():
            raise UsageError(f"--map takes field=column, not {pair!r}")
        mapping[field.strip()] = column.strip()
    return mapping
