"""The header of a query: what each annotation says, and the file and line of everything that it must not say."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from lumia.errors import QueryFileError
from lumia.typedsql import QuerySet
from lumia.typedsql.annotations import Param
from lumia.typedsql.logical import LogicalType
from lumia.typedsql.source import parse_source
from tests.support.sample_dtos import Book, Genre
from tests.support.typed_ground import REGISTRY

Load = Callable[..., QuerySet]

HEADER = """\
-- name: find_books(genre, title)
-- Books of a genre.
-- The title may be left out.
--
-- @param genre: enum:Genre
-- @param title: text?
-- @scan: the library is small
-- @returns: Book
SELECT
    book_id
FROM books
WHERE genre = :genre
    AND title = :title
    AND :genre = genre
ORDER BY book_id;
"""


def replaced(old: str, new: str) -> str:
    """The sample with one line changed."""
    assert old in HEADER
    return HEADER.replace(old, new)


def test_a_header_tells_purpose_parameters_result_and_reasons(load: Load) -> None:
    """Every annotation reaches the query; parameters keep the order of the list."""
    query = load(books=HEADER)["books.find_books"]

    assert query.doc == "Books of a genre.\nThe title may be left out."
    assert query.params == (
        Param("genre", LogicalType("enum", Genre)),
        Param("title", LogicalType("text", optional=True)),
    )
    assert query.returns.shape is not None
    assert query.returns.shape.dto is Book
    assert query.scan == "the library is small"
    assert (query.portable, query.writes, query.line, query.path.name) == (True, False, 1, "books.sql")


def test_notes_for_the_check_are_kept_with_their_lines() -> None:
    """What the author asserts, and why, reaches the check together with the line to point at."""
    noted = "-- @all: few\n-- @ties: keys\n-- @column title!: always\n-- @returns"

    header = parse_source(replaced("-- @returns", noted), "books.sql", REGISTRY).queries[0].header

    assert (header.scan, header.all, header.ties) == ("the library is small", "few", "keys")
    assert [(entry.name, entry.why, entry.line) for entry in header.asserted] == [("title", "always", 10)]
    assert dict(header.lines) == {"scan": 7, "all": 8, "ties": 9}


@pytest.mark.parametrize(
    ("note", "words"),
    [
        ("-- @all", "@all needs its reason"),
        ("-- @column title: why", "write `-- @column name!: why it is never NULL`"),
        ("-- @column title!", "write `-- @column name!: why it is never NULL`"),
        ("-- @column author!: why", "@column author! is not a column of Book"),
        ("-- @column isbn!: why", "Book.isbn may be None: take the line away"),
    ],
)
def test_a_note_that_says_nothing_is_refused(load: Load, note: str, words: str) -> None:
    """Each with its line and what to write instead."""
    with pytest.raises(QueryFileError, match=re.escape(words)) as caught:
        load(books=replaced("-- @returns", f"{note}\n-- @returns"))

    assert caught.value.line == 8


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("-- @scan: the", "-- @scam: the", 7, "unknown annotation @scam"),
        ("-- @scan: the library is small", "-- @scan:", 7, "@scan needs its reason"),
        ("-- @scan: the library is small", "-- @scan: a\n-- @scan: b", 8, "a second time"),
        ("-- @scan: the library is small", "-- @only mysql: why", 7, "@only postgresql: why"),
        ("-- @scan: the library is small", "-- @only sqlite", 7, "@only postgresql: why"),
        ("-- @param title: text?", "-- @param title", 6, "parameter title has no type"),
        ("-- @param title: text?", "-- @param title:", 6, "parameter title has no type"),
        ("-- @param title: text?", "-- @param : text", 6, "write `-- @param name: type`"),
        ("-- @param title: text?", "-- @param title text", 6, "write `-- @param name: type`"),
        ("-- @param title: text?", "-- @param title: string", 6, "unknown type `string`"),
        ("-- @param title: text?", "-- @param titel: text", 6, "@param titel is not in the parameter list"),
        ("-- @param title: text?", "-- A word.", 1, "parameter title has no annotation"),
        ("-- @param title: text?", "-- @param genre: text", 6, "parameter genre is annotated twice"),
        ("enum:Genre", "enum:Gender", 5, "no StrEnum called `Gender`"),
        ("enum:Genre", "enum:Book", 5, "no StrEnum called `Book`"),
        ("enum:Genre", "enum", 5, "`enum` needs a name"),
        ("enum:Genre", "text:Genre", 5, "takes no name"),
        ("enum:Genre", "json:Genre", 5, "no pydantic model called `Genre`"),
        ("enum:Genre", "bytes[]", 5, "bytes[] cannot travel"),
        ("enum:Genre", "text[][]", 5, "is not a type"),
        ("-- @returns: Book", "-- @returns Book", 8, "write `-- @returns: Dto`"),
        ("-- @returns: Book", "-- @returns: Books", 8, "no DTO called `Books`"),
        ("-- @returns: Book", "-- @returns: Genre", 8, "no DTO called `Genre`"),
        ("-- @returns: Book", "-- @returns: Book\n-- @returns: Book", 9, "a second time"),
        ("-- @returns: Book", "-- nothing", 1, "the result is missing"),
        ("-- @returns: Book", "-- @returns: none", 8, "returns a DTO or a type, not none"),
        ("-- Books of a genre.\n-- The title may be left out.\n", "", 1, "the purpose is missing"),
        ("WHERE genre", "-- @scan: late\nWHERE genre", 12, "annotations stand in the header"),
        ("AND title = :title", "AND title = 'x'", 1, "parameter title is declared but never used"),
        ("AND title = :title", "AND title = :titel", 13, "parameter :titel is not in the parameter list"),
        ("(genre, title)", "(genre, title, genre)", 1, "stands twice in the list"),
        ("(genre, title)", "(genre, class)", 1, "`class` is not a name"),
        ("find_books(genre", "findBooks(genre", 1, "`findBooks` is not a name"),
        ("(genre, title)", "(genre, title)^^", 1, "unknown operator `^^`"),
        ("(genre, title)", "(genre, title) ^", 1, "write `-- name:"),
        ("(genre, title)", "(genre, title)!", 8, "@returns is int or none"),
        ("(genre, title)", "(genre, title)$", 8, "`$` gives one value"),
        ("ORDER BY book_id;", "ORDER BY book_id", 15, "must end with `;`"),
        ("ORDER BY book_id;", "ORDER BY book_id; SELECT 1;", 15, "a second `;`"),
        ("ORDER BY book_id;", "ORDER BY book_id;\n-- A comment of nobody.", 16, "must end with `;`"),
        ("-- name: find_books", "SELECT 1;\n-- name: find_books", 1, "belongs to no query"),
        ("-- name: find_books", "--name: find_books", 1, "starts a query wherever it stands"),
    ],
)
def test_a_broken_header_names_file_line_and_remedy(load: Load, old: str, new: str, line: int, words: str) -> None:
    """An unknown tag, a missing or wrong type or name, and a missing result are found in their line."""
    with pytest.raises(QueryFileError) as caught:
        load(books=replaced(old, new))

    assert caught.value.line == line
    assert caught.value.path.endswith("books.sql")
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("operator", "returns", "sql", "words"),
    [
        ("!", "int", "SELECT 1;", "the statement changes none"),
        ("!", "int", "DELETE FROM books RETURNING book_id;", "throws the rows of RETURNING away"),
        ("*!", "int", "DELETE FROM books;", "needs parameters"),
        ("", "Book", "DELETE FROM books;", "gives no rows"),
        ("^", "Label", "INSERT INTO books (label) SELECT label FROM labels;", "gives no rows"),
        ("^", "int", "SELECT 1;", "for one value use $"),
    ],
)
def test_a_mark_must_fit_statement_and_result(load: Load, operator: str, returns: str, sql: str, words: str) -> None:
    """A count is of affected rows, rows come from a statement that gives some."""
    with pytest.raises(QueryFileError, match=r"books\.sql:3: ") as caught:
        load(books=f"-- name: run(){operator}\n-- A query.\n-- @returns: {returns}\n{sql}\n")

    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("sql", "writes"),
    [
        ("SELECT book_id FROM books ORDER BY book_id;", False),
        ("SELECT 'delete' AS deleted_at;", False),
        ("-- update\nSELECT share FROM books;", False),
        ("SELECT book_id FROM books FOR UPDATE;", True),
        ("SELECT book_id FROM books FOR KEY SHARE;", True),
        ("SELECT nextval('numbers');", True),
        ("WITH gone AS (DELETE FROM books RETURNING book_id) SELECT book_id FROM gone;", True),
        ("INSERT INTO books DEFAULT VALUES RETURNING book_id;", True),
    ],
)
def test_a_query_knows_whether_it_writes(load: Load, sql: str, *, writes: bool) -> None:
    """A statement that changes, locks or draws a number needs a session that may write; words in strings do not."""
    query = load(books=f"-- name: run()\n-- A query.\n-- @returns: int\n{sql}\n")["books.run"]

    assert query.writes is writes
