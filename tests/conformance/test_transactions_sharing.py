"""Threads, processes and the pool: who may use a transaction, and what happens when all connections are taken."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from lumia.engine import PoolOptions, open_engine
from lumia.errors import LumiaError, PoolExhausted, TransactionError
from lumia.shop import connect
from tests.support.notes import Ground, notes_ground
from tests.support.reasons import skip


@pytest.fixture
def ground(empty_url: str) -> Iterator[Ground]:
    """An engine with the tables of `notes` and few connections, none of which is waited for long."""
    with notes_ground(empty_url, PoolOptions(size=2, timeout=0.05, lock_timeout=5)) as made:
        yield made


def in_another_thread(action: Callable[[], object]) -> BaseException | None:
    """Run an action in a thread and give what it raised."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(action).exception()


def in_a_forked_child(action: Callable[[], object]) -> str:
    """Run an action in a forked child and give the class of what it raised there."""
    if not hasattr(os, "fork"):
        skip("no-fork")
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            action()
            said = "nothing"
        except BaseException as error:  # noqa: BLE001 - whatever it is, the parent hears of it
            said = type(error).__name__
        os.write(write, said.encode())
        os._exit(0)
    os.close(write)
    os.waitpid(child, 0)
    with os.fdopen(read) as pipe:
        return pipe.read()


def test_a_transaction_belongs_to_its_thread(ground: Ground) -> None:
    """Two threads on one connection would mix their statements."""
    with ground.unit() as unit:
        error = in_another_thread(lambda: ground.add(unit, "a"))

        assert isinstance(error, TransactionError)
        assert "another thread" in str(error)
        ground.add(unit, "b")
    assert ground.keys() == ["b"]


def test_threads_share_an_engine(ground: Ground) -> None:
    """Each call borrows a connection of its own."""
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda number: ground.add(ground.engine, f"{number:02}"), range(40)))

    assert ground.keys() == [f"{number:02}" for number in range(40)]


def test_a_full_pool_is_said_to_be_full(ground: Ground) -> None:
    """A caller must learn that connections are held for too long, and never hang."""
    with ground.unit(write=False), ground.unit(write=False), pytest.raises(PoolExhausted, match="no connection"):
        ground.keys()

    assert ground.keys() == []


def test_a_waiting_caller_gets_the_connection_that_comes_back(empty_url: str) -> None:
    """Waiting is not failing."""
    with notes_ground(empty_url, PoolOptions(size=1, timeout=30)) as ground:
        inside, leave = threading.Event(), threading.Event()

        def hold() -> None:
            with ground.unit(write=False):
                inside.set()
                leave.wait(30)

        with ThreadPoolExecutor(2) as pool:
            holder = pool.submit(hold)
            inside.wait(30)
            waiter = pool.submit(ground.keys)
            leave.set()

            assert waiter.result(30) == []
            holder.result(30)


def test_a_failed_unit_gives_its_connection_back(ground: Ground) -> None:
    """Errors must not drain the pool."""
    for _ in range(5):
        with pytest.raises(RuntimeError), ground.unit():
            raise RuntimeError

    assert ground.keys() == []


def test_a_forked_child_must_open_its_own(ground: Ground) -> None:
    """Parent and child on one connection would corrupt each other."""
    ground.add(ground.engine, "a")

    said = in_a_forked_child(ground.keys)

    assert said == "TransactionError"
    assert ground.keys() == ["a"]


def test_a_forked_child_leaves_the_parents_transaction_alone(ground: Ground) -> None:
    """A child that leaves the block it was born in must not end the parent's transaction."""
    unit = ground.unit()
    with unit:
        ground.add(unit, "a")

        assert in_a_forked_child(lambda: ground.add(unit, "b")) == "TransactionError"
        assert in_a_forked_child(lambda: unit.__exit__(None, None, None)) == "TransactionError"
        assert in_a_forked_child(ground.engine.close) == "nothing"
        ground.add(unit, "c")

    assert ground.keys() == ["a", "c"]


def test_a_closed_engine_refuses(ground: Ground) -> None:
    """After close() nothing is opened behind the caller's back."""
    ground.engine.close()
    ground.engine.close()

    with pytest.raises(TransactionError, match="closed"):
        ground.keys()


def test_a_unit_outlives_the_closing_of_its_shop(ground: Ground) -> None:
    """What was begun may end."""
    with ground.unit() as unit:
        ground.add(unit, "a")
        ground.engine.close()
        assert ground.keys(unit) == ["a"]


def test_a_database_in_memory_refuses_its_own_thread_instead_of_waiting_for_ever() -> None:
    """The one connection is held by the very thread that asks for it."""
    with connect("sqlite:///:memory:") as shop, shop.transaction() as tx:
        with pytest.raises(TransactionError, match="transaction's own repositories"):
            shop.settings.get()
        with pytest.raises(TransactionError, match="transaction's own repositories"), shop.transaction():
            pass

        assert tx.settings.get().currency


def test_a_database_in_memory_is_shared_by_threads() -> None:
    """It lives in one connection, so threads take turns."""
    with connect("sqlite:///:memory:") as shop, ThreadPoolExecutor(4) as pool:
        found = set(pool.map(lambda _: shop.settings.get().currency, range(40)))

    assert len(found) == 1


def test_a_database_in_memory_is_writable_again_after_reading() -> None:
    """Its one connection serves both."""
    with connect("sqlite:///:memory:") as shop:
        for _ in range(3):
            with shop.transaction(read_only=True) as tx:
                before = tx.settings.get().currency
                with pytest.raises(TransactionError, match="read-only"):
                    tx.settings.update(
                        currency="GBP", prices_include_tax=False, time_zone="UTC", order_expiry_minutes=5
                    )
        shop.settings.update(currency="GBP", prices_include_tax=False, time_zone="UTC", order_expiry_minutes=5)

        assert (before, shop.settings.get().currency) == ("EUR", "GBP")


def test_two_databases_in_memory_have_nothing_in_common() -> None:
    """A test's database must not be another test's."""
    with connect("sqlite:///:memory:") as one, connect("sqlite:///:memory:") as other:
        one.settings.update(currency="GBP", prices_include_tax=False, time_zone="UTC", order_expiry_minutes=5)

        assert one.settings.get().currency != other.settings.get().currency


def test_a_second_writing_transaction_of_a_thread_is_refused_on_a_file(tmp_path: os.PathLike[str]) -> None:
    """SQLite has one writer: the thread would wait for itself."""
    with notes_ground(f"sqlite:///{os.fspath(tmp_path)}/notes.db") as ground, ground.unit() as unit:
        with pytest.raises(TransactionError, match="writing transaction open"), ground.unit():
            pass
        with pytest.raises(TransactionError, match="writing transaction open"):
            ground.add(ground.engine, "a")
        ground.add(unit, "b")


def test_an_unused_engine_costs_no_connection() -> None:
    """Opening connects nowhere, so that it cannot fail before it is used."""
    engine = open_engine("postgresql://nobody@127.0.0.1:1/nothing")
    engine.close()

    with pytest.raises(LumiaError):
        engine.acquire(write=False)
