"""``shop train``: the recipe of the adapter, from data to file, in one command."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated, Final

import typer

from assistant.adapters import FOLDER, write_manifest

TASK: Final = "understand"


def train(
    out: Annotated[
        Path, typer.Option(help="Folder for checkpoints and the adapter; a run goes on from them.")
    ] = Path("training"),
    data: Annotated[
        Path | None, typer.Option(help="Folder with queryner_train.jsonl.gz, if you have it.")
    ] = None,
    steps: Annotated[
        int | None, typer.Option(min=1, help="So many steps of each stage, to try it out.")
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Read the data and stop.")] = False,
    install: Annotated[
        bool, typer.Option("--install", help="Put the result where the program takes it from.")
    ] = False,
) -> None:
    """Train the adapter that reads what shoppers say: an hour or two on two cores, minutes on a GPU."""
    from rich.console import Console

    from assistant.progress import training_bar
    from assistant.training.data import by_hand, conversations, lexicon_from, stage_examples
    from assistant.training.recipe import STAGES

    console = Console(stderr=True, highlight=False)
    hand, talks = by_hand(), conversations()
    lexicon = lexicon_from(data)
    console.print(
        f"{len(hand):,} utterances and {sum(map(len, talks.values())):,} conversations "
        f"({sum(len(t) for many in talks.values() for t in many):,} turns) by hand, {len(lexicon.queries):,} labelled queries, "
        f"{len(lexicon.items):,} products and {len(lexicon.brands):,} brands to make sentences of",
        soft_wrap=True,
    )
    if check:
        return
    base = _base()
    from assistant.training.train import CHECKPOINT
    from assistant.training.train import train as run

    before: Path | None = None
    adapter = out
    for stage in STAGES:
        examples = stage_examples(stage.mixture, hand, talks, lexicon)
        work = out / stage.name
        with training_bar(stage.name) as report:
            adapter = run(
                examples, base, work, stage.recipe, before=before,
                steps=min(filter(None, (steps, stage.steps)), default=None), report=report,
            )  # fmt: skip
        before = work / CHECKPOINT
    console.print(f"adapter: {adapter}", soft_wrap=True)
    if install:
        from assistant.llm import EMBEDDED
        from retrieval.weights import KNOWN

        target = FOLDER / f"{TASK}.gguf"
        shutil.copyfile(adapter, target)
        write_manifest(TASK, EMBEDDED, KNOWN[EMBEDDED].sha256, target)
        console.print(f"installed: {target}", soft_wrap=True)


def _base() -> Path:
    from assistant.llm import EMBEDDED
    from assistant.llm.convert import transformers_folder

    return transformers_folder(EMBEDDED)
