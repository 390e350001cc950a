"""What the suites on others' text share: finding and reading the files, the systems compared."""

from __future__ import annotations

import gzip
import os
import random
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

import orjson
from pydantic import TypeAdapter, ValidationError

from assistant.evaluation.bootstrap import Ratio, difference, draw
from assistant.evaluation.metrics import as_json
from assistant.evaluation.shelves import DATA
from assistant.evaluation.suites import Setup
from assistant.intent import Intent
from assistant.llm.protocol import LanguageModel
from assistant.moment import Moment
from assistant.understand import understand, understand_with_model
from catalog.errors import ModelError, UsageError

T = TypeVar("T")

READER: Final = "reader"
MODEL: Final = "model"
"""Names of the two systems in every metric: the deterministic reader, the reader with the model."""

_BESIDE: Final = Path(__file__).resolve().parents[4] / "shared" / "data"
"""A folder ``shared/data`` beside the checkout."""
_SEED: Final = 20_240_607


def data_file(name: str, data: Path | None) -> Path:
    """The file ``name`` in ``data``, the folder SHOPMOMENT_DATA names, or ``shared/data``
    beside the checkout.

    Raises UsageError when ``data`` is no folder, or the file is in none of them.
    """
    if data is not None and not data.is_dir():
        raise UsageError(f"{data}: no such folder; --data takes the folder that holds {name}")
    named = os.environ.get(DATA, "").strip()
    folders = [data, Path(named).expanduser() if named else None, _BESIDE]
    for folder in folders:
        if folder is not None and (folder / name).is_file():
            return folder / name
    looked = " or ".join(str(f) for f in folders if f is not None)
    raise UsageError(
        f"{name} is not in {looked}; put it into a folder and name that with --data or {DATA}"
    )


def document(path: Path, kind: TypeAdapter[T]) -> T:
    """A gzipped JSON file as ``kind``. Raises UsageError for one that is no such thing."""
    return _parsed(b"".join(_lines(path)), kind, str(path))


def records(path: Path, kind: TypeAdapter[T]) -> list[T]:
    """The lines of a gzipped JSONL file, each as ``kind``.

    Raises UsageError that names the line which is no such thing.
    """
    return [
        _parsed(line, kind, f"{path}:{number}")
        for number, line in enumerate(_lines(path), 1)
        if line.strip()
    ]


def _lines(path: Path) -> Iterator[bytes]:
    try:
        with gzip.open(path, "rb") as file:
            yield from file
    except (OSError, EOFError, zlib.error) as error:
        raise UsageError(f"{path}: cannot be read ({error}); fetch the file again") from error


def _parsed(text: bytes, kind: TypeAdapter[T], where: str) -> T:
    try:
        return kind.validate_python(orjson.loads(text))
    except orjson.JSONDecodeError as error:
        raise UsageError(f"{where}: no JSON ({error}); fetch the file again") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(p) for p in first["loc"])
        raise UsageError(
            f"{where}: {place or 'record'}: {first['msg']}; see docs/evaluation.md for the format"
        ) from error


def sampled(items: Sequence[T], limit: int | None) -> list[T]:
    """``limit`` of the items, drawn with a fixed seed, in their order; all without a limit."""
    if limit is None or limit >= len(items):
        return list(items)
    return [items[n] for n in sorted(random.Random(_SEED).sample(range(len(items)), limit))]


@dataclass(slots=True)
class System:
    """The reader, or the reader with a model, as one of the systems compared.

    No catalogue fits these texts, so none lends its vocabulary. ``failures`` counts
    the utterances for which the model gave no answer and the reader stood alone.
    """

    name: str
    model: LanguageModel | None
    seconds: float
    history: bool = True
    failures: int = 0

    def read(self, text: str, moment: Moment) -> Intent:
        """What the utterance says in the light of the Moment so far."""
        known = moment if self.history else Moment()
        intent = understand(text, known, None)
        if self.model is None:
            return intent
        try:
            return understand_with_model(intent, known, None, self.model, deadline=self.seconds)
        except ModelError:
            self.failures += 1
            return intent


def systems(setup: Setup, model: LanguageModel | None) -> list[System]:
    """The reader and, where there is a model, the reader with it."""
    made = [System(READER, None, setup.model_seconds, setup.ablation.history)]
    if model is not None:
        made.append(System(MODEL, model, setup.model_seconds, setup.ablation.history))
    return made


def unread(suite: str, compared: Sequence[System]) -> dict[str, int]:
    """The count ``SUITE_unread_by_model``; nothing without a model."""
    failures = [s.failures for s in compared if s.model is not None]
    return {f"{suite}_unread_by_model": sum(failures)} if failures else {}


def gains(samples: Mapping[str, Ratio], metric: str, against: str, units: int) -> dict[str, Any]:
    """How far each other system is above a baseline in ``metric``, paired, with its interval.

    ``samples`` are named ``METRIC_SYSTEM``.
    """
    weights = draw(units)
    base = samples[f"{metric}_{against}"]
    rows: dict[str, Any] = {}
    for system in (READER, MODEL):
        if (own := samples.get(f"{metric}_{system}")) is not None:
            made = as_json({"difference": difference(own, base, weights)})
            rows[f"{metric}: {system} - {against}"] = made
    return rows
