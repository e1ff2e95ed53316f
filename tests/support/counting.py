"""Counts the statements that a call sends: an engine that lends sessions which write down what passes through them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeVar

from lumia.engine import Engine, RetryPolicy
from lumia.shop import Shop
from lumia.typedsql.session import Params, Row

__all__ = ["Counter", "counting_shop"]

ResultT = TypeVar("ResultT")


class Counter:
    """The names of the queries that ran, in order; BEGIN, COMMIT and savepoints are not counted."""

    def __init__(self) -> None:
        """Start with nothing seen."""
        self.names: list[str] = []

    def saw(self, sql: str) -> None:
        """Write a statement down by the name in its leading comment."""
        self.names.append(sql.removeprefix("/* ").partition(" */")[0])

    def of(self, call: Callable[[], ResultT]) -> int:
        """Run a call and tell how many statements it sent; one that runs once per parameter row counts once."""
        before = len(self.names)
        call()
        return len(self.names) - before


class _CountingSession:
    """A session that reports every statement; everything else is the session's own."""

    def __init__(self, session: Any, counter: Counter) -> None:
        self.session = session
        self.counter = counter

    def __getattr__(self, name: str) -> Any:
        return getattr(self.session, name)

    @property
    def failure(self) -> Any:
        return self.session.failure

    @failure.setter
    def failure(self, error: Any) -> None:
        self.session.failure = error

    def fetch_all(self, sql: str, params: Params) -> list[Row]:
        self.counter.saw(sql)
        rows: list[Row] = self.session.fetch_all(sql, params)
        return rows

    def fetch_one(self, sql: str, params: Params) -> Row | None:
        self.counter.saw(sql)
        row: Row | None = self.session.fetch_one(sql, params)
        return row

    def execute(self, sql: str, params: Params) -> int:
        self.counter.saw(sql)
        count: int = self.session.execute(sql, params)
        return count

    def execute_many(self, sql: str, params: Iterable[Params]) -> int:
        self.counter.saw(sql)
        count: int = self.session.execute_many(sql, params)
        return count

    def stream(self, sql: str, params: Params, *, size: int) -> Iterator[list[Row]]:
        self.counter.saw(sql)
        rows: Iterator[list[Row]] = self.session.stream(sql, params, size=size)
        return rows

    def pipeline(self, statements: Sequence[tuple[str, Params]]) -> list[list[Row]]:
        for sql, _ in statements:
            self.counter.saw(sql)
        rows: list[list[Row]] = self.session.pipeline(statements)
        return rows


class _CountingEngine:
    """An engine whose sessions report to a counter."""

    def __init__(self, engine: Engine, counter: Counter) -> None:
        self._engine = engine
        self._counter = counter

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)

    def acquire(self, *, write: bool) -> Any:
        return _CountingSession(self._engine.acquire(write=write), self._counter)

    def release(self, session: _CountingSession, *, failed: bool) -> None:
        self._engine.release(session.session, failed=failed)


def counting_shop(shop: Shop) -> tuple[Shop, Counter]:
    """Give a second shop on the same engine, queries and clock, and the counter of what it sends."""
    counter = Counter()
    engine: Any = _CountingEngine(shop.engine, counter)
    parts = shop._parts
    counted = Shop(
        engine, shop.query_set, clock=parts.clock, uuids=parts.uuids, retry=RetryPolicy(), accounts=parts.accounts
    )
    return counted, counter
