"""Values across the engines: rows become models exactly as at run time, and arguments are decoded and encoded again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, Final

from lumia.typedsql.annotations import Param
from lumia.typedsql.check.values import value_words
from lumia.typedsql.codegen import Scope, Source
from lumia.typedsql.dialect_postgresql import POSTGRESQL
from lumia.typedsql.dialect_sqlite import SQLITE
from lumia.typedsql.dialects import Dialect
from lumia.typedsql.logical import LogicalType
from lumia.typedsql.rowmaker import MISFITS, RowMaker
from lumia.typedsql.session import Row
from lumia.typedsql.statement import SourceQuery

__all__ = ["RowsMaker", "encoded", "row_maker", "to_python"]

_DIALECTS: Final[dict[str, Dialect]] = {"postgresql": POSTGRESQL, "sqlite": SQLITE}


RowsMaker = Callable[[Sequence[Row]], list[Any]]
"""Turns an engine's rows into models."""


def row_maker(query: SourceQuery, engine: str) -> RowsMaker:
    """Compile what turns an engine's rows into models, each validated as with LUMIA_VALIDATE_ROWS=1.

    What it gives raises TypedSqlError for a row that does not fit.
    """
    return RowMaker(query.full_name, query.returns, _DIALECTS[engine], validate=True).all()


def to_python(params: Sequence[Param], arguments: Sequence[Any]) -> tuple[Any, ...] | None:
    """Decode arguments as SQLite has them; None if one is not of its parameter's type."""
    found: list[Any] = []
    for param, value in zip(params, arguments, strict=True):
        if (value is None and not param.type.optional) or value_words(param.type, value) is not None:
            return None
        try:
            found.append(_function(param.type, "decoded")(value))
        except MISFITS:
            return None
    return tuple(found)


def encoded(params: Sequence[Param], values: Sequence[Any], engine: str) -> tuple[Any, ...]:
    """Encode Python values as an engine's driver takes them."""
    return tuple(_function(param.type, engine)(value) for param, value in zip(params, values, strict=True))


@lru_cache(maxsize=512)
def _function(logical: LogicalType, way: str) -> Callable[[Any], Any]:
    source, scope = Source(), Scope()
    source.open("def change(_c0):")
    write = SQLITE.decoded if way == "decoded" else _DIALECTS[way].encoded
    source.add(f"return {write(logical, '_c0', scope)}")
    return source.build("change", f"{way} {logical}", scope)
