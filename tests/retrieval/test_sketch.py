"""Short vectors: the nearest rows are among those they choose, and damage is told."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from catalog.errors import IndexDamaged
from retrieval.sketch import ROWS, Sketch


def test_the_nearest_are_among_what_the_short_vectors_choose(tmp_path: Path) -> None:
    chance = np.random.default_rng(5)
    topics = chance.normal(size=(40, 256))
    vectors = topics[chance.integers(0, 40, 3_000)] + 0.3 * chance.normal(size=(3_000, 256))
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    Sketch.build(tmp_path, vectors)
    sketch = Sketch.open(tmp_path, 3_000, 256)
    assert sketch is not None
    rows = np.arange(0, 3_000, 2)
    for vector in vectors[1:40:3]:
        best = rows[np.argsort(-(vectors[rows] @ vector))[:20]]
        chosen = sketch.near(vector, rows, 100)
        assert len(chosen) == 100
        assert (np.diff(chosen) > 0).all()
        assert set(best.tolist()) <= set(chosen.tolist())


def test_a_catalogue_without_one_has_none_and_a_wrong_one_is_damage(tmp_path: Path) -> None:
    assert Sketch.open(tmp_path, 10, 4) is None
    Sketch.build(tmp_path, np.eye(8, 4, dtype=np.float32))
    with pytest.raises(IndexDamaged, match=ROWS):
        Sketch.open(tmp_path, 9, 4)


def test_one_whose_numbers_are_no_bytes_is_damage(tmp_path: Path) -> None:
    Sketch.build(tmp_path, np.eye(8, 4, dtype=np.float32))
    np.save(tmp_path / ROWS, np.zeros((8, 4), np.float32))
    with pytest.raises(IndexDamaged, match="float32"):
        Sketch.open(tmp_path, 8, 4)


def test_vectors_of_nothing_have_one_too(tmp_path: Path) -> None:
    Sketch.build(tmp_path, np.zeros((5, 4), np.float32))
    sketch = Sketch.open(tmp_path, 5, 4)
    assert sketch is not None
    assert len(sketch.near(np.zeros(4, np.float32), np.arange(5), 2)) == 2
