"""The plan gate: which tables a statement still has to read whole when sequential scans are forbidden."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
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

_RANGE: Final = re.compile(r"\(*(\w+) >=? (?:'?-?\d+'?(?:::\w+)?)\)*")

_STEP: Final = re.compile(
    r"(?P<kind>SCAN|SEARCH) (?:TABLE )?(?P<name>\w+)(?: AS (?P<alias>\w+))?(?P<rest>.*?)(?: LEFT-JOIN)?$"
)
_INDEX: Final = re.compile(r"USING (?:COVERING )?INDEX (\w+)")
_ALIAS: Final = re.compile(r"\b(?:FROM|JOIN|INTO|UPDATE|,)\s+(\w+)(?:\s+(?:AS\s+)?(\w+))?", re.IGNORECASE)
_INNERMOST: Final = re.compile(r"(\b(?:AS|FROM|JOIN|LATERAL|MATERIALIZED)\s*)?\(([^()]*)\)", re.IGNORECASE)
_JOIN: Final = re.compile(
    r"(\w+)\s+(?:OUTER\s+)?JOIN\b(?:(?!\bJOIN\b).)*?\bON\b(.*?)"
    r"(?=\b(?:LEFT|INNER|CROSS|JOIN|WHERE|GROUP|ORDER|LIMIT)\b|$)",
    re.IGNORECASE | re.DOTALL,
)
_COLUMNS_EQUAL: Final = re.compile(
    r"\(?(?:TRUE|\w+\.[a-z_]\w*\s*=\s*\w+\.[a-z_]\w*)(?:\s+AND\s+\w+\.[a-z_]\w*\s*=\s*\w+\.[a-z_]\w*)*\)?",
    re.IGNORECASE,
)
_TRIVIAL: Final = re.compile(r"\bWHERE\s+(?:TRUE|1\s*=\s*1)\s*(?!\s*(?:AND|OR)\b)", re.IGNORECASE)


def postgresql_scans(
    connection: psycopg.Connection[Any],
    sql: str,
    types: Sequence[str],
    partial: frozenset[str],
    keys: frozenset[tuple[str, str]] = frozenset(),
) -> frozenset[str]:
    """Name the tables that a generic plan of the statement reads whole; nothing is executed.

    `types` are the parameters' casts, one for each; `partial` names the indexes with a WHERE, `keys` the tables
    and columns that are unique by themselves. The connection is in autocommit mode.
    """
    nulls = f"({', '.join(f'NULL::{name}' for name in types)})" if types else ""
    explain = f"EXPLAIN (FORMAT JSON, COSTS OFF) EXECUTE lumia_plan{nulls}"
    walk = _Walk(partial, keys)
    found = _scanned(connection, sql, explain, walk, _SETTINGS)
    if found:
        found = min(found, _scanned(connection, sql, explain, walk, _BY_CONDITION), key=len)
    return found


def _scanned(
    connection: psycopg.Connection[Any], sql: str, explain: str, walk: _Walk, settings: Sequence[str]
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
    return frozenset(walk.tables(plan, limited=False, table=None))


def partial_indexes(connection: psycopg.Connection[Any]) -> frozenset[str]:
    """Name the indexes that hold part of their table: reading one whole is reading what its WHERE asks for."""
    rows = connection.execute(
        b"SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indpred IS NOT NULL"
    )
    return frozenset(row[0] for row in rows)


@dataclass(frozen=True, slots=True)
class _Walk:
    """Finds, in a plan, the tables that are read whole."""

    partial: frozenset[str]
    keys: frozenset[tuple[str, str]]

    def tables(self, node: Mapping[str, Any], *, limited: bool, table: str | None) -> Iterator[str]:
        """Walk down from a node; `limited`: a LIMIT above stops it early."""
        kind = node.get("Node Type", "")
        table = node.get("Relation Name", table)
        if kind == "Seq Scan" and table is not None:
            yield table
        if kind in _INDEX_SCANS and table is not None and self._reads_all(node, table, limited=limited):
            yield table
        below = kind == "Limit" or (limited and kind in _STREAMING and not _throws_away(node))
        for child in node.get("Plans", ()):
            # The inner side of a join, and a subplan, run from the start for each row outside.
            stops = below and child.get("Parent Relationship") in {"Outer", "Member", "Subquery"}
            # The node that knows the table of a bitmap's index stands above it.
            yield from self.tables(child, limited=stops, table=table)

    def _reads_all(self, node: Mapping[str, Any], table: str, *, limited: bool) -> bool:
        condition = node.get("Index Cond")
        if node.get("Index Name") in self.partial or (condition is not None and not self._is_empty(condition, table)):
            return False
        return "Filter" in node or not limited

    def _is_empty(self, condition: str, table: str) -> bool:
        """Whether a condition is only that a key lies above a constant: what fits grows with the table."""
        terms = condition.split(" AND ")
        return all((match := _RANGE.fullmatch(term)) and (table, match[1]) in self.keys for term in terms)


def _throws_away(node: Mapping[str, Any]) -> bool:
    """Whether a join may drop rows of its outer side, so that a LIMIT above has to wait for more."""
    if node.get("Node Type") != "Nested Loop" or node.get("Join Type") == "Left":
        return False
    inner = [child for child in node.get("Plans", ()) if child.get("Parent Relationship") == "Inner"]
    return "Join Filter" in node or node.get("Join Type") != "Inner" or any(map(_filters, inner))


def _filters(node: Mapping[str, Any]) -> bool:
    return "Filter" in node or any(map(_filters, node.get("Plans", ())))


def sqlite_scans(  # noqa: PLR0917 - what a plan is asked of
    connection: sqlite3.Connection,
    sql: str,
    samples: Sequence[Any],
    text: str,
    facts: SchemaFacts,
    partial: frozenset[str],
) -> frozenset[str]:
    """Name the tables that SQLite's plan of the statement reads whole; `text` is the statement without placeholders."""
    steps: list[tuple[str, bool]] = []
    inside: dict[int, bool] = {0: False}
    for number, parent, _, step in connection.execute(f"EXPLAIN QUERY PLAN {sql}", samples):
        # A subquery in an expression runs from the start for each row outside, whatever stops that.
        inside[number] = inside.get(parent, False) or "SUBQUERY" in step
        steps.append((step, inside[number]))
    aliases = dict(_aliases(text, facts))
    for fact in facts.tables.values():
        if fact.view is not None and re.search(rf"\b{fact.name}\b", text):
            aliases = {**dict(_aliases(fact.view, facts)), **aliases}
    early = _stops_early(text) and not any("TEMP B-TREE" in step for step, within in steps if not within)
    found: set[str] = set()
    for step, within in steps:
        stopped = early and not within
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
    outer = _without_subqueries(_TRIVIAL.sub(" ", text))
    words = re.findall(r"\w+", outer.upper())
    if "LIMIT" not in words or not {"WHERE", "HAVING", "GROUP", "DISTINCT", "UNION"}.isdisjoint(words):
        return False
    joins = _JOIN.findall(outer)
    return all(kind.upper() == "LEFT" or _COLUMNS_EQUAL.fullmatch(condition.strip()) for kind, condition in joins)


def _without_subqueries(text: str) -> str:
    """Take out the subqueries that stand in expressions; those that rows come from are kept, without parentheses."""
    while True:
        changed = _INNERMOST.sub(lambda match: " 0 " if _is_value(match) else f"{match[1] or ''} {match[2]} ", text)
        if changed == text:
            return text
        text = changed


def _is_value(match: re.Match[str]) -> bool:
    return match[1] is None and re.match(r"\s*(?:SELECT|WITH)\b", match[2], re.IGNORECASE) is not None


def partial_indexes_of(connection: sqlite3.Connection) -> frozenset[str]:
    """Name the indexes of a SQLite file that hold part of their table."""
    rows = connection.execute(
        "SELECT i.name FROM sqlite_schema AS t, pragma_index_list(t.name) AS i WHERE t.type = 'table' AND i.partial"
    )
    return frozenset(row[0] for row in rows)
