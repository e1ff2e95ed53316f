"""A shop that is in use keeps its rows when Lumia grows, and ends with the schema that a new shop gets."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path
from typing import Final

import pytest

from lumia.migrations import FOLDER
from tests.support.catalog import Schema, read_postgresql, read_sqlite
from tests.support.databases import Databases
from tests.support.ground import GROUND
from tests.support.raw import RawPostgresql, RawSqlite, open_raw
from tests.support.rows import insert
from tests.support.steps import Steps

STOREFRONT: Final = 18
"""The last step of a shop that sells, but knows neither payments nor parcels."""


def _copy(steps: Steps, numbers: range) -> None:
    for path in FOLDER.glob("[0-9]*.sql"):
        if int(path.name[:4]) in numbers:
            shutil.copy(path, steps.folder)


def _schema(raw: RawSqlite | RawPostgresql) -> Schema:
    return read_sqlite(raw.connection) if isinstance(raw, RawSqlite) else read_postgresql(raw.connection)


def _counts(raw: RawSqlite | RawPostgresql, tables: list[str]) -> dict[str, int]:
    return {table: raw.run(f"SELECT count(*) FROM {table}")[0][0] for table in tables}


@pytest.fixture
def steps(empty_url: str, tmp_path: Path) -> Steps:
    """A storefront in use: every table of it holds the ground's rows."""
    made = Steps(tmp_path / "steps", empty_url)
    _copy(made, range(STOREFRONT + 1))
    made.migrate()
    with closing(open_raw(made.engine_name, empty_url)) as raw:
        known = _schema(raw).tables
        for table, row in GROUND:
            if table in known:
                raw.run(*insert(table, row))
    return made


def test_a_shop_in_use_is_upgraded_with_its_rows(steps: Steps, databases: Databases, tmp_path: Path) -> None:
    """Every row is there still, and every table, guard and view is as in a database that was made today."""
    with closing(open_raw(steps.engine_name, steps.url)) as raw:
        tables = list(_schema(raw).tables)
        before = _counts(raw, tables)
    _copy(steps, range(STOREFRONT + 1, 5000))

    ran = steps.migrate(create=False)

    folder = tmp_path / "new"
    folder.mkdir()
    with (
        closing(open_raw(steps.engine_name, steps.url)) as raw,
        databases.migrated(steps.engine_name, folder) as url,
        closing(open_raw(steps.engine_name, url)) as new,
    ):
        assert ran
        assert _counts(raw, tables) == before
        assert all(before.values()), before
        assert _schema(raw) == _schema(new)
