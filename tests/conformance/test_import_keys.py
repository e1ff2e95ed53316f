"""Loading in bulk takes keys and indexes away for a while: all are back, checked, and named as before."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from lumia import Shop, connect
from lumia.engine.load_postgresql import PostgresqlLoader
from lumia.errors import AlreadyExists, InvalidReference, InvalidValue
from lumia.importing.drafts import Ids
from lumia.importing.parents import ParentWriter
from tests.support.catalog import Schema, read_postgresql, read_sqlite
from tests.support.digests import changed_tables, observe
from tests.support.order_lines import LINES, imported, line

DEFINITIONS = """
SELECT conname::text, pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = current_schema()::regnamespace
UNION ALL
SELECT indexname::text, indexdef FROM pg_indexes WHERE schemaname = current_schema()
"""


def schema_of(url: str) -> tuple[Schema, set[tuple[str, str]]]:
    """The live schema from the engine's own catalog, and the wording of each of its definitions."""
    if url.startswith("sqlite"):
        connection = sqlite3.connect(url.removeprefix("sqlite:///"))
        try:
            return read_sqlite(connection), set(connection.execute("SELECT name, sql FROM sqlite_schema"))
        finally:
            connection.close()
    with psycopg.connect(url) as server:
        return read_postgresql(server), set(server.execute(DEFINITIONS))


@pytest.mark.parametrize("imports", [1, 2], ids=["into an empty shop", "into a shop with orders"])
def test_the_schema_is_the_same_behind_an_import(shop: Shop, url: str, tmp_path: Path, imports: int) -> None:
    """Every table, constraint and index, with its name and its rule."""
    before = schema_of(url)

    for number in range(imports):
        imported(shop, tmp_path, [*LINES, line(f"70000{number}")])

    assert schema_of(url) == before


def test_a_full_check_accepts_the_database_behind_an_import(shop: Shop, url: str, tmp_path: Path) -> None:
    """The digest of the schema that a careful connect() compares."""
    imported(shop, tmp_path, LINES)
    shop.close()

    with connect(url, check="full") as again:
        assert again.reports.summary().rows == 8


@pytest.mark.parametrize("first_import", [True, False], ids=["into an empty shop", "into a shop with orders"])
@pytest.mark.parametrize(
    ("step", "error"), [("buyers", InvalidReference), ("addresses", TypeError), ("variants", InvalidReference)]
)
def test_a_missing_parent_is_refused(  # noqa: PLR0917 - fixtures and parameters
    shop: Shop,
    url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
    error: type[Exception],
    first_import: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    """Keys are checked also when they were away: rows without their parents are never kept."""
    if not first_import:
        imported(shop, tmp_path, [line("100000", "OLD", "OLD")])
    monkeypatch.setattr(ParentWriter, step, lambda *_: (0, 0) if step == "buyers" else 0)

    with observe(url) as observer:
        before = observer.digest()
        with pytest.raises((error, InvalidReference, InvalidValue)):
            imported(shop, tmp_path, LINES)

        assert changed_tables(before, observer.digest()) == []


def test_two_orders_of_one_key_are_refused(
    shop: Shop, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Unique keys are checked as well."""
    monkeypatch.setattr(Ids, "take", lambda _: 1)

    with observe(url) as observer:
        before = observer.digest()
        with pytest.raises(AlreadyExists):
            imported(shop, tmp_path, LINES)

        assert changed_tables(before, observer.digest()) == []


@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
def test_a_role_that_owns_nothing_imports_too(shop: Shop, url: str, tmp_path: Path) -> None:
    """It may not take keys away, so the lines wait until what they hang on is there."""
    shop.close()
    with psycopg.connect(url, autocommit=True) as server:
        name = server.execute("SELECT 'clerk_' || current_database()").fetchone()
        assert name is not None
        role = sql.Identifier(name[0])
        server.execute(sql.SQL("CREATE ROLE {}").format(role))
        server.execute(
            sql.SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {0}").format(role)
        )
        server.execute(sql.SQL("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {0}").format(role))
    before = schema_of(url)
    try:
        separator = "&" if "?" in url else "?"
        with connect(f"{url}{separator}options=-c%20role%3D{name[0]}") as clerk:
            summary = imported(clerk, tmp_path, LINES)
            rows = clerk.reports.summary().rows
    finally:
        with psycopg.connect(url, autocommit=True) as server:
            server.execute(sql.SQL("DROP OWNED BY {0}; DROP ROLE {0}").format(role))

    assert (summary.rows_imported, rows) == (8, 8)
    assert schema_of(url) == before


@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
def test_keys_are_taken_away_only_from_an_empty_table(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A shop with orders goes on selling while an import runs."""
    dropped: list[str] = []
    drop = PostgresqlLoader._drop_keys

    def watched(loader: PostgresqlLoader, keys: list[tuple[str, ...]]) -> None:
        dropped.extend(key[1] for key in keys)
        drop(loader, keys)

    monkeypatch.setattr(PostgresqlLoader, "_drop_keys", watched)

    imported(shop, tmp_path, LINES)
    at_first = list(dropped)
    imported(shop, tmp_path, [line("700000")])

    assert "order_items_order_id_fkey" in at_first
    assert dropped == at_first
