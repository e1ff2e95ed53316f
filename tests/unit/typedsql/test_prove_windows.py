"""What is said of orders inside a statement: windows, subqueries with LIMIT, lists made by aggregates."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from lumia.typedsql.prove.nullability import proof_context
from lumia.typedsql.prove.relations import parse, prove
from lumia.typedsql.prove.windows import inner_order_problems
from tests.support.bookshop import PARAMS, bookshop

BOTH = ("postgresql", "sqlite")
LATEST = "SELECT (SELECT s.quantity FROM sales AS s WHERE s.book_id = b.book_id ORDER BY {} LIMIT 1) FROM books AS b"

FOUND = [
    ("SELECT row_number() OVER (ORDER BY title) FROM books", "get their row_number"),
    ("SELECT row_number() OVER () FROM books", "get their row_number"),
    ("SELECT first_value(title) OVER (PARTITION BY author_id ORDER BY added_at) FROM books", "get their first_value"),
    ("SELECT lag(price) OVER (ORDER BY added_at) FROM books", "get their lag"),
    ("SELECT sum(pages) OVER (ORDER BY title ROWS UNBOUNDED PRECEDING) FROM books", "get their sum"),
    ("SELECT lead(price) OVER w FROM books WINDOW w AS (ORDER BY title)", "get their lead"),
    ("SELECT rank() OVER (ORDER BY pages) FROM books", "NULL sorts first"),
    (LATEST.format("s.sold_at"), "rows that tie"),
    (LATEST.format("s.reader_id, s.sale_id"), "NULL sorts first"),
    ("WITH t AS (SELECT title FROM books ORDER BY title LIMIT 3) SELECT title FROM t", "rows that tie"),
    ("UPDATE books SET pages = (SELECT 1 FROM sales ORDER BY sold_at LIMIT 1) WHERE book_id = :p", "rows that tie"),
    ("SELECT group_concat(title) FROM books", "an aggregate lists rows in any order"),
]
FINE = [
    "SELECT row_number() OVER (ORDER BY title, book_id) FROM books",
    "SELECT row_number() OVER (PARTITION BY book_id ORDER BY reader_id) FROM reviews",
    "SELECT first_value(title) OVER (PARTITION BY author_id ORDER BY added_at, book_id) FROM books",
    "SELECT rank() OVER (ORDER BY title), sum(pages) OVER (PARTITION BY author_id) FROM books",
    "SELECT rank() OVER (ORDER BY pages DESC NULLS LAST) FROM books",
    "SELECT lead(book_id) OVER w FROM books WINDOW w AS (ORDER BY title, book_id)",
    LATEST.format("s.reader_id NULLS LAST, s.sale_id"),
    "SELECT EXISTS (SELECT 1 FROM sales ORDER BY sold_at LIMIT 1)",
    "SELECT count(title), max(title) FROM books",
    "SELECT book_id, group_concat(title) FROM books GROUP BY book_id",
]
POSTGRESQL = [
    ("SELECT string_agg(title, ',') FROM books", "an aggregate lists rows in any order"),
    ("SELECT array_agg(title ORDER BY added_at) FROM books", "an aggregate lists rows that tie"),
    ("SELECT ARRAY(SELECT title FROM books)", "ARRAY lists rows in any order"),
    ("SELECT DISTINCT ON (author_id) title FROM books ORDER BY author_id, added_at", ""),
    ("SELECT 1 FROM (SELECT DISTINCT ON (author_id) title FROM books ORDER BY author_id, title) AS x", "rows that tie"),
]
POSTGRESQL_FINE = [
    "SELECT array_agg(title ORDER BY title) FROM books",
    "SELECT array_agg(title ORDER BY added_at, book_id) FROM books",
    "SELECT ARRAY(SELECT title FROM books ORDER BY book_id)",
    "SELECT 1 FROM (SELECT DISTINCT ON (author_id) title FROM books ORDER BY author_id, book_id) AS x",
]


def said(text: str, engine: str, **answers: str) -> list[str]:
    """What is wrong with the orders inside a statement."""
    notes = SimpleNamespace(**{"ties": None, **answers})
    statement = parse(text, engine)
    context = proof_context(bookshop(engine), PARAMS)
    prove(statement, context)
    return [problem.message for problem in inner_order_problems(text, statement, context, notes)]


@pytest.mark.parametrize("engine", BOTH)
@pytest.mark.parametrize(("text", "words"), FOUND)
def test_an_order_inside_that_leaves_something_open_is_found(text: str, words: str, engine: str) -> None:
    """Which of equal rows comes first decides a value, so it must be stated."""
    found = said(text, engine)

    assert [words in message and ": " in message for message in found] == [True]


@pytest.mark.parametrize("engine", BOTH)
@pytest.mark.parametrize("text", FINE)
def test_an_order_inside_that_decides_is_left_alone(text: str, engine: str) -> None:
    """Ranks of ties are equal, and one row needs no order."""
    assert said(text, engine) == []


@pytest.mark.parametrize(("text", "words"), POSTGRESQL)
def test_a_list_in_any_order_is_found_on_postgresql(text: str, words: str) -> None:
    """Arrays and texts made of rows hold them in the order in which they happen to come."""
    found = said(text, "postgresql")

    assert [words in message for message in found] == ([True] if words else [])


@pytest.mark.parametrize("text", POSTGRESQL_FINE)
def test_a_list_in_a_stated_order_is_left_alone_on_postgresql(text: str) -> None:
    """Equal elements may change places unseen."""
    assert said(text, "postgresql") == []


def test_sqlite_may_take_the_rows_of_a_list_from_an_ordered_subquery() -> None:
    """Its older releases have no ORDER BY inside the call."""
    text = "SELECT json_group_array(b.title) FROM (SELECT title FROM books ORDER BY {}) AS b"

    assert said(text.format("title, book_id"), "sqlite") == []
    assert ["rows that tie" in message for message in said(text.format("added_at"), "sqlite")] == [True]


def test_a_stated_reason_answers_ties_inside() -> None:
    """`@ties` says what no key shows."""
    assert said("SELECT row_number() OVER (ORDER BY title) FROM books", "sqlite", ties="titles differ") == []
