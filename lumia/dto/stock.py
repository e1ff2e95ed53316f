"""Stock: locations, what lies there, and the ledger of every change."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator

from lumia.dto.base import FrozenRow, InputModel
from lumia.dto.fields import MAX_STOCK, Actor, Length, Note, ShortLabel, Trimmed, WholeNumber
from lumia.types import MAX_ID, Id, Instant, MovementKind, UtcDatetime

__all__ = [
    "Adjustment",
    "Availability",
    "CartDemand",
    "CountedStock",
    "Hold",
    "Location",
    "LocationUpdate",
    "NewLocation",
    "PromisedLine",
    "Receipt",
    "Receipts",
    "Reservation",
    "StockCursor",
    "StockKey",
    "StockLevel",
    "StockLevelUpdate",
    "StockMovement",
    "Transfer",
    "VariantIds",
    "WriteOff",
]

Units = Annotated[int, Field(strict=True, ge=1, le=MAX_STOCK)]
"""A number of units that is moved."""

Key = Annotated[int, Field(strict=True, ge=0, le=MAX_ID)]
"""A row's key, or 0 for what stands before all of them."""

Priority = Annotated[int, Field(strict=True, ge=0, le=1_000_000)]
"""Orders are filled from the lowest number first, ties by key."""


class Location(FrozenRow):
    """A place where stock lies."""

    location_id: int
    name: str
    priority: int
    """Orders are filled from the lowest number first, ties by key."""
    is_active: bool
    """Only what lies at active locations is available."""
    created_at: UtcDatetime
    updated_at: UtcDatetime


class NewLocation(InputModel):
    """A location to add; the name is unique."""

    name: ShortLabel
    priority: Priority = 0
    is_active: bool = True


class LocationUpdate(InputModel):
    """What to change; None leaves a field as it is."""

    name: ShortLabel | None = None
    priority: Priority | None = None
    is_active: bool | None = None


class StockLevel(FrozenRow):
    """What of one variant lies at one location, in units."""

    variant_id: int
    location_id: int
    on_hand: int
    allocated: int
    """Promised to orders that have not shipped."""
    reserved: int
    """On hold for carts now; what can still be sold is on hand less allocated less reserved plus the limit below."""
    reorder_point: int
    """At or below this many units that are neither allocated nor reserved it is time to order; 0: never told."""
    backorder_limit: int
    """How many units may be sold that are not there."""
    updated_at: UtcDatetime


class StockLevelUpdate(InputModel):
    """The levels to set; None leaves one as it is."""

    reorder_point: WholeNumber | None = None
    backorder_limit: WholeNumber | None = None


class StockMovement(FrozenRow):
    """One row of the ledger: what changed, where, by how much, why and by whom."""

    stock_movement_id: int
    variant_id: int
    location_id: int
    kind: MovementKind
    on_hand_delta: int
    allocated_delta: int
    order_item_id: int | None
    reason: str
    actor: str
    moved_at: UtcDatetime


class Availability(FrozenRow):
    """What of a variant can be sold now, over active locations; negative where promised stock was found missing.

    On hand less allocated less what is on hold for carts plus the back-order limit.
    """

    variant_id: int
    available: int


class VariantIds(InputModel):
    """Up to 500 variants to ask for; each counts once."""

    variant_ids: Annotated[tuple[Id, ...], Field(max_length=500)]

    @field_validator("variant_ids")
    @classmethod
    def _in_order(cls, value: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(sorted(set(value)))


class StockKey(InputModel):
    """Whose ledger to read: all stock, a variant's, or a variant's at one location."""

    variant_id: Id | None = None
    location_id: Id | None = None

    @model_validator(mode="after")
    def _location_has_variant(self) -> Self:
        if self.location_id is not None and self.variant_id is None:
            message = "location_id needs a variant_id beside it"
            raise ValueError(message)
        return self


class StockCursor(InputModel):
    """Where the next page of stock rows begins: after this variant and location."""

    after: tuple[Key, Key]


class Receipt(InputModel):
    """Goods that came in."""

    variant_id: Id
    location_id: Id
    quantity: Units


class Receipts(InputModel):
    """A delivery: any number of receipts under one reason."""

    receipts: tuple[Receipt, ...]
    reason: Note = ""
    actor: Actor


class Adjustment(InputModel):
    """A correction of what is on hand, up or down; the reason is needed."""

    variant_id: Id
    location_id: Id
    delta: Annotated[int, Field(strict=True, ge=-MAX_STOCK, le=MAX_STOCK)]
    reason: Annotated[Trimmed, Length(1, 500)]
    actor: Actor

    @field_validator("delta")
    @classmethod
    def _changes_something(cls, value: int) -> int:
        if value == 0:
            message = "must not be zero"
            raise ValueError(message)
        return value


class CountedStock(InputModel):
    """What was counted, and what the counter believed to be there before."""

    variant_id: Id
    location_id: Id
    expected: WholeNumber
    new: WholeNumber
    reason: Note = ""
    actor: Actor


class Transfer(InputModel):
    """Units to bring from one location to another."""

    variant_id: Id
    from_location_id: Id
    to_location_id: Id
    quantity: Units
    reason: Note = ""
    actor: Actor

    @field_validator("to_location_id")
    @classmethod
    def _goes_elsewhere(cls, value: int, info: ValidationInfo) -> int:
        if value == info.data.get("from_location_id"):
            message = "must be another location than from_location_id"
            raise ValueError(message)
        return value


class WriteOff(InputModel):
    """Units that were found broken or missing; the reason is needed."""

    variant_id: Id
    location_id: Id
    quantity: Units
    reason: Annotated[Trimmed, Length(1, 500)]
    actor: Actor


class Reservation(FrozenRow):
    """Units of one stock row on hold for a cart; dead from `expires_at` on."""

    cart_id: int
    variant_id: int
    location_id: int
    quantity: int
    created_at: UtcDatetime
    expires_at: UtcDatetime


class Hold(InputModel):
    """A cart whose goods shall be on hold until an instant."""

    cart_id: Id
    until: Instant


class CartDemand(FrozenRow):
    """How many of a variant a cart holds."""

    variant_id: int
    sku: str
    quantity: int


class PromisedLine(FrozenRow):
    """Units of an order's line that one location still owes."""

    order_id: int
    order_item_id: int
    variant_id: int
    location_id: int
    sold_at: UtcDatetime
    quantity: int
    """Promised, and neither shipped nor taken back."""
    covered: int
    """How many of them are there now, once the lines that are older have theirs."""
