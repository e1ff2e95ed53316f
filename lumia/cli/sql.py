"""The commands that prove query files on both live engines, write their contract, and list them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lumia.cli.options import Json, Migrations
from lumia.cli.output import print_json, print_table, printer
from lumia.cli.sql_show import commands
from lumia.cli.sql_sources import Dtos, Folder, Grounds, Sources, Urls, grounds, sources
from lumia.errors import ConfigurationError, FileRefused
from lumia.migrations.files import ENGINES
from lumia.typedsql import SQLITE, Query, load_queries
from lumia.typedsql.contract import CONTRACT, Contract, contract_of, drift, read_contract
from lumia.typedsql.findings import Finding
from lumia.typedsql.overlay import read_folder
from lumia.typedsql.protocols import protocol_files, stale_protocols, write_protocols
from lumia.typedsql.source import SourceFile
from lumia.typedsql.used import unused_queries

if TYPE_CHECKING:
    from lumia.typedsql.check import CheckReport, Fixture

__all__ = ["commands"]


@commands.command()
def check(
    queries: Folder = None,
    dto: Dtos = None,
    migrations: Migrations = None,
    url: Urls = None,
    offline: Annotated[
        bool,
        typer.Option("--offline", help="Compare files and DTOs with the contract and the protocols; ask no engine."),
    ] = False,
    fixture: Annotated[
        list[Path] | None,
        typer.Option(
            "--fixture",
            metavar="FILE",
            help="Rows of your own tables for the probe: a script for both engines, or one each, x.sqlite.sql and "
            "x.postgresql.sql. Lumia's tables are filled anyway.",
        ),
    ] = None,
    used_in: Annotated[
        Path | None,
        typer.Option("--used-in", metavar="DIR", help="The program's folder: queries that it never calls are found."),
    ] = None,
    write: Annotated[
        bool,
        typer.Option("--write", help="When nothing is found, write the contract and the protocols beside the files."),
    ] = False,
    as_json: Json = False,
) -> int:
    """Prove every query on both live engines against its annotations and DTO."""
    if offline and write:
        message = "--offline proves nothing that --write could write: choose one of them"
        raise ConfigurationError(message)
    found = sources(queries, dto, migrations)
    if offline:
        files = read_folder(found.folder, found.registry)
        findings = _drifted(found, files, contract_of(files, schema=found.schema()))
        findings += _unused(files, used_in)
        return _tell_offline(findings, files, found, as_json=as_json)
    # The drivers' checkers and the parser take longer to import than the offline check takes.
    try:
        from lumia.typedsql.check import check_queries  # noqa: PLC0415
    except ModuleNotFoundError as error:
        message = f"the check needs packages that are not installed ({error.name}): pip install 'lumia[check]'"
        raise ConfigurationError(message) from None

    with grounds(url, migrations) as both:
        # A database that somebody lent us is only asked to prepare: no query runs there.
        report = check_queries(
            found.folder,
            found.registry,
            postgresql_dsn=both.dsn,
            sqlite=lambda: both.sqlite.connect(create=False),
            fixtures=None if both.lent else _fixtures(both, fixture),
            probe=not both.lent,
        )
    findings = list(report.findings)
    if report.ok:
        files = read_folder(found.folder, found.registry)
        findings += _unused(files, used_in or found.code)
        contract = contract_of(files, schema=found.schema(), described=report.described)
        if write and not findings:
            _write(found, files, contract)
        elif not write and (found.code is not None or (found.folder / CONTRACT).exists()):
            findings += _drifted(found, files, contract)
    _tell(report, findings, found, as_json=as_json)
    return 1 if findings else 0


@commands.command()
def protocols(
    queries: Folder = None,
    dto: Dtos = None,
    as_json: Json = False,
    only_check: Annotated[
        bool, typer.Option("--check", help="Write nothing; fail when the protocols are not as the contract has them.")
    ] = False,
) -> int:
    """Write the typed protocols from the contract, or tell whether they are stale."""
    found = sources(queries, dto)
    contract = read_contract(found.folder / CONTRACT)
    if contract is None:
        message = f"{found.folder} has no {CONTRACT} yet: lumia sql check --write makes it"
        raise ConfigurationError(message)
    wanted = protocol_files(contract, read_folder(found.folder, found.registry))
    stale = stale_protocols(found.folder, wanted)
    if not only_check and stale:
        write_protocols(found.folder, wanted)
    if as_json:
        print_json({"files": len(wanted), "stale": [finding.path for finding in stale], "written": not only_check})
    else:
        for finding in stale:
            sys.stdout.write(f"{finding.path}: written\n" if not only_check else f"{finding}\n")
        if not stale:
            sys.stdout.write(f"{len(wanted)} files are fresh\n")
    return 1 if only_check and stale else 0


@commands.command("list")
def list_queries(queries: Folder = None, dto: Dtos = None, url: Urls = None, as_json: Json = False) -> None:  # noqa: ARG001 - every command takes --url
    """List every query with its parameters and its result; needs no database."""
    found = sources(queries, dto)
    loaded = load_queries(found.folder, SQLITE, found.registry)
    if as_json:
        print_json(
            [
                {
                    "name": query.full_name,
                    "parameters": {param.name: str(param.type) for param in query.params},
                    "optional": query.optional,
                    "orders": query.orders,
                    "operation": query.operation,
                    "returns": str(query.returns),
                    "portable": query.portable,
                    "doc": query.doc,
                }
                for query in loaded.values()
            ]
        )
        return
    rows = [
        (query.full_name, _parameters(query), _result(query), "" if query.portable else "differs")
        for query in loaded.values()
    ]
    print_table(("query", "parameters", "gives", "engines"), rows)
    portable = sum(query.portable for query in loaded.values())
    printer().print(f"\n{len(loaded)} queries, {portable} of them one text for both engines")


def _parameters(query: Query) -> str:
    names = [f"[{param.name}]" if param.name in query.optional else param.name for param in query.params]
    return ", ".join([*names, *(["[order]"] if query.orders else [])])


def _result(query: Query) -> str:
    if query.operation.endswith("!"):
        return "a row count" if query.returns.value else "nothing"
    return f"{query.returns}{ {'^': ' or None', '': ', many'}.get(query.operation, '') }"


def _drifted(found: Sources, files: Sequence[SourceFile], now: Contract) -> list[Finding]:
    findings = list(drift(read_contract(found.folder / CONTRACT), now, found.folder, files))
    return sorted(findings) or stale_protocols(found.folder, protocol_files(now, files))


def _fixtures(both: Grounds, scripts: Sequence[Path] | None) -> dict[str, Fixture]:
    """Fill private databases with awkward rows of a shop, and say what comes on top of them."""
    from lumia.cli.hostile import fill_hostile  # noqa: PLC0415 - as above

    fixtures: dict[str, Fixture] = {}
    for engine, url in (("postgresql", both.dsn), ("sqlite", both.sqlite_url)):
        fill_hostile(url)
        suited = [path for path in scripts or () if _engine_of(path) in {None, engine}]
        if len(suited) > 1:
            message = f"--fixture names two scripts for {engine}: give one for both engines, or one each"
            raise ConfigurationError(message)
        for path in suited:
            if not path.is_file():
                message = f"{path} is no file"
                raise FileRefused(message)
        fixtures[engine] = suited[0] if suited else lambda: None
    return fixtures


def _engine_of(path: Path) -> str | None:
    engine = path.name.removesuffix(".sql").rpartition(".")[2]
    return engine if engine in ENGINES else None


def _unused(files: Sequence[SourceFile], code: Path | None) -> list[Finding]:
    if code is None:
        return []
    if not code.is_dir():
        message = f"--used-in {code}: there is no such folder"
        raise FileRefused(message)
    return list(unused_queries(files, code))


def _write(found: Sources, files: Sequence[SourceFile], contract: Contract) -> None:
    (found.folder / CONTRACT).write_text(contract.text(), encoding="utf-8")
    write_protocols(found.folder, protocol_files(contract, files))


def _lines(findings: Sequence[Finding]) -> None:
    for finding in findings:
        sys.stdout.write(f"{finding}{f' [{finding.engine}]' if finding.engine else ''}\n")


def _tell_offline(findings: Sequence[Finding], files: Sequence[SourceFile], found: Sources, *, as_json: bool) -> int:
    count = len({query.full_name for file in files for query in file.queries})
    if as_json:
        print_json({"findings": findings, "queries": count})
    else:
        _lines(findings)
        verdict = f"{len(findings)} findings" if findings else "as proven"
        sys.stdout.write(f"{found.folder}: {count} queries compared with the contract, no engine asked: {verdict}\n")
    return 1 if findings else 0


def _tell(report: CheckReport, findings: Sequence[Finding], found: Sources, *, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "findings": findings,
                "queries": report.queries,
                "portable": report.portable,
                "overrides": report.overrides,
                "single": report.single,
                "engines": report.engines,
                "variants": report.variants,
                "claims": report.claims,
                "asserted": report.asserted,
                "refuted": report.refuted,
                "seconds": report.seconds,
            }
        )
        return
    _lines(findings)
    figures = f"{report.queries} queries, {report.portable} portable ({report.portable_share:.1%})"
    kinds = f"{report.overrides} in pairs of overrides, {report.single} on one engine only"
    engines = " and ".join(report.engines) or "no engine"
    verdict = "no findings" if not findings else f"{len(findings)} findings"
    sys.stdout.write(f"{found.folder}: {figures}, {kinds}; proven on {engines}: {verdict}\n")
