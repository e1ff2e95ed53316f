"""What the migration runner needs of PostgreSQL: an advisory lock per schema and one transaction per step."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from psycopg.pq import TransactionStatus

from lumia.engine.errors_postgresql import DRIVER_ERRORS, map_postgresql_error
from lumia.errors import Conflict, MigrationError, NotALumiaDatabase
from lumia.migrations.files import Migration
from lumia.migrations.runner import AppliedMigration, latest

if TYPE_CHECKING:
    import psycopg

    from lumia.engine.postgresql import PostgresqlEngine

__all__ = ["PostgresqlMigrations"]

_WAIT_SECONDS: Final = 120.0
_PAUSE: Final = 0.05

_BOOKKEEPING: Final = """
CREATE TABLE IF NOT EXISTS schema_migrations (
    version bigint NOT NULL,
    name text COLLATE "C" NOT NULL,
    checksum text COLLATE "C" NOT NULL,
    applied_at timestamptz NOT NULL,
    schema_digest text COLLATE "C" NOT NULL,
    CONSTRAINT schema_migrations_pkey PRIMARY KEY (version)
)
"""

_OWN_COLUMNS: Final = ("applied_at", "checksum", "name", "schema_digest", "version")

_COLUMNS: Final = """
SELECT a.attname::text
FROM pg_catalog.pg_attribute AS a
INNER JOIN pg_catalog.pg_class AS c ON a.attrelid = c.oid
WHERE
    c.relname = 'schema_migrations' AND c.relnamespace = to_regnamespace(current_schema())
    AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attname COLLATE "C"
"""

_ROWS: Final = "SELECT version, name, checksum, applied_at, schema_digest FROM schema_migrations ORDER BY version"

# Names, types and NOT NULL only: how a server prints a CHECK changes from version to version.
_SHAPE: Final = """
WITH namespace AS (SELECT to_regnamespace(current_schema()) AS oid)

SELECT line FROM (
    SELECT concat_ws(
        ' ', 'column', c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull
    ) AS line
    FROM pg_catalog.pg_attribute AS a
    INNER JOIN pg_catalog.pg_class AS c ON a.attrelid = c.oid
    INNER JOIN namespace AS n ON c.relnamespace = n.oid
    WHERE c.relkind IN ('r', 'p', 'v', 'm') AND a.attnum > 0 AND NOT a.attisdropped
    UNION ALL
    SELECT concat_ws(' ', 'constraint', k.conname, k.convalidated)
    FROM pg_catalog.pg_constraint AS k
    INNER JOIN namespace AS n ON k.connamespace = n.oid
    WHERE k.contype <> 'n'
    UNION ALL
    SELECT concat_ws(' ', 'index', c.relname)
    FROM pg_catalog.pg_class AS c
    INNER JOIN namespace AS n ON c.relnamespace = n.oid
    WHERE c.relkind IN ('i', 'S')
    UNION ALL
    SELECT concat_ws(' ', 'trigger', c.relname, t.tgname, t.tgenabled)
    FROM pg_catalog.pg_trigger AS t
    INNER JOIN pg_catalog.pg_class AS c ON t.tgrelid = c.oid
    INNER JOIN namespace AS n ON c.relnamespace = n.oid
    WHERE NOT t.tgisinternal
    UNION ALL
    SELECT concat_ws(' ', 'label', t.typname, e.enumlabel)
    FROM pg_catalog.pg_enum AS e
    INNER JOIN pg_catalog.pg_type AS t ON e.enumtypid = t.oid
    INNER JOIN namespace AS n ON t.typnamespace = n.oid
    UNION ALL
    SELECT concat_ws(' ', 'function', p.proname, md5(p.prosrc))
    FROM pg_catalog.pg_proc AS p
    INNER JOIN namespace AS n ON p.pronamespace = n.oid
) AS shape
ORDER BY line COLLATE "C"
"""


# Bodies of functions hold BEGIN without a semicolon, and END, which is therefore left to the look afterwards.
_CONTROL: Final = re.compile(
    r"^\s*((?:BEGIN|COMMIT|ROLLBACK|START\s+TRANSACTION)\b(?:\s+(?:WORK|TRANSACTION))?)\s*;",
    re.IGNORECASE | re.MULTILINE,
)


class PostgresqlMigrations:
    """The migration runner's way into a PostgreSQL engine."""

    def __init__(self, engine: PostgresqlEngine, *, sleep: Callable[[float], None] = time.sleep) -> None:
        """Work on the engine's database and schema."""
        self._engine = engine
        self._sleep = sleep

    @contextmanager
    def open(self, *, create: bool) -> Generator[PostgresqlWork]:
        """Open a connection of its own."""
        connection = self._engine.connect()
        try:
            work = PostgresqlWork(self._engine, connection, sleep=self._sleep)
            if create:
                work.create_schema()
            yield work
        finally:
            connection.close()


