"""Training the tagger: a LoRA beside the language model's lower layers, and five heads over them."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import torch
from safetensors.numpy import save_file
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from assistant.compact import ACTS, SIGNS, parse_line
from assistant.llm.lora import PLACES, read_gguf
from assistant.tagger.labels import TAGS, labels_of
from assistant.tagger.tagger import HEADS, open_tokenizer, packed, pieces_of
from assistant.training.checkpoint import Report, digest, file_digest, identity_of
from assistant.training.example import Example
from assistant.training.lora import add_lora
from assistant.training.steps import linear, run_steps
from assistant.training.vary import values_of, varied

_SIZES: Final[Mapping[str, int]] = dict(
    zip(HEADS, (len(ACTS), len(TAGS), 2, 2, len(SIGNS)), strict=True)
)
_NOT_LEARNED: Final = -100
_NEVER: Final = -1e4
_WINDOW: Final = 1_024
"""Examples within which like lengths are put together."""


@dataclass(frozen=True, slots=True)
class TaggerRecipe:
    """Everything the result depends on besides data and base."""

    learning_rate: float = 1e-3
    heads_learning_rate: float = 1.5e-3
    warm_up: float = 0.06
    batch: int = 32
    epochs: int = 3
    rank: int = 16
    varied: float = 0.4
    """Part of the examples by hand that come in other words from the second epoch on."""
    dropout: float = 0.1
    weights: tuple[float, float, float, float, float] = (0.5, 1.0, 0.3, 0.3, 0.3)
    """Of the losses, in the order of :data:`assistant.tagger.tagger.HEADS`."""
    seed: int = 7


@dataclass(frozen=True, slots=True)
class _Encoded:
    ids: tuple[int, ...]
    said: int
    last: tuple[int, ...]
    gold: tuple[tuple[int, ...], ...]
    """Per head; the first is the act alone."""


def train_tagger(
    by_hand: Sequence[Example],
    others: Sequence[Example],
    base: Path,
    work: Path,
    recipe: TaggerRecipe,
    *,
    before: Path | None = None,
    steps: int | None = None,
    report: Report | None = None,
    save_every: int = 100,
) -> Path:
    """Train on ``by_hand`` in every epoch and on ``others`` once; the tagger's file in ``work``.

    ``base`` is the folder of a model's lower layers, ``before`` the adapter of the whole model (GGUF)
    whose lower part is the beginning. Goes on from a checkpoint in ``work`` of the same recipe, data and
    base; ``steps`` ends it early. Raises ``ModelError`` when the checkpoint is of another recipe.
    """
    from transformers import AutoModel

    device = "cuda" if torch.cuda.is_available() else "cpu"
    torch.manual_seed(recipe.seed)
    tokenizer = open_tokenizer(base)
    batches = list(_batches(tokenizer, by_hand, others, recipe))
    model: Any = AutoModel.from_pretrained(base, dtype=torch.float32)
    adapted = add_lora(model, recipe.rank, 1.0, recipe.seed)
    if before is not None:
        _begin_with(before, adapted, model.config)
    hidden = int(model.config.hidden_size)
    heads = nn.ModuleDict(
        {name: nn.Linear(2 * hidden if name == "act" else hidden, _SIZES[name]) for name in HEADS}
    )
    heads["norm"] = nn.LayerNorm(hidden)
    parameters = {**adapted, **{f"head.{n}": p for n, p in heads.named_parameters()}}
    model.to(device).train()
    heads.to(device).train()
    optimizer = torch.optim.AdamW(
        [
            {"params": list(adapted.values()), "lr": recipe.learning_rate},
            {"params": list(heads.parameters()), "lr": recipe.heads_learning_rate},
        ],
        weight_decay=0.01,
    )
    work.mkdir(parents=True, exist_ok=True)
    identity = identity_of(
        recipe, base, examples=digest([*by_hand, *others]),
        before=None if before is None else file_digest(before),
    )  # fmt: skip
    run_steps(
        batches,
        lambda batch: (_loss(model, heads, batch, recipe, device), sum(len(e.ids) for e in batch)),
        parameters, optimizer, work, identity, warm_up=recipe.warm_up, schedule=linear,
        seed=recipe.seed, steps=steps, report=report, save_every=save_every,
    )  # fmt: skip
    made, over = (
        {n: p.detach().cpu().numpy() for n, p in part}
        for part in (adapted.items(), heads.named_parameters())
    )
    file = work / "tagger.safetensors"
    save_file(packed(made, over), file)
    return file


def _begin_with(adapter: Path, adapted: Mapping[str, Any], config: Any) -> None:
    with torch.no_grad():
        for block, layer, low, high in read_gguf(adapter, config):
            for part, value in (("a", low), ("b", high)):
                if (place := adapted.get(f"blk.{block}.{PLACES[layer]}.{part}")) is not None:
                    place.copy_(torch.from_numpy(value.copy()))


def _encode(tokenizer: Any, example: Example) -> _Encoded | None:
    """None where a slot's words were cut off with the rest of a long utterance."""
    pieces = pieces_of(tokenizer, example.utterance, example.topic)
    line = parse_line(example.line)
    labels = labels_of(example.utterance, line, pieces.words)
    if labels is None or not pieces.words:
        return None
    gold = ((ACTS.index(line.act),), labels.tags, labels.denied, labels.soft, labels.sign)
    return _Encoded(pieces.ids, pieces.said, pieces.last, gold)


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
    model: Any, heads: nn.ModuleDict, batch: Sequence[_Encoded], recipe: TaggerRecipe, device: str
) -> Tensor:
    ids, last = (_padded([getattr(e, n) for e in batch], 0).to(device) for n in ("ids", "last"))
    here = _padded([[1] * len(e.ids) for e in batch], 0).to(device)
    said = _padded([[int(n >= e.said) for n in range(len(e.ids))] for e in batch], 0).to(device)
    # every piece sees every other: none is masked but those that only fill up
    hidden_from = torch.where(here > 0, 0.0, _NEVER)[:, None, None, :].expand(
        -1, 1, ids.shape[1], -1
    )
    hidden = model(input_ids=ids, attention_mask=hidden_from, use_cache=False).last_hidden_state
    hidden = nn.functional.dropout(heads["norm"](hidden), recipe.dropout)
    weights = said.unsqueeze(-1).to(hidden.dtype)
    mean = (hidden * weights).sum(1) / weights.sum(1).clamp(min=1)
    ends = hidden[torch.arange(len(batch), device=device), here.sum(1) - 1]
    of_text = torch.cat([ends, mean], -1)
    of_words = hidden.gather(1, last.unsqueeze(-1).expand(-1, -1, hidden.shape[-1]))
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
