"""A tiny schema of its own for tests of the engines: what they promise does not hang on a shop's tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from lumia.engine import Engine, PoolOptions, StrictClock, UnitOfWork, open_engine
from lumia.migrations import Migration, migrate
from lumia.typedsql import SessionSource

__all__ = ["Ground", "notes_ground", "notes_steps"]

_TABLES = """
CREATE TABLE folders (
    folder_id {integer} NOT NULL,
    CONSTRAINT folders_pkey PRIMARY KEY (folder_id)
){strict};
CREATE TABLE notes (
    note_key text NOT NULL,
    size {integer} NOT NULL,
    folder_id {integer},
    CONSTRAINT notes_pkey PRIMARY KEY (note_key),
    CONSTRAINT notes_size_range CHECK (size BETWEEN 1 AND 1000),
    CONSTRAINT notes_folder_id_fkey FOREIGN KEY (folder_id) REFERENCES folders (folder_id)
    DEFERRABLE INITIALLY DEFERRED
){strict};
"""


def notes_steps(engine: str) -> tuple[Migration, ...]:
    """The one step that makes the tables."""
    words = {"integer": "INTEGER", "strict": " STRICT"} if engine == "sqlite" else {"integer": "bigint", "strict": ""}
    return (Migration(version=1, name="notes", filename="0001_notes.sql", checksum="x", sql=_TABLES.format(**words)),)


class Ground:
    """An engine with the two tables, and the statements on them in its own words."""

    def __init__(self, engine: Engine) -> None:
        """Speak to `engine`."""
        self.engine = engine
        self._mark = "?" if engine.name == "sqlite" else "$"

    def sql(self, text: str) -> str:
        """Put the engine's placeholders where `:1`, `:2`, ... stand."""
        return text.replace(":", self._mark)

    def call(self, source: SessionSource, use: Callable[[Any], Any], *, write: bool = True) -> Any:
        """Borrow a session for one statement, as a bound query does."""
        session = source.acquire(write=write)
        try:
            result = use(session)
        except BaseException:
            source.release(session, failed=True)
            raise
        source.release(session, failed=False)
        return result

    def add(self, source: SessionSource, key: str, size: int = 1, folder: int | None = None) -> None:
        """Insert a note: a taken key, a size outside 1 to 1000 and, at COMMIT, a missing folder are refused."""
        values = "CAST(:1 AS text), CAST(:2 AS bigint), CAST(:3 AS bigint)"
        sql = self.sql(f"INSERT INTO notes (note_key, size, folder_id) VALUES ({values})")
        self.call(source, lambda session: session.execute(sql, (key, size, folder)))

    def keys(self, source: SessionSource | None = None) -> list[str]:
        """The keys of all notes, by default as another connection sees them."""
        rows = self.call(
            source or self.engine,
            lambda session: session.fetch_all("SELECT note_key FROM notes ORDER BY note_key", ()),
            write=False,
        )
        return [key for (key,) in rows]

    def unit(self, *, write: bool = True) -> UnitOfWork:
        """A unit of work to enter."""
        return UnitOfWork(self.engine, write=write)


@contextmanager
def notes_ground(url: str, options: PoolOptions | None = None) -> Iterator[Ground]:
    """Open an engine on an empty database and make the tables."""
    engine = open_engine(url, options)
    try:
        migrate(engine.migrations(), notes_steps(engine.name), clock=StrictClock(), create=True)
        yield Ground(engine)
    finally:
        engine.close()
