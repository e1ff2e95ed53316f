"""Builders of valid rows of what is paid and goes back."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from tests.support.rows import Row, stamped

__all__ = ["a_payment", "a_refund", "a_refund_item", "a_told_event"]


def _uuid(number: int) -> UUID:
    return UUID(int=7 << 76 | 2 << 62 | number)


def a_payment(number: int, at: datetime) -> Row:
    """A payment of order 1 by card, of which nothing has come in."""
    return stamped(
        at,
        payment_id=number,
        public_id=_uuid(number),
        order_id=1,
        provider="stripe",
        provider_reference=f"pi_{number}",
        method="card",
        card_brand="visa",
        card_last4="4242",
        amount=Decimal("31.90"),
        currency="EUR",
        status="pending",
        capture_at="placement",
        captured_amount=Decimal(0),
        refunded_amount=Decimal(0),
    )


def a_told_event(number: int, kind: str, at: datetime) -> Row:
    """What the provider told about payment 1."""
    return {
        "payment_event_id": number,
        "payment_id": 1,
        "provider": "stripe",
        "provider_event_id": f"evt_{number}",
        "kind": kind,
        "amount": Decimal(20),
        "refund_reference": f"re_{number}" if kind.startswith("refund") else None,
        "payload": "{}",
        "occurred_at": at,
        "applied_at": at,
        "created_at": at,
    }


def a_refund(number: int, at: datetime) -> Row:
    """A refund of payment 1 that is under way."""
    return stamped(
        at,
        refund_id=number,
        public_id=_uuid(number),
        payment_id=1,
        provider_reference=f"re_{number}",
        amount=Decimal(5),
        status="pending",
        reason="broken",
        actor="clerk",
    )


def a_refund_item(refund: int, item: int, quantity: int) -> Row:
    """So many units of a line for a pound each."""
    return {"refund_id": refund, "order_item_id": item, "quantity": quantity, "amount": Decimal(quantity)}
