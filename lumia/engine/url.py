"""Database URLs: which engine, which file or server; nothing is opened here."""

from __future__ import annotations

from dataclasses import dataclass, field

from lumia.errors import InvalidUrl

__all__ = ["DatabaseUrl", "PostgresqlUrl", "SqliteUrl", "parse_url"]

_KNOWN = "use sqlite:///shop.db, sqlite:////absolute/shop.db, sqlite:///:memory: or postgresql://user@host/database"


@dataclass(frozen=True, slots=True)
class SqliteUrl:
    """A SQLite file; `path` None is a database in memory."""

    path: str | None

    def __str__(self) -> str:
        """The URL, which holds no secret."""
        return f"sqlite:///{self.path or ':memory:'}"


@dataclass(frozen=True, slots=True)
class PostgresqlUrl:
    """A PostgreSQL server; the connection string may hold a password and is never shown."""

    conninfo: str = field(repr=False)
    host: str
    database: str

    def __str__(self) -> str:
        """Where it leads, without user and password."""
        return f"postgresql://{self.host}/{self.database}"


DatabaseUrl = SqliteUrl | PostgresqlUrl


def parse_url(url: str) -> DatabaseUrl:
    """Read a database URL.

    Args:
        url: `sqlite:///relative`, `sqlite:////absolute`, `sqlite:///:memory:`, `postgresql://...` or `postgres://...`
            with everything that libpq takes.

    Returns:
        The engine's own kind of URL.

    Raises:
        InvalidUrl: the scheme is another one or the rest cannot be read; the message never repeats the URL.
    """
    scheme, separator, rest = url.partition("://")
    if not separator:
        message = f"the database URL has no scheme; {_KNOWN}"
        raise InvalidUrl(message)
    if scheme == "sqlite":
        return _sqlite(rest)
    if scheme in {"postgresql", "postgres"}:
        return _postgresql(url)
    if not scheme.replace("+", "").isalnum():
        scheme = "that scheme"
    message = f"no engine for {scheme}:// URLs; {_KNOWN}"
    raise InvalidUrl(message)


def _sqlite(rest: str) -> SqliteUrl:
    if not rest.startswith("/"):
        message = "a SQLite URL has three slashes before a relative path and four before an absolute one"
        raise InvalidUrl(message)
    path = rest[1:]
    if not path or "\x00" in path:
        message = "the SQLite URL names no file; write sqlite:///shop.db or sqlite:///:memory:"
        raise InvalidUrl(message)
    if "?" in path:
        message = "a SQLite URL takes no ?parameters; pass options to connect()"
        raise InvalidUrl(message)
    return SqliteUrl(None if path == ":memory:" else path)


def _postgresql(url: str) -> PostgresqlUrl:
    from psycopg import ProgrammingError  # noqa: PLC0415 - a user of SQLite never loads psycopg
    from psycopg.conninfo import conninfo_to_dict  # noqa: PLC0415 - as above

    # libpq's own words repeat parts of the URL, a password among them: they are not passed on.
    try:
        parts = conninfo_to_dict(url)
    except (ProgrammingError, UnicodeError, ValueError):
        message = (
            "the PostgreSQL URL cannot be read; write postgresql://user:password@host:5432/database, special "
            "characters percent-encoded"
        )
        raise InvalidUrl(message) from None
    host = str(parts.get("host") or parts.get("hostaddr") or "local socket")
    if parts.get("port"):
        host = f"{host}:{parts['port']}"
    return PostgresqlUrl(url, host, str(parts.get("dbname") or parts.get("user") or "default database"))
