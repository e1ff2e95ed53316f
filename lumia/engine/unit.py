"""The unit of work: one transaction on one connection, poisoned by any error that is not rolled back."""

from __future__ import annotations

import os
import threading
from types import TracebackType
from typing import NoReturn, Self

from lumia.engine.protocol import Engine, EngineSession
from lumia.errors import CommitOutcomeUnknown, LumiaError, TransactionError
from lumia.typedsql.session import Session

__all__ = ["Savepoint", "UnitOfWork"]

_ENDED = "this transaction has ended; open a new one"
_LOST = "the database rolled the whole transaction back; open a new one and repeat it"
_SWALLOWED = (
    "a database error was caught inside the transaction, so nothing of it was kept; "
    "wrap what may fail in `with tx.transaction():` and catch the error outside of that"
)


class UnitOfWork:
    """A transaction as a context manager and as the source of the session that everything inside it uses.

    The end of the block commits; an exception, of whatever kind, rolls back. After a database error nothing more runs
    and nothing is kept, unless the error left a savepoint on its way and so was undone.
    """

    __slots__ = ("_depth", "_engine", "_open", "_pid", "_session", "_thread", "_write", "acting")

    _session: EngineSession
    acting: tuple[str | None, int | None]
    """Who acts, by name and for a customer by key; None: the system. Whoever changes it tells the database."""

    def __init__(self, engine: Engine, *, write: bool) -> None:
        """Prepare a unit that may write, or one that the engine keeps read-only."""
        self._engine = engine
        self._write = write
        self.acting = (None, None)
        self._open = False
        self._depth = 0
        self._thread = 0
        self._pid = 0

    def __enter__(self) -> Self:
        """Borrow a connection and open the transaction.

        Raises:
            PoolExhausted: no connection became free in time.
            Conflict: the right to write did not become free in time.
            ServerUnreachable: a new connection could not be made.
            TransactionError: the shop is closed or was forked, or this thread holds what it would wait for.
        """
        if self._open:
            message = "this transaction is open already; open another one with shop.transaction()"
            raise TransactionError(message)
        session = self._engine.acquire(write=self._write)
        try:
            session.begin(write=self._write)
        except BaseException:
            self._engine.release(session, failed=True)
            raise
        self._session = session
        self._thread = threading.get_ident()
        self._pid = os.getpid()
        self._open = True
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Commit, or roll back if the block failed or swallowed an error.

        Raises:
            TransactionError: an error was swallowed inside, or the transaction is no longer there.
            CommitOutcomeUnknown: the connection broke during COMMIT.
            DatabaseError: the engine refused to commit.
        """
        self._open = False
        if os.getpid() != self._pid:
            # The connection is the parent's: a child that says one word on it breaks the parent's transaction.
            if kind is None:
                message = "this transaction was opened before a fork and belongs to the parent process"
                raise TransactionError(message)
            return
        session, failed = self._session, True
        try:
            if kind is not None:
                session.rollback()
                return
            self._commit(session)
            failed = False
        finally:
            self._engine.release(session, failed=failed)

    def _commit(self, session: EngineSession) -> None:
        failure = session.failure
        if failure is not None or not session.in_transaction:
            session.rollback()
            raise TransactionError(_LOST if failure is None else _SWALLOWED) from failure
        try:
            session.commit()
        except CommitOutcomeUnknown:
            raise
        except LumiaError:
            session.rollback()
            raise

    @property
    def may_write(self) -> bool:
        """Whether the unit was opened for writing."""
        return self._write

    def acquire(self, *, write: bool) -> Session:
        """Lend the unit's session for one call.

        Raises:
            TransactionError: the unit has ended, failed before, is read-only, or belongs to another thread or process.
        """
        if not self._open or self._session.failure is not None or threading.get_ident() != self._thread:
            self._refuse()
        if write and not self._write:
            message = "this unit of work is read-only; open one that may write"
            raise TransactionError(message)
        if os.getpid() != self._pid:
            message = "this transaction was opened before a fork and belongs to the parent process"
            raise TransactionError(message)
        return self._session

    def _refuse(self) -> NoReturn:
        if not self._open:
            raise TransactionError(_ENDED)
        if threading.get_ident() != self._thread:
            message = "this transaction belongs to another thread; open one of your own with shop.transaction()"
            raise TransactionError(message)
        message = "an error happened in this transaction before; leave it, and nothing of it is kept"
        raise TransactionError(message) from self._session.failure

    def release(self, session: Session, *, failed: bool) -> None:
        """Take the session back after one call; it stays the unit's."""

    def savepoint(self) -> Savepoint:
        """Begin a part that can be undone on its own; enter what is returned."""
        return Savepoint(self)

    def mark(self) -> tuple[EngineSession, str]:
        """Set the next savepoint and give the session and its name."""
        self.acquire(write=False)
        self._depth += 1
        name = f"lumia_{self._depth}"
        self._session.savepoint(name)
        return self._session, name

    def unmark(self) -> bool:
        """Forget the innermost savepoint; False when the unit ended before it."""
        self._depth -= 1
        return self._open and os.getpid() == self._pid


class Savepoint:
    """A part of a unit of work that is undone on its own if it fails; a source of sessions while it lasts."""

    __slots__ = ("_name", "_open", "_session", "_unit")

    _session: EngineSession
    _name: str

    def __init__(self, unit: UnitOfWork) -> None:
        """Prepare a savepoint of `unit`."""
        self._unit = unit
        self._open = False

    def __enter__(self) -> Self:
        """Set the savepoint (`TransactionError` if the unit has ended or failed)."""
        self._session, self._name = self._unit.mark()
        self._open = True
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Keep the part, or undo it if the block failed or swallowed an error.

        Raises:
            TransactionError: an error was swallowed inside, or the whole transaction is lost.
        """
        self._open = False
        session = self._session
        if not self._unit.unmark():
            if kind is None:
                raise TransactionError(_ENDED)
            return
        failure = session.failure
        if kind is None and failure is None and session.in_transaction:
            try:
                session.release_savepoint(self._name)
            except BaseException:
                # Whoever catches this, an interrupt above all, must not commit a part that was never called done.
                self._undo(session)
                raise
            return
        self._undo(session)
        if kind is None:
            raise TransactionError(_LOST if failure is None else _SWALLOWED) from failure

    def _undo(self, session: EngineSession) -> None:
        if not session.rollback_to(self._name) and session.failure is None:
            session.failure = TransactionError(_LOST)

    def acquire(self, *, write: bool) -> Session:
        """Lend the unit's session for one call (`TransactionError` once the savepoint has ended)."""
        if not self._open:
            raise TransactionError(_ENDED)
        return self._unit.acquire(write=write)

    def release(self, session: Session, *, failed: bool) -> None:
        """Take the session back after one call."""
