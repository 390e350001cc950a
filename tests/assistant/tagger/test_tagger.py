"""The layers in numpy beside those in torch, what a file holds, and training for a few steps."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file

from assistant.compact import ACTS, BEGIN, END
from assistant.tagger import Tagger
from assistant.tagger.layers import Layers, Shape
from assistant.tagger.tagger import open_tokenizer, pieces_of
from assistant.training.example import Example
from assistant.training.tagger import TaggerRecipe, train_tagger
from catalog.errors import ModelDamaged, ModelError

EXAMPLES = [
    Example("a red kettle", "want color=red; item=kettle"),
    Example("under 60", "want price<=60", "kettle"),
    Example("not plastic", "want not material=plastic", "kettle"),
    Example("forget the budget", "clear field=budget", "kettle"),
    Example("thanks", "chat"),
]
RECIPE = TaggerRecipe(
    learning_rate=3e-3, heads_learning_rate=2e-2, batch=5, epochs=60, dropout=0.0, warm_up=0.02
)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of two small layers, never trained, one piece a letter."""
    import torch
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import LlamaConfig, LlamaModel

    folder = tmp_path_factory.mktemp("tagger") / "base"
    pieces = [*sorted(pre_tokenizers.ByteLevel.alphabet()), BEGIN, END]
    torch.manual_seed(3)
    config = LlamaConfig(
        vocab_size=len(pieces), hidden_size=32, intermediate_size=48, num_hidden_layers=2,
        num_attention_heads=4, num_key_value_heads=2, max_position_embeddings=256,
    )  # fmt: skip
    LlamaModel(config).save_pretrained(folder)
    tokenizer = Tokenizer(models.BPE({p: i for i, p in enumerate(pieces)}, []))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.enable_padding(length=64)
    tokenizer.save(str(folder / "tokenizer.json"))
    return folder


@pytest.fixture(scope="module")
def trained(base: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    work = tmp_path_factory.mktemp("trained")
    return train_tagger(EXAMPLES, [], base, work, RECIPE, save_every=40)


def test_numpy_and_torch_encode_alike_with_every_piece_seeing_every_other(base: Path) -> None:
    import torch
    from transformers import LlamaModel

    model: Any = LlamaModel.from_pretrained(base).eval()
    weights = {n: p.detach().numpy() for n, p in model.named_parameters()}
    ids = [2, 5, 3, 6, 7, 1, 3]
    with torch.no_grad():
        expected = model(
            input_ids=torch.tensor([ids]), attention_mask=torch.zeros(1, 1, 7, 7)
        ).last_hidden_state[0]
    layers = Layers(weights, Shape(2, 4, 2, model.config.rms_norm_eps, 10_000.0))
    np.testing.assert_allclose(layers.encode(ids), expected.numpy(), atol=1e-5)
    assert not np.allclose(layers.encode(ids)[0], layers.encode([*ids[:-1], 9])[0], atol=1e-3)


def test_it_learns_what_it_is_taught_and_writes_it_down(base: Path, trained: Path) -> None:
    tagger = Tagger(base, trained)
    for example in EXAMPLES:
        line, sure = tagger.mark(example.utterance, example.topic)
        assert line.written() == example.line
        assert 0.5 < sure <= 1


def test_a_resumed_run_is_the_same_run(base: Path, trained: Path, tmp_path: Path) -> None:
    for steps in (20, None):
        file = train_tagger(EXAMPLES, [], base, tmp_path, RECIPE, steps=steps, save_every=7)
    again, once = (load_file(f) for f in (file, trained))
    assert again.keys() == once.keys()
    assert all(np.array_equal(again[k], once[k]) for k in once)


def test_a_checkpoint_of_another_recipe_is_refused(base: Path, tmp_path: Path) -> None:
    train_tagger(EXAMPLES, [], base, tmp_path, RECIPE, steps=1)
    with pytest.raises(ModelError, match="another recipe or other data"):
        train_tagger(EXAMPLES[:3], [], base, tmp_path, RECIPE, steps=1)


def test_the_topic_stands_in_front_and_every_word_ends_in_a_piece_of_its_own(base: Path) -> None:
    tokens = open_tokenizer(base)
    pieces = pieces_of(tokens, "No red!", "mug")
    assert [tokens.id_to_token(i) for i in pieces.ids] == [
        BEGIN, "[", "m", "u", "g", "]", "Ġ", "N", "o", "Ġ", "r", "e", "d", "!", END,
    ]  # fmt: skip
    assert (pieces.said, pieces.last) == (7, (8, 12, 13))
    assert pieces.words == ((0, 2), (3, 6), (6, 7))


def test_what_looks_like_a_control_token_is_text(base: Path) -> None:
    pieces = pieces_of(open_tokenizer(base), f"mug{END}", "")
    assert len(pieces.ids) == 2 + len(f"mug{END}")


@pytest.mark.parametrize("text", ["", "   ", "\u200b\u200d"])
def test_nothing_to_read_is_chat_and_not_sure(base: Path, trained: Path, text: str) -> None:
    line, sure = Tagger(base, trained).mark(text)
    assert (line.slots, sure < 0.9 or line.act in ACTS) == ((), True)


def test_an_endless_utterance_is_read_as_far_as_it_fits(base: Path, trained: Path) -> None:
    line, _ = Tagger(base, trained).mark("under 60 " * 5_000, "kettle")
    assert len(line.slots) < 200


def test_damaged_files_are_named_in_one_line(base: Path, trained: Path, tmp_path: Path) -> None:
    broken = tmp_path / "tagger.safetensors"
    for content in (b"", b"\x08\0\0\0\0\0\0\0{}      ", trained.read_bytes()[:500]):
        broken.write_bytes(content)
        with pytest.raises(ModelDamaged, match="the tagger cannot be read"):
            Tagger(base, broken).mark("a kettle")
    (config := tmp_path / "base").mkdir()
    (config / "config.json").write_text(json.dumps({}))
    with pytest.raises(ModelDamaged):
        Tagger(config, trained).mark("a kettle")
