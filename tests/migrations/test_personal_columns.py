"""The map of personal columns names every text of both live schemas, and no column that is not there."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import psycopg

from lumia.repos.personal import COLUMNS, Kind
from tests.support.catalog import Schema, read_postgresql, read_sqlite
from tests.support.databases import Databases

FREE = {"text", "varchar", "bpchar", "bytea", "json", "jsonb", "xml", "_text", "tsvector"}
"""PostgreSQL's types that can hold words of a person; an enum, a number, an instant or a UUID cannot."""


def _of_postgresql(databases: Databases, folder: Path) -> set[tuple[str, str]]:
    with databases.migrated("postgresql", folder) as url, psycopg.connect(url) as connection:
        schema: Schema = read_postgresql(connection)
        return {(table, c.name) for table, found in schema.tables.items() for c in found.columns if c.type in FREE}


def _of_sqlite(databases: Databases, folder: Path) -> set[tuple[str, str]]:
    with databases.migrated("sqlite", folder) as url:
        connection = sqlite3.connect(url.removeprefix("sqlite:///"))
        schema: Schema = read_sqlite(connection)
        shapes = dict(connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'table'"))
        connection.close()
    return {
        (table, column.name)
        for table, found in schema.tables.items()
        for column in found.columns
        if column.type in {"TEXT", "BLOB"} and not _closed(shapes[table], table, column.name)
    }


def _closed(sql: str, table: str, column: str) -> bool:
    """Whether a CHECK leaves no room for words: labels, an instant, a date or a UUID."""
    found = re.search(
        rf"CONSTRAINT {table}_{column}_type CHECK \((.*?)(?=,?\n    CONSTRAINT|\n\) STRICT)", sql, re.DOTALL
    )
    text = found.group(1) if found else ""
    forms = (f"{column} IN (", f"date(substr({column}", "'????????-????-????-????-????????????'")
    return any(form in text for form in forms)


def test_every_text_of_postgresql_has_an_entry(databases: Databases, tmp_path: Path) -> None:
    """A column that is added without a word about people fails here, and so does an entry that is stale."""
    found = _of_postgresql(databases, tmp_path)

    assert sorted(found - set(COLUMNS)) == []
    assert sorted(set(COLUMNS) - found) == []


def test_every_text_of_sqlite_has_an_entry(databases: Databases, tmp_path: Path) -> None:
    """The same of the other engine, whose texts are told apart by their CHECKs."""
    found = _of_sqlite(databases, tmp_path)

    assert sorted(found - set(COLUMNS)) == []
    assert sorted(set(COLUMNS) - found) == []


def test_every_entry_gives_a_reason() -> None:
    """Each column says how it is erased, or why it need not be; both kinds are in the map."""
    assert all(column.note for column in COLUMNS.values())
    assert {column.kind for column in COLUMNS.values()} == set(Kind)
