"""The two engines that statements are run on: over empty tables, over a fixture, and everything is taken back."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

import psycopg
from psycopg import sql as names

from lumia.errors import FileRefused
from lumia.typedsql.check.arguments import Sample
from lumia.typedsql.dialect_postgresql import POSTGRESQL
from lumia.typedsql.dialect_sqlite import SQLITE
from lumia.typedsql.prove.facts import SchemaFacts
from lumia.typedsql.variants import Variant

__all__ = ["ROWS", "Answer", "Fixture", "PostgresqlProbe", "Probe", "SqliteProbe"]

Fixture = Path | Callable[[], None]
"""A script that is run and taken back, or a function that fills a database made for the check, and stays."""

ROWS: Final = 400
"""So many rows of a statement are looked at."""

_SAMPLED: Final = 40

# Arguments at random can ask for a billion rows; what takes longer has shown enough. Instants without a zone are read
# as the engine's own sessions read them.
_PATIENCE: Final = b"SET LOCAL statement_timeout = '250ms'; SET LOCAL TimeZone = 'UTC'"
_STEPS: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of running a statement: rows, or in `failure` the engine's words for data that it cannot compute with.

    `told` is whether anything can be said at all: a statement that took too long, or that a constraint refused, gave
    no answer.
    """

    rows: Sequence[tuple[Any, ...]] = ()
    failure: str = ""
    told: bool = True


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

    def run(self, variant: Variant, arguments: Sequence[Any]) -> Answer:
        """Run the statement and take it back."""
        ...


class SqliteProbe:
    """Runs statements on a connection of the checker's."""

    def __init__(self, connection: sqlite3.Connection, facts: SchemaFacts) -> None:
        """Keep the connection to the database with the fixture."""
        self.facts = facts
        self._own = self._now = connection
        self._ran: set[Callable[[], None]] = set()

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
        """Run the fixture, a function once only; a script's rows are taken back.

        Raises FileRefused for a script that SQLite refuses.
        """
        self._own.isolation_level = None
        if not isinstance(fixture, Path) and fixture not in self._ran:
            fixture()
            self._ran.add(fixture)
        self._own.execute("BEGIN IMMEDIATE")
        try:
            if isinstance(fixture, Path):
                self._fill(fixture)
            yield
        finally:
            self._own.execute("ROLLBACK")

    def _fill(self, script: Path) -> None:
        line = 1
        for statement in _statements(script):
            try:
                self._own.execute(statement)
            except sqlite3.Error as error:
                first = line + statement[: len(statement) - len(statement.lstrip())].count("\n")
                message = f"{script}:{first}: SQLite refuses the fixture: {error}"
                raise FileRefused(message) from None
            line += statement.count("\n")

    def rows(self, table: str) -> list[dict[str, Any]]:
        """All rows of a table, as they are stored."""
        cursor = self._now.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - a catalogue's name
        columns = [column[0] for column in cursor.description]
        return [dict(zip(columns, row, strict=True)) for row in cursor]

    def sample(self) -> Sample:
        """Some rows of each table, as they are stored."""
        found: dict[str, list[dict[str, Any]]] = {}
        for table in self.facts.tables:
            cursor = self._now.execute(f'SELECT * FROM "{table}" LIMIT {_SAMPLED}')  # noqa: S608 - a catalogue's name
            columns = [column[0] for column in cursor.description]
            found[table] = [dict(zip(columns, row, strict=True)) for row in cursor]
        return found

    def run(self, variant: Variant, arguments: Sequence[Any]) -> Answer:
        """Run the statement in a savepoint."""
        connection = self._now
        connection.execute("SAVEPOINT lumia_probe")
        connection.set_progress_handler(lambda: 1, _STEPS)
        try:
            return Answer(connection.execute(SQLITE.render(variant.pieces, variant.params), arguments).fetchmany(ROWS))
        except (sqlite3.IntegrityError, OverflowError):
            return Answer(told=False)
        except sqlite3.Error as error:
            return Answer(failure=str(error), told=str(error) != "interrupted")
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
        """Run the fixture; a script's rows are taken back.

        Raises FileRefused for a script that PostgreSQL refuses.
        """
        if not isinstance(fixture, Path):
            fixture()
        with self._connection.transaction(force_rollback=True):
            if isinstance(fixture, Path):
                self._fill(fixture)
            self._connection.execute(_PATIENCE)
            yield

    def _fill(self, script: Path) -> None:
        text = script.read_text(encoding="utf-8")
        try:
            self._connection.execute(text.encode())
        except psycopg.Error as error:
            place = error.diag.statement_position
            line = f":{text.count(chr(10), 0, int(place) - 1) + 1}" if place else ""
            message = f"{script}{line}: PostgreSQL refuses the fixture: {error.diag.message_primary or error}"
            raise FileRefused(message) from None

    @contextmanager
    def holding(self, tables: Mapping[str, Sequence[Mapping[str, Any]]]) -> Generator[frozenset[str]]:
        """Temporary tables with exactly these rows, their values as in JSON; gives the tables that took them."""
        with self.empty():
            yield frozenset(name for name, rows in tables.items() if self._hold(name, rows))

    def _hold(self, table: str, rows: Sequence[Mapping[str, Any]]) -> bool:
        generated = self._connection.execute(
            b"SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(%s) AND attgenerated <> ''", (table,)
        ).fetchall()
        own = [name for name in self.facts.tables[table].columns if (name,) not in generated]
        name, columns = names.Identifier(table), names.SQL(", ").join(map(names.Identifier, own))
        statement = names.SQL(
            "INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE SELECT {} FROM json_populate_recordset(NULL::{}, %s::json)"
        ).format(name, columns, columns, name)
        try:
            with self._connection.transaction():
                self._connection.execute(statement, (json.dumps(rows),))
        except psycopg.Error:
            return False
        return True

    def sample(self) -> Sample:
        """Some rows of each table, as text."""
        found: dict[str, list[dict[str, Any]]] = {}
        for fact in self.facts.tables.values():
            columns = names.SQL(", ").join(
                names.SQL("{}::text").format(names.Identifier(name)) for name in fact.columns
            )
            statement = names.SQL("SELECT {} FROM {} LIMIT {}").format(columns, names.Identifier(fact.name), _SAMPLED)
            rows = self._connection.execute(statement).fetchall()
            found[fact.name] = [dict(zip(fact.columns, row, strict=True)) for row in rows]
        return found

    def run(self, variant: Variant, arguments: Sequence[Any]) -> Answer:
        """Run the statement in a savepoint; rows arrive as they do at run time, in the server's binary form."""
        statement = POSTGRESQL.render(variant.pieces, variant.params).encode()
        try:
            with self._connection.transaction(force_rollback=True):
                self._cursor.execute(statement, arguments, binary=True)
                return Answer(self._cursor.fetchmany(ROWS) if self._cursor.description is not None else ())
        except (psycopg.errors.InvalidRowCountInLimitClause, psycopg.errors.InvalidRowCountInResultOffsetClause):
            return Answer(told=False)
        except psycopg.errors.DataError as error:
            # Also what the driver itself cannot read, such as an instant in the year 10000.
            return Answer(failure=error.diag.message_primary or str(error))
        except psycopg.Error:
            return Answer(told=False)


def _statements(script: Path) -> Iterator[str]:
    statement = ""
    for line in script.read_text(encoding="utf-8").splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
