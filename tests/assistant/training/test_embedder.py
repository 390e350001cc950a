"""Tuning the embedder for a few steps on the real encoder, and the searches it learns from."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant.training.embedder import EmbedderRecipe, told_apart, train_embedder
from assistant.training.recipe import EMBEDDER_OF
from assistant.training.searches import Search, parted, searches
from catalog.errors import FeedError, ModelDamaged, ModelError
from retrieval import tuned
from retrieval.embedder import open_embedder
from retrieval.weights import KNOWN, weights_path

RECIPE = EmbedderRecipe(rank=2, learning_rate=0.02, batch=2, literal=2, epochs=3)
SOME = [
    Search(
        "dress", ((2, "Floral Midi with Sleeves"), (1, "Denim Skirt"), (0, "Men's Dress Shirt"))
    ),
    Search("kettle", ((2, "Cordless Water Boiler"), (1, "Tea Urn"), (0, "Kettle Descaler"))),
    Search("desk lamp", ((2, "LED Reading Light"), (1, "Floor Lamp"), (0, "Lamp Shade White"))),
]


@pytest.fixture(scope="module")
def base() -> Path:
    return weights_path("minilm")


@pytest.fixture(scope="module")
def trained(base: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return train_embedder(SOME, base, tmp_path_factory.mktemp("whole"), RECIPE, save_every=2)


def test_a_search_learns_to_find_what_answers_it(base: Path, tmp_path: Path) -> None:
    losses: list[float] = []
    train_embedder(
        SOME, base, tmp_path, replace(RECIPE, epochs=6),
        report=lambda step, steps, loss, rate: losses.append(loss),
    )  # fmt: skip
    assert losses[-1] < losses[0] - 0.2


def test_a_killed_run_taken_up_again_ends_where_the_whole_one_does(
    base: Path, tmp_path: Path, trained: Path
) -> None:
    train_embedder(SOME, base, tmp_path, RECIPE, steps=3, save_every=2)
    taken_up: list[int] = []
    file = train_embedder(
        SOME, base, tmp_path, RECIPE,
        report=lambda step, steps, loss, rate: taken_up.append(step),
    )  # fmt: skip
    assert taken_up[0] == 4 and file.read_bytes() == trained.read_bytes()
    with pytest.raises(ModelError, match="another recipe or other data"):
        train_embedder(SOME[:2], base, tmp_path, RECIPE)


def test_what_is_installed_changes_the_encoder_and_nothing_else_is_accepted(
    base: Path, tmp_path: Path, trained: Path
) -> None:
    from transformers import AutoModel

    def encoder() -> Any:
        return AutoModel.from_pretrained(base, add_pooling_layer=False)

    sha256 = KNOWN["minilm"].sha256
    target = tuned.install(trained, sha256, tmp_path)
    plain, changed = encoder(), encoder()
    tuned.tune(changed, sha256, tmp_path)
    for key, owner, name in tuned.places(changed):
        before = dict((k, getattr(o, n)) for k, o, n in tuned.places(plain))[key]
        assert not np.allclose(before.weight.detach(), getattr(owner, name).weight.detach()), key
    with pytest.raises(ModelDamaged, match="belongs to other weights"):
        tuned.tune(encoder(), "0" * 64, tmp_path)
    target.write_bytes(target.read_bytes()[:-1] + b"x")
    with pytest.raises(ModelDamaged, match="missing or altered"):
        tuned.tune(encoder(), sha256, tmp_path)


def test_the_default_embedder_tells_answers_from_near_misses_it_never_saw() -> None:
    _, held = parted(searches(), EMBEDDER_OF)
    shares = {
        name: told_apart(held[::40], open_embedder(name).encode)
        for name in ("shop-minilm", "minilm")
    }
    assert shares["shop-minilm"] > shares["minilm"] + 0.1, shares


def test_every_search_has_answers_and_near_misses_and_none_stands_twice() -> None:
    every = [s for some in searches().values() for s in some]
    assert len(every) > 3_000
    assert len({s.query.lower() for s in every}) == len(every)
    for search in every:
        assert {grade for grade, _ in search.listings} == {0, 1, 2}, search.query
    learned, held = parted(searches(), EMBEDDER_OF)
    assert len(learned) + len(held) == len(every) and len(held) > 1_000
    assert not {s.query for s in learned} & {s.query for s in held}


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("Q: a\n+ b\n? c\n", ":3: is neither"),
        ("+ b\n", ":1: is neither"),
        ("Q: a\n\nQ: b\n~ c\n", ":1: no listing answers it"),
        ("Q: a\n+ b\n\nQ: c\n- d\n", ":4: no listing answers it"),
        ("Q: a\nQ: b\n+ c\n", ":2: is neither"),
    ],
)
def test_a_malformed_search_is_named_with_its_line(tmp_path: Path, text: str, where: str) -> None:
    (tmp_path / "some.txt").write_text(text)
    with pytest.raises(FeedError, match=f"some.txt{where}"):
        searches(tmp_path)


def test_the_manifest_names_the_weights_it_belongs_to() -> None:
    held = json.loads((tuned.FOLDER / "manifest.json").read_text())
    assert held["base_sha256"] == KNOWN["minilm"].sha256
