"""Faults at a chosen statement: a wrapper around an engine's sessions that counts statements and strikes at one.

Nothing is faked above the driver: a fault is a statement that the engine itself refuses, a killed backend, a cut socket
or a closed file, sent through the very session that the repository method uses. Only KeyboardInterrupt is raised here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lumia.engine.protocol import Engine, EngineSession
    from lumia.typedsql.session import Params, Row
    from tests.support.strikes import Fault, Ground

__all__ = ["FaultyEngine", "Plan", "Probe", "Statement"]


@dataclass(frozen=True)
class Statement:
    """One statement of a call as the wrapper saw it: `begin`, `query`, `commit`, ... and its text."""

    kind: str
    text: str
    writes: bool

    def __str__(self) -> str:
        """Say which it is: the query's name where there is one."""
        return self.text.split("*/")[0].removeprefix("/*").strip() if self.text.startswith("/*") else self.kind


@dataclass(frozen=True)
class Plan:
    """Strike at the statement with this index, before it runs or after it ran."""

    index: int
    after: bool
    fault: Fault

    @property
    def place(self) -> int:
        """How many statements have run when it strikes."""
        return self.index + self.after


@dataclass
class Probe:
    """What the wrapped sessions saw since the last `watch`, and what they are to do about it."""

    where: Ground
    plan: Plan | None = None
    trace: list[Statement] = field(default_factory=list)
    fired: bool = False

    def watch(self, plan: Plan | None = None) -> None:
        """Begin a new count, with a fault or without."""
        self.plan = plan
        self.trace = []
        self.fired = False

    def around(self, session: EngineSession, statement: Statement, run: Callable[[], Any]) -> Any:
        """Run one statement, struck before or after it when it is its turn."""
        index = len(self.trace)
        self.trace.append(statement)
        if self._due(index, after=False):
            self._strike(session)
        answer = run()
        if self._due(index, after=True):
            self._strike(session)
        return answer

    def pipelined(
        self, session: EngineSession, statements: Sequence[tuple[str, Params]], *, writes: bool
    ) -> list[list[Row]]:
        """Run statements that travel together; a fault in their midst travels with them."""
        first = len(self.trace)
        self.trace.extend(Statement("query", sql, writes) for sql, _ in statements)
        plan = self.plan
        if self.fired or plan is None or not first <= plan.index < first + len(statements):
            return session.pipeline(statements)
        cut = plan.place - first
        text = plan.fault.statement(self.where)
        if text is not None:
            self.fired = True
            with plan.fault.armed(session):
                return session.pipeline([*statements[:cut], (text, ()), *statements[cut:]])
        # What no statement can do strikes before or after them all.
        if cut == 0:
            self._strike(session)
        rows = session.pipeline(statements)
        if cut > 0:
            self._strike(session)
        return rows

    def _due(self, index: int, *, after: bool) -> bool:
        plan = self.plan
        return not self.fired and plan is not None and plan.index == index and plan.after is after

    def _strike(self, session: EngineSession) -> None:
        assert self.plan is not None
        self.fired = True
        self.plan.fault.strike(session, self.where)


class _Session:
    """An engine's session that reports each statement to a probe."""

    def __init__(self, real: EngineSession, probe: Probe, *, write: bool) -> None:
        self.real = real
        self._probe = probe
        self._write = write

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)

    @property
    def failure(self) -> Any:
        return self.real.failure

    @failure.setter
    def failure(self, value: Any) -> None:
        self.real.failure = value

    @property
    def in_transaction(self) -> bool:
        return self.real.in_transaction

    def _query(self, sql: str, run: Callable[[], Any]) -> Any:
        return self._probe.around(self.real, Statement("query", sql, self._write), run)

    def _control(self, kind: str, run: Callable[[], Any]) -> Any:
        return self._probe.around(self.real, Statement(kind, "", self._write), run)

    def fetch_all(self, sql: str, params: Params) -> list[Row]:
        return self._query(sql, lambda: self.real.fetch_all(sql, params))  # type: ignore[no-any-return]

    def fetch_one(self, sql: str, params: Params) -> Row | None:
        return self._query(sql, lambda: self.real.fetch_one(sql, params))  # type: ignore[no-any-return]

    def execute(self, sql: str, params: Params) -> int:
        return self._query(sql, lambda: self.real.execute(sql, params))  # type: ignore[no-any-return]

    def execute_many(self, sql: str, params: Iterable[Params]) -> int:
        return self._query(sql, lambda: self.real.execute_many(sql, params))  # type: ignore[no-any-return]

    def copy_rows(self, table: str, columns: Sequence[tuple[str, str]], rows: Iterable[Sequence[Any]]) -> int:
        return self._query(f"/* copy into {table} */", lambda: self.real.copy_rows(table, columns, rows))  # type: ignore[no-any-return]

    def stream(self, sql: str, params: Params, *, size: int) -> Iterator[list[Row]]:
        return self._query(sql, lambda: self.real.stream(sql, params, size=size))  # type: ignore[no-any-return]

    def pipeline(self, statements: Sequence[tuple[str, Params]]) -> list[list[Row]]:
        return self._probe.pipelined(self.real, statements, writes=self._write)

    def begin(self, *, write: bool) -> None:
        self._control("begin", lambda: self.real.begin(write=write))

    def commit(self) -> None:
        self._control("commit", self.real.commit)

    def savepoint(self, name: str) -> None:
        self._control("savepoint", lambda: self.real.savepoint(name))

    def release_savepoint(self, name: str) -> None:
        self._control("release", lambda: self.real.release_savepoint(name))

    # Undoing is what a fault leads to: it is neither counted nor struck.
    def rollback(self) -> None:
        self.real.rollback()

    def rollback_to(self, name: str) -> bool:
        return self.real.rollback_to(name)


class FaultyEngine:
    """An engine whose sessions report to a probe."""

    def __init__(self, real: Engine, probe: Probe) -> None:
        """Stand before `real`."""
        self._real = real
        self._probe = probe

    def __getattr__(self, name: str) -> Any:
        """Leave the rest as it is."""
        return getattr(self._real, name)

    def acquire(self, *, write: bool) -> Any:
        """Lend a session that is watched."""
        return _Session(self._real.acquire(write=write), self._probe, write=write)

    def release(self, session: Any, *, failed: bool) -> None:
        """Take the session itself back."""
        self._real.release(session.real, failed=failed)
