"""What the proof of nullability says of each construct: a wrong claim would let None into a field that has none."""

from __future__ import annotations

import pytest

from lumia.typedsql.prove.nullability import nullability
from tests.support.bookshop import PARAMS, bookshop

BOTH = ("postgresql", "sqlite")

NEVER_NULL = [
    "SELECT book_id FROM books",
    "SELECT s.label FROM shelves AS s LEFT JOIN books AS b ON b.shelf_id = s.shelf_id",
    "SELECT b.title FROM shelves AS s RIGHT JOIN books AS b ON b.shelf_id = s.shelf_id",
    "SELECT s.label FROM books AS b LEFT JOIN shelves AS s ON b.shelf_id = s.shelf_id WHERE s.note = 'x'",
    "SELECT s.label FROM books AS b LEFT JOIN shelves AS s ON TRUE JOIN readers AS r ON r.reader_id = s.shelf_id",
    "SELECT shelf_id FROM books JOIN shelves USING (shelf_id)",
    "SELECT book_id FROM sales LEFT JOIN reviews USING (book_id)",
    "SELECT isbn FROM books WHERE isbn IS NOT NULL AND pages > 3",
    "SELECT isbn FROM books WHERE NOT isbn IS NULL",
    "SELECT isbn FROM books WHERE isbn NOT LIKE 'x'",
    "SELECT isbn FROM books WHERE isbn IN ('a', 'b') OR isbn BETWEEN 'c' AND 'd'",
    "SELECT count(pages) FROM books",
    "SELECT coalesce(sum(pages), 0) FROM books",
    "SELECT sum(quantity) FROM sales GROUP BY book_id",
    "SELECT sum(CASE WHEN quantity > 1 THEN amount ELSE quantity * 2 END) FROM sales GROUP BY book_id",
    "SELECT max(title) FROM books WHERE pages IS NOT NULL GROUP BY author_id",
    "SELECT quantity + 1 - :p FROM sales",
    "SELECT title || ' ' || name FROM books JOIN authors ON authors.author_id = books.author_id",
    "SELECT CASE WHEN pages > 3 THEN 1 ELSE 0 END FROM books",
    "SELECT EXISTS (SELECT pages FROM books)",
    "SELECT pages IS NULL FROM books",
    "SELECT pages IS NOT DISTINCT FROM 3 FROM books",
    "SELECT book_id IN (1, :p) FROM books",
    "SELECT book_id IN (SELECT book_id FROM sales) FROM books",
    "SELECT (SELECT count(*) FROM sales AS x WHERE x.book_id = b.book_id) FROM books AS b",
    "SELECT (SELECT 1)",
    "SELECT row_number() OVER (ORDER BY title) FROM books",
    "SELECT sum(quantity) OVER (PARTITION BY book_id) FROM sales",
    "SELECT price FROM books UNION SELECT amount FROM sales",
    "SELECT price FROM books EXCEPT SELECT discount FROM sales",
    "SELECT discount FROM sales INTERSECT SELECT price FROM books",
    "WITH t (x) AS (SELECT title FROM books) SELECT x FROM t",
    "WITH RECURSIVE t (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 9) SELECT n FROM t",
    "SELECT author_name FROM book_cards",
    "SELECT quantity FROM book_totals",
    "SELECT :p",
    "VALUES (1), (2)",
    "INSERT INTO shelves (label) VALUES ('x') RETURNING label",
    "UPDATE books SET title = 'x' FROM authors AS a WHERE a.pen_name = 'y' RETURNING title",
    "DELETE FROM books WHERE isbn = 'x' RETURNING isbn",
]
MAY_BE_NULL = [
    "SELECT pages FROM books",
    "SELECT s.label FROM books AS b LEFT JOIN shelves AS s ON b.shelf_id = s.shelf_id",
    "SELECT s.label FROM shelves AS s RIGHT JOIN books AS b ON b.shelf_id = s.shelf_id",
    "SELECT b.title FROM books AS b FULL JOIN shelves AS s ON b.shelf_id = s.shelf_id",
    "SELECT s.label FROM books AS b FULL JOIN shelves AS s ON b.shelf_id = s.shelf_id",
    "SELECT shelf_id FROM books FULL JOIN shelves USING (shelf_id)",
    "SELECT shelf_id FROM books LEFT JOIN shelves USING (shelf_id)",
    "SELECT b.title FROM sales AS x LEFT JOIN (books AS b JOIN shelves AS s ON TRUE) ON x.book_id = b.book_id",
    "SELECT b.title FROM sales AS x JOIN books AS b ON TRUE RIGHT JOIN shelves AS s ON TRUE",
    "SELECT s.label FROM books AS b LEFT JOIN shelves AS s ON s.label IS NOT NULL",
    "SELECT isbn FROM books WHERE isbn IS NULL",
    "SELECT isbn FROM books WHERE isbn IS NOT NULL OR pages > 3",
    "SELECT isbn FROM books WHERE isbn NOT IN (SELECT isbn FROM books WHERE FALSE)",
    "SELECT isbn FROM books WHERE coalesce(isbn, 'x') = 'x'",
    "SELECT max(price) FROM books",
    "SELECT max(price) FROM books HAVING count(*) > 1",
    "SELECT sum(quantity) FILTER (WHERE quantity > 1) FROM sales GROUP BY book_id",
    "SELECT sum(discount) FROM sales GROUP BY book_id",
    "SELECT CASE WHEN pages > 3 THEN 1 END FROM books",
    "SELECT CASE WHEN pages > 3 THEN pages ELSE 0 END FROM books",
    "SELECT nullif(title, 'x') FROM books",
    "SELECT coalesce(pages, :q) FROM books",
    "SELECT title || subtitle FROM books",
    "SELECT pages IN (1, 2) FROM books",
    "SELECT book_id IN (SELECT pages FROM books) FROM books",
    "SELECT (SELECT title FROM books AS i WHERE i.book_id = b.book_id) FROM books AS b",
    "SELECT (SELECT count(*) FROM sales GROUP BY book_id)",
    "SELECT (SELECT count(*) FROM sales LIMIT :p)",
    "SELECT (SELECT count(*) FROM sales HAVING count(*) > 1)",
    "SELECT (SELECT max(x.quantity) FROM sales AS x)",
    "SELECT lag(title) OVER (ORDER BY book_id) FROM books",
    "SELECT sum(quantity) OVER (ORDER BY sale_id ROWS BETWEEN 2 PRECEDING AND 1 PRECEDING) FROM sales",
    "SELECT price FROM books UNION ALL SELECT sale_price FROM books",
    "SELECT sale_price FROM books EXCEPT SELECT price FROM books",
    "WITH t (x) AS (SELECT pages FROM books) SELECT x FROM t",
    "WITH RECURSIVE t (n) AS (SELECT 1 UNION ALL SELECT nullif(n, 3) FROM t WHERE n < 9) SELECT n FROM t",
    "SELECT shelf_label FROM book_cards",
    "SELECT discount FROM book_totals",
    "SELECT :q",
    "VALUES (1), (NULL)",
    "UPDATE books SET isbn = NULL WHERE isbn = 'x' RETURNING isbn",
    "INSERT INTO shelves (label) VALUES ('x') ON CONFLICT (label) DO UPDATE SET note = 'y' RETURNING note",
    "SELECT unheard_of(title) FROM books",
    "SELECT title FROM unheard_of",
    "SELECT books.title FROM books, unheard_of() AS books",
]
SQLITE_MAY_BE_NULL = [
    "SELECT quantity / sale_id FROM sales",
    "SELECT title, count(*) FROM books",
    "SELECT b.quantity * :p * 1.5 FROM sales AS b",
    "SELECT x.value FROM json_each(:gaps) AS x",
    "WITH t AS (SELECT title FROM t) SELECT title FROM t",
]
POSTGRESQL_MAY_BE_NULL = [
    "SELECT title FROM books GROUP BY ROLLUP (title)",
    "SELECT l.title FROM shelves AS s LEFT JOIN LATERAL (SELECT b.title FROM books AS b) AS l ON TRUE",
    "SELECT a FROM unnest(:ids, :ids) AS x (a, b)",
    "SELECT a FROM unnest(:gaps) AS x (a)",
    "SELECT isbn FROM books WHERE isbn <> ALL (:ids)",
    "SELECT isbn FROM books WHERE NOT isbn = ANY (:ids)",
]


