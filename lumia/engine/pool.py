"""A pool of sessions: the warm ones first, opened by who needs them, looked at before they are lent."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

from lumia.errors import PoolExhausted

__all__ = ["LifoPool"]


class _Closable(Protocol):
    def close(self) -> None: ...


S = TypeVar("S", bound=_Closable)


class _Waiter(Generic[S]):
    """Someone in the queue: woken with a session, or with None and the right to open one."""

    def __init__(self) -> None:
        self.turn = threading.Lock()
        self.turn.acquire()
        self.session: S | None = None


class LifoPool(Generic[S]):
    """At most `size` sessions, lent last in first out; who waits is served in the order of asking.

    Whoever needs a session and finds none idle opens it there and then, so that the reason why it cannot be opened is
    told in its own words and at once. Lending an idle one takes no lock.
    """

    def __init__(
        self, open_one: Callable[[], S], *, size: int, timeout: float, alive: Callable[[S], bool] | None = None
    ) -> None:
        """Begin empty.

        Args:
            open_one: makes a session, or raises why it cannot.
            size: the most that are open at once.
            timeout: seconds that a caller waits before `PoolExhausted`.
            alive: whether an idle session may be lent; one that may not is closed.
        """
        self._open_one = open_one
        self._size = size
        self._timeout = timeout
        self._alive = alive
        self._idle: list[S] = []
        self._opened = 0
        self._guard = threading.Lock()
        self._waiting: deque[_Waiter[S]] = deque()

    def acquire(self) -> S:
        """Lend a session.

        Raises:
            PoolExhausted: all are lent and none came back in time.
        """
        while True:
            try:
                session = self._idle.pop()
            except IndexError:
                found = self._wait_or_open()
                if found is None:
                    return self._opened_anew()
                session = found
            if self._alive is None or self._alive(session):
                return session
            self.discard(session)

    def _wait_or_open(self) -> S | None:
        """Give an idle session, or None and with it the right to open one."""
        with self._guard:
            if self._opened < self._size:
                self._opened += 1
                return None
            waiter: _Waiter[S] = _Waiter()
            self._waiting.append(waiter)
        # Who gives back looks for waiters after it has laid the session down; who waits looks for it after queueing.
        self._serve()
        served = False
        try:
            served = waiter.turn.acquire(timeout=self._timeout)
        finally:
            if not served:
                self._leave(waiter)
        if not served:
            message = "no connection became free in time; end units of work sooner or raise the pool's size"
            raise PoolExhausted(message)
        return waiter.session

    def _leave(self, waiter: _Waiter[S]) -> None:
        with self._guard:
            if waiter in self._waiting:
                self._waiting.remove(waiter)
                return
        # It was served in the very moment of giving up: pass it on.
        if waiter.session is None:
            self._forget_one()
        else:
            self.release(waiter.session)

    def _opened_anew(self) -> S:
        try:
            return self._open_one()
        except BaseException:
            self._forget_one()
            raise

    def _serve(self) -> None:
        with self._guard:
            while self._waiting:
                try:
                    session = self._idle.pop()
                except IndexError:
                    return
                waiter = self._waiting.popleft()
                waiter.session = session
                waiter.turn.release()

    def release(self, session: S) -> None:
        """Take a session back that may be lent again."""
        self._idle.append(session)
        if self._waiting:
            self._serve()

    def discard(self, session: S) -> None:
        """Take a session back that is of no use any more, and close it."""
        try:
            session.close()
        finally:
            self._forget_one()

    def _forget_one(self) -> None:
        with self._guard:
            if self._waiting:
                # The place goes to who waits longest, who opens a new one.
                self._waiting.popleft().turn.release()
            else:
                self._opened -= 1

    def adopt(self, session: S) -> None:
        """Take in a session that was opened elsewhere."""
        with self._guard:
            self._opened += 1
        self.release(session)

    def take_idle(self) -> S | None:
        """Take an idle session out of the pool for good, or None."""
        try:
            session = self._idle.pop()
        except IndexError:
            return None
        self._forget_one()
        return session

    def close_idle(self) -> None:
        """Close the sessions that nobody uses now."""
        while (session := self.take_idle()) is not None:
            session.close()
