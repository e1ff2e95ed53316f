"""What the proof of nullability says of each construct: a wrong claim would let None into a field that has none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lumia.typedsql.prove.nullability import nullability, proof_context
from lumia.typedsql.prove.relations import parse, prove
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
    "SELECT substring(title, '^a') FROM books",
    "SELECT substring(title FROM '^a') FROM books",
    "SELECT substring(title, subtitle) FROM books WHERE subtitle = 'x'",
    "SELECT coalesce(isbn, 'x') FROM books GROUP BY ROLLUP (coalesce(isbn, 'x'))",
    "SELECT coalesce(b.isbn, 'x') || '!' FROM books AS b GROUP BY CUBE ((coalesce(isbn, 'x')))",
    "SELECT CASE WHEN is_listed THEN 1 ELSE 2 END FROM books GROUP BY GROUPING SETS ((1), ())",
    "SELECT 'all' AS k FROM books GROUP BY ROLLUP (k)",
    "SELECT title FROM books GROUP BY ROLLUP (title)",
    "SELECT l.title FROM shelves AS s LEFT JOIN LATERAL (SELECT b.title FROM books AS b) AS l ON TRUE",
    "SELECT a FROM unnest(:ids, :ids) AS x (a, b)",
    "SELECT a FROM unnest(:gaps) AS x (a)",
    "SELECT isbn FROM books WHERE isbn <> ALL (:ids)",
    "SELECT isbn FROM books WHERE NOT isbn = ANY (:ids)",
]
POSTGRESQL_NEVER_NULL = [
    "SELECT substring(title, 1, 3) FROM books",
    "SELECT substring(title FROM :p) FROM books",
    "SELECT count(*) FROM books GROUP BY ROLLUP (isbn)",
    "SELECT coalesce(isbn, 'x') FROM books GROUP BY ROLLUP (isbn)",
]
NO_GAPS = [
    ("postgresql", "SELECT array_agg(title) FROM books"),
    ("postgresql", "SELECT array_agg(DISTINCT title) FROM books"),
    ("postgresql", "SELECT array_agg(isbn) FILTER (WHERE isbn IS NOT NULL) FROM books"),
    ("postgresql", "SELECT ARRAY[title, 'x'] FROM books"),
    ("postgresql", "SELECT ARRAY(SELECT title FROM books)"),
    ("postgresql", "SELECT coalesce(array_agg(title), '{}') FROM books"),
    ("postgresql", "SELECT (SELECT array_agg(title) FROM books)"),
    ("postgresql", "SELECT :ids"),
    ("sqlite", "SELECT json_group_array(title) FROM books"),
    ("sqlite", "SELECT json_group_array(b.isbn) FROM (SELECT isbn FROM books WHERE isbn > 'x') AS b"),
    ("sqlite", "SELECT json_array(title, 1) FROM books"),
]
GAPS = [
    ("postgresql", "SELECT array_agg(isbn) FROM books"),
    ("postgresql", "SELECT array_agg(s.label) FROM books AS b LEFT JOIN shelves AS s ON s.shelf_id = b.shelf_id"),
    ("postgresql", "SELECT array_agg(isbn) FILTER (WHERE pages IS NOT NULL) FROM books"),
    ("postgresql", "SELECT ARRAY[title, isbn] FROM books"),
    ("postgresql", "SELECT ARRAY(SELECT isbn FROM books)"),
    ("postgresql", "SELECT coalesce(array_agg(isbn), '{}') FROM books"),
    ("postgresql", "WITH t AS (SELECT array_agg(isbn) AS x FROM books) SELECT x FROM t"),
    ("postgresql", "SELECT array_agg(title) FROM books UNION ALL SELECT array_agg(isbn) FROM books"),
    ("postgresql", "SELECT :gaps"),
    ("postgresql", "SELECT unheard_of(title) FROM books"),
    ("sqlite", "SELECT json_group_array(isbn) FROM books"),
    ("sqlite", "SELECT json_array(title, isbn) FROM books"),
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


@pytest.mark.parametrize("text", POSTGRESQL_NEVER_NULL)
def test_what_only_postgresql_has_is_proven_there(text: str) -> None:
    """A part by position is there if its text is, and grouping sets leave counts alone."""
    proofs = nullability(text, bookshop("postgresql"), PARAMS)

    assert proofs[0].not_null, proofs[0].reason


def gaps(engine: str, text: str) -> str:
    """Why an element of a statement's one array may be NULL."""
    facts = bookshop(engine)
    return prove(parse(text, engine), proof_context(facts, PARAMS)).columns[0].gaps


@pytest.mark.parametrize(("engine", "text"), NO_GAPS)
def test_the_elements_of_an_array_are_proven(engine: str, text: str) -> None:
    """What is put into an array is proven as columns are."""
    assert not gaps(engine, text)


@pytest.mark.parametrize(("engine", "text"), GAPS)
def test_an_element_that_may_be_null_is_not_claimed(engine: str, text: str) -> None:
    """An array that is there may still hold NULL, and the reason is told in words."""
    assert gaps(engine, text)


@pytest.mark.parametrize("call", ["quote(isbn)", "printf('%s', isbn)", "json_array_length('[]')", "json_quote(isbn)"])
def test_a_function_that_is_no_aggregate_leaves_the_rows_apart(call: str) -> None:
    """Beside it columns keep what is proven of them, and the rows are as many as they were."""
    relation = prove(parse(f"SELECT title, {call} FROM books", "sqlite"), proof_context(bookshop("sqlite"), PARAMS))

    assert not relation.columns[0].reason
    assert frozenset() not in relation.keys
    assert relation.grows == {"books"}


def test_an_aggregate_that_the_database_knows_makes_one_row_of_many() -> None:
    """Functions of one's own are told by the database, not guessed."""
    facts = replace(bookshop("sqlite"), aggregates=frozenset({"total_of"}))

    relation = prove(parse("SELECT title, total_of(pages) FROM books", "sqlite"), proof_context(facts, PARAMS))

    assert relation.columns[0].reason
    assert frozenset() in relation.keys
