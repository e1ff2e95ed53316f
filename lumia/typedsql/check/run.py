"""Proves a folder of queries: each statement is prepared on live engines, its text proven, its claims probed."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Protocol

from lumia.errors import FileRefused, QueryFileError
from lumia.typedsql.check.answers import answer_findings
from lumia.typedsql.check.enums import enum_findings
from lumia.typedsql.check.postgresql import PostgresqlProver
from lumia.typedsql.check.probe import probe_queries
from lumia.typedsql.check.probes import Fixture, PostgresqlProbe, Probe, SqliteProbe
from lumia.typedsql.check.scans import scan_findings
from lumia.typedsql.check.shapes import Shape
from lumia.typedsql.check.small import small_tables, unknown_small_tables
from lumia.typedsql.check.sqlite import SqliteProver
from lumia.typedsql.check.style import style_findings
from lumia.typedsql.columns import expected_columns
from lumia.typedsql.findings import CheckReport, Finding
from lumia.typedsql.overlay import check_overlay, check_place
from lumia.typedsql.prove.facts import SchemaFacts
from lumia.typedsql.prove.findings import assertion_findings, text_findings
from lumia.typedsql.registry import TypeRegistry
from lumia.typedsql.source import SourceFile, read_source
from lumia.typedsql.statement import SourceQuery
from lumia.typedsql.variants import Variant, telling_variants, variants_of

__all__ = ["CheckReport", "Finding", "Fixture", "check_queries"]

Work = Sequence[tuple[SourceQuery, Sequence[Variant]]]


class Prover(Protocol):
    """One live engine that says what it makes of a statement without running it."""

    name: str
    facts: SchemaFacts

    def prove(self, query: SourceQuery, variant: Variant) -> Iterator[Finding]:
        """Prepare the statement and yield what does not fit."""
        ...

    def scans(self, variant: Variant) -> frozenset[str]:
        """Name the tables that the statement reads whole."""
        ...


def check_queries(
    folder: Path,
    registry: TypeRegistry,
    *,
    postgresql_dsn: str | None,
    sqlite: Callable[[], sqlite3.Connection] | None,
    small: Iterable[str] = (),
    fixtures: Mapping[str, Fixture] | None = None,
    probe: bool = True,
) -> CheckReport:
    """Check every statement of a folder against both live engines.

    Proving executes nothing. The probe runs each query that gives rows, over empty tables and over the fixture, and
    takes back what it did: on PostgreSQL in a transaction, where temporary tables hide the real ones.

    Args:
        folder: the folder with the `.sql` files.
        registry: the DTOs and enums that the files name.
        postgresql_dsn: a migrated database, as a URL or key=value string; None leaves PostgreSQL out.
        sqlite: opens a connection to a migrated database; None leaves SQLite out.
        small: tables that stay small, beside those that the files name with `-- @small table: why`.
        fixtures: by engine, awkward rows for the probe: a script, which is taken back, or a function that fills the
            database, which stays filled.
        probe: whether queries are run at all.

    Returns:
        The findings, sorted by file and line, and the folder's figures. While a file cannot be read, only that is
        reported: what the engines would say of the rest is of no use yet.

    Raises:
        FileRefused: the folder does not exist, or an engine refuses a script of `fixtures`.
        psycopg.Error, sqlite3.Error: an engine cannot be reached.
    """
    clock = _Clock()
    with clock.part("reading"):
        files, broken = _read(folder, registry)
        tables, misread = small_tables(files)
        if broken:
            return _report(files, broken, (), clock)
        work = [(query, variants_of(query)) for file in files for query in file.queries]
    findings: list[Finding] = list(misread)
    names = frozenset(small) | {table.name for table in tables}
    refuted = 0
    seen: set[str] = set()
    unseen: tuple[str, ...] = ()
    with ExitStack() as stack:
        provers: list[PostgresqlProver | SqliteProver] = []
        probes: list[Probe] = []
        if postgresql_dsn is not None:
            postgresql = stack.enter_context(closing(PostgresqlProver(postgresql_dsn, names)))
            provers.append(postgresql)
            probes.append(PostgresqlProbe(postgresql.connection, postgresql.facts))
        if sqlite is not None:
            lite = stack.enter_context(closing(SqliteProver(sqlite(), names)))
            provers.append(lite)
            probes.append(SqliteProbe(lite.connection, lite.facts))
        findings += unknown_small_tables(tables, [prover.facts for prover in provers])
        findings += _prove_all(work, provers, clock)
        if probe:
            told = [(query, telling_variants(query, variants)) for query, variants in work]
            with clock.part("probe"):
                refuted, seen = _probe_all(told, probes, fixtures or {}, findings)
            with clock.part("answers"):
                findings += _compare(told, probes, fixtures or {}, findings)
            unseen = tuple(sorted({query.full_name for query, _ in work if expected_columns(query)} - seen))
    report = _report(files, findings, tuple(prover.name for prover in provers), clock)
    claims, asserted = _claims(work)
    return replace(
        report,
        variants=sum(len(variants) for _, variants in work),
        claims=claims,
        asserted=asserted,
        refuted=refuted,
        probed=len(seen),
        unseen=unseen,
        described=_described(provers),
    )


def _described(provers: Sequence[PostgresqlProver | SqliteProver]) -> dict[str, dict[str, Shape]]:
    found: dict[str, dict[str, Shape]] = {}
    for prover in provers:
        for name, shape in prover.shapes.items():
            found.setdefault(name, {})[prover.name] = shape
    return found


class _Clock:
    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def part(self, name: str) -> Generator[None]:
        """Add the block's time to a part's."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - start


