"""Every error of sqlite3 becomes one Lumia error, and none of them carries data along."""

from __future__ import annotations

import inspect
import sqlite3

import pytest

from lumia import errors
from lumia.engine.errors_sqlite import map_sqlite_error
from lumia.engine.retry import is_retryable

TELLTALE = "ada@example.com"

CLASSES = sorted(
    {
        member
        for _, member in inspect.getmembers(sqlite3, inspect.isclass)
        if issubclass(member, (sqlite3.Error, sqlite3.Warning))
    },
    key=lambda member: member.__name__,
)

NOT_RESULTS = (
    "DBCONFIG",
    "LIMIT",
    "DENY",
    "IGNORE",
    "ALTER",
    "ANALYZE",
    "ATTACH",
    "CREATE",
    "DELETE",
    "DETACH",
    "DROP",
)
"""Constants of the module that are no result codes: they share its prefix."""

CODES = {
    name: value
    for name, value in inspect.getmembers(sqlite3)
    if name.startswith("SQLITE_") and isinstance(value, int) and name.split("_")[1] not in NOT_RESULTS
} | {"SQLITE_CONSTRAINT_DATATYPE": 3091}


def raised(code: int, message: str, name: str = "SQLITE_X") -> sqlite3.Error:
    """An error as the module raises it."""
    error = sqlite3.DatabaseError(message)
    error.sqlite_errorcode = code
    error.sqlite_errorname = name
    return error


def test_the_walk_meets_the_whole_driver() -> None:
    """A walk over nothing would prove nothing."""
    assert {sqlite3.IntegrityError, sqlite3.OperationalError, sqlite3.Warning} < set(CLASSES)
    assert len(CODES) > 80
    assert {"SQLITE_BUSY_SNAPSHOT", "SQLITE_CONSTRAINT_UNIQUE", "SQLITE_IOERR_FSYNC"} < set(CODES)


@pytest.mark.parametrize("error", CLASSES, ids=lambda error: error.__name__)
def test_every_class_becomes_a_lumia_error_without_data(error: type[Exception]) -> None:
    """The driver raises some of its own errors without a code."""
    mapped = map_sqlite_error(error(TELLTALE))

    assert isinstance(mapped, errors.LumiaError)
    assert TELLTALE not in str(mapped)


@pytest.mark.parametrize("name", sorted(CODES))
@pytest.mark.parametrize("read_only", [False, True])
def test_every_code_becomes_a_lumia_error_without_data(name: str, *, read_only: bool) -> None:
    """A log line with somebody's address in it is a leak; SQL errors quote the statement's own text alone."""
    mapped = map_sqlite_error(raised(CODES[name], TELLTALE, name), read_only=read_only)

    assert isinstance(mapped, errors.LumiaError)
    if CODES[name] & 0xFF != sqlite3.SQLITE_ERROR:
        assert TELLTALE not in str(mapped)


@pytest.mark.parametrize("name", sorted(CODES))
def test_only_what_is_safe_to_repeat_is_repeated(name: str) -> None:
    """The table of retries is exact: BUSY and LOCKED in all their forms, and nothing else."""
    expected = CODES[name] & 0xFF in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}

    mapped = map_sqlite_error(raised(CODES[name], "x", name))

    assert is_retryable(mapped) is expected


