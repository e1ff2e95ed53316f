"""Loads a folder of query files for one engine: a loader and adapter for aiosql, and the QuerySet made of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection
from functools import partial
from pathlib import Path
from typing import Any, Final, cast

from aiosql.queries import Queries
from aiosql.query_loader import QueryLoader
from aiosql.types import QueryDatum, SQLOperationType, SyncDriverAdapterProtocol
from aiosql.utils import SQLLoadException

from lumia.typedsql.adapter import SessionAdapter
from lumia.typedsql.annotations import Param
from lumia.typedsql.dialects import Dialect
from lumia.typedsql.overlay import read_folder
from lumia.typedsql.queryset import Query, QuerySet
from lumia.typedsql.registry import TypeRegistry
from lumia.typedsql.rowmaker import validates_rows
from lumia.typedsql.source import SourceFile, parse_source
from lumia.typedsql.statement import SourceQuery
from lumia.typedsql.variants import Variant, first_variant, variant_of

__all__ = ["OPERATIONS", "TypedQueryLoader", "load_queries"]


class TypedQueryLoader(QueryLoader):
    """An aiosql loader that checks each file first and makes every query's types known to the adapter."""

    def __init__(
        self,
        driver_adapter: SessionAdapter,
        registry: TypeRegistry,
        record_classes: dict[str, Any] | None = None,
    ) -> None:
        """Keep the adapter that renders and runs, and the registry that query files name their types from."""
        super().__init__(cast("SyncDriverAdapterProtocol", driver_adapter), record_classes)
        self._adapter = driver_adapter
        self._registry = registry

    def load_query_data_from_sql(
        self, sql: str, ns_parts: list[str], fname: Path | str = "<unknown>"
    ) -> list[QueryDatum]:
        """Check the text of one file and load its queries; raises QueryFileError with file and line."""
        return self.load_file(parse_source(sql, os.fspath(fname), self._registry), ns_parts)

    def load_file(self, file: SourceFile, ns_parts: list[str]) -> list[QueryDatum]:
        """Load the queries of a file that has been read and checked already.

        aiosql's own reader is not asked: it takes comments and strings for parameters and names, knows no lines once
        it has dropped a comment, and costs as much again. Without a parameter list aiosql passes values by position.
        """
        self._adapter.sources.update({query.full_name: query for query in file.queries})
        return [self._datum(query, first_variant(query), ns_parts) for query in file.queries]

    def variant(self, source: SourceQuery, given: Collection[str] = (), order: str | None = None) -> Query:
        """Load one statement of a query with markers as a query of its own, with that statement's parameters.

        Raises TypedSqlError for what `variant_of` refuses.
        """
        statement = variant_of(source, given, order)
        datum = self._datum(source, statement, [source.namespace])
        run = getattr(_bind_to_aiosql(self._adapter, source.namespace, [datum]), source.name)
        return _query(source, run, partial(self.variant, source), statement.params)

    def _datum(self, query: SourceQuery, statement: Variant, ns_parts: list[str]) -> QueryDatum:
        operation = OPERATIONS[query.operator]
        name = f"{query.full_name} {statement.label}".rstrip()
        self._adapter.statements[name] = statement
        return QueryDatum(
            query_name=".".join([*ns_parts, query.name]),
            doc_comments=query.header.doc,
            operation_type=operation,
            sql=self._adapter.process_sql(name, operation, statement.text),
            record_class=None,
            signature=None,
            floc=(query.path, query.line),
            attributes=None,
            parameters=None,
        )


OPERATIONS: Final = {
    "^": SQLOperationType.SELECT_ONE,
    "": SQLOperationType.SELECT,
    "$": SQLOperationType.SELECT_VALUE,
    "!": SQLOperationType.INSERT_UPDATE_DELETE,
    "*!": SQLOperationType.INSERT_UPDATE_DELETE_MANY,
}
"""aiosql's name for each mark."""


def load_queries(
    folder: Path, dialect: Dialect, registry: TypeRegistry, *, validate_rows: bool | None = None
) -> QuerySet:
    """Load every query of a folder for one engine.

    The files of the other engine are read and checked as well: a broken overlay is found on whichever engine runs.
    `validate_rows` validates every row with its DTO too; left out, LUMIA_VALIDATE_ROWS=1 says so.
    Raises QueryFileError with file and line, FileRefused if there is no such folder.
    """
    files = read_folder(Path(folder), registry)
    adapter = SessionAdapter(dialect)
    loader = TypedQueryLoader(adapter, registry)
    data: dict[str, list[QueryDatum]] = {}
    for file in files:
        mine = data.setdefault(file.namespace, [])
        if file.engine in {None, dialect.name}:
            mine += loader.load_file(file, [file.namespace])
    queries = {name: _bind_to_aiosql(adapter, name, found) for name, found in data.items()}
    validate = validates_rows() if validate_rows is None else validate_rows
    known = [
        _query(source, getattr(queries[source.namespace], source.name), partial(loader.variant, source), source.params)
        for source in adapter.sources.values()
    ]
    elsewhere = {
        query.full_name: query.engine
        for file in files
        if file.engine not in {None, dialect.name}
        for query in file.queries
        if query.header.only is not None and query.engine is not None
    }
    return QuerySet(dialect, adapter, known, tuple(data), elsewhere, validate=validate)


def _bind_to_aiosql(adapter: SessionAdapter, namespace: str, data: list[QueryDatum]) -> Queries:
    queries = Queries(cast("SyncDriverAdapterProtocol", adapter), kwargs_only=False)
    for datum in data:
        try:
            queries.load_from_list([datum])
        except SQLLoadException:
            source = adapter.sources[datum.query_name]
            message = f"aiosql keeps the name {source.name} in {namespace} for itself: choose another"
            raise source.refuse(message) from None
    return queries


def _query(
    source: SourceQuery, run: Callable[..., Any], variant: Callable[..., Query], params: tuple[Param, ...]
) -> Query:
    return Query(
        name=source.name,
        namespace=source.namespace,
        operation=source.operator,
        params=params,
        returns=source.returns,
        doc=source.header.doc,
        sql=vars(run)["sql"],
        path=Path(source.path),
        line=source.line,
        portable=source.engine is None,
        differs=source.header.differs,
        only=source.header.only,
        scan=source.header.scan,
        writes=source.writes,
        run=run,
        optional=source.optional,
        orders=source.orders,
        variant=variant,
    )
