"""The queries of outbox, as types.

Written by `lumia sql check --write` from the contract; edit the query files instead.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol, TypedDict

from lumia.dto.outbox import OutboxEvent

__all__ = ["InsertEventsRow", "OutboxQueries"]


class InsertEventsRow(TypedDict):
    """One row of arguments for outbox.insert_events."""

    kind: str
    subject: str
    payload: str
    now: datetime


class OutboxQueries(Protocol):
    """The queries of outbox.sql."""

    def insert_events(self, rows: Iterable[InsertEventsRow]) -> None:
        """Tell other systems what this transaction does, event by event.

        outbox.sql:1
        """
        ...

    def list_pending_events(self, *, after_id: int, max_rows: int) -> list[OutboxEvent]:
        """One page of events that no consumer has acknowledged, oldest first.

        outbox.sql:22
        """
        ...
