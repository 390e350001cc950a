"""Embedders by name: the embedded one, its words alone, and models of the hub or a folder."""

from __future__ import annotations

import time

import numpy as np
import pytest

from catalog.errors import ModelError, UsageError
from catalog.product import Product
from retrieval.embedder import WordEmbedder, open_embedder
from retrieval.softwords import SoftWords
from retrieval.weights import weights_path


def test_a_folder_with_a_model_is_an_embedder() -> None:
    named, embedded = open_embedder(f"hf:{weights_path('minilm')}"), open_embedder("minilm")
    assert named.name != embedded.name and named.dimension == embedded.dimension == 384
    np.testing.assert_allclose(
        named.encode(["red kettle"]), embedded.encode(["red kettle"]), atol=1e-6
    )


def test_an_unknown_embedder_is_one_line_that_names_the_known() -> None:
    with pytest.raises(UsageError, match="'shop-minilm', 'minilm', 'static-minilm', and hf:NAME"):
        open_embedder("maxilm")
    with pytest.raises(UsageError, match="static-minilm"):
        open_embedder("hf:")


def test_the_default_is_tuned_for_shops_and_reads_the_same_words() -> None:
    tuned, plain = open_embedder(), open_embedder("minilm")
    assert (tuned.name, plain.name) == ("shop-minilm", "minilm")
    assert isinstance(tuned, WordEmbedder) and isinstance(plain, WordEmbedder)
    np.testing.assert_array_equal(tuned.piece_vectors(), plain.piece_vectors())
    for search, answer, lure in (
        ("dress", "Floral Wrap Midi, Size M", "Men's Dress Shirt"),
        ("coffee table", "Round Oak Side Table", "Coffee Table Book of Tables"),
    ):
        ahead = []
        for embedder in (tuned, plain):
            wanted, right, wrong = embedder.encode([search, answer, lure])
            ahead.append(float(wanted @ right - wanted @ wrong))
        assert ahead[0] > ahead[1] + 0.05, search


def test_a_hub_out_of_reach_is_said_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", "http://127.0.0.1:9")
    began = time.monotonic()
    with pytest.raises(ModelError, match="hf:nobody/nothing cannot be loaded .*name a folder"):
        open_embedder("hf:nobody/nothing").encode(["x"])
    assert time.monotonic() - began < 20


def test_words_alone_find_what_shares_meaning_word_by_word() -> None:
    static = open_embedder("static-minilm")
    assert isinstance(static, WordEmbedder)
    query, near, far, empty = static.encode(["headgear", "boxing helmet", "coffee beans", ""])
    assert query @ near > query @ far + 0.1
    assert np.linalg.norm(empty) == pytest.approx(1.0, abs=1e-5)


def test_the_nearest_words_of_a_title_count_whatever_stands_beside_them() -> None:
    embedder = open_embedder("minilm")
    assert isinstance(embedder, WordEmbedder)
    titles = [
        "Everlast MMA headgear black",
        "Martial arts for women (hardcover)",
        "Coffee beans",
        "",
    ]
    soft = SoftWords.build([Product(str(i), t) for i, t in enumerate(titles)], embedder)
    scores = soft.scores("boxing headgear", np.arange(4), embedder)
    assert scores.argmax() == 0 and scores[0] > scores[2] > scores[3]
    assert scores[3] == pytest.approx(-1.0)
    assert soft.scores("", np.arange(4), embedder).tolist() == [0.0] * 4
