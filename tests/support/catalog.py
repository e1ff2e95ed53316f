"""What a live database's own catalog says of its schema, in one form for both engines."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import psycopg

__all__ = ["Column", "Constraint", "Index", "Schema", "Table", "read_postgresql", "read_sqlite"]

BOOKKEEPING: Final = "schema_migrations"
"""The runner's own table; it is made before the first migration and is no part of the shop."""


@dataclass(frozen=True)
class Column:
    """A column; `type` is the engine's own word for its type and is not compared."""

    name: str
    not_null: bool
    has_default: bool
    is_generated: bool
    type: str = field(compare=False)


@dataclass(frozen=True)
class Constraint:
    """A named constraint; `refers_to` and `on_delete` are a foreign key's."""

    kind: str
    columns: tuple[str, ...] = ()
    refers_to: tuple[str, tuple[str, ...]] | None = None
    on_delete: str | None = None
    text: str = field(default="", compare=False)


@dataclass(frozen=True)
class Index:
    """A named index; None stands for an expression."""

    columns: tuple[str | None, ...]
    is_unique: bool
    is_partial: bool
    table: str = ""


@dataclass
class Table:
    """A table with everything that hangs on it."""

    columns: list[Column] = field(default_factory=list)
    constraints: dict[str, Constraint] = field(default_factory=dict)
    indexes: dict[str, Index] = field(default_factory=dict)
    triggers: set[str] = field(default_factory=set)


@dataclass
class Schema:
    """All tables, views (with their columns) and enum types (with their labels)."""

    tables: dict[str, Table]
    views: dict[str, tuple[str, ...]]
    enums: dict[str, tuple[str, ...]] = field(default_factory=dict)


# --- PostgreSQL -------------------------------------------------------------------------------------------------------

_COLUMNS: Final = """
SELECT c.relname, a.attname, a.attnotnull, a.atthasdef AND a.attgenerated = '', a.attgenerated <> '', t.typname
FROM pg_attribute AS a
INNER JOIN pg_class AS c ON a.attrelid = c.oid
INNER JOIN pg_type AS t ON a.atttypid = t.oid
WHERE c.relnamespace = CAST(current_schema() AS regnamespace) AND c.relkind = 'r' AND a.attnum > 0
    AND NOT a.attisdropped
ORDER BY c.relname, a.attnum
"""
_CONSTRAINTS: Final = """
SELECT
    c.relname, k.conname, k.contype, pg_get_constraintdef(k.oid), k.confdeltype, p.relname,
    ARRAY(
        SELECT a.attname FROM unnest(k.conkey) WITH ORDINALITY AS u (number, place)
        INNER JOIN pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = u.number ORDER BY u.place
    ),
    ARRAY(
        SELECT a.attname FROM unnest(k.confkey) WITH ORDINALITY AS u (number, place)
        INNER JOIN pg_attribute AS a ON a.attrelid = k.confrelid AND a.attnum = u.number ORDER BY u.place
    )
FROM pg_constraint AS k
INNER JOIN pg_class AS c ON k.conrelid = c.oid
LEFT JOIN pg_class AS p ON k.confrelid = p.oid
WHERE c.relnamespace = CAST(current_schema() AS regnamespace) AND k.contype IN ('p', 'u', 'f', 'c')
"""
_INDEXES: Final = """
SELECT
    c.relname, n.relname, i.indisunique, i.indpred IS NOT NULL,
    ARRAY(
        SELECT a.attname FROM unnest(i.indkey) WITH ORDINALITY AS u (number, place)
        LEFT JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = u.number AND u.number > 0 ORDER BY u.place
    )
FROM pg_index AS i
INNER JOIN pg_class AS n ON i.indexrelid = n.oid
INNER JOIN pg_class AS c ON i.indrelid = c.oid
WHERE c.relnamespace = CAST(current_schema() AS regnamespace)
"""
_KINDS: Final = {"p": "PRIMARY KEY", "u": "UNIQUE", "f": "FOREIGN KEY", "c": "CHECK"}
_RULES: Final = {"a": "NO ACTION", "r": "RESTRICT", "c": "CASCADE", "n": "SET NULL", "d": "SET DEFAULT"}


def read_postgresql(connection: psycopg.Connection[Any]) -> Schema:
    """Read the schema that comes first in the connection's search path."""

    def rows(sql: str) -> list[tuple[Any, ...]]:
        text: Any = sql
        return connection.execute(text).fetchall()

    tables: dict[str, Table] = {}
    for table, name, not_null, default, generated, type_ in rows(_COLUMNS):
        tables.setdefault(table, Table()).columns.append(Column(name, not_null, default, generated, type_))
    for table, name, kind, text, rule, parent, columns, parents in rows(_CONSTRAINTS):
        word = _KINDS[kind]
        tables[table].constraints[name] = Constraint(
            word,
            () if word == "CHECK" else tuple(columns),
            (parent, tuple(parents)) if parent else None,
            _RULES[rule] if word == "FOREIGN KEY" else None,
            text,
        )
    for table, name, unique, partial, columns in rows(_INDEXES):
        tables[table].indexes[name] = Index(tuple(columns), unique, partial, table)
    for table, name in rows(
        "SELECT c.relname, t.tgname FROM pg_trigger AS t INNER JOIN pg_class AS c ON t.tgrelid = c.oid "
        "WHERE NOT t.tgisinternal AND c.relnamespace = CAST(current_schema() AS regnamespace)"
    ):
        tables[table].triggers.add(name)
    tables.pop(BOOKKEEPING, None)
    views = rows(
        "SELECT c.relname, array_agg(a.attname ORDER BY a.attnum) FROM pg_class AS c "
        "INNER JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 "
        "WHERE c.relkind = 'v' AND c.relnamespace = CAST(current_schema() AS regnamespace) GROUP BY c.relname"
    )
    enums = rows(
        "SELECT t.typname, array_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_type AS t "
        "INNER JOIN pg_enum AS e ON e.enumtypid = t.oid "
        "WHERE t.typnamespace = CAST(current_schema() AS regnamespace) GROUP BY t.typname"
    )
    return Schema(
        tables,
        {name: tuple(columns) for name, columns in views},
        {name: tuple(labels) for name, labels in enums},
    )


