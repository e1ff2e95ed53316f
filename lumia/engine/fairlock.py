"""A lock that is handed over in the order of asking; SQLite's own waiting lets some writers starve."""

from __future__ import annotations

import threading
from collections import deque

from lumia.errors import Conflict, TransactionError

__all__ = ["FairLock"]


class FairLock:
    """First come, first served; it knows its holder, so that a thread does not wait for itself."""

    def __init__(self, reason: str) -> None:
        """Make an unheld lock; `reason` is what a thread is told that asks for it while holding it."""
        self._guard = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._held = False
        self._holder: int | None = None
        self._reason = reason

    def acquire(self, timeout: float) -> None:
        """Take the lock, waiting at most `timeout` seconds.

        Raises:
            TransactionError: this thread holds it already.
            Conflict: it did not become free in time.
        """
        me = threading.get_ident()
        with self._guard:
            if not self._held:
                self._held = True
                self._holder = me
                return
            if self._holder == me:
                raise TransactionError(self._reason)
            turn = threading.Lock()
            turn.acquire()
            self._waiting.append(turn)
        got = False
        try:
            got = turn.acquire(timeout=timeout)
        finally:
            if not got:
                self._give_up(turn)
        if not got:
            message = "the right to write did not become free in time; repeat the unit of work"
            raise Conflict(message)
        self._holder = me

    def _give_up(self, turn: threading.Lock) -> None:
        with self._guard:
            if turn in self._waiting:
                self._waiting.remove(turn)
                return
        # It was handed over in the very moment of giving up: hand it on.
        self.release()

    def release(self) -> None:
        """Hand the lock to whoever waits longest."""
        with self._guard:
            self._holder = None
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._held = False
