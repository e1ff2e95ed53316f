"""Rows: a DTO that was built without validation is as good as a validated one, and a wrong row is found out."""

from __future__ import annotations

import copy
import pickle
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import ValidationError

from lumia.errors import TypedSqlError
from lumia.typedsql import SQLITE, BoundQueries, compose, load_queries
from lumia.typedsql.rowmaker import Composer, validates_rows
from tests.support.sample_dtos import Book, Genre, Loan, Shelf
from tests.support.typed_ground import REGISTRY, Ground
from tests.support.typed_sessions import BareSqlite, Lender, write_files

BOOK = Book(
    book_id=1,
    title="Größe",
    price=Decimal("12.5000"),
    genre=Genre.NOVEL,
    added_at=datetime(2024, 1, 2, 3, 4, 5, 6, tzinfo=UTC),
    isbn=None,
)
FILE = """\
-- name: get_book(book_id)^
-- One book.
--
-- @param book_id: int
-- @returns: Book
SELECT
    book_id,
    title,
    price,
    genre,
    added_at,
    isbn
FROM books
WHERE book_id = :book_id;

-- name: list_titles()
-- All titles.
-- @returns: text
SELECT title FROM books ORDER BY book_id;
"""


@pytest.fixture
def books(sqlite_ground: Ground) -> BoundQueries:
    """One book in a table."""
    sqlite_ground.run("CREATE TABLE books (book_id, title, price, genre, added_at, isbn)")
    sqlite_ground.session.connection.execute(
        "INSERT INTO books VALUES (1, 'Größe', 125000, 'novel', '2024-01-02T03:04:05.000006Z', NULL)"
    )
    return sqlite_ground.bind(books=FILE)


def set_column(ground: Ground, column: str, value: object) -> None:
    """Put another value into the book's row."""
    ground.session.connection.execute(f"UPDATE books SET {column} = ?", (value,))


def test_a_made_dto_is_a_real_one(books: BoundQueries) -> None:
    """Equality, hash, repr, dump, copy and pickle are those of a validated DTO."""
    made = books.books.get_book(book_id=1)

    assert made == BOOK
    assert hash(made) == hash(BOOK)
    assert repr(made) == repr(BOOK)
    assert made.model_dump() == BOOK.model_dump()
    assert made.model_dump_json(exclude_unset=True) == BOOK.model_dump_json()
    assert made.model_fields_set == BOOK.model_fields_set
    assert made.model_copy(update={"title": "b"}).title == "b"
    assert copy.deepcopy(made) == copy.copy(made) == BOOK
    assert pickle.loads(pickle.dumps(made)) == BOOK  # noqa: S301 - our own bytes
    assert (made.model_extra, made.__pydantic_private__) == (None, None)


def test_a_made_dto_is_frozen(books: BoundQueries) -> None:
    """Nobody can change a row that was read."""
    made = books.books.get_book(book_id=1)

    with pytest.raises(ValidationError, match="frozen"):
        made.title = "b"


def test_copies_of_a_row_do_not_change_the_next_one(books: BoundQueries) -> None:
    """A copy keeps its own set of fields."""
    first = books.books.get_book(book_id=1)
    first.model_copy(update={"other": 1})

    assert books.books.get_book(book_id=1).model_fields_set == BOOK.model_fields_set


def test_no_row_is_none(books: BoundQueries) -> None:
    """`^` gives None where nothing is found."""
    assert books.books.get_book(book_id=2) is None


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("genre", "secret", "column genre holds a str that is no enum:Genre"),
        ("genre", None, "column genre holds a NoneType that is no enum:Genre"),
        ("price", "secret", "column price holds a str that is no money"),
        ("price", None, "column price holds a NoneType that is no money"),
        ("added_at", "secret", "column added_at holds a str that is no timestamp"),
    ],
)
def test_a_value_that_cannot_be_decoded_names_its_column(
    sqlite_ground: Ground, books: BoundQueries, column: str, value: object, words: str
) -> None:
    """Query, column and type are named, the value is not."""
    set_column(sqlite_ground, column, value)

    with pytest.raises(TypedSqlError, match=rf"books\.get_book: {words}") as caught:
        books.books.get_book(book_id=1)

    assert "secret" not in str(caught.value)


