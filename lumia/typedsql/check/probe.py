"""The probe: runs each query on awkward rows and on empty tables, takes everything back, and refutes wrong claims."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol

import psycopg
from psycopg import sql as names

from lumia.typedsql.check.arguments import Sample, arguments_for
from lumia.typedsql.check.columns import expected_columns
from lumia.typedsql.check.values import value_words
from lumia.typedsql.dialect_postgresql import POSTGRESQL
from lumia.typedsql.dialect_sqlite import SQLITE
from lumia.typedsql.findings import Finding
from lumia.typedsql.logical import LogicalType
from lumia.typedsql.prove.facts import SchemaFacts
from lumia.typedsql.statement import SourceQuery
from lumia.typedsql.variants import Variant

__all__ = ["Fixture", "PostgresqlProbe", "Probe", "Probed", "SqliteProbe", "probe_queries"]

Fixture = Path | Callable[[], None]
"""A script that is run and taken back, or a function that fills a database made for the check, and stays."""

_TRIES: Final = 10
_TRIES_WHEN_EMPTY: Final = 2
_ROWS: Final = 40

# Arguments at random can ask for a billion rows; what takes longer has shown enough.
_PATIENCE: Final = b"SET LOCAL statement_timeout = '250ms'"
_STEPS: Final = 1_000_000


class Probe(Protocol):
    """One engine that statements are run on."""

    facts: SchemaFacts

    def empty(self) -> AbstractContextManager[Any]:
        """All tables without rows, for the time of the block."""
        ...

    def filled(self, fixture: Fixture) -> AbstractContextManager[Any]:
        """The fixture's rows, for the time of the block."""
        ...

    def sample(self) -> Sample:
        """Some rows of each table."""
        ...

    def run(self, variant: Variant, arguments: Sequence[Any]) -> list[tuple[Any, ...]]:
        """Run the statement and take it back; a refusal gives no rows."""
        ...


class SqliteProbe:
    """Runs statements on a connection of the checker's."""

    def __init__(self, connection: sqlite3.Connection, facts: SchemaFacts) -> None:
        """Keep the connection to the database with the fixture."""
        self.facts = facts
        self._own = self._now = connection

    @contextmanager
    def empty(self) -> Generator[None]:
        """The same schema in memory, without a row."""
        statements = self._own.execute("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid").fetchall()
        self._now = sqlite3.connect(":memory:", isolation_level=None)
        try:
            for (statement,) in statements:
                # The tables behind a virtual table are made with it.
                with suppress(sqlite3.OperationalError):
                    self._now.execute(statement)
            yield
        finally:
            self._now.close()
            self._now = self._own

    @contextmanager
    def filled(self, fixture: Fixture) -> Generator[None]:
        """Run the fixture; a script's rows are taken back."""
        self._own.isolation_level = None
        if not isinstance(fixture, Path):
            fixture()
        self._own.execute("BEGIN IMMEDIATE")
        try:
            for statement in _statements(fixture) if isinstance(fixture, Path) else ():
                self._own.execute(statement)
            yield
        finally:
            self._own.execute("ROLLBACK")

    def sample(self) -> Sample:
        """Some rows of each table, as they are stored."""
        found: dict[str, list[dict[str, Any]]] = {}
        for table in self.facts.tables:
            cursor = self._now.execute(f'SELECT * FROM "{table}" LIMIT {_ROWS}')  # noqa: S608 - a catalogue's name
            columns = [column[0] for column in cursor.description]
            found[table] = [dict(zip(columns, row, strict=True)) for row in cursor]
        return found

    def run(self, variant: Variant, arguments: Sequence[Any]) -> list[tuple[Any, ...]]:
        """Run the statement in a savepoint."""
        connection = self._now
        connection.execute("SAVEPOINT lumia_probe")
        connection.set_progress_handler(lambda: 1, _STEPS)
        try:
            return connection.execute(SQLITE.render(variant.pieces, variant.params), arguments).fetchmany(_ROWS * 10)
        except sqlite3.Error:
            return []
        finally:
            connection.set_progress_handler(None, 0)
            if connection.in_transaction:
                connection.execute("ROLLBACK TO lumia_probe")
                connection.execute("RELEASE lumia_probe")


