"""One browser tab: its conversation, what waits to be said, and what it shows. No web framework here."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Final, Protocol

from assistant.intent import Act
from assistant.moment import Chip, Moment
from assistant.reply import Difference, Done, Event, ReasonsReady, Recommendation, Reply
from assistant.ui.cards import CHIP_CHARS, plain_text
from assistant.ui.record import Record
from catalog.constraint import Constraint
from catalog.errors import ShopmomentError, UsageError
from catalog.product import Product
from catalog.text import clean

MAX_CHARS: Final = 4000
"""Longest utterance read; what comes after is cut off, and the shopper is told."""

_KEEPS_SHELF: Final = frozenset(
    {Act.ASK, Act.COMPARE, Act.SAVE, Act.ADD_TO_CART, Act.REMOVE_FROM_CART, Act.CHAT}
)
_ORDINALS: Final = (
    "first", "second", "third", "fourth", "fifth", "sixth",
    "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth",
)  # fmt: skip

log = logging.getLogger(__name__)


class Talker(Protocol):
    """What the page asks of an :class:`assistant.converse.Assistant`."""

    @property
    def moment(self) -> Moment:
        """What is wanted now."""
        ...

    @property
    def shoppers(self) -> tuple[tuple[str, str], ...]:
        """(id, name and one sentence) of the catalogue's shoppers."""
        ...

    def new_conversation(self, shopper: str | None = None) -> Talker:
        """The same index and model with an empty Moment."""
        ...

    def stream(self, text: str) -> Iterator[Event]:
        """The events of one utterance."""
        ...

    def drop(self, constraint: Constraint | None) -> Iterator[Event]:
        """The events of taking one constraint, or the sort (None), back."""
        ...

    @property
    def dial(self) -> float:
        """From 0, what everybody buys, to 1, what was asked for."""
        ...

    def lean(self, dial: float) -> Iterator[Event]:
        """The events of turning the dial."""
        ...

    def greeting(self) -> str:
        """What the shop carries, in a sentence."""
        ...

    def greeting_examples(self) -> tuple[str, ...]:
        """Utterances to begin with."""
        ...

    def close(self) -> None:
        """Free what it holds."""
        ...


@dataclass(slots=True)
class Turn:
    """What was said and what came back, as the chat shows it."""

    said: str
    start: Callable[[Talker], Iterator[Event]]
    note: str = ""
    """Said before the answer: that the utterance was cut, for instance."""
    answer: str = ""
    error: bool = False
    differences: tuple[Difference, ...] = ()
    compared: tuple[Recommendation, ...] = ()
    options: tuple[str, ...] = ()
    reply: Reply | None = None
    """The latest reply; the whole one once the turn is done."""
    done: bool = False


