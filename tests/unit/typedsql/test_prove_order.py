"""What counts as a total order, what states where NULL goes, and which lists cannot grow."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from lumia.typedsql.prove.nullability import proof_context
from lumia.typedsql.prove.order import order_problems
from lumia.typedsql.prove.relations import parse
from tests.support.bookshop import PARAMS, bookshop

BOTH = ("postgresql", "sqlite")

TOTAL = [
    "SELECT title FROM books WHERE author_id = :p ORDER BY title, book_id",
    "SELECT title FROM books WHERE author_id = :p ORDER BY book_id DESC, title",
    "SELECT title AS t, book_id AS k FROM books WHERE author_id = :p ORDER BY t, k",
    "SELECT isbn FROM books WHERE isbn > 'x' ORDER BY isbn LIMIT 5",
    "SELECT stars FROM reviews WHERE book_id = :p ORDER BY reader_id",
    "SELECT stars FROM reviews WHERE book_id IN (:p) ORDER BY reader_id",
    "SELECT x.amount FROM sales AS x JOIN books AS b ON b.book_id = x.book_id WHERE b.book_id = :p ORDER BY x.sale_id",
    (
        "SELECT s.label FROM books AS b LEFT JOIN shelves AS s ON s.shelf_id = b.shelf_id WHERE b.author_id = :p "
        "ORDER BY b.book_id"
    ),
    (
        "SELECT title FROM shelves AS s RIGHT JOIN books AS b ON s.shelf_id = b.shelf_id WHERE b.author_id = :p "
        "ORDER BY b.book_id"
    ),
    "SELECT genre, count(*) FROM books WHERE author_id = :p GROUP BY genre ORDER BY genre",
    "SELECT author_id, count(*) AS n FROM books WHERE author_id = :p GROUP BY author_id, genre ORDER BY n, genre",
    "SELECT b.title, count(*) FROM books AS b WHERE b.author_id = :p GROUP BY b.title, b.book_id ORDER BY b.book_id",
    "SELECT DISTINCT genre FROM books WHERE author_id = :p ORDER BY genre",
    "SELECT DISTINCT genre, is_listed FROM books WHERE author_id = :p ORDER BY 2, 1",
    "SELECT book_id FROM reviews WHERE reader_id = :p UNION SELECT book_id FROM sales WHERE reader_id = :p ORDER BY 1",
    "SELECT title FROM books WHERE book_id = :p",
    "SELECT count(*) FROM books",
    "SELECT title FROM books WHERE isbn = 'x'",
    "SELECT label FROM shelves ORDER BY label",
    (
        "WITH t AS (SELECT author_id, count(*) AS n FROM books WHERE author_id = :p GROUP BY author_id) "
        "SELECT n FROM t ORDER BY n, author_id"
    ),
    "UPDATE books SET title = 'x' WHERE book_id = :p RETURNING title",
    "INSERT INTO shelves (label) VALUES ('x') RETURNING shelf_id",
]
TIES = [
    "SELECT title FROM books WHERE author_id = :p ORDER BY title",
    "SELECT title FROM books WHERE author_id = :p ORDER BY isbn NULLS LAST",
    "SELECT title FROM books WHERE author_id = :p ORDER BY book_id + author_id",
    "SELECT title FROM books WHERE author_id = :p ORDER BY title LIMIT 1",
    "SELECT stars FROM reviews WHERE book_id > :p ORDER BY reader_id LIMIT 5",
    "SELECT b.title FROM sales AS x JOIN books AS b ON b.book_id = x.book_id WHERE x.reader_id = :p ORDER BY b.book_id",
    (
        "SELECT b.title FROM books AS b LEFT JOIN sales AS x ON x.book_id = b.book_id WHERE b.author_id = :p "
        "ORDER BY b.book_id"
    ),
    (
        "SELECT b.title FROM books AS b LEFT JOIN reviews AS r ON r.book_id = b.book_id AND r.stars = 1 "
        "WHERE b.author_id = :p ORDER BY b.book_id"
    ),
    "SELECT genre FROM books WHERE author_id = :p GROUP BY genre, is_listed ORDER BY genre",
    "SELECT book_id FROM sales WHERE reader_id = :p UNION ALL SELECT 1 FROM sales WHERE reader_id = :p ORDER BY 1",
    "SELECT DISTINCT genre, is_listed FROM books WHERE author_id = :p ORDER BY genre",
]


def said(text: str, engine: str, *, many: bool = True, **answers: str) -> list[str]:
    """What is wrong with the order of a statement's rows."""
    notes = SimpleNamespace(**{"all": None, "ties": None, **answers})
    facts = bookshop(engine)
    problems = order_problems(text, parse(text, facts.engine), proof_context(facts, PARAMS), many=many, answers=notes)
    return [problem.message for problem in problems]


@pytest.mark.parametrize("engine", BOTH)
@pytest.mark.parametrize("text", TOTAL)
def test_an_order_that_leaves_no_ties_is_accepted(text: str, engine: str) -> None:
    """Keys, what they decide, and conditions that hold a value fast make an order total."""
    assert said(text, engine) == []


