"""Fixtures of the whole suite: a server, fresh databases on either engine, and a shop that is the same in every run."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

# Read when queries are loaded, so it is set before any test module can load them.
os.environ["LUMIA_VALIDATE_ROWS"] = "1"

from lumia.shop import Shop, connect
from tests.support import profiles
from tests.support.databases import ENGINES, Databases
from tests.support.pgserver import PgServer
from tests.support.steady import LASTING, SeededUuids, SteppingClock

profiles.register()


@pytest.fixture(scope="session")
def pg_server() -> Iterator[PgServer]:
    """The PostgreSQL server of this run; each worker has its own."""
    with PgServer() as server:
        yield server


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Databases:
    """Makes fresh databases by copying templates."""
    return Databases(tmp_path_factory.mktemp("templates"), lambda: request.getfixturevalue("pg_server"))


@pytest.fixture(params=ENGINES)
def engine_name(request: pytest.FixtureRequest) -> str:
    """Each engine in turn."""
    name: str = request.param
    return name


@pytest.fixture
def empty_url(engine_name: str, databases: Databases, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without a schema; on SQLite the file does not exist yet."""
    with databases.empty(engine_name, tmp_path) as url:
        yield url


@pytest.fixture
def url(engine_name: str, databases: Databases, tmp_path: Path) -> Iterator[str]:
    """The URL of a fresh, migrated database."""
    with databases.migrated(engine_name, tmp_path) as fresh:
        yield fresh


@pytest.fixture
def clock() -> SteppingClock:
    """The clock of `shop`."""
    return SteppingClock()


@pytest.fixture
def shop(url: str, clock: SteppingClock) -> Iterator[Shop]:
    """A shop on a fresh database, with a stepping clock and seeded ids."""
    with connect(url, clock=clock, uuids=SeededUuids(), accounts=LASTING) as opened:
        yield opened
