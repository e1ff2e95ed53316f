"""What the text rules say of statements that the engines take differently, or that endanger data."""

from __future__ import annotations

import pytest

from lumia.typedsql.prove.nullability import proof_context
from lumia.typedsql.prove.relations import parse
from lumia.typedsql.prove.text import text_problems
from tests.support.bookshop import PARAMS, bookshop

FOUND = [
    ("SELECT 1 FROM books WHERE isbn = NULL", "a comparison with NULL"),
    ("SELECT 1 FROM books WHERE NULL <> isbn", "a comparison with NULL"),
    ("SELECT 1 FROM sales NATURAL JOIN reviews", "NATURAL JOIN"),
    ("UPDATE books SET title = 'x'", "UPDATE without WHERE"),
    ("DELETE FROM books", "DELETE without WHERE"),
    ("INSERT INTO shelves VALUES (1, 'x', 'y')", "INSERT without a column list"),
    ("SELECT 1 FROM books ORDER BY book_id LIMIT :q", "LIMIT of None"),
    ("SELECT 1 FROM books WHERE title LIKE 'x'", "LIKE ignores the case"),
    ("SELECT quantity / sale_id FROM sales", "division by zero"),
    ("SELECT quantity % 0 FROM sales", "division by zero"),
    ("SELECT 1 FROM books WHERE book_id NOT IN (SELECT pages FROM books)", "NOT IN finds nothing"),
]
FINE = [
    "SELECT 1 FROM books WHERE isbn IS NULL",
    "UPDATE books SET isbn = NULL WHERE book_id = :p",
    "INSERT INTO shelves (label) VALUES ('x') ON CONFLICT (label) DO UPDATE SET note = NULL",
    "SELECT 1 FROM books ORDER BY book_id LIMIT :p",
    "SELECT quantity / 2 FROM sales",
    "SELECT quantity / nullif(sale_id, 0) FROM sales",
    "SELECT 1 FROM books WHERE book_id NOT IN (SELECT book_id FROM sales)",
    "SELECT 1 FROM books WHERE book_id NOT IN (SELECT pages FROM books WHERE pages > 1)",
    "SELECT 1 FROM books WHERE book_id IN (SELECT pages FROM books)",
]


def said(text: str, engine: str = "sqlite", *, portable: bool = True, whole: str | None = None) -> list[str]:
    """What is wrong with a statement."""
    facts = bookshop(engine)
    context = proof_context(facts, PARAMS)
    return [problem.message for problem in text_problems(parse(text, engine), context, portable=portable, whole=whole)]


@pytest.mark.parametrize("engine", ["postgresql", "sqlite"])
@pytest.mark.parametrize(("text", "words"), FOUND)
def test_a_trap_is_found_with_its_remedy(text: str, words: str, engine: str) -> None:
    """Each is told once, in a sentence with a remedy behind a colon."""
    found = said(text, engine)

    assert [words in message and ": " in message for message in found] == [True]


@pytest.mark.parametrize("engine", ["postgresql", "sqlite"])
@pytest.mark.parametrize("text", FINE)
def test_what_is_no_trap_is_left_alone(text: str, engine: str) -> None:
    """No false alarm on the right way to write it."""
    assert said(text, engine) == []


def test_an_override_may_use_what_its_engine_means() -> None:
    """LIKE and division differ by engine, which is what overrides are for."""
    assert said("SELECT 1 FROM books WHERE title LIKE 'x' AND pages / book_id > 1", portable=False) == []


def test_a_change_of_all_rows_may_be_meant() -> None:
    """The header says why."""
    assert said("DELETE FROM reviews", whole="a new season") == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("SELECT title FROM books GROUP BY author_id", "title"),
        ("SELECT author_id, max(title) || isbn FROM books GROUP BY author_id", "isbn"),
        ("SELECT title, count(*) FROM books", "title"),
    ],
)
def test_sqlite_takes_a_bare_column_from_any_row(text: str, name: str) -> None:
    """What GROUP BY does not decide is a matter of luck there; PostgreSQL refuses it itself."""
    found = said(text)

    assert [f"SQLite takes {name} from any row" in message for message in found] == [True]


@pytest.mark.parametrize(
    "text",
    [
        "SELECT author_id, count(*) FROM books GROUP BY author_id",
        "SELECT title, count(*) FROM books GROUP BY book_id",
        "SELECT b.title, count(*) FROM books AS b JOIN sales AS x ON x.book_id = b.book_id GROUP BY x.book_id",
        "SELECT substr(title, 1, 1), count(*) FROM books GROUP BY substr(title, 1, 1)",
    ],
)
def test_a_column_that_the_group_decides_is_fine(text: str) -> None:
    """A key in GROUP BY decides the rest of its table's row, as on PostgreSQL."""
    assert said(text) == []
