"""Portable files and overrides: which file answers for a name, and every way in which they must not overlap."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from lumia.errors import FileRefused, QueryFileError
from lumia.typedsql import POSTGRESQL, SQLITE, QuerySet, TypeRegistry, UnknownQueryError, load_queries
from tests.support.typed_sessions import BareSqlite, Lender

Load = Callable[..., QuerySet]


def query(name: str, sql: str, *header: str, params: str = "") -> str:
    """One query with the given annotation lines."""
    return "\n".join([f"-- name: {name}({params})$", "-- A query.", *header, "-- @returns: int", sql, ""])


def test_an_override_answers_on_its_engine_and_the_portable_file_on_both(load: Load) -> None:
    """The namespace of all three files is one, and each query says whether it is portable."""
    files = {
        "books": query("a", "SELECT 1;"),
        "books_sqlite": query("b", "SELECT 2;", "-- @differs: no locks"),
        "books_postgresql": query("b", "SELECT 3;", "-- @differs: locks"),
    }

    on_sqlite, on_postgresql = load(SQLITE, **files), load(POSTGRESQL, **files)

    assert on_sqlite.names == on_postgresql.names == ["books.a", "books.b"]
    assert on_sqlite["books.b"].sql == "/* books.b */ SELECT 2"
    assert on_postgresql["books.b"].sql == "/* books.b */ SELECT 3"
    assert on_postgresql["books.a"].portable
    assert (on_postgresql["books.b"].portable, on_postgresql["books.b"].differs) == (False, "locks")


def test_a_name_on_one_engine_only_says_so(load: Load, sqlite_connection: object) -> None:
    """`@only` with its reason lets a name stand in one override; the other engine says where it exists."""
    text = query("b", "SELECT 3;", "-- @only postgresql: sequences")

    on_sqlite = load(SQLITE, books_postgresql=text)

    assert load(POSTGRESQL, books_postgresql=text)["books.b"].only == "postgresql"
    assert on_sqlite.names == []
    with pytest.raises(UnknownQueryError, match=r"no query books\.b on sqlite: it exists on postgresql only"):
        _ = on_sqlite.bind(Lender(BareSqlite(sqlite_connection))).books.b  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("files", "place", "words"),
    [
        (
            {"books": query("a", "SELECT 1;"), "books_sqlite": query("a", "SELECT 2;", "-- @differs: x")},
            "books.sqlite.sql:1",
            "this name is portable too, in books.sql:1",
        ),
        ({"books_sqlite": query("a", "SELECT 2;", "-- @differs: x")}, "books.sqlite.sql:1", "books.postgresql.sql has"),
        (
            {"books_postgresql": query("a", "SELECT 2;", "-- @differs: x")},
            "books.postgresql.sql:1",
            "or say `@only postgresql: why`",
        ),
        (
            {
                "books_sqlite": query("a", "SELECT 1;"),
                "books_postgresql": query("a", "SELECT 2;", "-- @differs: x"),
            },
            "books.sqlite.sql:1",
            "an override says why it differs",
        ),
        (
            {
                "books_sqlite": query("a", "SELECT 1\n\n    AS one;", "-- @differs: x"),
                "books_postgresql": query("a", "SELECT\n    -- why\n    1 AS one;", "-- @differs: y"),
            },
            "books.sqlite.sql:1",
            "equal but for white space: make it portable",
        ),
        (
            {
                "books_sqlite": query("a", "SELECT :x;", "-- @differs: x", "-- @param x: int", params="x"),
                "books_postgresql": query("a", "SELECT 0 + :x;", "-- @differs: y", "-- @param x: int?", params="x"),
            },
            "books.sqlite.sql:1",
            "must equal those in books.postgresql.sql:1",
        ),
        ({"books": query("a", "SELECT 1;", "-- @differs: x")}, "books.sql:1", "this file is portable"),
        ({"books": query("a", "SELECT 1;", "-- @only sqlite: x")}, "books.sql:1", "this file is portable"),
        (
            {"books_sqlite": query("a", "SELECT 1;", "-- @only postgresql: x")},
            "books.sqlite.sql:1",
            "the name stands in a sqlite file",
        ),
        (
            {
                "books_sqlite": query("a", "SELECT 1;", "-- @only sqlite: x"),
                "books_postgresql": query("a", "SELECT 2;", "-- @differs: x"),
            },
            "books.sqlite.sql:1",
            "the name stands in a postgresql file",
        ),
        (
            {"books": query("b", "SELECT 1;") + "\n" + query("a", "SELECT 1;")},
            "books.sql:6",
            "sorted by name within their file: move it before b",
        ),
        ({"books_mysql": "", "books.mysql": query("a", "SELECT 1;")}, "books.mysql.sql:1", "unknown engine `mysql`"),
        ({"class": query("a", "SELECT 1;")}, "class.sql:1", "cannot be a namespace"),
        ({"pipeline": query("a", "SELECT 1;")}, "pipeline.sql:1", "cannot be a namespace"),
        ({"books": query("add_query", "SELECT 1;")}, "books.sql:1", "aiosql keeps the name add_query"),
    ],
)
@pytest.mark.parametrize("dialect", [SQLITE, POSTGRESQL], ids=["sqlite", "postgresql"])
def test_a_broken_overlay_is_refused_on_both_engines(
    load: Load, files: dict[str, str], place: str, words: str, dialect: object
) -> None:
    """Whichever engine runs, the files of both are checked."""
    with pytest.raises(QueryFileError) as caught:
        load(dialect, **files)

    assert f"{place}: " in str(caught.value)
    assert words in str(caught.value)


def test_a_folder_below_is_refused(tmp_path: Path) -> None:
    """Nothing is skipped silently: a query file in a folder below would never be loaded."""
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "books.sql").write_text(query("a", "SELECT 1;"))

    with pytest.raises(QueryFileError, match=r"books\.sql:1: query files stand in the folder itself"):
        load_queries(tmp_path, SQLITE, TypeRegistry({}))


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    """A folder that does not exist is no empty set of queries."""
    with pytest.raises(FileRefused, match="is not a folder"):
        load_queries(tmp_path / "none", SQLITE, TypeRegistry({}))


def test_a_file_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    """Text has one encoding."""
    (tmp_path / "books.sql").write_bytes(b"-- gr\xf6\xdfe\n")

    with pytest.raises(QueryFileError, match=r"books\.sql:1: the file is not UTF-8"):
        load_queries(tmp_path, SQLITE, TypeRegistry({}))


def test_an_empty_file_is_an_empty_namespace(load: Load) -> None:
    """Comments before the first query are allowed."""
    queries = load(books="-- Nothing yet.\n")

    assert queries.names == []
    assert queries.namespaces == ("books",)
