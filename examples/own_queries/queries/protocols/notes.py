"""The queries of notes, as types.

Written by `lumia sql check --write` from the contract; edit the query files instead.
"""

from __future__ import annotations

from typing import Protocol

from examples.own_queries.dtos import NotedCustomer
from lumia.typedsql import UNSET, Unset

__all__ = ["NotesQueries"]


class NotesQueries(Protocol):
    """The queries of notes.sql."""

    def list_customers(self, *, after_id: int, noted: str | Unset = UNSET, max_rows: int) -> list[NotedCustomer]:
        """One page of the customers, or only of those with a note, by their key.

        notes.sql:1
        """
        ...

    def put_note(self, *, customer_id: int, note: str) -> int:
        """Write a customer's note, or replace it.

        notes.sql:19
        """
        ...
