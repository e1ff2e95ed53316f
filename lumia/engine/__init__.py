"""The engines behind one protocol: connections, transactions, session settings, errors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lumia.engine.clock import StrictClock, system_clock
from lumia.engine.options import PoolOptions
from lumia.engine.protocol import Engine, EngineSession
from lumia.engine.retry import RetryPolicy, is_retryable
from lumia.engine.unit import Savepoint, UnitOfWork
from lumia.engine.url import DatabaseUrl, PostgresqlUrl, SqliteUrl, parse_url
from lumia.errors import ConfigurationError

if TYPE_CHECKING:
    from lumia.engine.postgresql import PostgresqlEngine
    from lumia.engine.sqlite import SqliteEngine

__all__ = [
    "DatabaseUrl",
    "Engine",
    "EngineSession",
    "PoolOptions",
    "PostgresqlEngine",
    "PostgresqlUrl",
    "RetryPolicy",
    "Savepoint",
    "SqliteEngine",
    "SqliteUrl",
    "StrictClock",
    "UnitOfWork",
    "is_retryable",
    "open_engine",
    "parse_url",
    "system_clock",
]


def __getattr__(name: str) -> object:
    """Give the engines' classes to whoever names them: each imports its driver, so none is loaded before."""
    if name == "PostgresqlEngine":
        from lumia.engine.postgresql import PostgresqlEngine  # noqa: PLC0415 - brings psycopg

        return PostgresqlEngine
    if name == "SqliteEngine":
        from lumia.engine.sqlite import SqliteEngine  # noqa: PLC0415 - brings sqlite3

        return SqliteEngine
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)


def open_engine(url: str, options: PoolOptions | None = None, *, schema: str | None = None) -> Engine:
    """Prepare the engine that a URL asks for; nothing is connected before the first call that needs it.

    Args:
        url: `sqlite:///...` or `postgresql://...`.
        options: settings of the connections.
        schema: the PostgreSQL schema that holds the shop.

    Raises:
        InvalidUrl: the URL has another scheme or cannot be read.
        ConfigurationError: `schema` cannot be used.
    """
    parsed = parse_url(url)
    if isinstance(parsed, PostgresqlUrl):
        from lumia.engine.postgresql import PostgresqlEngine  # noqa: PLC0415 - a user of SQLite never loads psycopg

        return PostgresqlEngine(parsed, options, schema=schema)
    if schema is not None:
        message = "schemas are PostgreSQL's; on SQLite each shop is a file of its own"
        raise ConfigurationError(message)
    from lumia.engine.sqlite import SqliteEngine  # noqa: PLC0415 - as above, the other way round

    return SqliteEngine(parsed, options)
