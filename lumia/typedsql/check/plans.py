"""The plan gate: which tables a statement still has to read whole when sequential scans are forbidden."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

import psycopg

from lumia.typedsql.prove.facts import SchemaFacts

__all__ = ["partial_indexes", "partial_indexes_of", "postgresql_scans", "sqlite_scans"]

# Without joins that read both sides whole, an index that could serve the join is used if there is one.
_SETTINGS: Final = (
    "SET LOCAL plan_cache_mode = force_generic_plan",
    "SET LOCAL enable_seqscan = off",
    "SET LOCAL enable_hashjoin = off",
    "SET LOCAL enable_mergejoin = off",
)
# Without statistics a page is often read along the order's index, past rows of other keys. Bitmap scans read by
# condition only: if such a plan reads nothing whole, no statistics will make the statement need it.
_BY_CONDITION: Final = (*_SETTINGS, "SET LOCAL enable_indexscan = off", "SET LOCAL enable_indexonlyscan = off")
# Nodes that hand a row on as soon as they have it, so that a LIMIT above them stops the scan below.
_STREAMING: Final = frozenset(
    {
        "Limit",
        "Nested Loop",
        "LockRows",
        "Subquery Scan",
        "Result",
        "Append",
        "Merge Append",
        "Incremental Sort",
        "Unique",
    }
)
_INDEX_SCANS: Final = frozenset({"Index Scan", "Index Only Scan", "Bitmap Index Scan"})

_STEP: Final = re.compile(
    r"(?P<kind>SCAN|SEARCH) (?:TABLE )?(?P<name>\w+)(?: AS (?P<alias>\w+))?(?P<rest>.*?)(?: LEFT-JOIN)?$"
)
_INDEX: Final = re.compile(r"USING (?:COVERING )?INDEX (\w+)")
_ALIAS: Final = re.compile(r"\b(?:FROM|JOIN|INTO|UPDATE|,)\s+(\w+)(?:\s+(?:AS\s+)?(\w+))?", re.IGNORECASE)
_TRIVIAL: Final = re.compile(r"\bWHERE\s+(?:TRUE|1\s*=\s*1)\s*(?!\s*(?:AND|OR)\b)", re.IGNORECASE)


def postgresql_scans(
    connection: psycopg.Connection[Any], sql: str, types: Sequence[str], partial: frozenset[str]
) -> frozenset[str]:
    """Name the tables that a generic plan of the statement reads whole; nothing is executed.

    `types` are the parameters' casts, one for each; `partial` names the indexes with a WHERE. The connection is in
    autocommit mode.
    """
    nulls = f"({', '.join(f'NULL::{name}' for name in types)})" if types else ""
    explain = f"EXPLAIN (FORMAT JSON, COSTS OFF) EXECUTE lumia_plan{nulls}"
    found = _scanned(connection, sql, explain, partial, _SETTINGS)
    if found:
        found = min(found, _scanned(connection, sql, explain, partial, _BY_CONDITION), key=len)
    return found


def _scanned(
    connection: psycopg.Connection[Any], sql: str, explain: str, partial: frozenset[str], settings: Sequence[str]
) -> frozenset[str]:
    try:
        with connection.transaction(force_rollback=True):
            for setting in settings:
                connection.execute(setting.encode())
            connection.execute(f"PREPARE lumia_plan AS {sql}".encode())
            row = connection.execute(explain.encode()).fetchone()
    finally:
        # A prepared statement outlives the transaction that made it, unless making it failed.
        with suppress(psycopg.errors.InvalidSqlStatementName):
            connection.execute(b"DEALLOCATE lumia_plan")
    plan: Mapping[str, Any] = row[0][0]["Plan"] if row is not None else {}
    return frozenset(_walk(plan, partial, limited=False, table=None))


def partial_indexes(connection: psycopg.Connection[Any]) -> frozenset[str]:
    """Name the indexes that hold part of their table: reading one whole is reading what its WHERE asks for."""
    rows = connection.execute(
        b"SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indpred IS NOT NULL"
    )
    return frozenset(row[0] for row in rows)


def _walk(node: Mapping[str, Any], partial: frozenset[str], *, limited: bool, table: str | None) -> Iterator[str]:
    kind = node.get("Node Type", "")
    table = node.get("Relation Name", table)
    if kind == "Seq Scan" and table is not None:
        yield table
    if kind in _INDEX_SCANS and table is not None and _reads_all(node, partial, limited=limited):
        yield table
    below = kind == "Limit" or (limited and kind in _STREAMING)
    for child in node.get("Plans", ()):
        # The inner side of a join, and a subplan, run from the start for each row outside.
        stops = below and child.get("Parent Relationship") in {"Outer", "Member", "Subquery"}
        yield from _walk(child, partial, limited=stops, table=table)


def _reads_all(node: Mapping[str, Any], partial: frozenset[str], *, limited: bool) -> bool:
    if "Index Cond" in node or node.get("Index Name") in partial:
        return False
    return "Filter" in node or not limited


def sqlite_scans(  # noqa: PLR0917 - what a plan is asked of
    connection: sqlite3.Connection,
    sql: str,
    samples: Sequence[Any],
    text: str,
    facts: SchemaFacts,
    partial: frozenset[str],
) -> frozenset[str]:
    """Name the tables that SQLite's plan of the statement reads whole; `text` is the statement without placeholders."""
    steps = [str(row[3]) for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}", samples)]
    aliases = dict(_aliases(text, facts))
    for fact in facts.tables.values():
        if fact.view is not None and re.search(rf"\b{fact.name}\b", text):
            aliases = {**dict(_aliases(fact.view, facts)), **aliases}
    stopped = _stops_early(text) and not any("TEMP B-TREE" in step for step in steps)
    found: set[str] = set()
    for step in steps:
        match = _STEP.match(step)
        if match is None or "VIRTUAL TABLE" in step:
            continue
        name = aliases.get(match["name"], match["name"])
        if name not in facts.tables or facts.tables[name].view is not None:
            continue
        index = _INDEX.search(match["rest"])
        if match["kind"] == "SCAN":
            if not stopped and not (index is not None and index[1] in partial):
                found.add(name)
        elif "AUTOMATIC" in match["rest"]:
            found.add(name)
    return frozenset(found)


def _aliases(text: str, facts: SchemaFacts) -> Iterator[tuple[str, str]]:
    for table, alias in _ALIAS.findall(text):
        if table in facts.tables:
            yield table, table
            if alias and alias.upper() not in {
                "WHERE",
                "SET",
                "ON",
                "ORDER",
                "GROUP",
                "LIMIT",
                "INNER",
                "LEFT",
                "JOIN",
            }:
                yield alias, table


def _stops_early(text: str) -> bool:
    """Whether the statement is one plain page: a LIMIT, and no condition that could throw rows away on the way."""
    words = re.findall(r"\w+", _TRIVIAL.sub(" ", text).upper())
    return "LIMIT" in words and {"WHERE", "HAVING", "GROUP", "DISTINCT", "UNION"}.isdisjoint(words)


def partial_indexes_of(connection: sqlite3.Connection) -> frozenset[str]:
    """Name the indexes of a SQLite file that hold part of their table."""
    rows = connection.execute(
        "SELECT i.name FROM sqlite_schema AS t, pragma_index_list(t.name) AS i WHERE t.type = 'table' AND i.partial"
    )
    return frozenset(row[0] for row in rows)
