"""The loop every training runs: a step a batch, warm-up and decay, checkpoints, progress."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import torch
from torch import Tensor

from assistant.training.checkpoint import Report, resume, save

Batch = TypeVar("Batch")
Schedule = Callable[[int, int, float], float]
"""(step, steps, part of them that is warm-up) to the part of the rate that applies."""


def run_steps(
    batches: Sequence[Batch],
    loss_of: Callable[[Batch], tuple[Tensor, int]],
    parameters: Mapping[str, Any],
    optimizer: torch.optim.Optimizer,
    work: Path,
    identity: Any,
    *,
    warm_up: float,
    schedule: Schedule,
    seed: int,
    steps: int | None,
    report: Report | None,
    save_every: int,
) -> None:
    """Take up the checkpoint in ``work`` and go on to the last batch, or to the step ``steps``.

    ``loss_of`` gives a batch's loss and the tokens it read. Each group of the optimizer begins with
    its own rate. Raises ``ModelError`` when the checkpoint is of another ``identity``.
    """
    rates = [group["lr"] for group in optimizer.param_groups]
    start = resume(work, parameters, optimizer, identity)
    total = min(steps or len(batches), len(batches))
    since, tokens, smooth = time.monotonic(), 0, math.nan
    for step in range(start, total):
        # what dropout does depends on the step alone, so that a resumed run is the same run
        torch.manual_seed(seed * 1_000_003 + step)
        part = schedule(step, len(batches), warm_up)
        for group, rate in zip(optimizer.param_groups, rates, strict=True):
            group["lr"] = rate * part
        loss, read = loss_of(batches[step])
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters.values(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        tokens += read
        now = loss.item()
        smooth = now if math.isnan(smooth) else 0.97 * smooth + 0.03 * now
        if report is not None:
            report(step + 1, total, smooth, tokens / (time.monotonic() - since))
        if (step + 1) % save_every == 0 or step + 1 == total:
            save(work, parameters, optimizer, step + 1, identity)


def linear(step: int, total: int, warm_up: float) -> float:
    """Linear warm-up, then linearly down to a fiftieth."""
    return min(1.0, (step + 1) / (total * warm_up)) * max(0.02, 1 - step / total)


def cosine(step: int, total: int, warm_up: float) -> float:
    """Linear warm-up, then a cosine down to a tenth."""
    rising = max(1, int(total * warm_up))
    if step < rising:
        return (step + 1) / rising
    done = (step - rising) / max(1, total - rising)
    return 0.1 + 0.45 * (1 + math.cos(math.pi * done))
