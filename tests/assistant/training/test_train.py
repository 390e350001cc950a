"""Training for a few steps, on a model small enough for it: what is written, resumed and read back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from assistant.cli import app
from assistant.llm.lora import Beside, read_gguf, rotary
from assistant.training import command, data
from assistant.training.checkpoint import CHECKPOINT
from assistant.training.data import conversations
from assistant.training.example import Example
from assistant.training.recipe import STAGES
from assistant.training.train import Recipe, train
from catalog.errors import ModelError

EXAMPLES = [
    Example("a red kettle", "want color=red; item=kettle"),
    Example("under 60", "want price<=60"),
    Example("not plastic", "want not material=plastic"),
    Example("forget the budget", "clear field=budget"),
    Example("show me more", "more"),
    Example("add the second one", "add ref=the second one"),
    Example("socks, size L", "want item=socks; size=L"),
    Example("thanks", "chat"),
]
# A rate high enough that two steps are seen in 16 bits.
RECIPE = Recipe(rank=4, learning_rate=0.02, batch_tokens=100, epochs=2, seed=11)


def weights(work: Path) -> dict[str, Any]:
    from safetensors.torch import load_file

    return dict(load_file(work / CHECKPOINT))


def same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return one.keys() == other.keys() and all(bool((one[k] == other[k]).all()) for k in one)


@pytest.fixture(scope="module")
def trained(tiny_base: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a whole run, its checkpoints two steps apart."""
    work = tmp_path_factory.mktemp("trained")
    train(EXAMPLES, tiny_base, work, RECIPE, save_every=2)
    return work


