"""What plain aiosql does with mistakes that typed SQL refuses: the docs' comparison is tried, not believed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any

import aiosql
import pytest

QUERIES = """\
-- name: list_books(pages)
SELECT b.title, a.name
FROM books AS b
LEFT JOIN authors AS a ON b.author_id = a.author_id
WHERE b.pages > :pages;

-- name: list_sorted(column)
SELECT title FROM books ORDER BY :column;

-- name: list_nothing()
SELECT no_such_column FROM books;
"""


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    """Two books, one without an author."""
    made = sqlite3.connect(":memory:")
    made.executescript(
        "CREATE TABLE authors (author_id INTEGER PRIMARY KEY, name TEXT NOT NULL);"
        "CREATE TABLE books (title TEXT NOT NULL, pages INTEGER NOT NULL, author_id INTEGER);"
        "INSERT INTO authors VALUES (1, 'Austen'); INSERT INTO books VALUES ('Emma', 474, 1), ('Beowulf', 213, NULL);"
    )
    yield made
    made.close()


@pytest.fixture
def queries() -> Any:
    """The queries, as aiosql loads them."""
    return aiosql.from_str(QUERIES, "sqlite3")


def test_a_misspelt_argument_is_found_by_the_driver_alone(queries: Any, connection: sqlite3.Connection) -> None:
    """And only because another one is missing then."""
    with pytest.raises(sqlite3.Error):
        list(queries.list_books(connection, page=1))


def test_an_extra_argument_is_ignored(queries: Any, connection: sqlite3.Connection) -> None:
    """Whoever believes in a filter gets everything."""
    assert len(list(queries.list_books(connection, pages=1, author="Austen"))) == 2


def test_an_argument_of_another_type_finds_nothing(queries: Any, connection: sqlite3.Connection) -> None:
    """Text compared with a number is no error on SQLite."""
    assert list(queries.list_books(connection, pages="many")) == []


def test_rows_are_tuples_and_null_comes_through(queries: Any, connection: sqlite3.Connection) -> None:
    """The column is NOT NULL, and its row is missing."""
    assert list(queries.list_books(connection, pages=1)) == [("Emma", "Austen"), ("Beowulf", None)]


def test_an_order_as_an_argument_does_not_sort(queries: Any, connection: sqlite3.Connection) -> None:
    """A parameter is a value: all rows tie."""
    assert [title for (title,) in queries.list_sorted(connection, column="title")] == ["Emma", "Beowulf"]


def test_a_wrong_column_is_found_when_it_runs(queries: Any, connection: sqlite3.Connection) -> None:
    """Loading found nothing."""
    with pytest.raises(sqlite3.OperationalError, match="no_such_column"):
        list(queries.list_nothing(connection))