@dataclass(slots=True)
class Session:
    """A conversation and its view. ``run`` works off the turns that ``say``, ``drop`` and ``act`` add."""

    talker: Talker
    record: Record
    """What can be saved of it; a new conversation has a new one."""
    turns: list[Turn] = field(default_factory=list)
    reply: Reply | None = None
    """What the shelf shows."""
    chips: tuple[Chip, ...] = ()
    status: str = ""
    parity: int = 0
    saved: tuple[str, ...] = ()
    cart: tuple[str, ...] = ()
    products: dict[str, Product] = field(default_factory=dict)
    """Every product shown so far, for the names in the lists."""
    _waiting: deque[Turn] = field(default_factory=deque)
    _running: bool = False
    _mutex: Lock = field(default_factory=Lock)

    def say(self, text: str) -> bool:
        """Queue an utterance; False when there is nothing to say."""
        said = clean(text[:MAX_CHARS])
        if not said:
            return False
        turn = Turn(said, lambda talker: talker.stream(said))
        if len(text.strip()) > MAX_CHARS:
            turn.note = f"That was long; I read the first {MAX_CHARS:,} characters."
        return self._queue(turn)

    def drop(self, label: str) -> bool:
        """Queue the removal of the chip with that label."""
        return self._queue(Turn(f"Without “{label}”", lambda talker: self._drop(talker, label)))

    def lean(self, dial: float) -> bool:
        """Queue a turn of the dial between popular and personal."""
        said = f"{'More popular' if dial < self.talker.dial else 'More personal'}, please"
        return self._queue(Turn(said, lambda talker: talker.lean(dial)))

    def act(self, act: str, item: str) -> bool:
        """Queue a card's button: ``save`` or ``cart`` of a product id."""
        product = self.products.get(item)
        if product is None or act not in ("save", "cart"):
            return False
        said = f"Save {product.title}" if act == "save" else f"Add {product.title} to my cart"
        return self._queue(Turn(clean(said), lambda talker: self._act(talker, act, item)))

    def run(self) -> Iterator[None]:
        """Play what is queued, in order; yields whenever there is something new to show.

        When another thread already plays this session the call returns at once:
        that thread takes the new turn too.
        """
        with self._mutex:
            if self._running:
                return
            self._running = True
        playing = True
        try:
            while playing:
                turn = self._next()
                if turn is None:
                    playing = False
                else:
                    yield from self._play(turn)
        finally:
            # Still playing here means that the browser left in the middle of a turn.
            if playing:
                with self._mutex:
                    self._running = False

    def _queue(self, turn: Turn) -> bool:
        with self._mutex:
            self.turns.append(turn)
            self._waiting.append(turn)
        return True

    def _next(self) -> Turn | None:
        with self._mutex:
            if self._waiting:
                return self._waiting.popleft()
            # Decided under the lock: a turn queued after this finds nobody running.
            self._running = False
            return None

    def _play(self, turn: Turn) -> Iterator[None]:
        self.status = "looking…"
        yield
        try:
            for event in turn.start(self.talker):
                self._show(turn, event)
                yield
        except ShopmomentError as problem:
            turn.answer, turn.error = str(problem), True
        except Exception:
            # The page is the last to know: log it whole, say it in a line, and go on.
            log.exception("a turn failed: %.200r", turn.said)
            turn.answer = "That went wrong on our side; the server's log says why. Try other words."
            turn.error = True
        finally:
            turn.done, self.status = True, ""
            # Also when it broke off after the cards: what is wanted has moved on with them.
            if turn.reply is not None:
                self.record.add(turn.reply)
        yield

    def _show(self, turn: Turn, event: Event) -> None:
        if isinstance(event, ReasonsReady):
            self._improve(event)
            return
        reply = turn.reply = event.reply
        turn.answer = reply.text
        if reply.differences:
            turn.differences, turn.compared = reply.differences, reply.recommendations
        self.saved, self.cart = reply.saved, reply.cart
        self.chips = self.talker.moment.chips()
        shown = (*reply.recommendations, *reply.near_misses)
        self.products.update({r.product.id: r.product for r in shown})
        if shown or self.reply is None or reply.intent.act not in _KEEPS_SHELF:
            if _ids(self.reply) != _ids(reply):
                self.parity += 1
            self.reply = reply
        self.status = "" if isinstance(event, Done) else "adding reasons…"
        turn.options = ()
        if reply.question is not None:
            turn.options = reply.question.options
            if reply.question.text not in reply.text:
                turn.answer = f"{reply.text}\n{reply.question.text}".strip()

    def _improve(self, event: ReasonsReady) -> None:
        if self.reply is None:
            return
        better = tuple(
            replace(r, reasons=event.reasons) if r.product.id == event.product_id else r
            for r in self.reply.recommendations
        )
        self.reply = replace(self.reply, recommendations=better)

    def _drop(self, talker: Talker, label: str) -> Iterator[Event]:
        for chip in talker.moment.chips():
            if plain_text(chip.label, CHIP_CHARS) == label:
                yield from talker.drop(chip.constraint)
                return
        raise UsageError(f"“{label}” is no longer among the wishes.")

    def _act(self, talker: Talker, act: str, item: str) -> Iterator[Event]:
        reply = self.reply
        # As the assistant counts: near misses are what is shown when nothing fits.
        listed = () if reply is None else reply.recommendations or reply.near_misses
        shown = [r.product.id for r in listed]
        # The list may have changed while the click waited, so the place is looked up now.
        if item not in shown[: len(_ORDINALS)]:
            raise UsageError("That one has left the list; say its name and I'll look for it.")
        place = _ORDINALS[shown.index(item)]
        verb = "save the {} one" if act == "save" else "add the {} one to my cart"
        yield from talker.stream(verb.format(place))


def _ids(reply: Reply | None) -> tuple[str, ...]:
    shown = () if reply is None else (*reply.recommendations, *reply.near_misses)
    return tuple(r.product.id for r in shown)
