"""What every repository has: its context, pages by key, and the refusal of a missing row.

A writing method is one unit of work: all of it or nothing, and inside a caller's transaction a savepoint, so that a
refused method leaves that transaction usable. A reading method is one query call or one pipeline of a few.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeVar

from lumia.errors import DatabaseError, InvalidValue, NotFound
from lumia.typedsql.unset import UNSET, Unset
from lumia.types import MAX_ID, Page

if TYPE_CHECKING:
    from lumia.repos.context import Context

__all__ = [
    "MAX_PAGE",
    "Repository",
    "found",
    "given",
    "key_after",
    "key_before",
    "key_of",
    "made",
    "page_of",
    "page_rows",
]

RowT = TypeVar("RowT")
ValueT = TypeVar("ValueT")

MAX_PAGE: Final = 500
"""The largest page that a list gives."""


class Repository:
    """Base of the repositories: methods over bound queries, a clock and units of work."""

    def __init__(self, context: Context) -> None:
        """Keep the context: a shop's, or a transaction's."""
        self._context = context


def found(row: RowT | None, message: str) -> RowT:
    """Give the row back, or raise `NotFound` with a message that names keys and no personal data."""
    if row is None:
        raise NotFound(message)
    return row


def made(row: RowT | None) -> RowT:
    """Give what a statement that always returns its row has returned."""
    if row is None:
        message = "the database returned no row where there must be one: nothing was kept, report this"
        raise DatabaseError(message)
    return row


def page_rows(limit: int) -> int:
    """Give the number of rows to read for a page: one more than asked for, which tells whether another page follows.

    Raises `InvalidValue` unless `limit` is an int from 1 to 500.
    """
    if type(limit) is not int or not 1 <= limit <= MAX_PAGE:
        message = f"limit: give an int between 1 and {MAX_PAGE}"
        raise InvalidValue(message)
    return limit + 1


def key_after(after: int | None) -> int:
    """Give the key to start after in an ascending list; None is the list's begin. Raises `InvalidValue`."""
    return 0 if after is None else _checked_key(after)


def key_before(after: int | None) -> int:
    """Give the key to start before in a descending list; None is the list's begin. Raises `InvalidValue`."""
    return MAX_ID if after is None else _checked_key(after)


def given(value: ValueT | None) -> ValueT | Unset:
    """Turn a filter that a caller left out (None) into the argument that a query with markers leaves out."""
    return UNSET if value is None else value


def key_of(after: int | None) -> int | Unset:
    """Give the key to start behind in a list of either direction; None is its begin. Raises `InvalidValue`."""
    return UNSET if after is None else _checked_key(after)


def page_of(rows: Sequence[RowT], limit: int, key: Callable[[RowT], Any]) -> Page[RowT]:
    """Cut what `page_rows` read down to a page; its `next` is the last row's key where more rows follow."""
    items = tuple(rows[:limit])
    return Page(items=items, next=key(items[-1]) if len(rows) > limit else None)


def _checked_key(after: int) -> int:
    if type(after) is not int or not 0 <= after <= MAX_ID:
        message = "after: give the `next` of the page before"
        raise InvalidValue(message)
    return after
