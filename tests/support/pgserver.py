"""The PostgreSQL server of a test run: the one that LUMIA_TEST_DSN names, else a private one."""

from __future__ import annotations

import os
import queue
import threading
from contextlib import suppress
from typing import Any, Final, Self
from urllib.parse import urlencode
from uuid import uuid4

import psycopg
from psycopg.conninfo import conninfo_to_dict

from lumia.engine.private_server import PrivateServer
from lumia.errors import ConfigurationError
from tests.support.reasons import skip

__all__ = ["PgServer"]

VARIABLE: Final = "LUMIA_TEST_DSN"


class PgServer:
    """A server that databases are made on and dropped from; what it made is gone when it is closed."""

    def __init__(self) -> None:
        """Use the server that the environment names, or start a private one."""
        named = os.environ.get(VARIABLE)
        self.private = None if named else PrivateServer(in_memory=True)
        self._own = self.private
        self._parts = conninfo_to_dict(named or (self.private.url() if self.private else ""))
        self._prefix = f"lumia_test_{uuid4().hex[:8]}_"
        self._made: set[str] = set()
        self._count = 0
        self._done: queue.Queue[str | None] = queue.Queue()
        self._admin: psycopg.Connection[Any] = psycopg.connect(self.url(), autocommit=True)
        self._dropper = threading.Thread(target=self._drop_done, daemon=True)
        self._dropper.start()

    def url(self, database: str | None = None) -> str:
        """The URL of a database, by default the one that statements about other databases run in."""
        parts = {name: str(value) for name, value in self._parts.items() if value is not None}
        name = parts.pop("dbname", "postgres")
        return f"postgresql:///{database or name}?{urlencode(parts)}"

    def own(self) -> PrivateServer:
        """A private server, beside the one that the environment names; without binaries the test is skipped."""
        if self._own is None:
            try:
                self._own = self.private or PrivateServer()
            except ConfigurationError:
                skip("own-server")
        return self._own

    def create_database(self, template: str | None = None) -> str:
        """Make a database, empty or as a copy, and give its name."""
        self._count += 1
        name = f"{self._prefix}{self._count}"
        copied = f" TEMPLATE {template} STRATEGY FILE_COPY" if template else ""
        self._admin.execute(f"CREATE DATABASE {name}{copied}")
        self._made.add(name)
        return name

    def drop_soon(self, name: str) -> None:
        """Drop a database in the background: the next test need not wait for it."""
        self._done.put(name)

    def _drop_done(self) -> None:
        # A session of its own: CREATE DATABASE of the next test runs at the same time.
        with psycopg.connect(self.url(), autocommit=True) as connection:
            while (name := self._done.get()) is not None:
                with suppress(psycopg.Error):
                    connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
                    self._made.discard(name)

    def close(self) -> None:
        """Drop what is left, stop the private server."""
        if self.private is None:
            for name in sorted(self._made):
                self._done.put(name)
        self._done.put(None)
        self._dropper.join(60)
        self._admin.close()
        if self._own is not None:
            self._own.close()

    def __enter__(self) -> Self:
        """Give the running server."""
        return self

    def __exit__(self, *_error: object) -> None:
        """Close it."""
        self.close()
