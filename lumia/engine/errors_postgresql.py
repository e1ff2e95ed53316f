"""PostgreSQL's errors as Lumia errors: by SQLSTATE where there is one, else by the driver's class."""

from __future__ import annotations

import re
from typing import Any, Final

import psycopg

from lumia.engine.constraints import constraint_error, named_in
from lumia.engine.retry import StalePlan
from lumia.errors import (
    AlreadyExists,
    AuthenticationFailed,
    CommitOutcomeUnknown,
    Conflict,
    ConnectionLost,
    DatabaseError,
    DatabaseNotFound,
    InvalidReference,
    InvalidValue,
    LumiaError,
    ServerUnreachable,
    StatementInterrupted,
    TransactionError,
)

__all__ = ["DRIVER_ERRORS", "map_connect_error", "map_postgresql_error"]

DRIVER_ERRORS: Final = (psycopg.Error, psycopg.Warning, OverflowError, UnicodeError)
"""Everything that a statement can raise from the driver; the last two come from binding a value."""

_Kind = tuple[type[LumiaError], str]

_STATES: Final[dict[str, _Kind]] = {
    "22003": (InvalidValue, "a number is larger than the database can hold"),
    "25006": (TransactionError, "this unit of work is read-only; open one that may write"),
    "25P02": (TransactionError, "a statement of this transaction failed before; roll it back"),
    "25P03": (TransactionError, "the server ended a transaction that was left idle for too long"),
    "25P04": (TransactionError, "the server ended a transaction that ran for too long"),
    "3D000": (DatabaseNotFound, "the database does not exist on the server; create it first"),
    "40001": (Conflict, "another transaction changed the same rows; repeat the unit of work"),
    "40003": (CommitOutcomeUnknown, "the server does not know whether the statement was completed"),
    "40P01": (Conflict, "two transactions waited for each other; repeat the unit of work"),
    "42501": (AuthenticationFailed, "the role may not do this; grant it the rights on the schema"),
    "53100": (DatabaseError, "the server's disk is full"),
    "53200": (DatabaseError, "the server ran out of memory"),
    "53300": (ServerUnreachable, "the server has no free connection slot"),
    "55P03": (Conflict, "a row or table stayed locked for too long; repeat the unit of work"),
    "57014": (StatementInterrupted, "the statement was cancelled or ran into its time limit"),
    "57P01": (ConnectionLost, "the server ended the connection"),
    "57P02": (ConnectionLost, "the server ended the connection after a crash"),
    "57P03": (ServerUnreachable, "the server is starting up or shutting down"),
    "57P04": (DatabaseNotFound, "the database was dropped"),
    "57P05": (ConnectionLost, "the server ended an idle connection"),
}

_CLASSES: Final[dict[str, _Kind]] = {
    "08": (ConnectionLost, "the connection to the server was lost"),
    "0B": (TransactionError, "the transaction is in the wrong state for this"),
    "22": (InvalidValue, "a value is outside its type, range or format"),
    "25": (TransactionError, "the transaction is in the wrong state for this"),
    "28": (AuthenticationFailed, "the server refused the role or its password"),
    "2D": (TransactionError, "the transaction is in the wrong state for this"),
    "34": (TransactionError, "the cursor is gone: its transaction or savepoint has ended"),
    "3B": (TransactionError, "the savepoint does not exist"),
    "53": (DatabaseError, "the server ran out of a resource"),
    "57": (DatabaseError, "an operator stepped in at the server"),
    "58": (DatabaseError, "the server met an error of its system"),
    "XX": (DatabaseError, "the server met an internal error; look at its log"),
}

_CONSTRAINTS: Final[dict[str, type[DatabaseError]]] = {
    "23001": InvalidReference,
    "23503": InvalidReference,
    "23505": AlreadyExists,
    "23P01": AlreadyExists,
}

