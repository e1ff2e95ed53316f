"""Typed SQL: named queries in `.sql` files, checked arguments, compiled rows, one meaning on two engines."""

from __future__ import annotations

from lumia.typedsql.annotations import Param, Returns
from lumia.typedsql.calls import PreparedCall
from lumia.typedsql.dialect_postgresql import POSTGRESQL
from lumia.typedsql.dialect_sqlite import SQLITE
from lumia.typedsql.dialects import Dialect
from lumia.typedsql.loader import TypedQueryLoader, load_queries
from lumia.typedsql.logical import LogicalType
from lumia.typedsql.queryset import BoundQueries, Query, QuerySet, UnknownQueryError
from lumia.typedsql.registry import TypeRegistry
from lumia.typedsql.rowmaker import compose
from lumia.typedsql.session import Params, Row, Session, SessionSource
from lumia.typedsql.unset import UNSET, Unset
from lumia.typedsql.using import prepare, stream

__all__ = [
    "POSTGRESQL",
    "SQLITE",
    "UNSET",
    "BoundQueries",
    "Dialect",
    "LogicalType",
    "Param",
    "Params",
    "PreparedCall",
    "Query",
    "QuerySet",
    "Returns",
    "Row",
    "Session",
    "SessionSource",
    "TypeRegistry",
    "TypedQueryLoader",
    "UnknownQueryError",
    "Unset",
    "compose",
    "load_queries",
    "prepare",
    "stream",
]
