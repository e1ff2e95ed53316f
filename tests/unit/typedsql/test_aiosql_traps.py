"""Every trap of aiosql 15 that was proven: first that aiosql falls into it, then that Lumia refuses or is right."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from types import MethodType
from typing import Any, cast

import aiosql
import psycopg
import pytest
from aiosql.query_loader import QueryLoader
from aiosql.utils import SQLParseException

import lumia.dto
import lumia.types
from lumia.errors import QueryFileError, TypedSqlError
from lumia.typedsql import POSTGRESQL, SQLITE, QuerySet, TypeRegistry
from lumia.typedsql.loader import OPERATIONS
from lumia.typedsql.source import read_source
from tests.support.typed_ground import Ground
from tests.support.typed_sessions import BareSqlite, Lender, write_files

Load = Callable[..., QuerySet]


def plain(text: str) -> Any:
    """The queries as aiosql's own loader and sqlite3 adapter make them."""
    return aiosql.from_str(text, "sqlite3")


def portable(name: str, body: str, *header: str) -> str:
    """A query with the given annotation lines."""
    return "\n".join([f"-- name: {name}", "-- A query.", *header, body, ""])


def test_a_directory_of_files_keeps_its_namespaces(tmp_path: Path, load: Load) -> None:
    """Trap: aiosql flattens the files of a directory into one namespace."""
    files = {
        "books": portable("count_all()$", "SELECT count(*) FROM books;", "-- @returns: int"),
        "loans": portable("list_all()", "SELECT loan_id FROM loans;", "-- @returns: int"),
    }
    flat = aiosql.from_path(write_files(tmp_path, **files), "sqlite3")
    assert not hasattr(flat, "books")

    queries = load()

    assert queries.names == ["books.count_all", "loans.list_all"]


def test_one_name_in_two_files_stays_two_queries(tmp_path: Path, load: Load) -> None:
    """Trap: of a name that stands in two files of a directory, aiosql keeps the one that it reads last, silently."""
    files = {
        "books": portable("count_all()$", "SELECT 1;", "-- @returns: int"),
        "loans": portable("count_all()$", "SELECT 2;", "-- @returns: int"),
    }
    flat = aiosql.from_path(write_files(tmp_path, **files), "sqlite3")
    assert flat.available_queries == ["count_all"]

    queries = load()

    assert queries["books.count_all"].sql.endswith("SELECT 1")
    assert queries["loans.count_all"].sql.endswith("SELECT 2")


def test_one_name_twice_in_a_file_is_refused(load: Load) -> None:
    """Trap: a duplicate would let the last definition win."""
    twice = portable("count_all()$", "SELECT 1;", "-- @returns: int") * 2

    with pytest.raises(QueryFileError, match=r"books\.sql:5: .*twice.*line 1"):
        load(books=twice)


@pytest.mark.parametrize(
    "text",
    [
        portable("one()$", "-- see -- name: other\nSELECT 1;", "-- @returns: int"),
        portable("one()$", "SELECT '-- name: other()' AS value;", "-- @returns: text"),
        portable("one()$", "SELECT 1;", "-- -- name: other", "-- @returns: int"),
        portable("one()$", "SELECT 1; --name:other", "-- @returns: int"),
    ],
)
def test_a_name_mark_inside_a_comment_or_string_is_refused(load: Load, text: str) -> None:
    """Trap: `-- name:` inside any comment or string splits the query in two."""
    try:
        found = plain(text).available_queries
    except SQLParseException:
        found = "nothing, for the torn parts cannot be read"
    assert found != ["one"]

    with pytest.raises(QueryFileError, match="starts a query wherever it stands"):
        load(books=text)


def test_an_apostrophe_in_a_trailing_comment_is_refused(load: Load) -> None:
    """Trap: an apostrophe in a trailing comment opens a string for aiosql and hides the parameters after it."""
    body = "SELECT 1 -- the reader's\nWHERE 1 = :a AND 'x' = :b;"
    with pytest.raises(SQLParseException, match="unused declared parameter"):
        plain(portable("one(a, b)$", body))

    with pytest.raises(QueryFileError, match=r"books\.sql:6: comments are whole lines"):
        load(books=portable("one(a, b)$", body, "-- @param a: int", "-- @param b: text", "-- @returns: int"))


def test_a_colon_in_a_trailing_comment_is_refused(load: Load) -> None:
    """Trap: `:x` in a trailing comment becomes a parameter."""
    body = "SELECT 1 -- one of :x\n;"
    with pytest.raises(SQLParseException, match="undeclared parameter"):
        plain(portable("one()$", body))

    with pytest.raises(QueryFileError, match="comments are whole lines"):
        load(books=portable("one()$", body, "-- @returns: int"))


