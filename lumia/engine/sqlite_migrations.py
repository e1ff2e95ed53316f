"""What the migration runner needs of SQLite: who owns a file, one transaction per step, and safe table rebuilds."""

from __future__ import annotations

import hashlib
import re
import sqlite3
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeVar

from lumia.engine.errors_sqlite import DRIVER_ERRORS, map_sqlite_error
from lumia.engine.sqlite_keys import UniqueKeys
from lumia.errors import Conflict, MigrationError, NotALumiaDatabase
from lumia.migrations.files import Migration
from lumia.migrations.runner import AppliedMigration, latest

if TYPE_CHECKING:
    from lumia.engine.sqlite import SqliteEngine

__all__ = ["APPLICATION_ID", "SqliteMigrations", "split_statements"]

APPLICATION_ID: Final = int.from_bytes(b"Lumi", "big")
"""Written into the header of every Lumia file, so that others are recognised as such."""

_WAIT_SECONDS: Final = 120.0
_PAUSE: Final = 0.05
_TIME: Final = "%Y-%m-%dT%H:%M:%S.%fZ"
_COMMENT: Final = re.compile(r"--[^\n]*\n?|/\*.*?\*/", re.DOTALL)
_CONTROL: Final = re.compile(
    r"\s*(?:BEGIN|COMMIT|END|ROLLBACK|SAVEPOINT|RELEASE|ATTACH|DETACH|VACUUM|PRAGMA)\b", re.IGNORECASE
)

_BOOKKEEPING: Final = """
CREATE TABLE IF NOT EXISTS schema_migrations (
    version INTEGER NOT NULL,
    name TEXT NOT NULL,
    checksum TEXT NOT NULL,
    applied_at TEXT NOT NULL,
    schema_digest TEXT NOT NULL,
    CONSTRAINT schema_migrations_pkey PRIMARY KEY (version)
) STRICT
"""

T = TypeVar("T")


def split_statements(migration: Migration) -> Iterator[tuple[int, str]]:
    """Yield the statements of a file with the line each begins at; a trigger with its body is one statement.

    Raises:
        MigrationError: the last statement has no semicolon.
    """
    text, start = migration.sql, 0
    for found in re.finditer(";", text):
        statement = text[start : found.end()]
        if sqlite3.complete_statement(statement):
            body = _COMMENT.sub("", statement)
            begins = start + len(statement) - len(statement.lstrip())
            if body.strip(" \n\t;"):
                yield text.count("\n", 0, begins) + 1, statement.strip()
            start = found.end()
    if _COMMENT.sub("", text[start:]).strip():
        line = text.count("\n", 0, start) + 1
        message = f"{migration.filename}:{line}: the last statement has no semicolon, or a string or comment is open"
        raise MigrationError(message)


def schema_digest(connection: sqlite3.Connection) -> str:
    """A sha256 of every table, index, view and trigger, white space and SQLite's own tables left out."""
    rows = connection.execute(
        "SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_schema "
        "WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY type, name"
    )
    digest = hashlib.sha256()
    for kind, name, table, sql in rows:
        digest.update("\x1f".join((kind, name, table, " ".join(sql.split()))).encode() + b"\x1e")
    return digest.hexdigest()


class SqliteMigrations:
    """The migration runner's way into a SQLite engine."""

    def __init__(self, engine: SqliteEngine, *, sleep: Callable[[float], None] = time.sleep) -> None:
        """Work on the engine's file."""
        self._engine = engine
        self._sleep = sleep

    @contextmanager
    def open(self, *, create: bool) -> Generator[SqliteWork]:
        """Open a connection of its own; a database in memory gets its only one."""
        engine = self._engine
        connection = self._memory() or engine.connect(create=create)
        work = SqliteWork(engine, connection, create=create, sleep=self._sleep)
        try:
            yield work
        except BaseException:
            connection.close()
            raise
        engine.adopt(connection)

    def _memory(self) -> sqlite3.Connection | None:
        return self._engine.take_memory() if self._engine.url.path is None else None


