"""The queries of outbox, as types.

Written by `lumia sql check --write` from the contract; edit the query files instead.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol, TypedDict
from uuid import UUID

from lumia.dto.outbox import EventState, LeasedEvent, OutboxEvent

__all__ = ["InsertEventsRow", "OutboxQueries"]


class InsertEventsRow(TypedDict):
    """One row of arguments for outbox.insert_events."""

    kind: str
    subject: str
    payload: str
    now: datetime


class OutboxQueries(Protocol):
    """The queries of outbox.sql."""

    def acknowledge_events(self, *, lease_id: UUID, outbox_ids: tuple[int, ...] | list[int], now: datetime) -> int:
        """Write down that events were handled; one that the lease does not hold any more is left as it is.

        outbox.postgresql.sql:1 and outbox.sqlite.sql:1
        """
        ...

    def fail_event(self, *, lease_id: UUID, outbox_id: int, until: datetime) -> list[int]:
        """Put an event off that could not be handled, and give back what follows it in the same lease; gives their
        keys.

        outbox.sql:1
        """
        ...

    def insert_events(self, rows: Iterable[InsertEventsRow]) -> None:
        """Tell other systems what this transaction does, event by event.

        outbox.sql:25
        """
        ...

    def lease_events(
        self,
        *,
        head_ids: tuple[int, ...] | list[int],
        lease_id: UUID,
        consumer: str,
        now: datetime,
        until: datetime,
        max_rows: int,
    ) -> list[LeasedEvent]:
        """Give a consumer the events of some subjects, from the earliest on, up to one that was put off.

        outbox.postgresql.sql:23 and outbox.sqlite.sql:22
        """
        ...

    def list_event_states(self, *, lease_id: UUID, outbox_ids: tuple[int, ...] | list[int]) -> list[EventState]:
        """How events stand with a lease: whether it handled them, and whether something earlier of their subject
        is pending.

        outbox.postgresql.sql:69 and outbox.sqlite.sql:68
        """
        ...

    def list_pending_events(self, *, after_id: int, max_rows: int) -> list[OutboxEvent]:
        """One page of events that no consumer has acknowledged, oldest first.

        outbox.sql:46
        """
        ...

    def lock_event_heads(self, *, now: datetime, max_rows: int) -> list[int]:
        """The earliest pending event of each subject that nobody holds, oldest first: whoever has it has the
        subject.

        outbox.postgresql.sql:91 and outbox.sqlite.sql:90
        """
        ...

    def release_lease(self, *, lease_id: UUID) -> int:
        """Give back all that a lease still holds.

        outbox.sql:64
        """
        ...
