"""Intent parsing alone: no page, no index, no vector store.

One utterance, independent ones, or the turns of a conversation; each also awaitable.
Models that are named are opened once a process and closed when it ends.
"""

from __future__ import annotations

import asyncio
import atexit
import logging
import os
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import orjson

from assistant.intent import Intent
from assistant.json_schema import intent_schema
from assistant.llm.protocol import LanguageModel
from assistant.moment import Moment
from assistant.understand import understand, understand_with_model
from catalog.errors import CatalogNotFound, IndexDamaged, ModelError, UsageError
from catalog.home import home_dir
from retrieval.storage import VOCABULARY, CatalogFolder
from retrieval.vocabulary import Vocabulary

__all__ = [
    "aparse_intent",
    "aparse_intents",
    "catalog_vocabulary",
    "close_models",
    "intent_schema",
    "parse_dialogue",
    "parse_intent",
    "parse_intents",
]

Catalog = str | Vocabulary | None
Model = str | LanguageModel | None

READ_SECONDS: Final = 60.0
"""What a model may take for one utterance. Far above what the embedded one needs: nobody looks at
an empty page meanwhile, and a tight limit would make what is read depend on what else runs."""

_log = logging.getLogger(__name__)


def parse_intent(
    text: str,
    *,
    moment: Moment | None = None,
    catalog: Catalog = None,
    model: Model = "auto",
    home: Path | None = None,
) -> Intent:
    """What one utterance says.

    Args:
        text: the utterance; any text at all, of which the first 2,000 characters are read.
        moment: what was wanted before, so that "cheaper" or "not white" refines it.
        catalog: the name of an indexed catalogue (or its vocabulary) whose types,
            brands and attribute values are to be recognised; None knows common
            colours, materials, sizes and units only.
        model: a name for :func:`assistant.llm.open_model` (opened once, kept until the
            process ends or :func:`close_models`), or an open language model, which stays
            yours to close; None reads by rules alone. Where what ``auto`` stands for cannot
            be had, the rules read alone and the log says why, once.
        home: where models and indexes are; ``SHOPMOMENT_HOME`` by default.

    Raises:
        UsageError: an argument is of the wrong type.
        CatalogNotFound: no catalogue of that name is indexed.
        ModelError: the named model cannot be had. (One that fails while reading is
            not an error: the deterministic reading stands, and ``source`` says so.)

    """
    (said,) = _utterances([text], "text")
    return _Reader.of(catalog, model, home).read(said, _given(moment))


def parse_intents(
    texts: Iterable[str],
    *,
    moment: Moment | None = None,
    catalog: Catalog = None,
    model: Model = "auto",
    home: Path | None = None,
) -> list[Intent]:
    """What each of several utterances says, none knowing of the others; in their order.

    ``moment`` is the same for all. Otherwise as :func:`parse_intent`; for the turns of one
    conversation see :func:`parse_dialogue`.
    """
    said, before = _utterances(texts, "texts"), _given(moment)
    reader = _Reader.of(catalog, model, home)
    return [reader.read(text, before) for text in said]


def parse_dialogue(
    turns: Iterable[str],
    *,
    moment: Moment | None = None,
    catalog: Catalog = None,
    model: Model = "auto",
    home: Path | None = None,
) -> list[tuple[Intent, Moment]]:
    """What each turn of one conversation says, with what is wanted after it.

    Every turn is read in the light of those before; ``moment`` is where the first one
    starts. "Cheaper" is read, but changes no Moment: than what, only the shown products
    tell (:class:`assistant.converse.Assistant`). Otherwise as :func:`parse_intent`.
    """
    said, now = _utterances(turns, "turns"), _given(moment)
    reader = _Reader.of(catalog, model, home)
    read = []
    for text in said:
        intent = reader.read(text, now)
        now = now.fold(intent)
        read.append((intent, now))
    return read


async def aparse_intent(
    text: str,
    *,
    moment: Moment | None = None,
    catalog: Catalog = None,
    model: Model = "auto",
    home: Path | None = None,
) -> Intent:
    """:func:`parse_intent` without blocking the event loop.

    Any number may be awaited at once; a model in this process reads them one by one.
    Cancelling stops the waiting at once; the thread ends with the utterance it is at.
    """
    (said,) = _utterances([text], "text")
    before = _given(moment)
    reader = await asyncio.to_thread(_Reader.of, catalog, model, home)
    return await asyncio.to_thread(reader.read, said, before)


async def aparse_intents(
    texts: Iterable[str],
    *,
    moment: Moment | None = None,
    catalog: Catalog = None,
    model: Model = "auto",
    home: Path | None = None,
) -> list[Intent]:
    """:func:`parse_intents` without blocking the event loop; see :func:`aparse_intent`.

    After a cancellation no further utterance is begun.
    """
    said, before = _utterances(texts, "texts"), _given(moment)
    reader = await asyncio.to_thread(_Reader.of, catalog, model, home)
    return [await asyncio.to_thread(reader.read, text, before) for text in said]


