"""Returns: what customers send back, from the request to what came in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

from pydantic import Field

from lumia.dto.base import FrozenRow, InputModel
from lumia.dto.fields import Actor, Note
from lumia.dto.shipments import IdempotencyKey, ItemUnits, Key
from lumia.types import ReturnStatus, UtcDatetime

__all__ = ["NewReturn", "ReceivedReturn", "ReceivedUnits", "Return", "ReturnHead", "ReturnItem", "UnitsOfItem"]


class ReturnHead(FrozenRow):
    """A return's own row: `reason` is the customer's, `actor` and `note` tell who took its last step and why.

    `location_id` is where it came in, None before it did.
    """

    return_id: int
    public_id: UUID
    order_id: int
    status: ReturnStatus
    reason: str
    actor: str
    note: str
    location_id: int | None
    created_at: UtcDatetime
    updated_at: UtcDatetime


class ReturnItem(FrozenRow):
    """Units of a line that are sent back, and how many came in fit to be sold again, and damaged."""

    return_id: int
    order_item_id: int
    variant_id: int
    quantity: int
    accepted_quantity: int
    damaged_quantity: int


class Return(ReturnHead):
    """A return with what it is of, by line."""

    items: tuple[ReturnItem, ...]


class UnitsOfItem(FrozenRow):
    """A number of units of a line."""

    order_item_id: int
    quantity: int


class NewReturn(InputModel):
    """What a customer wants to send back, and why."""

    items: ItemUnits
    reason: Note = ""
    actor: Actor
    idempotency_key: IdempotencyKey | None = None


_Count = Annotated[int, Field(strict=True, ge=0, le=1_000_000)]


class ReceivedUnits(InputModel):
    """What came in of a line."""

    accepted: _Count = 0
    """Fit to be sold again."""
    damaged: _Count = 0


class ReceivedReturn(InputModel):
    """What came in of a return and where; `items` None: all of it, and as good as new."""

    location_id: Key
    items: Annotated[Mapping[Key, ReceivedUnits], Field(min_length=1)] | None = None
    actor: Actor
    note: Note = ""
