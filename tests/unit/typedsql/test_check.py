"""The check of query files: seeded mistakes are found in their line, right queries pass, and nothing is executed."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path

import psycopg
import pytest

from lumia.errors import FileRefused
from lumia.typedsql.check import CheckReport, check_queries
from tests.support.typed_ground import REGISTRY
from tests.support.typed_sessions import write_files

Check = Callable[..., CheckReport]

POSTGRESQL_TABLES = """
CREATE DOMAIN money_amount AS numeric;
CREATE DOMAIN rate_fraction AS numeric;
CREATE DOMAIN utc_timestamp AS timestamptz;
CREATE TYPE genre AS ENUM ('novel', 'how, "to"');
CREATE TABLE books (
    book_id bigint PRIMARY KEY,
    title text NOT NULL,
    price money_amount NOT NULL,
    discount rate_fraction NOT NULL DEFAULT 0,
    genre genre NOT NULL,
    added_at utc_timestamp NOT NULL,
    loaned_at timestamp,
    isbn text,
    pages int,
    extra jsonb
);
CREATE TABLE loans (loan_id bigint PRIMARY KEY, book_id bigint NOT NULL);
"""
SQLITE_TABLES = """
CREATE TABLE books (
    book_id INTEGER PRIMARY KEY, title TEXT NOT NULL, price INTEGER NOT NULL, discount INTEGER NOT NULL DEFAULT 0,
    genre TEXT NOT NULL CHECK (genre IN ('novel', 'how, "to"')), added_at TEXT NOT NULL, loaned_at TEXT,
    isbn TEXT, pages INTEGER, extra TEXT
) STRICT;
CREATE TABLE loans (loan_id INTEGER PRIMARY KEY, book_id INTEGER NOT NULL) STRICT;
"""
GET_BOOK = """\
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
"""
ADD_LOAN = """\
-- name: add_loan(loan_id, book_id)^
-- Lends a book.
--
-- @param loan_id: int
-- @param book_id: int
-- @returns: Loan
INSERT INTO loans (loan_id, book_id)
VALUES (:loan_id, :book_id)
RETURNING
    loans.loan_id,
    coalesce(book_id, 0) AS book_id;