@pytest.mark.parametrize("engine", BOTH)
@pytest.mark.parametrize("text", NEVER_NULL)
def test_a_column_that_cannot_be_null_is_proven(text: str, engine: str) -> None:
    """The rule sees through joins, groups, subqueries and views, so that few columns need an assertion."""
    proofs = nullability(text, bookshop(engine), PARAMS)

    assert proofs[0].not_null, proofs[0].reason


@pytest.mark.parametrize("engine", BOTH)
@pytest.mark.parametrize("text", MAY_BE_NULL)
def test_a_column_that_may_be_null_is_not_claimed(text: str, engine: str) -> None:
    """Nothing is claimed of what can give NULL, and the reason is told in words."""
    proofs = nullability(text, bookshop(engine), PARAMS)

    assert all(not proof.not_null and proof.reason for proof in proofs[:1])


@pytest.mark.parametrize("text", SQLITE_MAY_BE_NULL)
def test_what_only_sqlite_makes_null_is_not_claimed_there(text: str) -> None:
    """SQLite gives NULL for division by zero, infinities that cancel out, and columns beside an aggregate."""
    proofs = nullability(text, bookshop("sqlite"), PARAMS)

    assert all(not proof.not_null for proof in proofs[:1])


@pytest.mark.parametrize("text", POSTGRESQL_MAY_BE_NULL)
def test_what_only_postgresql_has_is_not_claimed_there(text: str) -> None:
    """Grouping sets, LATERAL, arrays and ALL give NULL where a quick look sees none."""
    proofs = nullability(text, bookshop("postgresql"), PARAMS)

    assert not proofs[0].not_null


@pytest.mark.parametrize("engine", BOTH)
def test_an_aggregate_of_the_outer_query_ends_the_proof(engine: str) -> None:
    """In a subquery count(b.pages) counts the outer rows, and makes the outer query an aggregate."""
    proofs = nullability("SELECT b.title, (SELECT count(b.pages) FROM sales) FROM books AS b", bookshop(engine), PARAMS)

    assert proofs == ()


def test_the_reason_names_the_join() -> None:
    """A reviewer reads which alias a join may leave empty."""
    proofs = nullability("SELECT s.label FROM books AS b LEFT JOIN shelves AS s ON TRUE", bookshop("sqlite"), ())

    assert proofs[0].reason == "s is on the nullable side of a LEFT JOIN"