def test_the_two_markers_may_end_a_line(load: Load) -> None:
    """The markers of variants hold neither apostrophe nor colon, so they are the only comments after SQL."""
    text = portable(
        "list_all(genre)",
        "SELECT book_id\nFROM books\nWHERE genre = :genre --@if genre\nORDER BY book_id; --@order book_id|-book_id",
        "-- @param genre: text",
        "-- @returns: int",
    ).replace("book_id; --@order book_id|-book_id", "book_id --@order book_id|-book_id\n;")

    query = load(books=text)["books.list_all"]

    assert "--" not in query.sql


def test_block_comments_are_refused(load: Load) -> None:
    """Trap: `/* */` is dropped from the statement without a word."""
    text = portable("one()$", "SELECT /* why */ 1;", "-- @returns: int")
    assert "why" not in plain(text).one.sql

    with pytest.raises(QueryFileError, match=r"books\.sql:4: `/\* \*/` is dropped"):
        load(books=text)


def test_array_slices_are_refused(load: Load) -> None:
    """Trap: `arr[1:2]` becomes a parameter called 2, which nobody can pass."""
    text = portable("one(n)$", "SELECT arr[1:n] FROM t WHERE n = :n;", "-- @param n: int", "-- @returns: int")
    assert ":n]" in plain(text).one.sql

    with pytest.raises(QueryFileError, match="array slices"):
        load(POSTGRESQL, books_postgresql=text)


def test_a_literal_percent_is_refused_in_files(load: Load) -> None:
    """Trap: a literal % breaks psycopg even without parameters, and doubling it changes the value on SQLite."""
    connection = sqlite3.connect(":memory:")
    assert connection.execute("SELECT '100%%'").fetchone() == ("100%%",)
    connection.close()

    with pytest.raises(QueryFileError, match="literal %"):
        load(books=portable("one()$", "SELECT '100%' AS value;", "-- @returns: text"))
    with pytest.raises(QueryFileError, match="literal %"):
        load(books=portable("one()$", "SELECT 5 % 3;", "-- @returns: int"))


def test_psycopg_breaks_on_a_percent_in_a_usual_cursor(pg_connection: psycopg.Connection) -> None:
    """Trap: the usual cursor takes % for a placeholder as soon as there are parameters."""
    with pytest.raises(psycopg.ProgrammingError):
        pg_connection.execute("SELECT '100%' || %s", ("x",))


def test_a_percent_keeps_its_value_on_both_engines(ground: Ground) -> None:
    """The text that is sent needs no doubling: `$1` on a raw cursor and `?1` leave a % alone."""
    render = ground.dialect.render
    query = ground.load(books=portable("one(a)$", "SELECT :a AS value;", "-- @param a: text", "-- @returns: text"))
    sql = render(("SELECT '100%' || ", "a", " || '%s%%' AS value"), query["books.one"].params)

    assert ground.session.fetch_one(sql, ("x%",)) == ("100%x%%s%%",)


def test_the_operator_for_last_row_ids_is_refused(load: Load) -> None:
    """Trap: `<!` on sqlite3 is lastrowid, after DO NOTHING the row id of another table."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.executescript(
        "CREATE TABLE a (a_id INTEGER PRIMARY KEY); CREATE TABLE b (b_id INTEGER PRIMARY KEY);"
        "INSERT INTO b VALUES (1); INSERT INTO a VALUES (7);"
    )
    text = "-- name: add_b(b_id)<!\nINSERT INTO b VALUES (:b_id) ON CONFLICT DO NOTHING RETURNING b_id;"
    assert plain(text).add_b(connection, b_id=1) == 7
    connection.close()

    with pytest.raises(QueryFileError, match=r"books\.sql:1: `<!` gives another table's row id"):
        load(books=text)


def test_scripts_are_refused(load: Load) -> None:
    """Trap: `#` commits the open transaction on SQLite."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute("CREATE TABLE a (a_id INTEGER PRIMARY KEY)")
    connection.execute("BEGIN")
    plain("-- name: fill#\nINSERT INTO a VALUES (1);").fill(connection)
    assert not connection.in_transaction
    connection.close()

    with pytest.raises(QueryFileError, match=r"books\.sql:1: `#` scripts commit"):
        load(books="-- name: fill()#\nINSERT INTO a VALUES (1);")


