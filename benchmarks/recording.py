"""Listens to what a Lumia call sends, so that the bare driver can be given the very same statements."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from lumia import RetryPolicy, Shop

__all__ = ["Step", "record"]


@dataclass(frozen=True)
class Step:
    """One thing that a session was asked for.

    `kind` is begin, commit, savepoint, release, one (a statement), many (one run per row of `rows`) or pipeline; a
    pipeline has its statements in `parts`. `answer` is what the session gave: a list of rows, or of lists of rows.
    """

    kind: str
    sql: str = ""
    params: tuple[Any, ...] = ()
    rows: tuple[tuple[Any, ...], ...] = ()
    parts: tuple[tuple[str, tuple[Any, ...]], ...] = ()
    answer: Any = None

    @property
    def name(self) -> str:
        """The query's name, from the comment in front of it."""
        return name_of(self.sql)


def name_of(sql: str) -> str:
    """Read the query's name from the comment in front of a statement."""
    return sql.partition("*/")[0].removeprefix("/*").strip() if sql.startswith("/*") else ""


class _Session:
    """A session that writes down what passes through it; everything else is the session's own."""

    def __init__(self, session: Any, steps: list[Step]) -> None:
        self.session = session
        self._steps = steps

    def __getattr__(self, name: str) -> Any:
        return getattr(self.session, name)

    @property
    def failure(self) -> Any:
        return self.session.failure

    def begin(self, *, write: bool) -> None:
        self._steps.append(Step("begin", "write" if write else "read"))
        self.session.begin(write=write)

    def commit(self) -> None:
        self._steps.append(Step("commit"))
        self.session.commit()

    def savepoint(self, name: str) -> None:
        self._steps.append(Step("savepoint", name))
        self.session.savepoint(name)

    def release_savepoint(self, name: str) -> None:
        self._steps.append(Step("release", name))
        self.session.release_savepoint(name)

    def fetch_all(self, sql: str, params: Sequence[Any]) -> Any:
        rows = self.session.fetch_all(sql, params)
        self._steps.append(Step("one", sql, tuple(params), answer=rows))
        return rows

    def fetch_one(self, sql: str, params: Sequence[Any]) -> Any:
        row = self.session.fetch_one(sql, params)
        self._steps.append(Step("one", sql, tuple(params), answer=[] if row is None else [row]))
        return row

    def execute(self, sql: str, params: Sequence[Any]) -> Any:
        self._steps.append(Step("one", sql, tuple(params), answer=[]))
        return self.session.execute(sql, params)

    def execute_many(self, sql: str, params: Iterable[Sequence[Any]]) -> Any:
        rows = tuple(tuple(row) for row in params)
        self._steps.append(Step("many", sql, rows=rows))
        return self.session.execute_many(sql, rows)

    def pipeline(self, statements: Sequence[tuple[str, Sequence[Any]]]) -> Any:
        answer = self.session.pipeline(statements)
        parts = tuple((sql, tuple(params)) for sql, params in statements)
        self._steps.append(Step("pipeline", parts=parts, answer=answer))
        return answer


class _Engine:
    """An engine whose sessions are listened to."""

    def __init__(self, engine: Any, steps: list[Step]) -> None:
        self._engine = engine
        self._steps = steps

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)

    def acquire(self, *, write: bool) -> Any:
        return _Session(self._engine.acquire(write=write), self._steps)

    def release(self, session: _Session, *, failed: bool) -> None:
        self._engine.release(session.session, failed=failed)


def record(shop: Shop, call: Callable[[Shop], object]) -> tuple[Any, list[Step]]:
    """Make a call on a second shop over the same engine; give its result and everything that it sent."""
    steps: list[Step] = []
    engine: Any = _Engine(shop.engine, steps)
    context = shop._parts  # noqa: SLF001 - a shop is made by connect() alone, which opens an engine of its own
    listened = Shop(engine, shop.query_set, clock=shop.clock, uuids=context.uuids, retry=RetryPolicy())
    return call(listened), steps
