"""The suites of ``shop eval``. A suite is data plus ``evaluate()``; adding one is adding it to SUITES."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any, Final, Protocol, TypeVar

from assistant.evaluation import metrics
from assistant.evaluation.bootstrap import Estimate, Sample
from assistant.evaluation.dialogue import FOLDER, Dialogue, Split, load_dialogues
from assistant.evaluation.metrics import Scored
from assistant.evaluation.runner import Ablation, open_stage, play
from assistant.evaluation.scoring import score
from assistant.evaluation.shelves import stock
from assistant.evaluation.simulated import Session, by_catalog, compare_questions, simulate
from assistant.llm.protocol import LanguageModel
from assistant.opening import MODEL_SECONDS
from assistant.stocking import Progress
from catalog.errors import UsageError

Item = TypeVar("Item")

CATALOGS: Final = ("demo", "amazon_toys_10k", "retail_demo_store")
TARGETS: Final = 100


def _silent(stage: str, done: int, total: int | None) -> None:
    """Report progress to nobody."""


@dataclass(frozen=True, slots=True)
class Setup:
    """What is evaluated, and on what.

    ``catalogs`` restricts to some catalogues, ``limit`` to so many dialogues (or targets
    per catalogue). ``reasons`` has the model phrase reasons too, for true latencies.
    """

    split: Split = "dev"
    catalogs: tuple[str, ...] = ()
    limit: int | None = None
    ablation: Ablation = field(default_factory=Ablation)
    reasons: bool = False
    model_seconds: float = MODEL_SECONDS
    reranker: str | None = None
    """Judges wishes in the model's place."""
    home: Path | None = None
    data: Path | None = None
    dialogues: Path = FOLDER
    progress: Progress = _silent


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a suite measured. ``samples`` are over ``units``, so that two runs can be paired."""

    name: str
    units: tuple[str, ...]
    samples: Mapping[str, Sample]
    counts: Mapping[str, int]
    tables: Mapping[str, Any]
    left_out: Mapping[str, Any]
    headline: tuple[str, ...]
    """Names of the metrics that go into the summary, most important first."""
    scored: tuple[Scored, ...] = ()
    sessions: tuple[Session, ...] = ()

    def estimates(self) -> dict[str, Estimate]:
        """Every metric with its interval."""
        return metrics.estimates(self.samples, len(self.units))

    def listed(self, *, tells: bool) -> dict[str, Any]:
        """Turns and sessions that failed; what was said only if ``tells``."""
        turns = [
            {"dialogue": d.played.dialogue.id, "turn": n}
            | ({"say": heard.say, "failures": list(s.failures)} if tells else {})
            for d in self.scored
            for n, (heard, s) in enumerate(zip(d.played.heard, d.scores, strict=True), 1)
            if s.failures
        ]
        sessions = [
            {"target": s.id, "said": list(s.answering.said)}
            for s in self.sessions
            if not s.answering.found
        ]
        lists = {"failed_turns": turns, "failed_sessions": sessions}
        return {name: held for name, held in lists.items() if held}


class Suite(Protocol):
    """A task: its data and how it is evaluated."""

    @property
    def about(self) -> str:
        """What it measures, in a line."""
        ...

    @property
    def uses_model(self) -> bool:
        """Whether it needs the language model, which otherwise is not opened for it."""
        ...

    def evaluate(self, setup: Setup, model: LanguageModel | None) -> Outcome:
        """Run the suite. Raises ShopmomentError for data that cannot be used."""
        ...


class Dialogues:
    """Scripted dialogues, each turn compared with its gold."""

    about = "scripted dialogues: what is read, what is shown, how fast"
    uses_model = True
    headline = (
        "act_accuracy", "constraint_precision", "constraint_recall", "constraint_f1", "constraint_f1_loose",
        "moment_exact", "moment_f1", "reference_accuracy", "clears_accuracy", "sort_accuracy", "asks_accuracy",
        "does_accuracy", "violations", "violation_rate", "own_violations", "checks_passed", "hit_at_10", "mrr",
        "turns_right", "read_by_model", "parse_ms_p50", "parse_ms_p95", "total_ms_p50", "total_ms_p95",
    )  # fmt: skip

    def evaluate(self, setup: Setup, model: LanguageModel | None) -> Outcome:
        """Play every dialogue of the split; those whose catalogue cannot be had are left out."""
        chosen = limited(
            load_dialogues(setup.split, folder=setup.dialogues, catalogs=setup.catalogs),
            setup.limit,
        )
        if not chosen:
            raise UsageError(
                f"there are no dialogues in split {setup.split!r} of {setup.dialogues}"
            )
        missing = stock(
            {d.catalog for d in chosen}, home=setup.home, data=setup.data, progress=setup.progress
        )
        playable = [d for d in chosen if d.catalog not in missing]
        total = sum(len(d.turns) for d in playable)
        done = 0

        def one_more() -> None:
            nonlocal done
            done += 1
            setup.progress("dialogues", done, total)

        scored = {
            s.played.dialogue.id: s
            for catalog in dict.fromkeys(d.catalog for d in playable)
            for s in _played(
                catalog, [d for d in playable if d.catalog == catalog], setup, model, one_more
            )
        }
        ordered = tuple(scored[d.id] for d in playable)
        tables = {
            "by_covers": metrics.by_covers(ordered),
            "by_field": metrics.by_field(ordered),
            "by_check": metrics.by_check(ordered),
            "acts_confused": metrics.acts_confused(ordered),
            "rules_applied": metrics.rules_applied(ordered),
            "latency": metrics.stage_latency(h.timings for d in ordered for h in d.played.heard),
        }
        return Outcome(
            "dialogues",
            tuple(d.id for d in playable),
            metrics.samples(ordered),
            {
                "dialogues": len(ordered),
                "turns": total,
                "errors": sum(h.error is not None for d in ordered for h in d.played.heard),
            },
            tables,
            left_out(missing, chosen),
            self.headline,
            scored=ordered,
        )


def _played(
    catalog: str,
    dialogues: Sequence[Dialogue],
    setup: Setup,
    model: LanguageModel | None,
    after: Callable[[], None],
) -> list[Scored]:
    stage = open_stage(
        catalog, model, setup.ablation,
        home=setup.home, reasons=setup.reasons, model_seconds=setup.model_seconds,
    )  # fmt: skip
    try:
        stage.warm_up()
        played = [play(stage, d, after=after) for d in dialogues]
        return [
            Scored(
                p,
                tuple(
                    score(turn, heard, stage.shelf)
                    for turn, heard in zip(p.dialogue.turns, p.heard, strict=True)
                ),
            )
            for p in played
        ]
    finally:
        stage.close()


def limited(items: Sequence[Item], limit: int | None) -> list[Item]:
    """So many of them, spread evenly, so that every catalogue and family has some."""
    if limit is None or limit >= len(items):
        return list(items)
    return [items[n * len(items) // limit] for n in range(limit)]


def left_out(missing: Mapping[str, str], chosen: Sequence[Dialogue]) -> dict[str, Any]:
    """What of the chosen dialogues could not be played, per catalogue, and why."""
    return {
        name: {
            "dialogues": sum(d.catalog == name for d in chosen),
            "turns": sum(len(d.turns) for d in chosen if d.catalog == name),
            "why": why,
        }
        for name, why in missing.items()
    }


class Simulated:
    """A simulated shopper who looks for a hidden target, with and without answering questions."""

    about = "a simulated shopper with a hidden target: does it get there, and in how many turns"
    uses_model = True
    headline = (
        "success_rate",
        "turns_to_target",
        "turns_when_found",
        "turns_saved_by_questions",
        "lost_target",
    )

    def evaluate(self, setup: Setup, model: LanguageModel | None) -> Outcome:
        """Look for :data:`TARGETS` targets a catalogue (or ``limit``), twice each."""
        names = setup.catalogs or CATALOGS
        missing = stock(names, home=setup.home, data=setup.data, progress=setup.progress)
        targets = TARGETS if setup.limit is None else setup.limit
        sessions: list[Session] = []
        for name in (n for n in names if n not in missing):
            stage = open_stage(
                name, model, setup.ablation,
                home=setup.home, reasons=setup.reasons, model_seconds=setup.model_seconds,
            )  # fmt: skip
            try:
                stage.warm_up()
                sessions += simulate(stage, name, targets, setup.split, setup.progress)
            finally:
                stage.close()
        return Outcome(
            "simulated",
            tuple(s.id for s in sessions),
            compare_questions(sessions),
            {"targets": len(sessions), "simulated_turns": sum(s.turns for s in sessions)},
            {"by_catalog": by_catalog(sessions)},
            {name: {"targets": targets, "why": why} for name, why in missing.items()},
            self.headline,
            sessions=tuple(sessions),
        )


@dataclass(frozen=True, slots=True)
class Later:
    """A suite in a module of its own, which is loaded when it runs: naming it costs nothing."""

    about: str
    module: str
    """Below :mod:`assistant.evaluation`; its ``evaluate`` is the suite."""
    uses_model: bool = True

    def evaluate(self, setup: Setup, model: LanguageModel | None) -> Outcome:
        """Run the module's ``evaluate``."""
        made: Outcome = import_module(f"assistant.evaluation.{self.module}").evaluate(setup, model)
        return made


OWN: Final[Mapping[str, Suite]] = {
    "dialogues": Dialogues(),
    "simulated": Simulated(),
    "wishes": Later(
        "wishes beyond fields: what the ranking, and the model in it, bring to the top", "wishes"
    ),
}
"""Suites on what comes with the program; a plain ``shop eval`` runs all of them."""

SUITES: Final[Mapping[str, Suite]] = {
    **OWN,
    "reasons": Later(
        "what is said of products: every claim held against the record by an independent audit",
        "audit",
    ),
    "attacks": Later(
        "hostile sellers: whether a poisoned listing gains a rank, is quoted, or hurts another",
        "hostile",
    ),
    "queryner": Later(
        "QueryNER dev: which words of a search query are what, against a dictionary",
        "external.queryner",
    ),
    "shopdial": Later("MG-ShopDial: what an utterance does, against keywords", "external.shopdial"),
    "cosrec": Later(
        "CoSRec: the Moment's text after a turn, against people's stand-alone rewrites",
        "external.cosrec",
    ),
    "relevance": Later(
        "Crowdflower: what a search brings to the top, against other ways of retrieval",
        "external.relevance",
        uses_model=False,
    ),
}
"""Suites by name."""
