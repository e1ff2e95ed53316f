"""The right to write is handed over in the order of asking."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from lumia.engine.fairlock import FairLock
from lumia.errors import Conflict, TransactionError


def waiting(lock: FairLock, count: int) -> None:
    """Come back when that many threads wait."""
    for _ in range(60_000):
        if len(lock._waiting) == count:
            return
        threading.Event().wait(0.001)
    message = "nobody came to wait"
    raise AssertionError(message)


def test_who_asks_first_is_served_first() -> None:
    """SQLite's own waiting lets some writers starve."""
    lock, order = FairLock("own"), list[int]()
    lock.acquire(30)

    def take(number: int) -> None:
        lock.acquire(30)
        order.append(number)
        lock.release()

    with ThreadPoolExecutor(5) as pool:
        for number in range(5):
            pool.submit(take, number)
            waiting(lock, number + 1)
        lock.release()

    assert order == [0, 1, 2, 3, 4]


def test_its_own_holder_is_refused() -> None:
    """A thread that waits for itself waits for ever."""
    lock = FairLock("you hold it")
    lock.acquire(1)

    with pytest.raises(TransactionError, match="you hold it"):
        lock.acquire(1)

    lock.release()
    lock.acquire(1)


def test_waiting_ends_in_time_and_leaves_no_trace() -> None:
    """Who gave up must not be served later: nobody would hand the lock on."""
    lock = FairLock("own")
    lock.acquire(1)
    with ThreadPoolExecutor(1) as pool, pytest.raises(Conflict, match="in time"):
        pool.submit(lock.acquire, 0.01).result(30)

    lock.release()

    lock.acquire(1)


def test_an_interrupted_wait_leaves_no_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C while waiting must not lock everybody out."""
    lock = FairLock("own")
    with ThreadPoolExecutor(1) as pool:
        pool.submit(lock.acquire, 1).result(30)

        class Interrupted:
            """A lock whose waiting is interrupted."""

            def __init__(self) -> None:
                self.real = threading.RLock()
                self.asked = 0

            def acquire(self, timeout: float = -1) -> bool:
                self.asked += 1
                if self.asked == 2:
                    raise KeyboardInterrupt
                return self.real.acquire(timeout=timeout)

        with monkeypatch.context() as patch:
            patch.setattr("lumia.engine.fairlock.threading.Lock", Interrupted)
            with pytest.raises(KeyboardInterrupt):
                lock.acquire(1)
        lock.release()

    lock.acquire(1)
