"""Intent parsing alone: no page, no index, no vector store."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import orjson

from assistant.intent import Intent
from assistant.llm.protocol import LanguageModel
from assistant.moment import Moment
from assistant.understand import leaves_open, understand, understand_with_model
from catalog.errors import CatalogNotFound, IndexDamaged, ModelError
from retrieval.storage import VOCABULARY, CatalogFolder
from retrieval.vocabulary import Vocabulary

_SECONDS = 10.0


def parse_intent(
    text: str,
    *,
    moment: Moment | None = None,
    catalog: str | Vocabulary | None = None,
    model: str | LanguageModel | None = None,
    home: Path | None = None,
) -> Intent:
    """What one utterance says.

    Args:
        text: the utterance; any text at all, of which the first 2,000 characters are read.
        moment: what was wanted before, so that "cheaper" or "not white" refines it.
        catalog: the name of an indexed catalogue (or its vocabulary) whose types,
            brands and attribute values are to be recognised; None knows common
            colours, materials, sizes and units only.
        model: a language model, or a name for :func:`assistant.llm.open_model`, to help
            where the deterministic reader has to guess; None reads without one.
        home: where indexes are; ``SHOPMOMENT_HOME`` by default.

    Raises:
        CatalogNotFound: no catalogue of that name is indexed.
        ModelError: the named model cannot be had. (One that fails while reading is
            not an error: the deterministic reading stands.)

    """
    vocabulary = catalog_vocabulary(catalog, home) if isinstance(catalog, str) else catalog
    intent = understand(text, moment or Moment(), vocabulary)
    if model is None or not leaves_open(intent, vocabulary):
        return intent
    opened = _model(model) if isinstance(model, str) else model
    if opened is None:
        return intent
    try:
        return understand_with_model(
            intent, moment or Moment(), vocabulary, opened, deadline=_SECONDS
        )
    except ModelError:
        return intent


@lru_cache(maxsize=4)
def _model(name: str) -> LanguageModel | None:
    from assistant.llm import open_model

    return open_model(name)


def catalog_vocabulary(name: str, home: Path | None = None) -> Vocabulary:
    """The vocabulary of an indexed catalogue, without opening the index."""
    folder = CatalogFolder(name, home)
    version = folder.serving()
    if version is None:
        raise CatalogNotFound(
            f"no catalogue named {name!r} is indexed; run: shop index FEED --name {name}"
        )
    return _load_vocabulary(folder.version(version) / VOCABULARY)


@lru_cache(maxsize=4)
def _load_vocabulary(path: Path) -> Vocabulary:
    try:
        return Vocabulary.from_json(orjson.loads(path.read_bytes()))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexDamaged(f"{path} is damaged; index the feed again: shop index FEED") from error
