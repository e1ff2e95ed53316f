"""Fresh databases for tests, cheaply: each engine is migrated once per run and copied from then on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from lumia.engine import StrictClock, open_engine
from lumia.migrations import load_migrations, migrate
from tests.support.pgserver import PgServer

__all__ = ["ENGINES", "Databases"]

ENGINES = ("sqlite", "postgresql")


def _migrated(url: str) -> None:
    engine = open_engine(url)
    try:
        migrate(engine.migrations(), load_migrations(engine.name), clock=StrictClock(), create=True)
    finally:
        engine.close()


class Databases:
    """Makes databases on either engine; the PostgreSQL server is asked for when it is first needed."""

    def __init__(self, folder: Path, server: Callable[[], PgServer]) -> None:
        """Keep SQLite's template in `folder`."""
        self._folder = folder
        self._server = server
        self._sqlite: bytes | None = None
        self._postgresql: str | None = None

    @contextmanager
    def empty(self, engine: str, folder: Path) -> Iterator[str]:
        """The URL of a database without a Lumia schema: on SQLite a file that does not exist."""
        if engine == "sqlite":
            yield f"sqlite:///{folder / 'shop.db'}"
            return
        with self._database(None) as url:
            yield url

    @contextmanager
    def migrated(self, engine: str, folder: Path) -> Iterator[str]:
        """The URL of a fresh database of the newest schema, with nothing in it."""
        if engine == "sqlite":
            path = folder / "shop.db"
            path.write_bytes(self._sqlite_template())
            yield f"sqlite:///{path}"
            return
        with self._database(self._postgresql_template()) as url:
            yield url

    @contextmanager
    def _database(self, template: str | None) -> Iterator[str]:
        server = self._server()
        name = server.create_database(template)
        try:
            yield server.url(name)
        finally:
            server.drop_soon(name)

    def _sqlite_template(self) -> bytes:
        if self._sqlite is None:
            path = self._folder / "template.db"
            _migrated(f"sqlite:///{path}")
            # Closed by now, and its log folded into it: nobody's locks are lost by reading it as a file.
            self._sqlite = path.read_bytes()
        return self._sqlite

    def _postgresql_template(self) -> str:
        if self._postgresql is None:
            server = self._server()
            name = server.create_database()
            _migrated(server.url(name))
            self._postgresql = name
        return self._postgresql
