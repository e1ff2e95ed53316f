"""PostgreSQL behind the engine protocol: settings made and read back, a pool that lends only what still lives."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable
from typing import Any, Final, NoReturn

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.types import TypeInfo
from psycopg.types.numeric import Int8BinaryDumper
from psycopg.types.string import TextBinaryLoader

from lumia.engine.errors_postgresql import DRIVER_ERRORS, map_connect_error, map_postgresql_error
from lumia.engine.options import PoolOptions
from lumia.engine.pool import LifoPool
from lumia.engine.postgresql_migrations import PostgresqlMigrations
from lumia.engine.postgresql_session import PostgresqlSession
from lumia.engine.url import PostgresqlUrl
from lumia.errors import ConfigurationError, DatabaseNotFound, TransactionError

__all__ = ["PostgresqlEngine"]

_FORKED: Final = "the shop was opened before a fork; fork first, and let each process open its own"
_OLDEST: Final = 150000
_SCHEMA: Final = re.compile(r"[a-z_][a-z0-9_]{0,62}")
_UNKNOWN_OID: Final = 0

_READ_BACK: Final = """
SELECT
    current_setting('TimeZone') = 'UTC',
    current_setting('statement_timeout')::interval = $1::bigint * interval '1 millisecond',
    current_setting('lock_timeout')::interval = $2::bigint * interval '1 millisecond',
    current_setting('idle_in_transaction_session_timeout')::interval = $3::bigint * interval '1 millisecond',
    $4::text IS NULL OR current_setting('search_path') = $4::text