class PostgresqlWork:
    """One connection that migrates; see `MigrationWork`."""

    def __init__(
        self, engine: PostgresqlEngine, connection: psycopg.Connection[Any], *, sleep: Callable[[float], None]
    ) -> None:
        """Migrate through `connection`."""
        self._engine = engine
        self._connection = connection
        self._sleep = sleep
        # What waits for the lock of another runner must not find a key of its own: hash the name that both see.
        name = engine.schema or str(self._query("SELECT coalesce(current_schema(), '')")[0][0])
        digest = hashlib.sha256(f"lumia.migrations.{name}".encode()).digest()
        self._key = int.from_bytes(digest[:8], "big", signed=True)

    @property
    def where(self) -> str:
        """The server, the database and the schema."""
        schema = self._engine.schema
        return f"{self._engine.url}, schema {schema}" if schema else str(self._engine.url)

    def _query(self, sql: str, params: Sequence[Any] | None = None) -> list[Any]:
        cursor: Any = self._connection
        try:
            rows: list[Any] = cursor.execute(sql, params, prepare=False).fetchall()
        except DRIVER_ERRORS as error:
            raise map_postgresql_error(error, broken=self._connection.broken) from None
        return rows

    def _run(self, sql: str, params: Sequence[Any] | None = None) -> None:
        cursor: Any = self._connection
        try:
            cursor.execute(sql, params, prepare=False)
        except DRIVER_ERRORS as error:
            raise map_postgresql_error(error, broken=self._connection.broken) from None

    # --- what is there ------------------------------------------------------------------------------------------------

    def create_schema(self) -> None:
        """Make the schema that was asked for, if it is missing."""
        if self._engine.schema is None or self._query("SELECT current_schema()") != [(None,)]:
            return
        with self._locked():
            self._run(f'CREATE SCHEMA IF NOT EXISTS "{self._engine.schema}"')

    def applied(self) -> tuple[AppliedMigration, ...] | None:
        """The recorded steps; see `MigrationWork.applied`."""
        if self._query("SELECT current_schema()") == [(None,)]:
            raise self._engine.missing_schema()
        columns = tuple(name for (name,) in self._query(_COLUMNS))
        if not columns:
            return None
        if columns != _OWN_COLUMNS:
            message = f"the table schema_migrations of {self.where} belongs to another program; use another schema"
            raise NotALumiaDatabase(message)
        return tuple(
            AppliedMigration(version, name, checksum, at.astimezone(UTC), digest)
            for version, name, checksum, at, digest in self._query(_ROWS)
        )

    def _digest(self) -> str:
        lines = "\n".join(line for (line,) in self._query(_SHAPE))
        return hashlib.sha256(lines.encode()).hexdigest()

    def verify(self, applied: Sequence[AppliedMigration], *, full: bool) -> None:
        """Refuse, if `full`, a schema whose tables, names or trigger functions were changed by somebody else."""
        if full and not (applied and self._digest() == latest(applied).schema_digest):
            message = f"the schema of {self.where} was changed by something other than `lumia migrate`"
            raise NotALumiaDatabase(message)

    # --- one step -----------------------------------------------------------------------------------------------------

    @contextmanager
    def _locked(self) -> Generator[None]:
        """One transaction that holds the schema's advisory lock, which ends with it even if this process is killed."""
        deadline = time.monotonic() + _WAIT_SECONDS
        while True:
            self._run("BEGIN")
            if self._query("SELECT pg_try_advisory_xact_lock(%s)", [self._key]) == [(True,)]:
                break
            self._run("ROLLBACK")
            if time.monotonic() > deadline:
                message = f"another process has been migrating {self.where} for too long; try again when it is done"
                raise Conflict(message)
            self._sleep(_PAUSE)
        try:
            self._run("SET LOCAL statement_timeout = 0")
            self._run("SET LOCAL idle_in_transaction_session_timeout = 0")
            yield
            self._run("COMMIT")
        except BaseException:
            if not self._connection.broken:
                self._connection.rollback()
            raise

    @contextmanager
    def exclusive(self, *, rebuild: bool) -> Generator[None]:  # noqa: ARG002 - PostgreSQL alters tables in place
        """One writing transaction; see `MigrationWork.exclusive`."""
        try:
            with self._locked():
                self._run("SET LOCAL client_min_messages = warning")
                self._run(_BOOKKEEPING)
                yield
        finally:
            self._engine.forget_schema()

    def run(self, migration: Migration) -> None:
        """Run a whole file in one go."""
        found = _CONTROL.search(migration.sql)
        if found is not None:
            line = migration.sql.count("\n", 0, found.start(1)) + 1
            message = f"{migration.filename}:{line}: a migration controls no transaction of its own"
            raise MigrationError(message)
        before = self._query("SELECT pg_current_xact_id()::text")
        cursor: Any = self._connection
        try:
            cursor.execute(migration.sql, prepare=False)
        except DRIVER_ERRORS as error:
            message = f"{migration.filename}{_line(migration, error)}: {map_postgresql_error(error)}"
            raise MigrationError(message) from None
        inside = self._connection.info.transaction_status == TransactionStatus.INTRANS
        if not inside or self._query("SELECT pg_current_xact_id()::text") != before:
            message = f"{migration.filename}: a migration controls no transaction of its own"
            raise MigrationError(message)

    def record(self, migration: Migration, applied_at: datetime) -> None:
        """Write the step's row."""
        self._run(
            "INSERT INTO schema_migrations (version, name, checksum, applied_at, schema_digest) "
            "VALUES (%s, %s, %s, %s, %s)",
            [migration.version, migration.name, migration.checksum, applied_at.astimezone(UTC), self._digest()],
        )


def _line(migration: Migration, error: BaseException) -> str:
    diagnostic: Any = getattr(error, "diag", None)
    position = diagnostic.statement_position if diagnostic is not None else None
    return f":{migration.sql.count(chr(10), 0, int(position)) + 1}" if position else ""
