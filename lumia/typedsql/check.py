"""Proves a folder of queries: every one is prepared on the live engines and compared with its annotations and DTO."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Protocol

from lumia.errors import FileRefused, QueryFileError
from lumia.typedsql.check_postgresql import PostgresqlProver
from lumia.typedsql.check_sqlite import SqliteProver
from lumia.typedsql.check_style import style_findings
from lumia.typedsql.findings import CheckReport, Finding
from lumia.typedsql.overlay import check_overlay, check_place
from lumia.typedsql.registry import TypeRegistry
from lumia.typedsql.source import SourceFile, read_source
from lumia.typedsql.statement import SourceQuery

__all__ = ["CheckReport", "Finding", "check_queries"]


class Prover(Protocol):
    """One live engine that says what it makes of a query without running it."""

    name: str

    def prove(self, query: SourceQuery) -> Iterator[Finding]:
        """Prepare the query and yield what does not fit."""
        ...


def check_queries(
    folder: Path,
    registry: TypeRegistry,
    *,
    postgresql_dsn: str | None,
    sqlite: Callable[[], sqlite3.Connection] | None,
) -> CheckReport:
    """Check every query of a folder against both live engines, of which nothing is executed.

    Args:
        folder: the folder with the `.sql` files.
        registry: the DTOs and enums that the files name.
        postgresql_dsn: a migrated database, as a URL or key=value string; None leaves PostgreSQL out.
        sqlite: opens a connection to a migrated database; None leaves SQLite out.

    Returns:
        The findings, sorted by file and line, and the folder's figures. While a file cannot be read, only that is
        reported: what the engines would say of the rest is of no use yet.

    Raises:
        FileRefused: the folder does not exist.
        psycopg.Error, sqlite3.Error: an engine cannot be reached.
    """
    files, broken = _read(folder, registry)
    if broken:
        return _report(files, broken, ())
    with ExitStack() as stack:
        provers: list[Prover] = []
        if postgresql_dsn is not None:
            provers.append(stack.enter_context(closing(PostgresqlProver(postgresql_dsn))))
        if sqlite is not None:
            provers.append(stack.enter_context(closing(SqliteProver(sqlite()))))
        findings = [finding for file in files for query in file.queries for finding in _prove(query, provers)]
    return _report(files, findings, tuple(prover.name for prover in provers))


def _read(folder: Path, registry: TypeRegistry) -> tuple[list[SourceFile], list[Finding]]:
    if not folder.is_dir():
        message = f"{folder} is not a folder of .sql files"
        raise FileRefused(message)
    files: list[SourceFile] = []
    broken: list[Finding] = []
    for path in sorted(folder.glob("**/*.sql")):
        try:
            check_place(path, folder)
            files.append(read_source(path, registry))
        except QueryFileError as error:
            broken.append(_finding(error))
    if not broken:
        try:
            check_overlay(files)
        except QueryFileError as error:
            broken.append(_finding(error))
    return files, broken


def _finding(error: QueryFileError) -> Finding:
    return Finding(error.path, error.line, "", str(error).removeprefix(f"{error.path}:{error.line}: "))


def _prove(query: SourceQuery, provers: Sequence[Prover]) -> Iterator[Finding]:
    yield from style_findings(query)
    for prover in provers:
        if query.engine in {None, prover.name}:
            yield from prover.prove(query)


def _report(files: Sequence[SourceFile], findings: Sequence[Finding], engines: tuple[str, ...]) -> CheckReport:
    queries = [query for file in files for query in file.queries]
    portable = {query.full_name for query in queries if query.engine is None}
    single = {query.full_name for query in queries if query.header.only is not None}
    names = {query.full_name for query in queries}
    return CheckReport(
        findings=tuple(sorted(findings)),
        queries=len(names),
        portable=len(portable),
        overrides=len(names - portable - single),
        single=len(single),
        engines=engines,
    )
