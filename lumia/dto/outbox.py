"""Events that other systems must hear of, as they wait in the outbox and as consumers are given them."""

from __future__ import annotations

from typing import Annotated, Final
from uuid import UUID

from pydantic import Field

from lumia.dto.base import FrozenRow, InputModel
from lumia.dto.fields import Actor
from lumia.types import Id, UtcDatetime

__all__ = [
    "EventState",
    "FailedEvent",
    "HandledEvents",
    "Lease",
    "LeaseRequest",
    "LeasedEvent",
    "OutboxEvent",
    "ReleasedLease",
]

MAX_EVENTS: Final = 500
MAX_SECONDS: Final = 86_400


class OutboxEvent(FrozenRow):
    """One event: what happened (`kind`), to whom (`subject`), and its JSON payload as text, numbers with all digits."""

    outbox_id: int
    kind: str
    subject: str
    payload: str
    created_at: UtcDatetime


class LeasedEvent(OutboxEvent):
    """An event that a consumer was given; `attempts` counts how often it was given to any, from 1 on."""

    attempts: int


class EventState(FrozenRow):
    """How an event stands with a lease.

    Attributes:
        outbox_id: the event.
        is_handled: acknowledged under this lease.
        is_early: something earlier of its subject is not acknowledged.
    """

    outbox_id: int
    is_handled: bool
    is_early: bool


class Lease(FrozenRow):
    """What a consumer holds for a while: nobody else is given it until then.

    Attributes:
        lease_id: what to acknowledge with; a new one each time.
        consumer: who holds it.
        until: when it runs out.
        events: oldest first, each subject's in order and without a gap; () where nothing waits.
    """

    lease_id: UUID
    consumer: str
    until: UtcDatetime
    events: tuple[LeasedEvent, ...]


class LeaseRequest(InputModel):
    """What a consumer asks for."""

    limit: Annotated[int, Field(strict=True, ge=1, le=MAX_EVENTS)]
    seconds: Annotated[int, Field(strict=True, ge=1, le=MAX_SECONDS)]
    consumer: Actor


class HandledEvents(InputModel):
    """Events that a consumer is done with."""

    lease_id: UUID
    outbox_ids: Annotated[tuple[Id, ...], Field(min_length=1, max_length=MAX_EVENTS)]


class FailedEvent(InputModel):
    """An event that a consumer could not handle, and after how many seconds to try again."""

    lease_id: UUID
    outbox_id: Id
    delay: Annotated[int, Field(strict=True, ge=0, le=MAX_SECONDS)]


class ReleasedLease(InputModel):
    """A lease that a consumer gives back."""

    lease_id: UUID
