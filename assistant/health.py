"""``shop health NAME``: what a catalogue lacks, for the terminal, for programs, and as one page."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from catalog.errors import CatalogNotFound, IndexDamaged, UsageError
from catalog.health import Finding, Health, examine
from catalog.health.demands import KINDS, department
from catalog.product import Product
from catalog.text import clean, tokens
from retrieval.current import CurrentProducts
from retrieval.identities import IDS
from retrieval.journal import JOURNAL
from retrieval.storage import CatalogFolder, ProductFile, read_manifest

if TYPE_CHECKING:
    from rich.console import Console

Progress = Callable[[str, int, int | None], None]

STAGE: Final = "looking through it"
_SHOWN_AFTER: Final = 2.0
"""Seconds; what is done sooner needs no progress bar."""
_EVERY: Final = 1_000
_TEMPLATE: Final = "health.html.jinja"
_KIND_NAMES: Final = {
    "type": "what it is", "feature": "a feature", "measure": "a measure", "brand": "brand", "color": "colour",
    "material": "material", "price": "price", "size": "size", "age": "age", "gender": "for whom",
}  # fmt: skip
_TITLES_SHOWN: Final = 60


def check(
    name: str, *, limit: int = 5, home: Path | None = None, progress: Progress | None = None
) -> Health:
    """Examine an indexed catalogue as it is sold now, updates of prices and stock included.

    Reads the products in order and nothing else of the index. Raises CatalogNotFound, UsageError
    for a bad name, IndexDamaged when the products cannot be read.
    """
    with _products(name, home) as products:
        return examine(_reported(products, progress), limit=limit)


@contextmanager
def _products(name: str, home: Path | None) -> Iterator[Sequence[Product]]:
    folder = CatalogFolder(name, home)
    number = folder.serving()
    if number is None:
        raise CatalogNotFound(
            f"no catalogue called {name!r} is indexed; index it with: shop index FEED --name {name}"
        )
    version = folder.version(number)
    try:
        read_manifest(version)
        file = ProductFile(version)
    except (IndexDamaged, OSError, ValueError) as error:
        raise _damaged(name, error) from error
    try:
        yield _as_sold_now(version, file)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _damaged(name, error) from error
    finally:
        file.close()


def _damaged(name: str, error: Exception) -> IndexDamaged:
    return IndexDamaged(
        f"the index of catalogue {name!r} is damaged ({error}): rebuild it with: "
        f"shop index FEED --name {name}"
    )


def _as_sold_now(version: Path, file: ProductFile) -> Sequence[Product]:
    if not (version / JOURNAL).exists():
        return file
    ids = json.loads((version / IDS).read_text("utf-8"))
    row_of = {product_id: row for row, product_id in enumerate(ids)}
    current = CurrentProducts(version, file, row_of.get)
    for _ in current.catch_up():
        pass
    return current


def _reported(products: Sequence[Product], progress: Progress | None) -> Iterator[Product]:
    begun = time.monotonic()
    for done in range(len(products)):
        if progress and done % _EVERY == 0 and time.monotonic() - begun > _SHOWN_AFTER:
            progress(STAGE, done, len(products))
        yield products[done]
    if progress and time.monotonic() - begun > _SHOWN_AFTER:
        progress(STAGE, len(products), len(products))


def demand_shares() -> dict[str, dict[str, float]]:
    """Count anew what :data:`catalog.health.demands.DEMANDS` holds: of 100 demands made of things
    of a department, those of each kind, rounded to one digit.

    Counted are the slots of all ``want`` turns of the utterances and conversations by hand, denied
    and hoped-for ones included; the thing is the turn's item, or else the conversation's topic.
    Turns about nothing named are left out, and so are quality words, orders and comparatives,
    which no one field answers.
    """
    from assistant.compact import UNNAMED, parse_line
    from assistant.training.data import by_hand, conversations

    talks = conversations().values()
    turns = [*by_hand(), *(turn for file in talks for talk in file for turn in talk)]
    counts: dict[str, Counter[str]] = {}
    for turn in turns:
        line = parse_line(turn.line)
        items = [s.value for s in line.slots if s.label == "item" and not s.negative]
        about = " ".join(items) or turn.topic
        if line.act != "want" or about in ("", UNNAMED):
            continue
        kinds = ("type" if s.label == "item" else s.label for s in line.slots)
        counted = counts.setdefault(department(tokens(about)), Counter())
        counted.update(k for k in kinds if k in KINDS)
    return {
        where: {k: round(100 * n[k] / n.total(), 1) for k in KINDS} for where, n in counts.items()
    }


# --- for the terminal -----------------------------------------------------------------------


def headline(health: Health) -> str:
    """The one figure, in a sentence."""
    if not health.products:
        return "no products, nothing to say"
    doubt = f"; {_figure(100 * health.in_doubt)} more rest on values that look wrong" if health.in_doubt >= 0.0005 else ""  # fmt: skip
    return (
        f"of 100 demands shoppers make of these {health.products:,} products, about "
        f"{_figure(100 * health.unanswered)} cannot be answered because the feed does not say{doubt}"
    )


def print_health(name: str, health: Health, console: Console | None = None) -> None:
    """The report on standard output: the figure, the demands, the findings, the worst types."""
    from rich.console import Console
    from rich.padding import Padding
    from rich.text import Text

    out = console or Console(highlight=False, markup=False, emoji=False, soft_wrap=False)
    out.print(Text(f"{name}: {headline(health)}", style="bold"))
    if not health.products:
        return
    out.print()
    rows = [
        [_KIND_NAMES[k.kind], _figure(k.demanded), f"{k.answerable:.0%}", _figure(k.unanswered)]
        for k in health.kinds
    ]
    _table(out, ["of 100 demands, those for", "", "answered", "unanswered"], rows)
    out.print(Text("What to mend first (findings overlap, their figures do not add up)", "bold"))
    for place, finding in enumerate(health.findings, 1):
        out.print()
        out.print(Text.assemble((f"{place:>2}. ", "bold"), (_line_of(finding), "bold")))
        for style, text in (("", finding.loses), ("green", f"→ {finding.do}")):
            out.print(Padding(Text(text, style), (0, 0, 0, 4)))
        for example in finding.examples:
            shown = f"{_safe(example.id)}  {_safe(example.title)}: {_safe(example.what, 160)}"
            out.print(Padding(Text(shown, "dim"), (0, 0, 0, 6)))
    if health.types:
        out.print()
        rows = [
            [
                _safe(t.type) or "(no type)", f"{t.products:,}", _figure(t.unanswered),
                ", ".join(f"{_KIND_NAMES[k]} {_figure(v)}" for k, v in list(t.kinds.items())[:5]),
            ]
            for t in health.types
        ]  # fmt: skip
        _table(out, ["worst types", "products", "of 100", "unanswered because not stated"], rows)
    for product in health.worst:
        out.print(Text(f"{_safe(product.id)}  {_safe(product.title)}: {product.what}", "dim"))


def _line_of(finding: Finding) -> str:
    cost = {
        "unanswered": f", {_figure(finding.demands)} of 100 demands unanswered",
        "in doubt": f", {_figure(finding.demands)} of 100 demands answered on it",
        "none": "",
    }[finding.effect]
    detail = f" ({_safe(finding.detail, 200)})" if finding.detail else ""
    return f"{finding.title}: {finding.count:,} ({_share(finding.share)}){cost}{detail}"


def _table(out: Console, head: list[str], rows: list[list[str]]) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False)
    for n, name in enumerate(head):
        words = n == 0 or any(" " in row[n] for row in rows)
        table.add_column(name, justify="left" if words else "right", overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    out.print(table)
    out.print()


def _safe(text: str, most: int = _TITLES_SHOWN) -> str:
    """The seller's text on one line, without anything a terminal would obey."""
    plain = " ".join(clean(text).split())
    return plain if len(plain) <= most else plain[: most - 1] + "…"


def _figure(value: float) -> str:
    return f"{value:.1f}" if value >= 0.05 or value == 0 else "<0.1"


def _share(share: float) -> str:
    return f"{share:.0%}" if share >= 0.01 else "<1%"


# --- as a page ------------------------------------------------------------------------------


def as_html(name: str, health: Health) -> str:
    """One page that fetches nothing; all text of the catalogue is escaped."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined
    )
    environment.filters |= {"figure": _figure, "share": _share, "safe_text": _page_text}
    return environment.get_template(_TEMPLATE).render(
        name=name, health=health, headline=headline(health), kinds=_KIND_NAMES
    )


def _page_text(text: str) -> str:
    return clean(text)


def write_html(name: str, health: Health, path: Path) -> None:
    """Write the page. Raises UsageError when the file cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # a lone surrogate is no text that a file could hold
        path.write_bytes(as_html(name, health).encode("utf-8", "replace"))
    except OSError as error:
        raise UsageError(f"{path}: cannot be written ({error.strerror})") from error


def to_json(name: str, health: Health) -> dict[str, Any]:
    """What ``--json`` prints."""
    return {"catalog": name, **health.to_json()}
