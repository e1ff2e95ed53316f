"""The least that an import costs: rows that are ready go into Lumia's own tables, and into a flat one of their columns.

Nothing is read, checked or numbered in Python here: the rows were imported before, the engine alone moves them. What
the guarded tables take longer than the flat one is the price of the schema's guards (CHECKs, keys, indexes, parents);
what an import takes longer than the guarded tables is Lumia's reading.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psycopg

from lumia import connect
from lumia.engine import UnitOfWork
from lumia.engine.load_postgresql import PostgresqlLoader
from lumia.engine.postgresql_session import PostgresqlSession
from lumia.engine.sqlite_session import SqliteSession

__all__ = ["Floor", "postgresql_floor", "sqlite_floor"]

_TABLES: Final = (
    *("imports", "categories", "products", "product_variants", "customers", "addresses", "orders"),
    "order_items",
)
"""What an import writes itself, parents first; triggers write the rest."""

_BLOCK: Final = 1 << 18

_SERVER_COLUMNS: Final = """
SELECT string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position),
    string_agg(quote_ident(column_name) || ' ' || udt_name, ', ' ORDER BY ordinal_position)
FROM information_schema.columns
WHERE table_schema = current_schema() AND table_name = %s AND is_generated = 'NEVER'
"""


@dataclass(frozen=True)
class Floor:
    """Seconds for the order lines in a flat table, and for all rows in Lumia's tables."""

    flat: float
    guarded: float


def _fresh(path: Path) -> Path:
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    return path


def sqlite_floor(ready: Path, folder: Path) -> Floor:
    """Copy a shop's rows from file to file with INSERT ... SELECT; journal and syncing are Lumia's on both sides."""
    flat = sqlite3.connect(_fresh(folder / "floor-flat.db"), isolation_level=None)
    flat.execute("PRAGMA journal_mode = WAL")
    flat.execute("PRAGMA synchronous = FULL")
    flat.execute("ATTACH ? AS ready", (str(ready),))
    began = time.perf_counter()
    flat.execute("CREATE TABLE flat AS SELECT * FROM ready.order_items")
    flat_took = time.perf_counter() - began
    flat.close()
    with connect(f"sqlite:///{_fresh(folder / 'floor-guarded.db')}", create=True) as shop:
        session = shop.engine.acquire(write=True)
        assert isinstance(session, SqliteSession)
        session.execute("ATTACH ?1 AS ready", (str(ready),))
        session.execute("PRAGMA cache_size = -65536", ())
        # The index of an empty table is built behind its rows, and nobody runs INSERT OR REPLACE: as an import has it.
        taken = session.fetch_all(
            "SELECT type, name, sql FROM sqlite_schema WHERE tbl_name = 'order_items' AND sql IS NOT NULL"
            " AND (type = 'index' OR name GLOB '*_replace')",
            (),
        )
        columns = {
            table: ", ".join(
                f'"{row[1]}"' for row in session.fetch_all(f"PRAGMA table_xinfo({table})", ()) if row[6] == 0
            )
            for table in _TABLES
        }
        began = time.perf_counter()
        session.begin(write=True)
        for kind, name, _ in taken:
            session.execute(f"DROP {kind} {name}", ())
        for table, listed in columns.items():
            session.execute(f"INSERT INTO {table} ({listed}) SELECT {listed} FROM ready.{table} ORDER BY 1", ())  # noqa: S608 - names from the catalogue
        for _, _, sql in taken:
            session.execute(sql, ())
        session.commit()
        guarded_took = time.perf_counter() - began
        session.broken = True  # It has a second file attached: the pool must not lend it.
        shop.engine.release(session, failed=False)
    return Floor(flat_took, guarded_took)


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            yield block


def postgresql_floor(url: str, folder: Path) -> Floor:
    """Copy a shop's rows out, then with COPY into a flat table, and through Lumia's loader into a fresh schema."""
    columns: dict[str, str] = {}
    with psycopg.connect(url, autocommit=True) as server:
        for table in _TABLES:
            columns[table], typed = server.execute(_SERVER_COLUMNS, (table,)).fetchone() or ("", "")
            statement = f"COPY (SELECT {columns[table]} FROM {table} ORDER BY 1) TO STDOUT"  # noqa: S608 - as above
            with (folder / table).open("wb") as file, server.cursor().copy(statement.encode()) as rows:
                file.writelines(rows)
        server.execute(f"CREATE TABLE flat ({typed})".encode())
        began = time.perf_counter()
        with server.cursor().copy("COPY flat FROM STDIN") as copy:
            for block in _blocks(folder / "order_items"):
                copy.write(block)
        flat_took = time.perf_counter() - began
        server.execute("SET client_min_messages = error")
        server.execute("DROP SCHEMA public CASCADE")
        server.execute("CREATE SCHEMA public")
    with connect(url, create=True) as shop:
        began = time.perf_counter()
        with UnitOfWork(shop.engine, write=True) as unit:
            session = unit.acquire(write=True)
            assert isinstance(session, PostgresqlSession)
            loader = PostgresqlLoader(session)
            loader.begin("order_items", "orders")
            for table, listed in columns.items():
                session.copy_text(f"COPY {table} ({listed}) FROM STDIN", _blocks(folder / table))
            loader.finish()
            loader.close()
        guarded_took = time.perf_counter() - began
    return Floor(flat_took, guarded_took)
