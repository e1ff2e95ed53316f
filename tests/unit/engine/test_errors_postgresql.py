"""Every error of psycopg becomes one Lumia error, and none of them carries data along."""

from __future__ import annotations

import inspect
from typing import Any

import psycopg
import pytest
from psycopg.pq import DiagnosticField

from lumia import errors
from lumia.engine.errors_postgresql import map_connect_error, map_postgresql_error
from lumia.engine.retry import StalePlan, is_retryable

TELLTALE = "ada@example.com"

RETRIED = frozenset({"40001", "40P01", "55P03"})
"""Conflicts, whatever was sent before."""

RETRIED_BEFORE_COMMIT = frozenset({"57P01", "57P02", "57P05"})
"""Ended connections; class 08 belongs to them."""

RETRIED_CONNECTING = frozenset({"53300", "57P03"})
"""What a server says before there is a connection."""

QUOTING = frozenset({"42601", "42703", "42P01", "42883", "42704", "42702", "42P18", "42P02"})
"""Errors of the statement's text, whose first line is shown."""


def classes_of(*modules: object) -> list[type[BaseException]]:
    """Every exception class of the modules."""
    found = {
        member
        for module in modules
        for _, member in inspect.getmembers(module, inspect.isclass)
        if issubclass(member, BaseException) and member.__module__.startswith("psycopg")
    }
    return sorted(found, key=lambda member: member.__name__)


EVERY = classes_of(psycopg, psycopg.errors)
STATES = [member for member in EVERY if getattr(member, "sqlstate", None)]


def telling(error: type[BaseException], **fields: bytes) -> BaseException:
    """An error whose every field tells a secret."""
    if not issubclass(error, psycopg.Error):
        return error(TELLTALE)
    info: Any = {field: TELLTALE.encode() for field in DiagnosticField} | {
        DiagnosticField.SQLSTATE: (error.sqlstate or "").encode(),
        DiagnosticField.CONSTRAINT_NAME: b"some_key",
        DiagnosticField.TABLE_NAME: b"some_table",
        DiagnosticField.COLUMN_NAME: b"some_column",
        DiagnosticField.SOURCE_FUNCTION: b"some_function",
    }
    info |= {DiagnosticField[name.upper()]: value for name, value in fields.items()}
    return error(TELLTALE, info=info)


def test_the_walk_meets_the_whole_driver() -> None:
    """A walk over nothing would prove nothing."""
    assert len(STATES) > 200
    assert {psycopg.Error, psycopg.InterfaceError, psycopg.errors.ConnectionTimeout} < set(EVERY)


@pytest.mark.parametrize("error", EVERY, ids=lambda error: error.__name__)
@pytest.mark.parametrize("broken", [False, True])
def test_every_class_becomes_a_lumia_error_without_data(error: type[BaseException], *, broken: bool) -> None:
    """A log line with somebody's address in it is a leak."""
    mapped = map_postgresql_error(telling(error), broken=broken)

    assert isinstance(mapped, errors.LumiaError)
    if getattr(error, "sqlstate", None) not in QUOTING:
        assert TELLTALE not in str(mapped)
    assert TELLTALE not in str(map_postgresql_error(telling(error, message_primary=b"plain"), broken=broken))


@pytest.mark.parametrize("error", STATES, ids=lambda error: error.sqlstate)
def test_only_what_is_safe_to_repeat_is_repeated(error: type[psycopg.Error]) -> None:
    """The table of retries is exact: a state that is missing here is never repeated."""
    state = error.sqlstate or ""
    expected = state in RETRIED | RETRIED_BEFORE_COMMIT | RETRIED_CONNECTING or state.startswith("08")

    mapped = map_postgresql_error(telling(error))

    assert is_retryable(mapped) is expected


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("23505", errors.AlreadyExists),
        ("23P01", errors.AlreadyExists),
        ("23503", errors.InvalidReference),
        ("23001", errors.InvalidReference),
        ("23502", errors.InvalidValue),
        ("23514", errors.InvalidValue),
        ("22003", errors.InvalidValue),
        ("22001", errors.InvalidValue),
        ("22P02", errors.InvalidValue),
        ("25006", errors.TransactionError),
        ("25P02", errors.TransactionError),
        ("25P03", errors.TransactionError),
        ("28P01", errors.AuthenticationFailed),
        ("28000", errors.AuthenticationFailed),
        ("42501", errors.AuthenticationFailed),
        ("3D000", errors.DatabaseNotFound),
        ("40001", errors.Conflict),
        ("40P01", errors.Conflict),
        ("55P03", errors.Conflict),
        ("40003", errors.CommitOutcomeUnknown),
        ("57014", errors.StatementInterrupted),
        ("57P01", errors.ConnectionLost),
        ("57P03", errors.ServerUnreachable),
        ("08006", errors.ConnectionLost),
        ("53100", errors.DatabaseError),
        ("42601", errors.DatabaseError),
        ("XX000", errors.DatabaseError),
    ],
)
def test_states_mean_what_they_say(state: str, expected: type[errors.LumiaError]) -> None:
    """The class is the contract that callers catch."""
    mapped = map_postgresql_error(telling(psycopg.errors.lookup(state)))

    assert type(mapped) is expected


