"""The ``shop`` command."""

from __future__ import annotations

import os
import sys

import typer

from assistant.commands.catalogs import catalogs, health, index, update
from assistant.commands.conversation import ask, chat, parse, talk
from assistant.commands.machine import bench, models
from assistant.evaluation.command import measure
from assistant.training.command import train
from catalog.errors import ShopmomentError

app = typer.Typer(
    name="shop",
    help="A shopping assistant on your own machine: index a catalogue, then ask it.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)

app.command("eval")(measure)
for command in (
    train, chat, index, update, ask, talk, parse, models, catalogs, health, bench,
):  # fmt: skip
    app.command()(command)


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
