"""Orders that are paid: a scene with one order and what its payment, its refunds and its outbox say."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from lumia.dto.orders import Order
from lumia.dto.payments import Payment
from tests.support.scene import Scene, a_scene

__all__ = ["Paid", "a_payment"]


@dataclass(slots=True)
class Paid:
    """An order with a payment of all that it comes to, which its provider knows as `pi_1`."""

    scene: Scene
    shop: Any
    order: Order
    payment: Payment

    @property
    def payment_id(self) -> int:
        """The payment's key."""
        return self.payment.payment_id

    def captured(self) -> Paid:
        """Capture all of it."""
        self.shop.payments.capture(self.payment_id, actor="till")
        return self

    def tell(self, event_id: str, kind: str, **details: Any) -> Payment:
        """Let the provider tell something."""
        payment: Payment = self.shop.payments.apply_event(
            "stripe", event_id, provider_reference="pi_1", kind=kind, **details
        )
        return payment

    def axes(self) -> tuple[str, str, str]:
        """Where the order stands."""
        order = self.shop.orders.get(self.order.order_id)
        return order.status.value, order.payment_status.value, order.fulfillment_status.value

    def money(self) -> tuple[str, object, object]:
        """What the payment says."""
        payment = self.shop.payments.get(self.payment_id)
        return payment.status.value, payment.captured_amount, payment.refunded_amount

    def told(self, *kinds: str) -> list[dict[str, str]]:
        """What the outbox says of these kinds, oldest first, without the ids."""
        rows = self.shop.outbox.pending(limit=500).items
        found = [{"kind": row.kind, **json.loads(row.payload)} for row in rows if row.kind in kinds]
        return [
            {key: value for key, value in row.items() if key not in {"order", "payment", "refund"}} for row in found
        ]


def a_payment(shop: Any, quantities: dict[int, int] | None = None, **changes: Any) -> Paid:
    """Place an order (one mug at 10.00, 2.00 tax and 4.95 post, if nothing else is said) and record its payment."""
    scene = a_scene(shop)
    wanted = {scene.variant_ids[at]: units for at, units in (quantities or {0: 1}).items()}
    order = scene.place(scene.cart(wanted))
    arguments: dict[str, Any] = {
        "provider": "stripe",
        "method": "card",
        "amount": order.total,
        "provider_reference": "pi_1",
        "actor": "till",
        **changes,
    }
    return Paid(scene, shop, order, shop.payments.record(order.order_id, **arguments))