@dataclass(frozen=True, slots=True)
class _Reader:
    """A vocabulary and a model, opened once for any number of utterances."""

    vocabulary: Vocabulary | None
    model: LanguageModel | None

    @classmethod
    def of(cls, catalog: Catalog, model: Model, home: Path | None) -> _Reader:
        if not isinstance(catalog, str | Vocabulary | None):
            raise UsageError(
                f"catalog must be a name, a Vocabulary or None, not {_type(catalog)}; "
                "names of indexed catalogues: shop catalogs"
            )
        if not isinstance(model, str | LanguageModel | None):
            raise UsageError(
                f"model must be a name, a LanguageModel or None, not {_type(model)}; "
                "names: shop models"
            )
        vocabulary = catalog_vocabulary(catalog, home) if isinstance(catalog, str) else catalog
        return cls(vocabulary, _opened(model, home) if isinstance(model, str) else model)

    def read(self, text: str, moment: Moment) -> Intent:
        intent = understand(text, moment, self.vocabulary)
        if self.model is None or not text.strip():
            return intent
        try:
            return understand_with_model(
                intent, moment, self.vocabulary, self.model, deadline=READ_SECONDS
            )
        except ModelError:
            return intent


def _utterances(texts: Iterable[str], name: str) -> list[str]:
    """The texts, all of them checked before the first is read."""
    if isinstance(texts, str):
        raise UsageError(f"{name} must be several utterances, not one; for one: parse_intent(text)")
    try:
        said = list(texts)
    except TypeError:
        raise UsageError(f"{name} must be an iterable of utterances, not {_type(texts)}") from None
    for i, text in enumerate(said):
        if not isinstance(text, str):
            which = name if name == "text" else f"{name}[{i}]"
            cure = "decode it first" if isinstance(text, bytes) else 'give the words: "red socks"'
            raise UsageError(f"{which} must be a str, not {_type(text)}; {cure}")
    return said


def _given(moment: Moment | None) -> Moment:
    if not isinstance(moment, Moment | None):
        raise UsageError(
            f"moment must be a Moment or None, not {_type(moment)}; "
            "from JSON: Moment.from_json(record)"
        )
    return moment if moment is not None else Moment()


def _type(value: object) -> str:
    return type(value).__name__


_models: dict[tuple[str, Path], LanguageModel | None] = {}
_opening = threading.Lock()


def _opened(name: str, home: Path | None) -> LanguageModel | None:
    """The model of that name, loaded, so that no deadline of a reading has to include it."""
    key = (name, home if home is not None else home_dir())
    with _opening:
        if key not in _models:
            _models[key] = _open(name, home)
        return _models[key]


def _open(name: str, home: Path | None) -> LanguageModel | None:
    from assistant.llm import open_model

    try:
        model = open_model(name, home=home)
        load = getattr(model, "load", None)
        if load is not None:
            load()
    except ModelError as error:
        if name != "auto":
            raise
        _log.warning("%s; reading by rules alone", " ".join(str(error).split()))
        return None
    return model


def close_models() -> None:
    """Free the models opened by name; the next reading that names one opens it again.

    Runs by itself when the process ends, after the threads that read: native threads
    still at work in an interpreter that is being taken down would crash it.
    """
    with _opening:
        opened = [model for model in _models.values() if model is not None]
        _models.clear()
    for model in opened:
        model.close()


def _after_fork() -> None:
    """In a forked child, open models anew: the parent's have lost their native threads.

    They are kept, not freed, because freeing waits for those threads.
    """
    global _opening
    _opening = threading.Lock()
    _left_to_parent.extend(_models.values())
    _models.clear()


_left_to_parent: list[LanguageModel | None] = []

atexit.register(close_models)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)


def catalog_vocabulary(name: str, home: Path | None = None) -> Vocabulary:
    """The vocabulary of an indexed catalogue, without opening the index."""
    folder = CatalogFolder(name, home)
    version = folder.serving()
    if version is None:
        cure = "shop index demo" if name == "demo" else f"shop index FEED --name {name}"
        raise CatalogNotFound(f"no catalogue named {name!r} is indexed; run: {cure}")
    return _load_vocabulary(folder.version(version) / VOCABULARY)


@lru_cache(maxsize=4)
def _load_vocabulary(path: Path) -> Vocabulary:
    try:
        return Vocabulary.from_json(orjson.loads(path.read_bytes()))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexDamaged(f"{path} is damaged; index the feed again: shop index FEED") from error
