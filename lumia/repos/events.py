"""What the outbox tells other systems about an order: its public id, never personal data."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Final
from uuid import UUID

if TYPE_CHECKING:
    from lumia.queries.protocols.outbox import InsertEventsRow

__all__ = [
    "ITEMS_CANCELLED",
    "ORDER_CANCELLED",
    "ORDER_PAID",
    "ORDER_PLACED",
    "SHIPMENT_DELIVERED",
    "SHIPMENT_SHIPPED",
    "order_event",
]

ORDER_PLACED: Final = "order.placed"
ORDER_PAID: Final = "order.paid"
ORDER_CANCELLED: Final = "order.cancelled"
ITEMS_CANCELLED: Final = "items.cancelled"
SHIPMENT_SHIPPED: Final = "shipment.shipped"
SHIPMENT_DELIVERED: Final = "shipment.delivered"


def order_event(kind: str, public_id: UUID, now: datetime, **details: str) -> InsertEventsRow:
    """Make the row of an event about an order; amounts are texts, for JSON numbers lose decimals."""
    payload = json.dumps({"order": str(public_id), **details}, sort_keys=True, separators=(",", ":"))
    return {"kind": kind, "subject": f"order:{public_id}", "payload": payload, "now": now}