_QUOTES_STATEMENT: Final = frozenset({"42601", "42703", "42P01", "42883", "42704", "42702", "42P18", "42P02"})
"""Errors whose first line quotes names of the statement and never a value: they say what to correct."""


def map_postgresql_error(error: BaseException, *, broken: bool = False) -> LumiaError:
    """Say in Lumia's words what the driver raised.

    Only names are taken from the server's message: its DETAIL quotes whole rows, and values of people with them.

    Args:
        error: what psycopg raised.
        broken: whether the connection is unusable now; a lost server can show as almost any class.

    Returns:
        The error to raise instead.
    """
    if isinstance(error, LumiaError):
        return error
    if isinstance(error, (OverflowError, UnicodeError)):
        return InvalidValue("a number or a text is outside what the database can hold")
    state = getattr(error, "sqlstate", None)
    if state:
        return _by_state(state, error)
    if broken or isinstance(error, psycopg.OperationalError):
        return ConnectionLost("the connection to the server was lost")
    if isinstance(error, psycopg.DataError) or "cannot adapt" in str(error):
        return InvalidValue("a value has a type or a character that PostgreSQL cannot take")
    return DatabaseError(f"the PostgreSQL driver refused the call ({type(error).__name__})")


def _by_state(state: str, error: BaseException) -> LumiaError:
    diag: Any = getattr(error, "diag", None)
    if state.startswith("23") or state == "44000":
        return _constraint(state, diag)
    if state == "P0001":
        name = named_in(diag.message_primary or "")
        if name is not None:
            return constraint_error(name, InvalidValue)
    if state == "0A000" and diag.source_function == "RevalidateCachedQuery":
        return StalePlan("the tables were altered while the statement was prepared; repeat the unit of work")
    kind, sentence = _STATES.get(state) or _CLASSES.get(state[:2]) or (DatabaseError, "the server refused")
    if state in _QUOTES_STATEMENT and diag.message_primary:
        sentence = f"{sentence} the statement: {diag.message_primary}"
    return kind(f"{sentence} (SQLSTATE {state})")


def _constraint(state: str, diag: Any) -> LumiaError:
    name = diag.constraint_name
    column = f"{diag.table_name}.{diag.column_name}" if diag.table_name and diag.column_name else None
    if state == "23502":
        # Servers from 18 on name the NOT NULL constraint, older ones and SQLite do not: the column says the same.
        name = None
    return constraint_error(name, _CONSTRAINTS.get(state, InvalidValue), column=column)


_NO_DATABASE = re.compile(r'database ".*" does not exist')
_REFUSED = re.compile(
    r"password authentication failed|authentication failed|no password supplied|role \".*\" does not exist"
    r"|no pg_hba\.conf entry|is not permitted to log in|permission denied for database"
    r"|pg_hba\.conf rejects",
)


def map_connect_error(error: BaseException, *, where: str) -> LumiaError:
    """Say why no connection could be made; libpq gives a text and no SQLSTATE in this phase.

    Args:
        error: what `psycopg.connect` raised.
        where: the server and database, without user and password.

    Returns:
        `AuthenticationFailed`, `DatabaseNotFound`, or `ServerUnreachable` for whatever else went wrong.
    """
    if isinstance(error, LumiaError):
        return error
    text = str(error)
    pgconn: Any = getattr(error, "pgconn", None)
    if _NO_DATABASE.search(text):
        return DatabaseNotFound(f"{where} does not exist on the server; create the database first (createdb)")
    if _REFUSED.search(text) or bool(pgconn is not None and pgconn.needs_password):
        return AuthenticationFailed(f"{where} refused the role or its password; check user and password in the URL")
    if "too many clients" in text or "remaining connection slots" in text:
        return ServerUnreachable(f"{where} has no free connection slot; try again later")
    if "starting up" in text or "shutting down" in text:
        return ServerUnreachable(f"{where} is starting up or shutting down; try again")
    return ServerUnreachable(f"no PostgreSQL server answered at {where}; is it running, and are host and port right?")
