"""Progress bars for what takes longer than two seconds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from assistant.stocking import Progress

_STAGES = {
    "read": "reading the feed",
    "prose": "reading descriptions",
    "embed": "embedding",
    "save": "writing tables",
}


@contextmanager
def indexing_bar() -> Iterator[Progress]:
    """A bar on standard error that follows the stages of an index build.

    It appears with the first report, so that an error before it stays the only line.
    """
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        ProgressColumn,
        Task,
        TaskID,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.progress import Progress as Bar
    from rich.text import Text

    class Rate(ProgressColumn):
        def render(self, task: Task) -> Text:
            speed = task.finished_speed or task.speed
            return Text(f"{speed:,.0f}/s" if speed else "")

    columns = (
        TextColumn("{task.description:<20}"),
        BarColumn(),
        MofNCompleteColumn(),
        Rate(),
        TimeRemainingColumn(),
    )
    with ExitStack() as shown:
        bar = Bar(*columns, console=Console(stderr=True))
        tasks: dict[str, TaskID] = {}

        def report(stage: str, done: int, total: int | None) -> None:
            if not tasks:
                shown.enter_context(bar)
            if stage not in tasks:
                tasks[stage] = bar.add_task(_STAGES.get(stage, stage), total=total)
            bar.update(tasks[stage], completed=done, total=total)

        yield report


@contextmanager
def training_bar(stage: str) -> Iterator[Callable[[int, int, float, float], None]]:
    """A bar on standard error with loss, tokens per second and time left.

    Takes (step, steps, loss, tokens per second).
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("{task.description:<18}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[told]}"),
    )
    with Bar(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(stage, total=None, told="")

        def report(step: int, steps: int, loss: float, rate: float) -> None:
            told = f"loss {loss:.3f}, {rate:.0f} tokens/s"
            bar.update(task, completed=step, total=steps, told=told)

        yield report
