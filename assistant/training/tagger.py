"""Training the tagger: the embedder's encoder, all of it, and five heads over it."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import torch
from safetensors.numpy import save_file
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from assistant.compact import ACTS, SIGNS, parse_line
from assistant.tagger.labels import TAGS, labels_of
from assistant.tagger.tagger import HEADS, open_tokenizer, packed, pieces_of
from assistant.training.checkpoint import Report, digest, identity_of
from assistant.training.example import Example
from assistant.training.steps import linear, run_steps
from assistant.training.vary import values_of, varied

_SIZES: Final[Mapping[str, int]] = dict(
    zip(HEADS, (len(ACTS), len(TAGS), 2, 2, len(SIGNS)), strict=True)
)
_NOT_LEARNED: Final = -100
_WINDOW: Final = 1_024
"""Examples within which like lengths are put together."""


@dataclass(frozen=True, slots=True)
class TaggerRecipe:
    """Everything the result depends on besides data and base."""

    learning_rate: float = 1.5e-4
    heads_learning_rate: float = 1.5e-3
    warm_up: float = 0.06
    batch: int = 32
    epochs: int = 4
    varied: float = 0.4
    """Part of the examples by hand that come in other words from the second epoch on."""
    dropout: float = 0.1
    weights: tuple[float, float, float, float, float] = (0.5, 1.0, 0.3, 0.3, 0.3)
    """Of the losses, in the order of :data:`assistant.tagger.tagger.HEADS`."""
    seed: int = 7


@dataclass(frozen=True, slots=True)
class _Encoded:
    ids: tuple[int, ...]
    types: tuple[int, ...]
    first: tuple[int, ...]
    gold: tuple[tuple[int, ...], ...]
    """Per head; the first is the act alone."""


def train_tagger(
    by_hand: Sequence[Example],
    others: Sequence[Example],
    base: Path,
    work: Path,
    recipe: TaggerRecipe,
    *,
    steps: int | None = None,
    report: Report | None = None,
    save_every: int = 200,
) -> Path:
    """Train on ``by_hand`` in every epoch and on ``others`` once; the tagger's file in ``work``.

    ``base`` is the encoder's folder. Goes on from a checkpoint in ``work`` of the same recipe, data
    and base; ``steps`` ends it early. Raises ``ModelError`` when the checkpoint is of another recipe.
    """
    from transformers import AutoModel

    device = "cuda" if torch.cuda.is_available() else "cpu"
    torch.manual_seed(recipe.seed)
    tokenizer = open_tokenizer(base)
    batches = list(_batches(tokenizer, by_hand, others, recipe))
    encoder: Any = AutoModel.from_pretrained(base, dtype=torch.float32, add_pooling_layer=False)
    hidden = int(encoder.config.hidden_size)
    heads = nn.ModuleDict(
        {name: nn.Linear(2 * hidden if name == "act" else hidden, _SIZES[name]) for name in HEADS}
    )
    encoder.embeddings.requires_grad_(False)
    parameters = {
        **{f"encoder.{n}": p for n, p in encoder.named_parameters() if p.requires_grad},
        **{f"head.{n}": p for n, p in heads.named_parameters()},
    }
    encoder.to(device).train()
    heads.to(device).train()
    rates = (recipe.learning_rate, recipe.heads_learning_rate)
    groups = [
        [p for n, p in parameters.items() if n.startswith("head.") == is_head]
        for is_head in (False, True)
    ]
    optimizer = torch.optim.AdamW(
        [{"params": g, "lr": rate} for g, rate in zip(groups, rates, strict=True)],
        weight_decay=0.01,
    )
    work.mkdir(parents=True, exist_ok=True)
    identity = identity_of(recipe, base, examples=digest([*by_hand, *others]))
    run_steps(
        batches,
        lambda batch: (_loss(encoder, heads, batch, recipe, device), sum(len(e.ids) for e in batch)),
        parameters, optimizer, work, identity, warm_up=recipe.warm_up, schedule=linear,
        seed=recipe.seed, steps=steps, report=report, save_every=save_every,
    )  # fmt: skip
    return _write(work / "tagger.safetensors", base, encoder, heads)


def _write(file: Path, base: Path, encoder: Any, heads: nn.ModuleDict) -> Path:
    was = {n: t.float().numpy() for n, t in load_file(base / "model.safetensors").items()}
    tuned = {n: p.detach().cpu().numpy() for n, p in encoder.named_parameters()}
    made = {n: p.detach().cpu().numpy() for n, p in heads.named_parameters()}
    save_file(packed(was, tuned, made), file)
    return file


def _encode(tokenizer: Any, example: Example) -> _Encoded | None:
    """None where a slot's words were cut off with the rest of a long utterance."""
    pieces = pieces_of(tokenizer, example.utterance, example.topic)
    line = parse_line(example.line)
    labels = labels_of(example.utterance, line, pieces.words)
    if labels is None or not pieces.words:
        return None
    gold = ((ACTS.index(line.act),), labels.tags, labels.denied, labels.soft, labels.sign)
    return _Encoded(pieces.ids, pieces.types, pieces.first, gold)


