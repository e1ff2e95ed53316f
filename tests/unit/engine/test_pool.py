"""The pool that both engines lend their connections from."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import SupportsIndex

import pytest

from lumia.engine.pool import LifoPool
from lumia.errors import PoolExhausted, ServerUnreachable


class Thing:
    """Something that can be lent and closed."""

    def __init__(self, number: int) -> None:
        """Know which one it is."""
        self.number = number
        self.closed = False

    def close(self) -> None:
        """Be closed."""
        self.closed = True


class Maker:
    """Opens things and counts them."""

    def __init__(self) -> None:
        """None yet."""
        self.things: list[Thing] = []
        self.error: Exception | None = None

    def __call__(self) -> Thing:
        """Open one, or fail."""
        if self.error is not None:
            raise self.error
        self.things.append(Thing(len(self.things)))
        return self.things[-1]


def waiting(pool: LifoPool[Thing], count: int) -> None:
    """Come back when so many threads wait."""
    for _ in range(60_000):
        if len(pool._waiting) == count:
            return
        threading.Event().wait(0.001)
    message = "nobody came to wait"
    raise AssertionError(message)


def test_the_warmest_is_lent_first() -> None:
    """A few warm connections beat many cold ones."""
    pool = LifoPool(Maker(), size=3, timeout=1)
    one, two = pool.acquire(), pool.acquire()
    pool.release(one)
    pool.release(two)

    assert pool.acquire() is two
    assert pool.acquire() is one


def test_no_more_are_opened_than_allowed() -> None:
    """The server's connections are shared with others."""
    make = Maker()
    pool = LifoPool(make, size=2, timeout=0.01)
    pool.acquire()
    pool.acquire()

    with pytest.raises(PoolExhausted, match="no connection became free"):
        pool.acquire()

    assert len(make.things) == 2


def test_who_gave_up_waiting_is_not_served_later() -> None:
    """What nobody takes would be lost to the pool."""
    pool = LifoPool(Maker(), size=1, timeout=0.01)
    thing = pool.acquire()
    with pytest.raises(PoolExhausted):
        pool.acquire()

    pool.release(thing)

    assert pool.acquire() is thing


def test_who_waits_longest_is_served_first() -> None:
    """Nobody may overtake for ever."""
    pool = LifoPool(Maker(), size=1, timeout=30)
    thing, order = pool.acquire(), list[int]()

    def take(number: int) -> None:
        taken = pool.acquire()
        order.append(number)
        pool.release(taken)

    with ThreadPoolExecutor(4) as threads:
        for number in range(4):
            threads.submit(take, number)
            waiting(pool, number + 1)
        pool.release(thing)

    assert order == [0, 1, 2, 3]


def test_the_dead_are_closed_and_replaced() -> None:
    """A borrower never sees them."""
    make, dead = Maker(), set[int]()
    pool = LifoPool(make, size=3, timeout=1, alive=lambda thing: thing.number not in dead)
    for thing in [pool.acquire(), pool.acquire(), pool.acquire()]:
        pool.release(thing)
    dead |= {0, 1, 2}

    lent = [pool.acquire() for _ in range(3)]

    assert [thing.number for thing in lent] == [3, 4, 5]
    assert all(thing.closed for thing in make.things[:3])


def test_a_discarded_one_makes_room_for_who_waits() -> None:
    """A broken connection must not take its place along."""
    make = Maker()
    pool = LifoPool(make, size=1, timeout=30)
    thing = pool.acquire()
    with ThreadPoolExecutor(1) as threads:
        waiter = threads.submit(pool.acquire)
        waiting(pool, 1)

        pool.discard(thing)

        assert waiter.result(30) is make.things[1]
    assert thing.closed


def test_the_reason_for_no_connection_is_the_borrowers_own() -> None:
    """It says what to do, which a full pool would not."""
    make = Maker()
    make.error = ServerUnreachable("no server")
    pool = LifoPool(make, size=1, timeout=30)

    for _ in range(3):
        with pytest.raises(ServerUnreachable, match="no server"):
            pool.acquire()
    make.error = None

    assert pool.acquire().number == 0


def test_who_waits_learns_the_reason_too() -> None:
    """The place that a failing connection leaves is handed on."""
    make = Maker()
    pool = LifoPool(make, size=1, timeout=30)
    thing = pool.acquire()
    with ThreadPoolExecutor(2) as threads:
        waiters = [threads.submit(pool.acquire) for _ in range(2)]
        waiting(pool, 2)
        make.error = ServerUnreachable("no server")

        pool.discard(thing)

        assert all(isinstance(waiter.exception(30), ServerUnreachable) for waiter in waiters)
    make.error = None
    assert pool.acquire().number == 1


def test_idle_ones_are_closed_and_lent_ones_stay() -> None:
    """Closing a shop does not pull connections from under others."""
    pool = LifoPool(Maker(), size=2, timeout=1)
    lent, idle = pool.acquire(), pool.acquire()
    pool.release(idle)

    pool.close_idle()

    assert idle.closed
    assert not lent.closed


def test_many_threads_share_few() -> None:
    """Nothing is lent twice at a time, nothing gets lost."""
    pool, busy = LifoPool(Maker(), size=3, timeout=60), set[int]()

    def use(_: int) -> bool:
        thing = pool.acquire()
        alone = thing.number not in busy
        busy.add(thing.number)
        busy.discard(thing.number)
        pool.release(thing)
        return alone

    with ThreadPoolExecutor(16) as threads:
        assert all(threads.map(use, range(3000)))
    assert len({pool.acquire().number for _ in range(3)}) == 3


class LateList(list[Thing]):
    """A list that somebody lays something into right after it was found empty."""

    def __init__(self, *late: Thing) -> None:
        """Hold back what comes late."""
        super().__init__()
        self.late = list(late)

    def pop(self, index: SupportsIndex = -1) -> Thing:
        """Find nothing, and then there is something."""
        try:
            return super().pop(index)
        except IndexError:
            self.extend(self.late)
            self.late.clear()
            raise


def test_what_comes_back_while_a_caller_queues_is_not_overlooked() -> None:
    """Both look before they leap: else the one waits for what the other has laid down."""
    pool = LifoPool(Maker(), size=1, timeout=0.2)
    thing = pool.acquire()
    pool._idle = LateList(thing)

    assert pool.acquire() is thing


@pytest.mark.parametrize("dead", [False, True])
def test_who_is_served_in_the_moment_of_giving_up_passes_it_on(monkeypatch: pytest.MonkeyPatch, *, dead: bool) -> None:
    """Else a connection, or its place, would be lost to the pool for ever."""
    pool = LifoPool(Maker(), size=1, timeout=0.2)
    thing = pool.acquire()

    class TooLate:
        """A turn that comes just after the waiting has ended."""

        def acquire(self, *, timeout: float = 0) -> bool:
            if timeout:
                (pool.discard if dead else pool.release)(thing)
            return False

        def release(self) -> None:
            """Nobody waits any more."""

    with monkeypatch.context() as patch:
        patch.setattr("lumia.engine.pool.threading.Lock", TooLate)
        with pytest.raises(PoolExhausted):
            pool.acquire()

    assert (pool.acquire() is thing) is not dead
