"""Running suites: once, twice for an ablation, twice for two models."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from assistant.evaluation import metrics
from assistant.evaluation.bootstrap import Estimate
from assistant.evaluation.dialogue import FOLDER, Split
from assistant.evaluation.runner import Ablation, named_for, open_for
from assistant.evaluation.suites import OWN, SUITES, Outcome, Setup
from assistant.llm.protocol import LanguageModel
from assistant.stocking import Progress
from catalog.errors import UsageError

NO_MODEL: Final = "none"


@dataclass(frozen=True, slots=True)
class Request:
    """What to evaluate; see :class:`assistant.evaluation.suites.Setup` for the rest."""

    suites: tuple[str, ...] = ()
    """By name; none means all of :data:`assistant.evaluation.suites.OWN` that ``dialogues`` allows."""
    split: Split = "dev"
    model: str | LanguageModel | None = "auto"
    ablate: str | None = None
    compare: tuple[str, str] | None = None
    catalogs: tuple[str, ...] = ()
    limit: int | None = None
    reasons: bool = False
    home: Path | None = None
    data: Path | None = None
    dialogues: Path = FOLDER
    reranker: str | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """All suites under one model and one ablation."""

    model: str
    outcomes: tuple[Outcome, ...]

    def summary(self) -> dict[str, Any]:
        """Counts, then every headline metric with its interval, then the model."""
        counts: dict[str, Any] = {}
        figures: dict[str, Any] = {}
        left_out: dict[str, Any] = {}
        for outcome in self.outcomes:
            counts |= outcome.counts
            made = outcome.estimates()
            figures |= metrics.as_json({n: made[n] for n in outcome.headline})
            left_out |= {f"{outcome.name}: {n}": why for n, why in outcome.left_out.items()}
        return {**counts, **figures, "model": self.model, "left_out": left_out}


@dataclass(frozen=True, slots=True)
class Result:
    """A run, and the run it is compared with, if any."""

    request: Request
    run: Run
    other: Run | None = None
    compared: str = ""
    """What the other run is, in words: ``without llm``, or a model's name."""
    differences: Mapping[str, Mapping[str, Estimate]] = field(default_factory=dict)
    """Per suite and metric: this run minus the other."""

    @property
    def tells(self) -> bool:
        """Whether utterances may be printed: other splits than dev are run, not read."""
        return self.request.split == "dev"

    def to_json(self) -> dict[str, Any]:
        """The documented JSON object (docs/evaluation.md)."""
        record: dict[str, Any] = {"summary": {"split": self.request.split} | self.run.summary()}
        for outcome in self.run.outcomes:
            record[outcome.name] = {
                "counts": dict(outcome.counts),
                "metrics": metrics.as_json(outcome.estimates()),
                **outcome.tables,
                **outcome.listed(tells=self.tells),
            }
        if self.other is not None:
            record["compared"] = {
                "with": self.compared,
                "summary": self.other.summary(),
                "differences": {
                    suite: metrics.as_json(made) for suite, made in self.differences.items()
                },
            }
        return record


def evaluate(request: Request, *, progress: Progress | None = None) -> Result:
    """Run the suites of a request.

    Raises UsageError for a suite or part that does not exist, DialogueError for malformed
    dialogues, ModelError for a model that cannot be had.
    """
    unknown = [s for s in request.suites if s not in SUITES]
    if unknown:
        raise UsageError(f"there is no suite {unknown[0]!r}; there is: {', '.join(SUITES)}")
    if (request.compare or request.ablate) and not _uses_model(request):
        raise UsageError(
            f"--ablate and --compare are about models, and {', '.join(request.suites)} uses none"
        )
    whole = Ablation()
    if request.compare is not None:
        first, second = request.compare
        one = _run(request, first, whole, progress, first)
        other = _run(request, second, whole, progress, second)
        return _paired(request, one, other, second)
    if request.ablate is not None:
        ablated = Ablation.without(request.ablate)
        if isinstance(request.model, str):
            named_for(request.model, ablated)  # before the first run, which may take long
        one = _run(request, request.model, whole, progress, "")
        without = f"without {request.ablate}"
        other = _run(request, request.model, ablated, progress, without)
        return _paired(request, one, other, without)
    return Result(request, _run(request, request.model, whole, progress, ""))


def _run(
    request: Request,
    model: str | LanguageModel | None,
    ablation: Ablation,
    progress: Progress | None,
    label: str,
) -> Run:
    opened, close = _opened(request, model if _uses_model(request) else None, ablation)
    try:
        setup = Setup(
            request.split, request.catalogs, request.limit, ablation, request.reasons,
            home=request.home, data=request.data, dialogues=request.dialogues,
            progress=_labelled(progress, label), reranker=request.reranker,
        )  # fmt: skip
        outcomes = [SUITES[n].evaluate(setup, opened) for n in _chosen(request)]
        name = opened.describe().name if opened is not None else NO_MODEL
    finally:
        close()
    return Run(name, tuple(outcomes))


def _chosen(request: Request) -> tuple[str, ...]:
    """The suites named, or all: those of judged turns only with the dialogues that were judged."""
    if request.suites:
        return request.suites
    return tuple(n for n in OWN if n != "wishes" or request.dialogues == FOLDER)


def _uses_model(request: Request) -> bool:
    return any(SUITES[n].uses_model for n in _chosen(request))


def _opened(
    request: Request, model: str | LanguageModel | None, ablation: Ablation
) -> tuple[LanguageModel | None, Callable[[], None]]:
    if isinstance(model, str):
        opened = open_for(model, ablation, request.home)
        return opened, opened.close if opened is not None else lambda: None
    return (model if ablation.llm else None), lambda: None


def _labelled(progress: Progress | None, label: str) -> Progress:
    def report(stage: str, done: int, total: int | None) -> None:
        if progress is not None:
            progress(f"{stage} {label}".strip(), done, total)

    return report


def _paired(request: Request, one: Run, other: Run, compared: str) -> Result:
    made = {
        a.name: metrics.differences(a.samples, b.samples, len(a.units))
        for a, b in zip(one.outcomes, other.outcomes, strict=True)
        if a.units == b.units
    }
    return Result(request, one, other, compared, made)
