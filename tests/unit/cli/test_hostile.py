"""The rows that Lumia's own queries are probed with: everything is there, and everything is missing, somewhere."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg

from lumia.cli.hostile import fill_hostile
from lumia.typedsql.check.facts_postgresql import read_facts as read_postgresql
from lumia.typedsql.check.facts_sqlite import read_facts as read_sqlite
from lumia.typedsql.prove.facts import SchemaFacts
from tests.support.databases import Databases

# Columns that no repository writes yet, or that none leaves empty once it is done.
ONE_SIDED = {
    # No repository deletes a row of an audited table, and who acts is forgotten with each transaction.
    "audit_log.after",
    "audit_state.actor",
    "audit_state.actor_customer_id",
    "cart_items.unit_price_seen",
    "idempotency_keys.result_id",
    # Set inside of the statement that folds only.
    "inventory.folding_to",
}

Counts = dict[str, tuple[int, ...]]


def counted(connection: sqlite3.Connection | psycopg.Connection, facts: SchemaFacts) -> Counts:
    """The number of each table's rows, and of the values in each of its columns that may be NULL."""
    found: Counts = {}
    for fact in facts.tables.values():
        # FTS5's table is an index, which PostgreSQL keeps where no catalog of tables shows it.
        if fact.view is None and fact.name != "search_index":
            counts = ", ".join(f"count({column.name})" for column in fact.columns.values() if not column.not_null)
            statement = f"SELECT count(*), {counts} FROM {fact.name}" if counts else f"SELECT count(*) FROM {fact.name}"
            row = connection.execute(statement).fetchone()
            assert row is not None
            found[fact.name] = tuple(row)
    return found


def filled_sqlite(databases: Databases, folder: Path) -> tuple[Counts, SchemaFacts]:
    """Fill a fresh SQLite file and count."""
    with databases.migrated("sqlite", folder) as url:
        fill_hostile(url)
        with closing(sqlite3.connect(folder / "shop.db")) as connection:
            facts = read_sqlite(connection)
            return counted(connection, facts), facts


def test_every_table_has_rows_and_what_may_be_null_is_and_is_not(databases: Databases, tmp_path: Path) -> None:
    """A column that is never NULL in the rows would let every wrong claim about it stand."""
    counts, facts = filled_sqlite(databases, tmp_path)

    assert [table for table, (rows, *_) in counts.items() if not rows] == []
    one_sided = {
        f"{table}.{column.name}"
        for table, (rows, *values) in counts.items()
        for column, value in zip(
            [column for column in facts.tables[table].columns.values() if not column.not_null], values, strict=True
        )
        if value in {0, rows}
    }
    assert one_sided == ONE_SIDED


def test_both_engines_are_filled_alike(databases: Databases, tmp_path: Path) -> None:
    """The same calls, so that what one engine refutes the other could."""
    sqlite, _ = filled_sqlite(databases, tmp_path)

    with databases.migrated("postgresql", tmp_path) as url:
        fill_hostile(url)
        with psycopg.connect(url) as connection:
            postgresql = counted(connection, read_postgresql(connection))

    assert {table: counts[0] for table, counts in postgresql.items()} == {
        table: counts[0] for table, counts in sqlite.items()
    }
