"""Migration folders for tests of the runner, written file by file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from lumia.engine import Engine, StrictClock, open_engine
from lumia.migrations import Migration, MigrationStatus, baseline, check, load_migrations, migrate, status

__all__ = ["Steps"]

STRICT = {"sqlite": " STRICT", "postgresql": ""}


class Steps:
    """A folder of migrations and a database to run them on."""

    def __init__(self, folder: Path, url: str) -> None:
        """Write into `folder`, which is made if it is missing."""
        folder.mkdir(exist_ok=True)
        self.folder = folder
        self.url = url
        self.engine_name = url.partition(":")[0]

    def write(self, **files: str) -> None:
        """Write files: `_0001_x='...'` becomes `0001_x.sql`, two underscores become the dot before the engine."""
        for name, text in files.items():
            (self.folder / f"{name[1:].replace('__', '.')}.sql").write_text(text)

    def table(self, name: str) -> str:
        """A statement that makes a table of one column on either engine."""
        return f"CREATE TABLE {name} (a bigint, CONSTRAINT {name}_a_key UNIQUE (a));\n".replace(
            "bigint", "INTEGER" if self.engine_name == "sqlite" else "bigint"
        )

    def load(self) -> tuple[Migration, ...]:
        """Read the folder."""
        return load_migrations(self.engine_name, self.folder)

    @contextmanager
    def engine(self) -> Iterator[Engine]:
        """An engine for a moment."""
        engine = open_engine(self.url)
        try:
            yield engine
        finally:
            engine.close()

    def migrate(self, *, create: bool = True, **more: Any) -> list[str]:
        """Run what is pending and give the names of what ran."""
        with self.engine() as engine:
            ran = migrate(engine.migrations(), self.load(), clock=StrictClock(), create=create, **more)
        return [step.name for step in ran]

    def status(self) -> MigrationStatus:
        """What ran and what would."""
        with self.engine() as engine:
            return status(engine.migrations(), self.load())

    def baseline(self, version: int) -> list[str]:
        """Record without running."""
        with self.engine() as engine:
            return [s.name for s in baseline(engine.migrations(), self.load(), version=version, clock=StrictClock())]

    def check(self, *, full: bool = False) -> None:
        """What connect() does."""
        with self.engine() as engine:
            check(engine.migrations(), self.load(), full=full)

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Run a statement on a connection of its own."""
        with self.engine() as engine:
            session = engine.acquire(write=True)
            try:
                if sql.lstrip().upper().startswith("SELECT"):
                    return session.fetch_all(sql, ())
                session.execute(sql, ())
                return []
            finally:
                engine.release(session, failed=False)