@pytest.mark.usefixtures("books")
@pytest.mark.parametrize(
    ("column", "value", "place"),
    [
        ("book_id", "1", r"book_id \(int_type\)"),
        ("title", None, r"title \(string_type\)"),
        ("isbn", b"secret", r"isbn \(string_type\)"),
        ("price", 10**18, r"price \(value_error\)"),
    ],
)
def test_validation_finds_what_decoding_lets_through(
    sqlite_ground: Ground, monkeypatch: pytest.MonkeyPatch, column: str, value: object, place: str
) -> None:
    """With LUMIA_VALIDATE_ROWS=1 a row of a wrong type is refused; without it a row is trusted."""
    set_column(sqlite_ground, column, value)
    every_row = FILE.replace("WHERE book_id = :book_id", "WHERE 1 = :book_id")
    monkeypatch.setenv("LUMIA_VALIDATE_ROWS", "1")
    strict = sqlite_ground.bind(books=every_row)
    monkeypatch.setenv("LUMIA_VALIDATE_ROWS", "0")
    trusting = sqlite_ground.bind(books=every_row)

    with pytest.raises(TypedSqlError, match=rf"books\.get_book: a row is no valid Book: {place}") as caught:
        strict.books.get_book(book_id=1)

    assert "secret" not in str(caught.value)
    assert trusting.books.get_book(book_id=1) is not None


def test_validation_checks_plain_values_too(
    sqlite_ground: Ground, books: BoundQueries, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A list of texts that holds a number is refused."""
    set_column(sqlite_ground, "title", 5)
    monkeypatch.setenv("LUMIA_VALIDATE_ROWS", "1")
    assert books.books.get_book is not None

    with pytest.raises(TypedSqlError, match=r"books\.list_titles: the value is a int, not text"):
        sqlite_ground.bind(books=FILE).books.list_titles()


def test_validation_finds_a_value_that_the_dto_would_change(sqlite_ground: Ground) -> None:
    """A stored value that validation would have normalised is not what a trusted row promises."""
    file = "-- name: get_label()^\n-- One.\n-- @returns: Folded\nSELECT '{}' AS label;\n"
    right = sqlite_ground.bind(books=file.format("a")).books.get_label()

    with pytest.raises(TypedSqlError, match=r"books\.get_label: Folded would change a row's label"):
        sqlite_ground.bind(books=file.format("A")).books.get_label()

    assert right.label == "a"


def test_a_row_of_another_width_is_refused(sqlite_ground: Ground, books: BoundQueries) -> None:
    """A column too few or too many is an error, not a shift."""
    too_many = FILE.replace("    isbn\n", "    isbn,\n    title\n")
    assert books.books.get_book(book_id=1) == BOOK

    with pytest.raises(TypedSqlError, match=r"books\.get_book: a row has 7 columns, not 6"):
        sqlite_ground.bind(books=too_many).books.get_book(book_id=1)


def test_the_setting_is_read_when_queries_are_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment counts at load, an argument counts more."""
    write_files(tmp_path, books=FILE)
    monkeypatch.setenv("LUMIA_VALIDATE_ROWS", "1")

    assert validates_rows()
    assert load_queries(tmp_path, SQLITE, REGISTRY).validate_rows
    assert not load_queries(tmp_path, SQLITE, REGISTRY, validate_rows=False).validate_rows


def test_compose_builds_a_richer_dto() -> None:
    """The fields of a flat DTO and more of them make a frozen DTO equal to a validated one."""
    loans = (Loan(loan_id=1, book_id=1),)

    made = compose(Shelf, BOOK, loans=loans)

    assert made == Shelf(**dict(BOOK), loans=loans)
    assert list(dict(made)) == list(Shelf.model_fields)
    assert type(made) is Shelf


def test_compose_refuses_missing_and_unknown_fields() -> None:
    """The fields together are exactly those of the class."""
    with pytest.raises(TypedSqlError, match=r"Shelf cannot be composed: missing \['loans'\], unknown \['lones'\]"):
        compose(Shelf, BOOK, lones=())


def test_compose_validates_when_rows_are_validated() -> None:
    """A list where a tuple belongs is found by the suite and trusted otherwise."""
    with pytest.raises(TypedSqlError, match="no valid Shelf: loans"):
        Composer(Shelf, validate=True)(BOOK, {"loans": []})

    assert Composer(Shelf, validate=False)(BOOK, {"loans": []}) is not None


def test_rows_are_made_through_a_bare_session(sqlite_ground: Ground, books: BoundQueries) -> None:
    """Nothing but a session is needed."""
    assert isinstance(sqlite_ground.session, BareSqlite)
    assert sqlite_ground.load(books=FILE).bind(Lender(sqlite_ground.session)).books.list_titles() == ["Größe"]
    assert books.books.list_titles() == ["Größe"]
