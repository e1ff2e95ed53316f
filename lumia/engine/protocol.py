"""What every engine offers to the unit of work and to typed SQL; nothing above this layer knows which engine it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from lumia.errors import LumiaError
from lumia.migrations.runner import MigrationTarget
from lumia.typedsql.session import Session

__all__ = ["Engine", "EngineSession"]


class EngineSession(Session, Protocol):
    """One connection and the state of its transaction.

    `failure` holds the first database error since the transaction or the innermost savepoint began; until that is
    rolled back the unit of work lends the session to nobody.
    """

    failure: LumiaError | None

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open and not aborted, as the driver itself sees it."""
        ...

    def begin(self, *, write: bool) -> None:
        """Open a transaction: one that holds the right to write at once, or one that the engine keeps read-only."""
        ...

    def commit(self) -> None:
        """Commit.

        Raises:
            CommitOutcomeUnknown: the connection broke or the server warned, so nobody knows whether it was kept.
            DatabaseError: the engine refused; the transaction still has to be rolled back.
        """
        ...

    def rollback(self) -> None:
        """Roll everything back; a connection that cannot do even that is given up. Never raises."""
        ...

    def savepoint(self, name: str) -> None:
        """Set a savepoint."""
        ...

    def release_savepoint(self, name: str) -> None:
        """Keep what was done since the savepoint."""
        ...

    def rollback_to(self, name: str) -> bool:
        """Undo what was done since the savepoint, errors included; False when the transaction is lost altogether."""
        ...

    def copy_rows(self, table: str, columns: Sequence[tuple[str, str]], rows: Iterable[Sequence[Any]]) -> int:
        """Load many rows the engine's fastest way, inside the open transaction.

        Args:
            table: the table's name, from code, never from input.
            columns: name and logical type of each column, such as `("price", "money")`; `?` at the end: may be None.
            rows: Python values in the order of the columns.

        Returns:
            The number of rows.
        """
        ...


class Engine(Protocol):
    """A database that sessions are borrowed from; safe to share between threads, not across a fork."""

    @property
    def name(self) -> str:
        """`sqlite` or `postgresql`."""
        ...

    @property
    def ephemeral(self) -> bool:
        """Whether the database lives and ends with this engine, as one in memory does."""
        ...

    def acquire(self, *, write: bool) -> EngineSession:
        """Lend a session outside any transaction; `write` reserves the right to write where only one may have it.

        Raises:
            PoolExhausted: none became free in time.
            Conflict: the right to write did not become free in time.
            TransactionError: the engine is closed, was forked, or this very thread holds what it would wait for.
            ServerUnreachable: a new connection could not be made.
        """
        ...

    def release(self, session: Any, *, failed: bool) -> None:
        """Take a session back; one that is broken or still inside a transaction is cleaned or given up."""
        ...

    def migrations(self) -> MigrationTarget:
        """Where the migration runner works."""
        ...

    def settle(self) -> bool:
        """Take what was deleted or overwritten out of the logs that the engine keeps beside the tables.

        Returns:
            False where another connection reads what is to go: ask again later.
        """
        ...

    def close(self) -> None:
        """Close every connection; closing twice is fine."""
        ...
