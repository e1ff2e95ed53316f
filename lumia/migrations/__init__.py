"""The schema's migrations and the runner that applies them; the engines lend it a connection."""

from __future__ import annotations

from lumia.migrations.files import FOLDER, OWN_FROM, Migration, load_migrations, schema_digest
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
    "OWN_FROM",
    "AppliedMigration",
    "Migration",
    "MigrationStatus",
    "MigrationTarget",
    "MigrationWork",
    "baseline",
    "check",
    "load_migrations",
    "migrate",
    "schema_digest",
    "status",
]
