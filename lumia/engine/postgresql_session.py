"""One PostgreSQL connection as a session: prepared statements, pipelines, transactions and what can go wrong."""

from __future__ import annotations

import select
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Any, Final

import psycopg
from psycopg import generators
from psycopg.pq import ConnStatus, ExecStatus, TransactionStatus

from lumia.engine.atomic import AllOrNothing
from lumia.engine.bulk import copy_chunks, copy_statement
from lumia.engine.errors_postgresql import DRIVER_ERRORS, map_postgresql_error
from lumia.engine.retry import StalePlan
from lumia.errors import CommitOutcomeUnknown, ConnectionLost, LumiaError, TransactionError
from lumia.typedsql.session import Params, Row

__all__ = ["PostgresqlSession"]

_UNKNOWN: Final = (
    "nobody knows whether the transaction was kept: {}; ask with the idempotency key, never repeat blindly"
)
_CUT: Final = frozenset({"57P01", "57P02", "40003"})
_FORGET_AFTER: Final = 200
_WRITE: Final = b"BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"
_READ: Final = b"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"


class PostgresqlSession:
    """A connection in autocommit mode whose transactions are opened and closed by name only.

    One cursor is reused for every statement, and every statement is prepared at its first run: both were measured to
    be most of what a short statement costs. BEGIN, COMMIT and ROLLBACK go past the cursor, because the driver would
    drop all its prepared statements at a ROLLBACK that it sees.
    """

    def __init__(self, connection: psycopg.Connection[Any], *, prepare: bool, on_lost: Callable[[], None]) -> None:
        """Wrap an open connection.

        Args:
            connection: in autocommit mode, with its settings made.
            prepare: whether statements are prepared on the server.
            on_lost: told when the connection turns out to be broken.
        """
        self.connection = connection
        self.failure: LumiaError | None = None
        self.broken = False
        self.may_write = False
        self.checked_at = time.monotonic()
        self._pgconn = connection.pgconn
        self._cursor: Any = psycopg.RawCursor(connection)
        self._more_cursors: list[Any] = []
        self._prepare = prepare
        self._on_lost = on_lost
        self._open = False
        self._stale = False
        self._leaked = 0
        self._epoch = 0
        self._streams = 0
        self._committing = False
        self._warned = False
        self._readable = _watch(connection.fileno())
        connection.add_notice_handler(self._notice)

    # --- statements ---------------------------------------------------------------------------------------------------

    def fetch_all(self, sql: str, params: Params) -> list[Row]:
        """Run a statement and fetch every row."""
        try:
            cursor = self._cursor.execute(sql, params, prepare=self._prepare, binary=True)
            rows: list[Row] = cursor.fetchall()
        except DRIVER_ERRORS as error:
            cursor = self._again(error, sql, params)
            rows = cursor.fetchall()
        if self._warned:
            self._unknown_warning()
        return rows

    def fetch_one(self, sql: str, params: Params) -> Row | None:
        """Run a statement, fetch every row and return the first, or None."""
        rows = self.fetch_all(sql, params)
        return rows[0] if rows else None

    def execute(self, sql: str, params: Params) -> int:
        """Run a statement and return the number of affected rows."""
        try:
            cursor = self._cursor.execute(sql, params, prepare=self._prepare, binary=True)
        except DRIVER_ERRORS as error:
            cursor = self._again(error, sql, params)
        if self._warned:
            self._unknown_warning()
        return max(int(cursor.rowcount), 0)

    def execute_many(self, sql: str, params: Iterable[Params]) -> int:
        """Run a statement once per parameter list, all or nothing; return the number of affected rows."""
        with AllOrNothing(self, idle=not self._open):
            try:
                self._cursor.executemany(sql, params)
                return max(int(self._cursor.rowcount), 0)
            except DRIVER_ERRORS as error:
                raise self._failed(error) from None

    def stream(self, sql: str, params: Params, *, size: int) -> Iterator[list[Row]]:
        """Yield the rows in lists of at most `size`; needs an open transaction, and ends with it.

        Raises:
            TransactionError: there is no transaction, or it ended while rows were left.
        """
        if not self._open:
            message = "rows are streamed inside a transaction; open one with shop.transaction()"
            raise TransactionError(message)
        return self._streamed(sql, params, size)

    def _streamed(self, sql: str, params: Params, size: int) -> Iterator[list[Row]]:
        epoch = self._epoch
        self._streams += 1
        name = f"lumia_{self._streams}"
        run = self._cursor.execute
        try:
            run(f"DECLARE {name} NO SCROLL CURSOR FOR {sql}", params, prepare=False)
            while rows := run(f"FETCH {int(size)} FROM {name}", prepare=False, binary=True).fetchall():
                yield rows
                if self._epoch != epoch:
                    message = "the transaction of these rows has ended; read them inside it"
                    raise TransactionError(message)
        except DRIVER_ERRORS as error:
            raise self._failed(error) from None
        finally:
            if self._epoch == epoch and self.in_transaction:
                with suppress(*DRIVER_ERRORS):
                    run(f"CLOSE {name}", prepare=False)

    def pipeline(self, statements: Sequence[tuple[str, Params]]) -> list[list[Row]]:
        """Run several statements in one round trip, all or nothing; the rows of each, [] where it has none."""
        try:
            return self._pipelined(statements)
        except StalePlan:
            if self._open:
                raise
        # Nothing of it was kept: prepare anew and repeat, once.
        self.rollback()
        return self._pipelined(statements)

    def _pipelined(self, statements: Sequence[tuple[str, Params]]) -> list[list[Row]]:
        while len(self._more_cursors) < len(statements):
            self._more_cursors.append(psycopg.RawCursor(self.connection))
        used = self._more_cursors[: len(statements)]
        with AllOrNothing(self, idle=not self._open and self.may_write):
            try:
                with self.connection.pipeline():
                    for cursor, (sql, params) in zip(used, statements, strict=True):
                        cursor.execute(sql, params, prepare=self._prepare, binary=True)
                # Not `description`: the driver builds an object per column for it, at 25 µs a statement.
                return [cursor.fetchall() if cursor.pgresult.nfields else [] for cursor in used]
            except DRIVER_ERRORS as error:
                raise self._failed(error) from None

    def copy_rows(self, table: str, columns: Sequence[tuple[str, str]], rows: Iterable[Sequence[Any]]) -> int:
        """Load many rows by COPY inside the open transaction; see `EngineSession.copy_rows`."""
        count = [0]
        with AllOrNothing(self, idle=not self._open):
            try:
                # One COPY may well take longer than any statement that a customer waits for.
                self._control(b"SET LOCAL statement_timeout = 0")
                with self._cursor.copy(copy_statement(table, columns)) as copy:
                    for chunk in copy_chunks(columns, rows, count):
                        copy.write(chunk)
                self._control(b"SET LOCAL statement_timeout TO DEFAULT")
            except DRIVER_ERRORS as error:
                raise self._failed(error) from None
        return count[0]

    def copy_text(self, statement: str, blocks: Iterable[bytes]) -> None:
        """Run a `COPY ... FROM STDIN` of the text format on blocks that are encoded already; inside a transaction."""
        try:
            with self._cursor.copy(statement) as copy:
                for block in blocks:
                    copy.write(block)
        except DRIVER_ERRORS as error:
            raise self._failed(error) from None

    # --- transactions -------------------------------------------------------------------------------------------------

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open and not aborted, as the server last said."""
        return self._pgconn.transaction_status == TransactionStatus.INTRANS

    def begin(self, *, write: bool) -> None:
        """Open a transaction: one that may write, or a read-only one that sees one moment throughout."""
        self.failure = None
        self._epoch += 1
        # Before it is sent: a connection that breaks here kept nothing, whatever the statement was.
        self._open = True
        # Named, whatever the role's or the database's default is: what a unit locks it must read as others left it.
        self._run(_WRITE if write else _READ)

    def commit(self) -> None:
        """Commit; see `EngineSession.commit`."""
        self._epoch += 1
        self._committing = True
        self._warned = False
        try:
            tag = self._control(b"COMMIT")
        except DRIVER_ERRORS as error:
            raise self._commit_failed(error) from None
        finally:
            self._committing = False
            self._open = False
        if tag != b"COMMIT":
            message = "the server rolled the transaction back instead of keeping it: a statement of it had failed"
            raise TransactionError(message)
        if self._warned:
            self._unknown_warning()

    def _commit_failed(self, error: BaseException) -> LumiaError:
        state = getattr(error, "sqlstate", None)
        if not state or state.startswith("08") or state in _CUT or self._is_bad():
            self._lost()
            return CommitOutcomeUnknown(_UNKNOWN.format("the connection broke during COMMIT"))
        return self._failed(error)

    def rollback(self) -> None:
        """Roll everything back; a connection that cannot is given up. Never raises."""
        self._epoch += 1
        self._open = False
        try:
            if self._pgconn.transaction_status != TransactionStatus.IDLE:
                self._control(b"ROLLBACK")
            if self._stale:
                self._forget_plans()
        except DRIVER_ERRORS:
            self._lost()
        self.failure = None

    def savepoint(self, name: str) -> None:
        """Set a savepoint."""
        self._run(f"SAVEPOINT {name}".encode())

    def release_savepoint(self, name: str) -> None:
        """Keep what was done since the savepoint."""
        self._run(f"RELEASE {name}".encode())

    def rollback_to(self, name: str) -> bool:
        """Undo what was done since the savepoint, errors included; False when the transaction is lost altogether."""
        if self._pgconn.transaction_status not in {TransactionStatus.INTRANS, TransactionStatus.INERROR}:
            return False
        try:
            self._control(f"ROLLBACK TO {name}; RELEASE {name}".encode())
        except DRIVER_ERRORS:
            return False
        self.failure = None
        return True

    def _run(self, sql: bytes) -> None:
        try:
            self._control(sql)
        except DRIVER_ERRORS as error:
            raise self._failed(error) from None

    def _control(self, sql: bytes) -> bytes | None:
        """Run a session statement past the cursor and return its command tag."""
        self._pgconn.send_query(sql)
        tag: bytes | None = None
        for result in self.connection.wait(generators.execute(self._pgconn)):
            if result.status not in {ExecStatus.COMMAND_OK, ExecStatus.EMPTY_QUERY}:
                raise psycopg.errors.error_from_result(result)
            tag = result.command_status
        return tag

    # --- health -------------------------------------------------------------------------------------------------------

    def ping(self) -> bool:
        """Ask the server for a sign of life."""
        try:
            self._control(b"")
        except DRIVER_ERRORS:
            self._lost()
            return False
        self.checked_at = time.monotonic()
        return True

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()

    def has_word(self) -> bool:
        """Whether the server said something unasked: its farewell, most often."""
        return self._readable()

    def _is_bad(self) -> bool:
        return self._pgconn.status != ConnStatus.OK

    def _lost(self) -> None:
        self.broken = True
        self._on_lost()

    def _failed(self, error: BaseException) -> LumiaError:
        mapped = map_postgresql_error(error, broken=self._is_bad())
        if isinstance(mapped, ConnectionLost):
            self._lost()
            if not self._open and self.may_write:
                # Outside a transaction the statement is its own COMMIT.
                mapped = CommitOutcomeUnknown(_UNKNOWN.format("the connection broke during a statement of its own"))
        elif self._is_bad():
            self._lost()
        self._stale = self._stale or isinstance(mapped, StalePlan)
        # The driver forgets a statement whose first run fails, the server keeps it: not without end.
        self._leaked += 1
        if self._leaked >= _FORGET_AFTER:
            self._stale = True
        if self.failure is None:
            self.failure = mapped
        return mapped

    def _again(self, error: BaseException, sql: str, params: Params) -> Any:
        """Prepare anew and repeat, once and outside a transaction only; raise in every other case."""
        mapped = self._failed(error)
        if self._open or not isinstance(mapped, StalePlan):
            raise mapped from None
        try:
            self._forget_plans()
            cursor = self._cursor.execute(sql, params, prepare=self._prepare, binary=True)
        except DRIVER_ERRORS as second:
            raise self._failed(second) from None
        self.failure = None
        return cursor

    def _forget_plans(self) -> None:
        # Through the cursor, so that the driver forgets its names too.
        self._cursor.execute("DEALLOCATE ALL", prepare=False)
        self._stale = False
        self._leaked = 0

    def _notice(self, diagnostic: psycopg.errors.Diagnostic) -> None:
        if diagnostic.severity_nonlocalized == "WARNING" and (
            self._committing or diagnostic.source_function == "SyncRepWaitForLSN"
        ):
            self._warned = True

    def _unknown_warning(self) -> None:
        self._warned = False
        raise CommitOutcomeUnknown(_UNKNOWN.format("the server warned during COMMIT that it may not be safe yet"))


def _watch(descriptor: int) -> Callable[[], bool]:
    """A cheap question whether a socket can be read."""
    if not hasattr(select, "poll"):
        return lambda: bool(select.select([descriptor], [], [], 0)[0])
    watcher = select.poll()
    watcher.register(descriptor, select.POLLIN)
    return lambda: bool(watcher.poll(0))
