"""Labels are the same three times: the Python enum, PostgreSQL's enum type, SQLite's CHECK (… IN (…)) list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import cast

from lumia.typedsql.columns import expected_columns
from lumia.typedsql.dialect_postgresql import enum_type_name
from lumia.typedsql.findings import Finding
from lumia.typedsql.prove.facts import SchemaFacts
from lumia.typedsql.statement import SourceQuery

__all__ = ["enum_findings"]

CheckLists = Mapping[tuple[str, str], frozenset[str]]


def enum_findings(query: SourceQuery, postgresql: SchemaFacts | None, sqlite: CheckLists | None) -> Iterator[Finding]:
    """Yield every label that one of the three sides lacks; a side that is not checked is None."""
    used: dict[type, int] = {}
    for column in expected_columns(query):
        if column.type.kind == "enum":
            used.setdefault(column.type.python_class, query.returns.line)
    for param in query.params:
        if param.type.kind == "enum":
            used.setdefault(param.type.python_class, param.line)
    for enum, line in used.items():
        python = frozenset(label.value for label in cast("type[StrEnum]", enum))
        name = enum_type_name(enum)
        labels = python if postgresql is None else frozenset(postgresql.enums.get(name, python))
        for words in _differences(enum.__name__, python, f"the enum type {name}", labels):
            yield Finding(query.path, line, query.full_name, words, "postgresql")
        for place, allowed in _lists(query, enum, postgresql, sqlite):
            if allowed is None:
                words = f"{place} holds {enum.__name__}, but SQLite takes any text there: add CHECK ({place} IN (…))"
                yield Finding(query.path, line, query.full_name, words, "sqlite")
                continue
            for words in _differences(enum.__name__, python, f"the CHECK list of {place}", allowed):
                yield Finding(query.path, line, query.full_name, words, "sqlite")


def _lists(
    query: SourceQuery, enum: type, postgresql: SchemaFacts | None, sqlite: CheckLists | None
) -> Iterator[tuple[str, frozenset[str] | None]]:
    """The lists of the columns that hold this enum in the tables that the query names.

    PostgreSQL knows which columns those are; without it, they are the columns that are named like the results.
    """
    if sqlite is None:
        return
    if postgresql is None:
        names = {column.name for column in expected_columns(query) if column.type.target is enum}
        for (table, column), allowed in sorted(sqlite.items()):
            if table.upper() in query.words and column in names:
                yield f"{table}.{column}", allowed
        return
    for fact in postgresql.tables.values():
        if fact.view is None and fact.name.upper() in query.words:
            for held in fact.columns.values():
                if held.type == enum_type_name(enum) and held.name.upper() in query.words:
                    yield f"{fact.name}.{held.name}", sqlite.get((fact.name, held.name))


def _differences(enum: str, python: frozenset[str], place: str, labels: frozenset[str]) -> Iterator[str]:
    for label in sorted(python - labels):
        yield f"{place} lacks {label}, which {enum} has: add it in a migration, or take it off {enum}"
    for label in sorted(labels - python):
        yield f"{enum} lacks {label}, which {place} has: add it to {enum}, or take it away in a migration"