class SqliteWork:
    """One connection that migrates; see `MigrationWork`."""

    def __init__(
        self, engine: SqliteEngine, connection: sqlite3.Connection, *, create: bool, sleep: Callable[[float], None]
    ) -> None:
        """Migrate through `connection`."""
        self._engine = engine
        self._connection = connection
        self._create = create
        self._sleep = sleep

    @property
    def where(self) -> str:
        """The file's path."""
        return self._engine.url.path or "the database in memory"

    # --- what is there ------------------------------------------------------------------------------------------------

    def applied(self) -> tuple[AppliedMigration, ...] | None:
        """The recorded steps; see `MigrationWork.applied`."""
        return self._patiently(self._applied)

    def _applied(self) -> tuple[AppliedMigration, ...] | None:
        own = not self._connection.in_transaction
        try:
            if own:
                # One moment for all that is read: another runner may commit at any time.
                self._connection.execute("BEGIN")
            return self._read()
        except DRIVER_ERRORS as error:
            raise self._engine.opening_error(error) from None
        finally:
            if own and self._connection.in_transaction:
                self._connection.execute("ROLLBACK")

    def _read(self) -> tuple[AppliedMigration, ...] | None:
        owner = self._value("PRAGMA application_id")
        if owner == 0 and self._value("SELECT count(*) FROM sqlite_schema") == 0:
            return None
        if owner != APPLICATION_ID:
            message = f"{self.where} is a SQLite database of another program; name another file"
            raise NotALumiaDatabase(message)
        rows = self._connection.execute(
            "SELECT version, name, checksum, applied_at, schema_digest FROM schema_migrations ORDER BY version"
        ).fetchall()
        version = self._value("PRAGMA user_version")
        if version != max((row[0] for row in rows), default=0):
            message = f"{self.where} contradicts itself: user_version {version} is not its last step; restore a backup"
            raise NotALumiaDatabase(message)
        return tuple(
            AppliedMigration(number, name, checksum, datetime.strptime(at, _TIME).replace(tzinfo=UTC), digest)
            for number, name, checksum, at, digest in rows
        )

    def _value(self, sql: str) -> Any:
        return self._connection.execute(sql).fetchone()[0]

    def verify(self, applied: Sequence[AppliedMigration], *, full: bool) -> None:
        """Refuse a schema whose digest is not the recorded one; `full` also looks for damage in every page."""
        try:
            if not applied or schema_digest(self._connection) != latest(applied).schema_digest:
                message = f"the schema of {self.where} was changed by something other than Lumia; restore a backup"
                raise NotALumiaDatabase(message)
            if full and self._value("PRAGMA quick_check(1)") != "ok":
                message = f"{self.where} is damaged; restore a backup"
                raise NotALumiaDatabase(message)
        except DRIVER_ERRORS as error:
            raise map_sqlite_error(error) from None

    # --- one step -----------------------------------------------------------------------------------------------------

    @contextmanager
    def exclusive(self, *, rebuild: bool) -> Generator[None]:
        """One writing transaction; see `MigrationWork.exclusive`."""
        self._patiently(self._claim)
        if rebuild:
            self._foreign_keys(on=False)
        try:
            self._patiently(lambda: self._run("BEGIN IMMEDIATE"))
            try:
                before = self._counts() if rebuild else {}
                self._run(_BOOKKEEPING)
                self._run(f"PRAGMA application_id = {APPLICATION_ID}")
                yield
                if rebuild:
                    self._check_rebuild(before)
                self._run("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise
        finally:
            if rebuild:
                self._foreign_keys(on=True)
            self._engine.forget_schema()

    def _claim(self) -> None:
        try:
            owner = self._value("PRAGMA application_id")
        except DRIVER_ERRORS as error:
            raise self._engine.opening_error(error) from None
        if owner not in {0, APPLICATION_ID}:
            message = f"{self.where} is a SQLite database of another program; name another file"
            raise NotALumiaDatabase(message)
        self._engine.use_wal(self._connection)

    def run(self, migration: Migration) -> None:
        """Run a file statement by statement, so that each stays inside the transaction."""
        for line, statement in split_statements(migration):
            if _CONTROL.match(_COMMENT.sub("", statement)):
                message = f"{migration.filename}:{line}: a migration controls no transaction and no PRAGMA of its own"
                raise MigrationError(message)
            try:
                self._connection.execute(statement)
            except DRIVER_ERRORS as error:
                reason = map_sqlite_error(error, key_name=partial(UniqueKeys().name_of, self._connection))
                message = f"{migration.filename}:{line}: {reason}"
                raise MigrationError(message) from None

    def record(self, migration: Migration, applied_at: datetime) -> None:
        """Write the step's row and the file's version."""
        values = (
            migration.version,
            migration.name,
            migration.checksum,
            applied_at.astimezone(UTC).strftime(_TIME),
            schema_digest(self._connection),
        )
        try:
            self._connection.execute(
                "INSERT INTO schema_migrations (version, name, checksum, applied_at, schema_digest) "
                "VALUES (?1, ?2, ?3, ?4, ?5)",
                values,
            )
        except DRIVER_ERRORS as error:
            raise map_sqlite_error(error) from None
        # The largest number, which need not be this step's: a newer Lumia comes behind an embedder's own steps.
        newest = self._value("SELECT max(version) FROM schema_migrations")
        self._run(f"PRAGMA user_version = {newest}")

    def _run(self, sql: str) -> None:
        try:
            self._connection.execute(sql)
        except DRIVER_ERRORS as error:
            raise map_sqlite_error(error) from None

    def _patiently(self, action: Callable[[], T]) -> T:
        """Repeat what another runner is in the way of."""
        deadline = time.monotonic() + _WAIT_SECONDS
        while True:
            try:
                return action()
            except Conflict:
                if self._connection.in_transaction or time.monotonic() > deadline:
                    raise
            self._sleep(_PAUSE)

    # --- table rebuilds -----------------------------------------------------------------------------------------------

    def _foreign_keys(self, *, on: bool) -> None:
        # Inside a transaction this PRAGMA does nothing and says nothing, so its effect is read back.
        self._run(f"PRAGMA foreign_keys = {'ON' if on else 'OFF'}")
        if self._value("PRAGMA foreign_keys") != int(on):
            message = f"foreign keys could not be switched {'on' if on else 'off'} around a table rebuild"
            raise MigrationError(message)

    def _counts(self) -> dict[str, int]:
        names = self._connection.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
        ).fetchall()
        return {name: self._value(f'SELECT count(*) FROM "{name}"') for (name,) in names}  # noqa: S608 - names of tables

    def _check_rebuild(self, before: dict[str, int]) -> None:
        after = self._counts()
        for table, count in before.items():
            if table in after and table != "schema_migrations" and after[table] != count:
                message = f"the rebuild left {after[table]} rows in {table} that had {count}; nothing of it was kept"
                raise MigrationError(message)
        broken = self._connection.execute("PRAGMA foreign_key_check").fetchone()
        if broken is not None:
            message = f"the rebuild left rows of {broken[0]} that refer to missing rows of {broken[2]}"
            raise MigrationError(message)
