"""Brings a database to the schema of the code, one transaction per file, safely also when several try at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from lumia.errors import MigrationError, MigrationsPending, NotALumiaDatabase, SchemaTooNew
from lumia.migrations.files import OWN_FROM, Migration
from lumia.types import Clock

__all__ = [
    "AppliedMigration",
    "MigrationStatus",
    "MigrationTarget",
    "MigrationWork",
    "baseline",
    "check",
    "latest",
    "migrate",
    "status",
]

_HOW = "run `lumia migrate` or connect(..., migrate=True)"


@dataclass(frozen=True, slots=True)
class AppliedMigration:
    """A row of `schema_migrations`.

    Attributes:
        version: the step's number.
        name: the step's name.
        checksum: sha256 of the file that ran.
        applied_at: when, aware and in UTC; later than every step that ran before.
        schema_digest: sha256 of the schema as the step left it.
    """

    version: int
    name: str
    checksum: str
    applied_at: datetime
    schema_digest: str


class MigrationWork(Protocol):
    """One connection that migrates."""

    @property
    def where(self) -> str:
        """The database in words, without secrets."""
        ...

    def applied(self) -> tuple[AppliedMigration, ...] | None:
        """The recorded steps in order, () right after the bookkeeping was made, None where there is no Lumia schema.

        Raises:
            NotALumiaDatabase: what is there belongs to something else, or is damaged.
        """
        ...

    def exclusive(self, *, rebuild: bool) -> AbstractContextManager[None]:
        """One transaction that no other runner can have at the same time, with the bookkeeping table made in it.

        `rebuild` switches SQLite's foreign keys off around it, and checks them and the row counts before COMMIT.

        Raises:
            Conflict: another runner held it for too long.
        """
        ...

    def run(self, migration: Migration) -> None:
        """Run a file inside `exclusive`.

        Raises:
            MigrationError: the engine refused it; file, line and reason are said.
        """
        ...

    def record(self, migration: Migration, applied_at: datetime) -> None:
        """Write the step's row, with the digest of the schema as it is now."""
        ...

    def verify(self, applied: Sequence[AppliedMigration], *, full: bool) -> None:
        """Compare the schema with the recorded digest: SQLite's always, PostgreSQL's if `full` asks for it.

        Raises:
            NotALumiaDatabase: somebody else changed the schema, or with `full` a file is damaged.
        """
        ...


class MigrationTarget(Protocol):
    """A database that can be migrated."""

    def open(self, *, create: bool) -> AbstractContextManager[MigrationWork]:
        """Open a connection for migrating; `create` makes the file or the PostgreSQL schema if it is missing."""
        ...


@dataclass(frozen=True, slots=True)
class MigrationStatus:
    """What ran and what is still to run.

    Attributes:
        where: the database in words.
        applied: the recorded steps in order; empty for a database without a Lumia schema.
        pending: the steps to run, in order.
    """

    where: str
    applied: tuple[AppliedMigration, ...]
    pending: tuple[Migration, ...]


def _pending(applied: Sequence[AppliedMigration], migrations: Sequence[Migration]) -> tuple[Migration, ...]:
    """Give the steps to run: Lumia's, then the embedder's own, each in the order of its numbers."""
    ours = [row for row in applied if row.version < OWN_FROM]
    theirs = [row for row in applied if row.version >= OWN_FROM]
    own = [migration for migration in migrations if migration.version >= OWN_FROM]
    pending = _pending_of(
        ours,
        [migration for migration in migrations if migration.version < OWN_FROM],
        "this Lumia ends at {newest:04}; install a newer Lumia",
    )
    # Whoever opens the shop without its embedder's folder, such as the command line, leaves those tables alone.
    return pending + (
        _pending_of(theirs, own, "your folder ends at {newest:04}; deploy its newer files") if own else ()
    )


def _pending_of(
    applied: Sequence[AppliedMigration], migrations: Sequence[Migration], too_new: str
) -> tuple[Migration, ...]:
    known = {migration.version: migration for migration in migrations}
    newest = max(known, default=0)
    for row in applied:
        migration = known.get(row.version)
        if migration is None and row.version > newest:
            message = f"the database has step {row.version:04}, {too_new.format(newest=newest)}"
            raise SchemaTooNew(message)
        if migration is None:
            message = f"the database has step {row.version:04} {row.name}, whose file is gone; restore the file"
            raise MigrationError(message)
        if migration.checksum != row.checksum:
            message = f"{migration.filename} was edited after it ran; restore it and write a new migration instead"
            raise MigrationError(message)
    done = {row.version for row in applied}
    pending = tuple(migration for migration in migrations if migration.version not in done)
    if pending and done and pending[0].version < max(done):
        message = f"{pending[0].filename} is out of order: {max(done):04} ran already; give it the next number"
        raise MigrationError(message)
    return pending


