"""Assertions that hide nothing are found: the few that stay are those that a reviewer must think about."""

from __future__ import annotations

import pytest

from lumia.typedsql import TypeRegistry
from lumia.typedsql.prove.findings import assertion_findings
from lumia.typedsql.source import parse_source
from lumia.typedsql.variants import variants_of
from tests.support.bookshop import bookshop
from tests.unit.typedsql.cases import dtos

QUERY = """\
-- name: get_label(book_id)^
-- Where a book stands.
--
-- @column label!: somebody said so
-- @param book_id: int
-- @returns: BookShelf
SELECT
    b.book_id,
    {label} AS label
FROM books AS b
LEFT JOIN shelves AS s ON b.shelf_id = s.shelf_id
WHERE b.book_id = :book_id;
"""


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("s.label", ""),
        ("b.title", "label is proven NOT NULL without @column label!"),
        ("b.book_id / 2 || 'x'", ""),
    ],
)
def test_an_assertion_that_hides_nothing_is_found_in_its_line(label: str, words: str) -> None:
    """It is superfluous only if every engine proves the column."""
    source = parse_source(QUERY.format(label=label), "books.sql", TypeRegistry.of(dtos))
    query = source.queries[0]

    found = assertion_findings(query, variants_of(query), [bookshop("postgresql"), bookshop("sqlite")])

    assert [(finding.line, words in finding.message) for finding in found] == ([(4, True)] if words else [])