def _prove_all(work: Work, provers: Sequence[PostgresqlProver | SqliteProver], clock: _Clock) -> Iterator[Finding]:
    postgresql = next((prover.facts for prover in provers if isinstance(prover, PostgresqlProver)), None)
    lists = next((prover.lists for prover in provers if isinstance(prover, SqliteProver)), None)
    refused: set[str] = set()
    for query, variants in work:
        engines = [prover for prover in provers if query.engine in {None, prover.name}]
        with clock.part("text"):
            yield from style_findings(query)
        for prover in engines:
            with clock.part(f"prepare on {prover.name}"):
                found = _once(query, variants, prover.prove)
            if found:
                refused.add(query.full_name)
            yield from found
            if any("refuses the statement" in finding.message for finding in found):
                continue
            with clock.part("text"):
                yield from _once(query, telling_variants(query, variants), partial(_proven_text, facts=prover.facts))
        with clock.part("text"):
            yield from assertion_findings(
                query, telling_variants(query, variants), [prover.facts for prover in engines]
            )
        with clock.part("labels"):
            yield from enum_findings(query, postgresql, lists)
    with clock.part("plans"):
        yield from scan_findings([item for item in work if item[0].full_name not in refused], provers)


def _proven_text(query: SourceQuery, variant: Variant, *, facts: SchemaFacts) -> Iterator[Finding]:
    return text_findings(query, variant, facts)


def _once(
    query: SourceQuery, variants: Sequence[Variant], prove: Callable[[SourceQuery, Variant], Iterable[Finding]]
) -> list[Finding]:
    """What is found in each variant, told once; a variant is named where its query's whole statement lacks it."""
    found: dict[Finding, Finding] = {}
    for number, variant in enumerate(variants):
        for finding in prove(query, variant):
            shown = f"variant {variant.label}: " if number and variant.label else ""
            found.setdefault(finding, replace(finding, message=f"{shown}{finding.message}"))
    return list(found.values())


def _probe_all(
    work: Work, probes: Sequence[Probe], fixtures: Mapping[str, Fixture], findings: list[Finding]
) -> tuple[int, set[str]]:
    refuted: set[tuple[str, str]] = set()
    seen: set[str] = set()
    for probe in probes:
        engine = probe.facts.engine
        suited = [(query, variants) for query, variants in work if query.engine in {None, engine}]
        result = probe_queries(suited, probe, fixtures.get(engine))
        refuted |= result.refuted
        seen |= result.seen
        findings += [
            finding for (_, column), finding in result.findings.items() if not _is_told(finding, column, findings)
        ]
    return len(refuted), seen


def _compare(
    work: Work, probes: Sequence[Probe], fixtures: Mapping[str, Fixture], findings: Sequence[Finding]
) -> Iterator[Finding]:
    """Compare the engines' answers to each query in which nothing else was found: its cause would be told twice."""
    sqlite = next((probe for probe in probes if isinstance(probe, SqliteProbe)), None)
    postgresql = next((probe for probe in probes if isinstance(probe, PostgresqlProbe)), None)
    fixture = fixtures.get("sqlite")
    if sqlite is None or postgresql is None or fixture is None:
        return
    wrong = {finding.query for finding in findings}
    sound = [item for item in work if item[0].full_name not in wrong]
    yield from answer_findings(sound, sqlite, postgresql, fixture)


def _is_told(probed: Finding, column: str, findings: Iterable[Finding]) -> bool:
    """Whether the column was found wrong without running anything: a second sentence about it would be noise."""
    return any(
        finding.query == probed.query
        and finding.engine in {"", probed.engine}
        and (
            (finding.path, finding.line) == (probed.path, probed.line)
            or (" with NULL in it" in probed.message and "element" in finding.message)
            or (" was NULL " in probed.message and _told_nullable(finding, column))
        )
        for finding in findings
    )


def _told_nullable(finding: Finding, column: str) -> bool:
    return "may be NULL" in finding.message and (not column or f"{column} may be NULL" in finding.message)


def _claims(work: Work) -> tuple[int, int]:
    claims = {
        (query.full_name, column.name)
        for query, _ in work
        for column in expected_columns(query)
        if not column.type.optional
    }
    asserted = {(query.full_name, entry.name) for query, _ in work for entry in query.header.asserted}
    return len(claims), len(asserted)


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


def _report(
    files: Sequence[SourceFile], findings: Sequence[Finding], engines: tuple[str, ...], clock: _Clock
) -> CheckReport:
    queries = [query for file in files for query in file.queries]
    portable = {query.full_name for query in queries if query.engine is None}
    single = {query.full_name for query in queries if query.header.only is not None}
    names = {query.full_name for query in queries}
    return CheckReport(
        findings=tuple(sorted(set(findings))),
        queries=len(names),
        portable=len(portable),
        overrides=len(names - portable - single),
        single=len(single),
        engines=engines,
        seconds=clock.seconds,
    )
