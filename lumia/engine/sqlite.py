"""SQLite behind the engine protocol: opening, settings, a pool of connections and one writer at a time."""

from __future__ import annotations

import os
import sqlite3
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, NoReturn
from urllib.parse import quote

from lumia.engine.errors_sqlite import DRIVER_ERRORS, map_sqlite_error
from lumia.engine.fairlock import FairLock
from lumia.engine.options import PoolOptions
from lumia.engine.pool import LifoPool
from lumia.engine.sqlite_keys import UniqueKeys
from lumia.engine.sqlite_migrations import SqliteMigrations
from lumia.engine.sqlite_session import SqliteSession
from lumia.engine.url import SqliteUrl
from lumia.errors import (
    ConfigurationError,
    DatabaseError,
    DatabaseNotFound,
    FileRefused,
    LumiaError,
    NotALumiaDatabase,
    TransactionError,
)

__all__ = ["SqliteEngine"]

_FORKED: Final = "the shop was opened before a fork; fork first, and let each process open its own"
_OWN_WRITE: Final = (
    "this thread has a writing transaction open on the same SQLite database; "
    "use the transaction's own repositories, or end it first"
)


class SqliteEngine:
    """A SQLite file, or a database in memory, shared by the threads of one process.

    A file has up to `size` connections that can only read, lent last in first out, so that the warm ones are used, and
    one that writes, which writers take in the order of asking. A database in memory is one connection that one thread
    has at a time.
    """

    name: str = "sqlite"

    def __init__(
        self,
        url: SqliteUrl,
        options: PoolOptions | None = None,
        *,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Prepare an engine; the file is opened, never created, by the first call that needs it.

        Args:
            url: the file or `:memory:`.
            options: settings of the connections.
            sleep: waits between attempts at what another process holds.
        """
        self.url = url
        self.options = options or PoolOptions()
        self._sleep = sleep
        self._pid = os.getpid()
        self._closed = False
        self._keys = UniqueKeys()
        self._writer = FairLock(_OWN_WRITE)
        self._memory_holder: int | None = None
        timeout = self.options.timeout
        self._writers = LifoPool(self._open_writer, size=1, timeout=timeout)
        self._readers = LifoPool(self._open_reader, size=self.options.size, timeout=timeout)

    @property
    def ephemeral(self) -> bool:
        """Whether the database is one in memory."""
        return self.url.path is None

    # --- opening ------------------------------------------------------------------------------------------------------

    def check_path(self) -> bool:
        """Whether the file exists; refuses what can never be a database file.

        Raises:
            FileRefused: the path is a directory, or lies in a folder that does not exist.
        """
        if self.url.path is None:
            return True
        path = Path(self.url.path)
        try:
            if path.is_dir():
                message = f"{path} is a directory; name a file in it, such as sqlite:///{path}/shop.db"
                raise FileRefused(message)
            if path.exists():
                return True
            if not path.parent.is_dir():
                message = f"the folder of {path} does not exist; create it first"
                raise FileRefused(message)
        except OSError:
            message = f"{path} cannot be looked at; check the path and its permissions"
            raise FileRefused(message) from None
        return False

    def connect(self, *, create: bool = False) -> sqlite3.Connection:
        """Open a connection with the settings that change nothing in the file.

        Args:
            create: make the file, readable and writable by its owner alone, if it does not exist.

        Raises:
            DatabaseNotFound: it does not exist and `create` is False.
            FileRefused: it cannot be opened.
        """
        if self.url.path is None:
            return self._opened_by("file::memory:?mode=memory")
        if self.check_path():
            return self._opened_by(f"{self._file_uri()}?mode=rw")
        if not create:
            message = f"{self.url.path} does not exist; create it with `lumia init` or connect(..., create=True)"
            raise DatabaseNotFound(message)
        # SQLite gives a new file the mode of a model: creating it with file functions and closing that handle
        # would drop the locks that another thread may hold by then.
        with tempfile.NamedTemporaryFile(prefix="lumia-mode-") as model:
            Path(model.name).chmod(0o600)
            return self._opened_by(f"{self._file_uri()}?mode=rwc&modeof={quote(model.name)}")

    def _file_uri(self) -> str:
        return f"file:{quote(str(Path(str(self.url.path)).absolute()))}"

    def _opened_by(self, uri: str) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = None
        try:
            connection = sqlite3.connect(
                uri,
                uri=True,
                timeout=self.options.lock_timeout,
                isolation_level=None,
                check_same_thread=False,
                cached_statements=1024,
            )
            # Functions inside CHECKs and triggers run only in a trusted schema, and without them not even the list of
            # tables can be read; a schema that is not as Lumia left it is refused before any row is touched.
            connection.execute("PRAGMA trusted_schema = ON")
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA recursive_triggers = OFF")
            # What was deleted or overwritten is gone from the file, an erased customer above all.
            connection.execute("PRAGMA secure_delete = ON")
            connection.execute(f"PRAGMA synchronous = {self.options.synchronous}")
            if connection.execute("PRAGMA foreign_keys").fetchone() != (1,):
                message = "this SQLite library was built without foreign keys; use another Python build"
                raise ConfigurationError(message)
        except DRIVER_ERRORS as error:
            if connection is not None:
                connection.close()
            raise self.opening_error(error) from None
        return connection

    def opening_error(self, error: BaseException) -> LumiaError:
        """What an error means before it is known that the file is Lumia's; not raised."""
        mapped = map_sqlite_error(error)
        if isinstance(mapped, NotALumiaDatabase) or type(mapped) is DatabaseError:
            mapped = NotALumiaDatabase(f"{self.url.path} is not a Lumia database, or is damaged")
        elif isinstance(mapped, FileRefused):
            mapped = FileRefused(f"{self.url.path} cannot be opened; check its permissions and its folder's")
        return mapped

    def use_wal(self, connection: sqlite3.Connection) -> None:
        """Let readers and the writer work side by side; stays in the file, so it comes after the file was checked."""
        if self.url.path is None:
            return
        try:
            mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
        except DRIVER_ERRORS as error:
            raise map_sqlite_error(error) from None
        if mode != "wal":
            message = (
                f"{self.url.path} cannot use write-ahead logging there (a network share?); move it to a local disk"
            )
            raise FileRefused(message)

    def _session(self, connection: sqlite3.Connection, *, reader: bool) -> SqliteSession:
        return SqliteSession(connection, key_name=self._keys.name_of, sleep=self._sleep, reader=reader)

    def _open_writer(self) -> SqliteSession:
        connection = self.connect()
        try:
            self.use_wal(connection)
        except BaseException:
            connection.close()
            raise
        return self._session(connection, reader=False)

    def _open_reader(self) -> SqliteSession:
        session = self._open_writer()
        # Once for all: switching it for each unit would have every statement of the connection compiled anew.
        session.connection.execute("PRAGMA query_only = ON")
        return self._session(session.connection, reader=True)

    def take_memory(self) -> sqlite3.Connection | None:
        """The one connection of a database in memory, out of the pool; None before it was opened."""
        session = self._writers.take_idle()
        return None if session is None else session.connection

    def forget_schema(self) -> None:
        """The schema was changed: what was remembered of it is read anew."""
        self._keys.forget()

    def adopt(self, connection: sqlite3.Connection) -> None:
        """Take the one connection of a database in memory into the pool, or close that of a file."""
        if self.url.path is None:
            self._writers.adopt(self._session(connection, reader=False))
        else:
            connection.close()

    # --- lending ------------------------------------------------------------------------------------------------------

    def acquire(self, *, write: bool) -> SqliteSession:
        """Lend a session; see `Engine.acquire`."""
        if self._closed or os.getpid() != self._pid:
            self._refuse()
        if self.url.path is None:
            session = self._borrow_memory()
        elif write:
            self._writer.acquire(self.options.lock_timeout)
            try:
                session = self._writers.acquire()
            except BaseException:
                self._writer.release()
                raise
        else:
            session = self._readers.acquire()
        session.may_write = write
        return session

    def _refuse(self) -> NoReturn:
        raise TransactionError("the shop is closed" if self._closed else _FORKED)

    def _borrow_memory(self) -> SqliteSession:
        me = threading.get_ident()
        if self._memory_holder == me:
            message = (
                "this thread has a transaction open on this database in memory, which is a single connection; "
                "use the transaction's own repositories, or end it first"
            )
            raise TransactionError(message)
        session = self._writers.acquire()
        self._memory_holder = me
        return session

    def release(self, session: SqliteSession, *, failed: bool) -> None:
        """Take a session back; see `Engine.release`."""
        if os.getpid() != self._pid:
            return
        if failed or session.in_transaction:
            session.rollback()
        session.failure = None
        self._memory_holder = None
        pool = self._readers if session.reader else self._writers
        try:
            if self._closed or session.broken:
                pool.discard(session)
            else:
                pool.release(session)
        finally:
            if self.url.path is not None and not session.reader:
                self._writer.release()

    def migrations(self) -> SqliteMigrations:
        """Where the migration runner works."""
        return SqliteMigrations(self, sleep=self._sleep)

    def settle(self) -> bool:
        """Fold the write-ahead log into the file and empty it; see `Engine.settle`."""
        if self.url.path is None:
            return True
        session = self.acquire(write=True)
        failed = True
        try:
            busy = session.fetch_one("PRAGMA wal_checkpoint(TRUNCATE)", ())
            failed = False
        finally:
            self.release(session, failed=failed)
        return busy is not None and busy[0] == 0

    def close(self) -> None:
        """Close every connection; those that are lent are closed when they come back."""
        self._closed = True
        if os.getpid() != self._pid:
            return
        # The writer last: whoever closes a file last folds its log into it.
        self._readers.close_idle()
        self._writers.close_idle()
