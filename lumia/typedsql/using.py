"""Typed ways around the plain call: a call to be run in a pipeline, and rows that are read in batches."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, ParamSpec, TypeVar

from lumia.typedsql.calls import PreparedCall

__all__ = ["prepare", "stream"]

P = ParamSpec("P")
ResultT = TypeVar("ResultT")
RowT = TypeVar("RowT")


def prepare(query: Callable[P, ResultT], /, *args: P.args, **arguments: P.kwargs) -> PreparedCall[ResultT]:
    """Check and encode a bound query's arguments for `q.pipeline(…)`; type checkers know its result.

    Args:
        query: a bound query, such as `q.orders.get_order`.
        args: none; arguments are keywords.
        arguments: as the query itself takes them.

    Returns:
        The call, which has not run.

    Raises:
        TypedSqlError: an argument is unknown, missing, or of another type.
        InvalidValue: a value is out of its type's range.
    """
    bound: Any = query
    call: PreparedCall[ResultT] = bound.call(*args, **arguments)
    return call


def stream(query: Callable[P, list[RowT]], /, *, size: int = 1000) -> Callable[P, Iterator[RowT]]:
    """Give a bound list query as a function that yields its rows one by one, read in batches of `size`.

    `stream(q.imports.list_known_variants, size=5000)()`. The session stays borrowed until the iterator is used up or
    closed. Arguments are checked at the call, not at the first row.

    Args:
        query: a bound query that gives a list, such as `q.orders.list_order_items`.
        size: how many rows are read at a time, 1 or more.
    """
    bound: Any = query

    def rows(*args: P.args, **arguments: P.kwargs) -> Iterator[RowT]:
        found: Iterator[RowT] = bound.stream(*args, size=size, **arguments)
        return found

    return rows
