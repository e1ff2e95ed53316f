"""What the `sql` commands work on: a folder with its DTOs, and databases of both engines to prove it on."""

from __future__ import annotations

import importlib
import os
import sys
import tempfile
from collections.abc import Generator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Annotated

import typer

import lumia.dto
import lumia.types
from lumia.engine import Engine, SqliteEngine, SqliteUrl, StrictClock, open_engine, parse_url
from lumia.engine.private_server import PrivateServer
from lumia.errors import ConfigurationError, FileRefused
from lumia.migrations import check as check_schema
from lumia.migrations import load_migrations, migrate, schema_digest
from lumia.migrations.files import ENGINES
from lumia.shop import QUERIES
from lumia.typedsql import TypeRegistry

__all__ = ["Dtos", "Folder", "Grounds", "Sources", "Urls", "grounds", "sources"]

Folder = Annotated[
    Path | None,
    typer.Option("--queries", metavar="DIR", help="A folder of .sql files; without it, Lumia's own."),
]
"""Which query files."""

Dtos = Annotated[
    list[str] | None,
    typer.Option("--dto", metavar="MODULE", help="A module with DTOs that the folder's files name; may be repeated."),
]
"""Where the types lie that the query files name."""

Urls = Annotated[
    list[str] | None,
    typer.Option(
        "--url",
        envvar="LUMIA_URL",
        metavar="URL",
        help="A migrated database to work on, of either engine or one of each; for an engine without one, "
        "a private database is made and removed.",
    ),
]
"""Databases to prove on."""


@dataclass(frozen=True, slots=True)
class Sources:
    """A folder of query files and what they may name; of Lumia's own, the code that calls them too."""

    folder: Path
    registry: TypeRegistry
    migrations: Path | None
    code: Path | None

    def schema(self) -> dict[str, str]:
        """Each engine's digest of the schema that the queries are for."""
        return {name: schema_digest(load_migrations(name, own=self.migrations)) for name in ENGINES}


def sources(folder: Path | None, dtos: Sequence[str] | None, migrations: Path | None = None) -> Sources:
    """Find the folder and import the modules with its DTOs.

    Raises:
        ConfigurationError: only one of both is given, or a module does not exist.
        FileRefused: the folder does not exist.
        TypedSqlError: two classes have one name.
    """
    lumias = TypeRegistry.of(lumia.dto, lumia.types)
    if folder is None and not dtos:
        return Sources(QUERIES, lumias, migrations, code=QUERIES.parent)
    if folder is None or not dtos:
        message = "--queries and --dto belong together: a folder of .sql files and the module with its DTOs"
        raise ConfigurationError(message)
    if not folder.is_dir():
        message = f"{folder} is not a folder of .sql files"
        raise FileRefused(message)
    modules = [_module(name) for name in dtos]
    return Sources(folder, TypeRegistry.of(*modules).beside(lumias), migrations, code=None)


def _module(name: str) -> ModuleType:
    # A user's module lies where they call from, as with `python -m`.
    if os.getcwd() not in sys.path:  # noqa: PTH109 - sys.path holds strings
        sys.path.insert(0, os.getcwd())  # noqa: PTH109 - as above
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        message = f"--dto {name}: there is no module {error.name}; name it as in an import statement"
    except (ValueError, TypeError):
        message = f"--dto {name}: name a module as in an import statement, such as my_app.dtos"
    except Exception as error:  # noqa: BLE001 - a user's module may raise anything while it is imported
        message = f"--dto {name}: the module cannot be imported ({type(error).__name__}: {error}); mend it first"
    raise ConfigurationError(message)


@dataclass(frozen=True, slots=True)
class Grounds:
    """A migrated database of each engine; `lent` names those that somebody lent us, where nothing may be written."""

    sqlite: SqliteEngine
    postgresql: Engine
    dsn: str
    sqlite_url: str
    lent: frozenset[str]

    def engines(self) -> tuple[Engine, Engine]:
        """Both engines, by name."""
        return self.postgresql, self.sqlite


@contextmanager
def grounds(urls: Sequence[str] | None, migrations: Path | None) -> Generator[Grounds]:
    """Lend a migrated database of each engine: the caller's where a URL names one, else a private one.

    Raises:
        InvalidUrl, ConfigurationError: a URL cannot be read, or two name one engine.
        LumiaError: as `connect` does for a database that cannot be opened or is not of this schema.
    """
    given: dict[str, str] = {}
    for url in urls or ():
        if not url:
            continue
        name = "sqlite" if isinstance(parse_url(url), SqliteUrl) else "postgresql"
        if name in given:
            message = f"--url names two databases of {name}: give one of each engine at most"
            raise ConfigurationError(message)
        given[name] = url
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="lumia-check-"))
        lite = given.get("sqlite") or f"sqlite:///{Path(folder) / 'shop.db'}"
        sqlite = stack.enter_context(_lent(lite, migrations) if "sqlite" in given else _fresh(lite, migrations))
        dsn = given.get("postgresql") or stack.enter_context(PrivateServer()).url()
        server = stack.enter_context(_lent(dsn, migrations) if "postgresql" in given else _fresh(dsn, migrations))
        assert isinstance(sqlite, SqliteEngine)  # noqa: S101 - for the type checker: its URL says so
        yield Grounds(sqlite, server, dsn, lite, frozenset(given))


@contextmanager
def _fresh(url: str, migrations: Path | None) -> Generator[Engine]:
    with closing(open_engine(url)) as engine:
        steps = load_migrations(engine.name, own=migrations)
        migrate(engine.migrations(), steps, clock=StrictClock(), create=True)
        yield engine


@contextmanager
def _lent(url: str, migrations: Path | None) -> Generator[Engine]:
    with closing(open_engine(url)) as engine:
        check_schema(engine.migrations(), load_migrations(engine.name, own=migrations), full=False)
        yield engine
