"""What a database holds, seen from a connection of one's own: a digest of every table that the catalog knows."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

import psycopg
from psycopg import sql

__all__ = ["Digest", "Observer", "TableDigest", "changed_tables", "observe"]


@dataclass(frozen=True)
class TableDigest:
    """How many rows a table has, and a hash over all of them in a fixed order."""

    rows: int
    sha256: str


Digest = Mapping[str, TableDigest]
"""One entry per table, bookkeeping tables included."""


class Observer(Protocol):
    """Looks at committed data only, and refuses to look while somebody else's transaction is open."""

    def digest(self) -> Digest:
        """Read every table.

        Raises:
            AssertionError: a transaction was left open that holds a lock on a table.
        """
        ...


def changed_tables(before: Digest, after: Digest) -> list[str]:
    """Names of the tables that differ, with the change in their number of rows."""
    nothing = TableDigest(0, "")
    return [
        f"{table} ({after.get(table, nothing).rows - before.get(table, nothing).rows:+d})"
        for table in sorted({*before, *after})
        if before.get(table) != after.get(table)
    ]


class _SqliteObserver:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def digest(self) -> Digest:
        # Within one process nothing ends later than the call that began it, so there is nothing to wait for.
        try:
            self._connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            message = "a writing transaction was left open"
            raise AssertionError(message) from error
        try:
            tables = self._connection.execute(
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
            ).fetchall()
            found = {name: self._table(name) for (name,) in tables}
        finally:
            self._connection.execute("ROLLBACK")
        busy, *_ = self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        assert not busy, "a reading transaction was left open"
        return found

    def _table(self, name: str) -> TableDigest:
        rows = sorted(map(repr, self._connection.execute(f'SELECT * FROM "{name}"')))
        return TableDigest(len(rows), hashlib.sha256("\n".join(rows).encode()).hexdigest())


class _PostgresqlObserver:
    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def digest(self) -> Digest:
        tables = [name for (name,) in self._connection.execute(_TABLES)]
        if not tables:
            return {}
        whole = sql.SQL(" UNION ALL ").join(
            sql.SQL(_TABLE).format(name=sql.Literal(name), table=sql.Identifier(name)) for name in tables
        )
        lock = sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(sql.SQL(", ").join(map(sql.Identifier, tables)))
        # A killed backend needs a moment to roll back: the lock waits for just that, and for whatever was left open.
        try:
            with self._connection.transaction():
                self._connection.execute(lock)
                rows = self._connection.execute(whole).fetchall()
        except psycopg.errors.LockNotAvailable as error:
            message = "a transaction was left open that holds a lock"
            raise AssertionError(message) from error
        return {name: TableDigest(count, digest) for name, count, digest in rows}


_TABLES = """
SELECT tablename::text
FROM pg_catalog.pg_tables
WHERE schemaname = current_schema()
ORDER BY tablename
"""

_TABLE = """
SELECT
    {name}::text,
    count(*),
    encode(sha256(convert_to(coalesce(string_agg(t::text, E'\\n' ORDER BY t::text COLLATE "C"), ''), 'UTF8')), 'hex')
FROM {table} AS t
"""


@contextmanager
def observe(url: str, *, schema: str | None = None) -> Iterator[Observer]:
    """Open a connection of one's own to the database behind a Lumia URL, to watch it while a Shop works on it."""
    if url.startswith("sqlite:///"):
        connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None, timeout=0)
        try:
            yield _SqliteObserver(connection)
        finally:
            connection.close()
        return
    with psycopg.connect(url, autocommit=True) as server:
        server.execute("SET TimeZone = 'UTC'")
        server.execute("SET lock_timeout = '10s'")
        if schema is not None:
            server.execute(sql.SQL("SET search_path = {}").format(sql.Identifier(schema)))
        yield _PostgresqlObserver(server)
