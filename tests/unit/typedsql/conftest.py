"""Fixtures of typed SQL's own tests: a bare session on each engine, and query files of a made-up library."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from lumia.typedsql import POSTGRESQL, SQLITE, Dialect, QuerySet, load_queries
from tests.support.pgserver import PgServer
from tests.support.typed_ground import REGISTRY, Ground
from tests.support.typed_sessions import BarePostgresql, BareSqlite, write_files


@pytest.fixture(scope="session")
def pg_dsn(pg_server: PgServer) -> Iterator[str]:
    """A PostgreSQL database that tests may create schemas in."""
    name = pg_server.create_database()
    yield pg_server.url(name)
    pg_server.drop_soon(name)


@pytest.fixture
def sqlite_connection() -> Iterator[sqlite3.Connection]:
    """A connection to a database in memory."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    yield connection
    connection.close()


@pytest.fixture
def pg_connection(pg_dsn: str) -> Iterator[psycopg.Connection]:
    """A connection to a schema of its own."""
    schema = f"typedsql_{uuid4().hex}"
    with psycopg.connect(pg_dsn, autocommit=True, options="-c TimeZone=UTC") as connection:
        connection.execute(f"CREATE SCHEMA {schema}".encode())
        connection.execute(f"SET search_path = {schema}".encode())
        yield connection
        connection.execute(f"DROP SCHEMA {schema} CASCADE".encode())


@pytest.fixture(params=["sqlite", "postgresql"])
def ground(request: pytest.FixtureRequest, tmp_path: Path) -> Ground:
    """A session on each engine in turn."""
    if request.param == "sqlite":
        return Ground(SQLITE, BareSqlite(request.getfixturevalue("sqlite_connection")), tmp_path)
    connection: psycopg.Connection = request.getfixturevalue("pg_connection")
    connection.execute("CREATE TYPE genre AS ENUM ('novel', 'how, \"to\"')")
    return Ground(POSTGRESQL, BarePostgresql(connection), tmp_path)


@pytest.fixture
def sqlite_ground(tmp_path: Path, sqlite_connection: sqlite3.Connection) -> Ground:
    """A session on SQLite, for what does not depend on the engine."""
    return Ground(SQLITE, BareSqlite(sqlite_connection), tmp_path)


@pytest.fixture
def load(tmp_path: Path) -> Callable[..., QuerySet]:
    """Write query files and load them, for SQLite unless `dialect` says otherwise."""

    def load_files(dialect: Dialect = SQLITE, **files: str) -> QuerySet:
        return load_queries(write_files(tmp_path, **files), dialect, REGISTRY)

    return load_files
