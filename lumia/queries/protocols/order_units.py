"""The queries of order_units, as types.

Written by `lumia sql check --write` from the contract; edit the query files instead.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Protocol, TypedDict

from lumia.dto.orders import OpenLine
from lumia.dto.shipments import OpenAllocation
from lumia.types import MovementKind

__all__ = [
    "CancelItemsOfOrderRow",
    "CancelUnitsOfItemRow",
    "InsertCancellationRow",
    "InsertCancellationsOfOrderRow",
    "InsertOrderMovementRow",
    "OrderUnitsQueries",
    "ReleaseAllocationRow",
    "ReleaseAllocationsOfOrderRow",
    "ShipAllocationRow",
    "ShipUnitsOfItemRow",
    "TakeBackUnitsOfItemRow",
]


class CancelItemsOfOrderRow(TypedDict):
    """One row of arguments for order_units.cancel_items_of_order."""

    order_id: int


class CancelUnitsOfItemRow(TypedDict):
    """One row of arguments for order_units.cancel_units_of_item."""

    order_item_id: int
    quantity: int


class InsertCancellationRow(TypedDict):
    """One row of arguments for order_units.insert_cancellation."""

    order_item_id: int
    quantity: int
    waived_amount: Decimal
    actor: str
    reason: str
    now: datetime


class InsertCancellationsOfOrderRow(TypedDict):
    """One row of arguments for order_units.insert_cancellations_of_order."""

    order_id: int
    actor: str
    reason: str
    now: datetime


class InsertOrderMovementRow(TypedDict):
    """One row of arguments for order_units.insert_order_movement."""

    order_item_id: int
    variant_id: int
    location_id: int
    kind: MovementKind
    on_hand_delta: int
    allocated_delta: int
    reason: str
    actor: str
    now: datetime


class ReleaseAllocationRow(TypedDict):
    """One row of arguments for order_units.release_allocation."""

    order_item_id: int
    location_id: int
    quantity: int


class ReleaseAllocationsOfOrderRow(TypedDict):
    """One row of arguments for order_units.release_allocations_of_order."""

    order_id: int


class ShipAllocationRow(TypedDict):
    """One row of arguments for order_units.ship_allocation."""

    order_item_id: int
    location_id: int
    quantity: int


class ShipUnitsOfItemRow(TypedDict):
    """One row of arguments for order_units.ship_units_of_item."""

    order_item_id: int
    quantity: int


class TakeBackUnitsOfItemRow(TypedDict):
    """One row of arguments for order_units.take_back_units_of_item."""

    order_item_id: int
    quantity: int


class OrderUnitsQueries(Protocol):
    """The queries of order_units.sql."""

    def cancel_items_of_order(self, rows: Iterable[CancelItemsOfOrderRow]) -> None:
        """Count every unit of an order that is not on its way as cancelled.

        order_units.sql:1
        """
        ...

    def cancel_units_of_item(self, rows: Iterable[CancelUnitsOfItemRow]) -> None:
        """Count units of a line as cancelled.

        order_units.sql:11
        """
        ...

    def insert_cancellation(self, rows: Iterable[InsertCancellationRow]) -> None:
        """Write down that units of a line will not be sent, and what need not be paid for them.

        order_units.sql:21
        """
        ...

    def insert_cancellations_of_order(self, rows: Iterable[InsertCancellationsOfOrderRow]) -> None:
        """Write down that what an order has not sent will not be sent; what need not be paid is the order as a
        whole.

        order_units.sql:48
        """
        ...

    def insert_order_movement(self, rows: Iterable[InsertOrderMovementRow]) -> None:
        """Move units of an order's line at one location, in the ledger.

        order_units.sql:76
        """
        ...

    def list_open_allocations(self, *, order_id: int) -> list[OpenAllocation]:
        """Where each line of an order still waits for units, in the order in which orders are filled.

        order_units.sql:112
        """
        ...

    def list_open_lines(self, *, order_id: int) -> list[OpenLine]:
        """The lines of an order with how many of their units are where.

        order_units.sql:132
        """
        ...

    def release_allocation(self, rows: Iterable[ReleaseAllocationRow]) -> None:
        """Count units that one location held for a line as given back.

        order_units.sql:147
        """
        ...

    def release_allocations_of_order(self, rows: Iterable[ReleaseAllocationsOfOrderRow]) -> None:
        """Count whatever an order still waits for as given back.

        order_units.sql:159
        """
        ...

    def ship_allocation(self, rows: Iterable[ShipAllocationRow]) -> None:
        """Count units that one location held for a line as sent.

        order_units.sql:172
        """
        ...

    def ship_units_of_item(self, rows: Iterable[ShipUnitsOfItemRow]) -> None:
        """Count units of a line as sent.

        order_units.sql:184
        """
        ...

    def take_back_units_of_item(self, rows: Iterable[TakeBackUnitsOfItemRow]) -> None:
        """Count units of a line as returned.

        order_units.sql:194
        """
        ...
