"""Tuning the embedder on searches by hand: low-rank matrices beside its linear layers.

In every batch a search has to find its own listings among those of all the others, the ones that
only seem to answer it among them (multiple negatives: Henderson et al. 2017, arXiv:1705.00652), and
words out of a listing have to find that listing, so that what is said literally still counts.
At the end the change is shrunk towards the untuned weights: between the two lies more than at
either end (Wortsman et al. 2022, arXiv:2109.01903).
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from safetensors.torch import save_file
from torch import Tensor
from torch.nn.functional import cross_entropy, normalize

from assistant.training.checkpoint import Report, identity_of, text_digest
from assistant.training.lora import LoraLinear
from assistant.training.searches import GRADES, Search
from assistant.training.steps import linear, run_steps
from retrieval.tuned import NAME, places

_WORDS: Final = re.compile(r"[\w'-]{2,}")
_LONGEST: Final = 64
"""Word pieces of a text that count."""
_BEST: Final = max(GRADES.values())


@dataclass(frozen=True, slots=True)
class EmbedderRecipe:
    """Everything the result depends on besides data and base."""

    rank: int = 16
    scale: float = 2.0
    learning_rate: float = 5e-4
    warm_up: float = 0.06
    batch: int = 24
    """Searches at a time."""
    literal: int = 12
    """Words out of listings that have to find them, a batch."""
    epochs: int = 4
    temperature: float = 0.05
    partly: float = 0.3
    """How much a listing that misses something counts beside one that answers the search."""
    kept: float = 0.4
    """Part of the change that is kept in the end."""
    seed: int = 7


def train_embedder(
    searches: Sequence[Search],
    base: Path,
    work: Path,
    recipe: EmbedderRecipe,
    *,
    steps: int | None = None,
    report: Report | None = None,
    save_every: int = 100,
) -> Path:
    """Train, and write the change as :func:`retrieval.tuned.tune` reads it into ``work``.

    ``base`` is the encoder's folder. Goes on from a checkpoint in ``work`` of the same recipe, data
    and base; ``steps`` ends it early. Raises ``ModelError`` when the checkpoint is of another recipe.
    """
    from transformers import AutoModel, AutoTokenizer

    device = "cuda" if torch.cuda.is_available() else "cpu"
    tokenizer = AutoTokenizer.from_pretrained(base, local_files_only=True)
    encoder: Any = AutoModel.from_pretrained(base, dtype=torch.float32, add_pooling_layer=False)
    parameters = _low_rank(encoder, recipe)
    encoder.to(device).train()
    batches = list(_batches(searches, recipe))
    optimizer = torch.optim.AdamW(parameters.values(), lr=recipe.learning_rate, weight_decay=0.01)
    work.mkdir(parents=True, exist_ok=True)
    learned = text_digest(f"{s.query}\t{s.listings}" for s in searches)
    identity = identity_of(recipe, base, searches=learned)
    run_steps(
        batches, lambda batch: _loss(encoder, tokenizer, batch, recipe, device), parameters,
        optimizer, work, identity, warm_up=recipe.warm_up, schedule=linear, seed=recipe.seed,
        steps=steps, report=report, save_every=save_every,
    )  # fmt: skip
    return _write(work / NAME, parameters, recipe)


@dataclass(frozen=True, slots=True)
class _Batch:
    searches: tuple[Search, ...]
    literal: tuple[tuple[str, int], ...]
    """Words, and the number of the listing in the batch they are taken from."""


def _batches(searches: Sequence[Search], recipe: EmbedderRecipe) -> Iterator[_Batch]:
    order = random.Random(recipe.seed)
    for _ in range(recipe.epochs):
        shuffled = list(searches)
        order.shuffle(shuffled)
        for start in range(0, len(shuffled), recipe.batch):
            chosen = tuple(shuffled[start : start + recipe.batch])
            texts = [text for s in chosen for _, text in s.listings]
            picked = [order.randrange(len(texts)) for _ in range(recipe.literal)]
            yield _Batch(chosen, tuple((_some_words(texts[n], order), n) for n in picked))


def _some_words(listing: str, order: random.Random) -> str:
    """Two to four words of a title, in their order."""
    words = _WORDS.findall(listing.partition(". ")[0])
    if len(words) < 2:
        return listing
    at = sorted(order.sample(range(len(words)), min(len(words), order.choice((2, 3, 3, 4)))))
    return " ".join(words[i] for i in at).lower()


def _loss(
    encoder: Any, tokenizer: Any, batch: _Batch, recipe: EmbedderRecipe, device: str
) -> tuple[Tensor, int]:
    listings = [text for s in batch.searches for _, text in s.listings]
    asked = [s.query for s in batch.searches] + [words for words, _ in batch.literal]
    held, some = _vectors(encoder, tokenizer, listings, device)
    wanted, more = _vectors(encoder, tokenizer, asked, device)
    near = wanted @ held.T / recipe.temperature
    share = torch.zeros(len(batch.searches), len(listings), device=device)
    at = 0
    for row, search in enumerate(batch.searches):
        for grade, _ in search.listings:
            share[row, at] = (0.0, recipe.partly, 1.0)[grade]
            at += 1
    loss = cross_entropy(near[: len(share)], share / share.sum(1, keepdim=True))
    if batch.literal:
        own = torch.tensor([n for _, n in batch.literal], device=device)
        part = len(own) / len(share)
        loss = loss + part * cross_entropy(near[len(share) :], own)
    return loss, some + more


def _vectors(encoder: Any, tokenizer: Any, texts: Sequence[str], device: str) -> tuple[Tensor, int]:
    """Unit vectors, (texts, 384), and how many word pieces were read."""
    read = tokenizer(
        list(texts), padding=True, truncation=True, max_length=_LONGEST, return_tensors="pt"
    ).to(device)
    mask = read["attention_mask"].unsqueeze(-1).float()
    hidden = encoder(**read).last_hidden_state
    return normalize((hidden * mask).sum(1) / mask.sum(1), dim=-1), int(mask.sum())


def _low_rank(encoder: Any, recipe: EmbedderRecipe) -> dict[str, Tensor]:
    encoder.requires_grad_(False)
    generator = torch.Generator().manual_seed(recipe.seed)
    found: dict[str, Tensor] = {}
    for key, owner, name in places(encoder):
        layer = LoraLinear(getattr(owner, name), recipe.rank, recipe.scale, generator)
        setattr(owner, name, layer)
        found[f"{key}.a"], found[f"{key}.b"] = layer.a, layer.b
    return found


def _write(file: Path, parameters: dict[str, Tensor], recipe: EmbedderRecipe) -> Path:
    tensors = {}
    for key, parameter in parameters.items():
        values = parameter.detach().cpu()
        if key.endswith(".b"):
            values = values * (recipe.scale * recipe.kept)
        tensors[key] = values.half().contiguous()
    save_file(tensors, file)
    return file


def told_apart(searches: Sequence[Search], vectors: Any) -> float:
    """How often a listing that answers a search lies nearer to it than one that only seems to.

    ``vectors`` makes unit vectors of texts, (texts, dimension). One half is chance.
    """
    shares = []
    for search in searches:
        made = vectors([search.query, *(text for _, text in search.listings)])
        near = made[1:] @ made[0]
        grades = np.array([grade for grade, _ in search.listings])
        right, wrong = near[grades == _BEST], near[grades == 0]
        shares.append(np.mean(right[:, None] > wrong[None, :]))
    return float(np.mean(shares))
