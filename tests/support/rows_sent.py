"""Builders of valid rows of what becomes of an order: cancelled units, shipments and returns."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from tests.support.rows import Row, stamped

__all__ = ["a_cancellation", "a_return", "a_returned_item", "a_sent_item", "a_shipment"]


def a_cancellation(number: int, at: datetime) -> Row:
    """A unit of line 1 that will not be sent."""
    return {
        "order_item_cancellation_id": number,
        "order_item_id": 1,
        "quantity": 1,
        "waived_amount": Decimal(0),
        "actor": "clerk",
        "reason": "",
        "cancelled_at": at,
    }


def a_shipment(number: int, at: datetime) -> Row:
    """A parcel of order 1 that has arrived."""
    return stamped(
        at,
        shipment_id=number,
        public_id=UUID(int=7 << 76 | 2 << 62 | number),
        order_id=1,
        location_id=1,
        carrier="Post",
        tracking_number="T-1",
        shipped_at=at,
        delivered_at=at,
        actor="packer",
    )


def a_sent_item(shipment: int, item: int) -> Row:
    """A unit of a line in a shipment."""
    return {"shipment_id": shipment, "order_item_id": item, "quantity": 1}


def a_return(number: int, at: datetime) -> Row:
    """A return of order 1 that nobody has decided on."""
    return stamped(
        at,
        return_id=number,
        public_id=UUID(int=7 << 76 | 2 << 62 | number),
        order_id=1,
        status="requested",
        reason="too small",
        actor="customer",
        note="",
        location_id=None,
    )


def a_returned_item(of: int, item: int, quantity: int = 1) -> Row:
    """Units of a line that are asked back."""
    return {
        "return_id": of,
        "order_item_id": item,
        "quantity": quantity,
        "accepted_quantity": 0,
        "damaged_quantity": 0,
    }
