"""Training the adapter: seeded, resumable, on a CPU or a GPU."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from assistant.compact import END, bare_text, in_topic
from assistant.training.checkpoint import Report, digest, file_digest, identity_of, take_over
from assistant.training.example import Example
from assistant.training.lora import add_lora, write_gguf
from assistant.training.steps import cosine, run_steps


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything the result depends on besides data and base."""

    rank: int = 16
    scale: float = 2.0
    learning_rate: float = 1e-3
    warm_up: float = 0.05
    batch_tokens: int = 1024
    epochs: int = 1
    seed: int = 7
    max_tokens: int = 160


def train(
    examples: Sequence[Example],
    base: Path,
    work: Path,
    recipe: Recipe,
    *,
    before: Path | None = None,
    steps: int | None = None,
    report: Report | None = None,
    save_every: int = 25,
) -> Path:
    """Train on ``examples`` and return the adapter's GGUF file in ``work``.

    ``base`` is a transformers folder, ``before`` the checkpoint of an earlier stage to start from.
    A run that was cut off goes on from its last checkpoint in ``work`` when recipe, data, ``base``
    and ``before`` are the same. ``steps`` ends it early, in the middle of its schedule: a later run
    with more steps goes on from there.

    Raises ``ModelError`` when ``work`` holds a checkpoint of another recipe.
    """
    from transformers import AutoModelForCausalLM, AutoTokenizer

    device = "cuda" if torch.cuda.is_available() else "cpu"
    torch.manual_seed(recipe.seed)
    tokenizer = AutoTokenizer.from_pretrained(base)
    model: Any = AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32)
    parameters = add_lora(model, recipe.rank, recipe.scale, recipe.seed)
    model.to(device).train()
    encoded = [_encode(tokenizer, e, recipe.max_tokens) for e in examples]
    batches = list(_batches([e for e in encoded if e is not None], recipe))
    optimizer = torch.optim.AdamW(parameters.values(), lr=recipe.learning_rate, weight_decay=0.0)
    work.mkdir(parents=True, exist_ok=True)
    identity = identity_of(
        recipe, base, examples=digest(examples), batches=len(batches),
        before=None if before is None else file_digest(before),
    )  # fmt: skip
    if before is not None:
        take_over(before, parameters)

    def loss_of(batch: tuple[Tensor, Tensor]) -> tuple[Tensor, int]:
        ids, weights = (t.to(device) for t in batch)
        return _loss(model, ids, weights), int((ids >= 0).sum())

    run_steps(
        batches, loss_of, parameters, optimizer, work, identity,
        warm_up=recipe.warm_up, schedule=cosine, seed=recipe.seed,
        steps=steps, report=report, save_every=save_every,
    )  # fmt: skip
    adapter = work / "adapter.gguf"
    write_gguf(
        adapter,
        {k: p.detach().cpu() for k, p in parameters.items()},
        model.config,
        recipe.scale,
        "shopmoment understand",
    )
    return adapter


def _encode(tokenizer: Any, example: Example, limit: int) -> tuple[list[int], int] | None:
    """(tokens, how many of them are asked), None when the whole is too long."""
    said = in_topic(example.utterance, example.topic)
    asked = tokenizer.encode(bare_text(said), add_special_tokens=False)
    answered = tokenizer.encode(f"{example.line}{END}", add_special_tokens=False)
    return ([*asked, *answered], len(asked)) if len(asked) + len(answered) <= limit else None


def _batches(
    encoded: Sequence[tuple[list[int], int]], recipe: Recipe
) -> Iterator[tuple[Tensor, Tensor]]:
    """Batches of about ``batch_tokens`` tokens of similar length, in a seeded order, for all epochs.

    Each is (ids, -1 where padded) and (weights: 1 where a token is to be learned), (n, length).
    """
    generator = torch.Generator().manual_seed(recipe.seed)
    for _ in range(recipe.epochs):
        order = torch.randperm(len(encoded), generator=generator).tolist()
        # Within a window examples are sorted by length, so that little is padding.
        window = 512
        for at in range(0, len(order), window):
            chosen = sorted(order[at : at + window], key=lambda i: len(encoded[i][0]))
            groups: list[list[int]] = [[]]
            for i in chosen:
                if groups[-1] and (len(groups[-1]) + 1) * len(encoded[i][0]) > recipe.batch_tokens:
                    groups.append([])
                groups[-1].append(i)
            for g in torch.randperm(len(groups), generator=generator).tolist():
                yield _padded([encoded[i] for i in groups[g]])


def _padded(rows: Sequence[tuple[list[int], int]]) -> tuple[Tensor, Tensor]:
    longest = max(len(tokens) for tokens, _ in rows)
    ids = torch.full((len(rows), longest), -1, dtype=torch.long)
    weights = torch.zeros((len(rows), longest))
    for i, (tokens, asked) in enumerate(rows):
        ids[i, : len(tokens)] = torch.tensor(tokens)
        weights[i, asked : len(tokens)] = 1.0
    return ids, weights


def _loss(model: Any, ids: Tensor, weights: Tensor) -> Tensor:
    """Mean cross-entropy of the answers' tokens."""
    mask = (ids >= 0).long()
    hidden = model.model(input_ids=ids.clamp(min=0), attention_mask=mask).last_hidden_state
    learned = weights[:, 1:] > 0
    # The output layer is a fifth of the work: only where something is to be learned.
    logits = model.lm_head(hidden[:, :-1][learned])
    return torch.nn.functional.cross_entropy(logits.float(), ids[:, 1:][learned])
