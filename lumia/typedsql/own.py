"""Loads an embedder's own queries: proven ones run as fast as any, others have every row validated."""

from __future__ import annotations

from pathlib import Path

from lumia.typedsql.contract import CONTRACT, contract_of, read_contract
from lumia.typedsql.dialects import Dialect
from lumia.typedsql.loader import load_queries
from lumia.typedsql.overlay import read_folder
from lumia.typedsql.queryset import QuerySet
from lumia.typedsql.registry import TypeRegistry
from lumia.typedsql.rowmaker import validates_rows

__all__ = ["is_proven", "load_own"]


def load_own(folder: Path, dialect: Dialect, registry: TypeRegistry, *, schema: str) -> QuerySet:
    """Load a folder of queries; without a contract that fits, every row is validated with its DTO.

    Args:
        folder: the query files, and beside them the contract that `lumia sql check --write` makes.
        dialect: of the engine that will run them.
        registry: what the files name.
        schema: the digest of the schema that they will run on.

    Raises:
        FileRefused: there is no such folder.
        QueryFileError: a file breaks a rule; file and line are said.
        TypedSqlError: the contract cannot be read.
    """
    validate = validates_rows() or not is_proven(folder, dialect, registry, schema=schema)
    return load_queries(folder, dialect, registry, validate_rows=validate)


def is_proven(folder: Path, dialect: Dialect, registry: TypeRegistry, *, schema: str) -> bool:
    """Whether the folder's contract says what its files, the DTOs and the engine's schema say now."""
    proven = read_contract(folder / CONTRACT)
    if proven is None or proven.schema.get(dialect.name) != schema:
        return False
    now = contract_of(read_folder(folder, registry), schema=proven.schema)
    stated = {
        name: {key: fact for key, fact in entry.items() if key != "described"} for name, entry in proven.queries.items()
    }
    return now.types == proven.types and now.queries == stated
