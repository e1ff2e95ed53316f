"""One engine as typed SQL's own tests stand on it: a dialect, a bare session and a folder for query files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lumia.typedsql import SQLITE, BoundQueries, Dialect, QuerySet, TypeRegistry, load_queries
from tests.support import sample_dtos
from tests.support.typed_sessions import BarePostgresql, BareSqlite, Lender, write_files

__all__ = ["REGISTRY", "Ground"]

REGISTRY = TypeRegistry.of(sample_dtos)


@dataclass
class Ground:
    """A session on one engine and what it takes to run a query file on it."""

    dialect: Dialect
    session: BareSqlite | BarePostgresql
    folder: Path

    def load(self, **files: str) -> QuerySet:
        """Write query files and load them for this engine."""
        return load_queries(write_files(self.folder, **files), self.dialect, REGISTRY)

    def bind(self, **files: str) -> BoundQueries:
        """Write query files, load them and bind them to the session."""
        return self.load(**files).bind(Lender(self.session))

    def run(self, sqlite: str, postgresql: str | None = None) -> None:
        """Run a statement of set-up, spelt per engine where it must be."""
        text = sqlite if self.dialect is SQLITE or postgresql is None else postgresql
        self.session.connection.execute(text)