class PostgresqlProbe:
    """Runs statements on a connection of the checker's; arguments are text, which the placeholders' casts read."""

    def __init__(self, connection: psycopg.Connection[Any], facts: SchemaFacts) -> None:
        """Keep the connection, which is in autocommit mode."""
        self.facts = facts
        self._connection = connection
        self._cursor = psycopg.RawCursor(connection)

    @contextmanager
    def empty(self) -> Generator[None]:
        """Temporary tables and views of the same names, which hide the real ones."""
        tables = [fact for fact in self.facts.tables.values() if fact.view is None]
        views = {fact.name: fact.view for fact in self.facts.tables.values() if fact.view is not None}
        with self._connection.transaction(force_rollback=True):
            # Their places were looked up while nothing hid them.
            for fact in tables:
                name = names.Identifier(fact.name)
                self._connection.execute(
                    names.SQL("CREATE TEMP TABLE {} (LIKE {} INCLUDING ALL EXCLUDING COMMENTS)").format(name, name)
                )
            self._make_views(views)
            self._connection.execute(_PATIENCE)
            yield

    def _make_views(self, views: Mapping[str, str]) -> None:
        waiting = dict(views)
        while waiting:
            before = len(waiting)
            for name, text in list(waiting.items()):
                # A view that reads another one that is still missing here would read the real one.
                if any(other != name and other in text for other in waiting):
                    continue
                statement = f'CREATE TEMP VIEW "{name}" AS {text}'
                self._connection.execute(statement.encode())
                del waiting[name]
            if len(waiting) == before:
                return

    @contextmanager
    def filled(self, fixture: Fixture) -> Generator[None]:
        """Run the fixture; a script's rows are taken back."""
        if not isinstance(fixture, Path):
            fixture()
        with self._connection.transaction(force_rollback=True):
            if isinstance(fixture, Path):
                self._connection.execute(fixture.read_bytes())
            self._connection.execute(_PATIENCE)
            yield

    def sample(self) -> Sample:
        """Some rows of each table, as text."""
        found: dict[str, list[dict[str, Any]]] = {}
        for fact in self.facts.tables.values():
            columns = names.SQL(", ").join(
                names.SQL("{}::text").format(names.Identifier(name)) for name in fact.columns
            )
            statement = names.SQL("SELECT {} FROM {} LIMIT {}").format(columns, names.Identifier(fact.name), _ROWS)
            rows = self._connection.execute(statement).fetchall()
            found[fact.name] = [dict(zip(fact.columns, row, strict=True)) for row in rows]
        return found

    def run(self, variant: Variant, arguments: Sequence[Any]) -> list[tuple[Any, ...]]:
        """Run the statement in a savepoint."""
        statement = POSTGRESQL.render(variant.pieces, variant.params).encode()
        rows: list[tuple[Any, ...]] = []
        with suppress(psycopg.Error), self._connection.transaction(force_rollback=True):
            self._cursor.execute(statement, arguments)
            rows = self._cursor.fetchmany(_ROWS * 10)
        return rows


@dataclass(slots=True)
class Probed:
    """What running the queries showed: findings by query and column, claims refuted, queries that gave any row."""

    findings: dict[tuple[str, str], Finding] = field(default_factory=dict[tuple[str, str], Finding])
    refuted: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    seen: set[str] = field(default_factory=set[str])

    def look(
        self, query: SourceQuery, variant: Variant, rows: Sequence[tuple[Any, ...]], engine: str, where: str
    ) -> None:
        """Take one statement's rows in."""
        if rows:
            self.seen.add(query.full_name)
        asserted = {entry.name: entry.line for entry in query.header.asserted}
        for index, column in enumerate(expected_columns(query)):
            key = (query.full_name, column.name)
            values = [row[index] for row in rows if index < len(row)]
            if not column.type.optional and None in values:
                self.refuted.add(key)
                words = _refuted(query, column.name, where, asserted=column.name in asserted)
            elif engine == "sqlite" and (wrong := _wrong(column.type, values)) is not None:
                words = f"{column.name or 'the value'} is {column.type}, but SQLite gave {wrong}"
            else:
                continue
            shown = f"variant {variant.label}: " if variant.label else ""
            line = asserted.get(column.name, query.returns.line)
            self.findings.setdefault(key, Finding(query.path, line, query.full_name, f"{shown}{words}", engine))


def probe_queries(
    work: Sequence[tuple[SourceQuery, Sequence[Variant]]], probe: Probe, fixture: Fixture | None
) -> Probed:
    """Run every statement that gives rows, over empty tables and over the fixture, and take everything back."""
    result = Probed()
    rowful = [(query, variants) for query, variants in work if expected_columns(query)]

    def run_all(tries: int, where: str) -> None:
        sample = probe.sample()
        for query, variants in rowful:
            # A query of many variants tries each a few times: most of what one shows, the others show too.
            most = max(_TRIES_WHEN_EMPTY, 2 * _TRIES // len(variants))
            for variant in variants:
                for arguments in arguments_for(query, variant, probe.facts, sample, min(tries, most)):
                    result.look(query, variant, probe.run(variant, arguments), probe.facts.engine, where)

    with probe.empty():
        run_all(_TRIES_WHEN_EMPTY, "over empty tables")
    if fixture is not None:
        with probe.filled(fixture):
            run_all(_TRIES, "over the fixture's rows")
    return result


def _refuted(query: SourceQuery, column: str, where: str, *, asserted: bool) -> str:
    if not column:
        return f"the value was NULL {where}, but @returns says {query.returns}: write {query.returns}?, or coalesce it"
    claim = f"@column {column}! says that it never is" if asserted else f"{query.returns}.{column} cannot be None"
    return f"{column} was NULL {where}, but {claim}: let the field be None, coalesce it, or join so that a row is there"


def _wrong(logical: LogicalType, values: Sequence[Any]) -> str | None:
    return next((words for value in values if (words := value_words(logical, value)) is not None), None)


def _statements(script: Path) -> Iterator[str]:
    statement = ""
    for line in script.read_text(encoding="utf-8").splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
