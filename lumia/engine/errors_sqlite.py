"""SQLite's errors as Lumia errors: by result code first, by message only where the code does not say enough."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from typing import Final

from lumia.engine.constraints import constraint_error, named_in
from lumia.errors import (
    AlreadyExists,
    Conflict,
    DatabaseError,
    FileRefused,
    InvalidReference,
    InvalidValue,
    LumiaError,
    NotALumiaDatabase,
    StatementInterrupted,
    TransactionError,
)

__all__ = ["DRIVER_ERRORS", "map_sqlite_error"]

DRIVER_ERRORS: Final = (sqlite3.Error, sqlite3.Warning, OverflowError, UnicodeEncodeError)
"""Everything that a statement can raise from the driver; the last two come from binding a value."""

KeyName = Callable[[str], str | None]
"""Gives a unique constraint's name for the `table.a, table.b` that SQLite reports, None where it is not known."""

_FAILED = re.compile(r"constraint failed: (?P<what>.+)\Z", re.DOTALL)
_INDEX = re.compile(r"\Aindex '(?P<name>[^']+)'\Z")
_DATATYPE = re.compile(r"column (?P<column>\S+)\Z")

_SENTENCES: Final[dict[int, tuple[type[LumiaError], str]]] = {
    sqlite3.SQLITE_BUSY: (Conflict, "another connection holds the database file; repeat the unit of work"),
    sqlite3.SQLITE_LOCKED: (Conflict, "another statement holds the table; repeat the unit of work"),
    sqlite3.SQLITE_INTERRUPT: (StatementInterrupted, "the statement was interrupted"),
    sqlite3.SQLITE_READONLY: (DatabaseError, "the database file cannot be written; check its permissions and its disk"),
    sqlite3.SQLITE_FULL: (DatabaseError, "the disk or the database is full; nothing of the transaction was kept"),
    sqlite3.SQLITE_IOERR: (DatabaseError, "the database file could not be read or written; check the disk"),
    sqlite3.SQLITE_CORRUPT: (DatabaseError, "the database file is damaged; restore a backup"),
    sqlite3.SQLITE_NOTADB: (NotALumiaDatabase, "the file is not a SQLite database, or is damaged"),
    sqlite3.SQLITE_CANTOPEN: (FileRefused, "the database file cannot be opened; check the path and its permissions"),
    sqlite3.SQLITE_NOMEM: (DatabaseError, "SQLite ran out of memory"),
    sqlite3.SQLITE_TOOBIG: (InvalidValue, "a text or a block of bytes is larger than SQLite takes"),
    sqlite3.SQLITE_MISMATCH: (InvalidValue, "a value has the wrong type for its column"),
    sqlite3.SQLITE_PERM: (DatabaseError, "the database file refuses access; check its permissions"),
    sqlite3.SQLITE_AUTH: (DatabaseError, "SQLite refused the statement"),
    sqlite3.SQLITE_ABORT: (DatabaseError, "the statement was ended by a rollback"),
    sqlite3.SQLITE_SCHEMA: (DatabaseError, "the tables changed while the statement ran"),
    sqlite3.SQLITE_PROTOCOL: (DatabaseError, "the locks of the database file could not be agreed on"),
}


def _unknown_key(_columns: str) -> str | None:
    return None


def map_sqlite_error(error: BaseException, *, read_only: bool = False, key_name: KeyName = _unknown_key) -> LumiaError:
    """Say in Lumia's words what the driver raised; no value that was sent is repeated.

    Args:
        error: what sqlite3 raised.
        read_only: whether the session is in a reading unit, which SQLite refuses to write in.
        key_name: finds the name of a unique constraint from the columns that SQLite reports.

    Returns:
        The error to raise instead.
    """
    if isinstance(error, LumiaError):
        return error
    if isinstance(error, (OverflowError, UnicodeEncodeError, sqlite3.DataError)):
        return InvalidValue("a number or a text is outside what the database can hold")
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return _driver_error(error)
    message = str(error)
    primary = code & 0xFF
    if primary == sqlite3.SQLITE_CONSTRAINT:
        return _constraint(code, message, key_name)
    if primary == sqlite3.SQLITE_READONLY and read_only:
        return TransactionError("this unit of work is read-only; open one that may write")
    if primary == sqlite3.SQLITE_ERROR:
        return _statement_error(message)
    kind, sentence = _SENTENCES.get(primary, (DatabaseError, "SQLite failed"))
    return kind(f"{sentence} ({getattr(error, 'sqlite_errorname', code)})")


def _driver_error(error: BaseException) -> LumiaError:
    message = str(error)
    if "closed" in message:
        return TransactionError("the connection is closed: the shop, or the unit of work, has ended")
    if "not supported" in message or "type" in message:
        return InvalidValue("a value has a type that SQLite cannot take")
    return DatabaseError(f"the SQLite driver refused the call ({type(error).__name__})")


def _statement_error(message: str) -> LumiaError:
    # These messages quote the statement's own text and names, never a bound value, but for JSON paths.
    if "integer overflow" in message:
        return InvalidValue("a sum is larger than the database can hold")
    if "JSON" in message:
        return InvalidValue("a value is not the JSON that the statement needs")
    return DatabaseError(f"SQLite refused the statement: {message}")


def _constraint(code: int, message: str, key_name: KeyName) -> LumiaError:
    found = _FAILED.search(message)
    what = found["what"] if found else None
    match code:
        case sqlite3.SQLITE_CONSTRAINT_UNIQUE | sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY | sqlite3.SQLITE_CONSTRAINT_ROWID:
            index = _INDEX.match(what or "")
            name = index["name"] if index else key_name(what or "")
            return constraint_error(name, AlreadyExists, column=what)
        case sqlite3.SQLITE_CONSTRAINT_CHECK:
            return constraint_error(what, InvalidValue)
        case sqlite3.SQLITE_CONSTRAINT_NOTNULL:
            return constraint_error(None, InvalidValue, column=what)
        case sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
            return constraint_error(None, InvalidReference)
        case sqlite3.SQLITE_CONSTRAINT_TRIGGER:
            # A delete that RESTRICT refuses comes with a trigger's code: SQLite carries it out by a trigger of its own.
            kind = InvalidReference if message.startswith("FOREIGN KEY") else InvalidValue
            return constraint_error(named_in(message), kind)
        case 3091:  # SQLITE_CONSTRAINT_DATATYPE: the module names it only from 3.12 on
            typed = _DATATYPE.search(message)
            return constraint_error(None, InvalidValue, column=typed["column"] if typed else None)
        case _:
            return constraint_error(None, InvalidValue)
