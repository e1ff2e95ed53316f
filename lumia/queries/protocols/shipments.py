"""The queries of shipments, as types.

Written by `lumia sql check --write` from the contract; edit the query files instead.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol, TypedDict
from uuid import UUID

from lumia.dto.shipments import ShipmentHead, ShipmentItem

__all__ = ["DeliverShipmentRow", "InsertShipmentItemRow", "ShipmentsQueries"]


class DeliverShipmentRow(TypedDict):
    """One row of arguments for shipments.deliver_shipment."""

    shipment_id: int
    now: datetime


class InsertShipmentItemRow(TypedDict):
    """One row of arguments for shipments.insert_shipment_item."""

    shipment_id: int
    order_item_id: int
    quantity: int


class ShipmentsQueries(Protocol):
    """The queries of shipments.sql."""

    def deliver_shipment(self, rows: Iterable[DeliverShipmentRow]) -> None:
        """Write down that a shipment that was on its way has arrived.

        shipments.sql:1
        """
        ...

    def insert_shipment(
        self,
        *,
        public_id: UUID,
        order_id: int,
        location_id: int,
        carrier: str,
        tracking_number: str | None,
        actor: str,
        now: datetime,
    ) -> int:
        """Write down that something leaves a location.

        shipments.sql:14
        """
        ...

    def insert_shipment_item(self, rows: Iterable[InsertShipmentItemRow]) -> None:
        """Write down what a shipment holds.

        shipments.sql:49
        """
        ...

    def list_shipment_items(self, *, order_id: int) -> list[ShipmentItem]:
        """What the shipments of an order hold.

        shipments.sql:67
        """
        ...

    def list_shipments(self, *, order_id: int) -> list[ShipmentHead]:
        """The shipments of an order, oldest first.

        shipments.sql:83
        """
        ...
