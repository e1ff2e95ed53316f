"""Bare sessions for typed SQL's own tests: the two drivers with nothing of the engine layer between."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import psycopg

from lumia.typedsql import Params, Row

__all__ = ["BarePostgresql", "BareSqlite", "Lender", "write_files"]


class BareSqlite:
    """A session over one sqlite3 connection in autocommit mode."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Wrap a connection."""
        self.connection = connection

    def fetch_all(self, sql: str, params: Params) -> list[Row]:
        """Run and fetch all."""
        return self.connection.execute(sql, params).fetchall()

    def fetch_one(self, sql: str, params: Params) -> Row | None:
        """Run, fetch all, return the first."""
        rows = self.fetch_all(sql, params)
        return rows[0] if rows else None

    def execute(self, sql: str, params: Params) -> int:
        """Run and count."""
        return self.connection.execute(sql, params).rowcount

    def execute_many(self, sql: str, params: Iterable[Params]) -> int:
        """Run once per row and count."""
        return self.connection.executemany(sql, params).rowcount

    def stream(self, sql: str, params: Params, *, size: int) -> Iterator[list[Row]]:
        """Yield batches."""
        cursor = self.connection.execute(sql, params)
        while rows := cursor.fetchmany(size):
            yield rows

    def pipeline(self, statements: Sequence[tuple[str, Params]]) -> list[list[Row]]:
        """Run one after the other."""
        return [self.fetch_all(sql, params) for sql, params in statements]


class BarePostgresql:
    """A session over one psycopg connection in autocommit mode: a raw cursor with binary results."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        """Wrap a connection."""
        self.connection = connection
        self._cursor = psycopg.RawCursor(connection)

    def fetch_all(self, sql: str, params: Params) -> list[Row]:
        """Run and fetch all, [] if the statement gives no rows."""
        self._cursor.execute(sql.encode(), params, prepare=True, binary=True)
        return self._cursor.fetchall() if self._cursor.description is not None else []

    def fetch_one(self, sql: str, params: Params) -> Row | None:
        """Run, fetch all, return the first."""
        rows = self.fetch_all(sql, params)
        return rows[0] if rows else None

    def execute(self, sql: str, params: Params) -> int:
        """Run and count."""
        self._cursor.execute(sql.encode(), params, prepare=True, binary=True)
        return self._cursor.rowcount

    def execute_many(self, sql: str, params: Iterable[Params]) -> int:
        """Run once per row and count."""
        self._cursor.executemany(sql.encode(), params)
        return self._cursor.rowcount

    def stream(self, sql: str, params: Params, *, size: int) -> Iterator[list[Row]]:
        """Yield batches of what was fetched."""
        rows = self.fetch_all(sql, params)
        for start in range(0, len(rows), size):
            yield rows[start : start + size]

    def pipeline(self, statements: Sequence[tuple[str, Params]]) -> list[list[Row]]:
        """Run one after the other."""
        return [self.fetch_all(sql, params) for sql, params in statements]


class Lender:
    """A source that always lends one session and writes down how."""

    def __init__(self, session: Any) -> None:
        """Keep the session."""
        self.session = session
        self.acquired: list[bool] = []
        self.failures: list[bool] = []

    def acquire(self, *, write: bool) -> Any:
        """Lend the session and note whether it may write."""
        self.acquired.append(write)
        return self.session

    def release(self, session: Any, *, failed: bool) -> None:
        """Take the session back and note whether the call failed."""
        assert session is self.session
        self.failures.append(failed)


def write_files(folder: Path, **files: str) -> Path:
    """Write query files into the folder: `orders="…"` is orders.sql, `orders_sqlite="…"` is orders.sqlite.sql."""
    for name, text in files.items():
        stem, _, engine = name.rpartition("_")
        suffixed = f"{stem}.{engine}" if engine in {"sqlite", "postgresql"} else name
        (folder / f"{suffixed}.sql").write_text(text, encoding="utf-8")
    return folder
