"""The contract: what it says of a folder, what changes nothing, and the words for whatever drifted."""

from __future__ import annotations

import json
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

import pytest
from pydantic import BaseModel

from lumia.errors import TypedSqlError
from lumia.typedsql import TypeRegistry
from lumia.typedsql.contract import CONTRACT, Contract, contract_of, drift, read_contract
from lumia.typedsql.overlay import read_folder

SCHEMA = {"postgresql": "1" * 32, "sqlite": "2" * 32}


class Genre(StrEnum):
    """What a book is."""

    NOVEL = "novel"
    POETRY = "poetry"


class Book(BaseModel, frozen=True):
    """A row."""

    book_id: int
    title: str
    genre: Genre | None


QUERIES = """\
-- name: add_book(title, genre)!
-- Add a book.
--
-- @param title: text
-- @param genre: enum:Genre?
-- @returns: int
INSERT INTO books (title, genre)
VALUES (:title, :genre);

-- name: list_books(genre, max_rows)
-- The books.
--
-- @param genre: enum:Genre
-- @param max_rows: int
-- @returns: Book
SELECT
    book_id,
    title,
    genre
FROM books
WHERE genre = :genre --@if genre
ORDER BY title, book_id --@order title|-title
LIMIT :max_rows;
"""

Read = Callable[..., Contract]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two queries."""
    (tmp_path / "books.sql").write_text(QUERIES, encoding="utf-8")
    return tmp_path


def contract(folder: Path, *types: type, schema: dict[str, str] | None = None) -> Contract:
    """What the folder promises now."""
    registry = TypeRegistry({found.__name__: found for found in types or (Book, Genre)})
    return contract_of(read_folder(folder, registry), schema=schema or SCHEMA)


def drifted(folder: Path, old: Contract, *types: type, schema: dict[str, str] | None = None) -> list[str]:
    """What is said of the folder as it is now, without the remedy that ends each sentence."""
    registry = TypeRegistry({found.__name__: found for found in types or (Book, Genre)})
    found = list(drift(old, contract(folder, *types, schema=schema), folder, read_folder(folder, registry)))
    remedy = ": prove it and write the contract anew: lumia sql check --write"
    assert all(str(finding).endswith(remedy) for finding in found)
    return [str(finding).removesuffix(remedy).removeprefix(f"{folder}/") for finding in found]


def change(folder: Path, old: str, new: str) -> None:
    """Edit the query file; the words must be there."""
    path = folder / "books.sql"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_it_says_what_was_proven(folder: Path) -> None:
    """Purpose, mark, parameters, result, variants, and the shapes of every type that is named."""
    found = contract(folder)

    assert list(found.queries) == ["books.add_book", "books.list_books"]
    listed = found.queries["books.list_books"]
    assert listed["params"] == ["genre: enum:Genre", "max_rows: int"]
    assert (listed["mark"], listed["returns"], listed["purpose"]) == ("", "Book", "The books.")
    assert (listed["optional"], listed["orders"], listed["variants"]) == (["genre"], ["title", "-title"], 4)
    assert found.types["Book"]["columns"] == ["book_id: int", "title: text", "genre: enum:Genre?"]
    assert found.types["Genre"]["labels"] == ["novel", "poetry"]


def test_its_file_is_sorted_and_reads_back(folder: Path) -> None:
    """A difference of one query is a difference of a few lines."""
    made = contract(folder)

    (folder / CONTRACT).write_text(made.text(), encoding="utf-8")

    assert read_contract(folder / CONTRACT) == made
    assert made.text() == json.dumps(json.loads(made.text()), indent=1, sort_keys=True) + "\n"


def test_no_file_is_no_contract(folder: Path) -> None:
    """And the drift says how to make one."""
    assert read_contract(folder / CONTRACT) is None
    assert [finding.message for finding in drift(None, contract(folder), folder, ())] == [
        "there is no contract: prove it and write the contract anew: lumia sql check --write"
    ]


@pytest.mark.parametrize(
    "text",
    [
        *("", "{", "[]", "{}", '{"format": 2, "schema": {}, "types": {}, "queries": {}}'),
        *(
            '{"format": 1, "schema": [], "types": {}, "queries": {}}',
            '{"format": 1, "schema": {}, "types": {}, "queries": []}',
        ),
        '{"format": 1, "schema": {}, "types": {}, "queries": {"a.b": 1}}',
    ],
)
def test_what_is_no_contract_is_refused(folder: Path, text: str) -> None:
    """A damaged file, and one of another version."""
    (folder / CONTRACT).write_text(text, encoding="utf-8")

    with pytest.raises(TypedSqlError, match="is no contract of this version"):
        read_contract(folder / CONTRACT)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("    book_id,\n    title,\n", "    book_id,title ,\n"),
        ("VALUES (:title, :genre)", "VALUES\n(\n    :title,\n    :genre\n)"),
        ("-- Add a book.\n--\n", "-- Add a book.\n-- By hand.\n--\n"),
        ("FROM books\n", "-- All of them.\nFROM books\n"),
    ],
)
def test_white_space_and_comments_change_nothing(folder: Path, old: str, new: str) -> None:
    """A formatter may come and go."""
    before = contract(folder)

    change(folder, old, new)

    assert drifted(folder, before) == []


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("genre = :genre", "genre <> :genre", "books.sql:10: books.list_books: the statement changed"),
        ("LIMIT :max_rows", "LIMIT :max_rows + 1", "books.sql:10: books.list_books: the statement changed"),
        (" --@if genre", "", "its optional parameters changed from (genre) to nothing"),
        ("title|-title", "title|-title|book_id", "its orders changed from (title, -title) to (title, -title, book_id)"),
        ("add_book(title, genre)!", "add_novel(title, genre)!", "the contract has a query that is gone"),
        ("add_book(title, genre)!", "add_novel(title, genre)!", "books.add_novel: the query is not in the contract"),
        ("title: text", "title: text?", "its parameters changed from (title: text, genre: enum:Genre?) to (title:"),
        ("@returns: int", "@returns: none", "its result changed from int to none"),
        (
            "-- Add a book.\n",
            "-- Add a book.\n-- @scan: why not\n",
            "its header answers (@all, @scan, @ties, @column) changed",
        ),
        ("Add a book.", "Add one book.", "its purpose changed from Add a book. to Add one book."),
    ],
)
def test_a_changed_query_is_named(folder: Path, old: str, new: str, words: str) -> None:
    """With its file and line, and what of it changed."""
    before = contract(folder)

    change(folder, old, new)

    assert any(words in line for line in drifted(folder, before)), drifted(folder, before)


def test_a_changed_mark_is_named(folder: Path) -> None:
    """One row or none is another promise than many."""
    before = contract(folder)

    change(folder, "list_books(genre, max_rows)", "list_books(genre, max_rows)^")

    assert "the mark behind its parameters changed from nothing to ^" in drifted(folder, before)[0]


def test_two_words_are_not_one(folder: Path) -> None:
    """White space that parts words is no white space to leave out; that inside a string is the string's."""
    change(folder, "genre = :genre", "genre = 'a b'\n    AND genre = :genre --@if genre\n    AND title = 'x'")
    before = contract(folder)

    change(folder, "'a b'", "'ab'")

    assert drifted(folder, before) == ["books.sql:10: books.list_books: the statement changed"]


