"""What typed SQL asks of a connection: run one statement with positional parameters and hand back plain tuples."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol

__all__ = ["Params", "Row", "Session", "SessionSource"]

Row = tuple[Any, ...]
"""One row as the driver gives it, columns in the statement's order."""

Params = Sequence[Any]
"""Encoded parameter values, in the order of the query's parameter list."""


class Session(Protocol):
    """One connection with its transaction state; every method fetches all before it returns, but for `stream`."""

    def fetch_all(self, sql: str, params: Params) -> list[Row]:
        """Run the statement and return all its rows."""
        ...

    def fetch_one(self, sql: str, params: Params) -> Row | None:
        """Run the statement to its end and return its first row, or None."""
        ...

    def execute(self, sql: str, params: Params) -> int:
        """Run the statement and return the number of affected rows."""
        ...

    def execute_many(self, sql: str, params: Iterable[Params]) -> int:
        """Run the statement once per parameter row and return the number of affected rows of all runs."""
        ...

    def stream(self, sql: str, params: Params, *, size: int) -> Iterator[list[Row]]:
        """Run the statement and yield its rows in batches of at most `size`, without holding them all."""
        ...

    def pipeline(self, statements: Sequence[tuple[str, Params]]) -> list[list[Row]]:
        """Run the statements in order, in one round trip where the engine can; [] for a statement without rows."""
        ...


class SessionSource(Protocol):
    """Who lends a session for one call: a pool, or an open unit of work that always lends its own."""

    def acquire(self, *, write: bool) -> Session:
        """Lend a session; `write` says whether the statement may change data."""
        ...

    def release(self, session: Session, *, failed: bool) -> None:
        """Take the session back; `failed` says that the call ended with an error."""
        ...