"""


@pytest.fixture
def check(tmp_path: Path, pg_connection: psycopg.Connection) -> Check:
    """Write query files and check them on both engines, each with the same two tables."""
    pg_connection.execute(POSTGRESQL_TABLES)
    schema = pg_connection.execute("SELECT current_schema()").fetchone()
    assert schema is not None
    dsn = f"{pg_connection.info.dsn} options='-c search_path={schema[0]}'"
    database = tmp_path / "books.db"
    with sqlite3.connect(database) as connection:
        connection.executescript(SQLITE_TABLES)
    connection.close()
    folder = tmp_path / "queries"
    folder.mkdir()

    def run(
        *,
        postgresql: bool = True,
        sqlite: bool = True,
        probe: bool = True,
        fixtures: Mapping[str, Path] | None = None,
        **files: str,
    ) -> CheckReport:
        return check_queries(
            write_files(folder, **files),
            REGISTRY,
            postgresql_dsn=dsn if postgresql else None,
            sqlite=(lambda: sqlite3.connect(database)) if sqlite else None,
            # What reads whole tables is seen to by the cases.
            small=("books", "loans"),
            fixtures=fixtures,
            probe=probe,
        )

    return run


def test_right_queries_are_proven_on_both_engines(check: Check) -> None:
    """A select and an insert with RETURNING pass, and the figures are those of the folder."""
    report = check(books=GET_BOOK, loans=ADD_LOAN)

    assert [str(finding) for finding in report.findings] == []
    assert report.ok
    assert (report.queries, report.portable, report.overrides, report.single) == (2, 2, 0, 0)
    assert report.engines == ("postgresql", "sqlite")
    assert report.portable_share == 1


def test_the_figures_count_names_not_files(check: Check) -> None:
    """A pair of overrides is one name, a name on one engine counts by itself."""
    pair = "-- name: count_all()$\n-- All.\n-- @differs: {}\n-- @returns: int\nSELECT count({}) FROM books;\n"
    single = (
        "\n-- name: lock_all()\n-- All.\n-- @only postgresql: locks\n-- @returns: int\n"
        "SELECT book_id FROM books ORDER BY book_id FOR UPDATE;\n"
    )

    report = check(
        books=GET_BOOK,
        books_postgresql=pair.format("a", "book_id") + single,
        books_sqlite=pair.format("b", "1"),
    )

    assert report.ok
    assert (report.queries, report.portable, report.overrides, report.single) == (3, 1, 1, 1)
    assert report.portable_share == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        (
            "book_id: int",
            "book_id: text",
            14,
            "PostgreSQL refuses the statement: operator does not exist: bigint = text",
        ),
        ("book_id: int", "book_id: uuid", 14, "PostgreSQL refuses the statement: operator does not exist"),
        ("book_id: int", "book_id: int[]", 14, "PostgreSQL refuses the statement: operator does not exist"),
        ("book_id: int", "book_id: money", 4, "parameter book_id is annotated money, but PostgreSQL takes int8 there"),
        ("book_id: int", "book_id: enum:Genre", 14, "operator does not exist: bigint = genre"),
        ("WHERE book_id = :book_id", "WHERE title = :book_id", 14, "operator does not exist: text = bigint"),
        ("WHERE book_id =", "WHERE price >", 4, "annotated int, but PostgreSQL takes numeric there"),
        ("WHERE book_id =", "WHERE pages =", None, ""),
        ("    title,\n", "", 5, "Book needs title, which the statement does not give"),
        ("    title,\n", "    title,\n    pages,\n", 5, "Book has no pages: name the column with AS"),
        ("    title,\n", "    title,\n    title,\n", 5, "title stands in the result more than once"),
        ("    title,\n    price", "    price,\n    title", 5, "column 2 is price, but Book has title there"),
        ("    title,\n", "    pages AS title,\n", 5, "column title is text in Book, but int4 in the statement"),
        ("    title,\n", "    isbn AS title,\n", 8, "title may be NULL, but Book.title is text"),
        ("    price,\n", "    discount AS price,\n", 5, "column price is money in Book, but rate_fraction"),
        ("    price,\n", "    book_id AS price,\n", 5, "column price is money in Book, but int8"),
        ("    price,\n", "    price + price AS price,\n", None, ""),
        ("    genre,\n", "    CAST(genre AS text) AS genre,\n", 5, "column genre is enum:Genre in Book, but text"),
        ("    added_at,\n", "    loaned_at AS added_at,\n", 5, "shifts by the session's zone; use timestamptz"),
        ("    title,\n", "    titel,\n", 8, 'column "titel" does not exist'),
        ("FROM books", "FROM boks", 13, 'relation "boks" does not exist'),
        ("    book_id,\n", "    sum(book_id) AS book_id,\n", 8, "must appear in the GROUP BY clause"),
        (
            "    book_id,\n",
            "    sum(book_id) OVER () AS book_id,\n",
            5,
            "but numeric in the statement: a sum of bigint is numeric; CAST it AS bigint",
        ),
        ("    title,\n", "    *,\n", 8, "`*` changes with the table"),
        ("    title,\n", "    books.*,\n", 8, "`*` changes with the table"),
        ("WHERE book_id = :book_id", "WHERE book_id = :book_id\nLIMIT 1 OFFSET 2", 15, "page by key"),
        ("WHERE book_id", "WHERE added_at < now() AND book_id", 14, "time comes in as a parameter"),
        ("WHERE book_id", "WHERE lower(title) = 'x' AND book_id", 14, "fold case in Python"),
    ],
)
def test_a_seeded_mistake_is_found_in_its_line(check: Check, old: str, new: str, line: int | None, words: str) -> None:
    """Each names file and line and says how to mend it; no line means that there is no mistake."""
    assert GET_BOOK.count(old) == 1

    findings = check(books=GET_BOOK.replace(old, new), sqlite=False).findings

    if line is None:
        assert [str(finding) for finding in findings] == []
        return
    assert [finding.line for finding in findings if words in finding.message] == [line], list(map(str, findings))
    assert all(finding.path.endswith("books.sql") and finding.query == "books.get_book" for finding in findings)


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("    title,\n", "    titel,\n", 8, "refuses the statement: no such column: titel"),
        ("FROM books", "FROM boks", 13, "refuses the statement: no such table: boks"),
        ("WHERE book_id", "WHERE EXTRACT(year FROM added_at) = 2024 AND book_id", 6, 'near "FROM"'),
        ("    title,\n", "    pages,\n", 5, "on SQLite, Book needs title"),
        ("    title,\n    price", "    price,\n    title", 5, "on SQLite, column 2 is price, but Book has title there"),
        ("    title,\n", "    greatest(title, isbn) AS title,\n", 8, "no such function: greatest"),
    ],
)
def test_a_mistake_on_sqlite_is_found_by_sqlite_itself(check: Check, old: str, new: str, line: int, words: str) -> None:
    """The library that will run a statement decides whether it can."""
    findings = check(books=GET_BOOK.replace(old, new), postgresql=False).findings

    assert [finding.line for finding in findings if words in finding.message] == [line], list(map(str, findings))
    assert {finding.engine for finding in findings} == {"sqlite"}


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("    loans.loan_id,\n", "", "Loan needs loan_id"),
        (" AS book_id;", " AS pages;", "Loan has no pages"),
        ("    loans.loan_id,\n", "    book_id,\n", "Loan needs loan_id"),
    ],
)
def test_returned_columns_are_compared_too(check: Check, old: str, new: str, words: str) -> None:
    """RETURNING is read by both engines, by SQLite without running the statement."""
    findings = check(loans=ADD_LOAN.replace(old, new)).findings

    assert [finding.engine for finding in findings if words in finding.message] == ["postgresql", "sqlite"]


def test_nothing_is_executed(check: Check, pg_connection: psycopg.Connection, tmp_path: Path) -> None:
    """Preparing an insert leaves both tables empty."""
    assert check(loans=ADD_LOAN).ok

    with sqlite3.connect(tmp_path / "books.db") as connection:
        assert connection.execute("SELECT count(*) FROM loans").fetchone() == (0,)
    connection.close()
    assert pg_connection.execute("SELECT count(*) FROM loans").fetchone() == (0,)


def test_what_the_probe_writes_is_taken_back(check: Check, pg_connection: psycopg.Connection, tmp_path: Path) -> None:
    """An insert with RETURNING is run on both engines, and afterwards no row is there and none is missing."""
    (tmp_path / "rows.sql").write_text("INSERT INTO loans (loan_id, book_id) VALUES (7, 7);")
    fixtures = dict.fromkeys(("postgresql", "sqlite"), tmp_path / "rows.sql")

    report = check(loans=ADD_LOAN, fixtures=fixtures)

    assert (report.ok, report.probed, report.claims, report.refuted) == (True, 1, 2, 0)
    with sqlite3.connect(tmp_path / "books.db") as connection:
        assert connection.execute("SELECT count(*) FROM loans").fetchone() == (0,)
    connection.close()
    assert pg_connection.execute("SELECT count(*) FROM loans").fetchone() == (0,)


def test_the_probe_can_be_left_out(check: Check) -> None:
    """Without it a claim of the author's stands untried."""
    asserted = GET_BOOK.replace("    title,", "    isbn AS title,").replace(
        "-- @returns", "-- @column title!: x\n-- @returns"
    )

    report = check(books=asserted, probe=False)

    assert (report.ok, report.probed, report.asserted) == (True, 0, 1)
    assert "probe" not in report.seconds


