"""Suites on text written by others: QueryNER, MG-ShopDial, CoSRec and Crowdflower.

None of that text comes with the program; :mod:`.reading` says where it is looked for. The
suites are loaded when they run, so that naming them costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from assistant.evaluation.suites import Outcome, Setup
    from assistant.llm.protocol import LanguageModel


class QueryNER:
    """Search queries with labelled spans."""

    about = "QueryNER dev: which words of a search query are what, against a dictionary"
    uses_model = True

    def evaluate(self, setup: Setup, model: LanguageModel | None) -> Outcome:
        """See :func:`assistant.evaluation.external.queryner.evaluate`."""
        from assistant.evaluation.external.queryner import evaluate

        return evaluate(setup, model)


class ShopDial:
    """Shopping dialogues between two people."""

    about = "MG-ShopDial: what an utterance does, against keywords"
    uses_model = True

    def evaluate(self, setup: Setup, model: LanguageModel | None) -> Outcome:
        """See :func:`assistant.evaluation.external.shopdial.evaluate`."""
        from assistant.evaluation.external.shopdial import evaluate

        return evaluate(setup, model)


class CoSRec:
    """Shopping conversations with stand-alone rewrites of their turns."""

    about = "CoSRec: the Moment's text after a turn, against people's stand-alone rewrites"
    uses_model = True

    def evaluate(self, setup: Setup, model: LanguageModel | None) -> Outcome:
        """See :func:`assistant.evaluation.external.cosrec.evaluate`."""
        from assistant.evaluation.external.cosrec import evaluate

        return evaluate(setup, model)


class Relevance:
    """Search queries with judged products."""

    about = "Crowdflower: what a search brings to the top, against other ways of retrieval"
    uses_model = False

    def evaluate(self, setup: Setup, model: LanguageModel | None) -> Outcome:
        """See :func:`assistant.evaluation.external.relevance.evaluate`."""
        from assistant.evaluation.external.relevance import evaluate

        return evaluate(setup, model)


EXTERNAL: Final[dict[str, QueryNER | ShopDial | CoSRec | Relevance]] = {
    "queryner": QueryNER(),
    "shopdial": ShopDial(),
    "cosrec": CoSRec(),
    "relevance": Relevance(),
}
"""The suites by name."""
