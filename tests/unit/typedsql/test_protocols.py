"""Typed protocols: what is written for each kind of query, and how a stale file is noticed."""

from __future__ import annotations

from pathlib import Path

import pytest

from lumia.typedsql.contract import contract_of
from lumia.typedsql.overlay import read_folder
from lumia.typedsql.protocols import PROTOCOLS, protocol_files, stale_protocols, write_protocols
from tests.support.typed_ground import REGISTRY

QUERIES = """\
-- name: add_book(title, price)!
-- Add a book.
--
-- @param title: text
-- @param price: money?
-- @returns: none
INSERT INTO books (title, price)
VALUES (:title, :price);

-- name: add_books(title, tags)*!
-- Add many books.
--
-- @param title: text
-- @param tags: text?[]
-- @returns: int
INSERT INTO books (title, tags)
VALUES (:title, :tags);

-- name: count_books()$
-- How many there are.
--
-- @returns: int
SELECT count(*) AS books
FROM books;

-- name: get_label(book_id)^
-- A "book's" label
--
-- @param book_id: int
-- @returns: Label
SELECT title AS label
FROM books
WHERE book_id = :book_id;

-- name: list_titles(genres, price_from, added_at)
-- Titles of some genres.
--
-- @param genres: enum:Genre[]
-- @param price_from: money
-- @param added_at: timestamp?
-- @returns: text?
SELECT title
FROM books
WHERE genre = :genres
    AND price >= :price_from --@if price_from
    AND added_at IS NOT DISTINCT FROM :added_at --@if added_at
ORDER BY title, book_id --@order title|-title;
"""

WANTED = '''\
"""The queries of books, as types.

Written by `lumia sql check --write` from the contract; edit the query files instead.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Literal, Protocol, TypedDict

from lumia.typedsql import UNSET, Unset
from tests.support.sample_dtos import Genre, Label

__all__ = ["AddBooksRow", "BooksQueries"]


class AddBooksRow(TypedDict):
    """One row of arguments for books.add_books."""

    title: str
    tags: tuple[str | None, ...] | list[str | None]


class BooksQueries(Protocol):
    """The queries of books.sql."""

    def add_book(self, *, title: str, price: Decimal | None) -> None:
        """Add a book.

        books.sql:1
        """
        ...

    def add_books(self, rows: Iterable[AddBooksRow]) -> int:
        """Add many books.

        books.sql:10
        """
        ...

    def count_books(self) -> int:
        """How many there are.

        books.sql:19
        """
        ...

    def get_label(self, *, book_id: int) -> Label | None:
        """A 'book's' label.

        books.sql:26
        """
        ...

    def list_titles(
        self,
        *,
        genres: tuple[Genre, ...] | list[Genre],
        price_from: Decimal | Unset = UNSET,
        added_at: datetime | None | Unset = UNSET,
        order: Literal["title", "-title"] = "title",
    ) -> list[str | None]:
        """Titles of some genres.

        books.sql:35
        """
        ...
'''


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with each kind of query."""
    (tmp_path / "books.sql").write_text(QUERIES.replace(" --@order title|-title;", " --@order title|-title\n;"))
    return tmp_path


def written(folder: Path) -> dict[str, str]:
    """The package for the folder."""
    files = read_folder(folder, REGISTRY)
    return protocol_files(contract_of(files, schema={}), files)


def test_each_kind_of_query_becomes_a_typed_method(folder: Path) -> None:
    """Keywords alone, None only where NULL may be, Unset for what may be left out, rows as typed mappings."""
    assert written(folder)["books.py"] == WANTED


def test_the_root_names_every_namespace(folder: Path) -> None:
    """`q.books` is typed, and a pipeline gives each call's own result."""
    (folder / "a_few.sql").write_text(QUERIES[QUERIES.index("-- name: count_books") : QUERIES.index("-- name: get_l")])

    root = written(folder)["__init__.py"]

    assert "from .a_few import AFewQueries\nfrom .books import BooksQueries\n" in root
    assert "    def books(self) -> BooksQueries:" in root
    assert "tuple[PreparedCall[A], PreparedCall[B]]) -> tuple[A, B]: ..." in root


def test_overrides_name_both_places(folder: Path) -> None:
    """A reader finds either text."""
    text = QUERIES[QUERIES.index("-- name: count_books") : QUERIES.index("-- name: get_label")]
    for engine, count in (("postgresql", "count(*)"), ("sqlite", "count(1)")):
        body = text.replace("-- @returns", f"-- @differs: of {engine}\n-- @returns").replace("count(*)", count)
        (folder / f"odd.{engine}.sql").write_text(body)

    assert "odd.postgresql.sql:1 and odd.sqlite.sql:1" in written(folder)["odd.py"]


def test_what_is_written_is_fresh(folder: Path) -> None:
    """And a module of a namespace that is gone is removed."""
    (folder / PROTOCOLS).mkdir()
    (folder / PROTOCOLS / "gone.py").write_text("")

    write_protocols(folder, written(folder))

    assert stale_protocols(folder, written(folder)) == []
    assert sorted(path.name for path in (folder / PROTOCOLS).iterdir()) == ["__init__.py", "books.py"]


@pytest.mark.parametrize("damage", ["edited", "missing", "left over"])
def test_a_stale_file_is_named(folder: Path, damage: str) -> None:
    """By its path, with the command that mends it."""
    write_protocols(folder, written(folder))
    path = folder / PROTOCOLS / ("gone.py" if damage == "left over" else "books.py")
    if damage == "missing":
        path.unlink()
    else:
        path.write_text("x = 1\n")

    (found,) = stale_protocols(folder, written(folder))

    assert found.path == str(path)
    assert "lumia sql protocols" in found.message
