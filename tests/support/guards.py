"""Takes guards out of a schema: constraints and triggers by name, on a scratch database or in a transaction."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator
from typing import Final

from lumia.engine.sqlite_migrations import split_statements
from lumia.migrations import load_migrations
from tests.support.catalog import Schema, clauses
from tests.support.ground import lay_ground
from tests.support.raw import RawPostgresql, RawSqlite
from tests.support.trial import lift

__all__ = ["DOMAINS", "disarm", "sqlite_without"]

DOMAINS: Final = {
    "money_amount_check": "money_amount",
    "rate_fraction_check": "rate_fraction",
    "utc_timestamp_check": "utc_timestamp",
}
"""PostgreSQL's constraints that hang on a type."""

_TABLE: Final = re.compile(r"CREATE TABLE (?P<name>\w+) \(.*\)(?P<options>[^)]*)", re.DOTALL)
_NAMED: Final = re.compile(r"CREATE (?:UNIQUE )?(?:INDEX|TRIGGER) (?P<name>\w+)")


def sqlite_without(guards: Iterable[str]) -> RawSqlite:
    """A database in memory that holds the ground and lacks these constraints, triggers and refusals of triggers."""
    missing = set(guards)
    raw = RawSqlite(sqlite3.connect(":memory:"))
    triggers: list[str] = []
    for sql in _statements():
        named = _NAMED.search(sql)
        if named and named["name"] in missing:
            if "TRIGGER" not in named[0]:
                continue
            triggers.append(named["name"])
        raw.connection.execute(_weakened(sql, missing))
    lay_ground(raw)
    # The ground was laid as it should be; only the attempt meets no trigger.
    for name in triggers:
        lift(raw, f".{name}")
    return raw


def _statements() -> Iterator[str]:
    for migration in load_migrations("sqlite"):
        for _, sql in split_statements(migration):
            yield sql


def _weakened(sql: str, missing: set[str]) -> str:
    table = _TABLE.search(sql)
    if table:
        kept = [clause for clause in clauses(sql) if _constraint(clause) not in missing]
        return f"CREATE TABLE {table['name']} ({', '.join(kept)}) {table['options']}"
    for name in missing:
        sql = re.sub(rf"\s+WHEN [^\n]*\s+THEN RAISE\(ABORT, 'lumia:{name}'\)", "", sql)
    return sql


def _constraint(clause: str) -> str | None:
    words = clause.split(None, 2)
    return words[1] if words[0] == "CONSTRAINT" else None


def disarm(raw: RawPostgresql, schema: Schema, guards: Iterable[str]) -> None:
    """Drop guards inside the open transaction; raises `KeyError` for a name that the schema does not have."""
    for name in guards:
        if name in DOMAINS:
            raw.run(f"ALTER DOMAIN {DOMAINS[name]} DROP CONSTRAINT {name}")
        else:
            table, kind = _place(schema, name)
            raw.run(
                {
                    "constraint": f"ALTER TABLE {table} DROP CONSTRAINT {name} CASCADE",
                    "index": f"DROP INDEX {name}",
                    "trigger": f"DROP TRIGGER {name} ON {table}",
                }[kind]
            )


def _place(schema: Schema, name: str) -> tuple[str, str]:
    for table, found in schema.tables.items():
        for kind, names in (("constraint", found.constraints), ("index", found.indexes), ("trigger", found.triggers)):
            if name in names:
                return table, kind
    raise KeyError(name)
