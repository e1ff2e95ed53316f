"""Shipments: what left where and when, and what a caller says about them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

from pydantic import Field

from lumia.dto.base import FrozenRow, InputModel
from lumia.dto.fields import Actor, Length, Note, Trimmed
from lumia.types import MAX_ID, SafeText, UtcDatetime

__all__ = [
    "CancelledUnits",
    "Delivery",
    "ItemUnits",
    "NewShipment",
    "OpenAllocation",
    "Shipment",
    "ShipmentHead",
    "ShipmentItem",
]

Key = Annotated[int, Field(strict=True, ge=1, le=MAX_ID)]
"""A row's key; strict, for True is an int to Python and would silently mean row 1."""

Units = Annotated[int, Field(strict=True, ge=1, le=1_000_000)]
"""A number of units of a line."""

ItemUnits = Annotated[Mapping[Key, Units], Field(min_length=1)]
"""How many units of which order item."""

IdempotencyKey = Annotated[SafeText, Length(1, 255)]
"""The key under which something is made once."""


class ShipmentHead(FrozenRow):
    """A shipment's own row; `delivered_at` is None while it is on its way."""

    shipment_id: int
    public_id: UUID
    order_id: int
    location_id: int
    carrier: str
    tracking_number: str | None
    shipped_at: UtcDatetime
    delivered_at: UtcDatetime | None
    actor: str
    created_at: UtcDatetime
    updated_at: UtcDatetime


class ShipmentItem(FrozenRow):
    """How many units of a line a shipment holds."""

    shipment_id: int
    order_item_id: int
    quantity: int


class Shipment(ShipmentHead):
    """A shipment with what it holds, by line."""

    items: tuple[ShipmentItem, ...]


class OpenAllocation(FrozenRow):
    """Units of a line that one location holds for it and has not sent."""

    order_item_id: int
    variant_id: int
    location_id: int
    quantity: int


class NewShipment(InputModel):
    """What to send: units of lines, or None for all that is left, from one location or from wherever it lies."""

    items: ItemUnits | None = None
    location_id: Key | None = None
    carrier: Annotated[Trimmed, Length(1, 100)]
    tracking_number: Annotated[Trimmed, Length(1, 100)] | None = None
    actor: Actor
    reason: Note = ""
    idempotency_key: IdempotencyKey | None = None


class Delivery(InputModel):
    """What arrived: one shipment, or None for all that were on their way."""

    shipment_id: Key | None = None
    actor: Actor
    reason: Note = ""


class CancelledUnits(InputModel):
    """Units of lines that will not be sent."""

    items: ItemUnits
    actor: Actor
    reason: Note = ""
    idempotency_key: IdempotencyKey | None = None
