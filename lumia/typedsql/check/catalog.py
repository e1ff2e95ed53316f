"""What the checker asks PostgreSQL's catalogues: names of types, domains of columns, labels of enums."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import psycopg

__all__ = ["Catalog", "ServerType"]


@dataclass(frozen=True, slots=True)
class ServerType:
    """A type of the server, taken apart: base name, whether it is an array, and the domain around it, if any."""

    name: str
    array: bool = False
    domain: str | None = None

    def __str__(self) -> str:
        """Name it as SQL does."""
        name = self.domain or self.name
        return f"{name}[]" if self.array else name


class Catalog:
    """Looks types up, each once."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        """Keep the connection that the statements are prepared on: names mean what its search_path says."""
        self._connection = connection
        self._types: dict[int, ServerType] = {}
        self._domains: dict[tuple[int, int], str | None] = {}
        self._labels: dict[str, frozenset[str] | None] = {}

    def type_of(self, oid: int) -> ServerType:
        """Take the type apart."""
        if oid not in self._types:
            row = self._row(
                "SELECT typname, typtype, typbasetype, CASE WHEN typcategory = 'A' THEN typelem ELSE 0 END "
                "FROM pg_type WHERE oid = %s",
                oid,
            )
            name, kind, base, element = row or ("unknown", "b", 0, 0)
            if kind == "d":
                inner = self.type_of(base)
                self._types[oid] = ServerType(inner.name, inner.array, name)
            elif element:
                inner = self.type_of(element)
                self._types[oid] = ServerType(inner.name, array=True, domain=inner.domain)
            else:
                self._types[oid] = ServerType(name)
        return self._types[oid]

    def domain_of(self, table: int, column: int) -> str | None:
        """Tell the domain of a table's column: a described result names the base type only."""
        if not table:
            return None
        if (table, column) not in self._domains:
            row = self._row(
                "SELECT t.typname FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid AND t.typtype = 'd' "
                "WHERE a.attrelid = %s AND a.attnum = %s",
                table,
                column,
            )
            self._domains[table, column] = None if row is None else row[0]
        return self._domains[table, column]

    def labels_of(self, enum: str) -> frozenset[str] | None:
        """Tell the labels of an enum type, None if there is no such type."""
        if enum not in self._labels:
            row = self._row(
                "SELECT array_agg(enumlabel::text) FROM pg_enum WHERE enumtypid = to_regtype(%s)::oid", enum
            )
            self._labels[enum] = frozenset(row[0]) if row is not None and row[0] else None
        return self._labels[enum]

    def _row(self, sql: str, *params: Any) -> tuple[Any, ...] | None:
        return self._connection.execute(sql.encode(), params).fetchone()