def test_two_steps_write_an_adapter_and_report_themselves(tiny_base: Path, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    adapter = train(
        EXAMPLES, tiny_base, tmp_path / "new", RECIPE, steps=2,
        report=lambda step, steps, loss, rate: told.append((step, steps)),
    )  # fmt: skip
    assert told == [(1, 2), (2, 2)]
    assert adapter.parent == tmp_path / "new"
    assert adapter.read_bytes()[:4] == b"GGUF"
    assert any(np.abs(b).max() > 0 for _, _, _, b in read_gguf(adapter, _config(tiny_base)))


def test_training_lowers_the_loss_on_its_examples(tiny_base: Path, tmp_path: Path) -> None:
    losses: list[float] = []
    train(
        EXAMPLES, tiny_base, tmp_path, replace(RECIPE, epochs=10),
        report=lambda step, steps, loss, rate: losses.append(loss),
    )  # fmt: skip
    assert losses[-1] < losses[0] - 0.1


def test_the_same_recipe_gives_the_same_weights_and_another_seed_others(
    tiny_base: Path, tmp_path: Path, trained: Path
) -> None:
    for name, recipe in (("again", RECIPE), ("other", replace(RECIPE, seed=12))):
        train(EXAMPLES, tiny_base, tmp_path / name, recipe)
    assert same(weights(tmp_path / "again"), weights(trained))
    assert not same(weights(tmp_path / "other"), weights(trained))


@pytest.mark.parametrize("killed_at", [1, 3, 4])
def test_a_killed_run_taken_up_again_ends_where_the_whole_one_does(
    killed_at: int, tiny_base: Path, tmp_path: Path, trained: Path
) -> None:
    def kill(step: int, steps: int, loss: float, rate: float) -> None:
        if step == killed_at:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(EXAMPLES, tiny_base, tmp_path, RECIPE, save_every=2, report=kill)
    taken_up: list[int] = []
    adapter = train(
        EXAMPLES, tiny_base, tmp_path, RECIPE, save_every=2,
        report=lambda step, steps, loss, rate: taken_up.append(step),
    )  # fmt: skip
    assert taken_up[0] == (killed_at - 1) // 2 * 2 + 1
    assert same(weights(tmp_path), weights(trained))
    assert adapter.read_bytes() == (trained / "adapter.gguf").read_bytes()


def test_more_steps_go_on_from_fewer(tiny_base: Path, tmp_path: Path, trained: Path) -> None:
    for steps in (1, 3, None):
        train(EXAMPLES, tiny_base, tmp_path, RECIPE, steps=steps)
    assert same(weights(tmp_path), weights(trained))


def test_a_finished_run_is_not_trained_further(tiny_base: Path, tmp_path: Path) -> None:
    first = train(EXAMPLES, tiny_base, tmp_path, RECIPE).read_bytes()
    assert train(EXAMPLES, tiny_base, tmp_path, RECIPE).read_bytes() == first


def test_a_checkpoint_of_another_recipe_or_other_data_is_refused(
    tiny_base: Path, tmp_path: Path
) -> None:
    train(EXAMPLES, tiny_base, tmp_path, RECIPE, steps=1)
    for examples, recipe in (
        (EXAMPLES, replace(RECIPE, learning_rate=0.5)),
        (EXAMPLES[:-1], RECIPE),
        ([*EXAMPLES[:-1], Example("tea", "want item=tea")], RECIPE),
    ):
        with pytest.raises(ModelError, match=r"checkpoint\.safetensors.*another recipe"):
            train(examples, tiny_base, tmp_path, recipe)


def test_a_later_stage_starts_from_the_weights_of_the_one_before(
    tiny_base: Path, tmp_path: Path, trained: Path
) -> None:
    still = replace(RECIPE, learning_rate=0.0)
    train(EXAMPLES, tiny_base, tmp_path, still, before=trained / CHECKPOINT, steps=1)
    before, after = weights(trained), weights(tmp_path)
    kept = [k for k in before if k.endswith((".a", ".b"))]
    assert all(bool((before[k] == after[k]).all()) for k in kept)


# the file


def _config(base: Path) -> Any:
    from transformers import AutoConfig

    return AutoConfig.from_pretrained(base)


def test_the_file_holds_what_was_trained(tiny_base: Path, trained: Path) -> None:
    made = weights(trained)
    read = list(read_gguf(trained / "adapter.gguf", _config(tiny_base)))
    assert len(read) == 14  # seven layers in each of two blocks
    from assistant.llm.lora import PLACES

    for block, place, a, b in read:
        key = f"blk.{block}.{PLACES[place]}"
        np.testing.assert_allclose(a, made[f"{key}.a"].numpy(), atol=1e-3)
        np.testing.assert_allclose(b, RECIPE.scale * made[f"{key}.b"].numpy(), atol=1e-3)
        assert np.abs(b).max() > 0.01


def test_llama_cpp_pairs_the_two_halves_of_each_head() -> None:
    rows = np.arange(8, dtype=np.float32)[:, None]  # two heads of four
    assert rotary(rows, 2, inverse=False)[:, 0].tolist() == [0, 2, 1, 3, 4, 6, 5, 7]
    assert (rotary(rotary(rows, 2, inverse=False), 2, inverse=True) == rows).all()
    assert (rotary(rows, 0, inverse=False) == rows).all()


def test_beside_the_weights_it_computes_what_the_trained_model_does(
    tiny_base: Path, trained: Path
) -> None:
    import torch
    from transformers import AutoModelForCausalLM

    from assistant.training.lora import add_lora

    ids = torch.tensor([[256, *b"a red kettle", 257]])
    plain, tuned = (AutoModelForCausalLM.from_pretrained(tiny_base) for _ in range(2))
    parameters = add_lora(tuned, RECIPE.rank, RECIPE.scale, 0)
    with torch.no_grad():
        untouched = plain(ids).logits
        for key, held in weights(trained).items():
            if key in parameters:
                parameters[key].copy_(held)
        wanted = tuned(ids).logits
        beside = Beside(plain, {"understand": trained / "adapter.gguf"})
        assert torch.equal(plain(ids).logits, untouched)
        beside.task = "understand"
        torch.testing.assert_close(plain(ids).logits, wanted, atol=2e-3, rtol=1e-2)
        assert (wanted - untouched).abs().max() > 0.02
        beside.task = ""
        assert torch.equal(plain(ids).logits, untouched)


# the command


def test_the_command_reads_the_data_and_stops() -> None:
    done = CliRunner().invoke(app, ["train", "--check"])
    assert done.exit_code == 0
    assert "turns) by hand" in done.stderr


@pytest.mark.model
def test_the_command_runs_every_stage_of_the_recipe_and_goes_on_from_there(
    tiny_base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "_base", lambda: tiny_base)
    monkeypatch.setattr(command, "_lower", lambda: tiny_base)
    # a part of each file: all of them are read by the test above
    part = {file: talks[:15] for file, talks in conversations().items()}
    monkeypatch.setattr(data, "conversations", lambda: part)
    for _ in range(2):
        done = CliRunner().invoke(app, ["train", "--steps", "1", "--out", str(tmp_path)])
        assert done.exit_code == 0, done.output
    assert {f.name for f in tmp_path.iterdir()} == {"embedder", "tagger", *(s.name for s in STAGES)}
    assert (tmp_path / "tagger" / "tagger.safetensors").is_file()
    assert (tmp_path / "embedder" / "shop-minilm.safetensors").is_file()
    assert all((tmp_path / s.name / CHECKPOINT).is_file() for s in STAGES)
    assert str(tmp_path / STAGES[-1].name / "adapter.gguf") in done.stderr
