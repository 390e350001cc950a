"""Opening a shop: index, model and shoppers, shared by all conversations about one catalogue."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from assistant.llm import open_model
from assistant.llm.prompting import to_prompt
from assistant.llm.protocol import LanguageModel
from assistant.popularity import PERSONAL
from assistant.reranker import Reranker, open_reranker
from assistant.shopper import Shopper, load_shoppers
from assistant.understand import prompt_for
from catalog.errors import ModelError, ShopmomentError
from prompts import render
from retrieval.index import Index, open_index

MODEL_SECONDS: Final = 12.0
"""What the model may take in one turn, all its stages together."""
_WARM_UP_SECONDS: Final = 60.0


@dataclass(slots=True)
class Shop:
    """What all conversations about one catalogue share."""

    index: Index
    model: LanguageModel | None
    shoppers: Mapping[str, Shopper]
    model_seconds: float = MODEL_SECONDS
    dial: float = PERSONAL
    """Where a conversation's dial is at its beginning: :mod:`assistant.popularity`."""
    model_problem: str | None = None
    reranker: Reranker | None = None
    """Judges in the model's place."""
    _warming: threading.Thread | None = field(default=None, repr=False)

    def warm_up(self) -> None:
        """Load the embedder, then the model, beside whatever the caller does next.

        A failure shows again, with its message, where they are first used.
        """

        def load() -> None:
            with suppress(ShopmomentError):
                self.index.embed("warm up")
            warm = getattr(self.model, "warm_up", None)
            if warm is not None and self.model is not None:
                with suppress(ShopmomentError):
                    reason = to_prompt(render("reason", wants="", product="", facts=""))
                    warm(prompt_for("warm up", "", self.model), reason)

        self._warming = threading.Thread(target=load, name="warm-up", daemon=True)
        self._warming.start()

    def close(self) -> None:
        """Close index and model, once the warm-up has ended.

        Native threads cut off at exit can take the whole process down with them.
        """
        if self._warming is not None:
            self._warming.join(_WARM_UP_SECONDS)
        self.index.close()
        if self.model is not None:
            self.model.close()


def open_shop(
    catalog: str,
    model: str | LanguageModel | None,
    *,
    home: Path | None = None,
    model_seconds: float = MODEL_SECONDS,
    dial: float = PERSONAL,
    reranker: str | Reranker | None = None,
) -> Shop:
    """Open an indexed catalogue, its shoppers and a model; see :meth:`assistant.converse.Assistant.open`."""
    judge = open_reranker(reranker) if isinstance(reranker, str) else reranker
    if judge is not None:
        judge.load()  # what was named must be there, and not be looked for again in every turn
    index = open_index(catalog, home=home)
    try:
        shoppers = _shoppers(index)
        opened, problem = _opened(model, home)
    except BaseException:
        index.close()
        raise
    return Shop(index, opened, shoppers, model_seconds, dial, problem, judge)


def _opened(
    model: str | LanguageModel | None, home: Path | None
) -> tuple[LanguageModel | None, str | None]:
    """The model, and why there is none.

    What ``auto`` means may be missing, and the shop still answers; a model that was
    named must be there.
    """
    if not isinstance(model, str):
        return model, None
    try:
        return open_model(model, home=home), None
    except ModelError as error:
        if model != "auto":
            raise
        return None, f"{error}; answering without a language model"


def _shoppers(index: Index) -> Mapping[str, Shopper]:
    """The shoppers that belong to an index: beside it, or the demo shop's own."""
    beside = index.info.path.parent.parent / "shoppers.jsonl"
    currency = index.vocabulary.currency
    if beside.exists():
        return load_shoppers(beside, currency)
    if index.info.source == "demo":
        from catalog.demo import SHOPPERS

        return load_shoppers(SHOPPERS, currency)
    return {}
