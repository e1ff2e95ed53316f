"""SQLite's index of words follows the documents, whoever writes them and however."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.databases import Databases
from tests.support.ground import lay_ground
from tests.support.raw import RawSqlite
from tests.support.search import INDEX_TRIGGERS

BEFORE = {1: ["nblue", "npot"], 2: ["nblue", "npot"]}
WRITES = {
    "insert": (
        "INSERT INTO search_documents VALUES (3, zeroblob(32), 'nred x ntea', '2024-03-01T12:00:00.000000Z')",
        {**BEFORE, 3: ["nred", "ntea", "x"]},
    ),
    "replace": (
        "INSERT OR REPLACE INTO search_documents VALUES (2, zeroblob(32), 'nred', '2024-03-01T12:00:00.000000Z')",
        {1: ["nblue", "npot"], 2: ["nred"]},
    ),
    "upsert": (
        (
            "INSERT INTO search_documents VALUES (2, zeroblob(32), 'nred', '2024-03-01T12:00:00.000000Z')"
            " ON CONFLICT (product_id) DO UPDATE SET words = excluded.words"
        ),
        {1: ["nblue", "npot"], 2: ["nred"]},
    ),
    "update": ("UPDATE search_documents SET words = 'nred' WHERE product_id = 1", {**BEFORE, 1: ["nred"]}),
    "other-key": ("UPDATE search_documents SET product_id = 3 WHERE product_id = 1", {2: BEFORE[2], 3: BEFORE[1]}),
    "delete": ("DELETE FROM search_documents WHERE product_id = 1", {2: BEFORE[2]}),
    "cascade": ("DELETE FROM products WHERE product_id = 2", {1: BEFORE[1]}),
}
TAKES = {
    "insert": "search_documents_index_insert",
    "update": "search_documents_index_update",
    "delete": "search_documents_index_delete",
}


@pytest.fixture
def raw(databases: Databases, tmp_path: Path) -> Iterator[RawSqlite]:
    """A file with the ground laid."""
    with databases.migrated("sqlite", tmp_path) as url:
        opened = RawSqlite(sqlite3.connect(url.removeprefix("sqlite:///")))
        lay_ground(opened)
        yield opened
        opened.close()


def indexed(raw: RawSqlite) -> dict[int, list[str]]:
    """The words that the index finds each document by."""
    raw.run("CREATE VIRTUAL TABLE temp.seen USING fts5vocab(main, search_index, instance)")
    found: dict[int, list[str]] = {}
    for document, word in raw.run("SELECT doc, term FROM seen ORDER BY doc, term"):
        found.setdefault(document, []).append(word)
    return found


@pytest.mark.parametrize("write", WRITES)
def test_the_index_follows_every_kind_of_write(raw: RawSqlite, write: str) -> None:
    """Also REPLACE, which deletes without a trigger, and the cascade from a product."""
    statement, expected = WRITES[write]

    raw.run(statement)

    assert indexed(raw) == expected


@pytest.mark.parametrize("write", TAKES)
def test_without_its_trigger_the_index_is_left_behind(raw: RawSqlite, write: str) -> None:
    """Each of them is needed."""
    statement, expected = WRITES[write]
    raw.run(f"DROP TRIGGER {TAKES[write]}")

    raw.run(statement)

    assert indexed(raw) != expected


def test_every_trigger_is_tried() -> None:
    """The list that the other tests of the schema go by is the one tried here."""
    assert sorted(TAKES.values()) == sorted(INDEX_TRIGGERS)