def test_a_changed_dto_is_named_with_its_field(folder: Path) -> None:
    """The Python side drifts too."""

    class Book(BaseModel, frozen=True):
        """The same row with another title."""

        book_id: int
        title: str | None
        genre: Genre | None

    Book.__module__ = __name__

    assert drifted(folder, contract(folder), Book, Genre) == [
        f"{CONTRACT}:1: Book changed in title: text, title: text?"
    ]


def test_a_changed_enum_is_named_with_its_label(folder: Path) -> None:
    """A new label must be known to the database."""

    class Genre(StrEnum):
        """One more."""

        NOVEL = "novel"
        POETRY = "poetry"
        DRAMA = "drama"

    class Book(BaseModel, frozen=True):
        """The same row."""

        book_id: int
        title: str
        genre: Genre | None

    Genre.__module__ = Book.__module__ = __name__

    assert drifted(folder, contract(folder), Book, Genre) == [f"{CONTRACT}:1: Genre changed in drama"]


def test_another_schema_is_named(folder: Path) -> None:
    """A migration that came after the proof."""
    found = drifted(folder, contract(folder), schema={**SCHEMA, "sqlite": "3" * 32})

    words = "(with --migrations, if they have tables of their own)"
    assert found == [f"{CONTRACT}:1: the schema for sqlite is another than the queries were proven on {words}"]


def test_another_shape_is_named(folder: Path) -> None:
    """What an engine describes is compared only where it was asked."""
    registry = TypeRegistry({"Book": Book, "Genre": Genre})
    files = read_folder(folder, registry)
    shape = {"books.list_books": {"sqlite": {"columns": ["book_id: INTEGER"]}}}
    other = {"books.list_books": {"sqlite": {"columns": ["book_id: TEXT"]}}}
    before = contract_of(files, schema=SCHEMA, described=shape)

    asked = list(drift(before, contract_of(files, schema=SCHEMA, described=other), folder, files))
    offline = list(drift(before, contract_of(files, schema=SCHEMA), folder, files))

    assert [finding.message.partition(":")[0] for finding in asked] == ["sqlite describes another shape than before"]
    assert offline == []
