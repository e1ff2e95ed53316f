"""Either engine through its bare driver, with values in one form and the driver's errors as Lumia's."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Protocol
from uuid import UUID

import psycopg

from lumia.engine.errors_postgresql import DRIVER_ERRORS as POSTGRESQL_ERRORS
from lumia.engine.errors_postgresql import map_postgresql_error
from lumia.engine.errors_sqlite import DRIVER_ERRORS as SQLITE_ERRORS
from lumia.engine.errors_sqlite import map_sqlite_error
from lumia.engine.sqlite_keys import UniqueKeys

__all__ = [
    "Foreign",
    "Raw",
    "RawPostgresql",
    "RawSqlite",
    "Share",
    "open_raw",
    "to_postgresql",
    "to_sqlite",
    "undone",
]


class Share(Decimal):
    """A rate; every other Decimal is money."""


@dataclass(frozen=True)
class Foreign:
    """A value that no Python value stands for: what each driver is given as it is."""

    sqlite: Any
    postgresql: Any


def _units(value: Decimal, places: int) -> int | float | str:
    if not value.is_finite():
        return str(value)
    scaled = value.scaleb(places)
    return int(scaled) if scaled == scaled.to_integral_value() else float(scaled)


def to_sqlite(value: Any) -> Any:
    """What the sqlite3 module is given for a Python value, also for one that the column should refuse."""
    match value:
        case Foreign():
            return value.sqlite
        case Share():
            return _units(value, 6)
        case Decimal():
            return _units(value, 4)
        case datetime():
            return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ").rjust(27, "0")
        case UUID():
            return str(value)
        case tuple():
            return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        case _:
            return value


def to_postgresql(value: Any) -> Any:
    """What psycopg is given for a Python value."""
    match value:
        case Foreign():
            return value.postgresql
        case Share():
            return Decimal(value)
        case tuple():
            return list(value)
        case _:
            return value


class Raw(Protocol):
    """One connection in autocommit mode."""

    engine: str

    def run(self, sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Execute one statement with `?` placeholders and fetch everything.

        Raises:
            LumiaError: what the driver raised, through Lumia's own map of errors.
        """
        ...

    def close(self) -> None:
        """Close the connection."""
        ...


class RawSqlite:
    """sqlite3 with foreign keys on."""

    engine = "sqlite"

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Work on an open connection."""
        self.connection = connection
        connection.isolation_level = None
        connection.execute("PRAGMA foreign_keys = ON")
        self._keys = UniqueKeys()

    def run(self, sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """See `Raw.run`."""
        try:
            return self.connection.execute(sql, [to_sqlite(value) for value in params]).fetchall()
        except SQLITE_ERRORS as error:
            key_name = self._keys.name_of
            raise map_sqlite_error(error, key_name=lambda columns: key_name(self.connection, columns)) from error

    def close(self) -> None:
        """See `Raw.close`."""
        self.connection.close()


class RawPostgresql:
    """psycopg, its results as text."""

    engine = "postgresql"

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        """Work on an open connection."""
        self.connection = connection
        connection.autocommit = True
        connection.execute("SET TimeZone = 'UTC'")

    def run(self, sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """See `Raw.run`."""
        try:
            text: Any = sql.replace("?", "%s")
            cursor = self.connection.execute(text, [to_postgresql(value) for value in params] or None)
            return cursor.fetchall() if cursor.description else []
        except POSTGRESQL_ERRORS as error:
            raise map_postgresql_error(error) from error

    def close(self) -> None:
        """See `Raw.close`."""
        self.connection.close()


def open_raw(engine: str, url: str) -> RawSqlite | RawPostgresql:
    """Open the database of a URL that the suite's fixtures gave."""
    if engine == "sqlite":
        return RawSqlite(sqlite3.connect(url.removeprefix("sqlite:///")))
    return RawPostgresql(psycopg.connect(url))


@contextmanager
def undone(raw: Raw) -> Iterator[None]:
    """Take back whatever happens inside, errors included."""
    raw.run("BEGIN")
    try:
        yield
    finally:
        raw.run("ROLLBACK")