@pytest.mark.parametrize("engine", BOTH)
@pytest.mark.parametrize("text", TIES)
def test_an_order_that_leaves_ties_is_found(text: str, engine: str) -> None:
    """Rows that tie come in another order on the other engine, or tomorrow."""
    found = said(text, engine)

    assert [message[:29] for message in found] == ["rows that tie in ORDER BY com"]


@pytest.mark.parametrize("engine", BOTH)
def test_a_stated_reason_answers_a_tie(engine: str) -> None:
    """`@ties` says what no key shows."""
    assert said(TIES[0], engine, ties="titles of one author differ") == []


@pytest.mark.parametrize("engine", BOTH)
def test_a_list_without_order_is_found(engine: str) -> None:
    """A list needs an ORDER BY, one row does not, and a LIMIT always does."""
    text = "SELECT title FROM books WHERE author_id = :p"

    assert ["any order" in message for message in said(text, engine)] == [True]
    assert said(text, engine, many=False) == []
    assert ["LIMIT takes any rows" in message for message in said(f"{text} LIMIT 1", engine, many=False)] == [True]


@pytest.mark.parametrize("engine", BOTH)
def test_a_limit_inside_needs_an_order_too(engine: str) -> None:
    """A subquery with LIMIT takes any row without ORDER BY; EXISTS does not mind which."""
    inner = "SELECT quantity FROM sales AS x WHERE x.book_id = b.book_id LIMIT 1"

    assert len(said(f"SELECT ({inner}) FROM books AS b WHERE b.book_id = :p", engine)) == 1
    assert said(f"SELECT EXISTS ({inner}) FROM books AS b WHERE b.book_id = :p", engine) == []


@pytest.mark.parametrize("engine", BOTH)
@pytest.mark.parametrize("term", ["pages", "pages DESC", "coalesce(pages, :q)"])
def test_a_sort_term_that_may_be_null_states_where_null_goes(term: str, engine: str) -> None:
    """SQLite sorts NULL first and PostgreSQL last, so both ways of stating it are fine and none is not."""
    text = f"SELECT title FROM books WHERE author_id = :p ORDER BY {term}"

    assert ["NULL sorts first on SQLite" in message for message in said(f"{text}, book_id", engine)] == [True]
    assert said(f"{text} NULLS LAST, book_id", engine) == []
    assert said(f"{text} NULLS FIRST, book_id", engine) == []


@pytest.mark.parametrize("engine", BOTH)
def test_null_sorts_in_a_union_by_what_its_branches_prove(engine: str) -> None:
    """The columns of a UNION may be NULL if one branch's are."""
    text = "SELECT price AS n FROM books WHERE book_id = :p UNION SELECT {} FROM books WHERE book_id = :p ORDER BY n"

    assert len(said(text.format("sale_price"), engine)) == 1
    assert said(text.format("book_id"), engine) == []


@pytest.mark.parametrize("engine", BOTH)
def test_a_list_of_a_growing_table_needs_a_limit(engine: str) -> None:
    """A list of a whole growing table has no end, unless the header says why; a parent's children are few."""
    text = "SELECT title FROM books WHERE added_at > '2026' ORDER BY book_id"

    assert ["grows with books" in message for message in said(text, engine)] == [True]
    assert said(text, engine, all="the catalogue is printed") == []
    assert said(f"{text} LIMIT :p", engine) == []
    assert said("SELECT title FROM books WHERE shelf_id = :p ORDER BY book_id", engine) == []


@pytest.mark.parametrize("engine", BOTH)
def test_returning_many_rows_has_no_order(engine: str) -> None:
    """RETURNING gives rows as they come; what may change several rows says that this is fine."""
    text = "DELETE FROM reviews WHERE book_id = :p RETURNING reader_id"

    assert ["RETURNING gives several rows" in message for message in said(text, engine)] == [True]
    assert said(text, engine, ties="put into a set") == []


@pytest.mark.parametrize("engine", BOTH)
def test_an_assertion_says_that_a_sort_term_is_never_null(engine: str) -> None:
    """`@column name!` is believed wherever the column is meant: by name, by place, or written once more."""
    text = "SELECT coalesce(pages, :q) AS k FROM books WHERE author_id = :p ORDER BY {}, book_id"
    notes = SimpleNamespace(all=None, ties=None, asserted=[SimpleNamespace(name="k")])
    context = proof_context(bookshop(engine), PARAMS)

    for term in ("k", "1", "coalesce(pages, :q)"):
        statement = parse(text.format(term), engine)
        assert list(order_problems(text.format(term), statement, context, many=True, answers=notes)) == []
    statement = parse(text.format("pages"), engine)
    assert len(list(order_problems(text.format("pages"), statement, context, many=True, answers=notes))) == 1


@pytest.mark.parametrize("engine", BOTH)
@pytest.mark.parametrize(("order", "found"), [("title", 1), ("title, book_id", 0)])
def test_a_row_number_breaks_ties_only_if_its_own_order_does(order: str, found: int, engine: str) -> None:
    """Numbers given to rows that tie are others tomorrow."""
    text = f"SELECT row_number() OVER (ORDER BY {order}) AS n FROM books WHERE author_id = :p ORDER BY n"

    assert len(said(text, engine)) == found
