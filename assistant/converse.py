"""The conversation: one utterance in, cards at once, then what the model adds, then the whole reply."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from assistant import answers, judging, modelwork
from assistant.clock import Clock
from assistant.errands import Errands
from assistant.finding import Found, judged
from assistant.grounding import OF_PRICES, ground
from assistant.intent import Act, Constraint, Intent
from assistant.llm.protocol import LanguageModel
from assistant.modelwork import Budget
from assistant.moment import Moment, names_topic
from assistant.opening import MODEL_SECONDS, Shop, open_shop
from assistant.popularity import PERSONAL, checked, leaning_text
from assistant.questions import Asked, choose_question
from assistant.reader.read import MAX_CHARACTERS
from assistant.reader.references import REFERRING
from assistant.reply import CardsReady, Done, Event, ReasonsReady, Recommendation, Reply
from assistant.reranker import Reranker
from assistant.shopper import Shopper, find_shopper
from assistant.understand import understand, understand_at_once, understand_with_model
from catalog.errors import ModelError, ShopperNotFound
from catalog.text import tokens
from retrieval.index import Index

READ_SECONDS: Final = 8.0
"""What it may take to help reading, so that something is left for reasons."""

DOUBT: Final = 0.3
"""Confidence below which a reading is shown and asked about: of such readings seven in ten were
wrong in some part on the dev dialogues (docs/experiments.md)."""


class Assistant:
    """One conversation. Open the first with :meth:`open`, more on the same shop with
    :meth:`new_conversation`. One turn at a time: a second one waits for the first.
    """

    def __init__(self, shop: Shop, shopper: Shopper | None = None, *, owns: bool = False) -> None:
        self._shop = shop
        self._owns = owns
        self._turn = threading.Lock()
        self.shopper = shopper
        self.moment = Moment()
        self._errands = Errands(shop.index, shopper)
        self._errands.dial = shop.dial
        self._asked: Asked | None = None
        self._asked_fields: set[str] = set()
        self._seen: set[str] = set()
        self._knows_currency = False
        self._undo: Moment | None = None
        self._uncarried = False
        self._matching = 0

    @classmethod
    def open(
        cls,
        catalog: str = "demo",
        *,
        shopper: str | None = None,
        model: str | LanguageModel | None = "auto",
        home: Path | None = None,
        model_seconds: float = MODEL_SECONDS,
        dial: float = PERSONAL,
        reranker: str | Reranker | None = None,
    ) -> Assistant:
        """Open an indexed catalogue and a model.

        Args:
            catalog: the name it was indexed under.
            shopper: id or name of one of the catalogue's shoppers.
            model: a name for :func:`assistant.llm.open_model`, a model, or None for no model.
            home: where indexes and weights are; ``SHOPMOMENT_HOME`` by default.
            model_seconds: what the model may take in one turn.
            dial: how much what everybody buys counts, from 0 (popular) to 1 (personal: not at all);
                :meth:`lean` turns it later.
            reranker: ``hf:NAME``, a cross-encoder that judges wishes no field measures
                (:mod:`assistant.reranker`).

        Raises:
            CatalogNotFound, IndexDamaged, ShopperNotFound; UsageError for a dial outside of that;
                ModelError for a model or reranker that was
                named and cannot be had (without what ``auto`` means it goes on).

        """
        shop = open_shop(
            catalog,
            model,
            home=home,
            model_seconds=model_seconds,
            dial=checked(dial),
            reranker=reranker,
        )
        try:
            chosen = find_shopper(shop.shoppers, shopper) if shopper else None
        except ShopperNotFound:
            shop.close()
            raise
        shop.warm_up()
        return cls(shop, chosen, owns=True)

    def new_conversation(self, shopper: str | None = None) -> Assistant:
        """Another conversation on the same index and model, with an empty Moment."""
        chosen = find_shopper(self._shop.shoppers, shopper) if shopper else None
        return Assistant(self._shop, chosen)

    @property
    def index(self) -> Index:
        """The open index."""
        return self._shop.index

    @property
    def model(self) -> LanguageModel | None:
        """The model, None when the conversation runs without one."""
        return self._shop.model

    @property
    def model_problem(self) -> str | None:
        """Why the conversation runs without the model ``auto`` means, in one line; None if it does not."""
        return self._shop.model_problem

    @property
    def shoppers(self) -> tuple[tuple[str, str], ...]:
        """(id, name and one sentence) of the catalogue's shoppers."""
        return tuple(
            (s.id, f"{s.name}: {s.about}" if s.about else s.name)
            for s in self._shop.shoppers.values()
        )

    def greeting(self) -> str:
        """What the shop carries and, for a known shopper, what is worth knowing today."""
        lines = [answers.carries_text(self.index.vocabulary)]
        if self.index.info.warning:
            lines.append(self.index.info.warning)
        if self.shopper is not None:
            lines += self._errands.news()
        return " ".join(line for line in lines if line)

    def greeting_examples(self) -> tuple[str, ...]:
        """Three utterances this catalogue can answer."""
        return answers.example_utterances(self.index.vocabulary)

    def reply(self, text: str) -> Reply:
        """The whole reply to one utterance; waits for the model."""
        for event in self.stream(text):
            if isinstance(event, Done):
                return event.reply
        raise AssertionError("a turn ends with Done")

    def stream(self, text: str) -> Iterator[Event]:
        """One turn: :class:`CardsReady`, then :class:`ReasonsReady` per product, then :class:`Done`.

        While a model still reads, the first cards may be of what was read at once. The state
        moves on with the cards after it; a stream abandoned from there on costs reasons only.
        """
        with self._turn:
            for event in self._turn_of(text, Clock()):
                if isinstance(event, Done):
                    notes = event.reply.intent.notes
                    self._knows_currency |= any(n.startswith(OF_PRICES) for n in notes)
                yield event

    def drop(self, constraint: Constraint | None) -> Iterator[Event]:
        """Remove one constraint (a chip's cross), or the sort (None), and search again."""
        with self._turn:
            clock = Clock()
            moment = (
                replace(self.moment, sort=None)
                if constraint is None
                else self.moment.without(constraint)
            )
            intent = Intent(
                "", Act.CLEAR, cleared=("sort",) if constraint is None else (constraint.field,)
            )
            yield from self._search(intent, moment, "", clock, self._budget())

    @property
    def reranker(self) -> Reranker | None:
        """What judges in the model's place, if one was named."""
        return self._shop.reranker

    @property
    def dial(self) -> float:
        """From 0, what everybody buys, to 1, what this moment asks for: :mod:`assistant.popularity`."""
        return self._errands.dial

    def lean(self, dial: float) -> Iterator[Event]:
        """Turn the dial, and search again. Raises UsageError for one outside 0 to 1."""
        dial = checked(dial)
        with self._turn:
            clock = Clock()
            self._errands.dial = dial
            if self.moment:
                yield from self._search(
                    Intent("", Act.REFINE), self.moment, leaning_text(dial), clock, self._budget()
                )
            else:
                yield from self._plain(Intent("", Act.CHAT), leaning_text(dial), clock)

    def reset(self) -> None:
        """Forget the Moment and what was shown; cart and saved items stay."""
        with self._turn:
            self._start_over()

    def close(self) -> None:
        """Close index and model if this conversation opened them."""
        if self._owns:
            self._shop.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _start_over(self) -> None:
        self.moment = Moment(turn=self.moment.turn)
        self._errands.show((), None)
        self._asked = self._undo = None
        self._asked_fields.clear()
        self._seen.clear()

    def _understood(self, text: str, clock: Clock) -> Intent:
        """The deterministic reading, which is there at once."""
        intent = ground(understand(text, self.moment, self.index.vocabulary), self.index)
        clock.lap("understand")
        return intent

    def _marked(self, intent: Intent, clock: Clock) -> tuple[Intent, bool]:
        """The reading reconciled with the tagger's, and whether no model need be asked."""
        model = self._shop.model
        if model is None or not intent.text.strip():
            return intent, True
        try:
            better, sure = understand_at_once(intent, self.moment, self.index.vocabulary, model)
        except ModelError:
            return intent, False
        finally:
            clock.lap("tagger_read")
        return (ground(better, self.index) if better is not intent else intent), sure

    def _reread(self, intent: Intent, budget: Budget, clock: Clock) -> Intent:
        """The reading reconciled with the model's; the same without a model, or if it fails."""
        model = self._shop.model
        if model is None or not intent.text.strip():
            return intent
        try:
            better = understand_with_model(
                intent,
                self.moment,
                self.index.vocabulary,
                model,
                deadline=min(READ_SECONDS, budget.left),
            )
        except ModelError:
            return intent
        finally:
            clock.lap("model_read")
        return ground(better, self.index) if better is not intent else intent

    def _turn_of(self, text: str, clock: Clock) -> Iterator[Event]:
        early = self._early(text, clock)
        if early is not None:
            yield from early
            return
        intent = self._understood(text, clock)
        # The first turn may wait for weights to load: that is not the model's time.
        budget = self._budget()
        previewed: tuple[Moment, Found] | None = None
        at_once, sure = self._marked(intent, clock)
        if sure:
            intent = at_once
        else:
            previewed = self._previewed(at_once, clock)
            if previewed is not None:
                yield self._provisional(at_once, *previewed, clock)
            intent = self._reread(intent, budget, clock)
        said = self._ordered(intent)
        if intent.act is Act.CLEAR and "*" in intent.cleared:
            self._start_over()
            yield from self._plain(
                intent,
                self._joined(said, intent, "Starting over. What are you looking for?"),
                clock,
            )
            return
        self._leave_uncarried(intent)
        if intent.act is Act.MORE:
            yield from self._more(intent, said, clock)
            return
        intent = self._errands.resolve_comparatives(intent, self.moment)
        intent = self._errands.resolve_removal(intent, self.moment)
        intent = self._errands.resolve_likeness(intent, self.moment)
        done = self._errands.run(intent, self.moment)
        if done is not None:
            self._asked = None
            self.moment = done.moment if done.moment is not None else self.moment.fold(intent)
            shown, near = _apart(self._errands.cards(self.moment))
            reply = Reply(
                intent, self.moment, self._joined(said, intent, done.text), shown, near,
                done.question, done.differences,
            )  # fmt: skip
            yield from self._finish(reply, clock, model_on=())
            return
        if intent.act is Act.CHAT or not (
            intent.constraints
            or intent.cleared
            or intent.sort
            or intent.comparatives
            or intent.left_out
        ):
            talk = answers.chat_text(intent, self.index.vocabulary, self.moment)
            yield from self._plain(intent, self._joined(said, intent, talk), clock)
            return
        yield from self._wanted(intent, said, clock, budget, previewed)

    def _early(self, text: str, clock: Clock) -> Iterator[Event] | None:
        """The turn of an utterance that is heard without being read: the answer to a question asked
        before, or a complaint about what is shown; None for any other.
        """
        answered = self._asked.answer(text) if self._asked is not None else None
        if answered is not None:
            _, meaning = answered
            intent = Intent(text, Act.REFINE, (meaning,) if meaning else ())
            clock.lap("understand")
            return self._search(intent, self.moment.fold(intent), "", clock, self._budget())
        undo, self._undo = self._undo, None
        if undo is not None and (confirmed := answers.yes_or_no(text)) is not None:
            return self._settled(text, undo, confirmed, clock, self._budget())
        if len(text) > MAX_CHARACTERS:
            return None
        if (ordered := self._errands.heard(text, self.moment)) is not None:
            clock.lap("understand")
            return self._plain(Intent(text, Act.ADD_TO_CART), ordered.text, clock)
        complaint = self._errands.complaint(text, self.moment)
        return (
            self._complained(ground(complaint, self.index), clock)
            if complaint is not None
            else None
        )

    def _leave_uncarried(self, intent: Intent) -> None:
        """After "we don't carry that": whether the nearest things shown are gone on with, or left."""
        if not self._uncarried:
            return
        if intent.references or intent.act in REFERRING:
            # who asks about the nearest things has taken up what they were shown for
            self._uncarried = False
        elif intent.act is not Act.CHAT and not names_topic(intent):
            # back to the topic before; where there is none, what comes nearest is refined
            carried = self.index.vocabulary.has_type(tuple(tokens(intent.text)))
            if self.moment.parked or carried:
                self.moment = self.moment.back()

    def _complained(self, intent: Intent, clock: Clock) -> Iterator[Event]:
        """Say what the record tells of what is complained of, and show the rest."""
        clock.lap("understand")
        if intent.act is Act.REFINE:
            yield from self._search(intent, self.moment.fold(intent), "", clock, self._budget())
        else:
            yield from self._plain(intent, self._joined("", intent, ""), clock)

    def _wanted(
        self,
        intent: Intent,
        said: str,
        clock: Clock,
        budget: Budget,
        previewed: tuple[Moment, Found] | None,
    ) -> Iterator[Event]:
        """Search for what is wanted now, in the order asked for where anything states it."""
        moment = self.moment.fold(intent)
        if not moment and intent.act is Act.CLEAR:
            self.moment = moment
            talk = "Nothing is set any more. What are you looking for?"
            yield from self._plain(intent, self._joined(said, intent, talk), clock)
            return
        found = previewed[1] if previewed is not None and _same(previewed[0], moment) else None
        if intent.sort is not None:
            found = found or self._find(moment, clock)
            if found.recommendations and not answers.states(found, intent.sort):
                # the order before stays, and the shopper is told
                talk = answers.unsorted_text(intent.sort)
                intent, found = replace(intent, sort=None), None
                moment = self.moment.fold(intent)
                if not moment:
                    yield from self._plain(intent, self._joined(said, intent, talk), clock)
                    return
                said = f"{said} {talk}".strip()
        yield from self._search(intent, moment, said, clock, budget, found)

    def _budget(self) -> Budget:
        """The model's time in one turn, from now on."""
        return Budget.of(self._shop.model_seconds)

    def _ordered(self, intent: Intent) -> str:
        """Carry out what the utterance asks for first; what there is to say about it."""
        done = [self._errands.run(order, self.moment) for order in intent.before]
        return " ".join(d.text for d in done if d is not None and d.text)

    def _plain(self, intent: Intent, text: str, clock: Clock) -> Iterator[Event]:
        """An answer without new cards: what was shown stays."""
        self._asked = None
        self.moment = self.moment.fold(intent)
        reply = Reply(intent, self.moment, text, *_apart(self._errands.cards(self.moment)))
        yield from self._finish(reply, clock, model_on=())

    def _settled(
        self, text: str, undo: Moment, confirmed: bool, clock: Clock, budget: Budget
    ) -> Iterator[Event]:
        """The answer to "did I get that right?": go on, or back to what was wanted before."""
        intent = Intent(text, Act.CHAT)
        clock.lap("understand")
        if confirmed:
            yield from self._search(intent, self.moment, "", clock, budget)
            return
        self.moment = replace(undo, turn=self.moment.turn)
        talk = "Then say it again in other words, please."
        yield from self._plain(intent, self._joined("", intent, talk), clock)

    def _previewed(self, intent: Intent, clock: Clock) -> tuple[Moment, Found] | None:
        """What the reading at hand finds, to be looked at while the model still reads.

        Only where that reading is of a search and finds something: an order about an item is
        not carried out on a guess. Nothing is remembered of it.
        """
        if intent.act not in (Act.SEARCH, Act.REFINE) or intent.unread or not intent.constraints:
            return None
        moment = self.moment.fold(self._errands.resolve_comparatives(intent, self.moment))
        found = self._find(moment, clock)
        return (moment, found) if found.recommendations else None

    def _provisional(self, intent: Intent, moment: Moment, found: Found, clock: Clock) -> Event:
        text = self._joined("", intent, answers.found_text(found, moment))
        reply = Reply(
            intent, moment, text, found.recommendations, matching=found.matching,
            cart=self._errands.cart, saved=self._errands.saved, timings=clock.first_card(),
        )  # fmt: skip
        return CardsReady(reply)

    def _search(
        self,
        intent: Intent,
        moment: Moment,
        said: str,
        clock: Clock,
        budget: Budget,
        found: Found | None = None,
    ) -> Iterator[Event]:
        """Answer with what fits ``moment``; ``found`` where that was looked up already."""
        found = found or self._find(moment, clock)
        reply = self._searched(intent, moment, found, said)
        yield CardsReady(replace(reply, timings=clock.first_card()))
        better = self._judged(moment, found, budget, clock)
        if better is not None:
            before, reply = reply.recommendations, self._reordered(reply, better, moment, said)
            if [r.product.id for r in before] != [r.product.id for r in reply.recommendations]:
                yield CardsReady(replace(reply, timings=clock.first_card()))
        yield from self._reasons(reply, budget, clock)

    def _find(self, moment: Moment, clock: Clock, exclude: frozenset[str] = frozenset()) -> Found:
        found = self._errands.found(moment, exclude)
        clock.add(found.timings)
        clock.lap("retrieve_and_rank")
        return found

    def _searched(self, intent: Intent, moment: Moment, found: Found, said: str) -> Reply:
        """The reply the fields give; moves the conversation's state on."""
        if moment.kinds != self.moment.kinds:
            self._asked_fields.clear()
        previous, self.moment = self.moment, moment
        self._seen = {r.product.id for r in found.recommendations}
        self._asked = None
        self._uncarried = found.missing_type is not None
        self._matching = found.matching
        if found.recommendations:
            text = answers.found_text(found, moment)
            self._asked = choose_question(self.index, moment, found.matching, self._asked_fields)
        else:
            text = answers.nothing_text(found, moment)
        question = None
        if intent.confidence is not None and intent.confidence < DOUBT and intent.constraints:
            # one question at a time: first whether this is what was meant
            self._asked, self._undo = None, previous
            question = answers.doubt(intent)
        elif self._asked is not None:
            question = self._asked.question
            self._asked_fields.add(question.field)
        if found.recommendations or found.near_misses:
            self._errands.show(found.recommendations or found.near_misses, moment)
        return Reply(
            intent, moment, self._joined(said, intent, text), found.recommendations, found.near_misses,
            question, matching=found.matching, cart=self._errands.cart, saved=self._errands.saved,
        )  # fmt: skip

    def _more(self, intent: Intent, said: str, clock: Clock) -> Iterator[Event]:
        if not self.moment:
            talk = "More of what? Tell me what you are looking for."
            yield from self._plain(intent, self._joined(said, intent, talk), clock)
            return
        found = self._find(self.moment, clock, exclude=frozenset(self._seen))
        if not found.recommendations:
            talk = "That was all of them."
            yield from self._plain(intent, self._joined(said, intent, talk), clock)
            return
        self._seen |= {r.product.id for r in found.recommendations}
        self._errands.show(found.recommendations, self.moment)
        self.moment = self.moment.fold(intent)
        text = answers.found_text(found, self.moment, more=True)
        reply = Reply(
            intent,
            self.moment,
            self._joined(said, intent, text),
            found.recommendations,
            matching=found.matching,
        )
        yield from self._finish(reply, clock, model_on=found.recommendations[: modelwork.PHRASED])

    def _joined(self, said: str, intent: Intent, text: str) -> str:
        notes = (n for n in intent.notes if not (self._knows_currency and n.startswith(OF_PRICES)))
        return " ".join(s for s in (said, *notes, text) if s)

    def _judged(self, moment: Moment, found: Found, budget: Budget, clock: Clock) -> Found | None:
        """What was found, shifted by the model's judgement; None where it is not to judge or fails."""
        judge = judging.judge_of(self._shop.model, self._shop.reranker)
        if judge is None or not found.recommendations:
            return None
        if moment.sort or not judging.has_open_wishes(moment, found.around.fields):
            return None
        try:
            probabilities = judging.judge_products(judge, moment, found.pool, budget)
        except ModelError:
            return None
        finally:
            clock.lap("model_rank")
        return judged(found, probabilities) if probabilities else None

    def _reordered(self, reply: Reply, found: Found, moment: Moment, said: str) -> Reply:
        """The reply with what was found as the model judged it."""
        self._seen = {r.product.id for r in found.recommendations}
        self._errands.show(found.recommendations, moment)
        text = self._joined(said, reply.intent, answers.found_text(found, moment))
        return replace(reply, recommendations=found.recommendations, text=text)

    def _finish(
        self, reply: Reply, clock: Clock, model_on: tuple[Recommendation, ...]
    ) -> Iterator[Event]:
        matching = reply.matching or (self._matching if reply.recommendations else 0)
        reply = replace(
            reply, cart=self._errands.cart, saved=self._errands.saved, matching=matching
        )
        yield CardsReady(replace(reply, timings=clock.first_card()))
        if model_on:
            yield from self._reasons(reply, Budget.of(self._shop.model_seconds), clock)
        else:
            yield Done(replace(reply, timings=clock.total()))

    def _reasons(self, reply: Reply, budget: Budget, clock: Clock) -> Iterator[Event]:
        """Reasons in the model's words for the first few, each checked; then the whole reply."""
        shown = list(reply.recommendations)
        for i, recommendation in enumerate(shown[: modelwork.PHRASED]):
            if self._shop.model is None or budget.left <= 0:
                break
            try:
                reasons = modelwork.phrase_reasons(
                    self._shop.model, reply.moment, recommendation, budget
                )
            except ModelError:
                break
            if reasons is not None:
                shown[i] = replace(recommendation, reasons=reasons)
                yield ReasonsReady(recommendation.product.id, reasons)
        clock.lap("model_reasons")
        reply = replace(reply, recommendations=tuple(shown), refused=tuple(budget.refused))
        if shown or reply.near_misses:
            self._errands.show(reply.recommendations or reply.near_misses, reply.moment)
        yield Done(replace(reply, timings=clock.total()))


def _same(one: Moment, other: Moment) -> bool:
    """Whether two Moments want the same, whatever words were taken for it."""
    bare, others = ({replace(c, span="") for c in m.constraints} for m in (one, other))
    return bare == others and one.sort == other.sort


def _apart(
    shown: tuple[Recommendation, ...],
) -> tuple[tuple[Recommendation, ...], tuple[Recommendation, ...]]:
    """What fits, and the near misses, which are never mixed with it."""
    return tuple(r for r in shown if not r.near_miss), tuple(r for r in shown if r.near_miss)


__all__ = ["Assistant", "Shop"]