def _batches(
    tokenizer: Any, by_hand: Sequence[Example], others: Sequence[Example], recipe: TaggerRecipe
) -> Iterator[list[_Encoded]]:
    order = random.Random(recipe.seed)
    values = values_of(by_hand)
    as_written = [_encode(tokenizer, e) for e in by_hand]
    shown_once = [_encode(tokenizer, e) for e in others]
    for epoch in range(recipe.epochs):
        learned = [
            _encode(tokenizer, varied(example, values, order)) or encoded
            if epoch and order.random() < recipe.varied
            else encoded
            for example, encoded in zip(by_hand, as_written, strict=True)
        ]
        part = [e for e in (*learned, *shown_once[epoch :: recipe.epochs]) if e is not None]
        order.shuffle(part)
        for start in range(0, len(part), _WINDOW):
            window = sorted(part[start : start + _WINDOW], key=lambda e: len(e.ids))
            groups = [window[i : i + recipe.batch] for i in range(0, len(window), recipe.batch)]
            order.shuffle(groups)
            yield from groups


def _loss(
    encoder: Any, heads: nn.ModuleDict, batch: Sequence[_Encoded], recipe: TaggerRecipe, device: str
) -> Tensor:
    ids, types, first = (
        _padded([getattr(e, name) for e in batch], 0).to(device)
        for name in ("ids", "types", "first")
    )
    mask = _padded([[1] * len(e.ids) for e in batch], 0).to(device)
    hidden = encoder(input_ids=ids, token_type_ids=types, attention_mask=mask).last_hidden_state
    hidden = nn.functional.dropout(hidden, recipe.dropout)
    said = (mask * types).unsqueeze(-1).to(hidden.dtype)
    mean = (hidden * said).sum(1) / said.sum(1).clamp(min=1)
    of_text = torch.cat([hidden[:, 0], mean], -1)
    of_words = hidden.gather(1, first.unsqueeze(-1).expand(-1, -1, hidden.shape[-1]))
    loss = torch.zeros((), device=device)
    for place, name in enumerate(HEADS):
        if name == "act":
            gold = torch.tensor([e.gold[0][0] for e in batch], device=device)
            loss = loss + recipe.weights[place] * cross_entropy(heads[name](of_text), gold)
            continue
        rows = [[_NOT_LEARNED if g < 0 else g for g in e.gold[place]] for e in batch]
        gold = _padded(rows, _NOT_LEARNED).to(device)
        if bool((gold >= 0).any()):
            scores = heads[name](of_words).transpose(1, 2)
            loss = loss + recipe.weights[place] * cross_entropy(
                scores, gold, ignore_index=_NOT_LEARNED
            )
    return loss


def _padded(rows: Sequence[Sequence[int]], value: int) -> Tensor:
    longest = max(map(len, rows))
    return torch.tensor([[*row, *[value] * (longest - len(row))] for row in rows])