@pytest.mark.parametrize(
    ("code", "message", "expected", "constraint"),
    [
        ("SQLITE_CONSTRAINT_CHECK", "CHECK constraint failed: notes_size", errors.InvalidValue, "notes_size"),
        (
            "SQLITE_CONSTRAINT_CHECK",
            "CHECK constraint failed: inventory_on_hand_not_negative",
            errors.InsufficientStock,
            "inventory_on_hand_not_negative",
        ),
        ("SQLITE_CONSTRAINT_NOTNULL", "NOT NULL constraint failed: notes.size", errors.InvalidValue, None),
        ("SQLITE_CONSTRAINT_FOREIGNKEY", "FOREIGN KEY constraint failed", errors.InvalidReference, None),
        ("SQLITE_CONSTRAINT_UNIQUE", "UNIQUE constraint failed: notes.a, notes.b", errors.AlreadyExists, "found"),
        ("SQLITE_CONSTRAINT_UNIQUE", "UNIQUE constraint failed: index 'notes_x'", errors.AlreadyExists, "notes_x"),
        ("SQLITE_CONSTRAINT_PRIMARYKEY", "UNIQUE constraint failed: notes.a", errors.AlreadyExists, "found"),
        ("SQLITE_CONSTRAINT_TRIGGER", "lumia:inventory_enough", errors.InsufficientStock, "inventory_enough"),
        (
            "SQLITE_CONSTRAINT_TRIGGER",
            "lumia:order_status_history_transition_fkey",
            errors.IllegalTransition,
            "order_status_history_transition_fkey",
        ),
        ("SQLITE_CONSTRAINT_TRIGGER", TELLTALE, errors.InvalidValue, None),
        ("SQLITE_CONSTRAINT_DATATYPE", "cannot store TEXT value in INTEGER column t.a", errors.InvalidValue, None),
    ],
)
def test_constraints_are_told_apart(
    code: str, message: str, expected: type[errors.DatabaseError], constraint: str | None
) -> None:
    """The same violation gives the same class as on PostgreSQL, and the constraint's name where it can be known."""
    mapped = map_sqlite_error(raised(CODES[code], message), key_name=lambda _: "found")

    assert type(mapped) is expected
    assert mapped.constraint == constraint
    assert TELLTALE not in str(mapped)


def test_a_refused_write_in_a_reading_unit_is_the_units_fault() -> None:
    """The file itself may well be writable."""
    error = raised(sqlite3.SQLITE_READONLY, "attempt to write a readonly database")

    assert type(map_sqlite_error(error, read_only=True)) is errors.TransactionError
    assert type(map_sqlite_error(error)) is errors.DatabaseError


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("SQLITE_BUSY", errors.Conflict),
        ("SQLITE_BUSY_SNAPSHOT", errors.Conflict),
        ("SQLITE_LOCKED", errors.Conflict),
        ("SQLITE_INTERRUPT", errors.StatementInterrupted),
        ("SQLITE_FULL", errors.DatabaseError),
        ("SQLITE_IOERR_WRITE", errors.DatabaseError),
        ("SQLITE_CORRUPT", errors.DatabaseError),
        ("SQLITE_NOTADB", errors.NotALumiaDatabase),
        ("SQLITE_CANTOPEN", errors.FileRefused),
        ("SQLITE_TOOBIG", errors.InvalidValue),
    ],
)
def test_codes_mean_what_they_say(code: str, expected: type[errors.LumiaError]) -> None:
    """The class is the contract that callers catch."""
    assert type(map_sqlite_error(raised(CODES[code], "x", code))) is expected


@pytest.mark.parametrize(
    ("statement", "value", "expected"),
    [
        ("SELECT ?1", 2**63, errors.InvalidValue),
        ("SELECT ?1", "\ud800", errors.InvalidValue),
        ("SELECT ?1", object(), errors.InvalidValue),
        ("SELECT sum(v) FROM (SELECT 9223372036854775807 AS v UNION ALL SELECT ?1)", 1, errors.InvalidValue),
        ("SELECT json_extract(?1, '$.a')", "{", errors.InvalidValue),
        ("SELECT nonsense(?1)", 1, errors.DatabaseError),
    ],
)
def test_what_a_value_can_do_wrong_is_an_invalid_value(
    statement: str, value: object, expected: type[errors.LumiaError]
) -> None:
    """The module raises six kinds of exceptions for it, some of them not its own."""
    connection = sqlite3.connect(":memory:")

    with pytest.raises(Exception) as caught:  # noqa: PT011 - the kinds are the point
        connection.execute(statement, (value,)).fetchall()
    connection.close()

    assert type(map_sqlite_error(caught.value)) is expected


def test_a_closed_connection_is_a_use_after_the_end() -> None:
    """The shop was closed while somebody still used it."""
    connection = sqlite3.connect(":memory:")
    connection.close()

    with pytest.raises(sqlite3.ProgrammingError) as caught:
        connection.execute("SELECT 1")

    assert type(map_sqlite_error(caught.value)) is errors.TransactionError


def test_a_lumia_error_passes_unchanged() -> None:
    """Mapped once is enough."""
    error = errors.NotFound("x")

    assert map_sqlite_error(error) is error
