"""The kinds of fault, and how each strikes on either engine."""

from __future__ import annotations

import os
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Final

import psycopg

from lumia.errors import (
    AlreadyExists,
    CommitOutcomeUnknown,
    Conflict,
    ConnectionLost,
    DatabaseError,
    InvalidValue,
    StatementInterrupted,
    TransactionError,
)

__all__ = ["BOTH", "FAULTS", "Fault", "Ground", "ground"]

BOTH: Final = ("sqlite", "postgresql")


@dataclass(frozen=True)
class Ground:
    """Where faults happen: the engine, its URL, and a file that somebody else keeps locked."""

    engine: str
    url: str
    held: Path


@contextmanager
def ground(engine: str, url: str, folder: Path) -> Iterator[Ground]:
    """Lay out what the faults need; `folder` is the caller's own."""
    held = folder / "held.db"
    holder = sqlite3.connect(held, isolation_level=None)
    try:
        holder.execute("CREATE TABLE anything (value)")
        holder.execute("BEGIN EXCLUSIVE")
        yield Ground(engine, url, held)
    finally:
        holder.close()


class Fault:
    """Something that goes wrong on a session, and the errors that the caller must get for it."""

    name: ClassVar[str]
    engines: ClassVar[tuple[str, ...]] = BOTH
    statements: ClassVar[dict[str, str]] = {}
    """What brings it about, by engine; a fault without one is no statement's doing."""
    errors: ClassVar[dict[str, type[BaseException]]]
    commit_errors: ClassVar[dict[str, type[BaseException]]] = {}
    after_commit: ClassVar[bool] = False
    """Whether it can happen once everything was kept."""
    unseen: ClassVar[bool] = False
    """Whether nobody notices before the next statement."""

    def statement(self, where: Ground) -> str | None:
        """The statement that fails, or None."""
        return self.statements.get(where.engine)

    def error(self, where: Ground, *, at_commit: bool) -> type[BaseException]:
        """The class that the caller must get when it strikes before a statement, or before COMMIT."""
        expected = self.errors[where.engine]
        return self.commit_errors.get(where.engine, expected) if at_commit else expected

    @contextmanager
    def armed(self, session: Any) -> Iterator[None]:
        """See to it that the statement fails while this is open."""
        del session
        yield

    def strike(self, session: Any, where: Ground) -> None:
        """Let it happen: raise, or leave the session so that its next statement does."""
        text = self.statement(where)
        assert text is not None
        with self.armed(session):
            session.execute(text, ())
        message = f"the fault {self.name!r} did not raise"
        raise AssertionError(message)


class NullRefused(Fault):
    """A constraint of the table refuses a row."""

    name = "constraint"
    errors: ClassVar = dict.fromkeys(BOTH, InvalidValue)
    statements: ClassVar = dict.fromkeys(BOTH, "INSERT INTO shop_settings (shop_settings_id) VALUES (1)")


class KeyTaken(Fault):
    """A unique key is taken, which some methods expect of their own statements and must not expect of others."""

    name = "unique"
    errors: ClassVar = dict.fromkeys(BOTH, AlreadyExists)
    statements: ClassVar = dict.fromkeys(
        BOTH,
        "INSERT INTO order_status_transitions (from_status, to_status)"
        " SELECT from_status, to_status FROM order_status_transitions",
    )


class LockTimeout(Fault):
    """Somebody else holds what is needed: a locked file, a row that did not become free in time."""

    name = "busy"
    errors: ClassVar = dict.fromkeys(BOTH, Conflict)
    statements: ClassVar = {"postgresql": "DO $$ BEGIN RAISE lock_not_available; END $$"}

    def statement(self, where: Ground) -> str | None:
        """Reach for a file that is locked, or raise what a lock timeout raises."""
        return self.statements.get(where.engine, f"ATTACH DATABASE '{where.held}' AS held")


