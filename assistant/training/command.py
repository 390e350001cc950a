"""``shop train``: the recipes of adapter and tagger, from data to file, in one command."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal

import typer

from assistant.adapters import FOLDER, write_manifest

if TYPE_CHECKING:
    from rich.console import Console

    from assistant.training.data import Talk
    from assistant.training.example import Example
    from assistant.training.lexicon import Lexicon
    from assistant.training.searches import Search

TASK: Final = "understand"

Part = Literal["all", "adapter", "tagger", "embedder"]


def train(
    out: Annotated[
        Path, typer.Option(help="Folder for checkpoints and the adapter; a run goes on from them.")
    ] = Path("training"),
    data: Annotated[
        Path | None, typer.Option(help="Folder with queryner_train.jsonl.gz, if you have it.")
    ] = None,
    part: Annotated[Part, typer.Option(help="What to train.")] = "all",
    steps: Annotated[
        int | None, typer.Option(min=1, help="So many steps of each stage, to try it out.")
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Read the data and stop.")] = False,
    install: Annotated[
        bool, typer.Option("--install", help="Put the result where the program takes it from.")
    ] = False,
) -> None:
    """Train what reads shoppers and finds products: the embedder (half an hour on two cores), the model's
    adapter and the tagger, which begins with the adapter's lower part (hours; minutes on a GPU).
    """
    from rich.console import Console

    from assistant.training.data import by_hand, conversations, lexicon_from
    from assistant.training.recipe import EMBEDDER_OF
    from assistant.training.searches import parted, searches

    console = Console(stderr=True, highlight=False)
    hand, talks = by_hand(), conversations()
    lexicon = lexicon_from(data)
    console.print(
        f"{len(hand):,} utterances and {sum(map(len, talks.values())):,} conversations "
        f"({sum(len(t) for many in talks.values() for t in many):,} turns) by hand, {len(lexicon.queries):,} labelled queries, "
        f"{len(lexicon.items):,} products and {len(lexicon.brands):,} brands to make sentences of",
        soft_wrap=True,
    )
    asked, held = parted(searches(), EMBEDDER_OF)
    console.print(
        f"{len(asked):,} searches by hand with {sum(len(s.listings) for s in asked):,} listings; "
        f"{len(held):,} more are held back"
    )
    if check:
        return
    if part in ("all", "embedder"):
        _train_embedder(console, out, asked, steps, install)
    made = _adapter()
    if part in ("all", "adapter"):
        made = _train_adapter(console, out, hand, talks, lexicon, steps, install)
    if part in ("all", "tagger"):
        _train_tagger(console, out, hand, talks, lexicon, made, steps, install)


def _train_embedder(
    console: Console, out: Path, asked: list[Search], steps: int | None, install: bool
) -> None:
    from assistant.progress import training_bar
    from assistant.training.embedder import train_embedder
    from assistant.training.recipe import EMBEDDER
    from retrieval import tuned
    from retrieval.embedder import MINILM
    from retrieval.weights import KNOWN, weights_path

    with training_bar("embedder") as report:
        file = train_embedder(
            asked, weights_path(MINILM), out / "embedder", EMBEDDER, steps=steps, report=report
        )
    console.print(f"embedder: {file}", soft_wrap=True)
    if install:
        target = tuned.install(file, KNOWN[MINILM].sha256)
        console.print(f"installed: {target}", soft_wrap=True)


def _train_tagger(
    console: Console,
    out: Path,
    hand: list[Example],
    talks: dict[str, list[Talk]],
    lexicon: Lexicon,
    before: Path | None,
    steps: int | None,
    install: bool,
) -> None:
    from assistant.progress import training_bar
    from assistant.tagger import BASE
    from assistant.tagger import TASK as TAG
    from assistant.training.data import stage_examples
    from assistant.training.recipe import TAGGER, TAGGER_OTHERS
    from assistant.training.tagger import train_tagger
    from retrieval.weights import KNOWN

    every = [*hand, *(turn for many in talks.values() for talk in many for turn in talk)]
    others = stage_examples(TAGGER_OTHERS, [], {}, lexicon)
    with training_bar("tagger") as report:
        file = train_tagger(
            every, others, _lower(), out / "tagger", TAGGER,
            before=before, steps=steps, report=report,
        )  # fmt: skip
    console.print(f"tagger: {file}", soft_wrap=True)
    if install:
        _install(console, TAG, BASE, KNOWN[BASE].sha256, file)


def _train_adapter(
    console: Console,
    out: Path,
    hand: list[Example],
    talks: dict[str, list[Talk]],
    lexicon: Lexicon,
    steps: int | None,
    install: bool,
) -> Path:
    from assistant.llm import EMBEDDED
    from assistant.progress import training_bar
    from assistant.training.checkpoint import CHECKPOINT
    from assistant.training.data import stage_examples
    from assistant.training.recipe import STAGES
    from assistant.training.train import train as run
    from retrieval.weights import KNOWN

    base = _base()
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
        _install(console, TASK, EMBEDDED, KNOWN[EMBEDDED].sha256, adapter)
    return adapter


def _adapter() -> Path | None:
    """The adapter that comes with the program, whose lower part the tagger begins with."""
    from assistant.adapters import adapters_for
    from assistant.llm import EMBEDDED
    from retrieval.weights import KNOWN

    return adapters_for(KNOWN[EMBEDDED].sha256).get(TASK)


def _install(console: Console, task: str, base: str, sha256: str, file: Path) -> None:
    target = FOLDER / f"{task}{file.suffix}"
    shutil.copyfile(file, target)
    write_manifest(task, base, sha256, target)
    console.print(f"installed: {target}", soft_wrap=True)


def _lower() -> Path:
    from assistant.tagger import BASE
    from assistant.tagger.base import lower_layers

    return lower_layers(BASE)


def _base() -> Path:
    from assistant.llm import EMBEDDED
    from assistant.llm.convert import transformers_folder

    return transformers_folder(EMBEDDED)
