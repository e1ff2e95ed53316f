"""Lays engine files over portable ones: each name is portable, or in both overrides, never both kinds."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from lumia.errors import FileRefused, QueryFileError
from lumia.typedsql.annotations import ENGINES
from lumia.typedsql.registry import TypeRegistry
from lumia.typedsql.source import SourceFile, read_source
from lumia.typedsql.statement import SourceQuery

__all__ = ["check_overlay", "check_place", "read_folder"]


def read_folder(folder: Path, registry: TypeRegistry) -> tuple[SourceFile, ...]:
    """Read every query file of the folder, sorted by name, and check how they lie over each other.

    Raises FileRefused if the folder is none, and QueryFileError for every broken rule.
    """
    if not folder.is_dir():
        message = f"{folder} is not a folder of .sql files"
        raise FileRefused(message)
    paths = sorted(folder.glob("**/*.sql"))
    for path in paths:
        check_place(path, folder)
    files = tuple(read_source(path, registry) for path in paths)
    check_overlay(files)
    return files


def check_place(path: Path, folder: Path) -> None:
    """Refuse a query file in a folder below: it would never be loaded."""
    if path.parent != folder:
        message = "query files stand in the folder itself: the loader reads no folders below it"
        raise QueryFileError(message, path=str(path), line=1)


def check_overlay(files: Sequence[SourceFile]) -> None:
    """Refuse names of both kinds, overrides without a partner or a reason, and pairs that need not differ."""
    portable = {query.full_name: query for file in files if file.engine is None for query in file.queries}
    overrides = {
        engine: {query.full_name: query for file in files if file.engine == engine for query in file.queries}
        for engine in ENGINES
    }
    for query in portable.values():
        if query.header.differs is not None or query.header.only is not None:
            message = "@differs and @only belong to overrides; this file is portable"
            raise query.refuse(message)
    for engine, other in (ENGINES, ENGINES[::-1]):
        for name, query in overrides[engine].items():
            if name in portable:
                message = f"this name is portable too, in {Path(portable[name].path).name}:{portable[name].line}"
                raise query.refuse(message)
            _check_partner(query, overrides[other].get(name), engine, other)


def _check_partner(query: SourceQuery, partner: SourceQuery | None, engine: str, other: str) -> None:
    if query.header.only is not None:
        if query.header.only != engine or partner is not None:
            message = f"@only {query.header.only}, but the name stands in a {other if partner else engine} file"
            raise query.refuse(message)
        return
    if partner is None:
        message = (
            f"{query.namespace}.{other}.sql has no query of this name: write it there, or say `@only {engine}: why`"
        )
        raise query.refuse(message)
    if query.header.differs is None:
        message = "an override says why it differs: add `-- @differs: why`"
        raise query.refuse(message)
    if engine == ENGINES[0]:
        return
    if _contract(query) != _contract(partner):
        message = f"mark, parameters, markers and result must equal those in {Path(partner.path).name}:{partner.line}"
        raise query.refuse(message)
    if _squeezed(query) == _squeezed(partner):
        message = "both overrides are equal but for white space: make it portable"
        raise query.refuse(message)


def _contract(query: SourceQuery) -> tuple[object, ...]:
    # Which arguments go together, and in which order: what one engine takes must not be refused on the other.
    uses = {
        (name, frozenset(condition.names), frozenset(condition.orders))
        for condition in query.conditions
        for name in condition.binds
        if name in query.optional
    }
    return query.operator, query.params, query.returns, query.optional, query.orders, uses


def _squeezed(query: SourceQuery) -> str:
    return "".join(":".join(query.pieces).split())
