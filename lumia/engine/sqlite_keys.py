"""Finds the name of the unique constraint that SQLite reports by its columns only; asked on the error path alone."""

from __future__ import annotations

import re
import sqlite3
from typing import Final

__all__ = ["UniqueKeys"]

_KEY: Final = re.compile(
    r"CONSTRAINT\s+[\"`\[]?(?P<name>\w+)[\"`\]]?\s+(?:UNIQUE|PRIMARY\s+KEY)\s*\((?P<columns>[^)]*)\)", re.IGNORECASE
)
_INLINE_KEY: Final = re.compile(
    r"(?:\(|,)\s*(?P<column>\w+)\s+\w+[^,]*?\bCONSTRAINT\s+[\"`\[]?(?P<name>\w+)[\"`\]]?\s+(?:UNIQUE|PRIMARY\s+KEY)\b(?!\s*\()",
    re.IGNORECASE,
)
_COMMENT: Final = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)


class UniqueKeys:
    """The unique keys of a schema by `table.a, table.b`, read once when the first such error needs a name."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self._names: dict[str, str | None] | None = None

    def forget(self) -> None:
        """Read the schema anew at the next question; it was migrated."""
        self._names = None

    def name_of(self, connection: sqlite3.Connection, columns: str) -> str | None:
        """The one constraint or index on exactly these columns, None where several or none has them.

        Args:
            connection: reads the schema; never raises for it.
            columns: as SQLite reports them, `orders.import_id, orders.external_reference`.
        """
        names = self._names
        if names is None:
            try:
                names = _read(connection)
            except sqlite3.Error:
                return None
            self._names = names
        return names.get(columns)


def _read(connection: sqlite3.Connection) -> dict[str, str | None]:
    names: dict[str, str | None] = {}

    def add(table: str, columns: list[str], name: str) -> None:
        key = ", ".join(f"{table}.{column}" for column in columns)
        names[key] = name if key not in names or names[key] == name else None

    tables = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND sql IS NOT NULL")
    for table, sql in tables.fetchall():
        text = _COMMENT.sub(" ", sql)
        for found in _KEY.finditer(text):
            add(table, [column.split()[0].strip(' "`[]') for column in found["columns"].split(",")], found["name"])
        for found in _INLINE_KEY.finditer(text):
            add(table, [found["column"]], found["name"])
        indexes = connection.execute(
            "SELECT name FROM pragma_index_list(?1) WHERE \"unique\" AND origin = 'c'", (table,)
        )
        for (index,) in indexes.fetchall():
            columns = connection.execute("SELECT name FROM pragma_index_info(?1) ORDER BY seqno", (index,)).fetchall()
            if all(column is not None for (column,) in columns):
                add(table, [column for (column,) in columns], index)
    return names
