"""The bookshop of the case files as facts, for proofs that need no engine."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from lumia.typedsql.annotations import Param
from lumia.typedsql.check.facts_sqlite import read_facts
from lumia.typedsql.logical import LogicalType
from lumia.typedsql.prove.facts import SchemaFacts

__all__ = ["PARAMS", "SCHEMA", "bookshop"]

SCHEMA = Path(__file__).parents[1] / "unit" / "typedsql" / "cases" / "schema.sqlite.sql"
PARAMS = (
    Param("p", LogicalType("int")),
    Param("q", LogicalType("int", optional=True)),
    Param("ids", LogicalType("int", array=True)),
    Param("gaps", LogicalType("int", array=True, null_elements=True)),
)


@lru_cache(maxsize=2)
def bookshop(engine: str) -> SchemaFacts:
    """The facts of the bookshop as if they were that engine's; shelves stay small."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(SCHEMA.read_text(encoding="utf-8"))
        return replace(read_facts(connection, frozenset({"shelves"})), engine=engine)
