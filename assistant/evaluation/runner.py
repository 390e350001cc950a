"""Playing dialogues with the real assistant, and noting what it read and showed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from assistant.clock import Clock
from assistant.converse import Assistant
from assistant.evaluation.dialogue import Dialogue, DialogueError, Turn
from assistant.evaluation.shelf import Shelf
from assistant.finding import find
from assistant.intent import Act, Constraint, Intent, Reference
from assistant.llm.protocol import LanguageModel, ModelInfo, Prompt, Schema
from assistant.llm.wrapped import Wrapped
from assistant.modelwork import Budget
from assistant.moment import Moment
from assistant.opening import MODEL_SECONDS, Shop, open_shop
from assistant.reply import Done, Event, Question, Recommendation, Reply
from assistant.shopper import Shopper, find_shopper
from catalog.errors import ShopperNotFound, UsageError

PARSE_STAGES: Final = ("understand", "tagger_read", "model_read")
"""Stages of a turn that are reading the utterance; their sum is ``parse_ms``."""

_Holding = tuple[frozenset[str], frozenset[str]]
_WARM_UP: Final = ("something for a friend", "do you have flumberdoodles")
"""The second makes the assistant look for the nearest type, which embeds all their names once."""


@dataclass(frozen=True, slots=True)
class Ablation:
    """Which parts of understanding take part; everything does by default."""

    llm: bool = True
    tagger: bool = True
    adapter: bool = True
    grammar: bool = True
    history: bool = True

    @classmethod
    def without(cls, part: str) -> Ablation:
        """Everything but one part. Raises UsageError for a part that does not exist."""
        if part not in PARTS:
            raise UsageError(f"--ablate takes one of {', '.join(PARTS)}, not {part!r}")
        return cls(**{part: False})


PARTS: Final = ("llm", "tagger", "grammar", "adapter", "history")


def open_for(model: str, ablation: Ablation, home: Path | None = None) -> LanguageModel | None:
    """The model to read with under an ablation, None for no model.

    Raises ModelError for a model that cannot be had, UsageError as :func:`named_for` does.
    """
    from assistant.llm import open_model

    opened = open_model(named_for(model, ablation), home=home)
    if opened is not None and not ablation.grammar:
        return Unconstrained(opened)
    return opened


def named_for(model: str, ablation: Ablation) -> str:
    """The name of the model an ablation reads with.

    Raises UsageError when adapter or tagger is to be left out of a model that has none.
    """
    if not ablation.llm:
        return "none"
    if ablation.adapter and ablation.tagger:
        return model
    from assistant.llm import EMBEDDED, UNTAGGED, UNTUNED

    part, other = ("tagger", UNTAGGED) if ablation.adapter else ("adapter", UNTUNED)
    if model not in ("auto", EMBEDDED):
        raise UsageError(f"the model {model!r} has no {part} that could be left out")
    return other


class Unconstrained(Wrapped):
    """A model that is never told what form its answer must take: the ablation of the grammar."""

    def generate(
        self,
        prompt: Prompt,
        *,
        schema: Schema | None = None,
        max_tokens: int = 128,
        stop: Sequence[str] = (),
        deadline: float | None = None,
        probabilities: list[float] | None = None,
    ) -> Iterator[str]:
        """What the model says of its own accord; ``schema`` is left out."""
        return super().generate(
            prompt, max_tokens=max_tokens, stop=stop, deadline=deadline, probabilities=probabilities
        )

    def describe(self) -> ModelInfo:
        """The model's own description, marked."""
        info = self.model.describe()
        return replace(info, name=f"{info.name} without grammar")


class Listening(Assistant):
    """A conversation that can leave parts of a turn out.

    Without ``history`` each utterance is read as if it were the first (what it says is
    still folded into the Moment). Without ``reasons`` the model phrases none: the cards,
    and with them every metric, are settled before that, and it is most of a turn's time.
    """

    def __init__(
        self,
        shop: Shop,
        shopper: Shopper | None = None,
        *,
        history: bool = True,
        reasons: bool = False,
    ) -> None:
        super().__init__(shop, shopper)
        self._history = history
        self._phrases = reasons

    @property
    def meanings(self) -> Mapping[str, Constraint | None]:
        """What each answer to the open question would mean; empty when none is open."""
        return self._asked.meanings if self._asked is not None else {}

    @property
    def holding(self) -> _Holding:
        """Ids in the cart, and ids saved."""
        return frozenset(self._errands.cart), frozenset(self._errands.saved)

    def _understood(self, text: str, clock: Clock) -> Intent:
        with self._remembering():
            return super()._understood(text, clock)

    def _reread(self, intent: Intent, budget: Budget, clock: Clock) -> Intent:
        with self._remembering():
            return super()._reread(intent, budget, clock)

    @contextmanager
    def _remembering(self) -> Iterator[None]:
        """With the Moment, or without it where history is left out."""
        moment = self.moment
        if not self._history:
            self.moment = Moment()
        try:
            yield
        finally:
            self.moment = moment

    def _reasons(self, reply: Reply, budget: Budget, clock: Clock) -> Iterator[Event]:
        if self._phrases:
            yield from super()._reasons(reply, budget, clock)
        else:
            yield Done(replace(reply, timings=clock.total()))