class Cancelled(Fault):
    """The statement is cancelled; SQLite rolls the whole transaction back at that, unasked."""

    name = "cancelled"
    errors: ClassVar = dict.fromkeys(BOTH, StatementInterrupted)
    statements: ClassVar = {
        "sqlite": "UPDATE shop_settings SET currency = currency",
        "postgresql": "DO $$ BEGIN PERFORM pg_cancel_backend(pg_backend_pid()), pg_sleep(60); END $$",
    }

    @contextmanager
    def armed(self, session: Any) -> Iterator[None]:
        """Interrupt SQLite when it begins with that very statement."""
        if not isinstance(session.connection, sqlite3.Connection):
            yield
            return
        begun: list[bool] = []

        def begins(text: str) -> None:
            if text == self.statements["sqlite"]:
                begun.append(True)

        session.connection.set_trace_callback(begins)
        session.connection.set_progress_handler(lambda: bool(begun), 1)
        try:
            yield
        finally:
            session.connection.set_progress_handler(None, 0)
            session.connection.set_trace_callback(None)


class DiskFull(Fault):
    """The file may not grow; SQLite rolls the whole transaction back at that, unasked."""

    name = "full"
    errors: ClassVar = {"sqlite": DatabaseError}
    engines = ("sqlite",)
    statements: ClassVar = {
        "sqlite": "INSERT INTO outbox (kind, subject, payload, created_at)"
        " VALUES ('fault', 'fault', hex(zeroblob(400000)), '2024-01-01T00:00:00.000000Z')"
    }

    @contextmanager
    def armed(self, session: Any) -> Iterator[None]:
        """Forbid the file to grow."""
        (limit,) = session.connection.execute("PRAGMA max_page_count").fetchone()
        session.connection.execute("PRAGMA max_page_count = 1")
        try:
            yield
        finally:
            session.connection.execute(f"PRAGMA max_page_count = {limit}")


class _Unseen(Fault):
    """A loss of the connection that nobody notices before the next statement."""

    unseen = True
    errors: ClassVar = {"sqlite": TransactionError, "postgresql": ConnectionLost}
    commit_errors: ClassVar = {"postgresql": CommitOutcomeUnknown}
    after_commit = True


class ConnectionKilled(_Unseen):
    """The server ends the connection, as at a restart; the file's handle is closed."""

    name = "killed"
    statements: ClassVar = {"postgresql": "SELECT pg_terminate_backend(pg_backend_pid())"}

    def strike(self, session: Any, where: Ground) -> None:
        """End the connection behind the session's back, and wait until it is gone."""
        if where.engine == "sqlite":
            # What a closed handle has open ends only when its last statement is freed, which is up to the collector.
            session.connection.rollback()
            session.connection.close()
            return
        with psycopg.connect(where.url, autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s, 10000)", [session.connection.info.backend_pid])


class SocketCut(_Unseen):
    """The network goes away between client and server."""

    name = "cut"
    engines = ("postgresql",)
    after_commit = False

    def strike(self, session: Any, where: Ground) -> None:
        """Shut the socket down below the driver."""
        del where
        with suppress(OSError), socket.socket(fileno=os.dup(session.connection.fileno())) as line:
            line.shutdown(socket.SHUT_RDWR)


class Interrupted(Fault):
    """Somebody presses Ctrl-C."""

    name = "interrupt"
    errors: ClassVar = dict.fromkeys(BOTH, KeyboardInterrupt)
    after_commit = True

    def strike(self, session: Any, where: Ground) -> None:
        """Raise what Python raises then."""
        del session, where
        raise KeyboardInterrupt


FAULTS: Final[tuple[Fault, ...]] = (
    NullRefused(),
    KeyTaken(),
    LockTimeout(),
    Cancelled(),
    DiskFull(),
    ConnectionKilled(),
    SocketCut(),
    Interrupted(),
)
"""Every kind; `engines` says where it can happen."""
