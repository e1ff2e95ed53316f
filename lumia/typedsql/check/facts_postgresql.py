"""Reads what PostgreSQL's catalogues tell of a schema: columns that are never NULL, keys, views, labels of enums."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Final

import psycopg

from lumia.typedsql.prove.facts import ColumnFact, ForeignKeyFact, SchemaFacts, TableFact

__all__ = ["read_facts"]

# What an unqualified name means: a relation that the search path shows, and never one of the server's own.
_VISIBLE: Final = "pg_table_is_visible(c.oid) AND n.nspname NOT IN ('pg_catalog', 'information_schema')"
_COLUMNS: Final = f"""
SELECT
    c.relname,
    a.attname,
    a.attnotnull OR t.typnotnull,
    CASE WHEN t.typtype IN ('d', 'e') THEN t.typname ELSE format_type(t.oid, NULL) END,
    CASE WHEN l.collname = 'default' THEN '' ELSE l.collname END
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_collation l ON l.oid = a.attcollation
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND {_VISIBLE}
ORDER BY c.relname, a.attnum
"""  # noqa: S608 - constants
_KEYS: Final = f"""
SELECT c.relname, array_agg(a.attname::text)
FROM pg_index i
JOIN pg_class c ON c.oid = i.indrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k (attnum, place)
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum
WHERE i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL AND k.place <= i.indnkeyatts
    AND {_VISIBLE}
GROUP BY c.relname, i.indexrelid
ORDER BY c.relname, i.indexrelid
"""  # noqa: S608 - constants
_VIEWS: Final = f"""
SELECT c.relname, pg_get_viewdef(c.oid)
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('v', 'm') AND {_VISIBLE}
"""  # noqa: S608 - constants
_FOREIGN: Final = f"""
SELECT c.relname, r.relname, array_agg(a.attname::text ORDER BY k.place), array_agg(b.attname::text ORDER BY k.place)
FROM pg_constraint f
JOIN pg_class c ON c.oid = f.conrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_class r ON r.oid = f.confrelid
CROSS JOIN LATERAL unnest(f.conkey, f.confkey) WITH ORDINALITY AS k (own, other, place)
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.own
JOIN pg_attribute b ON b.attrelid = r.oid AND b.attnum = k.other
WHERE f.contype = 'f' AND f.convalidated AND {_VISIBLE}
GROUP BY c.relname, r.relname, f.oid
ORDER BY c.relname, f.oid
"""  # noqa: S608 - constants
_ENUMS: Final = """
SELECT t.typname, e.enumlabel
FROM pg_enum e
JOIN pg_type t ON t.oid = e.enumtypid
WHERE pg_type_is_visible(t.oid)
ORDER BY t.typname, e.enumsortorder
"""
_FUNCTIONS: Final = "SELECT proname FROM pg_proc WHERE pg_function_is_visible(oid) AND {}"


def read_facts(connection: psycopg.Connection[Any], small: frozenset[str] = frozenset()) -> SchemaFacts:
    """Read every table and view that the connection's search path shows; `small` are those that stay small."""
    columns: defaultdict[str, dict[str, ColumnFact]] = defaultdict(dict)
    for table, name, not_null, kind, collation in connection.execute(_COLUMNS.encode()):
        columns[table][name] = ColumnFact(name, not_null, kind, collation)
    keys: defaultdict[str, list[frozenset[str]]] = defaultdict(list)
    for table, names in connection.execute(_KEYS.encode()):
        keys[table].append(frozenset(names))
    foreign: defaultdict[str, list[ForeignKeyFact]] = defaultdict(list)
    for table, other, names, references in connection.execute(_FOREIGN.encode()):
        foreign[table].append(ForeignKeyFact(tuple(names), other, tuple(references)))
    views = {name: str(text).strip().rstrip(";") for name, text in connection.execute(_VIEWS.encode())}
    labels: defaultdict[str, list[str]] = defaultdict(list)
    for enum, label in connection.execute(_ENUMS.encode()):
        labels[enum].append(label)
    return SchemaFacts(
        engine="postgresql",
        tables={
            name: TableFact(name, found, tuple(keys[name]), views.get(name), tuple(foreign[name]))
            for name, found in columns.items()
        },
        enums={name: tuple(found) for name, found in labels.items()},
        small=small,
        aggregates=_functions(connection, "prokind IN ('a', 'w')"),
        set_returning=_functions(connection, "proretset"),
    )


def _functions(connection: psycopg.Connection[Any], condition: str) -> frozenset[str]:
    return frozenset(name for (name,) in connection.execute(_FUNCTIONS.format(condition).encode()))
