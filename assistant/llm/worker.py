"""Run one blocking job of a model in a thread, with a deadline that holds."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from queue import Empty, SimpleQueue
from typing import Any, Generic, TypeVar

from catalog.errors import ModelError, ModelTimeout

T = TypeVar("T")


class Job(Generic[T]):
    """What the running side of :meth:`Worker.stream` gets: where to put pieces, when to stop."""

    def __init__(self) -> None:
        self._pieces: SimpleQueue[T | BaseException | None] = SimpleQueue()
        self._cancelled = threading.Event()

    @property
    def cancelled(self) -> bool:
        """True once nobody waits for the answer any more; the job should end soon."""
        return self._cancelled.is_set()

    def emit(self, piece: T) -> None:
        """Hand one piece to the caller."""
        self._pieces.put(piece)


class Worker:
    """Runs jobs in threads of their own; ``one_at_a_time`` for models in this process.

    One at a time keeps answers reproducible (batching two requests changes the
    rounding of both) and is no slower where one request already uses every core.
    A caller whose deadline passes gets :class:`ModelTimeout` at once; its job
    notices ``cancelled`` and gives up its turn as soon as native code lets it.
    """

    def __init__(self, name: str, *, one_at_a_time: bool = True) -> None:
        self._name = name
        self._turn: AbstractContextManager[Any] = (
            threading.Lock() if one_at_a_time else nullcontext()
        )

    def stream(self, run: Callable[[Job[T]], None], deadline: float | None) -> Iterator[T]:
        """Yield what ``run`` emits. ``deadline``: seconds from this call.

        Raises ``ModelTimeout`` when it passes, and ``ModelError`` for whatever went
        wrong in the job, in one line.
        """
        ends = None if deadline is None else time.monotonic() + deadline
        return self._pieces(run, deadline, ends)

    def start(self, run: Callable[[Job[T]], None]) -> None:
        """Run a job nobody waits for; an error is left to the call that meets it again."""
        job: Job[T] = Job()
        threading.Thread(target=self._run, args=(run, job), name=self._name).start()

    def wait(self) -> None:
        """Return when the job that has its turn now is over."""
        with self._turn:
            return

    def _pieces(
        self, run: Callable[[Job[T]], None], deadline: float | None, ends: float | None
    ) -> Iterator[T]:
        job: Job[T] = Job()
        # Not a daemon: native code that calls back into a finalising interpreter crashes it.
        threading.Thread(target=self._run, args=(run, job), name=self._name).start()
        try:
            while True:
                try:
                    left = None if ends is None else max(0.0, ends - time.monotonic())
                    piece = job._pieces.get(timeout=left)
                except Empty:
                    raise ModelTimeout(
                        f"{self._name} did not answer within {deadline:g} s; "
                        "the turn goes on without it"
                    ) from None
                if piece is None:
                    return
                if isinstance(piece, ModelError):
                    raise piece
                if isinstance(piece, BaseException):
                    reason = (str(piece) or type(piece).__name__).splitlines()[0]
                    raise ModelError(f"{self._name} failed: {reason}") from piece
                yield piece
        finally:
            job._cancelled.set()

    def _run(self, run: Callable[[Job[T]], None], job: Job[T]) -> None:
        try:
            with self._turn:
                if not job.cancelled:
                    run(job)
            job._pieces.put(None)
        except BaseException as error:  # handed to the waiting caller, who raises it
            job._pieces.put(error)
