import subprocess
import sys
from pathlib import Path

import pytest

from assistant.llm import NAMES, open_model
from catalog.errors import ModelDamaged, ModelNotFound


def test_none_is_no_model() -> None:
    assert open_model("none") is None


def test_a_server_is_opened_without_asking_it() -> None:
    model = open_model("http://127.0.0.1:9/v1#tiny")
    assert model
    assert (model.describe().name, model.describe().backend) == ("tiny", "http")


@pytest.mark.parametrize("name", ["gpt-9", "", "hf:", "gguf:", "transformers:other"])
def test_an_unknown_name_lists_what_can_be_named(name: str) -> None:
    with pytest.raises(ModelNotFound) as caught:
        open_model(name)
    assert all(known in str(caught.value) for known in NAMES)


def test_a_missing_file_or_folder_is_named(tmp_path: Path) -> None:
    for kind in ("gguf", "hf"):
        with pytest.raises(ModelNotFound, match="nothing"):
            open_model(f"{kind}:{tmp_path}/nothing")


@pytest.mark.parametrize("content", [b"", b"garbage", b"GGUF", b"GGUF\x03\0\0\0" + b"\xff" * 99])
def test_a_file_that_is_no_model_is_refused_without_a_crash(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "model.gguf"
    path.write_bytes(content)
    with pytest.raises(ModelDamaged, match=str(path)):
        open_model(f"gguf:{path}")


def test_importing_costs_nothing_heavy() -> None:
    code = (
        "import sys, assistant.llm, prompts, retrieval.weights;"
        "heavy = {'torch', 'transformers', 'xllamacpp', 'llguidance', 'httpx', 'numpy'};"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
