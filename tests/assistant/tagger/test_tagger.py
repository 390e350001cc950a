"""The encoder in numpy beside the one in torch, what a file holds, and training for a few steps."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant.compact import ACTS
from assistant.tagger import Tagger
from assistant.tagger.encoder import Encoder
from assistant.tagger.tagger import open_tokenizer, pieces_of, unpacked
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
    """An encoder of two small layers, never trained, with words of its own."""
    import torch
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers
    from transformers import BertConfig, BertModel

    folder = tmp_path_factory.mktemp("tagger") / "base"
    words = {w for e in EXAMPLES for w in e.utterance.split()} | {"none"}
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *sorted(words)]
    torch.manual_seed(3)
    config = BertConfig(
        vocab_size=len(pieces), hidden_size=32, num_hidden_layers=2, num_attention_heads=4,
        intermediate_size=48, max_position_embeddings=160,
    )  # fmt: skip
    BertModel(config, add_pooling_layer=False).save_pretrained(folder)
    tokenizer = Tokenizer(models.WordPiece({p: i for i, p in enumerate(pieces)}, unk_token="[UNK]"))  # noqa: S106
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.enable_padding(length=64)
    tokenizer.save(str(folder / "tokenizer.json"))
    return folder


@pytest.fixture(scope="module")
def trained(base: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    work = tmp_path_factory.mktemp("trained")
    return train_tagger(EXAMPLES, [], base, work, RECIPE, save_every=40)


def test_numpy_and_torch_encode_alike(base: Path) -> None:
    import torch
    from transformers import BertModel

    model: Any = BertModel.from_pretrained(base, add_pooling_layer=False).eval()
    weights = {n: p.detach().numpy() for n, p in model.named_parameters()}
    ids, types = [2, 5, 3, 6, 7, 1, 3], [0, 0, 0, 1, 1, 1, 1]
    with torch.no_grad():
        expected = model(
            input_ids=torch.tensor([ids]), token_type_ids=torch.tensor([types])
        ).last_hidden_state[0]
    np.testing.assert_allclose(
        Encoder(weights, 2, 4).encode(ids, types), expected.numpy(), atol=1e-5
    )


def test_it_learns_what_it_is_taught_and_writes_it_down(base: Path, trained: Path) -> None:
    tagger = Tagger(base, trained)
    for example in EXAMPLES:
        line, sure = tagger.mark(example.utterance, example.topic)
        assert line.written() == example.line
        assert 0.5 < sure <= 1


def test_a_resumed_run_is_the_same_run(base: Path, trained: Path, tmp_path: Path) -> None:
    for steps in (20, None):
        file = train_tagger(EXAMPLES, [], base, tmp_path, RECIPE, steps=steps, save_every=7)
    again, once = (unpacked(base / "model.safetensors", f) for f in (file, trained))
    for one, other in zip(again, once, strict=True):
        assert one.keys() == other.keys()
        assert all(np.array_equal(one[k], other[k]) for k in one)


def test_a_checkpoint_of_another_recipe_is_refused(base: Path, tmp_path: Path) -> None:
    train_tagger(EXAMPLES, [], base, tmp_path, RECIPE, steps=1)
    with pytest.raises(ModelError, match="another recipe or other data"):
        train_tagger(EXAMPLES[:3], [], base, tmp_path, RECIPE, steps=1)


def test_the_topic_stands_in_front_and_every_word_is_cut_by_itself(base: Path) -> None:
    pieces = pieces_of(open_tokenizer(base), "Not red!", "kettle")
    tokens = open_tokenizer(base)
    assert [tokens.id_to_token(i) for i in pieces.ids] == [
        "[CLS]", "kettle", "[SEP]", "not", "red", "[UNK]", "[SEP]",
    ]  # fmt: skip
    assert (pieces.types, pieces.first) == ((0, 0, 0, 1, 1, 1, 1), (3, 4, 5))


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
