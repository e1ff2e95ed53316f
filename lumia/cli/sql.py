"""The commands for query files: prove them on both live engines, list them."""

from __future__ import annotations

import importlib
import os
import sys
import tempfile
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Annotated

import typer

import lumia.dto
import lumia.types
from lumia.cli.options import Json
from lumia.cli.output import print_json, print_table, printer
from lumia.engine import Engine, SqliteEngine, SqliteUrl, StrictClock, open_engine
from lumia.engine.private_server import PrivateServer
from lumia.errors import ConfigurationError, FileRefused
from lumia.migrations import load_migrations, migrate
from lumia.shop import QUERIES
from lumia.typedsql import SQLITE, Query, TypeRegistry, load_queries
from lumia.typedsql.check import CheckReport, check_queries

__all__ = ["commands"]

commands = typer.Typer(help="Prove and list query files, Lumia's own or yours.", no_args_is_help=True)

Folder = Annotated[
    Path | None,
    typer.Option("--queries", metavar="DIR", help="A folder of .sql files; without it, Lumia's own."),
]
Dto = Annotated[
    str | None,
    typer.Option("--dto", metavar="MODULE", help="The module with the DTOs that the folder's files name."),
]


@commands.command()
def check(
    queries: Folder = None,
    dto: Dto = None,
    postgresql: Annotated[
        str | None,
        typer.Option(
            "--postgresql",
            metavar="DSN",
            help="A migrated PostgreSQL database to prepare on; without it a private server is started and removed.",
        ),
    ] = None,
    as_json: Json = False,
) -> int:
    """Prepare every query on both live engines and compare it with its annotations and DTO; nothing is executed."""
    folder, registry = _sources(queries, dto)
    with _sqlite_database() as sqlite, _postgresql_database(postgresql) as dsn:
        report = check_queries(folder, registry, postgresql_dsn=dsn, sqlite=lambda: sqlite.connect(create=False))
    if as_json:
        print_json(
            {
                "findings": report.findings,
                "queries": report.queries,
                "portable": report.portable,
                "overrides": report.overrides,
                "single": report.single,
                "engines": report.engines,
            }
        )
    else:
        _tell(report, folder)
    return 0 if report.ok else 1


@commands.command("list")
def list_queries(queries: Folder = None, dto: Dto = None, as_json: Json = False) -> None:
    """List every query with its parameters and its result."""
    folder, registry = _sources(queries, dto)
    found = load_queries(folder, SQLITE, registry)
    if as_json:
        print_json(
            [
                {
                    "name": query.full_name,
                    "parameters": {param.name: str(param.type) for param in query.params},
                    "operation": query.operation,
                    "returns": str(query.returns),
                    "portable": query.portable,
                    "doc": query.doc,
                }
                for query in found.values()
            ]
        )
        return
    rows = [
        (
            query.full_name,
            ", ".join(param.name for param in query.params),
            _result(query),
            "" if query.portable else "differs",
        )
        for query in found.values()
    ]
    print_table(("query", "parameters", "gives", "engines"), rows)
    portable = sum(query.portable for query in found.values())
    printer().print(f"\n{len(found)} queries, {portable} of them one text for both engines")


def _result(query: Query) -> str:
    if query.operation.endswith("!"):
        return "a row count" if query.returns.value else "nothing"
    return f"{query.returns}{ {'^': ' or None', '': ', many'}.get(query.operation, '') }"


def _tell(report: CheckReport, folder: Path) -> None:
    for finding in report.findings:
        sys.stdout.write(f"{finding}{f' [{finding.engine}]' if finding.engine else ''}\n")
    figures = f"{report.queries} queries, {report.portable} portable ({report.portable_share:.1%})"
    kinds = f"{report.overrides} in pairs of overrides, {report.single} on one engine only"
    engines = " and ".join(report.engines) or "no engine"
    verdict = "no findings" if report.ok else f"{len(report.findings)} findings"
    sys.stdout.write(f"{folder}: {figures}, {kinds}; proven on {engines}: {verdict}\n")


def _sources(folder: Path | None, module: str | None) -> tuple[Path, TypeRegistry]:
    if folder is None and module is None:
        return QUERIES, TypeRegistry.of(lumia.dto, lumia.types)
    if folder is None or module is None:
        message = "--queries and --dto belong together: a folder of .sql files and the module with its DTOs"
        raise ConfigurationError(message)
    if not folder.is_dir():
        message = f"{folder} is not a folder of .sql files"
        raise FileRefused(message)
    # A user's module lies where they call from, as with `python -m`.
    if os.getcwd() not in sys.path:  # noqa: PTH109 - sys.path holds strings
        sys.path.insert(0, os.getcwd())  # noqa: PTH109 - as above
    try:
        return folder, TypeRegistry.of(importlib.import_module(module))
    except ModuleNotFoundError as error:
        message = f"--dto {module}: there is no module {error.name}; name it as in an import statement"
        raise ConfigurationError(message) from None


def _migrated(engine: Engine) -> None:
    migrate(engine.migrations(), load_migrations(engine.name), clock=StrictClock(), create=True)


@contextmanager
def _sqlite_database() -> Generator[SqliteEngine]:
    with tempfile.TemporaryDirectory(prefix="lumia-check-") as folder:
        engine = SqliteEngine(SqliteUrl(str(Path(folder) / "shop.db")))
        with closing(engine):
            _migrated(engine)
            yield engine


@contextmanager
def _postgresql_database(dsn: str | None) -> Generator[str]:
    if dsn is not None:
        yield dsn
        return
    with PrivateServer() as server:
        with closing(open_engine(server.url())) as engine:
            _migrated(engine)
        yield server.url()