def _rows(work: MigrationWork, *, create: bool) -> tuple[AppliedMigration, ...]:
    applied = work.applied()
    if applied is None and not create:
        message = f"{work.where} holds no Lumia schema; make one with `lumia init` or connect(..., create=True)"
        raise NotALumiaDatabase(message)
    return applied or ()


def status(target: MigrationTarget, migrations: Sequence[Migration]) -> MigrationStatus:
    """Tell what ran and what would run; changes nothing, so that it is the dry run of `migrate` too.

    Raises:
        DatabaseNotFound: there is no such file or database.
        NotALumiaDatabase: it belongs to something else.
        SchemaTooNew: it was migrated by a newer Lumia.
        MigrationError: a file was edited after it ran, is gone, or is out of order.
    """
    with target.open(create=False) as work:
        applied = work.applied() or ()
        return MigrationStatus(work.where, applied, _pending(applied, migrations))


def migrate(
    target: MigrationTarget,
    migrations: Sequence[Migration],
    *,
    clock: Clock,
    create: bool = False,
    on_applied: Callable[[Migration], None] | None = None,
) -> tuple[Migration, ...]:
    """Run what is pending; several processes may do so at once, and each step runs once.

    Args:
        target: the database.
        migrations: all steps of its engine.
        clock: gives the times that are recorded.
        create: make the file or schema first if it is missing or empty.
        on_applied: told of each step after its COMMIT.

    Returns:
        The steps that this call ran.

    Raises:
        MigrationError: a file failed, and nothing of it was kept; or one was edited or is out of order.
        Conflict: another runner was at it for too long.
        DatabaseNotFound: it does not exist and `create` is False.
        NotALumiaDatabase: it is empty and `create` is False, or it belongs to something else.
        SchemaTooNew: it was migrated by a newer Lumia.
    """
    ran: list[Migration] = []
    with target.open(create=create) as work:
        while pending := _pending(_rows(work, create=create), migrations):
            step = pending[0]
            with work.exclusive(rebuild=step.rebuild):
                # Another runner may have been faster while this one waited.
                applied = work.applied() or ()
                if (still := _pending(applied, migrations)) and still[0] is step:
                    if applied:
                        work.verify(applied, full=False)
                    work.run(step)
                    work.record(step, _later(clock(), applied))
                    ran.append(step)
                else:
                    continue
            if on_applied is not None:
                on_applied(step)
    return tuple(ran)


def baseline(
    target: MigrationTarget, migrations: Sequence[Migration], *, version: int, clock: Clock
) -> tuple[Migration, ...]:
    """Record the steps up to `version` as done without running them, for a schema that was made in another way.

    Raises:
        MigrationError: steps are recorded already, or there is no step of that number.
        DatabaseNotFound: the database does not exist.
    """
    steps = tuple(migration for migration in migrations if migration.version <= version)
    if not steps or steps[-1].version != version:
        message = f"there is no step {version:04}; `lumia status` lists them"
        raise MigrationError(message)
    with target.open(create=False) as work, work.exclusive(rebuild=False):
        if work.applied():
            message = f"{work.where} records its steps already; run `lumia migrate`"
            raise MigrationError(message)
        for step in steps:
            work.record(step, clock())
    return steps


def latest(applied: Sequence[AppliedMigration]) -> AppliedMigration:
    """Give the step that ran last, which need not be the one with the largest number: an embedder's own may be it."""
    return max(applied, key=lambda row: row.applied_at)


def _later(now: datetime, applied: Sequence[AppliedMigration]) -> datetime:
    """Give an instant behind every recorded one: the step that ran last says what the schema is like."""
    return max([now, *(row.applied_at + timedelta(microseconds=1) for row in applied)])


def check(target: MigrationTarget, migrations: Sequence[Migration], *, full: bool) -> None:
    """Refuse a database that this code cannot work with; changes nothing.

    Args:
        target: the database.
        migrations: all steps of its engine.
        full: compare the schema itself with what the last step left, too.

    Raises:
        MigrationsPending: it is older than the code.
        DatabaseNotFound: it does not exist.
        NotALumiaDatabase: it is empty, foreign, damaged, or was changed by somebody else.
        SchemaTooNew: it was migrated by a newer Lumia.
        MigrationError: a file was edited after it ran, is gone, or is out of order.
    """
    with target.open(create=False) as work:
        applied = _rows(work, create=False)
        pending = _pending(applied, migrations)
        if pending:
            first = pending[0]
            message = f"{work.where} lacks {len(pending)} of {len(migrations)} steps, the next is {first.label}; {_HOW}"
            raise MigrationsPending(message)
        work.verify(applied, full=full)
