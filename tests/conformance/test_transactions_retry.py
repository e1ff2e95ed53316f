"""What `Shop.run` repeats, and conflicts that the engines themselves make."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from lumia.engine import PoolOptions, RetryPolicy
from lumia.errors import (
    AlreadyExists,
    CommitOutcomeUnknown,
    Conflict,
    ConnectionLost,
    InvalidValue,
    LumiaError,
    PoolExhausted,
    ServerUnreachable,
    StatementInterrupted,
    TransactionError,
)
from lumia.shop import Shop, Transaction, connect
from tests.support.notes import notes_ground
from tests.support.steady import SeededUuids


@pytest.fixture
def shop(url: str) -> Iterator[Shop]:
    """A shop whose pauses take no time."""
    with connect(url, uuids=SeededUuids(), retry=RetryPolicy(sleep=lambda _: None)) as opened:
        yield opened


def change(tx: Transaction, minutes: int) -> None:
    """Write something that can be read back."""
    tx.settings.update(currency="GBP", prices_include_tax=False, time_zone="UTC", order_expiry_minutes=minutes)


def failing(error: LumiaError, times: int) -> tuple[Callable[[Transaction], int], list[int]]:
    """A callback that writes and then fails so many times, and the list of its runs."""
    runs: list[int] = []

    def callback(tx: Transaction) -> int:
        runs.append(len(runs) + 1)
        change(tx, runs[-1])
        if runs[-1] <= times:
            raise error
        return runs[-1]

    return callback, runs


@pytest.mark.parametrize("error", [Conflict("x"), ConnectionLost("x"), ServerUnreachable("x")], ids=repr)
def test_what_kept_nothing_is_run_again_from_the_start(shop: Shop, error: LumiaError) -> None:
    """The caller sees the result of the run that went through."""
    callback, runs = failing(error, times=2)

    result = shop.run(callback)

    assert result == 3
    assert runs == [1, 2, 3]
    assert shop.settings.get().order_expiry_minutes == 3


def test_the_fifth_failure_is_the_callers(shop: Shop) -> None:
    """Five runs are all."""
    callback, runs = failing(Conflict("x"), times=100)
    before = shop.settings.get()

    with pytest.raises(Conflict):
        shop.run(callback)

    assert len(runs) == 5
    assert shop.settings.get() == before


@pytest.mark.parametrize(
    "error",
    [
        CommitOutcomeUnknown("x"),
        PoolExhausted("x"),
        AlreadyExists("x"),
        InvalidValue("x"),
        StatementInterrupted("x"),
        TransactionError("x"),
    ],
    ids=repr,
)
def test_everything_else_is_run_once(shop: Shop, error: LumiaError) -> None:
    """Repeating what was perhaps kept would do it twice; repeating what cannot end differently is waste."""
    callback, runs = failing(error, times=1)

    with pytest.raises(type(error)):
        shop.run(callback)

    assert runs == [1]


def test_a_callbacks_own_exception_passes_through_and_keeps_nothing(shop: Shop) -> None:
    """A bug is not a conflict."""
    before = shop.settings.get()

    def callback(tx: Transaction) -> None:
        change(tx, 7)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        shop.run(callback)

    assert shop.settings.get() == before


def test_a_reading_run_reads_only(shop: Shop) -> None:
    """`read_only` means the same as in transaction()."""
    with pytest.raises(TransactionError, match="read-only"):
        shop.run(lambda tx: change(tx, 5), read_only=True)

    assert shop.run(lambda tx: tx.settings.get(), read_only=True) == shop.settings.get()


def test_a_writer_in_the_way_is_a_conflict_on_both_engines(empty_url: str) -> None:
    """A lock that does not come free in time: the caller may repeat, nothing of it was kept."""
    with (
        notes_ground(empty_url, PoolOptions(lock_timeout=0.05)) as one,
        notes_ground(empty_url, PoolOptions(lock_timeout=0.05)) as other,
        one.unit() as unit,
    ):
        one.add(unit, "a")

        with pytest.raises(Conflict), other.unit() as late:
            other.add(late, "a")

        one.add(unit, "b")
    with notes_ground(empty_url) as after:
        assert after.keys() == ["a", "b"]


def test_two_transactions_that_wait_for_each_other_both_come_through(url: str) -> None:
    """A deadlock on PostgreSQL, a queue on SQLite: with run() both end well."""
    both = threading.Barrier(2)
    with connect(url, retry=RetryPolicy(attempts=20, seconds=60)) as shop:
        first = shop.stock.add_location(name="one").location_id
        second = shop.stock.add_location(name="two").location_id
        lock = {"postgresql": "FOR UPDATE", "sqlite": ""}[shop.engine.name]
        mark = {"postgresql": "$1", "sqlite": "?1"}[shop.engine.name]
        sql = f"SELECT name FROM locations WHERE location_id = {mark} {lock}"

        def take(order: tuple[int, int]) -> int:
            runs = []

            def callback(tx: Transaction) -> int:
                runs.append(1)
                bound: Any = tx.q
                source = bound._source
                source.acquire(write=True).fetch_all(sql, (order[0],))
                if len(runs) == 1 and shop.engine.name == "postgresql":
                    with suppress(threading.BrokenBarrierError):
                        both.wait(30)
                source.acquire(write=True).fetch_all(sql, (order[1],))
                return len(runs)

            return shop.run(callback)

        with ThreadPoolExecutor(2) as pool:
            runs = list(pool.map(take, [(first, second), (second, first)]))

    assert sorted(runs) == ([1, 2] if shop.engine.name == "postgresql" else [1, 1])


def test_a_busy_commit_repeats_commit_alone(tmp_path: Path) -> None:
    """The statements were accepted; running them again could do them twice."""
    pauses: list[float] = []
    with notes_ground(f"sqlite:///{tmp_path}/notes.db") as ground, ground.unit() as unit:
        ground.add(unit, "a")
        session = unit._session
        session._cursor = BusyCursor(session._cursor, times=3)  # type: ignore[attr-defined]
        session._sleep = pauses.append  # type: ignore[attr-defined]

    with notes_ground(f"sqlite:///{tmp_path}/notes.db") as again:
        assert again.keys() == ["a"]
    assert len(pauses) == 3


def test_a_commit_that_stays_busy_keeps_nothing(tmp_path: Path) -> None:
    """In the end it is a conflict like any other."""
    with notes_ground(f"sqlite:///{tmp_path}/notes.db") as ground:
        with pytest.raises(Conflict), ground.unit() as unit:
            ground.add(unit, "a")
            session = unit._session
            session._cursor = BusyCursor(session._cursor, times=1000)  # type: ignore[attr-defined]
            session._sleep = lambda _: None  # type: ignore[attr-defined]

        assert ground.keys() == []


class BusyCursor:
    """A cursor whose COMMIT finds the file busy a few times."""

    def __init__(self, real: object, times: int) -> None:
        """Stand before the real cursor."""
        self._real = real
        self._times = times

    def execute(self, sql: str, *params: object) -> object:
        """Run anything but the first COMMITs."""
        if sql == "COMMIT" and self._times > 0:
            self._times -= 1
            error = sqlite3.OperationalError("database is locked")
            error.sqlite_errorcode = sqlite3.SQLITE_BUSY
            raise error
        return self._real.execute(sql, *params)  # type: ignore[attr-defined]

    def __getattr__(self, name: str) -> object:
        """Leave the rest as it is."""
        return getattr(self._real, name)