def one_value(sql: str, returns: str, *params: str) -> str:
    """A query of one value."""
    names = ", ".join(param.split(":")[0] for param in params)
    header = "".join(f"-- @param {param}\n" for param in params)
    return f"-- name: get_value({names})$\n-- A value.\n{header}-- @returns: {returns}\n{sql};\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (one_value("SELECT count(*) FROM books", "int"), None),
        (one_value("SELECT 1 AS a, 2 AS b", "int"), "one value, but the statement gives 2 columns"),
        (one_value("SELECT sum(pages) FROM books", "int?"), None),
        (one_value("SELECT sum(book_id) FROM books", "int?"), "CAST it AS bigint"),
        (one_value("SELECT sum(price) FROM books", "money?"), None),
        (one_value("SELECT max(added_at) FROM books", "timestamp?"), None),
        (one_value("SELECT :a AS a", "int", "a: int"), None),
        (one_value("SELECT coalesce(:a, title) FROM books", "text", "a: text?"), None),
        (one_value("SELECT title FROM books ORDER BY book_id LIMIT :a", "text?", "a: int"), None),
        (
            one_value("SELECT title FROM books ORDER BY book_id LIMIT :a", "text?", "a: money"),
            "annotated money, but PostgreSQL takes int8",
        ),
        (one_value("SELECT title FROM books WHERE :a IS NULL", "text?", "a: bool?"), None),
        (one_value("SELECT count(*) FROM books WHERE discount < :a", "int", "a: rate"), None),
        (one_value("SELECT count(*) FROM books WHERE loaned_at < :a", "int", "a: timestamp"), "timestamp there"),
        (
            one_value("SELECT count(*) FROM books WHERE isbn = :a AND isbn IS NOT :a", "int", "a: text"),
            "PostgreSQL refuses the statement: syntax error",
        ),
    ],
)
def test_values_and_parameters_without_a_place_to_tell_their_type(check: Check, text: str, words: str | None) -> None:
    """Where the server cannot infer a type it guesses text or fails; that alone is no finding."""
    findings = check(books=text).findings

    if words is None:
        assert [str(finding) for finding in findings] == []
    else:
        assert any(words in finding.message for finding in findings), list(map(str, findings))