def test_a_query_without_mark_runs_when_it_is_called(sqlite_ground: Ground) -> None:
    """Trap: without a mark aiosql gives a lazy generator, and the statement never runs if nobody iterates."""
    sqlite_ground.run("CREATE TABLE books (book_id INTEGER PRIMARY KEY)")
    text = portable("add_book()", "INSERT INTO books DEFAULT VALUES RETURNING book_id;", "-- @returns: int")
    plain(text).add_book(sqlite_ground.session.connection)
    assert sqlite_ground.session.fetch_all("SELECT * FROM books", ()) == []

    added = sqlite_ground.bind(books=text).books.add_book()

    assert added == [1]
    assert sqlite_ground.session.fetch_all("SELECT * FROM books", ()) == [(1,)]


def test_extra_arguments_are_refused(sqlite_ground: Ground) -> None:
    """Trap: sqlite3 accepts keyword arguments that no parameter has."""
    text = portable("one(a)$", "SELECT :a AS value;", "-- @param a: int", "-- @returns: int")
    assert plain(text).one(sqlite_ground.session.connection, a=1, b=2) == 1

    with pytest.raises(TypedSqlError, match=r"books\.one has no parameter b; it takes: a"):
        sqlite_ground.bind(books=text).books.one(a=1, b=2)


def test_types_inside_the_parameter_list_are_refused(load: Load) -> None:
    """Trap: the parameter list is mandatory since 15 and takes no types; they stand in whole-line annotations."""
    with pytest.raises(SQLParseException):
        plain("-- name: one(a int)$\nSELECT :a;")
    with pytest.raises(SQLParseException):
        plain("-- name: one$\nSELECT 1;")

    with pytest.raises(QueryFileError, match=r"books\.sql:1: `a int` is not a name"):
        load(books=portable("one(a int)$", "SELECT :a AS value;"))
    with pytest.raises(QueryFileError, match=r"books\.sql:1: the parameter list is missing"):
        load(books=portable("one$", "SELECT 1;"))


def test_annotations_reach_the_docstring_of_aiosql_verbatim() -> None:
    """What the annotations rest on: aiosql hands whole-line comments over as they are, in order."""
    text = "-- name: one(a)$\n-- Purpose.\n--\n-- @param a: int\n-- @returns: int\nSELECT :a;"

    assert plain(text).one.__doc__ == "Purpose.\n\n@param a: int\n@returns: int"


def test_record_class_is_an_ordinary_comment_line(load: Load) -> None:
    """Trap: aiosql's record_class is deprecated; the result's class is named by @returns alone."""
    text = portable("one()$", "SELECT 1;", "-- @returns: int").replace("-- A query.", "-- record_class: Book")

    assert load(books=text)["books.one"].doc == "record_class: Book"


def test_lumia_runs_through_aiosql(sqlite_ground: Ground) -> None:
    """The extension points of aiosql carry the calls: its functions, with our adapter and our session."""
    queries = sqlite_ground.load(books=portable("one()$", "SELECT 1;", "-- @returns: int"))
    query = queries["books.one"]

    code = cast("MethodType", query.run).__func__.__code__
    assert (code.co_filename, code.co_firstlineno) == (str(query.path), query.line)
    assert queries.bind(Lender(sqlite_ground.session)).books.one() == 1
    assert isinstance(sqlite_ground.session, BareSqlite)
    assert queries.dialect is SQLITE


OWN_FILES = sorted((Path(lumia.__file__).parent / "queries").glob("*.sql"))


@pytest.mark.parametrize("path", OWN_FILES, ids=lambda path: path.name)
def test_aiosql_reads_lumias_own_files_alike(path: Path) -> None:
    """The rules leave files that aiosql's own loader reads to the same names, marks and parameters."""
    registry = TypeRegistry.of(lumia.dto, lumia.types)
    loader = QueryLoader(plain("").driver_adapter, None)

    theirs = loader.load_query_data_from_file(path)

    ours = read_source(path, registry).queries
    assert [
        (datum.query_name, datum.operation_type, datum.parameters, datum.floc[1], squeezed(datum.sql))
        for datum in theirs
    ] == [
        (
            query.name,
            OPERATIONS[query.operator],
            [param.name for param in query.params],
            query.line,
            squeezed(query.text),
        )
        for query in ours
    ]


def squeezed(sql: str) -> str:
    """A statement without its end and its markers, and with single spaces."""
    plain_lines = (line.partition("--@")[0] for line in sql.removesuffix(";").split("\n"))
    return " ".join(" ".join(plain_lines).split())
