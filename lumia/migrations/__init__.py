"""The schema's migrations and the runner that applies them; the engines lend it a connection."""

from __future__ import annotations

from lumia.migrations.files import FOLDER, Migration, load_migrations
from lumia.migrations.runner import (
    AppliedMigration,
    MigrationStatus,
    MigrationTarget,
    MigrationWork,
    baseline,
    check,
    migrate,
    status,
)

__all__ = [
    "FOLDER",
    "AppliedMigration",
    "Migration",
    "MigrationStatus",
    "MigrationTarget",
    "MigrationWork",
    "baseline",
    "check",
    "load_migrations",
    "migrate",
    "status",
]