@pytest.mark.parametrize(
    ("sql", "returns", "words"),
    [
        ("SELECT array_agg(book_id ORDER BY book_id) FROM books", "int?", ["is int? in int?, but int8[] in"]),
        (
            "SELECT array_agg(price ORDER BY book_id) FROM books",
            "money[]?",
            ["no driver reads arrays of a domain; CAST the element AS"],
        ),
        ("SELECT array_agg(CAST(price AS numeric) ORDER BY book_id) FROM books", "money[]?", []),
    ],
)
def test_arrays_are_compared_element_by_element(check: Check, sql: str, returns: str, words: list[str]) -> None:
    """An array is no value, and an array of a domain cannot be read."""
    text = one_value(sql, returns).replace("-- @returns", "-- @only postgresql: arrays\n-- @returns")

    findings = check(books_postgresql=text).findings

    assert len(findings) == len(words)
    assert all(word in finding.message for word, finding in zip(words, findings, strict=True))


def test_an_enum_that_differs_from_the_servers_is_found(check: Check, pg_connection: psycopg.Connection) -> None:
    """Labels are compared as sets, and the message names what differs."""
    pg_connection.execute("ALTER TYPE genre ADD VALUE 'poem'")

    findings = check(books=GET_BOOK).findings

    assert [finding.message for finding in findings] == [
        "Genre lacks poem, which the enum type genre has: add it to Genre, or take it away in a migration"
    ]


def test_files_that_cannot_be_read_are_all_reported_first(check: Check) -> None:
    """Every broken file is named at once, and nothing is proven before they are mended."""
    report = check(books=GET_BOOK.replace("int", "integer"), loans=ADD_LOAN.replace("-- @returns: Loan\n", ""))

    assert [(Path(finding.path).name, finding.line) for finding in report.findings] == [
        ("books.sql", 4),
        ("loans.sql", 1),
    ]
    assert report.engines == ()
    assert str(report.findings[0]).startswith(f"{report.findings[0].path}:4: unknown type `integer`")


def test_a_broken_overlay_is_a_finding(check: Check) -> None:
    """The rules between files are checked like those within them."""
    report = check(books=GET_BOOK, books_sqlite=GET_BOOK.replace("-- @returns", "-- @differs: x\n-- @returns"))

    assert [finding.message for finding in report.findings] == ["get_book: this name is portable too, in books.sql:1"]


def test_a_misplaced_file_is_a_finding(check: Check, tmp_path: Path) -> None:
    """A folder below is never loaded, so a query there is never proven."""
    (tmp_path / "queries" / "deep").mkdir()

    report = check(**{"deep/loans": ADD_LOAN})

    assert [finding.line for finding in report.findings] == [1]


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    """A check of nothing would always pass."""
    with pytest.raises(FileRefused, match="is not a folder"):
        check_queries(tmp_path / "none", REGISTRY, postgresql_dsn=None, sqlite=None)


def test_an_empty_folder_is_in_order(check: Check) -> None:
    """No queries, no findings."""
    report = check()

    assert (report.ok, report.queries, report.portable_share) == (True, 0, 1)
