"""Reads what a SQLite file tells of its schema: columns that are never NULL, keys, views, CHECK (… IN (…)) lists."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from typing import Final

from lumia.typedsql.prove.facts import ColumnFact, ForeignKeyFact, SchemaFacts, TableFact

__all__ = ["check_lists", "read_facts"]

_VIEW: Final = re.compile(
    r"CREATE\s+(?:TEMP\w*\s+)?VIEW\s+.*?\bAS\b\s*(?=SELECT|WITH|VALUES)", re.IGNORECASE | re.DOTALL
)
_NAMES: Final = re.compile(r"VIEW\s+\S+\s*\(([^()]*)\)\s*AS\b", re.IGNORECASE)
_LIST: Final = re.compile(r"\bCHECK\s*\(\s*\(?\s*(\w+)\s+IN\s*\(((?:\s*'(?:[^']|'')*'\s*,?)+)\)\s*\)", re.IGNORECASE)
_LABEL: Final = re.compile(r"'((?:[^']|'')*)'")


def read_facts(connection: sqlite3.Connection, small: frozenset[str] = frozenset()) -> SchemaFacts:
    """Read every table and view of the main database; `small` are those that stay small."""
    views = dict(connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'view'").fetchall())
    rows = connection.execute(
        "SELECT name, wr, strict FROM pragma_table_list "
        "WHERE schema = 'main' AND type IN ('table', 'view', 'virtual') AND substr(name, 1, 7) <> 'sqlite_'"
    ).fetchall()
    return SchemaFacts(
        engine="sqlite",
        tables={
            name: _table(connection, name, views.get(name), strict=bool(strict), sound=bool(strict or rowless))
            for name, rowless, strict in rows
        },
        small=small,
        # `w` are aggregates that may stand in a window too; the library lists its window-only functions like them.
        aggregates=frozenset(
            name for (name,) in connection.execute("SELECT name FROM pragma_function_list WHERE type IN ('a', 'w')")
        ),
        # Table-valued functions are no functions to SQLite, but tables.
        set_returning=frozenset(),
    )


def check_lists(connection: sqlite3.Connection) -> dict[tuple[str, str], frozenset[str]]:
    """Tell the labels that `CHECK (column IN ('…', …))` allows, by table and column."""
    rows = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND sql IS NOT NULL")
    return {
        (table, column): frozenset(label.replace("''", "'") for label in _LABEL.findall(labels))
        for table, sql in rows
        for column, labels in _LIST.findall(sql)
    }


def _table(connection: sqlite3.Connection, name: str, view: str | None, *, strict: bool, sound: bool) -> TableFact:
    # `sound`: a primary key's columns are never NULL, which SQLite forgot in its ordinary tables.
    columns: dict[str, ColumnFact] = {}
    primary: list[str] = []
    for _, column, kind, not_null, _, place, hidden in connection.execute(
        "SELECT * FROM pragma_table_xinfo(?)", (name,)
    ):
        if hidden == 1:
            continue
        columns[column] = ColumnFact(column, bool(not_null or (place and sound)), kind)
        if place:
            primary.append(column)
    if len(primary) == 1 and columns[primary[0]].type.upper() == "INTEGER":
        # The row id itself, which is never NULL whatever the declaration says.
        columns[primary[0]] = ColumnFact(primary[0], not_null=True, type=columns[primary[0]].type)
    keys = [frozenset(primary)] if primary else []
    keys += [key for key in _unique(connection, name) if key not in keys]
    return TableFact(
        name,
        columns,
        tuple(keys),
        None if view is None else _select_of(view, list(columns)),
        tuple(_foreign(connection, name)),
        strict=strict,
    )


def _foreign(connection: sqlite3.Connection, table: str) -> Iterator[ForeignKeyFact]:
    parts: dict[int, list[tuple[str, str, str | None]]] = {}
    for number, _, other, column, reference, *_ in connection.execute(
        "SELECT * FROM pragma_foreign_key_list(?) ORDER BY id, seq", (table,)
    ):
        parts.setdefault(number, []).append((other, column, reference))
    for found in parts.values():
        references = tuple(reference for _, _, reference in found if reference is not None)
        if len(references) == len(found):
            yield ForeignKeyFact(tuple(column for _, column, _ in found), found[0][0], references)


def _unique(connection: sqlite3.Connection, table: str) -> Iterator[frozenset[str]]:
    for _, index, unique, _, partial in connection.execute("SELECT * FROM pragma_index_list(?)", (table,)).fetchall():
        if not unique or partial:
            continue
        names = [row[2] for row in connection.execute("SELECT * FROM pragma_index_info(?)", (index,))]
        if None not in names:
            yield frozenset(names)


def _select_of(sql: str, columns: list[str]) -> str:
    """The SELECT of a view; a list of names behind the view's is put around it, as the catalogue of columns says."""
    body = _VIEW.sub("", sql, count=1).strip().rstrip(";")
    if _NAMES.search(sql[: len(sql) - len(body)]) is None:
        return body
    names = ", ".join(columns)
    return f"WITH named ({names}) AS ({body}) SELECT {names} FROM named"  # noqa: S608 - the schema's own words
