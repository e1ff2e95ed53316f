"""Which tables stay small: `-- @small table: why`, above the first query of any file, for the whole folder."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from lumia.typedsql.findings import Finding
from lumia.typedsql.prove.facts import SchemaFacts
from lumia.typedsql.source import SourceFile

__all__ = ["SmallTable", "small_tables", "unknown_small_tables"]

_TAG: Final = re.compile(r"--\s*@")
_SMALL: Final = re.compile(r"-- @small (?P<table>[a-z][a-z0-9_]*): \S.*")


@dataclass(frozen=True, slots=True)
class SmallTable:
    """A table that may be read whole, and where that is said."""

    name: str
    path: str
    line: int


def small_tables(files: Iterable[SourceFile]) -> tuple[list[SmallTable], list[Finding]]:
    """Read what the files say above their first query, and what cannot be read there."""
    found: list[SmallTable] = []
    wrong: list[Finding] = []
    for file in files:
        for number, line in _preamble(file):
            match = _SMALL.fullmatch(line.rstrip())
            if match is not None:
                found.append(SmallTable(match["table"], file.path, number))
            elif _TAG.match(line):
                message = "the only annotation above the first query is @small: write `-- @small table: why`"
                wrong.append(Finding(file.path, number, "", message))
    return found, wrong


def _preamble(file: SourceFile) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(file.text.split("\n"), 1):
        if line.startswith("-- name:"):
            return
        yield number, line


def unknown_small_tables(tables: Iterable[SmallTable], facts: Iterable[SchemaFacts]) -> Iterator[Finding]:
    """Yield the tables that an engine does not have."""
    schemas = list(facts)
    for table in tables:
        for schema in schemas:
            fact = schema.tables.get(table.name)
            if fact is None or fact.view is not None:
                message = f"@small {table.name}: there is no such table, correct the name or take the line away"
                yield Finding(table.path, table.line, "", message, schema.engine)
                break