@pytest.mark.parametrize(
    ("constraint", "expected"),
    [
        ("inventory_on_hand_not_negative", errors.InsufficientStock),
        ("inventory_enough", errors.InsufficientStock),
        ("any_other_check", errors.InvalidValue),
    ],
)
def test_a_constraint_may_mean_more_than_its_kind(constraint: str, expected: type[errors.DatabaseError]) -> None:
    """Refused stock is not just a bad value."""
    mapped = map_postgresql_error(telling(psycopg.errors.CheckViolation, constraint_name=constraint.encode()))

    assert type(mapped) is expected
    assert isinstance(mapped, errors.DatabaseError)
    assert mapped.constraint == constraint


def test_a_missing_value_is_told_by_its_column() -> None:
    """Servers from 18 on name the constraint, older ones and SQLite do not."""
    mapped = map_postgresql_error(telling(psycopg.errors.NotNullViolation))

    assert isinstance(mapped, errors.InvalidValue)
    assert mapped.constraint is None
    assert "some_table.some_column" in str(mapped)


def test_a_plain_exception_of_a_trigger_is_read_by_its_message() -> None:
    """A trigger may raise without a constraint's name."""
    raised = telling(psycopg.errors.RaiseException, message_primary=b"lumia:inventory_enough")

    mapped = map_postgresql_error(raised)

    assert type(mapped) is errors.InsufficientStock


def test_a_stale_plan_is_told_from_an_unsupported_feature() -> None:
    """Only the first is worth preparing anew."""
    stale = telling(psycopg.errors.FeatureNotSupported, source_function=b"RevalidateCachedQuery")

    assert type(map_postgresql_error(stale)) is StalePlan
    assert type(map_postgresql_error(telling(psycopg.errors.FeatureNotSupported))) is errors.DatabaseError


@pytest.mark.parametrize(
    "error", [psycopg.DatabaseError("x"), psycopg.OperationalError("x"), psycopg.InternalError("x")]
)
def test_a_broken_connection_is_lost_whatever_the_driver_calls_it(error: psycopg.Error) -> None:
    """A lost backend can show as a bare DatabaseError."""
    assert type(map_postgresql_error(error, broken=True)) is errors.ConnectionLost


@pytest.mark.parametrize(
    "error",
    [
        OverflowError("int too big to convert"),
        UnicodeEncodeError("utf-8", TELLTALE, 0, 1, "surrogates not allowed"),
        psycopg.DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes"),
        psycopg.ProgrammingError("cannot adapt type 'object'"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_value_that_cannot_be_sent_is_an_invalid_value(error: Exception) -> None:
    """What the driver refuses before sending is the caller's value, too."""
    mapped = map_postgresql_error(error)

    assert type(mapped) is errors.InvalidValue
    assert TELLTALE not in str(mapped)


def test_a_lumia_error_passes_unchanged() -> None:
    """Mapped once is enough."""
    error = errors.NotFound("x")

    assert map_postgresql_error(error) is error
    assert map_connect_error(error, where="y") is error


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('FATAL:  password authentication failed for user "ada"', errors.AuthenticationFailed),
        ('FATAL:  role "ada" does not exist', errors.AuthenticationFailed),
        ("fe_sendauth: no password supplied", errors.AuthenticationFailed),
        ('FATAL:  no pg_hba.conf entry for host "x"', errors.AuthenticationFailed),
        ('FATAL:  permission denied for database "x"', errors.AuthenticationFailed),
        ('FATAL:  database "x" does not exist', errors.DatabaseNotFound),
        ("FATAL:  sorry, too many clients already", errors.ServerUnreachable),
        ("FATAL:  the database system is starting up", errors.ServerUnreachable),
        ("Connection refused", errors.ServerUnreachable),
        ("could not translate host name", errors.ServerUnreachable),
        ("timeout expired", errors.ServerUnreachable),
    ],
)
def test_the_reasons_for_no_connection_are_told_apart(text: str, expected: type[errors.LumiaError]) -> None:
    """Each needs another remedy."""
    mapped = map_connect_error(psycopg.OperationalError(f"{text} {TELLTALE}"), where="postgresql://host/db")

    assert type(mapped) is expected
    assert "postgresql://host/db" in str(mapped)
    assert TELLTALE not in str(mapped)
    assert "\n" not in str(mapped)