# --- SQLite -----------------------------------------------------------------------------------------------------------

_COMMENT: Final = re.compile(r"--[^\n]*")
_NAMED: Final = re.compile(
    r"CONSTRAINT (?P<name>\w+) (?P<kind>PRIMARY KEY|UNIQUE|FOREIGN KEY|CHECK)\s*(?P<rest>.*)", re.DOTALL
)
_REFERENCE: Final = re.compile(
    r"\((?P<columns>[^)]*)\)\s*REFERENCES (?P<table>\w+) \((?P<parents>[^)]*)\)(?P<rule>.*)", re.DOTALL
)


def clauses(create_table: str) -> Iterator[str]:
    """The column definitions and constraints between the outer brackets of a CREATE TABLE, comments left out."""
    text = _COMMENT.sub("", create_table)
    text = text[text.index("(") + 1 : text.rindex(")")]
    depth, quoted, start = 0, False, 0
    for place, letter in enumerate(text):
        if letter == "'":
            quoted = not quoted
        elif not quoted and letter in "()":
            depth += 1 if letter == "(" else -1
        elif letter == "," and depth == 0 and not quoted:
            yield text[start:place].strip()
            start = place + 1
    yield text[start:].strip()


def _names(columns: str) -> tuple[str, ...]:
    return tuple(column.split()[0] for column in columns.split(","))


def _sqlite_constraint(clause: str) -> tuple[str, Constraint] | None:
    found = _NAMED.fullmatch(clause)
    if found is None:
        return None
    kind, rest = found["kind"], found["rest"]
    if kind == "CHECK":
        return found["name"], Constraint(kind, text=rest)
    if kind != "FOREIGN KEY":
        return found["name"], Constraint(kind, _names(rest.strip("() ")))
    reference = _REFERENCE.fullmatch(rest)
    assert reference, clause
    rule = reference["rule"].replace("ON DELETE", "").strip() or "NO ACTION"
    target = (reference["table"], _names(reference["parents"]))
    return found["name"], Constraint(kind, _names(reference["columns"]), target, rule)


def read_sqlite(connection: sqlite3.Connection) -> Schema:
    """Read the main schema; constraint names stand in the text of CREATE TABLE only."""
    tables: dict[str, Table] = {}
    views: dict[str, tuple[str, ...]] = {}
    # An FTS5 index stands in for an index of PostgreSQL, and the tables that hold it are FTS5's own.
    indexes = {
        name for (name,) in connection.execute("SELECT name FROM pragma_table_list WHERE type IN ('virtual', 'shadow')")
    }
    entries = connection.execute(
        "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' "
        "ORDER BY CASE type WHEN 'table' THEN 0 ELSE 1 END"
    ).fetchall()
    for kind, name, table, sql in entries:
        if table == BOOKKEEPING or table in indexes:
            continue
        if kind == "table":
            tables[name] = _sqlite_table(connection, name, sql)
        elif kind == "index":
            tables[table].indexes[name] = _sqlite_index(connection, table, name)
        elif kind == "trigger":
            tables[table].triggers.add(name)
        else:
            views[name] = tuple(
                column for (column,) in connection.execute("SELECT name FROM pragma_table_info(?)", (name,))
            )
    return Schema(tables, views)


def _sqlite_table(connection: sqlite3.Connection, name: str, sql: str) -> Table:
    assert "STRICT" in sql.rpartition(")")[2], f"{name} is not STRICT"
    table = Table()
    query = 'SELECT name, type, "notnull", dflt_value IS NOT NULL, hidden FROM pragma_table_xinfo(?) ORDER BY cid'
    for column, type_, not_null, default, hidden in connection.execute(query, (name,)):
        table.columns.append(Column(column, bool(not_null), bool(default), hidden > 1, type_))
    for clause in clauses(sql):
        named = _sqlite_constraint(clause)
        if named is not None:
            table.constraints[named[0]] = named[1]
            if named[1].kind in {"PRIMARY KEY", "UNIQUE"}:
                # Its index has no name of its own here; on PostgreSQL it has the constraint's.
                table.indexes[named[0]] = Index(named[1].columns, is_unique=True, is_partial=False, table=name)
        else:
            assert not re.search(r"\b(PRIMARY KEY|UNIQUE|REFERENCES|CHECK)\b", clause), f"{name}: unnamed {clause}"
    return table


def _sqlite_index(connection: sqlite3.Connection, table: str, name: str) -> Index:
    unique, partial = connection.execute(
        'SELECT "unique", partial FROM pragma_index_list(?) WHERE name = ?', (table, name)
    ).fetchone()
    columns = connection.execute("SELECT name FROM pragma_index_info(?) ORDER BY seqno", (name,)).fetchall()
    return Index(tuple(column for (column,) in columns), bool(unique), bool(partial), table)
