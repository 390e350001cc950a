"""The embedded GGUF as a folder transformers can load: converted once, then kept; and keeping whatever is made of a model once."""

from __future__ import annotations

import io
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr
from pathlib import Path
from typing import Any

from catalog.errors import ModelError
from catalog.home import home_dir
from retrieval.weights import KNOWN, sha256_of, weights_path

STAMP = "stamp.json"


def transformers_folder(name: str, *, home: Path | None = None, progress: bool = True) -> Path:
    """A folder with the model ``name`` in safetensors (16-bit), made from its GGUF.

    Converting takes about a minute and happens once (:func:`made_once`).

    Raises ``ModelNotFound`` or ``ModelDamaged`` when the GGUF cannot be had, and
    ``ModelError`` when it cannot be converted or written.
    """
    gguf = weights_path(name, home=home, progress=progress)
    folder = (home or home_dir()) / "models" / f"{name}-transformers"
    said = f"{name}: converting for transformers, once, about a minute" if progress else ""
    return made_once(
        folder, KNOWN[name].sha256, lambda to: _convert(gguf, to), megabytes=300, said=said
    )


def made_once(
    folder: Path, pinned: str, make: Callable[[Path], None], *, megabytes: int, said: str
) -> Path:
    """``folder`` with what ``make`` writes into an empty place out of the file whose sha256 is ``pinned``.

    It appears in one rename, and is made again when its files or the digest changed; two processes
    make it once. ``said`` is told before, and nothing at all where it is empty.

    Raises ``ModelError`` when it cannot be written, and what ``make`` raises.
    """
    from filelock import FileLock

    models, name = folder.parent, folder.name
    if _is_whole(folder, pinned):
        return folder
    try:
        with FileLock(models / f".{name}.lock"):
            if not _is_whole(folder, pinned):
                for left in models.glob(f".{name}-*"):
                    shutil.rmtree(left, ignore_errors=True)
                work = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=models))
                try:
                    with _progress(said):
                        make(work / "whole")
                        _stamp(work / "whole", pinned)
                    if folder.exists():
                        folder.rename(work / "old")
                    (work / "whole").rename(folder)
                finally:
                    shutil.rmtree(work, ignore_errors=True)
    except OSError as error:
        raise ModelError(
            f"cannot write {folder}: {error.strerror or error}; it takes about {megabytes} MB, "
            "free some space or set SHOPMOMENT_HOME to another disk"
        ) from error
    return folder


def _convert(gguf: Path, folder: Path) -> None:
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig

    try:
        # Without dequantize=True the model would run, but could not be saved.
        model = AutoModelForCausalLM.from_pretrained(
            gguf.parent,
            gguf_file=gguf.name,
            quantization_config=GgufConfig(dequantize=True),
            dtype=torch.float16,
        )
        tokenizer = AutoTokenizer.from_pretrained(gguf.parent, gguf_file=gguf.name)
    except (ValueError, RuntimeError, ImportError) as error:
        reason = str(error).strip().split("\n", 1)[0]
        raise ModelError(f"cannot convert {gguf} for transformers: {reason}") from error
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def _stamp(folder: Path, pinned: str) -> None:
    """Note what the files are, and that they are of ``pinned``; all of it on disk before the rename."""
    files = {
        file.name: [file.stat().st_size, file.stat().st_mtime_ns, sha256_of(file)]
        for file in sorted(folder.iterdir())
    }
    stamp = {"gguf": pinned, "files": files}
    (folder / STAMP).write_text(json.dumps(stamp, indent=1) + "\n", encoding="utf-8")
    for file in folder.iterdir():
        with file.open("rb") as written:
            os.fsync(written.fileno())


def _is_whole(folder: Path, pinned: str) -> bool:
    """Whether the folder was made from this GGUF and its files are as they were written."""
    try:
        stamp: dict[str, Any] = json.loads((folder / STAMP).read_text(encoding="utf-8"))
        return stamp["gguf"] == pinned and all(
            _unchanged(folder / name, *noted) for name, noted in stamp["files"].items()
        )
    except (OSError, ValueError, KeyError, TypeError):
        # Missing, half-written or not ours: all mean that it has to be made.
        return False


def _unchanged(file: Path, size: int, mtime_ns: int, sha256: str) -> bool:
    found = file.stat()
    if found.st_size != size:
        return False
    return found.st_mtime_ns == mtime_ns or sha256_of(file) == sha256


@contextmanager
def _progress(said: str) -> Iterator[None]:
    """Say what takes so long and let the library draw its bars, or keep all of it quiet."""
    if not said:
        # The library offers no switch for the bars of this conversion.
        with redirect_stderr(io.StringIO()):
            yield
        return
    from rich.console import Console

    console = Console(stderr=True, highlight=False)
    console.print(said, soft_wrap=True)
    yield
