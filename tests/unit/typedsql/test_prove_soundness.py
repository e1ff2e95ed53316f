"""No random statement ever gives NULL in a column that is claimed NOT NULL, over data that is hostile on purpose."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, event, given, settings

from lumia.typedsql.annotations import Param
from lumia.typedsql.check.facts_sqlite import read_facts
from lumia.typedsql.logical import LogicalType
from lumia.typedsql.prove.facts import SchemaFacts
from lumia.typedsql.prove.nullability import nullability
from tests.unit.typedsql.random_selects import statements

SCHEMA = Path(__file__).parent / "cases" / "schema.sqlite.sql"
PARAMS = (Param("p", LogicalType("int")), Param("q", LogicalType("int", optional=True)))
HOSTILE = """
CREATE TABLE loose (a, b REAL NOT NULL, c INTEGER NOT NULL);
INSERT INTO loose VALUES (NULL, 9e999, 'text'), (9e999, -9e999, 9e999), (x'', 0.0, x''), ('', 1, -9223372036854775808);
INSERT INTO authors VALUES (1, 'A', NULL, NULL), (2, '', 'pen', 1900), (0, 'Z', NULL, 9223372036854775807);
INSERT INTO shelves VALUES (1, 'one', NULL), (2, 'two', 'x');
INSERT INTO books VALUES
    (1, 1, NULL, 'T', NULL, NULL, 0, NULL, 'novel', NULL, 0, '2026', NULL),
    (2, 2, 1, '', NULL, 'i', 9223372036854775807, 1, 'poetry', 2, 1, '2026', '2026'),
    (3, 2, 2, 'U', 's', NULL, -1, NULL, 'how_to', NULL, 1, '2026', NULL);
INSERT INTO readers VALUES (1, 'R', NULL, NULL), (2, 'S', 'e', 1), (3, 'T', NULL, 2);
INSERT INTO sales VALUES (1, 1, NULL, 0, 0, NULL, '2026'), (2, 1, 1, 3, 5, NULL, '2026'), (3, 2, 2, 2, 1, 1, '2026');
INSERT INTO reviews VALUES (1, 1, 5, NULL), (2, 1, 0, 'b');
"""


def _database(rows: str) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.executescript(SCHEMA.read_text(encoding="utf-8"))
    connection.executescript(rows)
    # A random statement may multiply tables; what takes too long is left unanswered.
    connection.set_progress_handler(lambda: 1, 200_000)
    return connection


@pytest.fixture(scope="module")
def databases() -> Iterator[list[sqlite3.Connection]]:
    """A database full of NULL, infinity and empty values, and one whose tables are all empty."""
    with closing(_database(HOSTILE)) as full, closing(_database(HOSTILE.split(";", 1)[0])) as empty:
        yield [full, empty]


@pytest.fixture(scope="module")
def facts(databases: list[sqlite3.Connection]) -> SchemaFacts:
    """The schema of both."""
    return read_facts(databases[0])


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(text=statements())
def test_no_random_statement_gives_null_where_none_is_claimed(
    databases: list[sqlite3.Connection], facts: SchemaFacts, text: str
) -> None:
    """Each column that is claimed NOT NULL has a value in every row, over hostile rows and over empty tables."""
    proofs = nullability(text, facts, PARAMS)

    for connection in databases:
        try:
            rows = connection.execute(text, {"p": 7, "q": None}).fetchmany(2_000)
        except sqlite3.Error:
            event("refused")
            continue
        event(f"{sum(proof.not_null for proof in proofs)} claims")
        for index, proof in enumerate(proofs):
            assert not proof.not_null or all(row[index] is not None for row in rows), (proof, text)
