"""One exception tree for everything that Lumia raises; imports no driver.

Every error carries one sentence that says what is wrong and what to do. Messages never hold personal data: they name
keys, constraints, files and limits, not e-mail addresses, names or tokens.
"""

from __future__ import annotations

from typing import ClassVar

__all__ = [
    "AlreadyExists",
    "AuthenticationFailed",
    "CommitOutcomeUnknown",
    "ConfigurationError",
    "Conflict",
    "ConnectionLost",
    "CouponRefused",
    "DatabaseError",
    "DatabaseNotFound",
    "DomainError",
    "FileRefused",
    "IdempotencyConflict",
    "IllegalTransition",
    "ImportRefused",
    "InsufficientStock",
    "InvalidReference",
    "InvalidUrl",
    "InvalidValue",
    "LoginRefused",
    "LumiaError",
    "MigrationError",
    "MigrationsPending",
    "NotALumiaDatabase",
    "NotFound",
    "PoolExhausted",
    "QueryFileError",
    "SchemaTooNew",
    "ServerUnreachable",
    "StatementInterrupted",
    "TotalChanged",
    "TransactionError",
    "TypedSqlError",
    "UnavailableItem",
]


class LumiaError(Exception):
    """Base of every error that Lumia raises; `exit_code` is what the command line ends with."""

    exit_code: ClassVar[int] = 1


# --- set-up: the caller's configuration, the file, the server ---------------------------------------------------------


class ConfigurationError(LumiaError):
    """A setting, argument or environment cannot be used as given."""

    exit_code = 2


class InvalidUrl(ConfigurationError):
    """The database URL has an unknown scheme or cannot be read."""


class FileRefused(ConfigurationError):
    """A path is a directory, unreadable, or not what the call needs."""


class DatabaseNotFound(ConfigurationError):
    """The database does not exist and the caller did not ask to create it."""


class NotALumiaDatabase(ConfigurationError):
    """The file or schema exists but is empty, foreign or damaged."""


class SchemaTooNew(ConfigurationError):
    """The database was migrated by a newer Lumia than this one."""


class MigrationsPending(ConfigurationError):
    """The database is older than this Lumia; migrate it first."""


class MigrationError(LumiaError):
    """A migration failed, was edited after it ran, or is out of order; nothing of it was kept."""

    exit_code = 3


class ServerUnreachable(LumiaError):
    """No PostgreSQL server answered at that address."""

    exit_code = 4


class AuthenticationFailed(LumiaError):
    """The server refused the role, its password, or its access to the database."""

    exit_code = 4


# --- running: connections, transactions, conflicts --------------------------------------------------------------------


class DatabaseError(LumiaError):
    """The engine failed in a way that has no closer name (disk full, I/O error, damage, a bug); never retried.

    `constraint` is the violated constraint's name where the engine tells it.
    """

    exit_code = 5

    def __init__(self, message: str, *, constraint: str | None = None) -> None:
        """Keep the message and the constraint's name."""
        super().__init__(message)
        self.constraint = constraint


class ConnectionLost(DatabaseError):
    """The connection broke before COMMIT was sent; nothing was kept, the unit may be repeated."""


class CommitOutcomeUnknown(DatabaseError):
    """The connection broke, or the server warned, during COMMIT; ask with the idempotency key, never repeat blindly."""


class PoolExhausted(DatabaseError):
    """No connection became free in time."""


class Conflict(DatabaseError):
    """Another transaction was in the way (deadlock, lock timeout, busy file); the unit may be repeated."""


class StatementInterrupted(DatabaseError):
    """A statement was cancelled or ran into its time limit."""


class TransactionError(LumiaError):
    """A unit of work was used wrongly: after an error, after its end, or from outside while it is open."""


# --- data: what the database's own constraints refuse -----------------------------------------------------------------


class InvalidValue(DatabaseError):
    """A value is outside its type, range or format (NOT NULL, CHECK, domain, enum)."""

    exit_code = 6


class AlreadyExists(DatabaseError):
    """A unique key is taken."""

    exit_code = 6


class InvalidReference(DatabaseError):
    """A referenced row does not exist, or a row is still referenced."""

    exit_code = 6


# --- domain: what the shop's rules refuse -----------------------------------------------------------------------------


class DomainError(DatabaseError):
    """Base of the shop's own refusals."""

    exit_code = 7


class NotFound(DomainError):
    """The thing asked for does not exist."""


class LoginRefused(DomainError):
    """No entry with this address and password now; whether one is wrong or it is too early is not said."""


class InsufficientStock(DomainError):
    """Less is available than was asked for; nothing was taken."""


class UnavailableItem(DomainError):
    """A line's variant is not for sale (inactive, archived or a draft)."""


class TotalChanged(DomainError):
    """The total that the customer agreed to is not the total now; quote again."""


class IllegalTransition(DomainError):
    """The life cycle has no such step from the present state."""


class CouponRefused(DomainError):
    """A coupon does not apply or has no slot left."""


class IdempotencyConflict(DomainError):
    """The idempotency key was used before for a different request."""


# --- files and typed SQL ----------------------------------------------------------------------------------------------


class ImportRefused(LumiaError):
    """An import file cannot be read as what it should be; nothing was imported."""

    exit_code = 8


class TypedSqlError(LumiaError):
    """A query file, its annotations or a call of a query is wrong."""

    exit_code = 9


class QueryFileError(TypedSqlError):
    """A query file breaks a rule; `path` and `line` say where."""

    def __init__(self, message: str, *, path: str, line: int) -> None:
        """Put file and line in front of the message."""
        super().__init__(f"{path}:{line}: {message}")
        self.path = path
        self.line = line
