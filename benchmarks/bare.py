"""The bare drivers, used as well as they can be by hand: one connection, reused cursors, prepared, tuples out."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from types import MappingProxyType
from typing import Any, Protocol

import psycopg
from psycopg.types.numeric import Int8BinaryDumper

from benchmarks.recording import Step, name_of

__all__ = ["Driver", "PostgresqlDriver", "Slot", "SqliteDriver", "Values", "replay", "templated"]

Rows = list[tuple[Any, ...]]


class Driver(Protocol):
    """What a replay needs of a driver."""

    def one(self, sql: str, params: Sequence[Any]) -> Rows:
        """Run a statement and fetch every row."""
        ...

    def many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """Run a statement once per row."""
        ...

    def copy(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Load rows by COPY, where the server has it."""
        ...

    def pipeline(self, statements: Sequence[tuple[str, Sequence[Any]]]) -> list[Rows]:
        """Run statements in one round trip where the driver can."""
        ...

    def begin(self, *, write: bool) -> None:
        """Open a transaction."""
        ...

    def control(self, sql: str) -> None:
        """Run a session statement."""
        ...

    def close(self) -> None:
        """Close the connection."""
        ...


class SqliteDriver:
    """sqlite3 with the settings that Lumia uses."""

    def __init__(self, path: str) -> None:
        """Open the file."""
        self._connection = sqlite3.connect(path, isolation_level=None, cached_statements=1024)
        self._cursor = self._connection.cursor()
        for setting in ("foreign_keys = ON", "synchronous = FULL", "journal_mode = WAL"):
            self._cursor.execute(f"PRAGMA {setting}").fetchall()

    def one(self, sql: str, params: Sequence[Any]) -> Rows:
        """Run a statement and fetch every row."""
        return self._cursor.execute(sql, params).fetchall()

    def many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """Run a statement once per row."""
        self._cursor.executemany(sql, rows)

    def copy(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Insert rows one after the other: SQLite has no other way."""
        marks = ", ".join("?" for _ in columns)
        insert = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608 - names of our own
        self._cursor.executemany(insert, rows)

    def pipeline(self, statements: Sequence[tuple[str, Sequence[Any]]]) -> list[Rows]:
        """Run statements one after the other."""
        run = self._cursor.execute
        return [run(sql, params).fetchall() for sql, params in statements]

    def begin(self, *, write: bool) -> None:
        """Open a transaction."""
        self._cursor.execute("BEGIN IMMEDIATE" if write else "BEGIN")

    def control(self, sql: str) -> None:
        """Run a session statement."""
        self._cursor.execute(sql)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


class PostgresqlDriver:
    """psycopg with raw cursors, binary results and statements prepared at their first run."""

    def __init__(self, url: str) -> None:
        """Connect."""
        self._connection = psycopg.connect(url, autocommit=True, options="-c TimeZone=UTC")
        self._connection.prepared_max = 1000
        # The statements' casts ask for bigint: the driver shall not send something smaller each time.
        self._connection.adapters.register_dumper(int, Int8BinaryDumper)
        self._cursor: Any = psycopg.RawCursor(self._connection)
        self._more: list[Any] = []

    def one(self, sql: str, params: Sequence[Any]) -> Rows:
        """Run a statement and fetch every row."""
        cursor = self._cursor.execute(sql, params, prepare=True, binary=True)
        return cursor.fetchall() if cursor.pgresult.nfields else []

    def many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """Run a statement once per row."""
        self._cursor.executemany(sql, rows)

    def copy(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Load rows by COPY."""
        with self._cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)

    def pipeline(self, statements: Sequence[tuple[str, Sequence[Any]]]) -> list[Rows]:
        """Run statements in one round trip."""
        while len(self._more) < len(statements):
            self._more.append(psycopg.RawCursor(self._connection))
        with self._connection.pipeline():
            for cursor, (sql, params) in zip(self._more, statements, strict=False):
                cursor.execute(sql, params, prepare=True, binary=True)
        used = self._more[: len(statements)]
        return [cursor.fetchall() if cursor.pgresult.nfields else [] for cursor in used]

    def begin(self, *, write: bool) -> None:
        """Open a transaction."""
        self._cursor.execute("BEGIN" if write else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")

    def control(self, sql: str) -> None:
        """Run a session statement."""
        self._cursor.execute(sql)

    def close(self) -> None:
        """Disconnect."""
        with suppress(psycopg.Error):
            self._connection.close()


class Slot(str):
    """Stands in a recorded parameter list for a value that differs from call to call."""

    __slots__ = ()


def templated(steps: Sequence[Step], names: Mapping[str, Sequence[str]], slots: frozenset[str]) -> list[Step]:
    """Replace the parameters named in `slots` by slots; `names` has every query's parameter names."""

    def cut(sql: str, params: tuple[Any, ...]) -> tuple[Any, ...]:
        of_query = names.get(name_of(sql), ())
        return tuple(Slot(name) if name in slots else value for name, value in zip(of_query, params, strict=True))

    return [
        Step(
            step.kind,
            step.sql,
            cut(step.sql, step.params) if step.kind == "one" else step.params,
            tuple(cut(step.sql, row) for row in step.rows),
            tuple((sql, cut(sql, params)) for sql, params in step.parts),
        )
        for step in steps
    ]


Values = dict[str, Any]
Action = Callable[[Values, list[Rows]], None]


def replay(
    driver: Driver, steps: Sequence[Step], learns: Mapping[str, str] = MappingProxyType({})
) -> Callable[[Values], list[Rows]]:
    """Make a function that sends recorded steps through the bare driver and gives the rows of each statement.

    Args:
        driver: the connection.
        steps: what was recorded, perhaps `templated`.
        learns: the query whose first value fills a slot for the steps after it.

    Returns:
        A function of what the slots stand for; it adds to them what it learns.
    """
    actions = [_action(driver, step, learns) for step in steps]

    def run(values: Values) -> list[Rows]:
        answers: list[Rows] = []
        for action in actions:
            action(values, answers)
        return answers

    return run


def _action(driver: Driver, step: Step, learns: Mapping[str, str]) -> Action:
    match step.kind:
        case "one":
            return _one(driver, step.sql, step.params, learns.get(step.name))
        case "pipeline":
            return _pipeline(driver, step, learns)
        case "many":
            fills = [_filler(row) for row in step.rows]
            return lambda values, _: driver.many(step.sql, [fill(values) for fill in fills])
        case "begin":
            return lambda _, __: driver.begin(write=step.sql == "write")
        case "commit":
            return lambda _, __: driver.control("COMMIT")
        case kind:
            sql = f"{kind.upper()} {step.sql}"
            return lambda _, __: driver.control(sql)


def _filler(params: tuple[Any, ...]) -> Callable[[Values], Sequence[Any]]:
    if not any(type(param) is Slot for param in params):
        return lambda _: params
    return lambda values: [values[param] if type(param) is Slot else param for param in params]


def _one(driver: Driver, sql: str, params: tuple[Any, ...], learned: str | None) -> Action:
    fill = _filler(params)

    def act(values: Values, answers: list[Rows]) -> None:
        rows = driver.one(sql, fill(values))
        answers.append(rows)
        if learned is not None:
            values[learned] = rows[0][0]

    return act


def _pipeline(driver: Driver, step: Step, learns: Mapping[str, str]) -> Action:
    fills = [(sql, _filler(params)) for sql, params in step.parts]
    learned = [(place, learns[name]) for place, (sql, _) in enumerate(step.parts) if (name := name_of(sql)) in learns]

    def act(values: Values, answers: list[Rows]) -> None:
        found = driver.pipeline([(sql, fill(values)) for sql, fill in fills])
        answers.extend(found)
        for place, slot in learned:
            values[slot] = found[place][0][0]

    return act
