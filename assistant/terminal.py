"""A reply in the terminal."""

from __future__ import annotations

from assistant.phrasing import price_text
from assistant.reply import Recommendation, Reply


def print_reply(reply: Reply) -> None:
    """Print text, results with reasons, a comparison and the question, for a person to read."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    console = Console(highlight=False)
    console.print(escape(reply.text))
    for recommendation in (*reply.recommendations, *reply.near_misses):
        console.print(_card(recommendation), markup=False)
    if reply.differences:
        header, *rows = reply.differences
        table = Table(*map(escape, (header.label, *header.values)))
        for row in rows:
            table.add_row(*map(escape, (row.label, *row.values)))
        console.print(table)
    if reply.question is not None:
        options = "  ".join(f"[{o}]" for o in reply.question.options)
        console.print(f"{reply.question.text}  {options}", markup=False)
    total = reply.timings.get("total", 0.0)
    console.print(
        f"({reply.timings.get('first_card', 0.0):.0f} ms to the first card, {total:.0f} ms in all)",
        style="dim",
    )


def _card(r: Recommendation) -> str:
    p = r.product
    lines = [f"{r.rank}. {p.title} · {price_text(p) or 'price not stated'} · {p.id}"]
    lines += [f"     {reason.text}" for reason in r.reasons]
    lines += [f"     ({label})" for label in dict.fromkeys((*r.unknown, *r.near_miss))]
    return "\n".join(lines)