@dataclass(frozen=True, slots=True)
class Heard:
    """What the assistant made of one utterance.

    ``references`` are those of every part of the utterance ("save it. do you have
    lids too?" has two). ``before`` is how many items were shown before the turn,
    ``did`` what changed about cart and saved items, ``ranking`` the ids of the whole
    ranking (best first) where a turn has a target product.
    """

    say: str
    intent: Intent | None = None
    moment: Moment = field(default_factory=Moment)
    references: tuple[Reference, ...] = ()
    shown: tuple[Recommendation, ...] = ()
    near_misses: tuple[Recommendation, ...] = ()
    matching: int = 0
    text: str = ""
    question: Question | None = None
    did: frozenset[Act] = frozenset()
    before: int = 0
    ranking: tuple[str, ...] = ()
    timings: Mapping[str, float] = field(default_factory=dict)
    error: str | None = None

    @property
    def parse_ms(self) -> float | None:
        """Milliseconds spent on reading; None when the turn failed before."""
        known = [self.timings[s] for s in PARSE_STAGES if s in self.timings]
        return sum(known) if known else None


@dataclass(frozen=True, slots=True)
class Played:
    """A dialogue with what was heard at each turn."""

    dialogue: Dialogue
    heard: tuple[Heard, ...]


@dataclass(slots=True)
class Stage:
    """A shop to play dialogues in: one catalogue, one model."""

    shop: Shop
    shelf: Shelf
    ablation: Ablation
    reasons: bool = False

    def converse(self, shopper: str | None = None) -> Listening:
        """A fresh conversation. Raises ShopperNotFound."""
        chosen = find_shopper(self.shop.shoppers, shopper) if shopper else None
        return Listening(self.shop, chosen, history=self.ablation.history, reasons=self.reasons)

    def close(self) -> None:
        """Close the index; the model stays open for the next catalogue."""
        self.shop.index.close()

    def warm_up(self) -> None:
        """Load what the first turn would load, so that no dialogue's timings pay for it."""
        talk = self.converse()
        for text in _WARM_UP:
            talk.reply(text)


def open_stage(
    catalog: str,
    model: LanguageModel | None,
    ablation: Ablation,
    *,
    home: Path | None = None,
    reasons: bool = False,
    model_seconds: float = MODEL_SECONDS,
) -> Stage:
    """Open an indexed catalogue for playing; the model is the caller's to close.

    Raises CatalogNotFound, IndexDamaged.
    """
    shop = open_shop(catalog, model, home=home, model_seconds=model_seconds)
    return Stage(shop, Shelf(shop.index), ablation, reasons)


def play(stage: Stage, dialogue: Dialogue, *, after: Callable[[], None] = lambda: None) -> Played:
    """Play one dialogue from its first turn; ``after`` is called once per turn.

    A turn that raises is a turn that failed, with the message; the conversation goes on.
    Raises DialogueError for a shopper the catalogue does not know.
    """
    try:
        talk = stage.converse(dialogue.shopper)
    except ShopperNotFound as error:
        raise DialogueError(f"{dialogue.file}, {dialogue.id}: {error}") from error
    heard: list[Heard] = []
    for turn in dialogue.turns:
        heard.append(_listen(stage, talk, turn, heard[-1] if heard else None))
        after()
    return Played(dialogue, tuple(heard))


def _listen(stage: Stage, talk: Listening, turn: Turn, before: Heard | None) -> Heard:
    shown = before.shown or before.near_misses if before is not None else ()
    held = talk.holding
    try:
        reply = talk.reply(turn.say)
    except Exception as error:  # whatever breaks a turn is a result of the evaluation
        told = f"{type(error).__name__}: {error}"
        return Heard(turn.say, moment=talk.moment, before=len(shown), error=told)
    said = (*reply.intent.before, reply.intent)
    pointed = [r for intent in said for r in intent.references]
    return Heard(
        turn.say,
        reply.intent,
        reply.moment,
        tuple({(r.kind, r.value): r for r in pointed}.values()),
        reply.recommendations,
        reply.near_misses,
        reply.matching,
        reply.text,
        reply.question,
        _done(held, talk.holding),
        len(shown),
        ranking(stage, reply, talk.shopper) if turn.expect.target else (),
        reply.timings,
    )


def ranking(stage: Stage, reply: Reply, shopper: Shopper | None) -> tuple[str, ...]:
    """Ids of everything the engine ranks for the reply's Moment, best first: what is shown, which a
    model may have chosen, then what asking for more would bring.
    """
    shown = [r.product.id for r in reply.recommendations]
    pool = (r.product.id for r in find(stage.shop.index, reply.moment, shopper).pool)
    return (*shown, *(i for i in pool if i not in shown))


def _done(before: _Holding, after: _Holding) -> frozenset[Act]:
    (cart, saved), (cart_now, saved_now) = before, after
    did = {Act.ADD_TO_CART} if cart_now - cart else set()
    did |= {Act.REMOVE_FROM_CART} if cart - cart_now else set()
    return frozenset(did | ({Act.SAVE} if saved_now - saved else set()))
