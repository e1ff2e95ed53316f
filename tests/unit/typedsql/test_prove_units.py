"""What is said of values of two kinds in one place, and of orders that differ by engine."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lumia.typedsql.annotations import Param
from lumia.typedsql.logical import LogicalType
from lumia.typedsql.prove.facts import SchemaFacts
from lumia.typedsql.prove.nullability import proof_context
from lumia.typedsql.prove.relations import parse, prove
from lumia.typedsql.prove.units import sort_problems, unit_problems
from tests.support.bookshop import bookshop

TYPES = {
    "price": "money_amount",
    "sale_price": "money_amount",
    "amount": "money_amount",
    "discount": "rate_fraction",
    "genre": "genre",
    "added_at": "utc_timestamp",
    "is_listed": "boolean",
    "title": "text",
    "isbn": "text",
}
PARAMS = (
    Param("m", LogicalType("money")),
    Param("r", LogicalType("rate")),
    Param("n", LogicalType("int")),
    Param("at", LogicalType("timestamp")),
)


def facts() -> SchemaFacts:
    """The bookshop with PostgreSQL's types, a rate, and one column that sorts by the database's own rules."""
    plain = bookshop("postgresql")
    tables = {
        name: replace(
            table,
            columns={
                key: replace(column, type=TYPES.get(key, "bigint"), collation={"title": "", "isbn": "C"}.get(key))
                for key, column in table.columns.items()
            },
        )
        for name, table in plain.tables.items()
    }
    return replace(plain, tables=tables, enums={"genre": ("novel", "poetry")})


MIXED = [
    "SELECT 1 FROM books WHERE price > 100",
    "SELECT 1 FROM books WHERE price BETWEEN :m AND 500",
    "SELECT 1 FROM books WHERE price IN (1, 2)",
    "SELECT price + 5 FROM books",
    "SELECT coalesce(sale_price, 7) FROM books",
    "SELECT CASE WHEN is_listed THEN price ELSE 1 END FROM books",
    "SELECT amount + discount FROM sales",
    "SELECT 1 FROM sales WHERE discount > :m",
    "SELECT 1 FROM sales GROUP BY book_id HAVING sum(amount) > 50",
    "SELECT x.p + 1 FROM (SELECT price AS p FROM books) AS x",
    "SELECT (SELECT max(s.amount) + 1 FROM sales AS s WHERE s.book_id = b.book_id) FROM books AS b",
    "UPDATE sales SET amount = 1 WHERE sale_id = :n",
    "UPDATE sales SET amount = quantity WHERE sale_id = :n",
    "INSERT INTO sales (book_id, amount) VALUES (1, 5)",
    "INSERT INTO sales (book_id, amount) SELECT book_id, pages FROM books",
    "SELECT CAST(5 AS money_amount)",
    "SELECT CAST(price AS bigint) FROM books",
    "SELECT CAST(price AS text) FROM books",
    "SELECT CAST(is_listed AS text) FROM books",
    "SELECT CAST(added_at AS text) FROM books",
    "SELECT amount * discount FROM sales",
    "SELECT amount / 2 FROM sales",
    "SELECT round(price) FROM books",
    "SELECT 1 FROM books WHERE genre = CAST('novel' AS genre)",
    "SELECT 1 FROM books WHERE added_at > CAST(:at AS timestamptz)",
    "SELECT 1 FROM books WHERE added_at > '2026-01-01'",
]
FINE = [
    "SELECT 1 FROM books WHERE price > 0 AND price > :m AND sale_price < price",
    "SELECT coalesce(sale_price, 0), coalesce(sum(amount), 0) FROM books JOIN sales ON TRUE",
    "SELECT quantity * amount FROM sales",
    "SELECT sum(quantity * amount - 0) FROM sales",
    "SELECT CASE WHEN is_listed THEN price ELSE 0 END FROM books",
    "SELECT CAST(sum(quantity) AS bigint) FROM sales",
    "SELECT CAST(NULL AS money_amount), CAST(0 AS bigint), CAST(book_id AS text) FROM books",
    "SELECT nullif(price, 0) FROM books",
    "SELECT 1 FROM sales WHERE discount > :r",
    "UPDATE sales SET amount = :m, discount = 0 WHERE sale_id = :n",
    "INSERT INTO sales (book_id, amount) SELECT book_id, price FROM books",
    "SELECT 1 FROM books WHERE added_at > '2026-01-01T00:00:00.000000Z' AND genre = 'novel' AND isbn = 'x'",
]
SORTED = [
    ("SELECT 1 FROM books ORDER BY genre", "labels sort"),
    ("SELECT genre AS g FROM books ORDER BY g", "labels sort"),
    ("SELECT genre FROM books ORDER BY 1", "labels sort"),
    ("SELECT 1 FROM books WHERE genre > 'novel'", "labels sort"),
    ("SELECT max(genre) FROM books", "labels sort"),
    ("SELECT rank() OVER (ORDER BY genre) FROM books", "labels sort"),
    ("SELECT 1 FROM books ORDER BY title", "text sorts by"),
    ("SELECT 1 FROM books WHERE title > :n", "text sorts by"),
    ("SELECT min(title) FROM books", "text sorts by"),
]
SORTED_ALIKE = [
    "SELECT 1 FROM books ORDER BY isbn, price",
    'SELECT 1 FROM books ORDER BY title COLLATE "C"',
    "SELECT 1 FROM books WHERE genre = 'novel' AND title = 'x'",
    "SELECT CASE genre WHEN 'novel' THEN 1 ELSE 2 END AS place FROM books ORDER BY place",
    "SELECT 1 FROM books ORDER BY CAST(genre AS text)",
]


def said(text: str, *, sorts: bool = False) -> list[str]:
    """What is wrong with a portable statement, seen with PostgreSQL's types."""
    statement = parse(text, "postgresql")
    context = proof_context(facts(), PARAMS)
    prove(statement, context)
    found = sort_problems(statement, context, portable=True) if sorts else unit_problems(statement, context)
    return [problem.message for problem in found]


@pytest.mark.parametrize("text", MIXED)
def test_values_of_two_kinds_in_one_place_are_found(text: str) -> None:
    """Each is told once, with a remedy behind a colon."""
    found = said(text)

    assert [": " in message for message in found] == [True]


@pytest.mark.parametrize("text", FINE)
def test_values_of_one_kind_are_left_alone(text: str) -> None:
    """Zero is zero in every unit, and a number of pieces times a price is a price."""
    assert said(text) == []


@pytest.mark.parametrize(("text", "words"), SORTED)
def test_a_sort_that_differs_by_engine_is_found(text: str, words: str) -> None:
    """Labels have an order of their own on PostgreSQL, and so has text without the collation of codes."""
    found = said(text, sorts=True)

    assert [words in message and ": " in message for message in found] == [True]


@pytest.mark.parametrize("text", SORTED_ALIKE)
def test_a_sort_that_both_engines_share_is_left_alone(text: str) -> None:
    """No false alarm on codes, equality and stated orders."""
    assert said(text, sorts=True) == []
