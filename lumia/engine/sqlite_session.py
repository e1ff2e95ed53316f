"""One SQLite connection as a session: statements, transactions, and the state that tells when to stop."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any, Final

from lumia.engine.atomic import AllOrNothing
from lumia.engine.bulk import sqlite_insert, sqlite_rows
from lumia.engine.errors_sqlite import DRIVER_ERRORS, map_sqlite_error
from lumia.errors import LumiaError, TransactionError
from lumia.typedsql.session import Params, Row

__all__ = ["SqliteSession"]

_COMMIT_ATTEMPTS: Final = 20
_BUSY: Final = sqlite3.SQLITE_BUSY


class SqliteSession:
    """A connection in autocommit mode whose transactions are opened and closed by name only.

    One thread uses it at a time; the engine's pool sees to that.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        *,
        key_name: Callable[[sqlite3.Connection, str], str | None],
        sleep: Callable[[float], None],
        reader: bool = False,
    ) -> None:
        """Wrap an open connection.

        Args:
            connection: opened with `isolation_level=None` and its settings made.
            key_name: finds a unique constraint's name from the columns that SQLite reports.
            sleep: waits between two attempts at a busy COMMIT.
            reader: whether the connection was opened to read only.
        """
        self.connection = connection
        self.failure: LumiaError | None = None
        self.broken = False
        self.may_write = False
        self.reader = reader
        self._cursor = connection.cursor()
        self._key_name = key_name
        self._sleep = sleep
        self._read_only = reader
        self._epoch = 0

    # --- statements ---------------------------------------------------------------------------------------------------

    def fetch_all(self, sql: str, params: Params) -> list[Row]:
        """Run a statement and fetch every row."""
        try:
            return self._cursor.execute(sql, params).fetchall()
        except DRIVER_ERRORS as error:
            raise self._failed(error) from None

    def fetch_one(self, sql: str, params: Params) -> Row | None:
        """Run a statement, fetch every row and return the first, or None."""
        try:
            rows = self._cursor.execute(sql, params).fetchall()
        except DRIVER_ERRORS as error:
            raise self._failed(error) from None
        return rows[0] if rows else None

    def execute(self, sql: str, params: Params) -> int:
        """Run a statement and return the number of affected rows."""
        try:
            cursor = self._cursor.execute(sql, params)
            if cursor.description is not None:
                return len(cursor.fetchall())
            if cursor.rowcount < 0:
                # The module counts only what begins with INSERT, UPDATE or DELETE, and a CTE begins with WITH.
                cursor.execute("SELECT changes()")
                return int(cursor.fetchone()[0])
        except DRIVER_ERRORS as error:
            raise self._failed(error) from None
        return cursor.rowcount

    def execute_many(self, sql: str, params: Iterable[Params]) -> int:
        """Run a statement once per parameter list, all or nothing; return the number of affected rows."""
        with AllOrNothing(self, idle=not self.in_transaction):
            try:
                return max(self._cursor.executemany(sql, params).rowcount, 0)
            except DRIVER_ERRORS as error:
                raise self._failed(error) from None

    def stream(self, sql: str, params: Params, *, size: int) -> Iterator[list[Row]]:
        """Yield the rows in lists of at most `size`; needs an open transaction, and ends with it.

        Raises:
            TransactionError: there is no transaction, or it ended while rows were left.
        """
        if not self.in_transaction:
            message = "rows are streamed inside a transaction; open one with shop.transaction()"
            raise TransactionError(message)
        return self._streamed(sql, params, size)

    def _streamed(self, sql: str, params: Params, size: int) -> Iterator[list[Row]]:
        epoch = self._epoch
        cursor = self.connection.cursor()
        try:
            cursor.execute(sql, params)
            while rows := cursor.fetchmany(size):
                yield rows
                if self._epoch != epoch:
                    message = "the transaction of these rows has ended; read them inside it"
                    raise TransactionError(message)
        except DRIVER_ERRORS as error:
            raise self._failed(error) from None
        finally:
            cursor.close()

    def pipeline(self, statements: Sequence[tuple[str, Params]]) -> list[list[Row]]:
        """Run several statements one after the other, all or nothing; the rows of each, [] where it has none."""
        with AllOrNothing(self, idle=not self.in_transaction and self.may_write):
            try:
                return [self._cursor.execute(sql, params).fetchall() for sql, params in statements]
            except DRIVER_ERRORS as error:
                raise self._failed(error) from None

    def copy_rows(self, table: str, columns: Sequence[tuple[str, str]], rows: Iterable[Sequence[Any]]) -> int:
        """Load many rows inside the open transaction; see `EngineSession.copy_rows`."""
        return self.execute_many(sqlite_insert(table, columns), sqlite_rows(columns, rows))

    # --- transactions -------------------------------------------------------------------------------------------------

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open, as SQLite sees it: some errors roll everything back unasked."""
        try:
            return self.connection.in_transaction
        except sqlite3.ProgrammingError:
            # Closed behind our back: there is nothing to lend again.
            self.broken = True
            return False

    def begin(self, *, write: bool) -> None:
        """Open a transaction: `BEGIN IMMEDIATE`, or one that may only read."""
        self.failure = None
        self._epoch += 1
        if write:
            self._run("BEGIN IMMEDIATE")
            return
        if not self._read_only:
            self._run("PRAGMA query_only = ON")
            self._read_only = True
        self._run("BEGIN")

    def commit(self) -> None:
        """Commit; a busy COMMIT is repeated alone, for the statements before it were accepted."""
        self._epoch += 1
        for attempt in range(_COMMIT_ATTEMPTS):
            try:
                self._cursor.execute("COMMIT")
                break
            except DRIVER_ERRORS as error:
                busy = getattr(error, "sqlite_errorcode", 0) & 0xFF == _BUSY
                if not busy or not self.in_transaction or attempt + 1 == _COMMIT_ATTEMPTS:
                    raise self._failed(error) from None
            self._sleep(0.005 * (attempt + 1))
        self._end_read_only()

    def rollback(self) -> None:
        """Roll everything back; a connection that cannot is given up. Never raises."""
        self._epoch += 1
        try:
            if self.in_transaction:
                self._cursor.execute("ROLLBACK")
            self._end_read_only()
        except (*DRIVER_ERRORS, LumiaError):
            self.broken = True
        self.failure = None

    def _end_read_only(self) -> None:
        if self._read_only and not self.reader:
            self._run("PRAGMA query_only = OFF")
            self._read_only = False

    def savepoint(self, name: str) -> None:
        """Set a savepoint."""
        self._run(f"SAVEPOINT {name}")

    def release_savepoint(self, name: str) -> None:
        """Keep what was done since the savepoint."""
        self._run(f"RELEASE {name}")

    def rollback_to(self, name: str) -> bool:
        """Undo what was done since the savepoint; False when SQLite has rolled everything back already."""
        if not self.in_transaction:
            return False
        try:
            self._cursor.execute(f"ROLLBACK TO {name}")
            self._cursor.execute(f"RELEASE {name}")
        except DRIVER_ERRORS:
            return False
        self.failure = None
        return True

    def _run(self, sql: str) -> None:
        try:
            self._cursor.execute(sql)
        except DRIVER_ERRORS as error:
            raise self._failed(error) from None

    # --- errors -------------------------------------------------------------------------------------------------------

    def _failed(self, error: BaseException) -> LumiaError:
        mapped = map_sqlite_error(error, read_only=self._read_only, key_name=partial(self._key_name, self.connection))
        if self.failure is None:
            self.failure = mapped
        return mapped

    def close(self) -> None:
        """Close the connection."""
        try:
            self.connection.close()
        except sqlite3.Error:
            self.broken = True