"""
_READ_BACK_NAMES: Final = (
    "TimeZone",
    "statement_timeout",
    "lock_timeout",
    "idle_in_transaction_session_timeout",
    "search_path",
)

_ENUMS: Final = """
SELECT t.typname::text, t.oid::bigint, t.typarray::bigint
FROM pg_catalog.pg_type AS t
WHERE t.typtype = 'e' AND pg_catalog.pg_type_is_visible(t.oid)
"""


class PostgresqlEngine:
    """A PostgreSQL database, or one schema of it, shared by the threads of one process."""

    name: str = "postgresql"

    def __init__(
        self,
        url: PostgresqlUrl,
        options: PoolOptions | None = None,
        *,
        schema: str | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Prepare an engine; nothing is connected before the first call that needs it.

        Args:
            url: the server and database.
            options: settings of the connections.
            schema: the PostgreSQL schema that holds the shop; None: what the role's search_path says.
            sleep: waits between attempts at what another process holds.

        Raises:
            ConfigurationError: the schema's name is not of lower-case letters, digits and underscores.
        """
        if schema is not None and _SCHEMA.fullmatch(schema) is None:
            message = "a schema's name has 1 to 63 lower-case letters, digits and underscores"
            raise ConfigurationError(message)
        self.url = url
        self.options = options or PoolOptions()
        self.schema = schema
        self._sleep = sleep
        self._pid = os.getpid()
        self._closed = False
        self._lost_at = 0.0
        self._pool = LifoPool(
            self._open_session, size=self.options.size, timeout=self.options.timeout, alive=self._is_alive
        )
        self._enums: list[Any] | None = None

    @property
    def ephemeral(self) -> bool:
        """A server's database never ends with the engine."""
        return False

    # --- opening ------------------------------------------------------------------------------------------------------

    def _arguments(self) -> dict[str, Any]:
        options = self.options
        settings = {
            "TimeZone": "UTC",
            "statement_timeout": str(round(options.statement_timeout * 1000)),
            "lock_timeout": str(round(options.lock_timeout * 1000)),
            "idle_in_transaction_session_timeout": str(round(options.idle_timeout * 1000)),
        }
        if self.schema is not None:
            settings["search_path"] = self.schema
        given = conninfo_to_dict(self.url.conninfo)
        ours = " ".join(f"-c {name}={value}" for name, value in settings.items())
        return {
            "autocommit": True,
            "connect_timeout": int(given.get("connect_timeout") or max(2, round(options.connect_timeout))),
            "fallback_application_name": "lumia",
            "options": f"{given.get('options') or ''} {ours}".strip(),
        }

    def connect(self) -> psycopg.Connection[Any]:
        """Open a connection outside the pool, with its settings made and read back.

        Raises:
            ServerUnreachable: no server answered.
            AuthenticationFailed: it refused the role or its password.
            DatabaseNotFound: it has no such database.
            ConfigurationError: it is older than PostgreSQL 15, or a setting did not take effect.
        """
        try:
            connection = psycopg.connect(self.url.conninfo, **self._arguments())
        except (psycopg.Error, OSError) as error:
            raise map_connect_error(error, where=str(self.url)) from None
        try:
            self._configure(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _open_session(self) -> PostgresqlSession:
        return self._session(self.connect())

    def _configure(self, connection: psycopg.Connection[Any]) -> None:
        if connection.info.server_version < _OLDEST:
            message = f"{self.url} runs PostgreSQL {connection.info.server_version // 10000}; Lumia needs 15 or newer"
            raise ConfigurationError(message)
        options = self.options
        connection.prepared_max = 1000
        if not options.prepare:
            connection.prepare_threshold = None
        # The driver would send the smallest integer type that fits, and `$1 * $2` of two small ones overflow.
        connection.adapters.register_dumper(int, Int8BinaryDumper)
        # Labels of enums arrive under object ids that no driver knows beforehand; as bytes, were it not for this.
        connection.adapters.register_loader(_UNKNOWN_OID, TextBinaryLoader)
        times = (options.statement_timeout, options.lock_timeout, options.idle_timeout)
        wanted = [*(round(seconds * 1000) for seconds in times), self.schema]
        (holds,) = _ask(connection, _READ_BACK, wanted)
        ignored = [name for name, same in zip(_READ_BACK_NAMES, holds, strict=True) if not same]
        if ignored:
            message = f"{self.url} ignores {', '.join(ignored)} (a pooler drops them); set them on the role"
            raise ConfigurationError(message)
        if self._enums is None:
            self._enums = _ask(connection, _ENUMS, [])
        for name, oid, array_oid in self._enums:
            connection.adapters.register_loader(oid, TextBinaryLoader)
            TypeInfo(name, oid, array_oid).register(connection)

    def _session(self, connection: psycopg.Connection[Any]) -> PostgresqlSession:
        return PostgresqlSession(connection, prepare=self.options.prepare, on_lost=self._lost)

    def forget_schema(self) -> None:
        """The schema was changed: what was remembered of it is read anew, and idle connections are replaced."""
        self._enums = None
        self._pool.close_idle()

    # --- lending ------------------------------------------------------------------------------------------------------

    def acquire(self, *, write: bool) -> PostgresqlSession:
        """Lend a session; see `Engine.acquire`."""
        if self._closed or os.getpid() != self._pid:
            self._refuse()
        session = self._pool.acquire()
        session.may_write = write
        return session

    def _refuse(self) -> NoReturn:
        raise TransactionError("the shop is closed" if self._closed else _FORKED)

    def _is_alive(self, session: PostgresqlSession) -> bool:
        """Whether a connection may be lent; asks the server only where there is a reason for doubt."""
        last = session.checked_at
        if last > self._lost_at and time.monotonic() - last <= self.options.check_after and not session.has_word():
            return True
        return session.ping()

    def _lost(self) -> None:
        self._lost_at = time.monotonic()

    def release(self, session: PostgresqlSession, *, failed: bool) -> None:
        """Take a session back; see `Engine.release`."""
        if os.getpid() != self._pid:
            return
        pgconn = session.connection.pgconn
        if failed or pgconn.transaction_status:
            session.rollback()
        if self._closed or session.broken or pgconn.transaction_status:
            self._pool.discard(session)
            return
        session.failure = None
        session.checked_at = time.monotonic()
        self._pool.release(session)

    def migrations(self) -> PostgresqlMigrations:
        """Where the migration runner works."""
        return PostgresqlMigrations(self, sleep=self._sleep)

    def missing_schema(self) -> DatabaseNotFound:
        """The error for a schema that is not there; not raised."""
        return DatabaseNotFound(
            f"{self.url} has no schema {self.schema or 'that the role would create tables in'}; "
            "make it with `lumia init` or connect(..., create=True)"
        )

    def settle(self) -> bool:
        """Nothing to do: the server keeps and drops its log by its own rules."""
        return True

    def close(self) -> None:
        """Close every connection; closing twice is fine."""
        self._closed = True
        if os.getpid() == self._pid:
            self._pool.close_idle()


def _ask(connection: psycopg.Connection[Any], sql: str, params: list[Any]) -> list[Any]:
    # A cursor for this alone: one keeps the types that were known when it was made.
    cursor: Any = psycopg.RawCursor(connection)
    try:
        rows: list[Any] = cursor.execute(sql, params).fetchall()
    except DRIVER_ERRORS as error:
        raise map_postgresql_error(error, broken=connection.broken) from None
    return rows
