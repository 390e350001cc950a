"""A lock that many readers hold together and a writer alone."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class SharedLock:
    """Readers share it; a writer waits for those inside and keeps new ones waiting meanwhile.

    A thread that reads may enter again, and then never waits; it must not ask to be alone.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._inside = 0
        self._writers = 0
        self._alone = False
        self._thread = threading.local()

    @property
    def held(self) -> bool:
        """Whether this thread is inside as a reader."""
        return getattr(self._thread, "depth", 0) > 0

    @contextmanager
    def shared(self) -> Iterator[None]:
        """Be inside with other readers."""
        depth = getattr(self._thread, "depth", 0)
        if not depth:
            with self._changed:
                self._changed.wait_for(lambda: not self._writers)
                self._inside += 1
        self._thread.depth = depth + 1
        try:
            yield
        finally:
            self._thread.depth = depth
            if not depth:
                with self._changed:
                    self._inside -= 1
                    self._changed.notify_all()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Be inside with nobody else."""
        with self._changed:
            self._writers += 1
            self._changed.wait_for(lambda: not self._inside and not self._alone)
            self._alone = True
        try:
            yield
        finally:
            with self._changed:
                self._alone = False
                self._writers -= 1
                self._changed.notify_all()
